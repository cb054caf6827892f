//! Reports (M41, M38): figures never typed, frozen when issued, corrected by a new edition, known by their digest.

use crate::support::{Fixture, context, first_day, found, refused};
use bihuan_app::ledger::LedgerQuery;
use bihuan_app::report::{Checked, CorrectInput, DraftInput, Left, ReportInput, ReportView};
use bihuan_app::{Context, Error};
use bihuan_documents::paper::{Block, Face};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, ReportId};
use bihuan_domain::report::{EditionState, FiguresAsOf, FileFormat};
use bihuan_domain::role::Role;
use bihuan_store::journal;
use bihuan_testkit::on_each_engine;

pub fn office(fixture: &Fixture, day: Day) -> Context {
    context(2, Role::Office, &fixture.unit("YX"), day)
}

pub fn draw_up(fixture: &Fixture, ctx: &Context, template: &str, from: Day, to: Day) -> ReportId {
    let sent = ReportInput {
        campaign: "1".to_owned(),
        unit: fixture.unit("YX").id.to_string(),
        template: template.to_owned(),
        from: from.to_string(),
        to: to.to_string(),
    };
    fixture.app.draw_up_report(ctx, &sent).unwrap()
}

fn words(view: &ReportView, text: &str) -> DraftInput {
    DraftInput {
        title: view.edition.title.clone(),
        text: text.to_owned(),
        mark: "云溪县整改办公室文件".to_owned(),
        prefix: "云整改办发".to_owned(),
        signature: "云溪县整改办公室".to_owned(),
        explained: "1".to_owned(),
        ..DraftInput::default()
    }
}

/// A correction with figures of now.
pub fn anew(reason: &str) -> CorrectInput {
    CorrectInput { reason: reason.to_owned(), figures: "now".to_owned() }
}

fn save(fixture: &Fixture, ctx: &Context, id: ReportId, text: &str) {
    let view = fixture.app.report(ctx, id, None).unwrap();
    fixture.app.save_draft(ctx, id, Some(view.edition.version), &words(&view, text)).unwrap();
}

pub fn shown(view: &ReportView, name: &str) -> String {
    let found = view.composed.figures.iter().find(|one| one.name == name);
    found.unwrap_or_else(|| panic!("no figure {name}")).shown.clone()
}

/// Three problems, one of them late on the day asked for.
pub fn with_problems(fixture: &Fixture) -> Day {
    let day = first_day();
    for lead in ["YX01", "YX02", "YX01"] {
        fixture.assigned(lead, "YX-SL", day);
    }
    day.plus_days(3)
}

#[test]
fn every_figure_of_a_report_opens_to_exactly_its_rows() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        for template in [
            "progress",
            "special",
            "bulletin",
            "circular",
            "problem-list",
            "rectification-ledger",
            "closures",
            "weekly",
            "brief",
            "minutes",
            "letter",
        ] {
            let id = draw_up(&fixture, &ctx, template, first_day(), day);
            let view = fixture.app.report(&ctx, id, None).unwrap();
            for figure in &view.composed.figures {
                let Some(asked) = figure.address.strip_prefix("/ledger?") else {
                    let found = fixture.app.draft_figure(&ctx, id, figure.ordinal).unwrap();
                    let sum: i64 = found.rows.unwrap().iter().map(|row| row.count).sum();
                    assert!(figure.unit == "‰" || sum == figure.value, "{template}: {}", figure.name);
                    continue;
                };
                let pairs: Vec<(String, String)> = asked
                    .split('&')
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(name, value)| (name.to_owned(), decoded(value)))
                    .collect();
                let query =
                    LedgerQuery::from_pairs(pairs.iter().map(|(a, b)| (a.as_str(), b.as_str()))).unwrap();
                assert_eq!(query.entry, Some(view.composed.as_of_seq), "{}", figure.name);
                if figure.unit == "件" {
                    let rows = fixture.app.ledger_total(&ctx, &query).unwrap();
                    assert_eq!(rows, figure.value, "{template}: {}", figure.name);
                }
            }
        }
        let id = draw_up(&fixture, &ctx, "progress", first_day(), day);
        let view = fixture.app.report(&ctx, id, None).unwrap();
        assert_eq!(shown(&view, "问题总数"), "3");
    });
}

