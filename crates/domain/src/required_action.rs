//! Required actions 规定动作: a rule says which subjects owe which action, how often and how much, and what proves it.
//!
//! Nothing is generated in advance. What is expected follows from the scope on the last day of a period, what is done
//! from the records; done, late, missed, excused and not yet due are arithmetic when a page is read.

mod credit;
mod derive;
mod period;
pub mod reference;
mod tighten;

pub use credit::{Credit, Facts, Lack, Participant, credits, lacks, met_day};
pub use derive::{
    CellState, Counts, EARLY_WORKING_DAYS, Status, Tally, due_day, early_day, state_of, status,
};
pub use period::{Period, period_of, periods};
pub use tighten::{Beyond, Tightening, tightenings};

use crate::day::Day;
use crate::id::{CampaignId, RequiredActionId, UnitId};
use crate::refusal::{Refusal, limit_text, require_text};
use crate::scope::Scope;
use crate::unit::UnitKind;
use serde::{Deserialize, Serialize};

/// Longest name of a rule, in characters.
pub const RULE_NAME_CHARS_MAX: usize = 60;
/// Longest wording of what the document asks, in characters.
pub const BASIS_CHARS_MAX: usize = 500;
/// Most activity kinds one rule accepts.
pub const RULE_KINDS_MAX: usize = 20;
/// Most that may be asked within one period: times, hours or cases.
pub const QUANTITY_MAX: i64 = 1_000;
/// Most working days after a period in which a record may still be filed in time.
pub const GRACE_WORKING_DAYS_MAX: i32 = 60;
/// Most words that choose posts by name.
pub const POST_WORDS_MAX: usize = 10;
/// Most periods of one rule that are reckoned with: fifteen years of weeks.
pub const PERIODS_MAX: usize = 800;

crate::coded! {
    /// Who owes an action.
    SubjectKind ("责任对象") {
        Unit = "unit", "单位";
        /// What belongs to a post stays with the post.
        Post = "post", "岗位";
        /// What is personal goes along with the person.
        Person = "person", "个人";
        WorkingGroup = "working_group", "专班";
    }
}

crate::coded! {
    /// How often.
    Cadence ("周期") {
        Week = "week", "每周";
        Month = "month", "每月";
        Quarter = "quarter", "每季度";
        HalfYear = "half_year", "每半年";
        Year = "year", "每年";
        /// Once between the first and the last day of the rule.
        Window = "window", "期间内";
        /// By the last day of the rule.
        ByDate = "by_date", "限期前";
    }
}

impl SubjectKind {
    /// Whose numbers its subjects bear: a working group is a unit.
    pub fn table(self) -> SubjectKind {
        if self == SubjectKind::WorkingGroup { SubjectKind::Unit } else { self }
    }
}

impl Cadence {
    /// One period only, from the rule's first to its last day.
    pub fn is_single(self) -> bool {
        matches!(self, Cadence::Window | Cadence::ByDate)
    }
}

crate::coded! {
    /// What is counted.
    QuantityUnit ("数量单位") {
        Times = "times", "次";
        /// Class hours 学时, reckoned as 60 minutes.
        Hours = "hours", "学时";
        Cases = "cases", "个";
    }
}

crate::coded! {
    /// What proves that the action was taken.
    Proof ("凭什么算完成") {
        /// The record itself.
        Record = "record", "如实登记";
        /// Minutes, typed or attached.
        Minutes = "minutes", "记录或纪要";
        /// A file or a link.
        Material = "material", "材料或链接";
    }
}

crate::coded! {
    /// Whose part counts, where posts or persons owe the action.
    Part ("怎样参加才算") {
        Any = "any", "参加即可";
        /// Gave the lecture, led the meeting.
        Lead = "lead", "主讲或主持";
    }
}

crate::coded! {
    /// How far an excuse is.
    ExcuseState ("免做申请状态") {
        Asked = "asked", "待批";
        Approved = "approved", "已批准";
        Refused = "refused", "未批准";
        Revoked = "revoked", "已撤销";
    }
}

