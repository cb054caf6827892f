//! What waits for a person, over all problems, in one statement: every kind is one branch of a UNION.

use crate::problem::FOREVER_SEQ;
use crate::record::{Field, Record};
use crate::{Conn, Fault, Row, Val};
use bihuan_domain::Day;
use bihuan_domain::id::{PersonId, PostId, UnitId};
use bihuan_domain::problem::Problem;
use bihuan_domain::unit::UnitPath;
use std::collections::BTreeMap;

/// Most that one list holds.
const WAITING_MAX: i64 = 500;

/// For whom, with the subtrees of each right.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    /// The person.
    pub person: PersonId,
    /// Posts held.
    pub posts: Vec<PostId>,
    /// All units the posts lie in: each post's unit and those above it. A doing unit among them makes the person a doer.
    pub units: Vec<UnitId>,
    /// Subtrees in which the person screens first (leader, office).
    pub screens: Vec<UnitPath>,
    /// Subtrees in which the person runs the campaign (office).
    pub runs: Vec<UnitPath>,
    /// Subtrees in which the person records (filler).
    pub fills: Vec<UnitPath>,
    /// Units the person belongs to and leads.
    pub leads: Vec<UnitId>,
    /// Subtrees in which the person checks (verifier, inspector).
    pub checks: Vec<UnitPath>,
    /// Subtrees in which the person closes as verifier.
    pub verifies: Vec<UnitPath>,
    /// Subtrees in which the person looks back (inspector, verifier, office).
    pub looks_back: Vec<UnitPath>,
    /// Units for which the person answers calls for a superior.
    pub answers: Vec<UnitId>,
}

/// What waits: the kind's code, the problem, the day, and the number of the request, measure or look-back.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Kind.
    pub kind: String,
    /// By when; `None` where no day was set.
    pub day: Option<Day>,
    /// The part of the problem it is about; 0 for the problem itself.
    pub part: i64,
    /// Words of that part: what the measure says, why an extension is asked.
    pub words: String,
    /// The problem.
    pub problem: Problem,
}

struct Build {
    args: Vec<Val>,
    branches: Vec<String>,
}

impl Build {
    fn arg(&mut self, value: Val) -> String {
        self.args.push(value);
        format!("${}", self.args.len())
    }

    /// Numbers as parameters, so that the statement reads the same for everybody with as many and is prepared once.
    fn numbers(&mut self, ids: impl Iterator<Item = i64>) -> String {
        let ids: Vec<i64> = ids.collect();
        ids.into_iter().map(|id| self.arg(Val::Int(id))).collect::<Vec<_>>().join(", ")
    }

    /// `column` lies in one of the subtrees; `None` when there is none.
    fn within(&mut self, column: &str, paths: &[UnitPath]) -> Option<String> {
        if paths.is_empty() {
            return None;
        }
        let parts: Vec<String> = paths
            .iter()
            .map(|path| {
                let (from, to) = (self.arg(path.to_val()), self.arg(Val::from(path.subtree_end())));
                format!("({column} >= {from} AND {column} < {to})")
            })
            .collect();
        Some(format!("({})", parts.join(" OR ")))
    }

    /// A unit of one of the subtrees, or one of these units, has such a part in the problem. Driven from the units'
    /// side: a township's clerk must not wait for the nation's problems to be looked through.
    fn has_part(&mut self, roles: &str, paths: &[UnitPath], units: &[UnitId]) -> Option<String> {
        let by_path = self.within("u.path", paths);
        let by_unit =
            (!units.is_empty()).then(|| format!("u.id IN ({})", self.numbers(units.iter().map(|u| u.0))));
        let who: Vec<String> = [by_path, by_unit].into_iter().flatten().collect();
        (!who.is_empty()).then(|| {
            format!(
                "p.id IN (SELECT pp.problem_id FROM unit u JOIN problem_party pp ON pp.unit_id = u.id \
                 WHERE pp.role IN {roles} AND ({}))",
                who.join(" OR ")
            )
        })
    }

    /// The problem is counted in one of the subtrees; the campaigns are named so that the index by place serves.
    fn at_home(&mut self, paths: &[UnitPath]) -> Option<String> {
        let within = self.within("p.home_path", paths)?;
        Some(format!("(p.campaign_id IN (SELECT id FROM campaign) AND {within})"))
    }

    fn branch(&mut self, kind: &str, day: &str, part: &str, words: &str, from_where: &str) {
        self.branches.push(format!(
            "SELECT '{kind}' AS kind, p.id AS problem_id, {day} AS day, {part} AS part, {words} AS words FROM {from_where}"
        ));
    }
}

const DOING: &str = "('lead', 'responsible', 'assisting')";
const CHECKING: &str = "('checking')";

/// What waits, nearest first, and how many of each kind.
pub type Waited = (Vec<Waiting>, Vec<(String, i64)>);

