//! One connection of either engine, as closures see it.

use super::line::TOGETHER_MAX;
use super::postgres::{Heard, Postgres};
use super::sqlite::Sqlite;
use super::together::{Together, together};
use super::{DbOptions, Engine, Row, Target, Val};
use crate::fault::{Fault, shown};
use crate::kept::{Kept, MOVE_STAMP, SOURCES, touches_sources};
use crate::known::Known;
use std::borrow::Cow;
use std::sync::Arc;

/// A connection inside a transaction. Statements use `$1`, `$2`, … on both engines.
///
/// After a failed statement every further one fails with [`Fault::Poisoned`], and the closure is rolled back even
/// if it returns `Ok`; [`Conn::attempt`] is the way to go on after a failure.
#[derive(Debug)]
pub struct Conn {
    inner: Inner,
    poison: Option<Fault>,
    depth: u32,
    /// Statements whose answer nobody waits for yet, on an engine at the other end of a wire.
    pending: Vec<Later>,
    pub(crate) known: Known,
    /// What readers keep together; none for the writer.
    pub(crate) keeps: Option<Arc<Kept>>,
    /// The stamp of what is kept, once it was asked for in the running transaction.
    pub(crate) stamp: Option<i64>,
    /// The running transaction wrote a table from which readers keep something.
    touched: bool,
}

const KEEP_PLANS: &str = "SET LOCAL plan_cache_mode = force_generic_plan";
const PLAN_BY_VALUES: &str = "SET LOCAL plan_cache_mode = force_custom_plan";

/// A query with its arguments.
pub type Question = (String, Vec<Val>);

/// A statement to be sent with the next ones.
#[derive(Debug)]
pub(super) struct Later {
    pub(super) sql: Cow<'static, str>,
    pub(super) args: Vec<Val>,
    /// It must change exactly one row, of this table.
    pub(super) one_row_of: Option<&'static str>,
}

/// At most this many statements wait to be sent together, with room left for questions.
const PENDING_MAX: usize = TOGETHER_MAX - 8;

#[derive(Debug)]
enum Inner {
    Sqlite(Sqlite),
    Postgres(Box<Postgres>),
}

/// Words that would end or begin a transaction under the store's feet.
const TRANSACTION_WORDS: [&str; 9] =
    ["BEGIN", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "START", "PREPARE"];

impl Conn {
    pub(super) fn open_writer(target: &Target, options: &DbOptions) -> Result<Conn, Fault> {
        Ok(Conn::new(match target {
            Target::Sqlite(path) => Inner::Sqlite(Sqlite::open_writer(path, options.busy_timeout)?),
            Target::Postgres(url) => {
                let mut line = Postgres::open(url, options)?;
                line.keep_plans()?;
                Inner::Postgres(Box::new(line))
            }
        }))
    }

    pub(super) fn open_reader(target: &Target, options: &DbOptions, kept: &Arc<Kept>) -> Result<Conn, Fault> {
        let inner = match target {
            Target::Sqlite(path) => Inner::Sqlite(Sqlite::open_reader(path, options.busy_timeout)?),
            Target::Postgres(url) => Inner::Postgres(Box::new(Postgres::open(url, options)?)),
        };
        Ok(Conn { keeps: Some(Arc::clone(kept)), ..Conn::new(inner) })
    }

    fn new(inner: Inner) -> Conn {
        Conn {
            inner,
            poison: None,
            depth: 0,
            pending: Vec::new(),
            known: Known::default(),
            keeps: None,
            stamp: None,
            touched: false,
        }
    }

    /// Which engine this is. Only `dialect` should need to ask.
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement; answers how many rows it changed. Rows of a RETURNING clause are thrown away.
    pub fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64, Fault> {
        self.note_written(sql);
        self.guarded(sql, |inner| match inner {
            Inner::Sqlite(c) => c.exec(sql, args),
            Inner::Postgres(c) => c.exec(sql, args),
        })
    }

