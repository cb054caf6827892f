//! The plain ways in which offices tell figures that belong together, close to one another: so many found, so many done, the
//! rate; this year, the same time last year, the change; so many, each so much, in all; the mean and the most.
//!
//! What stands so close is held only against its own sentence: numbers elsewhere that happen to fit explain nothing.

use super::reckon::{Range, bare, in_front, measure, quantity, same_unit, word_before};
use super::within::plain;
use super::{Certainty, ConflictKind, Found, share};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, find, stands};

/// How far two figures of one frame may stand from one another, in code points.
const STEP: usize = 30;
/// How far behind the last count its rate may stand.
const RATE: usize = 14;
/// How far behind the value of before a difference may stand.
const DIFFERENCE: usize = 6;
/// How many percentage points a rate may be from the computed one and still be meant as it.
const FAR_OFF: f64 = 30.0;
/// How far a product may be from what is told, as a share, for what is rounded.
const SLACK: f64 = 0.02;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 0..mentions.len() {
        rate_of_pair(found, mentions, i);
        growth(found, mentions, i);
        total_of_each(found, mentions, i);
        mean_and_most(found, mentions, i);
        difference_told(found, mentions, i);
        at_least(found, mentions, i);
        below_all(found, mentions, i);
    }
}

/// The two numbers in front of a place.
fn two_before(mentions: &[Mention], i: usize) -> Option<[&Mention; 2]> {
    let from = i.checked_sub(2)?;
    Some([&mentions[from], &mentions[from + 1]])
}

/// Whether three numbers of one sentence follow one another, the last no farther behind than `far`.
fn in_a_row(first: &Mention, second: &Mention, last: &Mention, far: usize) -> bool {
    last.start.saturating_sub(second.end) <= far
        && second.start.saturating_sub(first.end) <= STEP
        && first.sentence == last.sentence
}

/// The numbers of one sentence in front of a place, the nearest first.
fn sentence_before(mentions: &[Mention], i: usize) -> impl Iterator<Item = &Mention> {
    let sentence = mentions[i].sentence;
    mentions[..i].iter().rev().take_while(move |m| m.sentence == sentence)
}

/// 排查隐患312处，完成整治263处，整治率94.3%: whole, part, and a rate of any name right behind.
fn rate_of_pair(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    /// Rates of something else than the part of a whole that stands beside them.
    const OTHER: &str = "增长率 满意率 知晓率 支持率 利用率 使用率 普及率 负债率 增幅 降幅 同比 环比 比上 较上 全市 全县 全省 全国 全区 平均 综合 按期 按时 限期 及时 总办 总整 总完 总化 压减率 精简率 压缩率 削减率 累计 其中 占 由 从 提高 下降 上升 合计 总体 达标率 覆盖率 参与率 收益率 利润率 毛利率 增值率 死亡率 发病率";
    let chars = found.chars;
    let rate = &mentions[i];
    let Some([whole, part]) = two_before(mentions, i) else { return };
    // Asked first: nearly always they are too far from one another.
    if !in_a_row(whole, part, rate, RATE) {
        return;
    }
    let counted = quantity(whole)
        && quantity(part)
        && same_unit(chars, whole, part)
        && part.amount(chars) < whole.amount(chars);
    let Some(name) = word_before(chars, part.end, rate.number.start, "率 进度") else { return };
    let named = rate.number.start - name <= 3 && rate.plain_unit(chars) == "%" && rate.exact();
    let marks = |from: usize, to: usize| chars[from..to].iter().filter(|c| matches!(c, '，' | '；')).count();
    let other = any(chars, part.end, rate.number.start, OTHER)
        || any(chars, whole.end, part.start, "其中 ； 增 减 比 较")
        || any(chars, whole.clause.0, whole.start, "比上 比去 较上 较去 同期 增加 减少");
    // 优秀21家、良好48家、合格19家、不合格8家，优良率: of a list no two belong together.
    let listed = chars[whole.end..part.start].contains(&'、');
    let all = rate.number.value >= 100.0;
    // 已完成51个，其余3个，完成率94.4%: the rate is of those done.
    let open = any(chars, part.clause.0, part.clause.1, "其余 剩余 正在 尚 未 滞后 还有");
    if listed
        || all
        || open
        || !counted
        || !named
        || other
        || marks(whole.end, part.start) > 2
        || marks(part.end, rate.start) != 1
        || found.holds(rate)
    {
        return;
    }
    let said = Range::told(chars, rate);
    let fits = |a: &Mention, b: &Mention| {
        let ratio = Range::of(chars, a).over(Range::of(chars, b)).times(100.0);
        ratio.meets(said)
            || Range::exactly(100.0).minus(ratio).meets(said)
            || share::truncated(chars, ratio.low, rate)
    };
    let own: Vec<&Mention> = sentence_before(mentions, i).filter(|m| quantity(m)).collect();
    // 床位1980张，入住1236人，入住率62.4%: also of another unit.
    let right = own.iter().any(|whole| {
        own.iter().any(|part| {
            part.start != whole.start && part.amount(chars) < whole.amount(chars) && fits(part, whole)
        })
    });
    // Far from what is told it is of another whole: 全村1260人，60岁以上老人参保286人，参保率98.6%.
    let computed = part.amount(chars) / whole.amount(chars) * 100.0;
    let far = (computed - rate.number.value).abs() > FAR_OFF;
    // 整治 of 整治率 stands at the part: 完成整治263处.
    let stem = &chars[(name - 1).saturating_sub(2).max(part.end)..name - 1];
    let ours = (part.clause.0..part.clause.1).any(|at| stem.contains(&chars[at]));
    let one_sum = in_front(chars, mentions, i - 1, STEP).count() > 0;
    if !right && !far && one_sum {
        let sure = if ours { Certainty::Certain } else { Certainty::Query };
        share::tell(found, whole, part, rate, sure);
    }
}

