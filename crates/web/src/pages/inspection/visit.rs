//! A visit, made for the phone: checklist, what was seen, findings with photos. Its script keeps drafts while the network
//! is gone and sends them later under the same key, so that nothing is filed twice; without script it is plain forms.

mod finding;

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use bihuan_app::evidence::{EVIDENCE_BYTES_MAX, SentFile};
use bihuan_app::inspection::{FileVisitInput, FindingInput, Origin, RaiseInput, VisitView};
use bihuan_app::problem::ReasonInput;
use bihuan_app::{App, Context, input::InputField};
use bihuan_domain::Coded;
use bihuan_domain::id::{FindingId, VisitId};
use bihuan_domain::inspection::{Answer, AnswerValue, SUMMARY_CHARS_MAX, VisitState};
use bihuan_domain::template::{Checklist, ChecklistPoint};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::{INSPECTIONS_PATH, visit_badge};
use crate::{
    assets::Asset,
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    page::Frame,
    route::{Access, Route},
    state::{Session, WebState},
    step,
    step::{Carried, Place, Shown, Typed, input_of_form},
    ui::{self, Column, Field, PostForm, Row, Table, Tone, badge, button, card, choices, definitions},
    upload::Upload,
};
use finding::{finding_form, findings};

/// Bytes a form may have beside its photos.
const UPLOAD_FIELDS_BYTES: usize = 64 * 1024;
/// Photos that one request may carry; a longer row of photos is sent in several findings.
const UPLOAD_BYTES: usize = 4 * EVIDENCE_BYTES_MAX + UPLOAD_FIELDS_BYTES;

pub(super) fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get("/visits/{id}", "visit.show", "走访", show),
        Route::post("/visits/{id}/file", "visit.file", "填报检查情况", file),
        Route::post("/visits/{id}/findings", "visit.add_finding", "记录检查发现", add_finding)
            .body_limit(UPLOAD_BYTES),
        Route::get("/findings/{id}/photos/{part}", "finding.photo", "检查照片", photo),
        Route::get("/api/v1/visits/{id}", "visit.show_json", "走访和发现", show_json)
            .access(Access::Token("inspection:read")),
        Route::post("/api/v1/visits/{id}/file", "visit.file_json", "填报检查情况", file_json)
            .access(Access::Token("inspection:write"))
            .request(step::request_of::<FileVisitInput>),
        Route::post(
            "/api/v1/visits/{id}/findings",
            "visit.add_finding_json",
            "记录检查发现（multipart/form-data，照片字段 photos）",
            add_finding_json,
        )
        .access(Access::Token("inspection:write"))
        .body_limit(UPLOAD_BYTES),
    ];
    routes.extend(steps().into_iter().flatten());
    routes
}

/// Which visit's result is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct CoverInput {
    by: String,
}

impl bihuan_app::input::Input for CoverInput {
    const FIELDS: &'static [InputField] =
        &[InputField { name: "by", label: "采用哪次检查的结果", many: false }];
}

fn done(at: Place) -> Carried {
    Carried::to(format!("/visits/{}", at.id), json!({ "id": at.id }))
}

fn raise(
    app: &App,
    ctx: &Context,
    at: Place,
    _: i64,
    sent: RaiseInput,
) -> Result<Carried, bihuan_app::Error> {
    let done = app.raise_problem(ctx, FindingId(at.part), sent)?;
    Ok(Carried::to(format!("/problems/{}", done.problem.id), json!({ "problem": done.problem })))
}

fn steps() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "/visits/{id}/cover",
            "inspection",
            "cover_visit",
            "采用他组检查结果",
            "已采用他组结果，不再上门。",
            again,
            |app, ctx, at, version, sent: CoverInput| {
                let by = sent
                    .by
                    .trim()
                    .parse()
                    .map_err(|_| bihuan_app::Error::invalid("by", "请选择采用哪次检查的结果。"))?;
                app.cover_visit(ctx, VisitId(at.id), version, VisitId(by))?;
                Ok(done(at))
            }
        ),
        step!(
            "/visits/{id}/cancel",
            "inspection",
            "cancel_visit",
            "取消走访",
            "走访已取消。",
            again,
            |app, ctx, at, version, sent: ReasonInput| {
                app.cancel_visit(ctx, VisitId(at.id), version, &sent.reason)?;
                Ok(done(at))
            }
        ),
        step!(
            "/visits/{id}/findings/{part}/raise",
            "inspection",
            "raise_problem",
            "检查发现登记为问题",
            "已登记为问题，来源和照片一并带入。",
            again,
            raise
        ),
    ]
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    place: Place,
) -> Result<Response, Problem> {
    let (frame, body) = render(&web, &ctx, &page, place.id, None).await?;
    Ok(page.show(frame, body))
}

