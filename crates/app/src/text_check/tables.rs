//! The tables of a document that was read, as what checks their sums takes them.

use super::Checked;
use bihuan_documents::text::{PlainText, TextCell};
use bihuan_text::tables::{Cell, tabbed};

/// The tables of a docx; of any other text the lines whose cells are parted by tabs.
pub fn tables_of(read: &PlainText) -> Vec<Vec<Cell>> {
    if read.tables.is_empty() {
        return tabbed(&read.text);
    }
    read.tables.iter().map(|table| table.iter().map(cell_of).collect()).collect()
}

fn cell_of(read: &TextCell) -> Cell {
    let TextCell { row, column, width, start, end } = *read;
    Cell { row, column, width, start, end }
}

/// Code points of the line ends that part cells of one row: where a text has each cell in a line of its own.
pub(super) fn row_marks(checked: Checked<'_>) -> Vec<usize> {
    if checked.tables.is_empty() {
        return Vec::new();
    }
    let chars: Vec<char> = checked.text.chars().collect();
    let parted = |pair: &[Cell]| {
        let [one, next] = pair else { return None };
        let beside = one.row == next.row && next.start == one.end + 1;
        (beside && chars.get(one.end) == Some(&'\n')).then_some(one.end)
    };
    checked.tables.iter().flat_map(|table| table.windows(2).filter_map(parted)).collect()
}

/// The text with each row of its tables in one line, its cells parted by tabs. Places stay what they are.
pub(super) fn in_rows(text: &str, row_marks: &[usize]) -> String {
    let mut marks = row_marks.iter().copied().peekable();
    let parted = |(at, c): (usize, char)| {
        while marks.next_if(|mark| *mark < at).is_some() {}
        if c == '\n' && marks.peek() == Some(&at) { '\t' } else { c }
    };
    text.chars().enumerate().map(parted).collect()
}