/// Whether a value is that of the time before, by the words directly in front of it: 去年同期16件, 上年的81.2分.
fn of_before(chars: &[char], m: &Mention) -> bool {
    let from = m.number.start.saturating_sub(8).max(m.clause.0);
    let before = "去年同期 上年同期 去年同一时期 去年 上年 上月 上季度 上半年 上届 上年底 上年末 去年底 年";
    // 比2022年的8亿元: another year is named only behind a word of comparison.
    let year = any(chars, from.saturating_sub(4).max(m.clause.0), m.start, "比 较 与 同 和")
        || !chars[from..m.start].ends_with(&['年', '的']);
    year && word_before(chars, from, m.start, before).is_some_and(|at| {
        chars[at..m.start]
            .iter()
            .all(|c| matches!(c, '的' | '为' | '是' | '同' | '期' | '有' | '仅' | '底' | '末' | '度'))
    })
}

/// 立案22件，去年同期16件，同比增长27.5%: the value now, the one before, and the change behind both.
fn growth(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    const UP: &str = "增 升 涨 提高 扩大";
    const DOWN: &str = "降 减 回落 缩 跌";
    let chars = found.chars;
    let rate = &mentions[i];
    let Some([one, other]) = two_before(mentions, i) else { return };
    if !in_a_row(one, other, rate, RATE) {
        return;
    }
    let (new, old) = match (of_before(chars, one), of_before(chars, other)) {
        (false, true) => (one, other),
        (true, false) => (other, one),
        _ => return,
    };
    let says = |words: &str| any(chars, other.end, rate.number.start, words);
    let values = measure(new) && measure(old) && same_unit(chars, new, old) && new.kind != FigureKind::Rate;
    // 比上年的480起减少60起: a change is no value.
    let changed = any(
        chars,
        new.number.start.saturating_sub(5).max(new.clause.0),
        new.start,
        "减少 增加 下降 增长 多 少 净增",
    );
    let else_where = says("其中 占 全 率 均 比 较") && !says("同比 环比 相比");
    if !values
        || changed
        || else_where
        || rate.plain_unit(chars) != "%"
        || !rate.exact()
        || says(UP) == says(DOWN)
        || found.holds(rate)
    {
        return;
    }
    let (a, b) = (Range::beside(chars, old, new), Range::beside(chars, new, old));
    let change = b.minus(a).over(a).times(if says(UP) { 100.0 } else { -100.0 });
    let mut wanted = Range::told(chars, rate);
    wanted.low -= super::rounding(chars, rate);
    if old.amount(chars) > 0.0 && !change.meets(wanted) {
        let computed = (new.amount(chars) - old.amount(chars)) / old.amount(chars) * 100.0;
        let reason = format!(
            "由{}到{}变化{computed:.1}%，与文中所说不符",
            plain(old.amount(chars)),
            plain(new.amount(chars))
        );
        found.between(&[one, other, rate], ConflictKind::Change, Certainty::Certain, reason);
    }
}

