//! Documents in the browser and by programs: checks of a docx, drafts with their quantities, and requirements that reach
//! the units they name.

use crate::ledger_support::campaign;
use crate::support::{Browser, COUNTY, TOWN, TestApp, on_each_app};
use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use std::io::{Cursor, Read as _, Write as _};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

const SPEECH: &str = "在推进会上的讲话\n一、抓造林。石桥镇要在3月底前完成造林绿化2.5万亩。\n二、抓台账。为把底数摸清，各乡镇要建立重点问题清单。\n";

fn docx(text: &str) -> Vec<u8> {
    const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    const NAMES: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let body = format!(
        "<w:document xmlns:w=\"{NAMES}\"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, xml) in [("[Content_Types].xml", TYPES), ("word/document.xml", body.as_str())] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(xml.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The page of the first document broken down.
fn speech(app: &TestApp) -> Browser {
    campaign(app);
    let mut office = app.sign_in("office");
    let sent = json!({ "unit": COUNTY, "campaign": 1, "text": SPEECH, "day": "2024-03-05" });
    office.json(Method::POST, "/api/v1/breakdowns", &sent).expect(200);
    office
}

/// The number of the draft whose sentence has these words.
fn draft(office: &mut Browser, words: &str) -> i64 {
    let seen = office.get("/api/v1/breakdowns/1").expect(200).json();
    let drafts = seen["drafts"].as_array().unwrap().clone();
    let found = drafts.iter().find(|one| one["quote"].as_str().unwrap().contains(words));
    found.unwrap_or_else(|| panic!("{words}: {drafts:?}"))["id"].as_i64().unwrap()
}

#[test]
fn a_program_has_a_docx_checked_and_fetches_it_with_remarks_m43() {
    on_each_app(|app| {
        campaign(app);
        let mut office = app.sign_in("office");
        let content = STANDARD.encode(docx("一、摸清底数，，逐条登记。"));
        let sent = json!({ "unit": COUNTY, "file": { "name": "汇报.docx", "content": content } });
        let id = office.json(Method::POST, "/api/v1/checks", &sent).expect(200).json()["id"].clone();
        let seen = office.get(&format!("/api/v1/checks/{id}")).expect(200).json();
        assert!(!seen["findings"].as_array().unwrap().is_empty(), "{seen}");
        let file = office.get(&format!("/api/v1/checks/{id}/comments")).expect(200);
        let mut comments = String::new();
        let mut zip = ZipArchive::new(Cursor::new(&file.bytes)).unwrap();
        zip.by_name("word/comments.xml").unwrap().read_to_string(&mut comments).unwrap();
        assert!(comments.contains("<w:comment "), "{comments}");
        assert!(
            office.get(&format!("/api/v1/checks/{id}/corrected")).expect(200).text().contains("摸清底数")
        );
        app.sign_in("stranger").get(&format!("/api/v1/checks/{id}/comments")).expect(404);
        // Nothing was accepted yet: there is nothing to write into the file.
        office.get(&format!("/api/v1/checks/{id}/revised")).expect(422);
        let accept = json!({ "finding": 0, "accept": "1", "replacement": "，" });
        office.json(Method::POST, &format!("/api/v1/checks/{id}/decide"), &accept).expect(200);
        let file = office.get(&format!("/api/v1/checks/{id}/revised")).expect(200);
        let mut revised = String::new();
        let mut zip = ZipArchive::new(Cursor::new(&file.bytes)).unwrap();
        zip.by_name("word/document.xml").unwrap().read_to_string(&mut revised).unwrap();
        assert!(revised.contains("<w:delText xml:space=\"preserve\">，，</w:delText>"), "{revised}");
        office.get(&format!("/checks/{id}/revised")).expect(200);
        app.sign_in("stranger").get(&format!("/checks/{id}/revised")).expect(404);
        let broken = json!({ "unit": COUNTY, "file": { "name": "汇报.docx", "content": "不是" } });
        let refused = office.json(Method::POST, "/api/v1/checks", &broken).expect(422).text();
        assert!(refused.contains("Base64"), "{refused}");
        let speech = json!({ "unit": COUNTY, "campaign": 1,
            "file": { "name": "讲话.docx", "content": STANDARD.encode(docx("石桥镇要在3月底前建立问题台账。")) } });
        let made = office.json(Method::POST, "/api/v1/breakdowns", &speech).expect(200).json();
        assert_eq!(made["drafts"].as_array().unwrap().len(), 1, "{made}");
    });
}

#[test]
fn a_draft_s_quantity_is_changed_on_the_page_and_becomes_the_task_s_target_m42() {
    on_each_app(|app| {
        let mut office = speech(app);
        let id = draft(&mut office, "造林");
        let page = office.get("/breakdowns/1").expect(200).text();
        assert!(page.contains("name=\"amount\"") && page.contains("value=\"2.5\""), "{page}");
        let fields = |amount: &'static str| {
            [
                ("action", "完成造林绿化"),
                ("unit", "石桥镇"),
                ("due_day", "2024-03-31"),
                ("amount", amount),
                ("measure_word", "万亩"),
            ]
        };
        let refused =
            office.post(&format!("/breakdowns/drafts/{id}/edit"), &fields("两三")).expect(422).text();
        assert!(refused.contains("“目标数量”应是大于0的数字"), "{refused}");
        office.post(&format!("/breakdowns/drafts/{id}/edit"), &fields("３.5")).expect(303);
        let seen = office.get("/api/v1/breakdowns/1").expect(200).json();
        assert!(seen["drafts"].as_array().unwrap().iter().any(|one| one["quantity"] == "3.5万亩"), "{seen}");
        let mut accept = fields("3.5").to_vec();
        accept.push(("becomes", "task"));
        let done = office.post(&format!("/breakdowns/drafts/{id}/accept"), &accept).expect(303);
        let page = office.get(done.location().split('#').next().unwrap()).expect(200).text();
        assert!(page.contains("已下达1项重点任务。"), "{page}");
        let task = office.get("/tasks/1").expect(200).text();
        assert!(task.contains("完成量") && task.contains("3.5") && task.contains("万亩"), "{task}");
    });
}

#[test]
fn a_requirement_is_seen_by_the_township_it_names_with_the_paragraph_it_stands_in_m41() {
    on_each_app(|app| {
        let mut office = speech(app);
        let id = draft(&mut office, "重点问题清单");
        let accept = [("becomes", "requirement"), ("unit", "各乡镇")];
        let done = office.post(&format!("/breakdowns/drafts/{id}/accept"), &accept).expect(303);
        let page = office.get(done.location().split('#').next().unwrap()).expect(200).text();
        assert!(page.contains("已列入要求清单，2个单位会在待办和单位页看到。"), "{page}");
        assert_eq!(page.matches("打开列入的要求").count(), 1, "one sentence is one draft: {page}");
        let listed = page.split("id=\"requirements\"").nth(1).unwrap_or(&page);
        assert_eq!(
            listed.matches("<a href=\"/requirements/").count(),
            3,
            "two on the list, one at the draft"
        );
        let mut filler = app.sign_in("filler");
        let todo = filler.get("/todo").expect(200).text();
        let href = todo.split("href=\"/requirements/").nth(1).unwrap_or_else(|| panic!("{todo}"));
        let href = format!("/requirements/{}", href.split('"').next().unwrap());
        assert!(todo.contains("文件要求") && todo.contains("建立重点问题清单"), "{todo}");
        assert!(todo.contains("现在没有等您办理的事项。另有1条文件要求"), "there is nothing to file: {todo}");
        let own = filler.get(&href).expect(200).text();
        for words in ["建立重点问题清单", "《在推进会上的讲话》", "为把底数摸清", "石桥镇", "<mark>"]
        {
            assert!(own.contains(words), "{words}: {own}");
        }
        assert!(!own.contains("/breakdowns/1"), "the document is its office's: {own}");
        assert!(filler.get(&format!("/units/{TOWN}")).expect(200).text().contains(&href));
        let told = filler.get(&format!("/api/v1{href}")).expect(200).json();
        assert_eq!(told["unit"], TOWN);
        app.sign_in("stranger").get(&href).expect(404);
        filler.get("/breakdowns/1").expect(404);
        filler.get(&format!("/requirements/{}", draft(&mut office, "造林"))).expect(404);
    });
}

#[test]
fn what_is_not_accepted_yet_is_closed_to_evaluators_on_the_page_and_for_programs_m42() {
    on_each_app(|app| {
        let mut office = speech(app);
        let id = draft(&mut office, "造林");
        let mut evaluator = app.sign_in("evaluator");
        let words = "您没有“查看尚未采用的文件分解”的权限。";
        let page = evaluator.get("/breakdowns/1").expect(403).text();
        assert!(page.contains(words) && !page.contains("造林"), "{page}");
        let json = evaluator.get("/api/v1/breakdowns/1").expect(403).json();
        assert_eq!((&json["detail"], &json["code"]), (&json!(words), &json!("not_allowed")));
        let list = evaluator.get("/api/v1/breakdowns").expect(200).json();
        assert_eq!(list["breakdowns"], json!([]));
        assert!(!evaluator.get("/breakdowns").expect(200).text().contains("推进会上的讲话"));
        app.sign_in("stranger").get("/breakdowns/1").expect(404);
        let accept = json!({ "becomes": "requirement" });
        office.json(Method::POST, &format!("/api/v1/drafts/{id}/accept"), &accept).expect(200);
        let seen = evaluator.get("/api/v1/breakdowns/1").expect(200).json();
        let states: Vec<&str> =
            seen["drafts"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["accepted"]);
        assert!(evaluator.get("/breakdowns/1").expect(200).text().contains("造林"));
    });
}
