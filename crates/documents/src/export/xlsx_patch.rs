//! Editing the XML of one sheet: everything that is not edited is copied slice by slice.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::height::row_points;
use super::plan::Edits;
use crate::sheet::{CellRef, Merge, attribute, column_letters, local};
use crate::{DocumentError, Result};

/// Width of a column that the file does not name, in characters of the default font.
const COLUMN_WIDTH: f64 = 8.43;

/// A sheet after its edits.
pub(super) struct Patched {
    pub(super) xml: String,
    /// Whether a cell with a formula was replaced.
    pub(super) lost_formula: bool,
}

pub(super) fn patch_sheet(xml: &str, part: &str, edits: &Edits) -> Result<Patched> {
    let mut patch = Patch::new(xml, edits);
    let mut reader = Reader::from_str(xml);
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event().map_err(|_| DocumentError::BrokenPart { part: part.to_owned() })?;
        let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match &event {
            Event::Start(e) => patch.open(e, start, end, false),
            Event::Empty(e) => patch.open(e, start, end, true),
            Event::End(e) => patch.close(local(e.name().0), start, end),
            Event::Eof => break,
            _ => {}
        }
    }
    patch.out.push_str(&xml[patch.copied..]);
    Ok(Patched { xml: patch.out, lost_formula: patch.lost_formula })
}

struct Patch<'a> {
    xml: &'a str,
    edits: &'a Edits,
    out: String,
    copied: usize,
    prefix: String,
    /// Edits by row that are not yet written.
    pending: BTreeMap<usize, BTreeMap<usize, &'a str>>,
    row: usize,
    next_row: usize,
    next_column: usize,
    /// Widths of columns that the file names: first, last and width.
    widths: Vec<(usize, usize, f64)>,
    /// Where the cell being replaced began.
    replacing: Option<(usize, usize, String)>,
    /// The opening tag and the cell styles of the row that new rows copy.
    model_tag: String,
    model_cells: BTreeMap<usize, String>,
    added: bool,
    lost_formula: bool,
    dropping: bool,
}

impl<'a> Patch<'a> {
    fn new(xml: &'a str, edits: &'a Edits) -> Self {
        let mut pending: BTreeMap<usize, BTreeMap<usize, &str>> = BTreeMap::new();
        for ((row, column), text) in &edits.cells {
            pending.entry(*row).or_default().insert(*column, text);
        }
        Self {
            xml,
            edits,
            out: String::with_capacity(xml.len() + 1024),
            copied: 0,
            prefix: String::new(),
            pending,
            row: 0,
            next_row: 0,
            next_column: 0,
            widths: Vec::new(),
            replacing: None,
            model_tag: String::new(),
            model_cells: BTreeMap::new(),
            added: false,
            lost_formula: false,
            dropping: false,
        }
    }

    fn copy_to(&mut self, end: usize) {
        self.out.push_str(&self.xml[self.copied..end]);
        self.copied = end;
    }

    /// Copies up to `start` and puts `text` in place of what stands up to `end`.
    fn replace(&mut self, start: usize, end: usize, text: &str) {
        self.copy_to(start);
        self.out.push_str(text);
        self.copied = end;
    }

    fn shift(&self) -> usize {
        if self.added { self.edits.rows.len() } else { 0 }
    }

    fn open(&mut self, e: &BytesStart<'_>, start: usize, end: usize, empty: bool) {
        let name = e.name();
        match local(name.0) {
            "worksheet" => {
                self.prefix = name.0.rsplit_once(':').map(|(p, _)| format!("{p}:")).unwrap_or_default();
            }
            "col" => {
                let number = |name| attribute(e, name).and_then(|value| value.parse::<usize>().ok());
                let width = attribute(e, "width").and_then(|value| value.parse::<f64>().ok());
                if let (Some(first), Some(last), Some(width)) = (number("min"), number("max"), width) {
                    self.widths.push((first.saturating_sub(1), last.saturating_sub(1), width));
                }
            }
            "row" => self.open_row(e, start, end, empty),
            "c" => self.open_cell(e, start, end, empty),
            "f" if self.replacing.is_some() => self.lost_formula = true,
            "mergeCells" => self.open_merges(e, start, end),
            "mergeCell" => self.merge(e, start, end),
            "sheetData" if empty => {
                let rows = self.missing_rows(usize::MAX);
                let text = format!("<{0}sheetData>{rows}</{0}sheetData>", self.prefix);
                self.replace(start, end, &text);
            }
            _ => self.shift_ranges(e, start, end),
        }
    }

