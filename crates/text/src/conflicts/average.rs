//! Averages and products: 户均, 平均每村, 每校各1名.

use super::reckon::{Range, bare, quantity, same_unit, word_before};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far the total and the number may stand from their average, in code points.
const NEAR: usize = 60;
/// How far an average may be from what total and number give: averages are told roughly.
const SLACK: f64 = 0.02;
/// Ways of giving to each that need no word of their own in front of the total.
const GIVEN: &str = "补助 补贴 发放 救助 奖补 奖励 资助 慰问 兑现 落实 安排 配套 支持";

pub(super) fn sentence(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 0..mentions.len() {
        average(found, mentions, i);
        product(found, mentions, i);
        given_to_each(found, mentions, i);
        sessions(found, mentions, i);
    }
}

/// Words of a difference between two averages.
const MORE: &str = "提高 增加 增长 减少 下降 降低 上升 上涨 多 少 高 低";

/// What averages are told of.
const UNITS: &str = "案户人村场校件镇乡家所亩项个班次篇起名支批期队公组";

/// What an average is of each: 户 in 户均 and in 平均每户, with the words between it and the number.
fn each(chars: &[char], m: &Mention) -> Option<(char, (usize, usize))> {
    let from = m.clause.0.max(m.number.start.saturating_sub(12));
    let at = word_before(chars, from, m.number.start, "均")?;
    let before = *chars.get(at.checked_sub(2)?)?;
    if before != '平' {
        let known = UNITS.contains(before) && at - 2 >= m.clause.0;
        return known.then_some((before, (at, m.number.start)));
    }
    // 平均每支队伍, 每期平均.
    let per = word_before(chars, at.saturating_sub(6).max(m.clause.0), m.number.start, "每")?;
    let of = chars.get(per).filter(|c| UNITS.contains(**c))?;
    Some((*of, ((per + 1).max(at), m.number.start)))
}

/// Whether a count is of what the average is of each.
fn counts(chars: &[char], m: &Mention, of: char) -> bool {
    let unit = bare(chars, m);
    let people = matches!(of, '人' | '名') && matches!(unit, ['人' | '名' | '位'] | ['人', '次']);
    let stop = m.clause.1.min(m.end + 8);
    // 13个行政村, 47所学校: the noun behind says it.
    let noun =
        matches!(of, '村' | '校' | '镇' | '乡' | '户' | '家' | '场') && chars[m.end..stop].contains(&of);
    let firm = of == '户' && unit == ['家'] || of == '案' && matches!(unit, ['件' | '起' | '宗']);
    quantity(m)
        && (people
            || firm
            || unit.first() == Some(&of) && (unit.len() == 1 || unit.last() != Some(&'次'))
            || noun)
}

