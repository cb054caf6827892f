//! Erasing what is kept on a person (个人信息保护法 Art. 47): asked for with a reason, registered by the system
//! administrator, decided by the security administrator. What a person did keeps their number; who that was goes.

use crate::id::{ErasureId, PersonId};
use crate::refusal::{Refusal, require_text};
use crate::role::{Actor, Role};
use crate::{Coded as _, Day, Instant};
use serde::{Deserialize, Serialize};

/// Longest text of who asked, in characters.
pub const ASKED_BY_CHARS_MAX: usize = 50;
/// Longest reason and longest word of the decision, in characters.
pub const ERASURE_TEXT_CHARS_MAX: usize = 300;

crate::coded! {
    /// State of an erasure.
    ErasureState ("删除申请状态") {
        Requested = "requested", "待决定";
        Done = "done", "已删除";
        Refused = "refused", "不予删除";
    }
}

/// A request to erase what is kept on a person, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Number.
    pub id: ErasureId,
    /// Whom it concerns.
    pub person_id: PersonId,
    /// Who asked, without a name, as “本人书面申请”.
    pub asked_by: String,
    /// When they asked.
    pub asked_day: Day,
    /// Why.
    pub reason: String,
    /// State.
    pub state: ErasureState,
    /// The administrator who registered it.
    pub requested_by: PersonId,
    /// When.
    pub requested_at: Instant,
    /// The administrator who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// The word of the decision; empty until then.
    pub word: String,
    /// Row version.
    pub version: i64,
}

/// What still binds a person to the office, as found on the day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bonds {
    /// Posts held on the day or later, with their units.
    pub posts: Vec<String>,
    /// Roles of the person that have not ended.
    pub roles: Vec<Role>,
    /// An undecided request.
    pub requested: bool,
    /// What was kept on them has been erased already.
    pub erased: bool,
}

impl Bonds {
    /// Refuses while the person still works here.
    fn check(&self) -> Result<(), Refusal> {
        if self.erased {
            return Err(Refusal::new("already_erased", "此人的个人信息已经删除。", ""));
        }
        if !self.posts.is_empty() {
            let sentence =
                format!("此人仍在岗：{}，履行职责所必需的个人信息不能删除。", self.posts.join("、"));
            return Err(Refusal::new(
                "still_in_post",
                sentence,
                "请先在岗位上办理免职或者交接，再申请删除。",
            ));
        }
        if !self.roles.is_empty() {
            let roles: Vec<&str> = self.roles.iter().map(|role| role.label()).collect();
            let sentence = format!("此人仍有角色：{}。", roles.join("、"));
            return Err(Refusal::new("still_with_role", sentence, "请安全管理员先收回角色，再申请删除。"));
        }
        Ok(())
    }
}

/// What the administrator writes down of a request.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Who asked, without a name.
    pub asked_by: String,
    /// When they asked.
    pub asked_day: Option<Day>,
    /// Why.
    pub reason: String,
}

/// Registers a request. The number is the caller's to give.
///
/// # Errors
/// `not_allowed`, `own_data`, `still_in_post`, `still_with_role`, `already_requested`, `already_erased`, refusals of the
/// texts and of a day to come.
pub fn request(
    actor: &Actor,
    person: PersonId,
    bonds: &Bonds,
    asked: &Asked,
    now: Instant,
) -> Result<Erasure, Refusal> {
    if !actor.holds_anywhere(Role::SystemAdmin) {
        return Err(Refusal::not_allowed("登记删除申请", Role::SystemAdmin.label()));
    }
    not_own(actor, person)?;
    bonds.check()?;
    if bonds.requested {
        return Err(Refusal::new(
            "already_requested",
            "此人已有一项待决定的删除申请。",
            "请等安全管理员决定。",
        ));
    }
    let asked_by = require_text("asked_by", "申请人", &asked.asked_by, ASKED_BY_CHARS_MAX)?;
    let reason = require_text("reason", "理由", &asked.reason, ERASURE_TEXT_CHARS_MAX)?;
    let missing =
        || Refusal::of_field("asked_day", "day_missing", "“申请日期”没有填写。", "请填写收到申请的日期。");
    let asked_day = asked.asked_day.ok_or_else(missing)?;
    if asked_day > now.day_in_china() {
        let sentence = "“申请日期”还没有到。";
        return Err(Refusal::of_field("asked_day", "day_in_future", sentence, "请填写收到申请的日期。"));
    }
    Ok(Erasure {
        id: ErasureId(0),
        person_id: person,
        asked_by,
        asked_day,
        reason,
        state: ErasureState::Requested,
        requested_by: actor.person,
        requested_at: now,
        decided_by: None,
        decided_at: None,
        word: String::new(),
        version: 1,
    })
}

/// Decides a request: another person than who registered it, with a word.
///
/// # Errors
/// `not_allowed`, `own_data`, `same_person`, `erasure_decided`, what [`request`] refuses of the bonds, refusals of the word.
pub fn decide(
    erasure: &Erasure,
    actor: &Actor,
    bonds: &Bonds,
    accept: bool,
    word: &str,
    now: Instant,
) -> Result<Erasure, Refusal> {
    if !actor.holds_anywhere(Role::SecurityAdmin) {
        return Err(Refusal::not_allowed("决定删除申请", Role::SecurityAdmin.label()));
    }
    not_own(actor, erasure.person_id)?;
    if actor.person == erasure.requested_by {
        let sentence = "登记和决定须由两个人办理。";
        return Err(Refusal::new("same_person", sentence, "请由另一名安全管理员决定。"));
    }
    if erasure.state != ErasureState::Requested {
        return Err(Refusal::new("erasure_decided", "这项申请已经决定过了。", "请刷新页面查看结果。"));
    }
    if accept {
        bonds.check()?;
    }
    let word = require_text("word", "决定意见", word, ERASURE_TEXT_CHARS_MAX)?;
    Ok(Erasure {
        state: if accept { ErasureState::Done } else { ErasureState::Refused },
        decided_by: Some(actor.person),
        decided_at: Some(now),
        word,
        version: erasure.version + 1,
        ..erasure.clone()
    })
}

fn not_own(actor: &Actor, person: PersonId) -> Result<(), Refusal> {
    if actor.person != person {
        return Ok(());
    }
    Err(Refusal::new("own_data", "不能办理本人的删除申请。", "请由其他管理员办理。"))
}
