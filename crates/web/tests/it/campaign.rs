//! Pages and JSON of campaigns and the calendar: who sees them, what a refused form shows, and which campaign a page
//! shows (M01).

use crate::coverage::planted;
use crate::examples::make_campaign;
use crate::support::{TestApp, on_each_app};
use axum::http::Method;
use bihuan_app::campaign::CampaignHead;
use bihuan_domain::Day;
use bihuan_domain::campaign::CampaignState;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_testkit::{TestDb, engines};
use bihuan_web::current::{CampaignWish, CurrentCampaign};
use bihuan_web::form::Fields;
use bihuan_web::ui::Href;
use serde_json::json;

const TEMPLATE: &str = include_str!("../../../../templates/themed-education.toml");

fn each(test: impl Fn(&TestApp)) {
    for engine in engines() {
        test(&planted(&TestDb::new(engine)));
    }
}

#[test]
fn a_campaign_is_seen_below_its_office_and_changed_only_by_its_office() {
    each(|app| {
        for login in ["office", "filler", "verifier", "inspector", "evaluator"] {
            let page = app.sign_in(login).get("/campaigns/1").expect(200).text();
            assert!(page.contains("云委办发〔2024〕3号") && page.contains("拟销号公示"), "{login}");
            assert_eq!(page.contains("/campaigns/1/edit"), login == "office", "{login}");
        }
        let mut clerk = app.sign_in("filler");
        for page in ["edit", "start", "template"] {
            clerk.get(&format!("/campaigns/1/{page}")).expect(403);
        }
        clerk.get("/campaigns/1/end").expect(404);
        clerk.get("/campaigns/new").expect(403);
        let mut stranger = app.sign_in("stranger");
        stranger.get("/campaigns/1").expect(404);
        stranger.get("/campaigns/1/template.toml").expect(404);
        assert!(!stranger.get("/campaigns").expect(200).text().contains("主题教育整改整治"));
        stranger.post("/campaigns/1/end", &[("reason", "x")]).expect(404);
    });
}

#[test]
fn a_refused_form_keeps_what_was_typed_and_names_the_field() {
    on_each_app(|app| {
        let mut office = app.sign_in("office");
        let fields = [
            ("code", "有 空格"),
            ("name", "新的行动"),
            ("office_unit", "1"),
            ("basis", "instruction"),
            ("starts_day", "2024-03-05"),
            ("scope", "全县重点领域"),
        ];
        let page = office.post("/campaigns", &fields).expect(422).text();
        assert!(page.contains("新的行动") && page.contains("全县重点领域") && page.contains("#f-code"));
        let good: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| if *name == "code" { (*name, "xin-1") } else { (*name, *value) })
            .collect();
        let made = office.post("/campaigns", &good).expect(303).location();
        assert_eq!(app.last_entry().action, "campaign.created");
        let page = office.post(&format!("{made}/start"), &[("version", "1")]).expect(422).text();
        assert!(page.contains("没有写明由谁决定"), "{page}");
    });
}

#[test]
fn a_template_may_be_uploaded_when_a_campaign_is_set_up() {
    on_each_app(|app| {
        let mut office = app.sign_in("office");
        let fields = [
            ("code", "sc"),
            ("name", "上传的"),
            ("office_unit", "1"),
            ("basis", "decision"),
            ("starts_day", "2024-03-05"),
        ];
        let wrong = TEMPLATE.replace("notice_days = 5", "notice_days = \"五\"");
        let page = office
            .upload("/campaigns", &fields, &[("template_file", "t.toml", wrong.as_bytes())])
            .expect(422)
            .text();
        assert!(page.contains("行第") && page.contains("notice_days"), "{page}");
        let made = office
            .upload("/campaigns", &fields, &[("template_file", "t.toml", TEMPLATE.as_bytes())])
            .expect(303);
        let text = office.get(&format!("{}/template.toml", made.location())).expect(200).text();
        assert_eq!(text, TEMPLATE);
    });
}

#[test]
fn a_template_is_compared_before_it_is_saved() {
    each(|app| {
        let mut office = app.sign_in("office");
        let head = app.head();
        let faulty = TEMPLATE.replace("yellow_days", "yelow_days");
        let page = office.post("/campaigns/1/template", &[("template_text", &faulty)]).expect(422).text();
        assert!(page.contains("yellow_days") && page.contains("code-wrong"));
        let text = TEMPLATE.replace("look_back_days = 90", "look_back_days = 120");
        let page = office
            .post("/campaigns/1/template", &[("template_text", &text), ("step", "plan")])
            .expect(200)
            .text();
        assert!(
            page.contains("<del>90天</del>")
                && page.contains("<ins>120天</ins>")
                && page.contains("diff-new")
        );
        assert_eq!(app.head(), head, "nothing is saved before the differences were shown");
        let save = [("template_text", text.as_str()), ("step", "save"), ("version", "1")];
        let page = office.post("/campaigns/1/template", &save).expect(422).text();
        assert!(page.contains("要写明理由"));
        let with_reason = [&save[..], &[("reason", "延长")]].concat();
        office.post("/campaigns/1/template", &with_reason).expect(303);
        assert_eq!(app.last_entry().action, "campaign.template_changed");
        office.post("/campaigns/1/template", &with_reason).expect(409);
        assert!(office.get("/campaigns/1").text().contains("120天"));
    });
}

#[test]
fn ending_shows_what_is_open_and_the_journal_keeps_it() {
    each(|app| {
        let mut office = app.sign_in("office");
        let page = office.get("/campaigns/1/end").expect(200).text();
        assert!(page.contains("还有 1 件没有销号") && page.contains("待交办"), "{page}");
        office.post("/campaigns/1/end", &[("reason", ""), ("version", "1")]).expect(422);
        office.post("/campaigns/1/end", &[("reason", "任务完成"), ("version", "1")]).expect(303);
        assert!(app.last_entry().note.contains("尚有1件没有销号"));
        assert!(!office.get("/campaigns/1").text().contains("/campaigns/1/edit"));
    });
}

