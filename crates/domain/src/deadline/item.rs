//! What a scan of the wording finds, one by one, before they are weighed against each other.

use crate::day::Day;

use super::DeadlineKind;

/// A year earlier or later than these is taken for a slip of the pen.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// A day named without its year and more than this many days before the issue day lies in the next year.
pub(super) const BACKWARD_DAYS: i32 = 183;

/// One dated or periodic expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) kind: DeadlineKind,
    /// The last day it allows; nothing when that depends on something not known here.
    pub(super) day: Option<Day>,
    pub(super) working_days: Option<i32>,
    /// The year was not written.
    pub(super) year_inferred: bool,
    /// Why a person should look, in one clause.
    pub(super) doubt: Option<String>,
    /// Where it stands in the folded wording.
    pub(super) at: usize,
    pub(super) end: usize,
}

impl Item {
    pub(super) fn new(kind: DeadlineKind, day: Option<Day>) -> Item {
        Item { kind, day, working_days: None, year_inferred: false, doubt: None, at: 0, end: 0 }
    }

    pub(super) fn doubtful(kind: DeadlineKind, doubt: impl Into<String>) -> Item {
        Item { doubt: Some(doubt.into()), ..Item::new(kind, None) }
    }
}
