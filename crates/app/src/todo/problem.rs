//! What waits on problems: from first reading to the look-back.

use super::{ProblemPart, RecordHere, TODO_ROWS_MAX, TodoItem, TodoKind};
use crate::context::Context;
use crate::{Error, likeness};
use bihuan_domain::id::UnitId;
use bihuan_domain::problem::Problem;
use bihuan_domain::role::{Actor, Role};
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_domain::{Coded, Day};
use bihuan_store::problem::units;
use bihuan_store::{Conn, todo as store};
use std::collections::{BTreeMap, BTreeSet};

/// What waits of one kind or of all, with the number of each kind whether listed or not.
pub(super) fn items(
    conn: &mut Conn,
    ctx: &Context,
    today: Day,
    kind: Option<TodoKind>,
) -> Result<(Vec<TodoItem>, BTreeMap<TodoKind, i64>), Error> {
    let asker = asker_of(&ctx.actor);
    let (waiting, counts) = store::waiting(conn, &asker, today, kind.map(Coded::code), TODO_ROWS_MAX)?;
    let counts =
        counts.into_iter().filter_map(|(code, n)| TodoKind::from_code(&code).map(|kind| (kind, n))).collect();
    if waiting.is_empty() {
        return Ok((Vec::new(), counts));
    }
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
    Ok((items, counts))
}

fn item(waiting: store::Waiting, names: &BTreeMap<UnitId, Unit>, today: Day) -> Option<TodoItem> {
    let kind = TodoKind::from_code(&waiting.kind)?;
    let problem = waiting.problem;
    let href = format!("/problems/{}", problem.id);
    Some(TodoItem {
        kind,
        citation: problem.citation(),
        campaign_id: Some(problem.campaign_id),
        words: waiting.words,
        unit_id: problem.home_unit_id,
        unit_name: names.get(&problem.home_unit_id).map(|unit| unit.name.clone()).unwrap_or_default(),
        late: kind.day_is_deadline() && waiting.day.is_some_and(|day| day < today),
        day: waiting.day,
        do_href: match form_of(kind, waiting.part) {
            // Looking back has a page of its own, with the checklist of the draw.
            _ if kind == TodoKind::LookBack => format!("/look-backs/{}", waiting.part),
            Some(form) => format!("{href}{form}"),
            None => href.clone(),
        },
        record: record(kind, &problem, &href),
        href,
        problem: Some(ProblemPart {
            problem_id: problem.id,
            state: problem.state,
            part: waiting.part,
            version: problem.version,
        }),
        deadline_text: problem.deadline_text,
        text: problem.text,
    })
}

/// The form on the problem's page that does it.
fn form_of(kind: TodoKind, part: i64) -> Option<String> {
    let form = match kind {
        TodoKind::Redo | TodoKind::Rectify => "report",
        TodoKind::Measure => return Some(format!("?do=finish-{part}#do-finish-{part}")),
        TodoKind::Sign => "sign",
        TodoKind::Verify => "verify",
        TodoKind::Confirm => "confirm",
        TodoKind::Extension => "decide-extension",
        TodoKind::HandUp => "answer-hand-up",
        TodoKind::Help => "finish-hand-up",
        TodoKind::Screen | TodoKind::Meet => "screen",
        TodoKind::Assign => "assign",
        TodoKind::Resubmit => "resubmit",
        _ => return None,
    };
    Some(format!("?do={form}#do-{form}"))
}

/// Signing and noting progress need no other page; the rest leads to its form.
fn record(kind: TodoKind, problem: &Problem, href: &str) -> Option<RecordHere> {
    let (action, button, field) = match kind {
        TodoKind::Sign => ("sign", "签收", None),
        TodoKind::Rectify | TodoKind::Redo => ("progress", "填报进展", Some(("note", "进展情况"))),
        _ => return None,
    };
    let hidden = vec![("version", problem.version.to_string())];
    Some(RecordHere { action: format!("{href}/{action}"), button, hidden, field, uploads: false })
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
pub(super) fn roots(actor: &Actor, roles: &[Role]) -> Vec<UnitPath> {
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
