//! Conflicts of figures that stand in one sentence.

use super::facts::behind;
use super::reckon::{all_han, word_before};
use super::share::truncated;
use super::wholes;
use super::{Certainty, ConflictKind, Found, rounding};
use crate::figures::{FigureKind, Mention, bracket_of};
use crate::lexicon::{any, find, stands, words};

pub(super) fn sentence(found: &mut Found<'_>, mentions: &[Mention]) {
    parts_then_sum(found, mentions);
    wholes::sentence(found, mentions);
    super::share::sentence(found, mentions);
    change(found, mentions);
    rank(found, mentions);
    base_year(found, mentions);
    category(found, mentions);
}

pub(super) fn exact_counts<'a>(chars: &[char], mentions: &'a [Mention]) -> Vec<&'a Mention> {
    mentions
        .iter()
        .filter(|m| {
            m.kind != FigureKind::Rate
                && m.kind != FigureKind::Rank
                && m.exact()
                && !m.rhythm
                && !m.quoted
                && !bracket_of(chars, m)
                && !m.plain_unit(chars).ends_with('岁')
        })
        .collect()
}

/// 甲3个、乙4个，共8个.
fn parts_then_sum(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let counts = exact_counts(chars, mentions);
    for (i, sum) in counts.iter().enumerate().skip(2) {
        // 共 must stand at its number: 共13处. 共查找8个方面 begins something new.
        let from = sum.number.start.saturating_sub(3);
        let all = word_before(chars, from, sum.number.start, "共计 合计 总计 共 共有");
        if all.is_none_or(|at| any(chars, at.saturating_sub(2), at + 1, "公共 共同 共享")) {
            continue;
        }
        let unit = sum.plain_unit(chars);
        let mut run: Vec<&Mention> = Vec::new();
        for part in counts[..i].iter().rev() {
            let next = run.last().map_or(sum.start, |m| m.start);
            // 三项补贴合计9250万元: how many parts there are is none of them.
            if run.is_empty() && part.number.han && part.clause == sum.clause {
                continue;
            }
            if part.plain_unit(chars) != unit || !joined(&chars[part.end..next]) {
                break;
            }
            run.push(part);
        }
        // 每村配备书记1名、队员2名，共108名: so many of each are no parts of the sum.
        if run.len() < 2 || any(chars, run[run.len() - 1].clause.0, sum.start, "其中 另 累计 包括 每 各")
            // 契税1.15亿元，其他税种合计3.08亿元: the last of the list.
            || any(chars, sum.clause.0, sum.start, "其他 其它 其余")
            || of_another_name(chars, &run, sum)
        {
            continue;
        }
        // 检查系统58个，发现高危漏洞31个、中危漏洞64个，共95个: the last of them make it.
        let mut last = 0.0;
        if run.iter().any(|m| {
            last += m.amount(chars);
            (last - sum.amount(chars)).abs() < 1e-6
        }) {
            continue;
        }
        let total: f64 = run.iter().map(|m| m.amount(chars)).sum();
        if (total - sum.amount(chars)).abs() > 1e-6 * total.abs() + 1e-9 {
            let reason = format!("各部分相加为{}，文中合计为{}", plain(total), plain(sum.amount(chars)));
            let mut figures: Vec<&Mention> = run.into_iter().rev().collect();
            figures.push(sum);
            found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
        }
    }
}

/// 辖18个村、2个社区，共有26个党支部: what is counted has a name of its own, and so have those in front.
fn of_another_name(chars: &[char], run: &[&Mention], sum: &Mention) -> bool {
    /// Names under which anything may be summed up.
    const ANY: &str = "单位 部门 点 项 问题 场 主体 对象 地方 方面 村居 镇街 成员";
    let (name, others) = (behind(chars, sum), run.iter().map(|m| behind(chars, m)));
    let own = name.len() > 1 && all_han(&name[..2]) && !"全均已并的和及以共完为".contains(name[0]);
    let named = |other: &[char]| other.len() > 1 || other.first().is_some_and(|c| "村镇乡县".contains(*c));
    own && sum.plain_unit(chars) == "个"
        && !any(name, 0, name.len(), ANY)
        && others.clone().all(named)
        && !others.clone().any(|other| {
            name.iter().any(|c| other.contains(c) && !matches!(c, '村' | '民' | '委' | '会'))
                || other.starts_with(&name[..2])
        })
}

/// Whether only a short name and one comma part two items of a list.
pub(super) fn joined(between: &[char]) -> bool {
    // 包案28件，县人大、县政协领导包案19件: a name of two.
    let two = between.first() == Some(&'，') && between.iter().filter(|c| **c == '、').count() == 1;
    let commas = between.iter().filter(|c| matches!(c, '、' | '，')).count() - usize::from(two);
    // 215人、386人和261人: the last one is joined by a word.
    let and = commas == 0 && matches!(between.first(), Some('和' | '及' | '与' | '以'));
    between.len() <= 16
        && (commas == 1 || and)
        // 其中在办250件、已销号400件: side by side states are parts as well.
        && !between.iter().any(|c| matches!(c, '。' | '；' | '：') || *c == '已' && between[0] != '、')
}

