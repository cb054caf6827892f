//! Still more of what looks like a conflict and is none: other things counted in the same unit, aspects that are no parts, wholes of
//! their own, what was only registered.

use super::facts::behind;
use super::reckon::{Range, is_share, quantity, same_unit};
use super::{Conflict, ConflictKind};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far in front of a count its own whole may stand, in code points.
const OWN: usize = 24;
/// How far around two values the number may stand that makes one of them the other.
const NEAR: usize = 30;
/// How far behind 全部 it stands what was done.
const REGISTERED_AT: usize = 8;
/// How much behind its unit names what is counted.
const NAMED: usize = 6;
/// What is counted as so many 个.
const THINGS: [&str; 16] = [
    "乡镇", "村", "社区", "小区", "支部", "单位", "部门", "网格", "学校", "企业", "课题", "专班", "督",
    "项目", "问题", "点位",
];
/// What is done to all of a set and says nothing of its being finished.
const REGISTERED: &str = "计入 纳入 录入 登记 建档 建立台账 法制审核 建立档案 列入 受理 交办";

/// Whether the numbers say so themselves.
pub(super) fn mistaken(chars: &[char], mentions: &[Mention], conflict: &Conflict, told: &[&Mention]) -> bool {
    match conflict.kind {
        ConflictKind::SubsetExceedsSet => {
            let [whole, part] = told else { return false };
            other_things(chars, whole, part) || aspects(chars, whole) || beyond_an_aim(chars, whole)
        }
        ConflictKind::Sum => {
            summed_up(chars, told)
                || told.iter().skip(1).any(|m| aspects(chars, m)) && !told.iter().all(|m| aspects(chars, m))
        }
        ConflictKind::TwoValues => {
            let [one, other] = told else { return false };
            wholes_of_their_own(chars, mentions, one, other)
                || counted_in(chars, mentions, one, other)
                || told_beside(chars, mentions, one, other)
                || told_beside(chars, mentions, other, one)
        }
        ConflictKind::AllDoneVsUnfinished => {
            conflict.spans.iter().any(|[start, end]| registered(chars, *start, *end))
        }
        ConflictKind::Product => with_others(chars, mentions, told),
        ConflictKind::Share => {
            of_all_beside(chars, mentions, told) || of_the_one_in_front(chars, mentions, told)
        }
        _ => false,
    }
}

/// 18个乡镇……36个村: both are 个 and neither is some of the other.
fn other_things(chars: &[char], whole: &Mention, part: &Mention) -> bool {
    let named = |m: &Mention| -> Vec<&str> {
        let words = behind(chars, m);
        let words = &words[..words.len().min(NAMED)];
        THINGS.iter().filter(|thing| any(words, 0, words.len(), thing)).copied().collect()
    };
    let (a, b) = (named(whole), named(part));
    whole.plain_unit(chars) == "个"
        && !a.is_empty()
        && !b.is_empty()
        && !a.iter().any(|thing| b.contains(thing))
}

/// 这202项均已计入前述: nothing is said of whether they are finished.
fn registered(chars: &[char], start: usize, end: usize) -> bool {
    ["全部", "均已", "都已"]
        .iter()
        .filter_map(|word| find(chars, start, end, word))
        .any(|at| any(chars, at, chars.len().min(at + REGISTERED_AT), REGISTERED))
}

/// 六个方面: how many kinds of things there are.
fn aspects(chars: &[char], m: &Mention) -> bool {
    ["方面", "层面", "环节", "领域"].iter().any(|word| crate::lexicon::stands(chars, m.end, word))
}

/// 超过6500户的目标任务300户: by how much more was done.
fn beyond_an_aim(chars: &[char], whole: &Mention) -> bool {
    any(chars, whole.clause.0, whole.number.start, "超过 超额 超出 多完成")
        && any(chars, whole.clause.0, whole.number.start, "任务 目标 计划")
}

