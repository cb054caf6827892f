//! The tree over time: places, closure, moves. Called by the journal; reading functions are in `unit.rs`.

use crate::journal::{RowChange, RowOp};
use crate::record::Field;
use crate::{Conn, Fault, Val, rollup, vals};
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::UnitPath;

/// The day on which open closure rows end.
pub const FOREVER_DAY: i64 = 9_999_999;

/// Closure rows of a new unit from its path: itself and every ancestor, from `day` on.
pub fn closure_rows(path: &UnitPath, day: Day) -> Vec<Vec<Val>> {
    let units = path.units();
    let Some(own) = units.last().copied() else { return Vec::new() };
    let top = units.len() as i64 - 1;
    let row = |(step, above): (usize, &UnitId)| {
        vals![above.0, own.0, top - step as i64, i64::from(day.days()), FOREVER_DAY].to_vec()
    };
    units.iter().enumerate().map(row).collect()
}

/// Columns of [`closure_rows`].
pub const CLOSURE_COLUMNS: [&str; 5] = ["ancestor_id", "descendant_id", "depth", "from_day", "to_day"];

/// A unit with its subtree goes below another unit, from a day on.
#[derive(Clone, Debug)]
pub struct Move {
    /// The unit.
    pub unit: UnitId,
    /// Its place before.
    pub old_path: UnitPath,
    /// Its place after.
    pub new_path: UnitPath,
    /// First day of the new place.
    pub day: Day,
}

/// Moves paths, closure, problems' homes and roll-ups of the whole subtree.
///
/// # Errors
/// Faults of the database.
pub fn apply_move(conn: &mut Conn, step: &Move) -> Result<RowChange, Fault> {
    rollup::move_counts(conn, step.unit.0, &step.old_path, &step.new_path)?;
    close_old_places(conn, step)?;
    open_new_places(conn, step)?;
    rewrite_paths(conn, "unit", "path", step)?;
    rewrite_paths(conn, "problem", "home_path", step)?;
    let parent = |path: &UnitPath| path.units().iter().rev().nth(1).copied();
    let (old, new) = (parent(&step.old_path), parent(&step.new_path));
    conn.exec(
        "UPDATE unit SET parent_id = $1, version = version + 1 WHERE id = $2",
        &vals![new.to_val(), step.unit.0],
    )?;
    Ok(RowChange {
        table: "unit",
        op: RowOp::Update,
        key: vec![("id", Val::Int(step.unit.0))],
        set: vec![
            ("parent_id", old.to_val(), new.to_val()),
            ("path", step.old_path.to_val(), step.new_path.to_val()),
            ("from_day", Val::Null, step.day.to_val()),
        ],
        personal: &[],
    })
}

/// Links between the subtree and its old ancestors end on the day; a link that began that very day is taken away.
fn close_old_places(conn: &mut Conn, step: &Move) -> Result<(), Fault> {
    let day = i64::from(step.day.days());
    let args = vals![step.old_path.as_str(), step.old_path.subtree_end(), step.unit.0, day, FOREVER_DAY];
    let outside = "descendant_id IN (SELECT id FROM unit WHERE path >= $1 AND path < $2) \
         AND ancestor_id IN (SELECT ancestor_id FROM unit_closure WHERE descendant_id = $3 AND to_day = $5 AND ancestor_id <> $3) \
         AND to_day = $5";
    conn.exec(&format!("DELETE FROM unit_closure WHERE {outside} AND from_day >= $4"), &args)?;
    conn.exec(&format!("UPDATE unit_closure SET to_day = $4 WHERE {outside} AND from_day < $4"), &args)?;
    Ok(())
}

fn open_new_places(conn: &mut Conn, step: &Move) -> Result<(), Fault> {
    let day = i64::from(step.day.days());
    let units = step.new_path.units();
    let old_depth = step.old_path.depth() as i64;
    for (index, above) in units.iter().enumerate().filter(|(_, above)| **above != step.unit) {
        // From the new ancestor down to the moved unit, and from there down as before.
        let steps = units.len() as i64 - 1 - index as i64;
        conn.exec(
            "INSERT INTO unit_closure (ancestor_id, descendant_id, depth, from_day, to_day) \
             SELECT CAST($1 AS BIGINT), id, CAST($2 AS BIGINT) + length(path) / 5 - 1 - CAST($3 AS BIGINT), \
               CAST($4 AS BIGINT), CAST($5 AS BIGINT) FROM unit WHERE path >= $6 AND path < $7 \
             ON CONFLICT (descendant_id, ancestor_id, from_day) DO UPDATE SET to_day = excluded.to_day, depth = excluded.depth",
            &vals![above.0, steps, old_depth, day, FOREVER_DAY, step.old_path.as_str(), step.old_path.subtree_end()],
        )?;
    }
    Ok(())
}

fn rewrite_paths(conn: &mut Conn, table: &str, column: &str, step: &Move) -> Result<(), Fault> {
    let sql = format!(
        "UPDATE {table} SET {column} = $1 || substr({column}, CAST($2 AS INTEGER)) WHERE {column} >= $3 AND {column} < $4"
    );
    let cut = step.old_path.as_str().len() as i64 + 1;
    conn.exec(
        &sql,
        &vals![step.new_path.as_str(), cut, step.old_path.as_str(), step.old_path.subtree_end()],
    )?;
    Ok(())
}
