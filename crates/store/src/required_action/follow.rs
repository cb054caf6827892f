//! What other changes do to required actions: units come, close, move and are amended, posts change hands, excuses are
//! granted. Called by the journal around every row it writes.

use super::cell::{Book, Who, keys_of, tally};
use super::{Excuse, Key};
use crate::journal::{RowChange, RowOp};
use crate::person::below::{self as people, Staff};
use crate::record::{Field, Record};
use crate::records::UnitStandingRow;
use crate::rollup::Fold;
use crate::unit::below;
use crate::unit_tree::Move;
use crate::{Conn, Fault, Val};
use bihuan_domain::Day;
use bihuan_domain::calendar::{Calendar, CalendarRow};
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::person::{Post, Tenure};
use bihuan_domain::required_action::{Period, SubjectKind, early_day};
use bihuan_domain::unit::Unit;
use std::collections::BTreeSet;

/// What must be counted again after the row is written.
#[derive(Debug)]
pub(crate) enum Watch {
    Nothing,
    NewUnit,
    /// A unit itself changed, with everything that is counted by what it is.
    Unit(i64, Staff, BTreeSet<Key>),
    Cells(Staff, BTreeSet<Key>),
    /// The working-day calendar as it was.
    Calendar(Box<Calendar>),
}

/// Every period, however long ago.
const ALWAYS: i64 = i64::MIN;

fn number(change: &RowChange, column: &str) -> Option<i64> {
    let of = |val: &Val| if let Val::Int(number) = val { Some(*number) } else { None };
    let key = change.key.iter().find(|(name, _)| *name == column).and_then(|(_, val)| of(val));
    let set = || change.set.iter().find(|(name, ..)| *name == column);
    key.or_else(|| set().and_then(|(_, before, after)| of(after).or_else(|| of(before))))
}

/// Takes away what the row counted for as it stood.
///
/// # Errors
/// Faults of the database.
pub(crate) fn before(conn: &mut Conn, change: &RowChange, fold: &mut Fold) -> Result<Watch, Fault> {
    let id = number(change, "id").unwrap_or(0);
    let touches = |columns: &[&str]| change.set.iter().any(|(name, ..)| columns.contains(name));
    let (who, staff) = match change.table {
        Unit::TABLE if change.op == RowOp::Insert => return Ok(Watch::NewUnit),
        Unit::TABLE if touches(&["level", "kind", "sector", "line", "created_day", "closed_day"]) => {
            return unit_changes(conn, id, fold);
        }
        CalendarRow::TABLE => return Ok(Watch::Calendar(Box::new(crate::calendar::load(conn)?))),
        UnitStandingRow::TABLE => {
            return unit_changes(conn, number(change, "unit_id").unwrap_or(0), fold);
        }
        Post::TABLE if change.op == RowOp::Update => (Who::Post(id, 0), Staff::of_post(conn, id)?),
        Tenure::TABLE => {
            let old = crate::journal::by_id::<Tenure>(conn, id)?;
            let person = number(change, "person_id").or(old.as_ref().map(|old| old.person_id.0)).unwrap_or(0);
            let post = number(change, "post_id").or(old.as_ref().map(|old| old.post_id.0)).unwrap_or(0);
            let mut staff = Staff { posts: [post].into(), people: [person].into() };
            staff.posts.extend(old.iter().map(|old| old.post_id.0));
            staff.people.extend(old.iter().map(|old| old.person_id.0));
            (Who::Post(post, person), staff)
        }
        Excuse::TABLE => {
            let keys = excuse_keys(conn, id, change)?;
            tally(conn, &mut Book::default(), &keys, -1, fold)?;
            return Ok(Watch::Cells(Staff::default(), keys));
        }
        _ => return Ok(Watch::Nothing),
    };
    people::count(conn, &staff, -1, fold)?;
    let keys = keys_of(conn, &who, ALWAYS)?;
    tally(conn, &mut Book::default(), &keys, -1, fold)?;
    Ok(Watch::Cells(staff, keys))
}

