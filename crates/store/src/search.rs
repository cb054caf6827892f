//! The search index: an inverted index in plain tables, one for both engines.
//!
//! Documents get ascending numbers as they are indexed. A segment covers a stretch of numbers and is never changed but
//! for the bits of documents that are gone; segments next to each other are joined as they come in, so that there are
//! few. A document that changed is gone under its old number and comes again under a new one. The index is no
//! business data: it is written here, outside the journal, from what the journal says has changed.

mod codec;
mod read;

pub use codec::{Builder, FIELD, PAGE_BYTES, Page};
pub use read::{Hits, Phrase, Query, query, under_unit};

use crate::{Conn, Fault, Val, record, vals};
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use std::collections::BTreeMap;

/// Postings of a segment that is not joined with others any more.
pub const SEGMENT_POSTINGS_MAX: i64 = 8_000_000;
/// Segments that must stand ready before they are joined.
const JOIN_FROM: usize = 4;
/// A full segment is written anew without what is gone from this share of its documents on, in hundredths.
const GONE_PERCENT: i64 = 25;

/// How far the index is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The last journal entry that is in it.
    pub seq: i64,
    /// Number of the next document.
    pub next_document: i64,
    next_segment: i64,
}

/// A document as kept for showing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Number in the index; given by [`write_batch`].
    pub id: i64,
    /// What it is: `problem`, `evidence`, `unit`, …
    pub kind: String,
    /// Number of that thing.
    pub subject_id: i64,
    /// The unit it is shown under.
    pub unit_id: UnitId,
    /// Code of its state; may be empty.
    pub state: String,
    /// Its day.
    pub day: Option<Day>,
    /// The page that shows it.
    pub href: String,
    /// Where its file is handed out; empty where it is none.
    pub file_href: String,
    /// What it was made from; another stamp means that it changed.
    pub stamp: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub content: String,
}
record!(Document, "search_document", key [id], personal [], { id, kind, subject_id, unit_id, state, day, href, file_href, stamp, title, content });

/// Documents indexed together.
#[derive(Debug, Default)]
pub struct Batch {
    /// The entry the index was at when the batch was begun, and its next document.
    pub from: State,
    /// The entry it is at with the batch.
    pub seq: i64,
    /// New and changed documents.
    pub documents: Vec<Document>,
    /// Their pages; the documents count from 0.
    pub pages: Vec<Page>,
    /// Their postings.
    pub postings: i64,
    /// Kinds and numbers of things that are no more.
    pub removed: Vec<(String, i64)>,
}

/// How far the index is; `None` when there is none yet.
///
/// # Errors
/// Faults of the database.
pub fn state(conn: &mut Conn) -> Result<Option<State>, Fault> {
    let row = conn.first("SELECT seq, next_document, next_segment FROM search_state WHERE id = 1", &[])?;
    row.map(|row| Ok(State { seq: row.int(0)?, next_document: row.int(1)?, next_segment: row.int(2)? }))
        .transpose()
}

/// Empties the index; it begins at an entry.
///
/// # Errors
/// Faults of the database.
pub fn clear(conn: &mut Conn, seq: i64) -> Result<State, Fault> {
    for table in ["search_page", "search_segment", "search_document", "search_state"] {
        conn.exec(&format!("DELETE FROM {table}"), &[])?;
    }
    conn.exec(
        "INSERT INTO search_state (id, seq, next_document, next_segment) VALUES (1, $1, 1, 1)",
        &vals![seq],
    )?;
    Ok(State { seq, next_document: 1, next_segment: 1 })
}

