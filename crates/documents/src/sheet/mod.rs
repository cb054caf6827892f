//! A spreadsheet as plain rows of text, whatever file it came from.

mod archive;
mod csv;
mod docx;
mod numbers;
mod xlsx;

use std::fmt;
use std::sync::Arc;

pub(crate) use archive::Archive;
pub(crate) use csv::{CsvText, decode};
pub use docx::RUNNING_TEXT;
pub(crate) use docx::{Skips as DocxSkips, table_number as docx_table_number};
pub(crate) use numbers::serial_to_iso;
pub(crate) use xlsx::{attribute, local, push_text, sheet_parts};

use crate::{DocumentError, Limits, Result};

/// What kind of file a workbook was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML spreadsheet.
    Xlsx,
    /// Separated text.
    Csv,
    /// Office Open XML text document; every table is a sheet, and the running text is one more.
    Docx,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CellKind {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text,
    /// A number; [`Cell::text`] shows it, percentages as such.
    Number,
    /// A day or a moment; [`Cell::text`] is ISO, [`Cell::raw`] the serial as stored.
    Date,
    /// A truth value, shown as 是 or 否.
    Bool,
    /// An error value such as `#N/A`.
    Error,
}

/// One cell. Cheap to clone: equal texts of a workbook share one allocation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    text: Option<Arc<str>>,
    raw: Option<Arc<str>>,
    kind: CellKind,
}

impl Cell {
    /// A cell of text; blank text gives an empty cell.
    pub fn text_cell(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        if text.is_empty() {
            return Self::default();
        }
        Self { text: Some(text), raw: None, kind: CellKind::Text }
    }

    /// A cell whose shown text differs from what is stored.
    pub(crate) fn shown(text: String, raw: &str, kind: CellKind) -> Self {
        let raw = (text != raw).then(|| Arc::from(raw));
        Self { text: Some(Arc::from(text)), raw, kind }
    }

    /// What a reader sees.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or("")
    }

    /// What is stored, where that differs from what is seen (a date serial, a bare ratio).
    pub fn raw(&self) -> &str {
        self.raw.as_deref().unwrap_or_else(|| self.text())
    }

    /// What kind of value it is.
    pub fn kind(&self) -> CellKind {
        self.kind
    }

    /// Whether a reader sees nothing.
    pub fn is_blank(&self) -> bool {
        self.text().trim().is_empty()
    }
}

/// A cell's place, counted from 0; shown as `C5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellRef {
    /// Row from 0.
    pub row: u32,
    /// Column from 0.
    pub column: u32,
}

impl CellRef {
    /// A place from row and column, both counted from 0.
    pub fn new(row: usize, column: usize) -> Self {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { row: clip(row), column: clip(column) }
    }

    /// Reads `C5` or `$C$5`.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut column, mut row) = (0u32, 0u32);
        for byte in text.bytes() {
            match byte {
                b'A'..=b'Z' if row == 0 => {
                    column = column.checked_mul(26)?.checked_add(u32::from(byte - b'A') + 1)?
                }
                b'a'..=b'z' if row == 0 => {
                    column = column.checked_mul(26)?.checked_add(u32::from(byte - b'a') + 1)?
                }
                b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?,
                b'$' => {}
                _ => return None,
            }
        }
        (column > 0 && row > 0).then(|| Self { row: row - 1, column: column - 1 })
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.column as usize), u64::from(self.row) + 1)
    }
}

impl serde::Serialize for CellRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for CellRef {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a cell reference such as C5"))
    }
}

