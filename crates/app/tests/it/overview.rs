//! Figures (M46, M47): every number opens to exactly its rows, now and as of any past day, and the past does not drift.

use crate::support::{Fixture, context, first_day};
use bihuan_app::ledger::{ExportFormat, LedgerQuery, scratch_file};
use bihuan_app::overview::{Figure, Overview};
use bihuan_app::problem::{Desk, write_step};
use bihuan_app::{Context, Error};
use bihuan_domain::Day;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::deadline::Deadline;
use bihuan_domain::id::ProblemId;
use bihuan_domain::problem::{
    self as domain, Assignment, Case, Draft, ImportedState, Outcome, Party, PartyRole, Scene, Step, Truth,
    Verdict,
};
use bihuan_domain::role::Role;
use bihuan_store::journal;
use bihuan_testkit::on_each_engine;
use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.roll(from.len() as u64) as usize]
    }
}

const UNITS: [&str; 5] = ["YX01", "YX02", "YX0101", "YX0201", "YX-SL"];

fn office(fixture: &Fixture, day: Day) -> Context {
    context(2, Role::Office, &fixture.unit("JZ"), day)
}

fn reader(fixture: &Fixture, code: &str, day: Day) -> Context {
    context(9, Role::Evaluator, &fixture.unit(code), day)
}

fn register(fixture: &Fixture, dice: &mut Dice, day: Day) -> ProblemId {
    let unit = fixture.unit(dice.pick(&["YX01", "YX02", "YX-SL", "YX0101", "YX"]));
    let category = dice.pick(&["livelihood", "", "其他"]).to_owned();
    let source = dice.pick(&["self-check", ""]).to_owned();
    let state = [
        ImportedState::Accepted,
        ImportedState::Accepted,
        ImportedState::Screen,
        ImportedState::ClosedBefore,
    ][dice.roll(4) as usize];
    let (app, ctx) = (fixture.app.clone(), office(fixture, day));
    let write = move |conn: &mut bihuan_store::Conn| -> Result<ProblemId, Error> {
        let campaign: Campaign = journal::by_id(conn, 1)?.unwrap();
        let rules = app.rules(&campaign)?;
        let draft = Draft {
            campaign_id: campaign.id,
            unit_id: unit.id,
            unit_path: unit.path,
            text: "渡口没有救生设备".to_owned(),
            category,
            source,
            number: bihuan_store::problem::next_number(conn, campaign.id, 1)?,
            ..Draft::default()
        };
        let (case, step) = domain::register(draft, &ctx.scene(&rules), Some(state))?;
        Ok(write_step(conn, &ctx, None, case, step)?.problem.id)
    };
    fixture.db.write(write).unwrap()
}

