//! What an entry may write. Private to the journal: nobody else touches a business table.

use super::body::{RowChange, RowOp};
use crate::record::Record;
use crate::required_action::{self, follow};
use crate::rollup::Fold;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::id::{ActivityId, RequiredActionId};
use bihuan_domain::person::Tenure;
use bihuan_domain::problem::{Flow, Problem};
use bihuan_domain::required_action::{Credit, RequiredAction, SubjectKind};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Day};
use std::fmt::Write as _;

/// One change of business tables.
#[derive(Debug)]
pub enum Write {
    /// A row of any table but `problem`.
    Row(RowChange),
    /// A problem, with its version history and roll-ups.
    Problem {
        /// As it was; `None` for a new one.
        before: Option<Box<Problem>>,
        /// As it is.
        after: Box<Problem>,
        /// What moved.
        flows: Vec<Flow>,
    },
    /// Many new rows at once; the entry keeps their number and digest.
    Bulk {
        /// Table.
        table: &'static str,
        /// Columns.
        columns: Vec<&'static str>,
        /// Values.
        rows: Vec<Vec<Val>>,
    },
    /// A unit with its subtree goes below another unit.
    MoveUnit(crate::unit_tree::Move),
    /// What an activity counts for. Derived from the record and the rules, so the entry does not repeat it.
    Credits {
        /// The record.
        activity: ActivityId,
        /// Nothing was credited to it before.
        fresh: bool,
        /// All it counts for now, with whose number each subject bears.
        credits: Vec<(SubjectKind, Credit)>,
        /// Rules the caller has read already; others are read.
        actions: Vec<RequiredAction>,
    },
    /// A rule's credits from a day on are taken back, before its new version is written.
    Uncredit {
        /// The rule.
        rule: RequiredActionId,
        /// The day.
        from: Day,
    },
    /// Records from a day on are counted for a rule, after its new version was written.
    Recredit {
        /// The rule.
        rule: RequiredActionId,
        /// The day.
        from: Day,
    },
    /// Bytes of a file; kept once per digest. Not part of the entry's body but for the digest.
    File {
        /// SHA-256, hex.
        digest: String,
        /// Media type by content.
        media_type: String,
        /// The bytes.
        content: Vec<u8>,
    },
}

impl Write {
    /// The table that it writes and that others may remember things of.
    pub(super) fn table(&self) -> Option<&'static str> {
        match self {
            Write::Row(change) => Some(change.table),
            Write::Bulk { table, .. } => Some(table),
            Write::MoveUnit(_) => Some(Unit::TABLE),
            _ => None,
        }
    }

    /// A new row.
    pub fn insert<T: Record>(row: &T) -> Write {
        let values = row.values();
        let set = T::COLUMNS.iter().zip(values.clone()).map(|(name, val)| (*name, Val::Null, val)).collect();
        Write::Row(RowChange {
            table: T::TABLE,
            op: RowOp::Insert,
            key: key_of::<T>(&values),
            set,
            personal: T::PERSONAL,
        })
    }

    /// A changed row; `None` when nothing changed.
    pub fn update<T: Record>(before: &T, after: &T) -> Option<Write> {
        let (old, new) = (before.values(), after.values());
        let set: Vec<(&'static str, Val, Val)> = T::COLUMNS
            .iter()
            .zip(old.iter().zip(&new))
            .filter(|(_, (a, b))| a != b)
            .map(|(name, (a, b))| (*name, a.clone(), b.clone()))
            .collect();
        if set.is_empty() {
            return None;
        }
        Some(Write::Row(RowChange {
            table: T::TABLE,
            op: RowOp::Update,
            key: key_of::<T>(&old),
            set,
            personal: T::PERSONAL,
        }))
    }

    /// A row that goes.
    pub fn delete<T: Record>(row: &T) -> Write {
        let values = row.values();
        let set = T::COLUMNS.iter().zip(values.clone()).map(|(name, val)| (*name, val, Val::Null)).collect();
        Write::Row(RowChange {
            table: T::TABLE,
            op: RowOp::Delete,
            key: key_of::<T>(&values),
            set,
            personal: T::PERSONAL,
        })
    }

    /// Many new rows.
    pub fn bulk<T: Record>(rows: &[T]) -> Write {
        Write::Bulk {
            table: T::TABLE,
            columns: T::COLUMNS.to_vec(),
            rows: rows.iter().map(Record::values).collect(),
        }
    }
}

