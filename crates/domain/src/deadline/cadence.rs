//! Cadences: 每月28日前, 每季度, 每月两次, 按周, 一周一调度. A cadence is a standing duty with an interval, no deadline.

use super::Cadence;
use super::scan::Cursor;

/// Days a cadence unit stands for when an interval is reckoned.
const UNITS: [(&str, u32); 21] = [
    ("个工作日", 1),
    ("工作日", 1),
    ("个星期", 7),
    ("星期", 7),
    ("个季度", 90),
    ("季度", 90),
    ("季", 90),
    ("半年", 180),
    ("半个月", 15),
    ("半月", 15),
    ("个月", 30),
    ("月", 30),
    ("双周", 14),
    ("周", 7),
    ("旬", 10),
    ("年度", 365),
    ("年", 365),
    ("学期", 180),
    ("天", 1),
    ("日", 1),
    ("晚", 1),
];

/// Fixed words for a rhythm, each with its days; 0 stands for a rhythm without stated interval.
const WORDS: [(&str, u32); 28] = [
    ("日调度", 1),
    ("周调度", 7),
    ("双周调度", 14),
    ("旬调度", 10),
    ("月调度", 30),
    ("季调度", 90),
    ("日报告", 1),
    ("周报告", 7),
    ("月报告", 30),
    ("季报告", 90),
    ("周通报", 7),
    ("月通报", 30),
    ("季通报", 90),
    ("周研判", 7),
    ("月研判", 30),
    ("季研判", 90),
    ("周例会", 7),
    ("月例会", 30),
    ("周报送", 7),
    ("月报送", 30),
    ("季报送", 90),
    ("周报", 7),
    ("月报", 30),
    ("季报", 90),
    ("日清月结", 30),
    ("月度", 30),
    ("不定期", 0),
    ("定期", 0),
];

/// The longest clause read after a cadence for its count and day.
const MAX_CLAUSE_CHARS: usize = 60;

/// Reads a cadence and the clause that belongs to it, so that its 28日 is not taken for a deadline.
pub(super) fn cadence(cursor: &mut Cursor<'_>) -> Option<Cadence> {
    let start = *cursor;
    let found = every(cursor).or_else(|| by(cursor)).or_else(|| one_each(cursor)).or_else(|| word(cursor));
    if found.is_none() {
        *cursor = start;
    }
    found
}

fn word(cursor: &mut Cursor<'_>) -> Option<Cadence> {
    let follows_number =
        cursor.before().is_some_and(|before| before.is_ascii_digit() || "个本下上当一二三".contains(before));
    if follows_number {
        return None;
    }
    WORDS.iter().find(|(word, _)| cursor.eat(word)).map(|(_, days)| Cadence {
        days: *days,
        times: 1,
        by: None,
    })
}

/// 每月…, 每两周…, 每个季度…, 隔周.
fn every(cursor: &mut Cursor<'_>) -> Option<Cadence> {
    let days = if cursor.eat("隔") {
        let (_, days) = UNITS.iter().find(|(unit, _)| cursor.eat(unit))?;
        days * 2
    } else {
        cursor.eat_any(&["每逢", "每隔", "每"])?;
        let unit_at = *cursor;
        // 每半年 and 每个月 carry no number; 每一个月 and 每2周 do.
        let direct = UNITS.iter().find(|(unit, _)| cursor.eat(unit));
        if let Some((_, days)) = direct {
            *days
        } else {
            *cursor = unit_at;
            let count = cursor.number()?.value.clamp(1, 1_000);
            let (_, days) = UNITS.iter().find(|(unit, _)| cursor.eat(unit))?;
            days * count
        }
    };
    Some(with_clause(cursor, days))
}

/// 按月, 逐季度.
fn by(cursor: &mut Cursor<'_>) -> Option<Cadence> {
    cursor.eat_any(&["按", "逐"])?;
    let (unit, days) = UNITS.iter().find(|(unit, _)| cursor.eat(unit))?;
    let other_word = (*unit == "日" && cursor.sees_any(&["程", "期"]))
        || (*unit == "年度")
        || cursor.sees_any(&["龄", "份"]);
    (!other_word).then(|| with_clause(cursor, *days))
}

/// 一周一调度, 一月两次, 一季一通报.
fn one_each(cursor: &mut Cursor<'_>) -> Option<Cadence> {
    if matches!(cursor.before(), Some('第' | '十' | '0'..='9' | '.')) {
        return None;
    }
    cursor.number().filter(|number| number.value == 1)?;
    let (_, days) = UNITS.iter().find(|(unit, _)| cursor.eat(unit))?;
    let times = cursor.number().filter(|number| (1..=31).contains(&number.value))?;
    if cursor.done() || cursor.sees_any(&["个", "日", "天", "月", "周", "年", "号", ".", "-", "小时", "季"])
    {
        return None;
    }
    Some(Cadence { days: *days, times: times.value, by: None })
}

/// Reads on to the end of the clause: how many times, and by which day of the period.
fn with_clause(cursor: &mut Cursor<'_>, days: u32) -> Cadence {
    let mut cadence = Cadence { days, times: 1, by: None };
    let start = cursor.at;
    for _ in 0..MAX_CLAUSE_CHARS {
        let Some(symbol) = cursor.symbol() else { break };
        let mut listed = *cursor;
        // 每月5日、20日前: another day of the same period.
        let goes_on =
            listed.eat("、") && listed.number().is_some() && listed.eat_any(&["日", "号"]).is_some();
        if (matches!(symbol, ',' | ';' | '、' | '(' | ')' | ' ') && !goes_on)
            || cursor.sees_any(&["直至", "直到", "至20", "到20", "截至", "持续", "长期", "并"])
        {
            break;
        }
        let mut ahead = *cursor;
        if let Some(number) = ahead.number()
            && ahead.eat_any(&["次", "回", "轮", "遍"]).is_some()
        {
            cadence.times = number.value.clamp(1, 31);
        }
        if cursor.sees_any(&["前", "之前", "以前"]) && cadence.by.is_none() && cursor.at > start {
            cadence.by = Some(cursor.since(start));
        }
        cursor.skip();
    }
    cadence
}
