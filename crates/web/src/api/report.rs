//! Reports as programs draw them up, read, issue and correct them.

use axum::body::Bytes;
use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use bihuan_app::report::{CorrectInput, DraftInput, FigureView, Left, ReportInput, ReportView};
use bihuan_domain::Coded as _;
use bihuan_domain::id::{CampaignId, ReportId};
use bihuan_domain::report::text::FigureName;
use bihuan_domain::report::{FiguresAsOf, FileFormat};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    form::QueryFields,
    openapi::schema,
    pages::problem::{input_of_json, object_of, request_of},
    pages::report::handed_out,
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("report:read");
    let write = Access::Token("report:write");
    vec![
        Route::get("/api/v1/reports", "report.list_json", "报告（campaign、offset）", list).access(read),
        Route::get("/api/v1/reports/figures", "report.figures_json", "报告可以用的数字", names).access(read),
        Route::get("/api/v1/reports/{id}", "report.show_json", "一份报告及其数字（edition）", show)
            .access(read),
        Route::get(
            "/api/v1/reports/{id}/file/{format}",
            "report.file_json",
            "报告文件：docx、pdf、xlsx",
            file,
        )
        .access(read),
        Route::get("/api/v1/reports/{id}/rows", "report.rows_json", "草稿中数字的明细（figure）", rows)
            .access(read),
        Route::get("/api/v1/figures/{code}", "report.figure_json", "短链接对应的数字", figure).access(read),
        Route::post("/api/v1/reports", "report.draw_up_json", "起草报告", draw_up)
            .access(write)
            .request(request_of::<ReportInput>),
        Route::put("/api/v1/reports/{id}", "report.save_json", "修改草稿（version）", save)
            .access(write)
            .request(request_of::<DraftInput>),
        Route::delete(
            "/api/v1/reports/{id}",
            "report.discard_json",
            "删除草稿（version）；已签发的各版不受影响",
            discard,
        )
        .access(write)
        .query(&[("version", "草稿的版本号")]),
        Route::post("/api/v1/reports/{id}/issue", "report.issue_json", "签发报告（version、seen）", issue)
            .access(write)
            .request(issue_schema),
        Route::post(
            "/api/v1/reports/{id}/correct",
            "report.correct_json",
            "起草更正稿（reason、figures）",
            correct,
        )
        .access(write)
        .request(correct_schema),
    ]
}

fn correct_schema() -> Value {
    let words = "数字口径：issued 沿用被更正一版的数字，now 按现在的台账重新统计；不写是 issued";
    let figures = schema::code(words, FiguresAsOf::ALL.iter().map(|one| one.code()));
    let fields = [("reason", schema::string("更正理由，必填")), ("figures", figures)];
    schema::input(&fields, &["reason"])
}

fn issue_schema() -> Value {
    let fields = [
        ("version", schema::integer("草稿的版本；不写就不核对")),
        ("seen", schema::string("看过的数字，照报告接口返回的 seen；不写就不核对")),
    ];
    schema::input(&fields, &[])
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let campaign = query.number("campaign").map(CampaignId);
    let campaign = campaign.ok_or_else(|| Problem::invalid("campaign", "没有写明专项行动的编号。"))?;
    let offset = query.number("offset").unwrap_or(0);
    let found = web.run(move |app| app.reports(&ctx, campaign, offset)).await?;
    let rows: Vec<Value> = found
        .rows
        .iter()
        .map(|one| json!({ "report": one.listed.report, "edition": one.listed.edition, "unit": one.listed.unit_name, "title": one.title }))
        .collect();
    Ok(Json(json!({ "reports": rows, "total": found.total, "offset": offset })))
}

async fn names() -> Json<Value> {
    let all: Vec<String> = FigureName::all().into_iter().map(FigureName::name).collect();
    Json(json!({ "figures": all }))
}

