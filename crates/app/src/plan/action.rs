//! Required actions that the unit itself owes, each period with its window.

use super::{Bar, Site};
use crate::Error;
use bihuan_domain::Coded as _;
use bihuan_domain::Day;
use bihuan_domain::plan::BarKind;
use bihuan_domain::required_action::{CellState, RequiredAction, due_day, status};
use bihuan_store::Conn;
use bihuan_store::required_action::{self as store, Asked};

pub(super) fn bars(conn: &mut Conn, site: &Site<'_>) -> Result<Vec<Bar>, Error> {
    let today = site.today();
    let actions = match &site.past {
        None => {
            let mut actions = store::holding_for(conn, &site.unit.path)?;
            actions.retain(|action| action.campaign_id == site.campaign.id);
            actions
        }
        Some(past) => held_on(conn, site, past.day)?,
    };
    let asked: Vec<Asked<'_>> = actions
        .iter()
        .map(|action| {
            let mut asked = Asked::begun(action, site.to);
            asked.periods.retain(|(period, _)| period.first <= site.to && period.last >= site.from);
            asked
        })
        .collect();
    let own = match &site.past {
        None => store::own_cells(conn, &[site.unit.id], &asked)?,
        Some(past) => store::own_cells_on(conn, site.unit.id, &asked, past.day, &site.calendar)?,
    };
    let mut bars = Vec::new();
    for asked in &asked {
        for (period, version) in &asked.periods {
            let Some(cell) = own.get(&(site.unit.id, asked.action.id, *period)) else { continue };
            let rule = &version.rule;
            let due = due_day(rule, *period, &site.calendar);
            let said = status(cell.state, due, today);
            let done = cell.state != CellState::Open;
            bars.push(Bar {
                note: format!("{}：{}", rule.in_words(), said.label()),
                href: format!(
                    "/actions/{}/cell?unit={}&period={}",
                    asked.action.id, site.unit.id, period.last
                ),
                ..Bar::new(BarKind::Action, rule.name.clone(), (period.first, due), done, today)
            });
        }
    }
    Ok(bars)
}

/// The rules that held for the unit on a day that has passed, as they were known then.
fn held_on(conn: &mut Conn, site: &Site<'_>, day: Day) -> Result<Vec<RequiredAction>, Error> {
    let above = store::path_on(conn, site.unit.id, day)?;
    let mut held = Vec::new();
    for action in store::of_campaign(conn, site.campaign.id)? {
        if above.contains(&action.owner_unit_id) {
            held.extend(store::known_on(conn, action, day)?);
        }
    }
    Ok(held)
}
