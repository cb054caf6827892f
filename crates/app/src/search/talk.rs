//! Talks: found by the person, by who decided, and by those named as readers; by no role.

use super::{Right, Sketch, Source, itself, lines, no_states};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::talk::Talk;
use bihuan_store::Conn;
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "talk",
    label: "约谈记录",
    table: "talk",
    touched: &[("talk", itself)],
    sketch,
    states: no_states,
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let talks: Vec<Talk> = rows(conn, "id", ids)?;
    Ok(talks
        .into_iter()
        .map(|talk| {
            let mut readers = talk.named();
            readers.extend([talk.person_id, talk.decided_by]);
            readers.extend(talk.objection_answered_by);
            let parts = [
                talk.ground.as_str(),
                &talk.statement,
                &talk.objection,
                &talk.objection_answer,
                &talk.outcome,
            ];
            Sketch {
                rights: readers.into_iter().map(Right::Person).collect(),
                campaign: Some(talk.campaign_id),
                document: Document {
                    kind: SOURCE.kind.to_owned(),
                    subject_id: talk.id.0,
                    unit_id: talk.unit_id,
                    day: Some(talk.decided_day),
                    href: format!("/talks/{}", talk.id),
                    title: talk.kind.label().to_owned(),
                    content: lines(parts),
                    ..Document::default()
                },
                ..Sketch::default()
            }
        })
        .collect())
}
