//! Checks, breakdowns and word lists as programs use them. The inputs are those of the forms.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use bihuan_app::{
    breakdown::{AcceptInput, AddInput, BreakdownInput, BreakdownView, DropInput, EditInput, MergeInput},
    evidence::{EVIDENCE_BYTES_MAX, SentFile},
    input::Input,
    office_word::WordInput,
    text_check::{CheckInput, DecideInput},
};
use bihuan_domain::id::{BreakdownDraftId, BreakdownId, OfficeWordId, TextCheckId, UnitId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::activity::{file_schema, sent_file};
use crate::{
    error::Problem,
    form::QueryFields,
    pages::check::{LONG, comments, corrected, revised},
    pages::problem::{object_of, request_of},
    route::{Access, Route},
    state::{Session, WebState},
};

/// A largest file in Base64, a pasted text and the rest of the request, in bytes.
const BODY_BYTES_MAX: usize = EVIDENCE_BYTES_MAX / 3 * 4 + 2 * 1024 * 1024;

pub fn routes() -> Vec<Route<WebState>> {
    let read = |noun| Access::Token(noun);
    let mut all = vec![
        Route::get("/api/v1/checks", "check.list_json", "已校核的文稿", checks).access(read("check:read")),
        Route::get("/api/v1/checks/{id}", "check.show_json", "校核结果", check).access(read("check:read")),
        Route::get("/api/v1/checks/{id}/corrected", "check.corrected_json", "改好的文本", corrected)
            .access(read("check:read")),
        Route::get("/api/v1/checks/{id}/comments", "check.comments_json", "带批注的docx", comments)
            .access(read("check:read"))
            .time_limit(LONG),
        Route::get("/api/v1/checks/{id}/revised", "check.revised_json", "带修订的docx", revised)
            .access(read("check:read"))
            .time_limit(LONG),
        Route::get("/api/v1/requirements/{id}", "requirement.show_json", "要求清单中的一条要求", requirement)
            .access(read("breakdown:read")),
        Route::get("/api/v1/breakdowns", "breakdown.list_json", "已分解的文件", breakdowns)
            .access(read("breakdown:read")),
        Route::get("/api/v1/breakdowns/{id}", "breakdown.show_json", "文件与任务草稿", breakdown)
            .access(read("breakdown:read")),
        Route::get("/api/v1/words", "office_word.list_json", "词表", words)
            .access(read("check:read"))
            .query(&[("unit", "单位编号")]),
        Route::delete("/api/v1/words/{id}", "office_word.drop_json", "词表删去一条", drop_word)
            .access(Access::Token("check:write")),
    ];
    all.extend(changing_checks());
    all.extend(changing_breakdowns());
    all
}

fn changing_checks() -> Vec<Route<WebState>> {
    let write = [
        Route::delete("/api/v1/checks/{id}", "check.remove_json", "删除一次校核（version）", remove_check)
            .query(&[("version", "校核的版本号")]),
        Route::post("/api/v1/checks", "check.make_json", "送校一份文稿，文件随 file 发来", make_check)
            .request(with_file::<CheckInput>)
            .body_limit(BODY_BYTES_MAX)
            .time_limit(LONG),
        Route::post("/api/v1/checks/{id}/decide", "check.decide_json", "采纳或不改一条校核意见", decide)
            .request(request_of::<DecideInput>),
        Route::post("/api/v1/words", "office_word.keep_json", "词表增加一条", keep_word)
            .request(request_of::<WordInput>),
    ];
    write.map(|route| route.access(Access::Token("check:write"))).into()
}

fn changing_breakdowns() -> Vec<Route<WebState>> {
    let write = [
        Route::delete(
            "/api/v1/breakdowns/{id}",
            "breakdown.remove_json",
            "删除分解的文件和草稿",
            remove_breakdown,
        ),
        Route::post(
            "/api/v1/breakdowns",
            "breakdown.make_json",
            "分解一份讲话或通知，文件随 file 发来",
            make_breakdown,
        )
        .request(with_file::<BreakdownInput>)
        .body_limit(BODY_BYTES_MAX)
        .time_limit(LONG),
        Route::post(
            "/api/v1/breakdowns/{id}/drafts",
            "breakdown.add_draft_json",
            "补充一条任务草稿",
            add_draft,
        )
        .request(request_of::<AddInput>),
        Route::post("/api/v1/drafts/{id}/accept", "breakdown.accept_draft_json", "采用一条任务草稿", accept)
            .request(request_of::<AcceptInput>),
        Route::post("/api/v1/drafts/{id}/edit", "breakdown.edit_draft_json", "修改一条任务草稿", edit)
            .request(request_of::<EditInput>),
        Route::post(
            "/api/v1/drafts/{id}/drop",
            "breakdown.drop_draft_json",
            "不采用一条任务草稿",
            drop_draft,
        )
        .request(request_of::<DropInput>),
        Route::post("/api/v1/drafts/{id}/merge", "breakdown.merge_draft_json", "并入另一条任务草稿", merge)
            .request(request_of::<MergeInput>),
    ];
    write.map(|route| route.access(Access::Token("breakdown:write"))).into()
}

/// The fields of an input, and the file that may come instead of a pasted text.
fn with_file<T: Input>() -> Value {
    let mut schema = request_of::<T>();
    if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let mut file = file_schema();
        file["description"] = json!("文件（txt、docx，或带文字层的 pdf）；有文件就以文件为准");
        fields.insert("file".to_owned(), file);
    }
    schema
}

