//! Conflicts with what is left, with what came back, and with parts told in a sentence of their own.

use super::reckon::{Range, quantity};
use super::within::plain;
use super::{Certainty, ConflictKind, Found, rounding};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, find, stands};

/// How far an average may be from what total and number give, for the rounding of all three.
const AVERAGE_SLACK: f64 = 0.02;
/// Says that something is still to be done.
const LEFT: &str =
    "未整改 未完成 未办结 未解决 未到位 未销号 未化解 未达标 没有完成 没有整改 剩余 尚未 尚有 仍有 还有";

/// A count that can be reckoned with.
pub(super) fn count(m: &&Mention) -> bool {
    m.kind == FigureKind::Count && m.exact() && !m.rhythm && !m.quoted
}

pub(super) fn sentence(found: &mut Found<'_>, mentions: &[Mention]) {
    undone_share(found, mentions);
    all_but_some(found, mentions);
    came_back(found, mentions);
    done_and_open(found, mentions);
    share_of_plan(found, mentions);
    grown_by(found, mentions);
    average(found, mentions);
    difference(found, mentions);
    list_then_sum(found, mentions);
    of_those(found, mentions);
}

/// How far a stated sum may be from that of the parts and still be meant as theirs.
const NEAR_SUM: f64 = 0.25;

/// 整合站点9个、网点11个、货栈26个，共盘活用房48处: a list whose sum is told with a verb of its own.
fn list_then_sum(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for (i, sum) in mentions.iter().enumerate().skip(3).filter(|(_, m)| quantity(m)) {
        let clause = sum.clause.0;
        let all = ["共", "总共", "合计", "累计"].iter().any(|word| stands(chars, clause, word))
            && sum.start - clause > 3
            || any(chars, clause, sum.start, "总数 合计 总计");
        let unit = sum.plain_unit(chars);
        let mut parts: Vec<&Mention> = Vec::new();
        for part in mentions[..i].iter().rev() {
            let next = parts.last().map_or(clause, |m| m.start);
            // One in the clause of the sum is no part of the list.
            let listed = chars.get(part.end..next).is_some_and(|between| {
                between.len() <= 12 && between.iter().filter(|c| matches!(c, '、' | '，')).count() == 1
            });
            if !quantity(part) || part.plain_unit(chars) != unit || !listed {
                break;
            }
            parts.push(part);
        }
        let Some(first) = parts.last().filter(|_| all && parts.len() > 2) else { continue };
        // 个人所得税0.39亿元，契税1.15亿元，其他税种合计3.08亿元: the last of the list.
        if any(chars, clause, sum.start, "其他 其它 其余") {
            continue;
        }
        // 筹措经费，其中省级120万元、区级265万元，合计投入420万元: their own sum, whatever they are of.
        let own = stands(chars, clause, "合计");
        if any(
            chars,
            first.clause.0,
            sum.start,
            if own { "另 已 同比 较 每 各" } else { "其中 另 包括 已 同比 较 每 各" },
        ) {
            continue;
        }
        let total: f64 = parts.iter().map(|part| part.amount(chars)).sum();
        let stated = sum.amount(chars);
        // 检查系统58个，发现高危漏洞31个、中危漏洞64个，共95个: the last of them make it.
        let mut last = 0.0;
        let fits = parts.iter().any(|part| {
            last += part.amount(chars);
            (last - stated).abs() < 1e-6 * stated
        });
        if !fits && (total - stated).abs() > 1e-9 && (total - stated).abs() <= NEAR_SUM * total {
            let reason = format!("各部分相加为{}，文中合计为{}", plain(total), plain(stated));
            let mut figures: Vec<&Mention> = parts.into_iter().rev().collect();
            figures.push(sum);
            found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
        }
    }
}

