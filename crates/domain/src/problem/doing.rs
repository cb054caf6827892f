//! Doing: sign for, plan measures, note progress, ask for more time, report done.

use super::assigning::set_deadline;
use super::{Action, Case, DeedKind, Flow, Outcome, REASON_CHARS_MAX, Scene, State, Step};
use crate::Day;
use crate::deadline::Deadline;
use crate::id::{MeasureId, PostId, RequestId, UnitId};
use crate::measure::{MEASURE_CHARS_MAX, MEASURES_MAX, Measure, MeasureState};
use crate::refusal::{Refusal, limit_text, require_text};
use crate::request::{Request, RequestKind, RequestState};
use crate::role::Role;
use crate::unit::UnitPath;

/// States in which the doing unit works.
const WORKING: [State; 2] = [State::Rectifying, State::SentBack];

/// The lead or a responsible unit signs for the problem.
///
/// # Errors
/// `wrong_state`, `not_allowed`.
pub fn sign(case: &mut Case, scene: &Scene<'_>) -> Result<Step, Refusal> {
    case.require_state("签收", &[State::Assigned])?;
    let doer = case.doer(scene.actor, "签收")?;
    case.problem.state = State::Rectifying;
    case.problem.signed_day = Some(scene.today);
    case.add_deed(scene.actor, doer.unit_id, DeedKind::Signed);
    let lead = case.problem.home_unit_id;
    case.move_clock(scene, Some(lead), "整改");
    case.settle(scene);
    Ok(Step::new(Action::Signed, doer.unit_id, ""))
}

/// A measure as a person writes it.
#[derive(Clone, Debug, Default)]
pub struct MeasureDraft {
    /// What will be done.
    pub text: String,
    /// What it should reach.
    pub goal: String,
    /// The unit that does it; must have a part in the doing.
    pub owner_unit_id: UnitId,
    /// The post answering for it.
    pub owner_post_id: Option<PostId>,
    /// Deadline, wording kept; `None` follows the problem's.
    pub deadline: Option<Deadline>,
}

fn fill(case: &Case, measure: &mut Measure, draft: MeasureDraft) -> Result<(), Refusal> {
    measure.text = require_text("measure", "整改措施", &draft.text, MEASURE_CHARS_MAX)?;
    measure.goal = limit_text("measure_goal", "措施目标", &draft.goal, REASON_CHARS_MAX)?;
    if !case.doing_parties().any(|party| party.unit_id == draft.owner_unit_id) {
        return Err(Refusal::of_field(
            "owner",
            "owner_not_party",
            "措施的责任单位不在本问题的整改单位之中。",
            "请在牵头、责任或配合单位中选择，或先由工作专班调整交办。",
        ));
    }
    measure.owner_unit_id = draft.owner_unit_id;
    measure.owner_post_id = draft.owner_post_id;
    if let Some(deadline) = draft.deadline {
        if deadline.date.is_none() && !deadline.standing {
            return Err(Refusal::of_field(
                "measure_deadline",
                "deadline_unclear",
                format!("措施时限“{}”没有确定到日期。", deadline.text),
                "请填写具体日期，或写明“长期坚持”；不填则随问题时限。",
            ));
        }
        measure.deadline_text = deadline.text;
        measure.due_day = deadline.date;
        measure.standing = deadline.standing;
    }
    Ok(())
}

/// Adds a measure.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `too_many_measures`, `owner_not_party`, `deadline_unclear`, text limits.
pub fn add_measure(case: &mut Case, scene: &Scene<'_>, draft: MeasureDraft) -> Result<Step, Refusal> {
    case.require_state("制定措施", &[State::Assigned, State::Rectifying, State::SentBack])?;
    let doer = case.doer(scene.actor, "制定措施")?;
    if case.live_measures().count() >= MEASURES_MAX {
        return Err(Refusal::new(
            "too_many_measures",
            format!("一个问题最多{MEASURES_MAX}条措施。"),
            "请合并措施或拆分问题。",
        ));
    }
    let mut measure = Measure {
        id: MeasureId(0),
        problem_id: case.problem.id,
        round: case.problem.round,
        ordinal: case.measures.iter().filter(|m| m.round == case.problem.round).count() as i64 + 1,
        text: String::new(),
        goal: String::new(),
        owner_unit_id: draft.owner_unit_id,
        owner_post_id: None,
        deadline_text: String::new(),
        due_day: None,
        standing: false,
        state: MeasureState::Planned,
        done_note: String::new(),
        claimed_day: None,
        filed_day: None,
        filed_by: None,
        version: 1,
    };
    fill(case, &mut measure, draft)?;
    let note = measure.text.clone();
    case.measures.push(measure);
    case.add_deed(scene.actor, doer.unit_id, DeedKind::Planned);
    case.settle(scene);
    Ok(Step::new(Action::MeasureAdded, doer.unit_id, note))
}

