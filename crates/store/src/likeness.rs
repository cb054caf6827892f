//! Signatures of texts, to find what was written before. Not business data: it can be rebuilt from the problems.

use crate::record::Field;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::id::{CampaignId, ProblemId};

/// Most candidates one lookup answers with.
pub const CANDIDATES_MAX: i64 = 200;
/// Most signatures read to look for similar problems of one category.
pub const SIGNATURES_MAX: i64 = 3_000;

/// What a text was written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// The problem itself.
    Problem,
    /// What was stated when it was reported done.
    Closure,
}

impl TextKind {
    fn code(self) -> &'static str {
        match self {
            TextKind::Problem => "problem",
            TextKind::Closure => "closure",
        }
    }
}

/// Keeps the signature and the keys of a text in place of those it had.
///
/// # Errors
/// Faults of the database.
pub fn keep(
    conn: &mut Conn,
    kind: TextKind,
    id: ProblemId,
    round: i64,
    signature: Vec<u8>,
    bands: &[i64],
) -> Result<(), Fault> {
    let key = vals![kind.code(), id.0, round];
    conn.exec("DELETE FROM likeness_band WHERE kind = $1 AND problem_id = $2 AND round = $3", &key)?;
    conn.exec("DELETE FROM likeness WHERE kind = $1 AND problem_id = $2 AND round = $3", &key)?;
    if signature.is_empty() {
        return Ok(());
    }
    conn.exec(
        "INSERT INTO likeness (kind, problem_id, round, signature) VALUES ($1, $2, $3, $4)",
        &[Val::from(kind.code()), Val::Int(id.0), Val::Int(round), Val::Bytes(signature)],
    )?;
    let list = serde_json::to_string(bands).unwrap_or_default();
    conn.exec(
        "INSERT INTO likeness_band (kind, band, problem_id, round) \
         SELECT CAST($1 AS TEXT), CAST(value AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM json_each($4) WHERE true \
         ON CONFLICT (kind, band, problem_id, round) DO NOTHING",
        &vals![kind.code(), id.0, round, list],
    )?;
    Ok(())
}

/// Texts that share at least one key, those with most first: problem and round.
///
/// # Errors
/// Faults of the database.
pub fn candidates(
    conn: &mut Conn,
    kind: TextKind,
    campaign: CampaignId,
    than: ProblemId,
    bands: &[i64],
) -> Result<Vec<(ProblemId, i64)>, Fault> {
    let list = serde_json::to_string(bands).unwrap_or_default();
    let sql = format!(
        "SELECT b.problem_id, b.round, COUNT(*) AS n FROM likeness_band b JOIN problem p ON p.id = b.problem_id \
         WHERE b.kind = $1 AND b.band IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) \
           AND b.problem_id <> $3 AND p.campaign_id = $4 \
         GROUP BY b.problem_id, b.round ORDER BY n DESC, b.problem_id LIMIT {CANDIDATES_MAX}"
    );
    conn.rows(&sql, &vals![kind.code(), list, than.0, campaign.0])?
        .iter()
        .map(|row| Ok((ProblemId::from_val(row.val(0)?)?, row.int(1)?)))
        .collect()
}

/// Signatures of other problems of the same category and campaign, the latest first.
///
/// # Errors
/// Faults of the database.
pub fn signatures_of_category(
    conn: &mut Conn,
    campaign: CampaignId,
    category: &str,
    than: ProblemId,
) -> Result<Vec<(ProblemId, Vec<u8>)>, Fault> {
    let sql = format!(
        "SELECT l.problem_id, l.signature FROM problem p \
         JOIN likeness l ON l.problem_id = p.id AND l.kind = 'problem' AND l.round = 0 \
         WHERE p.campaign_id = $1 AND p.category = $2 AND p.id <> $3 ORDER BY p.id DESC LIMIT {SIGNATURES_MAX}"
    );
    conn.rows(&sql, &vals![campaign.0, category, than.0])?
        .iter()
        .map(|row| Ok((ProblemId::from_val(row.val(0)?)?, row.bytes(1)?)))
        .collect()
}

/// What was stated in a round, for comparing on the words themselves.
///
/// # Errors
/// Faults of the database.
pub fn statement_of(conn: &mut Conn, id: ProblemId, round: i64) -> Result<Option<String>, Fault> {
    let sql = "SELECT CASE WHEN p.round = r.round THEN p.statement ELSE r.statement END \
         FROM problem_round r JOIN problem p ON p.id = r.problem_id WHERE r.problem_id = $1 AND r.round = $2";
    conn.first(sql, &vals![id.0, round])?.map(|row| row.text(0)).transpose()
}
