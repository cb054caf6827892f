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
const SAID: usize = 6;
/// How much of a name tells that two numbers are of one thing.
const NAME: usize = 2;
/// How far in front of its sentence the part of a rate may stand.
const RATE: usize = 24;
/// What is done to a sample.
const ACTS: [&str; 12] =
    ["抽查", "抽检", "抽测", "抽样", "检查", "走访", "调查", "核查", "督查", "暗访", "巡查", "抽取"];

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let shares: Vec<usize> = (1..mentions.len()).filter(|i| is_share_of(chars, mentions, *i)).collect();
    for &i in &shares {
        of_all_drawn(found, mentions, i);
    }
    among_others(found, mentions, &shares);
    for i in 2..mentions.len() {
        rate_behind(found, mentions, i);
    }
}

/// 有24人……，占抽查总数的8.7%: a part and its share.
fn is_share_of(chars: &[char], mentions: &[Mention], i: usize) -> bool {
    let (part, rate) = (&mentions[i - 1], &mentions[i]);
    let gap = (part.end.min(rate.number.start), rate.number.start);
    let said = word_before(chars, gap.0, gap.1, "占").is_some();
    let one = part.sentence == rate.sentence && counted(part) && is_rate(chars, rate);
    one && said && gap.1 - gap.0 <= 2 * STEP && !any(chars, gap.0, gap.1, "； 合计 共占 分别")
}

/// 占抽查总数的8.7%: the last number in front that is told as drawn.
fn of_all_drawn(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (part, rate) = (&mentions[i - 1], &mentions[i]);
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
        counted(m) && find(chars, from, m.number.start, act).is_some() && !parted(chars, m.end, part.start)
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
fn among_others(found: &mut Found<'_>, mentions: &[Mention], shares: &[usize]) {
    let chars = found.chars;
    // 占抽查总数的: told of what it is.
    let bare = |i: &usize| {
        let (part, rate) = (&mentions[i - 1], &mentions[*i]);
        rate.number.start.saturating_sub(part.end) <= STEP / 6
    };
    let shares: Vec<usize> = shares.iter().copied().filter(bare).collect();
    for &i in &shares {
        let (part, rate) = (&mentions[i - 1], &mentions[i]);
        let Some(name) = label(chars, mentions, i - 1).last_chunk::<NAME>().filter(|n| all_han(*n)) else {
            continue;
        };
        let kin = |other: &usize| {
            let m = &mentions[other - 1];
            *other != i
                && m.start.abs_diff(part.start) <= WHOLE
                && same_unit(chars, m, part)
                && label(chars, mentions, other - 1).ends_with(name)
        };
        let others: Vec<usize> = shares.iter().copied().filter(kin).collect();
        let Some(first) = others.iter().copied().chain([i]).min().filter(|_| others.len() > 1) else {
            continue;
        };
        let of = |whole: &&Mention| {
            let fit = |at: &usize| fits(chars, &mentions[at - 1], whole, &mentions[*at]);
            label_of(chars, mentions, whole).ends_with(name) && others.iter().all(fit)
        };
        let Some(whole) = in_front(chars, mentions, first - 1, WHOLE).find(of) else { continue };
        let explained = in_front(chars, mentions, i - 1, DRAWN).any(|m| fits(chars, part, m, rate));
        if !explained && !fits(chars, part, whole, rate) && whole.amount(chars) > part.amount(chars) {
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
    let beside = whole.sentence == part.sentence
        && part.sentence.1 + 1 == rate.sentence.0
        && chars[part.sentence.1] == '。'
        && rate.start.saturating_sub(part.end) <= RATE;
    let one = counted(whole) && counted(part) && same_unit(chars, whole, part) && is_rate(chars, rate);
    let Some(at) = find(chars, rate.sentence.0, rate.number.start, "率").filter(|_| beside && one) else {
        return;
    };
    let Some(from) = at.checked_sub(2).filter(|from| (rate.sentence.0..=rate.sentence.0 + 2).contains(from))
    else {
        return;
    };
    let word = words(chars, from, at);
    let named = find(chars, part.clause.0, part.clause.1, &word).is_some()
        && find(chars, whole.clause.0, whole.end, &word).is_none();
    let wider = any(chars, rate.sentence.0, rate.number.start, WIDER_NAMES);
    let joined = chars[whole.end.min(part.start)..part.start].iter().any(|c| matches!(c, '；' | '、'));
    if named
        && !wider
        && !joined
        && whole.amount(chars) > part.amount(chars)
        && !fits(chars, part, whole, rate)
    {
        share::tell(found, whole, part, rate, Certainty::Certain);
    }
}
