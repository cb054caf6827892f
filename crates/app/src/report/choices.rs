//! What a report may be drawn up from, and of which units.

use super::{forms, require_office};
use crate::Error;
use crate::context::{self, App, Context, campaign_for, readable_unit};
use bihuan_domain::Refusal;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::report as domain;
use bihuan_domain::role::Role;
use bihuan_domain::template::ReportForm;
use bihuan_domain::unit::Unit;
use bihuan_store::report as store;
use bihuan_store::{Conn, ledger};
use std::collections::HashSet;

/// What a new report may be drawn up from.
#[derive(Clone, Debug)]
pub struct Choices {
    /// Templates of the campaign.
    pub forms: Vec<ReportForm>,
    /// Docx templates of the unit.
    pub own: Vec<domain::ReportTemplate>,
    /// Units the person may draw reports up for: those of the office, each with those directly below, for a letter is
    /// written to one of these.
    pub units: Vec<Unit>,
    /// The unit chosen.
    pub unit: Unit,
}

impl App {
    /// What a new report may be drawn up from.
    ///
    /// # Errors
    /// `NotFound`; refused for those who hold no office.
    pub fn report_choices(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        unit: Option<UnitId>,
    ) -> Result<Choices, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let mut units: Vec<Unit> = Vec::new();
            for grant in ctx.actor.grants.iter().filter(|grant| grant.role == Role::Office) {
                if let Some(id) = grant.path.units().last() {
                    units.push(context::unit(conn, *id)?);
                }
            }
            units.sort_by_key(|unit| unit.path.as_str().len());
            let units = with_children(conn, units)?;
            let chosen = match unit {
                Some(id) => readable_unit(conn, ctx, id)?,
                None => units.first().cloned().ok_or_else(|| Refusal::not_allowed("起草报告", "专班角色"))?,
            };
            require_office(ctx, &chosen, "起草报告")?;
            let own = store::own_templates(conn, campaign.id, chosen.id)?;
            Ok(Choices { forms: forms(self, &campaign)?, own, units, unit: chosen })
        })
    }
}

/// The units, each followed by those directly below it, each once.
fn with_children(conn: &mut Conn, units: Vec<Unit>) -> Result<Vec<Unit>, Error> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for unit in units {
        let below = ledger::children(conn, unit.id)?;
        let open = below.into_iter().filter(|unit| unit.closed_day.is_none());
        all.extend(std::iter::once(unit).chain(open).filter(|unit| seen.insert(unit.id)));
    }
    Ok(all)
}
