//! Running text out of txt, docx and pdf, and remarks back into a docx.

use std::io::{Cursor, Read, Write};

use bihuan_documents::text::{Comment, TextCell, add_comments, paragraphs, read_any_text, read_text};
use bihuan_documents::upload::FileKind;
use encoding_rs::GB18030;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const HEAD: &str =
    r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;

fn docx(body: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        ("[Content_Types].xml", TYPES.to_owned()),
        ("word/document.xml", format!("{HEAD}{body}</w:body></w:document>")),
        ("word/styles.xml", "<w:styles/>".to_owned()),
    ];
    for (name, xml) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(xml.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut text = String::new();
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

const BODY: &str = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>关于开展春灌检查的通知</w:t></w:r></w:p>\
    <w:p><w:r><w:t>各乡镇要在</w:t></w:r><w:del><w:r><w:delText>二</w:delText><w:t>旧</w:t></w:r></w:del>\
    <w:r><w:rPr><w:i/></w:rPr><w:t>三月底前报送A&amp;B台账</w:t></w:r></w:p>\
    <w:tbl><w:tr><w:tc><w:p><w:r><w:t>单位</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>石桥镇</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";

#[test]
fn a_docx_gives_its_paragraphs_and_tables_as_lines_without_what_was_deleted_m42() {
    let read = read_text("通知.docx", &docx(BODY)).unwrap();
    assert_eq!(read.kind, FileKind::Docx);
    assert_eq!(read.text, "关于开展春灌检查的通知\n各乡镇要在三月底前报送A&B台账\n单位\n石桥镇");
}

#[test]
fn the_cells_of_a_docx_keep_their_row_column_and_width_m43() {
    let p = |words: &str| format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>");
    let cell = |inside: &str, words: &str| format!("<w:tc><w:tcPr>{inside}</w:tcPr>{}</w:tc>", p(words));
    let inner = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cell("", "里"));
    let body = format!(
        "{}<w:tbl><w:tr>{}{}</w:tr><w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}<w:tc>{inner}{}{}</w:tc></w:tr></w:tbl>{}",
        p("通报"),
        cell("", "乡镇"),
        cell("<w:gridSpan w:val=\"2\"/>", "问题"),
        cell("", "5"),
        p("外"),
        p("又一段"),
        p("完"),
    );
    let read = read_text("通报.docx", &docx(&body)).unwrap();
    assert_eq!(read.text, "通报\n乡镇\n问题\n5\n里\n外\n又一段\n完");
    let words = |table: &[TextCell]| -> Vec<(usize, usize, usize, String)> {
        let of = |cell: &TextCell| read.text.chars().skip(cell.start).take(cell.end - cell.start).collect();
        table.iter().map(|cell| (cell.row, cell.column, cell.width, of(cell))).collect()
    };
    let said = |row, column, width, text: &str| (row, column, width, text.to_owned());
    assert_eq!(read.tables.len(), 2);
    assert_eq!(
        words(&read.tables[0]),
        [said(0, 0, 1, "乡镇"), said(0, 1, 2, "问题"), said(1, 1, 1, "5"), said(1, 2, 1, "外\n又一段")]
    );
    assert_eq!(words(&read.tables[1]), [said(0, 0, 1, "里")]);
    let wild = read_text(
        "a.docx",
        &docx(
            "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"99999999999999999999\"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl><w:tbl><w:p/></w:tbl>",
        ),
    );
    assert_eq!(wild.unwrap().tables[0][0].width, 1, "a width that is none counts as one column");
}

#[test]
fn a_txt_is_read_in_utf8_and_gbk() {
    let text = "一、各村每月报送一次。\r\n二、四月底前办结。";
    let want = "一、各村每月报送一次。\n二、四月底前办结。";
    assert_eq!(read_text("a.txt", text.as_bytes()).unwrap().text, want);
    let (gbk, _, _) = GB18030.encode(text);
    assert_eq!(read_text("a.txt", &gbk).unwrap().text, want);
}

