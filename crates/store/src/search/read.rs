//! Answering a question from the index: rights first, then counting, then the best of a page.

use super::codec::{List, each_term, joined, read_term};
use super::{FIELD, Segment, segments};
use crate::{Conn, Fault, vals};
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Most pages of the index that one prefix reads.
const PREFIX_PAGES_MAX: i64 = 600;

/// Tokens that must stand one behind the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase {
    /// The tokens with their places.
    pub tokens: Vec<(String, u32)>,
    /// The last token may go on.
    pub prefix: bool,
}

/// A question.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// All of them must be there.
    pub phrases: Vec<Phrase>,
    /// The reader sees what belongs to one of these subtrees.
    pub roots: Vec<UnitId>,
    /// Terms of fields that must all be there, without [`FIELD`]; each entry is a choice of several.
    pub fields: Vec<Vec<String>>,
    /// Not before this day.
    pub from: Option<Day>,
    /// Not after this day.
    pub to: Option<Day>,
    /// Newest first instead of best first.
    pub by_date: bool,
    /// Hits left out in front.
    pub offset: usize,
    /// Hits of the page.
    pub limit: usize,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// How many the reader may see.
    pub total: usize,
    /// Documents of the page, in order.
    pub ids: Vec<i64>,
}

/// Lists of one term, by segment.
type Lists = HashMap<i64, List>;

/// Answers a question.
///
/// # Errors
/// Faults of the database.
pub fn query(conn: &mut Conn, query: &Query) -> Result<Hits, Fault> {
    if query.roots.is_empty() {
        return Ok(Hits::default());
    }
    let segments = segments(conn, "", &[])?;
    let all: i64 = segments.iter().map(|s| s.documents - s.gone_documents).sum();
    let mut phrases = Vec::new();
    for phrase in &query.phrases {
        phrases.push(read_phrase(conn, phrase, all)?);
    }
    let choices: Vec<Vec<String>> =
        std::iter::once(query.roots.iter().map(|unit| format!("u{unit}")).collect())
            .chain(query.fields.iter().cloned())
            .collect();
    let mut fields: Vec<Vec<Lists>> = Vec::new();
    for choice in &choices {
        let mut any = Vec::new();
        for term in choice {
            any.push(read_lists(conn, &format!("{FIELD}{term}"), false)?);
        }
        fields.push(any);
    }
    let mut best = Best { keep: query.offset + query.limit, total: 0, heap: BinaryHeap::new() };
    for segment in &segments {
        in_segment(query, segment, &mut phrases, &fields, &mut best);
    }
    Ok(best.hits(query))
}

/// All documents that belong to a unit or one below it: what must be indexed anew when the unit moves.
///
/// # Errors
/// Faults of the database.
pub fn under_unit(conn: &mut Conn, unit: UnitId) -> Result<Vec<i64>, Fault> {
    let everything = Query { roots: vec![unit], limit: usize::MAX / 2, ..Query::default() };
    Ok(query(conn, &everything)?.ids)
}

struct Best {
    keep: usize,
    total: usize,
    /// The least of those kept stands on top.
    heap: BinaryHeap<Reverse<(i64, i64)>>,
}

impl Best {
    fn offer(&mut self, score: i64, id: i64) {
        self.total += 1;
        if self.heap.len() < self.keep {
            self.heap.push(Reverse((score, id)));
        } else if let Some(mut least) = self.heap.peek_mut()
            && least.0 < (score, id)
        {
            *least = Reverse((score, id));
        }
    }

    fn hits(self, query: &Query) -> Hits {
        let mut kept: Vec<(i64, i64)> = self.heap.into_iter().map(|Reverse(hit)| hit).collect();
        kept.sort_unstable_by(|a, b| b.cmp(a));
        let ids = kept.into_iter().skip(query.offset).take(query.limit).map(|(_, id)| id).collect();
        Hits { total: self.total, ids }
    }
}

/// A phrase with the lists of its tokens, rarest token first, and of the same tokens in titles.
struct Read {
    tokens: Vec<Token>,
}

