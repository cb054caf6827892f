//! Lists whose parts make a whole that is told in other words: 依次为, 分别为, 等11项, 共109所.

use super::reckon::{Range, bare, in_front, quantity, same_unit, word_before};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far in front of the list its whole may stand, in code points.
const WHOLE: usize = 120;
/// How far in front a number may stand that makes the list right.
const EXPLAINED: usize = 1_500;
/// How far the sum may be from the whole and still be meant as it, as a share of it.
const NEAR: f64 = 0.15;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        in_turn(found, mentions, i);
        named_then_counted(found, mentions, i);
        beyond(found, mentions, i);
        summed_then_listed(found, mentions, i);
        paired(found, mentions, i);
    }
}

/// 资金486万元，分别投向甲、乙、丙，依次为213万元、158万元、125万元.
fn in_turn(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let first = &mentions[i];
    let from = first.number.start.saturating_sub(7).max(first.clause.0);
    if !quantity(first)
        || word_before(chars, from, first.number.start, "依次为 依次是 分别为 分别是 依次 分别").is_none()
    {
        return;
    }
    let mut parts = vec![first];
    for part in &mentions[i + 1..] {
        let last = parts[parts.len() - 1];
        let between = &chars[last.end..part.start.max(last.end)];
        let listed =
            between.len() <= 2 && between.iter().all(|c| matches!(c, '、' | '和' | '及' | '以' | '与'));
        if !listed || !same_unit(chars, part, first) {
            break;
        }
        parts.push(part);
    }
    let exact = parts.iter().all(|m| quantity(m));
    if parts.len() < 2 || !exact {
        return;
    }
    let sum = parts.iter().fold(Range::exactly(0.0), |sum, m| sum.plus(Range::of(chars, m)));
    let fits = |whole: &Mention| Range::of(chars, whole).meets(sum);
    if in_front(chars, mentions, i, EXPLAINED).any(fits) {
        return;
    }
    let total = sum.low.midpoint(sum.high);
    let near = if parts.len() > 2 { NEAR } else { NEAR / 2.0 };
    let whole = in_front(chars, mentions, i, WHOLE).next().filter(|m| {
        (m.amount(chars) - total).abs() <= near * m.amount(chars)
            && parts.iter().all(|p| p.amount(chars) < m.amount(chars))
            && m.sentence == first.sentence
    });
    if let Some(whole) = whole {
        let reason = format!("各项相加为{}，总数为{}", plain(total), plain(whole.amount(chars)));
        let figures: Vec<&Mention> = [whole].into_iter().chain(parts).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
}

/// 贷款12笔860万元，其中甲类5笔320万元、乙类7笔560万元: each part is told in two units.
fn paired(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let wholes = [&mentions[i - 1], &mentions[i]];
    let touch = |a: &Mention, b: &Mention| {
        quantity(a) && quantity(b) && b.start >= a.end && b.start - a.end <= 3 && !same_unit(chars, a, b)
    };
    if !touch(wholes[0], wholes[1]) {
        return;
    }
    let mut parts: Vec<[&Mention; 2]> = Vec::new();
    for pair in mentions[i + 1..].chunks_exact(2) {
        let [one, other] = pair else { break };
        let from = parts.last().map_or(wholes[1].end, |last| last[1].end);
        let gap = &chars[from..one.start.max(from)];
        let same =
            touch(one, other) && same_unit(chars, one, wholes[0]) && same_unit(chars, other, wholes[1]);
        let first = !parts.is_empty() || any(chars, from, one.start, "其中");
        // 新识别93户287人，其中8月14户41人；同期消除118户376人
        let apart = any(chars, from, one.start, "同期 消除 减少 退出 另");
        if apart || !same || !first || gap.len() > 16 || one.sentence != wholes[0].sentence {
            break;
        }
        parts.push([one, other]);
    }
    if parts.len() < 2
        || any(chars, wholes[1].end, parts[parts.len() - 1][1].start, "已 另 还有 累计 同比 较 比")
    {
        return;
    }
    let sums = [0, 1]
        .map(|side| parts.iter().fold(Range::exactly(0.0), |sum, p| sum.plus(Range::of(chars, p[side]))));
    let fits = [0, 1].map(|side| sums[side].meets(Range::of(chars, wholes[side])));
    for side in 0..2 {
        let (sum, whole) = (sums[side], Range::of(chars, wholes[side]));
        // 214处、3.86万平方米，其中存量176处、3.12万平方米，新增38处、0.64万平方米: where the one is complete, the other is too.
        if sum.low > whole.high + 1e-9 || !fits[side] && fits[1 - side] {
            let reason = format!(
                "各项相加为{}，总数为{}",
                plain(sum.low.midpoint(sum.high)),
                plain(wholes[side].amount(chars))
            );
            let figures: Vec<&Mention> =
                [wholes[side]].into_iter().chain(parts.iter().map(|p| p[side])).collect();
            found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
        }
    }
}

/// 共排查隐患128处：道路类46处、消防类39处、燃气类53处.
fn summed_then_listed(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (whole, first) = (&mentions[i - 1], &mentions[i]);
    let gap = &chars[whole.end..first.start.max(whole.end)];
    if gap.len() > 28 || !quantity(whole) || !quantity(first) || !same_unit(chars, whole, first) {
        return;
    }
    let colon = gap.contains(&'：');
    let all = chars[whole.number.start.saturating_sub(8).max(whole.clause.0)..whole.start].contains(&'共');
    let mut parts = vec![first];
    for part in &mentions[i + 1..] {
        let last = parts[parts.len() - 1];
        let between = &chars[last.end..part.start.max(last.end)];
        let marks = between.iter().filter(|c| matches!(c, '，' | '；')).count();
        let listed = marks == 1 || marks == 0 && between.contains(&'、');
        if between.len() > 20 || !listed || !same_unit(chars, part, first) || between.contains(&'。') {
            break;
        }
        parts.push(part);
    }
    let last = parts[parts.len() - 1];
    let done =
        any(chars, whole.end, last.start, "其中 已 完成 整改 办结 解决 销号 化解 未 另 还有 共 这 采纳 均");
    if !(colon || all) || parts.len() < 3 || done || !parts.iter().all(|m| quantity(m)) {
        return;
    }
    let sum = parts.iter().fold(Range::exactly(0.0), |sum, m| sum.plus(Range::of(chars, m)));
    let of = whole.amount(chars);
    let total = sum.low.midpoint(sum.high);
    let less = parts.iter().all(|p| p.amount(chars) < of);
    let open = any(chars, last.end, last.sentence.1.min(last.end + 10), "等 其余 其他 其它");
    if less && !open && !sum.meets(Range::of(chars, whole)) && (total - of).abs() <= NEAR * of {
        let reason = format!("各项相加为{}，总数为{}", plain(total), plain(of));
        let figures: Vec<&Mention> = [whole].into_iter().chain(parts).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
}

/// 新建制度4项、修订5项，形成……等10项制度; 47所中小学、62所幼儿园共119所学校.
fn named_then_counted(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let sum = &mentions[i];
    if i < 2 || !quantity(sum) {
        return;
    }
    let directly =
        word_before(chars, sum.start.saturating_sub(3), sum.start, "共 共计 合计 总计") == Some(sum.start);
    let listed = chars[sum.start - 1] == '等';
    let parts = [&mentions[i - 2], &mentions[i - 1]];
    let [one, other] = parts;
    let alike = parts.iter().all(|m| quantity(m) && same_unit(chars, m, sum) && m.sentence == sum.sentence);
    if !alike || !(directly || listed) {
        return;
    }
    let between = |from: usize, to: usize| &chars[from..to];
    let commas = |s: &[char]| s.iter().filter(|c| matches!(c, '，' | '；')).count();
    let pair = between(one.end, other.start);
    let gap = between(other.end, sum.start);
    let clean = !any(chars, one.clause.0, sum.start, "其中 另 累计 废止 已 还 同比 比上 较")
        && chars[one.start.saturating_sub(16).max(one.sentence.0)..one.start].iter().all(|c| *c != '均');
    // A third part in front, or a count of them all, would be told by the other rules.
    let alone = i < 3 || !same_unit(chars, &mentions[i - 3], sum) || one.start - mentions[i - 3].end > 24;
    let noun = |m: &Mention| {
        let stop = sum.end + 2;
        stop <= chars.len() && chars[m.clause.0..m.clause.1].windows(2).any(|w| w == &chars[sum.end..stop])
    };
    let close = if directly {
        commas(gap) == 0 && gap.len() <= 8 && pair.len() <= 10
    } else {
        gap.len() <= 60 && pair.len() <= 12 && noun(one) && noun(other)
    };
    let total = one.amount(chars) + other.amount(chars);
    let of = sum.amount(chars);
    if clean && alone && close && (total - of).abs() > 1e-9 && (total - of).abs() <= 0.3 * of {
        let reason = format!("各部分相加为{}，文中合计为{}", plain(total), plain(of));
        found.between(&[one, other, sum], ConflictKind::Sum, Certainty::Certain, reason);
    }
}

/// 收集建议83条，采纳91条: more were taken than there are.
fn beyond(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    const TAKEN: &str = "查实 属实 采纳 吸纳 转化为 实到 实际参 实际到 成功化解 调解成功 考核合格 成绩合格 考试合格 通过考 取得合格 结业";
    const GATHERED: &str = "收集 征集 征求 受理 接到 收到 提出 排查 摸排 应到 应参 举报 线索 参加 参考 参训 培训 调处 调解 建议 意见";
    let chars = found.chars;
    let part = &mentions[i];
    let Some(whole) = in_front(chars, mentions, i, 40).next().filter(|_| quantity(part)) else { return };
    let here: Vec<&Mention> =
        in_front(chars, mentions, i, 48).take_while(|m| m.sentence == part.sentence).collect();
    let most = here.iter().all(|m| m.amount(chars) < part.amount(chars));
    if let Some(whole) = here.iter().find(|m| most && done_beyond(chars, m, part)) {
        let reason = format!("完成{}多于总数{}", plain(part.amount(chars)), plain(whole.amount(chars)));
        found.between(&[*whole, part], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
        return;
    }
    let taken = any(chars, part.clause.0, part.start, TAKEN);
    let gathered = any(chars, whole.clause.0, whole.start, GATHERED);
    let more = any(chars, whole.end, part.end.min(part.clause.1), "累计 另 历年 以来 上年 往年 补充");
    let same = whole.sentence == part.sentence
        && bare(chars, whole) == bare(chars, part)
        && whole.clause != part.clause;
    let marks = chars[whole.end..part.start].iter().filter(|c| matches!(c, '，' | '；')).count();
    if taken && gathered && same && !more && marks <= 2 && part.amount(chars) > whole.amount(chars) {
        let reason = format!("部分{}大于整体{}", plain(part.amount(chars)), plain(whole.amount(chars)));
        found.between(&[whole, part], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
    }
}

/// 重点项目24个，已开工31个; 应参保39600人，已参保39927人; 排查隐患238处，整改425处.
fn done_beyond(chars: &[char], whole: &Mention, part: &Mention) -> bool {
    const DONE: &str = "开工 完工 竣工 整改 确权 追回 追缴 收回 补提 补缴 销号 消除 办结 化解 解决 转化 退还 清退 退回 接入 建立联系 取缔 拆除 处置";
    const FOUND: &str = "排查 受理 发现 查摆 检视 梳理 反馈 接到 抽检 检测 测试 抽查";
    if part.amount(chars) <= whole.amount(chars) || whole.sentence != part.sentence || part.start < whole.end
    {
        return false;
    }
    let from = if whole.clause == part.clause { whole.end } else { part.clause.0 };
    let marks = chars[whole.end..part.start].iter().filter(|c| matches!(c, '，' | '；' | '、')).count();
    let near = part.start - whole.end <= 24 && marks <= 2 && !chars[whole.end..part.start].contains(&'；');
    let wider = any(
        chars,
        whole.clause.0,
        whole.start,
        "计划 目标 任务 上年 去年 上月 季度 月 新增 每 其中 占 未 剩余 其余",
    ) || any(chars, from, part.start, "累计 另 历年 共 达 增 去年 上年 其中 户次 占");
    // 整改问题36个，巩固已整改问题52个: both are done.
    let both = whole.clause != part.clause && any(chars, whole.clause.0, whole.start, DONE);
    let already = !both && chars[from..part.start].contains(&'已') && any(chars, from, part.start, DONE);
    let found = any(chars, whole.clause.0, whole.start, FOUND)
        && any(chars, from, part.start, "整改 化解 办结 处置 解决 合格");
    let owed = any(
        chars,
        whole.clause.0,
        whole.start,
        "应参 应到 应缴 应收 应改 应建 应办 应报 应退 应补 需整 需改 应整 需治",
    ) && any(chars, from, part.start, "已 实")
        // 在管患者9120人，规范管理9310人
        || any(chars, whole.clause.0, whole.start, "在管 在册") && any(chars, from, part.start, "规范管理");
    // 9处重大隐患已全部销号，一般隐患已整改398处: of others, with a name of their own.
    let name = &chars[from..part.start];
    let name = &name[..name.iter().position(|c| *c == '已').unwrap_or(0)];
    let named = name.len() > 2
        && super::reckon::all_han(name)
        && !chars[whole.clause.0..whole.clause.1].windows(name.len()).any(|w| w == name);
    near && !wider && !named && (already || found || owed)
}
