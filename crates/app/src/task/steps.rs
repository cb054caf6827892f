//! Setting, scheduling, breaking down and stopping a task. Each step loads, decides and appends in one transaction.

use super::decided::decision_follows;
use super::input::{self, BreakDownInput, MilestoneRow, PartRow, TargetRow};
use super::{TaskInput, visible_task};
use crate::Error;
use crate::context::{self, App, Context, campaign_for, readable_unit};
use crate::input as plain;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, MilestoneId, TaskId, TaskTargetId, UnitId};
use bihuan_domain::role::Role;
use bihuan_domain::task::{
    self as rules, Desk, Milestone, MilestoneDraft, Part, Place, TargetDraft, Task, TaskAction, TaskTarget,
    Work, back_schedule,
};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Refusal};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, task as store};

/// What a step answers.
#[derive(Clone, Debug)]
pub struct TaskDone {
    /// The task as it stands after it.
    pub task: Task,
    /// The entry.
    pub seq: i64,
    /// What did not go as usual although the step was taken, whole sentences; empty as a rule.
    pub notice: String,
}

/// What a step wants written.
pub(super) struct Change {
    action: TaskAction,
    note: String,
    writes: Vec<Write>,
    /// Entries of other tasks that belong to it.
    more: Vec<NewEntry>,
    /// What did not go as usual.
    notice: String,
}

impl Change {
    pub(super) fn new(
        action: TaskAction,
        note: impl Into<String>,
        writes: impl IntoIterator<Item = Write>,
    ) -> Change {
        let writes = writes.into_iter().collect();
        Change { action, note: note.into(), writes, more: Vec::new(), notice: String::new() }
    }
}

/// Everything a decision may look at.
pub(super) struct Loaded<'a> {
    app: &'a App,
    pub(super) conn: &'a mut Conn,
    pub(super) ctx: &'a Context,
    pub(super) work: Work,
    pub(super) unit: Unit,
    order: Unit,
    campaign: Campaign,
}

impl Loaded<'_> {
    pub(super) fn desk(&self) -> Desk<'_> {
        Desk { actor: &self.ctx.actor, today: self.ctx.today() }
    }

    pub(super) fn milestone(&self, id: MilestoneId) -> Result<&Milestone, Error> {
        self.work.milestones.iter().find(|m| m.id == id).ok_or(Error::NotFound)
    }

    /// The milestones placed back from the deadline.
    fn schedule(&mut self, task: &Task, drafts: &[MilestoneDraft]) -> Result<Vec<Write>, Error> {
        let calendar = self.app.calendar(self.conn)?;
        let have = self.work.milestones.clone();
        let order = self.order.path.clone();
        let mut all = rules::plan_milestones(&self.desk(), (task, &order), &have, drafts, |wanted| {
            back_schedule(&calendar, (task.starts_day, task.due_day), wanted)
        })?;
        let mut writes = Vec::new();
        for gone in have.iter().filter(|m| all.iter().all(|kept| kept.id != m.id)) {
            writes.push(Write::delete(gone));
        }
        for milestone in &mut all {
            match have.iter().find(|m| m.id == milestone.id) {
                Some(before) => writes.extend(Write::update(before, milestone)),
                None => {
                    milestone.id = MilestoneId(journal::next_id(self.conn, "milestone", 1)?);
                    writes.push(Write::insert(milestone));
                }
            }
        }
        Ok(writes)
    }
}

pub(super) fn entry(task: &Task, action: TaskAction, note: String, writes: Vec<Write>) -> NewEntry {
    NewEntry {
        action: action.code().to_owned(),
        subject_kind: "task",
        subject_id: task.id.0,
        unit: Some(task.unit_id),
        campaign: Some(task.campaign_id),
        note,
        writes,
        ..NewEntry::default()
    }
}

fn place(unit: &Unit) -> Place {
    Place { unit: unit.id, path: unit.path.clone() }
}

/// Writes targets: known names keep their readings, others are added or taken away.
fn set_targets(
    conn: &mut Conn,
    task: TaskId,
    have: &[TaskTarget],
    drafts: &[TargetDraft],
) -> Result<Vec<Write>, Error> {
    let mut writes = Vec::new();
    for gone in have.iter().filter(|t| drafts.iter().all(|draft| draft.name != t.name)) {
        writes.push(Write::delete(gone));
    }
    for (at, draft) in drafts.iter().enumerate() {
        let known = have.iter().find(|t| t.name == draft.name);
        let mut target = TaskTarget {
            id: known.map(|t| t.id).unwrap_or_default(),
            task_id: task,
            ordinal: at as i64 + 1,
            name: draft.name.clone(),
            measure_word: draft.measure_word.clone(),
            baseline: draft.baseline,
            target: draft.target,
            reached: known.filter(|t| t.reached_day.is_some()).map_or(draft.baseline, |t| t.reached),
            reached_day: known.and_then(|t| t.reached_day),
            version: known.map_or(1, |t| t.version),
        };
        match known {
            Some(before) if *before == target => {}
            Some(before) => {
                target.version += 1;
                writes.extend(Write::update(before, &target));
            }
            None => {
                target.id = TaskTargetId(journal::next_id(conn, "task_target", 1)?);
                writes.push(Write::insert(&target));
            }
        }
    }
    Ok(writes)
}