fn act(
    fixture: &Fixture,
    ctx: &Context,
    id: ProblemId,
    decide: impl FnOnce(&mut Case, &Scene<'_>) -> Result<Step, bihuan_domain::Refusal> + Send + 'static,
) {
    let step = move |case: &mut Case, scene: &Scene<'_>, _: &mut Desk<'_>| Ok(decide(case, scene)?);
    match fixture.app.step(ctx, id, bihuan_app::problem::Ask::default(), step) {
        Ok(_) | Err(Error::Refused(_) | Error::NotFound) => {}
        Err(other) => panic!("{other:?}"),
    }
}

fn assign(fixture: &Fixture, dice: &mut Dice, id: ProblemId, day: Day) {
    let lead = fixture.unit(dice.pick(&UNITS));
    let checking = fixture.unit("YX-ZGB");
    let due = Deadline::on(day.plus_days(dice.roll(40) as i32 - 5));
    let party = |unit: bihuan_domain::unit::Unit, role| Party {
        unit_id: unit.id,
        path: unit.path,
        role,
        written: String::new(),
    };
    let order = Assignment {
        parties: vec![party(lead, PartyRole::Lead), party(checking, PartyRole::Checking)],
        deadline: Some(due),
        ..Assignment::default()
    };
    act(fixture, &office(fixture, day), id, |case, scene| domain::assign(case, scene, order, "调整"));
}

/// One random step on a random problem; refused ones do nothing.
fn step(fixture: &Fixture, dice: &mut Dice, id: ProblemId, day: Day) {
    let doer = context(3, Role::Filler, &fixture.unit("YX"), day);
    let checker = context(4, Role::Verifier, &fixture.unit("YX-ZGB"), day);
    // Mostly what comes next, so that many go the whole way; sometimes anything.
    let next = match fixture.problem(id).problem.state {
        _ if dice.roll(5) == 0 => dice.roll(8),
        domain::State::Assigned => 2,
        domain::State::Rectifying | domain::State::SentBack => 3,
        domain::State::Reported => 4 + u64::from(dice.roll(4) > 0),
        domain::State::Proposed => 6,
        domain::State::Closed => 7 * dice.roll(2),
        _ => 0,
    };
    match next {
        0 | 1 => assign(fixture, dice, id, day),
        2 => act(fixture, &doer, id, domain::sign),
        3 => act(fixture, &doer, id, move |case, scene| {
            case.closure_evidence = 1;
            domain::report_done(case, scene, Outcome::Solved, "已整改", day)
        }),
        4 => act(fixture, &checker, id, |case, scene| domain::send_back(case, scene, "照片看不清")),
        5 => act(fixture, &checker, id, |case, scene| {
            case.closure_evidence = 1;
            let verdict =
                Verdict { outcome: Outcome::Solved, truth: Truth::True, note: "现场看过".to_owned() };
            domain::verify(case, scene, verdict)
        }),
        6 => act(fixture, &office(fixture, day), id, |case, scene| domain::confirm_closure(case, scene, "")),
        _ => act(fixture, &office(fixture, day), id, |case, scene| domain::reopen(case, scene, "又出现了")),
    }
}

fn figures(overview: &Overview) -> Vec<&Figure> {
    let states = overview.states.iter().flat_map(|line| std::iter::once(&line.all).chain(&line.colours));
    let facets = overview.categories.iter().chain(&overview.strands).chain(&overview.sources);
    overview
        .figures
        .iter()
        .chain(states)
        .chain(&overview.colours)
        .chain(&overview.outcomes)
        .chain(&overview.late_by_age)
        .chain(facets.flat_map(|line| [&line.open, &line.closed]))
        .chain(overview.children.iter().flat_map(|line| &line.figures))
        .chain(overview.trend.iter().flat_map(|week| &week.figures))
        .chain(&overview.changed)
        .collect()
}

fn ask(fixture: &Fixture, unit: &str, as_of: Option<Day>) -> LedgerQuery {
    LedgerQuery { unit: Some(fixture.unit(unit).id), as_of, ..LedgerQuery::default() }
}

fn every_number_is_its_rows(fixture: &Fixture, unit: &str, as_of: Option<Day>, today: Day) {
    let ctx = reader(fixture, "JZ", today);
    let overview =
        fixture.app.overview(&ctx, &ask(fixture, unit, as_of), Some(today.plus_days(-20))).unwrap();
    for (at, figure) in figures(&overview).into_iter().enumerate() {
        let told = || {
            format!("{unit} as of {as_of:?}: {} {} {:?}", figure.definition.code, figure.label, figure.query)
        };
        assert_eq!(fixture.app.ledger_total(&ctx, &figure.query).unwrap(), figure.value, "{}", told());
        // The page counts in other ways than the total, where roll-ups know it; a part of them shows that.
        if at % 5 != 0 {
            continue;
        }
        let page = fixture.app.ledger(&ctx, &LedgerQuery { per: Some(500), ..figure.query.clone() }).unwrap();
        assert_eq!((page.total, page.lines.len() as i64), (figure.value, figure.value), "{}", told());
    }
    let total = overview.figures[0].value;
    let parts: i64 = overview.children.iter().map(|line| line.figures[0].value).sum();
    assert_eq!(total, parts, "本级 and children add up");
}

/// The numbers of the head and of the children, by unit and code.
fn snapshot(overview: &Overview) -> BTreeMap<String, i64> {
    let heads = overview
        .figures
        .iter()
        .chain(&overview.colours)
        .chain(&overview.outcomes)
        .chain(&overview.late_by_age);
    let mut told: BTreeMap<String, i64> =
        heads.map(|f| (format!("{}{}", f.definition.code, f.label), f.value)).collect();
    for line in overview.children.iter().filter(|line| line.figures[0].value > 0) {
        told.extend(line.figures.iter().map(|f| (format!("{} {}", line.name, f.definition.code), f.value)));
    }
    told
}

#[test]
fn every_figure_is_the_number_of_its_rows_now_and_on_past_days_and_the_past_stays() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let mut dice = Dice(7);
        let mut ids = Vec::new();
        let mut told: BTreeMap<Day, BTreeMap<String, i64>> = BTreeMap::new();
        for n in 1..=24 {
            let day = first_day().plus_days(n * 2);
            for _ in 0..3 {
                ids.push(register(&fixture, &mut dice, day));
            }
            for _ in 0..14 {
                let id = ids[dice.roll(ids.len() as u64) as usize];
                step(&fixture, &mut dice, id, day);
            }
            if n == 14 {
                let ctx = context(8, Role::Office, &fixture.unit("JZ"), day);
                let admin = context(8, Role::SystemAdmin, &fixture.unit("JZ"), day);
                let (village, to) = (fixture.unit("YX0101").id, fixture.unit("YX02").id);
                let moved = fixture.app.move_unit(&admin, village, None, to, day);
                moved.or_else(|_| fixture.app.move_unit(&ctx, village, None, to, day)).unwrap();
            }
            let ctx = reader(&fixture, "JZ", day);
            told.insert(
                day,
                snapshot(&fixture.app.overview(&ctx, &ask(&fixture, "YX", None), None).unwrap()),
            );
        }
        let today = first_day().plus_days(49);
        let seen =
            fixture.app.overview(&reader(&fixture, "JZ", today), &ask(&fixture, "YX", None), None).unwrap();
        let moved: Vec<i64> =
            seen.trend.iter().map(|week| week.figures.iter().map(|f| f.value).sum()).collect();
        assert!(moved.iter().sum::<i64>() > 80, "enough happened: {moved:?}");
        assert!(seen.figures.iter().all(|figure| figure.value > 0), "{:?}", snapshot(&seen));
        for unit in ["YX", "YX02"] {
            every_number_is_its_rows(&fixture, unit, None, today);
            for back in [1, 21, 33] {
                every_number_is_its_rows(&fixture, unit, Some(today.plus_days(-back)), today);
            }
        }
        let ctx = reader(&fixture, "JZ", today);
        for (day, then) in &told {
            let now = fixture.app.overview(&ctx, &ask(&fixture, "YX", Some(*day)), None).unwrap();
            assert_eq!(&snapshot(&now), then, "the numbers of {day} stay what they were");
        }
        fixture.no_drift();
    });
}

