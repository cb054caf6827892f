//! Answering a question from the index: rights first, then counting, then the best of a page.

use super::codec::{List, has_places, read_prefix, read_term};
use super::{FIELD, Segment, segments};
use crate::db::Question;
use crate::{Conn, Fault, vals};
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::rc::Rc;

/// Most pages of the index that one prefix reads.
const PREFIX_PAGES_MAX: i64 = 1_200;

/// Tokens that must stand one behind the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase {
    /// The tokens with their places.
    pub tokens: Vec<(String, u32)>,
    /// The last token may go on.
    pub prefix: bool,
}

/// A thing that goes by several names: one of its wordings must be there, or the document belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Each a wording; all phrases of one must be there.
    pub wordings: Vec<Vec<Phrase>>,
    /// Fields whose documents belong to it whatever their words, without [`FIELD`].
    pub fields: Vec<String>,
}

/// A question.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// All of them must be there.
    pub phrases: Vec<Phrase>,
    /// Each of them must be named or own the document.
    pub named: Vec<Named>,
    /// The reader sees what belongs to one of these subtrees.
    pub roots: Vec<UnitId>,
    /// … or to one of these fields, without [`FIELD`].
    pub rights: Vec<String>,
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

/// A term as the index holds it, and whether it is only the beginning of one.
type Term = (String, bool);

impl Phrase {
    /// The terms to be read, each with its place among the tokens; the term of titles has none.
    fn terms(&self) -> impl Iterator<Item = (Term, Option<u32>)> {
        let last = self.tokens.len().saturating_sub(1);
        let tokens = self.tokens.iter().enumerate();
        let tokens =
            tokens.map(move |(at, (term, place))| ((term.clone(), self.prefix && at == last), Some(*place)));
        // One token tells well enough of what the title speaks.
        let title = self.tokens.first().filter(|(term, _)| has_places(term));
        tokens.chain(title.map(|(term, _)| ((format!("{FIELD}t{term}"), self.prefix && last == 0), None)))
    }
}

/// Answers a question.
///
/// # Errors
/// Faults of the database.
pub fn query(conn: &mut Conn, query: &Query) -> Result<Hits, Fault> {
    if query.roots.is_empty() && query.rights.is_empty() {
        return Ok(Hits::default());
    }
    let segments = segments(conn, "", &[])?;
    let documents = segments.iter().map(|s| s.documents - s.gone_documents).sum();
    let all = (documents, segments.iter().map(|s| s.postings).sum());
    let choices: Vec<Vec<String>> = std::iter::once(
        query.roots.iter().map(|unit| format!("u{unit}")).chain(query.rights.clone()).collect(),
    )
    .chain(query.fields.iter().cloned())
    .collect();
    let of_field = |term: &String| (format!("{FIELD}{term}"), false);
    let mut wanted: BTreeSet<Term> = choices.iter().flatten().map(of_field).collect();
    let worded = query.named.iter().flat_map(|named| named.wordings.iter().flatten());
    wanted.extend(query.phrases.iter().chain(worded).flat_map(Phrase::terms).map(|(term, _)| term));
    wanted.extend(query.named.iter().flat_map(|named| &named.fields).map(of_field));
    let read = read_all(conn, wanted)?;
    let lists_of = |term: &Term| read.get(term).cloned().unwrap_or_default();
    let of_phrases = |phrases: &[Phrase]| -> Vec<Read> {
        phrases.iter().map(|phrase| read_phrase(phrase, all, &lists_of)).collect()
    };
    let phrases = of_phrases(&query.phrases);
    let named: Vec<ReadNamed> = query
        .named
        .iter()
        .map(|named| ReadNamed {
            wordings: named.wordings.iter().map(|phrases| of_phrases(phrases)).collect(),
            fields: named.fields.iter().map(|term| lists_of(&of_field(term))).collect(),
        })
        .collect();
    let fields: Vec<Vec<Rc<Lists>>> =
        choices.iter().map(|choice| choice.iter().map(|term| lists_of(&of_field(term))).collect()).collect();
    let mut best = Best { keep: query.offset + query.limit, total: 0, heap: BinaryHeap::new() };
    for segment in &segments {
        in_segment(query, segment, (&phrases, &named), &fields, &mut best);
    }
    Ok(best.hits(query))
}

