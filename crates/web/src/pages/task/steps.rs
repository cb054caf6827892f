//! The steps on a task: each is a form of its page and a JSON address.

use std::collections::HashMap;

use axum::{
    body::Bytes,
    extract::{FromRequestParts, Multipart, Path, State},
    http::request::Parts,
    response::{IntoResponse as _, Response},
};
use bihuan_app::evidence::EVIDENCE_BYTES_MAX;
use bihuan_app::input::Input;
use bihuan_app::problem::{NoteInput, ReasonInput};
use bihuan_app::task::{ReadingInput, TaskDecisionInput, TaskDone, TaskNoteInput, TaskReportInput};
use bihuan_app::{App, Context, Error};
use bihuan_domain::id::{MilestoneId, TaskEvidenceId, TaskId};
use serde_json::{Value, json};

use super::show::show_again;
use crate::{
    error::Problem,
    form::Fields,
    frame::{Again, Page},
    openapi::schema,
    pages::problem::{
        file_out, input_of_form, input_of_json, object_of, read_upload, request_of, version_of,
    },
    route::{Access, Route},
    shell::local_path,
    state::{Session, WebState},
};

/// Room for the fields beside the file of an upload, in bytes.
const UPLOAD_FIELDS_BYTES: usize = 64 * 1024;

/// What the address of a step names: the task, and a milestone or piece of evidence where it is about one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    pub(crate) id: TaskId,
    pub(crate) part: i64,
}

impl FromRequestParts<WebState> for At {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Problem> {
        let Path(named) = Path::<HashMap<String, String>>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::NotFound)?;
        let number =
            |name: &str| named.get(name).map(|text| text.parse::<i64>().map_err(|_| Problem::NotFound));
        let id = number("id").ok_or(Problem::NotFound)??;
        Ok(Self { id: TaskId(id), part: number("part").transpose()?.unwrap_or(0) })
    }
}

type Act<I> = fn(&App, &Context, At, Option<i64>, I) -> Result<TaskDone, Error>;

macro_rules! step {
    ($name:literal, $path:literal, $label:literal, $form:literal, $said:literal, $act:expr) => {
        pair(
            [concat!("/tasks/{id}", $path), concat!("/api/v1/tasks/{id}", $path)],
            [concat!("task.", $name), concat!("task.", $name, "_json")],
            $label,
            $form,
            $said,
            $act,
        )
    };
}

pub(super) fn routes() -> Vec<Route<WebState>> {
    let body_bytes = EVIDENCE_BYTES_MAX + UPLOAD_FIELDS_BYTES;
    let mut routes = vec![
        Route::post("/tasks/{id}/evidence", "task.file_evidence", "上传任务佐证", upload)
            .body_limit(body_bytes),
        Route::post(
            "/api/v1/tasks/{id}/evidence",
            "task.file_evidence_json",
            "上传任务佐证（multipart/form-data）",
            upload_json,
        )
        .access(Access::Token("task:write"))
        .body_limit(body_bytes),
        Route::get("/tasks/{id}/evidence/{part}", "task.evidence", "下载任务佐证", download),
        Route::get("/api/v1/tasks/{id}/evidence/{part}", "task.evidence_json", "下载任务佐证", download)
            .access(Access::Token("task:read")),
    ];
    routes.extend([doing(), deciding()].into_iter().flatten().flatten());
    routes
}

fn doing() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "finish_milestone",
            "/milestones/{part}/done",
            "填报节点完成",
            "done",
            "节点已填报完成。",
            |app, ctx, at, _, sent: TaskDecisionInput| {
                app.finish_milestone(ctx, at.id, MilestoneId(at.part), sent)
            }
        ),
        step!(
            "reopen_milestone",
            "/milestones/{part}/reopen",
            "撤回节点",
            "reopen",
            "已撤回，节点恢复为未完成。",
            |app, ctx, at, _, _: NoteInput| { app.reopen_milestone(ctx, at.id, MilestoneId(at.part)) }
        ),
        step!(
            "measure",
            "/readings",
            "填报指标数值",
            "measure",
            "数值已记录。",
            |app, ctx, at, _, sent: ReadingInput| { app.measure_task(ctx, at.id, sent) }
        ),
        step!(
            "note",
            "/notes",
            "记录进展或群众评价",
            "note",
            "已记录。",
            |app, ctx, at, _, sent: TaskNoteInput| { app.note_task(ctx, at.id, sent) }
        ),
        step!(
            "report",
            "/report",
            "申报完成",
            "report",
            "已申报完成，等待认定。",
            |app, ctx, at, v, sent: TaskReportInput| { app.report_task(ctx, at.id, v, sent) }
        ),
    ]
}

