//! What the form of a record offers: kinds, people, and what is asked beside the record itself.

use super::guest::{self, Guest, Guests};
use super::may_record;
use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::required_action::campaign_root;
use bihuan_domain::Day;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, PersonId, UnitId};
use bihuan_domain::required_action::{Lack, Part, Proof, QuantityUnit, RequiredAction, SubjectKind};
use bihuan_domain::role::Role;
use bihuan_domain::template::ActivityKind;
use bihuan_domain::unit::Unit;
use bihuan_store::person::{self, PostHolders};
use bihuan_store::{Conn, required_action as rules, unit as units};

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
    /// People of other units: chosen, in the record that is corrected, or found by name.
    pub others: Vec<Guest>,
    /// Units that hold it together: chosen, in the record that is corrected, or found by name.
    pub joint: Vec<(UnitId, String)>,
    /// Kinds that rules now open for the unit ask for, most urgent first.
    pub wanted: Vec<String>,
    /// What rules that ask the unit, its posts or its people want of a kind beside the record itself.
    pub proofs: Vec<(String, Lack)>,
}

/// Units offered in the form.
const FORM_UNITS_MAX: usize = 60;

impl App {
    /// What the form of a new record offers.
    ///
    /// # Errors
    /// `NotFound` for a campaign or unit out of sight.
    pub fn record_form(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        unit: Option<UnitId>,
        guests: &Guests,
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
            let (mut people, mut wanted, mut proofs) = (Vec::new(), Vec::new(), Vec::new());
            let (mut others, mut joint) = (Vec::new(), Vec::new());
            if let Some(unit) = &unit {
                let today = ctx.today();
                let posts = person::posts_on(conn, unit.id, today)?;
                people = people_of(&posts);
                let actions = rules::holding_for(conn, &unit.path)?;
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
                proofs = proofs_of(conn, unit.id, &posts, &actions, today)?;
                let own = people.iter().map(|(id, ..)| *id).collect();
                (others, joint) = guest::offered(conn, ctx, guests, &own)?;
            }
            Ok(RecordForm { campaign, units, unit, kinds, people, others, joint, wanted, proofs })
        })
    }
}

fn people_of(posts: &[PostHolders]) -> Vec<(PersonId, String, String)> {
    let mut people: Vec<(PersonId, String, String)> = Vec::new();
    for (post, holder) in posts.iter().flat_map(|post| post.holders.iter().map(move |one| (post, one))) {
        if !people.iter().any(|(id, ..)| *id == holder.tenure.person_id) {
            people.push((holder.tenure.person_id, holder.name.clone(), post.post.name.clone()));
        }
    }
    people
}

/// What the rules that ask the unit today, or its posts or people, want of each kind beside the record itself.
fn proofs_of(
    conn: &mut Conn,
    unit: UnitId,
    posts: &[PostHolders],
    actions: &[RequiredAction],
    today: Day,
) -> Result<Vec<(String, Lack)>, Error> {
    let mut found: Vec<(String, Lack)> = Vec::new();
    for (period, version) in actions.iter().filter_map(|action| action.period_of(today)) {
        let rule = &version.rule;
        let wants = [
            (rule.part == Part::Lead && rule.subject.table() != SubjectKind::Unit, Lack::Lead),
            (rule.proof == Proof::Minutes, Lack::Minutes),
            (rule.proof == Proof::Material, Lack::Material),
            (rule.unit == QuantityUnit::Hours, Lack::Duration),
        ];
        let mut held = posts.iter().filter(|one| !one.holders.is_empty());
        let somebody = match rule.subject.table() {
            SubjectKind::Post => held.any(|one| rule.takes_post(&one.post.name, one.post.leads)),
            SubjectKind::Person => held.next().is_some(),
            _ => true,
        };
        let any = wants.iter().any(|(wanted, _)| *wanted);
        if !any || !somebody || !rules::unit_owes(conn, rule, unit, period.last)? {
            continue;
        }
        for kind in &rule.kinds {
            for (_, lack) in wants.iter().filter(|(wanted, _)| *wanted) {
                let one = (kind.clone(), *lack);
                if !found.contains(&one) {
                    found.push(one);
                }
            }
        }
    }
    Ok(found)
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
