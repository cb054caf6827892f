//! Counts in front of a numbered list: 讲三点意见：, 主要有四个特点。一是, 分三个阶段.

use super::super::numbering::{family, han, rank};
use super::super::{FaultKind, Found};
use super::{MAX_ITEMS, NEAR_HEADING, begins_number, behind_mark, next_mark, two_to_nine};
use crate::lexicon::{any, ending, find, stands, words};
use crate::numbers::{Number, number_at};
use crate::segment::{Mark, Numbering};

/// Longest rest of an announcement behind its number and unit, in code points.
const ANNOUNCED_MAX: usize = 14;
/// How far behind 分三个阶段 the stages are looked for, in code points.
const STAGES_NEAR: usize = 3_000;
/// Farthest first item behind its announcement, in code points.
const NEAR: usize = 40;
/// How much further a number may be before it is none of the list.
const SKIPPED: u32 = 3;
/// Longest rest behind what is counted, in code points: 三个步骤进行, not 三个环节提速增效.
const REST: usize = 3;

/// Most items of a count of anything, where a colon opens them.
const FEW: f64 = 9.0;
/// What is told point by point behind its number: 四个特点, 三条经验; not 12个行政村.
const LISTED: &str = "特点 方面 原因 问题 做法 短板 不足 经验 体会 感受 启示 成效 变化 建议 意见 任务 要求 措施 举措 困难 差距 亮点 关系 环节 收获 认识 打算 工作 考虑 关口 重点 机制 制度 行动 工程 路径 抓手 能力 大事 实事 情形 阶段 步骤 层面 类型 途径 要点 整治 件事 现象 因素 方向 事项 倾向 优势 挑战 突破 转变 难题 难点 堵点 痛点 关键 文章 原则 目标 内容 方式 方法";

/// What an announcement says.
pub(super) struct Announcement {
    pub(super) number: Number,
    unit: &'static str,
    pub(super) end: usize,
    /// Whether a verb announces.
    pub(super) says: bool,
    /// Whether nothing stands behind number and unit: 主要有两点：
    bare: bool,
}

/// A number of items announced in front of a list: 讲三点意见：
pub(in super::super) fn announced(found: &mut Found<'_>, numbers: &[Numbering]) {
    let chars = found.chars;
    for &at in found.counted {
        let Some(told) = announcement(chars, at) else { continue };
        let (number, end) = (told.number, told.end);
        let mut first = numbers.partition_point(|n| n.span.start < end);
        // A look back may stand between 我讲三点意见 and the first heading, not between a list and its count.
        let speaks = speaks(chars, at, end);
        let heading =
            |n: &Numbering| n.line_start && matches!(n.mark, Mark::Han | Mark::Ordinal) && n.number == 1;
        let (near, stops) = if speaks { (NEAR_HEADING, 16) } else { (NEAR, 2) };
        if speaks {
            let reach = numbers[first..].iter().take_while(|n| n.span.start <= end + NEAR_HEADING);
            first += reach.into_iter().position(heading).unwrap_or(0);
        }
        let Some(head) = numbers.get(first).filter(|n| n.number == 1) else { continue };
        let between = &chars[end..head.span.start.max(end)];
        // 主要有四个特点。一是: where the first item follows at once, no verb need announce it.
        // 出台三项扶持政策：一是: a colon and the first item say that whatever is counted is what follows.
        let opened = matches!(between, ['：' | ':']) && number.han && number.value <= FEW;
        let at_once = between.iter().all(|c| matches!(c, '。' | '：' | ':' | '，' | '\n'))
            && (opened || told.bare || names_points(chars, &told));
        if !told.says && !at_once {
            continue;
        }
        if between.len() > near || between.iter().filter(|c| matches!(c, '。' | '\n')).count() > stops {
            continue;
        }
        let stage = ["阶段", "步骤"].into_iter().find(|word| any(chars, number.end, end, word));
        let (items, last) = items(chars, &numbers[first..], stage);
        let (items_of, last_of) = (f64::from(items), f64::from(last));
        // 四个方面, then 一是, 二是, 四是: the numbering is at fault, not the count.
        if items_of != number.value && (last_of != number.value || items > last) {
            tell(found, &number, end, items);
        }
    }
}

