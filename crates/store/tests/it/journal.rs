//! The one door: numbers, chain, versions and roll-ups, on both engines.

use bihuan_domain::campaign::CampaignRules;
use bihuan_domain::colour::Colour;
use bihuan_domain::id::{AccountId, CampaignId, GrantId, PersonId, PostId, UnitId};
use bihuan_domain::problem::{
    self, Assignment, Case, Draft, ImportedState, Outcome, Party, PartyRole, Scene, State, Step,
};
use bihuan_domain::role::{Actor, Grant, HeldPost, Role};
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_domain::{Coded, Day};
use bihuan_store::counts::{self, AsOf};
use bihuan_store::journal::{self, ChainFault, NewEntry, Stamp, Write};
use bihuan_store::problem::{
    LedgerFilter, LedgerSort, difference, list, load_case, next_number, number_case,
};
use bihuan_store::{Db, Fault, Val, rollup, unit_tree, vals};
use bihuan_testkit::on_each_engine;

const COUNTY: i64 = 1;
const TOWN: i64 = 2;
const OTHER_TOWN: i64 = 3;
const BUREAU: i64 = 4;

fn day(offset: i32) -> Day {
    Day::from_ymd(2024, 3, 1).unwrap().plus_days(offset)
}

fn path(unit: i64) -> UnitPath {
    let county = UnitPath::root(UnitId(COUNTY));
    if unit == COUNTY { county } else { county.child(UnitId(unit)) }
}

fn unit(id: i64, name: &str, level: Level) -> Unit {
    Unit {
        id: UnitId(id),
        code: id.to_string(),
        name: name.to_owned(),
        short_names: String::new(),
        kind: UnitKind::Territory,
        level,
        sector: String::new(),
        line: String::new(),
        parent_id: (id != COUNTY).then_some(UnitId(COUNTY)),
        path: path(id),
        official_order: id,
        created_day: day(-1000),
        closed_day: None,
        successor_id: None,
        version: 1,
    }
}

fn stamp(at: Day) -> Stamp {
    Stamp { at: at.starts_at().plus_seconds(3600), source_address: "console".to_owned(), ..Stamp::default() }
}

/// A county with two towns and a bureau.
fn plant(db: &Db) {
    let units = vec![
        unit(COUNTY, "云溪县", Level::County),
        unit(TOWN, "石桥镇", Level::Township),
        unit(OTHER_TOWN, "柳湾乡", Level::Township),
        unit(BUREAU, "云溪县水利局", Level::County),
    ];
    db.write(move |conn| {
        let closure = units.iter().flat_map(|u| unit_tree::closure_rows(&u.path, u.created_day)).collect();
        let writes = vec![
            Write::bulk(&units),
            Write::Bulk {
                table: "unit_closure",
                columns: unit_tree::CLOSURE_COLUMNS.to_vec(),
                rows: closure,
            },
        ];
        let entry = NewEntry {
            action: "unit.imported".to_owned(),
            subject_kind: "unit",
            writes,
            ..NewEntry::default()
        };
        journal::append(conn, &stamp(day(-1000)), vec![entry])
    })
    .unwrap();
}

fn actor(person: i64, unit: i64, roles: &[Role]) -> Actor {
    let grants = roles
        .iter()
        .map(|role| Grant { id: GrantId(1), role: *role, unit: UnitId(unit), path: path(unit) })
        .collect();
    Actor {
        account: AccountId(person),
        person: PersonId(person),
        name: "张三".to_owned(),
        posts: vec![HeldPost {
            post: PostId(person),
            name: "干事".to_owned(),
            unit: UnitId(unit),
            path: path(unit),
        }],
        grants,
    }
}

