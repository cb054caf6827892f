//! 收回有效问卷1425份。……认为价格偏高的513人，占46%；认为距离远的399人，占28%: what those asked said, against how many they were.

use super::super::reckon::{same_unit, word_before};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found, decimals, share};
use super::{counted, fits, is_rate};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far behind the number of answers their shares may stand, in code points.
const FAR: usize = 3_000;
/// How far behind its part a share may stand.
const STEP: usize = 30;
/// How far in front of its number it is said that answers are counted.
const SAID: usize = 10;
/// How near another whole may stand.
const NEAR: usize = 120;
/// How far in front of the clause of its number an answer may stand.
const CLAUSE: usize = 24;
/// How answers are counted where nothing is said of valid ones.
const FILLED: &str =
    "收回问卷 回收问卷 填写问卷 收回调查问卷 回收调查问卷 完成问卷 填写调查问卷 收回答卷 回收答卷";
const ANSWERED: &str = "问卷 受访 被访 调查对象 被调查 认为 表示 反映 希望 承认 选择 满意 不知道 了解";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let answers = |m: &&Mention| {
        let from = m.number.start.saturating_sub(SAID).max(m.clause.0);
        counted(m) && any(chars, from, m.number.start, "有效问卷 有效答卷 有效样本 有效调查")
    };
    let filled = |m: &&Mention| {
        let from = m.number.start.saturating_sub(SAID).max(m.clause.0);
        counted(m) && any(chars, from, m.number.start, FILLED)
    };
    let mut all: Vec<&Mention> = mentions.iter().filter(answers).collect();
    if all.is_empty() {
        all = mentions.iter().filter(filled).collect();
    }
    // Of two surveys either may be meant.
    let [all] = all[..] else { return };
    one_answer_each(found, mentions, all);
    let said: Vec<(&Mention, &Mention)> =
        (1..mentions.len()).filter_map(|i| answer(chars, mentions, all, i)).collect();
    let right = said.iter().filter(|(part, rate)| fits(chars, part, all, rate)).count();
    for (part, rate) in &said {
        let told =
            any(chars, part.end, rate.number.start, "占有效问卷 占受访 占被调查 占被访 占调查对象 占回收")
                || of_all_asked(chars, mentions, all, part);
        if !fits(chars, part, all, rate) && (right > 0 || told || slipped(chars, part, all, rate)) {
            // Where the number of answers is told again nearer by, that one is shown.
            let again = |m: &&Mention| {
                m.start < part.start
                    && same_unit(chars, m, all)
                    && (m.amount(chars) - all.amount(chars)).abs() < 1e-9
            };
            let nearest = mentions.iter().rev().find(again).unwrap_or(all);
            share::tell(found, nearest, part, rate, Certainty::Certain);
        }
    }
}

/// 收回有效问卷584份。……问卷显示，有204人认为: nothing else is counted in between that it could be of.
fn of_all_asked(chars: &[char], mentions: &[Mention], all: &Mention, part: &Mention) -> bool {
    let said = any(
        chars,
        part.sentence.0,
        part.start,
        "问卷显示 调查显示 问卷调查显示 问卷结果 问卷反映 问卷统计 受访者中 调查问卷中 问卷中",
    );
    let said =
        said || any(chars, part.end, part.clause.1.min(part.end + SAID), "反映 认为 表示 希望 觉得 担心");
    let between = |m: &&Mention| m.start > all.end && m.end <= part.start;
    let mut others = mentions.iter().filter(between);
    let other = others.any(|m| counted(m) && (same_unit(chars, m, part) || same_unit(chars, m, all)));
    said && !other && part.start - all.end <= 4 * NEAR
}

/// 36.0% printed as 46.0%: the right share but for one digit.
fn slipped(chars: &[char], part: &Mention, all: &Mention, rate: &Mention) -> bool {
    let printed: Vec<char> = chars[rate.number.start..rate.number.end].to_vec();
    let decimals = decimals(chars, rate);
    let share = part.amount(chars) / all.amount(chars).max(1e-9) * 100.0;
    let right: Vec<char> = format!("{share:.decimals$}").chars().collect();
    decimals > 0
        && right.len() == printed.len()
        && (0..right.len()).filter(|n| right[*n] != printed[*n]).count() == 1
}

/// 满意的351人，基本满意的172人，不满意的93人 of 596 who were asked: each has given one answer.
fn one_answer_each(found: &mut Found<'_>, mentions: &[Mention], all: &Mention) {
    let chars = found.chars;
    let says = |m: &Mention, word: &str| {
        let from = m.number.start.saturating_sub(8).max(m.clause.0);
        any(chars, from, m.number.start, word)
    };
    let same = |m: &Mention| counted(m) && m.start > all.end && m.start - all.end <= FAR;
    for row in mentions.windows(3) {
        let [yes, partly, no] = row else { continue };
        let scale = says(yes, "满意")
            && !says(yes, "不满意 基本")
            && says(partly, "基本满意 比较满意 一般")
            && says(no, "不满意");
        let one = row.iter().all(|m| same(m) && m.sentence == yes.sentence && same_unit(chars, m, yes));
        let near = row.windows(2).all(|pair| pair[1].start.saturating_sub(pair[0].end) <= 12);
        let sum: f64 = row.iter().map(|m| m.amount(chars)).sum();
        let shared = mentions.iter().any(|m| {
            m.start > all.end
                && m.end <= yes.start
                && yes.start - m.end <= NEAR
                && counted(m)
                && m.amount(chars) >= sum
        });
        if scale && one && near && !shared && sum > all.amount(chars) && sum <= 1.3 * all.amount(chars) {
            let reason = format!("各项相加为{}，多于有效问卷{}", plain(sum), plain(all.amount(chars)));
            found.between(&[all, yes, partly, no], ConflictKind::Sum, Certainty::Certain, reason);
        }
    }
}

/// So many said so, and their share, where nothing else stands near that it could be of.
fn answer<'a>(
    chars: &[char],
    mentions: &'a [Mention],
    all: &Mention,
    i: usize,
) -> Option<(&'a Mention, &'a Mention)> {
    let (part, rate) = (&mentions[i - 1], &mentions[i]);
    let behind = part.start > all.end && rate.start - all.end <= FAR;
    let share = word_before(chars, part.end, rate.number.start, "占").is_some();
    let close = rate.start.saturating_sub(part.end) <= STEP
        && part.sentence == rate.sentence
        && !chars[part.end..rate.start].contains(&'；');
    let people = matches!(part.plain_unit(chars).as_str(), "人" | "名" | "位" | "份" | "户");
    // 反映就餐难的最多，有395人，占42%: what they said may stand in the clause in front.
    let from = part.sentence.0.max(part.clause.0.saturating_sub(CLAUSE));
    let asked = any(chars, from, rate.number.start, ANSWERED);
    let less = part.amount(chars) < all.amount(chars);
    if !(is_rate(chars, rate) && counted(part) && behind && share && close && people && asked && less) {
        return None;
    }
    // 在外出务工的268人中: a smaller whole, by its words or by its number.
    let from = part.start.saturating_sub(NEAR).max(all.end);
    let near =
        |m: &&Mention| m.start >= from && m.start < part.start && counted(m) && same_unit(chars, m, part);
    let of_some = mentions[..i - 1].iter().rev().take_while(|m| m.start >= from).filter(near).any(|m| {
        m.amount(chars) > part.amount(chars)
            && (any(chars, m.end, part.start, "中 其中") || fits(chars, part, m, rate))
    });
    (!of_some).then_some((part, rate))
}
