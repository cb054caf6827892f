//! Durations as written: 15个工作日内, 两周内, 半年之内, 1—5日内, and what they are counted from.

use crate::calendar::CalendarError;
use crate::day::Day;

use super::item::Item;
use super::scan::{Cursor, Number};
use super::{DeadlineKind, Surroundings};

/// A longer duration is kept and a person is asked whether it is meant.
const MAX_SURE_DAYS: i32 = 3_660;
/// A longer duration is no date at all.
const MAX_DAYS: u32 = 36_500;
/// How far back the clause is read that says what the duration is counted from.
const ANCHOR_CHARS: usize = 24;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Hour,
    Day,
    Workday,
    Week,
    TenDays,
    HalfMonth,
    Month,
    Quarter,
    HalfYear,
    Year,
}

/// Amount and unit, with the further half of 一个半月.
#[derive(Debug, Clone, Copy)]
struct Span {
    count: u32,
    unit: Unit,
    half: bool,
    range: bool,
}

/// What a duration is counted from.
enum Anchor {
    Day(Day),
    /// An event whose day is not known here, as written.
    Event(String),
}

const WITHIN: [&str; 7] = ["之内", "以内", "内", "期限", "时间", "时限", "为限"];

/// Reads a duration at the cursor. `Err` when its working days lie beyond the calendar.
pub(super) fn duration(
    cursor: &mut Cursor<'_>,
    around: &Surroundings<'_>,
    found: &[Item],
) -> Result<Option<Item>, CalendarError> {
    let at = cursor.at;
    if matches!(cursor.before(), Some('第' | '近' | '每' | '.' | '前' | '过' | '满' | '早' | '隔')) {
        return Ok(None);
    }
    let start = *cursor;
    let Some(span) = span(cursor) else {
        *cursor = start;
        return Ok(None);
    };
    let kind = match (span.unit, span.range) {
        (_, true) => DeadlineKind::Range,
        (Unit::Workday, _) => DeadlineKind::Workdays,
        _ => DeadlineKind::Duration,
    };
    let mut item = match anchor(around, found, at) {
        Anchor::Day(from) => counted(span, kind, from, around)?,
        Anchor::Event(event) => {
            Item::doubtful(kind, format!("从“{event}”起算，起算日期还不知道，请填写具体日期"))
        }
    };
    if span.unit == Unit::Workday {
        item.working_days = i32::try_from(span.count).ok();
    }
    Ok(Some(item))
}

fn counted(
    span: Span,
    kind: DeadlineKind,
    from: Day,
    around: &Surroundings<'_>,
) -> Result<Item, CalendarError> {
    let too_long = || Item::doubtful(kind, "期限过长，请核对");
    if span.count > MAX_DAYS {
        return Ok(too_long());
    }
    let Ok(count) = i32::try_from(span.count) else { return Ok(too_long()) };
    let half = i32::from(span.half);
    let day = match span.unit {
        Unit::Hour => from.plus_days(count.div_euclid(24) + i32::from(count % 24 > 0)),
        Unit::Day => from.plus_days(count),
        Unit::Workday => around.calendar.add_working_days(from, count)?,
        Unit::Week => from.plus_days(count * 7 + half * 4),
        Unit::TenDays => from.plus_days(count * 10),
        Unit::HalfMonth => from.plus_days(count * 15),
        Unit::Month => from.plus_months(count).plus_days(half * 15),
        Unit::Quarter => from.plus_months(count * 3),
        Unit::HalfYear => from.plus_months(count * 6),
        Unit::Year => from.plus_months(count * 12 + half * 6),
    };
    let doubt = (day.minus(from) > MAX_SURE_DAYS).then(|| "期限过长，请核对".to_string());
    Ok(Item { doubt, ..Item::new(kind, Some(day)) })
}

fn span(cursor: &mut Cursor<'_>) -> Option<Span> {
    if let Some(span) = half_span(cursor) {
        return Some(span);
    }
    let first = cursor.number()?;
    let mut half = false;
    let mut count = first.outer.unwrap_or(first.value);
    let mut range = first.outer.is_some();
    if cursor.eat(".5") {
        half = true;
    } else if let Some(second) = outer_bound(cursor) {
        range = true;
        count = second.value;
    }
    let (unit, measured) = unit(cursor, count)?;
    if measured && cursor.eat("半") {
        half = true;
    }
    let within = cursor.eat_any(&WITHIN).is_some();
    let needs_within = match unit {
        // 15日 may be a day of the month and 24年 a year; 1年 alone cannot.
        Unit::Day if !measured => count <= 31,
        Unit::Year => count >= 10,
        _ => false,
    };
    if (needs_within && !within) || cursor.sees_any(&["度", "级", "来", "期", "轮", "次"]) {
        return None;
    }
    Some(Span { count, unit, half, range })
}

