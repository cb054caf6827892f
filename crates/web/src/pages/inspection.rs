//! Inspections: the list, the calendar and the coverage; one plan with its team, visits and overlaps.

mod form;
mod plan;
mod visit;

use axum::{Json, extract::State, response::Response};
use bihuan_app::inspection::InspectionLine;
use bihuan_app::inspection::VisitLine;
use bihuan_domain::inspection::{Inspection, InspectionState, VisitState};
use bihuan_domain::role::Role;
use bihuan_domain::unit::Level;
use bihuan_domain::{Coded as _, Day, id::UnitId};
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::QueryFields,
    frame::Page,
    route::{Access, Route},
    state::{Session, WebState},
    ui::{self, Choice, Column, Href, Pager, Row, Tab, Table, Tone, badge, button_link, card, choices},
};

pub(super) use visit::answers_of;
pub use visit::origin_of;

/// Where inspections are listed.
pub const INSPECTIONS_PATH: &str = "/inspections";
/// Units on one page of the coverage.
const COVERAGE_PAGE: u64 = 100;
/// Asks the coverage for units of all levels.
const ALL_LEVELS: &str = "all";
/// More visits of one unit than this within the calendar are marked.
const LOAD_MANY: usize = 2;
/// Days the calendar shows.
const CALENDAR_DAYS: i32 = 28;

pub fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get(INSPECTIONS_PATH, "inspection.list", "督导检查列表", list),
        Route::get("/inspections/calendar", "inspection.calendar", "检查日历", calendar),
        Route::get("/inspections/coverage", "inspection.coverage", "检查覆盖", coverage),
        Route::get("/inspections/new", "inspection.new", "拟制检查计划页", form::new),
        Route::get("/inspections/{id}", "inspection.show", "检查计划", plan::show),
        Route::get("/inspections/{id}/edit", "inspection.edit", "修改检查计划页", form::edit),
        Route::get("/api/v1/inspections", "inspection.list_json", "督导检查（campaign）", list_json)
            .access(Access::Token("inspection:read")),
        Route::get("/api/v1/inspections/{id}", "inspection.show_json", "检查计划和走访", plan::show_json)
            .access(Access::Token("inspection:read")),
        Route::get(
            "/api/v1/inspections/calendar",
            "inspection.calendar_json",
            "各单位接受检查的安排（unit、from，四周）",
            calendar_json,
        )
        .access(Access::Token("inspection:read")),
        Route::get(
            "/api/v1/inspections/coverage",
            "inspection.coverage_json",
            "检查覆盖（campaign、unit、level、offset）",
            coverage_json,
        )
        .access(Access::Token("inspection:read")),
    ];
    routes.extend(form::steps().into_iter().flatten());
    routes.extend(plan::steps().into_iter().flatten());
    routes.extend(visit::routes());
    routes
}

pub(super) fn state_badge(plan: &Inspection) -> Markup {
    let tone = match plan.state {
        InspectionState::Draft => Tone::Neutral,
        InspectionState::Proposed => Tone::Warning,
        InspectionState::Approved | InspectionState::Issued => Tone::Info,
        InspectionState::Ended => Tone::Good,
    };
    html! { (badge(tone, plan.state.label())) }
}

pub(super) fn visit_badge(state: VisitState) -> Markup {
    let tone = match state {
        VisitState::Planned => Tone::Info,
        VisitState::Done => Tone::Good,
        VisitState::Covered | VisitState::Cancelled => Tone::Neutral,
    };
    html! { (badge(tone, state.label())) }
}

