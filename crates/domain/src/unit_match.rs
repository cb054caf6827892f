//! Matching of a unit as written in a ledger to the units of the tree, by name, short name and path.
//!
//! What is not sure is never guessed: it comes back as a list to choose from. The index is built once for a tree;
//! a lookup touches only units whose name, or a form of it, is the one written.

mod fold;
mod group;
mod index;
mod lookup;
mod naming;

pub use group::{Group, GroupKind};
pub use index::UnitIndex;
pub use naming::{FULL_NAMES_MAX, WORDINGS_MAX, full_names, wordings};

use crate::id::UnitId;
use crate::unit::{Unit, UnitKind};

/// The most units offered to choose from.
pub const MAX_GUESSES: usize = 10;
/// The longest name that is looked up, in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// Symbols between several short names.
const SHORT_NAME_BREAKS: [char; 7] = ['、', '，', ',', '；', ';', '/', ' '];

/// A unit that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Number.
    pub unit_id: UnitId,
    /// The unit above it.
    pub parent_id: Option<UnitId>,
    /// Full name.
    pub name: String,
    /// Short names, separated by `、`.
    pub short_names: String,
    /// Kind.
    pub kind: UnitKind,
    /// Whether it exists on the day of the ledger.
    pub open: bool,
}

impl Candidate {
    /// The candidate a unit is; `open` as it stands on the day of the ledger.
    pub fn of(unit: &Unit, open: bool) -> Candidate {
        Candidate {
            unit_id: unit.id,
            parent_id: unit.parent_id,
            name: unit.name.clone(),
            short_names: unit.short_names.clone(),
            kind: unit.kind,
            open,
        }
    }
}

/// Why a unit was taken or offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatchReason {
    /// The full name, the only one.
    Name,
    /// A short name, the only one.
    ShortName,
    /// The same but for an ending such as 人民政府, or a usual abbreviation.
    Form,
    /// The same with the places above it left out or written in front.
    Path,
    /// Several bear the name; this one lies in the area of the office.
    Near,
    /// The name without its kind (云溪 for 云溪县) or without 党支部.
    Loose,
    /// The letters of the name in their order (人社局).
    Abbreviation,
    /// The name matches once a bracket is left out.
    Bracket,
    /// Several bear the name.
    SeveralOfTheName,
    /// It lies outside the area of the office.
    Elsewhere,
    /// It no longer exists.
    Closed,
}

impl MatchReason {
    /// The reason in Chinese.
    pub fn in_chinese(self) -> &'static str {
        match self {
            MatchReason::Name => "单位全称一致",
            MatchReason::ShortName => "单位简称一致",
            MatchReason::Form => "去掉“人民政府”等后缀或按通用简称一致",
            MatchReason::Path => "连同上级单位名称一致",
            MatchReason::Near => "有多个同名单位，只有这一个在本地区",
            MatchReason::Loose => "名称不完整，请确认",
            MatchReason::Abbreviation => "像是这个单位的简称，请确认",
            MatchReason::Bracket => "去掉括号内容后一致，请确认",
            MatchReason::SeveralOfTheName => "有多个同名单位，请选择",
            MatchReason::Elsewhere => "该单位不在本地区，请确认",
            MatchReason::Closed => "该单位已撤销或合并，请确认",
        }
    }

    /// How likely, 0–100, for the order in which units are offered.
    fn score(self) -> u8 {
        match self {
            MatchReason::Name => 100,
            MatchReason::ShortName => 95,
            MatchReason::Form | MatchReason::Path | MatchReason::Near => 90,
            MatchReason::Bracket => 80,
            MatchReason::SeveralOfTheName => 70,
            MatchReason::Abbreviation => 60,
            MatchReason::Loose => 55,
            MatchReason::Elsewhere => 40,
            MatchReason::Closed => 30,
        }
    }
}

/// A unit offered to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guess {
    /// The unit.
    pub unit_id: UnitId,
    /// How likely, 0–100.
    pub score: u8,
    /// Why it is offered.
    pub reason: MatchReason,
}

/// What a written unit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// This unit.
    Sure(UnitId, MatchReason),
    /// One of these, most likely first, at most `MAX_GUESSES`; a person chooses.
    Doubtful(Vec<Guess>),
    /// A group of units.
    Group(Group),
    /// None that is known.
    Unknown,
}
