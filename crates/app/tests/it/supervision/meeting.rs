//! Meetings: the agenda writes itself, decisions come back; imbalance and help.

use super::{day, person, staffed};
use crate::support::{Fixture, refused};
use bihuan_app::dispatch::{
    DecisionInput, MeetingInput, MeetingView, MinutesInput, SeriesInput, WeekInput, minutes_paper,
};
use bihuan_app::help::HelpInput;
use bihuan_app::imbalance::Aspect;
use bihuan_app::problem::{ExtensionInput, HandUpInput};
use bihuan_app::task::TaskReportInput;
use bihuan_app::todo::TodoKind;
use bihuan_domain::dispatch::{AgendaSource, DecisionState};
use bihuan_domain::id::{CampaignId, DispatchId, DispatchSeriesId, PostId, TaskId};
use bihuan_testkit::on_each_engine;

fn series(f: &Fixture) -> DispatchSeriesId {
    let sent = SeriesInput {
        campaign: "1".to_owned(),
        unit: f.unit("YX").id.to_string(),
        name: "周调度".to_owned(),
        every_days: String::new(),
    };
    f.app.create_series(&person(f, 1, day(1)), sent).unwrap()
}

fn sources(view: &MeetingView) -> Vec<AgendaSource> {
    view.items.iter().map(|item| item.source).collect()
}

fn decision(f: &Fixture, due: i32) -> DecisionInput {
    DecisionInput {
        text: "三日内拿出清淤方案".to_owned(),
        owner_unit: f.unit("YX01").id.to_string(),
        due_day: day(due).to_string(),
        ..DecisionInput::default()
    }
}

fn close(f: &Fixture, id: DispatchId, on: i32, version: i64) {
    let minutes = MinutesInput { chair: "县委副书记".to_owned(), ..MinutesInput::default() };
    f.app.write_minutes(&person(f, 1, day(on)), id, version, minutes, true).unwrap();
}

#[test]
fn the_agenda_writes_itself_from_what_changed_since_the_last_meeting_m30() {
    on_each_engine(|t| {
        let f = staffed(t);
        let late = f.assigned("YX01", "YX-SL", day(1));
        let asks = f.assigned("YX02", "YX-SL", day(1));
        let other = f.ctx(bihuan_domain::role::Role::Filler, "YX02", day(2));
        f.app.sign(&other, asks, None).unwrap();
        let sent = ExtensionInput {
            due_day: day(40).to_string(),
            reason: "连续降雨".into(),
            deadline: String::new(),
        };
        f.app.ask_extension(&other, asks, None, sent).unwrap();
        let up = f.assigned("YX03", "YX-SL", day(1));
        let third = f.ctx(bihuan_domain::role::Role::Filler, "YX03", day(2));
        f.app.sign(&third, up, None).unwrap();
        let needed = HandUpInput { superior: f.unit("YX").id.to_string(), needed: "跨乡镇管线".into() };
        f.app.hand_up(&third, up, None, needed).unwrap();
        let series = series(&f);
        let held = |on: i32| MeetingInput { held_day: day(on).to_string() };
        let first = f.app.open_meeting(&person(&f, 1, day(3)), series, held(3)).unwrap();
        let view = f.app.meeting(&person(&f, 1, day(3)), first).unwrap();
        assert_eq!(sources(&view), [AgendaSource::NeedsSuperior, AgendaSource::ExtensionAsked]);
        f.app.decide_at_meeting(&person(&f, 1, day(3)), first, 1, decision(&f, 6)).unwrap();
        let next = f.app.open_meeting(&person(&f, 1, day(24)), series, held(24));
        assert_eq!(refused(next).code, "last_meeting_open");
        close(&f, first, 3, 2);
        assert_eq!(refused(f.app.add_item(&person(&f, 1, day(3)), first, 3, "再议")).code, "dispatch_closed");
        let second = f.app.open_meeting(&person(&f, 1, day(24)), series, held(24)).unwrap();
        let view = f.app.meeting(&person(&f, 1, day(24)), second).unwrap();
        let found = sources(&view);
        assert_eq!(found[0], AgendaSource::LastDecision, "the next week opens with what was decided");
        assert!(view.items[0].text.contains("仍未办结"), "{}", view.items[0].text);
        let lates: Vec<i64> =
            view.items.iter().filter(|i| i.source == AgendaSource::NewlyLate).map(|i| i.subject_id).collect();
        assert!(lates.contains(&late.0), "newly late: {:?}", view.items);
        assert!(found.contains(&AgendaSource::NotReported), "{found:?}");
        assert_eq!(
            f.app.refresh_agenda(&person(&f, 1, day(24)), second, 1).unwrap(),
            0,
            "nothing stands twice"
        );
    });
}

