//! 版头, 附件说明, 署名 and 版记 as a word processor sets them.

use super::{SPACING_TWIPS, Stand, Type, Writer, mm, properties, twips};
use crate::paper::{Face, Form, Run};
use std::fmt::Write as _;

impl Writer<'_> {
    pub(super) fn head(&mut self) {
        let Some(head) = &self.paper.head else { return };
        let letter = self.paper.form == Form::Letter;
        let line = self.line();
        let mut above = 0;
        if !letter {
            for (text, face) in
                [(&head.serial, Face::Fang), (&head.marking, Face::Hei), (&head.urgency, Face::Hei)]
            {
                if !text.is_empty() {
                    let stand = Stand { line, ..Stand::default() };
                    self.paragraph(&[Run::new(text)], Type { face, ..self.text_type() }, stand);
                    above += line;
                }
            }
        }
        let chars = head.mark.chars().count().max(1) as f64;
        let size = self.profile.mark_pt.min(self.profile.area_width_mm * crate::paper::MM / chars);
        // The top of the characters, not of their line, is at the height the standard names.
        let offset = if letter { 0 } else { mm(self.profile.mark_offset_mm) - above };
        let height = twips(size * 1.2);
        let before = (offset - twips(size * 0.12)).max(0);
        let kind = Type { face: Face::Title, size, spacing: 0, red: true };
        let stand = Stand { line: height, before, align: "center", red_line: letter, ..Stand::default() };
        self.paragraph(&[Run::new(&head.mark)], kind, stand);
        if letter {
            let stand = Stand { line, align: "right", before: twips(14.0), ..Stand::default() };
            self.paragraph(&[Run::new(&head.number)], self.text_type(), stand);
            return;
        }
        self.blank(if head.signers.is_empty() { 2 } else { 1 });
        if head.signers.is_empty() {
            let stand = Stand { line, align: "center", red_line: true, ..Stand::default() };
            self.paragraph(&[Run::new(&head.number)], self.text_type(), stand);
            return;
        }
        let inset = twips(self.profile.body_pt);
        let signers = head.signers.join("　");
        let stop = mm(self.profile.area_width_mm) - inset;
        let stand = Stand { line, left: inset, right: inset, red_line: true, ..Stand::default() };
        let tabs = format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{stop}\"/></w:tabs>");
        let _ = write!(self.xml, "<w:p><w:pPr>{}</w:pPr>", with_tabs(&properties(&stand), &tabs));
        self.runs(&[Run::new(&head.number)], self.text_type());
        self.xml.push_str("<w:r><w:tab/></w:r>");
        let name = Run { text: signers, face: Some(Face::Kai), ..Run::default() };
        self.runs(&[Run::new("签发人："), name], self.text_type());
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

    /// A frame that stands on the bottom of the type area of the last page.
    pub(super) fn imprint(&mut self) {
        let Some(imprint) = &self.paper.imprint else { return };
        let width = mm(self.profile.area_width_mm);
        let frame = format!(
            "<w:framePr w:w=\"{width}\" w:wrap=\"around\" w:vAnchor=\"margin\" w:hAnchor=\"margin\" w:xAlign=\"left\" w:yAlign=\"bottom\"/>"
        );
        let lined = self.paper.form != Form::Letter;
        let kind = Type { face: Face::Fang, size: self.profile.small_pt, spacing: SPACING_TWIPS, red: false };
        let inset = twips(self.profile.small_pt);
        let line = twips(self.profile.small_pt * 1.8);
        let copies = imprint.copies.trim().trim_end_matches('。');
        let mut rows: Vec<(String, &str, i64)> = Vec::new();
        if !copies.is_empty() {
            rows.push((format!("抄送：{copies}。"), "thick-thin", 3 * inset));
        }
        if lined {
            let day = format!("{}\t{}印发", imprint.printer, imprint.day);
            rows.push((day, if copies.is_empty() { "thick-thick" } else { "none-thick" }, 0));
        }
        for (text, lines, hanging) in rows {
            let borders = if lined { borders(lines) } else { String::new() };
            let stand = Stand { line, left: inset + hanging, right: inset, hanging, ..Stand::default() };
            let tabs = format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs>", width - inset);
            let inner = with_tabs(&properties(&stand), &tabs);
            let inner = inner.replacen("<w:widowControl", &format!("{frame}<w:widowControl"), 1);
            let inner = inner.replacen("<w:tabs>", &format!("{borders}<w:tabs>"), 1);
            let _ = write!(self.xml, "<w:p><w:pPr>{inner}</w:pPr>");
            for (at, part) in text.split('\t').enumerate() {
                if at > 0 {
                    self.xml.push_str("<w:r><w:tab/></w:r>");
                }
                self.runs(&[Run::new(part)], kind);
            }
            self.xml.push_str("</w:p>");
        }
        // A frame hangs on the paragraph after it.
        self.paragraph(&[], kind, Stand { line: 20, off_grid: true, ..Stand::default() });
    }
}

/// Stops belong before the rules of line breaking, which are always written.
fn with_tabs(properties: &str, tabs: &str) -> String {
    properties.replacen("<w:kinsoku/>", &format!("{tabs}<w:kinsoku/>"), 1)
}

/// Thick 0.35 mm is one point, thin 0.25 mm three quarters.
fn borders(lines: &str) -> String {
    let line = |side: &str, weight: &str| match weight {
        "thick" => format!("<w:{side} w:val=\"single\" w:sz=\"8\" w:space=\"1\" w:color=\"000000\"/>"),
        "thin" => format!("<w:{side} w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/>"),
        _ => String::new(),
    };
    let (top, bottom) = lines.split_once('-').unwrap_or(("", ""));
    format!("<w:pBdr>{}{}</w:pBdr>", line("top", top), line("bottom", bottom))
}
