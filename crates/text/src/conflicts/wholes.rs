//! A whole and the parts that follow it in its sentence.

use super::plainly::kinds::deed;
use super::within::{earlier, exact_counts, joined, plain};
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// Share of the whole from which parts look as if they should make all of it.
const NEARLY_ALL: f64 = 0.86;

/// The same of two parts alone, which seldom are all there are.
const ALL_BUT_A_LITTLE: f64 = 0.95;

/// 共100件，其中甲60件、乙50件. Also 问题20个，已解决25个.
pub(super) fn sentence(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let counts = exact_counts(chars, mentions);
    let mut parts_end = 0;
    for (i, whole) in counts.iter().enumerate() {
        let Some(next) = counts.get(i + 1) else { break };
        if whole.start < parts_end
            || apiece(chars, whole) && next.plain_unit(chars) == whole.plain_unit(chars)
        {
            continue;
        }
        let told = parts_follow(chars, whole, next);
        let whole = if told { whole_meant(chars, &counts, i) } else { whole };
        let unit = whole.plain_unit(chars);
        if told && next.plain_unit(chars) == unit {
            let parts = parts_told(chars, &counts[i + 1..], whole);
            parts_end = parts[parts.len() - 1].end;
            told_parts(found, &counts, whole, &parts);
            continue;
        }
        let says = finished(chars, whole, next);
        let near = next.start - whole.end <= 24 && next.clause.0 <= whole.clause.1 + 1;
        let more = next.plain_unit(chars) == unit && next.amount(chars) > whole.amount(chars);
        if says && near && more && !of_another(chars, &counts[..i], whole, next) {
            let reason = format!("完成数{}大于总数{}", plain(next.amount(chars)), plain(whole.amount(chars)));
            found.between(&[whole, *next], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
        }
    }
}

/// Whether what is done is not of this count: 620件，逾期40件，已销号400件; 销号11件，累计已销号400件.
fn of_another(chars: &[char], before: &[&Mention], whole: &Mention, next: &Mention) -> bool {
    const SOME: &str = "逾期 超期 到期 新增 新登记 新交办 新排查 本周 本月 本期 今日 当日 当月 红灯 黄灯";
    let larger =
        |m: &&Mention| m.plain_unit(chars) == next.plain_unit(chars) && m.amount(chars) >= next.amount(chars);
    any(chars, whole.clause.0, whole.start, SOME)
        || any(chars, whole.end, next.start, "累计")
        || before.iter().copied().any(|m| larger(&m))
}

/// 村均6名，其中女干部312名; 每批40人，其中一线职工204人: an average has no such parts.
fn apiece(chars: &[char], whole: &Mention) -> bool {
    any(chars, whole.start.saturating_sub(5).max(whole.clause.0), whole.start, "均")
        || any(chars, whole.start.saturating_sub(8).max(whole.clause.0), whole.start, "每")
}

/// Whether the words between two counts say that parts follow.
fn parts_follow(chars: &[char], whole: &Mention, next: &Mention) -> bool {
    !chars[whole.end..next.start.max(whole.end)].contains(&'；') && any(chars, whole.end, next.start, "其中 包括 分别为 分别是 分为")
        // 全县186个行政村中，收入……的村32个、……
        || any(chars, whole.end, next.start.min(whole.end + 10), "中，")
}

/// The count of which the parts that follow `counts[i]` are.
fn whole_meant<'a>(chars: &[char], counts: &[&'a Mention], i: usize) -> &'a Mention {
    let (whole, next) = (counts[i], counts[i + 1]);
    let unit = whole.plain_unit(chars);
    let mut meant = whole;
    if let Some(before) = i.checked_sub(1).map(|n| counts[n]).filter(|m| m.plain_unit(chars) == unit) {
        // 投资12.6亿元，比上年的10.5亿元增长20%，其中……: the parts are those of this year; 94个（上年87个），其中: what stands in
        // brackets is an aside.
        let aside = chars.get(whole.end) == Some(&'）') && chars[before.end..whole.start].contains(&'（');
        if earlier(chars, whole) || aside {
            meant = before;
        }
    }
    // 14个村收入840万元，村均60万元，其中……的村9个: the whole of the parts stands farther in front.
    if next.plain_unit(chars) == unit { meant } else { of_parts(chars, &counts[..i], next).unwrap_or(meant) }
}

