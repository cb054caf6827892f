//! Counts of items that no number begins: 抓好以下五个环节。 and lines that begin with ——, 先后三次现场办公：9月21日……，11月3日…….

use super::super::Found;
use super::announced::{announcement, tell};
use super::whole_number;
use crate::lexicon::{any, stands};
use crate::numbers::number_at;

/// How far behind its number a colon opens the days on which something was done, in code points.
const NEAR: usize = 14;
/// The longest stretch that is read for days, in code points.
const LONGEST: usize = 300;
/// How much a count is wrong at most: further away, something else is counted.
const OFF: f64 = 2.0;

/// 抓好以下五个环节。 in front of four lines that begin with ——.
pub(in super::super) fn dashes(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    let dash = |line: &&(usize, usize)| stands(chars, line.0, "——");
    for (n, line) in lines.iter().enumerate() {
        let items = lines[n + 1..].iter().take_while(dash).count();
        if items < 2 || dash(&line) {
            continue;
        }
        let told = (line.0..line.1).filter_map(|at| announcement(chars, at)).find(|told| {
            // Nothing but its mark stands between the announcement and the first item.
            told.says && told.end + 1 >= line.1
        });
        let items = u32::try_from(items).unwrap_or(u32::MAX);
        if let Some(told) = told.filter(|told| told.number.value != f64::from(items)) {
            tell(found, &told.number, told.end, items);
        }
    }
}

/// 先后三次现场办公：9月21日……，11月3日…….: as many days as times.
pub(in super::super) fn dated(found: &mut Found<'_>) {
    let chars = found.chars;
    for &at in found.counted {
        let times = |end: usize| stands(chars, end, "次") || stands(chars, end, "场");
        let Some(number) = whole_number(chars, at).filter(|n| times(n.end)) else { continue };
        let mark = (number.end..(number.end + NEAR).min(chars.len()))
            .find(|i| matches!(chars[*i], '：' | '，' | '。' | '；' | '、' | '\n'));
        let Some(colon) = mark.filter(|i| chars[*i] == '：') else { continue };
        let reach = (colon + LONGEST).min(chars.len());
        let Some(end) = (colon..reach).find(|i| matches!(chars[*i], '。' | '\n')) else { continue };
        let clauses: Vec<&[char]> = chars[colon + 1..end].split(|c| matches!(c, '，' | '；')).collect();
        let days = clauses.len() as f64;
        let off = (days - number.value).abs();
        let several = any(chars, colon, end, "等 分别 和 至 及 两次 另");
        if clauses.iter().all(|clause| day(clause)) && days > 1.0 && off > 0.0 && off <= OFF && !several {
            tell(found, &number, number.end + 1, clauses.len() as u32);
        }
    }
}

/// Whether a clause begins with a day: 9月21日, 11日.
fn day(clause: &[char]) -> bool {
    let Some(first) = number_at(clause, 0) else { return false };
    match clause.get(first.end) {
        Some('日') => true,
        Some('月') => number_at(clause, first.end + 1).is_some_and(|d| clause.get(d.end) == Some(&'日')),
        _ => false,
    }
}
