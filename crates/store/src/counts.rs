//! Counts of a unit, read from the roll-ups, or recounted as of a past day; both ways give the same shape.

use crate::record::{Field, Record};
use crate::rollup::{BLOCK_DAYS, NO_DAY, block_of, cells};
use crate::{Conn, Fault, Row, vals};
use bihuan_domain::colour::Colour;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::problem::{Flow, Outcome, Problem, State};
use bihuan_domain::{Coded, Day};
use serde::Serialize;
use std::collections::BTreeMap;

/// Days of trend an overview reads.
pub const TREND_DAYS: i32 = 12 * 7;

/// Upper ends, in days overdue, of the age groups; the last group is open.
pub const AGE_GROUPS: [i64; 3] = [7, 30, 90];

/// What a subtree counts in one campaign on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Problems by state.
    pub states: BTreeMap<State, i64>,
    /// Closed problems by outcome.
    pub outcomes: BTreeMap<Outcome, i64>,
    /// Problems the doing unit owes, by colour.
    pub colours: BTreeMap<Colour, i64>,
    /// Late ones.
    pub late: i64,
    /// Late ones by age: up to 7, 30, 90 days, more.
    pub late_by_age: [i64; 4],
    /// Late ones by their clock day; days older than the oldest age group are first days of blocks.
    #[serde(skip)]
    pub late_days: BTreeMap<i64, i64>,
    /// Open and closed by category.
    pub categories: BTreeMap<String, (i64, i64)>,
    /// Open and closed by strand.
    pub strands: BTreeMap<String, (i64, i64)>,
    /// Open and closed by source.
    pub sources: BTreeMap<String, (i64, i64)>,
    /// What moved, by kind and day.
    pub flows: BTreeMap<Flow, BTreeMap<i64, i64>>,
}

impl Counts {
    /// All problems.
    pub fn total(&self) -> i64 {
        self.states.values().sum()
    }

    /// Not closed.
    pub fn open(&self) -> i64 {
        self.total() - self.closed()
    }

    /// Closed, whatever the outcome.
    pub fn closed(&self) -> i64 {
        self.state(State::Closed)
    }

    /// In a state.
    pub fn state(&self, state: State) -> i64 {
        self.states.get(&state).copied().unwrap_or(0)
    }

    /// Closed with an outcome.
    pub fn outcome(&self, outcome: Outcome) -> i64 {
        self.outcomes.get(&outcome).copied().unwrap_or(0)
    }

    /// Of a colour.
    pub fn colour(&self, colour: Colour) -> i64 {
        self.colours.get(&colour).copied().unwrap_or(0)
    }

    /// The denominator of the rate of solved ones: what should be rectified at all.
    pub fn rectifiable(&self) -> i64 {
        let not = [Outcome::NotTrue, Outcome::Merged, Outcome::Split, Outcome::Dropped];
        self.total() - not.into_iter().map(|outcome| self.outcome(outcome)).sum::<i64>()
    }

    /// Moves of a kind from `from` on.
    pub fn flow_since(&self, flow: Flow, from: Day) -> i64 {
        self.flows.get(&flow).map_or(0, |days| days.range(i64::from(from.days())..).map(|(_, n)| n).sum())
    }

    /// Moves of a kind from one day to another, both included.
    pub fn flow_between(&self, flow: Flow, from: Day, to: Day) -> i64 {
        let days = i64::from(from.days())..=i64::from(to.days());
        if days.is_empty() {
            return 0;
        }
        self.flows.get(&flow).map_or(0, |all| all.range(days).map(|(_, n)| n).sum())
    }

    /// Late ones whose day passed on `since` or later; exact within [`TREND_DAYS`].
    pub fn newly_late(&self, since: Day) -> i64 {
        self.late_days.range(i64::from(since.days()) - 1..).map(|(_, n)| n).sum()
    }