/// 半年, 半个月, 半月, 半天, and 一个半月.
fn half_span(cursor: &mut Cursor<'_>) -> Option<Span> {
    let start = *cursor;
    let whole = |unit| Some(Span { count: 1, unit, half: false, range: false });
    if cursor.eat("半") {
        let found = match cursor.eat_any(&["个月", "个年", "月", "年", "天", "日"]) {
            Some("个月" | "月") => whole(Unit::HalfMonth),
            Some("年" | "个年") => whole(Unit::HalfYear),
            Some(_) => whole(Unit::Day),
            None => None,
        };
        if found.is_some() && !cursor.sees_any(&["度", "刊"]) {
            cursor.eat_any(&WITHIN);
            return found;
        }
        *cursor = start;
        return None;
    }
    if let Some(number) = cursor.number()
        && cursor.eat("个半月")
    {
        cursor.eat_any(&WITHIN);
        return Some(Span { count: number.value, unit: Unit::Month, half: true, range: false });
    }
    *cursor = start;
    None
}

/// The 5 of 1-5日内, 3至5个工作日 and 三到五天.
fn outer_bound(cursor: &mut Cursor<'_>) -> Option<Number> {
    let start = *cursor;
    cursor.eat_any(&["日", "天"]);
    if cursor.eat_any(&["-", "至", "到"]).is_some()
        && let Some(second) = cursor.number()
        && cursor.sees_any(&["个", "日", "天", "周", "工作", "小时", "年", "星期"])
    {
        return Some(second);
    }
    *cursor = start;
    None
}

/// The unit, and whether it can only be a measure (天, 个月) rather than a date (日, 年).
fn unit(cursor: &mut Cursor<'_>, count: u32) -> Option<(Unit, bool)> {
    const UNITS: [(&str, Unit, bool); 27] = [
        ("个工作日", Unit::Workday, true),
        ("个工作天", Unit::Workday, true),
        ("个法定工作日", Unit::Workday, true),
        ("工作日", Unit::Workday, true),
        ("工作天", Unit::Workday, true),
        ("天工作日", Unit::Workday, true),
        ("日工作日", Unit::Workday, true),
        ("个自然日", Unit::Day, true),
        ("个自然天", Unit::Day, true),
        ("自然日", Unit::Day, true),
        ("个日历天", Unit::Day, true),
        ("日历天", Unit::Day, true),
        ("个小时", Unit::Hour, true),
        ("小时", Unit::Hour, true),
        ("个星期", Unit::Week, true),
        ("星期", Unit::Week, true),
        ("个礼拜", Unit::Week, true),
        ("礼拜", Unit::Week, true),
        ("个周", Unit::Week, true),
        ("周", Unit::Week, true),
        ("个季度", Unit::Quarter, true),
        ("个月", Unit::Month, true),
        ("个半年", Unit::HalfYear, true),
        ("旬", Unit::TenDays, true),
        ("天", Unit::Day, true),
        ("日", Unit::Day, false),
        ("年", Unit::Year, true),
    ];
    let (_, unit, measured) = UNITS.iter().find(|(word, ..)| cursor.eat(word))?;
    // 一周年 and 三年底 are something else, and 2024年 is a year.
    let other = match unit {
        Unit::Week => cursor.sees_any(&["年", "岁", "边"]),
        Unit::Year => count >= 1_000 || cursor.sees_any(&["底", "末", "级", "行动", "规划", "计划"]),
        _ => false,
    };
    if other { None } else { Some((*unit, *measured)) }
}

/// What stands before the duration: 自收到通知之日起, 办结后, or a start day found just before it.
fn anchor(around: &Surroundings<'_>, found: &[Item], at: usize) -> Anchor {
    const ISSUE: [&str; 27] = [
        "下发", "印发", "发文", "发出", "收到", "接到", "接件", "收件", "收文", "接收", "交办", "签收",
        "通报", "公布", "反馈", "通知", "转办", "下达", "签发", "受理", "派单", "派发", "领取", "即日",
        "今后", "此后", "今日",
    ];
    if let Some(start) = found.last().filter(|item| item.kind == DeadlineKind::StartDay && item.end + 2 >= at)
        && let Some(day) = start.day
    {
        return Anchor::Day(day);
    }
    let before = &around.folded[at.saturating_sub(ANCHOR_CHARS)..at];
    let text: String = before.iter().collect();
    let text = text.trim_end_matches([' ', ',', ':', '(', '的', '在', '于', '内', '、']);
    let clause = text.rsplit([';', ',', '(', ')', '。']).next().unwrap_or(text).trim();
    let counts_from = ["起", "后", "起算", "日起", "以后", "之后"].iter().any(|word| clause.ends_with(word));
    if counts_from && !clause.ends_with("前后") && !ISSUE.iter().any(|word| clause.contains(word)) {
        return Anchor::Event(clause.to_string());
    }
    Anchor::Day(around.issued)
}
