//! The one door: whatever changes a business table goes through [`append`].
//!
//! `append` locks the head row, gives each entry the next number and the hash of the one before, writes the state
//! tables, keeps the versions of problems, and folds the roll-ups, all in the caller's transaction. Numbers follow
//! the order of commits and have no gaps. Triggers of both engines refuse to change or delete an entry.

mod body;
mod chain;
mod seen;
mod then;
mod write;

pub use body::{BODY_VERSION, Body, RowChange, RowOp};
pub(crate) use chain::hex;
pub use chain::{ChainFault, ChainReport, GENESIS, verify_chain};
pub use seen::{SPARSE_ENTRIES_MAX, Sight, find_seen, list_seen, personal, plan_of_subtrees};
pub use then::rows_then;
pub use write::{Write, next_id};

use crate::record::{Field, Record};
use crate::{Conn, Fault, rollup, vals};
use bihuan_domain::Instant;
use bihuan_domain::id::{AccountId, CampaignId, PersonId, PostId, UnitId};
use serde_json::Value;

/// Who and when, for every entry of one command.
#[derive(Clone, Debug, Default)]
pub struct Stamp {
    /// When, by the server's clock.
    pub at: Instant,
    /// The account.
    pub account: Option<AccountId>,
    /// The person.
    pub person: Option<PersonId>,
    /// The post acted from.
    pub post: Option<PostId>,
    /// The unit acted for.
    pub unit: Option<UnitId>,
    /// Network address, or `console` for the command line.
    pub source_address: String,
}

/// One entry to be written.
#[derive(Debug, Default)]
pub struct NewEntry {
    /// Action code, as `problem.closed`.
    pub action: String,
    /// Kind of the subject, as `problem`.
    pub subject_kind: &'static str,
    /// Number of the subject; 0 where there is none.
    pub subject_id: i64,
    /// The unit it concerns.
    pub unit: Option<UnitId>,
    /// The campaign it concerns.
    pub campaign: Option<CampaignId>,
    /// `false` for a refused or failed attempt that must be kept.
    pub failed: bool,
    /// Words for the time line.
    pub note: String,
    /// Further facts.
    pub detail: Value,
    /// What it changes.
    pub writes: Vec<Write>,
}

/// An entry as read.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// The account.
    pub account: Option<AccountId>,
    /// The person.
    pub person: Option<PersonId>,
    /// The post.
    pub post: Option<PostId>,
    /// The unit acted for.
    pub actor_unit: Option<UnitId>,
    /// Network address.
    pub source_address: String,
    /// Action code.
    pub action: String,
    /// Kind of the subject.
    pub subject_kind: String,
    /// Number of the subject.
    pub subject_id: i64,
    /// The unit it concerns.
    pub unit: Option<UnitId>,
    /// The campaign it concerns.
    pub campaign: Option<CampaignId>,
    /// Not a refused or failed attempt.
    pub succeeded: bool,
    /// Words.
    pub note: String,
    /// Body as JSON text.
    pub body: String,
    /// Hash, lower-case hex.
    pub hash: String,
}

const ENTRY_COLUMNS: &str = "seq, at_us, account_id, person_id, post_id, actor_unit_id, source_address, action, \
     subject_kind, subject_id, unit_id, campaign_id, succeeded, note, body, hash";

/// Writes entries with all they change; answers with the number of the last.
///
/// # Errors
/// Faults of the database; then nothing of it stays, for the caller's savepoint is rolled back.
pub fn append(conn: &mut Conn, stamp: &Stamp, entries: Vec<NewEntry>) -> Result<i64, Fault> {
    let seq = append_with_commit(conn, stamp, entries)?;
    conn.send_pending()?;
    Ok(seq)
}

