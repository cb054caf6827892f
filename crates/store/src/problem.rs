//! Problems: a case loaded whole, its difference written, and the ledger's lists.

pub mod export;
mod list;
pub mod units;

pub use list::{
    LedgerFilter, LedgerPage, LedgerSort, Listing, Moved, PAGE_ROWS, PAGE_ROWS_MAX, SEARCH_CHARS_MAX, count,
    each_page, involved_of_unit, list, statement,
};

use crate::journal::Write;
use crate::record::{Field, Record};
use crate::records::{DeedRow, HoldingRow, PartyRow, RoundRow};
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Coded;
use bihuan_domain::evidence::{Evidence, Stage};
use bihuan_domain::id::{CampaignId, LookBackId, MeasureId, ProblemId, RequestId, UnitId};
use bihuan_domain::look_back::LookBack;
use bihuan_domain::measure::Measure;
use bihuan_domain::problem::{Case, Deed, Flow, Holding, Party, Problem, Round};
use bihuan_domain::request::Request;
use bihuan_domain::unit::UnitPath;

/// The `to_seq` of a version that still holds.
pub const FOREVER_SEQ: i64 = 9_000_000_000_000_000;

/// Loads one case with everything a rule needs; `None` when there is no such problem.
///
/// # Errors
/// Faults of the database.
pub fn load_case(conn: &mut Conn, id: ProblemId) -> Result<Option<Case>, Fault> {
    let key = vals![id.0];
    let Some(problem) = Problem::find(conn, "WHERE id = $1", &key)? else { return Ok(None) };
    let rounds = RoundRow::load(conn, "WHERE problem_id = $1 ORDER BY round", &key)?;
    let deeds = DeedRow::load(conn, "WHERE problem_id = $1 ORDER BY round, person_id, unit_id, kind", &key)?;
    let holdings = HoldingRow::load(conn, "WHERE problem_id = $1 ORDER BY ordinal", &key)?;
    let case = Case {
        parties: load_parties(conn, id)?,
        measures: Measure::load(conn, "WHERE problem_id = $1 ORDER BY round, ordinal, id", &key)?,
        requests: Request::load(conn, "WHERE problem_id = $1 ORDER BY id", &key)?,
        look_backs: LookBack::load(conn, "WHERE problem_id = $1 ORDER BY id", &key)?,
        rounds: rounds.into_iter().map(round_from).collect(),
        deeds: deeds.into_iter().map(deed_from).collect(),
        holdings: holdings.into_iter().map(holding_from).collect(),
        closure_evidence: count_closure_evidence(conn, &problem)?,
        problem,
    };
    Ok(Some(case))
}

fn load_parties(conn: &mut Conn, id: ProblemId) -> Result<Vec<Party>, Fault> {
    let sql = "SELECT p.unit_id, u.path, p.role, p.written FROM problem_party p JOIN unit u ON u.id = p.unit_id \
         WHERE p.problem_id = $1 ORDER BY p.role, u.official_order, u.id";
    let party = |row: &crate::Row| -> Result<Party, Fault> {
        Ok(Party {
            unit_id: UnitId::from_val(row.val(0)?)?,
            path: UnitPath::from_val(row.val(1)?)?,
            role: Field::from_val(row.val(2)?)?,
            written: row.text(3)?,
        })
    };
    conn.rows(sql, &vals![id.0])?.iter().map(party).collect()
}

fn count_closure_evidence(conn: &mut Conn, problem: &Problem) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM evidence WHERE problem_id = $1 AND round = $2 AND stage = $3 AND replaced_by IS NULL";
    let row = conn.first(sql, &vals![problem.id.0, problem.round, Stage::Closure.code()])?;
    row.map_or(Ok(0), |row| row.int(0))
}

fn round_from(row: RoundRow) -> Round {
    Round {
        round: row.round,
        opened_day: row.opened_day,
        reason: row.reason,
        closed_day: row.closed_day,
        outcome: row.outcome,
        statement: row.statement,
    }
}

fn round_row(id: ProblemId, round: &Round) -> RoundRow {
    RoundRow {
        problem_id: id,
        round: round.round,
        opened_day: round.opened_day,
        reason: round.reason.clone(),
        closed_day: round.closed_day,
        outcome: round.outcome,
        statement: round.statement.clone(),
    }
}

fn deed_from(row: DeedRow) -> Deed {
    Deed { round: row.round, person_id: row.person_id, unit_id: row.unit_id, kind: row.kind }
}

fn deed_row(id: ProblemId, deed: &Deed) -> DeedRow {
    DeedRow {
        problem_id: id,
        round: deed.round,
        person_id: deed.person_id,
        unit_id: deed.unit_id,
        kind: deed.kind,
    }
}

