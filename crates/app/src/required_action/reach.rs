//! Whom a rule reaches: its scope, kept within the unit that issues it, and what a change newly reaches.

use super::issue::{ActionInput, ActionPlan};
use crate::Error;
use crate::context::{Context, readable_unit};
use crate::input;
use bihuan_domain::Coded;
use bihuan_domain::Day;
use bihuan_domain::id::{ScopeId, UnitId};
use bihuan_domain::required_action::{Cadence, QuantityUnit, RequiredAction, Rule, SubjectKind, Tightening};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Level, Unit, UnitKind};
use bihuan_store::scope::{self as store, Reach};
use bihuan_store::{Conn, Fault, unit as units};
use std::collections::{BTreeMap, BTreeSet};

/// What is sent as saved scope where a changed rule keeps the scope it has.
pub const KEEP_SCOPE: &str = "keep";
/// Units, posts or people named one by one in a difference of reach.
const DIFFERENCE_NAMES: usize = 50;
/// Most posts or people that are compared before and after a change.
const COMPARED_MAX: usize = 2_000_000;

pub(super) fn scope_of(
    conn: &mut Conn,
    ctx: &Context,
    owner: &Unit,
    sent: &ActionInput,
    before: Option<&RequiredAction>,
) -> Result<Scope, Error> {
    if sent.scope.trim() == KEEP_SCOPE {
        let newest = before.and_then(RequiredAction::newest);
        let none =
            || Error::invalid("scope", "新下达的规定动作还没有“原来的范围”，请重新选择“已存范围”或条件。");
        return newest.map(|version| version.rule.scope.clone()).ok_or_else(none);
    }
    if let Some(id) = input::number("scope", "已存范围", &sent.scope)? {
        let row = store::by_id(conn, ScopeId(id))?.ok_or(Error::NotFound)?;
        readable_unit(conn, ctx, row.owner_unit_id)
            .map_err(|_| Error::invalid("scope", "选择的范围不存在，请重新选择。"))?;
        let scope: Scope =
            serde_json::from_str(&row.definition).map_err(|e| Fault::corrupt(e.to_string()))?;
        return within_owner(conn, scope, owner);
    }
    let levels: Vec<Level> =
        sent.levels.iter().map(|code| input::coded("levels", "层级", code)).collect::<Result<_, _>>()?;
    let kinds: Vec<UnitKind> =
        sent.kinds.iter().map(|code| input::coded("kinds", "单位性质", code)).collect::<Result<_, _>>()?;
    let sectors = sent.sector.split(['、', '，', ',']).map(str::trim).filter(|sector| !sector.is_empty());
    Ok(Scope {
        subtree: Some(owner.id),
        with_root: true,
        levels: if levels.is_empty() { Level::ALL.to_vec() } else { levels },
        kinds,
        sectors: sectors.map(str::to_owned).collect(),
        ..Scope::default()
    })
}

/// A saved scope as a rule of this unit may use it: a rule holds in its owner's subtree only. A scope that only lists
/// units stays a list.
fn within_owner(conn: &mut Conn, mut scope: Scope, owner: &Unit) -> Result<Scope, Error> {
    let unfit = |words: String| Err(Error::invalid("scope", words));
    let root = scope.subtree.map(|root| units::by_id(conn, root)).transpose()?.flatten();
    match root {
        None if scope.subtree.is_none() && !scope.has_conditions() => {}
        None => {
            scope.subtree = Some(owner.id);
            scope.with_root = true;
        }
        Some(root) if root.path.is_within(&owner.path) => {}
        Some(root) if owner.path.is_within(&root.path) && !scope.children_only => {
            scope.subtree = Some(owner.id);
            scope.with_root = true;
        }
        Some(root) => {
            return unfit(format!(
                "这个范围划在“{}”，不在下达单位“{}”之内，请换一个范围，或者按下面的条件选择。",
                root.name, owner.name
            ));
        }
    }
    let listed = units::by_ids(conn, scope.listed.iter().copied())?;
    if let Some(out) = listed.iter().find(|unit| !unit.path.is_within(&owner.path)) {
        return unfit(format!(
            "这个范围逐个列出的“{}”不在下达单位“{}”之内，请换一个范围，或者请上级下达。",
            out.name, owner.name
        ));
    }
    Ok(scope)
}

