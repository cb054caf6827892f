//! Draws: their titles and where the public value comes from. What is drawn from, and the secret, is in no search.

use super::{Sketch, Source, itself, lines, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::draw::{Draw, DrawState};
use bihuan_store::Conn;
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "draw",
    label: "随机抽取",
    table: "draw",
    touched: &[("draw", itself)],
    sketch,
    states: || DrawState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let draws: Vec<Draw> = rows(conn, "id", ids)?;
    let places = places_of(conn, draws.iter().map(|draw| draw.unit_id))?;
    Ok(draws
        .into_iter()
        .map(|draw| Sketch {
            units: places.get(&draw.unit_id).cloned().into_iter().collect(),
            campaign: Some(draw.campaign_id),
            document: Document {
                kind: SOURCE.kind.to_owned(),
                subject_id: draw.id.0,
                unit_id: draw.unit_id,
                state: draw.state.code().to_owned(),
                day: Some(draw.open_day),
                href: format!("/draws/{}", draw.id),
                content: lines([draw.purpose.label(), &draw.public_source]),
                title: draw.title,
                ..Document::default()
            },
            ..Sketch::default()
        })
        .collect())
}
