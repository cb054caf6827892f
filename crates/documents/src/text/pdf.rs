//! The text layer of a PDF. A scanned one has none and is told so.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use flate2::read::ZlibDecoder;

use super::{PDF_CHARS_A_PAGE_MIN, PDF_PAGES_MAX, PDF_UNPACKED_BYTES_MAX};
use crate::{DocumentError, Result};

/// A line at least this share of the longest, in hundredths, goes on in the next one unless it ends a sentence.
const FULL_LINE_PERCENT: usize = 85;
/// More unreadable characters than this, in hundredths, and the text layer is of no use.
const UNREADABLE_PERCENT: usize = 20;

/// The text with its paragraphs joined, and the number of pages.
pub(super) fn read(bytes: &[u8]) -> Result<(String, usize)> {
    guard_against_bombs(bytes, PDF_UNPACKED_BYTES_MAX)?;
    // The reader of fonts gives up on some files by a panic; for us that is a file that cannot be read.
    let read = catch_unwind(AssertUnwindSafe(|| pages_of(bytes)));
    let pages = read.unwrap_or(Err(DocumentError::BrokenPdf))?;
    let all: usize = pages.iter().map(|page| page.chars().filter(|c| !c.is_whitespace()).count()).sum();
    if all < PDF_CHARS_A_PAGE_MIN * pages.len().max(1) {
        return Err(DocumentError::ScannedPdf);
    }
    let odd = |c: &char| {
        *c == '\u{FFFD}' || c.is_control() && !c.is_whitespace() || ('\u{E000}'..='\u{F8FF}').contains(c)
    };
    let unreadable = pages.iter().flat_map(|page| page.chars()).filter(odd).count();
    if unreadable * 100 > all * UNREADABLE_PERCENT {
        return Err(DocumentError::GarbledPdf);
    }
    Ok((join(&pages), pages.len()))
}

fn pages_of(bytes: &[u8]) -> Result<Vec<String>> {
    let mut document = pdf_extract::Document::load_mem(bytes).map_err(|_| DocumentError::BrokenPdf)?;
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(DocumentError::Encrypted);
    }
    let numbers: Vec<u32> = document.get_pages().keys().copied().collect();
    if numbers.len() > PDF_PAGES_MAX {
        return Err(DocumentError::TooManyPages { pages: numbers.len(), limit: PDF_PAGES_MAX });
    }
    let mut pages = Vec::with_capacity(numbers.len());
    for number in numbers {
        let mut page: Vec<u8> = Vec::new();
        let mut output = pdf_extract::PlainTextOutput::new(&mut page as &mut dyn std::io::Write);
        pdf_extract::output_doc_page(&document, &mut output, number).map_err(|_| DocumentError::BrokenPdf)?;
        pages.push(String::from_utf8_lossy(&page).into_owned());
    }
    Ok(pages)
}

/// Unpacks every packed stream and counts, before anybody keeps what comes out.
fn guard_against_bombs(bytes: &[u8], limit: u64) -> Result<()> {
    let too_large = || DocumentError::Unzipped { part: "PDF 数据流".to_owned(), limit };
    let mut left = limit;
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], b"stream") {
        at += found + b"stream".len();
        let data = &bytes[at..];
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        if data.first().is_none_or(|first| first & 0x0F != 8) {
            continue;
        }
        let read = unpacked(&mut ZlibDecoder::new(data), left);
        if read >= left {
            return Err(too_large());
        }
        left -= read;
        // A stream packed twice hides its size from this count; no office program writes one.
        let head = &bytes[at.saturating_sub(400)..at];
        if head.windows(11).filter(|w| w == b"FlateDecode").count() > 1 && doubly(head) {
            return Err(too_large());
        }
    }
    Ok(())
}

/// Whether the dictionary right before a stream names the same filter twice.
fn doubly(head: &[u8]) -> bool {
    let from = head.windows(2).rposition(|w| w == b"<<").unwrap_or(0);
    head[from..].windows(11).filter(|w| w == b"FlateDecode").count() > 1
}

/// How many bytes come out, at most `limit`.
fn unpacked(from: &mut impl Read, limit: u64) -> u64 {
    let mut chunk = vec![0_u8; 64 * 1024];
    let mut all = 0;
    while all < limit {
        match from.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(read) => all += read as u64,
        }
    }
    all
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// Joins the lines of a paragraph: a full line without an end goes on. Page numbers are left out.
fn join(pages: &[String]) -> String {
    let mut text = String::new();
    let longest =
        pages.iter().flat_map(|page| page.lines()).map(|line| width(line.trim())).max().unwrap_or(0);
    let full = longest * FULL_LINE_PERCENT / 100;
    let mut open = false;
    for line in pages.iter().flat_map(|page| page.lines()) {
        let line = line.trim();
        if line.is_empty() || is_page_number(line) {
            continue;
        }
        if !(text.is_empty() || open && goes_on(line)) {
            text.push('\n');
        }
        text.push_str(&closed_up(line));
        open = width(line) >= full && !line.ends_with(['。', '！', '？', '；', '：', '.', '”']);
    }
    text
}

