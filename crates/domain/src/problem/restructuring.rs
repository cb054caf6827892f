//! Merge, split and transfer 合并、拆分、移交: the problem ends here and goes on elsewhere, linked both ways.

use super::{Action, Case, Flow, Outcome, REASON_CHARS_MAX, Scene, State, Step};
use crate::id::ProblemId;
use crate::refusal::{Refusal, require_text};
use crate::role::Role;

/// States in which a problem may be merged, split or transferred: nothing has been claimed yet.
const MOVABLE: [State; 7] = [
    State::Registered,
    State::Screened,
    State::Returned,
    State::Accepted,
    State::Assigned,
    State::Rectifying,
    State::SentBack,
];

fn office_only(case: &Case, scene: &Scene<'_>, step: &str) -> Result<(), Refusal> {
    case.require_state(step, &MOVABLE)?;
    if scene.actor.holds_any(&[Role::Office, Role::Leader], &case.problem.home_path) {
        return Ok(());
    }
    Err(Refusal::not_allowed(step, "工作专班或领导身份"))
}

fn end(case: &mut Case, scene: &Scene<'_>, action: Action, outcome: Outcome, reason: String) -> Step {
    let unit = case.problem.home_unit_id;
    case.end_round(scene, outcome);
    case.settle(scene);
    Step::new(action, unit, reason).with(Flow::Closed)
}

/// Merges this problem into `target`, which keeps every origin.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `merge_into_itself`, text limits.
pub fn merge_into(
    case: &mut Case,
    scene: &Scene<'_>,
    target: ProblemId,
    reason: &str,
) -> Result<Step, Refusal> {
    office_only(case, scene, "并入其他问题")?;
    let reason = require_text("reason", "合并理由", reason, REASON_CHARS_MAX)?;
    if target == case.problem.id {
        return Err(Refusal::of_field(
            "target",
            "merge_into_itself",
            "不能并入自己。",
            "请填写另一个问题的编号。",
        ));
    }
    case.problem.merged_into_id = Some(target);
    Ok(end(case, scene, Action::MergedInto, Outcome::Merged, reason))
}

/// Ends this problem because it was split; the parts are registered with its number as origin.
///
/// # Errors
/// `wrong_state`, `not_allowed`, text limits.
pub fn split_off(case: &mut Case, scene: &Scene<'_>, reason: &str) -> Result<Step, Refusal> {
    office_only(case, scene, "拆分")?;
    let reason = require_text("reason", "拆分理由", reason, REASON_CHARS_MAX)?;
    Ok(end(case, scene, Action::SplitOff, Outcome::Split, reason))
}

/// Hands the problem over to a body outside the campaign 移交.
///
/// # Errors
/// `wrong_state`, `not_allowed`, text limits.
pub fn transfer_out(case: &mut Case, scene: &Scene<'_>, reason: &str) -> Result<Step, Refusal> {
    office_only(case, scene, "移交")?;
    let reason = require_text("reason", "移交去向和理由", reason, REASON_CHARS_MAX)?;
    case.problem.statement = reason.clone();
    Ok(end(case, scene, Action::Transferred, Outcome::Transferred, reason))
}
