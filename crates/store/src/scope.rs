//! Scopes expanded: exactly which units are meant on a day. Says the same as `bihuan_domain::scope::Scope::reaches`,
//! which a test compares unit by unit.

use crate::record::{Field, Record};
use crate::records::SavedScope;
use crate::unit::json_list;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::id::{ScopeId, UnitId};
use bihuan_domain::required_action::{Rule, SubjectKind};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_domain::{Coded, Day};
use std::collections::BTreeMap;

/// Rows of one page of a preview.
pub const SCOPE_PAGE: i64 = 100;

/// Whom a scope reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Units in all.
    pub total: i64,
    /// Units by level and kind.
    pub groups: Vec<(Level, UnitKind, i64)>,
    /// One page of them, by level and official order.
    pub page: Vec<Unit>,
}

/// The units a scope reaches on a day: counts and one page. Only units within `sight` are counted.
///
/// # Errors
/// Faults of the database.
pub fn reach(
    conn: &mut Conn,
    scope: &Scope,
    day: Day,
    today: Day,
    sight: &[UnitPath],
    offset: i64,
) -> Result<Reach, Fault> {
    let Some((condition, mut args)) = condition(conn, scope, day, today, Some(sight))? else {
        return Ok(Reach { total: 0, groups: Vec::new(), page: Vec::new() });
    };
    conn.plan_by_values()?;
    let (level, kind) = (fact("level", day >= today), fact("kind", day >= today));
    let sql = format!("SELECT {level}, {kind}, COUNT(*) FROM unit u WHERE {condition} GROUP BY 1, 2");
    let mut groups = Vec::new();
    for row in conn.rows(&sql, &args)? {
        groups.push((Level::from_val(row.val(0)?)?, UnitKind::from_val(row.val(1)?)?, row.int(2)?));
    }
    groups.sort_by_key(|(level, kind, _)| (*level, *kind));
    let dated = |c: &str| ["kind", "level", "sector", "line"].contains(&c);
    let column = |c: &&str| if dated(c) { fact(c, day >= today) } else { format!("u.{c}") };
    let columns: Vec<String> = Unit::COLUMNS.iter().map(column).collect();
    args.push(Val::Int(offset));
    let sql = format!(
        "SELECT {} FROM unit u WHERE {condition} \
         ORDER BY length(u.path), substr(u.path, 1, length(u.path) - 5), u.official_order, u.id LIMIT {SCOPE_PAGE} OFFSET ${}",
        columns.join(", "),
        args.len()
    );
    let page = conn.rows(&sql, &args)?.iter().map(|row| Unit::from_row(row, 0)).collect::<Result<_, _>>()?;
    Ok(Reach { total: groups.iter().map(|(.., n)| n).sum(), groups, page })
}

/// The numbers of all units a scope reaches on a day.
///
/// # Errors
/// Faults of the database.
pub fn expand(conn: &mut Conn, scope: &Scope, day: Day, today: Day) -> Result<Vec<UnitId>, Fault> {
    let Some((condition, args)) = condition(conn, scope, day, today, None)? else { return Ok(Vec::new()) };
    conn.plan_by_values()?;
    let sql =
        format!("SELECT u.id FROM unit u WHERE {condition} ORDER BY length(u.path), u.official_order, u.id");
    conn.rows(&sql, &args)?.iter().map(|row| row.int(0).map(UnitId)).collect()
}

/// The posts or people that a rule asks on a day, by number: a post with its unit, a person with the unit they belong
/// to. Nothing for a rule that units owe.
///
/// # Errors
/// Faults of the database.
pub fn subjects(
    conn: &mut Conn,
    rule: &Rule,
    day: Day,
    today: Day,
    limit: usize,
) -> Result<BTreeMap<i64, String>, Fault> {
    let Some((columns, from, args)) = subjects_question(conn, rule, day, today, None)? else {
        return Ok(BTreeMap::new());
    };
    let rows = conn.rows(&format!("SELECT {columns} {from} ORDER BY u.path, 1 LIMIT {limit}"), &args)?;
    let named = |row: &crate::Row| {
        let (name, unit) = (row.text(1)?, row.text(2)?);
        Ok((
            row.int(0)?,
            if rule.subject == SubjectKind::Post {
                format!("{unit}{name}")
            } else {
                format!("{name}（{unit}）")
            },
        ))
    };
    rows.iter().map(named).collect()
}