/// 取得证书1900人，……，取证人员中就业2000人: of those just counted, more than there are.
fn of_those(found: &mut Found<'_>, mentions: &[Mention]) {
    const THOSE: [&str; 8] = ["人员中", "学员中", "群众中", "农户中", "党员中", "干部中", "企业中", "对象中"];
    let chars = found.chars;
    for (i, some) in mentions.iter().enumerate().skip(1).filter(|(_, m)| count(m)) {
        let from = some.clause.0;
        let Some(at) = THOSE.iter().find_map(|word| find(chars, from, some.start, word)) else { continue };
        let unit = some.plain_unit(chars);
        // 取证 says the same as 取得证书: they share a character.
        let named = |m: &&Mention| {
            m.plain_unit(chars) == unit
                && some.start - m.end <= 100
                && chars[from..at]
                    .iter()
                    .any(|c| !"人员学党干".contains(*c) && chars[m.clause.0..m.clause.1].contains(c))
        };
        let of = mentions[..i].iter().rev().filter(count).filter(named);
        let Some(those) = of.max_by(|a, b| a.amount(chars).total_cmp(&b.amount(chars))) else { continue };
        if some.amount(chars) > those.amount(chars) {
            let reason = format!("其中的{}大于整体{}", plain(some.amount(chars)), plain(those.amount(chars)));
            found.between(&[those, some], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
        }
    }
}

/// 收入3960万元，较2020年的1850万元净增2210万元.
fn difference(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for triple in mentions.windows(3) {
        let [now, old, by] = triple else { continue };
        let than = any(chars, now.end, old.start, "较 比")
            && !any(chars, now.end, old.start, "其中")
            && chars[old.start - 1] == '的';
        let more = any(chars, old.end, by.start, "净增 增加 增长 增 多");
        let less = any(chars, old.end, by.start, "净减 减少 下降 少");
        let unit = now.plain_unit(chars);
        let same = old.plain_unit(chars) == unit && by.plain_unit(chars) == unit && unit != "%";
        let exact = triple.iter().all(|m| m.exact() && !m.rhythm);
        if !(than && (more ^ less) && same && exact && by.start - now.end <= 40) {
            continue;
        }
        let computed = (now.amount(chars) - old.amount(chars)) * if more { 1.0 } else { -1.0 };
        let scale = by.amount(chars) / by.number.value.max(1e-9);
        let counted = [now, old, by].iter().all(|m| Range::of(chars, m).low >= m.amount(chars));
        let slack = (rounding(chars, now) + rounding(chars, old) + rounding(chars, by)) * scale;
        let slack = if counted { 0.0 } else { slack };
        if (computed - by.amount(chars)).abs() > slack + 1e-6 {
            let reason = format!("相差应为{}，文中为{}", plain(computed), plain(by.amount(chars)));
            found.between(&[now, old, by], ConflictKind::Sum, Certainty::Certain, reason);
        }
    }
}

/// 检视问题786个，已完成整改652个，正在推进的144个: what is done and what is not, against the whole.
fn done_and_open(found: &mut Found<'_>, mentions: &[Mention]) {
    const DONE: &str = "完工 竣工 已完成 已整改 已办结 已解决 已化解 已销号 完成整改 整改完成 已治理 已整治 已落实 办结 已开工 已完工 已拨付 已处置";
    const OPEN: &str = "正在 在建 在办 未开工 未动工 推进中 尚未 未完成 未整改 未办结 剩余 其余 尚在 仍在 还有 仍有 长期坚持 持续推进 阶段性";
    const STILL_OPEN: &str = "在办 未整改 未完成 未办结 未销号 整改中 办理中 推进中";
    let chars = found.chars;
    for (i, whole) in mentions.iter().enumerate().filter(|(_, m)| count(m)) {
        let unit = whole.plain_unit(chars);
        let mut parts: Vec<&Mention> = Vec::new();
        let (mut at, mut open_first) = (whole.end, false);
        for part in mentions[i + 1..].iter().filter(|m| count(m) && m.plain_unit(chars) == unit) {
            let side = |words: &str| {
                any(chars, at.max(part.clause.0), part.start, words)
                    || any(chars, part.end, end_of_item(chars, part), words)
            };
            // 已建成34个、正在施工8个: 已 directly in front says as much as any word of finishing.
            let front = part.number.start.saturating_sub(4).max(at.max(part.clause.0));
            let already = any(chars, front, part.number.start, "已");
            let first = parts.is_empty() && (side(DONE) || already) && !side(OPEN);
            // 在办250件，已销号400件: told the other way round.
            let turned = parts.is_empty() && side(STILL_OPEN) && !side(DONE);
            let first = first || turned;
            let done_next = open_first && (side(DONE) || already);
            let next = !parts.is_empty() && if open_first { done_next } else { side(OPEN) };
            let apart = parts.is_empty() && chars[at..part.start].contains(&'；');
            // 班子包案38件，已化解36件；其余47件由部门包案: of a larger whole.
            let apart = apart || part.amount(chars) > whole.amount(chars) && side("其余 剩余");
            if apart || part.start - at > 40 || !(first || next) {
                break;
            }
            at = part.end;
            open_first |= turned;
            parts.push(part);
            // 未开工的5个中，2个正在办手续: the next are of these.
            if chars.get(part.end) == Some(&'中') {
                break;
            }
        }
        // All done and some left is told by itself.
        if parts.len() < 2 || (parts[0].amount(chars) - whole.amount(chars)).abs() < 1e-9 {
            continue;
        }
        // 9座危桥（含2座漫水桥），7座已完工，2座正在施工: the parts are not those of what the brackets hold.
        let mark = chars[whole.end..parts[0].start].iter().find(|c| matches!(c, '（' | '(' | '）' | ')'));
        if matches!(mark, Some('）' | ')')) {
            continue;
        }
        let total: f64 = parts.iter().map(|p| p.amount(chars)).sum();
        let of = whole.amount(chars);
        let last = parts[parts.len() - 1];
        let rest = any(chars, last.clause.0, last.start, "剩余 其余");
        if total > of + 1e-9 || rest && (total - of).abs() > 1e-9 {
            let reason = format!("已完成和未完成的相加为{}，总数为{}", plain(total), plain(of));
            let mut figures = vec![whole];
            figures.extend(parts);
            found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
            return;
        }
    }
}

/// 新建3.2万亩，占年度任务4万亩的85%: the whole stands directly in front of its share.
fn share_of_plan(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for triple in mentions.windows(3) {
        let [part, whole, rate] = triple else { continue };
        let directly = chars[whole.end..rate.start] == ['的'] && rate.plain_unit(chars) == "%";
        let said = any(chars, whole.clause.0, whole.start, "占 完成 达到 为");
        let same = part.plain_unit(chars) == whole.plain_unit(chars) && part.kind == whole.kind;
        let exact = [part, whole, rate].iter().all(|m| m.exact() && !m.rhythm);
        let near = whole.start - part.end <= 24;
        if !(directly && said && same && exact && near) || whole.amount(chars) <= 0.0 {
            continue;
        }
        let computed = part.amount(chars) / whole.amount(chars) * 100.0;
        // 64所，其中……幼儿园15所，占应查单位80所的80%: of all of them.
        let slack = rounding(chars, rate) * 2.0 + 1e-9;
        let of_another = mentions.iter().any(|m| {
            m.start < part.start
                && quantity(m)
                && m.plain_unit(chars) == whole.plain_unit(chars)
                && (m.amount(chars) / whole.amount(chars) * 100.0 - rate.number.value).abs() <= slack
        });
        if of_another {
            continue;
        }
        if (computed - rate.number.value).abs() > rounding(chars, rate) * 2.0 + 1e-9 {
            let reason =
                format!("按{}÷{}算应为{computed:.1}%", plain(part.amount(chars)), plain(whole.amount(chars)));
            found.between(&[part, whole, rate], ConflictKind::Share, Certainty::Certain, reason);
        }
    }
}

/// 接待群众480人，比上年增加120人，增长25%: the value before is what is left without the rise.
fn grown_by(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for triple in mentions.windows(3) {
        let [now, by, rate] = triple else { continue };
        let more = any(chars, now.end, by.start, "增加 多 增长 新增");
        let less = any(chars, now.end, by.start, "减少 下降 少");
        let to = any(chars, now.end, by.start, "到 至");
        let than =
            any(chars, now.end, by.start, "比上年 比去年 较上年 较去年 同比 比上月 较上月 环比 比上季度");
        let said = any(chars, by.end, rate.start, "增长 增幅 升幅 上升 下降 降幅 减少");
        // 比上年增加14台，较2021年增长25%: of another year.
        let other = any(chars, by.end, rate.start, "较 比");
        let exact = [now, by, rate].iter().all(|m| m.exact() && !m.rhythm) && !other;
        let same = now.plain_unit(chars) == by.plain_unit(chars)
            && rate.plain_unit(chars) == "%"
            && now.kind != FigureKind::Rate;
        if !(more ^ less) || to || !than || !said || !exact || !same || rate.start - now.end > 50 {
            continue;
        }
        let before =
            if more { now.amount(chars) - by.amount(chars) } else { now.amount(chars) + by.amount(chars) };
        if before <= 0.0 {
            continue;
        }
        let computed = by.amount(chars) / before * 100.0;
        // 1093件，其中……现场103件，同比减少164件: of another number of the sentence.
        let of_another = mentions
            .iter()
            .filter(|m| m.start < now.start && quantity(m) && m.plain_unit(chars) == now.plain_unit(chars))
            .any(|m| {
                let before = if more {
                    m.amount(chars) - by.amount(chars)
                } else {
                    m.amount(chars) + by.amount(chars)
                };
                before > 0.0
                    && (by.amount(chars) / before * 100.0 - rate.number.value).abs()
                        <= rounding(chars, rate) * 2.0 + 0.05
            });
        if of_another {
            continue;
        }
        if (computed - rate.number.value).abs() > rounding(chars, rate) * 2.0 + 0.05 {
            let reason =
                format!("上期应为{}，变化应为{computed:.1}%，文中为{}%", plain(before), rate.number.value);
            found.between(&[now, by, rate], ConflictKind::Change, Certainty::Certain, reason);
        }
    }
}

/// 发放补贴1260万元，受益农户2100户，户均6000元.
fn average(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for triple in mentions.windows(3) {
        let [total, number, each] = triple else { continue };
        let per = each.start >= 2 && chars[each.start - 1] == '均';
        let unit = number.plain_unit(chars);
        let fits = per
            && (chars[each.start - 2] == unit.chars().next().unwrap_or(' ')
                || number.end < chars.len()
                    && chars[number.end..number.clause.1].contains(&chars[each.start - 2]));
        let money = total.kind == FigureKind::Money && each.kind == FigureKind::Money && count(&number);
        let (total, number) = if money { (total, number) } else { (number, total) };
        let money = total.kind == FigureKind::Money && each.kind == FigureKind::Money && count(&number);
        let near = each.start - triple[0].end <= 40 && total.exact() && each.exact();
        if !(fits && money && near) || number.amount(chars) <= 0.0 {
            continue;
        }
        let computed = total.amount(chars) / number.amount(chars);
        let told = each.amount(chars);
        // 村均42万元，较上年村均35万元: the average of before.
        let before = any(chars, each.clause.0, each.start, "上年 去年 同期");
        if !before && (computed - told).abs() > told * AVERAGE_SLACK {
            let reason = format!(
                "按{}÷{}算应为{}",
                plain(total.amount(chars)),
                plain(number.amount(chars)),
                plain(computed)
            );
            found.between(&[total, number, each], ConflictKind::Average, Certainty::Certain, reason);
        }
    }
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
        // 331篇，其中区领导的34个课题已全部完成，还有33个课题正在撰写: of all and not of those.
        let own = |m: &&Mention| !any(chars, m.clause.0, m.start, "其中");
        // 18项任务中……应于年底前完成的15项已全部完成，其余3项达到序时进度: of more, and not of those.
        let of_more = |last: &Mention| {
            // As it is printed: what was planned is not among the numbers of what was done.
            let both = format!("{}{unit}", plain(last.amount(chars) + left.amount(chars)));
            find(chars, 0, last.start, &both).is_some()
        };
        let Some(last) = before.next().filter(|m| left.start - m.end <= 40).filter(own) else { continue };
        let whole = before.next().filter(|m| (m.amount(chars) - last.amount(chars)).abs() < 1e-9);
        let done =
            any(chars, last.clause.0, last.start, "已整改 已完成 已办结 已解决 已化解 已销号 完成整改");
        if (all_finished(chars, last.end, left.clause.0) || done && whole.is_some()) && !of_more(last) {
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
            && (!any(chars, back.clause.0, back.start, "建议 意见")
                || any(chars, back.clause.0, back.start, "意见表 意见书 建议表 意见卡"));
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
    if !stands(chars, from, "其中") || !quantity(first) {
        return;
    }
    if done_of_each(found, before, after) {
        return;
    }
    let unit = first.plain_unit(chars);
    let mut parts: Vec<&Mention> = Vec::new();
    for part in after {
        let next_to = parts.last().is_none_or(|last| part.start - last.end <= 16);
        let same = quantity(part) && part.plain_unit(chars) == unit;
        let done = any(
            chars,
            part.clause.0,
            part.start,
            "办结 完成 整改 解决 另 还有 共 合计 平均 每 销号 化解 已 未 比上 比去 较 同比",
        );
        if !same || !next_to || done {
            break;
        }
        parts.push(part);
    }
    let wholes = before.iter().filter(|m| quantity(m)).filter(|m| m.plain_unit(chars) == unit);
    let Some(whole) = wholes.max_by(|a, b| a.amount(chars).total_cmp(&b.amount(chars))) else { return };
    let total: f64 = parts.iter().map(|part| part.amount(chars)).sum();
    let near = first.start.saturating_sub(whole.end) <= 60;
    // 其他补贴2600万元 ends the list: the parts are all there are.
    let others = parts.last().is_some_and(|last| {
        any(chars, last.start.saturating_sub(8).max(last.clause.0), last.start, "其他 其它 其余")
    });
    let of = whole.amount(chars);
    if parts.len() > 2 && near && others && total < of - 1e-9 && total > of * 0.6 {
        let reason = format!("各项连同其他相加为{}，总数为{}", plain(total), plain(of));
        let figures: Vec<&Mention> = [whole].into_iter().chain(parts).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
        return;
    }
    if parts.len() > 1 && near && total > of + 1e-9 {
        let reason = format!("“其中”各项相加为{}，大于总数{}", plain(total), plain(of));
        let mut figures = vec![whole];
        figures.extend(parts);
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
}

/// 52个问题已整改到位39个。其中，甲整改到位12个，乙整改到位18个，丙整改到位11个: what is done of each makes what is done.
fn done_of_each(found: &mut Found<'_>, before: &[Mention], after: &[Mention]) -> bool {
    const DONE: [&str; 8] =
        ["整改到位", "完成整改", "整改完成", "已完成", "已整改", "已办结", "办结", "化解"];
    let chars = found.chars;
    let unit = after[0].plain_unit(chars);
    let says = |m: &Mention, word: &str| chars[..m.start].ends_with(&word.chars().collect::<Vec<_>>());
    let finished =
        |m: &&Mention| quantity(m) && m.plain_unit(chars) == unit && DONE.iter().any(|word| says(m, word));
    let parts: Vec<&Mention> = after.iter().filter(finished).collect();
    // 反馈的21个问题已完成20个，自查的33个问题已完成32个: with or without the whole of each.
    let others = after.iter().filter(|m| quantity(m) && m.plain_unit(chars) == unit).count() - parts.len();
    if parts.is_empty() || others > 0 && others != parts.len() {
        return false;
    }
    let done = before.iter().rev().find(finished);
    let Some(done) = done.filter(|_| parts.len() > 1) else { return false };
    let total: f64 = parts.iter().map(|m| m.amount(chars)).sum();
    let of = done.amount(chars);
    if (total - of).abs() > 1e-9 && (total - of).abs() <= NEAR_SUM * of {
        let reason = format!("各项相加为{}，文中为{}", plain(total), plain(of));
        let figures: Vec<&Mention> = [done].into_iter().chain(parts).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
    true
}

/// Where the words end that may stand behind a count and belong to it.
fn end_of_item(chars: &[char], m: &Mention) -> usize {
    let stop = m.clause.1.min(m.end + 8).max(m.end);
    chars[m.end..stop].iter().position(|c| *c == '、').map_or(stop, |n| m.end + n)
}
