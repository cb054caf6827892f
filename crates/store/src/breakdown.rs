//! Documents broken down, and their drafts.

use crate::record::{Field, Record};
use crate::{Conn, Fault, record, vals};
use bihuan_domain::breakdown::{Breakdown, BreakdownDraft};
use bihuan_domain::id::{BreakdownDraftId, BreakdownId, CampaignId, PersonId, UnitId};
use bihuan_domain::unit::UnitPath;
use bihuan_domain::{Day, Instant};
use std::collections::{HashMap, HashSet};

record!(Breakdown, "breakdown", key [id], personal [], { id, unit_id, campaign_id, title, file_name, digest, day, content, made_by, made_at, version });
record!(BreakdownDraft, "breakdown_draft", key [id], personal [], { id, breakdown_id, start_at, end_at, quote, subject, subject_level, unit_id, unit_doubt, action, strand, quantity, cadence, deadline_text, due_day, hard, reasons, state, merged_into, becomes_kind, becomes_id, drop_reason, decided_by, decided_at, version });

/// Most requirements one unit's page lists.
pub const REQUIREMENTS_MAX: i64 = 50;
/// Most documents one page lists.
pub const BREAKDOWNS_MAX: i64 = 200;

/// Documents of units in these subtrees, newest first: all of those that lie in `working` or that a person made, the
/// others once a draft of theirs is accepted.
///
/// # Errors
/// Faults of the database.
pub fn list(
    conn: &mut Conn,
    roots: &[UnitPath],
    (working, person): (&[UnitPath], PersonId),
) -> Result<Vec<Breakdown>, Fault> {
    let mut args = Vec::new();
    let mut within = |roots: &[UnitPath]| {
        let mut parts = Vec::new();
        for root in roots {
            args.extend(vals![root.as_str(), root.subtree_end()]);
            parts.push(format!("(u.path >= ${} AND u.path < ${})", args.len() - 1, args.len()));
        }
        let condition = if parts.is_empty() { "1 = 0".to_owned() } else { parts.join(" OR ") };
        format!("unit_id IN (SELECT u.id FROM unit u WHERE {condition})")
    };
    let (read, works) = (within(roots), within(working));
    args.extend(vals![person.0]);
    let sql = format!(
        "WHERE {read} AND ({works} OR made_by = ${} OR EXISTS \
         (SELECT 1 FROM breakdown_draft d WHERE d.breakdown_id = breakdown.id AND d.state = 'accepted')) \
         ORDER BY id DESC LIMIT {BREAKDOWNS_MAX}",
        args.len()
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

/// How many drafts a document has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DraftCounts {
    /// Nobody decided on them yet.
    pub open: usize,
    /// They became something.
    pub accepted: usize,
    /// All.
    pub all: usize,
}

/// How many drafts each of these documents has.
///
/// # Errors
/// Faults of the database.
pub fn draft_counts(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = BreakdownId>,
) -> Result<HashMap<BreakdownId, DraftCounts>, Fault> {
    let list = serde_json::json!(ids.into_iter().collect::<Vec<_>>()).to_string();
    let sql = "SELECT breakdown_id, CAST(SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS BIGINT), \
           CAST(SUM(CASE WHEN state = 'accepted' THEN 1 ELSE 0 END) AS BIGINT), COUNT(*) FROM breakdown_draft \
         WHERE breakdown_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) GROUP BY breakdown_id";
    let mut counts = HashMap::new();
    for row in conn.rows(sql, &vals![list])? {
        let count = |at: usize| row.int(at).map(|n| usize::try_from(n).unwrap_or(0));
        let these = DraftCounts { open: count(1)?, accepted: count(2)?, all: count(3)? };
        counts.insert(BreakdownId(row.int(0)?), these);
    }
    Ok(counts)
}

/// Which of these documents have an accepted draft.
///
/// # Errors
/// Faults of the database.
pub fn with_accepted(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = BreakdownId>,
) -> Result<HashSet<BreakdownId>, Fault> {
    let counts = draft_counts(conn, ids)?;
    Ok(counts.into_iter().filter(|(_, counts)| counts.accepted > 0).map(|(id, _)| id).collect())
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

/// Other things of a kind that came from the same sentence of a document: what is asked of a class of units is asked of
/// each in the same words.
///
/// # Errors
/// Faults of the database.
pub fn of_same_sentence(conn: &mut Conn, kind: &str, id: i64) -> Result<Vec<i64>, Fault> {
    let sql = "SELECT DISTINCT other.becomes_id FROM breakdown_draft own JOIN breakdown_draft other \
         ON other.breakdown_id = own.breakdown_id AND other.start_at = own.start_at AND other.end_at = own.end_at \
         WHERE own.becomes_kind = $1 AND own.becomes_id = $2 AND other.becomes_kind = $1 AND other.becomes_id <> $2 \
         ORDER BY other.becomes_id";
    conn.rows(sql, &vals![kind, id])?.iter().map(|row| row.int(0)).collect()
}

/// What documents ask of a unit by lists of requirements, newest first, at most [`REQUIREMENTS_MAX`].
///
/// # Errors
/// Faults of the database.
pub fn requirements_of(conn: &mut Conn, unit: UnitId) -> Result<Vec<BreakdownDraft>, Fault> {
    let sql = format!(
        "WHERE unit_id = $1 AND becomes_kind = 'requirement' AND state = 'accepted' ORDER BY decided_at DESC NULLS LAST, id DESC LIMIT {REQUIREMENTS_MAX}"
    );
    BreakdownDraft::load(conn, &sql, &vals![unit.0])
}

/// Requirements of these units that are due on a day or later, or were listed since a moment; the nearest first.
///
/// # Errors
/// Faults of the database.
pub fn requirements_told(
    conn: &mut Conn,
    units: &[UnitId],
    (today, since): (Day, Instant),
    most: i64,
) -> Result<Vec<BreakdownDraft>, Fault> {
    let list = serde_json::to_string(units).unwrap_or_default();
    let sql = "WHERE unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) AND becomes_kind = 'requirement' \
         AND state = 'accepted' AND (due_day >= $2 OR decided_at >= $3) ORDER BY due_day NULLS LAST, id DESC LIMIT $4";
    BreakdownDraft::load(conn, sql, &vals![list, today.days(), since.micros(), most])
}

/// A document without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakdownHead {
    /// The unit that broke it down.
    pub unit_id: UnitId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Its title.
    pub title: String,
    /// Its day.
    pub day: Day,
}

/// Documents without their texts, which are long.
///
/// # Errors
/// Faults of the database.
pub fn heads(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = BreakdownId>,
) -> Result<HashMap<BreakdownId, BreakdownHead>, Fault> {
    let list = serde_json::json!(ids.into_iter().collect::<Vec<_>>()).to_string();
    let sql = "SELECT id, unit_id, campaign_id, title, day FROM breakdown \
         WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    let mut heads = HashMap::new();
    for row in conn.rows(sql, &vals![list])? {
        let head = BreakdownHead {
            unit_id: Field::from_val(row.val(1)?)?,
            campaign_id: Field::from_val(row.val(2)?)?,
            title: row.text(3)?,
            day: Field::from_val(row.val(4)?)?,
        };
        heads.insert(Field::from_val(row.val(0)?)?, head);
    }
    Ok(heads)
}
