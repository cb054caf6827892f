//! Assignment, its return, and the colour set by hand.

use super::parties::parties_of;
use super::{Ask, Desk, Done, ReasonInput};
use crate::context::{App, Context};
use crate::input::{self, inputs};
use crate::{Error, context};
use bihuan_domain::colour::Colour;
use bihuan_domain::id::{PostId, ProblemId};
use bihuan_domain::problem::{self as domain, Assignment, PartyRole};

inputs! {
    /// Who shall do it, who shall check it, by when. Units are names or numbers, several separated by 、; groups such
    /// as 各村支部 expand with the tree of the day.
    AssignInput {
        lead: one "牵头单位",
        responsible: many "责任单位",
        assisting: many "配合单位",
        checking: one "验收单位",
        leader_post: one "包案领导",
        task_team: one "专班",
        goal: one "整改目标",
        deadline: one "整改时限",
        due_day: one "截止日期",
        reason: one "调整理由",
    }
    /// The day or standing duty that an unclear wording means.
    ClarifyInput { deadline: one "整改时限", due_day: one "截止日期" }
    /// A colour set by hand; empty takes it back.
    ColourInput { colour: one "颜色", until: one "截止日", reason: one "理由" }
}

impl App {
    /// Assigns an accepted problem, or changes the assignment.
    ///
    /// # Errors
    /// As `domain::assign`; `Invalid` units and deadlines.
    pub fn assign(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: AssignInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("assign", version, &sent);
        self.step(ctx, id, ask, move |case, scene, desk| {
            let order = order_from(desk, &sent)?;
            Ok(domain::assign(case, scene, order, &sent.reason)?)
        })
    }

    /// The lead unit gives the problem back to the office.
    ///
    /// # Errors
    /// As `domain::return_assignment`.
    pub fn return_assignment(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: ReasonInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("return_assignment", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| {
            Ok(domain::return_assignment(case, scene, &sent.reason)?)
        })
    }

    /// Makes an unclear deadline clear before the problem is assigned.
    ///
    /// # Errors
    /// As `domain::clarify_deadline`.
    pub fn clarify_deadline(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: ClarifyInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("clarify_deadline", version, &sent);
        self.step(ctx, id, ask, move |case, scene, desk| {
            let chosen = input::day("due_day", "截止日期", &sent.due_day)?;
            let deadline = desk.deadline("deadline", &sent.deadline, chosen)?;
            let deadline = deadline.ok_or_else(|| {
                Error::invalid("due_day", "“整改时限”和“截止日期”都没有填写，请至少填一项。")
            })?;
            Ok(domain::clarify_deadline(case, scene, &deadline)?)
        })
    }

    /// Sets the colour by hand, or takes that back.
    ///
    /// # Errors
    /// As `domain::override_colour`.
    pub fn override_colour(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: ColourInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("override_colour", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| {
            let colour = match sent.colour.trim() {
                "" => None,
                code => Some(input::coded::<Colour>("colour", "颜色", code)?),
            };
            let until = input::day("until", "截止日", &sent.until)?;
            Ok(domain::override_colour(case, scene, colour, until, &sent.reason)?)
        })
    }
}

fn order_from(desk: &mut Desk<'_>, sent: &AssignInput) -> Result<Assignment, Error> {
    let home = context::root_of(desk.conn, desk.campaign)?;
    let mut parties = Vec::new();
    let mut wrong = Vec::new();
    let one = |text: &String| vec![text.clone()];
    // The first listed leads, where nobody is named as lead.
    let lead = if sent.lead.trim().is_empty() { first_listed(&sent.responsible) } else { sent.lead.clone() };
    let roles = [
        (PartyRole::Lead, "lead", one(&lead)),
        (PartyRole::Responsible, "responsible", sent.responsible.clone()),
        (PartyRole::Assisting, "assisting", sent.assisting.clone()),
        (PartyRole::Checking, "checking", one(&sent.checking)),
    ];
    // All wrong names are told at once.
    for (role, field, texts) in roles {
        match parties_of(desk, &home, role, field, &texts, &mut parties) {
            Ok(()) => {}
            Err(Error::Invalid(fields)) => wrong.extend(fields),
            Err(error) => return Err(error),
        }
    }
    let chosen = collect(&mut wrong, input::day("due_day", "截止日期", &sent.due_day))?.flatten();
    let deadline = collect(&mut wrong, desk.deadline("deadline", &sent.deadline, chosen))?.flatten();
    let leader = collect(&mut wrong, input::number("leader_post", "包案领导", &sent.leader_post))?.flatten();
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    Ok(Assignment {
        parties,
        leader_post_id: leader.map(PostId),
        task_team: sent.task_team.clone(),
        deadline,
        goal: sent.goal.clone(),
    })
}

/// Keeps going after a wrong field, so that all are told at once.
fn collect<T>(wrong: &mut Vec<(String, String)>, read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(Error::Invalid(fields)) => {
            wrong.extend(fields);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The first unit of the responsible ones: 列第一位的责任单位为牵头单位.
fn first_listed(responsible: &[String]) -> String {
    responsible.iter().flat_map(|text| super::parties::words(text)).next().unwrap_or_default()
}
