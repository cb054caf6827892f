//! Times by which something is due, as a speech names them.

use std::sync::LazyLock;

use crate::lexicon::{Lexicon, find, stands};
use crate::numbers::number_at;

/// A time named in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deadline {
    pub start: usize,
    pub end: usize,
    /// The last day meant, as YYYY-MM-DD, where the text and the year settle it.
    pub day: Option<String>,
}

/// By what the times of a text are resolved.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Times<'a> {
    /// The year in which months and days without one fall.
    pub year: Option<i32>,
    /// The last day of the campaign where the text tells it.
    pub closing: Option<&'a str>,
    /// Year and month in which the text was written, where it says so under its title or at its end.
    pub written: Option<(i32, u32)>,
}

/// What stands for a number that is still to be filled in.
fn blank(c: char) -> bool {
    matches!(c, '×' | '*' | '＊' | '某' | 'X' | 'x' | 'Ｘ')
}

/// Times that name no day.
const OPEN: &str = "当月 月内 当天 当日 次日 年后 主题教育期间 活动期间 近期 近段时间 下阶段 下一阶段 下一步 适时 \
    尽快 短期内 会后 会议结束后 调研结束后 学习结束后 调研后 今冬明春 本周内 本周五前 下周 三日内 \
    3日内 节日期间 节前 节后 汛期前";
/// The same, of the month in which the text was written.
const THIS_MONTH: &str = "本月底 本月内 本月 月底前";
/// Since when something is so, or from when on.
const YEAR_BEGINS: &str = "年初";

/// Class of the words of [`OPEN`].
const SOME_DAY: u32 = 1;
/// Class of the words of [`THIS_MONTH`].
const MONTH: u32 = 1 << 1;
/// Class of [`YEAR_BEGINS`].
const BEGINS: u32 = 1 << 2;

/// The year a text is about: the one it names most often, if it names any.
pub(crate) fn year_of(chars: &[char]) -> Option<i32> {
    let mut seen: Vec<(i32, usize)> = Vec::new();
    for at in 0..chars.len() {
        if (chars[at] == '1' || chars[at] == '2')
            && (at == 0 || !chars[at - 1].is_ascii_digit())
            && let Some(n) =
                number_at(chars, at).filter(|n| n.end - n.start == 4 && chars.get(n.end) == Some(&'年'))
        {
            let year = n.value as i32;
            match seen.iter_mut().find(|(y, _)| *y == year) {
                Some((_, count)) => *count += 1,
                None => seen.push((year, 1)),
            }
        }
    }
    seen.into_iter().max_by_key(|(year, count)| (*count, *year)).map(|(year, _)| year)
}

/// The first time named in `chars[start..end]`.
pub(crate) fn deadline_in(chars: &[char], start: usize, end: usize, times: Times<'_>) -> Option<Deadline> {
    (start..end).find_map(|at| deadline_at(chars, at, end, times))
}

/// The time that is named at `at`.
pub(crate) fn deadline_at(chars: &[char], at: usize, end: usize, times: Times<'_>) -> Option<Deadline> {
    let year = times.year;
    if !begins(*chars.get(at)?) {
        return None;
    }
    let found = |to: usize, day: Option<String>| {
        let to = tail(chars, to, end);
        Some(Deadline { start: at, end: to, day })
    };
    if at > 0 && (chars[at - 1].is_ascii_digit() || chars[at - 1] == '第') {
        return None;
    }
    if let Some(named) = calendar(chars, at, end, year) {
        // A stretch of time is due at its end.
        for link in ["到", "至", "—", "-", "～"] {
            if stands(chars, named.0, link)
                && let Some(last) = calendar(chars, named.0 + 1, end, year_at(chars, at).or(year))
            {
                return found(last.0, last.1);
            }
        }
        return found(named.0, named.1);
    }
    for word in ["主题教育结束前", "主题教育结束之前", "活动结束前", "主题教育总结前"]
    {
        if stands(chars, at, word) {
            return found(at + word.chars().count(), times.closing.map(str::to_string));
        }
    }
    if let Some(to) = stretch(chars, at, end) {
        return Some(Deadline { start: at, end: to, day: None });
    }
    if let Some(to) = blank_month(chars, at, end) {
        return found(to, None);
    }
    static WORDS: LazyLock<Lexicon> =
        LazyLock::new(|| Lexicon::new(&[(SOME_DAY, OPEN), (MONTH, THIS_MONTH), (BEGINS, YEAR_BEGINS)]));
    let word = WORDS.at(chars, at, chars.len())?;
    // 年初确定的实事: since when it is so, no limit.
    if word.is(BEGINS) && !matches!(chars.get(word.end), Some('前' | '要' | '，' | '完' | '就')) {
        return None;
    }
    let written = times.written.filter(|_| word.is(MONTH));
    found(word.end, written.and_then(|(year, month)| day_of(Some(year), month, None)))
}

