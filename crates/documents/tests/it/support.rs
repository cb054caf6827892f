//! Files for tests: real ledgers where they are found, and made-up ones.

use std::path::{Path, PathBuf};

use bihuan_documents::ledger::{LedgerRow, read_workbook};
use bihuan_documents::paper::{Block, Form, Head, Paper, Run};
use bihuan_documents::sheet::read_any;

/// A switch of the test run.
#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not of the program")]
pub fn switch(name: &str) -> Result<String, std::env::VarError> {
    std::env::var(name)
}

/// The folder of the development data; `None` (said aloud) where it is missing and not required.
pub fn shared(part: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")).join(part);
    if path.exists() {
        return Some(path);
    }
    let required = switch("BIHUAN_REQUIRE_ALL").is_ok_and(|v| v == "1");
    assert!(!required, "../shared is required and missing");
    eprintln!("skipped: ../shared is missing");
    None
}

/// The xlsx files of the development ledgers.
pub fn dev_ledgers() -> Vec<PathBuf> {
    let Some(folder) = shared("data/ledgers") else { return Vec::new() };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "xlsx"))
        .collect();
    files.sort();
    files
}

/// All problems a file offers.
pub fn read_rows(name: &str, bytes: &[u8]) -> Vec<LedgerRow> {
    let workbook = read_any(name, bytes).unwrap();
    read_workbook(&workbook).into_iter().filter(|r| r.verdict.is_offered()).flat_map(|r| r.rows).collect()
}

/// An xlsx of one sheet from lines of cells parted by `|`; `~` in a cell is a line end. Regions are such as `B2:C3`.
/// A cell `#12` is a number, `#45382d` a date serial shown as a day.
pub fn xlsx(sheet: &str, lines: &[&str], merges: &[&str]) -> Vec<u8> {
    xlsx_sheets(&[(sheet, lines, merges)])
}

/// Several sheets, each as in [`xlsx`].
pub fn xlsx_sheets(sheets: &[(&str, &[&str], &[&str])]) -> Vec<u8> {
    use rust_xlsxwriter::{Format, Workbook};
    let mut book = Workbook::new();
    let plain = Format::new().set_text_wrap();
    let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    for (name, lines, merges) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for merge in *merges {
            let (a, b) = merge.split_once(':').unwrap();
            let (a, b) = (place(a), place(b));
            sheet.merge_range(a.0, a.1, b.0, b.1, "", &plain).unwrap();
        }
        for (row, line) in lines.iter().enumerate() {
            for (column, cell) in line.split('|').enumerate() {
                let (row, column) = (row as u32, column as u16);
                let cell = cell.replace('~', "\n");
                if let Some(serial) = cell.strip_prefix('#').and_then(|c| c.strip_suffix('d')) {
                    let serial: f64 = serial.parse().unwrap();
                    sheet.write_number_with_format(row, column, serial, &day).unwrap();
                } else if let Some(number) = cell.strip_prefix('#') {
                    sheet.write_number(row, column, number.parse::<f64>().unwrap()).unwrap();
                } else if !cell.is_empty() {
                    sheet.write_string_with_format(row, column, cell, &plain).unwrap();
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn place(text: &str) -> (u32, u16) {
    let letter = text.as_bytes()[0] - b'A';
    (text[1..].parse::<u32>().unwrap() - 1, u16::from(letter))
}

/// A zip of parts.
pub fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A docx with this body.
pub fn docx(body: &str) -> Vec<u8> {
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let document = format!(
        r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#
    );
    zip(&[("[Content_Types].xml", types), ("word/document.xml", &document)])
}

/// A paragraph of a docx.
pub fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A table row of a docx; a cell `^` continues the vertical region above, `v…` starts one, `>…` spans two columns.
pub fn tr(cells: &[&str]) -> String {
    let cell = |text: &&str| {
        let (property, text) = match *text {
            "^" => ("<w:vMerge/>", ""),
            t if t.starts_with('v') => (r#"<w:vMerge w:val="restart"/>"#, &t[1..]),
            t if t.starts_with('>') => (r#"<w:gridSpan w:val="2"/>"#, &t[1..]),
            t => ("", t),
        };
        format!("<w:tc><w:tcPr>{property}</w:tcPr>{}</w:tc>", p(text))
    };
    format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>())
}

/// A field of every row.
pub fn column(rows: &[LedgerRow], field: bihuan_documents::ledger::Field) -> Vec<String> {
    rows.iter().map(|r| r.text_of(field).into_owned()).collect()
}

/// A letter without a signature.
pub fn letter() -> Paper {
    Paper {
        form: Form::Letter,
        head: Some(Head {
            mark: "云溪县整改办公室".to_owned(),
            number: "云整改办函〔2024〕3号".to_owned(),
            ..Head::default()
        }),
        title: vec!["关于抓紧办理逾期问题的函".to_owned()],
        addressee: "青石镇党委".to_owned(),
        blocks: vec![Block::Paragraph(vec![Run::new("请抓紧办理，并于七日内回复。".repeat(8))])],
        ..Paper::default()
    }
}
