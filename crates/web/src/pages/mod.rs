//! Pages, one file per noun. Each offers `routes()`, a list of [`crate::route::Route`].
//!
//! A handler takes what it needs as arguments, calls one use case, and shows a page or leads on:
//!
//! ```ignore
//! async fn rename(State(web): State<WebState>, Session(ctx): Session, page: Page, Path(id): Path<i64>, fields: Fields) -> Result<Response, Problem> {
//!     let name = fields.text("name").to_owned();
//!     let (who, version) = (ctx.clone(), fields.number("version"));
//!     match web.run(move |app| app.rename_unit(&who, UnitId(id), version, &name)).await {
//!         Ok(_) => Ok(page.go(format!("/units/{id}"), "已更名。")),
//!         // Shows the form again with all that was typed; what no correction would mend is an error page.
//!         Err(problem) => show_form(&web, ctx, &page, id, &fields, Some(Again::of(problem)?)).await,
//!     }
//! }
//! ```

use crate::{route::Route, state::WebState};

pub mod account;
pub mod activity;
pub mod admin;
pub mod alert;
pub mod api;
pub mod branch_file;
pub mod breakdown;
pub mod calendar;
pub mod campaign;
pub mod channel;
pub mod check;
pub mod copied;
pub mod demo;
pub mod digest;
pub mod dispatch;
pub mod draw;
pub mod erasure;
pub mod help;
pub mod home;
pub mod imbalance;
pub mod inspection;
pub mod journal;
pub mod label;
pub mod ledger;
pub mod ledger_import;
pub mod look_back;
pub mod muster;
pub mod office_word;
pub mod overview;
pub mod person;
pub mod pick;
pub mod plan;
pub mod problem;
pub mod report;
pub mod required_action;
pub mod scope;
pub mod search;
pub mod session;
pub mod setup;
pub mod slip;
pub mod study;
pub mod talk;
pub mod task;
pub mod todo;
pub mod unit;

/// The routes of all pages: one line a noun.
pub fn routes() -> Vec<Route<WebState>> {
    [
        account::routes(),
        activity::routes(),
        admin::routes(),
        alert::routes(),
        api::routes(),
        branch_file::routes(),
        breakdown::routes(),
        calendar::routes(),
        campaign::routes(),
        channel::routes(),
        check::routes(),
        digest::routes(),
        dispatch::routes(),
        draw::routes(),
        erasure::routes(),
        help::routes(),
        home::routes(),
        imbalance::routes(),
        inspection::routes(),
        journal::routes(),
        label::routes(),
        ledger::routes(),
        ledger_import::routes(),
        look_back::routes(),
        muster::routes(),
        office_word::routes(),
        overview::routes(),
        person::routes(),
        plan::routes(),
        problem::routes(),
        report::routes(),
        required_action::routes(),
        scope::routes(),
        search::routes(),
        session::routes(),
        setup::routes(),
        slip::routes(),
        study::routes(),
        talk::routes(),
        task::routes(),
        todo::routes(),
        unit::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
