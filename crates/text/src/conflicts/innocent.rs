//! What looks like a conflict and is none: another pair of numbers makes the rate right, parts overlap by the text's own word.

use super::reckon::{Range, quantity, same_unit};
use super::{Conflict, ConflictKind};
use crate::figures::Mention;
use crate::lexicon::any;

/// Whether the text itself explains the numbers.
pub(super) fn innocent(chars: &[char], mentions: &[Mention], conflict: &Conflict) -> bool {
    let of = |span: &[usize; 2]| mentions.iter().find(|m| [m.start, m.end] == *span);
    let told: Vec<&Mention> = conflict.spans.iter().filter_map(of).collect();
    match conflict.kind {
        ConflictKind::Share => share(chars, mentions, &told),
        ConflictKind::Sum => sum(chars, &told),
        // 按户计占70.4%，按人计占69.5%: shares of two wholes.
        ConflictKind::SharesOfWhole => {
            told.iter().filter(|m| any(chars, m.clause.0, m.start, "按")).count() > 1
        }
        ConflictKind::Change => told.iter().any(|m| aim(chars, m)),
        ConflictKind::SubsetExceedsSet => subset(chars, mentions, &told),
        ConflictKind::AllDoneVsUnfinished => told.iter().any(|m| elsewhere(chars, m)),
        _ => false,
    }
}

/// 不合格30批次，合格率97.6%; 431户1302人，按户计占70.4%; 企业11家，投保率100%.
fn share(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let Some(rate) = told.iter().find(|m| m.plain_unit(chars) == "%") else { return false };
    let before: Vec<&Mention> = mentions
        .iter()
        .filter(|m| m.sentence == rate.sentence && m.end <= rate.start && quantity(m))
        .collect();
    // 占年度任务4万亩的85%: it says itself what it is of.
    let last = told.iter().filter(|m| m.start < rate.start).map(|m| m.end).max().unwrap_or(0);
    if rate.start.saturating_sub(last) <= 1 {
        return false;
    }
    let said = Range::told(chars, rate);
    let fits = |part: &Mention, whole: &Mention| {
        let ratio = Range::of(chars, part).over(Range::of(chars, whole)).times(100.0);
        ratio.meets(said) || Range::exactly(100.0).minus(ratio).meets(said)
    };
    let explained = before.iter().any(|whole| {
        let smaller =
            |part: &&&Mention| same_unit(chars, part, whole) && part.amount(chars) < whole.amount(chars);
        before.iter().filter(smaller).any(|part| fits(part, whole))
    });
    // A count of its own, of the same unit, stands between what was told and the rate.
    let own = before
        .iter()
        .any(|m| m.start >= last && told.iter().any(|t| t.start != rate.start && same_unit(chars, t, m)));
    explained || own && rate.number.value >= 100.0
}

/// 两类身份兼有的681人，去重后共3506人; 完成年度任务1.75万人的105.1%，其中; 到期应办的1098件均已办结.
fn sum(chars: &[char], told: &[&Mention]) -> bool {
    let (Some(first), Some(last)) = (told.first(), told.last()) else { return false };
    let overlap = any(chars, first.start, last.end, "去重 兼有 重复计");
    let whole = told.iter().max_by(|a, b| a.amount(chars).total_cmp(&b.amount(chars)));
    let due = told[1..].iter().any(|m| any(chars, m.clause.0, m.start, "应办的 到期的 应办结的 期满的"));
    overlap || due || whole.is_some_and(|whole| aim(chars, whole))
}

/// 为年度目标4000人的107.8%: what was aimed at and not what there is.
fn aim(chars: &[char], m: &Mention) -> bool {
    let from = m.start.saturating_sub(6).max(m.clause.0);
    chars.get(m.end) == Some(&'的') && any(chars, from, m.start, "目标 任务 计划 指标")
}

/// 抽检1250批次，不合格30批次；其中食用农产品182批次: of all that were tested.
fn subset(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [whole, part] = told else { return false };
    let not = any(chars, whole.clause.0, whole.start, "不合格 不达标 未通过 不符合");
    not && mentions.iter().any(|m| {
        m.sentence == part.sentence
            && m.end <= whole.start
            && same_unit(chars, m, part)
            && m.amount(chars) >= part.amount(chars)
    })
}

/// 其余55条不属于欠薪，已转有关部门: not left open.
fn elsewhere(chars: &[char], m: &Mention) -> bool {
    let stop = m.sentence.1.min(m.end + 20);
    any(chars, m.end, stop, "不属于 不在受理 已转 移送 移交 不予受理")
}
