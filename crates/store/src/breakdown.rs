//! Documents broken down, and their drafts.

use crate::record::Record;
use crate::{Conn, Fault, record, vals};
use bihuan_domain::breakdown::{Breakdown, BreakdownDraft};
use bihuan_domain::id::{BreakdownDraftId, BreakdownId};
use bihuan_domain::unit::UnitPath;

record!(Breakdown, "breakdown", key [id], personal [], { id, unit_id, campaign_id, title, file_name, digest, day, content, made_by, made_at, version });
record!(BreakdownDraft, "breakdown_draft", key [id], personal [], { id, breakdown_id, start_at, end_at, quote, subject, subject_level, unit_id, unit_doubt, action, strand, quantity, cadence, deadline_text, due_day, hard, reasons, state, merged_into, becomes_kind, becomes_id, drop_reason, decided_by, decided_at, version });

/// Most documents one page lists.
pub const BREAKDOWNS_MAX: i64 = 200;

/// Documents of units in these subtrees, newest first.
///
/// # Errors
/// Faults of the database.
pub fn list(conn: &mut Conn, roots: &[UnitPath]) -> Result<Vec<Breakdown>, Fault> {
    let (within, args) = crate::text_check::within(roots);
    let sql = format!(
        "WHERE unit_id IN (SELECT u.id FROM unit u WHERE {within}) ORDER BY id DESC LIMIT {BREAKDOWNS_MAX}"
    );
    Breakdown::load(conn, &sql, &args)
}

/// The drafts of a document, in the order of the text.
///
/// # Errors
/// Faults of the database.
pub fn drafts(conn: &mut Conn, id: BreakdownId) -> Result<Vec<BreakdownDraft>, Fault> {
    BreakdownDraft::load(conn, "WHERE breakdown_id = $1 ORDER BY start_at, id", &vals![id.0])
}

/// Drafts that were put into another, in the order of the text.
///
/// # Errors
/// Faults of the database.
pub fn merged_into(conn: &mut Conn, id: BreakdownDraftId) -> Result<Vec<BreakdownDraft>, Fault> {
    BreakdownDraft::load(conn, "WHERE merged_into = $1 ORDER BY start_at, id", &vals![id.0])
}

/// The draft that a thing came from.
///
/// # Errors
/// Faults of the database.
pub fn origin_of(conn: &mut Conn, kind: &str, id: i64) -> Result<Option<BreakdownDraft>, Fault> {
    BreakdownDraft::find(conn, "WHERE becomes_kind = $1 AND becomes_id = $2 LIMIT 1", &vals![kind, id])
}
