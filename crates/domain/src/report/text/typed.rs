//! Numbers that a person typed where a figure could stand.

use super::heading;

/// A number a person typed instead of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedNumber {
    /// Line, from 1.
    pub line: usize,
    /// Where it begins and ends in the line, in bytes.
    pub place: std::ops::Range<usize>,
    /// The number with what follows it.
    pub text: String,
}

/// Numbers typed into a text, in digits or in words. Numbers of headings, years and days, document numbers and fields
/// are none, and neither are numerals that count nothing: 一是, 第三, 十分.
pub fn typed_numbers(text: &str) -> Vec<TypedNumber> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for place in typed_in_line(line) {
            let end = line[place.end..].chars().next().map_or(place.end, |c| place.end + c.len_utf8());
            let text = line[place.start..end].to_owned();
            found.push(TypedNumber { line: at + 1, place, text });
        }
    }
    found
}

/// Where numbers stand that a person typed into one line, in bytes.
pub fn typed_in_line(line: &str) -> Vec<std::ops::Range<usize>> {
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let mut at =
        heading(line.trim_start()).map_or(0, |(_, lead)| line.len() - line.trim_start().len() + lead);
    let mut found = Vec::new();
    while let Some(c) = line[at..].chars().next() {
        if line[at..].starts_with("{{") {
            at = line[at..].find("}}").map_or(line.len(), |end| at + end + 2);
        } else if c == '〔' {
            at = line[at..].find('号').map_or(line.len(), |end| at + end);
        } else if digit(c) {
            let start = at;
            while let Some(c) =
                line[at..].chars().next().filter(|c| digit(*c) || matches!(c, '.' | '%' | ','))
            {
                at += c.len_utf8();
            }
            if !line[at..].starts_with(NO_COUNT_BEHIND) {
                found.push(start..at);
            }
            // 30万: what follows belongs to the number in digits.
            at += numeral_bytes(&line[at..]);
        } else if numeral_bytes(&line[at..]) > 0 {
            let end = at + numeral_bytes(&line[at..]);
            found.extend(in_words(line, at, end).map(|end| at..end));
            at = end;
        } else {
            at += c.len_utf8();
        }
    }
    found
}

/// What makes the number before it a date, an edition, the number of a document.
const NO_COUNT_BEHIND: [char; 5] = ['年', '月', '日', '号', '版'];
const UNITS: &str = "一二三四五六七八九两";
const MAGNITUDES: &str = "十百千万亿";
/// Words that something is counted in.
const MEASURES: &str =
    "个户件人名项次处家条起份场亩座台辆栋套所宗例批期只头吨米里元度岁轮间张本篇册封天村镇乡";
/// What follows a small number that counts nothing but names a set: 三个方面, 四项制度, 两个维护.
const SETS: [&str; 22] = [
    "个方面",
    "个维护",
    "个意识",
    "个自信",
    "个确立",
    "个必须",
    "个统一",
    "个阶段",
    "个环节",
    "个步骤",
    "个层面",
    "个专题",
    "个专项",
    "个体系",
    "个关系",
    "个围绕",
    "项规定",
    "项制度",
    "项措施",
    "项机制",
    "项原则",
    "条主线",
];

/// Bytes of the numerals a text begins with.
fn numeral_bytes(text: &str) -> usize {
    let numeral = |c: &char| UNITS.contains(*c) || MAGNITUDES.contains(*c) || "零〇几数".contains(*c);
    text.chars().take_while(numeral).map(char::len_utf8).sum()
}

/// Whether the numerals of a line from `start` to `end` count something; where the number ends then, with 余 or 多.
fn in_words(line: &str, start: usize, end: usize) -> Option<usize> {
    let (words, before, behind) = (&line[start..end], &line[..start], &line[end..]);
    if let Some(share) = behind.strip_prefix("分之") {
        let long = numeral_bytes(share);
        return (long > 0).then_some(end + "分之".len() + long);
    }
    let about: usize =
        behind.chars().next().filter(|c| matches!(c, '余' | '多' | '来')).map_or(0, char::len_utf8);
    let counted = &behind[about..];
    let measured = counted.chars().next().is_some_and(|c| MEASURES.contains(c))
        || ["公里", "公顷", "平方", "小时", "分钟", "百分点", "成", "倍"]
            .iter()
            .any(|unit| counted.starts_with(unit));
    if !measured || before.ends_with(['第', '每', '逐', '任']) || counted.starts_with(NO_COUNT_BEHIND) {
        return None;
    }
    let has_unit = words.chars().any(|c| UNITS.contains(c));
    let bound = before.ends_with(['上', '近', '过', '超', '约', '达']);
    let only =
        ["仅", "只", "只有", "还有", "另有", "剩", "共", "现有"].iter().any(|word| before.ends_with(word));
    let counts = match words.chars().count() {
        // 数 and 几 alone say no number, 万 alone is a measure itself.
        1 if "数几零〇".contains(words) => false,
        1 if words == "一" => about > 0 || only,
        1 if has_unit => SETS.iter().all(|set| !counted.starts_with(set)),
        1 => about > 0 || bound || words == "十",
        _ => !words.starts_with("一一") && (has_unit || "十百千几数".chars().any(|c| words.starts_with(c))),
    };
    counts.then_some(end + about)
}
