//! Tasks and projects from being set to being confirmed (M16, M17), and what waits for whom.

use crate::county::{OFFICE, OTHER_TOWN, TOWN, TestApp, VILLAGE, on_each_app};
use bihuan_app::campaign::CampaignInput;
use bihuan_app::evidence::SentFile;
use bihuan_app::task::{
    BreakDownInput, MilestoneRow, PartRow, ReadingInput, TargetRow, TaskDecisionInput, TaskDone, TaskInput,
    TaskNoteInput, TaskQuery, TaskReportInput,
};
use bihuan_app::todo::TodoKind;
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, TaskId, UnitId};
use bihuan_domain::task::{FULL, Standing, TaskState};

const BEFORE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
    \0\0\0\nIDATx\x9cc`\x04\0\0\x03\0\x02K\xf5\xdd\xea\0\0\0\0IEND\xaeB`\x82";
/// The same with another colour.
const AFTER: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
    \0\0\0\nIDATx\x9cc`\x02\0\0\x04\0\x03\xef\xe4\x18\xe4\0\0\0\0IEND\xaeB`\x82";

/// A running campaign with the template of themed education; the planted one has none.
fn campaign(t: &TestApp) -> CampaignId {
    let input = CampaignInput {
        code: "rw".to_owned(),
        name: "年度任务".to_owned(),
        office_unit: "1".to_owned(),
        basis: "decision".to_owned(),
        authority: "县委".to_owned(),
        document: "方案".to_owned(),
        scope: "全县".to_owned(),
        starts_day: "2024-03-05".to_owned(),
        template: "themed-education".to_owned(),
        ..Default::default()
    };
    // The planted one took its number by hand.
    t.app.db.write(|conn| bihuan_store::journal::next_id(conn, "campaign", 1)).unwrap();
    let made = t.app.create_campaign(&t.ctx("office"), input).unwrap().campaign;
    t.app.start_campaign(&t.ctx("office"), made.id, None).unwrap();
    made.id
}

fn input(unit: i64, kind: &str) -> TaskInput {
    TaskInput {
        kind: kind.to_owned(),
        unit: unit.to_string(),
        title: "改建村组道路".to_owned(),
        starts_day: "2024-03-05".to_owned(),
        due_day: "2024-09-30".to_owned(),
        budget: "120000.50".to_owned(),
        ..TaskInput::default()
    }
}

fn road(target: &str) -> Vec<TargetRow> {
    vec![TargetRow {
        name: "改建里程".to_owned(),
        measure_word: "公里".to_owned(),
        baseline: String::new(),
        target: target.to_owned(),
    }]
}

fn set(t: &TestApp, campaign: CampaignId, unit: i64, kind: &str) -> TaskDone {
    t.app.create_task(&t.ctx("office"), campaign, input(unit, kind), road("20"), vec![]).unwrap()
}

fn said(note: &str) -> TaskDecisionInput {
    TaskDecisionInput { note: note.to_owned(), ..TaskDecisionInput::default() }
}

fn read(t: &TestApp, who: &str, id: TaskId, value: &str) -> Result<TaskDone, bihuan_app::Error> {
    let target = t.app.task_view(&t.ctx(who), id).unwrap().targets[0].id.to_string();
    t.app.measure_task(
        &t.ctx(who),
        id,
        ReadingInput { target, value: value.to_owned(), ..Default::default() },
    )
}

