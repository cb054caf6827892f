//! Numbering that skips, repeats or changes shape; counts that their items do not match; days that do not exist.

use std::collections::HashMap;

use super::{FaultKind, Found};
use crate::deadline::last_day;
use crate::lexicon::{any, find, stands, words};
use crate::numbers::{Number, number_at};
use crate::segment::{Mark, Numbering};

/// Most items that a count announces.
const MAX_ITEMS: f64 = 15.0;
/// Numbers that may be missing within a line before it is no longer the same list.
const SKIPPED_MAX: u32 = 3;
/// How far behind 分三个阶段 the stages are looked for, in code points.
const STAGES_NEAR: usize = 3_000;
/// Farthest first item behind its announcement, in code points.
const NEAR: usize = 40;
/// Longest look back between the announcement of a speech's points and the first of them, in code points.
const NEAR_HEADING: usize = 700;

pub(super) fn sequences(found: &mut Found<'_>, lines: &[(usize, usize)], numbers: &[Numbering]) {
    let chars = found.chars;
    let mut last: HashMap<Mark, (u32, usize)> = HashMap::new();
    // Where the count went wrong: what it would be by now, and where the number in front stood.
    let mut meant: HashMap<Mark, (u32, usize)> = HashMap::new();
    // The last number of each shape, whatever stood between: some count on through all sections.
    let mut ended: HashMap<Mark, u32> = HashMap::new();
    for number in numbers {
        below(number, &mut last);
        let line = lines.partition_point(|(_, end)| *end <= number.span.start);
        let before = last.get(&number.mark).copied();
        let place = meant.get(&number.mark).filter(|_| before.is_some()).map_or(1, |(n, _)| n + 1);
        let from = meant.get(&number.mark).map_or(0, |(_, at)| *at);
        let counted_on = number.number == place && before.is_some_and(|(n, _)| n + 1 != place);
        meant.insert(number.mark, (if before.is_some() { place } else { number.number }, number.span.end));
        if before.is_none_or(|(n, _)| number.number == n + 1) || number.number == 1 {
            meant.insert(number.mark, (number.number, number.span.end));
        }
        if counted_on {
            last.insert(number.mark, (number.number, line));
            ended.insert(number.mark, number.number);
            continue;
        }
        if let Some(reason) = wrong(chars, number, (before, from), (&last, &ended), line) {
            if let Some(odd) = odd_first(chars, number, numbers).filter(|_| before.is_none()) {
                let reason = "同一层次的序号写法不一致".to_string();
                let end = (odd.span.end + 6).min(chars.len());
                found.tell(
                    odd.span.start,
                    end,
                    FaultKind::Numbering,
                    "sequence",
                    reason,
                    Some(shape(number, 1)),
                );
                last.insert(number.mark, (number.number, line));
                ended.insert(number.mark, number.number);
                continue;
            }
            let expected = before.filter(|(n, _)| number.number != n + 1).map(|(n, _)| shape(number, n + 1));
            let end = (number.span.end + 8).min(chars.len());
            let end = (number.span.end..end).find(|i| matches!(chars[*i], '，' | '。' | '\n')).unwrap_or(end);
            found.tell(number.span.start, end, FaultKind::Numbering, "sequence", reason, expected);
        }
        last.insert(number.mark, (number.number, line));
        ended.insert(number.mark, number.number);
    }
    then_without_first(found, lines);
}

/// 第一， in front of 二、 and 三、: the first of a row that is the odd one out.
fn odd_first<'a>(chars: &[char], number: &Numbering, numbers: &'a [Numbering]) -> Option<&'a Numbering> {
    let goes_on = numbers.iter().any(|n| {
        n.mark == number.mark
            && n.line_start
            && n.span.start > number.span.start
            && n.number == number.number + 1
    });
    let mut before = numbers.iter().rev().filter(|n| n.span.start < number.span.start && n.line_start);
    let first = before.find(|n| family(n.mark) == family(number.mark))?;
    let odd = first.mark != number.mark && first.number == 1 && number.number == 2;
    (goes_on && odd && number.line_start && chars[first.span.start] != '\n').then_some(first)
}