#[test]
fn a_person_orders_strikes_and_adds_and_decisions_are_owed_with_owner_and_day_m30() {
    on_each_engine(|t| {
        let f = staffed(t);
        let series = series(&f);
        let office = person(&f, 1, day(3));
        let id = f.app.open_meeting(&office, series, MeetingInput { held_day: day(3).to_string() }).unwrap();
        for (version, text) in [(1, "甲"), (2, "乙"), (3, "丙")] {
            f.app.add_item(&office, id, version, text).unwrap();
        }
        let texts = || -> Vec<String> {
            let view = f.app.meeting(&office, id).unwrap();
            view.items.into_iter().filter(|item| !item.struck).map(|item| item.text).collect()
        };
        let items = f.app.meeting(&office, id).unwrap().items;
        f.app.move_item(&office, id, 4, items[2].id, true).unwrap();
        assert_eq!(texts(), ["甲", "丙", "乙"]);
        f.app.order_agenda(&office, id, 5, vec![items[1].id, items[2].id, items[0].id]).unwrap();
        assert_eq!(texts(), ["乙", "丙", "甲"]);
        assert_eq!(f.app.order_agenda(&office, id, 5, vec![]).unwrap_err().code(), "conflict");
        let no_reason = f.app.strike_item(&office, id, 6, items[0].id, Some(String::new()));
        assert_eq!(refused(no_reason).field, Some("reason"));
        f.app.strike_item(&office, id, 6, items[0].id, Some("下次再议".into())).unwrap();
        assert_eq!(texts(), ["乙", "丙"]);
        let past = f.app.decide_at_meeting(&office, id, 7, decision(&f, 1));
        assert_eq!(refused(past).code, "decision_day_out_of_range");
        let outside = DecisionInput { owner_unit: f.unit("YS01").id.to_string(), ..decision(&f, 9) };
        assert_eq!(refused(f.app.decide_at_meeting(&office, id, 7, outside)).code, "owner_outside");
        let made = f.app.decide_at_meeting(&office, id, 7, decision(&f, 9)).unwrap();
        let filler = person(&f, 6, day(4));
        assert_eq!(f.app.decisions_owed(&filler).unwrap()[0].decision.id, made);
        assert!(f.app.todo(&filler, None).unwrap().items.iter().any(|item| item.text.contains("清淤方案")));
        assert_eq!(f.app.add_item(&filler, id, 8, "插一项").unwrap_err().code(), "not_found");
    });
}

/// Reports a task done as its unit's filler, and confirms it as the office.
fn finished(f: &Fixture, task: TaskId, on: i32) {
    let report = TaskReportInput { statement: "方案已报".to_owned(), ..TaskReportInput::default() };
    f.app.report_task(&person(f, 6, day(on)), task, None, report).unwrap();
    f.app.accept_task(&person(f, 1, day(on)), task, None, "看过方案".to_owned()).unwrap();
}

