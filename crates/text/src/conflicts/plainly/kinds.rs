//! 发展党员18名，其中大专以上学历12人、致富能手21名: none of those behind 其中 is more than all; 34人次，其中第一专题8人、第二专题9人……: those that are numbered
//! make all of them.

use super::super::facts::label;
use super::super::reckon::{bare, same_unit};
use super::super::wholes::sides;
use super::super::within::{earlier, plain};
use super::super::{Certainty, ConflictKind, Found, exceeds};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far behind its whole 其中 may stand, in code points.
const AMONG: usize = 16;
/// How far one item may stand behind the other.
const STEP: usize = 22;
/// How much larger than its whole an item of a list may be and still be meant as a part, and one that a clause of its own tells.
const LISTED: f64 = 4.0;
const BESIDE: f64 = 1.5;
/// How far in front it may be said how many there are of those that are numbered.
const SAID: usize = 60;
/// Words behind which something else is told than one more part.
const OTHER: &str = "共 已 累计 去年 上年 同比 较 比上 每 均 总计 合计 涉及 带动 覆盖 惠及 受益 服务 另 此外 同时 这 应 按 限额 任务 计划 目标 标准";
/// What is done with others: 培训党员120名 behind 发展党员18名.
const DEEDS: &str = "培训 慰问 走访 组织 开展 发放 培养 建立 新建 举办 召开 排查 整改 办理 调整 储备 表彰 选派 教育 帮助 转移 吸引 发展 新增 \
                     完成 实施 处置 处理 救助 资助 安置 接待 受理 化解 清理 拆除 查处 出动 检查 印发 张贴 制定 修订 招聘 引进 评选 命名 接收 约谈 问责 处分 \
                     投入 撬动 实现";
const NUMBERS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let whole = &mentions[i];
    if !counted(whole) || apiece(chars, whole) || earlier(chars, whole) {
        return;
    }
    let items = items(chars, mentions, i);
    if items.is_empty() {
        return first_of_next(found, mentions, i);
    }
    if let Some(more) = items.iter().map(|at| &mentions[*at]).find(|m| is_more(chars, mentions, i, m)) {
        exceeds::tell(found, whole, more);
    } else {
        together(found, mentions, i, &items);
    }
}

/// 共有行政村142个。其中已通公交的村156个: the sentence behind begins with 其中 and counts one part alone.
fn first_of_next(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let whole = &mentions[i];
    let Some(part) = mentions.get(i + 1).filter(|m| counted(m) && same_unit(chars, whole, m)) else { return };
    let next = whole.sentence.1 + 1 == part.sentence.0 && chars[whole.sentence.1] == '。';
    let begins = stands(chars, part.sentence.0, "其中") && part.number.start - part.sentence.0 <= STEP;
    let alone = mentions[..i]
        .iter()
        .rev()
        .take_while(|m| m.sentence == whole.sentence)
        .all(|m| !same_unit(chars, m, whole));
    let all = any(chars, whole.clause.0, whole.number.start, "共 现有 全县 全镇 全区 全市 辖 总");
    let more = part.amount(chars) > whole.amount(chars) && part.amount(chars) <= BESIDE * whole.amount(chars);
    if next && begins && alone && all && more && !state(&chars[part.sentence.0..part.number.start]) {
        exceeds::tell(found, whole, part);
    }
}

/// 村均6名, 净增5个: such a number has no parts.
fn apiece(chars: &[char], whole: &Mention) -> bool {
    let near = whole.number.start.saturating_sub(8).max(whole.clause.0);
    any(chars, near, whole.number.start, "每 均 净增 净减 增加 减少 新增 同比 各")
}

/// Whether both are counted in one unit, or the whole in so many times and the part in heads.
fn unit_of(chars: &[char], whole: &Mention, part: &Mention) -> bool {
    let times = match bare(chars, whole) {
        ['人', '次'] => matches!(bare(chars, part), ['人' | '名' | '位']),
        [one, '次'] => bare(chars, part) == [*one],
        _ => false,
    };
    times || same_unit(chars, whole, part)
}

/// The items behind 其中, one behind the other.
fn items(chars: &[char], mentions: &[Mention], i: usize) -> Vec<usize> {
    let whole = &mentions[i];
    let mut items: Vec<usize> = Vec::new();
    let (mut last, mut sum) = (whole.end, 0.0);
    for (at, m) in mentions.iter().enumerate().skip(i + 1) {
        // Ages and shares belong to their items: 35岁以下14名, 21件，占30%.
        let beside = m.plain_unit(chars).ends_with('岁') || m.plain_unit(chars) == "%" && !items.is_empty();
        if beside && m.sentence == whole.sentence && m.start.saturating_sub(last) <= STEP {
            continue;
        }
        if m.sentence != whole.sentence || !counted(m) || !unit_of(chars, whole, m) {
            break;
        }
        let gap = &chars[last.min(m.number.start)..m.number.start];
        let follows = if items.is_empty() {
            let among = find(gap, 0, gap.len(), "其中").filter(|at| *at <= AMONG);
            among.is_some_and(|at| gap.len() - at <= STEP && only_mark(&gap[..at]) && !state(&gap[at..]))
        } else {
            // With these the whole is complete: what a clause of its own tells is no part of it.
            let complete = (whole.amount(chars) - sum).abs() < 1e-9;
            next(gap) && !(gap.contains(&'，') && (complete && gap.last() != Some(&'的') || deed(gap)))
        };
        if !follows {
            break;
        }
        items.push(at);
        (last, sum) = (m.end, sum + m.amount(chars));
    }
    items
}