/// Year and month of a line that holds a day and nothing else, among the first lines or as the last one: （2023年9月12日）.
pub(crate) fn written_in(chars: &[char]) -> Option<(i32, u32)> {
    let mut lines = chars.split(|c| *c == '\n').filter(|line| line.iter().any(|c| !c.is_whitespace()));
    let first: Vec<_> = lines.by_ref().take(4).collect();
    first.into_iter().chain(lines.next_back()).find_map(dated_line)
}

/// Year and month of a line that is only a day.
fn dated_line(line: &[char]) -> Option<(i32, u32)> {
    let outer = |c: &char| c.is_whitespace() || matches!(c, '（' | '）' | '(' | ')');
    let from = line.iter().position(|c| !outer(c))?;
    let year = year_at(line, from)?;
    let month = number_at(line, from + 5).filter(|n| line.get(n.end) == Some(&'月'))?;
    let day = number_at(line, month.end + 1).filter(|n| line.get(n.end) == Some(&'日'))?;
    let rest = &line[day.end + 1..];
    (rest.iter().all(outer) && (1.0..=12.0).contains(&month.value)).then_some((year, month.value as u32))
}

/// ×月底前, *月中旬: a month that is still to be filled in.
fn blank_month(chars: &[char], at: usize, end: usize) -> Option<usize> {
    let blank = |i: usize| chars.get(i).is_some_and(|c| blank(*c));
    let month = (at..(at + 3).min(end)).find(|i| !blank(*i)).filter(|i| *i > at && chars[*i] == '月')?;
    let parts = ["底", "上旬", "中旬", "下旬", "初", "份"];
    let part = parts.iter().find(|w| stands(chars, month + 1, w)).map(|w| month + 1 + w.chars().count());
    let day = (month + 1..(month + 4).min(end)).find(|i| !blank(*i)).filter(|i| *i > month + 1);
    part.or(day.filter(|i| matches!(chars[*i], '日' | '号')).map(|i| i + 1)).filter(|to| *to < end)
}

/// 15日内, 2个月内, 10个工作日内: so long from a day that the text does not tell.
fn stretch(chars: &[char], at: usize, end: usize) -> Option<usize> {
    let number = number_at(chars, at)?;
    let unit =
        ["个工作日", "日", "天", "个月", "周", "小时"].iter().find(|u| stands(chars, number.end, u))?;
    let to = number.end + unit.chars().count();
    let tail = ["之内", "以内", "内"].iter().find(|w| stands(chars, to, w))?;
    Some(to + tail.chars().count()).filter(|to| *to < end)
}

/// 开学后两周内, 收到通知之日起15日内: so long from an event that the text names in front.
pub(crate) fn after_event(chars: &[char], at: usize, end: usize) -> Option<Deadline> {
    let late = (at + 2..(at + 10).min(end)).find(|i| matches!(chars[*i], '后' | '起'))?;
    let clean = chars[at..late].iter().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(c));
    let to = stretch(chars, late + 1, end).filter(|_| clean)?;
    Some(Deadline { start: at, end: to, day: None })
}

/// The year that stands at `at`: 2021年.
fn year_at(chars: &[char], at: usize) -> Option<i32> {
    let year = number_at(chars, at).filter(|n| n.end - n.start == 4 && chars.get(n.end) == Some(&'年'))?;
    Some(year.value as i32)
}

/// Whether a time can begin with this character; most cannot, and this is asked at every one.
fn begins(c: char) -> bool {
    matches!(
        c,
        '0'..='9' | '０'..='９' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '“' | '今'
            | '本' | '年' | '全' | '第' | '上' | '国' | '元' | '明' | '主' | '活' | '近' | '下' | '适' | '尽' | '短'
            | '会' | '调' | '学' | '月' | '节' | '汛' | '当' | '次'
    ) || blank(c)
}

/// 前、前后、之前、左右 belong to the time.
fn tail(chars: &[char], to: usize, end: usize) -> usize {
    ["前后", "之前", "以前", "左右", "前", "内", "之内"]
        .iter()
        .find(|word| stands(chars, to, word) && to + word.chars().count() <= end)
        .map_or(to, |word| to + word.chars().count())
}

