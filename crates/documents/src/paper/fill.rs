//! Filling named fields `{{…}}` of somebody's own docx. A word processor splits a field over as many runs as it likes;
//! here the text of a whole paragraph is read, and a field takes the looks of the run it begins in.

mod paragraph;

use super::docx::{escaped, table_alone};
use super::identity::MARK;
use super::{Run, Table};
use crate::sheet::Archive;
use crate::text::{Comment, add_comments, paragraphs as paragraphs_of};
use crate::{DocumentError, Limits, Result};
use paragraph::{fields_of, paragraphs};
use std::cell::RefCell;
use std::io::{Cursor, Write};
use std::ops::Range;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The part with the running text.
const DOCUMENT: &str = "word/document.xml";
/// How wide the text of a docx is that does not say it, in millimetres.
const TEXT_WIDTH_MM: f64 = 156.0;

/// Parts with text that may hold fields.
fn is_text_part(name: &str) -> bool {
    name == DOCUMENT
        || (name.starts_with("word/") && name.ends_with(".xml"))
            && ["word/header", "word/footer", "word/footnotes", "word/endnotes"]
                .iter()
                .any(|s| name.starts_with(s))
}

/// A field of a docx.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What stands between the braces.
    pub name: String,
    /// Wherever it stands it has a paragraph of the running text to itself, so that a table can take its place.
    pub alone: bool,
}

/// The fields of a docx, each once, in the order they stand.
///
/// # Errors
/// What is wrong with the file; [`DocumentError::MissingPart`] for a zip that is no docx.
pub fn fields(docx: &[u8]) -> Result<Vec<Field>> {
    let mut found: Vec<Field> = Vec::new();
    for (part, xml) in text_parts(docx)? {
        for paragraph in paragraphs(&xml) {
            let alone = part == DOCUMENT && paragraph.is_one_field();
            for (name, _) in fields_of(&paragraph.text) {
                match found.iter_mut().find(|field| field.name == name) {
                    Some(field) => field.alone &= alone,
                    None => found.push(Field { name, alone }),
                }
            }
        }
    }
    Ok(found)
}

/// The text of each paragraph that holds a field, filled: what a person looks at before the file is made.
///
/// # Errors
/// As [`fields`].
pub fn preview(docx: &[u8], value: &dyn Fn(&str) -> Option<String>) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for (_, xml) in text_parts(docx)? {
        for paragraph in paragraphs(&xml) {
            let fields = fields_of(&paragraph.text);
            if fields.is_empty() {
                continue;
            }
            let mut text = paragraph.text.clone();
            for (name, place) in fields.into_iter().rev() {
                if let Some(value) = value(&name) {
                    text.replace_range(place, &value);
                }
            }
            out.push(text);
        }
    }
    Ok(out)
}

/// What a field is filled with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filling {
    /// The words that stand there.
    pub text: String,
    /// What is said about them in a comment; empty for none. Heads and feet of pages bear no comments.
    pub note: String,
    /// A table instead of the words, where the field has its paragraph to itself.
    pub table: Option<Instead>,
}

/// A table in the place of a field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Instead {
    /// The table.
    pub table: Table,
    /// What the notes of its runs say, by their numbers.
    pub notes: Vec<String>,
}

/// What is put in the place of a field.
enum Put {
    Words(String),
    /// Instead of the whole paragraph.
    Table(Table),
}

/// A docx with its fields filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The file.
    pub bytes: Vec<u8>,
    /// Where the noted fillings stand in its running text, in code points.
    pub noted: Vec<(usize, usize)>,
    /// Where all fillings stand in it.
    pub filled: Vec<(usize, usize)>,
    /// Those of them that stand in tables that were put in and bear no note.
    pub cells: Vec<(usize, usize)>,
}

