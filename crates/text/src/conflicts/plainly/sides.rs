//! 4个方面38个问题 …… 四个方面问题中，学习方面11个、作风方面12个、……: the items of as many sides as the whole has make the whole.

use super::super::facts::List;
use super::super::reckon::same_unit;
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, ending, find, stands};
use crate::numbers::number_at;

/// How far behind the whole its items may be told, in code points.
const FAR: usize = 4_000;
/// How far in front of the first item it may be said how many sides there are.
const SAID: usize = 45;
/// How far the items may be from the whole and still be meant as it, as a share.
const OFF: f64 = 0.3;
const SIDES: [&str; 8] = ["方面", "大类", "类别", "类", "领域", "板块", "大项", "环节"];

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention], lists: &[List]) {
    let chars = found.chars;
    for list in lists.iter().filter(|list| list.items.len() > 2) {
        // 三个方面问题中，甲9个: the number of sides is no item.
        let at = &mentions[list.items[0]];
        let said = SIDES.iter().any(|side| stands(chars, at.end, side));
        let items = &with_next(chars, mentions, &list.items[usize::from(said)..]);
        if list.whole.is_some() && !said {
            continue;
        }
        let first = &mentions[items[0]];
        let from = first.number.start.saturating_sub(SAID).max(first.sentence.0);
        let Some(side) = SIDES.iter().find(|side| {
            find(chars, from, first.number.start, side)
                .is_some_and(|at| sides(chars, at) == Some(items.len()))
        }) else {
            continue;
        };
        let parts: Vec<&Mention> = items.iter().map(|at| &mentions[*at]).collect();
        let sum: f64 = parts.iter().map(|m| m.amount(chars)).sum();
        let front = mentions[..items[0]].iter().rev().take_while(|m| first.start - m.end <= FAR);
        let alike: Vec<&Mention> = front.filter(|m| counted(m) && same_unit(chars, m, first)).collect();
        // 4个方面38个问题
        let whole = alike.iter().find(|m| {
            let mut to = m.number.start;
            to -= usize::from(to > 0 && matches!(chars[to - 1], '、' | '的' | '共'));
            let begin = ending(chars, to, side);
            m.sentence != first.sentence && begin.and_then(|at| sides(chars, at)) == Some(parts.len())
        });
        let Some(whole) = whole else { continue };
        let off = (sum - whole.amount(chars)).abs();
        let explained = alike.iter().any(|m| (m.amount(chars) - sum).abs() < 1e-9)
            || any(chars, from, first.number.start, "主要 已 未 其中 重点 突出")
            || parts.iter().any(|m| {
                any(chars, m.clause.0.max(m.number.start.saturating_sub(8)), m.number.start, "已 未")
            });
        if off > 1e-9 && off <= OFF * whole.amount(chars) && !explained {
            let reason =
                format!("{}项相加为{}，前面一共是{}", parts.len(), plain(sum), plain(whole.amount(chars)));
            let figures: Vec<&Mention> = [*whole].into_iter().chain(parts).collect();
            found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
        }
    }
}

/// 、整改落实方面7个: what ends in the name of a side is one more item, whatever stands in it.
fn with_next(chars: &[char], mentions: &[Mention], items: &[usize]) -> Vec<usize> {
    let mut items = items.to_vec();
    while let Some(&last) = items.last() {
        let Some(m) = mentions.get(last + 1) else { break };
        let gap = &chars[mentions[last].end.min(m.number.start)..m.number.start];
        let marks = gap.iter().filter(|c| matches!(c, '、' | '，' | '；')).count();
        let side = SIDES.iter().any(|side| ending(chars, m.number.start, side).is_some());
        if !side || marks != 1 || gap.len() > SAID || !same_unit(chars, m, &mentions[last]) || !counted(m) {
            break;
        }
        items.push(last + 1);
    }
    items
}

/// How many sides are told in front of a place: 四个, 4, 3大.
fn sides(chars: &[char], end: usize) -> Option<usize> {
    let mut to = end;
    while to > 0 && matches!(chars[to - 1], '个' | '大') {
        to -= 1;
    }
    let number = |at: usize| number_at(chars, at).filter(|n| n.end == to);
    let number = (to.saturating_sub(2)..to).find_map(number)?;
    (number.value >= 2.0 && number.value.fract() == 0.0).then_some(number.value as usize)
}
