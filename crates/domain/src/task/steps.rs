//! Setting tasks up, scheduling, breaking down and stopping them: what whoever set the task may do.

use super::{Milestone, Slot, Task, TaskStage, TaskState, Wanted};
use crate::id::{CampaignId, PersonId, PostId, TaskId, UnitId};
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;
use crate::{Coded as _, Day};

/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 200;
/// Longest goal, note and statement, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 500;
/// Longest name of a target or milestone, in characters.
const NAME_CHARS_MAX: usize = 100;
/// Longest measure word, in characters.
pub const MEASURE_WORD_CHARS_MAX: usize = 10;
/// Most targets of one task.
pub const TARGETS_MAX: usize = 20;
/// Most milestones of one task.
pub const MILESTONES_MAX: usize = 40;
/// Most working days of one milestone.
pub const WORKING_DAYS_MAX: i64 = 500;
/// Largest value of a target, in thousandths.
pub const VALUE_MAX: i64 = 1_000_000_000_000;
/// Largest amount, in fen: a trillion yuan.
pub const AMOUNT_MAX: i64 = 100_000_000_000_000;
/// Most beneficiaries: more than there are people.
pub const BENEFICIARIES_MAX: i64 = 10_000_000_000;

/// Who decides, and today.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The day in China.
    pub today: Day,
}

/// A unit with its place in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The unit.
    pub unit: UnitId,
    /// Its place.
    pub path: UnitPath,
}

/// A task to be set up, or what is recorded about one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Code of the task kind.
    pub kind: String,
    /// A livelihood project.
    pub project: bool,
    /// What is to be done.
    pub title: String,
    /// What it should reach.
    pub goal: String,
    /// Code of the strand.
    pub strand: String,
    /// The post that answers for it.
    pub owner_post_id: Option<PostId>,
    /// Units that assist.
    pub partners: String,
    /// First day.
    pub starts_day: Day,
    /// Last day.
    pub due_day: Day,
    /// Planned cost in fen.
    pub budget_fen: i64,
    /// Spent so far in fen.
    pub spent_fen: i64,
    /// For how many.
    pub beneficiaries: i64,
    /// Who they are.
    pub beneficiary_words: String,
}

/// A target to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetDraft {
    /// What is counted.
    pub name: String,
    /// Measure word.
    pub measure_word: String,
    /// Where it begins, in thousandths.
    pub baseline: i64,
    /// Where it must come, in thousandths.
    pub target: i64,
}

/// A milestone to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MilestoneDraft {
    /// The milestone it changes, by number; `None` for a new one.
    pub of: Option<i64>,
    /// What is reached.
    pub title: String,
    /// How many working days it takes.
    pub working_days: i64,
    /// A deadline set by hand.
    pub pinned: Option<Day>,
}

/// Who had a hand in the doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hands {
    /// People who reported milestones, readings, evidence or the whole.
    pub people: Vec<PersonId>,
    /// Stages of the evidence that was filed.
    pub stages: Vec<TaskStage>,
}

/// May set a task to this unit in the name of a unit above: its office.
pub fn may_order(actor: &Actor, order: &UnitPath) -> bool {
    actor.holds(Role::Office, order)
}

/// May change what a task asks for, schedule it, stop it.
pub fn may_plan(actor: &Actor, task: &Task, order: &UnitPath) -> bool {
    may_order(actor, order) || (task.parent_id.is_some() && actor.holds(Role::Filler, order))
}

/// May say what was done: who records for the unit, or leads it.
pub fn may_report(actor: &Actor, unit: &UnitPath) -> bool {
    actor.holds(Role::Filler, unit)
        || (actor.holds_any(&[Role::Leader, Role::Office], unit) && actor.belongs_to(unit))
}

/// May confirm what another unit did.
pub fn may_check(actor: &Actor, task: &Task, unit: &UnitPath) -> bool {
    let own = task.order_unit_id == task.unit_id;
    actor.holds_any(&[Role::Office, Role::Verifier], unit) && (own || !actor.belongs_to(unit))
}

pub(super) fn require_open(task: &Task) -> Result<(), Refusal> {
    if task.state == TaskState::Running {
        return Ok(());
    }
    Err(Refusal::new(
        "task_not_running",
        format!("{}{}，不能再填报或修改。", task.citation(), task.state.label()),
        match task.state {
            TaskState::Reported => "如需更正，请先由认定单位退回。",
            _ => "如需继续，请新建一项任务。",
        },
    ))
}

