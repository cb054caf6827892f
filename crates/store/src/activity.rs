//! Activities: the records, who took part, what was attached, and what a rule needs to know of them.

use crate::record::{Field, Record};
use crate::{Conn, Fault, Val, record, vals};
use bihuan_domain::activity::{Activity, ActivityState, Attendance};
use bihuan_domain::id::{ActivityId, CampaignId, PersonId, UnitId};
use bihuan_domain::required_action::{Facts, Participant, SubjectKind};
use bihuan_domain::unit::UnitPath;
use bihuan_domain::{Coded, Day, Instant};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one page of records.
pub const ACTIVITY_PAGE: i64 = 50;
/// Most records that are counted again for a new version of a rule.
const RECOUNTED_MAX: i64 = 2_000_000;

record!(Activity, "activity", key [id], personal [], { id, campaign_id, unit_id, kind, day, makes_up_day, topic, minutes_text, duration_minutes, link, filed_by, filed_at, files, state, version });

/// A person's part in an activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityPerson {
    /// The record.
    pub activity_id: ActivityId,
    /// The person.
    pub person_id: PersonId,
    /// How.
    pub attendance: Attendance,
}
record!(ActivityPerson, "activity_person", key [activity_id, person_id], personal [], { activity_id, person_id, attendance });

/// A unit that held it together with the recording one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityUnit {
    /// The record.
    pub activity_id: ActivityId,
    /// The unit.
    pub unit_id: UnitId,
}
record!(ActivityUnit, "activity_unit", key [activity_id, unit_id], personal [], { activity_id, unit_id });

/// An attached file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityFile {
    /// Number.
    pub id: i64,
    /// The record.
    pub activity_id: ActivityId,
    /// It is the minutes.
    pub minutes: bool,
    /// Name as sent.
    pub file_name: String,
    /// SHA-256: where its bytes are.
    pub digest: String,
    /// Media type by content.
    pub media_type: String,
    /// Size in bytes.
    pub size_bytes: i64,
}
record!(ActivityFile, "activity_file", key [id], personal [], { id, activity_id, minutes, file_name, digest, media_type, size_bytes });

/// An earlier edition of a corrected record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityVersion {
    /// The record.
    pub activity_id: ActivityId,
    /// Its number.
    pub number: i64,
    /// The record as JSON.
    pub content: String,
    /// Why it was corrected.
    pub reason: String,
    /// By whom.
    pub changed_by: PersonId,
    /// When.
    pub changed_at: Instant,
}
record!(ActivityVersion, "activity_version", key [activity_id, number], personal [], { activity_id, number, content, reason, changed_by, changed_at });

/// The people of a record.
///
/// # Errors
/// Faults of the database.
pub fn people(conn: &mut Conn, id: ActivityId) -> Result<Vec<ActivityPerson>, Fault> {
    ActivityPerson::load(conn, "WHERE activity_id = $1 ORDER BY attendance DESC, person_id", &vals![id.0])
}

/// The units that held it together with the recording one.
///
/// # Errors
/// Faults of the database.
pub fn units(conn: &mut Conn, id: ActivityId) -> Result<Vec<ActivityUnit>, Fault> {
    ActivityUnit::load(conn, "WHERE activity_id = $1 ORDER BY unit_id", &vals![id.0])
}

/// The files of a record.
///
/// # Errors
/// Faults of the database.
pub fn files(conn: &mut Conn, id: ActivityId) -> Result<Vec<ActivityFile>, Fault> {
    ActivityFile::load(conn, "WHERE activity_id = $1 ORDER BY id", &vals![id.0])
}

/// The earlier editions of a record, newest first.
///
/// # Errors
/// Faults of the database.
pub fn versions(conn: &mut Conn, id: ActivityId) -> Result<Vec<ActivityVersion>, Fault> {
    ActivityVersion::load(conn, "WHERE activity_id = $1 ORDER BY number DESC", &vals![id.0])
}