    fn open_row(&mut self, e: &BytesStart<'_>, start: usize, end: usize, empty: bool) {
        let given = attribute(e, "r").and_then(|r| r.parse::<usize>().ok());
        self.row = given.map_or(self.next_row, |r| r.saturating_sub(1));
        self.next_row = self.row + 1;
        self.next_column = 0;
        let before = self.missing_rows(self.row);
        let new = if self.row > self.edits.after { self.new_rows() } else { String::new() };
        let tag = &self.xml[start..end];
        if self.row == self.edits.after {
            tag.clone_into(&mut self.model_tag);
            self.model_cells.clear();
        }
        let mut tag = match self.shift() {
            0 => tag.to_owned(),
            n => with_attribute(tag, "r", &(self.row + 1 + n).to_string()),
        };
        if let Some(cells) = self.pending.get(&self.row) {
            let seen = cells.iter().filter(|(column, _)| !self.edits.merged.contains(&(self.row, **column)));
            tag = self.grown(tag, seen.map(|(column, text)| (*column, *text)));
        }
        if empty && self.pending.contains_key(&self.row) {
            let cells = self.rest_of_row(usize::MAX);
            tag = format!(
                "{}>{cells}</{}row>",
                tag.trim_end_matches('>').trim_end_matches('/').trim_end(),
                self.prefix
            );
        }
        if before.is_empty() && new.is_empty() && tag == self.xml[start..end] {
            return;
        }
        self.replace(start, end, &format!("{before}{new}{tag}"));
    }

    fn open_cell(&mut self, e: &BytesStart<'_>, start: usize, end: usize, empty: bool) {
        let given = attribute(e, "r").and_then(|r| CellRef::parse(&r));
        let column = given.map_or(self.next_column, |c| c.column as usize);
        self.next_column = column + 1;
        let style = attribute(e, "s").unwrap_or_default();
        if self.row == self.edits.after {
            self.model_cells.insert(column, style.clone());
        }
        let before = self.rest_of_row(column);
        if !before.is_empty() {
            self.replace(start, start, &before);
        }
        if let Some(text) = self.pending.get_mut(&self.row).and_then(|r| r.remove(&column)) {
            let cell = self.cell(self.row + self.shift(), column, &style, text);
            if empty {
                self.replace(start, end, &cell);
            } else {
                self.replacing = Some((start, end, cell));
            }
            return;
        }
        if self.shift() > 0 && given.is_some() {
            let place = format!("{}{}", column_letters(column), self.row + 1 + self.shift());
            let tag = with_attribute(&self.xml[start..end], "r", &place);
            self.replace(start, end, &tag);
        }
    }

    fn close(&mut self, name: &str, start: usize, end: usize) {
        match name {
            "c" => {
                if let Some((from, _, cell)) = self.replacing.take() {
                    self.replace(from, end, &cell);
                }
            }
            "row" => {
                let rest = self.rest_of_row(usize::MAX);
                self.replace(start, start, &rest);
            }
            "sheetData" => {
                let rest = format!("{}{}", self.missing_rows(usize::MAX), self.new_rows());
                self.replace(start, start, &rest);
            }
            "mergeCells" if self.dropping => {
                self.dropping = false;
                self.copied = end;
            }
            _ => {}
        }
    }

    /// Edited cells of this row that stand before a column and were not in the file.
    fn rest_of_row(&mut self, before: usize) -> String {
        let Some(cells) = self.pending.get_mut(&self.row) else { return String::new() };
        let later = cells.split_off(&before);
        let now = std::mem::replace(cells, later);
        let row = self.row + self.shift();
        now.into_iter().map(|(column, text)| self.cell(row, column, "", text)).collect()
    }