#[test]
fn a_table_over_units_adds_up_to_its_sum_with_what_the_unit_owes_itself_m38() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        fixture.assigned("YX", "JZ", day);
        let ctx = office(&fixture, day.plus_days(1));
        let id = draw_up(&fixture, &ctx, "progress", first_day(), day.plus_days(1));
        save(&fixture, &ctx, id, "{{表 单位}}\n{{图 单位}}");
        let view = fixture.app.report(&ctx, id, None).unwrap();
        let of = |name: &str| shown(&view, name).parse::<i64>().unwrap();
        let below = view.composed.figures.iter().filter(|one| one.name.starts_with("问题总数@"));
        let sum: i64 = below.map(|one| one.value).sum();
        assert_eq!((of("问题总数"), of("问题总数@own"), sum), (4, 1, 4));
        let own = view.composed.figures.iter().find(|one| one.name == "问题总数@own").unwrap();
        assert!(own.label.contains("本级") && own.address.contains("own="), "{own:?}");
    });
}

#[test]
fn an_empty_report_is_not_issued_and_takes_no_number_m41() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let id = draw_up(&fixture, &ctx, "bulletin", first_day(), day);
        save(&fixture, &ctx, id, " \n");
        let refusal = refused(fixture.app.issue_report(&ctx, id, None, None));
        assert_eq!((refusal.code, refusal.field), ("report_without_text", Some("text")));
        save(&fixture, &ctx, id, "各项工作按计划推进。");
        let issued = fixture.app.issue_report(&ctx, id, None, None).unwrap();
        assert_eq!(issued.edition.document_number, "云整改办发〔2024〕1号");
    });
}

#[test]
fn a_letter_is_written_to_a_unit_directly_below_m41() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let ctx = office(&fixture, with_problems(&fixture));
        let choices = fixture.app.report_choices(&ctx, CampaignId(1), None).unwrap();
        assert_eq!(choices.unit.id, fixture.unit("YX").id);
        assert_eq!(choices.units[0].id, choices.unit.id);
        assert!(choices.units.iter().any(|unit| unit.id == fixture.unit("YX01").id));
        assert!(choices.units.iter().all(|unit| unit.id != fixture.unit("YX0102").id));
    });
}

fn decoded(text: &str) -> String {
    let (mut out, mut bytes) = (Vec::new(), text.bytes());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits: String = bytes.by_ref().take(2).map(char::from).collect();
            out.push(u8::from_str_radix(&digits, 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn an_issued_report_stays_as_it_was_and_says_what_came_since() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let id = draw_up(&fixture, &ctx, "progress", first_day(), day);
        save(
            &fixture,
            &ctx,
            id,
            "一、总体情况\n共登记问题{{问题总数}}件，占比12%。\n{{表 单位}}\n{{清单 全部}}",
        );
        let draft = fixture.app.report(&ctx, id, None).unwrap();
        assert_eq!(draft.composed.typed.len(), 1, "a typed number is marked as typed");
        let issued = fixture.app.issue_report(&ctx, id, None, Some(&draft.seen())).unwrap();
        assert_eq!(issued.edition.document_number, "云整改办发〔2024〕1号");
        let docx = fixture.app.report_file(&ctx, id, Some(1), FileFormat::Docx).unwrap();
        fixture.assigned("YX02", "YX-SL", day);
        let later = office(&fixture, day.plus_days(1));
        let view = fixture.app.report(&later, id, None).unwrap();
        assert_eq!(shown(&view, "问题总数"), "3", "the figure stays as issued");
        let since: Vec<_> = view.since.iter().map(|one| (one.then.name.as_str(), one.now.as_str())).collect();
        assert!(since.contains(&("问题总数", "4")), "{since:?}");
        let again = fixture.app.report_file(&later, id, Some(1), FileFormat::Docx).unwrap();
        assert_eq!(docx.bytes, again.bytes, "the file stays as issued");
        let version = Some(view.edition.version);
        let refusal = refused(fixture.app.save_draft(&later, id, version, &words(&view, "改")));
        assert_eq!(refusal.code, "report_already_issued");
        assert_eq!(refused(fixture.app.issue_report(&later, id, None, None)).code, "report_already_issued");
        // The short link opens the frozen figure, whose rows are those of the entry it was issued as of.
        let code = &view.composed.figures[0].code;
        let found = fixture.app.report_figure(&later, code).unwrap();
        assert_eq!((found.figure.shown.as_str(), found.report.id, found.edition.number), ("3", id, 1));
        assert_eq!(found.now.as_deref(), Some("4"));
        // Figures of its tables change too, and the page stays what was issued even when a unit is renamed.
        let town = format!("问题总数@{}", fixture.unit("YX02").id);
        assert!(since.contains(&(town.as_str(), "2")), "{since:?}");
        fixture.no_drift();
    });
}

