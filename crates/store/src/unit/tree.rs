//! Whole subtrees read in small, for imports.

use crate::record::Field;
use crate::{Conn, Fault, vals};
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::{Level, UnitKind, UnitPath};
use std::collections::{BTreeMap, BTreeSet};

/// An open unit with only what an import compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compact {
    /// Number.
    pub id: UnitId,
    /// Code.
    pub code: Box<str>,
    /// Name.
    pub name: Box<str>,
    /// Short names.
    pub short_names: Box<str>,
    /// Sector.
    pub sector: Box<str>,
    /// Line ministry.
    pub line: Box<str>,
    /// Kind.
    pub kind: UnitKind,
    /// Level.
    pub level: Level,
    /// Unit above.
    pub parent_id: Option<UnitId>,
    /// Official order.
    pub official_order: i64,
}

/// Where to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Branch {
    /// The whole tree.
    Whole,
    /// A unit and all below it.
    Below(UnitPath),
}

/// Every open unit of a branch.
///
/// # Errors
/// Faults of the database.
pub fn compact_below(conn: &mut Conn, branch: &Branch) -> Result<Vec<Compact>, Fault> {
    let (from, to) = match branch {
        Branch::Whole => (String::new(), "~".to_owned()),
        Branch::Below(path) => (path.as_str().to_owned(), path.subtree_end()),
    };
    let sql = "SELECT id, code, name, short_names, sector, line, kind, level, parent_id, official_order FROM unit \
         WHERE closed_day IS NULL AND path >= $1 AND path < $2";
    let mut found = Vec::new();
    conn.each(sql, &vals![from, to], &mut |row| {
        found.push(Compact {
            id: UnitId(row.int(0)?),
            code: row.str(1)?.into(),
            name: row.str(2)?.into(),
            short_names: row.str(3)?.into(),
            sector: row.str(4)?.into(),
            line: row.str(5)?.into(),
            kind: UnitKind::from_val(row.val(6)?)?,
            level: Level::from_val(row.val(7)?)?,
            parent_id: Option::from_val(row.val(8)?)?,
            official_order: row.int(9)?,
        });
        Ok(())
    })?;
    Ok(found)
}

/// A problem has been registered: the tree is in use.
///
/// # Errors
/// Faults of the database.
pub fn in_use(conn: &mut Conn) -> Result<bool, Fault> {
    Ok(conn.first("SELECT id FROM problem LIMIT 1", &[])?.is_some())
}

/// There is an open unit: the first one has been made.
///
/// # Errors
/// Faults of the database.
pub fn any_open(conn: &mut Conn) -> Result<bool, Fault> {
    Ok(conn.first("SELECT id FROM unit WHERE closed_day IS NULL LIMIT 1", &[])?.is_some())
}

/// Which of these units lay in the subtree of a unit on a day, each with the unit directly below `above` that it lay in;
/// `above` itself lies in itself.
///
/// # Errors
/// Faults of the database.
pub fn places_on(
    conn: &mut Conn,
    above: UnitId,
    units: impl Iterator<Item = UnitId>,
    on: Day,
) -> Result<BTreeMap<UnitId, UnitId>, Fault> {
    let ids: BTreeSet<i64> = units.map(|unit| unit.0).collect();
    let list = serde_json::to_string(&ids).unwrap_or_default();
    let sql = "SELECT c.descendant_id, child.ancestor_id FROM unit_closure c \
         LEFT JOIN unit_closure child ON child.descendant_id = c.descendant_id AND child.depth = c.depth - 1 \
           AND child.from_day <= $3 AND child.to_day > $3 \
         WHERE c.ancestor_id = $1 AND c.descendant_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) \
           AND c.from_day <= $3 AND c.to_day > $3";
    let mut places = BTreeMap::new();
    conn.each(sql, &vals![above.0, list, i64::from(on.days())], &mut |row| {
        let child: Option<i64> = Option::from_val(row.val(1)?)?;
        places.insert(UnitId(row.int(0)?), child.map_or(above, UnitId));
        Ok(())
    })?;
    Ok(places)
}
