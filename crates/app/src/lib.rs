//! Use cases: authorise, decide, append, enqueue; imports and jobs.
//!
//! Four callers use these functions: pages, JSON, the command line and jobs. Every function that changes something
//! loads, decides and appends inside one closure of the writer, so that nothing can move in between.

pub mod actor;
pub mod context;
pub mod error;
pub mod ledger;
pub mod ledger_import;
pub mod overview;
pub mod problem;
pub mod second_factor;
pub mod secret;
pub mod session;

pub use bihuan_store::clock;
pub use context::{App, Context, Visit};
pub use error::Error;
