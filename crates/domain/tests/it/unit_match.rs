//! Units as ledgers write them are found by name, short name and path; what is not sure is asked (M20).

use bihuan_domain::id::UnitId;
use bihuan_domain::unit::UnitKind::{self, Branch, Department, Institution, Party, Territory};
use bihuan_domain::unit_match::{
    Candidate, FULL_NAMES_MAX, GroupKind, MAX_GUESSES, MAX_NAME_CHARS, Match, MatchReason, UnitIndex,
    WORDINGS_MAX, full_names, wordings,
};
use proptest::prelude::*;

/// Number, number above (0 for none), kind, name, short names.
type Row = (i64, i64, UnitKind, &'static str, &'static str);

const TREE: [Row; 27] = [
    (1, 0, Territory, "江州市", ""),
    (2, 1, Territory, "云溪县", "云溪"),
    (3, 1, Territory, "白石区", ""),
    (10, 1, Department, "江州市生态环境局", ""),
    (11, 1, Department, "江州市消防救援支队", "市消防支队"),
    (12, 1, Department, "江州市财政局", ""),
    (20, 2, Department, "云溪县财政局", ""),
    (21, 2, Department, "云溪县扶贫开发办公室", ""),
    (22, 2, Department, "云溪县人力资源和社会保障局", ""),
    (23, 2, Department, "江州市生态环境局云溪县分局", ""),
    (24, 2, Party, "中共云溪县委组织部", ""),
    (25, 2, Department, "云溪县人民政府办公室", ""),
    (26, 2, Party, "中共云溪县委办公室", ""),
    (27, 2, Institution, "云溪县环境卫生管理中心", "环卫中心"),
    (28, 3, Department, "白石区财政局", ""),
    (40, 2, Territory, "望泉镇", ""),
    (41, 2, Territory, "海棠街道", ""),
    (42, 3, Territory, "望泉镇", ""),
    (43, 2, Territory, "青岭乡", ""),
    (50, 40, Territory, "兰山村", ""),
    (51, 43, Territory, "兰山村", ""),
    (52, 41, Territory, "枫桥社区居委会", ""),
    (53, 40, Territory, "柳树村村民委员会", ""),
    (54, 42, Territory, "石门村", ""),
    (60, 53, Branch, "柳树村党支部", ""),
    (61, 40, Branch, "望泉镇机关党支部", ""),
    (62, 2, Branch, "云溪县财政局机关支部", ""),
];

fn tree() -> UnitIndex {
    let mut all: Vec<Candidate> = TREE
        .iter()
        .map(|(id, above, kind, name, short_names)| Candidate {
            unit_id: UnitId(*id),
            parent_id: (*above > 0).then_some(UnitId(*above)),
            name: (*name).to_string(),
            short_names: (*short_names).to_string(),
            kind: *kind,
            open: true,
        })
        .collect();
    all.push(Candidate {
        unit_id: UnitId(99),
        parent_id: Some(UnitId(2)),
        name: "云溪县旅游局".to_string(),
        short_names: String::new(),
        kind: Department,
        open: false,
    });
    // The index must not depend on parents coming first.
    all.reverse();
    UnitIndex::new(all)
}

/// The office whose ledger it is: in 云溪县.
const OFFICE: Option<UnitId> = Some(UnitId(26));

fn sure(written: &str, home: Option<UnitId>) -> (i64, MatchReason) {
    match tree().lookup(written, home) {
        Match::Sure(unit, reason) => (unit.0, reason),
        other => panic!("{written}: {other:?}"),
    }
}

fn offered(written: &str, home: Option<UnitId>) -> Vec<i64> {
    match tree().lookup(written, home) {
        Match::Doubtful(guesses) => {
            assert!(guesses.windows(2).all(|pair| pair[0].score >= pair[1].score), "{guesses:?}");
            guesses.iter().map(|guess| guess.unit_id.0).collect()
        }
        other => panic!("{written}: {other:?}"),
    }
}

