//! Rates whose whole the text settles by what else it says: 完成143个，整改率93.1%；剩余13个; 住院4428人次，占34%；门诊14022人次，占76%;
//! 满意3008票、基本满意160票、不满意32票，满意率97.4%.

use super::super::facts::label;
use super::super::reckon::{in_front, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found, rounding, share};
use super::{counted, fits, is_rate};
use crate::figures::Mention;
use crate::lexicon::{any, stands};

/// How far in front of its part the whole may stand, in code points.
const WHOLE: usize = 400;
/// How far behind its part a rate may stand, and behind the rate what is left.
const RATE: usize = 14;
const LEFT: usize = 14;
/// The same behind the parts of what is done, and how many numbers may stand there.
const BEHIND_PARTS: usize = 40;
const PARTS: usize = 5;
/// How far apart two parts with shares of their own may stand.
const STEP: usize = 34;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        if is_rate(found.chars, &mentions[i]) {
            with_rest(found, mentions, i);
            satisfied(found, mentions, i);
        }
    }
    let mut at = 1;
    while at < mentions.len() {
        let row = row(found.chars, mentions, at);
        if row.len() > 1 {
            each_of_all(found, mentions, &row);
        }
        at = row.last().map_or(at, |last| *last) + 1;
    }
}

/// 完成整改143个，整改率93.1%；剩余13个: what is done and what is left make a number in front, which is the whole.
fn with_rest(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (part, rate) = (&mentions[i - 1], &mentions[i]);
    let one = part.sentence == rate.sentence && counted(part) && rate.start.saturating_sub(part.end) <= RATE;
    let told = any(chars, part.end.min(rate.number.start), rate.number.start, "率");
    let other = any(
        chars,
        part.end.min(rate.number.start),
        rate.number.start,
        "及时 按期 按时 综合 满意 增长 同比 ；",
    );
    let Some(rest) = left_beside(chars, mentions, i).filter(|_| one && told && !other) else { return };
    let all = part.amount(chars) + rest.amount(chars);
    let whole = in_front(chars, mentions, i - 1, WHOLE).find(|m| (m.amount(chars) - all).abs() < 1e-9);
    if let Some(whole) = whole.filter(|whole| !fits(chars, part, whole, rate)) {
        share::tell(found, whole, part, rate, Certainty::Certain);
    }
}

/// 剩余13个 right behind the rate, or 有23名未参加 in front of the part.
fn left_beside<'a>(chars: &[char], mentions: &'a [Mention], i: usize) -> Option<&'a Mention> {
    let (part, rate) = (&mentions[i - 1], &mentions[i]);
    let same = |m: &&Mention| m.sentence == rate.sentence && counted(m) && same_unit(chars, m, part);
    // 整治率86%，其中甲类19栋、乙类89栋；剩下27栋: what is left stands behind the parts.
    let parts = stands(chars, rate.end, "，其中");
    let behind = mentions[i + 1..].iter().take(if parts { PARTS } else { 1 }).filter(same).find(|rest| {
        let from = rest.number.start.saturating_sub(LEFT).max(rate.end);
        rest.start.saturating_sub(rate.end) <= if parts { BEHIND_PARTS } else { LEFT }
            && any(chars, from, rest.number.start, "剩余 剩下 其余 还有 尚有 另有 仍有 余下")
    });
    let front = i.checked_sub(2).map(|at| &mentions[at]).filter(same).filter(|rest| {
        any(chars, rest.clause.0, rest.clause.1, "未 没有 缺席 请假")
            && part.start.saturating_sub(rest.end) <= LEFT
    });
    behind.or(front)
}

