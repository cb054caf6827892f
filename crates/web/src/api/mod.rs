//! JSON under `/api/v1`, one file per noun.

use crate::{route::Route, state::WebState};

pub mod calendar;
pub mod campaign;
pub mod journal;
pub mod problem;
pub mod session;

/// The routes of all JSON: one line a noun.
pub fn routes() -> Vec<Route<WebState>> {
    [calendar::routes(), campaign::routes(), journal::routes(), problem::routes(), session::routes()]
        .into_iter()
        .flatten()
        .collect()
}
