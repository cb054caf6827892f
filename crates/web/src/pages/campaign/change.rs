//! Starting and ending a campaign: each asks first, and says what follows.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::{Context, campaign::CampaignView};
use bihuan_domain::{
    Coded as _,
    campaign::{Campaign, CampaignState, OpenWork, REASON_CHARS_MAX},
    id::CampaignId,
};
use maud::{Markup, html};

use super::{CAMPAIGNS_PATH, address, missing_notice, overlap_notice};
use crate::{
    current::CAMPAIGN_PARAMETER,
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{self, Column, Confirm, Href, Row, Table, card, definitions, error_summary},
};

/// How long taking over may last: some thousand problems.
pub(crate) const TAKE_OVER_TIME: std::time::Duration = std::time::Duration::from_secs(600);

pub(super) fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/campaigns/{id}/start", "campaign.ask_start", "启动专项行动确认页", ask_start),
        Route::post("/campaigns/{id}/start", "campaign.start", "启动专项行动", start),
        Route::get("/campaigns/{id}/end", "campaign.ask_end", "结束专项行动确认页", ask_end),
        Route::post("/campaigns/{id}/end", "campaign.end", "结束专项行动", end),
        Route::get(
            "/campaigns/{id}/take-over",
            "campaign.ask_take_over",
            "承接未销号问题确认页",
            ask_take_over,
        ),
        Route::post("/campaigns/{id}/take-over", "campaign.take_over", "承接未销号的问题", take_over)
            .time_limit(TAKE_OVER_TIME),
    ]
}

async fn ask_start(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    show_start(&web, ctx, &page, CampaignId(id), None).await
}

async fn show_start(
    web: &WebState,
    ctx: Context,
    page: &Page,
    id: CampaignId,
    again: Option<Again>,
) -> Result<Response, Problem> {
    let view = web.run(move |app| app.campaign_view(&ctx, id)).await?;
    if !view.may_run {
        return Err(Problem::Forbidden);
    }
    let errors = again.as_ref().map(|again| again.errors.clone()).unwrap_or_default();
    let campaign = &view.campaign;
    let reach = format!("{}及其全部下级单位可以登记和办理问题。", view.root_name);
    let ask =
        Confirm::new(format!("启动“{}”？", campaign.name), format!("{}/start", address(id)), address(id))
            .consequence(reach)
            .consequence("开始日期不能再改；修改范围、依据、结束日期和模板都要写明理由。")
            .hidden("version", campaign.version.to_string())
            .yes("启动")
            .fields(authority_again(&view));
    let body = html! { (error_summary(&errors)) (missing_notice(&view)) (overlap_notice(&view)) (ask.render(page.csrf()?)) };
    let frame = page.frame("启动").crumb("专项行动", CAMPAIGNS_PATH).crumb(&campaign.name, address(id));
    Ok(match again {
        Some(again) => page.show_again(frame, body, &again),
        None => page.show(frame, body),
    })
}

/// On whose word it is started, once more before the eyes of who starts it.
fn authority_again(view: &CampaignView) -> Markup {
    let campaign = &view.campaign;
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    html! {
        (definitions()
            .add("立项依据", campaign.basis.label())
            .add_some("谁决定的", some(&campaign.authority))
            .add_some("依据文件", some(&campaign.document))
            .add_some("内容和范围", some(&campaign.scope))
            .add_some("模板", view.template.as_ref().map(|template| template.name.clone())))
    }
}

async fn start(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = CampaignId(id);
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.start_campaign(&who, id, version)).await {
        Ok(_) => Ok(page.go(address(id), "专项行动已启动，可以登记问题和导入台账了。")),
        Err(problem) => show_start(&web, ctx, &page, id, Some(Again::of(problem)?)).await,
    }
}

async fn ask_end(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    show_end(&web, ctx, &page, CampaignId(id), &Fields::default(), None).await
}

async fn show_end(
    web: &WebState,
    ctx: Context,
    page: &Page,
    id: CampaignId,
    fields: &Fields,
    again: Option<Again>,
) -> Result<Response, Problem> {
    let (campaign, open) = web.run(move |app| app.campaign_ending(&ctx, id)).await?;
    let errors = again.as_ref().map(|again| again.errors.clone()).unwrap_or_default();
    let body = html! {
        (error_summary(&errors))
        (end_question(&campaign, &open, fields, &errors).render(page.csrf()?))
        (open_report(&campaign, &open))
    };
    let frame = page.frame("结束").crumb("专项行动", CAMPAIGNS_PATH).crumb(&campaign.name, address(id));
    Ok(match again {
        Some(again) => page.show_again(frame, body, &again),
        None => page.show(frame, body),
    })
}

