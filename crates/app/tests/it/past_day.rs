//! A past day is told as it was at its end, through the use cases: figures of required actions and the file of a unit
//! (M05, M09).

use crate::support::{Fixture, context, first_day, monthly_meeting, refused};
use bihuan_app::Context;
use bihuan_app::activity::ActivityInput;
use bihuan_app::branch_file::BranchFile;
use bihuan_app::problem::{MeasureInput, ReasonInput};
use bihuan_app::required_action::{ActionInput, ChildActions, ExcuseInput};
use bihuan_domain::Day;
use bihuan_domain::calendar::{Calendar, CalendarRow, DayKind};
use bihuan_domain::id::{ActivityId, CampaignId, ExcuseId, RequiredActionId};
use bihuan_domain::required_action::{Period, Status, early_day};
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;

const ONE: CampaignId = CampaignId(1);

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn last() -> Day {
    Day::last_of_month(first_day().year(), first_day().ymd().1).unwrap()
}

fn record(f: &Fixture, code: &str, topic: &str) -> ActivityInput {
    ActivityInput {
        campaign: "1".to_owned(),
        unit: f.unit(code).id.to_string(),
        kind: "three-meetings".to_owned(),
        day: day(1).to_string(),
        topic: topic.to_owned(),
        ..ActivityInput::default()
    }
}

fn recorded(f: &Fixture, code: &str) -> ActivityId {
    let clerk = f.ctx(Role::Filler, code, day(1));
    f.app.record_activity(&clerk, record(f, code, "讨论春灌"), Vec::new()).unwrap().id
}

/// Somebody of the county's office who asked for nothing.
fn upper(f: &Fixture, on: Day) -> Context {
    context(902, Role::Office, &f.unit("YX"), on)
}

fn asked(f: &Fixture, id: RequiredActionId, code: &str) -> Result<ExcuseId, bihuan_app::Error> {
    let sent = ExcuseInput {
        unit: f.unit(code).id.to_string(),
        period: last().to_string(),
        reason: "转移安置".to_owned(),
        ..ExcuseInput::default()
    };
    f.app.ask_excuse(&f.ctx(Role::Filler, code, day(2)), id, sent)
}

fn told(f: &Fixture, today: Day, of: Option<Day>) -> Vec<ChildActions> {
    let office = f.ctx(Role::Office, "YX", today);
    f.app.actions_overview(&office, ONE, f.unit("YX").id, of).unwrap().unwrap()
}

fn figures(lines: &[ChildActions]) -> Vec<(String, bihuan_domain::required_action::Tally)> {
    lines.iter().map(|line| (line.name.clone(), line.tally)).collect()
}

#[test]
fn what_is_withdrawn_corrected_revoked_or_reissued_later_leaves_a_past_day_as_it_was_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(0));
        let id = f.app.issue_action(&office, ONE, None, monthly_meeting()).unwrap().id;
        let window = ActionInput {
            name: "十日内部署".to_owned(),
            cadence: "window".to_owned(),
            to_day: day(9).to_string(),
            ..monthly_meeting()
        };
        let single = f.app.issue_action(&office, ONE, None, window.clone()).unwrap().id;
        let (first, second) = (recorded(&f, "YX01"), recorded(&f, "YX02"));
        let excuse = asked(&f, id, "YX03").unwrap();
        f.app.decide_excuse(&upper(&f, day(2)), excuse, None, "approved", "同意").unwrap();
        let kept = told(&f, day(2), None);
        let sum = |lines: &[ChildActions]| {
            lines.iter().fold((0, 0), |s, line| (s.0 + line.tally.done, s.1 + line.tally.excused))
        };
        assert_eq!(sum(&kept), (4, 1));
        let clerk = |code| f.ctx(Role::Filler, code, day(5));
        f.app.withdraw_activity(&clerk("YX01"), first, None, "登记错了").unwrap();
        let other = ActivityInput {
            kind: "theme-day".to_owned(),
            reason: "类别选错".to_owned(),
            ..record(&f, "YX02", "主题党日")
        };
        f.app.correct_activity(&clerk("YX02"), second, None, other, Vec::new()).unwrap();
        f.app.decide_excuse(&upper(&f, day(5)), excuse, None, "revoked", "险情解除").unwrap();
        let sooner = ActionInput { to_day: day(7).to_string(), reason: "提前完成".to_owned(), ..window };
        f.app.issue_action(&f.ctx(Role::Office, "YX", day(6)), ONE, Some((single, None)), sooner).unwrap();
        assert_eq!(sum(&told(&f, day(6), None)), (0, 0), "today nothing of it counts");
        assert_eq!(figures(&told(&f, day(6), Some(day(2)))), figures(&kept));
        assert_eq!(sum(&told(&f, day(6), Some(day(4)))), (4, 1), "nor was it taken back by then");
        f.no_drift();
    });
}

