//! Sentences, clauses and the numbering of Chinese official texts.

use serde::{Deserialize, Serialize};

use crate::Span;

/// The sentences of a text: each ends behind 。！？… or its closing quote or bracket, or at the line's end.
/// White space around is left out, and so are empty ones.
pub fn sentences(text: &str) -> Vec<Span> {
    let chars: Vec<char> = text.chars().collect();
    cut(&chars, |chars, at| is_sentence_end(chars[at]))
}

/// The clauses of a text: sentences cut further behind ，；： and their half-width forms.
/// Marks between digits (10:30, 1,000) do not cut.
pub fn clauses(text: &str) -> Vec<Span> {
    let chars: Vec<char> = text.chars().collect();
    cut(&chars, |chars, at| is_sentence_end(chars[at]) || is_clause_end(chars, at))
}

/// How one item of a list is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// 一、
    Han,
    /// （一）
    HanBracket,
    /// 1. or 1、
    Arabic,
    /// （1）
    ArabicBracket,
    /// ①
    Circled,
    /// 第一，
    Ordinal,
    /// 一是
    Is,
    /// 一要
    Must,
}

/// The number in front of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Numbering {
    /// Where the number stands, with its mark.
    pub span: Span,
    /// Its shape.
    pub mark: Mark,
    /// Its value.
    pub number: u32,
    /// Whether it opens a line.
    pub line_start: bool,
}

/// The numbers of all items, in the order of the text. A number counts only where an item can begin: at the
/// start of a line or behind a mark that ends a clause.
pub fn numbering(text: &str) -> Vec<Numbering> {
    let chars: Vec<char> = text.chars().collect();
    numbering_of(&chars)
}

pub(crate) fn numbering_of(chars: &[char]) -> Vec<Numbering> {
    let mut found = Vec::new();
    let mut at = 0;
    // The last character that is no blank.
    let mut before = None;
    while at < chars.len() {
        let item = opening(chars, at, before).and_then(|line_start| {
            number_at(chars, at, line_start).map(|(end, mark, number)| Numbering {
                span: Span::new(at, end),
                mark,
                number,
                line_start,
            })
        });
        let next = item.map_or(at + 1, |item| item.span.end);
        before = match chars[at..next] {
            [one] if !is_blank(one) => Some(one),
            ref some => some.iter().rev().find(|c| !is_blank(**c)).copied().or(before),
        };
        at = next;
        found.extend(item);
    }
    found
}

/// Whether an item can begin here; `Some(true)` at the start of a line.
fn opening(chars: &[char], at: usize, before: Option<char>) -> Option<bool> {
    match before {
        // Behind most characters nothing but ① begins.
        Some('\u{4E00}'..='\u{9FFF}') => ('①'..='⑳').contains(&chars[at]).then_some(false),
        None | Some('\n') => Some(true),
        Some(
            '。' | '！' | '？' | '；' | '：' | '，' | '!' | '?' | ';' | ':' | ',' | '”' | '）' | '、' | '.',
        ) => Some(false),
        Some(_) if ('①'..='⑳').contains(&chars[at]) => Some(false),
        Some(_) => None,
    }
}

fn number_at(chars: &[char], at: usize, line_start: bool) -> Option<(usize, Mark, u32)> {
    let strong = line_start || at > 0 && !matches!(chars[at - 1], '，' | ',' | '、' | '”' | '.' | '）');
    match chars[at] {
        c @ '①'..='⑳' => Some((at + 1, Mark::Circled, c as u32 - '①' as u32 + 1)),
        '（' | '(' => bracketed(chars, at),
        '第' => {
            let (number, end) = han_number(chars, at + 1)?;
            let open = matches!(chars.get(end), Some('，' | '、' | '：' | ',' | ':' | '是' | '要'));
            (open && chars.get(end + 1) != Some(&'第')).then_some((end, Mark::Ordinal, number))
        }
        c if c.is_ascii_digit() && strong => {
            let (number, end) = arabic_number(chars, at)?;
            let mark = matches!(chars.get(end), Some('.' | '．' | '、'));
            let decimal = chars.get(end + 1).is_some_and(char::is_ascii_digit) && !dated(chars, end + 1);
            (mark && !decimal && number < 100).then_some((end + 1, Mark::Arabic, number))
        }
        _ => {
            let (number, end) = han_number(chars, at)?;
            match chars.get(end) {
                Some('、') if strong && han_number(chars, end + 1).is_none() => {
                    Some((end + 1, Mark::Han, number))
                }
                Some('是') => Some((end + 1, Mark::Is, number)),
                Some('要') => Some((end + 1, Mark::Must, number)),
                _ => None,
            }
        }
    }
}

