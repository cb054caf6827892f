//! The benchmark of tasks: where some thousands of key tasks stand, by child unit.

use super::bench::{context, ms, round, spread};
use super::bench_action::{Plan, RECOMPUTE_RUNS};
use crate::exit::Failure;
use bihuan_app::App;
use bihuan_app::task::TaskQuery;
use bihuan_domain::Coded;
use bihuan_domain::id::UnitId;
use bihuan_domain::task::Tally;
use bihuan_domain::unit::{Level, Unit};
use bihuan_store::bench::{self, CAMPAIGN};
use bihuan_store::{Db, bench_task as data};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Instant as Clock;

/// Writes the tasks and measures their overview at each level.
pub(super) fn run(db: &Db, plan: &Plan, towns: &[UnitId], say: &dyn Fn(&Value)) -> Result<(), Failure> {
    let start = Clock::now();
    data::write_tasks(db, towns, plan.today, plan.today.starts_at())?;
    say(&json!({ "what": "fill with tasks", "tasks": data::TASKS, "all_ms": ms(start.elapsed()) }));
    for level in [Level::Nation, Level::Province, Level::City, Level::County] {
        if let Some(unit) = db.read(|conn| bench::unit_of_level(conn, level))? {
            overview_of(db, plan, &unit, say)?;
        }
    }
    Ok(())
}

fn overview_of(db: &Db, plan: &Plan, unit: &Unit, say: &dyn Fn(&Value)) -> Result<(), Failure> {
    let app = App::new(db.clone());
    let root = db.read(|conn| bench::unit_of_level(conn, Level::Nation))?;
    let root = root.ok_or_else(|| Failure::Fault("没有单位".to_owned()))?;
    let ctx = context(&root, plan.today);
    let query = TaskQuery { campaign: Some(CAMPAIGN), unit: Some(unit.id), ..TaskQuery::default() };
    let (mut tally, mut below) = (Tally::default(), BTreeMap::<UnitId, Tally>::new());
    let fast = spread(plan.samples, || {
        let found = app.tasks(&ctx, &query)?;
        tally = found.tally;
        below = found.by_unit.into_iter().map(|line| (line.unit_id, line.tally)).collect();
        Ok(())
    })?;
    let slow = spread(RECOMPUTE_RUNS, || {
        let found = db.read(|conn| data::recompute_standing(conn, unit.id, plan.today))?;
        if found == below {
            return Ok(());
        }
        Err(Failure::Check(format!("重算为{found:?}，汇总为{below:?}。")))
    })?;
    say(&json!({
        "what": "tasks done, on schedule, at risk and behind per child", "of": unit.level.code(),
        "children": below.len(), "done": tally.done, "on_schedule": tally.on_schedule, "at_risk": tally.at_risk,
        "behind": tally.behind, "not_started": tally.not_started, "p50_ms": fast.p50, "p99_ms": fast.p99,
        "plain_sql_ms": slow.p50, "times_faster": round(slow.p50 / fast.p50),
    }));
    Ok(())
}
