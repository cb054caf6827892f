//! Shares of what the text names and counts once: 应发放4.8万张，已发放4.56万张，发放率105.3%; 占全区行政村总数的95.2%; 优良天数328天，比例86.4%.

use super::super::facts::{behind, label};
use super::super::reckon::{all_han, in_front, same_unit, word_before};
use super::super::{Certainty, ConflictKind, Found, rounding, share};
use super::{counted, fits, is_rate};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands, words};

/// How far in front of its part a whole may stand that is named, in code points.
const FAR: usize = 2_500;
/// How far in front other wholes may stand that make the share right.
const EXPLAINED: usize = 900;
/// How far behind its days the share of a year may stand.
const DAYS: usize = 30;
/// The most days of a year.
const YEAR: f64 = 366.0;
/// How far apart what is due and what was done may stand.
const STEP: usize = 14;
/// What may be due and done: 应测, 实测.
const WORDS: [&str; 14] =
    ["测", "到", "参", "检", "考", "交", "收", "缴", "报", "评", "查", "发", "种", "办"];
/// What stands in front of the name of a whole: 占全区行政村总数的.
const ALL: [&str; 9] =
    ["占全街道", "占全省", "占全市", "占全县", "占全区", "占全镇", "占全乡", "占全部", "占"];
/// Places that a share is told to be of.
const PLACES: [&str; 7] = ["全省", "全市", "全县", "全区", "全镇", "全乡", "全街道"];
const TOTAL: [&str; 4] = ["总数的", "总量的", "总数", "总量"];

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        if is_rate(found.chars, &mentions[i]) {
            due_and_done(found, mentions, i);
            named(found, mentions, i);
            of_a_year(found, mentions, i);
            of_the_base(found, mentions, i);
        }
        more_than_due(found, mentions, i);
    }
}

/// 应发放4.8万张，已发放4.56万张，发放率105.3%.
fn due_and_done(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([due, done]) = i.checked_sub(2).map(|from| &mentions[from..i]) else { return };
    let rate = &mentions[i];
    let one = due.sentence == rate.sentence && counted(due) && counted(done) && same_unit(chars, due, done);
    let (owed, did) = (label(chars, mentions, i - 2), label(chars, mentions, i - 1));
    let [.., '应', a, b] = owed else { return };
    let word = words(&[*a, *b], 0, 2);
    let same = any(did, 0, did.len(), &format!("已{word} 实际{word} 实{word}"));
    let named = any(chars, done.end, rate.number.start, &format!("{word}率"));
    let close = rate.start.saturating_sub(done.end) <= 8;
    if one && same && named && close && !fits(chars, done, due, rate) {
        share::tell(found, due, done, rate, Certainty::Certain);
    }
}

/// 应测学生38620名，实测学生38955名.
fn more_than_due(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (due, done) = (&mentions[i - 1], &mentions[i]);
    let beside =
        due.sentence == done.sentence && counted(due) && counted(done) && same_unit(chars, due, done);
    if !beside || done.number.start - due.end > STEP || done.amount(chars) <= due.amount(chars) {
        return;
    }
    let front = |m: &Mention| (m.number.start.saturating_sub(STEP).max(m.clause.0), m.number.start);
    let (owed, did) = (front(due), front(done));
    let same = WORDS.iter().any(|word| {
        find(chars, owed.0, owed.1, &format!("应{word}")).is_some()
            && find(chars, did.0, did.1, &format!("实{word}")).is_some()
    });
    if same
        && !any(
            chars,
            done.clause.0,
            done.sentence.1.min(done.end + 30),
            "超 多于 包括 含 欠 历年 积案 跨年 新增 补 清 主要是 结转",
        )
    {
        super::super::exceeds::tell(found, due, done);
    }
}

/// 巡察县管党组织71个，占全县88个县管党组织的90.7%: what it is a share of stands in the words themselves.
fn of_the_base(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([part, base]) = i.checked_sub(2).map(|from| &mentions[from..i]) else { return };
    let rate = &mentions[i];
    let one =
        part.sentence == rate.sentence && counted(part) && counted(base) && same_unit(chars, part, base);
    let from = part.end.min(base.number.start);
    let said = find(chars, from, base.number.start, "占")
        .is_some_and(|at| base.number.start - at <= 6 && at - from <= 2);
    let of = rate.number.start.saturating_sub(base.end) <= 10 && chars[rate.number.start - 1] == '的';
    // 占全县86家农业企业产值的45.2%
    let of = of
        && !any(
            chars,
            base.end,
            rate.number.start,
            "产值 面积 产量 税收 人口 投资 收入 总额 营收 资产 用工 销售",
        );
    let less = base.amount(chars) > part.amount(chars);
    // 第一批38个、第二批26个，占全县163个村的39.3%: of several together, or of what stands in front of them.
    let others = mentions[..i].iter().rev().take_while(|m| m.sentence == rate.sentence).any(|m| {
        m.start != part.start
            && m.start != base.start
            && same_unit(chars, m, base)
            && fits(chars, m, base, rate)
    });
    let item = chars[part.clause.0..part.number.start].contains(&'、');
    let aim = any(chars, base.clause.0, base.number.start, "任务 目标 计划");
    let less = less && !others && !item && !aim;
    if one && said && of && less && !fits(chars, part, base, rate) {
        share::tell(found, base, part, rate, Certainty::Certain);
    }
}

