//! Dispatch meetings 调度: a series per office, an agenda that writes itself, decisions with owner and day.

use crate::id::{
    CampaignId, DecisionId, DispatchId, DispatchItemId, DispatchSeriesId, PersonId, TaskId, UnitId,
    WeekPlanId,
};
use crate::refusal::Refusal;
use crate::role::{Actor, Role};
use crate::task::{Task, TaskState};
use crate::unit::UnitPath;
use crate::{Day, Instant};

/// Longest name of a series, in characters.
pub const NAME_CHARS_MAX: usize = 60;
/// Longest point, decision, plan or summary, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Points of one agenda at most.
pub const ITEMS_MAX: usize = 300;
/// Points of one source at most; the rest is told as a number.
pub const ITEMS_OF_SOURCE_MAX: usize = 40;
/// Code of the task kind that decisions become, where the template has it.
pub const TASK_KIND: &str = "meeting-decision";
/// Decisions of one meeting at most.
pub const DECISIONS_MAX: usize = 100;
/// Days a decision may take at most.
pub const DECISION_DAYS_MAX: i32 = 366;

crate::coded! {
    /// Why a point is on the agenda.
    AgendaSource ("议题来源") {
        LastDecision = "last_decision", "上次议定事项";
        NeedsSuperior = "needs_superior", "请求上级";
        ExtensionAsked = "extension_asked", "申请延期待答复";
        NewlyRed = "newly_red", "新亮红";
        NewlyLate = "newly_late", "新逾期";
        SlipUnanswered = "slip_unanswered", "督办单未答复";
        NotReported = "not_reported", "本期没有填报";
        ByHand = "by_hand", "人工添加";
    }
}

crate::coded! {
    /// How far a meeting is.
    DispatchState ("调度会状态") {
        Open = "open", "准备和进行中";
        Closed = "closed", "已散会，纪要已定";
    }
}

crate::coded! {
    /// What became of a decision.
    DecisionState ("议定事项状态") {
        Open = "open", "办理中";
        Done = "done", "已办结";
        Dropped = "dropped", "不再办理";
    }
}

/// A series of meetings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispatchSeries {
    /// Number.
    pub id: DispatchSeriesId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit that holds it.
    pub unit_id: UnitId,
    /// Name.
    pub name: String,
    /// Days from one meeting to the next.
    pub every_days: i64,
    /// No more meetings.
    pub closed: bool,
    /// Row version.
    pub version: i64,
}

/// One meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// Number.
    pub id: DispatchId,
    /// The series.
    pub series_id: DispatchSeriesId,
    /// Running number, from 1.
    pub number: i64,
    /// The day it is held.
    pub held_day: Day,
    /// What changed from this day on is on the agenda.
    pub since_day: Day,
    /// How far it is.
    pub state: DispatchState,
    /// Who presides.
    pub chair: String,
    /// Who is there.
    pub present: String,
    /// What was said in general.
    pub summary: String,
    /// Who closed it.
    pub closed_by: Option<PersonId>,
    /// When.
    pub closed_at: Option<Instant>,
    /// Row version.
    pub version: i64,
}

/// A point of the agenda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispatchItem {
    /// Number.
    pub id: DispatchItemId,
    /// The meeting.
    pub dispatch_id: DispatchId,
    /// Order, from 1.
    pub ordinal: i64,
    /// Why it is there.
    pub source: AgendaSource,
    /// What it speaks of: `problem`, `unit`, `slip`, `decision`; empty for a point by hand.
    pub subject_kind: String,
    /// Its number; 0 for none.
    pub subject_id: i64,
    /// The unit it concerns.
    pub unit_id: Option<UnitId>,
    /// In words.
    pub text: String,
    /// Taken off.
    pub struck: bool,
    /// Why.
    pub struck_reason: String,
    /// Row version.
    pub version: i64,
}

