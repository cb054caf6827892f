//! JSON under `/api/v1`, one file per noun.

use crate::{route::Route, state::WebState};

pub mod calendar;
pub mod campaign;
pub mod journal;
pub mod ledger;
pub mod session;

/// The routes of all JSON: one line a noun.
pub fn routes() -> Vec<Route<WebState>> {
    [calendar::routes(), campaign::routes(), journal::routes(), ledger::routes(), session::routes()]
        .into_iter()
        .flatten()
        .collect()
}