/// 完成投资9860万元，其中甲5420万元、乙1800万元，比去年同期的8500万元增长26%: it is the whole that is compared, where the parts make it.
pub(super) fn whole_of_parts<'a>(chars: &[char], mentions: &'a [Mention], last: &'a Mention) -> &'a Mention {
    let unit = last.plain_unit(chars);
    let Some(at) = (last.sentence.0..last.start).rev().find(|at| stands(chars, *at, "其中")) else {
        return last;
    };
    let same = |m: &&Mention| m.plain_unit(chars) == unit && m.exact();
    let Some(whole) = mentions.iter().filter(same).rfind(|m| m.end <= at) else { return last };
    let parts = mentions.iter().filter(same).filter(|m| m.start > at && m.start <= last.start);
    let sum: f64 = parts.map(|m| m.amount(chars)).sum();
    if (sum - whole.amount(chars)).abs() <= 1e-6 * sum { whole } else { last }
}

/// A value of another year that something is compared with.
pub(super) fn earlier(chars: &[char], m: &Mention) -> bool {
    let from = m.number.start.saturating_sub(8).max(m.clause.0);
    any(
        chars,
        from,
        m.number.start,
        "比上年 比去年 比上月 较上年 较去年 较上月 上年同期 去年同期 上年为 去年为 上年是 去年是",
    )
}

/// 由50个增加到60个，增长30%.
fn change(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for window in mentions.windows(3) {
        let [old, new, rate] = window else { continue };
        let from = old.start >= 1 && matches!(chars[old.start - 1], '由' | '从')
            || any(chars, old.clause.0, old.start, "由 从");
        let to = any(
            chars,
            old.end,
            new.start,
            "增加到 增长到 提高到 提升到 上升到 下降到 降低到 降至 减少到 增至 升至 减至 提升至 提高至 上升至 增长至 增加至 下降至 降低至 减少至 降到 升到 增到 减到 涨到 落到 缩短到 缩短至 缩减到 缩减至 压缩到 压缩至 压减到 压减至 扩大到 扩大至 扩展到 降为 升为 增为 减为 变为 缩短为 压缩为 压减为 调整为",
        );
        let said = any(
            chars,
            new.end,
            rate.start,
            "增长 提高 提升 增加 下降 减少 降低 增幅 降幅 升幅 上升 缩短 压缩 压减 缩减 扩大",
        );
        let (old, new, from, to) = match compared(chars, old, new) {
            true => (new, whole_of_parts(chars, mentions, old), true, true),
            false => (old, new, from, to),
        };
        // 减少60起，治安警情比上年同期的2270起下降15%: a difference is no value.
        let by = new.number.start.saturating_sub(3).max(new.clause.0);
        // 由14次减少至9次，由62份减少至41份，分别减少35.7%和33.9%
        let each = any(chars, new.end.max(old.end), rate.start, "分别");
        if each || any(chars, by, new.number.start, "减少 增加 多 少") && old.start > new.start {
            continue;
        }
        let points = rate.plain_unit(chars) == "个百分点" && old.plain_unit(chars) == "%";
        let percent = rate.plain_unit(chars) == "%" && old.plain_unit(chars) != "%";
        if !(from && to && said && (points || percent))
            || ![old, new, rate].iter().all(|m| m.exact())
            || old.plain_unit(chars) != new.plain_unit(chars)
        {
            continue;
        }
        let (a, b) = (old.amount(chars), new.amount(chars));
        let computed = if points { (b - a).abs() } else { (b - a).abs() / a * 100.0 };
        let slack =
            rounding(chars, rate) + if points { rounded(chars, old) + rounded(chars, new) } else { 0.0 };
        if a > 0.0 && (computed - rate.number.value).abs() > slack + 1e-9 && !truncated(chars, computed, rate)
        {
            let reason =
                format!("由{}到{}，应为{computed:.1}，文中为{}", plain(a), plain(b), rate.number.value);
            found.between(&[old, new, rate], ConflictKind::Change, Certainty::Certain, reason);
        }
    }
}

/// How far a share with decimals may be off; one without is taken as it is printed.
fn rounded(chars: &[char], m: &Mention) -> f64 {
    let half = rounding(chars, m);
    if half < 0.4 { half } else { 0.0 }
}

/// 发放贷款2.3亿元，比去年同期的2亿元增长25%: the value of the year before stands behind this year's.
fn compared(chars: &[char], new: &Mention, old: &Mention) -> bool {
    earlier(chars, old) && old.start - new.end <= 12 && chars[..old.start].last() == Some(&'的')
}

/// 在全市9个县区位列第12名.
fn rank(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for pair in mentions.windows(2) {
        let [all, place] = pair else { continue };
        let among = chars[all.end..place.start.max(all.end)].contains(&'中') && place.start - all.end <= 12;
        let field = (among
            || any(chars, all.number.start.saturating_sub(4), all.start, "全省 全国 全市 全县 全区"))
            && all.clause == place.clause;
        if field
            && place.kind == FigureKind::Rank
            && chars[place.start] == '第'
            && place.number.value > all.number.value
        {
            let reason = format!("共{}个，不会排到第{}", all.number.value, place.number.value);
            found.between(&[all, place], ConflictKind::Rank, Certainty::Certain, reason);
        }
    }
}

