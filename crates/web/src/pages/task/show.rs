//! One task: where it stands, its curve, milestones, targets, parts, evidence and history.

use axum::{extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::task::TaskView;
use bihuan_domain::id::{PersonId, TaskId};
use bihuan_domain::slip::{Subject, SubjectKind};
use bihuan_domain::task::{FULL, TaskNoteKind, value_words, yuan_words};
use bihuan_domain::{Coded as _, Day};
use maud::{Markup, html};

use super::forms::Forms;
use super::{At, TASKS_PATH, address, share, standing_badge};
use crate::{
    error::Problem,
    form::{Fields, QueryFields},
    frame::{Again, Page},
    page::Frame,
    pages::problem::{Typed, days_words, short},
    state::{Session, WebState},
    ui::{
        self, Column, Happening, Href, LineChart, Row, Series, Table, Tone, badge, button_link, card,
        definitions, thousands, timeline,
    },
};

/// Readings of a target that the page lists.
const READINGS_SHOWN: usize = 20;
/// Steps of the history that stand open.
const HISTORY_SHOWN: usize = 10;

pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    at: At,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let view = view_of(&web, &ctx, at.id).await?;
    let beside = supervision(&web, &ctx, at.id).await?;
    let (frame, body) = render(&view, &ctx, &page, query.text("do"), None, beside)?;
    Ok(page.show(frame, body))
}

pub(super) async fn view_of(web: &WebState, ctx: &Context, id: TaskId) -> Result<TaskView, Problem> {
    let ctx = ctx.clone();
    web.run(move |app| app.task_view(&ctx, id)).await
}

/// Slips and musters about the task.
async fn supervision(web: &WebState, ctx: &Context, id: TaskId) -> Result<Markup, Problem> {
    let (who, today) = (ctx.clone(), ctx.today());
    let named = Subject::of(SubjectKind::Task, id.0);
    let found =
        move |app: &bihuan_app::App| Ok((app.subject_slips(&who, &named)?, app.task_musters(&who, id)?));
    let (slips, musters) = web.run(found).await?;
    Ok(html! {
        (crate::pages::slip::of_subject(&slips, &named, today))
        (crate::pages::muster::of_subject(&musters.0, SubjectKind::Task, id.0, musters.1))
    })
}

/// Shows the page again with the refused form open.
pub(super) async fn show_again(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: TaskId,
    form: String,
    fields: Fields,
    again: Again,
) -> Result<Response, Problem> {
    let view = view_of(web, ctx, id).await?;
    // Progress and the beneficiaries' word come to the same address.
    let word = form == "note" && fields.text("kind") == TaskNoteKind::Word.code();
    let form = if word { "word".to_owned() } else { form };
    let typed = Typed { form, fields, errors: again.errors.clone() };
    let beside = supervision(web, ctx, id).await?;
    let (frame, body) = render(&view, ctx, page, "", Some(&typed), beside)?;
    Ok(page.show_again(frame, body, &again))
}

fn render(
    view: &TaskView,
    ctx: &Context,
    page: &Page,
    open: &str,
    typed: Option<&Typed>,
    beside: Markup,
) -> Result<(Frame, Markup), Problem> {
    let task = &view.line.task;
    let list = Href::new(TASKS_PATH).with("campaign", task.campaign_id);
    let frame = page.frame(view.line.citation.clone()).crumb("任务与实事", list.to_string());
    let forms = Forms { view, csrf: page.csrf()?, today: ctx.today().to_string(), open, typed };
    let body = html! {
        (ui::heading(&format!("{}　{}", view.line.citation, task.title), Some(&view.campaign.name), actions(view)))
        (head(view, ctx))
        (forms.now())
        (curve(view))
        (targets(view))
        (milestones(view, &forms, ctx.today()))
        (parts(view))
        (evidence(view))
        (notes(view))
        (crate::pages::breakdown::source_card(view.origin.as_ref()))
        (beside)
        (forms.beside())
        (history(view))
    };
    Ok((frame, body))
}

fn actions(view: &TaskView) -> Markup {
    let here = address(view.line.task.id);
    html! {
        @if view.may.plan {
            (button_link("修改", format!("{here}/edit")))
            (button_link("排节点", format!("{here}/milestones")))
        }
        @if view.may.break_down && !view.below.is_empty() { (button_link("分解到下级", format!("{here}/break-down"))) }
        (ui::print_button())
    }
}

fn head(view: &TaskView, ctx: &Context) -> Markup {
    let (task, judged) = (&view.line.task, &view.line.judged);
    html! {
        section .case-head aria-label="任务和当前进度" {
            div .case-marks {
                (standing_badge(judged))
                @if task.is_open() { (badge(Tone::Neutral, task.state.label())) }
                @if task.project { (badge(Tone::Info, "民生实事")) }
                @if task.send_backs > 0 { (badge(Tone::Warning, format!("退回{}次", task.send_backs))) }
            }
            @if !task.goal.is_empty() { p .case-words { (task.goal) } }
            (ui::progress("完成", judged.progress.unsigned_abs() / 100, FULL.unsigned_abs() / 100))
            p .text-muted { "按计划今天应完成" (share(judged.planned)) "，实际完成" (share(judged.progress)) "。" }
            @if !judged.reasons.is_empty() { ul { @for reason in &judged.reasons { li { (reason) } } } }
            (facts(view, ctx))
        }
    }
}

