//! Search 资料库: every record and every file's text that the reader may see (M44).
//!
//! What can be searched is said by the table [`SOURCES`], one line a noun. An indexer follows the journal: what an
//! entry touched is looked at again, so no use case has to think of the search.

mod asking;
mod evidence;
mod indexing;
mod problem;
mod unit;

pub use asking::{Found, Hit, SEARCH_CHARS_MAX, SEARCH_PAGE, SearchInput, Snippet, SortBy};
pub use indexing::{Indexed, REBUILDING};

use crate::Error;
use crate::context::App;
use bihuan_domain::id::CampaignId;
use bihuan_domain::unit::UnitPath;
use bihuan_store::Conn;
use bihuan_store::search::Document;

/// A noun that can be searched.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    /// Its kind in the index and in addresses.
    pub kind: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// The table whose rows it is made of, one document a row at most; its key is `id`.
    pub table: &'static str,
    /// Kind of the subjects of journal entries that may change it.
    pub subject: &'static str,
    /// Its numbers that an entry about a subject of that kind may change.
    pub touched: fn(&mut Conn, i64) -> Result<Vec<i64>, Error>,
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
pub(crate) const SOURCES: &[Source] = &[problem::SOURCE, evidence::SOURCE, unit::SOURCE];

/// A document before its file is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sketch {
    /// What is kept for showing; number and stamp are filled in by the indexer, the content from the file if there is one.
    pub document: Document,
    /// Whoever may read one of these may read it.
    pub units: Vec<UnitPath>,
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

/// States for a filter: code and words, each once.
pub fn states() -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<(&'static str, &'static str)> = Vec::new();
    for state in SOURCES.iter().flat_map(|source| (source.states)()) {
        if !all.iter().any(|(code, _)| *code == state.0) {
            all.push(state);
        }
    }
    all
}

pub(crate) fn no_states() -> Vec<(&'static str, &'static str)> {
    Vec::new()
}
