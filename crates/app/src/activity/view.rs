//! What the pages about activities show.

use super::may_record;
use super::record::Counted;
use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::evidence::FileOut;
use crate::likeness::{self, Copied};
use crate::required_action::campaign_root;
use bihuan_domain::Day;
use bihuan_domain::activity::{Activity, Attendance};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{ActivityId, CampaignId, PersonId, UnitId};
use bihuan_domain::person::Person;
use bihuan_domain::role::Role;
use bihuan_domain::template::ActivityKind;
use bihuan_domain::unit::Unit;
use bihuan_store::activity::{self as store, ACTIVITY_PAGE, ActivityFile, ActivityFilter};
use bihuan_store::{Conn, journal, person, unit as units};

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

/// An earlier edition.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Its number.
    pub number: i64,
    /// The record as it stood.
    pub record: Activity,
    /// Why it was corrected.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: bihuan_domain::Instant,
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

/// What the form offers.
#[derive(Clone, Debug)]
pub struct RecordForm {
    /// The campaign.
    pub campaign: Campaign,
    /// Units the actor records for, the own one first.
    pub units: Vec<Unit>,
    /// The unit chosen.
    pub unit: Option<Unit>,
    /// Kinds.
    pub kinds: Vec<ActivityKind>,
    /// The people of the unit today.
    pub people: Vec<(PersonId, String, String)>,
    /// Kinds that rules now open for the unit ask for, most urgent first.
    pub wanted: Vec<String>,
    /// Some rule of the unit asks for minutes or material for a kind: kind and what.
    pub proofs: Vec<(String, &'static str)>,
}

/// Units offered in the form.
const FORM_UNITS_MAX: usize = 60;

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
            let kind = kinds.iter().find(|(code, _)| *code == activity.kind);
            let mut people = Vec::new();
            for one in store::people(conn, id)? {
                let name = name_of(conn, one.person_id)?;
                people.push((one.person_id, name, one.attendance));
            }
            let joint = store::units(conn, id)?;
            let names = units::names(conn, joint.iter().map(|unit| unit.unit_id))?;
            let joint = joint
                .iter()
                .map(|unit| (unit.unit_id, names.get(&unit.unit_id).cloned().unwrap_or_default()))
                .collect();
            let mut editions = Vec::new();
            for row in store::versions(conn, id)? {
                let content: serde_json::Value = serde_json::from_str(&row.content).unwrap_or_default();
                let record = content.get("record").cloned().unwrap_or_default();
                let Ok(record) = serde_json::from_value(record) else { continue };
                let by = name_of(conn, row.changed_by)?;
                editions.push(Edition {
                    number: row.number,
                    record,
                    reason: row.reason,
                    by,
                    at: row.changed_at,
                });
            }
            Ok(ActivityPage {
                kind: kind.map_or_else(|| activity.kind.clone(), |(_, name)| name.clone()),
                people,
                units: joint,
                files: store::files(conn, id)?,
                counted: self.counted(conn, &activity)?,
                filed_by: name_of(conn, activity.filed_by)?,
                editions,
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

    /// What the form of a new record offers.
    ///
    /// # Errors
    /// `NotFound` for a campaign or unit out of sight.
    pub fn record_form(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        unit: Option<UnitId>,
    ) -> Result<RecordForm, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let root = campaign_root(conn, &campaign)?;
            let units = recording_units(conn, ctx, &root)?;
            let unit = match unit {
                Some(id) => Some(readable_unit(conn, ctx, id)?),
                None => units.first().cloned(),
            };
            let kinds = if campaign.template_text.is_empty() {
                Vec::new()
            } else {
                self.template(&campaign)?.activity_kinds.clone()
            };
            let mut people: Vec<(PersonId, String, String)> = Vec::new();
            let (mut wanted, mut proofs) = (Vec::new(), Vec::new());
            if let Some(unit) = &unit {
                let today = ctx.today();
                for post in person::posts_on(conn, unit.id, today)? {
                    for holder in post.holders {
                        if !people.iter().any(|(id, ..)| *id == holder.tenure.person_id) {
                            people.push((holder.tenure.person_id, holder.name, post.post.name.clone()));
                        }
                    }
                }
                let actions = bihuan_store::required_action::holding_for(conn, &unit.path)?;
                let calendar = self.calendar(conn)?;
                let mut open =
                    crate::required_action::open_cells(conn, &calendar, &[unit.id], &actions, today)?;
                open.sort_by_key(|(.., column, _)| column.due);
                for (_, id, ..) in open {
                    let rule = actions.iter().find(|a| a.id == id).and_then(|a| a.newest()).map(|v| &v.rule);
                    for kind in rule.iter().flat_map(|rule| &rule.kinds) {
                        if !wanted.contains(kind) {
                            wanted.push(kind.clone());
                        }
                    }
                }
                for rule in actions.iter().filter_map(|a| a.newest()).map(|v| &v.rule) {
                    use bihuan_domain::Coded as _;
                    if rule.proof != bihuan_domain::required_action::Proof::Record {
                        proofs.extend(rule.kinds.iter().map(|kind| (kind.clone(), rule.proof.label())));
                    }
                }
            }
            Ok(RecordForm { campaign, units, unit, kinds, people, wanted, proofs })
        })
    }
}

fn recording_units(conn: &mut Conn, ctx: &Context, root: &Unit) -> Result<Vec<Unit>, Error> {
    let mut ids: Vec<UnitId> = ctx.actor.posts.iter().map(|post| post.unit).collect();
    let roles = [Role::Filler, Role::Office];
    ids.extend(ctx.actor.grants.iter().filter(|g| roles.contains(&g.role)).map(|g| g.unit));
    for grant in ctx.actor.grants.iter().filter(|g| roles.contains(&g.role)) {
        ids.extend(units::open_children(conn, grant.unit)?.into_iter().map(|unit| unit.id));
    }
    let mut found: Vec<Unit> = Vec::new();
    for id in ids {
        if found.len() >= FORM_UNITS_MAX || found.iter().any(|unit| unit.id == id) {
            continue;
        }
        let unit = crate::context::unit(conn, id)?;
        if unit.closed_day.is_none() && may_record(ctx, &unit) && unit.path.is_within(&root.path) {
            found.push(unit);
        }
    }
    Ok(found)
}

fn seen_activity(conn: &mut Conn, ctx: &Context, id: ActivityId) -> Result<(Activity, Unit), Error> {
    let activity: Activity = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = readable_unit(conn, ctx, activity.unit_id)?;
    Ok((activity, unit))
}

fn name_of(conn: &mut Conn, id: PersonId) -> Result<String, Error> {
    let person: Option<Person> = journal::by_id(conn, id.0)?;
    Ok(person.map(|person| person.name).unwrap_or_default())
}
