//! Restricted records for programs: only those that name the person behind the token.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use bihuan_app::talk::{TalkInput, TalkVerb, TalkWordsInput};
use bihuan_domain::Coded as _;
use bihuan_domain::id::TalkId;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    pages::problem::{input_of_json, object_of, request_of, version_of},
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let (read, write) = (Access::Token("talk:read"), Access::Token("talk:write"));
    vec![
        Route::get("/api/v1/talks", "talk.list_json", "约谈问责记录（本人知悉的）", list).access(read),
        Route::get("/api/v1/talks/{id}", "talk.show_json", "约谈问责记录", show).access(read),
        Route::post("/api/v1/talks", "talk.record_json", "记录约谈问责决定", record)
            .access(write)
            .request(request_of::<TalkInput>),
        Route::post(
            "/api/v1/talks/{id}/{verb}",
            "talk.step_json",
            "约谈办理：state、object、answer_objection、conclude",
            step,
        )
        .access(write)
        .request(request_of::<TalkWordsInput>),
    ]
}

async fn list(State(web): State<WebState>, Session(ctx): Session) -> Result<Json<Value>, Problem> {
    let talks = web.run(move |app| app.talks(&ctx)).await?;
    Ok(Json(json!({ "talks": talks })))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let view = web.run(move |app| app.talk(&ctx, TalkId(id))).await?;
    Ok(Json(json!({ "talk": view })))
}

async fn record(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent = input_of_json::<TalkInput>(object_of(&bytes)?)?;
    let view = web.run(move |app| app.record_talk(&ctx, sent)).await?;
    Ok(Json(json!({ "talk": view })))
}

async fn step(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path((id, verb)): Path<(i64, String)>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let verb = TalkVerb::from_code(&verb.replace('-', "_")).ok_or(Problem::NotFound)?;
    let value = object_of(&bytes)?;
    let version = version_of(&value);
    let sent = input_of_json::<TalkWordsInput>(value)?;
    let view = web.run(move |app| app.talk_step(&ctx, TalkId(id), version, verb, sent)).await?;
    Ok(Json(json!({ "talk": view })))
}
