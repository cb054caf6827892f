//! Units to visit that a draw chose.

use super::{entry_of, seen};
use crate::Error;
use crate::context::Context;
use crate::input;
use bihuan_domain::Refusal;
use bihuan_domain::draw::{Draw, Drawn};
use bihuan_domain::id::{InspectionId, PersonId, UnitId, VisitId};
use bihuan_domain::inspection::{self as domain, Inspection, InspectionState, Visit, VisitKind, VisitState};
use bihuan_store::Conn;
use bihuan_store::inspection as store;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::records::{InspectionMember, VisitMember};

/// The plan that a form names.
pub(crate) fn of_input(conn: &mut Conn, ctx: &Context, text: &str) -> Result<Option<Inspection>, Error> {
    let Some(id) = input::number("inspection", "检查计划", text)? else { return Ok(None) };
    let (plan, unit, ..) = seen(conn, ctx, InspectionId(id))?;
    domain::may_plan(&ctx.actor, &unit.path, "为检查抽取单位")?;
    if plan.state == InspectionState::Ended {
        return Err(Refusal::of_field(
            "inspection",
            "inspection_ended",
            "这次检查已经结束。",
            "请选择另一个检查计划。",
        )
        .into());
    }
    Ok(Some(plan))
}

/// Visits to the units that a draw chose, by the examiners it chose.
pub(crate) fn add_drawn(
    conn: &mut Conn,
    id: InspectionId,
    draw: &Draw,
    drawn: &[Drawn],
) -> Result<Vec<NewEntry>, Error> {
    let plan: Inspection = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let mut team = store::members(conn, id)?;
    let mut writes = Vec::new();
    for one in drawn {
        let visit = Visit {
            id: VisitId(journal::next_id(conn, "visit", 1)?),
            inspection_id: id,
            campaign_id: plan.campaign_id,
            unit_id: UnitId(one.id),
            kind: VisitKind::Visit,
            from_day: draw.open_day.max(plan.starts_day),
            to_day: plan.ends_day.max(draw.open_day),
            state: VisitState::Planned,
            done_day: None,
            answers: String::new(),
            summary: String::new(),
            draw_id: Some(draw.id),
            follows_id: None,
            shared_from_id: None,
            filed_by: None,
            filed_at: None,
            client_key: String::new(),
            version: 1,
        };
        writes.push(Write::insert(&visit));
        for person in one.examiners.iter().map(|person| PersonId(*person)) {
            writes.push(Write::insert(&VisitMember { visit_id: visit.id, person_id: person }));
            if !team.contains(&person) {
                team.push(person);
                writes.push(Write::insert(&InspectionMember { inspection_id: id, person_id: person }));
            }
        }
    }
    let note = format!("按抽取“{}”列入{}个受检单位", draw.title, drawn.len());
    Ok(vec![entry_of(&plan, ("inspection.units_drawn", note), writes)])
}