#[test]
fn a_reader_sees_only_their_subtree_and_a_stranger_nothing() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = first_day().plus_days(2);
        let id = register(&fixture, &mut Dice(1), day);
        assign(&fixture, &mut Dice(3), id, day);
        let county = ask(&fixture, "YX", None);
        let town = reader(&fixture, "YX01", day);
        assert!(matches!(fixture.app.overview(&town, &county, None), Err(Error::NotFound)));
        assert!(matches!(fixture.app.ledger(&town, &county), Err(Error::NotFound)));
        let stranger = reader(&fixture, "YS", day);
        for unit in ["YX", "YX01", "YX-SL"] {
            assert!(matches!(
                fixture.app.overview(&stranger, &ask(&fixture, unit, None), None),
                Err(Error::NotFound)
            ));
            assert!(matches!(
                fixture.app.ledger(&stranger, &ask(&fixture, unit, None)),
                Err(Error::NotFound)
            ));
        }
        let admin = context(9, Role::AuditAdmin, &fixture.unit("JZ"), day);
        assert!(matches!(fixture.app.overview(&admin, &county, None), Err(Error::NotFound)));
    });
}

#[test]
fn children_without_a_problem_are_rows_too_in_their_official_order() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let ctx = reader(&fixture, "JZ", first_day().plus_days(2));
        let overview = fixture.app.overview(&ctx, &ask(&fixture, "YX", None), None).unwrap();
        let names: Vec<&str> = overview.children.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(
            names,
            ["云溪县本级", "石桥镇", "柳湾乡", "白塔镇", "云溪县整改办", "云溪县水利局", "云溪县财政局"]
        );
        assert!(
            figures(&overview)
                .iter()
                .all(|figure| figure.value == 0 && !figure.definition.definition.is_empty())
        );
        assert!(overview.figures[4].is_small_sample() && overview.figures[4].per_mille().is_none());
    });
}

#[test]
fn an_exported_list_has_every_row_once_and_no_formula() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let day = first_day().plus_days(2);
        let mut dice = Dice(5);
        for _ in 0..7 {
            register(&fixture, &mut dice, day);
        }
        let ctx = reader(&fixture, "JZ", day);
        let query = LedgerQuery { per: Some(2), page: 2, ..ask(&fixture, "YX", None) };
        let mut file = scratch_file().unwrap();
        assert_eq!(fixture.app.export_list(&ctx, &query, ExportFormat::Csv, &mut file).unwrap(), 7);
        file.rewind().unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text.lines().count(), 8, "{text}");
        let mut sheet = scratch_file().unwrap();
        fixture.app.export_list(&ctx, &query, ExportFormat::Xlsx, &mut sheet).unwrap();
        sheet.rewind().unwrap();
        let mut bytes = Vec::new();
        sheet.read_to_end(&mut bytes).unwrap();
        let book = bihuan_documents::sheet::read_any("a.xlsx", &bytes).unwrap();
        assert_eq!(book.sheets[0].height(), 10, "title, meta, header, seven rows");
        let entry = fixture.db.read(|conn| journal::list(conn, &journal::EntryFilter::default(), 1)).unwrap();
        assert_eq!(entry[0].action, "ledger.exported");
        let stranger = reader(&fixture, "YS", day);
        let mut none = scratch_file().unwrap();
        let refused = fixture.app.export_list(&stranger, &query, ExportFormat::Csv, &mut none);
        assert!(matches!(refused, Err(Error::NotFound)));
    });
}

#[test]
fn a_view_is_kept_under_its_name_and_only_its_owner_may_drop_it() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let ctx = reader(&fixture, "JZ", first_day().plus_days(2));
        let query = LedgerQuery { late: true, text: "渡口".to_owned(), ..ask(&fixture, "YX", None) };
        let view = fixture.app.save_view(&ctx, "逾期的渡口", &query).unwrap();
        assert_eq!(fixture.app.save_view(&ctx, "逾期的渡口", &query.base()).unwrap().id, view.id);
        let other = context(5, Role::Evaluator, &fixture.unit("JZ"), first_day().plus_days(2));
        assert!(matches!(fixture.app.drop_view(&other, view.id), Err(Error::NotFound)));
        fixture.app.drop_view(&ctx, view.id).unwrap();
    });
}
