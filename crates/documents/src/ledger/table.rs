//! Finding the header of a table: one to four rows, merged or not, below titles and notes.

use super::words::{Guess, Nature, guess_header, is_status_word, normal};
use super::{Field, Role};
use crate::sheet::Sheet;

/// How far down a header is looked for, in rows.
const HEADER_SEARCH_ROWS: usize = 60;
/// The most rows a header may have.
const HEADER_ROWS: usize = 4;
/// The most characters of a header cell.
pub(super) const HEADER_CHARS: usize = 30;

/// A header: its rows (counted from 0, both included) and each column's words from the outer to the inner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) top: usize,
    pub(super) bottom: usize,
    pub(super) paths: Vec<Vec<String>>,
}

impl Header {
    /// A column's header as one text.
    pub(super) fn title(&self, column: usize) -> String {
        self.paths.get(column).map(|p| p.join("/")).unwrap_or_default()
    }

    /// The first row below it, skipping a row that only numbers the columns.
    pub(super) fn first_data(&self, sheet: &Sheet) -> usize {
        let below = self.bottom + 1;
        if is_column_numbering(sheet, below) { below + 1 } else { below }
    }
}

/// How a row looks as a header.
struct Look {
    filled: Vec<usize>,
    matched: usize,
    fits: bool,
}

fn look(sheet: &Sheet, row: usize) -> Look {
    let filled: Vec<usize> = sheet.filled(row).collect();
    let mut matched = 0;
    let mut fits = filled.len() >= 2;
    for &column in &filled {
        let text = sheet.text(row, column);
        if guess_header(text).is_some() {
            matched += 1;
        } else if text.chars().count() > HEADER_CHARS || super::evidence::is_number(text) {
            fits = false;
        }
    }
    Look { filled, matched, fits }
}

/// Whether labels and values take turns, as in a form with two pairs a row.
fn alternates(sheet: &Sheet, row: usize) -> bool {
    let filled: Vec<usize> = sheet.filled(row).collect();
    filled.len() >= 2
        && filled.len().is_multiple_of(2)
        && filled.iter().enumerate().all(|(i, &c)| guess_header(sheet.text(row, c)).is_some() == (i % 2 == 0))
}

fn starts_with_label(sheet: &Sheet, row: usize) -> bool {
    sheet.filled(row).next().is_some_and(|c| guess_header(sheet.text(row, c)).is_some())
}

/// Finds the header, or nothing where no row looks like one.
pub(super) fn find_header(sheet: &Sheet) -> Option<Header> {
    let end = sheet.height().min(HEADER_SEARCH_ROWS);
    let row = (0..end).find(|&row| {
        let look = look(sheet, row);
        let enough = look.matched >= 2 && look.matched * 2 >= look.filled.len();
        let form = alternates(sheet, row)
            && (row > 0 && starts_with_label(sheet, row - 1) || starts_with_label(sheet, row + 1));
        enough && look.fits && !form
    })?;
    Some(header_around(sheet, row))
}

/// The header whose rows are known, as a stored mapping has them.
pub(super) fn header_at(sheet: &Sheet, top: usize, rows: usize) -> Option<Header> {
    (rows > 0 && top + rows <= sheet.height()).then(|| with_paths(sheet, top, top + rows - 1))
}

fn header_around(sheet: &Sheet, row: usize) -> Header {
    let mut top = row;
    while top > 0 && row - top + 1 < HEADER_ROWS && is_parent_row(sheet, top - 1, top) {
        top -= 1;
    }
    header_from(sheet, top, row)
}

/// The header whose first row is known, with the rows below that belong to it.
pub(super) fn header_below(sheet: &Sheet, top: usize) -> Header {
    header_from(sheet, top, top)
}

fn header_from(sheet: &Sheet, top: usize, row: usize) -> Header {
    let mut bottom = row;
    loop {
        let reach = sheet
            .merges()
            .iter()
            .filter(|m| m.top >= top && m.top <= bottom && m.height() <= HEADER_ROWS)
            .map(|m| m.bottom)
            .max()
            .unwrap_or(bottom)
            .min(top + HEADER_ROWS - 1);
        if reach > bottom {
            bottom = reach;
        } else if bottom - top + 1 < HEADER_ROWS && is_leaf_row(sheet, bottom, bottom + 1) {
            bottom += 1;
        } else {
            return with_paths(sheet, top, bottom);
        }
    }
}

/// Whether the row above a header row groups its columns.
fn is_parent_row(sheet: &Sheet, above: usize, below: usize) -> bool {
    let look = look(sheet, above);
    let texts_short = look.filled.iter().all(|&c| {
        let text = normal(sheet.text(above, c));
        text.chars().count() <= 16 && !text.contains([':', '：', '。'])
    });
    // 责任单位 | 某局 | 填报日期 | 某日: pairs of label and value above a header are no group.
    let holds_value = look.filled.iter().any(|&c| {
        let text = sheet.text(above, c);
        let grouped = sheet.merge_at(above, c).is_some_and(|m| m.width() > 1);
        let value = text.contains(|c: char| c.is_ascii_digit()) || super::evidence::looks_like_unit(text);
        !grouped && value && guess_header(text).is_none()
    });
    if look.filled.len() < 2 || !look.fits || !texts_short || holds_value {
        return false;
    }
    let linked = look.filled.iter().any(|&c| {
        sheet
            .merge_at(above, c)
            .is_some_and(|m| m.bottom >= below || (m.width() > 1 && m.width() < sheet.width()))
    });
    linked || look.matched >= 1
}

