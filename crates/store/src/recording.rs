//! What recording an activity reads before anything is written: asked at once, for every record waits for it.

use crate::journal::{self, head_locking, take_head};
use crate::record::Field as _;
use crate::required_action::Ground;
use crate::{Conn, Fault, Row, Val, vals};
use bihuan_domain::id::{ActivityId, PersonId, PostId, UnitId};
use bihuan_domain::{Day, Instant};
use std::collections::BTreeMap;

/// People with every post that each of them ever held.
pub type Staff = BTreeMap<PersonId, Vec<HeldPost>>;

/// A post somebody holds or held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldPost {
    /// The post.
    pub post: PostId,
    /// Its name.
    pub name: String,
    /// It leads its unit.
    pub leads: bool,
    /// Its unit.
    pub unit: UnitId,
    /// First day in it.
    pub from_day: Day,
    /// Day after the last in it.
    pub to_day: Option<Day>,
    /// Day on which the post itself is gone.
    pub closed_day: Option<Day>,
    tenure: i64,
}

impl HeldPost {
    /// Somebody held it on a day.
    pub fn is_held_on(&self, day: Day) -> bool {
        self.from_day <= day && self.to_day.is_none_or(|to| to > day)
    }

    const COLUMNS: &str =
        "t.person_id, o.id, o.name, o.leads, o.unit_id, t.from_day, t.to_day, o.closed_day, t.id";

    fn read(row: &Row) -> Result<HeldPost, Fault> {
        Ok(HeldPost {
            post: PostId(row.int(1)?),
            name: row.text(2)?,
            leads: row.flag(3)?,
            unit: UnitId(row.int(4)?),
            from_day: Day::from_val(row.val(5)?)?,
            to_day: Option::from_val(row.val(6)?)?,
            closed_day: Option::from_val(row.val(7)?)?,
            tenure: row.int(8)?,
        })
    }
}

/// The posts somebody of these people held on a day: number, name, whether it leads.
pub fn posts_on(staff: &Staff, person: PersonId, day: Day) -> Vec<(PostId, String, bool)> {
    let held = staff.get(&person).map_or(&[][..], Vec::as_slice);
    let held = held.iter().filter(|post| post.is_held_on(day));
    held.map(|post| (post.post, post.name.clone(), post.leads)).collect()
}

/// The unit somebody belongs to on a day, of all posts ever held: that of the leading, else of the longest held post.
/// Says the same as [`crate::required_action::home_on`].
pub fn home_of(held: &[HeldPost], day: Day) -> Option<UnitId> {
    let on_day = held.iter().filter(|post| post.is_held_on(day));
    on_day.min_by_key(|post| (!post.leads, post.from_day, post.tenure)).map(|post| post.unit)
}

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

fn staff_question() -> String {
    format!(
        "SELECT {} FROM tenure t JOIN post o ON o.id = t.post_id \
         WHERE t.person_id IN (SELECT own.person_id FROM post place JOIN tenure own ON own.post_id = place.id \
           WHERE place.unit_id = $1 AND (place.closed_day IS NULL OR place.closed_day > $2) \
           AND own.from_day <= $2 AND (own.to_day IS NULL OR own.to_day > $2)) ORDER BY t.person_id, o.id, t.id",
        HeldPost::COLUMNS
    )
}

/// Locks the journal and reads all that the record needs of its unit.
///
/// # Errors
/// Faults of the database.
pub fn begin(conn: &mut Conn, asked: &Asked<'_>) -> Result<Begun, Fault> {
    let head = head_locking(conn);
    let (ground, staff) = (Ground::question(), staff_question());
    let (unit, day) = asked.place.unwrap_or_default();
    let unit_args: [Val; 1] = vals![unit.0];
    let staff_args = [unit.to_val(), day.to_val()];
    let mut all: Vec<(&str, &[Val])> = vec![(&head, &[]), (NEXT_ACTIVITY, &[])];
    if asked.place.is_some() {
        all.extend([(ground.as_str(), &unit_args[..]), (staff.as_str(), &staff_args)]);
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

/// The people of a unit on a day, with all their posts.
///
/// # Errors
/// Faults of the database.
pub fn staff_of(conn: &mut Conn, unit: UnitId, day: Day) -> Result<Staff, Fault> {
    staff_from(&conn.rows(&staff_question(), &[unit.to_val(), day.to_val()])?)
}

/// These people with all their posts; nobody who never held one.
///
/// # Errors
/// Faults of the database.
pub fn people_with_posts(conn: &mut Conn, people: &[PersonId]) -> Result<Staff, Fault> {
    if people.is_empty() {
        return Ok(Staff::new());
    }
    let sql = format!(
        "SELECT {} FROM tenure t JOIN post o ON o.id = t.post_id \
         WHERE t.person_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY t.person_id, o.id, t.id",
        HeldPost::COLUMNS
    );
    let list = crate::required_action::list(people.iter().map(|person| UnitId(person.0)));
    staff_from(&conn.rows(&sql, &[list])?)
}

fn staff_from(rows: &[Row]) -> Result<Staff, Fault> {
    let mut staff = Staff::new();
    for row in rows {
        staff.entry(PersonId(row.int(0)?)).or_default().push(HeldPost::read(row)?);
    }
    Ok(staff)
}
