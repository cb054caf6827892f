//! Alerts.

use crate::record::{Field, Record};
use crate::{Conn, Fault, Row, vals};
use bihuan_domain::Coded as _;
use bihuan_domain::Instant;
use bihuan_domain::alert::{Alert, AlertKind};
use bihuan_domain::id::{AccountId, PersonId};

/// An alert in a list, with the sign-in name of the account.
#[derive(Clone, Debug)]
pub struct AlertRow {
    /// The alert.
    pub alert: Alert,
    /// Sign-in name; empty where there is none.
    pub login: String,
    /// Name of who acknowledged it; empty while it is open.
    pub acknowledged_by: String,
}

/// Alerts, open ones first, then the newest.
///
/// # Errors
/// Faults of the database.
pub fn list(conn: &mut Conn, open_only: bool, limit: i64, offset: i64) -> Result<Vec<AlertRow>, Fault> {
    let columns: Vec<String> = Alert::COLUMNS.iter().map(|column| format!("a.{column}")).collect();
    let only = if open_only { "WHERE a.acknowledged_at IS NULL" } else { "" };
    let sql = format!(
        "SELECT {}, COALESCE(c.login, ''), COALESCE(p.name, '') FROM alert a LEFT JOIN account c ON c.id = a.account_id \
         LEFT JOIN person p ON p.id = a.acknowledged_by {only} \
         ORDER BY CASE WHEN a.acknowledged_at IS NULL THEN 0 ELSE 1 END, a.last_at DESC, a.id DESC LIMIT $1 OFFSET $2",
        columns.join(", ")
    );
    let width = Alert::COLUMNS.len();
    let read = |row: &Row| -> Result<AlertRow, Fault> {
        Ok(AlertRow {
            alert: Alert::from_row(row, 0)?,
            login: row.text(width)?,
            acknowledged_by: row.text(width + 1)?,
        })
    };
    conn.rows(&sql, &vals![limit, offset])?.iter().map(read).collect()
}

/// How many alerts there are: open, and all.
///
/// # Errors
/// Faults of the database.
pub fn count(conn: &mut Conn) -> Result<(i64, i64), Fault> {
    let sql = "SELECT CAST(COALESCE(SUM(CASE WHEN acknowledged_at IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT), COUNT(*) FROM alert";
    conn.first(sql, &[])?.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

/// The open alert about the same doing.
///
/// # Errors
/// Faults of the database.
pub fn open_like(
    conn: &mut Conn,
    kind: AlertKind,
    account: Option<AccountId>,
    source_address: &str,
) -> Result<Option<Alert>, Fault> {
    let condition = "WHERE acknowledged_at IS NULL AND kind = $1 AND COALESCE(account_id, 0) = $2 \
         AND (account_id IS NOT NULL OR source_address = $3) ORDER BY id DESC";
    Alert::find(conn, condition, &vals![kind.code(), account.map_or(0, |account| account.0), source_address])
}

/// How often a person has taken something out since.
///
/// # Errors
/// Faults of the database.
pub fn exports_since(conn: &mut Conn, person: PersonId, since: Instant) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM entry WHERE person_id = $1 AND at_us >= $2 AND action LIKE '%.exported'";
    conn.first(sql, &vals![person.0, since.to_val()])?.map_or(Ok(0), |row| row.int(0))
}
