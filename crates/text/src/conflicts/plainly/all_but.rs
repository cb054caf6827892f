//! 18个问题已全部整改销号；……2个问题目前仍在推进: all of so many told as done, and right behind it some of just those as open; 52个立行立改问题已全部销号 ……
//! 立行立改问题中还有4个尚未销号.

use super::super::facts::behind;
use super::super::reckon::{all_han, holds, same_unit};
use super::super::{Certainty, ConflictKind, Found};
use super::{before, counted};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far behind those that are all done some may be told as open, in code points.
const NEAR: usize = 120;
/// How far apart both may stand where a name says that they are the same.
const FAR: usize = 4_000;
/// How far behind the count of the open ones it is said that they are.
const SAID: usize = 40;
/// How far behind 全部 the act may stand.
const ACT: usize = 4;
/// The shortest and the longest name of a kind.
const KIND: std::ops::RangeInclusive<usize> = 4..=12;
const ALL: [&str; 5] = ["已全部", "均已", "都已", "全部", "悉数"];
/// What is done to the last.
const ACTS: [&str; 36] = [
    "整改", "销号", "整治", "办结", "化解", "解决", "完成", "完工", "竣工", "安装", "拆除", "清退", "退还",
    "追回", "治理", "改造", "验收", "修复", "发放", "兑付", "签订", "建成", "搬迁", "处置", "清零", "配备",
    "接入", "归还", "交付", "换发", "更换", "加装", "管控", "拨付", "检测", "鉴定",
];
const OPEN: &str = "仍在 正在 尚未 仍未 还未 没有完成 没有整改 未完成 未整改 还在 尚在 有待 未到位";
const WISHED: &str =
    "确保 力争 要 将 计划 争取 拟 预计 应 须 督促 推动 制定 明确 措施 方案 责任 阶段 除 下一步";
/// By which the open ones are others.
const OTHERS: &str = "巡察 巡视 审计 督察 督查 反馈 上级 省级 市级 交办 移交 去年 上年 新增 新发现 新排查 此外 其他 其它 同时 方面 下一步 今后";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let some = &mentions[i];
    let chars = found.chars;
    let stop = some.sentence.1.min(some.end + SAID).max(some.end);
    if !counted(some) || !any(chars, some.end, stop, OPEN) {
        return;
    }
    right_behind(found, mentions, i, stop);
    by_name(found, mentions, i);
}

/// The clause in which so many are told as all done, and the act.
fn all_done(chars: &[char], all: &Mention) -> Option<&'static str> {
    let at = ALL
        .iter()
        .filter_map(|word| find(chars, all.end, all.clause.1, word).map(|at| at + word.chars().count()));
    let at = at.min()?;
    let to = all.clause.1.min(at + ACT);
    let (end, done) = ACTS
        .iter()
        .filter_map(|act| find(chars, at, to, act).map(|n| (n + act.chars().count(), *act)))
        .max_by_key(|(end, _)| *end)?;
    // 均已完成施工图审查 is but a step.
    let to_the_end = end >= all.clause.1
        || ["到位", "完毕", "完成", "销号", "办结", "清零", "并", "整改", "合格", "任务", "工作", "了"]
            .iter()
            .any(|word| stands(chars, end, word));
    // 其中区级的34个课题: others are told behind them.
    let some = any(chars, all.clause.0, all.start, "其中");
    (to_the_end && !some && !any(chars, all.clause.0, all.clause.1, WISHED)).then_some(done)
}

/// The first characters of what is counted, none where something else goes on.
fn noun<'a>(chars: &'a [char], m: &Mention) -> &'a [char] {
    const GOES_ON: &str = "因正仍尚未没还已需由属被拟待按有在均全都";
    let noun = chars.get(m.end..m.end + 2).unwrap_or_default();
    let named = all_han(noun) && noun.first().is_some_and(|c| !GOES_ON.contains(*c));
    if named { noun } else { &[] }
}

fn right_behind(found: &mut Found<'_>, mentions: &[Mention], i: usize, stop: usize) {
    let chars = found.chars;
    let some = &mentions[i];
    let near = before(mentions, some.start, NEAR).iter().rev();
    let Some(all) = near.into_iter().find(|m| m.end <= some.start && counted(m) && same_unit(chars, m, some))
    else {
        return;
    };
    let between = (all.clause.1.min(some.number.start), some.number.start);
    let Some(act) = all_done(chars, all).filter(|_| all.clause != some.clause) else { return };
    let others = any(chars, between.0, between.1, OTHERS) || chars[between.0..between.1].contains(&'\n');
    let (own, of) = (noun(chars, some), noun(chars, all));
    let same = own.is_empty()
        || of == own
        || of.is_empty() && holds(&chars[all.clause.0..all.start], own)
        || holds(behind(chars, all), own);
    // 另有27家尚未安装: others, but for a rate of 100 % that is said of the same act.
    let front = some.number.start.saturating_sub(6).max(between.0);
    let besides = any(chars, front, some.number.start, "另有 另");
    let every = any(chars, between.0, between.1, "率100% 率达100% 率达到100% 率为100%")
        && any(chars, some.end, stop, act);
    let left = any(chars, front, some.number.start, "还有 尚有 仍有 其中");
    let told = if besides { every } else { left || !own.is_empty() };
    if !others && same && told && all.amount(chars) > some.amount(chars) {
        let spans = [(all.start, all.clause.1), (some.start, some.end)];
        let reason = "称全部完成，后面又说有的还没有完成".to_string();
        found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
    }
}

/// 立行立改问题中还有4个尚未销号.
fn by_name(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let some = &mentions[i];
    let Some(end) = find(chars, some.clause.0, some.number.start, "中") else { return };
    let name = &chars[some.clause.0..end];
    let rest = &chars[end + 1..some.number.start];
    let linked = ["有", "还有", "仍有", "也有", "尚有", "也还有"]
        .iter()
        .any(|w| rest.len() == w.chars().count() && stands(rest, 0, w));
    if !KIND.contains(&name.len()) || !all_han(name) || !linked {
        return;
    }
    let claim = |m: &&Mention| {
        let of = counted(m)
            && same_unit(chars, m, some)
            && m.sentence != some.sentence
            && m.amount(chars) > some.amount(chars)
            && m.start.abs_diff(some.start) <= FAR
            && chars.get(m.end..m.end + name.len()) == Some(name);
        of && all_done(chars, m).is_some_and(|act| any(chars, some.end, some.clause.1, act))
    };
    let from = mentions.partition_point(|m| m.start + FAR < some.start);
    if let Some(all) = mentions[from..].iter().take_while(|m| m.start <= some.start + FAR).find(claim) {
        let mut spans = [(all.start, all.clause.1), (some.start, some.end)];
        spans.sort_unstable();
        let reason = "一处称全部完成，另一处说其中有的还没有完成".to_string();
        found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
    }
}