/// The input of a body with its file.
fn read_with_file<T: DeserializeOwned>(bytes: &Bytes) -> Result<(T, Option<SentFile>), Problem> {
    let mut value = object_of(bytes)?;
    let file = value.as_object_mut().and_then(|map| map.remove("file")).filter(|file| !file.is_null());
    let file = file.map(|file| sent_file("file", &file)).transpose()?;
    let sent = serde_json::from_value(value)
        .map_err(|error| Problem::invalid("", format!("JSON 内容不符合要求：{error}。")))?;
    Ok((sent, file))
}

/// The input of a body, and the row version that stands beside it.
fn read<T: DeserializeOwned>(bytes: &Bytes) -> Result<(T, Option<i64>), Problem> {
    let value = object_of(bytes)?;
    let version = value.get("version").and_then(Value::as_i64);
    let sent = serde_json::from_value(value)
        .map_err(|error| Problem::invalid("", format!("JSON 内容不符合要求：{error}。")))?;
    Ok((sent, version))
}

type Answer = Result<Json<Value>, Problem>;

async fn checks(State(web): State<WebState>, Session(ctx): Session) -> Answer {
    let all = web.run(move |app| app.text_checks(&ctx)).await?;
    let rows: Vec<Value> = all
        .iter()
        .map(|(check, findings)| {
            json!({ "id": check.id, "title": check.title, "unit": check.unit_id, "campaign": check.campaign_id,
                "day": check.day, "file_name": check.file_name, "findings": findings })
        })
        .collect();
    Ok(Json(json!({ "checks": rows })))
}

async fn check(State(web): State<WebState>, Session(ctx): Session, Path(id): Path<i64>) -> Answer {
    let seen = web.run(move |app| app.text_check(&ctx, TextCheckId(id))).await?;
    Ok(Json(json!({
        "id": seen.check.id, "title": seen.check.title, "unit": seen.unit.id, "day": seen.check.day,
        "version": seen.check.version, "text": seen.check.content, "findings": seen.told, "compared": seen.compared,
        "corrected": seen.corrected,
    })))
}

async fn make_check(State(web): State<WebState>, Session(ctx): Session, bytes: Bytes) -> Answer {
    let (sent, file) = read_with_file::<CheckInput>(&bytes)?;
    let id = web.run(move |app| app.check_text(&ctx, sent, file)).await?;
    Ok(Json(json!({ "id": id })))
}

