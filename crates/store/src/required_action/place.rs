//! Where a subject is counted: in the scope on the last day of the period, at the place of that day.

use super::{Key, day};
use crate::record::{Field, Record};
use crate::{Conn, Fault, vals};
use bihuan_domain::Day;
use bihuan_domain::id::{PersonId, PostId, UnitId};
use bihuan_domain::person::Post;
use bihuan_domain::required_action::{Rule, SubjectKind};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Unit, UnitPath};

/// The units above a unit on a day and itself, root first; empty before its time.
///
/// # Errors
/// Faults of the database.
pub fn path_on(conn: &mut Conn, unit: UnitId, on: Day) -> Result<Vec<UnitId>, Fault> {
    let sql = "SELECT ancestor_id FROM unit_closure WHERE descendant_id = $1 AND from_day <= $2 AND to_day > $2 \
         ORDER BY depth DESC";
    conn.rows(sql, &vals![unit.0, day(on)])?.iter().map(|row| row.int(0).map(UnitId)).collect()
}

/// The unit a person belongs to on a day: that of the leading, else of the longest held post.
///
/// # Errors
/// Faults of the database.
pub fn home_on(conn: &mut Conn, person: PersonId, on: Day) -> Result<Option<UnitId>, Fault> {
    let sql = "SELECT o.unit_id FROM tenure t JOIN post o ON o.id = t.post_id WHERE t.person_id = $1 \
         AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2) ORDER BY o.leads DESC, t.from_day, t.id LIMIT 1";
    let row = conn.first(sql, &vals![person.0, day(on)])?;
    row.map(|row| row.int(0).map(UnitId)).transpose()
}

fn chain(units: &[UnitId]) -> UnitPath {
    let mut path = UnitPath::default();
    for (at, unit) in units.iter().enumerate() {
        path = if at == 0 { UnitPath::root(*unit) } else { path.child(*unit) };
    }
    path
}

/// The unit as it stood at a place.
pub(super) fn placed(unit: &Unit, units: &[UnitId]) -> Unit {
    let parent_id = units.iter().rev().nth(1).copied();
    Unit { path: chain(units), parent_id, ..unit.clone() }
}

/// The scope reaches the unit at this place.
pub(super) fn reaches(scope: &Scope, unit: &Unit, units: &[UnitId]) -> bool {
    let root = scope.subtree.and_then(|root| units.iter().position(|id| *id == root));
    let root = root.map(|at| chain(&units[..=at]));
    scope.reaches(&placed(unit, units), root.as_ref(), &[])
}

fn unit_in_scope(conn: &mut Conn, scope: &Scope, id: UnitId, on: Day) -> Result<Option<Vec<UnitId>>, Fault> {
    Ok(super::ground(conn, id)?.in_scope(scope, on))
}

/// A unit owes a rule, or its posts or people do, in the period that ends on a day.
///
/// # Errors
/// Faults of the database.
pub fn unit_owes(conn: &mut Conn, rule: &Rule, unit: UnitId, on: Day) -> Result<bool, Fault> {
    Ok(unit_in_scope(conn, &rule.units(), unit, on)?.is_some())
}

/// The subject of a cell owes the rule in its period.
///
/// # Errors
/// Faults of the database.
pub fn owes(conn: &mut Conn, rule: &Rule, key: &Key) -> Result<bool, Fault> {
    Ok(places(conn, rule, key)?.is_some())
}

/// The units at which the cell of a subject is folded: strictly above a unit, at and above the unit of a post or
/// person; nothing when the subject does not owe the rule in that period.
pub(super) fn places(conn: &mut Conn, rule: &Rule, key: &Key) -> Result<Option<Vec<UnitId>>, Fault> {
    let scope = rule.units();
    match key.subject_kind {
        SubjectKind::Unit | SubjectKind::WorkingGroup => {
            let found = unit_in_scope(conn, &scope, UnitId(key.subject_id), key.period_day)?;
            Ok(found.map(|mut units| {
                units.pop();
                units
            }))
        }
        SubjectKind::Post => {
            let Some(post) = crate::journal::by_id::<Post>(conn, key.subject_id)? else { return Ok(None) };
            let stands = post.closed_day.is_none_or(|closed| key.period_day < closed);
            if !stands || !rule.takes_post(&post.name, post.leads) || !held(conn, post.id, key.period_day)? {
                return Ok(None);
            }
            unit_in_scope(conn, &scope, post.unit_id, key.period_day)
        }
        SubjectKind::Person => match home_on(conn, PersonId(key.subject_id), key.period_day)? {
            Some(home) => unit_in_scope(conn, &scope, home, key.period_day),
            None => Ok(None),
        },
    }
}

fn held(conn: &mut Conn, post: PostId, on: Day) -> Result<bool, Fault> {
    let sql = "SELECT 1 FROM tenure WHERE post_id = $1 AND from_day <= $2 AND (to_day IS NULL OR to_day > $2) LIMIT 1";
    Ok(conn.first(sql, &[post.to_val(), on.to_val()])?.is_some())
}

/// Units directly below another, ever: the unit and the days it stood there.
pub(super) fn ever_children(conn: &mut Conn, parent: UnitId) -> Result<Vec<(Unit, i64, i64)>, Fault> {
    let columns: Vec<String> = Unit::COLUMNS.iter().map(|column| format!("u.{column}")).collect();
    let sql = format!(
        "SELECT {}, c.from_day, c.to_day FROM unit_closure c JOIN unit u ON u.id = c.descendant_id \
         WHERE c.ancestor_id = $1 AND c.depth = 1",
        columns.join(", ")
    );
    let at = Unit::COLUMNS.len();
    let rows = conn.rows(&sql, &vals![parent.0])?;
    rows.iter().map(|row| Ok((Unit::from_row(row, 0)?, row.int(at)?, row.int(at + 1)?))).collect()
}