#[test]
fn a_task_gets_the_milestones_of_its_kind_scheduled_back_m16() {
    on_each_app(|t| {
        let campaign = campaign(t);
        let done = set(t, campaign, TOWN, "key-task");
        let view = t.app.task_view(&t.ctx("filler"), done.task.id).unwrap();
        let days: Vec<_> = view.milestones.iter().map(|m| m.working_days).collect();
        assert_eq!(days, [10, 60, 10, 5]);
        assert_eq!(view.milestones[3].due_day.to_string(), "2024-09-30", "a Monday before the holiday");
        assert_eq!((view.line.task.budget_fen, view.line.citation.as_str()), (12_000_050, "任务1"));
        assert_eq!(view.history[0].what, "新建任务");
        let late = TaskInput { due_day: "2024-04-30".to_owned(), ..input(TOWN, "key-task") };
        let refused = t.app.create_task(&t.ctx("office"), campaign, late, vec![], vec![]).unwrap_err();
        assert_eq!(refused.code(), "schedule_too_tight");
        let beyond = TaskInput { due_day: "2099-04-30".to_owned(), ..input(TOWN, "key-task") };
        let step = MilestoneRow {
            title: "启动".to_owned(),
            working_days: "5".to_owned(),
            ..MilestoneRow::default()
        };
        let refused = t.app.create_task(&t.ctx("office"), campaign, beyond, vec![], vec![step]).unwrap_err();
        assert_eq!(refused.code(), "calendar_year_not_held", "milestones that somebody asked for");
        let unknown = TaskInput { kind: "nothing".to_owned(), ..input(TOWN, "") };
        let refused = t.app.create_task(&t.ctx("office"), campaign, unknown, vec![], vec![]).unwrap_err();
        assert_eq!(refused.code(), "invalid_input");
        let count = t.app.tasks(&t.ctx("office"), &TaskQuery::default()).unwrap().total;
        assert_eq!(count, 1, "what was refused left nothing");
    });
}

#[test]
fn a_task_due_in_a_year_without_a_calendar_is_set_without_milestones_and_says_so_m16() {
    on_each_app(|t| {
        let campaign = campaign(t);
        let later = TaskInput { due_day: "2099-03-31".to_owned(), ..input(TOWN, "key-task") };
        let far = t.app.create_task(&t.ctx("office"), campaign, later, road("20"), vec![]).unwrap();
        assert!(far.notice.contains("2099年的放假安排"), "{}", far.notice);
        let view = t.app.task_view(&t.ctx("filler"), far.task.id).unwrap();
        assert!(view.milestones.is_empty());
        assert_eq!(view.line.judged.standing, Standing::OnSchedule);
        assert!(view.line.judged.planned < FULL / 100, "the time says how far it should be");
        // A deadline that moves into such a year leaves the milestones where they are.
        let near = set(t, campaign, TOWN, "key-task");
        assert_eq!(near.notice, "");
        let before = t.app.task_view(&t.ctx("office"), near.task.id).unwrap().milestones;
        let moved = TaskInput {
            due_day: "2099-03-31".to_owned(),
            reason: "跨年实施".to_owned(),
            ..input(TOWN, "key-task")
        };
        let done = t.app.amend_task(&t.ctx("office"), near.task.id, None, moved, None).unwrap();
        assert!(done.notice.contains("仍在原来的日期"), "{}", done.notice);
        assert_eq!(done.task.due_day.year(), 2099);
        assert_eq!(t.app.task_view(&t.ctx("office"), near.task.id).unwrap().milestones, before);
    });
}

