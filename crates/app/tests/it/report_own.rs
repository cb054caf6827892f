//! Reports from a docx of one's own (M41, M43).

use crate::report::{anew, draw_up, office, shown, with_problems};
use crate::support::{Fixture, first_day, refused};
use bihuan_app::Error;
use bihuan_app::evidence::SentFile;
use bihuan_app::report::{Checked, DraftInput, OwnTemplateInput};
use bihuan_documents::paper::{Block, Cell, Paper, Profile, Run, docx};
use bihuan_domain::id::ReportTemplateId;
use bihuan_domain::report::FileFormat;
use bihuan_testkit::on_each_engine;

/// A docx as somebody might have it, with the given paragraphs.
fn own_docx(paragraphs: &[&str]) -> Vec<u8> {
    let blocks = paragraphs.iter().map(|text| Block::Paragraph(vec![Run::new(*text)])).collect();
    let table = bihuan_documents::paper::Table {
        widths: vec![1],
        rows: vec![vec![Cell::text("合计")]],
        ..Default::default()
    };
    let mut paper = Paper { title: vec!["本单位固定格式".to_owned()], blocks, ..Paper::default() };
    paper.blocks.push(Block::Table(table));
    docx::write(&paper, &Profile::default()).unwrap()
}

/// A template of the county's own.
fn weekly(fixture: &Fixture) -> OwnTemplateInput {
    OwnTemplateInput {
        campaign: "1".to_owned(),
        unit: fixture.unit("YX").id.to_string(),
        name: "周报".to_owned(),
        kind: "special".to_owned(),
    }
}

/// A part of a docx as text.
fn part(docx: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
    text
}

#[test]
fn a_docx_of_one_s_own_is_checked_and_says_what_it_corrects_m41_m43() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let sent = weekly(&fixture);
        let texts =
            ["{{文号}} 共{{问题总数}}件", "投入资金300万元，其中县级150万元、乡级120万元、村级80万元。"];
        let file = SentFile { name: "周报.docx".to_owned(), bytes: own_docx(&texts) };
        let own = fixture.app.add_report_template(&ctx, &sent, &file).unwrap();
        let id = draw_up(&fixture, &ctx, &format!("own:{own}"), first_day(), day);
        let view = fixture.app.report(&ctx, id, None).unwrap();
        let findings = fixture.app.report_findings(&ctx, &view).unwrap().findings;
        assert!(findings.iter().any(|one| one.quote.contains("300万元")), "{findings:?}");
        let number =
            DraftInput { title: "周报".into(), prefix: "云整改办发".into(), ..DraftInput::default() };
        fixture.app.save_draft(&ctx, id, None, &number).unwrap();
        let out = fixture.app.report_file(&ctx, id, None, FileFormat::Docx).unwrap();
        assert!(part(&out.bytes, "word/document.xml").contains("〕×号"), "a draft has no number yet");
        fixture.app.issue_report(&ctx, id, None, None).unwrap();
        let out = fixture.app.report_file(&ctx, id, None, FileFormat::Docx).unwrap();
        assert!(part(&out.bytes, "word/document.xml").contains("云整改办发〔2024〕1号"));
        fixture.assigned("YX02", "YX-SL", day);
        let since = fixture.app.report(&ctx, id, None).unwrap().since;
        assert_eq!((since[0].then.shown.as_str(), since[0].now.as_str()), ("3", "4"));
        fixture.app.correct_report(&ctx, id, anew("漏记一件")).unwrap();
        fixture.app.issue_report(&ctx, id, None, None).unwrap();
        let second = fixture.app.report(&ctx, id, Some(2)).unwrap();
        let text = second.composed.own_text.unwrap().text;
        assert!(
            text.starts_with("【更正】") && text.contains("漏记一件") && text.contains("共4件"),
            "{text}"
        );
        let first = fixture.app.report(&ctx, id, Some(1)).unwrap();
        assert!(first.composed.own_text.unwrap().text.contains("共3件"), "what was issued stays");
    });
}

