//! Inspections, look-backs, meetings and imbalance on pages: nothing typed is lost, a refusal stands at its own form,
//! numbers open to their rows (M23, M29, M30, M31, M32).

use crate::coverage::planted;
use crate::supervision_examples::{decided, help, issue, look_back, meeting, series};
use bihuan_testkit::on_each_engine;

/// The text of the piece of a page that begins with one text and ends before another.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let at = page.find(from).unwrap_or_else(|| panic!("{from} is not in the page"));
    let rest = &page[at..];
    &rest[..rest.find(to).unwrap_or(rest.len())]
}

#[test]
fn a_refused_meeting_keeps_its_day_at_the_form_of_its_own_series_m30() {
    on_each_engine(|test| {
        let app = planted(test);
        series(&app);
        series(&app);
        let mut office = app.sign_in("office");
        let far = [("held_day", "2031-01-05"), ("campaign", "1")];
        let page = office.post("/dispatch-series/2/meetings", &far).expect(422).text();
        assert_eq!(page.matches("value=\"2031-01-05\"").count(), 1, "only the refused form shows it");
        let own = between(&page, "action=\"/dispatch-series/2/meetings\"", "</form>");
        assert!(own.contains("value=\"2031-01-05\"") && own.contains("31天之内"), "{own}");
        let new = [("campaign", "1"), ("unit", "没有这个单位"), ("name", "半月调度会"), ("every_days", "15")];
        let page = office.post("/dispatches", &new).expect(422).text();
        assert!(page.contains("value=\"半月调度会\"") && page.contains("没有这个单位"), "{page}");
    });
}

#[test]
fn every_form_of_a_meeting_keeps_what_was_typed_when_it_is_refused_m30() {
    on_each_engine(|test| {
        let app = planted(test);
        meeting(&app);
        let mut office = app.sign_in("office");
        let decide = [
            ("version", "1"),
            ("text", "五日内通水"),
            ("owner_unit", "石桥镇"),
            ("owner_name", "分管副镇长"),
            ("due_day", "2020-01-01"),
        ];
        let page = office.post("/dispatches/1/decisions", &decide).expect(422).text();
        for kept in
            ["五日内通水", "value=\"石桥镇\"", "value=\"分管副镇长\"", "value=\"2020-01-01\"", "会议当天"]
        {
            assert!(page.contains(kept), "{kept} is lost");
        }
        let minutes = [("version", "1"), ("chair", ""), ("present", "县专班"), ("summary", "逐件过了一遍")];
        let page = office.post("/dispatches/1/close", &minutes).expect(422).text();
        assert!(page.contains("县专班") && page.contains("逐件过了一遍"), "{page}");
        let long = "题".repeat(2_001);
        let page =
            office.post("/dispatches/1/items", &[("version", "1"), ("text", &long)]).expect(422).text();
        assert!(page.contains(&long), "a text that is too long comes back whole");
        let week =
            [("campaign", "1"), ("unit", "没有这个单位"), ("monday", "2024-03-04"), ("content", "清淤两段")];
        let page = office.post("/week-plans", &week).expect(422).text();
        assert!(page.contains("清淤两段") && page.contains("没有这个单位"), "{page}");
    });
}

#[test]
fn a_long_agenda_folds_what_comes_later_says_what_is_in_it_and_keeps_its_order_m30() {
    on_each_engine(|test| {
        let app = planted(test);
        meeting(&app);
        let mut office = app.sign_in("office");
        let had = office.get("/api/v1/dispatches/1").expect(200).json()["items"].as_array().unwrap().len();
        for n in had..26 {
            let version = office.get("/api/v1/dispatches/1").json()["version"].to_string();
            let text = format!("第{n}件：研究渠道清淤经费");
            office.post("/dispatches/1/items", &[("version", &version), ("text", &text)]).expect(303);
        }
        let page = office.get("/dispatches/1").expect(200).text();
        assert_eq!(page.matches("<ol class=\"agenda\"").count(), 3, "{page}");
        assert!(page.contains("议题（26项）") && page.contains("按来源："), "{page}");
        assert!(
            page.contains("第13—24项：人工添加12项") && page.contains("第25—26项：人工添加2项"),
            "{page}"
        );
        assert_eq!(page.matches("data-item=").count(), 26, "nothing is left out");
        // The last one goes to the front, over all folds.
        let told = office.get("/api/v1/dispatches/1").json();
        let ids: Vec<String> =
            told["items"].as_array().unwrap().iter().map(|i| i["id"].to_string()).collect();
        let order = [&ids[25..], &ids[..25]].concat().join(",");
        let sent = [("version", told["version"].to_string()), ("order", order.clone())];
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        office.post("/dispatches/1/order", &sent).expect(303);
        let told = office.get("/api/v1/dispatches/1").json();
        let now: Vec<String> =
            told["items"].as_array().unwrap().iter().map(|i| i["id"].to_string()).collect();
        assert_eq!(now.join(","), order);
    });
}