/// Takes away what a unit counts for, with its posts, its people and all their cells.
fn unit_changes(conn: &mut Conn, id: i64, fold: &mut Fold) -> Result<Watch, Fault> {
    below::count_everywhere(conn, UnitId(id), -1, fold)?;
    let staff = Staff::of_unit(conn, id)?;
    people::count(conn, &staff, -1, fold)?;
    let keys = keys_of(conn, &Who::Unit(id), ALWAYS)?;
    tally(conn, &mut Book::default(), &keys, -1, fold)?;
    Ok(Watch::Unit(id, staff, keys))
}

/// Counts the row as it stands now.
///
/// # Errors
/// Faults of the database.
pub(crate) fn after(conn: &mut Conn, watch: Watch, change: &RowChange, fold: &mut Fold) -> Result<(), Fault> {
    match watch {
        Watch::Nothing => Ok(()),
        Watch::NewUnit => {
            let id = number(change, "id").unwrap_or(0);
            let unit = crate::journal::by_id::<Unit>(conn, id)?;
            unit.iter().for_each(|unit| below::count_new(unit, fold));
            Ok(())
        }
        Watch::Unit(id, staff, keys) => {
            below::count_everywhere(conn, UnitId(id), 1, fold)?;
            people::count(conn, &staff, 1, fold)?;
            tally(conn, &mut Book::default(), &keys, 1, fold)
        }
        Watch::Calendar(old) => judged_anew(conn, *old, change, fold),
        Watch::Cells(staff, keys) => {
            people::count(conn, &staff, 1, fold)?;
            tally(conn, &mut Book::default(), &keys, 1, fold)
        }
    }
}

/// What is early may change with the working days: of the year and the month after it, the cells of periods whose last
/// early day is another now are counted again.
fn judged_anew(conn: &mut Conn, old: Calendar, change: &RowChange, fold: &mut Fold) -> Result<(), Fault> {
    let new = crate::calendar::load(conn)?;
    let changed = number(change, "day").and_then(|day| Day::from_days(i32::try_from(day).ok()?));
    let Some(first) = changed.and_then(|day| Day::from_ymd(day.year(), 1, 1)) else { return Ok(()) };
    let touched = (0..DAYS_TOUCHED).map(|n| first.plus_days(n)).filter(|last| {
        let period = Period { first: *last, last: *last };
        early_day(period, &old) != early_day(period, &new)
    });
    let days: Vec<i32> = touched.map(Day::days).collect();
    if days.is_empty() {
        return Ok(());
    }
    let sql = "SELECT DISTINCT subject_kind, subject_id, rule_id, period_day FROM action_credit \
         WHERE period_day IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    let list = serde_json::json!(days).to_string();
    let mut keys = BTreeSet::new();
    for row in conn.rows(sql, &[Val::from(list)])? {
        keys.insert(key_from(&row)?);
    }
    tally(conn, &mut Book::by(old), &keys, -1, fold)?;
    tally(conn, &mut Book::by(new), &keys, 1, fold)
}

/// Days of a year and of the month after it.
const DAYS_TOUCHED: i32 = 366 + 31;

fn key_from(row: &crate::Row) -> Result<Key, Fault> {
    Ok(Key {
        subject_kind: SubjectKind::from_val(row.val(0)?)?.table(),
        subject_id: row.int(1)?,
        rule_id: RequiredActionId(row.int(2)?),
        period_day: Field::from_val(row.val(3)?)?,
    })
}

