//! Problems: one use case a step of the loop. Authorised and decided by the domain, written through the journal.

mod assigning;
mod checking;
mod doing;
mod intake;
mod parties;
mod requests;
mod restructuring;
mod view;

pub use assigning::{AssignInput, ClarifyInput, ColourInput};
pub use checking::{LookBackInput, VerifyInput};
pub use doing::{FinishMeasureInput, MeasureInput, ReportInput};
pub use intake::{AlikeInput, RegisterInput, ResubmitInput, ScreenInput, Warnings};
pub(crate) use parties::meant_scope;
pub use parties::{Meant, meant_units};
pub use requests::{AnswerInput, ExtensionInput, HandUpInput};
pub use restructuring::{MergeInput, SplitInput};
pub use view::{Brief, Choices, Doable, EvidenceView, Line, Links, Names, ProblemView, RegisterChoices};

use crate::context::{App, Context};
use crate::input::inputs;
use crate::{Error, context, likeness};
use bihuan_domain::campaign::{Campaign, CampaignRules};
use bihuan_domain::deadline::Deadline;
use bihuan_domain::id::{ProblemId, UnitId};
use bihuan_domain::problem::{Action, Case, Draft, ImportedState, Party, PartyRole, Problem, Scene, Step};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Day, Refusal};
use bihuan_store::journal::{self, NewEntry, Write};
pub use bihuan_store::problem::units::LeadingPost;
use bihuan_store::{Conn, problem as store};
use sha2::{Digest, Sha256};

inputs! {
    /// A reason, and nothing else.
    ReasonInput { reason: one "理由" }
    /// A note, and nothing else.
    NoteInput { note: one "说明" }
}

/// What a step answers: the problem as it stands after it, and the number of its entry.
#[derive(Clone, Debug)]
pub struct Done {
    /// The problem.
    pub problem: Problem,
    /// The entry.
    pub seq: i64,
}

/// How a request wants to be carried out: on which version of the problem, and how to know it when it comes again.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    version: Option<i64>,
    digest: String,
}

impl Ask {
    /// A request of `verb` made from row version `version` (`None` from callers that show no form), with what was sent.
    pub fn new<I: serde::Serialize>(verb: &str, version: Option<i64>, sent: &I) -> Ask {
        let sent = serde_json::to_string(sent).unwrap_or_default();
        let text = format!("{verb}\n{}\n{sent}", version.unwrap_or_default());
        let digest = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        Ask { version, digest }
    }

    /// What an identical request would have left in its entry.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }
}

/// What a step's decision may use and add to.
pub struct Desk<'a> {
    /// The application.
    pub app: &'a App,
    /// Who calls.
    pub ctx: &'a Context,
    /// The campaign.
    pub campaign: &'a Campaign,
    /// The database.
    pub conn: &'a mut Conn,
    /// Further writes of the same entry.
    pub writes: Vec<Write>,
    /// Further entries of the same transaction.
    pub entries: Vec<NewEntry>,
}

impl std::fmt::Debug for Desk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("campaign", &self.campaign.id).finish_non_exhaustive()
    }
}

impl Desk<'_> {
    /// Reads a deadline with the campaign's defaults and the operator's calendar.
    ///
    /// # Errors
    /// `Invalid` naming `field` when the wording gives neither a day nor a standing duty and no day was chosen.
    pub fn deadline(
        &mut self,
        field: &str,
        text: &str,
        chosen: Option<Day>,
    ) -> Result<Option<Deadline>, Error> {
        if text.trim().is_empty() {
            return Ok(chosen.map(Deadline::on));
        }
        let read = self.app.deadline(self.conn, self.campaign, text, self.ctx.today());
        match (read, chosen) {
            (Ok(deadline), Some(day)) => Ok(Some(deadline.confirmed_on(day))),
            (Ok(deadline), None) if deadline.needs_person => Err(Error::invalid(
                field,
                deadline.reason.unwrap_or_else(|| "时限没有确定到日期，请填写具体日期。".to_owned()),
            )),
            (Ok(deadline), None) => Ok(Some(deadline)),
            (Err(_), Some(day)) => Ok(Some(Deadline::on(day))),
            (Err(error), None) => Err(error),
        }
    }
}

