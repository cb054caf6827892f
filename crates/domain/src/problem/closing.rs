//! Closing 销号, objection, look-back, and re-opening as a new round.

use super::checking::optional_note;
use super::{Action, Case, Flow, Outcome, PartyRole, REASON_CHARS_MAX, Round, Scene, State, Step};
use crate::Day;
use crate::id::{LookBackId, PersonId, UnitId};
use crate::look_back::{LookBack, LookBackResult};
use crate::refusal::{Refusal, require_text};
use crate::role::Role;

/// Closes a proposed closure after its notice period.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `doer_cannot_check`, `notice_running`.
pub fn confirm_closure(case: &mut Case, scene: &Scene<'_>, note: &str) -> Result<Step, Refusal> {
    case.require_state("销号", &[State::Proposed])?;
    let note = optional_note(note)?;
    let by_office = scene.actor.holds(Role::Office, &case.problem.home_path);
    let by_checker = case.units_with(PartyRole::Checking).any(|p| scene.actor.holds(Role::Verifier, &p.path));
    if !by_office && !by_checker {
        return Err(Refusal::not_allowed("销号", "工作专班或验收单位验收员身份"));
    }
    case.refuse_doers(scene.actor)?;
    if scene.rules.notice_days > 0
        && let Some(until) = case.problem.notice_until_day
        && scene.today <= until
    {
        return Err(Refusal::new(
            "notice_running",
            format!("拟销号公示到{}为止，期满无异议方可销号。", until.in_chinese()),
            "公示期内有异议的，请提出异议，问题回到验收环节。",
        ));
    }
    let outcome = case.problem.outcome.unwrap_or(Outcome::Solved);
    let unit = case.problem.checking_unit_id.unwrap_or(case.problem.home_unit_id);
    case.end_round(scene, outcome);
    plan_look_back(case, scene, unit);
    case.settle(scene);
    Ok(Step::new(Action::Closed, unit, note).with(Flow::Closed))
}

/// A look-back is planned for what is said to be done; a standing duty is looked at at its own interval.
fn plan_look_back(case: &mut Case, scene: &Scene<'_>, unit_id: UnitId) {
    let days = match case.problem.outcome {
        Some(Outcome::Standing) => {
            case.problem.recheck_days.map_or(scene.rules.look_back_days, |days| days as i32)
        }
        Some(Outcome::Solved) => scene.rules.look_back_days,
        _ => 0,
    };
    if days > 0 {
        push_look_back(case, unit_id, scene.today.plus_days(days));
    }
}

fn push_look_back(case: &mut Case, unit_id: UnitId, due_day: Day) {
    case.look_backs.push(LookBack {
        id: LookBackId(0),
        problem_id: case.problem.id,
        round: case.problem.round,
        unit_id,
        person_id: None,
        due_day,
        result: LookBackResult::Pending,
        note: String::new(),
        done_by: None,
        done_at: None,
        version: 1,
    });
}

/// Anybody who may see the problem objects to a proposed closure: it goes back to the checker.
///
/// # Errors
/// `wrong_state`, text limits.
pub fn object(case: &mut Case, scene: &Scene<'_>, reason: &str) -> Result<Step, Refusal> {
    case.require_state("提出异议", &[State::Proposed])?;
    let reason = require_text("reason", "异议理由", reason, REASON_CHARS_MAX)?;
    let unit = scene.actor.posts.first().map_or(case.problem.registered_unit_id, |post| post.unit);
    case.problem.state = State::Reported;
    case.problem.verified_day = None;
    case.problem.notice_until_day = None;
    let checking = case.problem.checking_unit_id;
    case.move_clock(scene, checking, "异议复核");
    case.settle(scene);
    Ok(Step::new(Action::Objected, unit, reason))
}

