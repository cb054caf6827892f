//! So much for each that is told ten or a hundred times too high or too low: 救助18.6万人次，支出7440万元，人次均4000元.

use super::super::reckon::{Range, bare, quantity, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far in front total and number may stand, in code points.
const NEAR: usize = 60;
/// Places by which a point may have moved.
const STEPS: [f64; 6] = [10.0, 100.0, 1_000.0, 0.1, 0.01, 0.001];

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let each = &mentions[i];
    let from = each.number.start.saturating_sub(10).max(each.clause.0);
    if !quantity(each) || !any(chars, from, each.number.start, "均 每") || found.is_sure_of(each) {
        return;
    }
    let near = |m: &&Mention| each.start - m.end <= NEAR && m.sentence == each.sentence;
    let here: Vec<&Mention> = mentions[..i].iter().rev().take_while(near).filter(|m| quantity(m)).collect();
    // 人次均, 每户: it says of what.
    let of = |m: &Mention| {
        let unit: String = bare(chars, m).iter().collect();
        !unit.is_empty()
            && [format!("{unit}均"), format!("每{unit}")]
                .iter()
                .any(|said| find(chars, from, each.number.start, said).is_some())
    };
    let pairs = || {
        here.iter().flat_map(|total| here.iter().map(move |number| (*total, *number))).filter(
            |(total, number)| same_unit(chars, total, each) && of(number) && !same_unit(chars, total, number),
        )
    };
    let average =
        |(total, number): &(&Mention, &Mention)| Range::of(chars, total).over(Range::of(chars, number));
    let said = Range::told(chars, each);
    if pairs().any(|pair| average(&pair).meets(said)) {
        return;
    }
    let moved = |pair: &(&Mention, &Mention)| STEPS.iter().any(|step| average(pair).times(*step).meets(said));
    if let Some((total, number)) = pairs().find(moved) {
        let right = total.amount(chars) / number.amount(chars).max(1e-9);
        let reason = format!(
            "{}÷{}应为{}，文中为{}",
            plain(total.amount(chars)),
            plain(number.amount(chars)),
            plain((right * 100.0).round() / 100.0),
            plain(each.amount(chars))
        );
        let mut figures = [total, number, each];
        figures.sort_by_key(|m| m.start);
        found.between(&figures, ConflictKind::Average, Certainty::Certain, reason);
    }
}
