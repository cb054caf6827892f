//! Accounts and what runs beside them: guards, sessions, tokens; and what an account may do on a day.
//!
//! Guards and sessions are running state, not business: they are written here directly. What happened (signed in,
//! locked, password changed) is an entry of the journal all the same.

mod token;

pub use token::{ApiToken, token, tokens};

use crate::record::{Field, Record};
use crate::{Conn, Fault, vals};
use bihuan_domain::id::{AccountId, PersonId, PostId};
use bihuan_domain::person::{Account, AccountState, Person, RoleGrant};
use bihuan_domain::role::{Grant, HeldPost, Role};
use bihuan_domain::unit::Unit;
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
    /// Secret of the second factor, sealed by the application; empty where there is none. One that still waits for
    /// its first code begins with `?`.
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

    /// The sealed secret, once it was proved by a first code.
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

/// The roles a person has on a day, by their posts and by themselves. The administrators' roles hold for the whole
/// installation: their unit is number 0 and their path is empty.
///
/// # Errors
/// Faults of the database.
pub fn grants_of(conn: &mut Conn, person: PersonId, day: Day) -> Result<Vec<Grant>, Fault> {
    let rows = conn.rows(
        "SELECT g.id, g.role, g.unit_id, COALESCE(u.path, '') FROM role_grant g LEFT JOIN unit u ON u.id = g.unit_id \
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

/// A grant that has not ended, with what a page says about it.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// The grant.
    pub grant: RoleGrant,
    /// The unit it holds over; empty for administrators.
    pub unit_name: String,
    /// The post it is given to; empty when it is given to the person.
    pub post_name: String,
}

/// Grants of a person, and of the posts they hold or will hold, that have not ended on a day.
///
/// # Errors
/// Faults of the database.
pub fn lasting_grants(conn: &mut Conn, person: PersonId, day: Day) -> Result<Vec<GrantRow>, Fault> {
    let columns: Vec<String> = RoleGrant::COLUMNS.iter().map(|column| format!("g.{column}")).collect();
    let sql = format!(
        "SELECT {}, COALESCE(u.name, ''), COALESCE(p.name, '') FROM role_grant g LEFT JOIN unit u ON u.id = g.unit_id \
         LEFT JOIN post p ON p.id = g.post_id WHERE (g.to_day IS NULL OR g.to_day > $2) AND (g.person_id = $1 \
           OR g.post_id IN (SELECT t.post_id FROM tenure t WHERE t.person_id = $1 AND (t.to_day IS NULL OR t.to_day > $2))) \
         ORDER BY g.id",
        columns.join(", ")
    );
    let width = RoleGrant::COLUMNS.len();
    let read = |row: &crate::Row| -> Result<GrantRow, Fault> {
        Ok(GrantRow {
            grant: RoleGrant::from_row(row, 0)?,
            unit_name: row.text(width)?,
            post_name: row.text(width + 1)?,
        })
    };
    conn.rows(&sql, &vals![person.0, day.days()])?.iter().map(read).collect()
}

/// Those who hold a post on a day or will.
///
/// # Errors
/// Faults of the database.
pub fn holders_to_come(conn: &mut Conn, post: PostId, day: Day) -> Result<Vec<PersonId>, Fault> {
    conn.rows(
        "SELECT DISTINCT person_id FROM tenure WHERE post_id = $1 AND (to_day IS NULL OR to_day > $2) ORDER BY person_id",
        &vals![post.0, day.days()],
    )?
    .iter()
    .map(|row| Field::from_val(row.val(0)?))
    .collect()
}

/// Which accounts to list.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// Part of the sign-in name or of the person's name.
    pub text: String,
    /// Only in this state.
    pub state: Option<AccountState>,
    /// Only those without a sign-in since, or whose person holds no post on the day.
    pub stale: Option<(Instant, Day)>,
}

/// An account in a list.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// The person's name.
    pub name: String,
    /// The last sign-in; the epoch when there was none.
    pub last_sign_in: Instant,
    /// Locked until then.
    pub locked_until: Instant,
    /// A second factor is set up.
    pub second_factor: bool,
}

