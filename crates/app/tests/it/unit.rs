//! The tree with a history (M01).

use crate::support::{Fixture, first_day, path_of, refused};
use bihuan_app::Context;
use bihuan_app::unit::{AsOf, SplitOrder};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, ProblemId, UnitId};
use bihuan_domain::problem::{PartyRole, State};
use bihuan_domain::role::Role;
use bihuan_domain::unit::reorganise::UnitDraft;
use bihuan_domain::unit::{Level, Unit, UnitKind};
use bihuan_store::counts::{self, AsOf as Moment};
use bihuan_store::record::Record;
use bihuan_store::{Conn, Fault, journal, vals};
use bihuan_testkit::on_each_engine;
use std::collections::{BTreeMap, BTreeSet};

pub fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

/// A village to be set up.
pub fn draft(code: &str, name: &str) -> UnitDraft {
    UnitDraft {
        code: code.to_owned(),
        name: name.to_owned(),
        short_names: String::new(),
        kind: UnitKind::Territory,
        level: Level::Village,
        sector: String::new(),
        line: String::new(),
        official_order: 9,
    }
}

#[test]
fn a_unit_is_created_renamed_and_keeps_the_name_of_each_day_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(10));
        let town = f.unit("YX01").id;
        let made = f.app.create_unit(&office, town, draft("YX0103", "下坪村"), day(5)).unwrap();
        assert_eq!(made.unit.path.units().len(), 4);
        f.app.rename_unit(&office, made.unit.id, Some(1), "下坪社区", day(8)).unwrap();
        let name =
            |on| f.db.read(|conn| bihuan_store::unit::name_on(conn, made.unit.id, on)).unwrap().unwrap();
        assert_eq!([name(day(5)), name(day(7)), name(day(8))], ["下坪村", "下坪村", "下坪社区"]);
        let past = f.app.unit_page(&office, made.unit.id, AsOf::Day(day(6))).unwrap();
        assert_eq!(past.name, "下坪村");
        let history: Vec<_> = past.history.iter().map(|item| (item.day, item.label)).collect();
        assert_eq!(history, [(day(8), "更名"), (day(5), "设立")]);
        let stale = f.app.rename_unit(&office, made.unit.id, Some(1), "别名", day(9)).unwrap_err();
        assert_eq!(stale.code(), "conflict");
    });
}

#[test]
fn what_the_rules_forbid_is_refused_with_its_code_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "JZ", day(10));
        let id = |code: &str| f.unit(code).id;
        let code_of = |answer| refused::<bihuan_app::unit::UnitDone>(answer).code;
        let app = &f.app;
        assert_eq!(
            code_of(app.create_unit(&office, id("YX"), draft("YX01", "重码乡"), day(1))),
            "code_taken"
        );
        assert_eq!(
            code_of(app.create_unit(&office, id("YX"), draft("X", "明日乡"), day(11))),
            "day_in_future"
        );
        assert_eq!(
            code_of(app.create_unit(&office, id("YX"), draft("X", "昨日乡"), day(-1))),
            "day_before_creation"
        );
        assert_eq!(code_of(app.move_unit(&office, id("YX01"), None, id("YX0101"), day(1))), "below_itself");
        assert_eq!(code_of(app.move_unit(&office, id("YX01"), None, id("YX"), day(1))), "same_parent");
        assert_eq!(code_of(app.close_unit(&office, id("YX01"), None, day(1))), "open_children");
        assert_eq!(code_of(app.merge_units(&office, id("YX01"), None, id("YX0101"), day(1))), "below_itself");
        assert_eq!(code_of(app.rename_unit(&office, id("YX01"), None, "石桥镇", day(1))), "same_name");
        f.assigned("YX0102", "YX-SL", day(10));
        assert_eq!(code_of(app.close_unit(&office, id("YX0102"), None, day(10))), "open_problems");
        app.move_unit(&office, id("YX0101"), None, id("YX02"), day(9)).unwrap();
        assert_eq!(
            code_of(app.move_unit(&office, id("YX0101"), None, id("YX03"), day(8))),
            "day_before_last_change"
        );
    });
}

