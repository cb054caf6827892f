//! Campaigns: the list without the templates' text, and what a campaign's problems use of its template.

use crate::record::{Field, Record as _};
use crate::{Conn, Fault, vals};
use bihuan_domain::Coded as _;
use bihuan_domain::Day;
use bihuan_domain::campaign::{Campaign, CampaignState, OpenWork, Used, UsedList, reach_of};
use bihuan_domain::id::{CampaignId, ProblemId, UnitId};
use bihuan_domain::problem::State;
use bihuan_domain::unit::UnitPath;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A campaign with its template's text.
///
/// # Errors
/// Faults of the database.
pub fn by_id(conn: &mut Conn, id: CampaignId) -> Result<Option<Campaign>, Fault> {
    let found: Arc<Option<Campaign>> = conn.remembered(id.0, |conn| crate::journal::by_id(conn, id.0))?;
    Ok((*found).clone())
}

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
    /// The root of what it covers; see `campaign::reach`.
    #[serde(skip)]
    pub reach: UnitPath,
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
    let sql = "SELECT c.id, c.code, c.name, c.office_unit_id, u.name, u.path, c.state, c.starts_day, c.ends_day, u.kind \
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
                reach: reach_of(Field::from_val(row.val(9)?)?, &Field::from_val(row.val(5)?)?),
                state: Field::from_val(row.val(6)?)?,
                starts_day: Field::from_val(row.val(7)?)?,
                ends_day: Field::from_val(row.val(8)?)?,
            })
        })
        .collect()
}

/// Campaigns that run, by number.
///
/// # Errors
/// Faults of the database.
pub fn running(conn: &mut Conn) -> Result<Vec<Campaign>, Fault> {
    Campaign::load(conn, "WHERE state = 'running' ORDER BY id", &[])
}

/// The campaign of a code.
///
/// # Errors
/// Faults of the database.
pub fn by_code(conn: &mut Conn, code: &str) -> Result<Option<Campaign>, Fault> {
    Campaign::find(conn, "WHERE code = $1", &vals![code])
}

/// Campaigns that follow a campaign.
///
/// # Errors
/// Faults of the database.
pub fn following(conn: &mut Conn, campaign: CampaignId) -> Result<Vec<CampaignId>, Fault> {
    let sql = "SELECT id FROM campaign WHERE follows_id = $1 ORDER BY id";
    conn.rows(sql, &vals![campaign.0])?.iter().map(|row| row.int(0).map(CampaignId)).collect()
}

/// Open problems of a campaign that are counted below a place, lowest numbers first.
///
/// # Errors
/// Faults of the database.
pub fn open_problems(
    conn: &mut Conn,
    campaign: CampaignId,
    reach: &UnitPath,
    limit: i64,
) -> Result<Vec<ProblemId>, Fault> {
    let sql = format!(
        "SELECT id FROM problem WHERE campaign_id = $1 AND state <> 'closed' AND home_path >= $2 AND home_path < $3 \
         ORDER BY number, id LIMIT {limit}"
    );
    let args = vals![campaign.0, reach.as_str(), reach.subtree_end()];
    conn.rows(&sql, &args)?.iter().map(|row| row.int(0).map(ProblemId)).collect()
}

/// What the open problems of a campaign use of its template.
///
/// # Errors
/// Faults of the database.
pub fn used_by_open(conn: &mut Conn, campaign: CampaignId) -> Result<Vec<Used>, Fault> {
    used_where(conn, campaign, "AND state <> 'closed'")
}

/// What the problems of a campaign, open or closed, its required actions in force and its records use of its template.
///
/// # Errors
/// Faults of the database.
pub fn used(conn: &mut Conn, campaign: CampaignId) -> Result<Vec<Used>, Fault> {
    let mut used = used_where(conn, campaign, "")?;
    let mut of_rules: BTreeMap<String, i64> = BTreeMap::new();
    for action in crate::required_action::of_campaign(conn, campaign)? {
        let Some(newest) = action.newest().filter(|version| version.until_day.is_none()) else { continue };
        newest.rule.kinds.iter().for_each(|kind| *of_rules.entry(kind.clone()).or_default() += 1);
    }
    let of_rules = of_rules.into_iter();
    used.extend(of_rules.map(|(code, times)| Used { list: UsedList::RuleKind, code, times }));
    let sql = "SELECT kind, COUNT(*) FROM activity WHERE campaign_id = $1 GROUP BY kind ORDER BY kind";
    for row in conn.rows(sql, &vals![campaign.0])? {
        used.push(Used { list: UsedList::RecordKind, code: row.text(0)?, times: row.int(1)? });
    }
    Ok(used)
}

fn used_where(conn: &mut Conn, campaign: CampaignId, and: &str) -> Result<Vec<Used>, Fault> {
    let mut used = Vec::new();
    for list in &UsedList::OF_PROBLEMS {
        let column = list.code();
        let sql = format!(
            "SELECT {column}, COUNT(*) FROM problem WHERE campaign_id = $1 AND {column} <> '' {and} \
             GROUP BY {column} ORDER BY {column}"
        );
        for row in conn.rows(&sql, &vals![campaign.0])? {
            used.push(Used { list: *list, code: row.text(0)?, times: row.int(1)? });
        }
    }
    Ok(used)
}

/// The open problems of a campaign by state, and how many of them the doing unit is late with.
///
/// # Errors
/// Faults of the database.
pub fn open_work(conn: &mut Conn, campaign: CampaignId, today: Day) -> Result<OpenWork, Fault> {
    let sql = "SELECT state, COUNT(*), CAST(SUM(CASE WHEN clock_day < $1 THEN 1 ELSE 0 END) AS BIGINT) \
         FROM problem WHERE campaign_id = $2 AND state <> 'closed' GROUP BY state";
    let mut work = OpenWork::default();
    for row in conn.rows(sql, &vals![i64::from(today.days()), campaign.0])? {
        let state = State::from_val(row.val(0)?)?;
        work.by_state.push((state, row.int(1)?));
        if state.doer_owes() {
            work.overdue += row.int(2)?;
        }
    }
    work.by_state.sort();
    Ok(work)
}