#[test]
fn a_docx_of_one_s_own_is_filled_and_issued() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let sent = weekly(&fixture);
        let file = |text| SentFile { name: "周报.docx".to_owned(), bytes: own_docx(&[text]) };
        let wrong = fixture.app.add_report_template(&ctx, &sent, &file("共{{天气}}件"));
        assert!(matches!(&wrong, Err(Error::Invalid(all)) if all[0].1.contains("天气")), "{wrong:?}");
        let none = fixture.app.add_report_template(&ctx, &sent, &file("没有字段"));
        assert!(matches!(&none, Err(Error::Invalid(all)) if all[0].0 == "file"), "{none:?}");
        let own = fixture.app.add_report_template(&ctx, &sent, &file("{{单位}}共{{问题总数}}件")).unwrap();
        let preview = fixture.app.preview_report_template(&ctx, own).unwrap();
        assert!(preview.paragraphs.iter().any(|text| text.contains("共3件")), "{:?}", preview.paragraphs);
        let id = draw_up(&fixture, &ctx, &format!("own:{own}"), first_day(), day);
        let draft = fixture.app.report(&ctx, id, None).unwrap();
        assert_eq!(shown(&draft, "问题总数"), "3", "its figures open as those of any report do");
        assert!(
            draft.composed.own_text.as_ref().unwrap().text.contains("云溪县共3件"),
            "{:?}",
            draft.composed.own_text
        );
        fixture.app.issue_report(&ctx, id, None, Some(&draft.seen())).unwrap();
        let out = fixture.app.report_file(&ctx, id, None, FileFormat::Docx).unwrap();
        let comments = part(&out.bytes, "word/comments.xml");
        let issued = fixture.app.report(&ctx, id, None).unwrap();
        let link = format!("/f/{}", issued.composed.figures[0].code);
        assert!(comments.contains("问题总数") && comments.contains(&link), "{comments}");
        let found = fixture.app.check_report_file(None, &out.bytes).unwrap();
        assert!(matches!(found, Checked::Identical { .. }), "{found:?}");
        assert_eq!(refused(fixture.app.remove_report_template(&ctx, own)).code, "report_template_in_use");
        let gone = fixture.app.preview_report_template(&ctx, ReportTemplateId(own.0 + 1));
        assert!(matches!(gone, Err(Error::NotFound)));
    });
}

#[test]
fn a_docx_of_one_s_own_takes_tables_and_lists_and_gives_a_workbook_m41() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = with_problems(&fixture);
        let ctx = office(&fixture, day);
        let sent = weekly(&fixture);
        let file = |texts: &[&str]| SentFile { name: "周报.docx".to_owned(), bytes: own_docx(texts) };
        for (wrong, words) in
            [("见{{表 环节}}。", "独占正文的一段"), ("{{图 单位}}", "不能用"), ("{{表 天气}}", "天气")]
        {
            let refused = fixture.app.add_report_template(&ctx, &sent, &file(&[wrong]));
            assert!(matches!(&refused, Err(Error::Invalid(all)) if all[0].1.contains(words)), "{refused:?}");
        }
        let texts = ["共{{问题总数}}件", "{{表 环节}}", "{{清单 在办：5}}"];
        let own = fixture.app.add_report_template(&ctx, &sent, &file(&texts)).unwrap();
        let preview = fixture.app.preview_report_template(&ctx, own).unwrap();
        assert!(preview.fields.iter().all(|(_, value)| value.is_some()), "{:?}", preview.fields);
        let id = draw_up(&fixture, &ctx, &format!("own:{own}"), first_day(), day);
        let draft = fixture.app.report(&ctx, id, None).unwrap();
        let text = &draft.composed.own_text.as_ref().unwrap().text;
        assert!(
            text.contains("表1　按环节统计") && text.contains("灌渠淤积") && !text.contains("{{"),
            "{text}"
        );
        fixture.app.issue_report(&ctx, id, None, Some(&draft.seen())).unwrap();
        let issued = fixture.app.report(&ctx, id, None).unwrap();
        let out = fixture.app.report_file(&ctx, id, None, FileFormat::Docx).unwrap();
        let (document, comments) =
            (part(&out.bytes, "word/document.xml"), part(&out.bytes, "word/comments.xml"));
        assert_eq!(document.matches("<w:tbl>").count(), 3, "its own table and two more");
        let link = |at: usize| format!("/f/{}", issued.composed.figures[at].code);
        assert!(
            issued.composed.figures.len() > 1 && comments.contains(&link(0)) && comments.contains(&link(1)),
            "{comments}"
        );
        let workbook = fixture.app.report_file(&ctx, id, None, FileFormat::Xlsx).unwrap();
        let sheets = bihuan_documents::sheet::read_any("周报.xlsx", &workbook.bytes).unwrap().sheets.len();
        assert_eq!(sheets, 3, "two tables and the figures");
        let pdf = fixture.app.report_file(&ctx, id, None, FileFormat::Pdf);
        assert_eq!(refused(pdf).code, "report_own_without_pdf");
        assert!(matches!(
            fixture.app.check_report_file(None, &workbook.bytes).unwrap(),
            Checked::Identical { .. }
        ));
    });
}
