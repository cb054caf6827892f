//! What the people of the simulation do on a working day, by chance.

use super::figures::Figures;
use super::world::World;
use crate::exit::Failure;
use bihuan_app::problem::{
    AnswerInput, AssignInput, ExtensionInput, HandUpInput, NoteInput, ReasonInput, ReportInput,
    register_draft,
};
use bihuan_app::slip::SlipStepInput;
use bihuan_app::task::{TaskInput, TaskReportInput};
use bihuan_app::{Context, Error};
use bihuan_domain::Instant;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, ProblemId, SlipId};
use bihuan_domain::problem::{Draft, ImportedState, Problem, State};
use bihuan_domain::slip::{Slip, SlipState, SlipVerb};
use bihuan_domain::task::{Task, TaskState};
use bihuan_store::journal;
use bihuan_store::record::Record;
use bihuan_store::vals;

/// New problems of a working day: one for so many units.
const UNITS_PER_PROBLEM: i64 = 160;
/// New tasks of a working day: one for so many units.
const UNITS_PER_TASK: i64 = 800;

/// One working day; nothing on days off.
pub fn work(world: &mut World, at: Instant, figures: &mut Figures) -> Result<(), Failure> {
    let day = at.day_in_china();
    let works = world
        .app
        .db
        .read(|conn| -> Result<bool, Error> { Ok(world.app.calendar(conn)?.is_working_day(day)?) })?;
    if !works {
        return Ok(());
    }
    let news = (world.units.len() as i64 / UNITS_PER_PROBLEM).max(1);
    for _ in 0..news {
        begin(world, at, figures)?;
    }
    for id in world.open.clone() {
        carry_on(world, id, at, figures)?;
    }
    tasks(world, at, figures)?;
    slips(world, at, figures)
}

/// The office sets a task now and then; its unit reports it, early or late, and the office confirms.
fn tasks(world: &mut World, at: Instant, figures: &mut Figures) -> Result<(), Failure> {
    let office = world.clerk(&world.office, at);
    let news = world.units.len() as i64 / UNITS_PER_TASK + i64::from(world.random.chance(40));
    for _ in 0..news {
        let unit = world.random.pick(&world.units).clone();
        let due = at.day_in_china().plus_days(world.random.between(8, 25) as i32);
        let sent = TaskInput {
            unit: unit.id.to_string(),
            title: "改建村组道路八公里".to_owned(),
            starts_day: at.day_in_china().to_string(),
            due_day: due.to_string(),
            ..TaskInput::default()
        };
        let done = world.app.create_task(&office, CampaignId(1), sent, vec![], vec![])?;
        figures.tasks += 1;
        world.tasks.push(done.task.id);
    }
    for id in world.tasks.clone() {
        let found: Option<Task> = world.app.db.read(|conn| journal::by_id(conn, id.0))?;
        let Some(task) = found else { continue };
        if task.state == TaskState::Running && world.random.chance(6) {
            let sent = TaskReportInput {
                claimed_day: at.day_in_china().to_string(),
                statement: "八公里路面已经浇筑完成，护栏装好，村民代表到场看过".to_owned(),
            };
            let clerk = world.clerk_of(task.unit_id, at);
            tolerate(world.app.report_task(&clerk, id, None, sent), figures)?;
        } else if task.state == TaskState::Reported && world.random.chance(40) {
            if world.random.chance(30) {
                let reason = "护栏还缺一段".to_owned();
                tolerate(world.app.send_back_task(&office, id, None, reason), figures)?;
            } else {
                let words = "现场看过，属实".to_owned();
                tolerate(world.app.accept_task(&office, id, None, words), figures)?;
                world.tasks.retain(|open| *open != id);
            }
        }
    }
    Ok(())
}