fn checked(draft: &Draft) -> Result<Draft, Refusal> {
    let mut clean = draft.clone();
    clean.title = require_text("title", "任务名称", &draft.title, TITLE_CHARS_MAX)?;
    clean.goal = limit_text("goal", "目标", &draft.goal, TEXT_CHARS_MAX)?;
    clean.partners = limit_text("partners", "配合单位", &draft.partners, TEXT_CHARS_MAX)?;
    clean.beneficiary_words =
        limit_text("beneficiary_words", "受益群众", &draft.beneficiary_words, TITLE_CHARS_MAX)?;
    if draft.due_day < draft.starts_day {
        return Err(Refusal::of_field(
            "due_day",
            "due_before_start",
            format!("完成时限{}早于开始日期{}。", draft.due_day.in_chinese(), draft.starts_day.in_chinese()),
            "请核对两个日期。",
        ));
    }
    let bounds = [
        ("budget", "预算", draft.budget_fen, AMOUNT_MAX),
        ("spent", "已支出", draft.spent_fen, AMOUNT_MAX),
        ("beneficiaries", "受益人数", draft.beneficiaries, BENEFICIARIES_MAX),
    ];
    for (field, label, value, most) in bounds {
        if !(0..=most).contains(&value) {
            let words = format!("“{label}”应是不小于0、不大于上限的数。");
            return Err(Refusal::of_field(field, "out_of_bounds", words, "请核对单位是否写错。"));
        }
    }
    Ok(clean)
}

fn filled(task: &mut Task, draft: Draft) {
    let Draft { kind, project, title, goal, strand, owner_post_id, partners, .. } = draft;
    let Draft { starts_day, due_day, budget_fen, spent_fen, beneficiaries, beneficiary_words, .. } = draft;
    *task = Task {
        kind,
        project,
        title,
        goal,
        strand,
        owner_post_id,
        partners,
        starts_day,
        due_day,
        budget_fen,
        spent_fen,
        beneficiaries,
        beneficiary_words,
        ..task.clone()
    };
}

/// Sets a task up; its numbers are given by the caller.
///
/// # Errors
/// `not_allowed`, text limits, `due_before_start`, `out_of_bounds`.
pub fn create(
    desk: &Desk<'_>,
    campaign_id: CampaignId,
    unit: &Place,
    order: &Place,
    draft: &Draft,
) -> Result<Task, Refusal> {
    if !may_order(desk.actor, &order.path) || !unit.path.is_within(&order.path) {
        return Err(Refusal::not_allowed("下达任务", "下达单位的工作专班身份"));
    }
    let draft = checked(draft)?;
    let mut task = blank(campaign_id, unit.unit, order.unit, desk.actor.person, &draft);
    filled(&mut task, draft);
    Ok(task)
}

/// Sets a task that a meeting of `order` decided: whoever runs its meetings may.
///
/// # Errors
/// As [`create`].
pub fn create_at_meeting(
    desk: &Desk<'_>,
    campaign_id: CampaignId,
    unit: &Place,
    order: &Place,
    draft: &Draft,
) -> Result<Task, Refusal> {
    crate::dispatch::may_run(desk.actor, &order.path, "议定事项")?;
    let draft = checked(draft)?;
    let mut task = blank(campaign_id, unit.unit, order.unit, desk.actor.person, &draft);
    filled(&mut task, draft);
    Ok(task)
}

fn blank(campaign_id: CampaignId, unit: UnitId, order: UnitId, person: PersonId, draft: &Draft) -> Task {
    Task {
        id: TaskId(0),
        campaign_id,
        number: 0,
        kind: String::new(),
        project: draft.project,
        title: String::new(),
        goal: String::new(),
        strand: String::new(),
        unit_id: unit,
        owner_post_id: None,
        order_unit_id: order,
        partners: String::new(),
        parent_id: None,
        weight: 1_000,
        starts_day: draft.starts_day,
        due_day: draft.due_day,
        state: TaskState::Running,
        budget_fen: 0,
        spent_fen: 0,
        beneficiaries: 0,
        beneficiary_words: String::new(),
        claimed_day: None,
        filed_day: None,
        filed_by: None,
        statement: String::new(),
        closed_day: None,
        closed_by: None,
        decision: String::new(),
        send_backs: 0,
        registered_by: person,
        version: 1,
    }
}

/// Changes what a task asks for.
///
/// # Errors
/// As [`create`], and `task_not_running`.
pub fn amend(desk: &Desk<'_>, task: &Task, order: &UnitPath, draft: &Draft) -> Result<Task, Refusal> {
    if !may_plan(desk.actor, task, order) {
        return Err(Refusal::not_allowed("修改任务", "下达单位的工作专班身份"));
    }
    require_open(task)?;
    let mut after = task.clone();
    filled(&mut after, checked(draft)?);
    after.version += 1;
    Ok(after)
}

