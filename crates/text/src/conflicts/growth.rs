//! Growth told in times, in fractions and in two ways at once.

use super::fraction::fractions;
use super::reckon::{Range, measure, same_unit, word_before};
use super::within::plain;
use super::{Certainty, ConflictKind, Found, rounding};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};
use crate::numbers::{Number, number_at};

/// How far 翻一番 may be from twice as much, as a share.
const DOUBLED: f64 = 0.12;
/// How far behind the two values their change is told, in code points.
const BEHIND: usize = 30;
/// How far two values that are compared may stand from one another.
const APART: usize = 45;
const UP: &str = "增加 增长 提高 提升 上升 扩大 净增 新增 多";
const DOWN: &str = "减少 下降 降低 压缩 缩短 压减 缩减 净减 减亏 节约 节省 少";

/// A value of before and the value now.
#[derive(Clone, Copy)]
struct Both<'a> {
    old: &'a Mention,
    new: &'a Mention,
    /// Where the later of both ends.
    end: usize,
    /// Whether the text says that it has become more, or less.
    up: Option<bool>,
}

pub(super) fn sentence(found: &mut Found<'_>, mentions: &[Mention]) {
    for second in 1..mentions.len() {
        if let Some(both) = compared(found.chars, mentions, second) {
            doubled(found, both);
            times(found, both, mentions.get(second + 1));
            fraction(found, both);
            both_ways(found, both, &mentions[second + 1..]);
            opposite(found, both);
            wrong_way(found, both, mentions.get(second + 1));
        }
    }
    compared_with(found, mentions);
    rate_then_rise(found, mentions);
    risen_to(found, mentions);
    stock(found, mentions);
}

/// 由190万元增加到570万元; 570万元，比去年的190万元.
fn compared<'a>(chars: &[char], mentions: &'a [Mention], second: usize) -> Option<Both<'a>> {
    const ROSE: &str = "增加到 增加至 增长到 增长至 增至 增到 增加为 提高到 提高至 提升到 提升至 上升到 上升至 扩大到 扩大至 发展到 升至 升到";
    const FELL: &str = "减少到 减少至 减至 减到 下降到 下降至 降到 降至 压缩到 压缩至 压减到 压减至 缩短到 缩短至 缩减到 缩减至 减少为 压缩为 缩短为";
    let later = &mentions[second];
    let average =
        |m: &Mention| any(chars, m.number.start.saturating_sub(5).max(m.clause.0), m.number.start, "均 每");
    let first = mentions[..second].iter().rev().take_while(|m| later.start - m.end <= APART).find(|m| {
        // 为年初预算80.1亿元的78.0%: what it is a share of is no value of now.
        let base = chars.get(m.end) == Some(&'的') && chars.get(m.end + 1).is_some_and(char::is_ascii_digit);
        measure(m) && same_unit(chars, m, later) && !average(m) && !is_change(chars, m) && !base
    })?;
    let first = super::within::whole_of_parts(chars, mentions, first);
    // 由720元提高到756元；农村由580元提高到638元: each by itself.
    if !measure(later) || chars[first.end..later.start].contains(&'；') {
        return None;
    }
    let from = first.number.start.saturating_sub(24).max(first.clause.0);
    let rose = any(chars, first.end, later.start, ROSE);
    let fell = any(chars, first.end, later.start, FELL);
    if any(chars, from, first.start, "由 从") && (rose || fell) && later.start - first.end <= 24 {
        return Some(Both { old: first, new: later, end: later.end, up: (rose != fell).then_some(rose) });
    }
    // 去年培训860人，今年培训1290人.
    let years = any(chars, first.clause.0, first.start, "去年 上年")
        && any(chars, later.clause.0, later.start, "今年 本年")
        && first.clause.1 + 1 == later.clause.0
        && !is_change(chars, later);
    if years {
        return Some(Both { old: first, new: later, end: later.end, up: None });
    }
    let than = word_before(chars, first.end, later.start, "比 较 与 是 为")?;
    // 受理141件，而去年同一时段是186件.
    let was = matches!(chars[later.start - 1], '是' | '为')
        && first.clause.1 + 1 == later.clause.0
        && any(chars, later.clause.0, later.start, "去年同 上年同 去年是 去年为 上年是 上年为");
    let base = was
        || any(
            chars,
            than,
            later.start,
            "上年 去年 同期 上月 上季 季度 月底 月末 季末 此前 之前 以前 原来 年",
        );
    // 是去年新建数140个的2倍.
    let multiple = chars.get(later.end) == Some(&'的')
        && number_at(chars, later.end + 1).is_some_and(|n| chars.get(n.end) == Some(&'倍'));
    let of = was || multiple || matches!(chars[later.start - 1], '的' | '期' | '年');
    // 较2020年增加30户，较上年的120户: what stands between may be another comparison.
    let alone = !chars[first.end..than].iter().any(|c| matches!(c, '较' | '比' | '。' | '；'))
        || chars[first.end..than].iter().filter(|c| matches!(c, '较' | '比')).count() == 1
            && matches!(chars[than - 1], '较' | '比');
    let stop = (later.end + 4).min(later.clause.1);
    let (more, less) = (any(chars, later.end, stop, UP), any(chars, later.end, stop, DOWN));
    (base && of && alone).then_some(Both {
        old: later,
        new: first,
        end: later.end,
        up: (more != less).then_some(more),
    })
}

