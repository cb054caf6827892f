//! Numbering that skips, repeats or changes shape; counts that their items do not match; days that do not exist.

use std::collections::HashMap;

use super::{FaultKind, Found};
use crate::deadline::last_day;
use crate::lexicon::{any, find, words};
use crate::numbers::number_at;
use crate::segment::{Mark, Numbering};

/// Numbers that may be missing within a line before it is no longer the same list.
const SKIPPED_MAX: u32 = 3;

pub(super) fn sequences(found: &mut Found<'_>, lines: &[(usize, usize)], numbers: &[Numbering]) {
    let chars = found.chars;
    let mut last: HashMap<Mark, (u32, usize)> = HashMap::new();
    // Where the count went wrong: what it would be by now, and where the number in front stood.
    let mut meant: HashMap<Mark, (u32, usize)> = HashMap::new();
    // The last number of each shape, whatever stood between: some count on through all sections.
    let mut ended: HashMap<Mark, u32> = HashMap::new();
    let through = counts_through(numbers);
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
        if begun_twice(number, numbers, before, line) {
            let end = (number.span.end + 8).min(chars.len());
            let (reason, right) = ("序号重复".to_string(), Some(shape(number, 2)));
            found.tell(number.span.start, end, FaultKind::Numbering, "sequence", reason, right);
            last.insert(number.mark, (2, line));
            meant.insert(number.mark, (2, number.span.end));
            ended.insert(number.mark, 2);
            continue;
        }
        if let Some(reason) = wrong(chars, number, (before, from), (&last, &ended, through), line) {
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

/// 一是 at the start of one line and the next, and then 三是: the second one was meant for 二是.
fn begun_twice(number: &Numbering, numbers: &[Numbering], before: Option<(u32, usize)>, line: usize) -> bool {
    let at = numbers.partition_point(|n| n.span.start < number.span.start);
    let neighbour = |n: Option<&Numbering>, wanted: u32| {
        n.is_some_and(|n| n.mark == number.mark && n.line_start && n.number == wanted)
    };
    let first = number.number == 1 && number.line_start;
    // （一）, （一） and （三） of one section are so however far apart.
    let inline = matches!(number.mark, Mark::Is | Mark::Must);
    let near = |row: usize| row + 1 == line || !inline && rank(number.mark) > 1;
    first
        && before.is_some_and(|(m, row)| m == 1 && near(row))
        && neighbour(at.checked_sub(1).and_then(|i| numbers.get(i)), 1)
        && neighbour(numbers.get(at + 1), 3)
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
    if number.line_start && rank(number.mark) < 6 {
        let here = rank(number.mark);
        last.retain(|mark, _| rank(*mark) <= here);
    }
}

/// How deep a shape of number stands among headings.
pub(super) fn rank(mark: Mark) -> u8 {
    match mark {
        Mark::Han | Mark::Ordinal => 1,
        Mark::HanBracket => 2,
        Mark::Arabic => 3,
        Mark::ArabicBracket => 4,
        Mark::Circled => 5,
        Mark::Is | Mark::Must => 6,
    }
}

/// Whether （一） to （十五） count on through all sections: begun once, ever higher, and begun anew in none.
fn counts_through(numbers: &[Numbering]) -> bool {
    let (mut last, mut sections, mut new_section) = (0, 0, false);
    for number in numbers.iter().filter(|n| n.line_start) {
        if number.mark == Mark::Han {
            new_section = true;
        } else if number.mark == Mark::HanBracket {
            if number.number <= last {
                return false;
            }
            sections += u32::from(new_section && last > 0);
            (last, new_section) = (number.number, false);
        }
    }
    sections > 1
}

/// Why a number is wrong where it stands, if it is.
fn wrong(
    chars: &[char],
    number: &Numbering,
    (before, from): (Option<(u32, usize)>, usize),
    (last, ended, through): (&HashMap<Mark, (u32, usize)>, &HashMap<Mark, u32>, bool),
    line: usize,
) -> Option<String> {
    let n = number.number;
    let inline = matches!(number.mark, Mark::Is | Mark::Must);
    // Numbers inside of a sentence may refer to something else; behind a full stop they count on within their line.
    if !inline && !number.line_start {
        let (m, at) = before?;
        let begins =
            number.span.start > 0 && matches!(chars[number.span.start - 1], '。' | '；' | '：') && at == line;
        let bracketed = matches!(number.mark, Mark::HanBracket | Mark::Arabic | Mark::ArabicBracket);
        let ordinal = number.mark == Mark::Ordinal;
        let skips = n > m + 1 && n <= m + SKIPPED_MAX && !(ordinal && between(chars, number, from));
        return match begins {
            true if skips && (bracketed || ordinal) => Some(format!("序号不连续：上一个是{m}，这里是{n}")),
            true if (ordinal || number.mark == Mark::Arabic) && n == m && n > 1 => {
                Some("序号重复".to_string())
            }
            _ => None,
        };
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
        None if of_ordinals(number, last) => Some("同一层次的序号写法不一致".to_string()),
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
                None if (number.mark == Mark::Arabic || through && number.mark == Mark::HanBracket)
                    && ended.get(&number.mark) == Some(&(n - 1)) =>
                {
                    None
                }
                None => Some(format!("序号从{n}开始，前面没有{}", n - 1)),
            }
        }
    }
}

/// 三是 at the start of a line behind 第一， and 第二，, and no 一是 or 二是 since.
fn of_ordinals(number: &Numbering, last: &HashMap<Mark, (u32, usize)>) -> bool {
    let before = last.get(&Mark::Ordinal).is_some_and(|(m, _)| m + 1 == number.number);
    number.line_start && matches!(number.mark, Mark::Is | Mark::Must) && before
}

pub(super) fn family(mark: Mark) -> u8 {
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
        // 第二 in any words: 第二个方面是.
        Mark::Ordinal => &[""],
        _ => &[],
    };
    // 四是 within a paragraph is no heading 四、.
    let front = match number.mark {
        Mark::Han if number.line_start => "\n",
        Mark::Ordinal => "第",
        _ => "",
    };
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
pub(super) fn han(n: u32) -> String {
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
        if begins && !any(chars, from, at, "首先 第一 一是 一方面 首要 最重要 先是 首位 最多 最大 最高")
        {
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
