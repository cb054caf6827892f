//! What waits in musters: to report in, to say what was done, to accept.

use super::{TodoItem, TodoKind};
use crate::Error;
use crate::context::Context;
use bihuan_domain::Day;
use bihuan_domain::muster::{self as domain, CalledState, MusterCase, MusterState};
use bihuan_store::Conn;

/// What waits for the caller.
pub(super) fn items(conn: &mut Conn, ctx: &Context, today: Day) -> Result<Vec<TodoItem>, Error> {
    let cases = crate::muster::cases_of(conn, ctx)?;
    let mut waiting = Vec::new();
    for case in &cases {
        for (one, path) in &case.called {
            if case.muster.state != MusterState::Called || !domain::speaks_for(&ctx.actor, path) {
                continue;
            }
            let kind = match one.state {
                CalledState::Called => TodoKind::Muster,
                CalledState::Present => TodoKind::MusterDo,
                CalledState::Done if one.unit_id == case.muster.lead_unit_id => TodoKind::MusterDo,
                CalledState::Done | CalledState::Released => continue,
            };
            waiting.push((case, kind, one.unit_id));
        }
        let own_word = case.muster.finished_by == Some(ctx.actor.person);
        if case.muster.state == MusterState::Finished
            && !own_word
            && domain::speaks_for(&ctx.actor, &case.caller_path)
        {
            waiting.push((case, TodoKind::MusterAccept, case.muster.caller_unit_id));
        }
    }
    let names = bihuan_store::unit::names(conn, waiting.iter().map(|(_, _, unit)| *unit))?;
    let name = |unit| names.get(unit).cloned().unwrap_or_default();
    Ok(waiting.iter().map(|(case, kind, unit)| item(case, *kind, (*unit, name(unit)), today)).collect())
}

fn item(
    case: &MusterCase,
    kind: TodoKind,
    unit: (bihuan_domain::id::UnitId, String),
    today: Day,
) -> TodoItem {
    let muster = &case.muster;
    let href = format!("/musters/{}", muster.id);
    let leads = unit.0 == muster.lead_unit_id;
    let form = match kind {
        TodoKind::Muster => "report-in",
        TodoKind::MusterDo if leads => "finish",
        TodoKind::MusterDo => "did",
        _ => "accept",
    };
    TodoItem {
        kind,
        citation: muster.citation(),
        text: muster.needed.clone(),
        words: muster.subject_words.clone(),
        campaign_id: Some(muster.campaign_id),
        unit_id: unit.0,
        unit_name: unit.1,
        day: Some(muster.due_day),
        deadline_text: String::new(),
        late: muster.is_late_on(today),
        do_href: format!("{href}?do={form}#do-{form}"),
        href,
        record: None,
        problem: None,
    }
}