fn view_json(view: &ReportView) -> Value {
    json!({
        "report": view.report, "edition": view.edition, "title": view.composed.paper.title_line(),
        "figures": view.composed.figures, "chars": view.composed.chars, "too_long": view.is_long(),
        "typed": view.composed.typed.iter().map(|one| json!({ "line": one.line, "text": one.text })).collect::<Vec<_>>(),
        "as_of_entry": view.composed.as_of_seq, "figures_as_of": view.composed.figures_as_of, "seen": view.seen(), "files": view.files,
        "since": view.since.iter().map(|one| json!({ "name": one.then.name, "then": one.then.shown, "now": one.now })).collect::<Vec<_>>(),
        "editions": view.editions.iter().map(|one| json!({ "number": one.number, "state": one.state, "reason": one.reason })).collect::<Vec<_>>(),
    })
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let edition = query.number("edition");
    let (view, findings) = web
        .run(move |app| {
            let view = app.report(&ctx, ReportId(id), edition)?;
            let findings = app.report_findings(&ctx, &view)?;
            Ok((view, findings))
        })
        .await?;
    let mut shown = view_json(&view);
    shown["findings"] = json!(findings.findings);
    Ok(Json(shown))
}

async fn file(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path((id, format)): Path<(i64, String)>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let format = FileFormat::from_code(&format).ok_or(Problem::NotFound)?;
    let edition = query.number("edition");
    handed_out(web.run(move |app| app.report_file(&ctx, ReportId(id), edition, format)).await?)
}

async fn figure(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(code): Path<String>,
) -> Result<Json<Value>, Problem> {
    Ok(Json(figure_json(&web.run(move |app| app.report_figure(&ctx, &code)).await?)))
}

/// The rows of a figure that is not of the ledger; `null` where the ledger lists them.
fn figure_json(found: &FigureView) -> Value {
    json!({
        "figure": found.figure, "report": found.report.id, "edition": found.edition.number,
        "as_of_entry": found.edition.as_of_seq, "now": found.now, "rows": found.rows,
    })
}

async fn rows(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let ordinal = query.number("figure");
    let ordinal = ordinal.ok_or_else(|| Problem::invalid("figure", "请写明是第几个数字（figure）。"))?;
    Ok(Json(figure_json(&web.run(move |app| app.draft_figure(&ctx, ReportId(id), ordinal)).await?)))
}

async fn draw_up(
    State(web): State<WebState>,
    Session(ctx): Session,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent: ReportInput = input_of_json(object_of(&body)?)?;
    let id = web.run(move |app| app.draw_up_report(&ctx, &sent)).await?;
    Ok(Json(json!({ "report": id })))
}

async fn discard(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let version = query.number("version");
    let left = web.run(move |app| app.discard_draft(&ctx, ReportId(id), version)).await?;
    let issued = match left {
        Left::Nothing => None,
        Left::Issued(number) => Some(number),
    };
    Ok(Json(json!({ "deleted": id, "issued": issued })))
}

async fn save(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let object = object_of(&body)?;
    let version = object.get("version").and_then(Value::as_i64);
    let (id, who) = (ReportId(id), ctx.clone());
    let (now, seen) = web.run(move |app| app.draft_input(&who, id)).await?;
    // What is not sent stays as it is.
    let mut all = json!(now);
    for (field, value) in object.as_object().into_iter().flatten() {
        all[field] = value.clone();
    }
    let sent: DraftInput = input_of_json(all)?;
    web.run(move |app| app.save_draft(&ctx, id, version.or(Some(seen)), &sent)).await?;
    Ok(Json(json!({ "report": id })))
}

async fn issue(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let object = object_of(&body)?;
    let version = object.get("version").and_then(Value::as_i64);
    let seen = object.get("seen").and_then(Value::as_str).map(str::to_owned);
    let issued = web.run(move |app| app.issue_report(&ctx, ReportId(id), version, seen.as_deref())).await?;
    Ok(Json(json!({ "edition": issued.edition, "files": issued.files, "without_pdf": issued.without_pdf,
        "findings": issued.findings })))
}

async fn correct(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let object = object_of(&body)?;
    let sent: CorrectInput = input_of_json(object)?;
    let number = web.run(move |app| app.correct_report(&ctx, ReportId(id), sent)).await?;
    Ok(Json(json!({ "edition": number })))
}
