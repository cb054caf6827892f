//! People and posts as programs read and change them.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State, rejection::JsonRejection},
};
use bihuan_app::person_import::{PeopleOrder, read_people};
use bihuan_app::unit_import::Importer;
use bihuan_domain::id::{PersonId, PostId, TenureId, UnitId};
use bihuan_domain::person::appointing::PostDraft;
use bihuan_domain::person::{Person, Post, Tenure};
use bihuan_domain::{Coded as _, Day};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

use super::unit::{body, day};
use crate::{
    error::Problem,
    form::{Fields, QueryFields},
    pages::person::{IMPORT_BYTES_MAX, IMPORT_TIME},
    route::{Access, Route},
    state::{Session, WebState},
    table_import::{carried, errors_json},
};

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("person:read");
    let write = Access::Token("person:write");
    vec![
        Route::get("/api/v1/people", "person.list_json", "人员（name、in_post、offset）", list).access(read),
        Route::get("/api/v1/people/{id}", "person.show_json", "人员、任职经历、授权", show).access(read),
        Route::post("/api/v1/people/{id}/phone", "person.open_phone_json", "查看联系电话", open_phone)
            .access(read),
        Route::post("/api/v1/people", "person.create_json", "登记人员", create).access(write),
        Route::put("/api/v1/people/{id}", "person.change_json", "更正人员资料", change).access(write),
        Route::post(
            "/api/v1/people/import/plan",
            "person.import_plan_json",
            "人员导入预览（正文为csv，参数below、day）",
            import_plan,
        )
        .access(write)
        .leaves_no_entry()
        .body_limit(IMPORT_BYTES_MAX)
        .time_limit(IMPORT_TIME),
        Route::post(
            "/api/v1/people/import",
            "person.import_json",
            "导入人员（正文为csv，参数below、day）",
            import,
        )
        .access(write)
        .body_limit(IMPORT_BYTES_MAX)
        .time_limit(IMPORT_TIME),
        Route::get("/api/v1/posts/{id}", "post.show_json", "岗位和历任人员", show_post).access(read),
        Route::post("/api/v1/posts", "post.create_json", "设置岗位", create_post).access(write),
        Route::post("/api/v1/posts/{id}/appoint", "post.appoint_json", "任职", appoint).access(write),
        Route::post("/api/v1/posts/{id}/close", "post.close_json", "撤销岗位", close).access(write),
        Route::post("/api/v1/tenures/{id}/hand-over", "post.hand_over_json", "岗位交接", hand_over)
            .access(write),
        Route::post("/api/v1/tenures/{id}/relieve", "post.relieve_json", "免职", relieve).access(write),
    ]
}

fn order_of(query: &Fields, today: Day) -> Result<PeopleOrder, Problem> {
    let day = query.filled("day").map_or(Ok(today), day)?;
    Ok(PeopleOrder { below: query.number("below").map(UnitId), day })
}

async fn import_plan(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
    content: Bytes,
) -> Result<Json<Value>, Problem> {
    let order = order_of(&query, ctx.today())?;
    let plan = web
        .run(move |app| {
            let file = carried("people.csv", &content, read_people)?;
            app.plan_people(&Importer::Person(ctx), &file, &order)
        })
        .await?;
    Ok(Json(json!({ "rows": plan.rows, "tally": plan.tally, "ignored": plan.ignored,
                    "errors": errors_json(&plan.errors), "error_count": plan.error_count })))
}

async fn import(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
    content: Bytes,
) -> Result<Json<Value>, Problem> {
    let order = order_of(&query, ctx.today())?;
    let (tally, seq) = web
        .run(move |app| {
            let file = carried("people.csv", &content, read_people)?;
            app.import_people(Importer::Person(ctx), Arc::new(file), order)
        })
        .await?;
    Ok(Json(json!({ "tally": tally, "entry": seq })))
}