/// Files what a look-back found; a rebound or a false closure begins a new round.
///
/// # Errors
/// `no_look_back`, `not_allowed`, `doer_cannot_check`, `hand_in_the_work`, `not_the_drawn_person`, `result_missing`,
/// `look_back_too_early`,
/// text limits.
pub fn record_look_back(
    case: &mut Case,
    scene: &Scene<'_>,
    id: LookBackId,
    result: LookBackResult,
    note: &str,
) -> Result<Step, Refusal> {
    case.require_state("填报回头看", &[State::Closed])?;
    let index =
        case.look_backs.iter().position(|l| l.id == id && l.result == LookBackResult::Pending).ok_or_else(
            || Refusal::new("no_look_back", "这次回头看已经填报过了。", "请刷新页面查看最新情况。"),
        )?;
    refuse_look_back_by_hands(case, scene)?;
    refuse_look_back_by_others(&case.look_backs[index], scene)?;
    if matches!(result, LookBackResult::Pending | LookBackResult::Overtaken) {
        return Err(Refusal::of_field(
            "result",
            "result_missing",
            "没有选择回头看结果。",
            "请选择成效保持、反弹或虚假销号。",
        ));
    }
    let due = case.look_backs[index].due_day;
    if result == LookBackResult::Holds && scene.today < due {
        return Err(Refusal::of_field(
            "result",
            "look_back_too_early",
            format!("回头看应在{}以后进行，现在还不能认定“成效保持”。", due.in_chinese()),
            "发现反弹或虚假销号的，可以随时填报。",
        ));
    }
    let note = require_text("note", "回头看情况", note, REASON_CHARS_MAX)?;
    let look_back = &mut case.look_backs[index];
    look_back.result = result;
    look_back.note = note.clone();
    look_back.done_by = Some(scene.actor.person);
    look_back.done_at = Some(scene.now);
    let unit = look_back.unit_id;
    let step = Step::new(Action::LookedBack, unit, note.clone());
    match result {
        LookBackResult::SlippedBack | LookBackResult::NeverTrue => {
            new_round(case, scene, &note);
            case.settle(scene);
            Ok(step.with(Flow::Reopened))
        }
        _ => {
            if case.problem.outcome == Some(Outcome::Standing) {
                plan_look_back(case, scene, unit);
            }
            case.settle(scene);
            Ok(step)
        }
    }
}

/// A closed problem was drawn for the reverse check 反向核查: its look-back is due from `day` on, and `person`, whom the
/// draw chose, files it.
///
/// # Errors
/// `wrong_state`, `nothing_to_look_back` for closures that rectified nothing.
pub fn plan_reverse_check(
    case: &mut Case,
    scene: &Scene<'_>,
    (unit, person): (UnitId, Option<PersonId>),
    day: Day,
    note: &str,
) -> Result<Step, Refusal> {
    case.require_state("列入反向核查", &[State::Closed])?;
    if !case.problem.outcome.is_some_and(can_be_looked_back) {
        return Err(Refusal::new(
            "nothing_to_look_back",
            "这个问题没有整改成果可以核查（并入、拆分、移交、不属实或者不予立项）。",
            "请另选已销号的问题。",
        ));
    }
    let round = case.problem.round;
    let pending = |l: &&mut LookBack| l.round == round && l.result == LookBackResult::Pending;
    if !case.look_backs.iter_mut().any(|mut l| pending(&mut l)) {
        push_look_back(case, unit, day);
    }
    if let Some(look_back) = case.look_backs.iter_mut().find(pending) {
        look_back.due_day = look_back.due_day.min(day);
        look_back.unit_id = unit;
        look_back.person_id = person;
    }
    case.settle(scene);
    Ok(Step::new(Action::LookBackDrawn, unit, note))
}

/// Whether a closure with this outcome claims that something was put right.
pub fn can_be_looked_back(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Solved | Outcome::Standing | Outcome::ClosedUnsolved | Outcome::ClosedBefore)
}