    /// What is counted here but not in `parts`: the unit itself beside its children. Flows are left out.
    pub fn without<'a>(&self, parts: impl Iterator<Item = &'a Counts>) -> Counts {
        let mut rest = self.clone();
        for part in parts {
            take_away(&mut rest.states, &part.states);
            take_away(&mut rest.outcomes, &part.outcomes);
            take_away(&mut rest.colours, &part.colours);
            rest.late -= part.late;
        }
        rest
    }

    /// Counts one cell; `today` and `yellow_days` make colours of days.
    fn add(&mut self, facet: &str, item: &str, day: i64, n: i64, today: i64, yellow_days: i64) {
        match facet {
            "state" => bump(&mut self.states, State::from_code(item), n),
            "outcome" => bump(&mut self.outcomes, Outcome::from_code(item), n),
            "category_open" => self.categories.entry(item.to_owned()).or_default().0 += n,
            "category_closed" => self.categories.entry(item.to_owned()).or_default().1 += n,
            "strand_open" => self.strands.entry(item.to_owned()).or_default().0 += n,
            "strand_closed" => self.strands.entry(item.to_owned()).or_default().1 += n,
            "source_open" => self.sources.entry(item.to_owned()).or_default().0 += n,
            "source_closed" => self.sources.entry(item.to_owned()).or_default().1 += n,
            "due" | "due_block" => self.add_due(day, n, today, yellow_days),
            "forced" => self.add_forced(item, day, n, today, yellow_days),
            "flow" => {
                if let Some(flow) = Flow::from_code(item) {
                    *self.flows.entry(flow).or_default().entry(day).or_insert(0) += n;
                }
            }
            _ => {}
        }
    }

    fn add_due(&mut self, day: i64, n: i64, today: i64, yellow_days: i64) {
        let colour = colour_of(day, today, yellow_days);
        bump(&mut self.colours, Some(colour), n);
        if day < today {
            self.add_late(day, today - day, n);
        }
    }

    fn add_late(&mut self, clock_day: i64, age_days: i64, n: i64) {
        self.late += n;
        *self.late_days.entry(clock_day).or_insert(0) += n;
        let group = AGE_GROUPS.iter().position(|end| age_days <= *end).unwrap_or(AGE_GROUPS.len());
        self.late_by_age[group] += n;
    }

    fn add_forced(&mut self, item: &str, until: i64, n: i64, today: i64, yellow_days: i64) {
        let Some((code, clock)) = item.split_once(':') else { return };
        let clock: i64 = clock.parse().unwrap_or(NO_DAY);
        let colour =
            if today <= until { Colour::from_code(code) } else { Some(colour_of(clock, today, yellow_days)) };
        bump(&mut self.colours, colour, n);
        if clock < today {
            self.add_late(clock, today - clock, n);
        }
    }
}

fn bump<K: Ord>(map: &mut BTreeMap<K, i64>, key: Option<K>, n: i64) {
    if let Some(key) = key {
        *map.entry(key).or_insert(0) += n;
    }
}

fn take_away<K: Ord + Copy>(from: &mut BTreeMap<K, i64>, part: &BTreeMap<K, i64>) {
    for (key, n) in part {
        *from.entry(*key).or_insert(0) -= n;
    }
}

fn colour_of(day: i64, today: i64, yellow_days: i64) -> Colour {
    if day < today {
        Colour::Red
    } else if day <= today + yellow_days {
        Colour::Yellow
    } else {
        Colour::Green
    }
}

/// The days within which due problems must be read singly: outside, whole blocks have one colour and one age group.
fn window(today: i64, yellow_days: i64, oldest_age: i64) -> (i64, i64) {
    (block_of(today - oldest_age - 1), block_of(today + yellow_days) + BLOCK_DAYS)
}

/// Facets of the overview's own unit.
const OWN_FACETS: &str = "'state', 'outcome', 'category_open', 'category_closed', 'strand_open', 'strand_closed', \
     'source_open', 'source_closed', 'forced'";