/// Everything that waits, nearest first, with the number of each kind.
///
/// # Errors
/// Faults of the database.
pub fn waiting(
    conn: &mut Conn,
    asker: &Asker,
    today: Day,
    kind: Option<&str>,
    limit: i64,
) -> Result<Waited, Fault> {
    let mut build = Build { args: vec![], branches: vec![] };
    intake(&mut build, asker);
    doing(&mut build, asker);
    checking(&mut build, asker, today);
    requests(&mut build, asker);
    let Build { mut args, branches } = build;
    if branches.is_empty() {
        return Ok((vec![], vec![]));
    }
    let union = branches.join(" UNION ALL ");
    let all = args.clone();
    let only = kind.map_or_else(String::new, |kind| {
        args.push(Val::from(kind));
        format!("WHERE w.kind = ${}", args.len())
    });
    let columns: Vec<String> = Problem::COLUMNS.iter().map(|c| format!("p.{c}")).collect();
    let sql = format!(
        "SELECT w.kind, w.day, w.part, w.words, {} FROM ({union}) AS w JOIN problem p ON p.id = w.problem_id {only} \
         ORDER BY COALESCE(w.day, {FOREVER_SEQ}), p.id, w.kind, w.part LIMIT {}",
        columns.join(", "),
        limit.clamp(1, WAITING_MAX)
    );
    let list: Vec<Waiting> = conn.rows(&sql, &args)?.iter().map(waiting_from).collect::<Result<_, _>>()?;
    // A whole list counts itself; only one that was filtered or cut needs to be counted where it lies.
    let counts = if kind.is_none() && (list.len() as i64) < limit.clamp(1, WAITING_MAX) {
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        list.iter().for_each(|one| *counts.entry(one.kind.as_str()).or_insert(0) += 1);
        counts.into_iter().map(|(kind, n)| (kind.to_owned(), n)).collect()
    } else {
        conn.rows(&format!("SELECT kind, COUNT(*) FROM ({union}) AS w GROUP BY kind"), &all)?
            .iter()
            .map(|row| Ok((row.text(0)?, row.int(1)?)))
            .collect::<Result<Vec<_>, Fault>>()?
    };
    Ok((list, counts))
}

fn waiting_from(row: &Row) -> Result<Waiting, Fault> {
    Ok(Waiting {
        kind: row.text(0)?,
        day: Option::from_val(row.val(1)?)?,
        part: row.int(2)?,
        words: row.text(3)?,
        problem: Problem::from_row(row, 4)?,
    })
}

/// The day something has waited since is its day: what has waited longest comes first among the undated.
fn intake(build: &mut Build, asker: &Asker) {
    if let Some(within) = build.at_home(&asker.screens) {
        let me = build.arg(Val::Int(asker.person.0));
        let own = format!(
            "NOT EXISTS (SELECT 1 FROM problem_deed d WHERE d.problem_id = p.id AND d.kind = 'registered' AND d.person_id = {me})"
        );
        let from = format!(
            "problem p WHERE p.state = 'registered' AND p.registered_by <> {me} AND {own} AND {within}"
        );
        build.branch("screen", "p.registered_day", "CAST(0 AS BIGINT)", "''", &from);
    }
    if let Some(within) = build.at_home(&asker.runs) {
        build.branch(
            "meet",
            "p.registered_day",
            "CAST(0 AS BIGINT)",
            "''",
            &format!("problem p WHERE p.state = 'screened' AND {within}"),
        );
    }
    if let Some(within) = build.at_home(&asker.runs) {
        build.branch(
            "assign",
            "p.registered_day",
            "CAST(0 AS BIGINT)",
            "''",
            &format!("problem p WHERE p.state = 'accepted' AND {within}"),
        );
    }
    let by_fill = build.at_home(&asker.fills);
    let by_hand = build.at_home(&asker.looks_back).map(|within| {
        let me = build.arg(Val::Int(asker.person.0));
        format!("p.registered_by = {me} AND {within}")
    });
    let who: Vec<String> = [by_fill, by_hand].into_iter().flatten().collect();
    if !who.is_empty() {
        let from = format!("problem p WHERE p.state = 'returned' AND ({})", who.join(" OR "));
        build.branch("resubmit", "p.registered_day", "CAST(0 AS BIGINT)", "''", &from);
    }
}