/// Justified setting shows as blanks between Han characters, and automatic spacing as blanks between them and digits,
/// letters or per cent signs; nobody writes those.
fn closed_up(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    while at < chars.len() {
        let blanks = chars[at..].iter().take_while(|c| c.is_whitespace()).count();
        let next = chars.get(at + blanks).copied();
        if !matches!((out.chars().next_back(), next), (Some(before), Some(after)) if set_apart(before, after))
        {
            out.extend(&chars[at..at + blanks]);
        }
        out.extend(next);
        at += blanks + 1;
    }
    out
}

/// Whether a blank between the two is a matter of setting alone.
fn set_apart(before: char, after: char) -> bool {
    let foreign = |c: char| c.is_ascii_alphanumeric() || c == '%';
    chinese(before) && (chinese(after) || foreign(after)) || foreign(before) && chinese(after)
}

/// A Han character or a mark that is set as wide as one; Latin letters with accents are neither.
fn chinese(c: char) -> bool {
    c > '\u{024F}' && !c.is_whitespace() || ('\u{00A1}'..='\u{00BF}').contains(&c) || c == '×' || c == '÷'
}

/// Half a Han character wide is a letter.
fn width(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A line that begins with a number of a list is a paragraph of its own.
fn goes_on(line: &str) -> bool {
    let mut chars = line.chars();
    let mut next = || chars.next().unwrap_or(' ');
    let (first, second, third) = (next(), next(), next());
    let numbered = "一二三四五六七八九十".contains(first) && "、是".contains(second)
        || first == '（' && "一二三四五六七八九十123456789".contains(second)
        // 3.5万亩 at the beginning of a line is a quantity.
        || first.is_ascii_digit() && ".．、".contains(second) && !(second == '.' && third.is_ascii_digit());
    !numbered
}

fn is_page_number(line: &str) -> bool {
    let bare: String = line.chars().filter(|c| !"-—－–· 第页".contains(*c)).collect();
    !bare.is_empty()
        && bare.len() <= 4
        && bare.chars().all(|c| c.is_ascii_digit())
        && line.chars().count() <= 9
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_stream_that_unpacks_beyond_the_limit_is_refused_at_its_edge() {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&vec![b' '; 10_000]).unwrap();
        let mut file = b"%PDF-1.4\n1 0 obj <</Filter/FlateDecode>> stream\n".to_vec();
        file.extend(packed.finish().unwrap());
        assert!(guard_against_bombs(&file, 10_001).is_ok());
        let refused = guard_against_bombs(&file, 10_000).unwrap_err();
        assert_eq!(refused.code(), "document_unzipped_too_large");
    }

    #[test]
    fn lines_of_a_paragraph_are_joined_and_page_numbers_left_out() {
        let pages = [
            "关于做好春季灌溉工作的通知\n各乡镇人民政府要在三月底前完成渠道清淤，逐条登记造册，\n逐条明确管护人员。\n一、摸清底数\n— 1 —".to_owned(),
            "二、抓好落实".to_owned(),
        ];
        let joined = "关于做好春季灌溉工作的通知\n各乡镇人民政府要在三月底前完成渠道清淤，逐条登记造册，逐条明确管护人员。\n一、摸清底数\n二、抓好落实";
        assert_eq!(join(&pages), joined);
    }

    #[test]
    fn blanks_of_automatic_spacing_are_dropped_on_both_sides_of_digits_letters_and_marks_m42() {
        let line = "各村要在 12 月 15 日前 完成 2.5 万亩（占 80 %）， 将 ABC 系统接入“ 5G ”网， 达到 100% 。";
        let closed = "各村要在12月15日前完成2.5万亩（占80 %），将ABC系统接入“5G”网，达到100%。";
        assert_eq!(closed_up(line), closed);
        let kept = "Open Source 12 34 (1) café bar";
        assert_eq!(closed_up(kept), kept, "between letters and digits somebody wrote them");
        assert_eq!(closed_up("附件 1. 名单"), "附件1. 名单");
    }

    #[test]
    fn a_quantity_or_date_broken_over_two_lines_is_one_m42() {
        let pages = [
            "各乡镇要在 10 月底前完成高标准农田建设和渠道清淤任务\n3.5 万亩，逐村逐户登记造册，并且务必要在当年的 12\n月 15 日前报送。"
                .to_owned(),
        ];
        let joined = "各乡镇要在10月底前完成高标准农田建设和渠道清淤任务3.5万亩，逐村逐户登记造册，并且务必要在当年的12月15日前报送。";
        assert_eq!(join(&pages), joined);
    }
}