#[test]
fn a_full_or_short_name_is_sure() {
    assert_eq!(sure("云溪县财政局", None), (20, MatchReason::Name));
    assert_eq!(sure(" 云溪县 财政局。", None), (20, MatchReason::Name));
    assert_eq!(sure("市消防支队", None), (11, MatchReason::ShortName));
    assert_eq!(sure("云溪", None), (2, MatchReason::ShortName));
    assert_eq!(sure("环卫中心", OFFICE).0, 27);
}

#[test]
fn endings_of_authorities_and_usual_abbreviations_are_seen_through() {
    for (written, unit) in [
        ("云溪县人民政府", 2),
        ("云溪县政府", 2),
        ("海棠街道办事处", 41),
        ("海棠办事处", 41),
        ("青岭乡人民政府", 43),
        ("青岭乡党委", 43),
        ("柳树村", 53),
        ("柳树村委会", 53),
        ("枫桥社区", 52),
        ("枫桥社区居民委员会", 52),
        ("云溪县扶贫办", 21),
        ("云溪县人社局", 22),
        ("云溪县委组织部", 24),
        ("云溪县政府办", 25),
        ("云溪县委办", 26),
    ] {
        assert_eq!(sure(written, OFFICE).0, unit, "{written}");
    }
}

#[test]
fn the_places_above_may_be_left_out_or_written_in_front() {
    for (written, unit) in [
        ("扶贫办", 21),
        ("县扶贫办", 21),
        ("县人社局", 22),
        ("组织部", 24),
        ("县委组织部", 24),
        ("政府办", 25),
        ("县委办", 26),
        ("县政府", 2),
        ("我县", 2),
        ("江州市云溪县财政局", 20),
        ("江州市云溪县望泉镇", 40),
        ("云溪县望泉镇人民政府", 40),
        ("望泉镇兰山村", 50),
        ("云溪青岭乡兰山村委会", 51),
        ("白石区望泉镇", 42),
        ("生态环境分局", 23),
        ("江州市生态环境局云溪分局", 23),
        ("市生态环境局云溪县分局", 23),
        ("市财政局", 12),
    ] {
        assert_eq!(sure(written, OFFICE).0, unit, "{written}");
    }
}

#[test]
fn of_several_with_one_name_only_the_context_decides() {
    assert_eq!(offered("望泉镇", None).len(), 2, "two towns of the name, no office known");
    assert_eq!(sure("望泉镇", OFFICE), (40, MatchReason::Near));
    assert_eq!(sure("望泉镇", Some(UnitId(28))), (42, MatchReason::Near));
    assert_eq!(offered("望泉镇", Some(UnitId(10))).len(), 2, "an office of the city has both in its area");
    assert_eq!(sure("财政局", OFFICE).0, 20);
    assert_eq!(sure("财政局", Some(UnitId(3))).0, 28);
    assert_eq!(offered("财政局", None).len(), 3);
}

#[test]
fn two_of_the_name_inside_the_area_are_asked_about() {
    let mut both = offered("兰山村", OFFICE);
    both.sort_unstable();
    assert_eq!(both, [50, 51]);
}

#[test]
fn a_form_that_only_fits_elsewhere_is_asked_about() {
    assert_eq!(sure("石门村", Some(UnitId(28))).0, 54);
    let elsewhere = tree().lookup("石门村委会", OFFICE);
    let Match::Doubtful(guesses) = elsewhere else { panic!("{elsewhere:?}") };
    assert_eq!((guesses[0].unit_id, guesses[0].reason), (UnitId(54), MatchReason::Elsewhere));
}

#[test]
fn incomplete_names_are_offered_and_never_taken() {
    assert_eq!(offered("青岭", OFFICE), [43]);
    assert_eq!(offered("柳树", OFFICE)[0], 53);
    assert_eq!(offered("环境卫生中心", OFFICE), [27]);
    assert_eq!(
        tree().lookup("环境卫生中心", None),
        Match::Unknown,
        "letters are compared near an office only"
    );
}

