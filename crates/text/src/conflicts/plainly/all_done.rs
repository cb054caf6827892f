//! All of a set told as done, where elsewhere its own numbers leave some open: 58个问题中，已完成51个，正在推进3个 …… 检视问题已全部整改到位;
//! 尚未化解的16件中，省交办5件 …… 省交办的37件已全部化解.

use super::super::claims::{clauses, places};
use super::super::days::as_of;
use super::super::facts::label;
use super::super::reckon::{all_han, holds, in_front, same_unit, word_before};
use super::super::unfinished::{is_left, words_of};
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far apart both may be told, in code points.
const FAR: usize = 4_000;
/// How far in front of what is open its whole may stand.
const WHOLE: usize = 500;
/// The longest name of what is all done.
const NAME: usize = 24;
/// How much in front of a sentence may be its heading.
const HEADING: usize = 24;
/// Most statements and most open ones that are held against one another.
const MOST: usize = 60;
const ALL: [&str; 10] =
    ["已全部", "均已", "都已", "全部", "已悉数", "全都", "率达100%", "率达到100%", "率100%", "率均为100%"];
/// What is done to the last.
const ACTS: &str = "整改 销号 办结 化解 解决 完成 追回 清退 退还 治理 整治 清零 签订 拆除 到位 兑现 处置 修复 恢复 开通 建成 验收 竣工 挂牌 发放";
const OPEN: &str = "正在 尚未 仍未 还未 没有 未 仍在 还在 尚在 至今 有待 正按";
const WISHED: &str = "确保 力争 要 将 计划 争取 拟 预计 应 须 督促 推动 未 其余 剩余 立行立改 明确 制定 除 专人 值守 责任人 措施 方案";
/// What was done before.
const FORMER: &str = "去年 上年 第一轮 首轮 上一轮 前期";
/// What is settled otherwise.
const SETTLED: &str = "转入 移送 移交 核销 不属于 合并 终止 不予 转为 撤销 长期坚持";

/// 检视问题已全部整改到位.
struct Claim<'a> {
    clause: (usize, usize),
    sentence: (usize, usize),
    /// What stands in front of 全部.
    name: (usize, usize),
    /// So many of them, if the clause counts them.
    count: Option<&'a Mention>,
}

/// So many that are open.
struct Open<'a> {
    told: &'a Mention,
    /// Of how many, if the text leaves just so many of them.
    whole: Option<&'a Mention>,
    /// The name of the open ones alone, if they are some kind of the open ones.
    kind: Option<&'a [char]>,
}

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let claims: Vec<Claim<'_>> =
        clauses(chars).into_iter().filter_map(|c| claim(chars, mentions, c)).take(MOST).collect();
    if claims.is_empty() {
        return;
    }
    let open: Vec<Open<'_>> =
        (1..mentions.len()).filter_map(|i| open_at(chars, mentions, i)).take(MOST).collect();
    for claim in &claims {
        let apart = |open: &&Open<'_>| {
            let at = open.told.start;
            at.abs_diff(claim.clause.0) <= FAR && (at < claim.sentence.0 || at >= claim.sentence.1)
        };
        if let Some(open) = open.iter().filter(apart).find(|open| says_the_same(chars, claim, open)) {
            let mut spans = [(claim.name.0, claim.clause.1), (open.told.start, open.told.end)];
            spans.sort_unstable();
            let reason = "一处称全部完成，按另一处的数还有没有完成的".to_string();
            found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
        }
    }
}

fn claim<'a>(chars: &[char], mentions: &'a [Mention], clause: (usize, usize)) -> Option<Claim<'a>> {
    let all =
        ALL.iter().filter_map(|word| find(chars, clause.0, clause.1, word).map(|at| (at, word))).min()?;
    let (at, word) = all;
    let rated = word.starts_with('率');
    let acts = if rated { (at.saturating_sub(4).max(clause.0), at) } else { (at, clause.1.min(at + 10)) };
    let done = any(chars, acts.0, acts.1, ACTS);
    let name =
        (clause.0.max(at.saturating_sub(NAME)), if rated { at.saturating_sub(2).max(clause.0) } else { at });
    if !done || name.1 < name.0 + 4 || any(chars, clause.0, clause.1, WISHED) {
        return None;
    }
    let from = mentions.partition_point(|m| m.start < clause.0);
    let here: Vec<&Mention> = mentions[from..].iter().take_while(|m| m.start < at).collect();
    let count = match here[..] {
        [] => None,
        [one] if counted(one) => Some(one),
        _ => return None,
    };
    let ends = |c: &char| matches!(c, '。' | '\n' | '！');
    let start = chars[..clause.0].iter().rposition(ends).map_or(0, |n| n + 1);
    let end = chars[clause.0..].iter().position(ends).map_or(chars.len(), |n| clause.0 + n);
    (!in_plans(chars, clause.0)).then_some(Claim { clause, sentence: (start, end), name, count })
}

