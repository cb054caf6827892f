//! The made-up county.

use crate::support::{bihuan, filled, run, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

fn problems() -> Vec<Value> {
    let ran = run(&["export", "--data", text(filled())]);
    ran.out.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

#[test]
fn the_county_shows_every_state_and_every_outcome() {
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    let mut outcomes: BTreeSet<String> = BTreeSet::new();
    for problem in problems() {
        *states.entry(problem["state"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        outcomes.extend(problem["outcome"].as_str().map(str::to_owned));
    }
    for state in [
        "registered",
        "screened",
        "accepted",
        "assigned",
        "rectifying",
        "reported",
        "sent_back",
        "proposed",
        "handed_up",
        "closed",
    ] {
        assert!(states.contains_key(state), "no problem is {state}: {states:?}");
    }
    for outcome in
        ["solved", "closed_unsolved", "not_true", "transferred", "standing", "merged", "split", "dropped"]
    {
        assert!(outcomes.contains(outcome), "no problem is {outcome}: {outcomes:?}");
    }
}

#[test]
fn the_countys_texts_are_not_alike() {
    let all = problems();
    let texts: BTreeSet<&str> = all.iter().filter_map(|problem| problem["problem"].as_str()).collect();
    assert!(texts.len() + 5 >= all.len(), "{} of {} texts are different", texts.len(), all.len());
    assert!(all.iter().any(|problem| problem["round"].as_i64() > Some(1)), "nothing was opened again");
    assert!(all.iter().any(|problem| problem["extensions"].as_i64() > Some(0)), "no extension was granted");
}

#[test]
fn the_countys_journal_and_figures_hold() {
    let ran = run(&["verify", "--data", text(filled()), "--json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn a_demonstration_is_only_served_to_this_machine_and_spares_other_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = run(&["demo", "--data", text(folder.path()), "--listen", "0.0.0.0:0"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("本机"), "{}", refused.err);
    assert_eq!(run(&["init", "--data", text(folder.path())]).code, 0);
    let refused = run(&["demo", "--data", text(folder.path()), "--fresh", "--fill-only"]);
    assert_eq!(refused.code, 2, "data that is no demonstration was replaced");
}

/// The answer to one GET, read to its end.
fn get(address: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[test]
fn the_first_page_is_there_while_the_county_is_still_being_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let began = Instant::now();
    let mut child = bihuan()
        .args(["demo", "--listen", "127.0.0.1:0", "--data", text(folder.path())])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
    let first = lines.next().expect("a line").expect("it is text");
    let address =
        first.split("http://").nth(1).expect("an address").split('/').next().expect("a host").to_owned();
    let page = get(&address, "/").expect("a page");
    assert!(began.elapsed() < Duration::from_secs(30), "the first page took {:?}", began.elapsed());
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("正在准备"), "{page}");
    let ready = lines.map_while(Result::ok).any(|line| line.contains("演示已就绪"));
    assert!(ready, "it did not become ready");
    let start = get(&address, "/demo").expect("the start page");
    child.kill().expect("it is ended");
    child.wait().expect("it has ended");
    assert!(start.starts_with("HTTP/1.1 200") && start.contains("登录") | start.contains("进入"), "{start}");
}

/// Columns whose value is a name given by people or by the system, though it looks like a code.
const NO_CODES: &[&str] = &["code", "login", "digest", "name", "media_type", "text", "href", "note"];

fn looks_like_a_code(value: &str) -> bool {
    value.len() >= 3
        && value.starts_with(|c: char| c.is_ascii_lowercase())
        && value.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

#[test]
fn no_code_of_the_countys_journal_is_shown_without_words() {
    use bihuan_app::journal::words;
    use bihuan_domain::template::Template;
    use bihuan_store::db::{DbOptions, Target};
    use bihuan_store::{Db, journal};
    let copy = crate::support::copy_of_filled();
    let target = Target::Sqlite(copy.path().join("bihuan.db"));
    let db = Db::open(&target, &DbOptions::default()).expect("it opens");
    let entries = db
        .read(|conn| journal::list(conn, &journal::EntryFilter::default(), i64::from(i32::MAX)))
        .expect("its entries");
    assert!(entries.len() > 5_000, "only {} entries", entries.len());
    let mut templates: BTreeMap<i64, Template> = BTreeMap::new();
    let mut bare: BTreeSet<String> = BTreeSet::new();
    for entry in &entries {
        if words::action(&entry.action) == entry.action {
            bare.insert(entry.action.clone());
        }
        if words::subject(&entry.subject_kind) == entry.subject_kind {
            bare.insert(entry.subject_kind.clone());
        }
        let body: Value = serde_json::from_str(&entry.body).expect("a body");
        for row in body["rows"].as_array().into_iter().flatten() {
            let table = row["table"].as_str().unwrap_or_default();
            for (column, value) in row["set"].as_object().into_iter().flatten() {
                let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
                let codes = values.iter().filter_map(Value::as_str).filter(|code| looks_like_a_code(code));
                for code in codes.filter(|_| !NO_CODES.contains(&column.as_str())) {
                    let mut of_campaign = || {
                        let id = entry.campaign?;
                        let template = templates.entry(id.0).or_insert_with(|| template_of(&db, id.0));
                        words::in_template(template, table, column, code)
                    };
                    if words::coded(table, column, code).is_none() && of_campaign().is_none() {
                        bare.insert(format!("{table}.{column} = {code}"));
                    }
                }
            }
        }
    }
    assert!(bare.is_empty(), "app/src/journal/words/values.rs lacks {bare:?}");

    fn template_of(db: &Db, id: i64) -> Template {
        let campaign: bihuan_domain::campaign::Campaign =
            db.read(|conn| journal::by_id(conn, id)).expect("it is read").expect("a campaign");
        Template::parse(&campaign.template_text).expect("its template parses")
    }
}

/// The county's office, and the data it works on, which these tests only read.
fn office() -> (bihuan_app::App, bihuan_app::Context) {
    use bihuan_store::db::{DbOptions, Target};
    let target = Target::Sqlite(filled().join("bihuan.db"));
    let db = bihuan_store::Db::open(&target, &DbOptions::default()).expect("it opens");
    let at = bihuan_store::clock::now();
    let load = |conn: &mut bihuan_store::Conn| -> Result<_, bihuan_app::Error> {
        let account = bihuan_store::account::by_login(conn, "office")?.ok_or(bihuan_app::Error::NotFound)?;
        Ok(bihuan_app::actor::load(conn, &account, at.day_in_china())?.actor)
    };
    let actor = std::sync::Arc::new(db.read(load).expect("the office"));
    let ctx = bihuan_app::Context { actor, at, source_address: String::new() };
    (bihuan_app::App::new(db), ctx)
}

#[test]
fn every_campaign_runs_with_actions_done_late_missed_and_excused() {
    use bihuan_domain::required_action::{Status, Tally};
    let (app, ctx) = office();
    let campaigns = app.db.read(bihuan_store::campaign::heads).expect("the campaigns");
    assert_eq!(campaigns.len(), 4);
    assert_eq!(campaigns[0].code, "yunxi-theme", "the county's own is offered first");
    for campaign in campaigns {
        let rest = app.template_actions(&ctx, campaign.id).expect("what was not issued");
        assert!(rest.is_empty(), "{} has not issued {}", campaign.code, rest[0].code);
        let (mut all, mut own, mut waiting) = (Tally::default(), BTreeSet::new(), 0);
        let page = app.actions_page(&ctx, campaign.id, None).expect("the list");
        for line in &page.lines {
            let name = format!("{} {}", campaign.code, line.rule.name);
            if line.action.versions.iter().all(|version| version.from_day.plus_days(7) > ctx.today()) {
                continue; // Issued just now, from a document.
            }
            assert!(line.tally.done > 0, "nobody did {name}: {:?}", line.tally);
            assert!(line.tally.missed * 2 < line.tally.expected, "most missed {name}: {:?}", line.tally);
            let shown = app.action_page(&ctx, line.action.id, None).expect("its matrix");
            shown.matrix.sums.iter().flatten().for_each(|sum| all.plus(*sum));
            let statuses = shown.matrix.rows.iter().flat_map(|row| row.statuses.iter().flatten());
            own.extend(statuses.map(|status| bihuan_domain::Coded::code(*status)));
            waiting += shown.waiting.len();
        }
        let counts = [all.done, all.done_late, all.missed, all.excused, all.not_yet_due];
        assert!(counts.iter().all(|n| *n > 0), "{}: {all:?}", campaign.code);
        assert!(all.done > 5 * (all.done_late + all.missed), "{}: {all:?}", campaign.code);
        for status in [Status::Done, Status::DoneLate, Status::Missed] {
            assert!(own.contains(bihuan_domain::Coded::code(status)), "{}: {own:?}", campaign.code);
        }
        assert!(waiting > 0, "no excuse of {} waits for its answer", campaign.code);
    }
}

#[test]
fn branches_have_members_hold_days_together_and_take_in_a_mobile_member() {
    use bihuan_app::activity::ActivityQuery;
    let (app, ctx) = office();
    let campaign = app.db.read(bihuan_store::campaign::heads).expect("the campaigns")[0].id;
    let query = ActivityQuery { kind: Some("theme-day".to_owned()), ..ActivityQuery::default() };
    let (mut joint, mut mobile, mut crowded) = (0, 0, 0);
    for page in 0..5 {
        let query = ActivityQuery { page, ..query.clone() };
        for (activity, _) in app.activities(&ctx, campaign, &query).expect("a list").rows {
            let shown = app.activity_page(&ctx, activity.id).expect("its page");
            let units: Vec<&str> = shown.units.iter().map(|(_, name)| name.as_str()).collect();
            let from_elsewhere = shown
                .guests
                .iter()
                .any(|one| one.unit_name != shown.unit.name && !units.contains(&one.unit_name.as_str()));
            crowded += usize::from(shown.people.len() >= 4);
            joint += usize::from(!units.is_empty() && shown.counted.iter().any(|one| one.at.len() >= 2));
            mobile += usize::from(from_elsewhere && shown.activity.topic.contains("流动党员"));
        }
    }
    assert!(joint > 0 && mobile > 0 && crowded > 0, "joint {joint}, mobile {mobile}, crowded {crowded}");
    let branches = app.search_units(&ctx, "村党支部", 20).expect("branches");
    assert!(!branches.is_empty());
    for found in branches {
        let posts =
            app.unit_page(&ctx, found.unit.id, bihuan_app::unit::AsOf::Today).expect("a branch").posts;
        let people: usize = posts.iter().map(|post| post.holders.len()).sum();
        assert!(people >= 3, "{} has {people} people", found.unit.name);
    }
}
