//! What recording an activity reads before anything is written: asked at once, for every record waits for it.

use crate::journal::{self, head_locking, take_head};
use crate::record::Field as _;
use crate::required_action::Ground;
use crate::{Conn, Fault, Row, Val, vals};
use bihuan_domain::id::{ActivityId, PersonId, PostId, UnitId};
use bihuan_domain::{Day, Instant};
use std::collections::BTreeMap;

/// The people of a unit on a day, and every post that each of them held then: number, name, whether it leads.
pub type Staff = BTreeMap<PersonId, Vec<(PostId, String, bool)>>;

/// Who records what.
#[derive(Debug)]
pub struct Asked<'a> {
    /// Where and when, as far as it can be read.
    pub place: Option<(UnitId, Day)>,
    /// Who.
    pub person: PersonId,
    /// Digest of the request.
    pub request: &'a str,
    /// An identical one since then is the same.
    pub since: Instant,
}

/// What is known before the record is written.
#[derive(Debug)]
pub struct Begun {
    /// Entry and number of the same record, sent before.
    pub again: Option<(i64, i64)>,
    /// The number of the new record.
    pub id: ActivityId,
    /// The people of the unit on the day; `None` where unit or day cannot be read.
    pub staff: Option<Staff>,
}

const STAFF: &str = "SELECT t.person_id, o.id, o.name, o.leads FROM tenure t JOIN post o ON o.id = t.post_id \
     WHERE t.person_id IN (SELECT own.person_id FROM post place JOIN tenure own ON own.post_id = place.id \
       WHERE place.unit_id = $1 AND (place.closed_day IS NULL OR place.closed_day > $2) \
       AND own.from_day <= $2 AND (own.to_day IS NULL OR own.to_day > $2)) \
     AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2) ORDER BY t.person_id, o.id";

/// Locks the journal and reads all that the record needs of its unit.
///
/// # Errors
/// Faults of the database.
pub fn begin(conn: &mut Conn, asked: &Asked<'_>) -> Result<Begun, Fault> {
    let head = head_locking(conn);
    let ground = Ground::question();
    let (unit, day) = asked.place.unwrap_or_default();
    let unit_args: [Val; 1] = vals![unit.0];
    let staff_args = [unit.to_val(), day.to_val()];
    let mut all: Vec<(&str, &[Val])> = vec![(&head, &[]), (NEXT_ACTIVITY, &[])];
    if asked.place.is_some() {
        all.extend([(ground.as_str(), &unit_args[..]), (STAFF, &staff_args)]);
    }
    let answers = conn.ask_all(&all)?;
    take_head(conn, answers[0].first())?;
    let id = next_from(&answers[1])?;
    let again = journal::entry_of_request(conn, ("activity", 0), asked.person, asked.request, asked.since)?;
    let staff = match answers.get(2..) {
        Some([ground, staff]) => {
            conn.remember(unit.0, Ground::from_rows(ground)?);
            Some(staff_from(staff)?)
        }
        _ => None,
    };
    Ok(Begun { again, id, staff })
}

/// Records are never deleted, so the number after the last is new, and no counter need be written.
const NEXT_ACTIVITY: &str = "SELECT COALESCE(MAX(id), 0) + 1 FROM activity";

/// The number of a new record. Locks the journal, for nobody else may take it.
///
/// # Errors
/// Faults of the database.
pub fn next_activity(conn: &mut Conn) -> Result<ActivityId, Fault> {
    journal::lock_head(conn)?;
    next_from(&conn.rows(NEXT_ACTIVITY, &[])?)
}

fn next_from(rows: &[Row]) -> Result<ActivityId, Fault> {
    let row = rows.first().ok_or_else(|| Fault::corrupt("MAX answered nothing"))?;
    Ok(ActivityId(row.int(0)?))
}

/// The people of a unit on a day, with their posts.
///
/// # Errors
/// Faults of the database.
pub fn staff_of(conn: &mut Conn, unit: UnitId, day: Day) -> Result<Staff, Fault> {
    staff_from(&conn.rows(STAFF, &[unit.to_val(), day.to_val()])?)
}

fn staff_from(rows: &[Row]) -> Result<Staff, Fault> {
    let mut staff = Staff::new();
    for row in rows {
        let post = (PostId(row.int(1)?), row.text(2)?, row.flag(3)?);
        staff.entry(PersonId(row.int(0)?)).or_default().push(post);
    }
    Ok(staff)
}
