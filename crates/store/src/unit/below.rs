//! How many units of which class stand below a unit on a day: kept as changes by day, folded by the journal. What a
//! scope expects of a subtree is read from here instead of walking it.

use crate::record::{Field, Record};
use crate::records::UnitStandingRow;
use crate::rollup::Fold;
use crate::unit_tree::{FOREVER_DAY, Move};
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Coded;
use bihuan_domain::id::UnitId;
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

/// A unit below another, as one class, from a day to the day before another.
#[derive(Clone, Debug)]
pub(crate) struct Stay {
    pub(crate) above: i64,
    pub(crate) class: Class,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// What a unit was and is, each from a day to the day before another, within its life.
fn standings(unit: &Unit, past: &[UnitStandingRow]) -> Vec<(Class, i64, i64)> {
    let born = i64::from(unit.created_day.days());
    let gone = unit.closed_day.map_or(FOREVER_DAY, |day| i64::from(day.days()));
    let mut found = Vec::new();
    let mut since = i64::MIN;
    for row in past {
        let (from, to) = (i64::from(row.from_day.days()), i64::from(row.to_day.days()));
        let class =
            [row.level.code().to_owned(), row.kind.code().to_owned(), row.sector.clone(), row.line.clone()];
        found.push((class_of(unit), since, from));
        found.push((class, from, to));
        since = to;
    }
    found.push((class_of(unit), since, FOREVER_DAY));
    let within = found.into_iter().map(|(class, from, to)| (class, from.max(born), to.min(gone)));
    within.filter(|(_, from, to)| from < to).collect()
}

fn past_standings(conn: &mut Conn, list: &str) -> Result<HashMap<UnitId, Vec<UnitStandingRow>>, Fault> {
    let among =
        "WHERE unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY unit_id, from_day";
    let mut past: HashMap<UnitId, Vec<UnitStandingRow>> = HashMap::new();
    for row in UnitStandingRow::load(conn, among, &vals![list])? {
        past.entry(row.unit_id).or_default().push(row);
    }
    Ok(past)
}

/// Where units ever stood, strictly below which others and as what.
///
/// # Errors
/// Faults of the database.
pub(crate) fn stays(
    conn: &mut Conn,
    units: impl IntoIterator<Item = UnitId>,
) -> Result<HashMap<UnitId, Vec<Stay>>, Fault> {
    let list = super::json_list(units);
    let past = past_standings(conn, &list)?;
    let among = "IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    let mut lives: HashMap<UnitId, Vec<(Class, i64, i64)>> = HashMap::new();
    for unit in Unit::load(conn, &format!("WHERE id {among}"), &vals![list.as_str()])? {
        let own = past.get(&unit.id).map_or(&[][..], Vec::as_slice);
        lives.insert(unit.id, standings(&unit, own));
    }
    let sql = format!(
        "SELECT descendant_id, ancestor_id, from_day, to_day FROM unit_closure WHERE depth > 0 AND descendant_id {among}"
    );
    let mut found: HashMap<UnitId, Vec<Stay>> = HashMap::new();
    conn.each(&sql, &vals![list.as_str()], &mut |row| {
        let unit = UnitId(row.int(0)?);
        let (above, first, end) = (row.int(1)?, row.int(2)?, row.int(3)?);
        for (class, from, to) in lives.get(&unit).map_or(&[][..], Vec::as_slice) {
            let (from, to) = (first.max(*from), end.min(*to));
            if from < to {
                found.entry(unit).or_default().push(Stay { above, class: class.clone(), from, to });
            }
        }
        Ok(())
    })?;
    Ok(found)
}

/// Counts a unit at all it ever stood below, or takes it away with `sign` -1.
///
/// # Errors
/// Faults of the database.
pub(crate) fn count_everywhere(
    conn: &mut Conn,
    unit: UnitId,
    sign: i64,
    fold: &mut Fold,
) -> Result<(), Fault> {
    for stay in stays(conn, [unit])?.remove(&unit).unwrap_or_default() {
        if stay.to < FOREVER_DAY {
            fold.below(stay.above, stay.class.clone(), stay.to, -sign);
        }
        fold.below(stay.above, stay.class, stay.from, sign);
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
        let past = super::standings_of(conn, step.unit)?;
        for (class, born, gone) in standings(&own, &past) {
            rows.push((class.clone(), born.max(from), 1));
            if gone < FOREVER_DAY {
                rows.push((class, gone.max(from), -1));
            }
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
    let mut past: HashMap<i64, Vec<UnitStandingRow>> = HashMap::new();
    for row in UnitStandingRow::load(conn, "ORDER BY unit_id, from_day", &[])? {
        past.entry(row.unit_id.0).or_default().push(row);
    }
    let columns: Vec<String> = Unit::COLUMNS.iter().map(|column| format!("u.{column}")).collect();
    let sql = format!(
        "SELECT {}, c.ancestor_id, c.from_day, c.to_day FROM unit_closure c JOIN unit u ON u.id = c.descendant_id \
         WHERE c.depth > 0",
        columns.join(", ")
    );
    let at = Unit::COLUMNS.len();
    conn.each(&sql, &[], &mut |row| {
        let unit = Unit::from_row(row, 0)?;
        let (above, first, end) = (row.int(at)?, row.int(at + 1)?, row.int(at + 2)?);
        for (class, from, to) in standings(&unit, past.get(&unit.id.0).map_or(&[][..], Vec::as_slice)) {
            let (from, to) = (first.max(from), end.min(to));
            if from < to {
                fold.below(above, class.clone(), from, 1);
                if to < FOREVER_DAY {
                    fold.below(above, class, to, -1);
                }
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
