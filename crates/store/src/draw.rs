//! Draws: their list, the secrets kept beside the journal, and who or what may be drawn.

use crate::record::{Field, Record};
use crate::unit::json_list;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::draw::{CANDIDATES_MAX, Draw, EXAMINERS_MAX};
use bihuan_domain::id::{CampaignId, DrawId, PersonId, ProblemId, UnitId};
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::problem::{DeedKind, Outcome, PartyRole, Problem, State};
use bihuan_domain::role::Role;
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_domain::{Coded, Day};
use std::collections::BTreeMap;

/// Rows of a list.
pub const LIST_ROWS_MAX: i64 = 500;

/// `column` lies in one of the subtrees.
pub(crate) fn within(roots: &[UnitPath], column: &str, args: &mut Vec<Val>) -> String {
    let mut parts = vec!["1 = 0".to_owned()];
    for root in roots {
        args.push(Val::from(root.as_str()));
        args.push(Val::from(root.subtree_end()));
        parts.push(format!("{column} >= ${} AND {column} < ${}", args.len() - 1, args.len()));
    }
    format!("({})", parts.join(" OR "))
}

/// A list of codes for `IN`, out of our own lists.
pub(crate) fn codes<T: Coded>(values: &[T]) -> String {
    values.iter().map(|value| format!("'{}'", value.code())).collect::<Vec<_>>().join(", ")
}

/// Columns of a record with an alias before each.
pub(crate) fn columns<T: Record>(alias: &str) -> String {
    T::COLUMNS.iter().map(|column| format!("{alias}.{column}")).collect::<Vec<_>>().join(", ")
}

/// Numbers as a JSON list for `json_each`.
pub(crate) fn numbers(ids: impl IntoIterator<Item = i64>) -> String {
    json_list(ids.into_iter().map(UnitId))
}

/// Draws of a campaign by units of these subtrees, newest first, each with its unit.
///
/// # Errors
/// Faults of the database.
pub fn list(conn: &mut Conn, campaign: CampaignId, roots: &[UnitPath]) -> Result<Vec<(Draw, Unit)>, Fault> {
    let mut args: Vec<Val> = vals![campaign.0].to_vec();
    let seen = within(roots, "u.path", &mut args);
    let sql = format!(
        "SELECT {}, {} FROM draw d JOIN unit u ON u.id = d.unit_id WHERE d.campaign_id = $1 AND {seen} \
         ORDER BY d.id DESC LIMIT {LIST_ROWS_MAX}",
        columns::<Draw>("d"),
        columns::<Unit>("u")
    );
    let at = Draw::COLUMNS.len();
    conn.rows(&sql, &args)?
        .iter()
        .map(|row| Ok((Draw::from_row(row, 0)?, Unit::from_row(row, at)?)))
        .collect()
}

/// Keeps a draw's secret until it is opened.
///
/// # Errors
/// Faults of the database.
pub fn keep_secret(conn: &mut Conn, draw: DrawId, secret: &str) -> Result<(), Fault> {
    conn.exec("INSERT INTO draw_secret (draw_id, secret) VALUES ($1, $2)", &vals![draw.0, secret])?;
    Ok(())
}

/// A draw's secret.
///
/// # Errors
/// Faults of the database.
pub fn secret(conn: &mut Conn, draw: DrawId) -> Result<Option<String>, Fault> {
    conn.first("SELECT secret FROM draw_secret WHERE draw_id = $1", &vals![draw.0])?
        .map(|row| row.text(0))
        .transpose()
}

/// The hash of an entry: the public value of a draw that is made at once.
///
/// # Errors
/// Faults of the database.
pub fn hash_of_entry(conn: &mut Conn, seq: i64) -> Result<Option<String>, Fault> {
    conn.first("SELECT hash FROM entry WHERE seq = $1", &vals![seq])?.map(|row| row.text(0)).transpose()
}

