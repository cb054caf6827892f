//! 评为D级的8家 …… 对评为D级的11家用人单位: told again with 的, as those that were just told, with another number.

use super::super::elsewhere::{other_names, own_whole};
use super::super::reckon::{all_han, holds, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::any;

/// How far in front the same may have been told, in code points.
const FAR: usize = 1_800;
/// How much in front of a number says what it is.
const NAME: usize = 14;
/// Between which shares of one the other lies.
const NEAR: (f64, f64) = (0.4, 2.6);
/// Words that say nothing of what it is.
const EMPTY: &str = "对被 受到 这些 上述 其中 评为 列为 存在 发现 有关 全县 全市 全区";
const ASIDE: &str =
    "其余 剩余 未 尚 新增 其他 其它 其中 已 上年 去年 同期 前三 部分 每 累计 本月 今年 平均 计划 目标";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        told(found, mentions, i);
    }
}

fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let again = &mentions[i];
    let definite = again.number.start > 0 && chars[again.number.start - 1] == '的' && counted(again);
    // 对……的, 被……的: those known already, which something is now done to.
    let front =
        (again.clause.0.max(again.number.start.saturating_sub(NAME)), again.number.start.saturating_sub(1));
    let begins = chars.get(again.clause.0).is_some_and(|c| matches!(c, '对' | '被' | '受' | '将'));
    if !definite || !begins || front.0 >= front.1 || any(chars, front.0, front.1, ASIDE) || found.holds(again)
    {
        return;
    }
    let words = words_of(&chars[front.0..front.1]);
    if words.is_empty() {
        return;
    }
    let before = |m: &&Mention| {
        m.end < again.sentence.0 && again.start - m.end <= FAR && counted(m) && same_unit(chars, m, again)
    };
    let passive = matches!(chars[again.clause.0], '被' | '受');
    let named = |m: &&Mention| {
        let from = m.clause.0.max(m.number.start.saturating_sub(NAME));
        let name = &chars[from..m.number.start];
        // 对7个单位予以通报批评 …… 被通报批评的8个单位: what was done with them is told behind their number.
        let behind = &chars[m.end..m.clause.1.max(m.end)];
        let done = passive && any(chars, m.end, m.clause.1.max(m.end), "予以 进行 给予 作出");
        let says = |word: &&[char]| holds(name, word) || done && holds(behind, word);
        words.iter().all(says) && !any(chars, from, m.number.start, ASIDE)
    };
    let told: Vec<&Mention> =
        super::before(mentions, again.start, FAR).iter().filter(before).filter(named).collect();
    let [first] = told[..] else { return };
    if other_names(chars, first, again) || own_whole(chars, mentions, first, again) {
        return;
    }
    let ratio = again.amount(chars) / first.amount(chars).max(1e-9);
    let known = super::before(mentions, again.start, FAR)
        .iter()
        .filter(before)
        .any(|m| (m.amount(chars) - again.amount(chars)).abs() < 1e-9);
    if (ratio - 1.0).abs() > 1e-9 && ratio > NEAR.0 && ratio < NEAR.1 && !known {
        let (a, b) = (plain(first.amount(chars)), plain(again.amount(chars)));
        let reason = format!("同一事物前面是{a}，这里是{b}");
        found.between(&[first, again], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}

/// The words of a name, two characters each, or a letter with the one behind it.
fn words_of(name: &[char]) -> Vec<&[char]> {
    let mut words = Vec::new();
    let letter = |c: &char| c.is_ascii_alphanumeric();
    let mut at = 0;
    while at + 2 <= name.len() {
        let pair = &name[at..at + 2];
        let word: String = pair.iter().collect();
        let says = all_han(pair) || letter(&pair[0]) && all_han(&pair[1..]);
        if !says || pair[0] == '对' || pair[0] == '被' || pair[0] == '的' {
            at += 1;
        } else {
            if !EMPTY.split_whitespace().any(|empty| empty == word) {
                words.push(pair);
            }
            at += 2;
        }
    }
    words
}
