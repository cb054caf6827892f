//! What a unit is and where it stands, on any day: read in one go and remembered by the writer.

use super::place::reaches;
use crate::record::Record;
use crate::records::UnitStandingRow;
use crate::{Conn, Fault, Row, Val, vals};
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::Unit;
use std::sync::Arc;

/// Columns of a place, before those of the unit and of its standing.
const PLACE_COLUMNS: usize = 4;

/// A unit with its facts and places of all days; no unit where the number is unknown.
#[derive(Debug)]
pub struct Ground {
    /// The unit as it is.
    pub unit: Option<Unit>,
    standings: Vec<UnitStandingRow>,
    /// Ancestor, depth, from, to; the unit itself among them.
    places: Vec<[i64; 4]>,
}

impl Ground {
    /// The question whose answer [`Ground::from_rows`] takes: one row for every pair of a standing and a place, for few
    /// units have more than one standing and every statement costs more than the rows do.
    pub(crate) fn question() -> String {
        let of = |alias: &str, columns: &[&str]| {
            columns.iter().map(|column| format!("{alias}.{column}")).collect::<Vec<_>>().join(", ")
        };
        format!(
            "SELECT c.ancestor_id, c.depth, c.from_day, c.to_day, {}, {} FROM unit u \
             LEFT JOIN unit_closure c ON c.descendant_id = u.id LEFT JOIN unit_standing s ON s.unit_id = u.id \
             WHERE u.id = $1 ORDER BY c.depth DESC, c.from_day, s.from_day",
            of("u", Unit::COLUMNS),
            of("s", UnitStandingRow::COLUMNS),
        )
    }

    pub(crate) fn from_rows(rows: &[Row]) -> Result<Ground, Fault> {
        let unit = rows.first().map(|row| Unit::from_row(row, PLACE_COLUMNS)).transpose()?;
        let (mut standings, mut places): (Vec<UnitStandingRow>, Vec<[i64; 4]>) = Default::default();
        for row in rows {
            if *row.val(0)? != Val::Null {
                let place = [row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?];
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
            let at = PLACE_COLUMNS + Unit::COLUMNS.len();
            if *row.val(at)? != Val::Null {
                let standing = UnitStandingRow::from_row(row, at)?;
                if !standings.iter().any(|known| known.from_day == standing.from_day) {
                    standings.push(standing);
                }
            }
        }
        Ok(Ground { unit, standings, places })
    }

    /// The units above it on a day and itself, root first; empty before its time.
    fn path_on(&self, on: Day) -> Vec<UnitId> {
        let on = super::day(on);
        let stood = self.places.iter().filter(|[_, _, from, to]| *from <= on && on < *to);
        stood.map(|[ancestor, ..]| UnitId(*ancestor)).collect()
    }

    /// Where the unit stood on a day, if it was open then and the scope reached it.
    pub(super) fn in_scope(&self, scope: &Scope, on: Day) -> Option<Vec<UnitId>> {
        let unit = self.unit.as_ref().filter(|unit| unit.is_open_on(on))?;
        let unit = UnitStandingRow::of_day(&self.standings, unit, on);
        let units = self.path_on(on);
        (!units.is_empty() && reaches(scope, &unit, &units)).then_some(units)
    }
}

/// The ground of a unit.
///
/// # Errors
/// Faults of the database.
pub fn ground(conn: &mut Conn, unit: UnitId) -> Result<Arc<Ground>, Fault> {
    conn.remembered(unit.0, |conn| Ground::from_rows(&conn.rows(&Ground::question(), &vals![unit.0])?))
}
