//! What a slip speaks of: the record, as far as slips need to know it.

use super::superior_of;
use crate::context::{self, App, Context};
use crate::required_action::seen_action;
use crate::{Error, problem, task};
use bihuan_domain::id::{CampaignId, PostId, ProblemId, RequiredActionId, TaskId};
use bihuan_domain::measure::MeasureState;
use bihuan_domain::problem::{Case, Problem, State};
use bihuan_domain::request::{Request, RequestKind, RequestState};
use bihuan_domain::required_action::{CellState, due_day};
use bihuan_domain::slip::{Subject, SubjectKind};
use bihuan_domain::task::{Task, TaskState};
use bihuan_domain::template::Template;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Day, Refusal};
use bihuan_store::required_action::{self as actions, Asked};
use bihuan_store::{Conn, journal};

/// A record a slip can be about.
#[derive(Clone, Debug)]
pub struct SlipSubject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its number.
    pub id: i64,
    /// The same in full.
    pub named: Subject,
    /// Something is still owed.
    pub open: bool,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// In words.
    pub words: String,
    /// Category, for routing rules; empty where it has none.
    pub category: String,
    /// What is to be done.
    pub measures: String,
    /// The unit that owes it.
    pub unit: Unit,
    /// The unit above.
    pub superior: Option<Unit>,
    /// The leading post in charge.
    pub leader_post: Option<PostId>,
    /// Due.
    pub due_day: Option<Day>,
    /// The deadline as written.
    pub deadline_text: String,
    /// The round.
    pub round: i64,
    /// Its page.
    pub href: String,
}

/// Longest part of a problem's text that a slip quotes, in characters.
const QUOTED_CHARS: usize = 120;

/// Refuses a new slip or muster about a matter that is over.
pub(crate) fn subject_over() -> Refusal {
    let hint = "只能为还没有办结的事项发督办单或吹哨。";
    Refusal::new("subject_over", "这一事项已经办结（或不再要求）。", hint)
}

/// Reads a subject the actor may see.
///
/// # Errors
/// `NotFound`; `not_an_appeal` for a problem from a source whose problems are none.
pub(crate) fn subject_of(
    conn: &mut Conn,
    ctx: &Context,
    app: &App,
    named: &Subject,
) -> Result<SlipSubject, Error> {
    match named.kind {
        SubjectKind::Problem | SubjectKind::Appeal => {
            let (case, campaign) = problem::visible_case(conn, ctx, ProblemId(named.id))?;
            let template = app.template_of(&campaign)?;
            let subject = of_problem(conn, &case, template.as_deref())?;
            if named.kind == SubjectKind::Appeal && subject.kind != SubjectKind::Appeal {
                return Err(not_an_appeal(&case.problem, template.as_deref()).into());
            }
            Ok(subject)
        }
        SubjectKind::Request => {
            let request: Request = journal::by_id(conn, named.id)?.ok_or(Error::NotFound)?;
            let (case, _) = problem::visible_case(conn, ctx, request.problem_id)?;
            of_request(conn, &case, &request)
        }
        SubjectKind::Task => {
            let (task, unit) = task::visible_task(conn, ctx, TaskId(named.id))?;
            of_task(conn, &task, unit)
        }
        SubjectKind::RequiredAction => of_owed(conn, ctx, app, named),
    }
}

/// The unit that does a task owes it; what is to be done is the milestones that are not reached.
pub(crate) fn of_task(conn: &mut Conn, task: &Task, unit: Unit) -> Result<SlipSubject, Error> {
    let works = bihuan_store::task::works(conn, vec![task.clone()])?;
    let open: Vec<String> = works
        .iter()
        .flat_map(|work| &work.milestones)
        .filter(|milestone| milestone.done_day.is_none())
        .map(|milestone| format!("{}（{}前）", milestone.title, milestone.due_day.in_chinese()))
        .collect();
    Ok(SlipSubject {
        kind: SubjectKind::Task,
        id: task.id.0,
        named: Subject::of(SubjectKind::Task, task.id.0),
        open: task.state == TaskState::Running,
        campaign_id: task.campaign_id,
        words: quoted(&format!("{}（{}）", task.title, task.citation())),
        category: String::new(),
        measures: open.join("；"),
        superior: superior_of(conn, &unit)?,
        unit,
        leader_post: task.owner_post_id,
        due_day: Some(task.due_day),
        deadline_text: String::new(),
        round: 0,
        href: format!("/tasks/{}", task.id),
    })
}