/// Parts of one unit one behind the other, each with its share: the places of their shares.
fn row(chars: &[char], mentions: &[Mention], first: usize) -> Vec<usize> {
    let share = |at: usize| {
        let (part, rate) = (&mentions[at - 1], &mentions[at]);
        let gap = &chars[part.end.min(rate.number.start)..rate.number.start];
        counted(part) && is_rate(chars, rate) && gap.len() <= 4 && gap.contains(&'占')
    };
    let mut row = Vec::new();
    let mut at = first;
    while at < mentions.len() && share(at) {
        let last = row.last().map(|last: &usize| &mentions[*last]);
        let follows = last.is_none_or(|last| {
            let part = &mentions[at - 1];
            part.start.saturating_sub(last.end) <= STEP
                && part.sentence == last.sentence
                && same_unit(chars, part, &mentions[first - 1])
        });
        if !follows {
            break;
        }
        row.push(at);
        at += 2;
        // 45至59岁的151人，占44.3%: ages are no parts.
        at += mentions[(at - 1).min(mentions.len())..]
            .iter()
            .take(2)
            .take_while(|m| m.plain_unit(chars).ends_with('岁'))
            .count();
    }
    row
}

/// Parts that together make a number in front are shares of just that.
fn each_of_all(found: &mut Found<'_>, mentions: &[Mention], row: &[usize]) {
    let chars = found.chars;
    let sum: f64 = row.iter().map(|at| mentions[at - 1].amount(chars)).sum();
    let whole =
        in_front(chars, mentions, row[0] - 1, 2 * WHOLE).find(|m| (m.amount(chars) - sum).abs() < 1e-9 * sum);
    let Some(whole) = whole else { return };
    for at in row {
        let (part, rate) = (&mentions[at - 1], &mentions[*at]);
        if fits(chars, part, whole, rate) {
            continue;
        }
        if row.len() > 2 {
            share::tell(found, whole, part, rate, Certainty::Certain);
            continue;
        }
        // Of two both are shown: which of them is wrong the reader sees from the other.
        let figures: Vec<&Mention> = row.iter().flat_map(|at| &mentions[at - 1..=*at]).collect();
        let computed = part.amount(chars) / sum * 100.0;
        let reason = format!(
            "两项合起来为{}，{}应占{computed:.1}%，文中为{}%",
            plain(sum),
            plain(part.amount(chars)),
            plain(rate.number.value)
        );
        let figures: Vec<&Mention> = [whole].into_iter().chain(figures).collect();
        found.between(&figures, ConflictKind::Share, Certainty::Certain, reason);
        return;
    }
}

/// 满意3008票、基本满意160票、不满意32票，满意率为97.4%.
fn satisfied(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let rate = &mentions[i];
    // 综合满意率, 加权满意度: reckoned in a way of its own.
    if !any(chars, rate.clause.0, rate.number.start, "满意率 满意度")
        || any(chars, rate.clause.0, rate.number.start, "综合 加权 折算 平均")
    {
        return;
    }
    let items: Vec<usize> = (0..i)
        .rev()
        .take_while(|at| mentions[*at].sentence == rate.sentence)
        .take_while(|at| {
            label(chars, mentions, *at).ends_with(&['满', '意'])
                || label(chars, mentions, *at).ends_with(&['一', '般'])
        })
        .collect();
    let [last, .., first] = items[..] else { return };
    let one =
        items.iter().all(|at| counted(&mentions[*at]) && same_unit(chars, &mentions[*at], &mentions[last]));
    let amount = |at: usize| mentions[at].amount(chars);
    let not = label(chars, mentions, last).contains(&'不');
    if !one || !not || label(chars, mentions, first).contains(&'不') || items.len() < 3 {
        return;
    }
    let total: f64 = items.iter().map(|at| amount(*at)).sum();
    let near =
        |value: f64| (value / total * 100.0 - rate.number.value).abs() <= 2.0 * rounding(chars, rate) + 1e-9;
    let mut up_to = 0.0;
    let any_of = items.iter().rev().any(|at| {
        up_to += amount(*at);
        near(up_to)
    });
    if !any_of {
        let right = (amount(first) / total * 100.0, (total - amount(last)) / total * 100.0);
        let reason =
            format!("按各项票数算为{:.1}%或{:.1}%，文中为{}%", right.0, right.1, plain(rate.number.value));
        let figures: Vec<&Mention> = items.iter().rev().map(|at| &mentions[*at]).chain([rate]).collect();
        found.between(&figures, ConflictKind::Share, Certainty::Certain, reason);
    }
}
