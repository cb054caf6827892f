//! Slips. A draft is found by those of the issuing unit; what calls somebody to a talk only by those who decide about it
//! or had a hand in it, and once issued by those who are called.

use super::{Right, Sketch, Source, itself, lines, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::id::UnitId;
use bihuan_domain::slip::{Slip, SlipState, SlipStep};
use bihuan_domain::unit::UnitPath;
use bihuan_store::Conn;
use bihuan_store::search::{Document, rows};
use std::collections::HashMap;

pub(crate) const SOURCE: Source = Source {
    kind: "slip",
    label: "督办单",
    table: "slip",
    touched: &[("slip", itself), ("talk_slip", itself)],
    sketch,
    states: || SlipState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let slips: Vec<Slip> = rows(conn, "id", ids)?;
    let steps: Vec<SlipStep> = rows(conn, "slip_id", ids)?;
    let units = slips.iter().flat_map(|slip| {
        [Some(slip.issuer_unit_id), Some(slip.holder_unit_id), Some(slip.to_unit_id), slip.copy_unit_id]
    });
    let places = places_of(conn, units.flatten().collect::<Vec<_>>())?;
    Ok(slips
        .into_iter()
        .map(|slip| {
            let (units, rights) = readers(&slip, &places);
            let said = steps.iter().filter(|step| step.slip_id == slip.id).map(|step| step.words.as_str());
            let document = document(&slip, said);
            Sketch { units, rights, campaign: Some(slip.campaign_id), document, file: None }
        })
        .collect())
}

/// Not more than `SlipCase::visible_to` allows.
fn readers(slip: &Slip, places: &HashMap<UnitId, UnitPath>) -> (Vec<UnitPath>, Vec<Right>) {
    let place = |unit: UnitId| places.get(&unit).cloned();
    let (issuer, holder) = (place(slip.issuer_unit_id), place(slip.holder_unit_id));
    let inside = issuer.as_ref().zip(holder.as_ref()).is_some_and(|(above, unit)| unit.is_within(above));
    let mut rights: Vec<Right> = inside.then_some(Right::Decides(slip.issuer_unit_id)).into_iter().collect();
    let unissued = matches!(slip.state, SlipState::Drafted | SlipState::Lapsed);
    if !unissued {
        rights.extend(slip.to_post_id.map(Right::Post));
    }
    if slip.is_restricted() {
        let hands = [slip.drafted_by, slip.issued_by, slip.signed_by, slip.answered_by];
        rights.extend(hands.into_iter().flatten().map(Right::Person));
        if !unissued && slip.to_post_id.is_none() {
            rights.push(Right::Leads(slip.holder_unit_id));
        }
        return (Vec::new(), rights);
    }
    if unissued {
        return (issuer.into_iter().collect(), rights);
    }
    let copy = slip.copy_unit_id.and_then(place);
    ([issuer, holder, place(slip.to_unit_id), copy].into_iter().flatten().collect(), rights)
}

fn document<'a>(slip: &'a Slip, said: impl Iterator<Item = &'a str>) -> Document {
    let own = [slip.body.as_str(), &slip.subject_words, &slip.cause, &slip.answer].into_iter();
    Document {
        kind: SOURCE.kind.to_owned(),
        subject_id: slip.id.0,
        unit_id: slip.holder_unit_id,
        state: slip.state.code().to_owned(),
        day: slip.issued_day.or_else(|| Some(slip.drafted_at.day_in_china())),
        href: format!("/slips/{}", slip.id),
        title: format!("{} {}", slip.citation(), slip.title),
        content: lines(own.chain(said)),
        ..Document::default()
    }
}
