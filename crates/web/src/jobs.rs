//! Work that outlives its request: registering an imported ledger takes minutes. It stands in the database how far it
//! is; here is only who works at it. What was under way when the program ended is taken up at the next start.

use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use bihuan_app::{App, Context, Error};
use bihuan_domain::id::LedgerImportId;

use crate::state::{Clock, WebState};

/// The imports this process is registering or will register next.
#[derive(Clone, Default)]
pub struct Jobs(Arc<Shared>);

#[derive(Default)]
struct Shared {
    at_work: Mutex<HashSet<LedgerImportId>>,
    /// One import is registered after the other: there is one writer anyhow, and a large file wants memory.
    turn: Mutex<()>,
}

impl fmt::Debug for Jobs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Jobs")
    }
}

impl Jobs {
    /// This process works at the import, or will.
    pub fn has(&self, id: LedgerImportId) -> bool {
        self.0.at_work.lock().unwrap_or_else(PoisonError::into_inner).contains(&id)
    }

    fn begin(&self, id: LedgerImportId) -> Option<AtWork> {
        let new = self.0.at_work.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        new.then(|| AtWork { jobs: self.clone(), id })
    }
}

/// Ends with the work, however that ends.
struct AtWork {
    jobs: Jobs,
    id: LedgerImportId,
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.jobs.0.at_work.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

impl WebState {
    /// Registers an import's rows on a thread of its own. What stops it is written to the import, for its page.
    pub fn register_in_background(&self, ctx: Context, id: LedgerImportId) {
        let Some(work) = self.jobs.begin(id) else { return };
        let (app, clock) = (self.app.clone(), self.clock.clone());
        let spawned = std::thread::Builder::new().name("ledger import".to_owned()).spawn(move || {
            let turn = work.jobs.0.turn.lock().unwrap_or_else(PoisonError::into_inner);
            register(&app, &clock, ctx, id);
            drop(turn);
            drop(work);
        });
        if let Err(error) = spawned {
            tracing::error!(%error, import = id.0, "no thread for an import");
        }
    }

    /// Takes up every import that was under way when the program ended.
    pub async fn resume_imports(&self) {
        let at = self.clock.now();
        match self.run(move |app| app.imports_under_way(at)).await {
            Ok(found) => {
                for (id, ctx) in found {
                    tracing::info!(import = id.0, "taking up an import that was under way");
                    self.register_in_background(ctx, id);
                }
            }
            Err(problem) => tracing::error!(?problem, "imports under way could not be read"),
        }
    }
}

fn register(app: &App, clock: &Clock, ctx: Context, id: LedgerImportId) {
    let why = match app.run_import_by(&ctx, id, &mut |_| clock.now()) {
        Ok(_) => return,
        Err(Error::Refused(refusal)) => format!("{}{}", refusal.sentence, refusal.hint),
        Err(Error::NotFound) => "发起导入的人已经看不到登记单位。".to_owned(),
        Err(Error::Invalid(fields)) => fields.into_iter().map(|(_, sentence)| sentence).collect(),
        Err(Error::Conflict(sentence)) => sentence,
        Err(Error::Fault(fault)) => {
            tracing::error!(%fault, import = id.0, "an import broke off");
            "系统故障，已记入运行日志。可以继续导入，已经登记的不会重复。".to_owned()
        }
    };
    // Stopped by somebody, or done by another process: there is nothing to tell.
    if let Err(error) = app.halt_import(&Context { at: clock.now(), ..ctx }, id, &why) {
        tracing::warn!(?error, import = id.0, "an import's end could not be noted");
    }
}
