//! Required actions as programs read and issue them.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use bihuan_app::required_action::{ActionInput, ExcuseInput, LeftOut};
use bihuan_domain::id::{CampaignId, ExcuseId, RequiredActionId, UnitId};
use serde_json::{Value, json};

use super::unit::day;
use crate::{
    error::Problem,
    form::QueryFields,
    pages::problem::{input_of_json, object_of, request_of, version_of},
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("action:read");
    let write = Access::Token("action:write");
    vec![
        Route::get("/api/v1/campaigns/{id}/actions", "action.list_json", "规定动作和完成情况（unit）", list)
            .access(read),
        Route::post("/api/v1/campaigns/{id}/actions", "action.issue_json", "下达规定动作", issue)
            .access(write)
            .request(request_of::<ActionInput>),
        Route::post(
            "/api/v1/campaigns/{id}/actions/preview",
            "action.preview_json",
            "预览规定动作要求到谁；调整时在 id 里写规定动作的编号",
            preview,
        )
        .access(read)
        .request(preview_schema)
        .leaves_no_entry(),
        Route::post(
            "/api/v1/campaigns/{id}/actions/adopt",
            "action.adopt_json",
            "按模板下达规定动作（codes）",
            adopt,
        )
        .access(write),
        Route::get(
            "/api/v1/campaigns/{id}/actions/overview",
            "action.overview_json",
            "单位及下级的应做、已做、逾期（unit、as_of）",
            overview,
        )
        .access(read),
        Route::get("/api/v1/campaigns/{id}/coverage", "action.coverage_json", "覆盖情况（unit）", coverage)
            .access(read),
        Route::get("/api/v1/actions/{id}", "action.show_json", "一项规定动作的矩阵（unit、page）", show)
            .access(read)
            .query(&[
                ("unit", "单位编号，不写就是下达单位"),
                ("page", "第几页周期，1是最近的；每页至多16个"),
            ]),
        Route::put("/api/v1/actions/{id}", "action.change_json", "调整规定动作", change)
            .access(write)
            .request(request_of::<ActionInput>),
        Route::post(
            "/api/v1/actions/{id}/end",
            "action.end_json",
            "停止规定动作（day、reason、version）",
            end,
        )
        .access(write),
        Route::get("/api/v1/actions/{id}/cell", "action.cell_json", "一个单位一个周期（unit、period）", cell)
            .access(read),
        Route::post("/api/v1/actions/{id}/excuses", "action.ask_excuse_json", "申请免做", ask)
            .access(write)
            .request(request_of::<ExcuseInput>),
        Route::post(
            "/api/v1/excuses/{id}/decide",
            "action.decide_excuse_json",
            "答复免做申请（decision、reason、version）",
            decide,
        )
        .access(write),
    ]
}

/// The rule, and the one it would change.
fn preview_schema() -> Value {
    let mut schema = request_of::<ActionInput>();
    if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let words = "要调整的规定动作的编号；新下达时不写";
        fields.insert("id".to_owned(), json!({ "type": "integer", "description": words }));
    }
    schema
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let unit = query.number("unit").map(UnitId);
    let found = web.run(move |app| app.actions_page(&ctx, CampaignId(id), unit)).await?;
    let lines: Vec<Value> = found
        .lines
        .iter()
        .map(|line| json!({ "action": line.action, "owner": line.owner.id, "added": line.added, "tally": line.tally }))
        .collect();
    Ok(Json(json!({ "unit": found.unit.id, "actions": lines, "total": found.total })))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let unit = query.number("unit").map(UnitId);
    let page = query.number("page").unwrap_or(1);
    let found = web.run(move |app| app.action_page_of(&ctx, RequiredActionId(id), unit, page)).await?;
    let columns: Vec<Value> = found
        .matrix
        .columns
        .iter()
        .map(|c| json!({ "first": c.period.first, "last": c.period.last, "label": c.label, "due": c.due }))
        .collect();
    let rows: Vec<Value> = found
        .matrix
        .rows
        .iter()
        .map(|row| json!({ "unit": row.unit, "name": row.name, "own": row.own, "cells": row.cells, "statuses": row.statuses }))
        .collect();
    Ok(Json(json!({
        "action": found.action, "version": found.row.version, "unit": found.unit.id,
        "page": found.matrix.page, "periods": found.matrix.periods, "before": found.matrix.before,
        "columns": columns, "rows": rows, "sums": found.matrix.sums, "origin": found.origin,
    })))
}

async fn overview(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let unit = UnitId(query.number("unit").ok_or(Problem::NotFound)?);
    let as_of = query.filled("as_of").map(day).transpose()?;
    let lines = web.run(move |app| app.actions_overview(&ctx, CampaignId(id), unit, as_of)).await?;
    Ok(Json(json!({ "unit": unit, "too_large": lines.is_none(), "children": lines.unwrap_or_default() })))
}

