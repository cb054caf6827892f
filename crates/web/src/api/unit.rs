//! Units as programs read and reorganise them.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State, rejection::JsonRejection},
};
use bihuan_app::unit::{Browse, MergePlan, SplitOrder, UnitDone, UnitPage};
use bihuan_app::unit_import::{ImportOrder, ImportPlan, Importer, Progress, Tally, read_table};
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::reorganise::UnitDraft;
use bihuan_domain::unit::{Level, Unit, UnitKind};
use bihuan_domain::{Coded as _, Day};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

use crate::{
    error::Problem,
    form::{Fields, QueryFields},
    pages::unit::{as_of, day_of},
    route::{Access, Route},
    state::{Session, WebState},
    table_import::{carried, errors_json},
};

/// Largest file of units taken, in bytes.
const IMPORT_BYTES_MAX: usize = 20 * 1024 * 1024;
/// How long an import may take.
const IMPORT_TIME: Duration = Duration::from_secs(300);
/// Units a search answers with when no number is asked for.
const FOUND: usize = 20;

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("unit:read");
    let write = Access::Token("unit:write");
    vec![
        Route::get("/api/v1/units", "unit.list_json", "下级单位（parent、day、offset）", list).access(read),
        Route::get("/api/v1/units/search", "unit.search_json", "查找单位（q、limit）", search).access(read),
        Route::get("/api/v1/units/{id}", "unit.show_json", "单位、沿革、岗位（day）", show).access(read),
        Route::get(
            "/api/v1/units/{id}/merge-plan",
            "unit.merge_plan_json",
            "合并的影响（into、day）",
            merge_plan,
        )
        .access(read),
        Route::post(
            "/api/v1/units",
            "unit.create_json",
            "设立单位（parent为上级单位的编号；系统里还没有单位时不写parent，由系统管理员设立第一个单位）",
            create,
        )
        .access(write),
        Route::put("/api/v1/units/{id}", "unit.amend_json", "更正单位资料", amend).access(write),
        Route::post("/api/v1/units/{id}/rename", "unit.rename_json", "单位更名", rename).access(write),
        Route::post("/api/v1/units/{id}/move", "unit.move_json", "划转隶属", shift).access(write),
        Route::post("/api/v1/units/{id}/merge", "unit.merge_json", "并入其他单位", merge).access(write),
        Route::post("/api/v1/units/{id}/split", "unit.split_json", "拆分单位", split).access(write),
        Route::post("/api/v1/units/{id}/close", "unit.close_json", "撤销单位", close).access(write),
        Route::post("/api/v1/units/{id}/order", "unit.reorder_json", "调整下级单位排序", reorder)
            .access(write),
        Route::post(
            "/api/v1/units/import/plan",
            "unit.import_plan_json",
            "单位导入预览（正文为csv，参数below、day、close_missing）",
            plan,
        )
        .access(write)
        .leaves_no_entry()
        .body_limit(IMPORT_BYTES_MAX)
        .time_limit(IMPORT_TIME),
        Route::post(
            "/api/v1/units/import",
            "unit.import_json",
            "导入单位（正文为csv，参数below、day、close_missing）",
            import,
        )
        .access(write)
        .body_limit(IMPORT_BYTES_MAX)
        .time_limit(IMPORT_TIME),
    ]
}

/// A body of JSON, or what is wrong with it.
pub(super) fn body<T>(sent: Result<Json<T>, JsonRejection>) -> Result<T, Problem> {
    sent.map(|Json(body)| body).map_err(|rejection| Problem::Invalid {
        fields: vec![(String::new(), format!("请求正文不是所要求的JSON：{}", rejection.body_text()))],
    })
}

/// A day written `2024-06-30`.
pub(super) fn day(text: &str) -> Result<Day, Problem> {
    Day::parse(text).map_err(|_| Problem::Invalid {
        fields: vec![("day".to_owned(), format!("“{text}”不是日期，请写成2024-06-30。"))],
    })
}

#[derive(Debug, Deserialize)]
struct DraftBody {
    code: String,
    name: String,
    #[serde(default)]
    short_names: String,
    kind: UnitKind,
    level: Level,
    #[serde(default)]
    sector: String,
    #[serde(default)]
    line: String,
    #[serde(default)]
    official_order: i64,
}

impl From<DraftBody> for UnitDraft {
    fn from(body: DraftBody) -> UnitDraft {
        UnitDraft {
            code: body.code,
            name: body.name,
            short_names: body.short_names,
            kind: body.kind,
            level: body.level,
            sector: body.sector,
            line: body.line,
            official_order: body.official_order,
        }
    }
}

