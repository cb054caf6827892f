//! What slips can speak of: problems, appeals, requests, tasks, what a unit owes of a required action; each with a preview in the
//! template's wording (M28). And the ladder of a task.

use crate::support::{Fixture, context, first_day, found, refused};
use bihuan_app::Context;
use bihuan_app::problem::{ExtensionInput, HandUpInput, NoteInput};
use bihuan_app::required_action::ActionInput;
use bihuan_app::slip::{DraftInput, SlipFilter, SlipStepInput};
use bihuan_app::task::TaskInput;
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, TaskId};
use bihuan_domain::role::Role;
use bihuan_domain::slip::{Slip, SlipState, SlipVerb, Subject, SubjectKind};
use bihuan_domain::task::TaskState;
use bihuan_store::record::Record;
use bihuan_testkit::on_each_engine;

const ONE: CampaignId = CampaignId(1);

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn office(f: &Fixture, offset: i32) -> Context {
    let mut ctx = context(11, Role::Office, &f.unit("YX"), day(offset));
    let unit = f.unit("YX-ZGB");
    let actor = std::sync::Arc::make_mut(&mut ctx.actor);
    actor.posts[0].unit = unit.id;
    actor.posts[0].path = unit.path;
    ctx
}

fn filler(f: &Fixture, offset: i32) -> Context {
    context(12, Role::Filler, &f.unit("YX01"), day(offset))
}

fn about(kind: &str, id: i64) -> DraftInput {
    DraftInput {
        subject_kind: kind.to_owned(),
        subject: id.to_string(),
        form: "notice".to_owned(),
        now: "1".to_owned(),
        ..DraftInput::default()
    }
}

fn task(f: &Fixture, due: i32) -> TaskId {
    let sent = TaskInput {
        unit: f.unit("YX01").id.to_string(),
        title: "改建村组道路八公里".to_owned(),
        starts_day: day(0).to_string(),
        due_day: day(due).to_string(),
        ..TaskInput::default()
    };
    f.app.create_task(&office(f, 0), ONE, sent, vec![], vec![]).unwrap().task.id
}

#[test]
fn a_task_is_supervised_like_a_problem_and_no_more_when_it_is_over_m28() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let task = task(&f, 200);
        let preview = f.app.preview_slip(&office(&f, 3), &about("task", task.0)).unwrap();
        assert!(preview.filled.contains("现将“改建村组道路八公里（任务1）”"), "{}", preview.filled);
        assert!(!preview.filled.contains('{'), "{}", preview.filled);
        let slip = f.app.make_slip(&office(&f, 3), about("task", task.0)).unwrap().slip;
        assert_eq!((slip.subject(), slip.number), (Subject::of(SubjectKind::Task, task.0), 1));
        let sign = SlipStepInput::default();
        f.app.slip_step(&filler(&f, 4), slip.id, None, SlipVerb::Sign, sign).unwrap();
        let found = f.app.subject_slips(&filler(&f, 4), &slip.subject()).unwrap();
        assert_eq!((found.lines.len(), found.may_make), (1, false));
        assert!(f.app.subject_slips(&office(&f, 4), &slip.subject()).unwrap().may_make);
        let other = context(15, Role::Filler, &f.unit("YX02"), day(4));
        assert_eq!(f.app.subject_slips(&other, &slip.subject()).unwrap_err().code(), "not_found");
        assert_eq!(f.app.preview_slip(&other, &about("task", task.0)).unwrap_err().code(), "not_found");
        let stopped = f.app.stop_task(&office(&f, 5), task, None, "项目取消".to_owned()).unwrap();
        assert_eq!(stopped.task.state, TaskState::Stopped);
        let again = DraftInput { title: "再次通知".to_owned(), ..about("task", task.0) };
        assert_eq!(refused(f.app.make_slip(&office(&f, 6), again)).code, "subject_over");
    });
}

