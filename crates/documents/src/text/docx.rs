//! The paragraphs of a docx with the place of every character in its XML, so that comments can be put at them.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::sheet::local;
use crate::{DocumentError, Result};

/// The part that holds the running text.
pub(super) const DOCUMENT: &str = "word/document.xml";

/// A stretch of text inside one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// First code point of the piece in the paragraph.
    pub at: usize,
    /// Code points of the piece.
    pub chars: usize,
    /// Where the raw text stands in the XML, in bytes.
    pub raw: (usize, usize),
    /// The run's properties as they stand in the XML, in bytes; empty where it has none.
    pub properties: (usize, usize),
    /// Where the run begins and ends in the XML, in bytes; the end is known once the run is closed.
    pub run: (usize, usize),
    /// The piece is plain text right inside a `w:t` of a run that can be cut in two.
    pub splits: bool,
}

/// Where in a table a paragraph stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InTable {
    /// Which table of the document, from 0.
    pub table: usize,
    /// Row, from 0.
    pub row: usize,
    /// First column of the cell, from 0.
    pub column: usize,
    /// Columns that the cell covers.
    pub width: usize,
}

/// A paragraph: its text, and where its pieces stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// Its text, without the line end.
    pub text: String,
    /// Its cell; of a table inside a cell that of the inner one.
    pub cell: Option<InTable>,
    pub(super) pieces: Vec<Piece>,
}

/// The paragraphs of `word/document.xml` in their order, those of tables cell by cell. Deleted text, field codes and
/// the second rendering of drawings are left out; paragraphs without words stay as empty lines.
///
/// # Errors
/// [`DocumentError::BrokenPart`].
pub fn paragraphs(xml: &str) -> Result<Vec<Paragraph>> {
    let mut reader = Reader::from_str(xml);
    let mut walk = Walk::default();
    loop {
        let from = position(&reader);
        let event = reader.read_event().map_err(|_| broken())?;
        let to = position(&reader);
        if matches!(event, Event::Eof) {
            break;
        }
        walk.take(&event, from, to);
    }
    Ok(walk.done)
}

