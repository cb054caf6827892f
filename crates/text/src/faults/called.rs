//! Lists called by their number: “看、听、问、办、评”四大功能; “四个一”工作法，即一张图、一本账、一支队.

use super::counts::few;
use super::{FaultKind, Found, han};
use crate::lexicon::{stands, words};
use crate::numbers::number_at;

/// The longest item of such a list, in code points.
const ITEM: usize = 10;
/// The longest list in quotes.
const LIST: usize = 80;
/// How far behind the name its items may begin, and how far they may reach.
const NAMELY: usize = 16;
const REACH: usize = 90;

/// “看、听、问、办、评”四大功能.
pub(super) fn quoted(found: &mut Found<'_>) {
    let chars = found.chars;
    for close in (1..chars.len()).filter(|at| chars[*at] == '”') {
        let from = close + 1 + usize::from(chars.get(close + 1) == Some(&'的'));
        let Some(number) = number_at(chars, from).filter(few) else { continue };
        let unit = chars.get(number.end).is_some_and(|c| matches!(c, '大' | '项' | '种'));
        let back = chars[..close].iter().rev().take(LIST).position(|c| matches!(c, '“' | '\n' | '。'));
        let Some(open) = back.map(|n| close - 1 - n) else { continue };
        let items: Vec<&[char]> = chars[open + 1..close].split(|c| *c == '、').collect();
        let list = items.len() > 2
            && items
                .iter()
                .all(|item| !item.is_empty() && item.len() <= ITEM && item.iter().all(|c| han(Some(c))));
        // 开展“学法、懂法、用法”两项活动 has it for their theme; 一核、两轴 count themselves.
        let theme =
            number.value < 3.0 || items.iter().all(|item| number_at(item, 0).is_some_and(|n| n.start == 0));
        if chars[open] == '“' && !theme && unit && list && items.len() as f64 != number.value {
            let reason =
                format!("说的是{}，引号里列了{}项", words(chars, number.start, number.end + 1), items.len());
            found.tell(
                number.start,
                number.end + 1,
                FaultKind::CountMismatch,
                "list in quotes",
                reason,
                None,
            );
        }
    }
}

/// “四个一”工作法，即一张图、一本账、一支队.
pub(super) fn ones(found: &mut Found<'_>) {
    let chars = found.chars;
    for at in 1..chars.len() {
        if chars[at - 1] != '“' || !stands(chars, at + 1, "个一”") {
            continue;
        }
        let Some(number) = number_at(chars, at).filter(few) else { continue };
        let name = at + 4;
        let stop = chars.len().min(name + NAMELY);
        let begin = (name..stop).find(|n| stands(chars, *n, "即一") || stands(chars, *n, "：一"));
        let Some(begin) = begin.map(|n| n + 1) else { continue };
        let end = chars[begin..].iter().take(REACH).position(|c| matches!(c, '。' | '；' | '\n'));
        let Some(end) = end.map(|n| begin + n) else { continue };
        let list = &chars[begin..end];
        let joined = |at: usize| matches!(list[at], '，' | '和' | '及') && list.get(at + 1) == Some(&'一');
        let stop = (0..list.len()).find(|at| list[*at] == '，' && !joined(*at)).unwrap_or(list.len());
        // 一套方案和一抓到底, 一个专班，一抓到底: two of them.
        let mut items: Vec<&[char]> = Vec::new();
        let mut from = 0;
        for at in (0..stop).filter(|at| list[*at] == '、' || joined(*at)).chain([stop]) {
            items.push(&list[from..at]);
            from = at + 1;
        }
        let all = items.iter().all(|item| item.first() == Some(&'一'));
        if all && items.len() > 1 && items.len() as f64 != number.value {
            let reason =
                format!("说的是{}个，后面列了{}个", words(chars, number.start, number.end), items.len());
            found.tell(at, name - 1, FaultKind::CountMismatch, "so many ones", reason, None);
        }
    }
}