/// Counts of one unit from its roll-ups, with the flows of the last [`TREND_DAYS`] or since `since`.
///
/// # Errors
/// Faults of the database.
pub fn of_unit(
    conn: &mut Conn,
    unit: UnitId,
    campaign: CampaignId,
    today: Day,
    yellow_days: i32,
    since: Option<Day>,
) -> Result<Counts, Fault> {
    let (day, yellow) = (i64::from(today.days()), i64::from(yellow_days));
    let (from, to) = window(day, yellow, AGE_GROUPS[2]);
    let trend = today.plus_days(-TREND_DAYS);
    let since = since.map_or(trend, |since| since.min(trend));
    let sql = format!(
        "SELECT facet, item, day, n FROM rollup WHERE unit_id = $1 AND campaign_id = $2 AND facet IN ({OWN_FACETS}) \
         UNION ALL SELECT facet, item, day, n FROM rollup WHERE unit_id = $1 AND campaign_id = $2 AND facet = 'due' \
           AND item = '' AND day >= $3 AND day < $4 \
         UNION ALL SELECT facet, item, day, n FROM rollup WHERE unit_id = $1 AND campaign_id = $2 AND facet = 'due_block' \
           AND item = '' AND (day < $3 OR day >= $4) \
         UNION ALL SELECT facet, item, day, n FROM rollup WHERE unit_id = $1 AND campaign_id = $2 AND facet = 'flow' \
           AND day >= $5"
    );
    let args = vals![unit.0, campaign.0, from, to, i64::from(since.days())];
    let mut counts = Counts::default();
    conn.each(&sql, &args, &mut |row| {
        counts.add(row.str(0)?, row.str(1)?, row.int(2)?, row.int(3)?, day, yellow);
        Ok(())
    })?;
    Ok(counts)
}

/// Counts of every open child of `parent`: states, outcomes, colours and lateness only.
///
/// # Errors
/// Faults of the database.
pub fn of_children(
    conn: &mut Conn,
    parent: UnitId,
    campaign: CampaignId,
    today: Day,
    yellow_days: i32,
) -> Result<BTreeMap<UnitId, Counts>, Fault> {
    let (day, yellow) = (i64::from(today.days()), i64::from(yellow_days));
    let (from, to) = window(day, yellow, 0);
    let part = |condition: &str| {
        format!(
            "SELECT r.unit_id, r.facet, r.item, r.day, r.n FROM unit u JOIN rollup r ON r.unit_id = u.id \
             WHERE u.parent_id = $1 AND r.campaign_id = $2 AND {condition}"
        )
    };
    let sql = [
        part("r.facet IN ('state', 'outcome', 'forced')"),
        part("r.facet = 'due' AND r.item = '' AND r.day >= $3 AND r.day < $4"),
        part("r.facet = 'due_block' AND r.item = '' AND (r.day < $3 OR r.day >= $4)"),
    ]
    .join(" UNION ALL ");
    let mut children: BTreeMap<UnitId, Counts> = BTreeMap::new();
    conn.each(&sql, &vals![parent.0, campaign.0, from, to], &mut |row| {
        let counts = children.entry(UnitId(row.int(0)?)).or_default();
        counts.add(row.str(1)?, row.str(2)?, row.int(3)?, row.int(4)?, day, yellow);
        Ok(())
    })?;
    Ok(children)
}

/// A past moment: the last entry that counts, and the day whose tree and calendar hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// Last entry.
    pub seq: i64,
    /// Day.
    pub day: Day,
}

