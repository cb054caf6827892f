//! What belongs to a problem beside its own facts: requests, links, who held it, rounds, columns of the ledger.

use bihuan_app::{
    Context,
    problem::{Brief, ProblemView},
};
use bihuan_domain::{
    Coded,
    look_back::LookBackResult,
    problem::Holding,
    request::{RequestKind, RequestState},
};
use maud::{Markup, html};

use super::{
    facts::{alike_list, short, state_badge},
    forms::Forms,
};
use crate::ui::{self, Tone, badge};

/// Extensions and calls for a superior, with their answers.
pub fn requests(view: &ProblemView) -> Markup {
    let case = &view.base.case;
    if case.requests.is_empty() {
        return html! {};
    }
    html! {
        (ui::card("申请与答复", html! {
            ul .case-list {
                @for request in case.requests.iter().rev() { li {
                    (badge(request_tone(request.state), format!("{} · {}", request.kind.label(), request.state.label())))
                    p .case-words {
                        (request.reason)
                        @if request.kind == RequestKind::Extension {
                            "（申请延期至" @if let Some(day) = request.new_due_day { (day.in_chinese()) } "）"
                        }
                    }
                    p .case-meta {
                        (view.names.person(request.asked_by)) "（" (view.names.unit(request.asked_unit_id)) "）"
                        (request.asked_at.in_china()) " → " (view.names.unit(request.to_unit_id))
                    }
                    @if let Some(at) = request.decided_at {
                        p .case-meta {
                            @if let Some(who) = request.decided_by { (view.names.person(who)) " " }
                            (at.in_china()) @if !request.decision_reason.is_empty() { "：" (request.decision_reason) }
                        }
                    }
                } }
            }
        }))
    }
}

fn request_tone(state: RequestState) -> Tone {
    match state {
        RequestState::Open => Tone::Warning,
        RequestState::Granted => Tone::Info,
        RequestState::Finished => Tone::Good,
        RequestState::Refused => Tone::Danger,
        RequestState::Lapsed => Tone::Neutral,
    }
}

/// Problems above, below, merged, split, and the same elsewhere.
pub fn links(view: &ProblemView, forms: &Forms<'_>) -> Markup {
    let links = &view.links;
    let groups: [(&str, Vec<&Brief>); 6] = [
        ("根源在上级问题", links.root_cause.iter().collect()),
        ("由本问题引起的下级问题", links.symptoms.iter().collect()),
        ("已并入", links.merged_into.iter().collect()),
        ("并入本问题的", links.merged.iter().collect()),
        ("来自（拆分或举一反三）", links.split_from.iter().collect()),
        ("拆分出的或举一反三核查的", links.split.iter().collect()),
    ];
    let (similar, similar_hidden) = &view.similar;
    let form = forms.elsewhere();
    let empty = groups.iter().all(|(_, list)| list.is_empty()) && links.hidden == 0;
    if empty && similar.is_empty() && *similar_hidden == 0 && form.0.is_empty() {
        return html! {};
    }
    html! {
        div #links {
            (ui::card("关联问题", html! {
                @for (title, list) in groups.iter().filter(|(_, list)| !list.is_empty()) {
                    p { strong { (title) } }
                    ul .case-alike { @for brief in list { (brief_item(view, brief)) } }
                }
                @if links.hidden > 0 { p .text-muted { "另有" (links.hidden) "个关联问题不在您的查看范围内。" } }
                (alike_list(view, "其他单位的类似问题（举一反三）", similar, *similar_hidden))
                (form)
            }))
        }
    }
}

fn brief_item(view: &ProblemView, brief: &Brief) -> Markup {
    html! {
        li {
            a href={ "/problems/" (brief.id) } { (brief.citation) } " " (state_badge(brief.state, None))
            span .text-muted { " " (view.names.unit(brief.unit_id)) }
            p .case-quote { (short(&brief.text, 90)) }
        }
    }
}

/// Who held the clock, how long.
pub fn holdings(view: &ProblemView, ctx: &Context) -> Markup {
    let holdings = &view.base.case.holdings;
    if holdings.is_empty() {
        return html! {};
    }
    let days = |holding: &Holding| {
        let end = holding.to_at.map_or(ctx.today(), |at| at.day_in_china());
        end.minus(holding.from_at.day_in_china()).max(0)
    };
    html! {
        (ui::card("时限由谁承担", html! {
            ol .case-list {
                @for holding in holdings { li {
                    (view.names.unit(holding.unit_id)) "（" (holding.why) "）"
                    span .case-meta {
                        (holding.from_at.day_in_china()) " 至 "
                        @match holding.to_at { Some(at) => (at.day_in_china()), None => "今" }
                        "，" (days(holding)) "天"
                    }
                } }
            }
        }))
    }
}

/// Rounds and look-backs.
pub fn rounds(view: &ProblemView) -> Markup {
    let case = &view.base.case;
    if case.rounds.len() < 2 && case.look_backs.is_empty() {
        return html! {};
    }
    html! {
        (ui::card("轮次与回头看", html! {
            ol .case-list {
                @for round in &case.rounds { li {
                    "第" (round.round) "轮："
                    (round.opened_day) " 至 " @match round.closed_day { Some(day) => (day), None => "今" }
                    @if let Some(outcome) = round.outcome { "，" (outcome.label()) }
                    @if !round.reason.is_empty() { span .case-meta { "重新打开：" (round.reason) } }
                    @for look_back in case.look_backs.iter().filter(|l| l.round == round.round) {
                        span .case-meta {
                            (badge(look_back_tone(look_back.result), look_back.result.label()))
                            @match (look_back.done_at, look_back.done_by) {
                                (Some(at), Some(who)) => { " " (at.day_in_china()) " " (view.names.person(who)) "：" (look_back.note) },
                                _ => { " " (look_back.due_day) "起可回头看（" (view.names.unit(look_back.unit_id)) "）" },
                            }
                        }
                    }
                } }
            }
        }))
    }
}

fn look_back_tone(result: LookBackResult) -> Tone {
    match result {
        LookBackResult::Pending | LookBackResult::Overtaken => Tone::Neutral,
        LookBackResult::Holds => Tone::Good,
        LookBackResult::SlippedBack | LookBackResult::NeverTrue => Tone::Danger,
    }
}

/// Where it stood in the imported ledger, and columns nobody mapped.
pub fn ledger_columns(view: &ProblemView) -> Markup {
    let problem = &view.base.case.problem;
    let extra: Vec<(String, String)> = serde_json::from_str(&problem.extra).unwrap_or_default();
    if problem.import_id.is_none() && extra.is_empty() {
        return html! {};
    }
    html! {
        (ui::card("原台账", html! {
            dl .definitions {
                @if problem.import_row > 0 {
                    div { dt { "位置" } dd { "工作表“" (problem.import_sheet) "”第" (problem.import_row) "行" @if !problem.import_seq.is_empty() { "，序号" (problem.import_seq) } } }
                }
                @if !problem.status_text.is_empty() { div { dt { "原状态" } dd { (problem.status_text) } } }
                @for (header, text) in extra.iter().filter(|(_, text)| !text.is_empty()) {
                    div { dt { (header) } dd .case-words { (text) } }
                }
            }
        }))
    }
}
