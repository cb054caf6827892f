//! Study, and what posts and people owe: classes count where they satisfy a rule, excuses, to-do (M05, M06, M08).

use crate::support::{Fixture, context, first_day, refused};
use bihuan_app::Context;
use bihuan_app::required_action::{ActionInput, ExcuseInput};
use bihuan_app::study::{ClassInput, HoursFrom, NO_KIND, SessionInput};
use bihuan_app::todo::TodoKind;
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, PersonId, PostId, RequiredActionId, StudyClassId};
use bihuan_domain::person::appointing::PostDraft;
use bihuan_domain::required_action::Status;
use bihuan_domain::role::{HeldPost, Role};
use bihuan_testkit::on_each_engine;
use std::sync::Arc;

const ONE: CampaignId = CampaignId(1);

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

/// Two people of the town: the secretary and a clerk.
pub fn staff(f: &Fixture) -> [(PostId, PersonId); 2] {
    let office = f.ctx(Role::Office, "YX", day(1));
    let town = f.unit("YX01").id;
    [("党委书记", "许文", true), ("组织委员", "柳青", false)].map(|(post, name, leads)| {
        let draft = PostDraft { name: post.to_owned(), leads, shared: false, official_order: 1 };
        let post = f.app.create_post(&office, town, draft).unwrap().id;
        let person = f.app.create_person(&office, name, "").unwrap().id;
        f.app.appoint(&office, post, person, day(1)).unwrap();
        (post, person)
    })
}

/// The person in the post, as who records for the unit or not.
fn as_holder(f: &Fixture, (post, person): (PostId, PersonId), name: &str, role: Role, on: Day) -> Context {
    let unit = f.unit("YX01");
    let mut ctx = context(person.0, role, &unit, on);
    let actor = Arc::make_mut(&mut ctx.actor);
    actor.posts = vec![HeldPost { post, name: name.to_owned(), unit: unit.id, path: unit.path }];
    ctx
}

fn rule(f: &Fixture, sent: ActionInput) -> RequiredActionId {
    let office = f.ctx(Role::Office, "YX", day(1));
    let sent = ActionInput { levels: vec!["township".to_owned()], from_day: first_day().to_string(), ..sent };
    f.app.issue_action(&office, ONE, None, sent).unwrap().id
}

fn class(f: &Fixture, clerk: &Context, kind: &str) -> StudyClassId {
    let sent = ClassInput {
        campaign: "1".to_owned(),
        unit: f.unit("YX01").id.to_string(),
        name: "春季读书班".to_owned(),
        kind: kind.to_owned(),
        hours: "4".to_owned(),
        from_day: day(4).to_string(),
        to_day: day(20).to_string(),
        everyone: "1".to_owned(),
        ..ClassInput::default()
    };
    f.app.create_class(clerk, sent).unwrap()
}

fn session(on: Day, people: &[PersonId]) -> SessionInput {
    SessionInput {
        day: on.to_string(),
        topic: "专题辅导".to_owned(),
        duration: "120".to_owned(),
        people: people.iter().map(ToString::to_string).collect(),
        ..SessionInput::default()
    }
}

