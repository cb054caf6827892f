//! The application and the circumstances of one call.

use crate::Error;
use crate::fonts::ReportSettings;
use crate::vault::Vault;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::campaign::{Campaign, CampaignRules};
use bihuan_domain::deadline::DeadlineDefaults;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::password::SecurityPolicy;
use bihuan_domain::problem::Scene;
use bihuan_domain::role::Actor;
use bihuan_domain::template::Template;
use bihuan_domain::unit::Unit;
use bihuan_domain::unit_match::UnitIndex;
use bihuan_domain::{Day, Instant};
use bihuan_store::journal::{self, Stamp};
use bihuan_store::{Conn, Db};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// The application: the database and what is read from it once.
#[derive(Clone, Debug)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Settings of passwords, sessions and locks.
    pub policy: Arc<SecurityPolicy>,
    /// Seals secrets that must be read again.
    pub vault: Vault,
    /// Address and fonts for reports.
    pub reports: Arc<ReportSettings>,
    cache: Arc<Cache>,
    tokens: Arc<crate::channel::Tokens>,
}

#[derive(Debug, Default)]
struct Cache {
    /// Parsed templates by campaign and its row version.
    templates: RwLock<HashMap<(CampaignId, i64), Arc<Template>>>,
    /// The calendar with the operator's own rows; `None` until first asked or after a change.
    calendar: RwLock<Option<Arc<Calendar>>>,
    /// Names of all units, with the stamp of the tree and the day they were read for.
    names: RwLock<Option<NamesOfDay>>,
}

/// When and from where somebody knocks who has not said who they are.
#[derive(Clone, Debug)]
pub struct Visit {
    /// When.
    pub at: Instant,
    /// Network address; empty where it is not known.
    pub source_address: String,
}

#[derive(Debug)]
struct NamesOfDay {
    stamp: (i64, i64),
    day: Day,
    index: Arc<UnitIndex>,
}

/// Who calls, when, from where.
#[derive(Clone, Debug)]
pub struct Context {
    /// The person with posts and grants of the day.
    pub actor: Arc<Actor>,
    /// When.
    pub at: Instant,
    /// Network address, or `console`.
    pub source_address: String,
}

impl Context {
    /// The day in China.
    pub fn today(&self) -> Day {
        self.at.day_in_china()
    }

    /// The circumstances for a rule.
    pub fn scene<'a>(&'a self, rules: &'a CampaignRules) -> Scene<'a> {
        Scene { actor: &self.actor, today: self.today(), now: self.at, rules }
    }

    /// The stamp of entries done for `unit`.
    pub fn stamp(&self, unit: Option<&Unit>) -> Stamp {
        let post = unit.and_then(|unit| self.actor.post_for(&unit.path)).or_else(|| self.actor.posts.first());
        Stamp {
            at: self.at,
            account: Some(self.actor.account),
            person: Some(self.actor.person),
            post: post.map(|post| post.post),
            unit: unit.map(|unit| unit.id).or_else(|| post.map(|post| post.unit)),
            source_address: self.source_address.clone(),
        }
    }
}

impl App {
    /// An application on an opened and migrated database.
    pub fn new(db: Db) -> App {
        App {
            db,
            policy: Arc::default(),
            vault: Vault::default(),
            reports: Arc::default(),
            cache: Arc::default(),
            tokens: Arc::default(),
        }
    }

    /// Tokens of platforms that messages go out by.
    pub(crate) fn tokens(&self) -> &crate::channel::Tokens {
        &self.tokens
    }

    /// The same application under other security settings.
    #[must_use]
    pub fn with_policy(mut self, policy: SecurityPolicy) -> App {
        self.policy = Arc::new(policy);
        self
    }

    /// The same application with the key to its secrets.
    #[must_use]
    pub fn with_vault(mut self, vault: Vault) -> App {
        self.vault = vault;
        self
    }

    /// The same application with the address and the font folders of an installation.
    #[must_use]
    pub fn with_reports(mut self, settings: ReportSettings) -> App {
        self.reports = Arc::new(settings);
        self
    }

