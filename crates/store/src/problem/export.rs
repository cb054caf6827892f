//! Every problem with the names of its units, for `bihuan export`.

use crate::record::Record;
use crate::records::PartyRow;
use crate::{Conn, Fault, vals};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::UnitId;
use bihuan_domain::problem::{PartyRole, Problem};
use std::collections::HashMap;

/// Problems read at once.
const ROWS_AT_ONCE: usize = 500;

/// A problem as exported.
#[derive(Clone, Debug)]
pub struct Exported {
    /// Code of its campaign.
    pub campaign: String,
    /// The problem.
    pub problem: Problem,
    /// Its units with their roles, by name.
    pub units: Vec<(PartyRole, String)>,
}

/// Gives every problem, of one campaign or of all, in the order of their numbers.
///
/// # Errors
/// Faults of the database, and what `take` answers.
pub fn each(
    conn: &mut Conn,
    campaign: Option<&str>,
    take: &mut dyn FnMut(Exported) -> Result<(), Fault>,
) -> Result<u64, Fault> {
    let campaigns = Campaign::load(conn, "ORDER BY id", &[])?;
    let names = unit_names(conn)?;
    let mut count = 0;
    for one in campaigns.into_iter().filter(|one| campaign.is_none_or(|code| code == one.code)) {
        let mut last = 0;
        loop {
            let condition =
                format!("WHERE campaign_id = $1 AND number > $2 ORDER BY number, id LIMIT {ROWS_AT_ONCE}");
            let rows = Problem::load(conn, &condition, &vals![one.id.0, last])?;
            let Some(end) = rows.last().map(|problem| problem.number) else { break };
            last = end;
            for problem in rows {
                let parties = PartyRow::load(
                    conn,
                    "WHERE problem_id = $1 ORDER BY role, unit_id",
                    &vals![problem.id.0],
                )?;
                let name = |id: UnitId| names.get(&id).cloned().unwrap_or_default();
                let units = parties.into_iter().map(|party| (party.role, name(party.unit_id))).collect();
                take(Exported { campaign: one.code.clone(), problem, units })?;
                count += 1;
            }
        }
    }
    Ok(count)
}

fn unit_names(conn: &mut Conn) -> Result<HashMap<UnitId, String>, Fault> {
    let mut names = HashMap::new();
    conn.each("SELECT id, name FROM unit", &[], &mut |row| {
        names.insert(UnitId(row.int(0)?), row.text(1)?);
        Ok(())
    })?;
    Ok(names)
}
