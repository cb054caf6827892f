//! Remarks put into a docx as comments. Nothing else of the document changes: other parts are copied as they are
//! packed, and the text part only gains the marks of the comments.

use std::fmt::Write as _;

use super::docx::{DOCUMENT, Paragraph, Piece, paragraphs};
use crate::export::repack;
use crate::sheet::Archive;
use crate::{DocumentError, Limits, Result};

/// A remark on a stretch of the text that [`super::read_text`] gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// First code point.
    pub start: usize,
    /// Code point behind.
    pub end: usize,
    /// Who remarks.
    pub author: String,
    /// When, as `2024-03-05T09:00:00Z`; empty where the same document must give the same bytes.
    pub at: String,
    /// What.
    pub text: String,
}

const COMMENTS: &str = "word/comments.xml";
const RELATIONS: &str = "word/_rels/document.xml.rels";
const TYPES: &str = "[Content_Types].xml";
const COMMENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";
const COMMENT_RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments";
const NAMESPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// The document with the remarks as comments, in the order of the text. Comments that were there stay.
///
/// # Errors
/// As for reading; [`DocumentError::Write`].
pub fn add_comments(bytes: &[u8], comments: &[Comment]) -> Result<Vec<u8>> {
    if comments.is_empty() {
        return Ok(bytes.to_vec());
    }
    let limits = Limits::default();
    let mut archive = Archive::open(bytes, &limits)?;
    let xml = archive.xml(DOCUMENT)?;
    let old = if archive.has(COMMENTS) { Some(archive.xml(COMMENTS)?) } else { None };
    let first = old.as_deref().map_or(0, next_id);
    let prefix = prefix_of(&xml)?;
    let lines = paragraphs(&xml)?;
    let mut marks: Vec<Mark> = Vec::new();
    let mut written: Vec<(usize, &Comment)> = Vec::new();
    for comment in comments {
        let id = first + written.len();
        if place(&lines, comment, id, &mut marks) {
            written.push((id, comment));
        }
    }
    let document = mark(&xml, &prefix, marks);
    let mut replaced = vec![
        (DOCUMENT.to_owned(), Some(document)),
        (COMMENTS.to_owned(), Some(part(old.as_deref(), &written)?)),
    ];
    if old.is_none() {
        let types = archive.xml(TYPES)?;
        let entry = format!("<Override PartName=\"/{COMMENTS}\" ContentType=\"{COMMENT_TYPE}\"/>");
        replaced.push((TYPES.to_owned(), Some(before_end(&types, "Types", &entry)?)));
        let relations = if archive.has(RELATIONS) {
            archive.xml(RELATIONS)?
        } else {
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Relationships \
             xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>"
                .to_owned()
        };
        let entry = format!(
            "<Relationship Id=\"rIdBihuanComments\" Type=\"{COMMENT_RELATION}\" Target=\"comments.xml\"/>"
        );
        replaced.push((RELATIONS.to_owned(), Some(before_end(&relations, "Relationships", &entry)?)));
    }
    repack(bytes, &replaced)
}

/// What is put in at one place of the text part.
struct Mark {
    /// Byte in the XML.
    at: usize,
    /// Ends stand before beginnings at one place.
    begins: bool,
    id: usize,
    /// The piece that is cut in two here, if it is.
    cut: Option<Piece>,
}

/// Finds where a remark begins and ends; a remark on nothing, or on an empty line, goes to the nearest words before.
fn place(lines: &[Paragraph], comment: &Comment, id: usize, marks: &mut Vec<Mark>) -> bool {
    let last = comment.end.max(comment.start + 1) - 1;
    let (Some(from), Some(to)) = (at(lines, comment.start), at(lines, last)) else { return false };
    let begin = if from.1 > 0 && from.0.splits {
        Mark { at: byte_of(from.0, from.1), begins: true, id, cut: Some(from.0.clone()) }
    } else {
        Mark { at: from.0.run.0, begins: true, id, cut: None }
    };
    let end = if to.1 + 1 < to.0.chars && to.0.splits {
        Mark { at: byte_of(to.0, to.1 + 1), begins: false, id, cut: Some(to.0.clone()) }
    } else {
        Mark { at: to.0.run.1, begins: false, id, cut: None }
    };
    marks.push(begin);
    marks.push(end);
    true
}

/// The piece that holds a code point of the whole text, and which of its code points that is.
fn at(lines: &[Paragraph], point: usize) -> Option<(&Piece, usize)> {
    let mut start = 0;
    let mut before: Option<(&Piece, usize)> = None;
    for line in lines {
        for piece in &line.pieces {
            let from = start + piece.at;
            if point < from {
                return before.or(Some((piece, 0)));
            }
            if point < from + piece.chars {
                return Some((piece, point - from));
            }
            before = Some((piece, piece.chars.saturating_sub(1)));
        }
        start += line.text.chars().count() + 1;
        if point < start && before.is_some() {
            return before;
        }
    }
    before
}

