//! Reading a docx: its tables as sheets with the paragraphs around them, and its running text as one more sheet.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Archive, Cell, Format, Grid, Merge, Sheet, Workbook, attribute, local, push_text};
use crate::limits::TABLE_DEPTH;
use crate::{DocumentError, Limits, Result};

/// The name of the sheet that holds the paragraphs outside tables.
pub const RUNNING_TEXT: &str = "正文";

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook> {
    let mut archive = Archive::open(bytes, limits)?;
    let part = "word/document.xml";
    let xml = archive.xml(part)?;
    let mut walk = Walk::default();
    let mut reader = Reader::from_str(&xml);
    loop {
        let event = reader.read_event().map_err(|_| DocumentError::BrokenPart { part: part.to_owned() })?;
        if matches!(event, Event::Eof) {
            break;
        }
        walk.take(&event)?;
    }
    walk.finish(limits)
}

/// One cell of a table as the file has it.
#[derive(Default)]
struct RawCell {
    text: String,
    span: usize,
    /// `Some(true)` starts a vertical region, `Some(false)` continues one.
    vertical: Option<bool>,
}

#[derive(Default)]
struct RawTable {
    rows: Vec<Vec<RawCell>>,
    /// Columns left out before the first cell of the row being read.
    skip: usize,
}

enum Block {
    Paragraph(String),
    Table(RawTable),
}

#[derive(Default)]
struct Walk {
    blocks: Vec<Block>,
    tables: Vec<RawTable>,
    paragraph: String,
    in_text: bool,
    skips: Skips,
}

/// Follows which elements are no part of the text: deletions, fallbacks, field codes, pictures of the old kind.
#[derive(Default)]
pub(crate) struct Skips {
    depth: usize,
}

impl Skips {
    /// Whether the event belongs to such an element.
    pub(crate) fn skip(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Start(e) => {
                let name = e.name();
                let skipped = ["del", "Fallback", "instrText", "moveFrom", "pict"].contains(&local(name.0));
                self.depth += usize::from(self.depth > 0 || skipped);
                self.depth > 0
            }
            Event::End(_) if self.depth > 0 => {
                self.depth -= 1;
                true
            }
            _ => self.depth > 0,
        }
    }
}

/// The name of the sheet a table is read as; tables outside others, counted from 1.
fn table_name(number: usize) -> String {
    format!("表{number}")
}

/// Which table a sheet of a docx is.
pub(crate) fn table_number(sheet: &str) -> Option<usize> {
    sheet.strip_prefix('表')?.parse().ok().filter(|number| table_name(*number) == sheet)
}

impl Walk {
    fn take(&mut self, event: &Event<'_>) -> Result<()> {
        if self.skips.skip(event) {
            return Ok(());
        }
        match event {
            Event::Start(e) => {
                let name = e.name();
                let name = local(name.0);
                match name {
                    "t" => self.in_text = true,
                    "tbl" if self.tables.len() >= TABLE_DEPTH => {
                        return Err(DocumentError::BrokenPart { part: "word/document.xml".to_owned() });
                    }
                    "tbl" => self.tables.push(RawTable::default()),
                    "tr" => self.start_row(),
                    "tc" => self.start_cell(),
                    _ => self.property(name, e),
                }
            }
            Event::Empty(e) => self.property(local(e.name().0), e),
            Event::End(e) => match local(e.name().0) {
                "t" => self.in_text = false,
                "p" => self.end_paragraph(),
                "tbl" => self.end_table(),
                _ => {}
            },
            _ if self.in_text => push_text(&mut self.paragraph, event),
            _ => {}
        }
        Ok(())
    }

    fn property(&mut self, name: &str, element: &quick_xml::events::BytesStart<'_>) {
        match name {
            "tab" => self.paragraph.push('\t'),
            "br" | "cr" => self.paragraph.push('\n'),
            "gridBefore" => {
                let skip = attribute(element, "val").and_then(|v| v.parse().ok()).unwrap_or(0);
                if let Some(table) = self.tables.last_mut() {
                    table.skip = skip;
                    if let Some(row) = table.rows.last_mut() {
                        row.push(RawCell { span: skip, ..RawCell::default() });
                    }
                }
            }
            "gridSpan" => {
                let span = attribute(element, "val").and_then(|v| v.parse().ok()).unwrap_or(1);
                if let Some(cell) = self.cell() {
                    cell.span = span;
                }
            }
            "vMerge" => {
                let start = attribute(element, "val").is_some_and(|v| v == "restart");
                if let Some(cell) = self.cell() {
                    cell.vertical = Some(start);
                }
            }
            _ => {}
        }
    }

