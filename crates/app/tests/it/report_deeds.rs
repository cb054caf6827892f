//! Reports that tell of required actions, tasks and slips (M41): figures that open to rows which add up, frozen with
//! the edition; downloads in the journal and in the alerts; the warning of length at its edge.

use crate::support::{Fixture, context, first_day, monthly_meeting};
use bihuan_app::activity::ActivityInput;
use bihuan_app::report::{DraftInput, ReportInput, ReportView};
use bihuan_app::slip::{DraftInput as SlipInput, SlipStepInput};
use bihuan_app::task::{TaskInput, TaskReportInput};
use bihuan_app::{Context, Error};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, ReportId};
use bihuan_domain::report::{FileFormat, LONG_CHARS};
use bihuan_domain::role::Role;
use bihuan_domain::slip::SlipVerb;
use bihuan_store::journal;
use bihuan_testkit::on_each_engine;

const ONE: CampaignId = CampaignId(1);

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn office(f: &Fixture, day: Day) -> Context {
    context(2, Role::Office, &f.unit("YX"), day)
}

/// The first township records on this day its meeting of the ninth.
fn hold_meeting(f: &Fixture, recorded: Day) {
    let held = ActivityInput {
        campaign: "1".to_owned(),
        unit: f.unit("YX01").id.to_string(),
        kind: "three-meetings".to_owned(),
        day: day(9).to_string(),
        topic: "讨论春灌".to_owned(),
        ..ActivityInput::default()
    };
    f.app.record_activity(&f.ctx(Role::Filler, "YX01", recorded), held, vec![]).unwrap();
}

/// A monthly meeting of the three townships, held by one of them; two tasks, one of them behind; two slips, one answered.
pub fn deeds(f: &Fixture) {
    let ctx = office(f, day(0));
    f.app.issue_action(&ctx, ONE, None, monthly_meeting()).unwrap();
    hold_meeting(f, day(9));
    for (unit, due) in [("YX01", day(20)), ("YX02", day(300))] {
        let sent = TaskInput {
            unit: f.unit(unit).id.to_string(),
            title: format!("修缮水闸（{unit}）"),
            starts_day: day(0).to_string(),
            due_day: due.to_string(),
            ..TaskInput::default()
        };
        f.app.create_task(&ctx, ONE, sent, vec![], vec![]).unwrap();
    }
    for lead in ["YX01", "YX02"] {
        let problem = f.assigned(lead, "YX-SL", day(0));
        let sent = SlipInput {
            subject_kind: "problem".to_owned(),
            subject: problem.to_string(),
            form: "notice".to_owned(),
            now: "1".to_owned(),
            ..SlipInput::default()
        };
        let slip = f.app.make_slip(&office(f, day(3)), sent).unwrap().slip;
        if lead == "YX01" {
            let filler = f.ctx(Role::Filler, "YX01", day(4));
            for verb in [SlipVerb::Sign, SlipVerb::Answer] {
                let words = SlipStepInput { answer: "已安排".to_owned(), ..SlipStepInput::default() };
                f.app.slip_step(&filler, slip.id, None, verb, words).unwrap();
            }
        }
    }
}

pub const TEXT: &str = "一、规定动作\n应做{{规定动作：应做}}次，按期完成{{规定动作：按期完成}}次，逾期未做{{规定动作：逾期未做}}次，完成率{{规定动作：完成率}}；本期应做{{本期规定动作：应做}}次。\n{{表 规定动作}}\n{{图 规定动作}}\n{{清单 逾期未做规定动作}}\n二、任务\n共{{任务：总数}}项，滞后{{任务：滞后}}项。\n{{表 任务}}\n{{图 任务}}\n{{清单 滞后任务}}\n三、督办\n发出{{督办单：发出}}份，逾期未答复{{督办单：逾期未答复}}份。\n{{表 督办单}}\n{{清单 逾期未答复督办单}}\n四、分单位\n{{表 单位：问题总数、规定动作：逾期未做、任务：滞后、督办单：逾期未答复}}\n{{图 单位：规定动作：逾期未做}}";

