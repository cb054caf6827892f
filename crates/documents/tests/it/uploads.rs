//! What may be kept as evidence, and what is taken out of it.

use bihuan_documents::Limits;
use bihuan_documents::upload::{FileKind, check_upload, secret_marking, sniff};

use crate::support::{docx, p, xlsx, zip};

const GPS: &[u8] = b"GPS-31.2304-121.4737";

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let size = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &size[..], content].concat()
}

/// A JPEG by form: EXIF with orientation 6 and a place, XMP, a comment, a scan with stuffing, an appended copy.
fn jpeg() -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(GPS);
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), GPS].concat();
    [
        vec![0xFF, 0xD8],
        segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        segment(0xE1, &exif),
        segment(0xE1, &xmp),
        segment(0xED, GPS),
        segment(0xFE, GPS),
        segment(0xDB, &[0; 65]),
        segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        vec![1, 2, 0xFF, 0x00, 3, 0xFF, 0xD0, 4],
        vec![0xFF, 0xD9],
        GPS.to_vec(),
    ]
    .concat()
}

fn png() -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let size = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&size[..], kind, data, &[0; 4]].concat()
    };
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0; 13]),
        chunk(b"eXIf", GPS),
        chunk(b"tEXt", GPS),
        chunk(b"iTXt", GPS),
        chunk(b"IDAT", &[7; 9]),
        chunk(b"IEND", b""),
        GPS.to_vec(),
    ]
    .concat()
}

fn webp() -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let size = u32::try_from(data.len()).unwrap().to_le_bytes();
        let pad = vec![0; data.len() % 2];
        [&kind[..], &size, data, &pad].concat()
    };
    let body = [
        chunk(b"VP8X", &[0b0000_1100, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        chunk(b"VP8 ", &[5; 11]),
        chunk(b"EXIF", GPS),
        chunk(b"XMP ", GPS),
    ]
    .concat();
    let size = u32::try_from(body.len() + 4).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &size, b"WEBP", &body].concat()
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|w| w == needle)
}

fn check(name: &str, bytes: &[u8]) -> Result<bihuan_documents::upload::Accepted, &'static str> {
    check_upload(name, bytes.to_vec(), &Limits::default()).map_err(|e| e.code())
}

#[test]
fn places_are_gone_from_pictures_and_the_picture_stays() {
    for (name, bytes, kind) in [
        ("a.jpg", jpeg(), FileKind::Jpeg),
        ("a.png", png(), FileKind::Png),
        ("a.webp", webp(), FileKind::Webp),
    ] {
        assert!(holds(&bytes, GPS));
        let kept = check(name, &bytes).unwrap();
        assert_eq!(kept.kind, kind);
        assert!(kept.stripped && !holds(&kept.bytes, GPS) && !holds(&kept.bytes, b"xap"), "{name}");
        assert_eq!(sniff(&kept.bytes), Some(kind));
        assert_eq!(kept.sha256.len(), 64);
        let again = check(name, &kept.bytes).unwrap();
        assert_eq!(again.bytes, kept.bytes, "cleaning twice changes nothing");
    }
    let kept = check("a.jpg", &jpeg()).unwrap().bytes;
    assert!(holds(&kept, &[1, 2, 0xFF, 0x00, 3, 0xFF, 0xD0, 4]), "the scan is whole");
    assert!(
        holds(&kept, b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06"),
        "the way up is kept"
    );
    assert_eq!(check("a.webp", &webp()).unwrap().bytes[20], 0, "the header no longer announces metadata");
}

#[test]
fn a_picture_cut_short_is_refused_rather_than_half_cleaned() {
    let whole = jpeg();
    for end in 3..whole.len() - GPS.len() - 2 {
        assert!(check("a.jpg", &whole[..end]).is_err(), "{end}");
    }
}

#[test]
fn the_content_decides_what_a_file_is() {
    assert_eq!(check("a.pdf", b"%PDF-1.7 ...").unwrap().kind, FileKind::Pdf);
    assert_eq!(check("a.xlsx", &xlsx("S", &["甲"], &[])).unwrap().kind, FileKind::Xlsx);
    assert_eq!(check("a.docx", &docx(&p("甲"))).unwrap().kind, FileKind::Docx);
    assert_eq!(check("a.txt", "会议记录".as_bytes()).unwrap().kind, FileKind::Text);
    assert_eq!(check("a.pdf", "会议记录".as_bytes()), Err("document_name_mismatch"));
    for bytes in [
        b"MZ\x90\0\x03".as_slice(),
        b"\x7fELF\x02",
        b"#!/bin/sh\nrm",
        b"GIF89a",
        b"<svg xmlns='x'><script>1</script></svg>",
        b"<!DOCTYPE html><p>",
        b"\xEF\xBB\xBF <?xml version='1.0'?><svg/>",
        b"hello <script>alert(1)</script>",
        b"Rar!\x1a\x07",
        b"\x1F\x8B\x08",
        b"\0\x01\x02",
    ] {
        assert_eq!(check("a.txt", bytes), Err("document_kind_refused"), "{bytes:?}");
    }
    assert_eq!(check("a.zip", &zip(&[("a.txt", "甲")])), Err("document_kind_refused"));
}

#[test]
fn macros_and_sizes_are_refused() {
    let workbook = "<workbook/>";
    let bytes = zip(&[
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", workbook),
        ("xl/vbaProject.bin", "x"),
    ]);
    assert_eq!(check("a.xlsx", &bytes), Err("document_macro_refused"));
    let limits = Limits { upload_bytes: 3, ..Limits::default() };
    assert!(check_upload("a.txt", b"abc".to_vec(), &limits).is_ok());
    assert_eq!(check_upload("a.txt", b"abcd".to_vec(), &limits).unwrap_err().code(), "document_too_large");
}

#[test]
fn state_secrets_are_refused_by_marking_and_ordinary_words_are_not() {
    for name in [
        "机密★1年 整改方案.docx",
        "【秘密】名单.xlsx",
        "绝密-方案.txt",
        "会议纪要（机密）.pdf",
        "名单_秘密.xlsx",
        "机密 ★ 长期.txt",
        "秘密★",
    ] {
        assert!(secret_marking(name).is_some(), "{name}");
    }
    for name in [
        "保密工作整改台账.xlsx",
        "商业秘密保护专项检查.docx",
        "泄露国家秘密案件警示教育.txt",
        "秘密交易问题整改.txt",
    ] {
        assert_eq!(secret_marking(name), None, "{name}");
    }
    let error = check_upload("机密★.txt", b"abc".to_vec(), &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "document_secret_marking");
    assert!(error.to_string().contains("不得存储、处理国家秘密"));
    assert_eq!(
        check("a.docx", &docx(&format!("{}{}", p("机密★5年"), p("关于某事的请示")))),
        Err("document_secret_marking")
    );
    assert_eq!(check("a.txt", "绝密\n某事".as_bytes()), Err("document_secret_marking"));
    assert!(check("a.txt", "要严守秘密，不得外传".as_bytes()).is_ok());
}
