//! What the pages about a campaign show.

use super::{CampaignHead, seen_campaigns};
use crate::Error;
use crate::context::{self, App, Context, campaign_for};
use bihuan_domain::campaign::{
    self as rules, Campaign, CampaignAction, CampaignRules, CampaignState, Desk, DiffLine, OpenWork,
};
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::person::Person;
use bihuan_domain::role::Role;
use bihuan_domain::template::{Template, TemplateFault};
use bihuan_domain::unit::{Level, Unit};
use bihuan_domain::{Coded, Instant, Refusal};
use bihuan_store::counts::{self, Counts};
use bihuan_store::journal::{self, EntryFilter};
use bihuan_store::{Conn, campaign as store, unit as unit_store};
use std::sync::Arc;

/// Steps of a campaign's history that its page shows.
const HISTORY_ENTRIES: i64 = 20;
/// Units that are offered for a new campaign.
const OFFICES_OFFERED: usize = 200;

/// One step of a campaign's life.
#[derive(Clone, Debug)]
pub struct Happened {
    /// Number of the entry.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// What.
    pub what: &'static str,
    /// By whom.
    pub who: String,
    /// Reason or remark.
    pub note: String,
}

/// Everything on a campaign's page.
#[derive(Clone, Debug)]
pub struct CampaignView {
    /// The campaign.
    pub campaign: Campaign,
    /// The unit it is run for.
    pub office: Unit,
    /// The unit it covers with all below: the office's, or the one a task force works for.
    pub root: UnitId,
    /// Its name.
    pub root_name: String,
    /// Its template; `None` while none is chosen.
    pub template: Option<Arc<Template>>,
    /// The numbers of its rules.
    pub rules: CampaignRules,
    /// What its unit counts today, when the reader may read that unit.
    pub counts: Option<Counts>,
    /// The reader may start, change and end it.
    pub may_run: bool,
    /// What is missing before it can start: field and sentence.
    pub missing: Vec<(&'static str, &'static str)>,
    /// Running campaigns of the same template over some of the same units at the same time (Art. 15: no repeated
    /// supervision), as far as the reader may see them.
    pub overlaps: Vec<CampaignHead>,
    /// What was done to it, newest first.
    pub history: Vec<Happened>,
    /// The campaign it took over from.
    pub follows: Option<CampaignHead>,
    /// What that one still has open, for those who may take it over.
    pub to_take_over: Option<OpenWork>,
    /// Campaigns that follow this one, as far as the reader may see them.
    pub followed_by: Vec<CampaignHead>,
}

