//! The writer thread: savepoints, panics, group commit.

use std::sync::mpsc;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use bihuan_store::db::{BATCH_CLOSURES, Conn, Db, DbOptions};
use bihuan_store::fault::Fault;
use bihuan_store::vals;
use bihuan_testkit::{TestDb, on_each_empty_engine};

use super::{add, ids, table};

const INSERT: &str = "INSERT INTO note (id) VALUES ($1)";

/// An error of a caller, as `app` would have one.
#[derive(Debug)]
enum Said {
    No,
    Fault(Fault),
}

impl From<Fault> for Said {
    fn from(fault: Fault) -> Said {
        Said::Fault(fault)
    }
}

/// Holds the writer thread in a closure until the answer is dropped, so that what is written meanwhile shares the
/// next commit.
fn hold(db: &Db) -> (mpsc::Sender<()>, thread::JoinHandle<Result<(), Fault>>) {
    let (release, wait) = mpsc::channel::<()>();
    let (held, is_held) = mpsc::channel();
    let db = db.clone();
    let thread = thread::spawn(move || {
        db.write(move |_| {
            held.send(()).unwrap();
            wait.recv().ok();
            Ok(())
        })
    });
    is_held.recv().unwrap();
    (release, thread)
}

type Task<T> = Box<dyn FnOnce(&mut Conn) -> Result<T, Said> + Send>;

/// Starts these writes while the writer is held, lets it go, and gives their answers in order.
fn together<T: Send + 'static>(db: &Db, jobs: Vec<Task<T>>) -> Vec<Result<T, Said>> {
    let (release, held) = hold(db);
    let threads: Vec<_> = jobs
        .into_iter()
        .map(|job| {
            let db = db.clone();
            let thread = thread::spawn(move || db.write(job));
            // In the queue in this order.
            thread::sleep(Duration::from_millis(15));
            thread
        })
        .collect();
    drop(release);
    held.join().unwrap().unwrap();
    threads.into_iter().map(|t| t.join().unwrap()).collect()
}

#[test]
fn a_written_row_is_read_back() {
    on_each_empty_engine(|t| {
        table(&t.db);
        add(&t.db, 7).unwrap();
        assert_eq!(ids(&t.db), [7]);
    });
}

#[test]
fn a_refused_closure_alone_is_rolled_back() {
    on_each_empty_engine(|t| {
        table(&t.db);
        let refused: Result<(), Said> = t.db.write(|c| {
            c.exec(INSERT, &vals![1])?;
            Err(Said::No)
        });
        assert!(matches!(refused, Err(Said::No)));
        assert!(ids(&t.db).is_empty());
        add(&t.db, 2).unwrap();
        assert_eq!(ids(&t.db), [2]);
    });
}

#[test]
fn in_a_shared_commit_only_the_failing_the_panicking_and_the_refusing_are_undone() {
    on_each_empty_engine(|t| {
        table(&t.db);
        let before = t.db.write_stats();
        let answers = together::<()>(
            &t.db,
            vec![
                Box::new(|c| Ok(c.exec(INSERT, &vals![1]).map(|_| ())?)),
                Box::new(|c| {
                    c.exec(INSERT, &vals![2])?;
                    Ok(c.exec(INSERT, &vals![1]).map(|_| ())?)
                }),
                Box::new(|c| {
                    c.exec(INSERT, &vals![3])?;
                    panic!("三号出错")
                }),
                Box::new(|c| {
                    c.exec(INSERT, &vals![4])?;
                    Err(Said::No)
                }),
                Box::new(|c| Ok(c.exec(INSERT, &vals![5]).map(|_| ())?)),
            ],
        );
        assert!(matches!(&answers[0], Ok(())));
        assert!(matches!(&answers[1], Err(Said::Fault(f)) if f.is_unique_violation()), "{:?}", answers[1]);
        assert!(
            matches!(&answers[2], Err(Said::Fault(Fault::Panicked { message })) if message == "三号出错"),
            "{:?}",
            answers[2]
        );
        assert!(matches!(&answers[3], Err(Said::No)));
        assert!(matches!(&answers[4], Ok(())));
        assert_eq!(ids(&t.db), [1, 5]);
        let after = t.db.write_stats();
        assert_eq!(after.closures - before.closures, 6, "the held one and the five");
        // A slow machine may cut a batch by its time, and printing a panic takes long.
        assert!(after.commits - before.commits <= 4, "the five shared commits: {before:?} {after:?}");
    });
}

