//! Musters in the county: two townships call departments together; one is brought to its end, in the other one
//! department has still not come.

use super::county::{County, Desk};
use crate::exit::Failure;
use bihuan_app::muster::{MusterFilter, MusterInput, MusterLine, MusterStepInput};
use bihuan_app::todo::{TodoItem, TodoKind};
use bihuan_app::{App, Context};
use bihuan_domain::Instant;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::muster::{CalledState, MusterState, MusterVerb};

/// Days before now on which the townships call.
pub(super) const DAYS: i32 = 9;
/// Days within which it should be done.
const WITHIN_DAYS: i32 = 7;
/// Townships that call.
const CALLERS: usize = 2;

/// What several departments are needed for.
struct Matter {
    /// What the problem speaks of; empty for any.
    of: &'static str,
    /// Whom it takes, the lead first.
    departments: [&'static str; 3],
    needed: &'static str,
    finished: &'static str,
    accepted: &'static str,
}

const MATTERS: [Matter; 4] = [
    Matter {
        of: "渠",
        departments: ["县农业农村局", "县交通运输局", "县住房和城乡建设局"],
        needed: "这段渠从几家管的地里穿过，清淤要断水、要拆一处便桥，需要几家同一天到现场，一次定下怎么断、谁来拆、谁来修。",
        finished: "三家当场定了方案：先断水清淤，再拆便桥，今天已经全部做完，水路恢复。",
        accepted: "现场看过，水通了，桥也修好了，认可。",
    },
    Matter {
        of: "污水",
        departments: ["县住房和城乡建设局", "县卫生健康局", "县行政审批局"],
        needed: "雨污管线接错，改接要开挖路面、要停几户排水，几家各管一段，需要一起到现场，当场定改法，不让住户跑三趟。",
        finished: "三家当场定了改接办法，开挖手续现场办完，两户已改接，路面今天恢复。",
        accepted: "住户看过，不再返味，路面平整，认可。",
    },
    Matter {
        of: "路",
        departments: ["县交通运输局", "县住房和城乡建设局", "县发展和改革局"],
        needed: "这段路的路面、管线和资金分在三家，单跑哪一家都定不下来，需要一起到现场，当场定谁先做、谁接着做、钱从哪里出。",
        finished: "三家当场排好了工序，管线先动、路面跟上，急需的一段今天已经修好。",
        accepted: "现场走过，能正常通行，认可。",
    },
    Matter {
        of: "",
        departments: ["县发展和改革局", "县住房和城乡建设局", "县行政审批局"],
        needed: "这件事几家都有份，单跑哪一家都办不成，需要一起到现场，当场定谁先做、谁接着做，不让群众再跑。",
        finished: "三家当场分好了工，手续并在一起办，今天已经办完。",
        accepted: "当事人都满意，认可。",
    },
];

/// The matter a call was made for.
fn matter(needed: &str) -> &'static Matter {
    MATTERS.iter().find(|matter| matter.needed == needed).unwrap_or(&MATTERS[MATTERS.len() - 1])
}

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
    let newest = lines.iter().map(|line| line.muster.id).max();
    for line in lines.iter().filter(|line| line.muster.state == MusterState::Called) {
        let stays_away = Some(line.muster.id) == newest;
        carry_on(app, county, line, at, stays_away)?;
    }
    for line in lines.iter().filter(|line| line.muster.state == MusterState::Finished) {
        let ctx = clerk(county, line.muster.caller_unit_id, at)?;
        step(app, &ctx, line, MusterVerb::Accept, None, matter(&line.muster.needed).accepted)?;
    }
    Ok(())
}

fn call(app: &App, county: &mut County, campaign: CampaignId, at: Instant) -> Result<(), Failure> {
    // What each township has to do, in its own order.
    let mut work: Vec<(Desk, Vec<TodoItem>)> = Vec::new();
    for town in county.townships.clone() {
        let todo = app.todo(&county.ctx(town.filler, at)?, Some(TodoKind::Rectify))?;
        let own = |item: &TodoItem| item.campaign_id == Some(campaign) && item.unit_id == town.unit;
        let items = todo.items.into_iter().filter(own).collect();
        work.push((town, items));
    }
    let mut called = 0;
    for matter in &MATTERS {
        let about = |items: &[TodoItem]| {
            let found = items.iter().find(|item| item.text.contains(matter.of));
            found.and_then(|item| item.problem.as_ref()).map(|problem| problem.problem_id)
        };
        let found = work.iter().enumerate().find_map(|(n, (_, items))| Some((n, about(items)?)));
        let Some((n, problem)) = found.filter(|_| called < CALLERS) else { continue };
        let (town, _) = work.remove(n);
        let sent = MusterInput {
            subject_kind: "problem".to_owned(),
            subject: problem.to_string(),
            units: matter.departments.join("、"),
            lead: matter.departments[0].to_owned(),
            needed: matter.needed.to_owned(),
            due_day: at.day_in_china().plus_days(WITHIN_DAYS).to_string(),
        };
        app.call_muster(&county.ctx(town.filler, at)?, sent)?;
        called += 1;
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
                (MusterVerb::Finish, matter(&line.muster.needed).finished)
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
