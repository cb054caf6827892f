//! Musters 吹哨报到: several units called together with one lead, each reports in and says what it did (M25).

mod view;

pub use view::{CalledLine, MusterForm, MusterLine, MusterView, MustersPage};
pub(crate) use view::{cases_of, of_problem};

pub use bihuan_store::muster::{MUSTER_PAGE_ROWS, MusterFilter, MusterWish};

use crate::context::{self, App, Context};
use crate::input::{self, inputs};
use crate::problem::{Ask, SENT_AGAIN_SECONDS};
use crate::slip::{SlipSubject, subject_of};
use crate::{Error, slip};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{MusterId, UnitId};
use bihuan_domain::muster::{self as domain, Draft, Muster, MusterCase, MusterVerb, Scene};
use bihuan_domain::slip::{Subject, SubjectKind};
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_store::journal::{self, NewEntry};
use bihuan_store::{Conn, muster as store};

inputs! {
    /// Calling units together on a problem or a task.
    MusterInput {
        subject_kind: one "事项类型",
        subject: one "事项编号",
        units: one "召集单位",
        lead: one "牵头单位",
        needed: one "需要解决的事项",
        due_day: one "办结时限",
    }
    /// What a step takes: the unit it is for or about, and words.
    MusterStepInput { unit: one "单位", words: one "说明" }
}

/// What a step answers.
#[derive(Clone, Debug)]
pub struct MusterDone {
    /// The muster as it stands after it.
    pub muster: Muster,
    /// The entry.
    pub seq: i64,
}

fn scene(ctx: &Context) -> Scene<'_> {
    Scene { actor: &ctx.actor, today: ctx.today(), now: ctx.at }
}

/// A muster that the actor may see; otherwise it does not exist for them.
fn visible(conn: &mut Conn, ctx: &Context, id: MusterId) -> Result<MusterCase, Error> {
    let case = store::load_case(conn, id)?.ok_or(Error::NotFound)?;
    if case.visible_to(&ctx.actor) { Ok(case) } else { Err(Error::NotFound) }
}

/// The matter units are called for: a problem or a task that is still to be done.
fn matter(app: &App, conn: &mut Conn, ctx: &Context, kind: &str, id: &str) -> Result<SlipSubject, Error> {
    let kind: SubjectKind = input::coded("subject_kind", "事项类型", kind)?;
    if !matches!(kind, SubjectKind::Problem | SubjectKind::Task) {
        return Err(Error::invalid("subject_kind", "只能为问题或任务吹哨。"));
    }
    let id = input::number("subject", "事项编号", id)?.ok_or(Error::NotFound)?;
    let named = Subject::of(kind, id);
    // Units are called together for a problem, whatever slips call it.
    Ok(SlipSubject { kind, named, ..subject_of(conn, ctx, app, &named)? })
}

/// The unit in whose name the actor may call: the nearest to the matter's own unit.
fn caller(conn: &mut Conn, ctx: &Context, owner: &UnitPath) -> Result<Unit, Error> {
    let mut refusal = None;
    for unit in bihuan_store::unit::ancestors(conn, owner)?.into_iter().rev() {
        match domain::may_call(&ctx.actor, &unit.path, owner) {
            Ok(()) => return Ok(unit),
            Err(why) => refusal = Some(why),
        }
    }
    Err(refusal.map_or(Error::NotFound, Error::Refused))
}

/// Refuses a matter that is over.
fn still_open(subject: &SlipSubject) -> Result<(), Error> {
    if subject.open { Ok(()) } else { Err(slip::subject_over().into()) }
}

fn draft(app: &App, conn: &mut Conn, ctx: &Context, sent: &MusterInput) -> Result<(Draft, Unit), Error> {
    let subject = matter(app, conn, ctx, &sent.subject_kind, &sent.subject)?;
    still_open(&subject)?;
    let caller = caller(conn, ctx, &subject.unit.path)?;
    let campaign: Campaign = journal::by_id(conn, subject.campaign_id.0)?.ok_or(Error::NotFound)?;
    let home = slip::reach_of(conn, &campaign)?;
    let today = ctx.today();
    let meant = crate::problem::meant_units(conn, &home, today, "units", &sent.units)?;
    let mut called: Vec<(UnitId, UnitPath)> =
        meant.iter().map(|one| (one.unit.id, one.unit.path.clone())).collect();
    let lead = match sent.lead.trim() {
        "" => return Err(Error::invalid("lead", "“牵头单位”没有填写，请从召集的单位中选一个。")),
        text => match crate::problem::meant_units(conn, &home, today, "lead", text)?.as_slice() {
            [one] => (one.unit.id, one.unit.path.clone()),
            _ => return Err(Error::invalid("lead", "“牵头单位”只能填写一个单位。")),
        },
    };
    // Who is named as the lead is called, also where nobody wrote it a second time.
    if !called.is_empty() && !called.contains(&lead) {
        called.push(lead.clone());
    }
    let due_day = input::required_day("due_day", "办结时限", &sent.due_day)?;
    let draft = Draft {
        campaign_id: subject.campaign_id,
        subject: (subject.kind, subject.id, subject.words.clone()),
        owner: subject.unit.path.clone(),
        caller: (caller.id, caller.path.clone()),
        called,
        lead: lead.0,
        needed: sent.needed.clone(),
        due_day,
    };
    Ok((draft, caller))
}

