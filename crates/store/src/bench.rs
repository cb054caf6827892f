//! The benchmark's own SQL: a seeded country, and the same answers recomputed without roll-ups.
//!
//! Nothing here is called by the running program; it stands in the store because all SQL does.

use crate::journal::{self, NewEntry, Stamp, Write};
use crate::problem::FOREVER_SEQ;
use crate::record::Record;
use crate::rollup::cells;
use crate::unit_tree::{CLOSURE_COLUMNS, closure_rows};
use crate::{Conn, Db, Fault, Val, vals};
use bihuan_domain::campaign::{AuthorityBasis, Campaign, CampaignState};
use bihuan_domain::id::{CampaignId, PersonId, ProblemId, UnitId};
use bihuan_domain::problem::{Outcome, Problem, State, Truth};
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_domain::{Day, Instant};
use std::collections::BTreeMap;

/// The campaign of the benchmark.
pub const CAMPAIGN: CampaignId = CampaignId(1);

/// Units of each level below the nation, as in China: provinces, cities, counties, townships, villages.
pub const COUNTRY_SHAPE: [i64; 5] = [31, 342, 2_978, 41_352, 620_573];

/// A small deterministic generator (SplitMix64), so that every run has the same country.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// A generator from a seed.
    pub fn new(seed: u64) -> Seeded {
        Seeded(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z % end.max(1) as u64) as i64
    }
}

/// A country of the given shape, every level spread evenly over the one above; units in order of their paths.
pub fn country(shape: &[i64], created: Day) -> Vec<Unit> {
    let levels = [Level::Province, Level::City, Level::County, Level::Township, Level::Village];
    let root = unit(1, None, Level::Nation, created);
    let (mut all, mut above, mut next) = (vec![root.clone()], vec![root], 2_i64);
    for (count, level) in shape.iter().zip(levels) {
        let parents = above.len() as i64;
        let mut here = Vec::with_capacity(*count as usize);
        for n in 0..*count {
            let parent = &above[(n * parents / count) as usize];
            here.push(unit(next, Some(parent), level, created));
            next += 1;
        }
        all.extend(here.iter().cloned());
        above = here;
    }
    all
}

fn unit(id: i64, parent: Option<&Unit>, level: Level, created_day: Day) -> Unit {
    let id = UnitId(id);
    Unit {
        id,
        code: id.to_string(),
        name: format!("单位{id}"),
        short_names: String::new(),
        kind: UnitKind::Territory,
        level,
        sector: String::new(),
        line: String::new(),
        parent_id: parent.map(|p| p.id),
        path: parent.map_or_else(|| UnitPath::root(id), |p| p.path.child(id)),
        official_order: id.0,
        created_day,
        closed_day: None,
        successor_id: None,
        version: 1,
    }
}

/// Writes the units with their closure, as one entry.
///
/// # Errors
/// Faults of the database.
pub fn write_units(db: &Db, mut units: Vec<Unit>, at: Instant) -> Result<(), Fault> {
    db.write(move |conn| {
        units.sort_by_key(|unit| unit.id);
        let mut closure: Vec<Vec<Val>> =
            units.iter().flat_map(|u| closure_rows(&u.path, u.created_day)).collect();
        closure.sort_by_key(|row| (number(&row[1]), number(&row[0])));
        let writes = vec![
            Write::bulk(&units),
            Write::Bulk { table: "unit_closure", columns: CLOSURE_COLUMNS.to_vec(), rows: closure },
        ];
        append(conn, at, "unit.imported", writes)
    })
}

/// Writes the benchmark's campaign over the unit at the top.
///
/// # Errors
/// Faults of the database.
pub fn write_campaign(db: &Db, top: UnitId, at: Instant) -> Result<(), Fault> {
    db.write(move |conn| {
        append(conn, at, "campaign.created", vec![Write::insert(&campaign(top, at.day_in_china()))])
    })
}

/// Every unit, in order of the paths.
///
/// # Errors
/// Faults of the database.
pub fn all_units(db: &Db) -> Result<Vec<Unit>, Fault> {
    db.read(|conn| Unit::load(conn, "ORDER BY path", &[]))
}

pub(crate) fn campaign(office_unit_id: UnitId, starts_day: Day) -> Campaign {
    Campaign {
        id: CAMPAIGN,
        code: "bench".to_owned(),
        name: "性能测试".to_owned(),
        office_unit_id,
        basis: AuthorityBasis::Decision,
        authority: "性能测试".to_owned(),
        document: "性能测试方案".to_owned(),
        scope: "全部单位".to_owned(),
        state: CampaignState::Running,
        starts_day,
        ends_day: None,
        template_text: String::new(),
        follows_id: None,
        version: 1,
    }
}