    /// Number and time of the last entry of the journal: what a page is exact as of.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn as_of(&self) -> Result<(i64, Option<Instant>), Error> {
        self.db.read(|conn| {
            let seq = journal::head(conn)?;
            let last = journal::list(conn, &journal::EntryFilter::default(), 1)?;
            Ok((seq, last.first().map(|entry| entry.at)))
        })
    }

    /// The rules of a campaign's problems.
    ///
    /// # Errors
    /// A fault when the stored template no longer parses.
    pub fn rules(&self, campaign: &Campaign) -> Result<CampaignRules, Error> {
        if campaign.template_text.is_empty() {
            return Ok(CampaignRules::default());
        }
        Ok(self.template(campaign)?.rules())
    }

    /// The template of a campaign, parsed once per version.
    ///
    /// # Errors
    /// A fault when the stored text no longer parses.
    pub fn template(&self, campaign: &Campaign) -> Result<Arc<Template>, Error> {
        let key = (campaign.id, campaign.version);
        if let Ok(cache) = self.cache.templates.read()
            && let Some(template) = cache.get(&key)
        {
            return Ok(Arc::clone(template));
        }
        let parsed = Template::parse(&campaign.template_text).map_err(|faults| {
            bihuan_store::Fault::corrupt(format!(
                "the template of campaign {} does not parse: {faults:?}",
                campaign.id
            ))
        })?;
        let parsed = Arc::new(parsed);
        if let Ok(mut cache) = self.cache.templates.write() {
            cache.insert(key, Arc::clone(&parsed));
        }
        Ok(parsed)
    }

    /// What the campaign takes for granted where a deadline's wording leaves it open.
    ///
    /// # Errors
    /// As [`App::rules`].
    pub fn deadline_defaults(&self, campaign: &Campaign) -> Result<DeadlineDefaults, Error> {
        if campaign.template_text.is_empty() {
            return Ok(DeadlineDefaults::default());
        }
        Ok(self.template(campaign)?.deadline_defaults())
    }

    /// The working-day calendar with the operator's own rows.
    ///
    /// # Errors
    /// Faults of the database, or of rows that contradict each other.
    pub fn calendar(&self, conn: &mut Conn) -> Result<Arc<Calendar>, Error> {
        if let Ok(cache) = self.cache.calendar.read()
            && let Some(calendar) = cache.as_ref()
        {
            return Ok(Arc::clone(calendar));
        }
        let calendar = Arc::new(bihuan_store::calendar::load(conn)?);
        if let Ok(mut cache) = self.cache.calendar.write() {
            *cache = Some(Arc::clone(&calendar));
        }
        Ok(calendar)
    }

    /// The working-day calendar of today, or as it was at the end of a day that has passed.
    pub(crate) fn calendar_of(&self, conn: &mut Conn, past: Option<Day>) -> Result<Arc<Calendar>, Error> {
        match past {
            None => self.calendar(conn),
            Some(day) => Ok(Arc::new(bihuan_store::calendar::load_on(conn, day)?)),
        }
    }

    /// The names of all units, ready to match what ledgers write; built again when the tree has changed.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn unit_index(&self, conn: &mut Conn, day: Day) -> Result<Arc<UnitIndex>, Error> {
        let stamp = bihuan_store::ledger::tree_stamp(conn)?;
        if let Ok(cache) = self.cache.names.read()
            && let Some(names) = cache.as_ref().filter(|names| names.stamp == stamp && names.day == day)
        {
            return Ok(Arc::clone(&names.index));
        }
        let index = Arc::new(UnitIndex::new(bihuan_store::ledger::candidates(conn, day)?));
        if let Ok(mut cache) = self.cache.names.write() {
            *cache = Some(NamesOfDay { stamp, day, index: Arc::clone(&index) });
        }
        Ok(index)
    }

    /// Forgets the calendar after its rows were changed.
    pub fn forget_calendar(&self) {
        if let Ok(mut cache) = self.cache.calendar.write() {
            *cache = None;
        }
    }
}

/// Loads a campaign that the actor may see: it reaches a unit the actor reads, or lies above one.
///
/// # Errors
/// `NotFound`.
pub fn campaign_for(conn: &mut Conn, ctx: &Context, id: CampaignId) -> Result<Campaign, Error> {
    let campaign = bihuan_store::campaign::by_id(conn, id)?.ok_or(Error::NotFound)?;
    let reach = bihuan_domain::campaign::reach(&unit(conn, campaign.office_unit_id)?);
    let roots = ctx.actor.readable_roots();
    let seen = roots.iter().any(|(_, path)| path.is_within(&reach) || reach.is_within(path));
    if seen { Ok(campaign) } else { Err(Error::NotFound) }
}

/// The unit whose subtree a campaign covers: the office's own, or for a task force the one it works for.
///
/// # Errors
/// `NotFound` for a broken campaign.
pub fn root_of(conn: &mut Conn, campaign: &Campaign) -> Result<Unit, Error> {
    let office = unit(conn, campaign.office_unit_id)?;
    let reach = bihuan_domain::campaign::reach(&office);
    match reach.units().last() {
        Some(id) if *id != office.id => unit(conn, *id),
        _ => Ok(office),
    }
}

/// Problems of a campaign belong to units it covers.
///
/// # Errors
/// `unit_outside_campaign`, naming the field `unit`.
pub fn require_within(conn: &mut Conn, campaign: &Campaign, unit: &Unit) -> Result<(), Error> {
    let root = root_of(conn, campaign)?;
    if unit.path.is_within(&root.path) {
        return Ok(());
    }
    Err(bihuan_domain::Refusal::of_field(
        "unit",
        "unit_outside_campaign",
        format!("“{}”不在专项行动“{}”的范围（{}及其下级）之内。", unit.name, campaign.name, root.name),
        "请选择范围内的登记单位，或换一个专项行动。",
    )
    .into())
}

/// Loads a unit, whoever asks.
///
/// # Errors
/// `NotFound`.
pub fn unit(conn: &mut Conn, id: UnitId) -> Result<Unit, Error> {
    bihuan_store::unit::by_id(conn, id)?.ok_or(Error::NotFound)
}

/// Loads a unit whose business the actor may read.
///
/// # Errors
/// `NotFound`, also when it exists but lies outside the actor's subtrees.
pub fn readable_unit(conn: &mut Conn, ctx: &Context, id: UnitId) -> Result<Unit, Error> {
    let unit = unit(conn, id)?;
    if ctx.actor.may_read(&unit.path) { Ok(unit) } else { Err(Error::NotFound) }
}
