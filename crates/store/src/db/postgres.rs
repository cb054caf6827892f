//! PostgreSQL underneath [`Conn`](super::Conn).

use std::collections::HashMap;
use std::error::Error;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};
use tokio_postgres::{Config, NoTls, Statement};

use super::line::{Answer, Line, NoLine};
use super::{DbOptions, Row, STATEMENT_CACHE_ENTRIES, Val};
use crate::dialect::for_postgres;
use crate::fault::{EngineError, Fault, shown};

/// How long a connection attempt may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A peer that stays silent this long, with data under way, is taken for dead.
const DEAD_PEER_TIMEOUT: Duration = Duration::from_secs(30);

/// `COPY` sends its text in pieces of about this many bytes.
const COPY_PIECE_BYTES: usize = 256 * 1024;

pub(super) struct Postgres {
    line: Line,
    statements: HashMap<String, Prepared>,
}

#[derive(Clone)]
struct Prepared {
    statement: Statement,
    names: Arc<[String]>,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postgres").field("statements", &self.statements.len()).finish_non_exhaustive()
    }
}

/// The rows of a statement, and how many it changed.
pub(super) struct Heard {
    pub(super) rows: Vec<Row>,
    pub(super) changed: u64,
}

impl Postgres {
    pub(super) fn open(url: &str, options: &DbOptions) -> Result<Postgres, Fault> {
        let asked = super::tls::asked(url)?;
        let mut config = Config::from_str(&asked.url).map_err(|e| Fault::BadConfig {
            what: "the PostgreSQL address cannot be read; it looks like postgres://user:password@host:5432/database"
                .to_owned(),
            source: Some(Arc::new(EngineError::Postgres(e))),
        })?;
        config.connect_timeout(CONNECT_TIMEOUT).keepalives(true).keepalives_idle(DEAD_PEER_TIMEOUT);
        config.tcp_user_timeout(DEAD_PEER_TIMEOUT);
        if config.get_application_name().is_none() {
            config.application_name("bihuan");
        }
        if asked.silent && super::tls::leaves_the_machine(config.get_hosts()) {
            tracing::warn!(
                "the connection to PostgreSQL leaves this machine in clear; add sslmode=verify-full to its address"
            );
        }
        config.ssl_mode(asked.mode);
        let line = match asked.connector {
            Some(tls) => Line::open(&config, tls),
            None => Line::open(&config, NoTls),
        };
        let line = line.map_err(|none| match none {
            NoLine::Engine(error) => refused(error),
            NoLine::Machine(error) => Fault::io("opening a connection to PostgreSQL", error),
        })?;
        let mut db = Postgres { line, statements: HashMap::new() };
        db.settle(options)?;
        Ok(db)
    }

