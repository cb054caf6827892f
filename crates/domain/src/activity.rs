//! Activities 活动: recorded once, counted for every rule that they satisfy.

use crate::day::{Day, Instant};
use crate::id::{ActivityId, CampaignId, PersonId, UnitId};
use crate::refusal::{Refusal, limit_text, require_text};
use serde::{Deserialize, Serialize};

/// Longest topic, in characters.
pub const TOPIC_CHARS_MAX: usize = 200;
/// Longest minutes, in characters.
pub const MINUTES_CHARS_MAX: usize = 20_000;
/// Longest link, in characters.
pub const LINK_CHARS_MAX: usize = 500;
/// Longest an activity lasts, in minutes: fourteen days of eight hours.
pub const DURATION_MINUTES_MAX: i64 = 14 * 8 * 60;
/// Most people of one record.
pub const PARTICIPANTS_MAX: usize = 1_000;
/// Most units that held one activity together.
pub const UNITS_MAX: usize = 50;
/// How far back an activity may lie, in days.
pub const BACK_DAYS_MAX: i32 = 1_100;
/// Longest reason of a correction or withdrawal, in characters.
pub const REASON_CHARS_MAX: usize = 300;

crate::coded! {
    /// State of a record.
    ActivityState ("活动记录状态") {
        Recorded = "recorded", "有效";
        /// Taken back, with a reason; counts for nothing.
        Withdrawn = "withdrawn", "已作废";
    }
}

crate::coded! {
    /// A person's part.
    Attendance ("参加方式") {
        Lead = "lead", "主讲或主持";
        Attend = "attend", "参加";
    }
}

/// What took place, as it stands after all corrections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Number.
    pub id: ActivityId,
    /// The campaign whose kinds it was recorded by; it counts for every campaign that reaches the unit.
    pub campaign_id: CampaignId,
    /// The unit that held it.
    pub unit_id: UnitId,
    /// Code of its kind.
    pub kind: String,
    /// The day it took place.
    pub day: Day,
    /// A day of the missed period that it makes up for.
    pub makes_up_day: Option<Day>,
    /// What was studied or done.
    pub topic: String,
    /// Minutes, typed.
    pub minutes_text: String,
    /// How long, in minutes; 0 where nobody asked.
    pub duration_minutes: i64,
    /// A link to what was published; empty where none.
    pub link: String,
    /// Who recorded it.
    pub filed_by: PersonId,
    /// When.
    pub filed_at: Instant,
    /// Minutes or material were attached as files.
    pub files: i64,
    /// State.
    pub state: ActivityState,
    /// Row version; every correction adds one.
    pub version: i64,
}

impl Activity {
    /// The day it was recorded: late filing is visible, not forbidden.
    pub fn filed_day(&self) -> Day {
        self.filed_at.day_in_china()
    }
}

/// What a person typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Code of the kind.
    pub kind: String,
    /// The day.
    pub day: Day,
    /// A day of the missed period.
    pub makes_up_day: Option<Day>,
    /// What was studied or done.
    pub topic: String,
    /// Minutes.
    pub minutes_text: String,
    /// How long, in minutes.
    pub duration_minutes: i64,
    /// A link.
    pub link: String,
}

impl Draft {
    /// What stands in a record.
    pub fn of(activity: &Activity) -> Draft {
        Draft {
            kind: activity.kind.clone(),
            day: activity.day,
            makes_up_day: activity.makes_up_day,
            topic: activity.topic.clone(),
            minutes_text: activity.minutes_text.clone(),
            duration_minutes: activity.duration_minutes,
            link: activity.link.clone(),
        }
    }

    /// Checks what needs no database; answers with trimmed texts.
    ///
    /// # Errors
    /// A refusal naming the field.
    pub fn checked(mut self, today: Day) -> Result<Draft, Refusal> {
        self.topic = require_text("topic", "内容", &self.topic, TOPIC_CHARS_MAX)?;
        self.minutes_text = limit_text("minutes_text", "记录或纪要", &self.minutes_text, MINUTES_CHARS_MAX)?;
        self.link = limit_text("link", "链接", &self.link, LINK_CHARS_MAX)?;
        let of =
            |field, code, sentence: &str, hint: &str| Err(Refusal::of_field(field, code, sentence, hint));
        if self.day > today {
            return of(
                "day",
                "activity_in_future",
                "活动日期还没有到。",
                "活动开展之后再登记；要预告请写进计划。",
            );
        }
        if self.day < today.plus_days(-BACK_DAYS_MAX) {
            return of("day", "activity_too_old", "活动日期太早。", "只登记三年以内的活动，请检查年份。");
        }
        if self.makes_up_day.is_some_and(|missed| missed >= self.day) {
            return of(
                "makes_up_day",
                "makes_up_later",
                "补做的是以前缺的，所补日期应早于活动日期。",
                "活动就是在所补的周期里开展的，请把活动日期填成开展当天，这一栏留空。",
            );
        }
        if !(0..=DURATION_MINUTES_MAX).contains(&self.duration_minutes) {
            return of(
                "duration",
                "activity_duration",
                "时长超出范围。",
                "请按分钟填写，最多6720分钟（14天）。",
            );
        }
        if !self.link.is_empty() && !self.link.starts_with("https://") && !self.link.starts_with("http://") {
            return of(
                "link",
                "link_not_web",
                "链接应以 http:// 或 https:// 开头。",
                "请粘贴完整网址，或者留空。",
            );
        }
        Ok(self)
    }
}
