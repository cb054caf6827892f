//! Accounts, roles, tokens, second factor and the first day (GB/T 22239 B1–B8, B25).

use crate::support::{Answer, Browser, PASSWORD, TestApp, on_each_app, policy};
use axum::http::Method;
use bihuan_app::second_factor;
use bihuan_domain::password::SecurityPolicy;
use bihuan_testkit::on_each_engine;

const NEW_PASSWORD: &str = "Shiqiao_2024_ok";

/// The text between two marks of a page.
fn between(answer: &Answer, before: &str, after: &str) -> String {
    let text = answer.text();
    let start = text.find(before).unwrap_or_else(|| panic!("no {before} in {text}")) + before.len();
    let end = text[start..].find(after).unwrap() + start;
    text[start..end].to_owned()
}

fn sign_in(app: &TestApp, login: &str, password: &str) -> Browser {
    let mut browser = app.browser();
    browser.post("/sign-in", &[("login", login), ("password", password)]).expect(303);
    browser
}

#[test]
fn an_account_is_created_by_one_administrator_and_authorised_by_another_b25() {
    on_each_app(|app| {
        let (mut system, mut security) = (app.sign_in("system"), app.sign_in("security"));
        let fields = [("person", "new"), ("name", "新来的"), ("login", "xinlai")];
        security.post("/admin/accounts", &fields).expect(403);
        let made = system.post("/admin/accounts", &fields).expect(200);
        let one_time = between(&made, "<span class=\"mono\">", "</span>");
        assert_eq!(app.last_entry().action, "account.created");
        let page = format!("/admin/accounts/{}", app.last_entry().subject_id);
        app.browser().post("/sign-in", &[("login", "xinlai"), ("password", &one_time)]).expect(422);
        system.post(&format!("{page}/authorise"), &[]).expect(403);
        security.post(&format!("{page}/authorise"), &[]).expect(303);
        security
            .post(&format!("{page}/grants"), &[("role", "filler"), ("holder", "person"), ("unit", "石桥镇")])
            .expect(303);
        assert_eq!(app.last_entry().action, "role.granted");
        let mut person = sign_in(app, "xinlai", &one_time);
        assert_eq!(person.get("/").expect(303).location(), "/account/password", "first sign-in: change it");
        let change = [("old", one_time.as_str()), ("password", NEW_PASSWORD), ("again", NEW_PASSWORD)];
        person.post("/account/password", &change).expect(303);
        assert_eq!(app.last_entry().action, "account.password_changed");
        assert_eq!(person.get("/api/v1/me").expect(200).json()["grants"][0]["role"], "filler");
        assert!(!app.entries(50).iter().any(|entry| format!("{entry:?}").contains(&one_time)));
    });
}

#[test]
fn the_three_roles_cannot_be_joined_nor_given_to_oneself_b25() {
    on_each_app(|app| {
        let mut security = app.sign_in("security");
        let grant = |browser: &mut Browser, id: u32, role: &str| {
            let fields = [("role", role), ("holder", "person"), ("unit", "云溪县")];
            browser.post(&format!("/admin/accounts/{id}/grants"), &fields)
        };
        for (id, role, words) in [
            (9, "audit_admin", "不能同时担任"),
            (9, "office", "不能同时担任"),
            (3, "system_admin", "有业务角色"),
            (10, "system_admin", "自己的账号"),
        ] {
            let page = grant(&mut security, id, role).expect(422).text();
            assert!(page.contains(words), "{id} {role}");
        }
        grant(&mut security, 3, "leader").expect(303);
        let own = security.post("/admin/accounts/10/reset-password", &[]).expect(422).text();
        assert!(own.contains("不能对自己的账号"));
    });
}

#[test]
fn account_pages_do_not_exist_for_others() {
    on_each_app(|app| {
        for login in ["filler", "office", "leader", "audit", "stranger"] {
            let mut person = app.sign_in(login);
            for path in ["/admin/accounts", "/admin/accounts/3"] {
                person.get(path).expect(404);
            }
            let refused = person.post("/admin/accounts/3/unlock", &[]).status;
            assert!(refused == 404 || refused == 422, "{login}: {refused}");
        }
        assert!(app.sign_in("system").get("/admin/accounts").expect(200).text().contains("陈小燕"));
    });
}

