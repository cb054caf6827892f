//! The benchmark of required actions: seeded records of a whole country, and the same figures by plain SQL.
//!
//! Nothing here is called by the running program.

use crate::bench::{self, CAMPAIGN, Seeded};
use crate::journal::{self, Write};
use crate::record::{Field, Record};
use crate::required_action::{ActionRow, VersionRow};
use crate::{Conn, Db, Fault, Val, vals};
use bihuan_domain::activity::Activity;
use bihuan_domain::id::{PersonId, PostId, RequiredActionId, TenureId, UnitId};
use bihuan_domain::person::{Person, Post, Tenure};
use bihuan_domain::required_action::{Cadence, Part, Proof, QuantityUnit, RequiredAction, Rule, SubjectKind};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Level, Unit};
use bihuan_domain::{Coded, Day, Instant};
use std::collections::BTreeMap;

/// Rules of the benchmark.
pub const RULES: i64 = 20;
/// Months that every rule asks for.
pub const MONTHS: i32 = 12;

/// The code of the kind of activity that rule `n` takes.
pub fn kind(n: i64) -> String {
    format!("kind-{n}")
}

/// A template with one kind of activity a rule.
pub fn template() -> String {
    let mut text = "code = \"bench\"\nname = \"性能测试\"\n".to_owned();
    for list in ["strand", "category", "source"] {
        text.push_str(&format!("[[{list}]]\ncode = \"one\"\nname = \"一\"\n"));
    }
    for n in 1..=RULES + 1 {
        text.push_str(&format!("[[activity_kind]]\ncode = \"{}\"\nname = \"活动{n}\"\n", kind(n)));
    }
    text
}

/// Who owes rule `n`: mostly units, some posts, some people.
pub fn subject(n: i64) -> SubjectKind {
    match n {
        15..=17 => SubjectKind::Post,
        18..=20 => SubjectKind::Person,
        _ => SubjectKind::Unit,
    }
}

/// A monthly rule of all villages and townships, of their secretaries or of their people.
pub fn rule(n: i64, top: UnitId, from_day: Day) -> Rule {
    Rule {
        name: format!("规定动作{n}"),
        basis: String::new(),
        strand: String::new(),
        subject: subject(n),
        scope: Scope {
            subtree: Some(top),
            with_root: true,
            levels: vec![Level::Township, Level::Village],
            ..Scope::default()
        },
        posts: if subject(n) == SubjectKind::Post { vec!["书记".to_owned()] } else { Vec::new() },
        leads_only: false,
        kinds: vec![kind(n)],
        each_kind: false,
        part: Part::Any,
        cadence: Cadence::Month,
        from_day,
        to_day: None,
        quantity: 1,
        unit: QuantityUnit::Times,
        proof: Proof::Record,
        grace_working_days: 0,
    }
}

/// Writes the campaign with its template and the rules.
///
/// # Errors
/// Faults of the database.
pub fn write_rules(db: &Db, top: UnitId, from_day: Day, at: Instant) -> Result<(), Fault> {
    db.write(move |conn| {
        let mut campaign = bench::campaign(top, from_day);
        campaign.template_text = template();
        let mut writes = vec![Write::insert(&campaign)];
        for n in 1..=RULES {
            let id = RequiredActionId(n);
            let row = ActionRow {
                id,
                campaign_id: CAMPAIGN,
                code: String::new(),
                owner_unit_id: top,
                upper_id: None,
                subject: subject(n),
                ordinal: n,
                version: 1,
            };
            let definition = serde_json::to_string(&rule(n, top, from_day))
                .map_err(|error| Fault::corrupt(error.to_string()))?;
            let version = VersionRow {
                rule_id: id,
                number: 1,
                from_day,
                until_day: None,
                definition,
                added: "[]".to_owned(),
                reason: String::new(),
                issued_by: PersonId(1),
                issued_at: at,
            };
            writes.extend([Write::insert(&row), Write::insert(&version)]);
        }
        journal::next_id(conn, "required_action", RULES)?;
        bench::append(conn, at, "action.issued", writes)
    })
}

