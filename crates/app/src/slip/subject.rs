//! What a slip speaks of: the record, as far as slips need to know it.

use super::superior_of;
use crate::context::{self, Context};
use crate::{Error, problem};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, PostId, ProblemId};
use bihuan_domain::measure::MeasureState;
use bihuan_domain::problem::{Case, State};
use bihuan_domain::request::{Request, RequestKind};
use bihuan_domain::slip::SubjectKind;
use bihuan_domain::unit::Unit;
use bihuan_store::{Conn, journal};

/// A record a slip can be about.
#[derive(Clone, Debug)]
pub struct SlipSubject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its number.
    pub id: i64,
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

/// Reads a subject the actor may see.
///
/// # Errors
/// `NotFound`, also for kinds no noun of this program has yet.
pub fn subject_of(conn: &mut Conn, ctx: &Context, kind: SubjectKind, id: i64) -> Result<SlipSubject, Error> {
    match kind {
        SubjectKind::Problem => {
            let (case, _) = problem::visible_case(conn, ctx, ProblemId(id))?;
            of_problem(conn, &case)
        }
        SubjectKind::Request => {
            let request: Request = journal::by_id(conn, id)?.ok_or(Error::NotFound)?;
            let (case, _) = problem::visible_case(conn, ctx, request.problem_id)?;
            of_request(conn, &case, &request)
        }
        SubjectKind::RequiredAction | SubjectKind::Task | SubjectKind::Appeal => Err(Error::NotFound),
    }
}

/// The doing unit of a problem owes it.
pub(crate) fn of_problem(conn: &mut Conn, case: &Case) -> Result<SlipSubject, Error> {
    let problem = &case.problem;
    let unit = context::unit(conn, problem.home_unit_id)?;
    let planned: Vec<&str> = case
        .live_measures()
        .filter(|measure| measure.state == MeasureState::Planned)
        .map(|measure| measure.text.as_str())
        .collect();
    Ok(SlipSubject {
        kind: SubjectKind::Problem,
        id: problem.id.0,
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
