//! One subject in one period of one rule: what is credited to it, and how that is folded up the tree.

use super::place::places;
use super::recent::Change;
use super::{by_ids, day};
use crate::record::Field;
use crate::rollup::Fold;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::{ActivityId, RequiredActionId};
use bihuan_domain::required_action::{
    CellState, Counts, Credit, ExcuseState, RequiredAction, SubjectKind, credits, early_day, state_of,
};
use bihuan_domain::unit::UnitPath;
use bihuan_domain::{Coded, Day};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A subject in a period of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Unit, post or person.
    pub subject_kind: SubjectKind,
    /// Its number.
    pub subject_id: i64,
    /// The rule.
    pub rule_id: RequiredActionId,
    /// Last day of the period.
    pub period_day: Day,
}

impl Key {
    pub(super) fn args(&self) -> [Val; 4] {
        vals![self.subject_kind.code(), self.subject_id, self.rule_id.0, day(self.period_day)]
    }
}

/// Rules read once for many cells.
#[derive(Debug, Default)]
pub(crate) struct Book {
    actions: HashMap<RequiredActionId, RequiredAction>,
    calendar: Option<Arc<Calendar>>,
}

impl Book {
    /// A book that judges by this calendar instead of the one that is kept.
    pub(super) fn by(calendar: Calendar) -> Book {
        Book { calendar: Some(Arc::new(calendar)), ..Book::default() }
    }

    /// The calendar, read when it is first asked for.
    pub(super) fn calendar(&mut self, conn: &mut Conn) -> Result<Arc<Calendar>, Fault> {
        if let Some(known) = &self.calendar {
            return Ok(Arc::clone(known));
        }
        let read = conn.remembered(0, crate::calendar::load)?;
        self.calendar = Some(Arc::clone(&read));
        Ok(read)
    }

    pub(super) fn read(&mut self, conn: &mut Conn, keys: &BTreeSet<Key>) -> Result<(), Fault> {
        let lacking: BTreeSet<RequiredActionId> =
            keys.iter().map(|key| key.rule_id).filter(|id| !self.actions.contains_key(id)).collect();
        if !lacking.is_empty() {
            for action in by_ids(conn, lacking)? {
                self.actions.insert(action.id, action);
            }
        }
        Ok(())
    }
}

const CREDIT_COLUMNS: &str = "rule_id, subject_id, period_day, activity_id, day, kind, amount";

pub(super) fn credit_from(row: &crate::Row) -> Result<Credit, Fault> {
    Ok(Credit {
        rule_id: RequiredActionId(row.int(0)?),
        subject_id: row.int(1)?,
        period_day: Day::from_val(row.val(2)?)?,
        activity_id: ActivityId(row.int(3)?),
        day: Day::from_val(row.val(4)?)?,
        kind: row.text(5)?,
        amount: row.int(6)?,
    })
}

/// What is credited to a cell, oldest first.
///
/// # Errors
/// Faults of the database.
pub fn credits_at(conn: &mut Conn, key: &Key) -> Result<Vec<Credit>, Fault> {
    let sql = format!(
        "SELECT {CREDIT_COLUMNS} FROM action_credit WHERE subject_kind = $1 AND subject_id = $2 AND rule_id = $3 \
         AND period_day = $4 ORDER BY day, activity_id"
    );
    conn.rows(&sql, &key.args())?.iter().map(credit_from).collect()
}

/// What is credited to each of some cells, oldest first, and whether it is excused: one question a cell, in which an
/// excuse is a row without a record.
fn held_at(conn: &mut Conn, keys: &BTreeSet<Key>) -> Result<Vec<(Vec<Credit>, bool)>, Fault> {
    let at = "subject_kind = $1 AND subject_id = $2 AND rule_id = $3 AND period_day = $4";
    let sql = format!(
        "SELECT {CREDIT_COLUMNS} FROM action_credit WHERE {at} \
         UNION ALL SELECT rule_id, subject_id, period_day, {NO_RECORD}, period_day, '', 0 FROM action_excuse WHERE {at} AND state = $5"
    );
    let args = |key: &Key| [&key.args()[..], &vals![ExcuseState::Approved.code()]].concat();
    let questions: Vec<(String, Vec<Val>)> = keys.iter().map(|key| (sql.clone(), args(key))).collect();
    let held = |rows: &Vec<crate::Row>| {
        let mut credits = rows.iter().map(credit_from).collect::<Result<Vec<_>, Fault>>()?;
        let all = credits.len();
        credits.retain(|credit| credit.activity_id.0 != NO_RECORD);
        credits.sort_by_key(|credit| (credit.day, credit.activity_id));
        let excused = credits.len() < all;
        Ok((credits, excused))
    };
    conn.ask_aside(&questions, &["action_credit", "action_excuse"])?.iter().map(held).collect()
}

