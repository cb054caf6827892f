//! Ledgers in and out through the whole application (M20, M21): any layout, asked once, no duplicates, nothing lost.

use crate::support::{Fixture, first_day, refused};
use bihuan_app::ledger_import::{
    Answers, Counted, DeadlineAnswer, Settle, Take, UnitAnswer, Upload, Verdict, Waiting,
};
use bihuan_app::{Context, Error};
use bihuan_domain::id::{CampaignId, LedgerImportId};
use bihuan_domain::ledger_import::{IMPORT_BATCH_ROWS, ImportState};
use bihuan_domain::problem::{Case, Outcome, PartyRole, Problem, State};
use bihuan_domain::role::Role;
use bihuan_store::record::Record;
use bihuan_testkit::{on_each_engine, shared_dir};
use std::path::PathBuf;

const HEADER: &str = "序号|存在问题|整改目标|整改措施|牵头单位|责任单位|整改时限|完成情况|经费（万元）";

/// A spreadsheet with a title above its header; cells are separated by `|`.
pub fn xlsx(rows: &[&str]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet
        .merge_range(0, 0, 0, 8, "云溪县试行整改问题台账（共3个问题）", &rust_xlsxwriter::Format::new())
        .unwrap();
    for (r, line) in std::iter::once(&HEADER).chain(rows).enumerate() {
        for (c, text) in line.split('|').enumerate() {
            sheet.write_string(r as u32 + 1, c as u16, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

pub const ROWS: [&str; 3] = [
    "1|石桥镇灌渠淤积三处|灌渠畅通|1.清淤\n2.明确管护人|县水利局|石桥镇、柳湾乡|2024年6月30日前|正在整改|12",
    "2|青石村活动室长期关门|每周开放五天|公布开放时间||石桥镇|立行立改，长期坚持|已完成整改|",
    "3|村级账目公开不及时|按月公开|按月张榜|县财政局|各村支部|2024年底前|已销号|3",
];

pub fn ctx(fixture: &Fixture) -> Context {
    fixture.ctx(Role::Office, "YX", first_day().plus_days(3))
}

pub fn upload(fixture: &Fixture, name: &str, bytes: Vec<u8>) -> Upload {
    Upload {
        campaign: CampaignId(1),
        unit: fixture.unit("YX").id,
        file_name: name.to_owned(),
        bytes,
        issued: None,
    }
}

pub fn begin(fixture: &Fixture, bytes: Vec<u8>) -> LedgerImportId {
    fixture.app.begin_import(&ctx(fixture), upload(fixture, "台账.xlsx", bytes)).unwrap().id
}

pub fn review(fixture: &Fixture, id: LedgerImportId) -> Waiting {
    fixture.app.import_review(&ctx(fixture), id).unwrap()
}

/// Answers everything open in the most careful way, with a checking unit.
pub fn settle(fixture: &Fixture, id: LedgerImportId, take: Take) {
    let waiting = review(fixture, id);
    let mut answers = waiting.view.answers.clone();
    for unit in waiting.doubts.units.iter().filter(|unit| unit.is_open()) {
        answers.units.insert(unit.written.clone(), UnitAnswer::Keep);
    }
    for deadline in &waiting.doubts.deadlines {
        answers.deadlines.insert(deadline.written.clone(), DeadlineAnswer::Clarify);
    }
    for field in waiting.comparison.changed.iter().flat_map(|row| &row.fields) {
        answers.takes.insert(field.key.clone(), take);
    }
    answers.checking = Some(fixture.unit("YX-ZGB").id);
    change(fixture, id, answers);
}

pub fn change(fixture: &Fixture, id: LedgerImportId, answers: Answers) {
    let version = review(fixture, id).view.import.version;
    let settle = Settle { answers: Some(answers), ..Settle::default() };
    fixture.app.settle_import(&ctx(fixture), id, version, settle).unwrap();
}

pub fn commit(fixture: &Fixture, id: LedgerImportId) -> Counted {
    let version = review(fixture, id).view.import.version;
    fixture.app.start_import(&ctx(fixture), id, version).unwrap();
    fixture.app.run_import(&ctx(fixture), id, &mut |_| {}).unwrap()
}

pub fn import(fixture: &Fixture, bytes: Vec<u8>) -> (LedgerImportId, Counted) {
    let id = begin(fixture, bytes);
    settle(fixture, id, Take::New);
    (id, commit(fixture, id))
}

pub fn problems(fixture: &Fixture) -> Vec<Problem> {
    fixture.db.read(|conn| Problem::load(conn, "ORDER BY number", &[])).unwrap()
}

pub fn case(fixture: &Fixture, number: usize) -> Case {
    fixture.problem(problems(fixture)[number - 1].id)
}

fn units(case: &Case, role: PartyRole) -> usize {
    case.units_with(role).count()
}

#[test]
fn a_ledger_becomes_problems_with_units_measures_deadlines_and_states() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let id = begin(&fixture, xlsx(&ROWS));
        let waiting = review(&fixture, id);
        assert_eq!(waiting.doubts.open(), 0, "{:?}", waiting.doubts.units);
        assert_eq!(waiting.doubts.totals.first().map(|t| (t.stated, t.found)), Some((3, 3)));
        settle(&fixture, id, Take::New);
        let counted = commit(&fixture, id);
        assert_eq!((counted.rows, counted.registered, counted.assigned), (3, 3, 2), "{counted:?}");

        let first = case(&fixture, 1);
        assert_eq!(first.problem.state, State::Assigned);
        assert_eq!(first.problem.lead_unit_id, Some(fixture.unit("YX-SL").id));
        assert_eq!((units(&first, PartyRole::Responsible), units(&first, PartyRole::Checking)), (2, 1));
        assert_eq!(first.measures.len(), 2);
        assert_eq!(first.problem.due_day.map(|d| d.to_string()).as_deref(), Some("2024-06-30"));
        assert!(first.problem.extra.contains("经费(万元)"), "{}", first.problem.extra);
        assert_eq!((first.problem.import_row, first.problem.import_seq.as_str()), (3, "1"));

        let second = case(&fixture, 2);
        assert_eq!(
            second.problem.state,
            State::Reported,
            "said to be done, so it waits for another unit (M22)"
        );
        assert_eq!(second.problem.lead_unit_id, Some(fixture.unit("YX01").id), "the first listed unit leads");
        assert!(second.problem.standing);

        let third = case(&fixture, 3);
        assert_eq!(third.problem.outcome, Some(Outcome::ClosedBefore), "closed before, never solved here");
        fixture.no_drift();
    });
}

#[test]
fn a_group_is_expanded_to_the_units_of_the_day_and_its_wording_kept() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let row = "1|村级账目公开不及时|按月公开|按月张榜|县财政局|各村支部|2024年底前|正在整改|3";
        import(&fixture, xlsx(&[row]));
        let case = case(&fixture, 1);
        let group: Vec<&str> =
            case.units_with(PartyRole::Responsible).map(|party| party.written.as_str()).collect();
        assert_eq!(group, ["各村支部", "各村支部"]);
    });
}