/// The docx with its fields filled, each figure with its comment, and `key` as its mark. A field without a value stays
/// as it is. `lead` becomes the first paragraph where it says something: what a correction corrects.
///
/// # Errors
/// As [`fields`]; [`DocumentError::Write`].
pub fn fill(
    docx: &[u8],
    (key, lead): (&str, &str),
    value: &dyn Fn(&str) -> Option<Filling>,
) -> Result<Filled> {
    let fault = |e: &dyn std::fmt::Display| DocumentError::Write { detail: e.to_string() };
    let mut parts = text_parts(docx)?;
    let mut places = Vec::new();
    for (name, xml) in &mut parts {
        if name == DOCUMENT {
            *xml = led(xml, lead);
            places = places_of(xml, value)?;
        }
        *xml = filled(xml, name == DOCUMENT, &|name| {
            value(name).map(|one| match one.table {
                Some(instead) => Put::Table(marked_runs(instead, &mut |text, _| text)),
                None => Put::Words(one.text),
            })
        });
    }
    let limits = Limits::default();
    let mut archive = Archive::open(docx, &limits)?;
    let core = "docProps/core.xml";
    if archive.has(core) {
        let marked = marked(&archive.xml(core)?, key);
        parts.push((core.to_owned(), marked));
    }
    let mut from = ZipArchive::new(Cursor::new(docx)).map_err(|_| DocumentError::BrokenArchive)?;
    let mut to = ZipWriter::new(Cursor::new(Vec::with_capacity(docx.len())));
    for index in 0..from.len() {
        let entry = from.by_index_raw(index).map_err(|_| DocumentError::BrokenArchive)?;
        let name = entry.name().map_err(|_| DocumentError::BrokenArchive)?.into_owned();
        match parts.iter().find(|(part, _)| *part == name) {
            None => to.raw_copy_file(entry).map_err(|e| fault(&e))?,
            Some((_, xml)) => {
                let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
                to.start_file(name, options).map_err(|e| fault(&e))?;
                to.write_all(xml.as_bytes()).map_err(|e| fault(&e))?;
            }
        }
    }
    let written = to.finish().map_err(|e| fault(&e))?.into_inner();
    let cells = places.iter().filter(|one| one.said == Said::Cell).map(|one| one.span).collect();
    let filled = places.iter().map(|one| one.span).collect();
    let comments: Vec<Comment> = places.into_iter().filter_map(Place::comment).collect();
    let noted = comments.iter().map(|one| (one.start, one.end)).collect();
    Ok(Filled { bytes: add_comments(&written, &comments)?, noted, filled, cells })
}

/// What is said of something filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Nothing,
    /// It stands in a table that was put in, and has no note of its own.
    Cell,
    Note(String),
}

/// Where something was filled in, in code points of the running text.
struct Place {
    span: (usize, usize),
    said: Said,
}

impl Place {
    fn comment(self) -> Option<Comment> {
        let Said::Note(text) = self.said else { return None };
        let (start, end) = self.span;
        Some(Comment { start, end, author: "闭环".to_owned(), at: String::new(), text })
    }
}

/// Marks the end of a noted field; the character before it says which note. No font has them, so no document does.
const NOTE_END: char = '\u{10fffd}';
const NOTE_FIRST: u32 = 0x10_0000;
/// Notes a document may have, for the marks are of one plane.
const NOTES_MAX: usize = 60_000;