/// 累计完成投资240.6亿元，占年度计划的77.1%；与去年同期的208.3亿元相比，增长25.5%: of no number of the sentence.
fn compared_with(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for (i, pair) in mentions.windows(2).enumerate() {
        let [old, rate] = pair else { continue };
        let with = any(chars, old.clause.0, old.start, "与 同 和")
            && stands(chars, old.end, "相比，")
            && any(chars, old.clause.0, old.start, "去年 上年 同期 上月");
        let change =
            any(chars, old.end, rate.start, "增长 下降 增加 减少 提高 上升") && rate.plain_unit(chars) == "%";
        let each = any(chars, old.end, rate.start, "分别");
        if each || !with || !change || !rate.exact() || rate.start - old.end > 12 {
            continue;
        }
        let news: Vec<&Mention> = mentions[..i]
            .iter()
            .filter(|m| m.sentence == old.sentence && measure(m) && same_unit(chars, m, old))
            .collect();
        let fits = |new: &&&Mention| {
            let change = Range::of(chars, new).minus(Range::of(chars, old)).over(Range::of(chars, old));
            change.times(if change.high < 0.0 { -100.0 } else { 100.0 }).meets(Range::told(chars, rate))
        };
        let Some(new) = news.first().filter(|_| !news.iter().any(|n| fits(&n))) else { continue };
        let computed = (new.amount(chars) / old.amount(chars) - 1.0) * 100.0;
        let reason = format!(
            "由{}到{}，应为{computed:.1}%，文中为{}%",
            plain(old.amount(chars)),
            plain(new.amount(chars)),
            rate.number.value
        );
        found.between(&[new, old, rate], ConflictKind::Change, Certainty::Certain, reason);
    }
}

/// 减少60起: a difference is no value.
fn is_change(chars: &[char], m: &Mention) -> bool {
    let front = |words: &str, far: usize| {
        any(chars, m.number.start.saturating_sub(far).max(m.clause.0), m.number.start, words)
    };
    // 比上年同期的480起减少60起，治安警情比……: the old value of something else; 由去年同期的48.4亿元 begins a change.
    front("减少 增加 净增 净减", 2) || front("同期的 上年的 去年的", 3) && !front("由 从", 10)
}

fn tell(found: &mut Found<'_>, both: Both<'_>, change: (usize, usize), reason: String) {
    let (old, new) = (both.old, both.new);
    let mut spans = [(old.start, old.end), (new.start, new.end), change];
    spans.sort_unstable();
    found.tell(&spans, ConflictKind::Change, Certainty::Certain, reason);
}