/// 讲三点意见, 谈三点体会: what a speaker says he will come to.
fn speaks(chars: &[char], at: usize, end: usize) -> bool {
    const POINTS: [&str; 7] = ["意见", "体会", "感受", "认识", "想法", "看法", "建议"];
    at > 0
        && matches!(chars[at - 1], '讲' | '谈' | '说')
        && POINTS.iter().any(|word| ending(chars, end, word).is_some())
}

pub(super) fn tell(found: &mut Found<'_>, number: &Number, end: usize, items: u32) {
    let chars = found.chars;
    let reason = format!("说的是{}项，下文有{items}项", words(chars, number.start, number.end));
    let clear = |at: &usize| at == &number.start || !matches!(chars[*at], '，' | '。' | '\n' | '、' | '；');
    let start = (number.start.saturating_sub(2)..=number.start)
        .rev()
        .take_while(clear)
        .last()
        .unwrap_or(number.start);
    found.tell(start, end, FaultKind::CountMismatch, "announced count", reason, None);
}

/// Whether what is counted is told point by point, and the announcement ends with it.
fn names_points(chars: &[char], told: &Announcement) -> bool {
    let (from, end) = (told.number.end, told.end);
    LISTED.split(' ').any(|noun| {
        // 反馈的9个问题: so many were found, and are not told one by one.
        let cases = noun == "问题" && !told.number.han && told.unit != "起";
        let near = noun == "方面" || chars[from..end].len() <= noun.chars().count() + REST + 1;
        !cases
            && find(chars, from, end, noun)
                .map(|at| at + noun.chars().count())
                .is_some_and(|to| near || end - to <= REST || stands(chars, to, "进行"))
    })
}

/// A number of two or more and its unit where they announce: not 4.9个, 第三, 十三.
fn counted(chars: &[char], at: usize) -> Option<(Number, usize, &'static str)> {
    const UNITS: [&str; 11] = ["点", "个方面", "方面", "条", "项", "个", "起", "类", "道", "件", "种"];
    if !begins_number(chars[at])
        || at > 0 && (chars[at - 1].is_ascii_digit() || matches!(chars[at - 1], '第' | '十' | '.'))
    {
        return None;
    }
    let number =
        number_at(chars, at).filter(|n| n.value >= 2.0 && n.value <= MAX_ITEMS && n.value.fract() == 0.0)?;
    let unit = UNITS.into_iter().find(|u| stands(chars, number.end, u))?;
    Some((number, number.end + unit.chars().count(), unit))
}

/// 三点意见、四个方面 as the end of an announcement.
pub(super) fn announcement(chars: &[char], at: usize) -> Option<Announcement> {
    let (number, from, unit) = counted(chars, at)?;
    let stop = (from..(from + ANNOUNCED_MAX).min(chars.len()))
        .find(|i| matches!(chars[*i], '：' | '。' | '\n' | ':'))
        .or_else(|| first_item(chars, from))?;
    // 我讲四点意见，同大家共勉。
    let shared = chars[from..stop].iter().position(|c| *c == '，').map_or(stop, |i| from + i);
    let aside = any(chars, shared, stop, "，同大家 ，与大家 ，和大家 ，供大家 ，请大家 ，与同志们 ，同志们")
        || first_item(chars, from) == Some(shared);
    let stop = if aside { shared } else { stop };
    let clause = behind_mark(chars, at, |c| matches!(c, '，' | '。' | '；' | '\n' | '：'));
    let rest = &chars[from..stop];
    // 从以下三个方面发力，推动整改落实。
    let follows = || any(chars, clause, at, "以下 如下") && !rest.contains(&'、');
    if rest.iter().any(|c| matches!(c, '，' | '、' | '；')) && !follows() {
        return None;
    }
    // 难处主要有两个。
    let mainly = from == stop && number.han && unit == "个" && ending(chars, at, "主要有").is_some();
    let says = unit != "种"
        && (any(chars, clause, at, "讲 谈 强调 提 说 汇报 以下 如下 这 抓好 做好 做到 把握 报告 通报")
            || any(chars, from, stop, "值得肯定 值得注意 不足 短板 差距"))
        || mainly;
    let bare = from == stop && number.han && matches!(unit, "点" | "条" | "方面" | "个方面");
    Some(Announcement { number, unit, end: stop, says, bare })
}

