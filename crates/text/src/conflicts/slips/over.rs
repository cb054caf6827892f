//! What is left over: 摸排工作群3640个，解散2548个，保留1192个.

use super::super::reckon::quantity;
use super::super::{ConflictKind, Found};
use super::{FAR, front, is_item, is_told, slipped};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far what is left may be from the difference, as a share of the whole.
const NEAR: f64 = 0.3;
/// Smaller wholes are but for a digit what they should be too often by chance.
const LARGE: f64 = 100.0;
/// The same where the words leave no doubt: 已修复69座，尚有23座.
const SMALL: f64 = 20.0;
const STRONG: &str = "其余 剩余 余下 剩下 尚有 还有 仍有";
/// Most numbers in front that are tried as wholes.
const TRIED: usize = 6;
/// Words that stand in front of what is left.
const OVER: &str =
    "其余 剩余 余下 剩下 保留 还有 尚有 仍有 还差 尚差 仍差 还余 尚余 还剩 尚 仍 未 待 正在 结余 另有";
/// Words that stand directly behind it.
const OPEN: &str = "未 尚未 正在 仍 待";

pub(super) fn told(found: &mut Found<'_>, kin: &[&Mention]) {
    let chars = found.chars;
    for i in 2..kin.len() {
        let left = kin[i];
        let cue = front(chars, left, 8);
        let behind = &chars[left.end..left.clause.1.min(left.end + 3).max(left.end)];
        if !any(cue, 0, cue.len(), OVER) && !any(behind, 0, behind.len(), OPEN) || !quantity(left) {
            continue;
        }
        let near: Vec<&Mention> =
            kin[..i].iter().rev().take(TRIED).take_while(|m| left.start - m.end <= FAR).copied().collect();
        let Some(done) = near.first().copied() else { continue };
        // The whole stands directly in front of what was done, or between it and what is left, or at the head of the sentence.
        let head = near.iter().rev().find(|m| m.sentence == done.sentence);
        let pairs: Vec<(&Mention, &Mention)> = near
            .get(1)
            .into_iter()
            .flat_map(|other| [Some((*other, done)), aimed(chars, done).then_some((done, *other))])
            .flatten()
            .chain(head.map(|head| (*head, done)))
            .collect();
        let rest = |(whole, done): &(&Mention, &Mention)| whole.amount(chars) - done.amount(chars);
        if pairs.iter().any(|pair| (rest(pair) - left.amount(chars)).abs() < 1e-6 * left.amount(chars)) {
            continue;
        }
        let wrong = |(whole, done): &&(&Mention, &Mention)| {
            let (w, d, l) = (whole.amount(chars), done.amount(chars), left.amount(chars));
            let slip =
                slipped(chars, left, w - d) || slipped(chars, done, w - l) || slipped(chars, whole, d + l);
            let explained = || {
                [w - d, d + l, w - l, w + d + l, w - d - l]
                    .iter()
                    .any(|v| is_told(chars, kin, &[whole, done, left], *v))
            };
            let together = done.sentence == left.sentence
                && (whole.sentence == left.sentence || whole.start == near.get(1).map_or(0, |m| m.start));
            let firm = any(cue, 0, cue.len(), STRONG) && any(chars, done.clause.0, done.start, "已");
            together
                && (w >= LARGE || firm && w >= SMALL && !is_item(chars, whole))
                && w > d
                && w > l
                && (w - d - l).abs() <= NEAR * w
                && slip
                && !explained()
        };
        if let Some((whole, done)) = pairs.iter().find(wrong) {
            found.left((whole, done, left), ConflictKind::Sum);
        }
    }
}

/// 参保186.4万人，完成目标任务192.0万人的97.1%: whether the number is what was aimed at.
fn aimed(chars: &[char], m: &Mention) -> bool {
    let cue = front(chars, m, 8);
    any(cue, 0, cue.len(), "目标 任务 计划 应")
}
