//! The running text of a document, whatever file it came in: for reading, searching and checking.
//!
//! A paragraph is one line. Offsets into the text are Unicode code points, as everywhere in this program.

mod comments;
mod docx;
mod pdf;
mod revisions;

pub use comments::{Comment, add_comments};
pub use docx::{InTable, Paragraph, paragraphs};
pub use revisions::{Revised, Revision, revise};

use std::collections::BTreeMap;

use crate::sheet::{Archive, Workbook, check_size, decode, read_any_with};
use crate::upload::{FileKind, sniff};
use crate::{DocumentError, Limits, Result};

/// The most characters of running text that are read from one document.
pub const TEXT_CHARS_MAX: usize = 20_000_000;
/// The most pages of a PDF that are read.
pub const PDF_PAGES_MAX: usize = 2_000;
/// The most bytes that all streams of a PDF may hold once unpacked.
pub const PDF_UNPACKED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Below this many characters a page on average, a PDF with pages counts as scanned.
pub const PDF_CHARS_A_PAGE_MIN: usize = 8;

/// What a text document may be.
pub(crate) const ALLOWED_TEXT: &str = "txt、docx、带文字层的 pdf";

/// The text of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainText {
    /// The paragraphs, one a line, parted by `\n`.
    pub text: String,
    /// What it was read from.
    pub kind: FileKind,
    /// Pages, where the file knows them.
    pub pages: Option<usize>,
    /// The tables of a docx, each as its cells in their order.
    pub tables: Vec<Vec<TextCell>>,
}

/// A cell of a table in the text of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextCell {
    /// Row, from 0.
    pub row: usize,
    /// First column, from 0.
    pub column: usize,
    /// Columns that it covers.
    pub width: usize,
    /// First code point of its paragraphs in the text.
    pub start: usize,
    /// Code point behind them.
    pub end: usize,
}

/// Reads a text document: txt in UTF-8, UTF-16 or GBK, docx, or a PDF with a text layer.
///
/// # Errors
/// The refusals of [`DocumentError`]; a scanned PDF is told as such.
pub fn read_text(name: &str, bytes: &[u8]) -> Result<PlainText> {
    read_text_with(name, bytes, &Limits::default())
}

/// As [`read_text`], under given limits.
///
/// # Errors
/// As [`read_text`].
pub fn read_text_with(name: &str, bytes: &[u8], limits: &Limits) -> Result<PlainText> {
    let kind = kind_of(name, bytes, limits)?;
    let plain = |text, pages| PlainText { text, kind, pages, tables: Vec::new() };
    bounded(match kind {
        FileKind::Docx => docx_text(bytes, limits)?,
        FileKind::Pdf => pdf::read(bytes).map(|(text, pages)| plain(text, Some(pages)))?,
        FileKind::Text => plain(plain_text(bytes)?, None),
        other => return Err(not_text(other)),
    })
}

/// Reads whatever text a file holds, tables included: what a search goes through. A picture holds none.
///
/// # Errors
/// As [`read_text`].
pub fn read_any_text(name: &str, bytes: &[u8]) -> Result<PlainText> {
    let limits = Limits::default();
    match kind_of(name, bytes, &limits)? {
        FileKind::Xlsx => {
            let book = read_any_with(name, bytes, &limits)?;
            bounded(PlainText {
                text: table_text(&book),
                kind: FileKind::Xlsx,
                pages: None,
                tables: Vec::new(),
            })
        }
        kind if kind.is_image() => {
            Ok(PlainText { text: String::new(), kind, pages: None, tables: Vec::new() })
        }
        _ => read_text_with(name, bytes, &limits),
    }
}

fn kind_of(name: &str, bytes: &[u8], limits: &Limits) -> Result<FileKind> {
    if bytes.is_empty() {
        return Err(DocumentError::Empty);
    }
    check_size(bytes, limits)?;
    if let Some(old) = crate::upload::old_format(name, bytes) {
        return Err(old);
    }
    let found = || DocumentError::Kind { found: crate::upload::describe(bytes), allowed: ALLOWED_TEXT };
    sniff(bytes).ok_or_else(found)
}

fn not_text(kind: FileKind) -> DocumentError {
    DocumentError::Kind { found: kind.label().to_owned(), allowed: ALLOWED_TEXT }
}

fn bounded(read: PlainText) -> Result<PlainText> {
    let chars = read.text.chars().count();
    if chars > TEXT_CHARS_MAX {
        return Err(DocumentError::TextTooLong { chars, limit: TEXT_CHARS_MAX });
    }
    Ok(read)
}

fn docx_text(bytes: &[u8], limits: &Limits) -> Result<PlainText> {
    let mut archive = Archive::open(bytes, limits)?;
    let xml = archive.xml(docx::DOCUMENT)?;
    let paragraphs = paragraphs(&xml)?;
    let tables = tables(&paragraphs);
    let lines: Vec<String> = paragraphs.into_iter().map(|p| p.text).collect();
    Ok(PlainText { text: lines.join("\n"), kind: FileKind::Docx, pages: None, tables })
}

/// The cells of each table, those of several paragraphs as one.
fn tables(paragraphs: &[Paragraph]) -> Vec<Vec<TextCell>> {
    let mut tables: BTreeMap<usize, BTreeMap<(usize, usize), TextCell>> = BTreeMap::new();
    let mut start = 0;
    for paragraph in paragraphs {
        let end = start + paragraph.text.chars().count();
        if let Some(InTable { table, row, column, width }) = paragraph.cell {
            let cells = tables.entry(table).or_default();
            cells.entry((row, column)).or_insert(TextCell { row, column, width, start, end }).end = end;
        }
        start = end + 1;
    }
    tables.into_values().map(|cells| cells.into_values().collect()).collect()
}

fn plain_text(bytes: &[u8]) -> Result<String> {
    let (text, _) = decode(bytes).ok_or(DocumentError::Encoding)?;
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The filled cells of each row, parted by tabs.
fn table_text(book: &Workbook) -> String {
    let mut text = String::new();
    for sheet in &book.sheets {
        text.push_str(&sheet.name);
        text.push('\n');
        for row in sheet.rows() {
            let cells: Vec<&str> =
                row.iter().map(|cell| cell.text().trim()).filter(|c| !c.is_empty()).collect();
            if !cells.is_empty() {
                text.push_str(&cells.join("\t"));
                text.push('\n');
            }
        }
    }
    text
}
