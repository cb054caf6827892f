//! The loop as people walk it: forms and JSON, on both engines.

use crate::support::{BUREAU, COUNTY, OTHER_TOWN, TOWN, TestApp, first_day, on_each_app};
use axum::http::Method;
use bihuan_app::problem::{AssignInput, register_draft};
use bihuan_domain::campaign::{AuthorityBasis, Campaign, CampaignState};
use bihuan_domain::id::{CampaignId, ProblemId, UnitId};
use bihuan_domain::problem::{Draft, ImportedState, State};
use bihuan_store::Fault;
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use serde_json::json;

pub const TEXT: &str = "三组灌溉渠道破损120米未修，下游60亩水田无法灌溉";

/// A campaign of the county with the rules that hold without a template.
pub fn plant_campaign(app: &TestApp) {
    plant_campaign_with(app, "");
}

fn plant_campaign_with(app: &TestApp, template: &'static str) {
    app.db
        .write(move |conn| -> Result<(), Fault> {
            let campaign = Campaign {
                id: CampaignId(1),
                code: "2024".to_owned(),
                name: "群众身边问题整改".to_owned(),
                office_unit_id: UnitId(COUNTY),
                basis: AuthorityBasis::Decision,
                authority: "中共云溪县委".to_owned(),
                document: "云溪办发〔2024〕1号".to_owned(),
                scope: "全县各单位".to_owned(),
                state: CampaignState::Running,
                starts_day: first_day(),
                ends_day: None,
                template_text: template.to_owned(),
                follows_id: None,
                version: 1,
            };
            let entry = NewEntry {
                action: "test.planted".to_owned(),
                subject_kind: "campaign",
                writes: vec![Write::insert(&campaign)],
                ..NewEntry::default()
            };
            let stamp = Stamp { at: first_day().plus_days(-10).starts_at(), ..Stamp::default() };
            journal::append(conn, &stamp, vec![entry])?;
            Ok(())
        })
        .unwrap();
}

/// Each engine, with a campaign.
fn on_each(test: impl Fn(&TestApp)) {
    on_each_app(|app| {
        plant_campaign(app);
        test(app);
    });
}

fn state(app: &TestApp, id: i64) -> State {
    app.app.case(&app.ctx("office"), ProblemId(id)).unwrap().case.problem.state
}

fn version(app: &TestApp, id: i64) -> String {
    app.app.case(&app.ctx("office"), ProblemId(id)).unwrap().case.problem.version.to_string()
}

/// Registers by the form and answers with the problem's number.
pub fn registered(app: &TestApp, text: &str) -> i64 {
    let mut clerk = app.sign_in("other_filler");
    let unit = OTHER_TOWN.to_string();
    let fields = [
        ("campaign", "1"),
        ("unit", unit.as_str()),
        ("text", text),
        ("place", "青石村"),
        ("deadline", "2024年6月底前"),
        ("form_key", text),
    ];
    let answer = clerk.post("/problems/new", &fields).expect(303);
    answer.location().rsplit('/').next().unwrap().parse().unwrap()
}

/// One form of a problem's page, with the version that the page shows.
pub fn step(app: &TestApp, who: &str, id: i64, path: &str, fields: &[(&str, &str)]) {
    let version = version(app, id);
    let mut pairs = vec![("version", version.as_str())];
    pairs.extend(fields);
    let answer = app.sign_in(who).post(&format!("/problems/{id}/{path}"), &pairs).expect(303);
    assert_eq!(answer.location(), format!("/problems/{id}"));
}

