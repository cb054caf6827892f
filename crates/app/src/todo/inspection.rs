//! What waits on inspections: visits to be made, plans to be approved.

use super::{TodoItem, TodoKind};
use crate::Error;
use crate::context::Context;
use bihuan_domain::Day;
use bihuan_domain::role::Role;
use bihuan_domain::unit::UnitPath;
use bihuan_store::{Conn, inspection as store};

/// What waits for the caller.
pub(super) fn items(conn: &mut Conn, ctx: &Context, today: Day) -> Result<Vec<TodoItem>, Error> {
    let mut items = visits(conn, ctx, today)?;
    items.extend(approvals(conn, ctx)?);
    Ok(items)
}

fn visits(conn: &mut Conn, ctx: &Context, today: Day) -> Result<Vec<TodoItem>, Error> {
    let lines = store::waiting(conn, ctx.actor.person)?;
    let item = |line: store::VisitLine| {
        let href = format!("/visits/{}", line.visit.id);
        TodoItem {
            kind: TodoKind::Visit,
            citation: String::new(),
            text: format!("{}：{}", line.title, line.unit.name),
            words: line.subject,
            campaign_id: Some(line.visit.campaign_id),
            unit_id: line.unit.id,
            unit_name: line.unit.name,
            day: Some(line.visit.to_day),
            deadline_text: String::new(),
            late: line.visit.to_day < today,
            do_href: href.clone(),
            href,
            record: None,
            problem: None,
        }
    };
    Ok(lines.into_iter().map(item).collect())
}

/// Plans that wait for a leader who did not draft them.
fn approvals(conn: &mut Conn, ctx: &Context) -> Result<Vec<TodoItem>, Error> {
    let leads = ctx.actor.grants.iter().filter(|grant| grant.role == Role::Leader);
    let roots: Vec<UnitPath> = leads.map(|grant| grant.path.clone()).collect();
    let mut items = Vec::new();
    if roots.is_empty() {
        return Ok(items);
    }
    for (plan, unit) in store::proposed(conn, &roots)? {
        if plan.drafted_by == ctx.actor.person {
            continue;
        }
        let href = format!("/inspections/{}", plan.id);
        items.push(TodoItem {
            kind: TodoKind::Approve,
            citation: String::new(),
            text: plan.title,
            words: plan.subject,
            campaign_id: Some(plan.campaign_id),
            unit_id: unit.id,
            unit_name: unit.name,
            day: Some(plan.starts_day),
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
