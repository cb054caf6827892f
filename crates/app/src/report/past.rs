//! What rules, tasks and slips are counted from: as they are now, or as they stood at the end of a day that has passed.

use super::deeds::Over;
use crate::Error;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::required_action::{Period, RequiredAction, Tally};
use bihuan_domain::slip::Slip;
use bihuan_domain::task::{Task, Work};
use bihuan_domain::unit::UnitPath;
use bihuan_store::required_action::{self as actions, Asked};
use bihuan_store::{Conn, ledger, slip as store_slips, task as store_tasks, unit as units};
use std::collections::{BTreeMap, BTreeSet};

/// Tallies by unit, rule and period.
pub(super) type Tallies = BTreeMap<(UnitId, RequiredActionId, Period), Tally>;
/// Units of the subtree: each with the place it is counted at, the unit directly below or the unit itself, and its name.
pub(super) type Sites = BTreeMap<UnitId, (UnitId, String)>;

/// The places that are counted.
pub(super) fn places(over: &Over<'_>) -> impl Iterator<Item = UnitId> {
    std::iter::once(over.unit.id).chain(over.children.iter().map(|(id, _)| *id))
}

/// The rules that hold for the unit or within it: those of a day that has passed as they were known then.
pub(super) fn rules(conn: &mut Conn, over: &Over<'_>) -> Result<Vec<RequiredAction>, Error> {
    let all = actions::of_campaign(conn, over.campaign.id)?;
    if !over.past {
        let owners = units::by_ids(conn, all.iter().map(|action| action.owner_unit_id))?;
        let unit = &over.unit.path;
        let holds = |id: UnitId| {
            let owner = owners.iter().find(|owner| owner.id == id);
            owner.is_some_and(|owner| owner.path.is_within(unit) || unit.is_within(&owner.path))
        };
        return Ok(all.into_iter().filter(|action| holds(action.owner_unit_id)).collect());
    }
    let above = actions::path_on(conn, over.unit.id, over.to)?;
    let below = units::places_on(conn, over.unit.id, all.iter().map(|action| action.owner_unit_id), over.to)?;
    let mut held = Vec::new();
    for action in all {
        if above.contains(&action.owner_unit_id) || below.contains_key(&action.owner_unit_id) {
            held.extend(actions::known_on(conn, action, over.to)?);
        }
    }
    Ok(held)
}

/// The rules with their periods begun by the last day.
pub(super) fn asked<'r>(over: &Over<'_>, rules: &'r [RequiredAction]) -> Vec<Asked<'r>> {
    let to = over.campaign.reckoned_on(over.to);
    rules.iter().map(|action| Asked::begun(action, to)).collect()
}

/// What of them is done, and whether that is told as of now because the unit has too many below it.
pub(super) fn tallies(
    conn: &mut Conn,
    over: &Over<'_>,
    rules: &[RequiredAction],
    calendar: &Calendar,
) -> Result<(Tallies, bool), Error> {
    let (asked, places) = (asked(over, rules), places(over).collect::<Vec<_>>());
    let to = over.campaign.reckoned_on(over.to);
    if over.past
        && let Some(found) = actions::cells_on(conn, &places, &asked, to, calendar)?
    {
        return Ok((found, false));
    }
    Ok((actions::cells(conn, &places, &asked, to, calendar)?, over.past))
}

/// The tasks of the subtree.
pub(super) fn tasks(conn: &mut Conn, over: &Over<'_>) -> Result<Vec<Task>, Error> {
    let campaign = over.campaign.id;
    Ok(match over.past {
        true => store_tasks::in_subtree_on(conn, campaign, over.unit.id, over.to)?,
        false => store_tasks::in_subtrees(conn, Some(campaign), std::slice::from_ref(&over.unit.path))?,
    })
}

/// Tasks with what their progress comes from.
pub(super) fn works(conn: &mut Conn, over: &Over<'_>, tasks: Vec<Task>) -> Result<Vec<Work>, Error> {
    match over.past {
        true => crate::branch_file::works_on(conn, tasks, over.to),
        false => Ok(store_tasks::works(conn, tasks)?),
    }
}

/// The slips issued by the last day to units of the subtree.
pub(super) fn slips(conn: &mut Conn, over: &Over<'_>) -> Result<Vec<Slip>, Error> {
    if over.past {
        return Ok(store_slips::told_on(conn, over.campaign.id, over.unit.id, over.to)?);
    }
    let told = store_slips::told(conn, over.campaign.id, &over.unit.path, over.to)?;
    Ok(told.into_iter().map(|(slip, _)| slip).collect())
}

/// Those of these units that lie in the subtree, or lay in it on the day that has passed.
pub(super) fn sites(
    conn: &mut Conn,
    over: &Over<'_>,
    ids: impl Iterator<Item = UnitId>,
) -> Result<Sites, Error> {
    let ids: BTreeSet<UnitId> = ids.collect();
    if !over.past {
        let found = units::by_ids(conn, ids)?.into_iter();
        return Ok(found.map(|unit| (unit.id, (place_of(over.unit.id, &unit.path), unit.name))).collect());
    }
    let places = units::places_on(conn, over.unit.id, ids.iter().copied(), over.to)?;
    let names = ledger::unit_names_on(conn, places.keys().copied(), over.to)?;
    let site = |(id, place)| (id, (place, names.get(&id).cloned().unwrap_or_default()));
    Ok(places.into_iter().map(site).collect())
}

/// The unit directly below, or the unit itself.
fn place_of(own: UnitId, path: &UnitPath) -> UnitId {
    let units = path.units();
    let at = units.iter().position(|id| *id == own);
    at.and_then(|at| units.get(at + 1)).copied().unwrap_or(own)
}
