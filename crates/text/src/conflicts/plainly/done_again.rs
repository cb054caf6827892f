//! 改造老旧小区32个，已完工27个 …… 改造完工的29个老旧小区: those that are done, told again as known with another number.

use super::super::facts::{behind, label};
use super::super::reckon::{all_han, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::same_day::named_elsewhere;
use super::{before, counted};
use crate::figures::Mention;
use crate::lexicon::{any, ending};

/// How far in front they may have been told first, in code points.
const FAR: usize = 4_000;
/// How far in front of those done their whole may stand.
const WHOLE: usize = 90;
/// Between which shares of one the other lies.
const NEARLY: std::ops::RangeInclusive<f64> = 0.6..=1.6;
const ACTS: [&str; 20] = [
    "完工", "竣工", "建成", "验收", "交付", "投用", "投产", "开工", "整改", "办结", "化解", "销号", "拆除",
    "整治", "修复", "改造", "完成", "签约", "搬迁", "通车",
];
const OTHER: &str = "去年 上年 此前 首批 第一批 第二批 首轮 其中 尚未 未 新增 以往 历年 累计 季度 上半年 下半年 月 年度 每 计划 力争 拟 将";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 2..mentions.len() {
        told(found, mentions, i);
    }
}

fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let again = &mentions[i];
    let Some(of) = again.number.start.checked_sub(1).filter(|at| chars[*at] == '的' && counted(again))
    else {
        return;
    };
    let Some(act) = ACTS.iter().find(|act| ending(chars, of, act).is_some()) else { return };
    let named = behind(chars, again);
    if named.len() < 2 || any(chars, again.clause.0, again.start, OTHER) {
        return;
    }
    let from = i - before(mentions, again.start, FAR).len();
    let alike = |at: &usize| counted(&mentions[*at]) && same_unit(chars, &mentions[*at], again);
    let near: Vec<usize> = (from..i).filter(alike).collect();
    let value = again.amount(chars);
    if near.iter().any(|at| (mentions[*at].amount(chars) - value).abs() < 1e-9) {
        return;
    }
    let done = |at: &&usize| {
        let m = &mentions[**at];
        let name = label(chars, mentions, **at);
        let act: Vec<char> = act.chars().collect();
        m.sentence != again.sentence && name.ends_with(&act) && behind(chars, m).is_empty()
    };
    let told: Vec<usize> = near.iter().filter(done).copied().collect();
    let [at] = told[..] else { return };
    let first = &mentions[at];
    let Some(whole) =
        near.iter().rev().find(|n| **n < at).filter(|n| first.start - mentions[**n].end <= WHOLE)
    else {
        return;
    };
    let all = &mentions[*whole];
    let one = all.sentence == first.sentence
        && all.amount(chars) >= value
        && all.amount(chars) > first.amount(chars)
        && !any(chars, first.clause.0, first.start, "其中 去年 上年 计划 力争")
        && names(label(chars, mentions, *whole), behind(chars, all), named);
    let ratio = value / first.amount(chars).max(1e-9);
    if one && NEARLY.contains(&ratio) && !named_elsewhere(chars, first, again) {
        let reason = format!("同一事物前面是{}，这里是{}", plain(first.amount(chars)), plain(value));
        found.between(&[first, again], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}

/// Whether the whole is of just what is named again: 老旧小区 in 老旧小区中.
fn names(front: &[char], back: &[char], named: &[char]) -> bool {
    const GOES_ON: &str = "中里已均全正还也都有未大多存";
    let ends = |length: usize| named.get(length).is_none_or(|c| GOES_ON.contains(*c));
    let suffix = (2..=front.len().min(named.len()))
        .any(|n| front.ends_with(&named[..n]) && all_han(&named[..n]) && ends(n));
    let prefix = (2..=back.len().min(named.len())).any(|n| back[..n] == named[..n] && ends(n));
    suffix || prefix
}