/// 平均得分84.6分，比上年的81.2分提高4.4分: the difference of two values, in their own unit.
fn difference_told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let by = &mentions[i];
    let Some([new, old]) = two_before(mentions, i) else { return };
    if !in_a_row(new, old, by, DIFFERENCE) {
        return;
    }
    let says = |words: &str| any(chars, old.end, by.number.start, words);
    let (up, down) = (says("提高 升 增 多 涨 扩大"), says("降 减 缩 少 跌"));
    let points =
        by.plain_unit(chars) == "个百分点" && old.plain_unit(chars) == "%" && new.plain_unit(chars) == "%";
    // 总数122枚，其中金牌比上届的34枚增加7枚: of another number.
    let same = same_unit(chars, new, old)
        && same_unit(chars, old, by)
        && new.kind != FigureKind::Rate
        && !any(chars, new.end, old.start, "其中");
    let exact = [new, old, by].iter().all(|m| m.exact() && !m.rhythm && m.number.value > 0.0);
    if !(points || same)
        || !exact
        || up == down
        || !of_before(chars, old)
        || of_before(chars, new)
        || found.holds(by)
    {
        return;
    }
    let change = Range::of(chars, new).minus(Range::of(chars, old)).times(if up { 1.0 } else { -1.0 });
    // 9.2亿元 and 8.7亿元 are 0.5 apart: 0.6 may come of rounding, and should be asked about.
    let strict = (new.amount(chars) - old.amount(chars)).abs();
    let printed = (strict - by.amount(chars)).abs() > 1e-6 * strict.max(1.0);
    let sure = if change.meets(Range::of(chars, by)) { Certainty::Query } else { Certainty::Certain };
    if printed && (sure == Certainty::Certain || super::rounding(chars, by) <= super::rounding(chars, old)) {
        let computed = new.number.value - old.number.value;
        let reason = format!(
            "由{}到{}相差{:.2}，文中为{}",
            old.number.value,
            new.number.value,
            computed.abs(),
            by.number.value
        );
        found.between(&[new, old, by], ConflictKind::Change, sure, reason);
    }
}

/// 消费券2.4万张，每张面值30元，总额720万元; 12座矿山每座派驻2名，共22名.
fn total_of_each(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let total = &mentions[i];
    let Some([number, each]) = two_before(mentions, i) else { return };
    if !in_a_row(number, each, total, RATE) {
        return;
    }
    let counted = quantity(number)
        && quantity(each)
        && quantity(total)
        && (same_unit(chars, each, total)
            // 每期培训120人，累计培训1260人次
            || bare(chars, total) == ['人', '次'] && bare(chars, each) == ['人'])
        && !same_unit(chars, number, each);
    let unit = bare(chars, number).first().copied();
    let per = word_before(chars, number.end.max(each.clause.0), each.number.start, "每");
    let apiece = per.is_some_and(|at| chars.get(at).copied() == unit && each.number.start - at <= 8);
    let all = any(chars, each.end, total.start, "总额 共 合计 总计 总价 总值 累计 总数");
    let other = any(chars, number.end, total.start, "每月 每年 每天 最高 至少 以上 不等 其中 平均 分别 另")
        || any(chars, number.clause.0, number.start, "其中 每");
    if !counted || !apiece || !all || other || found.holds(total) {
        return;
    }
    let product = number.amount(chars) * each.amount(chars);
    if (product - total.amount(chars)).abs() > SLACK * product {
        let reason = format!(
            "按{}乘{}算应为{}，文中为{}",
            plain(number.amount(chars)),
            plain(each.amount(chars)),
            plain(product),
            plain(total.amount(chars))
        );
        found.between(&[number, each, total], ConflictKind::Product, Certainty::Certain, reason);
    }
}

