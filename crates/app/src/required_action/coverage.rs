//! Coverage 覆盖: units and people that no rule or no record reaches, so that nobody is left out (M04).

use super::added::within;
use super::matrix::standpoint;
use super::seen_actions;
use crate::Error;
use crate::context::{App, Context, campaign_for};
use bihuan_domain::Day;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, PersonId, UnitId};
use bihuan_domain::required_action::{Rule, SubjectKind};
use bihuan_domain::unit::Unit;
use bihuan_store::required_action::{self as store, Staffer};
use bihuan_store::unit::Branch;
use bihuan_store::{Conn, scope};
use std::collections::BTreeSet;

/// Largest subtree a coverage list is made for, in units.
pub const COVERAGE_UNITS_MAX: i64 = 5_000;

/// Most people one list of them names; how many there are is always told.
pub const COVERAGE_PEOPLE_MAX: usize = 2_000;

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
    /// People of the subtree whom a rule reaches, in person or by a post, and who took part in nothing that was recorded
    /// since the campaign began.
    pub people: LeftOut,
    /// People of the subtree whom no rule reaches, neither in person nor by a post.
    pub people_without_rule: LeftOut,
    /// Some rule asks people or posts; without one nobody is left out.
    pub asks_people: bool,
}

/// People left out: how many, and the first [`COVERAGE_PEOPLE_MAX`] of them with the unit they belong to.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// How many.
    pub total: i64,
    /// The first of them by name.
    pub first: Vec<(PersonId, String, String)>,
}

impl LeftOut {
    fn take(&mut self, one: &Staffer) {
        self.total += 1;
        if self.first.len() < COVERAGE_PEOPLE_MAX {
            self.first.push((one.person, one.name.clone(), one.unit_name.clone()));
        }
    }
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
            let asks_people =
                rules.iter().any(|rule| matches!(rule.subject, SubjectKind::Person | SubjectKind::Post));
            let mut found = Coverage {
                units,
                too_large: units > COVERAGE_UNITS_MAX,
                without_rule: Vec::new(),
                without_record: Vec::new(),
                people: LeftOut::default(),
                people_without_rule: LeftOut::default(),
                asks_people,
                campaign,
                unit,
            };
            if found.too_large {
                return Ok(found);
            }
            let since = found.campaign.starts_day;
            // Where units alone are asked, nobody looks at the people.
            let staff = match asks_people {
                true => store::staffers(conn, &found.unit.path, since, today)?,
                false => Vec::new(),
            };
            let reached = Reached::of(conn, &rules, &staff, &found.unit, today)?;
            for (id, name, recorded) in store::units_with_records(conn, &found.unit.path, since)? {
                if !reached.units.contains(&id) {
                    found.without_rule.push((id, name));
                } else if !recorded {
                    found.without_record.push((id, name));
                }
            }
            if asks_people {
                let inside: BTreeSet<UnitId> =
                    bihuan_store::unit::compact_below(conn, &Branch::Below(found.unit.path.clone()))?
                        .into_iter()
                        .map(|unit| unit.id)
                        .collect();
                for own in staff.chunk_by(|a, b| a.person == b.person) {
                    // Who belongs to a unit elsewhere is looked for there.
                    let Some(home) = own.first().filter(|home| inside.contains(&home.unit)) else { continue };
                    if !reached.people.contains(&home.person) {
                        found.people_without_rule.take(home);
                    } else if !home.recorded {
                        found.people.take(home);
                    }
                }
            }
            Ok(found)
        })
    }
}

/// Whom the rules of today reach: a rule of posts reaches a unit only where somebody holds such a post, a rule of people
/// only where people belong.
#[derive(Default)]
struct Reached {
    units: BTreeSet<UnitId>,
    people: BTreeSet<PersonId>,
}

impl Reached {
    fn of(
        conn: &mut Conn,
        rules: &[Rule],
        staff: &[Staffer],
        unit: &Unit,
        today: Day,
    ) -> Result<Reached, Error> {
        let mut reached = Reached::default();
        for rule in rules {
            let scope = within(rule.units(), unit);
            let units: BTreeSet<UnitId> = scope::expand(conn, &scope, today, today)?.into_iter().collect();
            let owing = match rule.subject {
                SubjectKind::Unit | SubjectKind::WorkingGroup => {
                    reached.units.extend(units);
                    continue;
                }
                SubjectKind::Post => {
                    staff.iter().filter(|one| rule.takes_post(&one.post, one.leads)).collect::<Vec<_>>()
                }
                // The first post of a person is that of the unit it belongs to.
                SubjectKind::Person => {
                    staff.chunk_by(|a, b| a.person == b.person).filter_map(|own| own.first()).collect()
                }
            };
            for one in owing.into_iter().filter(|one| units.contains(&one.unit)) {
                reached.units.insert(one.unit);
                reached.people.insert(one.person);
            }
        }
        Ok(reached)
    }
}