impl App {
    /// Carries out one step: load, check that it is seen and fresh, decide, append.
    pub(super) fn change_task<F>(
        &self,
        ctx: &Context,
        id: TaskId,
        version: Option<i64>,
        decide: F,
    ) -> Result<TaskDone, Error>
    where
        F: FnOnce(&mut Loaded<'_>) -> Result<Change, Error> + Send + 'static,
    {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let (task, unit) = visible_task(conn, &ctx, id)?;
            if version.is_some_and(|version| version != task.version) {
                return Err(Error::stale());
            }
            let order = context::unit(conn, task.order_unit_id)?;
            let campaign: Campaign = journal::by_id(conn, task.campaign_id.0)?.ok_or(Error::NotFound)?;
            let work = store::works(conn, vec![task.clone()])?.pop().ok_or(Error::NotFound)?;
            let mut loaded = Loaded { app: &app, conn, ctx: &ctx, work, unit, order, campaign };
            let change = decide(&mut loaded)?;
            let Loaded { conn, unit, .. } = loaded;
            let mut entries = vec![entry(&task, change.action, change.note, change.writes)];
            entries.extend(change.more);
            let later = entries.len() as i64 - 1;
            let seq = journal::append(conn, &ctx.stamp(Some(&unit)), entries)? - later;
            let task = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            Ok(TaskDone { task, seq, notice: change.notice })
        })
    }

    /// Sets a task to a unit. Without milestones of its own it gets those of its kind, scheduled back from the
    /// deadline; none, and a notice, where the holidays of that year are not known yet.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` inputs, refusals of `task::create` and of the schedule.
    pub fn create_task(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        sent: TaskInput,
        targets: Vec<TargetRow>,
        milestones: Vec<MilestoneRow>,
    ) -> Result<TaskDone, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| app.create_task_in(conn, &ctx, campaign, sent, (targets, milestones)))
    }

    /// As [`App::create_task`], inside a transaction of the caller's.
    ///
    /// # Errors
    /// As [`App::create_task`].
    pub(crate) fn create_task_in(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        campaign: CampaignId,
        sent: TaskInput,
        (targets, milestones): (Vec<TargetRow>, Vec<MilestoneRow>),
    ) -> Result<TaskDone, Error> {
        let campaign = campaign_for(conn, ctx, campaign)?;
        campaign.check_running()?;
        let unit = plain::number("unit", "承担单位", &sent.unit)?
            .ok_or_else(|| Error::invalid("unit", "请填写“承担单位”。"))?;
        let unit = readable_unit(conn, ctx, UnitId(unit))?;
        let order = order_of(conn, ctx, &campaign, &unit)?;
        let template = match campaign.template_text.is_empty() {
            true => None,
            false => Some(self.template(&campaign)?),
        };
        let draft = sent.draft(template.as_deref())?;
        let desk = Desk { actor: &ctx.actor, today: ctx.today() };
        let mut task = rules::create(&desk, campaign.id, &place(&unit), &place(&order), &draft)?;
        let targets = rules::check_targets(&input::targets(&targets)?)?;
        let mut drafts = input::milestones(&milestones)?;
        let usual = drafts.is_empty();
        if usual && let Some(kind) = template.as_deref().and_then(|template| template.task_kind(&task.kind)) {
            drafts = usual_milestones(kind);
        }
        task.id = TaskId(journal::next_id(conn, "task", 1)?);
        task.number = store::next_number(conn, campaign.id)?;
        let mut writes = vec![Write::insert(&task)];
        writes.extend(set_targets(conn, task.id, &[], &targets)?);
        let work =
            Work { task: task.clone(), milestones: vec![], targets: vec![], readings: vec![], parts: vec![] };
        let mut loaded = Loaded { app: self, conn, ctx, work, unit: unit.clone(), order, campaign };
        let mut notice = String::new();
        match loaded.schedule(&task, &drafts) {
            // Nobody asked for these milestones: the task does not wait for the holidays of a later year.
            Err(error) if usual && error.code() == NO_CALENDAR => notice = not_scheduled(task.due_day),
            scheduled => writes.extend(scheduled?),
        }
        let note = format!("“{}”，时限{}", task.title, task.due_day.in_chinese());
        let entry = entry(&task, TaskAction::Created, note, writes);
        let seq = journal::append(loaded.conn, &ctx.stamp(Some(&unit)), vec![entry])?;
        Ok(TaskDone { task, seq, notice })
    }

    /// Changes what a task asks for. A new deadline moves the milestones that are still open; where the holidays of its
    /// year are not known yet they stay, with a notice.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `Invalid` inputs, refusals of `task::amend` and of the schedule.
    pub fn amend_task(
        &self,
        ctx: &Context,
        id: TaskId,
        version: Option<i64>,
        sent: TaskInput,
        targets: Option<Vec<TargetRow>>,
    ) -> Result<TaskDone, Error> {
        self.change_task(ctx, id, version, move |loaded| {
            let template = match loaded.campaign.template_text.is_empty() {
                true => None,
                false => Some(loaded.app.template(&loaded.campaign)?),
            };
            let before = loaded.work.task.clone();
            let order = loaded.order.path.clone();
            let after = rules::amend(&loaded.desk(), &before, &order, &sent.draft(template.as_deref())?)?;
            let mut writes: Vec<Write> = Write::update(&before, &after).into_iter().collect();
            let mut notice = String::new();
            if let Some(targets) = targets {
                let targets = rules::check_targets(&input::targets(&targets)?)?;
                writes.extend(set_targets(loaded.conn, id, &loaded.work.targets.clone(), &targets)?);
            }
            if (before.starts_day, before.due_day) != (after.starts_day, after.due_day) {
                let drafts: Vec<MilestoneDraft> =
                    loaded.work.milestones.iter().filter(|m| m.done_day.is_none()).map(draft_of).collect();
                match loaded.schedule(&after, &drafts) {
                    Err(error) if error.code() == NO_CALENDAR => notice = not_moved(after.due_day),
                    scheduled => writes.extend(scheduled?),
                }
            }
            Ok(Change { notice, ..Change::new(TaskAction::Amended, sent.reason.trim(), writes) })
        })
    }

    /// Schedules the milestones that are still open back from the deadline.
    ///
    /// # Errors
    /// As [`App::amend_task`].
    pub fn schedule_task(
        &self,
        ctx: &Context,
        id: TaskId,
        version: Option<i64>,
        rows: Vec<MilestoneRow>,
    ) -> Result<TaskDone, Error> {
        self.change_task(ctx, id, version, move |loaded| {
            let drafts = input::milestones(&rows)?;
            let task = loaded.work.task.clone();
            let mut writes = loaded.schedule(&task, &drafts)?;
            let after = Task { version: task.version + 1, ..task.clone() };
            writes.extend(Write::update(&task, &after));
            let days: i64 = drafts.iter().map(|draft| draft.working_days).sum();
            let note = format!("{}个节点，共{days}个工作日", drafts.len());
            Ok(Change::new(TaskAction::Scheduled, note, writes))
        })
    }

    /// Breaks a task down across units below.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `Invalid` inputs, refusals of `task::break_down`.
    pub fn break_down_task(
        &self,
        ctx: &Context,
        id: TaskId,
        version: Option<i64>,
        sent: BreakDownInput,
        rows: Vec<PartRow>,
    ) -> Result<TaskDone, Error> {
        self.change_task(ctx, id, version, move |loaded| {
            let task = loaded.work.task.clone();
            let due = plain::day("due_day", "完成时限", &sent.due_day)?.unwrap_or(task.due_day);
            depth_left(loaded.conn, &task)?;
            let first = loaded.work.targets.first().cloned();
            let mut parts = Vec::new();
            for row in rows.iter().filter(|row| !row.target.trim().is_empty()) {
                let unit = plain::number("parts", "单位编号", &row.unit)?
                    .ok_or_else(|| Error::invalid("parts", "没有写明分解给哪个单位。"))?;
                let unit = readable_unit(loaded.conn, loaded.ctx, UnitId(unit))?;
                let (way, weight) = match &first {
                    Some(first) => {
                        let (way, weight) = input::part(first, &unit.name, row)?;
                        (Some(way), Some(weight))
                    }
                    None => (None, None),
                };
                parts.push(Part { place: place(&unit), way, weight, due_day: due });
            }
            let have: Vec<UnitId> = loaded.work.parts.iter().map(|part| part.task.unit_id).collect();
            let made = rules::break_down(&loaded.desk(), (&task, &place(&loaded.unit)), &have, &parts)?;
            let first_number = store::next_number(loaded.conn, task.campaign_id)?;
            let mut more = Vec::new();
            for (number, (mut part, wanted)) in (first_number..).zip(made.into_iter().zip(&parts)) {
                part.id = TaskId(journal::next_id(loaded.conn, "task", 1)?);
                part.number = number;
                let mut writes = vec![Write::insert(&part)];
                if let (Some(first), Some((baseline, value))) = (&first, wanted.way) {
                    let target = TargetDraft {
                        name: first.name.clone(),
                        measure_word: first.measure_word.clone(),
                        baseline,
                        target: value,
                    };
                    let targets = rules::check_targets(&[target])?;
                    writes.extend(set_targets(loaded.conn, part.id, &[], &targets)?);
                }
                let note = format!("由{}“{}”分解", task.citation(), task.title);
                more.push(entry(&part, TaskAction::Created, note, writes));
            }
            let after = Task { version: task.version + 1, ..task.clone() };
            let note = format!("分解给{}个单位", more.len());
            let change = Change::new(TaskAction::BrokenDown, note, Write::update(&task, &after));
            Ok(Change { more, ..change })
        })
    }

    /// Stops a task that will not be done.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, refusals of `task::stop`.
    pub fn stop_task(
        &self,
        ctx: &Context,
        id: TaskId,
        version: Option<i64>,
        reason: String,
    ) -> Result<TaskDone, Error> {
        self.change_task(ctx, id, version, move |loaded| {
            let before = &loaded.work.task;
            let after = rules::stop(&loaded.desk(), before, &loaded.order.path, &reason)?;
            let note = after.decision.clone();
            let mut writes: Vec<Write> = Write::update(before, &after).into_iter().collect();
            writes.extend(decision_follows(loaded.conn, &after)?);
            Ok(Change::new(TaskAction::Stopped, note, writes))
        })
    }
}

