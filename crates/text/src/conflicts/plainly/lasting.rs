//! 从3月1日至5月31日，为期两个月; 11月6日至10日举办……。读书班为期7天; 从3月开始，到8月结束，历时8个月: how long something lasts against its first and
//! its last day.

use super::super::{Certainty, ConflictKind, Found};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, ending, stands};
use crate::numbers::number_at;

/// How far in front of how long it lasts its days may stand, in code points.
const FAR: usize = 110;
/// How much may stand between the words for lasting and the number.
const SAID: usize = 4;
/// How many days a stretch told in months or in weeks may be off.
const MONTHS: f64 = 20.0;
const WEEKS: f64 = 4.0;
const MONTH: f64 = 30.4;
const LASTS: &str = "为期 历时 用时 持续 利用 用 历经 时长 时间为 周期为 期限为";
/// The longest stretch, in years.
const YEARS: u32 = 5;
/// Days of the year in front of each month.
const BEFORE: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// From one day to another: where it is said, and how many days these are. `months` where no days are told.
struct Stretch {
    start: usize,
    end: usize,
    days: f64,
    months: bool,
}

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let m = &mentions[i];
    if m.kind != FigureKind::Duration || !m.exact() || m.quoted || !lasts(chars, m) {
        return;
    }
    let begin = sentence_before(chars, m.sentence.0).max(m.start.saturating_sub(FAR));
    let stretches = stretches(chars, begin, m.start);
    // Of two stretches either may be meant.
    let [stretch] = &stretches[..] else { return };
    let here = stretch.start >= m.sentence.0;
    // 主体施工历时18个月: a part of the work.
    if any(chars, m.clause.0, m.number.start, "主体 施工 阶段 土建 封闭 攻坚 试") {
        return;
    }
    if !here && !first_of_all(chars, m) || of_parts(chars, stretch.end, m.start) {
        return;
    }
    // 二月份、9月30日前: another day in between.
    if chars[stretch.end..m.start].windows(2).any(|w| w[0].is_ascii_digit() && matches!(w[1], '月' | '日'))
    {
        return;
    }
    if let Some(reason) = wrong(chars, m, stretch, here) {
        let spans = [(stretch.start, stretch.end), (m.start, m.end)];
        found.tell(&spans, ConflictKind::Duration, Certainty::Certain, reason);
    }
}

/// 为期7天, 7天时间里.
fn lasts(chars: &[char], m: &Mention) -> bool {
    let from = m.number.start.saturating_sub(SAID).max(m.clause.0);
    let said = any(chars, from, m.number.start, LASTS)
        && !any(
            chars,
            from,
            m.number.start,
            "使用 费用 启用 每 不少于 至少 均 公用 占用 录用 应用 共用 试用 服用 引用 信用",
        );
    let behind = ["时间里，", "时间里", "的时间里"].iter().any(|word| stands(chars, m.end, word));
    (said || behind) && !stands(chars, m.end, "左右") && !stands(chars, m.end, "以上")
}

/// Where the sentence in front of the one that begins here begins, within one paragraph.
fn sentence_before(chars: &[char], start: usize) -> usize {
    let Some(mark) = start.checked_sub(1).filter(|at| chars[*at] == '。') else { return start };
    let ends = |c: &char| matches!(c, '。' | '\n' | '！');
    let from = mark.saturating_sub(FAR);
    chars[from..mark].iter().rposition(ends).map_or(from, |n| from + n + 1)
}

/// 读书班为期7天: whether a sentence begins with how long it lasts.
fn first_of_all(chars: &[char], m: &Mention) -> bool {
    let front = &chars[m.sentence.0..m.number.start];
    front.len() <= 16 && !any(front, 0, front.len(), "公示 每 其中 集中 前 后 再 还 第")
}

/// 分两批举办为期3天的培训班: not all of it.
fn of_parts(chars: &[char], start: usize, end: usize) -> bool {
    any(
        chars,
        start,
        end,
        "分 先后 批 轮 每 其中 各 集中 第一 首 期间 公示 另 不 提前 延长 缩短 超过 剩 逾 前 后",
    ) && !any(chars, start, end, "分阶段 县分管 分管 分三 分四 分片")
}

/// What is wrong with how long it is said to last.
fn wrong(chars: &[char], m: &Mention, stretch: &Stretch, here: bool) -> Option<String> {
    let unit = m.plain_unit(chars);
    let said = m.number.value;
    let (days, months) = (stretch.days, (stretch.days / MONTH).round());
    match unit.as_str() {
        "个月" if stretch.months => {
            let off = said > months || said < months - 1.0;
            off.then(|| format!("所写起止月份共{months}个月，文中为{said}个月"))
        }
        "个月" => {
            let off = (days - said * MONTH).abs() > MONTHS;
            off.then(|| format!("所写起止日期约{months}个月，文中为{said}个月"))
        }
        _ if stretch.months => None,
        "周" => {
            ((days - said * 7.0).abs() > WEEKS).then(|| format!("所写起止日期共{days}天，文中为{said}周"))
        }
        // More days than there are; fewer may be those worked.
        "天" if said.fract() == 0.0 => {
            let fewer = !here && days <= 5.0 && said + 1.0 < days;
            (said > days || fewer).then(|| format!("所写起止日期共{days}天，文中为{said}天"))
        }
        _ => None,
    }
}

