//! Counts that the items they announce, or that stand in front of them, do not match.

use super::numbering::{family, han};
use super::{FaultKind, Found};
use crate::lexicon::{any, find, stands, words};
use crate::numbers::{Number, number_at};
use crate::segment::{Mark, Numbering};

/// Longest rest of an announcement behind its number and unit, in code points.
const ANNOUNCED_MAX: usize = 14;
/// Most items that a count announces.
const MAX_ITEMS: f64 = 15.0;
/// How far behind 分三个阶段 the stages are looked for, in code points.
const STAGES_NEAR: usize = 3_000;
/// Farthest first item behind its announcement, in code points.
const NEAR: usize = 40;
/// Longest look back between the announcement of a speech's points and the first of them, in code points.
const NEAR_HEADING: usize = 700;

/// Longest clause, list or title that is looked back over, in code points: a text without marks must not take quadratic time.
const MAX_BACK: usize = 1_000;
/// Longest paragraph that is read to its end, in code points.
const MAX_PARAGRAPH: usize = 3_000;

/// Where what stands in front of a place begins: behind the last of the marks, or as far back as is looked.
fn behind_mark(chars: &[char], at: usize, mark: impl Fn(char) -> bool) -> usize {
    let far = at.saturating_sub(MAX_BACK);
    (far..at).rfind(|i| mark(chars[*i])).map_or(far, |i| i + 1)
}

/// The first of the marks from a place on, or as far as is looked.
fn next_mark(chars: &[char], at: usize, mark: impl Fn(char) -> bool) -> usize {
    let far = chars.len().min(at + MAX_PARAGRAPH);
    (at..far).find(|i| mark(chars[*i])).unwrap_or(far)
}

/// What is told point by point behind its number: 四个特点, 三条经验; not 12个行政村.
const LISTED: &str = "特点 方面 原因 问题 做法 短板 不足 经验 体会 感受 启示 成效 变化 建议 意见 任务 要求 措施 举措 困难 差距 亮点 关系 环节 收获 认识 打算 工作 考虑 关口 重点 机制 制度 行动 工程 路径 抓手 能力 大事 实事";

/// A number of items announced in front of a list: 讲三点意见：
pub(super) fn announced(found: &mut Found<'_>, numbers: &[Numbering]) {
    let chars = found.chars;
    for at in 0..chars.len() {
        let Some((number, end, says)) = announcement(chars, at) else { continue };
        let mut first = numbers.partition_point(|n| n.span.start < end);
        // A look back may stand between 我讲三点意见 and the first heading, not between a list and its count.
        let speaks = at > 0 && chars[at - 1] == '讲' && chars[..end].ends_with(&['意', '见']);
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
        let at_once =
            between.iter().all(|c| matches!(c, '。' | '：' | '\n')) && any(chars, number.end, end, LISTED);
        if !says && !at_once {
            continue;
        }
        if between.len() > near || between.iter().filter(|c| matches!(c, '。' | '\n')).count() > stops {
            continue;
        }
        let (items, last) = items(chars, &numbers[first..]);
        // 四个方面, then 一是, 二是, 四是: the numbering is at fault, not the count.
        if f64::from(items) != number.value && f64::from(last) != number.value {
            let reason = format!("说的是{}项，下文有{items}项", words(chars, number.start, number.end));
            let clear =
                |at: &usize| at == &number.start || !matches!(chars[*at], '，' | '。' | '\n' | '、' | '；');
            let start = (number.start.saturating_sub(2)..=number.start)
                .rev()
                .take_while(clear)
                .last()
                .unwrap_or(number.start);
            found.tell(start, end, FaultKind::CountMismatch, "announced count", reason, None);
        }
    }
}

/// 围绕“四看”: and then 一看, 二看 and 三看 only.
pub(super) fn called(found: &mut Found<'_>) {
    let chars = found.chars;
    for open in (0..chars.len()).filter(|at| chars[*at] == '“') {
        let Some(number) = number_at(chars, open + 1).filter(|n| n.han && (2.0..=9.0).contains(&n.value))
        else {
            continue;
        };
        let (Some(word), Some('”')) = (chars.get(number.end), chars.get(number.end + 1)) else { continue };
        let end = number.end + 2;
        let stop = next_mark(chars, end, |c| c == '\n');
        let mut at = end;
        let told = (1..=9).take_while(|n| {
            let next = find(chars, at, stop, &format!("{}{word}", han(*n)));
            next.inspect(|next| at = next + 2).is_some()
        });
        let told = told.count();
        if told >= 2 && told as f64 != number.value {
            let reason = format!("说的是{}，下文有{told}个", words(chars, open, end));
            found.tell(open, end, FaultKind::CountMismatch, "announced count", reason, None);
        }
    }
}

