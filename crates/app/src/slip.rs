//! Slips: made from records with the template's wording, previewed, issued under a number, and every step after (M28).

mod making;
mod paper;
mod steps;
pub(crate) mod subject;
mod view;

pub use making::{DraftInput, Preview, fill_body};
pub(crate) use making::{Paper, append_by_ladder, draft_case, issue_case};
pub use steps::SlipStepInput;
pub(crate) use steps::lapse_by_ladder;
pub use subject::SlipSubject;
pub(crate) use subject::{subject_of, subject_over};
pub(crate) use view::about_problem;
pub use view::{SlipLine, SlipView, SlipsPage, SubjectSlips};

pub use bihuan_store::slip::{SLIP_PAGE_ROWS, SlipFilter, SlipWish};

use crate::Error;
use crate::context::{App, Context};
use bihuan_domain::calendar::Calendar;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{SlipId, UnitId};
use bihuan_domain::role::{Actor, Role};
use bihuan_domain::slip::life::SlipScene;
use bihuan_domain::slip::{Slip, SlipCase};
use bihuan_domain::template::Template;
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_store::journal::{self, NewEntry, Stamp};
use bihuan_store::slip::{self as store, SlipReader};
use bihuan_store::{Conn, Fault};
use std::sync::Arc;

/// What a step on a slip answers: the slip as it stands after it, and the number of its entry.
#[derive(Clone, Debug)]
pub struct SlipDone {
    /// The slip.
    pub slip: Slip,
    /// The entry.
    pub seq: i64,
}

/// Who reads slips, with all that sight and right to act depend on.
pub(crate) fn reader_of(actor: &Actor) -> SlipReader {
    let over = |roles: &[Role]| -> Vec<UnitPath> {
        actor
            .grants
            .iter()
            .filter(|grant| roles.contains(&grant.role))
            .map(|grant| grant.path.clone())
            .collect()
    };
    let leads = |path: &UnitPath| actor.holds(Role::Leader, path);
    let mut above: Vec<UnitId> = Vec::new();
    for post in &actor.posts {
        let mut place = Some(post.path.clone());
        while let Some(path) = place {
            if leads(&path) {
                above.extend(path.units().last().copied());
            }
            place = path.parent();
        }
    }
    SlipReader {
        person: actor.person,
        posts: actor.posts.iter().map(|post| post.post).collect(),
        units: actor.posts.iter().map(|post| post.unit).collect(),
        places: actor.posts.iter().flat_map(|post| post.path.units()).collect(),
        reads: actor.readable_roots().into_iter().map(|(_, path)| path).collect(),
        decides: over(&[Role::Office, Role::Leader]),
        fills: over(&[Role::Filler]),
        leads: above,
        leads_own: actor.posts.iter().filter(|post| leads(&post.path)).map(|post| post.unit).collect(),
    }
}

/// A slip that the actor may see; otherwise it does not exist for them.
pub(crate) fn visible_slip(conn: &mut Conn, ctx: &Context, id: SlipId) -> Result<SlipCase, Error> {
    let case = store::load_case(conn, id)?.ok_or(Error::NotFound)?;
    if case.visible_to(&ctx.actor) { Ok(case) } else { Err(Error::NotFound) }
}

/// What deciding about a slip of a campaign needs.
pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) campaign: Campaign,
    pub(crate) template: Option<Arc<Template>>,
    pub(crate) calendar: Arc<Calendar>,
}

impl Bench {
    pub(crate) fn of(app: &App, conn: &mut Conn, campaign: Campaign) -> Result<Bench, Error> {
        let template = app.template_of(&campaign)?;
        Ok(Bench { app: app.clone(), template, calendar: app.calendar(conn)?, campaign })
    }

    pub(crate) fn of_slip(app: &App, conn: &mut Conn, slip: &Slip) -> Result<Bench, Error> {
        let campaign = journal::by_id(conn, slip.campaign_id.0)?.ok_or(Error::NotFound)?;
        Bench::of(app, conn, campaign)
    }

    pub(crate) fn scene<'a>(&'a self, ctx: &'a Context, by_person: bool) -> SlipScene<'a> {
        let dispute = self.template.as_ref().map(|t| t.supervision.dispute_working_days);
        SlipScene {
            actor: by_person.then_some(&*ctx.actor),
            today: ctx.today(),
            now: ctx.at,
            calendar: &self.calendar,
            dispute_working_days: dispute.unwrap_or_else(|| {
                bihuan_domain::template::ladder::SupervisionRule::default().dispute_working_days
            }),
        }
    }
}

/// Numbers what is new and makes the entry. The words of a restricted slip's entry say nothing.
pub(crate) fn entry_of(
    conn: &mut Conn,
    before: Option<&SlipCase>,
    after: &mut SlipCase,
    action: &str,
    request: &str,
) -> Result<NewEntry, Fault> {
    after.slip.version = before.map_or(1, |case| case.slip.version + 1);
    store::number_case(conn, after)?;
    let slip = &after.slip;
    let restricted = slip.is_restricted();
    Ok(NewEntry {
        action: format!("slip.{action}"),
        subject_kind: if restricted { "talk_slip" } else { "slip" },
        subject_id: slip.id.0,
        unit: Some(slip.holder_unit_id),
        campaign: Some(slip.campaign_id),
        note: if restricted { String::new() } else { format!("{} {}", slip.citation(), slip.title) },
        detail: serde_json::json!({ "request": request }),
        writes: store::difference(before, after),
        ..NewEntry::default()
    })
}

/// The stamp of what the ladder does: nobody's hand.
pub(crate) fn ladder_stamp(ctx: &Context) -> Stamp {
    Stamp { at: ctx.at, source_address: ctx.source_address.clone(), ..Stamp::default() }
}

/// The unit above a unit that people work in; `None` for a root.
pub(crate) fn superior_of(conn: &mut Conn, unit: &Unit) -> Result<Option<Unit>, Fault> {
    let above = bihuan_store::unit::ancestors(conn, &unit.path)?;
    let people =
        |above: &&Unit| above.id != unit.id && above.kind != bihuan_domain::unit::UnitKind::Placeholder;
    Ok(above.iter().rev().find(people).cloned())
}

/// The unit whose subtree the campaign reaches: units are named from there.
pub(crate) fn reach_of(conn: &mut Conn, campaign: &Campaign) -> Result<Unit, Error> {
    let office = crate::context::unit(conn, campaign.office_unit_id)?;
    let reach = bihuan_domain::campaign::reach(&office);
    match reach.units().last() {
        Some(id) => crate::context::unit(conn, *id),
        None => Ok(office),
    }
}
