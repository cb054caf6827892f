//! What the pages about activities show.

use super::counted::Counted;
use super::edition::{Edition, Kept, Names};
use super::guest::{self, Guest};
use super::may_record;
use super::parties::Parties;
use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::evidence::FileOut;
use crate::likeness::{self, Copied};
use bihuan_domain::Day;
use bihuan_domain::activity::{Activity, Attendance};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{ActivityId, CampaignId, PersonId, UnitId};
use bihuan_domain::role::Role;
use bihuan_domain::unit::Unit;
use bihuan_store::activity::{self as store, ACTIVITY_PAGE, ActivityFile, ActivityFilter};
use bihuan_store::{Conn, journal, recording};

/// Which records to list.
#[derive(Clone, Debug, Default)]
pub struct ActivityQuery {
    /// Of this unit and those below.
    pub unit: Option<UnitId>,
    /// Of this kind.
    pub kind: Option<String>,
    /// From this day.
    pub from: Option<Day>,
    /// Until this day.
    pub to: Option<Day>,
    /// With this person.
    pub person: Option<PersonId>,
    /// Page, from 0.
    pub page: i64,
}

/// A list of records.
#[derive(Clone, Debug)]
pub struct ActivityList {
    /// Records with the names of their units, newest first.
    pub rows: Vec<(Activity, String)>,
    /// How many there are.
    pub total: i64,
    /// Rows of one page.
    pub page_rows: i64,
    /// Names of kinds.
    pub kinds: Vec<(String, String)>,
    /// The unit looked at.
    pub unit: Option<Unit>,
    /// The reader may record for some unit.
    pub may_record: bool,
}

/// A record's page.
#[derive(Clone, Debug)]
pub struct ActivityPage {
    /// The record.
    pub activity: Activity,
    /// Name of its kind.
    pub kind: String,
    /// The campaign.
    pub campaign: Campaign,
    /// The unit that held it.
    pub unit: Unit,
    /// Who took part.
    pub people: Vec<(PersonId, String, Attendance)>,
    /// Those of them who belonged to another unit on the day.
    pub guests: Vec<Guest>,
    /// Units that held it together with it.
    pub units: Vec<(UnitId, String)>,
    /// Files.
    pub files: Vec<ActivityFile>,
    /// What it counts for.
    pub counted: Vec<Counted>,
    /// Who recorded it.
    pub filed_by: String,
    /// Earlier editions, newest first.
    pub editions: Vec<Edition>,
    /// The reader may correct it.
    pub may_correct: bool,
    /// Activities whose minutes say nearly the same, and how many more the reader may not see.
    pub copied: (Vec<Copied>, usize),
}

impl App {
    /// Records the actor may read, newest first.
    ///
    /// # Errors
    /// `NotFound` for a campaign or unit out of sight.
    pub fn activities(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        query: &ActivityQuery,
    ) -> Result<ActivityList, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let unit = query.unit.map(|id| readable_unit(conn, ctx, id)).transpose()?;
            let within = match &unit {
                Some(unit) => vec![unit.path.clone()],
                None => ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect(),
            };
            let filter = ActivityFilter {
                within,
                kind: query.kind.clone(),
                campaign: Some(campaign.id),
                from: query.from,
                to: query.to,
                person: query.person,
                unit: None,
                filed_before: None,
            };
            let (rows, total) = store::list(conn, &filter, query.page.max(0) * ACTIVITY_PAGE)?;
            let kinds = crate::required_action::kinds_of(self, &campaign)?;
            let may_record = ctx.actor.holds_anywhere(Role::Filler) || ctx.actor.holds_anywhere(Role::Office);
            Ok(ActivityList { rows, total, page_rows: ACTIVITY_PAGE, kinds, unit, may_record })
        })
    }

    /// A record's page.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn activity_page(&self, ctx: &Context, id: ActivityId) -> Result<ActivityPage, Error> {
        self.db.read(|conn| {
            let (activity, unit) = seen_activity(conn, ctx, id)?;
            let campaign: Campaign = journal::by_id(conn, activity.campaign_id.0)?.ok_or(Error::NotFound)?;
            let kinds = crate::required_action::kinds_of(self, &campaign)?;
            let parties = Parties::of(conn, id)?;
            let kept: Vec<Kept> = store::versions(conn, id)?.iter().filter_map(Kept::read).collect();
            let names = Names::of(conn, &activity, &parties, &kept)?;
            let people = parties.people.iter().map(|one| (one.person_id, one.attendance));
            let people = names.people(people);
            let own = recording::staff_of(conn, unit.id, activity.day)?;
            let others: Vec<PersonId> =
                people.iter().map(|(id, ..)| *id).filter(|id| !own.contains_key(id)).collect();
            let guests =
                if others.is_empty() { Vec::new() } else { guest::guests(conn, activity.day, &others)? };
            let name_of_kind = |code: &str| {
                let kind = kinds.iter().find(|(have, _)| have == code);
                kind.map_or_else(|| code.to_owned(), |(_, name)| name.clone())
            };
            let editions = kept.into_iter().map(|kept| Edition {
                number: kept.number,
                kind: name_of_kind(&kept.record.kind),
                people: names.people(kept.people.into_iter()),
                units: names.units(kept.units.into_iter()),
                record: kept.record,
                reason: kept.reason,
                by: names.person(kept.by),
                at: kept.at,
            });
            Ok(ActivityPage {
                kind: name_of_kind(&activity.kind),
                units: names.units(parties.units.iter().map(|one| one.unit_id)),
                people,
                guests,
                files: store::files(conn, id)?,
                counted: self.counted(conn, &activity)?,
                filed_by: names.person(activity.filed_by),
                editions: editions.collect(),
                may_correct: may_record(ctx, &unit),
                copied: likeness::copied_minutes(conn, ctx, &activity)?,
                campaign,
                unit,
                activity,
            })
        })
    }

    /// Hands out a file of a record.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn activity_file(&self, ctx: &Context, id: ActivityId, file: i64) -> Result<FileOut, Error> {
        self.db.read(|conn| {
            seen_activity(conn, ctx, id)?;
            let found: ActivityFile = journal::by_id(conn, file)?.ok_or(Error::NotFound)?;
            if found.activity_id != id {
                return Err(Error::NotFound);
            }
            let bytes = bihuan_store::problem::file_content(conn, &found.digest)?.ok_or(Error::NotFound)?;
            Ok(FileOut { name: found.file_name, media_type: found.media_type, bytes, digest: found.digest })
        })
    }
}

/// Read by those who read the unit that held it, a unit that held it together with it, or one whose people took part:
/// it counts for them.
fn seen_activity(conn: &mut Conn, ctx: &Context, id: ActivityId) -> Result<(Activity, Unit), Error> {
    let activity: Activity = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = crate::context::unit(conn, activity.unit_id)?;
    let seen = ctx.actor.may_read(&unit.path)
        || store::places_of(conn, &activity)?.iter().any(|path| ctx.actor.may_read(path));
    if seen { Ok((activity, unit)) } else { Err(Error::NotFound) }
}