#[test]
fn what_is_not_sure_is_asked_once_and_never_guessed() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let rows = [
            "1|甲处路灯不亮多日|照明正常|更换灯具||某某专班|待上级批复后|正在整改|",
            "2|乙处路灯不亮多日|照明正常|更换灯具||某某专班|待上级批复后|不详|",
        ];
        let id = begin(&fixture, xlsx(&rows));
        let waiting = review(&fixture, id);
        assert_eq!(waiting.doubts.units.len(), 1);
        assert_eq!((waiting.doubts.units[0].places, waiting.doubts.deadlines.len()), (2, 1));
        let usual: Vec<bool> = waiting.doubts.statuses.iter().map(|status| status.usual).collect();
        assert_eq!(usual, [false, true], "the unusual wording stands first");
        let version = waiting.view.import.version;
        let refusal = refused(fixture.app.start_import(&ctx(&fixture), id, version));
        assert_eq!(refusal.code, "doubts_open");

        let mut answers = waiting.view.answers.clone();
        answers.units.insert("某某专班".to_owned(), UnitAnswer::Unit(fixture.unit("YX02").id));
        answers.deadlines.insert("待上级批复后".to_owned(), DeadlineAnswer::Clarify);
        answers.checking = Some(fixture.unit("YX-ZGB").id);
        change(&fixture, id, answers);
        let counted = commit(&fixture, id);
        assert_eq!(counted.assigned, 0, "without a day nothing is assigned");
        assert_eq!(counted.waiting.len(), 2, "{counted:?}");
        let problem = &problems(&fixture)[0];
        assert_eq!((problem.state, problem.deadline_text.as_str()), (State::Accepted, "待上级批复后"));

        let next = begin(
            &fixture,
            xlsx(&["9|丙处路灯不亮多日|照明正常|更换灯具||某某专班|2024年5月底前|正在整改|"]),
        );
        assert_eq!(review(&fixture, next).doubts.open(), 0, "the answer is offered next time");
    });
}

