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

/// A unit with its facts and places of all days; no unit where the number is unknown.
#[derive(Debug)]
pub struct Ground {
    /// The unit as it is.
    pub unit: Option<Unit>,
    standings: Vec<UnitStandingRow>,
    /// Ancestor, depth, from, to; the unit itself among them.
    places: Vec<[i64; 4]>,
}

const STANDINGS: &str = "WHERE unit_id = $1 ORDER BY from_day";
const PLACES: &str = "SELECT ancestor_id, depth, from_day, to_day FROM unit_closure WHERE descendant_id = $1 ORDER BY depth DESC";

impl Ground {
    /// The questions whose answers [`Ground::from_rows`] takes.
    pub(crate) fn questions() -> [String; 3] {
        let unit = format!("{} WHERE id = $1", Unit::select());
        [unit, format!("{} {STANDINGS}", UnitStandingRow::select()), PLACES.to_owned()]
    }

    pub(crate) fn from_rows(unit: &[Row], standings: &[Row], places: &[Row]) -> Result<Ground, Fault> {
        let place = |row: &Row| Ok([row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?]);
        Ok(Ground {
            unit: unit.first().map(|row| Unit::from_row(row, 0)).transpose()?,
            standings: standings
                .iter()
                .map(|row| UnitStandingRow::from_row(row, 0))
                .collect::<Result<_, _>>()?,
            places: places.iter().map(place).collect::<Result<_, Fault>>()?,
        })
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
    conn.remembered(unit.0, |conn| {
        let args: [Val; 1] = vals![unit.0];
        let questions = Ground::questions();
        let asked: Vec<(&str, &[Val])> = questions.iter().map(|sql| (sql.as_str(), &args[..])).collect();
        let answers = conn.ask_all(&asked)?;
        Ground::from_rows(&answers[0], &answers[1], &answers[2])
    })
}
