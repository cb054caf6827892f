//! Deciding by content whether a file may be kept, and taking places out of photographs.

mod image;
mod marking;
mod print;

use sha2::{Digest, Sha256};

pub use image::strip_metadata;
pub use marking::{check_marking, secret_marking};
pub use print::{DECODED_BYTES_MAX, NEAR_BITS, PIXELS_A_SIDE_MAX, image_print, print_likeness};

use crate::sheet::{Archive, decode};
use crate::{DocumentError, Limits, Result};

/// The kinds of file that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// PNG picture.
    Png,
    /// JPEG picture.
    Jpeg,
    /// WebP picture.
    Webp,
    /// PDF.
    Pdf,
    /// Spreadsheet.
    Xlsx,
    /// Text document.
    Docx,
    /// Plain or separated text.
    Text,
}

impl FileKind {
    /// The media type to serve it with.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// The endings a name of this kind may have; the first is used where a name has none.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg", "jfif"],
            Self::Webp => &["webp"],
            Self::Pdf => &["pdf"],
            Self::Xlsx => &["xlsx"],
            Self::Docx => &["docx"],
            Self::Text => &["txt", "csv", "tsv"],
        }
    }

    /// Whether it is a picture.
    pub fn is_image(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Webp)
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Png => "PNG 图片",
            Self::Jpeg => "JPEG 图片",
            Self::Webp => "WebP 图片",
            Self::Pdf => "PDF 文件",
            Self::Xlsx => "Excel 表格",
            Self::Docx => "Word 文档",
            Self::Text => "纯文本",
        }
    }
}

/// What evidence may be.
const ALLOWED: &str = "图片（png、jpg、webp）、pdf、docx、xlsx、csv、txt";
/// What a ledger may be.
const ALLOWED_LEDGER: &str = "xlsx、csv、docx 格式的台账";
/// How much of a text is looked at for markup, in bytes.
const TEXT_SNIFF_BYTES: usize = 4 * 1024;

/// A file that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What it is.
    pub kind: FileKind,
    /// Its bytes as they are to be kept: pictures without metadata.
    pub bytes: Vec<u8>,
    /// SHA-256 of the kept bytes, as 64 hexadecimal digits.
    pub sha256: String,
    /// Whether something was taken out of it.
    pub stripped: bool,
}

/// SHA-256 as 64 hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// The kind by content; `None` for whatever is not taken.
pub fn sniff(bytes: &[u8]) -> Option<FileKind> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(FileKind::Png),
        [0xFF, 0xD8, 0xFF, ..] => Some(FileKind::Jpeg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(FileKind::Webp),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(FileKind::Pdf),
        [b'P', b'K', 3, 4, ..] => sniff_archive(bytes),
        _ => sniff_text(bytes),
    }
}

fn sniff_archive(bytes: &[u8]) -> Option<FileKind> {
    // The directory is what matters here; sizes are checked when the file is read or kept.
    let limits = Limits { upload_bytes: u64::MAX, unzipped_bytes: u64::MAX, ..Limits::default() };
    let limits = Limits { unzipped_ratio: u64::MAX, zip_entries: usize::MAX, ..limits };
    let archive = Archive::open(bytes, &limits).ok()?;
    if !archive.has("[Content_Types].xml") {
        return None;
    }
    if archive.has("xl/workbook.xml") || archive.names().iter().any(|n| n.starts_with("xl/worksheets/")) {
        return Some(FileKind::Xlsx);
    }
    archive.has("word/document.xml").then_some(FileKind::Docx)
}

fn sniff_text(bytes: &[u8]) -> Option<FileKind> {
    if bytes.is_empty() || looks_binary(bytes) {
        return None;
    }
    let (text, _) = decode(bytes)?;
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    if text.chars().any(control) || is_markup(&text) {
        return None;
    }
    Some(FileKind::Text)
}

/// Beginnings of programs, old office files and other archives.
fn looks_binary(bytes: &[u8]) -> bool {
    const HEADS: &[&[u8]] = &[
        b"MZ",
        b"\x7fELF",
        b"#!",
        b"GIF8",
        b"Rar!",
        b"7z\xBC\xAF",
        b"\x1F\x8B",
        b"\xD0\xCF\x11\xE0",
        b"\xCA\xFE\xBA\xBE",
        b"PK",
    ];
    HEADS.iter().any(|h| bytes.starts_with(h))
}

