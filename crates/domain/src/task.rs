//! Key tasks 重点任务 and livelihood projects 民生实事: quantified targets, milestones scheduled back from the deadline,
//! progress that rolls up a break-down, and a standing that is derived and never typed in (M16, M17).

mod doing;
mod parts;
mod progress;
mod schedule;
mod steps;

pub use doing::{accept, finish_milestone, note, read_target, reopen_milestone, report, send_back};
pub use parts::{Part, break_down, part_way, part_weight};
pub use progress::{
    Curve, CurvePoint, FULL, Judged, Standing, Tally, TargetProgress, Work, curve, judge, standing_sentence,
    targets_of,
};
pub use schedule::{Slot, Wanted, back_schedule, working_days_needed};
pub use steps::{
    AMOUNT_MAX, BENEFICIARIES_MAX, Desk, Draft, Hands, MEASURE_WORD_CHARS_MAX, MILESTONES_MAX,
    MilestoneDraft, Place, REASON_CHARS_MAX, TARGETS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX, TargetDraft,
    VALUE_MAX, WORKING_DAYS_MAX, amend, check_milestones, check_targets, create, create_at_meeting,
    may_check, may_order, may_plan, may_report, plan_milestones, stop,
};

use crate::id::{
    CampaignId, MilestoneId, PersonId, PostId, TaskEvidenceId, TaskId, TaskNoteId, TaskTargetId, UnitId,
};
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

crate::coded! {
    /// State of a task.
    TaskState ("任务状态") {
        Running = "running", "推进中";
        /// Its unit says that it is done; another has to confirm.
        Reported = "reported", "已申报完成";
        Done = "done", "已完成";
        Stopped = "stopped", "已终止";
    }
}

crate::coded! {
    /// What a note of a task is.
    TaskNoteKind ("任务记录类别") {
        Progress = "progress", "进展";
        /// What the beneficiaries say.
        Word = "word", "群众评价";
    }
}

crate::coded! {
    /// What a task's evidence shows.
    TaskStage ("任务佐证环节") {
        Before = "before", "实施前";
        During = "during", "实施中";
        After = "after", "完成后";
    }
}

/// A key task or a livelihood project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Number.
    pub id: TaskId,
    /// The campaign or yearly list it belongs to.
    pub campaign_id: CampaignId,
    /// Number within the campaign, from 1.
    pub number: i64,
    /// Code of the task kind in the campaign's template; empty where it has none.
    pub kind: String,
    /// A livelihood project 民生实事: needs evidence from before and after.
    pub project: bool,
    /// What is to be done.
    pub title: String,
    /// What it should reach, in words.
    pub goal: String,
    /// Code of the strand; may be empty.
    pub strand: String,
    /// The unit that does it.
    pub unit_id: UnitId,
    /// The post that answers for it.
    pub owner_post_id: Option<PostId>,
    /// The unit that set it: the campaign's, or the one that broke it down; the unit itself for its own task.
    pub order_unit_id: UnitId,
    /// Units that assist, in words.
    pub partners: String,
    /// The task it was broken down from.
    pub parent_id: Option<TaskId>,
    /// Its weight among the parts of a break-down, in thousandths of anything.
    pub weight: i64,
    /// First day.
    pub starts_day: Day,
    /// Last day.
    pub due_day: Day,
    /// State.
    pub state: TaskState,
    /// Planned cost in fen; 0 for none.
    pub budget_fen: i64,
    /// Spent so far in fen.
    pub spent_fen: i64,
    /// How many people or households it is for; 0 where that is not counted.
    pub beneficiaries: i64,
    /// Who they are, in words.
    pub beneficiary_words: String,
    /// The day the doer says it was done.
    pub claimed_day: Option<Day>,
    /// The day that was reported.
    pub filed_day: Option<Day>,
    /// Who reported it.
    pub filed_by: Option<PersonId>,
    /// What was reported.
    pub statement: String,
    /// The day it was confirmed or stopped.
    pub closed_day: Option<Day>,
    /// Who confirmed or stopped it.
    pub closed_by: Option<PersonId>,
    /// Why it was sent back last, or stopped; what was said when it was confirmed.
    pub decision: String,
    /// How often it was sent back.
    pub send_backs: i64,
    /// Who set it up.
    pub registered_by: PersonId,
    /// Row version.
    pub version: i64,
}