/// The parts of a whole that follow one another, from the first of `counts` on.
fn parts_told<'a>(chars: &[char], counts: &[&'a Mention], whole: &Mention) -> Vec<&'a Mention> {
    const OTHER: &str = "办结 完成 合格 通过 已整改 整改完 整改到 解决 另 还有 共计 合计 销号 化解 这 上述 全县 全镇 全乡 全市 全区 比上 比去 较上 较去 同比 增加 减少 下降 平均 每";
    let unit = whole.plain_unit(chars);
    let mut parts: Vec<&Mention> = vec![counts[0]];
    for part in counts[1..].iter().take_while(|m| m.plain_unit(chars) == unit) {
        let between = &chars[parts[parts.len() - 1].end..part.start];
        // 46场（其中……18场）、线上招聘会31场: in brackets only the first is a part.
        if between.contains(&'）') && !between.contains(&'（')
            || !joined(between)
            // 其中在办250件、已销号400件: parts side by side may be states.
            || between.first() != Some(&'、') && any(between, 0, between.len(), OTHER)
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
    parts
}

/// One part that is larger than the whole, or what all parts make.
fn told_parts(found: &mut Found<'_>, counts: &[&Mention], whole: &Mention, parts: &[&Mention]) {
    let chars = found.chars;
    if let Some(part) = parts.iter().find(|p| p.amount(chars) > whole.amount(chars)) {
        // 发展党员18名，其中女党员5名，培训党员26名: what a clause of its own tells to have been done is no part.
        let front = &chars[part.clause.0..part.number.start];
        if part.start > parts[0].start && chars[..part.clause.0].last() == Some(&'，') && deed(front) {
            return;
        }
        let reason = format!("部分{}大于整体{}", plain(part.amount(chars)), plain(whole.amount(chars)));
        found.between(&[whole, *part], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
        return;
    }
    // 收集536件，办结511件，其中……: the parts are those of a count in front.
    let sum: f64 = parts.iter().map(|part| part.amount(chars)).sum();
    let unit = whole.plain_unit(chars);
    let of_front = |m: &&&Mention| m.start < whole.start && m.plain_unit(chars) == unit;
    let right = counts.iter().filter(of_front).any(|m| (m.amount(chars) - sum).abs() < 1e-9);
    if parts.len() < 2 || !right {
        parts_of(found, whole, parts);
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
    if any(chars, whole.clause.0, whole.start, "整改问题 化解 办结 解决 计划 任务 目标 已 完成")
    {
        return false;
    }
    // 2个已完成修复，4个正在修复: what is done stands at the first. 31个已整改；村级78个: another set.
    let from = if next.clause == whole.clause { whole.end } else { next.clause.0 };
    let other = chars[whole.end..next.start].contains(&'；')
        || stands(chars, whole.end, "方面")
        || chars[next.end..next.clause.1.max(next.end)].iter().any(char::is_ascii_digit);
    if other {
        return false;
    }
    FINISHED.iter().any(|w| find(chars, from, next.start, w).is_some())
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

/// 其中危化品企业19家，包括生产企业11家、经营企业8家: the further parts are those of the first.
fn of_the_first(chars: &[char], parts: &[&Mention]) -> bool {
    let [first, next, ..] = parts else { return false };
    let total: f64 = parts[1..].iter().map(|p| p.amount(chars)).sum();
    let exact = (total - first.amount(chars)).abs() < 1e-9;
    exact && any(chars, first.end, next.start, "包括 其中 含 分别")
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
    } else if over && parts.len() > 1 && !sides(found.chars, parts) && !of_the_first(found.chars, parts) {
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
pub(super) fn sides(chars: &[char], parts: &[&Mention]) -> bool {
    const SIDES: [&str; 7] = [
        "岁",
        "女",
        "学历 本科 大专 研究生 硕士 博士",
        "民族",
        "党员身份 党员的 中共党员",
        "致富能手 致富带头人 退役军人 大学生",
        "独居 空巢 失能 高龄 留守 残疾",
    ];
    let seen = |words: &str| {
        parts.iter().filter(|p| any(chars, p.start.saturating_sub(12).max(p.clause.0), p.end, words)).count()
    };
    // 青年志愿者, 党员志愿者, 巾帼志愿者: people, and no teams of them.
    let people = parts.iter().all(|p| matches!(p.plain_unit(chars).as_str(), "人" | "名" | "位"));
    let seen_so = |words: &&str| (1..parts.len()).contains(&seen(words));
    SIDES.iter().any(seen_so) || people && ["青年", "巾帼 妇女"].iter().any(seen_so)
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