pub fn draft(f: &Fixture, ctx: &Context, to: Day, text: &str) -> ReportId {
    let sent = ReportInput {
        campaign: "1".to_owned(),
        unit: f.unit("YX").id.to_string(),
        template: "brief".to_owned(),
        from: first_day().to_string(),
        to: to.to_string(),
    };
    let id = f.app.draw_up_report(ctx, &sent).unwrap();
    let words = DraftInput {
        title: "情况汇报".to_owned(),
        text: text.to_owned(),
        explained: "1".to_owned(),
        ..Default::default()
    };
    f.app.save_draft(ctx, id, Some(1), &words).unwrap();
    id
}

fn shown<'a>(view: &'a ReportView, name: &str) -> &'a str {
    let found = view.composed.figures.iter().find(|one| one.name == name);
    &found.unwrap_or_else(|| panic!("no figure {name}: {:?}", names(view))).shown
}

fn names(view: &ReportView) -> Vec<&str> {
    view.composed.figures.iter().map(|one| one.name.as_str()).collect()
}

#[test]
fn figures_of_rules_tasks_and_slips_open_to_rows_that_add_up_m41() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        deeds(&f);
        // Two months have ended, the third is in course.
        let today = day(70);
        let ctx = office(&f, today);
        let id = draft(&f, &ctx, today, TEXT);
        let view = f.app.report(&ctx, id, None).unwrap();
        let all = [
            ("规定动作：应做", "9"),
            ("规定动作：按期完成", "1"),
            ("规定动作：逾期未做", "5"),
            ("规定动作：完成率", "（1/6，样本不足）"),
            ("本期规定动作：应做", "6"),
            ("任务：总数", "2"),
            ("任务：滞后", "1"),
            ("督办单：发出", "2"),
            ("督办单：逾期未答复", "1"),
            ("规定动作：逾期未做@石桥镇", "1"),
            ("规定动作：逾期未做@柳湾乡", "2"),
            ("任务：滞后@石桥镇", "1"),
            ("督办单：逾期未答复@柳湾乡", "1"),
            ("督办单：逾期未答复@石桥镇", "0"),
        ];
        for (name, value) in all {
            let name = match name.split_once('@') {
                Some((figure, "石桥镇")) => format!("{figure}@{}", f.unit("YX01").id),
                Some((figure, _)) => format!("{figure}@{}", f.unit("YX02").id),
                None => name.to_owned(),
            };
            assert_eq!(shown(&view, &name), value, "{name}");
        }
        for figure in view.composed.figures.iter().filter(|one| one.address.starts_with("/reports/")) {
            let found = f.app.draft_figure(&ctx, id, figure.ordinal).unwrap();
            let rows = found.rows.unwrap();
            let sum: i64 = rows.iter().map(|row| row.count).sum();
            assert!(figure.unit == "‰" || sum == figure.value, "{}: {rows:?}", figure.name);
            assert!(!figure.definition.is_empty() && rows.iter().all(|row| row.href.starts_with('/')));
        }
        let evaluator = context(9, Role::Evaluator, &f.unit("YX"), today);
        assert!(
            matches!(f.app.draft_figure(&evaluator, id, 1), Err(Error::NotFound)),
            "drafts are the office's"
        );
        // A report over a period that has passed tells of its last day.
        let past = draft(&f, &ctx, day(5), TEXT);
        let view = f.app.report(&ctx, past, None).unwrap();
        let then = [
            ("规定动作：应做", "3"),
            ("规定动作：逾期未做", "0"),
            ("任务：滞后", "0"),
            ("督办单：逾期未答复", "0"),
        ];
        for (name, value) in then {
            assert_eq!(shown(&view, name), value, "{name} on the fifth day");
        }
    });
}

