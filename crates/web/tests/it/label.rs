//! Labels of files, checked against what a person was cleared for (GB/T 22239 B10).

use crate::coverage::planted;
use crate::problem_examples::signed;
use crate::support::TestApp;
use axum::http::Method;
use bihuan_app::evidence::{EvidenceInput, SentFile};
use bihuan_domain::id::ProblemId;
use bihuan_testkit::on_each_engine;
use serde_json::json;

const FILE: &str = "/problems/1/evidence/1";
const LABEL: &str = "/problems/1/evidence/1/label";
/// A word that stands in the file only.
const INSIDE: &str = "低保户回访名册";

fn file(app: &TestApp, label: &str) {
    let sent = EvidenceInput {
        stage: "progress".to_owned(),
        caption: "入户核查情况".to_owned(),
        label: label.to_owned(),
        ..EvidenceInput::default()
    };
    let file = SentFile { name: "核查.txt".to_owned(), bytes: INSIDE.as_bytes().to_vec() };
    app.app.file_evidence(&app.ctx("filler"), ProblemId(1), None, sent, file).unwrap();
}

/// One piece of evidence of problem 1, number 1, without a label of its own.
pub fn file_one(app: &TestApp) {
    signed(app);
    file(app, "");
}

fn found_by_search(app: &TestApp, login: &str) -> bool {
    while app.app.index_step().unwrap().more {}
    app.sign_in(login)
        .get("/api/v1/search?q=%E5%9B%9E%E8%AE%BF%E5%90%8D%E5%86%8C")
        .expect(200)
        .text()
        .contains("入户核查情况")
}

#[test]
fn a_sensitive_file_is_opened_only_by_whom_it_was_meant_for_b10() {
    on_each_engine(|db| {
        let app = planted(db);
        signed(&app);
        file(&app, "sensitive");
        app.sign_in("filler").get(FILE).expect(200);
        for login in ["office", "leader", "verifier", "town_leader"] {
            let mut reader = app.sign_in(login);
            let refused = reader.get(FILE);
            assert_eq!(refused.status, 422, "{login} opened it");
            assert!(refused.text().contains("没有查看这类材料的授权") && !refused.text().contains(INSIDE));
            let page = reader.get("/problems/1").expect(200).text();
            assert!(page.contains("入户核查情况") && !page.contains(&format!("href=\"{FILE}\"")), "{login}");
            let piece = reader.get("/api/v1/problems/1").expect(200).json()["evidence"][0].clone();
            assert_eq!((&piece["label"], &piece["may_open"]), (&json!("sensitive"), &json!(false)));
        }
        assert!(!found_by_search(&app, "office"), "the text of a sensitive file is found");
        let mut security = app.sign_in("security");
        let path = "/admin/accounts/6/clearance";
        security.post(path, &[("label", "sensitive"), ("reason", "")]).expect(422);
        security.post(path, &[("label", "secret"), ("reason", "承办需要")]).expect(422);
        security.post(path, &[("label", "sensitive"), ("reason", "承担验收工作")]).expect(303);
        assert_eq!(app.last_entry().action, "account.cleared");
        app.sign_in("verifier").get(FILE).expect(200);
        app.sign_in("office").get(FILE).expect(422);
        app.sign_in("stranger").get(FILE).expect(404);
    });
}

#[test]
fn what_nobody_labelled_is_internal_and_less_clearance_opens_public_files_only_b10() {
    on_each_engine(|db| {
        let app = planted(db);
        file_one(&app);
        app.sign_in("office").get(FILE).expect(200);
        assert!(found_by_search(&app, "office"));
        let lower = json!({ "label": "public", "reason": "借调人员" });
        app.sign_in("security").json(Method::PUT, "/api/v1/people/6/clearance", &lower).expect(200);
        app.sign_in("verifier").get(FILE).expect(422);
        app.sign_in("office").post(LABEL, &[("label", "public"), ("reason", "已公示")]).expect(303);
        app.sign_in("verifier").get(FILE).expect(200);
    });
}

#[test]
fn a_label_is_narrowed_by_the_filer_widened_by_the_office_and_each_change_is_written_down_b10() {
    on_each_engine(|db| {
        let app = planted(db);
        file_one(&app);
        let mut filler = app.sign_in("filler");
        let refused = filler.post(LABEL, &[("label", "public"), ("reason", "可以公开")]).expect(403).text();
        assert!(refused.contains("可以公开"), "what was typed is lost");
        filler.post(LABEL, &[("label", "sensitive"), ("reason", " ")]).expect(422);
        app.sign_in("verifier").post(LABEL, &[("label", "sensitive"), ("reason", "含个人信息")]).expect(403);
        filler.post(LABEL, &[("label", "sensitive"), ("reason", "含个人信息")]).expect(303);
        let last = app.last_entry();
        assert_eq!(last.action, "evidence.labelled");
        assert!(last.note.contains("由内部改为敏感：含个人信息"), "{}", last.note);
        assert!(!found_by_search(&app, "office"), "the index still holds the text");
        filler.post(LABEL, &[("label", "internal"), ("reason", "改回")]).expect(403);
        app.sign_in("stranger").get(LABEL).expect(404);
        app.sign_in("stranger").post(LABEL, &[("label", "public"), ("reason", "x")]).expect(404);
        app.sign_in("office").post(LABEL, &[("label", "internal"), ("reason", "已隐去姓名")]).expect(303);
        app.sign_in("leader").get(FILE).expect(200);
        for login in ["office", "system", "audit"] {
            let mut other = app.sign_in(login);
            let raise = json!({ "label": "sensitive", "reason": "x" });
            other.json(Method::PUT, "/api/v1/people/1/clearance", &raise).expect(403);
        }
        let own = json!({ "label": "sensitive", "reason": "x" });
        app.sign_in("security").json(Method::PUT, "/api/v1/people/10/clearance", &own).expect(422);
    });
}

#[test]
fn a_new_edition_keeps_the_label_and_state_secrets_are_refused_b10() {
    on_each_engine(|db| {
        let app = planted(db);
        signed(&app);
        file(&app, "sensitive");
        let sent = EvidenceInput {
            stage: "progress".to_owned(),
            caption: "入户核查情况（更正）".to_owned(),
            replaces: "1".to_owned(),
            ..EvidenceInput::default()
        };
        let new =
            SentFile { name: "核查2.txt".to_owned(), bytes: "更正后的名册".as_bytes().to_vec() };
        app.app.file_evidence(&app.ctx("filler"), ProblemId(1), None, sent.clone(), new).unwrap();
        app.sign_in("office").get("/problems/1/evidence/2").expect(422);
        for name in ["名单（机密）.txt", "绝密-方案.txt", "秘密★1年.txt"] {
            let sent = EvidenceInput { replaces: String::new(), ..sent.clone() };
            let file = SentFile { name: name.to_owned(), bytes: name.as_bytes().to_vec() };
            let refused = app.app.file_evidence(&app.ctx("filler"), ProblemId(1), None, sent, file);
            assert!(refused.is_err(), "{name} was taken");
        }
    });
}
