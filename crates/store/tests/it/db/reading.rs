//! Readers: snapshots, the pool, streaming.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use bihuan_store::db::{Db, DbOptions};
use bihuan_store::fault::Fault;
use bihuan_store::vals;
use bihuan_testkit::on_each_empty_engine;

use super::{add, ids, table};

#[test]
fn one_read_sees_one_state() {
    on_each_empty_engine(|t| {
        table(&t.db);
        add(&t.db, 1).unwrap();
        let writer = t.db.clone();
        let counted: Result<(i64, i64), Fault> = t.db.read(|c| {
            let count = "SELECT COUNT(*) FROM note";
            let first = c.first(count, &[])?.unwrap().int(0)?;
            let other = writer.clone();
            thread::spawn(move || add(&other, 2)).join().unwrap()?;
            Ok((first, c.first(count, &[])?.unwrap().int(0)?))
        });
        assert_eq!(counted.unwrap(), (1, 1));
        assert_eq!(ids(&t.db), [1, 2]);
    });
}

#[test]
fn a_read_cannot_write() {
    on_each_empty_engine(|t| {
        table(&t.db);
        let wrote = t.db.read(|c| c.exec("INSERT INTO note (id) VALUES (1)", &[]));
        assert!(matches!(wrote, Err(Fault::Sql { .. })), "{wrote:?}");
        assert!(ids(&t.db).is_empty());
    });
}

#[test]
fn a_reader_that_finds_no_free_connection_is_told_after_its_limit() {
    on_each_empty_engine(|t| {
        let options =
            DbOptions { read_connections: 2, pool_wait: Duration::from_millis(100), ..DbOptions::default() };
        let db = Db::open(&t.target, &options).unwrap();
        let held = mpsc::channel();
        let mut threads = Vec::new();
        let release_both: Vec<_> = (0..2)
            .map(|_| {
                let (db, tell) = (db.clone(), held.0.clone());
                let (go, wait) = mpsc::channel::<()>();
                threads.push(thread::spawn(move || {
                    let done: Result<(), Fault> = db.read(|_| {
                        tell.send(()).unwrap();
                        wait.recv().ok();
                        Ok(())
                    });
                    done.unwrap();
                }));
                held.1.recv().unwrap();
                go
            })
            .collect();
        let started = Instant::now();
        let full: Result<(), Fault> = db.read(|_| Ok(()));
        assert!(matches!(full, Err(Fault::Busy { .. })), "{full:?}");
        assert!(started.elapsed() >= Duration::from_millis(100));
        drop(release_both);
        threads.into_iter().for_each(|t| t.join().unwrap());
        let free: Result<(), Fault> = db.read(|_| Ok(()));
        free.unwrap();
    });
}

/// Set in the process that runs one test alone, because it reads the memory of the whole process.
const ALONE: &str = "BIHUAN_TEST_ALONE";

/// Runs the test of this name in a process of its own; `true` in that process.
fn is_alone(name: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let own = std::env::current_exe().unwrap();
    let done = std::process::Command::new(own)
        .args(["--exact", name, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    print!("{}", String::from_utf8_lossy(&done.stdout));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    false
}

#[test]
fn two_hundred_thousand_rows_stream_without_being_kept() {
    const ROWS: i64 = 200_000;
    if !is_alone("db::reading::two_hundred_thousand_rows_stream_without_being_kept") {
        return;
    }
    on_each_empty_engine(|t| {
        table(&t.db);
        let added = t.db.write(|c| {
            let text = "佐证材料".repeat(40);
            let mut rows = (0..ROWS).map(|i| vals![i, format!("{i}{text}"), i * 2].to_vec());
            c.bulk_insert("note", &["id", "body", "amount"], &mut rows)
        });
        assert_eq!(added.unwrap(), ROWS as u64);
        let before = resident_kib();
        let mut peak = before;
        let (mut seen, mut sum) = (0, 0);
        let read: Result<(), Fault> = t.db.read(|c| {
            c.each("SELECT id, body, amount FROM note ORDER BY id", &[], &mut |row| {
                assert_eq!(row.int(0)?, seen);
                sum += row.int(2)?;
                seen += 1;
                if seen % 20_000 == 0 {
                    peak = peak.max(resident_kib());
                }
                Ok(())
            })
        });
        read.unwrap();
        assert_eq!((seen, sum), (ROWS, ROWS * (ROWS - 1)));
        // All rows together are about 100 MB.
        assert!(peak - before < 40 * 1024, "grew by {} KiB", peak - before);
    });
}

#[test]
fn a_stream_can_be_left_early_and_the_connection_goes_on() {
    on_each_empty_engine(|t| {
        table(&t.db);
        (1..=20).for_each(|id| assert_eq!(add(&t.db, id).unwrap(), 1));
        let read: Result<i64, Fault> = t.db.read(|c| {
            let mut seen = 0;
            let left = c.each("SELECT id FROM note ORDER BY id", &[], &mut |_| {
                seen += 1;
                if seen == 3 { Err(Fault::misuse("enough")) } else { Ok(()) }
            });
            assert!(matches!(left, Err(Fault::Misuse { .. })));
            assert_eq!(seen, 3);
            // Not a failed statement, so the transaction is still good.
            c.first("SELECT COUNT(*) FROM note", &[])?.unwrap().int(0)
        });
        assert_eq!(read.unwrap(), 20);
    });
}

/// Resident memory of this process; 0 where it cannot be read.
fn resident_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0)
}
