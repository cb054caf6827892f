//! Pages of reports and breakdowns: figures that open, in the files too; rows of a draft; the unit a speech begins with.

use crate::coverage::planted;
use crate::support::{Browser, COUNTY, OFFICE, TestApp};
use axum::http::Method;
use bihuan_testkit::on_each_engine;
use serde_json::json;
use std::io::{Cursor, Read as _};

const TEXT: &str = "共登记问题{{问题总数}}件，任务{{任务：总数}}项，规定动作应做{{规定动作：应做}}次。\n{{图 单位}}\n{{表 单位：问题总数、任务：滞后、督办单：发出}}";

fn draw_up(app: &TestApp, office: &mut Browser) {
    let day = app.now().day_in_china().to_string();
    let campaign = [("campaign", "1"), ("unit", "1"), ("template", "brief"), ("from", &day), ("to", &day)];
    office.post("/reports", &campaign).expect(303);
    let words = [("version", "1"), ("title", "情况汇报"), ("text", TEXT), ("explained", "1")];
    office.post("/reports/1/edit", &words).expect(303);
}

fn part(bytes: &[u8], wanted: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let named = zip.file_names().flatten().find(|name| name.contains(wanted)).map(|name| name.into_owned());
    let name = named.unwrap_or_else(|| panic!("no {wanted}"));
    let mut text = String::new();
    zip.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The codes of all short links in a text.
fn links(text: &str) -> Vec<String> {
    let codes = text.split("/f/").skip(1);
    let code = |rest: &str| rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    let mut all: Vec<String> = codes.map(code).collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn the_short_links_in_a_report_s_files_open_the_figure_they_stand_beside_m41() {
    on_each_engine(|test| {
        let app = &planted(test);
        let mut office = app.sign_in("office");
        draw_up(app, &mut office);
        let page = office.get("/reports/1").expect(200).text();
        assert!(page.contains("/reports/1/rows?figure="), "a draft's figures open to their rows: {page}");
        office.get("/reports/1/rows?figure=2").expect(200);
        office.get("/reports/1/rows?figure=1").expect(404);
        office.post("/reports/1/issue", &[("version", "2")]).expect(303);
        office.get("/reports/1/rows?figure=2").expect(404);
        let docx = office.get("/reports/1/file/docx").expect(200);
        let word = part(&docx.bytes, "comments.xml");
        let xlsx = office.get("/reports/1/file/xlsx").expect(200);
        let excel = part(&xlsx.bytes, "comments1.xml");
        assert!(word.contains("登记到本单位及下辖单位") && word.contains("号记录"), "{word}");
        assert!(excel.contains("登记到本单位及下辖单位") && excel.contains("号记录"), "{excel}");
        let (in_word, in_excel) = (links(&word), links(&excel));
        assert!(in_word.len() > 3 && !in_excel.is_empty());
        let mut stranger = app.sign_in("stranger");
        for code in in_word.iter().chain(&in_excel) {
            let answer = office.get(&format!("/f/{code}")).expect(200).text();
            assert!(answer.contains("口径") && answer.contains("截至第"), "{answer}");
            stranger.get(&format!("/f/{code}")).expect(404);
            let json = office.get(&format!("/api/v1/figures/{code}")).expect(200).json();
            assert_eq!(json["figure"]["code"], code.as_str());
        }
        let page = office.get("/reports/1").expect(200).text();
        assert!(in_word.iter().all(|code| page.contains(&format!("/f/{code}"))), "the page opens them too");
        let entries = app.entries(50);
        assert_eq!(entries.iter().filter(|entry| entry.action == "report.exported").count(), 2);
    });
}

#[test]
fn a_speech_is_broken_down_for_the_unit_with_a_subtree_unless_another_is_chosen_m42() {
    on_each_engine(|test| {
        let app = &planted(test);
        let mut office = app.sign_in("office");
        let page = office.get("/breakdowns").expect(200).text();
        let select =
            page.split("name=\"unit\"").nth(1).unwrap().split("</select>").next().unwrap().to_owned();
        let first = select.split("<option").nth(1).unwrap();
        assert!(first.contains(&format!("value=\"{COUNTY}\"")), "{select}");
        let own = select.find(&format!("value=\"{OFFICE}\""));
        assert!(own.is_some(), "the office's own unit may be chosen: {select}");
        let mut filler = app.sign_in("filler");
        assert!(!filler.get("/breakdowns").expect(200).text().contains("name=\"unit\""));
    });
}

#[test]
fn a_program_that_sends_one_field_of_a_draft_leaves_the_others_as_they_are_m41() {
    on_each_engine(|test| {
        let app = &planted(test);
        let mut office = app.sign_in("office");
        draw_up(app, &mut office);
        let before = office.get("/api/v1/reports/1").expect(200).json();
        office.json(Method::PUT, "/api/v1/reports/1", &json!({ "title": "另一个标题" })).expect(200);
        let after = office.get("/api/v1/reports/1").expect(200).json();
        assert_eq!(after["edition"]["title"], "另一个标题");
        assert!(!before["edition"]["text"].as_str().unwrap().is_empty(), "{before}");
        for field in ["text", "addressee", "trimmings"] {
            assert_eq!(after["edition"][field], before["edition"][field], "{field}");
        }
        // Who may not is told so, and not that it cannot be done now.
        let denied = app.sign_in("filler").get("/reports/new").expect(403).text();
        assert!(denied.contains("没有权限") && !denied.contains("现在不能这样办理"), "{denied}");
    });
}

#[test]
fn a_correction_is_begun_with_the_figures_as_issued_or_counted_anew_on_the_page_and_by_programs() {
    on_each_engine(|test| {
        let app = &planted(test);
        let mut office = app.sign_in("office");
        draw_up(app, &mut office);
        office.post("/reports/1/issue", &[("version", "2")]).expect(303);
        let page = office.get("/reports/1").expect(200).text();
        assert!(page.contains("沿用被更正一版的数字") && page.contains("按现在的台账重新统计"), "{page}");
        let wrong = [("reason", "错字"), ("figures", "half")];
        let told = office.post("/reports/1/correct", &wrong).expect(422).text();
        assert!(told.contains("数字口径"), "{told}");
        office.post("/reports/1/correct", &[("reason", "错字"), ("figures", "issued")]).expect(303);
        let first = office.get("/api/v1/reports/1?edition=1").expect(200).json();
        let begun = office.get("/api/v1/reports/1").expect(200).json();
        assert_eq!(begun["figures_as_of"], "issued");
        assert_eq!((&first["figures_as_of"], &first["as_of_entry"]), (&json!(null), &begun["as_of_entry"]));
        let page = office.get("/reports/1").expect(200).text();
        assert!(page.contains("数字口径：沿用被更正一版的数字"), "{page}");
        office.post("/reports/1/issue", &[("version", "1")]).expect(303);
        let issued = office.get("/api/v1/reports/1").expect(200).json();
        assert_eq!(
            (&issued["figures_as_of"], &issued["as_of_entry"]),
            (&json!("issued"), &begun["as_of_entry"])
        );
        let anew = json!({ "reason": "更新数字", "figures": "now" });
        office.json(Method::POST, "/api/v1/reports/1/correct", &anew).expect(200);
        let begun = office.get("/api/v1/reports/1").expect(200).json();
        assert_eq!(begun["figures_as_of"], "now");
        assert!(begun["as_of_entry"].as_i64() > issued["as_of_entry"].as_i64());
        app.sign_in("evaluator").post("/reports/1/correct", &[("reason", "不对")]).expect(403);
        app.sign_in("stranger").post("/reports/1/correct", &[("reason", "不对")]).expect(404);
    });
}
