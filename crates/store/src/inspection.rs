//! Inspections, visits, findings: lists, overlaps, the calendar and who is never visited.

use crate::draw::{LIST_ROWS_MAX, codes, columns, numbers, within};
use crate::record::{Field, Record};
use crate::records::{InspectionMember, VisitMember};
use crate::{Conn, Fault, Row, Val, vals};
use bihuan_domain::id::{CampaignId, FindingId, InspectionId, PersonId, ProblemId, UnitId, VisitId};
use bihuan_domain::inspection::{Finding, FindingPhoto, Inspection, InspectionState, Visit, VisitState};
use bihuan_domain::unit::{Level, Unit, UnitPath};
use bihuan_domain::{Coded, Day};
use std::collections::BTreeMap;

/// Days before and after a visit within which another one counts as near.
pub const NEAR_DAYS: i32 = 7;
/// Rows of one page of the coverage.
pub const COVERAGE_PAGE: i64 = 100;

/// Plans of a campaign by units of these subtrees, newest first.
///
/// # Errors
/// Faults of the database.
pub fn list(
    conn: &mut Conn,
    campaign: CampaignId,
    roots: &[UnitPath],
) -> Result<Vec<(Inspection, Unit)>, Fault> {
    let mut args: Vec<Val> = vals![campaign.0].to_vec();
    let seen = within(roots, "u.path", &mut args);
    let sql = format!(
        "SELECT {}, {} FROM inspection i JOIN unit u ON u.id = i.unit_id WHERE i.campaign_id = $1 AND {seen} \
         ORDER BY i.starts_day DESC, i.id DESC LIMIT {LIST_ROWS_MAX}",
        columns::<Inspection>("i"),
        columns::<Unit>("u")
    );
    let at = Inspection::COLUMNS.len();
    conn.rows(&sql, &args)?
        .iter()
        .map(|row| Ok((Inspection::from_row(row, 0)?, Unit::from_row(row, at)?)))
        .collect()
}

/// Plans that wait for an approval over units of these subtrees.
///
/// # Errors
/// Faults of the database.
pub fn proposed(conn: &mut Conn, roots: &[UnitPath]) -> Result<Vec<(Inspection, Unit)>, Fault> {
    let mut args: Vec<Val> = vals![InspectionState::Proposed.code()].to_vec();
    let seen = within(roots, "u.path", &mut args);
    let sql = format!(
        "SELECT {}, {} FROM inspection i JOIN unit u ON u.id = i.unit_id WHERE i.state = $1 AND {seen} \
         ORDER BY i.starts_day, i.id LIMIT {LIST_ROWS_MAX}",
        columns::<Inspection>("i"),
        columns::<Unit>("u")
    );
    let at = Inspection::COLUMNS.len();
    conn.rows(&sql, &args)?
        .iter()
        .map(|row| Ok((Inspection::from_row(row, 0)?, Unit::from_row(row, at)?)))
        .collect()
}

/// The team of a plan.
///
/// # Errors
/// Faults of the database.
pub fn members(conn: &mut Conn, id: InspectionId) -> Result<Vec<PersonId>, Fault> {
    let rows = InspectionMember::load(conn, "WHERE inspection_id = $1 ORDER BY person_id", &vals![id.0])?;
    Ok(rows.into_iter().map(|row| row.person_id).collect())
}

/// A visit with its unit and plan's title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitLine {
    /// The visit.
    pub visit: Visit,
    /// The visited unit.
    pub unit: Unit,
    /// Title of its plan.
    pub title: String,
    /// What the plan inspects.
    pub subject: String,
    /// How far the plan is.
    pub plan: InspectionState,
    /// Findings.
    pub findings: i64,
}

fn lines(conn: &mut Conn, condition: &str, args: &[Val]) -> Result<Vec<VisitLine>, Fault> {
    let sql = format!(
        "SELECT {}, {}, i.title, i.subject, i.state, (SELECT COUNT(*) FROM finding f WHERE f.visit_id = v.id) \
         FROM visit v JOIN unit u ON u.id = v.unit_id JOIN inspection i ON i.id = v.inspection_id {condition}",
        columns::<Visit>("v"),
        columns::<Unit>("u")
    );
    conn.rows(&sql, args)?.iter().map(line_of).collect()
}

fn line_of(row: &Row) -> Result<VisitLine, Fault> {
    let at = Visit::COLUMNS.len();
    let after = at + Unit::COLUMNS.len();
    Ok(VisitLine {
        visit: Visit::from_row(row, 0)?,
        unit: Unit::from_row(row, at)?,
        title: row.text(after)?,
        subject: row.text(after + 1)?,
        plan: InspectionState::from_val(row.val(after + 2)?)?,
        findings: row.int(after + 3)?,
    })
}

