//! The digest 每日摘要: one message for a person and working day, outside quiet hours, and none when nothing waits.

use crate::calendar::{Calendar, CalendarError};
use crate::id::PersonId;
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

/// First hour at which digests go out: the end of the quiet hours, in China.
pub const QUIET_UNTIL_HOUR: u32 = 8;
/// First quiet hour of the evening, in China.
pub const QUIET_FROM_HOUR: u32 = 18;
/// Most items a digest names one by one; the rest are counted.
pub const DIGEST_LINES_MAX: usize = 20;

/// A digest as it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Whose.
    pub person_id: PersonId,
    /// For which day; with the person the key, so that there is never a second.
    pub day: Day,
    /// When it was made.
    pub made_at: Instant,
    /// Things that waited.
    pub items: i64,
    /// Of these, late.
    pub late: i64,
    /// The text.
    pub body: String,
}

/// Hours in which nothing is sent but what is urgent.
pub fn is_quiet(now: Instant) -> bool {
    let (hour, ..) = now.time_in_china();
    !(QUIET_UNTIL_HOUR..QUIET_FROM_HOUR).contains(&hour)
}

/// Whether digests are made at `now`: on a working day, outside quiet hours.
///
/// # Errors
/// The calendar's.
pub fn is_time(now: Instant, calendar: &Calendar) -> Result<bool, CalendarError> {
    Ok(!is_quiet(now) && calendar.is_working_day(now.day_in_china())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_made_on_working_days_outside_quiet_hours_m46() {
        let calendar = Calendar::china();
        let at = |month, day, hour: i64| {
            let day = Day::from_ymd(2024, month, day).unwrap();
            is_time(day.starts_at().plus_seconds(hour * 3600), calendar).unwrap()
        };
        assert!(at(3, 4, 8) && at(3, 4, 17));
        assert!(!at(3, 4, 7) && !at(3, 4, 18), "quiet hours");
        assert!(!at(3, 2, 9), "Saturday");
        assert!(!at(5, 1, 9), "holiday");
    }
}
