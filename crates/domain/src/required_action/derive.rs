//! Done, late, missed, excused, not yet due: derived, never stored.

use super::{Credit, Period, Rule, met_day};
use crate::calendar::Calendar;
use crate::day::Day;
use serde::Serialize;

crate::coded! {
    /// How a subject stands in a period.
    Status ("完成情况") {
        /// Done at least [`EARLY_WORKING_DAYS`] working days before the period or the campaign's window ends.
        DoneEarly = "done_early", "提前完成";
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
    /// Done by the period's last day, and early.
    Early,
    /// Done by the period's last day.
    Done,
    /// Done after it.
    Late,
    /// Excused and not done.
    Excused,
}

/// Working days before the last day of a period from which something done counts as early.
pub const EARLY_WORKING_DAYS: i32 = 5;

/// The last day on which doing it is early. A period is already cut to the rule's, and so to the campaign's, window.
/// Where the calendar does not hold the year, days stand in for working days.
pub fn early_day(period: Period, calendar: &Calendar) -> Day {
    let early = calendar.add_working_days(period.last, -EARLY_WORKING_DAYS);
    early.unwrap_or_else(|_| period.last.plus_days(-EARLY_WORKING_DAYS))
}

/// The state of a subject in a period, from what is credited to it and whether it is excused. Done by `early`, it is
/// done early.
pub fn state_of<'c>(
    rule: &Rule,
    period: Period,
    credits: impl IntoIterator<Item = &'c Credit>,
    excused: bool,
    early: Day,
) -> CellState {
    match met_day(rule, credits) {
        Some(day) if day <= early => CellState::Early,
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
        CellState::Early => Status::DoneEarly,
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
    /// Of those, early.
    pub early: i64,
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
            CellState::Early => {
                self.done += n;
                self.early += n;
            }
            CellState::Done => self.done += n,
            CellState::Late => self.late += n,
            CellState::Excused => self.excused += n,
        }
    }

    /// What takes these away when it is added.
    pub fn negative(self) -> Counts {
        Counts { done: -self.done, early: -self.early, late: -self.late, excused: -self.excused }
    }

    /// Adds other counts.
    pub fn plus(&mut self, other: Counts) {
        self.done += other.done;
        self.early += other.early;
        self.late += other.late;
        self.excused += other.excused;
    }
}

/// Subjects by how they stand. `expected` is the sum of all others but `done_early`, which is a part of `done`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Subjects that owe it.
    pub expected: i64,
    /// Done in the period.
    pub done: i64,
    /// Of those, early.
    pub done_early: i64,
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
            done_early: counts.early,
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
        self.done_early += other.done_early;
        self.done_late += other.done_late;
        self.excused += other.excused;
        self.missed += other.missed;
        self.not_yet_due += other.not_yet_due;
    }

    /// Takes another away: what is left for the unit itself beside its children.
    pub fn minus(&mut self, other: Tally) {
        self.expected -= other.expected;
        self.done -= other.done;
        self.done_early -= other.done_early;
        self.done_late -= other.done_late;
        self.excused -= other.excused;
        self.missed -= other.missed;
        self.not_yet_due -= other.not_yet_due;
    }

    /// Subjects of a status.
    pub fn count(&self, status: Status) -> i64 {
        match status {
            Status::DoneEarly => self.done_early,
            Status::Done => self.done - self.done_early,
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
            done: is(Status::Done) + is(Status::DoneEarly),
            done_early: is(Status::DoneEarly),
            done_late: is(Status::DoneLate),
            excused: is(Status::Excused),
            missed: is(Status::Missed),
            not_yet_due: is(Status::NotYetDue),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ActivityId, RequiredActionId};
    use crate::required_action::{Cadence, Part, Proof, QuantityUnit, SubjectKind};
    use crate::scope::Scope;

    fn day(year: i32, month: u32, day: u32) -> Day {
        Day::from_ymd(year, month, day).expect("a day")
    }

    fn rule() -> Rule {
        Rule {
            name: "专题党课".to_owned(),
            basis: String::new(),
            strand: String::new(),
            subject: SubjectKind::Unit,
            scope: Scope::default(),
            posts: Vec::new(),
            leads_only: false,
            kinds: vec!["lecture".to_owned()],
            each_kind: false,
            part: Part::Any,
            cadence: Cadence::Month,
            from_day: day(2024, 5, 1),
            to_day: None,
            quantity: 1,
            unit: QuantityUnit::Times,
            proof: Proof::Record,
            grace_working_days: 0,
        }
    }

    fn done_on(day: Day, period: Period) -> CellState {
        let credit = Credit {
            rule_id: RequiredActionId(1),
            subject_id: 1,
            period_day: period.last,
            activity_id: ActivityId(1),
            day,
            kind: "lecture".to_owned(),
            amount: 1,
        };
        state_of(&rule(), period, [&credit], false, early_day(period, Calendar::china()))
    }

    #[test]
    fn early_is_by_working_days_before_the_window_ends_m05() {
        // The last day of September 2024 was a Monday before the holiday; the Sunday before it was worked.
        let period = Period { first: day(2024, 9, 1), last: day(2024, 9, 30) };
        assert_eq!(early_day(period, Calendar::china()), day(2024, 9, 24));
        assert_eq!(done_on(day(2024, 9, 24), period), CellState::Early);
        assert_eq!(done_on(day(2024, 9, 25), period), CellState::Done);
        assert_eq!(done_on(day(2024, 10, 1), period), CellState::Late);
        // A period that the campaign cuts short is judged by the day on which the campaign's window ends.
        let cut = Period { first: day(2024, 9, 1), last: day(2024, 9, 12) };
        assert_eq!(done_on(day(2024, 9, 6), cut), CellState::Done);
        assert_eq!(done_on(day(2024, 9, 5), cut), CellState::Early);
        assert_eq!(status(CellState::Early, period.last, day(2024, 9, 26)), Status::DoneEarly);
        let mut counts = Counts::default();
        counts.add(CellState::Early, 2);
        counts.add(CellState::Done, 1);
        let tally = Tally::of(5, counts, period.last, day(2024, 10, 8));
        assert_eq!((tally.done, tally.done_early, tally.missed), (3, 2, 2));
        assert_eq!((tally.count(Status::Done), tally.count(Status::DoneEarly)), (1, 2));
    }
}
