//! A past day is told as it was at its end, whatever is withdrawn, corrected, excused, revoked, moved or reissued later
//! (M05).

mod history;
mod rules;

use crate::random_history::over_random_histories;
use bihuan_domain::Day;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::UnitId;
use bihuan_store::migrate::{MIGRATIONS, migrate, migrate_with};
use bihuan_store::required_action::{AS_OF_UNITS_MAX, Asked, overview_on};
use bihuan_store::{Fault, vals};
use bihuan_testkit::{on_each_empty_engine, on_each_engine};
use history::History;

/// Random histories on SQLite, and on PostgreSQL.
const CASES: (u32, u32) = (24, 2);

#[test]
fn a_past_day_is_told_as_it_was_over_random_histories_m05() {
    over_random_histories(CASES, 22, 30..110, |fresh, ops| {
        let mut history = History::new(&fresh.db);
        ops.iter().for_each(|op| history.step(*op));
        history.compare();
    });
}

#[test]
fn what_is_taken_back_later_counts_on_the_days_before_m05() {
    on_each_engine(|t| {
        let mut h = History::new(&t.db);
        let unit = h.units()[1];
        let record = h.record_at(unit, h.today);
        let excuse = h.excuse_at(h.units()[2]);
        let day = h.today;
        h.next_day(day.plus_days(3));
        let kept = h.kept(day);
        assert!(kept.done > 0 && kept.excused > 0, "{kept:?}");
        h.withdraw(record);
        h.revoke(excuse);
        assert_eq!(h.told(day), kept);
        let now = h.live();
        assert_eq!((now.done, now.excused), (0, 0), "today they count no more");
        // Between the two days both still count.
        assert_eq!(
            (h.told(day.plus_days(2)).done, h.told(day.plus_days(2)).excused),
            (kept.done, kept.excused)
        );
        assert_eq!(h.told(h.today), now);
    });
}

#[test]
fn data_of_an_earlier_build_opens_and_keeps_what_is_taken_back_from_then_on_m05() {
    on_each_empty_engine(|t| {
        let before = MIGRATIONS.iter().position(|step| step.name == "0009_past").unwrap();
        assert_eq!(migrate_with(&t.db, &MIGRATIONS[..before]).unwrap(), before);
        let script = |script: &'static str| t.db.write(move |conn| conn.batch(script)).unwrap();
        // It is this build that writes, which tells its readers what it changed; the earlier one did not.
        script("CREATE TABLE source_stamp (id BIGINT NOT NULL PRIMARY KEY, moves BIGINT NOT NULL)");
        script("INSERT INTO source_stamp (id, moves) VALUES (1, 0)");
        let mut h = History::new(&t.db);
        let record = h.record_at(h.units()[1], h.today);
        let excuse = h.excuse_at(h.units()[2]);
        let day = h.today;
        h.next_day(day.plus_days(3));
        script("DROP TABLE source_stamp");
        assert_eq!(migrate(&t.db).unwrap(), MIGRATIONS.len() - before);
        h.withdraw(record);
        h.revoke(excuse);
        assert_eq!(h.told(day), h.kept(day));
    });
}

#[test]
fn a_unit_moved_later_stays_where_it_was_on_the_day_m05() {
    on_each_engine(|t| {
        let mut h = History::new(&t.db);
        let (unit, to) = (h.units()[1], h.units()[2]);
        h.record_at(unit, h.today);
        let day = h.today;
        h.next_day(day.plus_days(1));
        let (before, target) = (h.told_of(day, unit), h.told_of(day, to));
        h.move_unit(unit, to);
        assert_eq!((h.told_of(day, unit), h.told_of(day, to)), (before, target));
        assert_ne!(h.told_of(h.today, to), target, "of today it is counted below the other");
    });
}

#[test]
fn a_window_replaced_later_is_told_as_it_was_asked_m05() {
    on_each_engine(|t| {
        let mut h = History::new(&t.db);
        let unit = h.units()[1];
        h.record_at(unit, h.today);
        h.excuse_at(h.units()[2]);
        let day: Day = h.today;
        h.next_day(day.plus_days(2));
        let kept = h.kept(day);
        (0..h.actions().len()).for_each(|n| h.reissue(n, 7 + n as u16));
        assert_eq!(h.told(day), kept);
        (0..h.actions().len()).for_each(|n| h.end(n));
        assert_eq!(h.told(day), kept);
    });
}

#[test]
fn a_past_day_is_told_of_so_many_units_and_no_more_m05() {
    on_each_engine(|t| {
        let h = History::new(&t.db);
        let known = h.units();
        let more = AS_OF_UNITS_MAX - known.len();
        let add = |first: i64, n: usize| {
            let added = t.db.write(move |conn| {
                let columns = ["ancestor_id", "descendant_id", "depth", "from_day", "to_day"];
                let row = |id: i64| vals![1, id, 1, 0, 1].to_vec();
                conn.bulk_insert("unit_closure", &columns, &mut (first..first + n as i64).map(row))
            });
            assert_eq!(added.unwrap(), n as u64);
        };
        add(1_000_000, more);
        let told = || {
            let (actions, day) = (h.actions(), h.today);
            let asked: Vec<Asked<'_>> = actions.iter().map(|action| Asked::begun(action, day)).collect();
            t.db.read(|conn| overview_on(conn, &[UnitId(1)], &asked, day, Calendar::china()))
        };
        let most: Result<_, Fault> = told();
        assert_eq!(most.unwrap().unwrap()[&UnitId(1)], h.live());
        add(2_000_000, 1);
        assert!(told().unwrap().is_none(), "one unit more is too many");
    });
}
