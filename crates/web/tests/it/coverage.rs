//! Walks every route there is: as a stranger, as each role, without the form token, and after each change through
//! the journal. A new route is walked without anybody adding it here; a route that changes something must be given
//! an example in `examples.rs` as well.

use crate::examples::{self, Example};
use crate::support::{Answer, Browser, COUNTY, PEOPLE, TOWN, TestApp, path};
use axum::http::Method;
use bihuan_app::journal::words;
use bihuan_domain::campaign::{Campaign, CampaignRules, CampaignState};
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::problem::{Draft, ImportedState};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_testkit::{TestDb, engines};
use bihuan_web::route::{Access, RouteInfo};
use std::collections::BTreeSet;

/// Text of the planted problem; nobody out of its sight may ever read it.
pub const PROBLEM_TEXT: &str = "石桥镇青石村灌渠淤积一点二公里，春灌用水不足";

/// Routes that change something and have no example yet. The list may only become shorter.
const GAPS: &str = include_str!("coverage_gaps.txt");
const GAPS_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/coverage_gaps.txt");

pub fn table() -> Vec<RouteInfo> {
    bihuan_web::routes().into_iter().map(|route| route.info).collect()
}

/// An address of the route with 1 for every number.
pub fn address(info: &RouteInfo) -> String {
    let mut address = String::new();
    for part in info.path.split('/').skip(1) {
        address.push('/');
        address.push_str(if part.starts_with('{') { "1" } else { part });
    }
    address
}