/// Whether the row below a header row names the columns under its groups.
fn is_leaf_row(sheet: &Sheet, above: usize, row: usize) -> bool {
    let look = look(sheet, row);
    if look.filled.is_empty() || !look.fits && look.filled.len() >= 2 || sheet.height() <= row {
        return false;
    }
    let under_group = look.filled.iter().all(|&c| {
        let parent_spans = sheet.merge_at(above, c).is_some_and(|m| m.width() > 1);
        // Without merged regions a group is a filled cell with blanks to its right.
        let blank_above = sheet.seen(above, c).is_empty();
        let opens_group = sheet.seen(above, c + 1).is_empty() && !sheet.seen(row, c + 1).is_empty();
        (parent_spans || blank_above || opens_group) && sheet.text(row, c).chars().count() <= HEADER_CHARS
    });
    let is_header_word = |&&c: &&usize| {
        let text = sheet.text(row, c);
        guess_header(text).is_some() || is_status_word(text)
    };
    let words = look.filled.iter().filter(is_header_word).count();
    let data_like = look.filled.iter().any(|&c| {
        let text = sheet.text(row, c);
        super::evidence::is_number(text) || text.chars().count() > 16
    });
    under_group && !data_like && (words >= 1 && words * 2 >= look.filled.len() || words >= 2)
}

/// Below a header some offices number the columns: 1 2 3 4 or 甲 乙 丙.
pub(super) fn is_column_numbering(sheet: &Sheet, row: usize) -> bool {
    let filled: Vec<&str> = sheet.filled(row).map(|c| sheet.text(row, c)).collect();
    let numbered = |start: usize| {
        filled.iter().enumerate().all(|(i, t)| {
            let bare = t.trim_matches(['(', ')', '（', '）']);
            bare.split('=').next() == Some(&(i + start).to_string())
        })
    };
    filled.len() >= 3 && (numbered(1) || numbered(0) || filled[0] == "甲" && filled[1] == "乙")
}

fn with_paths(sheet: &Sheet, top: usize, bottom: usize) -> Header {
    let paths = (0..sheet.width()).map(|column| path(sheet, top, bottom, column)).collect();
    Header { top, bottom, paths }
}

fn path(sheet: &Sheet, top: usize, bottom: usize, column: usize) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    for row in top..=bottom {
        let mut text = normal(sheet.seen(row, column));
        if text.is_empty() && row < bottom && sheet.merge_at(row, column).is_none() {
            text = group_to_the_left(sheet, row, column).unwrap_or_default();
        }
        if !text.is_empty() && path.last() != Some(&text) {
            path.push(text);
        }
    }
    path
}

/// Without merged regions, the group a blank header cell belongs to: the nearest filled cell to its left, if
/// that one has words below it too.
fn group_to_the_left(sheet: &Sheet, row: usize, column: usize) -> Option<String> {
    if sheet.text(row + 1, column).is_empty() {
        return None;
    }
    let left = (0..column).rev().find(|&c| !sheet.text(row, c).is_empty())?;
    let between = (left..column).all(|c| !sheet.text(row + 1, c).is_empty());
    (between && sheet.merge_at(row, left).is_none()).then(|| normal(sheet.text(row, left)))
}

/// What a column's words say: the innermost first, then together with its group, then the group alone.
pub(super) fn guess_path(path: &[String]) -> Option<Guess> {
    let leaf = path.last()?;
    let parent = path.len().checked_sub(2).map(|i| path[i].as_str());
    let own = guess_header(leaf);
    if let Some(parent) = parent {
        let weak = own.is_none_or(|g| matches!(g.nature, Nature::BareUnit | Nature::WeakProblem));
        let group = guess_header(parent);
        let outcome_group =
            group.is_some_and(|g| matches!(g.role, Role::Field(Field::StatusText | Field::Progress)));
        // 整改进展 → 已完成 | 正在整改 | 未整改(未整改原因)
        if is_status_word(leaf) && (outcome_group || own.is_none()) {
            return Some(Guess { role: Role::StatusChoice, confidence: 0.85, nature: Nature::Plain });
        }
        if weak {
            let joined = guess_header(&format!("{parent}{leaf}")).filter(|g| g.nature == Nature::Plain);
            if let Some(found) = joined {
                return Some(Guess { confidence: found.confidence - 0.05, ..found });
            }
        }
        if own.is_none() {
            return group
                .filter(|g| g.role != Role::Extra)
                .map(|g| Guess { confidence: g.confidence * 0.8, ..g });
        }
    }
    if own.is_none() && is_status_word(leaf) {
        return Some(Guess { role: Role::StatusChoice, confidence: 0.6, nature: Nature::Plain });
    }
    own
}