/// A number of a higher level starts the lower ones anew.
fn below(number: &Numbering, last: &mut HashMap<Mark, (u32, usize)>) {
    let rank = |mark: Mark| match mark {
        Mark::Han | Mark::Ordinal => 1,
        Mark::HanBracket => 2,
        Mark::Arabic => 3,
        Mark::ArabicBracket => 4,
        Mark::Circled => 5,
        Mark::Is | Mark::Must => 6,
    };
    if number.line_start && rank(number.mark) < 6 {
        let here = rank(number.mark);
        last.retain(|mark, _| rank(*mark) <= here);
    }
}

/// Why a number is wrong where it stands, if it is.
fn wrong(
    chars: &[char],
    number: &Numbering,
    (before, from): (Option<(u32, usize)>, usize),
    (last, ended): (&HashMap<Mark, (u32, usize)>, &HashMap<Mark, u32>),
    line: usize,
) -> Option<String> {
    let n = number.number;
    let inline = matches!(number.mark, Mark::Is | Mark::Must);
    // Numbers inside of a sentence may refer to something else; behind a full stop they count on within their line.
    if !inline && !number.line_start {
        let (m, at) = before?;
        let begins = number.span.start > 0
            && matches!(chars[number.span.start - 1], '。' | '；' | '：')
            && matches!(number.mark, Mark::HanBracket | Mark::Arabic | Mark::ArabicBracket);
        let skips = begins && at == line && n > m + 1 && n <= m + SKIPPED_MAX;
        return skips.then(|| format!("序号不连续：上一个是{m}，这里是{n}"));
    }
    match before {
        Some((m, _)) if n == m + 1 => None,
        Some((m, at)) if n == 1 => {
            (m == 1 && number.line_start && !inline && at + 1 >= line).then(|| "序号重复".to_string())
        }
        Some((m, _)) if n == m => Some("序号重复".to_string()),
        Some((m, _)) => {
            let skipped = between(chars, number, from);
            (!skipped).then(|| format!("序号不连续：上一个是{m}，这里是{n}"))
        }
        None if n == 1 => None,
        None => {
            // Another shape carried the count so far: 一、二、第三，
            let other = last.iter().find(|(mark, (m, _))| {
                **mark != number.mark && *m + 1 == n && family(**mark) == family(number.mark)
            });
            match other {
                Some(_) => Some("同一层次的序号写法不一致".to_string()),
                None if number.mark == Mark::Ordinal && !number.line_start => None,
                None if between(chars, number, 0) => None,
                // 4. in the second section where the first one ended with 3.
                None if number.mark == Mark::Arabic && ended.get(&number.mark) == Some(&(n - 1)) => None,
                None => Some(format!("序号从{n}开始，前面没有{}", n - 1)),
            }
        }
    }
}

fn family(mark: Mark) -> u8 {
    match mark {
        Mark::Han | Mark::Ordinal => 1,
        Mark::Is | Mark::Must => 2,
        other => 3 + other as u8,
    }
}

/// Whether the number in front stands in the text in some other way (二是 without a mark in front of it).
fn between(chars: &[char], number: &Numbering, after: usize) -> bool {
    let wanted = han(number.number - 1);
    let from = number.span.start.saturating_sub(1500).max(after);
    let tails: &[&str] = match number.mark {
        Mark::Is | Mark::Must => &["是", "要", "、", "则", "须", "应"],
        Mark::Han => &["、", "，", "是", "要"],
        _ => &[],
    };
    // 四是 within a paragraph is no heading 四、.
    let front = if number.mark == Mark::Han && number.line_start { "\n" } else { "" };
    tails.iter().any(|tail| find(chars, from, number.span.start, &format!("{front}{wanted}{tail}")).is_some())
}

fn shape(number: &Numbering, n: u32) -> String {
    match number.mark {
        Mark::Han => format!("{}、", han(n)),
        Mark::HanBracket => format!("（{}）", han(n)),
        Mark::Arabic => format!("{n}."),
        Mark::ArabicBracket => format!("（{n}）"),
        Mark::Circled => char::from_u32('①' as u32 + n - 1).map(String::from).unwrap_or_default(),
        Mark::Ordinal => format!("第{}", han(n)),
        Mark::Is => format!("{}是", han(n)),
        Mark::Must => format!("{}要", han(n)),
    }
}

