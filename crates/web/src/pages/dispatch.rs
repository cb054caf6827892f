//! Dispatch meetings: the series and weekly plans; two days side by side in `dispatch/compare.rs`, one meeting in
//! `dispatch/meeting.rs`.

mod compare;
mod meeting;
mod minutes;

use axum::{Json, extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::dispatch::{MeetingInput, SeriesInput, SeriesLine, WeekInput, WeekView};
use bihuan_domain::dispatch::{DispatchState, NAME_CHARS_MAX};
use bihuan_domain::id::{CampaignId, DispatchSeriesId};
use bihuan_domain::role::Role;
use bihuan_domain::{Coded as _, Day};
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    current::{CampaignWish, CurrentCampaign, current_campaign, no_campaign},
    error::Problem,
    form::QueryFields,
    frame::Page,
    page::Frame,
    route::{Access, Route},
    state::{Session, WebState},
    step,
    step::{Carried, Place, Shown, Typed},
    ui::{self, Column, Href, PostForm, Row, Tab, Table, Tone, badge, button, button_link, card},
};

/// Where meetings are listed.
pub const DISPATCHES_PATH: &str = "/dispatches";
const WEEKS_PATH: &str = "/dispatches/weeks";
const COMPARE_PATH: &str = "/dispatches/compare";
/// Meetings of a series that the list shows.
const MEETINGS_SHOWN: usize = 8;

pub fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get(DISPATCHES_PATH, "dispatch.list", "调度会", list),
        Route::get(WEEKS_PATH, "dispatch.weeks", "一周一计划", weeks),
        Route::get(COMPARE_PATH, "dispatch.compare", "两天对照", compare::compare),
        Route::get("/dispatches/{id}", "dispatch.show", "一次调度会", meeting::show),
        Route::get("/dispatches/{id}/minutes", "dispatch.minutes", "调度会纪要", minutes::show),
        Route::get(
            "/dispatches/{id}/minutes.docx",
            "dispatch.minutes_file",
            "调度会纪要（Word文件）",
            minutes::file,
        ),
        Route::get("/api/v1/dispatches", "dispatch.list_json", "调度会（campaign）", list_json)
            .access(Access::Token("dispatch:read")),
        Route::get("/api/v1/dispatches/{id}", "dispatch.show_json", "议题和议定事项", meeting::show_json)
            .access(Access::Token("dispatch:read")),
        Route::get(
            "/api/v1/dispatches/compare",
            "dispatch.compare_json",
            "两天对照（campaign、unit、before、after）",
            compare::compare_json,
        )
        .access(Access::Token("dispatch:read")),
        Route::get(
            "/api/v1/dispatches/{id}/minutes.docx",
            "dispatch.minutes_file_json",
            "调度会纪要（Word文件）",
            minutes::file,
        )
        .access(Access::Token("dispatch:read")),
        Route::get("/api/v1/week-plans", "week_plan.list_json", "周计划（campaign、day）", weeks_json)
            .access(Access::Token("week_plan:read")),
    ];
    routes.extend(steps().into_iter().flatten());
    routes.extend(meeting::steps().into_iter().flatten());
    routes
}

fn steps() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "/dispatches",
            "dispatch",
            "create_series",
            "建立调度会",
            "调度会已建立。",
            &[("unit", "召开单位")],
            again,
            |app, ctx, _, _, sent: SeriesInput| {
                let id = app.create_series(ctx, sent)?;
                Ok(Carried::to(DISPATCHES_PATH, json!({ "series": id })))
            }
        ),
        step!(
            "/dispatch-series/{id}/meetings",
            "dispatch",
            "open",
            "召开下一次调度会",
            "议题已按上次以来的变化列好，请核对。",
            again,
            |app, ctx, at, _, sent: MeetingInput| {
                let id = app.open_meeting(ctx, DispatchSeriesId(at.id), sent)?;
                Ok(Carried::to(format!("{DISPATCHES_PATH}/{id}"), json!({ "id": id })))
            }
        ),
        step!(
            "/week-plans",
            "week_plan",
            "file",
            "填报周计划",
            "周计划已保存。",
            &[("unit", "单位")],
            again_weeks,
            |app, ctx, _, _, sent: WeekInput| {
                let to = Href::new(WEEKS_PATH)
                    .with_some("day", Some(sent.monday.clone()).filter(|day| !day.is_empty()));
                let id = app.file_week_plan(ctx, sent)?;
                Ok(Carried::to(to.to_string(), json!({ "id": id })))
            }
        ),
    ]
}

