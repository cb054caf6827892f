//! Editing separated text in place, in its own encoding.

use super::neutral;
use super::plan::Edits;
use crate::Result;
use crate::sheet::CsvText;

/// Replaces fields and inserts records. Untouched fields keep their bytes, except that texts which a spreadsheet
/// program would take for a formula are made harmless on every export.
pub(super) fn apply(source: &[u8], edits: &Edits) -> Result<Vec<u8>> {
    let csv = CsvText::parse(source)?;
    let line_end = if csv.text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(csv.text.len() + 256);
    let mut copied = 0usize;
    for (row, record) in csv.records.iter().enumerate() {
        for (column, field) in record.iter().enumerate() {
            let value = csv.value(field);
            let wanted = edits.cells.get(&(row, column)).unwrap_or(&value);
            let safe = neutral(wanted);
            let changed = *wanted != value;
            // An apostrophe that is already there reads as none, so it is not doubled.
            let raw = csv.text[field.start..field.end].trim_matches([' ', '"']);
            if changed || (safe != value && !raw.starts_with('\'')) {
                out.push_str(&csv.text[copied..field.start]);
                out.push_str(&csv.quote(&safe));
                copied = field.end;
            }
        }
        let end = record.last().map_or(copied, |f| f.end);
        let beyond: Vec<(usize, &String)> =
            edits.cells.range((row, record.len())..(row + 1, 0)).map(|((_, c), t)| (*c, t)).collect();
        if !beyond.is_empty() {
            out.push_str(&csv.text[copied..end]);
            copied = end;
            let mut at = record.len().saturating_sub(1);
            for (column, text) in beyond {
                (at..column).for_each(|_| out.push(csv.delimiter));
                at = column;
                out.push_str(&csv.quote(&neutral(text)));
            }
        }
        if row == edits.after && !edits.rows.is_empty() {
            out.push_str(&csv.text[copied..end]);
            copied = end;
            for new in &edits.rows {
                out.push_str(line_end);
                let width = record.len().max(new.keys().next_back().map_or(0, |c| c + 1));
                let texts: Vec<String> = (0..width)
                    .map(|c| new.get(&c).map(|t| csv.quote(&neutral(t))).unwrap_or_default())
                    .collect();
                out.push_str(&texts.join(&csv.delimiter.to_string()));
            }
        }
    }
    out.push_str(&csv.text[copied..]);
    Ok(CsvText::encode(&out, csv.encoding))
}
