//! A change that is told with the right rate and the wrong way: 2890件，二季度3400件，环比上升15%.

use super::super::reckon::{Range, quantity, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far in front of the rate the value of now may stand, in code points.
const NEAR: usize = 48;
/// Words by which a value is that of before.
const BEFORE: &str = "上年 去年 上月 上季 上半年 同期 年初 上周 季度 此前 前期";
const UP: &str = "上升 增长 提高 增加";
const DOWN: &str = "下降 减少 降低 回落";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let rate = &mentions[i];
    let (up, down) = (
        any(chars, rate.clause.0, rate.number.start, UP),
        any(chars, rate.clause.0, rate.number.start, DOWN),
    );
    let compared = any(chars, rate.clause.0, rate.number.start, "同比 环比 比 较");
    if rate.plain_unit(chars) != "%" || !rate.exact() || up == down || !compared || found.is_sure_of(rate) {
        return;
    }
    let near = |m: &&Mention| rate.start - m.end <= NEAR && m.sentence == rate.sentence;
    let values: Vec<&Mention> = mentions[..i].iter().rev().take_while(near).filter(|m| quantity(m)).collect();
    let [last, first, ..] = values[..] else { return };
    let earlier =
        |m: &Mention| any(chars, m.number.start.saturating_sub(10).max(m.clause.0), m.number.start, BEFORE);
    let (old, new) = match (earlier(first), earlier(last)) {
        (false, true) => (last, first),
        (true, false) => (first, last),
        _ => return,
    };
    if !same_unit(chars, old, new) {
        return;
    }
    let change = Range::of(chars, new).minus(Range::of(chars, old)).over(Range::of(chars, old)).times(100.0);
    let said = Range::told(chars, rate);
    let other_way = if up { change.times(-1.0) } else { change };
    if (change.high < 0.0) == up && other_way.meets(said) && !change.meets(said) {
        let reason =
            format!("由{}到{}，与所说的增减相反", plain(old.amount(chars)), plain(new.amount(chars)));
        let mut figures = [old, new, rate];
        figures.sort_by_key(|m| m.start);
        found.between(&figures, ConflictKind::Change, Certainty::Certain, reason);
    }
}