impl App {
    /// Carries out one step on a problem: load, check that it is seen and fresh, decide, append.
    ///
    /// The same request sent again (a double click) does nothing and answers as the first time did.
    ///
    /// # Errors
    /// `NotFound` when the actor may not see it, `Conflict` when it is stale, and what `decide` refuses.
    pub fn step<F>(&self, ctx: &Context, id: ProblemId, ask: Ask, decide: F) -> Result<Done, Error>
    where
        F: FnOnce(&mut Case, &Scene<'_>, &mut Desk<'_>) -> Result<Step, Error> + Send + 'static,
    {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let (before, campaign) = visible_case(conn, &ctx, id)?;
            if ask.version.is_some_and(|version| version != before.problem.version) {
                return sent_again(conn, &ctx, &before.problem, &ask);
            }
            let rules = app.rules(&campaign)?;
            let mut after = before.clone();
            let (writes, entries) = (vec![], vec![]);
            let mut desk = Desk { app: &app, ctx: &ctx, campaign: &campaign, conn, writes, entries };
            let step = decide(&mut after, &ctx.scene(&rules), &mut desk)?;
            let Desk { writes, entries, .. } = desk;
            let mut entry = entry_of(conn, Some(&before), &mut after, step)?;
            entry.detail = serde_json::json!({ "request": ask.digest });
            entry.writes.extend(writes);
            let seq = write_entries(conn, &ctx, &after, entry, entries)?;
            likeness::learn(conn, Some(&before), &after)?;
            done(conn, id, seq)
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

/// A form that is older than the problem: either it was sent twice, or somebody else was faster.
fn sent_again(conn: &mut Conn, ctx: &Context, problem: &Problem, ask: &Ask) -> Result<Done, Error> {
    let since = ctx.at.plus_seconds(-SENT_AGAIN_SECONDS);
    let subject = ("problem", problem.id.0);
    match journal::entry_of_request(conn, subject, ctx.actor.person, &ask.digest, since)? {
        Some((seq, _)) => Ok(Done { problem: problem.clone(), seq }),
        None => Err(Error::stale()),
    }
}

/// How long a request that was carried out is known again, in seconds.
pub const SENT_AGAIN_SECONDS: i64 = 24 * 3600;

fn done(conn: &mut Conn, id: ProblemId, seq: i64) -> Result<Done, Error> {
    let problem = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    Ok(Done { problem, seq })
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

/// Numbers what is new, writes the difference and its entry, and learns its texts for likeness.
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
    let seq = write_entries(conn, ctx, &after, entry, vec![])?;
    likeness::learn(conn, before, &after)?;
    done(conn, after.problem.id, seq)
}

/// Appends the entry of a step with those that belong to it; answers with the number of the step's own.
fn write_entries(
    conn: &mut Conn,
    ctx: &Context,
    after: &Case,
    entry: NewEntry,
    more: Vec<NewEntry>,
) -> Result<i64, Error> {
    let unit = context::unit(conn, entry.unit.unwrap_or(after.problem.home_unit_id))?;
    let count = more.len() as i64;
    let entries = std::iter::once(entry).chain(more).collect();
    Ok(journal::append(conn, &ctx.stamp(Some(&unit)), entries)? - count)
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

/// Registers a draft inside a transaction: numbered, appended, learnt.
///
/// # Errors
/// Refusals of the domain, faults of the database.
pub fn register_draft(
    conn: &mut Conn,
    ctx: &Context,
    rules: &CampaignRules,
    mut draft: Draft,
    state: Option<ImportedState>,
    ask: Option<&Ask>,
) -> Result<Done, Error> {
    draft.number = store::next_number(conn, draft.campaign_id, 1)?;
    let (mut case, step) = bihuan_domain::problem::register(draft, &ctx.scene(rules), state)?;
    let mut entry = entry_of(conn, None, &mut case, step)?;
    if let Some(ask) = ask {
        entry.detail = serde_json::json!({ "request": ask.digest });
    }
    let seq = write_entries(conn, ctx, &case, entry, vec![])?;
    likeness::learn(conn, None, &case)?;
    done(conn, case.problem.id, seq)
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

/// The rules and the case, for callers that need no more than that.
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
    /// Reads a case.
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
