//! What the journal must write when a unit begins or changes its name.

use crate::journal::Write;
use crate::records::{UnitNameRow, UnitStandingRow};
use crate::unit_tree::{CLOSURE_COLUMNS, closure_rows};
use crate::{Conn, Fault};
use bihuan_domain::Day;
use bihuan_domain::unit::Unit;
use bihuan_domain::unit::standing::Standing;

/// A new unit with its first name and its place.
pub fn creation(unit: &Unit) -> Vec<Write> {
    let name =
        UnitNameRow { unit_id: unit.id, from_day: unit.created_day, to_day: None, name: unit.name.clone() };
    vec![
        Write::insert(unit),
        Write::insert(&name),
        Write::Bulk {
            table: "unit_closure",
            columns: CLOSURE_COLUMNS.to_vec(),
            rows: closure_rows(&unit.path, unit.created_day),
        },
    ]
}

/// The present name ends and the next begins; a name that began that very day is replaced.
///
/// # Errors
/// Faults of the database.
pub fn rename(conn: &mut Conn, before: &Unit, after: &Unit, day: Day) -> Result<Vec<Write>, Fault> {
    let names = super::names_of(conn, before.id)?;
    let mut writes: Vec<Write> = Write::update(before, after).into_iter().collect();
    if names.is_empty() && before.created_day < day {
        // A unit from before dated names were kept: the old name held from its first day on.
        let first = UnitNameRow {
            unit_id: before.id,
            from_day: before.created_day,
            to_day: Some(day),
            name: before.name.clone(),
        };
        writes.push(Write::insert(&first));
    }
    writes.extend(merge_names(&names, after, day));
    Ok(writes)
}

/// The difference of dated names.
pub fn merge_names(names: &[UnitNameRow], after: &Unit, day: Day) -> Vec<Write> {
    let next = UnitNameRow { unit_id: after.id, from_day: day, to_day: None, name: after.name.clone() };
    let Some(last) = names.last() else { return vec![Write::insert(&next)] };
    if last.from_day == day {
        return Write::update(last, &next).into_iter().collect();
    }
    let ended = UnitNameRow { to_day: Some(day), ..last.clone() };
    Write::update(last, &ended).into_iter().chain([Write::insert(&next)]).collect()
}

/// What a unit was until `day` is kept, where it becomes another; facts that began that very day are replaced.
///
/// # Errors
/// Faults of the database.
pub fn standing(conn: &mut Conn, before: &Unit, after: &Unit, day: Day) -> Result<Option<Write>, Fault> {
    let was = Standing::of(before);
    if was == Standing::of(after) {
        return Ok(None);
    }
    let since = super::standings_of(conn, before.id)?.last().map_or(before.created_day, |row| row.to_day);
    let row = UnitStandingRow {
        unit_id: before.id,
        from_day: since,
        to_day: day,
        kind: was.kind,
        level: was.level,
        sector: was.sector,
        line: was.line,
    };
    Ok((since < day).then(|| Write::insert(&row)))
}
