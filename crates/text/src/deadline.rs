//! Times by which something is due, as a speech names them.

use std::sync::LazyLock;

use crate::lexicon::{Lexicon, any, find, stands};
use crate::numbers::number_at;
use crate::written::IssueDay;

/// How surely a time is a limit; a later one is the surer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    /// Names no day: 会后, 近期.
    Open,
    /// So long from a day: 两周内.
    Within,
    /// A feast that moves with the moon: 春节前.
    Feast,
    /// A day of the calendar: 11月底前.
    Day,
}

/// A time named in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deadline {
    pub start: usize,
    pub end: usize,
    /// The last day meant, as YYYY-MM-DD, where the text and the year settle it.
    pub day: Option<String>,
    pub sort: Sort,
}

impl Deadline {
    /// Whether one can tell from the words that the time is over.
    pub(crate) fn settled(&self) -> bool {
        self.day.is_some() || self.sort == Sort::Feast
    }
}

/// By what the times of a text are resolved.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Times<'a> {
    /// The year in which months and days without one fall.
    pub year: Option<i32>,
    /// The last day of the campaign where the text tells it.
    pub closing: Option<&'a str>,
    /// The day of the text, where it says so under its title or at its end, or somebody else does.
    pub written: Option<IssueDay>,
    /// The same, or else the day with which the text opens: near enough to tell the year.
    pub about: Option<IssueDay>,
}

/// What stands for a number that is still to be filled in.
fn blank(c: char) -> bool {
    matches!(c, '×' | '*' | '＊' | '某' | 'X' | 'x' | 'Ｘ')
}

/// Times that name no day.
const OPEN: &str = "当月 月内 当天 当日 次日 年后 主题教育期间 活动期间 近期 近段时间 下阶段 下一阶段 下一步 适时 \
    尽快 短期内 会后 会议结束后 调研结束后 学习结束后 调研后 今冬明春 本周内 本周五前 下周 三日内 \
    3日内 节日期间 节前 节后 汛期前 明天 明早 这几天 这个月内 这个月底前 这周内";
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

/// The year a text is about: the one it names most often, if it names any. Those of single days and of limits are left out:
/// 2027年1月10日前 says nothing of the year of 11月30日前.
pub(crate) fn year_of(chars: &[char]) -> Option<i32> {
    let mut seen: Vec<(i32, usize)> = Vec::new();
    for at in 0..chars.len() {
        if (chars[at] == '1' || chars[at] == '2')
            && (at == 0 || !chars[at - 1].is_ascii_digit())
            && let Some(n) =
                number_at(chars, at).filter(|n| n.end - n.start == 4 && chars.get(n.end) == Some(&'年'))
        {
            let year = n.value as i32;
            if calendar(chars, at, chars.len(), None).is_some_and(|(to, _)| dated(chars, to)) {
                continue;
            }
            match seen.iter_mut().find(|(y, _)| *y == year) {
                Some((_, count)) => *count += 1,
                None => seen.push((year, 1)),
            }
        }
    }
    seen.into_iter().max_by_key(|(year, count)| (*count, *year)).map(|(year, _)| year)
}

/// Whether a day or a limit ends at `to`.
fn dated(chars: &[char], to: usize) -> bool {
    matches!(chars[to - 1], '日' | '号' | '底' | '末') || tail(chars, to, chars.len()) > to
}

/// The first time named in `chars[start..end]`.
pub(crate) fn deadline_in(chars: &[char], start: usize, end: usize, times: Times<'_>) -> Option<Deadline> {
    (start..end).find_map(|at| deadline_at(chars, at, end, times))
}

