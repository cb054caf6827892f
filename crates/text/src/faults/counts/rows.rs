//! Counts of what is told one by one in a row of the same make: 三个地方：第一个是……, 四个“紧”：盯紧……, 三支队伍，一支……，一支…….

use super::super::{FaultKind, Found, han};
use super::{MAX_PARAGRAPH, OFF, few, next_mark, off, whole_number};
use crate::lexicon::{any, find, stands, words};
use crate::numbers::{Number, number_at};

/// Farthest first item behind its count, in code points.
const NEAR: usize = 45;
/// Most items of a row that a count of a few announces, give or take what it is wrong by.
const MOST: usize = 9 + OFF;
/// How far apart two of a row told with 一支 and 一支 may stand, in code points.
const APART: usize = 60;
/// How far into an item the word may reach that all begin with, in code points.
const HEAD: usize = 4;
/// Words by which a row goes on otherwise.
const OTHERS: &str = "另 其余 还有 余下 再一 此外 最后 剩下";

fn tell(found: &mut Found<'_>, number: &Number, end: usize, told: usize) {
    if !found.is_told((number.start, end), FaultKind::CountMismatch) {
        let reason = format!("说的是{}，下文有{told}项", words(found.chars, number.start, end));
        found.tell(number.start, end, FaultKind::CountMismatch, "row of one make", reason, None);
    }
}

/// Whether a clause begins here.
fn begins(chars: &[char], at: usize) -> bool {
    at == 0 || matches!(chars[at - 1], '，' | '。' | '；' | '：' | '\n' | '　')
}

/// Counts whose items are told in a row of the same make.
pub(in super::super) fn rows(found: &mut Found<'_>) {
    let chars = found.chars;
    for &at in found.counted {
        let Some(number) = whole_number(chars, at).filter(few) else { continue };
        let Some(measure) = chars.get(number.end).copied() else { continue };
        let told = if "个件条类种项点步支层道招".contains(measure) {
            ordinals(chars, number.end, measure).or_else(|| one_each(chars, number.end, measure))
        } else {
            None
        };
        let told = told.map(|told| (number.end + 1, told)).or_else(|| alike(chars, number.end));
        if let Some((end, told)) = told.filter(|(_, told)| *told >= 2 && off(&number, (*told, *told))) {
            tell(found, &number, end, told);
        }
    }
}

/// 三个地方：第一个是……第二个是……: how many of them follow one another; nothing where one is left out, that is a fault of its own.
fn ordinals(chars: &[char], from: usize, measure: char) -> Option<usize> {
    let first = format!("第一{measure}");
    let head = find(chars, from, chars.len().min(from + NEAR), &first)?;
    let stop = chars.len().min(head + MAX_PARAGRAPH);
    let mut told = 0;
    for at in (head..stop).filter(|at| chars[*at] == '第' && begins(chars, *at)) {
        let which = number_at(chars, at + 1).filter(|n| n.han && chars.get(n.end) == Some(&measure));
        let Some(which) = which else { continue };
        // 第一个月 and 第二个月 are months.
        if chars.get(which.end + 1).is_some_and(|c| "月年季周星小工".contains(*c)) {
            return None;
        }
        match which.value as usize {
            next if next == told + 1 => told = next,
            later if later > told + 1 => return None,
            _ => {}
        }
    }
    Some(told)
}

/// 三支队伍，一支……，一支……: how many clauses begin with the same 一支.
fn one_each(chars: &[char], from: usize, measure: char) -> Option<usize> {
    let one = format!("一{measure}");
    let near = chars.len().min(from + NEAR / 2);
    let first = find(chars, from, near, &one).filter(|at| begins(chars, *at))?;
    // Only then is it worth looking for the end of the paragraph.
    let end = next_mark(chars, from, |c| c == '\n');
    let (mut at, mut told, mut reach) = (from, 0, end.min(near));
    while let Some(next) = find(chars, at, reach, &one) {
        told += usize::from(begins(chars, next));
        if told > MOST {
            return None;
        }
        at = next + 2;
        reach = end.min(at + APART);
    }
    // 一条一条地对, 第一支, 另一支: told otherwise as well.
    let others =
        any(chars, from, reach, OTHERS) || find(chars, from, reach, &format!("{measure}{one}")).is_some();
    let plain =
        !stands(chars, first + 2, &one) && find(chars, from, end, &format!("第一{measure}")).is_none();
    (plain && !others).then_some(told)
}

/// 四个“紧”：盯紧……: how many lines, or parts of the sentence, begin alike with a word that holds the one in quotes; and where the
/// count ends.
fn alike(chars: &[char], from: usize) -> Option<(usize, usize)> {
    if !stands(chars, from, "个“") {
        return None;
    }
    let open = from + 2;
    let close = (open..chars.len().min(open + 3)).find(|i| chars[*i] == '”')?;
    let word = words(chars, open, close);
    let mark = *chars.get(close + 1)?;
    if word.is_empty() || !matches!(mark, '：' | '。' | '，') {
        return None;
    }
    let told = if chars.get(close + 2) == Some(&'\n') {
        let reach = chars.len().min(close + 3 + MAX_PARAGRAPH);
        row(chars[close + 3..reach].split(|c| *c == '\n'), &word)
    } else {
        let end = next_mark(chars, close + 2, |c| matches!(c, '。' | '\n'));
        let parts: Vec<&[char]> = chars[close + 2..end].split(|c| *c == '；').collect();
        Some(parts.len()).filter(|all| row(parts.into_iter(), &word) == Some(*all))
    };
    told.map(|told| (close + 1, told))
}

/// How many items from the first on begin with the same characters, up to the word that is in quotes.
fn row<'a>(mut items: impl Iterator<Item = &'a [char]>, word: &str) -> Option<usize> {
    let first = items.next()?;
    let length = word.chars().count();
    let at = find(first, 0, first.len().min(HEAD), word)?;
    let head = &first[..(at + length).max(2).min(first.len())];
    let plain = head.iter().all(|c| han(Some(c)));
    plain.then(|| 1 + items.take_while(|item| item.starts_with(head)).count())
}