#[test]
fn a_correction_is_a_new_edition_that_names_what_it_corrects() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let id = draw_up(&fixture, &ctx, "brief", first_day(), day);
        save(&fixture, &ctx, id, "共登记问题{{问题总数}}件。");
        assert_eq!(refused(fixture.app.correct_report(&ctx, id, anew("理由"))).code, "report_not_issued");
        fixture.app.issue_report(&ctx, id, None, None).unwrap();
        fixture.assigned("YX02", "YX-SL", day);
        assert_eq!(refused(fixture.app.correct_report(&ctx, id, anew(" "))).code, "text_missing");
        assert_eq!(fixture.app.correct_report(&ctx, id, anew("漏记一件")).unwrap(), 2);
        assert_eq!(
            refused(fixture.app.correct_report(&ctx, id, anew("再来"))).code,
            "report_correction_begun"
        );
        let issued = fixture.app.issue_report(&ctx, id, None, None).unwrap();
        assert_eq!(issued.edition.document_number, "云整改办发〔2024〕1号", "a correction keeps the number");
        let view = fixture.app.report(&ctx, id, None).unwrap();
        let Block::Paragraph(runs) = &view.composed.paper.blocks[0] else { panic!("no paragraph") };
        let words: String = runs.iter().map(|run| run.text.as_str()).collect();
        assert!(words.contains("第1版") && words.contains("漏记一件"), "{words}");
        assert!(words.contains("问题总数由3更正为4") && words.contains("重新统计"), "{words}");
        assert_eq!(view.composed.figures_as_of, Some(FiguresAsOf::Now));
        let file = fixture.app.report_file(&ctx, id, None, FileFormat::Docx).unwrap();
        assert!(file.name.ends_with("（第2版）.docx"), "{}", file.name);
        let first = fixture.app.report(&ctx, id, Some(1)).unwrap();
        assert_eq!(first.corrected_by, Some((2, "漏记一件".to_owned())));
        assert_eq!(shown(&first, "问题总数"), "3");
        // The next document of the year bears the next number.
        let next = draw_up(&fixture, &ctx, "brief", first_day(), day);
        let view = fixture.app.report(&ctx, next, None).unwrap();
        assert!(
            view.edition.trimmings.contains("云整改办发"),
            "the head of the last report is offered again"
        );
        let issued = fixture.app.issue_report(&ctx, next, None, None).unwrap();
        assert_eq!(issued.edition.document_number, "云整改办发〔2024〕2号");
    });
}

