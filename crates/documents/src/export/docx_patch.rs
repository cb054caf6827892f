//! Editing one table of a docx: everything that is not edited is copied slice by slice.

use std::collections::BTreeSet;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::plan::Edits;
use crate::sheet::{DocxSkips, attribute, docx_table_number, local};
use crate::{DocumentError, Result};

/// The part that holds the text and the tables.
pub(super) const PART: &str = "word/document.xml";

/// What a cell can hold beside text; writing a text over it would lose it.
const NOT_TEXT: [&str; 6] = ["tbl", "drawing", "pict", "object", "footnoteReference", "endnoteReference"];

/// One cell of the table, as byte ranges of the part.
#[derive(Default)]
struct CellAt {
    row: usize,
    column: usize,
    span: usize,
    /// What stands between the cell's properties and its end.
    inner: Range<usize>,
    /// The element that joins it with the cells above or below.
    joined: Option<Range<usize>>,
    /// Properties of the first paragraph and of the first run of text.
    paragraph: Option<Range<usize>>,
    run: Option<Range<usize>>,
    frozen: bool,
}

/// A table as its file has it.
#[derive(Default)]
pub(super) struct TableAt {
    rows: Vec<Range<usize>>,
    cells: Vec<CellAt>,
    /// The prefix of its elements with its colon, such as `w:`.
    prefix: String,
}

impl TableAt {
    /// Finds the table that is read as this sheet; `None` for the running text.
    pub(super) fn find(xml: &str, sheet: &str) -> Result<Option<Self>> {
        let Some(number) = docx_table_number(sheet) else { return Ok(None) };
        let mut walk = Walk { number, ..Walk::default() };
        let mut reader = Reader::from_str(xml);
        loop {
            let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let broken = |_| DocumentError::BrokenPart { part: PART.to_owned() };
            let event = reader.read_event().map_err(broken)?;
            let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            if matches!(event, Event::Eof) {
                break;
            }
            walk.take(&event, start..end);
        }
        walk.found.prefix = walk.prefix;
        Ok((walk.tables >= number).then_some(walk.found))
    }

    /// Cells that hold pictures, tables or notes: they are not written over.
    pub(super) fn frozen(&self) -> BTreeSet<(usize, usize)> {
        self.cells.iter().filter(|cell| cell.frozen).map(|cell| (cell.row, cell.column)).collect()
    }

    /// The part with the edits made.
    pub(super) fn edited(&self, xml: &str, edits: &Edits) -> String {
        let mut changes: Vec<(Range<usize>, String)> = Vec::new();
        for cell in &self.cells {
            if let Some(text) = edits.cells.get(&(cell.row, cell.column)) {
                changes.push((cell.inner.clone(), self.paragraphs(xml, cell, text)));
            }
            let apart = edits
                .unmerge
                .iter()
                .any(|merge| (merge.top..=merge.bottom).contains(&cell.row) && cell.column == merge.left);
            if let Some(joined) = cell.joined.clone().filter(|_| apart) {
                changes.push((joined, String::new()));
            }
        }
        if let Some(model) = self.rows.get(edits.after) {
            let new: String = edits.rows.iter().map(|texts| self.new_row(xml, edits.after, texts)).collect();
            changes.push((model.end..model.end, new));
        }
        replaced(xml, 0..xml.len(), changes)
    }

    /// A row like another one, with these texts.
    fn new_row(&self, xml: &str, like: usize, texts: &std::collections::BTreeMap<usize, String>) -> String {
        let mut changes = Vec::new();
        for cell in self.cells.iter().filter(|cell| cell.row == like) {
            let own = texts.range(cell.column..cell.column + cell.span.max(1)).next();
            let text = own.map(|(_, text)| text.as_str()).unwrap_or_default();
            changes.push((cell.inner.clone(), self.paragraphs(xml, cell, text)));
            changes.extend(cell.joined.clone().map(|joined| (joined, String::new())));
        }
        let row = replaced(xml, self.rows[like].clone(), changes);
        without_row_names(&row)
    }

    /// A text as paragraphs in the manner of the cell's first one.
    fn paragraphs(&self, xml: &str, cell: &CellAt, text: &str) -> String {
        let w = &self.prefix;
        let of = |range: &Option<Range<usize>>| range.clone().map_or("", |range| &xml[range]);
        let (paragraph, run) = (of(&cell.paragraph), of(&cell.run));
        let mut out = String::new();
        for line in text.split('\n') {
            out.push_str(&format!("<{w}p>{paragraph}"));
            if !line.is_empty() {
                out.push_str(&format!("<{w}r>{run}"));
                for (at, part) in line.split('\t').enumerate() {
                    if at > 0 {
                        out.push_str(&format!("<{w}tab/>"));
                    }
                    out.push_str(&format!("<{w}t xml:space=\"preserve\">{}</{w}t>", escape(part)));
                }
                out.push_str(&format!("</{w}r>"));
            }
            out.push_str(&format!("</{w}p>"));
        }
        out
    }
}

/// Follows the part like the reader does, and notes where the cells of one table stand.
#[derive(Default)]
struct Walk {
    number: usize,
    tables: usize,
    depth: usize,
    skips: DocxSkips,
    prefix: String,
    found: TableAt,
    column: usize,
    /// Elements open inside the present cell.
    open: Vec<String>,
    in_cell: bool,
    cell: CellAt,
    /// Where an element whose range is wanted began.
    began: Vec<(usize, String)>,
}