fn tabs(here: &str) -> Markup {
    let tab = |label: &str, path: &str| Tab::new(label, path, here == path);
    ui::tabs(
        "调度",
        &[tab("调度会", DISPATCHES_PATH), tab("一周一计划", WEEKS_PATH), tab("两天对照", COMPARE_PATH)],
    )
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("调度会"), no_campaign("调度会")));
    };
    let (frame, body) = render(&web, &ctx, &page, campaign, Some(&current), None).await?;
    Ok(current.remember(&web, page.show(frame, body)))
}

fn again(web: WebState, ctx: Context, page: Page, place: Place, mut typed: Typed) -> Shown {
    Box::pin(async move {
        // The list shows the form of each series; only the one that was refused gets its words back.
        typed.part = place.id;
        let wish = CampaignWish::default().or_of_form(&typed.fields);
        let current = current_campaign(&web, &ctx, &wish).await?;
        let campaign = current.id().ok_or(Problem::NotFound)?;
        render(&web, &ctx, &page, campaign, None, Some(&typed)).await
    })
}

async fn render(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    campaign: CampaignId,
    current: Option<&CurrentCampaign>,
    typed: Option<&Typed>,
) -> Result<(Frame, Markup), Problem> {
    let who = ctx.clone();
    let (lines, owed) =
        web.run(move |app| Ok((app.dispatches(&who, campaign)?, app.decisions_owed(&who)?))).await?;
    let mut cards = Vec::new();
    for line in &lines {
        cards.push(series_card(line, page, ctx, typed)?);
    }
    let may = ctx.actor.holds_anywhere(Role::Office) || ctx.actor.holds_anywhere(Role::Leader);
    let refused = typed.filter(|typed| typed.form == "open");
    let body = html! {
        (ui::heading("调度会", Some("议题按上次以来的变化自动列出，会上定的事当场定人定时，下次从结果开始。"), html! {}))
        @if let Some(current) = current { (current.switcher(&Href::new(DISPATCHES_PATH))) }
        (tabs(DISPATCHES_PATH))
        @if let Some(refused) = refused { (ui::error_summary(&refused.errors)) }
        @for card in &cards { (card) }
        @if lines.is_empty() { (ui::empty("还没有建立调度会", "工作专班或领导可以为本单位建立一周一调度。", None)) }
        (owed_table(&owed, ctx))
        @if may { (series_form(page, campaign, typed)?) }
    };
    Ok((page.frame("调度会"), body))
}

