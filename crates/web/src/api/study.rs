//! One's own study and the classes one may see, as programs read them.

use axum::{
    Json,
    extract::{Path, State},
};
use bihuan_app::study::HoursFrom;
use bihuan_domain::id::{CampaignId, StudyClassId};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    form::QueryFields,
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("study:read");
    vec![
        Route::get("/api/v1/study", "study.show_json", "本人的书目、计划和学时（campaign）", show)
            .access(read),
        Route::get("/api/v1/study/classes/{id}", "study.class_json", "读书班", class).access(read),
    ]
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let campaign = CampaignId(query.number("campaign").ok_or(Problem::NotFound)?);
    let found = web.run(move |app| app.study_page(&ctx, campaign)).await?;
    let readings: Vec<Value> = found
        .readings
        .iter()
        .map(|line| json!({ "id": line.reading.id, "title": line.reading.title, "parts": line.parts }))
        .collect();
    let hours: Vec<Value> = found
        .hours
        .iter()
        .map(|line| {
            json!({ "day": line.day, "what": line.what, "minutes": line.minutes, "own_entry": line.from == HoursFrom::Own })
        })
        .collect();
    Ok(Json(json!({ "readings": readings, "plan": found.plan, "hours": hours })))
}

async fn class(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let found = web.run(move |app| app.class_page(&ctx, StudyClassId(id))).await?;
    let members: Vec<Value> = found
        .members
        .iter()
        .map(|m| json!({ "person": m.person, "name": m.name, "completeness": m.completeness }))
        .collect();
    Ok(Json(json!({ "class": found.class, "sessions": found.sessions, "members": members })))
}
