//! Numbers that cannot be as many as told: months of half a year, a sum within its limit, people of so many groups.

use super::reckon::{quantity, same_unit, word_before};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// A stretch of time and how many months it has.
const STRETCHES: [(&str, f64); 9] = [
    ("上半年", 6.0),
    ("下半年", 6.0),
    ("前三季度", 9.0),
    ("一季度", 3.0),
    ("二季度", 3.0),
    ("三季度", 3.0),
    ("四季度", 3.0),
    ("前两个季度", 6.0),
    ("全年", 12.0),
];

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 0..mentions.len() {
        months(found, &mentions[i]);
        within_limit(found, mentions, i);
        groups(found, mentions, i);
    }
}

/// 上半年有7个月实现“零死亡”.
fn months(found: &mut Found<'_>, m: &Mention) {
    let chars = found.chars;
    let unit = m.plain_unit(chars) == "个月" || stands(chars, m.number.end, "个月");
    let from = m.number.start.saturating_sub(8).max(m.clause.0);
    let of = STRETCHES.iter().find(|(name, _)| word_before(chars, from, m.number.start, name).is_some());
    let Some((name, most)) = of.filter(|_| unit) else { return };
    let other = any(chars, from, m.number.start, "连续 后 前的 起");
    if m.number.value > *most && !other && m.number.value < 25.0 {
        let reason = format!("{name}只有{}个月", plain(*most));
        found.tell(&[(m.start, m.end)], ConflictKind::Duration, Certainty::Certain, reason);
    }
}

/// 债务余额62.7亿元，……，控制在限额61.9亿元以内.
fn within_limit(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let limit = &mentions[i];
    let said = any(chars, limit.clause.0, limit.start, "控制在 未超过 没有超过 不超过");
    let bound = any(chars, limit.clause.0, (limit.end + 3).min(chars.len()), "限额 以内 之内 上限");
    let wished = any(chars, limit.sentence.0, limit.start, "要 将 确保 力争 计划 目标 每");
    if !said || !bound || wished || limit.plain_unit(chars) == "%" {
        return;
    }
    let of = mentions[..i].iter().find(|m| m.sentence == limit.sentence && quantity(m));
    let Some(of) = of.filter(|of| same_unit(chars, of, limit) && of.amount(chars) > limit.amount(chars))
    else {
        return;
    };
    let reason = format!("{}大于限额{}", plain(of.amount(chars)), plain(limit.amount(chars)));
    found.between(&[of, limit], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
}

/// 抽调28名干部，编成6个督查组，每组4人: somebody should ask who the others are.
fn groups(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([people, groups, each]) = i.checked_sub(2).map(|from| &mentions[from..=i]) else { return };
    let of = find(chars, each.clause.0, each.start, "每组").is_some_and(|at| each.start - at <= 4);
    let formed = any(chars, people.end, groups.start, "编成 组成 分成 组建 分为 成立");
    let near =
        people.sentence == each.sentence && groups.start - people.end <= 16 && each.start - groups.end <= 10;
    if !(of && formed && near && same_unit(chars, people, each) && quantity(people)) {
        return;
    }
    let made = groups.number.value * each.number.value;
    if (made - people.amount(chars)).abs() > 1e-9 {
        let reason = format!(
            "{}组每组{}人共{}人，文中为{}人",
            plain(groups.number.value),
            plain(each.number.value),
            plain(made),
            plain(people.amount(chars))
        );
        found.between(&[people, groups, each], ConflictKind::Product, Certainty::Query, reason);
    }
}
