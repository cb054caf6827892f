//! What else the county does in these months: three smaller campaigns, key tasks and livelihood projects. Each moment
//! lies in the queue of the play, so that the journal stays in the order of time.

use super::files;
use super::habit;
use super::life::{Answer, Fate, Life, Seat, Stage, later, working_moment};
use super::play::Play;
use super::random::Random;
use super::texts::Words;
use crate::exit::Failure;
use bihuan_app::campaign::CampaignInput;
use bihuan_app::evidence::SentFile;
use bihuan_app::task::{
    BreakDownInput, PartRow, ReadingInput, TargetRow, TaskDecisionInput, TaskInput, TaskNoteInput,
    TaskReportInput, TaskView,
};
use bihuan_domain::id::{AccountId, CampaignId, TaskId, UnitId};
use bihuan_domain::task::{TaskState, value_words};
use bihuan_domain::{Day, Instant};
use serde::Deserialize;

/// Days between two looks at the tasks.
const LOOK_DAYS: i32 = 12;
/// Days before today of the first look.
const FIRST_LOOK: i32 = 270;
/// Days before today on which the smaller campaigns started, and on which the first of them came to be kept here.
const STARTED_DAYS: i32 = 302;
const KEPT_DAYS: i32 = 297;
/// The seed of its own chance: the rest of the county does not change with it.
const SEED: u64 = 7_919;

/// The errands, from `demo/errands.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plans {
    campaign: Vec<Drive>,
    task: Vec<Wish>,
}

/// A smaller campaign.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Drive {
    code: String,
    template: String,
    name: String,
    authority: String,
    document: String,
    scope: String,
    /// Days before today from which its problems are found.
    ago: i32,
    problem: Vec<Matter>,
}

/// A problem of a smaller campaign.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Matter {
    text: String,
    category: String,
    strand: String,
    source: String,
    goal: String,
    measure: String,
    done: String,
}

/// A task.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    /// 0 for the campaign of the county, else the number of a smaller one.
    campaign: usize,
    kind: String,
    title: String,
    goal: String,
    /// `county`, `office` (its working group), `town` or `dept` with its index.
    seat: String,
    at: usize,
    /// Days before today on which it begins, and after today on which it ends.
    ago: i32,
    ends: i32,
    /// How it goes: `good`, `slow` or `stuck`.
    pace: String,
    #[serde(default)]
    target: String,
    #[serde(default)]
    measure_word: String,
    #[serde(default)]
    amount: i64,
    #[serde(default)]
    budget: i64,
    #[serde(default)]
    beneficiaries: i64,
    #[serde(default)]
    who: String,
    /// Broken down across the first townships.
    #[serde(default)]
    parts: usize,
}

/// What has been begun.
#[derive(Debug)]
pub struct Errands {
    plans: Plans,
    campaigns: Vec<Option<CampaignId>>,
    /// The task, its plan, and who acts for its unit.
    tasks: Vec<(TaskId, usize, AccountId)>,
    random: Random,
}

/// One moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Errand {
    Campaign(usize),
    Matters(usize),
    Task(usize),
    Look,
}

impl Errands {
    /// Reads the errands.
    ///
    /// # Errors
    /// A fault of the file.
    pub fn read() -> Result<Errands, Failure> {
        let plans: Plans = toml::from_str(include_str!("../../demo/errands.toml"))
            .map_err(|error| Failure::Fault(format!("demo/errands.toml: {error}")))?;
        let campaigns = vec![None; plans.campaign.len()];
        Ok(Errands { plans, campaigns, tasks: Vec::new(), random: Random::new(SEED) })
    }

