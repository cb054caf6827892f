//! Checks of documents 校核: a text as it was read, what was found in it, and what a person decided.

use crate::id::{CampaignId, PersonId, TextCheckId, UnitId};
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

/// Longest text that is checked, in characters.
pub const CHECK_CHARS_MAX: usize = 300_000;
/// Longest replacement, in characters.
pub const REPLACEMENT_CHARS_MAX: usize = 500;
/// Longest reason for passing over a finding, in characters.
pub const IGNORE_CHARS_MAX: usize = 200;

/// A document that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextCheck {
    /// Number.
    pub id: TextCheckId,
    /// The unit whose document it is.
    pub unit_id: UnitId,
    /// The campaign whose ledger its figures were compared with.
    pub campaign_id: Option<CampaignId>,
    /// Its title.
    pub title: String,
    /// Name of the file; empty for a pasted text.
    pub file_name: String,
    /// SHA-256 of the file; empty for a pasted text.
    pub digest: String,
    /// The document's day.
    pub day: Day,
    /// Its text.
    pub content: String,
    /// What was found, as JSON.
    pub findings: String,
    /// Who had it checked.
    pub made_by: PersonId,
    /// When.
    pub made_at: Instant,
    /// Row version.
    pub version: i64,
}

/// What a person decided on one finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckDecision {
    /// The check.
    pub check_id: TextCheckId,
    /// Place of the finding in the list, from 0.
    pub finding: i64,
    /// Accepted; otherwise passed over.
    pub accepted: bool,
    /// What stands there now.
    pub replacement: String,
    /// Why it was passed over.
    pub reason: String,
    /// Who.
    pub decided_by: PersonId,
    /// When.
    pub decided_at: Instant,
}

impl TextCheck {
    /// Whether it came in as a docx, into which remarks and changes can be written.
    pub fn is_docx(&self) -> bool {
        self.file_name.to_lowercase().ends_with(".docx")
    }
}

/// Whether `actor` may have documents of the unit at `path` checked, and decide on what is found.
pub fn may_check(actor: &Actor, path: &UnitPath) -> bool {
    actor.holds_any(&[Role::Office, Role::Filler, Role::Leader, Role::Verifier, Role::Inspector], path)
}

/// Whether `actor` may open a check of the unit at `path` that `made_by` had made: a text sent for checking is a draft, and
/// is read by those who write there, not by evaluators and auditors.
pub fn may_open(actor: &Actor, path: &UnitPath, made_by: PersonId) -> bool {
    actor.holds_any(&OPEN_TO, path) || actor.person == made_by
}

/// Whether `actor` may delete a check of the unit at `path` that `made_by` had made.
pub fn may_remove(actor: &Actor, path: &UnitPath, made_by: PersonId) -> bool {
    actor.holds(Role::Office, path) || actor.person == made_by
}

/// Roles to which a unit's checks are open, whoever had them made.
pub const OPEN_TO: [Role; 2] = [Role::Office, Role::Filler];

/// Checks the decision on a finding: the replacement of an accepted one, the reason of one passed over.
///
/// # Errors
/// `not_allowed`, text limits.
pub fn decide(
    actor: &Actor,
    path: &UnitPath,
    accepted: bool,
    replacement: &str,
    reason: &str,
) -> Result<(String, String), Refusal> {
    if !may_check(actor, path) {
        return Err(Refusal::not_allowed("处理校核意见", "该单位的办理身份"));
    }
    if accepted {
        let replacement = limit_text("replacement", "改为", replacement, REPLACEMENT_CHARS_MAX)?;
        Ok((replacement, String::new()))
    } else {
        Ok((String::new(), require_text("reason", "不改的理由", reason, IGNORE_CHARS_MAX)?))
    }
}