fn number(val: &Val) -> i64 {
    if let Val::Int(number) = val { *number } else { 0 }
}

pub(crate) fn append(conn: &mut Conn, at: Instant, action: &str, writes: Vec<Write>) -> Result<(), Fault> {
    let stamp = Stamp { at, source_address: "bench".to_owned(), ..Stamp::default() };
    let entry = NewEntry { action: action.to_owned(), subject_kind: "bench", writes, ..NewEntry::default() };
    journal::append(conn, &stamp, vec![entry]).map(|_| ())
}

/// Categories of the seeded problems.
pub const CATEGORIES: [&str; 8] =
    ["学风作风", "安全生产", "生态环境", "民生服务", "基层治理", "营商环境", "项目建设", "乡村振兴"];
const STRANDS: [&str; 5] = ["study", "research", "development", "rectification", "institutions"];
const SOURCES: [&str; 6] = ["self", "survey", "inspection", "audit", "petition", "superior"];

/// A seeded problem at a unit: three quarters open, due within a year around `today`.
pub fn problem(id: i64, home: &Unit, today: Day, random: &mut Seeded) -> Problem {
    let pick = |list: &[&str], n: i64| list[n as usize % list.len()].to_owned();
    let due = today.plus_days(random.below(365) as i32 - 120);
    let state = match random.below(100) {
        0..=4 => State::Accepted,
        5..=9 => State::Assigned,
        10..=59 => State::Rectifying,
        60..=69 => State::Reported,
        70..=74 => State::SentBack,
        _ => State::Closed,
    };
    let registered = due.plus_days(-(random.below(120) as i32) - 1);
    let mut problem = crate::bench::blank(id, home, registered);
    problem.state = state;
    problem.category = pick(&CATEGORIES, random.below(8));
    problem.strand = pick(&STRANDS, random.below(5));
    problem.source = pick(&SOURCES, random.below(6));
    problem.text = format!("{}方面第{id}个问题：台账登记不全，责任未落实到人", problem.category);
    problem.due_day = Some(due);
    problem.first_due_day = Some(due);
    problem.clock_day = state.doer_owes().then_some(due);
    if state == State::Closed {
        problem.outcome = Some(if random.below(10) < 8 { Outcome::Solved } else { Outcome::ClosedUnsolved });
        problem.closed_day = Some(due);
    }
    problem
}

fn blank(id: i64, home: &Unit, registered_day: Day) -> Problem {
    Problem {
        id: ProblemId(id),
        campaign_id: CAMPAIGN,
        number: id,
        round: 1,
        text: String::new(),
        place: String::new(),
        category: String::new(),
        strand: String::new(),
        source: String::new(),
        ground: String::new(),
        goal: "按期完成整改".to_owned(),
        deadline_text: "按期".to_owned(),
        deadline_kind: "by_day".to_owned(),
        due_day: None,
        standing: false,
        recheck_days: None,
        first_due_day: None,
        state: State::Accepted,
        outcome: None,
        truth: Truth::True,
        registered_unit_id: home.id,
        registered_by: PersonId(1),
        home_unit_id: home.id,
        home_path: home.path.clone(),
        lead_unit_id: Some(home.id),
        checking_unit_id: None,
        deadline_unit_id: None,
        holder_unit_id: Some(home.id),
        leader_post_id: None,
        task_team: String::new(),
        registered_day,
        assigned_day: None,
        signed_day: None,
        claimed_day: None,
        filed_day: None,
        verified_day: None,
        notice_until_day: None,
        closed_day: None,
        statement: String::new(),
        progress: String::new(),
        status_text: String::new(),
        remark: String::new(),
        send_backs: 0,
        extensions: 0,
        recurrences: 0,
        clock_day: None,
        forced_colour: None,
        forced_until_day: None,
        forced_reason: String::new(),
        root_cause_id: None,
        merged_into_id: None,
        split_from_id: None,
        import_id: None,
        import_sheet: String::new(),
        import_row: 0,
        import_key: String::new(),
        import_seq: String::new(),
        extra: String::new(),
        changed_at: registered_day.starts_at(),
        version: 1,
    }
}