pub(super) fn planned(case: &mut Case, id: MeasureId) -> Result<&mut Measure, Refusal> {
    let round = case.problem.round;
    case.measures
        .iter_mut()
        .find(|m| m.id == id && m.round == round && m.state == MeasureState::Planned)
        .ok_or_else(|| {
            Refusal::new("measure_not_open", "这条措施已经完成或取消，不能再改。", "请刷新页面查看最新情况。")
        })
}

/// Changes a measure that is not done.
///
/// # Errors
/// As [`add_measure`], and `measure_not_open`.
pub fn change_measure(
    case: &mut Case,
    scene: &Scene<'_>,
    id: MeasureId,
    draft: MeasureDraft,
) -> Result<Step, Refusal> {
    case.require_state("修改措施", &[State::Assigned, State::Rectifying, State::SentBack])?;
    let doer = case.doer(scene.actor, "修改措施")?;
    let mut measure = planned(case, id)?.clone();
    fill(case, &mut measure, draft)?;
    let note = measure.text.clone();
    *planned(case, id)? = measure;
    case.add_deed(scene.actor, doer.unit_id, DeedKind::Planned);
    case.settle(scene);
    Ok(Step::new(Action::MeasureChanged, doer.unit_id, note))
}

/// Takes a measure back, with a reason.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `measure_not_open`, text limits.
pub fn drop_measure(
    case: &mut Case,
    scene: &Scene<'_>,
    id: MeasureId,
    reason: &str,
) -> Result<Step, Refusal> {
    case.require_state("取消措施", &[State::Assigned, State::Rectifying, State::SentBack])?;
    let doer = case.doer(scene.actor, "取消措施")?;
    let reason = require_text("reason", "取消理由", reason, REASON_CHARS_MAX)?;
    let measure = planned(case, id)?;
    measure.state = MeasureState::Dropped;
    measure.done_note = reason.clone();
    case.add_deed(scene.actor, doer.unit_id, DeedKind::Planned);
    case.settle(scene);
    Ok(Step::new(Action::MeasureDropped, doer.unit_id, reason))
}

/// Files that a measure is done.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `measure_not_open`, `claimed_in_future`, text limits.
pub fn finish_measure(
    case: &mut Case,
    scene: &Scene<'_>,
    id: MeasureId,
    note: &str,
    claimed: Day,
) -> Result<Step, Refusal> {
    case.require_state("填报措施完成", &WORKING)?;
    let doer = case.doer(scene.actor, "填报措施完成")?;
    let note = require_text("done_note", "完成情况", note, REASON_CHARS_MAX)?;
    refuse_future(claimed, scene.today)?;
    let measure = planned(case, id)?;
    measure.state = MeasureState::Done;
    measure.done_note = note.clone();
    measure.claimed_day = Some(claimed);
    measure.filed_day = Some(scene.today);
    measure.filed_by = Some(scene.actor.person);
    case.add_deed(scene.actor, doer.unit_id, DeedKind::Did);
    case.settle(scene);
    Ok(Step::new(Action::MeasureFinished, doer.unit_id, note))
}

fn refuse_future(claimed: Day, today: Day) -> Result<(), Refusal> {
    if claimed > today {
        return Err(Refusal::of_field(
            "claimed_day",
            "claimed_in_future",
            format!("完成日期{}在今天之后。", claimed.in_chinese()),
            "请填写实际完成的日期。",
        ));
    }
    Ok(())
}

/// Notes progress in words.
///
/// # Errors
/// `wrong_state`, `not_allowed`, text limits.
pub fn note_progress(case: &mut Case, scene: &Scene<'_>, progress: &str) -> Result<Step, Refusal> {
    case.require_state("填报进展", &[State::Assigned, State::Rectifying, State::SentBack, State::HandedUp])?;
    let doer = case.doer(scene.actor, "填报进展")?;
    let progress = require_text("progress", "进展情况", progress, REASON_CHARS_MAX)?;
    case.problem.progress = progress.clone();
    case.add_deed(scene.actor, doer.unit_id, DeedKind::Did);
    case.settle(scene);
    Ok(Step::new(Action::ProgressNoted, doer.unit_id, progress))
}