impl Task {
    /// As people cite it: `任务12` or `实事12`.
    pub fn citation(&self) -> String {
        format!("{}{}", if self.project { "实事" } else { "任务" }, self.number)
    }

    /// It is still to be done by its unit.
    pub fn is_open(&self) -> bool {
        matches!(self.state, TaskState::Running | TaskState::Reported)
    }
}

/// A quantified target. Values are thousandths: `12.5` is 12500.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskTarget {
    /// Number.
    pub id: TaskTargetId,
    /// The task.
    pub task_id: TaskId,
    /// Order, from 1.
    pub ordinal: i64,
    /// What is counted.
    pub name: String,
    /// Its measure word: 公里、户、%.
    pub measure_word: String,
    /// Where it begins.
    pub baseline: i64,
    /// Where it must come; below the baseline where less is better.
    pub target: i64,
    /// Where it is.
    pub reached: i64,
    /// The day of that reading; `None` before the first.
    pub reached_day: Option<Day>,
    /// Row version.
    pub version: i64,
}

/// Measure words of rates.
const RATE_WORDS: [&str; 5] = ["%", "％", "‰", "百分点", "个百分点"];

impl TaskTarget {
    /// A rate, which parts share and do not add up to.
    pub fn is_rate(&self) -> bool {
        RATE_WORDS.contains(&self.measure_word.trim())
    }

    /// Less is better.
    pub fn falls(&self) -> bool {
        self.target < self.baseline
    }
}

/// One reading of a target; a later one for the same day corrects it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetReading {
    /// Number.
    pub id: i64,
    /// The task.
    pub task_id: TaskId,
    /// The target.
    pub target_id: TaskTargetId,
    /// The day it was true.
    pub day: Day,
    /// Value in thousandths.
    pub value: i64,
    /// Words.
    pub note: String,
    /// Who filed it.
    pub filed_by: PersonId,
    /// When.
    pub filed_at: Instant,
}

/// A milestone 节点.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Number.
    pub id: MilestoneId,
    /// The task.
    pub task_id: TaskId,
    /// Order, from 1.
    pub ordinal: i64,
    /// What is reached.
    pub title: String,
    /// How many working days it takes; also its weight in the progress.
    pub working_days: i64,
    /// First day of the work towards it.
    pub starts_day: Day,
    /// Its deadline.
    pub due_day: Day,
    /// The deadline was set by hand and is kept when the schedule is made again.
    pub pinned: bool,
    /// The day the doer says it was reached.
    pub done_day: Option<Day>,
    /// The day that was filed.
    pub filed_day: Option<Day>,
    /// Who filed it.
    pub filed_by: Option<PersonId>,
    /// What was reached.
    pub note: String,
    /// Row version.
    pub version: i64,
}

/// A note on a task: progress, or what the beneficiaries say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskNote {
    /// Number.
    pub id: TaskNoteId,
    /// The task.
    pub task_id: TaskId,
    /// What it is.
    pub kind: TaskNoteKind,
    /// The day it is about.
    pub day: Day,
    /// Words.
    pub text: String,
    /// How many were asked; 0 where nobody was counted.
    pub asked: i64,
    /// How many of them were satisfied.
    pub satisfied: i64,
    /// Who filed it.
    pub filed_by: PersonId,
    /// When.
    pub filed_at: Instant,
}