#[test]
fn what_a_unit_owes_of_a_required_action_is_named_by_rule_unit_and_period_m28() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let rule = ActionInput {
            name: "每月例会".to_owned(),
            subject: "unit".to_owned(),
            levels: vec!["township".to_owned()],
            activities: vec!["three-meetings".to_owned()],
            cadence: "month".to_owned(),
            from_day: day(0).to_string(),
            ..ActionInput::default()
        };
        let county = f.ctx(Role::Office, "YX", day(1));
        let id = f.app.issue_action(&county, ONE, None, rule).unwrap().id;
        let town = f.unit("YX01").id;
        let march = Day::from_ymd(2024, 3, 31).unwrap();
        let sent = DraftInput {
            subject_unit: town.to_string(),
            subject_period: march.to_string(),
            ..about("required_action", id.0)
        };
        let preview = f.app.preview_slip(&office(&f, 40), &sent).unwrap();
        assert!(preview.filled.contains("现将“每月例会（2024年3月"), "{}", preview.filled);
        let slip = f.app.make_slip(&office(&f, 40), sent.clone()).unwrap().slip;
        assert_eq!(slip.subject(), Subject::owed(id.0, town, march));
        // The neighbour's March and the town's own April are other matters.
        let other = Subject::owed(id.0, f.unit("YX02").id, march);
        assert_eq!(f.app.subject_slips(&office(&f, 40), &other).unwrap().lines.len(), 0);
        let april = Subject::owed(id.0, town, Day::from_ymd(2024, 4, 30).unwrap());
        assert_eq!(f.app.subject_slips(&office(&f, 40), &april).unwrap().lines.len(), 0);
        assert_eq!(f.app.subject_slips(&office(&f, 40), &slip.subject()).unwrap().lines.len(), 1);
        let of_rule = SlipFilter {
            subject: Some(Subject::of(SubjectKind::RequiredAction, id.0)),
            ..SlipFilter::default()
        };
        assert_eq!(f.app.slips(&office(&f, 40), of_rule).unwrap().total, 1);
        // Without a period, for a village that owes nothing, for a period that is none.
        let village = f.unit("YX0101").id.to_string();
        for wrong in [
            DraftInput { subject_period: String::new(), ..sent.clone() },
            DraftInput { subject_unit: village, ..sent.clone() },
            DraftInput { subject_period: "2024-03-30".to_owned(), ..sent.clone() },
            DraftInput { subject_kind: "appeal".to_owned(), ..sent.clone() },
        ] {
            assert_eq!(f.app.preview_slip(&office(&f, 40), &wrong).unwrap_err().code(), "not_found");
        }
        let wrong = DraftInput { subject_period: "三月".to_owned(), ..sent };
        assert_eq!(f.app.preview_slip(&office(&f, 40), &wrong).unwrap_err().code(), "invalid_input");
    });
}

#[test]
fn a_request_that_waits_is_supervised_at_the_unit_that_was_asked_m25() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-ZGB", day(0));
        f.app.sign(&filler(&f, 2), problem, None).unwrap();
        let call = HandUpInput {
            superior: f.unit("YX").id.to_string(),
            needed: "需要县里协调跨乡镇渠道用地".to_owned(),
        };
        f.app.hand_up(&filler(&f, 2), problem, None, call).unwrap();
        let request = f.problem(problem).requests[0].id.0;
        let city = context(16, Role::Office, &f.unit("JZ"), day(3));
        let shown = f.app.problem_view(&city, problem).unwrap();
        assert_eq!(shown.slips.requests.len(), 1, "the city may ask the county about it");
        assert!(f.app.problem_view(&filler(&f, 3), problem).unwrap().slips.requests.is_empty());
        let slip = f.app.make_slip(&city, about("request", request)).unwrap().slip;
        assert_eq!(slip.to_unit_id, f.unit("YX").id);
        assert!(slip.body.contains("跨乡镇渠道用地"), "{}", slip.body);
        let leader = context(17, Role::Leader, &f.unit("YX"), day(4));
        let answer = bihuan_app::problem::AnswerInput { decision: "grant".to_owned(), ..Default::default() };
        f.app.answer_hand_up(&leader, problem, None, answer).unwrap();
        let done = NoteInput { note: "用地已经协调好".to_owned() };
        f.app.finish_hand_up(&leader, problem, None, done).unwrap();
        let again = DraftInput { title: "再问一次".to_owned(), ..about("request", request) };
        assert_eq!(refused(f.app.make_slip(&city, again)).code, "subject_over");
    });
}

#[test]
fn the_ladder_watches_tasks_as_it_watches_problems_m28() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let task = task(&f, 20);
        let at = |offset| day(offset).starts_at().plus_seconds(9 * 3600);
        let mut rules = Vec::new();
        for offset in 0..27 {
            f.app.run_ladder(at(offset)).unwrap();
        }
        let slips = f.db.read(|conn| Slip::load(conn, "ORDER BY id", &[])).unwrap();
        for slip in &slips {
            assert_eq!((slip.subject_kind, slip.subject_id), (SubjectKind::Task, task.0));
            rules.push((slip.rule.as_str(), slip.to_unit_id == f.unit("YX01").id));
        }
        assert_eq!(rules[..2], [("near", true), ("close", true)], "{rules:?}");
        assert!(rules.contains(&("overdue", true)), "{rules:?}");
        // Reported done: the clock stops.
        let sent = bihuan_app::task::TaskReportInput {
            statement: "八公里全部完工".to_owned(),
            ..Default::default()
        };
        f.app.report_task(&filler(&f, 27), task, None, sent).unwrap();
        let before = slips.len();
        f.app.run_ladder(at(45)).unwrap();
        let after = f.db.read(|conn| Slip::load(conn, "ORDER BY id", &[])).unwrap().len();
        assert_eq!(before, after);
    });
}

