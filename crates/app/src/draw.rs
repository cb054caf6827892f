//! Draws 随机抽查、双随机: prepared, committed to, drawn, opened on their day, and given out as a file (M29).

mod choosing;

pub use choosing::{DrawInput, Layering};

use crate::context::{self, App, Context, campaign_for};
use crate::{Error, inspection, secret};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::draw::{
    self as domain, Draw, DrawFile, DrawMethod, DrawPlan, DrawPurpose, DrawState, Drawn,
};
use bihuan_domain::id::{CampaignId, DrawId, PersonId, ProblemId};
use bihuan_domain::look_back::LookBackDuty;
use bihuan_domain::problem::State;
use bihuan_domain::refusal::require_text;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Refusal};
use bihuan_store::draw::{self as store, Able};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, Fault};

/// A draw before it is committed to.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What would be drawn from.
    pub plan: DrawPlan,
    /// The unit that draws.
    pub unit: Unit,
    /// Everybody who could examine.
    pub able: Vec<Able>,
    /// What speaks against it, in words.
    pub refusal: Option<Refusal>,
}

/// A draw as read.
#[derive(Clone, Debug)]
pub struct DrawView {
    /// The draw.
    pub draw: Draw,
    /// The unit that draws.
    pub unit: Unit,
    /// The campaign.
    pub campaign: Campaign,
    /// What it is drawn from.
    pub plan: DrawPlan,
    /// What was drawn; `None` while sealed.
    pub drawn: Option<Vec<Drawn>>,
    /// The reader may take the next step.
    pub may: bool,
}

impl DrawView {
    /// The name of a candidate.
    pub fn candidate(&self, id: i64) -> &str {
        self.plan.candidates.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str())
    }

    /// The name of an examiner.
    pub fn examiner(&self, person: i64) -> &str {
        self.plan.examiners.iter().find(|one| one.person == person).map_or("", |one| one.name.as_str())
    }
}

pub(crate) fn parse<T: serde::de::DeserializeOwned>(text: &str, what: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault::corrupt(format!("{what} does not parse: {error}")))
}

pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::corrupt(error.to_string()))
}

