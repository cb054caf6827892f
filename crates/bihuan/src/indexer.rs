//! The thread that keeps the search index up with the journal.

use bihuan_app::App;
use bihuan_app::search::REBUILDING;
use bihuan_store::search;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long the thread rests when there is nothing to do: what is written is found within two seconds.
const REST: Duration = Duration::from_millis(400);
/// How long it rests after a fault.
const REST_AFTER_FAULT: Duration = Duration::from_secs(10);

/// Ends the thread when it goes.
#[derive(Debug)]
pub struct Indexer {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Starts the thread. A rebuild that broke off with an earlier run of the program is begun anew.
pub fn start(app: App) -> Indexer {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let thread = std::thread::Builder::new().name("indexer".to_owned()).spawn(move || work(&app, &asked));
    if let Err(error) = &thread {
        tracing::error!(%error, "the search index is not kept up: its thread cannot be started");
    }
    Indexer { stop, thread: thread.ok() }
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
        if let Some(thread) = self.thread.take() {
            // A panic there was told already; there is nobody left to hear of it again.
            drop(thread.join());
        }
    }
}