#[test]
fn a_file_at_hand_is_the_issued_one_or_not() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let id = draw_up(&fixture, &ctx, "circular", first_day(), day);
        save(&fixture, &ctx, id, "共{{问题总数}}件。\n{{表 环节}}");
        let issued = fixture.app.issue_report(&ctx, id, None, None).unwrap();
        let detail = fixture.db.read(|conn| {
            let filter =
                journal::EntryFilter { action_prefix: "report.issued".to_owned(), ..Default::default() };
            journal::list(conn, &filter, 1)
        });
        let body = detail.unwrap()[0].body.clone();
        for file in &issued.files {
            assert!(
                body.contains(&file.digest),
                "the digest of the {} is in the journal",
                file.format.media_type()
            );
            let out = fixture.app.report_file(&ctx, id, None, file.format).unwrap();
            let found = fixture.app.check_report_file(Some(&ctx), &out.bytes).unwrap();
            assert!(matches!(found, Checked::Identical { edition: 1, superseded: false, .. }), "{found:?}");
            if file.format == FileFormat::Pdf {
                let mut altered = out.bytes.clone();
                altered.push(b'\n');
                let found = fixture.app.check_report_file(None, &altered).unwrap();
                assert!(matches!(found, Checked::Differs { title: Some(_), .. }), "{found:?}");
            }
        }
        assert_eq!(fixture.app.check_report_file(None, b"PK nothing").unwrap(), Checked::Unknown);
    });
}

#[test]
fn a_draft_is_deleted_and_what_was_issued_stays_m41() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let id = draw_up(&fixture, &ctx, "brief", first_day(), day);
        let hits = || found(&fixture, &ctx, "report", "").0;
        assert_eq!(hits(), 1);
        let evaluator = context(9, Role::Evaluator, &fixture.unit("YX"), day);
        assert!(
            matches!(fixture.app.discard_draft(&evaluator, id, None), Err(Error::NotFound)),
            "not theirs to see"
        );
        assert!(matches!(fixture.app.discard_draft(&ctx, id, Some(7)), Err(Error::Conflict(_))));
        assert_eq!(fixture.app.discard_draft(&ctx, id, Some(1)).unwrap(), Left::Nothing);
        assert!(matches!(fixture.app.report(&ctx, id, None), Err(Error::NotFound)));
        assert_eq!(fixture.app.reports(&ctx, CampaignId(1), 0).unwrap().total, 0);
        assert_eq!(hits(), 0, "it is no longer found");

        let id = draw_up(&fixture, &ctx, "brief", first_day(), day);
        let issued = fixture.app.issue_report(&ctx, id, None, None).unwrap();
        assert_eq!(refused(fixture.app.discard_draft(&ctx, id, None)).code, "report_already_issued");
        fixture.app.correct_report(&ctx, id, anew("漏记一件")).unwrap();
        assert_eq!(refused(fixture.app.discard_draft(&evaluator, id, None)).code, "not_allowed");
        assert_eq!(fixture.app.discard_draft(&ctx, id, None).unwrap(), Left::Issued(1));
        let view = fixture.app.report(&ctx, id, None).unwrap();
        assert_eq!((view.editions.len(), view.edition.number), (1, 1));
        assert_eq!(view.edition.document_number, issued.edition.document_number);
        assert_eq!(
            fixture.app.correct_report(&ctx, id, anew("另有一件")).unwrap(),
            2,
            "it can be begun again"
        );
        fixture.no_drift();
    });
}

#[test]
fn drafts_are_the_office_s_and_issued_reports_are_read_by_the_subtree_alone() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let id = draw_up(&fixture, &ctx, "brief", first_day(), day);
        let evaluator = context(9, Role::Evaluator, &fixture.unit("YX"), day);
        let elsewhere = context(8, Role::Office, &fixture.unit("YX01"), day);
        assert!(matches!(fixture.app.report(&evaluator, id, None), Err(Error::NotFound)));
        assert!(matches!(fixture.app.report(&elsewhere, id, None), Err(Error::NotFound)));
        assert_eq!(fixture.app.reports(&evaluator, CampaignId(1), 0).unwrap().total, 0);
        let hits = |who: &Context| found(&fixture, who, "report", "").0;
        assert_eq!([&ctx, &evaluator, &elsewhere].map(hits), [1, 0, 0], "a draft is found by the office");
        fixture.app.issue_report(&ctx, id, None, None).unwrap();
        assert_eq!([&ctx, &evaluator, &elsewhere].map(hits), [1, 1, 0], "what was issued by the subtree");
        let view = fixture.app.report(&evaluator, id, None).unwrap();
        assert_eq!(view.edition.state, EditionState::Issued);
        assert!(!view.may_change);
        assert_eq!(fixture.app.reports(&evaluator, CampaignId(1), 0).unwrap().total, 1);
        assert_eq!(refused(fixture.app.correct_report(&evaluator, id, anew("不对"))).code, "not_allowed");
        assert!(matches!(fixture.app.report(&elsewhere, id, None), Err(Error::NotFound)));
        let code = &view.composed.figures[0].code;
        assert!(matches!(fixture.app.report_figure(&elsewhere, code), Err(Error::NotFound)));
        let out = fixture.app.report_file(&ctx, id, None, FileFormat::Docx).unwrap();
        assert!(matches!(
            fixture.app.check_report_file(Some(&elsewhere), &out.bytes).unwrap(),
            Checked::Differs { title: None, .. }
        ));
    });
}