#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    unit: Unit,
    children: i64,
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let (as_of, _) = as_of(&query, ctx.today());
    let parent = query.number::<i64>("parent").map(UnitId);
    let offset = query.number("offset").unwrap_or(0);
    let Browse { above, children, next_offset, .. } =
        web.run(move |app| app.browse_units(&ctx, parent, as_of, false, offset)).await?;
    let units: Vec<Line> =
        children.into_iter().map(|child| Line { unit: child.unit, children: child.children }).collect();
    Ok(Json(json!({ "above": names(&above), "units": units, "next": next_offset })))
}

fn names(list: &[(UnitId, String)]) -> Vec<Value> {
    list.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect()
}

async fn search(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let (words, limit) = (query.text("q").to_owned(), query.number("limit").unwrap_or(FOUND));
    let found = web.run(move |app| app.search_units(&ctx, &words, limit)).await?;
    let units: Vec<Value> = found.iter().map(|f| json!({ "unit": f.unit, "above": f.above })).collect();
    Ok(Json(json!({ "units": units })))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let (as_of, _) = as_of(&query, ctx.today());
    let page = web.run(move |app| app.unit_page(&ctx, UnitId(id), as_of)).await?;
    Ok(Json(page_json(&page)))
}

fn page_json(page: &UnitPage) -> Value {
    let posts: Vec<Value> = page
        .posts
        .iter()
        .map(|entry| {
            let holders: Vec<Value> =
                entry.holders.iter().map(|h| json!({ "tenure": h.tenure, "name": h.name })).collect();
            json!({ "post": entry.post, "holders": holders })
        })
        .collect();
    let history: Vec<Value> = page
        .history
        .iter()
        .map(|item| {
            let other = item.other.as_ref().map(|(id, name)| json!({ "id": id, "name": name }));
            json!({ "day": item.day, "what": item.label, "text": item.text, "other": other })
        })
        .collect();
    json!({
        "unit": page.unit,
        "name_on_day": page.name,
        "above": names(&page.above),
        "below": page.below,
        "posts": posts,
        "history": history,
        "successor": page.successor.as_ref().map(|(id, _)| id),
    })
}

async fn merge_plan(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let missing = || Problem::Invalid {
        fields: vec![("into".to_owned(), "没有填写接收单位的编号。".to_owned())],
    };
    let into = query.number("into").map(UnitId).ok_or_else(missing)?;
    let day = day_of(&query, "day", "生效日期")?;
    let plan = web.run(move |app| app.plan_merge(&ctx, UnitId(id), into, day)).await?;
    Ok(Json(plan_json(&plan)))
}

fn plan_json(plan: &MergePlan) -> Value {
    let problems: Vec<Value> = plan
        .problems
        .iter()
        .map(|p| {
            json!({ "id": p.id, "number": p.number, "open": p.open, "new_checker": p.new_checker,
                    "lacks_checker": p.lacks_checker, "lost_leader": p.lost_leader })
        })
        .collect();
    let children: Vec<UnitId> = plan.children.iter().map(|unit| unit.id).collect();
    let posts: Vec<Value> =
        plan.posts.iter().map(|(name, holders)| json!({ "name": name, "holders": holders })).collect();
    json!({ "unit": plan.unit.id, "into": plan.into.id, "day": plan.day, "children": children, "below": plan.below,
            "posts": posts, "problems": problems, "accounts": plan.accounts })
}

fn done(done: UnitDone) -> Json<Value> {
    Json(json!({ "unit": done.unit, "entry": done.seq }))
}

#[derive(Debug, Deserialize)]
struct CreateBody {
    /// The unit above; without one it is the first unit.
    parent: Option<UnitId>,
    day: String,
    #[serde(flatten)]
    draft: DraftBody,
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    sent: Result<Json<CreateBody>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let CreateBody { parent, day: on, draft } = body(sent)?;
    let on = day(&on)?;
    web.run(move |app| match parent {
        Some(parent) => app.create_unit(&ctx, parent, draft.into(), on),
        None => app.create_first_unit(Importer::Person(ctx), draft.into(), on),
    })
    .await
    .map(done)
}

#[derive(Debug, Deserialize)]
struct AmendBody {
    version: Option<i64>,
    /// From which day kind, level, sector and line are so; without one they are corrected.
    since: Option<String>,
    #[serde(flatten)]
    draft: DraftBody,
}

async fn amend(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: Result<Json<AmendBody>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let AmendBody { version, since, draft } = body(sent)?;
    let since = since.as_deref().map(day).transpose()?;
    web.run(move |app| app.amend_unit(&ctx, UnitId(id), version, draft.into(), since)).await.map(done)
}

