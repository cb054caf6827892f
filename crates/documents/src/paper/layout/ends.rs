//! What stands above and below the text: 版头, 附件说明, 署名 and 日期, 版记.

use super::flow::{Flow, Style};
use super::{Ink, Item};
use crate::paper::break_line;
use crate::paper::{Face, Form, Head, Imprint, MM, Paper, Run};

/// Width of a letter's red lines.
pub(crate) const LETTER_LINE_MM: f64 = 170.0;
/// A letter's second red line above the bottom of the paper.
pub(crate) const LETTER_FOOT_MM: f64 = 20.0;
/// Thick and thin line of a letter's double line, and the gap between.
pub(crate) const LETTER_THICK_MM: f64 = 1.0;
pub(crate) const LETTER_THIN_MM: f64 = 0.35;
pub(crate) const LETTER_GAP_MM: f64 = 0.6;
/// Heights of the imprint's rows, in their own characters.
const IMPRINT_ROW_EMS: f64 = 1.8;

/// Writes 版头 of the form.
pub(super) fn head(flow: &mut Flow<'_, '_>, paper: &Paper) {
    let Some(head) = &paper.head else { return };
    let (left, top, _, _) = flow.area();
    let size = flow.profile.body_pt;
    if paper.form == Form::Letter {
        return letter(flow, head);
    }
    let mut line = top;
    for (text, face) in [(&head.serial, Face::Fang), (&head.marking, Face::Hei), (&head.urgency, Face::Hei)] {
        if !text.is_empty() {
            flow.text_at(text, face, size, left, line);
            line += flow.profile.line_pt();
        }
    }
    let below = mark(flow, &head.mark, top + flow.profile.mark_offset_mm * MM);
    flow.y = below + flow.profile.number_blank_lines * flow.profile.line_pt();
    let y = flow.y;
    number(flow, head, y);
    let red = flow.profile.red_line_mm * MM;
    let line = flow.y + flow.profile.red_line_gap_mm * MM;
    flow.rule(line + red / 2.0, red, Ink::Red);
    flow.y = line + red;
}

/// The mark in red with its top edge at a height; answers where its square ends.
fn mark(flow: &mut Flow<'_, '_>, text: &str, top: f64) -> f64 {
    let (left, _, width, _) = flow.area();
    let ems = flow.case.width(text, Face::Title, 1.0, 1.0).max(1.0);
    let size = flow.profile.mark_pt.min(width / ems);
    let above = text.chars().map(|ch| flow.case.ink_of(ch, Face::Title).0).fold(0.0, f64::max);
    let base = top + above * size;
    let x = left + (width - ems * size) / 2.0;
    let items = flow.case.set(text, Face::Title, size, 1.0, x, base, Ink::Red);
    flow.put(items);
    let below = text.chars().map(|ch| flow.case.ink_of(ch, Face::Title).1).fold(0.0, f64::min);
    base - below * size
}

/// 发文字号 in the middle; at the left beside 签发人 where the document goes up.
fn number(flow: &mut Flow<'_, '_>, head: &Head, y: f64) {
    let (left, _, width, _) = flow.area();
    let (size, tight, character) =
        (flow.profile.body_pt, flow.profile.tightness(), flow.profile.character_pt());
    let long = flow.case.width(&head.number, Face::Fang, size, tight);
    if head.signers.is_empty() {
        flow.text_at(&head.number, Face::Fang, size, left + (width - long) / 2.0, y);
        flow.y = y + size;
        return;
    }
    // Two names a line; 发文字号 stands on the line of the last ones.
    let lead = "签发人：";
    let lead_width = flow.case.width(lead, Face::Fang, size, tight);
    let name_width =
        head.signers.iter().map(|n| flow.case.width(n, Face::Kai, size, tight)).fold(0.0, f64::max);
    let pairs = head.signers.len().div_ceil(2);
    let columns = head.signers.len().min(2) as f64;
    let x = left + width - character - columns * name_width - (columns - 1.0) * character;
    let mut line = y;
    for (at, pair) in head.signers.chunks(2).enumerate() {
        line = y + at as f64 * flow.profile.line_pt();
        if at == 0 {
            flow.text_at(lead, Face::Fang, size, x - lead_width, line);
        }
        for (column, name) in pair.iter().enumerate() {
            flow.text_at(name, Face::Kai, size, x + column as f64 * (name_width + character), line);
        }
    }
    debug_assert!(pairs > 0);
    flow.text_at(&head.number, Face::Fang, size, left + character, line);
    flow.y = line + size;
}

fn letter(flow: &mut Flow<'_, '_>, head: &Head) {
    let profile = flow.profile;
    let below = mark(flow, &head.mark, profile.letter_mark_mm * MM);
    let x = (profile.paper_width_mm - LETTER_LINE_MM) / 2.0 * MM;
    let stripe = |flow: &mut Flow<'_, '_>, y: f64, thickness: f64| {
        let (width, height) = (LETTER_LINE_MM * MM, thickness * MM);
        flow.put([Item::Fill { x, y, width, height, ink: Ink::Red }]);
        y + height
    };
    let line = stripe(flow, below + profile.red_line_gap_mm * MM, LETTER_THICK_MM);
    let line = stripe(flow, line + LETTER_GAP_MM * MM, LETTER_THIN_MM);
    let foot = (profile.paper_height_mm - LETTER_FOOT_MM) * MM;
    let thick = foot - LETTER_THICK_MM * MM;
    stripe(flow, thick, LETTER_THICK_MM);
    stripe(flow, thick - (LETTER_GAP_MM + LETTER_THIN_MM) * MM, LETTER_THIN_MM);
    let size = profile.body_pt;
    let (left, _, width, _) = flow.area();
    let y = line + size * 7.0 / 8.0;
    let long = flow.case.width(&head.number, Face::Fang, size, profile.tightness());
    flow.text_at(&head.number, Face::Fang, size, left + width - long, y);
    flow.y = y + size;
}

