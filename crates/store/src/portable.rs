//! All tables as lines of text, the same from both engines: for backups and for moving from one engine to the other.
//!
//! A line is one row, a JSON array in the order of the table's columns: null, integer, `{"r": 1.5}`, text, or
//! `{"b": "…"}` with the bytes in base64. The digest of a table does not depend on the order of its rows: it is the
//! sum, modulo 2^256, of the SHA-256 of every line.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::db::{Conn, Row, Val};
use crate::dialect;
use crate::fault::Fault;

/// Number of the way a row is written as a line.
pub const FORMAT: u32 = 1;
/// The longest line that is read back, in bytes: one file of evidence in base64 with room to spare.
pub const LINE_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Rows that are given to the engine at once.
const ROWS_AT_ONCE: usize = 500;

/// Tables that are not carried: the record of schema steps and the stamp of what readers keep belong to the target, nobody
/// stays signed in, and the search index is built anew.
const LEFT_OUT: [&str; 7] = [
    "schema_version",
    "session",
    "source_stamp",
    "search_state",
    "search_document",
    "search_segment",
    "search_page",
];

/// One table as carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSum {
    /// Name.
    pub name: String,
    /// Columns, in the order of a line.
    pub columns: Vec<String>,
    /// Number of rows.
    pub rows: u64,
    /// Digest of the rows, whatever their order; lower-case hex.
    pub sha256: String,
}

/// Counts lines and sums their digests.
#[derive(Clone, Debug, Default)]
pub struct LineSum {
    rows: u64,
    sum: [u8; 32],
}

impl LineSum {
    /// Takes one line, without its line end.
    pub fn add(&mut self, line: &str) {
        self.rows += 1;
        let digest = Sha256::digest(line.as_bytes());
        let mut carry = 0_u16;
        for (own, new) in self.sum.iter_mut().rev().zip(digest.iter().rev()) {
            let total = u16::from(*own) + u16::from(*new) + carry;
            *own = (total & 0xff) as u8;
            carry = total >> 8;
        }
    }

    /// The count and digest of a table.
    pub fn of_table(&self, name: &str, columns: &[String]) -> TableSum {
        let sha256 = crate::journal::hex(&self.sum);
        TableSum { name: name.to_owned(), columns: columns.to_vec(), rows: self.rows, sha256 }
    }
}

/// The tables that are carried, with their columns, both by name.
///
/// # Errors
/// Faults of the database.
pub fn tables(conn: &mut Conn) -> Result<Vec<(String, Vec<String>)>, Fault> {
    let all = dialect::tables(conn)?;
    Ok(all.into_iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str())).collect())
}

/// Puts tables into an order in which they can be filled: what a foreign key points at comes first, by name otherwise.
///
/// # Errors
/// `Corrupt` for tables that refer to each other in a circle, faults of the database.
pub fn in_filling_order(conn: &mut Conn, tables: Vec<TableSum>) -> Result<Vec<TableSum>, Fault> {
    let references = dialect::references(conn)?;
    let (mut waiting, mut ordered) = (tables, Vec::new());
    while !waiting.is_empty() {
        let names: Vec<String> = waiting.iter().map(|table| table.name.clone()).collect();
        let waits =
            |table: &TableSum| references.iter().any(|(from, to)| *from == table.name && names.contains(to));
        let (later, now): (Vec<_>, Vec<_>) = waiting.into_iter().partition(waits);
        if now.is_empty() {
            return Err(Fault::corrupt("tables refer to each other in a circle"));
        }
        ordered.extend(now);
        waiting = later;
    }
    Ok(ordered)
}

/// Writes every row of a table as a line.
///
/// # Errors
/// Faults of the database, and what `take` answers.
pub fn dump(
    conn: &mut Conn,
    table: &str,
    columns: &[String],
    take: &mut dyn FnMut(&str) -> Result<(), Fault>,
) -> Result<TableSum, Fault> {
    let sql = format!("SELECT {} FROM {}", plain(columns)?, plain(&[table.to_owned()])?);
    let mut sum = LineSum::default();
    conn.each(&sql, &[], &mut |row| {
        let line = line_of(row)?;
        sum.add(&line);
        take(&line)
    })?;
    Ok(sum.of_table(table, columns))
}

