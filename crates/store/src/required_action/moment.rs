//! The end of a day that has passed: which records, excuses and versions of rules counted then.
//!
//! What counted and does not any more is kept when it is taken back, with the entry from which it did not hold (see
//! `0009_past.sql`); what counts now did so then unless its record or its rule was changed since.

use super::cell::credit_from;
use super::{Key, day};
use crate::record::Field;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::required_action::{Credit, RequiredAction, SubjectKind};
use bihuan_domain::{Coded, Day};
use std::collections::BTreeSet;

/// The end of a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    /// The day.
    pub(super) on: Day,
    /// Its end, in microseconds.
    end: i64,
    /// The last entry of the journal by then.
    seq: i64,
}

/// What may be told apart among the rules: subjects of one kind, and rules.
pub(super) struct Among<'a> {
    /// Whose numbers.
    pub(super) kind: SubjectKind,
    /// Their numbers.
    pub(super) subjects: &'a [i64],
    /// Rules, as a JSON list.
    pub(super) rules: &'a Val,
}

const THESE: &str = "c.subject_kind = $1 AND c.subject_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) \
     AND c.rule_id IN (SELECT CAST(value AS BIGINT) FROM json_each($3))";

impl Moment {
    /// The end of a day.
    ///
    /// # Errors
    /// Faults of the database.
    pub(super) fn of(conn: &mut Conn, on: Day) -> Result<Moment, Fault> {
        let end = on.plus_days(1).starts_at().micros();
        Ok(Moment { on, end, seq: crate::journal::last_of_day(conn, on)? })
    }

    /// The day by which a period looks at the tree and at who holds posts: of a period not over, the day itself.
    pub(super) fn standing(&self, last: Day) -> Day {
        last.min(self.on)
    }

    fn args(&self, among: &Among<'_>) -> [Val; 5] {
        let subjects = super::list(among.subjects.iter().map(|id| UnitId(*id)));
        [Val::from(among.kind.code()), subjects, among.rules.clone(), Val::Int(self.end), Val::Int(self.seq)]
    }

    /// Gives what was credited then, cell by cell.
    ///
    /// # Errors
    /// Faults of the database, and what `take` answers.
    pub(super) fn credits(
        &self,
        conn: &mut Conn,
        among: &Among<'_>,
        take: &mut dyn FnMut(Key, &[Credit]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let columns = "c.rule_id, c.subject_id, c.period_day, c.activity_id, c.day, c.kind, c.amount";
        let filed = "JOIN activity a ON a.id = c.activity_id AND a.filed_at < $4";
        let changed =
            "NOT EXISTS (SELECT 1 FROM activity_change x WHERE x.activity_id = c.activity_id AND x.seq > $5";
        let reissued = "NOT EXISTS (SELECT 1 FROM required_action_version v WHERE v.rule_id = c.rule_id \
             AND v.number > 1 AND v.issued_at >= $4 AND v.from_day <= c.day";
        let sql = format!(
            "SELECT {columns} FROM action_credit c {filed} WHERE {THESE} AND {changed}) AND {reissued}) \
             UNION ALL SELECT {columns} FROM action_credit_past c {filed} WHERE {THESE} AND c.until_seq > $5 \
             AND {changed} AND x.seq < c.until_seq) AND {reissued} AND v.number <= c.rule_version) \
             ORDER BY 2, 1, 3, 5, 4"
        );
        let mut key: Option<Key> = None;
        let mut cell: Vec<Credit> = Vec::new();
        conn.each(&sql, &self.args(among), &mut |row| {
            let credit = credit_from(row)?;
            let own = Key {
                subject_kind: among.kind,
                subject_id: credit.subject_id,
                rule_id: credit.rule_id,
                period_day: credit.period_day,
            };
            if key != Some(own) {
                if let Some(done) = key.replace(own) {
                    take(done, &cell)?;
                }
                cell.clear();
            }
            // What was taken back and credited again as it was counts once.
            if !cell.iter().any(|one| one.activity_id == credit.activity_id) {
                cell.push(credit);
            }
            Ok(())
        })?;
        key.map_or(Ok(()), |done| take(done, &cell))
    }

    /// The cells that were excused then.
    ///
    /// # Errors
    /// Faults of the database.
    pub(super) fn excused(&self, conn: &mut Conn, among: &Among<'_>) -> Result<BTreeSet<Key>, Fault> {
        let sql = format!(
            "SELECT c.subject_id, c.rule_id, c.period_day FROM action_excuse c WHERE {THESE} \
             AND c.state = 'approved' AND c.decided_at < $4 \
             UNION SELECT c.subject_id, c.rule_id, c.period_day FROM action_excuse_past c WHERE {THESE} \
             AND c.approved_at < $4 AND c.until_seq > $5"
        );
        let key = |row: &crate::Row| {
            Ok(Key {
                subject_kind: among.kind,
                subject_id: row.int(0)?,
                rule_id: RequiredActionId(row.int(1)?),
                period_day: Day::from_val(row.val(2)?)?,
            })
        };
        conn.rows(&sql, &self.args(among))?.iter().map(key).collect()
    }
}

/// A rule as it was known at the end of a day: without the versions issued later, and not ended if it was ended later.
///
/// # Errors
/// Faults of the database.
pub fn known_on(
    conn: &mut Conn,
    mut action: RequiredAction,
    on: Day,
) -> Result<Option<RequiredAction>, Fault> {
    let known: BTreeSet<i64> = super::versions_of(conn, action.id)?
        .into_iter()
        .filter(|row| row.issued_at.day_in_china() <= on)
        .map(|row| row.number)
        .collect();
    let dropped = action.versions.iter().any(|version| !known.contains(&version.number));
    action.versions.retain(|version| known.contains(&version.number));
    let Some(last) = action.versions.last_mut() else { return Ok(None) };
    if dropped || (last.until_day.is_some() && ended_after(conn, action.id, on)?) {
        last.until_day = None;
    }
    Ok(Some(action))
}

fn ended_after(conn: &mut Conn, id: RequiredActionId, on: Day) -> Result<bool, Fault> {
    let sql = "SELECT 1 FROM entry WHERE subject_kind = 'required_action' AND subject_id = $1 \
         AND action = 'action.ended' AND seq > $2 LIMIT 1";
    let seq = crate::journal::last_of_day(conn, on)?;
    Ok(conn.first(sql, &vals![id.0, seq])?.is_some())
}

/// Days of a stretch hold a day.
pub(super) fn within((from, to): (i64, i64), on: Day) -> bool {
    from <= day(on) && day(on) < to
}
