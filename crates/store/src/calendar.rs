//! The working-day calendar: the program's own data with the operator's rows over it.

use crate::journal::{self, EntryFilter};
use crate::record::Record as _;
use crate::{Conn, Fault};
use bihuan_domain::Day;
use bihuan_domain::calendar::{Calendar, CalendarRow};

/// The operator's own rows, by day.
///
/// # Errors
/// Faults of the database.
pub fn own_rows(conn: &mut Conn) -> Result<Vec<CalendarRow>, Fault> {
    CalendarRow::load(conn, "ORDER BY day", &[])
}

/// The calendar as the operator has it.
///
/// # Errors
/// Faults of the database, or rows that contradict each other.
pub fn load(conn: &mut Conn) -> Result<Calendar, Fault> {
    let own = own_rows(conn)?;
    Calendar::china().with_overrides(own).map_err(|error| Fault::corrupt(error.to_string()))
}

/// The calendar as the operator had it at the end of a day.
///
/// # Errors
/// As [`load`].
pub fn load_on(conn: &mut Conn, day: Day) -> Result<Calendar, Fault> {
    let seq = journal::last_of_day(conn, day)?;
    let years: Vec<i64> = YEARS.collect();
    let now = own_rows(conn)?;
    let own = journal::rows_then(conn, now, ("calendar", &years), seq)?;
    Calendar::china().with_overrides(own).map_err(|error| Fault::corrupt(error.to_string()))
}

/// Years about which the journal may hold entries.
const YEARS: std::ops::RangeInclusive<i64> = 1_949..=2_199;

/// The number of the last entry about a year; 0 when it was never changed. Forms carry it as their version.
///
/// # Errors
/// Faults of the database.
pub fn version_of(conn: &mut Conn, year: i32) -> Result<i64, Fault> {
    let filter =
        EntryFilter { subject: Some(("calendar".to_owned(), i64::from(year))), ..EntryFilter::default() };
    Ok(journal::list(conn, &filter, 1)?.first().map_or(0, |entry| entry.seq))
}
