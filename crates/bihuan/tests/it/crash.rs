//! The program is killed at random moments while several people write, again and again: no acknowledged change is
//! lost and no half change stays, on both engines (M48).

use crate::support::{bihuan, ran};
use bihuan_domain::id::ProblemId;
use bihuan_domain::problem::Problem;
use bihuan_store::bench::Seeded;
use bihuan_store::journal::{self, EntryFilter};
use bihuan_store::{Db, Fault, rollup};
use bihuan_testkit::{TestDb, on_each_engine, require_all};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Kills on each engine when nothing may be skipped, and otherwise.
const KILLS: [usize; 2] = [200, 6];
/// The whole journal and all roll-ups are checked after this many kills.
const CHECK_EVERY: usize = 40;
/// How long a run may take to acknowledge its first change.
const START_LIMIT: Duration = Duration::from_secs(30);

#[test]
fn a_kill_at_any_moment_loses_no_acknowledged_change_and_leaves_no_half_change() {
    on_each_engine(|test| {
        prepare(test);
        let kills = if require_all() { KILLS[0] } else { KILLS[1] };
        let mut random = Seeded::new(20_240_601);
        let (mut acknowledged, began) = (0, Instant::now());
        for kill in 1..=kills {
            let disturb = kill % 5 == 0;
            let acks = run_and_kill(test, Duration::from_millis(random.below(220) as u64), disturb);
            assert!(!acks.is_empty(), "run {kill} acknowledged nothing");
            acknowledged += acks.len();
            check_acknowledged(&test.db, &acks);
            if kill % CHECK_EVERY == 0 || kill == kills {
                check_whole(&test.db);
            }
        }
        println!(
            "{:?}: {kills} kills, {acknowledged} acknowledged changes, {:?}",
            test.engine(),
            began.elapsed()
        );
    });
}

fn torture(test: &TestDb) -> Command {
    let mut command = bihuan();
    command.arg("torture");
    match &test.target {
        bihuan_store::db::Target::Sqlite(path) => {
            command.arg("--data").arg(path.parent().expect("the file lies in a folder"));
        }
        bihuan_store::db::Target::Postgres(url) => {
            command.arg("--database").arg(url);
        }
    }
    command
}

fn prepare(test: &TestDb) {
    let done = ran(torture(test).arg("--prepare").output().expect("the program starts"));
    assert_eq!(done.code, 0, "{}", done.err);
}

/// One acknowledged change: the problem's row version and the entry's number.
struct Ack {
    problem: i64,
    version: i64,
    seq: i64,
}

/// Starts the program, lets it write for a while after its first acknowledgement, kills it.
fn run_and_kill(test: &TestDb, after: Duration, disturb: bool) -> Vec<Ack> {
    let mut child =
        torture(test).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let out = child.stdout.take().expect("its output is piped");
    let (told, first) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut acks = Vec::new();
        let mut lines = BufReader::new(out);
        let mut line = String::new();
        // The last line may be cut off by the kill: without its end it was not read as acknowledged.
        while lines.read_line(&mut line).is_ok_and(|n| n > 0) && line.ends_with('\n') {
            acks.push(ack(&line));
            line.clear();
            let _nobody_waits = told.send(());
        }
        acks
    });
    if first.recv_timeout(START_LIMIT).is_err() {
        drop(child.kill());
        let done = ran(child.wait_with_output().expect("it has ended"));
        panic!("nothing was acknowledged: {}", done.err);
    }
    std::thread::sleep(after / 2);
    if disturb {
        end_server_connections(&test.db);
    }
    std::thread::sleep(after / 2);
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    reader.join().expect("its output was read")
}

fn ack(line: &str) -> Ack {
    let mut numbers = line.split_whitespace().map(|word| word.parse().expect("a number"));
    let mut next = || numbers.next().expect("three numbers a line");
    Ack { problem: next(), version: next(), seq: next() }
}

/// On PostgreSQL, takes the program's connections away under its feet; on SQLite there is nothing to take.
fn end_server_connections(db: &Db) {
    bihuan_store::dialect::end_other_connections(db).expect("the connections are ended");
}

fn check_acknowledged(db: &Db, acks: &[Ack]) {
    let mut by_problem: BTreeMap<i64, Vec<&Ack>> = BTreeMap::new();
    for ack in acks {
        by_problem.entry(ack.problem).or_default().push(ack);
    }
    db.read(|conn| -> Result<(), Fault> {
        for (id, acks) in by_problem {
            let problem: Option<Problem> = journal::by_id(conn, id)?;
            let problem = problem.unwrap_or_else(|| panic!("problem {id} was acknowledged and is gone"));
            let filter = EntryFilter { subject: Some(("problem".to_owned(), id)), ..EntryFilter::default() };
            let entries: Vec<i64> =
                journal::list(conn, &filter, 100)?.iter().map(|entry| entry.seq).collect();
            for ack in acks {
                assert!(problem.version >= ack.version, "problem {id}: version {} is lost", ack.version);
                assert!(entries.contains(&ack.seq), "problem {id}: entry {} is lost", ack.seq);
            }
            // Each step writes the row once and leaves one entry: more or fewer would be half a change.
            assert_eq!(problem.version, entries.len() as i64, "problem {id}: rows and entries differ");
        }
        Ok(())
    })
    .expect("the database answers");
}

fn check_whole(db: &Db) {
    db.read(|conn| -> Result<(), Fault> {
        let chain = journal::verify_chain(conn, &mut |_| {})?;
        assert!(chain.fault.is_none(), "the chain is broken: {:?}", chain.fault);
        let drift = rollup::recount(conn, 5)?;
        assert!(drift.is_empty(), "the roll-ups drifted: {drift:?}");
        for id in 1..=bihuan_store::problem::last_id(conn)? {
            let Some(problem) = journal::by_id::<Problem>(conn, id)? else { continue };
            let case = bihuan_store::problem::load_case(conn, ProblemId(id))?.expect("a problem has a case");
            assert!(!case.parties.is_empty() && !case.rounds.is_empty(), "problem {id} was written by half");
            let owes = problem.state.doer_owes();
            assert_eq!(owes, problem.clock_day.is_some(), "problem {id}: state and clock differ");
        }
        Ok(())
    })
    .expect("the database answers");
}