/// A secretary in every village and township, taken office on one of a thousand days. Post, person and tenure bear the
/// number of the unit.
///
/// # Errors
/// Faults of the database.
pub fn write_people(db: &Db, units: &[Unit], from: Day, at: Instant) -> Result<(), Fault> {
    let (mut people, mut posts, mut tenures) = (Vec::new(), Vec::new(), Vec::new());
    for unit in units.iter().filter(|unit| matches!(unit.level, Level::Township | Level::Village)) {
        let id = unit.id.0;
        people
            .push(Person { id: PersonId(id), name: format!("人员{id}"), phone: String::new(), version: 1 });
        posts.push(Post {
            id: PostId(id),
            unit_id: unit.id,
            name: "党支部书记".to_owned(),
            leads: true,
            shared: false,
            official_order: 1,
            closed_day: None,
            version: 1,
        });
        tenures.push(Tenure {
            id: TenureId(id),
            post_id: PostId(id),
            person_id: PersonId(id),
            from_day: from.plus_days(-1 - (id % 1_000) as i32),
            to_day: None,
        });
    }
    db.write(move |conn| {
        let writes = vec![Write::bulk(&people), Write::bulk(&posts), Write::bulk(&tenures)];
        bench::append(conn, at, "person.planted", writes)
    })
}

/// One record before it is written.
#[derive(Clone, Copy, Debug)]
struct Drawn {
    unit: UnitId,
    rule: i64,
    month: usize,
}

/// Writes records of villages with what they count for, and folds them in one pass over the villages in order of path.
///
/// # Errors
/// Faults of the database.
pub fn write_records(
    db: &Db,
    villages: Vec<Unit>,
    count: i64,
    actions: Vec<RequiredAction>,
    upto: Day,
    seed: u64,
) -> Result<(), Fault> {
    let Some(first) = actions.first() else { return Ok(()) };
    let months: Vec<Day> = first.periods(upto).iter().map(|(period, _)| period.last).collect();
    let mut random = Seeded::new(seed);
    let mut drawn: Vec<Drawn> = Vec::with_capacity(count as usize);
    let per_village = villages.len().max(1) as i64;
    for (n, village) in villages.iter().enumerate() {
        let n = n as i64;
        let own = (n + 1) * count / per_village - n * count / per_village;
        let mut of_village: Vec<Drawn> = (0..own)
            .map(|_| Drawn {
                unit: village.id,
                rule: random.below(RULES) + 1,
                month: random.below(months.len() as i64) as usize,
            })
            .collect();
        of_village.sort_by_key(|one| (one.rule, one.month));
        drawn.extend(of_village);
    }
    let rollups = fold(&villages, &drawn, &months);
    db.write(move |conn| {
        let mut rows =
            drawn.iter().enumerate().map(|(n, one)| activity(n as i64 + 1, one, months[one.month]));
        conn.bulk_insert(Activity::TABLE, Activity::COLUMNS, &mut rows)?;
        let mut rows = drawn.iter().enumerate().map(|(n, one)| {
            let last = months[one.month];
            vals![
                subject(one.rule).code(),
                one.unit.0,
                one.rule,
                i64::from(last.days()),
                n as i64 + 1,
                i64::from(last.days()) - 3,
                kind(one.rule),
                1
            ]
            .to_vec()
        });
        let columns =
            ["subject_kind", "subject_id", "rule_id", "period_day", "activity_id", "day", "kind", "amount"];
        conn.bulk_insert("action_credit", &columns, &mut rows)?;
        let columns = ["unit_id", "rule_id", "period_day", "done", "early", "late", "excused"];
        conn.bulk_insert("action_rollup", &columns, &mut rollups.into_iter())?;
        Ok::<_, Fault>(())
    })
}

