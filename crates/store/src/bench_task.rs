//! The benchmark of tasks: seeded key tasks of townships, and where they stand by plain SQL.
//!
//! Nothing here is called by the running program.

use crate::bench::{self, CAMPAIGN};
use crate::journal::{self, Write};
use crate::{Conn, Db, Fault, vals};
use bihuan_domain::id::{MilestoneId, PersonId, TaskId, UnitId};
use bihuan_domain::task::{Milestone, Standing, Tally, Task, TaskState};
use bihuan_domain::{Coded, Day, Instant};
use std::collections::BTreeMap;

/// Tasks of the benchmark.
pub const TASKS: i64 = 5_000;
/// Milestones of each.
pub const MILESTONES: i64 = 3;

/// Writes tasks of the townships in turn: two in ten done, two behind, one at risk, one not begun, four on schedule.
///
/// # Errors
/// Faults of the database.
pub fn write_tasks(db: &Db, towns: &[UnitId], today: Day, at: Instant) -> Result<(), Fault> {
    if towns.is_empty() {
        return Ok(());
    }
    let (mut tasks, mut milestones) = (Vec::new(), Vec::new());
    for n in 1..=TASKS {
        let task = task(n, towns[n as usize % towns.len()], today);
        milestones.extend((1..=MILESTONES).map(|ordinal| milestone(n, ordinal, &task, today)));
        tasks.push(task);
    }
    db.write(move |conn| {
        journal::next_id(conn, "task", TASKS)?;
        journal::next_id(conn, "milestone", TASKS * MILESTONES)?;
        bench::append(conn, at, "task.planted", vec![Write::bulk(&tasks), Write::bulk(&milestones)])?;
        conn.batch("ANALYZE;")
    })
}

fn task(n: i64, unit: UnitId, today: Day) -> Task {
    let done = (0..=1).contains(&(n % 10));
    let (starts, due) = match n % 10 {
        4 => (-180, -5),
        5 => (10, 120),
        _ => (-180, 120),
    };
    Task {
        id: TaskId(n),
        campaign_id: CAMPAIGN,
        number: n,
        kind: String::new(),
        project: false,
        title: format!("重点任务{n}"),
        goal: "按期完成".to_owned(),
        strand: String::new(),
        unit_id: unit,
        owner_post_id: None,
        order_unit_id: unit,
        partners: String::new(),
        parent_id: None,
        weight: 1_000,
        starts_day: today.plus_days(starts),
        due_day: today.plus_days(due),
        state: if done { TaskState::Done } else { TaskState::Running },
        budget_fen: 1_000_000,
        spent_fen: if n % 10 == 3 { 1_000_001 } else { 500_000 },
        beneficiaries: 0,
        beneficiary_words: String::new(),
        claimed_day: done.then(|| today.plus_days(-20)),
        filed_day: done.then(|| today.plus_days(-20)),
        filed_by: done.then_some(PersonId(1)),
        statement: String::new(),
        closed_day: done.then(|| today.plus_days(-10)),
        closed_by: done.then_some(PersonId(1)),
        decision: String::new(),
        send_backs: 0,
        registered_by: PersonId(1),
        version: 1,
    }
}

/// The first lies behind today unless the task has not begun, the second before it, the last is the deadline.
fn milestone(n: i64, ordinal: i64, task: &Task, today: Day) -> Milestone {
    let due = match (ordinal, task.starts_day > today) {
        (1, false) => today.plus_days(-60),
        (1, true) => task.starts_day.plus_days(20),
        (2, _) => task.due_day.plus_days(-40),
        _ => task.due_day,
    };
    let reached = task.state == TaskState::Done || (due < today && n % 10 != 2 && ordinal < MILESTONES);
    Milestone {
        id: MilestoneId((n - 1) * MILESTONES + ordinal),
        task_id: task.id,
        ordinal,
        title: format!("节点{ordinal}"),
        working_days: 5,
        starts_day: due.plus_days(-7),
        due_day: due,
        pinned: false,
        done_day: reached.then_some(due.min(today)),
        filed_day: reached.then_some(due.min(today)),
        filed_by: reached.then_some(PersonId(1)),
        note: String::new(),
        version: 1,
    }
}

/// Where the tasks below each child of a unit stand, by plain SQL.
///
/// # Errors
/// Faults of the database.
pub fn recompute_standing(
    conn: &mut Conn,
    unit: UnitId,
    today: Day,
) -> Result<BTreeMap<UnitId, Tally>, Fault> {
    let late =
        "EXISTS (SELECT 1 FROM milestone m WHERE m.task_id = t.id AND m.done_day IS NULL AND m.due_day < $2)";
    let sql = format!(
        "SELECT child, standing, COUNT(*) FROM (SELECT u.id AS child, CASE WHEN t.state = 'done' THEN 'done' \
           WHEN t.due_day < $2 OR {late} THEN 'behind' WHEN t.spent_fen > t.budget_fen THEN 'at_risk' \
           WHEN t.starts_day > $2 THEN 'not_started' ELSE 'on_schedule' END AS standing \
         FROM unit u JOIN unit_closure c ON c.ancestor_id = u.id AND c.from_day <= $2 AND c.to_day > $2 \
         JOIN task t ON t.unit_id = c.descendant_id WHERE u.parent_id = $1) stood GROUP BY child, standing"
    );
    let mut found: BTreeMap<UnitId, Tally> = BTreeMap::new();
    for row in conn.rows(&sql, &vals![unit.0, i64::from(today.days())])? {
        let standing = Standing::from_code(row.str(1)?);
        let standing = standing.ok_or_else(|| Fault::corrupt("a standing that is none"))?;
        let tally = found.entry(UnitId(row.int(0)?)).or_default();
        (0..row.int(2)?).for_each(|_| tally.add(standing));
    }
    Ok(found)
}
