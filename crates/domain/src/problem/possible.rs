//! What an actor may do now. Every command is tried on a copy with a plausible input, so that pages and programs are
//! offered exactly what the rules would let pass, and told why where only a condition is missing.

use super::{
    Assignment, Case, HandUpAnswer, MeasureDraft, Outcome, PartyRole, Scene, Screening, State, Step, Truth,
    Verdict,
};
use crate::deadline::Deadline;
use crate::evidence::Stage;
use crate::id::{ProblemId, UnitId};
use crate::look_back::LookBackResult;
use crate::refusal::Refusal;
use crate::unit::UnitPath;

crate::coded! {
    /// A step that a person can take.
    Verb ("办理事项") {
        Screen = "screen", "审核";
        Resubmit = "resubmit", "补充后重报";
        Assign = "assign", "交办";
        Reassign = "reassign", "调整交办";
        ReturnAssignment = "return_assignment", "退回交办";
        Sign = "sign", "签收";
        AddMeasure = "add_measure", "增加措施";
        Progress = "progress", "填报进展";
        Report = "report", "报告完成";
        AskExtension = "ask_extension", "申请延期";
        DecideExtension = "decide_extension", "答复延期申请";
        HandUp = "hand_up", "请求上级";
        AnswerHandUp = "answer_hand_up", "答复请求";
        FinishHandUp = "finish_hand_up", "办结交回";
        Verify = "verify", "验收通过";
        SendBack = "send_back", "验收退回";
        Confirm = "confirm", "确认销号";
        Object = "object", "提出异议";
        LookBack = "look_back", "填报回头看";
        Reopen = "reopen", "重新打开";
        ClarifyDeadline = "clarify_deadline", "明确时限";
        OverrideColour = "override_colour", "人工调整颜色";
        Merge = "merge", "并入其他问题";
        Split = "split", "拆分";
        Transfer = "transfer", "移交";
        FileIntake = "file_intake", "上传问题佐证";
        FileProgress = "file_progress", "上传整改佐证";
        FileVerification = "file_verification", "上传验收佐证";
        FileLookBack = "file_look_back", "上传回头看佐证";
    }
}

/// A step that is possible, or would be but for one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Possible {
    /// The step.
    pub verb: Verb,
    /// What stands against it, where the actor should know.
    pub blocked: Option<Refusal>,
}

/// Refusals that hide a step: it is not the actor's, or not the time for it.
const HIDING: [&str; 9] = [
    "wrong_state",
    "not_allowed",
    "no_request",
    "no_look_back",
    "no_due_day",
    "cannot_reopen",
    "red_by_returns",
    "measure_unknown",
    "deadline_is_clear",
];
/// Refusals of a plausible input that only a better one would lift: the step is possible.
const LIFTABLE: [&str; 8] = [
    "lead_missing",
    "checker_missing",
    "checker_is_doer",
    "deadline_missing",
    "deadline_by_extension",
    "not_a_superior",
    "owner_not_party",
    "too_many_units",
];

/// Every step that `actor` of the scene may take now. `decider` is the place of the unit that decides about an open
/// extension.
pub fn possible(case: &Case, scene: &Scene<'_>, decider: Option<&UnitPath>) -> Vec<Possible> {
    use crate::Coded;
    Verb::ALL.iter().filter_map(|verb| probe(case, scene, decider, *verb)).collect()
}

fn probe(case: &Case, scene: &Scene<'_>, decider: Option<&UnitPath>, verb: Verb) -> Option<Possible> {
    match attempt(&mut case.clone(), scene, decider, verb) {
        Ok(_) => Some(Possible { verb, blocked: None }),
        Err(refusal) if HIDING.contains(&refusal.code) => None,
        Err(refusal) if LIFTABLE.contains(&refusal.code) => {
            // A checking unit that does the work itself blocks the checker; whoever assigns can choose another.
            let assigning = matches!(verb, Verb::Assign | Verb::Reassign | Verb::HandUp | Verb::AddMeasure);
            Some(Possible { verb, blocked: (!assigning).then_some(refusal) })
        }
        Err(refusal) => Some(Possible { verb, blocked: Some(refusal) }),
    }
}

/// A word where a text is asked for.
const WORDS: &str = "是";