/// The time that is named at `at`.
pub(crate) fn deadline_at(chars: &[char], at: usize, end: usize, times: Times<'_>) -> Option<Deadline> {
    if !begins(*chars.get(at)?) {
        return None;
    }
    let found = |to: usize, day: Option<String>, sort: Sort| {
        let to = tail(chars, to, end);
        Some(Deadline { start: at, end: to, day, sort })
    };
    if at > 0 && (chars[at - 1].is_ascii_digit() || chars[at - 1] == '第') {
        return None;
    }
    if let Some((to, day)) = by_calendar(chars, at, end, times) {
        return found(to, day, Sort::Day);
    }
    for word in ["主题教育结束前", "主题教育结束之前", "活动结束前", "主题教育总结前"]
    {
        if stands(chars, at, word) {
            return found(at + word.chars().count(), times.closing.map(str::to_string), Sort::Day);
        }
    }
    if let Some(to) = feast(chars, at).filter(|to| *to < end) {
        return Some(Deadline { start: at, end: to, day: None, sort: Sort::Feast });
    }
    if let Some((to, unit)) = stretch(chars, at, end) {
        let day = times.written.filter(|_| from_now(chars, at)).and_then(|day| later(chars, at, unit, day));
        return Some(Deadline { start: at, end: to, day: day.map(IssueDay::written), sort: Sort::Within });
    }
    if let Some(to) = blank_month(chars, at, end) {
        return found(to, None, Sort::Open);
    }
    static WORDS: LazyLock<Lexicon> =
        LazyLock::new(|| Lexicon::new(&[(SOME_DAY, OPEN), (MONTH, THIS_MONTH), (BEGINS, YEAR_BEGINS)]));
    let word = WORDS.at(chars, at, chars.len())?;
    // 年初确定的实事: since when it is so, no limit.
    if word.is(BEGINS) && !matches!(chars.get(word.end), Some('前' | '要' | '，' | '完' | '就')) {
        return None;
    }
    let written = times.written.filter(|_| word.is(MONTH));
    let day = written.and_then(|day| day_of(Some(day.year()), day.month(), None));
    found(word.end, day, if word.is(MONTH) { Sort::Day } else { Sort::Open })
}

/// A time of the calendar, a stretch of time at its end: where it ends and its last day. Without a year in its words it is
/// never long past: 1月10日前 of a text of November is of the next year.
fn by_calendar(chars: &[char], at: usize, end: usize, times: Times<'_>) -> Option<(usize, Option<String>)> {
    let named = calendar(chars, at, end, times.year)?;
    let told = year_at(chars, at);
    for link in ["到", "至", "—", "-", "～"] {
        if stands(chars, named.0, link)
            && let Some(last) = calendar(chars, named.0 + 1, end, told.or(times.year))
        {
            // 11月10日至1月20日: over the end of the year.
            let own = year_at(chars, named.0 + 1).is_some();
            let over = !own && last.1.as_deref() < named.1.as_deref();
            return Some((last.0, if over { year_on(last.1) } else { last.1 }));
        }
    }
    let limit =
        matches!(chars[named.0 - 1], '前' | '内' | '底' | '末') || tail(chars, named.0, end) > named.0;
    let free = told.is_none() && !matches!(chars[at], '今' | '明' | '本' | '“' | '十');
    let day = named.1.as_deref().and_then(IssueDay::parse);
    let past = times.about.zip(day).is_some_and(|(about, day)| about.long_past(day));
    Some((named.0, if limit && free && past { year_on(named.1) } else { named.1 }))
}

/// The same day of the next year.
fn year_on(day: Option<String>) -> Option<String> {
    IssueDay::parse(&day?)?.next_year().map(IssueDay::written)
}

