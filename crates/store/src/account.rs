//! Accounts and what runs beside them: guards, sessions, tokens; and what an account may do on a day.
//!
//! Guards and sessions are running state, not business: they are written here directly. What happened (signed in,
//! locked, password changed) is an entry of the journal all the same.

use crate::record::{Field, Record};
use crate::{Conn, Fault, record, vals};
use bihuan_domain::id::{AccountId, PersonId};
use bihuan_domain::person::Account;
use bihuan_domain::role::{Grant, HeldPost};
use bihuan_domain::{Day, Instant};

/// The account of a sign-in name, given in lower case.
///
/// # Errors
/// Faults of the database.
pub fn by_login(conn: &mut Conn, login: &str) -> Result<Option<Account>, Fault> {
    Account::find(conn, "WHERE login = $1", &vals![login])
}

/// The account of a person.
///
/// # Errors
/// Faults of the database.
pub fn by_person(conn: &mut Conn, person: PersonId) -> Result<Option<Account>, Fault> {
    Account::find(conn, "WHERE person_id = $1", &vals![person.0])
}

/// The lock, the second factor and the earlier passwords of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The account.
    pub account: AccountId,
    /// Wrong tries in a row.
    pub failures: i64,
    /// Locked until then; long ago when it is not.
    pub locked_until: Instant,
    /// The last sign-in; the epoch when there was none.
    pub last_sign_in: Instant,
    /// Secret of the second factor, base32; empty where there is none. One that still waits for its first code
    /// begins with `?`.
    pub totp_secret: String,
    /// The last time step a code was used in, so that none is used twice.
    pub totp_step: i64,
    /// Hashes of earlier passwords, newest first.
    pub past_hashes: Vec<String>,
}

impl Guard {
    fn new(account: AccountId) -> Guard {
        Guard {
            account,
            failures: 0,
            locked_until: Instant::default(),
            last_sign_in: Instant::default(),
            totp_secret: String::new(),
            totp_step: 0,
            past_hashes: Vec::new(),
        }
    }

    /// The secret, once it was proved by a first code.
    pub fn second_factor(&self) -> Option<&str> {
        Some(self.totp_secret.as_str()).filter(|secret| !secret.is_empty() && !secret.starts_with('?'))
    }
}

/// The guard of an account; a new one when it has none yet.
///
/// # Errors
/// Faults of the database.
pub fn guard(conn: &mut Conn, account: AccountId) -> Result<Guard, Fault> {
    let row = conn.first(
        "SELECT failures, locked_until_us, last_sign_in_us, totp_secret, totp_step, past_hashes \
         FROM account_guard WHERE account_id = $1",
        &vals![account.0],
    )?;
    let Some(row) = row else { return Ok(Guard::new(account)) };
    Ok(Guard {
        account,
        failures: row.int(0)?,
        locked_until: Instant::from_val(row.val(1)?)?,
        last_sign_in: Instant::from_val(row.val(2)?)?,
        totp_secret: row.text(3)?,
        totp_step: row.int(4)?,
        past_hashes: row.text(5)?.lines().map(str::to_owned).collect(),
    })
}

/// Writes the guard of an account.
///
/// # Errors
/// Faults of the database.
pub fn save_guard(conn: &mut Conn, guard: &Guard) -> Result<(), Fault> {
    conn.exec(
        "INSERT INTO account_guard (account_id, failures, locked_until_us, last_sign_in_us, totp_secret, totp_step, past_hashes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account_id) DO UPDATE SET failures = excluded.failures, \
         locked_until_us = excluded.locked_until_us, last_sign_in_us = excluded.last_sign_in_us, \
         totp_secret = excluded.totp_secret, totp_step = excluded.totp_step, past_hashes = excluded.past_hashes",
        &vals![
            guard.account.0,
            guard.failures,
            guard.locked_until.micros(),
            guard.last_sign_in.micros(),
            guard.totp_secret.as_str(),
            guard.totp_step,
            guard.past_hashes.join("\n"),
        ],
    )?;
    Ok(())
}

/// A session of a browser. The secret is only in its cookie; here is its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the secret, hex.
    pub digest: String,
    /// The account.
    pub account: AccountId,
    /// Since.
    pub created: Instant,
    /// The last request, to the minute.
    pub seen: Instant,
    /// The end, however busy.
    pub expires: Instant,
    /// Where it was begun.
    pub source_address: String,
}

const SESSION_COLUMNS: &str = "digest, account_id, created_us, seen_us, expires_us, source_address";

fn session_from(row: &crate::Row) -> Result<Session, Fault> {
    Ok(Session {
        digest: row.text(0)?,
        account: AccountId::from_val(row.val(1)?)?,
        created: Instant::from_val(row.val(2)?)?,
        seen: Instant::from_val(row.val(3)?)?,
        expires: Instant::from_val(row.val(4)?)?,
        source_address: row.text(5)?,
    })
}

/// Begins a session.
///
/// # Errors
/// Faults of the database.
pub fn open_session(conn: &mut Conn, session: &Session) -> Result<(), Fault> {
    let sql = format!("INSERT INTO session ({SESSION_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)");
    conn.exec(
        &sql,
        &vals![
            session.digest.as_str(),
            session.account.0,
            session.created.micros(),
            session.seen.micros(),
            session.expires.micros(),
            session.source_address.as_str(),
        ],
    )?;
    Ok(())
}

/// The session of a digest.
///
/// # Errors
/// Faults of the database.
pub fn session(conn: &mut Conn, digest: &str) -> Result<Option<Session>, Fault> {
    let sql = format!("SELECT {SESSION_COLUMNS} FROM session WHERE digest = $1");
    conn.first(&sql, &vals![digest])?.map(|row| session_from(&row)).transpose()
}

