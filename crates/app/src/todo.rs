//! To do 待办: what waits for a person, by role and post, nearest first, whatever noun it comes from.
//!
//! Each noun says what it waits for in a file of [`SOURCES`]; the page and the API know only [`TodoItem`].

mod excuse;
mod inspection;
mod muster;
mod problem;
mod required_action;
mod requirement;
mod slip;
mod task;

use crate::Error;
use crate::context::{App, Context};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, ProblemId, UnitId};
use bihuan_domain::problem::State;
use bihuan_domain::role::Actor;
use bihuan_store::Conn;
use bihuan_store::digest::reach::Reach;
use std::collections::BTreeMap;

/// Most items one page shows; also the most that one source gives.
pub const TODO_ROWS_MAX: i64 = 200;

/// What one noun has waiting for the caller: nearest first, at most [`TODO_ROWS_MAX`], only what the caller may read.
type Source = fn(&mut Conn, &Context, Day) -> Result<Vec<TodoItem>, Error>;

/// One line a noun. Problems stand apart, because they can be more than a page shows and are counted where they lie;
/// required actions, because they need the calendar.
#[rustfmt::skip]
const SOURCES: &[Source] = &[
    excuse::items,
    inspection::items,
    muster::items,
    requirement::items,
    slip::items,
    task::items,
];

bihuan_domain::coded! {
    /// Why something waits for a person; in the order of the page's filter.
    TodoKind ("待办类型") {
        /// A required action of one's own unit that is not recorded yet.
        Action = "action", "规定动作待登记";
        Redo = "redo", "验收退回，重新整改";
        Rectify = "rectify", "整改";
        Measure = "measure", "我负责的措施";
        Sign = "sign", "待签收";
        Verify = "verify", "待验收";
        Confirm = "confirm", "公示期满，待销号";
        LookBack = "look_back", "到期回头看";
        Extension = "extension", "延期申请待答复";
        HandUp = "hand_up", "请求上级待答复";
        Help = "help", "已认领，待办理";
        /// A unit below asks not to have to do something required.
        Excuse = "excuse", "免做申请待答复";
        Screen = "screen", "待初核";
        Meet = "meet", "待上会审定";
        Assign = "assign", "待交办";
        Resubmit = "resubmit", "退回补充";
        SlipSign = "slip_sign", "待签收督办单";
        SlipAnswer = "slip_answer", "待答复督办单";
        SlipIssue = "slip_issue", "待签发督办单";
        SlipReview = "slip_review", "督办答复待审核";
        SlipDecide = "slip_decide", "督办归属待裁定";
        Muster = "muster", "吹哨待报到";
        MusterDo = "muster_do", "吹哨事项待办";
        MusterAccept = "muster_accept", "吹哨办结待认可";
        Milestone = "milestone", "任务节点";
        Task = "task", "任务到期";
        TaskCheck = "task_check", "任务待认定";
        Visit = "visit", "待走访检查";
        Approve = "approve_inspection", "检查计划待审批";
        Decision = "decision", "调度会议定事项";
        InCharge = "in_charge", "我包案的问题";
        /// Asked by a document; there is nothing to file.
        Requirement = "requirement", "文件要求";
    }
}

impl TodoKind {
    /// Only told: nothing waits to be done here, so it is not counted among what does.
    pub fn only_told(self) -> bool {
        matches!(self, TodoKind::InCharge | TodoKind::Requirement)
    }

    /// The day is a deadline, not the day since which it waits.
    pub fn day_is_deadline(self) -> bool {
        !matches!(
            self,
            TodoKind::Screen
                | TodoKind::Meet
                | TodoKind::Assign
                | TodoKind::Resubmit
                | TodoKind::Verify
                | TodoKind::Excuse
                | TodoKind::SlipIssue
                | TodoKind::SlipReview
                | TodoKind::TaskCheck
                | TodoKind::Approve
        )
    }

    /// The button that leads to the form which does it.
    pub fn verb(self) -> &'static str {
        match self {
            TodoKind::Redo | TodoKind::Rectify => "报告完成",
            TodoKind::Measure => "填报完成",
            TodoKind::Action => "登记活动",
            TodoKind::Task => "申报完成",
            TodoKind::Milestone => "查看任务",
            TodoKind::Muster => "报到",
            TodoKind::InCharge | TodoKind::Requirement => "查看",
            _ => "办理",
        }
    }
}

