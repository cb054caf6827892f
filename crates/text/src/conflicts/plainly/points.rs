//! 截至2023年底……比例为46% …… 比例达到62%，比2023年底提高18个百分点: a rate told of a day, and how far a later one lies from it.
//! 6名班子成员下基层118天，人均23.6天: three numbers one behind the other.

use super::super::reckon::{Range, all_han, holds};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found, rounding};
use super::{before, is_rate};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, find, stands};

/// How much of the name of a rate must be the same, in code points.
const NAME: usize = 6;
/// How far in front the earlier rate may stand.
const FAR: usize = 6_000;
/// How far behind the rate the points may stand.
const STEP: usize = 20;
/// How far the points may be from what two rates give, as both are rounded.
const MOST_SLACK: f64 = 1.05;
/// How far apart the three numbers of an average may stand.
const BESIDE: usize = 14;

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    if i > 0 {
        since(found, mentions, i);
        per_head(found, mentions, i);
    }
}

/// The name in front of a rate, without 为, 达到 and the like.
fn name<'a>(chars: &'a [char], m: &Mention) -> &'a [char] {
    let mut to = m.number.start;
    while to > m.clause.0 && matches!(chars[to - 1], '为' | '达' | '到' | '是' | '约' | '的' | '有') {
        to -= 1;
    }
    let from = chars[m.clause.0..to]
        .iter()
        .rposition(|c| !all_han(&[*c]))
        .map_or(m.clause.0, |n| m.clause.0 + n + 1);
    &chars[from..to]
}

/// Whether one of two names is the other, or that with a place or the like in front.
fn same_name(a: &[char], b: &[char]) -> bool {
    /// Of whom a rate is: 农村 and 城镇 are part of its name.
    const WHOSE: &str =
        "城镇 城市 城区 农村 乡村 全省 全市 全县 全区 我省 我市 我县 我区 镇 乡 街道 村 职工 居民 学生 教师";
    let (long, short) = if a.len() > b.len() { (a, b) } else { (b, a) };
    let end = &short[short.len().saturating_sub(NAME)..];
    let whose = |name: &[char]| -> Vec<&str> {
        WHOSE.split(' ').filter(|word| any(name, 0, name.len(), word)).collect()
    };
    short.len() >= NAME && long.ends_with(end) && whose(long) == whose(short)
}

fn since(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (now, points) = (&mentions[i - 1], &mentions[i]);
    let gap = (now.end.min(points.number.start), points.number.start);
    let beside = now.sentence == points.sentence && gap.1 - gap.0 <= STEP && is_rate(chars, now);
    let said = stands(chars, points.number.end, "个百分点") && points.exact();
    let rose = any(chars, gap.0, gap.1, "提高 提升 上升 增加");
    let Some(day) = find(chars, gap.0, gap.1, "比").filter(|_| beside && said && rose) else { return };
    // 2023年底: the day is named by its year.
    let Some(end) = find(chars, day, gap.1, "年底").filter(|end| end - day == 5) else { return };
    let day: String = chars[day + 1..end + 2].iter().collect();
    let own = name(chars, now);
    if own.len() < NAME {
        return;
    }
    let then = |m: &&Mention| is_rate(chars, m) && m.end < now.sentence.0 && same_name(name(chars, m), own);
    let of_day = |m: &&Mention| find(chars, m.sentence.0, m.start, &day).is_some();
    let all: Vec<&Mention> = before(mentions, now.start, FAR).iter().filter(then).filter(of_day).collect();
    let [then] = all[..] else { return };
    let by = now.number.value - then.number.value;
    let off = (by - points.number.value).abs();
    let slack: f64 = [then, now, points].into_iter().map(|m| rounding(chars, m)).sum();
    if off > slack.min(MOST_SLACK) + 1e-9 {
        let reason = format!(
            "{}%减{}%为{by:.1}个百分点，文中为{}",
            now.number.value, then.number.value, points.number.value
        );
        found.between(&[then, now, points], ConflictKind::Change, Certainty::Certain, reason);
    }
}

/// Whether 人均 is followed by a word of its own that does not stand in front of the total.
fn doing_something_else(chars: &[char], total: &Mention, each: &Mention) -> bool {
    let Some(at) = find(chars, each.clause.0, each.number.start, "人均").map(|at| at + 2) else {
        return false;
    };
    let word = &chars[at..each.number.start];
    word.len() > 1 && !word.windows(2).any(|w| holds(&chars[total.clause.0..total.number.start], w))
}

/// 6名班子成员全年下基层118天，人均23.6天.
fn per_head(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([heads, total]) = i.checked_sub(2).map(|from| &mentions[from..i]) else { return };
    let each = &mentions[i];
    let said = any(
        chars,
        each.number.start.saturating_sub(6).max(each.clause.0),
        each.number.start,
        "人均 平均每人",
    );
    let days = |m: &Mention| m.exact() && m.plain_unit(chars) == "天" && m.kind != FigureKind::Rate;
    let people = heads.exact() && matches!(heads.plain_unit(chars).as_str(), "名" | "人" | "位");
    let next = heads.clause == total.clause
        && total.sentence == each.sentence
        && each.number.start.saturating_sub(total.end) <= BESIDE
        && total.start.saturating_sub(heads.end) <= BESIDE;
    // 集中培训5天，人均驻村220天: something else was done.
    let other = total.number.value < heads.number.value || doing_something_else(chars, total, each);
    if other || !said || !days(each) || !days(total) || !people || !next {
        return;
    }
    let right = Range::of(chars, total).over(Range::exactly(heads.number.value));
    let told = Range::told(chars, each);
    // 人均 is told roughly.
    let told = Range { low: told.low * 0.97, high: told.high * 1.03 };
    if !right.meets(told) && !right.meets(Range::exactly(each.number.value)) {
        let computed = total.number.value / heads.number.value;
        let reason =
            format!("按{}÷{}算应为{computed:.1}", plain(total.number.value), plain(heads.number.value));
        found.between(&[heads, total, each], ConflictKind::Average, Certainty::Certain, reason);
    }
}