/// How many of them there are within sight.
///
/// # Errors
/// Faults of the database.
pub fn subjects_count(
    conn: &mut Conn,
    rule: &Rule,
    day: Day,
    today: Day,
    sight: &[UnitPath],
) -> Result<i64, Fault> {
    let Some((columns, from, args)) = subjects_question(conn, rule, day, today, Some(sight))? else {
        return Ok(0);
    };
    let id = columns.split(',').next().unwrap_or_default();
    let row = conn.first(&format!("SELECT COUNT(DISTINCT {id}) {from}"), &args)?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Columns (number, name, name of the unit), the rest of the question, and its arguments, the first of which is the day.
type SubjectsQuestion = (&'static str, String, Vec<Val>);

fn subjects_question(
    conn: &mut Conn,
    rule: &Rule,
    day: Day,
    today: Day,
    sight: Option<&[UnitPath]>,
) -> Result<Option<SubjectsQuestion>, Fault> {
    let Some((condition, mut args)) = condition(conn, &rule.units(), day, today, sight)? else {
        return Ok(None);
    };
    let on_day = |t: &str| format!("{t}.from_day <= $1 AND ({t}.to_day IS NULL OR {t}.to_day > $1)");
    Ok(match rule.subject.table() {
        SubjectKind::Post => {
            let mut more = if rule.leads_only { " AND o.leads <> 0".to_owned() } else { String::new() };
            let mut words = Vec::new();
            for word in &rule.posts {
                args.push(Val::from(format!("%{}%", word.replace(['%', '_'], ""))));
                words.push(format!("o.name LIKE ${}", args.len()));
            }
            if !words.is_empty() {
                more.push_str(&format!(" AND ({})", words.join(" OR ")));
            }
            let from = format!(
                "FROM unit u JOIN post o ON o.unit_id = u.id WHERE {condition} \
                 AND (o.closed_day IS NULL OR o.closed_day > $1){more} \
                 AND EXISTS (SELECT 1 FROM tenure t WHERE t.post_id = o.id AND {})",
                on_day("t")
            );
            Some(("o.id, o.name, u.name", from, args))
        }
        SubjectKind::Person => {
            let from = format!(
                "FROM unit u JOIN post o ON o.unit_id = u.id JOIN tenure t ON t.post_id = o.id AND {} \
                 JOIN person p ON p.id = t.person_id WHERE {condition} \
                 AND u.id = (SELECT h.unit_id FROM tenure x JOIN post h ON h.id = x.post_id \
                   WHERE x.person_id = t.person_id AND {} ORDER BY h.leads DESC, x.from_day, x.id LIMIT 1)",
                on_day("t"),
                on_day("x")
            );
            Some(("p.id, p.name, u.name", from, args))
        }
        _ => None,
    })
}

/// The scope as a condition on `unit u`, whose first argument is the day; `None` when it reaches nothing whatever the
/// tree.
pub(crate) fn condition(
    conn: &mut Conn,
    scope: &Scope,
    day: Day,
    today: Day,
    sight: Option<&[UnitPath]>,
) -> Result<Option<(String, Vec<Val>)>, Fault> {
    if scope.is_blank() {
        return Ok(None);
    }
    let mut args: Vec<Val> = vals![i64::from(day.days())].to_vec();
    let met = conditions_met(conn, scope, day >= today, &mut args)?;
    let mut ways: Vec<String> = met.into_iter().collect();
    if !scope.listed.is_empty() {
        args.push(Val::from(json_list(scope.listed.iter().copied())));
        ways.push(format!("u.id IN (SELECT CAST(value AS BIGINT) FROM json_each(${}))", args.len()));
    }
    if ways.is_empty() {
        return Ok(None);
    }
    let mut all = vec![format!(
        "u.created_day <= $1 AND (u.closed_day IS NULL OR u.closed_day > $1) AND ({})",
        ways.join(" OR ")
    )];
    if !scope.without.is_empty() {
        args.push(Val::from(json_list(scope.without.iter().copied())));
        all.push(format!("u.id NOT IN (SELECT CAST(value AS BIGINT) FROM json_each(${}))", args.len()));
    }
    if let Some(sight) = sight {
        all.push(seen(sight, &mut args));
    }
    Ok(Some((all.join(" AND "), args)))
}

fn seen(sight: &[UnitPath], args: &mut Vec<Val>) -> String {
    let mut parts = vec!["1 = 0".to_owned()];
    for root in sight {
        args.push(Val::from(root.as_str()));
        args.push(Val::from(root.subtree_end()));
        parts.push(format!("u.path >= ${} AND u.path < ${}", args.len() - 1, args.len()));
    }
    format!("({})", parts.join(" OR "))
}

/// What a unit is; on a past day what it was then. `$1` is the day.
fn fact(column: &str, now: bool) -> String {
    if now {
        return format!("u.{column}");
    }
    format!(
        "COALESCE((SELECT s.{column} FROM unit_standing s WHERE s.unit_id = u.id AND s.from_day <= $1 AND s.to_day > $1), u.{column})"
    )
}

/// The filled conditions; `None` when there is none, or the subtree's root does not exist.
fn conditions_met(
    conn: &mut Conn,
    scope: &Scope,
    now: bool,
    args: &mut Vec<Val>,
) -> Result<Option<String>, Fault> {
    let mut parts: Vec<String> = Vec::new();
    if let Some(root) = scope.subtree {
        let Some(unit) = crate::unit::by_id(conn, root)? else { return Ok(None) };
        parts.push(placed(scope, &unit, now, args));
    }
    let codes = |values: Vec<&str>| serde_json::json!(values).to_string();
    let mut one_of = |column: &str, list: String| {
        args.push(Val::from(list));
        let fact = fact(column, now);
        parts.push(format!("{fact} IN (SELECT value FROM json_each(${}))", args.len()));
    };
    if !scope.levels.is_empty() {
        one_of("level", codes(scope.levels.iter().map(|l| l.code()).collect()));
    }
    if !scope.kinds.is_empty() {
        one_of("kind", codes(scope.kinds.iter().map(|k| k.code()).collect()));
    }
    if !scope.sectors.is_empty() {
        one_of("sector", codes(scope.sectors.iter().map(String::as_str).collect()));
    }
    if !scope.lines.is_empty() {
        one_of("line", codes(scope.lines.iter().map(String::as_str).collect()));
    }
    if !scope.roles.is_empty() {
        args.push(Val::from(codes(scope.roles.iter().map(|r| r.code()).collect())));
        parts.push(format!(
            "EXISTS (SELECT 1 FROM role_grant g WHERE g.unit_id = u.id AND g.from_day <= $1 \
             AND (g.to_day IS NULL OR g.to_day > $1) AND g.role IN (SELECT value FROM json_each(${})))",
            args.len()
        ));
    }
    Ok((!parts.is_empty()).then(|| parts.join(" AND ")))
}

/// Being placed under the root: by path today, by the closure on a past day.
fn placed(scope: &Scope, root: &Unit, now: bool, args: &mut Vec<Val>) -> String {
    let mut part = if now {
        args.extend(vals![root.path.as_str(), root.path.subtree_end()]);
        format!("u.path >= ${} AND u.path < ${}", args.len() - 1, args.len())
    } else {
        args.push(root.id.to_val());
        format!(
            "u.id IN (SELECT c.descendant_id FROM unit_closure c WHERE c.ancestor_id = ${} AND c.from_day <= $1 AND c.to_day > $1{})",
            args.len(),
            match (scope.children_only, scope.with_root) {
                (true, true) => " AND c.depth <= 1",
                (true, false) => " AND c.depth = 1",
                (false, true) => "",
                (false, false) => " AND c.depth > 0",
            }
        )
    };
    if now {
        let id = root.id.0;
        if scope.children_only {
            let own = if scope.with_root { format!(" OR u.id = {id}") } else { String::new() };
            part.push_str(&format!(" AND (u.parent_id = {id}{own})"));
        } else if !scope.with_root {
            part.push_str(&format!(" AND u.id <> {id}"));
        }
    }
    format!("({part})")
}

/// Saved scopes owned by units of these subtrees or by units above them, by name.
///
/// # Errors
/// Faults of the database.
pub fn saved(conn: &mut Conn, roots: &[UnitPath]) -> Result<Vec<(SavedScope, Unit)>, Fault> {
    let mut args: Vec<Val> = Vec::new();
    let mut parts = vec!["1 = 0".to_owned()];
    for root in roots {
        args.extend(vals![root.as_str(), root.subtree_end(), json_list(root.units())]);
        let n = args.len();
        parts.push(format!(
            "u.path >= ${} AND u.path < ${} OR u.id IN (SELECT CAST(value AS BIGINT) FROM json_each(${n}))",
            n - 2,
            n - 1
        ));
    }
    let columns = |alias: &str, names: &[&str]| {
        names.iter().map(|c| format!("{alias}.{c}")).collect::<Vec<_>>().join(", ")
    };
    let sql = format!(
        "SELECT {}, {} FROM scope s JOIN unit u ON u.id = s.owner_unit_id WHERE {} ORDER BY s.name, s.id LIMIT 500",
        columns("s", SavedScope::COLUMNS),
        columns("u", Unit::COLUMNS),
        parts.join(" OR ")
    );
    let at = SavedScope::COLUMNS.len();
    conn.rows(&sql, &args)?
        .iter()
        .map(|row| Ok((SavedScope::from_row(row, 0)?, Unit::from_row(row, at)?)))
        .collect()
}

/// One saved scope.
///
/// # Errors
/// Faults of the database.
pub fn by_id(conn: &mut Conn, id: ScopeId) -> Result<Option<SavedScope>, Fault> {
    crate::journal::by_id(conn, id.0)
}
