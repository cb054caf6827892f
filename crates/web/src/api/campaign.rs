//! Campaigns as programs read and set them up.

use axum::{
    Json,
    extract::{Path, State, rejection::JsonRejection},
    http::StatusCode,
};
use bihuan_app::campaign::{BuiltIn, CampaignHead, CampaignInput, CampaignView, built_in};
use bihuan_domain::{
    campaign::{Campaign, CampaignRules, DiffLine, LineChange, OpenWork, rules_in_words},
    id::CampaignId,
    template::{Template, TemplateFault},
};
use serde::{Deserialize, Serialize};

use crate::{
    error::Problem,
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let (read, write) = (Access::Token("campaign:read"), Access::Token("campaign:write"));
    vec![
        Route::get("/api/v1/campaigns", "campaign.list_json", "专项行动", list).access(read),
        Route::post("/api/v1/campaigns", "campaign.create_json", "建立专项行动", create).access(write),
        Route::get("/api/v1/campaigns/{id}", "campaign.show_json", "一项专项行动", show).access(read),
        Route::put("/api/v1/campaigns/{id}", "campaign.amend_json", "修改专项行动", amend).access(write),
        Route::post("/api/v1/campaigns/{id}/start", "campaign.start_json", "启动专项行动", start)
            .access(write),
        Route::post(
            "/api/v1/campaigns/{id}/take-over",
            "campaign.take_over_json",
            "承接未销号的问题",
            take_over,
        )
        .access(write)
        .time_limit(crate::pages::campaign::TAKE_OVER_TIME),
        Route::post("/api/v1/campaigns/{id}/end", "campaign.end_json", "结束专项行动", end).access(write),
        Route::put(
            "/api/v1/campaigns/{id}/template",
            "campaign.change_template_json",
            "修改模板",
            change_template,
        )
        .access(write),
        Route::post(
            "/api/v1/campaigns/{id}/template/check",
            "campaign.check_template_json",
            "核对模板",
            check_template,
        )
        .access(read)
        .leaves_no_entry(),
        Route::get("/api/v1/templates", "template.list_json", "现成的模板", templates).access(read),
    ]
}

type Sent<T> = Result<Json<T>, JsonRejection>;

/// What was sent, or what was wrong with it.
fn read<T>(sent: Sent<T>) -> Result<T, Problem> {
    sent.map(|Json(sent)| sent).map_err(|rejection| Problem::BadRequest(rejection.status()))
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
) -> Result<Json<Vec<CampaignHead>>, Problem> {
    web.run(move |app| app.campaigns(&ctx)).await.map(Json)
}

async fn templates() -> Json<&'static [BuiltIn]> {
    Json(built_in())
}

/// A campaign with its rules.
#[derive(Debug, Serialize)]
struct CampaignJson {
    #[serde(flatten)]
    campaign: Campaign,
    office_name: String,
    rules: CampaignRules,
    /// The rules in plain Chinese.
    rules_in_words: Vec<(&'static str, String)>,
    template: Option<Template>,
    may_change: bool,
    /// What is missing before it can start, by field.
    missing: Vec<(&'static str, &'static str)>,
    overlaps: Vec<CampaignHead>,
}

impl From<CampaignView> for CampaignJson {
    fn from(view: CampaignView) -> Self {
        let template = view.template.map(|template| (*template).clone());
        Self {
            office_name: view.office.name,
            rules: view.rules,
            rules_in_words: template.as_ref().map(rules_in_words).unwrap_or_default(),
            template,
            may_change: view.may_run,
            missing: view.missing,
            overlaps: view.overlaps,
            campaign: view.campaign,
        }
    }
}

/// What a step answers: the campaign after it, and the number of its entry.
#[derive(Debug, Serialize)]
struct DoneJson {
    campaign: Campaign,
    entry: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<OpenWork>,
}

impl From<bihuan_app::campaign::CampaignDone> for DoneJson {
    fn from(done: bihuan_app::campaign::CampaignDone) -> Self {
        Self { campaign: done.campaign, entry: done.seq, open: None }
    }
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<CampaignJson>, Problem> {
    let view = web.run(move |app| app.campaign_view(&ctx, CampaignId(id))).await?;
    Ok(Json(view.into()))
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    sent: Sent<CampaignInput>,
) -> Result<(StatusCode, Json<DoneJson>), Problem> {
    let input = read(sent)?;
    let done = web.run(move |app| app.create_campaign(&ctx, input)).await?;
    Ok((StatusCode::CREATED, Json(done.into())))
}

/// An input with the row version it was made from.
#[derive(Debug, Deserialize)]
struct Versioned<T> {
    version: Option<i64>,
    #[serde(flatten)]
    input: T,
}

/// What starting, ending and the template need.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Words {
    reason: String,
    template_text: String,
}

async fn amend(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: Sent<Versioned<CampaignInput>>,
) -> Result<Json<DoneJson>, Problem> {
    let Versioned { version, input } = read(sent)?;
    let done = web.run(move |app| app.amend_campaign(&ctx, CampaignId(id), version, input)).await?;
    Ok(Json(done.into()))
}

async fn start(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: Sent<Versioned<Words>>,
) -> Result<Json<DoneJson>, Problem> {
    let version = read(sent)?.version;
    let done = web.run(move |app| app.start_campaign(&ctx, CampaignId(id), version)).await?;
    Ok(Json(done.into()))
}

async fn end(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: Sent<Versioned<Words>>,
) -> Result<Json<DoneJson>, Problem> {
    let Versioned { version, input } = read(sent)?;
    let done = web.run(move |app| app.end_campaign(&ctx, CampaignId(id), version, &input.reason)).await?;
    Ok(Json(DoneJson { campaign: done.campaign, entry: done.seq, open: Some(done.open) }))
}

async fn change_template(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: Sent<Versioned<Words>>,
) -> Result<Json<DoneJson>, Problem> {
    let Versioned { version, input } = read(sent)?;
    let Words { reason, template_text } = input;
    let done = web
        .run(move |app| app.change_template(&ctx, CampaignId(id), version, &template_text, &reason))
        .await?;
    Ok(Json(done.into()))
}

/// What saving a text would do.
#[derive(Debug, Serialize)]
struct PlanJson {
    faults: Vec<TemplateFault>,
    /// Why it may not be saved although it is well written.
    refusal: Option<String>,
    rules: Vec<(&'static str, String, String)>,
    lines: Vec<DiffLine>,
}

async fn check_template(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    sent: Sent<Words>,
) -> Result<Json<PlanJson>, Problem> {
    let text = read(sent)?.template_text;
    let plan = web.run(move |app| app.plan_template(&ctx, CampaignId(id), &text)).await?;
    Ok(Json(PlanJson {
        faults: plan.faults,
        refusal: plan.refusal.map(|refusal| refusal.sentence),
        rules: plan.rules,
        lines: plan.lines.into_iter().filter(|line| line.change != LineChange::Kept).collect(),
    }))
}

async fn take_over(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Json<bihuan_app::campaign::TakeOver>, Problem> {
    web.run(move |app| app.take_over_open(&ctx, CampaignId(id))).await.map(Json)
}
