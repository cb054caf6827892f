//! Near-duplicates: how alike two texts are, what they share, and a quick way to the few that may be alike.
//!
//! Texts are compared by the set of their pairs of neighbouring characters after folding (no marks, one width,
//! one case), so that a moved sentence or another comma changes little. [`signature`] squeezes that set into
//! 160 bytes (MinHash); [`bands`] turns a signature into keys of which alike texts share at least one, for a
//! table in a database or for [`Index`]; [`likeness`] then confirms on the words themselves.

mod index;
mod shared;
mod signature;

use std::collections::HashSet;

pub use index::{Found, Index};
pub use shared::{SharedPart, shared_parts};
pub use signature::{BANDS, ROWS, SIGNATURE_BYTES, Signature, bands, signature};

use crate::fold::Folded;

/// How alike two texts are, 0 to 1: twice the shared pairs of characters over all pairs of both
/// (Sørensen–Dice). 0.8 means that about four fifths of each text stand in the other.
/// Two empty texts are not alike (0).
pub fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (shingles(a), shingles(b));
    let sum = a.len() + b.len();
    if sum == 0 { 0.0 } else { 2.0 * a.intersection(&b).count() as f64 / sum as f64 }
}

/// Shared pairs of characters over all different pairs, 0 to 1 (Jaccard); what the signatures estimate.
/// A likeness of 0.8 is a Jaccard of 0.667.
pub fn jaccard(a: &str, b: &str) -> f64 {
    let (a, b) = (shingles(a), shingles(b));
    let both = a.intersection(&b).count();
    let any = a.len() + b.len() - both;
    if any == 0 { 0.0 } else { both as f64 / any as f64 }
}

/// How much of `part` stands in `whole`, 0 to 1: finds a short text copied into a long one,
/// where [`likeness`] is low.
pub fn containment(part: &str, whole: &str) -> f64 {
    let (part, whole) = (shingles(part), shingles(whole));
    if part.is_empty() { 0.0 } else { part.intersection(&whole).count() as f64 / part.len() as f64 }
}

/// The pairs of neighbouring characters of a text, folded, each once; a text of one character gives that one.
fn shingles(text: &str) -> HashSet<u64> {
    each_shingle(&Folded::new(text)).collect()
}

fn each_shingle(folded: &Folded) -> impl Iterator<Item = u64> {
    let single = (folded.len() == 1).then(|| u64::from(folded.chars[0] as u32));
    folded.chars.windows(2).map(|w| (u64::from(w[0] as u32) << 32) | u64::from(w[1] as u32)).chain(single)
}