/// The unit in whose name a person sets a task: the campaign's root for its office, else the unit itself, for tasks
/// that a unit's own office sets.
fn order_of(conn: &mut Conn, ctx: &Context, campaign: &Campaign, unit: &Unit) -> Result<Unit, Error> {
    let office = context::unit(conn, campaign.office_unit_id)?;
    let reach = bihuan_domain::campaign::reach(&office);
    if !unit.path.is_within(&reach) {
        let words = format!("“{}”不在专项行动的范围内，请选择范围内的单位。", unit.name);
        return Err(Error::invalid("unit", words));
    }
    if !unit.is_open_on(ctx.today()) {
        return Err(Error::invalid("unit", format!("“{}”已经撤销，请选择现有单位。", unit.name)));
    }
    let root = reach.units().last().copied().unwrap_or(office.id);
    if ctx.actor.holds(Role::Office, &reach) { context::unit(conn, root) } else { Ok(unit.clone()) }
}

/// The refusal of a schedule that would reach into a year whose holidays are not known.
const NO_CALENDAR: &str = "calendar_year_not_held";

fn not_scheduled(due: bihuan_domain::Day) -> String {
    let year = due.year();
    format!("还没有{year}年的放假安排，节点先没有排，进度按时间算；放假安排录入后，请到任务页“排节点”。")
}