/// Where the fields were filled in, and what is said of them. The fields are filled once with marks around them, and the
/// places are those that the marks leave behind when they are taken away.
fn places_of(xml: &str, value: &dyn Fn(&str) -> Option<Filling>) -> Result<Vec<Place>> {
    // All that is filled in without a word about it shares the first mark, all such cells the second.
    let marks = RefCell::new(vec![Said::Nothing, Said::Cell]);
    let marked = filled(xml, true, &|name| {
        let one = value(name)?;
        let mut mark = |text: String, said: Said| {
            let mut marks = marks.borrow_mut();
            let at = match &said {
                Said::Nothing => 0,
                Said::Cell => 1,
                Said::Note(_) => marks.len(),
            };
            let begin = u32::try_from(at).ok().filter(|_| at < NOTES_MAX);
            match begin.and_then(|at| char::from_u32(NOTE_FIRST + at)) {
                Some(begin) if !text.is_empty() => {
                    if at == marks.len() {
                        marks.push(said);
                    }
                    format!("{begin}{text}{NOTE_END}")
                }
                _ => text,
            }
        };
        Some(match one.table {
            Some(instead) => Put::Table(marked_runs(instead, &mut mark)),
            None => Put::Words(mark(one.text, note_or(one.note, Said::Nothing))),
        })
    });
    let marks = marks.into_inner();
    let mut places = Vec::new();
    let (mut at, mut open) = (0, None);
    for line in paragraphs_of(&marked)? {
        for c in line.text.chars() {
            let mark = (c as u32).checked_sub(NOTE_FIRST).and_then(|n| marks.get(n as usize));
            match (mark, open.take()) {
                (Some(said), _) => open = Some((at, said)),
                (None, Some((start, said))) if c == NOTE_END => {
                    places.push(Place { span: (start, at), said: said.clone() });
                }
                (None, before) => {
                    open = before;
                    at += 1;
                }
            }
        }
        at += 1;
    }
    Ok(places)
}

/// The note, or what is said where there is none.
fn note_or(note: String, other: Said) -> Said {
    if note.is_empty() { other } else { Said::Note(note) }
}

/// The table with each noted figure as `mark` writes it, in the order it is read.
fn marked_runs(instead: Instead, mark: &mut dyn FnMut(String, Said) -> String) -> Table {
    let Instead { mut table, notes } = instead;
    let said = |at: Option<usize>| at.and_then(|at| notes.get(at)).cloned().unwrap_or_default();
    let note = said(table.caption_note.take());
    table.caption = mark(std::mem::take(&mut table.caption), note_or(note, Said::Nothing));
    for cell in table.head.iter_mut().chain(&mut table.rows).flatten() {
        for run in &mut cell.runs {
            let note = note_or(said(run.note), Said::Cell);
            *run = Run { text: mark(std::mem::take(&mut run.text), note), note: None, ..run.clone() };
        }
    }
    table
}

/// The text part with a paragraph before all others.
fn led(xml: &str, lead: &str) -> String {
    let body = xml.find("<w:body>").map(|at| at + "<w:body>".len());
    match body.filter(|_| !lead.is_empty()) {
        None => xml.to_owned(),
        Some(at) => {
            let (before, after) = xml.split_at(at);
            let words = escaped(lead);
            format!("{before}<w:p><w:r><w:t xml:space=\"preserve\">{words}</w:t></w:r></w:p>{after}")
        }
    }
}

fn text_parts(docx: &[u8]) -> Result<Vec<(String, String)>> {
    let limits = Limits::default();
    let mut archive = Archive::open(docx, &limits)?;
    let mut zip = ZipArchive::new(Cursor::new(docx)).map_err(|_| DocumentError::BrokenArchive)?;
    let mut names = Vec::new();
    for index in 0..zip.len() {
        let entry = zip.by_index_raw(index).map_err(|_| DocumentError::BrokenArchive)?;
        names.push(entry.name().map_err(|_| DocumentError::BrokenArchive)?.into_owned());
    }
    if !names.iter().any(|name| name == DOCUMENT) {
        return Err(DocumentError::MissingPart { part: DOCUMENT.to_owned() });
    }
    names.retain(|name| is_text_part(name));
    names.into_iter().map(|name| archive.xml(&name).map(|xml| (name, xml))).collect()
}