/// A time of the calendar at `at`: where it ends and its last day.
fn calendar(chars: &[char], at: usize, end: usize, year: Option<i32>) -> Option<(usize, Option<String>)> {
    if stands(chars, at, "“十四五”末") || stands(chars, at, "十四五末") {
        return Some((at + 4 + 2 * usize::from(chars[at] == '“'), Some("2025-12-31".to_string())));
    }
    const ENDS: [&str; 10] =
        ["今年年底", "今年底", "本年底", "年底", "年末", "年内", "今年内", "本年度内", "年终", "全年"];
    let first = *chars.get(at)?;
    let ends = if matches!(first, '今' | '本' | '年' | '全') { &ENDS[..] } else { &[] };
    for &word in ends {
        if stands(chars, at, word) && (word != "全年" || stands(chars, at + 2, "内")) {
            let before = at > 0 && chars[at - 1] == '年';
            return (!before).then(|| (at + word.chars().count(), year.map(|y| format!("{y}-12-31"))));
        }
    }
    if let Some(found) = quarter(chars, at, year) {
        return Some(found);
    }
    const DAYS: [(&str, u32, Option<u32>); 8] = [
        ("上半年", 6, None),
        ("国庆节前", 9, None),
        ("国庆前", 9, None),
        ("元旦前", 12, None),
        ("“七一”前", 6, None),
        ("七一前", 6, None),
        ("“五一”前", 4, None),
        ("五一前", 4, None),
    ];
    let days = if matches!(first, '上' | '国' | '元' | '“' | '七' | '五') { &DAYS[..] } else { &[] };
    if let Some((word, month, day)) = days.iter().find(|(word, _, _)| stands(chars, at, word)) {
        return Some((at + word.chars().count(), day_of(year, *month, *day)));
    }
    let mut from = at;
    let mut year = year;
    if stands(chars, at, "明年") {
        (from, year) = (at + 2, year.map(|y| y + 1));
    } else if stands(chars, at, "今年") {
        from = at + 2;
    } else if let Some(told) = year_at(chars, at) {
        (from, year) = (at + 5, Some(told));
        if ["底", "末"].iter().any(|w| stands(chars, from, w)) {
            return Some((from + 1, year.map(|y| format!("{y}-12-31"))));
        }
    }
    // 1.8月15日前 is the first item of a list and the eighth month.
    let month = number_at(chars, from).filter(|month| month.value.fract() == 0.0)?;
    if chars.get(month.end) != Some(&'月') || month.end >= end || !(1.0..=12.0).contains(&month.value) {
        return None;
    }
    Some(within_month(chars, month.end + 1, year, month.value as u32))
}

/// 三季度末, 第三季度前, 在第三季度: the end of a quarter. 三季度以来 is none.
fn quarter(chars: &[char], at: usize, year: Option<i32>) -> Option<(usize, Option<String>)> {
    let number = at + usize::from(chars.get(at) == Some(&'第'));
    let n = "一二三四".chars().position(|c| chars.get(number) == Some(&c))?;
    if !stands(chars, number + 1, "季度") {
        return None;
    }
    let close = number + 3;
    let marked = matches!(chars.get(close), Some('末' | '底' | '内')) || stands(chars, close, "前");
    let around = stands(chars, close, "前后");
    let named = number > at || at > 0 && matches!(chars[at - 1], '在' | '于' | '到');
    let back = ["以来", "，全", "末，全"].iter().any(|w| stands(chars, close, w));
    let end = if marked && !around { close + 1 } else { close };
    ((marked || named) && !back).then(|| (end, day_of(year, 3 * (n as u32 + 1), None)))
}

/// What stands behind the month: 10日、底、中旬、份.
fn within_month(chars: &[char], at: usize, year: Option<i32>, month: u32) -> (usize, Option<String>) {
    for (word, day) in [
        ("上旬", Some(10)),
        ("中旬", Some(20)),
        ("下旬", None),
        ("底", None),
        ("末", None),
        ("份", None),
        ("初", Some(10)),
    ] {
        if stands(chars, at, word) {
            return (at + word.chars().count(), day_of(year, month, day));
        }
    }
    if let Some(day) = number_at(chars, at).filter(|n| matches!(chars.get(n.end), Some('日' | '号'))) {
        return (day.end + 1, day_of(year, month, Some(day.value as u32)));
    }
    (at, day_of(year, month, None))
}

/// A day of the year, or the last of the month; `None` where the month has no such day.
pub(crate) fn day_of(year: Option<i32>, month: u32, day: Option<u32>) -> Option<String> {
    let year = year?;
    let last = last_day(year, month)?;
    let day = day.unwrap_or(last);
    (1..=last).contains(&day).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Number of days of a month.
pub(crate) fn last_day(year: i32, month: u32) -> Option<u32> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => Some(29),
        2 => Some(28),
        _ => None,
    }
}

/// The last day of the campaign where the text says when it ends: 11月底基本结束.
pub(crate) fn closing_day(chars: &[char], year: Option<i32>) -> Option<String> {
    let mut last = None;
    let mut at = 0;
    while let Some(month) = find(chars, at, chars.len(), "月") {
        at = month + 1;
        let from =
            (month.saturating_sub(2)..month).find(|f| number_at(chars, *f).is_some_and(|n| n.end == month));
        let Some(from) = from else { continue };
        // 明年1月, 2024年1月: with the year in front of the month.
        let next = from >= 2 && ["明年", "次年"].iter().any(|w| stands(chars, from - 2, w));
        let told = from.checked_sub(5).and_then(|at| year_at(chars, at));
        let year = told.or(if next { year.map(|y| y + 1) } else { year });
        let Some((end, day)) = calendar(chars, from, chars.len(), year) else { continue };
        let near = (end + 5).min(chars.len());
        if find(chars, end, near, "结束").is_some() && day.is_some() {
            last = last.max(day);
        }
    }
    last
}