fn end_question(campaign: &Campaign, open: &OpenWork, fields: &Fields, errors: &FieldErrors) -> Confirm {
    let here = address(campaign.id);
    let rest = match (campaign.state, open.total()) {
        (CampaignState::Preparing, _) => "这项行动还没有启动，结束就是取消。".to_owned(),
        (_, 0) => "所有问题都已销号。".to_owned(),
        (_, total) => {
            format!(
                "还有 {total} 件没有销号，其中逾期 {} 件；它们不会消失，仍由原单位继续办理。",
                open.overdue
            )
        }
    };
    Confirm::new(format!("结束“{}”？", campaign.name), format!("{here}/end"), here)
        .consequence("不能再登记新的问题，模板和范围不能再改。")
        .consequence(rest)
        .consequence("这时的未销号情况会写入记录。")
        .hidden("version", campaign.version.to_string())
        .yes("结束专项行动")
        .danger()
        .fields(html! {
            (ui::area("reason", "理由", 2).required().max_chars(REASON_CHARS_MAX).hint("例如“方案规定的任务已经完成，转入日常工作”。").refill(fields).errors(errors))
        })
}

/// What is open, by state, each line leading to its rows.
fn open_report(campaign: &Campaign, open: &OpenWork) -> Markup {
    let ledger = Href::new("/ledger").with(CAMPAIGN_PARAMETER, campaign.id);
    let rows = open.by_state.iter().map(|(state, count)| {
        let href = ledger.with("state", state.code());
        Row::new([html! { (state.label()) }, html! { a href=(href) { (count) } }])
    });
    let table = Table::new("open", "没有销号的问题，按状态")
        .hide_caption()
        .columns([Column::new("状态"), Column::new("件数").number()])
        .row_head(0)
        .rows(rows);
    html! { @if open.total() > 0 { (card("没有销号的问题", html! { (table) }).flush()) } }
}

async fn end(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = CampaignId(id);
    let (who, version, reason) = (ctx.clone(), fields.number("version"), fields.text("reason").to_owned());
    match web.run(move |app| app.end_campaign(&who, id, version, &reason)).await {
        Ok(done) if done.open.total() == 0 => Ok(page.go(address(id), "专项行动已结束，没有遗留问题。")),
        Ok(done) => {
            let notice = format!("专项行动已结束，尚有 {} 件没有销号，继续办理。", done.open.total());
            Ok(page.go(address(id), &notice))
        }
        Err(problem) => show_end(&web, ctx, &page, id, &fields, Some(Again::of(problem)?)).await,
    }
}

async fn ask_take_over(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    show_take_over(&web, ctx, &page, CampaignId(id), None).await
}

async fn show_take_over(
    web: &WebState,
    ctx: Context,
    page: &Page,
    id: CampaignId,
    again: Option<Again>,
) -> Result<Response, Problem> {
    let view = web.run(move |app| app.campaign_view(&ctx, id)).await?;
    let (Some(earlier), Some(open)) = (&view.follows, &view.to_take_over) else {
        return Err(Problem::Forbidden);
    };
    let errors = again.as_ref().map(|again| again.errors.clone()).unwrap_or_default();
    let here = address(id);
    let ask =
        Confirm::new(format!("承接“{}”没有销号的问题？", earlier.name), format!("{here}/take-over"), here)
            .consequence(format!(
                "共{}件（{}），改记在“{}”名下，编号重排，原编号写入经过。",
                open.total(),
                open.in_words(),
                view.campaign.name
            ))
            .consequence("整改记录、措施、佐证和时限都不变；已经销号的留在原行动，不重复统计。")
            .consequence("不在本行动覆盖范围内的问题不承接，仍留在原行动。")
            .yes("承接");
    let body = html! { (error_summary(&errors)) (ask.render(page.csrf()?)) };
    let frame = page.frame("承接").crumb("专项行动", CAMPAIGNS_PATH).crumb(&view.campaign.name, address(id));
    Ok(match again {
        Some(again) => page.show_again(frame, body, &again),
        None => page.show(frame, body),
    })
}

async fn take_over(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    _fields: Fields,
) -> Result<Response, Problem> {
    let id = CampaignId(id);
    let who = ctx.clone();
    match web.run(move |app| app.take_over_open(&who, id)).await {
        Ok(done) => {
            let left = match done.left {
                0 => String::new(),
                left => format!("，另有{left}件不在范围内，仍留在原行动"),
            };
            Ok(page.go(address(id), &format!("已承接{}件没有销号的问题{left}。", done.moved)))
        }
        Err(problem) => show_take_over(&web, ctx, &page, id, Some(Again::of(problem)?)).await,
    }
}
