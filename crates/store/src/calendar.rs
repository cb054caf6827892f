//! The working-day calendar: the program's own data with the operator's rows over it.

use crate::{Conn, Fault};
use bihuan_domain::Day;
use bihuan_domain::calendar::{Calendar, CalendarRow, DayKind};

/// The calendar as the operator has it.
///
/// # Errors
/// Faults of the database, or rows that contradict each other.
pub fn load(conn: &mut Conn) -> Result<Calendar, Fault> {
    let rows = conn.rows("SELECT day, kind, name FROM calendar_day ORDER BY day", &[])?;
    let mut own = Vec::with_capacity(rows.len());
    for row in &rows {
        let day = i32::try_from(row.int(0)?).ok().and_then(Day::from_days);
        let kind = DayKind::from_code(row.str(1)?);
        let (Some(day), Some(kind)) = (day, kind) else {
            return Err(Fault::corrupt("calendar_day holds a row that is no day"));
        };
        own.push(CalendarRow { day, kind, name: row.text(2)? });
    }
    Calendar::china().with_overrides(own).map_err(|error| Fault::corrupt(error.to_string()))
}