/// 主要有三个特点，一是: the comma behind which the first item begins.
fn first_item(chars: &[char], from: usize) -> Option<usize> {
    let reach = chars.len().min(from + ANNOUNCED_MAX);
    let comma = (from..reach).find(|i| chars[*i] == '，')?;
    ["一是", "一要", "第一，"].iter().any(|item| stands(chars, comma + 1, item)).then_some(comma)
}

/// How many items the list has that begins with the first of these numbers, and the highest number on it. Where the
/// headings of a list are stages, only those that say so are.
fn items(chars: &[char], numbers: &[Numbering], stage: Option<&str>) -> (u32, u32) {
    let head = &numbers[0];
    let paragraph = next_mark(chars, head.span.start, |c| c == '\n');
    let says = |n: &Numbering| {
        let line = next_mark(chars, n.span.end, |c| matches!(c, '。' | '\n'));
        stage.is_some_and(|word| any(chars, n.span.end, line, word))
    };
    let staged = says(head);
    let (mut count, mut last, mut nested) = (1, 1, Vec::new());
    for number in &numbers[1..] {
        let same = number.mark == head.mark && number.line_start == head.line_start;
        let headings = number.line_start && head.line_start;
        let higher = headings && rank(number.mark) < rank(head.mark);
        if !head.line_start && number.span.start > paragraph || same && number.number == 1 || higher {
            break;
        }
        // 第一， below a heading 二、 begins a list of its own.
        let carried = !same && headings && family(number.mark) == family(head.mark);
        if carried && number.number == 1 {
            nested.push(number.mark);
        }
        let next = carried && !nested.contains(&number.mark) && number.number == last + 1;
        if next || same && number.number <= last + SKIPPED && (!staged || says(number)) {
            // A repeated number is told as such and still counts as an item.
            count += 1;
            last = last.max(number.number);
        }
    }
    (count, last)
}

/// 分三个阶段, and then 第一阶段 and 第二阶段 only.
pub(in super::super) fn stages(found: &mut Found<'_>) {
    const UNITS: [(&str, &[&str]); 4] =
        [("个阶段", &["阶段"]), ("个步骤", &["步骤", "步"]), ("步", &["步"]), ("批", &["批"])];
    let chars = found.chars;
    for at in 1..chars.len() {
        if chars[at - 1] != '分' {
            continue;
        }
        let Some(number) = number_at(chars, at).filter(two_to_nine) else { continue };
        let Some((_, names)) = UNITS.iter().find(|(unit, _)| stands(chars, number.end, unit)) else {
            continue;
        };
        let stop = chars.len().min(number.end + STAGES_NEAR);
        let stands_there = |n: u32| {
            names.iter().any(|unit| find(chars, number.end, stop, &format!("第{}{unit}", han(n))).is_some())
        };
        let told = (1..=9).take_while(|n| stands_there(*n)).count();
        let later = (told as u32 + 2..=9).any(stands_there);
        if told >= 2 && told as f64 != number.value && !later {
            let reason = format!("说的是{}个，下文有{told}个", words(chars, number.start, number.end));
            found.tell(at, number.end + 3, FaultKind::CountMismatch, "announced stages", reason, None);
        }
    }
}