#[test]
fn a_closed_unit_is_offered_with_its_fate() {
    let found = tree().lookup("云溪县旅游局", OFFICE);
    let Match::Doubtful(guesses) = found else { panic!("{found:?}") };
    assert_eq!((guesses[0].unit_id, guesses[0].reason), (UnitId(99), MatchReason::Closed));
    assert!(guesses[0].reason.in_chinese().contains("已撤销"));
}

#[test]
fn brackets_with_a_role_are_passed_over_and_others_asked_about() {
    assert_eq!(sure("云溪县财政局（牵头）", OFFICE).0, 20);
    assert_eq!(sure("云溪县财政局(责任单位)", OFFICE).0, 20);
    assert_eq!(offered("云溪县财政局（东片）", OFFICE), [20]);
}

#[test]
fn groups_are_groups_and_not_units() {
    for (written, kind) in [
        ("各村支部", GroupKind::VillageBranches),
        ("各村（社区）党支部", GroupKind::VillageBranches),
        ("各党支部", GroupKind::Branches),
        ("各县(市、区)", GroupKind::Counties),
        ("各县（市、区）", GroupKind::Counties),
        ("各区县", GroupKind::Counties),
        ("各乡镇(街道)", GroupKind::Townships),
        ("各乡镇（街道办事处）", GroupKind::Townships),
        ("各镇、街道", GroupKind::Townships),
        ("各村（社区）", GroupKind::Villages),
        ("市直各部门", GroupKind::Departments),
        ("县直各单位", GroupKind::Departments),
        ("各部门", GroupKind::Departments),
        ("各单位", GroupKind::All),
        ("各地各部门", GroupKind::All),
        ("相关单位", GroupKind::Related),
        ("各有关部门", GroupKind::Related),
        ("所在主管单位", GroupKind::Related),
    ] {
        match tree().lookup(written, OFFICE) {
            Match::Group(group) => {
                assert_eq!(group.kind, kind, "{written}");
                assert_eq!(group.needs_person, kind == GroupKind::Related, "{written}");
                assert_eq!(kind.scope_below(UnitId(2)).is_none(), kind == GroupKind::Related, "{written}");
            }
            other => panic!("{written}: {other:?}"),
        }
    }
}

#[test]
fn a_place_before_a_group_says_whose_units() {
    let Match::Group(group) = tree().lookup("云溪县各乡镇（街道）", None) else { panic!() };
    assert_eq!(
        (group.kind, group.within, group.needs_person),
        (GroupKind::Townships, Some(UnitId(2)), false)
    );
    let Match::Group(group) = tree().lookup("江州市直各部门", OFFICE) else { panic!() };
    assert_eq!((group.kind, group.within), (GroupKind::Departments, Some(UnitId(1))));
    let Match::Group(group) = tree().lookup("望泉镇各村", None) else { panic!() };
    assert_eq!((group.within, group.needs_person), (None, true), "two towns of that name");
}

#[test]
fn what_nobody_bears_is_unknown() {
    for written in ["", "   ", "、", "县", "飞天公司", "(", "））", &"镇".repeat(MAX_NAME_CHARS + 1)]
    {
        assert_eq!(tree().lookup(written, OFFICE), Match::Unknown, "{written}");
    }
}

#[test]
fn a_ring_in_the_data_does_not_hang_the_lookup() {
    let ring = |id: i64, above: i64| Candidate {
        unit_id: UnitId(id),
        parent_id: Some(UnitId(above)),
        name: format!("环{id}县"),
        short_names: String::new(),
        kind: Territory,
        open: true,
    };
    let index = UnitIndex::new([ring(1, 2), ring(2, 1), ring(3, 3)]);
    assert_eq!(index.lookup("环1县", Some(UnitId(2))), Match::Sure(UnitId(1), MatchReason::Name));
}

