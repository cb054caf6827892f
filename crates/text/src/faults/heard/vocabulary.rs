//! Words with how common they are, which of them fit a gap, and which characters sound alike.
//!
//! Words, pronunciations and pairs of words come from the dictionary of the crate `inputx-pinyin`, terms of official
//! writing from our own lists. Read once, when faults are first asked for.

use std::collections::HashMap;
use std::sync::LazyLock;

use inputx_pinyin::PinyinDict;

use super::super::confusions::MISWRITTEN;
use super::super::han;
use super::super::set_phrases::PHRASES;
use super::super::words::IDIOMS;
use super::fillers::{Gaps, Kinds, gap};
use super::terms::TERMS;
use crate::lexicon::Quick;
use crate::sieve::PairSieve;

/// Longest word, in characters.
pub(super) const LONGEST: usize = 8;
/// Longest word that is looked for with a wrong character; longer ones are among the set phrases.
pub(super) const MEANT_LONGEST: usize = 6;
/// The block of Han characters that is read.
pub(super) const HAN: std::ops::Range<usize> = 0x4E00..0xA000;
/// The pairs of characters within words, on 128 KiB.
type WithinWords = PairSieve<16_384>;
/// Steps of the dictionary's scale of commonness (0 to 65,535) that make one natural logarithm.
const STEPS: f32 = 4300.0;
/// How likely the commonest word is, as a natural logarithm.
const COMMONEST: f32 = -3.0;
/// How likely a character is that no word list knows.
const UNKNOWN: f32 = -19.0;
/// How many pairs of words were counted, as a natural logarithm.
const PAIRS: f32 = 16.0;
/// Pairs seen less often than this were not kept.
const UNSEEN: f32 = 3.0;
/// How common a term of our own lists is at least, by its length: one, two, three, four and more characters.
const OWN: [u16; 5] = [0, 0, 30_000, 25_000, 24_000];
/// How common a word must be, to be taken for the one that was meant, by its length.
const MEANT: [u16; 5] = [u16::MAX, u16::MAX, 19_000, 8_000, 4_000];

/// See the head of the file.
pub(super) struct Vocabulary {
    /// Commonness by [`key`] of a word.
    words: HashMap<u64, u16, Quick>,
    /// By the number of two characters: the words that begin with them.
    begun: HashMap<u32, Begun, Quick>,
    /// How likely each character of the Han block stands by itself.
    alone: Vec<f32>,
    gaps: Gaps,
    /// The pairs of characters that stand side by side in a word that may have been meant.
    beside: WithinWords,
    /// The same of those that stand there with one between them.
    around: WithinWords,
    /// Readings of a character: number of the syllable and of its class of near ones.
    readings: Vec<Readings>,
    kinds: Kinds,
    pairs: PinyinDict,
}

/// Words that begin with the same two characters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Begun {
    /// How common the two are as a word; 0 where they are none.
    two: u16,
    /// Bit n is set where a word of n characters begins with them.
    lengths: u16,
}

impl Begun {
    fn add(&mut self, length: usize, score: u16) {
        if length == 2 {
            self.two = self.two.max(score);
        }
        self.lengths |= 1 << length;
    }

    /// Whether any is longer than two characters.
    fn any_longer(self) -> bool {
        self.lengths >> 3 != 0
    }
}

/// Numbers of the syllables that a character is read as, each with the number of its class of near ones.
type Readings = [(u16, u16); READINGS_MAX];
/// Most readings of a character that are kept.
const READINGS_MAX: usize = 4;
/// No reading.
const UNREAD: (u16, u16) = (u16::MAX, u16::MAX);

/// How two characters are taken for one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The same syllable, in whatever tone.
    Same,
    /// Syllables that many do not tell apart (z and zh, n and ng, n and l).
    Near,
}

pub(super) fn vocabulary() -> &'static Vocabulary {
    static KNOWN: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::read);
    &KNOWN
}

