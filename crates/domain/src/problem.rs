//! Problems 问题: what was found, who owes it, how far it is, and in which round.
//!
//! A [`Case`] is one problem with everything a rule needs to see: its parties, measures, requests, rounds,
//! look-backs, who did what, and who held the clock. Every command is a function that changes a copy of the
//! case and answers with a [`Step`], or refuses; the store writes the difference.

mod assigning;
mod case;
mod checking;
mod closing;
mod doing;
mod filing;
mod handing_up;
mod importing;
mod intake;
mod possible;
mod restructuring;
mod succeeding;

pub use assigning::{Assignment, assign, override_colour, return_assignment};
pub use case::{Case, Deed, DeedKind, Holding, Party, PartyRole, Round, Scene, Step};
pub use checking::{Verdict, send_back, verify};
pub use closing::{
    can_be_looked_back, confirm_closure, object, plan_reverse_check, record_look_back, reopen,
};
pub use doing::{
    MeasureDraft, add_measure, ask_extension, change_measure, clarify_deadline, decide_extension,
    drop_measure, finish_measure, note_progress, report_done, sign,
};
pub use filing::{Filing, file_evidence};
pub use handing_up::{HandUpAnswer, answer_hand_up, finish_hand_up, hand_up};
pub use importing::{MeasureLineDraft, Retaken, TakenOver, re_import, take_over};
pub use intake::{Draft, ImportedState, Screening, register, screen};
pub use possible::{Possible, Verb, possible};
pub use restructuring::{absorb, merge_into, split_off, transfer_out};
pub use succeeding::{Succession, follow, succeed};

use crate::colour::{Colour, ForcedColour, colour_on};
use crate::id::{CampaignId, LedgerImportId, PersonId, PostId, ProblemId, UnitId};
use crate::unit::UnitPath;
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

/// Longest problem text, in characters.
pub const PROBLEM_CHARS_MAX: usize = 4_000;
/// Longest reason, note or statement, in characters.
pub const REASON_CHARS_MAX: usize = 2_000;
/// Days a re-opened problem gets when its old deadline has passed.
pub const REOPENED_DAYS: i32 = 30;
/// Most units of one problem, all roles together.
/// A county's 各村支部 are a few hundred.
pub const PARTIES_MAX: usize = 500;

crate::coded! {
    /// Where a problem stands.
    State ("状态") {
        /// Written down, waits for the first screening (分管核).
        Registered = "registered", "待初核";
        /// Passed the first screening, waits for the meeting (上会审).
        Screened = "screened", "待上会";
        /// The screening wants it clearer; waits for who wrote it.
        Returned = "returned", "退回补充";
        /// Accepted, waits for a responsible unit.
        Accepted = "accepted", "待交办";
        /// Assigned, waits for the unit's signature.
        Assigned = "assigned", "待签收";
        /// Being rectified.
        Rectifying = "rectifying", "整改中";
        /// Reported done, waits for the checking unit.
        Reported = "reported", "待验收";
        /// The checker sent it back.
        SentBack = "sent_back", "验收退回";
        /// Verified; the proposed closure is shown for objection.
        Proposed = "proposed", "拟销号";
        /// The root lies above; a superior holds the clock.
        HandedUp = "handed_up", "请求上级";
        /// Ended, with an outcome.
        Closed = "closed", "已销号";
    }
}

impl State {
    /// Not ended.
    pub fn is_open(self) -> bool {
        self != State::Closed
    }

    /// The doing unit owes something: only then a deadline runs against it.
    pub fn doer_owes(self) -> bool {
        matches!(self, State::Assigned | State::Rectifying | State::SentBack)
    }

    /// Waits in the intake: no unit has been made responsible yet.
    pub fn is_intake(self) -> bool {
        matches!(self, State::Registered | State::Screened | State::Returned | State::Accepted)
    }
}

crate::coded! {
    /// How a problem ended. Kept apart, never added up as "done".
    Outcome ("结果") {
        Solved = "solved", "已解决";
        ClosedUnsolved = "closed_unsolved", "未能解决";
        NotTrue = "not_true", "不属实";
        Transferred = "transferred", "移交";
        /// The milestone was reached; the duty goes on and is looked at again and again.
        Standing = "standing", "长期坚持";
        /// Now part of another problem.
        Merged = "merged", "并入其他问题";
        /// Now several problems.
        Split = "split", "拆分为多个问题";
        /// The screening did not take it up.
        Dropped = "dropped", "不予立项";
        /// Already closed in the imported ledger: nobody verified it here.
        ClosedBefore = "closed_before", "导入前已销号（未经本系统核验）";
    }
}

