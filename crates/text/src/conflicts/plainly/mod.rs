//! What stands so close together, or is told so exactly, that no other number of the text explains it away: these rules look at
//! a whole and its parts where they stand and ask nothing of the rest of the text.

mod among;
mod apart;
mod graded;
mod opposed;
mod respectively;
mod surveyed;
mod terms;
mod totals;

use std::collections::HashMap;

use super::reckon::{Range, quantity};
use super::share::truncated;
use super::{Conflict, ConflictKind, Found, rounding};
use crate::figures::Mention;

/// All that is told plainly in a text.
pub(super) fn document(chars: &[char], mentions: &[Mention]) -> Vec<Conflict> {
    let mut found = Found { chars, conflicts: Vec::new(), by_span: HashMap::new() };
    for i in 0..mentions.len() {
        among::told(&mut found, mentions, i);
        respectively::told(&mut found, mentions, i);
        terms::told(&mut found, mentions, i);
        opposed::rates(&mut found, mentions, i);
    }
    surveyed::document(&mut found, mentions);
    graded::document(&mut found, mentions);
    opposed::document(&mut found, mentions);
    totals::document(&mut found, mentions);
    apart::document(&mut found, mentions);
    found.conflicts
}

/// Puts what is told plainly among what the other rules told, in the place of what they say of the same share.
pub(super) fn join(told: &mut Vec<Conflict>, plainly: &[Conflict]) {
    let share = |c: &Conflict| matches!(c.kind, ConflictKind::Share | ConflictKind::SharesOfWhole);
    for plain in plainly {
        let rate = plain.spans.last();
        let same = |c: &Conflict| {
            let shared = plain.spans.iter().filter(|span| c.spans.contains(span)).count();
            shared > 1 && shared + 1 >= plain.spans.len().min(c.spans.len())
                || share(plain) && share(c) && rate.is_some_and(|rate| c.spans.contains(rate))
        };
        told.retain(|c| !same(c));
        told.push(plain.clone());
    }
}

/// Whether a part is such a share of a whole, rounded or cut off to the digits that are printed.
fn fits(chars: &[char], part: &Mention, whole: &Mention, rate: &Mention) -> bool {
    let share = Range::of(chars, part).over(Range::of(chars, whole)).times(100.0);
    let half = rounding(chars, rate);
    let said = Range { low: rate.number.value - half, high: rate.number.value + half };
    share.meets(said) || truncated(chars, share.low, rate)
}

/// A rate told exactly, in percent.
fn is_rate(chars: &[char], m: &Mention) -> bool {
    m.exact() && !m.quoted && m.plain_unit(chars) == "%"
}

/// A count that stands by itself, printed in digits.
fn counted(m: &Mention) -> bool {
    quantity(m) && !m.number.han
}
