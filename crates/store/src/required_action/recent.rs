//! What the latest records changed in the folded cells, before it is folded: one short row instead of a cell on every
//! level of the tree. Whoever reads cells adds it; when there are many, one record folds them all.
//!
//! SQLite writes whole pages, PostgreSQL writes a page to its log when it is first touched after a checkpoint; of the cells
//! of a large tree nearly every one is on a page of its own.

use crate::db::Question;
use crate::rollup::Fold;
use crate::{Conn, Fault, Row, Val, vals};
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::required_action::Counts;

/// So many changes at most are kept as rows before they are folded.
pub const RECENT_CHANGES_MAX: usize = 100;

/// A subject counts otherwise at some units, for a rule and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) units: Vec<UnitId>,
    pub(crate) rule: RequiredActionId,
    /// Last day of the period.
    pub(crate) period_day: i64,
    pub(crate) by: Counts,
}

const COLUMNS: &str = "units, rule_id, period_day, done, early, late, excused";

impl Change {
    fn from_row(row: &Row) -> Result<Change, Fault> {
        let units = row.str(0)?.split('.').map(|id| id.parse().map(UnitId));
        let by = Counts { done: row.int(3)?, early: row.int(4)?, late: row.int(5)?, excused: row.int(6)? };
        Ok(Change {
            units: units
                .collect::<Result<_, _>>()
                .map_err(|error| Fault::corrupt(format!("units: {error}")))?,
            rule: RequiredActionId(row.int(1)?),
            period_day: row.int(2)?,
            by,
        })
    }

    fn args(&self) -> Vec<Val> {
        let units: Vec<String> = self.units.iter().map(|unit| unit.0.to_string()).collect();
        let by = self.by;
        vals![units.join("."), self.rule.0, self.period_day, by.done, by.early, by.late, by.excused].to_vec()
    }

    fn fold(&self, fold: &mut Fold) {
        for unit in &self.units {
            fold.action_by((unit.0, self.rule.0, self.period_day), self.by);
        }
    }
}

/// Keeps changes as rows, or folds them together with all that are kept.
///
/// # Errors
/// Faults of the database.
pub(crate) fn keep(conn: &mut Conn, changes: &[Change], fold: &mut Fold) -> Result<(), Fault> {
    if changes.is_empty() {
        return Ok(());
    }
    let known = conn.known.recent_cells();
    if let Some(count) = known.map(|known| known + changes.len()).filter(|count| *count <= RECENT_CHANGES_MAX)
    {
        let sql = format!("INSERT INTO action_rollup_recent ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
        for change in changes {
            conn.later(sql.clone(), change.args(), Some("action_rollup_recent"))?;
        }
        conn.known.set_recent_cells(count);
        return Ok(());
    }
    changes.iter().for_each(|change| change.fold(fold));
    if known != Some(0) {
        kept(conn)?.iter().for_each(|change| change.fold(fold));
        conn.exec("DELETE FROM action_rollup_recent", &[])?;
        conn.known.set_recent_cells(0);
    }
    Ok(())
}

/// The question for what is kept.
pub(super) fn question() -> Question {
    (format!("SELECT {COLUMNS} FROM action_rollup_recent"), Vec::new())
}

/// From the answer to [`question`].
pub(super) fn from_rows(rows: &[Row]) -> Result<Vec<Change>, Fault> {
    rows.iter().map(Change::from_row).collect()
}

/// All that is kept.
///
/// # Errors
/// Faults of the database.
pub(super) fn kept(conn: &mut Conn) -> Result<Vec<Change>, Fault> {
    let (sql, args) = question();
    from_rows(&conn.rows(&sql, &args)?)
}