/// 附件说明: `附件：1. 名称`, names one below the other.
pub(super) fn attachment_names(flow: &mut Flow<'_, '_>, paper: &Paper) {
    let names: Vec<&str> =
        paper.attachments.iter().map(|one| one.title.as_str()).filter(|title| !title.is_empty()).collect();
    if names.is_empty() {
        return;
    }
    flow.blank(1.0);
    let body = Style::body(flow.profile);
    let character = flow.profile.character_pt();
    let many = names.len() > 1;
    for (at, name) in names.iter().enumerate() {
        let number = if many { format!("{}. ", at + 1) } else { String::new() };
        let lead = if at == 0 { "附件：" } else { "" };
        let number_width = flow.case.width(&number, Face::Fang, body.size, body.tight);
        let first = if at == 0 { 2.0 } else { 5.0 } * character;
        let style = Style { first_indent: first, indent: 5.0 * character + number_width, ..body };
        flow.paragraph(&[Run::new(format!("{lead}{number}{name}"))], &style);
    }
}

/// 署名, 成文日期 and 附注, with the last lines of the text where they need a new page.
pub(super) fn sign(flow: &mut Flow<'_, '_>, paper: &Paper) {
    let pitch = flow.profile.line_pt();
    if let Some(sign) = &paper.sign {
        let (size, tight, character) =
            (flow.profile.body_pt, flow.profile.tightness(), flow.profile.character_pt());
        if flow.left() + 0.01 < 3.0 * pitch {
            flow.carry_over();
        }
        flow.blank(1.0);
        let (left, _, width, _) = flow.area();
        let right = left + width;
        let unit = flow.case.width(&sign.unit, Face::Fang, size, tight);
        let day = flow.case.width(&sign.day, Face::Fang, size, tight);
        let (unit_x, day_x) = if sign.sealed {
            let day_x = right - 4.0 * character - day;
            ((day_x + (day - unit) / 2.0).min(right - unit).max(left), day_x)
        } else if day > unit {
            let day_x = right - 2.0 * character - day;
            (day_x - 2.0 * character, day_x)
        } else {
            let unit_x = right - 2.0 * character - unit;
            (unit_x, unit_x + 2.0 * character)
        };
        let y = flow.y;
        flow.text_at(&sign.unit, Face::Fang, size, unit_x, y);
        flow.text_at(&sign.day, Face::Fang, size, day_x, y + pitch);
        flow.y = y + 2.0 * pitch;
    }
    if !paper.remark.is_empty() {
        let text = format!("（{}）", paper.remark);
        let style = Style::body(flow.profile);
        flow.paragraph(&[Run::new(text)], &style);
    }
}

/// 版记 with its last line on the bottom of the type area.
pub(super) fn imprint(flow: &mut Flow<'_, '_>, paper: &Paper) {
    let Some(imprint) = &paper.imprint else { return };
    flow.turn(false);
    let lined = paper.form != Form::Letter;
    let size = flow.profile.small_pt;
    let row = IMPRINT_ROW_EMS * size;
    let (left, _, width, _) = flow.area();
    let room = width - 2.0 * size;
    let copies = copies_lines(flow, imprint, room);
    let rows = copies.len() as f64 + if lined { 1.0 } else { 0.0 };
    if rows == 0.0 {
        return;
    }
    if flow.left() < rows * row + flow.profile.line_pt() / 2.0 {
        flow.new_page();
        flow.unnumbered();
    }
    let (thick, thin) = (flow.profile.imprint_thick_mm * MM, flow.profile.imprint_thin_mm * MM);
    let bottom = flow.bottom();
    let top = bottom - rows * row;
    let inset = (row - size) / 2.0;
    for (at, (x, text)) in copies.iter().enumerate() {
        flow.text_at(text, Face::Fang, size, left + size + x, top + at as f64 * row + inset);
    }
    if !lined {
        flow.y = bottom;
        return;
    }
    let y = bottom - row + inset;
    flow.text_at(&imprint.printer, Face::Fang, size, left + size, y);
    let day = format!("{}印发", imprint.day);
    let long = flow.case.width(&day, Face::Fang, size, flow.profile.tightness());
    flow.text_at(&day, Face::Fang, size, left + width - size - long, y);
    flow.rule(top + thick / 2.0, thick, Ink::Black);
    if !copies.is_empty() {
        flow.rule(bottom - row, thin, Ink::Black);
    }
    flow.rule(bottom - thick / 2.0, thick, Ink::Black);
    flow.y = bottom;
}

/// The lines of 抄送, each with its indent: wrapped text aligns after the colon, a full stop ends it.
fn copies_lines(flow: &mut Flow<'_, '_>, imprint: &Imprint, room: f64) -> Vec<(f64, String)> {
    let copies = imprint.copies.trim().trim_end_matches('。');
    if copies.is_empty() {
        return Vec::new();
    }
    let (size, tight) = (flow.profile.small_pt, flow.profile.tightness());
    let lead = flow.case.width("抄送：", Face::Fang, size, tight);
    let chars = Flow::chars(&[Run::new(format!("抄送：{copies}。"))], Face::Fang);
    let wide = flow.wide(&chars, size, tight);
    break_line::lines(&wide, room, room - lead)
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let text = chars[line.start..line.end].iter().map(|one| one.ch).collect();
            (if at == 0 { 0.0 } else { lead }, text)
        })
        .collect()
}