/// New divided by old, with the rounding of both.
fn ratio(chars: &[char], both: Both<'_>) -> Range {
    Range::beside(chars, both.new, both.old).over(Range::beside(chars, both.old, both.new))
}

/// 翻了两番: four times as much.
fn doubled(found: &mut Found<'_>, both: Both<'_>) {
    let chars = found.chars;
    let stop = (both.end + BEHIND).min(both.old.sentence.1);
    let Some(at) = find(chars, both.end, stop, "翻") else { return };
    let Some(Number { end, value, .. }) =
        (at + 1..at + 5).find_map(|n| number_at(chars, n)).filter(|n| chars.get(n.end) == Some(&'番'))
    else {
        return;
    };
    let wished = any(chars, both.end, at, "力争 确保 目标 计划");
    let wanted = 2_f64.powf(value);
    let nearly = any(chars, both.end, at, "近 接近 将近");
    let more = matches!(chars.get(end + 1), Some('多' | '有' | '还' | '以'));
    let low = wanted * (1.0 - if nearly { 2.0 * DOUBLED } else { DOUBLED });
    let high = wanted * (1.0 + if more { 0.9 } else { 2.0 * DOUBLED });
    let computed = ratio(chars, both);
    if !wished && !computed.meets(Range { low, high }) {
        let reason = format!(
            "翻{value:.0}番应为原来的{wanted:.0}倍，{}到{}只是{:.2}倍",
            plain(both.old.amount(chars)),
            plain(both.new.amount(chars)),
            computed.low.midpoint(computed.high)
        );
        tell(found, both, (at, end + 1), reason);
    }
}

/// 增长1.5倍, 是上年的2.5倍.
fn times(found: &mut Found<'_>, both: Both<'_>, rate: Option<&Mention>) {
    let chars = found.chars;
    let Some(rate) = rate.filter(|m| m.plain_unit(chars) == "倍" && m.start - both.end <= BEHIND) else {
        return;
    };
    let said = &(both.end, rate.number.start);
    let to = any(chars, said.0, said.1, "到 至 达 是 为 的 相当于") || chars[said.1 - 1] == '的';
    let by = any(chars, said.0, said.1, "增长 增加 提高 提升 扩大 上升 增幅");
    let other = any(chars, said.0, said.1, "较 比 全省 全市 全国 平均");
    if other || !(to || by) {
        return;
    }
    let computed = ratio(chars, both);
    let grown = if to { computed } else { computed.minus(Range::exactly(1.0)) };
    // Four times as much is no 增长2倍, however both are rounded.
    let exact = grown.low.midpoint(grown.high);
    let even = (exact - exact.round()).abs() < 0.02
        && rate.exact()
        && (exact.round() - rate.number.value).abs() > 0.4;
    if !grown.meets(Range::told(chars, rate)) || even {
        let reason = format!(
            "{}到{}应为{:.2}倍，文中为{}倍",
            plain(both.old.amount(chars)),
            plain(both.new.amount(chars)),
            grown.low.midpoint(grown.high),
            rate.number.value
        );
        tell(found, both, (rate.start, rate.end), reason);
    }
}

/// 由1200吨提升到1500吨，提高了四分之一.
fn fraction(found: &mut Found<'_>, both: Both<'_>) {
    let chars = found.chars;
    let stop = (both.end + 20).min(both.old.sentence.1);
    let Some(share) = fractions(chars, both.end, stop).first().copied() else { return };
    let said = any(chars, both.end, share.start, UP) || any(chars, both.end, share.start, DOWN);
    let other = any(chars, both.end, share.start, "到 占 其中 较 比");
    let change = ratio(chars, both).minus(Range::exactly(1.0));
    let change = if change.high < 0.0 { change.times(-1.0) } else { change };
    if said && !other && !change.meets(share.range) {
        let reason = format!(
            "{}到{}变化{:.1}%，与文中所说不符",
            plain(both.old.amount(chars)),
            plain(both.new.amount(chars)),
            change.low.midpoint(change.high) * 100.0
        );
        tell(found, both, (share.start, share.end), reason);
    }
}

