//! What the actor's own units owe by rule and have not recorded: the periods in course and those just missed.

use super::{TODO_ROWS_MAX, TodoItem, TodoKind};
use crate::Error;
use crate::context::Context;
use bihuan_domain::Day;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::UnitId;
use bihuan_domain::required_action::Status;
use bihuan_domain::role::Role;
use bihuan_store::{Conn, required_action as store, unit as units};
use std::collections::BTreeSet;

/// How long a missed period stays in the list, in days: afterwards only the matrix shows it.
const MISSED_DAYS: i32 = 45;
/// Most units a person is reminded for.
const UNITS_MAX: usize = 20;

/// What waits for the caller; the calendar is the application's, read once.
pub(super) fn items(
    conn: &mut Conn,
    ctx: &Context,
    today: Day,
    calendar: &Calendar,
) -> Result<Vec<TodoItem>, Error> {
    let own: BTreeSet<UnitId> = ctx
        .actor
        .grants
        .iter()
        .filter(|grant| matches!(grant.role, Role::Filler | Role::Office))
        .map(|grant| grant.unit)
        .collect();
    let mut found = Vec::new();
    for id in own.into_iter().take(UNITS_MAX) {
        let Some(unit) = units::by_id(conn, id)? else { continue };
        let actions = store::holding_for(conn, &unit.path)?;
        for (_, rule, name, column, status) in
            crate::required_action::open_cells(conn, calendar, &[id], &actions, today)?
        {
            if column.due < today.plus_days(-MISSED_DAYS) {
                continue;
            }
            let action = actions.iter().find(|action| action.id == rule);
            let asked = action.and_then(|action| action.newest()).map(|version| &version.rule);
            let kind = asked.and_then(|asked| asked.kinds.first()).cloned().unwrap_or_default();
            let campaign = action.map(|action| action.campaign_id);
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
                do_href: format!("/activities/new?unit={id}&kind={kind}"),
                record: None,
                problem: None,
            });
        }
    }
    found.sort_by_key(|item| item.day);
    found.truncate(usize::try_from(TODO_ROWS_MAX).unwrap_or(usize::MAX));
    Ok(found)
}
