//! Rectification measures 整改措施: one problem, many measures, each with owner, deadline, goal and state.

use crate::Day;
use crate::id::{MeasureId, PersonId, PostId, ProblemId, UnitId};
use serde::{Deserialize, Serialize};

/// Most measures of one problem.
pub const MEASURES_MAX: usize = 50;
/// Longest text of a measure, in characters.
pub const MEASURE_CHARS_MAX: usize = 2_000;

crate::coded! {
    /// State of a measure.
    MeasureState ("措施状态") {
        Planned = "planned", "推进中";
        Done = "done", "已完成";
        Dropped = "dropped", "已取消";
    }
}

/// A measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Number.
    pub id: MeasureId,
    /// The problem.
    pub problem_id: ProblemId,
    /// The round it belongs to.
    pub round: i64,
    /// Order within the problem, from 1.
    pub ordinal: i64,
    /// What will be done.
    pub text: String,
    /// What it should reach.
    pub goal: String,
    /// The unit that does it.
    pub owner_unit_id: UnitId,
    /// The post answering for it.
    pub owner_post_id: Option<PostId>,
    /// Deadline as written.
    pub deadline_text: String,
    /// Deadline as understood.
    pub due_day: Option<Day>,
    /// 长期坚持
    pub standing: bool,
    /// State.
    pub state: MeasureState,
    /// What was done.
    pub done_note: String,
    /// The day the doer says it was done.
    pub claimed_day: Option<Day>,
    /// The day it was filed.
    pub filed_day: Option<Day>,
    /// Who filed it.
    pub filed_by: Option<PersonId>,
    /// Row version.
    pub version: i64,
}
