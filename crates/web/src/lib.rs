//! Pages and JSON for the same use cases.
//!
//! The shell that every page stands on lives here: embedded assets ([`assets`]), the table of routes ([`route`]),
//! the door that each request passes ([`guard`]), what is said when something is refused or broken ([`error`]),
//! the frame around a page ([`page`]) and its components ([`ui`]). Pages are in `pages/<noun>.rs`, JSON in
//! `api/<noun>.rs`; both call the same functions of `bihuan-app` and hold no rules.

pub mod api;
pub mod assets;
pub mod counter;
pub mod current;
pub mod error;
pub mod form;
pub mod frame;
pub mod guard;
pub mod headers;
pub mod jobs;
pub mod nav;
pub mod openapi;
pub mod page;
pub mod pages;
pub mod rate;
pub mod route;
pub mod server;
pub mod shell;
pub mod state;
pub mod step;
mod table_import;
pub mod ui;
pub mod upload;
pub mod watch;

pub use frame::{Again, Page};
pub use server::{router, serve};
pub use state::{Session, WebState};

use route::Route;

/// All routes. A new noun adds its line in [`pages::routes`] or [`api::routes`].
pub fn routes() -> Vec<Route<WebState>> {
    [shell::routes(), assets::routes(), pages::routes(), api::routes()].into_iter().flatten().collect()
}
