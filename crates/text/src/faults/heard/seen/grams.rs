//! How many reports hold a stretch of two to four characters, of a thousand that were kept (`examples/learn` counts them).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::lexicon::Quick;

/// Longest stretch that is counted, in characters.
pub(super) const LONGEST: usize = 4;
/// In so many reports a stretch stands at least, by its length: what stands in fewer says little.
pub(super) const LEAST: [u16; LONGEST + 1] = [0, 3, 3, 4, 6];
/// What stands for any number, any Latin letter and the end of a line.
const NUMBER: char = '0';
const LETTER: char = 'A';
pub(super) const END: char = '¶';

/// What was counted: lines of the length of the stretches, the number of reports, and the stretches one behind the other.
const COUNTED: &str = include_str!("grams.txt");

/// A text as it is counted: a number is one character. With each character its place in the text.
pub(super) fn folded(text: &[char]) -> (Vec<char>, Vec<usize>) {
    let first = (!text.is_empty()).then_some(0);
    let begins = std::iter::successors(first, |at| Some(behind(text, *at)).filter(|at| *at < text.len()));
    begins.map(|at| (as_counted(&text[at]), at)).unzip()
}

/// Where what is counted as one character ends that begins at `at`: 12.5 is one number.
pub(super) fn behind(text: &[char], at: usize) -> usize {
    let digit = |i: usize| text.get(i).is_some_and(char::is_ascii_digit);
    let mut end = at + 1;
    while digit(at) && end < text.len() {
        end += match text[end] {
            c if c.is_ascii_digit() => 1,
            '.' if digit(end + 1) => 2,
            _ => break,
        };
    }
    end
}

/// Where what is counted as one character begins that ends at `end`.
pub(super) fn in_front(text: &[char], end: usize) -> usize {
    let digit = |i: usize| text[i].is_ascii_digit();
    let mut at = end - 1;
    while digit(at) && at > 0 {
        at -= match text[at - 1] {
            c if c.is_ascii_digit() => 1,
            '.' if at > 1 && digit(at - 2) => 2,
            _ => break,
        };
    }
    at
}

/// A character as it is counted by itself.
pub(super) fn as_counted(c: &char) -> char {
    match c {
        c if c.is_ascii_digit() => NUMBER,
        c if c.is_ascii_alphabetic() => LETTER,
        '\n' => END,
        c => *c,
    }
}

/// A number for a stretch, for each another one; characters beyond the basic plane are one.
pub(super) fn key(stretch: &[char]) -> u64 {
    stretch.iter().fold(0, |sum, c| sum << 16 | u64::from(u16::try_from(u32::from(*c)).unwrap_or(u16::MAX)))
}

/// How many reports hold which stretch.
pub(super) struct Grams {
    /// By their lengths, from two characters on: the fewer a table holds the quicker it is asked.
    longer: [HashMap<u64, u16, Quick>; LONGEST - 1],
    /// The same of single characters.
    single: Vec<u16>,
    /// Which pairs of characters are counted, by their places among the characters that are, as bits: asked far more often than
    /// anything else.
    pairs: Vec<u64>,
    /// The same with the second character in front: what is asked of one second character stands side by side there.
    turned: Vec<u64>,
    row: usize,
    /// The place of each character among those that are counted, from one on.
    ranks: Vec<u16>,
}

