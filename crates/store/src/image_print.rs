//! Difference hashes of pictures, to find the same scene filed twice. Not business data: made from the files.

use crate::record::Record;
use crate::{Conn, Fault, vals};
use bihuan_domain::evidence::Evidence;
use bihuan_domain::id::ProblemId;

/// Most candidates of one lookup.
const CANDIDATES_MAX: i64 = 200;

/// Keeps the print of a picture.
///
/// # Errors
/// Faults of the database.
pub fn keep(conn: &mut Conn, digest: &str, print: u64) -> Result<(), Fault> {
    let [a, b, c, d] = bands(print);
    conn.exec(
        "INSERT INTO image_print (digest, print, band_a, band_b, band_c, band_d) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (digest) DO NOTHING",
        &vals![digest, print.cast_signed(), a, b, c, d],
    )?;
    Ok(())
}

/// Four parts of a print: prints that differ in up to three bits share at least one.
fn bands(print: u64) -> [i64; 4] {
    [0, 16, 32, 48].map(|shift| (print >> shift & 0xFFFF).cast_signed())
}

/// Prints of pictures near this one: digest and print. The caller counts the bits.
///
/// # Errors
/// Faults of the database.
pub fn candidates(conn: &mut Conn, digest: &str) -> Result<Option<(u64, Vec<(String, u64)>)>, Fault> {
    let own = conn.first("SELECT print FROM image_print WHERE digest = $1", &vals![digest])?;
    let Some(own) = own.map(|row| row.int(0)).transpose()?.map(i64::cast_unsigned) else { return Ok(None) };
    let [a, b, c, d] = bands(own);
    let sql = format!(
        "SELECT digest, print FROM image_print \
         WHERE (band_a = $1 OR band_b = $2 OR band_c = $3 OR band_d = $4) AND digest <> $5 LIMIT {CANDIDATES_MAX}"
    );
    let near = conn
        .rows(&sql, &vals![a, b, c, d, digest])?
        .iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?.cast_unsigned())))
        .collect::<Result<_, Fault>>()?;
    Ok(Some((own, near)))
}

/// Evidence of other problems that carries one of these files.
///
/// # Errors
/// Faults of the database.
pub fn evidence_of(conn: &mut Conn, digests: &[String], than: ProblemId) -> Result<Vec<Evidence>, Fault> {
    let list = serde_json::json!(digests).to_string();
    Evidence::load(
        conn,
        "WHERE digest IN (SELECT value FROM json_each($1)) AND problem_id <> $2 ORDER BY id LIMIT 100",
        &vals![list, than.0],
    )
}
