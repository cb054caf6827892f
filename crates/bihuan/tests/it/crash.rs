//! `bihuan serve` is killed at random moments while several clients write over HTTP, again and again on the same data:
//! no acknowledged change is lost and no half change stays, on both engines (M48).

mod county;
mod http;
mod import;

use crate::support::{bihuan, ran};
use bihuan_domain::id::ProblemId;
use bihuan_domain::problem::Problem;
use bihuan_store::bench::Seeded;
use bihuan_store::db::{DbOptions, Engine, Target};
use bihuan_store::journal::{self, EntryFilter};
use bihuan_store::{Db, Fault};
use bihuan_testkit::{TestDb, engines, require_all};
use county::{BUREAU, CAMPAIGN, TOWN, Tokens};
use http::Client;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Kills on each engine when nothing may be skipped, and otherwise.
const KILLS: [usize; 2] = [200, 6];
/// `bihuan verify` looks at everything after this many kills.
const CHECK_EVERY: usize = 50;
/// Clients that write at the same time, each over a connection of its own.
const CLIENTS: usize = 4;
/// Progress notes of a problem after its measure.
const NOTES: usize = 3;
/// The longest time from the first acknowledged change to the kill.
const WRITING_MS_MAX: i64 = 200;
/// Of so many kills one comes while the program is still starting or before its first answer,
const EARLY_EVERY: usize = 8;
/// at most so long after the start.
const EARLY_MS_MAX: i64 = 120;
/// How long a start may take until the first change is acknowledged.
const START_LIMIT: Duration = Duration::from_secs(30);

#[test]
fn a_kill_at_any_moment_loses_no_acknowledged_change_and_leaves_no_half_change() {
    for engine in engines() {
        let place = Place::new(engine);
        let tokens = place.with_db(|db| county::plant(db, bihuan_store::clock::now()));
        let kills = if require_all() { KILLS[0] } else { KILLS[1] };
        let mut random = Seeded::new(20_240_601);
        let mut sum = Sum::default();
        let began = Instant::now();
        for kill in 1..=kills {
            let moment = Moment::of(kill, engine, &mut random);
            let acks = run_and_kill(&place, &tokens, moment, &mut sum);
            place.with_db(|db| check_acknowledged(db, &acks));
            sum.acknowledged += acks.len();
            if kill % CHECK_EVERY == 0 || kill == kills {
                check_whole(&place);
            }
        }
        sum.starts.sort();
        println!(
            "{engine:?}: {kills} kills of serve, {} acknowledged changes, {} requests cut off, first answer {:?} \
             after the start at the median and {:?} at most, {:?} in all",
            sum.acknowledged,
            sum.cut_off,
            sum.starts[sum.starts.len() / 2],
            sum.starts[sum.starts.len() - 1],
            began.elapsed()
        );
        assert!(sum.acknowledged >= kills * 5, "{engine:?}: hardly anything was written");
        assert!(sum.cut_off >= kills / 2, "{engine:?}: the kills met no request under way");
    }
}

/// What all runs came to.
#[derive(Default)]
struct Sum {
    acknowledged: usize,
    /// Requests whose answer never came: they may stand or not, but wholly.
    cut_off: usize,
    /// From the start of the program to the first acknowledged change.
    starts: Vec<Duration>,
}

/// When a run ends.
struct Moment {
    /// After the start, or after the first acknowledged change.
    early: bool,
    wait: Duration,
    /// On PostgreSQL, takes the program's connections away under its feet half-way.
    disturb: bool,
}

impl Moment {
    fn of(kill: usize, engine: Engine, random: &mut Seeded) -> Moment {
        let early = kill.is_multiple_of(EARLY_EVERY);
        let most = if early { EARLY_MS_MAX } else { WRITING_MS_MAX };
        let wait = Duration::from_millis(random.below(most) as u64);
        Moment { early, wait, disturb: !early && engine == Engine::Postgres && kill.is_multiple_of(5) }
    }
}

/// The data of one engine. Nothing but the program keeps it open while it runs.
struct Place {
    folder: tempfile::TempDir,
    target: Target,
    _server: Option<TestDb>,
}

