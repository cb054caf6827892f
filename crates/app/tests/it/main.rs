//! Tests of the use cases, each on both engines.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail like tests")]

mod breakdown;
mod campaign;
mod channel;
mod county;
mod digest;
mod document;
mod evidence;
mod following;
mod ledger_import;
mod ledger_import_running;
mod ledger_own;
mod likeness;
mod muster;
mod overview;
mod past_day;
mod person;
mod person_import;
mod problem;
mod report;
mod report_deeds;
mod required_action;
mod scope;
mod search;
mod search_sources;
mod slip;
mod slip_subject;
mod study;
mod supervision;
mod support;
mod task;
mod tightening;
mod todo;
mod unit;
mod unit_import;
