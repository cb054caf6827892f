//! Required actions: the list, the matrix, one cell, excuses, who is left out.

mod cell;
mod form;
mod show;

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::required_action::{AS_OF_UNITS_MAX, Coverage, LeftOut};
use bihuan_domain::Day;
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::required_action::EARLY_WORKING_DAYS;
use maud::{Markup, html};

use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::QueryFields,
    frame::Page,
    route::Route,
    state::{Session, WebState},
    ui::{self, Column, Href, Row, Table},
};

pub(crate) const ACTIONS_PATH: &str = "/actions";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(ACTIONS_PATH, "action.list", "规定动作", list),
        Route::get("/actions/new", "action.new", "下达规定动作页", form::new),
        Route::post(ACTIONS_PATH, "action.issue", "预览或下达规定动作", form::issue),
        Route::post("/actions/adopt", "action.adopt", "按模板下达规定动作", form::adopt),
        Route::get("/actions/coverage", "action.coverage", "覆盖情况", coverage),
        Route::get("/actions/{id}", "action.show", "规定动作的完成情况", matrix),
        Route::get("/actions/{id}/edit", "action.edit", "调整规定动作页", form::edit),
        Route::post("/actions/{id}/edit", "action.change", "预览或调整规定动作", form::change),
        Route::post("/actions/{id}/end", "action.end", "停止规定动作", form::end),
        Route::get("/actions/{id}/cell", "action.cell", "一个单位一个周期的完成情况", cell::show),
        Route::post("/actions/{id}/excuses", "action.ask_excuse", "申请免做", cell::ask),
        Route::post("/excuses/{id}/decide", "action.decide_excuse", "答复免做申请", cell::decide),
        Route::get("/units/{id}/actions", "action.unit", "单位的规定动作", of_unit),
    ]
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("规定动作"), no_campaign("规定动作")));
    };
    let unit = query.number("unit").map(UnitId);
    let who = ctx.clone();
    let (found, forms) = web
        .run(move |app| {
            let found = app.actions_page(&who, campaign, unit)?;
            let forms = if found.may_issue { app.template_actions(&who, campaign)? } else { Vec::new() };
            Ok((found, forms))
        })
        .await?;
    let body = html! {
        (current.switcher(&Href::new(ACTIONS_PATH).with_some("unit", unit)))
        (show::list(&page, &found, &forms)?)
    };
    Ok(current.remember(&web, page.show(page.frame("规定动作"), body)))
}

async fn matrix(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let unit = query.number("unit").map(UnitId);
    let at = query.number("page").unwrap_or(1);
    let found = web.run(move |app| app.action_page_of(&ctx, RequiredActionId(id), unit, at)).await?;
    let mut frame = page.frame(found.rule.name.clone()).crumb("规定动作", ACTIONS_PATH).wide();
    for above in found.above.iter().filter(|above| above.id != found.unit.id) {
        frame = frame.crumb(above.name.clone(), show::matrix_at(found.row.id, above.id).to_string());
    }
    Ok(page.show(frame, show::matrix(&page, &found)?))
}

async fn of_unit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("规定动作"), no_campaign("规定动作")));
    };
    let found = web.run(move |app| app.unit_actions(&ctx, UnitId(id), campaign)).await?;
    let frame = page.frame(format!("{}的规定动作", found.unit.name)).crumb("规定动作", ACTIONS_PATH).wide();
    let body = html! {
        (current.switcher(&Href::new(format!("/units/{id}/actions"))))
        (show::of_unit(&found))
    };
    Ok(current.remember(&web, page.show(frame, body)))
}

async fn coverage(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("覆盖情况"), no_campaign("覆盖情况")));
    };
    let unit = query.number("unit").map(UnitId);
    let found = web.run(move |app| app.coverage(&ctx, campaign, unit)).await?;
    let body = html! {
        (current.switcher(&Href::new("/actions/coverage").with_some("unit", unit)))
        (left_out(&found))
    };
    Ok(current.remember(&web, page.show(page.frame("覆盖情况").crumb("规定动作", ACTIONS_PATH), body)))
}

