//! Meetings that dispatch work: agenda, what was said, what was decided.

use super::{Sketch, Source, itself, lines, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::dispatch::{Decision, Dispatch, DispatchItem, DispatchSeries, DispatchState};
use bihuan_store::Conn;
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "dispatch",
    label: "调度会",
    table: "dispatch",
    touched: &[("dispatch", itself)],
    sketch,
    states: || DispatchState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let meetings: Vec<Dispatch> = rows(conn, "id", ids)?;
    let owners: Vec<i64> = meetings.iter().map(|meeting| meeting.series_id.0).collect();
    let series: Vec<DispatchSeries> = rows(conn, "id", &owners)?;
    let items: Vec<DispatchItem> = rows(conn, "dispatch_id", ids)?;
    let decisions: Vec<Decision> = rows(conn, "dispatch_id", ids)?;
    let places = places_of(conn, series.iter().map(|one| one.unit_id))?;
    Ok(meetings
        .into_iter()
        .filter_map(|meeting| {
            let of = series.iter().find(|one| one.id == meeting.series_id)?;
            let points = items.iter().filter(|item| item.dispatch_id == meeting.id && !item.struck);
            let decided = decisions.iter().filter(|decision| decision.dispatch_id == meeting.id);
            let decided = decided.flat_map(|decision| [decision.text.as_str(), &decision.outcome]);
            let said = [meeting.summary.as_str(), &meeting.chair, &meeting.present].into_iter();
            Some(Sketch {
                units: places.get(&of.unit_id).cloned().into_iter().collect(),
                campaign: Some(of.campaign_id),
                document: Document {
                    kind: SOURCE.kind.to_owned(),
                    subject_id: meeting.id.0,
                    unit_id: of.unit_id,
                    state: meeting.state.code().to_owned(),
                    day: Some(meeting.held_day),
                    href: format!("/dispatches/{}", meeting.id),
                    title: format!("{}第{}次会议", of.name, meeting.number),
                    content: lines(said.chain(points.map(|item| item.text.as_str())).chain(decided)),
                    ..Document::default()
                },
                ..Sketch::default()
            })
        })
        .collect())
}
