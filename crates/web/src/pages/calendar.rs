//! The working-day calendar, a year at a time. Everybody may look; the system administrator pastes the yearly notice.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::{
    Context,
    calendar::{CalendarYear, YEARS, missing_sentence},
};
use bihuan_domain::{
    Day,
    calendar::{CalendarRow, DayKind, NOTICE_CHARS_MAX},
    role::Role,
};
use maud::{Markup, Render as _, html};

use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    guard::CsrfToken,
    route::Route,
    state::{Session, WebState},
    ui::{self, Href, Notice, PostForm, Tab, button, card, tabs},
};

/// Where it is.
pub const CALENDAR_PATH: &str = "/admin/calendar";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(CALENDAR_PATH, "calendar.show", "工作日历", show),
        Route::post("/admin/calendar/{year}", "calendar.change", "修改工作日历", change),
    ]
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let year = query.number("year").unwrap_or_else(|| ctx.today().year());
    show_year(&web, ctx, &page, year, &Fields::default(), None).await
}

async fn show_year(
    web: &WebState,
    ctx: Context,
    page: &Page,
    year: i32,
    fields: &Fields,
    again: Option<Again>,
) -> Result<Response, Problem> {
    let today = ctx.today();
    let may_change = ctx.actor.holds_anywhere(Role::SystemAdmin);
    let shown = web.run(move |app| app.calendar_year(&ctx, year)).await?;
    let errors = again.as_ref().map(|again| again.errors.clone()).unwrap_or_default();
    let lead = "“15个工作日内”这类时限按这里的安排计算：周一到周五上班，放假和调休除外。";
    let body = html! {
        (ui::heading("工作日历", Some(lead), html! {}))
        (warning(&shown, may_change))
        (years(&shown, today))
        (summary(&shown))
        @if may_change { (form(&shown, page.csrf()?, fields, &errors)) }
        (year_grid(&shown, today))
    };
    let frame = page.frame("工作日历");
    Ok(match again {
        Some(again) => page.show_again(frame, body, &again),
        None => page.show(frame, body),
    })
}

fn of_year(year: i32) -> Href {
    Href::new(CALENDAR_PATH).with("year", year)
}

fn warning(shown: &CalendarYear, may_change: bool) -> Markup {
    let Some(missing) = shown.missing.filter(|missing| *missing != shown.year) else { return html! {} };
    Notice::warning(missing_sentence(missing))
        .detail(html! {
            p { @if may_change { a href=(of_year(missing)) { "录入" (missing) "年的安排" } } @else { "请告知系统管理员录入。" } }
        })
        .render()
}

fn years(shown: &CalendarYear, today: Day) -> Markup {
    let mut all = shown.years.clone();
    all.extend([today.year(), today.year() + 1, shown.year]);
    all.retain(|year| YEARS.contains(year));
    // The newest first: on a phone the rest lies beyond the edge.
    all.sort_unstable_by(|a, b| b.cmp(a));
    all.dedup();
    let items: Vec<Tab> = all
        .into_iter()
        .map(|year| {
            let words = if shown.years.contains(&year) {
                format!("{year}年")
            } else {
                format!("{year}年（未录入）")
            };
            Tab::new(words, of_year(year), year == shown.year)
        })
        .collect();
    tabs("年份", &items)
}

fn summary(shown: &CalendarYear) -> Markup {
    let year = shown.year;
    let Some(working) = shown.working_days else {
        let hint = "国务院办公厅通常在上一年11月公布放假安排，公布后由系统管理员录入。";
        return Notice::warning(missing_sentence(year)).detail(html! { p { (hint) } }).render();
    };
    let count = |kind: DayKind| shown.rows.iter().filter(|row| row.kind == kind).count();
    html! {
        p { (year) "年共有 " strong { (working) } " 个工作日；放假 " (count(DayKind::Holiday)) " 天（含连休的周末），调休上班 " (count(DayKind::Workday)) " 天。"
            @if shown.own { "本年安排由系统管理员录入。" } @else { "本年安排随程序提供，依据国务院办公厅通知。" } }
    }
}

