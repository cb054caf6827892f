//! Intake: register, import, and the two-step screening 分管核、上会审.

use super::{
    Action, Case, DeedKind, Flow, Outcome, PROBLEM_CHARS_MAX, Party, PartyRole, Problem, REASON_CHARS_MAX,
    Round, Scene, State, Step, Truth,
};
use crate::deadline::Deadline;
use crate::id::{CampaignId, LedgerImportId, ProblemId, UnitId};
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::Role;
use crate::unit::UnitPath;

/// What a person or a ledger row says of a new problem.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Running number within the campaign.
    pub number: i64,
    /// The registering unit and its place.
    pub unit_id: UnitId,
    /// Its place in the tree.
    pub unit_path: UnitPath,
    /// What is wrong.
    pub text: String,
    /// Where.
    pub place: String,
    /// Category.
    pub category: String,
    /// Strand code.
    pub strand: String,
    /// Source code.
    pub source: String,
    /// Ground.
    pub ground: String,
    /// Goal.
    pub goal: String,
    /// Deadline, wording kept.
    pub deadline: Option<Deadline>,
    /// Remark.
    pub remark: String,
    /// Progress as the ledger words it.
    pub progress: String,
    /// Status as the ledger words it.
    pub status_text: String,
    /// Unmapped columns as JSON.
    pub extra: String,
    /// The problem it was found alike to (举一反三) or split off from.
    pub split_from_id: Option<ProblemId>,
    /// The ledger row it came from: import, sheet, row, key, sequence text.
    pub origin: Option<(LedgerImportId, String, i64, String, String)>,
}

crate::coded! {
    /// What an imported status means for the loop. Nothing imported counts as verified here.
    ImportedState ("导入状态") {
        /// Goes through screening like any other.
        Screen = "screen", "待初核";
        /// Decided already; waits to be assigned.
        Accepted = "accepted", "待交办";
        /// The ledger says it is done: somebody here must verify it.
        Reported = "reported", "报告完成待验收";
        /// Closed before: counted apart, never as solved.
        ClosedBefore = "closed_before", "导入前已销号";
    }
}

/// Registers a problem: the first state of a case.
///
/// # Errors
/// `not_allowed`, text limits.
pub fn register(
    draft: Draft,
    scene: &Scene<'_>,
    imported: Option<ImportedState>,
) -> Result<(Case, Step), Refusal> {
    let may =
        scene.actor.holds_any(&[Role::Filler, Role::Office, Role::Inspector, Role::Leader], &draft.unit_path);
    if !may {
        return Err(Refusal::not_allowed("登记问题", "登记单位的填报员、工作专班、督导员或领导身份"));
    }
    let problem = blank(&draft, scene)?;
    let registering = Party {
        unit_id: draft.unit_id,
        path: draft.unit_path,
        role: PartyRole::Registering,
        written: String::new(),
    };
    let round = Round {
        round: 1,
        opened_day: scene.today,
        reason: String::new(),
        closed_day: None,
        outcome: None,
        statement: String::new(),
    };
    let mut case = Case {
        problem,
        parties: vec![registering],
        measures: vec![],
        requests: vec![],
        look_backs: vec![],
        rounds: vec![round],
        deeds: vec![],
        holdings: vec![],
        closure_evidence: 0,
    };
    case.add_deed(scene.actor, draft.unit_id, DeedKind::Registered);
    case.problem.state = match imported {
        None | Some(ImportedState::Screen) if scene.rules.screening => State::Registered,
        _ => State::Accepted,
    };
    let mut flows = vec![Flow::Registered];
    if imported == Some(ImportedState::ClosedBefore) {
        case.end_round(scene, Outcome::ClosedBefore);
        flows.push(Flow::Closed);
    }
    case.settle(scene);
    let action = if draft.origin.is_some() { Action::Imported } else { Action::Registered };
    Ok((case, Step { action, flows, note: String::new(), unit_id: draft.unit_id }))
}