/// The sessions of an account, newest first.
///
/// # Errors
/// Faults of the database.
pub fn sessions(conn: &mut Conn, account: AccountId) -> Result<Vec<Session>, Fault> {
    let sql = format!("SELECT {SESSION_COLUMNS} FROM session WHERE account_id = $1 ORDER BY created_us DESC");
    conn.rows(&sql, &vals![account.0])?.iter().map(session_from).collect()
}

/// Notes the last request of a session.
///
/// # Errors
/// Faults of the database.
pub fn touch_session(conn: &mut Conn, digest: &str, at: Instant) -> Result<(), Fault> {
    conn.exec("UPDATE session SET seen_us = $1 WHERE digest = $2", &vals![at.micros(), digest])?;
    Ok(())
}

/// Ends one session; answers whether there was one.
///
/// # Errors
/// Faults of the database.
pub fn end_session(conn: &mut Conn, digest: &str) -> Result<bool, Fault> {
    Ok(conn.exec("DELETE FROM session WHERE digest = $1", &vals![digest])? > 0)
}

/// Ends the sessions of an account, but for one that may stay; answers how many.
///
/// # Errors
/// Faults of the database.
pub fn end_sessions(conn: &mut Conn, account: AccountId, but: &str) -> Result<u64, Fault> {
    conn.exec("DELETE FROM session WHERE account_id = $1 AND digest <> $2", &vals![account.0, but])
}

/// Removes sessions that are over, so that nothing of them is left.
///
/// # Errors
/// Faults of the database.
pub fn remove_ended_sessions(conn: &mut Conn, now: Instant, idle_since: Instant) -> Result<u64, Fault> {
    conn.exec(
        "DELETE FROM session WHERE expires_us <= $1 OR seen_us < $2",
        &vals![now.micros(), idle_since.micros()],
    )
}

/// A token of an account for programs. Its text is shown once; here is its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Number.
    pub id: i64,
    /// The account whose power it has.
    pub account_id: AccountId,
    /// What it is for.
    pub name: String,
    /// SHA-256 of the token, hex.
    pub digest: String,
    /// Scopes with spaces between them, as `problem:read`.
    pub scope: String,
    /// Since.
    pub created_us: Instant,
    /// The end.
    pub expires_us: Instant,
    /// When it was taken back.
    pub revoked_us: Option<Instant>,
    /// The day it was last used on.
    pub used_day: Option<Day>,
}
record!(ApiToken, "api_token", key [id], personal [], { id, account_id, name, digest, scope, created_us, expires_us, revoked_us, used_day });

/// The token of a digest.
///
/// # Errors
/// Faults of the database.
pub fn token(conn: &mut Conn, digest: &str) -> Result<Option<ApiToken>, Fault> {
    ApiToken::find(conn, "WHERE digest = $1", &vals![digest])
}

/// The tokens of an account, newest first.
///
/// # Errors
/// Faults of the database.
pub fn tokens(conn: &mut Conn, account: AccountId) -> Result<Vec<ApiToken>, Fault> {
    ApiToken::load(conn, "WHERE account_id = $1 ORDER BY id DESC", &vals![account.0])
}

/// The posts a person holds on a day with the names of their units; leading posts first, then the oldest.
///
/// # Errors
/// Faults of the database.
pub fn posts_of(conn: &mut Conn, person: PersonId, day: Day) -> Result<Vec<(HeldPost, String)>, Fault> {
    let rows = conn.rows(
        "SELECT p.id, p.name, u.id, u.path, u.name FROM tenure t JOIN post p ON p.id = t.post_id JOIN unit u ON u.id = p.unit_id \
         WHERE t.person_id = $1 AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2) \
           AND (p.closed_day IS NULL OR p.closed_day > $2) ORDER BY p.leads DESC, t.from_day, t.id",
        &vals![person.0, day.days()],
    )?;
    let held = |row: &crate::Row| -> Result<(HeldPost, String), Fault> {
        let post = HeldPost {
            post: Field::from_val(row.val(0)?)?,
            name: row.text(1)?,
            unit: Field::from_val(row.val(2)?)?,
            path: Field::from_val(row.val(3)?)?,
        };
        Ok((post, row.text(4)?))
    };
    rows.iter().map(held).collect()
}

/// The roles a person has on a day, by their posts and by themselves.
///
/// # Errors
/// Faults of the database.
pub fn grants_of(conn: &mut Conn, person: PersonId, day: Day) -> Result<Vec<Grant>, Fault> {
    let rows = conn.rows(
        "SELECT g.id, g.role, g.unit_id, u.path FROM role_grant g JOIN unit u ON u.id = g.unit_id \
         WHERE (g.person_id = $1 OR g.post_id IN (SELECT p.id FROM tenure t JOIN post p ON p.id = t.post_id \
             WHERE t.person_id = $1 AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2) \
               AND (p.closed_day IS NULL OR p.closed_day > $2))) \
           AND g.from_day <= $2 AND (g.to_day IS NULL OR g.to_day > $2) ORDER BY g.id",
        &vals![person.0, day.days()],
    )?;
    let grant = |row: &crate::Row| -> Result<Grant, Fault> {
        Ok(Grant {
            id: Field::from_val(row.val(0)?)?,
            role: Field::from_val(row.val(1)?)?,
            unit: Field::from_val(row.val(2)?)?,
            path: Field::from_val(row.val(3)?)?,
        })
    };
    rows.iter().map(grant).collect()
}
