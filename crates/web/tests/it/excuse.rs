//! Excuses of working groups, posts and persons: who asked, why and who decided stand on the page and in JSON, and
//! nobody else is excused by them (M05).

use crate::coverage::planted;
use crate::support::{OFFICE, TOWN, TestApp};
use axum::http::Method;
use bihuan_testkit::on_each_engine;
use serde_json::{Value, json};

const PERIOD: &str = "2024-03-31";

/// Issues a monthly rule; answers with its number.
fn rule(app: &TestApp, subject: &str, level: &str) -> i64 {
    let sent = json!({
        "name": format!("规定动作{subject}"), "subject": subject, "levels": [level],
        "activities": ["three-meetings"], "cadence": "month", "from_day": "2024-03-01",
    });
    let done = app.sign_in("office").json(Method::POST, "/api/v1/campaigns/1/actions", &sent).expect(200);
    done.json()["id"].as_i64().unwrap()
}

fn cell(app: &TestApp, rule: i64, unit: i64) -> Value {
    let at = format!("/api/v1/actions/{rule}/cell?unit={unit}&period={PERIOD}");
    app.sign_in("leader").get(&at).expect(200).json()
}

/// Asks for the first subject of the unit, is refused by those who may not decide, and is granted by the leader.
fn excuse(app: &TestApp, rule: i64, (unit, by): (i64, &str), subject: Option<i64>) {
    let at = format!("/api/v1/actions/{rule}/excuses");
    let sent = json!({ "unit": unit, "subject": subject, "period": PERIOD, "reason": "驻村抗旱" });
    app.sign_in("evaluator").json(Method::POST, &at, &sent).expect(403);
    let id = app.sign_in(by).json(Method::POST, &at, &sent).expect(200).json()["id"].clone();
    let decide = |decision: &str| json!({ "decision": decision, "reason": "情况属实", "version": 1 });
    let at = format!("/api/v1/excuses/{id}/decide");
    for other in [by, "verifier"] {
        let said = app.sign_in(other).json(Method::POST, &at, &decide("approved"));
        assert!(matches!(said.status, 403 | 404 | 422), "{other}: {}", said.status);
    }
    app.sign_in("leader").json(Method::POST, &at, &decide("approved")).expect(200);
}

/// Reason, answer and approver stand in JSON and on the page.
fn shown(app: &TestApp, rule: i64, unit: i64) -> Value {
    let found = cell(app, rule, unit);
    let line = &found["excuses"][0];
    assert_eq!((line["reason"].as_str(), line["state"].as_str()), (Some("驻村抗旱"), Some("approved")));
    assert_eq!((line["answer"].as_str(), line["decided_by"].as_str()), (Some("情况属实"), Some("韩立新")));
    let at = format!("/actions/{rule}/cell?unit={unit}&period={PERIOD}");
    let page = app.sign_in("leader").get(&at).expect(200).text();
    for words in ["驻村抗旱", "韩立新答复", "情况属实", "已批准"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    found
}

#[test]
fn an_excused_post_or_person_leaves_the_others_owing_m05() {
    on_each_engine(|test| {
        let app = planted(test);
        for kind in ["post", "person"] {
            let rule = rule(&app, kind, "township");
            let subjects = cell(&app, rule, TOWN)["subjects"].as_array().unwrap().clone();
            assert_eq!(subjects.len(), 2, "{kind}: {subjects:?}");
            let first = subjects[0]["id"].as_i64();
            excuse(&app, rule, (TOWN, "filler"), first);
            let found = shown(&app, rule, TOWN);
            assert_eq!(found["excuses"][0]["subject_id"].as_i64(), first);
            assert_eq!(found["subjects"][0]["status"], "excused", "{kind}");
            assert_eq!(found["subjects"][1]["status"], "not_yet_due", "{kind}");
            let tally = &found["tally"];
            assert_eq!((tally["expected"].as_i64(), tally["excused"].as_i64()), (Some(2), Some(1)), "{kind}");
        }
    });
}

#[test]
fn an_excused_working_group_shows_why_and_by_whom_m05() {
    on_each_engine(|test| {
        let app = planted(test);
        let rule = rule(&app, "working_group", "county");
        excuse(&app, rule, (OFFICE, "office"), None);
        let found = shown(&app, rule, OFFICE);
        assert_eq!(found["own"], "excused");
        let unit = cell(&app, rule, crate::support::BUREAU);
        assert_eq!((&unit["own"], &unit["excuses"]), (&Value::Null, &json!([])), "a department is no group");
    });
}
