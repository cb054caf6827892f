//! Where the three administrators may come from (GB/T 22239 B4, B17).

use crate::support::{Browser, PASSWORD, TestApp, on_each_app};
use bihuan_web::headers::Settings;

const PROXY: &str = "10.0.0.1:9";
const DESK: &str = "10.20.3.4:9";
const LOOPBACK: &str = "127.0.0.1:9";

fn settings() -> Settings {
    Settings { trusted_proxies: vec!["10.0.0.1".parse().unwrap()], ..Settings::default() }
}

fn from(mut browser: Browser, address: &str, headers: &[(&'static str, &'static str)]) -> Browser {
    browser.from = Some(address.parse().unwrap());
    browser.headers = headers.to_vec();
    browser
}

fn status(app: &TestApp, login: &str, address: &str, headers: &[(&'static str, &'static str)]) -> u16 {
    let path = if login == "filler" { "/account" } else { "/admin/alerts" };
    from(app.sign_in(login), address, headers).get(path).status
}

#[test]
fn administrators_are_refused_over_plain_http_but_on_the_machine_itself_b4() {
    on_each_app(|app| {
        let app = app.with_settings(settings());
        let by_tls = [("x-forwarded-proto", "https"), ("x-forwarded-for", "10.20.3.4")];
        let plain = [("x-forwarded-proto", "http"), ("x-forwarded-for", "10.20.3.4")];
        for login in ["security", "audit"] {
            assert_eq!(status(&app, login, PROXY, &by_tls), 200, "{login} by TLS");
            assert_eq!(status(&app, login, LOOPBACK, &[]), 200, "{login} on the machine");
            assert_eq!(status(&app, login, PROXY, &plain), 403, "{login} by a proxy without TLS");
            assert_eq!(status(&app, login, PROXY, &[]), 403, "{login} by a proxy that says nothing");
            assert_eq!(status(&app, login, DESK, &[]), 403, "{login} from a desk");
            assert_eq!(status(&app, login, DESK, &by_tls), 403, "anybody can write that header");
            assert_eq!(status(&app, login, LOOPBACK, &by_tls), 403, "a proxy nobody made known");
            let chained = [("x-forwarded-proto", "https, http")];
            assert_eq!(status(&app, login, PROXY, &chained), 403, "the last hop counts");
        }
        assert_eq!(status(&app, "filler", DESK, &[]), 200, "only administrators");
        let refused = from(app.sign_in("security"), DESK, &[]).get("/admin/accounts").expect(403);
        assert!(refused.text().contains("https"), "it does not say what to do");
        let token = app.app.create_token(&app.ctx("audit"), "接口", &["journal:read".to_owned()], 1).unwrap();
        let mut program = from(app.browser(), DESK, &[]);
        program.bearer = Some(token);
        let refused = program.get("/api/v1/journal").expect(403).json();
        assert_eq!(refused["code"], "plain_http");
        program.from = Some(LOOPBACK.parse().unwrap());
        program.get("/api/v1/journal").expect(200);
    });
}

#[test]
fn another_header_may_say_it_and_the_rule_can_be_taken_off_on_purpose_b4() {
    on_each_app(|app| {
        let other = app.with_settings(Settings { scheme_header: "x-scheme".to_owned(), ..settings() });
        assert_eq!(status(&other, "audit", PROXY, &[("x-scheme", "https")]), 200);
        assert_eq!(status(&other, "audit", PROXY, &[("x-forwarded-proto", "https")]), 403);
        let open = app.with_settings(Settings { admin_plain_http: true, ..settings() });
        assert_eq!(status(&open, "audit", DESK, &[]), 200);
    });
}

#[test]
fn administrators_come_only_from_listed_addresses_b17() {
    on_each_app(|app| {
        let networks = ["10.20.0.0/16", "127.0.0.1"].map(|text| text.parse().unwrap()).to_vec();
        let app =
            app.with_settings(Settings { admin_networks: networks, admin_plain_http: true, ..settings() });
        assert_eq!(status(&app, "security", DESK, &[]), 200);
        assert_eq!(status(&app, "security", "10.21.0.1:9", &[]), 403);
        assert_eq!(status(&app, "filler", "10.21.0.1:9", &[]), 200);
        // What a proxy of ours says counts, what anybody else says does not.
        assert_eq!(status(&app, "security", PROXY, &[("x-forwarded-for", "10.20.9.9")]), 200);
        assert_eq!(status(&app, "security", PROXY, &[("x-forwarded-for", "198.51.100.1")]), 403);
        assert_eq!(status(&app, "security", "10.21.0.1:9", &[("x-forwarded-for", "10.20.9.9")]), 403);
    });
}

#[test]
fn an_administrator_who_may_not_come_cannot_sign_in_nor_set_up_and_it_is_written_down_b4_b17() {
    on_each_app(|app| {
        let app = app.with_settings(settings());
        let fields = [("login", "security"), ("password", PASSWORD)];
        let mut outside = from(app.browser(), DESK, &[]);
        outside.post("/sign-in", &fields).expect(403);
        assert!(outside.cookies.is_empty(), "a session was opened");
        let last = app.last_entry();
        assert_eq!((last.action.as_str(), last.succeeded), ("session.barred", false));
        assert_eq!(last.source_address, "10.20.3.4");
        from(app.browser(), LOOPBACK, &[]).post("/sign-in", &fields).expect(303);
        let clerk = [("login", "filler"), ("password", PASSWORD)];
        from(app.browser(), DESK, &[]).post("/sign-in", &clerk).expect(303);
        // Whoever is inside already can still leave.
        let mut inside = from(app.sign_in("audit"), DESK, &[]);
        inside.get("/admin/alerts").expect(403);
        inside.post("/sign-out", &[]).expect(303);
    });
    bihuan_testkit::on_each_engine(|db| {
        let app = TestApp::bare(db, crate::support::policy()).with_settings(settings());
        app.app.make_bootstrap_secret(app.now()).unwrap();
        from(app.browser(), DESK, &[]).get("/setup").expect(403);
        from(app.browser(), DESK, &[]).post("/setup", &[("secret", "x")]).expect(403);
        from(app.browser(), LOOPBACK, &[]).get("/setup").expect(200);
    });
}
