//! The same by its full name, or due and done side by side: 县处级领导班子34个 …… 37个县处级领导班子全部; 应换届支部132个，已完成换届136个; 由48个减少到53个;
//! 任务310人，完成158人，完成率61.0%; 6名班子成员每人2个课题，共14个.

use super::super::facts::{behind, label};
use super::super::reckon::{all_han, holds, in_front, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found, exceeds, share};
use super::{counted, fits, is_rate};
use crate::figures::Mention;
use crate::lexicon::{any, ending, find, stands, words};

/// How far in front the same may have been counted, in code points.
const FAR: usize = 2_000;
/// The shortest name that leaves no doubt.
const NAME: usize = 5;
/// How much of the one the other is, where the same is meant.
const NEARLY: std::ops::RangeInclusive<f64> = 0.85..=1.18;
/// How far apart what is due and what was done may stand.
const STEP: usize = 14;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        all_by_name(found, mentions, i);
        reached_more(found, mentions, i);
        more_than_due(found, mentions, i);
        fewer_that_are_more(found, mentions, i);
        task_and_rate(found, mentions, i);
        heads_changed(found, mentions, i);
        more_of_all(found, mentions, i);
    }
}

/// 县处级领导班子34个 …… 37个县处级领导班子全部.
fn all_by_name(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let again = &mentions[i];
    let words = behind(chars, again);
    let Some(end) = find(words, 0, words.len(), "全部") else { return };
    let name = &words[..end];
    if name.len() < NAME || !counted(again) || any(chars, again.sentence.0, again.start, "去年 上年 此前")
    {
        return;
    }
    let at = |m: &Mention| mentions.partition_point(|n| n.start < m.start);
    let named =
        |m: &&Mention| label(chars, mentions, at(m)).ends_with(name) || behind(chars, m).starts_with(name);
    let before: Vec<&Mention> = in_front(chars, mentions, i, FAR).filter(named).collect();
    let [first] = before[..] else { return };
    // As of another day, or only some of them.
    let dated = [first, again].iter().any(|m| any(chars, m.sentence.0, m.start, "截至 月底 年底 年末"));
    let ratio = again.amount(chars) / first.amount(chars).max(1e-9);
    let partly = dated
        || !NEARLY.contains(&ratio)
        || any(chars, first.clause.0, first.number.start, "其中 新增 未 已 其余");
    if (first.amount(chars) - again.amount(chars)).abs() > 1e-9 && !partly {
        let reason =
            format!("同一事物前面是{}，这里是{}", plain(first.amount(chars)), plain(again.amount(chars)));
        found.between(&[first, again], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}

/// 辖186个行政村 …… 已在203个行政村开展: more than there are.
fn reached_more(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let said = part.number.start.checked_sub(2).is_some_and(|at| stands(chars, at, "已在"));
    let name = behind(chars, part);
    let Some(name) =
        ["行政村", "乡镇", "社区", "村", "街道"].iter().find(|n| words(name, 0, name.len()).starts_with(**n))
    else {
        return;
    };
    if !said || !counted(part) {
        return;
    }
    let there = |m: &&Mention| {
        stands(chars, m.end, name)
            && any(chars, m.clause.0, m.number.start, "辖 全县 全市 全区 全镇 共有 现有")
    };
    let wholes: Vec<&Mention> = in_front(chars, mentions, i, FAR).filter(there).collect();
    let [whole] = wholes[..] else { return };
    if part.amount(chars) > whole.amount(chars) {
        exceeds::tell(found, whole, part);
    }
}

/// 现有党员1265名 …… 全镇党员中已有1310名: more of them than there are.
fn more_of_all(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let link = ["中已有", "中有", "中，已有", "中共有"];
    let Some(end) = link.iter().find_map(|word| ending(chars, part.number.start, word)) else { return };
    let from = end.saturating_sub(STEP).max(part.sentence.0);
    let all = ["全部", "所有", "全县", "全镇", "全市", "全区", "全乡", "全局"].iter();
    let Some(begin) = all.filter_map(|word| find(chars, from, end, word)).max().map(|at| at + 2) else {
        return;
    };
    let name = &chars[begin.min(end)..end];
    if name.len() < 2 {
        return;
    }
    // 县属企业 in 县属国有企业, but 护林员 only as it is.
    let length = if name.len().is_multiple_of(2) { 2 } else { name.len() };
    let words: Vec<&[char]> = name.chunks(length).collect();
    if !counted(part) || !all_han(name) {
        return;
    }
    let there = |m: &&Mention| {
        let front = &chars[m.clause.0..m.number.start];
        any(front, 0, front.len(), "共有 现有")
            && !any(front, 0, front.len(), "去年 上年 其中 新")
            && words.iter().all(|word| holds(front, word) || behind(chars, m).starts_with(word))
    };
    let wholes: Vec<&Mention> = in_front(chars, mentions, i, FAR).filter(there).collect();
    let [whole] = wholes[..] else { return };
    let (all, some) = (whole.amount(chars), part.amount(chars));
    if some > all && some <= 1.5 * all && whole.sentence != part.sentence {
        exceeds::tell(found, whole, part);
    }
}

/// 应换届党支部132个，已按期完成换届136个.
fn more_than_due(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (due, done) = (&mentions[i - 1], &mentions[i]);
    let beside =
        due.clause.1 + 1 == done.clause.0 && counted(due) && counted(done) && same_unit(chars, due, done);
    if !beside || done.number.start - due.end > STEP || done.amount(chars) <= due.amount(chars) {
        return;
    }
    let owed = find(chars, due.clause.0, due.number.start, "应").map(|at| at + 1);
    let act = owed.and_then(|at| chars.get(at..at + 2)).filter(|act| all_han(act));
    let did = find(chars, done.clause.0, done.number.start, "已");
    let same = act.zip(did).is_some_and(|(act, at)| holds(&chars[at..done.number.start], act));
    if same
        && !any(
            chars,
            due.clause.0,
            done.sentence.1.min(done.end + 2 * STEP),
            "超 多于 包括 含 提前 新增 历年 欠 适应 响应 供应",
        )
    {
        exceeds::tell(found, due, done);
    }
}

/// 由去年同期的48个减少到53个.
fn fewer_that_are_more(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (old, new) = (&mentions[i - 1], &mentions[i]);
    let one = old.clause == new.clause && counted(old) && counted(new) && same_unit(chars, old, new);
    let fell = ["减少到", "下降到", "减少至", "压减到", "下降至", "精简到"].iter().any(|word| {
        new.number
            .start
            .checked_sub(word.chars().count())
            .is_some_and(|at| at == old.end && stands(chars, at, word))
    });
    let from = any(chars, old.clause.0, old.number.start, "由 从");
    if one && fell && from && new.amount(chars) > old.amount(chars) {
        let reason =
            format!("由{}到{}是增加，文中称减少", plain(old.amount(chars)), plain(new.amount(chars)));
        found.between(&[old, new], ConflictKind::Change, Certainty::Certain, reason);
    }
}

/// 任务310人，完成158人，完成率61.0%.
fn task_and_rate(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([task, done]) = i.checked_sub(2).map(|from| &mentions[from..i]) else { return };
    let rate = &mentions[i];
    let row = task.clause.1 + 1 == done.clause.0
        && done.clause.1 + 1 == rate.clause.0
        && task.sentence == rate.sentence;
    if !row || !is_rate(chars, rate) || !counted(task) || !counted(done) || !same_unit(chars, task, done) {
        return;
    }
    let aimed = label(chars, mentions, i - 2).ends_with(&['任', '务']);
    let did = chars[done.clause.0..done.number.start].ends_with(&['完', '成']);
    let named = stands(chars, rate.clause.0, "完成率") && rate.number.start - rate.clause.0 <= 5;
    if aimed && did && named && !fits(chars, done, task, rate) {
        share::tell(found, task, done, rate, Certainty::Certain);
    }
}

/// 班子7名成员 …… 6名班子成员每人牵头2个课题，共完成14个: seven of them make it.
fn heads_changed(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([heads, each]) = i.checked_sub(2).map(|from| &mentions[from..i]) else { return };
    let all = &mentions[i];
    let one = heads.clause == each.clause && each.clause.1 + 1 == all.clause.0 && same_unit(chars, each, all);
    let said = any(chars, heads.end, each.number.start, "每人")
        && chars[all.clause.0..all.number.start].contains(&'共');
    let people = matches!(heads.plain_unit(chars).as_str(), "名" | "人" | "位");
    if !one || !said || !people || each.number.value <= 0.0 {
        return;
    }
    let right = all.amount(chars) / each.amount(chars);
    if (right - heads.amount(chars)).abs() < 1e-9 {
        return;
    }
    let name = behind(chars, heads);
    let told = in_front(chars, mentions, i - 2, FAR).find(|m| {
        let own = behind(chars, m);
        (m.amount(chars) - right).abs() < 1e-9 && own.len() > 1 && holds(name, &own[..2])
    });
    if let Some(told) = told {
        let reason = format!(
            "前面是{}，这里是{}；按{}才是{}",
            plain(right),
            plain(heads.amount(chars)),
            plain(right),
            plain(all.amount(chars))
        );
        found.between(&[told, heads, each, all], ConflictKind::Product, Certainty::Certain, reason);
    }
}
