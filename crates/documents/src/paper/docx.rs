//! docx: the same document for a word processor, with the profile's numbers as its settings.

mod ends;
mod footer;
mod parts;
mod table;

use super::break_line::{Wide, balanced};
use super::layout::heading_face;
use super::{Block, Face, Paper, Profile, Run, Table};
use crate::Result;
use std::fmt::Write as _;

/// Twentieths of a point, what Word measures in.
const TWIPS: f64 = 20.0;
/// Twips of a millimetre.
const MM_TWIPS: f64 = super::MM * TWIPS;
/// Tightens 3号 characters from 16 to 15.79 points, so that 28 stand on a line.
const SPACING_TWIPS: i64 = -5;

/// Writes a document. Fonts are named, never embedded; who reads it has them or sees the nearest ones.
///
/// # Errors
/// [`crate::DocumentError::Write`].
pub fn write(paper: &Paper, profile: &Profile) -> Result<Vec<u8>> {
    let mut writer = Writer::new(paper, profile);
    writer.body();
    parts::packed(writer)
}

/// A table for somebody else's document, whose text is so wide. Its figures stand without their notes.
pub(super) fn table_alone(table: &Table, width_mm: f64) -> String {
    let (paper, profile) = (Paper::default(), Profile { area_width_mm: width_mm, ..Profile::default() });
    let mut writer = Writer::new(&paper, &profile);
    writer.table(table);
    writer.xml
}

/// Rounds a length to whole twips.
fn twips(points: f64) -> i64 {
    (points * TWIPS).round() as i64
}

fn mm(millimetres: f64) -> i64 {
    (millimetres * MM_TWIPS).round() as i64
}

/// A text with the five characters of XML written out; what XML forbids is left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            ch if ch < ' ' || matches!(ch, '\u{fffe}' | '\u{ffff}') => {}
            ch => out.push(ch),
        }
    }
    out
}

/// How a run looks.
#[derive(Debug, Clone, Copy)]
struct Type {
    face: Face,
    /// Points.
    size: f64,
    /// Twips between characters.
    spacing: i64,
    red: bool,
}

/// How a paragraph stands: the properties Word wants, in its order.
#[derive(Debug, Clone, Copy, Default)]
struct Stand {
    /// Exact line height in twips; 0 for the height of the type.
    line: i64,
    /// Hundredths of a character.
    first_indent_chars: i64,
    /// Twips.
    left: i64,
    right: i64,
    hanging: i64,
    before: i64,
    after: i64,
    /// `left`, `center`, `right`, `both`.
    align: &'static str,
    keep_next: bool,
    page_break: bool,
    /// Not on the grid.
    off_grid: bool,
    /// A line below it.
    red_line: bool,
}

struct Writer<'a> {
    paper: &'a Paper,
    profile: &'a Profile,
    xml: String,
    comments: String,
    comment_count: usize,
    /// Relations of the document: number, kind, target, external.
    relations: Vec<(usize, &'static str, String, bool)>,
    charts: Vec<String>,
    landscape: bool,
    /// The next paragraph begins a page.
    page_break: bool,
}

impl<'a> Writer<'a> {
    fn new(paper: &'a Paper, profile: &'a Profile) -> Self {
        Writer {
            paper,
            profile,
            xml: String::new(),
            comments: String::new(),
            comment_count: 0,
            relations: Vec::new(),
            charts: Vec::new(),
            landscape: false,
            page_break: false,
        }
    }

    fn line(&self) -> i64 {
        twips(self.profile.line_pt())
    }

    fn text_type(&self) -> Type {
        Type { face: Face::Fang, size: self.profile.body_pt, spacing: SPACING_TWIPS, red: false }
    }

    fn text_stand(&self) -> Stand {
        Stand { line: self.line(), first_indent_chars: 200, align: "both", ..Stand::default() }
    }

    fn relation(&mut self, kind: &'static str, target: String, external: bool) -> usize {
        let number = parts::FIXED_RELATIONS + self.relations.len() + 1;
        self.relations.push((number, kind, target, external));
        number
    }

