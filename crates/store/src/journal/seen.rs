//! Reading the journal: filters, and what a reader may see of it.

use super::{ENTRY_COLUMNS, Entry, EntryFilter, entry_from};
use crate::record::Field;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Coded;
use bihuan_domain::id::PersonId;
use bihuan_domain::role::Role;
use bihuan_domain::unit::UnitPath;
use serde_json::Value;

/// Kinds of subjects that only administrators read about.
const ACCOUNT_KINDS: &str =
    "('account', 'role_grant', 'api_token', 'installation', 'journal', 'alert', 'erasure')";

/// Kinds of subjects that no role opens: only who had a hand in an entry reads it here.
const RESTRICTED_KINDS: &str = "('talk', 'talk_slip')";

/// What a reader may see of the journal.
#[derive(Clone, Debug)]
pub enum Sight {
    /// Everything: the audit administrator.
    All,
    /// What audit administrators did, accounts and roles, and what the person did: the security administrator.
    Security(PersonId),
    /// Business of these subtrees, and what the person did.
    Business(Vec<UnitPath>, PersonId),
}

/// Conditions with their values.
struct Conditions {
    parts: Vec<String>,
    args: Vec<Val>,
}

impl Conditions {
    /// Adds a condition; each `?` in it takes one value.
    fn add(&mut self, text: &str, values: impl IntoIterator<Item = Val>) {
        let mut written = text.to_owned();
        for value in values {
            self.args.push(value);
            written = written.replacen('?', &format!("${}", self.args.len()), 1);
        }
        self.parts.push(written);
    }

    fn of(filter: &EntryFilter, sight: &Sight) -> Conditions {
        let mut all = Conditions { parts: vec!["1 = 1".to_owned()], args: Vec::new() };
        all.sight(sight);
        if let Some((kind, id)) = &filter.subject {
            all.add("e.subject_kind = ? AND e.subject_id = ?", vals![kind.as_str(), *id]);
        }
        if let Some(person) = filter.person {
            all.add("e.person_id = ?", [person.to_val()]);
        }
        if !filter.action_prefix.is_empty() {
            // Codes of actions hold underscores, which LIKE would take for any letter; one letter too many does no harm.
            all.add("e.action LIKE ?", [format!("{}%", filter.action_prefix.replace('%', "")).into()]);
        }
        if let Some(seq) = filter.before_seq {
            all.add("e.seq < ?", [seq.into()]);
        }
        if let Some(from) = filter.from {
            all.add("e.at_us >= ?", [from.to_val()]);
        }
        if let Some(to) = filter.to {
            all.add("e.at_us < ?", [to.to_val()]);
        }
        if filter.failed_only {
            all.add("e.succeeded = 0", []);
        }
        if let Some(path) = &filter.within {
            let range = vals![path.as_str(), path.subtree_end()];
            all.add("e.unit_id IN (SELECT id FROM unit WHERE path >= ? AND path < ?)", range);
        }
        all
    }

    fn sight(&mut self, sight: &Sight) {
        match sight {
            Sight::All => {}
            Sight::Security(person) => self.add(
                &format!(
                    "(e.person_id = ? OR e.subject_kind IN {ACCOUNT_KINDS} \
                     OR e.person_id IN (SELECT person_id FROM role_grant WHERE role = ?))"
                ),
                vals![person.0, Role::AuditAdmin.code()],
            ),
            Sight::Business(roots, person) => {
                let mut values = vec![Val::Int(person.0)];
                let mut ranges = vec!["1 = 0".to_owned()];
                for root in roots {
                    values.extend(vals![root.as_str(), root.subtree_end()]);
                    ranges.push("(path >= ? AND path < ?)".to_owned());
                }
                let text = format!(
                    "(e.person_id = ? OR (e.subject_kind NOT IN {ACCOUNT_KINDS} AND e.subject_kind NOT IN {RESTRICTED_KINDS} \
                     AND e.unit_id IN (SELECT id FROM unit WHERE {})))",
                    ranges.join(" OR ")
                );
                self.add(&text, values);
            }
        }
    }
}

/// A subtree with at most so many entries is read from the index by unit; one with more is found soon enough by going
/// back through the journal.
pub const SPARSE_ENTRIES_MAX: i64 = 5_000;