#[test]
fn only_the_office_above_reorganises_and_the_system_administrator_does_not_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (town, village) = (f.unit("YX01").id, f.unit("YX0101").id);
        for role in [Role::Filler, Role::Leader, Role::Verifier, Role::Evaluator, Role::SystemAdmin] {
            let ctx = f.ctx(role, "YX", day(1));
            assert_eq!(
                refused(f.app.rename_unit(&ctx, town, None, "新名", day(1))).code,
                "not_allowed",
                "{role:?}"
            );
        }
        // The town's own office orders its villages, but does not rename the town.
        let own = f.ctx(Role::Office, "YX01", day(1));
        assert_eq!(refused(f.app.rename_unit(&own, town, None, "新名", day(1))).code, "not_allowed");
        f.app.rename_unit(&own, village, None, "青石社区", day(1)).unwrap();
        let stranger = f.ctx(Role::Office, "YS", day(1));
        assert_eq!(
            f.app.rename_unit(&stranger, village, None, "新名", day(1)).unwrap_err().code(),
            "not_found"
        );
    });
}

#[test]
fn a_merger_is_reported_first_and_its_problems_go_to_the_successor_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (from, into) = (f.unit("YX02"), f.unit("YX03"));
        let doing = f.assigned("YX02", "YX-SL", day(3));
        let would_check_itself = f.assigned("YX02", "YX03", day(3));
        let waiting = f.accepted("YX02", day(3));
        let other = f.assigned("YX01", "YX-SL", day(3));
        let office = f.ctx(Role::Office, "YX", day(10));
        let head = f.db.read(journal::head).unwrap();
        let plan = f.app.plan_merge(&office, from.id, into.id, day(10)).unwrap();
        assert_eq!(f.db.read(journal::head).unwrap(), head, "a plan changes nothing");
        assert_eq!((plan.problems.len(), plan.children.len(), plan.below), (3, 1, 2));
        let told = plan.problems.iter().find(|p| p.id == would_check_itself).unwrap();
        assert_eq!(told.new_checker.as_deref(), Some("云溪县"), "the doer never checks");
        f.app.merge_units(&office, from.id, Some(from.version), into.id, day(10)).unwrap();
        let case = f.problem(doing);
        assert_eq!((case.problem.lead_unit_id, case.problem.holder_unit_id), (Some(into.id), Some(into.id)));
        assert_eq!(case.problem.home_path, into.path);
        assert_eq!(f.problem(would_check_itself).problem.checking_unit_id, Some(f.unit("YX").id));
        assert_eq!(f.problem(waiting).problem.home_unit_id, into.id);
        assert_eq!(f.problem(other).problem.lead_unit_id, Some(f.unit("YX01").id));
        let entries =
            f.db.read(|conn| {
                let filter = journal::EntryFilter {
                    subject: Some(("problem".to_owned(), doing.0)),
                    ..Default::default()
                };
                journal::list(conn, &filter, 1)
            })
            .unwrap();
        assert_eq!(entries[0].action, "problem.reassigned");
        assert!(entries[0].note.contains("并入"), "{}", entries[0].note);
        assert_eq!(f.unit("YX0201").parent_id, Some(into.id));
        assert_eq!(f.unit("YX02").successor_id, Some(into.id));
        f.no_drift();
    });
}

#[test]
fn a_merger_moves_what_is_to_be_done_and_leaves_what_was_signed_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let id = f.assigned("YX02", "YX-SL", day(3));
        let clerk = crate::support::context(7, Role::Filler, &f.unit("YX02"), day(4));
        f.app.sign(&clerk, id, None).unwrap();
        let office = f.ctx(Role::Office, "YX", day(10));
        f.app.merge_units(&office, f.unit("YX02").id, None, f.unit("YX03").id, day(10)).unwrap();
        let case = f.problem(id);
        let deed = case.deeds.iter().find(|d| d.person_id == clerk.actor.person).unwrap();
        assert_eq!(deed.unit_id, f.unit("YX02").id, "the signature stays with person and unit of the day");
        assert_eq!(case.problem.state, State::Rectifying);
        assert!(case.units_with(PartyRole::Lead).any(|p| p.unit_id == f.unit("YX03").id));
    });
}

