//! The connections that only read: opened when first needed, kept, bounded in number.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::{Conn, DbOptions, Engine, Target};
use crate::fault::Fault;
use crate::kept::Kept;

#[derive(Debug)]
pub(super) struct Pool {
    target: Target,
    options: DbOptions,
    kept: Arc<Kept>,
    shelf: Mutex<Shelf>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct Shelf {
    idle: Vec<Conn>,
    /// Idle and lent together.
    open: usize,
}

/// A lent connection in a read transaction. It goes back to the pool when dropped, also during a panic.
pub(super) struct Lent<'a> {
    pool: &'a Pool,
    conn: Option<Conn>,
}

impl Pool {
    pub(super) fn new(target: Target, options: DbOptions) -> Pool {
        Pool { target, options, kept: Arc::default(), shelf: Mutex::default(), returned: Condvar::new() }
    }

    /// Lends a connection inside a fresh read transaction.
    pub(super) fn lend(&self) -> Result<Lent<'_>, Fault> {
        // An idle connection may have died since; it is noticed here, before the closure has run.
        loop {
            let (conn, fresh) = self.take()?;
            let mut lent = Lent { pool: self, conn: Some(conn) };
            match lent.begin() {
                Ok(()) => return Ok(lent),
                Err(fault) => {
                    lent.discard();
                    if fresh || !fault.is_connection() {
                        return Err(fault);
                    }
                }
            }
        }
    }

    /// An idle connection, or a new one (then true).
    fn take(&self) -> Result<(Conn, bool), Fault> {
        let deadline = Instant::now() + self.options.pool_wait;
        let mut shelf = self.shelf();
        loop {
            if let Some(conn) = shelf.idle.pop() {
                if conn.is_closed() {
                    shelf.open -= 1;
                    continue;
                }
                return Ok((conn, false));
            }
            if shelf.open < self.options.read_connections.max(1) {
                shelf.open += 1;
                drop(shelf);
                let opened = Conn::open_reader(&self.target, &self.options, &self.kept);
                return opened.map(|c| (c, true)).inspect_err(|_| self.forget_one());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let waited = self.options.pool_wait;
                let what = format!("all {} read connections stayed in use for {waited:?}", shelf.open);
                return Err(Fault::Busy { what, source: None });
            }
            shelf = self.returned.wait_timeout(shelf, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn forget_one(&self) {
        self.shelf().open -= 1;
        self.returned.notify_one();
    }

    fn give_back(&self, conn: Conn) {
        self.shelf().idle.push(conn);
        self.returned.notify_one();
    }

    /// The lock is never held while foreign code runs, so a poisoned one is still in order.
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent<'_> {
    pub(super) fn conn(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("BUG: a lent connection is taken only when it is dropped")
    }

    fn begin(&mut self) -> Result<(), Fault> {
        let conn = self.conn();
        match conn.engine() {
            Engine::Sqlite => conn.control("BEGIN"),
            Engine::Postgres => conn.control("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        }
    }

    fn discard(&mut self) {
        if let Some(conn) = self.conn.take() {
            drop(conn);
            self.pool.forget_one();
        }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        conn.take_poison();
        match conn.control("ROLLBACK") {
            Ok(()) => self.pool.give_back(conn),
            Err(_) => self.pool.forget_one(),
        }
    }
}
