//! Excuses that units below have asked for, until somebody above them answers.

use super::{TodoItem, TodoKind};
use crate::Error;
use crate::context::Context;
use crate::required_action::may_decide;
use bihuan_domain::Day;
use bihuan_domain::role::Role;
use bihuan_domain::unit::UnitPath;
use bihuan_store::{Conn, required_action as store};

/// What waits for the caller: asked for at a unit below one where the caller holds office or leads, by somebody else.
pub(super) fn items(conn: &mut Conn, ctx: &Context, _today: Day) -> Result<Vec<TodoItem>, Error> {
    let decides = ctx.actor.grants.iter().filter(|grant| matches!(grant.role, Role::Office | Role::Leader));
    let roots: Vec<UnitPath> = decides.map(|grant| grant.path.clone()).collect();
    if roots.is_empty() {
        return Ok(Vec::new());
    }
    let mut items = Vec::new();
    for (excuse, unit) in store::excuses_asked(conn, &roots)? {
        if excuse.asked_by == ctx.actor.person || !may_decide(ctx, &unit) {
            continue;
        }
        let Some((row, action)) = store::by_id(conn, excuse.rule_id)? else { continue };
        let Some((period, version)) = action.period_ending(excuse.period_day) else { continue };
        let href = format!("/actions/{}/cell?unit={}&period={}", excuse.rule_id, unit.id, excuse.period_day);
        items.push(TodoItem {
            kind: TodoKind::Excuse,
            citation: period.label(version.rule.cadence),
            text: version.rule.name.clone(),
            words: excuse.reason,
            campaign_id: Some(row.campaign_id),
            unit_id: unit.id,
            unit_name: unit.name,
            day: Some(excuse.asked_at.day_in_china()),
            deadline_text: String::new(),
            late: false,
            do_href: href.clone(),
            href,
            record: None,
            problem: None,
        });
    }
    Ok(items)
}