/// A file that shows a task before, on the way or after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskEvidence {
    /// Number.
    pub id: TaskEvidenceId,
    /// The task.
    pub task_id: TaskId,
    /// The milestone it shows, if one.
    pub milestone_id: Option<MilestoneId>,
    /// Before, on the way, after.
    pub stage: TaskStage,
    /// What it shows.
    pub caption: String,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub digest: String,
    /// Media type by content.
    pub media_type: String,
    /// Size.
    pub size_bytes: i64,
    /// Who filed it.
    pub filed_by: PersonId,
    /// For which unit.
    pub filed_unit_id: UnitId,
    /// When.
    pub filed_at: Instant,
}

crate::coded! {
    /// What was done to a task; the journal's action.
    TaskAction ("任务操作") {
        Created = "task.created", "新建任务";
        Amended = "task.amended", "修改任务";
        Scheduled = "task.scheduled", "排定节点";
        BrokenDown = "task.broken_down", "分解任务";
        MilestoneDone = "task.milestone_done", "完成节点";
        MilestoneReopened = "task.milestone_reopened", "更正节点";
        Measured = "task.measured", "填报指标";
        Noted = "task.noted", "记录进展";
        EvidenceFiled = "task.evidence_filed", "上传任务佐证";
        Reported = "task.reported", "申报任务完成";
        Accepted = "task.accepted", "认定任务完成";
        SentBack = "task.sent_back", "退回任务";
        Stopped = "task.stopped", "终止任务";
        TakenOver = "task.taken_over", "承接任务";
    }
}

/// A value in thousandths as people write it: `12.5`.
pub fn value_words(value: i64) -> String {
    let (whole, rest) = (value / 1_000, (value % 1_000).abs());
    let sign = if value < 0 && whole == 0 { "-" } else { "" };
    if rest == 0 {
        return format!("{whole}");
    }
    format!("{sign}{whole}.{}", format!("{rest:03}").trim_end_matches('0'))
}

/// Reads a value with up to three decimals as thousandths; `None` when it is no such number or out of bounds.
pub fn parse_value(text: &str) -> Option<i64> {
    scaled(text, 3).filter(|value| value.abs() <= VALUE_MAX)
}

/// Fen as yuan: `1234.50`.
pub fn yuan_words(fen: i64) -> String {
    if fen % 100 == 0 { format!("{}", fen / 100) } else { format!("{}.{:02}", fen / 100, fen % 100) }
}

/// Reads yuan with up to two decimals as fen; `None` when it is no such number, negative, or out of bounds.
pub fn parse_yuan(text: &str) -> Option<i64> {
    scaled(text, 2).filter(|fen| (0..=AMOUNT_MAX).contains(fen))
}

/// Digits with at most `decimals` behind the point, times 10 to that power.
fn scaled(text: &str, decimals: usize) -> Option<i64> {
    let text: String = text.trim().chars().filter(|c| *c != ',' && *c != '，').collect();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.as_str()),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(part) || part.len() > decimals || digits.ends_with('.') {
        return None;
    }
    let number: i64 = format!("{whole}{part:0<decimals$}").parse().ok()?;
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_amounts_are_read_exactly() {
        for (text, value) in
            [("12.5", 12_500), ("0.001", 1), ("-0.5", -500), ("1,200", 1_200_000), (" 7 ", 7_000)]
        {
            assert_eq!(parse_value(text), Some(value), "{text}");
            assert_eq!(parse_value(&value_words(value)), Some(value), "{text}");
        }
        for text in ["", ".", "5.", "1.2345", "一", "1e3", "--1", "99999999999999999999"] {
            assert_eq!(parse_value(text), None, "{text}");
        }
        assert_eq!(parse_yuan("1234.5"), Some(123_450));
        assert_eq!(yuan_words(123_450), "1234.50");
        assert_eq!(yuan_words(100), "1");
        assert_eq!(parse_yuan("-1"), None);
        assert_eq!(parse_yuan("1.005"), None);
        assert_eq!(parse_value(&value_words(VALUE_MAX)), Some(VALUE_MAX));
        assert_eq!(parse_value(&value_words(VALUE_MAX + 1)), None);
    }
}
