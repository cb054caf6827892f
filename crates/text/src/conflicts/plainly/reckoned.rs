//! What the numbers of one passage make together: 前三类合计占75.0%; 5人，人均12次，合计41次; 两区占61.5%; 核定42600个，在校45730名，缺口2130个;
//! 闲置房产97处，已盘活58处……剩余49处.

use super::super::facts::{behind, label};
use super::super::reckon::{holds, in_front, same_unit, word_before};
use super::super::within::{in_unit_of, plain};
use super::super::{Certainty, ConflictKind, Found, rounding};
use super::{counted, is_rate};
use crate::figures::Mention;
use crate::lexicon::{any, find, words};
use crate::numbers::number_at;

/// Words behind which another way of looking at the same begins.
const SIDES: [&str; 6] = ["看，", "分，", "上看", "分类", "来看", "划分"];
/// How far in front of their sum the shares may stand, in code points.
const SHARES: usize = 260;
/// How far in front the whole may stand.
const ALL: usize = 1_500;
/// How far behind its whole the part may stand that is done.
const DONE: usize = 160;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        first_together(found, mentions, i);
        each_and_all(found, mentions, i);
        of_two_named(found, mentions, i);
        rest_by_name(found, mentions, i);
        wanting(found, mentions, i);
    }
}

/// 甲占29.0%；乙占19.0%；丙占17.0%；……前三类合计占75.0%.
fn first_together(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let sum = &mentions[i];
    let from = sum.number.start.saturating_sub(20).max(sum.clause.0);
    let Some(at) = find(chars, from, sum.number.start, "前").filter(|_| is_rate(chars, sum)) else { return };
    let Some(count) = number_at(chars, at + 1).filter(|n| n.value >= 2.0 && n.value <= 6.0) else { return };
    let said = chars.get(count.end).is_some_and(|c| matches!(c, '类' | '项' | '种'))
        && any(chars, count.end, sum.number.start, "合计 共占 共计 总计 占比 占总");
    let share = |m: &Mention| is_rate(chars, m) && chars[m.clause.0..m.number.start].contains(&'占');
    let near = |m: &&Mention| sum.start.saturating_sub(m.end) <= SHARES;
    let mut shares: Vec<&Mention> =
        mentions[..i].iter().rev().take_while(near).filter(|m| share(m)).collect();
    shares.reverse();
    // 从渠道看…… 从领域看……: the shares of the last list.
    let begin =
        SIDES.iter().filter_map(|word| word_before(chars, sum.start.saturating_sub(SHARES), at, word)).max();
    shares.retain(|m| begin.is_none_or(|begin| m.start > begin));
    let count = count.value as usize;
    if !said
        || shares.len() < count
        || !shares.windows(2).take(count - 1).all(|w| w[0].number.value >= w[1].number.value)
    {
        return;
    }
    let first = &shares[..count];
    let total: f64 = first.iter().map(|m| m.number.value).sum();
    let slack: f64 = first.iter().map(|m| rounding(chars, m)).sum::<f64>() + rounding(chars, sum);
    if (total - sum.number.value).abs() > slack + 1e-9 {
        let reason = format!("前{count}项占比相加为{total:.1}%，文中为{}%", sum.number.value);
        let figures: Vec<&Mention> = first.iter().copied().chain([sum]).collect();
        found.between(&figures, ConflictKind::SharesOfWhole, Certainty::Certain, reason);
    }
}

/// How far the total may be from so many times the average, as a share of it: an average is told roughly.
const ROUGHLY: f64 = 0.1;

/// 党组成员5人，人均下基层12次，合计下基层41次.
fn each_and_all(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([heads, each]) = i.checked_sub(2).map(|from| &mentions[from..i]) else { return };
    let all = &mentions[i];
    let people = heads.exact() && matches!(heads.plain_unit(chars).as_str(), "名" | "人" | "位");
    let per = any(chars, each.clause.0, each.number.start, "人均") && each.exact();
    let summed = any(chars, all.clause.0, all.number.start, "合计 共计 总共") && all.exact();
    let one = heads.sentence == all.sentence && each.sentence == all.sentence && same_unit(chars, each, all);
    let (number, right) = (heads.amount(chars), heads.amount(chars) * each.amount(chars));
    let off = (right - all.amount(chars)).abs();
    // 全局干部合计, 两年合计: of others, or of another time.
    let others = any(
        chars,
        each.end.min(all.start),
        all.number.start,
        "全局 全镇 全县 全市 全区 全乡 全村 两年 三年 五年 累计",
    );
    if people && per && summed && one && !others && number > 1.0 && off > ROUGHLY * right {
        let reason = format!(
            "按{}乘{}算应为{}",
            plain(number),
            words(chars, each.number.start, each.end),
            in_unit_of(chars, right, all)
        );
        found.between(&[heads, each, all], ConflictKind::Product, Certainty::Certain, reason);
    }
}

