//! One request for each route of required actions, activities and study that changes something; see `examples.rs`.

use crate::examples::Example;
use crate::support::{COUNTY, TOWN, TestApp};
use bihuan_app::activity::ActivityInput;
use bihuan_app::required_action::{ActionInput, ExcuseInput};
use bihuan_app::study::{ClassInput, ReadingInput, SessionInput, StudyInput};
use bihuan_domain::id::{CampaignId, RequiredActionId, StudyClassId};

const ONE: CampaignId = CampaignId(1);
const RULE: &[(&str, &str)] = &[
    ("campaign", "1"),
    ("name", "三会一课"),
    ("subject", "unit"),
    ("levels", "township"),
    ("activities", "three-meetings"),
    ("cadence", "month"),
    ("from_day", "2024-03-01"),
    ("do", "issue"),
];
const CHANGE: &[(&str, &str)] = &[
    ("name", "三会一课"),
    ("subject", "unit"),
    ("levels", "township"),
    ("activities", "three-meetings"),
    ("cadence", "quarter"),
    ("from_day", "2024-03-01"),
    ("reason", "减轻负担"),
    ("do", "issue"),
];
const RULE_JSON: &str = r#"{"name":"三会一课","subject":"unit","levels":["township"],"activities":["three-meetings"],"cadence":"month","from_day":"2024-03-01"}"#;
const CHANGE_JSON: &str = r#"{"name":"三会一课","subject":"unit","levels":["township"],"activities":["three-meetings"],"cadence":"quarter","from_day":"2024-03-01","reason":"减轻负担","version":1}"#;
const RECORD: &[(&str, &str)] = &[
    ("campaign", "1"),
    ("unit", "2"),
    ("kind", "three-meetings"),
    ("day", "2024-03-05"),
    ("topic", "学习并讨论春灌安排"),
    ("everyone", "1"),
    ("reason", "补充内容"),
];
const RECORD_JSON: &str = r#"{"campaign":1,"unit":2,"kind":"three-meetings","day":"2024-03-05","topic":"学习并讨论春灌安排","reason":"补充内容"}"#;
const EXCUSE: &[(&str, &str)] = &[("unit", "2"), ("period", "2024-03-31"), ("reason", "抗旱")];

fn form(
    route: &'static str,
    by: &'static str,
    fields: &'static [(&'static str, &'static str)],
    before: fn(&TestApp),
) -> Example {
    Example { route, by, at: "", fields, files: &[], json: "", before }
}

fn json(route: &'static str, by: &'static str, json: &'static str, before: fn(&TestApp)) -> Example {
    Example { route, by, at: "", fields: &[], files: &[], json, before }
}

fn file(route: &'static str, at: &'static str, before: fn(&TestApp)) -> Example {
    Example { route, by: "filler", at, fields: RECORD, files: &[("file", "", b"")], json: "", before }
}

pub fn issue(app: &TestApp) {
    let sent = ActionInput {
        name: "三会一课".to_owned(),
        subject: "unit".to_owned(),
        levels: vec!["township".to_owned()],
        activities: vec!["three-meetings".to_owned()],
        cadence: "month".to_owned(),
        from_day: "2024-03-01".to_owned(),
        ..ActionInput::default()
    };
    app.app.issue_action(&app.ctx("office"), ONE, None, sent).unwrap();
}

pub fn record(app: &TestApp) {
    let sent = ActivityInput {
        campaign: "1".to_owned(),
        unit: TOWN.to_string(),
        kind: "three-meetings".to_owned(),
        day: "2024-03-05".to_owned(),
        topic: "学习".to_owned(),
        ..ActivityInput::default()
    };
    app.app.record_activity(&app.ctx("filler"), sent, Vec::new()).unwrap();
}

fn ask(app: &TestApp) {
    issue(app);
    let sent = ExcuseInput {
        unit: TOWN.to_string(),
        period: "2024-03-31".to_owned(),
        reason: "抗旱".to_owned(),
        ..ExcuseInput::default()
    };
    app.app.ask_excuse(&app.ctx("filler"), RequiredActionId(1), sent).unwrap();
}

fn reading(app: &TestApp) {
    let sent = ReadingInput {
        campaign: "1".to_owned(),
        unit: COUNTY.to_string(),
        title: "读本".to_owned(),
        parts: "一\n二".to_owned(),
    };
    app.app.add_reading(&app.ctx("office"), sent).unwrap();
}

fn study() -> StudyInput {
    StudyInput { what: "自学".to_owned(), day: "2024-03-05".to_owned(), duration: "60".to_owned() }
}

fn class(app: &TestApp) {
    let sent = ClassInput {
        campaign: "1".to_owned(),
        unit: TOWN.to_string(),
        name: "读书班".to_owned(),
        from_day: "2024-03-05".to_owned(),
        to_day: "2024-03-09".to_owned(),
        everyone: "1".to_owned(),
        ..ClassInput::default()
    };
    app.app.create_class(&app.ctx("filler"), sent).unwrap();
}