crate::coded! {
    /// Whether the problem is true: a field of its own, apart from whether it is done.
    Truth ("属实情况") {
        Unknown = "unknown", "待核实";
        True = "true", "属实";
        MostlyTrue = "mostly_true", "基本属实";
        PartlyTrue = "partly_true", "部分属实";
        NotTrue = "not_true", "不属实";
    }
}

crate::coded! {
    /// What a step did; the journal's action and the time line's headline.
    Action ("动作") {
        Registered = "problem.registered", "登记问题";
        Imported = "problem.imported", "台账导入";
        ReImported = "problem.re_imported", "台账更新";
        Screened = "problem.screened", "初核通过";
        Accepted = "problem.accepted", "上会通过";
        Returned = "problem.returned", "退回补充";
        Resubmitted = "problem.resubmitted", "补充后重报";
        Dropped = "problem.dropped", "不予立项";
        Assigned = "problem.assigned", "交办";
        Reassigned = "problem.reassigned", "调整交办";
        AssignmentReturned = "problem.assignment_returned", "退回交办";
        Signed = "problem.signed", "签收";
        MeasureAdded = "problem.measure_added", "制定措施";
        MeasureChanged = "problem.measure_changed", "修改措施";
        MeasureDropped = "problem.measure_dropped", "取消措施";
        MeasureFinished = "problem.measure_finished", "措施完成";
        ProgressNoted = "problem.progress_noted", "填报进展";
        EvidenceAdded = "problem.evidence_added", "上传佐证";
        EvidenceReplaced = "problem.evidence_replaced", "更换佐证";
        Reported = "problem.reported", "报告完成";
        Verified = "problem.verified", "验收通过";
        SentBack = "problem.sent_back", "验收退回";
        Objected = "problem.objected", "公示异议";
        Closed = "problem.closed", "销号";
        LookedBack = "problem.looked_back", "回头看";
        /// Drawn for the reverse check.
        LookBackDrawn = "problem.look_back_drawn", "抽中反向核查";
        Reopened = "problem.reopened", "重新打开（新一轮）";
        DeadlineClarified = "problem.deadline_clarified", "明确时限";
        ExtensionAsked = "problem.extension_asked", "申请延期";
        ExtensionDecided = "problem.extension_decided", "延期答复";
        HandedUp = "problem.handed_up", "请求上级";
        HandUpPassed = "problem.hand_up_passed", "继续上提";
        HandUpAccepted = "problem.hand_up_accepted", "上级认领";
        HandUpRefused = "problem.hand_up_refused", "上级不予认领";
        HandUpFinished = "problem.hand_up_finished", "上级办结交回";
        ColourOverridden = "problem.colour_overridden", "人工调整颜色";
        Transferred = "problem.transferred", "移交";
        MergedInto = "problem.merged_into", "并入其他问题";
        Absorbed = "problem.absorbed", "并入了另一问题";
        SplitOff = "problem.split_off", "拆分";
        TakenOver = "problem.taken_over", "由后续行动承接";
    }
}

crate::coded! {
    /// What moved on a day; counted per unit and day for trends and "what changed since".
    Flow ("变化") {
        Registered = "registered", "新登记";
        Assigned = "assigned", "交办";
        Reported = "reported", "报告完成";
        Verified = "verified", "验收通过";
        SentBack = "sent_back", "验收退回";
        Closed = "closed", "销号";
        Reopened = "reopened", "重新打开";
        Extended = "extended", "批准延期";
        HandedUp = "handed_up", "请求上级";
    }
}