/// What a unit owes of a required action in one period.
fn of_owed(conn: &mut Conn, ctx: &Context, app: &App, named: &Subject) -> Result<SlipSubject, Error> {
    let (Some(unit), Some(day)) = (named.unit_id, named.period_day) else { return Err(Error::NotFound) };
    let (row, action, _) = seen_action(conn, ctx, RequiredActionId(named.id))?;
    let unit = context::readable_unit(conn, ctx, unit)?;
    let (period, version) = action.period_ending(day).ok_or(Error::NotFound)?;
    let rule = version.rule.clone();
    let only = [Asked { action: &action, periods: vec![(period, version)] }];
    let own = actions::own_cells(conn, &[unit.id], &only)?;
    let cell = own.get(&(unit.id, action.id, period)).ok_or(Error::NotFound)?;
    let label = period.label(rule.cadence);
    Ok(SlipSubject {
        kind: SubjectKind::RequiredAction,
        id: named.id,
        named: *named,
        open: cell.state == CellState::Open,
        campaign_id: row.campaign_id,
        words: quoted(&format!("{}（{label}，{}）", rule.name, rule.in_words())),
        category: String::new(),
        measures: rule.in_words(),
        superior: superior_of(conn, &unit)?,
        href: format!("/actions/{}/cell?unit={}&period={day}", named.id, unit.id),
        unit,
        leader_post: None,
        due_day: Some(due_day(&rule, period, &*app.calendar(conn)?)),
        deadline_text: String::new(),
        round: 0,
    })
}

/// What a problem is on a slip: an appeal 诉求 where its template says so of its source.
pub(crate) fn kind_of(problem: &Problem, template: Option<&Template>) -> SubjectKind {
    match template.is_some_and(|template| template.is_appeal(&problem.source)) {
        true => SubjectKind::Appeal,
        false => SubjectKind::Problem,
    }
}

fn not_an_appeal(problem: &Problem, template: Option<&Template>) -> Refusal {
    let source = template.and_then(|template| template.source_named(&problem.source));
    let named = source.map_or(problem.source.as_str(), |source| source.name.as_str());
    let words = match named {
        "" => "这个问题没有写明来源，不能按群众诉求发督办单。".to_owned(),
        named => format!("这个问题的来源是“{named}”，不是群众诉求，不能按群众诉求发督办单。"),
    };
    let hint = "请按“问题”发督办单；确实是群众诉求来源的，请在模板的这个来源下写上appeals = true。";
    Refusal::of_field("subject_kind", "not_an_appeal", words, hint)
}

/// The doing unit of a problem owes it.
pub(crate) fn of_problem(
    conn: &mut Conn,
    case: &Case,
    template: Option<&Template>,
) -> Result<SlipSubject, Error> {
    let problem = &case.problem;
    let kind = kind_of(problem, template);
    let unit = context::unit(conn, problem.home_unit_id)?;
    let planned: Vec<&str> = case
        .live_measures()
        .filter(|measure| measure.state == MeasureState::Planned)
        .map(|measure| measure.text.as_str())
        .collect();
    Ok(SlipSubject {
        kind,
        id: problem.id.0,
        named: Subject::of(kind, problem.id.0),
        open: problem.state.is_open(),
        campaign_id: problem.campaign_id,
        words: quoted(&problem.text),
        category: problem.category.clone(),
        measures: planned.join("；"),
        superior: superior_of(conn, &unit)?,
        unit,
        leader_post: problem.leader_post_id,
        due_day: problem.clock_day.or(problem.due_day),
        deadline_text: problem.deadline_text.clone(),
        round: problem.round,
        href: format!("/problems/{}", problem.id),
    })
}

/// The unit that was asked owes an answer, or what it took over.
pub(crate) fn of_request(conn: &mut Conn, case: &Case, request: &Request) -> Result<SlipSubject, Error> {
    let unit = context::unit(conn, request.to_unit_id)?;
    let what = match request.kind {
        RequestKind::Extension => "延期申请",
        RequestKind::HandUp if case.problem.state == State::HandedUp => "请求上级解决的事项",
        RequestKind::HandUp => "请求上级事项",
    };
    Ok(SlipSubject {
        kind: SubjectKind::Request,
        id: request.id.0,
        named: Subject::of(SubjectKind::Request, request.id.0),
        open: matches!(request.state, RequestState::Open | RequestState::Granted)
            && (request.kind == RequestKind::HandUp || request.state == RequestState::Open),
        campaign_id: case.problem.campaign_id,
        words: quoted(&format!("{what}：{}（{}）", request.reason, case.problem.citation())),
        category: case.problem.category.clone(),
        measures: request.reason.clone(),
        superior: superior_of(conn, &unit)?,
        unit,
        leader_post: None,
        due_day: None,
        deadline_text: String::new(),
        round: case.problem.round,
        href: format!("/problems/{}", case.problem.id),
    })
}

fn quoted(text: &str) -> String {
    let short: String = text.chars().take(QUOTED_CHARS).collect();
    if short.chars().count() < text.chars().count() { format!("{short}……") } else { short }
}
