//! Filling named fields `{{…}}` of somebody's own docx. A word processor splits a field over as many runs as it likes;
//! here the text of a whole paragraph is read, and a field takes the looks of the run it begins in.

use super::docx::escaped;
use super::identity::MARK;
use crate::sheet::Archive;
use crate::text::{Comment, add_comments, paragraphs as paragraphs_of};
use crate::{DocumentError, Limits, Result};
use std::cell::RefCell;
use std::io::{Cursor, Write};
use std::ops::Range;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The part with the running text.
const DOCUMENT: &str = "word/document.xml";
/// Longest field looked for, in characters: what is longer is no field but two stray braces.
const FIELD_CHARS_MAX: usize = 60;

/// Parts with text that may hold fields.
fn is_text_part(name: &str) -> bool {
    name == DOCUMENT
        || (name.starts_with("word/") && name.ends_with(".xml"))
            && ["word/header", "word/footer", "word/footnotes", "word/endnotes"]
                .iter()
                .any(|s| name.starts_with(s))
}

/// The fields of a docx, each once, in the order they stand.
///
/// # Errors
/// What is wrong with the file; [`DocumentError::MissingPart`] for a zip that is no docx.
pub fn fields(docx: &[u8]) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for (_, xml) in text_parts(docx)? {
        for paragraph in paragraphs(&xml) {
            for (name, _) in fields_of(&paragraph.text) {
                if !found.contains(&name) {
                    found.push(name);
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
}

/// A docx with its fields filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The file.
    pub bytes: Vec<u8>,
    /// Where the noted fillings stand in its running text, in code points.
    pub noted: Vec<(usize, usize)>,
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
    let mut comments = Vec::new();
    for (name, xml) in &mut parts {
        if name == DOCUMENT {
            comments = comments_of(&led(xml, lead), value)?;
            *xml = led(xml, lead);
        }
        *xml = filled(xml, &|name| value(name).map(|one| one.text));
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
    let noted = comments.iter().map(|comment| (comment.start, comment.end)).collect();
    Ok(Filled { bytes: add_comments(&written, &comments)?, noted })
}

/// Marks the end of a noted field; the character before it says which note. No font has them, so no document does.
const NOTE_END: char = '\u{10fffd}';
const NOTE_FIRST: u32 = 0x10_0000;
/// Notes a document may have, for the marks are of one plane.
const NOTES_MAX: usize = 60_000;

/// The notes of the fields as comments at their places. The fields are filled once with marks around them, and the
/// places are those that the marks leave behind when they are taken away.
fn comments_of(xml: &str, value: &dyn Fn(&str) -> Option<Filling>) -> Result<Vec<Comment>> {
    let notes = RefCell::new(Vec::new());
    let marked = filled(xml, &|name| {
        let one = value(name)?;
        let mut notes = notes.borrow_mut();
        if one.note.is_empty() || one.text.is_empty() || notes.len() >= NOTES_MAX {
            return Some(one.text);
        }
        let begin = u32::try_from(notes.len()).ok().and_then(|at| char::from_u32(NOTE_FIRST + at))?;
        notes.push(one.note);
        Some(format!("{begin}{}{NOTE_END}", one.text))
    });
    let notes = notes.into_inner();
    let mut comments = Vec::new();
    let (mut at, mut open) = (0, None);
    for line in paragraphs_of(&marked)? {
        for c in line.text.chars() {
            let note = (c as u32).checked_sub(NOTE_FIRST).and_then(|n| notes.get(n as usize));
            match (note, open.take()) {
                (Some(note), _) => open = Some((at, note)),
                (None, Some((start, note))) if c == NOTE_END => comments.push(Comment {
                    start,
                    end: at,
                    author: "闭环".to_owned(),
                    at: String::new(),
                    text: note.clone(),
                }),
                (None, before) => {
                    open = before;
                    at += 1;
                }
            }
        }
        at += 1;
    }
    Ok(comments)
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

/// A paragraph's text and where its pieces stand in the part.
struct Paragraph {
    text: String,
    /// Place in the part, and in the text.
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

/// Text lies between `<w:t …>` and `</w:t>`; a paragraph ends with `</w:p>`.
fn paragraphs(xml: &str) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let mut now = Paragraph { text: String::new(), pieces: Vec::new() };
    let mut at = 0;
    while let Some(open) = xml[at..].find('<') {
        let start = at + open;
        let Some(end) = xml[start..].find('>').map(|end| start + end + 1) else { break };
        let tag = &xml[start..end];
        at = end;
        let is_text = tag.starts_with("<w:t>") || (tag.starts_with("<w:t ") && !tag.ends_with("/>"));
        if is_text {
            let Some(close) = xml[end..].find("</w:t>").map(|close| end + close) else { break };
            let from = now.text.len();
            now.text.push_str(&unescaped(&xml[end..close]));
            now.pieces.push((end..close, from..now.text.len()));
            at = close;
        } else if tag == "</w:p>" && !now.pieces.is_empty() {
            out.push(std::mem::replace(&mut now, Paragraph { text: String::new(), pieces: Vec::new() }));
        }
    }
    if !now.pieces.is_empty() {
        out.push(now);
    }
    out
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

/// Names between double braces and where they stand with them.
fn fields_of(text: &str) -> Vec<(String, Range<usize>)> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|open| at + open) {
        let Some(close) = text[open..].find("}}").map(|close| open + close) else { break };
        let name = text[open + 2..close].trim();
        if name.chars().count() <= FIELD_CHARS_MAX && !name.contains("{{") {
            out.push((name.to_owned(), open..close + 2));
            at = close + 2;
        } else {
            at = open + 2;
        }
    }
    out
}

fn filled(xml: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for paragraph in paragraphs(xml) {
        let fields: Vec<(Range<usize>, String)> = fields_of(&paragraph.text)
            .into_iter()
            .filter_map(|(name, place)| Some((place, value(&name)?)))
            .collect();
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
    use super::*;

    #[test]
    fn a_field_split_over_runs_is_filled_in_the_run_it_begins_in() {
        let xml = "<w:p><w:r><w:t>共{{问</w:t></w:r><w:r><w:t>题总</w:t></w:r><w:r><w:t xml:space=\"preserve\">数}}件</w:t></w:r></w:p>";
        let out = filled(xml, &|name| (name == "问题总数").then(|| "12<3".to_owned()));
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
            Some(Filling { text: text.to_owned(), note: note.to_owned() })
        };
        let found = comments_of(&led(xml, "【更正】"), &value).unwrap();
        let places: Vec<(usize, usize)> = found.iter().map(|one| (one.start, one.end)).collect();
        // 【更正】, then 截至3月5日共12件, then 再说12.
        assert_eq!(places, [(5 + 7, 5 + 9), (5 + 11 + 2, 5 + 11 + 4)]);
        assert!(found.iter().all(|one| one.text == "口径"));
    }

    #[test]
    fn a_field_never_reaches_over_a_paragraph() {
        let xml = "<w:p><w:t>{{问题</w:t></w:p><w:p><w:t>总数}}</w:t></w:p>";
        assert_eq!(filled(xml, &|_| Some(String::new())), xml);
    }
}