fn blank(draft: &Draft, scene: &Scene<'_>) -> Result<Problem, Refusal> {
    let text = require_text("text", "问题描述", &draft.text, PROBLEM_CHARS_MAX)?;
    let deadline = draft.deadline.as_ref();
    let (import_id, import_sheet, import_row, import_key, import_seq) = match draft.origin.clone() {
        Some((id, sheet, row, key, seq)) => (Some(id), sheet, row, key, seq),
        None => (None, String::new(), 0, String::new(), String::new()),
    };
    Ok(Problem {
        id: ProblemId(0),
        campaign_id: draft.campaign_id,
        number: draft.number,
        round: 1,
        text,
        place: limit_text("place", "地点", &draft.place, 200)?,
        category: limit_text("category", "类别", &draft.category, 100)?,
        strand: draft.strand.clone(),
        source: draft.source.clone(),
        ground: limit_text("ground", "依据", &draft.ground, 500)?,
        goal: limit_text("goal", "整改目标", &draft.goal, REASON_CHARS_MAX)?,
        deadline_text: deadline.map(|d| d.text.clone()).unwrap_or_default(),
        deadline_kind: deadline.map(|d| d.kind_code().to_owned()).unwrap_or_default(),
        due_day: deadline.and_then(|d| d.date),
        standing: deadline.is_some_and(|d| d.standing),
        recheck_days: deadline.and_then(|d| d.recheck_days).map(i64::from),
        first_due_day: deadline.and_then(|d| d.date),
        state: State::Registered,
        outcome: None,
        truth: Truth::Unknown,
        registered_unit_id: draft.unit_id,
        registered_by: scene.actor.person,
        home_unit_id: draft.unit_id,
        home_path: draft.unit_path.clone(),
        lead_unit_id: None,
        checking_unit_id: None,
        deadline_unit_id: deadline.map(|_| draft.unit_id),
        holder_unit_id: None,
        leader_post_id: None,
        task_team: String::new(),
        registered_day: scene.today,
        assigned_day: None,
        signed_day: None,
        claimed_day: None,
        filed_day: None,
        verified_day: None,
        notice_until_day: None,
        closed_day: None,
        statement: String::new(),
        progress: draft.progress.clone(),
        status_text: draft.status_text.clone(),
        remark: limit_text("remark", "备注", &draft.remark, REASON_CHARS_MAX)?,
        send_backs: 0,
        extensions: 0,
        recurrences: 0,
        clock_day: None,
        forced_colour: None,
        forced_until_day: None,
        forced_reason: String::new(),
        root_cause_id: None,
        merged_into_id: None,
        split_from_id: draft.split_from_id,
        import_id,
        import_sheet,
        import_row,
        import_key,
        import_seq,
        extra: draft.extra.clone(),
        changed_at: scene.now,
        version: 1,
    })
}

/// What a screening step decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screening {
    /// Passes on: from the first step to the meeting, from the meeting to assignment.
    Accept,
    /// Sent back to who wrote it.
    Return(String),
    /// Not taken up.
    Drop(String),
    /// Written anew after a return, and handed in again.
    Resubmit(String),
}

/// One step of the screening; which one follows from the state.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `own_problem` (the first screening is never by who registered it), text limits.
pub fn screen(case: &mut Case, scene: &Scene<'_>, decision: Screening) -> Result<Step, Refusal> {
    if let Screening::Resubmit(text) = decision {
        return resubmit(case, scene, &text);
    }
    case.require_state("审核", &[State::Registered, State::Screened])?;
    let path = case.problem.home_path.clone();
    if case.problem.state == State::Registered {
        if !scene.actor.holds_any(&[Role::Leader, Role::Office], &path) {
            return Err(Refusal::not_allowed("初核", "分管领导或工作专班身份"));
        }
        let wrote =
            |deed: &super::Deed| deed.kind == DeedKind::Registered && deed.person_id == scene.actor.person;
        if case.problem.registered_by == scene.actor.person || case.deeds.iter().any(wrote) {
            return Err(Refusal::new(
                "own_problem",
                "登记（或补充）问题的人不能初核自己写的问题。",
                "请由分管领导或专班其他人员初核。",
            ));
        }
    } else if !scene.actor.holds(Role::Office, &path) {
        return Err(Refusal::not_allowed("上会审定", "工作专班身份"));
    }
    let unit = case.problem.home_unit_id;
    let step = match decision {
        Screening::Accept if case.problem.state == State::Registered => {
            case.problem.state = State::Screened;
            Step::new(Action::Screened, unit, "")
        }
        Screening::Accept | Screening::Resubmit(_) => {
            case.problem.state = State::Accepted;
            Step::new(Action::Accepted, unit, "")
        }
        Screening::Return(reason) => {
            let reason = require_text("reason", "退回理由", &reason, REASON_CHARS_MAX)?;
            case.problem.state = State::Returned;
            Step::new(Action::Returned, unit, reason)
        }
        Screening::Drop(reason) => {
            let reason = require_text("reason", "不予立项理由", &reason, REASON_CHARS_MAX)?;
            case.end_round(scene, Outcome::Dropped);
            Step::new(Action::Dropped, unit, reason).with(Flow::Closed)
        }
    };
    case.settle(scene);
    Ok(step)
}

fn resubmit(case: &mut Case, scene: &Scene<'_>, text: &str) -> Result<Step, Refusal> {
    case.require_state("重报", &[State::Returned])?;
    let path = case.problem.home_path.clone();
    if !scene.actor.holds_any(&[Role::Filler, Role::Office, Role::Inspector], &path) {
        return Err(Refusal::not_allowed("补充重报", "登记单位的填报员、工作专班或督导员身份"));
    }
    case.problem.text = require_text("text", "问题描述", text, PROBLEM_CHARS_MAX)?;
    case.problem.state = State::Registered;
    case.add_deed(scene.actor, case.problem.home_unit_id, DeedKind::Registered);
    case.settle(scene);
    Ok(Step::new(Action::Resubmitted, case.problem.home_unit_id, ""))
}
