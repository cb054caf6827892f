//! Counts of what is named behind them in a word of its own: “四看” and 一看、二看, “五个严禁” and 严禁……, 三项制度，即…….

use super::super::numbering::han;
use super::super::{FaultKind, Found};
use super::{NEAR_HEADING, behind_mark, few, next_mark};
use crate::lexicon::{any, find, words};
use crate::numbers::number_at;
use crate::segment::{Mark, Numbering};

/// 围绕“四看”: and then 一看, 二看 and 三看 only.
pub(in super::super) fn called(found: &mut Found<'_>) {
    let chars = found.chars;
    for open in (0..chars.len()).filter(|at| chars[*at] == '“') {
        let Some(number) = number_at(chars, open + 1).filter(few) else { continue };
        let (Some(word), Some('”')) = (chars.get(number.end), chars.get(number.end + 1)) else { continue };
        let end = number.end + 2;
        let stop = next_mark(chars, end, |c| c == '\n');
        let mut at = end;
        let told = (1..=9).take_while(|n| {
            let next = find(chars, at, stop, &format!("{}{word}", han(*n)));
            next.inspect(|next| at = next + 2).is_some()
        });
        let told = told.count();
        if told >= 2 && told as f64 != number.value {
            let reason = format!("说的是{}，下文有{told}个", words(chars, open, end));
            found.tell(open, end, FaultKind::CountMismatch, "announced count", reason, None);
        }
    }
}

/// 做到“五个严禁”：严禁……，严禁……: so many clauses begin with the word, or so many items end with it; “三个坚持” and headings of 坚持.
pub(in super::super) fn words_of_a_number(found: &mut Found<'_>, numbers: &[Numbering]) {
    let chars = found.chars;
    for open in (0..chars.len()).filter(|at| chars[*at] == '“') {
        let Some(number) = number_at(chars, open + 1).filter(few) else { continue };
        let from = number.end + usize::from(chars.get(number.end) == Some(&'个'));
        let (Some(word), Some('”')) = (chars.get(from..from + 2), chars.get(from + 2)) else { continue };
        let end = from + 3;
        let reach = chars.len().min(end + NEAR_HEADING);
        let stop = chars[end..reach].iter().position(|c| matches!(c, '。' | '\n')).map_or(reach, |n| end + n);
        let begins = |at: usize| matches!(chars[at - 1], '，' | '、' | '；' | '：' | '即');
        let ends = |at: usize| chars.get(at + 2).is_none_or(|c| matches!(c, '，' | '、' | '；' | '。'));
        let stands = |at: &usize| &chars[*at..*at + 2] == word;
        let told: Vec<usize> = (end..stop.saturating_sub(1)).filter(stands).collect();
        let in_turn = |each: &dyn Fn(usize) -> bool| told.len() >= 2 && told.iter().all(|at| each(*at));
        let here = in_turn(&begins) || in_turn(&ends);
        // “三个坚持”，……。（一）坚持……（二）坚持……
        let first = numbers.partition_point(|n| n.span.start < end);
        let heading = |n: &&Numbering| n.line_start && chars[n.span.end..].starts_with(word);
        // 一是 may begin a line below a heading.
        let mark = numbers[first..].iter().find(|n| n.line_start).map_or(Mark::Han, |n| n.mark);
        let headed = numbers[first..]
            .iter()
            .skip_while(|n| n.number == 1 && !heading(n) && n.span.start < end + NEAR_HEADING)
            .take_while(|n| n.span.start < end + 10 * NEAR_HEADING)
            .filter(|n| n.line_start && (n.mark == mark || heading(n)))
            .take_while(heading)
            .count();
        let near = numbers.get(first).is_some_and(|n| n.span.start <= end + NEAR_HEADING && n.number == 1);
        let count = if here {
            told.len()
        } else if near && told.is_empty() {
            headed
        } else {
            0
        };
        if count >= 2 && count as f64 != number.value {
            let reason = format!("说的是{}，下文有{count}个", words(chars, open, end));
            found.tell(open, end, FaultKind::CountMismatch, "announced count", reason, None);
        }
    }
}

/// 三项制度，即管水员考核制度、水质公示制度; “四个一批”，即提升一批……: what is named behind 即, by its last word.
pub(in super::super) fn namely(found: &mut Found<'_>) {
    let chars = found.chars;
    let mut from = 0;
    while let Some(at) = find(chars, from, chars.len(), "即") {
        from = at + 1;
        if at == 0 || chars[at - 1] != '，' {
            continue;
        }
        let clause = behind_mark(chars, at - 1, |c| matches!(c, '，' | '。' | '；' | '\n' | '：'));
        let number = (clause..at - 1).filter_map(|i| number_at(chars, i).filter(few)).next_back();
        let Some(number) = number.filter(|n| at - n.end <= 12) else { continue };
        // The last two characters of what is counted name each of them.
        let quoted = chars[at - 2] == '”';
        let end = if quoted { at - 2 } else { at - 1 };
        let noun = words(chars, end.saturating_sub(2).max(number.end), end);
        let stop = next_mark(chars, at, |c| matches!(c, '。' | '；' | '\n'));
        if noun.chars().count() != 2 || any(chars, at, stop, "等 ，") && !quoted {
            continue;
        }
        let items = chars[at + 1..stop].split(|c| matches!(c, '、' | '和'));
        let (all, named) = items.fold((0, 0), |(all, named), item| {
            (all + 1, named + usize::from(find(item, 0, item.len(), &noun).is_some()))
        });
        let last = any(chars, at, stop, "等");
        if all >= 2 && all == named && !last && all as f64 != number.value {
            let reason = format!("说的是{}，后面列了{all}项", words(chars, number.start, end));
            found.tell(number.start, end, FaultKind::CountMismatch, "named behind 即", reason, None);
        }
    }
}
