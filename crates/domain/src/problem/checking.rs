//! Checking 验收: by another unit, never by the doer (M22).

use super::doing::require_ready;
use super::{
    Action, Case, DeedKind, Flow, Outcome, Party, PartyRole, REASON_CHARS_MAX, Scene, State, Step, Truth,
};
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::Role;

/// What the checker found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How it ended, as the checker sees it; may differ from what the doer claimed.
    pub outcome: Outcome,
    /// Whether the problem was true.
    pub truth: Truth,
    /// How it was checked and what was seen.
    pub note: String,
}

/// The checking unit for which `actor` may check, after all refusals.
pub(super) fn checker(case: &Case, scene: &Scene<'_>, step: &str) -> Result<Party, Refusal> {
    let party = case
        .units_with(PartyRole::Checking)
        .find(|party| scene.actor.holds_any(&[Role::Verifier, Role::Inspector], &party.path))
        .cloned()
        .ok_or_else(|| Refusal::not_allowed(step, "验收单位的验收员或督导员身份"))?;
    case.refuse_doers(scene.actor)?;
    if case.doing_parties().any(|doer| party.path.is_within(&doer.path)) {
        return Err(Refusal::new(
            "checker_is_doer",
            "验收单位同时承担整改，不能自己验收自己。",
            "请工作专班调整验收单位。",
        ));
    }
    Ok(party)
}

/// Passes the verification: a proposed closure, open for objection.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `doer_cannot_check`, `checker_is_doer`, `outcome_missing`,
/// `truth_and_outcome_differ`, `measures_open`, `evidence_missing`, text limits.
pub fn verify(case: &mut Case, scene: &Scene<'_>, verdict: Verdict) -> Result<Step, Refusal> {
    case.require_state("验收", &[State::Reported])?;
    let party = checker(case, scene, "验收")?;
    let note = require_text("note", "验收意见", &verdict.note, REASON_CHARS_MAX)?;
    let allowed =
        [Outcome::Solved, Outcome::Standing, Outcome::ClosedUnsolved, Outcome::NotTrue, Outcome::Transferred];
    if !allowed.contains(&verdict.outcome) {
        return Err(Refusal::of_field(
            "outcome",
            "outcome_missing",
            "没有选择验收结果。",
            "请选择整改结果。",
        ));
    }
    if (verdict.outcome == Outcome::NotTrue) != (verdict.truth == Truth::NotTrue) {
        return Err(Refusal::of_field(
            "truth",
            "truth_and_outcome_differ",
            "属实情况与整改结果不一致：“不属实”须两项同时选择。",
            "问题属实的，请按是否解决选择结果。",
        ));
    }
    require_ready(case, scene, verdict.outcome)?;
    case.problem.outcome = Some(verdict.outcome);
    case.problem.truth = verdict.truth;
    case.problem.verified_day = Some(scene.today);
    case.problem.notice_until_day = Some(scene.today.plus_days(scene.rules.notice_days));
    case.problem.state = State::Proposed;
    case.add_deed(scene.actor, party.unit_id, DeedKind::Verified);
    case.move_clock(scene, Some(party.unit_id), "公示销号");
    case.settle(scene);
    Ok(Step::new(Action::Verified, party.unit_id, note).with(Flow::Verified))
}

/// Sends a reported problem back to the doing unit, with what is missing.
///
/// # Errors
/// As [`verify`].
pub fn send_back(case: &mut Case, scene: &Scene<'_>, reason: &str) -> Result<Step, Refusal> {
    case.require_state("验收退回", &[State::Reported])?;
    let party = checker(case, scene, "验收退回")?;
    let reason = require_text("reason", "退回理由", reason, REASON_CHARS_MAX)?;
    case.problem.state = State::SentBack;
    case.problem.outcome = None;
    case.problem.send_backs += 1;
    case.add_deed(scene.actor, party.unit_id, DeedKind::Verified);
    let lead = case.problem.home_unit_id;
    case.move_clock(scene, Some(lead), "退回整改");
    case.settle(scene);
    Ok(Step::new(Action::SentBack, party.unit_id, reason).with(Flow::SentBack))
}

/// Checks a note's length where it may be empty.
pub(super) fn optional_note(note: &str) -> Result<String, Refusal> {
    limit_text("note", "说明", note, REASON_CHARS_MAX)
}
