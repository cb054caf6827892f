//! Tables that stand in a text: sums of rows and columns, and rates, held against the numbers they are made of, and totals
//! against the sentences around them.
//!
//! Which columns make up which is read off the numbers themselves: what holds in most of the rows is meant in all of them.

mod across;
mod down;
mod grid;
mod mismatch;
mod prose;

use crate::conflicts::Conflict;
use grid::Grid;

/// Largest table that is looked at, in cells.
pub const CELLS_MAX: usize = 20_000;
/// Most columns in which sums and rates are looked for.
const COLUMNS_MAX: usize = 40;
/// Fewest rows of cells parted by tabs that are a table.
const TABBED_ROWS_MIN: usize = 3;

/// A cell of a table that stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Row, from 0.
    pub row: usize,
    /// First column, from 0.
    pub column: usize,
    /// Columns that it covers.
    pub width: usize,
    /// First code point of its words in the text.
    pub start: usize,
    /// Code point behind its words.
    pub end: usize,
}

/// The conflicts inside the tables of a text: the cells of each, in their order.
///
/// ```
/// let text = "乡镇\t问题数\n青岚镇\t12\n柳汀镇\t9\n合计\t22";
/// let found = bihuan_text::tables::conflicts(text, &bihuan_text::tables::tabbed(text));
/// assert_eq!(found[0].quotes[0], "22");
/// assert!(found[0].reason.contains("应为21"));
/// ```
pub fn conflicts(text: &str, tables: &[Vec<Cell>]) -> Vec<Conflict> {
    if tables.is_empty() {
        return Vec::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut covered: Vec<(usize, usize)> =
        tables.iter().flatten().map(|cell| (cell.start, cell.end)).collect();
    covered.sort_unstable();
    let inside = |at: usize| {
        let next = covered.partition_point(|(start, _)| *start <= at);
        next.checked_sub(1).is_some_and(|cell| at < covered[cell].1)
    };
    let fits = |cell: &&Cell| cell.start <= cell.end && cell.end <= chars.len() && cell.width > 0;
    let mut found = Vec::new();
    for table in tables.iter().filter(|table| table.len() <= CELLS_MAX) {
        let cells: Vec<&Cell> = table.iter().filter(fits).collect();
        let grid = Grid::of(&chars, &cells);
        let mut wrong = down::sums(&grid);
        wrong.extend(across::sums(&grid));
        let mut wrong = mismatch::told_once(wrong);
        wrong.extend(across::rates(&grid));
        found.extend(wrong.into_iter().map(|one| one.conflict(&chars)));
        found.extend(prose::told_otherwise(&chars, &grid, &inside));
    }
    found.sort_by_key(|conflict| (conflict.start, conflict.end));
    found
}

/// The conflicts of the sentences of a text and those inside its tables, in the order of the text.
pub fn with_sentences(text: &str, tables: &[Vec<Cell>]) -> Vec<Conflict> {
    let mut found = crate::conflicts::conflicts(text);
    found.extend(conflicts(text, tables));
    found.sort_by_key(|conflict| (conflict.start, conflict.end));
    found
}

/// The tables of a text whose cells are parted by tabs, as they are pasted from a spreadsheet or a document.
pub fn tabbed(text: &str) -> Vec<Vec<Cell>> {
    let (mut tables, mut open, mut rows, mut at) = (Vec::new(), Vec::new(), 0, 0);
    for line in text.split('\n') {
        let filled = line.split('\t').filter(|cell| !cell.trim().is_empty()).count();
        if filled >= 2 && line.contains('\t') {
            let mut start = at;
            for (column, words) in line.split('\t').enumerate() {
                let end = start + words.chars().count();
                open.push(Cell { row: rows, column, width: 1, start, end });
                start = end + 1;
            }
            rows += 1;
        } else {
            close(&mut tables, &mut open, &mut rows);
        }
        at += line.chars().count() + 1;
    }
    close(&mut tables, &mut open, &mut rows);
    tables
}

fn close(tables: &mut Vec<Vec<Cell>>, open: &mut Vec<Cell>, rows: &mut usize) {
    let table = std::mem::take(open);
    if std::mem::take(rows) >= TABBED_ROWS_MIN {
        tables.push(table);
    }
}
