//! JSON under `/api/v1`, one file per noun.

use crate::{route::Route, state::WebState};

pub mod activity;
pub mod alert;
pub mod calendar;
pub mod campaign;
pub mod channel;
pub mod document;
pub mod erasure;
pub mod journal;
pub mod label;
pub mod ledger;
pub mod ledger_import;
pub mod muster;
pub mod person;
pub mod plan;
pub mod problem;
pub mod report;
pub mod required_action;
pub mod scope;
pub mod search;
pub mod session;
pub mod slip;
pub mod study;
pub mod talk;
pub mod task;
pub mod unit;

/// The routes of all JSON: one line a noun.
pub fn routes() -> Vec<Route<WebState>> {
    [
        activity::routes(),
        alert::routes(),
        calendar::routes(),
        campaign::routes(),
        channel::routes(),
        document::routes(),
        erasure::routes(),
        journal::routes(),
        label::routes(),
        ledger::routes(),
        ledger_import::routes(),
        muster::routes(),
        person::routes(),
        plan::routes(),
        problem::routes(),
        report::routes(),
        required_action::routes(),
        scope::routes(),
        search::routes(),
        session::routes(),
        slip::routes(),
        study::routes(),
        talk::routes(),
        task::routes(),
        unit::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