/// The letters of a column counted from 0: `A`, `Z`, `AA`.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut n = column + 1;
    while n > 0 {
        letters.push(char::from(b'A' + u8::try_from((n - 1) % 26).unwrap_or(0)));
        n = (n - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A merged region, both corners included, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub top: usize,
    /// First column.
    pub left: usize,
    /// Last row.
    pub bottom: usize,
    /// Last column.
    pub right: usize,
}

impl Merge {
    /// Reads `B2:C5`.
    pub fn parse(text: &str) -> Option<Self> {
        let (a, b) = text.split_once(':')?;
        let (a, b) = (CellRef::parse(a)?, CellRef::parse(b)?);
        Some(Self {
            top: a.row.min(b.row) as usize,
            left: a.column.min(b.column) as usize,
            bottom: a.row.max(b.row) as usize,
            right: a.column.max(b.column) as usize,
        })
    }

    /// How many columns it covers.
    pub fn width(&self) -> usize {
        self.right - self.left + 1
    }

    /// How many rows it covers.
    pub fn height(&self) -> usize {
        self.bottom - self.top + 1
    }
}

/// One sheet: rows from the first, dense, each as long as its last filled cell.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Its name; docx tables are 表1, 表2 and the running text is 正文.
    pub name: String,
    /// Whether the file hides it.
    pub hidden: bool,
    /// Paragraphs above a docx table since the table before it: its title, notes and unit line.
    pub before: Vec<String>,
    /// Paragraphs below the last docx table.
    pub after: Vec<String>,
    rows: Vec<Vec<Cell>>,
    merges: Vec<Merge>,
    merges_of_row: Vec<Vec<u32>>,
    width: usize,
}

static EMPTY: Cell = Cell { text: None, raw: None, kind: CellKind::Empty };

impl Sheet {
    /// Puts a sheet together. Regions outside the filled rows are clipped, regions of one cell dropped.
    pub fn new(name: impl Into<String>, rows: Vec<Vec<Cell>>, merges: Vec<Merge>) -> Self {
        let height = rows.len();
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut sheet = Self { name: name.into(), rows, width, ..Self::default() };
        for mut merge in merges {
            if merge.top >= height || merge.left >= width.max(1) {
                continue;
            }
            merge.bottom = merge.bottom.min(height - 1);
            merge.right = merge.right.min(width.max(1) - 1);
            if merge.height() > 1 || merge.width() > 1 {
                sheet.merges.push(merge);
            }
        }
        // Regions of a sound file do not overlap, so the index is no larger than the sheet. A file that
        // overlaps them on purpose only loses the ones beyond that size.
        let mut room = height.saturating_mul(width).saturating_add(height);
        if !sheet.merges.is_empty() {
            sheet.merges_of_row = vec![Vec::new(); height];
            for (index, merge) in sheet.merges.iter().enumerate() {
                if merge.height() > room {
                    break;
                }
                room -= merge.height();
                for list in &mut sheet.merges_of_row[merge.top..=merge.bottom] {
                    list.push(u32::try_from(index).unwrap_or(u32::MAX));
                }
            }
        }
        sheet
    }

    /// How many rows, up to the last that holds text.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// How many columns, up to the last that holds text.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The rows as stored: without what merged regions cover.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The merged regions.
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// The cell at a place counted from 0; an empty one outside.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.rows.get(row).and_then(|r| r.get(column)).unwrap_or(&EMPTY)
    }

    /// The trimmed text at a place, without looking through merged regions.
    pub fn text(&self, row: usize, column: usize) -> &str {
        self.cell(row, column).text().trim()
    }

    /// The region that covers a place.
    pub fn merge_at(&self, row: usize, column: usize) -> Option<&Merge> {
        self.merges_of_row
            .get(row)?
            .iter()
            .filter_map(|&i| self.merges.get(i as usize))
            .find(|m| m.left <= column && column <= m.right)
    }

    /// The place whose text is shown here: the upper left corner of the region, or the place itself.
    pub fn anchor(&self, row: usize, column: usize) -> (usize, usize) {
        self.merge_at(row, column).map_or((row, column), |m| (m.top, m.left))
    }

    /// The trimmed text seen at a place, through merged regions.
    pub fn seen(&self, row: usize, column: usize) -> &str {
        let (r, c) = self.anchor(row, column);
        self.text(r, c)
    }

    /// Whether a region that began in a row above covers this place.
    pub fn covered_from_above(&self, row: usize, column: usize) -> bool {
        self.merge_at(row, column).is_some_and(|m| m.top < row)
    }

    /// The columns of a row that hold text of their own.
    pub fn filled(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        self.rows.get(row).into_iter().flatten().enumerate().filter(|(_, c)| !c.is_blank()).map(|(i, _)| i)
    }
}

/// A document as sheets.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// What it was read from.
    pub format: Format,
    /// Its sheets in order.
    pub sheets: Vec<Sheet>,
}

impl Workbook {
    /// The sheet of a name.
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|s| s.name == name)
    }
}

