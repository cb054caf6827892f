//! Look-back 回头看: after closing, by people who had no part in the work.

use crate::figure::SAMPLE_MIN;
use crate::id::DrawId;
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
    /// Whom a draw chose to look; nobody else files it then.
    pub person_id: Option<PersonId>,
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

/// Who looks back at a drawn problem, and what the checklist was answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookBackDuty {
    /// The look-back.
    pub look_back_id: LookBackId,
    /// Its problem.
    pub problem_id: ProblemId,
    /// Who looks.
    pub person_id: PersonId,
    /// The draw it came from.
    pub draw_id: DrawId,
    /// Code of the checklist; empty for none.
    pub checklist: String,
    /// Answers as JSON; empty until filed.
    pub answers: String,
    /// Row version.
    pub version: i64,
}

/// What look-backs found at a unit: how far its closures can be relied on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reliability {
    /// Still holds.
    pub holds: i64,
    /// Came back 反弹.
    pub slipped_back: i64,
    /// Never was true 虚假销号.
    pub never_true: i64,
    /// Waits to be looked at.
    pub pending: i64,
}

impl Reliability {
    /// Looked at: the denominator.
    pub fn checked(&self) -> i64 {
        self.holds + self.slipped_back + self.never_true
    }

    /// Fewer than the least sample: no rate is told.
    pub fn is_small_sample(&self) -> bool {
        self.checked() < SAMPLE_MIN
    }

    /// Rebounds out of those looked at, in per mille; `None` for a small sample.
    pub fn rebound_per_mille(&self) -> Option<i64> {
        (!self.is_small_sample()).then(|| (self.slipped_back + self.never_true) * 1000 / self.checked())
    }

    /// Closures that held, with their interval; `None` for a small sample.
    pub fn held(&self) -> Option<Interval> {
        (!self.is_small_sample()).then(|| wilson(self.holds, self.checked()))
    }
}

/// A share with its 95 % interval, in per mille.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Interval {
    /// The share itself.
    pub share: i64,
    /// Low end.
    pub low: i64,
    /// High end.
    pub high: i64,
}

/// Wilson's interval of a share at 95 %, in per mille; of nothing it is everything.
pub fn wilson(part: i64, whole: i64) -> Interval {
    if whole <= 0 {
        return Interval { share: 0, low: 0, high: 1000 };
    }
    // 97.5 % of the normal distribution lies below this.
    let z = 1.959_964_f64;
    let (n, p) = (whole as f64, part as f64 / whole as f64);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let per_mille = |share: f64| (share.clamp(0.0, 1.0) * 1000.0).round() as i64;
    Interval { share: per_mille(p), low: per_mille(middle - half), high: per_mille(middle + half) }
}
