//! Corrections put into a docx as tracked changes: who opens it sees what was struck and what was written instead, and
//! takes or leaves each.

use std::fmt::Write as _;

use super::comments::{escape, next_id, prefix_of};
use super::docx::{DOCUMENT, Paragraph, Piece, paragraphs};
use crate::export::repack;
use crate::sheet::Archive;
use crate::{Limits, Result};

/// Words to be written in the place of a stretch of the text that [`super::read_text`] gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// First code point.
    pub start: usize,
    /// Code point behind.
    pub end: usize,
    /// What should stand there; empty where the stretch is struck.
    pub text: String,
    /// Who corrects.
    pub author: String,
    /// When, as `2024-03-05T09:00:00Z`; empty where the same document must give the same bytes.
    pub at: String,
}

/// A docx with corrections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revised {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many corrections could not be put in: over a line end, over one another, or in words that hold fields.
    pub left: usize,
}

/// A part of a piece that is struck.
struct Struck<'a> {
    piece: &'a Piece,
    /// First code point in the piece, and the one behind.
    from: usize,
    to: usize,
}

/// The document with the corrections as tracked changes. Nothing else of it changes.
///
/// # Errors
/// As for reading; [`crate::DocumentError::Write`].
pub fn revise(bytes: &[u8], revisions: &[Revision]) -> Result<Revised> {
    let limits = Limits::default();
    let mut archive = Archive::open(bytes, &limits)?;
    let xml = archive.xml(DOCUMENT)?;
    let (prefix, lines) = (prefix_of(&xml)?, paragraphs(&xml)?);
    let mut id = next_id(&xml);
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    let mut left = 0;
    for revision in revisions {
        let Some(struck) = struck(&lines, revision) else {
            left += 1;
            continue;
        };
        let mut own: Vec<(usize, usize, String)> = Vec::new();
        for (nth, part) in struck.iter().enumerate() {
            let at = (byte(&xml, part.piece, part.from), byte(&xml, part.piece, part.to));
            let written = if nth == 0 { revision.text.as_str() } else { "" };
            own.push((at.0, at.1, change(&xml, &prefix, (part.piece, at), (revision, written, id))));
            id += 2;
        }
        if own.iter().any(|(from, to, _)| edits.iter().any(|(a, b, _)| from < b && a < to)) {
            left += 1;
            continue;
        }
        edits.extend(own);
    }
    edits.sort_by_key(|(from, ..)| *from);
    let mut out = String::with_capacity(xml.len() + edits.len() * 400);
    let mut from = 0;
    for (start, end, change) in &edits {
        out.push_str(&xml[from..*start]);
        out.push_str(change);
        from = *end;
    }
    out.push_str(&xml[from..]);
    Ok(Revised { bytes: repack(bytes, &[(DOCUMENT.to_owned(), Some(out))])?, left })
}

/// The parts of pieces that a correction strikes; `None` where it goes over a line end or a piece cannot be cut.
fn struck<'a>(lines: &'a [Paragraph], revision: &Revision) -> Option<Vec<Struck<'a>>> {
    let mut start = 0;
    for line in lines {
        let chars = line.text.chars().count();
        if revision.start < start + chars {
            let inside =
                start <= revision.start && revision.start < revision.end && revision.end <= start + chars;
            let (first, behind) = (revision.start.checked_sub(start)?, revision.end.checked_sub(start)?);
            let touched =
                line.pieces.iter().filter(|piece| piece.at < behind && first < piece.at + piece.chars);
            let parts = touched.map(|piece| Struck {
                piece,
                from: first.saturating_sub(piece.at),
                to: (behind - piece.at).min(piece.chars),
            });
            let parts: Vec<Struck<'a>> = parts.collect();
            let all: usize = parts.iter().map(|part| part.to - part.from).sum();
            let whole = inside && all == behind - first && parts.iter().all(|part| part.piece.splits);
            return whole.then_some(parts);
        }
        start += chars + 1;
    }
    None
}

