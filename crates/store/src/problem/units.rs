//! Units and leading posts as the loop needs them: to choose from, and to expand what a person wrote.

use crate::record::{Field, Record};
use crate::{Conn, Fault, vals};
use bihuan_domain::Day;
use bihuan_domain::id::{PersonId, PostId, UnitId};
use bihuan_domain::unit::{Unit, UnitPath};

/// Most units read to choose from or to match against.
pub const UNITS_MAX: i64 = 5_000;

/// Open units of a subtree in official order, its root first.
///
/// # Errors
/// Faults of the database.
pub fn open_within(conn: &mut Conn, root: &UnitPath, day: Day, limit: i64) -> Result<Vec<Unit>, Fault> {
    let condition = format!(
        "WHERE path >= $1 AND path < $2 AND created_day <= $3 AND (closed_day IS NULL OR closed_day > $3) \
         ORDER BY path LIMIT {}",
        limit.clamp(1, UNITS_MAX)
    );
    Unit::load(conn, &condition, &vals![root.as_str(), root.subtree_end(), i64::from(day.days())])
}

/// Units by their numbers, in no order.
///
/// # Errors
/// Faults of the database.
pub fn by_ids(conn: &mut Conn, ids: &[UnitId]) -> Result<Vec<Unit>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    Unit::load(conn, "WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))", &vals![list])
}

/// The open unit of a subtree with exactly this name, where there is only one.
///
/// # Errors
/// Faults of the database.
pub fn only_named(conn: &mut Conn, root: &UnitPath, name: &str, day: Day) -> Result<Option<Unit>, Fault> {
    let condition = "WHERE name = $1 AND path >= $2 AND path < $3 AND created_day <= $4 \
         AND (closed_day IS NULL OR closed_day > $4) LIMIT 2";
    let args = vals![name, root.as_str(), root.subtree_end(), i64::from(day.days())];
    let mut units = Unit::load(conn, condition, &args)?;
    Ok(if units.len() == 1 { units.pop() } else { None })
}

/// A leading post with who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadingPost {
    /// The post.
    pub post: PostId,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// The unit's place.
    pub path: UnitPath,
    /// Who holds it on the day, by name; empty when it is vacant.
    pub holder: String,
}

const POST_SELECT: &str = "SELECT po.id, po.name, u.id, u.name, u.path, COALESCE(pe.name, '') \
     FROM post po JOIN unit u ON u.id = po.unit_id \
     LEFT JOIN tenure t ON t.post_id = po.id AND t.from_day <= $1 AND (t.to_day IS NULL OR t.to_day > $1) \
     LEFT JOIN person pe ON pe.id = t.person_id";

fn post_from(row: &crate::Row) -> Result<LeadingPost, Fault> {
    Ok(LeadingPost {
        post: PostId::from_val(row.val(0)?)?,
        name: row.text(1)?,
        unit: UnitId::from_val(row.val(2)?)?,
        unit_name: row.text(3)?,
        path: UnitPath::from_val(row.val(4)?)?,
        holder: row.text(5)?,
    })
}

/// Leading posts of a subtree on a day.
///
/// # Errors
/// Faults of the database.
pub fn leading_posts(conn: &mut Conn, root: &UnitPath, day: Day) -> Result<Vec<LeadingPost>, Fault> {
    let sql = format!(
        "{POST_SELECT} WHERE po.leads = 1 AND (po.closed_day IS NULL OR po.closed_day > $1) \
         AND u.path >= $2 AND u.path < $3 ORDER BY u.path, po.official_order, po.id LIMIT 500"
    );
    conn.rows(&sql, &vals![i64::from(day.days()), root.as_str(), root.subtree_end()])?
        .iter()
        .map(post_from)
        .collect()
}

/// Open posts of some units on a day, in official order.
///
/// # Errors
/// Faults of the database.
pub fn posts_of_units(conn: &mut Conn, units: &[UnitId], day: Day) -> Result<Vec<LeadingPost>, Fault> {
    let list = serde_json::to_string(units).unwrap_or_default();
    let sql = format!(
        "{POST_SELECT} WHERE (po.closed_day IS NULL OR po.closed_day > $1) \
         AND u.id IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) \
         ORDER BY u.path, po.official_order, po.id LIMIT 500"
    );
    conn.rows(&sql, &vals![i64::from(day.days()), list])?.iter().map(post_from).collect()
}

/// Posts with their holders on a day, by number.
///
/// # Errors
/// Faults of the database.
pub fn posts_by_ids(conn: &mut Conn, ids: &[PostId], day: Day) -> Result<Vec<LeadingPost>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    let sql = format!("{POST_SELECT} WHERE po.id IN (SELECT CAST(value AS BIGINT) FROM json_each($2))");
    conn.rows(&sql, &vals![i64::from(day.days()), list])?.iter().map(post_from).collect()
}

/// Names of people, by number.
///
/// # Errors
/// Faults of the database.
pub fn person_names(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<(PersonId, String)>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    let sql = "SELECT id, name FROM person WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    conn.rows(sql, &vals![list])?
        .iter()
        .map(|row| Ok((PersonId::from_val(row.val(0)?)?, row.text(1)?)))
        .collect()
}