pub fn walk(app: &TestApp, id: i64, to: State) {
    let accept = [("decision", "accept")];
    let verified = [("outcome", "solved"), ("truth", "true"), ("note", "现场查看，已通水")];
    let reported =
        [("outcome", "solved"), ("statement", "渠道更换渠板120米，已通水"), ("claimed_day", "2024-03-05")];
    let order = [("lead", "石桥镇"), ("checking", "云溪县水利局")];
    type Pairs<'a> = &'a [(&'a str, &'a str)];
    let steps: [(State, &str, &str, Pairs<'_>); 7] = [
        (State::Registered, "leader", "screen", &accept),
        (State::Screened, "office", "screen", &accept),
        (State::Accepted, "office", "assign", &order),
        (State::Assigned, "filler", "sign", &[]),
        (State::Rectifying, "filler", "report", &reported),
        (State::Reported, "verifier", "verify", &verified),
        (State::Proposed, "office", "confirm", &[]),
    ];
    for (from, who, path, fields) in steps {
        if state(app, id) == to {
            return;
        }
        if state(app, id) != from {
            continue;
        }
        if from == State::Rectifying {
            file(app, id, "修复后说明");
        }
        if from == State::Proposed {
            app.later(6 * 86_400);
        }
        step(app, who, id, path, fields);
    }
    assert_eq!(state(app, id), to);
}

pub fn file(app: &TestApp, id: i64, content: &str) {
    let version = version(app, id);
    let fields = [("version", version.as_str()), ("stage", "closure"), ("caption", "通水现场说明")];
    let files = [("file", "通水 说明.txt", content.as_bytes())];
    app.sign_in("filler").upload(&format!("/problems/{id}/evidence"), &fields, &files).expect(303);
}

#[test]
fn m22_the_whole_loop_is_walked_by_forms() {
    on_each(|app| {
        let id = registered(app, TEXT);
        walk(app, id, State::Rectifying);
        let measure =
            [("measure", "更换破损渠板120米"), ("owner", "2"), ("measure_deadline", "2024年5月底前")];
        step(app, "filler", id, "measures", &measure);
        let part = app.app.case(&app.ctx("filler"), ProblemId(id)).unwrap().case.measures[0].id;
        let finished = [("done_note", "已更换"), ("claimed_day", "2024-03-05")];
        step(app, "filler", id, &format!("measures/{part}/finish"), &finished);
        step(app, "filler", id, "progress", &[("note", "渠板已到场")]);
        walk(app, id, State::Closed);
        let page = app.sign_in("office").get(&format!("/problems/{id}")).expect(200).text();
        for words in [
            "已销号 · 已解决",
            "更换破损渠板120米",
            "渠板已到场",
            "通水现场说明",
            "SHA-256",
            "办理经过",
            "现场查看，已通水",
            "陈小燕 · 石桥镇党政办干事 · 石桥镇",
            "2024年6月底前",
            "2024年6月30日",
        ] {
            assert!(page.contains(words), "{words} is missing:\n{page}");
        }
        app.later(86_400);
        let look_back = app.app.case(&app.ctx("office"), ProblemId(id)).unwrap().case.look_backs[0].id;
        let found = [("result", "slipped_back"), ("note", "又有30米垮塌")];
        step(app, "inspector", id, &format!("look-backs/{look_back}"), &found);
        assert_eq!(state(app, id), State::Rectifying);
        let page = app.sign_in("filler").get(&format!("/problems/{id}")).expect(200).text();
        assert!(page.contains("第2轮") && page.contains("反弹"));
    });
}

#[test]
fn the_whole_loop_is_walked_by_json() {
    on_each(|app| {
        let post = |who: &str, path: &str, body: serde_json::Value| {
            app.sign_in(who).json(Method::POST, path, &body).expect(200).json()
        };
        let unit = OTHER_TOWN;
        let made = post(
            "other_filler",
            "/api/v1/problems",
            json!({ "campaign": 1, "unit": unit, "text": TEXT, "deadline": "2024年6月底前" }),
        );
        let id = made["problem"]["id"].as_i64().unwrap();
        let at = |path: &str| format!("/api/v1/problems/{id}/{path}");
        post("leader", &at("screen"), json!({ "decision": "accept" }));
        post("office", &at("screen"), json!({ "decision": "accept" }));
        let order = json!({ "lead": TOWN, "checking": BUREAU, "responsible": ["柳湾乡"], "assisting": [] });
        let assigned = post("office", &at("assign"), order);
        assert_eq!(assigned["problem"]["state"], "assigned");
        let version = assigned["problem"]["version"].as_i64().unwrap();
        let mut filler = app.sign_in("filler");
        let stale =
            filler.json(Method::POST, &at("sign"), &json!({ "version": version - 1 })).expect(409).json();
        assert_eq!(stale["code"], "conflict");
        filler.json(Method::POST, &at("sign"), &json!({ "version": version })).expect(200);
        let early = json!({ "outcome": "solved", "statement": "已修复", "claimed_day": "2024-03-05" });
        let refused = filler.json(Method::POST, &at("report"), &early).expect(422).json();
        assert_eq!(refused["code"], "evidence_missing");
        assert_eq!(refused["errors"][0]["field"], "evidence");
        let files = [("file", "a.txt", "说明".as_bytes())];
        let sent = [("stage", "closure"), ("caption", "通水现场")];
        filler.upload(&at("evidence"), &sent, &files).expect(200);
        filler.json(Method::POST, &at("report"), &early).expect(200);
        let verdict = json!({ "outcome": "solved", "truth": "true", "note": "现场查看" });
        assert_eq!(
            filler.json(Method::POST, &at("verify"), &verdict).expect(403).json()["code"],
            "not_allowed"
        );
        post("verifier", &at("verify"), verdict);
        let page = app.sign_in("office").get(&format!("/api/v1/problems/{id}")).expect(200).json();
        assert_eq!(page["problem"]["state"], "proposed");
        assert_eq!(page["timeline"][0]["action"], "problem.verified");
        assert_eq!(page["parties"].as_array().unwrap().len(), 4);
        let confirm = page["steps"].as_array().unwrap().iter().find(|s| s["verb"] == "confirm").unwrap();
        assert_eq!(confirm["blocked"]["code"], "notice_running");
        let todo = app.sign_in("office").get("/api/v1/todo").expect(200).json();
        assert_eq!(todo["items"], json!([]));
        let broken = filler.json(Method::POST, &at("progress"), &json!([])).expect(422).json();
        assert_eq!(broken["code"], "invalid");
    });
}

#[test]
fn who_may_not_is_refused_and_who_may_not_see_finds_nothing() {
    on_each(|app| {
        let id = registered(app, TEXT);
        walk(app, id, State::Reported);
        let verified = [("outcome", "solved"), ("truth", "true"), ("note", "自己看过了")];
        for (who, status) in
            [("filler", 403), ("town_leader", 403), ("evaluator", 403), ("stranger", 404), ("system", 404)]
        {
            let mut browser = app.sign_in(who);
            let head = app.head();
            browser.post(&format!("/problems/{id}/verify"), &verified).expect(status);
            assert_eq!(app.head(), head, "{who} left an entry");
            let seen = if status == 404 { 404 } else { 200 };
            browser.get(&format!("/problems/{id}")).expect(seen);
        }
        let page = app.sign_in("filler").get(&format!("/problems/{id}")).expect(200).text();
        assert!(!page.contains("id=\"do-verify\"") && !page.contains("id=\"do-report\""), "{page}");
        let page = app.sign_in("verifier").get(&format!("/problems/{id}")).expect(200).text();
        assert!(page.contains("id=\"do-verify\" open") && page.contains("id=\"do-send-back\""));
        app.browser().get(&format!("/problems/{id}")).expect(303);
        app.sign_in("office").get("/problems/99").expect(404);
        app.sign_in("office").get("/problems/abc").expect(404);
    });
}

#[test]
fn a_stale_or_refused_form_keeps_what_was_typed() {
    on_each(|app| {
        let id = registered(app, TEXT);
        walk(app, id, State::Rectifying);
        let old = version(app, id);
        step(app, "town_leader", id, "progress", &[("note", "书记已到现场")]);
        let typed = "昨日完成清淤800米，计划本周换板";
        let mut clerk = app.sign_in("filler");
        let path = format!("/problems/{id}/progress");
        let page = clerk.post(&path, &[("version", &old), ("note", typed)]).expect(409).text();
        assert!(page.contains(typed) && page.contains("别人更新了同一内容"), "{page}");
        assert!(page.contains("书记已到现场"), "the present state is shown beside");
        assert!(page.contains(&format!("name=\"version\" value=\"{}\"", version(app, id))));
        let fields = [("outcome", "solved"), ("statement", "渠板已换"), ("claimed_day", "2030-01-01")];
        let page = clerk.post(&format!("/problems/{id}/report"), &fields).expect(422).text();
        assert!(
            page.contains("渠板已换") && page.contains("在今天之后") && page.contains("e-report-claimed_day")
        );
        assert!(page.contains("href=\"#f-report-claimed_day\""), "the summary leads to the field");
    });
}

#[test]
fn a_double_click_acts_once() {
    on_each(|app| {
        let id = registered(app, TEXT);
        assert_eq!(registered(app, TEXT), id, "the form's number tells it");
        walk(app, id, State::Rectifying);
        let version = version(app, id);
        let fields = [("version", version.as_str()), ("note", "已进场")];
        let path = format!("/problems/{id}/progress");
        let mut clerk = app.sign_in("filler");
        clerk.post(&path, &fields).expect(303);
        let head = app.head();
        clerk.post(&path, &fields).expect(303);
        assert_eq!(app.head(), head);
    });
}

#[test]
fn m19_the_register_form_warns_before_it_is_final() {
    on_each(|app| {
        let id = registered(app, TEXT);
        let mut office = app.sign_in("office");
        let page = office.get("/problems/new").expect(200).text();
        assert!(page.contains("问题描述") && page.contains("石桥镇青石村"));
        let alike = TEXT.replace("120米", "约120米");
        let unit = OTHER_TOWN.to_string();
        let fields =
            [("campaign", "1"), ("unit", unit.as_str()), ("text", alike.as_str()), ("form_key", "x")];
        let page = office.post("/problems/new", &fields).expect(200).text();
        assert!(page.contains("还没有登记") && page.contains(&format!("/problems/{id}\"")), "{page}");
        assert!(page.contains(&alike), "nothing typed is lost");
        let start = page.find("name=\"seen\" value=\"").unwrap() + 19;
        let seen = page[start..start + 16].to_owned();
        let mut again = fields.to_vec();
        again.push(("seen", &seen));
        office.post("/problems/new", &again).expect(303);
        let mut other = again.clone();
        other[2] = ("text", "进一步加强和完善相关工作");
        let page = office.post("/problems/new", &other).expect(200).text();
        assert!(page.contains("还没有登记"), "another text is warned of anew");
        let empty = [("campaign", "1"), ("unit", unit.as_str()), ("text", "")];
        let page = office.post("/problems/new", &empty).expect(422).text();
        assert!(page.contains("“问题描述”没有填写"));
    });
}

#[test]
fn a_file_is_handed_out_to_be_saved_and_never_to_be_shown() {
    on_each(|app| {
        let id = registered(app, TEXT);
        walk(app, id, State::Rectifying);
        file(app, id, "通水说明");
        let evidence =
            app.app.problem_view(&app.ctx("office"), ProblemId(id)).unwrap().evidence[0].evidence.id;
        let path = format!("/problems/{id}/evidence/{evidence}");
        let answer = app.sign_in("office").get(&path).expect(200);
        assert_eq!(answer.bytes, "通水说明".as_bytes());
        let name = "attachment; filename*=UTF-8''%E9%80%9A%E6%B0%B4%20%E8%AF%B4%E6%98%8E.txt";
        assert_eq!(answer.header("content-disposition"), name);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-type").starts_with("text/plain"));
        app.sign_in("stranger").get(&path).expect(404);
        app.browser().get(&path).expect(303);
        let sent = [("stage", "closure"), ("caption", "照片")];
        let wrong = [("file", "a.png", "不是图片".as_bytes())];
        let page = app
            .sign_in("filler")
            .upload(&format!("/problems/{id}/evidence"), &sent, &wrong)
            .expect(422)
            .text();
        assert!(page.contains("文件名是“a.png”") && page.contains("value=\"照片\""), "{page}");
        let page =
            app.sign_in("filler").upload(&format!("/problems/{id}/evidence"), &sent, &[]).expect(422).text();
        assert!(page.contains("没有选择文件"));
    });
}

#[test]
fn what_people_write_is_shown_as_text() {
    on_each(|app| {
        let id = registered(app, "<script>alert(1)</script>三组渠道破损120米未修，下游60亩水田无法灌溉");
        walk(app, id, State::Rectifying);
        step(app, "filler", id, "progress", &[("note", "<img src=x onerror=alert(1)>")]);
        let page = app.sign_in("filler").get(&format!("/problems/{id}")).expect(200).text();
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x"));
        let page = app.sign_in("filler").get("/todo").expect(200).text();
        assert!(!page.contains("<script>alert"));
    });
}

#[test]
fn the_to_do_page_records_in_place() {
    on_each(|app| {
        let id = registered(app, TEXT);
        walk(app, id, State::Assigned);
        let mut clerk = app.sign_in("filler");
        let page = clerk.get("/todo").expect(200).text();
        assert!(
            page.contains("待签收")
                && page.contains("共1件")
                && page.contains(&format!("/problems/{id}/sign"))
        );
        let version = version(app, id);
        let fields = [("version", version.as_str()), ("back", "/todo")];
        let answer = clerk.post(&format!("/problems/{id}/sign"), &fields).expect(303);
        assert_eq!(answer.location(), "/todo");
        let page = clerk.get("/todo").expect(200).text();
        assert!(page.contains("已签收") && page.contains("填报进展"), "{page}");
        let foreign = [("note", "已进场"), ("back", "//evil.example")];
        let answer = clerk.post(&format!("/problems/{id}/progress"), &foreign).expect(303);
        assert_eq!(answer.location(), format!("/problems/{id}"));
        let page = app.sign_in("evaluator").get("/todo").expect(200).text();
        assert!(page.contains("没有待办事项"));
        app.sign_in("office").get("/todo?kind=verify").expect(200);
    });
}

#[test]
fn a_long_to_do_list_comes_in_pages_and_a_record_leads_back_to_its_own() {
    on_each(|app| {
        let office = app.ctx("office");
        for _ in 0..27 {
            let (all, who) = (app.app.clone(), office.clone());
            let made = app.db.write(move |conn| -> Result<_, bihuan_app::Error> {
                let campaign: Campaign = journal::by_id(conn, 1)?.unwrap();
                let draft = Draft {
                    campaign_id: CampaignId(1),
                    unit_id: UnitId(TOWN),
                    unit_path: crate::support::path(TOWN),
                    text: TEXT.to_owned(),
                    ..Draft::default()
                };
                let accepted = Some(ImportedState::Accepted);
                register_draft(conn, &who, &all.rules(&campaign)?, draft, accepted, None)
            });
            let sent = AssignInput {
                lead: "石桥镇".to_owned(),
                checking: "云溪县水利局".to_owned(),
                deadline: "立行立改".to_owned(),
                ..AssignInput::default()
            };
            app.app.assign(&office, made.unwrap().problem.id, None, sent).unwrap();
        }
        let mut clerk = app.sign_in("filler");
        let first = clerk.get("/todo?kind=sign").expect(200).text();
        assert_eq!(first.matches("class=\"todo-item").count(), 25);
        assert!(first.contains("共27件") && first.contains("/todo?kind=sign&amp;page=2"), "{first}");
        let second = clerk.get("/todo?kind=sign&page=2").expect(200).text();
        assert_eq!(
            second.matches("class=\"todo-item").count(),
            2,
            "nothing is left out, nothing comes twice"
        );
        assert!(second.contains("name=\"back\" value=\"/todo?kind=sign&amp;page=2\""), "{second}");
        // A list that became shorter, and a page that is none, show what there is.
        assert_eq!(
            clerk.get("/todo?kind=sign&page=99").expect(200).text().matches("class=\"todo-item").count(),
            2
        );
        assert_eq!(
            clerk.get("/todo?kind=sign&page=x").expect(200).text().matches("class=\"todo-item").count(),
            25
        );
    });
}

#[test]
fn the_forms_have_every_field_of_their_inputs() {
    use bihuan_app::input::Input;
    use bihuan_app::problem::*;
    let code = concat!(
        include_str!("../../src/pages/problem/forms/fields.rs"),
        include_str!("../../src/pages/problem/forms.rs")
    );
    let all = [
        ScreenInput::FIELDS,
        ResubmitInput::FIELDS,
        AssignInput::FIELDS,
        ColourInput::FIELDS,
        MeasureInput::FIELDS,
        FinishMeasureInput::FIELDS,
        ReportInput::FIELDS,
        VerifyInput::FIELDS,
        LookBackInput::FIELDS,
        AnswerInput::FIELDS,
        HandUpInput::FIELDS,
        MergeInput::FIELDS,
        SplitInput::FIELDS,
        AlikeInput::FIELDS,
        bihuan_app::evidence::EvidenceInput::FIELDS,
    ];
    for field in all.into_iter().flatten() {
        assert!(code.contains(&format!("\"{}\"", field.name)), "no form has the field {}", field.name);
    }
}

#[test]
fn the_course_of_a_problem_shows_only_the_steps_its_campaign_has() {
    const WITHOUT_SCREENING_AND_NOTICE: &str = include_str!("../../../../templates/audit-rectification.toml");
    let course = |app: &TestApp| {
        let id = registered(app, TEXT);
        let page = app.sign_in("office").get(&format!("/problems/{id}")).expect(200).text();
        let from = page.find("case-course").expect("a course");
        page[from..].split("</ol>").next().unwrap_or_default().to_owned()
    };
    on_each_app(|app| {
        plant_campaign_with(app, WITHOUT_SCREENING_AND_NOTICE);
        let shown = course(app);
        assert!(!shown.contains("审核") && !shown.contains("公示"), "{shown}");
        assert!(shown.contains("交办") && shown.contains("销号"), "{shown}");
    });
    on_each(|app| {
        let shown = course(app);
        assert!(shown.contains("审核") && shown.contains("公示"), "{shown}");
    });
}