/// Stands where the number of a record would.
const NO_RECORD: i64 = -1;

/// Counts cells as they stand now, or takes them away with `sign` -1.
///
/// # Errors
/// Faults of the database.
pub(crate) fn tally(
    conn: &mut Conn,
    book: &mut Book,
    keys: &BTreeSet<Key>,
    sign: i64,
    fold: &mut Fold,
) -> Result<(), Fault> {
    book.read(conn, keys)?;
    for (key, (found, excused)) in keys.iter().zip(held_at(conn, keys)?) {
        if found.is_empty() && !excused {
            continue;
        }
        let calendar = book.calendar(conn)?;
        let Some(action) = book.actions.get(&key.rule_id) else { continue };
        let Some((period, version)) = action.period_ending(key.period_day) else { continue };
        let state = state_of(&version.rule, period, &found, excused, early_day(period, &calendar));
        if state == CellState::Open {
            continue;
        }
        for unit in places(conn, &version.rule, key)?.unwrap_or_default() {
            fold.action(unit.0, key.rule_id.0, day(key.period_day), state, sign);
        }
    }
    Ok(())
}

/// Whose cells.
#[derive(Clone, Debug)]
pub(crate) enum Who {
    /// One unit with its posts and people.
    Unit(i64),
    /// A unit and all below.
    Subtree(UnitPath),
    /// A post and those who ever held it, and one more person.
    Post(i64, i64),
}

/// The cells that hold something, of periods that end on `from` or later.
///
/// # Errors
/// Faults of the database.
pub(crate) fn keys_of(conn: &mut Conn, who: &Who, from: i64) -> Result<BTreeSet<Key>, Fault> {
    let (units, posts, people, args): (&str, String, String, Vec<Val>) = match who {
        Who::Unit(_) | Who::Subtree(_) => {
            let (set, args) = match who {
                Who::Subtree(path) => (
                    "SELECT id FROM unit WHERE path >= $2 AND path < $3",
                    vals![from, path.as_str(), path.subtree_end()],
                ),
                Who::Unit(id) | Who::Post(id, _) => {
                    ("SELECT id FROM unit WHERE id = $2 AND id <= $3", vals![from, *id, *id])
                }
            };
            (
                set,
                format!("SELECT id FROM post WHERE unit_id IN ({set})"),
                format!(
                    "SELECT t.person_id FROM tenure t JOIN post o ON o.id = t.post_id WHERE o.unit_id IN ({set})"
                ),
                args.to_vec(),
            )
        }
        Who::Post(post, person) => (
            "SELECT id FROM unit WHERE id < 0",
            "SELECT id FROM post WHERE id = $2".to_owned(),
            "SELECT person_id FROM tenure WHERE post_id = $2 UNION SELECT CAST($3 AS BIGINT)".to_owned(),
            vals![from, *post, *person].to_vec(),
        ),
    };
    let mut keys = BTreeSet::new();
    for (kind, set) in [
        (SubjectKind::Unit, units),
        (SubjectKind::Post, posts.as_str()),
        (SubjectKind::Person, people.as_str()),
    ] {
        let code = kind.code();
        let part = |table: &str, more: &str| {
            format!(
                "SELECT subject_id, rule_id, period_day FROM {table} WHERE subject_kind = '{code}' \
                 AND subject_id IN ({set}) AND period_day >= $1{more}"
            )
        };
        let sql = format!("{} UNION {}", part("action_credit", ""), part("action_excuse", ""));
        // An argument that a statement does not name is refused, so it is named in a condition that always holds.
        let sql = named(sql, args.len());
        for row in conn.rows(&sql, &args)? {
            keys.insert(Key {
                subject_kind: kind,
                subject_id: row.int(0)?,
                rule_id: RequiredActionId(row.int(1)?),
                period_day: Day::from_val(row.val(2)?)?,
            });
        }
    }
    Ok(keys)
}