struct Token {
    place: u32,
    lists: Lists,
    titles: Lists,
    /// How much a document says by holding it, in thousandths.
    weight: i64,
}

fn read_phrase(conn: &mut Conn, phrase: &Phrase, all: i64) -> Result<Read, Fault> {
    let mut tokens = Vec::new();
    let last = phrase.tokens.len().saturating_sub(1);
    for (at, (token, place)) in phrase.tokens.iter().enumerate() {
        let prefix = phrase.prefix && at == last;
        let lists = read_lists(conn, token, prefix)?;
        let titles = read_lists(conn, &format!("{FIELD}t{token}"), prefix)?;
        let found = lists.values().map(|list| list.postings.len()).sum::<usize>().max(1);
        let rarity = (1.0 + all as f64 / found as f64).ln();
        tokens.push(Token { place: *place, lists, titles, weight: (rarity * 1000.0) as i64 });
    }
    tokens.sort_by_key(|token| token.lists.values().map(|list| list.postings.len()).sum::<usize>());
    Ok(Read { tokens })
}

/// The lists of a term in all segments.
fn read_lists(conn: &mut Conn, term: &str, prefix: bool) -> Result<Lists, Fault> {
    let start =
        "(SELECT MAX(q.first_term) FROM search_page q WHERE q.segment_id = s.id AND q.first_term <= $1)";
    let mut lists: Lists = HashMap::new();
    if !prefix {
        let sql = format!(
            "SELECT p.segment_id, p.content FROM search_segment s \
             JOIN search_page p ON p.segment_id = s.id AND p.first_term = {start} \
             WHERE p.ordinal = 0 OR p.first_term = $1 ORDER BY p.segment_id, p.ordinal"
        );
        conn.each(&sql, &vals![term], &mut |row| {
            let list = lists.entry(row.int(0)?).or_default();
            read_term(&row.bytes(1)?, term, list).ok_or_else(|| super::damaged(row.int(0).unwrap_or(0)))
        })?;
        return Ok(lists);
    }
    let sql = format!(
        "SELECT p.segment_id, p.content FROM search_segment s JOIN search_page p ON p.segment_id = s.id \
           AND p.first_term >= COALESCE({start}, $1) AND p.first_term < $2 \
         ORDER BY p.segment_id, p.first_term, p.ordinal LIMIT {PREFIX_PAGES_MAX}"
    );
    let mut found: HashMap<i64, Vec<List>> = HashMap::new();
    conn.each(&sql, &vals![term, format!("{term}\u{10FFFF}")], &mut |row| {
        let (segment, page) = (row.int(0)?, row.bytes(1)?);
        let mut wanted: Vec<String> = Vec::new();
        each_term(&page, |have, _, _| {
            if have.starts_with(term) {
                wanted.push(have.to_owned());
            }
        });
        for have in wanted {
            let mut list = List::default();
            read_term(&page, &have, &mut list);
            found.entry(segment).or_default().push(list);
        }
        Ok(())
    })?;
    Ok(found.into_iter().map(|(segment, all)| (segment, joined(all))).collect())
}

/// A set of documents of one segment.
struct Bits(Vec<u64>);

impl Bits {
    fn new(documents: i64) -> Bits {
        Bits(vec![0; (documents as usize).div_ceil(64)])
    }

    fn set(&mut self, document: u32) {
        if let Some(word) = self.0.get_mut(document as usize / 64) {
            *word |= 1 << (document % 64);
        }
    }

    fn has(&self, document: u32) -> bool {
        self.0.get(document as usize / 64).is_some_and(|word| word & (1 << (document % 64)) != 0)
    }

    fn narrow(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, theirs)| *own &= theirs);
    }
}

