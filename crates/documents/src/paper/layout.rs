//! A document placed on sheets: every character at its point on the profile's grid.

mod ends;
mod flow;
mod table;
mod type_case;

use super::{Block, Face, Form, Paper, Profile, Run};
pub(crate) use ends::{LETTER_FOOT_MM, LETTER_GAP_MM, LETTER_LINE_MM, LETTER_THICK_MM, LETTER_THIN_MM};
use flow::{Flow, Style};
pub(crate) use type_case::{Fonts, TypeCase, load};

/// Colours of official documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    Red,
    Grey,
}

/// Something at its place: points from the upper left corner of the sheet as it is read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// Characters on one base line, each at its own x.
    Text { y: f64, size: f64, font: usize, ink: Ink, glyphs: Vec<Placed> },
    /// A filled rectangle; lines are thin ones.
    Fill { x: f64, y: f64, width: f64, height: f64, ink: Ink },
    /// A figure that says what it means.
    Note { x: f64, y: f64, width: f64, height: f64, note: usize },
}

/// A glyph at its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placed {
    pub(crate) x: f64,
    pub(crate) glyph: u16,
    pub(crate) ch: char,
}

/// One side of a leaf.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Sheet {
    /// Read across.
    pub(crate) landscape: bool,
    /// Bears its number.
    pub(crate) numbered: bool,
    pub(crate) items: Vec<Item>,
    /// Page number and the like, placed upright whatever the sheet.
    pub(crate) upright: Vec<Item>,
}

/// Lays out a document.
pub(crate) fn lay_out(paper: &Paper, profile: &Profile, case: &mut TypeCase<'_>) -> Vec<Sheet> {
    let mut flow = Flow::new(profile, case);
    ends::head(&mut flow, paper);
    title(&mut flow, &paper.title, paper.head.is_some() || paper.form != Form::Ordinary);
    if !paper.addressee.is_empty() {
        let text = format!("{}：", paper.addressee);
        flow.paragraph(&[Run::new(text)], &Style { first_indent: 0.0, ..Style::body(profile) });
    }
    blocks(&mut flow, &paper.blocks);
    ends::attachment_names(&mut flow, paper);
    ends::sign(&mut flow, paper);
    for (at, attachment) in paper.attachments.iter().enumerate() {
        flow.new_page();
        let number = if paper.attachments.len() == 1 { String::new() } else { (at + 1).to_string() };
        let style = Style { face: Face::Hei, first_indent: 0.0, ..Style::body(profile) };
        flow.paragraph(&[Run::new(format!("附件{number}"))], &style);
        flow.blank(1.0);
        title(&mut flow, std::slice::from_ref(&attachment.title), false);
        blocks(&mut flow, &attachment.blocks);
    }
    ends::imprint(&mut flow, paper);
    let mut sheets = flow.finish();
    number_pages(&mut sheets, profile, case, paper.form);
    sheets
}

fn title(flow: &mut Flow<'_, '_>, lines: &[String], below_head: bool) {
    if lines.iter().all(String::is_empty) {
        return;
    }
    if below_head {
        flow.blank(flow.profile.title_blank_lines);
    }
    let style = Style::title(flow.profile);
    for line in lines {
        flow.title_line(line, &style);
    }
    // The blank line begins where the last line's characters end.
    flow.y -= style.pitch - style.size;
    flow.blank(flow.profile.text_blank_lines);
}

fn blocks(flow: &mut Flow<'_, '_>, blocks: &[Block]) {
    let profile = flow.profile;
    for (at, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading { level, runs, then } => {
                let face = heading_face(*level);
                let mut all: Vec<Run> =
                    runs.iter().map(|run| Run { face: run.face.or(Some(face)), ..run.clone() }).collect();
                all.extend(then.iter().cloned());
                if at + 1 < blocks.len() {
                    // A heading never stands alone at the bottom of a page.
                    flow.keep(2.0 * profile.line_pt());
                }
                flow.paragraph(&all, &Style::body(profile));
            }
            Block::Paragraph(runs) => flow.paragraph(runs, &Style::body(profile)),
            Block::Centred(runs) => {
                flow.paragraph(runs, &Style { centred: true, first_indent: 0.0, ..Style::body(profile) });
            }
            Block::Table(one) => table::table(flow, one),
            Block::Chart(one) => table::chart(flow, one),
            Block::PageBreak => flow.new_page(),
            Block::Landscape(inner) => {
                flow.turn(true);
                self::blocks(flow, inner);
                flow.turn(false);
            }
        }
    }
}

/// 一、 黑体, （一） 楷体, 1. and （1） 仿宋.
pub(crate) fn heading_face(level: u8) -> Face {
    match level {
        1 => Face::Hei,
        2 => Face::Kai,
        _ => Face::Fang,
    }
}

/// `— 1 —` at the outer edge: odd pages right, even pages left, one character in; a letter's first page has none.
fn number_pages(sheets: &mut [Sheet], profile: &Profile, case: &mut TypeCase<'_>, form: Form) {
    let size = profile.small_pt;
    let left = profile.left_mm * super::MM;
    let right = left + profile.area_width_mm * super::MM;
    let bottom = (profile.top_mm + profile.area_height_mm) * super::MM;
    let line = bottom + profile.page_number_mm * super::MM;
    for (at, sheet) in sheets.iter_mut().enumerate() {
        if !sheet.numbered || (form == Form::Letter && at == 0) {
            continue;
        }
        let text = format!("— {} —", at + 1);
        let width = case.width(&text, Face::Song, size, 1.0);
        let x = if at % 2 == 0 { right - profile.body_pt - width } else { left + profile.body_pt };
        // The dash itself, not the line of type, lies at its distance below the type area.
        let rise = case.middle_of('—', Face::Song) * size;
        sheet.upright.extend(case.set(&text, Face::Song, size, 1.0, x, line + rise, Ink::Black));
    }
}
