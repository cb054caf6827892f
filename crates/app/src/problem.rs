//! Problems: one use case a step of the loop. Authorised and decided by the domain, written through the journal.

use crate::context::{App, Context, campaign_for};
use crate::{Error, context};
use bihuan_domain::campaign::{Campaign, CampaignRules};
use bihuan_domain::deadline::Deadline;
use bihuan_domain::id::{ProblemId, UnitId};
use bihuan_domain::problem::{Action, Case, ImportedState, Party, PartyRole, Scene, Step};
use bihuan_domain::problem::{Draft, Problem};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Day, Refusal};
use bihuan_store::journal::{self, NewEntry};
use bihuan_store::{Conn, problem as store};

/// What a step answers: the problem as it stands after it, and the number of its entry.
#[derive(Clone, Debug)]
pub struct Done {
    /// The problem.
    pub problem: Problem,
    /// The entry.
    pub seq: i64,
}

impl App {
    /// Carries out one step on a problem: load, check that it is seen and fresh, decide, append.
    ///
    /// `version` is the row version the form was made from; `None` from callers that show no form.
    ///
    /// # Errors
    /// `NotFound` when the actor may not see it, `Conflict` when it is stale, and what `decide` refuses.
    pub fn step<F>(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        decide: F,
    ) -> Result<Done, Error>
    where
        F: FnOnce(&mut Case, &Scene<'_>, &mut Conn) -> Result<Step, Error> + Send + 'static,
    {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let (before, campaign) = visible_case(conn, &ctx, id)?;
            if version.is_some_and(|version| version != before.problem.version) {
                return Err(Error::stale());
            }
            let rules = app.rules(&campaign)?;
            let mut after = before.clone();
            let step = decide(&mut after, &ctx.scene(&rules), conn)?;
            write_step(conn, &ctx, Some(&before), after, step)
        })
    }

    /// Registers a problem by form or API.
    ///
    /// # Errors
    /// Refusals of the domain; `NotFound` for a campaign or unit out of sight.
    pub fn register(
        &self,
        ctx: &Context,
        unit: UnitId,
        mut draft: Draft,
        deadline_text: &str,
    ) -> Result<Done, Error> {
        let (app, ctx, text) = (self.clone(), ctx.clone(), deadline_text.to_owned());
        self.db.write(move |conn| {
            let campaign = campaign_for(conn, &ctx, draft.campaign_id)?;
            let unit = context::readable_unit(conn, &ctx, unit)?;
            let rules = app.rules(&campaign)?;
            place(&mut draft, &unit);
            if !text.trim().is_empty() {
                draft.deadline = Some(app.deadline(conn, &campaign, &text, ctx.today())?);
            }
            draft.number = store::next_number(conn, campaign.id, 1)?;
            let (case, step) =
                bihuan_domain::problem::register(draft, &ctx.scene(&rules), None::<ImportedState>)?;
            write_step(conn, &ctx, None, case, step)
        })
    }

    /// Reads a deadline with the campaign's defaults and the operator's calendar.
    ///
    /// # Errors
    /// The calendar's refusal beyond its last year.
    pub fn deadline(
        &self,
        conn: &mut Conn,
        campaign: &Campaign,
        text: &str,
        issued: Day,
    ) -> Result<Deadline, Error> {
        let calendar = self.calendar(conn)?;
        let defaults = self.deadline_defaults(campaign)?;
        Deadline::parse(text, issued, &calendar, &defaults)
            .map_err(|error| Error::invalid("deadline", error.to_string()))
    }
}

/// Puts the registering unit into a draft.
pub fn place(draft: &mut Draft, unit: &Unit) {
    draft.unit_id = unit.id;
    draft.unit_path = unit.path.clone();
}

/// Loads a case the actor may see, with its campaign.
///
/// # Errors
/// `NotFound`, also when it exists but lies out of the actor's sight.
pub fn visible_case(conn: &mut Conn, ctx: &Context, id: ProblemId) -> Result<(Case, Campaign), Error> {
    let case = store::load_case(conn, id)?.ok_or(Error::NotFound)?;
    if !case.visible_to(&ctx.actor) {
        return Err(Error::NotFound);
    }
    let campaign = journal::by_id(conn, case.problem.campaign_id.0)?.ok_or(Error::NotFound)?;
    Ok((case, campaign))
}

/// Numbers what is new, writes the difference and its entry.
///
/// # Errors
/// Faults of the database.
pub fn write_step(
    conn: &mut Conn,
    ctx: &Context,
    before: Option<&Case>,
    mut after: Case,
    step: Step,
) -> Result<Done, Error> {
    let entry = entry_of(conn, before, &mut after, step)?;
    let unit = context::unit(conn, entry.unit.unwrap_or(after.problem.home_unit_id))?;
    let seq = journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
    let problem = journal::by_id(conn, after.problem.id.0)?.ok_or(Error::NotFound)?;
    Ok(Done { problem, seq })
}

/// The entry of a step, for callers that append several at once.
///
/// # Errors
/// Faults of the database.
pub fn entry_of(
    conn: &mut Conn,
    before: Option<&Case>,
    after: &mut Case,
    step: Step,
) -> Result<NewEntry, Error> {
    store::number_case(conn, after)?;
    Ok(NewEntry {
        action: step.action.code().to_owned(),
        subject_kind: "problem",
        subject_id: after.problem.id.0,
        unit: Some(step.unit_id),
        campaign: Some(after.problem.campaign_id),
        note: step.note,
        writes: store::difference(before, after, step.flows),
        ..NewEntry::default()
    })
}

/// A unit as a party of a problem.
///
/// # Errors
/// A refusal naming `field` when the unit does not exist or is closed.
pub fn party(
    conn: &mut Conn,
    unit: UnitId,
    role: PartyRole,
    field: &'static str,
    today: Day,
) -> Result<Party, Error> {
    let found: Option<Unit> = journal::by_id(conn, unit.0)?;
    let unit = found.filter(|unit| unit.is_open_on(today)).ok_or_else(|| {
        Refusal::of_field(
            field,
            "unit_not_open",
            format!("选择的{}不存在或已撤销。", role.label()),
            "请重新选择现有单位。",
        )
    })?;
    Ok(Party { unit_id: unit.id, path: unit.path, role, written: String::new() })
}

/// The action of an entry, where it is one of a problem.
pub fn action_of(code: &str) -> Option<Action> {
    Action::from_code(code)
}

/// The rules and the case, for pages that show what may be done next.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// The case.
    pub case: Case,
    /// The campaign.
    pub campaign: Campaign,
    /// Its rules.
    pub rules: CampaignRules,
}

impl App {
    /// Reads a case for its page.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn case(&self, ctx: &Context, id: ProblemId) -> Result<CaseView, Error> {
        self.db.read(|conn| {
            let (case, campaign) = visible_case(conn, ctx, id)?;
            let rules = self.rules(&campaign)?;
            Ok(CaseView { case, campaign, rules })
        })
    }
}