fn series_card(
    line: &SeriesLine,
    page: &Page,
    ctx: &Context,
    typed: Option<&Typed>,
) -> Result<Markup, Problem> {
    let last = line.meetings.first();
    let open = last.is_some_and(|last| last.state == DispatchState::Open);
    let due = last.map(|last| last.held_day.plus_days(i32::try_from(line.series.every_days).unwrap_or(7)));
    let within = format!("open-{}", line.series.id);
    let typed = Typed::of_part(typed, "open", line.series.id.0);
    let form = PostForm::new(format!("/dispatch-series/{}/meetings", line.series.id), page.csrf()?)
        .within(&within)
        .hidden("campaign", line.series.campaign_id.to_string());
    let held = due.unwrap_or(ctx.today()).max(ctx.today());
    let rows = line.meetings.iter().take(MEETINGS_SHOWN).map(|one| {
        let tone = if one.state == DispatchState::Open { Tone::Info } else { Tone::Good };
        Row::new([
            html! { a href={ (DISPATCHES_PATH) "/" (one.id) } { "第" (one.number) "次" } },
            html! { (one.held_day) },
            html! { (badge(tone, one.state.label())) },
            html! { a href={ (DISPATCHES_PATH) "/" (one.id) "/minutes" } { "纪要" } },
        ])
    });
    let table = Table::new(format!("meetings-{}", line.series.id), line.series.name.clone())
        .hide_caption()
        .columns([
            Column::new("次"),
            Column::new("日期").short(),
            Column::new("状态").short(),
            Column::new("纪要").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(html! { p .text-muted { "还没有召开过。" } });
    Ok(html! {
        (card(format!("{} · {}", line.series.name, line.unit.name), html! {
            (table)
            @if line.may && !open {
                (form.body(html! {
                    (ui::date("held_day", "会议日期").within(&within).value(held.to_string()).refill(&typed.fields).errors(&typed.errors))
                    div .actions { (button("列出议题，召开下一次").primary()) }
                }))
            }
        }))
    })
}

fn series_form(page: &Page, campaign: CampaignId, typed: Option<&Typed>) -> Result<Markup, Problem> {
    let typed = Typed::of(typed, "create_series");
    let (have, errors) = (&typed.fields, &typed.errors);
    let form = PostForm::new(DISPATCHES_PATH, page.csrf()?)
        .within("create_series")
        .hidden("campaign", campaign.to_string())
        .errors(errors);
    Ok(html! {
        details .fold open[typed.is_refused()] {
            summary { span .caret aria-hidden="true" {} "建立调度会" }
            (form.body(html! {
                (ui::text("name", "调度会名称").within("create_series").required().max_chars(NAME_CHARS_MAX).refill(have).errors(errors))
                (typed.offers.field(ui::text("unit", "召开单位").within("create_series").required().hint("名称、简称或代码"), "unit", have, errors))
                (ui::number("every_days", "间隔天数").within("create_series").value("7").refill(have).errors(errors))
                div .actions { (button("建立").primary()) }
            }))
        }
    })
}

/// Decisions that wait for the reader's own units, each with the task it became.
fn owed_table(owed: &[bihuan_app::dispatch::Owed], ctx: &Context) -> Markup {
    if owed.is_empty() {
        return html! {};
    }
    let rows = owed.iter().map(|one| {
        let decision = &one.decision;
        Row::new([
            html! { a href={ (DISPATCHES_PATH) "/" (decision.dispatch_id) } { (decision.text) } },
            html! { (one.unit_name) " " (decision.owner_name) },
            html! { (decision.due_day) @if decision.due_day < ctx.today() { br; (badge(Tone::Danger, "已到期")) } },
            html! { @if let Some(task) = decision.task_id { a .btn .btn-outline-secondary .btn-sm href={ "/tasks/" (task) } { "办理" } } },
        ])
    });
    let table = Table::new("owed-table", "待办的议定事项")
        .hide_caption()
        .columns([
            Column::new("议定事项").long(),
            Column::new("责任"),
            Column::new("时限").short(),
            Column::new("任务").short(),
        ])
        .rows(rows)
        .stack();
    html! { div #owed { (card("待办的议定事项", html! { (table) }).flush()) } }
}

fn day_of(fields: &crate::form::Fields, name: &str) -> Result<Option<Day>, Problem> {
    match fields.filled(name) {
        None => Ok(None),
        Some(text) => Day::parse(text).map(Some).map_err(|error| Problem::invalid(name, error.to_string())),
    }
}

async fn weeks(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("一周一计划"), no_campaign("一周一计划")));
    };
    let day = day_of(&query, "day")?.unwrap_or(ctx.today());
    let (frame, body) = render_weeks(&web, &ctx, &page, (campaign, day), None).await?;
    Ok(current.remember(&web, page.show(frame, body)))
}

fn again_weeks(web: WebState, ctx: Context, page: Page, _: Place, typed: Typed) -> Shown {
    Box::pin(async move {
        let campaign = typed.fields.number("campaign").map(CampaignId).ok_or(Problem::NotFound)?;
        let day = typed.fields.filled("monday").and_then(|text| Day::parse(text).ok()).unwrap_or(ctx.today());
        render_weeks(&web, &ctx, &page, (campaign, day), Some(&typed)).await
    })
}