#[test]
fn working_days_set_later_leave_what_was_early_on_a_past_day_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        f.app.issue_action(&f.ctx(Role::Office, "YX", day(0)), ONE, None, monthly_meeting()).unwrap();
        let edge = early_day(Period { first: first_day(), last: last() }, Calendar::china());
        let sent = ActivityInput { day: edge.to_string(), ..record(&f, "YX01", "讨论春灌") };
        f.app.record_activity(&f.ctx(Role::Filler, "YX01", edge), sent, Vec::new()).unwrap();
        let kept = told(&f, edge, None);
        let early = |lines: &[ChildActions]| lines.iter().map(|line| line.tally.done_early).sum::<i64>();
        assert_eq!(early(&kept), 1);
        let admin = f.ctx(Role::SystemAdmin, "YX", edge.plus_days(1));
        let mut rows = f.app.calendar_year(&admin, 2024).unwrap().rows;
        rows.extend((0..7).map(|n| CalendarRow {
            day: last().plus_days(-n),
            kind: DayKind::Holiday,
            name: "防汛".to_owned(),
        }));
        f.app.set_calendar_rows(&admin, 2024, None, rows).unwrap();
        assert_eq!(early(&told(&f, edge.plus_days(1), None)), 0, "with a week off it is not early any more");
        assert_eq!(figures(&told(&f, edge.plus_days(1), Some(edge))), figures(&kept));
        f.no_drift();
    });
}

#[test]
fn a_working_group_is_excused_by_itself_with_reason_and_approver_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        f.import(&format!(
            "{}YX-HB,云溪县环保督察专班,YX,task_force,county,机关,,环保专班,13\n",
            crate::support::TREE
        ));
        let groups = ActionInput {
            name: "每月调度".to_owned(),
            subject: "working_group".to_owned(),
            levels: vec!["county".to_owned()],
            ..monthly_meeting()
        };
        let id = f.app.issue_action(&f.ctx(Role::Office, "YX", day(0)), ONE, None, groups).unwrap().id;
        let excuse = asked(&f, id, "YX-HB").unwrap();
        let own = context(901, Role::Office, &f.unit("YX-HB"), day(2));
        assert_eq!(refused(f.app.decide_excuse(&own, excuse, None, "approved", "")).code, "not_allowed");
        let clerk = context(901, Role::Filler, &f.unit("YX"), day(2));
        assert_eq!(refused(f.app.decide_excuse(&clerk, excuse, None, "approved", "")).code, "not_allowed");
        let reader = f.ctx(Role::Evaluator, "YX-ZGB", day(2));
        let sent = ExcuseInput {
            unit: f.unit("YX-ZGB").id.to_string(),
            period: last().to_string(),
            reason: "合署办公".to_owned(),
            ..ExcuseInput::default()
        };
        assert_eq!(refused(f.app.ask_excuse(&reader, id, sent)).code, "not_allowed");
        f.app.decide_excuse(&upper(&f, day(2)), excuse, None, "approved", "同意").unwrap();
        let seen = f.ctx(Role::Office, "YX", day(3));
        let cell = |code: &str| f.app.action_cell(&seen, id, f.unit(code).id, last()).unwrap();
        let of_group = cell("YX-HB");
        assert_eq!(of_group.own, Some(Status::Excused));
        let line = &of_group.excuses[0].excuse;
        assert_eq!((line.reason.as_str(), line.decision_reason.as_str()), ("转移安置", "同意"));
        assert_eq!(line.decided_by, Some(bihuan_domain::id::PersonId(902)));
        let other = cell("YX-ZGB");
        assert_eq!((other.own, other.excuses.len()), (Some(Status::NotYetDue), 0), "the other still owes it");
        let tally = cell("YX").tally;
        assert_eq!((tally.expected, tally.excused, tally.not_yet_due), (2, 1, 1));
        f.no_drift();
    });
}

