//! Days and instants: whole civil days, and points in time shown in China time (UTC+8, no daylight saving).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use jiff::civil::Weekday;

/// China has one civil time, eight hours ahead of UTC, without daylight saving since 1991.
pub const CHINA_OFFSET_SECONDS: i64 = 8 * 3600;
const SECONDS_PER_DAY: i64 = 86_400;
const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = SECONDS_PER_DAY * MICROS_PER_SECOND;
const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// A civil day, kept as days since 1970-01-01; always within 0001-01-01..=9999-12-31. In JSON it is ISO text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Day(i32);

/// Text that is not a day written as `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是有效日期，请按 2023-09-04 的格式填写")]
pub struct DayError(pub String);

impl Day {
    /// 0001-01-01.
    pub const MIN: Day = Day(-719_162);
    /// 9999-12-31.
    pub const MAX: Day = Day(2_932_896);

    /// The day `days` after 1970-01-01 (before it when negative); nothing outside `MIN..=MAX`.
    pub fn from_days(days: i32) -> Option<Day> {
        (Self::MIN.0..=Self::MAX.0).contains(&days).then_some(Day(days))
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The day of a year, month (1–12) and day of the month; nothing when there is no such day.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        if year < 1 {
            return None;
        }
        let date =
            Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Self::from_date(date)
    }

    /// Reads ISO text, exactly `YYYY-MM-DD`.
    ///
    /// # Errors
    /// Any other shape, or a day that does not exist.
    pub fn parse(text: &str) -> Result<Day, DayError> {
        let wrong = || DayError(text.to_string());
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(wrong());
        }
        let number = |range: std::ops::Range<usize>| -> Option<u32> {
            bytes[range]
                .iter()
                .try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
        };
        let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
            return Err(wrong());
        };
        i32::try_from(year).ok().and_then(|year| Day::from_ymd(year, month, day)).ok_or_else(wrong)
    }

    /// Year, month (1–12), day of the month (1–31).
    pub fn ymd(self) -> (i32, u32, u32) {
        let date = self.date();
        (i32::from(date.year()), date.month().unsigned_abs().into(), date.day().unsigned_abs().into())
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// The weekday.
    pub fn weekday(self) -> Weekday {
        self.date().weekday()
    }

    /// Monday 0 … Sunday 6.
    pub fn days_after_monday(self) -> i32 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7)
    }

    /// Saturday or Sunday, whatever the holiday calendar says.
    pub fn is_weekend(self) -> bool {
        self.days_after_monday() >= 5
    }

    /// `count` days later (earlier when negative), stopping at `MIN` and `MAX`.
    #[must_use]
    pub fn plus_days(self, count: i32) -> Day {
        Day(self.0.saturating_add(count).clamp(Self::MIN.0, Self::MAX.0))
    }

    /// `count` months later (earlier when negative); a day the month lacks becomes its last day.
    #[must_use]
    pub fn plus_months(self, count: i32) -> Day {
        let (year, month, day) = self.ymd();
        let months = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(count);
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        if year < 1 {
            return Self::MIN;
        }
        if year > 9999 {
            return Self::MAX;
        }
        let (Ok(year), Ok(month)) = (i32::try_from(year), u32::try_from(month)) else {
            return Self::MAX;
        };
        Self::from_ymd(year, month, day).or_else(|| Self::last_of_month(year, month)).unwrap_or(Self::MAX)
    }

    /// The last day of a month; nothing when the month does not exist.
    pub fn last_of_month(year: i32, month: u32) -> Option<Day> {
        let (next_year, next_month) = if month >= 12 { (year + 1, 1) } else { (year, month + 1) };
        if month == 0 || month > 12 {
            return None;
        }
        Self::from_ymd(next_year, next_month, 1)
            .map_or_else(|| Self::from_ymd(year, month, 31), |first| Some(first.plus_days(-1)))
    }

    /// Days from `earlier` to this day; negative when `earlier` is later.
    pub fn minus(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }

    /// `2023年9月4日`.
    pub fn in_chinese(self) -> String {
        let (year, month, day) = self.ymd();
        format!("{year}年{month}月{day}日")
    }

    /// The instant this day begins in China (midnight, UTC+8).
    pub fn starts_at(self) -> Instant {
        Instant(i64::from(self.0) * MICROS_PER_DAY - CHINA_OFFSET_SECONDS * MICROS_PER_SECOND)
    }

    /// The same day as a jiff civil date.
    pub fn date(self) -> Date {
        EPOCH.saturating_add(SignedDuration::from_hours(i64::from(self.0) * 24))
    }

    /// From a jiff civil date; nothing before year 1.
    pub fn from_date(date: Date) -> Option<Day> {
        let hours = date.duration_since(EPOCH).as_hours();
        i32::try_from(hours.div_euclid(24)).ok().and_then(Self::from_days)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = DayError;
    fn from_str(text: &str) -> Result<Day, DayError> {
        Day::parse(text)
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;
    fn try_from(text: String) -> Result<Day, DayError> {
        Day::parse(&text)
    }
}

/// A point in time: microseconds since 1970-01-01T00:00:00Z. In JSON it is that number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// From microseconds since 1970-01-01T00:00:00Z.
    pub fn from_micros(micros: i64) -> Instant {
        Instant(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// The civil day in China at this instant.
    pub fn day_in_china(self) -> Day {
        let shifted = self.0.saturating_add(CHINA_OFFSET_SECONDS * MICROS_PER_SECOND);
        let days = shifted.div_euclid(MICROS_PER_DAY).clamp(Day::MIN.0.into(), Day::MAX.0.into());
        i32::try_from(days).map_or(Day::MAX, Day)
    }

    /// Hour (0–23), minute and second in China at this instant.
    pub fn time_in_china(self) -> (u32, u32, u32) {
        let shifted = self.0.saturating_add(CHINA_OFFSET_SECONDS * MICROS_PER_SECOND);
        let seconds = shifted.rem_euclid(MICROS_PER_DAY) / MICROS_PER_SECOND;
        let part = |value: i64| u32::try_from(value).unwrap_or(0);
        (part(seconds / 3600), part(seconds / 60 % 60), part(seconds % 60))
    }

    /// `2023-09-04 15:03`, China time.
    pub fn in_china(self) -> String {
        let (hour, minute, _) = self.time_in_china();
        format!("{} {hour:02}:{minute:02}", self.day_in_china())
    }

    /// `2023年9月4日15时03分`, China time.
    pub fn in_chinese(self) -> String {
        let (hour, minute, _) = self.time_in_china();
        format!("{}{hour}时{minute:02}分", self.day_in_china().in_chinese())
    }

    /// RFC 3339 with China's offset, to the second: `2023-09-04T15:03:21+08:00`.
    pub fn to_rfc3339(self) -> String {
        let (hour, minute, second) = self.time_in_china();
        format!("{}T{hour:02}:{minute:02}:{second:02}+08:00", self.day_in_china())
    }

    /// Reads RFC 3339 text with any offset; nothing when it is not such text.
    pub fn parse_rfc3339(text: &str) -> Option<Instant> {
        text.parse::<Timestamp>().ok().map(|stamp| Instant(stamp.as_microsecond()))
    }

    /// This many seconds later (earlier when negative), saturating.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Instant {
        Instant(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }

    /// Microseconds from `earlier` to this instant, saturating.
    pub fn micros_since(self, earlier: Instant) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}
