//! The form of a plan.

use axum::{extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::inspection::{InspectionInput, InspectionView, PlanChoices};
use bihuan_domain::Coded;
use bihuan_domain::id::{CampaignId, InspectionId};
use bihuan_domain::inspection::{InspectionKind, InspectionMeans, TITLE_CHARS_MAX};
use maud::{Markup, html};
use serde_json::json;

use super::INSPECTIONS_PATH;
use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::Fields,
    frame::Page,
    page::Frame,
    route::Route,
    state::{Session, WebState},
    step,
    step::{Carried, Place, Shown, Typed},
    ui::{self, Choice, PostForm, button, button_link, choices, panel},
};

pub(super) fn steps() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "/inspections",
            "inspection",
            "create",
            "拟制检查计划",
            "检查计划已保存，请安排走访单位后报批。",
            again_new,
            |app, ctx, _, _, sent: InspectionInput| {
                let id = app.save_inspection(ctx, None, sent)?;
                Ok(Carried::to(format!("{INSPECTIONS_PATH}/{id}"), json!({ "id": id })))
            }
        ),
        step!(
            "/inspections/{id}/edit",
            "inspection",
            "change",
            "修改检查计划",
            "检查计划已修改。",
            again_edit,
            |app, ctx, at, version, sent: InspectionInput| {
                let id = app.save_inspection(ctx, Some((InspectionId(at.id), version)), sent)?;
                Ok(Carried::to(format!("{INSPECTIONS_PATH}/{id}"), json!({ "id": id })))
            }
        ),
    ]
}

pub(super) async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("拟制检查计划"), no_campaign("拟制检查计划")));
    };
    let (frame, body) = render_new(&web, &ctx, &page, campaign, &Typed::default()).await?;
    Ok(page.show(frame, body))
}

fn again_new(web: WebState, ctx: Context, page: Page, _: Place, typed: Typed) -> Shown {
    Box::pin(async move {
        let campaign = typed.fields.number("campaign").map(CampaignId).ok_or(Problem::NotFound)?;
        render_new(&web, &ctx, &page, campaign, &typed).await
    })
}

async fn render_new(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    campaign: CampaignId,
    typed: &Typed,
) -> Result<(Frame, Markup), Problem> {
    let who = ctx.clone();
    let known = web.run(move |app| app.plan_choices(&who, campaign)).await?;
    let form = PostForm::new(INSPECTIONS_PATH, page.csrf()?)
        .hidden("campaign", campaign.to_string())
        .errors(&typed.errors)
        .warn_unsaved();
    let body = html! {
        (ui::heading("拟制检查计划", Some("写清依据、内容、范围、时间、人员和组长；缺一项不能报批。"), html! {}))
        (panel(html! { (form.body(fields(&known, typed, None, INSPECTIONS_PATH))) }))
    };
    Ok((page.frame("拟制检查计划").crumb("督导检查", INSPECTIONS_PATH), body))
}

pub(super) async fn edit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    place: Place,
) -> Result<Response, Problem> {
    let (frame, body) = render_edit(&web, &ctx, &page, place.id, &Typed::default()).await?;
    Ok(page.show(frame, body))
}

fn again_edit(web: WebState, ctx: Context, page: Page, place: Place, typed: Typed) -> Shown {
    Box::pin(async move { render_edit(&web, &ctx, &page, place.id, &typed).await })
}

async fn render_edit(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    typed: &Typed,
) -> Result<(Frame, Markup), Problem> {
    let who = ctx.clone();
    let (view, known) = web
        .run(move |app| {
            let view = app.inspection(&who, InspectionId(id))?;
            let known = app.plan_choices(&who, view.campaign.id)?;
            Ok((view, known))
        })
        .await?;
    let here = format!("{INSPECTIONS_PATH}/{id}");
    let form = PostForm::new(format!("{here}/edit"), page.csrf()?)
        .hidden("version", view.inspection.version.to_string())
        .errors(&typed.errors)
        .warn_unsaved();
    let body = html! {
        (ui::heading("修改检查计划", Some(&view.inspection.title), html! {}))
        (panel(html! { (form.body(fields(&known, typed, Some(&view), &here))) }))
    };
    let frame =
        page.frame("修改检查计划").crumb("督导检查", INSPECTIONS_PATH).crumb(view.inspection.title, here);
    Ok((frame, body))
}

