//! The working-day calendar as programs read and set it.

use axum::{
    Json,
    extract::{Path, State, rejection::JsonRejection},
};
use bihuan_app::calendar::{CalendarYear, read_year};
use bihuan_domain::calendar::CalendarRow;
use serde::Deserialize;

use crate::{
    error::Problem,
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("calendar:read");
    vec![
        Route::get("/api/v1/calendar", "calendar.list_json", "今年的工作日历和已录入的年份", this_year)
            .access(read),
        Route::get("/api/v1/calendar/{year}", "calendar.show_json", "一年的工作日历", one_year).access(read),
        Route::put("/api/v1/calendar/{year}", "calendar.change_json", "修改一年的工作日历", change)
            .access(Access::Token("calendar:write")),
    ]
}

async fn this_year(
    State(web): State<WebState>,
    Session(ctx): Session,
) -> Result<Json<CalendarYear>, Problem> {
    let year = ctx.today().year();
    web.run(move |app| app.calendar_year(&ctx, year)).await.map(Json)
}

async fn one_year(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(year): Path<i32>,
) -> Result<Json<CalendarYear>, Problem> {
    web.run(move |app| app.calendar_year(&ctx, year)).await.map(Json)
}

/// Either the wording of the notice or the rows.
#[derive(Debug, Deserialize)]
struct Sent {
    #[serde(default)]
    notice: String,
    #[serde(default)]
    rows: Vec<CalendarRow>,
    version: Option<i64>,
}

async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(year): Path<i32>,
    sent: Result<Json<Sent>, JsonRejection>,
) -> Result<Json<CalendarYear>, Problem> {
    let Json(sent) = sent.map_err(|rejection| Problem::BadRequest(rejection.status()))?;
    let changed = web.run(move |app| {
        let rows = if sent.notice.trim().is_empty() { sent.rows } else { read_year(year, &sent.notice)? };
        app.set_calendar_rows(&ctx, year, sent.version, rows)
    });
    changed.await.map(Json)
}
