//! Alerts as programs read and acknowledge them.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use bihuan_app::alert::AlertRow;
use bihuan_domain::Coded as _;
use bihuan_domain::alert::Alert;
use bihuan_domain::id::AlertId;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    form::QueryFields,
    openapi::schema,
    pages::problem::{object_of, version_of},
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/api/v1/alerts", "alert.list_json", "告警，未确认的在前", list)
            .access(Access::Token("alert:read"))
            .query(&[("open", "1 表示只要未确认的"), ("page", "第几页，从 1 起")]),
        Route::post("/api/v1/alerts/{id}/acknowledge", "alert.acknowledge_json", "确认告警", acknowledge)
            .access(Access::Token("alert:write"))
            .request(|| {
                schema::input(
                    &[
                        ("word", schema::string("处理意见")),
                        ("version", schema::integer("行版本；给出时，与现在的版本不同就不办理")),
                    ],
                    &["word"],
                )
            }),
    ]
}

fn alert_json(alert: &Alert) -> Value {
    json!({
        "id": alert.id, "kind": alert.kind, "kind_words": alert.kind.label(), "account": alert.account_id,
        "source_address": alert.source_address, "first_at": alert.first_at.to_rfc3339(),
        "last_at": alert.last_at.to_rfc3339(), "times": alert.times, "detail": alert.detail, "open": alert.is_open(),
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": alert.acknowledged_at.map(|at| at.to_rfc3339()), "word": alert.word, "version": alert.version,
    })
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let (open, page) = (query.has("open"), query.number::<i64>("page").unwrap_or(1));
    let found = web.run(move |app| app.alerts(&ctx, open, page)).await?;
    let alerts: Vec<Value> = found
        .rows
        .iter()
        .map(|AlertRow { alert, login, acknowledged_by }| {
            let mut line = alert_json(alert);
            line["login"] = json!(login);
            line["acknowledged_by_name"] = json!(acknowledged_by);
            line
        })
        .collect();
    Ok(Json(json!({ "alerts": alerts, "open": found.open, "total": found.total })))
}

async fn acknowledge(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let (version, word) = (version_of(&value), value["word"].as_str().unwrap_or_default().to_owned());
    let done = web.run(move |app| app.acknowledge_alert(&ctx, AlertId(id), version, &word)).await?;
    Ok(Json(alert_json(&done)))
}
