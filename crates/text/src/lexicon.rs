//! Word lists that are looked up at every character of a text.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::sieve::PairSieve;

/// Words with the classes they belong to, found by their first character.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// The pairs of characters that begin a word.
    sieve: PairSieve<512>,
    /// Whether any word has one character only.
    single: bool,
    /// Bucket of each first character of the basic plane; 0 is the empty bucket.
    first: Vec<u16>,
    /// Words of one first character, longest first.
    buckets: Vec<Vec<Entry>>,
    /// The characters of all words, one word behind the other.
    letters: Vec<char>,
}

/// What stands for the second character of a word of one.
const NONE: char = '\0';

/// A word of a lexicon. Its last character decides nearly always that it does not stand there, so that its letters need not
/// be fetched.
#[derive(Clone, Copy, Debug)]
struct Entry {
    last: char,
    length: u32,
    /// Where its characters begin.
    from: u32,
    /// Its classes as a set of bits.
    tags: u32,
}

/// A word found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub start: usize,
    pub end: usize,
    /// Classes of the word.
    pub tags: u32,
}

impl Hit {
    /// Whether the word belongs to one of these classes.
    pub(crate) fn is(self, tags: u32) -> bool {
        self.tags & tags != 0
    }
}

impl Lexicon {
    /// Builds a lexicon from lists of words parted by white space, each with its class.
    pub(crate) fn new(lists: &[(u32, &str)]) -> Self {
        let mut lexicon = Self {
            sieve: PairSieve::new(),
            single: false,
            first: vec![0; 0x1_0000],
            buckets: vec![Vec::new()],
            letters: Vec::new(),
        };
        for (tags, words) in lists {
            for word in words.split_whitespace() {
                lexicon.add(word, *tags);
            }
        }
        for bucket in &mut lexicon.buckets {
            bucket.sort_by_key(|entry| std::cmp::Reverse(entry.length));
        }
        lexicon
    }

    fn add(&mut self, word: &str, tags: u32) {
        let word: Vec<char> = word.chars().collect();
        let first = word[0] as usize;
        if first >= self.first.len() {
            return;
        }
        if self.first[first] == 0 {
            self.first[first] = self.buckets.len() as u16;
            self.buckets.push(Vec::new());
        }
        self.single |= word.len() == 1;
        self.sieve.put(word[0], word.get(1).copied().unwrap_or(NONE));
        let bucket = &mut self.buckets[self.first[first] as usize];
        let letters = |entry: &Entry| {
            let from = entry.from as usize;
            &self.letters[from..from + entry.length as usize]
        };
        match bucket.iter_mut().find(|entry| letters(entry) == word) {
            Some(known) => known.tags |= tags,
            None => {
                let (from, length) = (self.letters.len() as u32, word.len() as u32);
                bucket.push(Entry { last: word[word.len() - 1], length, from, tags });
                self.letters.extend(word);
            }
        }
    }

    /// Whether a word may begin at `at`; nearly always none does.
    #[inline]
    fn may_begin(&self, chars: &[char], at: usize) -> bool {
        let Some(&first) = chars.get(at) else { return false };
        chars.get(at + 1).is_some_and(|second| self.sieve.holds(first, *second))
            || self.single && self.sieve.holds(first, NONE)
    }

    /// The words that begin with the character at `at`.
    fn bucket(&self, chars: &[char], at: usize) -> &[Entry] {
        let bucket = chars.get(at).and_then(|c| self.first.get(*c as usize));
        &self.buckets[bucket.map_or(0, |bucket| usize::from(*bucket))]
    }

    /// The word as found, where it stands at `at` and ends by `end`.
    #[inline]
    fn hit(&self, entry: &Entry, chars: &[char], at: usize, end: usize) -> Option<Hit> {
        let (length, from) = (entry.length as usize, entry.from as usize);
        let to = at + length;
        let stands = to <= end
            && chars.get(to - 1) == Some(&entry.last)
            && (length <= 2 || chars[at + 1..to - 1] == self.letters[from + 1..from + length - 1]);
        stands.then_some(Hit { start: at, end: to, tags: entry.tags })
    }

