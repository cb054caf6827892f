//! Reading an xlsx: our own walk over its parts, so that limits hold and nothing a reader sees is lost.

use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::numbers::{NumberStyle, builtin_style, code_style, percent, plain, serial_to_iso};
use super::{Archive, Cell, CellKind, CellRef, Format, Grid, Merge, Sheet, Workbook};
use crate::{DocumentError, Limits, Result};

/// Where a sheet lies in the archive.
#[derive(Debug, Clone)]
pub(crate) struct SheetPart {
    pub(crate) name: String,
    pub(crate) part: String,
    pub(crate) hidden: bool,
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook> {
    let mut archive = Archive::open(bytes, limits)?;
    let (parts, epoch_1904) = sheet_parts(&mut archive)?;
    if parts.len() > limits.sheets {
        return Err(DocumentError::TooManySheets { sheets: parts.len(), limit: limits.sheets });
    }
    let strings = shared_strings(&mut archive)?;
    let styles = styles(&mut archive)?;
    let mut cells_left = limits.cells;
    let mut sheets = Vec::with_capacity(parts.len());
    for part in &parts {
        let xml = archive.xml(&part.part)?;
        let source = Source { part, strings: &strings, styles: &styles, epoch_1904 };
        sheets.push(read_sheet(&xml, &source, limits, &mut cells_left)?);
    }
    Ok(Workbook { format: Format::Xlsx, sheets })
}

/// The local part of an element's or attribute's name.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, l)| l)
}

/// An attribute's value by local name.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element.attributes().with_checks(false).flatten().find(|a| local(a.key.0) == name).map(|a| {
        let value = a.normalized_value(quick_xml::XmlVersion::Implicit1_0);
        value.map_or_else(|_| a.value.to_string(), |v| v.into_owned())
    })
}

/// Adds a character or one of the five predefined entities; anything else was never declared and is dropped.
pub(crate) fn push_ref(text: &mut String, reference: &BytesRef<'_>) {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        text.push(c);
        return;
    }
    let name: &str = reference;
    match name {
        "amp" => text.push('&'),
        "lt" => text.push('<'),
        "gt" => text.push('>'),
        "quot" => text.push('"'),
        "apos" => text.push('\''),
        _ => {}
    }
}

/// Adds the text of a text-like event.
pub(crate) fn push_text(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(t) => text.push_str(&t.xml10_content()),
        Event::CData(t) => text.push_str(&t.xml10_content()),
        Event::GeneralRef(r) => push_ref(text, r),
        _ => {}
    }
}

/// The sheets in the order of their tabs, and whether serials count from 1904.
pub(crate) fn sheet_parts(archive: &mut Archive<'_>) -> Result<(Vec<SheetPart>, bool)> {
    let root = relationships(archive, "_rels/.rels")?;
    let workbook_part = root
        .iter()
        .find(|(_, r)| r.kind.ends_with("/officeDocument"))
        .map_or_else(|| "xl/workbook.xml".to_owned(), |(_, r)| resolve("", &r.target));
    let (folder, file) = workbook_part.rsplit_once('/').unwrap_or(("", &workbook_part));
    let relations = relationships(archive, &format!("{folder}/_rels/{file}.rels"))?;
    let xml = archive.xml(&workbook_part)?;
    let mut reader = Reader::from_str(&xml);
    let (mut parts, mut epoch_1904) = (Vec::new(), false);
    loop {
        let event = reader.read_event().map_err(|_| broken(&workbook_part))?;
        let (Event::Start(e) | Event::Empty(e)) = &event else {
            if matches!(event, Event::Eof) {
                return Ok((parts, epoch_1904));
            }
            continue;
        };
        match local(e.name().0) {
            "workbookPr" => epoch_1904 = attribute(e, "date1904").is_some_and(|v| v == "1" || v == "true"),
            "sheet" => {
                // The relation is `r:id`, not the `sheetId` beside it.
                let id = attribute(e, "id").unwrap_or_default();
                let Some(relation) = relations.get(&id) else { continue };
                if !relation.kind.ends_with("/worksheet") {
                    continue;
                }
                parts.push(SheetPart {
                    name: attribute(e, "name").unwrap_or_default(),
                    part: resolve(folder, &relation.target),
                    hidden: attribute(e, "state").is_some_and(|s| s != "visible"),
                });
            }
            _ => {}
        }
    }
}

