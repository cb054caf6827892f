//! Units in need, and the outcomes that tell levels and siblings apart.

use crate::draw::{LIST_ROWS_MAX, codes, columns, within};
use crate::record::Record;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::help::Help;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::inspection::VisitState;
use bihuan_domain::problem::{Flow, State};
use bihuan_domain::unit::{Level, Unit, UnitPath};
use bihuan_domain::{Coded, Day};
use std::collections::BTreeMap;

/// Units in need in these subtrees, running ones first.
///
/// # Errors
/// Faults of the database.
pub fn list(conn: &mut Conn, campaign: CampaignId, roots: &[UnitPath]) -> Result<Vec<(Help, Unit)>, Fault> {
    let mut args: Vec<Val> = vals![campaign.0].to_vec();
    let seen = within(roots, "u.path", &mut args);
    let sql = format!(
        "SELECT {}, {} FROM help h JOIN unit u ON u.id = h.unit_id WHERE h.campaign_id = $1 AND {seen} \
         ORDER BY h.state DESC, h.ends_day, h.id LIMIT {LIST_ROWS_MAX}",
        columns::<Help>("h"),
        columns::<Unit>("u")
    );
    let at = Help::COLUMNS.len();
    conn.rows(&sql, &args)?
        .iter()
        .map(|row| Ok((Help::from_row(row, 0)?, Unit::from_row(row, at)?)))
        .collect()
}

/// How something flowed at each child of a unit since a day.
///
/// # Errors
/// Faults of the database.
pub fn flows_of_children(
    conn: &mut Conn,
    parent: UnitId,
    campaign: CampaignId,
    since: Day,
) -> Result<BTreeMap<(UnitId, Flow), i64>, Fault> {
    let sql = "SELECT r.unit_id, r.item, CAST(SUM(r.n) AS BIGINT) FROM unit u JOIN rollup r ON r.unit_id = u.id \
         WHERE u.parent_id = $1 AND r.campaign_id = $2 AND r.facet = 'flow' AND r.day >= $3 GROUP BY r.unit_id, r.item";
    let mut found = BTreeMap::new();
    conn.each(sql, &vals![parent.0, campaign.0, i64::from(since.days())], &mut |row| {
        if let Some(flow) = Flow::from_code(row.str(1)?) {
            found.insert((UnitId(row.int(0)?), flow), row.int(2)?);
        }
        Ok(())
    })?;
    Ok(found)
}

/// Units and visited units of each child's subtree, by child.
///
/// # Errors
/// Faults of the database.
pub fn visited_below(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
) -> Result<BTreeMap<String, (i64, i64)>, Fault> {
    let chars = path.child(UnitId(1)).as_str().len();
    let sql = format!(
        "SELECT substr(u.path, 1, {chars}), COUNT(*), CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM visit v \
           WHERE v.unit_id = u.id AND v.campaign_id = $1 AND v.state IN ({})) THEN 1 ELSE 0 END) AS BIGINT) \
         FROM unit u WHERE u.path > $2 AND u.path < $3 AND u.closed_day IS NULL GROUP BY substr(u.path, 1, {chars})",
        codes(&[VisitState::Done, VisitState::Covered])
    );
    let mut found = BTreeMap::new();
    conn.each(&sql, &vals![campaign.0, path.as_str(), path.subtree_end()], &mut |row| {
        found.insert(row.text(0)?, (row.int(1)?, row.int(2)?));
        Ok(())
    })?;
    Ok(found)
}

/// What units of one level count in a subtree, each for itself and not for those below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfLevel {
    /// Problems.
    pub total: i64,
    /// The doing unit owes.
    pub owing: i64,
    /// Late.
    pub late: i64,
    /// Sent back since a day.
    pub sent_back: i64,
    /// Found done since that day, by whoever checks.
    pub verified: i64,
    /// Slips that ask for an answer.
    pub asked: i64,
    /// Of them not answered by their day.
    pub unanswered: i64,
    /// Units of the level.
    pub units: i64,
    /// Of them visited at least once.
    pub visited: i64,
}

/// What the units of each level below and at `path` count: problems, flows since `since`, slips and visits.
///
/// # Errors
/// Faults of the database.
pub fn by_level(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
    (since, today): (Day, Day),
) -> Result<BTreeMap<Level, OfLevel>, Fault> {
    let mut found = BTreeMap::new();
    problems_by_level(conn, campaign, path, today, &mut found)?;
    flows_by_level(conn, campaign, path, since, &mut found)?;
    slips_by_level(conn, campaign, path, today, &mut found)?;
    visits_by_level(conn, campaign, path, &mut found)?;
    Ok(found)
}

type Levels = BTreeMap<Level, OfLevel>;

