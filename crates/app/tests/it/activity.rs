//! What a record counts for and where, people of other units, joint holding, and what a correction keeps (M06, M07, M50).

use crate::support::{Fixture, first_day};
use bihuan_app::Context;
use bihuan_app::activity::{ActivityInput, Counted, Guests};
use bihuan_app::required_action::ActionInput;
use bihuan_domain::Day;
use bihuan_domain::activity::Attendance;
use bihuan_domain::id::{CampaignId, PersonId, RequiredActionId, TenureId};
use bihuan_domain::person::appointing::PostDraft;
use bihuan_domain::required_action::{Lack, Status};
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;

const ONE: CampaignId = CampaignId(1);

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn holder(f: &Fixture, unit: &str, post: &str, name: &str, leads: bool) -> (TenureId, PersonId) {
    let office = f.ctx(Role::Office, "YX", day(0));
    let draft = PostDraft { name: post.to_owned(), leads, shared: false, official_order: 1 };
    let post = f.app.create_post(&office, f.unit(unit).id, draft).unwrap().id;
    let person = f.app.create_person(&office, name, "").unwrap().id;
    (f.app.appoint(&office, post, person, day(0)).unwrap().id, person)
}

fn rule(f: &Fixture, sent: ActionInput) -> RequiredActionId {
    let office = f.ctx(Role::Office, "YX", day(0));
    let sent = ActionInput {
        cadence: "month".to_owned(),
        from_day: first_day().to_string(),
        activities: if sent.activities.is_empty() { vec!["exchange".to_owned()] } else { sent.activities },
        ..sent
    };
    f.app.issue_action(&office, ONE, None, sent).unwrap().id
}

fn person_rule(f: &Fixture, levels: &[&str]) -> RequiredActionId {
    let levels = levels.iter().map(|level| (*level).to_owned()).collect();
    let name = "每人交流研讨".to_owned();
    rule(f, ActionInput { name, subject: "person".to_owned(), levels, ..ActionInput::default() })
}

fn lecture_rule(f: &Fixture) -> RequiredActionId {
    rule(
        f,
        ActionInput {
            name: "书记讲党课".to_owned(),
            subject: "post".to_owned(),
            posts: "书记".to_owned(),
            part: "lead".to_owned(),
            levels: vec!["township".to_owned()],
            ..ActionInput::default()
        },
    )
}

fn record(f: &Fixture, unit: &str) -> ActivityInput {
    ActivityInput {
        campaign: "1".to_owned(),
        unit: f.unit(unit).id.to_string(),
        kind: "exchange".to_owned(),
        day: day(3).to_string(),
        topic: "围绕春灌谈体会".to_owned(),
        ..ActivityInput::default()
    }
}

fn filed(f: &Fixture, ctx: &Context, sent: ActivityInput) -> (bihuan_domain::id::ActivityId, Vec<Counted>) {
    let done = f.app.record_activity(ctx, sent, Vec::new()).unwrap();
    // What is told when it is recorded is told on its page too.
    assert_eq!(f.app.activity_page(ctx, done.id).unwrap().counted, done.counted);
    (done.id, done.counted)
}

fn at(counted: &[Counted], rule: RequiredActionId) -> Option<(Option<Lack>, String)> {
    let line = counted.iter().find(|line| line.rule_id == rule)?;
    Some((line.lacks, line.at_in_words()))
}

fn month_end() -> Day {
    Day::last_of_month(2024, 3).unwrap()
}