    /// What every connection of ours relies on, whatever the server's defaults are.
    fn settle(&mut self, options: &DbOptions) -> Result<(), Fault> {
        let encoding = self.line.simple("SHOW server_encoding");
        let encoding = encoding.map_err(|e| Fault::from_postgres("SHOW server_encoding", e))?;
        let utf8 = encoding.iter().any(|m| match m {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0) == Some("UTF8"),
            _ => false,
        });
        if !utf8 {
            return Err(Fault::BadConfig {
                what: "the PostgreSQL database must be created with ENCODING 'UTF8'".to_owned(),
                source: None,
            });
        }
        let mut script = format!(
            "SET synchronous_commit = on; SET standard_conforming_strings = on; SET TimeZone = 'UTC';
             SET statement_timeout = {}; SET lock_timeout = {};",
            options.statement_timeout.map_or(0, |t| t.as_millis()),
            options.busy_timeout.as_millis()
        );
        if let Some(schema) = &options.schema {
            if !super::is_plain_name(schema) {
                return Err(Fault::BadConfig { what: format!("bad schema name {schema:?}"), source: None });
            }
            script.push_str(&format!("SET search_path = {schema};"));
        }
        self.batch(&script)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.line.is_closed()
    }

    /// Runs a script. Statements prepared before a change of the schema are forgotten, their plans may be stale.
    pub(super) fn batch(&mut self, script: &str) -> Result<(), Fault> {
        self.statements.clear();
        self.line.script(script).map_err(|e| Fault::from_postgres(script, e))
    }

    /// Runs a script of our own that changes no table.
    pub(super) fn control(&mut self, script: &str) -> Result<(), Fault> {
        self.line.script(script).map_err(|e| Fault::from_postgres(script, e))
    }

    /// For the connection that writes: its statements go by key, so the plan is made once and not for every value.
    pub(super) fn keep_plans(&mut self) -> Result<(), Fault> {
        self.control("SET plan_cache_mode = force_generic_plan")
    }

    pub(super) fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64, Fault> {
        Ok(self.talk(&[(sql, args)])?.iter().map(|answer| answer.changed).sum())
    }

    /// Runs statements in their order, with one wait for the server.
    pub(super) fn talk(&mut self, all: &[(&str, &[Val])]) -> Result<Vec<Heard>, Fault> {
        let (ready, names) = self.ready(all)?;
        let answers = self.line.talk(&ready).map_err(|(at, e)| self.failed(all[at].0, e))?;
        heard(names, answers)
    }

    /// As [`Postgres::talk`], and behind the statements a script of our own that ends the transaction, whose outcome is
    /// told apart: after a failed statement the server refuses the script.
    pub(super) fn talk_and_control(
        &mut self,
        all: &[(&str, &[Val])],
        script: &str,
    ) -> Result<(Vec<Heard>, Result<(), Fault>), Fault> {
        let (ready, names) = self.ready(all)?;
        let (answers, ended) = self.line.talk_and_script(&ready, script);
        let answers = answers.map_err(|(at, e)| self.failed(all[at].0, e))?;
        Ok((heard(names, answers)?, ended.map_err(|e| Fault::from_postgres(script, e))))
    }

    /// The statements prepared, with the names of their columns.
    #[expect(clippy::type_complexity, reason = "two lists side by side")]
    fn ready<'a>(
        &mut self,
        all: &[(&str, &'a [Val])],
    ) -> Result<(Vec<(Statement, &'a [Val])>, Vec<Arc<[String]>>), Fault> {
        let (mut ready, mut names) = (Vec::with_capacity(all.len()), Vec::with_capacity(all.len()));
        for (sql, args) in all {
            let prepared = self.prepare(sql, args)?;
            ready.push((prepared.statement, *args));
            names.push(prepared.names);
        }
        Ok((ready, names))
    }

    pub(super) fn each(
        &mut self,
        sql: &str,
        args: &[Val],
        take: &mut dyn FnMut(Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let Prepared { statement, names } = self.prepare(sql, args)?;
        let streamed = self.line.stream(&statement, args, &mut |row| {
            let row = values(row).map_err(Failure::Taker)?;
            take(Row::new(Arc::clone(&names), row)).map_err(Failure::Taker)
        });
        streamed.map_err(|failure| match failure {
            Failure::Engine(e) => self.failed(sql, e),
            Failure::Taker(fault) => fault,
        })
    }

    pub(super) fn bulk_insert(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &mut dyn Iterator<Item = Vec<Val>>,
    ) -> Result<u64, Fault> {
        let sql = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
        let wrong = |what: String| Fault::Argument { what, statement: sql.clone() };
        let sent = |e: tokio_postgres::Error| Fault::from_postgres(&sql, e);
        let mut copy = self.line.copy(&sql).map_err(sent)?;
        let mut piece = Vec::with_capacity(COPY_PIECE_BYTES * 2);
        for row in rows {
            if row.len() != columns.len() {
                return Err(wrong(format!("a row has {} values for {} columns", row.len(), columns.len())));
            }
            for (i, val) in row.iter().enumerate() {
                val.check().map_err(|what| wrong(format!("column {}: {what}", columns[i])))?;
                if i > 0 {
                    piece.push(b'\t');
                }
                copy_text(&mut piece, val);
            }
            piece.push(b'\n');
            if piece.len() >= COPY_PIECE_BYTES {
                let full = std::mem::replace(&mut piece, Vec::with_capacity(COPY_PIECE_BYTES * 2));
                copy.send(full).map_err(sent)?;
            }
        }
        copy.send(piece).map_err(sent)?;
        copy.finish().map_err(sent)
    }

    pub(super) fn prepare_only(&mut self, sql: &str) -> Result<usize, Fault> {
        let statement = self.line.prepare(sql).map_err(|e| Fault::from_postgres(sql, e))?;
        Ok(statement.columns().len())
    }

    fn prepare(&mut self, sql: &str, args: &[Val]) -> Result<Prepared, Fault> {
        let prepared = match self.statements.get(sql) {
            Some(prepared) => prepared.clone(),
            None => {
                let statement = self.line.prepare(&for_postgres(sql));
                let statement = statement.map_err(|e| Fault::from_postgres(sql, e))?;
                let names = statement.columns().iter().map(|c| c.name().to_owned()).collect();
                let prepared = Prepared { statement, names };
                if self.statements.len() >= STATEMENT_CACHE_ENTRIES {
                    self.statements.clear();
                }
                self.statements.insert(sql.to_owned(), prepared.clone());
                prepared
            }
        };
        check_args(sql, prepared.statement.params(), args)?;
        Ok(prepared)
    }

    /// A statement that failed is forgotten: the schema may have changed under its plan.
    fn failed(&mut self, sql: &str, error: tokio_postgres::Error) -> Fault {
        self.statements.remove(sql);
        Fault::from_postgres(sql, error)
    }
}

fn heard(names: Vec<Arc<[String]>>, answers: Vec<Answer>) -> Result<Vec<Heard>, Fault> {
    let heard = |(names, answer): (Arc<[String]>, Answer)| {
        let row = |row| Ok(Row::new(Arc::clone(&names), values(row)?));
        let rows = answer.rows.iter().map(row).collect::<Result<_, Fault>>()?;
        Ok(Heard { rows, changed: answer.changed })
    };
    names.into_iter().zip(answers).map(heard).collect()
}

enum Failure {
    Engine(tokio_postgres::Error),
    Taker(Fault),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Failure {
        Failure::Engine(error)
    }
}

fn refused(error: tokio_postgres::Error) -> Fault {
    let code = error.code().map(|c| c.code().to_owned()).unwrap_or_default();
    match (code.as_str(), Fault::from_postgres("connect", error)) {
        // The password, the role or the database is wrong: no retry will mend it.
        ("28P01" | "28000" | "3D000", Fault::Sql { source, .. }) => {
            Fault::BadConfig { what: format!("PostgreSQL refused the login: {source}"), source: Some(source) }
        }
        (_, Fault::Sql { source, .. }) => {
            Fault::Connection { what: source.to_string(), source: Some(source) }
        }
        (_, fault) => fault,
    }
}

fn check_args(sql: &str, types: &[Type], args: &[Val]) -> Result<(), Fault> {
    let wrong = |what: String| Fault::Argument { what, statement: shown(sql) };
    if types.len() != args.len() {
        return Err(wrong(format!(
            "the statement takes {} parameters, {} were given",
            types.len(),
            args.len()
        )));
    }
    for (i, (arg, ty)) in args.iter().zip(types).enumerate() {
        arg.check().map_err(|what| wrong(format!("${}: {what}", i + 1)))?;
        if !fits(arg, ty) {
            return Err(wrong(format!(
                "${} is {}, PostgreSQL takes it for {ty}; write CAST(${} AS BIGINT) or the like",
                i + 1,
                arg.type_name(),
                i + 1
            )));
        }
    }
    Ok(())
}

fn fits(arg: &Val, ty: &Type) -> bool {
    match arg {
        Val::Null => true,
        Val::Int(v) => match *ty {
            Type::INT8 | Type::FLOAT8 | Type::NUMERIC => true,
            Type::INT4 => i32::try_from(*v).is_ok(),
            Type::INT2 => i16::try_from(*v).is_ok(),
            _ => false,
        },
        Val::Real(_) => *ty == Type::FLOAT8,
        Val::Text(_) => {
            matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)
        }
        Val::Bytes(_) => *ty == Type::BYTEA,
    }
}

impl ToSql for Val {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Val::Null => Ok(IsNull::Yes),
            Val::Int(v) => match *ty {
                Type::INT8 => v.to_sql(ty, out),
                Type::INT4 => i32::try_from(*v)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*v)?.to_sql(ty, out),
                Type::FLOAT8 => (*v as f64).to_sql(ty, out),
                Type::NUMERIC => {
                    out.extend_from_slice(&numeric_of(*v));
                    Ok(IsNull::No)
                }
                _ => Err(format!("an integer for {ty}").into()),
            },
            Val::Real(v) => v.to_sql(ty, out),
            Val::Text(v) => v.to_sql(ty, out),
            Val::Bytes(v) => v.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        if fits(self, ty) {
            self.to_sql(ty, out)
        } else {
            Err(format!("{} for {ty}", self.type_name()).into())
        }
    }
}

