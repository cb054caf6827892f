//! Tasks with their milestones, targets and parts, read as whole trees.

use crate::record;
use crate::record::{Field, Record};
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, PersonId, PostId, TaskId, UnitId};
use bihuan_domain::task::{
    Hands, Milestone, TargetReading, Task, TaskEvidence, TaskNote, TaskStage, TaskState, TaskTarget, Work,
};
use bihuan_domain::unit::UnitPath;
use std::collections::{BTreeMap, BTreeSet};

/// Tasks whose milestones, targets and parts are read at a time, so that memory does not grow with a list.
pub const WORKS_AT_ONCE: usize = 1_000;
/// How often a task is broken down at most: province, city, county, township, village, branch.
pub const BREAK_DOWN_DEPTH_MAX: usize = 6;

record!(Task, "task", key [id], personal [], { id, campaign_id, number, kind, project, title, goal, strand, unit_id, owner_post_id, order_unit_id, partners, parent_id, weight, starts_day, due_day, state, budget_fen, spent_fen, beneficiaries, beneficiary_words, claimed_day, filed_day, filed_by, statement, closed_day, closed_by, decision, send_backs, registered_by, version });
record!(TaskTarget, "task_target", key [id], personal [], { id, task_id, ordinal, name, measure_word, baseline, target, reached, reached_day, version });
record!(TargetReading, "target_reading", key [id], personal [], { id, task_id, target_id, day, value, note, filed_by, filed_at });
record!(Milestone, "milestone", key [id], personal [], { id, task_id, ordinal, title, working_days, starts_day, due_day, pinned, done_day, filed_day, filed_by, note, version });
record!(TaskNote, "task_note", key [id], personal [], { id, task_id, kind, day, text, asked, satisfied, filed_by, filed_at });
record!(TaskEvidence, "task_evidence", key [id], personal [], { id, task_id, milestone_id, stage, caption, file_name, digest, media_type, size_bytes, filed_by, filed_unit_id, filed_at });

/// The condition that a column lies in one of the subtrees; never true without any.
fn within(column: &str, roots: &[UnitPath], args: &mut Vec<Val>) -> String {
    let mut parts = vec!["1 = 0".to_owned()];
    for root in roots {
        args.extend(vals![root.as_str(), root.subtree_end()]);
        parts.push(format!("({column} >= ${} AND {column} < ${})", args.len() - 1, args.len()));
    }
    format!("({})", parts.join(" OR "))
}

/// A JSON list of numbers, for `json_each`.
fn numbers(ids: impl Iterator<Item = i64>) -> String {
    let texts: Vec<String> = ids.map(|id| id.to_string()).collect();
    format!("[{}]", texts.join(","))
}

fn columns() -> String {
    Task::COLUMNS.iter().map(|c| format!("t.{c}")).collect::<Vec<_>>().join(", ")
}

/// All tasks of units in these subtrees, in the order of campaign and number. Their milestones and parts are read by
/// [`works`], at most [`WORKS_AT_ONCE`] at a time.
///
/// # Errors
/// Faults of the database.
pub fn in_subtrees(
    conn: &mut Conn,
    campaign: Option<CampaignId>,
    roots: &[UnitPath],
) -> Result<Vec<Task>, Fault> {
    let mut args = Vec::new();
    let placed = within("u.path", roots, &mut args);
    let of = campaign.map_or(String::new(), |id| format!(" AND t.campaign_id = {}", id.0));
    let sql = format!(
        "SELECT {} FROM unit u JOIN task t ON t.unit_id = u.id WHERE {placed}{of} \
         ORDER BY t.campaign_id, t.number",
        columns()
    );
    conn.rows(&sql, &args)?.iter().map(|row| Task::from_row(row, 0)).collect()
}