impl Vocabulary {
    fn read() -> Self {
        let pairs = PinyinDict::embedded();
        let mut all: Vec<(Vec<char>, u16)> = Vec::new();
        let mut syllables: HashMap<String, u16> = HashMap::new();
        let mut readings: Vec<Readings> = vec![[UNREAD; READINGS_MAX]; HAN.len()];
        pairs.prefix_for_each("", |pinyin, word, score| {
            let word: Vec<char> = word.chars().collect();
            let score = u16::try_from(score).unwrap_or(u16::MAX);
            if word.is_empty() || word.len() > LONGEST || !word.iter().all(|c| han(Some(c))) {
                return;
            }
            if let [one] = word[..] {
                let mut number = |text: &str| {
                    let next = u16::try_from(syllables.len()).unwrap_or(u16::MAX);
                    *syllables.entry(text.to_string()).or_insert(next)
                };
                let reading = (number(pinyin), number(&near(pinyin)));
                let known = &mut readings[one as usize - HAN.start];
                if let Some(free) = known.iter_mut().find(|known| **known == UNREAD) {
                    *free = reading;
                }
            }
            all.push((word, score));
        });
        let own = own_terms().map(|term| term.chars().collect::<Vec<char>>());
        all.extend(
            own.filter(|t| (2..=LONGEST).contains(&t.len())).map(|t| (t.clone(), OWN[t.len().min(4)])),
        );
        let mut words: HashMap<u64, u16, Quick> = HashMap::default();
        let mut begun: HashMap<u32, Begun, Quick> = HashMap::default();
        let mut alone = vec![UNKNOWN; HAN.len()];
        for (word, score) in &all {
            let known = words.entry(key(word)).or_default();
            *known = (*score).max(*known);
            if let [one] = word[..] {
                alone[one as usize - HAN.start] = likely(*score);
            } else {
                begun.entry(pair(word[0], word[1])).or_default().add(word.len(), *score);
            }
        }
        let (beside, around) = (pairs_in_words(&all, 1), pairs_in_words(&all, 2));
        let kinds = Kinds::of(|c| near_classes(&readings, c).collect());
        Self { gaps: Gaps::of(&all, &kinds), kinds, beside, around, words, begun, alone, readings, pairs }
    }

    /// How common a word is, from 0 to 65,535; nothing if it is none.
    pub(super) fn score(&self, word: &[char]) -> Option<u16> {
        self.words.get(&key(word)).copied()
    }

    /// How likely a character stands by itself.
    pub(super) fn alone(&self, c: char) -> f32 {
        (c as usize).checked_sub(HAN.start).and_then(|i| self.alone.get(i)).copied().unwrap_or(UNKNOWN)
    }

    /// Words of two and more characters that the run begins with, with how common each is.
    pub(super) fn beginning(&self, run: &[char], mut word: impl FnMut(usize, u16)) {
        let &[first, second, ..] = run else { return };
        let Some(begun) = self.begun.get(&pair(first, second)) else { return };
        if begun.lengths & 1 << 2 != 0 {
            word(2, begun.two);
        }
        if begun.any_longer() {
            for length in (3..=LONGEST.min(run.len())).filter(|length| begun.lengths & 1 << length != 0) {
                if let Some(score) = self.score(&run[..length]) {
                    word(length, score);
                }
            }
        }
    }

    /// Whether two characters may stand side by side in a word that may have been meant.
    pub(super) fn beside(&self, first: char, second: char) -> bool {
        self.beside.holds(first, second)
    }

    /// Whether they may stand there with one between them.
    pub(super) fn around(&self, first: char, second: char) -> bool {
        self.around.holds(first, second)
    }

    /// What makes a word of this length when put in at `at`, the commonest first, where anything does that is of one of these kinds;
    /// `rest` is the sum of [`super::fillers::placed`] over the others.
    pub(super) fn fitting(&self, rest: u64, length: usize, at: usize, kinds: &[u16]) -> &[(char, u16)] {
        self.gaps.fitting(gap(rest, length, at), kinds)
    }

    /// What a character is like, by its sounds and its shape: two that share none are not taken for one another.
    pub(super) fn kinds(&self, c: char) -> &[u16] {
        self.kinds.of_character(c)
    }

    /// How likely the commonest word of this length is that may have been meant.
    pub(super) fn likeliest(&self, length: usize) -> f32 {
        self.gaps.likeliest[length]
    }

