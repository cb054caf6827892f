//! One meeting: the agenda in its order, decisions on the spot, minutes.

use axum::{Json, extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::dispatch::{DecisionInput, ItemInput, MeetingView, MinutesInput};
use bihuan_app::input::InputField;
use bihuan_app::problem::NoteInput;
use bihuan_domain::Coded as _;
use bihuan_domain::dispatch::{
    AgendaSource, Decision, DecisionState, DispatchItem, DispatchState, NAME_CHARS_MAX, TEXT_CHARS_MAX,
};
use bihuan_domain::id::{DispatchId, DispatchItemId};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::DISPATCHES_PATH;
use crate::{
    error::Problem,
    frame::Page,
    page::Frame,
    route::Route,
    state::{Session, WebState},
    step,
    step::{Carried, Place, Shown, Typed},
    ui::{self, Column, PostForm, Row, Table, Tone, badge, button, button_link, card, choices},
};

/// A point's way through the agenda: one place up or down, or the whole order.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct OrderInput {
    item: String,
    way: String,
    order: String,
}

impl bihuan_app::input::Input for OrderInput {
    const FIELDS: &'static [InputField] = &[
        InputField { name: "item", label: "议题", many: false },
        InputField { name: "way", label: "上移（up）或下移（down）", many: false },
        InputField { name: "order", label: "全部议题编号，逗号隔开", many: false },
    ];
}

fn done(at: Place) -> Carried {
    Carried::to(format!("{DISPATCHES_PATH}/{}", at.id), json!({ "id": at.id }))
}

#[expect(clippy::too_many_lines, reason = "one table of routes, a row a step")]
pub(super) fn steps() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "/dispatches/{id}/refresh",
            "dispatch",
            "refresh",
            "补充新的议题",
            "议题已按最新情况补充。",
            again,
            |app, ctx, at, version, _: NoteInput| {
                app.refresh_agenda(ctx, DispatchId(at.id), version)?;
                Ok(done(at))
            }
        ),
        step!(
            "/dispatches/{id}/order",
            "dispatch",
            "order",
            "调整议题顺序",
            "顺序已调整。",
            again,
            |app, ctx, at, version, sent: OrderInput| {
                let id = DispatchId(at.id);
                match sent.item.trim().parse().map(DispatchItemId) {
                    Ok(item) => app.move_item(ctx, id, version, item, sent.way == "up")?,
                    Err(_) => {
                        let order = sent
                            .order
                            .split(',')
                            .filter_map(|text| text.trim().parse().ok())
                            .map(DispatchItemId);
                        app.order_agenda(ctx, id, version, order.collect())?
                    }
                };
                Ok(done(at))
            }
        ),
        step!(
            "/dispatches/{id}/items",
            "dispatch",
            "add_item",
            "添加议题",
            "议题已添加。",
            again,
            |app, ctx, at, version, sent: ItemInput| {
                app.add_item(ctx, DispatchId(at.id), version, &sent.text)?;
                Ok(done(at))
            }
        ),
        step!(
            "/dispatches/{id}/items/{part}/strike",
            "dispatch",
            "strike_item",
            "划去议题",
            "议题已划去，理由留在记录里。",
            again,
            |app, ctx, at, version, sent: ItemInput| {
                app.strike_item(ctx, DispatchId(at.id), version, DispatchItemId(at.part), Some(sent.reason))?;
                Ok(done(at))
            }
        ),
        step!(
            "/dispatches/{id}/items/{part}/restore",
            "dispatch",
            "restore_item",
            "恢复议题",
            "议题已恢复。",
            again,
            |app, ctx, at, version, _: NoteInput| {
                app.strike_item(ctx, DispatchId(at.id), version, DispatchItemId(at.part), None)?;
                Ok(done(at))
            }
        ),
        step!(
            "/dispatches/{id}/decisions",
            "dispatch",
            "decide",
            "记录议定事项",
            "议定事项已定下来，成为责任单位的任务。",
            &[("owner_unit", "责任单位")],
            again,
            |app, ctx, at, version, sent: DecisionInput| {
                let id = app.decide_at_meeting(ctx, DispatchId(at.id), version, sent)?;
                Ok(Carried { json: json!({ "decision": id }), ..done(at) })
            }
        ),
        step!(
            "/dispatches/{id}/minutes",
            "dispatch",
            "write_minutes",
            "写纪要",
            "纪要已保存。",
            again,
            |app, ctx, at, version, sent: MinutesInput| {
                app.write_minutes(ctx, DispatchId(at.id), version, sent, false)?;
                Ok(done(at))
            }
        ),
        step!(
            "/dispatches/{id}/close",
            "dispatch",
            "close",
            "散会并定下纪要",
            "已散会，纪要已定。",
            again,
            |app, ctx, at, version, sent: MinutesInput| {
                app.write_minutes(ctx, DispatchId(at.id), version, sent, true)?;
                Ok(Carried::to(format!("{DISPATCHES_PATH}/{}/minutes", at.id), json!({ "id": at.id })))
            }
        ),
    ]
}

pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    place: Place,
) -> Result<Response, Problem> {
    let (frame, body) = render(&web, &ctx, &page, place.id, None).await?;
    Ok(page.show(frame, body))
}

fn again(web: WebState, ctx: Context, page: Page, place: Place, typed: Typed) -> Shown {
    Box::pin(async move { render(&web, &ctx, &page, place.id, Some(&typed)).await })
}

pub(super) async fn show_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    place: Place,
) -> Result<Json<Value>, Problem> {
    let view = web.run(move |app| app.meeting(&ctx, DispatchId(place.id))).await?;
    let item = |item: &DispatchItem| {
        json!({ "id": item.id, "ordinal": item.ordinal, "source": item.source, "subject_kind": item.subject_kind,
            "subject_id": item.subject_id, "unit": item.unit_id, "text": item.text, "struck": item.struck, "struck_reason": item.struck_reason })
    };
    let decision = |one: &Decision| {
        json!({ "id": one.id, "dispatch": one.dispatch_id, "item": one.item_id, "text": one.text, "owner_unit": one.owner_unit_id,
            "owner_name": one.owner_name, "due_day": one.due_day, "state": one.state, "outcome": one.outcome, "task": one.task_id, "version": one.version })
    };
    Ok(Json(
        json!({ "id": view.dispatch.id, "number": view.dispatch.number, "held_day": view.dispatch.held_day,
        "since_day": view.dispatch.since_day, "state": view.dispatch.state, "version": view.dispatch.version,
        "items": view.items.iter().map(item).collect::<Vec<_>>(),
        "decisions": view.decisions.iter().map(decision).collect::<Vec<_>>(),
        "earlier": view.earlier.iter().map(decision).collect::<Vec<_>>() }),
    ))
}

async fn render(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    typed: Option<&Typed>,
) -> Result<(Frame, Markup), Problem> {
    let who = ctx.clone();
    let view = web.run(move |app| app.meeting(&who, DispatchId(id))).await?;
    let title = format!("{}第{}次", view.series.name, view.dispatch.number);
    let lead = format!(
        "{}，{}；议题取自{}以来的变化",
        view.unit.name,
        view.dispatch.held_day.in_chinese(),
        view.dispatch.since_day.in_chinese()
    );
    let live = view.may && view.dispatch.state == DispatchState::Open;
    let body = html! {
        (ui::heading(&title, Some(&lead), html! {
            (button_link("纪要", format!("{DISPATCHES_PATH}/{id}/minutes")))
            @if live { (form(&view, page, "refresh")?.inline().body(html! { (button("补充新的议题")) })) }
        }))
        @if let Some(typed) = typed.filter(|t| ["refresh", "order", "restore_item"].contains(&t.form)) { (ui::error_summary(&typed.errors)) }
        (earlier(&view, ctx))
        (agenda(&view, page, typed, live)?)
        (decisions(&view, ctx))
        @if live { (decide_form(&view, page, typed)?) (minutes_form(&view, page, typed)?) }
    };
    Ok((page.frame(title).crumb("调度会", DISPATCHES_PATH), body))
}

fn form(view: &MeetingView, page: &Page, step: &str) -> Result<PostForm, Problem> {
    let action = format!("{DISPATCHES_PATH}/{}/{step}", view.dispatch.id);
    Ok(PostForm::new(action, page.csrf()?).hidden("version", view.dispatch.version.to_string()))
}

fn subject(item: &DispatchItem) -> Option<String> {
    match item.subject_kind.as_str() {
        "problem" => Some(format!("/problems/{}", item.subject_id)),
        "unit" => Some(format!("/overview?unit={}", item.subject_id)),
        "slip" => Some(format!("/slips/{}", item.subject_id)),
        "action" => Some(format!("/actions/{}", item.subject_id)),
        _ => None,
    }
}

