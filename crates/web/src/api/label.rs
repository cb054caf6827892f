//! Labels of files as programs change them.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use bihuan_app::label::LabelInput;
use bihuan_domain::id::{EvidenceId, PersonId, ProblemId};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    openapi::schema,
    pages::problem::{input_of_json, object_of},
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::put(
            "/api/v1/problems/{id}/evidence/{part}/label",
            "evidence.label_json",
            "调整材料的信息标签",
            change,
        )
        .access(Access::Token("problem:write"))
        .request(request),
        Route::put("/api/v1/people/{id}/clearance", "account.clear_json", "设置可以查看的信息标签", clear)
            .access(Access::Token("person:write"))
            .request(request),
    ]
}

fn request() -> Value {
    schema::input(
        &[
            ("label", schema::string("public 公开，internal 内部，sensitive 敏感")),
            ("reason", schema::string("理由")),
        ],
        &["label", "reason"],
    )
}

async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path((id, part)): Path<(i64, i64)>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent = input_of_json::<LabelInput>(object_of(&bytes)?)?;
    let label = web.run(move |app| app.label_evidence(&ctx, ProblemId(id), EvidenceId(part), sent)).await?;
    Ok(Json(json!({ "label": label })))
}

async fn clear(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent = input_of_json::<LabelInput>(object_of(&bytes)?)?;
    let label = web.run(move |app| app.set_clearance(&ctx, PersonId(id), sent)).await?;
    Ok(Json(json!({ "label": label })))
}
