//! Use cases: authorise, decide, append, enqueue; imports and jobs.
//!
//! Four callers use these functions: pages, JSON, the command line and jobs. Every function that changes something
//! loads, decides and appends inside one closure of the writer, so that nothing can move in between.

pub mod account;
pub mod activity;
pub mod actor;
pub mod alert;
pub mod bootstrap;
pub mod branch_file;
pub mod breakdown;
pub mod calendar;
pub mod campaign;
pub mod channel;
pub mod context;
pub mod digest;
pub mod dispatch;
pub mod draw;
pub mod erasure;
pub mod error;
pub mod evidence;
pub mod fonts;
pub mod help;
pub mod imbalance;
pub mod input;
pub mod inspection;
pub mod journal;
pub mod label;
pub mod ladder;
pub mod ledger;
pub mod ledger_import;
pub mod likeness;
pub mod look_back;
pub mod muster;
pub mod office_word;
pub mod overview;
pub mod person;
pub mod person_import;
pub mod plan;
pub mod problem;
pub mod report;
pub mod required_action;
pub mod scope;
pub mod search;
pub mod second_factor;
pub mod secret;
pub mod session;
pub mod slip;
pub mod study;
pub(crate) mod table_import;
pub mod talk;
pub mod task;
pub mod text_check;
pub mod todo;
pub mod unit;
pub mod unit_import;
pub mod vault;

pub use bihuan_store::clock;
pub use context::{App, Context, Visit};
pub use error::Error;