fn attempt(
    case: &mut Case,
    scene: &Scene<'_>,
    decider: Option<&UnitPath>,
    verb: Verb,
) -> Result<Step, Refusal> {
    let nothing = || Refusal::new("wrong_state", "", "");
    match verb {
        Verb::Screen => super::screen(case, scene, Screening::Accept),
        Verb::Resubmit => super::screen(case, scene, Screening::Resubmit(WORDS.to_owned())),
        Verb::Assign if case.problem.state != State::Accepted => Err(nothing()),
        Verb::Reassign if case.problem.state == State::Accepted => Err(nothing()),
        Verb::Assign | Verb::Reassign => super::assign(case, scene, Assignment::default(), WORDS),
        Verb::ReturnAssignment => super::return_assignment(case, scene, WORDS),
        Verb::Sign => super::sign(case, scene),
        Verb::AddMeasure => {
            let draft = MeasureDraft { text: WORDS.to_owned(), ..MeasureDraft::default() };
            super::add_measure(case, scene, draft)
        }
        Verb::Progress => super::note_progress(case, scene, WORDS),
        Verb::Report => super::report_done(case, scene, Outcome::ClosedUnsolved, WORDS, scene.today),
        Verb::AskExtension => {
            let later = case.problem.due_day.unwrap_or(scene.today).plus_days(1);
            super::ask_extension(case, scene, &Deadline::on(later), WORDS)
        }
        Verb::DecideExtension => match decider {
            Some(decider) => super::decide_extension(case, scene, decider, true, ""),
            None => Err(nothing()),
        },
        Verb::HandUp => super::hand_up(case, scene, (UnitId(0), UnitPath::default()), WORDS),
        Verb::AnswerHandUp => {
            super::answer_hand_up(case, scene, HandUpAnswer::Accept { root_cause: None, note: String::new() })
        }
        Verb::FinishHandUp => super::finish_hand_up(case, scene, WORDS),
        Verb::Verify => {
            let (outcome, truth) = (Outcome::ClosedUnsolved, Truth::True);
            super::verify(case, scene, Verdict { outcome, truth, note: WORDS.to_owned() })
        }
        Verb::SendBack => super::send_back(case, scene, WORDS),
        Verb::Confirm => super::confirm_closure(case, scene, ""),
        Verb::Object => super::object(case, scene, WORDS),
        Verb::LookBack => {
            let pending = case.look_backs.iter().find(|l| l.result == LookBackResult::Pending).map(|l| l.id);
            let id = pending.ok_or_else(nothing)?;
            super::record_look_back(case, scene, id, LookBackResult::SlippedBack, WORDS)
        }
        Verb::Reopen => super::reopen(case, scene, WORDS),
        _ => attempt_aside(case, scene, verb),
    }
}

/// Steps beside the loop's own course.
fn attempt_aside(case: &mut Case, scene: &Scene<'_>, verb: Verb) -> Result<Step, Refusal> {
    let file = |case: &mut Case, stage: Stage| {
        let caption = WORDS.to_owned();
        let filing = super::Filing { stage, caption, measure_id: None, replaces: false, count: 0 };
        super::file_evidence(case, scene, filing).map(|(step, _)| step)
    };
    match verb {
        Verb::ClarifyDeadline => super::clarify_deadline(case, scene, &Deadline::on(scene.today)),
        Verb::OverrideColour => super::override_colour(case, scene, None, None, ""),
        Verb::Merge => super::merge_into(case, scene, ProblemId(-1), WORDS),
        Verb::Split => super::split_off(case, scene, WORDS),
        Verb::Transfer => super::transfer_out(case, scene, WORDS),
        Verb::FileIntake => file(case, Stage::Intake),
        Verb::FileProgress => file(case, Stage::Progress),
        Verb::FileVerification => file(case, Stage::Verification),
        Verb::FileLookBack => file(case, Stage::LookBack),
        _ => Err(Refusal::new("wrong_state", "", "")),
    }
}

impl Case {
    /// The units that a measure of this problem may be given to.
    pub fn measure_owners(&self) -> Vec<UnitId> {
        let mut owners: Vec<UnitId> = self.units_with(PartyRole::Lead).map(|party| party.unit_id).collect();
        owners.extend(
            self.doing_parties()
                .map(|party| party.unit_id)
                .filter(|id| !owners.contains(id))
                .collect::<Vec<_>>(),
        );
        owners.dedup();
        owners
    }
}