/// Writes problems, their versions and the roll-ups; `problems` must be in order of `home_path`.
///
/// # Errors
/// Faults of the database.
pub fn write_problems(db: &Db, problems: Vec<Problem>, at: Instant) -> Result<(), Fault> {
    let rollups = fold_in_order(&problems);
    db.write(move |conn| {
        let mut by_id: Vec<Vec<Val>> = problems.iter().map(Record::values).collect();
        by_id.sort_by_key(|row| number(&row[0]));
        let seq = journal::head(conn)? + 1;
        let mut version_columns = Problem::COLUMNS.to_vec();
        version_columns.extend(["from_seq", "to_seq"]);
        let mut versions = by_id.iter().map(|row| {
            let mut row = row.clone();
            row.extend(vals![seq, FOREVER_SEQ]);
            row
        });
        conn.bulk_insert("problem_version", &version_columns, &mut versions)?;
        append(
            conn,
            at,
            "problem.imported",
            vec![Write::Bulk { table: Problem::TABLE, columns: Problem::COLUMNS.to_vec(), rows: by_id }],
        )?;
        let columns = ["unit_id", "campaign_id", "facet", "item", "day", "n"];
        conn.bulk_insert("rollup", &columns, &mut rollups.into_iter())?;
        for name in ["problem", "problem_number:1"] {
            conn.exec(
                "INSERT INTO id_counter (name, next_id) VALUES ($1, $2)",
                &vals![name, problems.len() as i64 + 1],
            )?;
        }
        Ok(())
    })
}

type Level1 = BTreeMap<(&'static str, String, i64), i64>;

/// Counts in one pass over problems in path order: a level's counts are given up when its subtree has been left.
fn fold_in_order(problems: &[Problem]) -> Vec<Vec<Val>> {
    let mut rows: Vec<Vec<Val>> = Vec::new();
    let mut stack: Vec<(UnitId, Level1)> = Vec::new();
    let mut give_up = |(unit, counts): (UnitId, Level1)| {
        for ((facet, item, day), n) in counts {
            rows.push(vals![unit.0, CAMPAIGN.0, facet, item, day, n].to_vec());
        }
    };
    for problem in problems {
        let units = problem.home_path.units();
        let shared = stack.iter().zip(&units).take_while(|((have, _), want)| have == *want).count();
        while stack.len() > shared {
            stack.pop().into_iter().for_each(&mut give_up);
        }
        for unit in &units[shared..] {
            stack.push((*unit, BTreeMap::new()));
        }
        for cell in cells(problem) {
            for (_, counts) in &mut stack {
                *counts.entry(cell.clone()).or_insert(0) += 1;
            }
        }
    }
    while let Some(level) = stack.pop() {
        give_up(level);
    }
    rows.sort_by(|a, b| number(&a[0]).cmp(&number(&b[0])).then_with(|| key(a).cmp(&key(b))));
    rows
}

fn key(row: &[Val]) -> (String, String, i64) {
    let text = |val: &Val| if let Val::Text(text) = val { text.clone() } else { String::new() };
    (text(&row[2]), text(&row[3]), number(&row[4]))
}

/// Gathers statistics for the planner after a bulk load.
///
/// # Errors
/// Faults of the database.
pub fn analyze(db: &Db) -> Result<(), Fault> {
    db.write(|conn| {
        // Only what a pre-order recomputation needs: the number of each unit in path order, on every problem.
        conn.batch(
            "CREATE TABLE bench_order (unit_id BIGINT NOT NULL PRIMARY KEY, first_pre BIGINT NOT NULL, last_pre BIGINT NOT NULL, \
               parent_id BIGINT); \
             INSERT INTO bench_order (unit_id, first_pre, last_pre, parent_id) \
               SELECT u.id, ROW_NUMBER() OVER (ORDER BY u.path), 0, u.parent_id FROM unit u; \
             CREATE TABLE bench_size (unit_id BIGINT NOT NULL PRIMARY KEY, size BIGINT NOT NULL); \
             INSERT INTO bench_size (unit_id, size) SELECT ancestor_id, COUNT(*) FROM unit_closure GROUP BY ancestor_id; \
             UPDATE bench_order SET last_pre = first_pre + (SELECT size FROM bench_size s WHERE s.unit_id = bench_order.unit_id) - 1; \
             CREATE TABLE bench_problem (pre BIGINT NOT NULL, id BIGINT NOT NULL, state TEXT NOT NULL, outcome TEXT, category TEXT NOT NULL, \
               strand TEXT NOT NULL, source TEXT NOT NULL, clock_day BIGINT, PRIMARY KEY (pre, id)); \
             INSERT INTO bench_problem (pre, id, state, outcome, category, strand, source, clock_day) \
               SELECT o.first_pre, p.id, p.state, p.outcome, p.category, p.strand, p.source, p.clock_day \
               FROM problem p JOIN bench_order o ON o.unit_id = p.home_unit_id; \
             CREATE INDEX bench_order_parent ON bench_order (parent_id);",
        )
    })?;
    db.write(|conn| conn.batch("ANALYZE;"))
}

/// A way to recompute the overview without roll-ups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recompute {
    /// By the interval of pre-order numbers on a narrow problem row.
    PreOrder,
    /// By the closure table.
    Closure,
    /// By the prefix of the path.
    Path,
}

