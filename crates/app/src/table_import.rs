//! Tables that people fill in and the program takes in: the header found by its words, rows told by their line.

use crate::Error;
use bihuan_documents::{Limits, sheet};

/// Rows looked at to find the header.
const HEADER_ROWS: usize = 10;

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    /// Row of the file, from 1.
    pub line: u32,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// A column of a table: its names, and whether it must be there.
pub(crate) struct Column {
    pub(crate) names: &'static [&'static str],
    pub(crate) label: &'static str,
    pub(crate) needed: bool,
}

/// The cell of a column in one row; nothing where the file has no such column.
pub(crate) type Cell<'c, 's> = &'c dyn Fn(usize) -> Option<&'s str>;

/// Reads every filled row below the header: its line from 1 and its cells. Answers with the headings of columns that are
/// not taken.
///
/// # Errors
/// `Invalid` when it is no table at all, lacks a needed column, or has no row (`nothing` says so).
pub(crate) fn each_row(
    (name, bytes): (&str, &[u8]),
    columns: &[Column],
    rows_max: usize,
    nothing: &str,
    take: &mut dyn FnMut(u32, Cell<'_, '_>),
) -> Result<Vec<String>, Error> {
    let limits = Limits { rows: rows_max, cells: rows_max * columns.len(), ..Limits::default() };
    let workbook = sheet::read_any_with(name, bytes, &limits)
        .map_err(|error| Error::invalid("file", error.to_string()))?;
    let found = workbook.sheets.iter().find_map(|sheet| header(sheet, columns).map(|at| (sheet, at)));
    let Some((sheet, (header_row, at))) = found else { return Err(no_header(columns)) };
    let mut any = false;
    for row in header_row + 1..sheet.height() {
        let cell = |column: usize| at[column].map(|at| sheet.text(row, at).trim());
        if (0..columns.len()).all(|column| cell(column).is_none_or(str::is_empty)) {
            continue;
        }
        any = true;
        take(u32::try_from(row + 1).unwrap_or(u32::MAX), &cell);
    }
    if !any {
        return Err(Error::invalid("file", nothing.to_owned()));
    }
    let others = (0..sheet.width()).filter(|column| !at.contains(&Some(*column)));
    let others = others.map(|column| heading(sheet.text(header_row, column)));
    Ok(others.filter(|text| !text.is_empty()).collect())
}

fn no_header(columns: &[Column]) -> Error {
    let needed: Vec<&str> =
        columns.iter().filter(|column| column.needed).map(|column| column.label).collect();
    Error::invalid(
        "file",
        format!("没有找到表头：前{HEADER_ROWS}行中须有一行同时写有{}。请按模板填写。", needed.join("、")),
    )
}

/// A heading without the blanks and line breaks that make it look even, as in “姓 名”.
fn heading(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The header row and the place of each column in it.
fn header(sheet: &sheet::Sheet, columns: &[Column]) -> Option<(usize, Vec<Option<usize>>)> {
    (0..sheet.height().min(HEADER_ROWS)).find_map(|row| {
        let at: Vec<Option<usize>> = columns
            .iter()
            .map(|column| {
                (0..sheet.width()).find(|at| {
                    let text = heading(sheet.text(row, *at)).to_ascii_lowercase();
                    column.names.contains(&text.as_str())
                })
            })
            .collect();
        let complete = columns.iter().zip(&at).all(|(column, at)| !column.needed || at.is_some());
        complete.then_some((row, at))
    })
}