fn holding_from(row: HoldingRow) -> Holding {
    Holding {
        ordinal: row.ordinal,
        unit_id: row.unit_id,
        from_at: row.from_us,
        to_at: row.to_us,
        why: row.why,
    }
}

fn holding_row(id: ProblemId, holding: &Holding) -> HoldingRow {
    HoldingRow {
        problem_id: id,
        ordinal: holding.ordinal,
        unit_id: holding.unit_id,
        from_us: holding.from_at,
        to_us: holding.to_at,
        why: holding.why.clone(),
    }
}

fn party_row(id: ProblemId, party: &Party) -> PartyRow {
    PartyRow { problem_id: id, unit_id: party.unit_id, role: party.role, written: party.written.clone() }
}

/// Gives numbers to everything in a case that has none yet.
///
/// # Errors
/// Faults of the database.
pub fn number_case(conn: &mut Conn, case: &mut Case) -> Result<(), Fault> {
    use crate::journal::next_id;
    if case.problem.id.0 == 0 {
        case.problem.id = ProblemId(next_id(conn, "problem", 1)?);
    }
    let id = case.problem.id;
    for measure in &mut case.measures {
        measure.problem_id = id;
        if measure.id.0 == 0 {
            measure.id = MeasureId(next_id(conn, "measure", 1)?);
        }
    }
    for request in &mut case.requests {
        request.problem_id = id;
        if request.id.0 == 0 {
            request.id = RequestId(next_id(conn, "request", 1)?);
        }
    }
    for look_back in &mut case.look_backs {
        look_back.problem_id = id;
        if look_back.id.0 == 0 {
            look_back.id = LookBackId(next_id(conn, "look_back", 1)?);
        }
    }
    Ok(())
}

/// The next running number of a campaign.
///
/// # Errors
/// Faults of the database.
pub fn next_number(conn: &mut Conn, campaign: CampaignId, count: i64) -> Result<i64, Fault> {
    crate::journal::next_id(conn, &format!("problem_number:{campaign}"), count)
}

/// What must be written so that `before` becomes `after`. Both are fully numbered (see [`number_case`]).
pub fn difference(before: Option<&Case>, after: &Case, flows: Vec<Flow>) -> Vec<Write> {
    let id = after.problem.id;
    let mut writes = vec![Write::Problem {
        before: before.map(|case| Box::new(case.problem.clone())),
        after: Box::new(after.problem.clone()),
        flows,
    }];
    let empty = Case {
        parties: vec![],
        measures: vec![],
        requests: vec![],
        look_backs: vec![],
        rounds: vec![],
        deeds: vec![],
        holdings: vec![],
        closure_evidence: 0,
        problem: after.problem.clone(),
    };
    let old = before.unwrap_or(&empty);
    let rows = |case: &Case| -> Vec<PartyRow> { case.parties.iter().map(|p| party_row(id, p)).collect() };
    diff_rows(&rows(old), &rows(after), &mut writes);
    diff_rows(&old.measures, &after.measures, &mut writes);
    diff_rows(&old.requests, &after.requests, &mut writes);
    diff_rows(&old.look_backs, &after.look_backs, &mut writes);
    let rows = |case: &Case| -> Vec<RoundRow> { case.rounds.iter().map(|r| round_row(id, r)).collect() };
    diff_rows(&rows(old), &rows(after), &mut writes);
    let rows = |case: &Case| -> Vec<DeedRow> { case.deeds.iter().map(|d| deed_row(id, d)).collect() };
    diff_rows(&rows(old), &rows(after), &mut writes);
    let rows =
        |case: &Case| -> Vec<HoldingRow> { case.holdings.iter().map(|h| holding_row(id, h)).collect() };
    diff_rows(&rows(old), &rows(after), &mut writes);
    writes
}

/// Rows that are new, changed or gone, told apart by their keys.
pub fn diff_rows<T: Record>(before: &[T], after: &[T], writes: &mut Vec<Write>) {
    let key = |row: &T| -> Vec<Val> {
        T::COLUMNS
            .iter()
            .zip(row.values())
            .filter(|(name, _)| T::KEY.contains(name))
            .map(|(_, val)| val)
            .collect()
    };
    for old in before {
        if !after.iter().any(|new| key(new) == key(old)) {
            writes.push(Write::delete(old));
        }
    }
    for new in after {
        match before.iter().find(|old| key(old) == key(new)) {
            None => writes.push(Write::insert(new)),
            Some(old) => writes.extend(Write::update(old, new)),
        }
    }
}

/// Evidence of a problem, newest edition of each first.
///
/// # Errors
/// Faults of the database.
pub fn evidence_of(conn: &mut Conn, id: ProblemId) -> Result<Vec<Evidence>, Fault> {
    Evidence::load(conn, "WHERE problem_id = $1 ORDER BY id DESC", &vals![id.0])
}

