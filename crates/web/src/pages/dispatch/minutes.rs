//! Minutes of a meeting, to be read, printed, and taken along as a file.

use axum::{extract::State, response::Response};
use bihuan_app::dispatch::minutes_paper;
use bihuan_domain::dispatch::DispatchState;
use bihuan_domain::id::DispatchId;
use maud::html;

use super::DISPATCHES_PATH;
use crate::{
    error::Problem,
    frame::Page,
    pages::report,
    state::{Session, WebState},
    step::Place,
    ui::{self, button_link},
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
        (ui::heading(&title, Some(&view.unit.name), html! {
            (button_link("下载Word文件", format!("{here}/minutes.docx")))
            (ui::print_button())
        }))
        @if view.dispatch.state == DispatchState::Open { (ui::Notice::info("会议还没有散会，纪要尚未定下。")) }
        (report::paper(&minutes_paper(&view)))
    };
    Ok(page.show(page.frame(title).crumb("调度会", DISPATCHES_PATH).crumb("本次调度会", here), body))
}

pub(super) async fn file(
    State(web): State<WebState>,
    Session(ctx): Session,
    place: Place,
) -> Result<Response, Problem> {
    let found = web.run(move |app| app.minutes_file(&ctx, DispatchId(place.id))).await?;
    report::handed_out(found)
}
