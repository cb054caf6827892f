//! The thread that runs the ladder, makes digests and sends messages beside the serving.

use bihuan_app::App;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long the thread rests between two turns.
const REST: Duration = Duration::from_secs(30);
/// How often it looks whether it is asked to end.
const LOOK: Duration = Duration::from_millis(250);

/// Ends the thread when it goes.
#[derive(Debug)]
pub struct Supervisor {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Starts the thread. Several programs on one database take turns by leases in the database.
pub fn start(app: App) -> Supervisor {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let thread = std::thread::Builder::new().name("supervisor".to_owned()).spawn(move || work(&app, &asked));
    if let Err(error) = &thread {
        tracing::error!(%error, "the ladder and the digests do not run: their thread cannot be started");
    }
    Supervisor { stop, thread: thread.ok() }
}

fn work(app: &App, stop: &AtomicBool) {
    let taker = format!("{}:{}", std::process::id(), bihuan_store::clock::now().micros());
    while !stop.load(Ordering::Relaxed) {
        match app.turn(bihuan_store::clock::now(), &taker) {
            Ok(turn) => {
                if let Some(ladder) = turn.ladder {
                    tracing::info!(?ladder, "the ladder ran");
                }
                if let Some(digests) = turn.digests {
                    tracing::info!(?digests, "digests were made");
                }
            }
            Err(error) => tracing::error!(%error, "a turn of the ladder failed; it is tried again"),
        }
        let mut rested = Duration::ZERO;
        while rested < REST && !stop.load(Ordering::Relaxed) {
            std::thread::sleep(LOOK);
            rested += LOOK;
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of the ladder broke");
        }
    }
}