impl App {
    /// Draws of a campaign as far as the reader reads the units that draw, newest first.
    ///
    /// # Errors
    /// `NotFound` for a campaign out of sight.
    pub fn draws(&self, ctx: &Context, campaign: CampaignId) -> Result<Vec<(Draw, Unit)>, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            Ok(store::list(conn, campaign.id, &roots(ctx))?)
        })
    }

    /// One draw. What is sealed is not read at all.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn draw(&self, ctx: &Context, id: DrawId) -> Result<DrawView, Error> {
        self.db.read(|conn| view(conn, ctx, id))
    }

    /// What a draw would be made from, with everybody who could examine.
    ///
    /// # Errors
    /// `NotFound`, `Invalid`, `not_allowed`.
    pub fn prepare_draw(&self, ctx: &Context, sent: &DrawInput) -> Result<Prepared, Error> {
        self.db.read(|conn| {
            let (prepared, ..) = choosing::prepare(self, conn, ctx, sent)?;
            Ok(prepared)
        })
    }

    /// Publishes the list and the commitment. A draw at once is drawn in the same step, with the hash of the
    /// commitment's entry as its public value.
    ///
    /// # Errors
    /// As [`App::prepare_draw`], refusals of `DrawPlan::check`.
    pub fn commit_draw(&self, ctx: &Context, sent: DrawInput) -> Result<DrawId, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        let made = secret::random::<{ secret::SECRET_BYTES }>()?;
        let made: String = made.iter().map(|byte| format!("{byte:02x}")).collect();
        self.db.write(move |conn| {
            let (prepared, campaign, method) = choosing::prepare(&app, conn, &ctx, &sent)?;
            if let Some(refusal) = prepared.refusal {
                return Err(refusal.into());
            }
            let source = match method {
                DrawMethod::AtOnce => "公布承诺这一条留痕记录的散列值".to_owned(),
                DrawMethod::Announced => require_text(
                    "public_source",
                    "公开数的来源",
                    &sent.public_source,
                    domain::SOURCE_CHARS_MAX,
                )?,
            };
            let inspection = inspection::of_input(conn, &ctx, &sent.inspection)?;
            let draw = Draw {
                id: DrawId(journal::next_id(conn, "draw", 1)?),
                campaign_id: campaign.id,
                unit_id: prepared.unit.id,
                title: prepared.plan.title.clone(),
                purpose: prepared.plan.purpose,
                method,
                open_day: prepared.plan.open_day,
                plan: json(&prepared.plan)?,
                plan_digest: domain::plan_digest(&prepared.plan),
                commitment: domain::commitment_of(&made),
                public_source: source,
                public_value: String::new(),
                secret: String::new(),
                result: String::new(),
                result_digest: String::new(),
                state: DrawState::Committed,
                inspection_id: inspection.map(|found| found.id),
                committed_seq: journal::head(conn)? + 1,
                committed_at: ctx.at,
                committed_by: ctx.actor.person,
                drawn_at: None,
                opened_at: None,
                version: 1,
            };
            store::keep_secret(conn, draw.id, &made)?;
            let note = format!("公布抽取“{}”的名单摘要和承诺", draw.title);
            let entry = entry_of(&draw, "draw.committed", note, vec![Write::insert(&draw)]);
            let seq = journal::append(conn, &ctx.stamp(Some(&prepared.unit)), vec![entry])?;
            if seq != draw.committed_seq {
                return Err(Error::stale());
            }
            if method == DrawMethod::AtOnce {
                let value = store::hash_of_entry(conn, seq)?.ok_or(Error::NotFound)?;
                enter(conn, &ctx, &draw, &prepared.plan, &value)?;
            }
            Ok(draw.id)
        })
    }

    /// Enters the public value, with which the draw is made. The list stays sealed.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, refusals of `Draw::enter_value`.
    pub fn enter_public_value(
        &self,
        ctx: &Context,
        id: DrawId,
        version: i64,
        value: &str,
    ) -> Result<(), Error> {
        let (ctx, value) = (ctx.clone(), value.to_owned());
        self.db.write(move |conn| {
            let view = stepped(conn, &ctx, id, version, "填写公开数")?;
            enter(conn, &ctx, &view.draw, &view.plan, &value)
        })
    }

    /// Opens the list. Drawn problems get their look-back with its examiner, drawn units a visit of the inspection
    /// that the draw serves.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, refusals of `Draw::open`.
    pub fn open_draw(&self, ctx: &Context, id: DrawId, version: i64) -> Result<(), Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let view = stepped(conn, &ctx, id, version, "启封")?;
            let kept = store::secret(conn, id)?.ok_or_else(|| Fault::corrupt("a draw without its secret"))?;
            let mut draw = view.draw.clone();
            let drawn = draw.open(&view.plan, &kept, ctx.at)?;
            draw.result = json(&drawn)?;
            let writes = Write::update(&view.draw, &draw).into_iter().collect();
            let note = format!("启封抽取“{}”的名单，共{}个", draw.title, drawn.len());
            let mut entries = vec![entry_of(&draw, "draw.opened", note, writes)];
            match draw.purpose {
                DrawPurpose::LookBacks => entries.extend(assign(&app, conn, &ctx, &view, &drawn)?),
                DrawPurpose::Visits => {
                    if let Some(inspection) = draw.inspection_id {
                        entries.extend(inspection::add_drawn(conn, inspection, &draw, &drawn)?);
                    }
                }
            }
            journal::append(conn, &ctx.stamp(Some(&view.unit)), entries)?;
            Ok(())
        })
    }

    /// Gives a draw up before it is opened; it stays in the list with its reason.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `draw_in_another_state`, text limits.
    pub fn drop_draw(&self, ctx: &Context, id: DrawId, version: i64, reason: &str) -> Result<(), Error> {
        let (ctx, reason) = (ctx.clone(), reason.to_owned());
        self.db.write(move |conn| {
            let view = stepped(conn, &ctx, id, version, "作废")?;
            let reason = require_text("reason", "作废理由", &reason, domain::SOURCE_CHARS_MAX)?;
            if view.draw.state == DrawState::Opened {
                view.draw.require_state("作废", DrawState::Drawn)?;
            }
            let after =
                Draw { state: DrawState::Dropped, version: view.draw.version + 1, ..view.draw.clone() };
            let writes = Write::update(&view.draw, &after).into_iter().collect();
            let note = format!("作废抽取“{}”：{reason}", after.title);
            let entry = entry_of(&after, "draw.dropped", note, writes);
            journal::append(conn, &ctx.stamp(Some(&view.unit)), vec![entry])?;
            Ok(())
        })
    }

    /// The draw as a file that `bihuan draw verify` checks.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn draw_file(&self, ctx: &Context, id: DrawId) -> Result<DrawFile, Error> {
        let view = self.draw(ctx, id)?;
        Ok(DrawFile::of(&view.draw, view.plan, view.drawn.unwrap_or_default()))
    }
}

