//! Units in need and their helpers 联系点: who helps, by which plan, until when, and what changed since.

use crate::Day;
use crate::id::{CampaignId, HelpId, PersonId, UnitId};
use crate::refusal::{Refusal, require_text};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;

/// Longest reason, plan or outcome, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Longest name of a helper, in characters.
pub const HELPER_CHARS_MAX: usize = 60;
/// Longest help, in days.
pub const HELP_DAYS_MAX: i32 = 732;

crate::coded! {
    /// How far help is.
    HelpState ("帮扶状态") {
        Running = "running", "帮扶中";
        Ended = "ended", "已结束";
    }
}

/// A unit in need with its helper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// Number.
    pub id: HelpId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit in need.
    pub unit_id: UnitId,
    /// Why.
    pub reason: String,
    /// The unit that helps.
    pub helper_unit_id: UnitId,
    /// Who there, in words.
    pub helper_name: String,
    /// How.
    pub plan: String,
    /// From
    pub starts_day: Day,
    /// to.
    pub ends_day: Day,
    /// Figures of the first day as JSON.
    pub baseline: String,
    /// How far it is.
    pub state: HelpState,
    /// What came of it.
    pub outcome: String,
    /// When it ended.
    pub ended_day: Option<Day>,
    /// Who set it up.
    pub set_by: PersonId,
    /// Row version.
    pub version: i64,
}

/// Whoever sets up help for units of a subtree.
///
/// # Errors
/// `not_allowed`.
pub fn may_set(actor: &Actor, path: &UnitPath, step: &str) -> Result<(), Refusal> {
    if actor.holds_any(&[Role::Office, Role::Leader], path) {
        return Ok(());
    }
    Err(Refusal::not_allowed(step, "该单位上级的工作专班或领导身份"))
}

impl Help {
    /// Checks and trims what was written.
    ///
    /// # Errors
    /// Text limits, `helper_is_the_unit`, `period_out_of_range`.
    pub fn check(mut self) -> Result<Help, Refusal> {
        self.reason = require_text("reason", "列入理由", &self.reason, TEXT_CHARS_MAX)?;
        self.helper_name = require_text("helper_name", "联系人", &self.helper_name, HELPER_CHARS_MAX)?;
        self.plan = require_text("plan", "帮扶计划", &self.plan, TEXT_CHARS_MAX)?;
        if self.helper_unit_id == self.unit_id {
            return Err(Refusal::of_field(
                "helper_unit",
                "helper_is_the_unit",
                "帮扶单位和被帮扶单位不能是同一个。",
                "请选择另一个单位。",
            ));
        }
        if self.ends_day <= self.starts_day || self.ends_day > self.starts_day.plus_days(HELP_DAYS_MAX) {
            return Err(Refusal::of_field(
                "ends_day",
                "period_out_of_range",
                format!("结束日期应在开始日期之后、{HELP_DAYS_MAX}天之内。"),
                "请重新选择结束日期。",
            ));
        }
        Ok(self)
    }

    /// Ends it with what came of it.
    ///
    /// # Errors
    /// `help_ended`, text limits.
    pub fn end(&mut self, outcome: &str, today: Day) -> Result<(), Refusal> {
        if self.state == HelpState::Ended {
            return Err(Refusal::new("help_ended", "这次帮扶已经结束。", "请刷新页面查看最新情况。"));
        }
        self.outcome = require_text("outcome", "帮扶结果", outcome, TEXT_CHARS_MAX)?;
        self.state = HelpState::Ended;
        self.ended_day = Some(today);
        self.version += 1;
        Ok(())
    }
}