    /// The longest word that stands at `at` and ends by `end`.
    #[inline]
    pub(crate) fn at(&self, chars: &[char], at: usize, end: usize) -> Option<Hit> {
        if self.may_begin(chars, at) { self.longest(chars, at, end, u32::MAX) } else { None }
    }

    /// The longest word of one of these classes that stands at `at` and ends by `end`.
    #[inline]
    pub(crate) fn at_of(&self, chars: &[char], at: usize, end: usize, tags: u32) -> Option<Hit> {
        if self.may_begin(chars, at) { self.longest(chars, at, end, tags) } else { None }
    }

    /// The same, asked where some word may begin.
    #[inline(never)]
    fn longest(&self, chars: &[char], at: usize, end: usize, tags: u32) -> Option<Hit> {
        let of = self.bucket(chars, at).iter().filter(|entry| entry.tags & tags != 0);
        of.into_iter().find_map(|entry| self.hit(entry, chars, at, end))
    }

    /// All words that stand at `at`, the longest first.
    pub(crate) fn all_at<'a>(&'a self, chars: &'a [char], at: usize) -> impl Iterator<Item = Hit> + 'a {
        let bucket = if self.may_begin(chars, at) { self.bucket(chars, at) } else { &[] };
        bucket.iter().filter_map(move |entry| self.hit(entry, chars, at, chars.len()))
    }

    /// All words between two places, from left to right, the longest at each place, not overlapping.
    pub(crate) fn scan(&self, chars: &[char], start: usize, end: usize) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut at = start;
        while at < end {
            match self.at(chars, at, end) {
                Some(hit) => {
                    at = hit.end;
                    hits.push(hit);
                }
                None => at += 1,
            }
        }
        hits
    }
}

/// Words that names end with, found by their last character.
#[derive(Debug)]
pub(crate) struct Ends(HashMap<char, Vec<Vec<char>>, Quick>);

impl Ends {
    /// Builds them from a list of words parted by white space.
    pub(crate) fn new(words: &str) -> Self {
        let mut ends: HashMap<char, Vec<Vec<char>>, Quick> = HashMap::default();
        for word in words.split_whitespace() {
            let word: Vec<char> = word.chars().collect();
            ends.entry(word[word.len() - 1]).or_default().push(word);
        }
        Self(ends)
    }

    /// Whether one of the words ends the name, with something in front of it.
    pub(crate) fn end(&self, name: &[char]) -> bool {
        let words = name.last().and_then(|last| self.0.get(last));
        words.is_some_and(|words| words.iter().any(|word| name.len() > word.len() && name.ends_with(word)))
    }
}

/// A quick way to tell keys of characters apart, for maps that are asked at every character of a text. Only for maps whose
/// keys are our own words: a text cannot fill them with keys that fall together.
pub(crate) type Quick = BuildHasherDefault<Mixed>;

/// See [`Quick`].
#[derive(Default)]
pub(crate) struct Mixed(u64);

