//! Taking metadata out of pictures. A phone writes where a picture was taken into it; that is nobody's business
//! here. Only the parts that make the picture are kept, so that no unknown part can carry a place either.

use super::FileKind;
use crate::{DocumentError, Result};

/// The picture without EXIF, XMP, IPTC, comments and anything appended; the way up is kept for JPEG.
///
/// # Errors
/// [`DocumentError::BrokenPart`] where the picture is cut short or malformed: it is not kept half-cleaned.
pub fn strip_metadata(kind: FileKind, bytes: &[u8]) -> Result<Vec<u8>> {
    let stripped = match kind {
        FileKind::Jpeg => jpeg(bytes),
        FileKind::Png => png(bytes),
        FileKind::Webp => webp(bytes),
        _ => Some(bytes.to_vec()),
    };
    stripped.ok_or_else(|| DocumentError::BrokenPart { part: kind.label().to_owned() })
}

/// JPEG markers, the second byte of each.
mod marker {
    pub(super) const SOI: u8 = 0xD8;
    pub(super) const EOI: u8 = 0xD9;
    pub(super) const SOS: u8 = 0xDA;
    pub(super) const APP0: u8 = 0xE0;
    pub(super) const APP1: u8 = 0xE1;
    pub(super) const APP2: u8 = 0xE2;
    pub(super) const APP14: u8 = 0xEE;
    pub(super) const APP15: u8 = 0xEF;
    pub(super) const COMMENT: u8 = 0xFE;
}

fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(&[0xFF, marker::SOI]);
    let mut at = 2usize;
    let mut way_up = None;
    let mut body = Vec::new();
    loop {
        while *bytes.get(at)? == 0xFF && *bytes.get(at + 1)? == 0xFF {
            at += 1;
        }
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        let kind = *bytes.get(at + 1)?;
        at += 2;
        if kind == marker::EOI {
            break;
        }
        if (0xD0..=0xD7).contains(&kind) || kind == 0x01 {
            continue;
        }
        let size = usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
        let segment = bytes.get(at..at + size.max(2))?;
        if kind == marker::APP1 {
            way_up = way_up.or_else(|| orientation(segment.get(2..)?));
        }
        if keeps(kind, segment) {
            body.extend_from_slice(&[0xFF, kind]);
            body.extend_from_slice(segment);
        }
        at += size.max(2);
        if kind == marker::SOS {
            let end = scan_end(bytes, at)?;
            body.extend_from_slice(bytes.get(at..end)?);
            at = end;
        }
    }
    if let Some(way) = way_up.filter(|w| (2..=8).contains(w)) {
        out.extend_from_slice(&orientation_segment(way));
    }
    out.extend_from_slice(&body);
    out.extend_from_slice(&[0xFF, marker::EOI]);
    Some(out)
}

/// Kept are the tables and scans, JFIF, the colour profile and Adobe's colour transform.
fn keeps(kind: u8, segment: &[u8]) -> bool {
    let content = segment.get(2..).unwrap_or_default();
    match kind {
        marker::APP0 => content.starts_with(b"JFIF\0"),
        marker::APP2 => content.starts_with(b"ICC_PROFILE\0"),
        marker::APP14 => content.starts_with(b"Adobe"),
        marker::APP1..=marker::APP15 | marker::COMMENT => false,
        _ => true,
    }
}

/// Where the compressed data after a scan header ends: at the next marker that is neither stuffing nor restart.
fn scan_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        if *bytes.get(at)? == 0xFF {
            match *bytes.get(at + 1)? {
                0x00 | 0xD0..=0xD7 => at += 1,
                0xFF => {}
                _ => return Some(at),
            }
        }
        at += 1;
    }
}

/// The orientation (1 to 8) of an EXIF segment.
fn orientation(content: &[u8]) -> Option<u16> {
    let tiff = content.strip_prefix(b"Exif\0\0")?;
    let big = match tiff.get(..2)? {
        b"MM" => true,
        b"II" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let pair = [*tiff.get(at)?, *tiff.get(at + 1)?];
        Some(if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    };
    let long = |at: usize| {
        let four: [u8; 4] = tiff.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(if big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }).ok()
    };
    let directory = long(4)?;
    let entries = usize::from(short(directory)?);
    (0..entries).find_map(|i| {
        let entry = directory.checked_add(2)?.checked_add(i * 12)?;
        (short(entry)? == 0x0112).then(|| short(entry + 8)).flatten()
    })
}

/// A segment that holds the orientation and nothing else.
fn orientation_segment(way: u16) -> Vec<u8> {
    let mut content = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    content.extend_from_slice(&way.to_be_bytes());
    content.extend_from_slice(&[0, 0, 0, 0, 0, 0]);
    let size = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    let mut segment = vec![0xFF, marker::APP1];
    segment.extend_from_slice(&size.to_be_bytes());
    segment.extend_from_slice(&content);
    segment
}

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    /// The chunks that make the picture, its colours and its movement.
    const KEPT: &[&[u8; 4]] = &[
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD",
        b"pHYs", b"cICP", b"acTL", b"fcTL", b"fdAT",
    ];
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8usize;
    loop {
        let size = usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()?;
        let kind: [u8; 4] = bytes.get(at + 4..at + 8)?.try_into().ok()?;
        let end = at.checked_add(size)?.checked_add(12)?;
        let chunk = bytes.get(at..end)?;
        if KEPT.contains(&&kind) {
            out.extend_from_slice(chunk);
        }
        at = end;
        if &kind == b"IEND" {
            return Some(out);
        }
    }
}

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    /// The chunks that make the picture.
    const KEPT: &[&[u8; 4]] = &[b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
    /// The bits of VP8X that announce EXIF and XMP.
    const METADATA_BITS: u8 = 0b0000_1100;
    let declared = usize::try_from(u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?)).ok()?;
    let end = declared.checked_add(8)?.min(bytes.len());
    let mut body = Vec::with_capacity(bytes.len());
    let mut at = 12usize;
    while at < end {
        let kind: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        let size = usize::try_from(u32::from_le_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?)).ok()?;
        let data = bytes.get(at + 8..(at + 8).checked_add(size)?)?;
        if KEPT.contains(&&kind) {
            body.extend_from_slice(bytes.get(at..at + 8)?);
            let start = body.len();
            body.extend_from_slice(data);
            if &kind == b"VP8X" {
                *body.get_mut(start)? &= !METADATA_BITS;
            }
            if size % 2 == 1 {
                body.push(0);
            }
        }
        at += 8 + size + size % 2;
    }
    if body.is_empty() {
        return None;
    }
    let mut out = b"RIFF".to_vec();
    out.extend_from_slice(&u32::try_from(body.len() + 4).ok()?.to_le_bytes());
    out.extend_from_slice(b"WEBP");
    out.extend_from_slice(&body);
    Some(out)
}
