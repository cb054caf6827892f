//! Slips as pages and JSON show them.

use super::making::may_send;
use super::subject::kind_of;
use super::{Bench, SlipSubject, reader_of, subject_of, visible_slip};
use crate::context::{App, Context};
use crate::problem::CaseView;
use crate::{Error, ladder};
use bihuan_domain::Coded;
use bihuan_domain::id::{CampaignId, PersonId, RequestId, SlipId, UnitId};
use bihuan_domain::ladder::Rung;
use bihuan_domain::request::{RequestKind, RequestState};
use bihuan_domain::slip::life;
use bihuan_domain::slip::{Slip, SlipCase, SlipVerb, Subject, SubjectKind};
use bihuan_domain::talk::Talk;
use bihuan_store::problem::units;
use bihuan_store::slip::{self as store, SlipFilter, SlipWish};
use bihuan_store::{Conn, journal};
use std::collections::{BTreeMap, HashMap};

/// A slip in one line.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SlipLine {
    /// The slip.
    #[serde(flatten)]
    pub slip: Slip,
    /// As people cite it.
    pub citation: String,
    /// The issuing unit's name.
    pub issuer: String,
    /// The name of the unit it was written to.
    pub to: String,
    /// The name of the unit that has it.
    pub holder: String,
    /// An answer is owed and its day has passed.
    pub unanswered: bool,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct SlipsPage {
    /// The page's slips, newest first.
    pub lines: Vec<SlipLine>,
    /// How many there are.
    pub total: i64,
    /// How many each filter finds in this campaign and unit.
    pub counts: BTreeMap<SlipWish, i64>,
}

/// A slip on its page.
#[derive(Clone, Debug)]
pub struct SlipView {
    /// The slip, its places and steps.
    pub case: SlipCase,
    /// In one line.
    pub line: SlipLine,
    /// The name of the post it is addressed to, with who holds it.
    pub to_post: String,
    /// The name of the unit that gets a copy.
    pub copy: String,
    /// The text as it went out; for a draft, as it would go out now.
    pub text: String,
    /// What it is about, where the reader may see it.
    pub subject: Option<SlipSubject>,
    /// What the reader may do.
    pub possible: Vec<SlipVerb>,
    /// Names of people and units in the steps.
    pub people: BTreeMap<PersonId, String>,
    /// Names of units.
    pub units: HashMap<UnitId, String>,
    /// Restricted records that follow it, as far as the reader may open them.
    pub talks: Vec<Talk>,
}

/// The slips about one record.
#[derive(Clone, Debug, Default)]
pub struct SubjectSlips {
    /// Newest first.
    pub lines: Vec<SlipLine>,
    /// What earlier decisions say about such matters.
    pub hints: Vec<String>,
    /// The colour on the ladder today.
    pub rung: Option<Rung>,
    /// The reader may make one.
    pub may_make: bool,
    /// Requests of the problem that wait, about which the reader may make one, with the unit that was asked.
    pub requests: Vec<(RequestId, String)>,
    /// The problem is an appeal, and slips about it speak of one.
    pub appeal: bool,
}

fn lines(conn: &mut Conn, ctx: &Context, slips: Vec<Slip>) -> Result<Vec<SlipLine>, Error> {
    let ids = slips.iter().flat_map(|slip| [slip.issuer_unit_id, slip.to_unit_id, slip.holder_unit_id]);
    let names = bihuan_store::unit::names(conn, ids)?;
    let name = |id: &UnitId| names.get(id).cloned().unwrap_or_default();
    Ok(slips
        .into_iter()
        .map(|slip| SlipLine {
            citation: slip.citation(),
            issuer: name(&slip.issuer_unit_id),
            to: name(&slip.to_unit_id),
            holder: name(&slip.holder_unit_id),
            unanswered: slip.is_unanswered_on(ctx.today()),
            slip,
        })
        .collect())
}

/// What decisions about returned slips say, in sentences.
pub(super) fn hints(conn: &mut Conn, campaign: CampaignId, category: &str) -> Result<Vec<String>, Error> {
    let rules = store::routing_hints(conn, campaign, category)?;
    let ids = rules.iter().flat_map(|rule| [rule.from_unit_id, rule.to_unit_id]);
    let names = bihuan_store::unit::names(conn, ids)?;
    let name = |id| names.get(id).map_or("", String::as_str);
    Ok(rules
        .iter()
        .map(|rule| {
            format!(
                "{}裁定：同类事项不属{}，由{}办理（{}）",
                rule.decided_day.in_chinese(),
                name(&rule.from_unit_id),
                name(&rule.to_unit_id),
                rule.reason
            )
        })
        .collect())
}

/// Newest first. What a problem is called on slips depends on its template, which may have changed meanwhile: its
/// slips are all of one list.
fn of_subject(conn: &mut Conn, ctx: &Context, subject: Subject) -> Result<Vec<Slip>, Error> {
    let kinds = match subject.kind {
        SubjectKind::Problem | SubjectKind::Appeal => vec![SubjectKind::Problem, SubjectKind::Appeal],
        other => vec![other],
    };
    let reader = reader_of(&ctx.actor);
    let mut slips = Vec::new();
    for kind in kinds {
        let filter = SlipFilter { subject: Some(Subject { kind, ..subject }), ..SlipFilter::default() };
        slips.extend(store::rows(conn, &reader, &filter, ctx.today())?);
    }
    slips.sort_by_key(|slip| std::cmp::Reverse(slip.id));
    Ok(slips)
}

