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
use super::terms::TERMS;
use crate::lexicon::Quick;

/// Longest word, in characters.
pub(super) const LONGEST: usize = 8;
/// Longest word that is looked for with a wrong character; longer ones are among the set phrases.
pub(super) const MEANT_LONGEST: usize = 6;
/// The block of Han characters that is read.
pub(super) const HAN: std::ops::Range<usize> = 0x4E00..0xA000;
/// How many bits the sieve of gaps has, as a power of two.
const SIEVE_BITS: u32 = 20;
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
    /// Readings of a character: number of the syllable and of its class of near ones.
    readings: Vec<Readings>,
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

/// What fits a word with one character left out.
struct Gaps {
    /// Bits of the gaps that there are: most questions end here, without a walk through memory.
    sieve: Vec<u64>,
    /// Where in `fillers` those stand that fit a gap, by [`gap`].
    places: HashMap<u64, (u32, u32), Quick>,
    /// What fits a gap, and how common the word is then.
    fillers: Vec<(char, u16)>,
    /// How likely the commonest word is, by its length.
    likeliest: [f32; MEANT_LONGEST + 1],
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
        Self { gaps: Gaps::of(&all), words, begun, alone, readings, pairs }
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

    /// What makes a word of this length when put in at `at`, the commonest first; `rest` is the sum of [`placed`] over the others.
    pub(super) fn fitting(&self, rest: u64, length: usize, at: usize) -> &[(char, u16)] {
        self.gaps.fitting(gap(rest, length, at))
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
        let read = (c as usize).checked_sub(HAN.start).and_then(|i| self.readings.get(i));
        let mut classes: Vec<u16> =
            read.into_iter().flatten().filter(|of| **of != UNREAD).map(|(_, class)| *class).collect();
        classes.sort_unstable();
        classes.dedup();
        classes.into_iter()
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

/// How likely a word of this commonness is, as a natural logarithm.
pub(super) fn likely(score: u16) -> f32 {
    (f32::from(score) - f32::from(u16::MAX)) / STEPS + COMMONEST
}

/// Terms of official writing from all our lists.
fn own_terms() -> impl Iterator<Item = &'static str> {
    let right = MISWRITTEN.split_whitespace().filter_map(|entry| entry.split(':').next());
    TERMS.split_whitespace().chain(IDIOMS.split_whitespace()).chain(PHRASES.split_whitespace()).chain(right)
}

impl Gaps {
    /// For every word and every place in it, what stands there.
    fn of(all: &[(Vec<char>, u16)]) -> Self {
        let mut found: Vec<(u64, u16, char)> = Vec::new();
        let mut likeliest = [f32::MIN; MEANT_LONGEST + 1];
        for (word, score) in all.iter().filter(|(word, score)| *score >= MEANT[word.len().min(4)]) {
            for at in (0..word.len()).filter(|_| word.len() <= MEANT_LONGEST) {
                let rest = (0..word.len()).filter(|i| *i != at).map(|i| placed(word[i], i));
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
            let (word, bits) = sieved(gap);
            gaps.sieve[word] |= bits;
            gaps.places.entry(gap).and_modify(|(_, end)| *end = i + 1).or_insert((i, i + 1));
            gaps.fillers.push((c, u16::MAX - score));
        }
        gaps
    }

    fn fitting(&self, gap: u64) -> &[(char, u16)] {
        let (word, bits) = sieved(gap);
        if self.sieve[word] & bits != bits {
            return &[];
        }
        let Some((start, end)) = self.places.get(&gap) else { return &[] };
        &self.fillers[*start as usize..*end as usize]
    }
}

/// Where the two bits of a gap are.
fn sieved(gap: u64) -> (usize, u64) {
    let word = gap >> (64 + 6 - SIEVE_BITS);
    (word as usize, 1 << (gap & 63) | 1 << (gap >> 6 & 63))
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

/// What a character adds to the number of a word with a gap, by its place in the word.
pub(super) fn placed(c: char, at: usize) -> u64 {
    // Mixed twice: sums of what is only multiplied do not tell characters that changed places.
    let mixed = mix((at as u64 + 1) << 32, c as u64);
    mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (mixed >> 31)
}

/// A number for a word with one character left out.
fn gap(rest: u64, length: usize, at: usize) -> u64 {
    mix(rest, (length as u64) << 8 | at as u64)
}

fn mix(sum: u64, value: u64) -> u64 {
    let mixed = (sum ^ value).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 29)
}
