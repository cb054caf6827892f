//! Every limit at its edge, and files that want to do harm.

use bihuan_documents::sheet::{read_any, read_any_with, read_xlsx};
use bihuan_documents::{DocumentError, Limits};

use crate::support::{docx, p, tr, xlsx, xlsx_sheets, zip};

fn code(result: Result<impl std::fmt::Debug, DocumentError>) -> &'static str {
    result.unwrap_err().code()
}

/// Reads with one limit at the value that just holds and one below it.
fn edge(bytes: &[u8], at: usize, put: impl Fn(&mut Limits, usize)) -> &'static str {
    let with = |value| {
        let mut limits = Limits::default();
        put(&mut limits, value);
        read_any_with("a", bytes, &limits)
    };
    assert!(with(at).is_ok(), "{:?}", with(at).err());
    code(with(at - 1))
}

#[test]
fn every_limit_holds_at_its_edge() {
    let book =
        xlsx_sheets(&[("S", &["甲|乙|丙", "", "丁丁丁丁丁丁||"], &["A1:A2", "B1:B2"]), ("T", &["戊"], &[])]);
    assert_eq!(edge(&book, book.len(), |l, v| l.upload_bytes = v as u64), "document_too_large");
    assert_eq!(edge(&book, 2, |l, v| l.sheets = v), "document_too_many_sheets");
    assert_eq!(edge(&book, 3, |l, v| l.rows = v), "document_too_many_rows");
    assert_eq!(edge(&book, 3, |l, v| l.columns = v), "document_too_many_columns");
    assert_eq!(edge(&book, 5, |l, v| l.cells = v), "document_too_many_cells");
    assert_eq!(edge(&book, 6, |l, v| l.cell_chars = v), "document_cell_too_long");
    assert_eq!(edge(&book, 2, |l, v| l.merges = v), "document_too_many_merges");
    let mut archive = ::zip::ZipArchive::new(std::io::Cursor::new(&book)).unwrap();
    let total: u64 = (0..archive.len()).map(|i| archive.by_index_raw(i).unwrap().size()).sum();
    assert_eq!(edge(&book, archive.len(), |l, v| l.zip_entries = v), "document_too_many_entries");
    assert_eq!(
        edge(&book, total as usize, |l, v| l.unzipped_bytes = v as u64),
        "document_unzipped_too_large"
    );
}

#[test]
fn refusals_say_where_and_how_in_chinese() {
    let book = xlsx("台账", &["一二三"], &[]);
    let limits = Limits { cell_chars: 2, ..Limits::default() };
    let error = read_any_with("a", &book, &limits).unwrap_err();
    assert_eq!(error.to_string(), "工作表“台账”单元格 A1 有 3 个字，超过上限 2 个字，请缩短后再导入");
}

#[test]
fn a_zip_bomb_is_refused_before_it_unfolds() {
    let blanks = " ".repeat(64 * 1024 * 1024);
    let types = "<Types/>";
    let bomb = zip(&[("[Content_Types].xml", types), ("xl/workbook.xml", &blanks)]);
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(code(read_xlsx(&bomb)), "document_unzipped_too_large");
}

#[test]
fn entities_and_document_types_are_refused() {
    let evil = r#"<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document/>"#;
    let bytes = zip(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", evil)]);
    assert_eq!(code(read_any("a.docx", &bytes)), "document_doctype_refused");
    // An entity that nobody declared is dropped, never looked up.
    let bytes = docx(&format!("{}<w:tbl>{}</w:tbl>", p("甲&x;乙"), tr(&["丙"])));
    let workbook = read_any("a.docx", &bytes).unwrap();
    assert_eq!(workbook.sheets[0].before, ["甲乙"]);
}

#[test]
fn broken_and_foreign_files_are_refused_with_their_codes() {
    assert_eq!(code(read_any("a.xlsx", b"")), "document_empty");
    assert_eq!(code(read_any("a.xlsx", b"PK\x03\x04 cut short")), "document_kind_refused");
    assert_eq!(code(read_any("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")), "document_old_format");
    assert_eq!(code(read_any("a.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")), "document_encrypted");
    assert_eq!(code(read_any("a.xlsx", b"MZ\x90\0")), "document_kind_refused");
    let whole = xlsx("S", &["甲|乙"], &[]);
    for cut in (0..whole.len()).step_by(97) {
        let _ = read_any("a.xlsx", &whole[..cut]);
    }
}

#[test]
fn a_large_sheet_is_read_in_reasonable_time() {
    const ROWS: usize = 20_000;
    let lines: Vec<String> = std::iter::once("序号|存在问题|整改措施|责任单位|整改时限|完成情况".to_owned())
        .chain((1..=ROWS).map(|i| {
            format!("{i}|第{i}处路面破损需要修补|立即修补并加强巡查|县交通局、青石镇|2024年底前|整改中")
        }))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let bytes = xlsx("S", &lines, &[]);
    let begun = std::time::Instant::now();
    let rows = crate::support::read_rows("a", &bytes);
    println!("{ROWS} rows read in {:?}", begun.elapsed());
    assert_eq!(rows.len(), ROWS);
}