/// Many tenures are written at once: their posts and people are counted by it. Credits are not looked at, because what
/// is loaded so has no records yet.
///
/// # Errors
/// Faults of the database.
pub(crate) fn tenures_written(
    conn: &mut Conn,
    columns: &[&'static str],
    rows: Vec<Vec<Val>>,
    fold: &mut Fold,
) -> Result<(), Fault> {
    let ids = |name: &str| -> BTreeSet<i64> {
        let at = columns.iter().position(|column| *column == name);
        rows.iter()
            .filter_map(|row| if let Val::Int(id) = row.get(at?)? { Some(*id) } else { None })
            .collect()
    };
    let staff = Staff { posts: ids("post_id"), people: ids("person_id") };
    let any = conn.first("SELECT id FROM tenure LIMIT 1", &[])?.is_some();
    if any {
        people::count(conn, &staff, -1, fold)?;
    }
    conn.bulk_insert(Tenure::TABLE, columns, &mut rows.into_iter())?;
    people::count(conn, &staff, 1, fold)
}

/// The cell of an excuse as it was and as it will be: what was done there counts already.
fn excuse_keys(conn: &mut Conn, id: i64, change: &RowChange) -> Result<BTreeSet<Key>, Fault> {
    let old = crate::journal::by_id::<Excuse>(conn, id)?.map(|excuse| Key {
        subject_kind: excuse.subject_kind.table(),
        subject_id: excuse.subject_id,
        rule_id: excuse.rule_id,
        period_day: excuse.period_day,
    });
    let after = |column: &str| {
        change
            .set
            .iter()
            .find(|(name, ..)| *name == column)
            .map(|(.., val)| val)
            .filter(|val| **val != Val::Null)
    };
    let read = |column: &str| after(column).map(i64::from_val).transpose();
    let kind = after("subject_kind").map(SubjectKind::from_val).transpose()?.map(SubjectKind::table);
    let new = (|| {
        Some(Key {
            subject_kind: kind.or(old.map(|key| key.subject_kind))?,
            subject_id: read("subject_id").ok()?.or(old.map(|key| key.subject_id))?,
            rule_id: read("rule_id").ok()?.map(RequiredActionId).or(old.map(|key| key.rule_id))?,
            period_day: match after("period_day") {
                Some(val) => Day::from_val(val).ok()?,
                None => old?.period_day,
            },
        })
    })();
    Ok(old.into_iter().chain(new).collect())
}

/// A unit goes elsewhere: periods that end on the day or later count at the new place, earlier ones stay.
///
/// # Errors
/// Faults of the database.
pub(crate) fn moved(conn: &mut Conn, step: &Move, fold: &mut Fold) -> Result<RowChange, Fault> {
    let keys = keys_of(conn, &Who::Subtree(step.old_path.clone()), i64::from(step.day.days()))?;
    let mut book = Book::default();
    tally(conn, &mut book, &keys, -1, fold)?;
    below::move_counts(conn, step, fold)?;
    people::move_counts(conn, step, fold)?;
    people::count_in(conn, step.unit, -1, fold)?;
    let change = crate::unit_tree::apply_move(conn, step)?;
    people::count_in(conn, step.unit, 1, fold)?;
    tally(conn, &mut book, &keys, 1, fold)?;
    Ok(change)
}

/// Counts every cell anew and names how many differ from what is kept.
///
/// # Errors
/// Faults of the database.
pub fn recount(conn: &mut Conn) -> Result<usize, Fault> {
    let mut keys = BTreeSet::new();
    for table in ["action_credit", "action_excuse"] {
        let sql = format!("SELECT DISTINCT subject_kind, subject_id, rule_id, period_day FROM {table}");
        conn.each(&sql, &[], &mut |row| {
            keys.insert(key_from(row)?);
            Ok(())
        })?;
    }
    let mut fold = Fold::default();
    tally(conn, &mut Book::default(), &keys, 1, &mut fold)?;
    let mut counted = fold.take_actions();
    // What is kept apart is not in the cells yet.
    for change in super::recent::kept(conn)? {
        for unit in change.units {
            let cell = counted.entry((unit.0, change.rule.0, change.period_day)).or_default();
            cell.plus(change.by.negative());
        }
    }
    counted.retain(|_, counts| *counts != Default::default());
    let mut wrong = 0;
    let sql = "SELECT unit_id, rule_id, period_day, done, early, late, excused FROM action_rollup \
         WHERE done <> 0 OR early <> 0 OR late <> 0 OR excused <> 0";
    conn.each(sql, &[], &mut |row| {
        let found = counted.remove(&(row.int(0)?, row.int(1)?, row.int(2)?)).unwrap_or_default();
        let kept = (row.int(3)?, row.int(4)?, row.int(5)?, row.int(6)?);
        wrong += usize::from((found.done, found.early, found.late, found.excused) != kept);
        Ok(())
    })?;
    Ok(wrong + counted.len())
}