/// Lists accounts by sign-in name, and counts them.
///
/// # Errors
/// Faults of the database.
pub fn list(
    conn: &mut Conn,
    filter: &AccountFilter,
    limit: i64,
    offset: i64,
) -> Result<(Vec<AccountRow>, i64), Fault> {
    let mut args: Vec<crate::Val> = Vec::new();
    let mut conditions = vec!["1 = 1".to_owned()];
    let text = filter.text.trim().replace(['%', '_'], "");
    if !text.is_empty() {
        args.push(format!("%{}%", text.to_lowercase()).into());
        args.push(format!("%{text}%").into());
        conditions.push("(a.login LIKE $1 OR p.name LIKE $2)".to_owned());
    }
    if let Some(state) = filter.state {
        args.push(state.to_val());
        conditions.push(format!("a.state = ${}", args.len()));
    }
    if let Some((since, day)) = filter.stale {
        args.push(since.to_val());
        args.push(day.to_val());
        let (since, day) = (args.len() - 1, args.len());
        conditions.push(format!(
            "(COALESCE(g.last_sign_in_us, 0) < ${since} OR NOT EXISTS (SELECT 1 FROM tenure t WHERE t.person_id = a.person_id \
              AND t.from_day <= ${day} AND (t.to_day IS NULL OR t.to_day > ${day})))"
        ));
    }
    let from = format!(
        "FROM account a JOIN person p ON p.id = a.person_id LEFT JOIN account_guard g ON g.account_id = a.id WHERE {}",
        conditions.join(" AND ")
    );
    let total = conn.first(&format!("SELECT COUNT(*) {from}"), &args)?.map_or(Ok(0), |row| row.int(0))?;
    let columns: Vec<String> = Account::COLUMNS.iter().map(|column| format!("a.{column}")).collect();
    let sql = format!(
        "SELECT {}, p.name, COALESCE(g.last_sign_in_us, 0), COALESCE(g.locked_until_us, 0), COALESCE(g.totp_secret, '') \
         {from} ORDER BY a.login LIMIT {limit} OFFSET {offset}",
        columns.join(", ")
    );
    let width = Account::COLUMNS.len();
    let read = |row: &crate::Row| -> Result<AccountRow, Fault> {
        let secret = row.text(width + 3)?;
        Ok(AccountRow {
            account: Account::from_row(row, 0)?,
            name: row.text(width)?,
            last_sign_in: Field::from_val(row.val(width + 1)?)?,
            locked_until: Field::from_val(row.val(width + 2)?)?,
            second_factor: !secret.is_empty() && !secret.starts_with('?'),
        })
    };
    let rows = conn.rows(&sql, &args)?.iter().map(read).collect::<Result<_, _>>()?;
    Ok((rows, total))
}

/// People without an account whose name contains a text, with their units and posts of a day.
///
/// # Errors
/// Faults of the database.
pub fn people_without_account(
    conn: &mut Conn,
    name: &str,
    day: Day,
    limit: i64,
) -> Result<Vec<(Person, String)>, Fault> {
    let name = format!("%{}%", name.trim().replace(['%', '_'], ""));
    let condition = format!(
        "WHERE name LIKE $1 AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = person.id) ORDER BY id DESC LIMIT {limit}"
    );
    let people = Person::load(conn, &condition, &vals![name])?;
    let mut found = Vec::with_capacity(people.len());
    for person in people {
        let posts = posts_of(conn, person.id, day)?;
        let words: Vec<String> = posts.iter().map(|(post, unit)| format!("{unit}{}", post.name)).collect();
        found.push((person, words.join("、")));
    }
    Ok(found)
}

/// Whether there is any account yet.
///
/// # Errors
/// Faults of the database.
pub fn any(conn: &mut Conn) -> Result<bool, Fault> {
    Ok(conn.first("SELECT 1 FROM account LIMIT 1", &[])?.is_some())
}

/// Roles given to a post that have not ended on a day.
///
/// # Errors
/// Faults of the database.
pub fn roles_of_post(conn: &mut Conn, post: PostId, day: Day) -> Result<Vec<Role>, Fault> {
    conn.rows(
        "SELECT DISTINCT role FROM role_grant WHERE post_id = $1 AND (to_day IS NULL OR to_day > $2) ORDER BY role",
        &vals![post.0, day.days()],
    )?
    .iter()
    .map(|row| Field::from_val(row.val(0)?))
    .collect()
}

/// Open units of a name, short name or code; a few are enough to see that it is not clear.
///
/// # Errors
/// Faults of the database.
pub fn units_called(conn: &mut Conn, text: &str) -> Result<Vec<Unit>, Fault> {
    let condition =
        "WHERE (name = $1 OR code = $1 OR short_names = $1) AND closed_day IS NULL ORDER BY id LIMIT 6";
    Unit::load(conn, condition, &vals![text])
}
