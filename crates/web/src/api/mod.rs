//! JSON under `/api/v1`, one file per noun.

use crate::{route::Route, state::WebState};

pub mod calendar;
pub mod campaign;
pub mod journal;
pub mod ledger;
pub mod person;
pub mod problem;
pub mod report;
pub mod scope;
pub mod session;
pub mod unit;

/// The routes of all JSON: one line a noun.
pub fn routes() -> Vec<Route<WebState>> {
    [
        calendar::routes(),
        campaign::routes(),
        journal::routes(),
        ledger::routes(),
        person::routes(),
        problem::routes(),
        report::routes(),
        scope::routes(),
        session::routes(),
        unit::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
