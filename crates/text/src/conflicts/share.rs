//! Stated shares and rates against what the counts in front of them give.

use super::portion::WIDER;
use super::rest::count;
use super::within::plain;
use super::{Certainty, ConflictKind, Found, rounding};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, find, words};

/// Words by which a rate at the beginning of a sentence is of others than those told last.
pub(super) const WIDER_NAMES: &str =
    "综合 总体 按期 按时 限期 及时 增长 同比 满意 知晓 下降 上升 普及 利用 使用 由 从 平均 年均 首次 累计";

pub(super) fn sentence(found: &mut Found<'_>, mentions: &[Mention]) {
    share(found, mentions);
    shares_of_whole(found, mentions);
}

/// 120个，已完成80个，完成率75%. Also 453个，占96.18%.
fn share(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for (i, rate) in mentions.iter().enumerate().skip(2) {
        if rate.plain_unit(chars) != "%" || !rate.exact() {
            continue;
        }
        // A rate that cannot be at all is told as such.
        if found.holds(rate) {
            continue;
        }
        let Some(part) = part_of(chars, &mentions[..i], rate) else { continue };
        let unit = part.plain_unit(chars);
        let wholes: Vec<&Mention> = mentions[..i]
            .iter()
            .filter(|m| {
                m.start < part.start
                    && m.kind == FigureKind::Count
                    && m.exact()
                    && m.plain_unit(chars) == unit
                    && !m.number.han
                    && m.amount(chars) >= part.amount(chars)
                    && m.amount(chars) > 0.0
                    && !chars[m.end..part.start].contains(&'；')
            })
            .collect();
        // Of several counts in front any may be meant; the nearest is told unless one says that it is all.
        let all = wholes.iter().find(|m| chars[m.clause.0..m.start].contains(&'共'));
        let Some(whole) = all.or(wholes.last()) else { continue };
        if !wholes.iter().any(|whole| right(chars, part, whole, rate)) {
            tell(found, whole, part, rate, Certainty::Certain);
        }
    }
}

/// How many of a hundred the part is.
fn percent(chars: &[char], part: &Mention, whole: &Mention) -> f64 {
    part.amount(chars) / whole.amount(chars).max(1e-9) * 100.0
}

/// Whether the rate is what the counts give, rounded or cut off.
fn right(chars: &[char], part: &Mention, whole: &Mention, rate: &Mention) -> bool {
    let computed = percent(chars, part, whole);
    (computed - rate.number.value).abs() <= rounding(chars, rate) + 1e-9 || truncated(chars, computed, rate)
}

/// The share that a part has of its whole, told beside the one that is stated.
pub(super) fn tell(found: &mut Found<'_>, whole: &Mention, part: &Mention, rate: &Mention, sure: Certainty) {
    let computed = percent(found.chars, part, whole);
    let (some, all) = (plain(part.amount(found.chars)), plain(whole.amount(found.chars)));
    let reason = format!("按{some}÷{all}算应为{computed:.1}%，文中为{}%", rate.number.value);
    found.between(&[whole, part, rate], ConflictKind::Share, sure, reason);
}

/// The count whose share a rate tells: the one done as the rate says (办结……，办结率).
fn part_of<'a>(chars: &[char], before: &'a [Mention], rate: &Mention) -> Option<&'a Mention> {
    let exact = |m: &&Mention| m.kind == FigureKind::Count && m.exact() && !m.rhythm;
    let from = rate.clause.0;
    // What is told with 占 is a portion of what may stand farther in front.
    if find(chars, from, rate.number.start, "占").is_some() {
        return None;
    }
    // 综合整改率 is of those mended at once too.
    if any(chars, from, rate.number.start, WIDER) {
        return None;
    }
    const DONE: &str = "办结 完成 整改 解决 化解 销号 达标 合格 回访 回收 整治 治理 采纳 办复 签约 开工 竣工 投产 拨付 支付 兑现 覆盖 转化 处置 到位";
    let named = |w: &&str| find(chars, from, rate.number.start, &format!("{w}率")).is_some();
    let Some(word) = DONE.split_whitespace().find(named) else {
        let part = owed_and_done(chars, before, rate).or_else(|| named_by_rate(chars, before, rate));
        return part.filter(|part| exact(part));
    };
    // 收回有效问卷576份，回收率96%.
    let other = if word == "回收" { "收回" } else { word };
    let fits = |m: &&Mention| {
        exact(m)
            && (find(chars, m.clause.0, m.start, word).is_some()
                || find(chars, m.clause.0, m.start, other).is_some()
                || find(chars, m.end, m.clause.1, word).is_some())
            && !any(chars, m.clause.0, m.start, "未 基本 部分 正在 需要 阶段性")
    };
    let mut fitting = before.iter().filter(fits);
    let part = fitting.next()?;
    fitting.next().is_none().then_some(part)
}

