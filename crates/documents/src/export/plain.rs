//! A plain ledger for problems that never came from a file.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::height::row_points;
use super::{is_formula_like, neutral};
use crate::limits::CELL_CHARS;
use crate::{DocumentError, Result};

/// A column of a plain ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct PlainColumn {
    /// Its header.
    pub header: String,
    /// Its width in characters of the default font; a Chinese character takes two.
    pub width: f64,
}

impl PlainColumn {
    /// A column of a width.
    pub fn new(header: impl Into<String>, width: f64) -> Self {
        Self { header: header.into(), width }
    }
}

impl From<XlsxError> for DocumentError {
    fn from(error: XlsxError) -> Self {
        Self::Write { detail: error.to_string() }
    }
}

/// Writes a ledger: a title row, a row of meta texts (unit, day of filling), a header repeated on every printed
/// page, borders, wrapped text, landscape A4 (A3 where it is wide) and one page wide. All values are text.
///
/// # Errors
/// [`DocumentError::Write`]; more rows than [`crate::limits::ROWS`] or columns than [`crate::limits::COLUMNS`] are
/// refused.
pub fn write_plain_ledger(
    title: &str,
    meta: &[String],
    columns: &[PlainColumn],
    rows: &[Vec<String>],
) -> Result<Vec<u8>> {
    let limits = crate::Limits::default();
    if rows.len() + 3 > limits.rows {
        return Err(DocumentError::TooManyRows {
            sheet: title.to_owned(),
            row: rows.len() + 3,
            limit: limits.rows,
        });
    }
    if columns.is_empty() || columns.len() > limits.columns {
        let (column, limit) = (columns.len(), limits.columns);
        return Err(DocumentError::TooManyColumns { sheet: title.to_owned(), column, limit });
    }
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("问题台账")?;
    let last_column = u16::try_from(columns.len() - 1).unwrap_or(u16::MAX);
    head(sheet, title, meta, columns, last_column)?;
    let body =
        Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let quoted = body.clone().set_quote_prefix();
    let widths: Vec<f64> = columns.iter().map(|column| column.width).collect();
    for (i, row) in rows.iter().enumerate() {
        let at = u32::try_from(i + 3).unwrap_or(u32::MAX);
        sheet.set_row_height(at, row_height(&widths, row))?;
        for column in 0..columns.len() {
            let text = row.get(column).map_or("", String::as_str);
            let text: String = text.chars().take(CELL_CHARS).collect();
            // The prefix keeps a text a text even after somebody edits the cell.
            let format = if is_formula_like(&text) { &quoted } else { &body };
            sheet.write_string_with_format(at, u16::try_from(column).unwrap_or(u16::MAX), text, format)?;
        }
    }
    let last_row = u32::try_from(rows.len() + 2).unwrap_or(u32::MAX);
    sheet.set_print_area(0, 0, last_row, last_column)?;
    sheet.set_repeat_rows(2, 2)?;
    sheet.set_freeze_panes(3, 0)?;
    sheet.set_landscape().set_paper_size(paper(columns)).set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C第 &P 页 共 &N 页");
    Ok(workbook.save_to_buffer()?)
}

/// Widths of columns that still can be read on one A4 page, in characters.
const A4_WIDTH: f64 = 200.0;
/// Numbers of paper sizes.
const A3: u8 = 8;
const A4: u8 = 9;
/// The paper on which all columns can be read side by side.
fn paper(columns: &[PlainColumn]) -> u8 {
    let width: f64 = columns.iter().map(|column| column.width).sum();
    if width > A4_WIDTH { A3 } else { A4 }
}

/// The height at which all wrapped texts of a row are seen; not every program works that out when it opens a file.
pub(super) fn row_height(widths: &[f64], row: &[String]) -> f64 {
    row_points(row.iter().map(String::as_str).zip(widths.iter().copied()))
}

fn head(
    sheet: &mut Worksheet,
    title: &str,
    meta: &[String],
    columns: &[PlainColumn],
    last_column: u16,
) -> Result<()> {
    let title_format = Format::new()
        .set_bold()
        .set_font_size(18)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let meta_format = Format::new().set_align(FormatAlign::Left).set_text_wrap();
    let header_format = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let meta = meta.join("        ");
    // Before anything is written to the row: a sheet that is written row by row cannot go back.
    sheet.set_row_height(0, 36)?;
    if last_column > 0 {
        sheet.merge_range(0, 0, 0, last_column, title, &title_format)?;
        sheet.merge_range(1, 0, 1, last_column, &meta, &meta_format)?;
    } else {
        sheet.write_string_with_format(0, 0, title, &title_format)?;
        sheet.write_string_with_format(1, 0, &meta, &meta_format)?;
    }
    for (i, column) in columns.iter().enumerate() {
        let at = u16::try_from(i).unwrap_or(u16::MAX);
        sheet.set_column_width(at, column.width)?;
        sheet.write_string_with_format(2, at, &column.header, &header_format)?;
    }
    Ok(())
}

