//! What breaks: disks, locks, connections, settings.

use std::thread;
use std::time::{Duration, Instant};

use bihuan_store::db::{Db, DbOptions, Engine, Target};
use bihuan_store::fault::Fault;
use bihuan_store::vals;
use bihuan_testkit::{TestDb, engines, on_each_empty_engine};

use super::{add, ids, table};

fn quick() -> DbOptions {
    DbOptions { busy_timeout: Duration::from_millis(200), ..DbOptions::default() }
}

#[test]
fn a_full_disk_is_named_and_the_writer_goes_on_when_there_is_room() {
    let t = TestDb::empty(Engine::Sqlite);
    table(&t.db);
    let limit = |pages: i64| {
        let sql = format!("PRAGMA max_page_count = {pages}");
        t.db.write(move |c| c.rows(&sql, &[])).unwrap();
    };
    limit(40);
    let big = vec![7_u8; 400_000];
    let full = t.db.write(move |c| {
        c.exec("INSERT INTO note (id, body) VALUES (1, 'x')", &[])?;
        c.exec("INSERT INTO note (id, raw) VALUES (2, $1)", &vals![big])
    });
    assert!(matches!(full, Err(Fault::DiskFull { .. })), "{full:?}");
    assert!(ids(&t.db).is_empty());
    add(&t.db, 3).unwrap();
    limit(100_000);
    t.db.write(|c| c.exec("INSERT INTO note (id, raw) VALUES (4, $1)", &vals![vec![7_u8; 400_000]])).unwrap();
    assert_eq!(ids(&t.db), [3, 4]);
}

#[test]
fn a_full_disk_tells_everybody_whose_changes_were_lost_with_it() {
    let t = TestDb::empty(Engine::Sqlite);
    table(&t.db);
    t.db.write(|c| c.rows("PRAGMA max_page_count = 60", &[])).unwrap();
    let threads: Vec<_> = (0..24_i64)
        .map(|id| {
            let db = t.db.clone();
            thread::spawn(move || {
                let raw = vec![1_u8; if id % 3 == 0 { 400_000 } else { 10 }];
                let done =
                    db.write(move |c| c.exec("INSERT INTO note (id, raw) VALUES ($1, $2)", &vals![id, raw]));
                match done {
                    Ok(_) => Some(id),
                    Err(fault) => {
                        assert!(fault.is_disk_full(), "{fault:?}");
                        None
                    }
                }
            })
        })
        .collect();
    let mut kept: Vec<i64> = threads.into_iter().filter_map(|t| t.join().unwrap()).collect();
    kept.sort_unstable();
    assert_eq!(ids(&t.db), kept, "exactly those who were told yes are there");
}

#[test]
fn a_second_process_on_the_same_file_waits_and_is_then_told_that_it_is_busy() {
    let t = TestDb::empty(Engine::Sqlite);
    table(&t.db);
    let second = Db::open(&t.target, &quick()).unwrap();
    let db = second.clone();
    let answer: Result<(), Fault> = t.db.write(move |_| {
        let started = Instant::now();
        let busy = add(&db, 1).unwrap_err();
        assert!(matches!(&busy, Fault::Busy { what, .. } if what.contains("another process")), "{busy:?}");
        assert!(started.elapsed() >= Duration::from_millis(200));
        Ok(())
    });
    answer.unwrap();
    drop(second);
    // Whoever has more patience waits for the other, however busy the machine is.
    let second = Db::open(&t.target, &DbOptions::default()).unwrap();
    add(&second, 2).unwrap();
    let held = second.clone();
    let (begun, has_begun) = std::sync::mpsc::channel();
    let slow = thread::spawn(move || {
        held.write(move |c| {
            c.exec("INSERT INTO note (id) VALUES (3)", &[])?;
            begun.send(()).unwrap();
            thread::sleep(Duration::from_millis(300));
            Ok::<_, Fault>(())
        })
    });
    has_begun.recv().unwrap();
    add(&t.db, 4).unwrap();
    slow.join().unwrap().unwrap();
    assert_eq!(ids(&t.db), [2, 3, 4]);
}

