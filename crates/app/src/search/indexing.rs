//! Keeping the index up with the journal, and building it anew.

use super::{Right, SOURCES, Sketch, Source};
use crate::Error;
use crate::context::App;
use bihuan_documents::text::read_any_text;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::UnitPath;
use bihuan_store::search::{self as store, Batch, Builder, Document, FIELD, GAP, Part, State};
use bihuan_store::{Conn, Fault, journal, problem};
use bihuan_text::bigrams::han_characters;
use bihuan_text::each_token;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::mpsc::{SyncSender, sync_channel};

/// Entries looked at in one step.
const ENTRIES_A_STEP: i64 = 500;
/// Rows of a source read at once.
const ROWS_AT_ONCE: i64 = 500;
/// Characters of the texts that make one segment of a rebuild.
const PART_CHARS: u64 = 8_000_000;
/// Most threads that read texts for a rebuild.
const THREADS_MAX: usize = 4;
/// Postings of segments that are joined at once after a step; larger ones are left to [`App::index_join`].
const JOIN_AT_ONCE: i64 = 300_000;
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
        let (mut prepared, mut removed) = (Vec::new(), Vec::new());
        for (kind, ids) in wanted {
            let Some(source) = SOURCES.iter().find(|source| source.kind == kind) else { continue };
            let ids: Vec<i64> = ids.into_iter().collect();
            for chunk in ids.chunks(ROWS_AT_ONCE as usize) {
                self.take_changed(source, chunk, &mut prepared, &mut removed)?;
            }
        }
        let done = Indexed { more, ..indexed(&prepared) };
        let parts = if prepared.is_empty() { Vec::new() } else { vec![part_of(prepared)] };
        let batch = Batch { from, seq, parts, removed };
        if self.db.write(move |conn| store::write_batch(conn, batch))?.is_none() {
            return Ok(Indexed { more: true, ..Indexed::default() });
        }
        while self.join_up_to(JOIN_AT_ONCE)? {}
        Ok(done)
    }

    /// Joins segments of the index where that is worth it, so that a search reads few. Others may index meanwhile.
    /// Answers whether there was anything to do; then it is worth calling again.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn index_join(&self) -> Result<bool, Error> {
        self.join_up_to(store::SEGMENT_POSTINGS_MAX)
    }

    fn join_up_to(&self, postings: i64) -> Result<bool, Error> {
        let Some(join) = self.db.read(|conn| store::prepare_join(conn, postings))? else { return Ok(false) };
        Ok(self.db.write(move |conn| store::apply_join(conn, join))?)
    }

    /// Builds the index anew from all records. Until it is done a search finds only a part.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn index_rebuild(&self, progress: &mut dyn FnMut(&Indexed)) -> Result<Indexed, Error> {
        let (head, state) = self.db.write(|conn| -> Result<(i64, State), Error> {
            let head = journal::head(conn)?;
            Ok((head, store::clear(conn, REBUILDING)?))
        })?;
        let mut sources = SOURCES.iter();
        let (mut source, mut after) = (sources.next(), 0);
        let mut next = || -> Result<Option<Vec<Prepared>>, Error> {
            while let Some(from) = source {
                let ids = self.db.read(|conn| store::ids_after(conn, from.table, after, ROWS_AT_ONCE))?;
                if let Some(last) = ids.last() {
                    after = *last;
                    return self.take_all(from, &ids).map(Some);
                }
                (source, after) = (sources.next(), 0);
            }
            Ok(None)
        };
        let (state, all) = self.index_all(state, &mut next, progress)?;
        let last = Batch { from: state, seq: head, ..Batch::default() };
        self.db.write(move |conn| store::write_batch(conn, last))?;
        while self.index_join()? {}
        Ok(Indexed { more: true, ..all })
    }

    /// Adds documents that come from no source of ours, each with the units that may read it: for measurements.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn index_documents(
        &self,
        documents: &mut (dyn Iterator<Item = (Document, Vec<UnitPath>)> + Send),
    ) -> Result<Indexed, Error> {
        let from = self.db.read(store::state)?.unwrap_or_default();
        let mut next = || {
            let some: Vec<Prepared> = documents
                .take(ROWS_AT_ONCE as usize)
                .map(|(document, units)| {
                    prepared(Sketch { document, units, ..Sketch::default() }, String::new(), "")
                })
                .collect();
            Ok(if some.is_empty() { None } else { Some(some) })
        };
        let (_, all) = self.index_all(from, &mut next, &mut |_| {})?;
        while self.index_join()? {}
        Ok(all)
    }

    /// Takes everything that `next` hands out into the index: one thread reads, several make segments, this one writes.
    fn index_all(
        &self,
        from: State,
        next: &mut (dyn FnMut() -> Result<Option<Vec<Prepared>>, Error> + Send),
        progress: &mut dyn FnMut(&Indexed),
    ) -> Result<(State, Indexed), Error> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
        let (give, taken) = sync_channel::<Vec<Prepared>>(1);
        let (made, ready) = sync_channel::<(Part, Indexed)>(1);
        let taken = Mutex::new(taken);
        std::thread::scope(|scope| {
            let reader = scope.spawn(move || hand_out(next, &give));
            for _ in 0..threads {
                let (made, taken) = (made.clone(), &taken);
                scope.spawn(move || {
                    while let Some(texts) = taken.lock().ok().and_then(|taken| taken.recv().ok()) {
                        let count = indexed(&texts);
                        if made.send((part_of(texts), count)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(made);
            let (mut state, mut all) = (from, Indexed::default());
            for (part, count) in ready {
                let batch = Batch { from: state, seq: state.seq, parts: vec![part], removed: Vec::new() };
                let written = self.db.write(move |conn| store::write_batch(conn, batch))?;
                state = written.ok_or_else(|| Fault::corrupt("two rebuilds of the search index at once"))?;
                all.documents += count.documents;
                all.characters += count.characters;
                progress(&all);
            }
            match reader.join() {
                Ok(read) => read.map(|()| (state, all)),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
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
            for source in SOURCES.iter().filter(|_| *subject != 0) {
                for (_, touched) in source.touched.iter().filter(|(of, _)| of == kind) {
                    wanted.entry(source.kind).or_default().extend(touched(conn, *subject)?);
                }
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
                        let ids = store::ids_after(conn, source.table, after, ROWS_AT_ONCE)?;
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
            let by_place = Right::of_place(unit).into_iter().map(Right::term).collect();
            let below = store::under_unit(conn, unit, by_place)?;
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
    fn take_changed(
        &self,
        source: &Source,
        ids: &[i64],
        changed: &mut Vec<Prepared>,
        removed: &mut Vec<(String, i64)>,
    ) -> Result<(), Error> {
        let (sketches, known) = self.db.read(|conn| -> Result<_, Error> {
            Ok(((source.sketch)(self, conn, ids)?, store::stamps(conn, source.kind, ids)?))
        })?;
        let there: BTreeSet<i64> = sketches.iter().map(|sketch| sketch.document.subject_id).collect();
        let gone = known.keys().filter(|id| !there.contains(id));
        removed.extend(gone.map(|id| (source.kind.to_owned(), *id)));
        for sketch in sketches {
            let (stamp, old) = (stamp_of(&sketch), known.get(&sketch.document.subject_id));
            if old == Some(&stamp) {
                continue;
            }
            let same_file = old.is_some_and(|old| old.split(':').next() == stamp.split(':').next());
            let text = self.text_of(&sketch, same_file)?;
            changed.push(prepared(sketch, stamp, &text));
        }
        Ok(())
    }

    fn take_all(&self, source: &Source, ids: &[i64]) -> Result<Vec<Prepared>, Error> {
        let mut all = Vec::new();
        for sketch in self.db.read(|conn| (source.sketch)(self, conn, ids))? {
            let stamp = stamp_of(&sketch);
            let text = self.text_of(&sketch, false)?;
            all.push(prepared(sketch, stamp, &text));
        }
        Ok(all)
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
    let mut units: Vec<String> = sketch.units.iter().map(|path| path.as_str().to_owned()).collect();
    units.extend(sketch.rights.iter().map(|right| right.term()));
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

/// A document with its text and the terms of its fields.
struct Prepared {
    document: Document,
    characters: u64,
    fields: Vec<String>,
}

/// A file's text stands behind the first line.
fn prepared(sketch: Sketch, stamp: String, file_text: &str) -> Prepared {
    let mut document = Document { stamp, ..sketch.document };
    if sketch.file.is_some() {
        document.content.push('\n');
        document.content.push_str(file_text);
    }
    if let Some((at, _)) = document.content.char_indices().nth(DOCUMENT_CHARS_MAX) {
        document.content.truncate(at);
    }
    let mut fields = vec![format!("k{}", document.kind), format!("s{}", document.state)];
    fields.extend(sketch.campaign.map(|campaign| format!("c{campaign}")));
    let above: BTreeSet<UnitId> = sketch.units.iter().flat_map(|path| path.units()).collect();
    fields.extend(above.into_iter().map(|unit| format!("u{unit}")));
    fields.extend(sketch.rights.iter().map(|right| right.term()));
    Prepared { characters: document.content.chars().count() as u64, document, fields }
}

fn indexed(texts: &[Prepared]) -> Indexed {
    let characters = texts.iter().map(|text| text.characters).sum();
    Indexed { documents: texts.len(), characters, more: false }
}

/// Gathers what is read into pieces that make a segment each, until there is no more or nobody takes it.
fn hand_out(
    next: &mut dyn FnMut() -> Result<Option<Vec<Prepared>>, Error>,
    give: &SyncSender<Vec<Prepared>>,
) -> Result<(), Error> {
    let (mut piece, mut characters) = (Vec::new(), 0);
    while let Some(some) = next()? {
        for text in some {
            characters += text.characters;
            piece.push(text);
            if characters >= PART_CHARS {
                characters = 0;
                if give.send(std::mem::take(&mut piece)).is_err() {
                    return Ok(());
                }
            }
        }
    }
    if !piece.is_empty() {
        // Nobody takes it only after a fault of the one who writes, who tells of it.
        drop(give.send(piece));
    }
    Ok(())
}

/// Makes a segment of texts.
fn part_of(texts: Vec<Prepared>) -> Part {
    let mut builder = Builder::default();
    let mut part = Part::default();
    let (mut start, mut term) = (0_u32, String::new());
    for (text, number) in texts.into_iter().zip(0_u32..) {
        let document = text.document;
        let mut behind = start;
        each_token(&document.content, |token, place| {
            behind = start + place;
            builder.add(token, behind);
        });
        // A title is searched with the text, apart from it, and counts more.
        let from = behind + GAP;
        each_token(&document.title, |token, place| {
            behind = from + place;
            builder.add(token, behind);
            term.clear();
            term.extend([FIELD, 't']);
            term.push_str(token);
            builder.add(&term, number);
        });
        for c in han_characters(&document.content).chain(han_characters(&document.title)) {
            builder.add_character(c, number);
        }
        for field in &text.fields {
            term.clear();
            term.push(FIELD);
            term.push_str(field);
            builder.add(&term, number);
        }
        part.starts.push(start);
        part.documents.push(document);
        start = behind + GAP;
    }
    part.postings = builder.postings;
    part.pages = builder.pages();
    part
}
