//! What stands beside the numbers of a report (M41): who typed one, what the count of a list means, how a figure opens,
//! and what a document says of its own tables.

use crate::support::{Fixture, context, first_day};
use bihuan_app::evidence::SentFile;
use bihuan_app::report::{DraftInput, OwnTemplateInput, ReportInput, ReportView};
use bihuan_app::{Context, Error};
use bihuan_documents::paper::{Block, Paper, Profile, Run, docx};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, ReportId};
use bihuan_domain::report::FileFormat;
use bihuan_domain::report::text::{LIST_ROWS_MAX, Node, parse};
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;

fn office(f: &Fixture, day: Day) -> Context {
    context(2, Role::Office, &f.unit("YX"), day)
}

fn draw_up(f: &Fixture, ctx: &Context, template: &str) -> ReportId {
    let sent = ReportInput {
        campaign: "1".to_owned(),
        unit: f.unit("YX").id.to_string(),
        template: template.to_owned(),
        from: first_day().to_string(),
        to: ctx.today().to_string(),
    };
    f.app.draw_up_report(ctx, &sent).unwrap()
}

fn save(f: &Fixture, ctx: &Context, id: ReportId, text: &str) -> ReportView {
    let view = f.app.report(ctx, id, None).unwrap();
    let words = DraftInput {
        title: "情况汇报".to_owned(),
        text: text.to_owned(),
        explained: "1".to_owned(),
        ..DraftInput::default()
    };
    f.app.save_draft(ctx, id, Some(view.edition.version), &words).unwrap();
    f.app.report(ctx, id, None).unwrap()
}

/// Parts of a docx or xlsx whose names hold `name`, as one text.
fn parts(file: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let names: Vec<String> =
        (0..zip.len()).map(|at| zip.by_index(at).unwrap().name().unwrap().into_owned()).collect();
    let mut all = String::new();
    for one in names.iter().filter(|one| one.contains(name)) {
        std::io::Read::read_to_string(&mut zip.by_name(one).unwrap(), &mut all).unwrap();
    }
    all
}

fn explanation(view: &ReportView) -> String {
    let Some(found) = view.composed.explained.as_ref() else { return String::new() };
    let Block::Paragraph(runs) = &found.blocks[0] else { panic!("no paragraph") };
    runs.iter().map(|run| run.text.as_str()).collect()
}

#[test]
fn a_typed_number_says_in_every_file_that_it_was_typed_and_by_whom_m41() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let ctx = office(&f, first_day().plus_days(1));
        let id = draw_up(&f, &ctx, "progress");
        save(&f, &ctx, id, "登记问题{{问题总数}}件，惠及三百余户。");
        let view = save(&f, &ctx, id, "登记问题{{问题总数}}件，惠及三百余户，投入12万元。");
        let typed = &view.composed.typed;
        let words: Vec<&str> = typed.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(words, ["三百余户", "12万"]);
        let names =
            f.db.read(|conn| bihuan_store::problem::units::person_names(conn, &[ctx.actor.person])).unwrap();
        let by = format!("由{}于2024年", names.first().map_or("已不在册的人员", |(_, name)| name.as_str()));
        assert!(typed.iter().all(|one| one.by.contains("手工填写") && one.by.contains(&by)), "{typed:?}");
        let docx = f.app.report_file(&ctx, id, None, FileFormat::Docx).unwrap().bytes;
        assert_eq!(
            parts(&docx, "word/comments").matches("手工填写的数字").count(),
            4,
            "prose and attachment"
        );
        let xlsx = f.app.report_file(&ctx, id, None, FileFormat::Xlsx).unwrap().bytes;
        assert!(parts(&xlsx, "comments").contains("手工填写的数字"));
        let findings = f.app.report_findings(&ctx, &view).unwrap();
        assert!(findings.findings.is_empty(), "{:?}", findings.findings);
        f.app.issue_report(&ctx, id, None, None).unwrap();
        let issued = f.app.report(&ctx, id, None).unwrap();
        assert_eq!(issued.composed.paper.notes.last().unwrap().text, typed[0].by);
    });
}