    /// When each happens.
    pub fn moments(&mut self, today: Day) -> Vec<(Instant, Errand)> {
        let random = &mut self.random;
        let mut moments = Vec::new();
        let mut at = |ago: i32, what: Errand| {
            moments.push((working_moment(today.plus_days(-ago), random), what));
        };
        for (n, drive) in self.plans.campaign.iter().enumerate() {
            at(drive.ago, Errand::Matters(n));
        }
        for (n, wish) in self.plans.task.iter().enumerate() {
            at(wish.ago, Errand::Task(n));
        }
        for n in 0..self.plans.campaign.len() {
            at(KEPT_DAYS - n as i32, Errand::Campaign(n));
        }
        let mut ago = FIRST_LOOK;
        while ago > 1 {
            at(ago, Errand::Look);
            ago -= LOOK_DAYS;
        }
        moments
    }
}

impl Play<'_> {
    /// Runs one errand.
    pub(super) fn errand(&mut self, what: Errand, at: Instant) -> Result<(), Failure> {
        match what {
            Errand::Campaign(n) => self.begin_campaign(n, at),
            Errand::Matters(n) => {
                let Some(campaign) = self.errands.campaigns[n] else { return Ok(()) };
                for (m, matter) in self.errands.plans.campaign[n].problem.clone().iter().enumerate() {
                    self.plant_matter(campaign, m, matter, at);
                }
                Ok(())
            }
            Errand::Task(n) => self.set_task(n, at),
            Errand::Look => self.look_at_tasks(at),
        }
    }

    fn begin_campaign(&mut self, n: usize, at: Instant) -> Result<(), Failure> {
        let drive = self.errands.plans.campaign[n].clone();
        let ctx = self.ctx(self.office(0), at)?;
        let sent = CampaignInput {
            code: drive.code,
            name: drive.name,
            office_unit: self.county.county.to_string(),
            basis: "decision".to_owned(),
            authority: drive.authority,
            document: drive.document,
            scope: drive.scope,
            // A little before the county's own, so that this stays the newest.
            starts_day: self.today().plus_days(-STARTED_DAYS).to_string(),
            template: drive.template,
            ..CampaignInput::default()
        };
        let made = self.app.create_campaign(&ctx, sent)?.campaign;
        self.app.start_campaign(&ctx, made.id, None)?;
        self.errands.campaigns[n] = Some(made.id);
        let issued = habit::issue(self.app, &ctx, made.id)?;
        self.plan_habits(n + 1, made.id, &issued, at)
    }

    /// A problem of a smaller campaign gets a life like any other.
    fn plant_matter(&mut self, campaign: CampaignId, m: usize, matter: &Matter, at: Instant) {
        const FATES: [Fate; 8] = [
            Fate::Plain,
            Fate::SentBack(1),
            Fate::Stalled,
            Fate::Unsigned,
            Fate::Plain,
            Fate::HandUp(Answer::Waits),
            Fate::Extension(true),
            Fate::Plain,
        ];
        let towns = self.county.townships.len();
        let place = self.county.townships[m % towns].name.clone();
        let checker = m % self.county.departments.len();
        let mut random = Random::new(self.errands.random.between(1, i64::MAX - 1) as u64);
        let when = later(at, 3, 60, &mut random);
        let life = Life {
            words: Words {
                problem: matter.text.replace("{p}", &place),
                place,
                category: matter.category.clone(),
                source: matter.source.clone(),
                thing: "专项".to_owned(),
                dept: self.county.departments[checker].name.clone(),
                goal: matter.goal.clone(),
                measures: vec![matter.measure.clone()],
                statement: matter.done.clone(),
            },
            fate: FATES[m % FATES.len()],
            seat: Seat::Town(m % towns),
            branch: None,
            checker,
            assisting: None,
            by_inspector: false,
            id: None,
            number: 0,
            due: None,
            stage: Stage::Register,
            turns: 0,
            round: 1,
            random,
            elsewhere: Some((campaign, matter.strand.clone())),
        };
        self.live(life, when);
    }

    fn set_task(&mut self, n: usize, at: Instant) -> Result<(), Failure> {
        let wish = self.errands.plans.task[n].clone();
        let campaign = match wish.campaign {
            0 => Some(self.campaign),
            other => self.errands.campaigns.get(other - 1).copied().flatten(),
        };
        let Some(campaign) = campaign else { return Ok(()) };
        let (unit, filler) = match wish.seat.as_str() {
            "town" => {
                let desk = &self.county.townships[wish.at % self.county.townships.len()];
                (desk.unit, desk.filler)
            }
            "dept" => {
                let desk = &self.county.departments[wish.at % self.county.departments.len()];
                (desk.unit, desk.filler)
            }
            "office" => (self.county.groups[0], self.office(1)),
            _ => (self.county.county, self.office(1)),
        };
        let today = at.day_in_china();
        // Nothing is scheduled into a year whose holidays are not known.
        let last = bihuan_domain::calendar::Calendar::china().last_year();
        let end = Day::from_ymd(last, 12, 31).unwrap_or(today);
        let due = today.plus_days(wish.ago + wish.ends);
        let due = if today < end { due.min(end) } else { due };
        let sent = TaskInput {
            kind: wish.kind.clone(),
            unit: unit.to_string(),
            title: wish.title.clone(),
            goal: wish.goal.clone(),
            starts_day: today.to_string(),
            due_day: due.to_string(),
            budget: if wish.budget > 0 { wish.budget.to_string() } else { String::new() },
            beneficiaries: wish.beneficiaries.to_string(),
            beneficiary_words: wish.who.clone(),
            ..TaskInput::default()
        };
        let targets = vec![TargetRow {
            name: wish.target.clone(),
            measure_word: wish.measure_word.clone(),
            target: if wish.target.is_empty() { String::new() } else { wish.amount.to_string() },
            ..TargetRow::default()
        }];
        let ctx = self.ctx(self.office(0), at)?;
        let made = match self.app.create_task(&ctx, campaign, sent.clone(), targets.clone(), Vec::new()) {
            Ok(made) => made,
            // Too short for the usual milestones, or beyond the calendar: without them, then.
            Err(_) => {
                let bare = TaskInput { kind: String::new(), ..sent };
                self.app.create_task(&ctx, campaign, bare, targets, Vec::new())?
            }
        };
        if wish.parts == 0 {
            self.errands.tasks.push((made.task.id, n, filler));
            return Ok(());
        }
        let desks: Vec<_> =
            self.county.townships.iter().take(wish.parts).map(|desk| (desk.unit, desk.filler)).collect();
        let share = wish.amount / wish.parts as i64;
        let part = |unit: &UnitId| PartRow {
            unit: unit.to_string(),
            target: share.to_string(),
            ..PartRow::default()
        };
        let rows = desks.iter().map(|(unit, _)| part(unit)).collect();
        self.app.break_down_task(&ctx, made.task.id, None, BreakDownInput::default(), rows)?;
        // Its figure comes from the parts; its own milestones are still its own unit's to report.
        self.errands.tasks.push((made.task.id, n, filler));
        for part in self.app.task_view(&ctx, made.task.id)?.parts {
            if let Some((_, filler)) = desks.iter().find(|(unit, _)| *unit == part.task.unit_id) {
                self.errands.tasks.push((part.task.id, n, *filler));
            }
        }
        Ok(())
    }

    /// Every unit says how far it is; what is done is confirmed by another.
    fn look_at_tasks(&mut self, at: Instant) -> Result<(), Failure> {
        for (k, (id, n, filler)) in self.errands.tasks.clone().into_iter().enumerate() {
            let wish = self.errands.plans.task[n].clone();
            let moment = at.plus_seconds(60 * (k as i64 + 1));
            let ctx = self.ctx(filler, moment)?;
            let Ok(view) = self.app.task_view(&ctx, id) else { continue };
            match view.line.task.state {
                TaskState::Running => self.work_on(&ctx, &view, &wish, k)?,
                TaskState::Reported => {
                    let ctx = self.ctx(self.office(2), moment)?;
                    let words = "现场看过，与申报相符。".to_owned();
                    let _ = self.app.accept_task(&ctx, id, None, words);
                }
                TaskState::Done | TaskState::Stopped => {}
            }
        }
        Ok(())
    }

    fn work_on(
        &mut self,
        ctx: &bihuan_app::Context,
        view: &TaskView,
        wish: &Wish,
        k: usize,
    ) -> Result<(), Failure> {
        let (id, today) = (view.line.task.id, ctx.today());
        let reached = view.milestones.iter().filter(|m| m.done_day.is_some()).count();
        if wish.pace == "stuck" && reached > 0 {
            return Ok(());
        }
        // A figure grows with the time; slow ones lag behind it.
        let rolled_up = view.progress.first().is_some_and(|target| target.given.is_some());
        if let Some(target) = view.targets.first().filter(|_| !rolled_up) {
            let passed = i64::from(today.minus(view.line.task.starts_day));
            let whole = i64::from(view.line.task.due_day.minus(view.line.task.starts_day)).max(1);
            let pace = if wish.pace == "slow" { 45 } else { 104 };
            let value = (target.target * passed * pace / (100 * whole)).min(target.target) / 1_000 * 1_000;
            if value > target.reached {
                let sent = ReadingInput {
                    target: target.id.to_string(),
                    value: value_words(value),
                    ..ReadingInput::default()
                };
                self.app.measure_task(ctx, id, sent)?;
            }
        }
        let ahead = if wish.pace == "slow" { -6 } else { 6 };
        let due =
            view.milestones.iter().filter(|m| m.done_day.is_none() && m.due_day <= today.plus_days(ahead));
        for milestone in due {
            let sent = TaskDecisionInput {
                done_day: milestone.due_day.min(today).max(view.line.task.starts_day).to_string(),
                note: format!("“{}”已按方案完成，材料已归档。", milestone.title),
            };
            self.app.finish_milestone(ctx, id, milestone.id, sent)?;
            if view.line.task.project {
                self.file(ctx, view, k)?;
            }
        }
        self.report_when_done(ctx, id, k)
    }

    /// A picture from before at the first milestone, from after at the last.
    fn file(&mut self, ctx: &bihuan_app::Context, view: &TaskView, k: usize) -> Result<(), Failure> {
        let stage = if view.evidence.is_empty() { "before" } else { "after" };
        let mut random = Random::new(SEED + 31 * k as u64 + view.evidence.len() as u64);
        let file = SentFile { name: "现场照片.png".to_owned(), bytes: files::png(&mut random) };
        let caption = if stage == "before" { "实施前现场" } else { "完成后现场" };
        let _ = self.app.file_task_evidence(ctx, view.line.task.id, stage, caption, file);
        Ok(())
    }

    fn report_when_done(&mut self, ctx: &bihuan_app::Context, id: TaskId, k: usize) -> Result<(), Failure> {
        let view = self.app.task_view(ctx, id)?;
        let all = view.milestones.iter().all(|m| m.done_day.is_some());
        let full = view.progress.iter().all(|target| target.share >= bihuan_domain::task::FULL);
        if !all || !full || (view.milestones.is_empty() && view.progress.is_empty()) {
            return Ok(());
        }
        if view.line.task.project && view.notes.is_empty() {
            self.file(ctx, &view, k)?;
            let sent = TaskNoteInput {
                kind: "word".to_owned(),
                note: "入户回访，都说方便多了，希望把后期维护管起来。".to_owned(),
                asked: "36".to_owned(),
                satisfied: "34".to_owned(),
                ..TaskNoteInput::default()
            };
            self.app.note_task(ctx, id, sent)?;
        }
        let sent = TaskReportInput {
            statement: "各节点已完成，指标达到，材料齐全，申请认定。".to_owned(),
            ..TaskReportInput::default()
        };
        // What is still missing shows on the page; the next look tries again.
        let _ = self.app.report_task(ctx, id, None, sent);
        Ok(())
    }
}