    fn body(&mut self) {
        let paper = self.paper;
        self.head();
        let below_head = paper.head.is_some();
        self.title(&paper.title, below_head);
        if !paper.addressee.is_empty() {
            let stand = Stand { first_indent_chars: 0, ..self.text_stand() };
            self.paragraph(&[Run::new(format!("{}：", paper.addressee))], self.text_type(), stand);
        }
        self.blocks(&paper.blocks);
        self.attachment_names();
        self.sign();
        for (at, attachment) in paper.attachments.iter().enumerate() {
            let number = if paper.attachments.len() == 1 { String::new() } else { (at + 1).to_string() };
            let stand = Stand { first_indent_chars: 0, page_break: true, ..self.text_stand() };
            let kind = Type { face: Face::Hei, ..self.text_type() };
            self.paragraph(&[Run::new(format!("附件{number}"))], kind, stand);
            self.blank(1);
            self.title(std::slice::from_ref(&attachment.title), false);
            self.blocks(&attachment.blocks);
        }
        self.imprint();
    }

    fn blank(&mut self, lines: usize) {
        for _ in 0..lines {
            let stand = Stand { first_indent_chars: 0, ..self.text_stand() };
            self.paragraph(&[], self.text_type(), stand);
        }
    }

    fn title(&mut self, lines: &[String], below_head: bool) {
        if lines.iter().all(String::is_empty) {
            return;
        }
        if below_head {
            self.blank(2);
        }
        let line = twips(self.profile.title_pitch_pt);
        let kind = Type { face: Face::Title, size: self.profile.title_pt, spacing: 0, red: false };
        let room = self.profile.area_width_mm * super::MM;
        for text in lines {
            // Broken here as the PDF breaks it, for a word processor would leave two characters on the last line.
            let wide: Vec<Wide> = text.chars().map(|ch| Wide { ch, width: self.profile.title_pt }).collect();
            for part in balanced(&wide, room) {
                // On the grid some word processors would give each line of it two lines of text.
                let stand =
                    Stand { line, align: "center", keep_next: true, off_grid: true, ..Stand::default() };
                let part: String = wide[part.start..part.end].iter().map(|one| one.ch).collect();
                self.paragraph(&[Run::new(part)], kind, stand);
            }
        }
        self.blank(1);
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading { level, runs, then } => {
                    let face = heading_face(*level);
                    let mut all: Vec<Run> =
                        runs.iter().map(|r| Run { face: r.face.or(Some(face)), ..r.clone() }).collect();
                    all.extend(then.iter().cloned());
                    let stand = Stand { keep_next: then.is_empty(), ..self.text_stand() };
                    self.paragraph(&all, self.text_type(), stand);
                }
                Block::Paragraph(runs) => self.paragraph(runs, self.text_type(), self.text_stand()),
                Block::Centred(runs) => {
                    let stand = Stand { first_indent_chars: 0, align: "center", ..self.text_stand() };
                    self.paragraph(runs, self.text_type(), stand);
                }
                Block::Table(one) => self.table(one),
                Block::Chart(one) => self.chart(one),
                Block::PageBreak => self.page_break = true,
                Block::Landscape(inner) => {
                    self.end_section(false);
                    self.landscape = true;
                    self.blocks(inner);
                    self.end_section(true);
                    self.landscape = false;
                }
            }
        }
    }

    /// Ends a section with what came before it laid one way.
    fn end_section(&mut self, landscape: bool) {
        let section = parts::section(self.profile, landscape, self.paper.form);
        let _ = write!(
            self.xml,
            "<w:p><w:pPr><w:spacing w:line=\"20\" w:lineRule=\"exact\"/>{section}</w:pPr></w:p>"
        );
    }

    fn paragraph(&mut self, runs: &[Run], kind: Type, stand: Stand) {
        let broken = stand.page_break || std::mem::take(&mut self.page_break);
        let properties = properties(&Stand { page_break: broken, ..stand });
        let _ = write!(self.xml, "<w:p><w:pPr>{properties}</w:pPr>");
        self.runs(runs, kind);
        self.xml.push_str("</w:p>");
    }

    fn runs(&mut self, runs: &[Run], kind: Type) {
        for run in runs {
            let kind = Type { face: run.face.unwrap_or(kind.face), ..kind };
            let text = format!(
                "<w:r>{}<w:t xml:space=\"preserve\">{}</w:t></w:r>",
                run_properties(kind),
                escaped(&run.text)
            );
            match run.note.and_then(|note| self.paper.notes.get(note)) {
                None => self.xml.push_str(&text),
                Some(note) => self.noted(&text, &note.words(), &note.href),
            }
        }
    }

    /// A figure with its comment, and a link where it opens.
    fn noted(&mut self, run: &str, words: &str, href: &str) {
        let id = self.comment_count;
        self.comment_count += 1;
        let _ = write!(
            self.comments,
            "<w:comment w:id=\"{id}\" w:author=\"闭环\" w:initials=\"闭环\"><w:p><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p></w:comment>",
            escaped(words)
        );
        let _ = write!(self.xml, "<w:commentRangeStart w:id=\"{id}\"/>");
        if href.is_empty() {
            self.xml.push_str(run);
        } else {
            let known = self.relations.iter().find(|(_, _, target, external)| *external && target == href);
            let number = match known.map(|(number, ..)| *number) {
                Some(number) => number,
                None => self.relation("hyperlink", href.to_owned(), true),
            };
            let _ = write!(self.xml, "<w:hyperlink r:id=\"rId{number}\">{run}</w:hyperlink>");
        }
        let _ = write!(
            self.xml,
            "<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:commentReference w:id=\"{id}\"/></w:r>"
        );
    }
}