/// Reports the problem done: an outcome statement, every measure done or dropped, evidence as the campaign asks.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `measures_open`, `evidence_missing`, `outcome_not_claimable`, `claimed_in_future`.
pub fn report_done(
    case: &mut Case,
    scene: &Scene<'_>,
    outcome: Outcome,
    statement: &str,
    claimed: Day,
) -> Result<Step, Refusal> {
    case.require_state("报告完成", &WORKING)?;
    let doer = case.doer(scene.actor, "报告完成")?;
    let statement = require_text("statement", "整改结果说明", statement, REASON_CHARS_MAX)?;
    refuse_future(claimed, scene.today)?;
    let claimable = [Outcome::Solved, Outcome::Standing, Outcome::ClosedUnsolved, Outcome::NotTrue];
    if !claimable.contains(&outcome) {
        return Err(Refusal::of_field(
            "outcome",
            "outcome_not_claimable",
            "没有选择整改结果。",
            "请选择：已解决、长期坚持、未能解决或不属实。",
        ));
    }
    require_ready(case, scene, outcome)?;
    case.lapse_extension(scene, "整改已报告完成，申请失效");
    case.problem.statement = statement.clone();
    case.problem.outcome = Some(outcome);
    case.problem.claimed_day = Some(claimed);
    case.problem.filed_day = Some(scene.today);
    case.problem.state = State::Reported;
    case.add_deed(scene.actor, doer.unit_id, DeedKind::Reported);
    let checking = case.problem.checking_unit_id;
    case.move_clock(scene, checking, "验收");
    case.settle(scene);
    Ok(Step::new(Action::Reported, doer.unit_id, statement).with(Flow::Reported))
}

/// What is said to be done has no open measure and enough evidence; the doer's claim and the checker's verdict
/// are held to the same.
pub(super) fn require_ready(case: &Case, scene: &Scene<'_>, outcome: Outcome) -> Result<(), Refusal> {
    let done = matches!(outcome, Outcome::Solved | Outcome::Standing);
    let open = case.live_measures().filter(|m| m.state == MeasureState::Planned && !m.standing).count();
    if done && open > 0 {
        return Err(Refusal::new(
            "measures_open",
            format!("还有{open}条措施没有完成，不能认定“已解决”或“长期坚持”。"),
            "请先逐条填报措施完成情况，或写明理由取消措施。",
        ));
    }
    let needed = scene.rules.evidence_min;
    if done && case.closure_evidence < needed {
        return Err(Refusal::of_field(
            "evidence",
            "evidence_missing",
            format!("“整改完成”环节的佐证只有{}件，至少需要{needed}件。", case.closure_evidence),
            "请上传能证明整改结果的文件（同一材料只需上传一次）。",
        ));
    }
    Ok(())
}

/// Asks for more time. Before the due day only: afterwards it is late, and said so.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `already_asked`, `too_late_to_ask`, `no_later_day`, text limits.
pub fn ask_extension(
    case: &mut Case,
    scene: &Scene<'_>,
    deadline: &Deadline,
    reason: &str,
) -> Result<Step, Refusal> {
    case.require_state("申请延期", &[State::Assigned, State::Rectifying, State::SentBack])?;
    let doer = case.doer(scene.actor, "申请延期")?;
    let reason = require_text("reason", "延期理由", reason, REASON_CHARS_MAX)?;
    if case.open_request(RequestKind::Extension).is_some() {
        return Err(Refusal::new("already_asked", "已有一份延期申请在等待答复。", "请等待答复后再申请。"));
    }
    let Some(due) = case.problem.due_day else {
        return Err(Refusal::new(
            "no_due_day",
            "本问题没有截止日期，不需要延期。",
            "长期坚持的事项按复查间隔检查。",
        ));
    };
    if due <= scene.today {
        let passed = if due < scene.today { "已过" } else { "就是今天" };
        return Err(Refusal::new(
            "too_late_to_ask",
            format!("整改时限{}{passed}，不能再申请延期。", due.in_chinese()),
            "延期须在到期日之前申请；请抓紧整改，逾期情况会如实显示。",
        ));
    }
    let Some(day) = deadline.date.filter(|day| *day > due) else {
        return Err(Refusal::of_field(
            "deadline",
            "no_later_day",
            format!("“{}”不是晚于原时限{}的日期。", deadline.text, due.in_chinese()),
            "请填写更晚的具体日期。",
        ));
    };
    let to_unit_id = case.problem.deadline_unit_id.unwrap_or(case.problem.registered_unit_id);
    case.requests.push(Request {
        id: RequestId(0),
        problem_id: case.problem.id,
        round: case.problem.round,
        kind: RequestKind::Extension,
        asked_by: scene.actor.person,
        asked_unit_id: doer.unit_id,
        asked_at: scene.now,
        reason: reason.clone(),
        deadline_text: deadline.text.clone(),
        new_due_day: Some(day),
        to_unit_id,
        state: RequestState::Open,
        decided_by: None,
        decided_at: None,
        decision_reason: String::new(),
        version: 1,
    });
    case.settle(scene);
    Ok(Step::new(Action::ExtensionAsked, doer.unit_id, reason))
}

