//! What the actor's own units owe by rule and have not recorded, and what the actor owes in person or by a post: the
//! periods in course and those just missed.

use super::{RecordHere, TODO_ROWS_MAX, TodoItem, TodoKind};
use crate::Error;
use crate::context::Context;
use crate::required_action::record_href;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::{CampaignId, PersonId, RequiredActionId, UnitId};
use bihuan_domain::required_action::{
    CellState, Proof, QuantityUnit, RequiredAction, Rule, Status, SubjectKind, due_day, status,
};
use bihuan_domain::role::{Actor, Role};
use bihuan_domain::unit::UnitPath;
use bihuan_domain::{Coded as _, Day};
use bihuan_store::{Conn, required_action as store, unit as units};
use std::collections::{BTreeMap, BTreeSet};

/// How long a missed period stays in the list, in days: afterwards only the matrix shows it.
const MISSED_DAYS: i32 = 45;
/// Most units a person is reminded for.
const UNITS_MAX: usize = 20;

/// The units a person is reminded for.
fn own_units(actor: &Actor) -> BTreeMap<UnitId, &UnitPath> {
    let own: BTreeMap<UnitId, &UnitPath> = actor
        .grants
        .iter()
        .filter(|grant| matches!(grant.role, Role::Filler | Role::Office))
        .map(|grant| (grant.unit, &grant.path))
        .collect();
    own.into_iter().take(UNITS_MAX).collect()
}

/// Of many people those whose units owe something by rule, or who may owe something in person or by a post: as many
/// questions as there are sets of rules in force, however many people there are.
pub(super) fn owing(
    conn: &mut Conn,
    people: &[&Actor],
    today: Day,
    calendar: &Calendar,
) -> Result<BTreeSet<PersonId>, Error> {
    let mut units: BTreeMap<UnitId, &UnitPath> = BTreeMap::new();
    for actor in people {
        units.extend(own_units(actor));
    }
    let posts = people.iter().flat_map(|actor| &actor.posts).flat_map(|held| held.path.units());
    let owners: BTreeSet<UnitId> = units.values().flat_map(|path| path.units()).chain(posts).collect();
    let actions = store::owned_by(conn, owners)?;
    if actions.is_empty() {
        return Ok(BTreeSet::new());
    }
    // Units under the same rules are asked together.
    let mut groups: BTreeMap<Vec<RequiredActionId>, Vec<UnitId>> = BTreeMap::new();
    for (unit, path) in units {
        let above = path.units();
        let held = actions.iter().filter(|action| above.contains(&action.owner_unit_id));
        groups.entry(held.map(|action| action.id).collect()).or_default().push(unit);
    }
    let mut owe: BTreeSet<UnitId> = BTreeSet::new();
    for (ids, units) in groups.into_iter().filter(|(ids, _)| !ids.is_empty()) {
        let held: Vec<RequiredAction> =
            actions.iter().filter(|action| ids.contains(&action.id)).cloned().collect();
        let open = crate::required_action::open_cells(conn, calendar, &units, &held, today)?;
        owe.extend(open.iter().filter(|cell| !is_past(cell.3.due, today)).map(|cell| cell.0));
    }
    let single = |action: &&RequiredAction| {
        let mut kinds = action.versions.iter().map(|version| version.rule.subject);
        kinds.any(|kind| matches!(kind, SubjectKind::Post | SubjectKind::Person))
    };
    let in_person: BTreeSet<UnitId> =
        actions.iter().filter(single).map(|action| action.owner_unit_id).collect();
    let owes = |actor: &&&Actor| {
        own_units(actor).keys().any(|unit| owe.contains(unit))
            || actor.posts.iter().any(|held| held.path.units().iter().any(|unit| in_person.contains(unit)))
    };
    Ok(people.iter().filter(owes).map(|actor| actor.person).collect())
}

/// Missed too long ago to be reminded of.
fn is_past(due: Day, today: Day) -> bool {
    due < today.plus_days(-MISSED_DAYS)
}

