//! Values that stand sealed in the database, wherever they are: to be counted, sealed anew, or forgotten.

use crate::record::Field;
use crate::{Conn, Fault, vals};
use bihuan_domain::id::{AccountId, ChannelId};

/// Where a sealed value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The second factor of an account. Text before the first `sealed` is a mark of the account's and stays.
    Factor(AccountId),
    /// The full address of a channel.
    ChannelUrl(ChannelId),
    /// The key or password of a channel.
    ChannelSecret(ChannelId),
}

impl std::fmt::Display for Place {
    /// Table, column and row: what the value is bound to.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Factor(id) => write!(f, "account_guard.totp_secret:{id}"),
            Place::ChannelUrl(id) => write!(f, "channel_secret.url:{id}"),
            Place::ChannelSecret(id) => write!(f, "channel_secret.secret:{id}"),
        }
    }
}

/// All of them as they are stored.
///
/// # Errors
/// Faults of the database.
pub fn all(conn: &mut Conn) -> Result<Vec<(Place, String)>, Fault> {
    let factors =
        "SELECT account_id, totp_secret FROM account_guard WHERE totp_secret <> '' ORDER BY account_id";
    let mut found = Vec::new();
    for row in conn.rows(factors, &[])? {
        found.push((Place::Factor(AccountId::from_val(row.val(0)?)?), row.text(1)?));
    }
    for row in conn.rows("SELECT channel_id, url, secret FROM channel_secret ORDER BY channel_id", &[])? {
        let id = ChannelId::from_val(row.val(0)?)?;
        found.push((Place::ChannelUrl(id), row.text(1)?));
        found.push((Place::ChannelSecret(id), row.text(2)?));
    }
    found.retain(|(_, text)| !text.is_empty());
    Ok(found)
}

/// Writes one of them; an empty text forgets it.
///
/// # Errors
/// Faults of the database.
pub fn put(conn: &mut Conn, place: Place, text: &str) -> Result<(), Fault> {
    let (sql, id) = match place {
        Place::Factor(id) => ("UPDATE account_guard SET totp_secret = $1 WHERE account_id = $2", id.0),
        Place::ChannelUrl(id) => ("UPDATE channel_secret SET url = $1 WHERE channel_id = $2", id.0),
        Place::ChannelSecret(id) => ("UPDATE channel_secret SET secret = $1 WHERE channel_id = $2", id.0),
    };
    conn.exec(sql, &vals![text, id])?;
    Ok(())
}
