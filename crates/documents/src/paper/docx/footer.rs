//! Page numbers `— 1 —`, one character in from the outer edge, their dashes below the type area.

use super::parts::{HEAD, W};
use super::twips;
use crate::paper::{MM, Profile};

/// English metric units of a millimetre.
const EMU: f64 = 36_000.0;
/// How thick and how long the box of a number on a page read across is, in millimetres.
const BOX_THICK_MM: f64 = 8.0;
const BOX_LONG_MM: f64 = 40.0;

/// The runs of a number.
fn number(profile: &Profile) -> String {
    let half = (profile.small_pt * 2.0).round() as i64;
    let run = format!(
        "<w:rPr><w:rFonts w:ascii=\"宋体\" w:hAnsi=\"宋体\" w:eastAsia=\"宋体\"/><w:sz w:val=\"{half}\"/></w:rPr>"
    );
    format!(
        "<w:r>{run}<w:t xml:space=\"preserve\">— </w:t></w:r><w:r>{run}<w:fldChar w:fldCharType=\"begin\"/></w:r><w:r>{run}<w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r>{run}<w:fldChar w:fldCharType=\"separate\"/></w:r><w:r>{run}<w:t>1</w:t></w:r><w:r>{run}<w:fldChar w:fldCharType=\"end\"/></w:r><w:r>{run}<w:t xml:space=\"preserve\"> —</w:t></w:r>"
    )
}

/// The number of an upright page: `right` on odd ones, `left` on even ones.
pub(super) fn upright(profile: &Profile, side: &str) -> String {
    let inset = twips(profile.body_pt);
    format!(
        "{HEAD}<w:ftr {W}><w:p><w:pPr><w:snapToGrid w:val=\"0\"/><w:ind w:left=\"{inset}\" w:right=\"{inset}\"/><w:jc w:val=\"{side}\"/></w:pPr>{}</w:p></w:ftr>",
        number(profile)
    )
}

/// The number of a page read across stands where it stands on the other pages when the sheet is held upright: at the
/// left of the page as it is read, turned, at its foot on odd pages and at its head on even ones.
pub(super) fn across(profile: &Profile, odd: bool) -> String {
    let p = profile;
    let below = p.paper_height_mm - p.top_mm - p.area_height_mm;
    let right = p.paper_width_mm - p.left_mm - p.area_width_mm;
    let character = p.body_pt / MM;
    let x = below - p.page_number_mm - BOX_THICK_MM / 2.0;
    let y = if odd { p.paper_width_mm - right - character - BOX_LONG_MM } else { p.left_mm + character };
    let side = if odd { "right" } else { "left" };
    let emu = |mm: f64| (mm * EMU).round() as i64;
    let (thick, long) = (emu(BOX_THICK_MM), emu(BOX_LONG_MM));
    format!(
        "{HEAD}<w:ftr {W} xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"><w:p><w:pPr><w:snapToGrid w:val=\"0\"/></w:pPr><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wp:anchor distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\" simplePos=\"0\" relativeHeight=\"1\" behindDoc=\"0\" locked=\"0\" layoutInCell=\"1\" allowOverlap=\"1\"><wp:simplePos x=\"0\" y=\"0\"/><wp:positionH relativeFrom=\"page\"><wp:posOffset>{}</wp:posOffset></wp:positionH><wp:positionV relativeFrom=\"page\"><wp:posOffset>{}</wp:posOffset></wp:positionV><wp:extent cx=\"{thick}\" cy=\"{long}\"/><wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/><wp:wrapNone/><wp:docPr id=\"{}\" name=\"页码\"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"><wps:wsp><wps:cNvSpPr txBox=\"1\"/><wps:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{thick}\" cy=\"{long}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent><w:p><w:pPr><w:snapToGrid w:val=\"0\"/><w:jc w:val=\"{side}\"/></w:pPr>{}</w:p></w:txbxContent></wps:txbx><wps:bodyPr vert=\"vert\" wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"ctr\"><a:noAutofit/></wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r></w:p></w:ftr>",
        emu(x),
        emu(y),
        if odd { 9_001 } else { 9_002 },
        number(profile)
    )
}
