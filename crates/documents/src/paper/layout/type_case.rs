//! The type case: characters to glyphs of the chosen fonts, with their widths.

use super::{Ink, Item, Placed};
use crate::Result;
use crate::paper::font::{FontFace, FontSource, choose};
use crate::paper::{Block, Face, Paper};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A font with its bytes.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) face: FontFace,
    pub(crate) bytes: Arc<Vec<u8>>,
}

/// Fonts for a document, and for each face those that stand for it, best first.
#[derive(Debug)]
pub(crate) struct Fonts {
    pub(crate) loaded: Vec<Loaded>,
    pub(crate) of_face: HashMap<Face, Vec<usize>>,
}

/// Reads the fonts a document needs: of each chain as many as it takes to write every character.
pub(crate) fn load(source: &dyn FontSource, paper: &Paper) -> Result<Fonts> {
    let chars = chars_of(paper);
    let mut fonts = Fonts { loaded: Vec::new(), of_face: HashMap::new() };
    let mut files: HashMap<usize, Arc<Vec<u8>>> = HashMap::new();
    for face in Face::ALL {
        let mut missing: Vec<char> = chars.iter().copied().collect();
        let mut used = Vec::new();
        for found in choose(source, face)? {
            let known = fonts.loaded.iter().position(|one| one.face == found);
            let at = match known {
                Some(at) => at,
                None => {
                    let bytes = match files.get(&found.file) {
                        Some(bytes) => Arc::clone(bytes),
                        None => source.load(found.file)?,
                    };
                    files.insert(found.file, Arc::clone(&bytes));
                    fonts.loaded.push(Loaded { face: found, bytes });
                    fonts.loaded.len() - 1
                }
            };
            let one = &fonts.loaded[at];
            let Ok(parsed) = ttf_parser::Face::parse(&one.bytes, one.face.index) else { continue };
            let before = missing.len();
            missing.retain(|c| parsed.glyph_index(*c).is_none());
            if used.is_empty() || missing.len() < before {
                used.push(at);
            }
            if missing.is_empty() {
                break;
            }
        }
        fonts.of_face.insert(face, used);
    }
    Ok(fonts)
}

/// Every character of a document, and those layout adds.
fn chars_of(paper: &Paper) -> BTreeSet<char> {
    let mut chars: BTreeSet<char> = "— 0123456789附件抄送印发：。、（）年月日单位签人续表".chars().collect();
    let text =
        |text: &str, chars: &mut BTreeSet<char>| chars.extend(text.chars().filter(|c| !c.is_control()));
    for line in &paper.title {
        text(line, &mut chars);
    }
    text(&paper.addressee, &mut chars);
    text(&paper.remark, &mut chars);
    blocks_of(&paper.blocks, &mut chars);
    for one in &paper.attachments {
        text(&one.title, &mut chars);
        blocks_of(&one.blocks, &mut chars);
    }
    if let Some(head) = &paper.head {
        for part in [&head.serial, &head.marking, &head.urgency, &head.mark, &head.number] {
            text(part, &mut chars);
        }
        head.signers.iter().for_each(|one| text(one, &mut chars));
    }
    if let Some(sign) = &paper.sign {
        text(&sign.unit, &mut chars);
        text(&sign.day, &mut chars);
    }
    if let Some(imprint) = &paper.imprint {
        for part in [&imprint.copies, &imprint.printer, &imprint.day] {
            text(part, &mut chars);
        }
    }
    chars
}

fn blocks_of(blocks: &[Block], chars: &mut BTreeSet<char>) {
    let mut add = |text: &str| chars.extend(text.chars().filter(|c| !c.is_control()));
    for block in blocks {
        match block {
            Block::Heading { runs, then, .. } => runs.iter().chain(then).for_each(|run| add(&run.text)),
            Block::Paragraph(runs) | Block::Centred(runs) => runs.iter().for_each(|run| add(&run.text)),
            Block::Table(table) => {
                add(&table.caption);
                add(&table.unit);
                let cells = table.head.iter().chain(&table.rows).flatten();
                cells.flat_map(|cell| &cell.runs).for_each(|run| add(&run.text));
            }
            Block::Chart(chart) => {
                add(&chart.title);
                add(&chart.unit);
                chart.bars.iter().for_each(|(label, _)| add(label));
            }
            Block::PageBreak => {}
            Block::Landscape(_) => {}
        }
    }
    for block in blocks {
        if let Block::Landscape(inner) = block {
            blocks_of(inner, chars);
        }
    }
}

