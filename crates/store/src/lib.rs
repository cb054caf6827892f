//! The only SQL: journal, state tables, roll-ups, jobs; SQLite and PostgreSQL.
//!
//! Business tables are written by [`journal::append`] and nobody else. Reads are plain functions by noun.

pub mod account;
pub mod activity;
pub mod alert;
pub mod bench;
pub mod bench_action;
pub mod breakdown;
pub mod calendar;
pub mod campaign;
pub mod channel;
pub mod clock;
pub mod counts;
pub mod db;
pub mod dialect;
pub mod digest;
pub mod dispatch;
pub mod draw;
pub mod erasure;
pub mod fault;
pub mod help;
pub mod image_print;
pub mod inspection;
pub mod journal;
mod known;
pub mod label;
pub mod ledger;
pub mod likeness;
pub mod look_back;
pub mod migrate;
pub mod muster;
pub mod office_word;
pub mod person;
pub mod plan;
pub mod portable;
pub mod problem;
pub mod record;
pub mod recording;
pub mod records;
pub mod report;
pub mod required_action;
pub mod rollup;
pub mod scope;
pub mod sealed;
pub mod search;
pub mod setting;
pub mod slip;
pub mod study;
pub mod talk;
pub mod task;
pub mod text_check;
pub mod todo;
pub mod unit;
pub mod unit_tree;

pub use db::{Conn, Db, Row, Val};
pub use fault::Fault;