fn named(mut sql: String, args: usize) -> String {
    for n in 1..=args {
        if !sql.contains(&format!("${n}")) {
            sql.push_str(&format!(" AND CAST(${n} AS BIGINT) IS NOT NULL"));
        }
    }
    sql
}

/// A credit in a row.
fn row_of(credit: &Credit, kind: SubjectKind) -> Vec<Val> {
    vals![
        kind.code(),
        credit.subject_id,
        credit.rule_id.0,
        day(credit.period_day),
        credit.activity_id.0,
        day(credit.day),
        credit.kind.as_str(),
        credit.amount
    ]
    .to_vec()
}

/// Columns of `action_credit`, in the order rows are written.
pub(crate) const COLUMNS: [&str; 8] =
    ["subject_kind", "subject_id", "rule_id", "period_day", "activity_id", "day", "kind", "amount"];

fn key_of(credit: &Credit, kind: SubjectKind) -> Key {
    Key {
        subject_kind: kind,
        subject_id: credit.subject_id,
        rule_id: credit.rule_id,
        period_day: credit.period_day,
    }
}

/// What an activity counts for changes: its cells are taken away, its credits replaced, and the cells counted again.
///
/// # Errors
/// Faults of the database.
pub(crate) fn replace_credits(
    conn: &mut Conn,
    activity: ActivityId,
    new: &[(SubjectKind, Credit)],
    only_rule: Option<RequiredActionId>,
    fold: &mut Fold,
) -> Result<(), Fault> {
    let mut book = Book::default();
    let of_rule = only_rule.map_or(String::new(), |rule| format!(" AND rule_id = {rule}"));
    let mut keys: BTreeSet<Key> = new.iter().map(|(kind, credit)| key_of(credit, *kind)).collect();
    let sql =
        format!("SELECT {CREDIT_COLUMNS}, subject_kind FROM action_credit WHERE activity_id = $1{of_rule}");
    for row in conn.rows(&sql, &vals![activity.0])? {
        keys.insert(key_of(&credit_from(&row)?, SubjectKind::from_val(row.val(7)?)?));
    }
    if keys.is_empty() {
        return Ok(());
    }
    tally(conn, &mut book, &keys, -1, fold)?;
    conn.exec(&format!("DELETE FROM action_credit WHERE activity_id = $1{of_rule}"), &vals![activity.0])?;
    insert(conn, new)?;
    tally(conn, &mut book, &keys, 1, fold)
}

/// Rows up to which credits are inserted by one statement instead of in bulk.
const FEW_CREDITS: usize = 40;

fn insert(conn: &mut Conn, new: &[(SubjectKind, Credit)]) -> Result<(), Fault> {
    let mut rows = new.iter().map(|(kind, credit)| row_of(credit, *kind));
    if new.len() > FEW_CREDITS {
        conn.bulk_insert("action_credit", &COLUMNS, &mut rows)?;
    } else if !new.is_empty() {
        let sql = format!(
            "INSERT INTO action_credit ({}) VALUES {}",
            COLUMNS.join(", "),
            crate::record::places(new.len(), COLUMNS.len())
        );
        conn.later(sql, rows.flatten().collect::<Vec<_>>(), None)?;
    }
    Ok(())
}