#[test]
fn a_falling_target_is_broken_down_from_where_each_unit_stands_m16() {
    on_each_app(|t| {
        let campaign = campaign(t);
        let falling = |baseline: &str, target: &str, word: &str| {
            vec![TargetRow {
                name: "存量".to_owned(),
                measure_word: word.to_owned(),
                baseline: baseline.to_owned(),
                target: target.to_owned(),
            }]
        };
        let set = |targets| {
            t.app.create_task(&t.ctx("office"), campaign, input(1, ""), targets, vec![]).unwrap().task.id
        };
        let part = |unit: i64, baseline: &str, target: &str, weight: &str| PartRow {
            unit: unit.to_string(),
            baseline: baseline.to_owned(),
            target: target.to_owned(),
            weight: weight.to_owned(),
        };
        let split = |id, rows: Vec<PartRow>| {
            t.app.break_down_task(&t.ctx("office"), id, None, BreakDownInput::default(), rows)
        };
        let id = set(falling("100", "50", "件"));
        let refused = split(id, vec![part(TOWN, "", "30", "")]).unwrap_err();
        assert_eq!(refused.code(), "part_baseline");
        let refused = split(id, vec![part(TOWN, "20", "30", "")]).unwrap_err();
        assert_eq!(refused.code(), "part_other_way");
        split(id, vec![part(TOWN, "60", "30", ""), part(OTHER_TOWN, "40", "20", "")]).unwrap();
        let view = t.app.task_view(&t.ctx("office"), id).unwrap();
        assert_eq!((view.progress[0].reached, view.progress[0].share), (100_000, 0), "nothing is done yet");
        let town = view.parts.iter().find(|part| part.task.unit_id == UnitId(TOWN)).unwrap();
        read(t, "filler", town.task.id, "45").unwrap();
        let view = t.app.task_view(&t.ctx("office"), id).unwrap();
        assert_eq!((view.progress[0].reached, view.progress[0].share), (85_000, FULL * 15 / 50));
        assert_eq!(view.line.judged.progress, FULL * 15 / 50);
        let rate = set(falling("80", "100", "%"));
        assert_eq!(split(rate, vec![part(TOWN, "", "100", "0")]).unwrap_err().code(), "part_weight");
        split(rate, vec![part(TOWN, "", "100", "300"), part(OTHER_TOWN, "", "100", "100")]).unwrap();
        let view = t.app.task_view(&t.ctx("office"), rate).unwrap();
        assert_eq!((view.progress[0].reached, view.progress[0].given), (80_000, Some(100_000)));
        let town = view.parts.iter().find(|part| part.task.unit_id == UnitId(TOWN)).unwrap();
        read(t, "filler", town.task.id, "100").unwrap();
        let view = t.app.task_view(&t.ctx("office"), rate).unwrap();
        assert_eq!((view.progress[0].reached, view.progress[0].share), (95_000, FULL * 3 / 4));
    });
}

#[test]
fn durations_are_edited_and_the_rest_is_placed_anew_m16() {
    on_each_app(|t| {
        let campaign = campaign(t);
        let id = set(t, campaign, TOWN, "key-task").task.id;
        let view = t.app.task_view(&t.ctx("office"), id).unwrap();
        let first = view.milestones[0].id;
        t.app.finish_milestone(&t.ctx("filler"), id, first, said("方案已印发")).unwrap();
        let row = |milestone: String, title: &str, days: &str, due: &str| MilestoneRow {
            milestone,
            title: title.to_owned(),
            working_days: days.to_owned(),
            due_day: due.to_owned(),
        };
        let rows = vec![
            row(view.milestones[1].id.to_string(), "推进实施", "40", "2024-06-28"),
            row(String::new(), "第三方评估", "12", ""),
        ];
        let version = Some(view.line.task.version);
        let refused = t.app.schedule_task(&t.ctx("filler"), id, version, rows.clone()).unwrap_err();
        assert_eq!(refused.code(), "not_allowed");
        t.app.schedule_task(&t.ctx("office"), id, version, rows.clone()).unwrap();
        let stale = t.app.schedule_task(&t.ctx("office"), id, version, rows).unwrap_err();
        assert_eq!(stale.code(), "conflict");
        let view = t.app.task_view(&t.ctx("office"), id).unwrap();
        let titles: Vec<_> = view.milestones.iter().map(|m| m.title.as_str()).collect();
        assert_eq!(titles, ["制定方案", "推进实施", "第三方评估"]);
        assert!(view.milestones[0].done_day.is_some() && view.milestones[1].pinned);
        let amended = TaskInput { due_day: "2024-10-31".to_owned(), ..input(TOWN, "key-task") };
        t.app.amend_task(&t.ctx("office"), id, None, amended, None).unwrap();
        let view = t.app.task_view(&t.ctx("office"), id).unwrap();
        assert_eq!(view.milestones[2].due_day.to_string(), "2024-10-31");
        assert_eq!(view.milestones[1].due_day.to_string(), "2024-06-28", "what was pinned stays");
    });
}

