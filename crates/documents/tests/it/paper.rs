//! Official documents as PDF and docx.

use crate::paper_support::{fonts, sample};
use bihuan_documents::export::write_tables;
use bihuan_documents::paper::font::{FontFace, FontSource};
use bihuan_documents::paper::{Block, Cell, Profile, Table, docx, identity_of, pdf};
use bihuan_documents::{DocumentError, Result};
use std::sync::Arc;

struct NoFonts;

impl FontSource for NoFonts {
    fn faces(&self) -> &[FontFace] {
        &[]
    }
    fn load(&self, _file: usize) -> Result<Arc<Vec<u8>>> {
        unreachable!("there is no font to load")
    }
}

#[test]
fn without_any_chinese_font_the_error_says_what_to_install() {
    let error = pdf::write(&sample(), &Profile::default(), &NoFonts).unwrap_err();
    assert_eq!(error, DocumentError::NoChineseFont);
    let words = error.to_string();
    assert!(words.contains("fonts-noto-cjk") && words.contains("font_folders"), "{words}");
}

#[test]
fn a_pdf_says_which_document_it_is_and_which_fonts_it_used() {
    let Some(fonts) = fonts() else { return };
    let written = pdf::write(&sample(), &Profile::default(), &fonts).unwrap();
    if let Ok(path) = crate::support::switch("BIHUAN_KEEP_PAPER") {
        std::fs::write(format!("{path}.pdf"), &written.bytes).unwrap();
    }
    assert_eq!(identity_of(&written.bytes).as_deref(), Some("r7-e1"));
    assert!(written.pages >= 5, "{} pages", written.pages);
    assert!(!written.fonts.is_empty());
    let again = pdf::write(&sample(), &Profile::default(), &fonts).unwrap();
    assert_eq!(written.bytes, again.bytes, "the same document gives the same bytes");
}

