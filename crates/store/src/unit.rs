//! Units read: by number, children in official order, ancestors, names and places as of a day, what hangs on one.

pub(crate) mod below;
mod search;
mod tree;
mod writes;

pub(crate) use below::Class;
pub use below::recount as recount_below;
pub use search::{
    FOUND_MAX, Found, QUERY_CHARS_MAX, SHORT_NAMES_READ_MAX, Sight, bearing, by_exact_name, named_within,
    search,
};
pub use tree::{Branch, Compact, any_open, compact_below, in_use, places_on};
pub use writes::{creation, merge_names, rename, standing};

use crate::journal;
use crate::record::{Field, Record};
use crate::records::{UnitChange, UnitNameRow, UnitStandingRow};
use crate::unit_tree::FOREVER_DAY;
use crate::{Conn, Fault, Row, Val, vals};
use bihuan_domain::Coded;
use bihuan_domain::Day;
use bihuan_domain::id::{ProblemId, UnitId};
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::problem::{PartyRole, State};
use bihuan_domain::unit::reorganise::Burden;
use bihuan_domain::unit::{Unit, UnitPath};
use std::collections::{BTreeSet, HashMap};

/// Most children of one unit that one page lists.
pub const CHILDREN_PAGE: i64 = 500;

/// A unit in a list of children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// The unit; as of a past day it bears the name of that day.
    pub unit: Unit,
    /// Units directly below it on the day.
    pub children: i64,
}

/// The unit of a number.
///
/// # Errors
/// Faults of the database.
pub fn by_id(conn: &mut Conn, id: UnitId) -> Result<Option<Unit>, Fault> {
    if let Some(ground) = conn.known.get::<crate::required_action::Ground>(id.0) {
        return Ok(ground.unit.clone());
    }
    Ok(conn.remembered(id.0, |conn| journal::by_id(conn, id.0).map(Alone))?.0.clone())
}

/// A unit that was asked for by itself.
struct Alone(Option<Unit>);

/// Units of many numbers, in no order; unknown numbers are left out.
///
/// # Errors
/// Faults of the database.
pub fn by_ids(conn: &mut Conn, ids: impl IntoIterator<Item = UnitId>) -> Result<Vec<Unit>, Fault> {
    let list = json_list(ids);
    Unit::load(conn, "WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))", &vals![list])
}

/// Names of many units at once.
///
/// # Errors
/// Faults of the database.
pub fn names(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = UnitId>,
) -> Result<HashMap<UnitId, String>, Fault> {
    let mut ids = ids.into_iter().peekable();
    let mut names = HashMap::new();
    if ids.peek().is_none() {
        return Ok(names);
    }
    let list = json_list(ids);
    let sql = "SELECT id, name FROM unit WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    conn.each(sql, &vals![list], &mut |row| {
        names.insert(UnitId(row.int(0)?), row.text(1)?);
        Ok(())
    })?;
    Ok(names)
}

/// All names that units bore, past ones included.
///
/// # Errors
/// Faults of the database.
pub fn all_names(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = UnitId>,
) -> Result<HashMap<UnitId, Vec<String>>, Fault> {
    let list = json_list(ids);
    let mut names: HashMap<UnitId, Vec<String>> = HashMap::new();
    let sql = "SELECT unit_id, name FROM unit_name \
               WHERE unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY unit_id, from_day";
    conn.each(sql, &vals![list], &mut |row| {
        names.entry(UnitId(row.int(0)?)).or_default().push(row.text(1)?);
        Ok(())
    })?;
    Ok(names)
}

/// A JSON list of numbers, each once, for `json_each`.
pub(crate) fn json_list(ids: impl IntoIterator<Item = UnitId>) -> String {
    let ids: BTreeSet<i64> = ids.into_iter().map(|id| id.0).collect();
    let texts: Vec<String> = ids.iter().map(i64::to_string).collect();
    format!("[{}]", texts.join(","))
}

