//! Scopes: whom exactly (M02).

use crate::support::{Fixture, first_day, refused};
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::role::Role;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_store::record::Record;
use bihuan_testkit::on_each_engine;
use std::collections::BTreeSet;

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

#[test]
fn a_preview_shows_exactly_whom_a_scope_reaches_m02() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(10));
        let towns = Scope {
            subtree: Some(f.unit("YX").id),
            levels: vec![Level::Township],
            without: vec![f.unit("YX03").id],
            listed: vec![f.unit("YX-SL").id],
            ..Scope::default()
        };
        let preview = f.app.preview_scope(&office, &towns, None, 0).unwrap();
        let names: Vec<&str> = preview.reach.page.iter().map(|u| u.name.as_str()).collect();
        assert_eq!(names, ["石桥镇", "柳湾乡", "云溪县水利局"]);
        let groups = [(Level::County, UnitKind::Department, 1), (Level::Township, UnitKind::Territory, 2)];
        assert_eq!((preview.reach.total, preview.reach.groups.as_slice()), (3, groups.as_slice()));
        assert_eq!(preview.above[0], ["江州市", "云溪县"]);
        let stranger = f.ctx(Role::Office, "YS", day(10));
        assert_eq!(f.app.preview_scope(&stranger, &towns, None, 0).unwrap_err().code(), "not_found");
    });
}

#[test]
fn groups_expand_with_the_tree_of_the_day_m02() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "JZ", day(10));
        let names = |wording: &str, base: &str, on: Day| -> Vec<String> {
            let scope = f.app.group_scope(&office, wording, f.unit(base).id).unwrap();
            let ids = f.app.expand_scope(&office, &scope, on).unwrap();
            let mut names: Vec<String> = f.app.unit_names(&ids).unwrap().into_values().collect();
            names.sort();
            names
        };
        assert_eq!(names("各村支部", "YX", day(10)), ["河湾村党支部", "青石村党支部"]);
        assert_eq!(names("各县（市、区）", "JZ", day(10)), ["云溪县", "远山县"]);
        assert_eq!(names("各乡镇（街道）", "YX", day(10)), ["柳湾乡", "白塔镇", "石桥镇"]);
        assert_eq!(names("市直各部门", "JZ", day(10)), ["江州市发展改革委"]);
        assert_eq!(names("石桥镇各村", "YX", day(10)), ["上坪村", "青石村"]);
        f.app.move_unit(&office, f.unit("YX0102").id, None, f.unit("YX02").id, day(8)).unwrap();
        assert_eq!(names("石桥镇各村", "YX", day(7)), ["上坪村", "青石村"]);
        assert_eq!(names("石桥镇各村", "YX", day(8)), ["青石村"]);
        let unknown = f.app.group_scope(&office, "相关单位", f.unit("YX").id);
        assert_eq!(refused(unknown).code, "group_unknown");
    });
}

#[test]
fn saved_scopes_are_the_offices_own_and_stale_ones_are_not_overwritten_m02() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(10));
        let county = f.unit("YX").id;
        let scope = Scope { subtree: Some(county), kinds: vec![UnitKind::Branch], ..Scope::default() };
        let saved = f.app.save_scope(&office, None, county, "各村支部", scope.clone()).unwrap();
        assert_eq!(f.app.scope(&office, saved.id).unwrap().scope, scope);
        let clerk = f.ctx(Role::Filler, "YX01", day(10));
        assert_eq!(f.app.scopes(&clerk).unwrap().len(), 1, "units below may use it");
        assert_eq!(refused(f.app.delete_scope(&clerk, saved.id, 1)).code, "not_allowed");
        let stranger = f.ctx(Role::Office, "YS", day(10));
        assert!(f.app.scopes(&stranger).unwrap().is_empty());
        assert_eq!(f.app.scope(&stranger, saved.id).unwrap_err().code(), "not_found");
        f.app.save_scope(&office, Some((saved.id, 1)), county, "村支部", scope.clone()).unwrap();
        let stale = f.app.save_scope(&office, Some((saved.id, 1)), county, "支部", scope).unwrap_err();
        assert_eq!(stale.code(), "conflict");
        let blank = f.app.save_scope(&office, None, county, "空", Scope::default());
        assert_eq!(refused(blank).code, "scope_blank");
    });
}

