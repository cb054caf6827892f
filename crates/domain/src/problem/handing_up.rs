//! Handing the root cause up 上下联动: a superior is asked, and the clock moves with the question (M25).

use super::{Action, Case, DeedKind, Flow, Party, PartyRole, REASON_CHARS_MAX, Scene, State, Step};
use crate::id::{ProblemId, RequestId, UnitId};
use crate::measure::MeasureState;
use crate::refusal::{Refusal, limit_text, require_text};
use crate::request::{Request, RequestKind, RequestState};
use crate::role::Role;
use crate::unit::UnitPath;

/// Asks a unit above for what the doing unit cannot give itself. From now on the clock is theirs.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `not_a_superior`, text limits.
pub fn hand_up(
    case: &mut Case,
    scene: &Scene<'_>,
    superior: (UnitId, UnitPath),
    needed: &str,
) -> Result<Step, Refusal> {
    case.require_state("请求上级", &[State::Rectifying, State::SentBack])?;
    let doer = case.doer(scene.actor, "请求上级")?;
    let needed = require_text("needed", "需要上级解决的事项", needed, REASON_CHARS_MAX)?;
    require_above(&doer.path, &superior.1)?;
    case.requests.push(Request {
        id: RequestId(0),
        problem_id: case.problem.id,
        round: case.problem.round,
        kind: RequestKind::HandUp,
        asked_by: scene.actor.person,
        asked_unit_id: doer.unit_id,
        asked_at: scene.now,
        reason: needed.clone(),
        deadline_text: String::new(),
        new_due_day: None,
        to_unit_id: superior.0,
        state: RequestState::Open,
        decided_by: None,
        decided_at: None,
        decision_reason: String::new(),
        version: 1,
    });
    add_superior(case, &superior);
    case.problem.state = State::HandedUp;
    case.move_clock(scene, Some(superior.0), "请求上级");
    case.settle(scene);
    Ok(Step::new(Action::HandedUp, doer.unit_id, needed).with(Flow::HandedUp))
}

fn require_above(path: &UnitPath, superior: &UnitPath) -> Result<(), Refusal> {
    if path.is_within(superior) && path != superior {
        return Ok(());
    }
    Err(Refusal::of_field(
        "superior",
        "not_a_superior",
        "选择的单位不是上级单位。",
        "请在本单位的各级上级中选择。",
    ))
}

fn add_superior(case: &mut Case, superior: &(UnitId, UnitPath)) {
    if !case.parties.iter().any(|p| p.unit_id == superior.0 && p.role == PartyRole::Superior) {
        case.parties.push(Party {
            unit_id: superior.0,
            path: superior.1.clone(),
            role: PartyRole::Superior,
            written: String::new(),
        });
    }
}

/// The superior's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandUpAnswer {
    /// Claimed 认领; the problem above it belongs to may be named, so that all its symptoms are seen together.
    Accept {
        /// The upper problem.
        root_cause: Option<ProblemId>,
        /// What will be done.
        note: String,
    },
    /// Refused, with the reason; the clock goes back.
    Refuse(String),
    /// Handed further up.
    Pass((UnitId, UnitPath), String),
}

fn asked_superior(case: &Case, scene: &Scene<'_>, state: RequestState) -> Result<(usize, Party), Refusal> {
    case.require_state("答复请求", &[State::HandedUp])?;
    let index = case
        .open_request(RequestKind::HandUp)
        .filter(|index| case.requests[*index].state == state)
        .ok_or_else(|| {
        Refusal::new("no_request", "没有等待办理的请求上级事项。", "请刷新页面查看最新情况。")
    })?;
    let to = case.requests[index].to_unit_id;
    let party = case
        .units_with(PartyRole::Superior)
        .find(|p| p.unit_id == to)
        .filter(|p| {
            scene.actor.holds_any(&[Role::Office, Role::Leader, Role::Filler], &p.path)
                && scene.actor.belongs_to(&p.path)
        })
        .cloned()
        .ok_or_else(|| Refusal::not_allowed("答复请求", "被请求上级单位的工作专班、领导或填报员身份"))?;
    Ok((index, party))
}