/// Reads an xlsx. Numbers keep their digits, dates become ISO beside their serial, merged regions are kept.
///
/// # Errors
/// Anything in [`DocumentError`] about archives, parts and limits.
pub fn read_xlsx(bytes: &[u8]) -> Result<Workbook> {
    xlsx::read(bytes, &Limits::default())
}

/// Reads separated text in UTF-8 (with or without a mark), UTF-16 or GBK/GB18030.
///
/// # Errors
/// [`DocumentError::Encoding`] and the limits.
pub fn read_csv(bytes: &[u8]) -> Result<Workbook> {
    csv::read(bytes, &Limits::default())
}

/// Reads the tables of a docx, with the paragraphs around them, and its running text.
///
/// # Errors
/// Anything in [`DocumentError`] about archives, parts and limits.
pub fn read_docx_tables(bytes: &[u8]) -> Result<Workbook> {
    docx::read(bytes, &Limits::default())
}

/// Reads whatever the content is; the name is only used in refusals.
///
/// # Errors
/// As the readers it calls; [`DocumentError::Kind`] where the content is none of them.
pub fn read_any(name: &str, bytes: &[u8]) -> Result<Workbook> {
    read_any_with(name, bytes, &Limits::default())
}

/// [`read_any`] under limits of one's own.
///
/// # Errors
/// As [`read_any`].
pub fn read_any_with(name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook> {
    use crate::upload::FileKind;
    check_size(bytes, limits)?;
    match crate::upload::sniff(bytes) {
        Some(FileKind::Xlsx) => xlsx::read(bytes, limits),
        Some(FileKind::Docx) => docx::read(bytes, limits),
        Some(FileKind::Text) => csv::read(bytes, limits),
        _ => Err(crate::upload::refusal_for_ledger(name, bytes)),
    }
}

pub(crate) fn check_size(bytes: &[u8], limits: &Limits) -> Result<()> {
    let size = bytes.len() as u64;
    if size == 0 {
        return Err(DocumentError::Empty);
    }
    if size > limits.upload_bytes {
        return Err(DocumentError::TooLarge { bytes: size, limit: limits.upload_bytes });
    }
    Ok(())
}

/// Collects cells of one sheet under the limits; shared by the readers.
pub(crate) struct Grid<'a> {
    name: &'a str,
    limits: &'a Limits,
    rows: Vec<Vec<Cell>>,
    merges: Vec<Merge>,
}

impl<'a> Grid<'a> {
    pub(crate) fn new(name: &'a str, limits: &'a Limits) -> Self {
        Self { name, limits, rows: Vec::new(), merges: Vec::new() }
    }

    /// Puts a cell; blank ones are dropped, so stray formatting far away costs nothing.
    pub(crate) fn put(
        &mut self,
        row: usize,
        column: usize,
        cell: Cell,
        cells_left: &mut usize,
    ) -> Result<()> {
        if cell.is_blank() {
            return Ok(());
        }
        let sheet = || self.name.to_owned();
        if row >= self.limits.rows {
            return Err(DocumentError::TooManyRows { sheet: sheet(), row: row + 1, limit: self.limits.rows });
        }
        if column >= self.limits.columns {
            return Err(DocumentError::TooManyColumns {
                sheet: sheet(),
                column: column + 1,
                limit: self.limits.columns,
            });
        }
        // Bytes bound characters from above, so most cells need no counting.
        if cell.text().len() > self.limits.cell_chars {
            let chars = cell.text().chars().count();
            if chars > self.limits.cell_chars {
                let place = CellRef::new(row, column).to_string();
                let limit = self.limits.cell_chars;
                return Err(DocumentError::CellTooLong { sheet: sheet(), cell: place, chars, limit });
            }
        }
        *cells_left =
            cells_left.checked_sub(1).ok_or(DocumentError::TooManyCells { limit: self.limits.cells })?;
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        let cells = &mut self.rows[row];
        if cells.len() <= column {
            cells.resize_with(column + 1, Cell::default);
        }
        cells[column] = cell;
        Ok(())
    }

    pub(crate) fn merge(&mut self, merge: Merge) -> Result<()> {
        if self.merges.len() >= self.limits.merges {
            let (sheet, limit) = (self.name.to_owned(), self.limits.merges);
            return Err(DocumentError::TooManyMerges { sheet, limit });
        }
        self.merges.push(merge);
        Ok(())
    }

    pub(crate) fn finish(self) -> Sheet {
        Sheet::new(self.name, self.rows, self.merges)
    }
}
