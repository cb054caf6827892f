//! Done, late, missed, excused, not yet due: derived, never stored.

use super::{Credit, Period, Rule, met_day};
use crate::calendar::Calendar;
use crate::day::Day;
use serde::Serialize;

crate::coded! {
    /// How a subject stands in a period.
    Status ("完成情况") {
        Done = "done", "已完成";
        /// Done after the period ended.
        DoneLate = "done_late", "逾期完成";
        Excused = "excused", "经批准免做";
        NotYetDue = "not_yet_due", "未到期";
        Missed = "missed", "逾期未完成";
    }
}

/// What is folded for one subject in one period, as long as it owes the action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellState {
    /// Neither done nor excused.
    Open,
    /// Done by the period's last day.
    Done,
    /// Done after it.
    Late,
    /// Excused and not done.
    Excused,
}

/// The state of a subject in a period, from what is credited to it and whether it is excused.
pub fn state_of<'c>(
    rule: &Rule,
    period: Period,
    credits: impl IntoIterator<Item = &'c Credit>,
    excused: bool,
) -> CellState {
    match met_day(rule, credits) {
        Some(day) if day <= period.last => CellState::Done,
        Some(_) => CellState::Late,
        None if excused => CellState::Excused,
        None => CellState::Open,
    }
}

/// The last day on which the record of a period is in time: its last day, and the working days a rule grants for
/// filing. Where the calendar does not hold the year, days stand in for working days.
pub fn due_day(rule: &Rule, period: Period, calendar: &Calendar) -> Day {
    match rule.grace_working_days {
        0 => period.last,
        grace => {
            calendar.add_working_days(period.last, grace).unwrap_or_else(|_| period.last.plus_days(grace))
        }
    }
}

/// How a subject that owes the action stands today.
pub fn status(state: CellState, due: Day, today: Day) -> Status {
    match state {
        CellState::Done => Status::Done,
        CellState::Late => Status::DoneLate,
        CellState::Excused => Status::Excused,
        CellState::Open if today > due => Status::Missed,
        CellState::Open => Status::NotYetDue,
    }
}

/// What is folded up the tree for one rule and period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Done in the period.
    pub done: i64,
    /// Done after it.
    pub late: i64,
    /// Excused and not done.
    pub excused: i64,
}

impl Counts {
    /// Counts a state so many times.
    pub fn add(&mut self, state: CellState, n: i64) {
        match state {
            CellState::Open => {}
            CellState::Done => self.done += n,
            CellState::Late => self.late += n,
            CellState::Excused => self.excused += n,
        }
    }

    /// Adds other counts.
    pub fn plus(&mut self, other: Counts) {
        self.done += other.done;
        self.late += other.late;
        self.excused += other.excused;
    }
}

/// Subjects by how they stand. `expected` is the sum of all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Subjects that owe it.
    pub expected: i64,
    /// Done in the period.
    pub done: i64,
    /// Done after it.
    pub done_late: i64,
    /// Excused.
    pub excused: i64,
    /// Due and not done.
    pub missed: i64,
    /// Not yet due.
    pub not_yet_due: i64,
}

impl Tally {
    /// Reckons from what is expected and what is folded.
    pub fn of(expected: i64, counts: Counts, due: Day, today: Day) -> Tally {
        let open = expected - counts.done - counts.late - counts.excused;
        let missed = if today > due { open } else { 0 };
        Tally {
            expected,
            done: counts.done,
            done_late: counts.late,
            excused: counts.excused,
            missed,
            not_yet_due: open - missed,
        }
    }

    /// Adds another.
    pub fn plus(&mut self, other: Tally) {
        self.expected += other.expected;
        self.done += other.done;
        self.done_late += other.done_late;
        self.excused += other.excused;
        self.missed += other.missed;
        self.not_yet_due += other.not_yet_due;
    }

    /// Takes another away: what is left for the unit itself beside its children.
    pub fn minus(&mut self, other: Tally) {
        self.expected -= other.expected;
        self.done -= other.done;
        self.done_late -= other.done_late;
        self.excused -= other.excused;
        self.missed -= other.missed;
        self.not_yet_due -= other.not_yet_due;
    }

    /// Subjects of a status.
    pub fn count(&self, status: Status) -> i64 {
        match status {
            Status::Done => self.done,
            Status::DoneLate => self.done_late,
            Status::Excused => self.excused,
            Status::NotYetDue => self.not_yet_due,
            Status::Missed => self.missed,
        }
    }

    /// One subject of a status.
    pub fn one(status: Status) -> Tally {
        let is = |wanted| i64::from(status == wanted);
        Tally {
            expected: 1,
            done: is(Status::Done),
            done_late: is(Status::DoneLate),
            excused: is(Status::Excused),
            missed: is(Status::Missed),
            not_yet_due: is(Status::NotYetDue),
        }
    }
}
