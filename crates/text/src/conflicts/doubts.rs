//! What somebody should ask about: relations looked for in any wording, told where no number of the document explains them
//! and the stated number is near the computed one.

use super::reckon::{Range, digits_changed, in_front, measure, parted, quantity, same_unit, word_before};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far two items of a list may stand from one another, in code points.
const STEP: usize = 26;
/// How far behind its list a sum may stand.
const SUM: usize = 40;
/// How far a sum may be from what the list makes and still be meant as it, as a share of it.
const NEAR: f64 = 0.15;
/// The same of a list of two.
const NEAR_OF_TWO: f64 = 0.06;
/// How far in front a number may stand that explains another one.
const EXPLAINED: usize = 1_500;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 2..mentions.len() {
        summed(found, mentions, i);
        net(found, mentions, i);
        more_in_all(found, mentions, i);
    }
}

/// Whether the stated number is the computed one but for a single digit, or for two digits that changed places.
fn slip(stated: f64, computed: f64) -> bool {
    let digits = |value: f64| plain(value).chars().filter(char::is_ascii_digit).collect::<Vec<_>>();
    let (a, b) = (digits(stated), digits(computed));
    let differ = a.iter().zip(&b).filter(|(x, y)| x != y).count();
    a.len() == b.len() && a.len() > 2 && (differ == 1 || differ == 2 && digits_changed(stated, computed))
}

/// 县级72人次、乡级2304人次、村级15264人次，三级河长累计17840人次: a list and its sum behind.
fn summed(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    const ALL: &str = "共 合计 总计 累计 总 两级 三级 四级 各级 两项 三项 两类 三类 相加 全部";
    let chars = found.chars;
    let sum = &mentions[i];
    let mut list: Vec<&Mention> = Vec::new();
    for part in mentions[..i].iter().rev() {
        let next = list.last().map_or(sum, |m| m);
        let gap = &chars[part.end..next.start.max(part.end)];
        let far = if list.is_empty() { SUM } else { STEP };
        let marks = gap.iter().filter(|c| matches!(c, '，' | '、')).count();
        let listed = gap.len() <= far && marks <= 1 && !gap.iter().any(|c| matches!(c, '。' | '；' | '：'));
        if !listed || !quantity(part) || !same_unit(chars, part, sum) || part.sentence != sum.sentence {
            break;
        }
        list.push(part);
    }
    let Some(first) = list.last().filter(|_| list.len() > 1 && quantity(sum)) else { return };
    let from = sum.clause.0.max(list[0].end);
    let said = any(chars, from, sum.start, ALL) && !any(chars, from, sum.start, "公共 共同 共享");
    let other = any(
        chars,
        first.clause.0,
        sum.start,
        "其中 另 每 均 同比 上年 去年 较 比上 已 完成 余 剩 占 增 减 本月 当月 年",
    );
    let mut total = Range::exactly(0.0);
    let mut fits = false;
    for part in &list {
        total = total.plus(Range::of(chars, part));
        fits |= total.meets(Range::told(chars, sum));
    }
    let (computed, stated) = (total.low.midpoint(total.high), sum.amount(chars));
    let near = if list.len() > 2 { NEAR } else { NEAR_OF_TWO };
    let meant = (computed - stated).abs() <= near * stated && list.iter().all(|m| m.amount(chars) < stated);
    if !said || other || fits || !meant || found.holds(sum) {
        return;
    }
    let sure = if slip(stated, computed) { Certainty::Certain } else { Certainty::Query };
    let reason = format!("前面各项相加为{}，文中为{}", plain(computed), plain(stated));
    list.reverse();
    list.push(sum);
    found.between(&list, ConflictKind::Sum, sure, reason);
}

/// 退出284户、新纳入197户，增减相抵净减少97户.
fn net(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let net = &mentions[i];
    let from = net.number.start.saturating_sub(6).max(net.clause.0);
    let said = word_before(chars, from, net.start, "净增 净减 净增加 净减少 净增长 净流入 净流出");
    if said.is_none_or(|at| net.start - at > 1) || !measure(net) || found.holds(net) {
        return;
    }
    let before: Vec<&Mention> =
        in_front(chars, mentions, i, EXPLAINED).take_while(|m| m.sentence == net.sentence).collect();
    let [one, other, ..] = before[..] else { return };
    let exact = Range::of(chars, net);
    let explains = |a: &Mention, b: &Mention| {
        let difference = Range::of(chars, a).minus(Range::of(chars, b));
        difference.meets(exact) || difference.times(-1.0).meets(exact)
    };
    let any_pair = before.iter().any(|a| before.iter().any(|b| explains(a, b)));
    let out = "退 减 核销 注销 调出 流出 撤 清";
    let into = "纳入 新增 增 调入 流入 录 进";
    let says = |m: &Mention, words: &str| any(chars, m.clause.0, m.start, words) && m.start - m.clause.0 < 60;
    let both = says(one, into) && says(other, out) || says(one, out) && says(other, into);
    if !any_pair && both && !parted(chars, other.end, net.start) {
        let computed = (one.amount(chars) - other.amount(chars)).abs();
        let reason = format!("两数相差{}，文中为{}", plain(computed), plain(net.amount(chars)));
        found.between(&[other, one, net], ConflictKind::Change, Certainty::Certain, reason);
    }
}

/// 亏损子企业42户，扭亏为盈19户、减亏15户、清算退出11户: what became of them makes more than there are.
fn more_in_all(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let whole = &mentions[i - 2];
    let mut parts: Vec<&Mention> = Vec::new();
    for part in &mentions[i - 1..] {
        let last = parts.last().map_or(whole, |m| m);
        let gap = &chars[last.end.min(part.start)..part.start];
        let joined = if parts.is_empty() {
            gap.contains(&'，') && gap.len() <= STEP
        } else {
            gap.len() <= 14 && gap.contains(&'、')
        };
        if !joined || part.sentence != whole.sentence || !quantity(part) || !same_unit(chars, part, whole) {
            break;
        }
        parts.push(part);
    }
    if parts.len() < 3 || !quantity(whole) || found.holds(whole) || parts.iter().any(|m| found.holds(m)) {
        return;
    }
    let last = parts[parts.len() - 1];
    let other = any(chars, whole.clause.0, last.end, "其中 次 比 较 同期 计划 目标 任务 新 每 均 参加 另");
    let total: f64 = parts.iter().map(|m| m.amount(chars)).sum();
    let of = whole.amount(chars);
    if !other && total > of + 1e-9 && total <= of * (1.0 + NEAR) && parts.iter().all(|m| m.amount(chars) < of)
    {
        let reason = format!("各项相加为{}，多于{}", plain(total), plain(of));
        let figures: Vec<&Mention> = [whole].into_iter().chain(parts).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Query, reason);
    }
}