impl Place {
    fn new(engine: Engine) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        let place = match engine {
            Engine::Sqlite => {
                let target = Target::Sqlite(folder.path().join("bihuan.db"));
                Place { folder, target, _server: None }
            }
            Engine::Postgres => {
                let server = TestDb::new(engine);
                Place { folder, target: server.target.clone(), _server: Some(server) }
            }
        };
        place.with_db(|db| bihuan_store::migrate::migrate(db).expect("the schema is made"));
        place
    }

    fn with_db<T>(&self, work: impl FnOnce(&Db) -> T) -> T {
        let options = DbOptions { read_connections: 1, ..DbOptions::default() };
        let db = Db::open(&self.target, &options).expect("the database opens after a kill");
        work(&db)
    }

    fn command(&self, name: &str) -> Command {
        let mut command = bihuan();
        command.arg(name).arg("--data").arg(self.folder.path());
        if let Target::Postgres(url) = &self.target {
            command.arg("--database").arg(url);
        }
        command
    }

    /// Starts the server; its address comes when it listens.
    fn serve(&self) -> (Child, Receiver<String>) {
        let mut command = self.command("serve");
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let out = child.stdout.take().expect("its output is piped");
        let (tell, told) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if let Some((_, rest)) = line.split_once("http://") {
                    // Whoever asked may have given up waiting.
                    let _gone = tell.send(rest.trim_end_matches('/').to_owned());
                }
            }
        });
        (child, told)
    }
}

/// One acknowledged change: the problem's row version and the entry's number.
struct Ack {
    problem: i64,
    version: i64,
    seq: i64,
}

/// What a client tells.
enum Told {
    Acknowledged(Ack),
    CutOff,
    /// An answer that is none of a change: a rule that said no is a fault of this test.
    Refused(String),
}

/// Starts the program, lets the clients write, kills it; answers with what had been acknowledged.
fn run_and_kill(place: &Place, tokens: &Tokens, moment: Moment, sum: &mut Sum) -> Vec<Ack> {
    let began = Instant::now();
    let (mut child, address) = place.serve();
    let (tell, told) = channel();
    let clients = {
        let tokens = tokens.clone();
        std::thread::spawn(move || {
            let Ok(host) = address.recv_timeout(START_LIMIT) else { return };
            let writers: Vec<_> = (0..CLIENTS)
                .map(|n| {
                    let (host, tokens, tell) = (host.clone(), tokens.clone(), tell.clone());
                    std::thread::spawn(move || write_until_killed(&host, &tokens, n, &tell))
                })
                .collect();
            drop(tell);
            writers.into_iter().for_each(|writer| writer.join().expect("a client panicked"));
        })
    };
    let mut acks = Vec::new();
    if !moment.early {
        match told.recv_timeout(START_LIMIT) {
            Ok(Told::Acknowledged(ack)) => acks.push(ack),
            Ok(Told::Refused(why)) => panic!("a change was refused: {why}"),
            _ => {
                drop(child.kill());
                panic!("nothing was written: {}", ran(child.wait_with_output().expect("it has ended")).err);
            }
        }
        sum.starts.push(began.elapsed());
    }
    std::thread::sleep(moment.wait / 2);
    if moment.disturb {
        place.with_db(|db| bihuan_store::dialect::end_other_connections(db).expect("they are ended"));
    }
    std::thread::sleep(moment.wait / 2);
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    clients.join().expect("the clients have ended");
    for word in told {
        match word {
            Told::Acknowledged(ack) => acks.push(ack),
            Told::CutOff => sum.cut_off += 1,
            Told::Refused(why) => assert!(moment.disturb, "a change was refused: {why}"),
        }
    }
    acks
}

fn write_until_killed(host: &str, tokens: &Tokens, client: usize, tell: &Sender<Told>) {
    let Ok(mut connection) = Client::connect(host) else { return };
    for n in 0.. {
        let mut writer = Writer { connection: &mut connection, tell, problem: 0 };
        match writer.one_problem(tokens, client, n) {
            Ok(()) => {}
            Err(Stop::Killed) => return,
            // The server lost its own connection: what was acknowledged stays so, the next problem is new.
            Err(Stop::Refused) => {}
        }
    }
}

