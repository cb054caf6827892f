//! The benchmark of required actions: a country, twenty rules, twelve months, five million records.

use super::bench::{Spread, context, ms, round, spread};
use crate::exit::Failure;
use crate::progress;
use bihuan_app::activity::ActivityInput;
use bihuan_app::required_action::ActionInput;
use bihuan_app::{App, Context};
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::UnitId;
use bihuan_domain::required_action::{SubjectKind, Tally};
use bihuan_domain::unit::{Level, Unit};
use bihuan_domain::{Coded, Day};
use bihuan_store::bench::{self, CAMPAIGN, Seeded};
use bihuan_store::bench_action as data;
use bihuan_store::required_action::{Asked, cells, of_campaign, overview, overview_on};
use bihuan_store::{Db, unit as units};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Instant as Clock;

/// What is measured.
pub(super) struct Plan {
    pub(super) shape: Vec<i64>,
    pub(super) records: i64,
    pub(super) samples: usize,
    pub(super) seed: u64,
    pub(super) today: Day,
}

/// Times a recomputation runs.
pub(super) const RECOMPUTE_RUNS: usize = 3;
/// Days between the past day that is asked about and today.
const DAYS_BACK: i32 = 90;

/// Builds and measures.
pub(super) fn run(db: &Db, plan: &Plan, say: &dyn Fn(&Value)) -> Result<(), Failure> {
    let all = fill(db, plan, say)?;
    let of_level = |level| all.iter().filter(move |unit| unit.level == level);
    let villages: Vec<&Unit> = of_level(Level::Village).collect();
    let towns: Vec<UnitId> = of_level(Level::Township).map(|unit| unit.id).collect();
    for level in [Level::Nation, Level::Province, Level::City, Level::County] {
        let Some(unit) = db.read(|conn| bench::unit_of_level(conn, level))? else { continue };
        overview_of(db, plan, &unit, say)?;
        past_of(db, plan, &unit, say)?;
        if level == Level::County {
            matrix(db, plan, &unit, say)?;
        }
    }
    record(db, plan, &villages, say)?;
    publish(db, plan, say)?;
    super::bench_task::run(db, plan, &towns, say)
}

/// Writes a country with its rules and records; answers its units in order of path.
fn fill(db: &Db, plan: &Plan, say: &dyn Fn(&Value)) -> Result<Vec<Unit>, Failure> {
    let spinner = progress::spinner("建立单位树和活动记录");
    let start = Clock::now();
    let created = plan.today.plus_days(-2_000);
    let from = Day::from_ymd(plan.today.year() - 1, 10, 1).unwrap_or(created);
    let mut all = bench::country(&plan.shape, created);
    bench::write_units(db, all.clone(), from.starts_at())?;
    let units_ms = ms(start.elapsed());
    data::write_people(db, &all, from, from.starts_at())?;
    let people_ms = ms(start.elapsed()) - units_ms;
    let top = all.first().map(|unit| unit.id).unwrap_or_default();
    data::write_rules(db, top, from, from.starts_at())?;
    all.sort_by(|a, b| a.path.cmp(&b.path));
    let actions = db.read(|conn| of_campaign(conn, CAMPAIGN))?;
    let villages = all.iter().filter(|unit| unit.level == Level::Village).cloned().collect();
    data::write_records(db, villages, plan.records, actions, plan.today, plan.seed)?;
    data::analyze(db)?;
    spinner.finish_and_clear();
    say(&json!({
        "what": "fill", "engine": format!("{:?}", db.engine()), "units": all.len(), "records": plan.records,
        "units_ms": units_ms, "people_ms": people_ms, "all_ms": ms(start.elapsed()),
    }));
    Ok(all)
}