pub(crate) fn roots(ctx: &Context) -> Vec<bihuan_domain::unit::UnitPath> {
    ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect()
}

/// Whether the reader finds the draw.
pub(crate) fn is_seen(conn: &mut Conn, ctx: &Context, id: DrawId) -> Result<bool, Error> {
    match view(conn, ctx, id) {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

fn view(conn: &mut Conn, ctx: &Context, id: DrawId) -> Result<DrawView, Error> {
    let draw: Draw = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = context::readable_unit(conn, ctx, draw.unit_id)?;
    let campaign = campaign_for(conn, ctx, draw.campaign_id)?;
    let plan: DrawPlan = parse(&draw.plan, "a draw's plan")?;
    let drawn = match draw.state {
        DrawState::Opened => Some(parse(&draw.result, "a draw's result")?),
        _ => None,
    };
    let may = domain::may_draw(&ctx.actor, &unit.path, "抽取").is_ok();
    Ok(DrawView { draw, unit, campaign, plan, drawn, may })
}

fn stepped(conn: &mut Conn, ctx: &Context, id: DrawId, version: i64, step: &str) -> Result<DrawView, Error> {
    let view = view(conn, ctx, id)?;
    domain::may_draw(&ctx.actor, &view.unit.path, step)?;
    if view.draw.version != version {
        return Err(Error::stale());
    }
    Ok(view)
}

fn entry_of(draw: &Draw, action: &str, note: String, writes: Vec<Write>) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "draw",
        subject_id: draw.id.0,
        unit: Some(draw.unit_id),
        campaign: Some(draw.campaign_id),
        note,
        writes,
        ..NewEntry::default()
    }
}

fn enter(conn: &mut Conn, ctx: &Context, before: &Draw, plan: &DrawPlan, value: &str) -> Result<(), Error> {
    let kept = store::secret(conn, before.id)?.ok_or_else(|| Fault::corrupt("a draw without its secret"))?;
    let mut draw = before.clone();
    draw.enter_value(plan, &kept, value, ctx.at)?;
    let writes = Write::update(before, &draw).into_iter().collect();
    let entry =
        entry_of(&draw, "draw.drawn", format!("抽取“{}”，公开数：{}", draw.title, draw.public_value), writes);
    let unit = context::unit(conn, draw.unit_id)?;
    journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
    Ok(())
}

/// One entry for each drawn problem that is still closed: its look-back, and who does it.
fn assign(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    view: &DrawView,
    drawn: &[Drawn],
) -> Result<Vec<NewEntry>, Error> {
    let rules = app.rules(&view.campaign)?;
    let checklist = match view.campaign.template_text.as_str() {
        "" => String::new(),
        _ => app.template(&view.campaign)?.sampling.checklist.clone().unwrap_or_default(),
    };
    let mut entries = Vec::new();
    for one in drawn {
        let Some(before) = bihuan_store::problem::load_case(conn, ProblemId(one.id))? else { continue };
        // Opened again since the list was published: the new round is looked at when it is closed.
        if before.problem.state != State::Closed {
            continue;
        }
        let mut after = before.clone();
        let note = format!("抽取“{}”第{}个", view.draw.title, one.place);
        let today = ctx.today();
        let step = bihuan_domain::problem::plan_reverse_check(
            &mut after,
            &ctx.scene(&rules),
            (view.draw.unit_id, one.examiners.first().map(|person| PersonId(*person))),
            today,
            &note,
        )?;
        let mut entry = crate::problem::entry_of(conn, Some(&before), &mut after, step)?;
        let look_back = after
            .look_backs
            .iter()
            .rfind(|l| l.round == after.problem.round && l.result.code() == "pending")
            .ok_or_else(|| Fault::corrupt("a drawn problem without its look-back"))?;
        if let Some(person) = one.examiners.first() {
            let duty = LookBackDuty {
                look_back_id: look_back.id,
                problem_id: before.problem.id,
                person_id: PersonId(*person),
                draw_id: view.draw.id,
                checklist: checklist.clone(),
                answers: String::new(),
                version: 1,
            };
            match journal::by_id::<LookBackDuty>(conn, look_back.id.0)? {
                Some(old) => entry.writes.extend(Write::update(&old, &duty)),
                None => entry.writes.push(Write::insert(&duty)),
            }
        }
        entries.push(entry);
    }
    Ok(entries)
}
