//! One's own study and the classes one may see, as programs read and write them.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use bihuan_app::study::{ClassInput, HoursFrom, ReadingInput, SessionInput, StudyInput};
use bihuan_domain::id::{CampaignId, ClassSessionId, ReadingId, StudyClassId};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    form::QueryFields,
    pages::problem::{input_of_json, object_of, request_of},
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("study:read");
    let write = Access::Token("study:write");
    vec![
        Route::get("/api/v1/study", "study.show_json", "本人的书目、计划和学时（campaign）", show)
            .access(read),
        Route::get("/api/v1/study/classes/{id}", "study.class_json", "读书班", class).access(read),
        Route::post("/api/v1/study/readings", "study.add_reading_json", "列入书目", add_reading)
            .access(write)
            .request(request_of::<ReadingInput>),
        Route::post(
            "/api/v1/study/readings/{id}/mark",
            "study.mark_json",
            "标记读书进度（part、read）",
            mark,
        )
        .access(write),
        Route::post("/api/v1/study/plan", "study.plan_json", "列入本人学习计划", plan)
            .access(write)
            .request(request_of::<StudyInput>),
        Route::post(
            "/api/v1/study/plan/{id}",
            "study.settle_plan_json",
            "完成或删去计划（do：done、drop）",
            settle,
        )
        .access(write),
        Route::post("/api/v1/study/hours", "study.hours_json", "填写本人学时", hours)
            .access(write)
            .request(request_of::<StudyInput>),
        Route::post("/api/v1/study/hours/{id}/drop", "study.drop_hours_json", "删去本人学时", drop_hours)
            .access(write),
        Route::post("/api/v1/study/classes", "study.create_class_json", "举办读书班", create_class)
            .access(write)
            .request(request_of::<ClassInput>),
        Route::post(
            "/api/v1/study/classes/{id}/sessions",
            "study.add_session_json",
            "登记一课或补课",
            add_session,
        )
        .access(write)
        .request(request_of::<SessionInput>),
        Route::put(
            "/api/v1/study/classes/{id}/sessions/{session}",
            "study.set_attendance_json",
            "更正到课（people）",
            set_attendance,
        )
        .access(write),
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
            json!({
                "day": line.day, "what": line.what, "minutes": line.minutes, "own_id": line.own_id,
                "own_entry": line.from == HoursFrom::Own,
            })
        })
        .collect();
    let classes: Vec<Value> = found
        .classes
        .iter()
        .map(|(class, unit, own)| json!({ "class": class, "unit_name": unit, "own": own }))
        .collect();
    Ok(Json(json!({ "readings": readings, "plan": found.plan, "hours": hours, "classes": classes })))
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
        .map(|m| {
            json!({ "person": m.person, "name": m.name, "completeness": m.completeness, "attended": m.attended })
        })
        .collect();
    Ok(Json(json!({ "class": found.class, "sessions": found.sessions, "members": members })))
}

async fn add_reading(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent: ReadingInput = input_of_json(object_of(&bytes)?)?;
    let id = web.run(move |app| app.add_reading(&ctx, sent)).await?;
    Ok(Json(json!({ "id": id })))
}

async fn mark(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let part = value.get("part").and_then(Value::as_i64);
    let part = part.ok_or_else(|| Problem::invalid("part", "请写明“part”：第几章，从0数起。"))?;
    let read = value.get("read").and_then(Value::as_bool);
    let read = read.ok_or_else(|| Problem::invalid("read", "请写明“read”：true 读完，false 取消。"))?;
    web.run(move |app| app.mark_reading(&ctx, ReadingId(id), part, read)).await?;
    Ok(Json(json!({ "part": part, "read": read })))
}

async fn plan(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent: StudyInput = input_of_json(object_of(&bytes)?)?;
    let id = web.run(move |app| app.plan_study(&ctx, sent)).await?;
    Ok(Json(json!({ "id": id })))
}

async fn settle(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let done = match value.get("do").and_then(Value::as_str) {
        Some("done") => true,
        Some("drop") => false,
        _ => return Err(Problem::invalid("do", "“do”应为 done（完成）或 drop（删去）。")),
    };
    web.run(move |app| app.settle_plan(&ctx, id, done)).await?;
    Ok(Json(json!({ "id": id })))
}

async fn hours(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent: StudyInput = input_of_json(object_of(&bytes)?)?;
    let id = web.run(move |app| app.enter_hours(&ctx, sent)).await?;
    Ok(Json(json!({ "id": id })))
}

async fn drop_hours(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    web.run(move |app| app.drop_hours(&ctx, id)).await?;
    Ok(Json(json!({ "id": id })))
}

async fn create_class(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent: ClassInput = input_of_json(object_of(&bytes)?)?;
    let id = web.run(move |app| app.create_class(&ctx, sent)).await?;
    Ok(Json(json!({ "id": id })))
}

async fn add_session(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent: SessionInput = input_of_json(object_of(&bytes)?)?;
    let session = web.run(move |app| app.add_session(&ctx, StudyClassId(id), sent)).await?;
    Ok(Json(json!({ "id": session })))
}

async fn set_attendance(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path((id, session)): Path<(i64, i64)>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    // The same shape as a session's: one list of people, numbers or texts.
    let sent: SessionInput = input_of_json(object_of(&bytes)?)?;
    let (class, at) = (StudyClassId(id), ClassSessionId(session));
    web.run(move |app| app.set_attendance(&ctx, class, at, sent.people)).await?;
    Ok(Json(json!({ "id": session })))
}