/// 平均每件用时6.2天，用时最长的一件为5天: no mean is beyond the most or below the least.
fn mean_and_most(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let edge = &mentions[i];
    let from = edge.number.start.saturating_sub(10).max(edge.clause.0);
    let says = |words: &str| any(chars, from, edge.start, words);
    let (most, least) = (says("最长 最高 最大 最多"), says("最短 最低 最小 最少"));
    let Some(mean) = i.checked_sub(1).map(|n| &mentions[n]) else { return };
    let average = any(chars, mean.number.start.saturating_sub(10).max(mean.clause.0), mean.start, "平均");
    let close = edge.start - mean.end.min(edge.start) <= STEP && edge.sentence == mean.sentence;
    if most == least
        || !average
        || !close
        || !same_unit(chars, edge, mean)
        || !edge.exact()
        || !mean.exact()
        || any(chars, mean.end, edge.start, "上年 去年 全")
    {
        return;
    }
    let (a, b) = (mean.amount(chars), edge.amount(chars));
    if most && a > b || least && a < b {
        let reason =
            format!("平均为{}，与{}{}不能同时成立", plain(a), if most { "最多" } else { "最少" }, plain(b));
        found.between(&[mean, edge], ConflictKind::Average, Certainty::Certain, reason);
    }
}

/// 整改率均在95%以上 …… 整改率分别为100%、93.3%: one of them is below what all are said to reach.
fn at_least(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    /// How far from the statement a rate of the same name may stand.
    const FAR: usize = 800;
    let chars = found.chars;
    let bound = &mentions[i];
    let from = bound.number.start.saturating_sub(6).max(bound.clause.0);
    let Some(at) =
        word_before(chars, from, bound.number.start, "均在 均达 均达到 均超过 都在 均高于 均不低于")
    else {
        return;
    };
    if bound.number.value >= 100.0 {
        return;
    }
    let up = stands(chars, bound.number.end + 1, "以上")
        || any(chars, from, bound.number.start, "超过 高于 不低于 均达");
    let name_end = word_before(chars, bound.clause.0, at, "率");
    let Some(end) = name_end.filter(|end| up && bound.plain_unit(chars) == "%" && *end >= 3) else { return };
    let name: String = chars[end - 3..end].iter().collect();
    let wished = any(chars, bound.sentence.0, bound.start, "确保 力争 要 目标 将");
    let first = mentions.partition_point(|m| m.start + FAR < bound.start);
    let below = mentions[first..].iter().take_while(|m| m.start <= bound.start + FAR).find(|m| {
        let own = word_before(chars, m.sentence.0, m.number.start, &name)
            .is_some_and(|at| m.number.start - at <= 24);
        let only = !any(chars, m.sentence.0, m.number.start, "上年 去年 由 从 以前 同期 提高 其中 个人 个别");
        m.sentence != bound.sentence
            && m.plain_unit(chars) == "%"
            && m.exact()
            && own
            && only
            && m.number.value < bound.number.value
    });
    if let Some(below) = below.filter(|_| !wished) {
        let reason = format!("称{name}都在{}%以上，这里有{}%", bound.number.value, below.number.value);
        let mut figures = [bound, below];
        figures.sort_by_key(|m| m.start);
        found.between(&figures, ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}

/// 整改率低于90%的有3个乡镇，分别为86.5%、88.2%和92.1%: one of them is not below.
fn below_all(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let bound = &mentions[i];
    let from = bound.number.start.saturating_sub(3).max(bound.clause.0);
    let under = any(chars, from, bound.number.start, "低于 不足 不到");
    let over =
        any(chars, from, bound.number.start, "高于 超过") || stands(chars, bound.number.end + 1, "以上的");
    if bound.plain_unit(chars) != "%"
        || under == over
        || !any(chars, bound.number.end, (bound.number.end + 4).min(chars.len()), "的")
    {
        return;
    }
    let Some(at) = find(chars, bound.end, bound.sentence.1, "分别为")
        .or_else(|| find(chars, bound.end, bound.sentence.1, "分别是"))
    else {
        return;
    };
    let wrong =
        mentions[i + 1..]
            .iter()
            .take_while(|m| m.sentence == bound.sentence)
            .filter(|m| m.start >= at && m.plain_unit(chars) == "%" && m.exact())
            .find(|m| {
                if under { m.number.value >= bound.number.value } else { m.number.value < bound.number.value }
            });
    if let Some(wrong) = wrong {
        let reason = format!(
            "所列{}%不符合“{}{}%”",
            wrong.number.value,
            if under { "低于" } else { "高于" },
            bound.number.value
        );
        found.between(&[bound, wrong], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}
