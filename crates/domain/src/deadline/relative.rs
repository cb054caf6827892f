//! Points counted from the issue day: 今天, 本周五, 下月15日, 月底, 25日前, 本季度.

use crate::day::Day;

use super::DeadlineKind;
use super::point::{BEFORE, Point, When};
use super::scan::Cursor;

fn exact(day: Day, kind: DeadlineKind) -> Option<Point> {
    Some(Point { year: None, when: Ok(When::Exact(day, kind)) })
}

pub(super) fn relative(cursor: &mut Cursor<'_>, issued: Day) -> Option<Point> {
    let start = *cursor;
    for reader in [near_day, weekday, month_of_issue, period_of_issue, bare_day] {
        if let Some(point) = reader(cursor, issued) {
            return Some(point);
        }
        *cursor = start;
    }
    None
}

fn near_day(cursor: &mut Cursor<'_>, issued: Day) -> Option<Point> {
    const SAME: [&str; 10] =
        ["今天", "今日", "今晚", "今夜", "当天", "当日", "当晚", "本日", "即日内", "即日"];
    if cursor.eat_any(&SAME).is_some() {
        return exact(issued, DeadlineKind::SameDay);
    }
    for (word, step) in
        [("明天", 1), ("明日", 1), ("次日", 1), ("翌日", 1), ("大后天", 3), ("后天", 2), ("后日", 2)]
    {
        if cursor.eat(word) {
            return exact(issued.plus_days(step), DeadlineKind::ByDay);
        }
    }
    None
}

/// 本周五, 下周三前, 周五前, 本周内, 本周末.
fn weekday(cursor: &mut Cursor<'_>, issued: Day) -> Option<Point> {
    let weeks = match cursor.eat_any(&["本", "这", "下下", "下个", "下", "上"]) {
        Some("下下") => Some(2),
        Some("下个" | "下") => Some(1),
        Some("上") => Some(-1),
        Some(_) => Some(0),
        None => None,
    };
    cursor.eat_any(&["周", "星期", "礼拜"])?;
    let monday = issued.plus_days(-issued.days_after_monday());
    let named =
        cursor.eat_any(&["一", "二", "三", "四", "五", "六", "日", "天", "1", "2", "3", "4", "5", "6", "7"]);
    if let Some(named) = named {
        let after_monday = weekday_number(named)?;
        let day = monday.plus_days(after_monday + 7 * weeks.unwrap_or(0));
        // Without 本 or 下 the next such day is meant.
        let day = if weeks.is_none() && day < issued { day.plus_days(7) } else { day };
        // 周一次 and 周三次 are frequencies.
        return if cursor.sees_any(&["次", "回", "例会"]) {
            None
        } else {
            exact(day, DeadlineKind::Weekday)
        };
    }
    let closing = cursor.eat_any(&["末", "内", "底", "之内", "以内"]);
    if weeks.is_none() && closing != Some("末") {
        return None;
    }
    let last = if closing == Some("末") || closing == Some("底") { 6 } else { 4 };
    let day = monday.plus_days(last + 7 * weeks.unwrap_or(0));
    // 本周内 said on a Saturday means its Sunday.
    let day = if day < issued && weeks.unwrap_or(0) == 0 { monday.plus_days(6) } else { day };
    exact(day, DeadlineKind::WeekEnd)
}

/// Monday 0 … Sunday 6, as written after 周 or 星期.
pub(super) fn weekday_number(named: &str) -> Option<i32> {
    Some(match named {
        "一" | "1" => 0,
        "二" | "2" => 1,
        "三" | "3" => 2,
        "四" | "4" => 3,
        "五" | "5" => 4,
        "六" | "6" => 5,
        "日" | "天" | "7" => 6,
        _ => return None,
    })
}

/// 本月底, 下月15日, 下个月中旬, 月底前, 当月内.
fn month_of_issue(cursor: &mut Cursor<'_>, issued: Day) -> Option<Point> {
    let (year, month, _) = issued.ymd();
    let step = match cursor
        .eat_any(&["本", "当", "这个", "这", "次", "翌", "下下", "下个", "下", "上个", "上"])
    {
        Some("次" | "翌" | "下个" | "下") => Some(1),
        Some("下下") => Some(2),
        Some("上个" | "上") => Some(-1),
        Some(_) => Some(0),
        None => None,
    };
    if let Some(step) = step {
        if !cursor.eat("月") {
            return None;
        }
        let (year, month, _) = Day::from_ymd(year, month, 1)?.plus_months(step).ymd();
        return Some(of_that_month(cursor, year, month));
    }
    for (word, ten) in [("上旬", 1_u32), ("中旬", 2), ("下旬", 3)] {
        if cursor.eat(word) {
            return Some(Point { year: Some(year), when: Ok(When::TenDays(month, ten)) });
        }
    }
    cursor.eat_any(&["月底", "月末", "月内"])?;
    Some(Point { year: Some(year), when: Ok(When::Month(month)) })
}

fn of_that_month(cursor: &mut Cursor<'_>, year: i32, month: u32) -> Point {
    let when = 'found: {
        for (word, ten) in [("上旬", 1), ("中旬", 2), ("下旬", 3), ("初", 1)] {
            if cursor.eat(word) {
                break 'found When::TenDays(month, ten);
            }
        }
        let start = *cursor;
        if let Some(day) = cursor.number().filter(|number| number.digits <= 2) {
            if cursor.eat_any(&["日", "号"]).is_some() || cursor.sees_any(&BEFORE) || cursor.done() {
                break 'found When::Day(month, day.value);
            }
            *cursor = start;
        }
        cursor.eat_any(&["月底", "底", "末", "内"]);
        When::Month(month)
    };
    Point { year: Some(year), when: Ok(when) }
}

/// 年底, 年内, 本季度末, 季末, 下季度.
fn period_of_issue(cursor: &mut Cursor<'_>, issued: Day) -> Option<Point> {
    let (year, month, _) = issued.ymd();
    if cursor.eat_any(&["年底", "年末", "年终", "年内", "年度内", "岁末", "全年"]).is_some() {
        return Some(Point { year: None, when: Ok(When::Year) });
    }
    let step = match cursor.eat_any(&["本", "当", "下个", "下", "一个"]) {
        Some("下个" | "下") => Some(3),
        Some("一个") => return None,
        Some(_) => Some(0),
        None => None,
    };
    cursor.eat_any(&["季度", "季"])?;
    let closing = cursor.eat_any(&["末", "底", "内"]);
    if step.is_none() && closing.is_none() {
        return None;
    }
    let (year, month, _) = Day::from_ymd(year, month, 1)?.plus_months(step.unwrap_or(0)).ymd();
    Some(Point { year: Some(year), when: Ok(When::Quarter(month.div_ceil(3))) })
}

/// 25日前: in the issue month, or in the next when that day is past.
fn bare_day(cursor: &mut Cursor<'_>, issued: Day) -> Option<Point> {
    let number = cursor.number().filter(|number| (1..=31).contains(&number.value) && number.digits <= 2)?;
    cursor.eat_any(&["日", "号"])?;
    if !cursor.sees_any(&["前", "之前", "以前", "止", "晚", "下午", "上午", "24时", "12时", "18时", "17时"])
    {
        return None;
    }
    let (year, month, _) = issued.ymd();
    let first = Day::from_ymd(year, month, 1)?;
    let day = (0..4).find_map(|step| {
        let (year, month, _) = first.plus_months(step).ymd();
        Day::from_ymd(year, month, number.value).filter(|day| *day >= issued)
    })?;
    exact(day, DeadlineKind::ByDayNoYear)
}
