//! Stretches of time against the dates between which they lie.

use super::{Certainty, ConflictKind, Found};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, find, stands};
use crate::numbers::{Number, number_at};

/// Days of each month; February may have one more.
const DAYS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// How far behind the dates the number of days may be told, in code points.
const NEAR: usize = 40;

/// 9月19日至23日，举办为期7天的读书班.
pub(super) fn sentence(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for told in mentions.iter().filter(|m| m.kind == FigureKind::Duration && m.exact()) {
        let unit = told.plain_unit(chars);
        let lasting = any(
            chars,
            told.number.start.saturating_sub(4).max(told.clause.0),
            told.number.start,
            "为期 历时 用时 共 持续 连续 利用 用",
        );
        if unit != "天" || !lasting || told.number.value < 1.0 {
            continue;
        }
        let start = told.start.saturating_sub(NEAR).max(told.sentence.0);
        let Some((from, to, days)) = range(chars, start, told.sentence.0, told.start) else { continue };
        // 分别于9月18日至20日、10月9日至12日，共7天: of both together.
        if any(chars, told.sentence.0, from, "日至 号至") {
            continue;
        }
        let said = told.number.value.round() as u32;
        // One may count from the first day to the last, or leave out days that are not worked.
        let (weeks, rest) = (days / 7, days % 7);
        let least = days - (weeks * 2 + rest.min(2));
        let working = days > 5 && said >= least;
        // 分两批举办为期3天的培训班, 期间开展3天: within these days, not all of them.
        let among = any(chars, from, told.start, "期间 分 先后 批 轮 每 其中 利用 各 集中");
        if said > days || said + 1 < days && !working && !among {
            let reason = format!("所写起止日期共{days}天，文中为{said}天");
            found.tell(
                &[(from, to), (told.start, told.end)],
                ConflictKind::Duration,
                Certainty::Certain,
                reason,
            );
        }
    }
}

/// The last pair of dates between two places, with the number of days from the first to the last.
fn range(chars: &[char], start: usize, sentence: usize, end: usize) -> Option<(usize, usize, u32)> {
    let mut at = end;
    while at > start {
        at -= 1;
        if chars[at] != '月' {
            continue;
        }
        let Some((from, month)) = number_behind(chars, sentence, at) else { continue };
        let Some(day) = number_at(chars, at + 1).filter(|n| !n.han) else { continue };
        let mut next = day.end;
        next += usize::from(matches!(chars.get(next), Some('日' | '号')));
        // 自5月6日开始，至5月15日结束
        if let Some(word) = ["开始，", "启动，", "起，", "启动"].iter().find(|word| stands(chars, next, word))
        {
            next += word.chars().count();
        }
        if !matches!(chars.get(next), Some('至' | '到' | '—' | '-' | '－' | '–' | '~' | '～' | '一'))
        {
            continue;
        }
        while matches!(chars.get(next), Some('至' | '到' | '—' | '-' | '－' | '–' | '~' | '～' | '一'))
        {
            next += 1;
        }
        let Some((last_month, last, stop)) = last_day(chars, next, month) else { continue };
        if stop > end {
            continue;
        }
        let days = between((month, day.value as u32), (last_month, last))?;
        return Some((from, stop, days));
    }
    None
}

/// 23日 or 10月7日.
fn last_day(chars: &[char], at: usize, month: u32) -> Option<(u32, u32, usize)> {
    let first = number_at(chars, at).filter(|n| !n.han)?;
    let whole = |n: &Number| (n.value.fract() == 0.0).then_some(n.value as u32);
    let day = |end: usize| matches!(chars.get(end), Some('日' | '号'));
    if day(first.end) {
        return Some((month, whole(&first)?, first.end + 1));
    }
    if chars.get(first.end) != Some(&'月') {
        return None;
    }
    let second = number_at(chars, first.end + 1).filter(|n| day(n.end))?;
    Some((whole(&first)?, whole(&second)?, second.end + 1))
}

/// The number that ends at `end`.
fn number_behind(chars: &[char], start: usize, end: usize) -> Option<(usize, u32)> {
    let from = (start..end).rev().take_while(|at| chars[*at].is_ascii_digit()).last()?;
    let value: String = chars[from..end].iter().collect();
    Some((from, value.parse().ok().filter(|month| (1..=12).contains(month))?))
}

/// Days from the first to the last, both counted.
fn between((month, day): (u32, u32), (last_month, last): (u32, u32)) -> Option<u32> {
    let first = (month as usize).checked_sub(1)?;
    let until = (last_month as usize).checked_sub(1)?;
    if first == until {
        return (last >= day && last <= 31).then_some(last - day + 1);
    }
    // Only from one month into the next: a longer stretch is told in months.
    (until == first + 1 && day <= DAYS[first] && last <= 31).then(|| DAYS[first] - day + 1 + last)
}

/// The day on which something is told to stand as it does: 截至11月20日, 10月底. Larger is later; the year is 0 where it is
/// not told.
pub(super) fn as_of(chars: &[char], start: usize, end: usize) -> Option<(u32, u32)> {
    let at =
        (start..end).rev().find(|at| chars[*at] == '月' && *at > start && chars[*at - 1].is_ascii_digit())?;
    let (from, month) = number_behind(chars, start, at)?;
    let until = any(chars, from.saturating_sub(8).max(start), from, "截至 截止 到 至");
    let day = number_at(chars, at + 1)
        .filter(|n| !n.han && n.value <= 31.0 && matches!(chars.get(n.end), Some('日' | '号')));
    let day = match (day, chars.get(at + 1)) {
        (Some(day), _) => day.value as u32,
        (None, Some('底' | '末')) => 31,
        (None, Some('初')) => 5,
        _ if stands(chars, at + 1, "上旬") => 10,
        _ if stands(chars, at + 1, "中旬") => 20,
        _ if stands(chars, at + 1, "下旬") || until => 31,
        _ => return None,
    };
    let year = from >= start + 5 && chars[from - 1] == '年' && find(chars, from - 5, from, "20").is_some();
    let year =
        if year { chars[from - 5..from - 1].iter().collect::<String>().parse().unwrap_or(0) } else { 0 };
    Some((year, month * 40 + day))
}

/// Whether the years of both stretches are different ones: 2023年安排的13个项目, 2024年安排的15个项目中.
pub(super) fn of_other_years(chars: &[char], a: (usize, usize), b: (usize, usize)) -> bool {
    let years = |(from, to): (usize, usize)| -> Vec<&[char]> {
        let year = |five: &&[char]| five[4] == '年' && five[..4].iter().all(char::is_ascii_digit);
        chars[from.min(to)..to].windows(5).filter(year).collect()
    };
    let (a, b) = (years(a), years(b));
    !a.is_empty() && !b.is_empty() && !a.iter().any(|year| b.contains(year))
}
