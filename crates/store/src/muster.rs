//! Musters: one loaded whole, lists that obey the reader's sight, and what waits for whom.

use crate::journal::{Write, next_id};
use crate::problem::diff_rows;
use crate::record::{Field, Record};
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::id::{CampaignId, MusterId, UnitId};
use bihuan_domain::muster::{CalledUnit, Muster, MusterCase, MusterStep};
use bihuan_domain::slip::SubjectKind;
use bihuan_domain::unit::{Unit, UnitPath};
use std::collections::BTreeMap;

/// Musters on one page of a list.
pub const MUSTER_PAGE_ROWS: i64 = 50;
/// Most musters that one person's to-do list looks at.
const WAITING_MAX: i64 = 200;

bihuan_domain::coded! {
    /// Which musters to list.
    MusterWish ("吹哨报到筛选") {
        All = "all", "全部";
        /// Called, with something still to do.
        Open = "open", "办理中";
        /// The lead said done.
        ToAccept = "to_accept", "待认可";
        Late = "late", "已超时限";
        Ended = "ended", "已结束";
    }
}

/// Which musters to list.
#[derive(Clone, Debug, Default)]
pub struct MusterFilter {
    /// Only of this campaign.
    pub campaign: Option<CampaignId>,
    /// Only these.
    pub wish: Option<MusterWish>,
    /// Only about this.
    pub subject: Option<(SubjectKind, i64)>,
    /// Only those that this unit called or was called to.
    pub unit: Option<UnitId>,
    /// The first row.
    pub offset: i64,
}

fn places(conn: &mut Conn, ids: &[UnitId]) -> Result<BTreeMap<UnitId, UnitPath>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    let condition = "WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    let units = Unit::load(conn, condition, &vals![list])?;
    Ok(units.into_iter().map(|unit| (unit.id, unit.path)).collect())
}

/// Loads a muster with the units that were called, their places and its steps.
///
/// # Errors
/// Faults of the database.
pub fn load_case(conn: &mut Conn, id: MusterId) -> Result<Option<MusterCase>, Fault> {
    let Some(muster) = Muster::find(conn, "WHERE id = $1", &vals![id.0])? else { return Ok(None) };
    let units = CalledUnit::load(conn, "WHERE muster_id = $1 ORDER BY ordinal", &vals![id.0])?;
    let steps = MusterStep::load(conn, "WHERE muster_id = $1 ORDER BY ordinal", &vals![id.0])?;
    let mut ids: Vec<UnitId> = units.iter().map(|one| one.unit_id).collect();
    ids.push(muster.caller_unit_id);
    let paths = places(conn, &ids)?;
    let path = |unit: UnitId| {
        paths.get(&unit).cloned().ok_or_else(|| Fault::corrupt(format!("muster {id} names no unit")))
    };
    let called = units
        .into_iter()
        .map(|one| path(one.unit_id).map(|path| (one, path)))
        .collect::<Result<Vec<_>, Fault>>()?;
    Ok(Some(MusterCase { caller_path: path(muster.caller_unit_id)?, called, steps, muster }))
}

/// Gives numbers to a new muster, its units and steps.
///
/// # Errors
/// Faults of the database.
pub fn number_case(conn: &mut Conn, case: &mut MusterCase) -> Result<(), Fault> {
    if case.muster.id.0 == 0 {
        case.muster.id = MusterId(next_id(conn, "muster", 1)?);
    }
    for (one, _) in &mut case.called {
        one.muster_id = case.muster.id;
    }
    for step in &mut case.steps {
        step.muster_id = case.muster.id;
    }
    Ok(())
}

/// What must be written so that `before` becomes `after`.
pub fn difference(before: Option<&MusterCase>, after: &MusterCase) -> Vec<Write> {
    let called =
        |case: &MusterCase| -> Vec<CalledUnit> { case.called.iter().map(|(one, _)| one.clone()).collect() };
    let mut writes = Vec::new();
    let (musters, units, steps) = match before {
        Some(case) => (vec![case.muster.clone()], called(case), case.steps.clone()),
        None => (vec![], vec![], vec![]),
    };
    diff_rows(&musters, std::slice::from_ref(&after.muster), &mut writes);
    diff_rows(&units, &called(after), &mut writes);
    diff_rows(&steps, &after.steps, &mut writes);
    writes
}

struct Build {
    args: Vec<Val>,
}

impl Build {
    fn arg(&mut self, value: Val) -> String {
        self.args.push(value);
        format!("${}", self.args.len())
    }

    fn within(&mut self, column: &str, roots: &[UnitPath]) -> String {
        let mut parts = vec!["1 = 0".to_owned()];
        for path in roots {
            let (from, to) = (self.arg(path.to_val()), self.arg(Val::from(path.subtree_end())));
            parts.push(format!("{column} >= {from} AND {column} < {to}"));
        }
        format!("({})", parts.join(" OR "))
    }

