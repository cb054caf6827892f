//! Measures of a ledger that came again, imports that stand still, campaigns that are not running (M20, M21).

use crate::ledger_import::{
    ROWS, begin, case, change, commit, ctx, import, problems, review, settle, upload, xlsx,
};
use crate::support::{Fixture, first_day, refused};
use bihuan_app::ledger_import::{Part, Take};
use bihuan_domain::campaign::{Campaign, CampaignState};
use bihuan_domain::ledger_import::{IMPORT_BATCH_ROWS, ImportState};
use bihuan_domain::measure::MeasureState;
use bihuan_domain::problem::State;
use bihuan_domain::role::Role;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_testkit::on_each_engine;

/// Sets the campaign's state as if it had been ended or not yet started.
fn set_campaign(fixture: &Fixture, state: CampaignState) {
    let ctx = ctx(fixture);
    fixture
        .db
        .write(move |conn| -> Result<(), bihuan_app::Error> {
            let old: Campaign = journal::by_id(conn, 1)?.unwrap();
            let new = Campaign { state, version: old.version + 1, ..old.clone() };
            let writes = Write::update(&old, &new).into_iter().collect();
            let entry = NewEntry { action: "test.campaign".to_owned(), writes, ..NewEntry::default() };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(())
        })
        .unwrap();
}

#[test]
fn nothing_is_imported_into_a_campaign_that_is_not_running() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let id = begin(&fixture, xlsx(&ROWS));
        settle(&fixture, id, Take::New);
        let version = review(&fixture, id).view.import.version;
        set_campaign(&fixture, CampaignState::Ended);
        let refusal = refused(fixture.app.start_import(&ctx(&fixture), id, version));
        assert_eq!(refusal.code, "campaign_not_running");
        let again = upload(&fixture, "b.xlsx", xlsx(&ROWS));
        assert_eq!(refused(fixture.app.begin_import(&ctx(&fixture), again)).code, "campaign_not_running");

        set_campaign(&fixture, CampaignState::Running);
        fixture.app.start_import(&ctx(&fixture), id, version).unwrap();
        set_campaign(&fixture, CampaignState::Ended);
        let halted = refused(fixture.app.run_import(&ctx(&fixture), id, &mut |_| {}));
        assert_eq!(halted.code, "campaign_not_running");
        assert!(problems(&fixture).is_empty());
    });
}

#[test]
fn a_measure_gone_from_the_file_is_shown_and_a_person_decides() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        import(&fixture, xlsx(&ROWS));
        let texts = |state: MeasureState| -> Vec<String> {
            let of = |m: &&bihuan_domain::measure::Measure| m.state == state;
            case(&fixture, 1).measures.iter().filter(of).map(|m| m.text.clone()).collect()
        };
        assert_eq!(texts(MeasureState::Planned), ["1.清淤", "2.明确管护人"]);

        let fewer = ROWS[0].replace("2.明确管护人", "2.每月巡查一次");
        let rows = [fewer.as_str(), ROWS[1], ROWS[2]];
        let kept = begin(&fixture, xlsx(&rows));
        let fields = review(&fixture, kept).comparison.changed[0].fields.clone();
        let parts: Vec<&Part> = fields.iter().map(|field| &field.part).collect();
        assert!(
            matches!(parts[..], [Part::New(new), Part::Gone(_)] if *new == ["2.每月巡查一次"]),
            "{fields:?}"
        );
        assert_eq!(
            (fields[1].base.as_str(), fields[1].ours.as_str()),
            ("2.明确管护人", "2.明确管护人（推进中）")
        );
        // The new one is taken, the gone one stays.
        settle(&fixture, kept, Take::New);
        let mut answers = review(&fixture, kept).view.answers;
        answers.takes.insert(fields[1].key.clone(), Take::Ours);
        change(&fixture, kept, answers);
        commit(&fixture, kept);
        assert_eq!(texts(MeasureState::Planned), ["1.清淤", "2.明确管护人", "2.每月巡查一次"]);

        let one = ROWS[0].replace("\n2.明确管护人", "");
        let gone = begin(&fixture, xlsx(&[one.as_str(), ROWS[1], ROWS[2]]));
        settle(&fixture, gone, Take::New);
        commit(&fixture, gone);
        assert_eq!(
            texts(MeasureState::Planned),
            ["1.清淤", "2.明确管护人"],
            "what was decided is not asked again"
        );
        assert_eq!(texts(MeasureState::Dropped), ["2.每月巡查一次"]);
        let last = begin(&fixture, xlsx(&[one.as_str(), ROWS[1], ROWS[2]]));
        assert!(review(&fixture, last).comparison.is_empty());
        fixture.no_drift();
    });
}

