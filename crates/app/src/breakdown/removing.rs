//! Documents broken down that are no longer wanted.

use super::{domain, seen, store};
use crate::Error;
use crate::context::{App, Context};
use bihuan_domain::id::BreakdownId;
use bihuan_store::journal::{self, NewEntry, Write};

impl App {
    /// Deletes a document with its drafts, as long as none of them became anything.
    ///
    /// # Errors
    /// `NotFound`; `not_allowed`; `breakdown_in_use`.
    pub fn remove_breakdown(&self, ctx: &Context, id: BreakdownId) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (breakdown, unit, _) = seen(conn, &ctx, id)?;
            let drafts = store::drafts(conn, id)?;
            domain::check_removable(&ctx.actor, &unit.path, &drafts)?;
            let entry = NewEntry {
                action: "breakdown.removed".to_owned(),
                subject_kind: "breakdown",
                subject_id: id.0,
                unit: Some(unit.id),
                campaign: Some(breakdown.campaign_id),
                note: format!("删除文件“{}”和{}条草稿", breakdown.title, drafts.len()),
                writes: drafts.iter().map(Write::delete).chain([Write::delete(&breakdown)]).collect(),
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(())
        })
    }
}