    /// Says the same as `MusterCase::visible_to`.
    fn conditions(&mut self, reads: &[UnitPath], filter: &MusterFilter, today: i64) -> String {
        let (caller, called) = (self.within("c.path", reads), self.within("u.path", reads));
        let mut parts = vec![format!(
            "({caller} OR EXISTS (SELECT 1 FROM muster_unit mu JOIN unit u ON u.id = mu.unit_id \
             WHERE mu.muster_id = m.id AND {called}))"
        )];
        match filter.wish.unwrap_or(MusterWish::All) {
            MusterWish::All => {}
            MusterWish::Open => parts.push("m.state = 'called'".to_owned()),
            MusterWish::ToAccept => parts.push("m.state = 'finished'".to_owned()),
            MusterWish::Late => parts.push(format!("m.state = 'called' AND m.due_day < {today}")),
            MusterWish::Ended => parts.push("m.state IN ('accepted', 'withdrawn')".to_owned()),
        }
        if let Some(campaign) = filter.campaign {
            parts.push(format!("m.campaign_id = {campaign}"));
        }
        if let Some((kind, id)) = filter.subject {
            let kind = self.arg(kind.to_val());
            parts.push(format!("m.subject_kind = {kind} AND m.subject_id = {id}"));
        }
        if let Some(unit) = filter.unit {
            parts.push(format!(
                "(m.caller_unit_id = {unit} OR EXISTS (SELECT 1 FROM muster_unit o WHERE o.muster_id = m.id AND o.unit_id = {unit}))"
            ));
        }
        parts.join(" AND ")
    }
}

/// How many musters a filter finds for somebody who reads these subtrees.
///
/// # Errors
/// Faults of the database.
pub fn count(
    conn: &mut Conn,
    reads: &[UnitPath],
    filter: &MusterFilter,
    today: bihuan_domain::Day,
) -> Result<i64, Fault> {
    let mut build = Build { args: vec![] };
    let conditions = build.conditions(reads, filter, i64::from(today.days()));
    let sql =
        format!("SELECT COUNT(*) FROM muster m JOIN unit c ON c.id = m.caller_unit_id WHERE {conditions}");
    conn.first(&sql, &build.args)?.map_or(Ok(0), |row| row.int(0))
}

/// One page of the musters somebody who reads these subtrees may see, newest first.
///
/// # Errors
/// Faults of the database.
pub fn rows(
    conn: &mut Conn,
    reads: &[UnitPath],
    filter: &MusterFilter,
    today: bihuan_domain::Day,
) -> Result<Vec<Muster>, Fault> {
    let mut build = Build { args: vec![] };
    let conditions = build.conditions(reads, filter, i64::from(today.days()));
    let columns: Vec<String> = Muster::COLUMNS.iter().map(|column| format!("m.{column}")).collect();
    let sql = format!(
        "SELECT {} FROM muster m JOIN unit c ON c.id = m.caller_unit_id WHERE {conditions} \
         ORDER BY m.id DESC LIMIT {MUSTER_PAGE_ROWS} OFFSET {}",
        columns.join(", "),
        filter.offset.max(0)
    );
    conn.rows(&sql, &build.args)?.iter().map(|row| Muster::from_row(row, 0)).collect()
}

/// Units that were called to these musters, the lead first.
///
/// # Errors
/// Faults of the database.
pub fn called_to(conn: &mut Conn, ids: &[MusterId]) -> Result<Vec<CalledUnit>, Fault> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    let condition =
        "WHERE muster_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY muster_id, ordinal";
    CalledUnit::load(conn, condition, &vals![list])
}

/// Musters in course which one of these subtrees called or was called to, nearest first: for the to-do list, whose
/// caller asks the rules which of them wait for whom.
///
/// # Errors
/// Faults of the database.
pub fn in_course(conn: &mut Conn, places: &[UnitPath]) -> Result<Vec<MusterId>, Fault> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut build = Build { args: vec![] };
    let (caller, called) = (build.within("c.path", places), build.within("u.path", places));
    let sql = format!(
        "SELECT m.id FROM muster m JOIN unit c ON c.id = m.caller_unit_id WHERE m.state IN ('called', 'finished') \
         AND ({caller} OR EXISTS (SELECT 1 FROM muster_unit mu JOIN unit u ON u.id = mu.unit_id \
           WHERE mu.muster_id = m.id AND {called})) ORDER BY m.due_day, m.id LIMIT {WAITING_MAX}"
    );
    conn.rows(&sql, &build.args)?.iter().map(|row| row.int(0).map(MusterId)).collect()
}