fn filled(xml: &str, body: bool, value: &dyn Fn(&str) -> Option<Put>) -> String {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for paragraph in paragraphs(xml) {
        let mut fields: Vec<(Range<usize>, String)> = Vec::new();
        let mut table = None;
        for (name, place) in fields_of(&paragraph.text) {
            match value(&name) {
                Some(Put::Words(words)) => fields.push((place, words)),
                Some(Put::Table(one)) if body && paragraph.is_one_field() => table = Some((one, place)),
                _ => {}
            }
        }
        if let (Some((table, place)), Some(whole)) = (table, &paragraph.whole) {
            let tables = table_alone(&table, text_width_mm(&xml[whole.start..]));
            // A paragraph that ends a section stays behind the table, without its words.
            if !xml[whole.clone()].contains("<w:sectPr") {
                edits.push((whole.clone(), tables));
                continue;
            }
            edits.push((whole.start..whole.start, tables));
            fields.push((place, String::new()));
        }
        if fields.is_empty() {
            continue;
        }
        for (place, span) in &paragraph.pieces {
            let mut text = String::new();
            let mut at = span.start;
            for (field, value) in &fields {
                if field.end <= span.start || field.start >= span.end {
                    continue;
                }
                text.push_str(&paragraph.text[at..field.start.max(at)]);
                // The value stands where the field begins; what other runs hold of the field goes.
                if field.start >= span.start {
                    text.push_str(value);
                }
                at = field.end.min(span.end);
            }
            text.push_str(&paragraph.text[at..span.end]);
            if text != paragraph.text[span.clone()] {
                edits.push((place.clone(), escaped(&text)));
            }
        }
    }
    let mut out = xml.to_owned();
    for (place, text) in edits.into_iter().rev() {
        out.replace_range(place, &text);
    }
    out
}

/// How wide the text is of the section whose properties come next in a part.
fn text_width_mm(rest: &str) -> f64 {
    const TWIPS_MM: f64 = 20.0 * super::MM;
    let attribute = |tag: &str, name: &str| -> Option<f64> {
        let tag = &rest[rest.find(tag)?..];
        let tag = &tag[..tag.find('>')?];
        let value = tag.split(name).nth(1)?.split('"').nth(1)?;
        value.parse().ok()
    };
    let page = attribute("<w:pgSz", " w:w=");
    let sides = attribute("<w:pgMar", " w:left=").zip(attribute("<w:pgMar", " w:right="));
    let width = page.zip(sides).map(|(page, (left, right))| (page - left - right) / TWIPS_MM);
    width.filter(|width| (20.0..2_000.0).contains(width)).unwrap_or(TEXT_WIDTH_MM)
}

/// The properties with the mark as their keywords.
fn marked(core: &str, key: &str) -> String {
    if key.is_empty() {
        return core.to_owned();
    }
    let mark = format!("<cp:keywords>{MARK}{}</cp:keywords>", escaped(key));
    if let (Some(from), Some(to)) = (core.find("<cp:keywords>"), core.find("</cp:keywords>")) {
        let mut out = core.to_owned();
        out.replace_range(from..to + "</cp:keywords>".len(), &mark);
        return out;
    }
    core.replacen("</cp:coreProperties>", &format!("{mark}</cp:coreProperties>"), 1)
}

#[cfg(test)]
mod tests {
    use super::paragraph::Paragraph;
    use super::*;

    #[test]
    fn a_field_split_over_runs_is_filled_in_the_run_it_begins_in() {
        let xml = "<w:p><w:r><w:t>共{{问</w:t></w:r><w:r><w:t>题总</w:t></w:r><w:r><w:t xml:space=\"preserve\">数}}件</w:t></w:r></w:p>";
        let out = filled(xml, true, &|name| (name == "问题总数").then(|| Put::Words("12<3".to_owned())));
        assert_eq!(
            out,
            "<w:p><w:r><w:t>共12&lt;3</w:t></w:r><w:r><w:t></w:t></w:r><w:r><w:t xml:space=\"preserve\">件</w:t></w:r></w:p>"
        );
    }

    #[test]
    fn notes_stand_at_their_fields_also_where_a_field_is_filled_twice() {
        let xml = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>截至{{止日}}共{{问</w:t></w:r><w:r><w:t>题总数}}件</w:t></w:r></w:p><w:p><w:r><w:t>再说{{问题总数}}</w:t></w:r></w:p></w:body></w:document>";
        let value = |name: &str| {
            let (text, note) = if name == "止日" { ("3月5日", "") } else { ("12", "口径") };
            Some(Filling { text: text.to_owned(), note: note.to_owned(), table: None })
        };
        let found = places_of(&led(xml, "【更正】"), &value).unwrap();
        let places: Vec<(usize, usize)> = found.iter().map(|one| one.span).collect();
        // 【更正】, then 截至3月5日共12件, then 再说12.
        assert_eq!(places, [(5 + 2, 5 + 6), (5 + 7, 5 + 9), (5 + 11 + 2, 5 + 11 + 4)]);
        let said: Vec<&Said> = found.iter().map(|one| &one.said).collect();
        let note = Said::Note("口径".to_owned());
        assert_eq!(said, [&Said::Nothing, &note, &note]);
    }

