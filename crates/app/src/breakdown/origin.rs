//! Where a problem, a task or a rule came from: the sentence of the document, kept and opened from there.

use crate::Error;
use crate::context::{self, App, Context};
use bihuan_domain::Coded;
use bihuan_domain::breakdown::{Becomes, Breakdown, BreakdownDraft};
use bihuan_domain::id::{BreakdownDraftId, BreakdownId, ProblemId, RequiredActionId, TaskId};
use bihuan_store::{Conn, breakdown as store, journal};
use serde::Serialize;

/// The source of something that was made from a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The document.
    pub breakdown: BreakdownId,
    /// Its title.
    pub title: String,
    /// Its day.
    pub day: bihuan_domain::Day,
    /// The draft.
    pub draft: BreakdownDraftId,
    /// Its sentences: the draft's own, and those of drafts that were put into it.
    pub quotes: Vec<String>,
    /// The reader may open the document.
    pub opens: bool,
}

/// The source of what a draft became; `None` for what was made otherwise. Whoever sees the thing sees its sentence, as
/// it is its ground; the whole document is opened only by whoever reads its unit.
pub(crate) fn origin_of(
    conn: &mut Conn,
    ctx: &Context,
    becomes: Becomes,
    id: i64,
) -> Result<Option<Origin>, Error> {
    let Some(found) = store::origin_of(conn, becomes.code(), id)? else { return Ok(None) };
    // Of several units the first keeps the draft and the others have copies; what was merged names the first.
    let first = first_of(conn, &found)?;
    let breakdown: Breakdown = journal::by_id(conn, found.breakdown_id.0)?.ok_or(Error::NotFound)?;
    let unit = context::unit(conn, breakdown.unit_id)?;
    let mut quotes = vec![found.quote.clone()];
    quotes.extend(store::merged_into(conn, first)?.into_iter().map(|draft| draft.quote));
    Ok(Some(Origin {
        breakdown: breakdown.id,
        title: breakdown.title,
        day: breakdown.day,
        draft: found.id,
        quotes,
        opens: ctx.actor.may_read(&unit.path),
    }))
}

fn first_of(conn: &mut Conn, draft: &BreakdownDraft) -> Result<BreakdownDraftId, Error> {
    let all = store::drafts(conn, draft.breakdown_id)?;
    let same = all.iter().filter(|one| {
        one.start_at == draft.start_at && one.end_at == draft.end_at && one.becomes_kind == draft.becomes_kind
    });
    Ok(same.map(|one| one.id).min().unwrap_or(draft.id))
}

impl App {
    /// The source of a problem, a task or a rule that the actor may see.
    ///
    /// # Errors
    /// `NotFound` for a thing out of sight.
    pub fn origin(&self, ctx: &Context, becomes: Becomes, id: i64) -> Result<Option<Origin>, Error> {
        self.db.read(|conn| {
            match becomes {
                Becomes::Problem => drop(crate::problem::visible_case(conn, ctx, ProblemId(id))?),
                Becomes::Task => drop(crate::task::visible_task(conn, ctx, TaskId(id))?),
                Becomes::RequiredAction => {
                    drop(crate::required_action::seen_action(conn, ctx, RequiredActionId(id))?);
                }
                Becomes::Requirement => return Err(Error::NotFound),
            }
            origin_of(conn, ctx, becomes, id)
        })
    }
}