#[test]
fn what_cannot_be_opened_is_named_without_its_password() {
    let folder = TestDb::empty(Engine::Sqlite).file().unwrap();
    let nowhere = Db::open(&Target::Sqlite(folder.join("nosuch/x.db")), &quick()).unwrap_err();
    assert!(matches!(&nowhere, Fault::BadConfig { what, .. } if what.contains("nosuch")), "{nowhere:?}");
    let t = TestDb::empty(Engine::Sqlite);
    let text = t.file().unwrap().with_file_name("text.db");
    std::fs::write(&text, "这不是数据库".repeat(100)).unwrap();
    let text = Db::open(&Target::Sqlite(text), &quick()).unwrap_err();
    assert!(matches!(&text, Fault::Corrupt { .. }), "{text:?}");
    let url = Target::Postgres("postgres://bihuan:geheim@127.0.0.1:1/x".to_owned());
    assert!(!format!("{url:?}").contains("geheim"));
    let refused = Db::open(&url, &quick()).unwrap_err();
    assert!(matches!(&refused, Fault::Connection { .. }), "{refused:?}");
    assert!(!format!("{refused:?}{refused}").contains("geheim"));
    let nonsense = Db::open(&Target::Postgres("postgres://h:geheim:x".to_owned()), &quick()).unwrap_err();
    assert!(matches!(&nonsense, Fault::BadConfig { .. }), "{nonsense:?}");
    assert!(!format!("{nonsense:?}{nonsense}").contains("geheim"));
}

#[test]
fn a_damaged_file_is_told_as_damaged() {
    let t = TestDb::empty(Engine::Sqlite);
    table(&t.db);
    let row = |i: i64| vals![i, format!("正文{i}")].to_vec();
    t.db.write(move |c| c.bulk_insert("note", &["id", "body"], &mut (0..2000).map(row))).unwrap();
    let file = t.file().unwrap().with_file_name("damaged.db");
    bihuan_store::dialect::backup(&t.db, &file).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    let end = bytes.len();
    bytes[8192..end].fill(0x5a);
    std::fs::write(&file, bytes).unwrap();
    let damaged = Db::open(&Target::Sqlite(file), &quick()).unwrap();
    let read = damaged.read(|c| c.rows("SELECT id, body FROM note", &[]));
    assert!(matches!(read, Err(Fault::Corrupt { .. })), "{read:?}");
}

#[test]
fn constraints_are_told_apart() {
    on_each_empty_engine(|t| {
        let script = bihuan_store::dialect::ddl(
            "CREATE TABLE boss (id {PK}) {STRICT};
             CREATE TABLE part (id {PK}, boss_id BIGINT NOT NULL REFERENCES boss (id), n BIGINT CHECK (n > 0)) {STRICT};",
            t.engine(),
        );
        let script = script.unwrap();
        t.db.write(move |c| c.batch(&script)).unwrap();
        t.db.write(|c| c.exec("INSERT INTO boss (id) VALUES (1)", &[])).unwrap();
        let broken = |sql: &'static str| t.db.write(move |c| c.exec(sql, &[])).unwrap_err();
        let twice = broken("INSERT INTO boss (id) VALUES (1)");
        assert!(twice.is_unique_violation() && twice.is_constraint_violation());
        for sql in [
            "INSERT INTO part (id, boss_id, n) VALUES (1, 9, 1)",
            "INSERT INTO part (id, boss_id, n) VALUES (1, NULL, 1)",
            "INSERT INTO part (id, boss_id, n) VALUES (1, 1, 0)",
        ] {
            let fault = broken(sql);
            assert!(fault.is_constraint_violation() && !fault.is_unique_violation(), "{sql}: {fault:?}");
            assert!(fault.to_string().contains("INSERT INTO part"), "{fault}");
        }
    });
}

/// Ends every other connection of this PostgreSQL database.
fn cut(t: &TestDb) {
    let other = Db::open(&t.target, &DbOptions::default()).unwrap();
    let sql = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let cut = other.read(|c| c.first(sql, &[])).unwrap().unwrap();
    assert!(cut.int(0).unwrap() >= 1);
}

