//! Roll-ups: for every unit, what its whole subtree counts, folded by the journal as it writes.
//!
//! A cell is `(unit, campaign, facet, item, day) → n`. No colour is stored: what is due is kept by day, and red,
//! yellow and green are arithmetic when a page is read, so that nothing is rewritten at midnight.
//!
//! | facet | item | day |
//! |---|---|---|
//! | `state` | state code | 0 |
//! | `outcome` | outcome code, closed problems | 0 |
//! | `category_open`, `category_closed` and the same for `strand`, `source` | code or wording | 0 |
//! | `due` | empty; problems the doing unit owes, no forced colour | the clock day, or [`NO_DAY`] |
//! | `due_block` | empty | first day of its block of [`BLOCK_DAYS`] days, or [`NO_DAY`] |
//! | `forced` | `colour:clock day`; problems with a forced colour | its last day, or [`NO_DAY`] |
//! | `flow` | flow code | the day it happened |

use crate::person::below::{GRAINS, Group, firsts};
use crate::required_action::recent::{self, Change};
use crate::unit::Class;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Coded;
use bihuan_domain::problem::{Flow, Problem};
use bihuan_domain::required_action::{CellState, Counts};
use bihuan_domain::unit::UnitPath;
use std::collections::BTreeMap;

/// The day of a cell whose problem has no date.
pub const NO_DAY: i64 = 9_999_999;
/// Days of one block of due days: late problems of long ago are read by block.
pub const BLOCK_DAYS: i64 = 64;

/// First day of the block that holds `day`.
pub fn block_of(day: i64) -> i64 {
    if day == NO_DAY { NO_DAY } else { day.div_euclid(BLOCK_DAYS) * BLOCK_DAYS }
}

