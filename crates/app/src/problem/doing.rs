//! The doing unit's steps: sign for, plan, progress, finish, report.

use super::{Ask, Desk, Done, NoteInput, ReasonInput, meant_units};
use crate::context::{App, Context};
use crate::input::{self, inputs};
use crate::{Error, context};
use bihuan_domain::id::{MeasureId, PostId, ProblemId, UnitId};
use bihuan_domain::problem::{self as domain, Case, MeasureDraft, Outcome};
use bihuan_store::problem::units;

inputs! {
    /// A measure.
    MeasureInput {
        measure: one "整改措施",
        measure_goal: one "措施目标",
        owner: one "责任单位",
        owner_post: one "责任人（岗位）",
        measure_deadline: one "措施时限",
        measure_due_day: one "截止日期",
    }
    /// A measure that is done.
    FinishMeasureInput { done_note: one "完成情况", claimed_day: one "完成日期" }
    /// The whole problem is done.
    ReportInput { outcome: one "整改结果", statement: one "整改结果说明", claimed_day: one "完成日期" }
}

impl App {
    /// The doing unit signs for the problem.
    ///
    /// # Errors
    /// As `domain::sign`.
    pub fn sign(&self, ctx: &Context, id: ProblemId, version: Option<i64>) -> Result<Done, Error> {
        self.step(ctx, id, Ask::new("sign", version, &()), |case, scene, _| Ok(domain::sign(case, scene)?))
    }

    /// Adds a measure.
    ///
    /// # Errors
    /// As `domain::add_measure`; `Invalid` unit or deadline.
    pub fn add_measure(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: MeasureInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("add_measure", version, &sent);
        self.step(ctx, id, ask, move |case, scene, desk| {
            let draft = measure_from(desk, case, &sent)?;
            Ok(domain::add_measure(case, scene, draft)?)
        })
    }

    /// Changes a measure that is not done.
    ///
    /// # Errors
    /// As `domain::change_measure`; `Invalid` unit or deadline.
    pub fn change_measure(
        &self,
        ctx: &Context,
        id: ProblemId,
        measure: MeasureId,
        version: Option<i64>,
        sent: MeasureInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("change_measure", version, &(measure, &sent));
        self.step(ctx, id, ask, move |case, scene, desk| {
            let draft = measure_from(desk, case, &sent)?;
            Ok(domain::change_measure(case, scene, measure, draft)?)
        })
    }

    /// Takes a measure back.
    ///
    /// # Errors
    /// As `domain::drop_measure`.
    pub fn drop_measure(
        &self,
        ctx: &Context,
        id: ProblemId,
        measure: MeasureId,
        version: Option<i64>,
        sent: ReasonInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("drop_measure", version, &(measure, &sent));
        self.step(ctx, id, ask, move |case, scene, _| {
            Ok(domain::drop_measure(case, scene, measure, &sent.reason)?)
        })
    }

    /// Files that a measure is done.
    ///
    /// # Errors
    /// As `domain::finish_measure`.
    pub fn finish_measure(
        &self,
        ctx: &Context,
        id: ProblemId,
        measure: MeasureId,
        version: Option<i64>,
        sent: FinishMeasureInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("finish_measure", version, &(measure, &sent));
        self.step(ctx, id, ask, move |case, scene, _| {
            let claimed = input::required_day("claimed_day", "完成日期", &sent.claimed_day)?;
            Ok(domain::finish_measure(case, scene, measure, &sent.done_note, claimed)?)
        })
    }

    /// Notes progress in words.
    ///
    /// # Errors
    /// As `domain::note_progress`.
    pub fn note_progress(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: NoteInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("note_progress", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| Ok(domain::note_progress(case, scene, &sent.note)?))
    }

    /// Reports the problem done.
    ///
    /// # Errors
    /// As `domain::report_done`.
    pub fn report_done(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: ReportInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("report_done", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| {
            let outcome = input::coded::<Outcome>("outcome", "整改结果", &sent.outcome)?;
            let claimed = input::required_day("claimed_day", "完成日期", &sent.claimed_day)?;
            Ok(domain::report_done(case, scene, outcome, &sent.statement, claimed)?)
        })
    }
}

/// A measure as sent; without an owner it is the lead unit's.
fn measure_from(desk: &mut Desk<'_>, case: &Case, sent: &MeasureInput) -> Result<MeasureDraft, Error> {
    let home = context::root_of(desk.conn, desk.campaign)?;
    let today = desk.ctx.today();
    let owner = match meant_units(desk.conn, &home, today, "owner", &sent.owner)?.as_slice() {
        [] => case.problem.home_unit_id,
        [one] => one.unit.id,
        _ => return Err(Error::invalid("owner", "一条措施只能有一个责任单位，请分条填写。")),
    };
    let chosen = input::day("measure_due_day", "截止日期", &sent.measure_due_day)?;
    let deadline = desk.deadline("measure_deadline", &sent.measure_deadline, chosen)?;
    let post = input::number("owner_post", "责任人（岗位）", &sent.owner_post)?.map(PostId);
    if let Some(post) = post {
        check_owner_post(desk, owner, post)?;
    }
    Ok(MeasureDraft {
        text: sent.measure.clone(),
        goal: sent.measure_goal.clone(),
        owner_unit_id: owner,
        owner_post_id: post,
        deadline,
    })
}

/// The post answers for the measure from within the unit that does it.
fn check_owner_post(desk: &mut Desk<'_>, owner: UnitId, post: PostId) -> Result<(), Error> {
    let posts = units::posts_of_units(desk.conn, &[owner], desk.ctx.today())?;
    if posts.iter().any(|one| one.post == post) {
        return Ok(());
    }
    Err(Error::invalid("owner_post", "“责任人（岗位）”不是措施责任单位现有的岗位，请从该单位的岗位中选择。"))
}
