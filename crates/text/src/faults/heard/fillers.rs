//! Which characters fit a word with one left out.

use std::collections::HashMap;

use super::vocabulary::{HAN, MEANT_LONGEST, likely, may_be_meant, mix};
use crate::faults::phrases::alike_groups;
use crate::lexicon::Quick;

/// How many bits the sieve of gaps has, as a power of two.
const SIEVE_BITS: u32 = 21;

/// What fits a word with one character left out.
pub(super) struct Gaps {
    /// Bits of the gaps that there are, each with what is like a character that fits it: most questions end here, without a walk
    /// through memory.
    sieve: Vec<u64>,
    /// Where in `fillers` those stand that fit a gap, by [`gap`].
    places: HashMap<u64, (u32, u32), Quick>,
    /// What fits a gap, and how common the word is then.
    fillers: Vec<(char, u16)>,
    /// How likely the commonest word is, by its length.
    pub(super) likeliest: [f32; MEANT_LONGEST + 1],
}

/// What each character of the Han block is like: the numbers of its classes of near sounds, and of its groups of like shapes behind
/// them.
pub(super) struct Kinds {
    /// Where those of a character begin in `all`.
    begins: Vec<u32>,
    all: Vec<u16>,
}

/// Numbers from here on are those of groups of like shapes.
const SHAPES: u16 = 0x8000;

impl Kinds {
    pub(super) fn of(near_classes: impl Fn(char) -> Vec<u16>) -> Self {
        let mut kinds = Self { begins: vec![0], all: Vec::new() };
        for c in HAN.filter_map(|c| char::from_u32(c as u32)) {
            kinds.all.extend(near_classes(c));
            kinds.all.extend(alike_groups(c).iter().map(|group| SHAPES | group));
            kinds.begins.push(kinds.all.len() as u32);
        }
        kinds
    }

    pub(super) fn of_character(&self, c: char) -> &[u16] {
        let i = (c as usize).wrapping_sub(HAN.start);
        match (self.begins.get(i), self.begins.get(i.wrapping_add(1))) {
            (Some(from), Some(to)) => &self.all[*from as usize..*to as usize],
            _ => &[],
        }
    }
}

impl Gaps {
    /// For every word and every place in it, what stands there.
    pub(super) fn of(all: &[(Vec<char>, u16)], kinds: &Kinds) -> Self {
        let mut found: Vec<(u64, u16, char)> = Vec::new();
        let mut likeliest = [f32::MIN; MEANT_LONGEST + 1];
        for (word, score) in may_be_meant(all) {
            for at in 0..word.len() {
                let rest = (0..word.len()).filter(|i| *i != at).map(|i| placed(word[i], i, at));
                let gap = gap(rest.fold(0, u64::wrapping_add), word.len(), at);
                found.push((gap, u16::MAX - score, word[at]));
                likeliest[word.len()] = likeliest[word.len()].max(likely(*score));
            }
        }
        // The commonest come first: whoever asks can stop where the rest is too rare.
        found.sort_unstable();
        found.dedup();
        let mut gaps = Self {
            sieve: vec![0; 1 << (SIEVE_BITS - 6)],
            places: HashMap::default(),
            fillers: Vec::new(),
            likeliest,
        };
        for (i, (gap, score, c)) in found.into_iter().enumerate() {
            let i = i as u32;
            for kind in kinds.of_character(c) {
                let (word, bits) = bits_of(gap, *kind);
                gaps.sieve[word] |= bits;
            }
            gaps.places.entry(gap).and_modify(|(_, end)| *end = i + 1).or_insert((i, i + 1));
            gaps.fillers.push((c, u16::MAX - score));
        }
        gaps
    }

    /// What fits a gap, where anything does that is of one of these kinds.
    pub(super) fn fitting(&self, gap: u64, kinds: &[u16]) -> &[(char, u16)] {
        let held = |kind: &u16| {
            let (word, bits) = bits_of(gap, *kind);
            self.sieve[word] & bits == bits
        };
        let Some((start, end)) = kinds.iter().any(held).then(|| self.places.get(&gap)).flatten() else {
            return &[];
        };
        &self.fillers[*start as usize..*end as usize]
    }
}

/// Where the two bits of a gap are that something of a kind fits.
fn bits_of(gap: u64, kind: u16) -> (usize, u64) {
    let mixed = mix(gap, u64::from(kind));
    let word = mixed >> (64 + 6 - SIEVE_BITS);
    (word as usize, 1 << (mixed & 63) | 1 << (mixed >> 6 & 63))
}

/// What a character adds to the number of a word with a gap, by how far from the gap it stands.
pub(super) fn placed(c: char, at: usize, gap: usize) -> u64 {
    // Mixed twice: sums of what is only multiplied do not tell characters that changed places.
    let mixed = mix(((at + MEANT_LONGEST - gap) as u64 + 1) << 32, c as u64);
    mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (mixed >> 31)
}

/// A number for a word with one character left out.
pub(super) fn gap(rest: u64, length: usize, at: usize) -> u64 {
    mix(rest, (length as u64) << 8 | at as u64)
}

#[cfg(test)]
mod tests {
    use super::super::terms::TERMS;
    use super::super::vocabulary::vocabulary;
    use super::*;
    use crate::faults::phrases::alike;

    #[test]
    fn what_is_taken_for_another_shares_a_kind_with_it() {
        let known = vocabulary();
        let all: Vec<char> = TERMS.chars().filter(|c| HAN.contains(&(*c as usize))).take(600).collect();
        for (a, b) in all.iter().flat_map(|a| all.iter().map(move |b| (*a, *b))) {
            let taken = known.alike(a, b).is_some() || alike(a, b);
            assert_eq!(known.kinds(a).iter().any(|kind| known.kinds(b).contains(kind)), taken, "{a}{b}");
        }
    }

    #[test]
    fn every_term_is_found_by_each_of_its_gaps() {
        let known = vocabulary();
        let terms = TERMS.split_whitespace().map(|term| term.chars().collect::<Vec<char>>());
        for term in terms.filter(|term| (2..=MEANT_LONGEST).contains(&term.len())) {
            for at in 0..term.len() {
                let rest = (0..term.len()).filter(|i| *i != at).map(|i| placed(term[i], i, at));
                let fits =
                    known.fitting(rest.fold(0, u64::wrapping_add), term.len(), at, known.kinds(term[at]));
                assert!(fits.iter().any(|(c, _)| *c == term[at]), "{term:?} {at}");
            }
            assert!(term.windows(2).all(|pair| known.beside(pair[0], pair[1])));
            assert!(term.windows(3).all(|three| known.around(three[0], three[2])));
        }
    }
}