#[test]
fn an_extension_is_asked_before_the_due_day_and_approved_ones_are_counted_apart_m28() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-SL", day(0));
        f.app.sign(&filler(&f, 2), problem, None).unwrap();
        let ask = |offset: i32, to: i32| {
            let sent = ExtensionInput {
                due_day: day(to).to_string(),
                reason: "连续降雨无法施工".to_owned(),
                ..ExtensionInput::default()
            };
            f.app.ask_extension(&filler(&f, offset), problem, None, sent)
        };
        // Due on day 20: after it has passed nobody asks any more.
        assert_eq!(refused(ask(21, 40)).code, "too_late_to_ask");
        ask(19, 40).unwrap();
        let grant = bihuan_app::problem::AnswerInput {
            decision: "grant".to_owned(),
            reason: "情况属实".to_owned(),
            ..Default::default()
        };
        f.app.decide_extension(&f.ctx(Role::Office, "JZ", day(19)), problem, None, grant).unwrap();
        let problem = f.problem(problem).problem;
        assert_eq!((problem.extensions, problem.due_day), (1, Some(day(40))));
        assert_eq!(problem.first_due_day, Some(day(20)), "the first deadline stays on record");
    });
}

#[test]
fn a_slip_about_an_appeal_speaks_of_one_and_only_sources_of_appeals_have_them_m28() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let appeal = f.assigned_from("public-opinion", "YX01", "YX-ZGB", day(0));
        let other = f.assigned("YX01", "YX-ZGB", day(0));
        let preview = f.app.preview_slip(&office(&f, 1), &about("appeal", appeal.0)).unwrap();
        assert_eq!(preview.subject.kind, SubjectKind::Appeal);
        assert!(preview.filled.starts_with("群众反映“灌渠淤积"), "{}", preview.filled);
        assert!(preview.filled.contains("告诉反映人") && !preview.filled.contains('{'), "{}", preview.filled);
        assert!(preview.slip.title.starts_with("关于群众诉求“灌渠淤积"), "{}", preview.slip.title);
        // However it is asked for, it is an appeal; and a problem of another source is none.
        for kind in ["appeal", "problem"] {
            let slip = f.app.make_slip(&office(&f, 1), about(kind, appeal.0)).unwrap().slip;
            assert_eq!(slip.subject(), Subject::of(SubjectKind::Appeal, appeal.0));
        }
        let no = refused(f.app.make_slip(&office(&f, 1), about("appeal", other.0)));
        assert_eq!((no.code, no.field), ("not_an_appeal", Some("subject_kind")));
        let said = "这个问题的来源是“学习对照查摆”，不是群众诉求，不能按群众诉求发督办单。";
        assert_eq!(no.sentence, said);
        assert!(no.hint.contains("appeals = true"), "{}", no.hint);
        let nothing = f.app.make_slip(&office(&f, 1), about("appeal", 9_999));
        assert_eq!(nothing.unwrap_err().code(), "not_found");
        // With the problem, with the unit, and by search.
        let shown = f.app.problem_view(&office(&f, 1), appeal).unwrap().slips;
        assert!(shown.appeal && shown.may_make && shown.lines.len() == 2);
        assert!(!f.app.problem_view(&office(&f, 1), other).unwrap().slips.appeal);
        assert_eq!(f.app.unit_slips(&office(&f, 1), f.unit("YX01").id).unwrap().total, 2);
        assert_eq!(found(&f, &office(&f, 1), "slip", "群众诉求").0, 2);
        let view = f.app.slip_view(&filler(&f, 1), shown.lines[0].slip.id).unwrap();
        assert_eq!(view.subject.unwrap().href, format!("/problems/{appeal}"));
    });
}

#[test]
fn the_ladder_speaks_of_an_appeal_once_and_takes_its_drafts_back_m28() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let appeal = f.assigned_from("public-opinion", "YX01", "YX-ZGB", day(0));
        let slips = || f.db.read(|conn| Slip::load(conn, "ORDER BY id", &[])).unwrap();
        for offset in 0..45 {
            for hour in [9, 15] {
                f.app.run_ladder(day(offset).starts_at().plus_seconds(hour * 3600)).unwrap();
            }
        }
        let sent = slips();
        assert!(sent.iter().all(|slip| slip.subject() == Subject::of(SubjectKind::Appeal, appeal.0)));
        let overdue: Vec<_> = sent.iter().filter(|slip| slip.rule == "overdue").collect();
        assert!(!overdue.is_empty());
        assert!(overdue[0].body.starts_with("群众反映的“灌渠淤积"), "{}", overdue[0].body);
        let mut days: Vec<_> = overdue.iter().map(|slip| slip.issued_day).collect();
        days.dedup();
        assert_eq!(days.len(), overdue.len(), "never twice a day");
        let waits = |state| move |slip: &&Slip| slip.state == state;
        let drafted = sent.iter().filter(waits(SlipState::Drafted)).count();
        assert!(drafted > 0, "a person is asked after two weeks");
        f.report_done(appeal, day(45));
        f.app.run_ladder(day(48).starts_at().plus_seconds(9 * 3600)).unwrap();
        assert_eq!(slips().iter().filter(waits(SlipState::Lapsed)).count(), drafted);
    });
}
