//! The form of a draw: what is drawn, in which layers, by whom; previewed before it is published.

use axum::{Json, body::Bytes, extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::draw::{DrawInput, Layering, Prepared};
use bihuan_app::inspection::PlanChoices;
use bihuan_domain::Coded;
use bihuan_domain::draw::{DrawMethod, DrawPurpose, EXAMINERS_EACH_MAX, SOURCE_CHARS_MAX, TITLE_CHARS_MAX};
use bihuan_domain::template::SamplingStrata;
use bihuan_domain::unit::Level;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::DRAWS_PATH;
use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    pages::problem::object_of,
    state::{Session, WebState},
    step::input_of_form,
    ui::{self, Choice, Column, PostForm, Row, Table, Tone, button, button_link, card, choices, panel},
};

fn coded<T: Coded>() -> Vec<Choice> {
    choices(T::ALL.iter().map(|value| (value.code(), value.label())))
}

async fn choices_of(
    web: &WebState,
    ctx: &Context,
    wish: &CampaignWish,
) -> Result<Option<PlanChoices>, Problem> {
    let current = current_campaign(web, ctx, wish).await?;
    let Some(campaign) = current.id() else { return Ok(None) };
    let who = ctx.clone();
    Ok(Some(web.run(move |app| app.plan_choices(&who, campaign)).await?))
}

pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let frame = page.frame("组织抽取").crumb("随机抽查", DRAWS_PATH);
    let Some(known) = choices_of(&web, &ctx, &wish).await? else {
        return Ok(page.show(frame, no_campaign("组织抽取")));
    };
    let body = html! {
        (ui::heading("组织抽取", Some("先预览名单和分层，再公布名单摘要和承诺；公布以后名单不能改。"), html! {}))
        (form(&page, &known, &query, &FieldErrors::default(), None)?)
    };
    Ok(page.show(frame, body))
}

pub(super) async fn commit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    fields: Fields,
) -> Result<Response, Problem> {
    let frame = page.frame("组织抽取").crumb("随机抽查", DRAWS_PATH);
    let Some(known) = choices_of(&web, &ctx, &wish.or_of_form(&fields)).await? else {
        return Err(Problem::NotFound);
    };
    let sent = input_of_form::<DrawInput>(&fields)?;
    let (who, asked) = (ctx.clone(), sent.clone());
    let prepared = web.run(move |app| app.prepare_draw(&who, &asked)).await;
    let refused = match prepared {
        Ok(prepared) if fields.text("do") != "commit" => {
            let errors = errors_of(&prepared);
            let body = html! {
                (ui::heading("组织抽取", Some("名单预览"), html! {}))
                (preview(&prepared))
                (form(&page, &known, &fields, &errors, Some(&prepared))?)
            };
            return Ok(page.show(frame, body));
        }
        Ok(_) => match web.run(move |app| app.commit_draw(&ctx, sent)).await {
            Ok(id) => return Ok(page.go(format!("{DRAWS_PATH}/{id}"), "名单摘要和承诺已公布。")),
            Err(problem) => problem,
        },
        Err(problem) => problem,
    };
    let again = Again::of(refused)?;
    let body = html! {
        (ui::heading("组织抽取", None, html! {}))
        (form(&page, &known, &fields, &again.errors, None)?)
    };
    Ok(page.show_again(frame, body, &again))
}

pub(super) async fn commit_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let value = object_of(&bytes)?;
    let sent: DrawInput = serde_json::from_value(value)
        .map_err(|error| Problem::invalid("", format!("JSON 内容不符合要求：{error}。")))?;
    let id = web.run(move |app| app.commit_draw(&ctx, sent)).await?;
    Ok(Json(json!({ "id": id })))
}

fn errors_of(prepared: &Prepared) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if let Some(refusal) = &prepared.refusal {
        errors.add(refusal.field.unwrap_or_default(), format!("{}{}", refusal.sentence, refusal.hint));
    }
    errors
}