/// Reads lines into a table, whose rows are taken out first: a fresh schema brings a few of its own.
///
/// # Errors
/// `Corrupt` for a line that is not a row of the table, faults of the database, and what `lines` answers.
pub fn load(
    conn: &mut Conn,
    table: &str,
    columns: &[String],
    lines: &mut dyn FnMut() -> Result<Option<String>, Fault>,
) -> Result<TableSum, Fault> {
    plain(columns)?;
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    conn.exec(&format!("DELETE FROM {}", plain(&[table.to_owned()])?), &[])?;
    let mut sum = LineSum::default();
    loop {
        let mut rows = Vec::new();
        while rows.len() < ROWS_AT_ONCE
            && let Some(line) = lines()?
        {
            sum.add(&line);
            rows.push(row_of(table, columns.len(), &line)?);
        }
        if rows.is_empty() {
            return Ok(sum.of_table(table, columns));
        }
        conn.bulk_insert(table, &names, &mut rows.into_iter())?;
    }
}

/// A freshly migrated database in which nobody has done anything yet.
///
/// # Errors
/// Faults of the database.
pub fn is_untouched(conn: &mut Conn) -> Result<bool, Fault> {
    let sql =
        "SELECT (SELECT COUNT(*) FROM entry) + (SELECT COUNT(*) FROM unit) + (SELECT COUNT(*) FROM account)";
    let row = conn.first(sql, &[])?.ok_or_else(|| Fault::corrupt("counting answered nothing"))?;
    Ok(row.int(0)? == 0)
}

/// Number and hash of the last journal entry.
///
/// # Errors
/// Faults of the database.
pub fn head(conn: &mut Conn) -> Result<(i64, String), Fault> {
    let row = conn.first("SELECT seq, hash FROM journal_head WHERE id = 1", &[])?;
    let row = row.ok_or_else(|| Fault::corrupt("journal_head has no row"))?;
    Ok((row.int(0)?, row.text(1)?))
}

/// Names that need no quotes, joined by commas.
fn plain(names: &[String]) -> Result<String, Fault> {
    match names.iter().find(|name| !crate::db::is_plain_name(name)) {
        Some(name) => Err(Fault::corrupt(format!("“{name}” is no name of a table or column"))),
        None => Ok(names.join(", ")),
    }
}

fn line_of(row: &Row) -> Result<String, Fault> {
    let cells = (0..row.len()).map(|at| row.val(at).map(cell_of)).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::Array(cells).to_string())
}

fn cell_of(val: &Val) -> Value {
    match val {
        Val::Null => Value::Null,
        Val::Int(number) => json!(number),
        Val::Real(number) => json!({ "r": number }),
        Val::Text(text) => json!(text),
        Val::Bytes(bytes) => json!({ "b": BASE64.encode(bytes) }),
    }
}

fn row_of(table: &str, width: usize, line: &str) -> Result<Vec<Val>, Fault> {
    let bad = || Fault::corrupt(format!("a line of table {table} is no row of {width} columns"));
    let cells: Vec<Value> = serde_json::from_str(line).map_err(|_| bad())?;
    if cells.len() != width {
        return Err(bad());
    }
    cells.into_iter().map(|cell| val_of(cell).ok_or_else(bad)).collect()
}

fn val_of(cell: Value) -> Option<Val> {
    match cell {
        Value::Null => Some(Val::Null),
        Value::Number(number) => number.as_i64().map(Val::Int),
        Value::String(text) => Some(Val::Text(text)),
        Value::Object(object) if object.len() == 1 => match (object.get("b"), object.get("r")) {
            (Some(Value::String(text)), _) => BASE64.decode(text).ok().map(Val::Bytes),
            (_, Some(Value::Number(number))) => number.as_f64().map(Val::Real),
            _ => None,
        },
        _ => None,
    }
}
