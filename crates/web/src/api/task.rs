//! Tasks and projects as programs read, set and schedule them. The steps on one are beside the forms in
//! `pages/task/steps.rs`.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use bihuan_app::task::{BreakDownInput, MilestoneRow, PartRow, TargetRow, TaskInput, TaskList, TaskView};
use bihuan_domain::id::CampaignId;
use bihuan_domain::task::{FULL, value_words};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    form::QueryFields,
    openapi::schema,
    pages::{
        problem::{input_of_json, object_of, request_of, version_of},
        task::{At, QUERY, done_json, done_schema, query_of},
    },
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let (read, write) = (Access::Token("task:read"), Access::Token("task:write"));
    vec![
        Route::get("/api/v1/tasks", "task.list_json", "任务与实事", list).access(read).query(QUERY),
        Route::get("/api/v1/tasks/{id}", "task.show_json", "一项任务", show).access(read),
        Route::post("/api/v1/tasks", "task.create_json", "下达任务", create)
            .access(write)
            .request(create_schema)
            .response(done_schema),
        Route::put("/api/v1/tasks/{id}", "task.amend_json", "修改任务", amend)
            .access(write)
            .request(create_schema)
            .response(done_schema),
        Route::post("/api/v1/tasks/{id}/milestones", "task.schedule_json", "倒排节点", schedule)
            .access(write)
            .request(rows_schema::<MilestoneRow>)
            .response(done_schema),
        Route::post("/api/v1/tasks/{id}/break-down", "task.break_down_json", "分解任务", break_down)
            .access(write)
            .request(rows_schema::<PartRow>)
            .response(done_schema),
    ]
}

fn rows_schema<I: bihuan_app::input::Input>() -> Value {
    schema::object(&[
        ("rows", schema::array(request_of::<I>())),
        ("version", schema::integer("任务的行版本")),
    ])
}

fn create_schema() -> Value {
    let mut schema = request_of::<TaskInput>();
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.insert("campaign".to_owned(), schema::integer("专项编号，新建时必填"));
        properties.insert("targets".to_owned(), schema::array(request_of::<TargetRow>()));
        properties.insert("milestones".to_owned(), schema::array(request_of::<MilestoneRow>()));
    }
    schema
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<TaskList>, Problem> {
    let query = query_of(&query)?;
    web.run(move |app| app.tasks(&ctx, &query)).await.map(Json)
}

async fn show(State(web): State<WebState>, Session(ctx): Session, at: At) -> Result<Json<Value>, Problem> {
    let view = web.run(move |app| app.task_view(&ctx, at.id)).await?;
    Ok(Json(view_json(&view)))
}

/// Values as plain numbers in text, shares as fractions of 1.
fn view_json(view: &TaskView) -> Value {
    let share = |value: i64| value as f64 / FULL as f64;
    let targets: Vec<Value> = view
        .progress
        .iter()
        .map(|t| {
            json!({ "name": t.name, "measure_word": t.measure_word, "baseline": value_words(t.baseline), "target": value_words(t.target),
                "reached": value_words(t.reached), "share": share(t.share), "from_parts": t.given.is_some() })
        })
        .collect();
    let curve: Vec<Value> = view
        .curve
        .iter()
        .map(|p| json!({ "day": p.day, "planned": share(p.planned), "actual": p.actual.map(share) }))
        .collect();
    json!({
        "task": view.line, "unit_name": view.unit.name, "order_unit_name": view.order.name,
        "milestones": view.milestones, "targets": targets, "curve": curve, "parts": view.parts,
        "notes": view.notes, "evidence": view.evidence, "history": view.history, "may": view.may,
        "origin": view.origin,
    })
}

/// A list of rows in a JSON object; missing is empty.
fn rows<T: DeserializeOwned>(value: &Value, name: &str) -> Result<Vec<T>, Problem> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(rows) => serde_json::from_value(rows.clone())
            .map_err(|error| Problem::invalid(name, format!("“{name}”应是一组对象：{error}。"))),
    }
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let value = object_of(&bytes)?;
    let campaign = value.get("campaign").and_then(Value::as_i64);
    let campaign =
        CampaignId(campaign.ok_or_else(|| Problem::invalid("campaign", "请写明专项编号（campaign）。"))?);
    let (targets, milestones) = (rows(&value, "targets")?, rows(&value, "milestones")?);
    let sent = input_of_json::<TaskInput>(value)?;
    let done = web.run(move |app| app.create_task(&ctx, campaign, sent, targets, milestones)).await?;
    Ok((StatusCode::CREATED, done_json(&done)).into_response())
}

async fn amend(
    State(web): State<WebState>,
    Session(ctx): Session,
    at: At,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let value = object_of(&bytes)?;
    let version = version_of(&value);
    let targets = match value.get("targets") {
        Some(_) => Some(rows(&value, "targets")?),
        None => None,
    };
    let sent = input_of_json::<TaskInput>(value)?;
    let done = web.run(move |app| app.amend_task(&ctx, at.id, version, sent, targets)).await?;
    Ok(done_json(&done))
}

async fn schedule(
    State(web): State<WebState>,
    Session(ctx): Session,
    at: At,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let value = object_of(&bytes)?;
    let (version, rows) = (version_of(&value), rows(&value, "rows")?);
    let done = web.run(move |app| app.schedule_task(&ctx, at.id, version, rows)).await?;
    Ok(done_json(&done))
}

async fn break_down(
    State(web): State<WebState>,
    Session(ctx): Session,
    at: At,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let value = object_of(&bytes)?;
    let (version, rows) = (version_of(&value), rows(&value, "rows")?);
    let sent = input_of_json::<BreakDownInput>(value)?;
    let done = web.run(move |app| app.break_down_task(&ctx, at.id, version, sent, rows)).await?;
    Ok(done_json(&done))
}