#[test]
fn a_decision_is_a_task_at_once_and_what_becomes_of_the_task_becomes_of_it_m30() {
    on_each_engine(|t| {
        let f = staffed(t);
        let series = series(&f);
        let office = person(&f, 1, day(3));
        let held = |on: i32| MeetingInput { held_day: day(on).to_string() };
        let id = f.app.open_meeting(&office, series, held(3)).unwrap();
        let named = DecisionInput { owner_name: "人员6".to_owned(), ..decision(&f, 9) };
        f.app.decide_at_meeting(&office, id, 1, named).unwrap();
        f.app.decide_at_meeting(&office, id, 2, decision(&f, 12)).unwrap();
        let view = f.app.meeting(&office, id).unwrap();
        let tasks: Vec<TaskId> = view.decisions.iter().filter_map(|one| one.task_id).collect();
        assert_eq!(tasks.len(), 2, "in the same step");
        let task = &view.tasks[&tasks[0]];
        assert_eq!((task.unit_id, task.due_day), (f.unit("YX01").id, day(9)));
        assert_eq!((task.order_unit_id, task.kind.as_str()), (f.unit("YX").id, "meeting-decision"));
        assert_eq!(task.owner_post_id, Some(PostId(6)), "the post of whom the words name");
        assert!(task.goal.contains("“周调度”第1次会议"), "{}", task.goal);
        let filler = person(&f, 6, day(4));
        let waiting = f.app.todo(&filler, Some(TodoKind::Decision)).unwrap().items;
        assert_eq!(waiting[0].href, format!("/tasks/{}", tasks[0]));
        let own = f.app.accept_task(&filler, tasks[0], None, "自己认定".to_owned());
        assert_eq!(refused(own).code, "not_allowed", "a doer cannot end the decision");
        finished(&f, tasks[0], 5);
        f.app.stop_task(&office, tasks[1], None, "并入年度工程".to_owned()).unwrap();
        let ended = f.app.meeting(&office, id).unwrap().decisions;
        assert_eq!((ended[0].state, ended[0].outcome.as_str()), (DecisionState::Done, "方案已报"));
        assert_eq!((ended[1].state, ended[1].outcome.as_str()), (DecisionState::Dropped, "并入年度工程"));
        assert_eq!(ended[0].done_day, Some(day(5)));
        assert!(f.app.decisions_owed(&filler).unwrap().is_empty());
        close(&f, id, 3, 3);
        let next = f.app.open_meeting(&person(&f, 1, day(10)), series, held(10)).unwrap();
        let view = f.app.meeting(&person(&f, 1, day(10)), next).unwrap();
        assert_eq!(view.earlier.len(), 2, "the next week opens with what became of them");
        assert!(view.items[0].text.contains("已办结：方案已报"), "{}", view.items[0].text);
        f.no_drift();
    });
}

#[test]
fn after_a_merger_the_work_is_the_successors_and_the_minutes_keep_the_name_of_the_day_m30() {
    on_each_engine(|t| {
        let f = staffed(t);
        let series = series(&f);
        let office = |on: i32| person(&f, 1, day(on));
        let held = |on: i32| MeetingInput { held_day: day(on).to_string() };
        let id = f.app.open_meeting(&office(3), series, held(3)).unwrap();
        f.app.decide_at_meeting(&office(3), id, 1, decision(&f, 9)).unwrap();
        let (gone, into) = (f.unit("YX01"), f.unit("YX02"));
        close(&f, id, 3, 2);
        let paper = |of, on: i32| format!("{:?}", minutes_paper(&f.app.meeting(&office(on), of).unwrap()));
        let before = paper(id, 3);
        assert!(before.contains(&gone.name), "{before}");
        let county = f.ctx(bihuan_domain::role::Role::Office, "YX", day(5));
        f.app.merge_units(&county, gone.id, None, into.id, day(5)).unwrap();
        assert_eq!(paper(id, 6), before, "the minutes are as they were");
        let view = f.app.meeting(&office(6), id).unwrap();
        assert_eq!(view.successor(&view.decisions[0]), Some(into.name.as_str()));
        let taker = f.ctx(bihuan_domain::role::Role::Filler, "YX02", day(6));
        let owed = f.app.decisions_owed(&taker).unwrap();
        assert_eq!((owed.len(), owed[0].unit_name.as_str()), (1, into.name.as_str()));
        // The next meeting opens with it at the unit that has it now.
        let next = f.app.open_meeting(&office(10), series, held(10)).unwrap();
        let view = f.app.meeting(&office(10), next).unwrap();
        let first = &view.items[0];
        assert_eq!((first.source, first.unit_id), (AgendaSource::LastDecision, Some(into.id)));
        assert!(first.text.contains(&format!("原由{}承担", gone.name)), "{}", first.text);
        // What ended afterwards does not change what was written down before.
        let task = view.earlier[0].task_id.unwrap();
        close(&f, next, 10, 1);
        let before = paper(next, 10);
        assert!(before.contains("仍未办结"), "{before}");
        f.app.stop_task(&office(12), task, None, "并入年度工程".to_owned()).unwrap();
        assert_eq!(paper(next, 12), before);
    });
}

