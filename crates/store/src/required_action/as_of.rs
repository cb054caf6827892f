//! What was so at the end of a day that has passed: today's cells, with those that records or answers of later days
//! touched counted as they stood.

use super::cell::{Book, credit_from};
use super::figures::{At, cells_but};
use super::place::places;
use super::{Asked, Key};
use crate::record::Field;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::required_action::{
    CellState, Counts, Credit, ExcuseState, SubjectKind, Tally, early_day, state_of,
};
use bihuan_domain::{Coded, Day};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Most cells that are counted back for one answer; a unit further down is asked for instead.
pub const AS_OF_CELLS_MAX: usize = 20_000;

/// One tally a unit over all rules and periods asked, as on a day that has passed: with the units, posts and people of
/// that time, and the records and excuses that were there by its end. A record that was withdrawn since is not seen;
/// nothing when more than [`AS_OF_CELLS_MAX`] cells have changed since.
///
/// # Errors
/// Faults of the database.
pub fn overview_on(
    conn: &mut Conn,
    units: &[UnitId],
    within: UnitId,
    asked: &[Asked<'_>],
    on: Day,
    calendar: &Calendar,
) -> Result<Option<BTreeMap<UnitId, Tally>>, Fault> {
    let end = on.plus_days(1).starts_at().micros();
    let Some(keys) = changed_since(conn, within, end)? else { return Ok(None) };
    let mut more: HashMap<(UnitId, At), Counts> = HashMap::new();
    let mut book = Book::default();
    book.read(conn, &keys)?;
    for key in &keys {
        let Some((now, then, above)) = states(conn, &book, key, end, calendar)? else { continue };
        if now != then {
            for unit in above {
                let counts = more.entry((unit, (key.rule_id, key.period_day))).or_default();
                counts.add(now, -1);
                counts.add(then, 1);
            }
        }
    }
    let mut found: BTreeMap<UnitId, Tally> = units.iter().map(|unit| (*unit, Tally::default())).collect();
    for ((unit, ..), tally) in cells_but(conn, units, asked, on, calendar, &more)? {
        if let Some(sum) = found.get_mut(&unit) {
            sum.plus(tally);
        }
    }
    Ok(Some(found))
}

/// How a cell stands and stood, and the units at which it is counted; a unit's own cell counts at the unit too.
fn states(
    conn: &mut Conn,
    book: &Book,
    key: &Key,
    end: i64,
    calendar: &Calendar,
) -> Result<Option<(CellState, CellState, Vec<UnitId>)>, Fault> {
    let Some(action) = book.action(key.rule_id) else { return Ok(None) };
    let Some((period, version)) = action.period_ending(key.period_day) else { return Ok(None) };
    let Some(mut above) = places(conn, &version.rule, key)? else { return Ok(None) };
    if key.subject_kind == SubjectKind::Unit {
        above.push(UnitId(key.subject_id));
    }
    let sql = "SELECT c.rule_id, c.subject_id, c.period_day, c.activity_id, c.day, c.kind, c.amount, \
           CASE WHEN a.filed_at < $5 THEN 1 ELSE 0 END FROM action_credit c JOIN activity a ON a.id = c.activity_id \
         WHERE c.subject_kind = $1 AND c.subject_id = $2 AND c.rule_id = $3 AND c.period_day = $4";
    let mut args = key.args().to_vec();
    args.push(Val::Int(end));
    let (mut now, mut then): (Vec<Credit>, Vec<Credit>) = Default::default();
    for row in conn.rows(sql, &args)? {
        let credit = credit_from(&row)?;
        if row.flag(7)? {
            then.push(credit.clone());
        }
        now.push(credit);
    }
    let excuses = super::excuses_at(conn, key)?;
    let free = excuses.iter().any(|excuse| excuse.state == ExcuseState::Approved);
    let decided = |excuse: &super::Excuse| excuse.decided_at.is_some_and(|at| at.micros() < end);
    let freed = excuses.iter().any(|excuse| excuse.state == ExcuseState::Approved && decided(excuse));
    let early = early_day(period, calendar);
    let now = state_of(&version.rule, period, &now, free, early);
    Ok(Some((now, state_of(&version.rule, period, &then, freed, early), above)))
}

/// The cells of what ever stood in a subtree that records filed, or excuses answered, from a moment on have touched.
fn changed_since(conn: &mut Conn, within: UnitId, end: i64) -> Result<Option<BTreeSet<Key>>, Fault> {
    let units = "SELECT descendant_id FROM unit_closure WHERE ancestor_id = $2";
    let posts = format!("SELECT id FROM post WHERE unit_id IN ({units})");
    let people = format!(
        "SELECT t.person_id FROM tenure t JOIN post o ON o.id = t.post_id WHERE o.unit_id IN ({units})"
    );
    let args = vals![end, within.0];
    let mut keys = BTreeSet::new();
    for (kind, set) in [
        (SubjectKind::Unit, units),
        (SubjectKind::Post, posts.as_str()),
        (SubjectKind::Person, people.as_str()),
    ] {
        let code = kind.code();
        let sql = format!(
            "SELECT c.subject_id, c.rule_id, c.period_day FROM action_credit c JOIN activity a ON a.id = c.activity_id \
             WHERE a.filed_at >= $1 AND c.subject_kind = '{code}' AND c.subject_id IN ({set}) \
             UNION SELECT subject_id, rule_id, period_day FROM action_excuse \
             WHERE decided_at >= $1 AND subject_kind = '{code}' AND subject_id IN ({set}) LIMIT {}",
            AS_OF_CELLS_MAX + 1
        );
        for row in conn.rows(&sql, &args)? {
            keys.insert(Key {
                subject_kind: kind,
                subject_id: row.int(0)?,
                rule_id: RequiredActionId(row.int(1)?),
                period_day: Day::from_val(row.val(2)?)?,
            });
        }
        if keys.len() > AS_OF_CELLS_MAX {
            return Ok(None);
        }
    }
    Ok(Some(keys))
}

/// A rule as it was known at the end of a day: without the versions issued later.
///
/// # Errors
/// Faults of the database.
pub fn known_on(
    conn: &mut Conn,
    mut action: bihuan_domain::required_action::RequiredAction,
    on: Day,
) -> Result<Option<bihuan_domain::required_action::RequiredAction>, Fault> {
    let known: BTreeSet<i64> = super::versions_of(conn, action.id)?
        .into_iter()
        .filter(|row| row.issued_at.day_in_china() <= on)
        .map(|row| row.number)
        .collect();
    let dropped = action.versions.iter().any(|version| !known.contains(&version.number));
    action.versions.retain(|version| known.contains(&version.number));
    if let (true, Some(last)) = (dropped, action.versions.last_mut()) {
        last.until_day = None;
    }
    Ok((!action.versions.is_empty()).then_some(action))
}
