//! Keeping the index up with the journal, and building it anew.

use super::{SOURCES, Sketch, Source};
use crate::Error;
use crate::context::App;
use bihuan_documents::text::read_any_text;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::UnitPath;
use bihuan_store::search::{self as store, Batch, Builder, Document, FIELD, State};
use bihuan_store::{Conn, journal, problem};
use bihuan_text::each_token;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Entries looked at in one step.
const ENTRIES_A_STEP: i64 = 500;
/// Rows of a source read at once.
const ROWS_AT_ONCE: usize = 500;
/// Postings collected before a batch of a rebuild is written.
const BATCH_POSTINGS: i64 = 4_000_000;
/// Characters of one document that are indexed and kept.
const DOCUMENT_CHARS_MAX: usize = 2_000_000;
/// The entry an index is at while it is being built anew.
pub const REBUILDING: i64 = -1;

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Indexed {
    /// Documents that were indexed.
    pub documents: usize,
    /// Characters of their texts.
    pub characters: u64,
    /// There is more to do at once.
    pub more: bool,
}

impl App {
    /// Takes the next entries of the journal into the index; builds it anew where there is none. To be called by one
    /// thread again and again; another process that does the same does no harm.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn index_step(&self) -> Result<Indexed, Error> {
        let Some(from) = self.db.read(store::state)? else {
            return self.index_rebuild(&mut |_| {});
        };
        if from.seq == REBUILDING {
            return Ok(Indexed::default());
        }
        let (seq, more, wanted) = self.db.read(|conn| self.what_changed(conn, from.seq))?;
        if seq == from.seq {
            return Ok(Indexed::default());
        }
        let mut work = Work::default();
        for (kind, ids) in wanted {
            let Some(source) = SOURCES.iter().find(|source| source.kind == kind) else { continue };
            let ids: Vec<i64> = ids.into_iter().collect();
            for chunk in ids.chunks(ROWS_AT_ONCE) {
                self.take_changed(source, chunk, &mut work)?;
            }
        }
        let done = work.indexed(more);
        self.write_batch(work.into_batch(from, seq))?;
        Ok(done)
    }

    /// Builds the index anew from all records. Until it is done a search finds only a part.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn index_rebuild(&self, progress: &mut dyn FnMut(&Indexed)) -> Result<Indexed, Error> {
        let (head, mut state) = self.db.write(|conn| -> Result<(i64, State), Error> {
            let head = journal::head(conn)?;
            Ok((head, store::clear(conn, REBUILDING)?))
        })?;
        let mut all = Indexed::default();
        for source in SOURCES {
            let mut after = 0;
            loop {
                let mut work = Work::default();
                while work.builder.postings < BATCH_POSTINGS {
                    let limit = ROWS_AT_ONCE as i64;
                    let ids = self.db.read(|conn| store::ids_after(conn, source.table, after, limit))?;
                    let Some(last) = ids.last() else { break };
                    after = *last;
                    self.take_all(source, &ids, &mut work)?;
                }
                if work.documents.is_empty() {
                    break;
                }
                let done = work.indexed(true);
                all.documents += done.documents;
                all.characters += done.characters;
                match self.write_batch(work.into_batch(state, REBUILDING))? {
                    Some(next) => state = next,
                    None => return Err(bihuan_store::Fault::corrupt("two rebuilds at once").into()),
                }
                progress(&all);
            }
        }
        let last = Batch { from: state, seq: head, ..Batch::default() };
        self.db.write(move |conn| store::write_batch(conn, last))?;
        Ok(Indexed { more: true, ..all })
    }

    /// Adds documents that come from no source of ours, each with the units that may read it: for measurements.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn index_documents(&self, documents: Vec<(Document, Vec<UnitPath>)>) -> Result<Indexed, Error> {
        let from = self.db.read(store::state)?.unwrap_or_default();
        let mut work = Work::default();
        for (document, units) in documents {
            let sketch = Sketch { document, units, ..Sketch::default() };
            let stamp = stamp_of(&sketch);
            work.take(sketch, stamp, "");
        }
        let done = work.indexed(false);
        self.write_batch(work.into_batch(from, from.seq))?;
        Ok(done)
    }

    fn write_batch(&self, batch: Batch) -> Result<Option<State>, Error> {
        let written = self.db.write(move |conn| store::write_batch(conn, batch))?;
        while written.is_some() && self.db.write(store::tidy)? {}
        // Joining gives segments new numbers.
        Ok(if written.is_some() { self.db.read(store::state)? } else { None })
    }

    /// What the entries after one may have changed: by kind, with the last entry looked at.
    fn what_changed(
        &self,
        conn: &mut Conn,
        after: i64,
    ) -> Result<(i64, bool, BTreeMap<&'static str, BTreeSet<i64>>), Error> {
        let entries = store::entries_after(conn, after, ENTRIES_A_STEP)?;
        let mut wanted: BTreeMap<&'static str, BTreeSet<i64>> = BTreeMap::new();
        for (_, kind, subject, body) in &entries {
            for source in SOURCES.iter().filter(|source| source.subject == kind && *subject != 0) {
                wanted.entry(source.kind).or_default().extend((source.touched)(conn, *subject)?);
            }
            let body: Value = serde_json::from_str(body).unwrap_or_default();
            for row in body["rows"].as_array().into_iter().flatten() {
                self.row_changed(conn, row, &mut wanted)?;
            }
        }
        let last = entries.last().map_or(after, |entry| entry.0);
        Ok((last, entries.len() as i64 == ENTRIES_A_STEP, wanted))
    }

    fn row_changed(
        &self,
        conn: &mut Conn,
        row: &Value,
        wanted: &mut BTreeMap<&'static str, BTreeSet<i64>>,
    ) -> Result<(), Error> {
        let table = row["table"].as_str().unwrap_or_default();
        for source in SOURCES.iter().filter(|source| source.table == table) {
            match row["key"]["id"].as_i64() {
                Some(id) => {
                    wanted.entry(source.kind).or_default().insert(id);
                }
                // Many rows at once are kept without their numbers: whatever is new is taken.
                None => {
                    let mut after = store::last_subject(conn, source.kind)?;
                    loop {
                        let ids = store::ids_after(conn, source.table, after, ROWS_AT_ONCE as i64)?;
                        let Some(last) = ids.last() else { break };
                        after = *last;
                        wanted.entry(source.kind).or_default().extend(ids);
                    }
                }
            }
        }
        // A unit that moved takes everything below it along to other readers.
        if table == "unit" && !row["set"]["path"].is_null() && row["op"] == "update" {
            let unit = UnitId(row["key"]["id"].as_i64().unwrap_or_default());
            let below = store::under_unit(conn, unit)?;
            for document in store::documents(conn, &below)? {
                let source = SOURCES.iter().find(|source| source.kind == document.kind);
                if let Some(source) = source {
                    wanted.entry(source.kind).or_default().insert(document.subject_id);
                }
            }
        }
        Ok(())
    }

    /// Takes those of a source that are new or differ from what is indexed.
    fn take_changed(&self, source: &Source, ids: &[i64], work: &mut Work) -> Result<(), Error> {
        let (sketches, known) = self.db.read(|conn| -> Result<_, Error> {
            Ok(((source.sketch)(self, conn, ids)?, store::stamps(conn, source.kind, ids)?))
        })?;
        let there: BTreeSet<i64> = sketches.iter().map(|sketch| sketch.document.subject_id).collect();
        let gone = known.keys().filter(|id| !there.contains(id));
        work.removed.extend(gone.map(|id| (source.kind.to_owned(), *id)));
        for sketch in sketches {
            let (stamp, old) = (stamp_of(&sketch), known.get(&sketch.document.subject_id));
            if old == Some(&stamp) {
                continue;
            }
            let same_file = old.is_some_and(|old| old.split(':').next() == stamp.split(':').next());
            let text = self.text_of(&sketch, same_file)?;
            work.take(sketch, stamp, &text);
        }
        Ok(())
    }

    fn take_all(&self, source: &Source, ids: &[i64], work: &mut Work) -> Result<(), Error> {
        for sketch in self.db.read(|conn| (source.sketch)(self, conn, ids))? {
            let stamp = stamp_of(&sketch);
            let text = self.text_of(&sketch, false)?;
            work.take(sketch, stamp, &text);
        }
        Ok(())
    }

    /// The text of the sketch's file. A file that cannot be read has none; that is said in the log, not to the reader.
    fn text_of(&self, sketch: &Sketch, kept: bool) -> Result<String, Error> {
        let Some((name, digest)) = &sketch.file else { return Ok(String::new()) };
        let (kind, subject) = (&sketch.document.kind, sketch.document.subject_id);
        if kept && let Some(content) = self.db.read(|conn| store::content_of(conn, kind, subject))? {
            return Ok(content.split_once('\n').map_or_else(String::new, |(_, text)| text.to_owned()));
        }
        let Some(bytes) = self.db.read(|conn| problem::file_content(conn, digest))? else {
            return Ok(String::new());
        };
        match read_any_text(name, &bytes) {
            Ok(read) => Ok(read.text),
            Err(error) => {
                tracing::info!(%error, kind, subject, "a file's text cannot be read for the search");
                Ok(String::new())
            }
        }
    }
}

