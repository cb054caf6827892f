//! Records on pages: people of other units and joint holding by name, without scripts, and corrections that drop
//! nothing (M06, M07).

use crate::coverage::planted;
use crate::support::{COUNTY, TOWN, TestApp, VILLAGE};
use axum::http::Method;
use bihuan_app::required_action::ActionInput;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::person::appointing::PostDraft;
use bihuan_domain::scope::Scope;
use bihuan_testkit::on_each_engine;
use serde_json::json;

const ONE: CampaignId = CampaignId(1);

fn holder(app: &TestApp, unit: i64, post: &str, name: &str) -> i64 {
    let office = app.ctx("office");
    let draft = PostDraft { name: post.to_owned(), leads: false, shared: false, official_order: 9 };
    let post = app.app.create_post(&office, UnitId(unit), draft).unwrap().id;
    let person = app.app.create_person(&office, name, "").unwrap().id;
    app.app.appoint(&office, post, person, app.now().day_in_china()).unwrap();
    person.0
}

fn rule(app: &TestApp, subject: &str, levels: &[&str]) {
    let sent = ActionInput {
        name: "志愿服务".to_owned(),
        subject: subject.to_owned(),
        levels: levels.iter().map(|level| (*level).to_owned()).collect(),
        activities: vec!["volunteer".to_owned()],
        cadence: "year".to_owned(),
        from_day: "2024-03-01".to_owned(),
        ..ActionInput::default()
    };
    app.app.issue_action(&app.ctx("office"), ONE, None, sent).unwrap();
}

#[test]
fn people_and_units_from_elsewhere_are_added_by_name_on_the_form_m07() {
    on_each_engine(|test| {
        let app = planted(test);
        rule(&app, "person", &["township", "village"]);
        rule(&app, "unit", &["township", "village"]);
        let first = holder(&app, VILLAGE, "村委会委员", "赵岭");
        let second = holder(&app, VILLAGE, "网格员", "赵岭");
        let mut office = app.sign_in("office");
        let page = office.get("/activities/new?unit=2&kind=volunteer").expect(200).text();
        // Small for those who do not need it: closed, with nothing in it but two fields.
        let before = page.split("有外单位的人参加").next().unwrap();
        assert!(before.ends_with("<details><summary>"), "{before}");
        assert!(page.contains("name=\"other_names\"") && page.contains("name=\"unit_names\""));
        assert!(!page.contains("name=\"units\""));
        let today = app.now().day_in_china().to_string();
        let fields = [
            ("campaign", "1"),
            ("unit", "2"),
            ("kind", "volunteer"),
            ("day", today.as_str()),
            ("topic", "清理灌渠"),
            ("everyone", "1"),
            ("other_names", "林涛、赵岭"),
            ("unit_names", "柳湾乡"),
        ];
        let again = office.upload("/activities", &fields, &[]).expect(422).text();
        assert!(again.contains("“赵岭”找到2人"), "{again}");
        for one in [first, second] {
            assert!(again.contains(&format!("name=\"people\" value=\"{one}\"")), "{again}");
        }
        let chosen = first.to_string();
        let ticked: Vec<(&str, &str)> = fields.iter().copied().chain([("people", chosen.as_str())]).collect();
        let at = office.upload("/activities", &ticked, &[]).expect(303).location();
        let page = office.get(&at).expect(200).text();
        assert!(
            page.contains("石桥镇2人、柳湾乡1人、石桥镇青石村1人") && page.contains("石桥镇、柳湾乡"),
            "{page}"
        );
        assert!(page.contains("林涛（柳湾乡）"), "{page}");
        // The clerk of the town sees nothing of the other town; the form of a correction holds both all the same.
        let mut clerk = app.sign_in("filler");
        let form = clerk.get(&format!("{at}/edit")).expect(200).text();
        assert!(form.contains("name=\"units\" value=\"3\" checked"), "{form}");
        assert!(form.contains("name=\"people\" value=\"5\" checked"), "{form}");
        let back = [
            ("version", "1"),
            ("kind", "volunteer"),
            ("day", today.as_str()),
            ("topic", "清理灌渠两公里"),
            ("people", "5"),
            ("lead", "3"),
            ("units", "3"),
            ("reason", "写清长度"),
        ];
        clerk.upload(&format!("{at}/edit"), &back, &[]).expect(303);
        let json = clerk.get(&format!("/api/v1{at}")).expect(200).json();
        assert_eq!(json["units"], json!([{ "unit_id": 3, "name": "柳湾乡" }]));
        let guest = json["people"].as_array().unwrap().iter().find(|one| one["person_id"] == 5).unwrap();
        assert_eq!(guest["other_unit_name"], "柳湾乡");
        let old = &json["editions"][0];
        assert_eq!(
            (old["people"].as_array().unwrap().len(), &old["units"][0]["name"]),
            (4, &json!("柳湾乡"))
        );
        // The home unit reads the record, and its cell lists it.
        let mut home = app.sign_in("other_filler");
        assert!(home.get(&at).expect(200).text().contains("清理灌渠两公里"));
        let cell = home.get("/actions/1/cell?unit=3&period=2024-12-31").expect(200).text();
        assert!(cell.contains("清理灌渠两公里") && cell.contains("在外单位开展"), "{cell}");
        app.sign_in("stranger").get(&at).expect(404);
    });
}

#[test]
fn a_change_is_previewed_by_program_and_its_form_keeps_a_listed_scope_m05() {
    on_each_engine(|test| {
        let app = planted(test);
        let office = app.ctx("office");
        let listed = Scope { listed: vec![UnitId(TOWN), UnitId(VILLAGE)], ..Scope::default() };
        let scope = app.app.save_scope(&office, None, UnitId(COUNTY), "两个单位", listed).unwrap().id;
        let mut browser = app.sign_in("office");
        let mut sent = json!({
            "name": "志愿服务", "subject": "unit", "scope": scope, "activities": ["volunteer"], "cadence": "month",
            "from_day": "2024-03-01",
        });
        let at = "/api/v1/campaigns/1/actions";
        browser.json(Method::POST, at, &sent).expect(200);
        let form = browser.get("/actions/1/edit").expect(200).text();
        assert!(form.contains("value=\"keep\" selected"), "{form}");
        sent["id"] = json!(1);
        sent["scope"] = json!("keep");
        let preview = format!("{at}/preview");
        let plan = browser.json(Method::POST, &preview, &sent).expect(200).json();
        assert_eq!(
            (&plan["subjects"], &plan["newly"], &plan["no_longer"]),
            (&json!(2), &json!(0), &json!(0))
        );
        sent["scope"] = json!("");
        sent["levels"] = json!(["township"]);
        let plan = browser.json(Method::POST, &preview, &sent).expect(200).json();
        assert_eq!((&plan["newly"], &plan["no_longer"]), (&json!(1), &json!(1)));
        sent["id"] = json!("一");
        let said = browser.json(Method::POST, &preview, &sent).expect(422).text();
        assert!(said.contains("编号"), "{said}");
    });
}