fn deciding() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "accept",
            "/accept",
            "认定完成",
            "check",
            "已认定完成。",
            |app, ctx, at, v, sent: NoteInput| { app.accept_task(ctx, at.id, v, sent.note) }
        ),
        step!(
            "send_back",
            "/send-back",
            "退回申报",
            "send-back",
            "已退回。",
            |app, ctx, at, v, sent: ReasonInput| { app.send_back_task(ctx, at.id, v, sent.reason) }
        ),
        step!(
            "stop",
            "/stop",
            "终止任务",
            "stop",
            "任务已终止。",
            |app, ctx, at, v, sent: ReasonInput| { app.stop_task(ctx, at.id, v, sent.reason) }
        ),
    ]
}

/// What JSON answers when a step was carried out.
pub(crate) fn done_json(done: &TaskDone) -> Response {
    axum::Json(json!({ "task": done.task, "entry": done.seq, "notice": done.notice })).into_response()
}

/// The JSON schema of that.
pub(crate) fn done_schema() -> Value {
    let task = json!({ "type": "object", "description": "办理后的任务" });
    let notice = schema::string("没有按通常做法办成的，例如节点没有排；没有就是空的");
    schema::object(&[("task", task), ("entry", schema::integer("记录编号")), ("notice", notice)])
}

/// Where a form leads when it was carried out.
pub(super) fn leads_to(id: TaskId, fields: &Fields) -> String {
    local_path(fields.text("back")).map_or_else(|| super::address(id), str::to_owned)
}

fn pair<I: Input + Send + 'static>(
    [path, api_path]: [&'static str; 2],
    [name, api_name]: [&'static str; 2],
    label: &'static str,
    form: &'static str,
    said: &'static str,
    act: Act<I>,
) -> [Route<WebState>; 2] {
    let by_form = async move |State(web): State<WebState>,
                              Session(ctx): Session,
                              page: Page,
                              at: At,
                              fields: Fields| {
        let sent = input_of_form::<I>(&fields)?;
        let (who, version) = (ctx.clone(), fields.number("version"));
        match web.run(move |app| act(app, &who, at, version, sent)).await {
            Ok(_) => Ok(page.go(leads_to(at.id, &fields), said)),
            Err(problem) => {
                let again = Again::of(problem)?;
                let form = if at.part == 0 { form.to_owned() } else { format!("{form}-{}", at.part) };
                show_again(&web, &ctx, &page, at.id, form, fields, again).await
            }
        }
    };
    let by_json = async move |State(web): State<WebState>, Session(ctx): Session, at: At, bytes: Bytes| {
        let value = object_of(&bytes)?;
        let version = version_of(&value);
        let sent = input_of_json::<I>(value)?;
        let done = web.run(move |app| act(app, &ctx, at, version, sent)).await?;
        Ok::<_, Problem>(done_json(&done))
    };
    [
        Route::post(path, name, label, by_form),
        Route::post(api_path, api_name, label, by_json)
            .access(Access::Token("task:write"))
            .request(request_of::<I>)
            .response(done_schema),
    ]
}

async fn upload(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    at: At,
    form: Multipart,
) -> Result<Response, Problem> {
    let (fields, file) = read_upload(form).await?;
    let (stage, caption) = (fields.text("stage").to_owned(), fields.text("caption").to_owned());
    let who = ctx.clone();
    match web.run(move |app| app.file_task_evidence(&who, at.id, &stage, &caption, file)).await {
        Ok(_) => Ok(page.go(leads_to(at.id, &fields), "佐证已保存。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            show_again(&web, &ctx, &page, at.id, "evidence".to_owned(), fields, again).await
        }
    }
}

async fn upload_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    at: At,
    form: Multipart,
) -> Result<Response, Problem> {
    let (fields, file) = read_upload(form).await?;
    let (stage, caption) = (fields.text("stage").to_owned(), fields.text("caption").to_owned());
    let done = web.run(move |app| app.file_task_evidence(&ctx, at.id, &stage, &caption, file)).await?;
    Ok(done_json(&done))
}

async fn download(State(web): State<WebState>, Session(ctx): Session, at: At) -> Result<Response, Problem> {
    let file = web.run(move |app| app.task_evidence_file(&ctx, at.id, TaskEvidenceId(at.part))).await?;
    file_out(file)
}