#[test]
fn a_class_counts_for_every_rule_that_it_satisfies_m08() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let [first, second] = staff(&f);
        let yearly = rule(
            &f,
            ActionInput {
                name: "每年不少于4学时".to_owned(),
                subject: "person".to_owned(),
                activities: vec!["reading-class".to_owned()],
                cadence: "year".to_owned(),
                quantity: "4".to_owned(),
                unit: "hours".to_owned(),
                ..ActionInput::default()
            },
        );
        let once = rule(
            &f,
            ActionInput {
                name: "完成读书班".to_owned(),
                subject: "unit".to_owned(),
                activities: vec!["reading-class".to_owned()],
                cadence: "by_date".to_owned(),
                to_day: day(30).to_string(),
                ..ActionInput::default()
            },
        );
        let clerk = as_holder(&f, second, "组织委员", Role::Filler, day(6));
        let id = class(&f, &clerk, "");
        let both = [first.1, second.1];
        f.app.add_session(&clerk, id, session(day(4), &both)).unwrap();
        let missed = f.app.add_session(&clerk, id, session(day(5), &both[1..])).unwrap();
        let year = Day::from_ymd(2024, 12, 31).unwrap();
        let town = f.unit("YX01").id;
        let told = |rule, last| {
            let seen = f.ctx(Role::Office, "YX", day(8));
            f.app.action_cell(&seen, rule, town, last).unwrap()
        };
        assert_eq!(told(once, day(30)).own, Some(Status::DoneEarly), "the unit has held its class");
        let people = |cell: &bihuan_app::required_action::CellPage| {
            cell.subjects.iter().map(|one| (one.name.clone(), one.status)).collect::<Vec<_>>()
        };
        let cell = told(yearly, year);
        assert_eq!(
            people(&cell),
            [("许文".to_owned(), Status::NotYetDue), ("柳青".to_owned(), Status::DoneEarly)],
            "two hours and four, in the order of the posts"
        );
        // The make-up session counts for whom it is made up.
        let make_up = SessionInput { makes_up: missed.to_string(), ..session(day(6), &both[..1]) };
        let made_up = f.app.add_session(&clerk, id, make_up).unwrap();
        assert!(told(yearly, year).subjects.iter().all(|one| one.status == Status::DoneEarly));
        assert_eq!(told(yearly, year).tally.done, 2);
        // Who was there is put right: the record follows, its old edition is kept.
        f.app.set_attendance(&clerk, id, made_up, Vec::new()).unwrap();
        assert_eq!(people(&told(yearly, year))[0].1, Status::NotYetDue);
        let page = f.app.class_page(&clerk, id).unwrap();
        let record = page.sessions.iter().find(|one| one.id == made_up).unwrap().activity_id.unwrap();
        assert_eq!(f.app.activity_page(&clerk, record).unwrap().editions.len(), 1);
        // An hour is one hour, whether one looks at the class or at its record.
        let study = f.app.study_page(&clerk, ONE).unwrap();
        assert_eq!(study.minutes, 240);
        assert!(study.hours.iter().all(|line| line.from == HoursFrom::Class));
        f.no_drift();
    });
}

#[test]
fn a_class_whose_rule_asks_for_minutes_is_done_when_a_session_gives_them_m08() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let [first, second] = staff(&f);
        let once = rule(
            &f,
            ActionInput {
                name: "完成读书班".to_owned(),
                subject: "unit".to_owned(),
                activities: vec!["reading-class".to_owned()],
                cadence: "by_date".to_owned(),
                to_day: day(30).to_string(),
                proof: "minutes".to_owned(),
                ..ActionInput::default()
            },
        );
        let clerk = as_holder(&f, second, "组织委员", Role::Filler, day(6));
        let id = class(&f, &clerk, "");
        let ahead =
            SessionInput { minutes_text: "交流了三个专题".to_owned(), ..session(day(9), &[first.1]) };
        let refused = f.app.add_session(&clerk, id, ahead).unwrap_err();
        assert!(refused.to_string().contains("请留空“记录或纪要”"), "{refused}");
        let told = || {
            let seen = f.ctx(Role::Office, "YX", day(8));
            f.app.action_cell(&seen, once, f.unit("YX01").id, day(30)).unwrap().own
        };
        f.app.add_session(&clerk, id, session(day(4), &[first.1])).unwrap();
        assert_eq!(told(), Some(Status::NotYetDue));
        let with =
            SessionInput { minutes_text: "交流了三个专题".to_owned(), ..session(day(5), &[first.1]) };
        let at = f.app.add_session(&clerk, id, with).unwrap();
        assert_eq!(told(), Some(Status::DoneEarly));
        // Who was there is put right: what the record says beside it stays.
        f.app.set_attendance(&clerk, id, at, vec![second.1.to_string()]).unwrap();
        assert_eq!(told(), Some(Status::DoneEarly));
        let page = f.app.class_page(&clerk, id).unwrap();
        let record = page.sessions.iter().find(|one| one.id == at).unwrap().activity_id.unwrap();
        assert_eq!(f.app.activity_page(&clerk, record).unwrap().activity.minutes_text, "交流了三个专题");
        f.no_drift();
    });
}

