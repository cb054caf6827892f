//! The journal's pages (M47, GB/T 22239 B11–B15).

use crate::support::{Browser, on_each_app};

fn lines(browser: &mut Browser, path: &str) -> String {
    browser.get(path).expect(200).text()
}

#[test]
fn the_auditor_sees_all_and_each_view_leaves_an_entry_m47() {
    on_each_app(|app| {
        app.browser().post("/sign-in", &[("login", "filler"), ("password", "x")]).expect(422);
        let mut audit = app.sign_in("audit");
        let page = lines(&mut audit, "/journal");
        assert!(page.contains("登录失败") && page.contains("未成功") && page.contains("陈小燕"));
        assert_eq!(app.last_entry().action, "journal.viewed");
        let failed = lines(&mut audit, "/journal?failed=1");
        assert!(failed.contains("登录失败") && !failed.contains(">查看日志<"));
        assert!(lines(&mut audit, "/journal?action=role.").contains("没有符合条件的记录"));
        audit.get("/journal?from=yesterday").expect(422);
    });
}

#[test]
fn an_entry_shows_what_it_changed_in_words_and_no_secret() {
    on_each_app(|app| {
        let mut security = app.sign_in("security");
        security.post("/admin/accounts/3/disable", &[("reason", "调离")]).expect(303);
        let seq = app.last_entry().seq;
        let page = lines(&mut app.sign_in("audit"), &format!("/journal/{seq}"));
        for words in ["停用账号", "谢芳", "<del>启用</del>", "<ins>停用</ins>", "调离"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let planted = lines(&mut app.sign_in("audit"), "/journal/1");
        assert!(planted.contains("密文，不显示") && !planted.contains("argon2"));
    });
}

#[test]
fn others_see_only_what_lies_in_their_sight_m46() {
    on_each_app(|app| {
        let mut security = app.sign_in("security");
        security
            .post("/admin/accounts/5/grants", &[("role", "leader"), ("holder", "person"), ("unit", "柳湾乡")])
            .expect(303);
        let (granted, mut audit) = (app.last_entry().seq, app.sign_in("audit"));
        audit.get("/journal").expect(200);
        let viewed = app.last_entry().seq;
        audit.get(&format!("/journal/{granted}")).expect(200);
        security.get(&format!("/journal/{viewed}")).expect(200);
        let mut office = app.sign_in("office");
        let own = app.last_entry().seq;
        office.get(&format!("/journal/{own}")).expect(200);
        for seq in [granted, viewed, 1] {
            office.get(&format!("/journal/{seq}")).expect(404);
        }
        let page = lines(&mut office, "/journal");
        assert!(page.contains("登录") && !page.contains("授予角色") && !page.contains("邓超"));
        assert!(!lines(&mut app.sign_in("system"), "/journal").contains("授予角色"));
    });
}

#[test]
fn the_chain_is_checked_from_the_page_and_a_change_is_named_m47() {
    on_each_app(|app| {
        let mut audit = app.sign_in("audit");
        assert!(audit.post("/journal/verify", &[]).expect(200).text().contains("日志完整"));
        assert_eq!(app.last_entry().action, "journal.verified");
        app.sign_in("office").post("/journal/verify", &[]).expect(403);
        app.db.write(|conn| conn.batch(bihuan_testkit::lift_append_only(conn.engine()))).unwrap();
        app.db.write(|conn| conn.exec("UPDATE entry SET note = 'x' WHERE seq = 2", &[])).unwrap();
        assert!(audit.post("/journal/verify", &[]).expect(200).text().contains("第 2 条被改动"));
        let last = app.entries(2);
        assert_eq!((last[0].action.as_str(), last[1].action.as_str()), ("alert.raised", "journal.verified"));
        assert!(!last[1].succeeded);
    });
}

#[test]
fn an_export_is_safe_from_formulas_and_leaves_an_entry_b16() {
    on_each_app(|app| {
        let mut security = app.sign_in("security");
        security.post("/admin/accounts/3/disable", &[("reason", "=HYPERLINK(\"x\")")]).expect(303);
        let mut audit = app.sign_in("audit");
        let csv = audit.get("/journal/export?format=csv").expect(200);
        assert!(csv.header("content-disposition").contains("journal.csv"));
        assert!(csv.text().contains("\"'=HYPERLINK(\"\"x\"\")\""), "{}", csv.text());
        assert_eq!(app.last_entry().action, "journal.exported");
        let json = audit.get("/journal/export?format=jsonl").expect(200).text();
        let last: serde_json::Value = serde_json::from_str(json.lines().last().unwrap()).unwrap();
        assert_eq!(last["action"], "journal.exported");
        assert_eq!(last["succeeded"], true);
    });
}

/// Tables that no entry writes to: they follow the journal, or are no business.
const NOT_JOURNALED: [&str; 27] = [
    "schema_version",
    "journal_head",
    "entry",
    "entry_personal",
    "id_counter",
    "session",
    "account_guard",
    "problem_version",
    "problem_flow",
    "unit_below",
    "people_below",
    "likeness",
    "likeness_band",
    "image_print",
    "rollup",
    "action_credit",
    "action_credit_past",
    "action_excuse_past",
    "action_rollup",
    "action_rollup_recent",
    "activity_change",
    "search_state",
    "search_document",
    "search_segment",
    "search_page",
    "message",
    "daily_job",
];

#[test]
fn every_table_and_column_an_entry_may_write_has_chinese_words() {
    use bihuan_app::journal::words;
    on_each_app(|app| {
        let tables = app.db.read(bihuan_store::portable::tables).unwrap();
        let mut missing = Vec::new();
        for (table, columns) in tables.iter().filter(|(name, _)| !NOT_JOURNALED.contains(&name.as_str())) {
            if words::table(table) == table {
                missing.push(table.clone());
            }
            let shown = columns.iter().filter(|column| *column != "version");
            let bare = shown.filter(|column| words::column(table, column) == column.as_str());
            missing.extend(bare.map(|column| format!("{table}.{column}")));
        }
        assert!(missing.is_empty(), "app/src/journal/words.rs and words/columns.rs lack {missing:?}");
    });
}
