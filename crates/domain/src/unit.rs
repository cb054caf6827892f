//! Units 单位: organisations in one tree, with a dated history.

pub mod first;
pub mod reorganise;
pub mod standing;

use crate::Day;
use crate::id::UnitId;
use crate::refusal::{Refusal, require_text};
use serde::{Deserialize, Serialize};

/// Longest unit name, in characters.
pub const UNIT_NAME_CHARS_MAX: usize = 100;
/// Most levels of a tree, counted from the root.
pub const UNIT_DEPTH_MAX: usize = 12;

/// Characters of one path segment.
const SEGMENT_CHARS: usize = 5;
const SEGMENT_DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

/// The place of a unit in the tree: the fixed-width numbers of its ancestors and itself, root first.
///
/// "Below" is "begins with", so that a subtree is one range of an ordinary index; it needs no renumbering when
/// units come and go. Holds up to 33,554,431 units.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitPath(String);

impl UnitPath {
    /// The path of a unit without a parent.
    pub fn root(unit: UnitId) -> UnitPath {
        UnitPath(segment(unit))
    }

    /// The path of a child of this unit.
    pub fn child(&self, unit: UnitId) -> UnitPath {
        UnitPath(format!("{}{}", self.0, segment(unit)))
    }

    /// A path as stored.
    pub fn from_stored(text: impl Into<String>) -> UnitPath {
        UnitPath(text.into())
    }

    /// The text of the path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This unit or one below `above`.
    pub fn is_within(&self, above: &UnitPath) -> bool {
        !above.0.is_empty() && self.0.starts_with(&above.0)
    }

    /// The first text behind every path of the subtree, for range queries: `path >= self AND path < end`.
    pub fn subtree_end(&self) -> String {
        format!("{}~", self.0)
    }

    /// Ancestors and the unit itself, root first.
    pub fn units(&self) -> Vec<UnitId> {
        self.0.as_bytes().chunks(SEGMENT_CHARS).map(number).collect()
    }

    /// Levels above this unit; a root has none.
    pub fn depth(&self) -> usize {
        (self.0.len() / SEGMENT_CHARS).saturating_sub(1)
    }

    /// The path of the unit above; `None` for a root.
    pub fn parent(&self) -> Option<UnitPath> {
        let above = self.0.len().checked_sub(SEGMENT_CHARS).filter(|chars| *chars > 0)?;
        Some(UnitPath(self.0[..above].to_owned()))
    }

    /// The path after `old_root` was moved to `new_root`; `None` when this path is not below `old_root`.
    pub fn moved(&self, old_root: &UnitPath, new_root: &UnitPath) -> Option<UnitPath> {
        self.0.strip_prefix(&old_root.0).map(|rest| UnitPath(format!("{}{rest}", new_root.0)))
    }
}

fn segment(unit: UnitId) -> String {
    let mut number = unit.0.max(0) as u64;
    let mut digits = [b'0'; SEGMENT_CHARS];
    for digit in digits.iter_mut().rev() {
        *digit = SEGMENT_DIGITS[(number % 32) as usize];
        number /= 32;
    }
    String::from_utf8_lossy(&digits).into_owned()
}

fn number(segment: &[u8]) -> UnitId {
    let digit = |byte: &u8| SEGMENT_DIGITS.iter().position(|d| d == byte).unwrap_or(0) as i64;
    UnitId(segment.iter().fold(0, |sum, byte| sum * 32 + digit(byte)))
}

crate::coded! {
    /// Administrative or organisational level 层级.
    Level ("层级") {
        Nation = "nation", "国家";
        Province = "province", "省级";
        City = "city", "市级";
        County = "county", "县级";
        Township = "township", "乡级";
        Village = "village", "村级";
        Branch = "branch", "支部";
    }
}

crate::coded! {
    /// Kind of unit 单位性质.
    UnitKind ("单位性质") {
        Territory = "territory", "行政区划";
        Party = "party", "党委工作机关";
        Department = "department", "政府部门";
        Organ = "organ", "人大政协监察司法机关";
        MassBody = "mass_body", "群团组织";
        Institution = "institution", "事业单位";
        Enterprise = "enterprise", "企业";
        Branch = "branch", "党支部";
        TaskForce = "task_force", "专班（领导小组办公室）";
        /// A level that statistics put in and nobody works in, as 市辖区 between a municipality and its districts:
        /// kept so that the tree is the official one, never matched by its name and never asked for anything.
        Placeholder = "placeholder", "统计层级（非实际单位）";
        Other = "other", "其他";
    }
}

/// A unit as it stands today. Its dated names and places are kept beside it by the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Number.
    pub id: UnitId,
    /// Official code (GB/T 2260 and its extensions, or the office's own); unique among open units.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Short names, separated by `、`.
    pub short_names: String,
    /// Kind.
    pub kind: UnitKind,
    /// Level.
    pub level: Level,
    /// Sector 领域（机关、国企、高校、两新、农村…）; empty where none.
    pub sector: String,
    /// Line ministry 系统（条）; empty where none.
    pub line: String,
    /// The unit above; `None` for a root.
    pub parent_id: Option<UnitId>,
    /// Place in the tree.
    pub path: UnitPath,
    /// Official order among its siblings.
    pub official_order: i64,
    /// First day.
    pub created_day: Day,
    /// Day after its last; `None` while open.
    pub closed_day: Option<Day>,
    /// The unit that took over on a merge.
    pub successor_id: Option<UnitId>,
    /// Row version, for stale forms.
    pub version: i64,
}

impl Unit {
    /// Exists on `day`.
    pub fn is_open_on(&self, day: Day) -> bool {
        self.created_day <= day && self.closed_day.is_none_or(|closed| day < closed)
    }
}

/// Checks a unit's name.
///
/// # Errors
/// `text_missing`, `text_too_long`.
pub fn check_name(name: &str) -> Result<String, Refusal> {
    require_text("name", "单位名称", name, UNIT_NAME_CHARS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_who_is_below_whom() {
        let county = UnitPath::root(UnitId(1)).child(UnitId(33));
        let town = county.child(UnitId(33_554_431));
        assert!(town.is_within(&county) && county.is_within(&county) && !county.is_within(&town));
        assert_eq!(town.units(), vec![UnitId(1), UnitId(33), UnitId(33_554_431)]);
        assert!(town.as_str() >= county.as_str() && town.as_str() < county.subtree_end().as_str());
        assert_eq!(town.depth(), 2);
        let other = UnitPath::root(UnitId(2));
        assert_eq!(town.moved(&county, &other).map(|p| p.units()), Some(vec![UnitId(2), UnitId(33_554_431)]));
    }
}
