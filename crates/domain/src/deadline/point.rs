//! Points of the civil calendar as written: a day, a month's end, a quarter, a relative day.

use crate::day::Day;

use super::DeadlineKind;
use super::item::{BACKWARD_DAYS, YEARS};
use super::scan::Cursor;

/// Which part of a year is meant; each stands for its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Year,
    Half(u32),
    Quarter(u32),
    Month(u32),
    /// First, second or last ten days of a month.
    TenDays(u32, u32),
    /// The n-th seven days of a month.
    Week(u32, u32),
    Day(u32, u32),
    /// A day counted from the issue day (明天, 本周五, 月底).
    Exact(Day, DeadlineKind),
}

/// A point with its year, if one was written; `Err` holds why it is no day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) year: Option<i32>,
    pub(super) when: Result<When, String>,
}

/// A point that has become a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resolved {
    pub(super) day: Result<Day, String>,
    pub(super) kind: DeadlineKind,
    pub(super) year_inferred: bool,
}

pub(super) const BEFORE: [&str; 4] = ["前", "之前", "以前", "底前"];

impl Point {
    fn of(year: Option<i32>, when: When) -> Option<Point> {
        Some(Point { year, when: Ok(when) })
    }

    fn wrong(year: Option<i32>, why: impl Into<String>) -> Option<Point> {
        Some(Point { year, when: Err(why.into()) })
    }

    /// The last day of the point; without a written year the one nearest to `issued`, mostly after it.
    pub(super) fn resolve(&self, issued: Day) -> Resolved {
        let when = match &self.when {
            Ok(When::Exact(day, kind)) => {
                return Resolved { day: Ok(*day), kind: *kind, year_inferred: false };
            }
            Ok(when) => *when,
            Err(why) => {
                return Resolved { day: Err(why.clone()), kind: DeadlineKind::ByDay, year_inferred: false };
            }
        };
        let kind = when.kind(self.year.is_some());
        let no_such_day = || format!("{}，没有这一天", when.in_chinese());
        let day = match self.year {
            Some(year) if !YEARS.contains(&year) => Err(format!("年份“{year}”不合常理")),
            Some(year) => when.last_day(year).ok_or_else(no_such_day),
            None => nearest(when, issued).ok_or_else(no_such_day),
        };
        Resolved { day, kind, year_inferred: self.year.is_none() }
    }
}

/// The point in the issue day's year, or in the next when that lies too far back; leap days look further.
fn nearest(when: When, issued: Day) -> Option<Day> {
    let year = issued.year();
    let this = when.last_day(year);
    if this.is_some_and(|day| day >= issued.plus_days(-BACKWARD_DAYS)) {
        return this;
    }
    (1..=8).find_map(|step| when.last_day(year + step))
}

impl When {
    fn last_day(self, year: i32) -> Option<Day> {
        match self {
            When::Year => Day::from_ymd(year, 12, 31),
            When::Half(half) => Day::last_of_month(year, half * 6),
            When::Quarter(quarter) => Day::last_of_month(year, quarter * 3),
            When::Month(month) | When::TenDays(month, 3) => Day::last_of_month(year, month),
            When::TenDays(month, ten) => Day::from_ymd(year, month, ten * 10),
            When::Week(month, week) => {
                Day::from_ymd(year, month, week * 7).or_else(|| Day::last_of_month(year, month))
            }
            When::Day(month, day) => Day::from_ymd(year, month, day),
            When::Exact(day, _) => Some(day),
        }
    }

    fn kind(self, with_year: bool) -> DeadlineKind {
        match self {
            When::Year => DeadlineKind::YearEnd,
            When::Half(_) => DeadlineKind::HalfYear,
            When::Quarter(_) => DeadlineKind::QuarterEnd,
            When::Month(_) | When::TenDays(_, 3) => DeadlineKind::MonthEnd,
            When::TenDays(..) => DeadlineKind::TenDaysEnd,
            When::Week(..) => DeadlineKind::WeekEnd,
            When::Day(..) if with_year => DeadlineKind::ByDay,
            When::Day(..) => DeadlineKind::ByDayNoYear,
            When::Exact(_, kind) => kind,
        }
    }

