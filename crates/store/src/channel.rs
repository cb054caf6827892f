//! Channels with their secrets, and messages on their way out.

use crate::record::{Field, Record};
use crate::records::PersonContact;
use crate::{Conn, Fault, Row, vals};
use bihuan_domain::Instant;
use bihuan_domain::channel::Channel;
use bihuan_domain::id::{ChannelId, PersonId};

/// Most messages one round sends.
pub const MESSAGES_AT_ONCE: i64 = 50;

/// All channels.
///
/// # Errors
/// Faults of the database.
pub fn all(conn: &mut Conn) -> Result<Vec<Channel>, Fault> {
    Channel::load(conn, "ORDER BY id LIMIT 1000", &[])
}

/// What is secret of a channel: the full address and the key or password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret {
    /// Full address.
    pub url: String,
    /// Signing key or password.
    pub secret: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The secrets of a channel.
///
/// # Errors
/// Faults of the database.
pub fn secret(conn: &mut Conn, id: ChannelId) -> Result<Secret, Fault> {
    let row = conn.first("SELECT url, secret FROM channel_secret WHERE channel_id = $1", &vals![id.0])?;
    row.map_or(Ok(Secret::default()), |row| Ok(Secret { url: row.text(0)?, secret: row.text(1)? }))
}

/// Keeps the secrets of a channel, outside the journal.
///
/// # Errors
/// Faults of the database.
pub fn keep_secret(conn: &mut Conn, id: ChannelId, secret: &Secret) -> Result<(), Fault> {
    conn.exec(
        "INSERT INTO channel_secret (channel_id, url, secret) VALUES ($1, $2, $3) \
         ON CONFLICT (channel_id) DO UPDATE SET url = excluded.url, secret = excluded.secret",
        &vals![id.0, secret.url.as_str(), secret.secret.as_str()],
    )?;
    Ok(())
}

/// Forgets the secrets of a channel and what waited to go out by it.
///
/// # Errors
/// Faults of the database.
pub fn forget(conn: &mut Conn, id: ChannelId) -> Result<(), Fault> {
    conn.exec("DELETE FROM channel_secret WHERE channel_id = $1", &vals![id.0])?;
    conn.exec("DELETE FROM message WHERE channel_id = $1", &vals![id.0])?;
    Ok(())
}

/// Where a person wants to be told.
///
/// # Errors
/// Faults of the database.
pub fn contact(conn: &mut Conn, person: PersonId) -> Result<Option<PersonContact>, Fault> {
    PersonContact::find(conn, "WHERE person_id = $1", &vals![person.0])
}

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Number.
    pub id: i64,
    /// By which channel.
    pub channel_id: ChannelId,
    /// To which address; empty for a group.
    pub to_address: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Failed attempts so far.
    pub attempts: i64,
}

/// Puts a message out to be sent after the commit, once: `dedup` names what it tells to whom.
///
/// # Errors
/// Faults of the database.
pub fn put_out(
    conn: &mut Conn,
    channel: ChannelId,
    to: &str,
    dedup: &str,
    (subject, body): (&str, &str),
    urgent: bool,
    now: Instant,
) -> Result<(), Fault> {
    let id = crate::journal::next_id(conn, "message", 1)?;
    conn.exec(
        "INSERT INTO message (id, channel_id, to_address, dedup, subject, body, urgent, state, attempts, next_at, last_error, made_at, sent_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, '', $8, NULL) ON CONFLICT (channel_id, dedup) DO NOTHING",
        &vals![id, channel.0, to, dedup, subject, body, i64::from(urgent), now.micros()],
    )?;
    Ok(())
}

