//! Activities: the list, the record in under a minute, the record's page, correction.

mod form;

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::activity::{ActivityList, ActivityPage, ActivityQuery, Counted, Edition};
use bihuan_app::evidence::EVIDENCE_BYTES_MAX;
use bihuan_domain::Day;
use bihuan_domain::activity::{ActivityState, Attendance, REASON_CHARS_MAX};
use bihuan_domain::id::{ActivityId, PersonId, UnitId};
use maud::{Markup, html};

use super::copied::copied;
use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{Fields, QueryFields},
    frame::Page,
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Choice, Column, Filter, Href, Pager, PostForm, Row, Table, Tone, badge, button, button_link,
        card, choices,
    },
};

pub(crate) const ACTIVITIES_PATH: &str = "/activities";
/// A record with one file, and room for the fields.
pub(crate) const FORM_BYTES_MAX: usize = EVIDENCE_BYTES_MAX + 256 * 1024;

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(ACTIVITIES_PATH, "activity.list", "活动记录", list),
        Route::get("/activities/new", "activity.new", "登记活动页", form::new),
        Route::post(ACTIVITIES_PATH, "activity.record", "登记活动", form::record).body_limit(FORM_BYTES_MAX),
        Route::get("/activities/{id}", "activity.show", "一条活动记录", show),
        Route::get("/activities/{id}/edit", "activity.edit", "更正活动记录页", form::edit),
        Route::post("/activities/{id}/edit", "activity.correct", "更正活动记录", form::correct)
            .body_limit(FORM_BYTES_MAX),
        Route::post("/activities/{id}/withdraw", "activity.withdraw", "作废活动记录", withdraw),
        Route::get("/activities/{id}/files/{file}", "activity.file", "下载活动附件", file),
    ]
}

pub(crate) fn query_of(fields: &Fields) -> ActivityQuery {
    let day = |name: &str| Day::parse(fields.text(name)).ok();
    ActivityQuery {
        unit: fields.number("unit").map(UnitId),
        kind: fields.filled("kind").map(str::to_owned),
        from: day("from"),
        to: day("to"),
        person: fields.number("person").map(PersonId),
        page: fields.number::<i64>("page").unwrap_or(1).max(1) - 1,
    }
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
        return Ok(page.show(page.frame("活动记录"), no_campaign("活动记录")));
    };
    let query = query_of(&fields);
    let asked = query.clone();
    let found = web.run(move |app| app.activities(&ctx, campaign, &asked)).await?;
    let body = html! {
        (current.switcher(&Href::new(ACTIVITIES_PATH)))
        (rows(&found, &query))
    };
    Ok(current.remember(&web, page.show(page.frame("活动记录"), body)))
}

fn rows(found: &ActivityList, query: &ActivityQuery) -> Markup {
    let here = Href::new(ACTIVITIES_PATH)
        .with_some("unit", query.unit)
        .with_some("kind", query.kind.as_ref())
        .with_some("from", query.from)
        .with_some("to", query.to)
        .with_some("person", query.person);
    let kind = |code: &str| {
        found.kinds.iter().find(|(have, _)| have == code).map_or(code.to_owned(), |(_, n)| n.clone())
    };
    let mut options = vec![Choice::new("", "全部类别")];
    options.extend(choices(found.kinds.iter().map(|(code, name)| (code.clone(), name.clone()))));
    let filter = Filter::new(here.clone())
        .keep("unit")
        .keep("person")
        .field(ui::select("kind", "类别", options).value(query.kind.clone().unwrap_or_default()))
        .field(ui::date("from", "从").value(query.from.map(|d| d.to_string()).unwrap_or_default()))
        .field(ui::date("to", "到").value(query.to.map(|d| d.to_string()).unwrap_or_default()));
    let lines = found.rows.iter().map(|(activity, unit)| {
        Row::new([
            html! { a href={ (ACTIVITIES_PATH) "/" (activity.id) } { (activity.topic) } },
            html! { (kind(&activity.kind)) },
            html! { (unit) },
            html! { (activity.day) },
            html! {
                @if activity.state == ActivityState::Withdrawn { (badge(Tone::Neutral, "已作废")) }
                @else if activity.version > 1 { (badge(Tone::Info, "更正过")) }
                @if activity.makes_up_day.is_some() { (badge(Tone::Warning, "补做")) }
            },
        ])
    });
    let total = u64::try_from(found.total).unwrap_or(0);
    let number = u64::try_from(query.page + 1).unwrap_or(1);
    html! {
        (ui::heading("活动记录", Some("登记一次，凡是够得上的规定动作都算数。"), html! {
            @if found.may_record { (button_link("登记活动", "/activities/new").primary()) }
        }))
        (filter)
        (Table::new("activities", format!("共{total}条"))
            .row_head(0)
            .columns([Column::new("内容").long(), Column::new("类别"), Column::new("单位"), Column::new("日期").short(), Column::new("说明")])
            .rows(lines)
            .stack()
            .empty(ui::empty("还没有活动记录", "开完会、上完课，用手机一分钟就能登记。", None)))
        (Pager::new(here, number, u64::try_from(found.page_rows).unwrap_or(1), total))
    }
}

/// Which rules a record counts for, and what it still lacks.
pub(crate) fn counted(lines: &[Counted]) -> Markup {
    html! {
        @if lines.is_empty() {
            p .text-muted { "现在没有规定动作要求这类活动；记录照样保留，以后的要求需要时会自动算上。" }
        } @else {
            ul {
                @for line in lines {
                    li {
                        a href={ "/actions/" (line.rule_id) } { (line.name) } "（" (line.period) "） "
                        @match line.lacks {
                            None => { (badge(Tone::Good, "算数")) " 算在" (line.at_in_words()) },
                            Some(lack) => (badge(Tone::Warning, format!("还缺{}", lack.label()))),
                        }
                        @if line.filed_late { " " (badge(Tone::Warning, "迟报")) }
                    }
                }
            }
        }
    }
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let found = web.run(move |app| app.activity_page(&ctx, ActivityId(id))).await?;
    let frame = page.frame(found.activity.topic.clone()).crumb("活动记录", ACTIVITIES_PATH);
    Ok(page.show(frame, record(&page, &found)?))
}