impl Grams {
    pub(super) fn counted() -> &'static Self {
        static COUNTS: LazyLock<Grams> = LazyLock::new(|| Grams::read(COUNTED));
        &COUNTS
    }

    fn read(counted: &str) -> Self {
        let mut grams = Self {
            longer: std::array::from_fn(|_| HashMap::default()),
            single: vec![0; 0x1_0000],
            pairs: Vec::new(),
            turned: Vec::new(),
            row: 0,
            ranks: vec![0; 0x1_0000],
        };
        for line in counted.lines() {
            let mut parts = line.splitn(3, ' ');
            let mut number = || parts.next().and_then(|n| n.parse::<u16>().ok());
            let (Some(length), Some(reports)) = (number(), number()) else { continue };
            let all: Vec<char> = parts.next().unwrap_or_default().chars().collect();
            for stretch in all.chunks_exact(usize::from(length).max(1)) {
                match *stretch {
                    [one] => {
                        if let Some(of) = grams.single.get_mut(one as usize) {
                            *of = reports;
                        }
                    }
                    _ => {
                        if let Some(table) = grams.longer.get_mut(stretch.len() - 2) {
                            table.insert(key(stretch), reports);
                        }
                    }
                }
            }
        }
        grams.mark_pairs();
        grams
    }

    /// Marks the pairs that are counted.
    fn mark_pairs(&mut self) {
        let ends = |key: u64| [(key >> 16) as usize & 0xFFFF, key as usize & 0xFFFF];
        let pairs: Vec<[usize; 2]> = self.longer[0].keys().map(|key| ends(*key)).collect();
        // The commonest characters first: what is asked most stands close together.
        let mut all: Vec<usize> = pairs.iter().flatten().copied().collect();
        all.sort_unstable_by_key(|c| (Reverse(self.single.get(*c).copied().unwrap_or_default()), *c));
        all.dedup();
        let count = u16::try_from(all.len()).unwrap_or(u16::MAX - 1);
        for (c, rank) in all.into_iter().zip(1..=count) {
            self.ranks[c] = rank;
        }
        self.row = usize::from(count) + 1;
        self.pairs = vec![0; self.row.pow(2).div_ceil(64)];
        self.turned = self.pairs.clone();
        for [front, behind] in pairs {
            let (front, behind) = (self.ranks[front], self.ranks[behind]);
            let (bit, turned) = (self.bit(front, behind), self.bit(behind, front));
            self.pairs[bit / 64] |= 1 << (bit % 64);
            self.turned[turned / 64] |= 1 << (turned % 64);
        }
    }

    /// The bit of a pair in the square of the places, row by row.
    fn bit(&self, front: u16, behind: u16) -> usize {
        usize::from(front) * self.row + usize::from(behind)
    }

    /// The place of a character among those that are counted; 0 where it is not.
    pub(super) fn rank(&self, c: char) -> u16 {
        self.ranks.get(c as usize).copied().unwrap_or_default()
    }

    /// Whether two characters side by side are counted.
    pub(super) fn holds_pair(&self, front: char, behind: char) -> bool {
        self.holds_behind(self.rank(front), self.rank(behind))
    }

    /// The same by their ranks, of many second characters.
    pub(super) fn holds_behind(&self, front: u16, behind: u16) -> bool {
        // No bit of rank 0 is ever set.
        is_set(&self.pairs, self.bit(front, behind))
    }

    /// The same, of many first characters.
    pub(super) fn holds_in_front(&self, front: u16, behind: u16) -> bool {
        is_set(&self.turned, self.bit(behind, front))
    }

    /// In how many reports a stretch stands; none if in fewer than [`LEAST`].
    pub(super) fn reports(&self, stretch: &[char]) -> u16 {
        match *stretch {
            [] => 0,
            [one] => self.single.get(one as usize).copied().unwrap_or_default(),
            _ => {
                let table = self.longer.get(stretch.len() - 2);
                table.and_then(|table| table.get(&key(stretch))).copied().unwrap_or_default()
            }
        }
    }

    /// All stretches of four characters that are counted.
    pub(super) fn of_four(&self) -> impl Iterator<Item = ([char; LONGEST], u16)> + '_ {
        let one = |key: u64, n: usize| char::from_u32((key >> (16 * n)) as u32 & 0xFFFF).unwrap_or(END);
        self.longer[LONGEST - 2]
            .iter()
            .map(move |(key, reports)| ([3, 2, 1, 0].map(|n| one(*key, n)), *reports))
    }

    /// Han characters that are counted by themselves.
    pub(super) fn characters(&self) -> Vec<char> {
        let counted = self.single.iter().enumerate().filter(|(_, reports)| **reports > 0);
        counted
            .filter_map(|(c, _)| char::from_u32(c as u32))
            .filter(|c| super::super::super::han(Some(c)))
            .collect()
    }
}

fn is_set(bits: &[u64], bit: usize) -> bool {
    bits.get(bit / 64).is_some_and(|bits| bits >> (bit % 64) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_letters_are_one_character() {
        let text: Vec<char> = "查实98.5%，约3.\nWi".chars().collect();
        let (folded, places) = folded(&text);
        assert_eq!(folded.iter().collect::<String>(), "查实0%，约0.¶AA");
        assert_eq!(places, [0, 1, 2, 6, 7, 8, 9, 10, 11, 12, 13]);
        // The same from behind.
        let mut back: Vec<usize> =
            std::iter::successors(Some(text.len()), |end| (*end > 0).then(|| in_front(&text, *end)))
                .skip(1)
                .collect();
        back.reverse();
        assert_eq!(back, places);
    }

    #[test]
    fn counts_are_read_by_length() {
        let grams = Grams::read("1 7 的了\n2 5 工作问题\n4 3 安全生产");
        let reports = |stretch: &str| grams.reports(&stretch.chars().collect::<Vec<_>>());
        assert!(
            grams.holds_pair('工', '作') && !grams.holds_pair('作', '工') && !grams.holds_pair('安', '全')
        );
        assert_eq!(["的", "工作", "问题", "作问", "安全生产", "安全"].map(reports), [7, 5, 5, 0, 3, 0]);
    }
}
