//! Places that no report of a thousand holds as written, where one character for another that sounds or looks alike, or one that
//! is written twice, would make what many hold: 无害话处理, 进行行了. What is looked at is weighed by trees that are learned from the
//! kept reports and from the same reports with characters altered (`examples/learn`).

mod features;
mod grams;
mod likes;
mod missing;

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{Run, han};
use crate::faults::repeats::on_purpose;
use crate::faults::{FaultKind, Found, OwnWords};
use crate::lexicon::words;
use crate::trees::Trees;
use features::{Reading, each};
use grams::Grams;

/// From which weight on a place is told, by [`Way`]: its log odds.
const TOLD_FROM: [f64; 2] = [2.5, 3.5];
/// What is said twice for a little while: 走走看看, 签签字.
const A_LITTLE: &str = "看走签听问谈想说试坐聊拧亮找学练转数读写讲算跑歇尝";
/// What is said twice by right: each of them.
const ALWAYS: &str = "年天月日";

/// How a place may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// One character stands for another.
    Letter,
    /// One character stands twice.
    Twice,
}

/// A place that may be wrong.
#[derive(Debug)]
struct Suspect {
    way: Way,
    /// What may belong there.
    right: char,
    features: Vec<f64>,
}

/// Tells the places of a text that are wrong by all that the reports hold.
pub(super) fn seen(found: &mut Found<'_>, runs: &[Run<'_>], own: &OwnWords) {
    let chars = found.chars;
    let mut taken = vec![false; chars.len() + 1];
    for fault in &found.faults {
        taken[fault.start.saturating_sub(1)..fault.end.min(chars.len())].fill(true);
    }
    missing::missing(found, runs, &taken, own);
    each(chars, runs, (&taken, None), &mut |reading, suspect| {
        // Words are asked for sooner than many trees.
        let rightly = suspect.way == Way::Twice && reading.rightly_twice() || reading.a_bit();
        if !rightly && weighs_enough(suspect.way, &suspect.features) {
            tell(found, reading, &suspect, own);
        }
    });
}

/// Whether a place is told by what it weighs.
fn weighs_enough(way: Way, features: &[f64]) -> bool {
    const LEARNED: [&str; 2] = [include_str!("letters.txt"), include_str!("twice.txt")];
    static TREES: LazyLock<Vec<Trees>> =
        LazyLock::new(|| LEARNED.into_iter().flat_map(Trees::read).collect());
    TREES.get(way as usize).is_some_and(|trees| trees.reach(features, TOLD_FROM[way as usize]))
}

fn tell(found: &mut Found<'_>, reading: &Reading, suspect: &Suspect, own: &OwnWords) {
    let place = reading.place();
    if suspect.way == Way::Twice {
        if on_purpose(found.chars, place - 1) {
            return;
        }
        let word = suspect.right.to_string();
        let reason = format!("“{word}”连写两遍");
        found.tell(place - 1, place + 1, FaultKind::Duplicate, "seldom written twice", reason, Some(word));
        return;
    }
    let (front, behind) = reading.meant(suspect);
    let (start, end) = (place - front, place + behind);
    let written = words(found.chars, start, end);
    if own.phrases.iter().any(|phrase| phrase.contains(&written)) {
        return;
    }
    let right: String =
        written.chars().enumerate().map(|(n, c)| if n == front { suspect.right } else { c }).collect();
    let reason = format!("“{written}”少见，疑为“{right}”之误");
    found.tell(start, end, FaultKind::WrongChar, "seldom written so", reason, Some(right));
}

/// A place that may be wrong, for `examples/learn`.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Slip {
    /// What may be wrong: `letters` where one character stands for another, or `twice`.
    pub what: &'static str,
    /// Its code point; the first of two.
    pub start: usize,
    /// What may belong there.
    pub right: char,
    /// What the trees look at.
    pub features: Vec<f64>,
}

/// Places of a text that may be wrong. What `counted` holds is taken as standing in one report less: the text was counted as well.
#[doc(hidden)]
pub fn slips(text: &str, counted: &str) -> Vec<Slip> {
    let chars: Vec<char> = text.chars().collect();
    let counted = grams::folded(&counted.chars().collect::<Vec<char>>()).0;
    let less: HashSet<u64> = (1..=grams::LONGEST).flat_map(|n| counted.windows(n).map(grams::key)).collect();
    let parted = super::Parted::of(&chars);
    let runs = parted.runs(&chars);
    let taken = vec![false; chars.len() + 1];
    let mut all = Vec::new();
    each(&chars, &runs, (&taken, Some(&less)), &mut |reading, Suspect { way, right, features }| {
        let what = ["letters", "twice"][way as usize];
        all.push(Slip { what, start: reading.place() - usize::from(way == Way::Twice), right, features });
    });
    all
}

/// What a character may have been typed for or have been typed instead of, for `examples/learn`: the other character, whether
/// both are read the same or look alike, and how many reports hold the other.
#[doc(hidden)]
pub fn taken_for(of: char) -> Vec<(char, bool, u16)> {
    let plain = |like: &likes::Like| like.shape || like.sound == Some(super::Likeness::Same);
    let all = likes::likes(of).iter();
    all.map(|like| (like.right, plain(like), Grams::counted().reports(&[like.right]))).collect()
}

/// A text as its stretches are counted, for `examples/learn`.
#[doc(hidden)]
pub fn folded_for_grams(text: &str) -> String {
    grams::folded(&text.chars().collect::<Vec<char>>()).0.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_learned_trees_are_whole() {
        for learned in [include_str!("letters.txt"), include_str!("twice.txt")] {
            let trees = Trees::read(learned);
            assert!(trees.len() == 1 && trees.iter().all(Trees::whole));
        }
        assert!(Grams::counted().characters().len() > 1000);
    }
}
