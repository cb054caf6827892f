//! What is told as left over, against the whole and what was taken from it.

use super::reckon::{Range, in_front, of_them, parted, quantity, same_unit, word_before};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far in front the whole may stand, in code points.
const WHOLE: usize = 400;
/// How far in front a whole may stand that makes the numbers right.
const EXPLAINED: usize = 2_500;
/// How far two parts may stand from one another.
const STEP: usize = 48;
/// How far the parts may be from their whole and still be meant as its parts, as a share of it.
const NEAR: f64 = 0.3;
/// The same where the whole stands in a sentence in front.
const NEAR_APART: f64 = 0.2;
/// Numbers below it come out by chance among others.
const SMALL: f64 = 10.0;
/// Most counts in front of the rest that are tried as its fellow parts.
const TRIED: usize = 6;
/// Counts in front of a sentence with a whole of its own that may be the whole after all.
const NEIGHBOURS: usize = 5;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        // 剩余26人3.9万元: both are what is left.
        let with = &mentions[i - 1];
        let pair = with.end == mentions[i].start && quantity(&mentions[i]);
        let told = rest(found.chars, &mentions[i]).or_else(|| rest(found.chars, with).filter(|_| pair));
        if let Some(all) = told {
            remainder(found, mentions, i, all);
        }
        kept(found, mentions, i);
    }
}

/// Whether the number is told as what is left: all that is left (其余), or some that is still open (还有).
fn rest(chars: &[char], m: &Mention) -> Option<bool> {
    // 因用地未落实的8个、因资金未到位的6个、……: items of a list.
    if !quantity(m) || chars.get(m.end) == Some(&'、') && of_them(chars, m) {
        return None;
    }
    let from = m.number.start.saturating_sub(12).max(m.clause.0);
    // 已整改61个，正在整改17个
    if word_before(chars, m.clause.0, m.start.min(m.clause.0 + 4), "正在").is_some_and(|at| m.start - at <= 4)
    {
        return Some(false);
    }
    // 已完成整改17个，3个正在整改
    if m.start == m.clause.0 && stands(chars, m.end, "正在") {
        return Some(false);
    }
    if let Some(at) = word_before(chars, from, m.start, "其余 剩余 剩下 余下 尚余 还剩 仅剩") {
        // 其余领域占28.5%, 其余单位查摆问题20个: others, not the rest of what was counted.
        let between = &chars[at..m.start];
        let thing =
            between.iter().all(|c| matches!(c, '的' | '还' | '有' | '为' | '约' | '仅' | '共' | '均'));
        return (thing || between.len() <= 2).then_some(true);
    }
    if word_before(chars, from, m.start, "还有 仍有 尚有").is_some() {
        let stop = m.sentence.1.min(m.end + 24);
        let open =
            any(chars, m.end, stop, "没有 未 正在 尚 推进 有待 需要 长期 在建 收尾 办理 进行 实施 待 整改");
        return open.then_some(false);
    }
    // The last item of such a list.
    if chars[m.clause.0..m.start].contains(&'、') && of_them(chars, m) {
        return None;
    }
    // 已支出4.96亿元，……，尚未支出1.42亿元
    if word_before(chars, from, m.start, "尚未 仍未").is_some_and(|at| m.start - at == 2) {
        return Some(true);
    }
    // 未收回的458万元: what was not done of what was done.
    let not = word_before(chars, m.clause.0, m.start, "未")?;
    let of = of_them(chars, m) && m.start - not <= 8;
    of.then_some(true)
}

