//! One tally a unit over many rules and periods: what an overview shows of each child.

use super::expected::Expected;
use super::figures::OwnAsked;
use super::recent::{self, Change};
use super::{Asked, day, list};
use crate::db::Question;
use crate::{Conn, Fault, Row, Val};
use bihuan_domain::Day;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::required_action::{Counts, Period, Rule, Tally, due_day};
use std::collections::{BTreeMap, HashMap};

/// One tally a unit over all rules and periods asked: what an overview shows of each child.
///
/// # Errors
/// Faults of the database.
pub fn overview(
    conn: &mut Conn,
    units: &[UnitId],
    asked: &[Asked<'_>],
    today: Day,
    calendar: &Calendar,
) -> Result<BTreeMap<UnitId, Tally>, Fault> {
    conn.keep_plans()?;
    let dues: HashMap<RequiredActionId, Dues> =
        asked.iter().map(|asked| (asked.action.id, Dues::of(asked, today, calendar))).collect();
    let mut sums: BTreeMap<&Dues, Vec<RequiredActionId>> = BTreeMap::new();
    for asked in asked.iter().filter(|asked| !asked.periods.is_empty()) {
        sums.entry(&dues[&asked.action.id]).or_default().push(asked.action.id);
    }
    let own = OwnAsked::of(units, asked);
    let mut questions = own.questions.clone();
    questions.extend(sums.iter().map(|(dues, rules)| dues.question(units, rules)));
    let folds = questions.len();
    questions.push(recent::question());
    let (expected, answers) = Expected::load_and_ask(conn, units, asked, questions)?;
    let (of_own, folded) = answers[..folds].split_at(own.questions.len());
    let own = own.states(of_own, calendar)?;
    let mut tallies = vec![Tally::default(); units.len()];
    let mut counted = Counted::default();
    for asked in asked {
        let dues = &dues[&asked.action.id];
        for (period, version) in &asked.periods {
            let is_due = dues.is_due(day(period.last));
            let counts = counted.of(&version.rule, period, &expected, units);
            for (tally, n) in tallies.iter_mut().zip(counts) {
                tally.expected += n;
                if is_due {
                    tally.missed += n;
                }
            }
            // Few units in a large subtree do anything themselves.
            if own.is_empty() {
                continue;
            }
            let scope = version.rule.units();
            for (tally, unit) in tallies.iter_mut().zip(units) {
                if let Some(cell) = own.get(&(*unit, (asked.action.id, period.last)))
                    && expected.own(*unit, &scope, period.last) == 1
                {
                    let mut counts = Counts::default();
                    counts.add(cell.state, 1);
                    take(tally, counts, is_due);
                }
            }
        }
    }
    let mut found: BTreeMap<UnitId, Tally> = units.iter().copied().zip(tallies).collect();
    add_folded(folded, &mut found)?;
    for rows in &answers[folds..] {
        add_recent(&recent::from_rows(rows)?, &dues, &mut found);
    }
    for tally in found.values_mut() {
        tally.not_yet_due = tally.expected - tally.done - tally.done_late - tally.excused - tally.missed;
    }
    Ok(found)
}

/// Which periods of a rule are due. Rules of the same are summed by one statement.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Dues {
    /// Last days of the newest period asked and of the newest that is due. What is excused ahead, in periods not
    /// begun, is left out.
    until: Option<i64>,
    last_due: Option<i64>,
    /// Last days of periods that ended before that and are not due yet: an older version gave more days of grace.
    in_grace: Vec<i64>,
}

impl Dues {
    fn of(asked: &Asked<'_>, today: Day, calendar: &Calendar) -> Dues {
        let (due, open): (Vec<_>, Vec<_>) = asked
            .periods
            .iter()
            .partition(|(period, version)| due_day(&version.rule, *period, calendar) < today);
        let last_due = due.last().map(|(period, _)| day(period.last));
        let before = |last: &i64| last_due.is_some_and(|due| *last < due);
        Dues {
            until: asked.periods.last().map(|(period, _)| day(period.last)),
            last_due,
            in_grace: open.iter().map(|(period, _)| day(period.last)).filter(before).collect(),
        }
    }

