//! Tests of the store, each on both engines.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail like tests")]

mod as_of;
mod burden;
mod db;
mod journal;
mod journal_seen;
mod known;
mod random_history;
mod required_action;
mod unit_names;
