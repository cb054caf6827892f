//! What was counted before, told again as known with another number: 审计指出18个问题 …… 审计指出的19个问题.

use super::reckon::{all_han, bare, in_front, of_them, quantity};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, stands, words};

/// How far in front those may be counted that are told again, in code points.
const FAR: usize = 1_500;
/// How far both numbers may be from one another and still mean the same, as a share.
const NEAR: f64 = 0.3;
/// Ways of counting, by which what is counted is told again: 反馈的, 指出的.
const COUNTED: [&str; 20] = [
    "反馈", "指出", "发现", "查摆", "查出", "交办", "登记", "排查", "梳理", "受理", "转办", "列出", "收集",
    "征集", "提出", "移交", "检视", "查找", "揭示", "收到",
];

/// By which a count is told first.
const INTRODUCED: &str = "指出 提出 发现 反馈 列出 查出";
/// By which some of them are counted.
const DONE: &str = "完成整改 已整改 整改完成 已完成 办结 销号 整改到位 尚未 其中";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        if quantity(&mentions[i]) {
            told_again(found, mentions, i);
        }
    }
}

/// So many characters behind the unit, if all are Chinese.
fn noun<'a>(chars: &'a [char], m: &Mention, length: usize) -> Option<&'a [char]> {
    let noun = chars.get(m.end..m.end + length)?;
    all_han(noun).then_some(noun)
}

/// 审计指出的19个问题, where it had pointed out 18.
fn told_again(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let again = &mentions[i];
    let by = COUNTED.iter().find(|word| {
        let length = word.chars().count() + 1;
        again.start.checked_sub(length).is_some_and(|at| stands(chars, at, word)) && of_them(chars, again)
    });
    // 建成的16个帮扶车间: also by another word, where four characters name what is counted.
    let other =
        again.start.checked_sub(3).filter(|at| chars[*at + 2] == '的').map(|at| words(chars, at, at + 2));
    // 上半年发现的108个: a part of them.
    let from = again.start.saturating_sub(10).max(again.clause.0);
    let part = "上半年 下半年 季度 月 此前 首轮 第一轮 第二轮 年初 去年 上年 首批";
    if any(chars, from, again.start, part) {
        return;
    }
    let length = if by.is_some() { 2 } else { 4 };
    let by = by.map(|by| (*by).to_owned()).or(other);
    let (Some(by), Some(noun)) = (by, noun(chars, again, length)) else { return };
    let before: Vec<&Mention> =
        in_front(chars, mentions, i, FAR).filter(|m| bare(chars, m) == bare(chars, again)).collect();
    let is = |value: f64| before.iter().any(|m| (m.amount(chars) - value).abs() < 1e-9);
    if is(again.amount(chars)) || sums(chars, &before, again.amount(chars)) {
        return;
    }
    let said = |m: &&&Mention, words: &str| {
        // 7月2日反馈了意见，指出47个问题: the sentence says by whom; 反馈问题已整改22个: what was done of them.
        let told = any(chars, m.clause.0, m.start, words)
            || words == by
                && any(chars, m.sentence.0, m.start, words)
                && any(chars, m.clause.0, m.start, INTRODUCED);
        told && !any(chars, m.clause.0, m.start, DONE)
            && chars[m.clause.0..m.clause.1].windows(length).any(|w| w == noun)
            && (m.amount(chars) - again.amount(chars)).abs() <= NEAR * again.amount(chars)
    };
    // By the same word it is the same count; by another somebody should ask: 指出18个问题 …… 反馈的19个问题.
    let same = before.iter().rev().find(|m| said(m, &by));
    let differently = || before.iter().rev().find(|m| said(m, &COUNTED.join(" ")));
    let sure = if same.is_some() { Certainty::Certain } else { Certainty::Query };
    if let Some(first) = same.or_else(differently).filter(|_| length == 2 || same.is_some()) {
        let reason =
            format!("前面说有{}，这里说{by}的是{}", plain(first.amount(chars)), plain(again.amount(chars)));
        found.between(&[first, again], ConflictKind::TwoValues, sure, reason);
    }
}

/// Whether two or three of the counts make this one together.
fn sums(chars: &[char], counts: &[&Mention], of: f64) -> bool {
    counts.windows(2).any(|w| (w[0].amount(chars) + w[1].amount(chars) - of).abs() < 1e-9)
        || counts.windows(3).any(|w| (w.iter().map(|m| m.amount(chars)).sum::<f64>() - of).abs() < 1e-9)
}