#[test]
fn a_measure_that_is_done_stays_whatever_the_file_says() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        import(&fixture, xlsx(&ROWS));
        let doer = fixture.ctx(Role::Filler, "YX-SL", first_day().plus_days(4));
        let (id, measure) = (problems(&fixture)[0].id, case(&fixture, 1).measures[0].id);
        let ask = bihuan_app::problem::Ask::default;
        fixture
            .app
            .step(&doer, id, ask(), move |case, scene, _| {
                bihuan_domain::problem::sign(case, scene)?;
                Ok(bihuan_domain::problem::finish_measure(case, scene, measure, "已清淤", scene.today)?)
            })
            .unwrap();
        let fewer = ROWS[0].replace("1.清淤\n", "");
        let next = begin(&fixture, xlsx(&[fewer.as_str(), ROWS[1], ROWS[2]]));
        let comparison = review(&fixture, next).comparison;
        assert_eq!((comparison.changed.len(), comparison.undecided()), (1, 0), "told, and nothing to decide");
        settle(&fixture, next, Take::New);
        commit(&fixture, next);
        assert_eq!(case(&fixture, 1).measures[0].state, MeasureState::Done);
    });
}

#[test]
fn an_import_that_stands_still_says_why_and_is_taken_up_or_ended() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let line =
            |n: usize| format!("{n}|第{n}号点位垃圾没有清运|清运|清运||石桥镇|2024年4月底前|正在整改|");
        let many: Vec<String> = (1..=IMPORT_BATCH_ROWS + 20).map(line).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let id = begin(&fixture, xlsx(&many));
        settle(&fixture, id, Take::New);
        let ctx = ctx(&fixture);
        fixture.app.start_import(&ctx, id, review(&fixture, id).view.import.version).unwrap();
        assert_eq!(refused(fixture.app.stop_import(&ctx, id)).code, "import_running");
        let under_way = fixture.app.imports_under_way(ctx.at).unwrap();
        assert!(under_way.is_empty(), "the fixture's person has no account that could go on: {under_way:?}");
        let _broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            fixture.app.run_import(&ctx, id, &mut |progress| assert!(progress.done == 0))
        }));
        fixture.app.halt_import(&ctx, id, "试停").unwrap();
        let view = fixture.app.import(&ctx, id).unwrap();
        assert_eq!((view.import.halted.as_str(), view.import.rows_total), ("试停", many.len() as i64));
        let leader = fixture.ctx(Role::Leader, "YX", first_day().plus_days(3));
        assert_eq!(refused(fixture.app.stop_import(&leader, id)).code, "not_allowed");
        assert_eq!(refused(fixture.app.resume_import(&leader, id)).code, "not_allowed");

        fixture.app.resume_import(&ctx, id).unwrap();
        assert!(fixture.app.import(&ctx, id).unwrap().import.halted.is_empty());
        fixture.app.halt_import(&ctx, id, "再停").unwrap();
        fixture.app.stop_import(&ctx, id).unwrap();
        assert_eq!(fixture.app.import(&ctx, id).unwrap().import.state, ImportState::Done);
        assert_eq!(problems(&fixture).len(), IMPORT_BATCH_ROWS, "what was registered stays");

        let again = begin(&fixture, xlsx(&many));
        settle(&fixture, again, Take::New);
        let counted = commit(&fixture, again);
        assert_eq!(
            (counted.registered, counted.same as usize),
            (20, IMPORT_BATCH_ROWS),
            "the rest comes later"
        );
        assert!(problems(&fixture).iter().all(|problem| problem.state != State::Closed));
        fixture.no_drift();
    });
}