/// The tasks of a campaign that units of a subtree had at the end of a day that has passed, by number, as they stood
/// then: without what was set since, with what another unit or campaign took over since.
///
/// # Errors
/// Faults of the database.
pub fn in_subtree_on(
    conn: &mut Conn,
    campaign: CampaignId,
    unit: UnitId,
    on: Day,
) -> Result<Vec<Task>, Fault> {
    let seq = crate::journal::last_of_day(conn, on)?;
    let condition = "WHERE (campaign_id = $1 AND unit_id IN (SELECT descendant_id FROM unit_closure WHERE ancestor_id = $2)) \
         OR id IN (SELECT subject_id FROM entry WHERE subject_kind = 'task' AND action = 'task.taken_over' AND seq > $3) \
         ORDER BY id";
    let found = Task::load(conn, condition, &vals![campaign.0, unit.0, seq])?;
    let ids: Vec<i64> = found.iter().map(|task| task.id.0).collect();
    let set: BTreeMap<i64, Day> = crate::plan::task_days(conn, &ids)?.into_iter().collect();
    let mut then = Vec::new();
    for some in found.chunks(WORKS_AT_ONCE) {
        let ids: Vec<TaskId> = some.iter().map(|task| task.id).collect();
        then.extend(rows_after(conn, some.to_vec(), &ids, Some(seq))?);
    }
    then.retain(|task| task.campaign_id == campaign && set.get(&task.id.0).is_none_or(|first| *first <= on));
    let places = crate::unit::places_on(conn, unit, then.iter().map(|task| task.unit_id), on)?;
    then.retain(|task| places.contains_key(&task.unit_id));
    then.sort_by_key(|task| task.number);
    Ok(then)
}

/// The tasks of one unit itself, in every campaign.
///
/// # Errors
/// Faults of the database.
pub fn of_unit(conn: &mut Conn, unit: UnitId) -> Result<Vec<Task>, Fault> {
    Task::load(conn, "WHERE unit_id = $1 ORDER BY campaign_id, number", &vals![unit.0])
}

/// Leaves out what is a part of another task of the list, so that each is counted once.
pub fn outermost(tasks: Vec<Task>) -> Vec<Task> {
    let listed: BTreeSet<TaskId> = tasks.iter().map(|task| task.id).collect();
    tasks.into_iter().filter(|task| task.parent_id.is_none_or(|parent| !listed.contains(&parent))).collect()
}

/// The tasks that a person, who records for or leads the units of these subtrees, still has to do.
///
/// # Errors
/// Faults of the database.
pub fn owed(
    conn: &mut Conn,
    roots: &[UnitPath],
    units: &[UnitId],
    posts: &[PostId],
    limit: i64,
) -> Result<Vec<Task>, Fault> {
    let mut args = Vec::new();
    let placed = within("u.path", roots, &mut args);
    args.extend(vals![numbers(units.iter().map(|id| id.0)), numbers(posts.iter().map(|id| id.0))]);
    let (units_at, posts_at) = (args.len() - 1, args.len());
    let sql = format!(
        "SELECT {} FROM task t JOIN unit u ON u.id = t.unit_id WHERE t.state = 'running' AND ({placed} \
           OR t.unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each(${units_at})) \
           OR t.owner_post_id IN (SELECT CAST(value AS BIGINT) FROM json_each(${posts_at}))) \
         ORDER BY t.due_day, t.id LIMIT {limit}",
        columns()
    );
    conn.rows(&sql, &args)?.iter().map(|row| Task::from_row(row, 0)).collect()
}

/// Tasks by number.
///
/// # Errors
/// Faults of the database.
pub fn by_ids(conn: &mut Conn, ids: impl IntoIterator<Item = TaskId>) -> Result<Vec<Task>, Fault> {
    let list = numbers(ids.into_iter().map(|id| id.0));
    Task::load(
        conn,
        "WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY id",
        &vals![list],
    )
}

/// Tasks reported done in these subtrees, oldest first.
///
/// # Errors
/// Faults of the database.
pub fn reported(conn: &mut Conn, roots: &[UnitPath], limit: i64) -> Result<Vec<Task>, Fault> {
    let mut args = Vec::new();
    let placed = within("u.path", roots, &mut args);
    let sql = format!(
        "SELECT {} FROM task t JOIN unit u ON u.id = t.unit_id WHERE t.state = 'reported' AND {placed} \
         ORDER BY t.filed_day, t.id LIMIT {limit}",
        columns()
    );
    conn.rows(&sql, &args)?.iter().map(|row| Task::from_row(row, 0)).collect()
}

