//! Documents that were checked, with their whole text and what was said about the findings. Each is a draft of somebody's:
//! it is found by those who may open it, see `bihuan_domain::text_check::may_open`.

use super::right::Right;
use super::{Sketch, Source, itself, lines, no_states, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::text_check::{CheckDecision, TextCheck};
use bihuan_store::Conn;
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "text_check",
    label: "文稿校核",
    table: "text_check",
    touched: &[("text_check", itself)],
    sketch,
    states: no_states,
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let checks: Vec<TextCheck> = rows(conn, "id", ids)?;
    let decisions: Vec<CheckDecision> = rows(conn, "check_id", ids)?;
    let places = places_of(conn, checks.iter().map(|check| check.unit_id))?;
    Ok(checks
        .into_iter()
        .map(|check| {
            let own = decisions.iter().filter(|decision| decision.check_id == check.id);
            let said = own.flat_map(|decision| [decision.replacement.as_str(), &decision.reason]);
            Sketch {
                rights: match places.get(&check.unit_id) {
                    Some(place) => [Right::recorders_of(place), vec![Right::Person(check.made_by)]].concat(),
                    None => Vec::new(),
                },
                campaign: check.campaign_id,
                document: Document {
                    kind: SOURCE.kind.to_owned(),
                    subject_id: check.id.0,
                    unit_id: check.unit_id,
                    day: Some(check.day),
                    href: format!("/checks/{}", check.id),
                    content: lines([check.content.as_str()].into_iter().chain(said)),
                    title: check.title,
                    ..Document::default()
                },
                ..Sketch::default()
            }
        })
        .collect())
}
