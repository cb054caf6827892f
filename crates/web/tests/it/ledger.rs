//! The ledger: filter, sort, page, save, export.

use crate::ledger_support::{campaign, problems};
use crate::support::{COUNTY, on_each_app};

#[test]
fn a_list_is_filtered_by_its_address_and_every_filter_can_be_taken_off() {
    on_each_app(|app| {
        campaign(app);
        problems(app, 7);
        let mut reader = app.sign_in("evaluator");
        let page = reader.get("/ledger?state=open&q=%E7%AC%AC3%E5%8F%B7&late=1").expect(200).text();
        assert!(page.contains("逾期") && page.contains("含“第3号”") && page.contains("没有符合条件的问题"));
        let page = reader.get("/ledger?state=open&per=2&page=2").expect(200).text();
        assert!(page.contains("共 7 件"));
        let json = reader.get("/api/v1/problems?per=2&page=2&sort=number").expect(200).json();
        assert_eq!(json["problems"][0]["number"], 3);
        reader.get("/ledger?colour=purple").expect(422);
        reader.get("/ledger?per=501").expect(422);
        reader.get("/ledger?per=500").expect(200);
    });
}

#[test]
fn an_export_holds_all_rows_and_leaves_an_entry() {
    on_each_app(|app| {
        campaign(app);
        problems(app, 3);
        let mut reader = app.sign_in("evaluator");
        let csv = reader.post("/ledger/export", &[("format", "csv"), ("state", "open")]).expect(200);
        assert!(csv.header("content-disposition").contains("filename*=UTF-8''"));
        assert_eq!(csv.text().lines().count(), 4);
        assert!(csv.text().contains("'=第1处"), "no formula: {}", csv.text());
        assert_eq!(app.last_entry().action, "ledger.exported");
        let xlsx = reader.post("/ledger/export", &[("format", "xlsx")]).expect(200);
        assert!(xlsx.bytes.starts_with(b"PK"));
        reader.post("/ledger/export", &[("format", "pdf")]).expect(422);
    });
}

#[test]
fn a_view_is_saved_under_a_name_and_dropped_by_its_owner_alone() {
    on_each_app(|app| {
        campaign(app);
        let mut reader = app.sign_in("evaluator");
        let saved = reader.post("/ledger/views", &[("view", "本周红的"), ("colour", "red")]).expect(303);
        assert!(saved.location().starts_with("/ledger?colour=red"));
        assert!(reader.get("/ledger").expect(200).text().contains("本周红的"));
        reader.post("/ledger/views", &[("view", ""), ("colour", "red")]).expect(422);
        app.sign_in("leader").post("/ledger/views/1/drop", &[]).expect(404);
        reader.post("/ledger/views/1/drop", &[]).expect(303);
        assert!(!reader.get("/ledger").expect(200).text().contains("本周红的"));
    });
}

#[test]
fn nobody_lists_what_lies_outside_their_subtree() {
    on_each_app(|app| {
        campaign(app);
        problems(app, 3);
        for login in ["stranger", "system", "security", "audit"] {
            let mut out = app.sign_in(login);
            for path in ["/ledger", "/api/v1/problems"] {
                let status = out.get(&format!("{path}?campaign=1&unit={COUNTY}")).status;
                assert!(status == 404 || status == 403, "{login} {path}: {status}");
            }
            let status = out.post("/ledger/export", &[("format", "csv"), ("campaign", "1")]).status;
            assert!(status == 404 || status == 403, "{login}: {status}");
        }
    });
}
