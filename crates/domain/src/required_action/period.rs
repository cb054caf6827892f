//! Periods of a rule: weeks from Monday, months, quarters, half-years, years of the calendar, cut to the rule's days.

use super::{Cadence, PERIODS_MAX};
use crate::day::Day;
use serde::{Deserialize, Serialize};

/// A stretch of days within which something is owed. Its last day names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub first: Day,
    /// Last day, included.
    pub last: Day,
}

impl Period {
    /// Holds the day.
    pub fn contains(&self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// “2023年10月”, “2023年第三季度”, or the two days.
    pub fn label(&self, cadence: Cadence) -> String {
        let (year, month, day) = self.first.ymd();
        match cadence {
            Cadence::Month => format!("{year}年{month}月"),
            Cadence::Quarter => {
                format!("{year}年第{}季度", ["一", "二", "三", "四"][((month - 1) / 3) as usize])
            }
            Cadence::HalfYear => format!("{year}年{}半年", if month <= 6 { "上" } else { "下" }),
            Cadence::Year => format!("{year}年"),
            Cadence::Week => {
                let (_, to_month, to_day) = self.last.ymd();
                format!("{month}月{day}日至{to_month}月{to_day}日")
            }
            Cadence::Window | Cadence::ByDate => format!("{}前", self.last.in_chinese()),
        }
    }
}

/// The whole calendar period around a day; nothing for a single window.
fn around(cadence: Cadence, day: Day) -> Option<Period> {
    let months = match cadence {
        Cadence::Week => {
            let first = day.plus_days(-day.days_after_monday());
            return Some(Period { first, last: first.plus_days(6) });
        }
        Cadence::Month => 1,
        Cadence::Quarter => 3,
        Cadence::HalfYear => 6,
        Cadence::Year => 12,
        Cadence::Window | Cadence::ByDate => return None,
    };
    let (year, month, _) = day.ymd();
    let from = (month - 1) / months * months + 1;
    Some(Period { first: Day::from_ymd(year, from, 1)?, last: Day::last_of_month(year, from + months - 1)? })
}

fn cut(period: Period, first: Day, last: Option<Day>) -> Period {
    Period { first: period.first.max(first), last: last.map_or(period.last, |last| period.last.min(last)) }
}

/// The period that something done on `day` counts for. A single window also takes what comes after it, as late.
pub fn period_of(cadence: Cadence, first: Day, last: Option<Day>, day: Day) -> Option<Period> {
    if day < first {
        return None;
    }
    if cadence.is_single() {
        return last.map(|last| Period { first, last });
    }
    if last.is_some_and(|last| day > last) {
        return None;
    }
    around(cadence, day).map(|period| cut(period, first, last))
}

/// Every period that begins on `upto` or before, oldest first; at most [`PERIODS_MAX`].
pub fn periods(cadence: Cadence, first: Day, last: Option<Day>, upto: Day) -> Vec<Period> {
    let mut found = Vec::new();
    let mut day = first;
    while day <= upto && last.is_none_or(|last| day <= last) && found.len() < PERIODS_MAX {
        let Some(period) = period_of(cadence, first, last, day) else { break };
        found.push(period);
        if period.last < day || cadence.is_single() {
            break;
        }
        day = period.last.plus_days(1);
    }
    found
}
