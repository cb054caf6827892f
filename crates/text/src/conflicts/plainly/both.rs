//! 人大代表建议11件、政协委员提案8件 …… 21件建议提案: two that were counted one by one, told together by both their names.

use super::super::facts::label;
use super::super::reckon::{all_han, holds, same_unit, within};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::any;

/// How far behind both they may be told together, in code points.
const FAR: usize = 4_000;
/// How far apart both may stand.
const STEP: usize = 14;
/// How much of what stands behind a number is its name.
const NAME: usize = 10;
/// How far from their sum what is told may be, as a share of it.
const NEAR: f64 = 0.5;
/// Words by which what is told together is of another time or place.
const OTHER: &str = "去年 上年 往年 历年 累计 每 各 全市 全省 其中 计划 明年 同期";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([a, b]) = i.checked_sub(1).map(|from| &mentions[from..=i]) else { return };
    let gap = &chars[a.end.min(b.number.start)..b.number.start];
    let listed = gap.len() <= STEP && gap.iter().filter(|c| matches!(c, '、' | '，' | '和')).count() == 1;
    if !listed || !counted(a) || !counted(b) || !same_unit(chars, a, b) || a.sentence != b.sentence {
        return;
    }
    let (one, other) = (label(chars, mentions, i - 1), label(chars, mentions, i));
    let sum = a.amount(chars) + b.amount(chars);
    // 137家，其中行政单位52家、事业单位85家: what they make is told beside them, and other rules hold against it.
    let beside = |m: &&Mention| m.sentence == a.sentence && (m.amount(chars) - sum).abs() < 1e-9;
    if mentions[..i - 1].iter().rev().take(6).any(|m| beside(&m)) {
        return;
    }
    for again in mentions[i + 1..].iter().take_while(|m| m.start - b.end <= FAR) {
        let value = again.amount(chars);
        let apart = again.sentence != b.sentence && counted(again) && same_unit(chars, again, b);
        let close = (value - sum).abs() > 1e-9 && (value - sum).abs() <= NEAR * sum;
        if !apart || !close || value <= a.amount(chars).max(b.amount(chars)) {
            continue;
        }
        let behind = &chars[again.end..chars.len().min(again.end + NAME)];
        let name = behind.iter().position(|c| !all_han(&[*c]) && *c != '、').unwrap_or(behind.len());
        let name = &behind[..name];
        if names_both(name, one, other)
            && !any(chars, again.clause.0, again.number.start, OTHER)
            && !made_otherwise(chars, mentions, again)
        {
            let reason = format!("前面两项相加为{}，这里合起来为{}", plain(sum), plain(value));
            found.between(&[a, b, again], ConflictKind::Sum, Certainty::Certain, reason);
            return;
        }
    }
}

/// 建议提案 of 人大代表建议 and 政协委员提案: a word of each that the other has not.
fn names_both(name: &[char], one: &[char], other: &[char]) -> bool {
    let own = |label: &[char], not: &[char]| {
        name.windows(2).position(|w| all_han(w) && holds(label, w) && !holds(not, w))
    };
    let (first, second) = (own(one, other), own(other, one));
    first.zip(second).is_some_and(|(a, b)| a.abs_diff(b) > 1)
}

/// Whether two other counts of the text make what is told together.
fn made_otherwise(chars: &[char], mentions: &[Mention], again: &Mention) -> bool {
    let value = again.amount(chars);
    let same: Vec<f64> = mentions[within(mentions, again.start, FAR)]
        .iter()
        .filter(|m| m.start != again.start)
        .filter(|m| counted(m) && same_unit(chars, m, again))
        .map(|m| m.amount(chars))
        .collect();
    same.iter().any(|v| (v - value).abs() < 1e-9)
        || same.windows(2).any(|w| (w[0] + w[1] - value).abs() < 1e-9)
        || same.windows(3).any(|w| (w.iter().sum::<f64>() - value).abs() < 1e-9)
}