/// 已覆盖148个行政村，占全区行政村总数的95.2%: of the villages of the district, which the text counts once.
fn named(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (part, rate) = (&mentions[i - 1], &mentions[i]);
    let Some(name) = total_named(chars, part, rate).filter(|_| counted(part)) else { return };
    // 占全区行政村总数 is of no whole of the city.
    let place = PLACES.iter().find(|place| find(chars, part.end, rate.number.start, place).is_some());
    let of_another = |m: &Mention| {
        let told = |own: &&&str| find(chars, m.clause.0, m.number.start, own).is_some();
        place.zip(PLACES.iter().find(told)).is_some_and(|(a, b)| a != b)
    };
    let of = |at: usize| {
        let m = &mentions[at];
        if of_another(m) {
            return false;
        }
        let named = label(chars, mentions, at).ends_with(name) || behind(chars, m).starts_with(name);
        named && counted(m) && same_unit(chars, m, part) && m.amount(chars) > part.amount(chars)
    };
    let near = mentions.partition_point(|m| m.end + FAR < part.start);
    let wholes: Vec<&Mention> = (near..i - 1).filter(|at| of(*at)).map(|at| &mentions[at]).collect();
    let Some(whole) = wholes.first() else { return };
    let alone = wholes.iter().all(|m| (m.amount(chars) - whole.amount(chars)).abs() < 1e-9);
    let explained = in_front(chars, mentions, i - 1, EXPLAINED).any(|m| fits(chars, part, m, rate));
    let here =
        |m: &&Mention| m.sentence == part.sentence && m.end <= rate.start && same_unit(chars, m, whole);
    let explained = explained
        || mentions[..i]
            .iter()
            .rev()
            .take_while(|m| m.end > part.sentence.0)
            .filter(here)
            .any(|m| counted(m) && fits(chars, m, whole, rate));
    if alone && !explained && !fits(chars, part, whole, rate) {
        share::tell(found, whole, part, rate, Certainty::Certain);
    }
}

/// 行政村 of 占全区行政村总数的.
fn total_named<'a>(chars: &'a [char], part: &Mention, rate: &Mention) -> Option<&'a [char]> {
    let gap = (part.end.min(rate.number.start), rate.number.start);
    if part.sentence != rate.sentence || any(chars, gap.0, gap.1, "； 合计 共占") {
        return None;
    }
    let at = ALL.iter().filter_map(|word| word_before(chars, gap.0, gap.1, word)).max()?;
    let end = TOTAL.iter().find_map(|word| find(chars, at, gap.1, word))?;
    let name = &chars[at..end];
    (name.len() > 1 && name.len() <= 8 && all_han(name)).then_some(name)
}

/// 优良天数为328天，比例为86.4%: of more days than a year has.
fn of_a_year(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (days, rate) = (&mentions[i - 1], &mentions[i]);
    let near = rate.start.saturating_sub(days.end) <= DAYS && days.sentence == rate.sentence;
    let told = days.plain_unit(chars) == "天"
        && any(chars, days.clause.0, days.number.start, "优良天数 达标天数 好天天数 优良天气天数")
        && days.exact();
    // 比例为86.4%: no rate of anything else.
    let from = days.end.min(rate.number.start);
    let share = ["，", "，占", "，优良", "，达标", "，优良天数", "，空气质量优良", "（", "（占", "，所占"]
        .iter()
        .filter_map(|front| find(chars, from, rate.number.start, front).map(|at| at + front.chars().count()))
        .any(|at| ["比例", "率", "占比", "比率", "比"].iter().any(|word| stands(chars, at, word)));
    let other =
        any(chars, days.end.min(rate.number.start), rate.number.start, "； 累计 两年 三年 提高 比上年");
    let least = days.number.value * 100.0 / (rate.number.value + 2.0 * rounding(chars, rate)).max(1e-9);
    if near && told && share && !other && days.number.value <= YEAR && least > YEAR {
        let right = days.number.value / (YEAR - 1.0) * 100.0;
        let reason = format!("{}天约为一年的{right:.1}%，文中为{}%", days.number.value, rate.number.value);
        found.between(&[days, rate], ConflictKind::Share, Certainty::Certain, reason);
    }
}
