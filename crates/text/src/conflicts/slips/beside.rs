//! A share that is not of the whole of which those beside it are: 197人，占34.9%；268人，占57.5%；141人，占25%.

use super::super::reckon::{Range, parted, quantity, same_unit, word_before};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found, decimals};
use super::slipped;
use crate::figures::Mention;

/// How far behind its part a share may stand, in code points.
const STEP: usize = 12;
/// How far in front the whole may stand.
const WHOLE: usize = 500;

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some((part, rate)) = share(chars, mentions, i).filter(|(_, rate)| !found.is_sure_of(rate)) else {
        return;
    };
    let from = mentions.partition_point(|m| m.start < rate.sentence.0);
    let to = mentions.partition_point(|m| m.start < rate.sentence.1);
    let others: Vec<(&Mention, &Mention)> = (from.max(1)..to)
        .filter(|at| *at != i)
        .filter_map(|at| share(chars, mentions, at))
        .filter(|(other, _)| same_unit(chars, other, part))
        .collect();
    let base = |(part, rate): &(&Mention, &Mention)| {
        Range::of(chars, part).over(Range::told(chars, rate).times(0.01))
    };
    let bases: Vec<Range> = others.iter().map(base).collect();
    let Some(first) = bases.first() else { return };
    let common =
        bases.iter().fold(*first, |all, b| Range { low: all.low.max(b.low), high: all.high.min(b.high) });
    let whole = mentions[..from]
        .iter()
        .rev()
        .take_while(|m| rate.start - m.end <= 3 * WHOLE)
        .filter(|m| rate.start - m.end <= WHOLE || same_unit(chars, m, part))
        .find(|m| quantity(m) && Range::of(chars, m).meets(common));
    // A whole that is told says it to the last digit.
    let common = whole.map_or(common, |whole| Range::of(chars, whole));
    let told =
        whole.is_some_and(|whole| same_unit(chars, whole, part) && !parted(chars, whole.end, part.start));
    let agree = (bases.len() > 1 || told)
        && common.low <= common.high
        && common.high - common.low <= 0.02 * common.high;
    if !agree || base(&(part, rate)).meets(common) {
        return;
    }
    let right = Range::of(chars, part).over(common).times(100.0);
    let middle = right.low.midpoint(right.high);
    let places = 10_f64.powi(decimals(chars, rate) as i32);
    let rounded = (middle * places).round() / places;
    if slipped(chars, rate, rounded) {
        let reason = format!(
            "与旁边几项同一总数，{}应占{rounded}%，文中为{}%",
            plain(part.amount(chars)),
            rate.number.value
        );
        let figures: Vec<&Mention> = whole.into_iter().chain([part, rate]).collect();
        found.between(&figures, ConflictKind::Share, Certainty::Certain, reason);
    }
}

/// The part and its share, where the share stands right behind it.
fn share<'a>(chars: &[char], mentions: &'a [Mention], i: usize) -> Option<(&'a Mention, &'a Mention)> {
    let (part, rate) = (&mentions[i.checked_sub(1)?], &mentions[i]);
    let near = rate.start - part.end <= STEP && part.sentence == rate.sentence;
    let said =
        word_before(chars, part.end, rate.number.start, "占").is_some_and(|at| rate.number.start - at <= 2);
    (near && said && quantity(part) && rate.exact() && rate.plain_unit(chars) == "%").then_some((part, rate))
}
