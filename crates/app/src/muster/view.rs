//! Musters as pages and JSON show them.

use super::{MusterInput, caller, matter, scene, still_open, visible};
use crate::Error;
use crate::context::{App, Context};
use crate::slip::{SlipSubject, subject_of};
use bihuan_domain::Coded as _;
use bihuan_domain::id::{MusterId, PersonId, TaskId, UnitId};
use bihuan_domain::muster::{self as domain, CalledUnit, Muster, MusterCase, MusterVerb};
use bihuan_domain::slip::{Subject, SubjectKind};
use bihuan_domain::task::TaskState;
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_store::Conn;
use bihuan_store::muster::{self as store, MusterFilter, MusterWish};
use bihuan_store::problem::units;
use std::collections::{BTreeMap, HashMap};

/// One called unit in a line.
#[derive(Clone, Debug, serde::Serialize)]
pub struct CalledLine {
    /// The unit's part.
    #[serde(flatten)]
    pub called: CalledUnit,
    /// Its name.
    pub name: String,
    /// It leads.
    pub leads: bool,
    /// Whole days it has held its part, from the call to when it was through.
    pub days_held: i32,
}

/// A muster in one line.
#[derive(Clone, Debug, serde::Serialize)]
pub struct MusterLine {
    /// The muster.
    #[serde(flatten)]
    pub muster: Muster,
    /// As people cite it.
    pub citation: String,
    /// The calling unit's name.
    pub caller: String,
    /// The units that were called, the lead first.
    pub called: Vec<CalledLine>,
    /// Past its day.
    pub late: bool,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct MustersPage {
    /// Newest first.
    pub lines: Vec<MusterLine>,
    /// How many there are.
    pub total: i64,
    /// How many each filter finds.
    pub counts: BTreeMap<MusterWish, i64>,
}

/// A muster on its page.
#[derive(Clone, Debug)]
pub struct MusterView {
    /// The muster with its steps.
    pub case: MusterCase,
    /// In one line.
    pub line: MusterLine,
    /// What it is about, where the reader may see it.
    pub subject: Option<SlipSubject>,
    /// What the reader may do, with the unit it is for or about.
    pub possible: Vec<(MusterVerb, UnitId)>,
    /// Names of people in the steps.
    pub people: BTreeMap<PersonId, String>,
    /// Names of units.
    pub units: HashMap<UnitId, String>,
}

/// What the form for calling units needs.
#[derive(Clone, Debug)]
pub struct MusterForm {
    /// The matter.
    pub subject: SlipSubject,
    /// The unit that calls.
    pub caller: Unit,
}

fn lines(conn: &mut Conn, ctx: &Context, musters: Vec<Muster>) -> Result<Vec<MusterLine>, Error> {
    let ids: Vec<MusterId> = musters.iter().map(|muster| muster.id).collect();
    let called = store::called_to(conn, &ids)?;
    let named = musters.iter().map(|muster| muster.caller_unit_id);
    let names = bihuan_store::unit::names(conn, named.chain(called.iter().map(|one| one.unit_id)))?;
    let name = |id: &UnitId| names.get(id).cloned().unwrap_or_default();
    Ok(musters
        .into_iter()
        .map(|muster| MusterLine {
            citation: muster.citation(),
            caller: name(&muster.caller_unit_id),
            called: called
                .iter()
                .filter(|one| one.muster_id == muster.id)
                .map(|one| CalledLine {
                    name: name(&one.unit_id),
                    leads: one.unit_id == muster.lead_unit_id,
                    days_held: one.days_held(&muster, ctx.at),
                    called: one.clone(),
                })
                .collect(),
            late: muster.is_late_on(ctx.today()),
            muster,
        })
        .collect())
}

fn reads(ctx: &Context) -> Vec<UnitPath> {
    ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect()
}

/// The musters about a record, newest first, as far as the reader may see them.
fn about(conn: &mut Conn, ctx: &Context, subject: (SubjectKind, i64)) -> Result<Vec<MusterLine>, Error> {
    let filter = MusterFilter { subject: Some(subject), ..MusterFilter::default() };
    let found = store::rows(conn, &reads(ctx), &filter, ctx.today())?;
    lines(conn, ctx, found)
}

/// The musters for a problem, and whether the reader may call one.
pub(crate) fn of_problem(
    conn: &mut Conn,
    ctx: &Context,
    problem: &bihuan_domain::problem::Problem,
) -> Result<(Vec<MusterLine>, bool), Error> {
    let found = about(conn, ctx, (SubjectKind::Problem, problem.id.0))?;
    let may = problem.state.is_open() && may_call(conn, ctx, &problem.home_path)?;
    Ok((found, may))
}

fn may_call(conn: &mut Conn, ctx: &Context, owner: &UnitPath) -> Result<bool, Error> {
    match caller(conn, ctx, owner) {
        Ok(_) => Ok(true),
        Err(Error::Refused(_) | Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Musters in course at the actor's own places, for the to-do list.
pub(crate) fn cases_of(conn: &mut Conn, ctx: &Context) -> Result<Vec<MusterCase>, Error> {
    let places: Vec<_> = ctx
        .actor
        .grants
        .iter()
        .filter(|grant| domain::SPEAKERS.contains(&grant.role))
        .map(|grant| grant.path.clone())
        .collect();
    let mut cases = Vec::new();
    for id in store::in_course(conn, &places)? {
        cases.extend(store::load_case(conn, id)?);
    }
    Ok(cases)
}

fn possible(ctx: &Context, case: &MusterCase) -> Vec<(MusterVerb, UnitId)> {
    let mut found = Vec::new();
    for verb in MusterVerb::ALL.iter().copied() {
        let units: Vec<UnitId> = match verb {
            MusterVerb::ReportIn | MusterVerb::Did => case.mine(&ctx.actor).map(|one| one.unit_id).collect(),
            MusterVerb::Release => case.called.iter().map(|(one, _)| one.unit_id).collect(),
            MusterVerb::Finish => vec![case.muster.lead_unit_id],
            _ => vec![case.muster.caller_unit_id],
        };
        let may = |unit: &UnitId| domain::may(case, &scene(ctx), verb, *unit);
        found.extend(units.into_iter().filter(may).map(|unit| (verb, unit)));
    }
    found
}

impl App {
    /// One page of the musters the actor may see.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn musters(&self, ctx: &Context, filter: MusterFilter) -> Result<MustersPage, Error> {
        self.db.read(|conn| {
            let roots = reads(ctx);
            let total = store::count(conn, &roots, &filter, ctx.today())?;
            let found = store::rows(conn, &roots, &filter, ctx.today())?;
            let mut counts = BTreeMap::new();
            for wish in MusterWish::ALL {
                let one = MusterFilter { wish: Some(*wish), ..filter.clone() };
                counts.insert(*wish, store::count(conn, &roots, &one, ctx.today())?);
            }
            Ok(MustersPage { lines: lines(conn, ctx, found)?, total, counts })
        })
    }

    /// The musters for a task, and whether the reader may call one.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn task_musters(&self, ctx: &Context, id: TaskId) -> Result<(Vec<MusterLine>, bool), Error> {
        self.db.read(|conn| {
            let (task, unit) = crate::task::visible_task(conn, ctx, id)?;
            let found = about(conn, ctx, (SubjectKind::Task, id.0))?;
            let may = task.state == TaskState::Running && may_call(conn, ctx, &unit.path)?;
            Ok((found, may))
        })
    }

    /// One muster.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn muster_view(&self, ctx: &Context, id: MusterId) -> Result<MusterView, Error> {
        self.db.read(|conn| {
            let case = visible(conn, ctx, id)?;
            let line = lines(conn, ctx, vec![case.muster.clone()])?.remove(0);
            let named = Subject::of(case.muster.subject_kind, case.muster.subject_id);
            let subject = subject_of(conn, ctx, self, &named).ok();
            let people: Vec<PersonId> = case.steps.iter().map(|step| step.person_id).collect();
            let units_named: Vec<UnitId> = case.steps.iter().map(|step| step.unit_id).collect();
            Ok(MusterView {
                possible: possible(ctx, &case),
                people: units::person_names(conn, &people)?.into_iter().collect(),
                units: bihuan_store::unit::names(conn, units_named)?,
                line,
                subject,
                case,
            })
        })
    }

    /// What the form for calling units shows, for somebody who may call.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `subject_over`.
    pub fn muster_form(&self, ctx: &Context, sent: &MusterInput) -> Result<MusterForm, Error> {
        self.db.read(|conn| {
            let subject = matter(self, conn, ctx, &sent.subject_kind, &sent.subject)?;
            still_open(&subject)?;
            let caller = caller(conn, ctx, &subject.unit.path)?;
            Ok(MusterForm { subject, caller })
        })
    }
}
