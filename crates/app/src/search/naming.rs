//! Names of units in a question: a unit is found by its full name, by the short names that are kept and by those that
//! follow from the full name, and whichever is typed finds the same.

use crate::Error;
use crate::context::Context;
use crate::unit::sight;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::Unit;
use bihuan_domain::unit_match::{Candidate, UnitIndex, full_names, wordings};
use bihuan_store::unit::Sight;
use bihuan_store::{Conn, unit as store};
use std::collections::HashMap;

/// Most terms of one question that are held against the names of units.
const NAMED_TERMS_MAX: usize = 8;
/// Most characters of a name.
const NAME_CHARS_MAX: usize = 40;
/// A name that more units bear than these says nothing of which is meant: it is a word like others.
pub(super) const BEARERS_MAX: usize = 20;
/// Most places above whose names are set in front of what was typed.
const PLACES_MAX: usize = 8;

/// What else a name is looked for as.
#[derive(Debug, Default)]
pub(super) struct Name {
    /// Other wordings of it.
    pub wordings: Vec<String>,
    /// The units that bear it, whose records are found too.
    pub units: Vec<UnitId>,
}

/// Those of the terms that are names, by how they were typed. Only units in sight are looked at: what is found must
/// not tell of others, so of those only wordings that follow from the language are looked for.
pub(super) fn names_of(
    conn: &mut Conn,
    ctx: &Context,
    terms: &[&str],
) -> Result<HashMap<String, Name>, Error> {
    let terms: Vec<&str> =
        terms.iter().copied().filter(|term| can_be_name(term)).take(NAMED_TERMS_MAX).collect();
    if terms.is_empty() {
        return Ok(HashMap::new());
    }
    let bearers = bearers(conn, &sight(ctx), &terms)?;
    let mut names = HashMap::new();
    for (term, units) in terms.into_iter().zip(bearers) {
        let mut name = Name { wordings: wordings(term), units: Vec::new() };
        if units.len() <= BEARERS_MAX {
            let full = units.iter().map(|unit| unit.name.clone());
            let short = units.iter().flat_map(|unit| wordings(&unit.name));
            name.wordings.extend(full.chain(short).filter(|wording| !wording.contains(term)));
            name.units = units.iter().map(|unit| unit.id).collect();
        }
        name.wordings.sort_unstable();
        name.wordings.dedup();
        if !name.wordings.is_empty() || !name.units.is_empty() {
            names.insert(term.to_owned(), name);
        }
    }
    Ok(names)
}

/// The units in sight that each of these names surely is of; closed ones are among them.
pub(crate) fn bearers(conn: &mut Conn, sight: &Sight, terms: &[&str]) -> Result<Vec<Vec<Unit>>, Error> {
    let above: Vec<UnitId> = match sight {
        Sight::All => Vec::new(),
        Sight::Subtrees(roots) => roots.iter().flat_map(|root| root.units()).take(PLACES_MAX).collect(),
    };
    let places = store::names(conn, above)?;
    let names: Vec<String> =
        terms.iter().flat_map(|term| full_names(term, places.values().map(String::as_str))).collect();
    let shorts: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
    let found = store::bearing(conn, &names, &shorts, sight)?;
    let above = found.iter().flat_map(|unit| unit.path.units()).collect::<Vec<_>>();
    let above = store::by_ids(conn, above.into_iter().filter(|id| found.iter().all(|unit| unit.id != *id)))?;
    let index = UnitIndex::new(found.iter().chain(&above).map(|unit| Candidate::of(unit, true)));
    let of = |term: &&str| {
        let named = index.named(term);
        found.iter().filter(|unit| named.contains(&unit.id)).cloned().collect()
    };
    Ok(terms.iter().map(of).collect())
}

fn can_be_name(term: &str) -> bool {
    let chars = term.chars().count();
    (2..=NAME_CHARS_MAX).contains(&chars) && !term.is_ascii()
}