/// Visits of a plan, by day.
///
/// # Errors
/// Faults of the database.
pub fn visits(conn: &mut Conn, id: InspectionId) -> Result<Vec<VisitLine>, Fault> {
    let condition = format!(
        "WHERE v.inspection_id = $1 ORDER BY v.from_day, u.official_order, v.id LIMIT {LIST_ROWS_MAX}"
    );
    lines(conn, &condition, &vals![id.0])
}

/// One visit.
///
/// # Errors
/// Faults of the database.
pub fn visit(conn: &mut Conn, id: VisitId) -> Result<Option<VisitLine>, Fault> {
    Ok(lines(conn, "WHERE v.id = $1", &vals![id.0])?.pop())
}

/// Visits of a unit by any plan, newest first: what others found need not be looked for again.
///
/// # Errors
/// Faults of the database.
pub fn of_unit(conn: &mut Conn, unit: UnitId) -> Result<Vec<VisitLine>, Fault> {
    lines(conn, "WHERE v.unit_id = $1 ORDER BY v.from_day DESC, v.id DESC LIMIT 50", &vals![unit.0])
}

/// Live visits in a subtree that touch these days.
///
/// # Errors
/// Faults of the database.
pub fn calendar(conn: &mut Conn, roots: &[UnitPath], from: Day, to: Day) -> Result<Vec<VisitLine>, Fault> {
    let mut args: Vec<Val> = vals![i64::from(from.days()), i64::from(to.days())].to_vec();
    let seen = within(roots, "u.path", &mut args);
    let live = codes(&[VisitState::Planned, VisitState::Done]);
    let condition = format!(
        "WHERE v.to_day >= $1 AND v.from_day <= $2 AND v.state IN ({live}) AND {seen} \
         ORDER BY length(u.path), u.official_order, u.id, v.from_day LIMIT 2000"
    );
    lines(conn, &condition, &args)
}

/// Live visits of other plans to units of this plan within [`NEAR_DAYS`] of its own: pairs of own and other.
///
/// # Errors
/// Faults of the database.
pub fn overlaps(conn: &mut Conn, id: InspectionId) -> Result<Vec<(VisitId, VisitLine)>, Fault> {
    let live = codes(&[VisitState::Planned, VisitState::Done]);
    let sql = format!(
        "SELECT {}, {}, i.title, i.subject, i.state, 0, own.id FROM visit own \
         JOIN visit v ON v.unit_id = own.unit_id AND v.inspection_id <> own.inspection_id \
           AND v.from_day <= own.to_day + {NEAR_DAYS} AND v.to_day >= own.from_day - {NEAR_DAYS} AND v.state IN ({live}) \
         JOIN unit u ON u.id = v.unit_id JOIN inspection i ON i.id = v.inspection_id \
         WHERE own.inspection_id = $1 AND own.state = '{}' ORDER BY own.from_day, own.id, v.id LIMIT {LIST_ROWS_MAX}",
        columns::<Visit>("v"),
        columns::<Unit>("u"),
        VisitState::Planned.code()
    );
    let last = Visit::COLUMNS.len() + Unit::COLUMNS.len() + 4;
    conn.rows(&sql, &vals![id.0])?.iter().map(|row| Ok((VisitId(row.int(last)?), line_of(row)?))).collect()
}

/// People of many visits.
///
/// # Errors
/// Faults of the database.
pub fn visit_members(
    conn: &mut Conn,
    visits: impl IntoIterator<Item = VisitId>,
) -> Result<BTreeMap<VisitId, Vec<PersonId>>, Fault> {
    let list = numbers(visits.into_iter().map(|id| id.0));
    let condition =
        "WHERE visit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY visit_id, person_id";
    let mut found: BTreeMap<VisitId, Vec<PersonId>> = BTreeMap::new();
    for row in VisitMember::load(conn, condition, &vals![list])? {
        found.entry(row.visit_id).or_default().push(row.person_id);
    }
    Ok(found)
}

/// Planned visits of issued plans that wait for a person.
///
/// # Errors
/// Faults of the database.
pub fn waiting(conn: &mut Conn, person: PersonId) -> Result<Vec<VisitLine>, Fault> {
    let condition = format!(
        "JOIN visit_member m ON m.visit_id = v.id WHERE m.person_id = $1 AND v.state = '{}' AND i.state = '{}' \
         ORDER BY v.to_day, v.id LIMIT {LIST_ROWS_MAX}",
        VisitState::Planned.code(),
        InspectionState::Issued.code()
    );
    lines(conn, &condition, &vals![person.0])
}