async fn decide(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Answer {
    let (sent, version) = read::<DecideInput>(&bytes)?;
    web.run(move |app| app.decide_finding(&ctx, TextCheckId(id), version, sent)).await?;
    Ok(Json(json!({ "id": id })))
}

async fn words(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Answer {
    let unit = query.number("unit").ok_or_else(|| Problem::invalid("unit", "请写明单位编号。"))?;
    let (_, words) = web.run(move |app| app.office_words(&ctx, UnitId(unit))).await?;
    Ok(Json(json!({ "words": words })))
}

async fn keep_word(State(web): State<WebState>, Session(ctx): Session, bytes: Bytes) -> Answer {
    let (sent, _) = read::<WordInput>(&bytes)?;
    let unit = web.run(move |app| app.keep_word(&ctx, sent)).await?;
    Ok(Json(json!({ "unit": unit })))
}

async fn remove_check(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Answer {
    let version = query.number("version");
    web.run(move |app| app.remove_check(&ctx, TextCheckId(id), version)).await?;
    Ok(Json(json!({ "deleted": id })))
}

async fn remove_breakdown(State(web): State<WebState>, Session(ctx): Session, Path(id): Path<i64>) -> Answer {
    web.run(move |app| app.remove_breakdown(&ctx, BreakdownId(id))).await?;
    Ok(Json(json!({ "deleted": id })))
}

async fn drop_word(State(web): State<WebState>, Session(ctx): Session, Path(id): Path<i64>) -> Answer {
    web.run(move |app| app.drop_word(&ctx, OfficeWordId(id))).await?;
    Ok(Json(json!({ "deleted": id })))
}

async fn breakdowns(State(web): State<WebState>, Session(ctx): Session) -> Answer {
    let all = web.run(move |app| app.breakdowns(&ctx)).await?;
    let rows: Vec<Value> = all
        .iter()
        .map(|(row, open, drafts)| {
            json!({ "id": row.id, "title": row.title, "unit": row.unit_id, "campaign": row.campaign_id,
                "day": row.day, "open": open, "drafts": drafts })
        })
        .collect();
    Ok(Json(json!({ "breakdowns": rows })))
}

fn breakdown_json(seen: &BreakdownView) -> Value {
    json!({ "id": seen.breakdown.id, "title": seen.breakdown.title, "unit": seen.unit.id, "campaign": seen.campaign.id,
        "day": seen.breakdown.day, "text": seen.breakdown.content, "drafts": seen.drafts,
        "activities": seen.kinds.iter().map(|kind| json!({ "code": kind.code, "name": kind.name })).collect::<Vec<_>>() })
}

async fn breakdown(State(web): State<WebState>, Session(ctx): Session, Path(id): Path<i64>) -> Answer {
    let seen = web.run(move |app| app.breakdown(&ctx, BreakdownId(id))).await?;
    Ok(Json(breakdown_json(&seen)))
}

async fn requirement(State(web): State<WebState>, Session(ctx): Session, Path(id): Path<i64>) -> Answer {
    let seen = web.run(move |app| app.requirement(&ctx, BreakdownDraftId(id))).await?;
    let draft = &seen.draft;
    Ok(Json(
        json!({ "id": draft.id, "action": draft.action, "quantity": draft.quantity, "deadline": draft.deadline_text,
        "due_day": draft.due_day, "unit": draft.unit_id, "issuer": seen.issuer.id, "campaign": seen.campaign.id,
        "origin": seen.origin }),
    ))
}

async fn make_breakdown(State(web): State<WebState>, Session(ctx): Session, bytes: Bytes) -> Answer {
    let (sent, file) = read_with_file::<BreakdownInput>(&bytes)?;
    let seen = web
        .run(move |app| {
            let id = app.break_down(&ctx, sent, file)?;
            app.breakdown(&ctx, id)
        })
        .await?;
    Ok(Json(breakdown_json(&seen)))
}

async fn add_draft(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Answer {
    let (sent, _) = read::<AddInput>(&bytes)?;
    let draft = web.run(move |app| app.add_draft(&ctx, BreakdownId(id), sent)).await?;
    Ok(Json(json!({ "draft": draft })))
}

async fn accept(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Answer {
    let (sent, version) = read::<AcceptInput>(&bytes)?;
    let done = web.run(move |app| app.accept_draft(&ctx, BreakdownDraftId(id), version, sent)).await?;
    Ok(Json(json!({ "breakdown": done.breakdown, "problems": done.problems, "tasks": done.tasks,
        "required_action": done.required_action,
        "requirements": done.requirements.iter().map(|(id, unit)| json!({ "id": id, "unit": unit })).collect::<Vec<_>>() })))
}

async fn edit(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Answer {
    let (sent, version) = read::<EditInput>(&bytes)?;
    let of = web.run(move |app| app.edit_draft(&ctx, BreakdownDraftId(id), version, sent)).await?;
    Ok(Json(json!({ "breakdown": of })))
}

async fn drop_draft(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Answer {
    let (sent, version) = read::<DropInput>(&bytes)?;
    let of = web.run(move |app| app.drop_draft(&ctx, BreakdownDraftId(id), version, sent)).await?;
    Ok(Json(json!({ "breakdown": of })))
}

async fn merge(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Answer {
    let (sent, version) = read::<MergeInput>(&bytes)?;
    let of = web.run(move |app| app.merge_draft(&ctx, BreakdownDraftId(id), version, sent)).await?;
    Ok(Json(json!({ "breakdown": of })))
}
