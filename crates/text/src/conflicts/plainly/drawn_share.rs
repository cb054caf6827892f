//! 抽查的360份档案……有24人……占抽查总数的8.7%: a share of all that were drawn, whatever they are counted in; 共发现问题316个。……（一）……发现问题84个，占26.6%；
//! （四）……发现问题119个，占47.7%: one share among others of the same whole; 申报126个，入库84个。入库率达到76.7%.

use super::super::facts::label;
use super::super::reckon::{all_han, in_front, parted, same_unit, word_before};
use super::super::share::{self, WIDER_NAMES};
use super::super::{Certainty, Found};
use super::{before, counted, fits, is_rate};
use crate::figures::Mention;
use crate::lexicon::{any, find, words};

/// How far in front of its part those may stand that were drawn, in code points.
const DRAWN: usize = 400;
/// How far in front of its part the whole of several shares may stand.
const WHOLE: usize = 3_000;
/// How far behind its part a share may stand.
const STEP: usize = 26;
/// How far in front of its number it is said that so many were drawn.
const SAID: usize = 12;
/// Most shares on either side that are looked at.
const MOST: usize = 12;
/// How much of a name tells that two numbers are of one thing.
const NAME: usize = 2;
/// How far in front of its sentence the part of a rate may stand.
const RATE: usize = 24;
/// What is done to a sample.
const ACTS: [&str; 12] =
    ["抽查", "抽检", "抽测", "抽样", "检查", "走访", "调查", "核查", "督查", "暗访", "巡查", "抽取"];

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let shares: Vec<(usize, usize)> = (1..mentions.len())
        .filter_map(|rate| Some((part_of(chars, mentions, rate)?, rate)))
        .filter(|(part, rate)| is_share_of(chars, &mentions[*part], &mentions[*rate]))
        .collect();
    for (part, rate) in &shares {
        of_all_drawn(found, mentions, &mentions[*part], &mentions[*rate]);
    }
    among_others(found, mentions, &shares);
    for i in 2..mentions.len() {
        rate_behind(found, mentions, i);
    }
}

/// The last number in digits in front of a rate: 24人同时领取两项补贴，占8.7%.
fn part_of(chars: &[char], mentions: &[Mention], rate: usize) -> Option<usize> {
    if !is_rate(chars, &mentions[rate]) {
        return None;
    }
    let from = rate.saturating_sub(MOST);
    mentions[from..rate].iter().rposition(|m| !m.number.han).map(|n| from + n)
}

/// 有24人……，占抽查总数的8.7%: a part and its share.
fn is_share_of(chars: &[char], part: &Mention, rate: &Mention) -> bool {
    let gap = (part.end.min(rate.number.start), rate.number.start);
    let said = word_before(chars, gap.0, gap.1, "占").is_some();
    let one = part.sentence == rate.sentence && counted(part) && is_rate(chars, rate);
    one && said && gap.1 - gap.0 <= 2 * STEP && !any(chars, gap.0, gap.1, "； 合计 共占 分别")
}

/// 占抽查总数的8.7%: the last number in front that is told as drawn.
fn of_all_drawn(found: &mut Found<'_>, mentions: &[Mention], part: &Mention, rate: &Mention) {
    let chars = found.chars;
    let Some(at) = word_before(chars, part.end, rate.number.start, "占") else { return };
    let of = (at, rate.number.start);
    let total = any(chars, of.0, of.1, "总数的 总数 总量的 总人数的 总户数的");
    let Some(act) = ACTS.iter().find(|act| find(chars, of.0, of.1, act).is_some_and(|n| n - of.0 <= 1))
    else {
        return;
    };
    if !total || of.1 - of.0 > 8 {
        return;
    }
    let front = before(mentions, part.start, DRAWN);
    let drawn = |m: &&Mention| {
        let from = m.number.start.saturating_sub(SAID).max(m.clause.0);
        let said = find(chars, from, m.number.start, act);
        let own = |at: usize| !chars[at..m.number.start].iter().any(|c| *c == '、' || c.is_ascii_digit());
        counted(m) && said.is_some_and(own) && !parted(chars, m.end, part.start)
    };
    let all: Vec<&Mention> = front.iter().filter(drawn).collect();
    let Some(whole) = all.last().filter(|m| m.amount(chars) > part.amount(chars)) else { return };
    let explained = front.iter().any(|m| {
        counted(m) && m.sentence == part.sentence && fits(chars, part, m, rate)
            || all.iter().any(|a| a.start == m.start) && fits(chars, part, m, rate)
    });
    if !explained && !fits(chars, part, whole, rate) {
        share::tell(found, whole, part, rate, Certainty::Certain);
    }
}

