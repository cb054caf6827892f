//! How many units of which class stand below a unit on a day: kept as changes by day, folded by the journal. What a
//! scope expects of a subtree is read from here instead of walking it.

use crate::record::Field;
use crate::rollup::Fold;
use crate::unit_tree::{FOREVER_DAY, Move};
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Coded;
use bihuan_domain::unit::{Unit, UnitPath};
use std::collections::{BTreeMap, HashMap};

/// Level, kind, sector, line.
pub(crate) type Class = [String; 4];

/// The class of a unit, as stored.
pub(crate) fn class_of(unit: &Unit) -> Class {
    [unit.level.code().to_owned(), unit.kind.code().to_owned(), unit.sector.clone(), unit.line.clone()]
}

/// Counts a new unit at everything above it.
pub(crate) fn count_new(unit: &Unit, fold: &mut Fold) {
    let units = unit.path.units();
    let above = &units[..units.len().saturating_sub(1)];
    let from = i64::from(unit.created_day.days());
    let until = unit.closed_day.map(|day| i64::from(day.days()));
    for id in above {
        fold.below(id.0, class_of(unit), from, 1);
        if let Some(day) = until {
            fold.below(id.0, class_of(unit), day, -1);
        }
    }
}

/// Counts many new units; columns and rows as they are written.
///
/// # Errors
/// A row that is no unit.
pub(crate) fn count_rows(columns: &[&str], rows: &[Vec<Val>], fold: &mut Fold) -> Result<(), Fault> {
    let at = |name: &str| columns.iter().position(|column| *column == name);
    let names = ["level", "kind", "sector", "line", "path", "created_day", "closed_day"];
    let places: Option<Vec<usize>> = names.iter().map(|name| at(name)).collect();
    let places = places.ok_or_else(|| Fault::corrupt("units are written without all their columns"))?;
    let mut classes: HashMap<[&str; 4], usize> = HashMap::new();
    let mut counts: HashMap<(i64, usize, i64), i64> = HashMap::new();
    for row in rows {
        let text = |n: usize| if let Val::Text(text) = &row[places[n]] { text.as_str() } else { "" };
        let next = classes.len();
        let class = *classes.entry([text(0), text(1), text(2), text(3)]).or_insert(next);
        let units = UnitPath::from_stored(text(4)).units();
        let (from, until) = (&row[places[5]], &row[places[6]]);
        for id in &units[..units.len().saturating_sub(1)] {
            if let Val::Int(day) = from {
                *counts.entry((id.0, class, *day)).or_insert(0) += 1;
            }
            if let Val::Int(day) = until {
                *counts.entry((id.0, class, *day)).or_insert(0) -= 1;
            }
        }
    }
    let by_number: BTreeMap<usize, [&str; 4]> = classes.into_iter().map(|(class, n)| (n, class)).collect();
    for ((unit, class, day), n) in counts {
        if let Some(class) = by_number.get(&class) {
            fold.below(unit, class.map(str::to_owned), day, n);
        }
    }
    Ok(())
}

/// Counts a unit at all it ever stood below, or takes it away with `sign` -1.
///
/// # Errors
/// Faults of the database.
pub(crate) fn count_everywhere(
    conn: &mut Conn,
    unit: &Unit,
    sign: i64,
    fold: &mut Fold,
) -> Result<(), Fault> {
    let sql = "SELECT ancestor_id, from_day, to_day FROM unit_closure WHERE descendant_id = $1 AND depth > 0";
    let (born, gone) = (
        i64::from(unit.created_day.days()),
        unit.closed_day.map_or(FOREVER_DAY, |day| i64::from(day.days())),
    );
    for row in conn.rows(sql, &vals![unit.id.0])? {
        let (from, to) = (row.int(1)?.max(born), row.int(2)?.min(gone));
        if from >= to {
            continue;
        }
        fold.below(row.int(0)?, class_of(unit), from, sign);
        if to < FOREVER_DAY {
            fold.below(row.int(0)?, class_of(unit), to, -sign);
        }
    }
    Ok(())
}

/// A unit goes elsewhere with all below it: from the day on it counts there.
///
/// # Errors
/// Faults of the database.
pub(crate) fn move_counts(conn: &mut Conn, step: &Move, fold: &mut Fold) -> Result<(), Fault> {
    let from = i64::from(step.day.days());
    let mut rows: Vec<(Class, i64, i64)> = Vec::new();
    let sql = "SELECT level, kind, sector, line, day, n FROM unit_below WHERE unit_id = $1";
    for row in conn.rows(sql, &vals![step.unit.0])? {
        let class = [row.text(0)?, row.text(1)?, row.text(2)?, row.text(3)?];
        rows.push((class, row.int(4)?.max(from), row.int(5)?));
    }
    if let Some(own) = crate::unit::by_id(conn, step.unit)? {
        rows.push((class_of(&own), i64::from(own.created_day.days()).max(from), 1));
        if let Some(closed) = own.closed_day {
            rows.push((class_of(&own), i64::from(closed.days()).max(from), -1));
        }
    }
    for (path, sign) in [(&step.old_path, -1), (&step.new_path, 1)] {
        let units = path.units();
        for above in &units[..units.len().saturating_sub(1)] {
            for (class, day, n) in &rows {
                fold.below(above.0, class.clone(), *day, sign * n);
            }
        }
    }
    Ok(())
}

/// Compares what is kept with a count of the tree; answers how many cells differ.
///
/// # Errors
/// Faults of the database.
pub fn recount(conn: &mut Conn) -> Result<usize, Fault> {
    let mut fold = Fold::default();
    let sql = "SELECT c.ancestor_id, u.level, u.kind, u.sector, u.line, \
           CASE WHEN c.from_day > u.created_day THEN c.from_day ELSE u.created_day END, \
           CASE WHEN COALESCE(u.closed_day, 9999999) < c.to_day THEN u.closed_day ELSE c.to_day END \
         FROM unit_closure c JOIN unit u ON u.id = c.descendant_id WHERE c.depth > 0";
    conn.each(sql, &[], &mut |row| {
        let class = [row.text(1)?, row.text(2)?, row.text(3)?, row.text(4)?];
        let (unit, from, to) = (row.int(0)?, row.int(5)?, row.int(6)?);
        if from < to {
            fold.below(unit, class.clone(), from, 1);
            if to < FOREVER_DAY {
                fold.below(unit, class, to, -1);
            }
        }
        Ok(())
    })?;
    let mut counted = fold.take_below();
    counted.retain(|_, n| *n != 0);
    let mut wrong = 0;
    let sql = "SELECT unit_id, level, kind, sector, line, day, n FROM unit_below WHERE n <> 0";
    conn.each(sql, &[], &mut |row| {
        let class = [row.text(1)?, row.text(2)?, row.text(3)?, row.text(4)?];
        let found = counted.remove(&(row.int(0)?, class, row.int(5)?)).unwrap_or(0);
        wrong += usize::from(found != i64::from_val(row.val(6)?)?);
        Ok(())
    })?;
    Ok(wrong + counted.len())
}