/// What rules need to know of a stored record.
///
/// # Errors
/// Faults of the database.
pub fn facts(conn: &mut Conn, activity: &Activity) -> Result<Facts, Fault> {
    let people = people(conn, activity.id)?;
    let ids: Vec<PersonId> = people.iter().map(|person| person.person_id).collect();
    let held = crate::recording::people_with_posts(conn, &ids)?;
    let files = if activity.files > 0 { files(conn, activity.id)? } else { Vec::new() };
    let mut all_units = vec![activity.unit_id];
    all_units.extend(units(conn, activity.id)?.into_iter().map(|unit| unit.unit_id));
    let participant = |one: ActivityPerson| Participant {
        person: one.person_id,
        lead: one.attendance == Attendance::Lead,
        posts: crate::recording::posts_on(&held, one.person_id, activity.day),
    };
    Ok(Facts {
        activity: activity.id,
        kind: activity.kind.clone(),
        day: activity.day,
        makes_up: activity.makes_up_day,
        minutes: activity.duration_minutes,
        has_minutes: !activity.minutes_text.is_empty() || files.iter().any(|file| file.minutes),
        has_material: !activity.link.is_empty() || !files.is_empty(),
        units: all_units,
        people: people.into_iter().map(participant).collect(),
    })
}

/// Valid records of these kinds from a day on, held in a subtree.
///
/// # Errors
/// Faults of the database.
pub fn of_kinds_since(
    conn: &mut Conn,
    kinds: &BTreeSet<String>,
    from: Day,
    path: &UnitPath,
) -> Result<Vec<Activity>, Fault> {
    let columns: Vec<String> = Activity::COLUMNS.iter().map(|column| format!("a.{column}")).collect();
    // The way goes by the kind in a large tree with few records of it, by the units in a small one.
    let sql = format!(
        "SELECT {} FROM activity a JOIN unit u ON u.id = a.unit_id WHERE a.kind = $1 \
         AND a.day >= $2 AND a.state = $3 AND u.path >= $4 AND u.path < $5 ORDER BY a.id LIMIT {RECOUNTED_MAX}",
        columns.join(", ")
    );
    conn.plan_by_values()?;
    let mut found = Vec::new();
    for kind in kinds {
        let args = vals![
            kind.as_str(),
            i64::from(from.days()),
            ActivityState::Recorded.code(),
            path.as_str(),
            path.subtree_end()
        ];
        for row in conn.rows(&sql, &args)? {
            found.push(Activity::from_row(&row, 0)?);
        }
    }
    conn.keep_plans()?;
    found.sort_by_key(|activity| activity.id);
    found.truncate(RECOUNTED_MAX as usize);
    Ok(found)
}

/// Which records to list.
#[derive(Clone, Debug, Default)]
pub struct ActivityFilter {
    /// Only of these subtrees.
    pub within: Vec<UnitPath>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only of this campaign.
    pub campaign: Option<CampaignId>,
    /// From this day on.
    pub from: Option<Day>,
    /// Until this day.
    pub to: Option<Day>,
    /// Only with this person.
    pub person: Option<PersonId>,
    /// Only this very unit, as holder.
    pub unit: Option<UnitId>,
    /// Only what was filed before this moment and was valid then, whatever became of it since.
    pub filed_before: Option<Instant>,
}

/// Records, newest first, with the total.
///
/// # Errors
/// Faults of the database.
pub fn list(
    conn: &mut Conn,
    filter: &ActivityFilter,
    offset: i64,
) -> Result<(Vec<(Activity, String)>, i64), Fault> {
    let mut args: Vec<Val> = Vec::new();
    let condition = conditions(filter, &mut args);
    let from = format!("FROM activity a JOIN unit u ON u.id = a.unit_id WHERE {condition}");
    let total = conn.first(&format!("SELECT COUNT(*) {from}"), &args)?.map_or(Ok(0), |row| row.int(0))?;
    let columns: Vec<String> = Activity::COLUMNS.iter().map(|column| format!("a.{column}")).collect();
    args.push(Val::Int(offset));
    let sql = format!(
        "SELECT {}, u.name {from} ORDER BY a.day DESC, a.id DESC LIMIT {ACTIVITY_PAGE} OFFSET ${}",
        columns.join(", "),
        args.len()
    );
    let at = Activity::COLUMNS.len();
    let rows = conn.rows(&sql, &args)?;
    let found = rows.iter().map(|row| Ok((Activity::from_row(row, 0)?, row.text(at)?)));
    Ok((found.collect::<Result<_, Fault>>()?, total))
}