/// Numbers what is new and makes the entry.
fn entry_of(
    conn: &mut Conn,
    before: Option<&MusterCase>,
    after: &mut MusterCase,
    verb: MusterVerb,
    request: &str,
) -> Result<NewEntry, Error> {
    use bihuan_domain::Coded as _;
    after.muster.version = before.map_or(1, |case| case.muster.version + 1);
    store::number_case(conn, after)?;
    let muster = &after.muster;
    let code = if verb == MusterVerb::Call { "called" } else { verb.code() };
    let words = after.steps.last().map_or("", |step| step.words.as_str());
    Ok(NewEntry {
        action: format!("muster.{code}"),
        subject_kind: "muster",
        subject_id: muster.id.0,
        unit: Some(muster.caller_unit_id),
        campaign: Some(muster.campaign_id),
        note: format!("{}：{words}", muster.citation()),
        detail: serde_json::json!({ "request": request }),
        writes: store::difference(before, after),
        ..NewEntry::default()
    })
}

/// A request that was carried out before: the same person sent the same again.
fn sent_before(conn: &mut Conn, ctx: &Context, id: i64, ask: &Ask) -> Result<Option<MusterDone>, Error> {
    let since = ctx.at.plus_seconds(-SENT_AGAIN_SECONDS);
    let known = journal::entry_of_request(conn, ("muster", id), ctx.actor.person, ask.digest(), since)?;
    let Some((seq, id)) = known else { return Ok(None) };
    let muster: Muster = journal::by_id(conn, id)?.ok_or(Error::NotFound)?;
    Ok(Some(MusterDone { muster, seq }))
}

impl App {
    /// Calls units together.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` inputs; as `domain::call`; `subject_over`.
    pub fn call_muster(&self, ctx: &Context, sent: MusterInput) -> Result<MusterDone, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        let ask = Ask::new("call_muster", None, &sent);
        self.db.write(move |conn| {
            let (draft, caller) = draft(&app, conn, &ctx, &sent)?;
            if let Some(done) = sent_before(conn, &ctx, 0, &ask)? {
                return Ok(done);
            }
            let mut case = domain::call(draft, &scene(&ctx))?;
            let entry = entry_of(conn, None, &mut case, MusterVerb::Call, ask.digest())?;
            let seq = journal::append(conn, &ctx.stamp(Some(&caller)), vec![entry])?;
            Ok(MusterDone { muster: case.muster, seq })
        })
    }

    /// Carries out one step.
    ///
    /// # Errors
    /// `NotFound` when the actor may not see it, `Conflict` when the form is stale, and what the domain refuses.
    pub fn muster_step(
        &self,
        ctx: &Context,
        id: MusterId,
        version: Option<i64>,
        verb: MusterVerb,
        sent: MusterStepInput,
    ) -> Result<MusterDone, Error> {
        use bihuan_domain::Coded as _;
        let ctx = ctx.clone();
        let ask = Ask::new(verb.code(), version, &sent);
        self.db.write(move |conn| {
            let before = visible(conn, &ctx, id)?;
            if version.is_some_and(|version| version != before.muster.version) {
                return sent_before(conn, &ctx, id.0, &ask)?.ok_or_else(Error::stale);
            }
            let unit = acting_unit(&ctx, &before, verb, &sent)?;
            let mut after = before.clone();
            carry_out(&mut after, &scene(&ctx), verb, unit, &sent.words)?;
            let acting = if verb == MusterVerb::Release { before.muster.caller_unit_id } else { unit };
            let acting = context::unit(conn, acting)?;
            let entry = entry_of(conn, Some(&before), &mut after, verb, ask.digest())?;
            let seq = journal::append(conn, &ctx.stamp(Some(&acting)), vec![entry])?;
            Ok(MusterDone { muster: after.muster, seq })
        })
    }
}

/// The unit a step is for: the one that is named, or the only called unit the actor speaks for.
fn acting_unit(
    ctx: &Context,
    case: &MusterCase,
    verb: MusterVerb,
    sent: &MusterStepInput,
) -> Result<UnitId, Error> {
    let named = input::number("unit", "单位", &sent.unit)?.map(UnitId);
    match verb {
        MusterVerb::ReportIn | MusterVerb::Did => {
            let own: Vec<UnitId> = case.mine(&ctx.actor).map(|one| one.unit_id).collect();
            match (named, own.as_slice()) {
                (Some(unit), _) => Ok(unit),
                (None, [one]) => Ok(*one),
                (None, []) => Ok(UnitId(0)),
                (None, _) => Err(Error::invalid("unit", "您可以代表几个应召单位，请选择“单位”。")),
            }
        }
        MusterVerb::Release => named.ok_or_else(|| Error::invalid("unit", "请选择不再需要的“单位”。")),
        MusterVerb::Finish => Ok(case.muster.lead_unit_id),
        _ => Ok(case.muster.caller_unit_id),
    }
}

fn carry_out(
    case: &mut MusterCase,
    scene: &Scene<'_>,
    verb: MusterVerb,
    unit: UnitId,
    words: &str,
) -> Result<(), Error> {
    match verb {
        MusterVerb::Call => return Err(Error::NotFound),
        MusterVerb::ReportIn => domain::report_in(case, scene, unit, words)?,
        MusterVerb::Did => domain::did(case, scene, unit, words)?,
        MusterVerb::Release => domain::release(case, scene, unit, words)?,
        MusterVerb::Finish => domain::finish(case, scene, words)?,
        MusterVerb::Accept => domain::accept(case, scene, words)?,
        MusterVerb::SendBack => domain::send_back(case, scene, words)?,
        MusterVerb::Withdraw => domain::withdraw(case, scene, words)?,
    }
    Ok(())
}
