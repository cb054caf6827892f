//! Minutes of a meeting, to be read and printed.

use axum::{extract::State, response::Response};
use bihuan_app::dispatch::{MeetingView, by_source};
use bihuan_domain::Coded;
use bihuan_domain::dispatch::{AgendaSource, Decision, DispatchState};
use bihuan_domain::id::DispatchId;
use maud::{Markup, html};

use super::DISPATCHES_PATH;
use crate::{
    error::Problem,
    frame::Page,
    state::{Session, WebState},
    step::Place,
    ui,
};

pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    place: Place,
) -> Result<Response, Problem> {
    let view = web.run(move |app| app.meeting(&ctx, DispatchId(place.id))).await?;
    let title = format!("{}纪要（第{}次）", view.series.name, view.dispatch.number);
    let here = format!("{DISPATCHES_PATH}/{}", place.id);
    let body = html! {
        (ui::heading(&title, Some(&view.unit.name), html! { (ui::print_button()) }))
        @if view.dispatch.state == DispatchState::Open { (ui::Notice::info("会议还没有散会，纪要尚未定下。")) }
        (document(&view))
    };
    Ok(page.show(page.frame(title).crumb("调度会", DISPATCHES_PATH).crumb("本次调度会", here), body))
}

fn document(view: &MeetingView) -> Markup {
    let name = |decision: &Decision| view.names.get(&decision.owner_unit_id).cloned().unwrap_or_default();
    html! {
        article .minutes {
            p { (view.dispatch.held_day.in_chinese()) "，" (view.unit.name) "召开" (view.series.name) "第" (view.dispatch.number) "次会议。"
                @if !view.dispatch.chair.is_empty() { (view.dispatch.chair) "主持。" } }
            @if !view.dispatch.summary.is_empty() { p .pre-line { (view.dispatch.summary) } }
            h2 { "一、议题" }
            @for source in AgendaSource::ALL {
                @let items: Vec<_> = by_source(&view.items, *source).collect();
                @if !items.is_empty() {
                    h3 { (source.label()) "（" (items.len()) "项）" }
                    ol { @for item in &items { li {
                        @if let Some(unit) = item.unit_id { (view.names.get(&unit).cloned().unwrap_or_default()) "：" }
                        (item.text)
                    } } }
                }
            }
            h2 { "二、议定事项" }
            @if view.decisions.is_empty() { p { "本次会议没有议定事项。" } }
            ol { @for decision in &view.decisions { li {
                (decision.text) "（" (name(decision)) @if !decision.owner_name.is_empty() { "，" (decision.owner_name) } "，" (decision.due_day.in_chinese()) "前）"
            } } }
            @if !view.dispatch.present.is_empty() { p { strong { "出席：" } (view.dispatch.present) } }
        }
    }
}
