//! One small door to SQLite and PostgreSQL: `db.read(|conn| …)` on the caller's thread and `db.write(|conn| …)` on
//! the one thread that writes. Plain synchronous Rust; whoever is async calls it from a blocking thread.

mod conn;
mod line;
mod pool;
mod postgres;
mod sqlite;
mod tls;
mod together;
mod val;
mod writer;

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{SendTimeoutError, Sender, bounded};

pub use self::conn::{Conn, Question};
use self::pool::Pool;
pub use self::val::{Row, Val};
pub use self::writer::{BATCH_CLOSURES, BATCH_TIME, QUEUE_CLOSURES};
use self::writer::{Counters, Job, Writer};
use crate::fault::Fault;

/// How many prepared statements one connection keeps.
pub const STATEMENT_CACHE_ENTRIES: usize = 512;

/// The two databases Bihuan runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// A file beside the program.
    Sqlite,
    /// A server.
    Postgres,
}

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// The path of the SQLite file. It is made when it is missing; its folder must exist.
    Sqlite(PathBuf),
    /// A PostgreSQL address: `postgres://user:password@host:5432/database`.
    Postgres(String),
}

impl Target {
    /// Which engine serves this target.
    pub fn engine(&self) -> Engine {
        match self {
            Target::Sqlite(_) => Engine::Sqlite,
            Target::Postgres(_) => Engine::Postgres,
        }
    }
}

/// The address of a server holds its password, so it is not shown.
impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Target::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Target::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// How the database is opened. `DbOptions::default()` is right for the program.
#[derive(Clone, Debug)]
pub struct DbOptions {
    /// How long to wait for a lock that another process holds.
    pub busy_timeout: Duration,
    /// How many connections may read at the same time.
    pub read_connections: usize,
    /// How long a reader waits for a connection, and a writer for a place in the queue.
    pub pool_wait: Duration,
    /// PostgreSQL ends a statement that runs longer. SQLite has no such limit.
    pub statement_timeout: Option<Duration>,
    /// PostgreSQL: the schema to work in, a plain lower-case name. None: what the server or the address says.
    pub schema: Option<String>,
}

impl Default for DbOptions {
    fn default() -> DbOptions {
        DbOptions {
            busy_timeout: Duration::from_secs(10),
            read_connections: 8,
            pool_wait: Duration::from_secs(10),
            statement_timeout: Some(Duration::from_secs(300)),
            schema: None,
        }
    }
}

/// What the writer has done since the database was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteStats {
    /// Commits that succeeded.
    pub commits: u64,
    /// Closures that were run, whether kept or not.
    pub closures: u64,
    /// How often the connection was made again.
    pub reconnects: u64,
}

/// A database. Cloning is cheap; the last clone that goes closes it, after the waiting writes are done.
#[derive(Clone, Debug)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    /// Tells databases of one process apart.
    id: u64,
    target: Target,
    options: DbOptions,
    pool: Option<Arc<Pool>>,
    queue: Option<Sender<Box<dyn Job>>>,
    counters: Arc<Counters>,
    writer: Option<JoinHandle<()>>,
}

thread_local! {
    /// The databases in whose closure this thread is now.
    static INSIDE: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// Marks the thread as being inside a closure of one database, for as long as it lives.
struct Inside;

impl Inside {
    fn enter(id: u64) -> Inside {
        INSIDE.with_borrow_mut(|ids| ids.push(id));
        Inside
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.with_borrow_mut(|ids| ids.pop());
    }
}

impl Db {
    /// Opens the database and starts its writer thread. Does not migrate: see `migrate`.
    ///
    /// # Errors
    /// `BadConfig` when the target cannot be used, `Connection` when the server does not answer.
    pub fn open(target: &Target, options: &DbOptions) -> Result<Db, Fault> {
        let conn = Conn::open_writer(target, options)?;
        let pool = Arc::new(Pool::new(target.clone(), options.clone()));
        let counters = Arc::new(Counters::default());
        let (queue, waiting) = bounded(QUEUE_CLOSURES);
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        let writer = Writer::new(conn, target.clone(), options.clone(), waiting, Arc::clone(&counters));
        let kept = Arc::clone(&pool);
        let run = move || {
            let _inside = Inside::enter(id);
            writer.work();
            // The readers are closed here too: a PostgreSQL connection must not be dropped on an async thread.
            drop(kept);
        };
        let thread = std::thread::Builder::new().name("db-writer".to_owned()).spawn(run);
        let thread = thread.map_err(|e| Fault::io("starting the writer thread", e))?;
        let inner = Inner {
            id,
            target: target.clone(),
            options: options.clone(),
            pool: Some(pool),
            queue: Some(queue),
            counters,
            writer: Some(thread),
        };
        Ok(Db { inner: Arc::new(inner) })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.inner.target.engine()
    }

    /// Where the database is.
    pub fn target(&self) -> &Target {
        &self.inner.target
    }

    /// How it was opened.
    pub fn options(&self) -> &DbOptions {
        &self.inner.options
    }

    /// What the writer has done so far.
    pub fn write_stats(&self) -> WriteStats {
        let c = &self.inner.counters;
        WriteStats {
            commits: c.commits.load(Ordering::Relaxed),
            closures: c.closures.load(Ordering::Relaxed),
            reconnects: c.reconnects.load(Ordering::Relaxed),
        }
    }

    /// Reads on the caller's thread, in one transaction that sees one state of the database and can change nothing.
    ///
    /// # Errors
    /// What `f` answers; `Busy` when no connection comes free; `Nested` from inside a closure of this database.
    pub fn read<T, E: From<Fault>>(&self, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        self.refuse_nesting()?;
        let pool = self.inner.pool.as_deref().ok_or(Fault::Closed)?;
        let mut lent = pool.lend()?;
        let _inside = Inside::enter(self.inner.id);
        f(lent.conn())
    }

    /// Runs `f` on the writer thread and waits until its changes are durable. Many callers share one commit, each in
    /// a savepoint of its own: when `f` fails or panics, its changes alone are undone.
    ///
    /// # Errors
    /// What `f` answers; `Panicked`; the fault of the commit; `Busy` when the queue stays full; `Nested` from inside
    /// a closure of this database.
    pub fn write<T, E>(&self, f: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        self.refuse_nesting()?;
        let queue = self.inner.queue.as_ref().ok_or(Fault::Closed)?;
        let (job, answer) = writer::job(f);
        queue.send_timeout(job, self.inner.options.pool_wait).map_err(|e| match e {
            SendTimeoutError::Timeout(_) => {
                Fault::Busy { what: format!("{QUEUE_CLOSURES} writes were waiting already"), source: None }
            }
            SendTimeoutError::Disconnected(_) => Fault::Closed,
        })?;
        answer.recv().unwrap_or_else(|_| Err(Fault::Closed.into()))
    }

    fn refuse_nesting(&self) -> Result<(), Fault> {
        let inside = INSIDE.with_borrow(|ids| ids.contains(&self.inner.id));
        if inside { Err(Fault::Nested) } else { Ok(()) }
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("target", &self.target).finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.pool = None;
        self.queue = None;
        let Some(writer) = self.writer.take() else { return };
        // The last handle may have gone with a closure, on the writer thread itself: it cannot wait for itself.
        if writer.thread().id() != std::thread::current().id() {
            drop(writer.join());
        }
    }
}

/// A name that needs no quotes on either engine: lower-case letters, digits and underscores.
pub(crate) fn is_plain_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_')
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