#[test]
fn a_closure_that_hides_a_failed_statement_is_undone_on_both_engines() {
    on_each_empty_engine(|t| {
        table(&t.db);
        add(&t.db, 1).unwrap();
        let hidden: Result<(), Fault> = t.db.write(|c| {
            c.exec(INSERT, &vals![2])?;
            assert!(c.exec(INSERT, &vals![1]).is_err());
            // The second statement is refused too, as PostgreSQL would.
            assert!(matches!(c.exec(INSERT, &vals![3]), Err(Fault::Poisoned { .. })));
            Ok(())
        });
        let hidden = hidden.unwrap_err();
        assert!(matches!(hidden, Fault::Poisoned { .. }) && hidden.is_unique_violation(), "{hidden:?}");
        assert_eq!(ids(&t.db), [1]);
    });
}

#[test]
fn an_attempt_fails_alone_and_the_closure_goes_on() {
    on_each_empty_engine(|t| {
        table(&t.db);
        add(&t.db, 1).unwrap();
        let kept: Result<i64, Fault> = t.db.write(|c| {
            let mut bad = 0;
            for id in 0..5 {
                let done: Result<(), Fault> = c.attempt(|c| {
                    c.exec("INSERT INTO note (id, amount) VALUES ($1, 1)", &vals![id + 10])?;
                    c.attempt(|c| c.exec(INSERT, &vals![id]))?;
                    Ok(())
                });
                bad += i64::from(done.is_err());
            }
            // A hidden failure inside an attempt undoes the attempt.
            let hidden: Result<(), Fault> = c.attempt(|c| {
                c.exec(INSERT, &vals![90])?;
                c.exec(INSERT, &vals![1]).ok();
                Ok(())
            });
            assert!(matches!(hidden, Err(Fault::Poisoned { .. })));
            c.exec(INSERT, &vals![99])?;
            Ok(bad)
        });
        assert_eq!(kept.unwrap(), 1);
        assert_eq!(ids(&t.db), [0, 1, 2, 3, 4, 10, 12, 13, 14, 99]);
    });
}

#[test]
fn sixteen_threads_lose_nothing_and_their_commits_are_shared() {
    const THREADS: i64 = 16;
    const EACH: i64 = 60;
    on_each_empty_engine(|t| {
        table(&t.db);
        let before = t.db.write_stats();
        let start = Arc::new(Barrier::new(THREADS as usize));
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (db, start) = (t.db.clone(), Arc::clone(&start));
                thread::spawn(move || {
                    start.wait();
                    (0..EACH).for_each(|i| assert_eq!(add(&db, thread * 1000 + i).unwrap(), 1));
                })
            })
            .collect();
        threads.into_iter().for_each(|t| t.join().unwrap());
        let after = t.db.write_stats();
        let written = (THREADS * EACH) as u64;
        assert_eq!(after.closures - before.closures, written);
        assert!(after.commits - before.commits <= written / 2, "{before:?} {after:?}");
        // A second opening sees it all: it is on the disk, not in the first one's memory.
        let again = Db::open(&t.target, &DbOptions::default()).unwrap();
        assert_eq!(ids(&again).len() as u64, written);
    });
}

