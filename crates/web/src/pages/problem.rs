//! A problem's page, its steps as forms and as JSON, its evidence. One table of steps serves both.

mod asides;
mod facts;
mod forms;
mod history;
mod material;
mod page;
mod register;
mod steps;

use std::collections::HashMap;

use axum::{
    body::Bytes,
    extract::{FromRequestParts, Multipart, Path, State},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use bihuan_app::{
    App, Context, Error,
    evidence::{EVIDENCE_BYTES_MAX, EvidenceInput, SentFile},
    input::Input,
    problem::Done,
};
use bihuan_domain::id::{EvidenceId, ProblemId};
use serde_json::{Map, Value, json};

use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    route::{Access, Route},
    shell::local_path,
    state::{Session, WebState},
};

pub use facts::{days_words, short, state_badge};
pub use page::render;
pub(crate) use steps::{done_schema, request_of};

/// Bytes an upload may have beside its file: the other fields of the form.
const UPLOAD_FIELDS_BYTES: usize = 64 * 1024;

pub fn routes() -> Vec<Route<WebState>> {
    let upload_bytes = EVIDENCE_BYTES_MAX + UPLOAD_FIELDS_BYTES;
    let mut routes = vec![
        Route::get("/problems/new", "problem.new", "登记问题", register::new),
        Route::post("/problems/new", "problem.register", "登记问题", register::create),
        Route::get("/problems/{id}", "problem.show", "问题详情", show),
        Route::post("/problems/{id}/evidence", "problem.file_evidence", "上传佐证", upload)
            .body_limit(upload_bytes),
        Route::get("/problems/{id}/evidence/{part}", "problem.evidence", "下载佐证", download),
    ];
    routes.extend(steps::routes());
    routes
}

/// JSON for the same; see `api/problem.rs` for what is only there.
pub fn json_routes() -> Vec<Route<WebState>> {
    let upload_bytes = EVIDENCE_BYTES_MAX + UPLOAD_FIELDS_BYTES;
    vec![
        Route::post(
            "/api/v1/problems/{id}/evidence",
            "problem.file_evidence_json",
            "上传佐证（multipart/form-data）",
            upload_json,
        )
        .access(Access::Token("problem:write"))
        .body_limit(upload_bytes),
        Route::get("/api/v1/problems/{id}/evidence/{part}", "problem.evidence_json", "下载佐证", download)
            .access(Access::Token("problem:read")),
    ]
}

/// What the address of a step names: the problem, and a part of it where the step is about one.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    pub id: ProblemId,
    /// The measure, look-back or piece of evidence; 0 where there is none.
    pub part: i64,
}

impl FromRequestParts<WebState> for Target {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Problem> {
        let Path(named) = Path::<HashMap<String, String>>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::NotFound)?;
        let number =
            |name: &str| named.get(name).map(|text| text.parse::<i64>().map_err(|_| Problem::NotFound));
        let id = number("id").ok_or(Problem::NotFound)??;
        Ok(Self { id: ProblemId(id), part: number("part").transpose()?.unwrap_or(0) })
    }
}

/// A form that was refused: which one, and all that was typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The form's name on the page, such as `assign` or `finish-12`.
    pub form: String,
    pub fields: Fields,
    pub errors: FieldErrors,
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    target: Target,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let view = view_of(&web, &ctx, target.id).await?;
    let (frame, body) = render(&view, &ctx, &page, query.text("do"), None)?;
    let origin = web.run(move |app| app.origin_of_problem(&ctx, target.id)).await?;
    let origin = super::inspection::origin_of(origin.as_ref());
    Ok(page.show(frame, maud::html! { (body) (origin) }))
}

async fn view_of(
    web: &WebState,
    ctx: &Context,
    id: ProblemId,
) -> Result<bihuan_app::problem::ProblemView, Problem> {
    let ctx = ctx.clone();
    web.run(move |app| app.problem_view(&ctx, id)).await
}

/// Shows the page again with the refused form open. Fresh in all else: a stale form meets the present state.
async fn show_again(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: ProblemId,
    form: String,
    fields: Fields,
    again: Again,
) -> Result<Response, Problem> {
    let view = view_of(web, ctx, id).await?;
    let typed = Typed { form, fields, errors: again.errors.clone() };
    let (frame, body) = render(&view, ctx, page, "", Some(&typed))?;
    Ok(page.show_again(frame, body, &again))
}

