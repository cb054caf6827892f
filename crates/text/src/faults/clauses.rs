//! Clauses, headings and sentences that stand twice in a text.

use std::collections::HashMap;

use super::repeats::{MIN_ITEM, tail_again};
use super::{FaultKind, Found, han};
use crate::lexicon::{find, words};
use crate::segment::is_sentence_end;

/// Shortest clause that may not stand in two headings.
const MIN_HEADING: usize = 8;
/// Shortest clause that may not stand twice in one paragraph, in code points.
const MIN_CLAUSE: usize = 13;
/// Shortest sentence that may not stand twice in a document.
const MIN_SENTENCE: usize = 25;

pub(super) fn clauses(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    neighbours(found, lines);
    headings(found, lines);
    sentences(found, lines);
    twice_i(found, lines);
}

fn clause_spans(chars: &[char], start: usize, end: usize) -> Vec<(usize, usize)> {
    let stop =
        |at: &usize| matches!(chars[*at], '，' | '；' | '：' | ',' | ';') || is_sentence_end(chars[*at]);
    let mut out = Vec::new();
    let mut from = start;
    for at in (start..end).filter(stop).chain([end]) {
        if at > from {
            out.push((from, at));
        }
        from = at + 1;
    }
    out
}

/// A clause that only says again what the clause in front of it said.
fn neighbours(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    for &(start, end) in lines {
        let spans = clause_spans(chars, start, end);
        for (before, again) in said_again(chars, spans.iter().copied(), MIN_CLAUSE) {
            if again.0 > before.1 + 2 {
                let reason = "同一段里整句重复".to_string();
                found.tell(again.0, again.1, FaultKind::Duplicate, "clause twice", reason, None);
            }
        }
        for &(from, to) in &spans {
            // 教训极其惨痛，教训极其惨痛; two long clauses that are nearly all the same are told below.
            if chars.get(to) == Some(&'，')
                && let Some(length) = tail_again(chars, to, 4).filter(|n| *n < 8 || to - from > n + 3)
            {
                let word = words(chars, to - length, to);
                let reason = format!("“{word}”重复");
                found.tell(
                    to - length,
                    to + 1 + length,
                    FaultKind::Duplicate,
                    "clause twice",
                    reason,
                    Some(word),
                );
            }
        }
        spans.windows(2).for_each(|pair| item_again(found, pair[0], pair[1]));
        for pair in spans.windows(2) {
            let (a, b) = (&chars[pair[0].0..pair[0].1], &chars[pair[1].0..pair[1].1]);
            let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
            let extra = long.len() - short.len();
            if short.len() >= 8 && extra <= 3 && extra * 5 <= short.len() && within(short, long) {
                let reason = "相邻两句内容重复".to_string();
                found.tell(
                    pair[0].0,
                    pair[1].1,
                    FaultKind::Duplicate,
                    "clause twice",
                    reason,
                    Some(words(chars, pair[0].0, pair[0].1)),
                );
            }
        }
    }
}

/// Stretches of at least so many characters that stand twice: each with the one in front of it that is the same.
fn said_again(
    chars: &[char],
    spans: impl Iterator<Item = (usize, usize)>,
    least: usize,
) -> Vec<((usize, usize), (usize, usize))> {
    let mut long: Vec<(usize, usize)> = spans.filter(|(from, to)| to - from >= least).collect();
    // In order of what they say the same ones stand together: their first characters tell nearly all others apart.
    let said = |(from, to): (usize, usize)| &chars[from..to];
    long.sort_unstable_by(|a, b| said(*a).cmp(said(*b)).then(a.cmp(b)));
    let pairs = long.windows(2).map(|two| (two[0], two[1]));
    pairs.filter(|(before, again)| said(*before) == said(*again)).collect()
}

/// 学有所思、思有所悟，学有所思: a clause that is one item of the list in front of it.
fn item_again(found: &mut Found<'_>, before: (usize, usize), clause: (usize, usize)) {
    let chars = found.chars;
    let verb = |at: usize| usize::from(matches!(chars.get(at), Some('把' | '将' | '要')));
    let said = &chars[clause.0 + verb(clause.0)..clause.1];
    let listed = &chars[before.0..before.1];
    if said.len() < MIN_ITEM + 1 || !listed.contains(&'、') || chars.get(before.1) != Some(&'，') {
        return;
    }
    let again = listed.split(|c| *c == '、').any(|item| item == said || item.ends_with(said));
    if again && said.iter().all(|c| han(Some(c))) {
        let reason = format!("“{}”与前面并列的一项重复", words(chars, clause.0, clause.1));
        found.tell(clause.0, clause.1, FaultKind::Duplicate, "item again", reason, None);
    }
}

/// Whether `short` can be had from `long` by striking characters.
fn within(short: &[char], long: &[char]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|c| rest.any(|d| d == c))
}

/// The same clause in two headings.
fn headings(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    let mut seen: HashMap<Vec<char>, usize> = HashMap::new();
    for (line, &(start, end)) in lines.iter().enumerate() {
        let numbers = crate::segment::numbering_of(&chars[start..end.min(start + 8)]);
        let Some(number) = numbers.first().filter(|n| n.span.start == 0) else { continue };
        let body = start + number.span.end;
        let stop = (start..end).find(|i| chars[*i] == '。').unwrap_or(end);
        if stop - start > 70 {
            continue;
        }
        for (from, to) in clause_spans(chars, body, stop) {
            if to - from < MIN_HEADING {
                continue;
            }
            let clause = chars[from..to].to_vec();
            if seen.get(&clause).is_some_and(|first| *first != line) {
                let reason = format!("与前面标题里的“{}”相同，可能是照抄未改", words(chars, from, to));
                found.tell(start, to, FaultKind::Duplicate, "heading twice", reason, None);
            }
            seen.insert(clause, line);
        }
    }
}

/// A whole sentence that stands twice.
fn sentences(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    let all = lines.iter().flat_map(|&(start, end)| {
        let ends = (start..end).filter(|at| is_sentence_end(chars[*at])).chain([end]);
        ends.scan(start, |from, at| {
            let first = (*from..at).find(|i| !chars[*i].is_whitespace() && chars[*i] != '”');
            *from = at + 1;
            Some((first.unwrap_or(at), at))
        })
    });
    for (_, (from, to)) in said_again(chars, all, MIN_SENTENCE) {
        let reason = "整句与前文重复".to_string();
        found.tell(from, to, FaultKind::Duplicate, "sentence twice", reason, None);
    }
}

/// 我就……，我讲三点意见: the subject said twice.
fn twice_i(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    for &(start, end) in lines {
        let Some(at) = find(chars, start, end, "我就") else { continue };
        let stop = (at..end).find(|i| is_sentence_end(chars[*i]) || chars[*i] == '：').unwrap_or(end);
        let again = ["，我讲", "，我谈", "，我强调", "，我提", "，我再"]
            .iter()
            .find_map(|w| find(chars, at, stop, w));
        if let Some(again) = again {
            found.tell(
                again + 1,
                (again + 7).min(stop),
                FaultKind::Duplicate,
                "subject twice",
                "“我就……，我讲……”主语重复".to_string(),
                None,
            );
        }
    }
}