fn not_moved(due: bihuan_domain::Day) -> String {
    let year = due.year();
    format!(
        "还没有{year}年的放假安排，没有完成的节点仍在原来的日期；放假安排录入后，请到任务页“排节点”重排。"
    )
}

fn usual_milestones(kind: &bihuan_domain::template::TaskKind) -> Vec<MilestoneDraft> {
    let one = |form: &bihuan_domain::template::MilestoneForm| MilestoneDraft {
        of: None,
        title: form.name.clone(),
        working_days: form.working_days,
        pinned: None,
    };
    kind.milestones.iter().map(one).collect()
}

fn draft_of(milestone: &Milestone) -> MilestoneDraft {
    MilestoneDraft {
        of: Some(milestone.id.0),
        title: milestone.title.clone(),
        working_days: milestone.working_days,
        pinned: milestone.pinned.then_some(milestone.due_day),
    }
}

/// A task may only be broken down so often.
fn depth_left(conn: &mut Conn, task: &Task) -> Result<(), Error> {
    let (mut depth, mut parent) = (1, task.parent_id);
    while let Some(id) = parent {
        depth += 1;
        parent = journal::by_id::<Task>(conn, id.0)?.and_then(|task| task.parent_id);
        if depth >= store::BREAK_DOWN_DEPTH_MAX {
            let words = format!("任务最多分解{}层。", store::BREAK_DOWN_DEPTH_MAX);
            return Err(Refusal::new("too_deep", words, "请在这一层直接办理。").into());
        }
    }
    Ok(())
}