/// Findings of a visit with their photos.
///
/// # Errors
/// Faults of the database.
pub fn findings(conn: &mut Conn, visit: VisitId) -> Result<Vec<(Finding, Vec<FindingPhoto>)>, Fault> {
    let findings = Finding::load(conn, "WHERE visit_id = $1 ORDER BY ordinal, id", &vals![visit.0])?;
    let list = numbers(findings.iter().map(|finding| finding.id.0));
    let condition =
        "WHERE finding_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY finding_id, id";
    let photos = FindingPhoto::load(conn, condition, &vals![list])?;
    Ok(findings
        .into_iter()
        .map(|finding| {
            let own = photos.iter().filter(|photo| photo.finding_id == finding.id).cloned().collect();
            (finding, own)
        })
        .collect())
}

/// Where a problem came from, if a visit found it.
///
/// # Errors
/// Faults of the database.
pub fn origin(conn: &mut Conn, problem: ProblemId) -> Result<Option<Finding>, Fault> {
    Finding::find(conn, "WHERE problem_id = $1 ORDER BY id LIMIT 1", &vals![problem.0])
}

/// The finding that a form with this key has filed already.
///
/// # Errors
/// Faults of the database.
pub fn finding_of_key(conn: &mut Conn, visit: VisitId, key: &str) -> Result<Option<FindingId>, Fault> {
    Ok(Finding::find(conn, "WHERE visit_id = $1 AND client_key = $2", &vals![visit.0, key])?.map(|f| f.id))
}

/// How often a unit was visited in a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The unit.
    pub unit: Unit,
    /// Visits done, also those whose result another plan used.
    pub done: i64,
    /// Visits still planned.
    pub planned: i64,
    /// The last one.
    pub last_day: Option<Day>,
}

/// The coverage of a subtree: whole numbers, and one page of units, never visited first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Units of the level.
    pub units: i64,
    /// Of them visited at least once.
    pub visited: i64,
    /// Not visited, but planned.
    pub planned: i64,
    /// One page.
    pub page: Vec<Covered>,
}

/// Who of a level at or below `path` was visited, and who never; of all levels where none is given.
///
/// # Errors
/// Faults of the database.
pub fn coverage(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
    level: Option<Level>,
    offset: i64,
) -> Result<Coverage, Fault> {
    let done = codes(&[VisitState::Done, VisitState::Covered]);
    let counted = format!(
        "FROM (SELECT un.id, un.path, un.official_order, \
           (SELECT COUNT(*) FROM visit v WHERE v.unit_id = un.id AND v.campaign_id = $1 AND v.state IN ({done})) AS done, \
           (SELECT COUNT(*) FROM visit v WHERE v.unit_id = un.id AND v.campaign_id = $1 AND v.state = '{}') AS planned, \
           (SELECT MAX(v.done_day) FROM visit v WHERE v.unit_id = un.id AND v.campaign_id = $1) AS last_day \
         FROM unit un WHERE un.path >= $2 AND un.path < $3 AND ($4 = '' OR un.level = $4) AND un.closed_day IS NULL) c",
        VisitState::Planned.code()
    );
    let mut args: Vec<Val> =
        vals![campaign.0, path.as_str(), path.subtree_end(), level.map_or("", |level| level.code())].to_vec();
    let sql = format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN c.done > 0 THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN c.done = 0 AND c.planned > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) {counted}"
    );
    let totals = conn.first(&sql, &args)?.ok_or_else(|| Fault::corrupt("a count without a row"))?;
    args.push(Val::Int(offset));
    let sql = format!(
        "SELECT {}, c.done, c.planned, c.last_day {counted} JOIN unit u ON u.id = c.id \
         ORDER BY CASE WHEN c.done > 0 THEN 1 ELSE 0 END, c.planned, length(c.path), \
         substr(c.path, 1, length(c.path) - 5), c.official_order, c.id LIMIT {COVERAGE_PAGE} OFFSET $5",
        columns::<Unit>("u")
    );
    let at = Unit::COLUMNS.len();
    let page = conn.rows(&sql, &args)?;
    let page = page.iter().map(|row| {
        Ok(Covered {
            unit: Unit::from_row(row, 0)?,
            done: row.int(at)?,
            planned: row.int(at + 1)?,
            last_day: Option::from_val(row.val(at + 2)?)?,
        })
    });
    Ok(Coverage {
        units: totals.int(0)?,
        visited: totals.int(1)?,
        planned: totals.int(2)?,
        page: page.collect::<Result<_, Fault>>()?,
    })
}
