//! Required actions: issued with a preview of whom they reach, changed in versions, read as matrices, excused, and
//! what no rule or record reaches (M04, M05).

mod added;
mod coverage;
mod excuse;
mod issue;
mod matrix;
mod periods;
mod reach;
mod shown;
mod write;

pub use coverage::{COVERAGE_PEOPLE_MAX, COVERAGE_UNITS_MAX, Coverage, LeftOut};
pub(crate) use excuse::may_decide;
pub use excuse::{ExcuseInput, ExcuseLine};
pub(crate) use issue::issue_rule;
pub use issue::{ActionDone, ActionInput, ActionPlan, FormLine};
pub(crate) use matrix::{kinds_of, open_cells};
pub use periods::COLUMNS_MAX;
pub use reach::KEEP_SCOPE;
pub(crate) use shown::record_href;
pub use shown::{
    ActionLine, ActionPage, ActionsPage, CellExcuse, CellPage, CellRecord, CellSubject, CellUnit,
    ChildActions, Column, Matrix, MatrixRow, UnitActions, UnitRow, VersionLine,
};

pub use bihuan_store::required_action::AS_OF_UNITS_MAX;

use crate::Error;
use crate::context::{App, Context, campaign_for, unit};
use bihuan_domain::campaign::{Campaign, reach_of};
use bihuan_domain::id::{CampaignId, RequiredActionId};
use bihuan_domain::required_action::RequiredAction;
use bihuan_domain::role::Role;
use bihuan_domain::unit::Unit;
use bihuan_store::Conn;
use bihuan_store::required_action::{self as store, ActionRow};

/// The unit that a campaign covers with all below.
pub(crate) fn campaign_root(conn: &mut Conn, campaign: &Campaign) -> Result<Unit, Error> {
    let office = unit(conn, campaign.office_unit_id)?;
    let reach = reach_of(office.kind, &office.path);
    match reach.units().last() {
        Some(root) if *root != office.id => unit(conn, *root),
        _ => Ok(office),
    }
}

/// Loads a rule whose campaign the actor may see, and which holds for something they may read.
pub(crate) fn seen_action(
    conn: &mut Conn,
    ctx: &Context,
    id: RequiredActionId,
) -> Result<(ActionRow, RequiredAction, Unit), Error> {
    let (row, action) = store::by_id(conn, id)?.ok_or(Error::NotFound)?;
    campaign_for(conn, ctx, row.campaign_id)?;
    let owner = unit(conn, row.owner_unit_id)?;
    let roots = ctx.actor.readable_roots();
    let seen = roots.iter().any(|(_, path)| path.is_within(&owner.path) || owner.path.is_within(path));
    if seen { Ok((row, action, owner)) } else { Err(Error::NotFound) }
}

/// The actor may issue and change rules that this unit owns.
pub(crate) fn may_issue(ctx: &Context, owner: &Unit) -> bool {
    ctx.actor.holds(Role::Office, &owner.path)
}

impl App {
    /// The rules of a campaign that hold for something the actor may read.
    ///
    /// # Errors
    /// `NotFound` for a campaign out of sight.
    pub fn required_actions(
        &self,
        ctx: &Context,
        campaign: CampaignId,
    ) -> Result<Vec<RequiredAction>, Error> {
        self.db.read(|conn| {
            campaign_for(conn, ctx, campaign)?;
            seen_actions(conn, ctx, campaign)
        })
    }
}

pub(crate) fn seen_actions(
    conn: &mut Conn,
    ctx: &Context,
    campaign: CampaignId,
) -> Result<Vec<RequiredAction>, Error> {
    let roots = ctx.actor.readable_roots();
    let all = store::of_campaign(conn, campaign)?;
    let owners = bihuan_store::unit::by_ids(conn, all.iter().map(|action| action.owner_unit_id))?;
    let seen = |action: &RequiredAction| {
        let owner = owners.iter().find(|owner| owner.id == action.owner_unit_id);
        owner.is_some_and(|owner| {
            roots.iter().any(|(_, path)| path.is_within(&owner.path) || owner.path.is_within(path))
        })
    };
    Ok(all.into_iter().filter(seen).collect())
}
