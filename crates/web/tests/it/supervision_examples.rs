//! One request for each route of draws, inspections, look-backs, meetings and help that changes something; see
//! `examples.rs`.

use crate::examples::Example;
use crate::support::{COUNTY, OFFICE, TOWN, TestApp, VILLAGE, path};
use bihuan_app::dispatch::{DecisionInput, MeetingInput, SeriesInput};
use bihuan_app::draw::DrawInput;
use bihuan_app::help::HelpInput;
use bihuan_app::inspection::{DecideInput, FileVisitInput, FindingInput, InspectionInput, VisitInput};
use bihuan_domain::campaign::CampaignRules;
use bihuan_domain::id::{CampaignId, DispatchId, DispatchSeriesId, DrawId, InspectionId, UnitId, VisitId};
use bihuan_domain::problem::{Draft, ImportedState};

type Fields = &'static [(&'static str, &'static str)];
type Before = fn(&TestApp);

/// The form's example and the same by JSON, for one that names units by number in both.
fn both(
    route: &'static str,
    json: &'static str,
    by: &'static str,
    fields: Fields,
    before: Before,
) -> [Example; 2] {
    let pairs: serde_json::Map<String, serde_json::Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), serde_json::json!(value))).collect();
    let text: &'static str = Box::leak(serde_json::Value::Object(pairs).to_string().into_boxed_str());
    [
        Example { route, by, at: "", fields, files: &[], json: "", before },
        Example { route: json, by, at: "", fields: &[], files: &[], json: text, before },
    ]
}

const DAY: &str = "2024-03-05";
const V1: Fields = &[("version", "1")];
const PLAN: Fields = &[
    ("version", "1"),
    ("campaign", "1"),
    ("unit", "1"),
    ("title", "专项督查"),
    ("kind", "special"),
    ("means", "announced"),
    ("authority", "县委决定"),
    ("document", "督查计划"),
    ("subject", "整改成效"),
    ("targets", "各乡镇"),
    ("starts_day", DAY),
    ("ends_day", "2024-03-20"),
    ("head", "7"),
    ("members", "7"),
];
const DRAW: Fields = &[
    ("campaign", "1"),
    ("unit", "1"),
    ("title", "抽查"),
    ("purpose", "visits"),
    ("method", "announced"),
    ("public_source", "某日开奖号码"),
    ("open_day", DAY),
    ("levels", "township"),
    ("size", "1"),
    ("examiners_each", "1"),
    ("do", "commit"),
];
const FILE: Fields = &[("done_day", DAY), ("summary", "看了两处"), ("client_key", "k1")];
const LOOK: Fields = &[("result", "holds"), ("note", "现场看过，成效保持")];
const DECIDE: Fields =
    &[("version", "1"), ("text", "拿出方案"), ("owner_unit", "539902"), ("due_day", "2024-03-12")];
const DECIDE_JSON: &str = r#"{"version":1,"text":"拿出方案","owner_unit":2,"due_day":"2024-03-12"}"#;
const HELP: Fields = &[
    ("campaign", "1"),
    ("unit", "石桥镇"),
    ("reason", "逾期偏多"),
    ("helper_unit", "云溪县水利局"),
    ("helper_name", "副局长"),
    ("plan", "每周一次"),
    ("ends_day", "2024-06-05"),
];
const HELP_JSON: &str = r#"{"campaign":1,"unit":2,"reason":"逾期偏多","helper_unit":4,"helper_name":"副局长","plan":"每周一次","ends_day":"2024-06-05"}"#;
const WEEK: Fields = &[("campaign", "1"), ("unit", "石桥镇"), ("monday", DAY), ("content", "清淤两段")];
const WEEK_JSON: &str = r#"{"campaign":1,"unit":2,"monday":"2024-03-05","content":"清淤两段"}"#;
const SERIES: Fields = &[("campaign", "1"), ("unit", "云溪县"), ("name", "周调度")];
const SERIES_JSON: &str = r#"{"campaign":1,"unit":1,"name":"周调度"}"#;

