//! Tokens of accounts for programs.

use crate::record::Record;
use crate::{Conn, Fault, record, vals};
use bihuan_domain::id::AccountId;
use bihuan_domain::{Day, Instant};

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
record!(ApiToken, "api_token", key [id], personal [name], { id, account_id, name, digest, scope, created_us, expires_us, revoked_us, used_day });

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
