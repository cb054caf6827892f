//! Key tasks and livelihood projects: the list with where they stand, and one with its curve, milestones and figures.

mod edit;
mod forms;
mod show;
mod steps;

use axum::{extract::State, response::Response};
use bihuan_app::task::{TASK_ROWS, TaskLine, TaskList, TaskQuery};
use bihuan_domain::id::{TaskId, UnitId};
use bihuan_domain::role::Role;
use bihuan_domain::task::{FULL, Judged, Standing};
use bihuan_domain::{Coded as _, Day};
use maud::{Markup, html};

use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{Fields, QueryFields},
    frame::{Page, as_of},
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Badge, Column, Filter, Href, Pager, Row, StackedChart, StackedRow, Table, Tone, badge,
        button_link, card, choices,
    },
};

pub(crate) use steps::{At, done_json, done_schema};
pub const TASKS_PATH: &str = "/tasks";
/// Names that the address of the list may carry.
pub const QUERY: &[(&str, &str)] = &[
    ("campaign", "专项编号"),
    ("unit", "单位编号，含下级"),
    ("standing", "任务进度代码"),
    ("project", "1 只看民生实事，0 只看其他任务"),
    ("kind", "任务类别代码"),
    ("q", "名称中的字，或者“任务3”"),
    ("page", "第几页"),
];

pub fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get(TASKS_PATH, "task.list", "任务与实事", list),
        Route::get("/tasks/{id}", "task.show", "一项任务", show::show),
    ];
    routes.extend(edit::routes());
    routes.extend(steps::routes());
    routes
}

/// A task's page.
pub fn address(id: TaskId) -> String {
    format!("{TASKS_PATH}/{id}")
}

/// The mark of a standing.
pub fn standing_badge(judged: &Judged) -> Badge {
    let words = if judged.late && judged.standing == Standing::Done {
        "逾期完成"
    } else {
        judged.standing.label()
    };
    badge(tone(judged.standing), words)
}

pub fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Done => Tone::Good,
        Standing::OnSchedule => Tone::Info,
        Standing::AtRisk => Tone::Warning,
        Standing::Behind => Tone::Danger,
        Standing::NotStarted | Standing::Stopped => Tone::Neutral,
    }
}

/// Ten-thousandths as percent.
pub fn share(value: i64) -> String {
    let tenths = value * 1_000 / FULL;
    if tenths % 10 == 0 { format!("{}%", tenths / 10) } else { format!("{}.{}%", tenths / 10, tenths % 10) }
}

/// The question in an address.
pub fn query_of(fields: &Fields) -> Result<TaskQuery, Problem> {
    let standing = match fields.filled("standing") {
        None => None,
        Some(code) => Some(
            Standing::from_code(code)
                .ok_or_else(|| Problem::invalid("standing", "没有这种任务进度，请重新选择。"))?,
        ),
    };
    let page = fields.number::<usize>("page").unwrap_or(1).max(1);
    Ok(TaskQuery {
        campaign: fields.number::<i64>("campaign").map(bihuan_domain::id::CampaignId),
        unit: fields.number("unit").map(UnitId),
        standing,
        project: fields.filled("project").map(|text| text == "1"),
        kind: fields.text("kind").to_owned(),
        words: fields.text("q").to_owned(),
        offset: (page - 1).saturating_mul(TASK_ROWS),
    })
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(fields): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("任务与实事"), no_campaign("任务与实事")));
    };
    let query = TaskQuery { campaign: Some(campaign), ..query_of(&fields)? };
    let (who, asked) = (ctx.clone(), query.clone());
    let (found, seen) = web.run(move |app| Ok((app.tasks(&who, &asked)?, app.as_of()?))).await?;
    let here = here(&query);
    let may_set = ctx.actor.holds_anywhere(Role::Office);
    let lead = match &found.unit {
        Some((_, name)) => format!("{name}：{}。", found.sentence),
        None => format!("{}。", found.sentence),
    };
    let body = html! {
        (ui::heading("任务与实事", Some(&lead), html! {
            @if may_set { (button_link("下达任务", Href::new("/tasks/new").with("campaign", campaign).to_string()).primary()) }
            (ui::print_button())
        }))
        (current.switcher(&here.without("unit")))
        (filter(&query, &here, &found))
        (tiles(&found, &here))
        (by_unit(&found, &here))
        (table(&found, &query, &here, may_set))
    };
    let frame = page.frame("任务与实事").as_of(as_of(seen));
    Ok(current.remember(&web, page.show(frame, body)))
}

fn here(query: &TaskQuery) -> Href {
    let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    Href::new(TASKS_PATH)
        .with_some("campaign", query.campaign)
        .with_some("unit", query.unit)
        .with_some("standing", query.standing.map(|standing| standing.code()))
        .with_some("project", query.project.map(|project| if project { "1" } else { "0" }))
        .with_some("kind", text(&query.kind))
        .with_some("q", text(&query.words))
}

