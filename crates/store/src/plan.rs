//! What a unit's time line and its file need of problems.

use crate::record::Record;
use crate::{Conn, Fault, vals};
use bihuan_domain::Day;
use bihuan_domain::id::{ProblemId, UnitId};
use bihuan_domain::look_back::LookBack;
use bihuan_domain::measure::MeasureState;
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

/// Which of these problems, each in a round, had no measure that was not dropped at the end of a day.
///
/// # Errors
/// Faults of the database.
pub fn without_measures_on(
    conn: &mut Conn,
    problems: &[(ProblemId, i64)],
    day: Day,
) -> Result<Vec<ProblemId>, Fault> {
    let ids: Vec<ProblemId> = problems.iter().map(|(id, _)| *id).collect();
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let now = crate::problem::measures_of(conn, &ids)?;
    let seq = crate::journal::last_of_day(conn, day)?;
    let then = crate::journal::rows_then(conn, now, ("problem", &numbers), seq)?;
    let bare = |(id, round): &&(ProblemId, i64)| {
        let mut own = then.iter().filter(|one| one.problem_id == *id && one.round == *round);
        own.all(|one| one.state == MeasureState::Dropped)
    };
    Ok(problems.iter().filter(bare).map(|(id, _)| *id).collect())
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
