//! JSON under `/api/v1`, one file per noun.

use crate::{route::Route, state::WebState};

pub mod problem;
pub mod calendar;
pub mod campaign;
pub mod journal;
pub mod person;
pub mod scope;
pub mod ledger;
pub mod session;
pub mod unit;

/// The routes of all JSON: one line a noun.
pub fn routes() -> Vec<Route<WebState>> {
    [
        calendar::routes(),
        campaign::routes(),
        journal::routes(),
        person::routes(),
        scope::routes(),
        session::routes(),
        unit::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
    [problem::routes(), session::routes()].into_iter().flatten().collect()
    [journal::routes(), ledger::routes(), session::routes()].into_iter().flatten().collect()
    [calendar::routes(), campaign::routes(), journal::routes(), session::routes()]
        .into_iter()
        .flatten()
        .collect()
}