    fn in_chinese(self) -> String {
        match self {
            When::Day(month, day) => format!("“{month}月{day}日”"),
            When::Month(month) | When::TenDays(month, _) | When::Week(month, _) => format!("“{month}月”"),
            _ => "日期".to_string(),
        }
    }

    fn month(self) -> Option<u32> {
        match self {
            When::Month(month) | When::TenDays(month, _) | When::Week(month, _) | When::Day(month, _) => {
                Some(month)
            }
            _ => None,
        }
    }
}

/// Reads a point at the cursor; `like` is the first half of a range, whose year and month the second may leave out.
pub(super) fn point(cursor: &mut Cursor<'_>, issued: Day, like: Option<&Point>) -> Option<Point> {
    let start = *cursor;
    let found = plan_end(cursor)
        .or_else(|| by_numbers(cursor, like))
        .or_else(|| by_year(cursor, issued))
        .or_else(|| part_of_year(cursor, like.and_then(|point| point.year)))
        .or_else(|| day_of_same_month(cursor, like))
        .or_else(|| super::relative::relative(cursor, issued));
    if found.is_none() {
        *cursor = start;
    }
    found
}

/// 十四五末: five-year plans end in years divisible by five; the first ended in 1957, the eleventh in 2010.
fn plan_end(cursor: &mut Cursor<'_>) -> Option<Point> {
    const PLANS: [&str; 9] =
        ["十一五", "十二五", "十三五", "十四五", "十五五", "十六五", "十七五", "十八五", "十九五"];
    let start = *cursor;
    let name = cursor.eat_any(&PLANS)?;
    if cursor.sees_any(&["个", "日", "天", "号", "年", "月"]) {
        *cursor = start;
        return None;
    }
    cursor.eat_any(&["规划", "时期"]);
    cursor.eat_any(&["期末", "末", "期间", "期内", "收官", "结束"]);
    let index = PLANS.iter().position(|plan| *plan == name)?;
    let end = 2010 + 5 * i32::try_from(index).ok()?;
    let day = Day::from_ymd(end, 12, 31)?;
    Point::of(Some(end), When::Exact(day, DeadlineKind::PlanEnd))
}

/// 2024-05-31, 2024.5, 2024/5/31, 20240531, 5.31, 5/31.
fn by_numbers(cursor: &mut Cursor<'_>, like: Option<&Point>) -> Option<Point> {
    let start = *cursor;
    let found = numeric(cursor, like);
    if found.is_none() {
        *cursor = start;
    }
    found
}

fn numeric(cursor: &mut Cursor<'_>, like: Option<&Point>) -> Option<Point> {
    if like.is_none() && matches!(cursor.before(), Some('.' | '/' | '-' | '0'..='9' | '第')) {
        return None;
    }
    let first = cursor.number().filter(|number| number.arabic)?;
    if first.digits == 8 {
        return packed(first.value);
    }
    if first.digits == 6 && like.is_none() {
        let (year, month) = (i32::try_from(first.value / 100).ok()?, first.value % 100);
        let whole = cursor.done() || cursor.sees_any(&["前", "之前", "底", "末", ",", ";"]);
        let meant = YEARS.contains(&year) && (1..=12).contains(&month) && whole;
        return if meant { Some(of_month(cursor, Some(year), month)) } else { None };
    }
    let separator = cursor.eat_any(&[".", "/", "-"])?;
    let second = cursor.number().filter(|number| number.arabic)?;
    let year = i32::try_from(first.value).ok()?;
    if first.digits == 4 && second.digits <= 2 {
        let before_third = *cursor;
        if cursor.eat(separator)
            && let Some(third) = cursor.number().filter(|number| number.digits <= 2)
        {
            cursor.eat_any(&["日", "号"]);
            return Point::of(Some(year), When::Day(second.value, third.value));
        }
        *cursor = before_third;
        cursor.eat("月");
        return Some(of_month(cursor, Some(year), second.value));
    }
    if first.digits > 2 || second.digits > 2 {
        return None;
    }
    if first.value > 12 && cursor.eat(separator) {
        // 24/5/31, 24-5-31 and 24.5.31.
        let third = cursor.number().filter(|number| number.digits <= 2)?;
        return Point::of(Some(2000 + year), When::Day(second.value, third.value));
    }
    month_dot_day(cursor, like, separator, first.value, second.value)
}

