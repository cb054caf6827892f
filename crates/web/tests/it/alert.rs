//! Alerts: repeated denials, mass exports, a broken chain (GB/T 22239 B18).

use crate::support::{TestApp, on_each_app, policy};
use axum::http::Method;
use bihuan_domain::password::SecurityPolicy;
use bihuan_testkit::on_each_engine;
use serde_json::{Value, json};

fn open(app: &TestApp) -> Vec<Value> {
    let answer = app.sign_in("audit").get("/api/v1/alerts?open=1").expect(200).json();
    answer["alerts"].as_array().unwrap().clone()
}

#[test]
fn many_denials_of_one_account_raise_one_alert_b18() {
    on_each_engine(|db| {
        let app =
            TestApp::with_policy(db, SecurityPolicy { alert_denials: 5, alert_minutes: 10, ..policy() });
        let mut clerk = app.sign_in("filler");
        for _ in 0..4 {
            clerk.get("/admin/accounts").expect(404);
        }
        clerk.get("/no-such-page").expect(404);
        assert!(open(&app).is_empty(), "an address that does not exist was counted");
        app.later(601);
        clerk = app.sign_in("filler");
        for _ in 0..4 {
            clerk.get("/admin/accounts").expect(404);
        }
        assert!(open(&app).is_empty(), "the window did not end");
        clerk.get("/api/v1/problems/999").expect(404);
        let alerts = open(&app);
        assert_eq!(alerts.len(), 1);
        assert_eq!((&alerts[0]["kind"], &alerts[0]["login"]), (&json!("repeated_denials"), &json!("filler")));
        clerk.get("/admin/accounts").expect(404);
        assert_eq!(open(&app)[0]["times"], 1, "once a window");
        assert!(app.entries(10).iter().any(|entry| entry.action == "alert.raised"));
    });
}

#[test]
fn guessing_from_one_address_and_a_locked_account_raise_alerts_b18() {
    on_each_engine(|db| {
        let app = TestApp::with_policy(db, SecurityPolicy { alert_denials: 3, ..policy() });
        for n in 0..3 {
            let fields = [("login", format!("nobody{n}")), ("password", "Wrong-2024-x".to_owned())];
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let mut browser = app.browser();
            browser.from = Some("198.51.100.7:1".parse().unwrap());
            browser.post("/sign-in", &fields).expect(422);
        }
        let alerts = open(&app);
        assert_eq!(alerts.len(), 1);
        assert_eq!(alerts[0]["source_address"], "198.51.100.7");
        assert_eq!(alerts[0]["account"], Value::Null);
        for _ in 0..5 {
            app.browser().post("/sign-in", &[("login", "filler"), ("password", "Wrong-2024-x")]).expect(422);
        }
        assert!(open(&app).iter().any(|alert| alert["login"] == "filler"), "{:?}", open(&app));
    });
}

#[test]
fn taking_out_much_or_often_raises_an_alert_b18() {
    on_each_engine(|db| {
        let app = TestApp::with_policy(db, SecurityPolicy { alert_export_rows: 100, ..policy() });
        let mut audit = app.sign_in("audit");
        audit.get("/journal/export?format=csv").expect(200);
        assert!(open(&app).is_empty());
        for _ in 0..19 {
            audit.get("/journal/export?format=csv").expect(200);
        }
        let alerts = open(&app);
        assert_eq!(alerts.len(), 1, "{alerts:?}");
        assert_eq!((&alerts[0]["kind"], &alerts[0]["login"]), (&json!("mass_export"), &json!("audit")));
        let own = json!({ "word": "本人操作" });
        let refused = audit.json(Method::POST, "/api/v1/alerts/1/acknowledge", &own).expect(422).json();
        assert_eq!(refused["code"], "own_alert");
        for _ in 0..100 {
            audit.get("/journal").expect(200);
        }
        audit.get("/journal/export?format=jsonl").expect(200);
        assert!(open(&app)[0]["detail"].as_str().unwrap().contains("行"), "{:?}", open(&app));
        assert_eq!(open(&app)[0]["times"], 2, "the same again is counted, not raised anew");
    });
}

#[test]
fn a_broken_chain_raises_an_alert_b18() {
    on_each_app(|app| {
        app.sign_in("audit").post("/journal/verify", &[]).expect(200);
        assert!(open(app).is_empty());
        app.db
            .write(|conn| -> Result<(), bihuan_store::Fault> {
                conn.batch(bihuan_testkit::lift_append_only(conn.engine()))?;
                conn.exec("UPDATE entry SET note = 'x' WHERE seq = 1", &[])?;
                Ok(())
            })
            .unwrap();
        let stamp = bihuan_store::journal::Stamp { at: app.now(), ..Default::default() };
        assert!(app.app.check_chain(&stamp).unwrap().fault.is_some());
        assert_eq!(open(app)[0]["kind"], "broken_chain");
    });
}

#[test]
fn an_alert_is_acknowledged_with_a_word_by_the_audit_or_security_administrator_only_b18() {
    on_each_app(|app| {
        crate::examples::raise_alert(app);
        let path = "/admin/alerts/1/acknowledge";
        for login in ["filler", "office", "system"] {
            let mut other = app.sign_in(login);
            other.get("/admin/alerts").expect(404);
            other.get("/api/v1/alerts").expect(404);
            other.post(path, &[("word", "没事")]).expect(404);
        }
        let mut security = app.sign_in("security");
        let page = security.get("/admin/alerts").expect(200).text();
        assert!(page.contains("反复被拒") && page.contains("filler"), "{page}");
        let again = security.post(path, &[("word", " ")]).expect(422).text();
        assert!(again.contains("“处理意见”没有填写"), "{again}");
        security.post(path, &[("word", "已与本人核实"), ("version", "9")]).expect(409);
        security.post(path, &[("word", "已与本人核实"), ("version", "1")]).expect(303);
        assert_eq!(app.last_entry().action, "alert.acknowledged");
        let page = app.sign_in("audit").get("/admin/alerts").expect(200).text();
        assert!(
            page.contains("已与本人核实")
                && page.contains("谢芳")
                && !page.contains("<form method=\"post\" action=\"/admin/alerts")
        );
        app.sign_in("audit").post(path, &[("word", "再次")]).expect(422);
    });
}