#[test]
fn the_same_rows_again_make_no_duplicates_and_no_difference() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        import(&fixture, xlsx(&ROWS));
        let id = begin(&fixture, xlsx(&ROWS));
        assert!(review(&fixture, id).comparison.is_empty());
        settle(&fixture, id, Take::New);
        let counted = commit(&fixture, id);
        assert_eq!((counted.registered, counted.same), (0, 3));
        assert_eq!(problems(&fixture).len(), 3);
    });
}

#[test]
fn what_changed_here_is_given_back_in_the_own_layout_and_comes_in_again_without_difference() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let bytes = xlsx(&ROWS);
        let (id, _) = import(&fixture, bytes.clone());
        let ctx = ctx(&fixture);
        assert_eq!(fixture.app.give_back(&ctx, id).unwrap().bytes, bytes, "unchanged, byte for byte");

        let problem = problems(&fixture)[0].id;
        fixture
            .app
            .step(
                &fixture.ctx(Role::Filler, "YX-SL", first_day().plus_days(4)),
                problem,
                bihuan_app::problem::Ask::default(),
                |case, scene, _| {
                    bihuan_domain::problem::sign(case, scene)?;
                    Ok(bihuan_domain::problem::note_progress(case, scene, "已清淤两处")?)
                },
            )
            .unwrap();
        let given = fixture.app.give_back(&ctx, id).unwrap();
        assert_eq!(
            given.changes, 1,
            "the status; the layout has no column for progress: {:?}",
            given.skipped
        );
        assert_eq!(given.skipped.iter().map(|(_, n)| n).sum::<usize>(), 1);
        let again = begin(&fixture, given.bytes);
        let comparison = review(&fixture, again).comparison;
        assert!(comparison.is_empty(), "{:?}", comparison.changed);
        let old = begin(&fixture, bytes);
        assert!(review(&fixture, old).comparison.is_empty(), "the file of before says nothing new");
    });
}

