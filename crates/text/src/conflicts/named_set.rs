//! More of a set than it was told to have, where the set is named again by the words that stood in front of its count: 未销号4项
//! …… 未销号的隐患中，有6项; 立行立改类168个 …… 立行立改类问题已完成整改175个; 受理94条，已办结86条，查实112条.

use super::facts::{behind, label};
use super::reckon::{all_han, holds, in_front, quantity, same_unit};
use super::{Found, exceeds};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far in front the set may have been counted, in code points.
const FAR: usize = 2_500;
/// The shortest name of a set, and of one that begins a clause.
const NAME: (usize, usize) = (3, 4);
/// How much more some may be told to be than all and still be meant as some of them.
const MEANT: f64 = 1.6;
/// Words by which a count is of another time or of more than the set.
const WIDER: &str = "累计 历年 连同 另 新增 新 带动 上年 去年 往年 同期 计划 目标 任务 力争 次";
/// Words by which what comes in is counted, and what is then done of it.
const IN: &str = "受理 收到 接到 接收 收集 征集 转办 交办 反馈 移交 登记 包案 包联 承办 列入 排查";
const THEN: [&str; 14] = [
    "查实", "办结", "立案", "核实", "属实", "化解", "处置", "采纳", "办理", "答复", "回复", "移送", "销号",
    "整改",
];

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        let some = &mentions[i];
        let wider = any(found.chars, some.clause.0, some.start, WIDER);
        if !quantity(some) || wider || found.is_sure_of(some) {
            continue;
        }
        let set = among_named(found.chars, mentions, i)
            .or_else(|| done_of_named(found.chars, mentions, i))
            .or_else(|| of_what_came_in(found.chars, mentions, i))
            .or_else(|| of_those_looked_at(found.chars, mentions, i));
        let Some(set) = set.filter(|set| !found.is_sure_of(set)) else { continue };
        let (all, of) = (set.amount(found.chars), some.amount(found.chars));
        if of > all && of <= all * MEANT {
            exceeds::tell(found, set, some);
        }
    }
}

/// 县级挂牌督办未销号的隐患中，有6项: the nearest count in front whose name stands in the words in front of 中.
fn among_named<'a>(chars: &'a [char], mentions: &'a [Mention], i: usize) -> Option<&'a Mention> {
    let some = &mentions[i];
    let at =
        some.clause.0.checked_sub(2).filter(|at| *at >= some.sentence.0 && stands(chars, *at, "中，"))?;
    let from = chars[some.sentence.0..at].iter().rposition(|c| !all_han(&[*c]));
    let from = from.map_or(some.sentence.0, |n| some.sentence.0 + n + 1);
    // With a number of its own it is another set.
    if mentions[i - 1].end > from {
        return None;
    }
    let words = &chars[from..at];
    nearest(chars, mentions, i, |name| name.len() >= NAME.0 && holds(words, name)).or_else(|| {
        // 新设经营主体5.28万户，其中企业1.52万户。新设企业中: the name, and in its sentence the words in front of it.
        let two = |m: &&Mention| {
            let at = mentions.partition_point(|n| n.start < m.start);
            let name = label(chars, mentions, at);
            let prefix = words.strip_suffix(name).filter(|prefix| prefix.len() > 1 && name.len() == 2);
            prefix.is_some_and(|prefix| holds(&chars[m.sentence.0..m.start], prefix))
        };
        in_front(chars, mentions, i, FAR / 10).find(two)
    })
}

/// 立行立改类问题已完成整改175个: the name begins the clause.
fn done_of_named<'a>(chars: &'a [char], mentions: &'a [Mention], i: usize) -> Option<&'a Mention> {
    let some = &mentions[i];
    let front = &chars[some.clause.0..some.number.start];
    let done = any(front, 0, front.len(), "已 完成");
    let own = |name: &[char]| name.len() >= NAME.1 && !any(name, 0, name.len(), "已 完成");
    // 对D级危房，目前已拆除103栋: the name stands behind 对 in front of the sentence.
    let to =
        find(chars, some.sentence.0, some.clause.0, "对").map(|at| &chars[at + 1..some.clause.0.max(at + 1)]);
    let graded = |name: &[char]| name.len() > 1 && name[0].is_ascii_uppercase();
    let named = |name: &[char]| {
        front.starts_with(name) && own(name)
            || to.is_some_and(|to| (graded(name) || own(name)) && to.starts_with(name))
    };
    nearest(chars, mentions, i, |name| done && named(name))
}

