//! What is still open by the numbers of the text, where all of it is told as done in words of the same thing: 查出问题68个，已整改61个
//! …… 审计查出的问题已全部整改销号; 尚未化解的16件中，省交办5件 …… 省交办的37件已全部化解.

use super::claims::clauses;
use super::days::as_of;
use super::facts::{behind, label};
use super::reckon::{all_han, holds, in_front, quantity};
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far apart both may be told, in code points.
const FAR: usize = 4_000;
/// How far in front of what was done its whole may stand.
const WHOLE: usize = 60;
/// How far in front of the sentence its heading may stand.
const HEADING: usize = 24;
/// Most statements that are held against one number.
const TRIED: usize = 60;
/// The longest clause that is read as a statement, in code points.
const CLAUSE_MAX: usize = 120;
/// The longest name of what is all done.
const NAME: usize = 18;
const ALL: [&str; 7] = ["已全部", "均已", "都已", "全部", "已悉数", "全都", "已全"];
/// What is done to the last.
const ACTS: [&str; 21] = [
    "恢复", "抢通", "整改", "销号", "办结", "化解", "解决", "完成", "追回", "收回", "清退", "退还", "治理",
    "整治", "落实", "清零", "签订", "拆除", "到位", "兑现", "处置",
];
/// Words that say nothing of what it is.
const EMPTY: &str = "查出 发现 排查 反映 反馈 指出 所有 各类 全部 目前 截至 存在 涉及 方面 这些 上述 全县 全市 全区 全镇 我县 我市";
/// Words by which something is only wished, or is of others.
const WISHED: &str =
    "确保 力争 要 将 计划 争取 拟 预计 应 须 督促 推动 未 其余 剩余 立行立改 已明确 已制定 已落实";

/// What a text tells as open: the numbers that say it, and where what it is stands.
struct Open<'a> {
    whole: &'a Mention,
    told: &'a Mention,
    theme: (usize, usize),
}

/// 审计查出的问题已全部整改销号: its name and the whole clause.
struct Claim {
    name: (usize, usize),
    clause: (usize, usize),
}

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let claims = claims(found.chars, mentions);
    if claims.is_empty() {
        return;
    }
    for i in 1..mentions.len() {
        let open = open_at(found.chars, mentions, i).or_else(|| left_at(found.chars, mentions, i));
        let Some(open) = open else { continue };
        let of = |claim: &&Claim| {
            let apart = claim.clause.0 >= open.told.sentence.1 || claim.clause.1 <= open.whole.sentence.0;
            apart && says_the_same(found.chars, claim, &open)
        };
        let first = claims.partition_point(|claim| claim.clause.0 + FAR < open.told.start);
        let last = claims.partition_point(|claim| claim.clause.0 <= open.told.start + FAR).max(first);
        let Some(claim) = claims[first..last].iter().take(TRIED).find(of) else { continue };
        let mut spans = [
            (claim.name.0, claim.clause.1),
            (open.whole.start, open.whole.end),
            (open.told.start, open.told.end),
        ];
        spans.sort_unstable();
        let reason = "一处称全部完成，按另一处的数还有没有完成的".to_string();
        found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
    }
}

/// The clauses without numbers in which all of something is told as done.
fn claims(chars: &[char], mentions: &[Mention]) -> Vec<Claim> {
    // What is so long is no statement of one thing, and what ends without a mark may go on.
    let may = |clause: &(usize, usize)| {
        clause.1 < chars.len()
            && clause.1 - clause.0 <= CLAUSE_MAX
            && chars[clause.0..clause.1].iter().any(|c| matches!(c, '全' | '均' | '都'))
    };
    clauses(chars).into_iter().filter(may).filter_map(|clause| claim(chars, mentions, clause)).collect()
}

fn claim(chars: &[char], mentions: &[Mention], clause: (usize, usize)) -> Option<Claim> {
    let at = ALL.iter().filter_map(|word| find(chars, clause.0, clause.1, word)).min()?;
    let done = ACTS.iter().any(|act| find(chars, at, clause.1, act).is_some_and(|n| n - at <= 8));
    let number = mentions.partition_point(|m| m.end <= clause.0);
    let counted = mentions.get(number).is_some_and(|m| m.start < clause.1);
    let name = (clause.0.max(at.saturating_sub(NAME)), at);
    let long = name.1 - name.0 >= 6;
    (done && !counted && long && !any(chars, clause.0, clause.1, WISHED)).then_some(Claim { name, clause })
}