#[test]
fn figures_as_of_a_past_day_know_nothing_of_what_was_set_filed_or_confirmed_later_m41() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let task = |unit: &str, set: Day| {
            let sent = TaskInput {
                unit: f.unit(unit).id.to_string(),
                title: format!("修缮水闸（{unit}）"),
                starts_day: set.to_string(),
                due_day: day(300).to_string(),
                ..TaskInput::default()
            };
            f.app.create_task(&office(&f, set), ONE, sent, vec![], vec![]).unwrap().task.id
        };
        f.app.issue_action(&office(&f, day(0)), ONE, None, monthly_meeting()).unwrap();
        let first = task("YX01", day(0));
        let said = TaskReportInput { statement: "全部修好".to_owned(), ..TaskReportInput::default() };
        f.app.report_task(&f.ctx(Role::Filler, "YX01", day(10)), first, None, said).unwrap();
        f.app.accept_task(&office(&f, day(12)), first, None, "看过".to_owned()).unwrap();
        task("YX02", day(20));
        hold_meeting(&f, day(22));
        let ctx = office(&f, day(24));
        let told = |to: Day, name: &str, rows: usize| {
            let id = draft(&f, &ctx, to, "{{任务：总数}}项{{任务：完成}}项{{规定动作：按期完成}}次。");
            let view = f.app.report(&ctx, id, None).unwrap();
            let figure = view.composed.figures.iter().find(|one| one.name == name).unwrap();
            let found = f.app.draft_figure(&ctx, id, figure.ordinal).unwrap();
            assert_eq!(found.rows.unwrap().len(), rows, "the rows of {name} are those of {to}");
            figure.shown.clone()
        };
        for (to, total, done, held) in
            [(5, 1, 0, 0), (10, 1, 0, 0), (12, 1, 1, 0), (20, 2, 1, 0), (24, 2, 1, 1)]
        {
            assert_eq!(told(day(to), "任务：总数", total), total.to_string(), "day {to}");
            assert_eq!(told(day(to), "任务：完成", done), done.to_string(), "day {to}");
            assert_eq!(told(day(to), "规定动作：按期完成", held), held.to_string(), "day {to}");
        }
        f.no_drift();
    });
}

#[test]
fn an_issued_report_keeps_its_rows_while_rules_tasks_and_slips_go_on_m41_m38() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        deeds(&f);
        let ctx = office(&f, day(70));
        let id = draft(&f, &ctx, day(70), TEXT);
        f.app.issue_report(&ctx, id, None, None).unwrap();
        let before = f.app.report(&ctx, id, None).unwrap();
        let sent = TaskInput {
            unit: f.unit("YX03").id.to_string(),
            title: "新增任务".to_owned(),
            starts_day: day(70).to_string(),
            due_day: day(300).to_string(),
            ..TaskInput::default()
        };
        f.app.create_task(&ctx, ONE, sent, vec![], vec![]).unwrap();
        let later = office(&f, day(71));
        let after = f.app.report(&later, id, None).unwrap();
        assert_eq!(before.composed.paper, after.composed.paper, "the page stays what was issued");
        let total = after.composed.figures.iter().find(|one| one.name == "任务：总数").unwrap();
        let found = f.app.report_figure(&later, &total.code).unwrap();
        assert_eq!((found.figure.shown.as_str(), found.now.as_deref()), ("2", Some("3")));
        assert_eq!(found.rows.unwrap().len(), 2, "the rows are those of the day it was issued");
        assert!(after.since.iter().any(|one| one.then.name == "任务：总数" && one.now == "3"));
        let notes = &after.composed.paper.notes;
        assert_eq!(notes.len(), after.composed.figures.len());
        for (note, figure) in notes.iter().zip(&after.composed.figures) {
            assert!(note.text.contains(&figure.definition) && note.text.contains("号记录"), "{}", note.text);
            assert!(note.text.contains(&format!("/f/{}", figure.code)), "{}", note.text);
        }
        f.no_drift();
    });
}

