//! Assignment: lead, responsible, assisting and checking units, leader in charge, task team, deadline.

use super::{Action, Case, Flow, PARTIES_MAX, Party, PartyRole, REASON_CHARS_MAX, Scene, State, Step};
use crate::Day;
use crate::colour::Colour;
use crate::deadline::Deadline;
use crate::id::PostId;
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::Role;

/// Who shall do it, who shall check it, by when.
#[derive(Clone, Debug, Default)]
pub struct Assignment {
    /// Units with their roles: exactly one lead and one checking unit, any number of others.
    pub parties: Vec<Party>,
    /// Leader in charge, by post.
    pub leader_post_id: Option<PostId>,
    /// Task team, in words.
    pub task_team: String,
    /// The deadline; `None` keeps the one there is.
    pub deadline: Option<Deadline>,
    /// Goal; empty keeps the one there is.
    pub goal: String,
}

/// Assigns an accepted problem, or changes the assignment of one under way (转办).
///
/// # Errors
/// `wrong_state`, `not_allowed`, `lead_missing`, `checker_missing`, `checker_is_doer`, `doer_cannot_check`,
/// `deadline_missing`, `deadline_by_extension`, `too_many_units`.
pub fn assign(case: &mut Case, scene: &Scene<'_>, order: Assignment, reason: &str) -> Result<Step, Refusal> {
    let states = [State::Accepted, State::Assigned, State::Rectifying, State::SentBack];
    case.require_state("交办", &states)?;
    if !scene.actor.holds(Role::Office, &case.problem.home_path) {
        return Err(Refusal::not_allowed("交办", "工作专班身份"));
    }
    check_parties(&order.parties)?;
    refuse_former_doer(case, &order.parties)?;
    let again = case.problem.state != State::Accepted;
    if again {
        // Who does the work may not change who checks it or by when.
        case.refuse_doers(scene.actor)?;
        refuse_hidden_extension(case, &order)?;
    }
    let reason =
        if again { require_text("reason", "调整理由", reason, REASON_CHARS_MAX)? } else { String::new() };
    case.parties.retain(|party| matches!(party.role, PartyRole::Registering | PartyRole::Superior));
    case.parties.extend(order.parties);
    case.problem.leader_post_id = order.leader_post_id.or(case.problem.leader_post_id);
    case.problem.task_team = limit_text("task_team", "专班", &order.task_team, 500)?;
    if !order.goal.trim().is_empty() {
        case.problem.goal = limit_text("goal", "整改目标", &order.goal, REASON_CHARS_MAX)?;
    }
    let new_deadline = order.deadline.is_some();
    if let Some(deadline) = order.deadline {
        set_deadline(case, &deadline);
    }
    require_deadline(case)?;
    let office = scene.actor.post_for(&case.problem.home_path).map(|post| post.unit);
    if new_deadline || case.problem.deadline_unit_id.is_none() || !again {
        case.problem.deadline_unit_id = office.or(Some(case.problem.registered_unit_id));
    }
    case.lapse_extension(scene, "交办已调整，申请失效");
    case.settle_home();
    case.problem.state = State::Assigned;
    case.problem.assigned_day = Some(scene.today);
    case.problem.signed_day = None;
    let lead = case.problem.home_unit_id;
    case.move_clock(scene, Some(lead), "待签收");
    case.settle(scene);
    let action = if again { Action::Reassigned } else { Action::Assigned };
    Ok(Step::new(action, lead, reason).with(Flow::Assigned))
}

fn check_parties(parties: &[Party]) -> Result<(), Refusal> {
    if parties.len() > PARTIES_MAX {
        return Err(Refusal::of_field(
            "responsible",
            "too_many_units",
            format!("一个问题最多涉及{PARTIES_MAX}个单位，现在有{}个。", parties.len()),
            "请按单位拆分问题。",
        ));
    }
    let leads = parties.iter().filter(|p| p.role == PartyRole::Lead).count();
    if leads != 1 {
        return Err(Refusal::of_field(
            "lead",
            "lead_missing",
            "没有选定牵头单位。",
            "请选定且只选定一个牵头单位。",
        ));
    }
    let Some(checker) = parties.iter().find(|p| p.role == PartyRole::Checking) else {
        return Err(Refusal::of_field(
            "checking",
            "checker_missing",
            "没有选定验收单位。",
            "请选定一个不承担整改的单位验收。",
        ));
    };
    if parties.iter().any(|p| p.role.does() && checker.path.is_within(&p.path)) {
        return Err(Refusal::of_field(
            "checking",
            "checker_is_doer",
            "验收单位同时是整改单位（或其下级），不能自己验收自己。",
            "请选择另一个单位验收，例如上级单位或行业主管部门。",
        ));
    }
    Ok(())
}

