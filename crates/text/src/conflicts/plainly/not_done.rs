//! 运行不正常82座，已修复69座，尚有23座未修复: what was done and what was not, by one act in one sentence, against the count in front of both.

use super::super::reckon::{Range, all_han, in_front, quantity, same_unit};
use super::super::{ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far behind its whole what was done may stand, and behind it what was not, in code points.
const WHOLE: usize = 50;
const STEP: usize = 30;
/// How far what is left may be from what should be, as a share of the whole.
const NEAR: f64 = 0.3;
/// Words by which there is more to it than the three.
const MORE: &str = "另 新增 新排查 其中 ； 累计 去年 上年 此外 同时 历年";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let left = &mentions[i];
    let Some(done) = i.checked_sub(1).map(|at| &mentions[at]) else { return };
    let one =
        done.sentence == left.sentence && same_unit(chars, done, left) && quantity(done) && quantity(left);
    let gap = left.number.start.saturating_sub(done.end);
    if !one || gap > STEP || !not_done(chars, done, left) {
        return;
    }
    // More of them may be left, told behind.
    let more = mentions.get(i + 1).is_some_and(|m| m.sentence == left.sentence && same_unit(chars, m, left));
    let before: Vec<&Mention> =
        in_front(chars, mentions, i - 1, 10 * WHOLE).take_while(|m| m.sentence == left.sentence).collect();
    let [whole] = before[..] else { return };
    let part = any(chars, whole.clause.0, whole.number.start, "已 其中 新增 去年 上年 每");
    let apart = done.start - whole.end > WHOLE || any(chars, whole.end, left.number.start, MORE);
    let rest = Range::of(chars, whole).minus(Range::of(chars, done));
    let off = (whole.amount(chars) - done.amount(chars) - left.amount(chars)).abs();
    let larger = whole.amount(chars) > done.amount(chars) && whole.amount(chars) > left.amount(chars);
    let meant = off <= NEAR * whole.amount(chars) && larger;
    if !more && !part && !apart && meant && !rest.meets(Range::told(chars, left)) {
        found.left((whole, done, left), ConflictKind::Sum);
    }
}

/// 已修复69座，尚有23座未修复; 化解1200件，目前尚未化解的60件: whether the act in front of the one is denied of the other.
fn not_done(chars: &[char], done: &Mention, left: &Mention) -> bool {
    let front = &chars[done.clause.0..done.number.start];
    let Some(act) = front.len().checked_sub(2).map(|at| &front[at..]).filter(|act| all_han(act)) else {
        return false;
    };
    let denied = |from: usize, to: usize| {
        let stretch = &chars[from.min(to)..to];
        stretch.windows(4).any(|w| (w[1] == '未' || w[0] == '没' && w[1] == '有') && w[2..] == *act)
            || stretch.windows(3).any(|w| w[0] == '未' && w[1..] == *act)
    };
    let said = any(chars, left.clause.0, left.number.start, "尚有 仍有 还有 剩余 其余 余下 尚未 仍未 还未");
    said && (denied(left.end, left.clause.1) || denied(left.clause.0, left.number.start))
}
