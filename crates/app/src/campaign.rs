//! Campaigns: which there are, one of them with its rules, and the steps of its life.

mod built_in;
mod following;
mod steps;
mod view;

pub use built_in::{BuiltIn, built_in, built_in_of};
pub use following::{TAKE_OVER_BATCH, TakeOver};
pub use steps::{CampaignDone, CampaignInput, Ending};
pub use view::{CampaignView, Happened, Office, TemplatePlan};

use crate::{App, Context, Error};
pub use bihuan_store::campaign::CampaignHead;
use bihuan_store::{Conn, campaign as store};

/// The campaigns the caller may see: they reach a unit the caller reads, or are run from below one.
///
/// # Errors
/// Faults of the database.
pub fn seen_campaigns(conn: &mut Conn, ctx: &Context) -> Result<Vec<CampaignHead>, Error> {
    let roots = ctx.actor.readable_roots();
    let mut heads = store::heads(conn)?;
    heads.retain(|head| {
        roots.iter().any(|(_, path)| path.is_within(&head.reach) || head.reach.is_within(path))
    });
    Ok(heads)
}

impl App {
    /// The campaigns the caller may see, running ones first, the newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn campaigns(&self, ctx: &Context) -> Result<Vec<CampaignHead>, Error> {
        self.db.read(|conn| seen_campaigns(conn, ctx))
    }
}
