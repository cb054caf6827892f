//! Ledgers: imports with their rows, remembered layouts, saved views, and the names that lists show.

use crate::record::{Field, Record};
use crate::records::{LedgerImport, LedgerLayout, LedgerRowRecord, SavedView};
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::id::{CampaignId, LedgerImportId, PersonId, PostId, ProblemId, UnitId};
use bihuan_domain::ledger_import::ImportState;
use bihuan_domain::measure::{Measure, MeasureState};
use bihuan_domain::problem::{PartyRole, Problem};
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_domain::unit_match::Candidate;
use bihuan_domain::{Coded, Day};
use std::collections::{BTreeSet, HashMap};

/// Most imports one page lists.
pub const IMPORTS_PAGE: i64 = 100;
/// Most views a person keeps.
pub const SAVED_VIEWS_MAX: i64 = 30;

/// Imports of a campaign whose registering unit lies in one of the subtrees, newest first.
///
/// # Errors
/// Faults of the database.
pub fn imports_of(
    conn: &mut Conn,
    campaign: Option<CampaignId>,
    roots: &[UnitPath],
) -> Result<Vec<LedgerImport>, Fault> {
    let mut args: Vec<Val> = Vec::new();
    let mut places = Vec::new();
    for root in roots {
        args.push(Val::from(root.as_str()));
        args.push(Val::from(root.subtree_end()));
        places.push(format!("(u.path >= ${} AND u.path < ${})", args.len() - 1, args.len()));
    }
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut conditions = format!("({})", places.join(" OR "));
    if let Some(campaign) = campaign {
        args.push(Val::Int(campaign.0));
        conditions.push_str(&format!(" AND i.campaign_id = ${}", args.len()));
    }
    let columns: Vec<String> = LedgerImport::COLUMNS.iter().map(|c| format!("i.{c}")).collect();
    let sql = format!(
        "SELECT {} FROM ledger_import i JOIN unit u ON u.id = i.unit_id WHERE {conditions} \
         ORDER BY i.id DESC LIMIT {IMPORTS_PAGE}",
        columns.join(", ")
    );
    conn.rows(&sql, &args)?.iter().map(|row| LedgerImport::from_row(row, 0)).collect()
}

/// Imports of one unit in one campaign that registered something or are about to, newest first.
///
/// # Errors
/// Faults of the database.
pub fn imports_by_unit(
    conn: &mut Conn,
    campaign: CampaignId,
    unit: UnitId,
) -> Result<Vec<LedgerImport>, Fault> {
    LedgerImport::load(
        conn,
        "WHERE campaign_id = $1 AND unit_id = $2 AND state IN ($3, $4) ORDER BY id DESC LIMIT 200",
        &vals![campaign.0, unit.0, ImportState::Done.code(), ImportState::Importing.code()],
    )
}

/// Imports whose rows are being registered, the oldest first.
///
/// # Errors
/// Faults of the database.
pub fn imports_running(conn: &mut Conn) -> Result<Vec<LedgerImport>, Fault> {
    LedgerImport::load(conn, "WHERE state = $1 ORDER BY id", &vals![ImportState::Importing.code()])
}

/// The measures of some problems' present rounds that were not taken back, in their order.
///
/// # Errors
/// Faults of the database.
pub fn live_measures(
    conn: &mut Conn,
    problems: &[ProblemId],
) -> Result<HashMap<ProblemId, Vec<Measure>>, Fault> {
    let list = serde_json::to_string(problems).unwrap_or_default();
    let condition = "WHERE problem_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) AND state <> $2 \
         AND round = (SELECT p.round FROM problem p WHERE p.id = problem_id) ORDER BY problem_id, ordinal, id";
    let mut found: HashMap<ProblemId, Vec<Measure>> = HashMap::new();
    for measure in Measure::load(conn, condition, &vals![list, MeasureState::Dropped.code()])? {
        found.entry(measure.problem_id).or_default().push(measure);
    }
    Ok(found)
}

/// The rows of an import in order.
///
/// # Errors
/// Faults of the database.
pub fn rows_of(conn: &mut Conn, import: LedgerImportId) -> Result<Vec<LedgerRowRecord>, Fault> {
    LedgerRowRecord::load(conn, "WHERE import_id = $1 ORDER BY ordinal", &vals![import.0])
}