impl Walk {
    fn take(&mut self, event: &Event<'_>, at: Range<usize>) {
        if self.skips.skip(event) {
            if self.wanted() && self.in_cell {
                self.skipped(event);
            }
            return;
        }
        match event {
            Event::Start(e) => self.open(e, at),
            Event::Empty(e) => self.empty(e, at),
            Event::End(e) => {
                let name = local(e.name().0).to_owned();
                self.close(&name, at);
            }
            _ => {}
        }
    }

    /// Inside the table that is looked for, and not in one nested in it.
    fn wanted(&self) -> bool {
        self.depth == 1 && self.tables == self.number
    }

    /// A deletion is no text, but a picture of the old kind would be lost.
    fn skipped(&mut self, event: &Event<'_>) {
        if let Event::Start(e) = event
            && local(e.name().0) == "pict"
        {
            self.cell.frozen = true;
        }
    }

    fn open(&mut self, e: &BytesStart<'_>, at: Range<usize>) {
        let name = local(e.name().0).to_owned();
        if name == "tbl" {
            self.cell.frozen |= self.wanted() && self.in_cell;
            self.tables += usize::from(self.depth == 0);
            self.depth += 1;
            return;
        }
        if !self.wanted() {
            return;
        }
        match name.as_str() {
            "tr" => {
                self.prefix = e.name().0.rsplit_once(':').map(|(p, _)| format!("{p}:")).unwrap_or_default();
                self.found.rows.push(at.start..at.end);
                self.column = 0;
            }
            "tc" => {
                let row = self.found.rows.len().saturating_sub(1);
                let inner = at.end..at.end;
                self.cell = CellAt { row, column: self.column, span: 1, inner, ..CellAt::default() };
                self.in_cell = true;
                self.open.clear();
            }
            _ => {
                self.property(&name, e);
                if self.in_cell {
                    self.inside(&name, at.start);
                    self.open.push(name);
                }
            }
        }
    }

    /// Notes where an element begins whose whole range is wanted.
    fn inside(&mut self, name: &str, start: usize) {
        let first = match name {
            "pPr" => self.cell.paragraph.is_none(),
            "rPr" => self.cell.run.is_none() && !self.open.iter().any(|open| open == "pPr"),
            "tcPr" => self.open.is_empty(),
            "vMerge" => true,
            _ => false,
        };
        if first {
            self.began.push((start, name.to_owned()));
        }
    }

    fn empty(&mut self, e: &BytesStart<'_>, at: Range<usize>) {
        if !self.wanted() {
            return;
        }
        let name = local(e.name().0).to_owned();
        self.property(&name, e);
        if self.in_cell {
            self.inside(&name, at.start);
            self.end_of(&name, at.end);
        }
    }

    fn property(&mut self, name: &str, e: &BytesStart<'_>) {
        match name {
            "gridBefore" => {
                self.column += attribute(e, "val").and_then(|v| v.parse().ok()).unwrap_or(0);
            }
            "gridSpan" if self.in_cell => {
                self.cell.span = attribute(e, "val").and_then(|v| v.parse().ok()).unwrap_or(1);
            }
            _ if self.in_cell && NOT_TEXT.contains(&name) => self.cell.frozen = true,
            _ => {}
        }
    }

    /// Ends the range of an element, where it was wanted.
    fn end_of(&mut self, name: &str, end: usize) {
        if self.began.last().is_none_or(|(_, began)| began != name) {
            return;
        }
        let Some((start, _)) = self.began.pop() else { return };
        match name {
            "pPr" => self.cell.paragraph = Some(start..end),
            "rPr" => self.cell.run = Some(start..end),
            "vMerge" => self.cell.joined = Some(start..end),
            _ => self.cell.inner = end..end,
        }
    }

    fn close(&mut self, name: &str, at: Range<usize>) {
        if name == "tbl" {
            self.depth = self.depth.saturating_sub(1);
            return;
        }
        if !self.wanted() {
            return;
        }
        match name {
            "tr" => {
                if let Some(row) = self.found.rows.last_mut() {
                    row.end = at.end;
                }
            }
            "tc" => {
                self.in_cell = false;
                let mut cell = std::mem::take(&mut self.cell);
                cell.inner.end = at.start;
                self.column += cell.span;
                self.found.cells.push(cell);
            }
            _ if self.in_cell => {
                self.open.pop();
                self.end_of(name, at.end);
            }
            _ => {}
        }
    }
}

/// A slice with parts of it replaced; the parts do not overlap.
fn replaced(xml: &str, within: Range<usize>, mut changes: Vec<(Range<usize>, String)>) -> String {
    changes.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(within.len() + 1024);
    let mut copied = within.start;
    for (range, text) in changes {
        if range.start < copied {
            continue;
        }
        out.push_str(&xml[copied..range.start]);
        out.push_str(&text);
        copied = range.end;
    }
    out.push_str(&xml[copied..within.end]);
    out
}

/// The names a row has within the file must stand there once.
fn without_row_names(row: &str) -> String {
    let Some(end) = row.find('>') else { return row.to_owned() };
    let mut tag = row[..end].to_owned();
    for name in [" w14:paraId=\"", " w14:textId=\""] {
        if let Some(at) = tag.find(name)
            && let Some(size) = tag[at + name.len()..].find('"')
        {
            tag.replace_range(at..at + name.len() + size + 1, "");
        }
    }
    format!("{tag}{}", &row[end..])
}

/// Text for XML, without the control characters XML cannot hold.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Not characters of XML, although Rust has them.
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
