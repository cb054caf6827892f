//! Reading separated text, and remembering where each field stood so that it can be written back in place.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::{Cell, Format, Grid, Workbook};
use crate::{DocumentError, Limits, Result};

/// How the bytes of a text are to be read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf8Mark,
    Utf16Le,
    Utf16Be,
    /// GBK and GB2312 are read and written as their superset.
    Gb18030,
}

/// A field: where its source stands (quotes included) in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A decoded text with its fields by record.
pub(crate) struct CsvText {
    pub(crate) text: String,
    pub(crate) encoding: Encoding,
    pub(crate) delimiter: char,
    pub(crate) records: Vec<Vec<Field>>,
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook> {
    super::check_size(bytes, limits)?;
    let csv = CsvText::parse(bytes)?;
    let mut grid = Grid::new("Sheet1", limits);
    let mut left = limits.cells;
    for (row, record) in csv.records.iter().enumerate() {
        for (column, field) in record.iter().enumerate() {
            grid.put(row, column, Cell::text_cell(csv.value(field)), &mut left)?;
        }
    }
    Ok(Workbook { format: Format::Csv, sheets: vec![grid.finish()] })
}

impl CsvText {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        let (text, encoding) = decode(bytes).ok_or(DocumentError::Encoding)?;
        let delimiter = sniff_delimiter(&text);
        let records = split(&text, delimiter);
        Ok(Self { text, encoding, delimiter, records })
    }

    /// A field's value: quotes removed, one kind of line end, and without the apostrophe our own exports put
    /// before a text that a spreadsheet would take for a formula.
    pub(crate) fn value(&self, field: &Field) -> String {
        let raw = &self.text[field.start..field.end];
        let trimmed = raw.trim_matches([' ', '\t']);
        let value = match trimmed.strip_prefix('"') {
            Some(inner) => inner.strip_suffix('"').unwrap_or(inner).replace("\"\"", "\""),
            None => raw.to_owned(),
        };
        let value =
            if value.contains('\r') { value.replace("\r\n", "\n").replace('\r', "\n") } else { value };
        match value.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\n']) => rest.to_owned(),
            _ => value,
        }
    }

    /// The text of a new field, quoted where it must be.
    pub(crate) fn quote(&self, value: &str) -> String {
        if value.contains([self.delimiter, '"', '\n', '\r']) || value.starts_with(' ') {
            format!("\"{}\"", value.replace('"', "\"\""))
        } else {
            value.to_owned()
        }
    }

    /// Text back into the bytes of its own encoding.
    pub(crate) fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
        match encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf8Mark => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            Encoding::Utf16Le => {
                [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
            }
            Encoding::Utf16Be => {
                [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
            }
            Encoding::Gb18030 => GB18030.encode(text).0.into_owned(),
        }
    }
}

/// The text of bytes in one of the encodings an office here uses; `None` where it is none of them.
pub(crate) fn decode(bytes: &[u8]) -> Option<(String, Encoding)> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return Some((String::from_utf8(rest.to_vec()).ok()?, Encoding::Utf8Mark));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        let (text, wrong) = UTF_16LE.decode_without_bom_handling(rest);
        return (!wrong).then(|| (text.into_owned(), Encoding::Utf16Le));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        let (text, wrong) = UTF_16BE.decode_without_bom_handling(rest);
        return (!wrong).then(|| (text.into_owned(), Encoding::Utf16Be));
    }
    if bytes.contains(&0) {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some((text.to_owned(), Encoding::Utf8));
    }
    let (text, wrong) = GB18030.decode_without_bom_handling(bytes);
    (!wrong).then(|| (text.into_owned(), Encoding::Gb18030))
}

/// How much of a text is looked at to tell the delimiter, in bytes.
const SNIFF_BYTES: usize = 16 * 1024;

fn sniff_delimiter(text: &str) -> char {
    let mut counts = [(',', 0usize), ('\t', 0), (';', 0)];
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        if at > SNIFF_BYTES {
            break;
        }
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            _ => {
                if let Some(count) = counts.iter_mut().find(|(d, _)| *d == c) {
                    count.1 += 1;
                }
            }
        }
    }
    // The earlier wins a tie, so a comma is the default.
    counts.iter().rev().max_by_key(|(_, n)| *n).map_or(',', |(d, _)| *d)
}

fn split(text: &str, delimiter: char) -> Vec<Vec<Field>> {
    let (mut records, mut record) = (Vec::new(), Vec::new());
    let (mut start, mut quoted, mut fresh) = (0usize, false, true);
    let bytes = text.as_bytes();
    let delimiter = delimiter as u32;
    let mut at = 0usize;
    // Delimiters, quotes and line ends are all ASCII, so bytes can be walked safely.
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            b'"' if fresh || quoted => quoted = !quoted,
            // A quote that reopens right after a closing one is a doubled quote.
            b'"' if at > start && bytes[at - 1] == b'"' && bytes[start] == b'"' => quoted = true,
            _ if quoted => {}
            _ if u32::from(byte) == delimiter => {
                record.push(Field { start, end: at });
                start = at + 1;
                fresh = true;
                at += 1;
                continue;
            }
            b'\n' | b'\r' => {
                record.push(Field { start, end: at });
                records.push(std::mem::take(&mut record));
                if byte == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                    at += 1;
                }
                start = at + 1;
                fresh = true;
                at += 1;
                continue;
            }
            _ => {}
        }
        fresh = fresh && (byte == b' ' || byte == b'\t');
        at += 1;
    }
    if start < bytes.len() || !record.is_empty() {
        record.push(Field { start, end: bytes.len() });
        records.push(record);
    }
    records
}
