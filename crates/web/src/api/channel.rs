//! Channels for programs: set and tested, their secrets never given out.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use bihuan_app::channel::ChannelInput;
use bihuan_domain::id::ChannelId;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    pages::problem::{input_of_json, object_of, request_of, version_of},
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let (read, write) = (Access::Token("channel:read"), Access::Token("channel:write"));
    vec![
        Route::get("/api/v1/channels", "channel.list_json", "通知渠道", list).access(read),
        Route::get("/api/v1/channels/{id}", "channel.show_json", "一个通知渠道", show).access(read),
        Route::post("/api/v1/channels", "channel.create_json", "新建通知渠道", create)
            .access(write)
            .request(request_of::<ChannelInput>),
        Route::put("/api/v1/channels/{id}", "channel.change_json", "修改通知渠道", change)
            .access(write)
            .request(request_of::<ChannelInput>),
        Route::delete("/api/v1/channels/{id}", "channel.delete_json", "删除通知渠道", delete).access(write),
        Route::post("/api/v1/channels/{id}/test", "channel.test_json", "发送测试消息（to）", test)
            .access(write),
    ]
}

async fn list(State(web): State<WebState>, Session(ctx): Session) -> Result<Json<Value>, Problem> {
    let channels = web.run(move |app| app.channels(&ctx)).await?;
    Ok(Json(json!({ "channels": channels })))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let view = web.run(move |app| app.channel(&ctx, ChannelId(id))).await?;
    Ok(Json(json!({ "channel": view })))
}

async fn save(
    web: WebState,
    ctx: bihuan_app::Context,
    id: Option<ChannelId>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let version = version_of(&value);
    let sent = input_of_json::<ChannelInput>(value)?;
    let view = web.run(move |app| app.save_channel(&ctx, id, version, sent)).await?;
    Ok(Json(json!({ "channel": view })))
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    save(web, ctx, None, bytes).await
}

async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    save(web, ctx, Some(ChannelId(id)), bytes).await
}

async fn delete(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    web.run(move |app| app.delete_channel(&ctx, ChannelId(id))).await?;
    Ok(Json(json!({ "deleted": id })))
}

async fn test(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let to = value["to"].as_str().unwrap_or_default().to_owned();
    web.run(move |app| app.test_channel(&ctx, ChannelId(id), &to)).await?;
    Ok(Json(json!({ "sent": true })))
}