/// A character's glyph.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glyph {
    pub(crate) font: usize,
    pub(crate) glyph: u16,
    /// Width of an em.
    pub(crate) width: f64,
}

/// Parsed fonts with a memory of what was looked up.
pub(crate) struct TypeCase<'a> {
    pub(crate) parsed: Vec<ttf_parser::Face<'a>>,
    of_face: &'a HashMap<Face, Vec<usize>>,
    known: HashMap<(Face, char), Glyph>,
}

impl<'a> TypeCase<'a> {
    /// Opens the fonts; one that does not parse writes nothing, which [`load`] has excluded.
    pub(crate) fn new(fonts: &'a Fonts) -> Option<TypeCase<'a>> {
        let parsed: Option<Vec<_>> =
            fonts.loaded.iter().map(|one| ttf_parser::Face::parse(&one.bytes, one.face.index).ok()).collect();
        Some(TypeCase { parsed: parsed?, of_face: &fonts.of_face, known: HashMap::new() })
    }

    /// The glyph of a character: of the first font that has it, an empty box of the first one otherwise.
    pub(crate) fn glyph(&mut self, ch: char, face: Face) -> Glyph {
        if let Some(known) = self.known.get(&(face, ch)) {
            return *known;
        }
        let fonts = self.of_face.get(&face).map_or(&[][..], Vec::as_slice);
        let found = fonts.iter().find_map(|font| Some((*font, self.parsed[*font].glyph_index(ch)?)));
        let (font, glyph) = found.unwrap_or((fonts.first().copied().unwrap_or(0), ttf_parser::GlyphId(0)));
        let parsed = &self.parsed[font];
        let advance = f64::from(parsed.glyph_hor_advance(glyph).unwrap_or(parsed.units_per_em()));
        let one = Glyph { font, glyph: glyph.0, width: advance / f64::from(parsed.units_per_em()) };
        self.known.insert((face, ch), one);
        one
    }

    /// How wide a text is, in points. `tight` is the profile's tightness, or 1.
    pub(crate) fn width(&mut self, text: &str, face: Face, size: f64, tight: f64) -> f64 {
        text.chars().map(|ch| self.glyph(ch, face).width * size * tight).sum()
    }

    /// Above and below the base line, in ems: the ink of a character.
    pub(crate) fn ink_of(&mut self, ch: char, face: Face) -> (f64, f64) {
        let glyph = self.glyph(ch, face);
        let parsed = &self.parsed[glyph.font];
        let em = f64::from(parsed.units_per_em());
        match parsed.glyph_bounding_box(ttf_parser::GlyphId(glyph.glyph)) {
            Some(bounds) => (f64::from(bounds.y_max) / em, f64::from(bounds.y_min) / em),
            None => (0.88, -0.12),
        }
    }

    /// How far the middle of a character's ink lies above the base line, in ems.
    pub(crate) fn middle_of(&mut self, ch: char, face: Face) -> f64 {
        let (above, below) = self.ink_of(ch, face);
        (above + below) / 2.0
    }

    /// Sets a text on a base line.
    #[expect(clippy::too_many_arguments, reason = "a place, a type and a text are all needed to set a line")]
    pub(crate) fn set(
        &mut self,
        text: &str,
        face: Face,
        size: f64,
        tight: f64,
        x: f64,
        y: f64,
        ink: Ink,
    ) -> Vec<Item> {
        let mut at = x;
        let mut glyphs = Vec::new();
        for ch in text.chars() {
            let glyph = self.glyph(ch, face);
            glyphs.push((glyph.font, Placed { x: at, glyph: glyph.glyph, ch }));
            at += glyph.width * size * tight;
        }
        items_of(glyphs, size, y, ink)
    }
}

/// Joins neighbours of one font.
pub(crate) fn items_of(glyphs: Vec<(usize, Placed)>, size: f64, y: f64, ink: Ink) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for (font, placed) in glyphs {
        match items.last_mut() {
            Some(Item::Text { font: last, glyphs, .. }) if *last == font => glyphs.push(placed),
            _ => items.push(Item::Text { y, size, font, ink, glyphs: vec![placed] }),
        }
    }
    items
}