/// How many rows of an import are registered, and the order of the last.
///
/// # Errors
/// Faults of the database.
pub fn progress_of(conn: &mut Conn, import: LedgerImportId) -> Result<i64, Fault> {
    let row = conn.first("SELECT COUNT(*) FROM ledger_row WHERE import_id = $1", &vals![import.0])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Which of these orders an import has registered.
///
/// # Errors
/// Faults of the database.
pub fn registered(conn: &mut Conn, import: LedgerImportId) -> Result<BTreeSet<i64>, Fault> {
    let sql = "SELECT ordinal FROM ledger_row WHERE import_id = $1";
    conn.rows(sql, &vals![import.0])?.iter().map(|row| row.int(0)).collect()
}

/// The mapping remembered for a layout.
///
/// # Errors
/// Faults of the database.
pub fn layout(
    conn: &mut Conn,
    fingerprint: &str,
    campaign: CampaignId,
) -> Result<Option<LedgerLayout>, Fault> {
    LedgerLayout::find(
        conn,
        "WHERE fingerprint = $1 AND campaign_id = $2 LIMIT 1",
        &vals![fingerprint, campaign.0],
    )
}

/// Problems by their numbers.
///
/// # Errors
/// Faults of the database.
pub fn problems(conn: &mut Conn, ids: &[ProblemId]) -> Result<HashMap<ProblemId, Problem>, Fault> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(500) {
        let condition = format!("WHERE id IN ({})", list_of(chunk.iter().map(|id| id.0)));
        found.extend(Problem::load(conn, &condition, &[])?.into_iter().map(|p| (p.id, p)));
    }
    Ok(found)
}

/// Problems split off from these, or found alike to them: rows an exported ledger gains.
///
/// # Errors
/// Faults of the database.
pub fn split_off_from(conn: &mut Conn, ids: &[ProblemId]) -> Result<Vec<Problem>, Fault> {
    let mut found = Vec::new();
    for chunk in ids.chunks(500) {
        let condition =
            format!("WHERE split_from_id IN ({}) ORDER BY number, id", list_of(chunk.iter().map(|id| id.0)));
        found.extend(Problem::load(conn, &condition, &[])?);
    }
    Ok(found)
}

/// Numbers are digits only, so they may stand in the text of a statement.
fn list_of(ids: impl Iterator<Item = i64>) -> String {
    let ids: BTreeSet<i64> = ids.collect();
    if ids.is_empty() {
        return "0".to_owned();
    }
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// Names of units.
///
/// # Errors
/// Faults of the database.
pub fn unit_names(
    conn: &mut Conn,
    ids: impl Iterator<Item = UnitId>,
) -> Result<HashMap<UnitId, String>, Fault> {
    let ids: BTreeSet<i64> = ids.map(|id| id.0).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut names = HashMap::new();
    for chunk in ids.chunks(500) {
        let sql = format!("SELECT id, name FROM unit WHERE id IN ({})", list_of(chunk.iter().copied()));
        conn.each(&sql, &[], &mut |row| {
            names.insert(UnitId(row.int(0)?), row.text(1)?);
            Ok(())
        })?;
    }
    Ok(names)
}

/// Names units bore on a day, where they differ from today's.
///
/// # Errors
/// Faults of the database.
pub fn unit_names_on(
    conn: &mut Conn,
    ids: impl Iterator<Item = UnitId>,
    day: Day,
) -> Result<HashMap<UnitId, String>, Fault> {
    let ids: BTreeSet<i64> = ids.map(|id| id.0).collect();
    let mut names = unit_names(conn, ids.iter().copied().map(UnitId))?;
    let ids: Vec<i64> = ids.into_iter().collect();
    for chunk in ids.chunks(500) {
        let sql = format!(
            "SELECT unit_id, name FROM unit_name WHERE unit_id IN ({}) AND from_day <= $1 AND (to_day IS NULL OR to_day > $1)",
            list_of(chunk.iter().copied())
        );
        conn.each(&sql, &vals![i64::from(day.days())], &mut |row| {
            names.insert(UnitId(row.int(0)?), row.text(1)?);
            Ok(())
        })?;
    }
    Ok(names)
}

/// A post in charge of problems, with who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostName {
    /// The post.
    pub post: PostId,
    /// Its name.
    pub name: String,
    /// Who holds it on the day; empty when vacant.
    pub holder: String,
}

