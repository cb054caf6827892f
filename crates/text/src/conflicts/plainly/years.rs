//! 2022年为7.12亿元；2023年达到8.04亿元，比上年增长26.6%: two years that follow one another and the growth from the one to the other.

use super::super::facts::label;
use super::super::reckon::{Range, measure, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found, rounding};
use super::is_rate;
use crate::figures::Mention;
use crate::lexicon::{any, words};

/// How far in front the year before may be told, in code points.
const NEAR: usize = 60;
/// How far behind its value the growth may stand.
const RATE: usize = 12;
const UP: &str = "增长 提高 上升 增加 增幅";
const DOWN: &str = "下降 减少 降低 降幅";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (new, Some(rate)) = (&mentions[i], mentions.get(i + 1)) else { return };
    let gap = (new.end.min(rate.number.start), rate.number.start);
    let (up, down) = (any(chars, gap.0, gap.1, UP), any(chars, gap.0, gap.1, DOWN));
    let than = any(chars, gap.0, gap.1, "比上年 较上年 同比 比前一年 较前一年 比上一年 较上一年");
    let behind = is_rate(chars, rate) && new.sentence == rate.sentence && gap.1 - gap.0 <= RATE && up != down;
    // 后两年分别比上年增长33.3%和25%
    let each = any(chars, gap.0, gap.1, "分别 两年");
    if !behind || !than || each || !measure(new) {
        return;
    }
    let Some((year, name)) = of_year(chars, mentions, i) else { return };
    let before = mentions[..i].iter().enumerate().rev().take_while(|(_, m)| new.start - m.end <= NEAR);
    let mut before = before.filter(|(_, m)| measure(m) && same_unit(chars, m, new));
    let old = before.find_map(|(at, m)| {
        let (of, own) = of_year(chars, mentions, at)?;
        let same = own == name || name.is_empty() || own.ends_with(name);
        Some((m, of + 1 == year && same))
    });
    let Some((old, true)) = old else { return };
    let (from, to) = (Range::beside(chars, old, new), Range::beside(chars, new, old));
    let change = to.minus(from).over(from).times(if up { 100.0 } else { -100.0 });
    let mut said = Range::told(chars, rate);
    said.low -= rounding(chars, rate);
    if !change.meets(said) {
        let computed = (new.amount(chars) / old.amount(chars).max(1e-9) - 1.0) * 100.0;
        let reason = format!(
            "由{}到{}变化{:.1}%，文中为{}%",
            plain(old.amount(chars)),
            plain(new.amount(chars)),
            computed.abs(),
            rate.number.value
        );
        found.between(&[old, new, rate], ConflictKind::Change, Certainty::Certain, reason);
    }
}

/// The one year that stands in front of a value, and what it is the value of.
fn of_year<'a>(chars: &'a [char], mentions: &'a [Mention], at: usize) -> Option<(u32, &'a [char])> {
    let m = &mentions[at];
    let from = at.checked_sub(1).map_or(0, |n| mentions[n].end).max(m.sentence.0).min(m.number.start);
    let years: Vec<usize> = (from..m.number.start)
        .filter(|n| chars[*n] == '年' && *n >= from + 4 && chars[*n - 4..*n].iter().all(char::is_ascii_digit))
        .collect();
    let [end] = years[..] else { return None };
    // 2023年末, 2023年上半年: no whole year.
    if any(chars, end + 1, m.number.start, "半年 季度 月 初 计划 目标 预计 任务 力争") {
        return None;
    }
    let year: u32 = words(chars, end - 4, end).parse().ok()?;
    let mut name = label(chars, mentions, at);
    if let Some(cut) = name.iter().position(|c| *c == '年') {
        name = &name[cut + 1..];
    }
    for link in ["增加到", "增长到", "提高到", "增至", "升至", "降至", "下降到", "上升到", "则", "达"]
    {
        let link: Vec<char> = link.chars().collect();
        name = name.strip_suffix(&link[..]).unwrap_or(name);
    }
    Some((year, name))
}