fn of_tasks<T: Record>(conn: &mut Conn, ids: &[TaskId], order: &str) -> Result<Vec<T>, Fault> {
    let condition = format!(
        "WHERE task_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY task_id, {order}"
    );
    T::load(conn, &condition, &vals![numbers(ids.iter().map(|id| id.0))])
}

/// The tasks with everything their progress comes from, in their order.
///
/// # Errors
/// Faults of the database.
pub fn works(conn: &mut Conn, tasks: Vec<Task>) -> Result<Vec<Work>, Fault> {
    works_after(conn, tasks, None)
}

/// The same as it stood after an entry: tasks set since are left out, and what was changed since is taken back.
///
/// # Errors
/// Faults of the database.
pub fn works_then(conn: &mut Conn, tasks: Vec<Task>, seq: i64) -> Result<Vec<Work>, Fault> {
    works_after(conn, tasks, Some(seq))
}

/// Rows of these tasks now, or after an entry.
fn rows_after<T: Record>(
    conn: &mut Conn,
    rows: Vec<T>,
    ids: &[TaskId],
    seq: Option<i64>,
) -> Result<Vec<T>, Fault> {
    let Some(seq) = seq else { return Ok(rows) };
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    crate::journal::rows_then(conn, rows, ("task", &ids), seq)
}

fn works_after(conn: &mut Conn, tasks: Vec<Task>, seq: Option<i64>) -> Result<Vec<Work>, Fault> {
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let mut levels = vec![tasks];
    while levels.len() <= BREAK_DOWN_DEPTH_MAX {
        let above: Vec<TaskId> = levels.last().into_iter().flatten().map(|task| task.id).collect();
        if above.is_empty() {
            break;
        }
        let condition =
            "WHERE parent_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY parent_id, number";
        levels.push(Task::load(conn, condition, &vals![numbers(above.iter().map(|id| id.0))])?);
    }
    let ids: Vec<TaskId> = levels.iter().flatten().map(|task| task.id).collect();
    for level in levels.iter_mut().filter(|_| seq.is_some()) {
        *level = rows_after(conn, std::mem::take(level), &ids, seq)?;
    }
    let milestones = of_tasks::<Milestone>(conn, &ids, "ordinal")?;
    let mut milestones = by_task(rows_after(conn, milestones, &ids, seq)?, |m| m.task_id);
    milestones.values_mut().for_each(|own| own.sort_by_key(|milestone| milestone.ordinal));
    let targets = of_tasks::<TaskTarget>(conn, &ids, "ordinal")?;
    let mut targets = by_task(rows_after(conn, targets, &ids, seq)?, |t| t.task_id);
    targets.values_mut().for_each(|own| own.sort_by_key(|target| target.ordinal));
    let readings = by_task(of_tasks::<TargetReading>(conn, &ids, "day, id")?, |r| r.task_id);
    let mut parts: BTreeMap<TaskId, Vec<Work>> = BTreeMap::new();
    let mut top = Vec::new();
    for (depth, level) in levels.into_iter().enumerate().rev() {
        for task in level {
            let (id, parent) = (task.id, task.parent_id);
            let work = Work {
                // A task may be listed both by itself and as a part of another: both see the same facts.
                milestones: milestones.get(&id).cloned().unwrap_or_default(),
                targets: targets.get(&id).cloned().unwrap_or_default(),
                readings: readings.get(&id).cloned().unwrap_or_default(),
                parts: parts.get(&id).cloned().unwrap_or_default(),
                task,
            };
            match parent {
                Some(parent) if depth > 0 => {
                    let siblings = parts.entry(parent).or_default();
                    if siblings.iter().all(|have| have.task.id != id) {
                        siblings.push(work);
                    }
                }
                _ => top.push(work),
            }
        }
    }
    Ok(top)
}

