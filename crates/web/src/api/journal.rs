//! The journal as programs read it.

use axum::{Json, extract::State};
use serde::Serialize;
use serde_json::Value;

use crate::{
    error::Problem,
    form::QueryFields,
    openapi::schema,
    pages::journal::search_of,
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/api/v1/journal", "journal.list_json", "日志，新的在前", list)
            .access(Access::Token("journal:read"))
            .query(&[
                ("action", "操作代码的开头，例如 problem."),
                ("person", "人员编号"),
                ("unit", "单位编号，含下级"),
                ("subject", "对象，例如 problem:12"),
                ("from", "起，例如 2026-03-01"),
                ("to", "止"),
                ("failed", "1 表示只要未成功的"),
                ("before", "此序号之前的，用上一页的 next"),
            ])
            .response(page_schema),
    ]
}

fn page_schema() -> Value {
    let entry = schema::object(&[
        ("seq", schema::integer("序号")),
        ("at", schema::moment("时间")),
        ("person", schema::nullable(schema::integer("人员编号"))),
        ("person_name", schema::string("姓名")),
        ("action", schema::string("操作代码")),
        ("action_words", schema::string("操作")),
        ("subject_kind", schema::string("对象类别")),
        ("subject_id", schema::integer("对象编号")),
        ("unit", schema::nullable(schema::integer("单位编号"))),
        ("succeeded", schema::boolean("是否成功")),
        ("note", schema::string("说明")),
        ("hash", schema::string("散列值")),
    ]);
    let next = schema::nullable(schema::integer("下一页的 before；最后一页为空"));
    schema::object(&[("entries", schema::array(entry)), ("next", next)])
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