fn run_properties(kind: Type) -> String {
    let font = escaped(kind.face.docx_name());
    let half = (kind.size * 2.0).round() as i64;
    let colour = if kind.red { "<w:color w:val=\"FF0000\"/>" } else { "" };
    let spacing =
        if kind.spacing == 0 { String::new() } else { format!("<w:spacing w:val=\"{}\"/>", kind.spacing) };
    format!(
        "<w:rPr><w:rFonts w:ascii=\"{font}\" w:hAnsi=\"{font}\" w:eastAsia=\"{font}\" w:cs=\"{font}\" w:hint=\"eastAsia\"/>{colour}{spacing}<w:sz w:val=\"{half}\"/><w:szCs w:val=\"{half}\"/></w:rPr>"
    )
}

fn properties(stand: &Stand) -> String {
    let mut out = String::new();
    if stand.keep_next {
        out.push_str("<w:keepNext/>");
    }
    if stand.page_break {
        out.push_str("<w:pageBreakBefore/>");
    }
    out.push_str("<w:widowControl w:val=\"0\"/>");
    if stand.red_line {
        out.push_str(
            "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"16\" w:space=\"11\" w:color=\"FF0000\"/></w:pBdr>",
        );
    }
    out.push_str("<w:kinsoku/><w:overflowPunct w:val=\"0\"/>");
    if stand.off_grid {
        out.push_str("<w:snapToGrid w:val=\"0\"/>");
    }
    let _ = write!(out, "<w:spacing w:before=\"{}\" w:after=\"{}\"", stand.before, stand.after);
    if stand.line > 0 {
        let _ = write!(out, " w:line=\"{}\" w:lineRule=\"exact\"", stand.line);
    }
    out.push_str("/><w:ind");
    if stand.left != 0 || stand.hanging != 0 {
        let _ = write!(out, " w:left=\"{}\"", stand.left);
    }
    if stand.right != 0 {
        let _ = write!(out, " w:right=\"{}\"", stand.right);
    }
    if stand.hanging != 0 {
        let _ = write!(out, " w:hanging=\"{}\"", stand.hanging);
    } else if stand.first_indent_chars != 0 {
        let chars = stand.first_indent_chars;
        // For readers that know no characters: the same in twips of 3号.
        let _ = write!(out, " w:firstLineChars=\"{chars}\" w:firstLine=\"{}\"", chars * 320 / 100);
    }
    let align = if stand.align.is_empty() { "left" } else { stand.align };
    let _ = write!(out, "/><w:jc w:val=\"{align}\"/>");
    out
}