/// A dated step: what it needs beside the day depends on the step.
#[derive(Debug, Deserialize)]
struct StepBody {
    version: Option<i64>,
    day: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    other: Option<UnitId>,
}

impl StepBody {
    fn other(&self) -> Result<UnitId, Problem> {
        self.other.ok_or_else(|| Problem::Invalid {
            fields: vec![("other".to_owned(), "没有填写另一个单位的编号（other）。".to_owned())],
        })
    }
}

type StepSent = Result<Json<StepBody>, JsonRejection>;

async fn rename(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: StepSent,
) -> Result<Json<Value>, Problem> {
    let step = body(sent)?;
    let on = day(&step.day)?;
    web.run(move |app| app.rename_unit(&ctx, UnitId(id), step.version, &step.name, on)).await.map(done)
}

async fn shift(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: StepSent,
) -> Result<Json<Value>, Problem> {
    let step = body(sent)?;
    let (to, on) = (step.other()?, day(&step.day)?);
    web.run(move |app| app.move_unit(&ctx, UnitId(id), step.version, to, on)).await.map(done)
}

async fn merge(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: StepSent,
) -> Result<Json<Value>, Problem> {
    let step = body(sent)?;
    let (into, on) = (step.other()?, day(&step.day)?);
    web.run(move |app| app.merge_units(&ctx, UnitId(id), step.version, into, on)).await.map(done)
}

async fn close(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: StepSent,
) -> Result<Json<Value>, Problem> {
    let step = body(sent)?;
    let on = day(&step.day)?;
    web.run(move |app| app.close_unit(&ctx, UnitId(id), step.version, on)).await.map(done)
}

#[derive(Debug, Deserialize)]
struct SplitBody {
    version: Option<i64>,
    day: String,
    parts: Vec<PartBody>,
}

#[derive(Debug, Deserialize)]
struct PartBody {
    #[serde(flatten)]
    draft: DraftBody,
    #[serde(default)]
    children: Vec<UnitId>,
}

async fn split(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: Result<Json<SplitBody>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let SplitBody { version, day: on, parts } = body(sent)?;
    let parts = parts.into_iter().map(|part| (part.draft.into(), part.children)).collect();
    let order = SplitOrder { parts, day: day(&on)? };
    web.run(move |app| app.split_unit(&ctx, UnitId(id), version, order)).await.map(done)
}

#[derive(Debug, Deserialize)]
struct OrderBody {
    children: Vec<UnitId>,
}

async fn reorder(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: Result<Json<OrderBody>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let wanted = body(sent)?.children;
    web.run(move |app| app.reorder_units(&ctx, UnitId(id), &wanted)).await.map(done)
}

fn order_of(query: &Fields, today: Day) -> Result<ImportOrder, Problem> {
    Ok(ImportOrder {
        below: query.number("below").map(UnitId),
        day: query.filled("day").map_or(Ok(today), day)?,
        close_missing: query.has("close_missing"),
    })
}

fn tally_json(tally: &Tally) -> Value {
    json!({ "created": tally.created, "renamed": tally.renamed, "moved": tally.moved, "amended": tally.amended,
            "closed": tally.closed, "unchanged": tally.unchanged, "missing": tally.missing })
}

fn import_plan_json(plan: &ImportPlan) -> Value {
    let levels: serde_json::Map<String, Value> =
        plan.new_by_level.iter().map(|(level, n)| (level.code().to_owned(), json!(n))).collect();
    json!({ "units": plan.units, "tally": tally_json(&plan.tally), "new_by_level": levels,
            "placeholders": plan.placeholders, "errors": errors_json(&plan.errors), "error_count": plan.error_count })
}

async fn plan(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
    content: Bytes,
) -> Result<Json<Value>, Problem> {
    let order = order_of(&query, ctx.today())?;
    let planned = web
        .run(move |app| {
            let file = carried("units.csv", &content, read_table)?;
            app.plan_units(&Importer::Person(ctx), &file, &order)
        })
        .await?;
    Ok(Json(import_plan_json(&planned)))
}

async fn import(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
    content: Bytes,
) -> Result<Json<Value>, Problem> {
    let order = order_of(&query, ctx.today())?;
    let done = web
        .run(move |app| {
            let file = carried("units.csv", &content, read_table)?;
            app.import_units(Importer::Person(ctx), Arc::new(file), order, Progress::silent())
        })
        .await?;
    Ok(Json(json!({ "tally": tally_json(&done.tally), "entry": done.seq })))
}