/// 汀东区286件、汀西区231件、……。汀东区、汀西区两区举报量占总量的61.5%.
fn of_two_named(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let rate = &mentions[i];
    let Some(of) =
        find(chars, rate.clause.0.max(rate.number.start.saturating_sub(12)), rate.number.start, "占")
            .filter(|_| is_rate(chars, rate))
    else {
        return;
    };
    let start = rate.sentence.0.max(of.saturating_sub(30));
    let both = any(chars, start, of, "两区 两县 两镇 两地 两市 两乡 两类 两项 两者");
    let front: Vec<usize> =
        (0..i).rev().take(14).take_while(|at| rate.start - mentions[*at].end <= SHARES).collect();
    let named = |at: &&usize| {
        let name = label(chars, mentions, **at);
        name.len() > 1 && chars[start..of].windows(name.len()).any(|w| w == name) && counted(&mentions[**at])
    };
    let items: Vec<&Mention> = front.iter().filter(named).map(|at| &mentions[*at]).collect();
    let [b, a] = items[..] else { return };
    if !both || !same_unit(chars, a, b) || a.sentence != b.sentence {
        return;
    }
    let sum = a.amount(chars) + b.amount(chars);
    // The list they stand in makes the whole.
    let listed = |whole: &Mention| -> f64 {
        let item = |m: &&Mention| {
            m.sentence == a.sentence && m.start > whole.start && counted(m) && same_unit(chars, m, a)
        };
        front.iter().map(|at| &mentions[*at]).filter(item).map(|m| m.amount(chars)).sum()
    };
    let whole = in_front(chars, mentions, front[0], ALL)
        .find(|m| m.amount(chars) > sum && (m.amount(chars) - listed(m)).abs() < 1e-9 * sum);
    let slack = 2.0 * rounding(chars, rate) + 1e-9;
    let fits = |whole: &Mention| (sum / whole.amount(chars) * 100.0 - rate.number.value).abs() <= slack;
    // 两区税收占: of something that is not counted.
    let end = word_before(chars, start, of, "两区 两县 两镇 两地 两市 两乡 两类 两项 两者").unwrap_or(start);
    let listed = &chars[a.sentence.0.min(whole.map_or(a.start, |m| m.sentence.0))..b.end];
    let own = chars[end..of].last_chunk::<2>().is_some_and(|word| !holds(listed, word) && !says_of_all(word));
    let Some(whole) = whole.filter(|whole| !own && !fits(whole)) else { return };
    let right = sum / whole.amount(chars) * 100.0;
    let reason = format!("两项合起来占{right:.1}%，文中为{}%", rate.number.value);
    found.between(&[whole, a, b, rate], ConflictKind::Share, Certainty::Certain, reason);
}

/// 举报量 of 举报件: words that say how much there is of what was listed.
fn says_of_all(word: &[char]) -> bool {
    matches!(word[1], '量' | '数' | '额' | '计') && !matches!(word[0], '产' | '销' | '税')
}

/// 闲置低效房产97处……已盘活58处 …… 对剩余49处闲置低效房产: what is left, by the full name of the whole.
fn rest_by_name(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let told = &mentions[i];
    let said =
        told.number.start.checked_sub(2).is_some_and(|at| any(chars, at, told.number.start, "剩余 其余"));
    let name = behind(chars, told);
    let name = &name[..name.len().min(6)];
    if !said || !counted(told) || name.len() < 4 {
        return;
    }
    let whole = (0..i).rev().find(|at| {
        let m = &mentions[*at];
        let own = label(chars, mentions, *at);
        let same = behind(chars, m).starts_with(name) || own.ends_with(name);
        same && counted(m)
            && same_unit(chars, m, told)
            && m.sentence != told.sentence
            && told.start - m.end <= ALL
    });
    let Some(at) = whole else { return };
    let whole = &mentions[at];
    let done = mentions[at + 1..i].iter().take(8).find(|m| {
        same_unit(chars, m, told)
            && counted(m)
            && m.start - whole.end <= DONE
            && any(chars, m.number.start.saturating_sub(5).max(m.clause.0), m.number.start, "已")
    });
    let Some(done) = done.filter(|done| whole.amount(chars) > done.amount(chars)) else { return };
    let rest = whole.amount(chars) - done.amount(chars);
    let off = (rest - told.amount(chars)).abs();
    // 另有3处列入拆迁范围: taken out as well.
    let besides = mentions[at + 1..i].iter().any(|m| {
        same_unit(chars, m, told)
            && any(chars, m.number.start.saturating_sub(4).max(m.clause.0), m.number.start, "另有 另外")
    });
    let explained = besides
        || in_front(chars, mentions, i, ALL).any(|m| (m.amount(chars) - told.amount(chars)).abs() < 1e-9);
    if off > 1e-9 && off <= 0.35 * rest && !explained {
        found.left((whole, done, told), ConflictKind::Sum);
    }
}

/// 核定学位42600个，在校生45730名，学位缺口2130个: what is wanting differs by one digit from what lies between.
fn wanting(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([a, b]) = i.checked_sub(2).map(|from| &mentions[from..i]) else { return };
    let told = &mentions[i];
    let said = any(
        chars,
        told.number.start.saturating_sub(5).max(told.clause.0),
        told.number.start,
        "缺口 超员 超出 缺学位 空编",
    ) && !any(chars, a.end.min(told.start), told.start, "扣除 借调 另有");
    // 消防车5辆、专职消防员12名: of what is not held against one another.
    let name =
        find(chars, told.clause.0, told.number.start, "缺").and_then(|at| chars.get(at.checked_sub(2)?..at));
    let places = name.is_some_and(|name| holds(&chars[a.clause.0..a.number.start], name));
    let of_one = same_unit(chars, a, b) || places && a.amount(chars) >= 100.0;
    let said = said && of_one;
    let one = [a, b].iter().all(|m| counted(m) && m.sentence == told.sentence) && counted(told);
    if !said || !one {
        return;
    }
    let right = plain((a.amount(chars) - b.amount(chars)).abs());
    let printed = plain(told.amount(chars));
    let off = right.chars().zip(printed.chars()).filter(|(x, y)| x != y).count();
    if right.len() == printed.len() && off == 1 {
        let reason = format!("前面两数相差{right}，文中为{printed}");
        found.between(&[a, b, told], ConflictKind::Sum, Certainty::Certain, reason);
    }
}
