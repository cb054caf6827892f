//! The one thread that writes. It takes the closures that wait, runs each in a savepoint of its own inside one
//! transaction, commits once, and only then answers them all.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::{Conn, DbOptions, Engine, Target};
use crate::fault::Fault;

/// At most this many closures share one commit.
pub const BATCH_CLOSURES: usize = 256;

/// A batch stops taking closures after this long, so that the first of them is not kept waiting.
pub const BATCH_TIME: Duration = Duration::from_millis(25);

/// How many closures may wait for the writer. A caller beyond that waits at the door.
pub const QUEUE_CLOSURES: usize = 1024;

/// Ends a batch.
const COMMIT: &str = "RELEASE job; COMMIT";

/// Counters since the database was opened.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) commits: AtomicU64,
    pub(super) closures: AtomicU64,
    pub(super) reconnects: AtomicU64,
}

/// One waiting closure with the place for its answer.
pub(super) trait Job: Send {
    /// Runs the closure and keeps its result. Answers whether its changes are to be kept.
    fn run(&mut self, conn: &mut Conn) -> bool;
    /// Replaces the result by a fault.
    fn spoil(&mut self, fault: Fault);
    /// Hands the result to the caller.
    fn answer(self: Box<Self>);
}

struct Closure<F, T, E> {
    f: Option<F>,
    result: Option<Result<T, E>>,
    reply: Sender<Result<T, E>>,
}

impl<F, T, E> Job for Closure<F, T, E>
where
    F: FnOnce(&mut Conn) -> Result<T, E> + Send,
    T: Send,
    E: From<Fault> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> bool {
        let Some(f) = self.f.take() else { return false };
        let result = catch_unwind(AssertUnwindSafe(|| f(conn)))
            .unwrap_or_else(|panic| Err(Fault::Panicked { message: panic_message(&*panic) }.into()));
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn spoil(&mut self, fault: Fault) {
        self.f = None;
        self.result = Some(Err(fault.into()));
    }

    fn answer(self: Box<Self>) {
        let result = self.result.unwrap_or_else(|| Err(Fault::Closed.into()));
        // A caller that no longer waits is no concern of ours: the write stands.
        drop(self.reply.send(result));
    }
}

