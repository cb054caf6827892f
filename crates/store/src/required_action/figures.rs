//! Figures: tallies of subtrees by rule and period, and the cells of single units.

use super::cell::credit_from;
use super::expected::Expected;
use super::recent::{self, Change};
use super::{day, list};
use crate::db::Question;
use crate::record::Field;
use crate::{Conn, Fault, Row, Val};
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::required_action::{
    CellState, Counts, Credit, ExcuseState, Period, RequiredAction, SubjectKind, Tally, Version, due_day,
    early_day, state_of,
};
use bihuan_domain::{Coded, Day};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A rule with the periods that are asked about.
#[derive(Debug)]
pub struct Asked<'r> {
    /// The rule.
    pub action: &'r RequiredAction,
    /// Periods, oldest first, each with the version that governs it.
    pub periods: Vec<(Period, &'r Version)>,
}

impl<'r> Asked<'r> {
    /// All periods of a rule that have begun by a day.
    pub fn begun(action: &'r RequiredAction, upto: Day) -> Asked<'r> {
        Asked { action, periods: action.periods(upto) }
    }
}

/// Rule and last day of the period.
pub(super) type At = (RequiredActionId, Day);

/// The cell of a unit that owes a rule itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnCell {
    /// What is done.
    pub state: CellState,
    /// Records that count.
    pub records: i64,
    /// How much in all: times, cases or minutes.
    pub amount: i64,
}

fn unit_rules<'a, 'r>(asked: &'a [Asked<'r>]) -> impl Iterator<Item = &'a Asked<'r>> {
    asked.iter().filter(|asked| {
        asked.action.newest().is_some_and(|version| version.rule.subject.table() == SubjectKind::Unit)
    })
}

/// What is asked of units themselves.
#[derive(Debug)]
pub(super) struct OwnAsked<'r> {
    versions: HashMap<At, (Period, &'r Version)>,
    /// Two, or none where no rule asks units.
    pub(super) questions: Vec<Question>,
}

impl<'r> OwnAsked<'r> {
    /// The questions about them.
    pub(super) fn of(units: &[UnitId], asked: &[Asked<'r>]) -> OwnAsked<'r> {
        let versions: HashMap<At, (Period, &'r Version)> = unit_rules(asked)
            .flat_map(|asked| asked.periods.iter().map(|(p, v)| ((asked.action.id, p.last), (*p, *v))))
            .collect();
        if versions.is_empty() {
            return OwnAsked { versions, questions: Vec::new() };
        }
        let rules = list(unit_rules(asked).map(|asked| UnitId(asked.action.id.0)));
        let first = versions.keys().map(|(_, last)| day(*last)).min().unwrap_or(0);
        let credits = String::from(
            "SELECT c.rule_id, c.subject_id, c.period_day, c.activity_id, c.day, c.kind, c.amount FROM action_credit c \
             WHERE c.subject_kind = 'unit' AND c.subject_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
             AND c.rule_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) AND c.period_day >= $3",
        );
        let excuses = String::from(
            "SELECT subject_id, rule_id, period_day FROM action_excuse WHERE subject_kind = 'unit' AND state = $3 \
             AND subject_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
             AND rule_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2))",
        );
        let of_units = list(units.iter().copied());
        let approved = Val::from(ExcuseState::Approved.code());
        let questions = vec![
            (credits, vec![of_units.clone(), rules.clone(), Val::Int(first)]),
            (excuses, vec![of_units, rules, approved]),
        ];
        OwnAsked { versions, questions }
    }

    /// What these units did themselves, whether they owe it or not, from the answers to the questions.
    pub(super) fn states(
        &self,
        answers: &[Vec<Row>],
        calendar: &Calendar,
    ) -> Result<HashMap<(UnitId, At), OwnCell>, Fault> {
        let [of_credits, of_excuses] = answers else { return Ok(HashMap::new()) };
        let mut credits: HashMap<(UnitId, At), Vec<Credit>> = HashMap::new();
        for row in of_credits {
            let credit = credit_from(row)?;
            let key = (UnitId(credit.subject_id), (credit.rule_id, credit.period_day));
            credits.entry(key).or_default().push(credit);
        }
        let mut excused: BTreeSet<(UnitId, At)> = BTreeSet::new();
        for row in of_excuses {
            let at = (RequiredActionId(row.int(1)?), Day::from_val(row.val(2)?)?);
            excused.insert((UnitId(row.int(0)?), at));
        }
        let keys: BTreeSet<(UnitId, At)> = credits.keys().copied().chain(excused.iter().copied()).collect();
        let mut found = HashMap::new();
        for key in keys {
            let Some((period, version)) = self.versions.get(&key.1) else { continue };
            let own = credits.get(&key).map_or(&[][..], Vec::as_slice);
            let state =
                state_of(&version.rule, *period, own, excused.contains(&key), early_day(*period, calendar));
            let amount = own.iter().map(|credit| credit.amount).sum();
            found.insert(key, OwnCell { state, records: own.len() as i64, amount });
        }
        Ok(found)
    }
}