/// Where a form leads when it was carried out.
fn leads_to(id: ProblemId, fields: &Fields) -> String {
    local_path(fields.text("back")).map_or_else(|| format!("/problems/{id}"), str::to_owned)
}

/// The fields of a form as the input of a step.
pub(crate) fn input_of_form<I: Input>(fields: &Fields) -> Result<I, Problem> {
    let value = |field: &bihuan_app::input::InputField| {
        if field.many {
            Value::Array(fields.all(field.name).map(|text| json!(text)).collect())
        } else {
            json!(fields.text(field.name))
        }
    };
    let map: Map<String, Value> =
        I::FIELDS.iter().map(|field| (field.name.to_owned(), value(field))).collect();
    input_of_json(Value::Object(map))
}

/// A JSON object as the input of a step.
pub(crate) fn input_of_json<I: Input>(value: Value) -> Result<I, Problem> {
    serde_json::from_value(value)
        .map_err(|error| Problem::invalid("", format!("JSON 内容不符合要求：{error}。")))
}

/// The object in a JSON body; an empty body is an empty object.
pub(crate) fn object_of(bytes: &Bytes) -> Result<Value, Problem> {
    if bytes.is_empty() {
        return Ok(json!({}));
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => Err(Problem::invalid("", "请求内容应为一个 JSON 对象。")),
        Err(error) => Err(Problem::invalid("", format!("请求内容不是有效的 JSON：{error}。"))),
    }
}

/// What JSON answers when a step was carried out.
pub(crate) fn done_json(done: &Done) -> Response {
    axum::Json(json!({ "problem": done.problem, "entry": done.seq })).into_response()
}

/// The row version a request was made from.
pub(crate) fn version_of(value: &Value) -> Option<i64> {
    value.get("version").and_then(|version| version.as_i64().or_else(|| version.as_str()?.parse().ok()))
}

async fn upload(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    target: Target,
    form: Multipart,
) -> Result<Response, Problem> {
    let (fields, file) = read_upload(form).await?;
    let sent = input_of_form::<EvidenceInput>(&fields)?;
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.file_evidence(&who, target.id, version, sent, file)).await {
        Ok(_) => Ok(page.go(leads_to(target.id, &fields), "佐证已保存。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let form = fields.filled("form").unwrap_or("evidence").to_owned();
            show_again(&web, &ctx, &page, target.id, form, fields, again).await
        }
    }
}

async fn upload_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    target: Target,
    form: Multipart,
) -> Result<Response, Problem> {
    let (fields, file) = read_upload(form).await?;
    let sent = input_of_form::<EvidenceInput>(&fields)?;
    let version = fields.number("version");
    let done = web.run(move |app| app.file_evidence(&ctx, target.id, version, sent, file)).await?;
    Ok(done_json(&done))
}

/// The fields of an upload and its one file.
pub(crate) async fn read_upload(mut form: Multipart) -> Result<(Fields, SentFile), Problem> {
    let (mut pairs, mut file) = (Vec::new(), SentFile::default());
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge { limit_bytes: EVIDENCE_BYTES_MAX },
        status => Problem::BadRequest(status),
    };
    while let Some(part) = form.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file_name) => {
                file = SentFile { name: file_name, bytes: part.bytes().await.map_err(broken)?.to_vec() };
            }
            None => pairs.push((name, part.text().await.map_err(broken)?)),
        }
    }
    Ok((Fields::new(pairs), file))
}

/// Hands a file out to be saved, never to be shown inside our pages; `nosniff` comes with every answer.
async fn download(
    State(web): State<WebState>,
    Session(ctx): Session,
    target: Target,
) -> Result<Response, Problem> {
    let file = web.run(move |app| app.evidence_file(&ctx, target.id, EvidenceId(target.part))).await?;
    file_out(file)
}

/// A file as an attachment.
pub(crate) fn file_out(file: bihuan_app::evidence::FileOut) -> Result<Response, Problem> {
    let name: String = file
        .name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let header = |text: String| HeaderValue::from_str(&text).map_err(Problem::fault);
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, header(file.media_type)?);
    headers.insert(CONTENT_DISPOSITION, header(format!("attachment; filename*=UTF-8''{name}"))?);
    headers.insert(ETAG, header(format!("\"{}\"", file.digest))?);
    Ok(response)
}

/// A step as pages and JSON call it.
pub(crate) type Act<I> = fn(&App, &Context, Target, Option<i64>, I) -> Result<Done, Error>;