    /// Edited rows before this one that were not in the file.
    fn missing_rows(&mut self, before: usize) -> String {
        let mut out = String::new();
        while let Some((&row, _)) = self.pending.range(..before).next() {
            let cells = self.pending.remove(&row).unwrap_or_default();
            if cells.is_empty() {
                continue;
            }
            let at = row + self.shift();
            out.push_str(&format!("<{}row r=\"{}\">", self.prefix, at + 1));
            for (column, text) in cells {
                out.push_str(&self.cell(at, column, "", text));
            }
            out.push_str(&format!("</{}row>", self.prefix));
        }
        out
    }

    /// The new rows, in the style of the last row of the ledger; once.
    fn new_rows(&mut self) -> String {
        if self.added {
            return String::new();
        }
        self.added = true;
        let mut out = String::new();
        for (i, texts) in self.edits.rows.iter().enumerate() {
            let row = self.edits.after + 1 + i;
            let tag = match self.model_tag.as_str() {
                "" => format!("<{}row r=\"{}\">", self.prefix, row + 1),
                model => with_attribute(model, "r", &(row + 1).to_string()).replace("/>", ">"),
            };
            let tag = self.grown(tag, texts.iter().map(|(column, text)| (*column, text.as_str())));
            out.push_str(&tag);
            let mut columns: Vec<usize> = self.model_cells.keys().chain(texts.keys()).copied().collect();
            columns.sort_unstable();
            columns.dedup();
            for column in columns {
                let style = self.model_cells.get(&column).map_or("", String::as_str);
                out.push_str(&self.cell(row, column, style, texts.get(&column).map_or("", String::as_str)));
            }
            out.push_str(&format!("</{}row>", self.prefix));
        }
        out
    }

    /// A row whose height is fixed gets as much as its new texts need, and never less than it had.
    fn grown<'t>(&self, tag: String, texts: impl Iterator<Item = (usize, &'t str)>) -> String {
        let Some(had) = attribute_of(&tag, "ht").and_then(|height| height.parse::<f64>().ok()) else {
            return tag;
        };
        let width = |column| {
            let found = self.widths.iter().find(|(first, last, _)| (*first..=*last).contains(&column));
            found.map_or(COLUMN_WIDTH, |(_, _, width)| *width)
        };
        let needed = row_points(texts.map(|(column, text)| (text, width(column))));
        if needed > had { with_attribute(&tag, "ht", &needed.to_string()) } else { tag }
    }

    /// A cell of text: never a formula, whatever it begins with.
    fn cell(&self, row: usize, column: usize, style: &str, text: &str) -> String {
        let p = &self.prefix;
        let style = if style.is_empty() { String::new() } else { format!(" s=\"{style}\"") };
        let place = format!("{}{}", column_letters(column), row + 1);
        if text.is_empty() {
            return format!("<{p}c r=\"{place}\"{style}/>");
        }
        format!(
            "<{p}c r=\"{place}\"{style} t=\"inlineStr\"><{p}is><{p}t xml:space=\"preserve\">{}</{p}t></{p}is></{p}c>",
            escape(text)
        )
    }

    fn open_merges(&mut self, e: &BytesStart<'_>, start: usize, end: usize) {
        if self.edits.unmerge.is_empty() {
            return;
        }
        let Some(count) = attribute(e, "count").and_then(|c| c.parse::<usize>().ok()) else { return };
        let left = count.saturating_sub(self.edits.unmerge.len());
        if left == 0 {
            // The schema does not allow the element to be empty.
            self.copy_to(start);
            self.dropping = true;
            return;
        }
        let tag = with_attribute(&self.xml[start..end], "count", &left.to_string());
        self.replace(start, end, &tag);
    }

    fn merge(&mut self, e: &BytesStart<'_>, start: usize, end: usize) {
        if self.dropping {
            return;
        }
        let Some(merge) = attribute(e, "ref").and_then(|r| Merge::parse(&r)) else { return };
        // The reader clips regions to the filled part of a sheet, so the corner tells them apart.
        if self.edits.unmerge.iter().any(|m| (m.top, m.left) == (merge.top, merge.left)) {
            self.replace(start, end, "");
        } else {
            self.shift_ranges(e, start, end);
        }
    }

    fn shift_ranges(&mut self, e: &BytesStart<'_>, start: usize, end: usize) {
        if self.edits.rows.is_empty() || self.replacing.is_some() {
            return;
        }
        let is_merge = local(e.name().0) == "mergeCell";
        for name in ["ref", "sqref"] {
            let Some(value) = attribute(e, name) else { continue };
            let ranges: Vec<String> = value
                .split(' ')
                .map(|r| shift_range(r, self.edits.after, self.edits.rows.len(), is_merge))
                .collect();
            let new = ranges.join(" ");
            if new != value {
                let tag = with_attribute(&self.xml[start..end], name, &new);
                self.replace(start, end, &tag);
                return;
            }
        }
    }
}

