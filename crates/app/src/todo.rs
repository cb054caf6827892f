//! To do 待办: what waits for a person, by role and post, nearest first.

use crate::context::{App, Context};
use crate::{Error, likeness};
use bihuan_domain::id::{CampaignId, ProblemId, UnitId};
use bihuan_domain::problem::{Problem, State};
use bihuan_domain::role::{Actor, Role};
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_domain::{Coded, Day};
use bihuan_store::problem::units;
use bihuan_store::todo as store;
use std::collections::{BTreeMap, BTreeSet};

/// Most items one page shows.
pub const TODO_ROWS_MAX: i64 = 200;

bihuan_domain::coded! {
    /// Why something waits for a person; in the order of the page's filter.
    TodoKind ("待办类型") {
        Redo = "redo", "验收退回，重新整改";
        Rectify = "rectify", "整改";
        Measure = "measure", "我负责的措施";
        Sign = "sign", "待签收";
        Verify = "verify", "待验收";
        Confirm = "confirm", "公示期满，待销号";
        LookBack = "look_back", "到期回头看";
        Extension = "extension", "延期申请待答复";
        HandUp = "hand_up", "请求上级待答复";
        Help = "help", "已认领，待办理";
        Screen = "screen", "待初核";
        Meet = "meet", "待上会审定";
        Assign = "assign", "待交办";
        Resubmit = "resubmit", "退回补充";
        InCharge = "in_charge", "我包案的问题";
    }
}

impl TodoKind {
    /// The day is a deadline, not the day since which it waits.
    pub fn day_is_deadline(self) -> bool {
        !matches!(
            self,
            TodoKind::Screen | TodoKind::Meet | TodoKind::Assign | TodoKind::Resubmit | TodoKind::Verify
        )
    }

    /// The form on the problem's page that does it (`id` of its details element).
    pub fn anchor(self) -> &'static str {
        match self {
            TodoKind::Redo | TodoKind::Rectify => "do-progress",
            TodoKind::Measure => "measures",
            TodoKind::Sign => "do-sign",
            TodoKind::Verify => "do-verify",
            TodoKind::Confirm => "do-confirm",
            TodoKind::LookBack => "do-look-back",
            TodoKind::Extension => "do-decide-extension",
            TodoKind::HandUp => "do-answer-hand-up",
            TodoKind::Help => "do-finish-hand-up",
            TodoKind::Screen | TodoKind::Meet => "do-screen",
            TodoKind::Assign => "do-assign",
            TodoKind::Resubmit => "do-resubmit",
            TodoKind::InCharge => "top",
        }
    }
}

/// One thing that waits.
#[derive(Clone, Debug, serde::Serialize)]
pub struct TodoItem {
    /// Why.
    pub kind: TodoKind,
    /// The problem.
    pub problem_id: ProblemId,
    /// As people cite it.
    pub citation: String,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// What is wrong.
    pub text: String,
    /// Words of the measure or request it is about.
    pub words: String,
    /// Where it stands.
    pub state: State,
    /// The unit it is counted at.
    pub unit_id: UnitId,
    /// That unit's name.
    pub unit_name: String,
    /// By when, or since when (see `TodoKind::day_is_deadline`).
    pub day: Option<Day>,
    /// Deadline as written.
    pub deadline_text: String,
    /// Past its deadline today.
    pub late: bool,
    /// The part of the problem: number of the measure, request or look-back; 0 for the problem itself.
    pub part: i64,
    /// Row version of the problem, for recording in place.
    pub version: i64,
}

/// What waits for a person, with the number of each kind.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Todo {
    /// Nearest first, at most [`TODO_ROWS_MAX`].
    pub items: Vec<TodoItem>,
    /// How many there are of each kind, whether listed or not.
    pub counts: BTreeMap<TodoKind, i64>,
}

impl Todo {
    /// All that waits, but for what the person only has in charge.
    pub fn total(&self) -> i64 {
        self.counts.iter().filter(|(kind, _)| **kind != TodoKind::InCharge).map(|(_, n)| n).sum()
    }
}

