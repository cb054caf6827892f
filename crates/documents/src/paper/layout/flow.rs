//! Lines flowing down sheets.

use super::type_case::{TypeCase, items_of};
use super::{Ink, Item, Placed, Sheet};
use crate::paper::break_line::{self, Line, Wide};
use crate::paper::{Face, MM, Profile, Run};

/// How far below the top of a character's square its base line lies, in ems: what Chinese fonts share.
pub(super) const ASCENT: f64 = 0.88;
/// A line short by no more than this, in ems, is spread to the full width.
const SPREAD_EMS_MAX: f64 = 2.5;

/// How a paragraph is set. Lengths are points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) face: Face,
    pub(super) size: f64,
    /// From line to line.
    pub(super) pitch: f64,
    pub(super) tight: f64,
    pub(super) first_indent: f64,
    pub(super) indent: f64,
    pub(super) centred: bool,
}

impl Style {
    pub(super) fn body(profile: &Profile) -> Style {
        Style {
            face: Face::Fang,
            size: profile.body_pt,
            pitch: profile.line_pt(),
            tight: profile.tightness(),
            first_indent: 2.0 * profile.character_pt(),
            indent: 0.0,
            centred: false,
        }
    }

    pub(super) fn title(profile: &Profile) -> Style {
        Style {
            face: Face::Title,
            size: profile.title_pt,
            pitch: profile.title_pitch_pt,
            tight: 1.0,
            first_indent: 0.0,
            indent: 0.0,
            centred: true,
        }
    }
}

/// A character of a paragraph with what it carries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Char {
    pub(super) ch: char,
    pub(super) face: Face,
    pub(super) note: Option<usize>,
}

/// The sheets being filled.
pub(super) struct Flow<'p, 'c> {
    pub(super) profile: &'p Profile,
    pub(super) case: &'p mut TypeCase<'c>,
    sheets: Vec<Sheet>,
    /// Top of the next line, in points below the top of the sheet.
    pub(super) y: f64,
    landscape: bool,
    /// Something stands on the sheet.
    inked: bool,
    /// First item and top of the last lines of the paragraph just set, on this sheet.
    tail: Vec<(usize, f64)>,
}

