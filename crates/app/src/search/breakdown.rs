//! Speeches and notices that were broken down, with their whole text: found by those who read the unit once one of their
//! drafts is accepted, before by those who may open them, see `bihuan_domain::breakdown::may_open`.

use super::right::Right;
use super::{Sketch, Source, itself, no_states, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::breakdown::Breakdown;
use bihuan_store::search::{Document, rows};
use bihuan_store::{Conn, breakdown as store};

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
    let accepted = store::with_accepted(conn, documents.iter().map(|document| document.id))?;
    let sketch = |document: Breakdown| {
        let place = places.get(&document.unit_id)?;
        let open = accepted.contains(&document.id);
        let drafts = || [Right::workers_of(place), vec![Right::Person(document.made_by)]].concat();
        Some(Sketch {
            units: if open { vec![place.clone()] } else { Vec::new() },
            rights: if open { Vec::new() } else { drafts() },
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
    };
    Ok(documents.into_iter().filter_map(sketch).collect())
}
