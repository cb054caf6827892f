//! Musters in the county: two townships call departments together; one is brought to its end, in the other one
//! department has still not come.

use super::county::{County, Desk};
use crate::exit::Failure;
use bihuan_app::muster::{MusterFilter, MusterInput, MusterLine, MusterStepInput};
use bihuan_app::todo::TodoKind;
use bihuan_app::{App, Context};
use bihuan_domain::Instant;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::muster::{CalledState, MusterState, MusterVerb};

/// Days before now on which the townships call.
pub(super) const DAYS: i32 = 9;
/// Days within which it should be done.
const WITHIN_DAYS: i32 = 7;
/// Departments that are called.
const CALLED: usize = 3;
/// Townships that call.
const CALLERS: usize = 2;

const NEEDED: [&str; CALLERS] = [
    "沟渠从两个部门管的地里穿过，清淤要断水、要拆一处便桥，需要几家同一天到现场，一次定下怎么断、谁来拆、谁来修。",
    "店铺排水接进了雨水管，执法、管网、消防各管一段，需要一起到现场，当场定整改办法，不让店主跑三次。",
];

/// One morning: the townships call, the departments come and work.
///
/// # Errors
/// Faults of the database; a use case that refuses what the county does.
pub(super) fn morning(
    app: &App,
    county: &mut County,
    campaign: CampaignId,
    at: Instant,
) -> Result<(), Failure> {
    let office = county.ctx(county.offices[0], at)?;
    let filter = MusterFilter { campaign: Some(campaign), ..MusterFilter::default() };
    let lines = app.musters(&office, filter)?.lines;
    if lines.is_empty() {
        return call(app, county, campaign, at);
    }
    for line in lines.iter().filter(|line| line.muster.state == MusterState::Called) {
        let stays_away = line.muster.needed == NEEDED[1];
        carry_on(app, county, line, at, stays_away)?;
    }
    for line in lines.iter().filter(|line| line.muster.state == MusterState::Finished) {
        let ctx = clerk(county, line.muster.caller_unit_id, at)?;
        step(app, &ctx, line, MusterVerb::Accept, None, "现场看过，水通了，桥也修好了，认可。")?;
    }
    Ok(())
}

fn call(app: &App, county: &mut County, campaign: CampaignId, at: Instant) -> Result<(), Failure> {
    let names: Vec<String> = county.departments.iter().take(CALLED).map(|desk| desk.name.clone()).collect();
    let Some(lead) = names.first().cloned() else { return Ok(()) };
    let mut needed = NEEDED.iter();
    for town in county.townships.clone() {
        let ctx = county.ctx(town.filler, at)?;
        let todo = app.todo(&ctx, Some(TodoKind::Rectify))?;
        let own = |item: &&bihuan_app::todo::TodoItem| {
            item.campaign_id == Some(campaign) && item.unit_id == town.unit && item.problem.is_some()
        };
        let found = todo.items.iter().find(own).and_then(|item| item.problem.as_ref());
        let Some(problem) = found else { continue };
        let Some(words) = needed.next() else { break };
        let sent = MusterInput {
            subject_kind: "problem".to_owned(),
            subject: problem.problem_id.to_string(),
            units: names.join("、"),
            lead: lead.clone(),
            needed: (*words).to_owned(),
            due_day: at.day_in_china().plus_days(WITHIN_DAYS).to_string(),
        };
        app.call_muster(&ctx, sent)?;
    }
    Ok(())
}

/// Each unit takes one step a day; with `stays_away` the last one does not come.
fn carry_on(
    app: &App,
    county: &mut County,
    line: &MusterLine,
    at: Instant,
    stays_away: bool,
) -> Result<(), Failure> {
    let others_through = line
        .called
        .iter()
        .filter(|one| !one.leads)
        .all(|one| matches!(one.called.state, CalledState::Done | CalledState::Released));
    for (order, one) in line.called.iter().enumerate() {
        let unit = one.called.unit_id;
        if stays_away && order + 1 == line.called.len() {
            continue;
        }
        let (verb, words) = match one.called.state {
            CalledState::Called => (MusterVerb::ReportIn, "分管负责人带业务股室到现场，当天可以定事。"),
            CalledState::Present if !one.leads => {
                (MusterVerb::Did, "已到现场勘查，本单位管的一段两天内处理完毕，不再另行报批。")
            }
            CalledState::Present if others_through => {
                (MusterVerb::Finish, "三家当场定了方案：先断水清淤，再拆便桥，今天已经全部做完，水路恢复。")
            }
            _ => continue,
        };
        let ctx = clerk(county, unit, at)?;
        step(app, &ctx, line, verb, Some(unit), words)?;
        if verb == MusterVerb::Finish {
            break;
        }
    }
    Ok(())
}

fn clerk(county: &mut County, unit: UnitId, at: Instant) -> Result<Context, Failure> {
    let desks: Vec<Desk> = county.townships.iter().chain(&county.departments).cloned().collect();
    let desk = desks.iter().find(|desk| desk.unit == unit);
    let desk = desk.ok_or_else(|| Failure::Fault("a muster of no desk".to_owned()))?;
    county.ctx(desk.filler, at)
}

fn step(
    app: &App,
    ctx: &Context,
    line: &MusterLine,
    verb: MusterVerb,
    unit: Option<UnitId>,
    words: &str,
) -> Result<(), Failure> {
    let unit = unit.map(|unit| unit.to_string()).unwrap_or_default();
    let sent = MusterStepInput { unit, words: words.to_owned() };
    app.muster_step(ctx, line.muster.id, None, verb, sent)?;
    Ok(())
}