#[test]
fn a_project_is_done_with_evidence_from_before_and_after_and_confirmed_by_another_m17() {
    on_each_app(|t| {
        let campaign = campaign(t);
        let input = TaskInput { due_day: "2024-06-14".to_owned(), ..input(TOWN, "livelihood") };
        let id = t.app.create_task(&t.ctx("office"), campaign, input, road("20"), vec![]).unwrap().task.id;
        t.days(10);
        for milestone in t.app.task_view(&t.ctx("filler"), id).unwrap().milestones {
            let todo = t.app.todo(&t.ctx("filler"), Some(TodoKind::Milestone)).unwrap();
            let first = todo.items.first().unwrap();
            assert_eq!((first.words.as_str(), first.record.is_some()), (milestone.title.as_str(), true));
            t.days(30);
            t.app.finish_milestone(&t.ctx("filler"), id, milestone.id, said("已完成")).unwrap();
        }
        let report = TaskReportInput { statement: "全部通车".to_owned(), ..Default::default() };
        let refused = |code: &str| {
            let error = t.app.report_task(&t.ctx("filler"), id, None, report.clone()).unwrap_err();
            assert_eq!(error.code(), code);
        };
        refused("targets_short");
        read(t, "filler", id, "20").unwrap();
        refused("evidence_missing");
        let file = |picture: &[u8]| SentFile { name: "照片.png".to_owned(), bytes: picture.to_vec() };
        for (picture, stage) in [(BEFORE, "before"), (AFTER, "after")] {
            t.app.file_task_evidence(&t.ctx("filler"), id, stage, "三组路口", file(picture)).unwrap();
        }
        let twice =
            t.app.file_task_evidence(&t.ctx("filler"), id, "after", "又一张", file(AFTER)).unwrap_err();
        assert_eq!(twice.code(), "evidence_filed_already");
        let word = TaskNoteInput {
            kind: "word".to_owned(),
            note: "路好走了".to_owned(),
            asked: "30".to_owned(),
            satisfied: "28".to_owned(),
            ..TaskNoteInput::default()
        };
        t.app.note_task(&t.ctx("inspector"), id, word.clone()).unwrap();
        let more = TaskNoteInput { satisfied: "31".to_owned(), ..word };
        assert_eq!(
            t.app.note_task(&t.ctx("inspector"), id, more).unwrap_err().code(),
            "satisfied_more_than_asked"
        );
        let todo = t.app.todo(&t.ctx("filler"), None).unwrap();
        assert_eq!(todo.items[0].kind, TodoKind::Task);
        t.app.report_task(&t.ctx("filler"), id, None, report.clone()).unwrap();
        assert!(
            t.app.todo(&t.ctx("filler"), None).unwrap().items.is_empty(),
            "what is reported is not asked"
        );
        assert_eq!(t.app.todo(&t.ctx("office"), None).unwrap().items[0].kind, TodoKind::TaskCheck);
        let own = t.app.accept_task(&t.ctx("filler"), id, None, "好".to_owned()).unwrap_err();
        assert_eq!(own.code(), "not_allowed");
        t.app.send_back_task(&t.ctx("verifier"), id, None, "后照片不清楚".to_owned()).unwrap();
        t.app.report_task(&t.ctx("filler"), id, None, report).unwrap();
        let done = t.app.accept_task(&t.ctx("verifier"), id, None, "现场看过".to_owned()).unwrap();
        assert_eq!(done.task.state, TaskState::Done);
        let list = t.app.tasks(&t.ctx("office"), &TaskQuery::default()).unwrap();
        assert_eq!(list.sentence, "完成1项");
        let view = t.app.task_view(&t.ctx("filler"), id).unwrap();
        let piece = view.evidence[0].id;
        assert_eq!(t.app.task_evidence_file(&t.ctx("filler"), id, piece).unwrap().name, "照片.png");
        assert!(view.line.judged.late == (done.task.claimed_day > Some(done.task.due_day)));
    });
}