/// 应到48名，实到45名，参训率: what was done of what was due, with a rate of any name right behind.
fn owed_and_done<'a>(chars: &[char], before: &'a [Mention], rate: &Mention) -> Option<&'a Mention> {
    let [.., owed, done] = before else { return None };
    let says = |m: &Mention, words: &str| any(chars, m.clause.0, m.start, words);
    let pair = says(owed, "应 计划 需 拟")
        && says(done, "实 已")
        && owed.plain_unit(chars) == done.plain_unit(chars);
    let near = rate.start - done.end <= 12 && any(chars, done.end, rate.number.start, "率");
    (pair && near && !says(owed, "适应 相应 响应 供应 效应 对应 反应 应急")).then_some(done)
}

/// 180人参考，171人通过考试，通过率: the one count in front whose own clause has the word of the rate.
fn named_by_rate<'a>(chars: &[char], before: &'a [Mention], rate: &Mention) -> Option<&'a Mention> {
    const OTHER: &str =
        "压减 精简 压缩 削减 缩短 增长 满意 支持 知晓 下降 上升 利用 覆盖 使用 效 占有 普及 概 比 频";
    let at = find(chars, rate.clause.0, rate.number.start, "率").filter(|at| *at >= rate.clause.0 + 2)?;
    let word = words(chars, at - 2, at);
    if OTHER.split_whitespace().any(|other| word.ends_with(other)) {
        return None;
    }
    let says =
        |m: &&Mention| find(chars, m.clause.0, m.clause.1, &word).is_some() && m.clause.1 <= rate.clause.0;
    let mut saying = before.iter().filter(says);
    let part = saying.next().filter(|part| rate.start - part.end <= 24)?;
    saying.next().is_none().then_some(part)
}

/// Whether the stated rate is the computed one cut off instead of rounded.
pub(super) fn truncated(chars: &[char], computed: f64, rate: &Mention) -> bool {
    let step = 2.0 * rounding(chars, rate);
    computed >= rate.number.value && computed - rate.number.value < step
}

