//! Musters as programs read, call and carry them on.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use bihuan_app::muster::{MusterDone, MusterFilter, MusterInput, MusterStepInput};
use bihuan_domain::id::{CampaignId, MusterId};
use bihuan_domain::muster::MusterVerb;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    form::QueryFields,
    pages::{
        muster::filter_of,
        problem::{input_of_json, object_of, request_of, version_of},
    },
    route::{Access, Route},
    state::{Session, WebState},
};

macro_rules! step {
    ($verb:ident, $path:literal, $label:literal) => {
        Route::post(
            concat!("/api/v1/musters/{id}/", $path),
            concat!("muster.", $path, "_json"),
            $label,
            async move |State(web): State<WebState>,
                        Session(ctx): Session,
                        Path(id): Path<i64>,
                        bytes: Bytes| {
                let value = object_of(&bytes)?;
                let version = version_of(&value);
                let sent = input_of_json::<MusterStepInput>(value)?;
                let verb = MusterVerb::$verb;
                let done =
                    web.run(move |app| app.muster_step(&ctx, MusterId(id), version, verb, sent)).await?;
                Ok::<_, Problem>(done_json(&done))
            },
        )
        .access(Access::Token("muster:write"))
        .request(request_of::<MusterStepInput>)
    };
}

const FILTERS: &[(&str, &str)] = &[
    ("campaign", "专项编号"),
    ("wish", "筛选：open、to_accept、late、ended"),
    ("unit", "单位编号（吹哨的或应召的）"),
    ("subject_kind", "事项类型：problem 或 task"),
    ("subject", "事项编号"),
    ("page", "页码"),
];

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("muster:read");
    vec![
        Route::get("/api/v1/musters", "muster.list_json", "吹哨报到列表", list).access(read).query(FILTERS),
        Route::get("/api/v1/musters/{id}", "muster.show_json", "一次吹哨", show).access(read),
        Route::post("/api/v1/musters", "muster.call_json", "吹哨：召集单位", call)
            .access(Access::Token("muster:write"))
            .request(request_of::<MusterInput>),
        step!(ReportIn, "report-in", "应召报到"),
        step!(Did, "did", "报告本单位所办"),
        step!(Release, "release", "不再需要某单位"),
        step!(Finish, "finish", "牵头报告办结"),
        step!(Accept, "accept", "认可吹哨办结"),
        step!(SendBack, "send-back", "退回继续办理"),
        step!(Withdraw, "withdraw", "撤回吹哨"),
    ]
}

fn done_json(done: &MusterDone) -> Json<Value> {
    Json(json!({ "muster": done.muster, "citation": done.muster.citation(), "entry": done.seq }))
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let campaign = query.number("campaign").map(CampaignId);
    let filter = MusterFilter { campaign, ..filter_of(&query) };
    let page = web.run(move |app| app.musters(&ctx, filter)).await?;
    Ok(Json(json!({ "musters": page.lines, "total": page.total, "counts": page.counts })))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<Value>, Problem> {
    let view = web.run(move |app| app.muster_view(&ctx, MusterId(id))).await?;
    let possible: Vec<Value> =
        view.possible.iter().map(|(verb, unit)| json!({ "verb": verb, "unit": unit })).collect();
    Ok(Json(json!({ "muster": view.line, "steps": view.case.steps, "possible": possible })))
}

async fn call(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent = input_of_json::<MusterInput>(object_of(&bytes)?)?;
    let done = web.run(move |app| app.call_muster(&ctx, sent)).await?;
    Ok(done_json(&done))
}
