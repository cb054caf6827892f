//! Rights to read that are no right to read a unit: they stand in the index as terms, like the units do.

use bihuan_domain::breakdown::OPEN_TO;
use bihuan_domain::id::{PersonId, PostId, UnitId};
use bihuan_domain::role::{Actor, Role};
use bihuan_domain::unit::UnitPath;
use std::collections::BTreeSet;

/// What a reader must be or hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// This person.
    Person(PersonId),
    /// The holder of this post.
    Post(PostId),
    /// A leader of this very unit.
    Leads(UnitId),
    /// Leads or runs the campaign in this unit and belongs to it.
    Decides(UnitId),
    /// Holds the office of this unit.
    Office(UnitId),
    /// Records for this unit.
    Fills(UnitId),
    /// Works for this unit in a role that reads drafts of documents broken down.
    Works(UnitId),
    /// Reads something in this unit or below it.
    Below(UnitId),
    /// Has a post in this unit or below it.
    Belongs(UnitId),
}

impl Right {
    /// As a term of the index.
    pub(super) fn term(self) -> String {
        match self {
            Right::Person(id) => format!("p{id}"),
            Right::Post(id) => format!("q{id}"),
            Right::Leads(id) => format!("l{id}"),
            Right::Decides(id) => format!("d{id}"),
            Right::Office(id) => format!("o{id}"),
            Right::Fills(id) => format!("f{id}"),
            Right::Works(id) => format!("w{id}"),
            Right::Below(id) => format!("b{id}"),
            Right::Belongs(id) => format!("g{id}"),
        }
    }

    /// The office of a place and of everything above it.
    pub(super) fn offices_of(path: &UnitPath) -> Vec<Right> {
        path.units().into_iter().map(Right::Office).collect()
    }

    /// Those who record for a place or for everything above it, and the offices.
    pub(super) fn recorders_of(path: &UnitPath) -> Vec<Right> {
        path.units().into_iter().flat_map(|unit| [Right::Office(unit), Right::Fills(unit)]).collect()
    }

    /// Those who work for a place or for everything above it.
    pub(super) fn workers_of(path: &UnitPath) -> Vec<Right> {
        path.units().into_iter().map(Right::Works).collect()
    }

    /// Those who can read a document of a unit because of where it lies, beside those who read the unit.
    pub(super) fn of_place(unit: UnitId) -> Vec<Right> {
        vec![Right::Office(unit), Right::Fills(unit), Right::Works(unit)]
    }

    /// All that a reader has.
    pub(super) fn all_of(actor: &Actor) -> Vec<Right> {
        let mut rights = vec![Right::Person(actor.person)];
        let offices = actor.grants.iter().filter(|grant| grant.role == Role::Office);
        rights.extend(offices.map(|grant| Right::Office(grant.unit)));
        let fillers = actor.grants.iter().filter(|grant| grant.role == Role::Filler);
        rights.extend(fillers.map(|grant| Right::Fills(grant.unit)));
        let workers = actor.grants.iter().filter(|grant| OPEN_TO.contains(&grant.role));
        rights.extend(workers.map(|grant| Right::Works(grant.unit)));
        let above: BTreeSet<UnitId> =
            actor.readable_roots().iter().flat_map(|(_, path)| path.units()).collect();
        rights.extend(above.into_iter().map(Right::Below));
        let above: BTreeSet<UnitId> = actor.posts.iter().flat_map(|post| post.path.units()).collect();
        rights.extend(above.into_iter().map(Right::Belongs));
        for post in &actor.posts {
            rights.push(Right::Post(post.post));
            if actor.holds(Role::Leader, &post.path) {
                rights.push(Right::Leads(post.unit));
            }
            let mut place = Some(post.path.clone());
            while let Some(path) = place {
                if actor.holds_any(&[Role::Office, Role::Leader], &path) {
                    rights.extend(path.units().last().copied().map(Right::Decides));
                }
                place = path.parent();
            }
        }
        rights
    }
}