/// What waits for the caller; the calendar is the application's, read once.
pub(super) fn items(
    conn: &mut Conn,
    ctx: &Context,
    today: Day,
    calendar: &Calendar,
) -> Result<Vec<TodoItem>, Error> {
    let mut found = Vec::new();
    for id in own_units(&ctx.actor).into_keys() {
        let Some(unit) = units::by_id(conn, id)? else { continue };
        let actions = store::holding_for(conn, &unit.path)?;
        for (_, rule, name, column, status) in
            crate::required_action::open_cells(conn, calendar, &[id], &actions, today)?
        {
            if is_past(column.due, today) {
                continue;
            }
            let action = actions.iter().find(|action| action.id == rule);
            let asked = action.and_then(|action| action.newest()).map(|version| &version.rule);
            let kind = asked.and_then(|asked| asked.kinds.first()).cloned().unwrap_or_default();
            let campaign = action.map(|action| action.campaign_id);
            let record = asked
                .filter(|rule| in_place(rule) && column.period.contains(today))
                .zip(campaign)
                .map(|(_, campaign)| here(campaign, id, &kind, today));
            found.push(TodoItem {
                kind: TodoKind::Action,
                citation: column.label.clone(),
                campaign_id: campaign,
                text: name,
                words: asked.map(|asked| asked.in_words()).unwrap_or_default(),
                unit_id: id,
                unit_name: unit.name.clone(),
                day: Some(column.due),
                deadline_text: String::new(),
                late: status == Status::Missed,
                href: format!("/actions/{rule}/cell?unit={id}&period={}", column.period.last),
                do_href: campaign.map_or_else(String::new, |campaign| {
                    record_href((campaign, id), Some(&kind), column.missed(today))
                }),
                record,
                problem: None,
            });
        }
    }
    found.extend(personal(conn, ctx, calendar, today)?);
    found.sort_by_key(|item| item.day);
    found.truncate(usize::try_from(TODO_ROWS_MAX).unwrap_or(usize::MAX));
    Ok(found)
}

/// A rule that a line of text satisfies: nothing else must be proved, and one kind of activity is enough.
fn in_place(rule: &Rule) -> bool {
    rule.proof == Proof::Record && rule.unit != QuantityUnit::Hours && !rule.each_kind
}

/// Recorded without leaving the list: held today, by everybody of the unit; anything else leads to the whole form.
fn here(campaign: CampaignId, unit: UnitId, kind: &str, today: Day) -> RecordHere {
    let hidden = vec![
        ("campaign", campaign.to_string()),
        ("unit", unit.to_string()),
        ("kind", kind.to_owned()),
        ("day", today.to_string()),
        ("everyone", "1".to_owned()),
    ];
    RecordHere {
        action: "/activities".to_owned(),
        button: "今天全体开展了",
        hidden,
        field: Some(("topic", "学了什么、做了什么")),
        uploads: true,
    }
}

/// What the actor owes as a person, or by a post. Who may not record is led to the cell, which says what is missing.
fn personal(conn: &mut Conn, ctx: &Context, calendar: &Calendar, today: Day) -> Result<Vec<TodoItem>, Error> {
    let mut found: Vec<TodoItem> = Vec::new();
    let mut seen = BTreeSet::new();
    for post in ctx.actor.posts.iter().take(UNITS_MAX) {
        let Some(unit) = units::by_id(conn, post.unit)? else { continue };
        for action in store::holding_for(conn, &unit.path)? {
            for (period, version) in action.periods(today) {
                let rule = &version.rule;
                let due = due_day(rule, period, calendar);
                let subject_id = match rule.subject {
                    SubjectKind::Post => post.post.0,
                    SubjectKind::Person => ctx.actor.person.0,
                    SubjectKind::Unit | SubjectKind::WorkingGroup => continue,
                };
                if is_past(due, today) || !seen.insert((action.id, period.last, subject_id)) {
                    continue;
                }
                let key = store::Key {
                    subject_kind: rule.subject,
                    subject_id,
                    rule_id: action.id,
                    period_day: period.last,
                };
                let cell = store::subject_cell(conn, &key, rule, period, calendar)?;
                let Some(cell) = cell.filter(|cell| cell.state == CellState::Open) else { continue };
                let href = format!("/actions/{}/cell?unit={}&period={}", action.id, unit.id, period.last);
                let may = crate::activity::may_record(ctx, &unit);
                let kind = rule.kinds.first().cloned().unwrap_or_default();
                found.push(TodoItem {
                    kind: TodoKind::Action,
                    citation: period.label(rule.cadence),
                    campaign_id: Some(action.campaign_id),
                    text: rule.name.clone(),
                    words: format!("{}：{}", rule.subject.label(), rule.in_words()),
                    unit_id: unit.id,
                    unit_name: unit.name.clone(),
                    day: Some(due),
                    deadline_text: String::new(),
                    late: status(cell.state, due, today) == Status::Missed,
                    do_href: if may {
                        let missed = (period.last < today).then_some(period.last);
                        record_href((action.campaign_id, unit.id), Some(&kind), missed)
                    } else {
                        href.clone()
                    },
                    href,
                    record: None,
                    problem: None,
                });
            }
        }
    }
    Ok(found)
}
