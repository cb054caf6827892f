//! Plans of inspections: found by those who read the unit that inspects, and by the team.

use super::{Right, Sketch, Source, itself, lines, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::inspection::{Inspection, InspectionState};
use bihuan_store::Conn;
use bihuan_store::records::InspectionMember;
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "inspection",
    label: "督导检查",
    table: "inspection",
    touched: &[("inspection", itself)],
    sketch,
    states: || InspectionState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let plans: Vec<Inspection> = rows(conn, "id", ids)?;
    let members: Vec<InspectionMember> = rows(conn, "inspection_id", ids)?;
    let places = places_of(conn, plans.iter().map(|plan| plan.unit_id))?;
    Ok(plans
        .into_iter()
        .map(|plan| {
            let team = members.iter().filter(|member| member.inspection_id == plan.id);
            let parts = [plan.subject.as_str(), &plan.targets, &plan.authority, &plan.document];
            Sketch {
                units: places.get(&plan.unit_id).cloned().into_iter().collect(),
                rights: team.map(|member| Right::Person(member.person_id)).collect(),
                campaign: Some(plan.campaign_id),
                document: Document {
                    kind: SOURCE.kind.to_owned(),
                    subject_id: plan.id.0,
                    unit_id: plan.unit_id,
                    state: plan.state.code().to_owned(),
                    day: Some(plan.starts_day),
                    href: format!("/inspections/{}", plan.id),
                    title: plan.title.clone(),
                    content: lines(parts.into_iter().chain([plan.decision_note.as_str()])),
                    ..Document::default()
                },
                file: None,
            }
        })
        .collect())
}
