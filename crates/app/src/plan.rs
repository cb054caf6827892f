//! The plan 施工图 of a unit: one time line over all strands, drawn from what other nouns hold (M03).

mod action;
mod campaign;
mod problem;
mod task;

pub(crate) use action::some_names;

use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use bihuan_domain::Day;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::plan::{BarKind, BarState, Span, bar_state, window};
use bihuan_domain::problem::Problem;
use bihuan_domain::template::Template;
use bihuan_domain::unit::Unit;
use bihuan_store::Conn;
use serde::Serialize;
use std::sync::Arc;

/// Most bars of one plan.
pub const PLAN_BARS_MAX: usize = 200;
/// Most rows one source gives.
pub(crate) const SOURCE_ROWS_MAX: i64 = 400;

/// Which plan.
#[derive(Clone, Copy, Debug)]
pub struct PlanQuery {
    /// The campaign.
    pub campaign: CampaignId,
    /// The unit itself, not those below it.
    pub unit: UnitId,
    /// How much is shown.
    pub span: Span,
    /// A day of the month or quarter that is shown.
    pub day: Option<Day>,
}

/// One stretch of work on the time line.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    /// What it is.
    pub kind: BarKind,
    /// Name of the strand it belongs to; empty for none.
    pub strand: String,
    /// What is to be done.
    pub title: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// How it stands today.
    pub state: BarState,
    /// Further words, such as how far it is; may be empty.
    pub note: String,
    /// Posts and people of the unit who have not done it, where it is theirs and has begun.
    pub missing: Vec<String>,
    /// Where it is found.
    pub href: String,
}

impl Bar {
    /// A bar whose state follows from its days.
    pub(crate) fn new(
        kind: BarKind,
        title: impl Into<String>,
        (from, to): (Day, Day),
        done: bool,
        today: Day,
    ) -> Bar {
        let from = from.min(to);
        Bar {
            kind,
            strand: String::new(),
            title: title.into(),
            from,
            to,
            state: bar_state(from, to, done, today),
            note: String::new(),
            missing: Vec::new(),
            href: String::new(),
        }
    }
}

/// A unit's plan.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// The unit.
    pub unit_id: UnitId,
    /// Its name.
    pub unit_name: String,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Its name.
    pub campaign_name: String,
    /// What is shown.
    pub span: Span,
    /// First day shown.
    pub from: Day,
    /// Last day shown.
    pub to: Day,
    /// Today.
    pub today: Day,
    /// Strands in official order, each with its bars by day; the campaign's own steps come first, what belongs to no
    /// strand last.
    pub groups: Vec<(String, Vec<Bar>)>,
    /// Bars that did not fit.
    pub left_out: usize,
}

impl Plan {
    /// All bars.
    pub fn bars(&self) -> impl Iterator<Item = &Bar> {
        self.groups.iter().flat_map(|(_, bars)| bars)
    }

    /// How many stand so.
    pub fn count(&self, state: BarState) -> usize {
        self.bars().filter(|bar| bar.state == state).count()
    }
}

/// What a source of bars may look at.
pub(crate) struct Site<'a> {
    pub(crate) ctx: &'a Context,
    pub(crate) unit: &'a Unit,
    pub(crate) campaign: &'a Campaign,
    pub(crate) template: Option<Arc<Template>>,
    pub(crate) calendar: Arc<Calendar>,
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) past: Option<Past>,
}

/// A day that has passed, with the unit's problems as they stood at its end.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub(crate) day: Day,
    pub(crate) problems: Vec<Problem>,
}

impl Site<'_> {
    /// The day things are judged by.
    pub(crate) fn today(&self) -> Day {
        self.past.as_ref().map_or(self.ctx.today(), |past| past.day)
    }

    /// The name of a strand's code.
    pub(crate) fn strand(&self, code: &str) -> String {
        let known = self.template.as_ref().and_then(|template| template.strand(code));
        known.map(|strand| strand.name.clone()).unwrap_or_default()
    }
}

type Source = fn(&mut Conn, &Site<'_>) -> Result<Vec<Bar>, Error>;

/// One line a noun.
const SOURCES: &[Source] = &[campaign::bars, action::bars, task::bars, problem::bars];

/// The heads of what belongs to no strand.
const STEPS: &str = "专项步骤";
const REST: &str = "未归入重点措施";

impl App {
    /// The plan of a unit.
    ///
    /// # Errors
    /// `NotFound` for a campaign or unit out of sight.
    pub fn plan(&self, ctx: &Context, query: &PlanQuery) -> Result<Plan, Error> {
        self.plan_on(ctx, query, None)
    }

    /// The plan of a unit as it stood at the end of a day that has passed.
    pub(crate) fn plan_on(
        &self,
        ctx: &Context,
        query: &PlanQuery,
        past: Option<Past>,
    ) -> Result<Plan, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, query.campaign)?;
            let unit = readable_unit(conn, ctx, query.unit)?;
            let day = query.day.unwrap_or(ctx.today());
            let (from, to) = window(query.span, day, (campaign.starts_day, campaign.ends_day));
            let template = match campaign.template_text.is_empty() {
                true => None,
                false => Some(self.template(&campaign)?),
            };
            let calendar = self.calendar_of(conn, past.as_ref().map(|past| past.day))?;
            let site = Site { ctx, unit: &unit, campaign: &campaign, template, calendar, from, to, past };
            let mut bars = Vec::new();
            for source in SOURCES {
                bars.extend(source(conn, &site)?);
            }
            bars.retain(|bar| bar.from <= to && (bar.to >= from || bar.state == BarState::Late));
            bars.sort_by_key(|bar| (bar.to, bar.from));
            let left_out = bars.len().saturating_sub(PLAN_BARS_MAX);
            bars.truncate(PLAN_BARS_MAX);
            Ok(Plan {
                unit_id: unit.id,
                unit_name: unit.name.clone(),
                campaign_id: campaign.id,
                campaign_name: campaign.name.clone(),
                span: query.span,
                from,
                to,
                today: site.today(),
                groups: grouped(bars, site.template.as_deref()),
                left_out,
            })
        })
    }
}

/// Bars by strand in the order of the template.
fn grouped(bars: Vec<Bar>, template: Option<&Template>) -> Vec<(String, Vec<Bar>)> {
    let mut groups: Vec<(String, Vec<Bar>)> = vec![(STEPS.to_owned(), Vec::new())];
    let strands = template.map(|template| template.strands.as_slice()).unwrap_or_default();
    groups.extend(strands.iter().map(|strand| (strand.name.clone(), Vec::new())));
    groups.push((REST.to_owned(), Vec::new()));
    let last = groups.len() - 1;
    for bar in bars {
        let at = match bar.kind {
            BarKind::Campaign => 0,
            _ => groups.iter().position(|(name, _)| *name == bar.strand).unwrap_or(last),
        };
        groups[at].1.push(bar);
    }
    groups.retain(|(_, bars)| !bars.is_empty());
    groups
}
