//! Who may do what: roles, grants over subtrees, and the actor who stands behind a command.

use crate::coded::Coded as _;
use crate::id::{AccountId, GrantId, PersonId, PostId, UnitId};
use crate::refusal::Refusal;
use crate::unit::UnitPath;
use serde::{Deserialize, Serialize};

crate::coded! {
    /// A role 角色. The three administrators hold no business role (GB/T 22239 level 3, separation of duties).
    Role ("角色") {
        /// Records for a unit.
        Filler = "filler", "填报员";
        /// （办公室）: runs the campaign in a subtree.
        Office = "office", "工作专班";
        /// Screens, decides, takes problems in charge.
        Leader = "leader", "领导";
        /// Records findings, draws samples, looks back.
        Inspector = "inspector", "督导员";
        /// Checks what another unit did.
        Verifier = "verifier", "验收员";
        /// Reads, changes nothing.
        Evaluator = "evaluator", "评估员";
        /// Runs the installation, creates accounts.
        SystemAdmin = "system_admin", "系统管理员";
        /// Grants roles, unlocks accounts.
        SecurityAdmin = "security_admin", "安全管理员";
        /// Reads the journal.
        AuditAdmin = "audit_admin", "审计管理员";
    }
}

impl Role {
    /// One of the three administrators 三员.
    pub fn is_administrator(self) -> bool {
        matches!(self, Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin)
    }

    /// May read the business of the subtree the role is given over.
    pub fn reads_business(self) -> bool {
        !self.is_administrator()
    }
}

/// Checks that a person may be given `role` beside the roles they have: one person holds at most one of the three
/// administrators' roles, and none of them together with a business role.
///
/// # Errors
/// `administrators_are_three_persons`, `administrator_with_business_role`.
pub fn check_separation(role: Role, held: &[Role]) -> Result<(), Refusal> {
    let hint = "请把这个角色授予另一个人；三员须由三人分别担任，且不兼任业务角色。";
    let administrator = held.iter().find(|held| held.is_administrator());
    match administrator {
        Some(other) if role.is_administrator() && *other != role => Err(Refusal::of_field(
            "role",
            "administrators_are_three_persons",
            format!("此人已是{}，不能同时担任{}。", other.label(), role.label()),
            hint,
        )),
        Some(other) if !role.is_administrator() => Err(Refusal::of_field(
            "role",
            "administrator_with_business_role",
            format!("此人是{}，不能同时担任{}。", other.label(), role.label()),
            hint,
        )),
        None if role.is_administrator() && !held.is_empty() => Err(Refusal::of_field(
            "role",
            "administrator_with_business_role",
            format!("此人有业务角色，不能担任{}。", role.label()),
            hint,
        )),
        _ => Ok(()),
    }
}

/// A role over one subtree, as it stands today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The grant's number.
    pub id: GrantId,
    /// What may be done.
    pub role: Role,
    /// The root of the subtree it holds over.
    pub unit: UnitId,
    /// That root's place in the tree.
    pub path: UnitPath,
}

impl Grant {
    /// The grant reaches `path`: its root or anything below.
    pub fn reaches(&self, path: &UnitPath) -> bool {
        path.is_within(&self.path)
    }
}

/// A post the actor holds today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPost {
    /// The post.
    pub post: PostId,
    /// Its name, as "镇党委书记".
    pub name: String,
    /// The unit it belongs to.
    pub unit: UnitId,
    /// That unit's place in the tree.
    pub path: UnitPath,
}

/// The person behind a command, with all posts and grants of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account signed in with.
    pub account: AccountId,
    /// The person: signatures stay with the person.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// Posts held today, main post first.
    pub posts: Vec<HeldPost>,
    /// Grants of today, from posts and from the person.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Holds `role` over `path`.
    pub fn holds(&self, role: Role, path: &UnitPath) -> bool {
        self.grants.iter().any(|grant| grant.role == role && grant.reaches(path))
    }

    /// Holds one of `roles` over `path`.
    pub fn holds_any(&self, roles: &[Role], path: &UnitPath) -> bool {
        roles.iter().any(|role| self.holds(*role, path))
    }

    /// Holds `role` over any subtree at all.
    pub fn holds_anywhere(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// May read the business of the unit at `path`.
    pub fn may_read(&self, path: &UnitPath) -> bool {
        self.grants.iter().any(|grant| grant.role.reads_business() && grant.reaches(path))
    }

    /// Roots of the subtrees the actor may read, without those inside another.
    pub fn readable_roots(&self) -> Vec<(UnitId, UnitPath)> {
        let mut roots: Vec<(UnitId, UnitPath)> = self
            .grants
            .iter()
            .filter(|g| g.role.reads_business())
            .map(|g| (g.unit, g.path.clone()))
            .collect();
        roots.sort_by(|a, b| a.1.cmp(&b.1));
        roots.dedup();
        let mut kept: Vec<(UnitId, UnitPath)> = Vec::new();
        for root in roots {
            if !kept.iter().any(|(_, above)| root.1.is_within(above)) {
                kept.push(root);
            }
        }
        kept
    }

    /// The person has a post in the unit at `path` or below it: belongs to that unit, whatever the role.
    pub fn belongs_to(&self, path: &UnitPath) -> bool {
        self.posts.iter().any(|post| post.path.is_within(path))
    }

    /// The post whose unit lies nearest to `path`, for the record of the step; the main post otherwise.
    pub fn post_for(&self, path: &UnitPath) -> Option<&HeldPost> {
        self.posts
            .iter()
            .filter(|post| path.is_within(&post.path) || post.path.is_within(path))
            .max_by_key(|post| post.path.as_str().len())
            .or_else(|| self.posts.first())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::Coded;

    #[test]
    fn the_three_administrators_are_three_persons_without_business_roles_b25() {
        for role in Role::ALL {
            for held in Role::ALL {
                let refused = check_separation(*role, &[*held]).is_err();
                let wanted = role != held && (role.is_administrator() || held.is_administrator());
                assert_eq!(refused, wanted, "{role:?} beside {held:?}");
            }
            assert!(check_separation(*role, &[]).is_ok());
        }
        assert!(check_separation(Role::Filler, &[Role::Leader, Role::AuditAdmin]).is_err());
    }
}
