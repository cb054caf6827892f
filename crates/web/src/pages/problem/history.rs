//! What happened, from the journal: who, from which post, for which unit, when, in which words.

use bihuan_app::problem::{Line, ProblemView};
use bihuan_domain::{Coded, problem::Action};
use maud::{Markup, html};

use crate::ui::{self, Happening, Tone};

pub fn timeline(view: &ProblemView) -> Markup {
    let happenings: Vec<Happening> = view.lines.iter().map(|line| happening(view, line)).collect();
    html! {
        (ui::card("办理经过", html! {
            (ui::timeline("办理经过，最近的在前", &happenings))
            @if view.more_lines { p .text-muted { "只显示最近的" (view.lines.len()) "条，更早的请在“记录”中查看。" } }
        }).aside(html! { "最近的在前，时间为系统收到的时间" }))
    }
}

fn happening(view: &ProblemView, line: &Line) -> Happening {
    let post = line.post.and_then(|id| view.names.posts.get(&id)).map(|post| post.name.as_str());
    let mut who = line.person.map(|id| view.names.person(id).to_owned()).unwrap_or_default();
    if let Some(post) = post {
        who.push_str(&format!(" · {post}"));
    }
    if let Some(unit) = line.unit {
        who.push_str(&format!(" · {}", view.names.unit(unit)));
    }
    who.push_str(&format!(" · 记录第{}条", line.seq));
    let words = html! { @if !line.note.is_empty() { p .case-words { (line.note) } } };
    Happening::new(line.at.in_china(), line.at.to_rfc3339(), line.action.label())
        .who(who)
        .tone(tone(line.action))
        .body(words)
}

fn tone(action: Action) -> Tone {
    match action {
        Action::Returned
        | Action::SentBack
        | Action::Objected
        | Action::HandUpRefused
        | Action::AssignmentReturned
        | Action::Dropped => Tone::Danger,
        Action::Reopened | Action::HandedUp | Action::HandUpPassed | Action::ExtensionAsked => Tone::Warning,
        Action::Verified | Action::Closed | Action::MeasureFinished | Action::HandUpFinished => Tone::Good,
        Action::Assigned | Action::Signed | Action::Reported | Action::Accepted | Action::Reassigned => {
            Tone::Info
        }
        _ => Tone::Neutral,
    }
}
