//! What the random histories of organisations share: steps, and the rows that none of them varies.

use bihuan_domain::Day;
use bihuan_domain::calendar::{Calendar, CalendarRow, DayKind};
use bihuan_domain::campaign::{AuthorityBasis, Campaign, CampaignState};
use bihuan_domain::id::{CampaignId, PersonId, RequiredActionId, UnitId};
use bihuan_domain::required_action::{SubjectKind, Version};
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::required_action::{ActionRow, VersionRow};
use bihuan_store::{Db, calendar as store};
use bihuan_testkit::{TestDb, TestEngine, on_each_engine};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use std::ops::Range;

pub const CAMPAIGN: CampaignId = CampaignId(1);
pub const ROOT: UnitId = UnitId(1);

/// One step: what, and three numbers to choose with.
#[derive(Clone, Copy, Debug)]
pub struct Op {
    pub what: u8,
    pub a: u16,
    pub b: u16,
    pub c: u16,
}

/// Plays so many random histories on SQLite and on PostgreSQL, each in a database of its own, with steps below `kinds`.
pub fn over_random_histories(
    (on_sqlite, on_postgres): (u32, u32),
    kinds: u8,
    steps: Range<usize>,
    play: impl Fn(&TestDb, &[Op]),
) {
    on_each_engine(|t| {
        let cases = match t.engine() {
            TestEngine::Sqlite => on_sqlite,
            TestEngine::Postgres => on_postgres,
        };
        let op = (0..kinds, any::<u16>(), any::<u16>(), any::<u16>());
        let op = op.prop_map(|(what, a, b, c)| Op { what, a, b, c });
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let run = TestRunner::new(config).run(&proptest::collection::vec(op, steps.clone()), |ops| {
            play(&TestDb::new(t.engine()), &ops);
            Ok(())
        });
        run.unwrap();
    });
}

pub fn campaign(starts_day: Day) -> Campaign {
    Campaign {
        id: CAMPAIGN,
        code: "trial".to_owned(),
        name: "试行".to_owned(),
        office_unit_id: ROOT,
        basis: AuthorityBasis::Decision,
        authority: "会议".to_owned(),
        document: "通知".to_owned(),
        scope: "全县".to_owned(),
        state: CampaignState::Running,
        starts_day,
        ends_day: None,
        template_text: String::new(),
        follows_id: None,
        version: 1,
    }
}

pub fn action_row(id: RequiredActionId, subject: SubjectKind) -> ActionRow {
    ActionRow {
        id,
        campaign_id: CAMPAIGN,
        code: String::new(),
        owner_unit_id: ROOT,
        upper_id: None,
        subject,
        ordinal: id.0,
        version: 1,
    }
}

pub fn version_row(version: &Version, rule_id: RequiredActionId, issued: Day) -> VersionRow {
    VersionRow {
        rule_id,
        number: version.number,
        from_day: version.from_day,
        until_day: version.until_day,
        definition: serde_json::to_string(&version.rule).unwrap(),
        added: "[]".to_owned(),
        reason: String::new(),
        issued_by: PersonId(1),
        issued_at: issued.starts_at(),
    }
}

/// The operator makes days around a day holidays, working days or what the program knows of them, one entry a year as
/// the program does. Up to forty days in a row, so that periods far away are judged anew too.
pub fn change_calendar(db: &Db, today: Day, op: Op) {
    let first = today.plus_days(i32::from(op.a % 150) - 75);
    let days: Vec<Day> = (0..i32::from(op.b % 40) + 1).map(|n| first.plus_days(n)).collect();
    let own = db.read(store::own_rows).unwrap();
    let mut writes: BTreeMap<i32, Vec<Write>> = BTreeMap::new();
    for (n, day) in days.into_iter().enumerate() {
        let kind = match op.c % 5 {
            0 | 1 => Some(DayKind::Holiday),
            2 => Some(DayKind::Workday),
            3 => [DayKind::Holiday, DayKind::Workday].get(n % 3).copied(),
            _ => None,
        };
        let old = own.iter().find(|row| row.day == day);
        let new = kind.map(|kind| CalendarRow { day, kind, name: "调休".to_owned() });
        let write = match (old, new) {
            (None, Some(new)) => Some(Write::insert(&new)),
            (Some(old), Some(new)) => Write::update(old, &new),
            (Some(old), None) => Some(Write::delete(old)),
            (None, None) => None,
        };
        writes.entry(day.year()).or_default().extend(write);
    }
    let stamp = Stamp {
        at: today.starts_at().plus_seconds(36_000),
        source_address: "console".to_owned(),
        ..Stamp::default()
    };
    for (year, writes) in writes.into_iter().filter(|(_, writes)| !writes.is_empty()) {
        let entry = NewEntry {
            action: "calendar.changed".to_owned(),
            subject_kind: "calendar",
            subject_id: i64::from(year),
            writes,
            ..NewEntry::default()
        };
        let stamp = stamp.clone();
        db.write(move |conn| journal::append(conn, &stamp, vec![entry])).unwrap();
    }
}

/// The calendar of now.
pub fn calendar(db: &Db) -> Calendar {
    db.read(store::load).unwrap()
}
