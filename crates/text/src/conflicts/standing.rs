//! What stands against a number told sentences before: what is left, how many more there are, more done than there was to do.

use super::reckon::{Range, alike, in_front, is_share, parted, quantity, same_unit, word_before};
use super::remains::found_anew;
use super::share;
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far in front the number stands that another one is held against, in code points.
const FAR: usize = 420;
/// How far what is left may be from the difference and still be meant as it, as a share of the whole.
const NEAR: f64 = 0.3;
/// Words by which a whole is counted up.
const WHOLE: &str = "共 计划 登记 排查 梳理 查摆 查出 受理 收集 发现 确定 列出 交办 建立 下达";
/// Words of finishing.
const DONE: &str = "完成 整改到位 办结 销号 化解 竣工 完工 解决 验收 整改";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        left_alone(found, mentions, i);
        more_by(found, mentions, i);
        of_these(found, mentions, i);
        open_of_all(found, mentions, i);
        of_the_task(found, mentions, i);
    }
    halves(found, mentions);
}

/// 共登记73处……已有58处完成除险。余下的17处: what is left is told in a sentence of its own.
fn left_alone(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let left = &mentions[i];
    let from = left.number.start.saturating_sub(12).max(left.clause.0);
    let rest = word_before(chars, from, left.start, "余下的 剩下的 剩余的 其余的 余下 剩下 剩余")
        .is_some_and(|at| left.start - at <= 1)
        || chars[left.start - 1] == '的' && any(chars, from, left.start, "没有 尚未 未整改 未完成 未办结");
    if !rest || !quantity(left) || mentions[i - 1].sentence == left.sentence {
        return;
    }
    let before: Vec<&Mention> = in_front(chars, mentions, i, FAR).collect();
    let finished = |m: &&&Mention| {
        any(chars, m.clause.0, m.clause.1, DONE)
            && any(chars, m.clause.0, m.end, "已 完成 整改到位 完工 竣工")
    };
    // 已计入完成整改的71个: not beside its whole.
    let beside = |m: &&&Mention| !any(chars, m.clause.0, m.start, "计入 含");
    let Some(done) = before.iter().find(finished).filter(beside) else { return };
    // 村级78个问题已整改75个: not what is left of the whole in front.
    let own = before.iter().any(|m| m.clause == done.clause && m.end <= done.start);
    if own && before.iter().filter(finished).count() > 1 || found_anew(chars, left) {
        return;
    }
    let counted = |m: &&&Mention| {
        m.start < done.start && m.amount(chars) > done.amount(chars) && any(chars, m.clause.0, m.start, WHOLE)
    };
    let Some(whole) = before.iter().find(counted) else { return };
    // 尚未完工的5座水库: of what the sentence of the whole tells of.
    let noun = chars
        .get(left.end..left.end + 2)
        .filter(|noun| super::reckon::all_han(noun) && !"全均正计已尚将拟因预需由列未中逐".contains(noun[0]));
    if noun.is_some_and(|noun| !chars[whole.sentence.0..whole.sentence.1].windows(2).any(|w| w == noun)) {
        return;
    }
    let rest = whole.amount(chars) - done.amount(chars);
    let off = (rest - left.amount(chars)).abs();
    // Another whole in front may make it right.
    let right =
        before.iter().any(|w| (w.amount(chars) - done.amount(chars) - left.amount(chars)).abs() < 1e-9);
    // What is left of it may have been told before, and rightly: this is left of something else.
    let is = |m: &&Mention| {
        let value = m.amount(chars);
        let open = any(chars, m.clause.0, m.clause.1.min(m.end + 12), "未 尚 剩 其余 余下 正在 还有 仍");
        (value - left.amount(chars)).abs() < 1e-9 && (open || m.start > done.end)
            || (value - rest).abs() < 1e-9 && m.start > done.end
    };
    let told = before.iter().any(is);
    if off > 1e-9 && off <= NEAR * whole.amount(chars) && !right && !told {
        found.left((whole, done, left), ConflictKind::Sum);
    }
}

