//! Slips as reports count them: whoever looks, and as they stood on a day.

use crate::record::Record;
use crate::{Conn, Fault, vals};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, SlipId, UnitId};
use bihuan_domain::slip::{Slip, SlipStep};
use bihuan_domain::unit::UnitPath;
use std::collections::HashMap;

/// Most slips that one report counts.
pub const SLIPS_TOLD_MAX: i64 = 20_000;

/// The slips issued by the end of a day to units of a subtree, oldest first, each with the place of the unit that has it.
/// Slips that call somebody to a talk are left out: few may know of them.
///
/// # Errors
/// Faults of the database.
pub fn told(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
    upto: Day,
) -> Result<Vec<(Slip, UnitPath)>, Fault> {
    let columns: Vec<String> = Slip::COLUMNS.iter().map(|column| format!("s.{column}")).collect();
    let sql = format!(
        "SELECT {}, h.path FROM slip s JOIN unit h ON h.id = s.holder_unit_id \
         WHERE s.campaign_id = $1 AND s.kind <> 'talk' AND s.number > 0 AND s.issued_day <= $2 \
         AND h.path >= $3 AND h.path < $4 ORDER BY s.id LIMIT {SLIPS_TOLD_MAX}",
        columns.join(", ")
    );
    let args = vals![campaign.0, i64::from(upto.days()), path.as_str(), path.subtree_end()];
    let rows = conn.rows(&sql, &args)?;
    let place = Slip::COLUMNS.len();
    rows.iter()
        .map(|row| {
            let path = <UnitPath as crate::record::Field>::from_val(row.val(place)?)?;
            Ok((Slip::from_row(row, 0)?, path))
        })
        .collect()
}

/// The slips of a campaign issued by the end of a day that has passed, oldest first, as they stood at its end, each with
/// the unit it was with: those that any unit ever below `unit` had a hand in. Slips that call somebody to a talk are left
/// out.
///
/// # Errors
/// Faults of the database.
pub fn told_on(conn: &mut Conn, campaign: CampaignId, unit: UnitId, on: Day) -> Result<Vec<Slip>, Fault> {
    let below = "SELECT descendant_id FROM unit_closure WHERE ancestor_id = $3";
    let condition = format!(
        "WHERE campaign_id = $1 AND kind <> 'talk' AND number > 0 AND issued_day <= $2 \
         AND (holder_unit_id IN ({below}) OR to_unit_id IN ({below}) \
           OR id IN (SELECT slip_id FROM slip_step WHERE to_unit_id IN ({below}))) ORDER BY id LIMIT {SLIPS_TOLD_MAX}"
    );
    let slips = Slip::load(conn, &condition, &vals![campaign.0, i64::from(on.days()), unit.0])?;
    let ids: Vec<i64> = slips.iter().map(|slip| slip.id.0).collect();
    let seq = crate::journal::last_of_day(conn, on)?;
    let mut then = crate::journal::rows_then(conn, slips, ("slip", &ids), seq)?;
    then.retain(|slip| slip.number > 0 && slip.issued_day.is_some_and(|day| day <= on));
    Ok(then)
}

/// The steps of these slips, in order.
///
/// # Errors
/// Faults of the database.
pub fn steps_of(conn: &mut Conn, ids: &[SlipId]) -> Result<HashMap<SlipId, Vec<SlipStep>>, Fault> {
    let list: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
    let condition =
        "WHERE slip_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY slip_id, ordinal";
    let mut found: HashMap<SlipId, Vec<SlipStep>> = HashMap::new();
    for step in SlipStep::load(conn, condition, &vals![format!("[{}]", list.join(","))])? {
        found.entry(step.slip_id).or_default().push(step);
    }
    Ok(found)
}