struct Relation {
    target: String,
    kind: String,
}

fn relationships(archive: &mut Archive<'_>, part: &str) -> Result<HashMap<String, Relation>> {
    let mut found = HashMap::new();
    if !archive.has(part) {
        return Ok(found);
    }
    let xml = archive.xml(part)?;
    let mut reader = Reader::from_str(&xml);
    loop {
        match reader.read_event().map_err(|_| broken(part))? {
            Event::Start(e) | Event::Empty(e) if local(e.name().0) == "Relationship" => {
                let get = |name| attribute(&e, name).unwrap_or_default();
                found.insert(get("Id"), Relation { target: get("Target"), kind: get("Type") });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// A relation's target as the name of a part; `..` never leaves the archive because it only names entries.
fn resolve(folder: &str, target: &str) -> String {
    let full = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut parts: Vec<&str> = Vec::new();
    for piece in full.split('/') {
        match piece {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            other => parts.push(other),
        }
    }
    parts.join("/")
}

fn broken(part: &str) -> DocumentError {
    DocumentError::BrokenPart { part: part.to_owned() }
}

fn shared_strings(archive: &mut Archive<'_>) -> Result<Vec<Arc<str>>> {
    let part = "xl/sharedStrings.xml";
    let mut found = Vec::new();
    if !archive.has(part) {
        return Ok(found);
    }
    let xml = archive.xml(part)?;
    let mut reader = Reader::from_str(&xml);
    let (mut text, mut in_text, mut phonetic) = (String::new(), false, false);
    loop {
        let event = reader.read_event().map_err(|_| broken(part))?;
        match &event {
            Event::Start(e) => match local(e.name().0) {
                "si" => text.clear(),
                "t" => in_text = !phonetic,
                "rPh" => phonetic = true,
                _ => {}
            },
            Event::Empty(e) if local(e.name().0) == "si" => found.push(Arc::from("")),
            Event::End(e) => match local(e.name().0) {
                "si" => found.push(Arc::from(tidy(&text))),
                "t" => in_text = false,
                "rPh" => phonetic = false,
                _ => {}
            },
            Event::Eof => return Ok(found),
            _ if in_text => push_text(&mut text, &event),
            _ => {}
        }
    }
}

/// One kind of line end, and `_x000D_`-style escapes back to characters.
fn tidy(text: &str) -> String {
    let text = if text.contains("_x") { unescape_hex(text) } else { text.to_owned() };
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

fn unescape_hex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        match code.and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn styles(archive: &mut Archive<'_>) -> Result<Vec<NumberStyle>> {
    let part = "xl/styles.xml";
    let (mut found, mut codes, mut in_xfs) = (Vec::new(), HashMap::new(), false);
    if !archive.has(part) {
        return Ok(found);
    }
    let xml = archive.xml(part)?;
    let mut reader = Reader::from_str(&xml);
    loop {
        match reader.read_event().map_err(|_| broken(part))? {
            Event::Start(e) | Event::Empty(e) => match local(e.name().0) {
                "numFmt" => {
                    let id = attribute(&e, "numFmtId").unwrap_or_default();
                    codes.insert(id, code_style(&attribute(&e, "formatCode").unwrap_or_default()));
                }
                "cellXfs" => in_xfs = true,
                "xf" if in_xfs => {
                    let id = attribute(&e, "numFmtId").unwrap_or_default();
                    let built_in = || builtin_style(id.parse().unwrap_or(0));
                    found.push(codes.get(&id).copied().unwrap_or_else(built_in));
                }
                _ => {}
            },
            Event::End(e) if local(e.name().0) == "cellXfs" => in_xfs = false,
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

struct Source<'a> {
    part: &'a SheetPart,
    strings: &'a [Arc<str>],
    styles: &'a [NumberStyle],
    epoch_1904: bool,
}

/// The cell being read.
#[derive(Default)]
struct Pending {
    row: usize,
    column: usize,
    style: usize,
    kind: String,
    value: String,
    into_value: bool,
}

fn read_sheet(xml: &str, source: &Source<'_>, limits: &Limits, cells_left: &mut usize) -> Result<Sheet> {
    let mut grid = Grid::new(&source.part.name, limits);
    let mut reader = Reader::from_str(xml);
    let mut cell = Pending::default();
    let (mut next_row, mut next_column, mut phonetic) = (0usize, 0usize, false);
    loop {
        let event = reader.read_event().map_err(|_| broken(&source.part.part))?;
        match &event {
            Event::Start(e) | Event::Empty(e) => match local(e.name().0) {
                "row" => {
                    let given = attribute(e, "r").and_then(|r| r.parse::<usize>().ok());
                    cell.row = given.map_or(next_row, |r| r.saturating_sub(1));
                    next_row = cell.row + 1;
                    next_column = 0;
                }
                "c" => {
                    start_cell(&mut cell, e, next_column);
                    next_column = cell.column + 1;
                }
                "v" | "t" => cell.into_value = !phonetic && matches!(event, Event::Start(_)),
                "rPh" => phonetic = matches!(event, Event::Start(_)),
                "mergeCell" => {
                    if let Some(merge) = attribute(e, "ref").and_then(|r| Merge::parse(&r)) {
                        grid.merge(merge)?;
                    }
                }
                _ => {}
            },
            Event::End(e) => match local(e.name().0) {
                "c" => {
                    let made = finish_cell(&cell, source);
                    grid.put(cell.row, cell.column, made, cells_left)?;
                    cell.value.clear();
                }
                "v" | "t" => cell.into_value = false,
                "rPh" => phonetic = false,
                _ => {}
            },
            Event::Eof => break,
            _ if cell.into_value => push_text(&mut cell.value, &event),
            _ => {}
        }
    }
    let mut sheet = grid.finish();
    sheet.hidden = source.part.hidden;
    Ok(sheet)
}

fn start_cell(cell: &mut Pending, element: &BytesStart<'_>, next_column: usize) {
    (cell.column, cell.style) = (next_column, 0);
    cell.kind.clear();
    cell.value.clear();
    // One pass over the attributes: this runs for every cell of a sheet.
    for a in element.attributes().with_checks(false).flatten() {
        match a.key.0 {
            "r" => {
                if let Some(at) = CellRef::parse(&a.value) {
                    cell.column = at.column as usize;
                }
            }
            "s" => cell.style = a.value.parse().unwrap_or(0),
            "t" => cell.kind.push_str(&a.value),
            _ => {}
        }
    }
}

fn finish_cell(cell: &Pending, source: &Source<'_>) -> Cell {
    let value = cell.value.as_str();
    if value.is_empty() {
        return Cell::default();
    }
    match cell.kind.as_str() {
        "s" => {
            let text = value.trim().parse::<usize>().ok().and_then(|i| source.strings.get(i));
            text.map_or_else(Cell::default, |t| Cell::text_cell(Arc::clone(t)))
        }
        "inlineStr" | "str" => Cell::text_cell(tidy(value)),
        "b" => Cell::shown(if value.trim() == "1" { "是" } else { "否" }.to_owned(), value, CellKind::Bool),
        "e" => Cell::shown(value.to_owned(), value, CellKind::Error),
        "d" => Cell::shown(value.trim_end_matches("T00:00:00").replace('T', " "), value, CellKind::Date),
        _ => number_cell(value.trim(), cell.style, source),
    }
}

fn number_cell(value: &str, style: usize, source: &Source<'_>) -> Cell {
    match source.styles.get(style).copied().unwrap_or_default() {
        NumberStyle::Date => {
            let iso = value.parse::<f64>().ok().and_then(|n| serial_to_iso(n, source.epoch_1904));
            match iso {
                Some(iso) => Cell::shown(iso, value, CellKind::Date),
                None => Cell::shown(plain(value), value, CellKind::Number),
            }
        }
        NumberStyle::Percent => Cell::shown(percent(value), value, CellKind::Number),
        NumberStyle::Plain => Cell::shown(plain(value), value, CellKind::Number),
    }
}