/// Longest reason of an excuse, in characters.
pub const EXCUSE_CHARS_MAX: usize = 300;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name, as “中心组学习”.
    pub name: String,
    /// What the document says, word by word; may be empty.
    pub basis: String,
    /// Code of the strand in the campaign's template that it belongs to; empty for none.
    #[serde(default)]
    pub strand: String,
    /// Who owes it.
    pub subject: SubjectKind,
    /// The units that owe it, or whose posts or people do.
    pub scope: Scope,
    /// Only posts whose name contains one of these; empty for every post.
    pub posts: Vec<String>,
    /// Only leading posts.
    pub leads_only: bool,
    /// Codes of the activity kinds that count.
    pub kinds: Vec<String>,
    /// Each of the kinds must reach the quantity, not all of them together.
    pub each_kind: bool,
    /// Whose part counts.
    pub part: Part,
    /// How often.
    pub cadence: Cadence,
    /// First day.
    pub from_day: Day,
    /// Last day; `None` while open-ended.
    pub to_day: Option<Day>,
    /// How much within a period.
    pub quantity: i64,
    /// Of what.
    pub unit: QuantityUnit,
    /// What proves it.
    pub proof: Proof,
    /// Working days after the period in which it may be filed.
    pub grace_working_days: i32,
}

impl Rule {
    /// The scope with what the subject adds: a working group is a task force.
    pub fn units(&self) -> Scope {
        let mut scope = self.scope.clone();
        if self.subject == SubjectKind::WorkingGroup {
            scope.kinds = vec![UnitKind::TaskForce];
        }
        scope
    }

    /// A post of this name owes it, where posts do.
    pub fn takes_post(&self, name: &str, leads: bool) -> bool {
        (!self.leads_only || leads)
            && (self.posts.is_empty() || self.posts.iter().any(|word| name.contains(word.as_str())))
    }

    /// How much is needed, in what records are counted in: hours in minutes.
    pub fn needed(&self) -> i64 {
        if self.unit == QuantityUnit::Hours { self.quantity * 60 } else { self.quantity }
    }

    /// “每月至少1次”.
    pub fn in_words(&self) -> String {
        use crate::Coded as _;
        let each = if self.each_kind && self.kinds.len() > 1 { "各" } else { "" };
        let often = match (self.cadence, self.to_day) {
            (Cadence::ByDate, Some(day)) => format!("{}前", day.in_chinese()),
            (Cadence::Window, Some(day)) => format!("{}至{}", self.from_day.in_chinese(), day.in_chinese()),
            (cadence, _) => cadence.label().to_owned(),
        };
        format!("{often}{each}至少{}{}", self.quantity, self.unit.label())
    }

    /// Checks everything that needs no database; answers with trimmed texts.
    ///
    /// # Errors
    /// A refusal naming the field.
    pub fn checked(mut self) -> Result<Rule, Refusal> {
        self.name = require_text("name", "名称", &self.name, RULE_NAME_CHARS_MAX)?;
        self.basis = limit_text("basis", "文件要求", &self.basis, BASIS_CHARS_MAX)?;
        self.posts.retain(|word| !word.trim().is_empty());
        let of =
            |field, code, sentence: &str, hint: &str| Err(Refusal::of_field(field, code, sentence, hint));
        if self.posts.len() > POST_WORDS_MAX {
            return of("posts", "too_many_post_words", "岗位名称的字样太多。", "最多写10个，用顿号隔开。");
        }
        if self.kinds.is_empty() || self.kinds.len() > RULE_KINDS_MAX {
            return of("kinds", "rule_kinds", "没有选哪些活动算数，或者选得太多。", "请选1至20种活动。");
        }
        if !(1..=QUANTITY_MAX).contains(&self.quantity) {
            return of("quantity", "rule_quantity", "数量应在1到1000之间。", "请填写每个周期至少要做多少。");
        }
        if !(0..=GRACE_WORKING_DAYS_MAX).contains(&self.grace_working_days) {
            return of("grace_working_days", "rule_grace", "补登期应在0到60个工作日之间。", "不需要时填0。");
        }
        if self.to_day.is_some_and(|to| to < self.from_day) {
            return of("to_day", "rule_days", "截止日早于开始日。", "请改正其中一个日期。");
        }
        if self.cadence.is_single() && self.to_day.is_none() {
            return of("to_day", "rule_days", "限期完成的动作没有写截止日。", "请填写截止日。");
        }
        if !self.scope.roles.is_empty() {
            return of(
                "scope",
                "rule_scope_roles",
                "规定动作的范围不能按系统角色划定。",
                "请按层级、性质、领域或逐个列出单位。",
            );
        }
        if self.scope.is_blank() {
            return of(
                "scope",
                "scope_blank",
                "没有说明哪些单位要做。",
                "请选择层级、性质，或逐个列出单位。",
            );
        }
        Ok(self)
    }
}

