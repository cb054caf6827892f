//! The ledger 台账: filtered, sorted, paged lists of problems inside the reader's rights, now or as of a past day.

pub(crate) mod export;
mod query;
mod view;

pub use bihuan_store::problem::{LedgerSort, PAGE_ROWS};
pub(crate) use export::document_error;
pub use export::{EXPORT_ROWS_MAX, ExportFormat, scratch_file};
pub use query::{LedgerQuery, PAGE_CHOICES};
pub use view::VIEW_NAME_CHARS_MAX;

use crate::Error;
use crate::context::{self, App, Context, campaign_for, readable_unit};
use bihuan_domain::Day;
use bihuan_domain::campaign::{Campaign, CampaignRules, reach};
use bihuan_domain::colour::Colour;
use bihuan_domain::id::UnitId;
use bihuan_domain::problem::{PartyRole, Problem};
use bihuan_domain::role::Actor;
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_store::Conn;
use bihuan_store::counts::{self, AsOf, Counts};
use bihuan_store::journal;
use bihuan_store::ledger::{self as store, PartyName, PostName};
use bihuan_store::problem::{self as problems, LedgerFilter};
use bihuan_store::records::SavedView;
use std::collections::HashMap;

/// What is shown instead of a problem that has since gone to a unit out of the reader's sight.
pub const GONE_ELSEWHERE: &str = "（已转由其他单位办理，您现在没有查看权限）";

/// The template's names for the codes that problems carry, in official order. A code without a name is a wording.
#[derive(Clone, Debug, Default)]
pub struct FacetNames {
    /// Categories.
    pub categories: Vec<(String, String)>,
    /// Strands 重点措施.
    pub strands: Vec<(String, String)>,
    /// Sources.
    pub sources: Vec<(String, String)>,
}

impl FacetNames {
    fn of(app: &App, campaign: &Campaign) -> Result<FacetNames, Error> {
        if campaign.template_text.is_empty() {
            return Ok(FacetNames::default());
        }
        let template = app.template(campaign)?;
        let pair = |code: &String, name: &String| (code.clone(), name.clone());
        Ok(FacetNames {
            categories: template.categories.iter().map(|one| pair(&one.code, &one.name)).collect(),
            strands: template.strands.iter().map(|one| pair(&one.code, &one.name)).collect(),
            sources: template.sources.iter().map(|one| pair(&one.code, &one.name)).collect(),
        })
    }

    /// The name of a code; the wording itself where there is none.
    pub fn name<'a>(list: &'a [(String, String)], code: &'a str) -> &'a str {
        list.iter().find(|(have, _)| have == code).map_or(code, |(_, name)| name)
    }
}

/// Where a list or an overview looks from: campaign, unit, day.
#[derive(Clone, Debug)]
pub struct Standpoint {
    /// The campaign.
    pub campaign: Campaign,
    /// Its rules.
    pub rules: CampaignRules,
    /// Names of categories, strands and sources.
    pub words: FacetNames,
    /// The unit; as of a past day it bears the name of that day.
    pub unit: Unit,
    /// The units above it that the reader may see, and itself, root first.
    pub above: Vec<Unit>,
    /// The day the figures are told for.
    pub day: Day,
    /// Set when that day has passed.
    pub as_of: Option<AsOf>,
    /// The entry that was asked for, where one was: a figure of an issued report.
    pub entry: Option<i64>,
    /// Number of the last entry that counts.
    pub seq: i64,
}

/// One row of the ledger with the names it shows.
#[derive(Clone, Debug)]
pub struct Line {
    /// The problem.
    pub problem: Problem,
    /// Its colour on the day.
    pub colour: Option<Colour>,
    /// Days it is late on the day; 0 when it is not.
    pub late_days: i32,
    /// Name of the unit it is counted at.
    pub home: String,
    /// Units with a part in it, as they stand today.
    pub parties: Vec<PartyName>,
    /// Leader in charge.
    pub leader: Option<PostName>,
}

impl Line {
    /// Names of the units with a role, joined by 、.
    pub fn units(&self, role: PartyRole) -> String {
        let names: Vec<&str> =
            self.parties.iter().filter(|p| p.role == role).map(|p| p.name.as_str()).collect();
        names.join("、")
    }
}

