//! How postings are packed, and how the pages of a segment are made.
//!
//! A posting list says in which documents of a segment a term stands and where: for each document the step from the
//! one before, times two, plus one when the term stands there more than once (then the number of places follows), and
//! the steps from place to place, all as variable-length numbers. Terms of fields (they begin with [`FIELD`]) have no
//! places. A page holds terms in their order: bytes shared with the term before, the bytes that follow, the number
//! of documents, the bytes of its list, the list. A term whose list is long has pages of its own, each complete in itself.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Bytes of a full page.
pub const PAGE_BYTES: usize = 16_000;
/// A list longer than this, in bytes, gets pages of its own.
const OWN_PAGES_BYTES: usize = 6_000;
/// First character of terms that stand for a field of the document: its units, kind, state, title.
pub const FIELD: char = '\u{1}';

/// Whether the lists of a term tell places.
fn has_places(term: &str) -> bool {
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

/// One document in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The document, counted from the segment's first.
    pub document: u32,
    /// How often the term stands in it.
    pub times: u32,
    /// Where its places begin in the list's bytes.
    places: u32,
}

/// The list of one term in one segment, as read from its pages.
#[derive(Clone, Debug, Default)]
pub struct List {
    bytes: Vec<u8>,
    /// The documents, ascending.
    pub postings: Vec<Posting>,
}

impl List {
    /// Adds what a page holds of the list. Bytes that make no sense end it.
    fn read(&mut self, bytes: &[u8], placed: bool) {
        let base = self.bytes.len();
        let (mut at, mut document) = (0, 0_u32);
        while let Some(step) = take(bytes, &mut at) {
            document += step >> 1;
            let times = if step & 1 == 1 { take(bytes, &mut at).unwrap_or(1) } else { 1 };
            let places = (base + at) as u32;
            if placed {
                for _ in 0..times {
                    skip(bytes, &mut at);
                }
            }
            self.postings.push(Posting { document: document - 1, times, places });
        }
        if placed {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// The places of the term in a document.
    pub fn places(&self, posting: &Posting) -> impl Iterator<Item = u32> {
        let (mut at, mut place, mut left) = (posting.places as usize, 0, posting.times);
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            place += take(&self.bytes, &mut at)?;
            Some(place)
        })
    }
}

fn skip(bytes: &[u8], at: &mut usize) {
    while bytes.get(*at).is_some_and(|byte| *byte >= 0x80) {
        *at += 1;
    }
    *at += 1;
}

/// Adds the list of one term on a page to what was read of it. Terms stand in order, so the rest of the page behind it
/// is not looked at.
pub fn read_term(page: &[u8], wanted: &str, into: &mut List) -> Option<()> {
    each_raw(page, |term, bytes| match term.cmp(wanted.as_bytes()) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Equal => {
            into.read(bytes, has_places(wanted));
            false
        }
        std::cmp::Ordering::Greater => false,
    })
}

