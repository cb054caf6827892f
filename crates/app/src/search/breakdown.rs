//! Speeches and notices that were broken down, with their whole text.

use super::{Sketch, Source, itself, no_states, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::breakdown::Breakdown;
use bihuan_store::Conn;
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "breakdown",
    label: "文件分解",
    table: "breakdown",
    touched: &[("breakdown", itself)],
    sketch,
    states: no_states,
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let documents: Vec<Breakdown> = rows(conn, "id", ids)?;
    let places = places_of(conn, documents.iter().map(|document| document.unit_id))?;
    Ok(documents
        .into_iter()
        .map(|document| Sketch {
            units: places.get(&document.unit_id).cloned().into_iter().collect(),
            campaign: Some(document.campaign_id),
            document: Document {
                kind: SOURCE.kind.to_owned(),
                subject_id: document.id.0,
                unit_id: document.unit_id,
                day: Some(document.day),
                href: format!("/breakdowns/{}", document.id),
                title: document.title,
                content: document.content,
                ..Document::default()
            },
            ..Sketch::default()
        })
        .collect())
}