/// One page of the ledger.
#[derive(Clone, Debug)]
pub struct LedgerView {
    /// The question as it was understood.
    pub query: LedgerQuery,
    /// Where it looks from.
    pub at: Standpoint,
    /// The rows.
    pub lines: Vec<Line>,
    /// How many rows there are in all.
    pub total: i64,
    /// What the whole subtree counts: categories, strands and sources to choose from.
    pub counts: Counts,
    /// Leaders in charge to choose from.
    pub leaders: Vec<PostName>,
    /// Campaigns the reader may see.
    pub campaigns: Vec<Campaign>,
    /// The reader's saved views.
    pub views: Vec<SavedView>,
    /// Units right below the unit, to choose from.
    pub below: Vec<Unit>,
}

impl App {
    /// Lists a page of the ledger.
    ///
    /// # Errors
    /// `NotFound` for a campaign or unit out of sight.
    pub fn ledger(&self, ctx: &Context, query: &LedgerQuery) -> Result<LedgerView, Error> {
        self.db.read(|conn| {
            let at = standpoint(self, conn, ctx, query)?;
            let filter = query.filter(&at);
            let page = problems::list(conn, &filter)?;
            let lines = lines(conn, &at, page.rows, &ctx.actor)?;
            let yellow = at.rules.yellow_days;
            let counts = counts::of_unit(conn, at.unit.id, at.campaign.id, at.day, yellow, None)?;
            Ok(LedgerView {
                leaders: store::leaders_in(conn, at.campaign.id, &at.unit.path, at.day)?,
                campaigns: seen_campaigns(conn, ctx)?,
                views: store::saved_views(conn, ctx.actor.person)?,
                below: store::children(conn, at.unit.id)?,
                query: query.clone(),
                at,
                lines,
                total: page.total,
                counts,
            })
        })
    }

    /// Counts the rows a query lists.
    ///
    /// # Errors
    /// As [`App::ledger`].
    pub fn ledger_total(&self, ctx: &Context, query: &LedgerQuery) -> Result<i64, Error> {
        self.db.read(|conn| {
            let at = standpoint(self, conn, ctx, query)?;
            Ok(problems::count(conn, &query.filter(&at))?)
        })
    }
}

/// Finds campaign, unit and day of a question, inside the reader's rights. Without a campaign the first running one is
/// meant, without a unit the highest the reader may read in it.
///
/// # Errors
/// `NotFound`.
pub fn standpoint(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    query: &LedgerQuery,
) -> Result<Standpoint, Error> {
    let campaign = match query.campaign {
        Some(id) => campaign_for(conn, ctx, id)?,
        None => seen_campaigns(conn, ctx)?.into_iter().next().ok_or(Error::NotFound)?,
    };
    let mut unit = match query.unit {
        Some(id) => readable_unit(conn, ctx, id)?,
        None => home_unit(conn, ctx, &campaign)?,
    };
    let past = query.as_of.filter(|day| *day < ctx.today());
    let as_of = match past {
        // What an issued report counted: exactly the entries up to the one it names.
        _ if query.entry.is_some() => {
            let head = journal::head(conn)?;
            let day = past.unwrap_or_else(|| ctx.today());
            query.entry.map(|entry| AsOf { seq: entry.clamp(0, head), day })
        }
        None => None,
        Some(day) => Some(AsOf { seq: journal::last_of_day(conn, day)?, day }),
    };
    let mut above = store::units(conn, &unit.path.units())?;
    above.retain(|unit| ctx.actor.may_read(&unit.path));
    if let Some(moment) = as_of {
        let names = store::unit_names_on(conn, above.iter().map(|unit| unit.id), moment.day)?;
        for one in above.iter_mut().chain(std::iter::once(&mut unit)) {
            if let Some(name) = names.get(&one.id) {
                one.name.clone_from(name);
            }
        }
    }
    let seq = match as_of {
        Some(moment) => moment.seq,
        None => journal::head(conn)?,
    };
    Ok(Standpoint {
        rules: app.rules(&campaign)?,
        words: FacetNames::of(app, &campaign)?,
        campaign,
        unit,
        above,
        day: past.unwrap_or_else(|| ctx.today()),
        entry: query.entry,
        as_of,
        seq,
    })
}

/// The highest unit the reader may read within the campaign; their highest one where the campaign lies below it.
fn home_unit(conn: &mut Conn, ctx: &Context, campaign: &Campaign) -> Result<Unit, Error> {
    let office = context::root_of(conn, campaign)?;
    let roots = ctx.actor.readable_roots();
    if roots.iter().any(|(_, path)| office.path.is_within(path)) {
        return Ok(office);
    }
    let mut within: Vec<&(UnitId, UnitPath)> =
        roots.iter().filter(|(_, path)| path.is_within(&office.path)).collect();
    within.sort_by_key(|(_, path)| path.as_str().len());
    let (id, _) = within.first().ok_or(Error::NotFound)?;
    context::unit(conn, *id)
}

