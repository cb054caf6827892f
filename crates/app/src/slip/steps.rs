//! The steps of a slip's life, each one use case: seen, fresh, decided by the domain, appended.

use super::making::{append_by_ladder, issue_case};
use super::{Bench, SlipDone, entry_of, subject_of, visible_slip};
use crate::context::{self, App, Context};
use crate::input::inputs;
use crate::problem::{Ask, SENT_AGAIN_SECONDS};
use crate::{Error, channel, ladder};
use bihuan_domain::id::SlipId;
use bihuan_domain::refusal::limit_text;
use bihuan_domain::slip::life::{self, Place, SlipScene};
use bihuan_domain::slip::{DOCUMENT_PREFIX_CHARS_MAX, Slip, SlipCase, SlipVerb};
use bihuan_store::{Conn, journal};

inputs! {
    /// What a step on a slip may take; each step reads its own part.
    SlipStepInput {
        answer: one "答复内容",
        opinion: one "审核意见",
        reason: one "理由",
        to: one "单位",
        document_prefix: one "发文代字",
    }
}

/// The action of a step in the journal.
fn action(verb: SlipVerb) -> &'static str {
    match verb {
        SlipVerb::Draft => "drafted",
        SlipVerb::Issue => "issued",
        SlipVerb::Sign => "signed",
        SlipVerb::Answer => "answered",
        SlipVerb::Accept => "accepted",
        SlipVerb::SendBack => "sent_back",
        SlipVerb::Recall => "recalled",
        SlipVerb::PassOn => "passed_on",
        SlipVerb::Return => "returned",
        SlipVerb::Decide => "decided",
        SlipVerb::Lapse => "lapsed",
    }
}

/// A request that was carried out before: the same person sent the same again.
pub(super) fn sent_before(
    conn: &mut Conn,
    ctx: &Context,
    id: i64,
    ask: &Ask,
) -> Result<Option<SlipDone>, Error> {
    let since = ctx.at.plus_seconds(-SENT_AGAIN_SECONDS);
    for kind in ["slip", "talk_slip"] {
        let subject = (kind, id);
        let known = journal::entry_of_request(conn, subject, ctx.actor.person, ask.digest(), since)?;
        if let Some((seq, subject)) = known {
            let slip: Slip = journal::by_id(conn, subject)?.ok_or(Error::NotFound)?;
            return Ok(Some(SlipDone { slip, seq }));
        }
    }
    Ok(None)
}

impl App {
    /// Carries out one step on a slip.
    ///
    /// # Errors
    /// `NotFound` when the actor may not see it, `Conflict` when the form is stale, and what the domain refuses.
    pub fn slip_step(
        &self,
        ctx: &Context,
        id: SlipId,
        version: Option<i64>,
        verb: SlipVerb,
        sent: SlipStepInput,
    ) -> Result<SlipDone, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        let ask = Ask::new(action(verb), version, &sent);
        self.db.write(move |conn| {
            let before = visible_slip(conn, &ctx, id)?;
            if version.is_some_and(|version| version != before.slip.version) {
                return sent_before(conn, &ctx, id.0, &ask)?.ok_or_else(Error::stale);
            }
            let bench = Bench::of_slip(&app, conn, &before.slip)?;
            let mut after = before.clone();
            let scene = bench.scene(&ctx, true);
            if verb == SlipVerb::Issue {
                issue(conn, &ctx, &bench, &mut after, &sent)?;
            } else {
                carry_out(conn, &ctx, &bench, &mut after, &scene, verb, &sent)?;
            }
            let unit = context::unit(conn, acting_unit(verb, &before))?;
            let entry = entry_of(conn, Some(&before), &mut after, action(verb), ask.digest())?;
            let seq = journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            if verb == SlipVerb::Issue {
                channel::tell_urgent(conn, &ctx, &after.slip)?;
            }
            Ok(SlipDone { slip: after.slip, seq })
        })
    }
}

fn acting_unit(verb: SlipVerb, case: &SlipCase) -> bihuan_domain::id::UnitId {
    match verb {
        SlipVerb::Sign | SlipVerb::Answer | SlipVerb::PassOn | SlipVerb::Return => case.slip.holder_unit_id,
        _ => case.slip.issuer_unit_id,
    }
}

/// Issues a draft. One of the ladder's goes out only while its cause is true, and with the cause of this very day.
fn issue(
    conn: &mut Conn,
    ctx: &Context,
    bench: &Bench,
    case: &mut SlipCase,
    sent: &SlipStepInput,
) -> Result<(), Error> {
    let subject = subject_of(conn, ctx, &bench.app, &case.slip.subject())?;
    if !case.slip.rule.is_empty() {
        let cause = ladder::present_cause(conn, bench, &case.slip, ctx.today())?;
        case.slip.cause = cause.ok_or_else(ladder::cause_is_over)?.sentence();
    }
    if !sent.document_prefix.trim().is_empty() {
        case.slip.document_prefix =
            limit_text("document_prefix", "发文代字", &sent.document_prefix, DOCUMENT_PREFIX_CHARS_MAX)?;
    }
    issue_case(conn, ctx, bench, case, &subject, true)
}

fn carry_out(
    conn: &mut Conn,
    ctx: &Context,
    bench: &Bench,
    case: &mut SlipCase,
    scene: &SlipScene<'_>,
    verb: SlipVerb,
    sent: &SlipStepInput,
) -> Result<(), Error> {
    match verb {
        SlipVerb::Sign => life::sign(case, scene)?,
        SlipVerb::Answer => life::answer(case, scene, &sent.answer)?,
        SlipVerb::Accept => life::accept(case, scene, &sent.opinion)?,
        SlipVerb::SendBack => life::send_back(case, scene, &sent.opinion)?,
        SlipVerb::Recall => life::recall(case, scene, &sent.reason)?,
        SlipVerb::Lapse => life::lapse(case, scene, &sent.reason)?,
        SlipVerb::Return => life::give_back(case, scene, &sent.reason)?,
        SlipVerb::PassOn => {
            let to = place(conn, ctx, bench, &sent.to)?
                .ok_or_else(|| Error::invalid("to", "“转给”没有填写，请填写下级单位的名称或代码。"))?;
            life::pass_on(case, scene, to, &sent.reason)?;
        }
        SlipVerb::Decide => {
            let to = place(conn, ctx, bench, &sent.to)?;
            let category = subject_of(conn, ctx, &bench.app, &case.slip.subject())
                .map(|subject| subject.category)
                .unwrap_or_default();
            life::decide(case, scene, to, &category, &sent.reason)?;
        }
        SlipVerb::Draft | SlipVerb::Issue => return Err(Error::NotFound),
    }
    Ok(())
}

fn place(conn: &mut Conn, ctx: &Context, bench: &Bench, text: &str) -> Result<Option<Place>, Error> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let home = super::reach_of(conn, &bench.campaign)?;
    match crate::problem::meant_units(conn, &home, ctx.today(), "to", text)?.as_slice() {
        [one] => Ok(Some((one.unit.id, one.unit.path.clone()))),
        _ => Err(Error::invalid("to", "请只填写一个单位。")),
    }
}

/// Takes back a draft of the ladder whose cause is over.
pub(crate) fn lapse_by_ladder(
    conn: &mut Conn,
    ctx: &Context,
    bench: &Bench,
    before: &SlipCase,
    reason: &str,
) -> Result<(), Error> {
    let mut after = before.clone();
    life::lapse(&mut after, &bench.scene(ctx, false), reason)?;
    append_by_ladder(conn, ctx, Some(before), &mut after, "lapsed")?;
    Ok(())
}
