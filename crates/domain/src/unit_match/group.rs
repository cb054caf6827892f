//! Groups that ledgers name instead of units: 各村支部, 各县(市、区), 市直各部门, 相关单位.

use crate::id::UnitId;
use crate::scope::Scope;
use crate::unit::{Level, UnitKind};

/// Which units a group word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupKind {
    /// 各市州.
    Cities,
    /// 各县(市、区).
    Counties,
    /// 各乡镇(街道).
    Townships,
    /// 各村(社区).
    Villages,
    /// 各村支部.
    VillageBranches,
    /// 各党支部, 各级党组织.
    Branches,
    /// 市直各部门, 县直各单位.
    Departments,
    /// 各单位.
    All,
    /// 相关单位: which ones, only a person can say.
    Related,
}

/// A group as found in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Which units.
    pub kind: GroupKind,
    /// Whose units: the unit named before the group word; otherwise those of the office that runs the campaign.
    pub within: Option<UnitId>,
    /// The level named before it (市直 → city).
    pub level: Option<Level>,
    /// A person must say which units are meant.
    pub needs_person: bool,
}

impl GroupKind {
    /// The scope that expands the group below `root` on a given day; nothing for 相关单位.
    pub fn scope_below(self, root: UnitId) -> Option<Scope> {
        let of = |levels: &[Level], kinds: &[UnitKind]| {
            Some(Scope {
                subtree: Some(root),
                levels: levels.to_vec(),
                kinds: kinds.to_vec(),
                ..Scope::default()
            })
        };
        match self {
            GroupKind::Cities => of(&[Level::City], &[UnitKind::Territory]),
            GroupKind::Counties => of(&[Level::County], &[UnitKind::Territory]),
            GroupKind::Townships => of(&[Level::Township], &[UnitKind::Territory]),
            GroupKind::Villages => of(&[Level::Village], &[UnitKind::Territory]),
            GroupKind::VillageBranches | GroupKind::Branches => of(&[], &[UnitKind::Branch]),
            GroupKind::Departments => Some(Scope {
                subtree: Some(root),
                children_only: true,
                kinds: vec![
                    UnitKind::Party,
                    UnitKind::Department,
                    UnitKind::Organ,
                    UnitKind::MassBody,
                    UnitKind::Institution,
                ],
                ..Scope::default()
            }),
            GroupKind::All => of(&[], &[]),
            GroupKind::Related => None,
        }
    }
}

/// Group words without brackets and 、, longest first where one ends another.
const WORDS: [(&str, GroupKind); 46] = [
    ("各村党支部", GroupKind::VillageBranches),
    ("各村支部", GroupKind::VillageBranches),
    ("各村社区党支部", GroupKind::VillageBranches),
    ("各村级党组织", GroupKind::VillageBranches),
    ("各基层党支部", GroupKind::Branches),
    ("各党支部", GroupKind::Branches),
    ("各支部", GroupKind::Branches),
    ("各级党组织", GroupKind::Branches),
    ("各基层党组织", GroupKind::Branches),
    ("各党组织", GroupKind::Branches),
    ("各县市区", GroupKind::Counties),
    ("各县区市", GroupKind::Counties),
    ("各市县区", GroupKind::Counties),
    ("各区县市", GroupKind::Counties),
    ("各区县", GroupKind::Counties),
    ("各县区", GroupKind::Counties),
    ("各县市", GroupKind::Counties),
    ("各县", GroupKind::Counties),
    ("各区", GroupKind::Counties),
    ("各旗县区", GroupKind::Counties),
    ("各市州", GroupKind::Cities),
    ("各地市", GroupKind::Cities),
    ("各设区市", GroupKind::Cities),
    ("各市", GroupKind::Cities),
    ("各乡镇街道办事处", GroupKind::Townships),
    ("各镇街道办事处", GroupKind::Townships),
    ("各乡镇街道", GroupKind::Townships),
    ("各镇街道", GroupKind::Townships),
    ("各镇乡街道", GroupKind::Townships),
    ("各乡镇场", GroupKind::Townships),
    ("各镇街", GroupKind::Townships),
    ("各乡镇", GroupKind::Townships),
    ("各镇乡", GroupKind::Townships),
    ("各街道", GroupKind::Townships),
    ("各镇", GroupKind::Townships),
    ("各乡", GroupKind::Townships),
    ("各村社区", GroupKind::Villages),
    ("各社区", GroupKind::Villages),
    ("各行政村", GroupKind::Villages),
    ("各村居", GroupKind::Villages),
    ("各村", GroupKind::Villages),
    ("各地各部门", GroupKind::All),
    ("各地各单位", GroupKind::All),
    ("各单位各部门", GroupKind::All),
    ("各级各部门", GroupKind::All),
    ("各单位", GroupKind::All),
];

/// Words for departments of one level: 市直各部门, 县直各单位, 各部门.
const DEPARTMENT_WORDS: [&str; 8] =
    ["直各部门", "直各单位", "直部门", "直单位", "直各部门单位", "级各部门", "直机关各单位", "各部门"];

/// A group, the level word and the place before it; nothing when the name is no group.
pub(super) fn group(folded: &str) -> Option<(GroupKind, Option<Level>, String)> {
    let flat: String =
        folded.chars().filter(|symbol| !matches!(symbol, '(' | ')' | '、' | '和' | ',')).collect();
    let bare = flat.trim_start_matches(['各', '市', '县', '区', '直', '级', '镇', '乡']);
    let named_related = ["相关", "有关", "涉及", "所在"].iter().any(|word| flat.contains(word))
        || ["责任", "牵头", "配合", "成员", "主管", "属地"].iter().any(|word| bare.starts_with(word));
    let units =
        ["单位", "部门", "乡镇", "街道", "村", "支部", "党组织", "县区", "县市区", "镇街", "科室", "站所"];
    if named_related && units.iter().any(|word| flat.ends_with(word)) && flat.chars().count() <= 12 {
        return Some((GroupKind::Related, None, String::new()));
    }
    let departments = DEPARTMENT_WORDS.iter().find_map(|word| flat.strip_suffix(word));
    if let Some(place) = departments.filter(|place| !place.starts_with('各')) {
        let level = match place.chars().last() {
            Some('省') => Some(Level::Province),
            Some('市' | '州') => Some(Level::City),
            Some('县' | '区' | '旗') => Some(Level::County),
            _ => None,
        };
        // 市直 says which level; 江州市直 says whose.
        let place = if level.is_some() && place.chars().count() == 1 { "" } else { place };
        return Some((GroupKind::Departments, level, place.to_string()));
    }
    for (word, kind) in WORDS {
        let place = flat.strip_suffix(word).or_else(|| flat.strip_suffix(&word.replacen('各', "所有", 1)));
        let place = place.or_else(|| flat.strip_suffix(&word.replacen('各', "全部", 1)));
        if let Some(place) = place.map(|place| place.trim_end_matches("全体")) {
            return Some((kind, None, place.to_string()));
        }
    }
    None
}