/// Pieces of evidence by their numbers.
///
/// # Errors
/// Faults of the database.
pub fn evidence_by_ids(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Evidence>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    Evidence::load(
        conn,
        "WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY id",
        &vals![list],
    )
}

/// Measures of all rounds of these problems.
///
/// # Errors
/// Faults of the database.
pub fn measures_of(conn: &mut Conn, ids: &[ProblemId]) -> Result<Vec<Measure>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    Measure::load(
        conn,
        "WHERE problem_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY problem_id, round, ordinal",
        &vals![list],
    )
}

/// Other problems that carry the very same file, with round and stage.
///
/// # Errors
/// Faults of the database.
pub fn same_file_elsewhere(conn: &mut Conn, digest: &str, than: ProblemId) -> Result<Vec<Evidence>, Fault> {
    Evidence::load(
        conn,
        "WHERE digest = $1 AND problem_id <> $2 ORDER BY id LIMIT 20",
        &vals![digest, than.0],
    )
}

/// Problems whose cause was found to be this one 上因下果.
///
/// # Errors
/// Faults of the database.
pub fn symptoms_of(conn: &mut Conn, id: ProblemId) -> Result<Vec<Problem>, Fault> {
    Problem::load(conn, "WHERE root_cause_id = $1 ORDER BY id LIMIT 500", &vals![id.0])
}

/// The problem with this running number of a campaign.
///
/// # Errors
/// Faults of the database.
pub fn id_of_number(conn: &mut Conn, campaign: CampaignId, number: i64) -> Result<Option<ProblemId>, Fault> {
    let sql = "SELECT id FROM problem WHERE campaign_id = $1 AND number = $2 ORDER BY id LIMIT 1";
    conn.first(sql, &vals![campaign.0, number])?.map(|row| ProblemId::from_val(row.val(0)?)).transpose()
}

/// Problems of a campaign by their running numbers, as they were after an entry.
///
/// # Errors
/// Faults of the database.
pub fn by_numbers(
    conn: &mut Conn,
    campaign: CampaignId,
    numbers: &[i64],
    seq: i64,
) -> Result<Vec<Problem>, Fault> {
    let list = serde_json::to_string(numbers).unwrap_or_default();
    let sql = format!(
        "SELECT {} FROM problem_version WHERE campaign_id = $1 AND from_seq <= $3 AND to_seq > $3 \
         AND number IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) ORDER BY id",
        Problem::COLUMNS.join(", ")
    );
    conn.rows(&sql, &vals![campaign.0, list, seq])?.iter().map(|row| Problem::from_row(row, 0)).collect()
}

/// Problems that were merged into this one, and those that were split off from it or found alike to it.
///
/// # Errors
/// Faults of the database.
pub fn offspring_of(conn: &mut Conn, id: ProblemId) -> Result<Vec<Problem>, Fault> {
    Problem::load(conn, "WHERE merged_into_id = $1 OR split_from_id = $1 ORDER BY id LIMIT 500", &vals![id.0])
}

/// Problems by their numbers.
///
/// # Errors
/// Faults of the database.
pub fn by_ids(conn: &mut Conn, ids: &[ProblemId]) -> Result<Vec<Problem>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    Problem::load(
        conn,
        "WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY id",
        &vals![list],
    )
}

/// Places of all units with a part in these problems, for whether a reader may see them.
///
/// # Errors
/// Faults of the database.
pub fn party_paths(conn: &mut Conn, ids: &[ProblemId]) -> Result<Vec<(ProblemId, UnitPath)>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    let sql = "SELECT pp.problem_id, u.path FROM problem_party pp JOIN unit u ON u.id = pp.unit_id \
         WHERE pp.problem_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    conn.rows(sql, &vals![list])?
        .iter()
        .map(|row| Ok((ProblemId::from_val(row.val(0)?)?, UnitPath::from_val(row.val(1)?)?)))
        .collect()
}

/// The bytes of a kept file.
///
/// # Errors
/// Faults of the database.
pub fn file_content(conn: &mut Conn, digest: &str) -> Result<Option<Vec<u8>>, Fault> {
    conn.first("SELECT content FROM file_content WHERE digest = $1", &vals![digest])?
        .map(|row| row.bytes(0))
        .transpose()
}

/// The highest number a problem bears; 0 when there is none.
///
/// # Errors
/// Faults of the database.
pub fn last_id(conn: &mut Conn) -> Result<i64, Fault> {
    let row = conn.first("SELECT COALESCE(MAX(id), 0) FROM problem", &[])?;
    row.map_or(Ok(0), |row| row.int(0))
}
