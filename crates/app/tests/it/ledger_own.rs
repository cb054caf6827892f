//! What the program exports comes back without a word (M20): the plain ledger, and the lists of problems in reports.

use crate::ledger_import::{ROWS, begin, change, commit, ctx, import, problems, review, upload, xlsx};
use crate::support::{Fixture, context, first_day};
use bihuan_app::ledger::{ExportFormat, LedgerQuery};
use bihuan_app::ledger_import::{Take, Verdict, Waiting};
use bihuan_app::report::{DraftInput, ReportInput};
use bihuan_domain::id::{CampaignId, LedgerImportId};
use bihuan_domain::report::FileFormat;
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;
use std::io::{Cursor, Read as _, Seek as _};

/// A county's problems: several units, long text, what looks like a formula, a standing duty, one reported done, a unit
/// that was merged away since.
fn county(fixture: &Fixture) {
    let long = "排水沟长期淤积，雨天路面积水，群众出行不便；".repeat(80);
    let more = [
        format!(
            "4|{long}\n涉及三个组|畅通|1.清淤\n2.建立管护制度，每月检查一次|县水利局|石桥镇、白塔镇|长期坚持，每季度检查一次|正在整改|"
        ),
        "5|=1+1这样的公式写进了台账|“公式”改为文字|-5日内改正||石桥镇|2024年5月底前|正在整改|".to_owned(),
        "6|@所有人的通知没有落实|+落实到人|'=已经加了撇号的文字||石桥镇|2024年5月底前|正在整改|".to_owned(),
    ];
    let rows: Vec<&str> = ROWS.iter().copied().chain(more.iter().map(String::as_str)).collect();
    import(fixture, xlsx(&rows));
    let reported = fixture.assigned("YX01", "YX-ZGB", first_day());
    fixture.assigned("YX02", "YX-SL", first_day());
    fixture.report_done(reported, first_day().plus_days(1));
    let (gone, into) = (fixture.unit("YX02"), fixture.unit("YX03"));
    fixture.app.merge_units(&ctx(fixture), gone.id, None, into.id, ctx(fixture).today()).unwrap();
}

fn exported(fixture: &Fixture, format: ExportFormat) -> Vec<u8> {
    let query = LedgerQuery {
        campaign: Some(CampaignId(1)),
        unit: Some(fixture.unit("YX").id),
        ..LedgerQuery::default()
    };
    let mut out = Cursor::new(Vec::new());
    fixture.app.export_list(&ctx(fixture), &query, format, &mut out).unwrap();
    out.rewind().unwrap();
    let mut bytes = Vec::new();
    out.read_to_end(&mut bytes).unwrap();
    bytes
}

fn send(fixture: &Fixture, name: &str, bytes: Vec<u8>) -> LedgerImportId {
    fixture.app.begin_import(&ctx(fixture), upload(fixture, name, bytes)).unwrap().id
}

#[track_caller]
fn nothing(waiting: &Waiting, rows: usize) {
    let told = (&waiting.comparison.verdicts, &waiting.comparison.changed, waiting.comparison.missing.len());
    assert!(waiting.comparison.is_empty(), "{told:?}");
    assert_eq!(waiting.rows.len(), rows);
    let asked = (waiting.doubts.open(), waiting.doubts.units.len(), waiting.doubts.cells_total);
    assert_eq!(asked, (0, 0, 0), "{:?}", waiting.doubts);
    let agrees = waiting.doubts.totals.iter().all(|one| one.stated == one.found);
    assert!(waiting.doubts.statuses.is_empty() && agrees, "{:?}", waiting.doubts);
}

#[test]
fn the_plain_export_of_the_ledger_comes_in_again_empty_handed_m20() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        county(&fixture);
        let before = problems(&fixture);
        assert_eq!(before.len(), 8);
        for (name, format) in [("台账.xlsx", ExportFormat::Xlsx), ("台账.csv", ExportFormat::Csv)] {
            let id = send(&fixture, name, exported(&fixture, format));
            nothing(&review(&fixture, id), 8);
            let counted = commit(&fixture, id);
            assert_eq!((counted.same, counted.registered, counted.updated), (8, 0, 0), "{name}");
            assert_eq!((counted.kept, counted.missing), (0, 0), "{name}");
            assert_eq!(problems(&fixture), before, "{name}: not a letter changed");
        }
        fixture.no_drift();
    });
}

#[test]
fn an_edited_export_asks_about_exactly_what_was_edited_and_takes_it() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        county(&fixture);
        let text = String::from_utf8(exported(&fixture, ExportFormat::Csv)).unwrap();
        let edited = text.replace("畅通\"", "畅通，长效管护\"").replace("灌渠畅通,", "灌渠畅通、责任到人,");
        assert_ne!(edited, text);
        let added = "99,,,新发现的桥面破损,,修补桥面,,,,,,2024年6月30日前,,,待交办,,,\r\n";
        let id = send(&fixture, "改过.csv", format!("{edited}{added}").into_bytes());
        let waiting = review(&fixture, id);
        let changed: Vec<(i64, &str)> = waiting
            .comparison
            .changed
            .iter()
            .flat_map(|row| row.fields.iter().map(|field| (row.problem.number, field.field.label())))
            .collect();
        assert_eq!(changed, [(1, "整改目标")]);
        assert_eq!(waiting.comparison.added(), 1, "a row with an unknown number is new");
        assert!(waiting.comparison.missing.is_empty());

        let mut answers = waiting.view.answers.clone();
        for field in waiting.comparison.changed.iter().flat_map(|row| &row.fields) {
            answers.takes.insert(field.key.clone(), Take::New);
        }
        change(&fixture, id, answers);
        let counted = commit(&fixture, id);
        assert_eq!((counted.registered, counted.updated), (1, 1), "{counted:?}");
        assert_eq!(problems(&fixture)[0].goal, "灌渠畅通、责任到人");
        nothing(&review(&fixture, begin(&fixture, exported(&fixture, ExportFormat::Xlsx))), 9);
    });
}

