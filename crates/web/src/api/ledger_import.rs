//! How far imports are, as programs ask.

use axum::{
    Json,
    extract::{Path, State},
};
use bihuan_app::ledger_import::ImportView;
use bihuan_domain::Coded as _;
use bihuan_domain::id::LedgerImportId;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/api/v1/imports/{id}", "import.show_json", "台账导入的进度和结果", show)
            .access(Access::Token("problem:read")),
    ]
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let id = LedgerImportId(id);
    let here = web.jobs.has(id);
    let view = web.run(move |app| app.import(&ctx, id)).await?;
    Ok(Json(import_json(&view, here)))
}

fn import_json(view: &ImportView, here: bool) -> Value {
    let (import, counted) = (&view.import, &view.counted);
    json!({
        "id": import.id,
        "campaign": import.campaign_id,
        "unit": import.unit_id,
        "file_name": import.file_name,
        "state": import.state.code(),
        "under_way": here && import.halted.is_empty(),
        "halted": import.halted,
        "rows": import.rows_total,
        "done": view.registered,
        "registered": counted.registered,
        "assigned": counted.assigned,
        "updated": counted.updated,
        "same": counted.same,
        "kept": counted.kept,
        "missing": counted.missing,
        "waiting": counted.waiting.iter().map(|(row, why)| json!({ "row": row, "why": why })).collect::<Vec<_>>(),
        "refused": counted.refused.iter().map(|(row, why)| json!({ "row": row, "why": why })).collect::<Vec<_>>(),
        "version": import.version,
    })
}
