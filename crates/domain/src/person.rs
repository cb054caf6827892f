//! People, the posts they hold over time, and their accounts.

pub mod appointing;

use crate::id::{AccountId, GrantId, PersonId, PostId, TenureId, UnitId};
use crate::role::Role;
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

/// Longest name of a person, in characters.
pub const PERSON_NAME_CHARS_MAX: usize = 30;
/// Longest telephone number, in characters.
pub const PHONE_CHARS_MAX: usize = 30;
/// Longest name of a post, in characters.
pub const POST_NAME_CHARS_MAX: usize = 50;

/// A natural person. Only what the work needs: no identity card number (个人信息保护法 Art. 6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Number.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Office telephone; empty where none.
    pub phone: String,
    /// Row version.
    pub version: i64,
}

impl Person {
    /// The telephone number with its middle hidden: `138****1234`; short numbers show their last digit only.
    pub fn masked_phone(&self) -> String {
        /// Characters that stay readable at both ends of a long number.
        const SHOWN: (usize, usize) = (3, 4);
        let chars: Vec<char> = self.phone.chars().collect();
        let (head, tail) = if chars.len() > SHOWN.0 + SHOWN.1 { SHOWN } else { (0, chars.len().min(1)) };
        if chars.is_empty() {
            return String::new();
        }
        let text = |part: &[char]| part.iter().collect::<String>();
        format!("{}****{}", text(&chars[..head]), text(&chars[chars.len() - tail..]))
    }
}

/// A post 岗位 of a unit. Work follows the post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Number.
    pub id: PostId,
    /// The unit.
    pub unit_id: UnitId,
    /// Name, as "党委书记".
    pub name: String,
    /// A leading post: may take problems in charge (包案).
    pub leads: bool,
    /// Several people may hold it at once, as "整改联络员".
    pub shared: bool,
    /// Official order within the unit.
    pub official_order: i64,
    /// Day after its last; `None` while it exists.
    pub closed_day: Option<Day>,
    /// Row version.
    pub version: i64,
}

/// The holding of a post by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenure {
    /// Number.
    pub id: TenureId,
    /// The post.
    pub post_id: PostId,
    /// The person.
    pub person_id: PersonId,
    /// First day.
    pub from_day: Day,
    /// Day after the last; `None` while it lasts.
    pub to_day: Option<Day>,
}

impl Tenure {
    /// Holds on `day`.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from_day <= day && self.to_day.is_none_or(|end| day < end)
    }
}

crate::coded! {
    /// State of an account.
    AccountState ("账号状态") {
        /// Created by the system administrator, not yet authorised by the security administrator.
        Pending = "pending", "待授权";
        Active = "active", "启用";
        Disabled = "disabled", "停用";
    }
}

/// A sign-in account; belongs to exactly one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Number.
    pub id: AccountId,
    /// The person.
    pub person_id: PersonId,
    /// Sign-in name, unique.
    pub login: String,
    /// Password hash in PHC form; empty until the first password is set.
    pub password_hash: String,
    /// The password must be changed at the next sign-in.
    pub must_change: bool,
    /// When the password was set.
    pub password_set_at: Option<Instant>,
    /// State.
    pub state: AccountState,
    /// Row version.
    pub version: i64,
}

/// A role given to a post or to a person over a subtree, as a dated record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGrant {
    /// Number.
    pub id: GrantId,
    /// What may be done.
    pub role: Role,
    /// The post it is given to, or
    pub post_id: Option<PostId>,
    /// the person; exactly one of the two.
    pub person_id: Option<PersonId>,
    /// Root of the subtree.
    pub unit_id: UnitId,
    /// First day.
    pub from_day: Day,
    /// Day after the last; `None` while it lasts.
    pub to_day: Option<Day>,
}
