//! How many reports hold a stretch of two to four characters, of a thousand that were kept (`examples/learn` counts them).

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
const END: char = '¶';

/// What was counted: lines of the length of the stretches, the number of reports, and the stretches one behind the other.
const COUNTED: &str = include_str!("grams.txt");

/// A text as it is counted: a number is one character. With each character its place in the text.
pub(super) fn folded(text: &[char]) -> (Vec<char>, Vec<usize>) {
    let (mut out, mut places) = (Vec::with_capacity(text.len()), Vec::with_capacity(text.len()));
    for (at, c) in text.iter().enumerate() {
        let number = |i: usize| text.get(i).is_some_and(char::is_ascii_digit);
        let within = at > 0 && number(at - 1);
        let c = match c {
            // 12.5: one number.
            _ if number(at) && (within || at > 1 && text[at - 1] == '.' && number(at - 2)) => continue,
            '.' if within && number(at + 1) => continue,
            _ if number(at) => NUMBER,
            '\n' => END,
            c if c.is_ascii_alphabetic() => LETTER,
            c => *c,
        };
        out.push(c);
        places.push(at);
    }
    (out, places)
}

/// A number for a stretch, for each another one; characters beyond the basic plane are one.
pub(super) fn key(stretch: &[char]) -> u64 {
    stretch.iter().fold(0, |sum, c| sum << 16 | u64::from(u16::try_from(u32::from(*c)).unwrap_or(u16::MAX)))
}

/// How many reports hold which stretch.
pub(super) struct Grams {
    longer: HashMap<u64, u16, Quick>,
    /// The same of single characters.
    single: Vec<u16>,
    /// What stands between two characters in stretches of three, by the two.
    between: HashMap<u64, Vec<char>, Quick>,
}

impl Grams {
    pub(super) fn counted() -> &'static Self {
        static COUNTS: LazyLock<Grams> = LazyLock::new(|| Grams::read(COUNTED));
        &COUNTS
    }

    fn read(counted: &str) -> Self {
        let mut grams = Self { longer: HashMap::default(), single: vec![0; 0x1_0000], between: HashMap::default() };
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
                        grams.longer.insert(key(stretch), reports);
                        if let [front, one, behind] = *stretch {
                            grams.between.entry(key(&[front, behind])).or_default().push(one);
                        }
                    }
                }
            }
        }
        grams
    }

    /// In how many reports a stretch stands; none if in fewer than [`LEAST`].
    pub(super) fn reports(&self, stretch: &[char]) -> u16 {
        match *stretch {
            [] => 0,
            [one] => self.single.get(one as usize).copied().unwrap_or_default(),
            _ => self.longer.get(&key(stretch)).copied().unwrap_or_default(),
        }
    }

    /// Han characters that stand between these two in reports.
    pub(super) fn between(&self, front: char, behind: char) -> impl Iterator<Item = char> {
        let all = self.between.get(&key(&[front, behind])).map_or(&[][..], Vec::as_slice);
        all.iter().copied().filter(|c| super::super::super::han(Some(c)))
    }

    /// Han characters that are counted by themselves.
    pub(super) fn characters(&self) -> impl Iterator<Item = char> {
        let counted = self.single.iter().enumerate().filter(|(_, reports)| **reports > 0);
        counted.filter_map(|(c, _)| char::from_u32(c as u32)).filter(|c| super::super::super::han(Some(c)))
    }
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
    }

    #[test]
    fn counts_are_read_by_length() {
        let grams = Grams::read("1 7 的了\n2 5 工作问题\n4 3 安全生产");
        let reports = |stretch: &str| grams.reports(&stretch.chars().collect::<Vec<_>>());
        assert_eq!(["的", "工作", "问题", "作问", "安全生产", "安全"].map(reports), [7, 5, 5, 0, 3, 0]);
    }
}