#[test]
fn a_docx_says_which_document_it_is_repeats_heads_and_comments_figures() {
    let written = docx::write(&sample(), &Profile::default()).unwrap();
    if let Ok(path) = crate::support::switch("BIHUAN_KEEP_PAPER") {
        std::fs::write(format!("{path}.docx"), &written).unwrap();
    }
    assert_eq!(identity_of(&written).as_deref(), Some("r7-e1"));
    assert_eq!(written, docx::write(&sample(), &Profile::default()).unwrap());
    let xml = part(&written, "word/document.xml");
    assert_eq!(xml.matches("<w:tblHeader/>").count(), 2 * 3, "two rows of each table's head");
    assert!(xml.contains("w:orient=\"landscape\"") && xml.contains("云整改办发〔2024〕8号"));
    // A page read across bears its number where the upright pages do: at its left, 28 mm in, at foot and at head.
    assert!(
        xml.contains("w:type=\"default\" r:id=\"rId8\"/>") && xml.contains("w:type=\"even\" r:id=\"rId9\"/>")
    );
    for (name, from_top, side) in [
        ("footer4", 210.0 - 26.0 - 16.0 * 25.4 / 72.0 - 40.0, "right"),
        ("footer5", 28.0 + 16.0 * 25.4 / 72.0, "left"),
    ] {
        let footer = part(&written, &format!("word/{name}.xml"));
        let places: Vec<f64> = footer
            .split("<wp:posOffset>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().parse::<f64>().unwrap() / 36_000.0)
            .collect();
        assert!(
            (places[0] + 4.0 - 28.0).abs() < 0.01 && (places[1] - from_top).abs() < 0.01,
            "{name}: {places:?}"
        );
        assert!(footer.contains(&format!("<w:jc w:val=\"{side}\"/>")) && footer.contains("vert=\"vert\""));
    }
    // 版记 stands on the bottom of the type area: by the page's edge at the left, for LibreOffice floats no other table.
    assert!(xml.contains("w:horzAnchor=\"page\" w:tblpX=\"1587\" w:tblpYSpec=\"bottom\""));
    let comments = part(&written, "word/comments.xml");
    assert_eq!(comments.matches("<w:comment ").count(), 3, "two figures, and one for all bars of the chart");
    let fonts = part(&written, "word/fontTable.xml");
    assert_eq!(fonts.matches("<w:altName ").count(), 5, "every face names what stands in for it");
    assert!(comments.contains("截至第88号记录") && comments.contains("/f/k3x9"));
}

#[test]
fn a_letter_as_docx_has_its_mark_and_red_double_lines_at_their_places() {
    let paper = crate::support::letter();
    let written = docx::write(&paper, &Profile::default()).unwrap();
    if let Ok(path) = crate::support::switch("BIHUAN_KEEP_PAPER") {
        std::fs::write(format!("{path}-letter.docx"), &written).unwrap();
    }
    let xml = part(&written, "word/document.xml");
    let places = |name: &str| -> Vec<f64> {
        let rest = xml.split("<wp:positionV relativeFrom=\"page\">").skip(1);
        let pick = |one: &str| one.split(&format!("<{name}>")).nth(1)?.split('<').next()?.parse::<f64>().ok();
        rest.filter_map(pick).map(|emu| emu / 36_000.0).collect()
    };
    let tops = places("wp:posOffset");
    assert_eq!(tops.len(), 4, "two double lines");
    assert!((tops[3] + 1.0 - 277.0).abs() < 0.01, "20 mm above the foot of the paper: {tops:?}");
    assert_eq!(xml.matches(&format!("<wp:extent cx=\"{}\"", 170 * 36_000)).count(), 4, "170 mm wide");
    assert!(xml.contains("w:vAnchor=\"page\"") && !xml.contains("w:space=\"11\""), "{xml}");
}

#[test]
fn signers_of_a_docx_stand_two_on_a_line() {
    let mut paper = sample();
    let names = ["甲某", "乙某某", "丙某"].map(str::to_owned).to_vec();
    if let Some(head) = &mut paper.head {
        head.signers = names;
    }
    let written = docx::write(&paper, &Profile::default()).unwrap();
    if let Ok(path) = crate::support::switch("BIHUAN_KEEP_PAPER") {
        std::fs::write(format!("{path}-up.docx"), &written).unwrap();
    }
    let xml = part(&written, "word/document.xml");
    assert!(xml.contains("甲某　乙某某") && xml.contains("丙某　　　　"), "{xml}");
    let number = xml.find("云整改办发〔2024〕8号").unwrap();
    assert!(xml.find("甲某　乙某某").unwrap() < number && number < xml.find("丙某　").unwrap());
}

fn part(docx: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
    text
}

/// Rows of a workbook's sheet with their heights in points.
fn row_heights(sheet: &str) -> Vec<f64> {
    let rows = sheet.split("<row ").skip(1);
    rows.filter_map(|row| row.split("ht=\"").nth(1)?.split('"').next()?.parse().ok()).collect()
}

#[test]
fn a_document_s_tables_and_charts_are_sheets_that_say_what_they_count() {
    let mut paper = sample();
    let long = "检查发现的问题很长".repeat(20);
    paper.blocks.push(Block::Table(Table {
        caption_note: None,
        caption: "清单".to_owned(),
        widths: vec![1, 4],
        head: vec![vec![Cell::text("序号"), Cell::text("存在问题")]],
        rows: vec![vec![Cell::text("1"), Cell::text(&long)], vec![Cell::text("2"), Cell::text("短")]],
        ..Table::default()
    }));
    let written = write_tables(&paper, "单位：云溪县").unwrap();
    if let Ok(path) = crate::support::switch("BIHUAN_KEEP_PAPER") {
        std::fs::write(format!("{path}.xlsx"), &written).unwrap();
    }
    assert_eq!(
        written,
        write_tables(&paper, "单位：云溪县").unwrap(),
        "the same document gives the same bytes"
    );
    assert_eq!(identity_of(&written).as_deref(), Some("r7-e1"));
    let workbook = part(&written, "xl/workbook.xml");
    assert!(workbook.contains("Print_Titles") && workbook.contains("Print_Area"), "{workbook}");
    let count = workbook.matches("<sheet ").count();
    assert_eq!(count, 5, "three tables, a chart, and the list: {workbook}");
    let list = (1..=count).map(|at| part(&written, &format!("xl/worksheets/sheet{at}.xml")));
    let heights: Vec<Vec<f64>> = list.map(|sheet| row_heights(&sheet)).collect();
    assert!(heights.iter().flatten().any(|height| *height > 40.0), "the long text has room: {heights:?}");
    let chart = part(&written, "xl/charts/chart1.xml");
    assert!(chart.contains("barChart") && chart.contains("各环节问题数"), "{chart}");
    let comments = part(&written, "xl/comments1.xml");
    assert!(comments.contains("截至第88号记录") && comments.contains("/f/k3x9"), "{comments}");
}