fn in_segment(
    query: &Query,
    segment: &Segment,
    phrases: &mut [Read],
    fields: &[Vec<Lists>],
    best: &mut Best,
) {
    let mut allowed: Option<Bits> = None;
    for any in fields {
        let mut bits = Bits::new(segment.documents);
        for list in any.iter().filter_map(|lists| lists.get(&segment.id)) {
            list.postings.iter().for_each(|posting| bits.set(posting.document));
        }
        match &mut allowed {
            Some(have) => have.narrow(&bits),
            None => allowed = Some(bits),
        }
    }
    let Some(allowed) = allowed else { return };
    let mut found: Option<Vec<(u32, i64)>> = None;
    for phrase in phrases {
        let these = documents_of(phrase, segment.id);
        found = Some(match found {
            None => these,
            Some(have) => both(&have, &these),
        });
    }
    let every = || (0..segment.documents as u32).map(|document| (document, 0)).collect();
    for (document, score) in found.unwrap_or_else(every) {
        if !allowed.has(document) || segment.is_gone(document) {
            continue;
        }
        let day = day_of(segment, document);
        let in_time = query.from.is_none_or(|from| day >= from.days())
            && query.to.is_none_or(|to| day > 0 && day <= to.days());
        if in_time {
            best.offer(
                if query.by_date { i64::from(day) } else { score },
                segment.first + i64::from(document),
            );
        }
    }
}

fn day_of(segment: &Segment, document: u32) -> i32 {
    let at = document as usize * 2;
    let bytes = segment.days.get(at..at + 2).and_then(|bytes| bytes.try_into().ok());
    i32::from(u16::from_le_bytes(bytes.unwrap_or([0, 0])))
}

/// The documents that hold a phrase, ascending, with their scores.
fn documents_of(phrase: &Read, segment: i64) -> Vec<(u32, i64)> {
    let Some((first, others)) = phrase.tokens.split_first() else { return Vec::new() };
    let Some(lead) = first.lists.get(&segment) else { return Vec::new() };
    let mut rest: Vec<(&Token, &List, usize)> = Vec::new();
    for token in others {
        let Some(list) = token.lists.get(&segment) else { return Vec::new() };
        rest.push((token, list, 0));
    }
    let titles: Vec<Bits> = phrase.tokens.iter().map(|token| title_bits(token, segment)).collect();
    let mut found = Vec::new();
    for posting in &lead.postings {
        let mut times = posting.times;
        let mut places: Option<Vec<i64>> = None;
        for (token, list, at) in &mut rest {
            *at += list.postings[*at..].partition_point(|p| p.document < posting.document);
            let Some(other) = list.postings.get(*at).filter(|p| p.document == posting.document) else {
                times = 0;
                break;
            };
            let starts = places.get_or_insert_with(|| {
                lead.places(posting).map(|place| i64::from(place) - i64::from(first.place)).collect()
            });
            let theirs: Vec<i64> =
                list.places(other).map(|p| i64::from(p) - i64::from(token.place)).collect();
            starts.retain(|start| theirs.binary_search(start).is_ok());
            times = starts.len() as u32;
            if times == 0 {
                break;
            }
        }
        if times > 0 {
            let weight: i64 = phrase.tokens.iter().map(|token| token.weight).sum();
            let titled: i64 = phrase
                .tokens
                .iter()
                .zip(&titles)
                .filter(|(_, bits)| bits.has(posting.document))
                .map(|(token, _)| 2 * token.weight)
                .sum();
            found.push((posting.document, weight * i64::from(times) / i64::from(times + 1) + titled));
        }
    }
    found
}

fn title_bits(token: &Token, segment: i64) -> Bits {
    let Some(list) = token.titles.get(&segment) else { return Bits(Vec::new()) };
    let mut bits = Bits::new(i64::from(list.postings.last().map_or(0, |p| p.document)) + 1);
    list.postings.iter().for_each(|posting| bits.set(posting.document));
    bits
}

fn both(a: &[(u32, i64)], b: &[(u32, i64)]) -> Vec<(u32, i64)> {
    let (mut at, mut out) = (0, Vec::new());
    for (document, score) in a {
        at += b[at..].partition_point(|(other, _)| other < document);
        if let Some((_, more)) = b.get(at).filter(|(other, _)| other == document) {
            out.push((*document, score + more));
        }
    }
    out
}
