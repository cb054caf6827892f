//! The working-day calendar by year: what is held, and a year set anew by the system administrator.

use crate::{App, Context, Error};
use bihuan_domain::calendar::{Calendar, CalendarRow, DayKind, NOTICE_CHARS_MAX, read_notice, write_notice};
use bihuan_domain::role::Role;
use bihuan_domain::{Coded, Day, Refusal};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, calendar as store};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

bihuan_domain::coded! {
    /// What was done to the calendar; the journal's action.
    CalendarAction ("日历操作") {
        Changed = "calendar.changed", "修改工作日历";
    }
}

/// The first and last year that can be set.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

/// A year of the calendar.
#[derive(Clone, Debug, Serialize)]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// Its arrangement is known, so that working days can be counted in it.
    pub held: bool,
    /// The administrator has set days of it; else they came with the program.
    pub own: bool,
    /// Days that differ from their weekday, and weekends inside holidays.
    pub rows: Vec<CalendarRow>,
    /// The same in the wording of the yearly notice, to be edited.
    pub notice: String,
    /// Working days of the year; `None` while it is not held.
    pub working_days: Option<i32>,
    /// For forms: the entry that set it last.
    pub version: i64,
    /// All years held.
    pub years: Vec<i32>,
    /// A year whose arrangement should be entered now.
    pub missing: Option<i32>,
}

/// What is missing, in a sentence for pages.
pub fn missing_sentence(year: i32) -> String {
    format!("{year}年的放假和调休安排还没有录入，涉及{year}年的工作日时限暂时无法计算。")
}

fn may_change(ctx: &Context) -> Result<(), Refusal> {
    if ctx.actor.holds_anywhere(Role::SystemAdmin) {
        return Ok(());
    }
    Err(Refusal::not_allowed("修改工作日历", "“系统管理员”角色"))
}

impl App {
    /// A year of the calendar. Everybody who has signed in may look: the arrangement is public.
    ///
    /// # Errors
    /// `NotFound` for a year out of [`YEARS`].
    pub fn calendar_year(&self, ctx: &Context, year: i32) -> Result<CalendarYear, Error> {
        if !YEARS.contains(&year) {
            return Err(Error::NotFound);
        }
        self.db.read(|conn| {
            let calendar = self.calendar(conn)?;
            let own = store::own_rows(conn)?.iter().any(|row| row.day.year() == year);
            let mut rows = calendar.rows_of(year);
            rows.retain(|row| !row.name.is_empty());
            let years = calendar.years();
            Ok(CalendarYear {
                year,
                held: years.contains(&year),
                own,
                notice: write_notice(year, &rows),
                rows,
                working_days: working_days(&calendar, year),
                version: store::version_of(conn, year)?,
                missing: calendar.missing_year(ctx.today()),
                years,
            })
        })
    }

    /// The year whose arrangement should be entered now: this one, or from 1 November on the next.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn missing_calendar_year(&self, ctx: &Context) -> Result<Option<i32>, Error> {
        self.db.read(|conn| Ok(self.calendar(conn)?.missing_year(ctx.today())))
    }

    /// Sets a year from the wording of its notice.
    ///
    /// # Errors
    /// `not_allowed`, `Conflict`, `Invalid` with every fault and its line.
    pub fn set_calendar_year(
        &self,
        ctx: &Context,
        year: i32,
        version: Option<i64>,
        notice: &str,
    ) -> Result<CalendarYear, Error> {
        may_change(ctx)?;
        let rows = read_year(year, notice)?;
        self.set_calendar_rows(ctx, year, version, rows)
    }

    /// Sets a year from rows.
    ///
    /// # Errors
    /// `not_allowed`, `Conflict`, `Invalid` for rows of other years or a year with too few holidays.
    pub fn set_calendar_rows(
        &self,
        ctx: &Context,
        year: i32,
        version: Option<i64>,
        rows: Vec<CalendarRow>,
    ) -> Result<CalendarYear, Error> {
        may_change(ctx)?;
        check_rows(year, &rows)?;
        let call = ctx.clone();
        self.db.write(move |conn| write_year(conn, &call, year, version, &rows))?;
        self.forget_calendar();
        self.calendar_year(ctx, year)
    }
}