#[test]
fn a_lecture_without_a_lecturer_is_told_to_lack_one_m06() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (_, first) = holder(&f, "YX01", "党委书记", "许文", true);
        holder(&f, "YX01", "组织委员", "柳青", false);
        let lecture = lecture_rule(&f);
        let clerk = f.ctx(Role::Filler, "YX01", day(3));
        let told = |sent| at(&filed(&f, &clerk, sent).1, lecture);
        let everyone = ActivityInput { everyone: "1".to_owned(), ..record(&f, "YX01") };
        let lacking = Some((Some(Lack::Lead), String::new()));
        assert_eq!(told(record(&f, "YX01")), lacking, "nobody is named");
        assert_eq!(told(everyone.clone()), lacking, "everybody took part, nobody led");
        let led = ActivityInput { lead: vec![first.to_string()], ..everyone };
        assert_eq!(told(led), Some((None, "石桥镇1人".to_owned())));
        // A unit without such a post is not told of it.
        let other = f.ctx(Role::Filler, "YX02", day(3));
        assert_eq!(at(&filed(&f, &other, record(&f, "YX02")).1, lecture), None);
        // The form asks for the lecturer where the rule reaches the unit, and nowhere else.
        let form = |ctx: &Context, unit: &str| {
            f.app.record_form(ctx, ONE, Some(f.unit(unit).id), &Guests::default()).unwrap().proofs
        };
        assert_eq!(form(&clerk, "YX01"), [("exchange".to_owned(), Lack::Lead)]);
        assert!(form(&other, "YX02").is_empty());
        f.no_drift();
    });
}

#[test]
fn a_post_is_credited_to_its_unit_when_its_holder_has_left_by_the_end_of_the_period_m06() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (tenure, first) = holder(&f, "YX01", "党委书记", "许文", true);
        let lecture = lecture_rule(&f);
        let office = f.ctx(Role::Office, "YX", day(5));
        let next = f.app.create_person(&office, "白露", "").unwrap().id;
        f.app.hand_over(&office, tenure, next, day(5)).unwrap();
        let clerk = f.ctx(Role::Filler, "YX01", day(6));
        let led = ActivityInput { lead: vec![first.to_string()], ..record(&f, "YX01") };
        assert_eq!(at(&filed(&f, &clerk, led).1, lecture), Some((None, "石桥镇1人".to_owned())));
        f.no_drift();
    });
}

#[test]
fn study_without_a_duration_says_so_and_names_the_rule_m06() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        holder(&f, "YX01", "组织委员", "柳青", false);
        let hours = rule(
            &f,
            ActionInput {
                name: "每月学时".to_owned(),
                subject: "person".to_owned(),
                unit: "hours".to_owned(),
                levels: vec!["township".to_owned()],
                ..ActionInput::default()
            },
        );
        let clerk = f.ctx(Role::Filler, "YX01", day(3));
        let told = |sent| at(&filed(&f, &clerk, sent).1, hours);
        let everyone = ActivityInput { everyone: "1".to_owned(), ..record(&f, "YX01") };
        assert_eq!(told(record(&f, "YX01")), Some((Some(Lack::People), String::new())));
        assert_eq!(told(everyone.clone()), Some((Some(Lack::Duration), String::new())));
        let timed = ActivityInput { duration: "90".to_owned(), ..everyone };
        assert_eq!(told(timed), Some((None, "石桥镇1人".to_owned())));
    });
}

#[test]
fn a_rule_for_the_people_of_departments_is_not_told_to_a_town_m06() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        holder(&f, "YX01", "组织委员", "柳青", false);
        let own = rule(
            &f,
            ActionInput {
                name: "机关人员交流".to_owned(),
                subject: "person".to_owned(),
                kinds: vec!["department".to_owned()],
                ..ActionInput::default()
            },
        );
        let clerk = f.ctx(Role::Filler, "YX01", day(3));
        let everyone = ActivityInput { everyone: "1".to_owned(), ..record(&f, "YX01") };
        assert_eq!(at(&filed(&f, &clerk, everyone).1, own), None);
    });
}

