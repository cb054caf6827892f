//! Key tasks and livelihood projects: lists with their standing, one task with everything on it, and the steps (M16, M17).

mod decided;
mod doing;
mod input;
mod steps;
mod succession;
mod view;

pub(crate) use decided::{Decided, set_at_meeting};
pub use doing::TASK_EVIDENCE_MAX;
pub use input::{
    BreakDownInput, MilestoneRow, PartRow, ReadingInput, TargetRow, TaskDecisionInput, TaskInput,
    TaskNoteInput, TaskReportInput,
};
pub use steps::TaskDone;
pub use succession::{take_over_tasks, take_over_tasks_of_unit};
pub use view::{Happening, TaskMay, TaskView};

use crate::Error;
use crate::context::{self, App, Context, campaign_for};
use bihuan_domain::Day;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, TaskId, UnitId};
use bihuan_domain::task::{self as rules, Judged, Milestone, Standing, Tally, Task, Work};
use bihuan_domain::template::Template;
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_store::{Conn, journal, task as store};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows of one page of the list.
pub const TASK_ROWS: usize = 50;

/// Which tasks to list.
#[derive(Clone, Debug, Default)]
pub struct TaskQuery {
    /// Of this campaign.
    pub campaign: Option<CampaignId>,
    /// Of this unit and those below it; else of all that the reader may read.
    pub unit: Option<UnitId>,
    /// Only with this standing.
    pub standing: Option<Standing>,
    /// Only livelihood projects, or only the others.
    pub project: Option<bool>,
    /// Only of this kind.
    pub kind: String,
    /// Only whose title or citation holds this.
    pub words: String,
    /// Where the page begins.
    pub offset: usize,
}

/// A task as lists show it.
#[derive(Clone, Debug, Serialize)]
pub struct TaskLine {
    /// The task.
    #[serde(flatten)]
    pub task: Task,
    /// As people cite it.
    pub citation: String,
    /// Name of its kind.
    pub kind_name: String,
    /// Name of the unit that does it.
    pub unit_name: String,
    /// Where it stands.
    pub judged: Judged,
    /// The milestone that comes next.
    pub next: Option<Milestone>,
    /// How many parts it was broken down into.
    pub parts: usize,
}

/// The tallies of one unit below.
#[derive(Clone, Debug, Serialize)]
pub struct UnitTally {
    /// The unit.
    pub unit_id: UnitId,
    /// Its name.
    pub name: String,
    /// Where its tasks stand, with its subtree.
    pub tally: Tally,
}

/// A page of tasks.
#[derive(Clone, Debug, Serialize)]
pub struct TaskList {
    /// The day.
    pub day: Day,
    /// Where they stand, before the filter of standing; parts of a task of the list are counted with it.
    pub tally: Tally,
    /// The same as reports say it.
    pub sentence: String,
    /// By the units directly below, in official order; units without tasks are left out.
    pub by_unit: Vec<UnitTally>,
    /// One page.
    pub lines: Vec<TaskLine>,
    /// How many the filter leaves.
    pub total: usize,
    /// The unit they are of, where one was chosen.
    pub unit: Option<(UnitId, String)>,
}

/// What judging needs beside the tasks, for several campaigns at once.
pub(crate) struct Bench {
    calendar: Arc<Calendar>,
    templates: BTreeMap<CampaignId, Option<Arc<Template>>>,
    today: Day,
}

impl Bench {
    pub(crate) fn new(app: &App, conn: &mut Conn, ctx: &Context, works: &[Work]) -> Result<Bench, Error> {
        let mut templates = BTreeMap::new();
        for work in works {
            if templates.contains_key(&work.task.campaign_id) {
                continue;
            }
            let campaign: Option<Campaign> = journal::by_id(conn, work.task.campaign_id.0)?;
            let template = match campaign.filter(|campaign| !campaign.template_text.is_empty()) {
                Some(campaign) => Some(app.template(&campaign)?),
                None => None,
            };
            templates.insert(work.task.campaign_id, template);
        }
        Ok(Bench { calendar: app.calendar(conn)?, templates, today: ctx.today() })
    }

    /// Judges by another calendar: that of a day that has passed.
    pub(crate) fn with_calendar(mut self, calendar: &Arc<Calendar>) -> Bench {
        self.calendar = Arc::clone(calendar);
        self
    }

    fn template(&self, task: &Task) -> Option<&Template> {
        self.templates.get(&task.campaign_id)?.as_deref()
    }

    pub(crate) fn judge(&self, work: &Work) -> Judged {
        let lag = self.template(&work.task).map_or(0, |template| template.task_lag_percent(&work.task.kind));
        rules::judge(work, self.today, &self.calendar, lag)
    }

    fn line(&self, work: &Work, names: &BTreeMap<UnitId, String>) -> TaskLine {
        let task = work.task.clone();
        let kind = self.template(&task).and_then(|template| template.task_kind(&task.kind));
        TaskLine {
            citation: task.citation(),
            kind_name: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
            unit_name: names.get(&task.unit_id).cloned().unwrap_or_default(),
            judged: self.judge(work),
            next: work.milestones.iter().find(|m| m.done_day.is_none()).cloned(),
            parts: work.parts.len(),
            task,
        }
    }
}

