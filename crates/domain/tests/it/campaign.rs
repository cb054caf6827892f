//! Campaigns: on whose word they start, what may change while they run, and what their end leaves (M01; 政府督查工作条例
//! Art. 8, 11, 15).

use bihuan_domain::campaign::{
    AuthorityBasis, Campaign, CampaignState, Desk, Draft, Facts, LineChange, OpenWork, TEXT_LINES_COMPARED,
    Used, UsedList, amend, change_template, changed_lines, changed_rules, create, end, missing_for_start,
    reach, start,
};
use bihuan_domain::id::{AccountId, GrantId, PersonId, UnitId};
use bihuan_domain::problem::State;
use bihuan_domain::role::{Actor, Grant, Role};
use bihuan_domain::template::Template;
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_domain::{Day, Refusal};

const TEMPLATE: &str = include_str!("../../../../templates/work-safety.toml");

fn day(month: u32, day: u32) -> Day {
    Day::from_ymd(2024, month, day).unwrap()
}

fn county() -> Unit {
    Unit {
        id: UnitId(2),
        code: "539901".to_owned(),
        name: "云溪县".to_owned(),
        short_names: String::new(),
        kind: UnitKind::Territory,
        level: Level::County,
        sector: String::new(),
        line: String::new(),
        parent_id: Some(UnitId(1)),
        path: UnitPath::root(UnitId(1)).child(UnitId(2)),
        official_order: 1,
        created_day: day(1, 1),
        closed_day: None,
        successor_id: None,
        version: 1,
    }
}

fn actor(role: Role, path: UnitPath) -> Actor {
    let unit = path.units().last().copied().unwrap();
    Actor {
        account: AccountId(1),
        person: PersonId(1),
        name: "周敏".to_owned(),
        posts: vec![],
        grants: vec![Grant { id: GrantId(1), role, unit, path }],
    }
}

fn facts() -> Facts {
    Facts {
        name: "安全生产专项整治".to_owned(),
        basis: AuthorityBasis::Decision,
        authority: "县委常委会2024年2月20日会议决定".to_owned(),
        document: "《云溪县安全生产专项整治方案》（云办发〔2024〕3号）".to_owned(),
        scope: "全县重点行业领域的安全隐患".to_owned(),
        starts_day: day(3, 1),
        ends_day: Some(day(12, 31)),
    }
}

fn draft() -> Draft {
    let template_text = TEMPLATE.to_owned();
    Draft { code: "aqzz-2024".to_owned(), facts: facts(), template_text, follows_id: None }
}