fn problems_by_level(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
    today: Day,
    found: &mut Levels,
) -> Result<(), Fault> {
    let owing: Vec<State> = State::ALL.iter().copied().filter(|state| state.doer_owes()).collect();
    let owing = codes(&owing);
    let sum = |condition: &str| format!("CAST(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT u.level, COUNT(*), {}, {} FROM problem p JOIN unit u ON u.id = p.home_unit_id \
         WHERE p.campaign_id = $1 AND p.home_path >= $2 AND p.home_path < $3 GROUP BY u.level",
        sum(&format!("p.state IN ({owing})")),
        sum(&format!("p.state IN ({owing}) AND p.clock_day < $4")),
    );
    let args = vals![campaign.0, path.as_str(), path.subtree_end(), i64::from(today.days())];
    conn.each(&sql, &args, &mut |row| {
        if let Some(level) = Level::from_code(row.str(0)?) {
            let of: &mut OfLevel = found.entry(level).or_default();
            (of.total, of.owing, of.late) = (row.int(1)?, row.int(2)?, row.int(3)?);
        }
        Ok(())
    })
}

/// Counts are kept with the whole subtree: what units of a level have themselves is theirs less that of their children.
fn flows_by_level(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
    since: Day,
    found: &mut Levels,
) -> Result<(), Fault> {
    let flows = codes(&[Flow::SentBack, Flow::Verified]);
    let whole = format!(
        "SELECT u.level, r.item, CAST(SUM(r.n) AS BIGINT) FROM unit u JOIN rollup r ON r.unit_id = u.id \
         WHERE u.path >= $1 AND u.path < $2 AND r.campaign_id = $3 AND r.facet = 'flow' AND r.item IN ({flows}) \
         AND r.day >= $4 GROUP BY u.level, r.item"
    );
    let below = format!(
        "SELECT a.level, r.item, CAST(SUM(r.n) AS BIGINT) FROM unit u JOIN unit a ON a.id = u.parent_id \
         JOIN rollup r ON r.unit_id = u.id WHERE u.path > $1 AND u.path < $2 AND r.campaign_id = $3 \
         AND r.facet = 'flow' AND r.item IN ({flows}) AND r.day >= $4 GROUP BY a.level, r.item"
    );
    let args = vals![path.as_str(), path.subtree_end(), campaign.0, i64::from(since.days())];
    for (sql, sign) in [(whole, 1), (below, -1)] {
        conn.each(&sql, &args, &mut |row| {
            let (level, flow) = (Level::from_code(row.str(0)?), Flow::from_code(row.str(1)?));
            if let (Some(level), Some(flow)) = (level, flow) {
                let of = found.entry(level).or_default();
                let n = sign * row.int(2)?;
                if flow == Flow::SentBack { of.sent_back += n } else { of.verified += n }
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn slips_by_level(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
    today: Day,
    found: &mut Levels,
) -> Result<(), Fault> {
    let sql = format!(
        "SELECT u.level, COUNT(*), CAST(SUM(CASE WHEN {} THEN 1 ELSE 0 END) AS BIGINT) FROM slip s \
         JOIN unit u ON u.id = s.holder_unit_id WHERE s.campaign_id = $1 AND u.path >= $2 AND u.path < $3 AND {} \
         GROUP BY u.level",
        crate::dispatch::unanswered_on("$4"),
        crate::dispatch::asks_for_an_answer()
    );
    let args = vals![campaign.0, path.as_str(), path.subtree_end(), i64::from(today.days())];
    conn.each(&sql, &args, &mut |row| {
        if let Some(level) = Level::from_code(row.str(0)?) {
            let of: &mut OfLevel = found.entry(level).or_default();
            (of.asked, of.unanswered) = (row.int(1)?, row.int(2)?);
        }
        Ok(())
    })
}

fn visits_by_level(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
    found: &mut Levels,
) -> Result<(), Fault> {
    let sql = format!(
        "SELECT u.level, COUNT(*), CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM visit v WHERE v.unit_id = u.id \
           AND v.campaign_id = $1 AND v.state IN ({})) THEN 1 ELSE 0 END) AS BIGINT) \
         FROM unit u WHERE u.path > $2 AND u.path < $3 AND u.closed_day IS NULL GROUP BY u.level",
        codes(&[VisitState::Done, VisitState::Covered])
    );
    conn.each(&sql, &vals![campaign.0, path.as_str(), path.subtree_end()], &mut |row| {
        if let Some(level) = Level::from_code(row.str(0)?) {
            let of: &mut OfLevel = found.entry(level).or_default();
            (of.units, of.visited) = (row.int(1)?, row.int(2)?);
        }
        Ok(())
    })
}
