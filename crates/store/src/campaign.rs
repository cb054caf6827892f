//! Campaigns: the list without the templates' text, and what a campaign's problems use of its template.

use crate::record::Field;
use crate::{Conn, Fault, vals};
use bihuan_domain::Day;
use bihuan_domain::campaign::CampaignState;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::unit::UnitPath;
use serde::Serialize;

/// A campaign as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CampaignHead {
    /// Number.
    pub id: CampaignId,
    /// Short code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The office's unit.
    pub office_unit_id: UnitId,
    /// That unit's name.
    pub office_name: String,
    /// That unit's place: the campaign reaches it and everything below.
    #[serde(skip)]
    pub office_path: UnitPath,
    /// State.
    pub state: CampaignState,
    /// First day.
    pub starts_day: Day,
    /// Last day.
    pub ends_day: Option<Day>,
}

/// All campaigns, running ones first, the newest of each state first. The caller leaves out what the reader may not
/// see: campaigns are few, so that no index by place is needed.
///
/// # Errors
/// Faults of the database.
pub fn heads(conn: &mut Conn) -> Result<Vec<CampaignHead>, Fault> {
    let sql = "SELECT c.id, c.code, c.name, c.office_unit_id, u.name, u.path, c.state, c.starts_day, c.ends_day \
         FROM campaign c JOIN unit u ON u.id = c.office_unit_id \
         ORDER BY CASE c.state WHEN 'running' THEN 0 WHEN 'preparing' THEN 1 ELSE 2 END, c.starts_day DESC, c.id DESC";
    conn.rows(sql, &vals![])?
        .iter()
        .map(|row| {
            Ok(CampaignHead {
                id: Field::from_val(row.val(0)?)?,
                code: row.text(1)?,
                name: row.text(2)?,
                office_unit_id: Field::from_val(row.val(3)?)?,
                office_name: row.text(4)?,
                office_path: Field::from_val(row.val(5)?)?,
                state: Field::from_val(row.val(6)?)?,
                starts_day: Field::from_val(row.val(7)?)?,
                ends_day: Field::from_val(row.val(8)?)?,
            })
        })
        .collect()
}
