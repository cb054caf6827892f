//! What the page of one task shows.

use super::{Bench, TaskLine, names_of, visible_task};
use crate::Error;
use crate::breakdown::{Origin, origin_of};
use crate::context::{self, App, Context};
use bihuan_domain::breakdown::Becomes;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{PersonId, TaskId, UnitId};
use bihuan_domain::task::{
    self as rules, Curve, Milestone, TargetProgress, TargetReading, Task, TaskAction, TaskEvidence, TaskNote,
    TaskTarget,
};
use bihuan_domain::template::Template;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Instant};
use bihuan_store::journal::{self, EntryFilter};
use bihuan_store::problem::units::{LeadingPost, posts_by_ids};
use bihuan_store::{Conn, task as store};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Notes on the page.
const NOTES: i64 = 50;
/// Steps of the history on the page.
const HISTORY: i64 = 100;

/// What the reader may do.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct TaskMay {
    /// Change what it asks for, schedule, stop.
    pub plan: bool,
    /// Say what was done.
    pub report: bool,
    /// Confirm or send back.
    pub check: bool,
    /// Break it down.
    pub break_down: bool,
    /// Bring in what the beneficiaries say.
    pub bring_word: bool,
}

/// One step of its history.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Happening {
    /// Number of the entry.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// What.
    pub what: &'static str,
    /// By whom.
    pub who: String,
    /// Words.
    pub note: String,
}

/// One task with everything on it.
#[derive(Clone, Debug)]
pub struct TaskView {
    /// The task with where it stands.
    pub line: TaskLine,
    /// The campaign.
    pub campaign: Campaign,
    /// Its template.
    pub template: Option<Arc<Template>>,
    /// The unit that does it.
    pub unit: Unit,
    /// The unit that set it.
    pub order: Unit,
    /// The post that answers for it, with who holds it.
    pub owner: Option<LeadingPost>,
    /// The task it was broken down from, where the reader may see it.
    pub parent: Option<Task>,
    /// Its milestones.
    pub milestones: Vec<Milestone>,
    /// Its targets as set.
    pub targets: Vec<TaskTarget>,
    /// Its targets with what was reached, rolled up.
    pub progress: Vec<TargetProgress>,
    /// Readings, newest first.
    pub readings: Vec<TargetReading>,
    /// Planned against actual.
    pub curve: Curve,
    /// What it was broken down into, as far as the reader may see it.
    pub parts: Vec<TaskLine>,
    /// Notes, newest first.
    pub notes: Vec<TaskNote>,
    /// Evidence, oldest first.
    pub evidence: Vec<TaskEvidence>,
    /// What was done to it, newest first.
    pub history: Vec<Happening>,
    /// Names of the people who filed something.
    pub people: BTreeMap<PersonId, String>,
    /// Units directly below, for the break-down.
    pub below: Vec<Unit>,
    /// What the reader may do.
    pub may: TaskMay,
    /// The sentence of the document it came from.
    pub origin: Option<Origin>,
}

impl App {
    /// Leading posts of a unit and below, for choosing who answers for a task.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn leading_posts_of(&self, unit: &Unit, day: bihuan_domain::Day) -> Result<Vec<LeadingPost>, Error> {
        self.db.read(|conn| Ok(bihuan_store::problem::units::leading_posts(conn, &unit.path, day)?))
    }

    /// One task.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn task_view(&self, ctx: &Context, id: TaskId) -> Result<TaskView, Error> {
        self.db.read(|conn| {
            let (task, unit) = visible_task(conn, ctx, id)?;
            let order = context::unit(conn, task.order_unit_id)?;
            let campaign: Campaign = journal::by_id(conn, task.campaign_id.0)?.ok_or(Error::NotFound)?;
            let works = store::works(conn, vec![task.clone()])?;
            let bench = Bench::new(self, conn, ctx, &works)?;
            let work = works.into_iter().next().ok_or(Error::NotFound)?;
            let names =
                names_of(conn, work.parts.iter().map(|part| part.task.unit_id).chain([task.unit_id]))?;
            let may = may(ctx, &task, &unit, &order);
            let notes = store::notes(conn, id, NOTES)?;
            let evidence = store::evidence(conn, id)?;
            let below = if may.break_down { below(conn, &unit, &work)? } else { Vec::new() };
            let people = people(conn, &work, &notes, &evidence)?;
            let owner = match task.owner_post_id {
                Some(post) => posts_by_ids(conn, &[post], ctx.today())?.into_iter().next(),
                None => None,
            };
            Ok(TaskView {
                line: bench.line(&work, &names),
                template: match campaign.template_text.is_empty() {
                    true => None,
                    false => Some(self.template(&campaign)?),
                },
                campaign,
                owner,
                parent: parent(conn, ctx, &task)?,
                progress: rules::targets_of(&work),
                curve: rules::curve(&work, ctx.today()),
                parts: work.parts.iter().map(|part| bench.line(part, &names)).collect(),
                readings: work.readings.iter().rev().cloned().collect(),
                milestones: work.milestones,
                targets: work.targets,
                notes,
                evidence,
                history: history(conn, id)?,
                origin: origin_of(conn, ctx, Becomes::Task, id.0)?,
                people,
                below,
                may,
                unit,
                order,
            })
        })
    }
}