    /// Runs a statement whose answer nobody needs before the next question: over a wire it is sent together with
    /// others, with one wait for the server. With `one_row_of` it must change exactly one row, of that table. What
    /// fails is told by whatever is asked next, at the latest by [`Conn::send_pending`].
    pub(crate) fn later(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        args: impl Into<Vec<Val>>,
        one_row_of: Option<&'static str>,
    ) -> Result<(), Fault> {
        let (sql, args) = (sql.into(), args.into());
        self.note_written(&sql);
        if matches!(self.inner, Inner::Sqlite(_)) {
            let changed = self.exec(&sql, &args)?;
            return only_one(one_row_of, changed).inspect_err(|fault| self.poison = Some(fault.clone()));
        }
        self.pending.push(Later { sql, args, one_row_of });
        if self.pending.len() >= PENDING_MAX { self.send_pending() } else { Ok(()) }
    }

    /// Sends what waits and hears how it went.
    pub(crate) fn send_pending(&mut self) -> Result<(), Fault> {
        self.refuse_poisoned()?;
        let waiting = std::mem::take(&mut self.pending);
        if waiting.is_empty() { Ok(()) } else { self.send(&waiting, &[]).map(drop) }
    }

    /// The rows of several questions that do not need each other's answers, with one wait for the server; what was to
    /// be sent later goes before them.
    pub fn ask_all(&mut self, all: &[(&str, &[Val])]) -> Result<Vec<Vec<Row>>, Fault> {
        if matches!(self.inner, Inner::Sqlite(_)) {
            return all.iter().map(|(sql, args)| self.rows(sql, args)).collect();
        }
        self.refuse_poisoned()?;
        if self.pending.len() + all.len() > TOGETHER_MAX {
            self.send_pending()?;
        }
        let waiting = std::mem::take(&mut self.pending);
        self.send(&waiting, all)
    }

    /// Sends what waits and these questions behind it; answers the rows of the questions.
    fn send(&mut self, waiting: &[Later], all: &[(&str, &[Val])]) -> Result<Vec<Vec<Row>>, Fault> {
        let Inner::Postgres(c) = &mut self.inner else { return Ok(Vec::new()) };
        let sent = together(waiting);
        let mut statements: Vec<(&str, &[Val])> = sent.iter().map(|one| (&*one.sql, &*one.args)).collect();
        statements.extend_from_slice(all);
        let done = c.talk(&statements).and_then(|mut heard| {
            let answers = heard.split_off(sent.len());
            checked(&sent, &heard)?;
            Ok(answers.into_iter().map(|one| one.rows).collect())
        });
        done.inspect_err(|fault| self.poison = Some(fault.clone()))
    }

    /// After a failed statement nothing more is run.
    fn refuse_poisoned(&self) -> Result<(), Fault> {
        match &self.poison {
            Some(first) => Err(Fault::Poisoned { source: Box::new(first.clone()) }),
            None => Ok(()),
        }
    }

    /// To the end of the transaction a plan is made once for a statement and not for every value, on an engine that would
    /// look at the values: for statements that go by key, where planning takes longer than the answer.
    pub(crate) fn keep_plans(&mut self) -> Result<(), Fault> {
        match self.inner {
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(_) => self.later(KEEP_PLANS, [], None),
        }
    }

    /// The opposite, for what is asked seldom of much: which way is short depends on the values.
    pub(crate) fn plan_by_values(&mut self) -> Result<(), Fault> {
        match self.inner {
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(_) => self.later(PLAN_BY_VALUES, [], None),
        }
    }

    /// As [`Conn::ask_all`], for questions that were put together one by one.
    pub fn ask_these(&mut self, all: &[Question]) -> Result<Vec<Vec<Row>>, Fault> {
        self.ask_all(&borrowed(all))
    }

    /// As [`Conn::ask_these`], for questions that read no other tables than these: what waits to be written elsewhere
    /// goes on waiting.
    pub(crate) fn ask_aside(&mut self, all: &[Question], tables: &[&str]) -> Result<Vec<Vec<Row>>, Fault> {
        let waits = self.pending.iter().any(|one| tables.iter().any(|table| one.sql.contains(table)));
        if waits || matches!(self.inner, Inner::Sqlite(_)) || all.len() > TOGETHER_MAX {
            return self.ask_these(all);
        }
        self.refuse_poisoned()?;
        self.send(&[], &borrowed(all))
    }

    /// All rows of a query. For results without a known bound use [`Conn::each`].
    pub fn rows(&mut self, sql: &str, args: &[Val]) -> Result<Vec<Row>, Fault> {
        let mut all = Vec::new();
        self.each_owned(sql, args, &mut |row| {
            all.push(row);
            Ok(())
        })?;
        Ok(all)
    }