#[test]
fn a_lock_is_ended_and_a_password_reset_by_the_security_administrator() {
    on_each_app(|app| {
        for _ in 0..5 {
            app.browser().post("/sign-in", &[("login", "filler"), ("password", "x")]).expect(422);
        }
        let mut security = app.sign_in("security");
        assert!(security.get("/admin/accounts/3").text().contains("锁定"));
        security.post("/admin/accounts/3/unlock", &[]).expect(303);
        let mut clerk = sign_in(app, "filler", PASSWORD);
        let reset = security.post("/admin/accounts/3/reset-password", &[("version", "1")]).expect(200);
        clerk.get("/api/v1/me").expect(401);
        app.browser().post("/sign-in", &[("login", "filler"), ("password", PASSWORD)]).expect(422);
        sign_in(app, "filler", &between(&reset, "<span class=\"mono\">", "</span>"));
        security.post("/admin/accounts/3/disable", &[("version", "1"), ("reason", "调离")]).expect(409);
        security.post("/admin/accounts/3/disable", &[("version", "2"), ("reason", "")]).expect(422);
        security.post("/admin/accounts/3/disable", &[("version", "2"), ("reason", "调离")]).expect(303);
        assert_eq!(app.last_entry().note, "调离");
    });
}

#[test]
fn stale_accounts_are_listed_and_disabled_together_b7() {
    on_each_app(|app| {
        let mut security = app.sign_in("security");
        let page = security.get("/admin/accounts?stale=1").expect(200).text();
        assert!(page.contains("name=\"account\" value=\"3\""), "never signed in");
        security.post("/admin/accounts/disable", &[("account", "3"), ("account", "5")]).expect(303);
        app.browser().post("/sign-in", &[("login", "filler"), ("password", PASSWORD)]).expect(422);
        security.post("/admin/accounts/disable", &[]).expect(422);
    });
}

#[test]
fn a_password_keeps_the_policy_and_its_history_b2() {
    on_each_app(|app| {
        let mut clerk = app.sign_in("filler");
        let mut change = |old: &str, new: &str| {
            clerk.post("/account/password", &[("old", old), ("password", new), ("again", new)])
        };
        for bad in ["Ab1-short", "onlylowercase", "Filler-2024-ok", PASSWORD] {
            assert_eq!(change(PASSWORD, bad).status, 422, "{bad}");
        }
        assert_eq!(change("wrong", NEW_PASSWORD).status, 422);
        let mut old = PASSWORD.to_owned();
        for round in 0..5 {
            let new = format!("Qingshi-{round}-cun");
            change(&old, &new).expect(303);
            assert_eq!(change(&new, PASSWORD).status, if round < 4 { 422 } else { 303 }, "round {round}");
            old = new;
        }
    });
}

#[test]
fn a_token_carries_scopes_and_an_end_and_is_shown_once() {
    on_each_app(|app| {
        let mut clerk = app.sign_in("filler");
        clerk.post("/account/tokens", &[("name", "同步"), ("days", "30")]).expect(422);
        let fields = [("name", "同步"), ("days", "30"), ("scope", "me:read"), ("scope", "everything:write")];
        let made = clerk.post("/account/tokens", &fields).expect(200);
        let token = between(&made, "<p class=\"mono\">", "</p>");
        assert!(token.starts_with("bihuan_") && token.len() > 40);
        let account = clerk.get("/account").expect(200).text();
        assert!(!account.contains(&token) && account.contains("读取账号信息"));
        let mut program = app.browser();
        program.bearer = Some(token.clone());
        assert_eq!(program.get("/api/v1/me").expect(200).json()["name"], "陈小燕");
        assert_eq!(app.last_entry().action, "token.used");
        let head = app.head();
        program.get("/api/v1/me").expect(200);
        assert_eq!(app.head(), head, "the first use of a day is noted, not each");
        program.get("/api/v1/journal").expect(403);
        program.get("/account").expect(403);
        app.later(30 * 86_400);
        program.get("/api/v1/me").expect(401);
        app.later(-30 * 86_400);
        clerk.post("/account/tokens/1/revoke", &[]).expect(303);
        program.get("/api/v1/me").expect(401);
        app.sign_in("other_filler").post("/account/tokens/1/revoke", &[]).expect(404);
        assert!(!app.entries(50).iter().any(|entry| format!("{entry:?}").contains(&token)));
    });
}

