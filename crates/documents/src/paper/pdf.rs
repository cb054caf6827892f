//! PDF: the sheets of the layout with the fonts they need embedded, cut down to the characters used.

use super::font::FontSource;
use super::layout::{Fonts, Ink, Item, Placed, Sheet, TypeCase, lay_out, load};
use super::{Face, MM, Paper, Profile};
use crate::{DocumentError, Result};
use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::types::{
    ActionType, AnnotationFlags, AnnotationType, CidFontType, FontFlags, SystemInfo, UnicodeCmap,
};
use pdf_writer::{Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::collections::BTreeMap;
use std::io::Write;
use subsetter::GlyphRemapper;

/// A written PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its pages.
    pub pages: usize,
    /// Which font stands for which face, by name: the first of each is the one nearly all characters are set in.
    pub fonts: Vec<(Face, String)>,
}

const SYSTEM: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// What PDF measures glyphs in, of an em.
const EM: f64 = 1000.0;

/// Lays out a document by a profile and writes it.
///
/// # Errors
/// [`DocumentError::NoChineseFont`]; [`DocumentError::Write`] where a font cannot be cut down.
pub fn write(paper: &Paper, profile: &Profile, source: &dyn FontSource) -> Result<Written> {
    let fonts = load(source, paper)?;
    let mut case = TypeCase::new(&fonts).ok_or(DocumentError::NoChineseFont)?;
    let sheets = lay_out(paper, profile, &mut case);
    let named = named(&fonts);
    let mut writer = Writer {
        pdf: Pdf::new(),
        next: 1,
        remappers: fonts.loaded.iter().map(|_| GlyphRemapper::new()).collect(),
        chars: fonts.loaded.iter().map(|_| BTreeMap::new()).collect(),
        refs: Vec::new(),
        case: &case,
        profile,
    };
    let catalog = writer.id();
    let tree = writer.id();
    writer.refs = (0..fonts.loaded.len()).map(|_| writer.id()).collect();
    let pages: Vec<Ref> = sheets.iter().map(|_| writer.id()).collect();
    writer.pdf.catalog(catalog).pages(tree).lang(TextStr("zh-CN"));
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    writer.pdf.pages(tree).kids(pages.iter().copied()).count(count);
    for (sheet, id) in sheets.iter().zip(&pages) {
        writer.sheet(sheet, *id, tree, paper);
    }
    for (at, loaded) in fonts.loaded.iter().enumerate() {
        if writer.chars[at].is_empty() {
            writer.unused(at);
        } else {
            writer.font(at, &loaded.bytes, loaded.face.index)?;
        }
    }
    writer.info(paper, &named);
    Ok(Written { bytes: writer.pdf.finish(), pages: sheets.len(), fonts: named })
}

fn named(fonts: &Fonts) -> Vec<(Face, String)> {
    let mut named = Vec::new();
    for face in Face::ALL {
        for at in fonts.of_face.get(&face).into_iter().flatten() {
            named.push((face, fonts.loaded[*at].face.shown.clone()));
        }
    }
    named
}

struct Writer<'a, 'f> {
    pdf: Pdf,
    next: i32,
    remappers: Vec<GlyphRemapper>,
    /// By glyph of the written font: its character and width.
    chars: Vec<BTreeMap<u16, (char, f64)>>,
    refs: Vec<Ref>,
    case: &'a TypeCase<'f>,
    profile: &'a Profile,
}

impl Writer<'_, '_> {
    fn id(&mut self) -> Ref {
        self.next += 1;
        Ref::new(self.next - 1)
    }

    fn sheet(&mut self, sheet: &Sheet, id: Ref, tree: Ref, paper: &Paper) {
        let content_id = self.id();
        let (width, height) = (self.profile.paper_width_mm * MM, self.profile.paper_height_mm * MM);
        let mut content = Content::new();
        let read_height = if sheet.landscape { width } else { height };
        content.save_state();
        if sheet.landscape {
            // The sheet lies upright in the file with its text turned, and is shown turned back.
            content.transform([0.0, 1.0, -1.0, 0.0, width as f32, 0.0]);
        }
        self.items(&mut content, &sheet.items, read_height);
        content.restore_state();
        self.items(&mut content, &sheet.upright, height);
        let packed = packed(&content.finish());
        self.pdf.stream(content_id, &packed).filter(Filter::FlateDecode);
        let notes = self.annotations(sheet, paper, (width, height));
        let refs = self.refs.clone();
        let mut page = self.pdf.page(id);
        page.parent(tree).media_box(Rect::new(0.0, 0.0, width as f32, height as f32)).contents(content_id);
        if sheet.landscape {
            page.rotate(90);
        }
        if !notes.is_empty() {
            page.annotations(notes);
        }
        let mut resources = page.resources();
        let mut fonts = resources.fonts();
        for (at, font) in refs.iter().enumerate() {
            fonts.pair(Name(format!("F{at}").as_bytes()), *font);
        }
    }