/// As [`append`], for a closure that does nothing with what it wrote: over a wire it is sent together with the commit. What
/// the engine refuses is then told by [`crate::Db::write`] instead, and of the closures that share the commit undoes this
/// one alone.
///
/// # Errors
/// Faults of the database.
pub fn append_with_commit(conn: &mut Conn, stamp: &Stamp, entries: Vec<NewEntry>) -> Result<i64, Fault> {
    let (mut seq, mut hash) = lock_head(conn)?;
    conn.known.before_writing(entries.iter().flat_map(|entry| &entry.writes).filter_map(Write::table));
    let mut fold = rollup::Fold::default();
    for entry in entries {
        seq += 1;
        let mut changes = Vec::with_capacity(entry.writes.len());
        for write in entry.writes {
            write::apply(conn, seq, stamp.at.day_in_china(), write, &mut changes, &mut fold)?;
        }
        conn.known.requests_mut().wrote(stamp.at);
        if let (Some(person), Some(digest)) = (stamp.person, entry.detail["request"].as_str()) {
            let subject = (entry.subject_kind, entry.subject_id);
            conn.known.requests_mut().left(person, subject, digest, (seq, stamp.at));
        }
        let (body, personal) = Body { detail: entry.detail, changes }.encode()?;
        let personal_digest = keep_personal(conn, seq, personal)?;
        let row = chain::Row {
            seq,
            at_us: stamp.at.micros(),
            account_id: stamp.account.map(|id| id.0),
            person_id: stamp.person.map(|id| id.0),
            post_id: stamp.post.map(|id| id.0),
            actor_unit_id: stamp.unit.map(|id| id.0),
            source_address: &stamp.source_address,
            action: &entry.action,
            subject_kind: entry.subject_kind,
            subject_id: entry.subject_id,
            unit_id: entry.unit.map(|id| id.0),
            campaign_id: entry.campaign.map(|id| id.0),
            succeeded: !entry.failed,
            note: &entry.note,
            body_version: BODY_VERSION,
            body: &body,
            personal_digest: &personal_digest,
            prev_hash: &hash,
        };
        let next = row.hash();
        row.insert(conn, &next)?;
        hash = next;
    }
    fold.flush(conn)?;
    let sql = "UPDATE journal_head SET seq = $1, hash = $2 WHERE id = 1";
    conn.later(sql, vals![seq, hash.as_str()], Some("journal_head"))?;
    conn.known.moved_on((seq, hash));
    Ok(seq)
}

/// Locks the head row; everybody else who would write waits. From here to the end of the transaction the writer may
/// use what it remembers.
///
/// # Errors
/// Faults of the database.
pub fn lock_head(conn: &mut Conn) -> Result<(i64, String), Fault> {
    if let Some(head) = conn.known.locked_head() {
        return Ok(head);
    }
    let sql = head_locking(conn);
    let row = conn.first(&sql, &[])?;
    take_head(conn, row.as_ref())
}

pub(crate) fn head_locking(conn: &Conn) -> String {
    crate::dialect::for_update("SELECT seq, hash FROM journal_head WHERE id = 1", conn.engine())
}

pub(crate) fn take_head(conn: &mut Conn, row: Option<&crate::Row>) -> Result<(i64, String), Fault> {
    let row = row.ok_or_else(|| Fault::corrupt("journal_head has no row"))?;
    let head = (row.int(0)?, row.text(1)?);
    conn.known.lock(head.clone());
    Ok(head)
}

fn keep_personal(conn: &mut Conn, seq: i64, personal: Vec<Value>) -> Result<String, Fault> {
    if personal.is_empty() {
        return Ok(String::new());
    }
    let content = Value::Array(personal).to_string();
    let salt = chain::salt()?;
    let digest = chain::personal_digest(&salt, &content);
    let sql = "INSERT INTO entry_personal (seq, salt, content) VALUES ($1, $2, $3)";
    conn.later(sql, vals![seq, salt, content], Some("entry_personal"))?;
    Ok(digest)
}