/// All stretches of time between two places.
fn stretches(chars: &[char], start: usize, end: usize) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let mut at = start;
    while at < end {
        let behind = found.last().is_some_and(|s| at < s.end);
        if !behind && let Some(stretch) = stretch(chars, at, end) {
            at = stretch.end;
            found.push(stretch);
        } else {
            at += 1;
        }
    }
    found
}

/// A day or a month: its year, month, day, and where it ends.
struct Day {
    year: u32,
    month: u32,
    day: Option<u32>,
    end: usize,
}

fn stretch(chars: &[char], at: usize, end: usize) -> Option<Stretch> {
    if !chars[at].is_ascii_digit() || at > 0 && (chars[at - 1].is_ascii_digit() || chars[at - 1] == '.') {
        return None;
    }
    // The year in front has been tried already, and belongs to it.
    if at > 1 && chars[at - 1] == '年' && chars[at - 2].is_ascii_digit() {
        return None;
    }
    let first = day(chars, at, None)?;
    let to = joint(chars, first.end, end)?;
    let last = day(chars, to, Some(first.month))?;
    if last.end > end || first.day.is_some() != last.day.is_some() {
        return None;
    }
    let months = first.day.is_none();
    let number = |d: &Day, day: u32| BEFORE[(d.month - 1) as usize] + day;
    let (a, b) = (number(&first, first.day.unwrap_or(1)), number(&last, last.day.unwrap_or(30)));
    let year = if last.year > 0 && first.year > 0 { last.year.checked_sub(first.year)? } else { 0 };
    if year > YEARS || year == 0 && b < a {
        return None;
    }
    Some(Stretch { start: at, end: last.end, days: f64::from(b + 365 * year - a + 1), months })
}

/// 2024年3月1日, 3月, or behind 至 only 10日.
fn day(chars: &[char], at: usize, month: Option<u32>) -> Option<Day> {
    let read = |at: usize| number_at(chars, at).filter(|n| !n.han && n.value.fract() == 0.0 && n.value > 0.0);
    let mut number = read(at)?;
    let mut year = 0;
    if chars.get(number.end) == Some(&'年') && number.value > 1900.0 && number.value < 2100.0 {
        year = number.value as u32;
        number = read(number.end + 1)?;
    }
    let is_day = |end: usize| matches!(chars.get(end), Some('日' | '号'));
    if is_day(number.end) && number.value <= 31.0 {
        return Some(Day { year, month: month?, day: Some(number.value as u32), end: number.end + 1 });
    }
    if chars.get(number.end) != Some(&'月') || number.value > 12.0 {
        return None;
    }
    let own = number.value as u32;
    let behind = number.end + 1;
    let day = read(behind).filter(|n| n.value <= 31.0);
    match day {
        Some(n) if is_day(n.end) => Some(Day { year, month: own, day: Some(n.value as u32), end: n.end + 1 }),
        // 5月6—10日: the first day without its own 日.
        Some(n) if month.is_none() && chars.get(n.end).is_some_and(|c| DASHES.contains(c)) => {
            Some(Day { year, month: own, day: Some(n.value as u32), end: n.end })
        }
        Some(_) => None,
        // 3月上旬, 3月初: neither a day nor a whole month.
        None if chars.get(behind).is_some_and(|c| matches!(c, '上' | '中' | '下' | '初')) => None,
        None => Some(Day { year, month: own, day: None, end: behind }),
    }
}

const DASHES: [char; 8] = ['至', '到', '—', '-', '－', '–', '~', '～'];

/// Where the last day begins behind the first: 3月1日至, 3月1日起至, 3月1日开始，至, 9月18日开班、.
fn joint(chars: &[char], from: usize, end: usize) -> Option<usize> {
    const BEGUN: [&str; 9] = ["正式启动", "正式开始", "开始", "启动", "开班", "开幕", "起", "底", "份"];
    const UNTIL: [&str; 7] = ["一直持续到", "持续到", "持续至", "，", "、", "截至", "截止"];
    let mut at = from;
    let begun = BEGUN.iter().find(|word| stands(chars, at, word));
    at += begun.map_or(0, |word| word.chars().count());
    let (mut until, mut lasted) = (false, false);
    for _ in 0..2 {
        if let Some(word) = UNTIL.iter().find(|word| stands(chars, at, word)) {
            until |= begun.is_some() || word.chars().count() > 1;
            lasted |= word.contains("持续");
            at += word.chars().count();
        }
    }
    let dash = chars.get(at).is_some_and(|c| DASHES.contains(c));
    while at < end && chars.get(at).is_some_and(|c| DASHES.contains(c)) {
        at += 1;
    }
    // 9月18日开班、9月22日结业
    let closed = begun.is_some() && until && {
        let last = day(chars, at, None);
        last.is_some_and(|d| ["结业", "闭幕", "结束", "止"].iter().any(|word| stands(chars, d.end, word)))
    };
    let comma = ending(chars, from, "日").is_none() && begun.is_none() && chars.get(from) == Some(&'，');
    (dash && !comma || closed || lasted).then_some(at)
}