/// Adds the lists of all terms on a page that begin with some letters, each as a list of its own.
pub fn read_prefix(page: &[u8], wanted: &str, into: &mut Vec<List>) -> Option<()> {
    each_raw(page, |term, bytes| {
        if term.starts_with(wanted.as_bytes()) {
            let mut list = List::default();
            list.read(bytes, has_places(wanted));
            into.push(list);
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
        let _documents = take(page, &mut at)?;
        let length = take(page, &mut at)? as usize;
        if !take_term(&term, page.get(at..at + length)?) {
            break;
        }
        at += length;
    }
    Some(())
}

/// Joins lists into the documents that stand in any of them, with how often.
pub fn joined(lists: Vec<List>) -> List {
    let mut all: Vec<Posting> = lists.into_iter().flat_map(|list| list.postings).collect();
    all.sort_by_key(|posting| posting.document);
    all.dedup_by(|b, a| {
        let same = a.document == b.document;
        a.times += if same { b.times } else { 0 };
        same
    });
    List { bytes: Vec::new(), postings: all }
}

/// A quick hash for short terms; the table is made and thrown away within one batch of our own texts.
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0_u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
}

#[derive(Default)]
struct Growing {
    bytes: Vec<u8>,
    documents: u32,
    last_document: u32,
    /// The document being read, its places, and the last of them.
    open: u32,
    times: u32,
    last_place: u32,
    places: Vec<u8>,
}

impl Growing {
    fn add(&mut self, document: u32, place: Option<u32>) {
        if self.open != document + 1 {
            self.close();
            self.open = document + 1;
        }
        if let Some(place) = place {
            put(&mut self.places, place - self.last_place);
            self.last_place = place;
        } else if self.times > 0 {
            return;
        }
        self.times += 1;
    }

    fn close(&mut self) {
        if self.open == 0 || self.times == 0 {
            return;
        }
        let step = self.open - self.last_document;
        put(&mut self.bytes, step << 1 | u32::from(self.times > 1));
        if self.times > 1 {
            put(&mut self.bytes, self.times);
        }
        self.bytes.append(&mut self.places);
        self.last_document = self.open;
        self.documents += 1;
        (self.times, self.last_place) = (0, 0);
    }
}

/// A page to be kept: first term, number among the pages of that term, bytes.
pub type Page = (String, i64, Vec<u8>);

/// Collects the terms of documents, in ascending order of the documents, and makes pages of them.
#[derive(Default)]
pub struct Builder {
    terms: HashMap<Box<str>, Growing, BuildHasherDefault<Quick>>,
    /// Places and fields taken so far.
    pub postings: i64,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder").field("terms", &self.terms.len()).field("postings", &self.postings).finish()
    }
}

impl Builder {
    /// Adds a term of a document: where it stands, or nothing for a field. Places of a term ascend.
    pub fn add(&mut self, term: &str, document: u32, place: Option<u32>) {
        self.postings += 1;
        match self.terms.get_mut(term) {
            Some(growing) => growing.add(document, place),
            None => {
                let mut growing = Growing::default();
                growing.add(document, place);
                self.terms.insert(term.into(), growing);
            }
        }
    }

    /// Adds what a page of an older segment holds, but for documents that are gone; `by` is how far its documents
    /// move on. Pages must come in the order of their segments.
    pub fn add_page(&mut self, page: &[u8], by: u32, gone: &dyn Fn(u32) -> bool) -> Option<()> {
        let mut found: Vec<(String, List)> = Vec::new();
        let mut readable = true;
        each_raw(page, |term, bytes| {
            let Ok(term) = std::str::from_utf8(term) else {
                readable = false;
                return false;
            };
            let mut list = List::default();
            list.read(bytes, has_places(term));
            found.push((term.to_owned(), list));
            true
        })?;
        if !readable {
            return None;
        }
        for (term, list) in found {
            for posting in list.postings.iter().filter(|p| !gone(p.document)) {
                if has_places(&term) {
                    for place in list.places(posting) {
                        self.add(&term, posting.document + by, Some(place));
                    }
                } else {
                    self.add(&term, posting.document + by, None);
                }
            }
        }
        Some(())
    }

    /// The pages, in the order of their terms.
    pub fn pages(self) -> Vec<Page> {
        let mut terms: Vec<(Box<str>, Growing)> = self.terms.into_iter().collect();
        terms.sort_unstable_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
        let mut pages = Vec::new();
        let mut open = OpenPage::default();
        for (term, mut growing) in terms {
            growing.close();
            if growing.bytes.len() > OWN_PAGES_BYTES {
                open.flush(&mut pages);
                own_pages(&term, &growing.bytes, &mut pages);
            } else {
                open.add(&term, growing.documents, &growing.bytes);
                if open.bytes.len() >= PAGE_BYTES {
                    open.flush(&mut pages);
                }
            }
        }
        open.flush(&mut pages);
        pages
    }
}

#[derive(Default)]
struct OpenPage {
    first: String,
    last: Vec<u8>,
    bytes: Vec<u8>,
}

