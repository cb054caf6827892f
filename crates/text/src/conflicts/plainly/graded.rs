//! “好”等次的5个、“较好”的8个、“一般”的4个、“差”的2个: grades from the best to the worst leave none out and make all.

use super::super::reckon::{Range, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::any;

/// How far apart two grades may stand, in code points.
const STEP: usize = 26;
/// How far in front of them their whole may stand.
const WHOLE: usize = 700;
/// How far from their whole they may be and still be meant as it, as a share of it.
const NEAR: f64 = 0.12;
/// How the first and the last of the grades are called.
const ENDS: [(&str, &str); 7] = [
    ("“好” 为好 评定好", "“差” 为差 较差"),
    ("“优” “优秀” 为优 优秀", "“差” 为差 不合格 不称职 不达标"),
    ("“优” “优秀” 为优 优秀 “好”", "“一般” 为一般 一般等次 合格等次 “合格”"),
    ("达到100% 完成100% 100%的 全部完成的", "以下的 不足 不到 低于"),
    ("以下的 以下", "以上的 以上"),
    ("以上的 以上", "以下的 以下 不足 不到 低于"),
    ("A级 A类 一类", "D级 D类 四类"),
];

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let mut rows = Vec::new();
    let mut at = 0;
    while at < mentions.len() {
        let row = row(found.chars, mentions, at);
        at = row.last().map_or(at, |last| *last) + 1;
        if row.len() > 2 {
            rows.push(row);
        }
    }
    let sums: Vec<f64> =
        rows.iter().map(|row| row.iter().map(|at| mentions[*at].amount(found.chars)).sum()).collect();
    for row in &rows {
        whole_of(found, mentions, row, &sums);
    }
}

/// The counts of one unit that follow one another, bounds and ages between them left out.
fn row(chars: &[char], mentions: &[Mention], first: usize) -> Vec<usize> {
    let mut row = Vec::new();
    if !counted(&mentions[first]) {
        return row;
    }
    row.push(first);
    for at in first + 1..mentions.len() {
        let (last, m) = (&mentions[row[row.len() - 1]], &mentions[at]);
        if m.sentence != last.sentence || m.number.start.saturating_sub(last.end) > STEP {
            break;
        }
        let bound = m.plain_unit(chars) == "%" || m.plain_unit(chars).ends_with('岁') || !m.exact();
        if bound {
            continue;
        }
        if !counted(m) || !same_unit(chars, m, last) {
            break;
        }
        row.push(at);
    }
    row
}

fn whole_of(found: &mut Found<'_>, mentions: &[Mention], row: &[usize], sums: &[f64]) {
    let chars = found.chars;
    let items: Vec<&Mention> = row.iter().map(|at| &mentions[*at]).collect();
    let (first, last) = (items[0], items[items.len() - 1]);
    let begin = |n: usize| if n == 0 { first.clause.0 } else { items[n - 1].end };
    let says = |n: usize, words: &str| {
        let m = items[n];
        any(chars, begin(n).min(m.number.start), m.number.start, words)
    };
    let graded = ENDS.iter().any(|(top, bottom)| says(0, top) && says(items.len() - 1, bottom));
    let others = any(chars, first.sentence.0, last.sentence.1, "其余 其他 另有 未参加 累计 其中，");
    if !graded || others {
        return;
    }
    let sum = items.iter().fold(Range::exactly(0.0), |sum, m| sum.plus(Range::of(chars, m)));
    let most = items.iter().map(|m| m.amount(chars)).fold(0.0, f64::max);
    let before: Vec<&Mention> = mentions[..row[0]]
        .iter()
        .rev()
        .take_while(|m| first.start - m.end <= WHOLE)
        .filter(|m| counted(m) && same_unit(chars, m, first))
        .collect();
    if before.iter().any(|m| Range::of(chars, m).meets(sum)) {
        return;
    }
    let total = sum.low.midpoint(sum.high);
    let off = |m: &Mention| (m.amount(chars) - total).abs();
    let nearest = before.iter().filter(|m| m.amount(chars) > most).min_by(|a, b| off(a).total_cmp(&off(b)));
    let Some(whole) = nearest.filter(|m| off(m) <= (NEAR * total).max(1.0)) else { return };
    // 按年龄分 the same whole comes out.
    let sibling = sums.iter().any(|sum| (sum - whole.amount(chars)).abs() < 1e-9);
    if sibling || of_the_same(chars, mentions, whole, &items) {
        let reason = format!("各等次相加为{}，总数为{}", plain(total), plain(whole.amount(chars)));
        let figures: Vec<&Mention> = [*whole].into_iter().chain(items).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
}

/// Whether the whole counts the same things by name, or is told more than once.
fn of_the_same(chars: &[char], mentions: &[Mention], whole: &Mention, items: &[&Mention]) -> bool {
    let noun = |m: &Mention| chars.get(m.end..m.end + 2).map(<[char]>::to_vec);
    let named = |m: &&&Mention| noun(m).is_some() && noun(m) == noun(whole);
    let clause = &chars[whole.clause.0..whole.start];
    let in_item = items.iter().filter(named).count() > 0
        || items.iter().any(|m| {
            let front = &chars[m.clause.0..m.number.start];
            front.windows(3).any(|w| clause.windows(3).any(|v| v == w && super::super::reckon::all_han(w)))
        });
    let again = mentions
        .iter()
        .filter(|m| (m.amount(chars) - whole.amount(chars)).abs() < 1e-9 && same_unit(chars, m, whole));
    in_item || again.count() > 1
}
