//! 支出62.4万元……支出48.6万元……支出96.5万元……三项共支出217.5万元: so many of one name, and what they make.

use super::super::facts::label;
use super::super::reckon::{Range, same_unit};
use super::super::within::in_unit_of;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find};
use crate::numbers::number_at;

/// How far in front of its number it is said that several are summed up, in code points.
const SAID: usize = 10;
/// How far in front of the sum the first of them may stand.
const FAR: usize = 400;
/// How far the sum may be from what they make, as a share of it.
const NEAR: f64 = 0.3;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 2..mentions.len() {
        sum_of(found, mentions, i);
    }
}

fn sum_of(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let sum = &mentions[i];
    let from = sum.number.start.saturating_sub(SAID).max(sum.clause.0);
    let said = [
        "项共",
        "项合计",
        "项累计",
        "类合计",
        "类共",
        "块合计",
        "项总计",
        "项总支出",
        "项总投资",
        "项总收入",
    ]
    .iter()
    .find_map(|word| find(chars, from, sum.number.start, word));
    let Some(count) = said.and_then(|at| number_at(chars, at.checked_sub(1)?)).filter(|_| counted(sum))
    else {
        return;
    };
    let count = count.value as usize;
    let own = label(chars, mentions, i);
    let Some(name) = own.len().checked_sub(2).map(|at| &own[at..]) else { return };
    let named = |at: &usize| {
        let m = &mentions[*at];
        counted(m) && same_unit(chars, m, sum) && label(chars, mentions, *at).ends_with(name)
    };
    let near = |at: &usize| sum.start.saturating_sub(mentions[*at].end) <= FAR;
    let items: Vec<&Mention> = (0..i).rev().take_while(near).filter(named).map(|at| &mentions[at]).collect();
    if items.len() != count
        || count < 2
        || any(chars, items[count - 1].sentence.0, sum.start, "其中 加上 结转 其余 含")
    {
        return;
    }
    // 去年甲……、乙……，今年两项合计: of other years.
    let (from, to) = (items[count - 1].sentence.0, items[0].end);
    let years = ["今年", "去年", "上年", "本年"];
    let other_year = years
        .iter()
        .any(|year| find(chars, to, sum.start, year).is_some() && find(chars, from, to, year).is_none());
    if other_year {
        return;
    }
    let total = items.iter().fold(Range::exactly(0.0), |sum, m| sum.plus(Range::of(chars, m)));
    let (is, told) = (total.low.midpoint(total.high), sum.amount(chars));
    if !total.meets(Range::of(chars, sum)) && (is - told).abs() <= NEAR * told {
        let reason =
            format!("各项相加为{}，文中为{}", in_unit_of(chars, is, sum), in_unit_of(chars, told, sum));
        let figures: Vec<&Mention> = items.into_iter().rev().chain([sum]).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
}