/// A later day for the same lead unit is an extension: it must be asked for, answered and counted as one.
fn refuse_hidden_extension(case: &Case, order: &Assignment) -> Result<(), Refusal> {
    let same_lead = order
        .parties
        .iter()
        .any(|p| p.role == PartyRole::Lead && Some(p.unit_id) == case.problem.lead_unit_id);
    let Some((deadline, due)) = order.deadline.as_ref().zip(case.problem.due_day) else { return Ok(()) };
    if !same_lead || deadline.date.is_some_and(|day| day <= due) {
        return Ok(());
    }
    Err(Refusal::of_field(
        "deadline",
        "deadline_by_extension",
        format!("牵头单位不变时，不能通过调整交办把时限{}推后。", due.in_chinese()),
        "请由牵头单位申请延期；延期单独统计。",
    ))
}

/// A unit that had its hand in the work does not become its checker by being relieved of it.
fn refuse_former_doer(case: &Case, parties: &[Party]) -> Result<(), Refusal> {
    let did = |party: &Party| {
        let units = party.path.units();
        case.deeds.iter().any(|deed| deed.kind.is_doing() && units.contains(&deed.unit_id))
    };
    if parties.iter().any(|party| party.role == PartyRole::Checking && did(party)) {
        return Err(Refusal::of_field(
            "checking",
            "checker_is_doer",
            "验收单位经手过本问题的整改，不能再验收。",
            "请选择没有参与整改的单位验收。",
        ));
    }
    Ok(())
}

/// Takes over a deadline, wording kept.
pub(super) fn set_deadline(case: &mut Case, deadline: &Deadline) {
    let problem = &mut case.problem;
    problem.deadline_text = deadline.text.clone();
    problem.deadline_kind = deadline.kind_code().to_owned();
    problem.due_day = deadline.date;
    problem.standing = deadline.standing;
    problem.recheck_days = deadline.recheck_days.map(i64::from);
    problem.first_due_day = deadline.date;
}

fn require_deadline(case: &Case) -> Result<(), Refusal> {
    if case.problem.due_day.is_some() || case.problem.standing {
        return Ok(());
    }
    Err(Refusal::of_field(
        "deadline",
        "deadline_missing",
        format!("整改时限“{}”还没有确定到日期。", case.problem.deadline_text),
        "请填写具体日期（如2024年6月30日前），或写明“长期坚持”。",
    ))
}

/// The lead unit says it is not theirs: back to the office, with the reason.
///
/// # Errors
/// `wrong_state`, `not_allowed`, text limits.
pub fn return_assignment(case: &mut Case, scene: &Scene<'_>, reason: &str) -> Result<Step, Refusal> {
    case.require_state("退回交办", &[State::Assigned])?;
    let doer = case.doer(scene.actor, "退回交办")?;
    let reason = require_text("reason", "退回理由", reason, REASON_CHARS_MAX)?;
    case.problem.state = State::Accepted;
    case.move_clock(scene, case.problem.deadline_unit_id, "重新交办");
    case.settle(scene);
    Ok(Step::new(Action::AssignmentReturned, doer.unit_id, reason))
}

/// Sets the colour by hand, with a reason and a last day; an empty colour takes it back.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `doer_cannot_check`, `red_by_returns`, `override_end_missing`, text limits.
pub fn override_colour(
    case: &mut Case,
    scene: &Scene<'_>,
    colour: Option<Colour>,
    until: Option<Day>,
    reason: &str,
) -> Result<Step, Refusal> {
    /// Longest time a colour may be set by hand, in days.
    const OVERRIDE_DAYS_MAX: i32 = 31;
    case.require_state("调整颜色", &[State::Assigned, State::Rectifying, State::SentBack])?;
    if !scene.actor.holds_any(&[Role::Office, Role::Leader], &case.problem.home_path) {
        return Err(Refusal::not_allowed("调整颜色", "工作专班或领导身份"));
    }
    case.refuse_doers(scene.actor)?;
    if case.red_by_returns(scene) {
        return Err(Refusal::new(
            "red_by_returns",
            format!("问题已被验收退回{}次，按规则为红色，不能人工调整。", case.problem.send_backs),
            "验收通过后颜色自动恢复。",
        ));
    }
    let Some(colour) = colour else {
        case.problem.forced_colour = None;
        case.problem.forced_until_day = None;
        case.problem.forced_reason = String::new();
        case.settle(scene);
        return Ok(Step::new(Action::ColourOverridden, case.problem.home_unit_id, "恢复自动判定"));
    };
    let reason = require_text("reason", "调整理由", reason, REASON_CHARS_MAX)?;
    let until = until
        .filter(|day| *day >= scene.today && *day <= scene.today.plus_days(OVERRIDE_DAYS_MAX))
        .ok_or_else(|| {
        Refusal::of_field(
            "until",
            "override_end_missing",
            "人工调整颜色必须写明截止日。",
            format!("请选择今天起{OVERRIDE_DAYS_MAX}天以内的日期，到期自动恢复。"),
        )
    })?;
    case.problem.forced_colour = Some(colour);
    case.problem.forced_until_day = Some(until);
    case.problem.forced_reason = reason.clone();
    case.settle(scene);
    Ok(Step::new(Action::ColourOverridden, case.problem.home_unit_id, reason))
}