/// Takes waiting messages whose time has come; they are not taken again until the lease ends. What is not urgent
/// stays where it is in quiet hours.
///
/// # Errors
/// Faults of the database.
pub fn take(
    conn: &mut Conn,
    now: Instant,
    urgent_only: bool,
    lease_seconds: i64,
) -> Result<Vec<Message>, Fault> {
    let only = if urgent_only { "AND urgent = 1" } else { "" };
    let sql = format!(
        "SELECT id, channel_id, to_address, subject, body, attempts FROM message \
         WHERE state = 'waiting' AND next_at <= $1 {only} ORDER BY urgent DESC, next_at, id LIMIT {MESSAGES_AT_ONCE}"
    );
    let found: Vec<Message> =
        conn.rows(&sql, &vals![now.micros()])?.iter().map(message_from).collect::<Result<_, _>>()?;
    for message in &found {
        let until = now.plus_seconds(lease_seconds).micros();
        conn.exec("UPDATE message SET next_at = $1 WHERE id = $2", &vals![until, message.id])?;
    }
    Ok(found)
}

fn message_from(row: &Row) -> Result<Message, Fault> {
    Ok(Message {
        id: row.int(0)?,
        channel_id: ChannelId::from_val(row.val(1)?)?,
        to_address: row.text(2)?,
        subject: row.text(3)?,
        body: row.text(4)?,
        attempts: row.int(5)?,
    })
}

/// A message arrived.
///
/// # Errors
/// Faults of the database.
pub fn sent(conn: &mut Conn, id: i64, now: Instant) -> Result<(), Fault> {
    conn.exec(
        "UPDATE message SET state = 'sent', sent_at = $1, last_error = '' WHERE id = $2",
        &vals![now.micros(), id],
    )?;
    Ok(())
}

/// A message did not arrive; it is tried again at `next`, or given up.
///
/// # Errors
/// Faults of the database.
pub fn failed(conn: &mut Conn, id: i64, why: &str, next: Option<Instant>) -> Result<(), Fault> {
    let why: String = why.chars().take(300).collect();
    match next {
        Some(next) => conn.exec(
            "UPDATE message SET attempts = attempts + 1, last_error = $1, next_at = $2 WHERE id = $3",
            &vals![why, next.micros(), id],
        )?,
        None => conn.exec(
            "UPDATE message SET attempts = attempts + 1, last_error = $1, state = 'failed' WHERE id = $2",
            &vals![why, id],
        )?,
    };
    Ok(())
}

/// Messages of a channel: waiting, sent, failed, and the last error.
///
/// # Errors
/// Faults of the database.
pub fn tally(conn: &mut Conn, id: ChannelId) -> Result<(i64, i64, i64, String), Fault> {
    let sql = "SELECT COALESCE(CAST(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS BIGINT), 0), \
         COALESCE(CAST(SUM(CASE WHEN state = 'sent' THEN 1 ELSE 0 END) AS BIGINT), 0), \
         COALESCE(CAST(SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS BIGINT), 0) FROM message WHERE channel_id = $1";
    let (waiting, sent, failed) = match conn.first(sql, &vals![id.0])? {
        Some(row) => (row.int(0)?, row.int(1)?, row.int(2)?),
        None => (0, 0, 0),
    };
    let sql =
        "SELECT last_error FROM message WHERE channel_id = $1 AND last_error <> '' ORDER BY id DESC LIMIT 1";
    let error = conn.first(sql, &vals![id.0])?.map_or(Ok(String::new()), |row| row.text(0))?;
    Ok((waiting, sent, failed, error))
}

/// What was to be told on an earlier day is told no more: a reminder must be true when it arrives.
///
/// # Errors
/// Faults of the database.
pub fn expire(conn: &mut Conn, before: Instant) -> Result<u64, Fault> {
    conn.exec(
        "UPDATE message SET state = 'failed', last_error = '当天没有送达，已过期' WHERE state = 'waiting' AND urgent = 0 AND made_at < $1",
        &vals![before.micros()],
    )
}

/// How people with a post in a unit may be reached, as far as they said.
///
/// # Errors
/// Faults of the database.
pub fn contacts_at(
    conn: &mut Conn,
    unit: bihuan_domain::id::UnitId,
    day: bihuan_domain::Day,
) -> Result<Vec<PersonContact>, Fault> {
    let condition = "WHERE person_id IN (SELECT t.person_id FROM post po \
         JOIN tenure t ON t.post_id = po.id AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2) \
         WHERE po.unit_id = $1) ORDER BY person_id";
    PersonContact::load(conn, condition, &vals![unit.0, i64::from(day.days())])
}