/// 春节前, 中秋节前夕: before a feast whose day the moon settles.
fn feast(chars: &[char], at: usize) -> Option<usize> {
    const FEASTS: [&str; 6] = ["春节", "中秋", "端午", "清明", "元宵", "重阳"];
    let name = FEASTS.iter().find(|w| stands(chars, at, w))?;
    let to = at + name.chars().count();
    let to = to + usize::from(!name.ends_with('节') && chars.get(to) == Some(&'节'));
    let before = ["前夕", "之前", "以前", "前"].iter().find(|w| stands(chars, to, w))?;
    let to = to + before.chars().count();
    (chars.get(to) != Some(&'后')).then_some(to)
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

/// Units of a stretch of time, the longer ones first.
const UNITS: [&str; 11] =
    ["个工作日", "个星期", "个月", "星期", "小时", "工作日", "日", "天", "周", "月", "年"];
/// Most years that are a stretch of time: 2024年内 is none.
const MAX_YEARS: f64 = 10.0;
/// How far back it is read what a stretch of time is counted from, in code points.
const MAX_BACK: usize = 40;

/// 15日内, 2个月内, 10个工作日内: so long from a day that the text does not tell. Where it ends, and its unit.
fn stretch(chars: &[char], at: usize, end: usize) -> Option<(usize, &'static str)> {
    // 近两周内 looks back; 压缩至3天内 says how long a thing takes.
    if at > 0 && matches!(chars[at - 1], '近' | '前' | '过' | '每' | '至' | '到' | '为' | '.') {
        return None;
    }
    let number = number_at(chars, at)?;
    let unit = UNITS.into_iter().find(|u| stands(chars, number.end, u))?;
    let fits = match unit {
        "月" => number.value == 0.5,
        "年" => number.value <= MAX_YEARS,
        _ => true,
    };
    let to = number.end + unit.chars().count();
    let tail = ["之内", "以内", "内"].iter().find(|w| stands(chars, to, w)).filter(|_| fits)?;
    Some((to + tail.chars().count(), unit)).filter(|(to, _)| *to <= end)
}

/// The last day of a stretch of time that begins on this day; working days and hours need a calendar and a clock.
fn later(chars: &[char], at: usize, unit: &str, day: IssueDay) -> Option<IssueDay> {
    let count = number_at(chars, at)?.value;
    let whole = (count.fract() == 0.0 && (1.0..=1_000.0).contains(&count)).then_some(count as u32);
    match unit {
        "日" | "天" => day.plus_days(whole?),
        "周" | "星期" | "个星期" => day.plus_days(7 * whole?),
        "个月" | "月" if count == 0.5 => day.plus_days(15),
        "个月" => day.plus_months(whole?),
        "年" if count == 0.5 => day.plus_months(6),
        "年" => day.plus_months(12 * whole?),
        _ => None,
    }
}

/// Whether a stretch of time at `at` is counted from the day of the text: nothing in front of it in its sentence tells of
/// another day or of a case (验收后两周内, 接到投诉的，3日内).
fn from_now(chars: &[char], at: usize) -> bool {
    let near = at.saturating_sub(MAX_BACK);
    let from = chars[near..at].iter().rposition(|c| "。；！？\n".contains(*c)).map_or(near, |i| near + i + 1);
    let after = |i: usize| {
        let before = if i > from { chars[i - 1] } else { '。' };
        chars[i] == '后'
            && !"会先前最落今".contains(before)
            && !matches!(chars[i + 1], '进' | '续' | '勤' | '备')
    };
    !(from..at).any(after)
        && !any(chars, from, at, "之日 日起 时起 的， 凡 对 一经 如果 若 每 接到 收到 接诉 逾期 发现 到期")
}

/// 开学后两周内, 收到通知之日起15日内: so long from an event that the text names in front.
pub(crate) fn after_event(chars: &[char], at: usize, end: usize) -> Option<Deadline> {
    let late = (at + 2..(at + 10).min(end)).find(|i| matches!(chars[*i], '后' | '起'))?;
    // 要在验收后两周内: the time begins behind such words.
    let own = |c: &char| ('\u{4E00}'..='\u{9FFF}').contains(c) && !"要须应需将在于由确".contains(*c);
    let clean = chars[at..late].iter().all(own);
    let (to, _) = stretch(chars, late + 1, end).filter(|_| clean)?;
    Some(Deadline { start: at, end: to, day: None, sort: Sort::Within })
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
        '0'..='9' | '０'..='９' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '“' | '今' | '这'
            | '本' | '年' | '全' | '第' | '上' | '国' | '元' | '明' | '主' | '活' | '近' | '下' | '适' | '尽' | '短'
            | '会' | '调' | '学' | '月' | '节' | '汛' | '当' | '次' | '两' | '半' | '春' | '中' | '端' | '清' | '重'
    ) || blank(c)
}

/// Behind the bracket that stands between a day and 前.
fn bracketed(chars: &[char], at: usize, end: usize) -> Option<usize> {
    let close = (at + 1..(at + 8).min(end)).find(|i| matches!(chars[*i], '）' | ')'));
    let close = close.filter(|_| matches!(chars.get(at), Some('（' | '(')))?;
    ["前", "之前", "以前"].iter().any(|w| stands(chars, close + 1, w)).then_some(close + 1)
}

/// 前、前后、之前、左右 belong to the time.
fn tail(chars: &[char], to: usize, end: usize) -> usize {
    // 10月20日（本周五）前: the bracket belongs to the day.
    let to = bracketed(chars, to, end).unwrap_or(to);
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
        if ["底", "末", "内"].iter().any(|w| stands(chars, from, w)) {
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
