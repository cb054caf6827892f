//! The ledger's lists: filter, sort, page and total, now or as of a past day.

use crate::counts::{self, AGE_GROUPS, AsOf};
use crate::record::{Field, Record};
use crate::rollup::NO_DAY;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::colour::Colour;
use bihuan_domain::id::{CampaignId, LedgerImportId, PostId, UnitId};
use bihuan_domain::problem::{Flow, Outcome, PartyRole, Problem, State};
use bihuan_domain::unit::{Level, UnitPath};
use bihuan_domain::{Coded, Day};

/// Most rows of one page.
pub const PAGE_ROWS_MAX: i64 = 500;
/// Rows of a page unless asked otherwise.
pub const PAGE_ROWS: i64 = 50;

/// Order of the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LedgerSort {
    /// By running number.
    Number,
    /// By what is due next.
    #[default]
    Due,
    /// By the last change, newest first.
    Changed,
}

/// What moved, from one day to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// What.
    pub flow: Flow,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

/// Which problems; every filled condition must hold.
#[derive(Clone, Debug, Default)]
pub struct LedgerFilter {
    /// The campaign.
    pub campaign: CampaignId,
    /// The subtree: problems counted at this unit or below it.
    pub unit: UnitId,
    /// That unit's place today.
    pub path: UnitPath,
    /// Only problems counted at the unit itself.
    pub own_only: bool,
    /// Only problems counted at units of this level.
    pub level: Option<Level>,
    /// The day colours and lateness are told for.
    pub today: Day,
    /// Days of yellow.
    pub yellow_days: i32,
    /// States; empty for all.
    pub states: Vec<State>,
    /// Colour.
    pub colour: Option<Colour>,
    /// Only late ones.
    pub late: bool,
    /// Only late ones of this age group (index into `AGE_GROUPS`, 3 for older).
    pub late_age: Option<usize>,
    /// Outcome.
    pub outcome: Option<Outcome>,
    /// Category.
    pub category: Option<String>,
    /// Strand.
    pub strand: Option<String>,
    /// Source.
    pub source: Option<String>,
    /// Leader in charge.
    pub leader_post: Option<PostId>,
    /// From this import.
    pub import: Option<LedgerImportId>,
    /// Words in the problem, measures' goal, place, progress or number.
    pub text: String,
    /// Late ones whose day passed on this day or later.
    pub newly_late: Option<Day>,
    /// One row for each time something of this kind happened.
    pub moved: Option<Moved>,
    /// As of a past moment.
    pub as_of: Option<AsOf>,
    /// Order.
    pub sort: LedgerSort,
    /// Rows to pass over.
    pub offset: i64,
    /// Rows to give.
    pub limit: i64,
}

/// One page of the ledger.
#[derive(Clone, Debug)]
pub struct LedgerPage {
    /// The rows.
    pub rows: Vec<Problem>,
    /// How many there are in all.
    pub total: i64,
}

/// The parts of a listing statement; public for the benchmark, which shows what it measures.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Statement text from `FROM` to the last condition.
    pub from_where: String,
    /// Its arguments.
    pub args: Vec<Val>,
    /// Order.
    pub order: &'static str,
}

/// Up to this many matches are sorted; beyond, the order's own index is walked until the page is full.
const SORTED_ROWS_MAX: i64 = 2_000;

/// Lists a page with its total.
///
/// # Errors
/// Faults of the database.
pub fn list(conn: &mut Conn, filter: &LedgerFilter) -> Result<LedgerPage, Fault> {
    let total = match total_from_rollups(conn, filter)? {
        Some(total) => total,
        None => count(conn, filter)?,
    };
    if total <= filter.offset {
        return Ok(LedgerPage { rows: Vec::new(), total });
    }
    let walk = filter.as_of.is_none() && filter.moved.is_none() && total > SORTED_ROWS_MAX;
    let listing = statement(filter, walk);
    let columns: Vec<String> = Problem::COLUMNS.iter().map(|c| format!("p.{c}")).collect();
    let (limit, offset) = (filter.limit.clamp(1, PAGE_ROWS_MAX), filter.offset.max(0));
    let sql = format!(
        "SELECT {} {} ORDER BY {} LIMIT {limit} OFFSET {offset}",
        columns.join(", "),
        listing.from_where,
        listing.order
    );
    if walk {
        crate::dialect::prefer_index_order(conn, true)?;
    }
    let rows = conn.rows(&sql, &listing.args)?;
    if walk {
        crate::dialect::prefer_index_order(conn, false)?;
    }
    let rows: Vec<Problem> = rows.iter().map(|row| Problem::from_row(row, 0)).collect::<Result<_, _>>()?;
    Ok(LedgerPage { rows, total })
}