fn activity(id: i64, one: &Drawn, last: Day) -> Vec<Val> {
    let day = last.plus_days(-3);
    vals![
        id,
        CAMPAIGN.0,
        one.unit.0,
        kind(one.rule),
        i64::from(day.days()),
        Val::Null,
        "集中学习，讨论当月重点工作",
        "",
        0,
        "",
        1,
        day.starts_at().micros(),
        0,
        "recorded",
        1
    ]
    .to_vec()
}

/// Cells of all units above the villages, and of the villages themselves for what posts and people owe; the first record
/// of a rule and month is counted once.
fn fold(villages: &[Unit], drawn: &[Drawn], months: &[Day]) -> Vec<Vec<Val>> {
    let mut rows: Vec<Vec<Val>> = Vec::new();
    let mut stack: Vec<(UnitId, BTreeMap<(i64, usize), i64>)> = Vec::new();
    let mut give_up = |(unit, counts): (UnitId, BTreeMap<(i64, usize), i64>)| {
        for ((rule, month), n) in counts {
            rows.push(vals![unit.0, rule, i64::from(months[month].days()), n, 0, 0, 0].to_vec());
        }
    };
    let mut at = 0;
    for village in villages {
        let units = village.path.units();
        let shared = stack.iter().zip(&units).take_while(|((have, _), want)| have == *want).count();
        while stack.len() > shared {
            stack.pop().into_iter().for_each(&mut give_up);
        }
        for unit in &units[shared..] {
            stack.push((*unit, BTreeMap::new()));
        }
        let mut before = None;
        while let Some(one) = drawn.get(at).filter(|one| one.unit == village.id) {
            at += 1;
            if before.replace((one.rule, one.month)) == Some((one.rule, one.month)) {
                continue;
            }
            let places = stack.len() - usize::from(subject(one.rule) == SubjectKind::Unit);
            for (_, counts) in &mut stack[..places] {
                *counts.entry((one.rule, one.month)).or_insert(0) += 1;
            }
        }
    }
    while let Some(level) = stack.pop() {
        give_up(level);
    }
    rows.sort_by_key(|row| match (&row[0], &row[1], &row[2]) {
        (Val::Int(unit), Val::Int(rule), Val::Int(day)) => (*unit, *rule, *day),
        _ => (0, 0, 0),
    });
    rows
}

/// Done cells of the children of a unit, from the credits alone: what an overview would cost without folding.
///
/// # Errors
/// Faults of the database.
pub fn recompute_done(conn: &mut Conn, unit: UnitId) -> Result<i64, Fault> {
    let part = |kind: &str, join: &str, id: &str| {
        format!(
            "SELECT DISTINCT u.id AS k, x.subject_kind, x.subject_id, x.rule_id, x.period_day FROM unit u \
               JOIN unit_closure c ON c.ancestor_id = u.id{join} JOIN action_credit x ON x.subject_kind = '{kind}' \
               AND x.subject_id = {id} WHERE u.parent_id = $1"
        )
    };
    let post = " JOIN post o ON o.unit_id = c.descendant_id";
    let sql = format!(
        "SELECT k, COUNT(*) FROM ({} UNION ALL {} UNION ALL {}) cells GROUP BY k",
        part("unit", "", "c.descendant_id"),
        part("post", post, "o.id"),
        part("person", &format!("{post} JOIN tenure t ON t.post_id = o.id"), "t.person_id"),
    );
    let mut sum = 0;
    conn.each(&sql, &vals![unit.0], &mut |row| {
        sum += row.int(1)?;
        Ok(())
    })?;
    Ok(sum)
}