/// The byte of a code point in a piece that can be cut: its raw text holds no entities.
fn byte(xml: &str, piece: &Piece, point: usize) -> usize {
    let raw = &xml[piece.raw.0..piece.raw.1];
    piece.raw.0 + raw.chars().take(point).map(char::len_utf8).sum::<usize>()
}

/// The run is closed, the words are struck, those instead are written, and the run goes on.
fn change(
    xml: &str,
    prefix: &str,
    (piece, (from, to)): (&Piece, (usize, usize)),
    (revision, written, id): (&Revision, &str, usize),
) -> String {
    let properties = &xml[piece.properties.0..piece.properties.1];
    let mut by = format!("{prefix}author=\"{}\"", escape(&revision.author));
    if !revision.at.is_empty() {
        let _ = write!(by, " {prefix}date=\"{}\"", escape(&revision.at));
    }
    let run = |tag: &str, words: &str| {
        format!(
            "<{prefix}r>{properties}<{prefix}{tag} xml:space=\"preserve\">{words}</{prefix}{tag}></{prefix}r>"
        )
    };
    let mut out = format!("</{prefix}t></{prefix}r>");
    let struck = run("delText", &xml[from..to]);
    let _ = write!(out, "<{prefix}del {prefix}id=\"{id}\" {by}>{struck}</{prefix}del>");
    if !written.is_empty() {
        let words = run("t", &escape(written));
        let _ = write!(out, "<{prefix}ins {prefix}id=\"{}\" {by}>{words}</{prefix}ins>", id + 1);
    }
    let _ = write!(out, "<{prefix}r>{properties}<{prefix}t xml:space=\"preserve\">");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(start: usize, end: usize, text: &str) -> Revision {
        Revision { start, end, text: text.to_owned(), author: "校核".to_owned(), at: String::new() }
    }

    fn lines() -> (String, Vec<Paragraph>) {
        let xml = "<w:document><w:body><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>共排查</w:t></w:r><w:r><w:t>19个问</w:t></w:r></w:p><w:p><w:r><w:t>甲&amp;乙</w:t></w:r></w:p></w:body></w:document>";
        (xml.to_owned(), paragraphs(xml).expect("paragraphs"))
    }

    #[test]
    fn a_correction_over_two_runs_strikes_both_and_one_over_a_line_end_or_in_entities_is_left_m43() {
        let (xml, lines) = lines();
        let parts = struck(&lines, &revision(2, 5, "点20")).expect("two parts");
        let cut: Vec<&str> =
            parts.iter().map(|p| &xml[byte(&xml, p.piece, p.from)..byte(&xml, p.piece, p.to)]).collect();
        assert_eq!(cut, ["查", "19"]);
        assert!(struck(&lines, &revision(6, 9, "")).is_none(), "over a line end");
        assert!(struck(&lines, &revision(9, 10, "和")).is_none(), "words with an entity are not cut");
        assert!(struck(&lines, &revision(40, 41, "")).is_none(), "behind the text");
    }

    #[test]
    fn a_change_keeps_the_properties_and_escapes_what_is_written_m43() {
        let (xml, lines) = lines();
        let piece = &lines[0].pieces[0];
        let at = (byte(&xml, piece, 1), byte(&xml, piece, 3));
        let words = change(&xml, "w:", (piece, at), (&revision(1, 3, "a<b"), "a<b", 7));
        assert!(words.starts_with("</w:t></w:r><w:del w:id=\"7\" w:author=\"校核\">"), "{words}");
        assert!(
            words.contains("<w:rPr><w:b/></w:rPr><w:delText xml:space=\"preserve\">排查</w:delText>"),
            "{words}"
        );
        assert!(words.contains("<w:ins w:id=\"8\"") && words.contains("a&lt;b"), "{words}");
    }
}
