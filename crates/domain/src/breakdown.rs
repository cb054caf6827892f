//! Breakdowns 文件分解: a speech or notice, and the drafts of what it asks, which a person accepts or drops.

use crate::id::{BreakdownDraftId, BreakdownId, CampaignId, PersonId, UnitId};
use crate::refusal::{Refusal, require_text};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

/// Longest text that is broken down, in characters.
pub const BREAKDOWN_CHARS_MAX: usize = 100_000;
/// Longest action of a draft, in characters.
pub const ACTION_CHARS_MAX: usize = 500;
/// Longest reason for dropping a draft, in characters.
pub const DROP_CHARS_MAX: usize = 200;

crate::coded! {
    /// What became of a draft.
    DraftState ("任务草稿状态") {
        Open = "open", "待定";
        Accepted = "accepted", "已采用";
        Dropped = "dropped", "不采用";
        Merged = "merged", "并入其他条";
    }
}

crate::coded! {
    /// What an accepted draft becomes.
    Becomes ("采用为") {
        /// Registered and assigned at once: it stands on the unit's to-do list.
        Problem = "problem", "交办的问题";
        /// Set as a task of the unit, with the milestones of the template: it stands on the unit's to-do list.
        Task = "task", "重点任务";
        /// Issued as a rule: which units owe it, how often, how much, until when.
        RequiredAction = "required_action", "规定动作";
        /// Kept in the list of requirements: the units it names are told and file nothing.
        Requirement = "requirement", "要求清单";
    }
}

/// A document that was broken down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    /// Number.
    pub id: BreakdownId,
    /// The unit that breaks it down.
    pub unit_id: UnitId,
    /// The campaign it belongs to.
    pub campaign_id: CampaignId,
    /// Its title.
    pub title: String,
    /// Name of the file; empty for a pasted text.
    pub file_name: String,
    /// SHA-256 of the file; empty for a pasted text.
    pub digest: String,
    /// The document's day: days without a year fall from here.
    pub day: Day,
    /// Its text.
    pub content: String,
    /// Who brought it in.
    pub made_by: PersonId,
    /// When.
    pub made_at: Instant,
    /// Row version.
    pub version: i64,
}

/// A draft of what a document asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakdownDraft {
    /// Number.
    pub id: BreakdownDraftId,
    /// The document.
    pub breakdown_id: BreakdownId,
    /// First code point of the source in the text.
    pub start_at: i64,
    /// Code point behind it.
    pub end_at: i64,
    /// The source in the document's words.
    pub quote: String,
    /// Who is asked, as written.
    pub subject: String,
    /// Level of who is asked.
    pub subject_level: String,
    /// The unit that is meant.
    pub unit_id: Option<UnitId>,
    /// What is doubtful about the unit; empty where nothing is.
    pub unit_doubt: String,
    /// What is asked.
    pub action: String,
    /// Strand of the campaign.
    pub strand: String,
    /// How many, with the unit of measure.
    pub quantity: String,
    /// How often.
    pub cadence: String,
    /// The limit as written.
    pub deadline_text: String,
    /// The day it means.
    pub due_day: Option<Day>,
    /// Checkable.
    pub hard: bool,
    /// Which rules and words it rests on, as JSON.
    pub reasons: String,
    /// What became of it.
    pub state: DraftState,
    /// The draft it is part of now.
    pub merged_into: Option<BreakdownDraftId>,
    /// What it became: code of [`Becomes`]; empty while it is none.
    pub becomes_kind: String,
    /// Number of what it became.
    pub becomes_id: Option<i64>,
    /// Why it was dropped.
    pub drop_reason: String,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Row version.
    pub version: i64,
}

impl BreakdownDraft {
    /// Accepted into the list of requirements.
    pub fn is_requirement(&self) -> bool {
        self.state == DraftState::Accepted && self.becomes_kind == crate::Coded::code(Becomes::Requirement)
    }
}

/// Whether `actor` breaks documents down for the unit at `path`.
pub fn may_break_down(actor: &Actor, path: &UnitPath) -> bool {
    actor.holds(Role::Office, path)
}

/// Roles that read what a document may come to before anything is accepted: those who work there, not evaluators.
pub const OPEN_TO: [Role; 5] = [Role::Office, Role::Filler, Role::Leader, Role::Verifier, Role::Inspector];