#[test]
fn the_stores_expansion_says_the_same_as_the_rule_for_every_unit_m02() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let units: Vec<Unit> = f.db.read(|conn| Unit::load(conn, "ORDER BY id", &[])).unwrap();
        let today = day(10);
        for scope in scopes(&units) {
            let root = scope.subtree.and_then(|id| units.iter().find(|u| u.id == id)).map(|u| u.path.clone());
            let by_rule: BTreeSet<UnitId> =
                units.iter().filter(|u| scope.reaches(u, root.as_ref(), &[])).map(|u| u.id).collect();
            for on in [today, day(3)] {
                let found = f.db.read(|conn| bihuan_store::scope::expand(conn, &scope, on, today)).unwrap();
                assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), by_rule, "{scope:?} on {on}");
            }
        }
        let anybody = [UnitPath::root(units[0].id)];
        let whole = Scope { levels: <Level as bihuan_domain::Coded>::ALL.to_vec(), ..Scope::default() };
        let reach =
            f.db.read(|conn| bihuan_store::scope::reach(conn, &whole, today, today, &anybody, 0)).unwrap();
        assert_eq!(reach.total, units.len() as i64);
    });
}

fn scopes(units: &[Unit]) -> Vec<Scope> {
    let id = |code: &str| units.iter().find(|u| u.code == code).unwrap().id;
    let mut all = vec![Scope::default(), Scope { listed: vec![id("YX01")], ..Scope::default() }];
    for subtree in [None, Some(id("JZ")), Some(id("YX")), Some(id("YX01"))] {
        for (with_root, children_only) in [(false, false), (true, false), (false, true), (true, true)] {
            for levels in [vec![], vec![Level::Township], vec![Level::County, Level::Village]] {
                for kinds in [vec![], vec![UnitKind::Territory], vec![UnitKind::Department, UnitKind::Branch]]
                {
                    let scope = Scope {
                        subtree,
                        with_root,
                        children_only,
                        levels: levels.clone(),
                        kinds,
                        ..Scope::default()
                    };
                    all.push(Scope { sectors: vec!["农村".to_owned()], ..scope.clone() });
                    all.push(Scope {
                        lines: vec!["水利".to_owned()],
                        listed: vec![id("YS")],
                        ..scope.clone()
                    });
                    all.push(Scope { without: vec![id("YX01"), id("YX0101")], ..scope });
                }
            }
        }
    }
    all
}

#[test]
fn a_past_day_is_read_with_the_kind_level_and_sector_of_that_day_m02() {
    on_each_engine(|t| {
        use bihuan_app::unit::AsOf;
        use bihuan_domain::unit::reorganise::UnitDraft;
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "JZ", day(10));
        let town = f.unit("YX03");
        let street =
            UnitDraft { sector: "城市".to_owned(), kind: UnitKind::Department, ..UnitDraft::of(&town) };
        let amend =
            |draft: UnitDraft, since: Option<Day>| f.app.amend_unit(&office, town.id, None, draft, since);
        assert_eq!(refused(amend(street.clone(), Some(day(11)))).field, Some("since"));
        amend(street.clone(), Some(day(6))).unwrap();
        let before = UnitDraft { sector: "集镇".to_owned(), ..street.clone() };
        assert_eq!(refused(amend(before, Some(day(5)))).code, "day_before_last_change");

        let rural =
            Scope { subtree: Some(f.unit("YX").id), sectors: vec!["农村".to_owned()], ..Scope::default() };
        let reaches =
            |scope: &Scope, on: Day| f.app.expand_scope(&office, scope, on).unwrap().contains(&town.id);
        assert!(reaches(&rural, day(5)) && !reaches(&rural, day(6)) && !reaches(&rural, day(10)));
        let towns = |on| {
            f.app.preview_scope(
                &office,
                &f.app.group_scope(&office, "各乡镇", f.unit("YX").id).unwrap(),
                Some(on),
                0,
            )
        };
        assert_eq!(towns(day(5)).unwrap().reach.total, 3);
        assert_eq!(towns(day(10)).unwrap().reach.total, 2, "it is no town any more");

        let page = |on: AsOf| f.app.unit_page(&office, town.id, on).unwrap();
        let then = page(AsOf::new(Some(day(5)), day(10)));
        assert_eq!((then.unit.kind, then.unit.sector.as_str()), (UnitKind::Territory, "农村"));
        assert_eq!(page(AsOf::Today).unit.sector, "城市");
        assert!(page(AsOf::Today).history.iter().any(|item| item.text.contains("领域由“农村”改为“城市”")));
        let county = f.app.unit_page(&office, f.unit("YX").id, AsOf::new(Some(day(5)), day(10))).unwrap();
        let child = county.children.iter().find(|child| child.unit.id == town.id).unwrap();
        assert_eq!(child.unit.kind, UnitKind::Territory);

        // A correction was never otherwise.
        let corrected = UnitDraft { sector: "城区".to_owned(), ..street };
        amend(corrected, None).unwrap();
        let urban =
            Scope { subtree: Some(f.unit("YX").id), sectors: vec!["城区".to_owned()], ..Scope::default() };
        assert!(reaches(&urban, day(6)) && reaches(&rural, day(5)));
    });
}
