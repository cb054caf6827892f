//! Steps of the schema.

use std::collections::BTreeSet;
use std::thread;

use bihuan_store::db::{Db, DbOptions};
use bihuan_store::fault::Fault;
use bihuan_store::migrate::{MIGRATIONS, Migration, migrate, migrate_with, schema_version};
use bihuan_testkit::{TestDb, on_each_empty_engine, on_each_engine};

const FIRST: Migration =
    Migration { number: 1, name: "0001_a", script: "CREATE TABLE a (id {PK}, t {TEXT_C}) {STRICT};" };
const FIRST_ALTERED: Migration =
    Migration { number: 1, name: "0001_a", script: "CREATE TABLE a (id {PK}, t TEXT) {STRICT};" };
const SECOND: Migration = Migration {
    number: 2,
    name: "0002_b",
    script: "CREATE TABLE b (id {AUTO_PK}, a_id {INT} NOT NULL REFERENCES a (id), raw {BLOB}) {STRICT};
CREATE INDEX b_by_a ON b (a_id);
{APPEND_ONLY b}",
};
const FAILING: Migration = Migration {
    number: 2,
    name: "0002_bad",
    script: "CREATE TABLE half (id {PK}) {STRICT}; CREATE TABLE a (id {PK}) {STRICT};",
};

fn version(db: &Db) -> i64 {
    db.read(schema_version).unwrap()
}

#[test]
fn the_schema_of_the_program_is_made_once() {
    on_each_empty_engine(|t| {
        assert_eq!(migrate(&t.db).unwrap(), MIGRATIONS.len());
        assert_eq!(migrate(&t.db).unwrap(), 0);
        assert_eq!(version(&t.db), MIGRATIONS.len() as i64);
        let again = Db::open(&t.target, &DbOptions::default()).unwrap();
        assert_eq!(migrate(&again).unwrap(), 0);
    });
}

#[test]
fn every_script_in_the_folder_is_listed_in_order() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .filter(|f| f.ends_with(".sql"))
        .collect();
    let listed: Vec<String> = MIGRATIONS.iter().map(|m| format!("{}.sql", m.name)).collect();
    assert_eq!(files.into_iter().collect::<Vec<_>>(), listed);
    for (step, number) in MIGRATIONS.iter().zip(1..) {
        assert_eq!(step.number, number);
        assert!(step.name.starts_with(&format!("{number:04}_")), "{}", step.name);
    }
}

#[test]
fn only_missing_steps_are_applied() {
    on_each_empty_engine(|t| {
        assert_eq!(migrate_with(&t.db, &[FIRST]).unwrap(), 1);
        assert_eq!(migrate_with(&t.db, &[FIRST, SECOND]).unwrap(), 1);
        assert_eq!(migrate_with(&t.db, &[FIRST, SECOND]).unwrap(), 0);
        assert_eq!(version(&t.db), 2);
    });
}

#[test]
fn a_failing_step_is_undone_whole_and_the_steps_before_it_stay() {
    on_each_empty_engine(|t| {
        migrate_with(&t.db, &[FIRST, FAILING]).unwrap_err();
        assert_eq!(version(&t.db), 1);
        let half = t.db.read(|c| c.rows("SELECT id FROM half", &[]));
        assert!(half.is_err(), "the first statement of the failed script was undone");
        assert_eq!(migrate_with(&t.db, &[FIRST, SECOND]).unwrap(), 1);
    });
}

#[test]
fn an_altered_step_and_a_newer_database_are_refused_in_words() {
    on_each_empty_engine(|t| {
        migrate_with(&t.db, &[FIRST, SECOND]).unwrap();
        let altered = migrate_with(&t.db, &[FIRST_ALTERED, SECOND]).unwrap_err();
        assert!(
            matches!(&altered, Fault::Migration { what } if what.contains("0001_a") && what.contains("被改过"))
        );
        let newer = migrate_with(&t.db, &[FIRST]).unwrap_err();
        assert!(matches!(&newer, Fault::Migration { what } if what.contains("请换用新版本")), "{newer}");
        assert_eq!(version(&t.db), 2);
    });
}

#[test]
fn a_gap_in_the_numbers_is_refused() {
    on_each_empty_engine(|t| {
        assert!(matches!(migrate_with(&t.db, &[SECOND]), Err(Fault::Misuse { .. })));
    });
}

#[test]
fn two_programs_that_start_at_once_apply_each_step_once() {
    on_each_empty_engine(|t| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let db = Db::open(&t.target, &DbOptions::default()).unwrap();
                thread::spawn(move || migrate_with(&db, &[FIRST, SECOND]).unwrap())
            })
            .collect();
        let applied: usize = threads.into_iter().map(|t| t.join().unwrap()).sum();
        assert_eq!(applied, 2);
        assert_eq!(version(&t.db), 2);
    });
}

#[test]
fn test_databases_have_the_schema_and_share_nothing() {
    on_each_engine(|t| {
        let other = TestDb::new(t.engine());
        assert_eq!((version(&t.db), version(&other.db)), (MIGRATIONS.len() as i64, MIGRATIONS.len() as i64));
        t.db.write(|c| c.exec("INSERT INTO setting (name, value) VALUES ('a', 'b')", &[])).unwrap();
        let count = |db: &Db| db.read(|c| c.first("SELECT COUNT(*) FROM setting WHERE name = 'a'", &[]));
        assert_eq!(count(&t.db).unwrap().unwrap().int(0).unwrap(), 1);
        assert_eq!(count(&other.db).unwrap().unwrap().int(0).unwrap(), 0);
    });
}
