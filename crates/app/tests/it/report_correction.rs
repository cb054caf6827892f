//! Corrections of issued reports: figures as they were issued, or counted anew.

use crate::report::anew;
use crate::report_deeds::{TEXT, deeds, draft};
use crate::support::{Fixture, context, first_day, refused};
use bihuan_app::Context;
use bihuan_app::report::{CorrectInput, DraftInput, ReportView};
use bihuan_app::task::TaskInput;
use bihuan_documents::paper::{Block, Cell};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, ReportId};
use bihuan_domain::report::{EditionState, FiguresAsOf};
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;

fn office(f: &Fixture, day: Day) -> Context {
    context(2, Role::Office, &f.unit("YX"), day)
}

fn as_issued(reason: &str) -> CorrectInput {
    CorrectInput { reason: reason.to_owned(), ..CorrectInput::default() }
}

/// Everything that is told: names with what is shown.
fn told(view: &ReportView) -> Vec<(String, String)> {
    view.composed.figures.iter().map(|one| (one.name.clone(), one.shown.clone())).collect()
}

fn tables(view: &ReportView) -> Vec<Vec<Vec<Cell>>> {
    let tables = view.composed.paper.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table.rows.clone()),
        _ => None,
    });
    tables.collect()
}

fn first_words(view: &ReportView) -> String {
    let Block::Paragraph(runs) = &view.composed.paper.blocks[0] else { panic!("no paragraph") };
    runs.iter().map(|run| run.text.as_str()).collect()
}

fn save(f: &Fixture, ctx: &Context, id: ReportId, text: &str) {
    let view = f.app.report(ctx, id, None).unwrap();
    let words = DraftInput {
        title: view.edition.title.clone(),
        text: text.to_owned(),
        explained: "1".to_owned(),
        ..DraftInput::default()
    };
    f.app.save_draft(ctx, id, Some(view.edition.version), &words).unwrap();
}

/// One more problem and one more task: every figure of now is another.
fn more(f: &Fixture, day: Day) {
    f.assigned("YX02", "YX-SL", day);
    let sent = TaskInput {
        unit: f.unit("YX01").id.to_string(),
        title: "补种行道树".to_owned(),
        starts_day: day.to_string(),
        due_day: day.plus_days(40).to_string(),
        ..TaskInput::default()
    };
    f.app.create_task(&office(f, day), CampaignId(1), sent, vec![], vec![]).unwrap();
}

#[test]
fn a_correction_keeps_the_figures_as_they_were_issued_unless_asked_otherwise() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        deeds(&f);
        // Issued on the last day of its period, when figures are those of the moment.
        let day = first_day().plus_days(12);
        let ctx = office(&f, day);
        let text = format!("共{{{{问题总数}}}}件。\n{TEXT}\n{{{{清单 在办}}}}");
        let id = draft(&f, &ctx, day, &text);
        f.app.issue_report(&ctx, id, None, None).unwrap();
        let first = f.app.report(&ctx, id, None).unwrap();
        more(&f, day);
        let later = office(&f, day.plus_days(3));
        let odd = CorrectInput { figures: "half".to_owned(), ..as_issued("错字") };
        assert_eq!(f.app.correct_report(&later, id, odd).unwrap_err().code(), "invalid_input");
        assert_eq!(f.app.correct_report(&later, id, as_issued("“水闸”误写为“水坝”")).unwrap(), 2);
        let begun = f.app.report(&later, id, None).unwrap();
        assert_eq!(begun.composed.figures_as_of, Some(FiguresAsOf::Issued));
        assert_eq!(begun.composed.as_of_seq, first.composed.as_of_seq);
        assert_eq!(begun.composed.as_of_day, day);
        assert_eq!(told(&begun), told(&first), "every figure stays");
        assert_eq!(tables(&begun), tables(&first), "so do tables and lists");
        // What is newly put in is counted as of the same entry.
        save(&f, &later, id, &format!("{text}\n在办{{{{在办}}}}件。"));
        f.app.issue_report(&later, id, None, None).unwrap();
        let second = f.app.report(&later, id, None).unwrap();
        assert_eq!((second.edition.number, second.edition.state), (2, EditionState::Issued));
        assert_eq!(second.edition.as_of_seq, first.edition.as_of_seq);
        assert_eq!(second.composed.figures_as_of, Some(FiguresAsOf::Issued));
        let shown = |view: &ReportView, name: &str| {
            told(view).into_iter().find(|(have, _)| have == name).map(|(_, shown)| shown)
        };
        let all = shown(&first, "问题总数");
        assert_eq!((shown(&second, "问题总数"), shown(&second, "在办")), (all.clone(), all.clone()));
        assert_eq!(shown(&second, "任务：总数"), shown(&first, "任务：总数"));
        let words = first_words(&second);
        assert!(words.contains("数字沿用第1版") && !words.contains("更正的数字"), "{words}");
        assert!(second.since.iter().any(|one| one.then.name == "问题总数"), "the page says what came since");

        // Asked for, all is counted anew, and the correction names what changed.
        assert_eq!(f.app.correct_report(&later, id, anew("按最新台账更新")).unwrap(), 3);
        let begun = f.app.report(&later, id, None).unwrap();
        assert_eq!(begun.composed.figures_as_of, Some(FiguresAsOf::Now));
        assert_ne!(shown(&begun, "问题总数"), all);
        f.app.issue_report(&later, id, None, None).unwrap();
        let third = f.app.report(&later, id, None).unwrap();
        let words = first_words(&third);
        assert!(words.contains("重新统计") && words.contains("问题总数由"), "{words}");
        assert_eq!(third.composed.figures_as_of, Some(FiguresAsOf::Now));
        assert_eq!(f.app.report(&later, id, Some(1)).unwrap().composed.figures_as_of, None);
        let evaluator = context(9, Role::Evaluator, &f.unit("YX"), day);
        assert_eq!(refused(f.app.correct_report(&evaluator, id, as_issued("不对"))).code, "not_allowed");
        f.no_drift();
    });
}
