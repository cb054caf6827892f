//! Several tables on one sheet, one below the other, the later ones under headers of their own: problems newly
//! handed over above, those of the last round with what became of them below.

use std::collections::HashSet;

use super::evidence::{Level, enumerator, is_footer, is_number, is_subtotal};
use super::rows::Shape;
use super::table::{HEADER_CHARS, Header, header_at, header_below};
use super::words::{guess_header, normal};
use super::{Layout, Mapping, propose};
use crate::sheet::Sheet;

/// The most tables that are told apart on one sheet; the rows of further ones are read like those of the last.
const PARTS_MAX: usize = 50;

/// One of the tables.
pub(super) struct Part {
    pub(super) header: Header,
    pub(super) mapping: Mapping,
    /// How many rows of titles stand above the first table of the sheet.
    pub(super) title_rows: usize,
    /// The row after its last, counted from 0.
    pub(super) end: usize,
    /// Rows above its header that head its problems, from the outer to the inner.
    pub(super) headings: Vec<usize>,
}

/// The tables of a sheet from the mapped header on; empty where the mapping does not fit the sheet.
pub(super) fn parts(sheet: &Sheet, mapping: &Mapping) -> Vec<Part> {
    let top = mapping.header_top.saturating_sub(1);
    let Some(header) = header_at(sheet, top, mapping.header_rows) else { return Vec::new() };
    let words: HashSet<String> = header.paths.iter().flatten().cloned().collect();
    let mut row = header.bottom + 1;
    let headings = first_headings(sheet, &header);
    let title_rows = header.top;
    let end = sheet.height();
    let mut parts = vec![Part { header, mapping: mapping.clone(), title_rows, end, headings }];
    while row < end && parts.len() < PARTS_MAX {
        let Some(last) = parts.last_mut() else { break };
        if !heads_another(sheet, row, &last.header, &words) {
            row += 1;
            continue;
        }
        last.end = row;
        let shape = Shape::new(sheet, &last.header, &last.mapping, row);
        let headings = headings_above(sheet, row, shape.last_data() + 1);
        let header = header_below(sheet, row);
        row = header.bottom + 1;
        let mapping = mapping_of(sheet, &header, mapping);
        parts.push(Part { header, mapping, title_rows, end, headings });
    }
    parts
}

/// The mappings by which the rows of a sheet are read, each with the first row (counted from 1) it holds for.
pub(crate) fn mappings(sheet: &Sheet, mapping: &Mapping) -> Vec<(u32, Mapping)> {
    let further = match mapping.layout {
        Layout::Table => parts(sheet, mapping),
        _ => Vec::new(),
    };
    let first = |part: &Part| u32::try_from(part.header.top + 1).unwrap_or(u32::MAX);
    let further = further.into_iter().skip(1).map(|part| (first(&part), part.mapping));
    std::iter::once((0, mapping.clone())).chain(further).collect()
}

/// Whether a row is the header of a further table: words of headers throughout, two of them known from the first.
fn heads_another(sheet: &Sheet, row: usize, above: &Header, words: &HashSet<String>) -> bool {
    let (mut filled, mut known, mut same, mut repeats) = (0usize, 0usize, 0usize, true);
    for column in sheet.filled(row) {
        let text = normal(sheet.text(row, column));
        if text.chars().count() > HEADER_CHARS || is_number(&text) {
            return false;
        }
        filled += 1;
        let shared = words.contains(&text);
        same += usize::from(shared);
        known += usize::from(shared || guess_header(&text).is_some());
        repeats &= normal(sheet.text(above.bottom, column)) == text;
    }
    // The very same header again, as on every printed page, interrupts nothing.
    !repeats && same >= 2 && known >= 3 && known * 3 >= filled * 2
}

/// The mapping of a further table. What a person decided for a heading holds for the same heading there.
fn mapping_of(sheet: &Sheet, header: &Header, first: &Mapping) -> Mapping {
    let mut mapping = propose::table_mapping(sheet, header);
    mapping.fingerprint.clone_from(&first.fingerprint);
    for column in &mut mapping.columns {
        if let Some(known) = first.columns.iter().find(|c| c.header == column.header) {
            column.role = known.role;
        }
    }
    mapping
}

/// Whether a row holds one text only, and no note.
fn is_lonely(sheet: &Sheet, row: usize) -> bool {
    let mut filled = sheet.filled(row);
    let first = filled.next().map(|c| sheet.text(row, c));
    filled.next().is_none() && first.is_some_and(|t| !is_footer(t) && !is_subtotal(t))
}

fn headings_above(sheet: &Sheet, header: usize, from: usize) -> Vec<usize> {
    (from..header).filter(|&row| is_lonely(sheet, row)).collect()
}

/// Above the first header stand titles. One of them heads the first problems only where it is numbered as the
/// first of several, and the second stands further down.
fn first_headings(sheet: &Sheet, header: &Header) -> Vec<usize> {
    let number = |row: usize| {
        let text = is_lonely(sheet, row).then(|| sheet.filled(row).next()).flatten();
        let text = text.map(|c| sheet.text(row, c))?;
        let (level, size) = enumerator(text).filter(|(level, _)| *level <= Level::HanBracket)?;
        Some((level, text[..size].trim_matches(['（', '）', '(', ')', '、', '.', '．', '，']).to_owned()))
    };
    let firsts = (0..header.top).filter_map(|row| number(row).filter(|(_, n)| n == "一").map(|n| (row, n.0)));
    let goes_on = |level: Level| {
        (header.bottom + 1..sheet.height())
            .any(|row| number(row).is_some_and(|(l, n)| l == level && n == "二"))
    };
    firsts.filter(|(_, level)| goes_on(*level)).map(|(row, _)| row).collect()
}