/// Problems closed from one day to another in a subtree, whose round nobody has looked back at.
///
/// # Errors
/// Faults of the database.
pub fn closed(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
    (from, to): (Day, Day),
    outcomes: &[Outcome],
) -> Result<Vec<Problem>, Fault> {
    let days = (i64::from(from.days()), i64::from(to.days()));
    let limit = CANDIDATES_MAX + 1;
    let condition = format!(
        "WHERE campaign_id = $1 AND state = $2 AND home_path >= $3 AND home_path < $4 AND closed_day >= $5 \
         AND closed_day <= $6 AND outcome IN ({}) AND NOT EXISTS (SELECT 1 FROM look_back l WHERE l.problem_id = problem.id \
         AND l.round = problem.round AND l.result IN ({})) ORDER BY id LIMIT {limit}",
        codes(outcomes),
        codes(&[LookBackResult::Holds, LookBackResult::SlippedBack, LookBackResult::NeverTrue])
    );
    let args = vals![campaign.0, State::Closed.code(), path.as_str(), path.subtree_end(), days.0, days.1];
    Problem::load(conn, &condition, &args)
}

/// Units that did the work of problems, and people who had a hand in it, by problem.
pub type Hands = BTreeMap<ProblemId, (Vec<i64>, Vec<i64>)>;

/// Who must stay away from the reverse check of these problems.
///
/// # Errors
/// Faults of the database.
pub fn hands(conn: &mut Conn, problems: &[ProblemId]) -> Result<Hands, Fault> {
    let list = numbers(problems.iter().map(|id| id.0));
    let mut found: Hands = problems.iter().map(|id| (*id, (Vec::new(), Vec::new()))).collect();
    let doing = codes(&[PartyRole::Lead, PartyRole::Responsible, PartyRole::Assisting]);
    let sql = format!(
        "SELECT problem_id, unit_id FROM problem_party WHERE role IN ({doing}) \
         AND problem_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
         UNION SELECT problem_id, unit_id FROM problem_deed WHERE kind NOT IN ({}) \
         AND problem_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY 1, 2",
        codes(&[DeedKind::Registered, DeedKind::Verified])
    );
    conn.each(&sql, &vals![list.clone()], &mut |row| {
        found.entry(ProblemId(row.int(0)?)).or_default().0.push(row.int(1)?);
        Ok(())
    })?;
    let sql = format!(
        "SELECT DISTINCT problem_id, person_id FROM problem_deed WHERE kind <> '{}' \
         AND problem_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY 1, 2",
        DeedKind::Registered.code()
    );
    conn.each(&sql, &vals![list], &mut |row| {
        found.entry(ProblemId(row.int(0)?)).or_default().1.push(row.int(1)?);
        Ok(())
    })?;
    Ok(found)
}

/// A person who may examine, with the units of their posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Able {
    /// The person.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Places of the posts' units.
    pub posts: Vec<UnitPath>,
    /// Where they work, in words.
    pub unit_name: String,
}

/// People who hold one of the roles over the unit at `path` on a day, by name.
///
/// # Errors
/// Faults of the database.
pub fn able(conn: &mut Conn, roles: &[Role], path: &UnitPath, day: Day) -> Result<Vec<Able>, Fault> {
    let above = json_list(path.units());
    let sql = format!(
        "SELECT pe.id, pe.name, u.path, u.name FROM person pe \
         JOIN tenure t ON t.person_id = pe.id AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2) \
         JOIN post po ON po.id = t.post_id JOIN unit u ON u.id = po.unit_id \
         WHERE pe.id IN (SELECT COALESCE(g.person_id, tt.person_id) FROM role_grant g \
           LEFT JOIN tenure tt ON tt.post_id = g.post_id AND tt.from_day <= $2 AND (tt.to_day IS NULL OR tt.to_day > $2) \
           WHERE g.role IN ({}) AND g.from_day <= $2 AND (g.to_day IS NULL OR g.to_day > $2) \
           AND g.unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))) \
         ORDER BY u.official_order, u.id, pe.id LIMIT {}",
        codes(roles),
        EXAMINERS_MAX * 3
    );
    let mut found: Vec<Able> = Vec::new();
    conn.each(&sql, &vals![above, i64::from(day.days())], &mut |row| {
        let person = PersonId(row.int(0)?);
        let path = UnitPath::from_val(row.val(2)?)?;
        match found.iter_mut().find(|able| able.person == person) {
            Some(able) => able.posts.push(path),
            None => {
                let (name, unit_name) = (row.text(1)?, row.text(3)?);
                found.push(Able { person, name, posts: vec![path], unit_name });
            }
        }
        Ok(())
    })?;
    Ok(found)
}
