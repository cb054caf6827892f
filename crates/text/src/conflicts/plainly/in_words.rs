//! 97家村卫生室只检查34家，不到三成: a share in words right behind the part, with the one whole that its sentence tells.

use super::super::facts::behind;
use super::super::fraction::fractions;
use super::super::reckon::{Range, all_han, holds, parted, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far behind its part the share may stand, in code points.
const BEHIND: usize = 22;
/// How far in front of it the whole may stand.
const WHOLE: usize = 36;
const SAID: &str = "，不到 ，不足 ，仅 ，只 ，超过 ，近 ，约 ，接近 占比 ，占 只占 仅占 还不到 还不足";
const OTHERWISE: &str = "； 增 减 提高 下降 比 较 每 合计 占全 ，其中";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    if !counted(part) || i == 0 {
        return;
    }
    let next = mentions.get(i + 1).map_or(chars.len(), |m| m.start);
    let stop = (part.end + BEHIND).min(part.sentence.1);
    let Some(share) = fractions(chars, part.end, stop).into_iter().next().filter(|s| s.start <= next) else {
        return;
    };
    let gap = &chars[part.end.min(share.start)..share.start];
    // 占比 is no comparison.
    let words: String = gap.iter().collect::<String>().replace("占比", "占");
    let words: Vec<char> = words.chars().collect();
    let said = any(chars, part.end, share.end, SAID);
    if !said
        || begins_anew(chars, share.end)
        || any(&words, 0, words.len(), OTHERWISE)
        || of_others(chars, part, share.start)
    {
        return;
    }
    let here: Vec<&Mention> = mentions[..i]
        .iter()
        .rev()
        .take_while(|m| part.start.saturating_sub(m.end) <= 4 * WHOLE)
        .filter(|m| counted(m) && same_unit(chars, m, part))
        .filter(|m| {
            !parted(chars, m.end, part.start) && !chars[m.end.min(part.start)..part.start].contains(&'；')
        })
        .collect();
    let Some(whole) = here.first().filter(|m| {
        m.sentence == part.sentence && part.start - m.end <= WHOLE && m.amount(chars) > part.amount(chars)
    }) else {
        return;
    };
    let fits = |whole: &Mention| Range::of(chars, part).over(Range::of(chars, whole)).meets(share.range);
    if !here.iter().any(|whole| fits(whole)) {
        let computed = part.amount(chars) / whole.amount(chars) * 100.0;
        let (some, all) = (plain(part.amount(chars)), plain(whole.amount(chars)));
        let reason = format!("{some}÷{all}为{computed:.1}%，与文中所说不符");
        let spans = [(whole.start, whole.end), (part.start, part.end), (share.start, share.end)];
        found.tell(&spans, ConflictKind::Share, Certainty::Certain, reason);
    }
}

/// 近九成的村民表示满意, 近一半由社会组织出资: what is said of the share is another matter.
fn begins_anew(chars: &[char], end: usize) -> bool {
    let next = chars.get(end);
    matches!(next, Some('由' | '在' | '认' | '表' | '通'))
        || next == Some(&'的') && chars.get(end + 1).is_some_and(|c| all_han(&[*c]))
}

/// 县级医院2.26亿元，市级医院采购金额占比近七成: the share has a subject of its own.
fn of_others(chars: &[char], part: &Mention, share: usize) -> bool {
    let Some(at) = find(chars, part.end, share, "占").filter(|at| *at > part.clause.1 + 1) else {
        return false;
    };
    let (own, subject) = (behind(chars, part), &chars[part.clause.1 + 1..at]);
    // 5个粮食主产乡镇，粮食占比: not of those but of what they grow.
    let kinds = subject.len() > 1 && own.len() > subject.len() && own.starts_with(subject);
    kinds || !own.windows(2).any(|w| holds(subject, w))
}