/// Writes a batch as a segment of its own; `None` when somebody else has indexed meanwhile.
///
/// # Errors
/// Faults of the database.
pub fn write_batch(conn: &mut Conn, batch: Batch) -> Result<Option<State>, Fault> {
    let Some(now) = state(conn)? else { return Ok(None) };
    if now != batch.from {
        return Ok(None);
    }
    let mut gone = batch.removed;
    gone.extend(batch.documents.iter().map(|d| (d.kind.clone(), d.subject_id)));
    forget(conn, &gone)?;
    let count = batch.documents.len() as i64;
    if count > 0 {
        let days = batch.documents.iter().flat_map(|d| day_mark(d.day).to_le_bytes()).collect();
        let rows = batch.documents.into_iter().zip(now.next_document..).map(|(document, id)| {
            let document = Document { id, ..document };
            crate::record::Record::values(&document)
        });
        let columns = <Document as crate::record::Record>::COLUMNS;
        conn.bulk_insert("search_document", columns, &mut rows.collect::<Vec<_>>().into_iter())?;
        let segment = Segment {
            id: now.next_segment,
            first: now.next_document,
            documents: count,
            postings: batch.postings,
            gone_documents: 0,
            days,
            gone: vec![0; (count as usize).div_ceil(8)],
        };
        add_segment(conn, segment, batch.pages)?;
    }
    let next = State {
        seq: batch.seq,
        next_document: now.next_document + count,
        next_segment: now.next_segment + i64::from(count > 0),
    };
    keep_state(conn, next)?;
    Ok(Some(next))
}

fn keep_state(conn: &mut Conn, state: State) -> Result<(), Fault> {
    conn.exec(
        "UPDATE search_state SET seq = $1, next_document = $2, next_segment = $3 WHERE id = 1",
        &vals![state.seq, state.next_document, state.next_segment],
    )?;
    Ok(())
}

/// A day as two bytes; 0 for none and for days that do not fit.
fn day_mark(day: Option<Day>) -> u16 {
    day.and_then(|day| u16::try_from(day.days()).ok()).unwrap_or(0)
}

/// A stretch of documents with their postings.
#[derive(Clone, Debug)]
struct Segment {
    id: i64,
    first: i64,
    documents: i64,
    postings: i64,
    gone_documents: i64,
    days: Vec<u8>,
    gone: Vec<u8>,
}

impl Segment {
    fn is_gone(&self, document: u32) -> bool {
        self.gone.get(document as usize / 8).is_some_and(|byte| byte & (1 << (document % 8)) != 0)
    }
}

fn segments(conn: &mut Conn, condition: &str, args: &[Val]) -> Result<Vec<Segment>, Fault> {
    let sql = format!(
        "SELECT id, first_document, documents, postings, gone_documents, days, gone FROM search_segment {condition} \
         ORDER BY first_document"
    );
    conn.rows(&sql, args)?
        .iter()
        .map(|row| {
            Ok(Segment {
                id: row.int(0)?,
                first: row.int(1)?,
                documents: row.int(2)?,
                postings: row.int(3)?,
                gone_documents: row.int(4)?,
                days: row.bytes(5)?,
                gone: row.bytes(6)?,
            })
        })
        .collect()
}

fn add_segment(conn: &mut Conn, segment: Segment, pages: Vec<Page>) -> Result<(), Fault> {
    let id = segment.id;
    conn.exec(
        "INSERT INTO search_segment (id, first_document, documents, postings, gone_documents, days, gone) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            Val::Int(id),
            Val::Int(segment.first),
            Val::Int(segment.documents),
            Val::Int(segment.postings),
            Val::Int(segment.gone_documents),
            Val::Bytes(segment.days),
            Val::Bytes(segment.gone),
        ],
    )?;
    let mut rows = pages.into_iter().map(|(term, ordinal, bytes)| {
        vec![Val::Int(id), Val::from(term), Val::Int(ordinal), Val::Bytes(bytes)]
    });
    conn.bulk_insert("search_page", &["segment_id", "first_term", "ordinal", "content"], &mut rows)?;
    Ok(())
}