/// 反映问题28个，已整改25个: so many of a whole are done, and the rest of them is not told as settled otherwise.
fn open_at<'a>(chars: &'a [char], mentions: &'a [Mention], i: usize) -> Option<Open<'a>> {
    let done = &mentions[i];
    let act = label(chars, mentions, i);
    let finished = act.first() == Some(&'已')
        && ACTS.iter().any(|word| find(act, 0, act.len(), word).is_some())
        && quantity(done)
        && behind(chars, done).is_empty();
    if !finished {
        return None;
    }
    let whole = in_front(chars, mentions, i, WHOLE).next().filter(|whole| {
        whole.sentence == done.sentence
            && whole.amount(chars) > done.amount(chars)
            && !any(chars, whole.clause.0, whole.start, "其中 已 完成")
    })?;
    // What is left of them may be settled otherwise.
    let rest = any(chars, done.end, done.sentence.1, "转入 移送 移交 核销 不属于 合并 终止 不予");
    // A heading on a line of its own, or in the same one.
    let own_line = usize::from(done.sentence.0 > 0 && chars[done.sentence.0 - 1] == '\n');
    let front = chars[..done.sentence.0 - own_line].iter().rev().take(HEADING);
    let heading = own_line + front.clone().position(|c| *c == '\n').unwrap_or(0);
    (!rest).then_some(Open {
        whole,
        told: done,
        theme: (done.sentence.0.saturating_sub(heading), whole.clause.1),
    })
}

/// 中断道路已抢通21处，其余6处仍在抢修: some are told as left, beside those that are done.
fn left_at<'a>(chars: &'a [char], mentions: &'a [Mention], i: usize) -> Option<Open<'a>> {
    let left = &mentions[i];
    let open = any(chars, left.end, left.clause.1, "仍在 尚未 正在 还在 仍未 未");
    let done = in_front(chars, mentions, i, WHOLE).next().filter(|done| {
        let told = any(chars, done.sentence.0.max(done.start.saturating_sub(16)), done.start, "已 完成");
        done.sentence == left.sentence && told && done.amount(chars) > left.amount(chars)
    })?;
    (quantity(left) && is_left(chars, left) && open).then_some(Open {
        whole: done,
        told: left,
        theme: (done.clause.0, left.start),
    })
}

/// Whether all words of the name stand in what is told of the whole, and more than the last of them.
fn says_the_same(chars: &[char], claim: &Claim, open: &Open<'_>) -> bool {
    let name = &chars[claim.name.0..claim.name.1];
    let theme = &chars[open.theme.0..open.theme.1];
    let has = |word: &[char]| holds(theme, word);
    let act = ACTS.iter().any(|act| {
        find(chars, claim.name.1, claim.clause.1, act).is_some()
            && find(chars, open.told.clause.0, open.told.start, act).is_some()
    }) || is_left(chars, open.told);
    if !act || as_of(chars, claim.clause.0, claim.name.1).is_some() {
        return false;
    }
    let words = words_of(name);
    let known = words.iter().filter(|word| has(word)).count();
    let last = words.last().is_some_and(|word| has(word));
    last && words.len() > 1 && known == words.len()
}

/// The words of a name, two characters each, without those that say nothing of what it is.
pub(super) fn words_of(name: &[char]) -> Vec<&[char]> {
    let mut words = Vec::new();
    for piece in name.split(|c| !all_han(&[*c]) || matches!(c, '的' | '和' | '及' | '等')) {
        let mut at = 0;
        while at + 2 <= piece.len() {
            if EMPTY.split_whitespace().any(|word| stands(piece, at, word)) {
                at += 2;
                continue;
            }
            words.push(&piece[at..at + 2]);
            at += 2;
        }
    }
    words
}

/// Whether a count is told as what is left.
pub(super) fn is_left(chars: &[char], m: &Mention) -> bool {
    any(
        chars,
        m.number.start.saturating_sub(6).max(m.clause.0),
        m.number.start,
        "其余 剩余 另有 还有 尚有 仍有 余下",
    )
}