/// 5.31前: taken for a day only where no unit follows that would make it a quantity.
fn month_dot_day(
    cursor: &mut Cursor<'_>,
    like: Option<&Point>,
    separator: &str,
    month: u32,
    day: u32,
) -> Option<Point> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    if separator != "-" {
        cursor.eat_any(&["日", "号"]);
    }
    let ends = match cursor.peek() {
        None => true,
        Some(next) => matches!(
            next,
            '前' | '之' | '以' | ',' | ';' | '、' | ')' | '-' | '至' | '到' | '起' | '完' | '左' | '日'
        ),
    };
    let quantity = cursor.sees_any(&["日内", "日以内", "日之内", "以上", "以下"]);
    if !ends || quantity {
        return None;
    }
    Point::of(like.and_then(|point| point.year), When::Day(month, day))
}

fn packed(value: u32) -> Option<Point> {
    let year = i32::try_from(value / 10_000).ok()?;
    let (month, day) = (value / 100 % 100, value % 100);
    if !YEARS.contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Point::of(Some(year), When::Day(month, day))
}

/// A written year, then the part of it.
fn by_year(cursor: &mut Cursor<'_>, issued: Day) -> Option<Point> {
    let start = *cursor;
    let year = match year_word(cursor, issued) {
        Some(year) => year,
        None => match year_number(cursor, issued)? {
            Ok(year) => year,
            Err(why) => return Point::wrong(None, why),
        },
    };
    cursor.eat_any(&["度"]);
    cursor.eat("的");
    if let Some(point) = part_of_year(cursor, Some(year)) {
        return Some(point);
    }
    cursor.eat_any(&["年底", "年末", "年内", "底", "末", "终", "内"]);
    // A range of years, 2024-2025年: the first stands without 年.
    debug_assert!(cursor.at > start.at, "a year was eaten");
    Point::of(Some(year), When::Year)
}

fn year_word(cursor: &mut Cursor<'_>, issued: Day) -> Option<i32> {
    const WORDS: [(&str, i32); 11] = [
        ("今年", 0),
        ("本年", 0),
        ("当年", 0),
        ("明年", 1),
        ("来年", 1),
        ("次年", 1),
        ("翌年", 1),
        ("下一年", 1),
        ("下年", 1),
        ("后年", 2),
        ("去年", -1),
    ];
    WORDS.iter().find(|(word, _)| cursor.eat(word)).map(|(_, step)| issued.year() + step)
}

/// 2024年, 24年, 二〇二四年, and the first half of 2024-2025年. `Err` for a year that is a slip.
fn year_number(cursor: &mut Cursor<'_>, issued: Day) -> Option<Result<i32, String>> {
    let start = *cursor;
    if cursor.before() == Some('第') {
        return None;
    }
    let number = cursor.number()?;
    let value = i32::try_from(number.value).ok()?;
    if cursor.eat("年") {
        return Some(match number.digits {
            4 if YEARS.contains(&value) => Ok(value),
            2 if (issued.year() - 10..=issued.year() + 20).contains(&(2000 + value)) => Ok(2000 + value),
            1 => {
                *cursor = start;
                return None;
            }
            _ => Err(format!("年份“{value}”不合常理")),
        });
    }
    let first_of_range = number.digits == 4 && YEARS.contains(&value) && {
        let mut ahead = *cursor;
        ahead.eat_any(&["-", "至", "到"]).is_some()
            && ahead.number().is_some_and(|second| second.digits == 4)
            && ahead.eat("年")
    };
    if first_of_range {
        return Some(Ok(value));
    }
    *cursor = start;
    None
}

