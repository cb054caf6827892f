//! The parts of the package around the text.

use super::{Writer, escaped, footer, mm, twips};
use crate::paper::{Face, Form, Profile};
use crate::{DocumentError, Result};
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Relations every document has: styles, settings, three footers, comments, fonts, two footers of pages read across.
pub(super) const FIXED_RELATIONS: usize = 9;

pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
pub(super) const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CONTENT: &str = "application/vnd.openxmlformats-officedocument";

/// The last properties of a section: paper, margins, grid, footers.
pub(super) fn section(profile: &Profile, landscape: bool, form: Form) -> String {
    let p = profile;
    let right = p.paper_width_mm - p.left_mm - p.area_width_mm;
    let bottom = p.paper_height_mm - p.top_mm - p.area_height_mm;
    let (width, height) = (mm(p.paper_width_mm), mm(p.paper_height_mm));
    let size = if landscape {
        format!("<w:pgSz w:w=\"{height}\" w:h=\"{width}\" w:orient=\"landscape\"/>")
    } else {
        format!("<w:pgSz w:w=\"{width}\" w:h=\"{height}\"/>")
    };
    let (top, right, bottom, left) =
        if landscape { (p.left_mm, p.top_mm, right, bottom) } else { (p.top_mm, right, bottom, p.left_mm) };
    // The footer's line stands with its middle at the dash's place.
    let below = bottom - p.page_number_mm - p.small_pt / 2.0 / super::super::MM;
    let title_page = if form == Form::Letter && !landscape { "<w:titlePg/>" } else { "" };
    let (odd, even) = if landscape { ("rId8", "rId9") } else { ("rId3", "rId4") };
    format!(
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"{odd}\"/><w:footerReference w:type=\"even\" r:id=\"{even}\"/><w:footerReference w:type=\"first\" r:id=\"rId5\"/>{size}<w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" w:left=\"{}\" w:header=\"851\" w:footer=\"{}\" w:gutter=\"0\"/>{title_page}<w:docGrid w:type=\"lines\" w:linePitch=\"{}\"/></w:sectPr>",
        mm(top),
        mm(right),
        mm(bottom),
        mm(left),
        mm(below.max(5.0)),
        twips(p.line_pt())
    )
}

/// Packs the finished text with everything around it.
pub(super) fn packed(writer: Writer<'_>) -> Result<Vec<u8>> {
    let section = section(writer.profile, false, writer.paper.form);
    let document = format!("{HEAD}<w:document {W}><w:body>{}{section}</w:body></w:document>", writer.xml);
    let comments = format!("{HEAD}<w:comments {W}>{}</w:comments>", writer.comments);
    let mut parts: Vec<(String, String)> = vec![
        ("[Content_Types].xml".to_owned(), content_types(writer.charts.len())),
        ("_rels/.rels".to_owned(), package_relations()),
        ("word/document.xml".to_owned(), document),
        ("word/_rels/document.xml.rels".to_owned(), relations(&writer)),
        ("word/styles.xml".to_owned(), styles(writer.profile)),
        ("word/settings.xml".to_owned(), settings()),
        ("word/footer1.xml".to_owned(), footer::upright(writer.profile, "right")),
        ("word/footer2.xml".to_owned(), footer::upright(writer.profile, "left")),
        ("word/footer3.xml".to_owned(), format!("{HEAD}<w:ftr {W}><w:p/></w:ftr>")),
        ("word/footer4.xml".to_owned(), footer::across(writer.profile, true)),
        ("word/footer5.xml".to_owned(), footer::across(writer.profile, false)),
        ("word/comments.xml".to_owned(), comments),
        ("word/fontTable.xml".to_owned(), fonts()),
        ("docProps/core.xml".to_owned(), core(&writer)),
    ];
    for (at, chart) in writer.charts.iter().enumerate() {
        parts.push((format!("word/charts/chart{}.xml", at + 1), chart.clone()));
    }
    let fault = |e: &dyn std::fmt::Display| DocumentError::Write { detail: e.to_string() };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // No time of writing: the same document gives the same bytes.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, xml) in parts {
        zip.start_file(name, options).map_err(|e| fault(&e))?;
        zip.write_all(xml.as_bytes()).map_err(|e| fault(&e))?;
    }
    Ok(zip.finish().map_err(|e| fault(&e))?.into_inner())
}