/// What saving a template's text would do.
#[derive(Clone, Debug)]
pub struct TemplatePlan {
    /// What is wrong with it, by line.
    pub faults: Vec<TemplateFault>,
    /// Why it may not be saved although it is well written.
    pub refusal: Option<Refusal>,
    /// The text, with plain line ends.
    pub text: String,
    /// All lines of both texts.
    pub lines: Vec<DiffLine>,
    /// Changed rules in plain words: label, old, new.
    pub rules: Vec<(&'static str, String, String)>,
}

impl TemplatePlan {
    /// Nothing is changed.
    pub fn is_same(&self) -> bool {
        self.lines.iter().all(|line| line.change == rules::LineChange::Kept)
    }
}

/// A unit for which the reader may set a campaign up.
#[derive(Clone, Debug)]
pub struct Office {
    /// Number.
    pub id: UnitId,
    /// Name.
    pub name: String,
    /// Level.
    pub level: Level,
    /// The root of the subtree over which the reader holds the office's role.
    pub is_root: bool,
}

fn history(conn: &mut Conn, id: CampaignId) -> Result<Vec<Happened>, Error> {
    let filter = EntryFilter { subject: Some(("campaign".to_owned(), id.0)), ..EntryFilter::default() };
    let mut happened = Vec::new();
    for entry in journal::list(conn, &filter, HISTORY_ENTRIES)? {
        let Some(action) = CampaignAction::from_code(&entry.action) else { continue };
        let person: Option<Person> = match entry.person {
            Some(person) => journal::by_id(conn, person.0)?,
            None => None,
        };
        happened.push(Happened {
            seq: entry.seq,
            at: entry.at,
            what: action.label(),
            who: person.map(|person| person.name).unwrap_or_default(),
            note: entry.note,
        });
    }
    Ok(happened)
}

impl App {
    /// A campaign with its rules, for its page.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn campaign_view(&self, ctx: &Context, id: CampaignId) -> Result<CampaignView, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, id)?;
            let office = context::unit(conn, campaign.office_unit_id)?;
            let rules = self.rules(&campaign)?;
            let template = match campaign.template_text.is_empty() {
                true => None,
                false => Some(self.template(&campaign)?),
            };
            let reach = rules::reach(&office);
            let root = reach.units().last().copied().unwrap_or(office.id);
            let counts = match ctx.actor.may_read(&reach) {
                true => Some(counts::of_unit(conn, root, id, ctx.today(), rules.yellow_days, None)?),
                false => None,
            };
            let seen = seen_campaigns(conn, ctx)?;
            let overlaps = self.overlaps(conn, &campaign, &office, template.as_deref(), &seen)?;
            let follows = campaign.follows_id.and_then(|id| seen.iter().find(|head| head.id == id).cloned());
            let may_run = rules::may_run(&ctx.actor, &office);
            let to_take_over = match &follows {
                Some(earlier) if may_run && campaign.state == CampaignState::Running => {
                    Some(store::open_work(conn, earlier.id, ctx.today())?)
                }
                _ => None,
            };
            let mut followed_by = seen.clone();
            let after = store::following(conn, id)?;
            followed_by.retain(|head| after.contains(&head.id));
            Ok(CampaignView {
                to_take_over,
                followed_by,
                may_run: rules::may_run(&ctx.actor, &office),
                missing: rules::missing_for_start(&campaign),
                history: history(conn, id)?,
                root,
                root_name: unit_store::names(conn, [root])?.remove(&root).unwrap_or_default(),
                campaign,
                office,
                template,
                rules,
                counts,
                overlaps,
                follows,
            })
        })
    }

    fn overlaps(
        &self,
        conn: &mut Conn,
        campaign: &Campaign,
        office: &Unit,
        template: Option<&Template>,
        seen: &[CampaignHead],
    ) -> Result<Vec<CampaignHead>, Error> {
        let Some(template) = template.filter(|_| campaign.state != CampaignState::Ended) else {
            return Ok(Vec::new());
        };
        let mut overlaps = Vec::new();
        for head in seen.iter().filter(|head| head.id != campaign.id && head.state == CampaignState::Running)
        {
            let (place, own) = (&head.reach, rules::reach(office));
            let same_units = place.is_within(&own) || own.is_within(place);
            let same_time = campaign.ends_day.is_none_or(|ends| head.starts_day <= ends)
                && head.ends_day.is_none_or(|ends| campaign.starts_day <= ends);
            if !same_units || !same_time {
                continue;
            }
            let other: Option<Campaign> = journal::by_id(conn, head.id.0)?;
            let Some(other) = other.filter(|other| !other.template_text.is_empty()) else { continue };
            if self.template(&other)?.code == template.code {
                overlaps.push(head.clone());
            }
        }
        Ok(overlaps)
    }

    /// A campaign and its open problems, for the page that asks before it is ended.
    ///
    /// # Errors
    /// `NotFound`, also for readers who may not end it.
    pub fn campaign_ending(&self, ctx: &Context, id: CampaignId) -> Result<(Campaign, OpenWork), Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, id)?;
            let office = context::unit(conn, campaign.office_unit_id)?;
            if !rules::may_run(&ctx.actor, &office) {
                return Err(Error::NotFound);
            }
            let open = store::open_work(conn, id, ctx.today())?;
            Ok((campaign, open))
        })
    }

    /// What saving a text as the campaign's template would do. Changes nothing.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn plan_template(&self, ctx: &Context, id: CampaignId, text: &str) -> Result<TemplatePlan, Error> {
        let text = super::steps::with_plain_line_ends(text);
        self.db.read(|conn| {
            let before = campaign_for(conn, ctx, id)?;
            let office = context::unit(conn, before.office_unit_id)?;
            let (new, faults) = match Template::parse(&text) {
                Ok(new) => (Some(new), Vec::new()),
                Err(faults) => (None, faults),
            };
            let old = Template::parse(&before.template_text).ok();
            let rules_changed =
                new.as_ref().map(|new| rules::changed_rules(old.as_ref(), new)).unwrap_or_default();
            let used = store::used(conn, id)?;
            let desk = Desk { actor: &ctx.actor, today: ctx.today() };
            // The reason is asked for on the page that shows the plan; here any will do.
            let refusal = match new {
                Some(_) => rules::change_template(&desk, &before, &office, &text, &used, "核对").err(),
                None => None,
            };
            let lines = rules::changed_lines(&before.template_text, &text);
            Ok(TemplatePlan { faults, refusal, text: text.clone(), lines, rules: rules_changed })
        })
    }

    /// The units for which the reader may set a campaign up: the roots of their office's roles, and the units directly
    /// below these.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn campaign_offices(&self, ctx: &Context) -> Result<Vec<Office>, Error> {
        let mut roots: Vec<_> = ctx.actor.grants.iter().filter(|grant| grant.role == Role::Office).collect();
        roots.sort_by_key(|grant| (grant.path.as_str().len(), grant.unit));
        roots.dedup_by_key(|grant| grant.unit);
        let office = |unit: &Unit, is_root| Office {
            id: unit.id,
            name: unit.name.clone(),
            level: unit.level,
            is_root,
        };
        self.db.read(|conn| {
            let mut offices: Vec<Office> = Vec::new();
            for grant in roots {
                let root = context::unit(conn, grant.unit)?;
                let children = unit_store::open_children(conn, root.id)?;
                let found = std::iter::once(office(&root, true))
                    .chain(children.iter().map(|unit| office(unit, false)));
                for office in found {
                    if offices.len() < OFFICES_OFFERED && offices.iter().all(|have| have.id != office.id) {
                        offices.push(office);
                    }
                }
            }
            Ok(offices)
        })
    }
}
