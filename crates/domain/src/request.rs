//! Requests: an extension 延期, and a call for a superior 请求上级 that moves the clock upward.

use crate::id::{PersonId, ProblemId, RequestId, UnitId};
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

crate::coded! {
    /// What is asked.
    RequestKind ("请求类型") {
        Extension = "extension", "延期申请";
        HandUp = "hand_up", "请求上级";
    }
}

crate::coded! {
    /// State of a request.
    RequestState ("请求状态") {
        Open = "open", "待答复";
        Granted = "granted", "同意";
        Refused = "refused", "不同意";
        Finished = "finished", "已办结";
        /// The problem moved on before anybody answered.
        Lapsed = "lapsed", "已失效";
    }
}

/// A request about one problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Number.
    pub id: RequestId,
    /// The problem.
    pub problem_id: ProblemId,
    /// The round.
    pub round: i64,
    /// What is asked.
    pub kind: RequestKind,
    /// Who asked.
    pub asked_by: PersonId,
    /// For which unit.
    pub asked_unit_id: UnitId,
    /// When.
    pub asked_at: Instant,
    /// Why, or what is needed of the superior.
    pub reason: String,
    /// The deadline asked for, as written (extension).
    pub deadline_text: String,
    /// The day asked for (extension).
    pub new_due_day: Option<Day>,
    /// The unit that decides: the one that set the deadline, or the superior.
    pub to_unit_id: UnitId,
    /// State.
    pub state: RequestState,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// The decision's reason.
    pub decision_reason: String,
    /// Row version.
    pub version: i64,
}
