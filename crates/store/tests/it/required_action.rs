//! Who owes what, done and late: the fast way says the same as plain loops, over random organisations (M05, M06).

mod world;

use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::UnitId;
use bihuan_domain::required_action::reference::{derive, tally};
use bihuan_domain::required_action::{Tally, due_day};
use bihuan_store::required_action::{Asked, cells, of_campaign, overview, own_cells, recount};
use bihuan_testkit::{TestDb, TestEngine, on_each_engine};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use world::{Op, Play};

/// Random histories on SQLite, and on PostgreSQL.
const CASES: (u32, u32) = (120, 6);

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let op = (0..17_u8, any::<u16>(), any::<u16>(), any::<u16>());
    proptest::collection::vec(op.prop_map(|(what, a, b, c)| Op { what, a, b, c }), 10..60)
}

/// Everything the fast way answers, compared with the slow way cell by cell.
fn compare(play: &Play) {
    let today = play.today;
    let calendar = Calendar::china();
    let actions = play.db.read(|conn| of_campaign(conn, world::CAMPAIGN)).unwrap();
    assert_eq!(actions, play.actions, "what is stored is what was issued");
    let asked: Vec<Asked<'_>> = actions.iter().map(|action| Asked::begun(action, today)).collect();
    let units: Vec<UnitId> = play.world.units.keys().copied().collect();
    let (fast, sums, own, drift, below) = play
        .db
        .read(|conn| {
            Ok::<_, bihuan_store::Fault>((
                cells(conn, &units, &asked, today, calendar)?,
                overview(conn, &units, &asked, today, calendar)?,
                own_cells(conn, &units, &asked)?,
                recount(conn)?,
                bihuan_store::unit::recount_below(conn)? + bihuan_store::person::recount_below(conn)?,
            ))
        })
        .unwrap();
    assert_eq!((drift, below), (0, 0), "cells that differ from a recount");
    let mut slow_sums: BTreeMap<UnitId, Tally> = BTreeMap::new();
    for action in &actions {
        let slow = derive(&play.world, action, &play.credits(), &play.excused, today, calendar);
        for (period, version) in action.periods(today) {
            let due = due_day(&version.rule, period, calendar);
            let owing = play.world.owing(&version.rule, period);
            for unit in &units {
                let want = tally(slow.get(&(*unit, period.last)), due, today);
                let got = fast.get(&(*unit, action.id, period)).copied().unwrap_or_default();
                assert_eq!(
                    got, want,
                    "{} unit {unit} {period:?} today {today}\n{:?}",
                    action.id, version.rule
                );
                slow_sums.entry(*unit).or_default().plus(want);
                if version.rule.subject.table() == bihuan_domain::required_action::SubjectKind::Unit {
                    let owes = owing.iter().any(|(subject, _)| *subject == unit.0);
                    assert_eq!(own.contains_key(&(*unit, action.id, period)), owes);
                }
            }
        }
    }
    for unit in &units {
        assert_eq!(sums[unit], slow_sums.get(unit).copied().unwrap_or_default(), "sum of {unit}");
    }
}

#[test]
fn the_fast_way_equals_brute_force_over_random_histories_m05() {
    on_each_engine(|t| {
        let cases = match t.engine() {
            TestEngine::Sqlite => CASES.0,
            TestEngine::Postgres => CASES.1,
        };
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let run = TestRunner::new(config).run(&ops(), |ops| {
            let fresh = TestDb::new(t.engine());
            let mut play = Play::new(&fresh.db);
            ops.iter().for_each(|op| play.step(*op));
            compare(&play);
            Ok(())
        });
        run.unwrap();
    });
}