/// The overview of a day three months back; what is expected of it is compared with the overview by that day.
fn past_of(db: &Db, plan: &Plan, unit: &Unit, say: &dyn Fn(&Value)) -> Result<(), Failure> {
    let calendar = Calendar::china();
    let on = plan.today.plus_days(-DAYS_BACK);
    let actions = db.read(|conn| of_campaign(conn, CAMPAIGN))?;
    let asked: Vec<Asked<'_>> = actions.iter().map(|action| Asked::begun(action, on)).collect();
    let children = db.read(|conn| units::children(conn, Some(unit.id), false, 0))?;
    let ids: Vec<UnitId> = children.iter().map(|child| child.unit.id).collect();
    let mut found = None;
    let times = spread(RECOMPUTE_RUNS, || {
        found = db.read(|conn| overview_on(conn, &ids, &asked, on, calendar))?;
        Ok(())
    })?;
    let Some(found) = found else {
        say(&json!({ "what": "overview of a past day", "of": unit.level.code(), "too_large": true }));
        return Ok(());
    };
    let live = db.read(|conn| overview(conn, &ids, &asked, on, calendar))?;
    let sum = |of: &BTreeMap<UnitId, Tally>| of.values().map(|tally| tally.expected).sum::<i64>();
    let (expected, by_live) = (sum(&found), sum(&live));
    let done: i64 = found.values().map(|tally| tally.done + tally.done_late).sum();
    if expected != by_live {
        return Err(Failure::Check(format!("过去一天应做{expected}，按当日推算为{by_live}。")));
    }
    say(&json!({
        "what": "overview of a past day", "of": unit.level.code(), "days_back": DAYS_BACK, "expected": expected,
        "done": done, "p50_ms": times.p50, "p99_ms": times.p99,
    }));
    Ok(())
}

fn overview_of(db: &Db, plan: &Plan, unit: &Unit, say: &dyn Fn(&Value)) -> Result<(), Failure> {
    let calendar = Calendar::china();
    let mut sums = (0, 0, 0);
    let fast = spread(plan.samples, || {
        db.read(|conn| {
            let actions = of_campaign(conn, CAMPAIGN)?;
            let asked: Vec<Asked<'_>> = actions.iter().map(|a| Asked::begun(a, plan.today)).collect();
            let children = units::children(conn, Some(unit.id), false, 0)?;
            let ids: Vec<UnitId> = children.iter().map(|child| child.unit.id).collect();
            let found = overview(conn, &ids, &asked, plan.today, calendar)?;
            sums = found.values().fold((0, 0, 0), |sum, tally| {
                (sum.0 + tally.expected, sum.1 + tally.done + tally.done_late, sum.2 + tally.missed)
            });
            Ok::<_, Failure>(())
        })
    })?;
    let recompute = |conn: &mut bihuan_store::Conn| {
        let actions = of_campaign(conn, CAMPAIGN)?;
        let done = data::recompute_done(conn, unit.id)?;
        let mut expected = 0;
        for subject in [SubjectKind::Unit, SubjectKind::Post, SubjectKind::Person] {
            let rules = (1..=data::RULES).filter(|n| data::subject(*n) == subject).count() as i64;
            for (period, _) in actions[0].periods(plan.today) {
                expected += rules * data::recompute_expected(conn, subject, unit.id, period.last)?;
            }
        }
        Ok::<_, bihuan_store::Fault>((expected, done))
    };
    let runs = if unit.level == Level::Nation { 1 } else { RECOMPUTE_RUNS };
    let slow = spread(runs, || {
        let found = db.read(recompute)?;
        if found == (sums.0, sums.1) {
            return Ok(());
        }
        Err(Failure::Check(format!("重算为{found:?}，汇总为{sums:?}。")))
    })?;
    say(&json!({
        "what": "expected, done and late per child", "of": unit.level.code(), "expected": sums.0, "done": sums.1,
        "late": sums.2, "p50_ms": fast.p50, "p99_ms": fast.p99, "plain_sql_ms": slow.p50,
        "times_faster": round(slow.p50 / fast.p50),
    }));
    Ok(())
}

