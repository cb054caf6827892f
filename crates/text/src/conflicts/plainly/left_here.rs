//! 党组织3个，……已转化提升2个，还有2个正在巩固: what is done and what is left of a small number, in one sentence; 发现问题238个，已整改211个 …… 238个问题已全部整改:
//! all of just so many done, of which some were not.

use super::super::claims::clauses;
use super::super::days::as_of;
use super::super::reckon::{all_han, in_front, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, find};

/// How far behind its whole what is left may stand, in code points.
const WHOLE: usize = 70;
/// How far behind what is done what is left may stand.
const STEP: usize = 16;
/// How far apart a number may be told as all done and as partly done.
const FAR: usize = 4_000;
/// A number below it is told of many things.
const SMALL: f64 = 20.0;
/// What is done to the last.
const ACTS: [&str; 14] = [
    "整改", "整治", "完成", "办结", "化解", "销号", "解决", "拆除", "追回", "治理", "清退", "兑付", "验收",
    "改造",
];
const WISHED: &str = "确保 力争 要 将 计划 争取 拟 预计 应 须 年底 月底 日前 月前";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 2..mentions.len() {
        left_in_sentence(found, mentions, i);
    }
    let chars = found.chars;
    let mut partly: Vec<(&Mention, &Mention, &str)> = Vec::new();
    for i in 1..mentions.len() {
        partly.extend(partly_done(chars, mentions, i));
    }
    if partly.is_empty() {
        return;
    }
    for clause in clauses(chars) {
        all_done(found, mentions, clause, &partly);
    }
}

/// 已转化2个，还有2个正在巩固.
fn left_in_sentence(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (done, left) = (&mentions[i - 1], &mentions[i]);
    let one =
        done.sentence == left.sentence && counted(done) && counted(left) && same_unit(chars, done, left);
    let gap = (done.end.min(left.number.start), left.number.start);
    let said = ["还有", "其余", "剩余", "尚有", "仍有", "余下", "剩下"]
        .iter()
        .any(|word| find(chars, gap.0, gap.1, word).is_some_and(|at| gap.1 - at <= 3));
    // 已审结47件，未审结9件: one act, done and not.
    let act = find(chars, gap.0, gap.1, "未").filter(|at| gap.1 - at == 3).map(|at| &chars[at + 1..gap.1]);
    let not = act.is_some_and(|act| chars[done.clause.0..done.number.start].ends_with(act));
    let said = said || not;
    let open = not || any(chars, left.end, left.clause.1.max(left.end), "正在 尚未 未 仍 正 还在");
    let finished = any(chars, done.clause.0, done.number.start, "已");
    // 还有5个正在推进、8个需要坚持: more of them are left.
    let more = mentions.get(i + 1).is_some_and(|m| m.sentence == left.sentence && same_unit(chars, m, left));
    if more || !one || !said || !open || !finished || gap.1 - gap.0 > STEP {
        return;
    }
    // The one count of the sentence in front: of several any may be meant.
    let before: Vec<&Mention> =
        in_front(chars, mentions, i - 1, WHOLE).take_while(|m| m.sentence == left.sentence).collect();
    let [whole] = before[..] else { return };
    let (all, some, rest) = (whole.amount(chars), done.amount(chars), left.amount(chars));
    // 周转金规模为2000万元，已追偿120万元: a sum of money may be the whole of much else.
    let money = whole.kind == FigureKind::Money;
    let wider = money || any(chars, whole.end, left.sentence.1, "另 新增 新排查 其中 ；");
    let part = any(chars, whole.clause.0, whole.number.start, "已 其中 新增 去年 上年");
    if all > some && (some + rest - all).abs() > 1e-9 && rest < all && !wider && !part {
        let reason =
            format!("{}减{}应为{}，文中为{}", plain(all), plain(some), plain(all - some), plain(rest));
        found.between(&[whole, done, left], ConflictKind::Sum, Certainty::Certain, reason);
    }
}

