//! Checklists and the sampling of the reverse check, as a template says them.

use serde::{Deserialize, Serialize};

/// A checklist of a visit or a look-back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// Stable code.
    pub code: String,
    /// Name.
    pub name: String,
    /// When it is used.
    #[serde(default)]
    pub summary: String,
    /// What is looked at, in order.
    #[serde(rename = "point")]
    pub points: Vec<ChecklistPoint>,
}

/// One point of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistPoint {
    /// Stable code.
    pub code: String,
    /// A sentence that fits or does not.
    pub text: String,
    /// How to look.
    #[serde(default)]
    pub how: String,
}

crate::coded! {
    /// How closed problems are layered for the reverse check.
    SamplingStrata ("分层方式") {
        /// By the unit directly below the one that draws.
        Unit = "unit", "按单位";
        Category = "category", "按问题类别";
        Outcome = "outcome", "按整改结果";
    }
}

/// How the reverse check draws closed problems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SamplingRule {
    /// Closed at least so many days ago.
    pub after_days: i32,
    /// Closed at most so many days ago.
    pub within_days: i32,
    /// Share of a layer that is drawn, 1–100.
    pub percent: u8,
    /// At least so many of a layer, as far as there are.
    pub at_least: u32,
    /// Layers.
    pub strata: SamplingStrata,
    /// Code of the checklist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checklist: Option<String>,
}

impl Default for SamplingRule {
    fn default() -> Self {
        SamplingRule {
            after_days: 30,
            within_days: 365,
            percent: 10,
            at_least: 1,
            strata: SamplingStrata::Unit,
            checklist: None,
        }
    }
}

impl SamplingRule {
    /// How many are drawn of a layer of `have`: the share rounded up, at least the least, at most all.
    pub fn size_of(&self, have: usize) -> u32 {
        let have = u32::try_from(have).unwrap_or(u32::MAX);
        let share = u32::try_from((u64::from(have) * u64::from(self.percent)).div_ceil(100)).unwrap_or(have);
        share.max(self.at_least).min(have)
    }
}