fn tabs(here: &str) -> Markup {
    let tab = |label: &str, path: &str| Tab::new(label, path, here == path);
    ui::tabs(
        "督导检查",
        &[
            tab("检查计划", INSPECTIONS_PATH),
            tab("检查日历", "/inspections/calendar"),
            tab("检查覆盖", "/inspections/coverage"),
        ],
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
        return Ok(page.show(page.frame("督导检查"), no_campaign("督导检查")));
    };
    let who = ctx.clone();
    let lines = web.run(move |app| app.inspections(&who, campaign)).await?;
    let rows = lines.iter().map(|InspectionLine { inspection, unit }| {
        Row::new([
            html! { a href={ (INSPECTIONS_PATH) "/" (inspection.id) } { (inspection.title) } },
            html! { (inspection.kind.label()) },
            html! { (unit.name) },
            html! { (inspection.starts_day) "至" (inspection.ends_day) },
            html! { (state_badge(inspection)) },
        ])
    });
    let table = Table::new("inspections", "检查计划")
        .hide_caption()
        .columns([
            Column::new("名称").long(),
            Column::new("种类").short(),
            Column::new("组织单位"),
            Column::new("时间").short(),
            Column::new("状态").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("还没有检查计划", "督查须有依据、范围、时间、人员和组长，经批准后下发。", None));
    let may = ctx.actor.holds_anywhere(Role::Office) || ctx.actor.holds_anywhere(Role::Inspector);
    let body = html! {
        (ui::heading("督导检查", Some("先批后查；同一单位、相近时间有别的检查，下发前就看得见。"), html! {
            @if may { (button_link("拟制检查计划", Href::new("/inspections/new").with("campaign", campaign).to_string()).primary()) }
        }))
        (current.switcher(&Href::new(INSPECTIONS_PATH)))
        (tabs(INSPECTIONS_PATH))
        (table)
    };
    Ok(current.remember(&web, page.show(page.frame("督导检查"), body)))
}

/// The chosen unit of a page's address.
fn unit_asked(fields: &crate::form::Fields) -> Option<UnitId> {
    fields.number::<i64>("unit").map(UnitId)
}

/// The chosen level of the coverage; townships where none was chosen, `None` for all.
fn level_asked(fields: &crate::form::Fields) -> Option<Level> {
    match fields.text("level") {
        ALL_LEVELS => None,
        code => Some(Level::from_code(code).unwrap_or(Level::Township)),
    }
}

async fn calendar(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let from =
        query.filled("from").and_then(|text| Day::parse(text).ok()).unwrap_or(ctx.today().plus_days(-7));
    let to = from.plus_days(CALENDAR_DAYS - 1);
    let (who, unit) = (ctx.clone(), unit_asked(&query));
    let lines = web.run(move |app| app.visit_calendar(&who, unit, from, to)).await?;
    let here = Href::new("/inspections/calendar").with_some("unit", unit);
    let body = html! {
        (ui::heading("检查日历", Some(&format!("{from}至{to}，各单位接受检查的情况；只列您可以查看的。")), html! {
            (button_link("前四周", here.with("from", from.plus_days(-CALENDAR_DAYS)).to_string()))
            (button_link("后四周", here.with("from", from.plus_days(CALENDAR_DAYS)).to_string()))
        }))
        (tabs("/inspections/calendar"))
        (load_table(&lines, from))
    };
    Ok(page.show(page.frame("检查日历").crumb("督导检查", INSPECTIONS_PATH), body))
}

async fn calendar_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let from = query.filled("from").and_then(|text| Day::parse(text).ok()).unwrap_or(ctx.today());
    let to = from.plus_days(CALENDAR_DAYS - 1);
    let unit = unit_asked(&query);
    let lines = web.run(move |app| app.visit_calendar(&ctx, unit, from, to)).await?;
    let line = |line: &VisitLine| {
        json!({ "visit": line.visit.id, "unit": line.unit.id, "name": line.unit.name, "inspection": line.visit.inspection_id,
            "title": line.title, "from_day": line.visit.from_day, "to_day": line.visit.to_day, "state": line.visit.state })
    };
    Ok(Json(json!({ "from": from, "to": to, "visits": lines.iter().map(line).collect::<Vec<_>>() })))
}

/// One row a unit, one column a week: which visits, and how many in all. A visit that spans two weeks stands in both.
fn load_table(lines: &[VisitLine], from: Day) -> Markup {
    let mut units: Vec<(&bihuan_domain::unit::Unit, Vec<&VisitLine>)> = Vec::new();
    for line in lines {
        match units.iter_mut().find(|(unit, _)| unit.id == line.unit.id) {
            Some((_, own)) => own.push(line),
            None => units.push((&line.unit, vec![line])),
        }
    }
    let weeks: Vec<(Day, Day)> =
        (0..CALENDAR_DAYS / 7).map(|n| (from.plus_days(n * 7), from.plus_days(n * 7 + 6))).collect();
    let rows = units.iter().map(|(unit, own)| {
        let crowded = own
            .iter()
            .enumerate()
            .any(|(at, one)| own[..at].iter().any(|other| one.visit.overlaps(&other.visit)));
        let mut cells = vec![
            html! { a href={ "/units/" (unit.id) } { (unit.name) } },
            html! { div { (own.len()) @if crowded { br; (badge(Tone::Warning, "时间重叠")) } @else if own.len() > LOAD_MANY { br; (badge(Tone::Warning, "次数较多")) } } },
        ];
        for (first, last) in &weeks {
            let here = own.iter().filter(|line| {
                let (from, to) = days_of(line);
                from <= *last && to >= *first
            });
            cells.push(html! { ul .plain-list { @for line in here { li { (calendar_line(line)) } } } });
        }
        let row = Row::new(cells);
        if crowded { row.tone(Tone::Warning) } else { row }
    });
    let short = |day: &Day| format!("{}/{}", day.ymd().1, day.ymd().2);
    let mut columns = vec![Column::new("单位"), Column::new("四周次数").number()];
    columns
        .extend(weeks.iter().map(|(first, last)| Column::new(format!("{}—{}", short(first), short(last)))));
    html! {
        (Table::new("load", "各单位接受检查的情况")
            .hide_caption()
            .columns(columns)
            .row_head(0)
            .rows(rows)
            .stack()
            .empty(ui::empty("这段时间没有检查安排", "可以换一段时间查看。", None)))
    }
}