impl OpenPage {
    fn add(&mut self, term: &str, documents: u32, list: &[u8]) {
        if self.bytes.is_empty() {
            term.clone_into(&mut self.first);
        }
        let shared = term.bytes().zip(&self.last).take_while(|(a, b)| a == *b).count();
        put(&mut self.bytes, shared as u32);
        put(&mut self.bytes, (term.len() - shared) as u32);
        self.bytes.extend_from_slice(&term.as_bytes()[shared..]);
        put(&mut self.bytes, documents);
        put(&mut self.bytes, list.len() as u32);
        self.bytes.extend_from_slice(list);
        self.last = term.as_bytes().to_vec();
    }

    fn flush(&mut self, pages: &mut Vec<Page>) {
        if !self.bytes.is_empty() {
            let page = std::mem::take(self);
            pages.push((page.first, 0, page.bytes));
        }
    }
}

/// Cuts a long list between documents; each part counts from the segment's beginning again.
fn own_pages(term: &str, list: &[u8], pages: &mut Vec<Page>) {
    let placed = has_places(term);
    let (mut at, mut document, mut ordinal) = (0, 0_u32, 0);
    let (mut part, mut documents, mut before) = (Vec::new(), 0, 0_u32);
    while at < list.len() {
        let Some(step) = take(list, &mut at) else { break };
        document += step >> 1;
        let rest = at;
        let times = if step & 1 == 1 { take(list, &mut at).unwrap_or(1) } else { 1 };
        if placed {
            (0..times).for_each(|_| skip(list, &mut at));
        }
        put(&mut part, (document - before) << 1 | (step & 1));
        part.extend_from_slice(&list[rest..at]);
        (documents, before) = (documents + 1, document);
        if part.len() >= PAGE_BYTES || at >= list.len() {
            let mut page = OpenPage::default();
            page.add(term, documents, &part);
            pages.push((term.to_owned(), ordinal, page.bytes));
            (ordinal, documents, before) = (ordinal + 1, 0, 0);
            part.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(pages: &[Page], term: &str) -> Vec<(u32, Vec<u32>)> {
        let mut list = List::default();
        pages.iter().for_each(|page| read_term(&page.2, term, &mut list).unwrap());
        list.postings.iter().map(|p| (p.document, list.places(p).collect())).collect()
    }

    #[test]
    fn what_was_put_in_comes_out_whatever_the_number_of_pages() {
        let mut builder = Builder::default();
        for document in 0..30_000 {
            builder.add("整改", document, Some(3));
            builder.add("整改", document, Some(700));
            if document % 977 == 0 {
                builder.add("销号", document, Some(document));
            }
            builder.add("\u{1}u1", document, None);
            builder.add("\u{1}u1", document, None);
        }
        let pages = builder.pages();
        assert!(pages.iter().filter(|page| page.0 == "整改").count() > 3, "a long list has pages of its own");
        let found = list(&pages, "整改");
        assert_eq!((found.len(), &found[29_999]), (30_000, &(29_999, vec![3, 700])));
        assert_eq!(list(&pages, "销号")[2], (1954, vec![1954]));
        let mut field = List::default();
        pages.iter().for_each(|page| read_term(&page.2, "\u{1}u1", &mut field).unwrap());
        assert!(field.postings.len() == 30_000 && field.postings.iter().all(|p| p.times == 1));
        assert!(list(&pages, "没有").is_empty());
    }

    #[test]
    fn segments_join_without_the_documents_that_are_gone() {
        let one = |documents: u32| {
            let mut builder = Builder::default();
            (0..documents).for_each(|d| builder.add("台账", d, Some(d + 1)));
            builder.pages()
        };
        let mut joined = Builder::default();
        joined.add_page(&one(3)[0].2, 0, &|d| d == 1).unwrap();
        joined.add_page(&one(2)[0].2, 3, &|_| false).unwrap();
        let found: Vec<u32> = list(&joined.pages(), "台账").into_iter().map(|(d, _)| d).collect();
        assert_eq!(found, [0, 2, 3, 4]);
    }
}