/// 为386户发放救助金92.64万元，户均2800元.
fn average(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let told = &mentions[i];
    let Some((of, words)) = each(chars, told) else { return };
    // 人均标准比去年提高210元: by how much more it is.
    if any(chars, words.0, words.1, "比 较") && any(chars, words.0, words.1, MORE) {
        return;
    }
    // 村均挂牌由16块减到5块，共摘除1870块: the total is of neither, but of what lies between.
    if matches!(chars.get(told.start.wrapping_sub(1)), Some('由' | '从')) {
        return;
    }
    let change = changed_by(chars, mentions, i, words.0);
    let around = |m: &&Mention| {
        m.start != told.start
            && (m.end <= told.start && told.start - m.end <= NEAR
                || m.start >= told.end && m.start - told.end <= 20)
    };
    let near: Vec<&Mention> = mentions.iter().filter(around).collect();
    let same = |m: &&&Mention| {
        quantity(m)
            && (same_unit(chars, m, told) || bare(chars, m).starts_with(bare(chars, told)))
            && m.amount(chars) > told.amount(chars)
            && each(chars, m).is_none()
    };
    // 较上年同期的166万人次: what it is compared with is not what is shared out.
    let earlier = |m: &Mention| {
        any(chars, m.start.saturating_sub(8).max(m.clause.0), m.start, "同期的 上年的 去年的 上年底的")
    };
    let number = |m: &&&Mention| counts(chars, m, of) && m.amount(chars) > 1.0 && !earlier(m);
    let (totals, numbers): (Vec<&Mention>, Vec<&Mention>) =
        (near.iter().filter(same).copied().collect(), near.iter().filter(number).copied().collect());
    let slack = told.amount(chars) * SLACK;
    let wanted = Range::told(chars, told);
    let wanted = Range { low: wanted.low - slack, high: wanted.high + slack };
    let give = |t: &Mention, n: &Mention| Range::of(chars, t).over(Range::of(chars, n));
    // 1350人次 of 18场 are 75 each: what comes out even is not told as 74.
    let even = |t: &Mention, n: &Mention| {
        let each = t.amount(chars) / n.amount(chars);
        each.fract() == 0.0 && told.exact() && (each - told.amount(chars)).abs() >= 1.0 && each < 1_000.0
    };
    let gives = |t: &Mention, n: &Mention| t.start != n.start && give(t, n).meets(wanted) && !even(t, n);
    let right = totals.iter().any(|t| numbers.iter().any(|n| gives(t, n)));
    // An amount above a bound is no total: 1万元以上的大额救助31户.
    let rough = |m: &&&Mention| m.end <= told.start && !m.exact() && m.kind == told.kind;
    if right || near.iter().any(|m| rough(&m) && (same_unit(chars, m, told) || counts(chars, m, of))) {
        return;
    }
    let behind = |m: &&&Mention| m.end <= told.start;
    let Some(total) = totals.iter().rfind(behind).or(totals.first()) else { return };
    let other = |m: &&&Mention| {
        behind(m) && m.start != total.start && !(same_unit(chars, m, total) && m.start > total.start)
    };
    let Some(number) = numbers.iter().rfind(other) else { return };
    let sole = totals.len() == 1 && numbers.iter().filter(|n| !same_unit(chars, n, number)).count() == 0;
    if total.start == number.start
        || !(sole || adjacent(chars, total, number, told))
        || !tied(chars, words, total, number)
    {
        return;
    }
    if change.is_some_and(|by| (by * number.amount(chars) - total.amount(chars)).abs() < 1e-6) {
        return;
    }
    let computed = give(total, number);
    let reason = format!(
        "按{}÷{}算应为{}",
        plain(total.amount(chars)),
        plain(number.amount(chars)),
        plain(total.amount(chars) / number.amount(chars))
    );
    if computed.high > 0.0 {
        let mut figures = [*total, *number, told];
        figures.sort_by_key(|m| m.start);
        found.between(&figures, ConflictKind::Average, Certainty::Certain, reason);
    }
}

/// By how much an average is another than the one it was brought from: 5 in 均由16块减到11块.
fn changed_by(chars: &[char], mentions: &[Mention], i: usize, from: usize) -> Option<f64> {
    let (before, told) = (&mentions[i.checked_sub(1)?], &mentions[i]);
    let from = before.start >= from.max(1) && matches!(chars[before.start - 1], '由' | '从');
    (from && same_unit(chars, before, told)).then(|| (before.amount(chars) - told.amount(chars)).abs())
}

/// Whether the three stand in clauses that follow one another.
fn adjacent(chars: &[char], total: &Mention, number: &Mention, told: &Mention) -> bool {
    let (from, to) = (total.end.min(number.end), told.start);
    from < to && chars[from..to].iter().filter(|c| matches!(c, '，' | '；')).count() <= 2
}