/// Asks and reads it.
fn own_states(
    conn: &mut Conn,
    units: &[UnitId],
    asked: &[Asked<'_>],
    calendar: &Calendar,
) -> Result<HashMap<(UnitId, At), OwnCell>, Fault> {
    let own = OwnAsked::of(units, asked);
    let answers = conn.ask_these(&own.questions)?;
    own.states(&answers, calendar)
}

/// The cells of single units: who owes a rule in a period, and how far it is. Units that owe nothing have no cell.
///
/// # Errors
/// Faults of the database.
pub fn own_cells(
    conn: &mut Conn,
    units: &[UnitId],
    asked: &[Asked<'_>],
) -> Result<BTreeMap<(UnitId, RequiredActionId, Period), OwnCell>, Fault> {
    let expected = Expected::load(conn, units, asked)?;
    let calendar = crate::calendar::load(conn)?;
    let states = own_states(conn, units, asked, &calendar)?;
    let mut found = BTreeMap::new();
    for asked in unit_rules(asked) {
        for (period, version) in &asked.periods {
            let scope = version.rule.units();
            for unit in units {
                if expected.own(*unit, &scope, period.last) == 1 {
                    let cell = states.get(&(*unit, (asked.action.id, period.last))).copied();
                    let nothing = OwnCell { state: CellState::Open, records: 0, amount: 0 };
                    found.insert((*unit, asked.action.id, *period), cell.unwrap_or(nothing));
                }
            }
        }
    }
    Ok(found)
}

/// Cells as they are folded, with what is not folded yet: by unit, rule and last day of the period.
fn folded(
    rows: &[Row],
    recent: &[Change],
) -> Result<HashMap<(UnitId, RequiredActionId, i64), Counts>, Fault> {
    let mut found: HashMap<_, Counts> = HashMap::with_capacity(rows.len());
    for row in rows {
        let key = (UnitId(row.int(0)?), RequiredActionId(row.int(1)?), row.int(2)?);
        let (done, early) = (row.int(3)?, row.int(4)?);
        found.insert(key, Counts { done, early, late: row.int(5)?, excused: row.int(6)? });
    }
    for change in recent {
        for unit in &change.units {
            found.entry((*unit, change.rule, change.period_day)).or_default().plus(change.by);
        }
    }
    Ok(found)
}

/// Tallies of whole subtrees, the unit itself among them, by rule and period. Cells in which nothing is expected are
/// left out.
///
/// # Errors
/// Faults of the database.
pub fn cells(
    conn: &mut Conn,
    units: &[UnitId],
    asked: &[Asked<'_>],
    today: Day,
    calendar: &Calendar,
) -> Result<BTreeMap<(UnitId, RequiredActionId, Period), Tally>, Fault> {
    let first = asked.iter().flat_map(|asked| &asked.periods).map(|(period, _)| day(period.last)).min();
    let sql = "SELECT unit_id, rule_id, period_day, done, early, late, excused FROM action_rollup \
         WHERE unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
         AND rule_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) AND period_day >= $3";
    let rules = list(asked.iter().map(|asked| UnitId(asked.action.id.0)));
    let args = vec![list(units.iter().copied()), rules, Val::Int(first.unwrap_or(0))];
    let own = OwnAsked::of(units, asked);
    let mut questions = own.questions.clone();
    questions.extend([(sql.to_owned(), args), recent::question()]);
    let (expected, answers) = Expected::load_and_ask(conn, units, asked, questions)?;
    let (of_own, of_cells) = answers.split_at(own.questions.len());
    let own = own.states(of_own, calendar)?;
    let folded = folded(&of_cells[0], &recent::from_rows(&of_cells[1])?)?;
    let mut found = BTreeMap::new();
    for asked in asked {
        let id = asked.action.id;
        for (period, version) in &asked.periods {
            let (due, scope) = (due_day(&version.rule, *period, calendar), version.rule.units());
            for unit in units {
                let n = expected.subtree(*unit, period, &version.rule);
                let mut counts = folded.get(&(*unit, id, day(period.last))).copied().unwrap_or_default();
                if let Some(cell) = own.get(&(*unit, (id, period.last)))
                    && expected.own(*unit, &scope, period.last) == 1
                {
                    counts.add(cell.state, 1);
                }
                if n != 0 {
                    found.insert((*unit, id, *period), Tally::of(n, counts, due, today));
                }
            }
        }
    }
    Ok(found)
}
