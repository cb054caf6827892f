//! What a share is of, where the text does not say it next to it: the whole of the shares beside it, the thing it is named
//! by, or the count of which it would be the share but for one digit.

use super::decimals;
use super::reckon::{all_han, in_front, is_share, parted, quantity, same_unit, word_before};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far from a share the others of the same whole may stand, in code points.
const BESIDE: usize = 260;
/// How far in front of its part the whole may stand.
const WHOLE: usize = 420;
/// How far in front a whole may stand that makes another share right.
const EXPLAINED: usize = 2_000;
/// How far in front of its rate the part may stand.
const PART: usize = 30;
/// How far in front of the rate the part may stand that is told by the same name in a sentence before.
const NAMED: usize = 200;
/// Shared characters by which a part told before is known again.
const NAME: usize = 4;

/// A part and its share: 女性1402名，占43%.
fn shares<'a>(
    chars: &'a [char],
    mentions: &'a [Mention],
) -> impl Iterator<Item = (&'a Mention, &'a Mention)> + 'a {
    mentions.windows(2).filter_map(|pair| {
        let [part, rate] = pair else { return None };
        let near = rate.start - part.end <= PART && part.sentence == rate.sentence;
        let said = word_before(chars, part.end, rate.number.start, "占")
            .is_some_and(|at| rate.number.start - at <= 3);
        (near && said && quantity(part) && rate.exact() && rate.plain_unit(chars) == "%")
            .then_some((part, rate))
    })
}

/// The whole of the shares that stand beside this one: 2608名，占80%；1402名，占43%；391名，占16%.
pub(super) fn of_those_beside<'a>(
    chars: &'a [char],
    mentions: &'a [Mention],
    part: usize,
) -> Option<&'a Mention> {
    let own = &mentions[part];
    let from = mentions.partition_point(|m| m.end + BESIDE < own.start);
    let to = mentions.partition_point(|m| m.start <= own.end + BESIDE);
    let beside: Vec<_> = shares(chars, &mentions[from..to])
        .filter(|(other, _)| {
            let (first, last) = if other.start < own.start { (*other, own) } else { (own, *other) };
            other.start != own.start && same_unit(chars, other, own) && !parted(chars, first.end, last.start)
        })
        .collect();
    let fits = |whole: &Mention| {
        let of = |(other, rate): &&(&Mention, &Mention)| {
            other.start > whole.end && is_share(chars, other, whole, rate)
        };
        beside.iter().filter(of).count()
    };
    let whole = in_front(chars, mentions, part, WHOLE)
        .filter(|m| m.amount(chars) > own.amount(chars) && !parted(chars, m.end, own.start))
        .max_by_key(|m| fits(m))?;
    (fits(whole) > 0).then_some(whole)
}

/// “指尖上的形式主义”类22个……。“指尖上的形式主义”问题最为突出，占问题总数的40.1%: the part told by the same name before.
pub(super) fn part_named_before(chars: &[char], mentions: &[Mention], i: usize) -> Option<usize> {
    let rate = &mentions[i];
    let said = (rate.sentence.0, word_before(chars, rate.clause.0, rate.number.start, "占")?);
    if mentions[..i].iter().any(|m| m.sentence == rate.sentence) {
        return None;
    }
    let named = |at: &usize| {
        let m = &mentions[*at];
        let near = rate.start - m.end <= NAMED && !parted(chars, m.end, rate.start);
        let from = m.start.saturating_sub(16).max(m.sentence.0);
        // Its own name alone, not that of the number in front.
        let own = chars[from..m.start]
            .iter()
            .rposition(|c| matches!(c, '，' | '、' | '；' | '：') || c.is_ascii_digit());
        let name = &chars[own.map_or(from, |at| from + at + 1)..m.start];
        let known = |w: &[char]| {
            let word: String = w.iter().collect();
            find(chars, said.0, said.1, &word).is_some()
        };
        near && quantity(m) && name.windows(NAME).any(known)
    };
    let mut parts = (0..i).rev().take_while(|at| rate.start - mentions[*at].end <= NAMED).filter(named);
    let part = parts.next()?;
    parts.next().is_none().then_some(part)
}

/// 其中乱占62个、乱采35个、乱堆118个。……乱堆问题最为突出，占问题总数的52%: the item of a list whose name the sentence begins with.
pub(super) fn part_of_list(chars: &[char], mentions: &[Mention], i: usize) -> Option<usize> {
    let rate = &mentions[i];
    let said = (rate.sentence.0, word_before(chars, rate.clause.0, rate.number.start, "占")?);
    if mentions[..i].iter().rev().take_while(|m| m.sentence == rate.sentence).count() > 0 {
        return None;
    }
    let item = |at: &usize| {
        let m = &mentions[*at];
        let near = rate.start - m.end <= NAMED && !parted(chars, m.end, rate.start);
        let from = m.start.saturating_sub(8).max(m.clause.0);
        let mark = chars[from..m.start].iter().rposition(|c| *c == '、' || c.is_ascii_digit());
        let own = &chars[mark.map_or(from, |n| from + n + 1)..m.start];
        let name: String = own.iter().collect();
        let name = name.trim_start_matches("其中");
        let listed = mark.is_some() || own.starts_with(&['其', '中']);
        near && quantity(m)
            && listed
            && name.chars().count() > 1
            && all_han(&name.chars().collect::<Vec<_>>())
            && find(chars, said.0, said.1, name).is_some()
    };
    let mut items = (0..i).rev().take_while(|at| rate.start - mentions[*at].end <= NAMED).filter(item);
    let part = items.next()?;
    items.next().is_none().then_some(part)
}