/// A problem as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Number.
    pub id: ProblemId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Running number within the campaign, from 1, as people cite it.
    pub number: i64,
    /// Round, from 1; re-opening begins the next.
    pub round: i64,
    /// What is wrong.
    pub text: String,
    /// Where.
    pub place: String,
    /// Category code or wording.
    pub category: String,
    /// Strand (重点措施) code; empty where none.
    pub strand: String,
    /// Source code of the template.
    pub source: String,
    /// Ground 依据: the document, clause or letter it rests on.
    pub ground: String,
    /// Goal 整改目标.
    pub goal: String,
    /// Deadline as written.
    pub deadline_text: String,
    /// Deadline kind as understood (`deadline::Deadline::kind`); empty while none was set.
    pub deadline_kind: String,
    /// Deadline as understood.
    pub due_day: Option<Day>,
    /// 长期坚持
    pub standing: bool,
    /// Days between re-checks of a standing obligation.
    pub recheck_days: Option<i64>,
    /// The deadline first set in this round, before extensions.
    pub first_due_day: Option<Day>,
    /// Where it stands.
    pub state: State,
    /// How it ended; `None` while open.
    pub outcome: Option<Outcome>,
    /// Whether it is true.
    pub truth: Truth,
    /// The unit it was registered by.
    pub registered_unit_id: UnitId,
    /// Who registered it.
    pub registered_by: PersonId,
    /// The unit it is counted at: the lead unit, or the registering unit before assignment.
    pub home_unit_id: UnitId,
    /// That unit's place in the tree.
    pub home_path: UnitPath,
    /// Lead unit 牵头; `None` before assignment.
    pub lead_unit_id: Option<UnitId>,
    /// Checking unit 验收; `None` before assignment.
    pub checking_unit_id: Option<UnitId>,
    /// The unit that set the deadline and so decides about extensions.
    pub deadline_unit_id: Option<UnitId>,
    /// The unit that holds the clock now; `None` when nobody owes anything.
    pub holder_unit_id: Option<UnitId>,
    /// Leader in charge 包案领导, by post.
    pub leader_post_id: Option<PostId>,
    /// Task team 专班, in words.
    pub task_team: String,
    /// Day registered.
    pub registered_day: Day,
    /// Day assigned in this round.
    pub assigned_day: Option<Day>,
    /// Day signed for in this round.
    pub signed_day: Option<Day>,
    /// The day the doer says it was done.
    pub claimed_day: Option<Day>,
    /// The day that claim was filed.
    pub filed_day: Option<Day>,
    /// Day verified.
    pub verified_day: Option<Day>,
    /// Last day of the notice period.
    pub notice_until_day: Option<Day>,
    /// Day closed.
    pub closed_day: Option<Day>,
    /// Outcome statement of the doer.
    pub statement: String,
    /// Latest progress in words.
    pub progress: String,
    /// Status as the imported ledger words it.
    pub status_text: String,
    /// Remark.
    pub remark: String,
    /// Times the checker sent it back in this round.
    pub send_backs: i64,
    /// Approved extensions, over all rounds.
    pub extensions: i64,
    /// Times it was re-opened.
    pub recurrences: i64,
    /// The nearest day on which something of it is due, while the doing unit owes: what colour and lateness read.
    pub clock_day: Option<Day>,
    /// Colour set by hand or by returns.
    pub forced_colour: Option<Colour>,
    /// Last day of the forced colour.
    pub forced_until_day: Option<Day>,
    /// Why the colour was set by hand.
    pub forced_reason: String,
    /// The problem above that causes this one.
    pub root_cause_id: Option<ProblemId>,
    /// The problem it was merged into.
    pub merged_into_id: Option<ProblemId>,
    /// The problem it was split off from, or found alike to (举一反三).
    pub split_from_id: Option<ProblemId>,
    /// The ledger it came from.
    pub import_id: Option<LedgerImportId>,
    /// Sheet of that ledger.
    pub import_sheet: String,
    /// Row of that ledger, from 1.
    pub import_row: i64,
    /// Key of the ledger row for re-imports.
    pub import_key: String,
    /// Sequence text of the ledger row.
    pub import_seq: String,
    /// Columns of the ledger nobody mapped: JSON array of `[header, text]`.
    pub extra: String,
    /// When it was last changed.
    pub changed_at: Instant,
    /// Row version.
    pub version: i64,
}

impl Problem {
    /// The colour forced by hand or by returns.
    pub fn forced(&self) -> Option<ForcedColour> {
        self.forced_colour.map(|colour| ForcedColour { colour, until: self.forced_until_day })
    }

    /// The colour on `today`; `None` when the doing unit owes nothing.
    pub fn colour_on(&self, today: Day, yellow_days: i32) -> Option<Colour> {
        self.state.doer_owes().then(|| colour_on(today, self.clock_day, self.forced(), yellow_days))
    }

    /// Late on `today`: something of it was due and the doing unit still owes it.
    pub fn is_late_on(&self, today: Day) -> bool {
        self.state.doer_owes() && self.clock_day.is_some_and(|day| day < today)
    }

    /// The number as people cite it.
    pub fn citation(&self) -> String {
        if self.round > 1 {
            format!("第{}号（第{}轮）", self.number, self.round)
        } else {
            format!("第{}号", self.number)
        }
    }
}