/// Lists the entries a reader may see, newest first.
///
/// # Errors
/// Faults of the database.
pub fn list_seen(
    conn: &mut Conn,
    filter: &EntryFilter,
    sight: &Sight,
    limit: i64,
) -> Result<Vec<Entry>, Fault> {
    if filter.subject.is_some() {
        return list_by(conn, Conditions::of(filter, sight), limit);
    }
    let roots: &[UnitPath] = match (&filter.within, sight) {
        (Some(path), _) => std::slice::from_ref(path),
        (None, Sight::Business(roots, _)) => roots,
        (None, _) => return list_by(conn, Conditions::of(filter, sight), limit),
    };
    let Some(seqs) = few_of_subtrees(conn, roots)? else {
        return list_by(conn, Conditions::of(filter, sight), limit);
    };
    let mut all = Conditions::of(filter, sight);
    let list = format!("[{}]", seqs.iter().map(i64::to_string).collect::<Vec<_>>().join(","));
    all.add("e.seq IN (SELECT CAST(value AS BIGINT) FROM json_each(?))", [list.into()]);
    let mut found = list_by(conn, all, limit)?;
    // What the reader did elsewhere is theirs to see as well, unless they asked for one subtree.
    if let (None, Sight::Business(_, person)) = (&filter.within, sight) {
        let mut own = Conditions::of(filter, sight);
        own.add("e.person_id = ?", [person.to_val()]);
        found.extend(list_by(conn, own, limit)?);
        found.sort_by_key(|entry| std::cmp::Reverse(entry.seq));
        found.dedup_by_key(|entry| entry.seq);
        found.truncate(usize::try_from(limit).unwrap_or_default());
    }
    Ok(found)
}

fn list_by(conn: &mut Conn, all: Conditions, limit: i64) -> Result<Vec<Entry>, Fault> {
    let sql = format!(
        "SELECT {ENTRY_COLUMNS} FROM entry e WHERE {} ORDER BY e.seq DESC LIMIT {limit}",
        all.parts.join(" AND ")
    );
    conn.rows(&sql, &all.args)?.iter().map(entry_from).collect()
}

/// The units of subtrees are walked first, and their entries read by index: `CROSS JOIN` keeps SQLite to that order.
fn few_sql(roots: &[UnitPath]) -> (String, Vec<Val>) {
    let mut args = Vec::new();
    let mut ranges = vec!["1 = 0".to_owned()];
    for root in roots {
        args.extend(vals![root.as_str(), root.subtree_end()]);
        ranges.push(format!("(u.path >= ${} AND u.path < ${})", args.len() - 1, args.len()));
    }
    let sql = format!(
        "SELECT e.seq FROM unit u CROSS JOIN entry e WHERE e.unit_id = u.id AND ({}) LIMIT {}",
        ranges.join(" OR "),
        SPARSE_ENTRIES_MAX + 1
    );
    (sql, args)
}

/// Numbers of the entries about subtrees; `None` when there are more than [`SPARSE_ENTRIES_MAX`].
fn few_of_subtrees(conn: &mut Conn, roots: &[UnitPath]) -> Result<Option<Vec<i64>>, Fault> {
    let (sql, args) = few_sql(roots);
    let seqs: Vec<i64> = conn.rows(&sql, &args)?.iter().map(|row| row.int(0)).collect::<Result<_, _>>()?;
    Ok(Some(seqs).filter(|seqs| seqs.len() as i64 <= SPARSE_ENTRIES_MAX))
}

/// How the engine finds the entries of subtrees, in its own words: for the test of the index.
///
/// # Errors
/// Faults of the database.
pub fn plan_of_subtrees(conn: &mut Conn, roots: &[UnitPath]) -> Result<String, Fault> {
    let (sql, args) = few_sql(roots);
    crate::dialect::plan(conn, &sql, &args)
}

/// One entry, if the reader may see it.
///
/// # Errors
/// Faults of the database.
pub fn find_seen(conn: &mut Conn, seq: i64, sight: &Sight) -> Result<Option<Entry>, Fault> {
    let mut all = Conditions::of(&EntryFilter::default(), sight);
    all.add("e.seq = ?", [seq.into()]);
    let sql = format!("SELECT {ENTRY_COLUMNS} FROM entry e WHERE {}", all.parts.join(" AND "));
    conn.first(&sql, &all.args)?.map(|row| entry_from(&row)).transpose()
}

/// The personal values that an entry's body points at; `None` when there are none or they were erased.
///
/// # Errors
/// Faults of the database.
pub fn personal(conn: &mut Conn, seq: i64) -> Result<Option<Vec<Value>>, Fault> {
    let Some(row) = conn.first("SELECT content FROM entry_personal WHERE seq = $1", &vals![seq])? else {
        return Ok(None);
    };
    let values = serde_json::from_str(row.str(0)?);
    values.map(Some).map_err(|error| Fault::corrupt(format!("personal data of entry {seq}: {error}")))
}
