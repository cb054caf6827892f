//! Tests of the use cases, each on both engines.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail like tests")]

mod campaign;
mod county;
mod evidence;
mod ledger_import;
mod likeness;
mod overview;
mod person;
mod problem;
mod report;
mod scope;
mod support;
mod todo;
mod unit;
mod unit_import;