#[test]
fn a_leader_who_runs_the_meeting_decides_and_a_filler_does_not_m30() {
    on_each_engine(|t| {
        let f = staffed(t);
        let series = series(&f);
        let leader = person(&f, 5, day(3));
        let id = f.app.open_meeting(&leader, series, MeetingInput { held_day: day(3).to_string() }).unwrap();
        f.app.decide_at_meeting(&leader, id, 1, decision(&f, 9)).unwrap();
        let no = f.app.decide_at_meeting(&person(&f, 6, day(3)), id, 2, decision(&f, 9));
        assert_eq!(no.unwrap_err().code(), "not_found");
        let no = f.app.decide_at_meeting(&person(&f, 2, day(3)), id, 2, decision(&f, 9));
        assert_eq!(refused(no).code, "not_allowed");
        let before = f.app.meeting(&leader, id).unwrap();
        let blank = DecisionInput { text: String::new(), ..decision(&f, 9) };
        assert_eq!(refused(f.app.decide_at_meeting(&leader, id, 2, blank)).field, Some("text"));
        let after = f.app.meeting(&leader, id).unwrap();
        assert_eq!(before.tasks.len(), after.tasks.len(), "what was refused leaves no task behind");
    });
}

#[test]
fn the_minutes_are_a_document_with_decisions_owners_and_days_m30() {
    on_each_engine(|t| {
        let f = staffed(t);
        let series = series(&f);
        let office = person(&f, 1, day(3));
        let held = |on: i32| MeetingInput { held_day: day(on).to_string() };
        let first = f.app.open_meeting(&office, series, held(3)).unwrap();
        f.app.decide_at_meeting(&office, first, 1, decision(&f, 6)).unwrap();
        let draft = f.app.minutes_file(&office, first).unwrap();
        let text = |bytes: &[u8]| bihuan_documents::text::read_any_text("纪要.docx", bytes).unwrap();
        assert!(format!("{:?}", text(&draft.bytes)).contains("本稿未定"), "not settled before it is closed");
        close(&f, first, 3, 2);
        let second = f.app.open_meeting(&person(&f, 1, day(10)), series, held(10)).unwrap();
        f.app.add_item(&person(&f, 1, day(10)), second, 1, "研究灌溉用水").unwrap();
        f.app.decide_at_meeting(&person(&f, 1, day(10)), second, 2, decision(&f, 20)).unwrap();
        close(&f, second, 10, 3);
        let file = f.app.minutes_file(&person(&f, 1, day(10)), second).unwrap();
        assert_eq!(file.name, "周调度第2次会议纪要.docx");
        let said = format!("{:?}", text(&file.bytes));
        for wanted in [
            "县委副书记主持会议",
            "上次议定事项的落实",
            "到期4天仍未办结",
            "研究灌溉用水",
            "石桥镇",
            "2024年3月21日",
            "任务2",
        ] {
            assert!(said.contains(wanted), "{wanted} is not in {said}");
        }
        assert!(!said.contains("本稿未定"), "{said}");
        assert_eq!(f.app.minutes_file(&person(&f, 6, day(10)), second).unwrap_err().code(), "not_found");
    });
}

