//! The tables of a document that was read, as what checks their sums takes them.

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