/// The days a visit burdens its unit: those it is planned for, and the one day once it took place.
fn days_of(line: &VisitLine) -> (Day, Day) {
    let visit = &line.visit;
    visit.done_day.map_or((visit.from_day, visit.to_day), |day| (day, day))
}

fn calendar_line(line: &VisitLine) -> Markup {
    let (from, to) = days_of(line);
    html! {
        a href={ "/visits/" (line.visit.id) } { (line.title) }
        " " span .text-muted { (from) @if to != from { "至" (to) } }
        " " (visit_badge(line.visit.state))
    }
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
        return Ok(page.show(page.frame("检查覆盖"), no_campaign("检查覆盖")));
    };
    let level = level_asked(&query);
    let number = query.number::<u64>("page").unwrap_or(1).max(1);
    let offset = i64::try_from((number - 1).saturating_mul(COVERAGE_PAGE)).unwrap_or(0);
    let (who, asked) = (ctx.clone(), unit_asked(&query));
    let (unit, found) = web
        .run(move |app| {
            let unit = match asked {
                Some(unit) => unit,
                None => app.campaign_standpoint(&who, campaign)?,
            };
            app.visit_coverage(&who, campaign, unit, level, offset)
        })
        .await?;
    let rows = found.page.iter().map(|one| {
        Row::new([
            html! { a href={ "/units/" (one.unit.id) } { (one.unit.name) } },
            html! { (one.done) },
            html! { (one.planned) },
            html! { @match one.last_day { Some(day) => (day), None => span .text-muted { "从未" } } },
        ])
    });
    let table = Table::new("coverage", "检查覆盖")
        .hide_caption()
        .columns([
            Column::new("单位"),
            Column::new("检查过").number(),
            Column::new("已安排").number(),
            Column::new("最近一次").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("这一层级没有单位", "请换一个层级。", None));
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let never = found.units - found.visited - found.planned;
    let levels = [Level::County, Level::Township, Level::Village, Level::Branch];
    let mut levels = choices(levels.iter().map(|level| (level.code(), level.label())));
    levels.push(Choice::new(ALL_LEVELS, "全部层级"));
    let (code, words) = level.map_or((ALL_LEVELS, "各级单位"), |level| (level.code(), level.label()));
    let here = Href::new("/inspections/coverage").with("level", code).with("unit", unit.id);
    let body = html! {
        (ui::heading("检查覆盖", Some(&format!("{}以下{words}，一个都不少；没有检查过的排在前面。", unit.name)), html! {}))
        (current.switcher(&here))
        (tabs("/inspections/coverage"))
        (ui::stats(&[
            ui::stat("检查过", count(found.visited), "个").share(count(found.visited), count(found.units), "全部").tone(Tone::Good),
            ui::stat("已安排", count(found.planned), "个"),
            ui::stat("从未检查、也没有安排", count(never), "个").tone(if never > 0 { Tone::Warning } else { Tone::Neutral }),
        ]))
        form .day-form action="/inspections/coverage" method="get" {
            input type="hidden" name="unit" value=(unit.id);
            (ui::select("level", "层级", levels).value(code))
            div .actions { button .btn .btn-outline-secondary .btn-sm type="submit" { "查看" } }
        }
        (card("逐个单位", html! { (table) (Pager::new(here, number, COVERAGE_PAGE, count(found.units))) }).flush())
    };
    Ok(page.show(page.frame("检查覆盖").crumb("督导检查", INSPECTIONS_PATH), body))
}

async fn list_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    wish: CampaignWish,
) -> Result<Json<Value>, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else { return Ok(Json(json!({ "inspections": [] }))) };
    let lines = web.run(move |app| app.inspections(&ctx, campaign)).await?;
    Ok(Json(json!({ "inspections": lines.iter().map(|line| &line.inspection).collect::<Vec<_>>() })))
}

async fn coverage_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let campaign = current.id().ok_or(Problem::NotFound)?;
    let level = level_asked(&query);
    let offset = query.number("offset").unwrap_or(0);
    let unit = unit_asked(&query).ok_or_else(|| Problem::invalid("unit", "请给出“unit”，单位的编号。"))?;
    let (_, found) = web.run(move |app| app.visit_coverage(&ctx, campaign, unit, level, offset)).await?;
    let line = |one: &bihuan_app::inspection::Covered| json!({ "unit": one.unit.id, "name": one.unit.name, "done": one.done, "planned": one.planned, "last_day": one.last_day });
    Ok(Json(json!({ "units": found.units, "visited": found.visited, "planned": found.planned,
        "page": found.page.iter().map(line).collect::<Vec<_>>() })))
}