    /// The first row of a query, or none. The query is still run to its end, so say LIMIT 1.
    pub fn first(&mut self, sql: &str, args: &[Val]) -> Result<Option<Row>, Fault> {
        let mut first = None;
        self.each_owned(sql, args, &mut |row| {
            first.get_or_insert(row);
            Ok(())
        })?;
        Ok(first)
    }

    /// Gives the rows one by one as they arrive, in constant memory. An error from `take` ends it and is handed on.
    pub fn each(
        &mut self,
        sql: &str,
        args: &[Val],
        take: &mut dyn FnMut(&Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.each_owned(sql, args, &mut |row| take(&row))
    }

    /// Runs a script of several statements without parameters (DDL).
    pub fn batch(&mut self, script: &str) -> Result<(), Fault> {
        self.note_written(script);
        self.guarded("", |inner| match inner {
            Inner::Sqlite(c) => c.batch(script),
            Inner::Postgres(c) => c.batch(script),
        })
    }

    /// Adds many rows at once: COPY on PostgreSQL, a prepared loop on SQLite. `table` and `columns` are plain
    /// lower-case names. Answers how many rows were added.
    pub fn bulk_insert(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &mut dyn Iterator<Item = Vec<Val>>,
    ) -> Result<u64, Fault> {
        if !super::is_plain_name(table)
            || columns.is_empty()
            || !columns.iter().all(|c| super::is_plain_name(c))
        {
            return Err(Fault::misuse(format!("bulk_insert into {table} ({})", columns.join(", "))));
        }
        self.touched |= SOURCES.contains(&table);
        self.guarded("", |inner| match inner {
            Inner::Sqlite(c) => c.bulk_insert(table, columns, rows),
            Inner::Postgres(c) => c.bulk_insert(table, columns, rows),
        })
    }

    /// Prepares a statement without running it; answers the number of its result columns.
    pub fn prepare_only(&mut self, sql: &str) -> Result<usize, Fault> {
        self.guarded(sql, |inner| match inner {
            Inner::Sqlite(c) => c.prepare_only(sql),
            Inner::Postgres(c) => c.prepare_only(sql),
        })
    }

    /// Runs `f` in a savepoint of its own: when it fails, only its changes are undone and the closure around it may
    /// go on. This is how an import goes on after one bad row.
    pub fn attempt<T, E: From<Fault>>(&mut self, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        self.refuse_poisoned()?;
        self.depth += 1;
        let name = format!("attempt_{}", self.depth);
        let done = self.attempt_named(&name, f);
        self.depth -= 1;
        done
    }

    fn attempt_named<T, E: From<Fault>>(
        &mut self,
        name: &str,
        f: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        self.control(&format!("SAVEPOINT {name}"))?;
        let mut done = f(self);
        if let (Ok(_), Some(first)) = (&done, &self.poison) {
            done = Err(Fault::Poisoned { source: Box::new(first.clone()) }.into());
        }
        let undo = if done.is_err() { format!("ROLLBACK TO {name}; ") } else { String::new() };
        match self.control_script(&format!("{undo}RELEASE {name}")) {
            Ok(()) => self.poison = None,
            Err(fault) => {
                // The savepoint is gone with the connection or the transaction; the closure around it cannot go on.
                self.poison.get_or_insert(fault.clone());
                return done.and(Err(fault.into()));
            }
        }
        done
    }

    fn each_owned(
        &mut self,
        sql: &str,
        args: &[Val],
        take: &mut dyn FnMut(Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        // What the caller's own function answers is not a failure of the statement.
        let mut refused = None;
        let mut take = |row| take(row).inspect_err(|fault| refused = Some(fault.clone()));
        let done = self.run(sql, |inner| match inner {
            Inner::Sqlite(c) => c.each(sql, args, &mut take),
            Inner::Postgres(c) => c.each(sql, args, &mut take),
        });
        match refused {
            Some(fault) => Err(fault),
            None => done.inspect_err(|fault| self.poison = Some(fault.clone())),
        }
    }

    fn guarded<T>(
        &mut self,
        sql: &str,
        run: impl FnOnce(&mut Inner) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.refuse_poisoned()?;
        self.run(sql, run).inspect_err(|fault| self.poison = Some(fault.clone()))
    }

    fn run<T>(&mut self, sql: &str, run: impl FnOnce(&mut Inner) -> Result<T, Fault>) -> Result<T, Fault> {
        self.send_pending()?;
        let word = sql.split_whitespace().next().unwrap_or_default().trim_end_matches(';');
        if TRANSACTION_WORDS.iter().any(|w| w.eq_ignore_ascii_case(word)) {
            return Err(Fault::misuse(format!("transactions belong to the store: {}", shown(sql))));
        }
        run(&mut self.inner)
    }

    fn note_written(&mut self, sql: &str) {
        self.touched = self.touched || touches_sources(sql);
    }

    /// Before the commit, and again where it has to be tried again: readers are told if anything changed that they keep. What
    /// was touched and then undone tells them in vain.
    pub(super) fn tell_readers(&mut self) -> Result<(), Fault> {
        if self.touched { self.later(MOVE_STAMP, [], Some("source_stamp")) } else { Ok(()) }
    }

    /// Runs one transaction statement of the store itself, past the poison.
    pub(super) fn control(&mut self, sql: &str) -> Result<(), Fault> {
        self.before_control(sql)?;
        match &mut self.inner {
            Inner::Sqlite(c) => c.control(sql),
            Inner::Postgres(c) => c.control(sql),
        }
    }

    /// Ends a transaction together with what waits, in one round trip where there is one. Where what waits fails, that
    /// is the poison, and the transaction is still open.
    pub(super) fn finish(&mut self, script: &str) -> Result<(), Fault> {
        let waiting = std::mem::take(&mut self.pending);
        let Inner::Postgres(c) = &mut self.inner else { return self.control_script(script) };
        if waiting.is_empty() {
            return self.control_script(script);
        }
        let sent = together(&waiting);
        let statements: Vec<(&str, &[Val])> = sent.iter().map(|one| (&*one.sql, &*one.args)).collect();
        let written = c.talk_and_control(&statements, script);
        let written = written.and_then(|(heard, ended)| checked(&sent, &heard).map(|()| ended));
        let ended = written.inspect_err(|fault| self.poison = Some(fault.clone()))?;
        self.known.unlock();
        ended
    }

    /// Runs several transaction statements of the store itself, in one round trip where there is one.
    pub(super) fn control_script(&mut self, script: &str) -> Result<(), Fault> {
        self.before_control(script)?;
        match &mut self.inner {
            Inner::Sqlite(c) => script.split("; ").try_for_each(|sql| c.control(sql)),
            Inner::Postgres(c) => c.control(script),
        }
    }

    /// What waits belongs to what came before. What is rolled back need not be sent, and what the writer remembers may
    /// have been read from it.
    fn before_control(&mut self, script: &str) -> Result<(), Fault> {
        if script.starts_with("BEGIN") {
            self.stamp = None;
            self.touched = false;
        }
        if script.starts_with("ROLLBACK") {
            self.pending.clear();
            self.known.forget();
            return Ok(());
        }
        if script.contains("COMMIT") {
            self.known.unlock();
        }
        if self.pending.is_empty() { Ok(()) } else { self.send_pending() }
    }

    /// The first failed statement since the poison was last taken.
    pub(super) fn take_poison(&mut self) -> Option<Fault> {
        self.depth = 0;
        self.poison.take()
    }

    /// Whether the engine itself has ended the transaction that we believe to be open.
    pub(super) fn transaction_lost(&self) -> bool {
        match &self.inner {
            Inner::Sqlite(c) => c.transaction_lost(),
            Inner::Postgres(c) => c.is_closed(),
        }
    }

    /// Whether the connection is known to be gone.
    pub(super) fn is_closed(&self) -> bool {
        match &self.inner {
            Inner::Sqlite(_) => false,
            Inner::Postgres(c) => c.is_closed(),
        }
    }
}

fn borrowed(all: &[Question]) -> Vec<(&str, &[Val])> {
    all.iter().map(|(sql, args)| (sql.as_str(), args.as_slice())).collect()
}

/// What was sent later did what it had to.
fn checked(sent: &[Together<'_>], heard: &[Heard]) -> Result<(), Fault> {
    sent.iter().zip(heard).try_for_each(|(one, heard)| only_one(one.last.one_row_of, heard.changed))
}

fn only_one(table: Option<&'static str>, changed: u64) -> Result<(), Fault> {
    match table {
        Some(table) if changed != 1 => {
            Err(Fault::corrupt(format!("writing one row of {table} touched {changed}")))
        }
        _ => Ok(()),
    }
}