/// Whether the total is of the same thing as the average: 户均增收 needs a total of 增收.
fn tied(chars: &[char], (from, to): (usize, usize), total: &Mention, number: &Mention) -> bool {
    let said: String =
        chars[from..to].iter().filter(|c| !matches!(c, '达' | '到' | '约' | '近' | '为' | '了')).collect();
    let clause = (total.clause.0, total.clause.1);
    // 14个村集体总收入238万元，村均; 78名党员……平均每名党员.
    let own = number.clause == total.clause && number.end <= total.start;
    let noun = !said.is_empty() && find(chars, number.clause.0, number.clause.1, &said).is_some();
    // 12个延时窗口累计办件960件，平均每个窗口办件: of the one, in the other.
    let pieces: Vec<char> = said.chars().collect();
    let holds = |m: &Mention, piece: &[char]| chars[m.clause.0..m.clause.1].windows(2).any(|w| w == piece);
    if pieces.len() == 4 && holds(number, &pieces[..2]) && holds(total, &pieces[2..]) {
        return true;
    }
    // 赔付资金1260万元，户均获赔1800元: one character of both.
    let short = (2..=3).contains(&pieces.len())
        && own_clause_next(number, total)
        && pieces.iter().any(|c| {
            !"获得到增收补达约有金资".contains(*c) && chars[total.clause.0..total.clause.1].contains(c)
        });
    if short {
        return true;
    }
    let spent = said == "消费" && any(chars, clause.0, clause.1, "旅游 消费");
    if said.is_empty() && own || noun || spent {
        return true;
    }
    if said.is_empty() || said.chars().count() == 1 && !said.contains('收') {
        return !any(chars, clause.0, total.start, "产值 收入达 总收入 销售 营业 计划");
    }
    // 每个村（社区）, 每户: what stands behind 每 up to the number names it again.
    if said.starts_with(['村', '户', '行', '乡', '学', '（', '里', '队', '支', '企', '班']) {
        return true;
    }
    let given = GIVEN.split_whitespace().any(|word| said.contains(word));
    let gives = any(chars, clause.0, clause.1, GIVEN) || any(chars, clause.0, clause.1, "资金 金");
    find(chars, clause.0, clause.1, &said).is_some() || given && gives
}

/// Whether number and total stand in clauses that follow one another.
fn own_clause_next(number: &Mention, total: &Mention) -> bool {
    number.clause.1 + 1 >= total.clause.0 && total.clause.1 + 1 >= number.clause.0
}

/// 47所中小学每校配备甲、乙各1名，共104名; 12个村各2场，共24场.
fn product(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let total = &mentions[i];
    let from = total.number.start.saturating_sub(4).max(total.clause.0);
    if i == 0
        || !quantity(total)
        || word_before(chars, from, total.number.start, "共 共计 合计 总计 累计 共有").is_none()
    {
        return;
    }
    let one = &mentions[i - 1];
    let unit = same_unit(chars, one, total) || bare(chars, one).last() == bare(chars, total).last();
    if !quantity(one) || !unit || total.start - one.end > 12 {
        return;
    }
    let start = one.start.saturating_sub(48).max(one.sentence.0);
    let each = one.start.saturating_sub(10).max(one.clause.0);
    let apiece = word_before(chars, each, one.start, "各");
    let per = word_before(chars, start, one.start, "每");
    // 每个网格配备1名，共配备412名、兼职836名: not what each has.
    if per.is_some_and(|at| chars[at..one.start].contains(&'共')) {
        return;
    }
    // 第一书记1名、工作队员2名: all that each has.
    let behind = per.unwrap_or(one.start);
    let others = mentions[..i - 1].iter().rev().take_while(|m| m.start >= behind && same_unit(chars, m, one));
    let others: Vec<&Mention> = others.collect();
    let number = i.checked_sub(2 + others.len()).map(|n| &mentions[n]).filter(|n| n.start >= start);
    let number = number.filter(|n| quantity(n) && n.amount(chars) > 1.0 && !same_unit(chars, n, total));
    let items = |from: usize, to: usize| {
        1 + chars[from..to].iter().filter(|c| matches!(c, '、' | '和' | '与' | '及')).count()
    };
    let told = Range::of(chars, total);
    let per =
        per.filter(|per| number.is_none_or(|n| *per > n.end) && !any(chars, *per, one.start, "至少 不少于"));
    let (factors, spans) = match (apiece, per, number) {
        // Each of so many has one of every kind that is listed.
        (Some(at), Some(per), Some(n)) if fitting(chars, n, per) => {
            (vec![n.amount(chars) * items(per, at) as f64], vec![n, one, total])
        }
        (None, Some(per), Some(n)) if fitting(chars, n, per) => (vec![n.amount(chars)], vec![n, one, total]),
        (Some(at), None, Some(n))
            if at <= n.end + 16 && items(n.clause.0, at) == 1 && n.clause == one.clause =>
        {
            (vec![n.amount(chars)], vec![n, one, total])
        }
        (Some(at), None, None) if items(one.clause.0, at) > 1 => {
            (vec![items(one.clause.0, at) as f64, 1.0 + items(one.clause.0, at) as f64], vec![one, total])
        }
        _ => return,
    };
    let one_each = others.iter().fold(Range::of(chars, one), |sum, m| sum.plus(Range::of(chars, m)));
    let right = factors.iter().any(|factor| one_each.times(*factor).meets(told));
    if !right && total.amount(chars) >= one.amount(chars) {
        let computed = plain(one.amount(chars) * factors[0]);
        let reason =
            format!("按各{}算应为{computed}，文中为{}", plain(one.amount(chars)), plain(total.amount(chars)));
        found.between(&spans, ConflictKind::Product, Certainty::Certain, reason);
    }
}

