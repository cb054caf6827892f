//! What is kept on a person, as programs read it, and requests to erase it.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use bihuan_domain::id::{ErasureId, PersonId};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    form::QueryFields,
    openapi::schema,
    pages::{
        erasure::{asked_of, decision_of},
        problem::{object_of, version_of},
    },
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let (read, write) = (Access::Token("person:read"), Access::Token("person:write"));
    vec![
        Route::get("/api/v1/people/{id}/data", "person.data_json", "导出系统保存的个人信息", data)
            .access(read),
        Route::get("/api/v1/erasures", "erasure.list_json", "个人信息删除申请，待决定的在前", list)
            .access(read)
            .query(&[("page", "第几页，从 1 起")]),
        Route::post("/api/v1/people/{id}/erasure", "erasure.request_json", "登记删除申请", request)
            .access(write)
            .request(|| {
                schema::input(
                    &[
                        ("asked_by", schema::string("申请人，不写姓名")),
                        ("asked_day", schema::string("申请日期，例如 2026-03-01")),
                        ("reason", schema::string("理由")),
                    ],
                    &["asked_by", "asked_day", "reason"],
                )
            }),
        Route::post("/api/v1/erasures/{id}/decision", "erasure.decide_json", "决定删除申请", decide)
            .access(write)
            .request(|| {
                schema::input(
                    &[
                        ("decision", schema::string("accept 同意删除，refuse 不予删除")),
                        ("word", schema::string("决定意见")),
                        ("version", schema::integer("行版本；给出时，与现在的版本不同就不办理")),
                    ],
                    &["decision", "word"],
                )
            }),
    ]
}

fn text_in(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

async fn data(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(web.run(move |app| app.export_personal_data(&ctx, PersonId(id))).await?))
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let page = query.number::<i64>("page").unwrap_or(1);
    let (rows, total) = web.run(move |app| app.erasures(&ctx, page)).await?;
    let rows: Vec<Value> =
        rows.iter().map(|(erasure, name)| json!({ "erasure": erasure, "person_name": name })).collect();
    Ok(Json(json!({ "erasures": rows, "total": total })))
}

async fn request(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let asked = asked_of(|name| text_in(&value, name))?;
    Ok(Json(json!(web.run(move |app| app.request_erasure(&ctx, PersonId(id), asked)).await?)))
}

async fn decide(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let (accept, version) = (decision_of(&text_in(&value, "decision"))?, version_of(&value));
    let word = text_in(&value, "word");
    let done = web.run(move |app| app.decide_erasure(&ctx, ErasureId(id), version, accept, &word)).await?;
    Ok(Json(json!(done)))
}
