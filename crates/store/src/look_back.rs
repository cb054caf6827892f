//! Look-backs over many problems: who owes which, and how reliable each unit's closures were.

use crate::draw::{codes, columns, within};
use crate::record::{Field, Record};
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Coded;
use bihuan_domain::id::{CampaignId, DrawId, PersonId};
use bihuan_domain::look_back::{LookBack, LookBackDuty, LookBackResult, Reliability};
use bihuan_domain::problem::Problem;
use bihuan_domain::unit::{Level, UnitPath};
use std::collections::BTreeMap;

/// A look-back with its problem and, when it was drawn, who does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The look-back.
    pub look_back: LookBack,
    /// The problem.
    pub problem: Problem,
    /// Who does it.
    pub duty: Option<LookBackDuty>,
}

/// Which look-backs.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The campaign.
    pub campaign: CampaignId,
    /// Only of this draw.
    pub draw: Option<DrawId>,
    /// Only this person's.
    pub person: Option<PersonId>,
    /// Only with these results; empty for all.
    pub results: Vec<LookBackResult>,
    /// Only of problems counted in this subtree.
    pub within: Option<UnitPath>,
    /// Only of problems counted at units of this level.
    pub level: Option<Level>,
    /// The first row.
    pub offset: i64,
}

/// Look-backs on one page of the list.
pub const LOOK_BACK_ROWS: i64 = 20;

/// One page of the look-backs of problems in these subtrees, by day, with how many there are.
///
/// # Errors
/// Faults of the database.
pub fn list(conn: &mut Conn, filter: &Filter, roots: &[UnitPath]) -> Result<(Vec<Line>, i64), Fault> {
    let mut args: Vec<Val> = vals![filter.campaign.0].to_vec();
    let mut parts = vec!["p.campaign_id = $1".to_owned(), within(roots, "p.home_path", &mut args)];
    if let Some(path) = &filter.within {
        parts.push(within(std::slice::from_ref(path), "p.home_path", &mut args));
    }
    for (column, id) in
        [("d.draw_id", filter.draw.map(|id| id.0)), ("d.person_id", filter.person.map(|id| id.0))]
    {
        if let Some(id) = id {
            args.push(Val::Int(id));
            parts.push(format!("{column} = ${}", args.len()));
        }
    }
    if let Some(level) = filter.level {
        args.push(level.to_val());
        parts.push(format!("p.home_unit_id IN (SELECT lu.id FROM unit lu WHERE lu.level = ${})", args.len()));
    }
    if !filter.results.is_empty() {
        parts.push(format!("l.result IN ({})", codes(&filter.results)));
    }
    let from = format!(
        "FROM look_back l JOIN problem p ON p.id = l.problem_id \
         LEFT JOIN look_back_duty d ON d.look_back_id = l.id WHERE {}",
        parts.join(" AND ")
    );
    let count = conn.first(&format!("SELECT COUNT(*) {from}"), &args)?;
    let total = count.ok_or_else(|| Fault::corrupt("a count without a row"))?.int(0)?;
    args.push(Val::Int(filter.offset.max(0)));
    let sql = format!(
        "SELECT {}, {}, {} {from} ORDER BY l.due_day, l.id LIMIT {LOOK_BACK_ROWS} OFFSET ${}",
        columns::<LookBack>("l"),
        columns::<Problem>("p"),
        columns::<LookBackDuty>("d"),
        args.len()
    );
    let (at, after) = (LookBack::COLUMNS.len(), LookBack::COLUMNS.len() + Problem::COLUMNS.len());
    let lines: Result<Vec<Line>, Fault> = conn
        .rows(&sql, &args)?
        .iter()
        .map(|row| {
            let drawn = *row.val(after)? != Val::Null;
            Ok(Line {
                look_back: LookBack::from_row(row, 0)?,
                problem: Problem::from_row(row, at)?,
                duty: if drawn { Some(LookBackDuty::from_row(row, after)?) } else { None },
            })
        })
        .collect();
    Ok((lines?, total))
}

/// Results of look-backs of a subtree by the level of the unit that the problem is counted at.
///
/// # Errors
/// Faults of the database.
pub fn reliability_by_level(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
) -> Result<BTreeMap<Level, Reliability>, Fault> {
    let sql = "SELECT u.level, l.result, COUNT(*) FROM look_back l JOIN problem p ON p.id = l.problem_id \
         JOIN unit u ON u.id = p.home_unit_id WHERE p.campaign_id = $1 AND p.home_path >= $2 AND p.home_path < $3 \
         GROUP BY u.level, l.result";
    let mut found: BTreeMap<Level, Reliability> = BTreeMap::new();
    conn.each(sql, &vals![campaign.0, path.as_str(), path.subtree_end()], &mut |row| {
        if let Some(level) = Level::from_code(row.str(0)?) {
            count_into(found.entry(level).or_default(), &row.text(1)?, row.int(2)?);
        }
        Ok(())
    })?;
    Ok(found)
}

fn count_into(one: &mut Reliability, result: &str, n: i64) {
    match LookBackResult::from_code(result) {
        Some(LookBackResult::Holds) => one.holds += n,
        Some(LookBackResult::SlippedBack) => one.slipped_back += n,
        Some(LookBackResult::NeverTrue) => one.never_true += n,
        Some(LookBackResult::Pending) => one.pending += n,
        _ => {}
    }
}

/// Results of look-backs of a subtree by the child of `path` that the problem is counted at (`path` itself for its own).
///
/// # Errors
/// Faults of the database.
pub fn reliability(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
) -> Result<BTreeMap<UnitPath, Reliability>, Fault> {
    let chars = path.as_str().len() + UnitPath::default().child(bihuan_domain::id::UnitId(1)).as_str().len();
    let sql = format!(
        "SELECT substr(p.home_path, 1, {chars}), l.result, COUNT(*) FROM look_back l JOIN problem p ON p.id = l.problem_id \
         WHERE p.campaign_id = $1 AND p.home_path >= $2 AND p.home_path < $3 GROUP BY substr(p.home_path, 1, {chars}), l.result"
    );
    let mut found: BTreeMap<UnitPath, Reliability> = BTreeMap::new();
    conn.each(&sql, &vals![campaign.0, path.as_str(), path.subtree_end()], &mut |row| {
        let child = UnitPath::from_val(row.val(0)?)?;
        count_into(found.entry(child).or_default(), &row.text(1)?, row.int(2)?);
        Ok(())
    })?;
    Ok(found)
}