/// What is recorded; what was left empty is left out.
fn facts(view: &TaskView, ctx: &Context) -> Markup {
    let task = &view.line.task;
    let strand =
        view.template.as_ref().and_then(|t| t.strand(&task.strand)).map(|strand| strand.name.clone());
    let money = |fen: i64| if fen > 0 { format!("{}元", yuan_words(fen)) } else { String::new() };
    let owner = view.owner.as_ref().map(|post| format!("{}{}（{}）", post.unit_name, post.name, post.holder));
    let filed = task.filed_day.map(|day| {
        let claimed = task.claimed_day.unwrap_or(day).in_chinese();
        format!("{}申报，自报{claimed}完成：{}", day.in_chinese(), task.statement)
    });
    let rest = [
        ("责任人", owner.unwrap_or_default()),
        ("配合单位", task.partners.clone()),
        ("类别", view.line.kind_name.clone()),
        ("重点措施", strand.unwrap_or_default()),
        ("预算", money(task.budget_fen)),
        ("已支出", money(task.spent_fen)),
        ("受益", beneficiaries(view)),
        ("申报", filed.unwrap_or_default()),
        ("意见", task.decision.clone()),
    ];
    let mut list = definitions()
        .add("承担单位", html! { a href={ "/units/" (view.unit.id) } { (view.unit.name) } })
        .add("下达单位", view.order.name.clone())
        .add(
            "起止",
            html! { (task.starts_day.in_chinese()) "至" (task.due_day.in_chinese())
            @if task.is_open() { "（" (days_words(Some(task.due_day), ctx.today())) "）" } },
        );
    if let Some(parent) = &view.parent {
        let words = html! { a href=(address(parent.id)) { (parent.citation()) "　" (parent.title) } };
        list = list.add("上一级任务", words);
    }
    let filled = rest.into_iter().filter(|(_, text)| !text.is_empty());
    let list = filled.fold(list, |list, (term, text)| list.add(term, text));
    html! { (list) }
}

fn beneficiaries(view: &TaskView) -> String {
    let task = &view.line.task;
    match task.beneficiaries {
        0 => task.beneficiary_words.clone(),
        n => format!("{} {}", thousands(n.unsigned_abs()), task.beneficiary_words),
    }
}

fn curve(view: &TaskView) -> Markup {
    if view.curve.len() < 2 {
        return html! {};
    }
    let percent = |value: i64| value.unsigned_abs() * 100 / FULL.unsigned_abs();
    let judged = &view.line.judged;
    let chart = LineChart {
        id: "curve".to_owned(),
        title: "计划与实际".to_owned(),
        unit: "%".to_owned(),
        summary: format!("按计划应完成{}，实际完成{}。", share(judged.planned), share(judged.progress)),
        axis_label: "日期".to_owned(),
        axis: view.curve.iter().map(|point| point.day.to_string()).collect(),
        series: vec![
            Series {
                name: "计划".to_owned(),
                values: view.curve.iter().map(|point| Some(percent(point.planned))).collect(),
            },
            Series {
                name: "实际".to_owned(),
                values: view.curve.iter().map(|point| point.actual.map(percent)).collect(),
            },
        ],
    };
    html! { (card("进度曲线", html! { (chart) })) }
}

fn targets(view: &TaskView) -> Markup {
    if view.progress.is_empty() {
        return html! {};
    }
    let rows = view.progress.iter().map(|target| {
        Row::new([
            html! { (target.name) },
            html! { (value_words(target.target)) " " (target.measure_word) },
            html! { (value_words(target.reached)) " " (target.measure_word) },
            html! { (share(target.share)) },
            html! {
                @match target.given {
                    Some(given) => {
                        "由分解的任务汇总，已分解" (value_words(given))
                        @if given != target.target { "，与目标相差" (value_words(given - target.target)) }
                    },
                    None => "本单位填报",
                }
            },
        ])
    });
    let table = Table::new("targets", "量化指标")
        .hide_caption()
        .columns([
            Column::new("指标"),
            Column::new("目标").number(),
            Column::new("现在").number(),
            Column::new("完成").number(),
            Column::new("数从哪里来"),
        ])
        .row_head(0)
        .rows(rows)
        .stack();
    let readings = view.readings.iter().take(READINGS_SHOWN);
    html! {
        (card("量化指标", html! {
            (table)
            @if !view.readings.is_empty() {
                details .more {
                    summary { "填报过的数值" }
                    ul {
                        @for reading in readings {
                            @if let Some(target) = view.targets.iter().find(|t| t.id == reading.target_id) {
                                li { (reading.day) "　" (target.name) "　" (value_words(reading.value)) (target.measure_word) "　" (person(view, Some(reading.filed_by))) "　" (reading.note) }
                            }
                        }
                    }
                }
            }
        }).flush())
    }
}