/// One cell a problem counts in: facet, item, day.
pub type Cell = (&'static str, String, i64);

/// The cells a problem counts in as it stands.
pub fn cells(problem: &Problem) -> Vec<Cell> {
    let mut cells = vec![("state", problem.state.code().to_owned(), 0)];
    let open = problem.state.is_open();
    if let (false, Some(outcome)) = (open, problem.outcome) {
        cells.push(("outcome", outcome.code().to_owned(), 0));
    }
    let facets = if open {
        ["category_open", "strand_open", "source_open"]
    } else {
        ["category_closed", "strand_closed", "source_closed"]
    };
    cells.push((facets[0], problem.category.clone(), 0));
    if !problem.strand.is_empty() {
        cells.push((facets[1], problem.strand.clone(), 0));
    }
    cells.push((facets[2], problem.source.clone(), 0));
    if problem.state.doer_owes() {
        let clock = problem.clock_day.map_or(NO_DAY, |day| i64::from(day.days()));
        match problem.forced_colour {
            Some(colour) => {
                let until = problem.forced_until_day.map_or(NO_DAY, |day| i64::from(day.days()));
                cells.push(("forced", format!("{}:{clock}", colour.code()), until));
            }
            None => {
                cells.push(("due", String::new(), clock));
                cells.push(("due_block", String::new(), block_of(clock)));
            }
        }
    }
    cells
}

type Key = (i64, i64, &'static str, String, i64);

/// Differences gathered over one `append`, written once per cell.
#[derive(Debug, Default)]
pub struct Fold {
    deltas: BTreeMap<Key, i64>,
    actions: BTreeMap<(i64, i64, i64), Counts>,
    recent: Vec<Change>,
    below: BelowMap,
    people: PeopleMap,
}

/// Changes of held posts and of people who stand below: unit, group, day.
type PeopleMap = BTreeMap<(i64, Group, i64), i64>;

/// Changes of what stands below: unit, class, day.
type BelowMap = BTreeMap<(i64, Class, i64), i64>;

/// Cells of required actions written by one statement.
const CELLS_AT_ONCE: usize = 10;

/// From this many new cells on, an empty table is filled at once.
const BULK_FROM_CELLS: usize = 500;

impl Fold {
    /// A problem changed: its cells go from where it was counted and come to where it is.
    pub fn problem(&mut self, before: Option<&Problem>, after: Option<&Problem>) {
        if let Some(problem) = before {
            self.count(problem, &problem.home_path, -1);
        }
        if let Some(problem) = after {
            self.count(problem, &problem.home_path, 1);
        }
    }

    fn count(&mut self, problem: &Problem, path: &UnitPath, sign: i64) {
        let units = path.units();
        for (facet, item, day) in cells(problem) {
            for unit in &units {
                self.add((unit.0, problem.campaign_id.0, facet, item.clone(), day), sign);
            }
        }
    }

    /// What moved, on the day it moved, at the unit the problem is counted at now.
    pub fn flows(&mut self, problem: &Problem, flows: &[Flow], today: bihuan_domain::Day) {
        for flow in flows {
            for unit in problem.home_path.units() {
                let key =
                    (unit.0, problem.campaign_id.0, "flow", flow.code().to_owned(), i64::from(today.days()));
                self.add(key, 1);
            }
        }
    }

    fn add(&mut self, key: Key, by: i64) {
        let entry = self.deltas.entry(key);
        let n = entry.or_insert(0);
        *n += by;
    }

    /// So many units of a class more stand below a unit from a day on.
    pub(crate) fn below(&mut self, unit: i64, class: Class, day: i64, n: i64) {
        *self.below.entry((unit, class, day)).or_insert(0) += n;
    }

    /// What stands below, taken out instead of written: for a recount.
    pub(crate) fn take_below(&mut self) -> BelowMap {
        std::mem::take(&mut self.below)
    }

    /// So many held posts or people of a group more stand below a unit from a day on.
    pub(crate) fn people(&mut self, unit: i64, group: Group, day: i64, n: i64) {
        *self.people.entry((unit, group, day)).or_insert(0) += n;
    }

    /// Held posts and people, taken out instead of written: for a recount.
    pub(crate) fn take_people(&mut self) -> PeopleMap {
        std::mem::take(&mut self.people)
    }

    /// A subject of a rule and period counts at a unit.
    pub(crate) fn action(&mut self, unit: i64, rule: i64, period_day: i64, state: CellState, sign: i64) {
        self.actions.entry((unit, rule, period_day)).or_default().add(state, sign);
    }

    /// A cell of a unit, rule and period changes by counts.
    pub(crate) fn action_by(&mut self, cell: (i64, i64, i64), by: Counts) {
        self.actions.entry(cell).or_default().plus(by);
    }

    /// A new record changes cells: kept as one row until there are many.
    pub(crate) fn recorded(&mut self, change: Change) {
        self.recent.push(change);
    }

    /// The folded cells of required actions, taken out instead of written: for a recount.
    pub(crate) fn take_actions(&mut self) -> BTreeMap<(i64, i64, i64), Counts> {
        std::mem::take(&mut self.actions)
    }

    fn flush_actions(&mut self, conn: &mut Conn) -> Result<(), Fault> {
        recent::keep(conn, &std::mem::take(&mut self.recent), self)?;
        let cells = self.take_actions().into_iter().filter(|(_, by)| *by != Counts::default());
        let rows: Vec<[Val; 7]> = cells
            .map(|((unit, rule, day), by)| vals![unit, rule, day, by.done, by.early, by.late, by.excused])
            .collect();
        for some in rows.chunks(CELLS_AT_ONCE) {
            let sql = format!(
                "INSERT INTO action_rollup (unit_id, rule_id, period_day, done, early, late, excused) VALUES {} \
                 ON CONFLICT (unit_id, rule_id, period_day) DO UPDATE SET \
                 done = action_rollup.done + excluded.done, early = action_rollup.early + excluded.early, \
                 late = action_rollup.late + excluded.late, excused = action_rollup.excused + excluded.excused",
                crate::record::places(some.len(), 7)
            );
            conn.later(sql, some.concat(), None)?;
        }
        Ok(())
    }

    fn flush_below(&mut self, conn: &mut Conn) -> Result<(), Fault> {
        let mut cells = self.take_below();
        cells.retain(|_, n| *n != 0);
        if cells.len() >= BULK_FROM_CELLS
            && conn.first("SELECT unit_id FROM unit_below LIMIT 1", &[])?.is_none()
        {
            let columns = ["unit_id", "level", "kind", "sector", "line", "day", "n"];
            let mut rows = cells.into_iter().map(|((unit, [level, kind, sector, line], day), n)| {
                vals![unit, level, kind, sector, line, day, n].to_vec()
            });
            conn.bulk_insert("unit_below", &columns, &mut rows)?;
            return Ok(());
        }
        let sql = "INSERT INTO unit_below (unit_id, level, kind, sector, line, day, n) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (unit_id, level, kind, sector, line, day) DO UPDATE SET n = unit_below.n + excluded.n";
        for ((unit, [level, kind, sector, line], day), n) in cells {
            conn.later(sql, vals![unit, level, kind, sector, line, day, n], None)?;
        }
        Ok(())
    }

    fn flush_people(&mut self, conn: &mut Conn) -> Result<(), Fault> {
        let mut cells: BTreeMap<(i64, Group, usize, i64), i64> = BTreeMap::new();
        for ((unit, group, day), n) in self.take_people() {
            let (month, year) = firsts(day);
            for (grain, first) in [day, month, year].into_iter().enumerate() {
                *cells.entry((unit, group.clone(), grain, first)).or_insert(0) += n;
            }
        }
        cells.retain(|_, n| *n != 0);
        let columns =
            ["unit_id", "subject", "grain", "day", "level", "kind", "sector", "line", "post", "leads", "n"];
        let mut rows = cells.into_iter().map(|((unit, group, grain, day), n)| {
            let [level, kind, sector, line] = group.class;
            let (subject, leads) = (group.subject.code(), i64::from(group.leads));
            vals![unit, subject, GRAINS[grain], day, level, kind, sector, line, group.post, leads, n].to_vec()
        });
        if rows.len() >= BULK_FROM_CELLS
            && conn.first("SELECT unit_id FROM people_below LIMIT 1", &[])?.is_none()
        {
            conn.bulk_insert("people_below", &columns, &mut rows)?;
            return Ok(());
        }
        let key = columns[..10].join(", ");
        let sql = format!(
            "INSERT INTO people_below ({key}, n) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT ({key}) DO UPDATE SET n = people_below.n + excluded.n"
        );
        for row in rows {
            conn.later(sql.clone(), row, None)?;
        }
        Ok(())
    }

    /// Writes the differences.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn flush(&mut self, conn: &mut Conn) -> Result<(), Fault> {
        self.flush_actions(conn)?;
        self.flush_below(conn)?;
        self.flush_people(conn)?;
        for ((unit, campaign, facet, item, day), by) in std::mem::take(&mut self.deltas) {
            if by != 0 {
                add_to_cell(conn, unit, campaign, &[Val::from(facet), Val::from(item), Val::Int(day)], by)?;
            }
        }
        Ok(())
    }
}

fn add_to_cell(conn: &mut Conn, unit: i64, campaign: i64, cell: &[Val; 3], by: i64) -> Result<(), Fault> {
    let args = vals![unit, campaign, cell[0].clone(), cell[1].clone(), cell[2].clone(), by];
    let sql = "INSERT INTO rollup (unit_id, campaign_id, facet, item, day, n) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (unit_id, campaign_id, facet, item, day) DO UPDATE SET n = rollup.n + excluded.n";
    conn.later(sql, args, None)
}

/// Takes a moved unit's counts from its old ancestors and gives them to the new ones.
///
/// # Errors
/// Faults of the database.
pub fn move_counts(conn: &mut Conn, unit: i64, old: &UnitPath, new: &UnitPath) -> Result<(), Fault> {
    let (old_units, new_units) = (old.units(), new.units());
    let rows =
        conn.rows("SELECT campaign_id, facet, item, day, n FROM rollup WHERE unit_id = $1", &vals![unit])?;
    for row in &rows {
        let cell = [row.val(1)?.clone(), row.val(2)?.clone(), row.val(3)?.clone()];
        let (campaign, n) = (row.int(0)?, row.int(4)?);
        for above in old_units.iter().filter(|above| above.0 != unit && !new_units.contains(above)) {
            add_to_cell(conn, above.0, campaign, &cell, -n)?;
        }
        for above in new_units.iter().filter(|above| above.0 != unit && !old_units.contains(above)) {
            add_to_cell(conn, above.0, campaign, &cell, n)?;
        }
    }
    Ok(())
}

/// A cell that does not hold what a recount gives.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Drift {
    /// Unit.
    pub unit_id: i64,
    /// Campaign.
    pub campaign_id: i64,
    /// Facet.
    pub facet: String,
    /// Item.
    pub item: String,
    /// Day.
    pub day: i64,
    /// What is kept.
    pub kept: i64,
    /// What a recount gives.
    pub counted: i64,
}