    fn items(&mut self, content: &mut Content, items: &[Item], height: f64) {
        for item in items {
            match item {
                Item::Fill { x, y, width, height: tall, ink } => {
                    colour(content, *ink);
                    content.rect(*x as f32, (height - y - tall) as f32, *width as f32, *tall as f32);
                    content.fill_nonzero();
                }
                Item::Text { y, size, font, ink, glyphs } => {
                    colour(content, *ink);
                    self.text(content, (height - y, *size, *font), glyphs);
                }
                Item::Note { .. } => {}
            }
        }
    }

    /// Every glyph stands where the layout put it; the distances are written between them.
    fn text(&mut self, content: &mut Content, (y, size, font): (f64, f64, usize), glyphs: &[Placed]) {
        let Some(first) = glyphs.first() else { return };
        let parsed = &self.case.parsed[font];
        let em = f64::from(parsed.units_per_em());
        content.begin_text();
        content.set_font(Name(format!("F{font}").as_bytes()), size as f32);
        content.set_text_matrix([1.0, 0.0, 0.0, 1.0, first.x as f32, y as f32]);
        let mut positioned = content.show_positioned();
        let mut items = positioned.items();
        let mut at = first.x;
        let mut run: Vec<u8> = Vec::new();
        for placed in glyphs {
            let id = ttf_parser::GlyphId(placed.glyph);
            let width = f64::from(parsed.glyph_hor_advance(id).unwrap_or(0)) / em;
            let new = self.remappers[font].remap(placed.glyph);
            self.chars[font].entry(new).or_insert((placed.ch, width));
            let off = (at - placed.x) / size * EM;
            // A tenth of a thousandth of an em shows on no paper.
            if off.abs() > 0.1 {
                if !run.is_empty() {
                    items.show(Str(&run));
                    run.clear();
                }
                items.adjust(off as f32);
                at = placed.x;
            }
            run.extend(new.to_be_bytes());
            at += width * size;
        }
        items.show(Str(&run));
        items.finish();
        positioned.finish();
        content.end_text();
    }

    /// A figure's link and its note: hovering shows what it means, clicking opens it.
    fn annotations(&mut self, sheet: &Sheet, paper: &Paper, (width, height): (f64, f64)) -> Vec<Ref> {
        let mut ids = Vec::new();
        for item in &sheet.items {
            let Item::Note { x, y, width: wide, height: tall, note } = item else { continue };
            let Some(note) = paper.notes.get(*note) else { continue };
            let rect = if sheet.landscape {
                Rect::new(*y as f32, *x as f32, (y + tall) as f32, (x + wide) as f32)
            } else {
                let low = height - y - tall;
                Rect::new(*x as f32, low as f32, (x + wide) as f32, (low + tall) as f32)
            };
            debug_assert!(f64::from(rect.x2) <= width + 1.0);
            let id = self.id();
            let mut one = self.pdf.annotation(id);
            // Readers show the words of a link only as where it leads.
            let kind = if note.href.is_empty() { AnnotationType::Square } else { AnnotationType::Link };
            one.subtype(kind).rect(rect).contents(TextStr(&note.text));
            one.border(0.0, 0.0, 0.0, None).flags(AnnotationFlags::PRINT);
            if !note.href.is_empty() {
                one.action().action_type(ActionType::Uri).uri(Str(note.href.as_bytes()));
            }
            one.finish();
            ids.push(id);
        }
        ids
    }

    /// A font no character was taken from still has a number that pages name.
    fn unused(&mut self, at: usize) {
        let id = self.refs[at];
        self.pdf.type1_font(id).base_font(Name(b"Times-Roman"));
    }