/// Text that a browser would run: svg, html, xml with a stylesheet.
fn is_markup(text: &str) -> bool {
    let head_end = text.char_indices().nth(TEXT_SNIFF_BYTES).map_or(text.len(), |(i, _)| i);
    let head = text[..head_end].trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    head.starts_with("<?xml")
        || head.starts_with("<!")
        || ["<svg", "<html", "<script", "<head", "<body", "<iframe", "<math"].iter().any(|m| head.contains(m))
}

/// A name for what was found, for refusals.
pub(crate) fn describe(bytes: &[u8]) -> String {
    let found = match bytes {
        [b'M', b'Z', ..] | [0x7F, b'E', b'L', b'F', ..] => "可执行程序",
        [b'#', b'!', ..] => "脚本",
        [b'G', b'I', b'F', b'8', ..] => "GIF 图片",
        [b'P', b'K', ..] | [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', ..] | [0x1F, 0x8B, ..] => "压缩包",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "旧版 Office 文件",
        _ => match decode(bytes) {
            Some((text, _)) if is_markup(&text) => "网页或 SVG 等带标记的文本",
            _ => "无法识别的内容",
        },
    };
    found.to_owned()
}

pub(crate) fn refusal_for_ledger(name: &str, bytes: &[u8]) -> DocumentError {
    if let Some(old) = old_format(name, bytes) {
        return old;
    }
    match sniff(bytes) {
        Some(kind) => DocumentError::Kind { found: kind.label().to_owned(), allowed: ALLOWED_LEDGER },
        None => DocumentError::Kind { found: describe(bytes), allowed: ALLOWED_LEDGER },
    }
}

/// The old binary formats, and new ones locked with a password, which are kept in the same container.
pub(crate) fn old_format(name: &str, bytes: &[u8]) -> Option<DocumentError> {
    if !bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return None;
    }
    let name = name.to_lowercase();
    Some(match name.rsplit_once('.').map_or("", |(_, e)| e) {
        "xlsx" | "docx" => DocumentError::Encrypted,
        "doc" | "wps" => DocumentError::OldFormat { format: ".doc", instead: ".docx" },
        _ => DocumentError::OldFormat { format: ".xls", instead: ".xlsx" },
    })
}

/// Checks a file that is to be kept: size, kind by content, name against content, markings of state secrets in
/// name and text, bombs, macros. Pictures lose their metadata.
///
/// # Errors
/// The refusals of [`DocumentError`].
pub fn check_upload(name: &str, bytes: Vec<u8>, limits: &Limits) -> Result<Accepted> {
    crate::sheet::check_size(&bytes, limits)?;
    check_marking(name)?;
    if let Some(old) = old_format(name, &bytes) {
        return Err(old);
    }
    let Some(kind) = sniff(&bytes) else {
        return Err(DocumentError::Kind { found: describe(&bytes), allowed: ALLOWED });
    };
    if let Some((_, extension)) = name.rsplit_once('.') {
        let extension = extension.to_lowercase();
        if !kind.extensions().contains(&extension.as_str()) {
            return Err(DocumentError::NameMismatch { name: name.to_owned(), found: kind.label() });
        }
    }
    check_inside(kind, &bytes, limits)?;
    let kept = if kind.is_image() { strip_metadata(kind, &bytes)? } else { bytes.clone() };
    let stripped = kept != bytes;
    Ok(Accepted { kind, sha256: digest(&kept), bytes: kept, stripped })
}

fn check_inside(kind: FileKind, bytes: &[u8], limits: &Limits) -> Result<()> {
    match kind {
        FileKind::Xlsx | FileKind::Docx => {
            let archive = Archive::open(bytes, limits)?;
            if archive.names().iter().any(|n| n.to_lowercase().ends_with("vbaproject.bin")) {
                return Err(DocumentError::Macro);
            }
            let workbook = crate::sheet::read_any_with("", bytes, limits)?;
            for sheet in &workbook.sheets {
                for row in sheet.rows().iter().take(marking::HEAD_ROWS) {
                    for cell in row {
                        marking::check_head(cell.text())?;
                    }
                }
            }
            Ok(())
        }
        FileKind::Text => {
            let (text, _) = decode(bytes).ok_or(DocumentError::Encoding)?;
            text.lines().take(marking::HEAD_ROWS).try_for_each(marking::check_head)
        }
        _ => Ok(()),
    }
}
