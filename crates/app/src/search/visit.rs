//! Visits with what they found: found by those who read the unit that inspects, by the team, and by those who read the
//! visited unit once it was done or announced.

use super::{Right, Sketch, Source, itself, lines, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::id::InspectionId;
use bihuan_domain::inspection::{
    Answer, Finding, Inspection, InspectionMeans, InspectionState, Visit, VisitState,
};
use bihuan_store::records::{InspectionMember, VisitMember};
use bihuan_store::search::{Document, rows};
use bihuan_store::{Conn, inspection as store};

pub(crate) const SOURCE: Source = Source {
    kind: "visit",
    label: "走访与发现",
    table: "visit",
    touched: &[("visit", itself), ("inspection", visits_of)],
    sketch,
    states: || VisitState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

fn visits_of(conn: &mut Conn, plan: i64) -> Result<Vec<i64>, Error> {
    Ok(store::visits(conn, InspectionId(plan))?.iter().map(|line| line.visit.id.0).collect())
}

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let visits: Vec<Visit> = rows(conn, "id", ids)?;
    let owners: Vec<i64> = visits.iter().map(|visit| visit.inspection_id.0).collect();
    let plans: Vec<Inspection> = rows(conn, "id", &owners)?;
    let team: Vec<InspectionMember> = rows(conn, "inspection_id", &owners)?;
    let members: Vec<VisitMember> = rows(conn, "visit_id", ids)?;
    let findings: Vec<Finding> = rows(conn, "visit_id", ids)?;
    let units = visits.iter().map(|visit| visit.unit_id).chain(plans.iter().map(|plan| plan.unit_id));
    let places = places_of(conn, units.collect::<Vec<_>>())?;
    Ok(visits
        .into_iter()
        .filter_map(|visit| {
            let plan = plans.iter().find(|plan| plan.id == visit.inspection_id)?;
            let told = visit.state == VisitState::Done
                || plan.means == InspectionMeans::Announced && plan.state == InspectionState::Issued;
            let seen = [Some(plan.unit_id), told.then_some(visit.unit_id)];
            let units = seen.into_iter().flatten().filter_map(|unit| places.get(&unit).cloned());
            let people = team.iter().filter(|member| member.inspection_id == plan.id);
            let own = members.iter().filter(|member| member.visit_id == visit.id);
            let people = people.map(|member| member.person_id).chain(own.map(|member| member.person_id));
            let found = findings.iter().filter(|finding| finding.visit_id == visit.id);
            Some(Sketch {
                units: units.collect(),
                rights: people.map(Right::Person).collect(),
                campaign: Some(visit.campaign_id),
                document: document(&visit, plan, found),
                file: None,
            })
        })
        .collect())
}

fn document<'a>(visit: &Visit, plan: &Inspection, found: impl Iterator<Item = &'a Finding>) -> Document {
    let answers: Vec<Answer> = serde_json::from_str(&visit.answers).unwrap_or_default();
    let notes = answers.iter().map(|answer| answer.note.as_str());
    let found = found.flat_map(|finding| [finding.text.as_str(), &finding.place]);
    let plain = plan.subject.as_str();
    Document {
        kind: SOURCE.kind.to_owned(),
        subject_id: visit.id.0,
        unit_id: visit.unit_id,
        state: visit.state.code().to_owned(),
        day: Some(visit.done_day.unwrap_or(visit.from_day)),
        href: format!("/visits/{}", visit.id),
        title: plan.title.clone(),
        content: lines([visit.summary.as_str()].into_iter().chain(found).chain(notes).chain([plain])),
        ..Document::default()
    }
}