/// Reads the wording of a year's notice; nothing is changed.
///
/// # Errors
/// `Invalid` with every fault and its line, naming the field `notice`.
pub fn read_year(year: i32, notice: &str) -> Result<Vec<CalendarRow>, Error> {
    read_notice(year, notice).map_err(|faults| {
        Error::Invalid(faults.iter().map(|fault| ("notice".to_owned(), fault.to_string())).collect())
    })
}

fn working_days(calendar: &Calendar, year: i32) -> Option<i32> {
    let (first, last) = (Day::from_ymd(year, 1, 1)?, Day::from_ymd(year, 12, 31)?);
    let after_first = calendar.working_days_between(first, last).ok()?;
    Some(after_first + i32::from(calendar.is_working_day(first).ok()?))
}

/// Rows given one by one go through the same check as a pasted notice.
fn check_rows(year: i32, rows: &[CalendarRow]) -> Result<(), Error> {
    if !YEARS.contains(&year) {
        let sentence = format!("年份应在{}到{}之间。", YEARS.start(), YEARS.end());
        return Err(Error::invalid("year", sentence));
    }
    if rows.len() > NOTICE_CHARS_MAX || rows.iter().any(|row| row.name.trim().is_empty()) {
        return Err(Error::invalid("rows", "每一天都要写明所属节日的名称。"));
    }
    let mut sorted = rows.to_vec();
    sorted.sort_by_key(|row| row.day);
    if sorted.windows(2).any(|pair| pair[0].day == pair[1].day && pair[0].kind != pair[1].kind) {
        return Err(Error::invalid("rows", "同一天不能既放假又上班。"));
    }
    read_year(year, &write_notice(year, &sorted)).map(|_| ())
}

fn write_year(
    conn: &mut Conn,
    ctx: &Context,
    year: i32,
    version: Option<i64>,
    wanted: &[CalendarRow],
) -> Result<(), Error> {
    let last = store::version_of(conn, year)?;
    if version.is_some_and(|version| version != last) {
        return Err(Error::stale());
    }
    let before = store::load(conn)?;
    let named = |day: Day| wanted.iter().any(|row| row.day == day);
    let own: BTreeMap<Day, CalendarRow> =
        store::own_rows(conn)?.into_iter().map(|row| (row.day, row)).collect();
    let kept: BTreeMap<Day, CalendarRow> =
        Calendar::china().overrides_for(year, wanted).into_iter().map(|row| (row.day, row)).collect();
    let mut writes = Vec::new();
    for (day, row) in own.iter().filter(|(day, _)| day.year() == year || named(**day)) {
        match kept.get(day) {
            None => writes.push(Write::delete(row)),
            Some(after) => writes.extend(Write::update(row, after)),
        }
    }
    writes.extend(kept.iter().filter(|(day, _)| !own.contains_key(day)).map(|(_, row)| Write::insert(row)));
    if writes.is_empty() {
        return Err(Error::invalid("notice", "日历没有改动，不需要保存。"));
    }
    let off = wanted.iter().filter(|row| row.kind == DayKind::Holiday && row.day.year() == year).count();
    let work = wanted.iter().filter(|row| row.kind == DayKind::Workday && row.day.year() == year).count();
    let detail = json!({
        "old": write_notice(year, &before.rows_of(year)),
        "new": write_notice(year, wanted),
    });
    let entry = NewEntry {
        action: CalendarAction::Changed.code().to_owned(),
        subject_kind: "calendar",
        subject_id: i64::from(year),
        note: format!("{year}年：放假{off}天，调休上班{work}天"),
        detail,
        writes,
        ..NewEntry::default()
    };
    journal::append(conn, &ctx.stamp(None), vec![entry])?;
    Ok(())
}
