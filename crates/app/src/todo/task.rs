//! What waits on tasks: the next milestone, the report when all are reached, and reports to be confirmed. A task that
//! was broken down is not asked for figures: its parts give them.

use super::problem::roots;
use super::{RecordHere, TODO_ROWS_MAX, TodoItem, TodoKind};
use crate::Error;
use crate::context::Context;
use crate::task::names_of;
use bihuan_domain::Day;
use bihuan_domain::id::{PostId, UnitId};
use bihuan_domain::role::Role;
use bihuan_domain::task::{self as rules, FULL, Task, Work};
use bihuan_domain::unit::UnitPath;
use bihuan_store::{Conn, task as store};
use std::collections::{BTreeMap, BTreeSet};

/// Days before its first day from which a milestone is shown.
const MILESTONE_DAYS: i32 = 7;
/// Days before its deadline from which a task without open milestones is asked about.
const TASK_DAYS: i32 = 30;

/// What waits for the caller.
pub(super) fn items(conn: &mut Conn, ctx: &Context, today: Day) -> Result<Vec<TodoItem>, Error> {
    let actor = &ctx.actor;
    let places: Vec<&UnitPath> = actor.posts.iter().map(|post| &post.path).collect();
    let led = |path: &&&UnitPath| actor.holds(Role::Leader, path);
    let units: BTreeSet<UnitId> =
        places.iter().filter(led).filter_map(|path| path.units().last().copied()).collect();
    let posts: Vec<PostId> = actor.posts.iter().map(|post| post.post).collect();
    let units: Vec<UnitId> = units.into_iter().collect();
    let owed = store::owed(conn, &roots(actor, &[Role::Filler]), &units, &posts, TODO_ROWS_MAX)?;
    let owed = store::works(conn, owed)?;
    let checks = store::reported(conn, &roots(actor, &[Role::Office, Role::Verifier]), TODO_ROWS_MAX)?;
    let ids = owed.iter().map(|work| work.task.unit_id).chain(checks.iter().map(|task| task.unit_id));
    let names = names_of(conn, ids)?;
    let decided = bihuan_store::dispatch::decided_tasks(conn, owed.iter().map(|work| work.task.id))?;
    let mut items: Vec<TodoItem> = owed
        .iter()
        .filter_map(|work| next(work, ctx, today, &names, decided.contains(&work.task.id)))
        .collect();
    for task in checks {
        let Some(path) = path_of(conn, &task)? else { continue };
        let hands = store::hands(conn, task.id)?;
        let own = task.filed_by == Some(actor.person) || hands.people.contains(&actor.person);
        if !own && rules::may_check(actor, &task, &path) {
            let day = task.filed_day;
            let words = task.statement.clone();
            items.push(item(&task, TodoKind::TaskCheck, (words, day, false), &names));
        }
    }
    Ok(items)
}

fn path_of(conn: &mut Conn, task: &Task) -> Result<Option<UnitPath>, Error> {
    Ok(bihuan_store::unit::by_id(conn, task.unit_id)?.map(|unit| unit.path))
}

/// The one thing a task asks for next. What a meeting decided is shown from the start.
fn next(
    work: &Work,
    ctx: &Context,
    today: Day,
    names: &BTreeMap<UnitId, String>,
    decided: bool,
) -> Option<TodoItem> {
    let task = &work.task;
    if let Some(milestone) = work.milestones.iter().find(|m| m.done_day.is_none()) {
        if milestone.starts_day.plus_days(-MILESTONE_DAYS) > today {
            return None;
        }
        let late = milestone.due_day < today;
        let facts = (milestone.title.clone(), Some(milestone.due_day), late);
        let mut item = item(task, TodoKind::Milestone, facts, names);
        item.record = may_file(ctx, task).then(|| RecordHere {
            action: format!("/tasks/{}/milestones/{}/done", task.id, milestone.id),
            button: "填报节点完成",
            hidden: Vec::new(),
            field: Some(("note", "完成情况")),
            uploads: false,
        });
        return Some(item);
    }
    // What was broken down is done by the parts; what they reached is known here without asking.
    let waits_for_parts = work.parts.iter().any(|part| part.task.is_open());
    let reached = rules::targets_of(work).iter().all(|target| target.share >= FULL);
    let near = decided || task.due_day.plus_days(-TASK_DAYS) <= today;
    if waits_for_parts || !(near || (reached && !work.targets.is_empty())) {
        return None;
    }
    let words = if reached { String::new() } else { "量化指标还没有达到".to_owned() };
    let kind = if decided { TodoKind::Decision } else { TodoKind::Task };
    Some(item(task, kind, (words, Some(task.due_day), task.due_day < today), names))
}

/// An owner by post alone looks; who records for the unit files.
fn may_file(ctx: &Context, task: &Task) -> bool {
    let within = |path: &UnitPath| path.units().contains(&task.unit_id);
    ctx.actor.grants.iter().any(|grant| grant.role == Role::Filler)
        || ctx.actor.posts.iter().any(|post| within(&post.path))
}

fn item(
    task: &Task,
    kind: TodoKind,
    (words, day, late): (String, Option<Day>, bool),
    names: &BTreeMap<UnitId, String>,
) -> TodoItem {
    let href = format!("/tasks/{}", task.id);
    let form = match kind {
        TodoKind::Task | TodoKind::Decision => "?do=report#do-report",
        TodoKind::TaskCheck => "?do=check#do-check",
        _ => "#milestones",
    };
    TodoItem {
        kind,
        citation: task.citation(),
        text: task.title.clone(),
        words,
        campaign_id: Some(task.campaign_id),
        unit_id: task.unit_id,
        unit_name: names.get(&task.unit_id).cloned().unwrap_or_default(),
        day,
        deadline_text: String::new(),
        late,
        do_href: format!("{href}{form}"),
        href,
        record: None,
        problem: None,
    }
}