fn at(today: Day, role: Role, test: impl FnOnce(&Desk<'_>, &Unit)) {
    let county = county();
    let actor = actor(role, county.path.clone());
    test(&Desk { actor: &actor, today }, &county);
}

fn running(desk: &Desk<'_>, office: &Unit) -> Campaign {
    let preparing = create(desk, office, draft(), false).unwrap();
    start(desk, &preparing, office).unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> (&'static str, Option<&'static str>) {
    let refusal = result.unwrap_err();
    (refusal.code, refusal.field)
}

#[test]
fn only_the_office_over_the_unit_or_above_sets_a_campaign_up() {
    for role in
        [Role::Filler, Role::Leader, Role::Inspector, Role::Verifier, Role::Evaluator, Role::SystemAdmin]
    {
        at(day(3, 5), role, |desk, county| {
            assert_eq!(code(create(desk, county, draft(), false)).0, "not_allowed", "{role:?}");
        });
    }
    let county = county();
    let above = actor(Role::Office, UnitPath::root(UnitId(1)));
    assert!(create(&Desk { actor: &above, today: day(3, 5) }, &county, draft(), false).is_ok());
    let below = actor(Role::Office, county.path.child(UnitId(9)));
    assert_eq!(
        code(create(&Desk { actor: &below, today: day(3, 5) }, &county, draft(), false)).0,
        "not_allowed"
    );
}

#[test]
fn a_task_force_runs_a_campaign_for_the_unit_it_works_for() {
    let county = county();
    let path = county.path.child(UnitId(7));
    let office = Unit { id: UnitId(7), kind: UnitKind::TaskForce, path, ..county.clone() };
    assert_eq!(reach(&office), county.path);
    let over_county = actor(Role::Office, county.path.clone());
    assert!(create(&Desk { actor: &over_county, today: day(3, 5) }, &office, draft(), false).is_ok());
    let over_office = actor(Role::Office, office.path.clone());
    let answer = create(&Desk { actor: &over_office, today: day(3, 5) }, &office, draft(), false);
    assert_eq!(code(answer).0, "not_allowed");
}

#[test]
fn wrong_inputs_are_named_by_their_field() {
    at(day(3, 5), Role::Office, |desk, county| {
        let with = |change: &dyn Fn(&mut Draft)| {
            let mut draft = draft();
            change(&mut draft);
            code(create(desk, county, draft, false))
        };
        assert_eq!(with(&|d| d.code = "有空 格".to_owned()), ("bad_code", Some("code")));
        assert_eq!(with(&|d| d.facts.name = " ".to_owned()), ("text_missing", Some("name")));
        assert_eq!(with(&|d| d.facts.ends_day = Some(day(2, 1))), ("ends_before_start", Some("ends_day")));
        assert_eq!(with(&|d| d.facts.ends_day = Day::from_ymd(2044, 1, 1)), ("too_long", Some("ends_day")));
        assert_eq!(with(&|d| d.template_text = "code = 1".to_owned()), ("template_faulty", Some("template")));
        assert_eq!(code(create(desk, county, draft(), true)), ("code_taken", Some("code")));
        let closed = Unit { closed_day: Some(day(2, 1)), ..county.clone() };
        assert_eq!(code(create(desk, &closed, draft(), false)), ("unit_not_open", Some("office_unit")));
    });
}

#[test]
fn a_campaign_without_authority_document_scope_or_template_cannot_start() {
    at(day(3, 5), Role::Office, |desk, county| {
        let bare =
            Facts { authority: String::new(), document: String::new(), scope: String::new(), ..facts() };
        let draft = Draft { facts: bare, template_text: String::new(), ..draft() };
        let campaign = create(desk, county, draft, false).unwrap();
        let missing: Vec<&str> = missing_for_start(&campaign).iter().map(|(field, _)| *field).collect();
        assert_eq!(missing, ["authority", "document", "scope", "template"]);
        let refusal = start(desk, &campaign, county).unwrap_err();
        assert_eq!((refusal.code, refusal.field), ("not_ready", Some("authority")));
        assert!(refusal.sentence.contains("由谁决定") && refusal.sentence.contains("模板"), "{refusal}");
    });
}

#[test]
fn a_campaign_starts_once_and_not_after_its_last_day() {
    at(day(2, 20), Role::Office, |desk, county| {
        let preparing = create(desk, county, draft(), false).unwrap();
        assert!(preparing.check_running().is_err());
        let running = start(desk, &preparing, county).unwrap();
        assert_eq!(
            (running.state, running.starts_day, running.version),
            (CampaignState::Running, day(2, 20), 2)
        );
        assert!(running.check_running().is_ok());
        assert_eq!(code(start(desk, &running, county)).0, "wrong_state");
        let late = Desk { today: Day::from_ymd(2025, 1, 1).unwrap(), ..*desk };
        assert_eq!(code(start(&late, &preparing, county)), ("over_already", Some("ends_day")));
    });
}

#[test]
fn a_running_campaign_changes_only_with_a_reason_and_keeps_its_authority() {
    at(day(3, 5), Role::Office, |desk, county| {
        let campaign = running(desk, county);
        let longer = Facts { ends_day: None, ..Facts::of(&campaign) };
        assert_eq!(
            code(amend(desk, &campaign, county, longer.clone(), " ")),
            ("text_missing", Some("reason"))
        );
        let after = amend(desk, &campaign, county, longer, "县委同意延长").unwrap();
        assert_eq!((after.ends_day, after.version), (None, 3));
        let no_authority = Facts { authority: String::new(), ..Facts::of(&campaign) };
        assert_eq!(
            code(amend(desk, &campaign, county, no_authority, "改")),
            ("not_ready", Some("authority"))
        );
        let earlier = Facts { starts_day: day(1, 1), ..Facts::of(&campaign) };
        assert_eq!(
            code(amend(desk, &campaign, county, earlier, "改")),
            ("started_already", Some("starts_day"))
        );
        let past = Facts { ends_day: Some(day(3, 4)), ..Facts::of(&campaign) };
        assert_eq!(code(amend(desk, &campaign, county, past, "改")), ("ends_in_past", Some("ends_day")));
    });
}

#[test]
fn an_ended_campaign_takes_nothing_new_and_is_changed_no_more() {
    at(day(6, 30), Role::Office, |desk, county| {
        let campaign = running(desk, county);
        assert_eq!(code(end(desk, &campaign, county, "")), ("text_missing", Some("reason")));
        let ended = end(desk, &campaign, county, "任务完成").unwrap();
        assert_eq!((ended.state, ended.ends_day), (CampaignState::Ended, Some(day(6, 30))));
        assert_eq!(code(ended.check_running()), ("campaign_not_running", Some("campaign")));
        assert_eq!(code(end(desk, &ended, county, "再结束")).0, "wrong_state");
        assert_eq!(code(amend(desk, &ended, county, Facts::of(&ended), "改")).0, "wrong_state");
        assert_eq!(code(change_template(desk, &ended, county, TEMPLATE, &[], "改")).0, "wrong_state");
    });
    let open = OpenWork { by_state: vec![(State::Rectifying, 12), (State::Reported, 3)], overdue: 4 };
    assert_eq!((open.total(), open.in_words().as_str()), (15, "整改中12件、待验收3件"));
}

#[test]
fn what_problems_use_cannot_vanish_from_the_template() {
    at(day(3, 5), Role::Office, |desk, county| {
        let campaign = running(desk, county);
        let without =
            TEMPLATE.replace("code = \"gas\"\nname = \"燃气\"", "code = \"gas-2\"\nname = \"燃气\"");
        let used = |list, code: &str| vec![Used { list, code: code.to_owned(), times: 12 }];
        let refusal =
            change_template(desk, &campaign, county, &without, &used(UsedList::Category, "gas"), "改")
                .unwrap_err();
        assert_eq!(refusal.code, "in_use");
        assert!(refusal.sentence.contains("燃气") && refusal.sentence.contains("12件"), "{refusal}");
        let free =
            change_template(desk, &campaign, county, &without, &used(UsedList::Category, "fire"), "改");
        assert_eq!(free.unwrap().template_text, without);
        let without_kind = TEMPLATE.replace("\"drill\"", "\"drill-2\"");
        for (list, words) in [(UsedList::RuleKind, "12项规定动作"), (UsedList::RecordKind, "12条活动记录")]
        {
            let refused = change_template(desk, &campaign, county, &without_kind, &used(list, "drill"), "改")
                .unwrap_err();
            assert!(refused.code == "in_use" && refused.sentence.contains(words), "{refused}");
        }
        // A wording that came with an imported ledger and never was in the template is no obstacle.
        let foreign = used(UsedList::Source, "某表里的来源");
        assert!(change_template(desk, &campaign, county, &without, &foreign, "改").is_ok());
        assert_eq!(
            code(change_template(desk, &campaign, county, &without, &[], "")),
            ("text_missing", Some("reason"))
        );
    });
}

#[test]
fn a_change_of_the_template_is_told_by_lines_and_in_words() {
    let new = TEMPLATE.replace("look_back_days = 30", "look_back_days = 60");
    let changed: Vec<_> =
        changed_lines(TEMPLATE, &new).into_iter().filter(|line| line.change != LineChange::Kept).collect();
    assert_eq!(changed.len(), 2);
    assert_eq!((changed[0].change, changed[0].text.as_str()), (LineChange::Removed, "look_back_days = 30"));
    assert_eq!((changed[1].change, changed[1].new), (LineChange::Added, changed[0].old));
    let (old, new) = (Template::parse(TEMPLATE).unwrap(), Template::parse(&new).unwrap());
    assert_eq!(changed_rules(Some(&old), &new), [("回头看", "30天".to_owned(), "60天".to_owned())]);
    assert!(changed_rules(None, &new).len() > 10);
}

#[test]
fn texts_too_long_to_compare_are_shown_as_replaced() {
    let lines = TEXT_LINES_COMPARED.isqrt() + 1;
    let text = |word: &str| (0..lines).map(|n| format!("{word}{n}\n")).collect::<String>();
    let changed = changed_lines(&format!("a\n{}z\n", text("old")), &format!("a\n{}z\n", text("new")));
    assert_eq!(changed.len(), 2 * lines + 2);
    assert_eq!(changed.first().unwrap().change, LineChange::Kept);
    assert_eq!(changed.last().unwrap().change, LineChange::Kept);
    assert!(changed_lines("", "").is_empty());
}