#[test]
fn a_class_that_counts_for_nothing_leaves_no_record_m08() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let [first, second] = staff(&f);
        let clerk = as_holder(&f, second, "组织委员", Role::Filler, day(6));
        let id = class(&f, &clerk, NO_KIND);
        f.app.add_session(&clerk, id, session(day(4), &[first.1])).unwrap();
        assert!(f.app.class_page(&clerk, id).unwrap().sessions[0].activity_id.is_none());
        let wrong = ClassInput { kind: "no-such-kind".to_owned(), ..ClassInput::default() };
        let wrong = ClassInput { campaign: "1".to_owned(), unit: f.unit("YX01").id.to_string(), ..wrong };
        assert_eq!(f.app.create_class(&clerk, wrong).unwrap_err().code(), "invalid_input");
    });
}

#[test]
fn a_post_and_a_person_are_excused_with_reason_and_approver_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let [first, second] = staff(&f);
        let last = Day::last_of_month(2024, 3).unwrap();
        let lecture = rule(
            &f,
            ActionInput {
                name: "书记讲党课".to_owned(),
                subject: "post".to_owned(),
                posts: "书记".to_owned(),
                activities: vec!["three-meetings".to_owned()],
                cadence: "month".to_owned(),
                ..ActionInput::default()
            },
        );
        let exchange = rule(
            &f,
            ActionInput {
                name: "每人交流研讨".to_owned(),
                subject: "person".to_owned(),
                activities: vec!["three-meetings".to_owned()],
                cadence: "month".to_owned(),
                ..ActionInput::default()
            },
        );
        // What one owes by a post and in person stands on one's own to-do list.
        let texts = |holder, name| {
            let todo = f.app.todo(&as_holder(&f, holder, name, Role::Evaluator, day(6)), None).unwrap();
            let mut of_rules: Vec<String> =
                todo.items.into_iter().filter(|i| i.kind == TodoKind::Action).map(|i| i.text).collect();
            of_rules.sort();
            of_rules
        };
        assert_eq!(texts(first, "党委书记"), ["书记讲党课", "每人交流研讨"]);
        assert_eq!(texts(second, "组织委员"), ["每人交流研讨"]);
        let clerk = f.ctx(Role::Filler, "YX01", day(6));
        let town = f.unit("YX01").id;
        let ask = |subject: i64| ExcuseInput {
            unit: town.to_string(),
            subject: subject.to_string(),
            period: last.to_string(),
            reason: "脱产学习".to_owned(),
        };
        let wrong = f.app.ask_excuse(&clerk, exchange, ask(77_777)).unwrap_err();
        assert_eq!(wrong.code(), "invalid_input", "somebody of another unit");
        let excuses = [
            f.app.ask_excuse(&clerk, lecture, ask(first.0.0)).unwrap(),
            f.app.ask_excuse(&clerk, exchange, ask(second.1.0)).unwrap(),
        ];
        let again = f.app.ask_excuse(&clerk, exchange, ask(second.1.0));
        assert_eq!(refused(again).code, "excuse_asked_already");
        let upper = context(second.1.0, Role::Office, &f.unit("YX"), day(7));
        for excuse in excuses {
            f.app.decide_excuse(&upper, excuse, Some(1), "approved", "同意").unwrap();
        }
        let seen = f.ctx(Role::Office, "YX", day(8));
        let cell = f.app.action_cell(&seen, lecture, town, last).unwrap();
        assert_eq!((cell.tally.expected, cell.tally.excused), (1, 1));
        assert_eq!(cell.excuses[0].subject, "党委书记（许文）");
        assert_eq!(
            (cell.excuses[0].excuse.reason.as_str(), cell.excuses[0].decided_by.as_str()),
            ("脱产学习", "柳青")
        );
        let cell = f.app.action_cell(&seen, exchange, town, last).unwrap();
        assert_eq!((cell.tally.expected, cell.tally.excused, cell.tally.not_yet_due), (2, 1, 1));
        assert_eq!(texts(first, "党委书记"), ["每人交流研讨"], "what is excused is not asked");
        assert!(texts(second, "组织委员").is_empty());
        f.no_drift();
    });
}