/// Counts of a unit as of a past day, with the tree of that day, and those of its children of that day, recounted
/// from the problems' versions. Flows are those of the last [`TREND_DAYS`] or since `since`.
///
/// # Errors
/// Faults of the database.
pub fn as_of(
    conn: &mut Conn,
    unit: UnitId,
    campaign: CampaignId,
    moment: AsOf,
    yellow_days: i32,
    since: Option<Day>,
) -> Result<(Counts, BTreeMap<UnitId, Counts>), Fault> {
    let (day, yellow) = (i64::from(moment.day.days()), i64::from(yellow_days));
    let columns: Vec<String> = Problem::COLUMNS.iter().map(|c| format!("v.{c}")).collect();
    // The child of `unit` on that day is the home's ancestor one step below `unit`.
    let sql = format!(
        "SELECT {}, child.ancestor_id FROM unit_closure c \
         JOIN problem_version v ON v.home_unit_id = c.descendant_id \
         LEFT JOIN unit_closure child ON child.descendant_id = c.descendant_id AND child.depth = c.depth - 1 \
           AND child.from_day <= $3 AND child.to_day > $3 \
         WHERE c.ancestor_id = $1 AND c.from_day <= $3 AND c.to_day > $3 \
           AND v.campaign_id = $2 AND v.from_seq <= $4 AND v.to_seq > $4",
        columns.join(", ")
    );
    let args = vals![unit.0, campaign.0, day, moment.seq];
    let (mut own, mut children) = (Counts::default(), BTreeMap::<UnitId, Counts>::new());
    conn.each(&sql, &args, &mut |row| {
        let problem = Problem::from_row(row, 0)?;
        let child: Option<UnitId> = Option::from_val(row.val(Problem::COLUMNS.len())?)?;
        for (facet, item, cell_day) in cells(&problem).into_iter().filter(|(facet, ..)| *facet != "due_block")
        {
            own.add(facet, &item, cell_day, 1, day, yellow);
            if let Some(child) = child {
                children.entry(child).or_default().add(facet, &item, cell_day, 1, day, yellow);
            }
        }
        Ok(())
    })?;
    let trend = moment.day.plus_days(-TREND_DAYS);
    let since = since.map_or(trend, |since| since.min(trend));
    add_past_flows(conn, unit, campaign, (moment, since), &mut own)?;
    Ok((own, children))
}

/// Moves from a day up to the moment, each in the tree of the day it happened.
fn add_past_flows(
    conn: &mut Conn,
    unit: UnitId,
    campaign: CampaignId,
    (moment, since): (AsOf, Day),
    counts: &mut Counts,
) -> Result<(), Fault> {
    let day = i64::from(moment.day.days());
    let sql = "SELECT f.flow, f.day, COUNT(*) FROM unit_closure c JOIN problem_flow f ON f.unit_id = c.descendant_id \
         AND f.campaign_id = $1 AND f.day >= c.from_day AND f.day < c.to_day \
         WHERE c.ancestor_id = $2 AND f.entry_seq <= $3 AND f.day >= $4 GROUP BY f.flow, f.day";
    let args = vals![campaign.0, unit.0, moment.seq, i64::from(since.days())];
    conn.each(sql, &args, &mut |row: &Row| {
        counts.add("flow", row.str(0)?, row.int(1)?, row.int(2)?, day, 0);
        Ok(())
    })
}

/// Problems the doing units owe, by state and colour, for a filter of a whole subtree. Counted row by row, so for
/// subtrees of some ten thousand problems at most.
///
/// # Errors
/// Faults of the database.
pub fn state_colours(
    conn: &mut Conn,
    filter: &crate::problem::LedgerFilter,
) -> Result<BTreeMap<(State, Colour), i64>, Fault> {
    let owing: Vec<State> = State::ALL.iter().copied().filter(|state| state.doer_owes()).collect();
    let filter = crate::problem::LedgerFilter { states: owing, ..filter.clone() };
    let listing = crate::problem::statement(&filter, false);
    let clock = format!("COALESCE(p.clock_day, {NO_DAY})");
    let until = format!("COALESCE(p.forced_until_day, {NO_DAY})");
    let sql = format!(
        "SELECT p.state, {clock}, COALESCE(p.forced_colour, ''), {until}, COUNT(*) {} \
         GROUP BY p.state, {clock}, COALESCE(p.forced_colour, ''), {until}",
        listing.from_where
    );
    let (today, yellow) = (i64::from(filter.today.days()), i64::from(filter.yellow_days));
    let mut found = BTreeMap::new();
    conn.each(&sql, &listing.args, &mut |row| {
        let state = State::from_val(row.val(0)?)?;
        let forced = Colour::from_code(row.str(2)?).filter(|_| today <= row.int(3).unwrap_or(NO_DAY));
        let colour = forced.unwrap_or_else(|| colour_of(row.int(1).unwrap_or(NO_DAY), today, yellow));
        *found.entry((state, colour)).or_insert(0) += row.int(4)?;
        Ok(())
    })?;
    Ok(found)
}