/// 31件，比去年同期的47件减少16件，下降34%: the difference and the rate.
fn both_ways(found: &mut Found<'_>, both: Both<'_>, behind: &[Mention]) {
    let chars = found.chars;
    let (old, new) = (Range::beside(chars, both.old, both.new), Range::beside(chars, both.new, both.old));
    let change =
        if both.new.amount(chars) >= both.old.amount(chars) { new.minus(old) } else { old.minus(new) };
    let mut end = both.end;
    for told in behind.iter().take(2).take_while(|m| m.start - both.end <= BEHIND) {
        let between = (end, told.number.start);
        let says = any(chars, between.0, between.1, UP) || any(chars, between.0, between.1, DOWN);
        // 同比增长 is said of both; 比全市 is another comparison.
        let compared = any(chars, between.0, between.1, "较 比") && !any(chars, between.0, between.1, "同比");
        let other = compared || any(chars, between.0, between.1, "分别 到 至 其中 占 均 每 人 率 。 ；");
        if !says || other {
            return;
        }
        end = told.end;
        let computed = if told.plain_unit(chars) == "%" {
            change.over(old).times(100.0)
        } else if same_unit(chars, told, both.new) {
            change
        } else {
            return;
        };
        let mut wanted = Range::told(chars, told);
        if told.plain_unit(chars) == "%" {
            // The values may have been rounded before.
            wanted.low -= rounding(chars, told);
        } else {
            wanted = Range::of(chars, told);
        }
        if !computed.meets(wanted) {
            let reason = format!(
                "{}到{}的变化应为{}，文中为{}",
                plain(both.old.amount(chars)),
                plain(both.new.amount(chars)),
                plain(computed.low.midpoint(computed.high)),
                plain(told.amount(chars))
            );
            tell(found, both, (told.start, told.end), reason);
            return;
        }
    }
}

/// 由50户增加到40户.
fn opposite(found: &mut Found<'_>, both: Both<'_>) {
    let chars = found.chars;
    let (old, new) = (both.old.amount(chars), both.new.amount(chars));
    let wrong = both.up.is_some_and(|up| if up { new < old } else { new > old });
    let place = chars[..both.old.start].last() == Some(&'第') || stands(chars, both.old.end, "次");
    if wrong && !place {
        let reason = format!("原为{}，现为{}，与所说的增减相反", plain(old), plain(new));
        let mut figures = [both.old, both.new];
        figures.sort_by_key(|m| m.start);
        found.between(&figures, ConflictKind::Change, Certainty::Certain, reason);
    }
}

/// 由1.40亿元降至1.28亿元，增长8.6%: the rate goes the other way than the values.
fn wrong_way(found: &mut Found<'_>, both: Both<'_>, rate: Option<&Mention>) {
    const ROSE: &str = "增长 上升 提高 提升 增幅";
    const FELL: &str = "下降 减少 降低 降幅";
    let chars = found.chars;
    let Some(rate) = rate.filter(|m| m.plain_unit(chars) == "%" && m.start - both.end <= 8) else { return };
    let up = both.new.amount(chars) > both.old.amount(chars);
    let (rose, fell) = (any(chars, both.end, rate.start, ROSE), any(chars, both.end, rate.start, FELL));
    if both.up == Some(up) && rose != fell && rose != up {
        let reason = format!(
            "由{}到{}，与所说的增减相反",
            plain(both.old.amount(chars)),
            plain(both.new.amount(chars))
        );
        tell(found, both, (rate.start, rate.end), reason);
    }
}