/// Whether the place stands behind a heading of what is to be done.
fn in_plans(chars: &[char], at: usize) -> bool {
    const LINES: usize = 12;
    /// How far back it is looked for, in code points.
    const BACK: usize = 1_500;
    let from = at.saturating_sub(BACK);
    let mut lines = chars[from..at].rsplit(|c| *c == '\n').take(LINES);
    let heading = lines.find(|line| line.len() <= HEADING && line.contains(&'、') && !line.contains(&'。'));
    heading
        .is_some_and(|line| any(line, 0, line.len(), "下一步 下步 下一阶段 打算 工作安排 工作计划 今后 目标"))
}

fn open_at<'a>(chars: &'a [char], mentions: &'a [Mention], i: usize) -> Option<Open<'a>> {
    let told = &mentions[i];
    let settled = any(chars, told.end, told.sentence.1.min(told.end + 24), SETTLED);
    if !counted(told) || settled || any(chars, told.clause.0, told.start, "去年 上年 此前 原有") {
        return None;
    }
    let kind_of = kind(chars, mentions, i);
    let own = told.end.max(told.clause.1.min(told.end + 18));
    let left =
        is_left(chars, told) && any(chars, told.end, own, "正在 未 仍 尚 待 按 推进 因 已落实 办理 进入");
    if kind_of.is_none() && !left && !in_progress(chars, mentions, i) {
        return None;
    }
    let before: Vec<&Mention> = in_front(chars, mentions, i, WHOLE).collect();
    let here: f64 = before.iter().filter(|m| m.sentence == told.sentence).map(|m| m.amount(chars)).sum();
    let whole = before.iter().find(|m| {
        let value = m.amount(chars);
        let one = before
            .iter()
            .any(|d| d.start > m.start && (d.amount(chars) + told.amount(chars) - value).abs() < 1e-9);
        let all = m.sentence != told.sentence && (here + told.amount(chars) - value).abs() < 1e-9;
        value > told.amount(chars) && (one || all)
    });
    Some(Open { told, whole: whole.copied(), kind: kind_of })
}

/// 正在推进3个, 3个正在选址: beside those of its sentence that are done.
fn in_progress(chars: &[char], mentions: &[Mention], i: usize) -> bool {
    let told = &mentions[i];
    let front = told.number.start.saturating_sub(6).max(told.clause.0);
    let said = any(chars, front, told.number.start, "正在")
        || any(chars, told.end, told.clause.1.min(told.end + 14), "正在 尚未 仍未 没有");
    let done = |m: &&Mention| {
        m.sentence == told.sentence
            && same_unit(chars, m, told)
            && any(chars, m.clause.0.max(m.start.saturating_sub(10)), m.start, "已 完成")
    };
    said && mentions[..i].iter().rev().take(8).any(|m| done(&m))
}

/// 省交办 of 尚未化解的16件中，中央交办3件、省交办5件; 输配电线路沿线 of 尚有56处正在整改，其中输配电线路沿线11处至今没有动工.
fn kind<'a>(chars: &'a [char], mentions: &'a [Mention], i: usize) -> Option<&'a [char]> {
    let told = &mentions[i];
    let name = label(chars, mentions, i);
    let of = mentions[..i].iter().rev().take(6).find(|m| {
        m.sentence == told.sentence
            && same_unit(chars, m, told)
            && m.amount(chars) > told.amount(chars)
            && (any(chars, m.clause.0, m.start, "尚未 未 尚有 仍有 还有 剩余 其余")
                || any(chars, m.end, m.clause.1, "正在 尚未 未"))
            && any(chars, m.end.min(told.start), told.start, "中， 其中")
    })?;
    let open = any(chars, of.clause.0, of.clause.1, OPEN)
        || any(chars, told.end, told.sentence.1.min(told.end + 30), OPEN);
    (open && name.len() >= 3 && all_han(name)).then_some(name)
}