fn agenda(view: &MeetingView, page: &Page, typed: Option<&Typed>, live: bool) -> Result<Markup, Problem> {
    let standing: Vec<&DispatchItem> = view.items.iter().filter(|item| !item.struck).collect();
    let struck: Vec<&DispatchItem> = view.items.iter().filter(|item| item.struck).collect();
    let mut blocks = Vec::new();
    for (at, block) in standing.chunks(POINTS_A_BLOCK).enumerate() {
        let first = at * POINTS_A_BLOCK;
        let mut lines = Vec::new();
        for (n, item) in block.iter().enumerate() {
            let ends = (first + n == 0, first + n + 1 == standing.len());
            lines.push(agenda_line(view, page, typed, live, (item, ends.0, ends.1))?);
        }
        let corrected = |item: &&DispatchItem| Typed::of_part(typed, "strike_item", item.id.0).is_refused();
        blocks.push(agenda_block(block, first, &lines, block.iter().any(corrected)));
    }
    let add = Typed::of(typed, "add_item");
    Ok(html! {
        (card(format!("议题（{}项）", standing.len()), html! {
            @if live { (form(view, page, "order")?.hidden("order", "").body(html! {})) }
            @if standing.len() > POINTS_A_BLOCK { p .case-meta { "按来源：" (by_source(&standing)) "。" } }
            div data-drag-lists[live] { @for block in &blocks { (block) } }
            @if standing.is_empty() { p .text-muted { "上次以来没有新的变化。" } }
            @if !struck.is_empty() {
                details .figures {
                    summary { "已划去" (struck.len()) "项" }
                    ul .plain-list { @for item in &struck { li {
                        (item.text) " " span .text-muted { "（" (item.struck_reason) "）" }
                        @if live { (form(view, page, &format!("items/{}/restore", item.id))?.inline().body(html! { (button("恢复").small()) })) }
                    } } }
                }
            }
            @if live {
                details .fold open[add.is_refused()] {
                    summary { span .caret aria-hidden="true" {} "添加议题" }
                    (form(view, page, "items")?.within("add_item").errors(&add.errors).body(html! {
                        (ui::text("text", "议题").within("add_item").required().max_chars(TEXT_CHARS_MAX).refill(&add.fields).errors(&add.errors))
                        div .actions { (button("添加")) }
                    }))
                }
            }
        }))
    })
}

/// Points that lie open; so many more are folded together, in the same order.
const POINTS_A_BLOCK: usize = 12;

/// How many points come from where, in the order of the sources.
fn by_source(points: &[&DispatchItem]) -> String {
    let count = |source: &AgendaSource| points.iter().filter(|item| item.source == *source).count();
    let counted = AgendaSource::ALL.iter().map(|source| (source.label(), count(source)));
    counted.filter(|(_, n)| *n > 0).map(|(label, n)| format!("{label}{n}项")).collect::<Vec<_>>().join("，")
}

/// The first points lie open, the others are folded and say what is in them.
fn agenda_block(points: &[&DispatchItem], first: usize, lines: &[Markup], open: bool) -> Markup {
    let list = html! { ol .agenda start=(first + 1) { @for line in lines { (line) } } };
    if first == 0 {
        return list;
    }
    let last = first + points.len();
    let which =
        if points.len() == 1 { format!("第{last}项") } else { format!("第{}—{last}项", first + 1) };
    html! {
        details .fold .agenda-more id={ "agenda-" (first + 1) } open[open] {
            summary { span .caret aria-hidden="true" {} (which) "：" (by_source(points)) }
            (list)
        }
    }
}

fn tone(source: AgendaSource) -> Tone {
    match source {
        AgendaSource::NewlyRed | AgendaSource::NewlyLate => Tone::Danger,
        AgendaSource::NeedsSuperior
        | AgendaSource::ExtensionAsked
        | AgendaSource::SlipUnanswered
        | AgendaSource::NotReported => Tone::Warning,
        AgendaSource::LastDecision | AgendaSource::ByHand => Tone::Info,
    }
}

fn agenda_line(
    view: &MeetingView,
    page: &Page,
    typed: Option<&Typed>,
    live: bool,
    (item, first, last): (&DispatchItem, bool, bool),
) -> Result<Markup, Problem> {
    let typed = Typed::of_part(typed, "strike_item", item.id.0);
    let within = format!("strike-{}", item.id);
    let unit = item.unit_id.and_then(|id| view.names.get(&id).cloned()).unwrap_or_default();
    let moves = |way: &str, label: &str, away: bool| -> Result<Markup, Problem> {
        if away {
            return Ok(html! {});
        }
        let form = form(view, page, "order")?.inline().hidden("item", item.id.to_string()).hidden("way", way);
        Ok(html! { (form.body(html! { (button(label).small()) })) })
    };
    Ok(html! {
        li draggable=[live.then_some("true")] data-item=(item.id) { div .agenda-line {
            div .agenda-point {
                (badge(tone(item.source), item.source.label())) " "
                @if !unit.is_empty() { strong { (unit) } " " }
                @match subject(item) { Some(href) => a href=(href) { (item.text) }, None => (item.text) }
            }
            @if live {
                div .agenda-tools {
                    (moves("up", "上移", first)?)
                    (moves("down", "下移", last)?)
                    details .fold open[typed.is_refused()] {
                        summary { span .caret aria-hidden="true" {} "划去" }
                        (form(view, page, &format!("items/{}/strike", item.id))?.within(&within).errors(&typed.errors).body(html! {
                            (ui::text("reason", "划去的理由").within(&within).required().refill(&typed.fields).errors(&typed.errors))
                            (button("划去").small())
                        }))
                    }
                }
            }
        } }
    })
}

