//! Slips as programs read, make and carry them on.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use bihuan_app::slip::{DraftInput, SlipDone, SlipFilter, SlipStepInput};
use bihuan_domain::id::{SlipId, UnitId};
use bihuan_domain::slip::{SlipVerb, Subject, SubjectKind};
use bihuan_domain::{Coded as _, id::CampaignId};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    form::QueryFields,
    pages::{
        problem::{input_of_json, object_of, request_of, version_of},
        slip::filter_of,
    },
    route::{Access, Route},
    state::{Session, WebState},
};

macro_rules! step {
    ($verb:ident, $path:literal, $label:literal) => {
        Route::post(
            concat!("/api/v1/slips/{id}/", $path),
            concat!("slip.", $path, "_json"),
            $label,
            async move |State(web): State<WebState>,
                        Session(ctx): Session,
                        Path(id): Path<i64>,
                        bytes: Bytes| {
                let value = object_of(&bytes)?;
                let version = version_of(&value);
                let sent = input_of_json::<SlipStepInput>(value)?;
                let verb = SlipVerb::$verb;
                let done = web.run(move |app| app.slip_step(&ctx, SlipId(id), version, verb, sent)).await?;
                Ok::<_, Problem>(done_json(&done))
            },
        )
        .access(Access::Token("slip:write"))
        .request(request_of::<SlipStepInput>)
    };
}

const FILTERS: &[(&str, &str)] = &[
    ("campaign", "专项编号"),
    ("wish", "筛选：to_sign、to_answer、to_issue、to_review、disputed、issued_by_us、unsigned、unanswered"),
    ("kind", "类型"),
    ("state", "状态"),
    ("unit", "单位编号"),
    ("subject_kind", "事项类型"),
    ("subject", "事项编号"),
    ("subject_unit", "责任单位编号（规定动作）"),
    ("page", "页码"),
];

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("slip:read");
    vec![
        Route::get("/api/v1/slips", "slip.list_json", "督办单列表", list).access(read).query(FILTERS),
        Route::get("/api/v1/slips/{id}", "slip.show_json", "督办单", show).access(read),
        Route::post("/api/v1/slips/preview", "slip.preview_json", "预览督办单", preview)
            .access(read)
            .request(request_of::<DraftInput>)
            .leaves_no_entry(),
        Route::post("/api/v1/slips", "slip.make_json", "拟稿或签发督办单（now）", make)
            .access(Access::Token("slip:write"))
            .request(request_of::<DraftInput>),
        step!(Issue, "issue", "签发督办单"),
        step!(Sign, "sign", "签收督办单"),
        step!(Answer, "answer", "答复督办单"),
        step!(Accept, "accept", "认可督办答复"),
        step!(SendBack, "send-back", "退回督办答复"),
        step!(Recall, "recall", "撤回督办单"),
        step!(PassOn, "pass-on", "转办督办单"),
        step!(Return, "return", "退回督办单（不属本单位）"),
        step!(Decide, "decide", "裁定督办单归属"),
        step!(Lapse, "lapse", "不再发出督办单"),
    ]
}

fn done_json(done: &SlipDone) -> Json<Value> {
    Json(json!({ "slip": done.slip, "citation": done.slip.citation(), "entry": done.seq }))
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let subject = SubjectKind::from_code(query.text("subject_kind")).zip(query.number("subject"));
    let subject = subject.map(|(kind, id)| Subject {
        unit_id: query.number("subject_unit").map(UnitId),
        ..Subject::of(kind, id)
    });
    let campaign = query.number("campaign").map(CampaignId);
    let filter = SlipFilter { subject, campaign, ..filter_of(&query) };
    let page = web.run(move |app| app.slips(&ctx, filter)).await?;
    Ok(Json(json!({ "slips": page.lines, "total": page.total, "counts": page.counts })))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let view = web.run(move |app| app.slip_view(&ctx, SlipId(id))).await?;
    Ok(Json(json!({
        "slip": view.line, "text": view.text, "steps": view.case.steps, "possible": view.possible,
    })))
}

async fn preview(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent = input_of_json::<DraftInput>(object_of(&bytes)?)?;
    let shown = web.run(move |app| app.preview_slip(&ctx, &sent)).await?;
    Ok(Json(json!({
        "slip": shown.slip, "text": shown.filled, "issuer": shown.issuer, "to": shown.to,
        "answer_day": shown.answer_day, "hints": shown.hints,
    })))
}

async fn make(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent = input_of_json::<DraftInput>(object_of(&bytes)?)?;
    let done = web.run(move |app| app.make_slip(&ctx, sent)).await?;
    Ok(done_json(&done))
}
