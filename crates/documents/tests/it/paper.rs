//! Official documents as PDF and docx.

use crate::paper_support::{fonts, sample};
use bihuan_documents::paper::font::{FontFace, FontSource};
use bihuan_documents::paper::{Profile, docx, identity_of, pdf};
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
    let comments = part(&written, "word/comments.xml");
    assert_eq!(comments.matches("<w:comment ").count(), 3, "two figures, and one for all bars of the chart");
    let fonts = part(&written, "word/fontTable.xml");
    assert_eq!(fonts.matches("<w:altName ").count(), 5, "every face names what stands in for it");
    assert!(comments.contains("截至第88号记录") && comments.contains("/f/k3x9"));
}

fn part(docx: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
    text
}