/// Names of posts with their holders of a day.
///
/// # Errors
/// Faults of the database.
pub fn post_names(
    conn: &mut Conn,
    ids: impl Iterator<Item = PostId>,
    day: Day,
) -> Result<HashMap<PostId, PostName>, Fault> {
    let sql = format!(
        "SELECT po.id, po.name, COALESCE(pe.name, '') FROM post po \
         LEFT JOIN tenure t ON t.post_id = po.id AND t.from_day <= $1 AND (t.to_day IS NULL OR t.to_day > $1) \
         LEFT JOIN person pe ON pe.id = t.person_id WHERE po.id IN ({})",
        list_of(ids.map(|id| id.0))
    );
    let mut names = HashMap::new();
    conn.each(&sql, &vals![i64::from(day.days())], &mut |row| {
        let post = PostId(row.int(0)?);
        names.insert(post, PostName { post, name: row.text(1)?, holder: row.text(2)? });
        Ok(())
    })?;
    Ok(names)
}

/// Posts in charge of problems of a subtree in one campaign, to filter by.
///
/// # Errors
/// Faults of the database.
pub fn leaders_in(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
    day: Day,
) -> Result<Vec<PostName>, Fault> {
    let sql = "SELECT DISTINCT leader_post_id FROM problem WHERE campaign_id = $1 AND home_path >= $2 \
         AND home_path < $3 AND leader_post_id IS NOT NULL LIMIT 200";
    let rows = conn.rows(sql, &vals![campaign.0, path.as_str(), path.subtree_end()])?;
    let ids: Vec<PostId> = rows.iter().map(|row| row.int(0).map(PostId)).collect::<Result<_, _>>()?;
    let mut names: Vec<PostName> = post_names(conn, ids.into_iter(), day)?.into_values().collect();
    names.sort_by_key(|post| post.post);
    Ok(names)
}

/// A unit with a part in a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyName {
    /// The unit.
    pub unit: UnitId,
    /// Its role.
    pub role: PartyRole,
    /// Its name today.
    pub name: String,
    /// The unit as written in the ledger.
    pub written: String,
    /// Its place.
    pub path: UnitPath,
}

/// Units with a part in these problems.
///
/// # Errors
/// Faults of the database.
pub fn parties_of(
    conn: &mut Conn,
    ids: impl Iterator<Item = ProblemId>,
) -> Result<HashMap<ProblemId, Vec<PartyName>>, Fault> {
    let sql = format!(
        "SELECT p.problem_id, p.unit_id, p.role, u.name, p.written, u.path FROM problem_party p \
         JOIN unit u ON u.id = p.unit_id WHERE p.problem_id IN ({}) ORDER BY p.problem_id, p.role, u.official_order, u.id",
        list_of(ids.map(|id| id.0))
    );
    let mut parties: HashMap<ProblemId, Vec<PartyName>> = HashMap::new();
    conn.each(&sql, &[], &mut |row| {
        let party = PartyName {
            unit: UnitId(row.int(1)?),
            role: Field::from_val(row.val(2)?)?,
            name: row.text(3)?,
            written: row.text(4)?,
            path: UnitPath::from_val(row.val(5)?)?,
        };
        parties.entry(ProblemId(row.int(0)?)).or_default().push(party);
        Ok(())
    })?;
    Ok(parties)
}

/// Texts of the live measures of these problems in their present round, in order.
///
/// # Errors
/// Faults of the database.
pub fn measures_of(
    conn: &mut Conn,
    ids: impl Iterator<Item = ProblemId>,
) -> Result<HashMap<ProblemId, Vec<String>>, Fault> {
    let sql = format!(
        "SELECT m.problem_id, m.text FROM measure m JOIN problem p ON p.id = m.problem_id AND p.round = m.round \
         WHERE m.problem_id IN ({}) AND m.state <> 'dropped' ORDER BY m.problem_id, m.ordinal, m.id",
        list_of(ids.map(|id| id.0))
    );
    let mut measures: HashMap<ProblemId, Vec<String>> = HashMap::new();
    conn.each(&sql, &[], &mut |row| {
        measures.entry(ProblemId(row.int(0)?)).or_default().push(row.text(1)?);
        Ok(())
    })?;
    Ok(measures)
}

