//! 版头, 附件说明, 署名 and 版记 as a word processor sets them.

use super::{SPACING_TWIPS, Stand, Type, Writer, mm, properties, twips};
use crate::paper::layout::{LETTER_FOOT_MM, LETTER_GAP_MM, LETTER_LINE_MM, LETTER_THICK_MM, LETTER_THIN_MM};
use crate::paper::{Face, Form, Head, MM, Run};
use std::fmt::Write as _;

/// The line of the mark, the room above its characters, and their height: in its own size.
const MARK_LINE: f64 = 1.2;
const MARK_LEAD: f64 = 0.12;
const MARK_INK: f64 = 0.95;
/// Numbers of the red lines among the drawings.
const STRIPE_ID: usize = 9_010;
/// Lines of the imprint: thick 0.35 mm is one point, thin 0.25 mm three quarters.
const BORDERS: &str = "<w:tblBorders><w:top w:val=\"single\" w:sz=\"8\" w:space=\"0\" w:color=\"000000\"/><w:bottom w:val=\"single\" w:sz=\"8\" w:space=\"0\" w:color=\"000000\"/><w:insideH w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"000000\"/></w:tblBorders>";
/// English metric units of a millimetre.
const EMU: f64 = 36_000.0;

/// A red bar at its place on the page, in millimetres.
fn stripe((x, y): (f64, f64), (width, height): (f64, f64), id: usize) -> String {
    let emu = |mm: f64| (mm * EMU).round() as i64;
    let (x, y, width, height) = (emu(x), emu(y), emu(width), emu(height));
    format!(
        "<w:r><mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"><mc:Choice Requires=\"wps\"><w:drawing><wp:anchor distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\" simplePos=\"0\" relativeHeight=\"1\" behindDoc=\"1\" locked=\"0\" layoutInCell=\"1\" allowOverlap=\"1\"><wp:simplePos x=\"0\" y=\"0\"/><wp:positionH relativeFrom=\"page\"><wp:posOffset>{x}</wp:posOffset></wp:positionH><wp:positionV relativeFrom=\"page\"><wp:posOffset>{y}</wp:posOffset></wp:positionV><wp:extent cx=\"{width}\" cy=\"{height}\"/><wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/><wp:wrapNone/><wp:docPr id=\"{id}\" name=\"红线\"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"><wps:wsp><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val=\"FF0000\"/></a:solidFill><a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>"
    )
}