/// 做到“五个严禁”：严禁……，严禁……: so many clauses begin with the word, or so many items end with it; “三个坚持” and headings of 坚持.
pub(super) fn words_of_a_number(found: &mut Found<'_>, numbers: &[Numbering]) {
    let chars = found.chars;
    for open in (0..chars.len()).filter(|at| chars[*at] == '“') {
        let Some(number) = number_at(chars, open + 1).filter(|n| n.han && (2.0..=9.0).contains(&n.value))
        else {
            continue;
        };
        let from = number.end + usize::from(chars.get(number.end) == Some(&'个'));
        let (Some(word), Some('”')) = (chars.get(from..from + 2), chars.get(from + 2)) else { continue };
        let end = from + 3;
        let reach = chars.len().min(end + NEAR_HEADING);
        let stop = chars[end..reach].iter().position(|c| matches!(c, '。' | '\n')).map_or(reach, |n| end + n);
        let begins = |at: usize| matches!(chars[at - 1], '，' | '、' | '；' | '：' | '即');
        let ends = |at: usize| chars.get(at + 2).is_none_or(|c| matches!(c, '，' | '、' | '；' | '。'));
        let stands = |at: &usize| &chars[*at..*at + 2] == word;
        let told: Vec<usize> = (end..stop.saturating_sub(1)).filter(stands).collect();
        let in_turn = |each: &dyn Fn(usize) -> bool| told.len() >= 2 && told.iter().all(|at| each(*at));
        let here = in_turn(&begins) || in_turn(&ends);
        // “三个坚持”，……。（一）坚持……（二）坚持……
        let first = numbers.partition_point(|n| n.span.start < end);
        let heading = |n: &&Numbering| n.line_start && chars[n.span.end..].starts_with(word);
        let headed = numbers[first..]
            .iter()
            .skip_while(|n| n.number == 1 && !heading(n) && n.span.start < end + NEAR_HEADING)
            .take_while(|n| n.span.start < end + 10 * NEAR_HEADING)
            .filter(|n| n.line_start)
            .take_while(heading)
            .count();
        let near = numbers.get(first).is_some_and(|n| n.span.start <= end + NEAR_HEADING && n.number == 1);
        let count = if here {
            told.len()
        } else if near && told.is_empty() {
            headed
        } else {
            0
        };
        if count >= 2 && count as f64 != number.value {
            let reason = format!("说的是{}，下文有{count}个", words(chars, open, end));
            found.tell(open, end, FaultKind::CountMismatch, "announced count", reason, None);
        }
    }
}

/// 《甲办法》《乙细则》四项制度: more or fewer titles than their number.
pub(super) fn titles(found: &mut Found<'_>) {
    let chars = found.chars;
    for close in (1..chars.len()).filter(|at| chars[*at] == '》') {
        let Some(number) = number_at(chars, close + 1).filter(|n| (2.0..=MAX_ITEMS).contains(&n.value))
        else {
            continue;
        };
        let unit = ["项", "个", "部", "份"].iter().any(|unit| stands(chars, number.end, unit));
        let kind =
            any(chars, number.end, (number.end + 5).min(chars.len()), "制度 办法 文件 方案 规定 规范 细则");
        if !unit || !kind {
            continue;
        }
        let mut told = 0;
        let mut at = close;
        loop {
            let open = behind_mark(chars, at, |c| c == '《');
            if open == 0 || chars[open - 1] != '《' {
                break;
            }
            told += 1;
            // One title follows another, at most with a mark or a word between.
            let before = behind_mark(chars, open - 1, |c| !matches!(c, '、' | '和' | '及'));
            match before.checked_sub(1).filter(|i| chars[*i] == '》') {
                Some(next) => at = next,
                None => break,
            }
        }
        if told >= 2 && f64::from(told) != number.value {
            let reason = format!("说的是{}项，前面列了{told}项", words(chars, number.start, number.end));
            found.tell(
                number.start,
                number.end + 1,
                FaultKind::CountMismatch,
                "titles counted",
                reason,
                None,
            );
        }
    }
}

