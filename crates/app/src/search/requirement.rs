//! Requirements of lists, found by those who read the unit they are asked of and by those who read the document. Other
//! drafts are sentences of their document, which is searched whole.

use super::{Sketch, Source, lines, no_states, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::breakdown::BreakdownDraft;
use bihuan_domain::id::BreakdownId;
use bihuan_store::search::{Document, rows};
use bihuan_store::{Conn, breakdown as store};

pub(crate) const SOURCE: Source = Source {
    kind: "requirement",
    label: "要求清单",
    table: "breakdown_draft",
    touched: &[("breakdown", drafts_of)],
    sketch,
    states: no_states,
};

fn drafts_of(conn: &mut Conn, id: i64) -> Result<Vec<i64>, Error> {
    Ok(store::drafts(conn, BreakdownId(id))?.into_iter().map(|draft| draft.id.0).collect())
}

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let mut drafts: Vec<BreakdownDraft> = rows(conn, "id", ids)?;
    drafts.retain(BreakdownDraft::is_requirement);
    let heads = store::heads(conn, drafts.iter().map(|draft| draft.breakdown_id))?;
    let asked = drafts.iter().filter_map(|draft| draft.unit_id);
    let places = places_of(conn, asked.chain(heads.values().map(|head| head.unit_id)))?;
    let sketch = |draft: BreakdownDraft| {
        let document = heads.get(&draft.breakdown_id)?;
        let readers = [Some(document.unit_id), draft.unit_id.filter(|id| *id != document.unit_id)];
        Some(Sketch {
            units: readers.into_iter().flatten().filter_map(|id| places.get(&id).cloned()).collect(),
            campaign: Some(document.campaign_id),
            document: Document {
                kind: SOURCE.kind.to_owned(),
                subject_id: draft.id.0,
                unit_id: draft.unit_id.unwrap_or(document.unit_id),
                day: Some(document.day),
                href: format!("/requirements/{}", draft.id),
                content: lines([draft.quote.as_str(), document.title.as_str()]),
                title: draft.action,
                ..Document::default()
            },
            ..Sketch::default()
        })
    };
    Ok(drafts.into_iter().filter_map(sketch).collect())
}