/// What the form is filled with at first.
fn filled(view: &InspectionView) -> Fields {
    let plan = &view.inspection;
    let mut pairs = vec![
        ("title", plan.title.clone()),
        ("kind", plan.kind.code().to_owned()),
        ("means", plan.means.code().to_owned()),
        ("authority", plan.authority.clone()),
        ("document", plan.document.clone()),
        ("subject", plan.subject.clone()),
        ("targets", plan.targets.clone()),
        ("checklist", plan.checklist.clone()),
        ("starts_day", plan.starts_day.to_string()),
        ("ends_day", plan.ends_day.to_string()),
        ("head", plan.head_id.map(|id| id.to_string()).unwrap_or_default()),
    ];
    pairs.extend(view.team.iter().map(|person| ("members", person.to_string())));
    Fields::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn fields(known: &PlanChoices, typed: &Typed, view: Option<&InspectionView>, cancel: &str) -> Markup {
    let refused = typed.is_refused();
    let have = if refused { typed.fields.clone() } else { view.map(filled).unwrap_or_default() };
    let (have, errors) = (&have, &typed.errors);
    let coded = |values: Vec<(&'static str, &'static str)>| choices(values);
    let kinds = coded(InspectionKind::ALL.iter().map(|v| (v.code(), v.label())).collect());
    let means = coded(InspectionMeans::ALL.iter().map(|v| (v.code(), v.label())).collect());
    let units = choices(known.units.iter().map(|unit| (unit.id.to_string(), unit.name.clone())));
    let people: Vec<Choice> = known
        .able
        .iter()
        .map(|able| Choice::new(able.person.to_string(), able.name.clone()).hint(able.unit_name.clone()))
        .collect();
    let heads = choices(
        known
            .able
            .iter()
            .map(|able| (able.person.to_string(), format!("{}（{}）", able.name, able.unit_name))),
    );
    let lists = choices(known.checklists.iter().map(|list| (list.code.clone(), list.name.clone())));
    html! {
        (ui::text("title", "检查名称").required().max_chars(TITLE_CHARS_MAX).refill(have).errors(errors))
        @if view.is_none() { (ui::select("unit", "组织检查的单位", units).required().refill(have).errors(errors)) }
        (ui::select("kind", "督查种类", kinds).required().refill(have).errors(errors))
        (ui::radios("means", "督查方式", means).value("announced").hint("暗访的安排只有督查组和组织单位看得到").refill(have).errors(errors))
        (ui::area("authority", "批准机关和时间", 2).hint("谁、什么时候决定的；报批前须填写").refill(have).errors(errors))
        (ui::area("document", "依据文件", 2).hint("标题和文号").refill(have).errors(errors))
        (ui::area("subject", "督查内容", 3).refill(have).errors(errors))
        (ui::area("targets", "督查对象和范围", 3).refill(have).errors(errors))
        (ui::date("starts_day", "开始日期").required().refill(have).errors(errors))
        (ui::date("ends_day", "结束日期").required().refill(have).errors(errors))
        (ui::select("checklist", "检查清单", lists).prompt("不用清单").hint("清单由专项行动的模板提供").refill(have).errors(errors))
        div .short-options { (ui::checkboxes("members", "督查组成员", people).refill(have).errors(errors)) }
        (ui::select("head", "组长", heads).prompt("请选择").refill(have).errors(errors))
        div .actions { (button("保存").primary()) (button_link("取消", cancel)) }
    }
}