    #[test]
    fn a_field_never_reaches_over_a_paragraph() {
        let xml = "<w:p><w:t>{{问题</w:t></w:p><w:p><w:t>总数}}</w:t></w:p>";
        assert_eq!(filled(xml, true, &|_| Some(Put::Words(String::new()))), xml);
    }

    const NAMES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

    #[test]
    fn a_table_takes_the_place_of_a_paragraph_and_its_figures_bear_their_notes() {
        let section = "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1\" w:right=\"1587\" w:left=\"1474\"/></w:sectPr>";
        let xml = format!(
            "<w:document {NAMES}><w:body><w:p><w:r><w:t>前</w:t></w:r></w:p><w:p w:id=\"1\"><w:r><w:t>{{{{表 </w:t></w:r><w:r><w:t>环节}}}}</w:t></w:r></w:p><w:p><w:r><w:t>见{{{{表 环节}}}}</w:t></w:r></w:p>{section}</w:body></w:document>"
        );
        let value = |name: &str| {
            let rows = vec![vec![
                super::super::Cell::text("整改中"),
                super::super::Cell::new(vec![Run::figure("7", 0)]),
            ]];
            let table = Table { caption: "表1".to_owned(), widths: vec![1, 1], rows, ..Table::default() };
            (name == "表 环节").then(|| Filling {
                table: Some(Instead { table, notes: vec!["口径".to_owned()] }),
                ..Filling::default()
            })
        };
        let put = |name: &str| value(name).and_then(|one| one.table).map(|one| Put::Table(one.table));
        let out = filled(&xml, true, &put);
        assert!(out.contains("<w:tbl>") && out.contains(">7<") && !out.contains("w:id=\"1\""), "{out}");
        assert!(out.contains("见{{表 环节}}"), "beside words it stays as it is");
        assert!(!filled(&xml, false, &put).contains("<w:tbl>"), "heads and feet of pages have no tables");
        let width = text_width_mm(section);
        assert!((width - 156.1).abs() < 0.1, "{width}");
        // 前, the caption 表1, the cell 整改中, then 7.
        let note = Said::Note("口径".to_owned());
        let expected = [((2, 4), Said::Nothing), ((5, 8), Said::Cell), ((2 + 3 + 4, 10), note)];
        let found: Vec<_> =
            places_of(&xml, &value).unwrap().into_iter().map(|one| (one.span, one.said)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_paragraph_in_a_cell_or_around_a_box_is_not_taken_for_one_of_its_own() {
        let field = "<w:p><w:r><w:t>{{表 环节}}</w:t></w:r></w:p>";
        let alone = |xml: &str| paragraphs(xml).iter().map(Paragraph::is_one_field).collect::<Vec<_>>();
        assert_eq!(alone(field), [true]);
        assert_eq!(alone(&format!("<w:tbl><w:tr><w:tc>{field}</w:tc></w:tr></w:tbl>{field}")), [false, true]);
        assert_eq!(alone("<w:p><w:r><w:t>{{表 环节}}，</w:t></w:r></w:p>"), [false]);
        let boxed = "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r><w:r><w:t>{{表 环节}}</w:t></w:r></w:p>";
        assert_eq!(alone(boxed), [false, false]);
        let ends = "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>{{表 环节}}</w:t></w:r></w:p>";
        let out = filled(ends, true, &|_| {
            Some(Put::Table(Table { widths: vec![1], rows: vec![vec![]], ..Table::default() }))
        });
        assert!(
            out.contains("<w:tbl>")
                && out.ends_with("<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t></w:t></w:r></w:p>"),
            "{out}"
        );
    }
}