/// 总30.5公里，完工24.2公里，剩下8.3公里.
fn remainder(found: &mut Found<'_>, mentions: &[Mention], i: usize, all: bool) {
    let chars = found.chars;
    let left = &mentions[i];
    let before: Vec<&Mention> = in_front(chars, mentions, i, EXPLAINED).take(40).collect();
    let sentence: Vec<&Mention> =
        before.iter().copied().take_while(|m| m.sentence == left.sentence).collect();
    let Some(last) = sentence.first().filter(|m| left.start - m.end <= STEP) else { return };
    // 除云溪县外，其余16个县市: those left out are named, not counted.
    let but = find(chars, left.sentence.0, left.start, "除")
        .is_some_and(|at| find(chars, at, left.start, "外").is_some());
    // 应换届的27个仅完成14个；仍有18个小区未建: of something else.
    let of_others = !all && chars[last.end..left.start].contains(&'；');
    if of_others || in_pairs(chars, left, &sentence) {
        return;
    }
    if but
        || explained(chars, near_by(&before, &sentence, left.number.value < SMALL), left)
        || unclear(chars, mentions, i)
    {
        return;
    }
    // The whole stands in the sentence, mostly first, or in a sentence in front.
    let within = sentence.iter().copied().max_by(|a, b| a.amount(chars).total_cmp(&b.amount(chars)));
    let within = within.filter(|w| sentence.len() > 1 && w.amount(chars) > left.amount(chars));
    let apart = apart(chars, &before[sentence.len()..], &sentence, left);
    let others: Vec<&Mention> =
        sentence.iter().copied().filter(|m| within.is_none_or(|w| m.start != w.start)).collect();
    let mut tries: Vec<(f64, Vec<&Mention>)> = Vec::new();
    for (whole, parts, near) in [(within, &others, NEAR), (apart, &sentence, NEAR_APART)] {
        let Some(whole) = whole else { continue };
        for count in 1..=parts.len().min(TRIED) {
            let chosen = &parts[..count];
            let total: f64 = chosen.iter().map(|m| m.amount(chars)).sum::<f64>() + left.amount(chars);
            let off = (total - whole.amount(chars)).abs() / whole.amount(chars);
            let linked = chosen.windows(2).all(|w| w[0].start.saturating_sub(w[1].end) <= STEP);
            if off <= near && linked && chosen.iter().all(|p| p.amount(chars) < whole.amount(chars)) {
                let figures = [whole].into_iter().chain(chosen.iter().rev().copied());
                tries.push((off, figures.chain([left]).collect()));
            }
        }
    }
    // One way to read them makes them right.
    if tries.iter().any(|(off, _)| *off < 1e-9) {
        return;
    }
    let Some((_, figures)) = tries.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)) else { return };
    if figures.iter().any(|m| m.start == last.start) {
        let total: f64 = figures[1..].iter().map(|m| m.amount(chars)).sum();
        let over = total > figures[0].amount(chars);
        // 还有 may leave others for the next number: 还有7个在建、12个正在审批.
        let told = mentions.get(i + 1).is_some_and(|next| {
            next.start - left.end <= STEP
                && next.sentence == left.sentence
                && same_unit(chars, next, left)
                && !any(chars, left.end, next.start, "其中")
        });
        if !all && !over && told {
            return;
        }
        let already = figures.len() == 3 && any(chars, last.clause.0, last.start, "已");
        let sure = if all || over || already { Certainty::Certain } else { Certainty::Query };
        let reason = format!("各部分加上剩下的为{}，总数为{}", plain(total), plain(figures[0].amount(chars)));
        found.between(&figures, ConflictKind::Sum, sure, reason);
    }
}

/// The whole in a sentence in front of the parts: the only one of its unit there, or the one that opens that sentence.
fn apart<'a>(
    chars: &[char],
    before: &[&'a Mention],
    parts: &[&Mention],
    left: &Mention,
) -> Option<&'a Mention> {
    let nearest = before.first()?;
    let sentence = before.iter().take_while(|m| m.sentence == nearest.sentence);
    let whole = sentence.max_by(|a, b| a.amount(chars).total_cmp(&b.amount(chars)))?;
    let most = parts.iter().map(|p| p.amount(chars)).fold(left.amount(chars), f64::max);
    let near = left.start - whole.end <= WHOLE && !parted(chars, whole.end, left.start);
    (near && whole.amount(chars) > most).then_some(whole)
}