    fn font(&mut self, at: usize, bytes: &[u8], index: u32) -> Result<()> {
        let fail = |detail: String| DocumentError::Write { detail };
        let subset = subsetter::subset(bytes, index, &self.remappers[at]).map_err(|e| fail(e.to_string()))?;
        let raw = ttf_parser::RawFace::parse(&subset, 0).map_err(|e| fail(e.to_string()))?;
        let cff = raw.table(ttf_parser::Tag::from_bytes(b"CFF "));
        let parsed = &self.case.parsed[at];
        let per_em = EM / f64::from(parsed.units_per_em());
        let scale = |value: i16| (f64::from(value) * per_em) as f32;
        let bounds = parsed.global_bounding_box();
        let bbox =
            Rect::new(scale(bounds.x_min), scale(bounds.y_min), scale(bounds.x_max), scale(bounds.y_max));
        let (ascent, descent) = (scale(parsed.ascender()), scale(parsed.descender()));
        let cap = parsed.capital_height().map_or(ascent, scale);
        let name = base_name(parsed, at);
        let (cid, descriptor, file, cmap) = (self.id(), self.id(), self.id(), self.id());
        let font = self.refs[at];
        self.pdf
            .type0_font(font)
            .base_font(Name(name.as_bytes()))
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(cmap);
        let mut one = self.pdf.cid_font(cid);
        one.subtype(if cff.is_some() { CidFontType::Type0 } else { CidFontType::Type2 });
        one.base_font(Name(name.as_bytes())).system_info(SYSTEM).font_descriptor(descriptor);
        one.default_width(EM as f32);
        if cff.is_none() {
            one.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        let mut widths = one.widths();
        for (glyph, (_, width)) in &self.chars[at] {
            widths.consecutive(*glyph, [(width * EM) as f32]);
        }
        widths.finish();
        one.finish();
        let mut described = self.pdf.font_descriptor(descriptor);
        described.name(Name(name.as_bytes())).flags(FontFlags::SYMBOLIC).bbox(bbox);
        described.italic_angle(0.0).ascent(ascent).descent(descent).cap_height(cap).stem_v(80.0);
        if cff.is_some() {
            described.font_file3(file)
        } else {
            described.font_file2(file)
        };
        described.finish();
        let data = packed(cff.unwrap_or(&subset));
        let mut stream = self.pdf.stream(file, &data);
        stream.filter(Filter::FlateDecode);
        if cff.is_some() {
            stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        }
        stream.finish();
        let mut map = UnicodeCmap::new(Name(b"Custom"), SYSTEM);
        for (glyph, (ch, _)) in &self.chars[at] {
            map.pair(*glyph, *ch);
        }
        let map = map.finish();
        self.pdf.cmap(cmap, &map);
        Ok(())
    }

    fn info(&mut self, paper: &Paper, fonts: &[(Face, String)]) {
        let id = self.id();
        let title = paper.title_line();
        let fonts: Vec<String> =
            fonts.iter().map(|(face, name)| format!("{}：{name}", face.label())).collect();
        let mut info = self.pdf.document_info(id);
        info.title(TextStr(&title)).author(TextStr(&paper.identity.author)).creator(TextStr("Bihuan 闭环"));
        // What a reader of the file sees of its fonts.
        info.subject(TextStr(&format!("版式：{}；所用字体：{}", self.profile.name, fonts.join("，"))));
        if !paper.identity.key.is_empty() {
            info.keywords(TextStr(&paper.identity.mark()));
        }
        if let Some(date) = date_of(&paper.identity.day) {
            info.creation_date(date);
        }
    }
}

/// The name with the six letters that mark a font as cut down.
fn base_name(parsed: &ttf_parser::Face<'_>, at: usize) -> String {
    let found = parsed.names().into_iter().find(|n| n.name_id == ttf_parser::name_id::POST_SCRIPT_NAME);
    let name: String = found.and_then(|name| name.to_string()).unwrap_or_else(|| "Font".to_owned());
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let letter = char::from(b'A' + u8::try_from(at % 26).unwrap_or(0));
    format!("BIHUA{letter}+{name}")
}

fn date_of(day: &str) -> Option<Date> {
    let mut parts = day.split('-');
    let year = parts.next()?.parse().ok()?;
    let (month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Date::new(year).month(month).day(day))
}

fn colour(content: &mut Content, ink: Ink) {
    match ink {
        Ink::Black => content.set_fill_rgb(0.0, 0.0, 0.0),
        Ink::Red => content.set_fill_rgb(1.0, 0.0, 0.0),
        Ink::Grey => content.set_fill_rgb(0.55, 0.6, 0.68),
    };
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    // Writing into memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
