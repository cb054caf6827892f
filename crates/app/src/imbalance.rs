//! Imbalance 温差与落差: how outcomes differ between levels and between siblings, in official order (M31).

use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::ledger::LedgerQuery;
use bihuan_domain::Day;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::colour::Colour;
use bihuan_domain::figure::{SAMPLE_MIN, per_mille};
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::look_back::{LookBackResult, Reliability};
use bihuan_domain::problem::Flow;
use bihuan_domain::unit::{Level, Unit};
use bihuan_store::help::{self as store, OfLevel};
use bihuan_store::{Conn, counts};
use serde::Serialize;

/// Days of flows that verdicts are counted over.
pub const FLOW_DAYS: i32 = 180;

/// A share of something, with what it is of; no rate is told of a small sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many.
    pub part: i64,
    /// Out of how many.
    pub whole: i64,
}

impl Share {
    fn of(part: i64, whole: i64) -> Share {
        Share { part, whole }
    }

    /// In per mille; `None` for a small sample.
    pub fn per_mille(self) -> Option<i64> {
        Some(self.whole).filter(|whole| *whole >= SAMPLE_MIN).and_then(|whole| per_mille(self.part, whole))
    }
}

bihuan_domain::coded! {
    /// What is compared.
    Aspect ("比较项目") {
        Late = "late", "逾期率";
        SentBack = "sent_back", "退回率";
        Unanswered = "unanswered", "督办未答复率";
        Rebounds = "rebounds", "反弹率";
        Coverage = "coverage", "检查覆盖率";
    }
}

impl Aspect {
    /// What is counted, out of what.
    pub fn definition(self) -> &'static str {
        match self {
            Aspect::Late => "超过时限仍未报告完成的问题，占责任单位在办问题的比例",
            Aspect::SentBack => "近180天验收退回的次数，占同期验收结论（退回和通过）总次数的比例",
            Aspect::Unanswered => "应答复而逾期没有答复的督办单，占要求答复的督办单的比例",
            Aspect::Rebounds => "回头看发现反弹或者虚假销号的，占已回头看的比例",
            Aspect::Coverage => "本次行动中至少检查过一次的下级单位，占全部下级单位的比例",
        }
    }

    /// A higher share is worse.
    pub fn is_burden(self) -> bool {
        self != Aspect::Coverage
    }
}

/// One unit or level, with a share for each aspect.
#[derive(Clone, Debug, Serialize)]
pub struct ImbalanceLine {
    /// The unit; `None` for a level.
    pub unit: Option<UnitId>,
    /// The level; `None` for a unit.
    pub level: Option<Level>,
    /// Its name.
    pub name: String,
    /// Shares in the order of [`Aspect`].
    pub shares: Vec<(&'static str, Share)>,
    /// Look-backs, for the interval.
    pub reliability: Reliability,
}

impl ImbalanceLine {
    /// The share of an aspect.
    pub fn share(&self, aspect: Aspect) -> Share {
        use bihuan_domain::Coded as _;
        self.shares
            .iter()
            .find(|(code, _)| *code == aspect.code())
            .map(|(_, share)| *share)
            .unwrap_or_default()
    }
}

/// The spread of one aspect among siblings with a sufficient sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// Units with a sufficient sample.
    pub units: usize,
    /// Lowest, middle and highest share, in per mille.
    pub low: i64,
    /// The median.
    pub middle: i64,
    /// The highest.
    pub high: i64,
}

/// Levels and siblings beside each other.
#[derive(Clone, Debug)]
pub struct Imbalance {
    /// The campaign.
    pub campaign: Campaign,
    /// The unit whose children are compared.
    pub unit: Unit,
    /// Children in official order.
    pub siblings: Vec<ImbalanceLine>,
    /// Levels from above to below: the units of each for themselves.
    pub levels: Vec<ImbalanceLine>,
    /// Today.
    pub day: Day,
}

impl Imbalance {
    /// The spread of an aspect among siblings; `None` with fewer than two to compare.
    pub fn spread(&self, aspect: Aspect) -> Option<Spread> {
        spread_of(&self.siblings, aspect)
    }

    /// The same among levels.
    pub fn spread_of_levels(&self, aspect: Aspect) -> Option<Spread> {
        spread_of(&self.levels, aspect)
    }

    /// The rows behind a share: an address of the ledger, or of the look-backs.
    pub fn rows(&self, line: &ImbalanceLine, aspect: Aspect) -> Option<LedgerQuery> {
        let base = LedgerQuery {
            campaign: Some(self.campaign.id),
            unit: Some(line.unit.unwrap_or(self.unit.id)),
            level: line.level,
            ..LedgerQuery::default()
        };
        match aspect {
            Aspect::Late => Some(LedgerQuery { late: true, ..base }),
            Aspect::SentBack => {
                let from = self.day.plus_days(-FLOW_DAYS);
                Some(LedgerQuery {
                    moved: Some(Flow::SentBack),
                    from: Some(from),
                    to: Some(self.day),
                    ..base
                })
            }
            Aspect::Unanswered | Aspect::Rebounds | Aspect::Coverage => None,
        }
    }
}

/// Lowest, middle and highest rate of those with a sufficient sample.
fn spread_of(lines: &[ImbalanceLine], aspect: Aspect) -> Option<Spread> {
    let mut rates: Vec<i64> = lines.iter().filter_map(|line| line.share(aspect).per_mille()).collect();
    rates.sort_unstable();
    let (low, high) = (*rates.first()?, *rates.last()?);
    let middle = (rates[(rates.len() - 1) / 2] + rates[rates.len() / 2]) / 2;
    (rates.len() > 1).then_some(Spread { units: rates.len(), low, middle, high })
}

