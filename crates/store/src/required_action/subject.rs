//! Single posts and people that owe a rule: those of one unit, and what one of them has done.

use super::cell::credits_at;
use super::place::places;
use super::{Excuse, Key, OwnCell, day, excuses_at};
use crate::person::below::{Held, Staff};
use crate::{Conn, Fault};
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::{PersonId, RequiredActionId, UnitId};
use bihuan_domain::required_action::{ExcuseState, Period, Rule, SubjectKind, early_day, state_of};

/// A post or a person that owes a rule in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectCell {
    /// Number of the post or person.
    pub subject_id: i64,
    /// The post with who holds it, or the person's name.
    pub name: String,
    /// How far it is.
    pub cell: OwnCell,
    /// Its excuses, newest first.
    pub excuses: Vec<Excuse>,
}

/// The posts or people of the unit itself that owe a rule in a period, in the order of the unit's posts. Nothing for a
/// rule that units owe.
///
/// # Errors
/// Faults of the database.
pub fn subject_cells(
    conn: &mut Conn,
    unit: UnitId,
    id: RequiredActionId,
    rule: &Rule,
    period: Period,
    calendar: &Calendar,
) -> Result<Vec<SubjectCell>, Fault> {
    let mut found = Vec::new();
    for (subject_id, name) in subjects_of(conn, unit, rule, period)? {
        let key = Key { subject_kind: rule.subject, subject_id, rule_id: id, period_day: period.last };
        let Some(cell) = subject_cell(conn, &key, rule, period, calendar)? else { continue };
        let excuses = excuses_at(conn, &key)?;
        found.push(SubjectCell { subject_id, name, cell, excuses });
    }
    Ok(found)
}

/// How far a subject is; nothing where it does not owe the rule in the period.
///
/// # Errors
/// Faults of the database.
pub fn subject_cell(
    conn: &mut Conn,
    key: &Key,
    rule: &Rule,
    period: Period,
    calendar: &Calendar,
) -> Result<Option<OwnCell>, Fault> {
    if places(conn, rule, key)?.is_none() {
        return Ok(None);
    }
    let credits = credits_at(conn, key)?;
    let excused = excuses_at(conn, key)?.iter().any(|excuse| excuse.state == ExcuseState::Approved);
    let state = state_of(rule, period, &credits, excused, early_day(period, calendar));
    let amount = credits.iter().map(|credit| credit.amount).sum();
    Ok(Some(OwnCell { state, records: credits.len() as i64, amount }))
}

fn subjects_of(
    conn: &mut Conn,
    unit: UnitId,
    rule: &Rule,
    period: Period,
) -> Result<Vec<(i64, String)>, Fault> {
    let posts = crate::person::posts_on(conn, unit, period.last)?;
    let mut found: Vec<(i64, String)> = Vec::new();
    match rule.subject {
        SubjectKind::Unit | SubjectKind::WorkingGroup => {}
        SubjectKind::Post => {
            for one in posts.iter().filter(|one| rule.takes_post(&one.post.name, one.post.leads)) {
                let names: Vec<&str> = one.holders.iter().map(|holder| holder.name.as_str()).collect();
                if !names.is_empty() {
                    found.push((one.post.id.0, format!("{}（{}）", one.post.name, names.join("、"))));
                }
            }
        }
        SubjectKind::Person => {
            let staff = Staff::of_unit(conn, unit.0)?;
            let held = Held::load(conn, &staff)?;
            let on = day(period.last);
            let at_home = |person: PersonId| {
                held.homes().any(|(who, homes)| {
                    who == person
                        && homes.iter().any(|(at, (from, to))| *at == unit && *from <= on && on < *to)
                })
            };
            for holder in posts.iter().flat_map(|one| &one.holders) {
                let person = holder.tenure.person_id;
                if !found.iter().any(|(id, _)| *id == person.0) && at_home(person) {
                    found.push((person.0, holder.name.clone()));
                }
            }
        }
    }
    Ok(found)
}
