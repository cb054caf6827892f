//! Sets told by what each of them does or has: 48次，平均每月6次; 2家三级医院和16所卫生院等15家; 5个乡镇、9个部门，共15家单位; 240个中按不低于20%抽取36个;
//! 9个督导组，每个负责1个县，11个县全部派驻; 走访6个乡镇 …… 走访的乡镇中，有8个.

use super::super::facts::behind;
use super::super::reckon::{all_han, digits_changed, in_front, same_unit};
use super::super::within::{in_unit_of, plain};
use super::super::{Certainty, ConflictKind, Found, exceeds};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far two items of a list stand from one another, in code points.
const ITEM: usize = 14;
/// How far behind its items the sum may stand.
const SUM: usize = 10;
/// How far in front a set may stand that is named again.
const FAR: usize = 1_500;
/// How far in front the same amount may stand with its digits changed about.
const AMOUNT: usize = 3_000;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        each_month(found, mentions, i);
        listed_and_others(found, mentions, i);
        bodies_together(found, mentions, i);
        drawn(found, mentions, i);
        one_each(found, mentions, i);
        of_those_visited(found, mentions, i);
        summed_otherwise(found, mentions, i);
    }
}

/// 全年带队检查48次，平均每月6次.
fn each_month(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    const SPANS: [(&str, f64); 4] = [("全年", 12.0), ("上半年", 6.0), ("下半年", 6.0), ("前三季度", 9.0)];
    let chars = found.chars;
    let (total, each) = (&mentions[i - 1], &mentions[i]);
    let said = each.number.start.checked_sub(4).is_some_and(|at| stands(chars, at, "平均每月"));
    let beside = total.clause.1 + 1 == each.clause.0 && total.sentence == each.sentence;
    if !said || !beside || !each.exact() || !counted(total) || !same_unit(chars, total, each) {
        return;
    }
    let months =
        SPANS.iter().find(|(word, _)| find(chars, total.clause.0, total.number.start, word).is_some());
    let Some((word, months)) = months else { return };
    let right = total.amount(chars) / months;
    if (right - each.amount(chars)).abs() >= 1.0 {
        let reason = format!(
            "{word}{}，按{months}个月算每月为{}，文中为{}",
            plain(total.amount(chars)),
            plain(right),
            plain(each.amount(chars))
        );
        found.between(&[total, each], ConflictKind::Average, Certainty::Certain, reason);
    }
}

/// The counts in front of a number that are joined to one list by 、 and 和, the last of them no farther than so many code points.
fn items_before<'a>(chars: &[char], mentions: &'a [Mention], i: usize, far: usize) -> Vec<&'a Mention> {
    let mut items: Vec<&Mention> = Vec::new();
    for m in mentions[..i].iter().rev() {
        // 三级 of 三级医院 counts nothing.
        if m.number.han {
            continue;
        }
        let next = items.last().copied().unwrap_or(&mentions[i]);
        let gap = &chars[m.end.min(next.number.start)..next.number.start];
        let first = items.is_empty();
        let joined = gap.iter().any(|c| matches!(c, '、' | '和'))
            && !gap.iter().any(|c| matches!(c, '，' | '；' | '。'));
        let close = gap.len() <= if first { far } else { ITEM };
        if !counted(m)
            || m.sentence != mentions[i].sentence
            || !close
            || !first && !joined
            || behind(chars, m).is_empty()
        {
            break;
        }
        items.push(m);
    }
    items.reverse();
    items
}