/// Decides about an extension: the unit that set the deadline (`decider` is its place) or one above, never a doer.
///
/// # Errors
/// `no_request`, `not_allowed`, `doer_cannot_check`, text limits.
pub fn decide_extension(
    case: &mut Case,
    scene: &Scene<'_>,
    decider: &UnitPath,
    grant: bool,
    reason: &str,
) -> Result<Step, Refusal> {
    let index = case
        .open_request(RequestKind::Extension)
        .ok_or_else(|| Refusal::new("no_request", "没有等待答复的延期申请。", "请刷新页面查看最新情况。"))?;
    if !scene.actor.holds_any(&[Role::Office, Role::Leader], decider) {
        return Err(Refusal::not_allowed("答复延期", "确定时限的单位（或其上级）的工作专班或领导身份"));
    }
    case.refuse_doers(scene.actor)?;
    let reason = if grant {
        limit_text("reason", "答复意见", reason, REASON_CHARS_MAX)?
    } else {
        require_text("reason", "不同意的理由", reason, REASON_CHARS_MAX)?
    };
    let request = &mut case.requests[index];
    request.state = if grant { RequestState::Granted } else { RequestState::Refused };
    request.decided_by = Some(scene.actor.person);
    request.decided_at = Some(scene.now);
    request.decision_reason = reason.clone();
    request.version += 1;
    let (day, text, to_unit) = (request.new_due_day, request.deadline_text.clone(), request.to_unit_id);
    let mut step = Step::new(Action::ExtensionDecided, to_unit, reason);
    if grant {
        let first = case.problem.first_due_day;
        case.problem.due_day = day;
        case.problem.deadline_text = text;
        case.problem.first_due_day = first;
        case.problem.extensions += 1;
        step = step.with(Flow::Extended);
    }
    case.settle(scene);
    Ok(step)
}

/// Takes over a deadline that a person clarified (an imported "限期整改" gets its day).
///
/// # Errors
/// `wrong_state`, `not_allowed`, `deadline_is_clear`, `deadline_unclear`.
pub fn clarify_deadline(case: &mut Case, scene: &Scene<'_>, deadline: &Deadline) -> Result<Step, Refusal> {
    case.require_state(
        "明确时限",
        &[State::Registered, State::Screened, State::Accepted, State::Assigned, State::Rectifying],
    )?;
    if case.problem.due_day.is_some() || case.problem.standing {
        return Err(Refusal::of_field(
            "deadline",
            "deadline_is_clear",
            "整改时限已经明确，不能改写。",
            "需要更多时间的，请申请延期。",
        ));
    }
    if !scene.actor.holds(Role::Office, &case.problem.home_path) {
        return Err(Refusal::not_allowed("明确时限", "工作专班身份"));
    }
    if deadline.date.is_none() && !deadline.standing {
        return Err(Refusal::of_field(
            "deadline",
            "deadline_unclear",
            format!("时限“{}”没有确定到日期。", deadline.text),
            "请选定截止日期，或写明“长期坚持”。",
        ));
    }
    let written = std::mem::take(&mut case.problem.deadline_text);
    set_deadline(case, deadline);
    if deadline.text.trim().is_empty() {
        // The wording of the ledger stays beside the day that was meant by it.
        case.problem.deadline_text = written.clone();
    }
    let office = scene.actor.post_for(&case.problem.home_path).map(|post| post.unit);
    case.problem.deadline_unit_id = office.or(Some(case.problem.registered_unit_id));
    case.settle(scene);
    let note = match deadline.date {
        Some(day) => format!("“{written}”明确为{}", day.in_chinese()),
        None => format!("“{written}”明确为长期坚持"),
    };
    Ok(Step::new(Action::DeadlineClarified, case.problem.home_unit_id, note))
}
