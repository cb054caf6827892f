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

/// Numbers typed into a text. Numbers of headings, years and days, document numbers and fields are none.
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
            if !line[at..].starts_with(['年', '月', '日', '号', '版']) {
                found.push(start..at);
            }
        } else {
            at += c.len_utf8();
        }
    }
    found
}