pub fn examples() -> Vec<Example> {
    let mut all: Vec<Example> = Vec::new();
    all.extend(both("draw.commit", "draw.commit_json", "office", DRAW, |_| {}));
    all.extend(both(
        "draw.value",
        "draw.value_json",
        "office",
        &[("version", "1"), ("public_value", "07 11")],
        commit,
    ));
    all.extend(both("draw.open", "draw.open_json", "office", &[("version", "2")], value));
    all.extend(both(
        "draw.drop",
        "draw.drop_json",
        "office",
        &[("version", "1"), ("reason", "名单有误")],
        commit,
    ));
    all.extend(both("look_back.file", "look_back.file_json", "inspector", LOOK, look_back));
    all.extend(inspections());
    all.extend(visits());
    all.extend(meetings());
    all.extend(with_json("help.set", "help.set_json", "office", HELP, HELP_JSON, |_| {}));
    all.extend(both(
        "help.end",
        "help.end_json",
        "office",
        &[("version", "1"), ("campaign", "1"), ("outcome", "好转")],
        help,
    ));
    all.extend(with_json("week_plan.file", "week_plan.file_json", "filler", WEEK, WEEK_JSON, |_| {}));
    all
}

/// For forms in which units stand by name.
fn with_json(
    route: &'static str,
    json_route: &'static str,
    by: &'static str,
    fields: Fields,
    json: &'static str,
    before: Before,
) -> [Example; 2] {
    [
        Example { route, by, at: "", fields, files: &[], json: "", before },
        Example { route: json_route, by, at: "", fields: &[], files: &[], json, before },
    ]
}

fn inspections() -> Vec<Example> {
    let units: Fields = &[("version", "1"), ("units", "539902"), ("kind", "visit")];
    let units_json = r#"{"version":1,"units":[2],"kind":"visit"}"#;
    let mut all = Vec::new();
    all.extend(both("inspection.create", "inspection.create_json", "office", PLAN, |_| {}));
    all.extend(both("inspection.change", "inspection.change_json", "office", PLAN, plan));
    all.extend(with_json(
        "inspection.add_visits",
        "inspection.add_visits_json",
        "office",
        units,
        units_json,
        plan,
    ));
    all.extend(both("inspection.propose", "inspection.propose_json", "office", V1, plan));
    all.extend(both(
        "inspection.decide",
        "inspection.decide_json",
        "leader",
        &[("version", "2"), ("decision", "approve")],
        propose,
    ));
    all.extend(both("inspection.issue", "inspection.issue_json", "office", &[("version", "3")], approve));
    all.extend(both(
        "inspection.revise",
        "inspection.revise_json",
        "office",
        &[("version", "4"), ("reason", "增加单位")],
        issue,
    ));
    all.extend(both("inspection.end", "inspection.end_json", "office", &[("version", "4")], filed));
    all
}