enum Stop {
    Killed,
    Refused,
}

struct Writer<'a> {
    connection: &'a mut Client,
    tell: &'a Sender<Told>,
    problem: i64,
}

impl Writer<'_> {
    fn one_problem(&mut self, tokens: &Tokens, client: usize, n: usize) -> Result<(), Stop> {
        let text = format!("第{client}人第{n}件：通组路约{}米路面破损。", 20 + n % 300);
        let due = bihuan_store::clock::now().day_in_china().plus_days(30).in_chinese();
        self.step(
            "",
            &tokens.clerk,
            &json!({
                "campaign": CAMPAIGN, "unit": TOWN, "text": text, "place": "青岚镇", "category": "livelihood",
                "source": "self-check",
            }),
        )?;
        self.step("/screen", &tokens.secretary, &json!({ "decision": "accept" }))?;
        self.step("/screen", &tokens.office, &json!({ "decision": "accept" }))?;
        let order = json!({ "lead": TOWN, "checking": BUREAU, "deadline": format!("{due}前") });
        self.step("/assign", &tokens.office, &order)?;
        self.step("/sign", &tokens.clerk, &json!({}))?;
        self.step("/measures", &tokens.clerk, &json!({ "measure": "挖补破损路面并铺设面层" }))?;
        for step in 0..NOTES {
            let note = json!({ "note": format!("第{step}次填报：正在施工。") });
            self.step("/progress", &tokens.clerk, &note)?;
        }
        Ok(())
    }

    fn step(&mut self, verb: &str, token: &str, body: &Value) -> Result<(), Stop> {
        let path = match verb {
            "" => "/api/v1/problems".to_owned(),
            _ => format!("/api/v1/problems/{}{verb}", self.problem),
        };
        let (word, done) = match self.connection.post(&path, token, body) {
            Err(_) => (Told::CutOff, Err(Stop::Killed)),
            Ok((200..=299, answer)) => {
                let ack = ack_of(&answer);
                self.problem = ack.problem;
                (Told::Acknowledged(ack), Ok(()))
            }
            Ok((status, answer)) => (Told::Refused(format!("{path}: {status} {answer}")), Err(Stop::Refused)),
        };
        // The one who counts listens until the last client has ended.
        let _heard = self.tell.send(word);
        done
    }
}

fn ack_of(answer: &str) -> Ack {
    let value: Value = serde_json::from_str(answer).expect("a whole answer is JSON");
    let number = |value: &Value| value.as_i64().unwrap_or_else(|| panic!("no number in {answer}"));
    Ack {
        problem: number(&value["problem"]["id"]),
        version: number(&value["problem"]["version"]),
        seq: number(&value["entry"]),
    }
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
            let entries = entries_of(conn, id)?;
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

fn entries_of(conn: &mut bihuan_store::Conn, problem: i64) -> Result<BTreeSet<i64>, Fault> {
    let filter = EntryFilter { subject: Some(("problem".to_owned(), problem)), ..EntryFilter::default() };
    Ok(journal::list(conn, &filter, 100)?.iter().map(|entry| entry.seq).collect())
}

/// The chain and the roll-ups, as the operator looks; and that no problem was written by half, acknowledged or not.
fn check_whole(place: &Place) {
    let done = ran(place.command("verify").output().expect("the program starts"));
    assert_eq!(done.code, 0, "verify: {}{}", done.out, done.err);
    place.with_db(|db| {
        db.read(|conn| -> Result<(), Fault> {
            for id in 1..=bihuan_store::problem::last_id(conn)? {
                let Some(problem) = journal::by_id::<Problem>(conn, id)? else { continue };
                let case =
                    bihuan_store::problem::load_case(conn, ProblemId(id))?.expect("a problem has a case");
                assert!(!case.parties.is_empty() && !case.rounds.is_empty(), "problem {id} is a half");
                let owes = problem.state.doer_owes();
                assert_eq!(owes, problem.clock_day.is_some(), "problem {id}: state and clock differ");
                let entries = entries_of(conn, id)?.len() as i64;
                assert_eq!(problem.version, entries, "problem {id}: rows and entries differ");
            }
            Ok(())
        })
        .expect("the database answers");
    });
}