/// The results that count as a rebound.
pub const REBOUNDS: [LookBackResult; 2] = [LookBackResult::SlippedBack, LookBackResult::NeverTrue];

/// The unit a reader looks from: the campaign's office unit when it is read, else the reader's own highest unit.
pub(crate) fn standpoint(conn: &mut Conn, ctx: &Context, office: &Unit) -> Result<Unit, Error> {
    // An office that is a task force speaks for the unit above it.
    let reach = bihuan_domain::campaign::reach(office);
    let top = match reach.units().last() {
        Some(id) => crate::context::unit(conn, *id)?,
        None => office.clone(),
    };
    if ctx.actor.may_read(&top.path) {
        return Ok(top);
    }
    let roots = ctx.actor.readable_roots();
    let inside = roots.iter().find(|(_, path)| path.is_within(&top.path)).or(roots.first());
    let (id, _) = inside.ok_or(Error::NotFound)?;
    crate::context::unit(conn, *id)
}

/// What the units of each level did, each for itself.
fn levels(
    conn: &mut Conn,
    ctx: &Context,
    campaign: &Campaign,
    unit: &Unit,
) -> Result<Vec<ImbalanceLine>, Error> {
    let today = ctx.today();
    let days = (today.plus_days(-FLOW_DAYS), today);
    let counted = store::by_level(conn, campaign.id, &unit.path, days)?;
    let looked = bihuan_store::look_back::reliability_by_level(conn, campaign.id, &unit.path)?;
    let line = |(level, of): (Level, OfLevel)| {
        use bihuan_domain::Coded as _;
        let reliability = looked.get(&level).copied().unwrap_or_default();
        let rebounds = reliability.slipped_back + reliability.never_true;
        ImbalanceLine {
            unit: None,
            level: Some(level),
            name: level.label().to_owned(),
            shares: vec![
                ("late", Share::of(of.late, of.owing)),
                ("sent_back", Share::of(of.sent_back, of.sent_back + of.verified)),
                ("unanswered", Share::of(of.unanswered, of.asked)),
                ("rebounds", Share::of(rebounds, reliability.checked())),
                ("coverage", Share::of(of.visited, of.units)),
            ],
            reliability,
        }
    };
    let told = |line: &ImbalanceLine| line.shares.iter().any(|(_, share)| share.whole > 0);
    Ok(counted.into_iter().map(line).filter(told).collect())
}

impl App {
    /// The unit that pages about a campaign look from, where none was chosen.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn campaign_standpoint(&self, ctx: &Context, campaign: CampaignId) -> Result<UnitId, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let office = crate::context::unit(conn, campaign.office_unit_id)?;
            Ok(standpoint(conn, ctx, &office)?.id)
        })
    }

    /// Outcomes of a unit's children and of the levels below it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn imbalance(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        unit: Option<UnitId>,
    ) -> Result<Imbalance, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let unit = match unit {
                Some(unit) => readable_unit(conn, ctx, unit)?,
                None => {
                    let office = crate::context::unit(conn, campaign.office_unit_id)?;
                    standpoint(conn, ctx, &office)?
                }
            };
            let siblings = self.siblings(conn, ctx, &campaign, &unit)?;
            let levels = levels(conn, ctx, &campaign, &unit)?;
            Ok(Imbalance { campaign, unit, siblings, levels, day: ctx.today() })
        })
    }

    pub(crate) fn siblings(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        campaign: &Campaign,
        unit: &Unit,
    ) -> Result<Vec<ImbalanceLine>, Error> {
        let (today, yellow) = (ctx.today(), self.rules(campaign)?.yellow_days);
        let children = bihuan_store::ledger::children(conn, unit.id)?;
        let counted = counts::of_children(conn, unit.id, campaign.id, today, yellow)?;
        let since = today.plus_days(-FLOW_DAYS);
        let flows = store::flows_of_children(conn, unit.id, campaign.id, since)?;
        let reliability = bihuan_store::look_back::reliability(conn, campaign.id, &unit.path)?;
        let visited = store::visited_below(conn, campaign.id, &unit.path)?;
        let slips = bihuan_store::dispatch::slips_below(conn, campaign.id, &unit.path, today)?;
        let line = |child: Unit| {
            let own = counted.get(&child.id);
            let owing: i64 = <Colour as bihuan_domain::Coded>::ALL
                .iter()
                .map(|colour| own.map_or(0, |c| c.colour(*colour)))
                .sum();
            let flow = |flow| flows.get(&(child.id, flow)).copied().unwrap_or(0);
            let reliability = reliability.get(&child.path).copied().unwrap_or_default();
            let (units, seen) = visited.get(child.path.as_str()).copied().unwrap_or_default();
            let late = own.map_or(0, |c| c.late);
            let (asked, unanswered) = slips.get(child.path.as_str()).copied().unwrap_or_default();
            ImbalanceLine {
                unit: Some(child.id),
                level: None,
                name: child.name,
                shares: vec![
                    ("late", Share::of(late, owing)),
                    (
                        "sent_back",
                        Share::of(flow(Flow::SentBack), flow(Flow::SentBack) + flow(Flow::Verified)),
                    ),
                    ("unanswered", Share::of(unanswered, asked)),
                    (
                        "rebounds",
                        Share::of(reliability.slipped_back + reliability.never_true, reliability.checked()),
                    ),
                    ("coverage", Share::of(seen, units)),
                ],
                reliability,
            }
        };
        Ok(children.into_iter().filter(|child| child.closed_day.is_none()).map(line).collect())
    }
}