/// Number of the last entry: what a page is exact as of.
///
/// # Errors
/// Faults of the database.
pub fn head(conn: &mut Conn) -> Result<i64, Fault> {
    let row = conn.first("SELECT seq FROM journal_head WHERE id = 1", &[])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Number of the last entry of a day in China or before it; 0 when there is none.
///
/// # Errors
/// Faults of the database.
pub fn last_of_day(conn: &mut Conn, day: bihuan_domain::Day) -> Result<i64, Fault> {
    let end = day.plus_days(1).starts_at().micros();
    let row = conn
        .first("SELECT seq FROM entry WHERE at_us < $1 ORDER BY at_us DESC, seq DESC LIMIT 1", &vals![end])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Which entries to list.
#[derive(Clone, Debug, Default)]
pub struct EntryFilter {
    /// Only of this subject.
    pub subject: Option<(String, i64)>,
    /// Only by this person.
    pub person: Option<PersonId>,
    /// Only actions that begin with this.
    pub action_prefix: String,
    /// Only entries before this number; for paging.
    pub before_seq: Option<i64>,
    /// Only refused or failed attempts.
    pub failed_only: bool,
    /// From this instant on.
    pub from: Option<Instant>,
    /// Before this instant.
    pub to: Option<Instant>,
    /// Only about this unit or units below it.
    pub within: Option<bihuan_domain::unit::UnitPath>,
}

/// Lists entries, newest first, whoever asks; [`list_seen`] obeys the reader's sight.
///
/// # Errors
/// Faults of the database.
pub fn list(conn: &mut Conn, filter: &EntryFilter, limit: i64) -> Result<Vec<Entry>, Fault> {
    list_seen(conn, filter, &Sight::All, limit)
}

fn entry_from(row: &crate::Row) -> Result<Entry, Fault> {
    Ok(Entry {
        seq: row.int(0)?,
        at: Instant::from_val(row.val(1)?)?,
        account: Option::from_val(row.val(2)?)?,
        person: Option::from_val(row.val(3)?)?,
        post: Option::from_val(row.val(4)?)?,
        actor_unit: Option::from_val(row.val(5)?)?,
        source_address: row.text(6)?,
        action: row.text(7)?,
        subject_kind: row.text(8)?,
        subject_id: row.int(9)?,
        unit: Option::from_val(row.val(10)?)?,
        campaign: Option::from_val(row.val(11)?)?,
        succeeded: row.flag(12)?,
        note: row.text(13)?,
        body: row.text(14)?,
        hash: row.text(15)?,
    })
}

/// Erases the personal data of an entry; the chain still verifies, for it holds only the digest.
///
/// # Errors
/// Faults of the database.
pub fn erase_personal(conn: &mut Conn, seq: i64) -> Result<u64, Fault> {
    conn.exec("DELETE FROM entry_personal WHERE seq = $1", &vals![seq])
}

/// Reads one row of a record by its single-column key.
///
/// # Errors
/// Faults of the database.
pub fn by_id<T: Record>(conn: &mut Conn, id: i64) -> Result<Option<T>, Fault> {
    T::find(conn, &format!("WHERE {} = $1", T::KEY[0]), &vals![id])
}

/// The entry that an identical request of this person left on the subject, or with subject 0 on any subject of the
/// kind since `since`: what makes a double click act once. `digest` is lower-case hex, kept in the entry's detail. What
/// the writer does not remember is looked for from the first entry since then, not in all that the person ever did.
///
/// # Errors
/// Faults of the database.
pub fn entry_of_request(
    conn: &mut Conn,
    (kind, id): (&str, i64),
    person: PersonId,
    digest: &str,
    since: Instant,
) -> Result<Option<(i64, i64)>, Fault> {
    if let Some(known) = conn.known.requests().filter(|known| known.reaches_to(since)) {
        return Ok(known.find(person, (kind, id), digest, since));
    }
    let by =
        if id == 0 { "person_id = $1 AND subject_id <> $2" } else { "person_id = $1 AND subject_id = $2" };
    let sql = format!(
        "SELECT seq, subject_id FROM entry WHERE {by} AND subject_kind = $3 AND at_us >= $4 AND body LIKE $5 \
         AND seq >= (SELECT MIN(seq) FROM (SELECT seq FROM entry WHERE at_us >= $4 ORDER BY at_us, seq LIMIT {CLOCK_STEPS}) AS recent) \
         ORDER BY seq DESC LIMIT 1"
    );
    let args = vals![person.0, id, kind, since.micros(), format!("%\"request\":\"{digest}\"%")];
    conn.first(&sql, &args)?.map(|row| Ok((row.int(0)?, row.int(1)?))).transpose()
}

/// Entries looked at for the first number since a moment: a clock that was set back does not hide a few.
const CLOCK_STEPS: i64 = 20;