/// Whether `actor` reads drafts of the unit at `path` that `made_by` had made. What nobody accepted yet is a draft of the
/// office's: evaluators read a document from its first accepted draft on, and of its drafts those that were accepted.
pub fn may_open(actor: &Actor, path: &UnitPath, made_by: PersonId) -> bool {
    actor.holds_any(&OPEN_TO, path) || actor.person == made_by
}

/// The right to open a document that was broken down.
///
/// # Errors
/// `not_allowed` while nothing of it is accepted and `actor` reads no drafts there.
pub fn check_open_to(
    actor: &Actor,
    path: &UnitPath,
    made_by: PersonId,
    drafts: &[BreakdownDraft],
) -> Result<(), Refusal> {
    let accepted = drafts.iter().any(|draft| draft.state == DraftState::Accepted);
    if accepted || may_open(actor, path, made_by) {
        return Ok(());
    }
    Err(Refusal::not_allowed("查看尚未采用的文件分解", "该单位的办理身份，或者等其中有条目采用以后再查看"))
}

/// The right to delete a document with its drafts: what one of them became names it as where it came from.
///
/// # Errors
/// `not_allowed`, `breakdown_in_use`.
pub fn check_removable(actor: &Actor, path: &UnitPath, drafts: &[BreakdownDraft]) -> Result<(), Refusal> {
    if !may_break_down(actor, path) {
        return Err(Refusal::not_allowed("删除分解的文件", "该单位的工作专班身份"));
    }
    match drafts.iter().filter(|draft| draft.state == DraftState::Accepted).count() {
        0 => Ok(()),
        taken => Err(Refusal::new(
            "breakdown_in_use",
            format!("这份文件已有{taken}条采用，交办的事项要能查到出处，不能删除。"),
            "不再需要的草稿可以逐条记为“不采用”。",
        )),
    }
}

/// The right to decide on a draft that nobody decided on before.
///
/// # Errors
/// `not_allowed`, `draft_decided`.
pub fn check_open(actor: &Actor, path: &UnitPath, draft: &BreakdownDraft) -> Result<(), Refusal> {
    if !may_break_down(actor, path) {
        return Err(Refusal::not_allowed("分解文件", "该单位的工作专班身份"));
    }
    if draft.state != DraftState::Open {
        return Err(Refusal::new(
            "draft_decided",
            format!("这一条已经处理过（{}）。", crate::Coded::label(draft.state)),
            "请刷新页面查看。",
        ));
    }
    Ok(())
}

/// Drops a draft with a reason.
///
/// # Errors
/// As [`check_open`]; text limits.
pub fn drop_draft(
    actor: &Actor,
    path: &UnitPath,
    draft: &BreakdownDraft,
    reason: &str,
) -> Result<BreakdownDraft, Refusal> {
    check_open(actor, path, draft)?;
    let drop_reason = require_text("reason", "不采用的理由", reason, DROP_CHARS_MAX)?;
    Ok(BreakdownDraft { state: DraftState::Dropped, drop_reason, ..draft.clone() })
}

/// Puts `other` into `draft`: one piece of work, its source both spans.
///
/// # Errors
/// As [`check_open`]; `draft_of_other_document`, `draft_of_itself`, `text_too_long`.
pub fn merge_drafts(
    actor: &Actor,
    path: &UnitPath,
    draft: &BreakdownDraft,
    other: &BreakdownDraft,
) -> Result<(BreakdownDraft, BreakdownDraft), Refusal> {
    check_open(actor, path, draft)?;
    check_open(actor, path, other)?;
    if draft.id == other.id || draft.breakdown_id != other.breakdown_id {
        return Err(Refusal::of_field(
            "into",
            "draft_of_other_document",
            "只能并入同一文件的另一条。",
            "请重新选择要并入的条目。",
        ));
    }
    let action = format!("{}；{}", draft.action, other.action);
    let action = require_text("action", "任务内容", &action, ACTION_CHARS_MAX)?;
    let kept = BreakdownDraft {
        action,
        hard: draft.hard || other.hard,
        due_day: draft.due_day.or(other.due_day),
        deadline_text: if draft.deadline_text.is_empty() {
            other.deadline_text.clone()
        } else {
            draft.deadline_text.clone()
        },
        ..draft.clone()
    };
    let gone = BreakdownDraft { state: DraftState::Merged, merged_into: Some(draft.id), ..other.clone() };
    Ok((kept, gone))
}