#[test]
fn remarks_become_comments_and_the_rest_of_the_docx_stays_byte_for_byte_m43() {
    let source = docx(BODY);
    let text = read_text("通知.docx", &source).unwrap().text;
    let remark = |words: &str, said: &str| {
        let start = text[..text.find(words).unwrap()].chars().count();
        Comment {
            start,
            end: start + words.chars().count(),
            author: "校核".to_owned(),
            at: "2024-03-05T01:00:00Z".to_owned(),
            text: said.to_owned(),
        }
    };
    let remarks = [
        remark("春灌", "改为“春季灌溉”<规范>"),
        remark("三月底前", "没有写年份"),
        remark("台账", "缺台账名称"),
    ];
    let out = add_comments(&source, &remarks).unwrap();
    assert_eq!(read_text("通知.docx", &out).unwrap().text, text, "the words are the same");
    assert_eq!(part(&out, "word/styles.xml"), part(&source, "word/styles.xml"));
    let comments = part(&out, "word/comments.xml");
    assert!(comments.contains("改为“春季灌溉”&lt;规范&gt;") && comments.matches("<w:comment ").count() == 3);
    assert!(part(&out, "[Content_Types].xml").contains("/word/comments.xml"));
    assert!(part(&out, "word/_rels/document.xml.rels").contains("comments.xml"));
    let document = part(&out, "word/document.xml");
    let marked = document.split("<w:commentRangeStart w:id=\"0\"/>").nth(1).unwrap();
    let marked = marked.split("<w:commentRangeEnd w:id=\"0\"/>").next().unwrap();
    assert!(marked.contains(">春灌<") && !marked.contains("关于"), "{marked}");
    // Taken out again, what was put in leaves the source as it was, but for runs that were cut in two.
    let mut bare = document.clone();
    for id in 0..3 {
        bare = bare.replace(&format!("<w:commentRangeStart w:id=\"{id}\"/>"), "").replace(
            &format!("<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:commentReference w:id=\"{id}\"/></w:r>"),
            "",
        );
    }
    let bare = bare.replace(r#"</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">"#, "");
    let bare = bare.replace(r#"</w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve">"#, "");
    assert_eq!(bare, part(&source, "word/document.xml"));
    let again = add_comments(&out, &remarks[..1]).unwrap();
    assert_eq!(part(&again, "word/comments.xml").matches("<w:comment ").count(), 4, "comments add up");
    assert!(part(&again, "word/comments.xml").contains("w:id=\"3\""));
    assert_eq!(paragraphs(&part(&again, "word/document.xml")).unwrap().len(), 4);
}

/// A PDF of one page a text, each character a glyph of its own, with or without a table of characters.
pub fn pdf(pages: &[&[&str]]) -> Vec<u8> {
    let mut glyphs: Vec<char> =
        pages.iter().flat_map(|page| page.iter()).flat_map(|line| line.chars()).collect();
    glyphs.sort_unstable();
    glyphs.dedup();
    let code = |c: char| glyphs.iter().position(|g| *g == c).unwrap() + 1;
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
    );
    for chunk in glyphs.chunks(100) {
        map.push_str(&format!("{} beginbfchar\n", chunk.len()));
        for c in chunk {
            map.push_str(&format!("<{:04X}> <{:04X}>\n", code(*c), *c as u32));
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap end end");
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        String::new(),
        "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 6 0 R>>".to_owned(),
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 5 0 R/DW 1000>>".to_owned(),
        "<</Type/FontDescriptor/FontName/X/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>".to_owned(),
        format!("<</Length {}>>\nstream\n{map}\nendstream", map.len()),
    ];
    let mut kids = String::new();
    for page in pages {
        let mut drawn = String::from("BT /F1 12 Tf 1 0 0 1 50 780 Tm ");
        for line in *page {
            let codes: String = line.chars().map(|c| format!("{:04X}", code(c))).collect();
            drawn.push_str(&format!("<{codes}> Tj 0 -20 Td "));
        }
        drawn.push_str("ET");
        objects.push(format!("<</Length {}>>\nstream\n{drawn}\nendstream", drawn.len()));
        let content = objects.len();
        objects.push(format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {content} 0 R/Resources<</Font<</F1 3 0 R>>>>>>"));
        kids.push_str(&format!("{} 0 R ", objects.len()));
    }
    objects[1] = format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len());
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).bytes());
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    places.iter().for_each(|at| out.extend(format!("{at:010} 00000 n \n").bytes()));
    out.extend(format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF", places.len() + 1).bytes());
    out
}

#[test]
fn a_pdf_with_a_text_layer_is_read_page_by_page_m42() {
    let file = pdf(&[
        &[
            "关于春季灌溉工作的通知",
            "各乡镇要在三月底前完成渠道清淤，逐条登记造册，",
            "逐条明确管护人员和管护标准。",
        ],
        &["二、每月报送一次进展。"],
    ]);
    let read = read_text("通知.pdf", &file).unwrap();
    assert_eq!(read.pages, Some(2));
    assert_eq!(
        read.text,
        "关于春季灌溉工作的通知\n各乡镇要在三月底前完成渠道清淤，逐条登记造册，逐条明确管护人员和管护标准。\n二、每月报送一次进展。"
    );
}

#[test]
fn a_pdf_with_automatic_spacing_reads_as_its_docx_twin_m42() {
    let lines = [
        "关于秋冬灌溉工作的通知",
        "各乡镇要在 12 月 15 日前完成渠道清淤 2.5 万亩，覆盖率达到 100%，将 GIS 系统接入，于 11",
        "月 21 日前报送 30 份“一渠一册”台账。",
    ];
    let read = read_text("通知.pdf", &pdf(&[&lines])).unwrap();
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let body = "各乡镇要在12月15日前完成渠道清淤2.5万亩，覆盖率达到100%，将GIS系统接入，于11月21日前报送30份“一渠一册”台账。";
    let twin = docx(&[lines[0], body].map(paragraph).concat());
    assert_eq!(read.text, read_text("通知.docx", &twin).unwrap().text);
}

#[test]
fn a_scanned_or_broken_pdf_is_refused_with_a_sentence() {
    let scanned = read_text("扫描.pdf", &pdf(&[&[], &[]])).unwrap_err();
    assert_eq!(scanned.code(), "document_pdf_scanned");
    assert!(scanned.to_string().contains("粘贴"));
    let broken = read_text("坏.pdf", b"%PDF-1.7\nnothing of a pdf").unwrap_err();
    assert_eq!(broken.code(), "document_pdf_broken");
}

#[test]
fn what_is_no_text_document_is_refused_and_pictures_have_no_words_to_search() {
    let png = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0];
    assert_eq!(read_text("图.png", &png).unwrap_err().code(), "document_kind_refused");
    assert_eq!(read_any_text("图.png", &png).unwrap().text, "");
    let sheet = crate::support::xlsx("台账", &["序号|问题", "#1|渠道淤积"], &[]);
    assert_eq!(read_any_text("a.xlsx", &sheet).unwrap().text, "台账\n序号\t问题\n1\t渠道淤积\n");
    assert_eq!(read_text("空.txt", b"").unwrap_err().code(), "document_empty");
}