fn person(view: &TaskView, id: Option<PersonId>) -> String {
    id.and_then(|id| view.people.get(&id).cloned()).unwrap_or_default()
}

fn milestones(view: &TaskView, forms: &Forms<'_>, today: Day) -> Markup {
    let rows = view.milestones.iter().map(|one| {
        Row::new([
            html! { (one.ordinal) },
            html! { (one.title) @if !one.note.is_empty() { div .text-muted { (one.note) } } },
            html! { (one.working_days) },
            html! { (one.starts_day) },
            html! { (one.due_day) @if one.pinned { div .text-muted { "固定" } } },
            html! {
                @match (one.done_day, view.line.task.is_open() && one.due_day < today) {
                    (Some(day), _) => {
                        (badge(if day > one.due_day { Tone::Warning } else { Tone::Good }, if day > one.due_day { "逾期完成" } else { "完成" }))
                        div .text-muted {
                            (day) "　" (person(view, one.filed_by))
                            @if let Some(filed) = one.filed_day.filter(|filed| *filed > day) { div { (filed) "填报，晚" (filed.minus(day)) "天" } }
                        }
                    },
                    (None, true) => (badge(Tone::Danger, "过期")),
                    (None, false) => (badge(Tone::Neutral, "未完成")),
                }
            },
            forms.milestone(one),
        ])
    });
    let table = Table::new("milestone-table", "节点，按工作日从时限倒排")
        .hide_caption()
        .columns([
            Column::new("序").short(),
            Column::new("节点").long(),
            Column::new("工作日").number(),
            Column::new("开始").short(),
            Column::new("到期").short(),
            Column::new("状态").short(),
            Column::new("办理"),
        ])
        .row_head(1)
        .rows(rows)
        .empty(ui::empty("没有节点", "没有节点的任务按时间和指标看进度；下达单位可以排节点。", None))
        .stack();
    html! { div #milestones { (card("节点", html! { (table) }).flush()) } }
}

fn parts(view: &TaskView) -> Markup {
    if view.parts.is_empty() {
        return html! {};
    }
    let rows = view.parts.iter().map(|part| {
        Row::new([
            html! { a href=(address(part.task.id)) { (part.citation) } },
            html! { (part.unit_name) },
            html! { (standing_badge(&part.judged)) },
            html! { (share(part.judged.progress)) },
            html! {
                (part.task.due_day)
                @if part.task.due_day < view.line.task.due_day {
                    div .text-muted { "比上级时限早" (view.line.task.due_day.minus(part.task.due_day)) "天" }
                }
            },
        ])
    });
    let table = Table::new("parts", "分解下去的任务")
        .hide_caption()
        .columns([
            Column::new("任务").short(),
            Column::new("承担单位"),
            Column::new("进度").short(),
            Column::new("完成").number(),
            Column::new("时限").short(),
        ])
        .row_head(1)
        .rows(rows)
        .stack();
    html! { (card("分解", html! { (table) }).flush()) }
}

fn evidence(view: &TaskView) -> Markup {
    if view.evidence.is_empty() {
        return html! {};
    }
    html! {
        (card("前后对比和佐证", html! {
            ul {
                @for piece in &view.evidence {
                    li {
                        strong { (piece.stage.label()) } "　"
                        a href={ (address(view.line.task.id)) "/evidence/" (piece.id) } { (piece.caption) }
                        span .text-muted { "　" (ui::file_size(piece.size_bytes.unsigned_abs())) "　" (piece.filed_at.day_in_china()) "　" (person(view, Some(piece.filed_by))) }
                    }
                }
            }
        }))
    }
}

fn notes(view: &TaskView) -> Markup {
    if view.notes.is_empty() {
        return html! {};
    }
    html! {
        (card("进展和群众评价", html! {
            ul {
                @for note in &view.notes {
                    li {
                        (note.day) "　" strong { (note.kind.label()) } "　" span .case-words { (note.text) }
                        @if note.asked > 0 { "　访问" (note.asked) "人，满意" (note.satisfied) "人（" (ui::percent(note.satisfied.unsigned_abs(), note.asked.unsigned_abs())) "）" }
                        span .text-muted { "　" (person(view, Some(note.filed_by))) }
                    }
                }
            }
        }))
    }
}

fn history(view: &TaskView) -> Markup {
    let happenings: Vec<Happening> = view
        .history
        .iter()
        .map(|line| {
            Happening::new(line.at.in_chinese(), line.at.to_rfc3339(), line.what)
                .who(line.who.clone())
                .body(html! { @if !line.note.is_empty() { p .case-words { (short(&line.note, 200)) } } a .text-muted href={ "/journal/" (line.seq) } { "记录第" (line.seq) "条" } })
        })
        .collect();
    let (new, old) = happenings.split_at(happenings.len().min(HISTORY_SHOWN));
    html! {
        (card("经过", html! {
            (timeline("任务的经过", new))
            @if !old.is_empty() {
                details .more { summary { "更早的" (old.len()) "条" } (timeline("任务更早的经过", old)) }
            }
        }))
    }
}
