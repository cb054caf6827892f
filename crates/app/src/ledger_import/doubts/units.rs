//! Units as written in a ledger: surely one, perhaps several, a group, or unknown.

use super::{Doubts, Inquiry, UnitDoubt, UnitGuess, count_of};
use crate::Error;
use crate::context::App;
use crate::ledger_import::state::UnitAnswer;
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Unit, UnitKind};
use bihuan_domain::unit_match::{Group, Match};
use bihuan_store::{Conn, ledger as store};

/// Finds the units as written and what they are.
pub(super) fn find(app: &App, conn: &mut Conn, asked: Inquiry<'_>, doubts: &mut Doubts) -> Result<(), Error> {
    let Inquiry { import, unit, rows, answers, today, .. } = asked;
    let written = count_of(rows.iter().flat_map(|row| {
        std::iter::once(row.lead_unit.as_str())
            .chain(row.responsible_units.iter().map(String::as_str))
            .chain(row.assisting_units.iter().map(String::as_str))
            .filter(|text| !text.is_empty())
    }));
    if written.is_empty() {
        return Ok(());
    }
    let index = app.unit_index(conn, today)?;
    for (text, places) in written {
        let found = index.lookup(text, Some(import.unit_id));
        let mut doubt = UnitDoubt {
            written: text.to_owned(),
            places,
            sure: None,
            guesses: Vec::new(),
            group: None,
            answer: answers.units.get(text).cloned(),
            units: Vec::new(),
        };
        match found {
            Match::Sure(id, reason) => {
                doubt.sure = Some(UnitGuess { unit: id, name: String::new(), reason: reason.in_chinese() });
                doubt.units = vec![id];
            }
            Match::Doubtful(guesses) => {
                let guess = |g: &bihuan_domain::unit_match::Guess| UnitGuess {
                    unit: g.unit_id,
                    name: String::new(),
                    reason: g.reason.in_chinese(),
                };
                doubt.guesses = guesses.iter().map(guess).collect();
            }
            Match::Group(group) => {
                if let Some((scope, units)) = expand_group(conn, unit, &group, today)? {
                    doubt.group = Some((scope, units.len()));
                    doubt.units = units;
                }
            }
            Match::Unknown => {}
        }
        match doubt.answer.clone() {
            Some(UnitAnswer::Unit(id)) => doubt.units = vec![id],
            Some(UnitAnswer::Group(scope)) => doubt.units = expand(conn, &scope, today)?,
            Some(UnitAnswer::Keep) => doubt.units.clear(),
            None => {}
        }
        doubts.units.push(doubt);
    }
    doubts.units.sort_by_key(|unit| (!unit.is_open(), unit.sure.is_some()));
    name_units(conn, doubts)
}

/// Gives the guesses their names, each with the unit above it, and keeps the units for the plan.
fn name_units(conn: &mut Conn, doubts: &mut Doubts) -> Result<(), Error> {
    let mut ids: Vec<UnitId> = doubts.units.iter().flat_map(|unit| unit.units.iter().copied()).collect();
    ids.extend(doubts.units.iter().flat_map(|u| u.guesses.iter().chain(&u.sure).map(|guess| guess.unit)));
    ids.sort_unstable();
    ids.dedup();
    for chunk in ids.chunks(500) {
        doubts.loaded.extend(store::units(conn, chunk)?.into_iter().map(|unit| (unit.id, unit)));
    }
    let above: Vec<UnitId> = doubts.loaded.values().filter_map(|unit| unit.parent_id).collect();
    let parents = store::unit_names(conn, above.into_iter())?;
    let loaded = &doubts.loaded;
    let name = |id: UnitId| {
        let Some(unit) = loaded.get(&id) else { return String::new() };
        match unit.parent_id.and_then(|parent| parents.get(&parent)) {
            Some(parent) if !unit.name.starts_with(parent.as_str()) => format!("{parent} / {}", unit.name),
            _ => unit.name.clone(),
        }
    };
    for unit in &mut doubts.units {
        for guess in unit.guesses.iter_mut().chain(&mut unit.sure) {
            guess.name = name(guess.unit);
        }
    }
    Ok(())
}

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
fn expand(conn: &mut Conn, scope: &Scope, today: Day) -> Result<Vec<UnitId>, Error> {
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