/// A document with one table.
fn docx(rows: &[&str]) -> Vec<u8> {
    use std::io::Write as _;
    let cell = |text: &str| format!("<w:tc><w:tcPr/><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let row = |line: &&str| format!("<w:tr>{}</w:tr>", line.split('|').map(cell).collect::<String>());
    let head = "序号|存在问题|整改措施|责任单位|整改时限|整改进展|完成情况";
    let rows: String = std::iter::once(&head).chain(rows).map(row).collect();
    let xml = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>"
    );
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("[Content_Types].xml", types), ("word/document.xml", &xml)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_docx_comes_back_as_docx_and_in_again_without_difference() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let bytes = docx(&[
            "1|石桥镇灌渠淤积三处|清淤|县水利局|2024年6月30日前|已排定工期|正在整改",
            "2|青石村活动室长期关门|公布开放时间|石桥镇|2024年5月底前||正在整改",
        ]);
        let ctx = ctx(&fixture);
        let send = |bytes| fixture.app.begin_import(&ctx, upload(&fixture, "台账.docx", bytes)).unwrap().id;
        let id = send(bytes.clone());
        settle(&fixture, id, Take::New);
        commit(&fixture, id);
        assert_eq!(fixture.app.give_back(&ctx, id).unwrap().bytes, bytes, "unchanged, byte for byte");
        let doer = fixture.ctx(Role::Filler, "YX-SL", first_day().plus_days(4));
        let problem = problems(&fixture)[0].id;
        fixture
            .app
            .step(&doer, problem, bihuan_app::problem::Ask::default(), |case, scene, _| {
                bihuan_domain::problem::sign(case, scene)?;
                Ok(bihuan_domain::problem::note_progress(case, scene, "已清淤两处")?)
            })
            .unwrap();
        let given = fixture.app.give_back(&ctx, id).unwrap();
        assert_eq!((given.changes, given.skipped.len()), (2, 0), "{:?}", given.skipped);
        let again = send(given.bytes);
        let comparison = review(&fixture, again).comparison;
        assert!(comparison.is_empty(), "{:?}", comparison.changed);
    });
}

#[test]
fn rows_that_say_the_same_again_ask_nothing_even_when_their_unit_is_gone() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        import(&fixture, xlsx(&ROWS));
        let (gone, into) = (fixture.unit("YX02"), fixture.unit("YX03"));
        fixture.app.merge_units(&ctx(&fixture), gone.id, None, into.id, ctx(&fixture).today()).unwrap();

        let same = begin(&fixture, xlsx(&ROWS));
        let waiting = review(&fixture, same);
        assert!(waiting.comparison.is_empty(), "{:?}", waiting.comparison.changed);
        let asked: Vec<&str> = waiting.doubts.units.iter().map(|unit| unit.written.as_str()).collect();
        assert_eq!((waiting.doubts.open(), asked.len()), (0, 0), "nothing new is said: {asked:?}");
        assert_eq!(commit(&fixture, same).same, 3);

        // A row that does say something new is asked about, with the unit that took the other over.
        let other = ROWS[0].replace("灌渠淤积三处", "路灯损坏两盏").replace("石桥镇、柳湾乡", "柳湾乡");
        let new = begin(&fixture, xlsx(&[ROWS[0], ROWS[1], ROWS[2], other.as_str()]));
        let waiting = review(&fixture, new);
        assert_eq!(waiting.comparison.added(), 1);
        let asked: Vec<(&str, bool)> =
            waiting.doubts.units.iter().map(|unit| (unit.written.as_str(), unit.is_open())).collect();
        assert!(asked.contains(&("柳湾乡", true)), "{asked:?}");
    });
}