#[test]
fn a_broken_down_task_is_counted_once_and_its_figures_roll_up_m16() {
    on_each_app(|t| {
        let campaign = campaign(t);
        let county = set(t, campaign, 1, "").task.id;
        let rows = [(TOWN, "12"), (OTHER_TOWN, "8"), (OFFICE, "")];
        let rows = rows.map(|(unit, target)| PartRow {
            unit: unit.to_string(),
            target: target.to_owned(),
            ..PartRow::default()
        });
        let order = BreakDownInput { due_day: "2024-08-30".to_owned() };
        t.app.break_down_task(&t.ctx("office"), county, None, order, rows.to_vec()).unwrap();
        let view = t.app.task_view(&t.ctx("office"), county).unwrap();
        assert_eq!(view.parts.len(), 2);
        assert_eq!(view.progress[0].given, Some(20_000));
        let town = view.parts[0].task.id;
        assert_eq!(
            t.app.todo(&t.ctx("filler"), None).unwrap().items.len(),
            0,
            "not near, nothing to be asked"
        );
        read(t, "filler", town, "6").unwrap();
        assert_eq!(read(t, "filler", town, "六").unwrap_err().code(), "invalid_input");
        let view = t.app.task_view(&t.ctx("office"), county).unwrap();
        assert_eq!((view.progress[0].reached, view.line.judged.progress), (6_000, FULL * 6 / 20));
        let all = t.app.tasks(&t.ctx("office"), &TaskQuery::default()).unwrap();
        assert_eq!((all.total, all.tally.total()), (1, 1), "parts are counted with the whole");
        let own = t.app.tasks(&t.ctx("filler"), &TaskQuery::default()).unwrap();
        assert_eq!(
            (own.total, own.lines[0].task.id),
            (1, town),
            "the town sees its part as a task of its own"
        );
        assert_eq!(t.app.task_view(&t.ctx("filler"), county).unwrap_err().code(), "not_found");
        assert!(
            t.app.task_view(&t.ctx("filler"), town).unwrap().parent.is_none(),
            "the whole is out of its sight"
        );
        assert_eq!(t.app.task_view(&t.ctx("other_filler"), town).unwrap_err().code(), "not_found");
        let again = PartRow { unit: VILLAGE.to_string(), target: "1".to_owned(), ..PartRow::default() };
        let by_town = BreakDownInput::default();
        t.app.break_down_task(&t.ctx("filler"), town, None, by_town, vec![again]).unwrap();
        let refused = read(t, "filler", town, "9").unwrap_err();
        assert_eq!(refused.code(), "rolled_up");
    });
}

#[test]
fn the_sentence_falls_out_of_the_data_and_opens_its_rows_m16() {
    on_each_app(|t| {
        let campaign = campaign(t);
        for (unit, due) in [(TOWN, "2024-03-20"), (TOWN, "2024-12-20"), (OTHER_TOWN, "2024-12-20")] {
            let task = TaskInput { due_day: due.to_owned(), ..input(unit, "") };
            t.app.create_task(&t.ctx("office"), campaign, task, vec![], vec![]).unwrap();
        }
        t.days(20);
        let all = t.app.tasks(&t.ctx("office"), &TaskQuery::default()).unwrap();
        assert_eq!(all.sentence, "按时序推进2项，滞后1项");
        assert_eq!(all.by_unit.iter().map(|u| u.tally.total()).collect::<Vec<_>>(), [2, 1]);
        for standing in [Standing::Behind, Standing::OnSchedule] {
            let query = TaskQuery { standing: Some(standing), ..TaskQuery::default() };
            let rows = t.app.tasks(&t.ctx("office"), &query).unwrap();
            assert_eq!(rows.total as i64, rows.tally.of(standing), "a figure opens exactly its rows");
        }
        let query = TaskQuery { unit: Some(UnitId(OTHER_TOWN)), ..TaskQuery::default() };
        assert_eq!(t.app.tasks(&t.ctx("office"), &query).unwrap().total, 1);
        assert_eq!(t.app.tasks(&t.ctx("filler"), &query).unwrap_err().code(), "not_found");
        assert_eq!(t.app.tasks(&t.ctx("stranger"), &TaskQuery::default()).unwrap().total, 0);
        let late = t.app.tasks(&t.ctx("filler"), &TaskQuery::default()).unwrap();
        assert_eq!(
            late.lines[0].task.due_day,
            Day::parse("2024-03-20").unwrap(),
            "what is behind comes first"
        );
    });
}