fn again(web: WebState, ctx: Context, page: Page, place: Place, typed: Typed) -> Shown {
    Box::pin(async move { render(&web, &ctx, &page, place.id, Some(&typed)).await })
}

/// The answers of a form: one pair of fields for each point.
pub(crate) fn answers_of(fields: &Fields) -> Vec<String> {
    let points: Vec<&str> = fields.pairs().filter_map(|(name, _)| name.strip_prefix("answer-")).collect();
    let mut points: Vec<&str> = points.into_iter().collect();
    points.dedup();
    points
        .into_iter()
        .map(|point| {
            let value = fields.text(&format!("answer-{point}")).to_owned();
            format!("{point}={value}={}", fields.text(&format!("note-{point}")))
        })
        .collect()
}

fn filed(fields: &Fields) -> Result<FileVisitInput, Problem> {
    let mut sent = input_of_form::<FileVisitInput>(fields)?;
    if sent.answers.is_empty() {
        sent.answers = answers_of(fields);
    }
    Ok(sent)
}

async fn file(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    place: Place,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, sent) = (ctx.clone(), filed(&fields)?);
    match web.run(move |app| app.file_visit(&who, VisitId(place.id), sent)).await {
        Ok(()) => Ok(page.go(format!("/visits/{}", place.id), "检查情况已填报。")),
        Err(problem) => refused(&web, &ctx, &page, place, ("file", fields), problem).await,
    }
}

async fn file_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    place: Place,
    bytes: axum::body::Bytes,
) -> Result<Json<Value>, Problem> {
    let value = crate::pages::problem::object_of(&bytes)?;
    let sent: FileVisitInput = serde_json::from_value(value)
        .map_err(|error| Problem::invalid("", format!("JSON 内容不符合要求：{error}。")))?;
    web.run(move |app| app.file_visit(&ctx, VisitId(place.id), sent)).await?;
    Ok(Json(json!({ "id": place.id })))
}

fn photos_of(upload: &Upload) -> Vec<SentFile> {
    let photos = upload.files.iter().filter(|file| file.field == "photos");
    photos.map(|file| SentFile { name: file.name.clone(), bytes: file.bytes.clone() }).collect()
}

async fn add_finding(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    place: Place,
    upload: Upload,
) -> Result<Response, Problem> {
    let sent = input_of_form::<FindingInput>(&upload.fields)?;
    let (who, photos) = (ctx.clone(), photos_of(&upload));
    match web.run(move |app| app.add_finding(&who, VisitId(place.id), sent, photos)).await {
        Ok(_) => Ok(page.go(format!("/visits/{}#findings", place.id), "发现已记录。")),
        Err(problem) => refused(&web, &ctx, &page, place, ("finding", upload.fields), problem).await,
    }
}

async fn add_finding_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    place: Place,
    upload: Upload,
) -> Result<Json<Value>, Problem> {
    let sent = input_of_form::<FindingInput>(&upload.fields)?;
    let photos = photos_of(&upload);
    let id = web.run(move |app| app.add_finding(&ctx, VisitId(place.id), sent, photos)).await?;
    Ok(Json(json!({ "finding": id })))
}

async fn refused(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    place: Place,
    (form, fields): (&'static str, Fields),
    problem: Problem,
) -> Result<Response, Problem> {
    let again = Again::of(problem)?;
    let typed = Typed { form, fields, errors: again.errors.clone(), ..Typed::default() };
    let (frame, body) = render(web, ctx, page, place.id, Some(&typed)).await?;
    Ok(page.show_again(frame, body, &again))
}

/// A photo, shown inside the page: its type was found by content when it came in.
async fn photo(
    State(web): State<WebState>,
    Session(ctx): Session,
    place: Place,
) -> Result<Response, Problem> {
    let file = web.run(move |app| app.finding_photo(&ctx, FindingId(place.id), place.part)).await?;
    let kind = HeaderValue::from_str(&file.media_type).map_err(Problem::fault)?;
    let mut response = file.bytes.into_response();
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}

async fn show_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    place: Place,
) -> Result<Json<Value>, Problem> {
    let view = web.run(move |app| app.visit(&ctx, VisitId(place.id))).await?;
    let findings: Vec<Value> = view
        .findings
        .iter()
        .map(|(finding, photos)| json!({ "finding": finding, "photos": photos }))
        .collect();
    Ok(Json(json!({ "visit": view.line.visit, "unit": view.line.unit.id, "members": view.members,
        "answers": view.answers, "findings": findings })))
}