/// 较2021年……，较上年……: one value, two bases.
fn base_year(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let mut bases: Vec<(&Mention, String)> = Vec::new();
    for m in mentions {
        let from = m.clause.0;
        for word in ["较", "比", "同比"] {
            let Some(at) = find(chars, from, m.start, word) else { continue };
            let behind = at + word.chars().count();
            let base = if chars.get(behind).is_some_and(char::is_ascii_digit)
                && chars.get(behind + 4) == Some(&'年')
            {
                words(chars, behind, behind + 4)
            } else if ["上年", "去年", "同期", "上一年"].iter().any(|w| stands(chars, behind, w))
                || word == "同比"
            {
                "上年".to_string()
            } else {
                continue;
            };
            bases.push((m, base));
            break;
        }
    }
    let year = bases.first().and_then(|(m, _)| told_year(chars, m.sentence.0, m.start));
    for pair in bases.windows(2) {
        let [(a, one), (b, other)] = pair else { continue };
        let resolved = |base: &String| {
            if base == "上年" { year.map(|y| (y - 1).to_string()) } else { Some(base.clone()) }
        };
        let differ = match (resolved(one), resolved(other)) {
            (Some(x), Some(y)) => x != y,
            _ => one != other && year.is_none(),
        };
        if differ && b.start - a.end < 40 {
            let reason =
                format!("同一处一个与{one}年比，一个与{other}比，比较基期不一").replace("上年年", "上年");
            found.between(&[*a, *b], ConflictKind::BaseYear, Certainty::Query, reason);
        }
    }
}

/// The year of the value that is compared.
fn told_year(chars: &[char], from: usize, to: usize) -> Option<i32> {
    (from..to.saturating_sub(4)).find_map(|at| {
        let digits = chars[at..at + 4].iter().all(char::is_ascii_digit) && chars[at + 4] == '年';
        let based = at > 0 && matches!(chars[at - 1], '较' | '比');
        (digits && !based).then(|| words(chars, at, at + 4).parse().ok()).flatten()
    })
}

/// 问题50个，措施100项，其中问题8个: 其中 behind a thing of another kind.
fn category(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for triple in mentions.windows(3) {
        let [first, second, part] = triple else { continue };
        // 136批次、412人次，其中……18批次: both are told as one.
        let one = chars[first.end..second.start].iter().all(|c| *c == '、') && second.start >= first.end;
        let among = !one && any(chars, second.end, part.start, "其中");
        let units = second.plain_unit(chars) != part.plain_unit(chars)
            && first.plain_unit(chars) == part.plain_unit(chars);
        if !among || !units || part.kind != FigureKind::Count || second.kind != FigureKind::Count {
            continue;
        }
        let noun = |m: &Mention| m.what(chars);
        // 涉及住户8200户 is an aside: what follows is of the first.
        let aside = any(chars, second.clause.0, second.start, "涉及 惠及 受益 覆盖 投资 投入");
        let done =
            any(chars, second.end, part.start, "已整改 已完成 完成整改 整改到位 整改完成 已销号 已办结");
        let ours = any(chars, first.clause.0, first.start, "问题")
            && any(chars, second.clause.0, second.start, "措施");
        if done && ours && noun(part).contains("其中") {
            let reason = format!(
                "“其中”紧接{}，列出的{}却是前面{}的",
                words(chars, second.start, second.end),
                words(chars, part.start, part.end),
                words(chars, first.start, first.end)
            );
            found.tell(&[(first.clause.0, part.end)], ConflictKind::Category, Certainty::Query, reason);
            continue;
        }
        let tail: String = noun(part).chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
        if !aside && !tail.is_empty() && noun(first).contains(&tail) && !noun(second).contains(&tail) {
            let reason = format!(
                "“其中”紧接{}，列出的却是{}，部分与整体不是同类",
                words(chars, second.start, second.end),
                words(chars, part.start, part.end)
            );
            found.tell(&[(first.clause.0, part.end)], ConflictKind::Category, Certainty::Query, reason);
        }
    }
}

/// An amount as it would be printed beside a number of the text: 6亿 beside 3.2亿元, 90万 beside 100万.
pub(super) fn in_unit_of(chars: &[char], amount: f64, m: &Mention) -> String {
    let times = if m.number.value > 0.0 { m.amount(chars) / m.number.value } else { 1.0 };
    let printed = &chars[m.number.start..m.end];
    let unit = ['亿', '万'].into_iter().find(|unit| printed.contains(unit));
    match unit {
        Some('亿') => format!("{}亿", plain(amount / 1e8)),
        Some(_) => format!("{}万", plain(amount / 1e4)),
        None if times > 1.0 => plain(amount / times),
        None => plain(amount),
    }
}

/// A number without needless decimals.
pub(super) fn plain(value: f64) -> String {
    if value.fract().abs() < 1e-9 { format!("{value:.0}") } else { format!("{value:.2}") }
}