#[test]
fn somebody_of_another_unit_is_added_by_name_and_counts_at_home_m07() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        holder(&f, "YX01", "组织委员", "柳青", false);
        let (_, guest) = holder(&f, "YX0101", "村委会主任", "赵岭", true);
        holder(&f, "YX0201", "村委会主任", "何川", true);
        let exchange = person_rule(&f, &["township", "village"]);
        let clerk = f.ctx(Role::Filler, "YX01", day(3));
        let with = |names: &str| ActivityInput {
            everyone: "1".to_owned(),
            other_names: names.to_owned(),
            ..record(&f, "YX01")
        };
        let wrong = |names: &str| f.app.record_activity(&clerk, with(names), Vec::new()).unwrap_err();
        assert!(wrong("何川").to_string().contains("没有找到外单位人员“何川”"), "out of sight");
        assert!(wrong("赵").to_string().contains("找到1人"), "part of a name is not enough to record");
        let (id, counted) = filed(&f, &clerk, with("赵岭"));
        assert_eq!(at(&counted, exchange), Some((None, "石桥镇1人、青石村1人".to_owned())));
        // The home unit reads the record; another does not.
        let home = f.ctx(Role::Filler, "YX0101", day(4));
        let page = f.app.activity_page(&home, id).unwrap();
        assert!(!page.may_correct);
        assert_eq!(page.guests.len(), 1);
        assert_eq!((page.guests[0].name.as_str(), page.guests[0].unit_name.as_str()), ("赵岭", "青石村"));
        let other = f.ctx(Role::Filler, "YX0201", day(4));
        assert_eq!(f.app.activity_page(&other, id).unwrap_err().code(), "not_found");
        // The cell of the home unit lists what was held elsewhere.
        let village = f.unit("YX0101").id;
        let cell = f.app.action_cell(&home, exchange, village, month_end()).unwrap();
        assert_eq!((cell.records.len(), cell.records_total), (1, 1));
        assert!(cell.records[0].elsewhere && cell.records[0].unit_name == "石桥镇");
        assert_eq!((cell.subjects[0].name.as_str(), cell.subjects[0].records), ("赵岭", 1));
        // Recorded by the home unit too, it is counted once.
        let mine = ActivityInput { people: vec![guest.to_string()], ..record(&f, "YX0101") };
        filed(&f, &f.ctx(Role::Filler, "YX0101", day(4)), mine);
        let cell = f.app.action_cell(&home, exchange, village, month_end()).unwrap();
        assert_eq!((cell.tally.done, cell.records_total), (1, 2));
        let town = f.app.action_cell(&clerk, exchange, f.unit("YX01").id, month_end()).unwrap();
        assert!(town.records.iter().all(|one| !one.elsewhere));
        f.no_drift();
    });
}

#[test]
fn of_two_people_with_one_name_one_is_chosen_m07() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (_, first) = holder(&f, "YX0101", "村委会主任", "赵岭", true);
        holder(&f, "YX0102", "村委会主任", "赵岭", true);
        let clerk = f.ctx(Role::Filler, "YX01", day(3));
        let sent = ActivityInput { other_names: "赵岭".to_owned(), ..record(&f, "YX01") };
        let refused = f.app.record_activity(&clerk, sent.clone(), Vec::new()).unwrap_err();
        assert!(refused.to_string().contains("找到2人"), "{refused}");
        let asked = Guests { people_named: "赵岭".to_owned(), ..Guests::default() };
        let form = f.app.record_form(&clerk, ONE, Some(f.unit("YX01").id), &asked).unwrap();
        let offered: Vec<&str> = form.others.iter().map(|guest| guest.unit_name.as_str()).collect();
        assert_eq!(offered, ["上坪村", "青石村"]);
        // The name may stay in its field when one of them is ticked.
        let chosen = ActivityInput { people: vec![first.to_string()], ..sent };
        let (id, _) = filed(&f, &clerk, chosen);
        assert_eq!(f.app.activity_page(&clerk, id).unwrap().people.len(), 1);
    });
}

