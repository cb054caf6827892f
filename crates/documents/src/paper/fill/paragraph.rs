//! The paragraphs of a part of a docx with the fields in them.

use std::ops::Range;

/// Longest field looked for, in characters: what is longer is no field but two stray braces.
const FIELD_CHARS_MAX: usize = 200;

/// A paragraph's text and where its pieces stand in the part.
pub(super) struct Paragraph {
    pub(super) text: String,
    /// Place in the part, and in the text.
    pub(super) pieces: Vec<(Range<usize>, Range<usize>)>,
    /// Where all of it stands in the part; `None` in a cell or with other paragraphs within, as in a box of text.
    pub(super) whole: Option<Range<usize>>,
}

impl Paragraph {
    fn empty() -> Paragraph {
        Paragraph { text: String::new(), pieces: Vec::new(), whole: None }
    }

    /// Nothing but one field stands in it, and a table may stand there.
    pub(super) fn is_one_field(&self) -> bool {
        let fields = fields_of(&self.text);
        self.whole.is_some()
            && matches!(fields.as_slice(), [(_, place)] if self.text.trim() == &self.text[place.clone()])
    }
}

/// Text lies between `<w:t …>` and `</w:t>`; a paragraph ends with `</w:p>`.
pub(super) fn paragraphs(xml: &str) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let mut now = Paragraph::empty();
    // Cells and boxes of text: no table may take the place of what stands in them.
    let (mut at, mut begun, mut cells) = (0, None, 0_usize);
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
        } else if tag == "<w:p>" || (tag.starts_with("<w:p ") && !tag.ends_with("/>")) {
            begun = Some(start);
        } else if tag == "</w:p>" {
            let whole = begun.take().filter(|_| cells == 0).map(|begun| begun..end);
            if !now.pieces.is_empty() {
                out.push(Paragraph { whole, ..std::mem::replace(&mut now, Paragraph::empty()) });
            }
        } else if tag == "<w:tc>" || tag.starts_with("<w:tc ") || tag == "<w:txbxContent>" {
            cells += 1;
            // What is around a box has another paragraph within.
            begun = None;
        } else if matches!(tag, "</w:tc>" | "</w:txbxContent>") {
            cells = cells.saturating_sub(1);
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
pub(super) fn fields_of(text: &str) -> Vec<(String, Range<usize>)> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_box_of_text_nor_what_is_around_it_gives_way_to_a_table() {
        let boxed = "<w:p><w:r><w:t>{{表 环节}}</w:t></w:r></w:p>";
        let around = |inner: &str| {
            format!("<w:p><w:r><w:t>外</w:t></w:r><w:r><w:txbxContent>{inner}</w:txbxContent></w:r></w:p>")
        };
        assert!(paragraphs(boxed)[0].is_one_field());
        for one in paragraphs(&around(boxed)) {
            assert!(one.whole.is_none(), "{}", one.text);
        }
        let outer = "<w:p><w:r><w:t>{{表 环节}}</w:t></w:r><w:r><w:txbxContent><w:p></w:p></w:txbxContent></w:r></w:p>";
        assert!(paragraphs(outer).iter().all(|one| !one.is_one_field()));
    }

    #[test]
    fn a_field_is_looked_for_up_to_its_limit() {
        let field = |chars: usize| format!("{{{{{}}}}}", "数".repeat(chars));
        assert_eq!(fields_of(&field(FIELD_CHARS_MAX)).len(), 1);
        assert!(fields_of(&field(FIELD_CHARS_MAX + 1)).is_empty());
    }
}