/// What is expected of the children of a unit in one period of one rule, by counting units, posts or people.
///
/// # Errors
/// Faults of the database.
pub fn recompute_expected(
    conn: &mut Conn,
    subject: SubjectKind,
    unit: UnitId,
    on: Day,
) -> Result<i64, Fault> {
    let (what, join, held) = match subject {
        SubjectKind::Unit | SubjectKind::WorkingGroup => ("*", "", ""),
        SubjectKind::Post => (
            "DISTINCT o.id",
            " JOIN post o ON o.unit_id = d.id JOIN tenure t ON t.post_id = o.id",
            " AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2)",
        ),
        SubjectKind::Person => (
            "DISTINCT t.person_id",
            " JOIN post o ON o.unit_id = d.id JOIN tenure t ON t.post_id = o.id",
            " AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2)",
        ),
    };
    let sql = format!(
        "SELECT u.id, COUNT({what}) FROM unit u JOIN unit_closure c ON c.ancestor_id = u.id \
         JOIN unit d ON d.id = c.descendant_id{join} WHERE u.parent_id = $1 AND c.from_day <= $2 AND c.to_day > $2 \
         AND d.created_day <= $2 AND (d.closed_day IS NULL OR d.closed_day > $2) \
         AND d.level IN ('township', 'village'){held} GROUP BY u.id"
    );
    let mut sum = 0;
    conn.each(&sql, &[unit.to_val(), on.to_val()], &mut |row| {
        sum += row.int(1)?;
        Ok(())
    })?;
    Ok(sum)
}

/// The rows of one record, numbered from 0, inserted and committed without rules, checks or folding: the record, the person who took
/// part, what it counts for, and a row of the size and with the indexes of its journal entry.
///
/// # Errors
/// Faults of the database.
pub fn bare_insert(db: &Db, number: i64, unit: UnitId, rule: i64, last: Day) -> Result<(), Fault> {
    // Below all numbers of the program.
    let id = -1 - number;
    db.write(move |conn| {
        let row = activity(id, &Drawn { unit, rule, month: 0 }, last);
        let places: Vec<String> = (1..=row.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "INSERT INTO activity ({}) VALUES ({})",
            Activity::COLUMNS.join(", "),
            places.join(", ")
        );
        conn.exec(&sql, &row)?;
        let sql = "INSERT INTO activity_person (activity_id, person_id, attendance) VALUES ($1, $2, $3)";
        conn.exec(sql, &vals![id, unit.0, "attend"])?;
        let sql = "INSERT INTO action_credit (subject_kind, subject_id, rule_id, period_day, activity_id, day, kind, amount) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let day = i64::from(last.days());
        conn.exec(sql, &vals![subject(rule).code(), unit.0, rule, day, id, day - 3, kind(rule), 1])?;
        let sql = "INSERT INTO bench_entry (seq, at_us, person_id, subject_kind, subject_id, unit_id, body, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (body, hash) = ("x".repeat(ENTRY_BYTES), "0".repeat(128));
        conn.exec(sql, &vals![id, last.starts_at().micros() + id, 1, "activity", id, unit.0, body, hash])?;
        Ok::<_, Fault>(())
    })
}

/// Bytes of the words and facts of the entry of one record; the two hashes come besides.
const ENTRY_BYTES: usize = 1_200;

/// Gathers statistics for the planner after the load.
///
/// # Errors
/// Faults of the database.
pub fn analyze(db: &Db) -> Result<(), Fault> {
    db.write(|conn| {
        conn.batch(
            "CREATE TABLE bench_entry (seq BIGINT NOT NULL PRIMARY KEY, at_us BIGINT NOT NULL, person_id BIGINT, \
               subject_kind TEXT NOT NULL, subject_id BIGINT NOT NULL, unit_id BIGINT, body TEXT NOT NULL, hash TEXT NOT NULL); \
             CREATE INDEX bench_entry_by_subject ON bench_entry (subject_kind, subject_id, seq); \
             CREATE INDEX bench_entry_by_time ON bench_entry (at_us, seq); \
             CREATE INDEX bench_entry_by_person ON bench_entry (person_id, seq); \
             CREATE INDEX bench_entry_by_unit ON bench_entry (unit_id, seq);",
        )?;
        conn.batch("ANALYZE;")
    })
}
