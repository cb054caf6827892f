//! Use cases: authorise, decide, append, enqueue; imports and jobs.
//!
//! Four callers use these functions: pages, JSON, the command line and jobs. Every function that changes something
//! loads, decides and appends inside one closure of the writer, so that nothing can move in between.

pub mod context;
pub mod error;
pub mod evidence;
pub mod input;
pub mod likeness;
pub mod problem;
pub mod todo;

pub use context::{App, Context};
pub use error::Error;