/// The counts that may explain the rest: those of the sentence where it has its own whole, else all in front.
fn near_by<'a, 'b>(before: &'b [&'a Mention], sentence: &[&'a Mention], small: bool) -> &'b [&'a Mention] {
    // A small number comes out by chance among many.
    let others = if small { 0 } else { NEIGHBOURS };
    if sentence.len() > 1 { &before[..before.len().min(sentence.len() + others)] } else { before }
}

/// Whether the sentence tells sets of which this is not the rest: 省级16条中剩余1条，市级34条中剩余2条; 累计脱贫822户，未脱贫的425户; 共化解29件，
/// 剩余5件.
fn in_pairs(chars: &[char], left: &Mention, sentence: &[&Mention]) -> bool {
    // 未开工的5个中，2个正在办手续
    let among = |m: &&&Mention| chars.get(m.end) == Some(&'中');
    let own_set = sentence.iter().filter(among).any(|m| m.clause == left.clause)
        || sentence.first().filter(among).is_some_and(|m| m.amount(chars) >= left.amount(chars));
    let largest = sentence.iter().map(|m| m.amount(chars)).fold(0.0, f64::max);
    let act = word_before(chars, left.clause.0, left.start, "未").and_then(|at| chars.get(at..at + 2));
    let of = sentence.len() > 1 && chars[left.clause.0..left.start].contains(&'的');
    let done_so = act.filter(|_| of).is_some_and(|act| {
        sentence.iter().any(|m| {
            let front = &chars[m.clause.0..m.start];
            let same = any(front, 0, front.len(), "累计 已") && front.windows(2).any(|w| w == act);
            same && (m.amount(chars) - largest).abs() < 1e-9
        })
    });
    let finished = |m: &&Mention| {
        let from = m.number.start.saturating_sub(4).max(m.clause.0);
        any(chars, from, m.start, "化解 办结 解决 销号 整改")
    };
    let all = |m: &&&Mention| {
        any(chars, m.clause.0, m.start, "共 合计") && (m.amount(chars) - largest).abs() < 1e-9
    };
    let all_done =
        sentence.len() == 2 && sentence.iter().all(finished) || sentence.iter().filter(all).any(finished);
    own_set || done_so || all_done || largest < left.amount(chars)
}

/// Whether some count in front is what counts behind it and the rest make together.
fn explained(chars: &[char], before: &[&Mention], left: &Mention) -> bool {
    (1..before.len()).any(|w| {
        let whole = Range::of(chars, before[w]);
        // Parts of the sentence of the rest; those in front of it belong to others.
        let own = before.iter().take_while(|m| m.sentence == left.sentence).count().max(1);
        let parts = &before[..w.min(TRIED).min(own)];
        // 审结298件，其中12月份审结41件: what was told last may be a part of the one in front.
        let inner = parts.first().is_some_and(|m| any(chars, m.clause.0, m.start, "其中"));
        // What was told last is always one of them: 183个 in 已整改183个，剩余21个.
        (1..1_usize << parts.len()).filter(|set| inner || set & 1 == 1).any(|set| {
            let chosen = parts.iter().enumerate().filter(|(n, _)| set >> n & 1 == 1);
            let sum = chosen.fold(Range::of(chars, left), |sum, (_, m)| sum.plus(Range::of(chars, m)));
            sum.meets(whole)
        })
    })
}

/// Whether a number that is not exact stands among the parts.
fn unclear(chars: &[char], mentions: &[Mention], i: usize) -> bool {
    let left = &mentions[i];
    mentions[..i]
        .iter()
        .rev()
        .take_while(|m| m.sentence == left.sentence)
        .any(|m| !m.exact() && same_unit(chars, m, left))
}

/// 收集327条，剔除重复的109条，保留218条.
fn kept(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    const TAKEN: &str = "剔除 去除 扣除 核减 审减 剔减 除去";
    const KEPT: &str = "保留 剩余 剩 归纳 审定 核定 实际 最终";
    let chars = found.chars;
    let Some([all, out, kept]) = i.checked_sub(2).map(|from| &mentions[from..=i]) else { return };
    if out.sentence != kept.sentence || !any(chars, out.clause.0, out.start, TAKEN) {
        return;
    }
    let said = any(chars, out.end, kept.start, KEPT);
    let same = same_unit(chars, all, kept) && same_unit(chars, out, kept);
    let near = all.sentence == out.sentence && kept.start - all.end <= 80;
    if !(said && same && near && [all, out, kept].iter().all(|m| quantity(m))) {
        return;
    }
    let computed = Range::of(chars, all).minus(Range::of(chars, out));
    if !computed.meets(Range::told(chars, kept)) && kept.amount(chars) < all.amount(chars) * 1.3 {
        found.left((all, out, kept), ConflictKind::Sum);
    }
}

/// 领导班子问题已全部整改完成，剩余5个正在推进.
pub(super) fn all_done_but(found: &mut Found<'_>, mentions: &[Mention]) {
    const DONE: &str = "整改完成 完成整改 整改到位 整改完毕 整改销号 办结 销号 清零 完工 竣工 化解 解决";
    let chars = found.chars;
    for left in mentions.iter().filter(|m| quantity(m)) {
        let from = left.number.start.saturating_sub(8).max(left.clause.0);
        let some = word_before(chars, from, left.start, "剩余 其余 尚有 仍有 还有 剩下").is_some();
        if !some
            || !any(chars, left.end, left.sentence.1.min(left.end + 30), "正在 推进 未 持续 尚 力争 预计")
        {
            continue;
        }
        let start = left.clause.0.saturating_sub(60).max(left.sentence.0);
        let all =
            ["全部", "均已", "都已", "100%"].iter().find_map(|word| find(chars, start, left.clause.0, word));
        let Some(all) = all else { continue };
        let stop = chars[all..].iter().position(|c| matches!(c, '，' | '；' | '。')).map_or(all, |n| all + n);
        let begin = chars[..all].iter().rposition(|c| matches!(c, '，' | '；' | '。')).map_or(0, |n| n + 1);
        let among = mentions.iter().any(|m| m.start > stop && m.start < left.start);
        let counted =
            mentions.iter().any(|m| m.start >= begin && m.start < stop && m.plain_unit(chars) != "%");
        let rate = any(chars, begin, stop, "率100%");
        if (rate || any(chars, begin, stop, DONE)) && !among && !counted && stop <= left.clause.0 {
            let reason = format!("称全部完成，又说还有{}", plain(left.amount(chars)));
            found.tell(
                &[(begin, stop), (left.start, left.end)],
                ConflictKind::AllDoneVsUnfinished,
                Certainty::Certain,
                reason,
            );
        }
    }
}
