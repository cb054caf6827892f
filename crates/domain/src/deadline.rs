//! Deadlines as written in ledgers and what they mean: a dated milestone, a standing duty with a re-check interval,
//! a default period, working days. The wording is kept. Nothing silently becomes "no deadline": what has neither
//! a day nor a standing duty needs a person, and says why.

mod cadence;
mod duration;
mod fold;
mod holiday;
mod item;
mod point;
mod read;
mod relative;
mod scan;
mod weigh;
mod words;

use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, CalendarError};
use crate::day::Day;

/// The longest wording that is read, in characters; a longer one is kept and put before a person.
pub const MAX_TEXT_CHARS: usize = 2_000;

/// What a campaign takes for granted where the wording leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineDefaults {
    /// Working days that 立行立改 allows.
    pub immediate_working_days: u32,
    /// Days between two proofs of a standing duty whose wording names no rhythm.
    pub recheck_days: u32,
}

impl Default for DeadlineDefaults {
    fn default() -> Self {
        DeadlineDefaults { immediate_working_days: 5, recheck_days: 90 }
    }
}

/// Declares the kinds: code, code with a standing duty behind it, Chinese label.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $continuous:literal, $label:literal;)+) => {
        /// What sort of limit the wording sets.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum DeadlineKind {
            $($(#[$doc])* $variant,)+
        }

        impl DeadlineKind {
            /// Every kind.
            pub const ALL: &'static [DeadlineKind] = &[$(DeadlineKind::$variant,)+];

            /// Stable code of the kind alone.
            pub fn code(self) -> &'static str {
                match self { $(DeadlineKind::$variant => $code,)+ }
            }

            /// Code of the kind with a standing duty behind it.
            pub fn code_then_continuous(self) -> &'static str {
                match self { $(DeadlineKind::$variant => $continuous,)+ }
            }

            /// Chinese name of the kind.
            pub fn label(self) -> &'static str {
                match self { $(DeadlineKind::$variant => $label,)+ }
            }
        }
    };
}

kinds! {
    /// A day with its year.
    ByDay = "by_day", "by_day_then_continuous", "指定日期";
    /// A day whose year was inferred.
    ByDayNoYear = "by_day_no_year", "by_day_no_year_then_continuous", "指定日期（未写年份）";
    /// The last day of a month.
    MonthEnd = "month_end", "month_end_then_continuous", "月底";
    /// The end of a month's first or second ten days.
    TenDaysEnd = "ten_days_end", "ten_days_end_then_continuous", "旬末";
    /// The end of a week.
    WeekEnd = "week_end", "week_end_then_continuous", "周末";
    /// A weekday of this or a coming week.
    Weekday = "weekday", "weekday_then_continuous", "星期几";
    /// The end of a quarter.
    QuarterEnd = "quarter_end", "quarter_end_then_continuous", "季度末";
    /// The end of a half-year.
    HalfYear = "half_year", "half_year_then_continuous", "半年末";
    /// 31 December.
    YearEnd = "year_end", "year_end_then_continuous", "年底";
    /// The end of a five-year plan.
    PlanEnd = "plan_end", "plan_end_then_continuous", "五年规划期末";
    /// Before or within a holiday.
    Holiday = "holiday", "holiday_then_continuous", "节假日";
    /// The issue day itself.
    SameDay = "same_day", "same_day_then_continuous", "当日";
    /// From one day to another, or between two amounts: the outer bound.
    Range = "range", "range_then_continuous", "起止期间";
    /// Calendar days, weeks, months or years from the issue day.
    Duration = "duration", "duration_then_continuous", "期限";
    /// Working days from the issue day.
    Workdays = "workdays", "workdays_then_continuous", "工作日期限";
    /// Only a beginning was written.
    StartDay = "start_day", "start_day_then_continuous", "起始日";
    /// An estimated day.
    Estimate = "estimate", "estimate_then_continuous", "预计日期";
    /// An estimated day whose year was inferred.
    EstimateNoYear = "estimate_no_year", "estimate_no_year_then_continuous", "预计日期（未写年份）";
    /// At once: the campaign's default period.
    Immediate = "immediate", "immediate_then_continuous", "立行立改";
    /// A standing duty with a rhythm.
    Cadence = "cadence", "cadence", "定期";
    /// A standing duty.
    Continuous = "continuous", "continuous", "长期坚持";
    /// The limit hangs on an event whose day is not known.
    OnEvent = "on_event", "on_event_then_continuous", "视事件而定";
    /// No limit was written, or none that says when.
    Unspecified = "unspecified", "unspecified_then_continuous", "未写明";
    /// Wording that could not be read.
    Unreadable = "unreadable", "unreadable_then_continuous", "无法识别";
}

