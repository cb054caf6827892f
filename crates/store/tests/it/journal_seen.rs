//! Reading a small subtree out of a large journal: by the index on the unit, and no slower for the rest.

use bihuan_domain::Day;
use bihuan_domain::id::{PersonId, UnitId};
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_store::journal::{self, EntryFilter, NewEntry, Sight, Stamp, Write};
use bihuan_store::{Conn, Db, Fault, Val, vals};
use bihuan_testkit::on_each_engine;
use std::time::{Duration, Instant};

/// Units of the county, each a village.
const UNITS: i64 = 300;
/// Entries of the journal.
const ENTRIES: i64 = 60_000;
/// The village of which little was ever written, long ago.
const QUIET: i64 = 77;
/// How much of it.
const QUIET_ENTRIES: i64 = 30;
/// How many times faster its page must come than by going back through the journal.
const RATIO: u32 = 2;
/// The reader.
const READER: i64 = 5;

fn path(unit: i64) -> UnitPath {
    let county = UnitPath::root(UnitId(1));
    if unit == 1 { county } else { county.child(UnitId(unit)) }
}

fn units() -> Vec<Unit> {
    let unit = |id: i64| Unit {
        id: UnitId(id),
        code: id.to_string(),
        name: format!("第{id}村"),
        short_names: String::new(),
        kind: UnitKind::Territory,
        level: Level::Village,
        sector: String::new(),
        line: String::new(),
        parent_id: (id != 1).then_some(UnitId(1)),
        path: path(id),
        official_order: id,
        created_day: Day::from_ymd(2020, 1, 1).unwrap(),
        closed_day: None,
        successor_id: None,
        version: 1,
    };
    (1..=UNITS).map(unit).collect()
}

/// Entries written past the door: nobody checks their chain here.
fn fill(conn: &mut Conn, first: i64) -> Result<(), Fault> {
    let columns = [
        "seq",
        "at_us",
        "account_id",
        "person_id",
        "post_id",
        "actor_unit_id",
        "source_address",
        "action",
        "subject_kind",
        "subject_id",
        "unit_id",
        "campaign_id",
        "succeeded",
        "note",
        "body_version",
        "body",
        "personal_digest",
        "prev_hash",
        "hash",
    ];
    let row = |seq: i64| -> Vec<Val> {
        let (unit, person) = match seq - first {
            n if n < QUIET_ENTRIES => (QUIET, 9),
            n if n % 10_000 == 0 => (2, READER),
            n => (2 + n % 70, 9),
        };
        vals![
            seq,
            seq * 1_000,
            Val::Null,
            person,
            Val::Null,
            Val::Null,
            "",
            "problem.noted",
            "problem",
            seq,
            unit,
            Val::Null,
            1,
            "",
            1,
            "{}",
            "",
            "",
            ""
        ]
        .to_vec()
    };
    conn.bulk_insert("entry", &columns, &mut (first..first + ENTRIES).map(row))?;
    if conn.engine() == bihuan_store::db::Engine::Postgres {
        conn.batch("ANALYZE entry; ANALYZE unit;")?;
    }
    Ok(())
}

fn plant(db: &Db) {
    db.write(|conn| -> Result<(), Fault> {
        let entry = NewEntry {
            action: "test.planted".to_owned(),
            subject_kind: "unit",
            writes: vec![Write::bulk(&units())],
            ..NewEntry::default()
        };
        let last = journal::append(conn, &Stamp::default(), vec![entry])?;
        fill(conn, last + 1)
    })
    .unwrap();
}

fn quickest(mut work: impl FnMut()) -> Duration {
    (0..15)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed()
        })
        .min()
        .expect("it ran")
}

#[test]
fn a_small_subtree_of_a_large_journal_is_read_by_the_index_on_the_unit() {
    on_each_engine(|test| {
        plant(&test.db);
        let within = EntryFilter { within: Some(path(QUIET)), ..EntryFilter::default() };
        let page = |filter: &EntryFilter, sight: &Sight| {
            test.db.read(|conn| journal::list_seen(conn, filter, sight, 51)).unwrap()
        };
        let found = page(&within, &Sight::All);
        assert_eq!(found.len() as i64, QUIET_ENTRIES);
        assert!(found.is_sorted_by(|a, b| a.seq > b.seq));
        let plan = test.db.read(|conn| journal::plan_of_subtrees(conn, &[path(QUIET)])).unwrap();
        assert!(plan.contains("entry_by_unit"), "{plan}");
        // Going back through the journal, as it was done before.
        let all = "SELECT e.seq FROM entry e WHERE e.unit_id + 0 IN (SELECT id FROM unit WHERE path >= $1 AND path < $2) \
             ORDER BY e.seq DESC LIMIT 51";
        let args = vals![path(QUIET).as_str(), path(QUIET).subtree_end()];
        let before = quickest(|| {
            let rows = test.db.read(|conn| conn.rows(all, &args)).unwrap();
            assert_eq!(rows.len() as i64, QUIET_ENTRIES);
        });
        let now = quickest(|| drop(page(&within, &Sight::All)));
        println!(
            "{:?}: {ENTRIES} entries, {QUIET_ENTRIES} of the village: {before:?} before, {now:?} now",
            test.engine()
        );
        assert!(now * RATIO < before, "{now:?} is not {RATIO} times faster than {before:?}");
    });
}

#[test]
fn a_reader_of_a_small_subtree_sees_it_and_what_they_did_elsewhere_in_order() {
    on_each_engine(|test| {
        plant(&test.db);
        let sight = Sight::Business(vec![path(QUIET)], PersonId(READER));
        let all = EntryFilter::default();
        let found = test.db.read(|conn| journal::list_seen(conn, &all, &sight, 100)).unwrap();
        let own = found.iter().filter(|entry| entry.person == Some(PersonId(READER))).count() as i64;
        assert_eq!((found.len() as i64, own), (QUIET_ENTRIES + 5, 5));
        assert!(found.is_sorted_by(|a, b| a.seq > b.seq));
        let first = test.db.read(|conn| journal::list_seen(conn, &all, &sight, 3)).unwrap();
        assert_eq!(
            first.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
            found[..3].iter().map(|entry| entry.seq).collect::<Vec<_>>()
        );
        let next = EntryFilter { before_seq: first.last().map(|entry| entry.seq), ..EntryFilter::default() };
        let second = test.db.read(|conn| journal::list_seen(conn, &next, &sight, 100)).unwrap();
        assert_eq!(second.len(), found.len() - 3, "the pages leave nothing out");
        let both = EntryFilter { within: Some(path(QUIET)), ..EntryFilter::default() };
        let there = test.db.read(|conn| journal::list_seen(conn, &both, &sight, 100)).unwrap();
        assert_eq!(there.len() as i64, QUIET_ENTRIES, "asked for one subtree");
        // The whole county is more than is read by index, and gives the newest.
        let county = Sight::Business(vec![path(1)], PersonId(READER));
        let newest = test.db.read(|conn| journal::list_seen(conn, &all, &county, 2)).unwrap();
        assert_eq!(newest[0].seq, ENTRIES + 1);
    });
}