#[test]
fn a_split_makes_new_units_beside_and_takes_named_children_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(10));
        let town = f.unit("YX01");
        let part = UnitDraft { level: Level::Township, ..draft("YX09", "上坪镇") };
        let order = SplitOrder { parts: vec![(part, vec![f.unit("YX0102").id])], day: day(10) };
        f.app.split_unit(&office, town.id, Some(town.version), order).unwrap();
        let new = f.unit("YX09");
        assert_eq!((new.parent_id, f.unit("YX0102").parent_id), (town.parent_id, Some(new.id)));
        let page = f.app.unit_page(&office, town.id, AsOf::Today).unwrap();
        assert!(page.history.iter().any(|item| item.label == "拆分" && item.text.contains("上坪镇")));
    });
}

#[test]
fn siblings_are_put_in_order_and_listed_so_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(1));
        let county = f.unit("YX").id;
        f.app.reorder_units(&office, county, &[f.unit("YX03").id, f.unit("YX02").id]).unwrap();
        let listed = f.app.browse_units(&office, Some(county), AsOf::Today, false, 0).unwrap();
        let names: Vec<&str> = listed.children.iter().map(|c| c.unit.name.as_str()).take(3).collect();
        assert_eq!(names, ["白塔镇", "柳湾乡", "石桥镇"]);
    });
}

#[test]
fn a_reader_sees_their_subtree_and_the_way_to_it_and_nothing_else_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let clerk = f.ctx(Role::Filler, "YX01", day(1));
        let names = |parent: Option<UnitId>| -> Vec<String> {
            let found = f.app.browse_units(&clerk, parent, AsOf::Today, false, 0).unwrap();
            found.children.into_iter().map(|c| c.unit.name).collect()
        };
        assert_eq!(names(None), ["江州市"]);
        assert_eq!(names(Some(f.unit("JZ").id)), ["云溪县"]);
        assert_eq!(names(Some(f.unit("YX").id)), ["石桥镇"]);
        let hidden = f.app.unit_page(&clerk, f.unit("YX02").id, AsOf::Today).unwrap_err();
        assert_eq!(hidden.code(), "not_found");
        let found = |words: &str| -> Vec<String> {
            f.app.search_units(&clerk, words, 20).unwrap().into_iter().map(|found| found.unit.name).collect()
        };
        assert_eq!(found("村"), ["青石村", "上坪村", "青石村党支部"]);
        assert!(found("水利局").is_empty() && found("远山").is_empty());
    });
}

#[test]
fn units_are_found_by_name_short_name_code_and_place_whatever_the_brackets_a16() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        f.import("code,name,parent_code\nKFQ,云溪县经济开发区（筹）,\nKFQ1,A区管委会,KFQ\n");
        let admin = f.ctx(Role::SystemAdmin, "JZ", day(1));
        let first = |words: &str| -> String {
            let found = f.app.search_units(&admin, words, 5).unwrap();
            found.first().map(|found| found.unit.name.clone()).unwrap_or_default()
        };
        assert_eq!(first("云溪县"), "云溪县");
        assert_eq!(first("云溪"), "云溪县", "a short name comes before longer names");
        assert_eq!(first("水利"), "云溪县水利局");
        assert_eq!(first("县财政局"), "云溪县财政局");
        assert_eq!(first("YX0102"), "上坪村");
        assert_eq!(first("柳湾 党支部"), "河湾村党支部");
        assert_eq!(first("开发区［筹］"), "云溪县经济开发区（筹）");
        assert_eq!(first("开发区(筹)"), "云溪县经济开发区（筹）");
        assert_eq!(first("a区"), "A区管委会");
        assert_eq!(first("100%_没有"), "");
        assert_eq!(first("   "), "");
    });
}

