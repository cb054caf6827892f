//! Numbers that would be right but for one digit, or two that changed places, as hands that type them slip: where so
//! little is wrong, fewer words need to say what belongs together.

mod again;
mod beside;
mod each;
mod list;
mod over;
mod rated;
mod sorted;
mod way;

use super::facts::List;
use super::reckon::{all_han, quantity, same_unit};
use super::{Found, decimals};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far apart the numbers may stand that belong together, in code points.
const FAR: usize = 170;
/// How far in front of its number the name of an item begins.
const LABEL: usize = 16;
/// Words by which a number is of another time, or a change, and belongs to no whole of now.
const ASIDE: &str = "同期 上年 去年 上月 上季 往年 前年 增加 减少 增长 下降 新增 净增 净减 较 比上 比去 平均 人均 户均 每 累计 至少 不少于";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention], lists: &[List]) {
    again::told(found, mentions);
    sorted::told(found, mentions, lists);
    for i in 1..mentions.len() {
        way::told(found, mentions, i);
        each::told(found, mentions, i);
        beside::told(found, mentions, i);
        rated::told(found, mentions, i);
    }
    let mut from = 0;
    while from < mentions.len() {
        let to = paragraph(found.chars, mentions, from);
        for kin in by_unit(found.chars, &mentions[from..to]) {
            over::told(found, &without_lists(found.chars, &kin));
            list::told(found, &kin, &mentions[from..to]);
        }
        from = to;
    }
}

/// Where the numbers of the paragraph end that begins with this one.
fn paragraph(chars: &[char], mentions: &[Mention], from: usize) -> usize {
    let start = mentions[from].start;
    let end = chars[start..].iter().position(|c| *c == '\n').map_or(chars.len(), |n| start + n);
    from + mentions[from..].partition_point(|m| m.start < end)
}

/// The numbers of a paragraph that can be parts of one another, each unit by itself and in their order.
fn by_unit<'a>(chars: &[char], mentions: &'a [Mention]) -> Vec<Vec<&'a Mention>> {
    let mut units: Vec<Vec<&Mention>> = Vec::new();
    for m in mentions.iter().filter(|m| quantity(m) && !m.number.han && !aside(chars, m)) {
        match units.iter_mut().find(|unit| same_unit(chars, unit[0], m)) {
            Some(unit) => unit.push(m),
            None => units.push(vec![m]),
        }
    }
    units.retain(|unit| unit.len() > 2);
    units
}

fn aside(chars: &[char], m: &Mention) -> bool {
    any(chars, m.number.start.saturating_sub(8).max(m.clause.0), m.number.start, ASIDE)
        || any(chars, m.clause.0, m.number.start, "今年以来 本月 当月 当年 同期")
        // 21个，占全县168个村的12.5%: what something is a share of.
                || any(chars, m.number.start.saturating_sub(4).max(m.clause.0), m.number.start, "占")
            && chars[m.end.min(m.clause.1)..m.clause.1].contains(&'%')
}

/// Whether the number is the right one but for a digit, or for two that changed places.
fn slipped(chars: &[char], told: &Mention, right: f64) -> bool {
    let printed = &chars[told.number.start..told.number.end];
    let decimals = decimals(chars, told);
    let scale = told.amount(chars) / told.number.value.max(1e-9);
    let exact = right / scale;
    let right: Vec<char> = format!("{exact:.decimals$}").chars().collect();
    if right.len() != printed.len() {
        return false;
    }
    // With more decimals than are printed it is no slip of these digits.
    let whole = (exact * 10_f64.powi(decimals as i32)).fract();
    if (0.001..0.999).contains(&whole) {
        return false;
    }
    let off: Vec<usize> = (0..right.len()).filter(|n| right[*n] != printed[*n]).collect();
    match off[..] {
        [_] => true,
        [a, b] => right[a] == printed[b] && right[b] == printed[a],
        _ => false,
    }
}

/// Whether some number not far from these is just so much.
fn is_told(chars: &[char], kin: &[&Mention], but: &[&Mention], value: f64) -> bool {
    let other = |m: &&&Mention| but.iter().all(|b| b.start != m.start);
    let near = |m: &&&Mention| but.iter().any(|b| m.start.abs_diff(b.start) <= FAR);
    let (from, to) = but.iter().fold((usize::MAX, 0), |(s, e), b| (s.min(b.start), e.max(b.start)));
    let first = kin.partition_point(|m| m.start + FAR < from);
    let last = kin.partition_point(|m| m.start <= to + FAR).max(first);
    kin[first..last]
        .iter()
        .filter(other)
        .filter(near)
        .any(|m| (m.amount(chars) - value).abs() <= 1e-6 * value)
}

/// The Chinese directly in front of a number, within its clause.
fn front<'a>(chars: &'a [char], m: &Mention, far: usize) -> &'a [char] {
    let front = &chars[m.number.start.saturating_sub(far).max(m.clause.0)..m.number.start];
    let from = front.iter().rposition(|c| !all_han(&[*c])).map_or(0, |at| at + 1);
    &front[from..]
}

/// The numbers without the lists whose items make the one in front: 不正常82座，其中29座、33座、20座.
fn without_lists<'a>(chars: &[char], kin: &[&'a Mention]) -> Vec<&'a Mention> {
    let mut out: Vec<&Mention> = Vec::new();
    let mut at = 0;
    while at < kin.len() {
        let whole = kin[at];
        out.push(whole);
        at += 1;
        let mut sum = 0.0;
        let items = kin[at..].iter().take_while(|m| m.start - whole.end <= FAR).position(|m| {
            sum += m.amount(chars);
            sum > m.amount(chars) && (sum - whole.amount(chars)).abs() < 1e-6 * sum
        });
        // 正常430座，不正常82座: two kinds may each be told of further.
        at += items.filter(|n| *n > 1).map_or(0, |n| n + 1);
    }
    out
}

/// 属实198件、部分属实52件: whether the number stands in a list with others.
fn is_item(chars: &[char], m: &Mention) -> bool {
    let from = m.number.start.saturating_sub(LABEL);
    let before = chars[from..m.number.start].iter().rposition(|c| !all_han(&[*c])).map(|at| chars[from + at]);
    before == Some('、') || chars.get(m.end) == Some(&'、')
}