impl Recompute {
    /// Every way.
    pub const ALL: [Recompute; 3] = [Recompute::PreOrder, Recompute::Closure, Recompute::Path];

    /// Name for the report.
    pub fn name(self) -> &'static str {
        match self {
            Recompute::PreOrder => "pre-order interval",
            Recompute::Closure => "closure table",
            Recompute::Path => "path prefix",
        }
    }
}

/// What a recomputation gives: rows of (child, state, outcome, colour, late, category, strand, source, n), of which
/// the caller only needs the total and late ones to compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recomputed {
    /// All problems of the subtree.
    pub total: i64,
    /// Late ones.
    pub late: i64,
}

/// Recomputes an overview with children from the problem rows alone.
///
/// # Errors
/// Faults of the database.
pub fn recompute(
    conn: &mut Conn,
    way: Recompute,
    unit: &Unit,
    today: Day,
    yellow_days: i32,
) -> Result<Recomputed, Fault> {
    let colour = "CASE WHEN p.clock_day IS NULL THEN 0 WHEN p.clock_day < CAST($2 AS BIGINT) THEN 1 \
         WHEN p.clock_day <= CAST($3 AS BIGINT) THEN 2 ELSE 3 END";
    let group = format!("p.state, COALESCE(p.outcome, ''), p.category, p.strand, p.source, {colour}");
    let sql = match way {
        Recompute::PreOrder => format!(
            "SELECT k.unit_id, {group}, COUNT(*) FROM bench_order me JOIN bench_order k ON k.parent_id = me.unit_id \
             JOIN bench_problem p ON p.pre >= k.first_pre AND p.pre <= k.last_pre WHERE me.unit_id = $1 GROUP BY k.unit_id, {group}"
        ),
        Recompute::Closure => format!(
            "SELECT k.id, {group}, COUNT(*) FROM unit k JOIN unit_closure c ON c.ancestor_id = k.id \
             JOIN problem p ON p.home_unit_id = c.descendant_id WHERE k.parent_id = $1 GROUP BY k.id, {group}"
        ),
        Recompute::Path => format!(
            "SELECT k.id, {group}, COUNT(*) FROM unit k JOIN problem p ON p.campaign_id = 1 AND p.home_path >= k.path \
             AND p.home_path < k.path || '~' WHERE k.parent_id = $1 GROUP BY k.id, {group}"
        ),
    };
    let day = i64::from(today.days());
    let mut sum = Recomputed::default();
    conn.each(&sql, &vals![unit.id.0, day, day + i64::from(yellow_days)], &mut |row| {
        let n = row.int(7)?;
        sum.total += n;
        if row.int(6)? == 1 {
            sum.late += n;
        }
        Ok(())
    })?;
    Ok(sum)
}

/// The first page of the ledger and its total, by closure and plain conditions.
///
/// # Errors
/// Faults of the database.
pub fn recompute_page(
    conn: &mut Conn,
    unit: &Unit,
    category: &str,
    today: Day,
    limit: i64,
) -> Result<(usize, i64), Fault> {
    let from = "FROM problem p WHERE p.home_path >= $1 AND p.home_path < $2 AND p.category = $3 \
         AND p.state IN ('assigned', 'rectifying', 'sent_back') AND p.clock_day < $4";
    let args = vals![unit.path.as_str(), unit.path.subtree_end(), category, i64::from(today.days())];
    let rows =
        conn.rows(&format!("SELECT p.id, p.text {from} ORDER BY p.clock_day, p.id LIMIT {limit}"), &args)?;
    let total = conn.first(&format!("SELECT COUNT(*) {from}"), &args)?.map_or(Ok(0), |row| row.int(0))?;
    Ok((rows.len(), total))
}

/// The unit of a number.
///
/// # Errors
/// Faults of the database.
pub fn unit_of_level(conn: &mut Conn, level: Level) -> Result<Option<Unit>, Fault> {
    use bihuan_domain::Coded;
    Unit::find(conn, "WHERE level = $1 ORDER BY path LIMIT 1", &vals![level.code()])
}
