//! What excludes one another: 空置率57%，入住率46% of the same beds; 正增长的企业98户，负增长的企业62户 of 156.

use super::super::reckon::{Range, all_han, parted, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found, rounding};
use super::{counted, is_rate};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far apart both rates may stand, in code points.
const RATES: usize = 24;
/// How far in front of its number the name of what is counted begins.
const NAME: usize = 14;
/// How far apart both counts may stand.
const COUNTS: usize = 40;
/// How far in front of them their whole may stand.
const WHOLE: usize = 300;
/// By how much of the whole both together may exceed it.
const OVER: f64 = 0.25;
/// Rates that make a hundred together.
const TOGETHER: [(&str, &str); 7] = [
    ("空置率", "入住率 使用率 出租率 利用率"),
    ("空床率", "入住率 使用率"),
    ("闲置率", "使用率 利用率 出租率"),
    ("不合格率", "合格率"),
    ("不达标率", "达标率"),
    ("不满意率", "满意率"),
    ("未整改率", "整改率"),
];
/// Counts of which one excludes the other.
const EXCLUDED: [(&str, &str); 9] = [
    ("正增长", "负增长"),
    ("实现增长", "出现下降 负增长"),
    ("盈利", "亏损"),
    ("不合格", "合格"),
    ("未达标", "达标"),
    ("不达标", "达标"),
    ("不满意", "满意"),
    ("未全部达标", "全部达标"),
    ("未通过", "通过"),
];

/// Whether the words in front of a number, as far as the number before it, name it so and not as the opposite.
fn named(chars: &[char], m: &Mention, words: &str, not: &str) -> bool {
    let from = m.number.start.saturating_sub(NAME).max(m.clause.0);
    any(chars, from, m.number.start, words) && !any(chars, from, m.number.start, not)
}

/// What stands in front of the word by which a number is called, if that is Chinese.
fn subject<'a>(chars: &'a [char], m: &Mention) -> &'a [char] {
    let words = TOGETHER.iter().map(|(a, b)| (*a, *b)).chain(EXCLUDED);
    let all = words.flat_map(|(a, b)| a.split(' ').chain(b.split(' ')));
    let from = m.number.start.saturating_sub(2 * NAME).max(m.clause.0);
    let Some(at) = all.filter_map(|word| find(chars, from, m.number.start, word)).min() else { return &[] };
    let begin = chars[from..at].iter().rposition(|c| !all_han(&[*c])).map_or(from, |n| from + n + 1);
    let mut name = &chars[begin..at];
    while let Some(shorter) = ["中", "其中", "实现", "出现", "为", "有", "的"].iter().find_map(|word| {
        let word: Vec<char> = word.chars().collect();
        name.strip_suffix(&word[..]).or_else(|| name.strip_prefix(&word[..]))
    }) {
        name = shorter;
    }
    name
}

/// 产值正增长, 利润负增长; 上半年盈利, 全年亏损: of other things, or of another time.
pub(in super::super) fn subjects_differ(chars: &[char], one: &Mention, other: &Mention) -> bool {
    let (a, b) = (subject(chars, one), subject(chars, other));
    let timed = |name: &[char]| any(name, 0, name.len(), "年 季度 累计 连续");
    let named = a.len() > 1 && b.len() > 1 && !a.ends_with(b) && !b.ends_with(a);
    named || timed(a) != timed(b)
}

/// Two rates beside one another that cannot both be right.
pub(super) fn rates(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some(at) = i.checked_sub(1) else { return };
    let (one, other) = (&mentions[at], &mentions[i]);
    let beside = one.sentence == other.sentence && other.number.start.saturating_sub(one.end) <= RATES;
    if !beside || !is_rate(chars, one) || !is_rate(chars, other) {
        return;
    }
    let both = |a: &Mention, b: &Mention| {
        TOGETHER.iter().any(|(not, is)| named(chars, a, not, " ") && named(chars, b, is, not))
    };
    let said = (both(one, other) || both(other, one)) && !subjects_differ(chars, one, other);
    let gap = any(chars, one.end, other.number.start, "； 由 从 同比 上年 去年 比 升 降 全");
    let (sum, slack) = (one.number.value + other.number.value, rounding(chars, one) + rounding(chars, other));
    if said && !gap && (sum - 100.0).abs() > slack + 1e-9 {
        let reason = format!("两项合起来应为100%，文中相加为{}%", plain(sum));
        found.between(&[one, other], ConflictKind::SharesOfWhole, Certainty::Certain, reason);
    }
}

/// Two counts that exclude one another and are more than all.
pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for i in 1..mentions.len() {
        let other = &mentions[i];
        let near = |m: &&Mention| other.start.saturating_sub(m.end) <= COUNTS && m.sentence == other.sentence;
        let one =
            mentions[..i].iter().rev().take_while(near).find(|m| counted(m) && same_unit(chars, m, other));
        let Some(one) = one.filter(|_| counted(other)) else { continue };
        let both = |a: &Mention, b: &Mention| {
            EXCLUDED.iter().any(|(x, y)| named(chars, a, x, " ") && named(chars, b, y, x))
        };
        if (both(one, other) || both(other, one)) && !subjects_differ(chars, one, other) {
            more_than_all(found, mentions, i, (one, other));
        }
    }
}

fn more_than_all(found: &mut Found<'_>, mentions: &[Mention], i: usize, (one, other): (&Mention, &Mention)) {
    let chars = found.chars;
    let sum = Range::of(chars, one).plus(Range::of(chars, other));
    let most = one.amount(chars).max(other.amount(chars));
    let near = |m: &&Mention| one.start.saturating_sub(m.end) <= WHOLE;
    let wholes: Vec<&Mention> = mentions[..i]
        .iter()
        .rev()
        .take_while(near)
        .filter(|m| m.end <= one.start && counted(m) && same_unit(chars, m, one) && m.amount(chars) > most)
        .filter(|m| !parted(chars, m.end, one.start))
        .collect();
    let enough = |m: &&Mention| Range::of(chars, m).meets(sum) || m.amount(chars) > sum.high;
    if let Some(whole) = wholes.first().filter(|_| !wholes.iter().any(enough))
        && sum.low <= (1.0 + OVER) * whole.amount(chars)
    {
        let reason = format!("两者合起来{}，多于全部的{}", plain(sum.low), plain(whole.amount(chars)));
        found.between(&[whole, one, other], ConflictKind::Sum, Certainty::Certain, reason);
    }
}