async fn render(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    typed: Option<&Typed>,
) -> Result<(Frame, Markup), Problem> {
    let who = ctx.clone();
    let (view, sources) = web
        .run(move |app| {
            let view = app.visit(&who, VisitId(id))?;
            let known = app.register_choices(&who, view.inspection.campaign_id)?;
            Ok((view, known.template))
        })
        .await?;
    let visit = &view.line.visit;
    let title = format!("{}：{}", view.inspection.title, view.line.unit.name);
    let lead = format!("{} · {}至{}", visit.kind.label(), visit.from_day, visit.to_day);
    let body = html! {
        div data-visit=(visit.id) data-person=(ctx.actor.person) {
            (ui::heading(&view.line.unit.name, Some(&lead), html! { (visit_badge(visit.state)) }))
            div #visit-unsent .notice .notice-warning role="status" hidden {}
            (facts(&view))
            @if view.may_file && visit.state == VisitState::Planned { (file_form(&view, page, ctx, typed)?) }
            @if visit.state == VisitState::Done { (result(&view)) }
            (findings(&view, page, typed, sources.as_deref())?)
            @if view.may_file && matches!(visit.state, VisitState::Planned | VisitState::Done) { (finding_form(&view, page, typed)?) }
            (others(&view, page, typed)?)
        }
        script type="module" src=(Asset::Visit.url()) {}
    };
    let mut frame = page.frame(title).crumb("督导检查", INSPECTIONS_PATH);
    if view.plan_seen {
        frame =
            frame.crumb(view.inspection.title.clone(), format!("{INSPECTIONS_PATH}/{}", view.inspection.id));
    }
    Ok((frame, body))
}

fn facts(view: &VisitView) -> Markup {
    let names: Vec<String> =
        view.members.iter().map(|id| view.people.get(id).cloned().unwrap_or_default()).collect();
    let plan = &view.inspection;
    html! {
        (card("检查任务", html! {
            (definitions()
                .add("检查", html! { @if view.plan_seen { a href={ (INSPECTIONS_PATH) "/" (plan.id) } { (plan.title) } } @else { (plan.title) } })
                .add("内容", html! { (plan.subject) })
                .add("方式", html! { (plan.means.label()) })
                .add("检查人员", html! { (names.join("、")) }))
            @if view.may_file && view.line.visit.state == VisitState::Planned {
                p .text-muted .no-print { "要去没有网络的地方，请出发前在手机上登录并打开本页，不要关掉；没有网络时照常填写、拍照、保存，联网后自动发出。" }
            }
            @if let Some(id) = view.line.visit.follows_id { p { "接续" a href={ "/visits/" (id) } { "上一次走访" } "。" } }
            @if let Some(id) = view.line.visit.shared_from_id { p { "采用" a href={ "/visits/" (id) } { "另一次检查的结果" } "，没有再上门。" } }
            @if view.line.visit.state == VisitState::Cancelled { p { "取消理由：" (view.line.visit.summary) } }
        }))
    }
}

/// A key of its own for every page, so that the same form sent twice counts once.
fn new_key() -> Result<String, Problem> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Problem::fault(std::io::Error::other(error.to_string())))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn file_form(view: &VisitView, page: &Page, ctx: &Context, typed: Option<&Typed>) -> Result<Markup, Problem> {
    let typed = Typed::of(typed, "file");
    let (have, errors) = (&typed.fields, &typed.errors);
    let key = match have.filled("client_key") {
        Some(key) => key.to_owned(),
        None => new_key()?,
    };
    let id = view.line.visit.id;
    let form = PostForm::new(format!("/visits/{id}/file"), page.csrf()?)
        .within("file")
        .hidden("client_key", key)
        .errors(errors)
        .warn_unsaved();
    Ok(html! {
        div data-offline="file" {
            (card("填报检查情况", html! {
                (form.body(html! {
                    @if let Some(list) = &view.checklist { (points(list, have, errors)) }
                    (ui::date("done_day", "检查日期").within("file").required().value(ctx.today().to_string()).refill(have).errors(errors))
                    (ui::area("summary", "检查情况", 5).within("file").required().max_chars(SUMMARY_CHARS_MAX)
                        .hint("看到了什么，写事实；发现的问题在下面逐条记录").refill(have).errors(errors))
                    div .actions { (button("填报").primary()) }
                }))
            }))
        }
    })
}

fn points(list: &Checklist, have: &Fields, errors: &FieldErrors) -> Markup {
    let values = choices(AnswerValue::ALL.iter().map(|value| (value.code(), value.label())));
    let one = |point: &ChecklistPoint| -> (Field, Field) {
        let answer =
            ui::radios(&format!("answer-{}", point.code), &point.text, values.clone()).within("file");
        let answer =
            if point.how.is_empty() { answer } else { answer.hint(format!("怎么查：{}", point.how)) };
        let note = ui::text(&format!("note-{}", point.code), "说明（不符合的必填）").within("file");
        (answer.refill(have).errors(errors), note.refill(have))
    };
    html! {
        h3 { (list.name) }
        @if !list.summary.is_empty() { p .text-muted { (list.summary) } }
        @for point in &list.points {
            @let (answer, note) = one(point);
            div .short-options .check-point { (answer) (note) }
        }
    }
}

