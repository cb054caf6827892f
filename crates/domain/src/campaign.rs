//! Campaigns 专项行动: one piece of supervised work run by an office over a subtree, from a template.

mod difference;
mod following;
mod steps;

pub use difference::{
    DiffLine, LineChange, TEXT_LINES_COMPARED, changed_lines, changed_rules, rules_in_words,
};
pub use following::may_take_over;
pub use steps::{
    AUTHORITY_CHARS_MAX, CODE_CHARS_MAX, Desk, Draft, Facts, NAME_CHARS_MAX, OpenWork, REASON_CHARS_MAX,
    SCOPE_CHARS_MAX, Used, UsedList, amend, change_template, create, end, may_run, missing_for_start, reach,
    reach_of, start,
};

use crate::Day;
use crate::id::{CampaignId, UnitId};
use crate::{Coded as _, Refusal};
use serde::{Deserialize, Serialize};

crate::coded! {
    /// State of a campaign.
    CampaignState ("专项行动状态") {
        /// Being set up; nothing is asked of units yet.
        Preparing = "preparing", "筹备中";
        Running = "running", "进行中";
        /// Closed for new work, open problems may be taken over by a follow-up.
        Ended = "ended", "已结束";
    }
}

crate::coded! {
    /// How a supervised matter was decided (政府督查工作条例 Art. 11).
    AuthorityBasis ("立项依据") {
        /// The committee or government decided on it.
        Decision = "decision", "党委、政府决定";
        /// A principal's written or spoken instruction.
        Instruction = "instruction", "主要负责同志指示批示";
        /// The office proposed it, and the principal approved.
        Proposal = "proposal", "提出建议并经批准";
        /// A superior's plan or designation handed it down.
        Superior = "superior", "上级部署或指定";
    }
}

/// A campaign. What is particular to it lives in its template text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Number.
    pub id: CampaignId,
    /// Short code, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// The office's unit; the campaign reaches its subtree.
    pub office_unit_id: UnitId,
    /// How it was decided (政府督查工作条例 Art. 11).
    pub basis: AuthorityBasis,
    /// Who decided it, when: a campaign cannot run without.
    pub authority: String,
    /// The document that says so: title and number. A campaign cannot run without.
    pub document: String,
    /// Content, targets and reach (Art. 15): a campaign cannot run without.
    pub scope: String,
    /// State.
    pub state: CampaignState,
    /// First day.
    pub starts_day: Day,
    /// Last day; `None` while open-ended.
    pub ends_day: Option<Day>,
    /// The template's TOML as taken over by this campaign (`template::Template::parse`).
    pub template_text: String,
    /// The campaign whose open problems it took over 承接.
    pub follows_id: Option<CampaignId>,
    /// Row version.
    pub version: i64,
}

impl Campaign {
    /// Whether something new may be registered in it.
    ///
    /// # Errors
    /// `campaign_not_running` before its start and after its end.
    pub fn check_running(&self) -> Result<(), Refusal> {
        let hint = match self.state {
            CampaignState::Running => return Ok(()),
            CampaignState::Preparing => "请等工作专班启动专项行动后再登记。",
            CampaignState::Ended => "请选择进行中的专项行动；没有销号的问题可以继续办理。",
        };
        let sentence = format!("专项行动“{}”{}，不能登记新的问题。", self.name, self.state.label());
        Err(Refusal::of_field("campaign", "campaign_not_running", sentence, hint))
    }

    /// The day that required actions are reckoned on: the day itself while it runs, its last day once it was ended.
    /// Nothing can be recorded any more then, and nothing further is owed.
    pub fn reckoned_on(&self, day: Day) -> Day {
        match (self.state, self.ends_day) {
            (CampaignState::Ended, Some(last)) => day.min(last),
            _ => day,
        }
    }
}

crate::coded! {
    /// What was done to a campaign; the journal's action.
    CampaignAction ("专项行动操作") {
        Created = "campaign.created", "建立专项行动";
        Amended = "campaign.amended", "修改专项行动";
        TemplateChanged = "campaign.template_changed", "修改模板";
        Started = "campaign.started", "启动专项行动";
        Ended = "campaign.ended", "结束专项行动";
        TookOver = "campaign.took_over", "承接未销号的问题";
    }
}

/// The numbers of a campaign's template that the rules of problems need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignRules {
    /// Two-step screening 分管核、上会审 is on.
    pub screening: bool,
    /// Days a proposed closure is shown for objection; 0 where the campaign wants none.
    pub notice_days: i32,
    /// Days after closing until the look-back; 0 where there is none.
    pub look_back_days: i32,
    /// Days before the deadline from which a problem is yellow.
    pub yellow_days: i32,
    /// From this many send-backs on a problem is red, whatever its deadline; 0 switches it off.
    pub red_after_send_backs: i64,
    /// Evidence pieces a closure needs at least.
    pub evidence_min: i64,
}

impl Default for CampaignRules {
    fn default() -> Self {
        CampaignRules {
            screening: true,
            notice_days: 5,
            look_back_days: 90,
            yellow_days: 7,
            red_after_send_backs: 3,
            evidence_min: 1,
        }
    }
}
