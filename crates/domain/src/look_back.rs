//! Look-back 回头看: after closing, by people who had no part in the work.

use crate::id::{LookBackId, PersonId, ProblemId, UnitId};
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

crate::coded! {
    /// What a look-back found.
    LookBackResult ("回头看结果") {
        Pending = "pending", "待回头看";
        Holds = "holds", "成效保持";
        /// The work begins a new round.
        SlippedBack = "slipped_back", "反弹";
        /// It was never true; a new round.
        NeverTrue = "never_true", "虚假销号";
        /// The problem was opened again before anybody looked.
        Overtaken = "overtaken", "已重新打开，不再需要";
    }
}

/// A look-back on one closed round of a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookBack {
    /// Number.
    pub id: LookBackId,
    /// The problem.
    pub problem_id: ProblemId,
    /// The closed round.
    pub round: i64,
    /// The unit that looks: the checking unit, or the office.
    pub unit_id: UnitId,
    /// From this day on.
    pub due_day: Day,
    /// What was found.
    pub result: LookBackResult,
    /// In words.
    pub note: String,
    /// Who looked.
    pub done_by: Option<PersonId>,
    /// When it was filed.
    pub done_at: Option<Instant>,
    /// Row version.
    pub version: i64,
}