fn record(page: &Page, found: &ActivityPage) -> Result<Markup, Problem> {
    let activity = &found.activity;
    let lead = format!("{} · {} · {}", found.kind, found.unit.name, activity.day.in_chinese());
    let live = activity.state == ActivityState::Recorded;
    let names = |how: Attendance| {
        let some = found.people.iter().filter(|(_, _, have)| *have == how);
        let of = |id: PersonId| found.guests.iter().find(|guest| guest.id == id);
        let named = some.map(|(id, name, _)| match of(*id) {
            Some(guest) if !guest.unit_name.is_empty() => format!("{name}（{}）", guest.unit_name),
            _ => name.clone(),
        });
        named.collect::<Vec<_>>().join("、")
    };
    let withdraw = PostForm::new(format!("{ACTIVITIES_PATH}/{}/withdraw", activity.id), page.csrf()?)
        .hidden("version", activity.version.to_string())
        .body(html! {
            (ui::text("reason", "作废理由").max_chars(REASON_CHARS_MAX).required())
            div .actions { (button("作废这条记录").danger()) }
        });
    Ok(html! {
        (ui::heading(&activity.topic, Some(&lead), html! {
            @if found.may_correct && live { (button_link("更正", format!("{ACTIVITIES_PATH}/{}/edit", activity.id))) }
        }))
        @if !live { div .alert .alert-warning { "这条记录已经作废，不再算数，内容保留备查。" } }
        @if live { (card("算到哪些规定动作", counted(&found.counted))) }
        dl .facts {
            dt { "主讲或主持" } dd { (or_none(&names(Attendance::Lead))) }
            dt { "参加人员" } dd { (or_none(&names(Attendance::Attend))) @if !found.people.is_empty() { "（共" (found.people.len()) "人）" } }
            @if !found.units.is_empty() { dt { "联合开展单位" } dd { (found.units.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join("、")) } }
            @if activity.duration_minutes > 0 { dt { "时长" } dd { (activity.duration_minutes) "分钟" } }
            @if let Some(day) = activity.makes_up_day { dt { "补做" } dd { (day.in_chinese()) "所在周期" } }
            @if !activity.link.is_empty() { dt { "链接" } dd { a href=(activity.link) rel="noopener noreferrer" { (activity.link) } } }
            dt { "登记" } dd { (found.filed_by) "，" (activity.filed_at.in_chinese()) }
        }
        (copied(&found.copied, "记录与其他活动相同或几乎相同"))
        @if !activity.minutes_text.is_empty() {
            (card("记录或纪要", html! { @for line in activity.minutes_text.lines() { p { (line) } } }))
        }
        @if !found.files.is_empty() {
            (card("附件", html! { ul { @for file in &found.files {
                li { a href={ (ACTIVITIES_PATH) "/" (activity.id) "/files/" (file.id) } { (file.file_name) } " " (ui::file_size(u64::try_from(file.size_bytes).unwrap_or(0))) @if file.minutes { " " (badge(Tone::Info, "纪要")) } }
            } } }))
        }
        @if !found.editions.is_empty() {
            (card("更正以前", html! { ol .list-unstyled { @for old in &found.editions { (edition(old)) } } }))
        }
        @if found.may_correct && live { details { summary { "作废这条记录" } (withdraw) } }
    })
}

/// An edition in full, for who reads it must be able to see what was changed.
fn edition(old: &Edition) -> Markup {
    let named = |how: Attendance| {
        let some = old.people.iter().filter(|(_, _, have)| *have == how).map(|(_, name, _)| name.as_str());
        some.collect::<Vec<_>>().join("、")
    };
    let record = &old.record;
    html! {
        li {
            "第" (old.number) "版（" (old.at.in_chinese()) "由" (old.by) "更正：" (old.reason) "）"
            dl .facts {
                dt { "活动" } dd { (old.kind) "，" (record.day.in_chinese()) "，" (record.topic) }
                dt { "主讲或主持" } dd { (or_none(&named(Attendance::Lead))) }
                dt { "参加人员" } dd { (or_none(&named(Attendance::Attend))) }
                @if !old.units.is_empty() { dt { "联合开展单位" } dd { (old.units.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join("、")) } }
                @if record.duration_minutes > 0 { dt { "时长" } dd { (record.duration_minutes) "分钟" } }
                @if let Some(day) = record.makes_up_day { dt { "补做" } dd { (day.in_chinese()) "所在周期" } }
                @if !record.link.is_empty() { dt { "链接" } dd { (record.link) } }
            }
            @if !record.minutes_text.is_empty() {
                details { summary { "当时的记录或纪要" } @for line in record.minutes_text.lines() { p { (line) } } }
            }
        }
    }
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "未填" } else { text }
}

async fn withdraw(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (version, reason) = (fields.number("version"), fields.text("reason").to_owned());
    web.run(move |app| app.withdraw_activity(&ctx, ActivityId(id), version, &reason)).await?;
    Ok(page.go(format!("{ACTIVITIES_PATH}/{id}"), "记录已作废，原内容保留备查。"))
}

async fn file(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path((id, file)): Path<(i64, i64)>,
) -> Result<Response, Problem> {
    let out = web.run(move |app| app.activity_file(&ctx, ActivityId(id), file)).await?;
    crate::pages::problem::file_out(out)
}