/// A result column of any type the store uses.
struct Cell(Val);

impl<'a> FromSql<'a> for Cell {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Cell, Box<dyn Error + Sync + Send>> {
        Ok(Cell(match *ty {
            Type::INT8 => Val::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Val::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Val::Int(i16::from_sql(ty, raw)?.into()),
            Type::OID => Val::Int(u32::from_sql(ty, raw)?.into()),
            Type::BOOL => Val::Int(bool::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Val::Real(f64::from_sql(ty, raw)?),
            Type::FLOAT4 => Val::Real(f32::from_sql(ty, raw)?.into()),
            Type::NUMERIC => numeric(raw).ok_or("a NUMERIC that is not a finite number")?,
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::JSON => {
                Val::Text(String::from_utf8(raw.to_vec())?)
            }
            Type::BYTEA => Val::Bytes(raw.to_vec()),
            Type::VOID => Val::Null,
            _ => return Err(format!("the store does not read {ty} columns; CAST them").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Cell, Box<dyn Error + Sync + Send>> {
        Ok(Cell(Val::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn values(row: &tokio_postgres::Row) -> Result<Vec<Val>, Fault> {
    (0..row.len())
        .map(|i| {
            let cell: Result<Cell, tokio_postgres::Error> = row.try_get(i);
            cell.map(|c| c.0).map_err(|e| Fault::from_postgres("reading a result column", e))
        })
        .collect()
}

/// PostgreSQL's NUMERIC counts in digits of ten thousand.
const NUMERIC_BASE: i64 = 10_000;

/// Reads a NUMERIC: a whole number without decimals becomes an integer, anything else a real number.
fn numeric(raw: &[u8]) -> Option<Val> {
    let word = |i: usize| raw.get(i * 2..i * 2 + 2).map(|b| i16::from_be_bytes([b[0], b[1]]));
    let (count, weight, sign, scale) = (word(0)?, i32::from(word(1)?), word(2)? as u16, word(3)?);
    if sign != 0 && sign != 0x4000 {
        return None;
    }
    let (mut whole, mut real) = (Some(0_i64), 0_f64);
    for i in 0..usize::try_from(count).ok()? {
        let digit = i64::from(word(4 + i)?);
        let power = weight - i32::try_from(i).ok()?;
        real += digit as f64 * (NUMERIC_BASE as f64).powi(power);
        let value = u32::try_from(power).ok().and_then(|p| NUMERIC_BASE.checked_pow(p));
        let signed = if sign == 0 { digit } else { -digit };
        whole = value.and_then(|v| v.checked_mul(signed)).and_then(|v| whole?.checked_add(v));
    }
    let real = if sign == 0 { real } else { -real };
    Some(match whole {
        Some(whole) if scale == 0 => Val::Int(whole),
        _ => Val::Real(real),
    })
}

/// Writes an integer as a NUMERIC.
fn numeric_of(v: i64) -> Vec<u8> {
    let base = NUMERIC_BASE.unsigned_abs();
    let (mut rest, mut digits) = (v.unsigned_abs(), Vec::new());
    while rest > 0 {
        digits.push((rest % base) as u16);
        rest /= base;
    }
    let count = digits.len() as u16;
    let sign: u16 = if v < 0 { 0x4000 } else { 0 };
    let mut out = Vec::with_capacity(8 + digits.len() * 2);
    for word in [count, count.saturating_sub(1), sign, 0].into_iter().chain(digits.into_iter().rev()) {
        out.extend_from_slice(&word.to_be_bytes());
    }
    out
}

/// Writes one value in the text format of `COPY`.
fn copy_text(out: &mut Vec<u8>, val: &Val) {
    match val {
        Val::Null => out.extend_from_slice(b"\\N"),
        Val::Int(v) => out.extend_from_slice(v.to_string().as_bytes()),
        Val::Real(v) => out.extend_from_slice(v.to_string().as_bytes()),
        Val::Text(t) => {
            for b in t.bytes() {
                match b {
                    b'\\' => out.extend_from_slice(b"\\\\"),
                    b'\n' => out.extend_from_slice(b"\\n"),
                    b'\r' => out.extend_from_slice(b"\\r"),
                    b'\t' => out.extend_from_slice(b"\\t"),
                    b => out.push(b),
                }
            }
        }
        Val::Bytes(bytes) => {
            out.extend_from_slice(b"\\\\x");
            for b in bytes {
                let hex = |n: u8| char::from_digit(u32::from(n), 16).map_or(b'0', |c| c as u8);
                out.extend([hex(b >> 4), hex(b & 15)]);
            }
        }
    }
}