/// The slips about a problem and about its requests, as far as the reader may see them.
pub(crate) fn about_problem(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    base: &CaseView,
) -> Result<SubjectSlips, Error> {
    let problem = &base.case.problem;
    let mut slips = of_subject(conn, ctx, Subject::of(SubjectKind::Problem, problem.id.0))?;
    for request in &base.case.requests {
        slips.extend(of_subject(conn, ctx, Subject::of(SubjectKind::Request, request.id.0))?);
    }
    let bench = Bench::of(app, conn, base.campaign.clone())?;
    let mut requests = Vec::new();
    for request in &base.case.requests {
        let waits = matches!(request.state, RequestState::Open)
            || request.kind == RequestKind::HandUp && request.state == RequestState::Granted;
        let asked = crate::context::unit(conn, request.to_unit_id)?;
        if waits && may_send(conn, ctx, &bench, &asked)? {
            requests.push((request.id, asked.name));
        }
    }
    let home = crate::context::unit(conn, problem.home_unit_id)?;
    let may_make = problem.state.is_open() && may_send(conn, ctx, &bench, &home)?;
    Ok(SubjectSlips {
        lines: lines(conn, ctx, slips)?,
        hints: hints(conn, problem.campaign_id, &problem.category)?,
        rung: ladder::rung_of_problem(app, conn, base, ctx.today())?,
        may_make,
        requests,
        appeal: kind_of(problem, bench.template.as_deref()) == SubjectKind::Appeal,
    })
}

impl App {
    /// The slips about a task, or about what a unit owes of a required action, as far as the reader may see them.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn subject_slips(&self, ctx: &Context, named: &Subject) -> Result<SubjectSlips, Error> {
        self.db.read(|conn| {
            let subject = subject_of(conn, ctx, self, named)?;
            let campaign = journal::by_id(conn, subject.campaign_id.0)?.ok_or(Error::NotFound)?;
            let bench = Bench::of(self, conn, campaign)?;
            let slips = of_subject(conn, ctx, *named)?;
            Ok(SubjectSlips {
                lines: lines(conn, ctx, slips)?,
                may_make: subject.open && may_send(conn, ctx, &bench, &subject.unit)?,
                ..SubjectSlips::default()
            })
        })
    }

    /// The slips written to a unit or held by it, newest first, as far as the reader may see them.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn unit_slips(&self, ctx: &Context, unit: UnitId) -> Result<SlipsPage, Error> {
        self.slips(ctx, SlipFilter { unit: Some(unit), ..SlipFilter::default() })
    }

    /// One page of the slips the actor may see.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn slips(&self, ctx: &Context, filter: SlipFilter) -> Result<SlipsPage, Error> {
        self.db.read(|conn| {
            let reader = reader_of(&ctx.actor);
            let (slips, total) = store::seen(conn, &reader, &filter, ctx.today())?;
            let mut counts = BTreeMap::new();
            for wish in SlipWish::ALL {
                let one = SlipFilter { wish: Some(*wish), ..filter.clone() };
                counts.insert(*wish, store::count(conn, &reader, &one, ctx.today())?);
            }
            Ok(SlipsPage { lines: lines(conn, ctx, slips)?, total, counts })
        })
    }

    /// A slip on its page.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn slip_view(&self, ctx: &Context, id: SlipId) -> Result<SlipView, Error> {
        self.db.read(|conn| {
            let case = visible_slip(conn, ctx, id)?;
            let bench = Bench::of_slip(self, conn, &case.slip)?;
            let scene = bench.scene(ctx, true);
            let possible: Vec<SlipVerb> =
                SlipVerb::ALL.iter().copied().filter(|verb| life::may(&case, &scene, *verb)).collect();
            let subject = subject_of(conn, ctx, self, &case.slip.subject()).ok();
            let line = lines(conn, ctx, vec![case.slip.clone()])?.remove(0);
            let people: Vec<PersonId> = case.steps.iter().filter_map(|step| step.person_id).collect();
            let ids = case.steps.iter().flat_map(|step| [Some(step.unit_id), step.to_unit_id]);
            let units_named: Vec<UnitId> = ids.flatten().chain(case.slip.copy_unit_id).collect();
            let names = bihuan_store::unit::names(conn, units_named)?;
            let to_post = match case.slip.to_post_id {
                None => String::new(),
                Some(post) => units::posts_by_ids(conn, &[post], ctx.today())?.first().map_or_else(
                    || "（已撤销岗位）".to_owned(),
                    |post| format!("{}{} {}", post.unit_name, post.name, post.holder),
                ),
            };
            let text = match (&subject, case.slip.number) {
                (Some(subject), 0) => super::making::preview_text(conn, ctx, &case, subject)?,
                _ => case.slip.body.clone(),
            };
            let talks = bihuan_store::talk::of_slip(conn, id)?;
            Ok(SlipView {
                talks: talks.into_iter().filter(|talk| talk.visible_to(&ctx.actor)).collect(),
                copy: case.slip.copy_unit_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
                people: units::person_names(conn, &people)?.into_iter().collect(),
                units: names,
                line,
                to_post,
                text,
                subject,
                possible,
                case,
            })
        })
    }
}