#[test]
fn a_unit_that_held_it_jointly_is_credited_and_reads_it_m07() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let service = rule(
            &f,
            ActionInput {
                name: "志愿服务".to_owned(),
                subject: "unit".to_owned(),
                levels: vec!["township".to_owned(), "village".to_owned()],
                activities: vec!["volunteer".to_owned()],
                ..ActionInput::default()
            },
        );
        let clerk = f.ctx(Role::Filler, "YX01", day(3));
        let kind = "volunteer".to_owned();
        let with = |names: &str| ActivityInput {
            kind: kind.clone(),
            unit_names: names.to_owned(),
            ..record(&f, "YX01")
        };
        let refused = f.app.record_activity(&clerk, with("柳湾乡"), Vec::new()).unwrap_err();
        assert!(refused.to_string().contains("没有找到联合开展单位“柳湾乡”"), "{refused}");
        let unseen = ActivityInput { units: vec![f.unit("YX02").id.to_string()], ..with("") };
        assert!(
            f.app.record_activity(&clerk, unseen, Vec::new()).unwrap_err().to_string().contains("看不到")
        );
        let (id, counted) = filed(&f, &clerk, with("青石村、上坪村"));
        assert_eq!(at(&counted, service), Some((None, "石桥镇、青石村、上坪村".to_owned())));
        let village = f.ctx(Role::Filler, "YX0101", day(4));
        let cell = f.app.action_cell(&village, service, f.unit("YX0101").id, month_end()).unwrap();
        assert_eq!((cell.own, cell.records_total), (Some(Status::DoneEarly), 1));
        assert!(cell.records[0].elsewhere);
        assert_eq!(f.app.activity_page(&village, id).unwrap().units.len(), 2);
        f.no_drift();
    });
}

#[test]
fn a_correction_keeps_whom_the_form_does_not_know_and_the_old_edition_says_everything_m06() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (_, own) = holder(&f, "YX01", "组织委员", "柳青", false);
        let (_, guest) = holder(&f, "YX0201", "村委会主任", "何川", true);
        let office = f.ctx(Role::Office, "YX", day(3));
        let sent = ActivityInput {
            people: vec![own.to_string(), guest.to_string()],
            lead: vec![own.to_string()],
            units: vec![f.unit("YX02").id.to_string()],
            minutes_text: "议定三件事".to_owned(),
            ..record(&f, "YX01")
        };
        let (id, _) = filed(&f, &office, sent.clone());
        // The clerk sees neither the other unit nor its person, and leaves both where they are.
        let clerk = f.ctx(Role::Filler, "YX01", day(4));
        let asked = Guests { record: Some(id), ..Guests::default() };
        let form = f.app.record_form(&clerk, ONE, Some(f.unit("YX01").id), &asked).unwrap();
        assert_eq!(form.others.iter().map(|one| one.id).collect::<Vec<_>>(), [guest]);
        assert_eq!(form.joint, [(f.unit("YX02").id, "柳湾乡".to_owned())]);
        let corrected = ActivityInput {
            kind: "volunteer".to_owned(),
            lead: vec![guest.to_string()],
            minutes_text: String::new(),
            reason: "类别选错了".to_owned(),
            ..sent
        };
        f.app.correct_activity(&clerk, id, Some(1), corrected, Vec::new()).unwrap();
        let page = f.app.activity_page(&clerk, id).unwrap();
        assert_eq!((page.units.len(), page.people.len()), (1, 2));
        let old = &page.editions[0];
        assert_eq!((old.kind.as_str(), old.record.minutes_text.as_str()), ("交流研讨", "议定三件事"));
        assert_eq!(old.units, [(f.unit("YX02").id, "柳湾乡".to_owned())]);
        let led: Vec<&str> = old
            .people
            .iter()
            .filter(|(.., how)| *how == Attendance::Lead)
            .map(|(_, name, _)| name.as_str())
            .collect();
        assert_eq!((old.people.len(), led), (2, vec!["柳青"]));
        f.no_drift();
    });
}
