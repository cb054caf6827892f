//! The hash chain. Anybody with the file can recompute it: `docs/operating/journal-format.md` says how.

use crate::{Conn, Fault, Val, vals};
use sha2::{Digest, Sha256};

/// The hash before the first entry.
pub const GENESIS: &str = "";

/// Fields of an entry in the order in which they are hashed.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub seq: i64,
    pub at_us: i64,
    pub account_id: Option<i64>,
    pub person_id: Option<i64>,
    pub post_id: Option<i64>,
    pub actor_unit_id: Option<i64>,
    pub source_address: &'a str,
    pub action: &'a str,
    pub subject_kind: &'a str,
    pub subject_id: i64,
    pub unit_id: Option<i64>,
    pub campaign_id: Option<i64>,
    pub succeeded: bool,
    pub note: &'a str,
    pub body_version: i64,
    pub body: &'a str,
    pub personal_digest: &'a str,
    pub prev_hash: &'a str,
}

impl Row<'_> {
    fn values(&self) -> [Val; 18] {
        vals![
            self.seq,
            self.at_us,
            self.account_id,
            self.person_id,
            self.post_id,
            self.actor_unit_id,
            self.source_address,
            self.action,
            self.subject_kind,
            self.subject_id,
            self.unit_id,
            self.campaign_id,
            self.succeeded,
            self.note,
            self.body_version,
            self.body,
            self.personal_digest,
            self.prev_hash
        ]
    }

    /// SHA-256 over all fields in order, lower-case hex.
    pub fn hash(&self) -> String {
        hash_values(&self.values())
    }

    /// Writes the entry.
    pub fn insert(&self, conn: &mut Conn, hash: &str) -> Result<(), Fault> {
        let mut values = self.values().to_vec();
        values.push(Val::from(hash));
        let sql = "INSERT INTO entry (seq, at_us, account_id, person_id, post_id, actor_unit_id, source_address, action, \
             subject_kind, subject_id, unit_id, campaign_id, succeeded, note, body_version, body, personal_digest, \
             prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
        conn.later(sql, values, Some("entry"))
    }
}

/// Each field as `type:bytes:` and its text, so that no two rows share an encoding.
fn hash_values(values: &[Val]) -> String {
    let mut hasher = Sha256::new();
    for value in values {
        let (kind, text) = match value {
            Val::Null => ("n", String::new()),
            Val::Int(number) => ("i", number.to_string()),
            Val::Real(number) => ("r", number.to_string()),
            Val::Text(text) => ("t", text.clone()),
            Val::Bytes(bytes) => ("b", hex(bytes)),
        };
        hasher.update(format!("{kind}:{}:", text.len()));
        hasher.update(text);
    }
    hex(&hasher.finalize())
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A fresh salt, 16 random bytes in hex.
pub(super) fn salt() -> Result<String, Fault> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Fault::misuse(format!("the machine gives no random numbers: {error}")))?;
    Ok(hex(&bytes))
}

/// Digest of personal data beside the journal.
pub(super) fn personal_digest(salt: &str, content: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(":");
    hasher.update(content);
    hex(&hasher.finalize())
}

/// What is wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ChainFault {
    /// Its number is not one more than the one before.
    Gap {
        /// The number that should stand here.
        expected: i64,
        /// The number found.
        found: i64,
    },
    /// It does not carry the hash of the one before.
    BrokenLink {
        /// Its number.
        seq: i64,
    },
    /// Its own hash does not fit its fields.
    Altered {
        /// Its number.
        seq: i64,
    },
    /// Personal data kept beside it does not fit its digest.
    PersonalAltered {
        /// Its number.
        seq: i64,
    },
    /// The head does not name the last entry.
    Head {
        /// The last entry found.
        last: i64,
        /// What the head says.
        head: i64,
    },
}

/// The result of a verification.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ChainReport {
    /// Entries read.
    pub entries: i64,
    /// Hash of the last.
    pub head_hash: String,
    /// The first fault, where there is one.
    pub fault: Option<ChainFault>,
}

/// Re-hashes the chain from the first entry; stops at the first fault.
///
/// # Errors
/// Faults of the database.
pub fn verify_chain(conn: &mut Conn, progress: &mut dyn FnMut(i64)) -> Result<ChainReport, Fault> {
    let sql = "SELECT e.seq, e.at_us, e.account_id, e.person_id, e.post_id, e.actor_unit_id, e.source_address, e.action, \
         e.subject_kind, e.subject_id, e.unit_id, e.campaign_id, e.succeeded, e.note, e.body_version, e.body, \
         e.personal_digest, e.prev_hash, e.hash, p.salt, p.content \
         FROM entry e LEFT JOIN entry_personal p ON p.seq = e.seq ORDER BY e.seq";
    let (mut seq, mut hash, mut fault) = (0_i64, GENESIS.to_owned(), None);
    conn.each(sql, &[], &mut |row| {
        if fault.is_some() {
            return Ok(());
        }
        fault = check_row(row, seq, &hash)?;
        if fault.is_none() {
            seq = row.int(0)?;
            hash = row.text(18)?;
            progress(seq);
        }
        Ok(())
    })?;
    if fault.is_none() {
        let head = conn.first("SELECT seq, hash FROM journal_head WHERE id = 1", &[])?;
        let (head_seq, head_hash) =
            head.map_or(Ok((-1, String::new())), |row| Ok::<_, Fault>((row.int(0)?, row.text(1)?)))?;
        if head_seq != seq || head_hash != hash {
            fault = Some(ChainFault::Head { last: seq, head: head_seq });
        }
    }
    Ok(ChainReport { entries: seq, head_hash: hash, fault })
}

fn check_row(row: &crate::Row, last: i64, last_hash: &str) -> Result<Option<ChainFault>, Fault> {
    let seq = row.int(0)?;
    if seq != last + 1 {
        return Ok(Some(ChainFault::Gap { expected: last + 1, found: seq }));
    }
    if row.str(17)? != last_hash {
        return Ok(Some(ChainFault::BrokenLink { seq }));
    }
    let values: Vec<Val> = (0..18).map(|i| row.val(i).cloned()).collect::<Result<_, _>>()?;
    if hash_values(&values) != row.str(18)? {
        return Ok(Some(ChainFault::Altered { seq }));
    }
    if let (Some(salt), Some(content)) = (row.opt_text(19)?, row.opt_text(20)?)
        && personal_digest(&salt, &content) != row.str(16)?
    {
        return Ok(Some(ChainFault::PersonalAltered { seq }));
    }
    Ok(None)
}