#[test]
fn a_changed_row_shows_what_changed_and_a_person_decides() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        import(&fixture, xlsx(&ROWS));
        let changed = ROWS[0].replace("灌渠畅通", "灌渠畅通并建立管护台账").replace("|12", "|15");
        let rows = [
            changed.as_str(),
            ROWS[1],
            "4|柳湾乡渡口无救生设备|设备齐全|添置||柳湾乡|2024年4月底前|正在整改|",
        ];
        let id = begin(&fixture, xlsx(&rows));
        let waiting = review(&fixture, id);
        assert_eq!((waiting.comparison.changed.len(), waiting.comparison.added()), (1, 1));
        assert_eq!(waiting.comparison.missing.len(), 1, "listed; nothing is deleted");
        let refusal = refused(fixture.app.start_import(&ctx(&fixture), id, waiting.view.import.version));
        assert_eq!(refusal.code, "differences_open");
        settle(&fixture, id, Take::New);
        let counted = commit(&fixture, id);
        assert_eq!((counted.registered, counted.updated, counted.same, counted.missing), (1, 1, 1, 1));
        assert_eq!(problems(&fixture)[0].goal, "灌渠畅通并建立管护台账");
        assert_eq!(problems(&fixture).len(), 4);

        let kept = begin(&fixture, xlsx(&[&changed.replace("并建立管护台账", "，三年不反弹")]));
        settle(&fixture, kept, Take::Ours);
        let counted = commit(&fixture, kept);
        assert_eq!((counted.updated, counted.kept), (0, 1));
        assert_eq!(problems(&fixture)[0].goal, "灌渠畅通并建立管护台账");
        let asked_again = begin(&fixture, xlsx(&[&changed.replace("并建立管护台账", "，三年不反弹")]));
        assert!(review(&fixture, asked_again).comparison.changed.is_empty(), "decided once");
        fixture.no_drift();
    });
}

#[test]
fn an_import_that_was_broken_off_is_taken_up_where_it_stopped() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let many: Vec<String> = (1..=IMPORT_BATCH_ROWS + 20)
            .map(|n| format!("{n}|第{n}号点位垃圾没有清运|清运|清运||石桥镇|2024年4月底前|正在整改|"))
            .collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let id = begin(&fixture, xlsx(&many));
        settle(&fixture, id, Take::New);
        let version = review(&fixture, id).view.import.version;
        fixture.app.start_import(&ctx(&fixture), id, version).unwrap();
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            fixture.app.run_import(&ctx(&fixture), id, &mut |progress| {
                assert!(progress.done == 0, "the power fails after the first batch");
            })
        }));
        assert!(broken.is_err());
        assert_eq!(problems(&fixture).len(), IMPORT_BATCH_ROWS);
        let other = begin(&fixture, xlsx(&many));
        settle(&fixture, other, Take::New);
        let version = review(&fixture, other).view.import.version;
        let refusal = refused(fixture.app.start_import(&ctx(&fixture), other, version));
        assert_eq!(refusal.code, "import_unfinished");
        let counted = fixture.app.run_import(&ctx(&fixture), id, &mut |_| {}).unwrap();
        assert_eq!(counted.registered as usize, IMPORT_BATCH_ROWS + 20);
        assert_eq!(problems(&fixture).len(), IMPORT_BATCH_ROWS + 20);
        let numbers: Vec<i64> = problems(&fixture).iter().map(|p| p.number).collect();
        assert_eq!(numbers, (1..=(IMPORT_BATCH_ROWS + 20) as i64).collect::<Vec<_>>());
        fixture.no_drift();
    });
}

#[test]
fn who_may_not_import_is_refused_and_a_stranger_sees_nothing() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = first_day().plus_days(3);
        for role in [Role::Leader, Role::Verifier, Role::Evaluator, Role::Inspector] {
            let answer = fixture
                .app
                .begin_import(&fixture.ctx(role, "YX", day), upload(&fixture, "a.xlsx", xlsx(&ROWS)));
            assert_eq!(refused(answer).code, "not_allowed", "{role:?}");
        }
        let id = begin(&fixture, xlsx(&ROWS));
        let stranger = fixture.ctx(Role::Office, "YS", day);
        assert!(matches!(fixture.app.import(&stranger, id), Err(Error::NotFound)));
        assert!(matches!(fixture.app.give_back(&stranger, id), Err(Error::NotFound)));
        assert!(fixture.app.imports(&stranger, None).unwrap().is_empty());
        let admin = fixture.ctx(Role::SystemAdmin, "YX", day);
        assert!(matches!(fixture.app.import(&admin, id), Err(Error::NotFound)));
        let leader = fixture.ctx(Role::Leader, "YX", day);
        assert_eq!(refused(fixture.app.discard_import(&leader, id, 1)).code, "not_allowed");
    });
}