/// A half, a quarter or a month, with its tail.
fn part_of_year(cursor: &mut Cursor<'_>, year: Option<i32>) -> Option<Point> {
    for (word, half) in [("上半年", 1), ("下半年", 2), ("年中", 1)] {
        if cursor.eat(word) {
            cursor.eat_any(&["底", "末", "内"]);
            return Point::of(year, When::Half(half));
        }
    }
    let start = *cursor;
    if cursor.eat_any(&["Q", "q"]).is_some()
        && let Some(number) = cursor.number().filter(|number| (1..=4).contains(&number.value))
    {
        return Point::of(year, When::Quarter(number.value));
    }
    *cursor = start;
    let ordinal = cursor.eat("第");
    let Some(number) = cursor.number() else {
        *cursor = start;
        return None;
    };
    if cursor.eat_any(&["季度", "季"]).is_some() {
        cursor.eat_any(&["底", "末", "内"]);
        return match number.value {
            1..=4 => Point::of(year, When::Quarter(number.value)),
            other => Point::wrong(year, format!("“{other}季度”不存在")),
        };
    }
    if !ordinal && cursor.eat("月") {
        return Some(of_month(cursor, year, number.outer.unwrap_or(number.value)));
    }
    if !ordinal && let Some(when) = first_of_range(*cursor, year.is_some(), number.value) {
        return Point::of(year, when);
    }
    *cursor = start;
    None
}

/// The 9 of 9-10月 and the 一 of 一至二季度; with a written year also of 9、10月.
fn first_of_range(mut ahead: Cursor<'_>, with_year: bool, first: u32) -> Option<When> {
    if ahead.eat_any(&["-", "至", "到"]).is_none() && !(with_year && ahead.eat("、")) {
        return None;
    }
    let second = ahead.number()?.value;
    match ahead.eat_any(&["月", "季度"])? {
        "月" if (1..=12).contains(&first) && second <= 12 => Some(When::Month(first)),
        "季度" if (1..=4).contains(&first) && second <= 4 => Some(When::Quarter(first)),
        _ => None,
    }
}

/// What follows a month: ten days, end, day, week or nothing.
fn of_month(cursor: &mut Cursor<'_>, year: Option<i32>, month: u32) -> Point {
    let when = if (1..=12).contains(&month) {
        Ok(month_tail(cursor, month))
    } else {
        month_tail(cursor, month);
        Err(format!("“{month}月”不存在"))
    };
    Point { year, when }
}

fn month_tail(cursor: &mut Cursor<'_>, month: u32) -> When {
    for (word, ten) in [("上旬", 1), ("中旬", 2), ("下旬", 3), ("初", 1)] {
        if cursor.eat(word) {
            cursor.eat_any(&["末", "底", "内"]);
            return When::TenDays(month, ten);
        }
    }
    if cursor.eat_any(&["月底", "月末", "底", "末", "内"]).is_some() {
        return When::Month(month);
    }
    let start = *cursor;
    if cursor.eat("中") && (cursor.done() || cursor.sees_any(&["前", "之前", "以前", ",", ";", ")"])) {
        return When::TenDays(month, 2);
    }
    *cursor = start;
    if cursor.eat("第")
        && let Some(week) = cursor.number().filter(|number| (1..=5).contains(&number.value))
        && cursor.eat_any(&["周", "个星期", "星期"]).is_some()
    {
        return When::Week(month, week.value);
    }
    *cursor = start;
    if let Some(day) = cursor.number().filter(|number| number.digits <= 2) {
        let closed = cursor.eat_any(&["日", "号"]).is_some()
            || cursor.done()
            || cursor.sees_any(&["前", "之前", "以前", ",", ";", ")"])
            || is_first_day_of_range(*cursor);
        if closed {
            return When::Day(month, day.value);
        }
    }
    *cursor = start;
    When::Month(month)
}

fn is_first_day_of_range(mut ahead: Cursor<'_>) -> bool {
    ahead.eat_any(&["-", "至", "到", "、"]).is_some()
        && ahead.number().is_some_and(|number| number.digits <= 2)
        && ahead.eat_any(&["日", "号"]).is_some()
}

/// The second half of 3月1日-15日 and of 2024.5-6.
fn day_of_same_month(cursor: &mut Cursor<'_>, like: Option<&Point>) -> Option<Point> {
    let like = like?;
    let first = like.when.clone().ok()?;
    let month = first.month()?;
    let number = cursor.number().filter(|number| number.digits <= 2)?;
    if cursor.eat_any(&["日", "号"]).is_some() {
        return Point::of(like.year, When::Day(month, number.value));
    }
    let months = matches!(first, When::Month(_)) && (1..=12).contains(&number.value);
    let ends = cursor.done() || cursor.sees_any(&["前", "之前", "底", ",", ";"]);
    if months && ends {
        return Point::of(like.year, When::Month(number.value));
    }
    None
}