#[test]
fn a_typed_number_of_a_docx_of_one_s_own_bears_the_same_notice_m41() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let ctx = office(&f, first_day().plus_days(1));
        let lines = ["{{单位}}截至{{止日}}共{{问题总数}}件。", "惠及三百余户，投入12万元。"];
        let blocks = lines.iter().map(|text| Block::Paragraph(vec![Run::new(*text)])).collect();
        let paper = Paper { title: vec!["固定格式".to_owned()], blocks, ..Paper::default() };
        let bytes = docx::write(&paper, &Profile::default()).unwrap();
        let sent = OwnTemplateInput {
            campaign: "1".to_owned(),
            unit: f.unit("YX").id.to_string(),
            name: "周报".to_owned(),
            kind: "special".to_owned(),
        };
        let file = SentFile { name: "周报.docx".to_owned(), bytes };
        let own = f.app.add_report_template(&ctx, &sent, &file).unwrap();
        let id = draw_up(&f, &ctx, &format!("own:{own}"));
        let view = f.app.report(&ctx, id, None).unwrap();
        let words: Vec<&str> = view.composed.typed.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(words, ["三百余户", "12万"]);
        let docx = f.app.report_file(&ctx, id, None, FileFormat::Docx).unwrap().bytes;
        let comments = parts(&docx, "word/comments");
        assert_eq!(comments.matches("手工填写的数字").count(), 2, "{comments}");
        assert!(comments.contains("周报") && comments.contains("问题总数"), "{comments}");
    });
}

#[test]
fn the_count_of_a_list_is_a_figure_that_opens_and_what_is_left_out_is_said_m41() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let ctx = office(&f, first_day().plus_days(3));
        for lead in ["YX01", "YX02", "YX01"] {
            f.assigned(lead, "YX-SL", first_day());
        }
        let id = draw_up(&f, &ctx, "rectification-ledger");
        let view = f.app.report(&ctx, id, None).unwrap();
        let lists: Vec<i64> = parse(&view.edition.text)
            .unwrap()
            .into_iter()
            .filter_map(|node| match node {
                Node::List { rows, .. } => Some(rows),
                _ => None,
            })
            .collect();
        assert_eq!(lists, [LIST_ROWS_MAX], "a ledger is whole");
        let view = save(&f, &ctx, id, "{{清单 全部：2}}\n{{清单 本期登记}}");
        let tables: Vec<_> = view
            .composed
            .paper
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Table(table) => Some((table.caption.as_str(), table.caption_note)),
                _ => None,
            })
            .collect();
        assert_eq!(tables[0], ("表1　全部问题清单（共3件，列前2件）", Some(0)));
        assert_eq!(tables[1], ("表2　本期登记问题清单（共3件）", Some(1)));
        let docx = f.app.report_file(&ctx, id, None, FileFormat::Docx).unwrap().bytes;
        assert!(parts(&docx, "word/comments").contains("全部问题清单件数"));
        let xlsx = f.app.report_file(&ctx, id, None, FileFormat::Xlsx).unwrap().bytes;
        assert!(parts(&xlsx, "comments").contains("全部问题清单件数"));
        f.app.issue_report(&ctx, id, None, None).unwrap();
        f.assigned("YX02", "YX-SL", ctx.today());
        let view = f.app.report(&ctx, id, None).unwrap();
        let since: Vec<_> = view.since.iter().map(|one| (one.then.name.as_str(), one.now.as_str())).collect();
        assert!(since.contains(&("清单：全部", "4")), "{since:?}");
        let found = f.app.report_figure(&ctx, &view.composed.figures[0].code).unwrap();
        assert_eq!((found.figure.shown.as_str(), found.now.as_deref()), ("3", Some("4")));
    });
}