fn says(file: &BranchFile, part: &str, words: &str) -> bool {
    file.missing.iter().any(|one| one.part == part && one.words.contains(words))
}

#[test]
fn the_file_of_a_past_day_names_problems_that_had_no_measure_on_that_day_m09() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-SL", day(0));
        let (town, clerk) = (f.unit("YX01"), |on| f.ctx(Role::Filler, "YX01", on));
        f.app.sign(&clerk(day(1)), problem, None).unwrap();
        let bare = |today: Day, of: Day| {
            let file = f.app.branch_file(&clerk(today), town.id, ONE, Some(of)).unwrap();
            assert_eq!(file.problems.len(), 1);
            says(&file, "problems", "没有整改措施")
        };
        assert!(bare(day(1), day(1)));
        let measure = MeasureInput {
            measure: "清淤一点二公里".to_owned(),
            owner: town.id.to_string(),
            ..MeasureInput::default()
        };
        f.app.add_measure(&clerk(day(3)), problem, None, measure).unwrap();
        assert!(!bare(day(3), day(3)) && bare(day(3), day(2)) && bare(day(3), day(1)));
        let first = f.problem(problem).measures[0].id;
        let reason = ReasonInput { reason: "改为整体改建".to_owned() };
        f.app.drop_measure(&clerk(day(6)), problem, first, None, reason).unwrap();
        assert!(bare(day(7), day(7)) && !bare(day(7), day(5)) && !bare(day(7), day(3)));
        assert!(bare(day(7), day(2)), "before there was one it was missing");
    });
}

#[test]
fn the_file_of_a_past_day_holds_records_withdrawn_since_in_their_words_of_then_m09() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        f.app.issue_action(&f.ctx(Role::Office, "YX", day(0)), ONE, None, monthly_meeting()).unwrap();
        let (first, second) = (recorded(&f, "YX01"), {
            let clerk = f.ctx(Role::Filler, "YX01", day(2));
            f.app.record_activity(&clerk, record(&f, "YX01", "第二次会议"), Vec::new()).unwrap().id
        });
        let clerk = f.ctx(Role::Filler, "YX01", last().plus_days(4));
        f.app.withdraw_activity(&clerk, first, None, "登记错了").unwrap();
        let other = ActivityInput { reason: "改题目".to_owned(), ..record(&f, "YX01", "防汛准备") };
        f.app.correct_activity(&clerk, second, None, other, Vec::new()).unwrap();
        f.app.withdraw_activity(&clerk, second, None, "重复").unwrap();
        let file = |of| f.app.branch_file(&clerk, f.unit("YX01").id, ONE, Some(of)).unwrap();
        let topics = |file: &BranchFile| -> Vec<String> {
            file.records.iter().map(|record| record.topic.clone()).collect()
        };
        let then = file(last().plus_days(2));
        assert_eq!(topics(&then), ["第二次会议", "讨论春灌"]);
        assert!(!says(&then, "records", "没有"), "{:?}", then.missing);
        let now = file(last().plus_days(4));
        assert!(topics(&now).is_empty());
        assert!(says(&now, "records", "没有记录") && says(&now, "records", "没有任何活动记录"));
        assert_eq!(topics(&file(day(1))), ["讨论春灌"], "the second was not filed yet");
    });
}