fn key_of<T: Record>(values: &[Val]) -> Vec<(&'static str, Val)> {
    T::COLUMNS
        .iter()
        .zip(values)
        .filter(|(name, _)| T::KEY.contains(name))
        .map(|(name, val)| (*name, val.clone()))
        .collect()
}

/// The next number of a table, counted by the store so that both engines agree.
///
/// # Errors
/// Faults of the database.
pub fn next_id(conn: &mut Conn, name: &str, count: i64) -> Result<i64, Fault> {
    let sql = "INSERT INTO id_counter (name, next_id) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET next_id = id_counter.next_id + $3 RETURNING next_id";
    let row = conn.first(sql, &vals![name, count + 1, count])?;
    Ok(row.ok_or_else(|| Fault::corrupt("id_counter answered nothing"))?.int(0)? - count)
}

/// Carries out one write and notes it for the entry's body.
pub(super) fn apply(
    conn: &mut Conn,
    seq: i64,
    today: Day,
    write: Write,
    changes: &mut Vec<RowChange>,
    fold: &mut Fold,
) -> Result<(), Fault> {
    match write {
        Write::Row(change) => {
            let watch = follow::before(conn, &change, fold)?;
            write_row(conn, &change)?;
            follow::after(conn, watch, &change, fold)?;
            changes.push(change);
        }
        Write::Credits { activity, fresh: true, credits, actions } => {
            required_action::add_credits(conn, activity, &credits, actions, fold)?;
        }
        Write::Credits { activity, credits, .. } => {
            required_action::replace_credits(conn, activity, &credits, None, fold)?;
        }
        Write::Uncredit { rule, from } => required_action::uncredit(conn, rule, from, fold)?,
        Write::Recredit { rule, from } => required_action::recredit(conn, rule, from, fold)?,
        Write::Problem { before, after, flows } => {
            write_problem(conn, seq, today, before, *after, flows, changes, fold)?
        }
        Write::Bulk { table, columns, rows } => {
            let digest = rows_digest(&rows);
            let count = rows.len() as i64;
            if table == Unit::TABLE {
                crate::unit::below::count_rows(&columns, &rows, fold)?;
            }
            if table == Tenure::TABLE {
                follow::tenures_written(conn, &columns, rows, fold)?;
            } else {
                conn.bulk_insert(table, &columns, &mut rows.into_iter())?;
            }
            let set = vec![("rows", Val::Null, Val::Int(count)), ("sha256", Val::Null, Val::Text(digest))];
            changes.push(RowChange { table, op: RowOp::Insert, key: vec![], set, personal: &[] });
        }
        Write::MoveUnit(step) => {
            fold.flush(conn)?;
            changes.push(follow::moved(conn, &step, fold)?);
        }
        Write::File { digest, media_type, content } => {
            let size = content.len() as i64;
            conn.exec(
                "INSERT INTO file_content (digest, media_type, size_bytes, content) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (digest) DO NOTHING",
                &[
                    Val::from(digest.as_str()),
                    Val::from(media_type.as_str()),
                    Val::Int(size),
                    Val::Bytes(content),
                ],
            )?;
            let set = vec![
                ("media_type", Val::Null, Val::from(media_type)),
                ("size_bytes", Val::Null, Val::Int(size)),
            ];
            let key = vec![("digest", Val::from(digest))];
            changes.push(RowChange { table: "file_content", op: RowOp::Insert, key, set, personal: &[] });
        }
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one call, from `apply`")]
fn write_problem(
    conn: &mut Conn,
    seq: i64,
    today: Day,
    before: Option<Box<Problem>>,
    mut after: Problem,
    flows: Vec<Flow>,
    changes: &mut Vec<RowChange>,
    fold: &mut Fold,
) -> Result<(), Fault> {
    let write = match before.as_deref() {
        None => Some(Write::insert(&after)),
        Some(old) => {
            after.version = old.version + 1;
            Write::update(old, &after)
        }
    };
    if let Some(Write::Row(change)) = write {
        write_row(conn, &change)?;
        changes.push(change);
        keep_version(conn, seq, before.is_some(), &after)?;
    }
    fold.problem(before.as_deref(), Some(&after));
    fold.flows(&after, &flows, today);
    keep_flows(conn, seq, &after, &flows, today)
}

/// Keeps the rows behind the counts of what moved. One entry may move several problems.
fn keep_flows(conn: &mut Conn, seq: i64, after: &Problem, flows: &[Flow], today: Day) -> Result<(), Fault> {
    for (at, flow) in flows.iter().enumerate() {
        let sql = "INSERT INTO problem_flow (entry_seq, ordinal, problem_id, campaign_id, unit_id, flow, day) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let ordinal = after.id.0 * FLOWS_MAX + at as i64;
        let args = vals![
            seq,
            ordinal,
            after.id.0,
            after.campaign_id.0,
            after.home_unit_id.0,
            flow.code(),
            i64::from(today.days())
        ];
        conn.later(sql, args, Some("problem_flow"))?;
    }
    Ok(())
}

/// More than one problem's flows in one entry: room for the ordinals.
const FLOWS_MAX: i64 = 16;

/// Ends the version there was and begins the next.
fn keep_version(conn: &mut Conn, seq: i64, had_one: bool, after: &Problem) -> Result<(), Fault> {
    if had_one {
        let sql = "UPDATE problem_version SET to_seq = $1 WHERE id = $2 AND to_seq = $3 AND from_seq < $4";
        let args = vals![seq, after.id.0, crate::problem::FOREVER_SEQ, seq];
        conn.later(sql, args, None)?;
    }
    let columns = Problem::COLUMNS.join(", ");
    let placeholders = numbered(Problem::COLUMNS.len() + 2);
    let updates: Vec<String> = Problem::COLUMNS[1..].iter().map(|c| format!("{c} = excluded.{c}")).collect();
    let sql = format!(
        "INSERT INTO problem_version ({columns}, from_seq, to_seq) VALUES ({placeholders}) \
         ON CONFLICT (id, from_seq) DO UPDATE SET {}",
        updates.join(", ")
    );
    let mut values = after.values();
    values.extend(vals![seq, crate::problem::FOREVER_SEQ]);
    conn.later(sql, values, None)
}

fn numbered(count: usize) -> String {
    (1..=count).fold(String::new(), |mut text, n| {
        let _ = write!(text, "{}${n}", if n > 1 { ", " } else { "" });
        text
    })
}

fn write_row(conn: &mut Conn, change: &RowChange) -> Result<(), Fault> {
    let mut args: Vec<Val> = Vec::new();
    let sql = match change.op {
        RowOp::Insert => {
            let columns: Vec<&str> = change.set.iter().map(|(name, ..)| *name).collect();
            args.extend(change.set.iter().map(|(_, _, after)| after.clone()));
            format!(
                "INSERT INTO {} ({}) VALUES ({})",
                change.table,
                columns.join(", "),
                numbered(columns.len())
            )
        }
        RowOp::Update => {
            let sets: Vec<String> =
                change.set.iter().enumerate().map(|(i, (name, ..))| format!("{name} = ${}", i + 1)).collect();
            args.extend(change.set.iter().map(|(_, _, after)| after.clone()));
            format!(
                "UPDATE {} SET {} WHERE {}",
                change.table,
                sets.join(", "),
                key_condition(change, &mut args)
            )
        }
        RowOp::Delete => format!("DELETE FROM {} WHERE {}", change.table, key_condition(change, &mut args)),
    };
    conn.later(sql, args, Some(change.table))
}

fn key_condition(change: &RowChange, args: &mut Vec<Val>) -> String {
    let parts: Vec<String> = change
        .key
        .iter()
        .map(|(name, val)| {
            args.push(val.clone());
            format!("{name} = ${}", args.len())
        })
        .collect();
    parts.join(" AND ")
}

fn rows_digest(rows: &[Vec<Val>]) -> String {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for row in rows {
        for val in row {
            match val {
                Val::Null => hasher.update("n;"),
                Val::Int(n) => hasher.update(format!("i{n};")),
                Val::Real(n) => hasher.update(format!("r{n};")),
                Val::Text(t) => {
                    hasher.update(format!("t{}:", t.len()));
                    hasher.update(t);
                }
                Val::Bytes(b) => {
                    hasher.update(format!("b{}:", b.len()));
                    hasher.update(b);
                }
            }
        }
        hasher.update("\n");
    }
    super::chain::hex(&hasher.finalize())
}
