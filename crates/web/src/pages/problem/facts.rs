//! What a problem is and how it stands: head, course, measures, evidence, units, basics.

use bihuan_app::{Context, likeness::Alike, problem::ProblemView};
use bihuan_domain::{
    Coded, Day,
    colour::{Colour, rule_sentence},
    deadline::DeadlineKind,
    problem::{Outcome, PartyRole, Problem, State, Truth},
};
use maud::{Markup, html};

use crate::ui::{self, Light, Step, Tone, badge};

/// The mark of a state.
pub fn state_badge(state: State, outcome: Option<Outcome>) -> ui::Badge {
    let tone = match state {
        State::Registered | State::Screened | State::Accepted => Tone::Neutral,
        State::Assigned | State::Rectifying | State::Reported | State::Proposed => Tone::Info,
        State::Returned | State::SentBack | State::HandedUp => Tone::Warning,
        State::Closed => Tone::Good,
    };
    match (state, outcome) {
        (State::Closed, Some(outcome)) => {
            let tone =
                if outcome == Outcome::Solved || outcome == Outcome::Standing { tone } else { Tone::Neutral };
            badge(tone, format!("{} · {}", state.label(), outcome.label()))
        }
        _ => badge(tone, state.label()),
    }
}

/// The colour with the days that make it.
pub fn colour_badge(problem: &Problem, today: Day, yellow_days: i32) -> Option<ui::Badge> {
    let colour = problem.colour_on(today, yellow_days)?;
    let light = match colour {
        Colour::Red => Light::Red,
        Colour::Yellow => Light::Yellow,
        Colour::Green => Light::Green,
    };
    let words = days_words(problem.clock_day, today);
    // The nearest day may be that of a measure: the deadline of the problem itself is told beside.
    let of_measure = problem.clock_day.is_some() && problem.clock_day != problem.due_day;
    Some(ui::light(light, if of_measure { format!("措施{words}") } else { words }))
}

/// How far a day is from today, in words.
pub fn days_words(day: Option<Day>, today: Day) -> String {
    match day.map(|day| day.minus(today)) {
        None => "无具体日期".to_owned(),
        Some(0) => "今天到期".to_owned(),
        Some(left) if left > 0 => format!("还有{left}天"),
        Some(late) => format!("逾期{}天", -late),
    }
}

/// The problem in its own words, with state, colour, clock and deadline.
pub fn head(view: &ProblemView, ctx: &Context) -> Markup {
    let case = &view.base.case;
    let problem = &case.problem;
    let today = ctx.today();
    let colour = colour_badge(problem, today, view.base.rules.yellow_days);
    html! {
        section .case-head aria-label="问题和当前状态" {
            div .case-marks {
                (state_badge(problem.state, problem.outcome))
                @if let Some(colour) = &colour { (colour) }
                @if problem.round > 1 { (badge(Tone::Warning, format!("第{}轮", problem.round))) }
                @if problem.extensions > 0 { (badge(Tone::Neutral, format!("延期{}次", problem.extensions))) }
                @if problem.send_backs > 0 { (badge(Tone::Warning, format!("本轮退回{}次", problem.send_backs))) }
            }
            p .case-text { (problem.text) }
            @if !problem.place.is_empty() { p .case-place { "地点：" (problem.place) } }
            dl .case-line {
                (clock_line(view, ctx))
                (deadline_line(view, today))
                @if problem.truth != Truth::Unknown { div { dt { "属实情况" } dd { (problem.truth.label()) } } }
                (claim_line(problem))
            }
            @if colour.is_some() { (colour_rule(view, today)) }
        }
    }
}

fn clock_line(view: &ProblemView, ctx: &Context) -> Markup {
    let case = &view.base.case;
    let since = case.holdings.last().filter(|h| h.to_at.is_none());
    html! {
        @match (case.problem.holder_unit_id, since) {
            (Some(unit), Some(holding)) => div {
                dt { "现在由谁办" }
                dd {
                    strong { (view.names.unit(unit)) } "（" (holding.why) "）"
                    span .text-muted {
                        " 自" (holding.from_at.day_in_china().in_chinese()) "起，已"
                        (ctx.today().minus(holding.from_at.day_in_china()).max(0)) "天"
                    }
                }
            },
            _ if case.problem.state.is_open() => div { dt { "现在由谁办" } dd { (waits_for(case.problem.state)) } },
            _ => {},
        }
    }
}

/// Before a unit is responsible, the intake holds it.
fn waits_for(state: State) -> &'static str {
    match state {
        State::Registered => "分管领导或工作专班初核",
        State::Screened => "工作专班提交会议审定",
        State::Returned => "登记单位补充",
        _ => "工作专班交办",
    }
}