fn conditions(filter: &ActivityFilter, args: &mut Vec<Val>) -> String {
    let mut sight = vec!["1 = 0".to_owned()];
    for path in &filter.within {
        args.extend(vals![path.as_str(), path.subtree_end()]);
        sight.push(format!("u.path >= ${} AND u.path < ${}", args.len() - 1, args.len()));
    }
    let mut parts = vec![format!("({})", sight.join(" OR "))];
    let mut and = |sql: &str, val: Val| {
        args.push(val);
        parts.push(sql.replace('?', &format!("${}", args.len())));
    };
    if let Some(kind) = &filter.kind {
        and("a.kind = ?", Val::from(kind.as_str()));
    }
    if let Some(campaign) = filter.campaign {
        and("a.campaign_id = ?", campaign.to_val());
    }
    if let Some(day) = filter.from {
        and("a.day >= ?", day.to_val());
    }
    if let Some(day) = filter.to {
        and("a.day <= ?", day.to_val());
    }
    if let Some(unit) = filter.unit {
        and("a.unit_id = ?", unit.to_val());
    }
    if let Some(at) = filter.filed_before {
        and("a.filed_at < ?", at.to_val());
        let withdrawn_since =
            "EXISTS (SELECT 1 FROM activity_version v WHERE v.activity_id = a.id AND v.changed_at >= ?)";
        and(&format!("(a.state = 'recorded' OR {withdrawn_since})"), at.to_val());
    }
    if let Some(person) = filter.person {
        let sql = "a.id IN (SELECT activity_id FROM activity_person WHERE person_id = ?)";
        and(sql, person.to_val());
    }
    parts.join(" AND ")
}

/// The editions of records that were in force at a moment and are not any more.
///
/// # Errors
/// Faults of the database, an edition that cannot be read.
pub fn editions_at(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = ActivityId>,
    at: Instant,
) -> Result<BTreeMap<ActivityId, Activity>, Fault> {
    let list = super::required_action::list(ids.into_iter().map(|id| UnitId(id.0)));
    let condition = "WHERE activity_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) AND changed_at >= $2 \
         ORDER BY activity_id, number DESC";
    let mut found = BTreeMap::new();
    // Of several, the one that was replaced first after the moment was in force at it.
    for row in ActivityVersion::load(conn, condition, &[list, at.to_val()])? {
        let mut content: serde_json::Value =
            serde_json::from_str(&row.content).map_err(|error| Fault::corrupt(error.to_string()))?;
        let record = content.get_mut("record").map(serde_json::Value::take).unwrap_or_default();
        let record = serde_json::from_value(record).map_err(|error| Fault::corrupt(error.to_string()))?;
        found.insert(row.activity_id, record);
    }
    Ok(found)
}

/// Records by number, newest first.
///
/// # Errors
/// Faults of the database.
pub fn by_ids(conn: &mut Conn, ids: impl IntoIterator<Item = ActivityId>) -> Result<Vec<Activity>, Fault> {
    let list = super::required_action::list(ids.into_iter().map(|id| UnitId(id.0)));
    Activity::load(
        conn,
        "WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY day DESC, id DESC",
        &[list],
    )
}