#[test]
fn programs_read_and_run_campaigns() {
    each(|app| {
        let mut office = app.sign_in("office");
        let list = office.get("/api/v1/campaigns").expect(200).json();
        assert_eq!(list[0]["code"], "zt-2024");
        let one = office.get("/api/v1/campaigns/1").expect(200).json();
        assert_eq!((&one["rules"]["notice_days"], &one["state"]), (&json!(5), &json!("running")));
        let end = |browser: &mut crate::support::Browser, body| {
            browser.json(Method::POST, "/api/v1/campaigns/1/end", &body)
        };
        end(&mut office, json!({"reason": "", "version": 1})).expect(422);
        end(&mut office, json!({"reason": "完成", "version": 9})).expect(409);
        let done = end(&mut office, json!({"reason": "完成", "version": 1})).expect(200).json();
        assert_eq!((&done["open"]["by_state"][0][1], &done["entry"]), (&json!(1), &json!(app.head())));
        end(&mut app.sign_in("filler"), json!({"reason": "完成"})).expect(403);
        end(&mut app.sign_in("stranger"), json!({"reason": "完成"})).expect(404);
        let body = json!({"template_text": "code = 1"});
        let plan = office.json(Method::POST, "/api/v1/campaigns/1/template/check", &body).expect(200).json();
        assert!(plan["faults"].as_array().unwrap().len() > 1, "{plan}");
    });
}

fn head(id: i64) -> CampaignHead {
    CampaignHead {
        id: CampaignId(id),
        code: format!("c{id}"),
        name: format!("行动{id}"),
        office_unit_id: UnitId(1),
        office_name: "云溪县".to_owned(),
        reach: Default::default(),
        state: CampaignState::Running,
        starts_day: Day::from_ymd(2024, 3, 5).unwrap(),
        ends_day: None,
    }
}

#[test]
fn the_address_chooses_the_campaign_then_the_first_that_runs() {
    let wish =
        |text: &str| CampaignWish::default().or_of_form(&Fields::new(vec![("campaign".into(), text.into())]));
    let chosen = |all: Vec<CampaignHead>, wish: &CampaignWish| CurrentCampaign::choose(all, wish);
    assert_eq!(chosen(vec![head(7), head(3)], &CampaignWish::default()).unwrap().id(), Some(CampaignId(7)));
    assert_eq!(chosen(vec![head(7), head(3)], &wish("3")).unwrap().id(), Some(CampaignId(3)));
    assert!(chosen(vec![head(7)], &wish("4")).is_err() && chosen(vec![head(7)], &wish("x")).is_err());
    assert!(chosen(vec![], &CampaignWish::default()).unwrap().chosen().is_none());
    let current = chosen(vec![head(7), head(3)], &wish("3")).unwrap();
    let form =
        current.switcher(&Href::new("/ledger").with("state", "open").with("campaign", 7)).into_string();
    assert!(
        form.contains("name=\"state\" value=\"open\"") && form.contains("value=\"3\" selected"),
        "{form}"
    );
    assert_eq!(form.matches("name=\"campaign\"").count(), 1);
    assert_eq!(
        chosen(vec![head(7)], &CampaignWish::default()).unwrap().switcher(&Href::new("/x")).into_string(),
        ""
    );
}

#[test]
fn several_campaigns_are_listed_running_ones_first() {
    each(|app| {
        make_campaign(app);
        let list = app.sign_in("filler").get("/api/v1/campaigns").expect(200).json();
        let states: Vec<&str> =
            list.as_array().unwrap().iter().filter_map(|one| one["state"].as_str()).collect();
        assert_eq!(states, ["running", "preparing"]);
    });
}

#[test]
fn the_calendar_is_public_inside_and_set_by_the_system_administrator() {
    on_each_app(|app| {
        let mut clerk = app.sign_in("filler");
        let page = clerk.get("/admin/calendar").expect(200).text();
        assert!(page.contains("2024年共有") && !page.contains("name=\"notice\""));
        clerk.post("/admin/calendar/2031", &[("notice", "x")]).expect(403);
        let body = json!({"notice": "春节：1月18日至2月2日放假。"});
        clerk.json(Method::PUT, "/api/v1/calendar/2031", &body).expect(403);
        let mut admin = app.sign_in("system");
        let page =
            admin.post("/admin/calendar/2031", &[("notice", "春节：1月40日放假。")]).expect(422).text();
        assert!(page.contains("第1行：2031年没有1月40日") && page.contains("春节：1月40日放假。"));
        admin.json(Method::PUT, "/api/v1/calendar/2031", &body).expect(200);
        assert_eq!(app.last_entry().action, "calendar.changed");
        let year = admin.get("/api/v1/calendar/2031").expect(200).json();
        assert_eq!((&year["held"], &year["rows"][0]["kind"]), (&json!(true), &json!("holiday")));
        admin.get("/admin/calendar?year=1990").expect(404);
    });
}

#[test]
fn help_says_what_is_not_done_and_which_rule_forbids_it_n1_to_n7() {
    on_each_app(|app| {
        let page = app.browser().get("/help").expect(200).text();
        for words in
            ["打卡", "积分", "登录次数", "国办函〔2026〕12号", "政府督查工作条例", "Tab", "填报员", "验收员"]
        {
            assert!(page.contains(words), "{words}");
        }
        assert!(crate::markup::faults(&page).is_empty());
    });
}
