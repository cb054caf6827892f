//! Study and activities on pages and by program: nothing typed is lost, files come by JSON too, old editions stay (M06, M08).

use crate::action_examples::issue;
use crate::coverage::planted;
use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bihuan_testkit::on_each_engine;
use serde_json::json;

#[test]
fn a_refused_study_form_keeps_what_was_typed_m08() {
    on_each_engine(|test| {
        let app = planted(test);
        let mut clerk = app.sign_in("filler");
        let page = clerk
            .post("/study/hours", &[("what", "自学第三章"), ("day", "2024-03-05"), ("duration", "9999")]);
        let page = page.expect(422).text();
        assert!(page.contains("自学第三章") && page.contains("1到600分钟"), "{page}");
        let page = clerk.post("/study/plan", &[("what", "读完全书"), ("day", "三月")]).expect(422).text();
        assert!(page.contains("value=\"读完全书\""), "{page}");
        let class = [
            ("campaign", "1"),
            ("unit", "2"),
            ("name", "春季读书班"),
            ("from_day", "2024-03-09"),
            ("to_day", "2024-03-05"),
            ("everyone", "1"),
        ];
        let page = clerk.post("/study/classes", &class).expect(422).text();
        assert!(page.contains("value=\"春季读书班\"") && page.contains("结束日期早于开始日期"), "{page}");
        let mut right = class;
        right[4].1 = "2024-03-19";
        let at = clerk.post("/study/classes", &right).expect(303).location();
        let session = [("day", "2024-03-05"), ("topic", "分组研讨"), ("duration", "0")];
        let page = clerk.post(&format!("{at}/sessions"), &session).expect(422).text();
        assert!(page.contains("value=\"分组研讨\"") && page.contains("1到600分钟"), "{page}");
        let book = [("campaign", "1"), ("unit", "2"), ("title", ""), ("parts", "第一章")];
        let page = clerk.post("/study/readings", &book).expect(422).text();
        assert!(page.contains("第一章"), "{page}");
    });
}

#[test]
fn a_program_records_with_files_and_a_correction_keeps_the_old_edition_m06() {
    on_each_engine(|test| {
        let app = planted(test);
        issue(&app);
        let mut clerk = app.sign_in("filler");
        let record = |files: serde_json::Value| {
            json!({
                "campaign": 1, "unit": 2, "kind": "three-meetings", "day": "2024-03-05",
                "topic": "学习春灌安排", "file_is_minutes": "1", "files": files,
            })
        };
        let broken = record(json!([{ "name": "纪要.png", "content": "不是 Base64" }]));
        let said = clerk.json(Method::POST, "/api/v1/activities", &broken).expect(422).text();
        assert!(said.contains("纪要.png") && said.contains("Base64"), "{said}");
        let content = STANDARD.encode(crate::task_examples::PICTURE);
        let sent = record(json!([{ "name": "纪要.png", "content": content }]));
        let done = clerk.json(Method::POST, "/api/v1/activities", &sent).expect(200).json();
        let at = format!("/api/v1/activities/{}", done["id"]);
        let page = clerk.get(&at).expect(200).json();
        assert_eq!(page["files"][0]["name"], "纪要.png");
        assert_eq!(page["files"][0]["minutes"], true);
        let mut corrected = record(json!([]));
        corrected["topic"] = json!("学习春灌和防汛安排");
        corrected["reason"] = json!("补充内容");
        corrected["version"] = json!(1);
        clerk.json(Method::PUT, &at, &corrected).expect(200);
        let page = clerk.get(&at).expect(200).json();
        assert_eq!(page["files"].as_array().unwrap().len(), 1, "the file stays");
        assert_eq!(page["editions"][0]["record"]["topic"], "学习春灌安排", "the old edition stays");
        clerk.json(Method::PUT, &at, &corrected).expect(409);
    });
}

#[test]
fn an_action_is_recorded_on_the_to_do_list_itself() {
    on_each_engine(|test| {
        let app = planted(test);
        issue(&app);
        let mut clerk = app.sign_in("filler");
        let page = clerk.get("/todo").expect(200).text();
        assert!(page.contains("今天全体开展了") && page.contains("name=\"topic\""), "{page}");
        let today = app.now().day_in_china().to_string();
        let fields = [
            ("campaign", "1"),
            ("unit", "2"),
            ("kind", "three-meetings"),
            ("day", today.as_str()),
            ("everyone", "1"),
            ("topic", "学习春灌安排"),
        ];
        clerk.upload("/activities", &fields, &[]).expect(303);
        assert!(!clerk.get("/todo").expect(200).text().contains("今天全体开展了"), "it is not asked again");
    });
}

#[test]
fn a_missed_period_is_made_up_for_by_following_its_link_on_the_to_do_page_m05() {
    on_each_engine(|test| {
        let app = planted(test);
        issue(&app);
        app.later(40 * 86_400);
        let mut clerk = app.sign_in("filler");
        let at = "/activities/new?campaign=1&amp;unit=2&amp;kind=three-meetings&amp;makes_up_day=2024-03-31";
        let page = clerk.get("/todo").expect(200).text();
        assert!(page.contains(at), "{page}");
        let cell = clerk.get("/actions/1/cell?unit=2&period=2024-03-31").expect(200).text();
        assert!(cell.contains(at), "{cell}");
        let form = clerk.get(&at.replace("&amp;", "&")).expect(200).text();
        assert!(form.contains("value=\"2024-03-31\"") && form.contains("name=\"makes_up_day\""), "{form}");
        let today = app.now().day_in_china().to_string();
        let fields = [
            ("campaign", "1"),
            ("unit", "2"),
            ("kind", "three-meetings"),
            ("day", today.as_str()),
            ("everyone", "1"),
            ("topic", "补开三月的会"),
            ("makes_up_day", "2024-03-31"),
        ];
        clerk.upload("/activities", &fields, &[]).expect(303);
        assert!(!clerk.get("/todo").expect(200).text().contains("makes_up_day"), "it is not asked again");
    });
}

#[test]
fn earlier_periods_of_a_matrix_are_a_page_away_m05() {
    on_each_engine(|test| {
        let app = planted(test);
        let mut office = app.sign_in("office");
        let rule = json!({
            "name": "三会一课", "subject": "unit", "levels": ["township"], "activities": ["three-meetings"],
            "cadence": "month", "from_day": "2022-06-01",
        });
        office.json(Method::POST, "/api/v1/campaigns/1/actions", &rule).expect(200);
        let newest = office.get("/actions/1?unit=1").expect(200).text();
        assert!(newest.contains("更早的周期") && newest.contains("/actions/1?unit=1&amp;page=2"), "{newest}");
        assert!(!newest.contains("当前第 1–"), "{newest}");
        let earliest = office.get("/actions/1?unit=1&page=2").expect(200).text();
        assert!(
            earliest.contains("当前第 1–") && earliest.contains("/actions/1?unit=1&amp;page=1"),
            "{earliest}"
        );
        let told = office.get("/api/v1/actions/1?unit=1&page=2").expect(200).json();
        assert_eq!((told["page"].as_i64(), told["before"].as_i64()), (Some(2), Some(0)));
        assert_eq!(told["columns"][0]["last"], "2022-06-30");
    });
}
