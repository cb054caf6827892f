//! Importing a ledger in the browser: upload, mapping, doubts one by one, differences, commit, export.

use crate::ledger_support::{CHECKER, campaign};
use crate::support::{Browser, COUNTY, STRANGE_COUNTY, TOWN, on_each_app};

const LEDGER: &str = "整改台账,,,,,,\n\
    序号,存在问题,整改措施,责任单位,整改时限,完成情况,经费\n\
    1,石桥镇灌渠淤积三处,清淤,石桥镇,2024年6月30日前,正在整改,12\n\
    2,渡口没有救生设备,添置,某某专班,待上级批复,不详,3\n";

fn send(browser: &mut Browser, text: &str) -> crate::support::Answer {
    let fields = [("campaign", "1"), ("unit", &COUNTY.to_string()), ("issued", "2024-03-01")];
    browser.upload("/imports", &fields, &[("file", "台账.csv", text.as_bytes())])
}

/// Starts the registering and waits until the work behind it has ended.
fn commit(browser: &mut Browser, import: i64, version: i64) {
    let sent = browser.post(&format!("/imports/{import}/commit"), &[("version", &version.to_string())]);
    assert_eq!(sent.expect(303).location(), format!("/imports/{import}"));
    wait(browser, import);
}

fn wait(browser: &mut Browser, import: i64) -> serde_json::Value {
    for _ in 0..600 {
        let now = browser.get(&format!("/api/v1/imports/{import}")).expect(200).json();
        if now["state"] != "importing" || now["halted"] != "" {
            return now;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("import {import} does not end");
}

#[test]
fn an_import_left_by_a_process_that_ended_is_taken_up_by_the_next() {
    on_each_app(|app| {
        campaign(app);
        let mut office = app.sign_in("office");
        send(&mut office, LEDGER).expect(303);
        office.post("/imports/1/answers", &[("version", "1"), ("rest", "1")]).expect(303);
        let one = bihuan_domain::id::LedgerImportId(1);
        app.app.start_import(&app.ctx("office"), one, 2).unwrap();
        // Nobody works at it: the page says so, without asking for itself again and again.
        let page = office.get("/imports/1").expect(200);
        assert!(page.header("refresh").is_empty());
        assert!(page.text().contains("继续导入") && page.text().contains("共 2 行"));
        let now = office.get("/api/v1/imports/1").expect(200).json();
        assert_eq!((&now["under_way"], &now["rows"], &now["done"]), (&false.into(), &2.into(), &0.into()));
        app.sign_in("stranger").get("/api/v1/imports/1").expect(404);

        app.restarted(|web| async move { web.resume_imports().await });
        let done = wait(&mut office, 1);
        assert_eq!((&done["state"], &done["registered"]), (&"done".into(), &2.into()));
        assert!(office.get("/imports/1").expect(200).text().contains("按原版式导出"));
    });
}

#[test]
fn an_import_that_cannot_go_on_says_why_and_can_be_ended() {
    on_each_app(|app| {
        campaign(app);
        let mut office = app.sign_in("office");
        send(&mut office, LEDGER).expect(303);
        office.post("/imports/1/answers", &[("version", "1"), ("rest", "1")]).expect(303);
        let one = bihuan_domain::id::LedgerImportId(1);
        app.app.start_import(&app.ctx("office"), one, 2).unwrap();
        app.app.halt_import(&app.ctx("office"), one, "磁盘空间不足").unwrap();
        let page = office.get("/imports/1").expect(200).text();
        assert!(page.contains("导入停住了：磁盘空间不足") && page.contains("中止导入"));
        office.post("/imports/1/stop", &[]).expect(303);
        let done = office.get("/imports/1").expect(200).text();
        assert!(done.contains("这次导入中止过：共 2 行，处理了 0 行"));
        assert!(office.post("/imports/1/resume", &[]).status >= 400, "it has ended");
    });
}

#[test]
fn a_ledger_goes_in_step_by_step_and_comes_out_in_its_own_layout() {
    on_each_app(|app| {
        campaign(app);
        let mut office = app.sign_in("office");
        assert!(office.get("/imports/new").expect(200).text().contains("原样上传"));
        let sent = send(&mut office, LEDGER).expect(303);
        assert_eq!(sent.location(), "/imports/1");
        let page = office.get("/imports/1").expect(200).text();
        for words in ["某某专班", "待上级批复", "不详", "表头", "经费", "还有 2 处疑点"] {
            assert!(page.contains(words), "{words}");
        }
        let refused = office.post("/imports/1/commit", &[("version", "1")]).expect(422);
        assert!(refused.text().contains("没有答复"));
        let answers = [
            ("version", "1"),
            ("checking", &CHECKER.to_string()),
            ("unit.0.written", "某某专班"),
            ("unit.0.name", "柳湾乡"),
            ("deadline.0.written", "待上级批复"),
            ("deadline.0.answer", "day"),
            ("deadline.0.day", ""),
        ];
        assert!(office.post("/imports/1/answers", &answers).expect(422).text().contains("请填写日期"));
        let mut answers = answers.to_vec();
        answers[6].1 = "2024-05-20";
        office.post("/imports/1/answers", &answers).expect(303);
        assert_eq!(office.post("/imports/1/answers", &answers).status, 409, "made from an older page");
        commit(&mut office, 1, 2);
        let done = office.get("/imports/1").expect(200).text();
        assert!(done.contains("按原版式导出") && done.contains("直接交办"));
        let list = office.get("/api/v1/problems?import=1&sort=number").expect(200).json();
        assert_eq!(list["total"], 2);
        assert_eq!(list["problems"][1]["due_day"], "2024-05-20");
        let back = office.post("/imports/1/export", &[]).expect(200);
        assert_eq!(back.text(), LEDGER, "nothing changed here, so nothing in the file");
        assert_eq!(app.last_entry().action, "ledger.exported");
        assert!(office.get("/imports/1").expect(200).text().contains("按原版式导出“台账.csv”，改动0处"));
    });
}

#[test]
fn a_file_this_program_wrote_is_not_called_new_although_its_layout_is_m20() {
    on_each_app(|app| {
        campaign(app);
        crate::ledger_support::problems(app, 4);
        let mut office = app.sign_in("office");
        let fields = [("campaign", "1"), ("unit", &COUNTY.to_string()), ("format", "xlsx")];
        let file = office.post("/ledger/export", &fields).expect(200).bytes;
        let fields = [("campaign", "1"), ("unit", &COUNTY.to_string()), ("issued", "2024-03-01")];
        let sent = office.upload("/imports", &fields, &[("file", "台账.xlsx", &file)]).expect(303);
        let page = office.get(&sent.location()).expect(200).text();
        assert!(page.contains("文件里有本系统导出的问题") && page.contains("无变化 4 件"), "{page}");
        assert!(!page.contains("全部按新问题登记"), "{page}");
    });
}

#[test]
fn a_changed_file_shows_its_differences_and_a_person_decides() {
    on_each_app(|app| {
        campaign(app);
        let mut office = app.sign_in("office");
        send(&mut office, LEDGER).expect(303);
        office.post("/imports/1/answers", &[("version", "1"), ("rest", "1")]).expect(303);
        commit(&mut office, 1, 2);
        let changed = LEDGER.replace("淤积三处", "淤积三处，两处已通");
        send(&mut office, &changed).expect(303);
        let page = office.get("/imports/2/differences").expect(200).text();
        assert!(page.contains("石桥镇灌渠淤积三处，两处已通") && page.contains("保留现在的"));
        office.post("/imports/2/answers", &[("version", "1"), ("rest", "1")]).expect(303);
        let open = office.post("/imports/2/commit", &[("version", "2")]).expect(422);
        assert!(open.text().contains("没有决定取舍"));
        office.post("/imports/2/differences", &[("version", "2"), ("all", "new")]).expect(303);
        commit(&mut office, 2, 3);
        let list = office.get("/api/v1/problems?sort=number").expect(200).json();
        assert_eq!(
            (&list["total"], &list["problems"][0]["text"]),
            (&2.into(), &"石桥镇灌渠淤积三处，两处已通".into())
        );
    });
}

#[test]
fn a_column_is_read_as_a_person_says_and_remembered_for_the_layout() {
    on_each_app(|app| {
        campaign(app);
        let mut office = app.sign_in("office");
        send(&mut office, LEDGER).expect(303);
        let columns = [("version", "1"), ("sheet", "0"), ("offered", "1"), ("col.6", "remark")];
        office.post("/imports/1/mapping", &columns).expect(303);
        office.post("/imports/1/answers", &[("version", "2"), ("rest", "1")]).expect(303);
        commit(&mut office, 1, 3);
        let list = office.get("/api/v1/problems?sort=number").expect(200).json();
        assert_eq!(list["problems"][0]["remark"], "12");
        send(&mut office, &LEDGER.replace("1,石桥镇", "7,柳湾乡")).expect(303);
        assert!(office.get("/imports/2").expect(200).text().contains("沿用上次的读法"));
        office.post("/imports/2/discard", &[("version", "1")]).expect(303);
        assert!(office.get("/imports").expect(200).text().contains("已放弃"));
    });
}

#[test]
fn files_that_are_no_ledger_and_people_who_may_not_are_refused_with_the_reason() {
    on_each_app(|app| {
        campaign(app);
        let mut office = app.sign_in("office");
        assert!(send(&mut office, "只有一句话").expect(422).text().contains("没有找到台账"));
        assert!(send(&mut office, "").expect(422).text().contains("空的"));
        let mut leader = app.sign_in("leader");
        assert!(leader.get("/imports/new").expect(200).text().contains("您不能导入台账"));
        send(&mut leader, LEDGER).expect(403);
        let mut town = app.sign_in("filler");
        send(&mut town, LEDGER).expect(404);
        let fields = [("campaign", "1"), ("unit", &TOWN.to_string())];
        town.upload("/imports", &fields, &[("file", "a.csv", LEDGER.as_bytes())]).expect(303);
        let mut stranger = app.sign_in("stranger");
        for path in ["/imports/1", "/imports/1/differences"] {
            stranger.get(path).expect(404);
        }
        for path in ["answers", "mapping", "commit", "resume", "discard", "export", "differences"] {
            stranger.post(&format!("/imports/1/{path}"), &[("version", "1")]).expect(404);
        }
        let fields = [("campaign", "1"), ("unit", &STRANGE_COUNTY.to_string())];
        office.upload("/imports", &fields, &[("file", "a.csv", LEDGER.as_bytes())]).expect(404);
    });
}