impl<'p, 'c> Flow<'p, 'c> {
    pub(super) fn new(profile: &'p Profile, case: &'p mut TypeCase<'c>) -> Self {
        let first = Sheet { numbered: true, ..Sheet::default() };
        let y = profile.top_mm * MM;
        Flow { profile, case, sheets: vec![first], y, landscape: false, inked: false, tail: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Sheet> {
        self.sheets
    }

    /// Left, top, width and height of the type area of the sheet, in points as it is read. A sheet read across has
    /// its head at the binding edge of odd and at the cut edge of even pages: both are the left of the upright sheet.
    pub(super) fn area(&self) -> (f64, f64, f64, f64) {
        let p = self.profile;
        if self.landscape {
            let below = p.paper_height_mm - p.top_mm - p.area_height_mm;
            (below * MM, p.left_mm * MM, p.area_height_mm * MM, p.area_width_mm * MM)
        } else {
            (p.left_mm * MM, p.top_mm * MM, p.area_width_mm * MM, p.area_height_mm * MM)
        }
    }

    pub(super) fn bottom(&self) -> f64 {
        let (_, top, _, height) = self.area();
        top + height
    }

    /// Points left on the sheet.
    pub(super) fn left(&self) -> f64 {
        self.bottom() - self.y
    }

    pub(super) fn is_fresh(&self) -> bool {
        !self.inked
    }

    pub(super) fn new_page(&mut self) {
        self.sheets.push(Sheet { numbered: true, landscape: self.landscape, ..Sheet::default() });
        self.y = self.area().1;
        self.inked = false;
        self.tail.clear();
    }

    /// Begins a new page with the last two lines of the text, so that what follows does not stand there alone.
    pub(super) fn carry_over(&mut self) {
        let lines = self.tail.len().min(2);
        let Some(&(first, top)) = self.tail.get(self.tail.len() - lines).filter(|_| lines > 0) else {
            return self.new_page();
        };
        let height = self.y - top;
        let mut moved = self.sheets.last_mut().map_or_else(Vec::new, |sheet| sheet.items.split_off(first));
        let fresh = self.sheets.last().is_some_and(|sheet| sheet.items.is_empty());
        if !fresh {
            self.new_page();
        } else {
            self.y = self.area().1;
        }
        let by = self.y - top;
        for item in &mut moved {
            match item {
                Item::Text { y, .. } | Item::Fill { y, .. } | Item::Note { y, .. } => *y += by,
            }
        }
        self.put(moved);
        self.y += height;
    }

    /// The next sheets are read across, or upright again.
    pub(super) fn turn(&mut self, landscape: bool) {
        if self.landscape == landscape {
            return;
        }
        self.landscape = landscape;
        if self.inked {
            self.new_page();
        } else {
            if let Some(sheet) = self.sheets.last_mut() {
                sheet.landscape = landscape;
            }
            self.y = self.area().1;
        }
    }

    /// Begins a new page unless so many points are left.
    pub(super) fn keep(&mut self, points: f64) {
        // A hundredth of a point is what adding up twenty-two lines may lose.
        if self.left() + 0.01 < points && !self.is_fresh() {
            self.new_page();
        }
    }

    /// Blank lines; none at the top of a page.
    pub(super) fn blank(&mut self, lines: f64) {
        self.y = (self.y + lines * self.profile.line_pt()).min(self.bottom());
    }

    /// Moves down to the next line of the grid, so that what follows stands on it again.
    pub(super) fn snap(&mut self) {
        let (_, top, _, _) = self.area();
        let pitch = self.profile.line_pt();
        self.y = top + ((self.y - top - 0.01) / pitch).ceil().max(0.0) * pitch;
    }

    pub(super) fn put(&mut self, items: impl IntoIterator<Item = Item>) {
        self.inked = true;
        self.tail.clear();
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.items.extend(items);
        }
    }

    pub(super) fn unnumbered(&mut self) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.numbered = false;
        }
    }

    pub(super) fn rule(&mut self, y: f64, thickness: f64, ink: Ink) {
        let (left, _, width, _) = self.area();
        self.put([Item::Fill { x: left, y: y - thickness / 2.0, width, height: thickness, ink }]);
    }

    /// A text at a place, its square's top at `y`.
    pub(super) fn text_at(&mut self, text: &str, face: Face, size: f64, x: f64, y: f64) {
        let tight = self.profile.tightness();
        let items = self.case.set(text, face, size, tight, x, y + ASCENT * size, Ink::Black);
        self.put(items);
    }

    pub(super) fn chars(runs: &[Run], face: Face) -> Vec<Char> {
        runs.iter()
            .flat_map(|run| {
                run.text.chars().filter(|c| !c.is_control()).map(move |ch| Char {
                    ch,
                    face: run.face.unwrap_or(face),
                    note: run.note,
                })
            })
            .collect()
    }

    pub(super) fn wide(&mut self, chars: &[Char], size: f64, tight: f64) -> Vec<Wide> {
        chars
            .iter()
            .map(|one| Wide { ch: one.ch, width: self.case.glyph(one.ch, one.face).width * size * tight })
            .collect()
    }

    /// A paragraph, line by line.
    pub(super) fn paragraph(&mut self, runs: &[Run], style: &Style) {
        let chars = Self::chars(runs, style.face);
        let wide = self.wide(&chars, style.size, style.tight);
        let (left, _, width, _) = self.area();
        let lines = break_line::lines(&wide, width - style.first_indent, width - style.indent);
        let count = lines.len();
        let mut tail: Vec<(usize, f64)> = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            if self.left() + 0.01 < style.pitch {
                tail.clear();
            }
            self.keep(style.pitch);
            tail.push((self.sheets.last().map_or(0, |sheet| sheet.items.len()), self.y));
            let indent = if at == 0 { style.first_indent } else { style.indent };
            let (mut x, room) = (left + indent, width - indent);
            if style.centred {
                x = left + (width - line.width) / 2.0;
            }
            let spread = if at + 1 < count && !style.centred { room } else { 0.0 };
            let y = self.y;
            let items = self.line(&chars, &wide, line, (x, y, spread), style);
            self.put(items);
            self.y += style.pitch;
        }
        self.tail = tail;
    }

    /// One line at a place `(x, top, room)`; spread to the room where it is nearly as wide.
    pub(super) fn line(
        &mut self,
        chars: &[Char],
        wide: &[Wide],
        line: &Line,
        (x, top, room): (f64, f64, f64),
        style: &Style,
    ) -> Vec<Item> {
        let gaps = (line.end - line.start).saturating_sub(1);
        let short = room - line.width;
        let spread = if short > 0.1 && short < SPREAD_EMS_MAX * style.size && gaps > 0 {
            short / gaps as f64
        } else {
            0.0
        };
        let base = top + ASCENT * style.size;
        let mut glyphs = Vec::new();
        let mut notes: Vec<(usize, f64, f64)> = Vec::new();
        let mut at = x;
        for place in line.start..line.end {
            let one = chars[place];
            let glyph = self.case.glyph(one.ch, one.face);
            glyphs.push((glyph.font, Placed { x: at, glyph: glyph.glyph, ch: one.ch }));
            let end = at + wide[place].width;
            if let Some(note) = one.note {
                match notes.last_mut() {
                    Some((last, _, to)) if *last == note && (at - *to) < spread + 0.01 => *to = end,
                    _ => notes.push((note, at, end)),
                }
            }
            at = end + spread;
        }
        let mut items = items_of(glyphs, style.size, base, Ink::Black);
        items.extend(notes.into_iter().map(|(note, from, to)| Item::Note {
            x: from,
            y: top,
            width: to - from,
            height: style.size * 1.1,
            note,
        }));
        items
    }

    /// A line of the title, broken by itself where it is too long.
    pub(super) fn title_line(&mut self, text: &str, style: &Style) {
        let chars = Self::chars(&[Run::new(text)], style.face);
        let wide = self.wide(&chars, style.size, style.tight);
        let (left, _, width, _) = self.area();
        for line in break_line::balanced(&wide, width) {
            self.keep(style.pitch);
            let x = left + (width - line.width) / 2.0;
            let y = self.y;
            let items = self.line(&chars, &wide, &line, (x, y, 0.0), style);
            self.put(items);
            self.y += style.pitch;
        }
    }
}