/// 发现问题84个，占26.6% …… 发现问题119个，占47.7%: two others at least are shares of one whole in front of all of them.
fn among_others(found: &mut Found<'_>, mentions: &[Mention], shares: &[(usize, usize)]) {
    let chars = found.chars;
    // 占抽查总数的: told of what it is.
    let bare = |(part, rate): &(usize, usize)| {
        mentions[*rate].number.start.saturating_sub(mentions[*part].end) <= STEP / 6
    };
    let shares: Vec<(usize, usize)> = shares.iter().copied().filter(bare).collect();
    for (n, &(at, rate)) in shares.iter().enumerate() {
        let (part, rate) = (&mentions[at], &mentions[rate]);
        let Some(name) = label(chars, mentions, at).last_chunk::<NAME>().filter(|n| all_han(*n)) else {
            continue;
        };
        let kin = |other: &(usize, usize)| {
            let m = &mentions[other.0];
            other.0 != at
                && m.start.abs_diff(part.start) <= WHOLE
                && same_unit(chars, m, part)
                && label(chars, mentions, other.0).ends_with(name)
        };
        let near = &shares[n.saturating_sub(MOST)..shares.len().min(n + MOST)];
        let others: Vec<(usize, usize)> = near.iter().copied().filter(kin).collect();
        let Some(first) = others.iter().map(|o| o.0).chain([at]).min().filter(|_| others.len() > 1) else {
            continue;
        };
        let of = |whole: &&Mention| {
            let fit = |o: &(usize, usize)| fits(chars, &mentions[o.0], whole, &mentions[o.1]);
            label_of(chars, mentions, whole).ends_with(name) && others.iter().all(fit)
        };
        let Some(whole) = in_front(chars, mentions, first, WHOLE).find(of) else { continue };
        let explained = in_front(chars, mentions, at, DRAWN).any(|m| fits(chars, part, m, rate));
        let less = whole.amount(chars) > part.amount(chars);
        if !explained && !fits(chars, part, whole, rate) && less {
            share::tell(found, whole, part, rate, Certainty::Certain);
        }
    }
}

fn label_of<'a>(chars: &'a [char], mentions: &[Mention], m: &Mention) -> &'a [char] {
    label(chars, mentions, mentions.partition_point(|n| n.start < m.start))
}

/// 申报项目126个，经评审入库84个。入库率达到76.7%: a sentence that begins with the rate of what the one in front counted last.
fn rate_behind(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let [whole, part, rate] = &mentions[i - 2..=i] else { return };
    let next = |a: &Mention, b: &Mention| a.sentence.1 + 1 == b.sentence.0 && chars[a.sentence.1] == '。';
    let beside = (whole.sentence == part.sentence || next(whole, part))
        && next(part, rate)
        && rate.start.saturating_sub(part.end) <= RATE
        && part.start.saturating_sub(whole.end) <= RATE;
    let one = counted(whole) && counted(part) && same_unit(chars, whole, part) && is_rate(chars, rate);
    let Some(at) = find(chars, rate.sentence.0, rate.number.start, "率").filter(|_| beside && one) else {
        return;
    };
    let from = at.checked_sub(2).filter(|from| (rate.sentence.0..=rate.sentence.0 + 2).contains(from));
    let Some(from) = from else { return };
    let word = words(chars, from, at);
    let said = |m: &Mention| find(chars, m.clause.0, m.clause.1, &word).is_some();
    let due = any(chars, whole.clause.0, whole.number.start, "应 计划 需 共");
    // 不合格率 is of the 不合格产品, 合格率 of the others.
    let not = from > 0 && chars[from - 1] == '不';
    let denied = not != any(chars, part.clause.0, part.end, "不 未");
    let wider = any(chars, rate.sentence.0, rate.number.start, WIDER_NAMES) || denied;
    let joined = chars[whole.end.min(part.start)..part.start].iter().any(|c| matches!(c, '；' | '、'));
    let less = whole.amount(chars) > part.amount(chars);
    if said(part) && (!said(whole) || due) && !wider && !joined && less && !fits(chars, part, whole, rate) {
        share::tell(found, whole, part, rate, Certainty::Certain);
    }
}
