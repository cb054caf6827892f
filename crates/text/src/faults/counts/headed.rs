//! Counts that the headings of a text do not match: 聚焦三个关键 in the title, 围绕六个方面查摆 in front of headings, 以上四个问题 behind them.

use super::super::{FaultKind, Found};
use super::{NEAR_HEADING, behind_mark, few, next_mark};
use crate::lexicon::{any, stands, words};
use crate::numbers::{Number, number_at};
use crate::segment::{Mark, Numbering};

/// Longest heading, in code points.
const HEADING: usize = 40;
/// How far back the headings are looked for that 以上四个问题 sums up, in code points.
const BACK: usize = 3_000;

/// 聚焦三个关键 or “三个聚焦” in the title, and headings that begin with 聚焦 in the body.
pub(in super::super) fn in_title(found: &mut Found<'_>, lines: &[(usize, usize)], numbers: &[Numbering]) {
    let chars = found.chars;
    let Some(&(start, end)) = lines.first() else { return };
    if end - start > 2 * HEADING || chars[start..end].contains(&'。') {
        return;
    }
    for at in start..end {
        let Some(number) =
            number_at(chars, at).filter(few).filter(|n| chars.get(n.end) == Some(&'个') && n.end + 3 <= end)
        else {
            continue;
        };
        let quoted = at > start && chars[at - 1] == '“' && chars.get(number.end + 3) == Some(&'”');
        let from = match quoted {
            true => number.end + 1,
            false if at >= start + 2 => at - 2,
            false => continue,
        };
        let word: String = chars[from..from + 2].iter().collect();
        let told = headings(chars, lines, numbers, &word);
        let known = found.faults.iter().any(|f| f.kind == FaultKind::CountMismatch && f.start < end);
        if told >= 2 && told as f64 != number.value && !known {
            let reason =
                format!("标题说{}个，正文有{told}个“{word}”", words(chars, number.start, number.end));
            let (start, stop) = if quoted { (at - 1, number.end + 4) } else { (at - 2, number.end + 3) };
            found.tell(start, stop, FaultKind::CountMismatch, "announced count", reason, None);
        }
    }
}

/// How many headings in a row begin with the word, numbered ones or lines of their own; none where they begin otherwise too.
fn headings(chars: &[char], lines: &[(usize, usize)], numbers: &[Numbering], word: &str) -> usize {
    let numbered: Vec<&Numbering> =
        numbers.iter().filter(|n| n.line_start && matches!(n.mark, Mark::Han | Mark::HanBracket)).collect();
    let begins = |n: &&&Numbering| stands(chars, n.span.end, word);
    let Some(first) = numbered.iter().find(begins) else {
        let alone = |(start, end): &&(usize, usize)| {
            end - start <= HEADING && stands(chars, *start, word) && !chars[*start..*end].contains(&'。')
        };
        // With numbered headings the lines are none.
        return if numbered.is_empty() { lines.iter().skip(1).filter(alone).count() } else { 0 };
    };
    if first.number != 1 {
        return 0;
    }
    let row = numbered.iter().filter(|n| n.mark == first.mark && n.span.start >= first.span.start);
    row.take_while(begins).count()
}

/// 围绕六个方面查摆问题, and headings of five 方面 behind it.
pub(in super::super) fn aspects(found: &mut Found<'_>, numbers: &[Numbering]) {
    let chars = found.chars;
    for at in found.counted_inside() {
        let Some(number) = number_at(chars, at).filter(few).filter(|n| stands(chars, n.end, "个方面"))
        else {
            continue;
        };
        let stop = next_mark(chars, number.end, |c| matches!(c, '，' | '。' | '：' | '\n'));
        if !any(chars, number.end, stop, "查摆 检视 对照") {
            continue;
        }
        let first = numbers.partition_point(|n| n.span.start < stop);
        let reach = numbers[first..].iter().take_while(|n| n.span.start <= stop + NEAR_HEADING);
        let head =
            reach.into_iter().position(|n| n.line_start && n.mark == Mark::HanBracket && n.number == 1);
        let Some(head) = head.map(|n| first + n) else { continue };
        let row = numbers[head + 1..].iter().filter(|n| n.line_start && n.mark == Mark::HanBracket);
        let row: Vec<&Numbering> =
            std::iter::once(&numbers[head]).chain(row.take_while(|n| n.number != 1)).collect();
        let in_order = row.iter().zip(1..).all(|(n, wanted)| n.number == wanted);
        let says = |n: &&Numbering| any(chars, n.span.end, (n.span.end + 16).min(chars.len()), "方面");
        if row.len() >= 3 && in_order && row.iter().all(says) && row.len() as f64 != number.value {
            tell(found, &number, stop.min(number.end + 3), row.len());
        }
    }
    for at in (1..chars.len()).filter(|at| matches!(chars[at - 1], '上' | '述')) {
        if let Some(number) = number_at(chars, at).filter(few) {
            summed_up(found, &number, numbers);
        }
    }
}

fn tell(found: &mut Found<'_>, number: &Number, end: usize, told: usize) {
    let reason = format!("说的是{}个，列出的有{told}个", words(found.chars, number.start, number.end));
    found.tell(number.start, end, FaultKind::CountMismatch, "announced count", reason, None);
}

/// 以上五个问题 behind headings （一） to （四）.
fn summed_up(found: &mut Found<'_>, number: &Number, numbers: &[Numbering]) {
    let chars = found.chars;
    let at = number.start;
    let noun = ["个问题", "个方面问题", "方面问题", "个方面的问题", "条问题", "个原因", "个困难"]
        .iter()
        .find(|noun| stands(chars, number.end, noun));
    let sums = ["以上", "上述"].iter().any(|word| at >= 2 && stands(chars, at - 2, word));
    let (Some(noun), true) = (noun, sums) else { return };
    let line = behind_mark(chars, at, |c| c == '\n');
    let behind = numbers.partition_point(|n| n.span.start < at);
    let near = numbers[..behind].iter().rev().take_while(|n| n.span.start + BACK > at);
    // The last number of each shape: the list meant may be any of them.
    let mut ends: Vec<&Numbering> = Vec::new();
    for n in near {
        if !ends.iter().any(|end| end.mark == n.mark) {
            ends.push(n);
        }
    }
    let fits = ends.iter().any(|n| f64::from(n.number) == number.value);
    let list = ends.iter().find(|n| n.line_start && n.span.start < line && n.mark == Mark::HanBracket);
    let Some(list) = list.filter(|n| !fits && n.number >= 2) else { return };
    if (f64::from(list.number) - number.value).abs() <= 1.0 {
        tell(found, number, number.end + noun.chars().count(), list.number as usize);
    }
}