/// 发现问题238个，已整改211个: a whole, the part that is done, and the act.
fn partly_done<'a>(
    chars: &[char],
    mentions: &'a [Mention],
    i: usize,
) -> Option<(&'a Mention, &'a Mention, &'static str)> {
    let (whole, done) = (&mentions[i - 1], &mentions[i]);
    let one =
        whole.sentence == done.sentence && counted(whole) && counted(done) && same_unit(chars, whole, done);
    let near = done.start.saturating_sub(whole.end) <= STEP && whole.amount(chars) > done.amount(chars);
    let gap = (whole.end.min(done.number.start), done.number.start);
    let begin = ["已", "只", "仅"].iter().filter_map(|word| find(chars, gap.0, gap.1, word)).min()?;
    let act = ACTS
        .iter()
        .find(|act| find(chars, begin, done.number.start, act).is_some_and(|at| at - begin <= 3))?;
    // 42个问题中已整改39个
    let of_those = named(chars, whole).is_some() && begin > 0 && chars[begin - 1] == '中';
    let part = any(chars, gap.0, gap.1, "其中 ；") || any(chars, gap.0, gap.1, "中") && !of_those;
    (one && near && !part).then_some((whole, done, *act))
}

/// 问题 of 238个问题, 具体问题.
fn named<'a>(chars: &'a [char], m: &Mention) -> Option<&'a [char]> {
    let noun = chars.get(m.end..m.end + 2)?;
    (all_han(noun) && !"已均全都只仅实中".contains(noun[0])).then_some(noun)
}

/// 238个问题已全部整改到位.
fn all_done(
    found: &mut Found<'_>,
    mentions: &[Mention],
    clause: (usize, usize),
    partly: &[(&Mention, &Mention, &'static str)],
) {
    let chars = found.chars;
    let from = mentions.partition_point(|m| m.start < clause.0);
    let here: Vec<&Mention> = mentions[from..].iter().take_while(|m| m.end <= clause.1).collect();
    let [all] = here[..] else { return };
    let said = ["已全部", "均已", "都已", "全部"]
        .iter()
        .filter_map(|word| find(chars, all.end, clause.1, word))
        .min();
    let Some(at) = said.filter(|_| counted(all) && !any(chars, clause.0, clause.1, WISHED)) else { return };
    let same = |(whole, done, act): &&(&Mention, &Mention, &str)| {
        let apart = whole.sentence != all.sentence && whole.start.abs_diff(all.start) <= FAR;
        let equal = same_unit(chars, whole, all) && (whole.amount(chars) - all.amount(chars)).abs() < 1e-9;
        // 完成 may be said of anything, but not where 全部整改 is said of the same.
        let name = named(chars, whole).is_some() && named(chars, whole) == named(chars, all);
        let finished =
            *act == "完成" && name && any(chars, at, clause.1.min(at + 6), "整改 整治 办结 化解 销号");
        let acted = find(chars, at, clause.1.min(at + 8), act).is_some() || finished;
        // A small number is told of many things.
        let large = whole.amount(chars) >= SMALL && !any(chars, whole.end, done.start, "中 只 仅");
        apart && equal && acted && (large || name) && !later(chars, done, all)
    };
    if let Some((_, done, _)) = partly.iter().find(same) {
        let mut spans = [(all.start, clause.1), (done.start, done.end)];
        spans.sort_unstable();
        let reason =
            format!("一处称{}全部完成，另一处只完成{}", plain(all.amount(chars)), plain(done.amount(chars)));
        found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
    }
}

/// Whether all may have been done later than only some: as of another day, or now.
pub(super) fn later(chars: &[char], done: &Mention, all: &Mention) -> bool {
    const NOW: &str = "目前 现 至此 最终 随后 后来 如今 截至 截止 又";
    let day = |m: &Mention| as_of(chars, m.sentence.0, m.start).map(|day| day.1);
    match (day(done), day(all)) {
        (Some(_), None) => any(chars, all.sentence.0, all.clause.1, NOW),
        (a, b) => a != b,
    }
}