fn matrix(db: &Db, plan: &Plan, unit: &Unit, say: &dyn Fn(&Value)) -> Result<(), Failure> {
    let calendar = Calendar::china();
    let measure = |only_one: bool| -> Result<Spread, Failure> {
        spread(plan.samples, || {
            db.read(|conn| {
                let actions = of_campaign(conn, CAMPAIGN)?;
                let taken = if only_one { 1 } else { actions.len() };
                let asked: Vec<Asked<'_>> =
                    actions.iter().take(taken).map(|a| Asked::begun(a, plan.today)).collect();
                let mut ids = vec![unit.id];
                ids.extend(units::children(conn, Some(unit.id), true, 0)?.iter().map(|child| child.unit.id));
                std::hint::black_box(cells(conn, &ids, &asked, plan.today, calendar)?);
                Ok::<_, Failure>(())
            })
        })
    };
    let (one, every) = (measure(true)?, measure(false)?);
    say(&json!({
        "what": "matrix of a county", "one_rule_p50_ms": one.p50, "one_rule_p99_ms": one.p99,
        "all_rules_p50_ms": every.p50, "all_rules_p99_ms": every.p99,
    }));
    Ok(())
}

fn record(db: &Db, plan: &Plan, villages: &[&Unit], say: &dyn Fn(&Value)) -> Result<(), Failure> {
    let app = App::new(db.clone());
    let root = db.read(|conn| bench::unit_of_level(conn, Level::Nation))?;
    let root = root.ok_or_else(|| Failure::Fault("没有单位".to_owned()))?;
    let ctx = context(&root, plan.today);
    let mut random = Seeded::new(plan.seed + 1);
    let last = Day::last_of_month(plan.today.year(), plan.today.ymd().1).unwrap_or(plan.today);
    let (mut bare, mut whole) = (Vec::new(), Vec::new());
    // One after the other, so that both meet the same state of the machine.
    for n in 0..plan.samples as i64 {
        let village = &villages[random.below(villages.len() as i64) as usize];
        let rule = random.below(data::RULES) + 1;
        let start = Clock::now();
        data::bare_insert(db, n, village.id, rule, last)?;
        bare.push(start.elapsed().as_secs_f64() * 1e3);
        let other = &villages[random.below(villages.len() as i64) as usize];
        let sent = ActivityInput {
            campaign: CAMPAIGN.to_string(),
            unit: other.id.to_string(),
            kind: data::kind(rule),
            day: plan.today.to_string(),
            topic: format!("第{n}次集中学习"),
            everyone: "1".to_owned(),
            ..ActivityInput::default()
        };
        // Nobody records again within the time in which a double click is looked for.
        let ctx = Context { at: ctx.at.plus_seconds(n * 3_600), ..ctx.clone() };
        let start = Clock::now();
        app.record_activity(&ctx, sent, Vec::new())?;
        whole.push(start.elapsed().as_secs_f64() * 1e3);
    }
    for times in [&mut bare, &mut whole] {
        times.sort_by(f64::total_cmp);
    }
    let middle = |times: &[f64]| times[times.len() / 2];
    let mean = |times: &[f64]| times.iter().sum::<f64>() / times.len() as f64;
    say(&json!({
        "what": "one activity recorded, durable", "p50_ms": round(middle(&whole)), "bare_insert_p50_ms": round(middle(&bare)),
        "ratio": round(middle(&whole) / middle(&bare)), "ratio_of_means": round(mean(&whole) / mean(&bare)),
    }));
    Ok(())
}

fn publish(db: &Db, plan: &Plan, say: &dyn Fn(&Value)) -> Result<(), Failure> {
    let app = App::new(db.clone());
    let root = db.read(|conn| bench::unit_of_level(conn, Level::Nation))?;
    let root = root.ok_or_else(|| Failure::Fault("没有单位".to_owned()))?;
    let ctx = context(&root, plan.today);
    let sent = ActionInput {
        name: "新的规定动作".to_owned(),
        subject: "unit".to_owned(),
        levels: vec!["village".to_owned()],
        activities: vec![data::kind(data::RULES + 1)],
        cadence: "month".to_owned(),
        from_day: plan.today.to_string(),
        ..ActionInput::default()
    };
    let start = Clock::now();
    let preview = app.plan_action(&ctx, CAMPAIGN, None, sent.clone())?;
    let preview_ms = ms(start.elapsed());
    let start = Clock::now();
    app.issue_action(&ctx, CAMPAIGN, None, sent)?;
    say(&json!({
        "what": "a rule published that reaches every village", "units": preview.reach.total, "preview_ms": preview_ms,
        "publish_ms": ms(start.elapsed()),
    }));
    Ok(())
}
