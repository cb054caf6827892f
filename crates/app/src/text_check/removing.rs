//! Checks that are no longer wanted.

use super::steps::view;
use crate::Error;
use crate::context::{App, Context};
use bihuan_domain::Refusal;
use bihuan_domain::id::TextCheckId;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::text_check as store;

impl App {
    /// Deletes a check with what was decided on it. Who had it made may, and the unit's office.
    ///
    /// # Errors
    /// `NotFound`; `not_allowed`; a conflict when another decided in between.
    pub fn remove_check(&self, ctx: &Context, id: TextCheckId, version: Option<i64>) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let seen = view(conn, &ctx, id)?;
            if !seen.may_remove {
                return Err(Refusal::not_allowed("删除校核", "送校人或者该单位的工作专班身份").into());
            }
            if version.is_some_and(|version| version != seen.check.version) {
                return Err(Error::stale());
            }
            let decisions = store::decisions(conn, id)?;
            let entry = NewEntry {
                action: "text_check.removed".to_owned(),
                subject_kind: "text_check",
                subject_id: id.0,
                unit: Some(seen.unit.id),
                campaign: seen.check.campaign_id,
                note: format!("删除校核“{}”", seen.check.title),
                writes: decisions.iter().map(Write::delete).chain([Write::delete(&seen.check)]).collect(),
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(Some(&seen.unit)), vec![entry])?;
            Ok(())
        })
    }
}
