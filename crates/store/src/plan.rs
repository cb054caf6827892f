//! What a unit's time line and its file need of problems.

use crate::record::Record;
use crate::{Conn, Fault, vals};
use bihuan_domain::Day;
use bihuan_domain::id::{ProblemId, UnitId};
use bihuan_domain::look_back::LookBack;
use bihuan_domain::problem::Problem;

/// Problems that a unit does: open ones due by the last day, and those closed within the days.
///
/// # Errors
/// Faults of the database.
pub fn problems_of(
    conn: &mut Conn,
    unit: UnitId,
    (from, to): (Day, Day),
    limit: i64,
) -> Result<Vec<Problem>, Fault> {
    let condition = format!(
        "WHERE id IN (SELECT problem_id FROM problem_party WHERE unit_id = $1 AND role IN ('lead', 'responsible', 'assisting')) \
         AND ((state <> 'closed' AND clock_day IS NOT NULL AND clock_day <= $3) OR (closed_day >= $2 AND closed_day <= $3)) \
         ORDER BY COALESCE(clock_day, closed_day, 0), id LIMIT {limit}"
    );
    Problem::load(conn, &condition, &vals![unit.0, i64::from(from.days()), i64::from(to.days())])
}

/// Look-backs that a unit still has to make by a day.
///
/// # Errors
/// Faults of the database.
pub fn look_backs_of(conn: &mut Conn, unit: UnitId, to: Day, limit: i64) -> Result<Vec<LookBack>, Fault> {
    let condition = format!(
        "WHERE unit_id = $1 AND result = 'pending' AND due_day <= $2 ORDER BY due_day, id LIMIT {limit}"
    );
    LookBack::load(conn, &condition, &vals![unit.0, i64::from(to.days())])
}

/// Which of these problems have no measure that was not dropped.
///
/// # Errors
/// Faults of the database.
pub fn without_measures(conn: &mut Conn, ids: &[ProblemId]) -> Result<Vec<ProblemId>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    let sql = "SELECT p.id FROM problem p WHERE p.id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
         AND NOT EXISTS (SELECT 1 FROM measure m WHERE m.problem_id = p.id AND m.round = p.round AND m.state <> 'dropped') \
         ORDER BY p.id";
    conn.rows(sql, &vals![list])?.iter().map(|row| row.int(0).map(ProblemId)).collect()
}

/// The days on which tasks were set, by the server's clock.
///
/// # Errors
/// Faults of the database.
pub fn task_days(conn: &mut Conn, ids: &[i64]) -> Result<Vec<(i64, Day)>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    let sql = "SELECT subject_id, MIN(at_us) FROM entry WHERE subject_kind = 'task' AND action = 'task.created' \
         AND subject_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) GROUP BY subject_id";
    conn.rows(sql, &vals![list])?
        .iter()
        .map(|row| Ok((row.int(0)?, bihuan_domain::Instant::from_micros(row.int(1)?).day_in_china())))
        .collect()
}
