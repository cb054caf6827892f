//! Characters that one character is taken for, of those that stand in reports.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use super::super::vocabulary::{HAN, Likeness, vocabulary};
use super::grams::Grams;
use crate::faults::phrases::alike;
use crate::lexicon::Quick;

/// A character that another one is taken for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Like {
    pub right: char,
    /// Its rank among the characters that are counted.
    pub rank: u16,
    /// Whether both are read the same, or nearly so.
    pub sound: Option<Likeness>,
    /// Whether both are known to be taken for one another by their shapes.
    pub shape: bool,
}

/// What a character may have been taken for.
pub(super) fn likes(of: char) -> &'static [Like] {
    static KNOWN: LazyLock<Vec<OnceLock<Vec<Like>>>> = LazyLock::new(|| vec![OnceLock::new(); HAN.len()]);
    let known = (of as usize).checked_sub(HAN.start).and_then(|i| KNOWN.get(i));
    known.map_or(&[], |known| known.get_or_init(|| all(of)))
}

/// The Han characters that reports hold.
fn characters() -> &'static [char] {
    static ALL: LazyLock<Vec<char>> = LazyLock::new(|| Grams::counted().characters());
    &ALL
}

/// Characters of reports by the classes of near sounds that they are read in.
fn of_class(class: u16) -> &'static [char] {
    static CLASSES: LazyLock<HashMap<u16, Vec<char>, Quick>> = LazyLock::new(|| {
        let mut classes: HashMap<u16, Vec<char>, Quick> = HashMap::default();
        for &c in characters() {
            vocabulary().near_classes(c).for_each(|class| classes.entry(class).or_default().push(c));
        }
        classes
    });
    CLASSES.get(&class).map_or(&[], Vec::as_slice)
}

fn all(of: char) -> Vec<Like> {
    let known = vocabulary();
    let sounding = known.near_classes(of).flat_map(of_class).copied();
    let mut rights: Vec<char> =
        sounding.chain(characters().iter().copied().filter(|c| alike(of, *c))).collect();
    rights.sort_unstable();
    rights.dedup();
    rights.retain(|right| *right != of);
    rights
        .into_iter()
        .map(|right| Like {
            right,
            rank: Grams::counted().rank(right),
            sound: known.alike(of, right),
            shape: alike(of, right),
        })
        .collect()
}
