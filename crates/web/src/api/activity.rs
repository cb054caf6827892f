//! Activities as programs read and record them.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use bihuan_app::activity::{ActivityInput, Recorded};
use bihuan_domain::id::{ActivityId, CampaignId};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    form::QueryFields,
    pages::activity::query_of,
    pages::problem::{input_of_json, object_of, request_of, version_of},
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("activity:read");
    let write = Access::Token("activity:write");
    vec![
        Route::get(
            "/api/v1/activities",
            "activity.list_json",
            "活动记录（campaign、unit、kind、from、to、person、page）",
            list,
        )
        .access(read),
        Route::post("/api/v1/activities", "activity.record_json", "登记活动", record)
            .access(write)
            .request(request_of::<ActivityInput>),
        Route::get("/api/v1/activities/{id}", "activity.show_json", "一条活动记录", show).access(read),
        Route::put("/api/v1/activities/{id}", "activity.correct_json", "更正活动记录", correct)
            .access(write)
            .request(request_of::<ActivityInput>),
        Route::post(
            "/api/v1/activities/{id}/withdraw",
            "activity.withdraw_json",
            "作废活动记录（reason、version）",
            withdraw,
        )
        .access(write),
    ]
}

fn recorded(done: &Recorded) -> Json<Value> {
    Json(json!({ "id": done.id, "entry": done.seq, "counted": done.counted }))
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(fields): QueryFields,
) -> Result<Json<Value>, Problem> {
    let campaign = CampaignId(fields.number("campaign").ok_or(Problem::NotFound)?);
    let query = query_of(&fields);
    let found = web.run(move |app| app.activities(&ctx, campaign, &query)).await?;
    let rows: Vec<Value> = found
        .rows
        .iter()
        .map(|(activity, unit)| json!({ "activity": activity, "unit_name": unit }))
        .collect();
    Ok(Json(json!({ "activities": rows, "total": found.total })))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let found = web.run(move |app| app.activity_page(&ctx, ActivityId(id))).await?;
    let people: Vec<Value> = found
        .people
        .iter()
        .map(|(id, name, how)| json!({ "person_id": id, "name": name, "attendance": how }))
        .collect();
    let units: Vec<Value> =
        found.units.iter().map(|(id, name)| json!({ "unit_id": id, "name": name })).collect();
    Ok(Json(json!({
        "activity": found.activity, "kind_name": found.kind, "unit_name": found.unit.name,
        "people": people, "units": units, "counted": found.counted,
    })))
}

async fn record(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent: ActivityInput = input_of_json(object_of(&bytes)?)?;
    let done = web.run(move |app| app.record_activity(&ctx, sent, Vec::new())).await?;
    Ok(recorded(&done))
}

async fn correct(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let mut value = object_of(&bytes)?;
    let version = version_of(&value);
    if let Value::Object(map) = &mut value {
        map.remove("version");
    }
    let sent: ActivityInput = input_of_json(value)?;
    let done =
        web.run(move |app| app.correct_activity(&ctx, ActivityId(id), version, sent, Vec::new())).await?;
    Ok(recorded(&done))
}

async fn withdraw(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let version = version_of(&value);
    let reason = value.get("reason").and_then(Value::as_str).unwrap_or_default().to_owned();
    let done = web.run(move |app| app.withdraw_activity(&ctx, ActivityId(id), version, &reason)).await?;
    Ok(recorded(&done))
}
