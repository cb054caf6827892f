//! Study: reading lists, a person's own marks, plan and hours, classes with sessions and attendance.

use crate::record::Record;
use crate::unit::json_list;
use crate::{Conn, Fault, record, vals};
use bihuan_domain::id::{CampaignId, ClassSessionId, PersonId, StudyClassId, UnitId};
use bihuan_domain::study::{
    ClassAttendance, ClassMember, ClassSession, OwnHours, PlanLine, Reading, ReadingMark, StudyClass,
};
use bihuan_domain::unit::UnitPath;

record!(Reading, "reading", key [id], personal [], { id, campaign_id, unit_id, title, parts, version });
record!(ReadingMark, "reading_mark", key [person_id, reading_id, part], personal [], { reading_id, person_id, part, day });
record!(PlanLine, "study_plan", key [id], personal [what], { id, person_id, what, due_day, done_day, version });
record!(OwnHours, "study_hours", key [id], personal [what], { id, person_id, day, what, duration_minutes });
record!(StudyClass, "study_class", key [id], personal [], { id, campaign_id, unit_id, name, kind, hours, from_day, to_day, version });
record!(ClassSession, "class_session", key [id], personal [], { id, class_id, day, topic, duration_minutes, makes_up_id, activity_id, version });
record!(ClassMember, "class_member", key [class_id, person_id], personal [], { class_id, person_id });
record!(ClassAttendance, "class_attendance", key [session_id, person_id], personal [], { session_id, person_id });

/// Most rows of one list.
const LIST_MAX: i64 = 500;

/// The reading list that holds for a unit: kept by it or by a unit above it.
///
/// # Errors
/// Faults of the database.
pub fn readings(conn: &mut Conn, campaign: CampaignId, paths: &[UnitPath]) -> Result<Vec<Reading>, Fault> {
    let list = json_list(paths.iter().flat_map(UnitPath::units));
    let condition = format!(
        "WHERE campaign_id = $1 AND unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) ORDER BY id LIMIT {LIST_MAX}"
    );
    Reading::load(conn, &condition, &vals![campaign.0, list])
}

/// A person's marks.
///
/// # Errors
/// Faults of the database.
pub fn marks(conn: &mut Conn, person: PersonId) -> Result<Vec<ReadingMark>, Fault> {
    ReadingMark::load(conn, "WHERE person_id = $1 ORDER BY reading_id, part", &vals![person.0])
}

/// A person's plan, nearest first.
///
/// # Errors
/// Faults of the database.
pub fn plan(conn: &mut Conn, person: PersonId) -> Result<Vec<PlanLine>, Fault> {
    let condition = format!("WHERE person_id = $1 ORDER BY due_day, id LIMIT {LIST_MAX}");
    PlanLine::load(conn, &condition, &vals![person.0])
}

/// A person's own entries, newest first.
///
/// # Errors
/// Faults of the database.
pub fn own_hours(conn: &mut Conn, person: PersonId) -> Result<Vec<OwnHours>, Fault> {
    let condition = format!("WHERE person_id = $1 ORDER BY day DESC, id DESC LIMIT {LIST_MAX}");
    OwnHours::load(conn, &condition, &vals![person.0])
}

/// The classes a person belongs to, and those of the subtrees.
///
/// # Errors
/// Faults of the database.
pub fn classes(conn: &mut Conn, person: PersonId, within: &[UnitPath]) -> Result<Vec<StudyClass>, Fault> {
    let mut args = vals![person.0].to_vec();
    let mut parts = vec!["id IN (SELECT class_id FROM class_member WHERE person_id = $1)".to_owned()];
    for path in within {
        args.extend(vals![path.as_str(), path.subtree_end()]);
        let n = args.len();
        parts.push(format!("unit_id IN (SELECT id FROM unit WHERE path >= ${} AND path < ${n})", n - 1));
    }
    let condition = format!("WHERE {} ORDER BY from_day DESC, id DESC LIMIT {LIST_MAX}", parts.join(" OR "));
    StudyClass::load(conn, &condition, &args)
}

/// The sessions of a class, oldest first.
///
/// # Errors
/// Faults of the database.
pub fn sessions(conn: &mut Conn, class: StudyClassId) -> Result<Vec<ClassSession>, Fault> {
    ClassSession::load(conn, "WHERE class_id = $1 ORDER BY day, id", &vals![class.0])
}

/// The people of a class, by name.
///
/// # Errors
/// Faults of the database.
pub fn members(conn: &mut Conn, class: StudyClassId) -> Result<Vec<(PersonId, String)>, Fault> {
    let sql = "SELECT p.id, p.name FROM class_member m JOIN person p ON p.id = m.person_id WHERE m.class_id = $1 \
         ORDER BY p.name, p.id";
    conn.rows(sql, &vals![class.0])?.iter().map(|row| Ok((PersonId(row.int(0)?), row.text(1)?))).collect()
}

/// Who was at which session of a class.
///
/// # Errors
/// Faults of the database.
pub fn attendance(conn: &mut Conn, class: StudyClassId) -> Result<Vec<(ClassSessionId, PersonId)>, Fault> {
    let sql = "SELECT a.session_id, a.person_id FROM class_attendance a JOIN class_session s ON s.id = a.session_id \
         WHERE s.class_id = $1";
    let rows = conn.rows(sql, &vals![class.0])?;
    rows.iter().map(|row| Ok((ClassSessionId(row.int(0)?), PersonId(row.int(1)?)))).collect()
}

/// The activities a person took part in, with how long they lasted: the hours ledger's other half. Newest first.
///
/// # Errors
/// Faults of the database.
pub fn attended(conn: &mut Conn, person: PersonId) -> Result<Vec<bihuan_domain::activity::Activity>, Fault> {
    let condition = format!(
        "WHERE state = 'recorded' AND id IN (SELECT activity_id FROM activity_person WHERE person_id = $1) \
         ORDER BY day DESC, id DESC LIMIT {LIST_MAX}"
    );
    bihuan_domain::activity::Activity::load(conn, &condition, &vals![person.0])
}

/// Units by number and their names, for lists of classes.
///
/// # Errors
/// Faults of the database.
pub fn unit_names(
    conn: &mut Conn,
    units: impl IntoIterator<Item = UnitId>,
) -> Result<std::collections::HashMap<UnitId, String>, Fault> {
    crate::unit::names(conn, units)
}