/// The raw text of a piece that can be cut holds no entities, so a code point is a character of the XML. The place is
/// kept as the piece's first byte plus its number of code points, and made a byte when the text is at hand.
fn byte_of(piece: &Piece, point: usize) -> usize {
    piece.raw.0 + point
}

fn mark(xml: &str, prefix: &str, mut marks: Vec<Mark>) -> String {
    for mark in &mut marks {
        if let Some(piece) = &mark.cut {
            let points = mark.at - piece.raw.0;
            let raw = &xml[piece.raw.0..piece.raw.1];
            let bytes: usize = raw.chars().take(points).map(char::len_utf8).sum();
            mark.at = piece.raw.0 + bytes;
        }
    }
    marks.sort_by_key(|mark| (mark.at, mark.begins, mark.id));
    let mut out = String::with_capacity(xml.len() + marks.len() * 160);
    let mut from = 0;
    let mut at = 0;
    while at < marks.len() {
        let here = marks[at].at;
        let until = marks[at..].iter().position(|m| m.at != here).map_or(marks.len(), |n| at + n);
        out.push_str(&xml[from..here]);
        from = here;
        let cut = marks[at..until].iter().find_map(|m| m.cut.as_ref());
        if cut.is_some() {
            let _ = write!(out, "</{prefix}t></{prefix}r>");
        }
        for mark in &marks[at..until] {
            if mark.begins {
                let _ = write!(out, "<{prefix}commentRangeStart {prefix}id=\"{}\"/>", mark.id);
            } else {
                let _ = write!(
                    out,
                    "<{prefix}commentRangeEnd {prefix}id=\"{0}\"/><{prefix}r><{prefix}commentReference {prefix}id=\"{0}\"/></{prefix}r>",
                    mark.id
                );
            }
        }
        if let Some(piece) = cut {
            let properties = &xml[piece.properties.0..piece.properties.1];
            let _ = write!(out, "<{prefix}r>{properties}<{prefix}t xml:space=\"preserve\">");
        }
        at = until;
    }
    out.push_str(&xml[from..]);
    out
}

/// The prefix of the text part's names: `w:` nearly always.
pub(super) fn prefix_of(xml: &str) -> Result<String> {
    let broken = || DocumentError::BrokenPart { part: DOCUMENT.to_owned() };
    let at = xml.find(&format!("=\"{NAMESPACE}\"")).ok_or_else(broken)?;
    let name = xml[..at].rsplit(char::is_whitespace).next().unwrap_or_default();
    Ok(name.strip_prefix("xmlns:").map_or_else(String::new, |prefix| format!("{prefix}:")))
}

pub(super) fn next_id(xml: &str) -> usize {
    let numbers = xml.match_indices("id=\"").filter_map(|(at, found)| {
        let rest = &xml[at + found.len()..];
        rest[..rest.find('"')?].parse::<usize>().ok()
    });
    numbers.max().map_or(0, |most| most + 1)
}

fn part(old: Option<&str>, written: &[(usize, &Comment)]) -> Result<String> {
    let mut body = String::new();
    for (id, comment) in written {
        let author = escape(&comment.author);
        let date = match comment.at.as_str() {
            "" => String::new(),
            at => format!(" w:date=\"{}\"", escape(at)),
        };
        let _ = write!(
            body,
            "<w:comment xmlns:w=\"{NAMESPACE}\" w:id=\"{id}\" w:author=\"{author}\"{date} w:initials=\"{author}\">",
        );
        for line in comment.text.lines() {
            let _ = write!(body, "<w:p><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>", escape(line));
        }
        body.push_str("</w:comment>");
    }
    match old {
        Some(old) => before_end(old, "comments", &body),
        None => Ok(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:comments xmlns:w=\"{NAMESPACE}\">{body}</w:comments>"
        )),
    }
}

/// Puts something in before the last closing tag of this local name; an empty element is opened for it.
fn before_end(xml: &str, name: &str, what: &str) -> Result<String> {
    let broken = || DocumentError::BrokenPart { part: name.to_owned() };
    let start = xml.rfind("</").filter(|at| xml[*at..].trim_end().trim_end_matches('>').ends_with(name));
    if let Some(at) = start {
        return Ok(format!("{}{what}{}", &xml[..at], &xml[at..]));
    }
    let at = xml.rfind("/>").ok_or_else(broken)?;
    let open = xml[..at].rfind('<').ok_or_else(broken)?;
    let tag = xml[open + 1..at].split_whitespace().next().unwrap_or_default();
    if tag.rsplit(':').next() != Some(name) {
        return Err(broken());
    }
    Ok(format!("{}>{what}</{tag}>", &xml[..at].trim_end()))
}

pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}
