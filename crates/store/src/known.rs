//! What the writer remembers of tables that change seldom, so that not every record reads them again.
//!
//! It holds as long as the head of the journal is the one it was read under: everything that changes a business table
//! leaves an entry, also what another process writes. Whatever writes one of [`SOURCES`] makes the writer forget.

use crate::requests::Requests;
use crate::{Conn, Fault};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

/// The tables from which anything remembered is read.
pub(crate) const SOURCES: [&str; 7] = [
    "campaign",
    "calendar_day",
    "required_action",
    "required_action_version",
    "unit",
    "unit_closure",
    "unit_standing",
];

/// Things remembered at most; beyond, all are forgotten.
pub(crate) const REMEMBERED_MAX: usize = 2_000;

type Things = HashMap<(TypeId, i64), Arc<dyn Any + Send + Sync>>;

/// What the writer remembers, and under which head of the journal.
#[derive(Default)]
pub(crate) struct Known {
    head: Option<(i64, String)>,
    /// The head is locked in the running transaction, so it is still the last one.
    locked: bool,
    /// A source is being written: nothing is remembered until that is over.
    paused: bool,
    things: Things,
    requests: Requests,
    /// Rows of changes that are not folded yet.
    recent_cells: Option<usize>,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known")
            .field("head", &self.head)
            .field("things", &self.things.len())
            .finish_non_exhaustive()
    }
}

impl Known {
    /// The head, where it is locked.
    pub(crate) fn locked_head(&self) -> Option<(i64, String)> {
        self.head.clone().filter(|_| self.locked)
    }

    /// The head was read and locked; what was remembered under another one is forgotten.
    pub(crate) fn lock(&mut self, head: (i64, String)) {
        if self.head.as_ref() != Some(&head) {
            self.things.clear();
            self.requests = Requests::default();
            self.recent_cells = None;
            self.head = Some(head);
        }
        self.locked = true;
    }

    /// Tables are about to be written by one append.
    pub(crate) fn before_writing(&mut self, tables: impl Iterator<Item = &'static str>) {
        if tables.into_iter().any(|table| SOURCES.contains(&table)) {
            self.things.clear();
            self.paused = true;
        }
    }

    /// An entry of our own is the head now, with all it changed.
    pub(crate) fn moved_on(&mut self, head: (i64, String)) {
        self.head = Some(head);
        self.paused = false;
    }

    /// The requests that left the entries up to the head, while it is locked.
    pub(crate) fn requests(&self) -> Option<&Requests> {
        Some(&self.requests).filter(|_| self.locked)
    }

    /// Entries are being written under the locked head.
    pub(crate) fn requests_mut(&mut self) -> &mut Requests {
        &mut self.requests
    }

    /// Rows of changes not folded yet, as the writer has counted them.
    pub(crate) fn recent_cells(&self) -> Option<usize> {
        self.recent_cells.filter(|_| self.locked)
    }

    /// So many are kept now.
    pub(crate) fn set_recent_cells(&mut self, count: usize) {
        self.recent_cells = Some(count);
    }

    /// The transaction ends: others may write.
    pub(crate) fn unlock(&mut self) {
        self.locked = false;
    }

    /// Something was rolled back.
    pub(crate) fn forget(&mut self) {
        *self = Known::default();
    }

    fn remembers(&self) -> bool {
        self.locked && !self.paused
    }

    /// A thing, where it may be trusted.
    pub(crate) fn get<T: Any + Send + Sync>(&self, id: i64) -> Option<Arc<T>> {
        let thing = self.things.get(&(TypeId::of::<T>(), id)).filter(|_| self.remembers())?;
        Arc::clone(thing).downcast::<T>().ok()
    }

    fn keep<T: Any + Send + Sync>(&mut self, id: i64, thing: &Arc<T>) {
        if !self.remembers() {
            return;
        }
        if self.things.len() >= REMEMBERED_MAX {
            self.things.clear();
        }
        let thing: Arc<dyn Any + Send + Sync> = Arc::<T>::clone(thing);
        self.things.insert((TypeId::of::<T>(), id), thing);
    }
}

impl Conn {
    /// A thing by its type and number, from memory where the writer has locked the journal and read it before. `read` may
    /// read only [`SOURCES`].
    pub(crate) fn remembered<T, E>(
        &mut self,
        id: i64,
        read: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<Arc<T>, E>
    where
        T: Any + Send + Sync,
        E: From<Fault>,
    {
        if let Some(known) = self.known.get::<T>(id) {
            return Ok(known);
        }
        let thing = Arc::new(read(self)?);
        self.known.keep(id, &thing);
        Ok(thing)
    }

    /// Keeps a thing that was read in passing.
    pub(crate) fn remember<T: Any + Send + Sync>(&mut self, id: i64, thing: T) {
        self.known.keep(id, &Arc::new(thing));
    }
}
