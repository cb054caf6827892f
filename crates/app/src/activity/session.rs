//! A session of a class is an activity like others and counts like them.

use super::parties::{Parties, parties};
use super::record::{Read, activity_of, credited, facts_of, kept_version};
use crate::Error;
use crate::context::Context;
use bihuan_domain::activity::{Activity, Attendance, Draft};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{ActivityId, PersonId};
use bihuan_domain::unit::Unit;
use bihuan_store::Conn;
use bihuan_store::activity as store;
use bihuan_store::journal::Write;
use bihuan_store::recording::{self, Staff, next_activity};
use bihuan_store::required_action as rules;

/// A session of a class as a record of activity.
pub(crate) struct SessionRecord {
    /// The campaign, which runs.
    pub(crate) campaign: Campaign,
    /// The unit that holds the class.
    pub(crate) unit: Unit,
    /// What took place.
    pub(crate) draft: Draft,
    /// Who was there.
    pub(crate) people: Vec<PersonId>,
    /// The record as it stands, when who was there is said anew.
    pub(crate) before: Option<Activity>,
}

/// Writes a session as a record, so that it counts for every rule that it satisfies.
///
/// # Errors
/// `campaign_not_running`, refusals of `Draft::checked`.
pub(crate) fn session_writes(
    conn: &mut Conn,
    ctx: &Context,
    of: SessionRecord,
) -> Result<(ActivityId, Vec<Write>), Error> {
    of.campaign.check_running()?;
    let draft = of.draft.checked(ctx.today())?;
    let known = match &of.before {
        Some(before) => Parties::of(conn, before.id)?,
        None => Parties::default(),
    };
    let led = |person: &PersonId| {
        known.people.iter().any(|one| one.person_id == *person && one.attendance == Attendance::Lead)
    };
    let part = |person: &PersonId| (*person, if led(person) { Attendance::Lead } else { Attendance::Attend });
    let people = of.people.iter().map(part).collect();
    let files = match &of.before {
        Some(before) if before.files > 0 => store::files(conn, before.id)?,
        _ => Vec::new(),
    };
    let files: Vec<bool> = files.iter().map(|file| file.minutes).collect();
    let others = recording::people_with_posts(conn, &of.people)?;
    let read = Read {
        campaign: of.campaign,
        unit: of.unit,
        draft,
        people,
        units: known.units.iter().map(|one| one.unit_id).collect(),
        staff: Staff::new(),
        others,
    };
    let (id, mut writes, fresh) = match &of.before {
        None => (next_activity(conn)?, Vec::new(), true),
        Some(before) => {
            let mut writes = vec![Write::insert(&kept_version(ctx, before, &known, "更正到课情况"))];
            writes.extend(known.removal());
            (before.id, writes, false)
        }
    };
    let record = activity_of(ctx, id, &read, files.len() as i64);
    let after = match of.before {
        None => {
            writes.push(Write::insert(&record));
            record
        }
        Some(before) => {
            let (filed_by, filed_at) = (before.filed_by, before.filed_at);
            let after = Activity { filed_by, filed_at, version: before.version + 1, ..record };
            writes.extend(Write::update(&before, &after));
            after
        }
    };
    writes.extend(parties(id, &read));
    let facts = facts_of(&after, &read, &files);
    let actions = rules::holding_for_kind(conn, &read.unit.path, &read.draft.kind)?;
    writes.push(credited(id, fresh, &actions, &facts));
    Ok((id, writes))
}
