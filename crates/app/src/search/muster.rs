//! Musters 吹哨报到: found by those who read the unit that called or one that was called.

use super::{Sketch, Source, itself, lines, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::muster::{CalledUnit, Muster, MusterState, MusterStep};
use bihuan_store::Conn;
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "muster",
    label: "吹哨报到",
    table: "muster",
    touched: &[("muster", itself)],
    sketch,
    states: || MusterState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let musters: Vec<Muster> = rows(conn, "id", ids)?;
    let called: Vec<CalledUnit> = rows(conn, "muster_id", ids)?;
    let steps: Vec<MusterStep> = rows(conn, "muster_id", ids)?;
    let units = musters.iter().map(|one| one.caller_unit_id).chain(called.iter().map(|one| one.unit_id));
    let places = places_of(conn, units.collect::<Vec<_>>())?;
    Ok(musters
        .into_iter()
        .map(|muster| {
            let called: Vec<&CalledUnit> = called.iter().filter(|one| one.muster_id == muster.id).collect();
            let seen = called.iter().map(|one| one.unit_id).chain([muster.caller_unit_id]);
            let did = called.iter().map(|one| one.did.as_str());
            let said =
                steps.iter().filter(|step| step.muster_id == muster.id).map(|step| step.words.as_str());
            let own = [muster.needed.as_str(), &muster.result].into_iter();
            Sketch {
                units: seen.filter_map(|unit| places.get(&unit).cloned()).collect(),
                campaign: Some(muster.campaign_id),
                document: Document {
                    kind: SOURCE.kind.to_owned(),
                    subject_id: muster.id.0,
                    unit_id: muster.caller_unit_id,
                    state: muster.state.code().to_owned(),
                    day: Some(muster.called_at.day_in_china()),
                    href: format!("/musters/{}", muster.id),
                    title: format!("{} {}", muster.citation(), muster.subject_words),
                    content: lines(own.chain(did).chain(said)),
                    ..Document::default()
                },
                ..Sketch::default()
            }
        })
        .collect())
}