impl DeadlineKind {
    /// The kind of a code, with or without the standing duty behind it.
    pub fn from_code(code: &str) -> Option<DeadlineKind> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code || kind.code_then_continuous() == code)
    }
}

impl Serialize for DeadlineKind {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for DeadlineKind {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = <String as Deserialize>::deserialize(from)?;
        Self::from_code(&code).ok_or_else(|| serde::de::Error::custom(format!("没有“{code}”这种时限")))
    }
}

/// A rhythm: how often in how many days, and by when within the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cadence {
    /// Days of one period; 0 where the wording names none (定期).
    pub days: u32,
    /// How many times in a period.
    pub times: u32,
    /// The limit within the period as written (28日), if any.
    pub by: Option<String>,
}

impl Cadence {
    /// Days between two proofs, at least one.
    pub fn interval_days(&self) -> u32 {
        (self.days / self.times.max(1)).max(1)
    }
}

/// A deadline: its wording and its meaning on the issue day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The wording, unchanged.
    pub text: String,
    /// What sort of limit it is; `kind_code` adds the standing duty.
    pub kind: DeadlineKind,
    /// The milestone: the last day allowed.
    pub date: Option<Day>,
    /// A duty for good stands, behind the milestone or alone.
    pub standing: bool,
    /// Days between two proofs of a standing duty or a rhythm.
    pub recheck_days: Option<u32>,
    /// Working days where the limit was counted in them.
    pub working_days: Option<i32>,
    /// A person must supply or confirm the day.
    pub needs_person: bool,
    /// Why, in one Chinese sentence that says what to do.
    pub reason: Option<String>,
    /// The year was not written but inferred.
    pub year_inferred: bool,
    /// Every day read, in the order written.
    pub dates: Vec<Day>,
    /// The rhythm, where one was written.
    pub cadence: Option<Cadence>,
}

/// The seven fields of `bihuan deadline`, one JSON object a line.
#[derive(Debug, Clone, Serialize)]
pub struct DeadlineLine<'a> {
    text: &'a str,
    kind: &'static str,
    date: Option<Day>,
    standing: bool,
    recheck_days: Option<u32>,
    working_days: Option<i32>,
    needs_person: bool,
}

/// Why a deadline could not be reckoned although it was understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeadlineError {
    /// Its working days lie beyond the years of the calendar.
    #[error("时限“{text}”要按工作日计算：{source}")]
    Calendar {
        /// The wording.
        text: String,
        /// What the calendar says.
        source: CalendarError,
    },
}

impl DeadlineError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            DeadlineError::Calendar { source, .. } => source.code(),
        }
    }
}

/// What an expression is reckoned with.
struct Surroundings<'a> {
    issued: Day,
    calendar: &'a Calendar,
    folded: &'a [char],
}