/// A drawn look-back is filed by whom it was drawn for, and by nobody else.
fn refuse_look_back_by_others(look_back: &LookBack, scene: &Scene<'_>) -> Result<(), Refusal> {
    if look_back.person_id.is_none_or(|person| person == scene.actor.person) {
        return Ok(());
    }
    Err(Refusal::new(
        "not_the_drawn_person",
        "这次反向核查由抽签确定的人员填报。",
        "请由名单上的核查人员填报；确有回避情形的，请另行抽取。",
    ))
}

pub(super) fn refuse_look_back_by_hands(case: &Case, scene: &Scene<'_>) -> Result<(), Refusal> {
    let roles = [Role::Inspector, Role::Verifier, Role::Office];
    let over_home = scene.actor.holds_any(&roles, &case.problem.home_path);
    let over_checking = case.units_with(PartyRole::Checking).any(|p| scene.actor.holds_any(&roles, &p.path));
    if !over_home && !over_checking {
        return Err(Refusal::not_allowed("填报回头看", "督导员、验收员或工作专班身份"));
    }
    case.refuse_doers(scene.actor)?;
    let round = case.problem.round;
    if case.deeds.iter().any(|d| {
        d.round == round && d.person_id == scene.actor.person && d.kind != super::DeedKind::Registered
    }) {
        return Err(Refusal::new(
            "hand_in_the_work",
            "您经手过本轮整改或验收，不能再做回头看。",
            "回头看须由没有参与的人员进行。",
        ));
    }
    Ok(())
}

/// Opens a closed problem again, as a new round, so that figures of issued reports stay.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `cannot_reopen`, text limits.
pub fn reopen(case: &mut Case, scene: &Scene<'_>, reason: &str) -> Result<Step, Refusal> {
    case.require_state("重新打开", &[State::Closed])?;
    if !scene.actor.holds_any(&[Role::Office, Role::Inspector], &case.problem.home_path) {
        return Err(Refusal::not_allowed("重新打开", "工作专班或督导员身份"));
    }
    if matches!(case.problem.outcome, Some(Outcome::Merged | Outcome::Split)) {
        return Err(Refusal::new(
            "cannot_reopen",
            "已并入或拆分的问题不能重新打开。",
            "请到并入或拆分后的问题上办理。",
        ));
    }
    let reason = require_text("reason", "重新打开的理由", reason, REASON_CHARS_MAX)?;
    let unit = case.problem.home_unit_id;
    new_round(case, scene, &reason);
    case.settle(scene);
    Ok(Step::new(Action::Reopened, unit, reason).with(Flow::Reopened))
}

fn new_round(case: &mut Case, scene: &Scene<'_>, reason: &str) {
    let assigned = case.lead().is_some();
    for look_back in &mut case.look_backs {
        if look_back.result == LookBackResult::Pending {
            look_back.result = LookBackResult::Overtaken;
        }
    }
    let problem = &mut case.problem;
    problem.round += 1;
    problem.recurrences += 1;
    problem.state = if assigned { State::Rectifying } else { State::Accepted };
    problem.outcome = None;
    problem.send_backs = 0;
    problem.statement = String::new();
    problem.claimed_day = None;
    problem.filed_day = None;
    problem.verified_day = None;
    problem.notice_until_day = None;
    problem.closed_day = None;
    problem.forced_reason = String::new();
    // A rebound is due again from today: the old deadline has been used up.
    if problem.due_day.is_some_and(|due| due < scene.today) {
        let due = scene.today.plus_days(super::REOPENED_DAYS);
        problem.due_day = Some(due);
        problem.first_due_day = Some(due);
        problem.deadline_text = format!("重新打开后{}日内（{}前）", super::REOPENED_DAYS, due.in_chinese());
    }
    case.closure_evidence = 0;
    let (round, home) = (case.problem.round, case.problem.home_unit_id);
    case.rounds.push(Round {
        round,
        opened_day: scene.today,
        reason: reason.to_owned(),
        closed_day: None,
        outcome: None,
        statement: String::new(),
    });
    case.move_clock(scene, Some(home), "重新整改");
}