fn visits() -> Vec<Example> {
    let mut all = Vec::new();
    all.extend(both("visit.file", "visit.file_json", "inspector", FILE, issue));
    let finding: Fields = &[("text", "护栏缺一处"), ("client_key", "f1")];
    for route in ["visit.add_finding", "visit.add_finding_json"] {
        let files: &[crate::support::Upload<'static>] =
            &[("photos", "照片.png", crate::task_examples::PICTURE)];
        all.push(Example { route, by: "inspector", at: "", fields: finding, files, json: "", before: issue });
    }
    let raise: Fields = &[("category", "work-style"), ("source", "inspection")];
    all.extend(both("inspection.raise_problem", "inspection.raise_problem_json", "inspector", raise, found));
    let cover: Fields = &[("version", "1"), ("by", "1")];
    let at = |mut both: [Example; 2], form: &'static str, json: &'static str| {
        (both[0].at, both[1].at) = (form, json);
        both
    };
    all.extend(at(
        both("inspection.cover_visit", "inspection.cover_visit_json", "office", cover, second),
        "/visits/2/cover",
        "/api/v1/visits/2/cover",
    ));
    let cancel: Fields = &[("version", "1"), ("reason", "合并到下月")];
    all.extend(both("inspection.cancel_visit", "inspection.cancel_visit_json", "office", cancel, issue));
    all
}

fn meetings() -> Vec<Example> {
    let mut all = Vec::new();
    all.extend(with_json(
        "dispatch.create_series",
        "dispatch.create_series_json",
        "office",
        SERIES,
        SERIES_JSON,
        |_| {},
    ));
    all.extend(both("dispatch.open", "dispatch.open_json", "office", &[("held_day", DAY)], series));
    all.extend(both("dispatch.refresh", "dispatch.refresh_json", "office", V1, meeting));
    all.extend(both(
        "dispatch.add_item",
        "dispatch.add_item_json",
        "office",
        &[("version", "1"), ("text", "再议一项")],
        meeting,
    ));
    all.extend(both(
        "dispatch.order",
        "dispatch.order_json",
        "office",
        &[("version", "2"), ("item", "1"), ("way", "down")],
        item,
    ));
    all.extend(both(
        "dispatch.strike_item",
        "dispatch.strike_item_json",
        "office",
        &[("version", "2"), ("reason", "下次再议")],
        item,
    ));
    all.extend(both(
        "dispatch.restore_item",
        "dispatch.restore_item_json",
        "office",
        &[("version", "3")],
        struck,
    ));
    all.extend(with_json("dispatch.decide", "dispatch.decide_json", "office", DECIDE, DECIDE_JSON, meeting));
    let minutes: Fields = &[("version", "1"), ("chair", "县委副书记"), ("summary", "逐件过")];
    all.extend(both("dispatch.write_minutes", "dispatch.write_minutes_json", "office", minutes, meeting));
    all.extend(both("dispatch.close", "dispatch.close_json", "office", minutes, meeting));
    all
}

fn draw_input() -> DrawInput {
    DrawInput {
        campaign: "1".to_owned(),
        unit: COUNTY.to_string(),
        title: "抽查".to_owned(),
        purpose: "visits".to_owned(),
        method: "announced".to_owned(),
        public_source: "某日开奖号码".to_owned(),
        open_day: DAY.to_owned(),
        levels: vec!["township".to_owned()],
        size: "1".to_owned(),
        examiners_each: "1".to_owned(),
        ..DrawInput::default()
    }
}

pub fn commit(app: &TestApp) {
    app.app.commit_draw(&app.ctx("office"), draw_input()).unwrap();
}

fn value(app: &TestApp) {
    commit(app);
    app.app.enter_public_value(&app.ctx("office"), DrawId(1), 1, "07 11").unwrap();
}

/// A problem closed before, drawn for the inspector.
pub fn look_back(app: &TestApp) {
    let ctx = app.ctx("office");
    app.db
        .write(move |conn| -> Result<(), bihuan_app::Error> {
            let draft = Draft {
                campaign_id: CampaignId(1),
                unit_id: UnitId(VILLAGE),
                unit_path: path(VILLAGE),
                text: "水井井盖缺失".to_owned(),
                category: "work-style".to_owned(),
                source: "inspection".to_owned(),
                ..Draft::default()
            };
            let rules = CampaignRules::default();
            let state = Some(ImportedState::ClosedBefore);
            bihuan_app::problem::register_draft(conn, &ctx, &rules, draft, state, None)?;
            Ok(())
        })
        .unwrap();
    let sent = DrawInput {
        purpose: "look_backs".to_owned(),
        method: "at_once".to_owned(),
        after_days: "0".to_owned(),
        examiners: vec!["7".to_owned()],
        ..draw_input()
    };
    let ctx = app.ctx("office");
    let id = app.app.commit_draw(&ctx, sent).unwrap();
    app.app.open_draw(&ctx, id, 2).unwrap();
}

fn plan(app: &TestApp) {
    let text = |name: &str| {
        PLAN.iter()
            .find(|(field, _)| *field == name)
            .map(|(_, value)| (*value).to_owned())
            .unwrap_or_default()
    };
    let sent = InspectionInput {
        campaign: text("campaign"),
        unit: text("unit"),
        title: text("title"),
        kind: text("kind"),
        means: text("means"),
        authority: text("authority"),
        document: text("document"),
        subject: text("subject"),
        targets: text("targets"),
        starts_day: text("starts_day"),
        ends_day: text("ends_day"),
        head: text("head"),
        members: vec![text("members")],
        ..InspectionInput::default()
    };
    let id = app.app.save_inspection(&app.ctx("office"), None, sent).unwrap();
    let visits =
        VisitInput { units: vec![TOWN.to_string()], kind: "visit".to_owned(), ..VisitInput::default() };
    app.app.add_visits(&app.ctx("office"), id, 1, visits).unwrap();
}

fn last_plan(app: &TestApp) -> InspectionId {
    app.app
        .inspections(&app.ctx("office"), CampaignId(1))
        .unwrap()
        .iter()
        .map(|line| line.inspection.id)
        .max()
        .unwrap()
}

fn propose(app: &TestApp) {
    plan(app);
    app.app.propose_inspection(&app.ctx("office"), last_plan(app), 1).unwrap();
}

fn approve(app: &TestApp) {
    propose(app);
    let sent = DecideInput { decision: "approve".to_owned(), note: String::new() };
    app.app.decide_inspection(&app.ctx("leader"), last_plan(app), 2, sent).unwrap();
}

pub fn issue(app: &TestApp) {
    approve(app);
    app.app.issue_inspection(&app.ctx("office"), last_plan(app), 3, "另有重点").unwrap();
}

fn filed(app: &TestApp) {
    issue(app);
    let sent =
        FileVisitInput {
            done_day: DAY.to_owned(), summary: "看了".to_owned(), ..FileVisitInput::default()
        };
    app.app.file_visit(&app.ctx("inspector"), VisitId(1), sent).unwrap();
}

fn found(app: &TestApp) {
    issue(app);
    let sent = FindingInput { text: "护栏缺一处".to_owned(), ..FindingInput::default() };
    app.app.add_finding(&app.ctx("inspector"), VisitId(1), sent, vec![]).unwrap();
}

/// The first visit is done, a second plan goes to the same unit.
fn second(app: &TestApp) {
    filed(app);
    plan(app);
}

pub fn series(app: &TestApp) {
    let sent = SeriesInput {
        campaign: "1".to_owned(),
        unit: COUNTY.to_string(),
        name: "周调度".to_owned(),
        every_days: String::new(),
    };
    app.app.create_series(&app.ctx("office"), sent).unwrap();
}

pub fn meeting(app: &TestApp) {
    series(app);
    let sent = MeetingInput { held_day: DAY.to_owned() };
    app.app.open_meeting(&app.ctx("office"), DispatchSeriesId(1), sent).unwrap();
}

fn item(app: &TestApp) {
    meeting(app);
    app.app.add_item(&app.ctx("office"), DispatchId(1), 1, "议一项").unwrap();
}

fn struck(app: &TestApp) {
    item(app);
    let id = bihuan_domain::id::DispatchItemId(1);
    app.app.strike_item(&app.ctx("office"), DispatchId(1), 2, id, Some("下次".to_owned())).unwrap();
}

pub fn decided(app: &TestApp) {
    meeting(app);
    let sent = DecisionInput {
        text: "拿出方案".to_owned(),
        owner_unit: TOWN.to_string(),
        due_day: "2024-03-12".to_owned(),
        ..DecisionInput::default()
    };
    app.app.decide_at_meeting(&app.ctx("office"), DispatchId(1), 1, sent).unwrap();
}

pub fn help(app: &TestApp) {
    let sent = HelpInput {
        campaign: "1".to_owned(),
        unit: TOWN.to_string(),
        reason: "逾期偏多".to_owned(),
        helper_unit: OFFICE.to_string(),
        helper_name: "主任".to_owned(),
        plan: "每周一次".to_owned(),
        ends_day: "2024-06-05".to_owned(),
    };
    app.app.set_help(&app.ctx("office"), sent).unwrap();
}
