//! JSON under `/api/v1`, one file per noun.

use crate::{route::Route, state::WebState};

pub mod alert;
pub mod calendar;
pub mod campaign;
pub mod document;
pub mod journal;
pub mod ledger;
pub mod ledger_import;
pub mod person;
pub mod problem;
pub mod scope;
pub mod search;
pub mod session;
pub mod task;
pub mod unit;

/// The routes of all JSON: one line a noun.
pub fn routes() -> Vec<Route<WebState>> {
    [
        alert::routes(),
        calendar::routes(),
        campaign::routes(),
        document::routes(),
        journal::routes(),
        ledger::routes(),
        ledger_import::routes(),
        person::routes(),
        problem::routes(),
        scope::routes(),
        search::routes(),
        session::routes(),
        task::routes(),
        unit::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
