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