/// The digest of the file, and one of everything else that is indexed or decides who may read it.
fn stamp_of(sketch: &Sketch) -> String {
    let units: Vec<&str> = sketch.units.iter().map(UnitPath::as_str).collect();
    let d = &sketch.document;
    let all = format!(
        "{}\n{}\n{:?}\n{}\n{}\n{}\n{}\n{:?}\n{}",
        units.join(" "),
        d.state,
        d.day,
        d.href,
        d.file_href,
        d.title,
        d.unit_id,
        sketch.campaign,
        d.content
    );
    let digest: String = Sha256::digest(all).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let file = sketch.file.as_ref().map_or("", |(_, digest)| digest.as_str());
    format!("{file}:{digest}")
}

/// What is indexed together.
#[derive(Default)]
struct Work {
    builder: Builder,
    documents: Vec<Document>,
    removed: Vec<(String, i64)>,
    characters: u64,
}

impl Work {
    /// Adds a document; a file's text stands behind the first line.
    fn take(&mut self, sketch: Sketch, stamp: String, file_text: &str) {
        let mut document = Document { stamp, ..sketch.document };
        if sketch.file.is_some() {
            document.content.push('\n');
            document.content.push_str(file_text);
        }
        if let Some((at, _)) = document.content.char_indices().nth(DOCUMENT_CHARS_MAX) {
            document.content.truncate(at);
        }
        let number = self.documents.len() as u32;
        let builder = &mut self.builder;
        self.characters += document.content.chars().count() as u64;
        let mut behind = 0;
        each_token(&document.content, |token, place| {
            behind = behind.max(place);
            builder.add(token, number, Some(place));
        });
        // A title is searched with the text, one place apart from it, and counts more.
        let from = behind + 2;
        each_token(&document.title, |token, place| {
            builder.add(token, number, Some(from + place));
            builder.add(&format!("{FIELD}t{token}"), number, None);
        });
        let mut field = |term: String| builder.add(&format!("{FIELD}{term}"), number, None);
        field(format!("k{}", document.kind));
        field(format!("s{}", document.state));
        if let Some(campaign) = sketch.campaign {
            field(format!("c{campaign}"));
        }
        let above: BTreeSet<UnitId> = sketch.units.iter().flat_map(|path| path.units()).collect();
        above.into_iter().for_each(|unit| field(format!("u{unit}")));
        self.documents.push(document);
    }

    fn indexed(&self, more: bool) -> Indexed {
        Indexed { documents: self.documents.len(), characters: self.characters, more }
    }

    fn into_batch(self, from: State, seq: i64) -> Batch {
        Batch {
            from,
            seq,
            postings: self.builder.postings,
            pages: self.builder.pages(),
            documents: self.documents,
            removed: self.removed,
        }
    }
}