/// Records that count for subjects of a subtree in a period of a rule, wherever they were held, newest first, one page,
/// each with name and place of the unit that held it, and how many there are.
///
/// # Errors
/// Faults of the database.
pub fn credited(
    conn: &mut Conn,
    (rule, subject): (bihuan_domain::id::RequiredActionId, SubjectKind),
    period: bihuan_domain::required_action::Period,
    path: &UnitPath,
) -> Result<(Vec<(Activity, String, UnitPath)>, i64), Fault> {
    let (join, id) = match subject.table() {
        SubjectKind::Post => (" JOIN post o ON o.unit_id = s.id", "o.id"),
        // Whoever has several posts belongs to one unit only.
        SubjectKind::Person => (
            " JOIN post o ON o.unit_id = s.id JOIN tenure t ON t.post_id = o.id AND s.id = (SELECT h.unit_id FROM tenure x \
               JOIN post h ON h.id = x.post_id WHERE x.person_id = t.person_id AND x.from_day <= $4 \
               AND (x.to_day IS NULL OR x.to_day > $4) ORDER BY h.leads DESC, x.from_day, x.id LIMIT 1)",
            "t.person_id",
        ),
        _ => ("", "s.id"),
    };
    let from = format!(
        "FROM activity a JOIN unit u ON u.id = a.unit_id WHERE a.id IN (SELECT c.activity_id FROM unit s{join} \
           JOIN action_credit c ON c.subject_kind = '{}' AND c.subject_id = {id} AND c.rule_id = $3 AND c.period_day = $4 \
           WHERE s.path >= $1 AND s.path < $2)",
        subject.table().code()
    );
    let args = vals![path.as_str(), path.subtree_end(), rule.0, i64::from(period.last.days())];
    let total = conn.first(&format!("SELECT COUNT(*) {from}"), &args)?.map_or(Ok(0), |row| row.int(0))?;
    let columns: Vec<String> = Activity::COLUMNS.iter().map(|column| format!("a.{column}")).collect();
    let sql = format!(
        "SELECT {}, u.name, u.path {from} ORDER BY a.day DESC, a.id DESC LIMIT {ACTIVITY_PAGE}",
        columns.join(", ")
    );
    let at = Activity::COLUMNS.len();
    let rows = conn.rows(&sql, &args)?;
    let one = |row: &crate::Row| {
        Ok((Activity::from_row(row, 0)?, row.text(at)?, UnitPath::from_val(row.val(at + 1)?)?))
    };
    let found = rows.iter().map(one);
    Ok((found.collect::<Result<_, Fault>>()?, total))
}

/// Rules and periods a record counts for, each once.
///
/// # Errors
/// Faults of the database.
pub fn counts_for(
    conn: &mut Conn,
    id: ActivityId,
) -> Result<Vec<(bihuan_domain::id::RequiredActionId, Day)>, Fault> {
    let sql = "SELECT DISTINCT rule_id, period_day FROM action_credit WHERE activity_id = $1 ORDER BY rule_id, period_day";
    let rows = conn.rows(sql, &vals![id.0])?;
    let one = |row: &crate::Row| {
        Ok((bihuan_domain::id::RequiredActionId(row.int(0)?), Day::from_val(row.val(1)?)?))
    };
    rows.iter().map(one).collect()
}

/// Places of the units a record is about beside the one that held it: those that held it together with it, and those in
/// which its people have had posts since its day.
///
/// # Errors
/// Faults of the database.
pub fn places_of(conn: &mut Conn, activity: &Activity) -> Result<Vec<UnitPath>, Fault> {
    let sql = "SELECT u.path FROM activity_unit a JOIN unit u ON u.id = a.unit_id WHERE a.activity_id = $1 \
         UNION SELECT u.path FROM activity_person a JOIN tenure t ON t.person_id = a.person_id \
           JOIN post o ON o.id = t.post_id JOIN unit u ON u.id = o.unit_id \
           WHERE a.activity_id = $1 AND (t.to_day IS NULL OR t.to_day > $2)";
    let rows = conn.rows(sql, &[activity.id.to_val(), activity.day.to_val()])?;
    rows.iter().map(|row| UnitPath::from_val(row.val(0)?)).collect()
}