/// 比上年底的82个新增35个，达到107个.
fn risen_to(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for triple in mentions.windows(3) {
        let [old, by, now] = triple else { continue };
        let than = any(chars, old.start.saturating_sub(12).max(old.clause.0), old.start, "比 较 在")
            && chars[old.start - 1] == '的';
        let more = any(chars, old.end, by.start, "新增 增加 净增 增");
        let less = any(chars, old.end, by.start, "减少 压减 净减");
        let to = any(chars, by.end, now.start, "达到 增至 增加到 增加至 升至 达 降至 减至 减少到 减少至");
        let same = same_unit(chars, old, by) && same_unit(chars, by, now) && triple.iter().all(measure);
        let near = by.start - old.end <= 10 && now.start - by.end <= 10;
        if !(than && more != less && to && same && near) {
            continue;
        }
        let change = Range::of(chars, by).times(if more { 1.0 } else { -1.0 });
        let computed = Range::of(chars, old).plus(change);
        if !computed.meets(Range::told(chars, now)) {
            let reason = format!(
                "应为{}，文中为{}",
                plain(computed.low.midpoint(computed.high)),
                plain(now.amount(chars))
            );
            found.between(&[old, by, now], ConflictKind::Change, Certainty::Certain, reason);
        }
    }
}

/// 年初276人，新接收143人、解除131人，年末298人.
fn stock(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for four in mentions.windows(4) {
        let [first, more, less, last] = four else { continue };
        let says = |m: &Mention, words: &str| any(chars, m.clause.0, m.start, words);
        let in_front =
            |m: &Mention, from: usize, words: &str| any(chars, from.max(m.clause.0), m.start, words);
        let ends = says(first, "年初 期初 上年末 上年底 月初") && says(last, "年末 年底 期末 月末 目前 现有");
        let flows = in_front(more, first.end, "新 增 转入 接收 纳入")
            && in_front(less, more.end, "解除 减少 转出 退出 办结 注销 清退 化解 核销 终止");
        let same = four.iter().all(|m| measure(m) && same_unit(chars, m, first));
        let sum = Range::of(chars, first).plus(Range::of(chars, more)).minus(Range::of(chars, less));
        if ends && flows && same && last.start - first.end <= 60 && !sum.meets(Range::told(chars, last)) {
            let reason = format!(
                "{}加{}减{}应为{}，文中为{}",
                plain(first.amount(chars)),
                plain(more.amount(chars)),
                plain(less.amount(chars)),
                plain(sum.low.midpoint(sum.high)),
                plain(last.amount(chars))
            );
            found.between(&[first, more, less, last], ConflictKind::Sum, Certainty::Certain, reason);
        }
    }
}

/// 接待480人，同比增长25%，增加120人.
fn rate_then_rise(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for triple in mentions.windows(3) {
        let [now, rate, by] = triple else { continue };
        let close = rate.start - now.end <= 24 && by.start - rate.end <= 8;
        if !close || rate.plain_unit(chars) != "%" || !rate.exact() || !same_unit(chars, now, by) {
            continue;
        }
        let than = any(chars, now.end, rate.start, "比上年 比去年 较上年 较去年 同比");
        let side = |from: usize, to: usize| match (any(chars, from, to, UP), any(chars, from, to, DOWN)) {
            (true, false) => Some(1.0),
            (false, true) => Some(-1.0),
            _ => None,
        };
        let (Some(told), Some(sign)) = (side(now.end, rate.start), side(rate.end, by.start)) else {
            continue;
        };
        let other = any(chars, rate.end, by.start, "到 至 其中 较 比 ； 值") || told * sign < 0.0;
        if !than || other || !measure(now) || !measure(by) {
            continue;
        }
        let old = Range::of(chars, now).minus(Range::of(chars, by).times(sign));
        let computed = Range::of(chars, by).over(old).times(100.0);
        if old.low > 0.0 && !computed.meets(Range::told(chars, rate)) {
            let reason = format!("变化应为{:.1}%，文中为{}%", computed.low, rate.number.value);
            found.between(&[now, rate, by], ConflictKind::Change, Certainty::Certain, reason);
        }
    }
}
