//! Coverage 覆盖: units and people that no rule or no record reaches, so that nobody is left out (M04).

use super::matrix::standpoint;
use super::seen_actions;
use crate::Error;
use crate::context::{App, Context, campaign_for};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, PersonId, UnitId};
use bihuan_domain::required_action::SubjectKind;
use bihuan_domain::unit::Unit;
use bihuan_store::required_action as store;
use bihuan_store::scope;
use std::collections::BTreeSet;

/// Largest subtree a coverage list is made for, in units.
pub const COVERAGE_UNITS_MAX: i64 = 5_000;

/// Who is left out of a campaign.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The campaign.
    pub campaign: Campaign,
    /// The unit looked at, with all below.
    pub unit: Unit,
    /// Open units of the subtree.
    pub units: i64,
    /// The subtree is too large for a list; ask for a unit below.
    pub too_large: bool,
    /// Units that no rule reaches, in official order.
    pub without_rule: Vec<(UnitId, String)>,
    /// Units that a rule reaches and that have no record since the campaign began.
    pub without_record: Vec<(UnitId, String)>,
    /// People with a post in the subtree who took part in nothing that was recorded since the campaign began, with the
    /// unit of their post. Only where some rule asks people.
    pub people: Vec<(PersonId, String, String)>,
    /// Some rule asks people.
    pub asks_people: bool,
}

impl App {
    /// Who is left out, within a unit's subtree.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn coverage(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        unit: Option<UnitId>,
    ) -> Result<Coverage, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let unit = standpoint(conn, ctx, &campaign, unit)?;
            let today = ctx.today();
            let units = bihuan_store::unit::open_below(conn, &unit.path)?;
            let actions = seen_actions(conn, ctx, campaign.id)?;
            let rules: Vec<_> = actions
                .iter()
                .filter_map(|action| action.newest())
                .filter(|version| version.until_day.is_none_or(|until| today < until))
                .map(|version| version.rule.clone())
                .collect();
            let asks_people = rules.iter().any(|rule| rule.subject == SubjectKind::Person);
            let mut found = Coverage {
                units,
                too_large: units > COVERAGE_UNITS_MAX,
                without_rule: Vec::new(),
                without_record: Vec::new(),
                people: Vec::new(),
                asks_people,
                campaign,
                unit,
            };
            if found.too_large {
                return Ok(found);
            }
            let mut reached: BTreeSet<UnitId> = BTreeSet::new();
            for rule in &rules {
                reached.extend(scope::expand(conn, &rule.units(), today, today)?);
            }
            let since = found.campaign.starts_day;
            for (id, name, recorded) in store::units_with_records(conn, &found.unit.path, since)? {
                if !reached.contains(&id) {
                    found.without_rule.push((id, name));
                } else if !recorded {
                    found.without_record.push((id, name));
                }
            }
            if asks_people {
                found.people = store::people_without_records(conn, &found.unit.path, since, today)?;
            }
            Ok(found)
        })
    }
}
