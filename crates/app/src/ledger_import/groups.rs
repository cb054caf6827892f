//! Groups that a ledger names instead of units, expanded with the tree of a day.

use crate::Error;
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Unit, UnitKind};
use bihuan_domain::unit_match::Group;
use bihuan_store::{Conn, ledger as store};

/// Where a group without a place of its own is looked for: the territory of the registering unit.
fn ground_of(conn: &mut Conn, unit: &Unit, group: &Group) -> Result<Option<Unit>, Error> {
    let named = group.within;
    let mut line = store::units(conn, &unit.path.units())?;
    line.reverse();
    if let Some(id) = named {
        return Ok(store::units(conn, &[id])?.into_iter().next());
    }
    let territory = |u: &&Unit| u.kind == UnitKind::Territory || u.id == unit.id && u.parent_id.is_none();
    Ok(match group.level {
        Some(level) => line.iter().find(|u| u.level == level && u.kind == UnitKind::Territory).cloned(),
        None => line.iter().find(territory).cloned(),
    })
}

/// The units of a group below where it is looked for; `None` where a person must say which.
pub(super) fn expand_group(
    conn: &mut Conn,
    unit: &Unit,
    group: &Group,
    today: Day,
) -> Result<Option<(Scope, Vec<UnitId>)>, Error> {
    if group.needs_person {
        return Ok(None);
    }
    let Some(root) = ground_of(conn, unit, group)? else { return Ok(None) };
    let Some(scope) = group.kind.scope_below(root.id) else { return Ok(None) };
    let units = expand(conn, &scope, today)?;
    Ok(if units.is_empty() { None } else { Some((scope, units)) })
}

/// The units of a scope on a day, in official order.
pub(super) fn expand(conn: &mut Conn, scope: &Scope, today: Day) -> Result<Vec<UnitId>, Error> {
    let root = match scope.subtree {
        Some(root) => store::units(conn, &[root])?.into_iter().next(),
        None => None,
    };
    let mut units = store::units(conn, &scope.listed)?;
    if let Some(root) = &root {
        units.extend(store::units_below(conn, &root.path, today)?);
    }
    let path = root.as_ref().map(|root| &root.path);
    let mut found: Vec<&Unit> =
        units.iter().filter(|unit| unit.is_open_on(today) && scope.reaches(unit, path, &[])).collect();
    found.sort_by_key(|unit| (unit.path.depth(), unit.official_order, unit.id));
    let mut ids: Vec<UnitId> = found.into_iter().map(|unit| unit.id).collect();
    ids.dedup();
    Ok(ids)
}