fn result(view: &VisitView) -> Markup {
    let visit = &view.line.visit;
    let text = |answer: &Answer| {
        let points = view.checklist.iter().flat_map(|list| &list.points);
        points
            .filter(|point| point.code == answer.item)
            .map(|point| point.text.clone())
            .next()
            .unwrap_or_default()
    };
    let tone = |value| match value {
        AnswerValue::Fits => Tone::Good,
        AnswerValue::Fails => Tone::Danger,
        AnswerValue::NotSeen => Tone::Neutral,
    };
    let rows = view.answers.iter().map(|answer| {
        Row::new([
            html! { (text(answer)) },
            html! { (badge(tone(answer.value), answer.value.label())) },
            html! { (answer.note) },
        ])
    });
    let who = visit.filed_by.and_then(|id| view.people.get(&id).cloned()).unwrap_or_default();
    html! {
        (card("检查情况", html! {
            p { (visit.summary) }
            p .text-muted {
                @if let Some(day) = visit.done_day { (day.in_chinese()) "检查，" }
                (who) @if let Some(at) = visit.filed_at { (at.in_chinese()) } "填报"
            }
            @if !view.answers.is_empty() {
                (Table::new("answers", "检查清单").hide_caption()
                    .columns([Column::new("检查要点").long(), Column::new("结论").short(), Column::new("说明")]).rows(rows).stack())
            }
        }))
    }
}

/// Other visits of the same unit: what was seen there need not be looked for again.
fn others(view: &VisitView, page: &Page, typed: Option<&Typed>) -> Result<Markup, Problem> {
    let visit = &view.line.visit;
    let planned = visit.state == VisitState::Planned && view.may_plan;
    let base = format!("/visits/{}", visit.id);
    let (cover, cancel) = (Typed::of(typed, "cover_visit"), Typed::of(typed, "cancel_visit"));
    let usable = view.others.iter().filter(|line| line.visit.state == VisitState::Done);
    let usable = choices(usable.map(|line| {
        let day = line.visit.done_day.map(|day| day.to_string()).unwrap_or_default();
        (line.visit.id.to_string(), format!("{day} {}", line.title))
    }));
    let rows = view.others.iter().map(|line| {
        Row::new([
            html! { a href={ "/visits/" (line.visit.id) } { (line.title) } },
            html! { (line.visit.done_day.unwrap_or(line.visit.from_day)) },
            html! { (visit_badge(line.visit.state)) },
            html! { (line.findings) },
        ])
    });
    let table = Table::new("others", "对该单位的其他检查")
        .hide_caption()
        .columns([
            Column::new("检查").long(),
            Column::new("日期").short(),
            Column::new("状态").short(),
            Column::new("发现").number(),
        ])
        .row_head(0)
        .rows(rows)
        .stack();
    Ok(html! {
        @if !view.others.is_empty() { (card("对该单位的其他检查", html! { (table) }).flush()) }
        @if planned && !usable.is_empty() {
            (card("采用他组结果，不再上门", html! {
                (PostForm::new(format!("{base}/cover"), page.csrf()?).within("cover_visit").hidden("version", visit.version.to_string()).errors(&cover.errors)
                    .body(html! {
                        (ui::select("by", "采用哪次检查的结果", usable).within("cover_visit").refill(&cover.fields).errors(&cover.errors))
                        div .actions { (button("采用这次结果")) }
                    }))
            }))
        }
        @if planned {
            details .fold open[cancel.is_refused()] {
                summary { span .caret aria-hidden="true" {} "取消这次走访" }
                (PostForm::new(format!("{base}/cancel"), page.csrf()?).within("cancel_visit").hidden("version", visit.version.to_string()).errors(&cancel.errors)
                    .body(html! {
                        (ui::text("reason", "取消理由").within("cancel_visit").required().refill(&cancel.fields).errors(&cancel.errors))
                        div .actions { (button("取消走访").danger()) }
                    }))
            }
        }
    })
}

/// Where a problem came from, for its page.
pub fn origin_of(origin: Option<&Origin>) -> Markup {
    let Some(origin) = origin else { return html! {} };
    html! {
        (card("问题来源", html! {
            p { "督导检查“" (origin.inspection.title) "”" @if let Some(day) = origin.line.visit.done_day { "，" (day.in_chinese()) } "，"
                a href={ "/visits/" (origin.line.visit.id) "#findings" } { (origin.line.unit.name) "第" (origin.finding.ordinal) "条发现" } "。" }
        }))
    }
}
