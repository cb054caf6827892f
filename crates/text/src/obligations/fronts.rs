//! Single shapes at the front of a clause.

use super::words::{HEAD, WORDS};
use crate::lexicon::{any, stands};
use crate::numbers::number_at;

/// 每周五下午下班前, 每月底前, 每月5日, 每季度末: behind the day of a rhythm.
pub(super) fn in_period(chars: &[char], from: usize, end: usize) -> usize {
    let first = ["首月", "末月", "首个月"].iter().find(|w| stands(chars, from, w));
    let from = from + first.map_or(0, |w| w.chars().count());
    let stop = (from + 9).min(end);
    let day = |c: &char| c.is_ascii_digit() || "一二三四五六日天号底末初上下午班中旬之十以".contains(*c);
    let last = (from..stop).find(|i| !day(&chars[*i])).unwrap_or(stop);
    if last > from && chars.get(last) == Some(&'前') && last < end {
        return last + 1;
    }
    plain_day(chars, from, end).unwrap_or(from)
}

/// The day of a rhythm without 前 behind it: 5日, 底, 中旬, 周五.
fn plain_day(chars: &[char], from: usize, end: usize) -> Option<usize> {
    const COUNTED: &str = "次场回趟轮遍小天个名篇期人项件份家户条";
    let next = |at: usize| chars.get(at).copied().filter(|_| at < end).unwrap_or('。');
    if let Some(number) =
        number_at(chars, from).filter(|n| n.value <= 31.0 && matches!(next(n.end), '日' | '号'))
    {
        return (next(number.end + 1) != '内').then_some(number.end + 1);
    }
    if ["上旬", "中旬", "下旬"].iter().any(|w| stands(chars, from, w)) {
        return (from + 2 <= end).then_some(from + 2);
    }
    if matches!(next(from), '底' | '末' | '初') {
        return (!"步级中期次数审评层".contains(next(from + 1)) && next(from + 1) != '。')
            .then_some(from + 1);
    }
    let week = from > 0 && matches!(chars[from - 1], '周' | '期');
    if !week || !"一二三四五六日天".contains(next(from)) || COUNTED.contains(next(from + 1)) {
        return None;
    }
    let half = ["上午", "下午", "晚上"].iter().any(|w| stands(chars, from + 1, w) && from + 3 <= end);
    Some(if half { from + 3 } else { from + 1 })
}

/// 报市财政局备案, 送县档案馆: 报 or 送 with nothing between it and who gets it.
pub(super) fn hands(chars: &[char], at: usize, end: usize) -> bool {
    let gets = chars.get(at + 1).is_some_and(|c| "省市县区州镇乡我主各本上".contains(*c))
        || WORDS.at(chars, at + 1, end).is_some_and(|h| h.is(HEAD));
    at + 3 <= end && matches!(chars[at], '报' | '送' | '交') && gets
}

/// 报县委办, 向县主题教育专班: what begins so names who gets it, not who has to.
pub(super) fn names_receiver(chars: &[char], at: usize, end: usize) -> bool {
    let level = |c: &char| "省市县区州镇乡我主各本上".contains(*c);
    hands(chars, at, end) || chars.get(at) == Some(&'向') && chars.get(at + 1).is_some_and(level)
}

/// 确保播种面积稳定在3.2万亩以上: a purpose with a number that can be checked.
pub(super) fn aims(chars: &[char], head: usize, end: usize) -> bool {
    ["确保", "保证"].iter().any(|w| stands(chars, head, w))
        && chars[head..end].iter().any(char::is_ascii_digit)
        && any(chars, head, end, "以上 不低于 不少于 达到 稳定在 控制在")
}