/// Moves a range below the place of insertion, and lets one that ends there or later grow; a merged region only
/// moves.
fn shift_range(range: &str, after: usize, by: usize, is_merge: bool) -> String {
    let (a, b) = range.split_once(':').unwrap_or((range, range));
    let (Some(from), Some(to)) = (CellRef::parse(a), CellRef::parse(b)) else { return range.to_owned() };
    let moved = |cell: CellRef, text: &str, at_edge: bool| {
        let row = cell.row as usize;
        if row > after || at_edge && row == after {
            let dollar = if text.contains('$') { "$" } else { "" };
            format!("{dollar}{}{dollar}{}", column_letters(cell.column as usize), row + 1 + by)
        } else {
            text.to_owned()
        }
    };
    if !range.contains(':') {
        return moved(from, a, false);
    }
    let grows = !is_merge && from.row < to.row;
    format!("{}:{}", moved(from, a, false), moved(to, b, grows))
}

/// Print areas and the like of one sheet, in the workbook part.
pub(super) fn shift_names(xml: &str, sheet: usize, edits: &Edits) -> String {
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml;
    let mine = format!("localSheetId=\"{sheet}\"");
    while let Some(at) = rest.find("<definedName ") {
        let Some(close) = rest[at..].find('>') else { break };
        let text_at = at + close + 1;
        let Some(end) = rest[text_at..].find("</definedName>") else { break };
        out.push_str(&rest[..text_at]);
        let text = &rest[text_at..text_at + end];
        if rest[at..text_at].contains(&mine) && rest[at..text_at].contains("Print_Area") {
            let shifted: Vec<String> = text
                .split(',')
                .map(|area| match area.rsplit_once('!') {
                    Some((name, range)) => {
                        format!("{name}!{}", shift_range(range, edits.after, edits.rows.len(), false))
                    }
                    None => area.to_owned(),
                })
                .collect();
            out.push_str(&shifted.join(","));
        } else {
            out.push_str(text);
        }
        rest = &rest[text_at + end..];
    }
    out.push_str(rest);
    out
}

/// The value of a tag's attribute, as written.
fn attribute_of<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    ['"', '\''].into_iter().find_map(|quote| {
        let rest = tag.split_once(&format!(" {name}={quote}"))?.1;
        rest.split(quote).next()
    })
}

/// A tag with one attribute's value replaced, or added; the rest stays as written.
fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    for quote in ['"', '\''] {
        let needle = format!(" {name}={quote}");
        if let Some(at) = tag.find(&needle) {
            let from = at + needle.len();
            if let Some(size) = tag[from..].find(quote) {
                return format!("{}{value}{}", &tag[..from], &tag[from + size..]);
            }
        }
    }
    let close = if tag.ends_with("/>") { tag.len() - 2 } else { tag.len() - 1 };
    format!("{} {name}=\"{value}\"{}", tag[..close].trim_end(), &tag[close..])
}

/// Text for XML, without the control characters XML cannot hold. A literal `_x0041_` would be read as an escape, so
/// its first underscore is escaped itself.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => {}
            '\n' | '\t' => out.push(c),
            '_' if is_hex_escape(&text[at..]) => out.push_str("_x005F_"),
            // Not characters of XML, although Rust has them.
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn is_hex_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7
        && bytes.starts_with(b"_x")
        && bytes[6] == b'_'
        && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}