fn form(shown: &CalendarYear, csrf: &CsrfToken, fields: &Fields, errors: &FieldErrors) -> Markup {
    let year = shown.year;
    let rows = 10;
    let hint = "每行一个节日。可以把国务院办公厅通知的正文原样粘贴进来，也可以写成“春节：2月15日至23日放假。2月14日、28日上班。”";
    let form = PostForm::new(format!("{CALENDAR_PATH}/{year}"), csrf)
        .hidden("version", shown.version.to_string())
        .warn_unsaved()
        .errors(errors)
        .body(html! {
            (ui::area("notice", "放假和调休安排", rows).required().max_chars(NOTICE_CHARS_MAX).hint(hint).value(&shown.notice).refill(fields).errors(errors))
            div .actions { (button(format!("保存{year}年的安排")).primary()) }
            p .text-muted { "保存后，新的时限按新安排计算；已经算好的时限不变，需要调整的请逐件办理延期。" }
        });
    let open = !shown.held || !errors.is_empty();
    html! {
        details .more .calendar-edit open[open] {
            summary { @if shown.held { "修改" (year) "年的安排" } @else { "录入" (year) "年的安排" } }
            (form)
        }
    }
}

fn year_grid(shown: &CalendarYear, today: Day) -> Markup {
    if !shown.held {
        return html! {};
    }
    card(
        format!("{}年", shown.year),
        html! {
            p .legend-line {
                span .day-off { "休" } " 放假　" span .day-work { "班" } " 调休上班　" span .day-weekend { "六日" } " 周末"
            }
            div .year { @for month in 1..=12 { (month_table(shown, month, today)) } }
        },
    )
    .render()
}

fn month_table(shown: &CalendarYear, month: u32, today: Day) -> Markup {
    let (Some(first), Some(last)) =
        (Day::from_ymd(shown.year, month, 1), Day::last_of_month(shown.year, month))
    else {
        return html! {};
    };
    let monday = first.plus_days(-first.days_after_monday());
    let weeks = (last.minus(monday) / 7) + 1;
    html! {
        table .month {
            caption { (month) "月" }
            thead { tr { @for name in ["一", "二", "三", "四", "五", "六", "日"] { th scope="col" { (name) } } } }
            tbody { @for week in 0..weeks { tr { @for weekday in 0..7 {
                @let day = monday.plus_days(week * 7 + weekday);
                @if day < first || day > last { td {} } @else { (day_cell(shown, day, today)) }
            } } } }
        }
    }
}

fn day_cell(shown: &CalendarYear, day: Day, today: Day) -> Markup {
    let row = shown.rows.iter().find(|row: &&CalendarRow| row.day == day);
    let (class, mark) = match row.map(|row| row.kind) {
        Some(DayKind::Holiday) => ("day-off", "休"),
        Some(DayKind::Workday) => ("day-work", "班"),
        None if day.is_weekend() => ("day-weekend", ""),
        None => ("", ""),
    };
    let number = day.ymd().2;
    html! {
        td class=[Some(class).filter(|class| !class.is_empty())] title=[row.map(|row| row.name.as_str())]
            aria-current=[(day == today).then_some("date")] {
            (number)
            @if !mark.is_empty() { span .day-mark { (mark) } }
        }
    }
}

async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(year): Path<i32>,
    fields: Fields,
) -> Result<Response, Problem> {
    if !ctx.actor.holds_anywhere(Role::SystemAdmin) {
        return Err(Problem::Forbidden);
    }
    let (who, version, notice) = (ctx.clone(), fields.number("version"), fields.text("notice").to_owned());
    match web.run(move |app| app.set_calendar_year(&who, year, version, &notice)).await {
        Ok(_) => Ok(page.go(of_year(year).to_string(), &format!("{year}年的放假和调休安排已保存。"))),
        Err(problem) => show_year(&web, ctx, &page, year, &fields, Some(Again::of(problem)?)).await,
    }
}
