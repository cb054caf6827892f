//! Labels 信息标签 of files, and who may open what (GB/T 22239 B10). State secrets have no label: they are refused.

use crate::id::{EvidenceId, PersonId};
use crate::refusal::{Refusal, require_text};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;
use crate::{Coded as _, Instant};
use serde::{Deserialize, Serialize};

/// Longest reason of a change, in characters.
pub const LABEL_REASON_CHARS_MAX: usize = 200;

crate::coded! {
    /// How widely something may be read, from widest to narrowest.
    Label ("信息标签") {
        Public = "public", "公开";
        /// Whoever may see the problem. What nobody has labelled is internal.
        Internal = "internal", "内部";
        /// Only people who were cleared for it, and who filed it.
        Sensitive = "sensitive", "敏感";
    }
}

impl Label {
    fn rank(self) -> u8 {
        match self {
            Label::Public => 0,
            Label::Internal => 1,
            Label::Sensitive => 2,
        }
    }

    /// Whether somebody cleared up to this label may open what bears the other.
    pub fn opens(self, other: Label) -> bool {
        other.rank() <= self.rank()
    }
}

/// The label of a piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceLabel {
    /// The piece.
    pub evidence_id: EvidenceId,
    /// Its label.
    pub label: Label,
    /// Who set it.
    pub set_by: PersonId,
    /// When.
    pub set_at: Instant,
}

/// Up to which label a person may open files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clearance {
    /// Whose.
    pub person_id: PersonId,
    /// The narrowest label they may open.
    pub label: Label,
    /// The security administrator who set it.
    pub set_by: PersonId,
    /// When.
    pub set_at: Instant,
}

/// Checks who changes the label of a file from what to what: its filer may narrow it, the office over its place may
/// also widen it. Answers with the reason.
///
/// # Errors
/// `label_same`, `not_allowed`, refusals of the reason.
pub fn relabel(
    actor: &Actor,
    filed_by: PersonId,
    place: &UnitPath,
    (from, to): (Label, Label),
    reason: &str,
) -> Result<String, Refusal> {
    let narrows = from != to && to.opens(from);
    let may = actor.holds(Role::Office, place) || (actor.person == filed_by && narrows);
    if from == to {
        let sentence = format!("材料的信息标签已经是“{}”。", to.label());
        return Err(Refusal::of_field("label", "label_same", sentence, "请选择另一个标签。"));
    }
    if !may {
        return Err(Refusal::not_allowed("调整信息标签", "本级工作专班身份（上传人本人可以调高）"));
    }
    require_text("reason", "理由", reason, LABEL_REASON_CHARS_MAX)
}

/// Checks who sets up to which label a person may open files. Answers with the reason.
///
/// # Errors
/// `not_allowed`, `own_account`, refusals of the reason.
pub fn set_clearance(actor: &Actor, person: PersonId, reason: &str) -> Result<String, Refusal> {
    if !actor.holds_anywhere(Role::SecurityAdmin) {
        return Err(Refusal::not_allowed("设置可以查看的信息标签", Role::SecurityAdmin.label()));
    }
    if actor.person == person {
        let sentence = "不能设置自己可以查看的信息标签。";
        return Err(Refusal::new("own_account", sentence, "请由另一名安全管理员办理。"));
    }
    require_text("reason", "理由", reason, LABEL_REASON_CHARS_MAX)
}