/// 去年底有床位1412张。……目前达到1520张，多出98张.
fn more_by(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let by = &mentions[i];
    let from = by.number.start.saturating_sub(5).max(by.clause.0);
    let Some(says) = word_before(chars, from, by.start, "多出 净增 增加了 多了 新增 增加")
    else {
        return;
    };
    let now = &mentions[i - 1];
    // 由147项增至183项，新增36项: the old value stands there.
    if any(chars, now.clause.0, now.start, "由 从") {
        return;
    }
    let current = now.sentence == by.sentence
        && by.start - now.end <= 16
        && any(chars, now.clause.0, now.start, "目前 现有 现在 达到 增至");
    if !quantity(by) || !quantity(now) || !same_unit(chars, now, by) || !current || says != by.start {
        return;
    }
    let before = |m: &&Mention| {
        m.sentence != now.sentence
            && any(
                chars,
                m.clause.0.saturating_sub(12).max(m.sentence.0),
                m.start,
                "去年底 上年末 上年底 去年末 年初 原有 原来",
            )
            && alike(chars, (m.clause.0, m.start), (now.clause.0, now.start))
    };
    let Some(old) = in_front(chars, mentions, i - 1, FAR).find(before) else { return };
    let change = Range::of(chars, now).minus(Range::of(chars, old));
    if old.amount(chars) < now.amount(chars) && !change.meets(Range::told(chars, by)) {
        found.left((now, old, by), ConflictKind::Change);
    }
}