fn session(app: &TestApp) {
    class(app);
    let sent = SessionInput {
        day: "2024-03-05".to_owned(),
        topic: "自学".to_owned(),
        duration: "120".to_owned(),
        ..SessionInput::default()
    };
    app.app.add_session(&app.ctx("filler"), StudyClassId(1), sent).unwrap();
}

pub fn examples() -> Vec<Example> {
    let no = |_: &TestApp| {};
    vec![
        form("action.issue", "office", RULE, no),
        form("action.change", "office", CHANGE, issue),
        form("action.adopt", "office", &[("campaign", "1"), ("codes", "branch-theme-day")], no),
        form("action.end", "office", &[("day", "2024-04-01"), ("reason", "任务完成")], issue),
        form("action.ask_excuse", "filler", EXCUSE, issue),
        form("action.decide_excuse", "office", &[("decision", "approved")], ask),
        file("activity.record", "", no),
        file("activity.correct", "", record),
        form("activity.withdraw", "filler", &[("reason", "重复登记")], record),
        json("action.issue_json", "office", RULE_JSON, no),
        json("action.preview_json", "office", RULE_JSON, no),
        json("action.adopt_json", "office", r#"{"codes":["branch-theme-day"]}"#, no),
        json("action.change_json", "office", CHANGE_JSON, issue),
        json("action.end_json", "office", r#"{"day":"2024-04-01","reason":"任务完成"}"#, issue),
        json(
            "action.ask_excuse_json",
            "filler",
            r#"{"unit":2,"period":"2024-03-31","reason":"抗旱"}"#,
            issue,
        ),
        json("action.decide_excuse_json", "office", r#"{"decision":"refused","reason":"已有安排"}"#, ask),
        json("activity.record_json", "filler", RECORD_JSON, no),
        json("activity.correct_json", "filler", RECORD_JSON, record),
        json("activity.withdraw_json", "filler", r#"{"reason":"重复登记"}"#, record),
    ]
    .into_iter()
    .chain(study_examples())
    .collect()
}

fn study_examples() -> Vec<Example> {
    let no = |_: &TestApp| {};
    vec![
        form(
            "study.add_reading",
            "office",
            &[("campaign", "1"), ("unit", "1"), ("title", "读本"), ("parts", "一")],
            no,
        ),
        form("study.mark", "filler", &[("part", "0"), ("read", "1")], reading),
        form("study.plan", "filler", &[("what", "读完第一章"), ("day", "2024-04-01")], no),
        form("study.settle_plan", "filler", &[("do", "done")], |app| {
            app.app.plan_study(&app.ctx("filler"), study()).unwrap();
        }),
        form("study.hours", "filler", &[("what", "自学"), ("day", "2024-03-05"), ("duration", "60")], no),
        form("study.drop_hours", "filler", &[], |app| {
            app.app.enter_hours(&app.ctx("filler"), study()).unwrap();
        }),
        form(
            "study.create_class",
            "filler",
            &[
                ("campaign", "1"),
                ("unit", "2"),
                ("name", "读书班"),
                ("from_day", "2024-03-05"),
                ("to_day", "2024-03-09"),
                ("everyone", "1"),
            ],
            no,
        ),
        form(
            "study.add_session",
            "filler",
            &[("day", "2024-03-05"), ("topic", "自学"), ("duration", "120")],
            class,
        ),
        form("study.set_attendance", "filler", &[], session),
        json(
            "study.add_reading_json",
            "office",
            r#"{"campaign":1,"unit":1,"title":"读本","parts":"一\n二"}"#,
            no,
        ),
        json("study.mark_json", "filler", r#"{"part":0,"read":true}"#, reading),
        json("study.plan_json", "filler", r#"{"what":"读完第一章","day":"2024-04-01"}"#, no),
        json("study.settle_plan_json", "filler", r#"{"do":"done"}"#, |app| {
            app.app.plan_study(&app.ctx("filler"), study()).unwrap();
        }),
        json("study.hours_json", "filler", r#"{"what":"自学","day":"2024-03-05","duration":60}"#, no),
        json("study.drop_hours_json", "filler", "{}", |app| {
            app.app.enter_hours(&app.ctx("filler"), study()).unwrap();
        }),
        json(
            "study.create_class_json",
            "filler",
            r#"{"campaign":1,"unit":2,"name":"读书班","from_day":"2024-03-05","to_day":"2024-03-09","everyone":"1"}"#,
            no,
        ),
        json(
            "study.add_session_json",
            "filler",
            r#"{"day":"2024-03-05","topic":"自学","duration":120}"#,
            class,
        ),
        json("study.set_attendance_json", "filler", r#"{"people":[]}"#, session),
    ]
}