fn preview(prepared: &Prepared) -> Markup {
    let plan = &prepared.plan;
    let rows = plan.strata.iter().map(|stratum| {
        Row::new([
            html! { (stratum.name) },
            html! { (plan.of_stratum(&stratum.code).count()) },
            html! { (stratum.size) },
        ])
    });
    let total: u32 = plan.strata.iter().map(|stratum| stratum.size).sum();
    let table = Table::new("preview", "分层预览")
        .hide_caption()
        .columns([Column::new("层"), Column::new("对象数").number(), Column::new("抽取数").number()])
        .row_head(0)
        .rows(rows)
        .foot(Row::new([html! { "合计" }, html! { (plan.candidates.len()) }, html! { (total) }]));
    let tone = if prepared.refusal.is_some() { Tone::Warning } else { Tone::Info };
    html! {
        (ui::Notice::new(tone, format!("从{}个对象中抽取{total}个，检查人员{}名。确认后公布。", plan.candidates.len(), plan.examiners.len())))
        (card("分层预览", html! { (table) }).flush())
    }
}

fn form(
    page: &Page,
    known: &PlanChoices,
    fields: &Fields,
    errors: &FieldErrors,
    prepared: Option<&Prepared>,
) -> Result<Markup, Problem> {
    let units = choices(known.units.iter().map(|unit| (unit.id.to_string(), unit.name.clone())));
    let purpose = fields.filled("purpose").unwrap_or("visits");
    let visits = purpose != "look_backs";
    let layering = if visits { coded::<Layering>() } else { coded::<SamplingStrata>() };
    let people = known
        .able
        .iter()
        .map(|able| Choice::new(able.person.to_string(), able.name.clone()).hint(able.unit_name.clone()));
    let levels = [Level::County, Level::Township, Level::Village, Level::Branch];
    let levels = choices(levels.iter().map(|level| (level.code(), level.label())));
    let ready = prepared.is_some_and(|prepared| prepared.refusal.is_none());
    let form = PostForm::new(DRAWS_PATH, page.csrf()?).errors(errors).warn_unsaved();
    let mut form = form.hidden("campaign", known.campaign.id.to_string());
    if let Some(inspection) = fields.filled("inspection") {
        form = form.hidden("inspection", inspection);
    }
    let form = form.body(html! {
        (ui::text("title", "抽取名称").required().max_chars(TITLE_CHARS_MAX).refill(fields).errors(errors))
        (ui::select("unit", "组织抽取的单位", units).required().refill(fields).errors(errors))
        (ui::radios("purpose", "抽取用途", coded::<DrawPurpose>()).value("visits").refill(fields).errors(errors))
        (ui::radios("method", "抽取方式", coded::<DrawMethod>()).value("announced")
            .hint("先公布承诺：抽取前说好用哪个事先无人知道的公开数，如某日开奖号码、某期国债中标利率。当场抽取：用公布承诺那条留痕的散列值。")
            .refill(fields).errors(errors))
        (ui::text("public_source", "公开数的来源").max_chars(SOURCE_CHARS_MAX).hint("先公布承诺时必填，写明日期、期次，让任何人都能查到").refill(fields).errors(errors))
        (ui::date("open_day", "启封日期").hint("在此之前任何人看不到名单").refill(fields).errors(errors))
        fieldset { legend { "抽取对象" }
            div .short-options { (ui::checkboxes("levels", "单位层级", levels).hint("抽取受检单位时选择").refill(fields).errors(errors)) }
            (ui::number("after_days", "销号满多少天").hint("抽取已销号问题时填写；不填按模板").refill(fields).errors(errors))
            (ui::number("within_days", "销号不超过多少天").refill(fields).errors(errors))
            (ui::select("layering", "分层方式", layering).prompt("按默认").refill(fields).errors(errors))
            (ui::number("size", "每层抽取数").hint("与百分比填一项；不足的层全抽").refill(fields).errors(errors))
            (ui::number("percent", "每层抽取百分比").refill(fields).errors(errors))
        }
        (ui::number("examiners_each", "每个对象几名检查人员").value(if visits { "2" } else { "1" }).hint(format!("0到{EXAMINERS_EACH_MAX}；0为只抽对象")).refill(fields).errors(errors))
        div .short-options { (ui::checkboxes("examiners", "检查人员", people.collect()).hint("都不选就从全部督导人员中抽").refill(fields).errors(errors)) }
        div .actions {
            (button("预览名单").sends("do", "preview"))
            @if ready { (button("公布名单摘要和承诺").primary().sends("do", "commit")) }
            (button_link("取消", DRAWS_PATH))
        }
    });
    Ok(html! { (panel(html! { (form) })) })
}
