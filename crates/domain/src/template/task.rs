//! Kinds of tasks of a campaign: key tasks, livelihood projects, and the milestones each usually has.

use super::shape::{CODE, Kind, MAX_NAME_CHARS, NAME, SUMMARY, Shape, may, must};
use crate::task::{MILESTONES_MAX, WORKING_DAYS_MAX};
use serde::{Deserialize, Serialize};

/// How far targets may lag behind the time before a task is at risk, where the template does not say, in percent.
const LAG_PERCENT: i64 = 20;

const MILESTONE: Shape = Shape {
    fields: &[
        must("name", Kind::Text(MAX_NAME_CHARS), "节点名称"),
        must("working_days", Kind::Integer(1, WORKING_DAYS_MAX), "需要几个工作日"),
    ],
};

/// One kind of task.
pub(super) const TASK_KIND: Shape = Shape {
    fields: &[
        CODE,
        NAME,
        SUMMARY,
        may("project", Kind::Flag, "是否民生实事：完成时要有实施前和完成后的佐证"),
        may("lag_percent", Kind::Integer(0, 100), "指标比时间慢多少个百分点算有风险，0为不判断"),
        may("milestone", Kind::Tables(&MILESTONE, 0, MILESTONES_MAX), "通常的节点，从时限倒排"),
    ],
};

/// A kind of task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskKind {
    /// Stable code, kept in tasks.
    pub code: String,
    /// Name on pages.
    pub name: String,
    /// Explanation.
    #[serde(default)]
    pub summary: String,
    /// A livelihood project.
    #[serde(default)]
    pub project: bool,
    /// How far targets may lag behind the time before a task is at risk, in percent; 0 for no such risk.
    #[serde(default = "lag_percent")]
    pub lag_percent: i64,
    /// Its usual milestones, in order.
    #[serde(default, rename = "milestone")]
    pub milestones: Vec<MilestoneForm>,
}

fn lag_percent() -> i64 {
    LAG_PERCENT
}

/// A usual milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneForm {
    /// What is reached.
    pub name: String,
    /// How many working days it takes.
    pub working_days: i64,
}

impl super::Template {
    /// The task kind of a code.
    pub fn task_kind(&self, code: &str) -> Option<&TaskKind> {
        self.task_kinds.iter().find(|kind| kind.code == code)
    }

    /// How far the targets of a kind of task may lag, in percent.
    pub fn task_lag_percent(&self, code: &str) -> i64 {
        self.task_kind(code).map_or(LAG_PERCENT, |kind| kind.lag_percent)
    }
}
