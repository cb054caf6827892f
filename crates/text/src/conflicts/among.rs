//! More than those of which a sentence speaks: 对43户逐户通知，已有47户退回; 组织612名从业人员参加考试，参加考试637人; 对已改造家庭逐户验收，已验收1126户;
//! 排查218个……销号225个. And less so far this year than in one month of it.

use super::exceeds;
use super::facts::{behind, label};
use super::reckon::{all_han, in_front, parted, quantity, same_unit};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far in front those of which a sentence speaks may be counted, in code points.
const FAR: usize = 160;
/// How much larger a count may be and still be meant as some of them, as a factor.
const MEANT: f64 = 1.5;
/// Words by which a count is wider than those in front.
const WIDER: &str =
    "累计 共 合计 另 历年 以来 上年 去年 往年 涉及 带动 惠及 受益 次 计划 目标 任务 新增 其中";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        if quantity(&mentions[i]) && !found.holds(&mentions[i]) {
            some_of_them(found, mentions, i);
            of_the_done(found, mentions, i);
            done_of_found(found, mentions, i);
            of_the_listed(found, mentions, i);
            so_far(found, mentions, i);
        }
    }
}

fn more(found: &mut Found<'_>, whole: &Mention, part: &Mention) {
    let chars = found.chars;
    let (all, some) = (whole.amount(chars), part.amount(chars));
    if some > all && some <= all * MEANT && !found.holds(whole) {
        exceeds::tell(found, whole, part);
    }
}

/// 对43户家庭逐户通知，已有47户退回; 组织612名从业人员参加考试，参加考试637人: the clause behind tells of some of them.
fn some_of_them(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let Some(whole) = in_front(chars, mentions, i, FAR / 3).next() else { return };
    let next = whole.sentence == part.sentence && whole.clause.1 + 1 == part.clause.0;
    if !next || chars[whole.clause.1] == '；' || any(chars, part.clause.0, part.start, WIDER) {
        return;
    }
    let name = label(chars, mentions, i);
    let to_each = chars[whole.clause.0..whole.start].contains(&'对')
        && any(chars, part.clause.0, part.start, "已有 已");
    let same_act = name.len() >= 4
        && any(chars, whole.clause.0, whole.start, "组织")
        && name.chunks(2).all(|word| chars[whole.end..whole.clause.1].windows(word.len()).any(|w| w == word));
    // 88处分散工程计划全部配齐设备，目前已安装到位95处: what is done has no name of its own.
    let unnamed = name.first() == Some(&'已')
        && behind(chars, part).is_empty()
        && behind(chars, whole).len() > 1
        && any(chars, whole.end, whole.clause.1, "全部 均 逐一 都");
    if to_each || same_act || unnamed {
        more(found, whole, part);
    }
}

/// 已完成改造1080户……对已改造家庭逐户验收，目前已验收1126户.
fn of_the_done(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let Some(at) = find(chars, part.sentence.0, part.start, "对已") else { return };
    let Some(act) = chars.get(at + 2..at + 4).filter(|act| all_han(act)) else { return };
    if any(chars, part.clause.0, part.start, WIDER) || !any(chars, part.clause.0, part.start, "已") {
        return;
    }
    let done = |m: &&Mention| {
        let from = m.number.start.saturating_sub(8).max(m.clause.0);
        let front = &chars[from..m.number.start];
        m.end <= at && any(front, 0, front.len(), "已 完成") && front.windows(2).any(|w| w == act)
    };
    if let Some(whole) = in_front(chars, mentions, i, FAR).find(done) {
        more(found, whole, part);
    }
}

/// 排查“四乱”问题218个，其中乱占46个……。截至12月20日，已完成整治销号225个: nothing else of which they could be was told.
fn done_of_found(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    const FOUND: &str = "排查 查摆 查出 受理 梳理 反馈 交办 检视 摸排 发现";
    const DONE: &str = "整改 整治 销号 办结 化解 解决 治理";
    let chars = found.chars;
    let part = &mentions[i];
    let name = label(chars, mentions, i);
    let bare = name.first() == Some(&'已') && name.len() <= 8 && any(name, 0, name.len(), DONE);
    let first = mentions[..i]
        .iter()
        .rev()
        .take_while(|m| m.sentence == part.sentence)
        .all(|m| !same_unit(chars, m, part));
    if !bare || !first || any(chars, part.sentence.0, part.start, WIDER) {
        return;
    }
    let before: Vec<&Mention> =
        in_front(chars, mentions, i, FAR).filter(|m| !parted(chars, m.end, part.start)).collect();
    let most = before.iter().all(|m| m.amount(chars) < part.amount(chars));
    let whole = before.iter().find(|m| {
        any(chars, m.clause.0, m.start, FOUND) && !any(chars, m.sentence.0, m.start, "新 本月 当月 其中 首批")
    });
    if let Some(whole) = whole.filter(|_| most) {
        more(found, whole, part);
    }
}

/// 登记党员1286名，其中甲735名、乙551名；目前已纳入管理1342名: more than the parts behind 其中 make.
fn of_the_listed(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let before: Vec<&Mention> =
        in_front(chars, mentions, i, FAR).take_while(|m| m.sentence == part.sentence).collect();
    let already = any(chars, part.clause.0, part.start, "已") && behind(chars, part).is_empty();
    if before.len() < 3 || !already || any(chars, part.clause.0, part.start, WIDER) {
        return;
    }
    let (whole, parts) = (before[before.len() - 1], &before[..before.len() - 1]);
    let sum: f64 = parts.iter().map(|m| m.amount(chars)).sum();
    let listed = any(chars, whole.end, parts[parts.len() - 1].start, "其中");
    if listed && (sum - whole.amount(chars)).abs() < 1e-9 {
        more(found, whole, part);
    }
}

/// 8月份移送信息214条，今年以来累计移送197条: one month is no more than all of them.
fn so_far(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let all = &mentions[i];
    if !any(chars, all.clause.0, all.start, "累计") || any(chars, all.clause.0, all.start, "同比 去年 上年")
    {
        return;
    }
    let name = label(chars, mentions, i);
    let Some(word) = name.last_chunk::<2>().filter(|word| all_han(*word)) else { return };
    let of_month = |m: &&Mention| {
        let front = &chars[m.sentence.0..m.start];
        let month = front.iter().position(|c| *c == '月').is_some_and(|at| {
            let from = front[..at].iter().rposition(|c| !c.is_ascii_digit()).map_or(0, |n| n + 1);
            from < at && !matches!(front.get(from.wrapping_sub(1)), Some('—' | '-' | '至' | '～'))
        }) || any(front, 0, front.len(), "本月 当月 一季度 二季度 三季度 四季度");
        month && !any(front, 0, front.len(), "累计 截至 以来 至") && front.windows(2).any(|w| w == word)
    };
    let near = in_front(chars, mentions, i, 4 * FAR).find(of_month);
    let named = |m: &Mention| {
        let own = &chars[m.number.start.saturating_sub(name.len()).max(m.clause.0)..m.number.start];
        m.sentence == all.sentence || name.len() >= 4 && own.ends_with(&name[name.len() - 4..])
    };
    if let Some(month) = near.filter(|m| m.amount(chars) > all.amount(chars) && named(m)) {
        let reason = format!("一个月{}，累计却只有{}", plain(month.amount(chars)), plain(all.amount(chars)));
        found.between(&[month, all], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
    }
}
