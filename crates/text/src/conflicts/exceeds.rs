//! More of something than there are: behind 其中, done of what was found, among those named, all of a place told twice.

use super::reckon::{all_han, bare, directly_before, in_front, parted, quantity, same_unit, word_before};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far in front those may be counted that are named again, in code points.
const NAMED: usize = 700;
/// How far in front the count may stand of which more is done.
const FOUND: usize = 60;
/// How far a number may lie above its whole and still be meant as a part of it, as a share.
const MEANT: f64 = 0.5;
/// Words of a change: what has been added is no whole.
const CHANGE: &str = "增加 减少 新增 净增 比上 较上 同期 增长 下降 提高 压减";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        if quantity(&mentions[i]) {
            among(found, mentions, i);
            done_of_found(found, mentions, i);
            of_the_named(found, mentions, i);
            all_of_a_place(found, mentions, i);
            named_again(found, mentions, i);
            drawn_from(found, mentions, i);
            of_its_name(found, mentions, i);
            of_those_done(found, mentions, i);
            of_those_checked(found, mentions, i);
            more_than_planned(found, mentions, i);
        }
    }
}

/// More of some than there are.
pub(super) fn tell(found: &mut Found<'_>, whole: &Mention, part: &Mention) {
    let chars = found.chars;
    let reason = format!("部分{}大于整体{}", plain(part.amount(chars)), plain(whole.amount(chars)));
    found.between(&[whole, part], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
}

/// Larger, and not by so much that it must be something else.
fn somewhat_more(chars: &[char], part: &Mention, whole: &Mention) -> bool {
    // 每万人拥有40件，其中: an average is no whole.
    if any(chars, whole.number.start.saturating_sub(8).max(whole.clause.0), whole.start, "每 均") {
        return false;
    }
    let (part, whole) = (part.amount(chars), whole.amount(chars));
    part > whole && part <= whole * (1.0 + MEANT)
}

/// 对56名网格员开展2期轮训，其中64名通过考核: a number of another unit stands between.
fn among(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let from = mentions[i - 1].end.max(part.clause.0);
    let next_to = &mentions[i - 1];
    // 这81家单位中有88家配备了设备
    // 86万株，经秋季核查，这批苗木成活91万株
    // 对这582人逐一评估，失能的619人
    let same = chars[..next_to.number.start].ends_with(&['这']);
    let these = next_to.sentence == part.sentence
        && (same || any(chars, part.clause.0, part.start, "这批 该批 这些 上述"))
        && !any(chars, part.clause.0, part.start, "共 累计 带动");
    let own = these || next_to.clause == part.clause && any(chars, next_to.end, part.start, "中有 中已有");
    if own && quantity(next_to) && same_unit(chars, next_to, part) && somewhat_more(chars, part, next_to) {
        return tell(found, next_to, part);
    }
    if !any(chars, from, part.start, "其中") || same_unit(chars, &mentions[i - 1], part) {
        return;
    }
    let before: Vec<&Mention> =
        in_front(chars, mentions, i, NAMED).take_while(|m| m.sentence == part.sentence).collect();
    let changed = before
        .iter()
        .any(|m| any(chars, m.clause.0, m.start, CHANGE) && !any(chars, m.clause.0, m.start, "到位 下达"));
    let Some(whole) = before.first() else { return };
    let most = before.iter().all(|m| m.amount(chars) < part.amount(chars));
    if most && !changed && somewhat_more(chars, part, whole) {
        tell(found, whole, part);
    }
}

/// 发现问题档案427份，目前已补充完善445份; 收到资金4.26亿元，形成支出4.62亿元.
fn done_of_found(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    const OWED: &str = "发现 排查 查出 挂牌 督办 反馈 交办 登记 受理 收到 梳理 摸排 列入 纳入 核查出 移交 转办 认定 鉴定 共有 现有 在册";
    const MONEY: &str = "收到 到位 下达 筹集 争取";
    const SPENT: &str = "支出 拨付 支付 使用";
    let chars = found.chars;
    let part = &mentions[i];
    let before: Vec<&Mention> =
        in_front(chars, mentions, i, FOUND).take_while(|m| m.sentence == part.sentence).collect();
    let owed =
        |m: &&&Mention| any(chars, m.clause.0, m.start, OWED) && !any(chars, m.clause.0, m.start, CHANGE);
    let Some(whole) = before.iter().find(owed) else { return };
    let next_to = before.first().is_some_and(|m| m.start == whole.start);
    let most = before.iter().all(|m| m.amount(chars) < part.amount(chars));
    let from = whole.end.max(part.clause.0);
    let done = word_before(chars, from, part.start, "已").is_some();
    let spent = any(chars, whole.clause.0, whole.start, MONEY) && any(chars, from, part.start, SPENT);
    let wider =
        any(chars, whole.end, part.start, "累计 历年 以来 连同 另 合计 共 上年 往年 去年 涉及 带动 户次")
            || any(chars, whole.clause.0, whole.start, "计划 目标 任务 新")
            || any(chars, part.clause.0, part.start, "其中 占 达 增");
    let other = whole.clause == part.clause || chars[whole.end..part.start].contains(&'；');
    if (done || spent) && (next_to || most) && !wider && !other && somewhat_more(chars, part, whole) {
        tell(found, whole, part);
    }
}

/// 高层公共建筑318栋。高层公共建筑中，设有报警系统的342栋.
fn of_the_named(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let first = mentions[..i].iter().rev().take_while(|m| m.sentence == part.sentence).count() == 0;
    let Some(at) = find(chars, part.sentence.0, part.start, "中，").filter(|_| first) else { return };
    let start = chars[part.sentence.0..at].iter().rposition(|c| matches!(c, '，' | '；' | '：' | '、'));
    let name = &chars[start.map_or(part.sentence.0, |n| part.sentence.0 + n + 1)..at];
    if !(4..=12).contains(&name.len()) || !all_han(name) {
        return;
    }
    let named = |m: &&Mention| {
        let behind = m.end..m.end + name.len();
        chars[..m.start].ends_with(name) || chars.get(behind).is_some_and(|words| words == name)
    };
    let Some(whole) = in_front(chars, mentions, i, NAMED).find(named) else { return };
    if somewhat_more(chars, part, whole) {
        tell(found, whole, part);
    }
}

/// 紧急转移群众2316人 …… 已有2450名转移群众返回家中: more of those that are named by the same four characters.
fn named_again(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let already = word_before(chars, part.start.saturating_sub(3), part.start, "已有 已 现有").is_some();
    let noun = chars.get(part.end..part.end + 4).filter(|_| already);
    let Some(noun) = noun.filter(|noun| all_han(noun)) else {
        return;
    };
    let named = |m: &&Mention| {
        chars[..m.start].ends_with(noun)
            && m.sentence != part.sentence
            && !any(chars, m.clause.0, m.start, "新 增 去年 上年 本月")
    };
    let first = in_front(chars, mentions, i, 4 * NAMED).find(named);
    if let Some(whole) = first.filter(|m| somewhat_more(chars, part, m)) {
        tell(found, whole, part);
    }
}

/// 乡镇12个 …… 从被检查的乡镇中随机抽取15个.
fn drawn_from(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let Some(at) = word_before(chars, part.clause.0, part.start, "中随机抽 中抽 中选 中随机选")
        .map(|end| chars[..end].iter().rposition(|c| *c == '中').unwrap_or(end))
    else {
        return;
    };
    let near = part.start - at <= 8 && at >= part.clause.0 + 2;
    let Some(name) = chars.get(at.saturating_sub(2)..at).filter(|_| near) else { return };
    let Some(whole) = in_front(chars, mentions, i, 4 * NAMED).find(|m| chars[..m.start].ends_with(name))
    else {
        return;
    };
    if somewhat_more(chars, part, whole) {
        tell(found, whole, part);
    }
}

/// 就业困难毕业生312人，……，困难毕业生已落实就业326人: its clause names those that were counted in front.
fn of_its_name(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let Some(at) = find(chars, part.clause.0, part.start, "已") else { return };
    // 区属企业行动较快，已完成整改47个: the sentence names them where it has no other number.
    let alone = mentions[..i].iter().all(|m| m.sentence != part.sentence || !same_unit(chars, m, part));
    let own = &chars[if alone { part.sentence.0 } else { part.clause.0 }..at];
    let named = |m: &&Mention| {
        let name = m.start.checked_sub(4).map(|from| &chars[from..m.start]).filter(|name| all_han(name));
        // 危险区268个，……，已落实责任人的危险区286个: directly in front of both numbers.
        let directly = |length: usize| {
            let name = m.start.checked_sub(length).map(|from| &chars[from..m.start]);
            name.is_some_and(|name| all_han(name) && chars[..part.start].ends_with(name))
        };
        (directly(3) && m.sentence == part.sentence
            || name.is_some_and(|name| own.windows(4).any(|w| w == name)))
            && !any(chars, m.clause.0, m.start, "计划 目标 任务 新 增 去年 上年 本月 整改 化解 办结")
    };
    let wider = any(chars, part.clause.0, part.start, "累计 共 历年 次 带动");
    let first = in_front(chars, mentions, i, FOUND * 2).find(named);
    if let Some(whole) = first.filter(|m| !wider && somewhat_more(chars, part, m)) {
        tell(found, whole, part);
    }
}

/// 随机抽查单位68个，发现存在问题的单位72个: more than were looked at.
fn of_those_checked(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    // 村（社区）61个: with what stands in brackets.
    let length = if part.start > 5 && chars[part.start - 1] == '）' { 5 } else { 2 };
    let noun = part.start.checked_sub(length).map(|at| &chars[at..part.start]);
    let noun = noun.filter(|noun| length > 2 || all_han(noun));
    let found_so = any(chars, part.clause.0, part.start, "发现 存在 查出 有")
        && !any(chars, part.clause.0, part.start, "累计 共 另");
    let Some(noun) = noun.filter(|_| found_so || chars[part.clause.0..part.start].ends_with(&['查', '出']))
    else {
        return;
    };
    // 审计部门单位24个，查出28个部门单位存在问题
    let behind = chars.get(part.end..part.end + 4).filter(|behind| all_han(behind));
    let checked = |m: &&Mention| {
        m.sentence == part.sentence
            && (chars[..m.start].ends_with(noun)
                || chars[m.end..].starts_with(noun)
                || behind.is_some_and(|behind| chars[..m.start].ends_with(behind)))
            && any(chars, m.clause.0, m.start, "审计 抽查 检查 走访 督查 调查 抽取 抽检 核查")
    };
    if let Some(whole) =
        in_front(chars, mentions, i, FOUND).find(checked).filter(|m| somewhat_more(chars, part, m))
    {
        tell(found, whole, part);
    }
}

/// 竣工289户 …… 对竣工房屋逐户验收，目前已验收合格297户: more than those of which it speaks.
fn of_those_done(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    const DONE: [&str; 10] = ["移送", "移交", "竣工", "完工", "开工", "建成", "立案", "受理", "鉴定", "转移"];
    let chars = found.chars;
    let part = &mentions[i];
    let first = mentions[..i].iter().all(|m| m.sentence != part.sentence || !same_unit(chars, m, part));
    // 公安机关对移送案件立案11件; 新受理的案件中已办结341件
    let of_which = |word: &str| {
        find(chars, part.clause.0, part.start, &format!("{word}的"))
            .is_some_and(|at| chars[at..part.start].contains(&'中'))
    };
    let own = DONE
        .iter()
        .any(|word| find(chars, part.clause.0, part.start, &format!("对{word}")).is_some() || of_which(word));
    let said = own || word_before(chars, part.clause.0, part.start, "已").is_some() && first;
    let of = DONE.iter().find(|word| {
        let pointed = |front: &&str| {
            let front = format!("{front}{word}");
            find(chars, part.sentence.0, part.start, &front).is_some()
        };
        said && (of_which(word) || ["对", "上述", "这些"].iter().any(pointed))
    });
    let Some(of) = of else { return };
    let name: Vec<char> = of.chars().collect();
    let named = |m: &&Mention| {
        chars[..m.start].ends_with(&name)
            || own && any(chars, m.clause.0, m.start, of) && m.clause != part.clause
    };
    let before = in_front(chars, mentions, i, NAMED).find(named);
    if let Some(whole) = before.filter(|m| somewhat_more(chars, part, m)) {
        tell(found, whole, part);
    }
}

/// 计划实施45处。……已完工47处，其余正在扫尾: more than there was to do, and some still to do.
fn more_than_planned(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let stop = part.sentence.1.min(part.end + 12);
    let rest = ["其余", "剩余", "余下", "剩下"].iter().find_map(|word| find(chars, part.end, stop, word));
    let told = mentions
        .get(i + 1)
        .is_some_and(|next| next.sentence == part.sentence && same_unit(chars, next, part));
    let done = word_before(chars, part.clause.0, part.start, "已 完成 完工").is_some();
    if rest.is_none_or(|at| at <= part.clause.1.saturating_sub(1)) || told || !done {
        return;
    }
    let Some(whole) = in_front(chars, mentions, i, 2 * FOUND).next() else { return };
    let aimed = any(chars, whole.clause.0, whole.start, "计划 任务 目标 实施 共 排查 梳理 需 应");
    if aimed && somewhat_more(chars, part, whole) {
        tell(found, whole, part);
    }
}

/// 全县64所中小学 …… 全县67所中小学; 在职党员421名 …… 全局438名在职党员.
fn all_of_a_place(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    const PLACES: [&str; 9] = ["全省", "全市", "全县", "全区", "全镇", "全乡", "全局", "全系统", "全街道"];
    let chars = found.chars;
    let all = &mentions[i];
    let place = |m: &Mention| directly_before(chars, m.start, &PLACES);
    let Some(of) = place(all) else { return };
    // 全区134所学校，占全区167所学校的80.2%
    if any(chars, all.start.saturating_sub(4).max(all.clause.0), all.start, "占") {
        return;
    }
    let noun = |length: usize| chars.get(all.end..all.end + length).filter(|noun| all_han(noun));
    // 全县64所中小学 told twice.
    let again = |m: &&Mention| {
        noun(3)
            .or(noun(2).filter(|_| !all_han(&chars[all.end..chars.len().min(all.end + 3)])))
            .is_some_and(|noun| place(m) == Some(of) && chars.get(m.end..m.end + noun.len()) == Some(noun))
    };
    // 在职党员421名, then all of them by the same four characters.
    let named = |m: &&Mention| {
        noun(4).is_some_and(|noun| chars[..m.start].ends_with(noun))
            && somewhat_more(chars, all, m)
            && !any(chars, m.clause.0, m.start, "新 增 发展 培训 表彰 慰问 选派 累计")
    };
    // 全县现有康复机构5家, then 全县4家康复机构.
    let run = chars[all.end..].iter().take(14).take_while(|c| all_han(std::slice::from_ref(c))).count();
    let behind = &chars[all.end..all.end + run];
    let there = |m: &&Mention| {
        let name = &chars[m.start.saturating_sub(4).max(m.clause.0)..m.start];
        name.len() == 4
            && all_han(name)
            && behind.windows(4).any(|w| w == name)
            && any(chars, m.clause.0, m.start, "现有 共有")
            && find(chars, m.clause.0, m.start, of).is_some()
    };
    // 我镇辖31个行政村, then 全镇29个行政村.
    let held = |m: &&Mention| {
        let from = m.start.saturating_sub(4).max(m.clause.0);
        let name = chars.get(m.end..m.end + 3).filter(|name| all_han(name));
        any(chars, from, m.start, "辖 现有 共有 设有") && name.is_some() && name == noun(3)
    };
    let before: Vec<&Mention> = in_front(chars, mentions, i, 4 * NAMED).collect();
    let there = |m: &&Mention| there(m) || held(m);
    let same = before.iter().copied().find(again).or_else(|| before.iter().copied().find(there));
    if let Some(first) = same
        .filter(|m| (m.amount(chars) - all.amount(chars)).abs() > 1e-9 && bare(chars, m) == bare(chars, all))
    {
        let reason =
            format!("前面说{of}有{}，这里说{}", plain(first.amount(chars)), plain(all.amount(chars)));
        found.between(&[first, all], ConflictKind::TwoValues, Certainty::Certain, reason);
    } else if let Some(whole) = before
        .iter()
        .copied()
        .find(named)
        .filter(|m| parted(chars, m.end, all.start) || m.sentence != all.sentence)
    {
        tell(found, whole, all);
    }
}