/// 其中2022年74个，2023年93个，今年61个，累计228个，剩余32个: one of the parts counts up those in front of it.
fn summed_up(chars: &[char], told: &[&Mention]) -> bool {
    (3..told.len()).any(|at| {
        let m = told[at];
        let said =
            any(chars, m.number.start.saturating_sub(5).max(m.clause.0), m.number.start, "累计 合计 共 总计");
        let sum: f64 = told[1..at].iter().map(|m| m.amount(chars)).sum();
        said && (sum - m.amount(chars)).abs() < 1e-9 * sum
    })
}

/// 98个乡镇综治中心建成91个，三级应建108个，已建成101个: each is of a whole of its own.
fn wholes_of_their_own(chars: &[char], mentions: &[Mention], one: &Mention, other: &Mention) -> bool {
    let own = |m: &Mention| {
        let at = mentions.partition_point(|n| n.start < m.start).checked_sub(1)?;
        let whole = &mentions[at];
        let fits = quantity(whole) && same_unit(chars, whole, m) && m.start.saturating_sub(whole.end) <= OWN;
        (fits && whole.sentence == m.sentence && whole.amount(chars) >= m.amount(chars))
            .then(|| whole.amount(chars))
    };
    own(one).zip(own(other)).is_some_and(|(a, b)| {
        (a - b).abs() > 1e-9 && (a - one.amount(chars)).abs() > 1e-9 && (b - other.amount(chars)).abs() > 1e-9
    })
}

/// 98个中建成91个，三级共建成101个 …… 建成的91个: the other value was told beside the one.
fn told_beside(chars: &[char], mentions: &[Mention], one: &Mention, other: &Mention) -> bool {
    other.sentence != one.sentence
        && mentions.iter().any(|m| {
            m.sentence == one.sentence
                && m.start != one.start
                && same_unit(chars, m, other)
                && m.number.value >= 10.0
                && (m.amount(chars) - other.amount(chars)).abs() < 1e-9
        })
}

/// 全区438个小区党支部（含联合党支部54个）: with those that the text counts in.
fn counted_in(chars: &[char], mentions: &[Mention], one: &Mention, other: &Mention) -> bool {
    let by = (one.amount(chars) - other.amount(chars)).abs();
    mentions.iter().any(|m| {
        let near = m.start > other.end && m.start - other.end <= NEAR
            || m.start > one.end && m.start - one.end <= NEAR;
        near && same_unit(chars, m, one)
            && (m.amount(chars) - by).abs() < 1e-9
            && any(chars, m.number.start.saturating_sub(NEAR / 2), m.number.start, "含 包括 另有 连同")
    })
}

/// 7名成员各领1个课题，46所学校各1个课题，共53个: with others that have as many each.
fn with_others(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [number, each, total] = told else { return false };
    let more = total.amount(chars) - number.amount(chars) * each.amount(chars);
    more > 0.0
        && mentions.iter().any(|m| {
            m.sentence == total.sentence
                && m.start < total.start
                && m.start != number.start
                && (m.amount(chars) * each.amount(chars) - more).abs() < 1e-9
        })
}

/// 新增14280个，包括小学8460个、初中5820个，占计划20380个的70.1%: another count of the sentence is such a share of that whole.
fn of_all_beside(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [whole, part, rate] = told else { return false };
    let sharp = chars[rate.number.start..rate.number.end].contains(&'.');
    sharp
        && mentions.iter().any(|m| {
            m.sentence == rate.sentence
                && m.end <= rate.start
                && m.start != part.start
                && m.start != whole.start
                && quantity(m)
                && same_unit(chars, m, whole)
                && m.amount(chars) > part.amount(chars)
                && is_share(chars, m, whole, rate)
        })
}

/// 床位1.24万张，入住6450人，入住率52%: of what stands right in front, in whatever unit.
fn of_the_one_in_front(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [_, part, rate] = told else { return false };
    let Some(at) = mentions.iter().position(|m| m.start == part.start).and_then(|at| at.checked_sub(1))
    else {
        return false;
    };
    let front = &mentions[at];
    let near =
        part.start.saturating_sub(front.end) <= OWN / 2 && front.sentence == part.sentence && quantity(front);
    let share = Range::of(chars, part).over(Range::of(chars, front)).times(100.0);
    near && front.amount(chars) >= part.amount(chars) && share.meets(Range::told(chars, rate))
}