/// 三项制度，即管水员考核制度、水质公示制度; “四个一批”，即提升一批……: what is named behind 即, by its last word.
pub(super) fn namely(found: &mut Found<'_>) {
    let chars = found.chars;
    let mut from = 0;
    while let Some(at) = find(chars, from, chars.len(), "即") {
        from = at + 1;
        if at == 0 || chars[at - 1] != '，' {
            continue;
        }
        let clause = behind_mark(chars, at - 1, |c| matches!(c, '，' | '。' | '；' | '\n' | '：'));
        let number = (clause..at - 1)
            .filter_map(|i| number_at(chars, i).filter(|n| n.han && (2.0..=9.0).contains(&n.value)))
            .next_back();
        let Some(number) = number.filter(|n| at - n.end <= 12) else { continue };
        // The last two characters of what is counted name each of them.
        let quoted = chars[at - 2] == '”';
        let end = if quoted { at - 2 } else { at - 1 };
        let noun = words(chars, end.saturating_sub(2).max(number.end), end);
        let stop = next_mark(chars, at, |c| matches!(c, '。' | '；' | '\n'));
        if noun.chars().count() != 2 || any(chars, at, stop, "等 ，") && !quoted {
            continue;
        }
        let items = chars[at + 1..stop].split(|c| matches!(c, '、' | '和'));
        let (all, named) = items.fold((0, 0), |(all, named), item| {
            (all + 1, named + usize::from(find(item, 0, item.len(), &noun).is_some()))
        });
        let last = any(chars, at, stop, "等");
        if all >= 2 && all == named && !last && all as f64 != number.value {
            let reason = format!("说的是{}，后面列了{all}项", words(chars, number.start, end));
            found.tell(number.start, end, FaultKind::CountMismatch, "named behind 即", reason, None);
        }
    }
}

/// 分三个阶段, and then 第一阶段 and 第二阶段 only.
pub(super) fn stages(found: &mut Found<'_>) {
    let chars = found.chars;
    for at in 1..chars.len() {
        if chars[at - 1] != '分' {
            continue;
        }
        let Some(number) = number_at(chars, at).filter(|n| (2.0..=9.0).contains(&n.value)) else { continue };
        let unit = ["个阶段", "个步骤", "步", "批"].iter().find(|unit| stands(chars, number.end, unit));
        let Some(unit) = unit.map(|unit| unit.trim_start_matches('个')) else { continue };
        let stop = chars.len().min(number.end + STAGES_NEAR);
        let stands_there = |n: &u32| find(chars, number.end, stop, &format!("第{}{unit}", han(*n))).is_some();
        let told = (1..=9).take_while(stands_there).count();
        let later = (told as u32 + 2..=9).any(|n| stands_there(&n));
        if told >= 2 && told as f64 != number.value && !later {
            let reason = format!("说的是{}个，下文有{told}个", words(chars, number.start, number.end));
            found.tell(at, number.end + 3, FaultKind::CountMismatch, "announced stages", reason, None);
        }
    }
}