/// A decision of a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Number.
    pub id: DecisionId,
    /// The meeting.
    pub dispatch_id: DispatchId,
    /// The point it belongs to.
    pub item_id: Option<DispatchItemId>,
    /// What is to be done.
    pub text: String,
    /// By which unit.
    pub owner_unit_id: UnitId,
    /// By whom there, in words.
    pub owner_name: String,
    /// Until when.
    pub due_day: Day,
    /// What became of it.
    pub state: DecisionState,
    /// In words.
    pub outcome: String,
    /// When it ended.
    pub done_day: Option<Day>,
    /// The task it became.
    pub task_id: Option<TaskId>,
    /// Who wrote it down.
    pub decided_by: PersonId,
    /// Row version.
    pub version: i64,
}

/// A week's plan of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekPlan {
    /// Number.
    pub id: WeekPlanId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit.
    pub unit_id: UnitId,
    /// First day of the week.
    pub monday: Day,
    /// What it means to do.
    pub content: String,
    /// What became of it.
    pub review: String,
    /// Who filed it.
    pub filed_by: PersonId,
    /// When.
    pub filed_at: Instant,
    /// Row version.
    pub version: i64,
}

/// Whoever runs meetings of a unit.
///
/// # Errors
/// `not_allowed`.
pub fn may_run(actor: &Actor, path: &UnitPath, step: &str) -> Result<(), Refusal> {
    if actor.holds_any(&[Role::Office, Role::Leader], path) {
        return Ok(());
    }
    Err(Refusal::not_allowed(step, "该单位的工作专班或领导身份"))
}

/// Whoever plans a unit's week: its own fillers, leaders and office.
///
/// # Errors
/// `not_allowed`.
pub fn may_answer(actor: &Actor, path: &UnitPath, step: &str) -> Result<(), Refusal> {
    if actor.holds_any(&[Role::Office, Role::Leader, Role::Filler], path) {
        return Ok(());
    }
    Err(Refusal::not_allowed(step, "该单位的填报员、领导或工作专班身份"))
}

impl Dispatch {
    /// Refuses changes of a meeting that is over.
    ///
    /// # Errors
    /// `dispatch_closed`.
    pub fn require_open(&self, step: &str) -> Result<(), Refusal> {
        if self.state == DispatchState::Open {
            return Ok(());
        }
        Err(Refusal::new(
            "dispatch_closed",
            format!("调度会已散会，纪要已定，不能{step}。"),
            "请在下一次调度会上提出。",
        ))
    }

    /// Refuses a day a decision cannot be due on.
    ///
    /// # Errors
    /// `decision_day_out_of_range`.
    pub fn check_due(&self, due: Day) -> Result<(), Refusal> {
        if due >= self.held_day && due <= self.held_day.plus_days(DECISION_DAYS_MAX) {
            return Ok(());
        }
        Err(Refusal::of_field(
            "due_day",
            "decision_day_out_of_range",
            format!("完成日期应在会议当天到{DECISION_DAYS_MAX}天之内。"),
            "请重新选择完成日期。",
        ))
    }
}

impl Decision {
    /// What became of it is what became of its task: done when another has confirmed it, dropped when it was stopped.
    #[must_use]
    pub fn follow(&self, task: &Task) -> Decision {
        let (state, outcome) = match task.state {
            TaskState::Running | TaskState::Reported => (DecisionState::Open, ""),
            TaskState::Done => (DecisionState::Done, task.statement.as_str()),
            TaskState::Stopped => (DecisionState::Dropped, task.decision.as_str()),
        };
        Decision {
            state,
            outcome: outcome.to_owned(),
            done_day: if state == DecisionState::Open { None } else { task.closed_day },
            version: self.version + 1,
            ..self.clone()
        }
    }
}

/// The order after `item` went one place up or down among `order`; unchanged at the ends.
pub fn moved(order: &[DispatchItemId], item: DispatchItemId, up: bool) -> Vec<DispatchItemId> {
    let mut order = order.to_vec();
    if let Some(at) = order.iter().position(|id| *id == item) {
        let to = if up { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to < order.len()) };
        if let Some(to) = to {
            order.swap(at, to);
        }
    }
    order
}

/// Monday of a day's week.
pub fn monday_of(day: Day) -> Day {
    day.plus_days(-day.days_after_monday())
}
