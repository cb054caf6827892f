//! A count told again with a digit that slipped, where parts or a share prove the first of both: 收集议题892件，其中407件、421件、64件
//! …… 829件议题件件有回音.

use super::super::days::as_of;
use super::super::facts::behind;
use super::super::reckon::{
    all_han, digits_changed, holds, in_front, is_share, of_them, quantity, same_unit,
};
use super::super::retold::{of_other_days, of_other_fields, shared_name};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found, decimals};
use super::{aside, is_item};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far apart both may stand, in code points.
const FAR: usize = 4_000;
/// Most numbers in front that are compared.
const TRIED: usize = 80;
/// Neighbours among which the proof of a number is looked for.
const BESIDE: usize = 7;
/// How far a neighbour may stand.
const NEAR: usize = 160;
/// How far both numbers may be from one another, as a share of the later.
const ALIKE: f64 = 0.3;
/// The longest name that is looked for.
const NAME: usize = 8;
/// Words by which a number is of another time or of a part.
const OTHER: &str = "去年 上年 同期 上月 上季 计划 目标 任务 应 力争 新增 增加 减少 本月 当月 其余 剩余 还有 尚有 仍有 另有 首批 第一批 第二批 季度 上半年 月份 其中";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let counts: Vec<&Mention> = mentions.iter().filter(|m| quantity(m) && m.number.value >= 10.0).collect();
    for (i, again) in counts.iter().enumerate().skip(1) {
        if !known(chars, again)
            || is_item(chars, again)
            || other(chars, again)
            || any(chars, again.sentence.0, again.number.start, "中，")
        {
            continue;
        }
        let before: Vec<&Mention> = counts[..i]
            .iter()
            .rev()
            .take(TRIED)
            .take_while(|m| m.start + FAR >= again.start)
            .filter(|m| same_unit(chars, m, again))
            .copied()
            .collect();
        let of = again.amount(chars);
        if before.iter().any(|m| (m.amount(chars) - of).abs() < 1e-9) {
            continue;
        }
        let own = proven(chars, mentions, again);
        let same = |first: &&&Mention| {
            first.sentence != again.sentence
                && of_one_thing(chars, first, again)
                && (first.amount(chars) - of).abs() <= ALIKE * of
                && !share_of(chars, mentions, again, first)
                && !other(chars, first)
                && !of_other_days(chars, first, again)
                && !of_other_fields(chars, first, again)
                && proven(chars, mentions, first) != own
        };
        if let Some(first) = before.iter().find(same) {
            let reason = format!("同一事物前面是{}，这里是{}", plain(first.amount(chars)), plain(of));
            found.between(&[*first, again], ConflictKind::TwoValues, Certainty::Certain, reason);
        }
    }
}

fn other(chars: &[char], m: &Mention) -> bool {
    aside(chars, m) || any(chars, m.number.start.saturating_sub(10).max(m.clause.0), m.number.start, OTHER)
}

/// Whether the number is told as known: it begins its clause, or 的 stands in front of it.
fn known(chars: &[char], m: &Mention) -> bool {
    let noun = chars.get(m.end..m.end + 2).is_some_and(all_han);
    let begins = m.number.start == m.clause.0
        || as_of(chars, m.clause.0, m.number.start).is_some()
        || m.number.start - m.clause.0 < 5
            && any(chars, m.clause.0, m.number.start, "对 将 把 这 全 为 在 从");
    noun && begins || of_them(chars, m)
}

/// Whether its neighbours prove the number: parts that make it, a whole of which it is a part, or a share.
fn proven(chars: &[char], mentions: &[Mention], m: &Mention) -> bool {
    let at = mentions.partition_point(|n| n.start < m.start);
    let from = at.saturating_sub(BESIDE);
    let to = (at + BESIDE + 1).min(mentions.len());
    let near = |n: &&Mention| {
        n.start.abs_diff(m.start) <= NEAR && (n.start == m.start || quantity(n) && same_unit(chars, n, m))
    };
    let kin: Vec<f64> = mentions[from..to].iter().filter(near).map(|n| n.amount(chars)).collect();
    let own = mentions[from..at].iter().filter(|n| near(n)).count();
    let value = m.amount(chars);
    let sums = |parts: &[f64]| {
        (1..parts.len()).any(|n| (parts[..=n].iter().sum::<f64>() - value).abs() < 1e-6 * value)
    };
    let behind = own + 1 < kin.len() && sums(&kin[own + 1..]);
    let front: Vec<f64> = kin[..own].iter().rev().copied().collect();
    let makes = |whole: f64, parts: &[f64]| {
        (2..=parts.len()).any(|n| {
            parts
                .windows(n)
                .any(|w| w.contains(&value) && (w.iter().sum::<f64>() - whole).abs() < 1e-6 * whole)
        })
    };
    let part = kin.iter().enumerate().any(|(n, whole)| *whole > value && makes(*whole, &kin[n + 1..]));
    let rate = mentions
        .get(at + 1)
        .filter(|r| r.plain_unit(chars) == "%" && r.start - m.end <= 12 && decimals(chars, r) > 0);
    let share = rate
        .is_some_and(|rate| in_front(chars, mentions, at, NEAR).any(|whole| is_share(chars, m, whole, rate)));
    behind || sums(&front) || part || share
}

/// 642家学校食堂 and 612家学校食堂，占食堂总数的95.3%: whether the later one is told as a share of the first.
fn share_of(chars: &[char], mentions: &[Mention], m: &Mention, whole: &Mention) -> bool {
    let at = mentions.partition_point(|n| n.start < m.end);
    mentions[at..]
        .iter()
        .take_while(|rate| rate.sentence == m.sentence)
        .filter(|rate| rate.plain_unit(chars) == "%")
        .any(|rate| is_share(chars, m, whole, rate))
}

/// Whether the name behind the later count, or the act in front of its 的, is that of the first.
fn of_one_thing(chars: &[char], first: &Mention, again: &Mention) -> bool {
    let around = &chars[first.number.start.saturating_sub(2 * NAME).max(first.clause.0)
        ..chars.len().min(first.end + NAME).min(first.clause.1.max(first.end))];
    let has = |word: &[char]| holds(around, word);
    let noun = behind(chars, again);
    let ends = |c: &char| "均全已都件逐未尚仍中的正按和及与共户".contains(*c);
    let noun = &noun[..noun.iter().position(ends).unwrap_or(noun.len())];
    let act =
        again.number.start.checked_sub(4).filter(|_| of_them(chars, again)).map(|at| &chars[at..at + 3]);
    let named = (2..=NAME).contains(&noun.len()) && has(noun);
    if let Some(act) = act {
        return all_han(act)
            && has(act)
            && (named || noun.is_empty() || shared_name(chars, first, again) > 2);
    }
    let swapped = digits_changed(first.amount(chars), again.amount(chars));
    named || swapped && again.number.value >= 100.0 && shared_name(chars, first, again) > 1
}
