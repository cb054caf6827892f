//! What two texts have in common, to be marked side by side.

use std::collections::HashMap;

use serde::Serialize;

use crate::Span;
use crate::fold::Folded;

/// Shortest shared stretch that is told, in characters without marks: shorter ones are the common
/// coin of the language.
pub const MIN_SHARED: usize = 6;
/// Most places of the other text tried for one start; keeps texts of one repeated phrase from
/// taking quadratic time.
const MAX_TRIES: usize = 32;

/// A stretch that stands in both texts, marks and width aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SharedPart {
    /// Where it stands in the first text.
    pub a: Span,
    /// Where it stands in the second text.
    pub b: Span,
}

/// The stretches of at least [`MIN_SHARED`] characters that `a` shares with `b`, in the order of `a`,
/// not overlapping in `a`; each is the longest that begins there.
pub fn shared_parts(a: &str, b: &str) -> Vec<SharedPart> {
    let (a, b) = (Folded::new(a), Folded::new(b));
    let mut places: HashMap<&[char], Vec<usize>> = HashMap::new();
    for (at, gram) in b.chars.windows(MIN_SHARED).enumerate() {
        let known = places.entry(gram).or_default();
        if known.len() < MAX_TRIES {
            known.push(at);
        }
    }
    let mut parts = Vec::new();
    let mut at = 0;
    while at + MIN_SHARED <= a.len() {
        let longest = places
            .get(&a.chars[at..at + MIN_SHARED])
            .into_iter()
            .flatten()
            .map(|&other| (common(&a.chars[at..], &b.chars[other..]), other))
            .max_by_key(|&(length, other)| (length, std::cmp::Reverse(other)));
        match longest {
            Some((length, other)) => {
                parts.push(SharedPart {
                    a: Span::new(a.at[at], a.at[at + length - 1] + 1),
                    b: Span::new(b.at[other], b.at[other + length - 1] + 1),
                });
                at += length;
            }
            None => at += 1,
        }
    }
    parts
}

fn common(a: &[char], b: &[char]) -> usize {
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}
