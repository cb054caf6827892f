//! What lists of requirements ask of a person's units: told for a while after it was listed, and up to its day.

use super::{TODO_ROWS_MAX, TodoItem, TodoKind};
use crate::Error;
use crate::context::Context;
use bihuan_domain::Day;
use bihuan_domain::breakdown::BreakdownDraft;
use bihuan_domain::id::UnitId;
use bihuan_domain::role::Role;
use bihuan_store::{Conn, breakdown as store, unit as units};
use std::collections::BTreeSet;

/// Days for which a requirement is told after it was listed; afterwards the unit's page has it.
const TOLD_DAYS: i32 = 30;

/// What is asked of the units that the caller records for, leads or runs the office of.
pub(super) fn items(conn: &mut Conn, ctx: &Context, today: Day) -> Result<Vec<TodoItem>, Error> {
    let works = |role: Role| matches!(role, Role::Filler | Role::Office | Role::Leader);
    let own: BTreeSet<UnitId> =
        ctx.actor.grants.iter().filter(|grant| works(grant.role)).map(|grant| grant.unit).collect();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let own: Vec<UnitId> = own.into_iter().collect();
    let since = today.plus_days(-TOLD_DAYS).starts_at();
    let drafts = store::requirements_told(conn, &own, (today, since), TODO_ROWS_MAX)?;
    let heads = store::heads(conn, drafts.iter().map(|draft| draft.breakdown_id))?;
    let names = units::names(conn, drafts.iter().filter_map(|draft| draft.unit_id))?;
    let item = |draft: BreakdownDraft| {
        let document = heads.get(&draft.breakdown_id)?;
        let unit_id = draft.unit_id?;
        let href = format!("/requirements/{}", draft.id);
        Some(TodoItem {
            kind: TodoKind::Requirement,
            citation: String::new(),
            words: format!("《{}》：{}", document.title, draft.quote),
            text: draft.action,
            campaign_id: Some(document.campaign_id),
            unit_id,
            unit_name: names.get(&unit_id).cloned().unwrap_or_default(),
            day: draft.due_day,
            deadline_text: draft.deadline_text,
            late: false,
            do_href: href.clone(),
            href,
            record: None,
            problem: None,
        })
    };
    Ok(drafts.into_iter().filter_map(item).collect())
}