/// 甲占60%、乙占50%: shares of one whole.
fn shares_of_whole(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let shares: Vec<&Mention> = mentions
        .iter()
        .filter(|m| {
            m.plain_unit(chars) == "%"
                && m.exact()
                && (chars[m.clause.0..m.number.start].contains(&'占')
                    || any(chars, m.sentence.0, m.number.start, "分别占"))
        })
        .collect();
    // 大专以上学历的占42.5%；50岁以上的占52.7%: of the same people, seen from several sides.
    let sides =
        shares.iter().filter(|m| any(chars, m.sentence.0, m.start, "以上的 以下的 以上学历")).count() > 0;
    // 其中网上办理占82%，自助终端占15%，窗口占8%: one behind the other, without a count of their own.
    let in_a_row = shares.windows(2).all(|w| {
        let between = &chars[w[0].end..w[1].start];
        between.len() <= 14 && between.iter().filter(|c| matches!(c, '，' | '、' | '；')).count() == 1
    }) && mentions
        .iter()
        .filter(|m| m.start >= shares[0].start)
        .take(shares.len())
        .all(|m| m.plain_unit(chars) == "%");
    // 优质校占比分别为50.0%、42.0%: each of its own.
    let each = shares
        .first()
        .is_some_and(|m| any(chars, m.clause.0, m.number.start, "占比分别 率分别 比例分别 比重分别"));
    if each
        && !any(chars, shares[0].clause.0, shares[0].number.start, "分别占总 总数")
        && shares.len() > 1
        && in_a_row
    {
        return;
    }
    if shares.len() > 2 && in_a_row && !sides {
        let total: f64 = shares.iter().map(|m| m.number.value).sum();
        let slack: f64 = shares.iter().map(|m| rounding(chars, m)).sum();
        if total > 100.0 + slack {
            let reason = format!("各部分占比相加为{total:.1}%，超过100%");
            found.between(&shares, ConflictKind::SharesOfWhole, Certainty::Certain, reason);
            return;
        }
    }
    // 分别占图斑个数的66.1%和违法面积240亩的65%: each of its own whole.
    let own = shares.windows(2).any(|w| chars[w[0].end..w[1].start].contains(&'的'));
    // 47个、房屋16976套，分别占90.4%和91.1%: of two units.
    let before = mentions.partition_point(|m| m.end <= shares.first().map_or(0, |m| m.start));
    let pair = before.checked_sub(2).map(|from| &mentions[from..before]);
    let own = own
        || shares.len() == 2
            && pair.is_some_and(|pair| pair[0].plain_unit(chars) != pair[1].plain_unit(chars))
            && any(chars, shares[0].clause.0, shares[0].start, "分别");
    if shares.len() < 2
        || own
        || sides
        || any(chars, shares[0].sentence.0, shares[0].sentence.1, "其中 同比 增长 率 提升 提高 上升 下降")
    {
        return;
    }
    let total: f64 = shares.iter().map(|m| m.number.value).sum();
    let slack: f64 = shares.iter().map(|m| rounding(chars, m)).sum();
    if total > 100.0 + slack {
        found.between(
            &shares,
            ConflictKind::SharesOfWhole,
            Certainty::Certain,
            format!("各部分占比相加为{total:.1}%，超过100%"),
        );
    } else if total > 97.0 && total < 100.0 - slack {
        found.between(
            &shares,
            ConflictKind::SharesOfWhole,
            Certainty::Query,
            format!("各部分占比相加为{total:.1}%，不足100%"),
        );
    }
}

/// How far in front of its part the whole of a rate may stand in another sentence, in code points.
const FAR: usize = 160;

/// 共发现问题64个，…… 已完成整改48个，整改完成率达85%: the whole stands in a sentence in front.
pub(super) fn of_whole_before(found: &mut Found<'_>, before: &[Mention], mentions: &[Mention]) {
    const RATES: &str = "整改率 完成率 办结率 解决率 化解率 销号率 整改完成率";
    let chars = found.chars;
    for pair in mentions.windows(2) {
        let [part, rate] = pair else { continue };
        let named = any(chars, rate.clause.0, rate.number.start, RATES) && rate.plain_unit(chars) == "%";
        let done =
            any(chars, part.clause.0, part.start, "已完成 已整改 已办结 已解决 已化解 已销号 完成整改");
        let next = part.clause.1 + 1 >= rate.clause.0 && part.clause != rate.clause;
        let unit = part.plain_unit(chars);
        let same = |m: &&Mention| count(m) && m.plain_unit(chars) == unit;
        if !(named && done && next && count(&part) && rate.exact())
            || mentions.iter().filter(same).any(|m| m.start < part.start)
        {
            continue;
        }
        // Only where one whole alone was told, or one alone as what there is in all.
        let near = |m: &&Mention| part.start - m.end <= FAR;
        let all: Vec<&Mention> = before.iter().rev().take_while(near).filter(same).collect();
        let summed: Vec<&Mention> =
            all.iter().copied().filter(|m| chars[m.clause.0..m.start].contains(&'共')).collect();
        let (([whole], _) | (_, [whole])) = (&all[..], &summed[..]) else { continue };
        if part.amount(chars) <= whole.amount(chars) && !right(chars, part, whole, rate) {
            tell(found, whole, part, rate, Certainty::Certain);
        }
    }
}