#[test]
fn after_a_cut_connection_the_next_call_makes_another() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let t = TestDb::empty(Engine::Postgres);
    table(&t.db);
    add(&t.db, 1).unwrap();
    assert_eq!(ids(&t.db), [1]);
    for round in 2..5 {
        cut(&t);
        if round % 2 == 0 {
            assert_eq!(ids(&t.db).len() as i64, round - 1, "reading connects again");
        }
        add(&t.db, round).unwrap();
        assert_eq!(ids(&t.db).len() as i64, round);
    }
    assert_eq!(t.db.write_stats().reconnects, 3);
}

#[test]
fn a_connection_cut_inside_a_closure_fails_that_batch_only() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let t = TestDb::empty(Engine::Postgres);
    table(&t.db);
    let target = t.target.clone();
    let broken: Result<u64, Fault> = t.db.write(move |c| {
        c.exec("INSERT INTO note (id) VALUES (1)", &[])?;
        let args = vals![c.first("SELECT pg_backend_pid()", &[])?.unwrap().int(0)?];
        let other = Db::open(&target, &DbOptions::default())?;
        other.read(|c| c.first("SELECT pg_terminate_backend(CAST($1 AS INTEGER))", &args))?;
        c.exec("INSERT INTO note (id) VALUES (2)", &[])
    });
    let broken = broken.unwrap_err();
    assert!(broken.is_connection(), "{broken:?}");
    add(&t.db, 3).unwrap();
    assert_eq!(ids(&t.db), [3]);
    // Hidden by the closure, it is still found before anybody is told yes.
    let target = t.target.clone();
    let hidden: Result<(), Fault> = t.db.write(move |c| {
        c.exec("INSERT INTO note (id) VALUES (4)", &[])?;
        cut_all(&target);
        Ok(())
    });
    assert!(hidden.unwrap_err().is_connection());
    add(&t.db, 5).unwrap();
    assert_eq!(ids(&t.db), [3, 5]);
}

fn cut_all(target: &Target) {
    let other = Db::open(target, &DbOptions::default()).unwrap();
    let sql = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    other.read(|c| c.first(sql, &[])).unwrap();
    thread::sleep(Duration::from_millis(100));
}

#[test]
fn a_statement_that_runs_too_long_is_ended_and_the_connection_stays() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let t = TestDb::empty(Engine::Postgres);
    let options = DbOptions { statement_timeout: Some(Duration::from_millis(100)), ..DbOptions::default() };
    let db = Db::open(&t.target, &options).unwrap();
    let slow = db.write(|c| c.first("SELECT pg_sleep(5)", &[]));
    assert!(matches!(slow, Err(Fault::Busy { .. })), "{slow:?}");
    let quick = db.write(|c| c.first("SELECT 1", &[])).unwrap().unwrap();
    assert_eq!(quick.int(0).unwrap(), 1);
    assert_eq!(db.write_stats().reconnects, 0);
}

#[test]
fn a_plan_that_a_change_of_the_schema_made_stale_is_made_again() {
    on_each_empty_engine(|t| {
        table(&t.db);
        add(&t.db, 1).unwrap();
        let all = |db: &Db| db.read(|c| c.first("SELECT * FROM note", &[]));
        assert_eq!(all(&t.db).unwrap().unwrap().len(), 5);
        t.db.write(|c| c.batch("ALTER TABLE note ADD COLUMN more TEXT")).unwrap();
        // PostgreSQL tells the first user of an old plan; the second gets a new one.
        let row = all(&t.db).or_else(|_| all(&t.db)).unwrap().unwrap();
        assert_eq!(row.len(), 6);
    });
}

#[test]
fn a_schema_of_its_own_keeps_tests_on_one_server_apart() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let t = TestDb::empty(Engine::Postgres);
    t.db.write(|c| c.batch("CREATE SCHEMA other")).unwrap();
    let options = DbOptions { schema: Some("other".to_owned()), ..DbOptions::default() };
    let db = Db::open(&t.target, &options).unwrap();
    table(&t.db);
    table(&db);
    add(&db, 1).unwrap();
    assert_eq!((ids(&t.db).len(), ids(&db).len()), (0, 1));
    let bad = DbOptions { schema: Some("a; DROP".to_owned()), ..DbOptions::default() };
    assert!(matches!(Db::open(&t.target, &bad), Err(Fault::BadConfig { .. })));
}