/// 纯电动公交车96台、氢能公交车24台，纯电动公交车占75%: the part that the words in front of 占 name.
pub(super) fn part_named_here(chars: &[char], mentions: &[Mention], i: usize) -> Option<usize> {
    let rate = &mentions[i];
    let at = word_before(chars, rate.clause.0, rate.number.start, "占")?;
    let name = &chars[rate.clause.0..at - 1];
    let name = name.strip_suffix(&['的']).unwrap_or(name);
    if name.len() < NAME || !name.iter().any(|c| all_han(&[*c])) {
        return None;
    }
    // 100万元以上的村25个。其中，……；100万元以上的村占11.3%
    let here = |at: &usize| {
        let m = &mentions[*at];
        m.sentence == rate.sentence || rate.start - m.end <= NAMED && !parted(chars, m.end, rate.start)
    };
    (0..i)
        .rev()
        .filter(|at| mentions[*at].end <= rate.clause.0)
        .take_while(here)
        .find(|at| quantity(&mentions[*at]) && chars[..mentions[*at].start].ends_with(name))
}

/// The one count in front of which the part would be the stated share if a single digit were another.
pub(super) fn but_for_a_digit<'a>(
    chars: &'a [char],
    mentions: &'a [Mention],
    part: usize,
    rate: &Mention,
) -> Option<&'a Mention> {
    let printed = &chars[rate.number.start..rate.number.end];
    let decimals = Some(decimals(chars, rate)).filter(|decimals| *decimals > 0)?;
    let own = &mentions[part];
    let close = |whole: &&Mention| {
        let share = own.amount(chars) / whole.amount(chars).max(1e-9) * 100.0;
        let right: Vec<char> = format!("{share:.decimals$}").chars().collect();
        right.len() == printed.len() && right.iter().zip(printed).filter(|(a, b)| a != b).count() == 1
    };
    // 1297户4705人，占监测户数的69.6%: another number beside the part is the one meant.
    let near = mentions.partition_point(|m| m.end + PART < rate.start);
    let beside = |at: &usize| {
        let m = &mentions[*at];
        m.sentence == rate.sentence && quantity(m)
    };
    let end = mentions.partition_point(|m| m.end <= rate.start);
    let fits = |at: usize| {
        let whole = |whole: &Mention| is_share(chars, &mentions[at], whole, rate);
        in_front(chars, mentions, at, EXPLAINED).any(whole)
    };
    if (near..end).filter(beside).any(fits) {
        return None;
    }
    let mut wholes =
        in_front(chars, mentions, part, WHOLE).filter(|m| m.amount(chars) > own.amount(chars)).filter(close);
    let whole = wholes.next()?;
    wholes.next().is_none().then_some(whole)
}

/// Whether a count is told by this name: 到位资金4.8亿元 as 到位资金, 安排2600万元 as 安排资金, 计划改厕2600户 as 任务.
pub(super) fn names_it(chars: &[char], m: &Mention, of: &[char]) -> bool {
    let name: String = of.iter().collect();
    let (from, to) = (m.clause.0, m.clause.1.min(m.end + 14));
    // 未完成问题 of 尚有55个未完成.
    if let ['未', act @ ..] = of
        && act.len() >= 2
    {
        let act: String = act[..2].iter().collect();
        return find(chars, m.end, to, &format!("未{act}")).is_some();
    }
    let plan = ["任务", "计划", "目标"].iter().any(|word| name.ends_with(word));
    if plan {
        let year = !name.contains('年') || chars[from..to].contains(&'年');
        return year && name.chars().count() <= 4 && any(chars, from, to, "任务 计划 目标 下达 应");
    }
    let money = m.kind == crate::figures::FigureKind::Money;
    let short = ["资金", "金额", "经费", "款"].iter().find_map(|word| name.strip_suffix(word));
    let short = short.filter(|short| money && short.chars().count() > 1);
    // 更新车辆 of 更新公交车辆120台.
    let pieces = of.len() == 4
        && of.chunks(2).all(|piece| chars[from..to].windows(2).any(|w| w == piece))
        && chars[m.clause.0..m.start].windows(2).any(|w| w == &of[2..]);
    // 已整改图斑 of 已整改的189个图斑.
    let around = chars[m.clause.0..m.start].iter().chain(&chars[m.end..to.max(m.end)]);
    let around: Vec<char> = around.filter(|c| **c != '的').copied().collect();
    of.len() > 1
        && (pieces
            || of.len() > 3 && around.windows(of.len()).any(|w| w == of)
            || of.len() > 4 && in_turn(&around, of)
            || find(chars, from, to, &name).is_some()
            || short.is_some_and(|s| find(chars, from, to, s).is_some()))
}

/// A级景区接待量 of A级景区共接待游客228万人次: all characters but the last, in their order.
fn in_turn(text: &[char], name: &[char]) -> bool {
    let name = match name {
        [rest @ .., '量' | '数' | '额' | '值'] => rest,
        _ => name,
    };
    let Some(at) = text.windows(3).position(|w| name.starts_with(w)) else { return false };
    let mut rest = text[at..].iter();
    name.iter().all(|c| rest.any(|t| t == c))
}
