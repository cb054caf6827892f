//! 由47项减至19项 …… 保留17项，其余30项不再开展: what is left of the same number, told twice.

use super::super::reckon::same_unit;
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::{behind_one_of, counted};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far apart what is kept and the others may stand, in code points.
const NEAR: usize = 20;
/// Most numbers brought down that are held against others.
const MOST: usize = 60;
/// Words of becoming less, between the number of before and that of now.
const LESS: &str = "减至 减到 减为 压减至 压减到 精简至 精简到 缩减至 压缩到 压缩至 降至 降到 下降到 下降至";
const KEPT: [&str; 5] = ["保留", "留下", "剩下", "仅留", "只留"];
const OTHERS: [&str; 3] = ["其余", "其他", "另外"];
/// What becomes of the others.
const GONE: &str = "不再 取消 停 清理 撤 减 合并 退出 摘 取缔 废止";

/// Holds every number that was brought down against what is told as kept of just as many.
pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let fell: Vec<&[Mention]> =
        mentions.windows(2).filter(|pair| falls(chars, &pair[0], &pair[1])).take(MOST).collect();
    if fell.is_empty() {
        return;
    }
    for pair in mentions.windows(2) {
        let (kept, others) = (&pair[0], &pair[1]);
        if !keeps(chars, kept, others) {
            continue;
        }
        let whole = kept.amount(chars) + others.amount(chars);
        let same = |pair: &&&[Mention]| {
            same_unit(chars, &pair[0], kept) && (pair[0].amount(chars) - whole).abs() < 1e-9
        };
        // 由47项减至19项 at one time and to 17 at another are two steps.
        let [told] = fell.iter().filter(same).take(2).collect::<Vec<_>>()[..] else { continue };
        let now = &told[1];
        if (now.amount(chars) - kept.amount(chars)).abs() > 1e-9 {
            let reason =
                format!("一处说减到{}，另一处说保留{}", plain(now.amount(chars)), plain(kept.amount(chars)));
            let mut figures = [now, kept];
            figures.sort_by_key(|m| m.start);
            found.between(&figures, ConflictKind::TwoValues, Certainty::Certain, reason);
        }
    }
}

/// 由47项减至19项.
fn falls(chars: &[char], before: &Mention, now: &Mention) -> bool {
    let from = before.start.checked_sub(1).is_some_and(|at| matches!(chars[at], '由' | '从'));
    from && counted(before)
        && counted(now)
        && same_unit(chars, before, now)
        && now.start - before.end <= NEAR
        && any(chars, before.end, now.start, LESS)
}

/// 保留17项，其余30项不再开展.
fn keeps(chars: &[char], kept: &Mention, others: &Mention) -> bool {
    counted(kept)
        && counted(others)
        && same_unit(chars, kept, others)
        && others.start - kept.end <= NEAR
        && behind_one_of(chars, kept, &KEPT)
        && behind_one_of(chars, others, &OTHERS)
        && any(chars, others.end, others.clause.1, GONE)
}
