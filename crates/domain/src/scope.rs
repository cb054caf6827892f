//! Scopes 范围: one reusable way to say which units are meant, expanded on a given day.

use crate::id::UnitId;
use crate::role::Role;
use crate::unit::{Level, Unit, UnitKind, UnitPath};
use serde::{Deserialize, Serialize};

/// Which units are meant. Every filled condition must hold; an empty one does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scope {
    /// Only units of this subtree (the root itself counts only if `with_root`).
    pub subtree: Option<UnitId>,
    /// Count the subtree's root too.
    pub with_root: bool,
    /// Only direct children of the subtree's root.
    pub children_only: bool,
    /// Levels.
    pub levels: Vec<Level>,
    /// Kinds.
    pub kinds: Vec<UnitKind>,
    /// Sectors.
    pub sectors: Vec<String>,
    /// Line ministries 系统.
    pub lines: Vec<String>,
    /// Roles: only units over which such a role is given, and then the people who hold it are meant.
    pub roles: Vec<Role>,
    /// Units listed one by one, in addition to what the conditions reach.
    pub listed: Vec<UnitId>,
    /// Units left out, whatever the conditions say.
    pub without: Vec<UnitId>,
}

impl Scope {
    /// No condition at all and nothing listed: such a scope reaches nothing, not everything.
    pub fn is_blank(&self) -> bool {
        self.subtree.is_none() && !self.has_conditions() && self.listed.is_empty()
    }

    /// Something but the subtree must hold.
    pub fn has_conditions(&self) -> bool {
        !(self.levels.is_empty()
            && self.kinds.is_empty()
            && self.sectors.is_empty()
            && self.lines.is_empty()
            && self.roles.is_empty())
    }

    /// Whether `unit` is meant, given the path of the subtree's root on that day and the roles given over the unit.
    pub fn reaches(&self, unit: &Unit, subtree: Option<&UnitPath>, roles: &[Role]) -> bool {
        if self.without.contains(&unit.id) {
            return false;
        }
        if self.listed.contains(&unit.id) {
            return true;
        }
        if self.is_blank() || (self.subtree.is_none() && !self.has_conditions()) {
            return false;
        }
        let placed = match (self.subtree, subtree) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(root), Some(path)) => {
                if unit.id == root {
                    self.with_root
                } else {
                    unit.path.is_within(path) && (!self.children_only || unit.parent_id == Some(root))
                }
            }
        };
        placed
            && self.takes_class(unit.level, unit.kind, &unit.sector, &unit.line)
            && (self.roles.is_empty() || self.roles.iter().any(|role| roles.contains(role)))
    }

    /// Whether units of this level, kind, sector and line are meant, wherever they stand.
    pub fn takes_class(&self, level: Level, kind: UnitKind, sector: &str, line: &str) -> bool {
        let one_of = |wanted: &[String], value: &str| wanted.is_empty() || wanted.iter().any(|w| w == value);
        (self.levels.is_empty() || self.levels.contains(&level))
            && (self.kinds.is_empty() || self.kinds.contains(&kind))
            && one_of(&self.sectors, sector)
            && one_of(&self.lines, line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Day;

    fn unit(id: i64, parent: Option<&Unit>, level: Level) -> Unit {
        let id = UnitId(id);
        Unit {
            id,
            code: id.to_string(),
            name: format!("单位{id}"),
            short_names: String::new(),
            kind: UnitKind::Territory,
            level,
            sector: String::new(),
            line: String::new(),
            parent_id: parent.map(|p| p.id),
            path: parent.map_or_else(|| UnitPath::root(id), |p| p.path.child(id)),
            official_order: 0,
            created_day: Day::from_ymd(2020, 1, 1).expect("a day"),
            closed_day: None,
            successor_id: None,
            version: 1,
        }
    }

    #[test]
    fn a_scope_reaches_by_conditions_and_by_list() {
        let county = unit(1, None, Level::County);
        let town = unit(2, Some(&county), Level::Township);
        let village = unit(3, Some(&town), Level::Village);
        let towns = Scope { subtree: Some(county.id), levels: vec![Level::Township], ..Scope::default() };
        assert!(
            towns.reaches(&town, Some(&county.path), &[])
                && !towns.reaches(&village, Some(&county.path), &[])
        );
        let listed = Scope { listed: vec![village.id], ..towns.clone() };
        assert!(listed.reaches(&village, Some(&county.path), &[]));
        let without = Scope { without: vec![town.id], ..towns };
        assert!(!without.reaches(&town, Some(&county.path), &[]));
    }

    #[test]
    fn a_blank_scope_reaches_nobody() {
        let county = unit(1, None, Level::County);
        assert!(!Scope::default().reaches(&county, None, &[]));
    }
}