impl Writer<'_> {
    pub(super) fn head(&mut self) {
        let paper = self.paper;
        let Some(head) = &paper.head else { return };
        if paper.form == Form::Letter {
            return self.letter(head);
        }
        let line = self.line();
        let mut above = 0;
        for (text, face) in
            [(&head.serial, Face::Fang), (&head.marking, Face::Hei), (&head.urgency, Face::Hei)]
        {
            if !text.is_empty() {
                let stand = Stand { line, ..Stand::default() };
                self.paragraph(&[Run::new(text)], Type { face, ..self.text_type() }, stand);
                above += line;
            }
        }
        let kind = self.mark_type(&head.mark);
        // The top of the characters, not of their line, is at the height the standard names.
        let before = (mm(self.profile.mark_offset_mm) - above - twips(kind.size * MARK_LEAD)).max(0);
        let height = twips(kind.size * MARK_LINE);
        let stand = Stand { line: height, before, align: "center", ..Stand::default() };
        self.paragraph(&[Run::new(&head.mark)], kind, stand);
        self.blank(2);
        if head.signers.is_empty() {
            let stand = Stand { line, align: "center", red_line: true, ..Stand::default() };
            self.paragraph(&[Run::new(&head.number)], self.text_type(), stand);
        } else {
            self.signers(head);
        }
    }

    fn mark_type(&self, mark: &str) -> Type {
        let chars = mark.chars().count().max(1) as f64;
        let size = self.profile.mark_pt.min(self.profile.area_width_mm * crate::paper::MM / chars);
        Type { face: Face::Title, size, spacing: 0, red: true }
    }

    /// 签发人 at the right, two names a line; 发文字号 at the left of the last of them, above the red line.
    fn signers(&mut self, head: &Head) {
        let line = self.line();
        let stop = mm(self.profile.area_width_mm) - twips(self.profile.body_pt);
        let widest = head.signers.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let rows: Vec<&[String]> = head.signers.chunks(2).collect();
        for (at, pair) in rows.iter().enumerate() {
            let last = at + 1 == rows.len();
            // Not indented, for the red line is as wide as its paragraph: a blank character keeps the number in.
            let stand = Stand { line, red_line: last, ..Stand::default() };
            let tabs = format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{stop}\"/></w:tabs>");
            let _ = write!(self.xml, "<w:p><w:pPr>{}</w:pPr>", with_tabs(&properties(&stand), &tabs));
            if last {
                self.runs(&[Run::new(format!("　{}", head.number))], self.text_type());
            }
            self.xml.push_str("<w:r><w:tab/></w:r>");
            let mut names = pair.join("　");
            if pair.len() < 2 && rows.len() > 1 {
                // An odd name stands below the first of a pair.
                names.push_str(&"　".repeat(widest + 1));
            }
            let lead = if at == 0 { "签发人：" } else { "" };
            let name = Run { text: names, face: Some(Face::Kai), ..Run::default() };
            self.runs(&[Run::new(lead), name], self.text_type());
            self.xml.push_str("</w:p>");
        }
    }

    /// A letter's head: the mark in a frame of its own, for it stands above the type area; red double lines below it and
    /// at the foot of the first page, thick over thin and thin over thick; 发文字号 flush right.
    fn letter(&mut self, head: &Head) {
        let p = self.profile;
        let kind = self.mark_type(&head.mark);
        let x = (p.paper_width_mm - LETTER_LINE_MM) / 2.0;
        let lines = p.letter_mark_mm + kind.size * MARK_INK / MM + p.red_line_gap_mm;
        let thin = lines + LETTER_THICK_MM + LETTER_GAP_MM;
        let number = thin + LETTER_THIN_MM + p.body_pt * 7.0 / 8.0 / MM;
        let top = p.letter_mark_mm - kind.size * MARK_LEAD / MM;
        let frame = format!(
            "<w:framePr w:w=\"{}\" w:h=\"{}\" w:hRule=\"exact\" w:wrap=\"notBeside\" w:vAnchor=\"page\" w:hAnchor=\"page\" w:x=\"{}\" w:y=\"{}\"/>",
            mm(LETTER_LINE_MM),
            mm(number - top),
            mm(x),
            mm(top),
        );
        let stand =
            Stand { line: twips(kind.size * MARK_LINE), align: "center", off_grid: true, ..Stand::default() };
        let inner = properties(&stand).replacen("<w:widowControl", &format!("{frame}<w:widowControl"), 1);
        let _ = write!(self.xml, "<w:p><w:pPr>{inner}</w:pPr>");
        self.runs(&[Run::new(&head.mark)], kind);
        self.xml.push_str("</w:p>");
        let stand = Stand { line: self.line(), align: "right", ..Stand::default() };
        let _ = write!(self.xml, "<w:p><w:pPr>{}</w:pPr>", properties(&stand));
        let foot = p.paper_height_mm - LETTER_FOOT_MM - LETTER_THICK_MM;
        let stripes = [
            (lines, LETTER_THICK_MM),
            (thin, LETTER_THIN_MM),
            (foot - LETTER_GAP_MM - LETTER_THIN_MM, LETTER_THIN_MM),
            (foot, LETTER_THICK_MM),
        ];
        for (at, (y, height)) in stripes.into_iter().enumerate() {
            self.xml.push_str(&stripe((x, y), (LETTER_LINE_MM, height), STRIPE_ID + at));
        }
        self.runs(&[Run::new(&head.number)], self.text_type());
        self.xml.push_str("</w:p>");
    }

    pub(super) fn attachment_names(&mut self) {
        let names: Vec<String> = self
            .paper
            .attachments
            .iter()
            .map(|one| one.title.clone())
            .filter(|title| !title.is_empty())
            .collect();
        if names.is_empty() {
            return;
        }
        self.blank(1);
        let character = twips(self.profile.character_pt());
        let many = names.len() > 1;
        for (at, name) in names.iter().enumerate() {
            let number = if many { format!("{}. ", at + 1) } else { String::new() };
            let lead = if at == 0 { "附件：" } else { "" };
            let hanging = if many { character } else { 0 } + if at == 0 { 3 * character } else { 0 };
            let left = 5 * character + if many { character } else { 0 };
            let stand = Stand { left, hanging, first_indent_chars: 0, ..self.text_stand() };
            self.paragraph(&[Run::new(format!("{lead}{number}{name}"))], self.text_type(), stand);
        }
    }

    pub(super) fn sign(&mut self) {
        let paper = self.paper;
        if let Some(sign) = &paper.sign {
            self.blank(1);
            let character = twips(self.profile.character_pt());
            let long = |text: &str| -> i64 {
                text.chars().map(|c| if c.is_ascii() { character / 2 } else { character }).sum()
            };
            let (unit, day) = (long(&sign.unit), long(&sign.day));
            let (unit_right, day_right) = if sign.sealed {
                ((4 * character + (day - unit) / 2).max(0), 4 * character)
            } else if day > unit {
                (4 * character + day - unit, 2 * character)
            } else {
                (2 * character, unit - day)
            };
            for (text, right, keep_next) in [(&sign.unit, unit_right, true), (&sign.day, day_right, false)] {
                let stand = Stand { line: self.line(), align: "right", right, keep_next, ..Stand::default() };
                self.paragraph(&[Run::new(text)], self.text_type(), stand);
            }
        }
        if !paper.remark.is_empty() {
            let runs = [Run::new(format!("（{}）", paper.remark))];
            self.paragraph(&runs, self.text_type(), self.text_stand());
        }
    }

    /// A table that stands on the bottom of the type area of the last page: a frame keeps its place and its lines in fewer
    /// word processors.
    pub(super) fn imprint(&mut self) {
        let Some(imprint) = &self.paper.imprint else { return };
        let width = mm(self.profile.area_width_mm);
        let lined = self.paper.form != Form::Letter;
        let inset = twips(self.profile.small_pt);
        let copies = imprint.copies.trim().trim_end_matches('。');
        let mut rows: Vec<(String, i64)> = Vec::new();
        if !copies.is_empty() {
            rows.push((format!("抄送：{copies}。"), 3 * inset));
        }
        if lined {
            rows.push((format!("{}\t{}印发", imprint.printer, imprint.day), 0));
        }
        if rows.is_empty() {
            return;
        }
        let _ = write!(
            self.xml,
            "<w:tbl><w:tblPr><w:tblpPr w:leftFromText=\"180\" w:rightFromText=\"180\" w:vertAnchor=\"margin\" w:horzAnchor=\"page\" w:tblpX=\"{}\" w:tblpYSpec=\"bottom\"/><w:tblOverlap w:val=\"never\"/><w:tblW w:w=\"{width}\" w:type=\"dxa\"/>{}<w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w=\"{width}\"/></w:tblGrid>",
            mm(self.profile.left_mm),
            if lined { BORDERS } else { "" }
        );
        for (text, hanging) in rows {
            self.imprint_row(&text, hanging, width);
        }
        self.xml.push_str("</w:tbl>");
        // A table hangs on the paragraph after it.
        let kind = Type { face: Face::Fang, size: self.profile.small_pt, spacing: 0, red: false };
        self.paragraph(&[], kind, Stand { line: 20, off_grid: true, ..Stand::default() });
    }

    fn imprint_row(&mut self, text: &str, hanging: i64, width: i64) {
        let kind = Type { face: Face::Fang, size: self.profile.small_pt, spacing: SPACING_TWIPS, red: false };
        let inset = twips(self.profile.small_pt);
        let line = twips(self.profile.small_pt * 1.8);
        let stand =
            Stand { line, left: inset + hanging, right: inset, hanging, off_grid: true, ..Stand::default() };
        let tabs = format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs>", width - inset);
        let _ = write!(
            self.xml,
            "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr><w:p><w:pPr>{}</w:pPr>",
            with_tabs(&properties(&stand), &tabs)
        );
        for (at, part) in text.split('\t').enumerate() {
            if at > 0 {
                self.xml.push_str("<w:r><w:tab/></w:r>");
            }
            self.runs(&[Run::new(part)], kind);
        }
        self.xml.push_str("</w:p></w:tc></w:tr>");
    }
}

/// Stops belong before the rules of line breaking, which are always written.
fn with_tabs(properties: &str, tabs: &str) -> String {
    properties.replacen("<w:kinsoku/>", &format!("{tabs}<w:kinsoku/>"), 1)
}