/// One thing that waits.
#[derive(Clone, Debug, serde::Serialize)]
pub struct TodoItem {
    /// Why.
    pub kind: TodoKind,
    /// As people cite it, such as a problem's number; may be empty.
    pub citation: String,
    /// What is to be done, or what is wrong.
    pub text: String,
    /// Words of the measure, milestone or request it is about; may be empty.
    pub words: String,
    /// The campaign, where it belongs to one.
    pub campaign_id: Option<CampaignId>,
    /// The unit that owes it.
    pub unit_id: UnitId,
    /// That unit's name.
    pub unit_name: String,
    /// By when, or since when (see `TodoKind::day_is_deadline`).
    pub day: Option<Day>,
    /// Deadline as written; may be empty.
    pub deadline_text: String,
    /// Past its deadline today.
    pub late: bool,
    /// The address of its own page.
    pub href: String,
    /// The address of the form that does it; the page itself where there is none.
    pub do_href: String,
    /// What can be recorded without leaving the list.
    pub record: Option<RecordHere>,
    /// The part of a problem it is about.
    #[serde(flatten)]
    pub problem: Option<ProblemPart>,
}

/// The part of a problem that waits.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ProblemPart {
    /// The problem.
    pub problem_id: ProblemId,
    /// Where it stands.
    pub state: State,
    /// Number of the measure, request or look-back; 0 for the problem itself.
    pub part: i64,
    /// Row version of the problem.
    pub version: i64,
}

/// A small form of the list: an address that takes a POST, what it carries along, and at most one text to fill in.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RecordHere {
    /// The address.
    pub action: String,
    /// Words of the button.
    pub button: &'static str,
    /// Names and values sent along.
    pub hidden: Vec<(&'static str, String)>,
    /// Name and label of the text to fill in; `None` for a mere button.
    pub field: Option<(&'static str, &'static str)>,
    /// The address takes forms that may carry files.
    pub uploads: bool,
}

/// What waits for a person, with the number of each kind.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Todo {
    /// Nearest first, at most [`TODO_ROWS_MAX`].
    pub items: Vec<TodoItem>,
    /// How many there are of each kind, whether listed or not.
    pub counts: BTreeMap<TodoKind, i64>,
}

impl Todo {
    /// All that waits, but for what the person is only told.
    pub fn total(&self) -> i64 {
        self.counts.iter().filter(|(kind, _)| !kind.only_told()).map(|(_, n)| n).sum()
    }
}

impl App {
    /// What waits for the actor.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn todo(&self, ctx: &Context, kind: Option<TodoKind>) -> Result<Todo, Error> {
        self.db.read(|conn| self.todo_in(conn, ctx, kind))
    }

    /// What waits for the actor, as of a read that is under way.
    pub(crate) fn todo_in(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        kind: Option<TodoKind>,
    ) -> Result<Todo, Error> {
        let today = ctx.today();
        let (mut items, mut counts) = problem::items(conn, ctx, today, kind)?;
        let calendar = self.calendar(conn)?;
        let mut others = required_action::items(conn, ctx, today, &calendar)?;
        for source in SOURCES {
            others.extend(source(conn, ctx, today)?);
        }
        for item in others {
            *counts.entry(item.kind).or_insert(0) += 1;
            if kind.is_none_or(|kind| kind == item.kind) {
                items.push(item);
            }
        }
        // Stable: what falls on one day stays in the order of its source.
        items.sort_by_key(|item| item.day.map_or((1, 0), |day| (0, day.days())));
        items.truncate(usize::try_from(TODO_ROWS_MAX).unwrap_or(usize::MAX));
        Ok(Todo { items, counts })
    }

    /// Of many people those for whom anything may wait, asked for all of them at once: everybody else's list is empty.
    ///
    /// # Errors
    /// Faults of the database.
    pub(crate) fn with_something(
        &self,
        conn: &mut Conn,
        reach: &Reach,
        people: Vec<Actor>,
        today: Day,
    ) -> Result<Vec<Actor>, Error> {
        let calendar = self.calendar(conn)?;
        let rest: Vec<&Actor> = people.iter().filter(|actor| !reach.touches(actor)).collect();
        let owing = required_action::owing(conn, &rest, today, &calendar)?;
        let waits = |actor: &Actor| reach.touches(actor) || owing.contains(&actor.person);
        Ok(people.into_iter().filter(waits).collect())
    }
}