/// 梳理出积案38件。……这批积案中有43件签订了协议: more than there are.
fn of_these(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let points = any(
        chars,
        part.clause.0,
        part.start,
        "这批 上述 台账内 清单内 台账上 清单上 台账中 清单中 这些 其中",
    );
    let has = word_before(chars, part.start.saturating_sub(3), part.start, "有 已 已有")
        .is_some_and(|at| at == part.start);
    if !points || !has || !quantity(part) || mentions[i - 1].sentence == part.sentence {
        return;
    }
    let counted = |m: &&Mention| {
        any(chars, m.clause.0, m.start, WHOLE)
            && alike(chars, (m.clause.0, m.end + 2), (part.clause.0, part.start))
    };
    let Some(whole) = in_front(chars, mentions, i, FAR).find(counted) else { return };
    let least = whole.amount(chars) * (1.0 + NEAR);
    if part.amount(chars) > whole.amount(chars) && part.amount(chars) <= least {
        let reason = format!("共{}，其中却有{}", plain(whole.amount(chars)), plain(part.amount(chars)));
        found.between(&[whole, part], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
    }
}

/// 这98件已悉数办结。……在这些信访件中，目前有6件没有办结.
fn open_of_all(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let open = &mentions[i];
    let stop = open.sentence.1.min(open.end + 40);
    let still = any(
        chars,
        open.end,
        stop,
        "没有办结 没有整改到位 没有完成 尚未办结 尚未完成 尚未整改 仍未 没有解决 未整改到位",
    );
    let set = chars[open.sentence.0..open.start].contains(&'中')
        && any(chars, open.sentence.0, open.start, "的 件 问题");
    if !still || !set || !quantity(open) || mentions[i - 1].sentence == open.sentence {
        return;
    }
    let all = |m: &&Mention| {
        let behind = m.clause.1.min(m.end + 24);
        any(chars, m.start.saturating_sub(2), m.start, "这")
            && any(chars, m.end, behind, "悉数 全部 均已 完毕")
            && any(chars, m.end, behind, DONE)
            && alike(chars, (m.end, m.clause.1), (open.sentence.0, open.start))
    };
    let before = mentions[..i].iter().rev().take_while(|m| open.start - m.end <= 2 * FAR);
    let Some(all) = before.into_iter().filter(|m| same_unit(chars, m, open)).find(|m| all(m)) else { return };
    if open.amount(chars) < all.amount(chars) {
        let reason = format!(
            "前文称{}全部完成，这里还有{}没有完成",
            plain(all.amount(chars)),
            plain(open.amount(chars))
        );
        found.between(&[all, open], ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
    }
}

/// Names that part a whole in two, so that both make it up.
const HALVES: [(&str, &str); 7] = [
    ("城市", "农村"),
    ("城镇", "农村"),
    ("城镇", "乡村"),
    ("集中供养", "分散供养"),
    ("公办", "民办"),
    ("男性", "女性"),
    ("线上", "线下"),
];
/// How far the two parts may stand from one another, in code points.
const HALF_FAR: usize = 70;
/// How far both may be from their whole and still be meant as its parts, as a share of it.
const HALF_NEAR: f64 = 0.12;

/// 在册低保对象8426人。……城市低保对象1152人……农村低保对象7374人: two halves named in other sentences than their whole.
fn halves(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for (i, second) in mentions.iter().enumerate().filter(|(_, m)| quantity(m)) {
        let named = |m: &Mention, name: &str| any(chars, m.clause.0, m.start, name);
        let Some(half) = HALVES.iter().find(|half| named(second, half.1) && !named(second, half.0)) else {
            continue;
        };
        let near = in_front(chars, mentions, i, HALF_FAR);
        let Some(first) = near.into_iter().find(|m| named(m, half.0) && !named(m, half.1)) else { continue };
        // Both of the same thing: 城市低保对象 and 农村低保对象, or 城市 and 农村 alone.
        let behind = |m: &Mention, name: &str| {
            word_before(chars, m.clause.0, m.start, name).map_or(&[][..], |at| &chars[at..m.start])
        };
        if behind(first, half.0) != behind(second, half.1) {
            continue;
        }
        let sum = first.amount(chars) + second.amount(chars);
        let Some(at) = mentions.iter().position(|m| m.start == first.start) else { continue };
        let counted = |m: &&Mention| {
            let off = (m.amount(chars) - sum).abs();
            !parted(chars, m.end, first.start)
                && m.amount(chars) > first.amount(chars).max(second.amount(chars))
                && off <= HALF_NEAR * m.amount(chars)
                && any(chars, m.clause.0, m.start, "共 全县 全市 全镇 全乡 在册 现有 总")
        };
        let before: Vec<&Mention> = in_front(chars, mentions, at, FAR).collect();
        let fits = before.iter().any(|m| (m.amount(chars) - sum).abs() < 1e-9);
        if let Some(whole) = before.into_iter().find(counted).filter(|_| !fits) {
            let reason =
                format!("{}和{}相加为{}，总数为{}", half.0, half.1, plain(sum), plain(whole.amount(chars)));
            found.between(&[whole, first, second], ConflictKind::Sum, Certainty::Certain, reason);
        }
    }
}

/// 下达改造任务86公里……已铺筑64.5公里。进度达到年度任务的85%: what is done of a task that was told in front.
fn of_the_task(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let rate = &mentions[i];
    let aimed = any(chars, rate.clause.0, rate.start, "任务的 计划的 目标的 任务数的 任务量的 计划数的");
    if rate.plain_unit(chars) != "%" || !aimed || rate.approx.is_some() {
        return;
    }
    let near = (0..i).rev().take_while(|at| rate.start - mentions[*at].end <= HALF_FAR);
    let finished = |at: &usize| {
        quantity(&mentions[*at]) && any(chars, mentions[*at].clause.0, mentions[*at].start, "已 完成")
    };
    let Some(at) = near.into_iter().find(finished) else { return };
    let done = &mentions[at];
    let counts: Vec<&Mention> = in_front(chars, mentions, at, FAR).collect();
    let aims = |m: &&&Mention| any(chars, m.clause.0, m.start, "任务 计划 目标 下达");
    let said = Range::told(chars, rate);
    let ratio = |whole: &Mention| Range::of(chars, done).over(Range::of(chars, whole)).times(100.0);
    // 新建2.9万亩、改造2.1万亩，合计5.0万亩，占任务的94.3%: of what stands beside it.
    let beside = mentions[at + 1..i].iter().filter(|m| quantity(m) && same_unit(chars, m, done));
    let fits = |part: &Mention| counts.iter().any(|whole| is_share(chars, part, whole, rate));
    if counts.iter().any(|m| ratio(m).meets(said)) || beside.into_iter().any(fits) {
        return;
    }
    let Some(whole) = counts.iter().filter(|m| !parted(chars, m.end, done.start)).find(aims) else { return };
    if whole.amount(chars) > 0.0 && done.amount(chars) <= whole.amount(chars) {
        share::tell(found, whole, done, rate, Certainty::Certain);
    }
}
