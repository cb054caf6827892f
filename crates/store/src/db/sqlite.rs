//! SQLite underneath [`Conn`](super::Conn).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql};

use super::{Row, STATEMENT_CACHE_ENTRIES, Val};
use crate::fault::{Fault, shown};

/// How much memory the page cache of one connection may take, in KiB.
const PAGE_CACHE_KIB: i64 = 16 * 1024;

/// The write-ahead log is cut back to this many bytes after a checkpoint.
const JOURNAL_LIMIT_BYTES: i64 = 64 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct Sqlite {
    conn: Connection,
}

impl ToSql for Val {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Val::Null => ToSqlOutput::Owned(Value::Null),
            Val::Int(v) => ToSqlOutput::Owned(Value::Integer(*v)),
            Val::Real(v) => ToSqlOutput::Owned(Value::Real(*v)),
            Val::Text(v) => ToSqlOutput::Borrowed(ValueRef::Text(v.as_bytes())),
            Val::Bytes(v) => ToSqlOutput::Borrowed(ValueRef::Blob(v)),
        })
    }
}

impl Sqlite {
    /// The one connection that writes. Makes the file when it is missing.
    pub(super) fn open_writer(path: &Path, busy_timeout: Duration) -> Result<Sqlite, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Sqlite::open(path, flags, busy_timeout)?;
        let mode: String = conn
            .query_row("PRAGMA journal_mode = WAL", [], |r| r.get(0))
            .map_err(|e| Fault::from_sqlite("PRAGMA journal_mode = WAL", e))?;
        if !mode.eq_ignore_ascii_case("wal") {
            return Err(Fault::BadConfig {
                what: format!(
                    "{} cannot use a write-ahead log (mode {mode}); keep it on a local disk",
                    path.display()
                ),
                source: None,
            });
        }
        // recursive_triggers: otherwise INSERT OR REPLACE would delete past an append-only trigger.
        let script = format!(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;
             PRAGMA journal_size_limit = {JOURNAL_LIMIT_BYTES};"
        );
        conn.execute_batch(&script).map_err(|e| Fault::from_sqlite(&script, e))?;
        Ok(Sqlite { conn })
    }

    /// A connection that can only read.
    pub(super) fn open_reader(path: &Path, busy_timeout: Duration) -> Result<Sqlite, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Sqlite::open(path, flags, busy_timeout)?;
        Ok(Sqlite { conn })
    }

    fn open(path: &Path, flags: OpenFlags, busy_timeout: Duration) -> Result<Connection, Fault> {
        let named = |e: rusqlite::Error| match Fault::from_sqlite("open", e) {
            Fault::Sql { source, .. } => Fault::BadConfig {
                what: format!("the database file {} cannot be opened", path.display()),
                source: Some(source),
            },
            other => other,
        };
        let conn = Connection::open_with_flags(path, flags).map_err(named)?;
        conn.busy_timeout(busy_timeout).map_err(named)?;
        // A misspelt column in double quotes must be an error, not a text.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false).map_err(named)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false).map_err(named)?;
        // A plan that looks at the values bound to it is made anew each time it runs, which costs more than it runs.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(named)?;
        conn.set_prepared_statement_cache_capacity(STATEMENT_CACHE_ENTRIES);
        let script = format!("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{PAGE_CACHE_KIB};");
        conn.execute_batch(&script).map_err(named)?;
        // The file is first read here, so that something else than a database is refused at once.
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(named)?;
        Ok(conn)
    }

    /// SQLite gives up the whole transaction by itself after some errors, a full disk among them.
    pub(super) fn transaction_lost(&self) -> bool {
        self.conn.is_autocommit()
    }

    pub(super) fn batch(&mut self, script: &str) -> Result<(), Fault> {
        self.conn.execute_batch(script).map_err(|e| Fault::from_sqlite(script, e))
    }

    /// Runs a statement of our own that has no parameter and no result, from the cache.
    pub(super) fn control(&mut self, sql: &str) -> Result<(), Fault> {
        let run = |conn: &Connection| conn.prepare_cached(sql)?.raw_execute();
        run(&self.conn).map(|_| ()).map_err(|e| Fault::from_sqlite(sql, e))
    }

    pub(super) fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64, Fault> {
        let mut stmt = self.prepare(sql, args)?;
        let named = |e| Fault::from_sqlite(sql, e);
        if stmt.column_count() == 0 {
            return stmt.raw_execute().map(|n| n as u64).map_err(named);
        }
        let mut rows = stmt.raw_query();
        while rows.next().map_err(named)?.is_some() {}
        drop(rows);
        drop(stmt);
        Ok(self.conn.changes())
    }

    pub(super) fn each(
        &mut self,
        sql: &str,
        args: &[Val],
        take: &mut dyn FnMut(Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut stmt = self.prepare(sql, args)?;
        let named = |e| Fault::from_sqlite(sql, e);
        let mut rows = stmt.raw_query();
        let mut first_names: Option<Arc<[String]>> = None;
        while let Some(row) = rows.next().map_err(named)? {
            // Only now: SQLite prepares a statement again when it starts, if the schema has changed since.
            let names =
                first_names.get_or_insert_with(|| row.as_ref().column_names().map(str::to_owned).collect());
            let mut vals = Vec::with_capacity(names.len());
            for i in 0..names.len() {
                vals.push(value(row.get_ref(i).map_err(named)?)?);
            }
            take(Row::new(Arc::clone(names), vals))?;
        }
        Ok(())
    }

    pub(super) fn bulk_insert(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &mut dyn Iterator<Item = Vec<Val>>,
    ) -> Result<u64, Fault> {
        let places = (1..=columns.len()).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ");
        let sql = format!("INSERT INTO {table} ({}) VALUES ({places})", columns.join(", "));
        let mut stmt = self.conn.prepare_cached(&sql).map_err(|e| Fault::from_sqlite(&sql, e))?;
        let mut count = 0;
        for row in rows {
            bind(&mut stmt, &sql, &row)?;
            stmt.raw_execute().map_err(|e| Fault::from_sqlite(&sql, e))?;
            count += 1;
        }
        Ok(count)
    }

    pub(super) fn prepare_only(&mut self, sql: &str) -> Result<usize, Fault> {
        let stmt = self.conn.prepare(sql).map_err(|e| Fault::from_sqlite(sql, e))?;
        Ok(stmt.column_count())
    }

    fn prepare(&self, sql: &str, args: &[Val]) -> Result<CachedStatement<'_>, Fault> {
        let mut stmt = self.conn.prepare_cached(sql).map_err(|e| Fault::from_sqlite(sql, e))?;
        bind(&mut stmt, sql, args)?;
        Ok(stmt)
    }
}