/// All documents that belong to a unit or one below it, or are read by one of these rights: what must be indexed anew when
/// the unit moves.
///
/// # Errors
/// Faults of the database.
pub fn under_unit(conn: &mut Conn, unit: UnitId, rights: Vec<String>) -> Result<Vec<i64>, Fault> {
    let everything = Query { roots: vec![unit], rights, limit: usize::MAX / 2, ..Query::default() };
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

/// A phrase with the lists of its tokens, rarest token first.
struct Read {
    tokens: Vec<Token>,
    /// Documents whose titles speak of it: one token tells well enough.
    titles: Rc<Lists>,
    /// How much a document says by holding it, in thousandths.
    weight: i64,
}

struct ReadNamed {
    wordings: Vec<Vec<Read>>,
    fields: Vec<Rc<Lists>>,
}

struct Token {
    place: u32,
    lists: Rc<Lists>,
    placed: bool,
}

impl Token {
    fn len(&self) -> usize {
        self.lists.values().map(Vec::len).sum()
    }
}

/// `all` are the documents and the places of the whole index.
fn read_phrase(phrase: &Phrase, all: (i64, i64), lists_of: &dyn Fn(&Term) -> Rc<Lists>) -> Read {
    let (mut tokens, mut titles) = (Vec::new(), Rc::default());
    let mut weight = 0;
    for (term, place) in phrase.terms() {
        let lists = lists_of(&term);
        let Some(place) = place else {
            titles = lists;
            continue;
        };
        let token = Token { place, lists, placed: has_places(&term.0) };
        let every = if token.placed { all.1 } else { all.0 };
        weight += ((1.0 + every as f64 / token.len().max(1) as f64).ln() * 1000.0) as i64;
        tokens.push(token);
    }
    tokens.sort_by_key(Token::len);
    Read { tokens, titles, weight }
}

/// The page on which a term of a segment begins.
const START: &str =
    "(SELECT MAX(q.first_term) FROM search_page q WHERE q.segment_id = s.id AND q.first_term <= $1)";

/// The lists of terms in all segments; whole terms with one wait for the server.
fn read_all(conn: &mut Conn, wanted: BTreeSet<Term>) -> Result<HashMap<Term, Rc<Lists>>, Fault> {
    conn.keep_plans()?;
    let (begun, whole): (Vec<Term>, Vec<Term>) = wanted.into_iter().partition(|(_, prefix)| *prefix);
    let sql = format!(
        "SELECT p.segment_id, p.content FROM search_segment s \
         JOIN search_page p ON p.segment_id = s.id AND p.first_term = {START} \
         WHERE p.ordinal = 0 OR p.first_term = $1 ORDER BY p.segment_id, p.ordinal"
    );
    let questions: Vec<Question> =
        whole.iter().map(|(term, _)| (sql.clone(), vals![term.as_str()].to_vec())).collect();
    let mut found = HashMap::new();
    for (term, rows) in whole.into_iter().zip(conn.ask_these(&questions)?) {
        let mut lists: Lists = HashMap::new();
        for row in rows {
            let segment = row.int(0)?;
            let list = lists.entry(segment).or_default();
            read_term(&row.bytes(1)?, &term.0, list).ok_or_else(|| super::damaged(segment))?;
        }
        found.insert(term, Rc::new(lists));
    }
    for term in begun {
        let lists = read_begun(conn, &term.0)?;
        found.insert(term, Rc::new(lists));
    }
    Ok(found)
}

/// The lists of all terms that begin so, as one.
fn read_begun(conn: &mut Conn, term: &str) -> Result<Lists, Fault> {
    let sql = format!(
        "SELECT p.segment_id, p.content FROM search_segment s JOIN search_page p ON p.segment_id = s.id \
           AND p.first_term >= COALESCE({START}, $1) AND p.first_term < $2 \
         ORDER BY p.segment_id, p.first_term, p.ordinal LIMIT {PREFIX_PAGES_MAX}"
    );
    let mut lists: Lists = HashMap::new();
    conn.each(&sql, &vals![term, format!("{term}\u{10FFFF}")], &mut |row| {
        let segment = row.int(0)?;
        let list = lists.entry(segment).or_default();
        read_prefix(&row.bytes(1)?, term, list).ok_or_else(|| super::damaged(segment))
    })?;
    for list in lists.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    Ok(lists)
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
    (phrases, named): (&[Read], &[ReadNamed]),
    fields: &[Vec<Rc<Lists>>],
    best: &mut Best,
) {
    let mut allowed: Option<Bits> = None;
    for any in fields {
        let mut bits = Bits::new(segment.documents);
        for list in any.iter().filter_map(|lists| lists.get(&segment.id)) {
            list.iter().for_each(|document| bits.set(*document));
        }
        match &mut allowed {
            Some(have) => have.narrow(&bits),
            None => allowed = Some(bits),
        }
    }
    let Some(allowed) = allowed else { return };
    let words = phrases.iter().map(|phrase| documents_of(phrase, segment));
    let found = in_all(words.chain(named.iter().map(|named| documents_named(named, segment))));
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
fn documents_of(phrase: &Read, segment: &Segment) -> Vec<(u32, i64)> {
    let Some(found) = where_it_stands(phrase, segment.id) else { return Vec::new() };
    let titles: &[u32] = phrase.titles.get(&segment.id).map_or(&[], Vec::as_slice);
    let placed = phrase.tokens.iter().all(|token| token.placed);
    let mut out: Vec<(u32, i64)> = Vec::new();
    let (mut document, mut title, mut at) = (0, 0, 0);
    while at < found.len() {
        let times;
        if placed {
            document = seek(&segment.starts, document, found[at] + 1).saturating_sub(1);
            let end = segment.starts.get(document + 1).copied().unwrap_or(u32::MAX);
            let next = seek(&found, at, end);
            (times, at) = (next - at, next);
        } else {
            (document, times, at) = (found[at] as usize, 1, at + 1);
        }
        title = seek(titles, title, document as u32);
        let titled = titles.get(title) == Some(&(document as u32));
        let score = phrase.weight * times as i64 / (times as i64 + 1);
        out.push((document as u32, score + if titled { 2 * phrase.weight } else { 0 }));
    }
    out
}

/// The documents in which a thing is named, with the score of its best wording, and those that belong to it.
fn documents_named(named: &ReadNamed, segment: &Segment) -> Vec<(u32, i64)> {
    let mut out: Vec<(u32, i64)> = Vec::new();
    for wording in &named.wordings {
        let these = in_all(wording.iter().map(|phrase| documents_of(phrase, segment)));
        out.extend(these.unwrap_or_default());
    }
    // What belongs to it without naming it comes behind what names it.
    for list in named.fields.iter().filter_map(|lists| lists.get(&segment.id)) {
        out.extend(list.iter().map(|document| (*document, 0)));
    }
    out.sort_unstable_by_key(|(document, score)| (*document, Reverse(*score)));
    out.dedup_by_key(|(document, _)| *document);
    out
}

/// The places at which a phrase begins in a segment, or the documents that have the field it asks for.
fn where_it_stands(phrase: &Read, segment: i64) -> Option<Cow<'_, [u32]>> {
    let (lead, others) = phrase.tokens.split_first()?;
    let list = lead.lists.get(&segment)?;
    if others.is_empty() {
        return Some(Cow::Borrowed(list));
    }
    let mut starts: Vec<u32> = list.iter().filter_map(|place| place.checked_sub(lead.place)).collect();
    for token in others {
        let list = token.lists.get(&segment)?;
        let mut at = 0;
        starts.retain(|start| {
            at = seek(list, at, start + token.place);
            list.get(at) == Some(&(start + token.place))
        });
    }
    Some(Cow::Owned(starts))
}

/// The first place from `from` on whose number is not below `wanted`: by steps that double, since it is often near.
fn seek(list: &[u32], from: usize, wanted: u32) -> usize {
    let (mut low, mut step) = (from, 1);
    while list.get(low + step).is_some_and(|number| *number < wanted) {
        low += step;
        step *= 2;
    }
    let high = list.len().min(low + step + 1);
    low + list.get(low..high).map_or(0, |part| part.partition_point(|number| *number < wanted))
}

/// The documents that are in all of these, with their scores together; `None` for none of these.
fn in_all(lists: impl Iterator<Item = Vec<(u32, i64)>>) -> Option<Vec<(u32, i64)>> {
    lists.reduce(|have, these| both(&have, &these))
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