/// Checks targets; answers with trimmed ones.
///
/// # Errors
/// `too_many`, text limits, `target_twice`, `target_is_baseline`, `out_of_bounds`.
pub fn check_targets(targets: &[TargetDraft]) -> Result<Vec<TargetDraft>, Refusal> {
    if targets.len() > TARGETS_MAX {
        return Err(too_many("targets", "量化指标", TARGETS_MAX));
    }
    let mut clean: Vec<TargetDraft> = Vec::with_capacity(targets.len());
    for draft in targets {
        let name = require_text("targets", "指标名称", &draft.name, NAME_CHARS_MAX)?;
        let measure_word = limit_text("targets", "计量单位", &draft.measure_word, MEASURE_WORD_CHARS_MAX)?;
        if draft.target == draft.baseline {
            let words = format!("指标“{name}”的目标值和起点相同，没有要做的事。");
            return Err(Refusal::of_field("targets", "target_is_baseline", words, "请核对起点和目标值。"));
        }
        if clean.iter().any(|have| have.name == name) {
            let words = format!("指标“{name}”写了两次。");
            return Err(Refusal::of_field(
                "targets",
                "target_twice",
                words,
                "请删去一行，或者改用不同的名称。",
            ));
        }
        clean.push(TargetDraft { name, measure_word, ..draft.clone() });
    }
    Ok(clean)
}

pub(super) fn too_many(field: &'static str, label: &str, most: usize) -> Refusal {
    Refusal::of_field(field, "too_many", format!("“{label}”最多{most}项。"), "请合并相近的几项。")
}

/// Checks milestones; answers with trimmed ones.
///
/// # Errors
/// `too_many`, text limits, `working_days`.
pub fn check_milestones(drafts: &[MilestoneDraft]) -> Result<Vec<MilestoneDraft>, Refusal> {
    if drafts.len() > MILESTONES_MAX {
        return Err(too_many("milestones", "节点", MILESTONES_MAX));
    }
    let mut clean = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let title = require_text("milestones", "节点名称", &draft.title, NAME_CHARS_MAX)?;
        if !(1..=WORKING_DAYS_MAX).contains(&draft.working_days) {
            let words = format!("节点“{title}”的工作日应在1到{WORKING_DAYS_MAX}之间。");
            return Err(Refusal::of_field("milestones", "working_days", words, "请填写需要几个工作日。"));
        }
        clean.push(MilestoneDraft { title, ..draft.clone() });
    }
    Ok(clean)
}

/// Makes the milestones of a task anew out of drafts and their slots: those that were reached stay as they are, in
/// front; the others take their place in the order of the drafts.
///
/// # Errors
/// `not_allowed`, `task_not_running`.
pub fn plan_milestones(
    desk: &Desk<'_>,
    (task, order): (&Task, &UnitPath),
    have: &[Milestone],
    drafts: &[MilestoneDraft],
    place: impl FnOnce(&[Wanted]) -> Result<Vec<Slot>, Refusal>,
) -> Result<Vec<Milestone>, Refusal> {
    if !may_plan(desk.actor, task, order) {
        return Err(Refusal::not_allowed("排定节点", "下达单位的工作专班身份"));
    }
    require_open(task)?;
    let drafts = check_milestones(drafts)?;
    let wanted: Vec<Wanted> = drafts
        .iter()
        .map(|draft| Wanted {
            title: draft.title.clone(),
            working_days: draft.working_days,
            pinned: draft.pinned,
        })
        .collect();
    let slots = place(&wanted)?;
    let mut all: Vec<Milestone> = have.iter().filter(|m| m.done_day.is_some()).cloned().collect();
    if all.len() + drafts.len() > MILESTONES_MAX {
        return Err(too_many("milestones", "节点", MILESTONES_MAX));
    }
    for (draft, slot) in drafts.iter().zip(slots) {
        let known = draft.of.and_then(|id| have.iter().find(|m| m.id.0 == id && m.done_day.is_none()));
        all.push(Milestone {
            id: known.map(|m| m.id).unwrap_or_default(),
            task_id: task.id,
            ordinal: 0,
            title: draft.title.clone(),
            working_days: draft.working_days,
            starts_day: slot.starts,
            due_day: slot.due,
            pinned: draft.pinned.is_some(),
            done_day: None,
            filed_day: None,
            filed_by: None,
            note: String::new(),
            version: known.map_or(1, |m| m.version + 1),
        });
    }
    for (at, milestone) in all.iter_mut().enumerate() {
        milestone.ordinal = at as i64 + 1;
    }
    Ok(all)
}

/// Stops a task that will not be done.
///
/// # Errors
/// `not_allowed`, `task_not_running`, text limits.
pub fn stop(desk: &Desk<'_>, task: &Task, order: &UnitPath, reason: &str) -> Result<Task, Refusal> {
    if !may_plan(desk.actor, task, order) {
        return Err(Refusal::not_allowed("终止任务", "下达单位的工作专班身份"));
    }
    require_open(task)?;
    Ok(Task {
        state: TaskState::Stopped,
        closed_day: Some(desk.today),
        closed_by: Some(desk.actor.person),
        decision: require_text("reason", "终止理由", reason, REASON_CHARS_MAX)?,
        version: task.version + 1,
        ..task.clone()
    })
}
