//! Kinds told one after the other: 第一种，……第二种，……第四种，…….

use super::numbering::han;
use super::{FaultKind, Found};
use crate::numbers::number_at;

/// What is told one by one behind its ordinal.
const OF: &str = "种类个条点步层批项";
/// How far one stands behind the one in front of it, in code points.
const FAR: usize = 1_500;
/// Most of them in one row.
const MOST: f64 = 10.0;

/// One of them: where it begins and ends, which one it is called and which it is by its place in the row, and of what.
struct Nth {
    start: usize,
    end: usize,
    number: u32,
    place: u32,
    of: char,
}

pub(super) fn nth(found: &mut Found<'_>) {
    let chars = found.chars;
    let mut row: Vec<Nth> = Vec::new();
    for mut next in (0..chars.len()).filter_map(|at| begins(chars, at)) {
        // They stand in the order of the text: those too far away end the search.
        let near = row.iter().rev().take_while(|n| next.start - n.end <= FAR);
        let last = near.into_iter().find(|n| n.of == next.of);
        // A row begins with the first; only what follows one of it is held against it.
        let follows = last.is_some_and(|n| [n.number + 1, n.place + 1].contains(&next.number));
        next.place = last.filter(|_| next.number > 1).map_or(next.number, |n| n.place + 1);
        if last.is_some() && !follows && next.place.abs_diff(next.number) == 1 {
            let right = format!("第{}{}", han(next.place), next.of);
            let before = last.map_or(next.place - 1, |n| n.number);
            let reason = format!("前面是“第{}{}”，序号不连续", han(before), next.of);
            found.tell(next.start, next.end, FaultKind::Numbering, "one by one", reason, Some(right));
        }
        if next.number == 1 || last.is_some() {
            row.push(next);
        }
    }
}

/// 第一种， at the beginning of a line or a sentence.
fn begins(chars: &[char], at: usize) -> Option<Nth> {
    if chars[at] != '第'
        || at.checked_sub(1).is_some_and(|i| !matches!(chars[i], '\n' | '。' | '；' | '\u{3000}' | ' '))
    {
        return None;
    }
    let number = number_at(chars, at + 1).filter(|n| n.han && (1.0..=MOST).contains(&n.value))?;
    let of = *chars.get(number.end).filter(|c| OF.contains(**c))?;
    let ends = matches!(chars.get(number.end + 1), Some('，' | '：' | '是'));
    let which = number.value as u32;
    ends.then_some(Nth { start: at, end: number.end + 1, number: which, place: which, of })
}
