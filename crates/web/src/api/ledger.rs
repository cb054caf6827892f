//! The ledger and the overview as programs read them.

use axum::{Json, extract::State};
use bihuan_app::ledger::{LedgerQuery, LedgerView, Line};
use bihuan_app::overview::Overview;
use bihuan_domain::figure::{self, Definition};
use bihuan_domain::problem::Problem as Record;
use bihuan_domain::{Coded as _, Day};
use serde::Serialize;

use crate::{
    error::Problem,
    form::QueryFields,
    pages::ledger::query_of,
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/api/v1/problems", "ledger.list_json", "问题台账：筛选、排序、分页", list)
            .access(Access::Token("problem:read")),
        Route::get(
            "/api/v1/overview",
            "overview.show_json",
            "单位总览：全部数字及其口径、明细条件",
            overview,
        )
        .access(Access::Token("overview:read")),
        Route::get("/api/v1/figures", "figure.list_json", "各项数字的口径", figures)
            .access(Access::Token("figure:read")),
    ]
}

#[derive(Debug, Serialize)]
struct Page {
    campaign: i64,
    unit: i64,
    day: Day,
    as_of_entry: i64,
    total: i64,
    page: i64,
    problems: Vec<Item>,
}

#[derive(Debug, Serialize)]
struct Item {
    #[serde(flatten)]
    problem: Record,
    colour: Option<&'static str>,
    late_days: i32,
    home: String,
    units: Vec<Unit>,
}

#[derive(Debug, Serialize)]
struct Unit {
    unit: i64,
    role: &'static str,
    name: String,
    written: String,
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(fields): QueryFields,
) -> Result<Json<Page>, Problem> {
    let query: LedgerQuery = query_of(&fields)?;
    let found: LedgerView = web.run(move |app| app.ledger(&ctx, &query)).await?;
    let item = |line: Line| Item {
        colour: line.colour.map(|colour| colour.code()),
        late_days: line.late_days,
        home: line.home,
        units: line
            .parties
            .into_iter()
            .map(|party| Unit {
                unit: party.unit.0,
                role: party.role.code(),
                name: party.name,
                written: party.written,
            })
            .collect(),
        problem: line.problem,
    };
    Ok(Json(Page {
        campaign: found.at.campaign.id.0,
        unit: found.at.unit.id.0,
        day: found.at.day,
        as_of_entry: found.at.seq,
        total: found.total,
        page: found.query.page.max(1),
        problems: found.lines.into_iter().map(item).collect(),
    }))
}

async fn overview(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(fields): QueryFields,
) -> Result<Json<Overview>, Problem> {
    let query = query_of(&fields)?;
    let since = match fields.filled("since") {
        Some(text) => Some(Day::parse(text).map_err(|error| Problem::invalid("since", error.to_string()))?),
        None => None,
    };
    Ok(Json(web.run(move |app| app.overview(&ctx, &query, since)).await?))
}

async fn figures() -> Json<&'static [Definition]> {
    Json(figure::ALL)
}
