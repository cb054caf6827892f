//! Digests, what runs by itself, and who may be told.

pub mod reach;

use crate::record::Record;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::digest::Digest;
use bihuan_domain::id::{AccountId, PersonId};
use bihuan_domain::person::Account;
use bihuan_domain::{Day, Instant};
use std::collections::BTreeSet;

/// Digests one page shows.
pub const DIGEST_ROWS: i64 = 60;

/// A person's digests, newest first.
///
/// # Errors
/// Faults of the database.
pub fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Digest>, Fault> {
    Digest::load(
        conn,
        &format!("WHERE person_id = $1 ORDER BY day DESC LIMIT {DIGEST_ROWS}"),
        &vals![person.0],
    )
}

/// People who already have a digest of a day.
///
/// # Errors
/// Faults of the database.
pub fn made_on(conn: &mut Conn, day: Day) -> Result<BTreeSet<PersonId>, Fault> {
    let rows = conn.rows("SELECT person_id FROM digest WHERE day = $1", &vals![i64::from(day.days())])?;
    rows.iter().map(|row| row.int(0).map(PersonId)).collect()
}

/// Active accounts behind a number, in order, for walking through all of them.
///
/// # Errors
/// Faults of the database.
pub fn active_accounts(conn: &mut Conn, after: AccountId, limit: i64) -> Result<Vec<Account>, Fault> {
    let condition = format!("WHERE state = 'active' AND id > $1 ORDER BY id LIMIT {limit}");
    Account::load(conn, &condition, &vals![after.0])
}

/// Takes a daily job if nobody has it and it was not done on `day`; the lease ends by itself when its taker dies.
///
/// # Errors
/// Faults of the database.
pub fn take_job(
    conn: &mut Conn,
    name: &str,
    day: Day,
    now: Instant,
    taker: &str,
    lease_seconds: i64,
) -> Result<bool, Fault> {
    conn.exec(
        "INSERT INTO daily_job (name, leased_by, lease_until, done_day, done_at) VALUES ($1, '', 0, NULL, NULL) \
         ON CONFLICT (name) DO NOTHING",
        &vals![name],
    )?;
    let args =
        vals![taker, now.plus_seconds(lease_seconds).micros(), name, now.micros(), i64::from(day.days())];
    let taken = conn.exec(
        "UPDATE daily_job SET leased_by = $1, lease_until = $2 WHERE name = $3 \
         AND (lease_until < $4 OR leased_by = $1) AND (done_day IS NULL OR done_day < $5)",
        &args,
    )?;
    Ok(taken == 1)
}

/// Gives a job back; with `done` it is not taken again on that day.
///
/// # Errors
/// Faults of the database.
pub fn give_back_job(
    conn: &mut Conn,
    name: &str,
    taker: &str,
    done: Option<(Day, Instant)>,
) -> Result<(), Fault> {
    let (day, at) = match done {
        Some((day, at)) => (Val::Int(i64::from(day.days())), Val::Int(at.micros())),
        None => (Val::Null, Val::Null),
    };
    conn.exec(
        "UPDATE daily_job SET lease_until = 0, leased_by = '', done_day = COALESCE($1, done_day), \
         done_at = COALESCE($2, done_at) WHERE name = $3 AND leased_by = $4",
        &[day, at, Val::from(name), Val::from(taker)],
    )?;
    Ok(())
}

/// People with a digest, the most one person has for one day, and how often somebody has two.
///
/// # Errors
/// Faults of the database.
pub fn tally(conn: &mut Conn) -> Result<(i64, i64, i64), Fault> {
    let sql = "SELECT COUNT(DISTINCT person_id), COALESCE(MAX(n), 0), \
         COALESCE(CAST(SUM(CASE WHEN n > 1 THEN 1 ELSE 0 END) AS BIGINT), 0) \
         FROM (SELECT person_id, COUNT(*) AS n FROM digest GROUP BY person_id, day) AS d";
    conn.first(sql, &[])?.map_or(Ok((0, 0, 0)), |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))
}
