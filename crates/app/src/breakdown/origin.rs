//! Where a problem, a task or a rule came from: the sentence of the document, kept and opened from there.

use crate::Error;
use crate::context::{self, App, Context};
use bihuan_domain::Coded;
use bihuan_domain::breakdown::{Becomes, Breakdown, BreakdownDraft};
use bihuan_domain::id::{BreakdownDraftId, BreakdownId, ProblemId, RequiredActionId, TaskId};
use bihuan_store::{Conn, breakdown as store, journal};
use serde::Serialize;

/// Most characters of a paragraph shown before a sentence, and as many behind it.
pub const PASSAGE_CHARS_MAX: usize = 500;

/// A sentence in the paragraph it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// What the paragraph says before it.
    pub before: String,
    /// The sentence.
    pub words: String,
    /// What the paragraph says behind it.
    pub after: String,
}

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
    /// The same within their paragraphs, so that whoever owes the thing reads them where they stand.
    pub passages: Vec<Passage>,
    /// The reader may open the document.
    pub opens: bool,
}

/// The source of what a draft became; `None` for what was made otherwise. Whoever sees the thing sees its sentence and
/// the paragraph around it, as it is its ground; the whole document is opened only by whoever reads its unit.
pub(crate) fn origin_of(
    conn: &mut Conn,
    ctx: &Context,
    becomes: Becomes,
    id: i64,
) -> Result<Option<Origin>, Error> {
    match store::origin_of(conn, becomes.code(), id)? {
        Some(found) => Ok(Some(origin_from(conn, ctx, &found)?)),
        None => Ok(None),
    }
}

/// The source of an accepted draft.
pub(super) fn origin_from(conn: &mut Conn, ctx: &Context, found: &BreakdownDraft) -> Result<Origin, Error> {
    // Of several units the first keeps the draft and the others have copies; what was merged names the first.
    let first = first_of(conn, found)?;
    let breakdown: Breakdown = journal::by_id(conn, found.breakdown_id.0)?.ok_or(Error::NotFound)?;
    let unit = context::unit(conn, breakdown.unit_id)?;
    let mut sources = vec![found.clone()];
    sources.extend(store::merged_into(conn, first)?);
    let content: Vec<char> = breakdown.content.chars().collect();
    Ok(Origin {
        breakdown: breakdown.id,
        title: breakdown.title,
        day: breakdown.day,
        draft: found.id,
        passages: sources.iter().map(|draft| passage(&content, draft)).collect(),
        quotes: sources.into_iter().map(|draft| draft.quote).collect(),
        opens: ctx.actor.may_read(&unit.path),
    })
}

/// A sentence within its paragraph; what is farther away than [`PASSAGE_CHARS_MAX`] is left to the document.
fn passage(content: &[char], draft: &BreakdownDraft) -> Passage {
    let place = |at: i64| usize::try_from(at).unwrap_or(0).min(content.len());
    let (start, end) = (place(draft.start_at), place(draft.end_at).max(place(draft.start_at)));
    let before = content[..start].iter().rev().take_while(|c| **c != '\n').count();
    let after = content[end..].iter().take_while(|c| **c != '\n').count();
    let from = start - before.min(PASSAGE_CHARS_MAX);
    let to = end + after.min(PASSAGE_CHARS_MAX);
    let cut = |left: bool| if left { "…" } else { "" };
    let text = |chars: &[char]| chars.iter().collect::<String>();
    Passage {
        before: format!("{}{}", cut(before > PASSAGE_CHARS_MAX), text(&content[from..start]).trim_start()),
        words: text(&content[start..end]),
        after: format!("{}{}", text(&content[end..to]).trim_end(), cut(after > PASSAGE_CHARS_MAX)),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_shown_in_its_paragraph_up_to_the_limit_m42() {
        let told = |content: &str, start: i64, end: i64| {
            let draft =
                BreakdownDraft { start_at: start, end_at: end, ..super::super::empty(BreakdownId(1)) };
            passage(&content.chars().collect::<Vec<char>>(), &draft)
        };
        let one = told("标题\n　　一是排查。二是建账。三是销号。\n结尾", 10, 14);
        assert_eq!(
            (one.before.as_str(), one.words.as_str(), one.after.as_str()),
            ("一是排查。", "二是建账", "。三是销号。")
        );
        let long =
            |n: usize| told(&format!("{}建账{}", "前".repeat(n), "后".repeat(n)), n as i64, n as i64 + 2);
        let edge = long(PASSAGE_CHARS_MAX);
        assert_eq!(edge.before.chars().count(), PASSAGE_CHARS_MAX);
        assert!(!edge.before.starts_with('…') && !edge.after.ends_with('…'));
        let beyond = long(PASSAGE_CHARS_MAX + 1);
        assert!(beyond.before.starts_with('…') && beyond.after.ends_with('…'));
        assert_eq!(beyond.after.chars().count(), PASSAGE_CHARS_MAX + 1);
        let outside = told("短文", 5, 9);
        assert_eq!(outside.words, "");
    }
}
