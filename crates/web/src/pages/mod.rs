//! Pages, one file per noun. Each offers `routes()`, a list of [`crate::route::Route`].

use crate::{route::Route, state::WebState};

pub mod demo;
pub mod home;
pub mod session;

/// The routes of all pages: one line a noun.
pub fn routes() -> Vec<Route<WebState>> {
    [home::routes(), session::routes()].into_iter().flatten().collect()
}