impl App {
    /// What waits for the actor.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn todo(&self, ctx: &Context, kind: Option<TodoKind>) -> Result<Todo, Error> {
        self.db.read(|conn| {
            let today = ctx.today();
            let asker = asker_of(&ctx.actor);
            let (waiting, counts) =
                store::waiting(conn, &asker, today, kind.map(Coded::code), TODO_ROWS_MAX)?;
            // A post may own a measure in a unit its holder may no longer read.
            let problems: Vec<Problem> = waiting.iter().map(|w| w.problem.clone()).collect();
            let seen = likeness::seen(conn, ctx, &problems)?;
            let waiting: Vec<_> = waiting.into_iter().filter(|w| seen.contains(&w.problem.id)).collect();
            let mut ids: Vec<UnitId> = waiting.iter().map(|w| w.problem.home_unit_id).collect();
            ids.sort_unstable();
            ids.dedup();
            let names: BTreeMap<UnitId, Unit> =
                units::by_ids(conn, &ids)?.into_iter().map(|unit| (unit.id, unit)).collect();
            let items = waiting.into_iter().filter_map(|w| item(w, &names, today)).collect();
            let counts = counts
                .into_iter()
                .filter_map(|(code, n)| TodoKind::from_code(&code).map(|kind| (kind, n)))
                .collect();
            Ok(Todo { items, counts })
        })
    }
}

fn item(waiting: store::Waiting, names: &BTreeMap<UnitId, Unit>, today: Day) -> Option<TodoItem> {
    let kind = TodoKind::from_code(&waiting.kind)?;
    let problem = waiting.problem;
    Some(TodoItem {
        kind,
        problem_id: problem.id,
        citation: problem.citation(),
        campaign_id: problem.campaign_id,
        words: waiting.words,
        state: problem.state,
        unit_id: problem.home_unit_id,
        unit_name: names.get(&problem.home_unit_id).map(|unit| unit.name.clone()).unwrap_or_default(),
        late: kind.day_is_deadline() && waiting.day.is_some_and(|day| day < today),
        day: waiting.day,
        part: waiting.part,
        version: problem.version,
        deadline_text: problem.deadline_text,
        text: problem.text,
    })
}

/// The subtrees of each right of a person.
fn asker_of(actor: &Actor) -> store::Asker {
    let over = |roles: &[Role]| roots(actor, roles);
    let places: Vec<UnitPath> = actor.posts.iter().flat_map(|post| places_above(&post.path)).collect();
    let among = |roles: &[Role]| -> Vec<UnitId> {
        let held = places.iter().filter(|path| actor.holds_any(roles, path));
        held.filter_map(|path| path.units().last().copied()).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let units: BTreeSet<UnitId> = actor.posts.iter().flat_map(|post| post.path.units()).collect();
    store::Asker {
        person: actor.person,
        posts: actor.posts.iter().map(|post| post.post).collect(),
        units: units.into_iter().collect(),
        screens: over(&[Role::Leader, Role::Office]),
        runs: over(&[Role::Office]),
        fills: over(&[Role::Filler]),
        leads: among(&[Role::Leader]),
        checks: over(&[Role::Verifier, Role::Inspector]),
        verifies: over(&[Role::Verifier]),
        looks_back: over(&[Role::Inspector, Role::Verifier, Role::Office]),
        answers: among(&[Role::Office, Role::Leader, Role::Filler]),
    }
}

/// The place itself and every place above it.
fn places_above(path: &UnitPath) -> Vec<UnitPath> {
    let mut places: Vec<UnitPath> = Vec::new();
    for unit in path.units() {
        let place = places.last().map_or_else(|| UnitPath::root(unit), |above| above.child(unit));
        places.push(place);
    }
    places
}

/// Roots of the subtrees over which one of the roles is held, without those inside another.
fn roots(actor: &Actor, roles: &[Role]) -> Vec<UnitPath> {
    let mut paths: Vec<UnitPath> =
        actor.grants.iter().filter(|g| roles.contains(&g.role)).map(|g| g.path.clone()).collect();
    paths.sort();
    let mut kept: Vec<UnitPath> = Vec::new();
    for path in paths {
        if !kept.iter().any(|above| path.is_within(above)) {
            kept.push(path);
        }
    }
    kept
}