/// A day or month begins here: 1.8月15日前 is item 1 and no 1.8.
fn dated(chars: &[char], at: usize) -> bool {
    arabic_number(chars, at).is_some_and(|(month, end)| month <= 12 && chars.get(end) == Some(&'月'))
}

fn bracketed(chars: &[char], at: usize) -> Option<(usize, Mark, u32)> {
    let (mark, (number, end)) = match han_number(chars, at + 1) {
        Some(found) => (Mark::HanBracket, found),
        None => (Mark::ArabicBracket, arabic_number(chars, at + 1)?),
    };
    (matches!(chars.get(end), Some('）' | ')')) && number < 100).then_some((end + 1, mark, number))
}

fn arabic_number(chars: &[char], at: usize) -> Option<(u32, usize)> {
    let digits = chars[at.min(chars.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    if digits == 0 || digits > 4 || chars[at] == '0' {
        return None;
    }
    let number = chars[at..at + digits].iter().fold(0, |n, c| n * 10 + (*c as u32 - '0' as u32));
    Some((number, at + digits))
}

/// Reads 一 to 九十九 and tells where it ends.
pub(crate) fn han_number(chars: &[char], at: usize) -> Option<(u32, usize)> {
    let digit = |i: usize| {
        chars.get(i).and_then(|c| "一二三四五六七八九".chars().position(|d| d == *c)).map(|d| d as u32 + 1)
    };
    let (tens, next) = match (digit(at), chars.get(at)) {
        (Some(tens), _) if chars.get(at + 1) == Some(&'十') => (tens, at + 2),
        (Some(one), _) => return Some((one, at + 1)),
        (None, Some('十')) => (1, at + 1),
        _ => return None,
    };
    Some(digit(next).map_or((tens * 10, next), |one| (tens * 10 + one, next + 1)))
}

pub(crate) fn is_blank(c: char) -> bool {
    c != '\n' && (c.is_whitespace() || c == '\u{FEFF}' || c == '\u{200B}')
}

pub(crate) fn is_sentence_end(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '\n' | '…')
}

pub(crate) fn is_clause_end(chars: &[char], at: usize) -> bool {
    match chars[at] {
        '，' | '；' | '：' | ';' => true,
        ',' | ':' => {
            let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
            !(at > 0 && digit(chars.get(at - 1)) && digit(chars.get(at + 1)))
        }
        _ => false,
    }
}

/// Cuts behind every character that `ends` names, closing quotes and brackets included.
fn cut(chars: &[char], ends: impl Fn(&[char], usize) -> bool) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut from = 0;
    let mut at = 0;
    while at < chars.len() {
        if ends(chars, at) {
            let mut to = at + 1;
            let sentence = is_sentence_end(chars[at]) && chars[at] != '\n';
            while sentence
                && to < chars.len()
                && matches!(chars[to], '”' | '’' | '」' | '』' | '）' | ')' | '。' | '！' | '？' | '…')
            {
                to += 1;
            }
            spans.extend(trimmed(chars, from, to));
            from = to;
            at = to;
        } else {
            at += 1;
        }
    }
    spans.extend(trimmed(chars, from, chars.len()));
    spans
}

fn trimmed(chars: &[char], mut from: usize, mut to: usize) -> Option<Span> {
    while from < to && chars[from].is_whitespace() {
        from += 1;
    }
    while to > from && chars[to - 1].is_whitespace() {
        to -= 1;
    }
    (from < to).then(|| Span::new(from, to))
}