fn by_task<T>(rows: Vec<T>, task: impl Fn(&T) -> TaskId) -> BTreeMap<TaskId, Vec<T>> {
    let mut map: BTreeMap<TaskId, Vec<T>> = BTreeMap::new();
    for row in rows {
        map.entry(task(&row)).or_default().push(row);
    }
    map
}

/// Notes of a task, newest first.
///
/// # Errors
/// Faults of the database.
pub fn notes(conn: &mut Conn, id: TaskId, limit: i64) -> Result<Vec<TaskNote>, Fault> {
    TaskNote::load(
        conn,
        &format!("WHERE task_id = $1 ORDER BY day DESC, id DESC LIMIT {limit}"),
        &vals![id.0],
    )
}

/// Evidence of a task, oldest first.
///
/// # Errors
/// Faults of the database.
pub fn evidence(conn: &mut Conn, id: TaskId) -> Result<Vec<TaskEvidence>, Fault> {
    TaskEvidence::load(conn, "WHERE task_id = $1 ORDER BY id", &vals![id.0])
}

/// Who had a hand in a task, and what its evidence shows.
///
/// # Errors
/// Faults of the database.
pub fn hands(conn: &mut Conn, id: TaskId) -> Result<Hands, Fault> {
    let sql = "SELECT filed_by FROM milestone WHERE task_id = $1 AND filed_by IS NOT NULL \
         UNION SELECT filed_by FROM target_reading WHERE task_id = $1 \
         UNION SELECT filed_by FROM task_evidence WHERE task_id = $1 \
         UNION SELECT filed_by FROM task_note WHERE task_id = $1 AND kind = 'progress'";
    let people =
        conn.rows(sql, &vals![id.0])?.iter().map(|row| row.int(0).map(PersonId)).collect::<Result<_, _>>()?;
    let sql = "SELECT DISTINCT stage FROM task_evidence WHERE task_id = $1";
    let stages = conn
        .rows(sql, &vals![id.0])?
        .iter()
        .map(|row| TaskStage::from_val(row.val(0)?))
        .collect::<Result<_, _>>()?;
    Ok(Hands { people, stages })
}

/// The next free number in a campaign.
///
/// # Errors
/// Faults of the database.
pub fn next_number(conn: &mut Conn, campaign: CampaignId) -> Result<i64, Fault> {
    let row = conn.first("SELECT MAX(number) FROM task WHERE campaign_id = $1", &vals![campaign.0])?;
    let last: Option<i64> = match row {
        Some(row) => Option::from_val(row.val(0)?)?,
        None => None,
    };
    Ok(last.unwrap_or(0) + 1)
}

/// How many tasks of a campaign are not finished.
///
/// # Errors
/// Faults of the database.
pub fn open_count(conn: &mut Conn, campaign: CampaignId) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM task WHERE campaign_id = $1 AND state IN ($2, $3)";
    let states = [TaskState::Running.to_val(), TaskState::Reported.to_val()];
    let [running, reported] = states;
    conn.first(sql, &[Val::Int(campaign.0), running, reported])?.map_or(Ok(0), |row| row.int(0))
}

/// Open tasks of a unit, to be taken over when it is merged.
///
/// # Errors
/// Faults of the database.
pub fn open_of(conn: &mut Conn, unit: UnitId) -> Result<Vec<Task>, Fault> {
    Task::load(
        conn,
        "WHERE (unit_id = $1 OR order_unit_id = $1) AND state IN ('running', 'reported') ORDER BY id",
        &vals![unit.0],
    )
}

/// Milestones of these tasks that fall between two days, both included.
///
/// # Errors
/// Faults of the database.
pub fn milestones_between(
    conn: &mut Conn,
    ids: &[TaskId],
    (from, to): (Day, Day),
) -> Result<Vec<Milestone>, Fault> {
    let condition = "WHERE task_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
         AND due_day >= $2 AND starts_day <= $3 ORDER BY due_day, id";
    let args = vals![numbers(ids.iter().map(|id| id.0)), i64::from(from.days()), i64::from(to.days())];
    Milestone::load(conn, condition, &args)
}
