//! Giving ledgers back: in the user's own layout with only the changed cells replaced, or as a plain ledger.
//!
//! Text that a spreadsheet program would take for a formula is never written as one: in xlsx every text is stored
//! as text, in csv such a text gets a leading apostrophe (which [`crate::sheet::read_csv`] takes off again).

mod csv_patch;
mod docx_patch;
mod height;
mod package;
mod plain;
mod plan;
mod tables;
mod xlsx_patch;

use crate::ledger::{Field, Mapping};
use crate::sheet::{Format, read_any};
use crate::{DocumentError, Result};

pub(crate) use package::repack;
pub use plain::{CSV_MARK, PlainColumn, PlainLedger, plain_csv_line, write_plain_csv, write_plain_ledger};
pub use tables::write_tables;

/// One change to a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A field of the problem that begins in a row (counted from 1) gets another text; units joined by 、.
    Set {
        /// The first row of the problem, as [`crate::ledger::LedgerRow::row`].
        row: u32,
        /// The field.
        field: Field,
        /// The new text; empty clears the cell.
        text: String,
    },
    /// A new problem below the last one, in the style of its row.
    Add {
        /// Its fields. Without a number the next one is given where the numbers above are plain.
        values: Vec<(Field, String)>,
    },
}

/// A change the layout has no place for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The change.
    pub change: Change,
    /// Why, in Chinese.
    pub reason: String,
}

/// The file given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its bytes, of the same kind as the source.
    pub bytes: Vec<u8>,
    /// What could not be written into this layout; never silent.
    pub skipped: Vec<Skipped>,
}

/// Gives back the file the ledger came from, with only the changed cells of the mapped sheet replaced. Styles,
/// merged regions, widths, print settings and all other sheets stay byte for byte; so do the text around the tables
/// of a docx and cells of it that hold pictures. Without changes an xlsx or docx comes back as it was.
///
/// # Errors
/// [`DocumentError::NoSheet`] where the mapping is of another file; the
/// readers' errors.
pub fn write_ledger(source: &[u8], mapping: &Mapping, changes: &[Change]) -> Result<Written> {
    let workbook = read_any("", source)?;
    let sheet = match workbook.format {
        // A csv has one sheet, whatever the mapping calls it.
        Format::Csv => workbook.sheets.first(),
        Format::Xlsx | Format::Docx => workbook.sheet(&mapping.sheet),
    };
    let sheet = sheet.ok_or_else(|| DocumentError::NoSheet { sheet: mapping.sheet.clone() })?;
    let document = match workbook.format {
        Format::Docx => package::table_of(source, &mapping.sheet)?,
        _ => None,
    };
    let frozen = document.as_ref().map(|(_, table)| table.frozen()).unwrap_or_default();
    let (edits, skipped) = plan::plan(sheet, mapping, changes, &frozen);
    let bytes = match (workbook.format, document) {
        (Format::Csv, _) => csv_patch::apply(source, &edits)?,
        (Format::Xlsx, _) => package::apply(source, &mapping.sheet, &edits)?,
        (Format::Docx, Some((xml, table))) if !edits.is_empty() => {
            package::with_document(source, table.edited(&xml, &edits))?
        }
        (Format::Docx, _) => source.to_vec(),
    };
    Ok(Written { bytes, skipped })
}

/// Whether a spreadsheet program could take a text for a formula. Plain negative numbers are none.
pub fn is_formula_like(text: &str) -> bool {
    let number = text.strip_prefix(['-', '+']).is_some_and(|rest| {
        let rest = rest.strip_suffix('%').unwrap_or(rest);
        !rest.is_empty()
            && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
            && rest.parse::<f64>().is_ok()
    });
    !number && text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

/// A text for csv that no spreadsheet program takes for a formula.
pub fn neutral(text: &str) -> std::borrow::Cow<'_, str> {
    if is_formula_like(text) { format!("'{text}").into() } else { text.into() }
}