fn content_types(charts: usize) -> String {
    let mut out = format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    let word = format!("{CONTENT}.wordprocessingml");
    for (part, kind) in [
        ("/word/document.xml", format!("{word}.document.main+xml")),
        ("/word/styles.xml", format!("{word}.styles+xml")),
        ("/word/settings.xml", format!("{word}.settings+xml")),
        ("/word/footer1.xml", format!("{word}.footer+xml")),
        ("/word/footer2.xml", format!("{word}.footer+xml")),
        ("/word/footer3.xml", format!("{word}.footer+xml")),
        ("/word/footer4.xml", format!("{word}.footer+xml")),
        ("/word/footer5.xml", format!("{word}.footer+xml")),
        ("/word/comments.xml", format!("{word}.comments+xml")),
        ("/word/fontTable.xml", format!("{word}.fontTable+xml")),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml".to_owned()),
    ] {
        let _ = write!(out, "<Override PartName=\"{part}\" ContentType=\"{kind}\"/>");
    }
    for at in 1..=charts {
        let _ = write!(
            out,
            "<Override PartName=\"/word/charts/chart{at}.xml\" ContentType=\"{CONTENT}.drawingml.chart+xml\"/>"
        );
    }
    out.push_str("</Types>");
    out
}

fn package_relations() -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{RELATION}/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>"
    )
}

fn relations(writer: &Writer<'_>) -> String {
    let mut out = format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    );
    let fixed = [
        ("styles", "styles.xml"),
        ("settings", "settings.xml"),
        ("footer", "footer1.xml"),
        ("footer", "footer2.xml"),
        ("footer", "footer3.xml"),
        ("comments", "comments.xml"),
        ("fontTable", "fontTable.xml"),
        ("footer", "footer4.xml"),
        ("footer", "footer5.xml"),
    ];
    for (at, (kind, target)) in fixed.iter().enumerate() {
        let _ = write!(
            out,
            "<Relationship Id=\"rId{}\" Type=\"{RELATION}/{kind}\" Target=\"{target}\"/>",
            at + 1
        );
    }
    for (number, kind, target, external) in &writer.relations {
        let mode = if *external { " TargetMode=\"External\"" } else { "" };
        let _ = write!(
            out,
            "<Relationship Id=\"rId{number}\" Type=\"{RELATION}/{kind}\" Target=\"{}\"{mode}/>",
            escaped(target)
        );
    }
    out.push_str("</Relationships>");
    out
}

fn styles(profile: &Profile) -> String {
    let half = (profile.body_pt * 2.0).round() as i64;
    format!(
        "{HEAD}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"仿宋_GB2312\" w:hAnsi=\"仿宋_GB2312\" w:eastAsia=\"仿宋_GB2312\" w:cs=\"Times New Roman\"/><w:sz w:val=\"{half}\"/><w:szCs w:val=\"{half}\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/></w:style></w:styles>"
    )
}

/// What stands in for a font that the reader's machine lacks: first the name in `altName`, then one of its family.
fn fonts() -> String {
    let mut out = format!("{HEAD}<w:fonts {W}>");
    for face in Face::ALL {
        let (instead, family, panose) = match face {
            Face::Fang => ("仿宋", "modern", "02010609030101010101"),
            Face::Title => ("华文中宋", "roman", "02010600040101010101"),
            Face::Hei => ("SimHei", "modern", "02010609060101010101"),
            Face::Kai => ("楷体", "modern", "02010609030101010101"),
            Face::Song => ("SimSun", "roman", "02010600030101010101"),
        };
        let _ = write!(
            out,
            "<w:font w:name=\"{}\"><w:altName w:val=\"{instead}\"/><w:panose1 w:val=\"{panose}\"/><w:charset w:val=\"86\"/><w:family w:val=\"{family}\"/><w:pitch w:val=\"default\"/></w:font>",
            face.docx_name()
        );
    }
    out.push_str("</w:fonts>");
    out
}

fn settings() -> String {
    format!(
        "{HEAD}<w:settings {W}><w:evenAndOddHeaders/><w:characterSpacingControl w:val=\"doNotCompress\"/><w:compat><w:useFELayout/><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
    )
}

fn core(writer: &Writer<'_>) -> String {
    let identity = &writer.paper.identity;
    let created = if identity.day.is_empty() {
        String::new()
    } else {
        format!(
            "<dcterms:created xsi:type=\"dcterms:W3CDTF\">{}T00:00:00Z</dcterms:created>",
            escaped(&identity.day)
        )
    };
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator><cp:keywords>{}</cp:keywords>{created}</cp:coreProperties>",
        escaped(&writer.paper.title_line()),
        escaped(&identity.author),
        escaped(&identity.mark())
    )
}