impl Deadline {
    /// Reads a deadline as written in a document issued on `issued`.
    ///
    /// # Errors
    /// Working days that reach beyond the calendar. Wording that cannot be read is no error: it needs a person.
    pub fn parse(
        text: &str,
        issued: Day,
        calendar: &Calendar,
        defaults: &DeadlineDefaults,
    ) -> Result<Deadline, DeadlineError> {
        if text.chars().nth(MAX_TEXT_CHARS).is_some() {
            let why = format!("时限超过{MAX_TEXT_CHARS}个字，请改写为具体日期。");
            return Ok(Deadline::asking(text, DeadlineKind::Unreadable, why));
        }
        let folded = fold::fold(text);
        let folded_text: String = folded.iter().collect();
        if folded.is_empty() || words::NOTHING.contains(&folded_text.as_str()) {
            let why = "没有填写整改时限，请填写具体日期。".to_string();
            return Ok(Deadline::asking(text, DeadlineKind::Unspecified, why));
        }
        if words::has_placeholder(&folded) {
            let why = "时限中有没填的空，请填写具体日期。".to_string();
            return Ok(Deadline::asking(text, DeadlineKind::Unspecified, why));
        }
        if let Some(day) = read::serial(&folded) {
            let dated =
                Deadline { date: Some(day), dates: vec![day], ..Deadline::new(text, DeadlineKind::ByDay) };
            return Ok(dated);
        }
        if let Some(day) = read::bare_year(&folded) {
            let dated =
                Deadline { date: Some(day), dates: vec![day], ..Deadline::new(text, DeadlineKind::YearEnd) };
            return Ok(dated);
        }
        let around = Surroundings { issued, calendar, folded: &folded };
        let found = read::read(&around)
            .map_err(|source| DeadlineError::Calendar { text: text.to_string(), source })?;
        Ok(weigh::Weighing { text, folded: &folded_text, issued, calendar, defaults }.weigh(found))
    }

    /// As `parse`, but a calendar that does not reach becomes a question to a person: for imports of many rows.
    pub fn parse_or_ask(
        text: &str,
        issued: Day,
        calendar: &Calendar,
        defaults: &DeadlineDefaults,
    ) -> Deadline {
        Self::parse(text, issued, calendar, defaults)
            .unwrap_or_else(|error| Deadline::asking(text, DeadlineKind::Workdays, error.to_string()))
    }

    /// A deadline on a day that a person chose, in the usual wording.
    pub fn on(day: Day) -> Deadline {
        let text = format!("{}前", day.in_chinese());
        Deadline { date: Some(day), dates: vec![day], ..Deadline::new(&text, DeadlineKind::ByDay) }
    }

    /// The same wording with the day a person gave it; nothing is left to ask.
    #[must_use]
    pub fn confirmed_on(self, day: Day) -> Deadline {
        Deadline { date: Some(day), needs_person: false, reason: None, ..self }
    }

    /// The same wording as a standing duty that a person confirmed, proved every `recheck_days` days.
    #[must_use]
    pub fn confirmed_standing(self, recheck_days: u32) -> Deadline {
        Deadline {
            standing: true,
            recheck_days: Some(recheck_days),
            needs_person: false,
            reason: None,
            ..self
        }
    }

    /// The stable code of the kind, `…_then_continuous` where a standing duty follows.
    pub fn kind_code(&self) -> &'static str {
        if self.standing { self.kind.code_then_continuous() } else { self.kind.code() }
    }

    /// The seven fields for `bihuan deadline`.
    pub fn line(&self) -> DeadlineLine<'_> {
        DeadlineLine {
            text: &self.text,
            kind: self.kind_code(),
            date: self.date,
            standing: self.standing,
            recheck_days: self.recheck_days,
            working_days: self.working_days,
            needs_person: self.needs_person,
        }
    }

    fn new(text: &str, kind: DeadlineKind) -> Deadline {
        Deadline {
            text: text.to_string(),
            kind,
            date: None,
            standing: false,
            recheck_days: None,
            working_days: None,
            needs_person: false,
            reason: None,
            year_inferred: false,
            dates: Vec::new(),
            cadence: None,
        }
    }

    fn asking(text: &str, kind: DeadlineKind, reason: String) -> Deadline {
        Deadline { needs_person: true, reason: Some(reason), ..Deadline::new(text, kind) }
    }
}
