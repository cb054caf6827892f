//! Extensions, and handing the root cause up.

use super::{Ask, Desk, Done, NoteInput, meant_units};
use crate::context::{App, Context};
use crate::input::{self, inputs};
use crate::{Error, context};
use bihuan_domain::id::{ProblemId, UnitId};
use bihuan_domain::problem::{self as domain, Case, HandUpAnswer};
use bihuan_domain::request::RequestKind;
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_domain::{Day, Refusal};
use bihuan_store::{journal, problem as store};

inputs! {
    /// More time, with a reason.
    ExtensionInput { deadline: one "延期至", due_day: one "延期至（日期）", reason: one "延期理由" }
    /// An answer: to an extension `grant` or `refuse`; to a call for a superior also `pass`.
    AnswerInput {
        decision: one "答复",
        reason: one "意见或理由",
        root_cause: one "上级问题编号",
        superior: one "上提至",
    }
    /// A call for a superior.
    HandUpInput { superior: one "请求的上级", needed: one "需要上级解决的事项" }
}

impl App {
    /// Asks for more time.
    ///
    /// # Errors
    /// As `domain::ask_extension`; `Invalid` deadline.
    pub fn ask_extension(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: ExtensionInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("ask_extension", version, &sent);
        self.step(ctx, id, ask, move |case, scene, desk| {
            let chosen: Option<Day> = input::day("due_day", "延期至（日期）", &sent.due_day)?;
            let deadline = desk
                .deadline("deadline", &sent.deadline, chosen)?
                .ok_or_else(|| Error::invalid("due_day", "请选择“延期至”的日期。"))?;
            Ok(domain::ask_extension(case, scene, &deadline, &sent.reason)?)
        })
    }

    /// Decides about an extension.
    ///
    /// # Errors
    /// As `domain::decide_extension`.
    pub fn decide_extension(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: AnswerInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("decide_extension", version, &sent);
        self.step(ctx, id, ask, move |case, scene, desk| {
            let grant = match sent.decision.trim() {
                "grant" => true,
                "refuse" => false,
                _ => return Err(Error::invalid("decision", "请选择“答复”：同意或不同意。")),
            };
            let decider = decider(desk, case)?;
            Ok(domain::decide_extension(case, scene, &decider, grant, &sent.reason)?)
        })
    }

    /// Hands the root cause up.
    ///
    /// # Errors
    /// As `domain::hand_up`; `Invalid` unit.
    pub fn hand_up(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: HandUpInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("hand_up", version, &sent);
        self.step(ctx, id, ask, move |case, scene, desk| {
            let superior = superior(desk, &sent.superior)?;
            Ok(domain::hand_up(case, scene, superior, &sent.needed)?)
        })
    }

    /// The superior answers: claims it, refuses, or passes it further up.
    ///
    /// # Errors
    /// As `domain::answer_hand_up`; `Invalid` unit or problem.
    pub fn answer_hand_up(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: AnswerInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("answer_hand_up", version, &sent);
        self.step(ctx, id, ask, move |case, scene, desk| {
            let answer = match sent.decision.trim() {
                "grant" => {
                    HandUpAnswer::Accept { root_cause: root_cause(desk, case, &sent)?, note: sent.reason }
                }
                "refuse" => HandUpAnswer::Refuse(sent.reason),
                "pass" => HandUpAnswer::Pass(superior(desk, &sent.superior)?, sent.reason),
                _ => return Err(Error::invalid("decision", "请选择“答复”：认领、不予认领或继续上提。")),
            };
            Ok(domain::answer_hand_up(case, scene, answer)?)
        })
    }

    /// The superior has done its part.
    ///
    /// # Errors
    /// As `domain::finish_hand_up`.
    pub fn finish_hand_up(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: NoteInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("finish_hand_up", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| Ok(domain::finish_hand_up(case, scene, &sent.note)?))
    }
}

/// The place of the unit that decides about the open extension.
fn decider(desk: &mut Desk<'_>, case: &Case) -> Result<UnitPath, Error> {
    let Some(index) = case.open_request(RequestKind::Extension) else {
        // The domain refuses with its own sentence.
        return Ok(case.problem.home_path.clone());
    };
    Ok(context::unit(desk.conn, case.requests[index].to_unit_id)?.path)
}

fn superior(desk: &mut Desk<'_>, text: &str) -> Result<(UnitId, UnitPath), Error> {
    let home = context::root_of(desk.conn, desk.campaign)?;
    let today = desk.ctx.today();
    match meant_units(desk.conn, &home, today, "superior", text)?.as_slice() {
        [one] => Ok((one.unit.id, one.unit.path.clone())),
        _ => Err(Error::invalid("superior", "请选择一个上级单位。")),
    }
}

/// The upper problem by its running number; it must be seen by who names it, and must not hang on this one.
fn root_cause(desk: &mut Desk<'_>, case: &Case, sent: &AnswerInput) -> Result<Option<ProblemId>, Error> {
    let text = sent.root_cause.trim().trim_start_matches('第').trim_end_matches('号').to_owned();
    let Some(number) = input::number("root_cause", "上级问题编号", &text)? else { return Ok(None) };
    let unknown = || Error::invalid("root_cause", format!("没有找到第{number}号问题，或者您没有查看权限。"));
    let id = store::id_of_number(desk.conn, case.problem.campaign_id, number)?.ok_or_else(unknown)?;
    let (mut upper, _) = super::visible_case(desk.conn, desk.ctx, id).map_err(|_| unknown())?;
    // Walk up: the chain must end without coming back here.
    for _ in 0..ROOT_CAUSES_MAX {
        if upper.problem.id == case.problem.id {
            return Err(Refusal::of_field(
                "root_cause",
                "root_cause_circle",
                format!("第{number}号问题的根源就是本问题，不能互为根源。"),
                "请核对问题编号。",
            )
            .into());
        }
        let Some(next) = upper.problem.root_cause_id else { return Ok(Some(id)) };
        upper.problem = journal::by_id(desk.conn, next.0)?.ok_or(Error::NotFound)?;
    }
    Err(Error::invalid("root_cause", "问题的根源链过长，请核对问题编号。"))
}

/// Most steps from a symptom to its last root cause.
const ROOT_CAUSES_MAX: usize = 20;

/// Units above a unit, nearest first: whom it may call.
pub(super) fn superiors(units: &[Unit], path: &UnitPath) -> Vec<Unit> {
    let mut above: Vec<Unit> =
        units.iter().filter(|unit| path.is_within(&unit.path) && *path != unit.path).cloned().collect();
    above.sort_by_key(|unit| std::cmp::Reverse(unit.path.depth()));
    above
}
