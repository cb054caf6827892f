//! 现有定点机构253家 and, long behind it, 对138家机构开展了检查，检查面达到62.5%: a rate is of all that there are of the kind.

use super::super::facts::{behind, label};
use super::super::reckon::{all_han, in_front, same_unit};
use super::super::{Certainty, Found, share};
use super::{before, counted, fits, is_rate};
use crate::figures::Mention;
use crate::lexicon::{any, find, words};

/// How far behind its part a rate may stand, and how far in front of it all there are, in code points.
const RATE: usize = 20;
const FAR: usize = 1_500;
/// How far in front what the rate may be of as well is looked for.
const OTHERS: usize = 400;
const THERE_ARE: &str = "共有 现有 现共有 总共有";
/// Rates of something else than of all there are.
const OTHERWISE: &str = "同比 增长 下降 满意 提高 降低 及时 按期 按时 应 ；";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let rate = &mentions[i];
    if i == 0 || !is_rate(chars, rate) {
        return;
    }
    let part = &mentions[i - 1];
    let near = part.sentence == rate.sentence && rate.start.saturating_sub(part.end) <= RATE;
    if !near || !counted(part) || !of_the_same_act(chars, part, rate) {
        return;
    }
    let Some(of) = kind(chars, mentions, i - 1) else { return };
    let first = i - 1 - before(&mentions[..i - 1], part.start, FAR).len();
    let all = (first..i - 1).filter(|at| {
        let m = &mentions[*at];
        counted(m)
            && same_unit(chars, m, part)
            && m.amount(chars) >= part.amount(chars)
            && any(chars, m.clause.0, m.start, THERE_ARE)
            && kind(chars, mentions, *at) == Some(of)
    });
    let [whole] = all.collect::<Vec<usize>>()[..] else { return };
    let whole = &mentions[whole];
    let of_another = in_front(chars, mentions, i - 1, OTHERS).any(|m| fits(chars, part, m, rate));
    if !of_another && !fits(chars, part, whole, rate) {
        share::tell(found, whole, part, rate, Certainty::Certain);
    }
}

/// 接入平台的食堂112个，接入率: the rate is named by what was done.
fn of_the_same_act(chars: &[char], part: &Mention, rate: &Mention) -> bool {
    let from = rate.clause.0.max(part.end.min(rate.number.start));
    let Some(name) = (from..rate.number.start).find(|at| matches!(chars[*at], '率' | '面')) else {
        return false;
    };
    let act = (name >= from + 2).then(|| words(chars, name - 2, name));
    let otherwise = any(chars, part.clause.0, rate.number.start, OTHERWISE);
    act.is_some_and(|act| !otherwise && find(chars, part.clause.0, from, &act).is_some())
}

/// The last word of what is counted: 机构 of 定点医药机构253家 and of 138家机构.
fn kind<'a>(chars: &'a [char], mentions: &[Mention], at: usize) -> Option<&'a [char]> {
    let behind = behind(chars, &mentions[at]);
    let label = label(chars, mentions, at);
    let two = if behind.len() >= 2 { &behind[..2] } else { label.get(label.len().checked_sub(2)?..)? };
    all_han(two).then_some(two)
}
