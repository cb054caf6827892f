//! Conflicts with what is left, with what came back, and with parts told in a sentence of their own.

use super::within::plain;
use super::{Certainty, ConflictKind, Found, rounding};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, find, stands};

/// Says that something is still to be done.
const LEFT: &str =
    "未整改 未完成 未办结 未解决 未到位 未销号 未化解 未达标 没有完成 没有整改 剩余 尚未 尚有 仍有 还有";

fn count(m: &&Mention) -> bool {
    m.kind == FigureKind::Count && m.exact() && !m.rhythm && !m.quoted
}

pub(super) fn sentence(found: &mut Found<'_>, mentions: &[Mention]) {
    undone_share(found, mentions);
    all_but_some(found, mentions);
    came_back(found, mentions);
}

/// 9个问题，仍有4个未整改，整改完成率65.6%.
fn undone_share(found: &mut Found<'_>, mentions: &[Mention]) {
    const RATES: [&str; 8] =
        ["整改率", "完成率", "办结率", "解决率", "化解率", "销号率", "达标率", "整改完成率"];
    let chars = found.chars;
    for (i, rate) in mentions.iter().enumerate().skip(2) {
        let told = RATES.iter().any(|word| find(chars, rate.clause.0, rate.number.start, word).is_some());
        if rate.plain_unit(chars) != "%" || !rate.exact() || !told {
            continue;
        }
        let left: Vec<&Mention> = mentions[1..i]
            .iter()
            .filter(count)
            .filter(|m| any(chars, m.clause.0, m.clause.1, LEFT) && any(chars, m.clause.0, m.clause.1, "未"))
            .collect();
        let [left] = left[..] else { continue };
        let unit = left.plain_unit(chars);
        let before: Vec<&Mention> =
            mentions[..i].iter().filter(count).filter(|m| m.plain_unit(chars) == unit).collect();
        // Only the whole and what is left of it, or it is not clear what the rate is of.
        let [whole, _] = before[..] else { continue };
        if whole.start >= left.start || whole.amount(chars) < left.amount(chars) {
            continue;
        }
        let computed = (1.0 - left.amount(chars) / whole.amount(chars)) * 100.0;
        let slack = rounding(chars, rate) * 2.0 + 1e-9;
        if (computed - rate.number.value).abs() > slack {
            let reason = format!(
                "{}中还有{}没有完成，应为{computed:.1}%，文中为{}%",
                plain(whole.amount(chars)),
                plain(left.amount(chars)),
                rate.number.value
            );
            found.between(&[whole, left, rate], ConflictKind::Share, Certainty::Certain, reason);
        }
    }
}

/// 项目86个，已全部完工，剩余7个正在建设. 隐患214处，已整改214处，其余6处.
fn all_but_some(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for (i, left) in mentions.iter().enumerate().skip(1) {
        let rest = any(chars, left.clause.0, left.start, "剩余 尚有 仍有 还有 其余");
        if !rest || !count(&left) || left.number.value <= 0.0 {
            continue;
        }
        let unit = left.plain_unit(chars);
        let mut before = mentions[..i].iter().rev().filter(count).filter(|m| m.plain_unit(chars) == unit);
        let Some(last) = before.next().filter(|m| left.start - m.end <= 40) else { continue };
        let whole = before.next().filter(|m| (m.amount(chars) - last.amount(chars)).abs() < 1e-9);
        let done =
            any(chars, last.clause.0, last.start, "已整改 已完成 已办结 已解决 已化解 已销号 完成整改");
        if all_finished(chars, last.end, left.clause.0) || done && whole.is_some() {
            let reason = format!("称全部完成，又说还有{}", plain(left.amount(chars)));
            found.between(&[last, left], ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
        }
    }
}

/// 全部 with a word of finishing soon behind it.
fn all_finished(chars: &[char], start: usize, end: usize) -> bool {
    let finished = "完工 竣工 完成 建成 办结 整改 解决 销号 化解 到位 结案 清零 拆除 兑现 发放到位";
    let stop = |at: usize| {
        let mark = chars[at..end].iter().position(|c| matches!(c, '，' | '；' | '。'));
        mark.map_or(end, |i| at + i).min(at + 14)
    };
    find(chars, start, end, "全部").is_some_and(|at| any(chars, at, stop(at), finished))
}

/// 发放问卷2.4万份，收回2.6万份: more came back than went out.
fn came_back(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for pair in mentions.windows(2) {
        let [out, back] = pair else { continue };
        let said = any(chars, out.clause.0, out.start, "发放 发出 印发 下发 派发")
            && any(chars, back.clause.0, (back.end + 6).min(back.clause.1), "收回 回收")
            && !any(chars, back.clause.0, back.start, "建议 意见");
        let same = count(&out) && count(&back) && out.plain_unit(chars) == back.plain_unit(chars);
        if said && same && back.amount(chars) > out.amount(chars) && back.start - out.end <= 24 {
            let reason = format!("收回{}多于发出{}", plain(back.amount(chars)), plain(out.amount(chars)));
            found.between(&[out, back], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
        }
    }
}

/// 发现问题63个，……。其中甲类28个，乙类19个，丙类18个: the parts stand in the sentence behind their whole.
pub(super) fn parts_behind(found: &mut Found<'_>, before: &[Mention], after: &[Mention]) {
    let chars = found.chars;
    let Some(first) = after.first() else { return };
    let start = first.sentence.0;
    let from = (start..first.start).find(|at| !chars[*at].is_whitespace()).unwrap_or(start);
    if !stands(chars, from, "其中") || !count(&first) {
        return;
    }
    let unit = first.plain_unit(chars);
    let mut parts: Vec<&Mention> = Vec::new();
    for part in after {
        let next_to = parts.last().is_none_or(|last| part.start - last.end <= 16);
        let same = count(&part) && part.plain_unit(chars) == unit;
        let done = any(chars, part.clause.0, part.start, "办结 完成 整改 解决 另 还 共 销号 化解 已 未");
        if !same || !next_to || done {
            break;
        }
        parts.push(part);
    }
    let wholes = before.iter().filter(count).filter(|m| m.plain_unit(chars) == unit);
    let Some(whole) = wholes.max_by(|a, b| a.amount(chars).total_cmp(&b.amount(chars))) else { return };
    let total: f64 = parts.iter().map(|part| part.amount(chars)).sum();
    let near = first.start.saturating_sub(whole.end) <= 60;
    if parts.len() > 1 && near && total > whole.amount(chars) + 1e-9 {
        let reason = format!("“其中”各项相加为{}，大于总数{}", plain(total), plain(whole.amount(chars)));
        let mut figures = vec![whole];
        figures.extend(parts);
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
}