fn doing(build: &mut Build, asker: &Asker) {
    for (kind, state) in [("sign", "assigned"), ("rectify", "rectifying"), ("redo", "sent_back")] {
        let Some(part) = build.has_part(DOING, &asker.fills, &asker.leads) else { continue };
        build.branch(
            kind,
            "p.clock_day",
            "CAST(0 AS BIGINT)",
            "''",
            &format!("problem p WHERE p.state = '{state}' AND {part}"),
        );
    }
    let posts = build.numbers(asker.posts.iter().map(|post| post.0));
    let owned = if posts.is_empty() { None } else { Some(format!("m.owner_post_id IN ({posts})")) };
    if let Some(mine) = owned {
        let from = format!(
            "measure m JOIN problem p ON p.id = m.problem_id AND p.round = m.round \
             WHERE m.state = 'planned' AND m.standing = 0 AND p.state IN ('rectifying', 'sent_back') AND {mine}"
        );
        build.branch("measure", "COALESCE(m.due_day, p.due_day)", "m.id", "m.text", &from);
        let from = format!("problem p WHERE p.state <> 'closed' AND p.leader_post_id IN ({posts})");
        build.branch("in_charge", "p.clock_day", "CAST(0 AS BIGINT)", "''", &from);
    }
}

fn checking(build: &mut Build, asker: &Asker, today: Day) {
    if let Some(part) = build.has_part(CHECKING, &asker.checks, &[]) {
        let hands = no_hands(build, asker);
        let from = format!("problem p WHERE p.state = 'reported' AND {part} AND {hands}");
        build.branch("verify", "p.filed_day", "CAST(0 AS BIGINT)", "''", &from);
    }
    let by_office = build.at_home(&asker.runs);
    let by_checker = build.has_part(CHECKING, &asker.verifies, &[]);
    let who: Vec<String> = [by_office, by_checker].into_iter().flatten().collect();
    if !who.is_empty() {
        let (day, hands) = (build.arg(Val::from(today.days())), no_hands(build, asker));
        let from = format!(
            "problem p WHERE p.state = 'proposed' AND ({}) \
             AND (p.notice_until_day IS NULL OR p.notice_until_day < {day} OR p.notice_until_day = p.verified_day) AND {hands}",
            who.join(" OR ")
        );
        build.branch("confirm", "p.notice_until_day", "CAST(0 AS BIGINT)", "''", &from);
    }
    let by_home = build.at_home(&asker.looks_back);
    let by_unit = build.within("lu.path", &asker.looks_back);
    let who: Vec<String> = [by_home, by_unit].into_iter().flatten().collect();
    if !who.is_empty() {
        let (day, hands) = (build.arg(Val::from(today.days())), no_hands(build, asker));
        let me = build.arg(Val::Int(asker.person.0));
        let from = format!(
            "look_back l JOIN problem p ON p.id = l.problem_id JOIN unit lu ON lu.id = l.unit_id \
             WHERE l.result = 'pending' AND l.due_day <= {day} AND p.state = 'closed' AND ({}) AND {hands} \
             AND (l.person_id IS NULL OR l.person_id = {me}) \
             AND NOT EXISTS (SELECT 1 FROM problem_deed v WHERE v.problem_id = p.id AND v.round = p.round \
               AND v.person_id = {me} AND v.kind = 'verified')",
            who.join(" OR ")
        );
        build.branch("look_back", "l.due_day", "l.id", "''", &from);
    }
}

/// Neither the person nor a unit the person belongs to had a hand in the doing. Call it where it is put into a branch:
/// a parameter that nothing reads is refused.
fn no_hands(build: &mut Build, asker: &Asker) -> String {
    let me = build.arg(Val::Int(asker.person.0));
    let units = build.numbers(asker.units.iter().map(|unit| unit.0));
    let units = if units.is_empty() { "0".to_owned() } else { units };
    format!(
        "NOT EXISTS (SELECT 1 FROM problem_deed d WHERE d.problem_id = p.id AND d.kind NOT IN ('registered', 'verified') \
           AND (d.person_id = {me} OR d.unit_id IN ({units}))) \
         AND NOT EXISTS (SELECT 1 FROM problem_party dp WHERE dp.problem_id = p.id AND dp.role IN {DOING} AND dp.unit_id IN ({units}))"
    )
}

fn requests(build: &mut Build, asker: &Asker) {
    if let Some(within) = build.within("tu.path", &asker.screens) {
        let hands = no_hands(build, asker);
        let from = format!(
            "request r JOIN problem p ON p.id = r.problem_id JOIN unit tu ON tu.id = r.to_unit_id \
             WHERE r.kind = 'extension' AND r.state = 'open' AND {within} AND {hands}"
        );
        build.branch("extension", "p.due_day", "r.id", "r.reason", &from);
    }
    let answers = build.numbers(asker.answers.iter().map(|unit| unit.0));
    for (kind, state) in [("hand_up", "open"), ("help", "granted")] {
        if answers.is_empty() {
            break;
        }
        let from = format!(
            "request r JOIN problem p ON p.id = r.problem_id \
             WHERE r.kind = 'hand_up' AND r.state = '{state}' AND p.state = 'handed_up' AND r.to_unit_id IN ({answers})"
        );
        // A call for help has waited since it was made.
        build.branch(kind, "p.due_day", "r.id", "r.reason", &from);
    }
}
