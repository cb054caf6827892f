//! Who owes what, done and late: the fast way says the same as plain loops, over random organisations (M05, M06).

mod world;

use crate::random_history::{CAMPAIGN, Op, ROOT, calendar, over_random_histories};
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::UnitId;
use bihuan_domain::required_action::reference::{derive, tally};
use bihuan_domain::required_action::{Cadence, Proof, QuantityUnit, Rule, SubjectKind, Tally, due_day};
use bihuan_domain::scope::Scope;
use bihuan_store::required_action::{
    Asked, RECENT_CHANGES_MAX, cells, of_campaign, overview, own_cells, recount,
};
use bihuan_testkit::{TestDb, on_each_engine};
use std::collections::BTreeMap;
use world::Play;

/// Random histories on SQLite, and on PostgreSQL.
const CASES: (u32, u32) = (120, 6);

/// Everything the fast way answers, compared with the slow way cell by cell.
fn compare(play: &Play) {
    let today = play.today;
    let calendar = &calendar(&play.db);
    let actions = play.db.read(|conn| of_campaign(conn, CAMPAIGN)).unwrap();
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
    over_random_histories(CASES, 19, 10..60, |fresh, ops| {
        let mut play = Play::new(&fresh.db);
        let (early, late) = ops.split_at(ops.len() / 2);
        early.iter().for_each(|op| play.step(*op));
        // What the readers keep from here on has to be told from what they need at the end.
        compare(&play);
        late.iter().for_each(|op| play.step(*op));
        compare(&play);
    });
}

/// Histories that were once counted or recounted wrong, found by a longer run of the above.
const HISTORIES: [&[Op]; 3] = [
    // Somebody held a post below a unit, then one in the unit itself, which then went elsewhere.
    &[
        Op { what: 4, a: 1509, b: 18421, c: 0 },
        Op { what: 8, a: 20491, b: 0, c: 40370 },
        Op { what: 0, a: 0, b: 0, c: 0 },
        Op { what: 2, a: 0, b: 0, c: 0 },
        Op { what: 0, a: 15149, b: 0, c: 0 },
        Op { what: 9, a: 0, b: 0, c: 0 },
        Op { what: 8, a: 26667, b: 3186, c: 9290 },
        Op { what: 4, a: 5062, b: 751, c: 0 },
        Op { what: 0, a: 0, b: 0, c: 0 },
        Op { what: 0, a: 0, b: 0, c: 0 },
    ],
    // A second record made early what was done; kept apart from its cell, it outlived what the cell counted.
    &[
        Op { what: 2, a: 7391, b: 0, c: 0 },
        Op { what: 6, a: 1, b: 0, c: 0 },
        Op { what: 8, a: 20701, b: 0, c: 0 },
        Op { what: 0, a: 0, b: 0, c: 0 },
        Op { what: 2, a: 41232, b: 0, c: 0 },
        Op { what: 7, a: 40681, b: 112, c: 0 },
        Op { what: 10, a: 0, b: 26001, c: 3305 },
        Op { what: 10, a: 0, b: 289, c: 755 },
        Op { what: 9, a: 0, b: 22617, c: 23508 },
        Op { what: 0, a: 2633, b: 16926, c: 53044 },
    ],
    &[
        Op { what: 10, a: 0, b: 0, c: 0 },
        Op { what: 8, a: 25339, b: 0, c: 9456 },
        Op { what: 8, a: 0, b: 4, c: 987 },
        Op { what: 2, a: 53855, b: 0, c: 0 },
        Op { what: 10, a: 0, b: 45017, c: 24251 },
        Op { what: 2, a: 14289, b: 0, c: 0 },
        Op { what: 2, a: 13164, b: 0, c: 0 },
        Op { what: 10, a: 0, b: 34166, c: 15791 },
        Op { what: 9, a: 52613, b: 0, c: 58 },
        Op { what: 14, a: 6510, b: 16404, c: 56270 },
    ],
];

#[test]
fn histories_that_were_once_counted_wrong_are_counted_right_m02_m05() {
    on_each_engine(|t| {
        for history in HISTORIES {
            let fresh = TestDb::new(t.engine());
            let mut play = Play::new(&fresh.db);
            history.iter().for_each(|op| play.step(*op));
            compare(&play);
        }
    });
}

/// Every unit studies once a week.
fn weekly(play: &Play, grace_working_days: i32) -> Rule {
    Rule {
        scope: Scope { subtree: Some(ROOT), with_root: true, ..Scope::default() },
        kinds: vec!["study".to_owned()],
        each_kind: false,
        cadence: Cadence::Week,
        to_day: None,
        quantity: 1,
        unit: QuantityUnit::Times,
        proof: Proof::Record,
        grace_working_days,
        ..play.rule(0, SubjectKind::Unit, play.today)
    }
}

#[test]
fn days_of_grace_that_an_older_version_gave_are_kept_in_the_overview_m05() {
    on_each_engine(|t| {
        let fresh = TestDb::new(t.engine());
        let mut play = Play::new(&fresh.db);
        let (generous, strict) = (weekly(&play, 8), weekly(&play, 0));
        play.change(0, generous);
        play.step(Op { what: 10, a: 1, b: 0, c: 2 });
        play.today = play.today.plus_days(5);
        play.change(0, strict);
        // The first week may still be answered for on the day after the second one was due.
        play.today = play.today.plus_days(8);
        let periods = play.actions[0].periods(play.today);
        let due: Vec<bool> =
            periods.iter().map(|(p, v)| due_day(&v.rule, *p, Calendar::china()) < play.today).collect();
        assert_eq!(due, [false, true, false]);
        compare(&play);
    });
}

/// More records than changes are kept for apart from the cells.
const MANY_RECORDS: u16 = 230;

#[test]
fn what_the_latest_records_changed_counts_before_and_after_it_is_folded_m05() {
    on_each_engine(|t| {
        let mut play = Play::new(&t.db);
        let most = RECENT_CHANGES_MAX as i64;
        let kept = || {
            let count = |conn: &mut bihuan_store::Conn| {
                conn.first("SELECT COUNT(*) FROM action_rollup_recent", &[])?.unwrap().int(0)
            };
            t.db.read(count).unwrap()
        };
        play.change(0, weekly(&play, 0));
        let (mut highest, mut folded) = (0, 0);
        for n in 0..MANY_RECORDS {
            let before = kept();
            // Every other week there is something new to do.
            play.today = play.today.plus_days(i32::from(n % 5 == 0) * 7);
            play.step(Op { what: 10, a: n, b: 0, c: 2 });
            folded += i32::from(kept() < before);
            highest = highest.max(kept());
            if n % 50 == 0 {
                compare(&play);
            }
        }
        compare(&play);
        assert!(highest <= most, "{highest} changes kept of at most {most}");
        assert!(highest > most / 2 && folded > 0);
        // Somebody else wrote, so the writer does not know how many are kept: it folds them.
        play.step(Op { what: 14, a: 3, b: 0, c: 0 });
        compare(&play);
    });
}
