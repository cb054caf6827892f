//! Activities as programs read and record them.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bihuan_app::activity::{ActivityInput, Recorded};
use bihuan_app::evidence::{EVIDENCE_BYTES_MAX, SentFile};
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
        Route::post("/api/v1/activities", "activity.record_json", "登记活动，附件随 files 发来", record)
            .access(write)
            .body_limit(BODY_BYTES_MAX)
            .request(request_schema),
        Route::get("/api/v1/activities/{id}", "activity.show_json", "一条活动记录", show).access(read),
        Route::put(
            "/api/v1/activities/{id}",
            "activity.correct_json",
            "更正活动记录，附件随 files 补发",
            correct,
        )
        .access(write)
        .body_limit(BODY_BYTES_MAX)
        .request(request_schema),
        Route::post(
            "/api/v1/activities/{id}/withdraw",
            "activity.withdraw_json",
            "作废活动记录（reason、version）",
            withdraw,
        )
        .access(write),
    ]
}

/// Most files of one request.
pub const FILES_MAX: usize = 10;
/// Longest body in bytes: one largest file in Base64, and the record.
const BODY_BYTES_MAX: usize = EVIDENCE_BYTES_MAX / 3 * 4 + 256 * 1024;

/// The record's fields and its files.
fn request_schema() -> Value {
    let mut schema = request_of::<ActivityInput>();
    let file = file_schema();
    if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let words = format!("附件，最多{FILES_MAX}个；file_is_minutes 写 1 时都是记录或纪要");
        fields.insert(
            "files".to_owned(),
            json!({ "type": "array", "maxItems": FILES_MAX, "description": words, "items": file }),
        );
    }
    schema
}

/// A file within a request.
pub(super) fn file_schema() -> Value {
    json!({
        "type": "object",
        "required": ["name", "content"],
        "properties": {
            "name": { "type": "string", "description": "文件名" },
            "content": { "type": "string", "description": "文件内容，Base64" },
        },
    })
}

/// The file that stands in a field of a request.
pub(super) fn sent_file(field: &str, file: &Value) -> Result<SentFile, Problem> {
    let wrong = |words: &str| Problem::invalid(field, words.to_owned());
    let text = |name: &str| file.get(name).and_then(Value::as_str);
    let (Some(name), Some(content)) = (text("name"), text("content")) else {
        return Err(wrong("每个附件都要有 name（文件名）和 content（Base64 内容）。"));
    };
    let bytes = STANDARD
        .decode(content.trim())
        .map_err(|_| wrong(&format!("附件“{name}”的 content 不是有效的 Base64。")))?;
    Ok(SentFile { name: name.to_owned(), bytes })
}

/// Takes the files out of a request.
fn files_of(value: &mut Value) -> Result<Vec<SentFile>, Problem> {
    let Some(files) = value.as_object_mut().and_then(|map| map.remove("files")) else {
        return Ok(Vec::new());
    };
    let wrong = |words: &str| Problem::invalid("files", words.to_owned());
    let files = files.as_array().ok_or_else(|| wrong("“files”应为一组附件，每个有 name 和 content。"))?;
    if files.len() > FILES_MAX {
        return Err(wrong(&format!("一次最多发{FILES_MAX}个附件，现在有{}个。", files.len())));
    }
    files.iter().map(|file| sent_file("files", file)).collect()
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
        .map(|(id, name, how)| {
            let guest = found.guests.iter().find(|guest| guest.id == *id);
            let unit = guest.map(|guest| guest.unit_name.as_str());
            json!({ "person_id": id, "name": name, "attendance": how, "other_unit_name": unit })
        })
        .collect();
    let units: Vec<Value> =
        found.units.iter().map(|(id, name)| json!({ "unit_id": id, "name": name })).collect();
    let files: Vec<Value> = found
        .files
        .iter()
        .map(|file| {
            json!({
                "id": file.id, "name": file.file_name, "minutes": file.minutes, "media_type": file.media_type,
                "size_bytes": file.size_bytes, "sha256": file.digest,
            })
        })
        .collect();
    let editions: Vec<Value> = found
        .editions
        .iter()
        .map(|old| {
            let people: Vec<Value> = old
                .people
                .iter()
                .map(|(id, name, how)| json!({ "person_id": id, "name": name, "attendance": how }))
                .collect();
            let units: Vec<Value> =
                old.units.iter().map(|(id, name)| json!({ "unit_id": id, "name": name })).collect();
            json!({
                "number": old.number, "record": old.record, "kind_name": old.kind, "people": people, "units": units,
                "reason": old.reason, "by": old.by, "at": old.at,
            })
        })
        .collect();
    Ok(Json(json!({
        "files": files, "editions": editions, "activity": found.activity, "kind_name": found.kind, "unit_name": found.unit.name,
        "people": people, "units": units, "counted": found.counted,
    })))
}

async fn record(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let mut value = object_of(&bytes)?;
    let files = files_of(&mut value)?;
    let sent: ActivityInput = input_of_json(value)?;
    let done = web.run(move |app| app.record_activity(&ctx, sent, files)).await?;
    Ok(recorded(&done))
}

async fn correct(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let mut value = object_of(&bytes)?;
    let (version, files) = (version_of(&value), files_of(&mut value)?);
    if let Value::Object(map) = &mut value {
        map.remove("version");
    }
    let sent: ActivityInput = input_of_json(value)?;
    let done = web.run(move |app| app.correct_activity(&ctx, ActivityId(id), version, sent, files)).await?;
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