pub(super) fn plan(
    conn: &mut Conn,
    ctx: &Context,
    owner: Unit,
    rule: Rule,
    before: Option<&RequiredAction>,
    added: Vec<Tightening>,
) -> Result<ActionPlan, Error> {
    let today = ctx.today();
    let roots: Vec<_> = ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect();
    let reach = store::reach(conn, &rule.units(), today, today, &roots, 0)?;
    let old = before.and_then(|action| action.newest()).map(|version| &version.rule);
    let subjects = match rule.subject.table() {
        SubjectKind::Unit => reach.total,
        _ => store::subjects_count(conn, &rule, today, today, &roots)?,
    };
    let (newly, no_longer) = difference(conn, &rule, old, (&reach, subjects), today)?;
    let from_day = match before {
        Some(action) => action.next_version_from(today),
        None => rule.from_day,
    };
    let times = match rule.cadence {
        Cadence::Week => 52,
        Cadence::Month => 12,
        Cadence::Quarter => 4,
        Cadence::HalfYear => 2,
        _ => 1,
    };
    let times_a_year = if rule.unit == QuantityUnit::Times { times * rule.quantity } else { times };
    Ok(ActionPlan { rule, owner, from_day, reach, subjects, newly, no_longer, added, times_a_year })
}

/// How many, and the first of them by name.
type Named = (i64, Vec<String>);

/// Whom a rule reaches today that the one before did not, and the reverse.
fn difference(
    conn: &mut Conn,
    rule: &Rule,
    old: Option<&Rule>,
    (reach, subjects): (&Reach, i64),
    today: Day,
) -> Result<(Named, Named), Error> {
    let none = (0, Vec::new());
    let by_unit = rule.subject.table() == SubjectKind::Unit;
    let Some(old) = old else {
        let names: Vec<String> = match by_unit {
            true => reach.page.iter().take(DIFFERENCE_NAMES).map(|unit| unit.name.clone()).collect(),
            false => store::subjects(conn, rule, today, today, DIFFERENCE_NAMES)?.into_values().collect(),
        };
        return Ok(((subjects, names), none));
    };
    let same_posts = old.posts == rule.posts && old.leads_only == rule.leads_only;
    if old.units() == rule.units() && (same_posts || rule.subject != SubjectKind::Post) {
        return Ok((none.clone(), none));
    }
    if by_unit {
        let was: BTreeSet<UnitId> = store::expand(conn, &old.units(), today, today)?.into_iter().collect();
        let is: BTreeSet<UnitId> = store::expand(conn, &rule.units(), today, today)?.into_iter().collect();
        let newly: Vec<UnitId> = is.difference(&was).copied().collect();
        let no_longer: Vec<UnitId> = was.difference(&is).copied().collect();
        return Ok((named(conn, &newly)?, named(conn, &no_longer)?));
    }
    let was = store::subjects(conn, old, today, today, COMPARED_MAX)?;
    let is = store::subjects(conn, rule, today, today, COMPARED_MAX)?;
    let only = |these: &BTreeMap<i64, String>, those: &BTreeMap<i64, String>| {
        let mut only = these.iter().filter(|(id, _)| !those.contains_key(id)).map(|(_, name)| name.clone());
        let names: Vec<String> = only.by_ref().take(DIFFERENCE_NAMES).collect();
        ((names.len() + only.count()) as i64, names)
    };
    Ok((only(&is, &was), only(&was, &is)))
}

fn named(conn: &mut Conn, ids: &[UnitId]) -> Result<Named, Error> {
    let some = ids.iter().take(DIFFERENCE_NAMES).copied();
    let mut units = units::by_ids(conn, some)?;
    units.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((ids.len() as i64, units.into_iter().map(|unit| unit.name).collect()))
}
