//! 历史遗留69个、体制机制48个、资金保障35个，分别占49.9%、27.7%和20.2%: one share of several that does not fit the whole of the others.

use super::super::reckon::{Range, all_han, same_unit, word_before};
use super::super::{Certainty, Found, share};
use super::{counted, fits, is_rate};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far in front of its parts the whole may stand, in code points.
const WHOLE: usize = 400;
/// How far apart two shares of the row may stand.
const STEP: usize = 4;
/// How far behind its parts the row may begin.
const NEAR: usize = 24;

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let first = &mentions[i];
    let said = any(
        chars,
        first.number.start.saturating_sub(NEAR).max(first.sentence.0),
        first.number.start,
        "分别占 分别为 占比分别",
    );
    if !said || !is_rate(chars, first) || of_its_own(chars, first) {
        return;
    }
    let row = |pair: &&[Mention]| is_rate(chars, &pair[1]) && pair[1].number.start - pair[0].end <= STEP;
    let count = 1 + mentions[i..].windows(2).take_while(row).count();
    let Some(parts) = i.checked_sub(count).map(|from| &mentions[from..i]).filter(|_| count > 2) else {
        return;
    };
    let rates = &mentions[i..i + count];
    let of_one =
        parts.iter().all(|m| counted(m) && same_unit(chars, m, &parts[0]) && m.sentence == first.sentence);
    if !of_one || first.start - parts[count - 1].end > NEAR {
        return;
    }
    let from = mentions[..i - count].iter().rev().take_while(|m| parts[0].start - m.end <= WHOLE);
    let wholes: Vec<&Mention> = from.filter(|m| counted(m) && same_unit(chars, m, &parts[0])).collect();
    let wrong = |whole: &Mention| -> Vec<usize> {
        (0..count).filter(|n| !fits(chars, &parts[*n], whole, &rates[*n])).collect()
    };
    let Some((whole, off)) =
        wholes.iter().map(|whole| (*whole, wrong(whole))).min_by_key(|(_, off)| off.len())
    else {
        return;
    };
    let sum = parts.iter().fold(Range::exactly(0.0), |sum, m| sum.plus(Range::of(chars, m)));
    let all = Range::of(chars, whole).meets(sum);
    if let [n] = off[..]
        && (all || count > 3)
    {
        share::tell(found, whole, &parts[n], &rates[n], Certainty::Certain);
    }
}

/// 成员数分别占, 签约服务率分别为, 优质校占比分别为: shares of something else that each of the parts has.
fn of_its_own(chars: &[char], first: &Mention) -> bool {
    const SELF: &str = "各 比例 比重 数量 依次 类 项";
    let Some(at) = word_before(chars, first.clause.0, first.number.start, "分别").map(|at| at - 2) else {
        return false;
    };
    let name = &chars[first.clause.0.max(at.saturating_sub(NEAR))..at];
    let from = name.iter().rposition(|c| !all_han(&[*c])).map_or(0, |n| n + 1);
    let name = &name[from..];
    let rated = any(name, 0, name.len(), "率");
    rated || name.len() > 2 && name.ends_with(&['数']) && !any(name, 0, name.len(), SELF)
}
