//! The journal as programs read it.

use axum::{Json, extract::State};
use serde::Serialize;

use crate::{
    error::Problem,
    form::QueryFields,
    pages::journal::search_of,
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/api/v1/journal", "journal.list_json", "日志，新的在前", list)
            .access(Access::Token("journal:read")),
    ]
}

#[derive(Debug, Serialize)]
struct Page {
    entries: Vec<Entry>,
    /// For `before` of the next page.
    next: Option<i64>,
}

#[derive(Debug, Serialize)]
struct Entry {
    seq: i64,
    at: String,
    person: Option<i64>,
    person_name: String,
    action: String,
    action_words: String,
    subject_kind: String,
    subject_id: i64,
    unit: Option<i64>,
    succeeded: bool,
    note: String,
    hash: String,
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Page>, Problem> {
    let search = search_of(&query)?;
    let found = web.run(move |app| app.journal(&ctx, &search)).await?;
    let entry = |line: bihuan_app::journal::EntryLine| Entry {
        seq: line.entry.seq,
        at: line.entry.at.to_rfc3339(),
        person: line.entry.person.map(|person| person.0),
        person_name: line.who,
        action: line.entry.action,
        action_words: line.action,
        subject_kind: line.entry.subject_kind,
        subject_id: line.entry.subject_id,
        unit: line.entry.unit.map(|unit| unit.0),
        succeeded: line.entry.succeeded,
        note: line.entry.note,
        hash: line.entry.hash,
    };
    Ok(Json(Page { entries: found.lines.into_iter().map(entry).collect(), next: found.next }))
}