/// The open unit that bears a code.
///
/// # Errors
/// Faults of the database.
pub fn open_by_code(conn: &mut Conn, code: &str) -> Result<Option<Unit>, Fault> {
    Unit::find(conn, "WHERE code = $1 AND closed_day IS NULL ORDER BY id LIMIT 1", &vals![code])
}

/// Codes among `codes` that open units bear, with the unit's name.
///
/// # Errors
/// Faults of the database.
pub fn open_codes(conn: &mut Conn, codes: &[&str]) -> Result<Vec<(String, String)>, Fault> {
    let list = serde_json::json!(codes).to_string();
    let sql =
        "SELECT code, name FROM unit WHERE code IN (SELECT value FROM json_each($1)) AND closed_day IS NULL";
    conn.rows(sql, &vals![list])?.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// The units above and the unit itself, root first: a breadcrumb.
///
/// # Errors
/// Faults of the database.
pub fn ancestors(conn: &mut Conn, path: &UnitPath) -> Result<Vec<Unit>, Fault> {
    let mut found = by_ids(conn, path.units())?;
    found.sort_by_key(|unit| unit.path.as_str().len());
    Ok(found)
}

/// Children in official order, today's tree; `None` lists the roots. Closed units are left out unless asked for,
/// and come last.
///
/// # Errors
/// Faults of the database.
pub fn children(
    conn: &mut Conn,
    parent: Option<UnitId>,
    with_closed: bool,
    offset: i64,
) -> Result<Vec<Child>, Fault> {
    let columns: Vec<String> = Unit::COLUMNS.iter().map(|c| format!("u.{c}")).collect();
    let below =
        if parent.is_some() { "u.parent_id = $1" } else { "u.parent_id IS NULL AND CAST($1 AS BIGINT) = 0" };
    let open = if with_closed { "" } else { "AND u.closed_day IS NULL" };
    let sql = format!(
        "SELECT {}, (SELECT COUNT(*) FROM unit c WHERE c.parent_id = u.id AND c.closed_day IS NULL) FROM unit u \
         WHERE {below} {open} \
         ORDER BY CASE WHEN u.closed_day IS NULL THEN 0 ELSE 1 END, u.official_order, u.id LIMIT {CHILDREN_PAGE} OFFSET $2",
        columns.join(", ")
    );
    conn.rows(&sql, &vals![parent.map_or(0, |id| id.0), offset])?.iter().map(child_from).collect()
}

fn child_from(row: &Row) -> Result<Child, Fault> {
    Ok(Child { unit: Unit::from_row(row, 0)?, children: row.int(Unit::COLUMNS.len())? })
}

/// Numbers and official orders of the open children, in order.
///
/// # Errors
/// Faults of the database.
pub fn open_children(conn: &mut Conn, parent: UnitId) -> Result<Vec<Unit>, Fault> {
    Unit::load(
        conn,
        "WHERE parent_id = $1 AND closed_day IS NULL ORDER BY official_order, id",
        &vals![parent.0],
    )
}

/// Children as of a past day, by the tree and the names of that day; `None` lists that day's roots.
///
/// # Errors
/// Faults of the database.
pub fn children_on(
    conn: &mut Conn,
    parent: Option<UnitId>,
    day: Day,
    offset: i64,
) -> Result<Vec<Child>, Fault> {
    let columns: Vec<String> = Unit::COLUMNS
        .iter()
        .map(|c| match *c {
            "name" => "COALESCE(n.name, u.name)".to_owned(),
            "kind" | "level" | "sector" | "line" => format!("COALESCE(s.{c}, u.{c})"),
            _ => format!("u.{c}"),
        })
        .collect();
    let from = match parent {
        Some(_) => {
            "unit_closure c JOIN unit u ON u.id = c.descendant_id \
             AND c.ancestor_id = $1 AND c.depth = 1 AND c.from_day <= $2 AND c.to_day > $2"
        }
        None => {
            "unit u JOIN unit_closure c ON c.ancestor_id = u.id AND c.descendant_id = u.id AND CAST($1 AS BIGINT) = 0 \
             AND NOT EXISTS (SELECT 1 FROM unit_closure a WHERE a.descendant_id = u.id AND a.depth > 0 \
               AND a.from_day <= $2 AND a.to_day > $2)"
        }
    };
    let exists = "u.created_day <= $2 AND (u.closed_day IS NULL OR u.closed_day > $2)";
    let sql = format!(
        "SELECT {}, (SELECT COUNT(*) FROM unit_closure k JOIN unit b ON b.id = k.descendant_id \
           WHERE k.ancestor_id = u.id AND k.depth = 1 AND k.from_day <= $2 AND k.to_day > $2 \
             AND b.created_day <= $2 AND (b.closed_day IS NULL OR b.closed_day > $2)) \
         FROM {from} LEFT JOIN unit_name n ON n.unit_id = u.id AND n.from_day <= $2 AND (n.to_day IS NULL OR n.to_day > $2) \
         LEFT JOIN unit_standing s ON s.unit_id = u.id AND s.from_day <= $2 AND s.to_day > $2 \
         WHERE {exists} ORDER BY u.official_order, u.id LIMIT {CHILDREN_PAGE} OFFSET $3",
        columns.join(", ")
    );
    let args = vals![parent.map_or(0, |id| id.0), i64::from(day.days()), offset];
    conn.rows(&sql, &args)?.iter().map(child_from).collect()
}

/// The units above and the unit itself on a day, root first, with the names of that day. Empty before its creation.
///
/// # Errors
/// Faults of the database.
pub fn ancestors_on(conn: &mut Conn, unit: UnitId, day: Day) -> Result<Vec<(UnitId, String)>, Fault> {
    let sql = "SELECT c.ancestor_id, COALESCE(n.name, u.name) FROM unit_closure c JOIN unit u ON u.id = c.ancestor_id \
         LEFT JOIN unit_name n ON n.unit_id = u.id AND n.from_day <= $2 AND (n.to_day IS NULL OR n.to_day > $2) \
         WHERE c.descendant_id = $1 AND c.from_day <= $2 AND c.to_day > $2 ORDER BY c.depth DESC";
    let rows = conn.rows(sql, &vals![unit.0, i64::from(day.days())])?;
    rows.iter().map(|row| Ok((UnitId(row.int(0)?), row.text(1)?))).collect()
}

/// The name a unit bore on a day; its first name on days before.
///
/// # Errors
/// Faults of the database.
pub fn name_on(conn: &mut Conn, unit: UnitId, day: Day) -> Result<Option<String>, Fault> {
    let all = names_of(conn, unit)?;
    let on_day = all.iter().find(|n| n.from_day <= day && n.to_day.is_none_or(|end| day < end));
    Ok(on_day.or(all.first()).map(|row| row.name.clone()))
}

/// All names of a unit, oldest first.
///
/// # Errors
/// Faults of the database.
pub fn names_of(conn: &mut Conn, unit: UnitId) -> Result<Vec<UnitNameRow>, Fault> {
    UnitNameRow::load(conn, "WHERE unit_id = $1 ORDER BY from_day", &vals![unit.0])
}

/// What a unit was before it became what it is now, oldest first.
///
/// # Errors
/// Faults of the database.
pub fn standings_of(conn: &mut Conn, unit: UnitId) -> Result<Vec<UnitStandingRow>, Fault> {
    UnitStandingRow::load(conn, "WHERE unit_id = $1 ORDER BY from_day", &vals![unit.0])
}

/// A unit with the facts it had on a day.
///
/// # Errors
/// Faults of the database.
pub fn standing_on(conn: &mut Conn, unit: Unit, day: Day) -> Result<Unit, Fault> {
    Ok(UnitStandingRow::of_day(&standings_of(conn, unit.id)?, &unit, day))
}

/// What happened to a unit, oldest first.
///
/// # Errors
/// Faults of the database.
pub fn changes_of(conn: &mut Conn, unit: UnitId) -> Result<Vec<UnitChange>, Fault> {
    UnitChange::load(conn, "WHERE unit_id = $1 ORDER BY day, id LIMIT 500", &vals![unit.0])
}

/// Open units of the subtree, the root among them.
///
/// # Errors
/// Faults of the database.
pub fn open_below(conn: &mut Conn, path: &UnitPath) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM unit WHERE path >= $1 AND path < $2 AND closed_day IS NULL";
    let row = conn.first(sql, &vals![path.as_str(), path.subtree_end()])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// What hangs on a unit; `to` is the unit it is to go to, whose own places count for the order of days.
///
/// # Errors
/// Faults of the database.
pub fn burden(conn: &mut Conn, unit: &Unit, to: Option<&Unit>) -> Result<Burden, Fault> {
    let first = |conn: &mut Conn, sql: &str, args: &[Val]| -> Result<Option<i64>, Fault> {
        conn.first(sql, args)?.map_or(Ok(None), |row| row.opt_int(0))
    };
    let children = "SELECT COUNT(*) FROM unit WHERE parent_id = $1 AND closed_day IS NULL";
    let (path, end) = (unit.path.as_str(), unit.path.subtree_end());
    let deepest = "SELECT MAX(length(path)) FROM unit WHERE path >= $1 AND path < $2";
    let deepest = first(conn, deepest, &vals![path, end])?.unwrap_or(0);
    let segment = (path.len() / unit.path.units().len().max(1)) as i64;
    let height = (deepest - path.len() as i64).max(0) / segment.max(1);
    Ok(Burden {
        open_children: first(conn, children, &vals![unit.id.0])?.unwrap_or(0),
        open_problems: open_problems(conn, unit.id)?.len() as i64,
        height: usize::try_from(height).unwrap_or(0),
        last_changed: last_changed(conn, unit, to)?,
    })
}

/// The last day on which a place of the subtree, of what left it, or of the receiving unit changed.
fn last_changed(conn: &mut Conn, unit: &Unit, to: Option<&Unit>) -> Result<Option<Day>, Fault> {
    let ended = format!("MAX(CASE WHEN to_day < {FOREVER_DAY} THEN to_day ELSE from_day END)");
    let sql = format!(
        "SELECT MAX(d) FROM ( \
           SELECT {ended} AS d FROM unit_closure WHERE descendant_id IN (SELECT id FROM unit WHERE path >= $1 AND path < $2) \
           UNION ALL SELECT {ended} AS d FROM unit_closure WHERE ancestor_id = $3 \
           UNION ALL SELECT {ended} AS d FROM unit_closure WHERE descendant_id = $4) places"
    );
    let args =
        vals![unit.path.as_str(), unit.path.subtree_end(), unit.id.0, to.map_or(unit.id.0, |to| to.id.0)];
    let Some(row) = conn.first(&sql, &args)? else { return Ok(None) };
    Option::<Day>::from_val(row.val(0)?)
}

/// Open problems a unit has a part in (other than having registered them, unless it is still their home), and closed
/// ones it has yet to look back on.
///
/// # Errors
/// Faults of the database.
pub fn open_problems(conn: &mut Conn, unit: UnitId) -> Result<Vec<ProblemId>, Fault> {
    let sql = "SELECT p.id FROM problem_party y JOIN problem p ON p.id = y.problem_id \
           WHERE y.unit_id = $1 AND p.state <> $2 AND (y.role <> $3 OR p.home_unit_id = $1) \
         UNION SELECT problem_id FROM look_back WHERE unit_id = $1 AND result = $4 ORDER BY 1";
    let args =
        vals![unit.0, State::Closed.code(), PartyRole::Registering.code(), LookBackResult::Pending.code()];
    conn.rows(sql, &args)?.iter().map(|row| row.int(0).map(ProblemId)).collect()
}
