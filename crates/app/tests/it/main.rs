//! Tests of the use cases, each on both engines.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail like tests")]

mod campaign;
mod channel;
mod county;
mod document;
mod evidence;
mod following;
mod ledger_import;
mod ledger_import_running;
mod likeness;
mod overview;
mod person;
mod problem;
mod report;
mod required_action;
mod scope;
mod search;
mod slip;
mod study;
mod supervision;
mod support;
mod task;
mod todo;
mod unit;
mod unit_import;