fn decision_rows(list: &[Decision], view: &MeetingView, ctx: &Context) -> Vec<Row> {
    let row = |one: &Decision| {
        let late = one.state == DecisionState::Open && one.due_day < ctx.today();
        let tone = match one.state {
            DecisionState::Open if late => Tone::Danger,
            DecisionState::Open => Tone::Info,
            DecisionState::Done => Tone::Good,
            DecisionState::Dropped => Tone::Neutral,
        };
        let task = one.task_id.and_then(|id| view.tasks.get(&id));
        Row::new([
            html! { (one.text) },
            html! {
                (view.names_then.get(&one.owner_unit_id).cloned().unwrap_or_default()) " " (one.owner_name)
                @if let Some(now) = view.successor(one) { span .text-muted { "（现由" (now) "承办）" } }
            },
            html! { (one.due_day) },
            html! { (badge(tone, if late { "到期未办结" } else { one.state.label() })) },
            html! { div {
                @if let Some(task) = task { a href={ "/tasks/" (task.id) } { (task.citation()) } "，" (task.state.label()) }
                @if !one.outcome.is_empty() { br; (one.outcome) }
            } },
        ])
    };
    list.iter().map(row).collect()
}

fn decision_table(id: &str, title: &str, rows: Vec<Row>) -> Markup {
    let table = Table::new(id, title)
        .hide_caption()
        .columns([
            Column::new("议定事项").long(),
            Column::new("责任"),
            Column::new("时限").short(),
            Column::new("状态").short(),
            Column::new("任务和结果"),
        ])
        .rows(rows)
        .stack();
    html! { (card(title.to_owned(), html! { (table) }).flush()) }
}

/// Decisions of last time and what became of them: the meeting opens with them.
fn earlier(view: &MeetingView, ctx: &Context) -> Markup {
    if view.earlier.is_empty() {
        return html! {};
    }
    decision_table("earlier", "上次议定事项的落实", decision_rows(&view.earlier, view, ctx))
}

fn decisions(view: &MeetingView, ctx: &Context) -> Markup {
    if view.decisions.is_empty() {
        return html! {};
    }
    decision_table("decisions", "本次议定事项", decision_rows(&view.decisions, view, ctx))
}

fn decide_form(view: &MeetingView, page: &Page, typed: Option<&Typed>) -> Result<Markup, Problem> {
    let typed = Typed::of(typed, "decide");
    let (have, errors) = (&typed.fields, &typed.errors);
    let items = view.items.iter().filter(|item| !item.struck).map(|item| {
        let text: String = item.text.chars().take(40).collect();
        (item.id.to_string(), text)
    });
    let due = view.dispatch.held_day.plus_days(7);
    Ok(html! {
        (card("记录议定事项", html! {
            (form(view, page, "decisions")?.within("decide").errors(errors).body(html! {
                (ui::area("text", "议定事项", 2).within("decide").required().max_chars(TEXT_CHARS_MAX).refill(have).errors(errors))
                (ui::select("item", "对应议题", choices(items)).prompt("不对应").within("decide").refill(have).errors(errors))
                (typed.offers.field(ui::text("owner_unit", "责任单位").within("decide").required().hint("名称、简称或代码"), "owner_unit", have, errors))
                (ui::text("owner_name", "责任人").within("decide").max_chars(NAME_CHARS_MAX).refill(have).errors(errors))
                (ui::date("due_day", "完成日期").within("decide").required().value(due.to_string()).refill(have).errors(errors))
                div .actions { (button("定下来").primary()) }
            }))
        }))
    })
}

fn minutes_form(view: &MeetingView, page: &Page, typed: Option<&Typed>) -> Result<Markup, Problem> {
    let (write, close) = (Typed::of(typed, "write_minutes"), Typed::of(typed, "close"));
    let typed = if close.is_refused() { close } else { write };
    let (have, errors) = (&typed.fields, &typed.errors);
    let action = format!("{DISPATCHES_PATH}/{}/close", view.dispatch.id);
    Ok(html! {
        (card("纪要", html! {
            (form(view, page, "minutes")?.within("minutes").errors(errors).body(html! {
                (ui::text("chair", "主持人").within("minutes").max_chars(NAME_CHARS_MAX).value(view.dispatch.chair.clone()).refill(have).errors(errors))
                (ui::area("present", "参加人员", 2).within("minutes").value(view.dispatch.present.clone()).refill(have).errors(errors))
                (ui::area("summary", "会议小结", 4).within("minutes").value(view.dispatch.summary.clone()).refill(have).errors(errors))
                div .actions {
                    (button("保存纪要"))
                    button .btn .btn-primary type="submit" formaction=(action) { "散会并定下纪要" }
                }
            }))
        }))
    })
}