fn left_out(found: &Coverage) -> Markup {
    let lead = format!("{} · {}及以下{}个单位", found.campaign.name, found.unit.name, found.units);
    let units = |id: &str, caption: &str, rows: &[(UnitId, String)], none: &str| {
        Table::new(id, caption)
            .columns([Column::new("单位"), Column::new("办理")])
            .row_head(0)
            .rows(rows.iter().map(|(id, name)| {
                Row::new([
                    html! { a href={ "/units/" (id) } { (name) } },
                    html! { a href={ "/units/" (id) "/actions" } { "看规定动作" } },
                ])
            }))
            .empty(html! { p .text-muted { (none) } })
    };
    html! {
        (ui::heading("覆盖情况", Some(&lead), html! {}))
        p { "一个都不少：这里列出没有任何规定动作要求到的单位、要求到了却没有任何记录的单位，以及没有参加过任何活动的人员。" }
        @if found.too_large {
            (ui::empty("单位太多，不逐个列出", "请从规定动作的矩阵点开一个下级单位，再看它的覆盖情况。", None))
        } @else {
            (units("without-rule", "没有要求到的单位", &found.without_rule, "每个单位都至少有一项规定动作。"))
            (units("without-record", "要求到了、还没有任何记录的单位", &found.without_record, "每个被要求到的单位都有记录。"))
            @if found.asks_people {
                (people("people-without-rule", "没有要求到的人员", &found.people_without_rule, "每个在岗人员都至少有一项规定动作。"))
                (people("people", "要求到了、没有参加过任何活动的人员", &found.people, "被要求到的在岗人员都参加过活动。"))
            }
        }
    }
}

fn people(id: &str, caption: &str, left_out: &LeftOut, none: &str) -> Markup {
    let rows = left_out.first.iter();
    let rows = rows.map(|(_, name, unit)| Row::new([html! { (name) }, html! { (unit) }]));
    let table = Table::new(id, caption)
        .columns([Column::new("姓名"), Column::new("单位")])
        .row_head(0)
        .rows(rows)
        .empty(html! { p .text-muted { (none) } });
    html! {
        (table)
        @if left_out.total > left_out.first.len() as i64 {
            p { "共" (left_out.total) "人，只列出前" (left_out.first.len()) "人；请从规定动作的矩阵点开一个下级单位，再看它的覆盖情况。" }
        }
    }
}

/// What the overview shows: expected, done and late of a unit and its children; of a past day with the note what is
/// counted, `None` where too much has changed since.
pub(crate) fn overview_card(
    lines: Option<&[bihuan_app::required_action::ChildActions]>,
    past: Option<Day>,
) -> Markup {
    let Some(lines) = lines else {
        let most = AS_OF_UNITS_MAX / 10_000;
        let words = format!(
            "下级单位超过{most}万个，过去某一天的规定动作情况不在这里汇总。请点开下级单位，再看同一天。"
        );
        return html! { (ui::card("规定动作", html! { p { (words) } })) };
    };
    if lines.is_empty() {
        return html! {};
    }
    let rows = lines.iter().map(|line| {
        let tally = &line.tally;
        let at = match line.own {
            true => format!("/units/{}/actions", line.unit),
            false => Href::new(ACTIONS_PATH).with("unit", line.unit).to_string(),
        };
        Row::new([
            html! { a href=(at) { (line.name) } },
            html! { (tally.expected) },
            html! { (tally.done + tally.done_late) (show::early_and_late(tally)) },
            html! { a href=(at) { (tally.missed) } },
            html! { (tally.excused) },
            html! { (tally.not_yet_due) },
        ])
    });
    let table = Table::new("actions-by-unit", "规定动作：本级和下级各单位")
        .hide_caption()
        .row_head(0)
        .columns([
            Column::new("单位"),
            Column::new("应做").number(),
            Column::new("已做").number(),
            Column::new("逾期未做").number(),
            Column::new("经批准免做").number(),
            Column::new("未到期").number(),
        ])
        .rows(rows)
        .stack();
    html! {
        (ui::card("规定动作", html! {
            (table)
            p .text-muted {
                "应做是各项要求、各周期、各责任对象之和；已做含提前完成和逾期完成，期限前至少" (EARLY_WORKING_DAYS) "个工作日做完的算提前；逾期未做已减去免做。"
                @if let Some(day) = past { (day.in_chinese()) "终的数：按当日的单位关系、人员和要求，算当日以前登记、当日有效的记录和免做；以后更正、作废、撤销的，不影响这一天。" }
            }
        }).flush().aside(html! { a href=(ACTIONS_PATH) { "逐项看" } }))
    }
}

/// The day a query names.
pub(super) fn day_of(query: &crate::form::Fields, name: &str) -> Result<Day, Problem> {
    Day::parse(query.text(name)).map_err(|_| Problem::NotFound)
}