#[test]
fn a_batch_holds_no_more_than_its_limit() {
    on_each_empty_engine(|t| {
        table(&t.db);
        let before = t.db.write_stats();
        let (release, held) = hold(&t.db);
        let threads: Vec<_> = (0..BATCH_CLOSURES as i64 + 44)
            .map(|id| {
                let db = t.db.clone();
                thread::spawn(move || add(&db, id))
            })
            .collect();
        thread::sleep(Duration::from_millis(200));
        drop(release);
        held.join().unwrap().unwrap();
        threads.into_iter().for_each(|t| assert_eq!(t.join().unwrap().unwrap(), 1));
        let commits = t.db.write_stats().commits - before.commits;
        assert!(commits >= 2, "{commits}");
        assert_eq!(ids(&t.db).len(), BATCH_CLOSURES + 44);
    });
}

#[test]
fn nobody_is_answered_before_the_commit() {
    on_each_empty_engine(|t| {
        table(&t.db);
        let db = t.db.clone();
        let (asked, ask) = mpsc::channel::<()>();
        let (told, tell) = mpsc::channel();
        let looker = thread::spawn(move || {
            ask.recv().unwrap();
            told.send(ids(&db)).unwrap();
        });
        let seen: Result<Vec<i64>, Fault> = t.db.write(move |c| {
            c.exec(INSERT, &vals![1])?;
            asked.send(()).unwrap();
            Ok(tell.recv().unwrap())
        });
        assert!(seen.unwrap().is_empty(), "another reader sees nothing of an open write");
        assert_eq!(ids(&t.db), [1], "after the answer everybody sees it");
        looker.join().unwrap();
    });
}

#[test]
fn a_call_from_inside_a_closure_of_the_same_database_is_an_error_and_no_deadlock() {
    on_each_empty_engine(|t| {
        table(&t.db);
        let (inner, other) = (t.db.clone(), TestDb::empty(t.engine()));
        table(&other.db);
        let other_db = other.db.clone();
        let done: Result<(), Fault> = t.db.write(move |_| {
            assert!(matches!(add(&inner, 1), Err(Fault::Nested)));
            let read: Result<(), Fault> = inner.read(|_| Ok(()));
            assert!(matches!(read, Err(Fault::Nested)));
            // Another database may be used: a copy from one engine to the other does that.
            add(&other_db, 1).map(|_| ())
        });
        done.unwrap();
        let read: Result<(), Fault> = t.db.read(|_| {
            assert!(matches!(add(&t.db, 1), Err(Fault::Nested)));
            Ok(())
        });
        read.unwrap();
        add(&t.db, 5).unwrap();
        assert_eq!((ids(&t.db), ids(&other.db)), (vec![5], vec![1]));
    });
}

#[test]
fn the_mark_of_being_inside_goes_with_a_panic() {
    on_each_empty_engine(|t| {
        table(&t.db);
        for _ in 0..20 {
            let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                let _: Result<(), Fault> = t.db.read(|_| panic!("while reading"));
            }));
            assert!(caught.is_err());
        }
        add(&t.db, 1).unwrap();
        assert_eq!(ids(&t.db), [1], "more panics than read connections, and reading still works");
    });
}

#[test]
fn a_closure_cannot_end_the_transaction() {
    on_each_empty_engine(|t| {
        table(&t.db);
        for word in ["COMMIT", " rollback;", "BEGIN", "end", "SAVEPOINT x", "RELEASE job"] {
            let done: Result<u64, Fault> = t.db.write(move |c| c.exec(word, &[]));
            assert!(matches!(done, Err(Fault::Misuse { .. })), "{word}: {done:?}");
        }
        add(&t.db, 1).unwrap();
    });
}

#[test]
fn writes_that_wait_when_the_last_handle_goes_are_still_done() {
    on_each_empty_engine(|t| {
        let second = Db::open(&t.target, &DbOptions::default()).unwrap();
        table(&t.db);
        let writers: Vec<_> = (0..50)
            .map(|id| {
                let db = second.clone();
                thread::spawn(move || add(&db, id))
            })
            .collect();
        drop(second);
        writers.into_iter().for_each(|w| assert_eq!(w.join().unwrap().unwrap(), 1));
        assert_eq!(ids(&t.db).len(), 50);
    });
}
