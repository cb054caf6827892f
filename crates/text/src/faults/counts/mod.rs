//! Counts that the items they announce, or that stand in front of them, do not match.

mod announced;
mod behind;
mod clean;
mod front;
mod headed;
mod itemised;
mod pairs;
mod rows;

pub(super) use announced::{announced, stages};
pub(super) use behind::{called, namely, words_of_a_number};
pub(super) use clean::{behind_it, in_brackets, in_front};
pub(super) use front::{listed, titles};
pub(super) use headed::{aspects, in_title};
pub(super) use itemised::{dashes, dated};
pub(super) use pairs::one_and_other;
pub(super) use rows::rows;

use crate::numbers::{Number, number_at};

/// Most items that a count announces.
const MAX_ITEMS: f64 = 15.0;
/// How much a count is wrong at most: further away, something else is counted.
const OFF: usize = 2;
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

/// A number of two to nine in Chinese numerals, as lists are called and announced by: “四看”, 三项制度.
pub(super) fn few(number: &Number) -> bool {
    number.han && two_to_nine(number)
}

fn two_to_nine(number: &Number) -> bool {
    (2.0..=9.0).contains(&number.value)
}

/// Whether a count is not that of so many items, but nearly.
fn off(number: &Number, (least, most): (usize, usize)) -> bool {
    let wanted = number.value as usize;
    !(least..=most).contains(&wanted) && wanted.abs_diff(least) <= OFF && wanted.abs_diff(most) <= OFF
}

/// A number of two or more can begin with this character; asked at every character of a text.
fn begins_number(c: char) -> bool {
    matches!(c, '0'..='9' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
}

/// Where a number of two or more may begin in a text.
pub(super) fn places(chars: &[char]) -> Vec<usize> {
    (0..chars.len()).filter(|at| begins_number(chars[*at])).collect()
}

/// The number of two or more that begins here and is no part of a longer one: not the 二 of 十二, the 9 of 4.9 or 第三.
#[inline]
fn whole_number(chars: &[char], at: usize) -> Option<Number> {
    let inner = |c: char| {
        c.is_ascii_digit() || matches!(c, '.' | '第' | '一' | '百' | '千' | '万' | '零') || begins_number(c)
    };
    let begins = begins_number(chars[at]) && !(at > 0 && inner(chars[at - 1]));
    begins.then(|| number_at(chars, at)).flatten()
}
