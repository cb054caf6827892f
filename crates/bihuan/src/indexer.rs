//! The threads that keep the search index up with the journal, and its segments few.

use bihuan_app::App;
use bihuan_app::search::REBUILDING;
use bihuan_store::search;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long the thread rests when there is nothing to do: what is written is found within two seconds.
const REST: Duration = Duration::from_millis(400);
/// How long it rests after a fault.
const REST_AFTER_FAULT: Duration = Duration::from_secs(10);

/// How long the one that joins segments rests: there is no hurry, and meanwhile the other goes on.
const REST_OF_JOINER: Duration = Duration::from_secs(2);
/// How often it looks whether the program ends.
const GLANCE: Duration = Duration::from_millis(100);

/// Ends the threads when it goes.
#[derive(Debug)]
pub struct Indexer {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// Starts the threads. A rebuild that broke off with an earlier run of the program is begun anew.
pub fn start(app: App) -> Indexer {
    let stop = Arc::new(AtomicBool::new(false));
    let works: [(&str, fn(&App, &AtomicBool)); 2] = [("indexer", work), ("index-joiner", join)];
    let mut threads = Vec::new();
    for (name, work) in works {
        let (app, asked) = (app.clone(), Arc::clone(&stop));
        match std::thread::Builder::new().name(name.to_owned()).spawn(move || work(&app, &asked)) {
            Ok(thread) => threads.push(thread),
            Err(error) => {
                tracing::error!(%error, name, "the search index is not kept up: its thread cannot be started");
            }
        }
    }
    Indexer { stop, threads }
}

fn join(app: &App, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let rest = match app.index_join() {
            Ok(true) => Duration::ZERO,
            Ok(false) => REST_OF_JOINER,
            Err(error) => {
                tracing::error!(%error, "joining segments of the search index failed; it is tried again");
                REST_AFTER_FAULT
            }
        };
        let until = Instant::now() + rest;
        while Instant::now() < until && !stop.load(Ordering::Relaxed) {
            std::thread::sleep(GLANCE);
        }
    }
}

fn work(app: &App, stop: &AtomicBool) {
    let broken_off = app.db.read(search::state).is_ok_and(|state| state.is_some_and(|s| s.seq == REBUILDING));
    let mut rebuild = broken_off;
    while !stop.load(Ordering::Relaxed) {
        let step = if rebuild { app.index_rebuild(&mut |_| {}) } else { app.index_step() };
        match step {
            Ok(done) => {
                rebuild = false;
                if !done.more {
                    std::thread::sleep(REST);
                }
            }
            Err(error) => {
                tracing::error!(%error, "indexing for the search failed; it is tried again");
                std::thread::sleep(REST_AFTER_FAULT);
            }
        }
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A panic there was told already; there is nobody left to hear of it again.
            drop(thread.join());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bihuan_app::Context;
    use bihuan_app::search::SearchInput;
    use bihuan_domain::Day;
    use bihuan_domain::id::{AccountId, GrantId, PersonId, UnitId};
    use bihuan_domain::role::{Actor, Grant, Role};
    use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
    use bihuan_store::journal::{self, NewEntry, Stamp, Write};
    use bihuan_store::{Db, Fault};

    const DAY: i32 = 19_800;

    fn write(db: &Db, id: i64, name: &str) {
        let day = Day::from_days(DAY).unwrap();
        let unit = Unit {
            id: UnitId(id),
            code: format!("U{id}"),
            name: name.to_owned(),
            short_names: String::new(),
            kind: UnitKind::Territory,
            level: Level::County,
            sector: String::new(),
            line: String::new(),
            parent_id: None,
            path: UnitPath::root(UnitId(id)),
            official_order: id,
            created_day: day,
            closed_day: None,
            successor_id: None,
            version: 1,
        };
        let writes = vec![Write::insert(&unit)];
        let entry =
            NewEntry { action: "test.unit".to_owned(), subject_kind: "unit", writes, ..NewEntry::default() };
        let stamp = Stamp { at: day.starts_at(), ..Stamp::default() };
        db.write(move |conn| -> Result<(), Fault> { journal::append(conn, &stamp, vec![entry]).map(drop) })
            .unwrap();
    }

    fn finds(app: &App, id: i64, name: &str) -> bool {
        let grant =
            Grant { id: GrantId(1), role: Role::Office, unit: UnitId(id), path: UnitPath::root(UnitId(id)) };
        let actor = Actor {
            account: AccountId(1),
            person: PersonId(1),
            name: "测试".to_owned(),
            posts: Vec::new(),
            grants: vec![grant],
        };
        let at = Day::from_days(DAY).unwrap().starts_at();
        let ctx = Context { actor: Arc::new(actor), at, source_address: "192.0.2.1".to_owned() };
        app.search(&ctx, &SearchInput { q: name.to_owned(), ..SearchInput::default() }).unwrap().total == 1
    }

    #[test]
    fn what_is_written_is_found_within_two_seconds_m44() {
        bihuan_testkit::on_each_engine(|t| {
            let app = App::new(t.db.clone());
            let indexer = start(app.clone());
            let mut slowest = Duration::ZERO;
            for (id, name) in (1..).zip(["云溪县", "远山县", "平川县", "柳江县", "白塔县"]) {
                write(&t.db, id, name);
                let written = Instant::now();
                while !finds(&app, id, name) {
                    assert!(written.elapsed() < Duration::from_secs(2), "{name} is not found");
                    std::thread::sleep(Duration::from_millis(20));
                }
                slowest = slowest.max(written.elapsed());
            }
            println!("{:?}: found after {slowest:?} at most", t.db.engine());
            drop(indexer);
        });
    }
}
