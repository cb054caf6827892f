//! The agenda that writes itself: what changed since the last meeting, by source.

use super::store;
use crate::Error;
use crate::context::App;
use bihuan_domain::dispatch::{
    AgendaSource, DecisionState, Dispatch, DispatchItem, DispatchSeries, ITEMS_OF_SOURCE_MAX, monday_of,
};
use bihuan_domain::id::{DispatchId, DispatchItemId, TaskId, UnitId};
use bihuan_domain::problem::Problem;
use bihuan_domain::required_action::{Period, Version, due_day};
use bihuan_domain::task::TaskState;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Day};
use bihuan_store::Conn;
use bihuan_store::dispatch::Since;
use bihuan_store::journal;
use bihuan_store::required_action::{self, Asked};
use std::collections::HashMap;

/// Units that owe a required action, of which so many are named.
const OWING_NAMED: usize = 5;
/// Characters of a problem's text on an agenda.
const TEXT_CHARS: usize = 60;

/// A point before it is written.
#[derive(Clone, Debug)]
pub(super) struct Point {
    source: AgendaSource,
    subject: (&'static str, i64),
    unit: Option<UnitId>,
    text: String,
}

impl Point {
    pub(super) fn by_hand(text: String) -> Point {
        Point { source: AgendaSource::ByHand, subject: ("", 0), unit: None, text }
    }

    fn of_problem(source: AgendaSource, problem: &Problem, more: &str) -> Point {
        let text = format!("{} {}。{more}", problem.citation(), short(&problem.text));
        Point { source, subject: ("problem", problem.id.0), unit: Some(problem.home_unit_id), text }
    }