/// A new activity counts: its cells are counted as they stand with it, in as few statements as may be, for this is what
/// every record waits for.
///
/// # Errors
/// Faults of the database.
pub(crate) fn add_credits(
    conn: &mut Conn,
    activity: ActivityId,
    new: &[(SubjectKind, Credit)],
    actions: Vec<RequiredAction>,
    fold: &mut Fold,
) -> Result<(), Fault> {
    let keys: BTreeSet<Key> = new.iter().map(|(kind, credit)| key_of(credit, *kind)).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let mut book =
        Book { actions: actions.into_iter().map(|one| (one.id, one)).collect(), ..Book::default() };
    book.read(conn, &keys)?;
    let calendar = book.calendar(conn)?;
    for (key, (mut found, excused)) in keys.iter().zip(held_at(conn, &keys)?) {
        let Some(action) = book.actions.get(&key.rule_id) else { continue };
        let Some((period, version)) = action.period_ending(key.period_day) else { continue };
        debug_assert!(found.iter().all(|credit| credit.activity_id != activity), "the record is new");
        let early = early_day(period, &calendar);
        let before = state_of(&version.rule, period, &found, excused, early);
        found.extend(new.iter().filter(|(kind, one)| key_of(one, *kind) == *key).map(|(_, one)| one.clone()));
        let after = state_of(&version.rule, period, &found, excused, early);
        if before == after {
            continue;
        }
        let units = places(conn, &version.rule, key)?.unwrap_or_default();
        if !units.is_empty() {
            let mut by = Counts::default();
            by.add(before, -1);
            by.add(after, 1);
            fold.recorded(Change { units, rule: key.rule_id, period_day: day(key.period_day), by });
        }
    }
    insert(conn, new)
}

/// What a rule took of records from a day on is taken back, before a new version is written.
///
/// # Errors
/// Faults of the database.
pub(crate) fn uncredit(
    conn: &mut Conn,
    rule: RequiredActionId,
    from: Day,
    fold: &mut Fold,
) -> Result<(), Fault> {
    for (activity, _, _) in touched(conn, rule, from)? {
        replace_credits(conn, activity.id, &[], Some(rule), fold)?;
    }
    // With nothing credited any more, only excuses are left of its cells.
    let keys = excuse_keys(conn, rule, from)?;
    tally(conn, &mut Book::default(), &keys, -1, fold)?;
    Ok(())
}

/// A rule has a new version: records of the days it governs are counted again for it.
///
/// # Errors
/// Faults of the database.
pub(crate) fn recredit(
    conn: &mut Conn,
    rule: RequiredActionId,
    from: Day,
    fold: &mut Fold,
) -> Result<(), Fault> {
    let keys = excuse_keys(conn, rule, from)?;
    tally(conn, &mut Book::default(), &keys, 1, fold)?;
    for (activity, action, kind) in touched(conn, rule, from)? {
        let facts = crate::activity::facts(conn, &activity)?;
        let new = credits(std::slice::from_ref(&action), &facts);
        let new: Vec<(SubjectKind, Credit)> = new.into_iter().map(|credit| (kind, credit)).collect();
        replace_credits(conn, activity.id, &new, Some(rule), fold)?;
    }
    Ok(())
}

fn excuse_keys(conn: &mut Conn, rule: RequiredActionId, from: Day) -> Result<BTreeSet<Key>, Fault> {
    let sql = "SELECT subject_kind, subject_id, period_day FROM action_excuse WHERE rule_id = $1 AND state = $2 \
         AND period_day >= $3";
    let rows = conn.rows(sql, &vals![rule.0, ExcuseState::Approved.code(), day(from)])?;
    let key = |row: &crate::Row| -> Result<Key, Fault> {
        Ok(Key {
            subject_kind: SubjectKind::from_val(row.val(0)?)?,
            subject_id: row.int(1)?,
            rule_id: rule,
            period_day: Day::from_val(row.val(2)?)?,
        })
    };
    rows.iter().map(key).collect()
}

/// The valid records of a rule's kinds from a day on, in the subtree where it holds.
fn touched(
    conn: &mut Conn,
    rule: RequiredActionId,
    from: Day,
) -> Result<Vec<(bihuan_domain::activity::Activity, RequiredAction, SubjectKind)>, Fault> {
    let Some((row, action)) = super::by_id(conn, rule)? else { return Ok(Vec::new()) };
    let kinds: BTreeSet<String> = action.versions.iter().flat_map(|v| v.rule.kinds.clone()).collect();
    let Some(owner) = crate::unit::by_id(conn, action.owner_unit_id)? else { return Ok(Vec::new()) };
    let found = crate::activity::of_kinds_since(conn, &kinds, from, &owner.path)?;
    Ok(found.into_iter().map(|activity| (activity, action.clone(), row.subject.table())).collect())
}