#[test]
fn a_report_that_is_downloaded_leaves_an_entry_and_often_raises_the_alert_b18() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let ctx = office(&f, day(1));
        let id = draft(&f, &ctx, day(1), "共{{问题总数}}件。\n{{表 单位}}");
        let alerts = |f: &Fixture| f.db.read(bihuan_store::alert::count).unwrap().1;
        for _ in 1..bihuan_app::alert::EXPORTS_MAX {
            f.app.report_file(&ctx, id, None, FileFormat::Xlsx).unwrap();
        }
        assert_eq!(alerts(&f), 0, "one less is no alert");
        f.app.report_file(&ctx, id, None, FileFormat::Docx).unwrap();
        assert_eq!(alerts(&f), 1);
        let filter =
            journal::EntryFilter { action_prefix: "report.exported".to_owned(), ..Default::default() };
        let entries = f.db.read(|conn| journal::list(conn, &filter, 50)).unwrap();
        assert_eq!(entries.len() as i64, bihuan_app::alert::EXPORTS_MAX);
        assert!(entries[0].body.contains("sha256"), "{}", entries[0].body);
    });
}

#[test]
fn the_warning_of_length_begins_one_character_above_the_limit_n11() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let ctx = office(&f, day(1));
        let title = "情况汇报".chars().count();
        let at = |chars: usize| {
            let id = draft(&f, &ctx, day(1), &"字".repeat(chars - title));
            f.app.report(&ctx, id, None).unwrap()
        };
        assert!(!at(LONG_CHARS).is_long(), "the limit itself is allowed");
        assert_eq!(at(LONG_CHARS).composed.chars, LONG_CHARS);
        assert!(at(LONG_CHARS + 1).is_long());
    });
}

#[test]
fn every_report_is_checked_before_it_is_issued_and_the_journal_says_what_was_left_m43() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let ctx = office(&f, day(1));
        let id = draft(&f, &ctx, day(1), "投入资金30万元，其中县级12万元、乡级18万元、村级5万元。");
        let view = f.app.report(&ctx, id, None).unwrap();
        let found = f.app.report_findings(&ctx, &view).unwrap().findings;
        assert!(!found.is_empty(), "30 is not 12 and 18 and 5");
        let issued = f.app.issue_report(&ctx, id, None, None).unwrap();
        assert_eq!(issued.findings, found.len());
        let filter = journal::EntryFilter { action_prefix: "report.issued".to_owned(), ..Default::default() };
        let body = f.db.read(|conn| journal::list(conn, &filter, 1)).unwrap()[0].body.clone();
        assert!(body.contains(&format!("\"findings\":{}", found.len())), "{body}");
        let clean = draft(&f, &ctx, day(1), "共登记问题{{问题总数}}件。");
        assert_eq!(f.app.issue_report(&ctx, clean, None, None).unwrap().findings, 0);
    });
}

#[test]
fn a_slip_is_had_as_a_letter_by_those_who_may_read_it_and_by_nobody_else_m28_m41() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        deeds(&f);
        let ctx = office(&f, day(5));
        let slip = f.app.slips(&ctx, bihuan_app::slip::SlipFilter::default()).unwrap().lines.remove(0).slip;
        let docx = f.app.slip_file(&ctx, slip.id, FileFormat::Docx).unwrap();
        // A long title stands in several lines.
        let text =
            bihuan_documents::text::read_text("slip.docx", &docx.bytes).unwrap().text.replace('\n', "");
        assert!(text.contains(&slip.title) && text.contains(&slip.citation()), "{text}");
        assert!(matches!(f.app.slip_file(&ctx, slip.id, FileFormat::Xlsx), Err(Error::NotFound)));
        let elsewhere = f.ctx(Role::Filler, "YX03", day(5));
        assert!(matches!(f.app.slip_file(&elsewhere, slip.id, FileFormat::Docx), Err(Error::NotFound)));
        let filter = journal::EntryFilter { action_prefix: "slip.exported".to_owned(), ..Default::default() };
        assert_eq!(f.db.read(|conn| journal::list(conn, &filter, 9)).unwrap().len(), 1);
    });
}