#[test]
fn an_export_of_last_week_does_not_undo_what_was_done_here_since() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        county(&fixture);
        let old = exported(&fixture, ExportFormat::Xlsx);
        let first = problems(&fixture)[0].id;
        let ask = bihuan_app::problem::Ask::default;
        let doer = fixture.ctx(Role::Filler, "YX-SL", first_day().plus_days(5));
        let note = |text: &'static str| {
            fixture.app.step(&doer, first, ask(), move |case, scene, _| {
                if case.problem.signed_day.is_none() {
                    bihuan_domain::problem::sign(case, scene)?;
                }
                Ok(bihuan_domain::problem::note_progress(case, scene, text)?)
            })
        };
        note("已清淤两处").unwrap();
        assert_eq!(problems(&fixture)[0].progress, "已清淤两处");
        nothing(&review(&fixture, send(&fixture, "上周.xlsx", old)), 8);
        nothing(&review(&fixture, send(&fixture, "今天.xlsx", exported(&fixture, ExportFormat::Xlsx))), 8);
    });
}

#[test]
fn a_list_of_other_problems_under_the_same_head_is_new_and_another_unit_s_is_only_told() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        county(&fixture);
        let text = String::from_utf8(exported(&fixture, ExportFormat::Csv)).unwrap();
        let head = text.lines().next().unwrap();
        let other =
            format!("{head}\r\n1,,,村口路灯不亮已有半年,亮起来,换灯,,,,,,2024年6月30日前,,,待交办,,,\r\n");
        let waiting = review(&fixture, send(&fixture, "别处.csv", other.into_bytes()));
        assert_eq!(waiting.comparison.verdicts, [Verdict::New], "the number alone is not the problem");

        // A township sends the county's list back, with a goal of its own.
        let town = fixture.unit("YX01");
        let who = context(901, Role::Filler, &town, ctx(&fixture).today());
        let query =
            LedgerQuery { campaign: Some(CampaignId(1)), unit: Some(town.id), ..LedgerQuery::default() };
        let mut out = Cursor::new(Vec::new());
        fixture.app.export_list(&who, &query, ExportFormat::Csv, &mut out).unwrap();
        let text = String::from_utf8(out.into_inner()).unwrap();
        let edited = text.replace("“公式”改为文字", "不必改");
        assert_ne!(edited, text);
        let mut sent = upload(&fixture, "镇.csv", edited.into_bytes());
        sent.unit = town.id;
        let id = fixture.app.begin_import(&who, sent).unwrap().id;
        let waiting = fixture.app.import_review(&who, id).unwrap();
        assert_eq!((waiting.comparison.added(), waiting.comparison.changed.len()), (0, 1));
        assert!(!waiting.comparison.changed[0].open, "the county's office registered it");
        assert_eq!(waiting.comparison.undecided(), 0);
    });
}

#[test]
fn the_lists_of_problems_in_reports_come_in_again_empty_handed() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        county(&fixture);
        let who = context(2, Role::Office, &fixture.unit("YX"), ctx(&fixture).today());
        let before = problems(&fixture);
        let mut read = 0;
        for template in ["problem-list", "rectification-ledger", "closures", "weekly", "progress", "bulletin"]
        {
            let sent = ReportInput {
                campaign: "1".to_owned(),
                unit: fixture.unit("YX").id.to_string(),
                template: template.to_owned(),
                from: first_day().to_string(),
                to: who.today().to_string(),
            };
            let report = fixture.app.draw_up_report(&who, &sent).unwrap();
            let view = fixture.app.report(&who, report, None).unwrap();
            let words = DraftInput {
                title: view.edition.title.clone(),
                text: format!("{}\n\n{{{{清单 在办：500}}}}", view.edition.text),
                ..DraftInput::default()
            };
            fixture.app.save_draft(&who, report, Some(view.edition.version), &words).unwrap();
            for format in [FileFormat::Xlsx, FileFormat::Docx] {
                let file = fixture.app.report_file(&who, report, None, format).unwrap();
                let sent = upload(&fixture, &file.name, file.bytes);
                let id = fixture.app.begin_import(&ctx(&fixture), sent).unwrap().id;
                let waiting = review(&fixture, id);
                read += waiting.rows.len();
                nothing(&waiting, waiting.rows.len());
                assert_eq!(commit(&fixture, id).registered, 0, "{template}");
                assert_eq!(problems(&fixture), before, "{template}");
            }
        }
        assert!(read > 40, "the lists were read: {read}");
    });
}