#[test]
fn figures_that_moved_while_somebody_looked_are_not_issued() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let id = draw_up(&fixture, &ctx, "brief", first_day(), day);
        let seen = fixture.app.report(&ctx, id, None).unwrap().seen();
        fixture.assigned("YX02", "YX-SL", day);
        assert!(matches!(fixture.app.issue_report(&ctx, id, None, Some(&seen)), Err(Error::Conflict(_))));
        let seen = fixture.app.report(&ctx, id, None).unwrap().seen();
        fixture.app.issue_report(&ctx, id, None, Some(&seen)).unwrap();
    });
}

#[test]
fn minutes_say_who_was_there_below_their_text() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let id = draw_up(&fixture, &ctx, "minutes", first_day(), day);
        save(&fixture, &ctx, id, "会议议定有关事项。\n出席：甲、乙\n列席：丙");
        let paper = fixture.app.report(&ctx, id, None).unwrap().composed.paper;
        let leads = paper.blocks.iter().filter_map(|block| match block {
            Block::Paragraph(runs) => runs.first().filter(|run| run.face == Some(Face::Hei)),
            _ => None,
        });
        assert_eq!(leads.map(|run| run.text.as_str()).collect::<Vec<_>>(), ["出席：", "列席："]);
        assert_eq!(paper.blocks.len(), 4, "and one blank line before them");
    });
}

#[test]
fn a_heading_goes_with_the_table_that_is_laid_across() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let id = draw_up(&fixture, &ctx, "brief", first_day(), day);
        save(&fixture, &ctx, id, "一、概况\n平稳。\n二、清单\n{{横排}}\n{{清单 在办：20}}\n{{竖排}}");
        let view = fixture.app.report(&ctx, id, None).unwrap();
        let [Block::Heading { .. }, Block::Paragraph(_), Block::Landscape(inner)] =
            view.composed.paper.blocks.as_slice()
        else {
            panic!("{:?}", view.composed.paper.blocks)
        };
        assert!(matches!(inner.as_slice(), [Block::Heading { .. }, Block::Table(_)]), "{inner:?}");
    });
}

#[test]
fn a_template_as_it_comes_passes_its_own_check_m43() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        for form in fixture.app.report_choices(&ctx, CampaignId(1), None).unwrap().forms {
            let id = draw_up(&fixture, &ctx, &form.code, first_day(), day);
            let view = fixture.app.report(&ctx, id, None).unwrap();
            let findings = fixture.app.report_findings(&ctx, &view).unwrap().findings;
            assert!(findings.is_empty(), "{}: {findings:?}", form.name);
        }
    });
}

#[test]
fn a_report_is_called_by_its_words_in_lists_and_in_its_correction() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let id = draw_up(&fixture, &ctx, "bulletin", first_day(), day);
        let list = || fixture.app.reports(&ctx, CampaignId(1), 0).unwrap().rows[0].title.clone();
        let title = list();
        assert!(title.ends_with("工作简报") && title.len() > "专项工作简报".len(), "{title}");
        fixture.app.issue_report(&ctx, id, None, None).unwrap();
        assert_eq!(list(), title);
        fixture.app.correct_report(&ctx, id, anew("漏记一件")).unwrap();
        let composed = fixture.app.report(&ctx, id, None).unwrap().composed;
        assert!(composed.correction.contains(&format!("《{title}》")), "{}", composed.correction);
    });
}