    fn cell(&mut self) -> Option<&mut RawCell> {
        self.tables.last_mut()?.rows.last_mut()?.last_mut()
    }

    fn start_row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.rows.push(Vec::new());
        }
    }

    fn start_cell(&mut self) {
        if let Some(row) = self.tables.last_mut().and_then(|t| t.rows.last_mut()) {
            row.push(RawCell { span: 1, ..RawCell::default() });
        }
    }

    fn end_paragraph(&mut self) {
        let text = std::mem::take(&mut self.paragraph);
        if let Some(cell) = self.cell() {
            append_line(&mut cell.text, text.trim());
        } else if !text.trim().is_empty() {
            self.blocks.push(Block::Paragraph(text.trim().to_owned()));
        }
    }

    /// A table inside a cell becomes lines of that cell: its words are kept, its ruling is not.
    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        if self.tables.is_empty() {
            self.blocks.push(Block::Table(table));
            return;
        }
        if let Some(cell) = self.cell() {
            for row in &table.rows {
                let texts: Vec<&str> =
                    row.iter().map(|c| c.text.as_str()).filter(|t| !t.is_empty()).collect();
                append_line(&mut cell.text, &texts.join(" | "));
            }
        }
    }

    fn finish(self, limits: &Limits) -> Result<Workbook> {
        let mut left = limits.cells;
        let (mut sheets, mut before, mut prose): (Vec<Sheet>, Vec<String>, Vec<String>) =
            (Vec::new(), Vec::new(), Vec::new());
        for block in self.blocks {
            match block {
                Block::Paragraph(text) => {
                    before.push(text.clone());
                    prose.push(text);
                }
                Block::Table(table) => {
                    if sheets.len() >= limits.sheets {
                        let (sheets, limit) = (sheets.len() + 1, limits.sheets);
                        return Err(DocumentError::TooManySheets { sheets, limit });
                    }
                    let mut sheet = table_sheet(&table_name(sheets.len() + 1), &table, limits, &mut left)?;
                    sheet.before = std::mem::take(&mut before);
                    sheets.push(sheet);
                }
            }
        }
        if let Some(last) = sheets.last_mut() {
            last.after = before;
        }
        if !prose.is_empty() {
            let mut grid = Grid::new(RUNNING_TEXT, limits);
            for (row, text) in prose.into_iter().enumerate() {
                grid.put(row, 0, Cell::text_cell(text), &mut left)?;
            }
            sheets.push(grid.finish());
        }
        Ok(Workbook { format: Format::Docx, sheets })
    }
}

fn append_line(text: &mut String, line: &str) {
    if line.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

fn table_sheet(name: &str, table: &RawTable, limits: &Limits, left: &mut usize) -> Result<Sheet> {
    let mut grid = Grid::new(name, limits);
    // The vertical region open in each column: its first row and its width.
    let mut open: Vec<Option<(usize, usize)>> = Vec::new();
    let mut merges: Vec<Merge> = Vec::new();
    for (row, cells) in table.rows.iter().enumerate() {
        let mut column = 0usize;
        for cell in cells {
            let span = cell.span.min(limits.columns);
            if span == 0 {
                continue;
            }
            if open.len() < column + span {
                open.resize(column + span, None);
            }
            let continued = (cell.vertical == Some(false)).then(|| open[column]).flatten();
            match continued {
                Some((top, width)) => {
                    if let Some(m) = merges.iter_mut().rev().find(|m| m.top == top && m.left == column) {
                        m.bottom = row;
                    } else {
                        merges.push(Merge { top, left: column, bottom: row, right: column + width - 1 });
                    }
                }
                None => {
                    grid.put(row, column, Cell::text_cell(cell.text.as_str()), left)?;
                    open[column] = cell.vertical.is_some().then_some((row, span));
                    if span > 1 {
                        merges.push(Merge { top: row, left: column, bottom: row, right: column + span - 1 });
                    }
                }
            }
            column += span;
        }
    }
    for merge in merges {
        grid.merge(merge)?;
    }
    Ok(grid.finish())
}