#[test]
fn a_common_name_among_many_units_is_found_near_the_office() {
    let mut all = Vec::new();
    for county in 0..2_000_i64 {
        let mut add = |id: i64, above: Option<i64>, kind, name: String| {
            all.push(Candidate {
                unit_id: UnitId(id),
                parent_id: above.map(UnitId),
                name,
                short_names: String::new(),
                kind,
                open: true,
            });
        };
        let id = county * 100 + 1;
        add(id, None, Territory, format!("第{county}县"));
        add(id + 1, Some(id), Department, format!("第{county}县财政局"));
        for town in 0..10 {
            add(id + 10 + town, Some(id), Territory, format!("{town}号镇"));
        }
    }
    let index = UnitIndex::new(all);
    assert_eq!(index.len(), 24_000);
    let home = Some(UnitId(1_234 * 100 + 1));
    assert_eq!(index.lookup("财政局", home), Match::Sure(UnitId(123_402), MatchReason::Near));
    assert_eq!(index.lookup("7号镇", home), Match::Sure(UnitId(123_418), MatchReason::Near));
    let Match::Doubtful(guesses) = index.lookup("7号镇", None) else { panic!() };
    assert_eq!(guesses.len(), MAX_GUESSES);
}

proptest! {
    #[test]
    fn no_written_text_panics(written in "\\PC{0,40}") {
        tree().lookup(&written, OFFICE);
    }

    #[test]
    fn glued_pieces_never_panic_and_sure_units_exist(
        pieces in prop::collection::vec(
            prop::sample::select(&["云溪", "县", "望泉", "镇", "财政局", "各", "村", "支部", "委", "人民政府", "分局", "（", "）", "市"][..]),
            0..8,
        ),
    ) {
        let written = pieces.concat();
        if let Match::Sure(unit, _) = tree().lookup(&written, OFFICE) {
            prop_assert!(TREE.iter().any(|row| row.0 == unit.0), "{}", written);
        }
    }
}

#[test]
fn a_name_typed_into_a_search_is_known_by_its_short_and_long_forms() {
    let named = |words: &str| tree().named(words);
    assert_eq!(named("云溪县人社局"), [UnitId(22)]);
    assert_eq!(named("县人社局"), [UnitId(22)]);
    assert_eq!(named("环卫中心"), [UnitId(27)]);
    assert_eq!(named("青岭乡人民政府"), [UnitId(43)]);
    assert_eq!(named("望泉镇"), [UnitId(40), UnitId(42)], "all that bear the name");
    assert_eq!(named("中心"), [], "what is only like a name is none");
    assert_eq!(named("青岭"), []);
    assert_eq!(named("镇"), []);
}

#[test]
fn a_name_is_written_long_and_short_by_the_language_alone() {
    assert!(wordings("县应急局").contains(&"县应急管理局".to_owned()));
    assert!(wordings("云溪县应急管理局").contains(&"云溪县应急局".to_owned()));
    assert!(wordings("望泉镇政府").contains(&"望泉镇人民政府".to_owned()));
    assert!(wordings("县编办").contains(&"县机构编制委员会办".to_owned()));
    assert_eq!(wordings("灌渠淤积"), [] as [String; 0]);
    assert_eq!(wordings("道路交通安全"), [] as [String; 0]);
    assert!(wordings(&"局".repeat(MAX_NAME_CHARS + 1)).is_empty());
    let full = full_names("应急局", ["江州市", "云溪县"]);
    assert!(full.contains(&"云溪县应急管理局".to_owned()) && full.contains(&"县应急管理局".to_owned()));
    assert!(full_names("云溪应急局", ["云溪县"]).contains(&"云溪县应急管理局".to_owned()));
    assert!(full_names("青岭乡", []).contains(&"青岭乡人民政府".to_owned()));
    let many: Vec<String> = (0..90).map(|n| format!("第{n}县")).collect();
    assert!(full_names("县发改委", many.iter().map(String::as_str)).len() <= FULL_NAMES_MAX);
    assert!(wordings("市住房城乡建设交通运输城市管理应急局").len() <= WORDINGS_MAX);
}