/// Writes a table as csv in UTF-8 with a mark, which WPS and Excel open rightly.
pub fn write_plain_csv(headers: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = String::from('\u{feff}');
    for row in std::iter::once(headers).chain(rows.iter().map(Vec::as_slice)) {
        for (i, text) in row.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            let text = neutral(text);
            if text.contains([',', '"', '\n', '\r']) {
                out.push('"');
                out.push_str(&text.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(&text);
            }
        }
        out.push_str("\r\n");
    }
    out.into_bytes()
}

/// A plain ledger written row by row: its memory does not grow with its rows.
pub struct PlainLedger {
    workbook: Workbook,
    body: Format,
    quoted: Format,
    widths: Vec<f64>,
    rows: usize,
}

impl std::fmt::Debug for PlainLedger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlainLedger").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl PlainLedger {
    /// Begins a ledger as [`write_plain_ledger`] lays it out.
    ///
    /// # Errors
    /// [`DocumentError::Write`]; more columns than [`crate::limits::COLUMNS`] are refused.
    pub fn begin(title: &str, meta: &[String], columns: &[PlainColumn]) -> Result<Self> {
        let limit = crate::limits::COLUMNS;
        if columns.is_empty() || columns.len() > limit {
            let (column, sheet) = (columns.len(), title.to_owned());
            return Err(DocumentError::TooManyColumns { sheet, column, limit });
        }
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name("问题台账")?;
        let last_column = u16::try_from(columns.len() - 1).unwrap_or(u16::MAX);
        sheet.set_repeat_rows(2, 2)?;
        sheet.set_freeze_panes(3, 0)?;
        sheet.set_landscape().set_paper_size(paper(columns)).set_print_fit_to_pages(1, 0);
        sheet.set_footer("&C第 &P 页 共 &N 页");
        head(sheet, title, meta, columns, last_column)?;
        let body = Format::new()
            .set_border(FormatBorder::Thin)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter);
        let quoted = body.clone().set_quote_prefix();
        let widths = columns.iter().map(|column| column.width).collect();
        Ok(Self { workbook, body, quoted, widths, rows: 0 })
    }

    /// Adds a row; all values are text.
    ///
    /// # Errors
    /// [`DocumentError::Write`]; more rows than [`crate::limits::ROWS`] are refused.
    pub fn push(&mut self, row: &[String]) -> Result<()> {
        let at = self.rows + 3;
        if at >= crate::limits::ROWS {
            let limit = crate::limits::ROWS;
            return Err(DocumentError::TooManyRows { sheet: "问题台账".to_owned(), row: at + 1, limit });
        }
        let sheet = self.workbook.worksheet_from_index(0)?;
        let (height, line) = (row_height(&self.widths, row), u32::try_from(at).unwrap_or(u32::MAX));
        sheet.set_row_height(line, height)?;
        for column in 0..self.widths.len() {
            let text: String = row.get(column).map_or("", String::as_str).chars().take(CELL_CHARS).collect();
            let format = if is_formula_like(&text) { &self.quoted } else { &self.body };
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            sheet.write_string_with_format(line, column, text, format)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Ends it and writes the file.
    ///
    /// # Errors
    /// [`DocumentError::Write`].
    pub fn finish(mut self, out: impl std::io::Write + std::io::Seek + Send) -> Result<()> {
        Ok(self.workbook.save_to_writer(out)?)
    }
}

/// One line of a csv as [`write_plain_csv`] writes it, ended by CRLF. The first line of a file is preceded by
/// [`CSV_MARK`].
pub fn plain_csv_line(row: &[String]) -> String {
    let mut line = String::new();
    for (i, text) in row.iter().enumerate() {
        if i > 0 {
            line.push(',');
        }
        let text = neutral(text);
        if text.contains([',', '"', '\n', '\r']) {
            line.push('"');
            line.push_str(&text.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&text);
        }
    }
    line.push_str("\r\n");
    line
}

/// The mark at the beginning by which WPS and Excel know UTF-8.
pub const CSV_MARK: &str = "\u{feff}";