/// Takes documents out: their rows go, and their bits in the segments are set.
fn forget(conn: &mut Conn, things: &[(String, i64)]) -> Result<(), Fault> {
    let mut gone: Vec<i64> = Vec::new();
    for (kind, subjects) in by_kind(things) {
        let list = serde_json::json!(subjects).to_string();
        let which = "kind = $1 AND subject_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2))";
        let args = vals![kind.as_str(), list];
        for row in conn.rows(&format!("SELECT id FROM search_document WHERE {which}"), &args)? {
            gone.push(row.int(0)?);
        }
        conn.exec(&format!("DELETE FROM search_document WHERE {which}"), &args)?;
    }
    if gone.is_empty() {
        return Ok(());
    }
    gone.sort_unstable();
    let range = vals![gone[0], gone[gone.len() - 1]];
    let touched = segments(conn, "WHERE first_document <= $2 AND first_document + documents > $1", &range)?;
    for mut segment in touched {
        let inside =
            gone.iter().map(|id| id - segment.first).filter(|at| (0..segment.documents).contains(at));
        let before = segment.gone_documents;
        for at in inside.collect::<Vec<_>>() {
            segment.gone[at as usize / 8] |= 1 << (at % 8);
            segment.gone_documents += 1;
        }
        if segment.gone_documents > before {
            conn.exec(
                "UPDATE search_segment SET gone = $1, gone_documents = $2 WHERE id = $3",
                &[Val::Bytes(segment.gone), Val::Int(segment.gone_documents), Val::Int(segment.id)],
            )?;
        }
    }
    Ok(())
}

fn by_kind(things: &[(String, i64)]) -> BTreeMap<String, Vec<i64>> {
    let mut kinds: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (kind, subject) in things {
        kinds.entry(kind.clone()).or_default().push(*subject);
    }
    kinds
}

/// Joins small segments at the end, or writes one anew from which much is gone. Answers whether there was anything to
/// do; then it is worth calling again.
///
/// # Errors
/// Faults of the database.
pub fn tidy(conn: &mut Conn) -> Result<bool, Fault> {
    let all = segments(conn, "", &[])?;
    let Some(run) = worth_joining(&all) else { return Ok(false) };
    let chosen = &all[run];
    let Some(state) = state(conn)? else { return Ok(false) };
    let first = chosen[0].first;
    let mut builder = Builder::default();
    for segment in chosen {
        let by = u32::try_from(segment.first - first).map_err(|_| damaged(segment.id))?;
        let sql = "SELECT content FROM search_page WHERE segment_id = $1 ORDER BY first_term, ordinal";
        conn.each(sql, &vals![segment.id], &mut |row| {
            let page = row.bytes(0)?;
            builder
                .add_page(&page, by, &|document| segment.is_gone(document))
                .ok_or_else(|| damaged(segment.id))
        })?;
    }
    for segment in chosen {
        conn.exec("DELETE FROM search_page WHERE segment_id = $1", &vals![segment.id])?;
        conn.exec("DELETE FROM search_segment WHERE id = $1", &vals![segment.id])?;
    }
    let joined = joined(chosen, state.next_segment, builder.postings);
    add_segment(conn, joined, builder.pages())?;
    keep_state(conn, State { next_segment: state.next_segment + 1, ..state })?;
    Ok(true)
}

fn damaged(segment: i64) -> Fault {
    Fault::corrupt(format!("segment {segment} of the search index cannot be read; build the index anew"))
}

/// The stretch of numbers of all of them. The numbers of gone documents stay as holes, their bits set.
fn joined(chosen: &[Segment], id: i64, postings: i64) -> Segment {
    let first = chosen[0].first;
    let end = chosen.last().map_or(first, |last| last.first + last.documents);
    let documents = (end - first) as usize;
    let (mut days, mut gone) = (vec![0_u8; documents * 2], vec![0_u8; documents.div_ceil(8)]);
    for segment in chosen {
        let base = (segment.first - first) as usize;
        days[base * 2..base * 2 + segment.days.len()].copy_from_slice(&segment.days);
        for at in 0..segment.documents as u32 {
            if segment.is_gone(at) {
                let place = base + at as usize;
                gone[place / 8] |= 1 << (place % 8);
            }
        }
    }
    // What is gone was left out of the lists, so it no longer weighs; the bits stay for the numbers themselves.
    Segment { id, first, documents: documents as i64, postings, gone_documents: 0, days, gone }
}

