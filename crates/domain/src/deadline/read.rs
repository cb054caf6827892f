//! The scan: one pass over the folded wording that collects every dated and periodic expression.

use crate::calendar::CalendarError;
use crate::day::Day;

use super::cadence::cadence;
use super::duration::duration;
use super::holiday::holiday;
use super::item::{Item, YEARS};
use super::point::{Point, When, point};
use super::relative::weekday_number;
use super::scan::{Cursor, is_numeral};
use super::{Cadence, DeadlineKind, Surroundings};

/// What one pass finds.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) items: Vec<Item>,
    /// The first cadence and where it stands.
    pub(super) cadence: Option<(usize, Cadence)>,
}

pub(super) fn read(around: &Surroundings<'_>) -> Result<Found, CalendarError> {
    let mut found = Found::default();
    let mut cursor = Cursor::new(around.folded, 0);
    let mut year = None;
    while !cursor.done() {
        let at = cursor.at;
        if let Some(rhythm) = cadence(&mut cursor) {
            found.cadence.get_or_insert((at, rhythm));
            continue;
        }
        let item = match holiday(&mut cursor, around) {
            Some(item) => Some(item),
            None => match duration(&mut cursor, around, &found.items)? {
                Some(item) => Some(item),
                None => dated(&mut cursor, around, &mut year),
            },
        };
        match item {
            Some(item) if cursor.at > at => found.items.push(Item { at, end: cursor.at, ..item }),
            _ => {
                cursor.at = at;
                cursor.skip();
            }
        }
    }
    Ok(found)
}

/// A point, a start day, or a range of two points. A point without a year shares the last `year` written before it:
/// 2024年3月底前定方案，6月底前完成.
fn dated(cursor: &mut Cursor<'_>, around: &Surroundings<'_>, year: &mut Option<i32>) -> Option<Item> {
    let start = cursor.at;
    let mut first = point(cursor, around.issued, None)?;
    if first.year.is_none() && !matches!(first.when, Ok(When::Exact(..))) {
        first.year = *year;
    }
    *year = first.year.or(*year);
    let weekday_doubt = weekday_differs(cursor, &first, around);
    let mut ahead = *cursor;
    ahead.eat_any(&["起", "开始"]);
    if ahead.eat_any(&["-", "至", "到", "止"]).is_some()
        && let Some(second) = point(&mut ahead, around.issued, Some(&first))
    {
        *cursor = ahead;
        *year = second.year.or(*year);
        return Some(range(&first, second, around));
    }
    let resolved = first.resolve(around.issued);
    let mut item = match resolved.day {
        Ok(day) => Item { year_inferred: resolved.year_inferred, ..Item::new(resolved.kind, Some(day)) },
        Err(why) => Item::doubtful(resolved.kind, why),
    };
    if item.doubt.is_none() {
        item.doubt = weekday_doubt.or_else(|| open_end(cursor, start));
    }
    if begins(cursor) {
        item.kind = DeadlineKind::StartDay;
        item.day = first_day(&first, item.day);
    } else if matches!(first.when, Ok(When::Year))
        && let Some(event) = event_ahead(*cursor)
    {
        let why = format!("“{event}”取决于某件事，日期还不知道，请填写具体日期");
        item = Item::doubtful(DeadlineKind::OnEvent, why);
    }
    debug_assert!(cursor.at > start, "a point has a width");
    Some(item)
}

/// 12月前 may mean before its first day or by its last; 12月底前 and 12月1日前 leave no doubt.
fn open_end(cursor: &Cursor<'_>, start: usize) -> Option<String> {
    let written = cursor.since(start);
    let period = ["年", "月", "季度", "季"].iter().any(|word| written.ends_with(word));
    let before = cursor.sees_any(&["前", "之前", "以前"]) && !cursor.sees_any(&["前后", "前期"]);
    (period && before).then(|| {
        format!("“{written}前”可以理解为{written}底前，也可以理解为{written}开始之前，请填写或确认具体日期")
    })
}

/// The 汛期前 of 2024年汛期前: a year alone would hide that the limit hangs on something else.
fn event_ahead(mut cursor: Cursor<'_>) -> Option<String> {
    /// How many characters after the year are looked at.
    const REACH: usize = 10;
    let start = cursor.at;
    for _ in 0..REACH {
        let symbol = cursor.symbol()?;
        if matches!(symbol, ',' | ';' | '(' | ')' | '、' | ' ' | '-') || symbol.is_ascii_digit() {
            return None;
        }
        let written = cursor.since(start);
        cursor.skip();
        if matches!(symbol, '前' | '后')
            && written.chars().nth(1).is_some()
            && !written.contains(['底', '末', '内'])
        {
            return Some(cursor.since(start));
        }
    }
    None
}