#[test]
fn a_units_week_is_planned_and_two_days_lie_side_by_side_m30() {
    on_each_engine(|t| {
        let f = staffed(t);
        let filler = person(&f, 6, day(4));
        let sent = |review: &str| WeekInput {
            campaign: "1".to_owned(),
            unit: f.unit("YX01").id.to_string(),
            monday: day(4).to_string(),
            content: "清淤两段".to_owned(),
            review: review.to_owned(),
        };
        let id = f.app.file_week_plan(&filler, sent("")).unwrap();
        assert_eq!(f.app.file_week_plan(&filler, sent("完成一段")).unwrap(), id, "one plan a week");
        let week = f.app.week_plans(&person(&f, 1, day(4)), CampaignId(1), day(5)).unwrap();
        assert_eq!((week.plans.len(), week.plans[0].0.review.as_str()), (1, "完成一段"));
        let foreign = WeekInput { unit: f.unit("YX02").id.to_string(), ..sent("") };
        assert_eq!(f.app.file_week_plan(&filler, foreign).unwrap_err().code(), "not_found");
        f.assigned("YX01", "YX-SL", day(6));
        let office = person(&f, 1, day(8));
        let campaign = Some(CampaignId(1));
        let found = f.app.compare_days(&office, campaign, Some(f.unit("YX").id), (day(5), day(8))).unwrap();
        let town = found.lines.iter().find(|line| line.name == "石桥镇").unwrap();
        assert!(town.moved());
        let values =
            |(a, b): &(Option<bihuan_app::overview::Figure>, Option<bihuan_app::overview::Figure>)| {
                (a.as_ref().map_or(0, |f| f.value), b.as_ref().map_or(0, |f| f.value))
            };
        assert_eq!(values(&town.figures[0]), (0, 1));
        let wrong = f.app.compare_days(&office, campaign, None, (day(8), day(5)));
        assert_eq!(wrong.unwrap_err().code(), "invalid_input");
    });
}

#[test]
fn siblings_lie_beside_each_other_in_official_order_and_small_samples_are_not_compared_m31_m32() {
    on_each_engine(|t| {
        let f = staffed(t);
        for _ in 0..10 {
            f.assigned("YX01", "YX-SL", day(1));
        }
        f.assigned("YX02", "YX-SL", day(1));
        let office = person(&f, 1, day(40));
        let found = f.app.imbalance(&office, CampaignId(1), Some(f.unit("YX").id)).unwrap();
        let names: Vec<&str> = found.siblings.iter().map(|line| line.name.as_str()).take(3).collect();
        assert_eq!(names, ["石桥镇", "柳湾乡", "白塔镇"], "official order, not by rate");
        let late = found.siblings[0].share(Aspect::Late);
        assert_eq!((late.part, late.whole, late.per_mille()), (10, 10, Some(1000)));
        assert_eq!(found.siblings[1].share(Aspect::Late).per_mille(), None, "one is no sample");
        assert!(found.spread(Aspect::Late).is_none(), "one unit alone has no spread");
        let levels: Vec<&str> = found.levels.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(levels, ["县级", "乡级", "村级", "支部"], "from above to below");
        let sent = |helper: &str| HelpInput {
            campaign: "1".to_owned(),
            unit: f.unit("YX01").id.to_string(),
            reason: "逾期十件".to_owned(),
            helper_unit: f.unit(helper).id.to_string(),
            helper_name: "局长".to_owned(),
            plan: "每周一次".to_owned(),
            ends_day: day(90).to_string(),
        };
        assert_eq!(refused(f.app.set_help(&office, sent("YX01"))).code, "helper_is_the_unit");
        let id = f.app.set_help(&office, sent("YX-SL")).unwrap();
        assert_eq!(refused(f.app.set_help(&office, sent("YX-SL"))).code, "helped_already");
        assert_eq!(refused(f.app.set_help(&person(&f, 6, day(40)), sent("YX-SL"))).code, "not_allowed");
        f.assigned("YX01", "YX-SL", day(41));
        let lines = f.app.helps(&person(&f, 1, day(41)), CampaignId(1)).unwrap();
        assert_eq!((lines[0].before.open, lines[0].now.open), (10, 11), "what changed since");
        f.app.end_help(&office, id, 1, "已分清").unwrap();
        assert_eq!(f.app.end_help(&office, id, 1, "再结束").unwrap_err().code(), "conflict");
    });
}
