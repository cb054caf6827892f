//! Units are found by the short names people type as by their full ones.

use crate::county::{COUNTY, OTHER_TOWN, TOWN, TestApp, first_day, on_each_app};
use bihuan_app::problem::RegisterInput;
use bihuan_app::search::SearchInput;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::reorganise::UnitDraft;
use bihuan_domain::unit::{Level, UnitKind};

fn unit(t: &TestApp, (name, short): (&str, &str), kind: UnitKind, level: Level) -> i64 {
    let draft = UnitDraft {
        code: format!("5399{}", 100 + t.head()),
        name: name.to_owned(),
        short_names: short.to_owned(),
        kind,
        level,
        sector: String::new(),
        line: String::new(),
        official_order: 1,
    };
    t.app.create_unit(&t.ctx("office"), UnitId(COUNTY), draft, first_day()).unwrap().unit.id.0
}

/// The planted units took their numbers by themselves.
fn pass_over_planted(t: &TestApp) {
    t.app.db.write(|conn| bihuan_store::journal::next_id(conn, "unit", 20)).unwrap();
}

fn register(t: &TestApp, by: &str, unit: i64, text: &str) -> i64 {
    let sent = RegisterInput {
        campaign: "1".to_owned(),
        unit: unit.to_string(),
        text: text.to_owned(),
        ..RegisterInput::default()
    };
    t.app.register(&t.ctx(by), sent).unwrap().problem.id.0
}

/// The problems a reader finds, ascending; the count is of these.
fn problems(t: &TestApp, by: &str, q: &str) -> Vec<i64> {
    let sent = SearchInput { q: q.to_owned(), kind: "problem".to_owned(), ..SearchInput::default() };
    let found = t.app.search(&t.ctx(by), &sent).unwrap();
    let mut ids: Vec<i64> = found.hits.iter().map(|hit| hit.subject_id).collect();
    assert_eq!(found.total, ids.len(), "{q}");
    ids.sort_unstable();
    ids
}

fn index(t: &TestApp) {
    while t.app.index_step().unwrap().more {}
}

#[test]
fn a_short_name_finds_what_the_full_name_finds_and_the_records_of_the_unit() {
    on_each_app(|t| {
        pass_over_planted(t);
        let town = unit(t, ("青岚镇人民政府", ""), UnitKind::Territory, Level::Township);
        unit(t, ("云溪县应急管理局", "县安监局"), UnitKind::Department, Level::County);
        unit(t, ("县市场监督管理局", "市监局"), UnitKind::Department, Level::County);
        let own = register(t, "office", town, "灌渠淤积一百二十米，下游缺水");
        let named = register(t, "filler", TOWN, "界河垃圾需与青岚镇人民政府共同清理");
        let bureau = register(t, "filler", TOWN, "隐患整改情况未报云溪县应急管理局备案");
        let market = register(t, "filler", TOWN, "过期食品线索未移交县市场监督管理局");
        index(t);
        assert_eq!(problems(t, "office", "青岚镇人民政府"), [own, named]);
        assert_eq!(problems(t, "office", "青岚镇"), [own, named]);
        assert_eq!(problems(t, "office", "青岚镇政府"), [own, named]);
        assert_eq!(problems(t, "office", "青岚镇 灌渠"), [own], "the unit's name with a word of the record");
        assert_eq!(problems(t, "office", "“青岚镇”"), [named], "quotation marks look for the words alone");
        for name in ["云溪县应急管理局", "云溪县应急局", "县应急局", "应急局", "县安监局"]
        {
            assert_eq!(problems(t, "office", name), [bureau], "{name}");
        }
        for name in ["县市场监督管理局", "县市场监管局", "市监局", "云溪县市场监管局"]
        {
            assert_eq!(problems(t, "office", name), [market], "{name}");
        }
        assert_eq!(problems(t, "office", "青岚"), [named], "half a name is a word like others");
    });
}

#[test]
fn the_name_of_a_unit_adds_nothing_out_of_sight() {
    on_each_app(|t| {
        pass_over_planted(t);
        let bureau = unit(t, ("云溪县应急管理局", "安监办"), UnitKind::Department, Level::County);
        register(t, "filler", TOWN, "灌渠淤积，下游缺水");
        let seen = register(t, "other_filler", OTHER_TOWN, "隐患清单未送云溪县应急管理局");
        register(t, "office", bureau, "值班记录缺页");
        index(t);
        assert_eq!(problems(t, "other_filler", "石桥镇"), [] as [i64; 0], "another town's records");
        assert_eq!(problems(t, "other_filler", "安监办"), [] as [i64; 0], "a short name kept out of sight");
        assert_eq!(
            problems(t, "other_filler", "县应急局"),
            [seen],
            "what follows from the language is found"
        );
        assert_eq!(problems(t, "stranger", "石桥镇"), [] as [i64; 0]);
        assert_eq!(problems(t, "office", "石桥镇").len(), 1);
        let named = |by: &str, words: &str| t.app.units_named(&t.ctx(by), words).unwrap().len();
        assert_eq!(named("office", "县应急局"), 1);
        assert_eq!((named("other_filler", "县应急局"), named("other_filler", "石桥镇政府")), (0, 0));
        assert_eq!(named("office", "石桥镇政府"), 1);
    });
}