/// 2024年3月起 begins on the first of March.
fn first_day(point: &Point, last: Option<Day>) -> Option<Day> {
    let (year, month, _) = last?.ymd();
    match point.when {
        Ok(When::Month(_)) => Day::from_ymd(year, month, 1),
        Ok(When::Year) => Day::from_ymd(year, 1, 1),
        _ => last,
    }
}

/// Whether the day is a beginning (5月4日起, 5月4日之后) and no limit.
fn begins(cursor: &mut Cursor<'_>) -> bool {
    if cursor.sees_any(&["前后", "左右", "前", "之前", "以前", "起草", "后续", "后期"]) {
        return false;
    }
    cursor.eat_any(&["起", "开始", "以来", "之后", "以后", "后"]).is_some()
}

/// 2024年3月至5月, 9-10月, 10月中旬到12月下旬, 2024-2025年: the outer bound counts.
fn range(first: &Point, mut second: Point, around: &Surroundings<'_>) -> Item {
    let begin = first.resolve(around.issued);
    if second.year.is_none() && !matches!(second.when, Ok(When::Exact(..))) {
        // The second half shares the first's year, or the next when it would end before it begins.
        let year = first.year.or_else(|| begin.day.as_ref().ok().map(|day| day.year()));
        second.year = year;
        let end = second.resolve(around.issued);
        if let (Ok(from), Ok(to), Some(year)) = (&begin.day, &end.day, year)
            && to < from
            && first.year.is_none()
        {
            second.year = Some(year + 1);
        }
    }
    let end = second.resolve(around.issued);
    match (begin.day, end.day) {
        (Ok(from), Ok(to)) if to < from => {
            let why = format!("起止日期颠倒（{}至{}）", from.in_chinese(), to.in_chinese());
            Item::doubtful(DeadlineKind::Range, why)
        }
        (_, Ok(to)) => {
            Item { year_inferred: begin.year_inferred, ..Item::new(DeadlineKind::Range, Some(to)) }
        }
        (_, Err(why)) => Item::doubtful(DeadlineKind::Range, why),
    }
}

/// 2024年5月31日（周五）: says so when the weekday is not that day's.
fn weekday_differs(cursor: &mut Cursor<'_>, first: &Point, around: &Surroundings<'_>) -> Option<String> {
    let day = match first.when {
        Ok(When::Day(..)) => first.resolve(around.issued).day.ok()?,
        _ => return None,
    };
    let mut ahead = *cursor;
    ahead.eat("(");
    ahead.eat_any(&["周", "星期"])?;
    let named = ahead.eat_any(&["一", "二", "三", "四", "五", "六", "日", "天"])?;
    ahead.eat(")");
    *cursor = ahead;
    (weekday_number(named)? != day.days_after_monday())
        .then(|| format!("{}不是星期{named}", day.in_chinese()))
}

/// A cell that holds nothing but a spreadsheet's day number: 45443 or 45443.0.
pub(super) fn serial(folded: &[char]) -> Option<Day> {
    /// The day before serial 1 as spreadsheets reckon from March 1900 on.
    const BEFORE_FIRST: i32 = -25_569;
    let text: String = folded.iter().collect();
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if fraction.chars().all(|digit| digit.is_ascii_digit()) => whole,
        Some(_) => return None,
        None => text.as_str(),
    };
    let number: i32 = whole.parse().ok()?;
    // 1990-01-01 to 2100-12-31.
    if whole.len() == 5 && (32_874..=73_415).contains(&number) {
        return Day::from_days(BEFORE_FIRST + number);
    }
    None
}

/// A cell that holds nothing but a year.
pub(super) fn bare_year(folded: &[char]) -> Option<Day> {
    let text: String = folded.iter().collect();
    let year: i32 = text.parse().ok().filter(|year| YEARS.contains(year))?;
    Day::from_ymd(year, 12, 31)
}

/// Whether a limit hangs on an event that is no day: 主题教育结束前, 汛期前, 验收后.
pub(super) fn hangs_on_event(folded: &str) -> bool {
    ["前", "后", "期间", "结束", "之际", "期内", "季", "同步"].iter().any(|word| folded.contains(word))
        && folded.chars().any(|symbol| !is_numeral(symbol) && !symbol.is_ascii())
}