/// Carries out one step as an app would.
fn step(
    db: &Db,
    id: Option<i64>,
    who: Actor,
    on: Day,
    decide: impl FnOnce(Option<&Case>, &Scene<'_>) -> (Case, Step) + Send + 'static,
) -> i64 {
    db.write(move |conn| -> Result<i64, Fault> {
        let before = match id {
            Some(id) => load_case(conn, bihuan_domain::id::ProblemId(id))?,
            None => None,
        };
        let rules =
            CampaignRules { screening: false, notice_days: 0, evidence_min: 0, ..CampaignRules::default() };
        let scene = Scene { actor: &who, today: on, now: on.starts_at().plus_seconds(7200), rules: &rules };
        let (mut after, step) = decide(before.as_ref(), &scene);
        if before.is_none() {
            after.problem.number = next_number(conn, CampaignId(1), 1)?;
        }
        number_case(conn, &mut after)?;
        let entry = NewEntry {
            action: step.action.code().to_owned(),
            subject_kind: "problem",
            subject_id: after.problem.id.0,
            writes: difference(before.as_ref(), &after, step.flows),
            ..NewEntry::default()
        };
        journal::append(conn, &Stamp { at: scene.now, ..stamp(on) }, vec![entry])?;
        Ok(after.problem.id.0)
    })
    .unwrap()
}

fn register(db: &Db, text: &'static str, on: Day) -> i64 {
    let office = actor(9, COUNTY, &[Role::Office]);
    step(db, None, office, on, move |_, scene| {
        let draft = Draft {
            campaign_id: CampaignId(1),
            unit_id: UnitId(COUNTY),
            unit_path: path(COUNTY),
            text: text.to_owned(),
            category: "水利".to_owned(),
            source: "self".to_owned(),
            ..Draft::default()
        };
        problem::register(draft, scene, Some(ImportedState::Accepted)).unwrap()
    })
}

fn assign(db: &Db, id: i64, lead: i64, due: Day, on: Day) {
    let office = actor(9, COUNTY, &[Role::Office]);
    step(db, Some(id), office, on, move |case, scene| {
        let mut case = case.unwrap().clone();
        let party =
            |unit: i64, role| Party { unit_id: UnitId(unit), path: path(unit), role, written: String::new() };
        let order = Assignment {
            parties: vec![party(lead, PartyRole::Lead), party(BUREAU, PartyRole::Checking)],
            ..Assignment::default()
        };
        case.problem.due_day = Some(due);
        let step = problem::assign(&mut case, scene, order, "").unwrap();
        (case, step)
    });
}

fn own(db: &Db, unit: i64, today: Day) -> counts::Counts {
    db.read(|conn| counts::of_unit(conn, UnitId(unit), CampaignId(1), today, 7, None)).unwrap()
}

fn no_drift(db: &Db) {
    let drift = db.read(|conn| rollup::recount(conn, 10)).unwrap();
    assert!(drift.is_empty(), "{drift:?}");
}

#[test]
fn a_problem_is_counted_up_the_tree_and_colours_are_arithmetic_m21() {
    on_each_engine(|t| {
        plant(&t.db);
        let id = register(&t.db, "灌渠淤积，下游三个组春灌用水不足", day(0));
        assert_eq!(own(&t.db, COUNTY, day(0)).state(State::Accepted), 1);
        assign(&t.db, id, TOWN, day(10), day(1));
        let seen = own(&t.db, TOWN, day(2));
        assert_eq!((seen.state(State::Assigned), seen.colour(Colour::Green), seen.late), (1, 1, 0));
        assert_eq!(own(&t.db, COUNTY, day(5)).colour(Colour::Yellow), 1);
        let late = own(&t.db, COUNTY, day(11));
        assert_eq!((late.colour(Colour::Red), late.late, late.late_by_age), (1, 1, [1, 0, 0, 0]));
        let old = own(&t.db, COUNTY, day(500));
        assert_eq!((old.late, old.late_by_age), (1, [0, 0, 0, 1]));
        let children =
            t.db.read(|conn| counts::of_children(conn, UnitId(COUNTY), CampaignId(1), day(500), 7)).unwrap();
        assert_eq!(children[&UnitId(TOWN)].late, 1);
        assert!(!children.contains_key(&UnitId(OTHER_TOWN)));
        no_drift(&t.db);
    });
}

#[test]
fn figures_of_a_past_day_stay_what_they_were_m47() {
    on_each_engine(|t| {
        plant(&t.db);
        let id = register(&t.db, "灌渠淤积，下游三个组春灌用水不足", day(0));
        assign(&t.db, id, TOWN, day(10), day(3));
        let clerk = actor(20, TOWN, &[Role::Filler]);
        step(&t.db, Some(id), clerk.clone(), day(4), |case, scene| {
            let mut case = case.unwrap().clone();
            let step = problem::sign(&mut case, scene).unwrap();
            (case, step)
        });
        step(&t.db, Some(id), clerk, day(6), |case, scene| {
            let mut case = case.unwrap().clone();
            let step =
                problem::report_done(&mut case, scene, Outcome::Solved, "已清淤1.2公里", day(6)).unwrap();
            (case, step)
        });
        let past = |on: Day| {
            t.db.read(|conn| {
                let moment = AsOf { seq: journal::last_of_day(conn, on)?, day: on };
                counts::as_of(conn, UnitId(COUNTY), CampaignId(1), moment, 7, None)
            })
            .unwrap()
        };
        assert_eq!(past(day(1)).0.state(State::Accepted), 1);
        let (own, children) = past(day(4));
        assert_eq!((own.state(State::Rectifying), own.total()), (1, 1));
        assert_eq!(children[&UnitId(TOWN)].state(State::Rectifying), 1);
        assert_eq!(past(day(6)).0.state(State::Reported), 1);
        assert_eq!(past(day(-1)).0.total(), 0);
        no_drift(&t.db);
    });
}

#[test]
fn a_moved_unit_takes_its_counts_along_and_the_past_keeps_the_old_tree_m01() {
    on_each_engine(|t| {
        plant(&t.db);
        let id = register(&t.db, "灌渠淤积，下游三个组春灌用水不足", day(0));
        assign(&t.db, id, TOWN, day(10), day(1));
        t.db.write(|conn| {
            let step = unit_tree::Move {
                unit: UnitId(TOWN),
                old_path: path(TOWN),
                new_path: path(OTHER_TOWN).child(UnitId(TOWN)),
                day: day(5),
            };
            let entry = NewEntry {
                action: "unit.moved".to_owned(),
                writes: vec![Write::MoveUnit(step)],
                ..NewEntry::default()
            };
            journal::append(conn, &stamp(day(5)), vec![entry])
        })
        .unwrap();
        assert_eq!(own(&t.db, OTHER_TOWN, day(5)).total(), 1);
        assert_eq!(own(&t.db, COUNTY, day(5)).total(), 1);
        let children = |on: Day| {
            t.db.read(|conn| {
                let moment = AsOf { seq: journal::last_of_day(conn, on)?, day: on };
                counts::as_of(conn, UnitId(COUNTY), CampaignId(1), moment, 7, None)
            })
            .unwrap()
            .1
        };
        assert!(children(day(4)).contains_key(&UnitId(TOWN)));
        assert!(children(day(5)).contains_key(&UnitId(OTHER_TOWN)));
        no_drift(&t.db);
    });
}

#[test]
fn the_ledger_lists_and_totals_what_its_filter_says() {
    on_each_engine(|t| {
        plant(&t.db);
        for n in 0..12 {
            let id = register(&t.db, "灌渠淤积，下游三个组春灌用水不足", day(0));
            if n % 3 != 0 {
                assign(&t.db, id, if n % 2 == 0 { TOWN } else { OTHER_TOWN }, day(n), day(0));
            }
        }
        let base = LedgerFilter {
            campaign: CampaignId(1),
            unit: UnitId(COUNTY),
            path: path(COUNTY),
            today: day(5),
            yellow_days: 7,
            limit: 3,
            sort: LedgerSort::Due,
            ..LedgerFilter::default()
        };
        let page = |f: &LedgerFilter| t.db.read(|conn| list(conn, f)).unwrap();
        let all = page(&base);
        assert_eq!((all.total, all.rows.len()), (12, 3));
        assert!(all.rows[0].clock_day <= all.rows[1].clock_day);
        let late = page(&LedgerFilter { late: true, limit: 50, ..base.clone() });
        assert_eq!(late.total, late.rows.len() as i64);
        assert!(late.rows.iter().all(|p| p.is_late_on(day(5))) && late.total == 3);
        for colour in Colour::ALL {
            let shown = page(&LedgerFilter { colour: Some(*colour), limit: 50, ..base.clone() });
            assert_eq!(shown.total, shown.rows.len() as i64, "{}", colour.label());
            assert!(shown.rows.iter().all(|p| p.colour_on(day(5), 7) == Some(*colour)));
        }
        let words = page(&LedgerFilter { text: "春灌".to_owned(), ..base.clone() });
        assert_eq!(words.total, 12);
        let town = page(&LedgerFilter { unit: UnitId(TOWN), path: path(TOWN), limit: 50, ..base });
        assert!(
            town.rows.iter().all(|p| p.home_unit_id == UnitId(TOWN)) && town.total == town.rows.len() as i64
        );
    });
}

#[test]
fn an_altered_entry_is_named_by_verify_m47() {
    on_each_engine(|t| {
        plant(&t.db);
        register(&t.db, "灌渠淤积，下游三个组春灌用水不足", day(0));
        register(&t.db, "村口垃圾池满溢，三天未清运", day(0));
        let verify = || t.db.read(|conn| journal::verify_chain(conn, &mut |_| {})).unwrap();
        assert_eq!(verify().fault, None);
        assert_eq!(verify().entries, 3);
        let refused = t.db.write(|conn| conn.exec("UPDATE entry SET note = 'x' WHERE seq = 2", &[]));
        assert!(refused.is_err(), "the trigger must refuse");
        assert!(t.db.write(|conn| conn.exec("DELETE FROM entry WHERE seq = 3", &[])).is_err());
        t.db.write(|conn| conn.batch(bihuan_testkit::lift_append_only(conn.engine()))).unwrap();
        t.db.write(|conn| conn.exec("UPDATE entry SET note = 'x' WHERE seq = 2", &[])).unwrap();
        assert_eq!(verify().fault, Some(ChainFault::Altered { seq: 2 }));
    });
}

#[test]
fn roll_ups_that_drift_are_named_and_not_repaired() {
    on_each_engine(|t| {
        plant(&t.db);
        register(&t.db, "灌渠淤积，下游三个组春灌用水不足", day(0));
        t.db.write(|conn| conn.exec("UPDATE rollup SET n = 5 WHERE facet = 'state'", &[])).unwrap();
        let drift = t.db.read(|conn| rollup::recount(conn, 10)).unwrap();
        assert_eq!(drift.len(), 1);
        assert_eq!((drift[0].kept, drift[0].counted), (5, 1));
        let kept = t.db.read(|conn| conn.first("SELECT n FROM rollup WHERE facet = 'state'", &[])).unwrap();
        assert_eq!(kept.unwrap().val(0).unwrap(), &Val::Int(5));
    });
}

#[test]
fn personal_data_can_be_erased_without_breaking_the_chain_m48() {
    on_each_engine(|t| {
        let person = bihuan_domain::person::Person {
            id: PersonId(1),
            name: "李四".to_owned(),
            phone: "0000000".to_owned(),
            version: 1,
        };
        t.db.write(move |conn| {
            let entry = NewEntry {
                action: "person.created".to_owned(),
                subject_kind: "person",
                subject_id: 1,
                writes: vec![Write::insert(&person)],
                ..NewEntry::default()
            };
            journal::append(conn, &stamp(day(0)), vec![entry])
        })
        .unwrap();
        let body =
            t.db.read(|conn| conn.first("SELECT body FROM entry", &[])).unwrap().unwrap().text(0).unwrap();
        assert!(!body.contains("李四") && body.contains("personal"), "{body}");
        t.db.write(|conn| journal::erase_personal(conn, 1)).unwrap();
        let kept = t.db.read(|conn| conn.rows("SELECT seq FROM entry_personal", &vals![])).unwrap();
        assert!(kept.is_empty());
        assert_eq!(t.db.read(|conn| journal::verify_chain(conn, &mut |_| {})).unwrap().fault, None);
    });
}

#[test]
fn nothing_changes_when_the_journal_cannot_be_written() {
    on_each_engine(|t| {
        plant(&t.db);
        let id = register(&t.db, "灌渠淤积，下游三个组春灌用水不足", day(0));
        t.db.write(|conn| conn.batch("ALTER TABLE entry RENAME TO entry_away;")).unwrap();
        let refused = t.db.write(move |conn| -> Result<i64, Fault> {
            let before = load_case(conn, bihuan_domain::id::ProblemId(id))?.unwrap();
            let mut after = before.clone();
            after.problem.remark = "改过".to_owned();
            let writes = difference(Some(&before), &after, vec![]);
            let entry =
                NewEntry { action: "problem.progress_noted".to_owned(), writes, ..NewEntry::default() };
            journal::append(conn, &stamp(day(1)), vec![entry])
        });
        assert!(refused.is_err());
        t.db.write(|conn| conn.batch("ALTER TABLE entry_away RENAME TO entry;")).unwrap();
        let kept = t.db.read(|conn| load_case(conn, bihuan_domain::id::ProblemId(id))).unwrap().unwrap();
        assert_eq!(kept.problem.remark, "");
        assert_eq!(t.db.read(|conn| journal::verify_chain(conn, &mut |_| {})).unwrap().fault, None);
        no_drift(&t.db);
    });
}

#[test]
fn entries_of_many_writers_are_numbered_without_gaps() {
    on_each_engine(|t| {
        plant(&t.db);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        register(&t.db, "村口垃圾池满溢，三天未清运", day(0));
                    }
                });
            }
        });
        let report = t.db.read(|conn| journal::verify_chain(conn, &mut |_| {})).unwrap();
        assert_eq!((report.entries, report.fault), (81, None));
        assert_eq!(own(&t.db, COUNTY, day(0)).total(), 80);
        no_drift(&t.db);
    });
}