/// Recounts every cell, from the problems and from the rows behind the flows, and names those that differ. Never
/// repairs.
///
/// # Errors
/// Faults of the database.
pub fn recount(conn: &mut Conn, limit: usize) -> Result<Vec<Drift>, Fault> {
    let mut counted = Recounted::new();
    recount_problems(conn, &mut counted)?;
    recount_flows(conn, &mut counted)?;
    let mut drift = Vec::new();
    conn.each("SELECT unit_id, campaign_id, facet, item, day, n FROM rollup", &[], &mut |row| {
        let key = (row.int(0)?, row.int(1)?, row.text(2)?, row.text(3)?, row.int(4)?);
        let (kept, found) = (row.int(5)?, counted.remove(&key).unwrap_or(0));
        if kept != found && drift.len() < limit {
            drift.push(drift_of(key, kept, found));
        }
        Ok(())
    })?;
    for (key, found) in counted {
        if drift.len() < limit {
            drift.push(drift_of(key, 0, found));
        }
    }
    let others = [
        ("action_rollup", crate::required_action::recount(conn)?),
        ("unit_below", crate::unit::recount_below(conn)?),
        ("people_below", crate::person::recount_below(conn)?),
    ];
    for (table, wrong) in others.into_iter().filter(|(_, wrong)| *wrong > 0) {
        let key = (0, 0, table.to_owned(), "cells that differ".to_owned(), 0);
        drift.push(drift_of(key, wrong as i64, 0));
    }
    Ok(drift)
}