/// What the tree looked like when it was last read: tells whether an index of it is still right.
///
/// # Errors
/// Faults of the database.
pub fn tree_stamp(conn: &mut Conn) -> Result<(i64, i64), Fault> {
    let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM unit";
    conn.first(sql, &[])?.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

/// All units as candidates for names in ledgers.
///
/// # Errors
/// Faults of the database.
pub fn candidates(conn: &mut Conn, day: Day) -> Result<Vec<Candidate>, Fault> {
    let sql = "SELECT id, parent_id, name, short_names, kind, created_day, closed_day FROM unit ORDER BY id";
    let today = i64::from(day.days());
    let mut found = Vec::new();
    conn.each(sql, &[], &mut |row| {
        let open = row.int(5)? <= today && row.opt_int(6)?.is_none_or(|closed| today < closed);
        found.push(Candidate {
            unit_id: UnitId(row.int(0)?),
            parent_id: row.opt_int(1)?.map(UnitId),
            name: row.text(2)?,
            short_names: row.text(3)?,
            kind: Field::from_val(row.val(4)?)?,
            open,
        });
        Ok(())
    })?;
    Ok(found)
}

/// Open units of a subtree on a day, in tree order: what a scope is expanded over.
///
/// # Errors
/// Faults of the database.
pub fn units_below(conn: &mut Conn, root: &UnitPath, day: Day) -> Result<Vec<Unit>, Fault> {
    Unit::load(
        conn,
        "WHERE path >= $1 AND path < $2 AND created_day <= $3 AND (closed_day IS NULL OR closed_day > $3) \
         ORDER BY path, official_order",
        &vals![root.as_str(), root.subtree_end(), i64::from(day.days())],
    )
}

/// Children of a unit today in official order, the closed ones last.
///
/// # Errors
/// Faults of the database.
pub fn children(conn: &mut Conn, parent: UnitId) -> Result<Vec<Unit>, Fault> {
    Unit::load(
        conn,
        "WHERE parent_id = $1 ORDER BY CASE WHEN closed_day IS NULL THEN 0 ELSE 1 END, official_order, id",
        &vals![parent.0],
    )
}

/// Children of a unit on a past day, by that day's tree.
///
/// # Errors
/// Faults of the database.
pub fn children_on(conn: &mut Conn, parent: UnitId, day: Day) -> Result<Vec<Unit>, Fault> {
    Unit::load(
        conn,
        "WHERE id IN (SELECT descendant_id FROM unit_closure WHERE ancestor_id = $1 AND depth = 1 \
         AND from_day <= $2 AND to_day > $2) AND created_day <= $2 ORDER BY official_order, id",
        &vals![parent.0, i64::from(day.days())],
    )
}

/// Units by their numbers, from the root down.
///
/// # Errors
/// Faults of the database.
pub fn units(conn: &mut Conn, ids: &[UnitId]) -> Result<Vec<Unit>, Fault> {
    let mut units = Unit::load(conn, &format!("WHERE id IN ({})", list_of(ids.iter().map(|id| id.0))), &[])?;
    units.sort_by_key(|unit| unit.path.as_str().len());
    Ok(units)
}

/// Open units whose name or short name holds the text, those inside the subtree, shortest name first.
///
/// # Errors
/// Faults of the database.
pub fn find_units(conn: &mut Conn, root: &UnitPath, text: &str, limit: i64) -> Result<Vec<Unit>, Fault> {
    let pattern = format!("%{}%", text.trim().replace('!', "!!").replace('%', "!%").replace('_', "!_"));
    let condition = format!(
        "WHERE path >= $1 AND path < $2 AND closed_day IS NULL AND (name LIKE $3 ESCAPE '!' OR short_names LIKE $3 ESCAPE '!') \
         ORDER BY length(name), path LIMIT {}",
        limit.clamp(1, 100)
    );
    Unit::load(conn, &condition, &vals![root.as_str(), root.subtree_end(), pattern])
}

/// A person's saved views.
///
/// # Errors
/// Faults of the database.
pub fn saved_views(conn: &mut Conn, person: PersonId) -> Result<Vec<SavedView>, Fault> {
    SavedView::load(
        conn,
        &format!("WHERE person_id = $1 ORDER BY id LIMIT {SAVED_VIEWS_MAX}"),
        &vals![person.0],
    )
}

/// The bytes of a kept file.
///
/// # Errors
/// Faults of the database.
pub fn file(conn: &mut Conn, digest: &str) -> Result<Option<Vec<u8>>, Fault> {
    let sql = "SELECT content FROM file_content WHERE digest = $1";
    conn.first(sql, &vals![digest])?.map(|row| row.bytes(0)).transpose()
}

/// Campaigns, running ones first.
///
/// # Errors
/// Faults of the database.
pub fn campaigns(conn: &mut Conn) -> Result<Vec<bihuan_domain::campaign::Campaign>, Fault> {
    bihuan_domain::campaign::Campaign::load(
        conn,
        "ORDER BY CASE state WHEN 'running' THEN 0 WHEN 'preparing' THEN 1 ELSE 2 END, starts_day DESC, id DESC",
        &[],
    )
}
