//! Merging a unit into another: first a report of what will happen, then the same in one transaction.

use super::reorganise::{UnitDone, change, close_posts, desk, entry, moved};
use super::{fresh_unit, seen_unit};
use crate::Error;
use crate::context::{App, Context};
use bihuan_domain::Day;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{PostId, ProblemId, UnitId};
use bihuan_domain::problem::{Case, Party, PartyRole, Scene, Step, Succession, succeed};
use bihuan_domain::unit::Unit;
use bihuan_domain::unit::reorganise::{self as rules, UnitAction};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, person, problem, unit as store};

/// What a merger does to one problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedProblem {
    /// The problem.
    pub id: ProblemId,
    /// Its number within the campaign.
    pub number: i64,
    /// Its text.
    pub text: String,
    /// It is open and changes hands; `false` for a closed one of which only the look-back does.
    pub open: bool,
    /// The checking unit had to change, because one unit would do and check: its name, or none was found.
    pub new_checker: Option<String>,
    /// Nobody is left to check it: the office must name another unit.
    pub lacks_checker: bool,
    /// Its leader in charge held a post of the merged unit.
    pub lost_leader: bool,
}

/// The report of a merger before it is done.
#[derive(Clone, Debug)]
pub struct MergePlan {
    /// The unit that goes.
    pub unit: Unit,
    /// The unit that takes over.
    pub into: Unit,
    /// From this day on.
    pub day: Day,
    /// Units that move below the successor, in order.
    pub children: Vec<Unit>,
    /// Units below the merged one in all, which come along.
    pub below: i64,
    /// Posts that close, with the number of people who hold them.
    pub posts: Vec<(String, usize)>,
    /// Problems that change hands.
    pub problems: Vec<MovedProblem>,
    /// Accounts that lose posts or keep roles over a closed unit: the security administrator must look at them.
    pub accounts: i64,
}

/// What has been loaded and decided.
struct Decided {
    plan: MergePlan,
    after: Unit,
    cases: Vec<(Case, Case, Step, Campaign)>,
}

impl App {
    /// Reports what a merger would do, and refuses what cannot be done. Changes nothing.
    ///
    /// # Errors
    /// `NotFound`, refusals of `unit::reorganise::merge`.
    pub fn plan_merge(&self, ctx: &Context, id: UnitId, into: UnitId, day: Day) -> Result<MergePlan, Error> {
        self.db.read(|conn| Ok(self.decide_merge(conn, ctx, id, None, into, day)?.plan))
    }

    /// Merges a unit into another: open problems go to the successor, children move, posts close; closed problems stay
    /// where they were counted.
    ///
    /// # Errors
    /// As `plan_merge`, and `Conflict`.
    pub fn merge_units(
        &self,
        ctx: &Context,
        id: UnitId,
        version: Option<i64>,
        into: UnitId,
        day: Day,
    ) -> Result<UnitDone, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let decided = app.decide_merge(conn, &ctx, id, version, into, day)?;
            let pair = (decided.plan.unit.clone(), decided.plan.into.clone());
            let mut entries = entries(conn, &ctx, decided)?;
            // The merger itself stays the last entry: its number is the answer.
            entries.splice(0..0, crate::task::take_over_tasks_of_unit(conn, (&pair.0, &pair.1))?);
            let into_unit = store::by_id(conn, into)?;
            let seq = journal::append(conn, &ctx.stamp(into_unit.as_ref()), entries)?;
            let unit = store::by_id(conn, id)?.ok_or(Error::NotFound)?;
            Ok(UnitDone { unit, seq })
        })
    }

    fn decide_merge(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        id: UnitId,
        version: Option<i64>,
        into: UnitId,
        day: Day,
    ) -> Result<Decided, Error> {
        let unit = fresh_unit(conn, ctx, id, version)?;
        let into = seen_unit(conn, ctx, into)?;
        let burden = store::burden(conn, &unit, Some(&into))?;
        let after = rules::merge(&desk(ctx), &unit, &into, &burden, day)?;
        let posts = person::posts_on(conn, id, ctx.today())?;
        let succession = succession(conn, &unit, &into, posts.iter().map(|p| p.post.id).collect())?;
        let mut cases = Vec::new();
        let mut problems = Vec::new();
        for problem_id in store::open_problems(conn, id)? {
            let Some(before) = problem::load_case(conn, problem_id)? else { continue };
            let campaign: Campaign =
                journal::by_id(conn, before.problem.campaign_id.0)?.ok_or(Error::NotFound)?;
            let campaign_rules = self.rules(&campaign)?;
            let scene = Scene { actor: &ctx.actor, today: ctx.today(), now: ctx.at, rules: &campaign_rules };
            let mut case = before.clone();
            let step = succeed(&mut case, &scene, &succession);
            problems.push(told(conn, &before, &case)?);
            cases.push((before, case, step, campaign));
        }
        let plan = MergePlan {
            children: store::open_children(conn, id)?,
            below: store::open_below(conn, &unit.path)? - 1,
            posts: posts.into_iter().map(|p| (p.post.name, p.holders.len())).collect(),
            problems,
            accounts: person::accounts_at(conn, id, ctx.today())?,
            unit,
            into,
            day,
        };
        Ok(Decided { plan, after, cases })
    }
}

