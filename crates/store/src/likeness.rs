//! Signatures of texts, to find what was written before. Not business data: it can be rebuilt from the problems.

use crate::record::Field;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Coded;
use bihuan_domain::id::{CampaignId, ProblemId};

/// Most candidates one lookup answers with.
pub const CANDIDATES_MAX: i64 = 200;
/// Most texts looked at for one key, the newest first: set phrases by the hundred thousand must not stop the others.
pub const OF_A_KEY_MAX: i64 = 100;
/// Most signatures read to look for similar problems of one category.
pub const SIGNATURES_MAX: i64 = 3_000;

bihuan_domain::coded! {
    /// What a text was written for.
    TextKind ("文本用途") {
        /// The problem itself.
        Problem = "problem", "问题";
        /// What was stated when it was reported done.
        Closure = "closure", "完成说明";
        /// Minutes of an activity: speeches held there, opinions collected there.
        Minutes = "minutes", "活动记录";
        /// A speech or notice that was broken down.
        Speech = "speech", "讲话和文件";
    }
}

/// A text that shares a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Number of the thing it was written for.
    pub subject: i64,
    /// The round of a problem; 0 for others.
    pub round: i64,
    /// Its signature.
    pub signature: Vec<u8>,
}

/// The signature a text has; `None` where none is kept.
///
/// # Errors
/// Faults of the database.
pub fn signature_of(
    conn: &mut Conn,
    kind: TextKind,
    (subject, round): (i64, i64),
) -> Result<Option<Vec<u8>>, Fault> {
    let sql = "SELECT signature FROM likeness WHERE kind = $1 AND problem_id = $2 AND round = $3";
    conn.first(sql, &vals![kind.code(), subject, round])?.map(|row| row.bytes(0)).transpose()
}

/// Keeps the signature and the keys of a text in place of those it had, `gone`: they are named, since looking for them
/// would read the keys of all texts.
///
/// # Errors
/// Faults of the database.
pub fn keep(
    conn: &mut Conn,
    kind: TextKind,
    (subject, round): (i64, i64),
    signature: Vec<u8>,
    (bands, gone): (&[i64], &[i64]),
) -> Result<(), Fault> {
    if !gone.is_empty() {
        let key = vals![kind.code(), subject, round, serde_json::to_string(gone).unwrap_or_default()];
        conn.exec(
            "DELETE FROM likeness_band WHERE kind = $1 AND problem_id = $2 AND round = $3 \
             AND band IN (SELECT CAST(value AS BIGINT) FROM json_each($4))",
            &key,
        )?;
        conn.exec("DELETE FROM likeness WHERE kind = $1 AND problem_id = $2 AND round = $3", &key[..3])?;
    }
    if signature.is_empty() {
        return Ok(());
    }
    conn.exec(
        "INSERT INTO likeness (kind, problem_id, round, signature) VALUES ($1, $2, $3, $4)",
        &[Val::from(kind.code()), Val::Int(subject), Val::Int(round), Val::Bytes(signature)],
    )?;
    let list = serde_json::to_string(bands).unwrap_or_default();
    conn.exec(
        "INSERT INTO likeness_band (kind, band, problem_id, round) \
         SELECT CAST($1 AS TEXT), CAST(value AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM json_each($4) WHERE true \
         ON CONFLICT (kind, band, problem_id, round) DO NOTHING",
        &vals![kind.code(), subject, round, list],
    )?;
    Ok(())
}

/// Texts of other things that share at least one key, those with most first.
///
/// # Errors
/// Faults of the database.
pub fn candidates(
    conn: &mut Conn,
    kind: TextKind,
    than: i64,
    bands: &[i64],
) -> Result<Vec<Candidate>, Fault> {
    if bands.is_empty() {
        return Ok(Vec::new());
    }
    let of_a_key: Vec<String> = (0..bands.len())
        .map(|at| {
            format!(
                "SELECT * FROM (SELECT problem_id, round FROM likeness_band WHERE kind = $1 AND band = ${} \
                 ORDER BY problem_id DESC, round DESC LIMIT {OF_A_KEY_MAX}) AS k{at}",
                at + 3
            )
        })
        .collect();
    let sql = format!(
        "SELECT m.problem_id, m.round, l.signature FROM \
           (SELECT problem_id, round, COUNT(*) AS n FROM ({}) AS met WHERE problem_id <> $2 \
            GROUP BY problem_id, round ORDER BY n DESC, problem_id DESC LIMIT {CANDIDATES_MAX}) AS m \
         JOIN likeness l ON l.kind = $1 AND l.problem_id = m.problem_id AND l.round = m.round \
         ORDER BY m.n DESC, m.problem_id, m.round",
        of_a_key.join(" UNION ALL ")
    );
    let mut args: Vec<Val> = vals![kind.code(), than].to_vec();
    args.extend(bands.iter().map(|band| Val::Int(*band)));
    conn.rows(&sql, &args)?
        .iter()
        .map(|row| Ok(Candidate { subject: row.int(0)?, round: row.int(1)?, signature: row.bytes(2)? }))
        .collect()
}

/// Keeps many texts at once, for measurements: subject, signature and keys of each.
///
/// # Errors
/// Faults of the database.
pub fn keep_many(conn: &mut Conn, kind: TextKind, texts: &[(i64, Vec<u8>, Vec<i64>)]) -> Result<(), Fault> {
    let code = kind.code();
    let mut rows = texts.iter().map(|(subject, signature, _)| {
        vec![Val::from(code), Val::Int(*subject), Val::Int(0), Val::Bytes(signature.clone())]
    });
    conn.bulk_insert("likeness", &["kind", "problem_id", "round", "signature"], &mut rows)?;
    let mut keys: Vec<(i64, i64)> =
        texts.iter().flat_map(|(subject, _, bands)| bands.iter().map(|band| (*band, *subject))).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut rows = keys
        .into_iter()
        .map(|(band, subject)| vec![Val::from(code), Val::Int(band), Val::Int(subject), Val::Int(0)]);
    conn.bulk_insert("likeness_band", &["kind", "band", "problem_id", "round"], &mut rows)?;
    Ok(())
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