/// Unit, campaign, facet, item, day, and how many.
type Recounted = BTreeMap<(i64, i64, String, String, i64), i64>;

fn recount_problems(conn: &mut Conn, counted: &mut Recounted) -> Result<(), Fault> {
    use crate::record::Record;
    conn.each(&Problem::select(), &[], &mut |row| {
        let problem = Problem::from_row(row, 0)?;
        let units = problem.home_path.units();
        for (facet, item, day) in cells(&problem) {
            for unit in &units {
                let key = (unit.0, problem.campaign_id.0, facet.to_owned(), item.clone(), day);
                *counted.entry(key).or_insert(0) += 1;
            }
        }
        Ok(())
    })
}

/// A flow counts where it happened, which moves with its unit.
fn recount_flows(conn: &mut Conn, counted: &mut Recounted) -> Result<(), Fault> {
    let sql = "SELECT u.path, f.campaign_id, f.flow, f.day, COUNT(*) FROM problem_flow f \
         JOIN unit u ON u.id = f.unit_id GROUP BY u.path, f.campaign_id, f.flow, f.day";
    conn.each(sql, &[], &mut |row| {
        for unit in UnitPath::from_stored(row.text(0)?).units() {
            let key = (unit.0, row.int(1)?, "flow".to_owned(), row.text(2)?, row.int(3)?);
            *counted.entry(key).or_insert(0) += row.int(4)?;
        }
        Ok(())
    })
}

fn drift_of(key: (i64, i64, String, String, i64), kept: i64, counted: i64) -> Drift {
    let (unit_id, campaign_id, facet, item, day) = key;
    Drift { unit_id, campaign_id, facet, item, day, kept, counted }
}
