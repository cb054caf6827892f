//! The rules, pure: units, people, campaigns, problems, deadlines.
//!
//! Nothing here reads a clock, a file, a database or the environment. A rule takes the present state, a
//! command, the actor and the day, and answers with the changed state or with a [`Refusal`].

pub mod activity;
pub mod alert;
pub mod breakdown;
pub mod calendar;
pub mod campaign;
pub mod channel;
pub mod coded;
pub mod colour;
pub mod day;
pub mod deadline;
pub mod digest;
pub mod dispatch;
pub mod draw;
pub mod erasure;
pub mod evidence;
pub mod figure;
pub mod help;
pub mod id;
pub mod inspection;
pub mod label;
pub mod ladder;
pub mod ledger_import;
pub mod look_back;
pub mod measure;
pub mod muster;
pub mod office_word;
pub mod password;
pub mod person;
pub mod plan;
pub mod problem;
pub mod refusal;
pub mod report;
pub mod request;
pub mod required_action;
pub mod role;
pub mod scope;
pub mod slip;
pub mod study;
pub mod talk;
pub mod task;
pub mod template;
pub mod text_check;
pub mod unit;
pub mod unit_match;

pub use coded::Coded;
pub use day::{Day, Instant};
pub use refusal::Refusal;