/// Wraps a closure for the queue, with the end on which its answer will come.
pub(super) fn job<F, T, E>(f: F) -> (Box<dyn Job>, Receiver<Result<T, E>>)
where
    F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Fault> + Send + 'static,
{
    let (reply, answer) = bounded(1);
    (Box::new(Closure { f: Some(f), result: None, reply }), answer)
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

pub(super) struct Writer {
    conn: Conn,
    target: Target,
    options: DbOptions,
    queue: Receiver<Box<dyn Job>>,
    counters: Arc<Counters>,
    /// Taken from the queue, but not yet run when its batch broke.
    left_over: Option<Box<dyn Job>>,
    /// The connection is in a state that we do not know; the next batch makes another.
    stale: bool,
}

impl Writer {
    pub(super) fn new(
        conn: Conn,
        target: Target,
        options: DbOptions,
        queue: Receiver<Box<dyn Job>>,
        counters: Arc<Counters>,
    ) -> Writer {
        Writer { conn, target, options, queue, counters, left_over: None, stale: false }
    }

    /// Works until every handle of the database is gone and the queue is empty.
    pub(super) fn work(mut self) {
        while let Some(first) = self.left_over.take().or_else(|| self.queue.recv().ok()) {
            self.batch(first);
        }
    }

    fn batch(&mut self, first: Box<dyn Job>) {
        if let Err(fault) = self.begin() {
            // Whoever waits has waited as long as the first one; they must not wait for each other in turn.
            let waiting = self.queue.try_iter().take(BATCH_CLOSURES - 1);
            return std::iter::once(first).chain(waiting).for_each(|job| refuse(job, fault.clone()));
        }
        let mut ran = Vec::new();
        let outcome = self.fill(first, &mut ran).and_then(|()| self.commit(&mut ran));
        self.counters.closures.fetch_add(ran.len() as u64, Ordering::Relaxed);
        match outcome {
            Ok(()) => {
                self.counters.commits.fetch_add(1, Ordering::Relaxed);
            }
            Err(fault) => {
                self.abandon();
                ran.iter_mut().for_each(|job| job.spoil(fault.clone()));
            }
        }
        ran.into_iter().for_each(Job::answer);
    }

    /// Runs closures until none waits or the batch is full. On a broken transaction the closures that have run are
    /// all in `ran`; those that wait have not been touched.
    fn fill(&mut self, first: Box<dyn Job>, ran: &mut Vec<Box<dyn Job>>) -> Result<(), Fault> {
        let started = Instant::now();
        let mut next = Some(first);
        while let Some(mut job) = next {
            let kept = job.run(&mut self.conn);
            let settled = self.settle(&mut job, kept);
            ran.push(job);
            settled?;
            next = None;
            if ran.len() < BATCH_CLOSURES && started.elapsed() < BATCH_TIME {
                next = self.queue.try_recv().ok();
            }
            if next.is_some()
                && let Err(fault) = self.part_from(ran)
            {
                self.left_over = next;
                return Err(fault);
            }
        }
        Ok(())
    }

    /// Another closure comes behind the last one: what that left to be written with the commit is written now.
    fn part_from(&mut self, ran: &mut [Box<dyn Job>]) -> Result<(), Fault> {
        self.conn.send_pending().or_else(|fault| self.undo_last(ran, fault))?;
        self.conn.control_script("RELEASE job; SAVEPOINT job")
    }

    /// What the last closure left to be written was refused: it alone is undone.
    fn undo_last(&mut self, ran: &mut [Box<dyn Job>], fault: Fault) -> Result<(), Fault> {
        let refused = self.conn.take_poison().is_some() && !self.conn.transaction_lost();
        match ran.last_mut().filter(|_| refused) {
            Some(last) => last.spoil(fault),
            None => return Err(fault),
        }
        self.conn.control("ROLLBACK TO job")
    }

    /// Undoes the closure that failed, panicked, or went on after a failed statement.
    fn settle(&mut self, job: &mut Box<dyn Job>, kept: bool) -> Result<(), Fault> {
        let poison = self.conn.take_poison();
        let failed = poison.is_some() || !kept;
        if self.conn.transaction_lost() {
            return Err(poison.unwrap_or_else(|| Fault::Connection {
                what: "the transaction was ended by the engine".to_owned(),
                source: None,
            }));
        }
        if let (true, Some(first)) = (kept, poison) {
            job.spoil(Fault::Poisoned { source: Box::new(first) });
        }
        if failed { self.conn.control("ROLLBACK TO job") } else { Ok(()) }
    }

    /// Opens the transaction and the savepoint of the first closure, on a new connection if the old one has died.
    fn begin(&mut self) -> Result<(), Fault> {
        let script = match self.conn.engine() {
            Engine::Sqlite => "BEGIN IMMEDIATE; SAVEPOINT job",
            Engine::Postgres => "BEGIN; SAVEPOINT job",
        };
        self.conn.take_poison();
        if !self.stale && !self.conn.is_closed() {
            match self.conn.control_script(script) {
                Err(fault) if fault.is_connection() => {}
                Err(fault) => {
                    self.abandon();
                    return Err(fault);
                }
                Ok(()) => return Ok(()),
            }
        }
        self.conn = Conn::open_writer(&self.target, &self.options)?;
        self.stale = false;
        self.counters.reconnects.fetch_add(1, Ordering::Relaxed);
        tracing::warn!("the connection to the database was lost and made again");
        self.conn.control_script(script)
    }

    /// The savepoint is released first: PostgreSQL would answer COMMIT of a failed transaction with a silent rollback,
    /// while RELEASE in it is an error, which keeps the COMMIT behind it from being run.
    fn commit(&mut self, ran: &mut [Box<dyn Job>]) -> Result<(), Fault> {
        self.conn.tell_readers()?;
        let done = self.conn.finish(COMMIT).or_else(|fault| {
            self.undo_last(ran, fault)?;
            self.conn.tell_readers()?;
            self.conn.control_script(COMMIT)
        });
        done.map_err(|fault| match fault {
            Fault::Connection { source: Some(source), .. } => Fault::InDoubt { source },
            other => other,
        })
    }

    /// Makes sure that no transaction stays open. A connection on which even that fails is not used again.
    fn abandon(&mut self) {
        self.conn.take_poison();
        let over = match self.conn.engine() {
            Engine::Sqlite => self.conn.transaction_lost(),
            Engine::Postgres => self.conn.is_closed(),
        };
        if !over && let Err(fault) = self.conn.control("ROLLBACK") {
            tracing::warn!(%fault, "a transaction could not be rolled back; its connection is given up");
            self.stale = true;
        }
    }
}

fn refuse(mut job: Box<dyn Job>, fault: Fault) {
    job.spoil(fault);
    job.answer();
}