fn broken() -> DocumentError {
    DocumentError::BrokenPart { part: DOCUMENT.to_owned() }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

#[derive(Default)]
struct Walk {
    done: Vec<Paragraph>,
    /// Paragraphs being read: a text box has paragraphs inside one.
    open: Vec<Paragraph>,
    run: Option<Run>,
    in_text: bool,
    skipping: usize,
    /// Tables so far, and those being read: a cell can hold a table.
    tables: usize,
    cells: Vec<Rows>,
}

/// A table being read: its number, rows begun, and the cell.
#[derive(Clone, Copy)]
struct Rows {
    table: usize,
    rows: usize,
    column: usize,
    width: usize,
}

impl Rows {
    fn cell(self) -> InTable {
        let row = self.rows.saturating_sub(1);
        InTable { table: self.table, row, column: self.column, width: self.width }
    }

    /// A row, a cell or columns that are left out begin; the next cell stands behind this one.
    fn begin(&mut self, name: &str) {
        match name {
            "tr" => (self.rows, self.column, self.width) = (self.rows + 1, 0, 0),
            "tc" => (self.column, self.width) = (self.column.saturating_add(self.width), 1),
            _ => {}
        }
    }

    /// `w:gridSpan` of a cell, or `w:gridBefore` of a row that begins further right.
    fn spans(&mut self, name: &str, columns: usize) {
        match name {
            "gridSpan" => self.width = columns.max(1),
            "gridBefore" => self.column = columns,
            _ => {}
        }
    }
}

/// Most columns that one cell is taken to cover.
const SPAN_MAX: usize = 200;

#[derive(Default)]
struct Run {
    start: usize,
    properties: (usize, usize),
    /// Depth inside the run's properties.
    depth: usize,
    /// Texts, breaks and other things inside; only a run of one text is cut.
    parts: usize,
    first: usize,
}

impl Walk {
    fn take(&mut self, event: &Event<'_>, from: usize, to: usize) {
        match event {
            Event::Start(e) => {
                let name = e.name();
                let name = local(name.0);
                if self.skipping > 0 || matches!(name, "del" | "Fallback" | "instrText" | "moveFrom" | "pict")
                {
                    self.skipping += 1;
                    return;
                }
                self.start(name, from);
            }
            Event::Empty(e) if self.skipping == 0 => {
                let name = e.name();
                self.span(local(name.0), e);
                self.mark(local(name.0), from, to);
            }
            Event::End(e) => {
                if self.skipping > 0 {
                    self.skipping -= 1;
                    return;
                }
                self.end(local(e.name().0), from, to);
            }
            Event::Text(_) | Event::GeneralRef(_) | Event::CData(_) if self.in_text && self.skipping == 0 => {
                let mut text = String::new();
                crate::sheet::push_text(&mut text, event);
                self.add(&text, (from, to), matches!(event, Event::Text(_)));
            }
            _ => {}
        }
    }

    fn span(&mut self, name: &str, element: &BytesStart<'_>) {
        if let ("gridSpan" | "gridBefore", Some(rows)) = (name, self.cells.last_mut()) {
            let value = element.attributes().flatten().find(|one| local(one.key.0) == "val");
            let columns = value.and_then(|one| one.value.parse().ok());
            rows.spans(name, columns.unwrap_or(1).min(SPAN_MAX));
        }
    }

    fn paragraph(&self) -> Paragraph {
        Paragraph { cell: self.cells.last().map(|rows| rows.cell()), ..Paragraph::default() }
    }

    fn start(&mut self, name: &str, from: usize) {
        if let Some(rows) = self.cells.last_mut() {
            rows.begin(name);
        }
        match name {
            "p" => self.open.push(self.paragraph()),
            "tbl" => {
                self.cells.push(Rows { table: self.tables, rows: 0, column: 0, width: 0 });
                self.tables += 1;
            }
            "r" => {
                let first = self.open.last().map_or(0, |p| p.pieces.len());
                self.run = Some(Run { start: from, first, ..Run::default() });
            }
            "t" => {
                self.in_text = true;
                if let Some(run) = &mut self.run {
                    run.parts += 1;
                }
            }
            "rPr" => {
                if let Some(run) = &mut self.run {
                    run.depth += 1;
                    if run.depth == 1 {
                        run.properties.0 = from;
                    }
                }
            }
            _ => self.other(name),
        }
    }

    /// Anything else directly in a run makes it a run that is not cut.
    fn other(&mut self, name: &str) {
        if let Some(run) = &mut self.run
            && run.depth == 0
            && name != "lastRenderedPageBreak"
        {
            run.parts += 2;
        }
    }

    fn mark(&mut self, name: &str, from: usize, to: usize) {
        match name {
            "tab" if self.run.is_some() => self.add("\t", (from, to), false),
            "br" | "cr" => self.add("\n", (from, to), false),
            "p" => self.done.push(self.paragraph()),
            _ => {}
        }
        if name != "t" {
            self.other(name);
        }
    }

    fn end(&mut self, name: &str, from: usize, to: usize) {
        match name {
            "t" => self.in_text = false,
            "rPr" => {
                if let Some(run) = &mut self.run {
                    run.depth = run.depth.saturating_sub(1);
                    if run.depth == 0 {
                        run.properties.1 = to;
                    }
                }
            }
            "r" => self.end_run(to),
            "p" => self.done.extend(self.open.pop()),
            "tbl" => {
                self.cells.pop();
            }
            _ => {}
        }
        let _ = from;
    }

    fn end_run(&mut self, to: usize) {
        let (Some(run), Some(paragraph)) = (self.run.take(), self.open.last_mut()) else { return };
        for piece in paragraph.pieces.iter_mut().skip(run.first) {
            piece.run = (run.start, to);
            piece.properties = run.properties;
            piece.splits &= run.parts == 1;
        }
    }

    fn add(&mut self, text: &str, raw: (usize, usize), plain: bool) {
        let Some(paragraph) = self.open.last_mut() else { return };
        let piece = Piece {
            at: paragraph.text.chars().count(),
            chars: text.chars().count(),
            raw,
            properties: (0, 0),
            run: (0, 0),
            splits: plain && text.chars().count() > 0,
        };
        paragraph.text.push_str(text);
        paragraph.pieces.push(piece);
    }
}