fn succession(conn: &mut Conn, unit: &Unit, into: &Unit, posts: Vec<PostId>) -> Result<Succession, Error> {
    let party = |unit: &Unit| Party {
        unit_id: unit.id,
        path: unit.path.clone(),
        role: PartyRole::Checking,
        written: String::new(),
    };
    let above = into.parent_id.map(|id| store::by_id(conn, id)).transpose()?.flatten();
    Ok(Succession {
        from: unit.id,
        posts,
        to: party(into),
        checker: above.as_ref().map(party),
        reason: format!("“{}”并入“{}”，由后者承接", unit.name, into.name),
    })
}

fn told(conn: &mut Conn, before: &Case, after: &Case) -> Result<MovedProblem, Error> {
    let checker = |case: &Case| case.units_with(PartyRole::Checking).next().map(|party| party.unit_id);
    let (old, new) = (checker(before), checker(after));
    let new_checker = match new.filter(|_| old != new) {
        Some(unit) => store::by_id(conn, unit)?.map(|unit| unit.name),
        None => None,
    };
    Ok(MovedProblem {
        id: before.problem.id,
        number: before.problem.number,
        text: before.problem.text.clone(),
        open: before.problem.state.is_open(),
        new_checker,
        lacks_checker: old.is_some() && new.is_none(),
        lost_leader: before.problem.leader_post_id != after.problem.leader_post_id,
    })
}

/// Problems first, as their homes are written with the paths from before the children move.
fn entries(conn: &mut Conn, ctx: &Context, decided: Decided) -> Result<Vec<NewEntry>, Error> {
    let Decided { plan, after, cases } = decided;
    let mut entries = Vec::new();
    for (before, mut case, step, _) in cases {
        entries.push(crate::problem::entry_of(conn, Some(&before), &mut case, step)?);
    }
    for child in &plan.children {
        let burden = store::burden(conn, child, Some(&plan.into))?;
        let moved_child = rules::move_below(&desk(ctx), child, &plan.into, &burden, plan.day)?;
        entries.push(moved(conn, child, &moved_child, &plan.into, plan.day)?);
    }
    let (unit, into, day) = (&plan.unit, &plan.into, plan.day);
    let mut writes: Vec<Write> = Write::update(unit, &after).into_iter().collect();
    writes.extend(close_posts(conn, unit.id, day)?);
    let words = format!("并入“{}”，承接问题{}件", into.name, plan.problems.len());
    writes.push(change(conn, unit.id, UnitAction::Merged, day, Some(into.id), words.clone())?);
    writes.push(change(
        conn,
        into.id,
        UnitAction::Absorbed,
        day,
        Some(unit.id),
        format!("“{}”并入本单位", unit.name),
    )?);
    entries.push(entry(UnitAction::Merged, unit, words, writes));
    Ok(entries)
}
