//! 已整改23个，其余4个正在推进 …… 27个问题已全部整改销号: those that are done and those that are open make just so many as are told to be all done.

use super::super::claims::clauses;
use super::super::reckon::same_unit;
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use super::left_here::later;
use super::same_day::named_elsewhere;
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far apart both may be told, in code points.
const FAR: usize = 4_000;
/// How far behind one count of the sentence the next may stand.
const STEP: usize = 40;
/// A number below it comes out by chance.
const SMALL: f64 = 8.0;
/// Most sentences that are held against what is all done.
const MOST: usize = 60;
const ACTS: &str = "整改 整治 完成 办结 化解 销号 解决 拆除 追回 治理 清退 兑付 验收 改造";
const OPEN: &str = "其余 剩余 还有 尚有 仍有 余下 剩下 正在 基本完成 持续推进 长期 没有 尚未 未";
const WISHED: &str = "确保 力争 要 将 计划 争取 拟 预计 应 须 年底 月底 日前 月前 措施 方案 责任";
/// What is left is not open where it is settled otherwise.
const SETTLED: &str = "转入 移送 移交 核销 合并 终止 不予 撤销 不属于 于";

/// Those done and those open of one sentence, and their sum.
struct Parts<'a> {
    done: &'a Mention,
    open: &'a Mention,
    sum: f64,
}

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let parts: Vec<Parts<'_>> =
        (0..mentions.len()).filter_map(|i| parts(chars, mentions, i)).take(MOST).collect();
    if parts.is_empty() {
        return;
    }
    for clause in clauses(chars) {
        let from = mentions.partition_point(|m| m.start < clause.0);
        let here: Vec<&Mention> = mentions[from..].iter().take_while(|m| m.end <= clause.1).collect();
        let [all] = here[..] else { continue };
        let said = ["已全部", "均已", "都已", "全部", "已悉数"]
            .iter()
            .filter_map(|word| find(chars, all.end, clause.1, word))
            .min();
        let Some(at) = said.filter(|_| counted(all) && !any(chars, clause.0, clause.1, WISHED)) else {
            continue;
        };
        if !any(chars, at, clause.1.min(at + 7), ACTS) || any(chars, clause.0, all.start, "其余 剩余 另")
        {
            continue;
        }
        let same = |p: &&Parts<'_>| {
            p.done.sentence != all.sentence
                && p.done.start.abs_diff(all.start) <= FAR
                && same_unit(chars, p.done, all)
                && (p.sum - all.amount(chars)).abs() < 1e-9
                && !later(chars, p.done, all)
                && !named_elsewhere(chars, p.done, all)
        };
        let Some(p) = parts.iter().find(same) else { continue };
        let mut spans = [(all.start, clause.1), (p.done.start, p.done.end), (p.open.start, p.open.end)];
        spans.sort_unstable();
        let reason = format!("一处称{}全部完成，另一处只完成{}", plain(p.sum), plain(p.done.amount(chars)));
        found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
    }
}

fn parts<'a>(chars: &[char], mentions: &'a [Mention], i: usize) -> Option<Parts<'a>> {
    let done = &mentions[i];
    let from = done.clause.0.max(done.number.start.saturating_sub(8));
    let finished = find(chars, from, done.number.start, "已")
        .is_some_and(|at| any(chars, at, done.number.start, ACTS))
        || any(chars, from, done.number.start, "完成整改 完成整治");
    if !counted(done) || !finished {
        return None;
    }
    let (mut sum, mut last, mut open) = (done.amount(chars), done, None);
    for m in &mentions[i + 1..] {
        let front = (last.end.max(m.clause.0).min(m.number.start), m.number.start);
        let next = m.sentence == done.sentence
            && m.start.saturating_sub(last.end) <= STEP
            && counted(m)
            && same_unit(chars, m, done)
            && (any(chars, front.0, front.1, OPEN)
                || any(chars, m.end, m.clause.1, "正在 尚未 未 持续 长期 推进 按"))
            && !any(chars, front.0, front.1, "其中");
        if !next {
            break;
        }
        if any(chars, m.end, m.sentence.1.min(m.end + STEP), SETTLED) {
            return None;
        }
        (sum, last) = (sum + m.amount(chars), m);
        open = open.or(Some(m));
    }
    open.filter(|_| sum >= SMALL).map(|open| Parts { done, open, sum })
}
