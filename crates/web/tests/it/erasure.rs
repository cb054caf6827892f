//! What is kept on a person: handed out to them, and erased on request (个人信息保护法 Art. 44–47).

use crate::support::{PASSWORD, TestApp, on_each_app};
use axum::http::Method;
use bihuan_domain::id::PersonId;
use bihuan_store::{Fault, journal, portable};
use serde_json::json;

const NAME: &str = "陈小燕";
const LOGIN: &str = "filler";
const ASKED: [(&str, &str); 3] =
    [("asked_by", "本人书面申请"), ("asked_day", "2024-03-01"), ("reason", "已离职，要求删除")];

/// Every line of every table that holds the text.
fn lines_with(app: &TestApp, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    app.db
        .read(|conn| -> Result<(), Fault> {
            for (table, columns) in portable::tables(conn)? {
                portable::dump(conn, &table, &columns, &mut |line| {
                    if line.contains(text) {
                        found.push(format!("{table}: {line}"));
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })
        .unwrap();
    found
}

fn chain_holds(app: &TestApp) {
    let report = app.db.read(|conn| journal::verify_chain(conn, &mut |_| {})).unwrap();
    assert!(report.fault.is_none(), "{:?}", report.fault);
}

#[test]
fn what_is_kept_on_a_person_goes_and_the_chain_stays_whole_m46() {
    on_each_app(|app| {
        let mut clerk = app.sign_in(LOGIN);
        clerk
            .post("/account/tokens", &[("name", "陈小燕的同步"), ("days", "9"), ("scope", "me:read")])
            .expect(200);
        app.sign_in("office")
            .post("/people/3/edit", &[("name", NAME), ("phone", "0871-5559876")])
            .expect(303);
        let (mut system, mut security) = (app.sign_in("system"), app.sign_in("security"));
        let refused = system.post("/people/3/data/erasure", &ASKED).expect(422).text();
        assert!(refused.contains("此人仍在岗") && refused.contains("已离职，要求删除"), "{refused}");
        app.sign_in("office").post("/posts/3/relieve", &[("tenure", "3"), ("day", "2024-03-05")]).expect(303);
        assert!(!lines_with(app, NAME).is_empty() && !lines_with(app, "0871-5559876").is_empty());
        system.post("/people/3/data/erasure", &ASKED).expect(303);
        system.post("/people/3/data/erasure", &ASKED).expect(422);
        let page = security.get("/people/3/data").expect(200).text();
        assert!(page.contains("保留，只留人员编号") && page.contains("删除，日志链不受影响"), "{page}");
        let by_one = system.post(
            "/people/3/data/erasure/decision",
            &[("erasure", "1"), ("decision", "accept"), ("word", "同意")],
        );
        by_one.expect(403);
        let decision =
            [("erasure", "1"), ("version", "1"), ("decision", "accept"), ("word", "保存期限已满，同意")];
        let before = app.db.read(|conn| bihuan_store::erasure::rows(conn, PersonId(3), None, true)).unwrap();
        security.post("/people/3/data/erasure/decision", &decision).expect(303);
        assert_eq!(app.last_entry().action, "erasure.done");
        for text in [NAME, "0871-5559876", "\"filler\",\"$argon2"] {
            assert!(lines_with(app, text).is_empty(), "{text}: {:?}", lines_with(app, text));
        }
        assert!(lines_with(app, "\"filler\"").iter().all(|line| line.starts_with("role_grant")));
        chain_holds(app);
        let after = app.db.read(|conn| bihuan_store::erasure::rows(conn, PersonId(3), None, true)).unwrap();
        for ((kind, old), (_, new)) in before.iter().zip(&after) {
            assert!(new.len() >= old.len(), "{kind}: what the person signed went too");
        }
        assert_eq!(clerk.get("/account").status, 303, "the session lives on");
        app.browser().post("/sign-in", &[("login", LOGIN), ("password", PASSWORD)]).expect(422);
        let shown = app.sign_in("audit").get("/journal?person=3").expect(200).text();
        assert!(shown.contains("已删除（人员3号）"));
        system.post("/people/3/data/erasure", &ASKED).expect(422);
        system.get("/admin/erasures").expect(200);
    });
}

#[test]
fn a_refused_request_leaves_everything_and_two_administrators_are_needed() {
    on_each_app(|app| {
        crate::examples::ask_to_erase(app);
        let (mut system, mut security) = (app.sign_in("system"), app.sign_in("security"));
        let path = "/api/v1/erasures/1/decision";
        let refuse = json!({ "decision": "refuse", "word": "法定保存期限未满" });
        let denied = system.json(Method::POST, path, &refuse).expect(403).json();
        assert_eq!(denied["code"], "not_allowed");
        let wordless = json!({ "decision": "refuse", "word": "" });
        assert_eq!(security.json(Method::POST, path, &wordless).expect(422).json()["code"], "text_missing");
        security.json(Method::POST, path, &json!({ "decision": "later", "word": "x" })).expect(422);
        let done = security.json(Method::POST, path, &refuse).expect(200).json();
        assert_eq!(done["state"], "refused");
        assert!(!lines_with(app, "离职的人").is_empty());
        assert_eq!(security.json(Method::POST, path, &refuse).expect(422).json()["code"], "erasure_decided");
        let own = system.json(
            Method::POST,
            "/api/v1/people/9/erasure",
            &json!({ "asked_by": "本人", "asked_day": "2024-03-01", "reason": "x" }),
        );
        assert_eq!(own.expect(422).json()["code"], "own_data");
        for login in ["office", "filler", "audit"] {
            let mut other = app.sign_in(login);
            other.get("/admin/erasures").expect(404);
            other.get("/people/101/data").expect(404);
            other.get("/api/v1/people/101/data").expect(404);
            other.post("/people/101/data/erasure", &ASKED).expect(404);
            other.json(Method::POST, path, &refuse).expect(404);
        }
    });
}

#[test]
fn everybody_gets_what_is_kept_on_them_and_looking_at_others_is_written_down() {
    on_each_app(|app| {
        let mut clerk = app.sign_in(LOGIN);
        clerk.get("/account/data").expect(200);
        let data = clerk.get("/account/data/export").expect(200).json();
        assert_eq!(data["person"]["name"], NAME);
        assert_eq!(data["account"]["login"], LOGIN);
        assert_eq!(data["roles"][0]["role"], "filler");
        assert!(data["rows"]["本人的操作日志"].as_array().is_some_and(|rows| !rows.is_empty()), "{data}");
        assert!(!data.to_string().contains("$argon2"), "a password's hash was handed out");
        assert_eq!(app.last_entry().action, "person.exported");
        clerk.get("/people/1/data/export").expect(404);
        let head = app.head();
        app.sign_in("security").get("/people/3/data").expect(200);
        assert!(app.head() > head);
        assert_eq!(app.last_entry().action, "person.viewed");
        assert_eq!(app.last_entry().subject_id, 3);
    });
}