fn deadline_line(view: &ProblemView, today: Day) -> Markup {
    let problem = &view.base.case.problem;
    if problem.deadline_text.is_empty() && problem.due_day.is_none() {
        return html! { div { dt { "整改时限" } dd .text-muted { "未定" } } };
    }
    let kind = DeadlineKind::from_code(&problem.deadline_kind).map(DeadlineKind::label);
    let moved = problem.first_due_day.zip(problem.due_day).filter(|(first, due)| first != due);
    html! {
        div {
            dt { "整改时限" }
            dd {
                "原文“" (problem.deadline_text) "”"
                span .text-muted {
                    "，理解为："
                    @match problem.due_day {
                        Some(day) => { strong { (day.in_chinese()) } "前" @if problem.state.doer_owes() { "（" (days_words(Some(day), today)) "）" } },
                        None if problem.standing => strong { "长期坚持" },
                        None => strong { "没有确定到日期，交办时须明确" },
                    }
                    @if problem.standing && problem.due_day.is_some() { "，并长期坚持" }
                    @if let Some(days) = problem.recheck_days { "，每" (days) "天复查" }
                    @if let Some(kind) = kind { "（" (kind) "）" }
                    @if let Some((first, _)) = moved { "；最初为" (first.in_chinese()) }
                }
            }
        }
    }
}

/// What the doer claims beside when it was filed: a gap is shown, not forbidden.
fn claim_line(problem: &Problem) -> Markup {
    let Some((claimed, filed)) = problem.claimed_day.zip(problem.filed_day) else { return html! {} };
    let gap = filed.minus(claimed);
    html! {
        div {
            dt { "完成与填报" }
            dd {
                "自报" (claimed.in_chinese()) "完成，" (filed.in_chinese()) "填报"
                @if gap > 0 { " " (badge(if gap > 7 { Tone::Warning } else { Tone::Neutral }, format!("填报晚{gap}天"))) }
            }
        }
        @if !problem.statement.is_empty() { div { dt { "结果说明" } dd .case-words { (problem.statement) } } }
    }
}

fn colour_rule(view: &ProblemView, today: Day) -> Markup {
    let problem = &view.base.case.problem;
    html! {
        details .case-rule {
            summary { "颜色怎么判定" }
            p { (rule_sentence(&view.base.rules)) }
            p {
                @match (&problem.forced_colour, problem.forced_reason.is_empty()) {
                    (Some(colour), false) => {
                        "现在是人工调整为“" (colour.label()) "”，理由：" (problem.forced_reason)
                        @if let Some(until) = problem.forced_until_day { "；" (until.in_chinese()) "到期后自动恢复。" }
                    },
                    (Some(_), true) => { "本轮已被验收退回" (problem.send_backs) "次，按规则为红色。" },
                    (None, _) => { "现在依据的最近时限：" @match problem.clock_day {
                        Some(day) => { (day.in_chinese()) "，" (days_words(Some(day), today)) "。" },
                        None => "没有具体日期（长期坚持），为绿色。",
                    } },
                }
            }
        }
    }
}

/// Where in the loop it is.
pub fn course(view: &ProblemView) -> Markup {
    let problem = &view.base.case.problem;
    let day = |day: Option<Day>| day.map(|day| day.to_string()[5..].replace('-', "/"));
    let note = |label: &str, when: Option<Day>| {
        let step = Step::new(label);
        match day(when) {
            Some(when) => step.note(when),
            None => step,
        }
    };
    let rules = &view.base.rules;
    // What the campaign does without is no step of its problems.
    let steps = [
        (1, Some(note("登记", Some(problem.registered_day)))),
        (2, rules.screening.then(|| note("审核", None))),
        (3, Some(note("交办", problem.assigned_day))),
        (4, Some(note("整改", problem.signed_day))),
        (5, Some(note("验收", problem.verified_day))),
        (6, (rules.notice_days > 0).then(|| note("公示", problem.notice_until_day))),
        (7, Some(note("销号", problem.closed_day))),
    ];
    let now = match problem.state {
        State::Registered | State::Returned | State::Screened => 2,
        State::Accepted | State::Assigned => 3,
        State::Rectifying | State::SentBack | State::HandedUp => 4,
        State::Reported => 5,
        State::Proposed => 6,
        State::Closed => 8,
    };
    let at = steps.iter().filter(|(rank, step)| *rank < now && step.is_some()).count();
    let steps: Vec<Step> = steps.into_iter().filter_map(|(_, step)| step).collect();
    html! { div .case-course { (ui::stepper("办理进度", &steps, at)) } }
}

