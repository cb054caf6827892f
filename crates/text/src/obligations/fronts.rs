//! Single shapes at the front of a clause.

use super::words::{HEAD, WORDS};
use crate::lexicon::{any, stands};

/// 每周五下午下班前, 每月底前: behind the day of a rhythm.
pub(super) fn weekday(chars: &[char], from: usize, end: usize) -> usize {
    let stop = (from + 9).min(end);
    let day = |c: &char| c.is_ascii_digit() || "一二三四五六日天号底末初上下午班中旬之".contains(*c);
    let last = (from..stop).find(|i| !day(&chars[*i])).unwrap_or(stop);
    match chars.get(last) {
        Some('前') if last > from => last + 1,
        _ if last == from + 1 && "一二三四五六日".contains(chars[from]) => last,
        _ => from,
    }
}

/// 报市财政局备案, 送县档案馆: 报 or 送 with nothing between it and who gets it.
pub(super) fn hands(chars: &[char], at: usize, end: usize) -> bool {
    let gets = chars.get(at + 1).is_some_and(|c| "省市县区州镇乡我主各本上".contains(*c))
        || WORDS.at(chars, at + 1, end).is_some_and(|h| h.is(HEAD));
    at + 3 <= end && matches!(chars[at], '报' | '送' | '交') && gets
}

/// 确保播种面积稳定在3.2万亩以上: a purpose with a number that can be checked.
pub(super) fn aims(chars: &[char], head: usize, end: usize) -> bool {
    ["确保", "保证"].iter().any(|w| stands(chars, head, w))
        && chars[head..end].iter().any(char::is_ascii_digit)
        && any(chars, head, end, "以上 不低于 不少于 达到 稳定在 控制在")
}
