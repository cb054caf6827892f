//! What readers keep of tables that change seldom, so that not every page reads them again: the shape of the tree, posts
//! and tenures, counted by class, and the rules of a campaign.
//!
//! Whatever is kept bears the stamp under which it was read. A transaction that writes one of [`SOURCES`] moves the stamp
//! on in the same commit, whichever process it belongs to, and a reader looks at the stamp in the transaction in which it
//! uses what is kept: so it never sees more or less than its own state of the database.

use crate::{Conn, Fault};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The tables from which anything kept is read.
pub(crate) const SOURCES: [&str; 9] = [
    "unit",
    "unit_closure",
    "unit_standing",
    "unit_below",
    "people_below",
    "post",
    "tenure",
    "required_action",
    "required_action_version",
];

/// Things kept at most; the one that was used longest ago makes room.
pub(crate) const KEPT_MAX: usize = 64;

/// The stamp of the running transaction.
const STAMP: &str = "SELECT moves FROM source_stamp WHERE id = 1";

/// What moves it on.
pub(crate) const MOVE_STAMP: &str = "UPDATE source_stamp SET moves = moves + 1 WHERE id = 1";

/// A statement writes one of the sources.
pub(crate) fn touches_sources(sql: &str) -> bool {
    const VERBS: [&str; 3] = ["INSERT INTO ", "UPDATE ", "DELETE FROM "];
    let table_behind = |verb: &str, at: usize| {
        let rest = &sql[at + verb.len()..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        SOURCES.contains(&&rest[..end])
    };
    VERBS.iter().any(|verb| sql.match_indices(verb).any(|(at, _)| table_behind(verb, at)))
}

/// A thing with the stamp under which it was read and when it was last used.
struct Thing {
    stamp: i64,
    used: u64,
    thing: Arc<dyn Any + Send + Sync>,
}

#[derive(Default)]
struct Shelf {
    things: HashMap<(TypeId, String), Thing>,
    uses: u64,
}

/// What all readers of one database keep.
#[derive(Default)]
pub(crate) struct Kept {
    shelf: Mutex<Shelf>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").field("things", &self.shelf().things.len()).finish_non_exhaustive()
    }
}

impl Kept {
    /// The lock is never held while foreign code runs, so a poisoned one is still in order.
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A thing with its stamp, which the reader has yet to compare.
    fn get<T: Any + Send + Sync>(&self, key: &str) -> Option<(i64, Arc<T>)> {
        let mut shelf = self.shelf();
        shelf.uses += 1;
        let now = shelf.uses;
        let found = shelf.things.get_mut(&(TypeId::of::<T>(), key.to_owned()))?;
        found.used = now;
        Some((found.stamp, Arc::clone(&found.thing).downcast::<T>().ok()?))
    }

    fn put<T: Any + Send + Sync>(&self, key: String, stamp: i64, thing: Arc<T>) {
        let mut shelf = self.shelf();
        shelf.uses += 1;
        let used = shelf.uses;
        let key = (TypeId::of::<T>(), key);
        if shelf.things.len() >= KEPT_MAX && !shelf.things.contains_key(&key) {
            let oldest = shelf.things.iter().min_by_key(|(_, thing)| thing.used).map(|(key, _)| key.clone());
            oldest.map(|key| shelf.things.remove(&key));
        }
        shelf.things.insert(key, Thing { stamp, used, thing });
    }
}

impl Conn {
    /// The stamp, asked once in a transaction; none for a writer, who may have changed what others keep.
    fn stamp(&mut self) -> Result<Option<i64>, Fault> {
        if self.keeps.is_none() {
            return Ok(None);
        }
        if self.stamp.is_none() {
            let row = self.first(STAMP, &[])?.ok_or_else(|| Fault::corrupt("source_stamp has no row"))?;
            self.stamp = Some(row.int(0)?);
        }
        Ok(self.stamp)
    }

    /// A thing that readers keep, where it is that of this transaction.
    pub(crate) fn kept<T: Any + Send + Sync>(&mut self, key: &str) -> Result<Option<Arc<T>>, Fault> {
        let Some(stamp) = self.stamp()? else { return Ok(None) };
        let found = self.keeps.as_ref().and_then(|kept| kept.get(key));
        Ok(found.filter(|(at, _)| *at == stamp).map(|(_, thing)| thing))
    }

    /// Keeps a thing that was read in this transaction, from [`SOURCES`] only.
    pub(crate) fn keep<T: Any + Send + Sync>(&mut self, key: String, thing: &Arc<T>) -> Result<(), Fault> {
        if let (Some(stamp), Some(kept)) = (self.stamp()?, &self.keeps) {
            kept.put(key, stamp, Arc::clone(thing));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_known_by_the_tables_it_writes_and_not_by_those_it_reads() {
        for sql in [
            "INSERT INTO unit (id) VALUES ($1)",
            "UPDATE post SET name = $1",
            "DELETE FROM unit_closure WHERE depth = 1",
            "WITH w0 AS (INSERT INTO activity (id) VALUES ($1)) UPDATE tenure SET to_day = $2",
            "INSERT INTO people_below (n) VALUES ($1) ON CONFLICT (n) DO UPDATE SET n = 1",
        ] {
            assert!(touches_sources(sql), "{sql}");
        }
        for sql in [
            "SELECT * FROM unit",
            "INSERT INTO unit_import (id) VALUES ($1)",
            "INSERT INTO problem (id) SELECT id FROM unit",
            "UPDATE activity SET unit_id = $1",
            "",
        ] {
            assert!(!touches_sources(sql), "{sql}");
        }
    }

    #[test]
    fn the_thing_used_longest_ago_makes_room() {
        let kept = Kept::default();
        for n in 0..KEPT_MAX {
            kept.put(n.to_string(), 7, Arc::new(n));
        }
        assert_eq!(kept.get::<usize>("0").map(|(stamp, n)| (stamp, *n)), Some((7, 0)));
        kept.put("0".to_owned(), 8, Arc::new(0_usize));
        assert!(kept.get::<usize>("1").is_some(), "what is kept anew takes no more room");
        kept.put("more".to_owned(), 8, Arc::new(1_usize));
        assert_eq!(kept.shelf().things.len(), KEPT_MAX);
        assert!(kept.get::<usize>("2").is_none() && kept.get::<usize>("0").is_some());
        assert!(kept.get::<i64>("0").is_none(), "things of another kind have their own places");
    }
}