impl Mixed {
    fn mix(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        for eight in bytes.chunks(8) {
            let mut padded = [0; 8];
            padded[..eight.len()].copy_from_slice(eight);
            self.mix(u64::from_le_bytes(padded));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.mix(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// Whether `word` stands at `at`.
#[inline]
pub(crate) fn stands(chars: &[char], at: usize, word: &str) -> bool {
    let mut rest = chars.get(at..).unwrap_or_default().iter();
    word.chars().all(|c| rest.next() == Some(&c))
}

/// Where the word begins that ends at `end`, if it stands there.
#[inline]
pub(crate) fn ending(chars: &[char], end: usize, word: &str) -> Option<usize> {
    // Read from its end: its length need not be counted where it does not stand.
    let mut front = chars.get(..end)?;
    for c in word.chars().rev() {
        front = front.split_last().filter(|(last, _)| **last == c)?.1;
    }
    Some(front.len())
}

/// The first place of `word` in `chars[start..end]`.
#[inline]
pub(crate) fn find(chars: &[char], start: usize, end: usize, word: &str) -> Option<usize> {
    let first = word.chars().next()?;
    let end = end.min(chars.len());
    let mut at = start;
    while at < end {
        // Whether it is there at all is asked of many characters at once; nearly always it is not.
        let rest = Some(&chars[at..end]).filter(|rest| rest.contains(&first))?;
        at += rest.iter().position(|c| *c == first)?;
        // Its length is counted only where it stands: nearly always it does not.
        if stands(chars, at, word) && at + word.chars().count() <= end {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Whether any of the words, parted by spaces, stands in `chars[start..end]`.
pub(crate) fn any(chars: &[char], start: usize, end: usize, words: &str) -> bool {
    let stretch = chars.get(start..end.min(chars.len())).unwrap_or_default();
    // Most words are in no stretch, and a bit of their first character says so without another walk.
    let held = stretch.iter().fold(0_u64, |bits, c| bits | bit(*c));
    let mut rest = words;
    while let Some(first) = rest.chars().next() {
        let length = up_to_space(rest.as_bytes());
        if held & bit(first) != 0 && find(chars, start, end, &rest[..length]).is_some() {
            return true;
        }
        rest = rest.get(length + 1..).unwrap_or_default();
    }
    false
}

/// How many bytes stand in front of the first white space.
#[inline]
fn up_to_space(words: &[u8]) -> usize {
    // Eight at once: subtracting from each byte borrows in the first one that is no more than a space.
    const EACH: u64 = u64::MAX / 0xFF;
    let (eights, rest) = words.as_chunks::<8>();
    for (i, eight) in eights.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight);
        let found = eight.wrapping_sub(EACH * (b' ' as u64 + 1)) & !eight & (EACH << 7);
        if found != 0 {
            return i * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let length = rest.iter().position(|b| *b <= b' ').unwrap_or(rest.len());
    words.len() - rest.len() + length
}

/// One of 64 bits for a character.
fn bit(c: char) -> u64 {
    1 << (c as u32 & 63)
}

/// The words of a stretch.
pub(crate) fn words(chars: &[char], start: usize, end: usize) -> String {
    chars[start..end].iter().collect()
}

#[cfg(test)]
mod tests {
    use super::{Lexicon, any, ending};

    #[test]
    fn words_of_one_character_and_longer_ones_are_found() {
        let lexicon = Lexicon::new(&[(1, "县 县城 台账"), (2, "台账 报")]);
        let chars: Vec<char> = "全县报台账，县城台账本、台县".chars().collect();
        let hits = lexicon.scan(&chars, 0, chars.len());
        let found: Vec<(usize, usize, u32)> = hits.iter().map(|hit| (hit.start, hit.end, hit.tags)).collect();
        assert_eq!(found, [(1, 2, 1), (2, 3, 2), (3, 5, 3), (6, 8, 1), (8, 10, 3), (13, 14, 1)]);
        // A word must end in front of where reading ends, and be of a class that is asked for.
        assert_eq!(lexicon.at(&chars, 8, 9), None);
        assert_eq!(lexicon.at_of(&chars, 6, chars.len(), 2), None);
        assert_eq!(lexicon.all_at(&chars, 6).count(), 2);
    }

    #[test]
    fn words_of_a_list_are_found_wherever_they_stand_in_it() {
        let chars: Vec<char> = "各乡镇每月5日前报送台账".chars().collect();
        let all = chars.len();
        for list in
            ["每月", "每周 每月", "每月 每周", "主题教育期间 每月", "一 二 三 台账", "台账\n每周", "  每月 "]
        {
            assert!(any(&chars, 0, all, list), "{list}");
        }
        for list in ["", " ", "每周", "台账本", "帐 每旬"] {
            assert!(!any(&chars, 0, all, list), "{list}");
        }
        // What is asked about ends within the word, or in front of where it begins.
        assert!(
            !any(&chars, 0, all - 1, "台账")
                && !any(&chars, 5, 3, "每月")
                && !any(&chars, all + 1, all, "台账")
        );
    }

    #[test]
    fn a_word_is_read_from_its_end() {
        let chars: Vec<char> = "报送台账".chars().collect();
        assert_eq!(ending(&chars, 4, "台账"), Some(2));
        assert_eq!(ending(&chars, 3, "台账"), None);
        assert_eq!(ending(&chars, 1, "送报"), None);
    }
}