/// 安排慰问金36万元，对120户困难家庭每户发放2000元.
fn given_to_each(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([a, b, c]) = i.checked_sub(2).map(|from| &mentions[from..=i]) else { return };
    // 对120户每户发放2000元 behind the total, or 240户，按每户1.5万元落实资金360万元 in front of it.
    let last = same_unit(chars, b, c) && !same_unit(chars, a, c) && b.clause == c.clause;
    let (first, second, one) = if last { (a, c, b) } else { (a, b, c) };
    let before = if last { first } else { second };
    let from = one.number.start.saturating_sub(8).max(before.end);
    let Some(per) = word_before(chars, from, one.number.start, "每") else { return };
    let (total, number) = if same_unit(chars, first, one) { (first, second) } else { (second, first) };
    let fits = quantity(total) && quantity(number) && quantity(one) && same_unit(chars, total, one);
    let near = one.start - first.end <= 40 && first.sentence == one.sentence;
    let gives =
        any(chars, per, one.number.start, GIVEN) && any(chars, total.clause.0, total.clause.1, "金 资 款");
    let sort =
        any(chars, first.start, one.end + 4, "标准 最高 至少 以上 不等 每月 每年 每人每 计划 其中 人次");
    if !fits || !near || !gives || sort || same_unit(chars, number, one) || !fitting(chars, number, per) {
        return;
    }
    let computed = Range::of(chars, one).times(number.amount(chars));
    if !computed.meets(Range::of(chars, total)) {
        let reason = format!(
            "按{}乘{}算应为{}",
            plain(one.amount(chars)),
            plain(number.amount(chars)),
            plain(computed.low)
        );
        found.between(&[first, second, one], ConflictKind::Product, Certainty::Certain, reason);
    }
}

/// Whether 每 is said of what the number counts: 47所中小学每校.
fn fitting(chars: &[char], number: &Mention, per: usize) -> bool {
    let Some(of) = chars.get(per) else { return false };
    let unit = bare(chars, number);
    let noun = chars[number.end..per.min(number.end + 14)].contains(of);
    let people = matches!(of, '人' | '名') && matches!(unit, ['人' | '名' | '位']);
    unit.first() == Some(of) || noun || people || *of == '校' && any(chars, number.end, per, "学 园")
}

/// Farthest that those who came may be told from how many came each time, in code points.
const ATTENDED: usize = 16;

/// 开了12期，每期50人，参训的720名学员.
fn sessions(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([number, each, all]) = i.checked_sub(2).map(|from| &mentions[from..=i]) else { return };
    let persons = |m: &Mention| matches!(bare(chars, m), ['人' | '名']);
    let Some(of) = bare(chars, number).first().filter(|of| "期场班批轮次".contains(**of)) else {
        return;
    };
    let per = chars[number.end..each.number.start].ends_with(&['每', *of]);
    let came = any(chars, each.end, all.clause.1, "参训 参加 参与 培训 学员 受训 听讲 到场");
    let near = all.start.saturating_sub(each.end) <= ATTENDED && all.sentence == number.sentence;
    if !per || !came || !near || !persons(each) || !persons(all) {
        return;
    }
    let right = Range::of(chars, each).times(number.amount(chars));
    if !right.meets(Range::told(chars, all)) {
        let computed = plain(each.amount(chars) * number.amount(chars));
        let reason = format!(
            "按每{of}{}人算应为{computed}人，文中为{}",
            plain(each.amount(chars)),
            plain(all.amount(chars))
        );
        found.between(&[number, each, all], ConflictKind::Product, Certainty::Certain, reason);
    }
}
