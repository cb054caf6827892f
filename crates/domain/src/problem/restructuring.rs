//! Merge, split and transfer 合并、拆分、移交: the problem ends here and goes on elsewhere, linked both ways.

use super::{Action, Case, Flow, Outcome, Party, PartyRole, REASON_CHARS_MAX, Scene, State, Step};
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
    if !scene.actor.holds_any(&[Role::Office, Role::Leader], &case.problem.home_path) {
        return Err(Refusal::not_allowed(step, "工作专班或领导身份"));
    }
    // A doer who merged, split or gave away its own problem would have closed it.
    case.refuse_doers(scene.actor)
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

/// Takes up another problem that is merged into this one: its registering units see it from now on, so that every
/// origin is kept.
///
/// # Errors
/// `target_closed`.
pub fn absorb(case: &mut Case, scene: &Scene<'_>, merged: &Case) -> Result<Step, Refusal> {
    if !case.problem.state.is_open() {
        return Err(Refusal::of_field(
            "target",
            "target_closed",
            format!("{}已经销号，不能再并入。", case.problem.citation()),
            "请选择一个在办的问题。",
        ));
    }
    let origin = format!("由{}并入", merged.problem.citation());
    for party in merged.units_with(PartyRole::Registering) {
        let known = |have: &Party| have.role == party.role && have.unit_id == party.unit_id;
        if !case.parties.iter().any(known) {
            case.parties.push(Party { written: origin.clone(), ..party.clone() });
        }
    }
    case.settle(scene);
    Ok(Step::new(Action::Absorbed, case.problem.home_unit_id, format!("{origin}：{}", merged.problem.text)))
}
