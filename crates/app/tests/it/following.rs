//! A follow-up campaign takes over what an earlier one left open, with its history, counted once (M01); and the plan
//! and the file of a unit (M03, M09).

use crate::county::{COUNTY, TOWN, TestApp, on_each_app};
use crate::problem::{TEXT, at};
use bihuan_app::campaign::CampaignInput;
use bihuan_app::ledger::LedgerQuery;
use bihuan_app::plan::PlanQuery;
use bihuan_app::task::{TaskInput, TaskQuery};
use bihuan_domain::id::{CampaignId, TaskId, UnitId};
use bihuan_domain::plan::{BarKind, Span};
use bihuan_domain::problem::State;
use bihuan_domain::task::Task;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, Fault};

const FIRST: CampaignId = CampaignId(1);

fn follow_up(t: &TestApp) -> CampaignId {
    t.app.db.write(|conn| bihuan_store::journal::next_id(conn, "campaign", 1)).unwrap();
    let input = CampaignInput {
        code: "er".to_owned(),
        name: "第二批".to_owned(),
        office_unit: "1".to_owned(),
        basis: "decision".to_owned(),
        authority: "县委".to_owned(),
        document: "方案".to_owned(),
        scope: "全县".to_owned(),
        starts_day: "2024-03-05".to_owned(),
        template: "themed-education".to_owned(),
        follows: "1".to_owned(),
        ..Default::default()
    };
    let made = t.app.create_campaign(&t.ctx("office"), input).unwrap().campaign;
    t.app.start_campaign(&t.ctx("office"), made.id, None).unwrap();
    made.id
}

fn total(t: &TestApp, campaign: CampaignId) -> i64 {
    let query = LedgerQuery { campaign: Some(campaign), unit: Some(UnitId(COUNTY)), ..Default::default() };
    t.app.ledger(&t.ctx("office"), &query).unwrap().total
}

#[test]
fn the_second_batch_takes_over_the_first_with_its_history_and_each_is_counted_once_m01() {
    on_each_app(|t| {
        let open = at(t, TEXT, State::Rectifying);
        let second = follow_up(t);
        let early = t.app.take_over_open(&t.ctx("office"), second).unwrap_err();
        assert_eq!(early.code(), "earlier_campaign_running");
        t.app.end_campaign(&t.ctx("office"), FIRST, None, "第一批结束").unwrap();
        assert_ne!(t.app.take_over_open(&t.ctx("filler"), second).unwrap_err().code(), "fault");
        let before = t.app.case(&t.ctx("office"), open).unwrap().case;
        let done = t.app.take_over_open(&t.ctx("office"), second).unwrap();
        assert_eq!((done.moved, done.left), (1, 0));
        let after = t.app.case(&t.ctx("office"), open).unwrap().case;
        assert_eq!((after.problem.campaign_id, after.problem.number), (second, 1));
        assert_eq!(
            (after.measures, after.parties, after.rounds),
            (before.measures, before.parties, before.rounds)
        );
        assert_eq!(after.problem.due_day, before.problem.due_day, "the clock keeps running");
        assert_eq!((total(t, FIRST), total(t, second)), (0, 1), "counted once");
        let drift = t.app.db.read(|conn| bihuan_store::rollup::recount(conn, 10)).unwrap();
        assert!(drift.is_empty(), "{drift:?}");
        assert_eq!(t.app.take_over_open(&t.ctx("office"), second).unwrap().moved, 0, "again does nothing");
        let view = t.app.campaign_view(&t.ctx("office"), FIRST).unwrap();
        assert_eq!(view.followed_by.iter().map(|head| head.id).collect::<Vec<_>>(), [second]);
    });
}

#[test]
fn every_task_is_counted_and_taken_over_however_many_there_are_m01_m16() {
    const TASKS: i64 = 5_100;
    on_each_app(|t| {
        let second = follow_up(t);
        let input = TaskInput {
            unit: TOWN.to_string(),
            title: "改建村组道路".to_owned(),
            starts_day: "2024-03-05".to_owned(),
            due_day: "2024-09-30".to_owned(),
            ..TaskInput::default()
        };
        let first = t.app.create_task(&t.ctx("office"), FIRST, input, vec![], vec![]).unwrap().task;
        let at = t.ctx("office").stamp(None);
        let write = move |conn: &mut Conn| -> Result<(), Fault> {
            let from = journal::next_id(conn, "task", TASKS - 1)?;
            let task = |n: i64| Task { id: TaskId(from + n), number: 2 + n, ..first.clone() };
            let writes = (0..TASKS - 1).map(|n| Write::insert(&task(n))).collect();
            let action = "task.created".to_owned();
            let entry =
                NewEntry { action, subject_kind: "task", subject_id: 1, writes, ..NewEntry::default() };
            journal::append(conn, &at, vec![entry]).map(|_| ())
        };
        t.app.db.write(write).unwrap();
        let list = |campaign| {
            let query = TaskQuery { campaign: Some(campaign), offset: 5_050, ..TaskQuery::default() };
            t.app.tasks(&t.ctx("office"), &query).unwrap()
        };
        let found = list(FIRST);
        assert_eq!((found.total as i64, found.tally.total(), found.lines.len()), (TASKS, TASKS, 50));
        assert_eq!(found.sentence, format!("按时序推进{TASKS}项"));
        assert_eq!(found.by_unit.iter().map(|unit| unit.tally.total()).sum::<i64>(), TASKS);
        t.app.end_campaign(&t.ctx("office"), FIRST, None, "第一批结束").unwrap();
        assert_eq!(t.app.take_over_open(&t.ctx("office"), second).unwrap().tasks, TASKS);
        assert_eq!((list(FIRST).total, list(second).total as i64), (0, TASKS));
    });
}

#[test]
fn a_units_plan_and_file_hold_its_problems_and_name_what_is_missing_m03_m09() {
    on_each_app(|t| {
        at(t, TEXT, State::Rectifying);
        let query = PlanQuery { campaign: FIRST, unit: UnitId(TOWN), span: Span::Campaign, day: None };
        let plan = t.app.plan(&t.ctx("filler"), &query).unwrap();
        assert_eq!(plan.bars().filter(|bar| bar.kind == BarKind::Problem).count(), 1);
        let other = t.app.plan(&t.ctx("other_filler"), &query).unwrap_err();
        assert_eq!(other.code(), "not_found");
        let file = t.app.branch_file(&t.ctx("filler"), UnitId(TOWN), FIRST, None).unwrap();
        assert_eq!(file.problems_total, 1);
        assert!(file.missing.iter().any(|one| one.part == "records"), "{:?}", file.missing);
        let past = t.ctx("filler").today().plus_days(-1);
        let file = t.app.branch_file(&t.ctx("filler"), UnitId(TOWN), FIRST, Some(past)).unwrap();
        assert_eq!(file.problems_total, 0, "as it was on that day");
        let future = t.ctx("filler").today().plus_days(1);
        let refused = t.app.branch_file(&t.ctx("filler"), UnitId(TOWN), FIRST, Some(future)).unwrap_err();
        assert_eq!(refused.code(), "invalid_input");
    });
}