fn may(ctx: &Context, task: &Task, unit: &Unit, order: &Unit) -> TaskMay {
    use bihuan_domain::role::Role;
    use rules::TaskState;
    let actor = &ctx.actor;
    let running = task.state == TaskState::Running;
    let report = rules::may_report(actor, &unit.path);
    TaskMay {
        plan: running && rules::may_plan(actor, task, &order.path),
        report: running && report,
        check: task.state == TaskState::Reported
            && rules::may_check(actor, task, &unit.path)
            && task.filed_by != Some(actor.person),
        break_down: running && actor.holds_any(&[Role::Office, Role::Filler], &unit.path),
        bring_word: report || actor.holds_any(&[Role::Office, Role::Inspector, Role::Verifier], &unit.path),
    }
}

fn parent(conn: &mut Conn, ctx: &Context, task: &Task) -> Result<Option<Task>, Error> {
    let Some(id) = task.parent_id else { return Ok(None) };
    match visible_task(conn, ctx, id) {
        Ok((parent, _)) => Ok(Some(parent)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Units directly below that have no part yet.
fn below(conn: &mut Conn, unit: &Unit, work: &rules::Work) -> Result<Vec<Unit>, Error> {
    let taken: Vec<UnitId> = work.parts.iter().map(|part| part.task.unit_id).collect();
    let mut units = bihuan_store::unit::open_children(conn, unit.id)?;
    units.retain(|unit| !taken.contains(&unit.id));
    Ok(units)
}

fn people(
    conn: &mut Conn,
    work: &rules::Work,
    notes: &[TaskNote],
    evidence: &[TaskEvidence],
) -> Result<BTreeMap<PersonId, String>, Error> {
    let mut ids: Vec<PersonId> = work.milestones.iter().filter_map(|m| m.filed_by).collect();
    ids.extend(work.readings.iter().map(|r| r.filed_by));
    ids.extend(notes.iter().map(|n| n.filed_by));
    ids.extend(evidence.iter().map(|e| e.filed_by));
    ids.extend([work.task.filed_by, work.task.closed_by].into_iter().flatten());
    ids.sort_unstable();
    ids.dedup();
    Ok(bihuan_store::problem::units::person_names(conn, &ids)?.into_iter().collect())
}

fn history(conn: &mut Conn, id: TaskId) -> Result<Vec<Happening>, Error> {
    let filter = EntryFilter { subject: Some(("task".to_owned(), id.0)), ..EntryFilter::default() };
    let entries = journal::list(conn, &filter, HISTORY)?;
    let ids: Vec<PersonId> = entries.iter().filter_map(|entry| entry.person).collect();
    let names: BTreeMap<PersonId, String> =
        bihuan_store::problem::units::person_names(conn, &ids)?.into_iter().collect();
    Ok(entries
        .into_iter()
        .filter_map(|entry| {
            Some(Happening {
                seq: entry.seq,
                at: entry.at,
                what: TaskAction::from_code(&entry.action)?.label(),
                who: entry.person.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
                note: entry.note,
            })
        })
        .collect())
}
