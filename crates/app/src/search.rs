//! Search 资料库: every record and every file's text that the reader may see (M44).
//!
//! What can be searched is said by the table [`SOURCES`], one line a noun. An indexer follows the journal: what an
//! entry touched is looked at again, so no use case has to think of the search.

mod activity;
mod asking;
mod breakdown;
mod campaign;
mod dispatch;
mod draw;
mod evidence;
mod help;
mod indexing;
mod inspection;
mod look_back;
mod muster;
mod naming;
mod problem;
mod report;
mod required_action;
mod requirement;
mod right;
mod slip;
mod study;
mod tables;
mod talk;
mod task;
mod text_check;
mod unit;
mod visit;
mod week_plan;

pub use asking::{Found, Hit, SEARCH_CHARS_MAX, SEARCH_PAGE, SearchInput, Snippet, SortBy};
pub use indexing::{Indexed, REBUILDING};
pub use tables::{LEFT_OUT, PARTS, tables};

use crate::Error;
use crate::context::App;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::unit::UnitPath;
use bihuan_store::Conn;
use bihuan_store::search::Document;
use std::collections::HashMap;

pub(crate) use naming::bearers;
pub(crate) use right::Right;

type Touched = fn(&mut Conn, i64) -> Result<Vec<i64>, Error>;

/// A noun that can be searched.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    /// Its kind in the index and in addresses.
    pub kind: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// The table whose rows it is made of, one document a row at most; its key is `id`.
    pub table: &'static str,
    /// Kinds of subjects of journal entries that may change it, each with its numbers that an entry about such a
    /// subject may change.
    pub touched: &'static [(&'static str, Touched)],
    /// What is known of these numbers; those that are not (or no longer) to be found are left out.
    pub sketch: fn(&App, &mut Conn, &[i64]) -> Result<Vec<Sketch>, Error>,
    /// The states a reader can filter by, as code and words.
    pub states: fn() -> Vec<(&'static str, &'static str)>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Everything that can be searched. A noun hooks in by one line here.
pub(crate) const SOURCES: &[Source] = &[
    problem::SOURCE,
    evidence::SOURCE,
    activity::SOURCE,
    activity::FILES,
    task::SOURCE,
    task::FILES,
    slip::SOURCE,
    report::SOURCE,
    inspection::SOURCE,
    visit::SOURCE,
    dispatch::SOURCE,
    breakdown::SOURCE,
    requirement::SOURCE,
    talk::SOURCE,
    campaign::SOURCE,
    required_action::SOURCE,
    required_action::EXCUSES,
    muster::SOURCE,
    look_back::SOURCE,
    draw::SOURCE,
    week_plan::SOURCE,
    help::SOURCE,
    study::READINGS,
    study::CLASSES,
    text_check::SOURCE,
    unit::SOURCE,
];

/// A document before its file is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sketch {
    /// What is kept for showing; number and stamp are filled in by the indexer, the content from the file if there is one.
    pub document: Document,
    /// Whoever may read one of these may read it.
    pub units: Vec<UnitPath>,
    /// Whoever has one of these rights may read it too.
    pub rights: Vec<Right>,
    /// Its campaign.
    pub campaign: Option<CampaignId>,
    /// Name and digest of a kept file whose text belongs to it.
    pub file: Option<(String, String)>,
}

/// The entry's subject is the thing itself.
pub(crate) fn itself(_: &mut Conn, id: i64) -> Result<Vec<i64>, Error> {
    Ok(vec![id])
}

/// Kinds for a filter: code and words.
pub fn kinds() -> Vec<(&'static str, &'static str)> {
    SOURCES.iter().map(|source| (source.kind, source.label)).collect()
}

/// The words of a kind.
pub fn kind_label(kind: &str) -> &'static str {
    SOURCES.iter().find(|source| source.kind == kind).map_or("", |source| source.label)
}

/// States for a filter: code and words, each once; nouns that call the same state differently are all named.
pub fn states() -> Vec<(&'static str, String)> {
    let mut all: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
    for (code, label) in SOURCES.iter().flat_map(|source| (source.states)()) {
        match all.iter_mut().find(|(known, _)| *known == code) {
            Some((_, labels)) if labels.contains(&label) => {}
            Some((_, labels)) => labels.push(label),
            None => all.push((code, vec![label])),
        }
    }
    all.into_iter().map(|(code, labels)| (code, labels.join("／"))).collect()
}

/// The present places of units.
fn places_of(
    conn: &mut Conn,
    units: impl IntoIterator<Item = UnitId>,
) -> Result<HashMap<UnitId, UnitPath>, Error> {
    let units = bihuan_store::unit::by_ids(conn, units)?;
    Ok(units.into_iter().map(|unit| (unit.id, unit.path)).collect())
}

/// The parts that say something, a line each.
fn lines<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    parts.into_iter().for_each(|part| problem::line(&mut text, part));
    text
}

pub(crate) fn no_states() -> Vec<(&'static str, &'static str)> {
    Vec::new()
}
