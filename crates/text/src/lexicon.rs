//! Word lists that are looked up at every character of a text.

use std::hash::{BuildHasherDefault, Hasher};

/// Words with the classes they belong to, found by their first character.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Bucket of each first character of the basic plane; 0 is the empty bucket.
    first: Vec<u16>,
    /// Words of one first character, longest first, with their classes as a set of bits.
    buckets: Vec<Vec<(Vec<char>, u32)>>,
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
        let mut lexicon = Self { first: vec![0; 0x1_0000], buckets: vec![Vec::new()] };
        for (tags, words) in lists {
            for word in words.split_whitespace() {
                lexicon.add(word, *tags);
            }
        }
        for bucket in &mut lexicon.buckets {
            bucket.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
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
        let bucket = &mut self.buckets[self.first[first] as usize];
        match bucket.iter_mut().find(|(known, _)| *known == word) {
            Some((_, known)) => *known |= tags,
            None => bucket.push((word, tags)),
        }
    }

    /// The longest word that stands at `at` and ends by `end`.
    pub(crate) fn at(&self, chars: &[char], at: usize, end: usize) -> Option<Hit> {
        let bucket = *self.first.get(*chars.get(at)? as usize)?;
        self.buckets[bucket as usize]
            .iter()
            .find(|(word, _)| {
                at + word.len() <= end
                    && chars[at + word.len() - 1] == word[word.len() - 1]
                    && chars[at..at + word.len()] == word[..]
            })
            .map(|(word, tags)| Hit { start: at, end: at + word.len(), tags: *tags })
    }

    /// The longest word of one of these classes that stands at `at` and ends by `end`.
    pub(crate) fn at_of(&self, chars: &[char], at: usize, end: usize, tags: u32) -> Option<Hit> {
        let bucket = *self.first.get(*chars.get(at)? as usize)?;
        self.buckets[bucket as usize]
            .iter()
            .find(|(word, t)| {
                t & tags != 0 && at + word.len() <= end && chars[at..at + word.len()] == word[..]
            })
            .map(|(word, tags)| Hit { start: at, end: at + word.len(), tags: *tags })
    }

    /// All words that stand at `at`, the longest first.
    pub(crate) fn all_at<'a>(&'a self, chars: &'a [char], at: usize) -> impl Iterator<Item = Hit> + 'a {
        let first = chars.get(at).map_or(0, |c| *c as usize);
        let bucket = self.first.get(first).copied().unwrap_or(0);
        let stands = move |(word, _): &&(Vec<char>, u32)| chars[at..].starts_with(word);
        let found = self.buckets[bucket as usize].iter().filter(stands);
        found.map(move |(word, tags)| Hit { start: at, end: at + word.len(), tags: *tags })
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

/// The first place of `word` in `chars[start..end]`.
#[inline]
pub(crate) fn find(chars: &[char], start: usize, end: usize, word: &str) -> Option<usize> {
    let first = word.chars().next()?;
    let end = end.min(chars.len());
    let mut at = start;
    while at < end {
        at += chars[at..end].iter().position(|c| *c == first)?;
        // Its length is counted only where it stands: nearly always it does not.
        if stands(chars, at, word) && at + word.chars().count() <= end {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Whether any of the words, parted by white space, stands in `chars[start..end]`.
pub(crate) fn any(chars: &[char], start: usize, end: usize, words: &str) -> bool {
    words.split_whitespace().any(|word| find(chars, start, end, word).is_some())
}

/// The words of a stretch.
pub(crate) fn words(chars: &[char], start: usize, end: usize) -> String {
    chars[start..end].iter().collect()
}