#[test]
fn an_administrator_sets_up_a_second_factor_before_anything_else_b5() {
    on_each_engine(|db| {
        let app = TestApp::with_policy(db, SecurityPolicy { second_factor_for_admins: true, ..policy() });
        let mut system = app.sign_in("system");
        assert_eq!(system.get("/admin/accounts").expect(303).location(), "/account/factor");
        app.sign_in("filler").get("/account").expect(200);
        let page = system.get("/account/factor").expect(200);
        let secret = between(&page, "<p class=\"mono\">", "</p>").replace(' ', "");
        system.post("/account/factor", &[("code", "000000")]).expect(422);
        let code = || second_factor::code(&secret, app.now()).unwrap();
        system.post("/account/factor", &[("code", &code())]).expect(303);
        assert_eq!(app.last_entry().action, "account.second_factor_set");
        system.get("/admin/accounts").expect(200);
        let mut again = app.browser();
        let with = |code: &str| {
            [("login", "system".to_owned()), ("password", PASSWORD.to_owned()), ("code", code.to_owned())]
        };
        let mut try_code = |code: &str| {
            let fields = with(code);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            again.post("/sign-in", &fields).status
        };
        assert_eq!(try_code(""), 422);
        assert_eq!(try_code(&code()), 422, "a code counts once");
        app.later(30);
        assert_eq!(try_code(&code()), 303);
    });
}

#[test]
fn the_first_day_begins_with_a_secret_that_works_once_and_makes_three_persons_b6() {
    on_each_engine(|db| {
        let app = TestApp::bare(db, policy());
        let mut browser = app.browser();
        browser.get("/setup").expect(404);
        let secret = app.app.make_bootstrap_secret(app.now()).unwrap();
        browser.get("/setup").expect(200);
        assert_eq!(
            browser.get("/sign-in").location(),
            "/setup",
            "the first page leads to what is to be done"
        );
        let fields = |secret: &str, audit: &str| {
            [
                ("secret", secret.to_owned()),
                ("system_name", "高翔".to_owned()),
                ("system_login", "gaoxiang".to_owned()),
                ("password", PASSWORD.to_owned()),
                ("again", PASSWORD.to_owned()),
                ("security_name", "谢芳".to_owned()),
                ("security_login", "xiefang".to_owned()),
                ("audit_name", "邓超".to_owned()),
                ("audit_login", audit.to_owned()),
            ]
        };
        let mut send = |secret: &str, audit: &str| {
            let fields = fields(secret, audit);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post("/setup", &fields)
        };
        send("wrong", "dengchao").expect(422);
        assert!(!app.last_entry().succeeded);
        send(&secret, "xiefang").expect(422);
        app.later(24 * 3600);
        send(&secret, "dengchao").expect(422);
        app.later(-24 * 3600);
        let done = send(&secret, "dengchao").expect(200);
        assert_eq!(app.last_entry().action, "installation.set_up");
        send(&secret, "dengchao").expect(422);
        assert!(app.app.make_bootstrap_secret(app.now()).is_err());
        let mut system = sign_in(&app, "gaoxiang", PASSWORD);
        system.get("/admin/accounts").expect(200);
        let mut security = sign_in(&app, "xiefang", &between(&done, "<span class=\"mono\">", "</span>"));
        security.get("/").expect(303);
    });
}

#[test]
fn another_site_cannot_change_anything_with_our_cookie() {
    on_each_app(|app| {
        let mut clerk = app.sign_in("filler");
        clerk.csrf = None;
        clerk.post("/account/sessions/end", &[]).expect(403);
        clerk.json(Method::POST, "/account/sessions/end", &serde_json::json!({})).expect(403);
    });
}