#[test]
fn a_filler_registers_and_the_office_assigns() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let filler = fixture.ctx(Role::Filler, "YX", first_day().plus_days(3));
        let id = fixture.app.begin_import(&filler, upload(&fixture, "a.xlsx", xlsx(&ROWS[..1]))).unwrap().id;
        settle(&fixture, id, Take::New);
        let version = review(&fixture, id).view.import.version;
        fixture.app.start_import(&filler, id, version).unwrap();
        let counted = fixture.app.run_import(&filler, id, &mut |_| {}).unwrap();
        assert_eq!((counted.registered, counted.assigned), (1, 0));
        assert!(counted.waiting[0].1.contains("交办"), "{counted:?}");
        assert_eq!(problems(&fixture)[0].state, State::Accepted);
    });
}

#[test]
fn a_checker_who_would_do_the_work_leaves_the_row_waiting() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let id = begin(&fixture, xlsx(&ROWS[..1]));
        let answers = Answers { checking: Some(fixture.unit("YX01").id), ..Answers::default() };
        change(&fixture, id, answers);
        let counted = commit(&fixture, id);
        assert_eq!((counted.registered, counted.assigned), (1, 0));
        assert!(counted.waiting[0].1.contains("自己验收自己"), "{counted:?}");
    });
}

#[test]
fn a_text_longer_than_a_problem_takes_is_kept_whole_beside_it() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let long = "某处".repeat(2_001);
        import(&fixture, xlsx(&[&format!("1|{long}|目标|措施||石桥镇|2024年4月底前|正在整改|")]));
        let problem = &problems(&fixture)[0];
        assert_eq!(problem.text.chars().count(), bihuan_domain::problem::PROBLEM_CHARS_MAX);
        assert!(problem.extra.contains(&long));
        let id = begin(&fixture, xlsx(&[&format!("1|{long}|目标|措施||石桥镇|2024年4月底前|正在整改|")]));
        assert!(review(&fixture, id).comparison.is_empty());
    });
}

fn dev_ledgers() -> Vec<PathBuf> {
    let Some(shared) = shared_dir() else { return Vec::new() };
    let mut files: Vec<PathBuf> = std::fs::read_dir(shared.join("data/ledgers"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "xlsx" || e == "csv"))
        .collect();
    files.sort();
    files
}

#[test]
fn every_dev_ledger_goes_in_comes_out_and_goes_in_again_without_difference() {
    let files = dev_ledgers();
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        for file in &files {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let bytes = std::fs::read(file).unwrap();
            let before = problems(&fixture).len();
            let send =
                |bytes| fixture.app.begin_import(&ctx(&fixture), upload(&fixture, &name, bytes)).unwrap().id;
            let id = send(bytes);
            settle(&fixture, id, Take::Ours);
            let waiting = review(&fixture, id);
            let expected = waiting.comparison.added();
            let counted = commit(&fixture, id);
            assert_eq!(counted.registered as usize, expected, "{name}");
            assert!(counted.rows > 0, "{name}");
            assert_eq!(problems(&fixture).len(), before + expected, "{name}");
            let given = fixture.app.give_back(&ctx(&fixture), id).unwrap();
            let again = send(given.bytes);
            let comparison = review(&fixture, again).comparison;
            assert!(comparison.changed.is_empty(), "{name}: {:?}", comparison.changed);
            assert!(comparison.verdicts.iter().all(|v| matches!(v, Verdict::Same(_))), "{name}");
            settle(&fixture, again, Take::Ours);
            assert_eq!(commit(&fixture, again).registered, 0, "{name}");
            let state = fixture.app.import(&ctx(&fixture), again).unwrap().import.state;
            assert_eq!(state, ImportState::Done);
        }
        fixture.no_drift();
    });
}
