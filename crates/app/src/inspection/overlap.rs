//! What other plans do at the same units in the same days, and whether it is much the same.

use super::store::{self, VisitLine};
use crate::Error;
use bihuan_domain::id::VisitId;
use bihuan_domain::inspection::Inspection;
use bihuan_store::Conn;
use bihuan_text::likeness::{containment, jaccard};

/// Shared pairs of characters over all pairs of both, from which two subjects are taken for much the same.
const ALIKE: f64 = 0.3;
/// Part of the shorter subject that stands in the longer one, from which they are.
const CONTAINED: f64 = 0.6;

/// A visit of another plan at the same unit nearby.
#[derive(Clone, Debug)]
pub struct Overlap {
    /// The plan's own visit.
    pub own: VisitId,
    /// The other.
    pub other: VisitLine,
    /// Both look at much the same.
    pub alike: bool,
}

/// Visits of other plans near those of this one, those on a like subject first.
pub(super) fn overlaps_of(conn: &mut Conn, plan: &Inspection) -> Result<Vec<Overlap>, Error> {
    let near = store::overlaps(conn, plan.id)?;
    let mut found: Vec<Overlap> = near
        .into_iter()
        .map(|(own, other)| Overlap { own, alike: alike(&plan.subject, &other.subject), other })
        .collect();
    found.sort_by_key(|one| !one.alike);
    Ok(found)
}

fn alike(one: &str, other: &str) -> bool {
    jaccard(one, other) >= ALIKE
        || containment(one, other) >= CONTAINED
        || containment(other, one) >= CONTAINED
}