/// What the screening and the verifier should know.
pub fn warnings(view: &ProblemView) -> Markup {
    let warnings = &view.warnings;
    let (copied, copied_hidden) = &view.copied;
    html! {
        @if !warnings.is_empty() {
            (ui::card("审核提示", html! {
                @if !warnings.vague.is_empty() {
                    p { strong { "表述不够具体" } }
                    ul { @for warning in &warnings.vague { li { (warning.reason) "。建议：" (warning.suggestion) "。" } } }
                }
                (alike_list(view, "可能与已有问题重复", &warnings.alike, warnings.alike_hidden))
            }))
        }
        @if !copied.is_empty() || *copied_hidden > 0 {
            (ui::card("验收提示", html! {
                (alike_list(view, "结果说明与其他问题雷同，请到现场核实", copied, *copied_hidden))
            }))
        }
    }
}

/// Problems that are alike, with how much.
pub fn alike_list(view: &ProblemView, title: &str, alike: &[Alike], hidden: usize) -> Markup {
    html! {
        @if !alike.is_empty() || hidden > 0 {
            p { strong { (title) } }
            ul .case-alike {
                @for one in alike { li {
                    a href={ "/problems/" (one.id) } { (one.citation) } " "
                    (badge(if one.percent >= 80 { Tone::Warning } else { Tone::Neutral }, format!("相似{}%", one.percent)))
                    span .text-muted { " " (view.names.unit(one.unit)) " · " (one.state.label()) }
                    p .case-quote { (short(&one.text, 90)) }
                } }
                @if hidden > 0 { li .text-muted { "另有" (hidden) "个不在您的查看范围内。" } }
            }
        }
    }
}

/// The beginning of a text.
pub fn short(text: &str, chars: usize) -> String {
    let mut begin: String = text.chars().take(chars).collect();
    if text.chars().nth(chars).is_some() {
        begin.push('…');
    }
    begin
}

/// Units with their roles, the leader in charge, the task team.
pub fn parties(view: &ProblemView) -> Markup {
    let case = &view.base.case;
    let problem = &case.problem;
    html! {
        (ui::card("责任单位", html! {
            dl .definitions {
                @for role in PartyRole::ALL {
                    @let units: Vec<_> = case.units_with(*role).collect();
                    @if !units.is_empty() {
                        div { dt { (role.label()) } dd { (unit_list(view, &units)) } }
                    }
                }
                @if let Some(post) = problem.leader_post_id { div { dt { "包案领导" } dd { (view.names.post(post)) } } }
                @if !problem.task_team.is_empty() { div { dt { "专班" } dd { (problem.task_team) } } }
            }
        }))
    }
}

/// Units named one by one, and groups with their units behind a summary.
fn unit_list(view: &ProblemView, units: &[&bihuan_domain::problem::Party]) -> Markup {
    let own: Vec<&str> =
        units.iter().filter(|p| !is_group(&p.written)).map(|p| view.names.unit(p.unit_id)).collect();
    let mut groups: Vec<&str> = units.iter().map(|p| p.written.as_str()).filter(|w| is_group(w)).collect();
    groups.dedup();
    html! {
        (own.join("、"))
        @for written in groups {
            @let members: Vec<&str> =
                units.iter().filter(|p| p.written == written).map(|p| view.names.unit(p.unit_id)).collect();
            details { summary { (written) "（" (members.len()) "个单位）" } (members.join("、")) }
        }
    }
}

/// The wording of a group, not the remark of a merge.
fn is_group(written: &str) -> bool {
    !written.is_empty() && !written.starts_with('由')
}

/// Source, ground, goal and the like.
pub fn basics(view: &ProblemView) -> Markup {
    let problem = &view.base.case.problem;
    let facts = [
        ("类别", view.category()),
        ("重点措施", view.strand()),
        ("来源", view.source()),
        ("依据", problem.ground.as_str()),
        ("整改目标", problem.goal.as_str()),
        ("最新进展", problem.progress.as_str()),
        ("备注", problem.remark.as_str()),
    ];
    html! {
        (ui::card("基本情况", html! {
            dl .definitions {
                @for (term, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
                    div { dt { (term) } dd .case-words { (value) } }
                }
                div { dt { "登记" } dd {
                    (problem.registered_day) "，" (view.names.person(problem.registered_by)) "（"
                    (view.names.unit(problem.registered_unit_id)) "）"
                } }
            }
        }))
    }
}