fn filter(query: &TaskQuery, here: &Href, found: &TaskList) -> Markup {
    let kinds = [("", "任务和实事"), ("0", "年度重点任务等"), ("1", "民生实事")];
    let project = query.project.map_or("", |project| if project { "1" } else { "0" });
    let standings = std::iter::once(("", "全部进度"))
        .chain(Standing::ALL.iter().map(|standing| (standing.code(), standing.label())));
    let mut filter = Filter::new(here.clone())
        .keep("campaign")
        .keep("unit")
        .field(ui::text("q", "名称").value(&query.words))
        .field(ui::select("project", "种类", choices(kinds)).value(project))
        .field(
            ui::select("standing", "进度", choices(standings))
                .value(query.standing.map_or("", |standing| standing.code())),
        );
    if let Some((_, name)) = &found.unit {
        filter = filter.active(format!("单位：{name}"), here.without("unit"));
    }
    html! { (filter) }
}

/// One tile a standing; each opens its rows.
fn tiles(found: &TaskList, here: &Href) -> Markup {
    let tiles: Vec<ui::Stat> = Standing::ALL
        .iter()
        .filter(|standing| found.tally.of(**standing) > 0)
        .map(|standing| {
            let count = found.tally.of(*standing).unsigned_abs();
            ui::stat(standing.label(), count, "项")
                .href(here.with("standing", standing.code()).to_string())
                .share(count, found.tally.total().unsigned_abs(), "全部任务")
                .definition(definition(*standing))
                .tone(tone(*standing))
        })
        .collect();
    html! { @if !tiles.is_empty() { (ui::stats(&tiles)) } }
}

fn definition(standing: Standing) -> &'static str {
    match standing {
        Standing::Done => "承担单位申报、另一单位或者没有经办的人认定完成的任务。",
        Standing::OnSchedule => "没有过期的节点，剩下的工作排得下；已申报完成、等待认定的也算。",
        Standing::AtRisk => {
            "还没有过期，但剩余工作日不够、支出超过预算、指标比时间慢得多，或者分解下去的任务有滞后。"
        }
        Standing::Behind => "任务时限或者任何一个节点已经过期而没有完成。",
        Standing::NotStarted => "还没有到开始日期。",
        Standing::Stopped => "下达单位终止的任务，不计入进度。",
    }
}

fn by_unit(found: &TaskList, here: &Href) -> Markup {
    if found.by_unit.len() < 2 {
        return html! {};
    }
    let chart = StackedChart {
        id: "by-unit".to_owned(),
        title: "各单位任务进度".to_owned(),
        unit: "项".to_owned(),
        summary: format!("{}个单位承担任务；分解给下级的任务只算一次。", found.by_unit.len()),
        row_label: "单位".to_owned(),
        parts: Standing::ALL.iter().map(|standing| (standing.label().to_owned(), tone(*standing))).collect(),
        rows: found
            .by_unit
            .iter()
            .map(|unit| StackedRow {
                label: unit.name.clone(),
                href: Some(here.with("unit", unit.unit_id).without("page").to_string()),
                values: Standing::ALL.iter().map(|s| unit.tally.of(*s).unsigned_abs()).collect(),
            })
            .collect(),
    };
    html! { (card("按单位", html! { (chart) })) }
}

fn table(found: &TaskList, query: &TaskQuery, here: &Href, may_set: bool) -> Markup {
    let action = may_set.then(|| ("下达任务", Href::new("/tasks/new")));
    let nothing =
        ui::empty("没有任务", "年度重点任务和民生实事下达后，会按节点自动算出进度，不用另外填报。", action);
    let rows = found.lines.iter().map(|line| row(line, found.day));
    let table = Table::new("tasks", "任务")
        .hide_caption()
        .columns([
            Column::new("任务").long(),
            Column::new("承担单位"),
            Column::new("进度").short(),
            Column::new("完成").number(),
            Column::new("应完成").number(),
            Column::new("下一节点"),
            Column::new("时限").short(),
        ])
        .row_head(0)
        .rows(rows)
        .empty(nothing)
        .stack();
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let pager = Pager::new(
        here.clone(),
        number(query.offset / TASK_ROWS + 1),
        number(TASK_ROWS),
        number(found.total),
    );
    html! { (table) (pager) }
}

fn row(line: &TaskLine, today: Day) -> Row {
    let task = &line.task;
    let row = Row::new([
        html! {
            a href=(address(task.id)) { (line.citation) "　" (task.title) }
            div .text-muted {
                (line.kind_name)
                @if line.parts > 0 { " · 分解为" (line.parts) "项" }
                @for reason in &line.judged.reasons { div { (reason) } }
            }
        },
        html! { (line.unit_name) },
        html! { (standing_badge(&line.judged)) },
        html! { (share(line.judged.progress)) },
        html! { (share(line.judged.planned)) },
        html! {
            @match &line.next {
                Some(next) => { (next.title) div .text-muted { (next.due_day) } },
                None => span .text-muted { "—" },
            }
        },
        html! {
            (task.due_day)
            @if task.is_open() { div .text-muted { (super::problem::days_words(Some(task.due_day), today)) } }
        },
    ]);
    match line.judged.standing {
        Standing::Behind => row.tone(Tone::Danger),
        Standing::AtRisk => row.tone(Tone::Warning),
        _ => row,
    }
}