fn says_the_same(chars: &[char], claim: &Claim<'_>, open: &Open<'_>) -> bool {
    let name = &chars[claim.name.0..claim.name.1];
    let (a, b) =
        (as_of(chars, claim.sentence.0, claim.clause.1), as_of(chars, open.told.sentence.0, open.told.start));
    if a.zip(b).is_some_and(|(a, b)| a.1 != b.1)
        || other_place(chars, claim, open)
        || other_source(chars, claim, open)
        || any(chars, claim.sentence.0, claim.clause.1, FORMER)
    {
        return false;
    }
    if let Some(kind) = open.kind {
        return holds(name, kind) && claim.count.is_none_or(|n| n.amount(chars) >= open.told.amount(chars));
    }
    if claim.count.is_none() && open.whole.is_some_and(|whole| listed(chars, claim, open, whole)) {
        return true;
    }
    // 22个村中已有19个，3个正在选址 …… 22个村全部开通: just as many, and something of what is said of them.
    let Some((count, whole)) = claim.count.zip(open.whole) else { return false };
    let same = same_unit(chars, count, whole)
        && count.number.value > 3.0
        && (count.amount(chars) - whole.amount(chars)).abs() < 1e-9;
    let theme = (whole.sentence.0, open.told.sentence.1);
    let words = words_of(&chars[claim.name.0..claim.clause.1]);
    same && object_agrees(chars, claim, theme)
        && words.iter().any(|word| holds(&chars[theme.0..theme.1], word))
}

/// 列入清单的问题38个……正在整改5个 …… 清单所列问题已全部销号: whether the name is of what is on the list that was counted.
fn listed(chars: &[char], claim: &Claim<'_>, open: &Open<'_>, whole: &Mention) -> bool {
    const LISTS: &str = "清单 台账 上述 梳理 列入 查摆 检视";
    let theme = &chars[whole.clause.0..open.told.end];
    let name = &chars[claim.name.0..claim.name.1];
    let words: Vec<&[char]> =
        name.split(|c| matches!(c, '所' | '列' | '入' | '的')).flat_map(words_of).collect();
    any(chars, claim.name.0, claim.name.1, LISTS)
        && words.len() > 1
        && words.iter().all(|word| holds(theme, word))
}

/// 全部建成村级卫生室: whether what all have done is what others have not.
fn object_agrees(chars: &[char], claim: &Claim<'_>, theme: (usize, usize)) -> bool {
    let all = ["全部", "均已", "都已", "悉数", "全都", "100%"];
    let end = all.iter().filter_map(|word| word_before(chars, claim.name.1, claim.clause.1, word)).max();
    let behind = &chars[end.unwrap_or(claim.clause.1)..claim.clause.1];
    let words = words_of(behind);
    let act = |word: &[char]| {
        let word: String = word.iter().collect();
        ACTS.split(' ').chain(["到位", "完毕", "全面", "签收", "虽已"]).any(|act| act == word)
    };
    let own: Vec<_> = words.iter().filter(|word| !act(word)).collect();
    own.is_empty() || own.iter().any(|word| holds(&chars[theme.0..theme.1], word))
}

/// 审计反馈的58个问题 and those of a 巡察: whether both name who found it, and not the same.
fn other_source(chars: &[char], claim: &Claim<'_>, open: &Open<'_>) -> bool {
    const SOURCES: &str = "审计 巡察 巡视 督察 督查 信访";
    let named = |from: usize, to: usize| -> Vec<&str> {
        SOURCES.split(' ').filter(|word| find(chars, from, to, word).is_some()).collect()
    };
    let of = open.whole.unwrap_or(open.told);
    let (a, b) = (named(claim.sentence.0, claim.clause.1), named(of.sentence.0, open.told.start));
    !a.is_empty() && !b.is_empty() && !a.iter().any(|word| b.contains(word))
}

/// Whether both name places, and not the same.
fn other_place(chars: &[char], claim: &Claim<'_>, open: &Open<'_>) -> bool {
    let own = places(&chars[claim.sentence.0..claim.clause.1]);
    let other = places(&chars[open.told.sentence.0..open.told.start]);
    !own.is_empty() && !other.is_empty() && !own.iter().any(|place| other.contains(place))
}
