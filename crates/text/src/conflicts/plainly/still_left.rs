//! 还剩31件 …… 剩下的这37件: what is left, told again as those that are left.

use super::super::reckon::same_unit;
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::{behind_one_of, counted};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far in front it may be told how many are left, in code points.
const FAR: usize = 3_000;
/// Between which shares of one the other lies.
const NEAR: (f64, f64) = (0.4, 2.6);
const LEFT: [&str; 5] = ["还剩", "还剩下", "尚余", "剩余", "尚剩"];
const AGAIN: [&str; 6] = ["剩下的这", "剩下的", "余下的这", "余下的", "剩余的这", "剩余的"];

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let again = &mentions[i];
    if !counted(again) || !behind_one_of(chars, again, &AGAIN) {
        return;
    }
    let left: Vec<&Mention> = super::before(mentions, again.start, FAR)
        .iter()
        .filter(|m| counted(m) && same_unit(chars, m, again) && behind_one_of(chars, m, &LEFT))
        .collect();
    // What was left once, and nothing of it was done since or told by its parts.
    let [first] = left[..] else { return };
    let since = any(chars, first.end, again.start, "随后 此后 又化解 又完成 又办结 再化解");
    let parts = super::before(mentions, again.start, FAR).iter();
    let known = parts
        .filter(|m| same_unit(chars, m, again))
        .any(|m| (m.amount(chars) - again.amount(chars)).abs() < 1e-9);
    let ratio = again.amount(chars) / first.amount(chars).max(1e-9);
    if !since && !known && (ratio - 1.0).abs() > 1e-9 && ratio > NEAR.0 && ratio < NEAR.1 {
        let reason =
            format!("前面说还剩{}，这里是{}", plain(first.amount(chars)), plain(again.amount(chars)));
        found.between(&[first, again], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}