    fn is_due(&self, period_day: i64) -> bool {
        self.last_due.is_some_and(|last| period_day <= last) && !self.in_grace.contains(&period_day)
    }

    /// What is folded of rules, of what is due and of what is not.
    fn question(&self, units: &[UnitId], rules: &[RequiredActionId]) -> Question {
        let mut args = vec![list(units.iter().copied()), list(rules.iter().map(|id| UnitId(id.0)))];
        args.extend([self.last_due, self.until].map(|day| Val::Int(day.unwrap_or(i64::MIN))));
        let mut due = "period_day <= $3".to_owned();
        if !self.in_grace.is_empty() {
            due.push_str(" AND period_day NOT IN (SELECT CAST(value AS BIGINT) FROM json_each($5))");
            args.push(list(self.in_grace.iter().map(|day| UnitId(*day))));
        }
        let due = format!("CASE WHEN {due} THEN 1 ELSE 0 END");
        let sql = format!(
            "SELECT unit_id, {due}, CAST(SUM(done) AS BIGINT), CAST(SUM(early) AS BIGINT), CAST(SUM(late) AS BIGINT), CAST(SUM(excused) AS BIGINT) \
             FROM action_rollup WHERE unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
             AND rule_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) AND period_day <= $4 GROUP BY 1, 2"
        );
        (sql, args)
    }
}

fn add_recent(
    changes: &[Change],
    dues: &HashMap<RequiredActionId, Dues>,
    found: &mut BTreeMap<UnitId, Tally>,
) {
    for change in changes {
        let Some(dues) = dues.get(&change.rule) else { continue };
        if dues.until.is_none_or(|until| change.period_day > until) {
            continue;
        }
        for unit in &change.units {
            if let Some(tally) = found.get_mut(unit) {
                take(tally, change.by, dues.is_due(change.period_day));
            }
        }
    }
}

fn add_folded(answers: &[Vec<Row>], found: &mut BTreeMap<UnitId, Tally>) -> Result<(), Fault> {
    for row in answers.iter().flatten() {
        if let Some(tally) = found.get_mut(&UnitId(row.int(0)?)) {
            let (done, early) = (row.int(2)?, row.int(3)?);
            let counts = Counts { done, early, late: row.int(4)?, excused: row.int(5)? };
            take(tally, counts, row.int(1)? == 1);
        }
    }
    Ok(())
}

/// What is expected of some units, reckoned once for rules that ask the same subjects.
#[derive(Default)]
struct Counted<'r> {
    kinds: Vec<&'r Rule>,
    /// One number a unit, in the order of the units.
    found: HashMap<(usize, Day), Vec<i64>>,
}

impl<'r> Counted<'r> {
    fn of(&mut self, rule: &'r Rule, period: &Period, expected: &Expected, units: &[UnitId]) -> &[i64] {
        let same = |other: &&Rule| {
            other.subject == rule.subject
                && other.scope == rule.scope
                && other.posts == rule.posts
                && other.leads_only == rule.leads_only
        };
        let alike = self.kinds.iter().position(same).unwrap_or_else(|| {
            self.kinds.push(rule);
            self.kinds.len() - 1
        });
        let count = || units.iter().map(|unit| expected.subtree(*unit, period, rule)).collect();
        self.found.entry((alike, period.last)).or_insert_with(count)
    }
}

/// Counts what is done; of what is due, that much is not missed.
fn take(tally: &mut Tally, counts: Counts, is_due: bool) {
    tally.done += counts.done;
    tally.done_early += counts.early;
    tally.done_late += counts.late;
    tally.excused += counts.excused;
    if is_due {
        tally.missed -= counts.done + counts.late + counts.excused;
    }
}
