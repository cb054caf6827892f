//! 差错率1.8%，低于1.5%的上限; 计划60公里，实际完成54.3公里，超计划5.7公里: words that say which of two numbers is the larger.

use super::super::reckon::{parted, quantity, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::is_rate;
use crate::figures::Mention;
use crate::lexicon::{any, stands};

/// How far behind the first number the word may stand, and the second behind the word, in code points; a count stands right
/// behind it: 低于0.5的2个县 are two.
const WORD: usize = 3;
const SECOND: (usize, usize) = (12, 2);
/// How far apart a plan, what was done and what exceeds it may stand.
const PLAN: usize = 60;
const LESS: [&str; 6] = ["低于", "少于", "小于", "不足", "不到", "未达到"];
const MORE: [&str; 6] = ["高于", "多于", "大于", "超过", "超出", "优于"];
/// Of what falls, the larger fall is the lower value; of what is compared, the word is said of something else.
const OTHERWISE: &str = "降 减 少 缩 压 增 升 提高 高出 比 较 相差 超 其中 每 第 约 近 平均每";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    if i > 0 {
        beside(found, &mentions[i - 1], &mentions[i]);
    }
    if i > 1 {
        beyond_plan(found, [&mentions[i - 2], &mentions[i - 1], &mentions[i]]);
    }
}

/// 1.8%，低于1.5%的上限.
fn beside(found: &mut Found<'_>, one: &Mention, bound: &Mention) {
    let chars = found.chars;
    let rates = is_rate(chars, one) && is_rate(chars, bound);
    let counts = quantity(one) && quantity(bound) && same_unit(chars, one, bound);
    if !rates && !counts || bound.start <= one.end || one.sentence != bound.sentence {
        return;
    }
    let far = if rates { SECOND.0 } else { SECOND.1 };
    let word = |words: &[&str]| {
        (one.end..bound.start.min(one.end + WORD)).find_map(|at| {
            let word = words.iter().find(|word| stands(chars, at, word))?;
            let between = &chars[one.end..at];
            let end = at + word.chars().count();
            let near = bound.number.start >= end && bound.number.start - end <= far;
            (near && between.iter().all(|c| matches!(c, '，' | '（' | '均' | '已' | '也'))).then_some(end)
        })
    };
    let (x, y) = (one.amount(chars), bound.amount(chars));
    let (said, end) = match (word(&LESS), word(&MORE)) {
        (Some(end), None) if x > y => ("低", end),
        (None, Some(end)) if x < y => ("高", end),
        _ => return,
    };
    let own = (one.clause.0, one.number.start);
    let before = (end, bound.number.start);
    let other = any(chars, own.0, own.1, OTHERWISE) || any(chars, before.0, before.1, OTHERWISE);
    // 低于1.5个百分点 and 低于10%以上: by how much.
    let by = any(chars, bound.end, bound.end + 3, "以上 以下 左右 个百分点 至 到 ～ 和 、");
    if !other && !by {
        let reason = format!("{}并不{said}于{}", plain(one.number.value), plain(bound.number.value));
        found.between(&[one, bound], ConflictKind::Decrease, Certainty::Certain, reason);
    }
}

/// 计划60公里，实际完成54.3公里，超计划5.7公里.
fn beyond_plan(found: &mut Found<'_>, [plan, done, by]: [&Mention; 3]) {
    let chars = found.chars;
    let alike = [plan, done, by].iter().all(|m| quantity(m))
        && same_unit(chars, plan, done)
        && same_unit(chars, done, by)
        && by.start > done.end
        && by.start - plan.end.min(by.start) <= PLAN
        && !parted(chars, plan.end, by.start);
    let planned = any(chars, plan.clause.0, plan.number.start, "计划 目标 任务 应 下达");
    let reached =
        any(chars, plan.end.min(done.number.start), done.number.start, "完成 建成 实际 达 实施 改造");
    if !alike || !planned || !reached {
        return;
    }
    let more = any(chars, done.end, by.number.start, "超计划 超额 超出 超目标 超任务 多完成 超");
    let less = any(chars, done.end, by.number.start, "还差 尚差 少完成 欠 短缺 还剩");
    let (x, y, z) = (plan.amount(chars), done.amount(chars), by.amount(chars));
    let amount = ((x - y).abs() - z).abs() < 1e-6 * x.max(y);
    if amount && (more && !less && y < x || less && !more && y > x) {
        let said = if y < x { "没有超出" } else { "已经超出" };
        let reason = format!("完成{}，{said}计划的{}", plain(y), plain(x));
        found.between(&[plan, done, by], ConflictKind::Decrease, Certainty::Certain, reason);
    }
}