/// The nearest count in front with a name that fits, where its sentence is another one.
fn nearest<'a>(
    chars: &'a [char],
    mentions: &'a [Mention],
    i: usize,
    fits: impl Fn(&[char]) -> bool,
) -> Option<&'a Mention> {
    let some = &mentions[i];
    let near = |at: &usize| some.start - mentions[*at].end <= FAR;
    (0..i)
        .rev()
        .take_while(near)
        .filter(|at| mentions[*at].sentence != some.sentence)
        .filter(|at| quantity(&mentions[*at]) && same_unit(chars, &mentions[*at], some))
        .find(|at| {
            let name = label(chars, mentions, *at);
            // 按要求分为立行立改类168个
            let from = find(name, 0, name.len(), "分为").map_or(0, |at| at + 2);
            fits(&name[from..])
        })
        .map(|at| &mentions[at])
        .filter(|set| !any(chars, set.clause.0, set.start, WIDER))
}

/// 受理举报线索94条，已办结86条，查实112条: what is done with what came in, told by the act alone.
fn of_what_came_in<'a>(chars: &'a [char], mentions: &'a [Mention], i: usize) -> Option<&'a Mention> {
    let some = &mentions[i];
    let act = label(chars, mentions, i);
    let act = act.strip_prefix(&['已']).unwrap_or(act);
    let then = act.len() == 2 && THEN.iter().any(|word| stands(act, 0, word));
    if !then || !behind(chars, some).is_empty() {
        return None;
    }
    let kin: Vec<&Mention> =
        in_front(chars, mentions, i, FAR).take_while(|m| m.sentence == some.sentence).collect();
    let set = kin.last()?;
    let most = kin.iter().all(|m| m.amount(chars) < some.amount(chars));
    (most && any(chars, set.clause.0, set.start, IN)).then_some(*set)
}

/// 发现疑似危房47户，经鉴定为C级、D级危房61户; 抽查学校60所……存在问题的学校73所: more than were looked at.
fn of_those_looked_at<'a>(chars: &'a [char], mentions: &'a [Mention], i: usize) -> Option<&'a Mention> {
    let some = &mentions[i];
    let front = &chars[some.clause.0..some.number.start];
    let examined = front.first() == Some(&'经')
        && any(front, 0, front.len(), "鉴定 核实 认定 核查 评估 审核 复核 甄别 研判 检测");
    if examined {
        let set = in_front(chars, mentions, i, FAR / 10).next()?;
        let found = any(chars, set.clause.0, set.start, "疑似 发现 排查 摸排 收到 申报");
        return (set.sentence == some.sentence && set.clause.1 + 1 == some.clause.0 && found).then_some(set);
    }
    let noun = front.len().checked_sub(2).map(|at| &front[at..]).filter(|noun| all_han(noun))?;
    let with_faults = any(front, 0, front.len(), "存在问题的 有问题的 发现问题的 不合格的 不达标的 不规范的");
    let looked_at = |m: &&Mention| {
        chars[..m.number.start].ends_with(noun)
            && any(chars, m.clause.0, m.start, "抽查 抽取 检查 督查 走访 抽检")
            || m.sentence == some.sentence
                && holds(behind(chars, m), noun)
                && any(chars, m.clause.0, m.clause.1, "检查 抽查 核查 排查 审计 回头看")
    };
    let all = || in_front(chars, mentions, i, FAR).filter(|m| chars[..m.number.start].ends_with(noun));
    let most = all().all(|m| m.amount(chars) < some.amount(chars));
    in_front(chars, mentions, i, FAR).find(looked_at).filter(|_| with_faults && most)
}