    /// Whether two characters sound alike.
    pub(super) fn alike(&self, a: char, b: char) -> Option<Likeness> {
        let read = |c: char| self.readings.get((c as usize).checked_sub(HAN.start)?);
        let (a, b) = (read(a)?, read(b)?);
        let (mut same, mut near) = (false, false);
        for (one, class) in a.iter().filter(|reading| **reading != UNREAD) {
            same |= b.iter().any(|(other, _)| other == one);
            near |= b.iter().any(|(_, other)| other == class);
        }
        if same { Some(Likeness::Same) } else { near.then_some(Likeness::Near) }
    }

    /// The numbers of the classes of near sounds that a character is read in.
    pub(super) fn near_classes(&self, c: char) -> impl Iterator<Item = u16> {
        near_classes(&self.readings, c)
    }

    /// Whether one word stands in front of the other more often than chance would have it (natural logarithm).
    ///
    /// Common words that were never seen together count against one another.
    pub(super) fn link(&self, one: &[char], other: &[char]) -> f32 {
        const SCALE: f64 = 6.908_755 / 50_000.0;
        let [first, second] = [one, other].map(|word| word.iter().collect::<String>());
        let seen = (self.pairs.bigram_boost(Some(&first), &second) * SCALE).exp() as f32 - 1.0;
        let chance = (PAIRS + self.weight(one) + self.weight(other)).exp();
        ((seen + UNSEEN) / (chance + UNSEEN)).ln()
    }

    /// How likely a word of a parting is, known or not.
    fn weight(&self, word: &[char]) -> f32 {
        self.score(word).map_or(UNKNOWN, likely)
    }
}

/// The numbers of the classes of near sounds that a character is read in.
fn near_classes(readings: &[Readings], c: char) -> impl Iterator<Item = u16> + use<> {
    let read = (c as usize).checked_sub(HAN.start).and_then(|i| readings.get(i));
    let mut classes: Vec<u16> =
        read.into_iter().flatten().filter(|of| **of != UNREAD).map(|(_, class)| *class).collect();
    classes.sort_unstable();
    classes.dedup();
    classes.into_iter()
}

/// How likely a word of this commonness is, as a natural logarithm.
pub(super) fn likely(score: u16) -> f32 {
    (f32::from(score) - f32::from(u16::MAX)) / STEPS + COMMONEST
}

/// Terms of official writing from all our lists.
fn own_terms() -> impl Iterator<Item = &'static str> {
    let right = MISWRITTEN.split_whitespace().filter_map(|entry| entry.split(':').next());
    TERMS.split_whitespace().chain(IDIOMS.split_whitespace()).chain(PHRASES.split_whitespace()).chain(right)
}

/// Words that may have been meant.
pub(super) fn may_be_meant(all: &[(Vec<char>, u16)]) -> impl Iterator<Item = &(Vec<char>, u16)> {
    all.iter().filter(|(word, score)| word.len() <= MEANT_LONGEST && *score >= MEANT[word.len().min(4)])
}

/// The pairs of characters that stand so far apart in words that may have been meant.
fn pairs_in_words(all: &[(Vec<char>, u16)], apart: usize) -> WithinWords {
    let mut sieve = WithinWords::new();
    for pair in may_be_meant(all).flat_map(|(word, _)| word.windows(apart + 1)) {
        sieve.put(pair[0], pair[apart]);
    }
    sieve
}

/// A syllable as those hear it who do not tell z from zh, n from ng, n from l.
fn near(pinyin: &str) -> String {
    let mut text = pinyin.to_string();
    for (from, to) in [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l")] {
        if let Some(rest) = text.strip_prefix(from) {
            text = format!("{to}{rest}");
            break;
        }
    }
    match text.strip_suffix("ng") {
        Some(rest) if !rest.ends_with('o') => format!("{rest}n"),
        _ => text,
    }
}

/// A number for two characters of the Han block, for each two another.
fn pair(first: char, second: char) -> u32 {
    (first as u32) << 16 | second as u32 & 0xFFFF
}

/// A number for a word.
pub(super) fn key(word: &[char]) -> u64 {
    word.iter().fold(0x9e37_79b9_7f4a_7c15, |sum, c| mix(sum, *c as u64))
}

pub(super) fn mix(sum: u64, value: u64) -> u64 {
    let mixed = (sum ^ value).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 29)
}