/// A refusal is part of life; anything else ends the play.
fn tolerate<T>(result: Result<T, Error>, figures: &mut Figures) -> Result<Option<T>, Failure> {
    match result {
        Ok(done) => {
            figures.steps += 1;
            Ok(Some(done))
        }
        Err(Error::Refused(_) | Error::Invalid(_) | Error::NotFound) => {
            figures.refused += 1;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The office registers a problem and assigns it to a unit.
fn begin(world: &mut World, at: Instant, figures: &mut Figures) -> Result<(), Failure> {
    let unit = world.random.pick(&world.units).clone();
    let days = world.random.between(6, 30) as i32;
    let ctx = world.clerk(&world.office, at);
    let (app, who, office) = (world.app.clone(), ctx.clone(), world.office.clone());
    let done = world.app.db.write(move |conn| -> Result<_, Error> {
        let campaign: Campaign = journal::by_id(conn, 1)?.ok_or(Error::NotFound)?;
        let draft = Draft {
            campaign_id: CampaignId(1),
            unit_id: office.id,
            unit_path: office.path.clone(),
            text: "沟渠淤积约二百米，汛期排水不畅".to_owned(),
            category: "livelihood".to_owned(),
            source: "visit".to_owned(),
            ..Draft::default()
        };
        let rules = app.rules(&campaign)?;
        register_draft(conn, &who, &rules, draft, Some(ImportedState::Accepted), None)
    })?;
    let id = done.problem.id;
    let sent = AssignInput {
        lead: unit.id.to_string(),
        checking: world.bureau.id.to_string(),
        deadline: "限期整改".to_owned(),
        due_day: at.day_in_china().plus_days(days).to_string(),
        ..AssignInput::default()
    };
    world.app.assign(&ctx, id, None, sent)?;
    figures.problems += 1;
    world.open.push(id);
    Ok(())
}

fn carry_on(world: &mut World, id: ProblemId, at: Instant, figures: &mut Figures) -> Result<(), Failure> {
    let found: Option<Problem> = world.app.db.read(|conn| journal::by_id(conn, id.0))?;
    let Some(problem) = found else { return Ok(()) };
    let clerk = world.clerk_of(problem.home_unit_id, at);
    let checker = world.clerk(&world.bureau, at);
    let office = world.clerk(&world.office, at);
    let app = world.app.clone();
    let late = problem.clock_day.is_some_and(|day| day < at.day_in_china());
    match problem.state {
        State::Assigned if world.random.chance(60) => {
            tolerate(app.sign(&clerk, id, None), figures)?;
        }
        State::Rectifying | State::SentBack => doing(world, &problem, &clerk, late, figures)?,
        State::Reported if world.random.chance(40) => {
            if world.random.chance(30) {
                let sent = ReasonInput { reason: "现场仍有淤积，请继续清理".to_owned() };
                tolerate(app.send_back(&checker, id, None, sent), figures)?;
            } else {
                let sent = bihuan_app::problem::VerifyInput {
                    outcome: "closed_unsolved".to_owned(),
                    truth: "true".to_owned(),
                    note: "已到现场核对，情况与报告一致".to_owned(),
                };
                tolerate(app.verify(&checker, id, None, sent), figures)?;
            }
        }
        State::Proposed => {
            let sent = NoteInput { note: String::new() };
            if let Ok(done) = app.confirm_closure(&office, id, None, sent) {
                figures.closed += i64::from(done.problem.state == State::Closed);
                world.open.retain(|open| *open != id);
            }
        }
        State::HandedUp => superior(world, id, at, figures)?,
        _ => {}
    }
    Ok(())
}

fn doing(
    world: &mut World,
    problem: &Problem,
    clerk: &Context,
    late: bool,
    figures: &mut Figures,
) -> Result<(), Failure> {
    let (app, id) = (world.app.clone(), problem.id);
    if world.random.chance(if late { 18 } else { 6 }) {
        let sent = ReportInput {
            outcome: "closed_unsolved".to_owned(),
            statement: "渠道清淤四十米后发现管网堵塞，已报县级部门列入管网改造，暂由抽水泵排水".to_owned(),
            claimed_day: clerk.today().to_string(),
        };
        tolerate(app.report_done(clerk, id, None, sent), figures)?;
    } else if !late && world.random.chance(2) {
        let due = problem.due_day.unwrap_or(clerk.today());
        let sent = ExtensionInput {
            deadline: String::new(),
            due_day: due.plus_days(10).to_string(),
            reason: "连续降雨无法施工".to_owned(),
        };
        if tolerate(app.ask_extension(clerk, id, None, sent), figures)?.is_some() {
            let office = world.clerk(&world.office, clerk.at);
            let grant = if world.random.chance(60) { "grant" } else { "refuse" };
            let sent = AnswerInput {
                decision: grant.to_owned(),
                reason: "核实过".to_owned(),
                ..AnswerInput::default()
            };
            tolerate(app.decide_extension(&office, id, None, sent), figures)?;
        }
    } else if world.random.chance(1) {
        let sent = HandUpInput {
            superior: world.county.id.to_string(),
            needed: "需要县里协调管网改造资金".to_owned(),
        };
        tolerate(app.hand_up(clerk, id, None, sent), figures)?;
    }
    Ok(())
}

/// The county's leader answers calls, late as a rule.
fn superior(world: &mut World, id: ProblemId, at: Instant, figures: &mut Figures) -> Result<(), Failure> {
    let (app, leader) = (world.app.clone(), world.clerk(&world.county, at));
    if world.random.chance(12) {
        let sent = NoteInput { note: "资金已经列入本月计划".to_owned() };
        if app.finish_hand_up(&leader, id, None, sent).is_err() {
            let sent = AnswerInput {
                decision: "grant".to_owned(),
                reason: "由县里协调".to_owned(),
                ..AnswerInput::default()
            };
            tolerate(app.answer_hand_up(&leader, id, None, sent), figures)?;
        }
    }
    Ok(())
}

/// Everybody looks at the slips on the table.
fn slips(world: &mut World, at: Instant, figures: &mut Figures) -> Result<(), Failure> {
    let open: Vec<Slip> = world.app.db.read(|conn| {
        let condition = "WHERE state NOT IN ('accepted', 'recalled', 'lapsed') ORDER BY id";
        Slip::load(conn, condition, &vals![])
    })?;
    for slip in open {
        let holder = world.clerk_of(slip.holder_unit_id, at);
        let office = world.clerk(&world.office, at);
        let leaves = world.below.get(&slip.holder_unit_id).copied();
        let chance = world.random.between(0, 99);
        let (who, verb, to) = match (slip.state, chance) {
            (SlipState::Drafted, 0..40) => (office, SlipVerb::Issue, None),
            (SlipState::Drafted, 40..45) => (office, SlipVerb::Lapse, None),
            (SlipState::Issued, 0..50) => (holder, SlipVerb::Sign, None),
            (SlipState::Issued, 50..53) => (holder, SlipVerb::Return, None),
            (SlipState::Issued, 53..56) if leaves.is_some() => (holder, SlipVerb::PassOn, leaves),
            (SlipState::Signed | SlipState::SentBack, 0..30) => (holder, SlipVerb::Answer, None),
            (SlipState::Answered, 0..50) => (office, SlipVerb::Accept, None),
            (SlipState::Answered, 50..60) => (office, SlipVerb::SendBack, None),
            (SlipState::Disputed, 0..50) => (office, SlipVerb::Decide, None),
            _ => continue,
        };
        take(world, slip.id, verb, &who, to.map(|id| id.to_string()), figures)?;
    }
    Ok(())
}

fn take(
    world: &World,
    id: SlipId,
    verb: SlipVerb,
    who: &Context,
    to: Option<String>,
    figures: &mut Figures,
) -> Result<(), Failure> {
    let words = "已按要求办理，情况属实".to_owned();
    let sent = SlipStepInput {
        answer: words.clone(),
        opinion: words.clone(),
        reason: words,
        to: to.unwrap_or_default(),
        document_prefix: String::new(),
    };
    if tolerate(world.app.slip_step(who, id, None, verb, sent), figures)?.is_some() && verb == SlipVerb::Issue
    {
        figures.check_issued(world, id, who.at)?;
    }
    Ok(())
}