async fn render_weeks(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    (campaign, day): (CampaignId, Day),
    typed: Option<&Typed>,
) -> Result<(Frame, Markup), Problem> {
    let who = ctx.clone();
    let (view, units) = web
        .run(move |app| {
            let units = app.units(&who.actor.posts.iter().map(|post| post.unit).collect::<Vec<_>>())?;
            Ok((app.week_plans(&who, campaign, day)?, units))
        })
        .await?;
    let WeekView { monday, plans, .. } = &view;
    let rows = plans.iter().map(|(plan, unit)| {
        Row::new([
            html! { (unit.name) },
            html! { div .pre-line { (plan.content) } },
            html! { div .pre-line { @if plan.review.is_empty() { span .text-muted { "尚未填写" } } @else { (plan.review) } } },
        ])
    });
    let table = Table::new("weeks", "本周计划")
        .hide_caption()
        .columns([Column::new("单位"), Column::new("计划").long(), Column::new("完成情况").long()])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("这一周还没有单位填报计划", "", None));
    let typed = Typed::of(typed, "file");
    let own = units
        .first()
        .and_then(|unit| plans.iter().find(|(plan, _)| plan.unit_id == unit.id))
        .map(|(plan, _)| plan);
    let (have, errors) = (&typed.fields, &typed.errors);
    let here = Href::new(WEEKS_PATH);
    let form = PostForm::new("/week-plans", page.csrf()?)
        .hidden("campaign", campaign.to_string())
        .hidden("monday", monday.to_string())
        .errors(errors);
    let body = html! {
        (ui::heading("一周一计划", Some(&format!("{}起的一周", monday.in_chinese())), html! {
            (button_link("上一周", here.with("day", monday.plus_days(-7)).to_string()))
            (button_link("下一周", here.with("day", monday.plus_days(7)).to_string()))
        }))
        (tabs(WEEKS_PATH))
        (table)
        (card("填报本单位的计划", html! {
            (form.body(html! {
                (typed.offers.field(ui::text("unit", "单位").required().value(units.first().map(|unit| unit.code.clone()).unwrap_or_default()).hint("名称、简称或代码"), "unit", have, errors))
                (ui::area("content", "本周计划", 4).required().value(own.map(|plan| plan.content.clone()).unwrap_or_default()).hint("几件事，每件做到什么程度、谁负责").refill(have).errors(errors))
                (ui::area("review", "完成情况", 3).value(own.map(|plan| plan.review.clone()).unwrap_or_default()).hint("周末再填").refill(have).errors(errors))
                div .actions { (button("保存").primary()) }
            }))
        }))
    };
    Ok((page.frame("一周一计划").crumb("调度会", DISPATCHES_PATH), body))
}

async fn weeks_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let campaign = current.id().ok_or(Problem::NotFound)?;
    let day = day_of(&query, "day")?.unwrap_or(ctx.today());
    let view = web.run(move |app| app.week_plans(&ctx, campaign, day)).await?;
    let plans: Vec<Value> = view
        .plans
        .iter()
        .map(|(plan, unit)| json!({ "id": plan.id, "unit": unit.id, "content": plan.content, "review": plan.review }))
        .collect();
    Ok(Json(json!({ "monday": view.monday, "plans": plans })))
}

async fn list_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    wish: CampaignWish,
) -> Result<Json<Value>, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let campaign = current.id().ok_or(Problem::NotFound)?;
    let lines = web.run(move |app| app.dispatches(&ctx, campaign)).await?;
    let line = |line: &SeriesLine| {
        let meetings: Vec<Value> = line
            .meetings
            .iter()
            .map(|one| json!({ "id": one.id, "number": one.number, "held_day": one.held_day, "state": one.state, "version": one.version }))
            .collect();
        json!({ "series": line.series.id, "name": line.series.name, "unit": line.unit.id, "meetings": meetings })
    };
    Ok(Json(json!({ "series": lines.iter().map(line).collect::<Vec<_>>() })))
}