/// Counts what a filter meets, by plain SQL.
///
/// # Errors
/// Faults of the database.
pub fn count(conn: &mut Conn, filter: &LedgerFilter) -> Result<i64, Fault> {
    let listing = statement(filter, false);
    let row = conn.first(&format!("SELECT COUNT(*) {}", listing.from_where), &listing.args)?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// The total, where the roll-ups hold it: the whole subtree, or one facet of it.
fn total_from_rollups(conn: &mut Conn, f: &LedgerFilter) -> Result<Option<i64>, Fault> {
    let rest = f.own_only
        || f.level.is_some()
        || f.late_age.is_some()
        || f.leader_post.is_some()
        || f.import.is_some()
        || f.newly_late.is_some()
        || f.moved.is_some();
    if rest
        || f.as_of.is_some()
        || !f.text.trim().is_empty()
        || f.category.is_some()
        || f.strand.is_some()
        || f.source.is_some()
    {
        return Ok(None);
    }
    let facets = usize::from(!f.states.is_empty())
        + usize::from(f.colour.is_some())
        + usize::from(f.late)
        + usize::from(f.outcome.is_some());
    if facets > 1 {
        return Ok(None);
    }
    let counts = counts::of_unit(conn, f.unit, f.campaign, f.today, f.yellow_days, None)?;
    Ok(Some(match (f.colour, f.outcome) {
        (Some(colour), _) => counts.colour(colour),
        (_, Some(outcome)) => counts.outcome(outcome),
        _ if f.late => counts.late,
        _ if f.states.is_empty() => counts.total(),
        _ => f.states.iter().map(|state| counts.state(*state)).sum(),
    }))
}

/// Builds the statement. `walk`: the subtree condition must not choose the index, the order shall.
pub fn statement(f: &LedgerFilter, walk: bool) -> Listing {
    let mut build = Build { args: Vec::new(), conditions: Vec::new() };
    let from = match (f.moved, f.as_of) {
        (Some(moved), moment) => place_of_moves(&mut build, f, moved, moment),
        (None, Some(moment)) => place_of_day(&mut build, f, moment),
        (None, None) => {
            build.add("p.campaign_id = ?", Val::Int(f.campaign.0));
            if f.path.depth() > 0 || !walk {
                let column = if walk { "(p.home_path || '')" } else { "p.home_path" };
                build.add(&format!("{column} >= ?"), f.path.to_val());
                build.add(&format!("{column} < ?"), Val::from(f.path.subtree_end()));
            }
            "FROM problem p"
        }
    };
    add_conditions(&mut build, f);
    if walk && f.sort == LedgerSort::Due && has_no_day(f) {
        build.conditions.push(format!("COALESCE(p.clock_day, {NO_DAY}) = {NO_DAY}"));
    }
    let order = match (f.sort, walk) {
        _ if f.moved.is_some() => "f.day DESC, f.entry_seq DESC, f.ordinal",
        (LedgerSort::Number, _) => "p.number, p.id",
        (LedgerSort::Due, true) => "COALESCE(p.clock_day, 9999999), p.id",
        (LedgerSort::Due, false) => "COALESCE(p.clock_day, 9999999) + 0, p.id",
        (LedgerSort::Changed, _) => "p.changed_at DESC, p.id DESC",
    };
    Listing {
        from_where: format!("{from} WHERE {}", build.conditions.join(" AND ")),
        args: build.args,
        order,
    }
}

/// Only problems on which no day runs: the walk by due day may begin behind all the others.
fn has_no_day(f: &LedgerFilter) -> bool {
    f.outcome.is_some() || (!f.states.is_empty() && f.states.iter().all(|state| !state.doer_owes()))
}

/// Problems counted in the subtree on a past day.
fn place_of_day(build: &mut Build, f: &LedgerFilter, moment: AsOf) -> &'static str {
    let day = i64::from(moment.day.days());
    build.add("p.campaign_id = ?", Val::Int(f.campaign.0));
    build.add("c.ancestor_id = ?", Val::Int(f.unit.0));
    build.add("c.from_day <= ?", Val::Int(day));
    build.add("c.to_day > ?", Val::Int(day));
    build.add("p.from_seq <= ?", Val::Int(moment.seq));
    build.add("p.to_seq > ?", Val::Int(moment.seq));
    "FROM unit_closure c JOIN problem_version p ON p.home_unit_id = c.descendant_id"
}