pub(crate) fn names_of(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = UnitId>,
) -> Result<BTreeMap<UnitId, String>, Error> {
    Ok(bihuan_store::unit::names(conn, ids)?.into_iter().collect())
}

/// Loads a task that the reader may see, with its unit.
///
/// # Errors
/// `NotFound`.
pub(crate) fn visible_task(conn: &mut Conn, ctx: &Context, id: TaskId) -> Result<(Task, Unit), Error> {
    let task: Task = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = context::unit(conn, task.unit_id)?;
    if ctx.actor.may_read(&unit.path) { Ok((task, unit)) } else { Err(Error::NotFound) }
}

impl App {
    /// Tasks with where they stand today.
    ///
    /// # Errors
    /// `NotFound` for a campaign or unit out of sight.
    pub fn tasks(&self, ctx: &Context, query: &TaskQuery) -> Result<TaskList, Error> {
        self.db.read(|conn| {
            if let Some(campaign) = query.campaign {
                campaign_for(conn, ctx, campaign)?;
            }
            let unit = query.unit.map(|id| context::readable_unit(conn, ctx, id)).transpose()?;
            let roots: Vec<UnitPath> = match &unit {
                Some(unit) => vec![unit.path.clone()],
                None => ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect(),
            };
            let mut tasks = store::outermost(store::in_subtrees(conn, query.campaign, &roots)?);
            tasks.retain(|task| query.asks_for(task));
            let mut stood: Vec<Stood> = Vec::with_capacity(tasks.len());
            for some in tasks.chunks(store::WORKS_AT_ONCE) {
                let works = store::works(conn, some.to_vec())?;
                let bench = Bench::new(self, conn, ctx, &works)?;
                let judged = |work: Work| Stood { standing: bench.judge(&work).standing, task: work.task };
                stood.extend(works.into_iter().map(judged));
            }
            let mut tally = Tally::default();
            stood.iter().for_each(|one| tally.add(one.standing));
            let by_unit = by_unit(conn, &roots, &stood)?;
            stood.retain(|one| query.standing.is_none_or(|standing| standing == one.standing));
            stood.sort_by_key(|one| (urgency(one.standing), one.task.due_day, one.task.number));
            let total = stood.len();
            let page = stood.into_iter().skip(query.offset).take(TASK_ROWS).map(|one| one.task).collect();
            let works = store::works(conn, page)?;
            let bench = Bench::new(self, conn, ctx, &works)?;
            let names = names_of(conn, works.iter().map(|work| work.task.unit_id))?;
            Ok(TaskList {
                day: ctx.today(),
                sentence: rules::standing_sentence(&tally),
                tally,
                by_unit,
                lines: works.iter().map(|work| bench.line(work, &names)).collect(),
                total,
                unit: unit.map(|unit| (unit.id, unit.name)),
            })
        })
    }
}

/// A task with where it stands, without what that came from.
struct Stood {
    task: Task,
    standing: Standing,
}

impl TaskQuery {
    fn asks_for(&self, task: &Task) -> bool {
        self.project.is_none_or(|project| project == task.project)
            && (self.kind.is_empty() || self.kind == task.kind)
            && (self.words.is_empty() || task.title.contains(&self.words) || task.citation() == self.words)
    }
}

/// What needs a look comes first.
fn urgency(standing: Standing) -> u8 {
    match standing {
        Standing::Behind => 0,
        Standing::AtRisk => 1,
        Standing::OnSchedule => 2,
        Standing::NotStarted => 3,
        Standing::Done => 4,
        Standing::Stopped => 5,
    }
}

/// The tallies of the units directly below the only root, and of the root itself.
fn by_unit(conn: &mut Conn, roots: &[UnitPath], lines: &[Stood]) -> Result<Vec<UnitTally>, Error> {
    let [root] = roots else { return Ok(Vec::new()) };
    let Some(own) = root.units().last().copied() else { return Ok(Vec::new()) };
    let units = bihuan_store::unit::by_ids(conn, lines.iter().map(|line| line.task.unit_id))?;
    let paths: BTreeMap<UnitId, UnitPath> = units.into_iter().map(|unit| (unit.id, unit.path)).collect();
    let child_of = |unit: UnitId| -> Option<UnitId> {
        let path = paths.get(&unit)?.units();
        let at = path.iter().position(|id| *id == own)?;
        Some(path.get(at + 1).copied().unwrap_or(own))
    };
    let mut tallies: BTreeMap<UnitId, Tally> = BTreeMap::new();
    for line in lines {
        if let Some(child) = child_of(line.task.unit_id) {
            tallies.entry(child).or_default().add(line.standing);
        }
    }
    let mut found = bihuan_store::unit::by_ids(conn, tallies.keys().copied())?;
    found.sort_by_key(|unit| (unit.id != own, unit.official_order, unit.id));
    Ok(found
        .into_iter()
        .map(|unit| UnitTally {
            unit_id: unit.id,
            tally: tallies.get(&unit.id).copied().unwrap_or_default(),
            name: if unit.id == own { format!("{}本级", unit.name) } else { unit.name },
        })
        .collect())
}