#[test]
fn a_document_without_tables_says_nothing_of_tables_and_a_link_without_host_says_where_to_open_it_m41() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let ctx = office(&f, first_day().plus_days(1));
        let id = draw_up(&f, &ctx, "minutes");
        let view = f.app.report(&ctx, id, None).unwrap();
        let said = explanation(&view);
        assert!(!said.contains('表') && !said.contains('图') && said.contains("签发后"), "{said}");
        f.app.issue_report(&ctx, id, None, None).unwrap();
        let issued = f.app.report(&ctx, id, None).unwrap();
        for (note, figure) in issued.composed.paper.notes.iter().zip(&issued.composed.figures) {
            let link = format!("短链接/f/{}（加在本系统的网址后面打开）", figure.code);
            assert!(note.text.ends_with(&link), "{}", note.text);
        }
        let id = draw_up(&f, &ctx, "progress");
        let view = f.app.report(&ctx, id, None).unwrap();
        assert!(explanation(&view).contains("表和图中的数字各有批注") || explanation(&view).contains("表中"));
    });
}

#[test]
fn a_one_page_brief_is_one_page_as_drafted_and_its_workbook_explains_its_figures_m41() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let ctx = office(&f, first_day().plus_days(3));
        for lead in ["YX01", "YX02", "YX01"] {
            f.assigned(lead, "YX-SL", first_day());
        }
        let id = draw_up(&f, &ctx, "brief");
        let view = f.app.report(&ctx, id, None).unwrap();
        assert!(view.composed.paper.attachments.is_empty());
        let xlsx = f.app.report_file(&ctx, id, None, FileFormat::Xlsx).unwrap().bytes;
        assert!(parts(&xlsx, "xl/workbook.xml").contains("数字说明"));
        let strings = parts(&xlsx, "xl/sharedStrings.xml");
        assert!(view.composed.figures.iter().all(|one| strings.contains(&one.definition)), "{strings}");
        match f.app.issue_report(&ctx, id, None, None) {
            Ok(issued) => {
                let pages =
                    issued.files.iter().find(|file| file.format == FileFormat::Pdf).map(|file| file.pages);
                assert!(pages.is_none_or(|pages| pages == 1), "{pages:?}");
            }
            Err(error) => panic!("{error:?}"),
        }
        assert!(matches!(f.app.report(&ctx, ReportId(99), None), Err(Error::NotFound)));
        assert_eq!(f.app.reports(&ctx, CampaignId(1), 0).unwrap().total, 1);
    });
}

#[test]
fn typed_figures_are_held_against_the_ledger_by_their_names_and_usual_wordings_m43() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let ctx = office(&f, first_day().plus_days(3));
        for lead in ["YX01", "YX02", "YX01"] {
            f.assigned(lead, "YX-SL", first_day());
        }
        let town = f.unit("YX01").name;
        let id = draw_up(&f, &ctx, "progress");
        let text = format!(
            "各单位问题合计4件，其中在办5件。\n目前全县逾期未办结2件。\n期间新登记7件。\n{town}共登记问题2件，其中在办9件。\n重点任务29项。\n柳林镇逾期6件。"
        );
        let view = save(&f, &ctx, id, &text);
        let found = f.app.report_findings(&ctx, &view).unwrap();
        let told: Vec<(&str, &str, &str, bool)> = found
            .compared
            .iter()
            .map(|one| (one.quote.as_str(), one.name.as_str(), one.ledger.as_str(), one.agrees))
            .collect();
        let (total, open) = (format!("{town}问题总数"), format!("{town}在办"));
        let wanted = [
            ("4件", "问题总数", "3件", false),
            ("5件", "在办", "3件", false),
            ("2件", "逾期", "0件", false),
            ("7件", "新登记", "3件", false),
            ("2件", total.as_str(), "2件", true),
            ("9件", open.as_str(), "2件", false),
            ("29项", "任务总数", "0项", false),
        ];
        assert_eq!(told, wanted);
        assert_eq!(found.findings.iter().filter(|one| one.link.is_some()).count(), 6);
    });
}