/// Whether nothing but one mark parts the whole from 其中.
fn only_mark(gap: &[char]) -> bool {
    let marks = gap.iter().filter(|c| matches!(c, '，' | '（' | '：')).count();
    marks <= 1 && !gap.iter().any(|c| matches!(c, '；' | '、' | '）' | '。'))
}

/// Whether something else is told there than a part: 已通公交的村 is one, 已完成36个 may be of others.
fn state(gap: &[char]) -> bool {
    let kind = gap.contains(&'的');
    OTHER
        .split_whitespace()
        .any(|word| !(kind && word == "已") && find(gap, 2.min(gap.len()), gap.len(), word).is_some())
}

/// Whether only the name of one more item stands between two numbers.
fn next(gap: &[char]) -> bool {
    let marks = gap.iter().filter(|c| matches!(c, '、' | '，')).count();
    let share = gap.contains(&'占') && gap.contains(&'%');
    gap.len() <= STEP
        && (marks == 1 || share && marks == 2)
        && (share || !gap.contains(&'占'))
        && !gap.iter().any(|c| matches!(c, '；' | '。' | '：' | '）' | '（'))
        && !any(gap, 0, gap.len(), OTHER)
}

/// Whether a clause of its own tells what was done: ，培训党员120名.
pub(in super::super) fn deed(gap: &[char]) -> bool {
    let from = gap.iter().rposition(|c| *c == '，').map_or(0, |at| at + 1);
    any(gap, from, gap.len().min(from + 5), DEEDS) && gap.last() != Some(&'的')
}

/// Whether a part is more than its whole, and so than any number of the sentence in front of which it could be a part.
fn is_more(chars: &[char], mentions: &[Mention], i: usize, part: &Mention) -> bool {
    let (whole, value) = (&mentions[i], part.amount(chars));
    let all = whole.amount(chars);
    if value <= all || value > all * LISTED {
        return false;
    }
    let before = mentions[..i]
        .iter()
        .rev()
        .take_while(|m| m.sentence == whole.sentence)
        .take_while(|m| !chars[m.end.min(whole.start)..whole.start].contains(&'；'));
    let mut before =
        before.filter(|m| same_unit(chars, m, whole) || m.plain_unit(chars) == part.plain_unit(chars));
    // 76个村、48个社区，其中: both are the whole. 15个乡镇、212个行政村: the towns are none of the villages.
    let town = |m: &Mention| ["乡镇", "镇", "乡", "街道", "县"].iter().any(|word| stands(chars, m.end, word));
    let village = ["行政村", "村", "建制村"].iter().any(|word| stands(chars, whole.end, word));
    let beside =
        |m: &Mention| chars[m.end.min(whole.start)..whole.start].iter().any(|c| matches!(c, '、' | '和'));
    if before.any(|m| m.amount(chars) >= value || beside(m) && !(village && town(m))) {
        return false;
    }
    let from = chars[..part.number.start]
        .iter()
        .rposition(|c| matches!(c, '、' | '，' | '：' | '中'))
        .map_or(part.clause.0, |at| at + 1);
    let own = &chars[from..part.number.start];
    let clause = from > 0 && chars[from - 1] == '，';
    !clause || value <= all * BESIDE && !deed(own)
}

/// What those behind 其中 make of what is counted by times, or where they are numbered.
fn together(found: &mut Found<'_>, mentions: &[Mention], i: usize, items: &[usize]) {
    let chars = found.chars;
    let whole = &mentions[i];
    let parts: Vec<&Mention> = items.iter().map(|at| &mentions[*at]).collect();
    let (sum, all) = (parts.iter().map(|m| m.amount(chars)).sum::<f64>(), whole.amount(chars));
    if parts.len() < 2 || (sum - all).abs() < 1e-9 || sides(chars, &parts) {
        return;
    }
    // Of one unit other rules tell.
    let mixed = parts.iter().any(|m| !same_unit(chars, m, whole));
    let numbered = numbered(chars, mentions, items);
    let over = mixed && sum > all && sum <= BESIDE * all;
    let complete = numbered && parts.len() > 2 && said_so_many(chars, whole, parts.len()) && sum >= 0.7 * all;
    if over || complete {
        let reason = format!("“其中”各项相加为{}，总数为{}", plain(sum), plain(all));
        let figures: Vec<&Mention> = [whole].into_iter().chain(parts).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
}

/// 第一专题, 第二专题, 第三专题; 一季度, 二季度.
fn numbered(chars: &[char], mentions: &[Mention], items: &[usize]) -> bool {
    items.len() <= NUMBERS.len()
        && items.iter().zip(NUMBERS).all(|(at, number)| {
            let name = label(chars, mentions, *at);
            any(name, 0, name.len().min(3), &format!("第{number} {number}季度"))
        })
}

/// Whether it is said in front of the whole that there are so many: 围绕4个专题, 四个专题.
fn said_so_many(chars: &[char], whole: &Mention, number: usize) -> bool {
    let from = whole.start.saturating_sub(SAID);
    let han = NUMBERS.get(number - 1).copied().unwrap_or_default();
    let places = format!("{number}个 {han}个 {number}场 {han}场 {number}期 {han}期 {number}次 {han}次");
    any(chars, from, whole.start, &places) || any(chars, whole.end, whole.sentence.1, "四季度")
}