/// The newest segments, as long as each is not much larger than all behind it together; else one that is half empty.
fn worth_joining(all: &[Segment]) -> Option<std::ops::Range<usize>> {
    let mut from = all.len();
    let mut sum = 0;
    while from > 0 {
        let next = all[from - 1].postings;
        if sum > 0 && next > 2 * sum || sum + next > SEGMENT_POSTINGS_MAX {
            break;
        }
        (from, sum) = (from - 1, sum + next);
    }
    if all.len() - from >= JOIN_FROM {
        return Some(from..all.len());
    }
    let stale = |s: &Segment| s.gone_documents * 100 > s.documents * GONE_PERCENT;
    all.iter().position(stale).map(|at| at..at + 1)
}

/// Documents of these numbers, in that order; those that are gone are left out.
///
/// # Errors
/// Faults of the database.
pub fn documents(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Document>, Fault> {
    let list = serde_json::json!(ids).to_string();
    let condition = "WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    let mut found = <Document as crate::record::Record>::load(conn, condition, &vals![list])?;
    found.sort_by_key(|document| ids.iter().position(|id| *id == document.id));
    Ok(found)
}

/// What is indexed of these things: number and stamp of each.
///
/// # Errors
/// Faults of the database.
pub fn stamps(conn: &mut Conn, kind: &str, subjects: &[i64]) -> Result<BTreeMap<i64, String>, Fault> {
    let list = serde_json::json!(subjects).to_string();
    let sql = "SELECT subject_id, stamp FROM search_document WHERE kind = $1 \
               AND subject_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2))";
    conn.rows(sql, &vals![kind, list])?.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect()
}

/// The text that is indexed of a thing, so that a file need not be read again when only its place changed.
///
/// # Errors
/// Faults of the database.
pub fn content_of(conn: &mut Conn, kind: &str, subject: i64) -> Result<Option<String>, Fault> {
    let sql = "SELECT content FROM search_document WHERE kind = $1 AND subject_id = $2";
    conn.first(sql, &vals![kind, subject])?.map(|row| row.text(0)).transpose()
}

/// How much there is: documents, characters of their texts, segments, bytes of pages.
///
/// # Errors
/// Faults of the database.
pub fn sizes(conn: &mut Conn) -> Result<[i64; 4], Fault> {
    let sql = "SELECT (SELECT COUNT(*) FROM search_document), \
        (SELECT CAST(COALESCE(SUM(length(content)), 0) AS BIGINT) FROM search_document), \
        (SELECT COUNT(*) FROM search_segment), \
        (SELECT CAST(COALESCE(SUM(length(content)), 0) AS BIGINT) FROM search_page)";
    let row = conn.first(sql, &[])?.ok_or_else(|| Fault::corrupt("counting answered nothing"))?;
    Ok([row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?])
}

/// Entries after a number, in order: number, kind and number of the subject, body.
///
/// # Errors
/// Faults of the database.
pub fn entries_after(
    conn: &mut Conn,
    seq: i64,
    limit: i64,
) -> Result<Vec<(i64, String, i64, String)>, Fault> {
    let sql = "SELECT seq, subject_kind, subject_id, body FROM entry WHERE seq > $1 ORDER BY seq LIMIT $2";
    conn.rows(sql, &vals![seq, limit])?
        .iter()
        .map(|row| Ok((row.int(0)?, row.text(1)?, row.int(2)?, row.text(3)?)))
        .collect()
}

/// The next numbers of a table after one, ascending. `table` is a plain name.
///
/// # Errors
/// Faults of the database.
pub fn ids_after(conn: &mut Conn, table: &'static str, after: i64, limit: i64) -> Result<Vec<i64>, Fault> {
    let sql = format!("SELECT id FROM {table} WHERE id > $1 ORDER BY id LIMIT $2");
    conn.rows(&sql, &vals![after, limit])?.iter().map(|row| row.int(0)).collect()
}

/// The highest number of a kind that is indexed; 0 for none.
///
/// # Errors
/// Faults of the database.
pub fn last_subject(conn: &mut Conn, kind: &str) -> Result<i64, Fault> {
    let row =
        conn.first("SELECT COALESCE(MAX(subject_id), 0) FROM search_document WHERE kind = $1", &vals![kind])?;
    row.map_or(Ok(0), |row| row.int(0))
}