/// A number of two or more can begin with this character; asked at every character of a text.
fn begins_number(c: char) -> bool {
    matches!(c, '0'..='9' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
}

/// 三点意见、四个方面 as the end of an announcement; the number, where the announcement ends, whether a verb announces.
fn announcement(chars: &[char], at: usize) -> Option<(Number, usize, bool)> {
    if !begins_number(chars[at])
        || at > 0 && (chars[at - 1].is_ascii_digit() || chars[at - 1] == '第' || chars[at - 1] == '十')
    {
        return None;
    }
    let number =
        number_at(chars, at).filter(|n| n.value >= 2.0 && n.value <= MAX_ITEMS && n.value.fract() == 0.0)?;
    let unit = ["点", "个方面", "方面", "条", "项", "个", "起", "类", "道", "件"]
        .iter()
        .find(|u| stands(chars, number.end, u))?;
    let from = number.end + unit.chars().count();
    let stop = (from..(from + ANNOUNCED_MAX).min(chars.len()))
        .find(|i| matches!(chars[*i], '：' | '。' | '\n' | ':'))?;
    // 我讲四点意见，同大家共勉。
    let shared = chars[from..stop].iter().position(|c| *c == '，').map_or(stop, |i| from + i);
    let aside = any(chars, shared, stop, "，同大家 ，与大家 ，和大家 ，供大家 ，请大家 ，与同志们 ，同志们");
    let stop = if aside { shared } else { stop };
    if chars[from..stop].iter().any(|c| matches!(c, '，' | '、' | '；')) {
        return None;
    }
    let clause = behind_mark(chars, at, |c| matches!(c, '，' | '。' | '；' | '\n' | '：'));
    let says = any(chars, clause, at, "讲 谈 强调 提 说 汇报 以下 如下 这 抓好 做好 做到 把握 报告 通报");
    let told = any(chars, from, stop, "值得肯定 值得注意 不足 短板 差距");
    Some((number, stop, says || told))
}

/// How many items the list has that begins with the first of these numbers, and the highest number on it.
fn items(chars: &[char], numbers: &[Numbering]) -> (u32, u32) {
    let head = &numbers[0];
    let paragraph = next_mark(chars, head.span.start, |c| c == '\n');
    let (mut count, mut last) = (1, 1);
    for number in &numbers[1..] {
        let same = number.mark == head.mark && number.line_start == head.line_start;
        if !head.line_start && number.span.start > paragraph {
            break;
        }
        if same && number.number == 1 {
            break;
        }
        if same {
            last = last.max(number.number);
        }
        let carried = number.line_start && head.line_start && family(number.mark) == family(head.mark);
        if (same || carried) && (number.number == count + 1 || same && number.number == count) {
            // A repeated number is told as such and still counts as an item.
            count = if number.number == count { count + 1 } else { number.number };
        }
    }
    (count, last)
}

/// A、B、C三个方面: the number behind a list.
pub(super) fn listed(found: &mut Found<'_>) {
    let chars = found.chars;
    const UNITS: [&str; 12] = [
        "个方面",
        "方面",
        "个环节",
        "个步骤",
        "项重点",
        "项任务",
        "张清单",
        "个维度",
        "个阶段",
        "项措施",
        "大环节",
        "项重点措施",
    ];
    for at in 1..chars.len() {
        if !begins_number(chars[at]) || chars[at - 1].is_ascii_digit() {
            continue;
        }
        let Some(number) = number_at(chars, at).filter(|n| n.value >= 2.0 && n.value <= 10.0) else {
            continue;
        };
        // “学、讲、比、练、干”四位一体
        let unit = ["位一体", "字诀", "步", "个环节", "个方面"].iter().find(|u| stands(chars, number.end, u));
        if let Some(unit) = unit.filter(|_| chars[at - 1] == '”') {
            let open = behind_mark(chars, at, |c| matches!(c, '“' | '\n'));
            let (commas, _) = separators(&chars[open..at - 1]);
            if commas >= 2 && commas + 1 != number.value as usize {
                let reason =
                    format!("引号里列了{}项，写的是{}", commas + 1, words(chars, number.start, number.end));
                found.tell(
                    open,
                    number.end + unit.chars().count(),
                    FaultKind::CountMismatch,
                    "count behind a list",
                    reason,
                    None,
                );
            }
            continue;
        }
        let unit = UNITS.iter().any(|u| stands(chars, number.end, u)) || names_counted(chars, &number);
        if !unit || matches!(chars[at - 1], '第' | '等' | '这' | '的' | '“' | '，' | '。') {
            continue;
        }
        let from = behind_mark(chars, at, |c| matches!(c, '，' | '。' | '；' | '：' | '\n' | '（'));
        let (commas, links) = separators(&chars[from..at]);
        let (least, most) = (commas + 1, commas + 1 + links);
        let wanted = number.value as usize;
        if commas >= 2
            && !(least..=most).contains(&wanted)
            && wanted.abs_diff(most) <= 2
            && wanted.abs_diff(least) <= 2
        {
            let reason = format!("前面列了{most}项，写的是{}", words(chars, number.start, number.end));
            found.tell(at, number.end + 2, FaultKind::CountMismatch, "count behind a list", reason, None);
        }
    }
}

/// 大堰、白果、长岭3个乡镇: a count of bodies or kinds right behind their names, none of which is counted itself.
fn names_counted(chars: &[char], number: &Number) -> bool {
    const COUNTED: &str = "个乡镇 个镇 个乡 个街道 个村 个社区 个单位 个部门 个领域 个行业 个县 个重点领域 个重点行业 家单位 家企业 类问题 类群众 类群体 类人员 类对象 类重点 类突出 大行业 大领域 大产业 大工程 大行动";
    let at = number.start;
    if !COUNTED.split(' ').any(|unit| stands(chars, number.end, unit))
        || at == 0
        || matches!(chars[at - 1], '、' | '和' | '及' | '与')
    {
        return false;
    }
    let from = behind_mark(chars, at, |c| matches!(c, '，' | '。' | '；' | '：' | '\n' | '（'));
    // 吃水难、行路难的大坪、石板两个村: what belongs to the names cannot be told from what is said of them.
    let other = |c: &char| c.is_ascii_digit() || matches!(c, '的' | '赴' | '级');
    !chars[from..at].iter().any(other)
}

/// Commas of a list and words that may join its last item, both outside of brackets.
fn separators(list: &[char]) -> (usize, usize) {
    let (mut depth, mut commas, mut links) = (0_i32, 0, 0);
    for c in list {
        match c {
            '（' | '《' => depth += 1,
            '）' | '》' => depth -= 1,
            '、' if depth == 0 => commas += 1,
            '和' | '及' | '与' if depth == 0 => links += 1,
            _ => {}
        }
    }
    (commas, links)
}