#[test]
fn minutes_are_read_on_a_page_and_taken_along_as_a_file_m30() {
    on_each_engine(|test| {
        let app = planted(test);
        decided(&app);
        let mut office = app.sign_in("office");
        let page = office.get("/dispatches/1").expect(200).text();
        assert!(
            page.contains("href=\"/tasks/1\"") && page.contains("推进中"),
            "the decision is a task: {page}"
        );
        let page = office.get("/dispatches/1/minutes").expect(200).text();
        assert!(
            page.contains("拿出方案") && page.contains("纪要尚未定下") && page.contains("minutes.docx"),
            "{page}"
        );
        let file = office.get("/dispatches/1/minutes.docx").expect(200);
        assert!(file.header("content-disposition").starts_with("attachment"));
        assert!(file.bytes.starts_with(b"PK"), "a docx");
        let json = office.get("/api/v1/dispatches/1").expect(200).json();
        assert_eq!(json["decisions"][0]["task"], 1);
        let mut clerk = app.sign_in("filler");
        clerk.get("/dispatches/1/minutes.docx").expect(404);
        let page = clerk.get("/todo").expect(200).text();
        assert!(page.contains("调度会议定事项") && page.contains("/tasks/1"), "{page}");
        let page = clerk.get("/tasks/1").expect(200).text();
        assert!(page.contains("议定"), "the task says where it comes from: {page}");
    });
}

#[test]
fn numbers_of_the_imbalance_lead_to_exactly_their_rows_m31() {
    on_each_engine(|test| {
        let app = planted(test);
        look_back(&app);
        let mut office = app.sign_in("office");
        let sent = [("result", "slipped_back"), ("note", "又堵了")];
        app.sign_in("inspector").post("/look-backs/1/file", &sent).expect(303);
        let page = office.get("/imbalance?unit=1").expect(200).text();
        let rebounds = between(&page, "/look-backs?unit=", "\"");
        let rows = office.get(&rebounds.replace("&amp;", "&")).expect(200).text();
        let table = between(&rows, "id=\"look-backs\"", "</table>");
        assert_eq!(table.matches("<tr").count() - 1, 1, "{table}");
        assert!(table.contains("反弹") && table.contains("水井井盖"), "{table}");
        let slips = office.get("/slips?below=1&wish=unanswered").expect(200).text();
        assert!(slips.contains("只看一个单位及其下级"), "{slips}");
        let coverage = office.get("/inspections/coverage?unit=2&level=all").expect(200).text();
        assert!(coverage.contains("全部层级"), "{coverage}");
        let json = office.get("/api/v1/imbalance?unit=1").expect(200).json();
        let levels = json["levels"].as_array().unwrap();
        assert!(levels.iter().any(|line| line["level"] == "village"), "{json}");
    });
}

#[test]
fn the_end_of_help_that_is_refused_keeps_its_words_m32() {
    on_each_engine(|test| {
        let app = planted(test);
        help(&app);
        let mut office = app.sign_in("office");
        let long = "好".repeat(3_000);
        let sent = [("version", "1"), ("campaign", "1"), ("outcome", long.as_str())];
        let page = office.post("/helps/1/end", &sent).expect(422).text();
        assert!(page.contains(&long), "what was typed is still there");
        let set = [("campaign", "1"), ("unit", "石桥镇"), ("reason", "人手不足"), ("plan", "每周一次")];
        let page = office.post("/helps", &set).expect(422).text();
        assert!(page.contains("人手不足") && page.contains("每周一次"), "{page}");
    });
}

#[test]
fn a_refused_visit_keeps_answers_notes_and_the_key_it_is_known_by_m29() {
    on_each_engine(|test| {
        let app = planted(test);
        issue(&app);
        let mut inspector = app.sign_in("inspector");
        let sent = [("done_day", "2031-01-05"), ("summary", "看了两处"), ("client_key", "k-7")];
        let page = inspector.post("/visits/1/file", &sent).expect(422).text();
        let form = between(&page, "action=\"/visits/1/file\"", "</form>");
        for kept in ["看了两处", "value=\"2031-01-05\"", "value=\"k-7\"", "不能晚于今天"] {
            assert!(form.contains(kept), "{kept}: {form}");
        }
        let finding = [("text", ""), ("place", "集镇东头"), ("client_key", "f-1")];
        let page = inspector.upload("/visits/1/findings", &finding, &[]).expect(422).text();
        assert!(page.contains("value=\"集镇东头\"") && page.contains("value=\"f-1\""), "{page}");
        let calendar = inspector.get("/api/v1/inspections/calendar").expect(200).json();
        assert_eq!(calendar["visits"].as_array().unwrap().len(), 1, "{calendar}");
    });
}

#[test]
fn the_problem_page_leads_the_drawn_person_to_the_checklist_m23() {
    on_each_engine(|test| {
        let app = planted(test);
        look_back(&app);
        let problem = app.app.look_back(&app.ctx("inspector"), bihuan_domain::id::LookBackId(1)).unwrap();
        let address = format!("/problems/{}", problem.line.problem.id);
        let page = app.sign_in("inspector").get(&address).expect(200).text();
        assert!(page.contains("href=\"/look-backs/1\""), "{page}");
        let page = app.sign_in("office").get(&address).expect(200).text();
        assert!(!page.contains("/look-backs/1/file") && !page.contains("look-backs/1\" method"), "{page}");
        let sent = [("result", "holds"), ("note", "看过")];
        let page = app.sign_in("office").post(&format!("{address}/look-backs/1"), &sent).expect(422).text();
        assert!(page.contains("由抽签确定的人员填报"), "{page}");
    });
}