/// A county with one campaign and one problem, both number 1.
pub fn planted(test: &TestDb) -> TestApp {
    let app = TestApp::new(test);
    let ctx = app.ctx("office");
    app.db
        .write(move |conn| -> Result<(), bihuan_app::Error> {
            let campaign = Campaign {
                id: CampaignId(journal::next_id(conn, "campaign", 1)?),
                code: "zt-2024".to_owned(),
                name: "云溪县主题教育整改整治".to_owned(),
                office_unit_id: UnitId(COUNTY),
                basis: bihuan_domain::campaign::AuthorityBasis::Decision,
                authority: "云委办发〔2024〕3号".to_owned(),
                document: "关于开展专项行动的通知".to_owned(),
                scope: "全县各单位".to_owned(),
                state: CampaignState::Running,
                starts_day: ctx.today(),
                ends_day: None,
                template_text: include_str!("../../../../templates/themed-education.toml").to_owned(),
                follows_id: None,
                version: 1,
            };
            let entry = NewEntry {
                action: "campaign.created".to_owned(),
                subject_kind: "campaign",
                subject_id: campaign.id.0,
                unit: Some(UnitId(COUNTY)),
                writes: vec![Write::insert(&campaign)],
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            let draft = Draft {
                campaign_id: campaign.id,
                unit_id: UnitId(TOWN),
                unit_path: path(TOWN),
                text: PROBLEM_TEXT.to_owned(),
                category: "水利".to_owned(),
                source: "self".to_owned(),
                ..Draft::default()
            };
            let rules = CampaignRules::default();
            let state = Some(ImportedState::Accepted);
            bihuan_app::problem::register_draft(conn, &ctx, &rules, draft, state, None)?;
            Ok(())
        })
        .unwrap();
    app
}

fn each_planted(test: impl Fn(&TestApp)) {
    for engine in engines() {
        test(&planted(&TestDb::new(engine)));
    }
}

/// Sends what the route wants to hear, without anything in it.
fn knock(browser: &mut Browser, info: &RouteInfo) -> Answer {
    let path = address(info);
    match info.method {
        Method::GET => browser.get(&path),
        Method::POST if !info.path.starts_with("/api/") => browser.post(&path, &[]),
        ref method => browser.json(method.clone(), &path, &serde_json::json!({})),
    }
}

#[test]
fn a_stranger_is_refused_on_every_route_b9() {
    each_planted(|app| {
        for info in table().iter().filter(|info| info.access != Access::Public) {
            let head = app.head();
            let answer = knock(&mut app.browser(), info);
            let to_sign_in = answer.status == 303 && answer.location().starts_with("/sign-in");
            assert!(to_sign_in || answer.status == 401, "{}: {}", info.name, answer.status);
            assert!(!answer.text().contains("云溪"), "{}", info.name);
            assert_eq!(app.head(), head, "{} left an entry", info.name);
        }
    });
}

#[test]
fn nothing_of_a_county_is_shown_to_the_office_of_another_m46() {
    each_planted(|app| {
        let mut secrets = vec!["青石村", "石桥镇", "柳湾乡", "云溪县", "zt-2024", "灌渠"];
        let names = PEOPLE.iter().filter(|(login, ..)| *login != "stranger").map(|(_, name, ..)| *name);
        secrets.extend(names);
        let mut stranger = app.sign_in("stranger");
        for info in &table() {
            let answer = knock(&mut stranger, info);
            let text = answer.text();
            for secret in &secrets {
                assert!(!text.contains(secret), "{} shows {secret}: {text}", info.name);
            }
            assert!(answer.status != 500, "{}: {text}", info.name);
            if info.name == "session.sign_out" {
                stranger = app.sign_in("stranger");
            }
        }
    });
}

#[test]
fn administrators_read_no_business_b8() {
    each_planted(|app| {
        for login in ["system", "security", "audit"] {
            let mut admin = app.sign_in(login);
            for info in &table() {
                let text = knock(&mut admin, info).text();
                // The auditor reads the journal, in which the entry of the problem stands.
                let journal = info.path.contains("/journal") && login == "audit";
                assert!(journal || !text.contains("灌渠"), "{login} reads the problem on {}", info.name);
                if info.name == "session.sign_out" {
                    admin = app.sign_in(login);
                }
            }
        }
    });
}

#[test]
fn no_role_breaks_a_page_and_every_page_is_sound_html() {
    each_planted(|app| {
        for (login, ..) in PEOPLE {
            let mut person = app.sign_in(login);
            for info in table().iter().filter(|info| info.method == Method::GET) {
                let answer = knock(&mut person, info);
                assert!(answer.status < 500, "{login} on {}: {}", info.name, answer.text());
                if answer.header("content-type").starts_with("text/html") {
                    let faults = crate::markup::faults(&answer.text());
                    assert!(faults.is_empty(), "{login} on {}: {faults:#?}", info.name);
                }
            }
        }
    });
}

#[test]
fn every_change_is_refused_without_the_form_token() {
    each_planted(|app| {
        for info in table().iter().filter(|info| info.method != Method::GET) {
            let mut person = app.sign_in("office");
            let head = app.head();
            person.csrf = None;
            let answer = knock(&mut person, info);
            assert_eq!(answer.status, 403, "{}: {}", info.name, answer.text());
            assert_eq!(app.head(), head, "{} left an entry", info.name);
        }
    });
}

#[test]
fn every_change_that_succeeds_leaves_an_entry_b11() {
    // Each example runs on one engine, in turn: the use cases behind them are tested on both by their own tests.
    let engines = engines();
    let mut faults = Vec::new();
    for (turn, example) in examples::all().into_iter().enumerate() {
        let shown = || check(&planted(&TestDb::new(engines[turn % engines.len()])), example);
        // A panic on the way to one example must not hide what the others say.
        match std::panic::catch_unwind(std::panic::AssertUnwindSafe(shown)) {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => faults.push(fault),
            Err(_) => faults.push(format!("{} (example {turn}): panicked, see above", example.route)),
        }
    }
    assert!(faults.is_empty(), "{} of the examples failed:\n{}", faults.len(), faults.join("\n"));
}

/// What is wrong with the example, in words.
fn check(app: &TestApp, example: &Example) -> Result<(), String> {
    let table = table();
    let info = table.iter().find(|info| info.name == example.route);
    let info = info.unwrap_or_else(|| panic!("there is no route {}", example.route));
    // What must have happened may take days: signing in comes after it.
    (example.before)(app);
    let mut browser = if example.by.is_empty() { app.browser() } else { app.sign_in(example.by) };
    let head = app.head();
    let at = if example.at.is_empty() { address(info) } else { example.at.to_owned() };
    let answer = match info.method {
        Method::POST if !info.path.starts_with("/api/") && example.files.is_empty() => {
            browser.post(&at, example.fields)
        }
        Method::POST if !example.files.is_empty() => browser.upload(&at, example.fields, example.files),
        ref method => {
            let body = serde_json::from_str(example.json).unwrap_or(serde_json::Value::Null);
            browser.json(method.clone(), &at, &body)
        }
    };
    if answer.status >= 400 {
        return Err(format!("{}: {} {}", example.route, answer.status, told(&answer.text())));
    }
    if (app.head() > head) != info.mutates {
        return Err(format!("{}: the journal went from {head} to {}", example.route, app.head()));
    }
    if info.mutates {
        let entry = app.last_entry();
        if words::action(&entry.action) == entry.action
            || words::subject(&entry.subject_kind) == entry.subject_kind
        {
            return Err(format!(
                "{}: {} of {} has no Chinese words",
                example.route, entry.action, entry.subject_kind
            ));
        }
    }
    Ok(())
}

/// The part of a refusal that says why: the summary of errors where the page has one.
fn told(page: &str) -> String {
    let from = page.find("error-summary").or_else(|| page.find("<main")).unwrap_or_default();
    page[from..].chars().take(600).collect()
}

#[test]
fn every_route_that_changes_something_has_an_example() {
    let shown: BTreeSet<&str> = examples::all().iter().map(|example| example.route).collect();
    let wanted: BTreeSet<&str> = table()
        .iter()
        .filter(|info| info.method != Method::GET && info.mutates)
        .map(|info| info.name)
        .collect();
    let missing: Vec<&str> = wanted.difference(&shown).copied().collect();
    if std::env::var_os("BIHUAN_UPDATE").is_some_and(|value| value == "1") {
        let text: String = missing.iter().map(|name| format!("{name}\n")).collect();
        std::fs::write(GAPS_FILE, text).unwrap();
        return;
    }
    let gaps: Vec<&str> = GAPS.lines().collect();
    assert_eq!(
        missing, gaps,
        "give new routes an example in examples.rs, and strike from coverage_gaps.txt what has one"
    );
}