/// A person with the telephone number masked: it is opened by a request of its own, which leaves an entry.
fn person_json(person: &Person) -> Value {
    json!({ "id": person.id, "name": person.name, "phone_masked": person.masked_phone(), "version": person.version })
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let (name, in_post) = (query.text("name").to_owned(), query.has("in_post"));
    let offset = query.number("offset").unwrap_or(0);
    let found = web.run(move |app| app.people(&ctx, &name, in_post, offset)).await?;
    let people: Vec<Value> = found
        .people
        .iter()
        .map(|entry| {
            let posts: Vec<Value> = entry
                .posts
                .iter()
                .map(|(unit, unit_name, post)| json!({ "unit": unit, "unit_name": unit_name, "post": post }))
                .collect();
            json!({ "person": person_json(&entry.person), "posts": posts, "has_account": entry.has_account })
        })
        .collect();
    Ok(Json(json!({ "people": people, "total": found.total, "offset": found.offset })))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let page = web.run(move |app| app.person_page(&ctx, PersonId(id))).await?;
    let held: Vec<Value> = page
        .held
        .iter()
        .map(|held| json!({ "tenure": held.tenure, "post": held.post, "unit_name": held.unit_name }))
        .collect();
    let grants: Vec<Value> = page
        .grants
        .iter()
        .map(|(grant, unit)| json!({ "role": grant.role, "role_words": grant.role.label(), "unit": grant.unit_id, "unit_name": unit }))
        .collect();
    Ok(Json(json!({ "person": person_json(&page.person), "held": held, "grants": grants })))
}

async fn open_phone(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let phone = web.run(move |app| app.open_phone(&ctx, PersonId(id))).await?;
    Ok(Json(json!({ "phone": phone })))
}

#[derive(Debug, Deserialize)]
struct PersonBody {
    name: String,
    #[serde(default)]
    phone: Option<String>,
    version: Option<i64>,
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    sent: Result<Json<PersonBody>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let sent = body(sent)?;
    let phone = sent.phone.unwrap_or_default();
    let person = web.run(move |app| app.create_person(&ctx, &sent.name, &phone)).await?;
    Ok(Json(person_json(&person)))
}

async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: Result<Json<PersonBody>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let sent = body(sent)?;
    let changed = web
        .run(move |app| {
            app.change_person(&ctx, PersonId(id), sent.version, &sent.name, sent.phone.as_deref())
        })
        .await?;
    Ok(Json(person_json(&changed)))
}

async fn show_post(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let page = web.run(move |app| app.post_page(&ctx, PostId(id))).await?;
    let holders: Vec<Value> =
        page.holders.iter().map(|h| json!({ "tenure": h.tenure, "name": h.name })).collect();
    Ok(Json(json!({ "post": page.post, "unit": page.unit.id, "unit_name": page.unit.name,
                    "holders": holders, "open_work": page.open_work })))
}

#[derive(Debug, Deserialize)]
struct PostBody {
    unit: UnitId,
    name: String,
    #[serde(default)]
    leads: bool,
    #[serde(default)]
    shared: bool,
    #[serde(default)]
    official_order: i64,
}

async fn create_post(
    State(web): State<WebState>,
    Session(ctx): Session,
    sent: Result<Json<PostBody>, JsonRejection>,
) -> Result<Json<Post>, Problem> {
    let PostBody { unit, name, leads, shared, official_order } = body(sent)?;
    let draft = PostDraft { name, leads, shared, official_order };
    web.run(move |app| app.create_post(&ctx, unit, draft)).await.map(Json)
}

/// A dated step of a post or a tenure.
#[derive(Debug, Deserialize)]
struct StepBody {
    day: String,
    #[serde(default)]
    person: Option<PersonId>,
    version: Option<i64>,
}

impl StepBody {
    fn person(&self) -> Result<PersonId, Problem> {
        self.person.ok_or_else(|| Problem::Invalid {
            fields: vec![("person".to_owned(), "没有填写人员的编号（person）。".to_owned())],
        })
    }
}

type StepSent = Result<Json<StepBody>, JsonRejection>;

async fn appoint(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: StepSent,
) -> Result<Json<Tenure>, Problem> {
    let step = body(sent)?;
    let (person, on) = (step.person()?, day(&step.day)?);
    web.run(move |app| app.appoint(&ctx, PostId(id), person, on)).await.map(Json)
}

async fn close(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: StepSent,
) -> Result<Json<Post>, Problem> {
    let step = body(sent)?;
    let on = day(&step.day)?;
    web.run(move |app| app.close_post(&ctx, PostId(id), step.version, on)).await.map(Json)
}

async fn hand_over(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: StepSent,
) -> Result<Json<Value>, Problem> {
    let step = body(sent)?;
    let (person, on) = (step.person()?, day(&step.day)?);
    let (ended, started) = web.run(move |app| app.hand_over(&ctx, TenureId(id), person, on)).await?;
    Ok(Json(json!({ "ended": ended, "started": started })))
}

async fn relieve(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: StepSent,
) -> Result<Json<Tenure>, Problem> {
    let step = body(sent)?;
    let on = day(&step.day)?;
    web.run(move |app| app.relieve(&ctx, TenureId(id), on)).await.map(Json)
}
