//! Signing in, staying signed in, and being signed out (GB/T 22239 8.1.4.1).

use crate::support::{PASSWORD, TestApp, first_day, on_each_app, policy};
use bihuan_testkit::on_each_engine;
use bihuan_web::state::PASSWORD_PATH;

const FORM: &str = "/sign-in";

fn credentials<'a>(login: &'a str, password: &'a str) -> [(&'a str, &'a str); 2] {
    [("login", login), ("password", password)]
}

#[test]
fn a_person_signs_in_with_their_password_and_out_again() {
    on_each_app(|app| {
        let mut browser = app.browser();
        assert_eq!(browser.get("/api/v1/me").expect(401).location(), "");
        let page = browser.get(FORM).expect(200).text();
        assert!(page.contains("登录名") && page.contains("autocomplete=\"current-password\""));
        let answer = browser.post(FORM, &credentials("FILLER ", PASSWORD)).expect(303);
        assert!(answer.header("set-cookie").contains("HttpOnly"), "{:?}", answer.headers);
        assert_eq!(app.last_entry().action, "session.signed_in");
        let me = browser.get("/api/v1/me").expect(200).json();
        assert_eq!(me["name"], "陈小燕");
        browser.post("/sign-out", &[]).expect(303);
        assert_eq!(app.last_entry().action, "session.signed_out");
        browser.get("/api/v1/me").expect(401);
    });
}

#[test]
fn a_wrong_name_a_wrong_password_and_a_lock_all_say_the_same() {
    on_each_app(|app| {
        let mut browser = app.browser();
        let mut words = |login: &str, password: &str| {
            let page = browser.post(FORM, &credentials(login, password)).expect(422).text();
            let start = page.find("error-summary").unwrap();
            page[start..start + 600].to_owned()
        };
        let unknown = words("nobody", PASSWORD);
        assert_eq!(unknown, words("filler", "wrong"));
        assert!(!app.last_entry().succeeded && app.last_entry().action == "session.refused");
        for _ in 0..4 {
            assert_eq!(unknown, words("filler", "wrong"));
        }
        let newest: Vec<String> = app.entries(2).into_iter().map(|entry| entry.action).collect();
        assert_eq!(newest, ["alert.raised", "account.locked"], "the lock is written, then told");
        assert_eq!(unknown, words("filler", PASSWORD), "locked: the right password does not help");
        app.later(30 * 60);
        browser.post(FORM, &credentials("filler", PASSWORD)).expect(303);
    });
}

#[test]
fn a_name_that_does_not_exist_is_not_kept_in_the_journal() {
    on_each_app(|app| {
        app.browser().post(FORM, &credentials("Passw0rd-typed-here", "x")).expect(422);
        let entry = app.last_entry();
        assert!(!format!("{entry:?}").contains("typed"), "{entry:?}");
    });
}

#[test]
fn a_session_ends_when_idle_and_at_its_end_however_busy() {
    on_each_app(|app| {
        let mut clerk = app.sign_in("filler");
        app.later(14 * 60);
        clerk.get("/api/v1/me").expect(200);
        app.later(14 * 60);
        clerk.get("/api/v1/me").expect(200);
        app.later(15 * 60);
        clerk.get("/api/v1/me").expect(401);
        let mut admin = app.sign_in("system");
        app.later(10 * 60);
        admin.get("/api/v1/me").expect(401);
        let mut busy = app.sign_in("filler");
        for _ in 0..71 {
            app.later(10 * 60);
            busy.get("/api/v1/me").expect(200);
        }
        app.later(10 * 60);
        busy.get("/api/v1/me").expect(401);
    });
}

#[test]
fn an_old_password_must_be_changed_first() {
    on_each_engine(|db| {
        let app = TestApp::with_policy(db, policy());
        app.later(90 * 86_400);
        let mut clerk = app.sign_in("filler");
        assert_eq!(clerk.get("/").expect(303).location(), PASSWORD_PATH);
        clerk.get("/api/v1/me").expect(403);
    });
}

#[test]
fn a_role_taken_from_the_post_ends_with_the_next_click() {
    on_each_app(|app| {
        let mut clerk = app.sign_in("filler");
        assert_eq!(clerk.get("/api/v1/me").json()["grants"].as_array().unwrap().len(), 1);
        let day = i64::from(first_day().days());
        app.db
            .write(move |conn| {
                conn.exec("UPDATE tenure SET to_day = $1 WHERE person_id = 3", &bihuan_store::vals![day])
            })
            .unwrap();
        let me = clerk.get("/api/v1/me").expect(200).json();
        assert!(me["grants"].as_array().unwrap().is_empty() && me["posts"].as_array().unwrap().is_empty());
    });
}

#[test]
fn guessing_is_slowed_down_m48() {
    on_each_app(|app| {
        let mut browser = app.browser();
        let statuses: Vec<u16> =
            (0..12).map(|_| browser.post(FORM, &credentials("nobody", "x")).status).collect();
        assert_eq!(statuses[..10], [422; 10]);
        assert_eq!(statuses[10..], [429; 2]);
    });
}