/// One edition of a rule, in force from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub number: i64,
    /// First day it governs.
    pub from_day: Day,
    /// Day after the last it governs; `None` for the present one.
    pub until_day: Option<Day>,
    /// What it asks.
    pub rule: Rule,
}

impl Version {
    /// First and last day of its periods; the last is open for an open-ended rule in force. Nothing when superseded
    /// before it began.
    pub fn span(&self) -> Option<(Day, Option<Day>)> {
        let first = self.from_day.max(self.rule.from_day);
        let before = self.until_day.map(|day| day.plus_days(-1));
        let last = match (self.rule.to_day, before) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        last.is_none_or(|last| first <= last).then_some((first, last))
    }
}

/// A rule with all its versions, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequiredAction {
    /// Number.
    pub id: RequiredActionId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit in whose subtree it holds.
    pub owner_unit_id: UnitId,
    /// Versions.
    pub versions: Vec<Version>,
}

impl RequiredAction {
    /// The newest version.
    pub fn newest(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// All periods that begin on `upto` or before, oldest first, each with its version.
    pub fn periods(&self, upto: Day) -> Vec<(Period, &Version)> {
        let mut found: Vec<(Period, &Version)> = Vec::new();
        for version in &self.versions {
            let Some((first, last)) = version.span() else { continue };
            let own = periods(version.rule.cadence, first, last, upto);
            found.extend(own.into_iter().map(|period| (period, version)));
        }
        found.truncate(PERIODS_MAX);
        found
    }

    /// The period that something done on `day` counts for, and the version that says so.
    pub fn period_of(&self, day: Day) -> Option<(Period, &Version)> {
        self.versions.iter().rev().find_map(|version| {
            let (first, last) = version.span()?;
            period_of(version.rule.cadence, first, last, day).map(|period| (period, version))
        })
    }

    /// The period that ends on `last`.
    pub fn period_ending(&self, last: Day) -> Option<(Period, &Version)> {
        self.versions.iter().find_map(|version| {
            let (from, to) = version.span()?;
            let period = period_of(version.rule.cadence, from, to, last)?;
            (period.last == last).then_some((period, version))
        })
    }

    /// The day from which a new version may govern: a period in course is brought to its end under the version it
    /// began with, while a single window is replaced as a whole.
    pub fn next_version_from(&self, wanted: Day) -> Day {
        let Some(newest) = self.newest() else { return wanted };
        if newest.rule.cadence.is_single() {
            return newest.from_day;
        }
        match newest.span().and_then(|(first, last)| period_of(newest.rule.cadence, first, last, wanted)) {
            Some(period) if period.first == wanted => wanted,
            Some(period) => period.last.plus_days(1),
            None => wanted.max(newest.from_day),
        }
    }

    /// The lineage with one more version that governs from `next_version_from(wanted)` on.
    #[must_use]
    pub fn with_version(mut self, rule: Rule, wanted: Day) -> RequiredAction {
        let from_day = self.next_version_from(wanted);
        let number = self.versions.last().map_or(1, |version| version.number + 1);
        if let Some(last) = self.versions.last_mut() {
            last.until_day = Some(from_day);
        }
        self.versions.push(Version { number, from_day, until_day: None, rule });
        self
    }
}
