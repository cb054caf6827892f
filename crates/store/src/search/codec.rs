//! How posting lists are packed, and how the pages of a segment are made.
//!
//! All texts of a segment stand one behind the other, and every place has one number in it; where each document begins
//! is kept beside. The list of a term says at which places it stands: the steps from one to the next, as variable-length
//! numbers. Terms of fields (they begin with [`FIELD`]) tell documents instead of places. A page holds terms in their
//! order: bytes shared with the term before, the bytes that follow, the bytes of its list, the list. A term whose list is
//! long has pages of its own, each complete in itself.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Bytes of a full page: with its keys it fits into one page of PostgreSQL, which has 8192 and lays a row of up to 8160 in it.
pub const PAGE_BYTES: usize = 7_900;
/// A list longer than this, in bytes, gets pages of its own.
const OWN_PAGES_BYTES: usize = 2_000;
/// First character of terms that stand for a field of the document: its units, kind, state, title, single characters.
pub const FIELD: char = '\u{1}';
/// Places left free between two texts, so that no phrase reaches from one into the next.
pub const GAP: u32 = 2;

/// Whether the list of a term tells places.
pub(super) fn has_places(term: &str) -> bool {
    !term.starts_with(FIELD)
}

/// Appends a number, seven bits a byte, the lowest first.
fn put(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push((number as u8) | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads a number; `None` behind the end.
fn take(bytes: &[u8], at: &mut usize) -> Option<u32> {
    let (mut number, mut shift) = (0_u32, 0);
    loop {
        let byte = *bytes.get(*at)?;
        *at += 1;
        number |= u32::from(byte & 0x7F).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

/// The places or documents of one term in one segment, ascending.
pub type List = Vec<u32>;

/// Adds what a page holds of a list. Bytes that make no sense end it.
fn read_list(bytes: &[u8], into: &mut List) {
    into.reserve(bytes.len());
    let (mut at, mut last) = (0, 0_u32);
    while let Some(&byte) = bytes.get(at) {
        let step = if byte < 0x80 {
            at += 1;
            u32::from(byte)
        } else {
            match take(bytes, &mut at) {
                Some(step) => step,
                None => break,
            }
        };
        last = last.wrapping_add(step);
        into.push(last);
    }
}

/// Adds the list of one term on a page to what was read of it. Terms stand in order, so the rest of the page behind it
/// is not looked at.
pub fn read_term(page: &[u8], wanted: &str, into: &mut List) -> Option<()> {
    each_raw(page, |term, bytes| match term.cmp(wanted.as_bytes()) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Equal => {
            read_list(bytes, into);
            false
        }
        std::cmp::Ordering::Greater => false,
    })
}

/// Adds the lists of all terms on a page that begin with some letters, one behind the other: not in order.
pub fn read_prefix(page: &[u8], wanted: &str, into: &mut List) -> Option<()> {
    each_raw(page, |term, bytes| {
        if term.starts_with(wanted.as_bytes()) {
            read_list(bytes, into);
            return true;
        }
        term < wanted.as_bytes()
    })
}

/// Calls `take` with each term of a page and its list's bytes until it answers `false`.
fn each_raw(page: &[u8], mut take_term: impl FnMut(&[u8], &[u8]) -> bool) -> Option<()> {
    let mut at = 0;
    let mut term: Vec<u8> = Vec::new();
    while at < page.len() {
        let shared = take(page, &mut at)? as usize;
        let more = take(page, &mut at)? as usize;
        term.truncate(shared);
        term.extend_from_slice(page.get(at..at + more)?);
        at += more;
        let length = take(page, &mut at)? as usize;
        if !take_term(&term, page.get(at..at + length)?) {
            break;
        }
        at += length;
    }
    Some(())
}

/// A quick hash for short terms; the table is made and thrown away within one batch of our own texts.
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0_u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// A list being made.
#[derive(Default)]
struct Growing {
    bytes: Vec<u8>,
    last: u32,
    /// The last number counts only when there is one.
    any: bool,
}

impl Growing {
    /// Adds a number; numbers ascend, the same again is left out.
    fn add(&mut self, number: u32) -> bool {
        if self.any && number <= self.last {
            return false;
        }
        put(&mut self.bytes, number - self.last);
        (self.last, self.any) = (number, true);
        true
    }
}

/// A page to be kept: first term, number among the pages of that term, bytes.
pub type Page = (String, i64, Vec<u8>);

/// Longest term, in bytes, that is looked up as one number: two Han characters are six.
const SHORT_BYTES: usize = 7;

/// A short term as a number that sorts as its letters do; terms hold no zero bytes.
fn short(term: &str) -> Option<u64> {
    let bytes = term.as_bytes();
    if bytes.len() > SHORT_BYTES {
        return None;
    }
    let mut word = [0_u8; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    Some(u64::from_be_bytes(word))
}

/// Characters that are counted without looking them up: those of the first plane.
const CHARACTERS: usize = 0x1_0000;

/// The field of a document that holds a character, so that one character alone is found without reading every pair
/// that begins with it.
pub fn character_term(c: char) -> String {
    format!("{FIELD}h{c}")
}

/// Collects the terms of texts, in ascending order of their places, and makes pages of them.
#[derive(Default)]
pub struct Builder {
    characters: Vec<Growing>,
    shorts: HashMap<u64, Growing, BuildHasherDefault<Quick>>,
    longs: HashMap<Box<str>, Growing, BuildHasherDefault<Quick>>,
    /// Places and fields taken so far.
    pub postings: i64,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let terms = self.shorts.len() + self.longs.len();
        f.debug_struct("Builder").field("terms", &terms).field("postings", &self.postings).finish()
    }
}

impl Builder {
    /// Adds a place of a term, or a document that has a field. Numbers of a term ascend; one that does not is there
    /// already.
    pub fn add(&mut self, term: &str, number: u32) {
        let added = match short(term) {
            Some(key) => self.shorts.entry(key).or_default().add(number),
            None => match self.longs.get_mut(term) {
                Some(growing) => growing.add(number),
                None => self.longs.entry(term.into()).or_default().add(number),
            },
        };
        self.postings += i64::from(added);
    }

    /// Adds a character that stands in a document.
    pub fn add_character(&mut self, c: char, document: u32) {
        if self.characters.is_empty() {
            self.characters.resize_with(CHARACTERS, Growing::default);
        }
        match self.characters.get_mut(c as usize) {
            Some(growing) => self.postings += i64::from(growing.add(document)),
            None => self.add(&character_term(c), document),
        }
    }

    /// Adds what a page of an older segment holds. `moved` tells for each of its numbers (and whether it is a place)
    /// the number here; `None` for what is gone. `extent` grows to the last place. Pages must come in the order of
    /// their segments.
    pub fn add_page(
        &mut self,
        page: &[u8],
        moved: &dyn Fn(u32, bool) -> Option<u32>,
        extent: &mut u32,
    ) -> Option<()> {
        let mut readable = true;
        let mut list = List::new();
        each_raw(page, |term, bytes| {
            let Ok(term) = std::str::from_utf8(term) else {
                readable = false;
                return false;
            };
            list.clear();
            read_list(bytes, &mut list);
            let placed = has_places(term);
            if placed {
                *extent = (*extent).max(list.last().copied().unwrap_or(0));
            }
            let mut numbers = list.iter().filter_map(|number| moved(*number, placed)).peekable();
            if numbers.peek().is_none() {
                return true;
            }
            let growing = match short(term) {
                Some(key) => self.shorts.entry(key).or_default(),
                None => self.longs.entry(term.into()).or_default(),
            };
            for number in numbers {
                self.postings += i64::from(growing.add(number));
            }
            true
        })?;
        readable.then_some(())
    }

    /// The pages, in the order of their terms.
    pub fn pages(mut self) -> Vec<Page> {
        for (code, growing) in (0_u32..).zip(std::mem::take(&mut self.characters)) {
            let term = char::from_u32(code).filter(|_| growing.any).map(character_term);
            if let Some(key) = term.as_deref().and_then(short) {
                self.shorts.insert(key, growing);
            }
        }
        let mut shorts: Vec<(u64, Growing)> = self.shorts.into_iter().collect();
        shorts.sort_unstable_by_key(|(key, _)| *key);
        let mut longs: Vec<(Box<str>, Growing)> = self.longs.into_iter().collect();
        longs.sort_unstable_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
        let mut writer = Writer::default();
        let mut longs = longs.into_iter().peekable();
        for (key, growing) in shorts {
            let bytes = key.to_be_bytes();
            let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
            let term = &bytes[..end];
            while let Some((long, list)) = longs.next_if(|(long, _)| long.as_bytes() < term) {
                writer.add(long.as_bytes(), &list.bytes);
            }
            writer.add(term, &growing.bytes);
        }
        longs.for_each(|(long, list)| writer.add(long.as_bytes(), &list.bytes));
        writer.flush();
        writer.pages
    }
}

/// Writes terms in their order onto pages.
#[derive(Default)]
struct Writer {
    pages: Vec<Page>,
    first: Vec<u8>,
    last: Vec<u8>,
    open: Vec<u8>,
}

impl Writer {
    fn add(&mut self, term: &[u8], list: &[u8]) {
        if list.len() > OWN_PAGES_BYTES {
            self.flush();
            self.own_pages(term, list);
            return;
        }
        if self.open.len() + term.len() + list.len() > PAGE_BYTES {
            self.flush();
        }
        self.entry(term, list);
    }

    fn entry(&mut self, term: &[u8], list: &[u8]) {
        if self.open.is_empty() {
            self.first = term.to_vec();
            self.last.clear();
        }
        let shared = term.iter().zip(&self.last).take_while(|(a, b)| a == b).count();
        put(&mut self.open, shared as u32);
        put(&mut self.open, (term.len() - shared) as u32);
        self.open.extend_from_slice(&term[shared..]);
        put(&mut self.open, list.len() as u32);
        self.open.extend_from_slice(list);
        self.last = term.to_vec();
    }

    fn flush(&mut self) {
        self.flush_as(0);
    }

    fn flush_as(&mut self, ordinal: i64) {
        if !self.open.is_empty() {
            let first = String::from_utf8_lossy(&self.first).into_owned();
            self.pages.push((first, ordinal, std::mem::take(&mut self.open)));
        }
    }

    /// Cuts a long list between its numbers; each part counts from the segment's beginning again.
    fn own_pages(&mut self, term: &[u8], list: &[u8]) {
        let (mut at, mut last, mut ordinal) = (0, 0_u32, 0);
        let mut part = Vec::with_capacity(PAGE_BYTES + 8);
        while at < list.len() {
            let Some(step) = take(list, &mut at) else { break };
            last += step;
            let number = if part.is_empty() { last } else { step };
            put(&mut part, number);
            if part.len() >= PAGE_BYTES || at >= list.len() {
                self.entry(term, &part);
                self.flush_as(ordinal);
                ordinal += 1;
                part.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(pages: &[Page], term: &str) -> List {
        let mut list = List::new();
        pages.iter().for_each(|page| read_term(&page.2, term, &mut list).unwrap());
        list
    }

    #[test]
    fn what_was_put_in_comes_out_whatever_the_number_of_pages() {
        let mut builder = Builder::default();
        let long = "a-term-that-is-longer-than-seven-bytes";
        for document in 0..30_000_u32 {
            builder.add("整改", document * 900 + 3);
            builder.add("整改", document * 900 + 700);
            if document % 977 == 0 {
                builder.add("销号", document);
                builder.add(long, document);
            }
            builder.add("\u{1}u1", document);
            builder.add("\u{1}u1", document);
            builder.add_character('整', document);
            builder.add_character('\u{20000}', document);
        }
        let pages = builder.pages();
        assert!(pages.iter().filter(|page| page.0 == "整改").count() > 3, "a long list has pages of its own");
        let order: Vec<&String> = pages.iter().map(|page| &page.0).collect();
        assert!(order.is_sorted(), "{order:?}");
        let found = list(&pages, "整改");
        assert_eq!((found.len(), &found[59_998..]), (60_000, &[26_999_103, 26_999_800][..]));
        assert_eq!((list(&pages, "销号")[2], list(&pages, long)[3]), (1954, 2931));
        assert_eq!(list(&pages, "\u{1}u1"), (0..30_000).collect::<Vec<_>>());
        assert_eq!(list(&pages, &character_term('整')).len(), 30_000);
        assert_eq!(list(&pages, &character_term('\u{20000}')).len(), 30_000);
        assert!(list(&pages, "没有").is_empty());
    }

    #[test]
    fn segments_join_without_the_documents_that_are_gone() {
        let one = |places: u32| {
            let mut builder = Builder::default();
            (0..places).for_each(|place| builder.add("台账", place));
            builder.pages()
        };
        let mut joined = Builder::default();
        let mut extent = 0;
        joined.add_page(&one(3)[0].2, &|place, _| (place != 1).then_some(place), &mut extent).unwrap();
        joined.add_page(&one(2)[0].2, &|place, placed| placed.then_some(place + 3), &mut 0).unwrap();
        assert_eq!((joined.postings, extent), (4, 2));
        assert_eq!(list(&joined.pages(), "台账"), [0, 2, 3, 4]);
    }

    #[test]
    fn bytes_that_make_no_sense_are_no_terms() {
        assert!(read_term(&[0, 9, b'a'], "a", &mut List::new()).is_none());
        assert!(Builder::default().add_page(&[0, 1, 0xFF, 0], &|place, _| Some(place), &mut 0).is_none());
    }
}
