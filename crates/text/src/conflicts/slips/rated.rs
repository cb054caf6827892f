//! A share or a rate that is off by one digit, or by two that changed places: 抽检850批次，合格837批次，不合格13批次，合格率97.5%.

use super::super::reckon::{Range, in_front, is_share, parted, quantity, same_unit};
use super::super::{Certainty, Found, decimals, share};
use super::{slipped, without_lists};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far in front of the rate its part may stand, in code points.
const PART: usize = 46;
/// How far in front of its part the whole may stand.
const WHOLE: usize = 260;
/// How far in front numbers may stand that make the rate right.
const EXPLAINED: usize = 600;
/// Most numbers in front that are tried.
const TRIED: usize = 40;
/// Words by which a rate is a change, an aim or of something else.
const OTHER: &str = "增长 下降 同比 环比 提高 提升 降低 上升 增幅 降幅 较 比上 比去 目标 不低于 不少于 以上 力争 平均 综合 总体 满意 知晓 利用 分别 各 其中 压缩 缩短 压减 减少 精简 核减 节约 减";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let rate = &mentions[i];
    let front = (rate.clause.0, rate.number.start);
    let from = rate.number.start.saturating_sub(14).max(rate.clause.0);
    let said = any(chars, from, rate.number.start, "率 占");
    if rate.plain_unit(chars) != "%" || !rate.exact() || !said || found.is_sure_of(rate) {
        return;
    }
    if any(chars, front.0, front.1, OTHER) || matches!(chars[rate.number.start - 1], '由' | '从') {
        return;
    }
    let decimals = decimals(chars, rate) > 0;
    let Some(part) = part_of(chars, mentions, i) else { return };
    let at = mentions.partition_point(|m| m.start < part.start);
    // Any two numbers in front that make it right.
    let near: Vec<usize> = (0..i)
        .rev()
        .take_while(|n| rate.start - mentions[*n].end <= EXPLAINED)
        .filter(|n| quantity(&mentions[*n]))
        .take(TRIED)
        .collect();
    let here = |n: &&usize| mentions[**n].sentence == rate.sentence || mentions[**n].start == part.start;
    let explained = near.iter().filter(here).any(|n| {
        let whole = |whole: &Mention| is_share(chars, &mentions[*n], whole, rate);
        in_front(chars, mentions, *n, EXPLAINED).take(TRIED).any(whole)
            || mentions[*n..i].iter().any(|m| quantity(m) && same_unit(chars, m, &mentions[*n]) && whole(m))
    });
    if explained {
        return;
    }
    let far = if decimals { WHOLE } else { WHOLE / 2 };
    let right = |whole: &&Mention| {
        let share = Range::of(chars, part).over(Range::of(chars, whole)).times(100.0);
        let places = if decimals { 10.0 } else { 1.0 };
        let rounded = (share.low.midpoint(share.high) * places).round() / places;
        whole.amount(chars) > part.amount(chars) && slipped(chars, rate, rounded)
    };
    let mut wholes = in_front(chars, mentions, at, far).filter(|m| !parted(chars, m.end, part.start));
    // 412名中，60岁以上148名、45岁至59岁186名、以下78名: the items of a list are no wholes.
    let before: Vec<&Mention> = in_front(chars, mentions, at, far).collect();
    let ordered: Vec<&Mention> = before.iter().rev().copied().collect();
    let larger = |m: &&&Mention| m.amount(chars) > part.amount(chars);
    let nearest = without_lists(chars, &ordered).iter().rev().find(larger).copied();
    let whole = if decimals { wholes.find(right) } else { nearest.filter(right) };
    if let Some(whole) = whole {
        share::tell(found, whole, part, rate, Certainty::Certain);
    }
}

/// The number of which the rate tells: the one by whose name it is called, or the nearest.
fn part_of<'a>(chars: &[char], mentions: &'a [Mention], i: usize) -> Option<&'a Mention> {
    let rate = &mentions[i];
    let near = |m: &&Mention| rate.start - m.end <= PART && m.sentence == rate.sentence;
    let before = || mentions[..i].iter().rev().take_while(near).filter(|m| quantity(m));
    let nearest = before().next()?;
    let Some(at) = find(chars, rate.clause.0, rate.number.start, "率").filter(|at| *at >= rate.clause.0 + 2)
    else {
        let directly = rate.number.start - nearest.end <= 24;
        return directly.then_some(nearest);
    };
    let name: String = chars[at - 2..at].iter().collect();
    // 合格837批次，不合格13批次，合格率: not what is told by 不合格.
    let called = |m: &&Mention| {
        find(chars, m.clause.0, m.number.start, &name)
            .is_some_and(|at| at == m.clause.0 || !matches!(chars[at - 1], '不' | '未'))
    };
    before().find(called)
}