/// Moves at units of the subtree: of today's tree, or for a past day of the tree of the day they happened.
fn place_of_moves(build: &mut Build, f: &LedgerFilter, moved: Moved, moment: Option<AsOf>) -> &'static str {
    build.add("f.campaign_id = ?", Val::Int(f.campaign.0));
    build.add("f.flow = ?", moved.flow.to_val());
    build.add("f.day >= ?", moved.from.to_val());
    build.add("f.day <= ?", moved.to.to_val());
    match moment {
        None => {
            build.add("fu.path >= ?", f.path.to_val());
            build.add("fu.path < ?", Val::from(f.path.subtree_end()));
            "FROM problem_flow f JOIN unit fu ON fu.id = f.unit_id JOIN problem p ON p.id = f.problem_id"
        }
        Some(moment) => {
            build.add("c.ancestor_id = ?", Val::Int(f.unit.0));
            build.add("f.entry_seq <= ?", Val::Int(moment.seq));
            build.add("p.from_seq <= ?", Val::Int(moment.seq));
            build.add("p.to_seq > ?", Val::Int(moment.seq));
            "FROM problem_flow f JOIN unit_closure c ON c.descendant_id = f.unit_id AND c.from_day <= f.day \
             AND c.to_day > f.day JOIN problem_version p ON p.id = f.problem_id"
        }
    }
}

struct Build {
    args: Vec<Val>,
    conditions: Vec<String>,
}

impl Build {
    /// Adds a condition; each `?` becomes the number of `value`.
    fn add(&mut self, text: &str, value: Val) {
        self.args.push(value);
        self.conditions.push(text.replace('?', &format!("${}", self.args.len())));
    }
}

fn add_conditions(build: &mut Build, f: &LedgerFilter) {
    if f.own_only {
        let column = if f.moved.is_some() { "f.unit_id" } else { "p.home_unit_id" };
        build.add(&format!("{column} = ?"), Val::Int(f.unit.0));
    }
    if let Some(level) = f.level {
        let column = if f.moved.is_some() { "f.unit_id" } else { "p.home_unit_id" };
        build.add(&format!("{column} IN (SELECT lu.id FROM unit lu WHERE lu.level = ?)"), level.to_val());
    }
    if !f.states.is_empty() {
        build.conditions.push(state_condition(&f.states));
    }
    let today = f.today.to_val();
    if f.late || f.late_age.is_some() || f.newly_late.is_some() {
        build.conditions.push(owing());
        build.add("p.clock_day < ?", today.clone());
    }
    if let Some(group) = f.late_age {
        let day = i64::from(f.today.days());
        if group < AGE_GROUPS.len() {
            build.add("p.clock_day >= ?", Val::Int(day - AGE_GROUPS[group]));
        }
        if group > 0 {
            build.add("p.clock_day < ?", Val::Int(day - AGE_GROUPS[group - 1]));
        }
    }
    if let Some(since) = f.newly_late {
        // The first day on which it is late is the day after its clock day.
        build.add("p.clock_day >= ?", since.plus_days(-1).to_val());
    }
    if let Some(colour) = f.colour {
        add_colour(build, f, colour);
    }
    if let Some(outcome) = f.outcome {
        build.conditions.push(state_condition(&[State::Closed]));
        build.add("p.outcome = ?", outcome.to_val());
    }
    let texts = [("p.category = ?", &f.category), ("p.strand = ?", &f.strand), ("p.source = ?", &f.source)];
    for (condition, value) in texts {
        if let Some(value) = value {
            build.add(condition, Val::from(value.as_str()));
        }
    }
    if let Some(post) = f.leader_post {
        build.add("p.leader_post_id = ?", post.to_val());
    }
    if let Some(import) = f.import {
        build.add("p.import_id = ?", import.to_val());
    }
    add_text(build, f.text.trim());
}

fn state_condition(states: &[State]) -> String {
    let codes: Vec<String> = states.iter().map(|state| format!("'{}'", state.code())).collect();
    format!("p.state IN ({})", codes.join(", "))
}

fn owing() -> String {
    let owing: Vec<State> = State::ALL.iter().copied().filter(|state| state.doer_owes()).collect();
    state_condition(&owing)
}

