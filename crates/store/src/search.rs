//! The search index: an inverted index in plain tables, one for both engines.
//!
//! Documents get ascending numbers as they are indexed. A segment covers a stretch of numbers and is never changed but
//! for the bits of documents that are gone; segments next to each other are joined as they come in, so that there are
//! few. A document that changed is gone under its old number and comes again under a new one. The index is no
//! business data: it is written here, outside the journal, from what the journal says has changed.

mod codec;
mod join;
mod read;

pub use codec::{Builder, FIELD, GAP, PAGE_BYTES, Page, character_term};
pub use join::{Join, SEGMENT_POSTINGS_MAX, apply_join, prepare_join};
pub use read::{Hits, Named, Phrase, Query, query, under_unit};

use crate::dialect::looked_up;
use crate::{Conn, Fault, Val, record, vals};
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use std::collections::BTreeMap;

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

/// Texts that become one segment.
#[derive(Debug, Default)]
pub struct Part {
    /// New and changed documents.
    pub documents: Vec<Document>,
    /// The place at which each of them begins, ascending.
    pub starts: Vec<u32>,
    /// Their terms; documents count from 0.
    pub pages: Vec<Page>,
    /// How many numbers their lists hold.
    pub postings: i64,
}

/// Parts written together.
#[derive(Debug, Default)]
pub struct Batch {
    /// The entry the index was at when the batch was begun, and its next document.
    pub from: State,
    /// The entry it is at with the batch.
    pub seq: i64,
    /// Segments to add.
    pub parts: Vec<Part>,
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

/// Writes a batch, each part as a segment of its own; `None` when somebody else has indexed meanwhile.
///
/// # Errors
/// Faults of the database.
pub fn write_batch(conn: &mut Conn, batch: Batch) -> Result<Option<State>, Fault> {
    let Some(now) = state(conn)? else { return Ok(None) };
    // Joining segments meanwhile does no harm.
    if (now.seq, now.next_document) != (batch.from.seq, batch.from.next_document) {
        return Ok(None);
    }
    let mut gone = batch.removed;
    let parts = batch.parts.iter().flat_map(|part| &part.documents);
    gone.extend(parts.map(|document| (document.kind.clone(), document.subject_id)));
    forget(conn, &gone)?;
    let mut next = State { seq: batch.seq, ..now };
    for part in batch.parts.into_iter().filter(|part| !part.documents.is_empty()) {
        next = add_part(conn, next, part)?;
    }
    keep_state(conn, next)?;
    Ok(Some(next))
}

fn add_part(conn: &mut Conn, at: State, part: Part) -> Result<State, Fault> {
    let count = part.documents.len();
    let days = part.documents.iter().flat_map(|d| day_mark(d.day).to_le_bytes()).collect();
    let mut rows = part.documents.into_iter().zip(at.next_document..).map(|(document, id)| {
        let document = Document { id, ..document };
        crate::record::Record::values(&document)
    });
    conn.bulk_insert("search_document", <Document as crate::record::Record>::COLUMNS, &mut rows)?;
    let segment = Segment {
        id: at.next_segment,
        first: at.next_document,
        documents: count as i64,
        postings: part.postings,
        gone_documents: 0,
        days,
        starts: part.starts,
        gone: vec![0; count.div_ceil(8)],
    };
    add_segment(conn, segment, part.pages)?;
    Ok(State { next_document: at.next_document + count as i64, next_segment: at.next_segment + 1, ..at })
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
    starts: Vec<u32>,
    gone: Vec<u8>,
}

impl Segment {
    fn is_gone(&self, document: u32) -> bool {
        self.gone.get(document as usize / 8).is_some_and(|byte| byte & (1 << (document % 8)) != 0)
    }

    /// Marks a document as gone; answers whether it was not.
    fn set_gone(&mut self, document: usize) -> bool {
        let Some(byte) = self.gone.get_mut(document / 8) else { return false };
        let bit = 1 << (document % 8);
        let fresh = *byte & bit == 0;
        *byte |= bit;
        fresh
    }

    /// The document that a place lies in.
    fn document_at(&self, place: u32) -> u32 {
        (self.starts.partition_point(|start| *start <= place) as u32).saturating_sub(1)
    }
}

fn segments(conn: &mut Conn, condition: &str, args: &[Val]) -> Result<Vec<Segment>, Fault> {
    let sql = format!(
        "SELECT id, first_document, documents, postings, gone_documents, days, starts, gone FROM search_segment {condition} \
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
                starts: numbers(&row.bytes(6)?),
                gone: row.bytes(7)?,
            })
        })
        .collect()
}

/// Numbers of four bytes each.
fn numbers(bytes: &[u8]) -> Vec<u32> {
    let of = |four: &[u8]| <[u8; 4]>::try_from(four).map_or(0, u32::from_le_bytes);
    bytes.chunks_exact(4).map(of).collect()
}

fn add_segment(conn: &mut Conn, segment: Segment, pages: Vec<Page>) -> Result<(), Fault> {
    let id = segment.id;
    conn.exec(
        "INSERT INTO search_segment (id, first_document, documents, postings, gone_documents, days, starts, gone) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            Val::Int(id),
            Val::Int(segment.first),
            Val::Int(segment.documents),
            Val::Int(segment.postings),
            Val::Int(segment.gone_documents),
            Val::Bytes(segment.days),
            Val::Bytes(segment.starts.iter().flat_map(|start| start.to_le_bytes()).collect()),
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
        let sql = looked_up("id", "search_document", "kind = $1", ("subject_id", "$2"), conn.engine());
        for row in conn.rows(&sql, &vals![kind.as_str(), list])? {
            gone.push(row.int(0)?);
        }
    }
    if gone.is_empty() {
        return Ok(());
    }
    gone.sort_unstable();
    let list = serde_json::json!(gone).to_string();
    let these = "id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    conn.exec(&format!("DELETE FROM search_document WHERE {these}"), &vals![list])?;
    let range = vals![gone[0], gone[gone.len() - 1]];
    let touched = segments(conn, "WHERE first_document <= $2 AND first_document + documents > $1", &range)?;
    for mut segment in touched {
        let inside =
            gone.iter().map(|id| id - segment.first).filter(|at| (0..segment.documents).contains(at));
        let before = segment.gone_documents;
        for at in inside.collect::<Vec<_>>() {
            segment.gone_documents += i64::from(segment.set_gone(at as usize));
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

fn damaged(segment: i64) -> Fault {
    Fault::corrupt(format!("segment {segment} of the search index cannot be read; build the index anew"))
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

/// Records whose `column`, a plain name, holds one of these numbers, by their key.
///
/// # Errors
/// Faults of the database.
pub fn rows<T: crate::record::Record>(
    conn: &mut Conn,
    column: &'static str,
    numbers: &[i64],
) -> Result<Vec<T>, Fault> {
    let list = serde_json::json!(numbers).to_string();
    let key = T::KEY.join(", ");
    let condition =
        format!("WHERE {column} IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY {key}");
    T::load(conn, &condition, &vals![list])
}

/// What is indexed of these things: number and stamp of each.
///
/// # Errors
/// Faults of the database.
pub fn stamps(conn: &mut Conn, kind: &str, subjects: &[i64]) -> Result<BTreeMap<i64, String>, Fault> {
    let list = serde_json::json!(subjects).to_string();
    let columns = "subject_id, stamp";
    let sql = looked_up(columns, "search_document", "kind = $1", ("subject_id", "$2"), conn.engine());
    conn.rows(&sql, &vals![kind, list])?.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect()
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
