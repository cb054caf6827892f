//! Scopes as programs read, preview and keep them.

use axum::{
    Json,
    extract::{Path, State, rejection::JsonRejection},
};
use bihuan_app::scope::{NamedScope, Preview};
use bihuan_domain::id::{ScopeId, UnitId};
use bihuan_domain::scope::Scope;
use serde::Deserialize;
use serde_json::{Value, json};

use super::unit::{body, day};
use crate::{
    error::Problem,
    form::QueryFields,
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("scope:read");
    let write = Access::Token("scope:write");
    vec![
        Route::get("/api/v1/scopes", "scope.list_json", "适用范围", list).access(read),
        Route::get("/api/v1/scopes/{id}", "scope.show_json", "适用范围和它包括的单位（day、offset）", show)
            .access(read),
        Route::post("/api/v1/scopes/preview", "scope.preview_json", "预览范围包括哪些单位", preview)
            .access(read)
            .leaves_no_entry(),
        Route::post("/api/v1/scopes", "scope.create_json", "保存适用范围", create).access(write),
        Route::put("/api/v1/scopes/{id}", "scope.change_json", "修改适用范围", change).access(write),
        Route::delete("/api/v1/scopes/{id}", "scope.delete_json", "删除适用范围（version）", delete)
            .access(write),
    ]
}

fn scope_json(saved: &NamedScope) -> Value {
    json!({ "id": saved.id, "name": saved.name, "owner": saved.owner.id, "scope": saved.scope, "version": saved.version })
}

fn preview_json(preview: &Preview) -> Value {
    let groups: Vec<Value> = preview
        .reach
        .groups
        .iter()
        .map(|(level, kind, units)| json!({ "level": level, "kind": kind, "units": units }))
        .collect();
    let units: Vec<Value> = preview
        .reach
        .page
        .iter()
        .zip(&preview.above)
        .map(|(unit, above)| json!({ "id": unit.id, "code": unit.code, "name": unit.name, "above": above }))
        .collect();
    json!({ "day": preview.day, "total": preview.reach.total, "groups": groups, "units": units, "offset": preview.offset })
}

async fn list(State(web): State<WebState>, Session(ctx): Session) -> Result<Json<Value>, Problem> {
    let scopes = web.run(move |app| app.scopes(&ctx)).await?;
    Ok(Json(json!({ "scopes": scopes.iter().map(scope_json).collect::<Vec<_>>() })))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let on = query.filled("day").map(day).transpose()?;
    let offset = query.number("offset").unwrap_or(0);
    let (saved, preview) = web
        .run(move |app| {
            let saved = app.scope(&ctx, ScopeId(id))?;
            let preview = app.preview_scope(&ctx, &saved.scope, on, offset)?;
            Ok((saved, preview))
        })
        .await?;
    Ok(Json(json!({ "scope": scope_json(&saved), "reach": preview_json(&preview) })))
}

#[derive(Debug, Deserialize)]
struct PreviewBody {
    scope: Scope,
    day: Option<String>,
    #[serde(default)]
    offset: i64,
}

async fn preview(
    State(web): State<WebState>,
    Session(ctx): Session,
    sent: Result<Json<PreviewBody>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let sent = body(sent)?;
    let on = sent.day.as_deref().map(day).transpose()?;
    let preview = web.run(move |app| app.preview_scope(&ctx, &sent.scope, on, sent.offset)).await?;
    Ok(Json(preview_json(&preview)))
}

#[derive(Debug, Deserialize)]
struct ScopeBody {
    name: String,
    owner: UnitId,
    scope: Scope,
    version: Option<i64>,
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    sent: Result<Json<ScopeBody>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let sent = body(sent)?;
    let saved = web.run(move |app| app.save_scope(&ctx, None, sent.owner, &sent.name, sent.scope)).await?;
    Ok(Json(scope_json(&saved)))
}

async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: Result<Json<ScopeBody>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let sent = body(sent)?;
    let id = Some((ScopeId(id), sent.version.unwrap_or(0)));
    let saved = web.run(move |app| app.save_scope(&ctx, id, sent.owner, &sent.name, sent.scope)).await?;
    Ok(Json(scope_json(&saved)))
}

async fn delete(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let version = query.number("version").unwrap_or(0);
    web.run(move |app| app.delete_scope(&ctx, ScopeId(id), version)).await?;
    Ok(Json(json!({ "deleted": id })))
}
