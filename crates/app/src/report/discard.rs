//! Drafts that are not wanted: a report that was never issued, or a correction that was begun.

use super::{draft, entry, store};
use crate::Error;
use crate::context::{App, Context};
use bihuan_domain::id::ReportId;
use bihuan_store::journal::{self, Write};

/// What is left of a report whose draft was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Nothing: it had never been issued.
    Nothing,
    /// The editions that were issued, this one being the last.
    Issued(i64),
}

impl App {
    /// Deletes a draft. What was issued stays: of a report with issued editions only the correction that was begun goes.
    ///
    /// # Errors
    /// `NotFound`; `report_already_issued`; `not_allowed`; a conflict when another saved it in between.
    pub fn discard_draft(&self, ctx: &Context, id: ReportId, version: Option<i64>) -> Result<Left, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (report, unit, edition) = draft(conn, &ctx, id, version, "删除报告草稿")?;
            let issued = store::last_issued(conn, id)?;
            let mut writes = vec![Write::delete(&edition)];
            if issued.is_none() {
                writes.push(Write::delete(&report));
            }
            let note = format!("第{}版草稿：{}", edition.number, edition.title);
            journal::append(
                conn,
                &ctx.stamp(Some(&unit)),
                vec![entry(&report, "report.discarded", note, writes)],
            )?;
            Ok(issued.map_or(Left::Nothing, |last| Left::Issued(last.number)))
        })
    }
}