async fn coverage(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let unit = query.number("unit").map(UnitId);
    let found = web.run(move |app| app.coverage(&ctx, CampaignId(id), unit)).await?;
    let units = |rows: &[(UnitId, String)]| -> Vec<Value> {
        rows.iter().map(|(id, name)| json!({ "unit": id, "name": name })).collect()
    };
    let people = |left_out: &LeftOut| -> Vec<Value> {
        let line =
            |(id, name, unit): &(_, String, String)| json!({ "person": id, "name": name, "unit_name": unit });
        left_out.first.iter().map(line).collect()
    };
    Ok(Json(json!({
        "unit": found.unit.id, "units": found.units, "too_large": found.too_large,
        "without_rule": units(&found.without_rule), "without_record": units(&found.without_record),
        "people": people(&found.people), "people_total": found.people.total,
        "people_without_rule": people(&found.people_without_rule),
        "people_without_rule_total": found.people_without_rule.total,
    })))
}

async fn cell(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let unit = UnitId(query.number("unit").ok_or(Problem::NotFound)?);
    let period = day(query.text("period"))?;
    let found = web.run(move |app| app.action_cell(&ctx, RequiredActionId(id), unit, period)).await?;
    let units: Vec<Value> = found
        .units
        .iter()
        .map(|line| json!({ "unit": line.unit, "name": line.name, "status": line.status, "tally": line.tally }))
        .collect();
    let records: Vec<Value> = found
        .records
        .iter()
        .map(|r| json!({ "activity": r.activity.id, "unit_name": r.unit_name, "filed_late": r.filed_late, "elsewhere": r.elsewhere }))
        .collect();
    let excuses: Vec<Value> = found
        .excuses
        .iter()
        .map(|line| {
            json!({
                "id": line.excuse.id, "subject": line.subject, "subject_id": line.excuse.subject_id,
                "state": line.excuse.state, "reason": line.excuse.reason, "asked_by": line.asked_by,
                "decided_by": line.decided_by, "answer": line.excuse.decision_reason,
            })
        })
        .collect();
    Ok(Json(json!({
        "unit": unit, "period": found.column.period, "due": found.column.due, "tally": found.tally,
        "own": found.own, "units": units, "subjects": found.subjects, "excuses": excuses, "records": records, "records_total": found.records_total,
    })))
}

async fn issue(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent: ActionInput = input_of_json(object_of(&bytes)?)?;
    let done = web.run(move |app| app.issue_action(&ctx, CampaignId(id), None, sent)).await?;
    Ok(Json(json!({ "id": done.id, "entry": done.seq })))
}

async fn preview(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let mut value = object_of(&bytes)?;
    let changed = match value.as_object_mut().and_then(|map| map.remove("id")) {
        None | Some(Value::Null) => None,
        Some(Value::Number(id)) if id.is_i64() => id.as_i64().map(RequiredActionId),
        Some(_) => return Err(Problem::invalid("id", "“id”应为要调整的规定动作的编号；新下达时不写。")),
    };
    let sent: ActionInput = input_of_json(value)?;
    let plan = web.run(move |app| app.plan_action(&ctx, CampaignId(id), changed, sent)).await?;
    Ok(Json(json!({
        "rule": plan.rule, "from_day": plan.from_day, "units": plan.reach.total, "subjects": plan.subjects, "newly": plan.newly.0,
        "no_longer": plan.no_longer.0, "added": plan.added, "times_a_year": plan.times_a_year,
    })))
}

async fn adopt(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let codes = value.get("codes").and_then(Value::as_array).cloned().unwrap_or_default();
    let codes = codes.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let done = web.run(move |app| app.adopt_actions(&ctx, CampaignId(id), codes)).await?;
    Ok(Json(json!({ "ids": done.iter().map(|one| one.id).collect::<Vec<_>>() })))
}

async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let version = version_of(&value);
    let sent: ActionInput = input_of_json(value)?;
    let done = web
        .run(move |app| {
            let id = RequiredActionId(id);
            let campaign = app.action_page(&ctx, id, None)?.campaign.id;
            app.issue_action(&ctx, campaign, Some((id, version)), sent)
        })
        .await?;
    Ok(Json(json!({ "id": done.id, "entry": done.seq })))
}

async fn end(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let (version, day, reason) = (version_of(&value), text(&value, "day"), text(&value, "reason"));
    let done = web.run(move |app| app.end_action(&ctx, RequiredActionId(id), version, &day, &reason)).await?;
    Ok(Json(json!({ "id": done.id, "entry": done.seq })))
}

async fn ask(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent: ExcuseInput = input_of_json(object_of(&bytes)?)?;
    let id = web.run(move |app| app.ask_excuse(&ctx, RequiredActionId(id), sent)).await?;
    Ok(Json(json!({ "id": id })))
}

async fn decide(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let (version, decision, reason) = (version_of(&value), text(&value, "decision"), text(&value, "reason"));
    let done = web.run(move |app| app.decide_excuse(&ctx, ExcuseId(id), version, &decision, &reason)).await?;
    Ok(Json(json!({ "id": done.id, "state": done.state })))
}
