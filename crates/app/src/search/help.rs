//! Help for units in need: found by those who read the unit or the one that helps.

use super::{Sketch, Source, itself, lines, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::help::{Help, HelpState};
use bihuan_store::Conn;
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "help",
    label: "联系帮扶",
    table: "help",
    touched: &[("help", itself)],
    sketch,
    states: || HelpState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let all: Vec<Help> = rows(conn, "id", ids)?;
    let units = all.iter().flat_map(|help| [help.unit_id, help.helper_unit_id]).collect::<Vec<_>>();
    let names = bihuan_store::unit::names(conn, units.iter().copied())?;
    let places = places_of(conn, units)?;
    let name = |unit: bihuan_domain::id::UnitId| names.get(&unit).map_or("", String::as_str);
    Ok(all
        .into_iter()
        .map(|help| Sketch {
            units: [help.unit_id, help.helper_unit_id]
                .iter()
                .filter_map(|unit| places.get(unit).cloned())
                .collect(),
            campaign: Some(help.campaign_id),
            document: Document {
                kind: SOURCE.kind.to_owned(),
                subject_id: help.id.0,
                unit_id: help.unit_id,
                state: help.state.code().to_owned(),
                day: Some(help.starts_day),
                href: format!("/imbalance?campaign={}#help", help.campaign_id),
                title: format!("{}联系帮扶{}", name(help.helper_unit_id), name(help.unit_id)),
                content: lines([help.reason.as_str(), &help.plan, &help.outcome, &help.helper_name]),
                ..Document::default()
            },
            ..Sketch::default()
        })
        .collect())
}