/// Campaigns that reach a unit the reader reads, running ones first.
///
/// # Errors
/// Faults of the database.
pub fn seen_campaigns(conn: &mut Conn, ctx: &Context) -> Result<Vec<Campaign>, Error> {
    let roots = ctx.actor.readable_roots();
    let mut seen = Vec::new();
    let all = store::campaigns(conn)?;
    let offices: Vec<UnitId> = all.iter().map(|campaign| campaign.office_unit_id).collect();
    let paths: HashMap<UnitId, UnitPath> =
        store::units(conn, &offices)?.iter().map(|unit| (unit.id, reach(unit))).collect();
    for campaign in all {
        let Some(office) = paths.get(&campaign.office_unit_id) else { continue };
        if roots.iter().any(|(_, path)| path.is_within(office) || office.is_within(path)) {
            seen.push(campaign);
        }
    }
    Ok(seen)
}

/// Names for a page of problems. A problem that moved out of sight since keeps its place in the list, but not its text.
pub(crate) fn lines(
    conn: &mut Conn,
    at: &Standpoint,
    rows: Vec<Problem>,
    actor: &Actor,
) -> Result<Vec<Line>, Error> {
    let parties = store::parties_of(conn, rows.iter().map(|p| p.id))?;
    let homes = rows.iter().map(|p| p.home_unit_id);
    let names = match at.as_of {
        None => store::unit_names(conn, homes)?,
        Some(moment) => store::unit_names_on(conn, homes, moment.day)?,
    };
    let leaders = store::post_names(conn, rows.iter().filter_map(|p| p.leader_post_id), at.day)?;
    let yellow = at.rules.yellow_days;
    let line = |mut problem: Problem| {
        // A problem stands once for each time something happened to it.
        let parties: Vec<PartyName> = parties.get(&problem.id).cloned().unwrap_or_default();
        let seen = actor.may_read(&problem.home_path)
            || problem.home_path.is_within(&at.unit.path)
            || parties.iter().any(|party| actor.may_read(&party.path));
        if !seen {
            blank(&mut problem);
        }
        Line {
            colour: problem.colour_on(at.day, yellow),
            late_days: late_days(&problem, at.day),
            home: names.get(&problem.home_unit_id).cloned().unwrap_or_default(),
            leader: problem.leader_post_id.and_then(|post| leaders.get(&post).cloned()),
            parties: if seen { parties } else { Vec::new() },
            problem,
        }
    };
    Ok(rows.into_iter().map(line).collect())
}

fn late_days(problem: &Problem, day: Day) -> i32 {
    if problem.is_late_on(day) { problem.clock_day.map_or(0, |clock| day.minus(clock)) } else { 0 }
}

fn blank(problem: &mut Problem) {
    GONE_ELSEWHERE.clone_into(&mut problem.text);
    for text in [
        &mut problem.place,
        &mut problem.goal,
        &mut problem.ground,
        &mut problem.progress,
        &mut problem.statement,
        &mut problem.remark,
        &mut problem.status_text,
        &mut problem.extra,
    ] {
        text.clear();
    }
}

impl LedgerQuery {
    /// The store's filter from a standpoint.
    pub fn filter(&self, at: &Standpoint) -> LedgerFilter {
        let limit = self.per.unwrap_or(problems::PAGE_ROWS).clamp(1, problems::PAGE_ROWS_MAX);
        LedgerFilter {
            campaign: at.campaign.id,
            unit: at.unit.id,
            path: at.unit.path.clone(),
            own_only: self.own,
            level: self.level,
            today: at.day,
            yellow_days: at.rules.yellow_days,
            states: self.states.clone(),
            colour: self.colour,
            late: self.late,
            late_age: self.late_age,
            outcome: self.outcome,
            category: self.category.clone(),
            strand: self.strand.clone(),
            source: self.source.clone(),
            leader_post: self.leader,
            import: self.import,
            text: self.text.clone(),
            newly_late: self.newly_late,
            moved: self.moved.map(|flow| problems::Moved {
                flow,
                from: self.from.unwrap_or(at.day),
                to: self.to.unwrap_or(at.day).min(at.day),
            }),
            as_of: at.as_of,
            sort: self.sort,
            offset: (self.page.max(1) - 1).saturating_mul(limit),
            limit,
        }
    }
}