/// A number below a hundred in Chinese numerals.
fn han(n: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = ((n / 10) as usize % 10, (n % 10) as usize);
    match tens {
        0 => DIGITS[ones].to_string(),
        1 => format!("十{}", DIGITS[ones]),
        _ => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
    }
}

/// 其次 without 首先 in its paragraph or the one in front.
fn then_without_first(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    for (i, &(start, end)) in lines.iter().enumerate() {
        let Some(at) = find(chars, start, end, "其次") else { continue };
        let begins = at == start || matches!(chars[at - 1], '。' | '；' | '，' | '！');
        let from = lines[i.saturating_sub(1)].0;
        if begins && !any(chars, from, at, "首先 第一 一是 一方面 首要 最重要 先是 首位") {
            let to = (at + 6).min(end);
            found.tell(
                at,
                to,
                FaultKind::Numbering,
                "second without first",
                "有“其次”而前面没有“首先”".to_string(),
                None,
            );
        }
    }
}

/// A number of items announced in front of a list: 讲三点意见：
pub(super) fn counts(found: &mut Found<'_>, numbers: &[Numbering]) {
    let chars = found.chars;
    for at in 0..chars.len() {
        let Some((number, end)) = announcement(chars, at) else { continue };
        let mut first = numbers.partition_point(|n| n.span.start < end);
        // A look back may stand between 我讲三点意见 and the first heading, not between a list and its count.
        let speaks = chars[end.saturating_sub(6)..end].ends_with(&['意', '见']) && chars[at - 1] == '讲';
        let heading = |n: &Numbering| n.line_start && n.mark == Mark::Han && n.number == 1;
        let (near, stops) = if speaks { (NEAR_HEADING, 16) } else { (NEAR, 2) };
        if speaks {
            first += numbers[first..].iter().position(heading).unwrap_or(0);
        }
        let Some(head) = numbers.get(first).filter(|n| n.number == 1) else { continue };
        let between = &chars[end..head.span.start.max(end)];
        if between.len() > near || between.iter().filter(|c| matches!(c, '。' | '\n')).count() > stops {
            continue;
        }
        let items = items(chars, &numbers[first..]);
        if f64::from(items) != number.value {
            let reason = format!("说的是{}项，下文有{items}项", words(chars, number.start, number.end));
            let start = number.start.saturating_sub(2);
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
        let stop = chars[end..].iter().position(|c| *c == '\n').map_or(chars.len(), |i| end + i);
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

/// 三点意见、四个方面 as the end of an announcement; the number and where the announcement ends.
fn announcement(chars: &[char], at: usize) -> Option<(Number, usize)> {
    if !begins_number(chars[at])
        || at > 0 && (chars[at - 1].is_ascii_digit() || chars[at - 1] == '第' || chars[at - 1] == '十')
    {
        return None;
    }
    let number =
        number_at(chars, at).filter(|n| n.value >= 2.0 && n.value <= MAX_ITEMS && n.value.fract() == 0.0)?;
    let unit = ["点", "个方面", "方面", "条", "项", "个"].iter().find(|u| stands(chars, number.end, u))?;
    let from = number.end + unit.chars().count();
    let stop =
        (from..(from + 10).min(chars.len())).find(|i| matches!(chars[*i], '：' | '。' | '\n' | ':'))?;
    if chars[from..stop].iter().any(|c| matches!(c, '，' | '、' | '；')) {
        return None;
    }
    let clause =
        chars[..at].iter().rposition(|c| matches!(c, '，' | '。' | '；' | '\n' | '：')).map_or(0, |i| i + 1);
    let says = any(chars, clause, at, "讲 谈 强调 提 说 汇报 以下 如下 这 抓好 做好 做到 把握 报告 通报");
    let told = any(chars, from, stop, "值得肯定 值得注意 不足 短板 差距");
    (says || told).then_some((number, stop))
}

/// How many items the list has that begins with the first of these numbers.
fn items(chars: &[char], numbers: &[Numbering]) -> u32 {
    let head = &numbers[0];
    let paragraph =
        chars[head.span.start..].iter().position(|c| *c == '\n').map_or(chars.len(), |i| head.span.start + i);
    let mut count = 1;
    for number in &numbers[1..] {
        let same = number.mark == head.mark && number.line_start == head.line_start;
        if !head.line_start && number.span.start > paragraph {
            break;
        }
        if same && number.number == 1 {
            break;
        }
        let carried = number.line_start && head.line_start && family(number.mark) == family(head.mark);
        if (same || carried) && (number.number == count + 1 || same && number.number == count) {
            // A repeated number is told as such and still counts as an item.
            count = if number.number == count { count + 1 } else { number.number };
        }
    }
    count
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
        let open = chars[..at].iter().rposition(|c| matches!(c, '“' | '\n')).map_or(0, |i| i + 1);
        if chars[at - 1] == '”'
            && ["位一体", "字诀", "个环节", "个方面"].iter().any(|u| stands(chars, number.end, u))
        {
            let (commas, _) = separators(&chars[open..at - 1]);
            if commas >= 2 && commas + 1 != number.value as usize {
                let reason =
                    format!("引号里列了{}项，写的是{}", commas + 1, words(chars, number.start, number.end));
                found.tell(
                    open,
                    number.end + 3,
                    FaultKind::CountMismatch,
                    "count behind a list",
                    reason,
                    None,
                );
            }
            continue;
        }
        if !UNITS.iter().any(|u| stands(chars, number.end, u))
            || matches!(chars[at - 1], '第' | '等' | '这' | '的' | '“' | '，' | '。')
        {
            continue;
        }
        let from = chars[..at]
            .iter()
            .rposition(|c| matches!(c, '，' | '。' | '；' | '：' | '\n' | '（'))
            .map_or(0, |i| i + 1);
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

/// Commas of a list and words that may join its last item, both outside of brackets.
fn separators(list: &[char]) -> (usize, usize) {
    let (mut depth, mut commas, mut links) = (0_i32, 0, 0);
    for c in list {
        match c {
            '（' | '《' => depth += 1,
            '）' | '》' => depth -= 1,
            '、' if depth == 0 => commas += 1,
            '和' | '及' | '与' if depth == 0 && commas > 0 => links = 1,
            _ => {}
        }
    }
    (commas, links)
}

/// Days and hours that do not exist.
pub(super) fn dates(found: &mut Found<'_>) {
    let chars = found.chars;
    for at in 0..chars.len() {
        if !chars[at].is_ascii_digit() || at > 0 && (chars[at - 1].is_ascii_digit() || chars[at - 1] == '.') {
            continue;
        }
        let Some(month) =
            number_at(chars, at).filter(|n| chars.get(n.end) == Some(&'月') && n.end - n.start <= 2)
        else {
            continue;
        };
        let year = at.checked_sub(1).filter(|i| chars[*i] == '年').and_then(|i| year_before(chars, i));
        let day = number_at(chars, month.end + 1).filter(|d| matches!(chars.get(d.end), Some('日' | '号')));
        let last = last_day(year.unwrap_or(2024), month.value as u32);
        let bad =
            last.is_none() || day.is_some_and(|d| d.value < 1.0 || d.value > f64::from(last.unwrap_or(31)));
        if bad {
            let end = day.map_or(month.end + 1, |d| d.end + 1);
            found.tell(at, end, FaultKind::Date, "no such day", "日期不存在".to_string(), None);
        }
    }
}

fn year_before(chars: &[char], end: usize) -> Option<i32> {
    let from = end.checked_sub(4)?;
    chars[from..end].iter().all(char::is_ascii_digit).then(|| words(chars, from, end).parse().ok()).flatten()
}

/// Rates above a hundred where the thing cannot exceed it: 及格率达到912%.
pub(super) fn rates(found: &mut Found<'_>) {
    let chars = found.chars;
    // 108% is for the conflicts; 912% may have lost its point.
    let lost = |value: f64| (200.0..=1000.0).contains(&value) && value.fract() == 0.0;
    for (_, number) in crate::figures::impossible_rates(chars).into_iter().filter(|(_, n)| lost(n.value)) {
        let end = number.end + 1;
        let reason = "比率不会超过100%，可能漏了小数点".to_string();
        found.tell(number.start, end, FaultKind::WrongChar, "rate above 100 %", reason, None);
    }
}
