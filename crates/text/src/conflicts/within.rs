//! Conflicts of figures that stand in one sentence.

use super::reckon::word_before;
use super::share::truncated;
use super::{Certainty, ConflictKind, Found, rounding};
use crate::figures::{FigureKind, Mention, bracket_of};
use crate::lexicon::{any, find, stands, words};

/// Share of the whole from which parts look as if they should make all of it.
const NEARLY_ALL: f64 = 0.86;

/// The same of two parts alone, which seldom are all there are.
const ALL_BUT_A_LITTLE: f64 = 0.95;

pub(super) fn sentence(found: &mut Found<'_>, mentions: &[Mention]) {
    parts_then_sum(found, mentions);
    whole_then_parts(found, mentions);
    super::share::sentence(found, mentions);
    change(found, mentions);
    rank(found, mentions);
    base_year(found, mentions);
    category(found, mentions);
}

fn exact_counts<'a>(chars: &[char], mentions: &'a [Mention]) -> Vec<&'a Mention> {
    mentions
        .iter()
        .filter(|m| {
            m.kind != FigureKind::Rate
                && m.kind != FigureKind::Rank
                && m.exact()
                && !m.rhythm
                && !m.quoted
                && !bracket_of(chars, m)
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

/// Whether only a short name and one comma part two items of a list.
fn joined(between: &[char]) -> bool {
    let commas = between.iter().filter(|c| matches!(c, '、' | '，')).count();
    // 215人、386人和261人: the last one is joined by a word.
    let and = commas == 0 && matches!(between.first(), Some('和' | '及' | '与' | '以'));
    between.len() <= 16
        && (commas == 1 || and)
        && !between.iter().any(|c| matches!(c, '。' | '；' | '已' | '：'))
}

/// 共100件，其中甲60件、乙50件. Also 问题20个，已解决25个.
fn whole_then_parts(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let counts = exact_counts(chars, mentions);
    let mut parts_end = 0;
    for (i, whole) in counts.iter().enumerate() {
        if whole.start < parts_end {
            continue;
        }
        let unit = whole.plain_unit(chars);
        let Some(next) = counts.get(i + 1) else { break };
        // 村均6名，其中女干部312名; 每批40人，其中一线职工204人: an average has no such parts.
        let each = whole.start > 0 && chars[whole.start - 1] == '均'
            || any(chars, whole.start.saturating_sub(8).max(whole.clause.0), whole.start, "每");
        if each && next.plain_unit(chars) == unit {
            continue;
        }
        let told = find(chars, whole.end, next.start, "其中")
            .or_else(|| find(chars, whole.end, next.start, "包括"))
            .or_else(|| find(chars, whole.end, next.start, "分别为"))
            .or_else(|| find(chars, whole.end, next.start, "分别是"))
            .or_else(|| find(chars, whole.end, next.start, "分为"))
            // 全县186个行政村中，收入……的村32个、……
            .or_else(|| find(chars, whole.end, next.start.min(whole.end + 10), "中，"));
        // 投资12.6亿元，比上年的10.5亿元增长20%，其中……: the parts are those of this year.
        let whole = match i.checked_sub(1).map(|before| &counts[before]) {
            Some(this) if told.is_some() && earlier(chars, whole) && this.plain_unit(chars) == unit => this,
            _ => whole,
        };
        // 14个村收入840万元，村均60万元，其中……的村9个: the whole of the parts stands farther in front.
        let whole = match told {
            Some(_) if next.plain_unit(chars) != unit => {
                of_parts(chars, &counts[..i], next).unwrap_or(*whole)
            }
            _ => *whole,
        };
        let unit = whole.plain_unit(chars);
        if told.is_some() && next.plain_unit(chars) == unit {
            let mut parts: Vec<&Mention> = vec![*next];
            for part in counts[i + 2..].iter().take_while(|m| m.plain_unit(chars) == unit) {
                let between = &chars[parts[parts.len() - 1].end..part.start];
                if !joined(between)
                    || any(
                        between,
                        0,
                        between.len(),
                        "办结 完成 已整改 整改完 整改到 解决 另 还有 共计 合计 销号 化解 这 上述 全县 全镇 全乡 全市 全区 比上 比去 较上 较去 同比 增加 减少 下降",
                    )
                    || between.last() == Some(&'共')
                {
                    break;
                }
                // With these parts the whole is complete: what a clause of its own tells is no part of it.
                let sum: f64 = parts.iter().map(|part| part.amount(chars)).sum();
                if between.contains(&'，') && (sum - whole.amount(chars)).abs() < 1e-9 {
                    break;
                }
                parts.push(part);
            }
            parts_end = parts[parts.len() - 1].end;
            let over = parts.iter().find(|p| p.amount(chars) > whole.amount(chars));
            if let Some(part) = over {
                let reason =
                    format!("部分{}大于整体{}", plain(part.amount(chars)), plain(whole.amount(chars)));
                found.between(&[whole, *part], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
                continue;
            }
            parts_of(found, whole, &parts);
            continue;
        }
        let says = finished(chars, whole, next);
        let near = next.start - whole.end <= 24 && next.clause.0 <= whole.clause.1 + 1;
        if says && near && next.plain_unit(chars) == unit && next.amount(chars) > whole.amount(chars) {
            let reason = format!("完成数{}大于总数{}", plain(next.amount(chars)), plain(whole.amount(chars)));
            found.between(&[whole, *next], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
        }
    }
}

/// Whether the second count is told as the part of the first that is done.
fn finished(chars: &[char], whole: &Mention, next: &Mention) -> bool {
    const FINISHED: [&str; 11] = [
        "已完成",
        "已解决",
        "已整改",
        "已办结",
        "完成整改",
        "办结",
        "已销号",
        "整改完成",
        "得到解决",
        "已化解",
        "已落实",
    ];
    // 整改问题36个，巩固已整改问题52个: both are done.
    if any(chars, whole.clause.0, whole.start, "整改问题 化解 办结 解决 计划 任务 目标") {
        return false;
    }
    FINISHED.iter().any(|w| find(chars, whole.end, next.start, w).is_some())
        || any(chars, next.end, (next.end + 8).min(next.clause.1), "得到解决 已解决 已整改 已办结")
        || helped(chars, whole, next)
}

/// The count in front of which the parts are told: of the same unit and the same thing.
fn of_parts<'a>(chars: &[char], before: &[&'a Mention], part: &Mention) -> Option<&'a Mention> {
    let noun = chars[part.start - 1];
    before
        .iter()
        .rev()
        .find(|w| {
            w.plain_unit(chars) == part.plain_unit(chars) && w.named(chars).chars().take(4).any(|c| c == noun)
        })
        .copied()
}

/// What the parts make together: more than their whole cannot be, a little less should be asked about.
fn parts_of(found: &mut Found<'_>, whole: &Mention, parts: &[&Mention]) {
    let of = whole.amount(found.chars);
    let total: f64 = parts.iter().map(|p| p.amount(found.chars)).sum();
    let (over, below) = (total > of + 1e-9, total < of - 1e-9 && total >= of * NEARLY_ALL);
    let figures: Vec<&Mention> = [whole].into_iter().chain(parts.iter().copied()).collect();
    // 分别为 names all the parts there are.
    let last = parts[parts.len() - 1];
    // 包括……31.4万元和……22.8万元两部分
    let made =
        any(found.chars, last.end, last.sentence.1.min(last.end + 3), "两部分 三部分 四部分 两类 三类");
    let named =
        (made || any(found.chars, whole.end, parts[0].start, "分别为 分别是 分为")) && parts.len() > 1;
    if named && (total - of).abs() > 1e-9 {
        let reason = format!("“分别”各项相加为{}，总数为{}", plain(total), plain(of));
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    } else if over && parts.len() > 1 && !sides(found.chars, parts) {
        let reason = format!("“其中”各项相加为{}，大于总数{}", plain(total), plain(of));
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    } else if rest_named(found.chars, parts) && (total - of).abs() > 1e-9 && total >= of * MOST {
        let reason = format!("各项连同其他相加为{}，总数为{}", plain(total), plain(of));
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    } else if paired(found.chars, parts) && total < of - 1e-9 && total >= of * MOST {
        let reason = format!("“其中”两项相加为{}，少于总数{}", plain(total), plain(of));
        found.between(&figures, ConflictKind::Sum, Certainty::Query, reason);
    } else if all_of_it(found.chars, whole, parts) && total < of - 1e-9 && total >= of * MOST {
        let reason = format!("称全部，“其中”各项相加为{}，少于总数{}", plain(total), plain(of));
        found.between(&figures, ConflictKind::Sum, Certainty::Query, reason);
    } else if below
        && !uncounted(found.chars, parts)
        && (parts.len() > 2 || parts.len() == 2 && total >= of * ALL_BUT_A_LITTLE)
    {
        // What is left out may be small, or one of the numbers is wrong.
        let reason = format!("“其中”各项相加为{}，略少于总数{}", plain(total), plain(of));
        found.between(&figures, ConflictKind::Sum, Certainty::Query, reason);
    }
}

/// 1260万元闲置资金已全部处置，其中收回……、调整……: what was done with all of it.
fn all_of_it(chars: &[char], whole: &Mention, parts: &[&Mention]) -> bool {
    let last = parts[parts.len() - 1];
    parts.len() > 1
        && any(chars, whole.end, parts[0].clause.0, "全部 均已 悉数")
        && chars.get(last.end) != Some(&'等')
        && !uncounted(chars, parts)
}

/// Share of the whole from which parts that name all there is are meant to make all of it.
const MOST: f64 = 0.6;

/// Whether the last part is 其他方面29条: then the parts are all there are.
fn rest_named(chars: &[char], parts: &[&Mention]) -> bool {
    let last = parts[parts.len() - 1];
    let from = last.start.saturating_sub(8).max(parts[parts.len().saturating_sub(2)].end.min(last.start));
    parts.len() > 1 && any(chars, from, last.start, "其他 其它 其余")
}

/// Whether two parts are the two halves of one kind: 在职 and 离退休, 新建 and 修订.
fn paired(chars: &[char], parts: &[&Mention]) -> bool {
    const PAIRS: [(&str, &str); 9] = [
        ("新建 新制定 新出台", "修订 修改 修编"),
        ("在职 在岗", "退休 离岗"),
        ("农村 乡村", "城镇 城市 社区"),
        ("县城 城区 县直 市直", "乡镇 农村"),
        ("线上 网上", "线下 现场"),
        ("正式", "预备"),
        ("专职", "兼职"),
        ("男", "女"),
        ("公办", "民办"),
    ];
    let [one, other] = parts else { return false };
    let says = |m: &Mention, from: usize, words: &str| any(chars, from.min(m.start), m.start, words);
    let (a, b) = (one.start.saturating_sub(8).max(one.clause.0), one.end);
    PAIRS.iter().any(|(x, y)| says(one, a, x) && says(other, b, y) || says(one, a, y) && says(other, b, x))
        && !uncounted(chars, parts)
}

/// 35岁以下21名，女干部18名，本科以上49名: the same people seen from several sides.
fn sides(chars: &[char], parts: &[&Mention]) -> bool {
    const SIDES: [&str; 4] = ["岁", "女", "学历 本科 大专 研究生", "民族"];
    let seen = |words: &str| {
        parts.iter().filter(|p| any(chars, p.start.saturating_sub(12).max(p.clause.0), p.end, words)).count()
    };
    SIDES.iter().any(|words| (1..parts.len()).contains(&seen(words)))
}

/// 其余为其他方面 behind the parts: some are left, and the text does not say how many.
fn uncounted(chars: &[char], parts: &[&Mention]) -> bool {
    parts.last().is_some_and(|last| {
        any(chars, last.end, last.sentence.1.min(last.end + 10), "其余 其他 其它 等 余下 剩余")
    })
}

/// 重点学生320名落实“一人一策”，已有352名学生得到帮扶: the same people, told as reached.
fn helped(chars: &[char], whole: &Mention, next: &Mention) -> bool {
    let reached = any(chars, next.clause.0, next.start, "已有 已对 已为 已帮助 已给");
    let noun = chars.get(next.end..next.end + 2);
    reached
        && whole.clause.0 + 2 <= whole.clause.1
        && noun.is_some_and(|n| chars[whole.clause.0..whole.clause.1].windows(2).any(|w| w == n))
}

/// A value of another year that something is compared with.
fn earlier(chars: &[char], m: &Mention) -> bool {
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
            true => (new, old, true, true),
            false => (old, new, from, to),
        };
        // 减少60起，治安警情比上年同期的2270起下降15%: a difference is no value.
        let by = new.number.start.saturating_sub(3).max(new.clause.0);
        if any(chars, by, new.number.start, "减少 增加 多 少") && old.start > new.start {
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
        let among = any(chars, second.end, part.start, "其中");
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

/// A number without needless decimals.
pub(super) fn plain(value: f64) -> String {
    if value.fract().abs() < 1e-9 { format!("{value:.0}") } else { format!("{value:.2}") }
}