/// Answers a call for a superior.
///
/// # Errors
/// `wrong_state`, `no_request`, `not_allowed`, `not_a_superior`, text limits.
pub fn answer_hand_up(case: &mut Case, scene: &Scene<'_>, answer: HandUpAnswer) -> Result<Step, Refusal> {
    let (index, party) = asked_superior(case, scene, RequestState::Open)?;
    let step = match answer {
        HandUpAnswer::Accept { root_cause, note } => {
            if root_cause == Some(case.problem.id) {
                return Err(Refusal::of_field(
                    "root_cause",
                    "root_cause_of_itself",
                    "问题不能是自己的根源。",
                    "请填写上级问题的编号，或留空。",
                ));
            }
            let note = limit_text("note", "认领意见", &note, REASON_CHARS_MAX)?;
            decide(case, scene, index, RequestState::Granted, &note);
            case.problem.root_cause_id = root_cause.or(case.problem.root_cause_id);
            case.move_clock(scene, Some(party.unit_id), "上级办理");
            Step::new(Action::HandUpAccepted, party.unit_id, note)
        }
        HandUpAnswer::Refuse(reason) => {
            let reason = require_text("reason", "不予认领的理由", &reason, REASON_CHARS_MAX)?;
            decide(case, scene, index, RequestState::Refused, &reason);
            give_back(case, scene, "上级不予认领，继续整改");
            Step::new(Action::HandUpRefused, party.unit_id, reason)
        }
        HandUpAnswer::Pass(next, reason) => {
            let reason = require_text("reason", "上提理由", &reason, REASON_CHARS_MAX)?;
            require_above(&party.path, &next.1)?;
            add_superior(case, &next);
            case.requests[index].to_unit_id = next.0;
            case.requests[index].version += 1;
            case.move_clock(scene, Some(next.0), "请求上级");
            Step::new(Action::HandUpPassed, party.unit_id, reason)
        }
    };
    case.settle(scene);
    Ok(step)
}

/// The superior has done its part; the doing unit goes on with the days it lost given back.
///
/// # Errors
/// `wrong_state`, `no_request`, `not_allowed`, text limits.
pub fn finish_hand_up(case: &mut Case, scene: &Scene<'_>, note: &str) -> Result<Step, Refusal> {
    let (index, party) = asked_superior(case, scene, RequestState::Granted)?;
    let note = require_text("note", "办理结果", note, REASON_CHARS_MAX)?;
    decide(case, scene, index, RequestState::Finished, &note);
    // What the superior did counts as a hand in the doing unit's work: whoever did it checks nothing of it.
    let asked_unit = case.requests[index].asked_unit_id;
    case.add_deed(scene.actor, asked_unit, DeedKind::Did);
    give_back(case, scene, "上级办结，继续整改");
    case.settle(scene);
    Ok(Step::new(Action::HandUpFinished, party.unit_id, note))
}

fn decide(case: &mut Case, scene: &Scene<'_>, index: usize, state: RequestState, reason: &str) {
    let request = &mut case.requests[index];
    request.state = state;
    request.decided_by = Some(scene.actor.person);
    request.decided_at = Some(scene.now);
    request.decision_reason = reason.to_owned();
    request.version += 1;
}

/// The clock goes back to the lead unit; the due day moves by the days the superiors held it.
fn give_back(case: &mut Case, scene: &Scene<'_>, why: &str) {
    let asked =
        case.requests.iter().rev().find(|r| r.kind == RequestKind::HandUp).map(|r| r.asked_at.day_in_china());
    let held = asked.map_or(0, |day| scene.today.minus(day).max(0));
    if let Some(due) = case.problem.due_day {
        case.problem.due_day = Some(due.plus_days(held));
    }
    let round = case.problem.round;
    for measure in case.measures.iter_mut().filter(|m| m.round == round && m.state == MeasureState::Planned) {
        measure.due_day = measure.due_day.map(|day| day.plus_days(held));
    }
    case.problem.state = State::Rectifying;
    let lead = case.problem.home_unit_id;
    case.move_clock(scene, Some(lead), why);
}