/// 2家三级医院和16所乡镇卫生院等15家公立医疗机构: those listed are more than all.
fn listed_and_others(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let whole = &mentions[i];
    let and_others = whole.number.start.checked_sub(1).is_some_and(|at| chars[at] == '等');
    if !and_others || !counted(whole) || !is_body(chars, whole) {
        return;
    }
    let items = items_before(chars, mentions, i, ITEM);
    let sum: f64 = items.iter().map(|m| m.amount(chars)).sum();
    let bodies = items.iter().all(|m| matches!(m.plain_unit(chars).as_str(), "家" | "所" | "个" | "户"));
    if items.len() > 1 && bodies && sum > whole.amount(chars) && sum < 2.0 * whole.amount(chars) {
        let reason = format!("所列相加为{}，多于全部的{}", plain(sum), plain(whole.amount(chars)));
        let figures: Vec<&Mention> = items.into_iter().chain([whole]).collect();
        found.between(&figures, ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
    }
}

/// Whether a number counts bodies, whatever their units.
fn is_body(chars: &[char], m: &Mention) -> bool {
    let words = behind(chars, m);
    any(words, 0, words.len(), "单位 机构 部门 企业")
}

/// 5个乡镇、9个县直部门共15家单位.
fn bodies_together(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let whole = &mentions[i];
    let said = whole.number.start.checked_sub(1).is_some_and(|at| chars[at] == '共')
        || whole.number.start.checked_sub(2).is_some_and(|at| stands(chars, at, "共计"));
    if !said || !counted(whole) || !stands(chars, whole.end, "单位") {
        return;
    }
    let items = items_before(chars, mentions, i, SUM);
    let gap = items.last().map_or(0, |last| last.end);
    let bodies = items.iter().all(|m| matches!(m.plain_unit(chars).as_str(), "家" | "所" | "个"));
    // 下属单位 may be counted in.
    let others = items.is_empty() || any(chars, items[0].clause.0, whole.start, "及 以及 等 下属 所属");
    let sum: f64 = items.iter().map(|m| m.amount(chars)).sum();
    let told = whole.amount(chars);
    if items.len() > 1
        && bodies
        && !others
        && gap < whole.start
        && (sum - told).abs() > 1e-9
        && (sum - told).abs() <= 0.3 * told
    {
        let reason = format!("各项相加为{}，文中为{}", plain(sum), plain(told));
        let figures: Vec<&Mention> = items.into_iter().chain([whole]).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
}

/// 从全县240个基层党组织中，按不低于20%的比例抽取36个.
fn drawn(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (rate, part) = (&mentions[i - 1], &mentions[i]);
    let drawn = rate.plain_unit(chars) == "%"
        && any(chars, rate.end.min(part.start), part.number.start, "的比例抽 比例随机抽 的标准抽")
        && part.number.start.saturating_sub(rate.end) <= SUM;
    let least = any(chars, rate.clause.0, rate.number.start, "不低于 不少于");
    if !drawn || !least || !counted(part) {
        return;
    }
    let whole = in_front(chars, mentions, i, FAR / 10).find(|m| m.sentence == part.sentence);
    let Some(whole) = whole else { return };
    let share = part.amount(chars) / whole.amount(chars) * 100.0;
    if share + 1e-9 < rate.number.value {
        let reason = format!(
            "{}÷{}为{share:.1}%，低于{}%",
            plain(part.amount(chars)),
            plain(whole.amount(chars)),
            plain(rate.number.value)
        );
        found.between(&[whole, rate, part], ConflictKind::Share, Certainty::Certain, reason);
    }
}

/// 组成9个巡回督导组，每个督导组负责1个县（市、区），对11个县（市、区）全部派驻到位.
fn one_each(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let each = &mentions[i];
    let from = each.clause.0;
    let said = (chars.get(from) == Some(&'每') || stands(chars, from, "其中每"))
        && any(chars, from, each.number.start, "负责 联系 包联 包保 督导 覆盖");
    if !said || !counted(each) && each.number.value != 1.0 {
        return;
    }
    let name = behind(chars, each);
    let all = mentions[i + 1..].iter().take(3).find(|m| {
        m.sentence == each.sentence
            && same_unit(chars, m, each)
            && behind(chars, m).first() == name.first()
            && any(chars, m.end, m.clause.1.max((m.end + SUM).min(m.sentence.1)), "全部 全覆盖")
    });
    // 每个督导组: the groups are counted by that name in front.
    let groups = mentions[..i].iter().rev().take(3).find(|m| {
        let own = behind(chars, m);
        let tail = own.len().checked_sub(2).map(|at| &own[at..]);
        m.sentence == each.sentence
            && tail.is_some_and(|tail| chars[from..each.number.start].windows(2).any(|w| w == tail))
    });
    let (Some(all), Some(groups), false) = (all, groups, name.is_empty()) else { return };
    let right = groups.amount(chars) * each.amount(chars);
    if (right - all.amount(chars)).abs() > 1e-9 {
        let reason = format!(
            "{}个各{}个为{}，文中为{}",
            plain(groups.amount(chars)),
            plain(each.amount(chars)),
            plain(right),
            plain(all.amount(chars))
        );
        found.between(&[groups, each, all], ConflictKind::Product, Certainty::Certain, reason);
    }
}

/// 实地走访6个乡镇 …… 走访的乡镇中，有8个没有建立台账.
fn of_those_visited(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    const SEEN: [&str; 6] = ["走访", "抽查", "检查", "督查", "调研", "抽取"];
    let chars = found.chars;
    let part = &mentions[i];
    let Some(to) = part.clause.0.checked_sub(2).filter(|to| stands(chars, *to, "中，")) else { return };
    let clause = part.sentence.0;
    let seen = SEEN.iter().find_map(|word| {
        let at = find(chars, clause, to, &format!("{word}的"))?;
        let name = &chars[at + word.chars().count() + 1..to];
        ((2..=6).contains(&name.len()) && all_han(name)).then_some((word, name))
    });
    let Some((word, name)) = seen.filter(|_| counted(part) && behind_is_open(chars, part)) else { return };
    let named = |m: &&Mention| {
        behind(chars, m).starts_with(name)
            && m.number.start.checked_sub(2).is_some_and(|at| stands(chars, at, word))
            && m.sentence != part.sentence
    };
    let wholes: Vec<&Mention> = in_front(chars, mentions, i, FAR).filter(named).collect();
    let [whole] = wholes[..] else { return };
    if part.amount(chars) > whole.amount(chars) {
        exceeds::tell(found, whole, part);
    }
}

/// Whether no other thing is named behind a number.
fn behind_is_open(chars: &[char], m: &Mention) -> bool {
    let words = behind(chars, m);
    words.is_empty() || any(words, 0, words.len().min(3), "没 未 不 存 的 已 还 仍 在")
}

/// 计划投入2640万元 …… 以上合计2460万元: what the parts make was told with its digits changed about.
fn summed_otherwise(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let sum = &mentions[i];
    if !counted(sum)
        || !any(
            chars,
            sum.number.start.saturating_sub(4).max(sum.clause.0),
            sum.number.start,
            "以上合计 上述合计",
        )
    {
        return;
    }
    let parts: Vec<&Mention> = mentions[..i]
        .iter()
        .rev()
        .take_while(|m| m.sentence == sum.sentence)
        .filter(|m| counted(m) && same_unit(chars, m, sum))
        .collect();
    let total: f64 = parts.iter().map(|m| m.amount(chars)).sum();
    if parts.len() < 2 || (total - sum.amount(chars)).abs() > 1e-9 * total {
        return;
    }
    let other = in_front(chars, mentions, i, AMOUNT).find(|m| {
        m.sentence != sum.sentence
            && (m.amount(chars) - sum.amount(chars)).abs() > 1e-9
            && digits_changed(m.number.value, sum.number.value)
            && any(chars, m.clause.0, m.number.start, "投入 投资 预算 资金 经费")
    });
    if let Some(other) = other {
        let reason = format!(
            "前面为{}，各项合计为{}，数字颠倒",
            in_unit_of(chars, other.amount(chars), other),
            in_unit_of(chars, total, sum)
        );
        found.between(&[other, sum], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}