/// The same arithmetic as `colour::colour_on`, in SQL.
fn add_colour(build: &mut Build, f: &LedgerFilter, colour: Colour) {
    build.conditions.push(owing());
    let (today, yellow) = (i64::from(f.today.days()), i64::from(f.today.days() + f.yellow_days));
    let forced =
        format!("(p.forced_colour IS NOT NULL AND COALESCE(p.forced_until_day, {NO_DAY}) >= {today})");
    let by_day = match colour {
        Colour::Red => format!("p.clock_day < {today}"),
        Colour::Yellow => format!("p.clock_day >= {today} AND p.clock_day <= {yellow}"),
        Colour::Green => format!("COALESCE(p.clock_day, {NO_DAY}) > {yellow}"),
    };
    build.conditions.push(format!(
        "(({forced} AND p.forced_colour = '{}') OR (NOT {forced} AND {by_day}))",
        colour.code()
    ));
}

/// Longest search text, in characters.
pub const SEARCH_CHARS_MAX: usize = 50;

fn add_text(build: &mut Build, text: &str) {
    if text.is_empty() {
        return;
    }
    let text: String = text.chars().take(SEARCH_CHARS_MAX).collect();
    if let Ok(number) = text.trim_start_matches('第').trim_end_matches('号').parse::<i64>() {
        build.add("p.number = ?", Val::Int(number));
        return;
    }
    let pattern = format!("%{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_"));
    build.args.push(Val::from(pattern));
    let n = build.args.len();
    let columns = ["text", "place", "category", "goal", "progress", "remark"];
    let parts: Vec<String> = columns.iter().map(|c| format!("p.{c} LIKE ${n} ESCAPE '!'")).collect();
    build.conditions.push(format!("({})", parts.join(" OR ")));
}

/// Problems in which a unit has a part other than being counted there, open ones first by due day.
///
/// # Errors
/// Faults of the database.
pub fn involved_of_unit(
    conn: &mut Conn,
    unit: UnitId,
    roles: &[PartyRole],
    states: &[State],
    limit: i64,
) -> Result<Vec<Problem>, Fault> {
    let columns: Vec<String> = Problem::COLUMNS.iter().map(|c| format!("p.{c}")).collect();
    let codes: Vec<String> = roles.iter().map(|role| format!("'{}'", role.code())).collect();
    let sql = format!(
        "SELECT {} FROM problem_party pp JOIN problem p ON p.id = pp.problem_id \
         WHERE pp.unit_id = $1 AND pp.role IN ({}) AND {} \
         ORDER BY COALESCE(p.clock_day, 9999999), p.id LIMIT {}",
        columns.join(", "),
        codes.join(", "),
        state_condition(states),
        limit.clamp(1, PAGE_ROWS_MAX)
    );
    conn.rows(&sql, &vals![unit.0])?.iter().map(|row| Problem::from_row(row, 0)).collect()
}

/// What is done with each page of [`each_page`].
pub type PageTaker<'a> = dyn FnMut(&mut Conn, Vec<Problem>) -> Result<(), Fault> + 'a;

/// Gives all problems of a filter page by page in the order of their numbers, in constant memory.
///
/// # Errors
/// Faults of the database, and what `take` answers.
pub fn each_page(conn: &mut Conn, filter: &LedgerFilter, take: &mut PageTaker<'_>) -> Result<i64, Fault> {
    let columns: Vec<String> = Problem::COLUMNS.iter().map(|c| format!("p.{c}")).collect();
    let (mut last, mut given) = ((i64::MIN, i64::MIN), 0);
    loop {
        let listing = statement(filter, false);
        let mut args = listing.args;
        args.extend(vals![last.0, last.0, last.1]);
        let n = args.len();
        let sql = format!(
            "SELECT {} {} AND (p.number > ${} OR (p.number = ${} AND p.id > ${n})) ORDER BY p.number, p.id LIMIT {PAGE_ROWS_MAX}",
            columns.join(", "),
            listing.from_where,
            n - 2,
            n - 1,
        );
        let rows = conn.rows(&sql, &args)?;
        let page: Vec<Problem> =
            rows.iter().map(|row| Problem::from_row(row, 0)).collect::<Result<_, _>>()?;
        let Some(end) = page.last() else { return Ok(given) };
        last = (end.number, end.id.0);
        given += page.len() as i64;
        take(conn, page)?;
    }
}