/// The tree as a person with paper would keep it: parents by unit, homes by problem, day by day.
#[derive(Clone, Default)]
struct Paper {
    parents: BTreeMap<UnitId, Option<UnitId>>,
    names: BTreeMap<UnitId, String>,
    closed: BTreeSet<UnitId>,
    homes: BTreeMap<ProblemId, UnitId>,
}

impl Paper {
    fn chain(&self, unit: UnitId) -> Vec<UnitId> {
        let mut chain = vec![unit];
        while let Some(Some(above)) = self.parents.get(chain.last().unwrap()) {
            chain.push(*above);
        }
        chain.reverse();
        chain
    }

    fn closure(&self) -> BTreeSet<(i64, i64, i64)> {
        let mut rows = BTreeSet::new();
        for unit in self.parents.keys() {
            let chain = self.chain(*unit);
            for (at, above) in chain.iter().enumerate() {
                rows.insert((above.0, unit.0, (chain.len() - 1 - at) as i64));
            }
        }
        rows
    }

    fn open(&self) -> Vec<UnitId> {
        self.parents.keys().filter(|unit| !self.closed.contains(unit)).copied().collect()
    }
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

fn closure_on(conn: &mut Conn, day: Day) -> Result<BTreeSet<(i64, i64, i64)>, Fault> {
    let sql =
        "SELECT ancestor_id, descendant_id, depth FROM unit_closure WHERE from_day <= $1 AND to_day > $1";
    let rows = conn.rows(sql, &vals![i64::from(day.days())])?;
    let set: BTreeSet<_> =
        rows.iter().map(|row| Ok((row.int(0)?, row.int(1)?, row.int(2)?))).collect::<Result<_, Fault>>()?;
    assert_eq!(set.len(), rows.len(), "no link holds twice on one day");
    Ok(set)
}

fn one_step(f: &Fixture, dice: &mut Dice, paper: &mut Paper, office: &Context, today: Day, n: usize) {
    let open = paper.open();
    let unit = dice.pick(&open);
    match dice.roll(10) {
        0..=2 => {
            let made = f.app.create_unit(office, unit, draft(&format!("N{n}"), &format!("新村{n}")), today);
            if let Ok(made) = made {
                paper.parents.insert(made.unit.id, Some(unit));
                paper.names.insert(made.unit.id, made.unit.name);
            }
        }
        3 => {
            let name = format!("改名{n}");
            if f.app.rename_unit(office, unit, None, &name, today).is_ok() {
                paper.names.insert(unit, name);
            }
        }
        4..=6 => {
            let to = dice.pick(&open);
            if f.app.move_unit(office, unit, None, to, today).is_ok() {
                paper.parents.insert(unit, Some(to));
            }
        }
        7 => {
            let into = dice.pick(&open);
            if f.app.merge_units(office, unit, None, into, today).is_ok() {
                let children: Vec<UnitId> = paper
                    .parents
                    .iter()
                    .filter(|(id, parent)| **parent == Some(unit) && !paper.closed.contains(id))
                    .map(|(id, _)| *id)
                    .collect();
                for child in children {
                    paper.parents.insert(child, Some(into));
                }
                paper.closed.insert(unit);
                paper.homes.values_mut().filter(|home| **home == unit).for_each(|home| *home = into);
            }
        }
        8 => {
            if f.app.close_unit(office, unit, None, today).is_ok() {
                paper.closed.insert(unit);
            }
        }
        _ => {
            let unit_row = f.db.read(|conn| bihuan_store::unit::by_id(conn, unit)).unwrap().unwrap();
            let id = f.accepted(&unit_row.code, today);
            paper.homes.insert(id, unit);
        }
    }
}

fn check_today(f: &Fixture, paper: &Paper, today: Day) {
    let units: Vec<Unit> = f.db.read(|conn| Unit::load(conn, "ORDER BY id", &[])).unwrap();
    assert_eq!(units.len(), paper.parents.len());
    for unit in &units {
        assert_eq!(unit.path, path_of(&paper.chain(unit.id)), "{}", unit.name);
        assert_eq!(unit.parent_id, paper.parents[&unit.id]);
        assert_eq!(unit.name, paper.names[&unit.id]);
        assert_eq!(unit.closed_day.is_some(), paper.closed.contains(&unit.id));
    }
    for (problem, home) in &paper.homes {
        let case = f.problem(*problem);
        assert_eq!(
            (case.problem.home_unit_id, &case.problem.home_path),
            (*home, &path_of(&paper.chain(*home)))
        );
    }
    let closure = f.db.read(|conn| closure_on(conn, today)).unwrap();
    assert_eq!(closure, paper.closure());
    f.no_drift();
}

/// Every past day: the closure, the names, and the figures with their children, against the paper of that evening.
fn check_past(f: &Fixture, evenings: &BTreeMap<Day, Paper>) {
    for (day, paper) in evenings {
        let closure = f.db.read(|conn| closure_on(conn, *day)).unwrap();
        assert_eq!(closure, paper.closure(), "{day}");
        for (unit, name) in &paper.names {
            let told = f.db.read(|conn| bihuan_store::unit::name_on(conn, *unit, *day)).unwrap();
            assert_eq!(told.as_ref(), Some(name), "{day}");
        }
        for unit in paper.parents.keys() {
            let (own, children) =
                f.db.read(|conn| {
                    let moment = Moment { seq: journal::last_of_day(conn, *day)?, day: *day };
                    counts::as_of(conn, *unit, CampaignId(1), moment, 7, None)
                })
                .unwrap();
            let mut by_child: BTreeMap<UnitId, i64> = BTreeMap::new();
            let mut total = 0;
            for home in paper.homes.values() {
                let chain = paper.chain(*home);
                let Some(at) = chain.iter().position(|above| above == unit) else { continue };
                total += 1;
                if let Some(child) = chain.get(at + 1) {
                    *by_child.entry(*child).or_default() += 1;
                }
            }
            assert_eq!(own.total(), total, "unit {unit} on {day}");
            let told: BTreeMap<UnitId, i64> = children.iter().map(|(id, c)| (*id, c.total())).collect();
            assert_eq!(told, by_child, "children of {unit} on {day}");
        }
    }
}

#[test]
fn after_any_reorganisation_places_counts_and_past_days_equal_a_recount_m01() {
    /// Runs and steps of each run.
    const RUNS: u64 = 6;
    const STEPS: usize = 45;
    on_each_engine(|t| {
        for run in 0..RUNS {
            if run > 0 {
                let other = bihuan_testkit::TestDb::new(t.engine());
                reorganise_at_random(&other.db, run, STEPS);
            } else {
                reorganise_at_random(&t.db, run, STEPS);
            }
        }
    });
}

fn reorganise_at_random(db: &bihuan_store::Db, run: u64, steps: usize) {
    let f = Fixture::new(db);
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (run * 7919 + 1));
    let mut paper = Paper::default();
    for unit in f.db.read(|conn| Unit::load(conn, "ORDER BY id", &[])).unwrap() {
        paper.parents.insert(unit.id, unit.parent_id);
        paper.names.insert(unit.id, unit.name);
    }
    let mut evenings: BTreeMap<Day, Paper> = BTreeMap::new();
    let mut today = first_day();
    for n in 0..steps {
        // Several steps on one day, then some days without any.
        if dice.roll(3) == 0 {
            today = today.plus_days(1 + dice.roll(4) as i32);
        }
        let office = f.ctx(Role::Office, "JZ", today);
        one_step(&f, &mut dice, &mut paper, &office, today, n);
        evenings.insert(today, paper.clone());
        if n % 9 == 0 {
            check_today(&f, &paper, today);
        }
    }
    check_today(&f, &paper, today);
    check_past(&f, &evenings);
    assert!(paper.parents.len() > 18 && !paper.closed.is_empty() && !paper.homes.is_empty(), "run {run}");
}