    /// The same point is on the agenda already. A required action stands once for each of its periods.
    pub(super) fn is(&self, item: &DispatchItem) -> bool {
        let period = |text: &str| text.split("应做").next().unwrap_or_default().to_owned();
        item.source == self.source
            && item.subject_kind == self.subject.0
            && item.subject_id == self.subject.1
            && (self.subject.0 != "action" || period(&self.text) == period(&item.text))
    }
}

fn short(text: &str) -> String {
    let text = text.trim_end_matches(['。', '；', ';']);
    if text.chars().count() <= TEXT_CHARS {
        return text.to_owned();
    }
    text.chars().take(TEXT_CHARS).collect::<String>() + "……"
}

/// A point as a row.
pub(super) fn item(
    conn: &mut Conn,
    dispatch: DispatchId,
    ordinal: i64,
    point: Point,
) -> Result<DispatchItem, Error> {
    Ok(DispatchItem {
        id: DispatchItemId(journal::next_id(conn, "dispatch_item", 1)?),
        dispatch_id: dispatch,
        ordinal,
        source: point.source,
        subject_kind: point.subject.0.to_owned(),
        subject_id: point.subject.1,
        unit_id: point.unit,
        text: point.text,
        struck: false,
        struck_reason: String::new(),
        version: 1,
    })
}

/// Everything that belongs on the agenda, in the order of the sources. A problem stands once, at its gravest source.
pub(super) fn points(
    app: &App,
    conn: &mut Conn,
    series: &DispatchSeries,
    unit: &Unit,
    dispatch: &Dispatch,
) -> Result<Vec<Point>, Error> {
    let since = Since {
        campaign: series.campaign_id,
        path: unit.path.clone(),
        since: dispatch.since_day,
        seq: journal::last_of_day(conn, dispatch.since_day.plus_days(-1))?,
        today: dispatch.held_day,
    };
    let mut all = decided(conn, series, dispatch)?;
    let handed = since.handed_up(conn)?;
    all.extend(
        handed.iter().map(|p| Point::of_problem(AgendaSource::NeedsSuperior, p, "等待上级答复或办理。")),
    );
    for (problem, request) in since.extensions(conn)? {
        let day = request.new_due_day.map(Day::in_chinese).unwrap_or(request.deadline_text.clone());
        let more = format!("申请延期到{day}：{}", short(&request.reason));
        all.push(Point::of_problem(AgendaSource::ExtensionAsked, &problem, &more));
    }
    for problem in since.newly_red(conn)? {
        let more = match problem.forced_reason.as_str() {
            "" => format!("已退回{}次，亮红。", problem.send_backs),
            reason => format!("人工亮红：{}。", short(reason)),
        };
        all.push(Point::of_problem(AgendaSource::NewlyRed, &problem, &more));
    }
    for problem in since.newly_late(conn)? {
        let day = problem.clock_day.unwrap_or(dispatch.held_day);
        let more = format!("时限{}，已逾期{}天。", day.in_chinese(), dispatch.held_day.minus(day));
        all.push(Point::of_problem(AgendaSource::NewlyLate, &problem, &more));
    }
    for slip in store::slips_unanswered(conn, series.campaign_id, &unit.path, dispatch.held_day)? {
        let day = slip.answer_day.unwrap_or(dispatch.held_day);
        let late = dispatch.held_day.minus(day);
        all.push(Point {
            source: AgendaSource::SlipUnanswered,
            subject: ("slip", slip.id.0),
            unit: Some(slip.holder_unit_id),
            text: format!(
                "{} {}。应于{}答复，已过{late}天。",
                slip.citation(),
                short(&slip.title),
                day.in_chinese()
            ),
        });
    }
    all.extend(missed_actions(app, conn, &since, unit)?);
    all.extend(silent(conn, &since, series, unit)?);
    Ok(once(all))
}

/// Required actions that fell due since and were not recorded: one point for each rule and period, with the units
/// below that owe most.
fn missed_actions(app: &App, conn: &mut Conn, since: &Since, unit: &Unit) -> Result<Vec<Point>, Error> {
    let calendar = app.calendar(conn)?;
    // What was due the day before the last meeting could not be known there as missed.
    let from = since.since.plus_days(-1);
    let actions = required_action::of_campaign(conn, since.campaign)?;
    let fell_due = |(period, version): &(Period, &Version)| {
        let due = due_day(&version.rule, *period, &calendar);
        due >= from && due < since.today
    };
    let asked: Vec<Asked<'_>> = actions
        .iter()
        .map(|action| {
            let all = Asked::begun(action, since.today);
            Asked { periods: all.periods.into_iter().filter(fell_due).collect(), ..all }
        })
        .filter(|asked| !asked.periods.is_empty())
        .collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let children = bihuan_store::ledger::children(conn, unit.id)?;
    let mut ids = vec![unit.id];
    ids.extend(children.iter().map(|child| child.id));
    let cells = required_action::cells(conn, &ids, &asked, since.today, &calendar)?;
    let mut points = Vec::new();
    for one in &asked {
        for (period, version) in &one.periods {
            let missed = |unit: UnitId| {
                cells.get(&(unit, one.action.id, *period)).map_or((0, 0), |t| (t.missed, t.expected))
            };
            let (count, expected) = missed(unit.id);
            if count == 0 {
                continue;
            }
            let mut owing: Vec<(i64, &str)> =
                children.iter().map(|child| (missed(child.id).0, child.name.as_str())).collect();
            owing.retain(|(n, _)| *n > 0);
            // Stable: units that owe as much stay in official order.
            owing.sort_by_key(|(n, _)| -n);
            let more = if owing.len() > OWING_NAMED { "等" } else { "" };
            let names: Vec<&str> = owing.iter().take(OWING_NAMED).map(|(_, name)| *name).collect();
            let who =
                if names.is_empty() { String::new() } else { format!("：{}{more}", names.join("、")) };
            let rule = &version.rule;
            let label = period.label(rule.cadence);
            points.push(Point {
                source: AgendaSource::NotReported,
                subject: ("action", one.action.id.0),
                unit: None,
                text: format!("规定动作“{}”{label}应做{expected}，到期未登记{count}{who}。", rule.name),
            });
        }
    }
    Ok(points)
}

/// What was decided before, and what became of it: as far as its task is.
fn decided(conn: &mut Conn, series: &DispatchSeries, dispatch: &Dispatch) -> Result<Vec<Point>, Error> {
    let decisions = store::decisions_before(conn, series.id, dispatch.number, dispatch.since_day)?;
    let tasks = bihuan_store::task::by_ids(conn, decisions.iter().filter_map(|one| one.task_id))?;
    let charged = tasks.iter().map(|task| task.unit_id).chain(decisions.iter().map(|one| one.owner_unit_id));
    let names = bihuan_store::ledger::unit_names_on(conn, charged, dispatch.held_day)?;
    let reported = |id: Option<TaskId>| {
        tasks.iter().any(|task| Some(task.id) == id && task.state == TaskState::Reported)
    };
    let point = |decision: bihuan_domain::dispatch::Decision| {
        let became = match decision.state {
            DecisionState::Open if reported(decision.task_id) => "已申报完成，待认定".to_owned(),
            DecisionState::Open if decision.due_day < dispatch.held_day => {
                format!("到期{}天仍未办结", dispatch.held_day.minus(decision.due_day))
            }
            DecisionState::Open => format!("{}前办结", decision.due_day.in_chinese()),
            state => format!("{}：{}", state.label(), decision.outcome),
        };
        // The work is with the successor of a unit that was merged.
        let task = tasks.iter().find(|task| Some(task.id) == decision.task_id);
        let owes = task.map_or(decision.owner_unit_id, |task| task.unit_id);
        let first = names.get(&decision.owner_unit_id).filter(|_| owes != decision.owner_unit_id);
        let moved = first.map(|name| format!("，原由{name}承担")).unwrap_or_default();
        Point {
            source: AgendaSource::LastDecision,
            subject: ("decision", decision.id.0),
            unit: Some(owes),
            text: format!("{}（{became}{moved}）", short(&decision.text)),
        }
    };
    Ok(decisions.into_iter().map(point).collect())
}

/// Units with work in hand that filed nothing since, and those without a plan for the week where others have one.
fn silent(conn: &mut Conn, since: &Since, series: &DispatchSeries, unit: &Unit) -> Result<Vec<Point>, Error> {
    let plans = store::week_plans(
        conn,
        series.campaign_id,
        monday_of(since.today),
        std::slice::from_ref(&unit.path),
    )?;
    let planned: HashMap<UnitId, ()> = plans.iter().map(|(plan, _)| (plan.unit_id, ())).collect();
    let point = |(id, count): (UnitId, i64)| {
        let plan = if !planned.is_empty() && !planned.contains_key(&id) {
            "，也没有报本周计划"
        } else {
            ""
        };
        Point {
            source: AgendaSource::NotReported,
            subject: ("unit", id.0),
            unit: Some(id),
            text: format!("在办{count}件，{}以来没有填报任何进展{plan}。", since.since.in_chinese()),
        }
    };
    Ok(since.silent(conn)?.into_iter().map(point).collect())
}

/// Each subject once, and no more than the limit of each source; the rest is one line with a number.
fn once(all: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for source in AgendaSource::ALL {
        let mut own: Vec<Point> = Vec::new();
        for point in all.iter().filter(|point| point.source == *source) {
            if !kept.iter().any(|have| have.subject == point.subject) {
                own.push(point.clone());
            }
        }
        let more = own.len().saturating_sub(ITEMS_OF_SOURCE_MAX);
        own.truncate(ITEMS_OF_SOURCE_MAX);
        kept.extend(own);
        if more > 0 {
            let text = format!("另有{more}项“{}”，请在台账中查看。", source.label());
            kept.push(Point { source: *source, subject: ("more", 0), unit: None, text });
        }
    }
    kept
}