/// Binds by the number in the name: SQLite itself numbers `$10` by where it first stands, not by its digits.
fn bind(stmt: &mut CachedStatement<'_>, sql: &str, args: &[Val]) -> Result<(), Fault> {
    let wrong = |what: String| Fault::Argument { what, statement: shown(sql) };
    let count = stmt.parameter_count();
    if count != args.len() {
        return Err(wrong(format!("the statement takes {count} parameters, {} were given", args.len())));
    }
    for index in 1..=count {
        let name = stmt.parameter_name(index).unwrap_or("?");
        let number = name.strip_prefix('$').and_then(|n| n.parse::<usize>().ok());
        let arg = number.and_then(|n| args.get(n.checked_sub(1)?));
        let Some(arg) = arg else {
            return Err(wrong(format!("{name} is not one of $1 to ${count}")));
        };
        arg.check().map_err(|what| wrong(format!("{name}: {what}")))?;
        stmt.raw_bind_parameter(index, arg).map_err(|e| Fault::from_sqlite(sql, e))?;
    }
    Ok(())
}

fn value(cell: ValueRef<'_>) -> Result<Val, Fault> {
    Ok(match cell {
        ValueRef::Null => Val::Null,
        ValueRef::Integer(v) => Val::Int(v),
        ValueRef::Real(v) => Val::Real(v),
        ValueRef::Text(t) => {
            Val::Text(std::str::from_utf8(t).map_err(|_| Fault::corrupt("a text is not UTF-8"))?.to_owned())
        }
        ValueRef::Blob(b) => Val::Bytes(b.to_vec()),
    })
}
