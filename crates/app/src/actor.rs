//! The actor behind an account on a day: posts held and roles given, read fresh for each request, so that a role
//! taken away ends with the next click.

use crate::Error;
use bihuan_domain::Day;
use bihuan_domain::id::PersonId;
use bihuan_domain::person::{Account, Person};
use bihuan_domain::role::Actor;
use bihuan_store::digest::reach;
use bihuan_store::problem::units;
use bihuan_store::{Conn, account as store, journal};
use std::collections::BTreeMap;

/// The actor with the name of the unit of the main post, for the head of pages.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The actor.
    pub actor: Actor,
    /// Name of the main post's unit; empty without a post.
    pub unit_name: String,
}

/// Loads the actor of an account as of a day.
///
/// # Errors
/// A fault when the person of the account is missing.
pub fn load(conn: &mut Conn, account: &Account, day: Day) -> Result<Loaded, Error> {
    let person: Person = journal::by_id(conn, account.person_id.0)?
        .ok_or_else(|| bihuan_store::Fault::corrupt(format!("account {} has no person", account.id)))?;
    let held = store::posts_of(conn, person.id, day)?;
    let grants = store::grants_of(conn, person.id, day)?;
    let unit_name = held.first().map(|(_, unit)| unit.clone()).unwrap_or_default();
    let posts = held.into_iter().map(|(post, _)| post).collect();
    let actor = Actor { account: account.id, person: person.id, name: person.name, posts, grants };
    Ok(Loaded { actor, unit_name })
}

/// The actors of many accounts as of a day, in their order, in a fixed number of questions. An account whose person is
/// missing is left out.
///
/// # Errors
/// Faults of the database.
pub fn load_all(conn: &mut Conn, accounts: &[Account], day: Day) -> Result<Vec<Actor>, Error> {
    let ids: Vec<PersonId> = accounts.iter().map(|account| account.person_id).collect();
    let names: BTreeMap<PersonId, String> = units::person_names(conn, &ids)?.into_iter().collect();
    let rights = reach::rights_of(conn, &ids, day)?;
    let actor = |account: &Account| {
        let person = account.person_id;
        // Somebody may have two accounts: both have the same rights.
        let name = names.get(&person)?.clone();
        let posts = rights.posts.get(&person).cloned().unwrap_or_default();
        let grants = rights.grants.get(&person).cloned().unwrap_or_default();
        Some(Actor { account: account.id, person, name, posts, grants })
    };
    Ok(accounts.iter().filter_map(actor).collect())
}

/// The actor holds one of the three administrators' roles.
pub fn is_administrator(actor: &Actor) -> bool {
    actor.grants.iter().any(|grant| grant.role.is_administrator())
}
