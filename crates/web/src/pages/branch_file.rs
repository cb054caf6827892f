//! The file of a unit 一计划、两清单、一记录, for any day, with what is missing named (M09).

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::branch_file::{BranchFile, FILE_PROBLEMS_MAX, FILE_RECORDS_MAX, Missing};
use bihuan_domain::id::UnitId;
use bihuan_domain::{Coded as _, Day};
use maud::{Markup, html};

use super::{problem, task};
use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{Fields, QueryFields},
    frame::{Page, as_of},
    route::Route,
    state::{Session, WebState},
    ui::{self, Column, Filter, Href, Notice, Row, Table, button_link, card},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![Route::get("/units/{id}/file", "unit.file", "一计划两清单一记录", show)]
}

/// The day an address asks for.
pub fn day_of(fields: &Fields) -> Result<Option<Day>, Problem> {
    match fields.filled("day") {
        None => Ok(None),
        Some(text) => Day::parse(text).map(Some).map_err(|error| Problem::invalid("day", error.to_string())),
    }
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    wish: CampaignWish,
    QueryFields(fields): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("一计划两清单一记录"), no_campaign("一计划两清单一记录")));
    };
    let day = day_of(&fields)?;
    let who = ctx.clone();
    let (file, seen) =
        web.run(move |app| Ok((app.branch_file(&who, UnitId(id), campaign, day)?, app.as_of()?))).await?;
    let here = Href::new(format!("/units/{id}/file")).with("campaign", campaign).with_some("day", day);
    let lead =
        format!("{} · {}的情况，由系统汇总，不用另外整理。", file.plan.campaign_name, file.day.in_chinese());
    let body = html! {
        (ui::heading(&format!("{}　一计划两清单一记录", file.plan.unit_name), Some(&lead), html! {
            (button_link("施工图", Href::new("/plan").with("campaign", campaign).with("unit", id).to_string()))
            (ui::print_button())
        }))
        (current.switcher(&here))
        (Filter::new(here.clone()).keep("campaign").field(ui::date("day", "看哪一天").value(file.day.to_string()).between(None, Some(ctx.today().to_string()))))
        (missing(&file.missing))
        (plan(&file))
        (problems(&file))
        (tasks(&file))
        (records(&file))
    };
    let frame = page
        .frame("一计划两清单一记录")
        .crumb("单位", "/units")
        .crumb(file.plan.unit_name.clone(), format!("/units/{id}"))
        .as_of(as_of(seen));
    Ok(current.remember(&web, page.show(frame, body)))
}

fn missing(missing: &[Missing]) -> Markup {
    html! {
        @if missing.is_empty() { (Notice::good("没有发现缺项。")) }
        @else {
            (card(format!("缺项（{}）", missing.len()), html! {
                ul { @for one in missing { li { a href=(one.href) { (one.words) } } } }
            }))
        }
    }
}

fn plan(file: &BranchFile) -> Markup {
    let rows = file.plan.groups.iter().flat_map(|(strand, bars)| {
        bars.iter().map(move |bar| {
            Row::new([
                html! { (strand) },
                html! { a href=(bar.href) { (bar.title) } @if !bar.note.is_empty() { div .text-muted { (bar.note) } } },
                html! { (bar.kind.label()) },
                html! { (bar.from) },
                html! { (bar.to) },
                html! { (bar.state.label()) },
            ])
        })
    });
    let table = Table::new("file-plan", "计划")
        .hide_caption()
        .columns([
            Column::new("重点措施"),
            Column::new("事项").long(),
            Column::new("类别").short(),
            Column::new("开始").short(),
            Column::new("到期").short(),
            Column::new("当天的状态").short(),
        ])
        .row_head(1)
        .rows(rows)
        .empty(ui::empty("没有计划", "规定动作、任务和有时限的问题会自动列在这里。", None))
        .stack();
    html! { (card("一、计划", html! { (table) }).flush()) }
}

fn problems(file: &BranchFile) -> Markup {
    let rows = file.problems.iter().map(|line| {
        let problem = &line.problem;
        Row::new([
            html! { a href={ "/problems/" (problem.id) } { (problem.citation()) } },
            html! { (problem.text) },
            html! { (problem::state_badge(problem.state, problem.outcome)) @if line.late_days > 0 { div .text-muted { "逾期" (line.late_days) "天" } } },
            html! { @if let Some(day) = problem.due_day { (day) } @else { (problem.deadline_text) } },
            html! { @if let Some(day) = problem.closed_day { (day) } @else { "—" } },
        ])
    });
    let table = Table::new("file-problems", "问题清单")
        .hide_caption()
        .columns([
            Column::new("编号").short(),
            Column::new("问题").long(),
            Column::new("状态").short(),
            Column::new("时限").short(),
            Column::new("销号").short(),
        ])
        .row_head(0)
        .rows(rows)
        .empty(ui::empty("没有问题", "这一天本单位没有登记在册的问题。", None))
        .stack();
    html! {
        (card(format!("二、问题清单（{}件）", file.problems_total), html! { (table) }).flush())
        @if file.problems_total > FILE_PROBLEMS_MAX { p .text-muted { "只列出前" (FILE_PROBLEMS_MAX) "件。" } }
    }
}

fn tasks(file: &BranchFile) -> Markup {
    let rows = file.tasks.iter().map(|one| {
        Row::new([
            html! { a href=(task::address(one.task.id)) { (one.citation) } },
            html! { (one.task.title) },
            html! { (task::standing_badge(&one.judged)) },
            html! { (task::share(one.judged.progress)) },
            html! { (one.milestones.1) "/" (one.milestones.0) },
            html! { (one.task.due_day) },
        ])
    });
    let table = Table::new("file-tasks", "任务清单")
        .hide_caption()
        .columns([
            Column::new("编号").short(),
            Column::new("任务").long(),
            Column::new("进度").short(),
            Column::new("完成").number(),
            Column::new("节点").number(),
            Column::new("时限").short(),
        ])
        .row_head(0)
        .rows(rows)
        .empty(ui::empty("没有任务", "这一天本单位没有承担重点任务或者民生实事。", None))
        .stack();
    html! { (card(format!("三、任务清单（{}项）", file.tasks.len()), html! { (table) }).flush()) }
}

fn records(file: &BranchFile) -> Markup {
    let rows = file.records.iter().map(|record| {
        Row::new([
            html! { (record.day) },
            html! { (record.kind) },
            html! { a href={ "/activities/" (record.id) } { (record.topic) } },
            html! { (record.filed_day) @if record.filed_day > record.day { div .text-muted { "晚" (record.filed_day.minus(record.day)) "天" } } },
        ])
    });
    let table = Table::new("file-records", "活动记录")
        .hide_caption()
        .columns([
            Column::new("日期").short(),
            Column::new("类别").short(),
            Column::new("内容").long(),
            Column::new("填报").short(),
        ])
        .row_head(0)
        .rows(rows)
        .empty(ui::empty("没有记录", "活动记录一次，计入它满足的每一项规定动作。", None))
        .stack();
    html! {
        (card(format!("四、记录（{}条）", file.records_total), html! { (table) }).flush())
        @if file.records_total > FILE_RECORDS_MAX { p .text-muted { "只列出最近的" (FILE_RECORDS_MAX) "条，更早的请在活动记录里看。" } }
        @if file.plan.left_out > 0 { p .text-muted { "计划另有" (file.plan.left_out) "项没有列出，请在施工图里分段看。" } }
    }
}
