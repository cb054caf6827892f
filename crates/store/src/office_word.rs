//! The offices' own words.

use crate::record::Record;
use crate::unit::json_list;
use crate::{Conn, Fault, record, vals};
use bihuan_domain::id::UnitId;
use bihuan_domain::office_word::OfficeWord;
use bihuan_domain::unit::UnitPath;

record!(OfficeWord, "office_word", key [id], personal [], { id, unit_id, kind, word, replacement, origin, version });

/// The words that the unit at `path` goes by: its own and those of the units above it.
///
/// # Errors
/// Faults of the database.
pub fn of_unit(conn: &mut Conn, path: &UnitPath) -> Result<Vec<OfficeWord>, Fault> {
    let list = json_list(path.units());
    let condition = "WHERE unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY kind, word, id LIMIT 10000";
    OfficeWord::load(conn, condition, &vals![list])
}

/// How many words a unit has of its own.
///
/// # Errors
/// Faults of the database.
pub fn count(conn: &mut Conn, unit: UnitId) -> Result<i64, Fault> {
    let row = conn.first("SELECT COUNT(*) FROM office_word WHERE unit_id = $1", &vals![unit.0])?;
    row.map_or(Ok(0), |row| row.int(0))
}
