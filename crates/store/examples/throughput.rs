//! Measures durable writes and point reads of both engines: `cargo run --release -p bihuan-store --example throughput`.
//! PostgreSQL is measured with fsync when `BIHUAN_TEST_PG_FSYNC=1` is set.

#![allow(clippy::unwrap_used, reason = "a measurement may stop at the first surprise")]

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bihuan_store::db::Db;
use bihuan_store::fault::Fault;
use bihuan_store::{dialect, vals};
use bihuan_testkit::{TestDb, engines};

/// How long each figure is measured.
const SPAN: Duration = Duration::from_secs(3);

/// Rows that the point reads choose from, at least.
const ROWS: i64 = 20_000;

fn main() {
    for engine in engines() {
        let test = TestDb::empty(engine);
        let db = &test.db;
        let script = dialect::ddl(
            "CREATE TABLE note (id {PK}, unit_id BIGINT NOT NULL, day BIGINT NOT NULL, body TEXT NOT NULL) {STRICT};
             CREATE INDEX note_by_unit ON note (unit_id, day); CREATE INDEX note_by_day ON note (day);",
            engine,
        );
        let script = script.unwrap();
        db.write(move |c| c.batch(&script)).unwrap();
        let next = AtomicI64::new(1);
        let started = Instant::now();
        let body = "整改".repeat(30);
        let text = body.clone();
        let first = next.fetch_add(ROWS, Ordering::Relaxed);
        db.write(move |c| {
            let mut rows =
                (first..first + ROWS).map(|id| vals![id, id % 977, id % 366, text.as_str()].to_vec());
            c.bulk_insert("note", &["id", "unit_id", "day", "body"], &mut rows)
        })
        .unwrap();
        println!("{engine:?}: bulk {:.0} rows/s", ROWS as f64 / started.elapsed().as_secs_f64());
        for threads in [1, 16, 128] {
            let before = db.write_stats();
            let (rate, p99) = measure(threads, || {
                let id = next.fetch_add(1, Ordering::Relaxed);
                let body = body.clone();
                let sql = "INSERT INTO note (id, unit_id, day, body) VALUES ($1, $2, $3, $4)";
                db.write(move |c| c.exec(sql, &vals![id, id % 977, id % 366, body])).unwrap();
            });
            let after = db.write_stats();
            let grouped = (after.closures - before.closures) as f64 / (after.commits - before.commits) as f64;
            println!("{engine:?}: {threads} writers {rate:.0}/s, p99 {p99:?}, {grouped:.1} per commit");
        }
        point_reads(db);
    }
}

fn point_reads(db: &Db) {
    let sql = "SELECT body FROM note WHERE id = $1";
    let count = AtomicI64::new(0);
    let (rate, p99) = measure(1, || {
        let id = count.fetch_add(7919, Ordering::Relaxed) % ROWS + 1;
        db.read(|c| c.first(sql, &vals![id])).unwrap().unwrap();
    });
    println!("{:?}: point read through the pool {:.1} us, p99 {p99:?}", db.engine(), 1e6 / rate);
    let started = Instant::now();
    let inside: Result<(), Fault> = db.read(|c| {
        for i in 0..20_000 {
            c.first(sql, &vals![i * 7919 % ROWS + 1])?.unwrap();
        }
        Ok(())
    });
    inside.unwrap();
    println!(
        "{:?}: point read inside a closure {:.1} us",
        db.engine(),
        started.elapsed().as_secs_f64() * 1e6 / 20_000.0
    );
}

/// Calls per second, and the time that 99 of 100 calls stay under.
fn measure(threads: usize, call: impl Fn() + Sync) -> (f64, Duration) {
    let stop = AtomicBool::new(false);
    let started = Instant::now();
    let mut all: Vec<Duration> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut times = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let began = Instant::now();
                        call();
                        times.push(began.elapsed());
                    }
                    times
                })
            })
            .collect();
        thread::sleep(SPAN);
        stop.store(true, Ordering::Relaxed);
        workers.into_iter().flat_map(|w| w.join().unwrap()).collect()
    });
    let rate = all.len() as f64 / started.elapsed().as_secs_f64();
    all.sort_unstable();
    (rate, all[all.len() * 99 / 100])
}
