//! What the trees look at around a place that may be wrong.

use std::collections::{HashMap, HashSet};

use super::super::vocabulary::{Likeness, Vocabulary, vocabulary};
use super::super::{Run, SURNAMES, little};
use super::grams::{self, Grams};
use super::likes::{Like, likes};
use super::{A_LITTLE, Suspect, Way, han};
use crate::lexicon::Quick;

/// How many characters in front of a place and behind it are looked at.
const AROUND: usize = 4;
/// A place is looked at where one of the two pairs of characters around it stands in no more reports than this, and no pair in
/// more than that.
const SELDOM: (u16, u16) = (3, 60);
/// A character of a word of the dictionary that is at least this common is right.
const COMMON_WORD: f64 = 5.0;
/// Steps of the dictionary's scale of commonness for one unit of what the trees look at.
const STEPS: f64 = 4300.0;
/// What one character less that was counted takes from how likely a character is (natural logarithm).
const BACK: f64 = 0.9;
/// How likely a character is by itself that stands in no report, against one that stands in all.
const UNSEEN: f64 = -8.0;
/// How much less likely a stretch may be with a character that is missing there: one more character is less likely by itself.
const MISSED: f64 = -1.0;
/// What a character gains at least that is looked at instead.
const GAIN: f64 = 1.0;

/// A text as it is looked at.
pub(super) struct Reading {
    known: &'static Vocabulary,
    grams: &'static Grams,
    /// The text as it is counted, [`AROUND`] line ends before and behind it, and of each character the place in the text.
    folded: Vec<char>,
    pub(super) places: Vec<usize>,
    /// Of each of them the word that it is in: how common and how long that is.
    words: Vec<(f64, u8)>,
    /// In how many reports each pair stands, by its first character.
    pairs: Vec<u16>,
    /// How often those pairs stand in the text that stand in few reports.
    seldom: HashMap<u64, u16, Quick>,
    /// Stretches that stand in one report less than was counted.
    less: Option<HashSet<u64>>,
}

/// The characters around a place: [`AROUND`] of them, the place itself, [`AROUND`] more.
type Window = Vec<char>;

impl Reading {
    pub(super) fn of(text: &[char], runs: &[Run<'_>], less: Option<HashSet<u64>>) -> Self {
        let (inner, inner_places) = grams::folded(text);
        let ends = ['¶'; AROUND];
        let folded = [&ends[..], &inner, &ends].concat();
        let places = [&[0; AROUND][..], &inner_places, &[text.len(); AROUND]].concat();
        let known = vocabulary();
        let mut of_text = vec![(0.0, 1); text.len() + 1];
        for run in runs {
            for (from, to) in run.words().filter(|(from, to)| to - from > 1) {
                let common = common(known, &run.chars[from..to]);
                of_text[run.offset + from..run.offset + to].fill((common, (to - from) as u8));
            }
        }
        let words = places.iter().map(|place| of_text[*place]).collect();
        let mut reading = Self {
            known,
            grams: Grams::counted(),
            folded,
            places,
            words,
            pairs: Vec::new(),
            seldom: HashMap::default(),
            less,
        };
        reading.pairs = (0..reading.folded.len()).map(|at| reading.pair_at(at)).collect();
        for at in (0..reading.folded.len().saturating_sub(1)).filter(|at| reading.pairs[*at] <= SELDOM.0) {
            *reading.seldom.entry(grams::key(&reading.folded[at..at + 2])).or_default() += 1;
        }
        reading
    }

    fn pair_at(&self, at: usize) -> u16 {
        self.folded.get(at..at + 2).map_or(0, |pair| self.reports(pair))
    }

    /// In how many other reports a stretch stands.
    fn reports(&self, stretch: &[char]) -> u16 {
        let reports = self.grams.reports(stretch);
        match &self.less {
            Some(less) if reports > 0 && less.contains(&grams::key(stretch)) => {
                Some(reports - 1).filter(|left| *left >= grams::LEAST[stretch.len()]).unwrap_or_default()
            }
            _ => reports,
        }
    }

    /// Sees every place that may be wrong.
    pub(super) fn each(&self, see: &mut dyn FnMut(Suspect)) {
        for at in AROUND..self.folded.len() - AROUND {
            let c = self.folded[at];
            if !han(Some(&c)) {
                continue;
            }
            let (front, behind) = (self.pairs[at - 1], self.pairs[at]);
            let seldom = front.min(behind) <= SELDOM.0 && front.max(behind) <= SELDOM.1;
            let (common, length) = self.words[at];
            if seldom && !(length > 1 && common > COMMON_WORD) {
                self.letter(at).into_iter().for_each(&mut *see);
            }
            if han(Some(&self.folded[at + 1])) && behind <= SELDOM.0 {
                self.missing(at + 1).into_iter().for_each(&mut *see);
            }
            if c == self.folded[at - 1] && c != self.folded[at - 2] && c != self.folded[at + 1] {
                see(self.twice(at));
            }
        }
    }

    fn window(&self, at: usize) -> Window {
        self.folded[at - AROUND..=at + AROUND].to_vec()
    }

    /// How likely a character is behind those in front of it, by how many reports hold them (natural logarithm).
    fn likely(&self, window: &[char], at: usize) -> f64 {
        let longest = (2..grams::LONGEST.min(at + 1)).rev().map(|n| n + 1).chain([2]);
        for n in longest {
            let stretch = &window[at + 1 - n..=at];
            let reports = self.reports(stretch);
            if reports > 0 {
                let front = self.reports(&stretch[..n - 1]).max(reports);
                let back = (grams::LONGEST - n) as f64 * BACK;
                return (f64::from(reports) / f64::from(front)).ln() - back;
            }
        }
        let single = self.reports(&window[at..=at]);
        let alone = if single == 0 { UNSEEN } else { (f64::from(single) / 1000.0).ln() - 2.0 };
        alone - (grams::LONGEST - 1) as f64 * BACK
    }

    /// How likely the characters from `from` to `to` of a window are.
    fn sum(&self, window: &[char], from: usize, to: usize) -> f64 {
        (from..to).map(|at| self.likely(window, at)).sum()
    }

    /// What one character may be taken for, the likeliest.
    fn letter(&self, at: usize) -> Option<Suspect> {
        const M: usize = AROUND;
        let written = self.window(at);
        let mut base = None;
        let (mut best, mut second): (Option<(f64, &Like)>, f64) = (None, f64::MIN);
        let mut meant = written.clone();
        for like in likes(written[M]) {
            meant[M] = like.right;
            let holds = |pair: &[char]| self.reports(pair) > 0;
            if !holds(&meant[M - 1..=M]) && !holds(&meant[M..M + 2]) {
                continue;
            }
            let base = *base.get_or_insert_with(|| self.sum(&written, M, M + 4));
            let gain = self.sum(&meant, M, M + 4) - base;
            match best {
                Some((most, _)) if gain <= most => second = second.max(gain),
                _ => {
                    second = best.map_or(second, |(most, _)| most);
                    best = Some((gain, like));
                }
            }
        }
        let (gain, like) = best.filter(|(gain, _)| *gain >= GAIN)?;
        meant[M] = like.right;
        let mut features = vec![gain, (gain - second).min(20.0)];
        self.of_letter(at, &written, &meant, like, &mut features);
        Some(Suspect { way: Way::Letter, at, right: like.right, features })
    }

    fn of_letter(&self, at: usize, written: &[char], meant: &[char], like: &Like, out: &mut Vec<f64>) {
        const M: usize = AROUND;
        let sound = match like.sound {
            Some(Likeness::Same) => 0.0,
            Some(Likeness::Near) => 1.0,
            None => 2.0,
        };
        out.extend([sound, f64::from(like.shape)]);
        for window in [written, meant] {
            let holds = |from: usize, to: usize| self.log(&window[from..to]);
            out.extend([holds(M - 1, M + 1), holds(M, M + 2)]);
            out.extend([holds(M - 2, M + 1), holds(M - 1, M + 2), holds(M, M + 3)]);
            out.push((M - 3..=M).map(|from| holds(from, from + 4)).fold(0.0, f64::max));
            out.extend(self.words_over(window, M));
            out.extend([holds(M, M + 1), f64::from(self.known.alone(window[M]))]);
            out.push(f64::from(little(window[M])));
        }
        for near in [at, at - 1, at + 1] {
            let (common, length) = self.words[near];
            out.extend([common, f64::from(length)]);
        }
        let times = |from: usize| {
            f64::from(self.seldom.get(&grams::key(&written[from..from + 2])).copied().unwrap_or_default().min(9))
        };
        out.extend([times(M - 1), times(M)]);
        out.extend([M - 1, M + 1, M - 2, M + 2].map(|i| f64::from(han(Some(&written[i])))));
        out.extend([M - 2, M - 1, M].map(|i| f64::from(SURNAMES.contains(written[i]))));
    }

    /// The natural logarithm of in how many reports a stretch stands, and one.
    fn log(&self, stretch: &[char]) -> f64 {
        f64::from(self.reports(stretch)).ln_1p()
    }

    /// How common the commonest words over a place are: one that ends there, one that begins there, one of three and one of four
    /// characters.
    fn words_over(&self, window: &[char], at: usize) -> [f64; 4] {
        let most = |length: usize| {
            let from = (at + 1).saturating_sub(length)..=at.min(window.len() - length);
            from.map(|from| common(self.known, &window[from..from + length])).fold(0.0, f64::max)
        };
        [common(self.known, &window[at - 1..=at]), common(self.known, &window[at..at + 2]), most(3), most(4)]
    }

    /// One character written twice: `at` is the second.
    fn twice(&self, at: usize) -> Suspect {
        const M: usize = AROUND;
        let written = self.window(at);
        let mut once = written.clone();
        once.remove(M);
        let gain = self.sum(&once, M, M + 3) - self.sum(&written, M, M + 4);
        let mut features = vec![gain];
        let stretches = [
            &written[M - 1..=M],
            &written[M - 2..=M],
            &written[M - 1..M + 2],
            &written[M - 2..M + 2],
            &written[M - 2..M],
            &written[M..M + 2],
            &once[M - 2..=M],
            &once[M - 3..=M],
            &once[M - 2..M + 2],
        ];
        features.extend(stretches.map(|stretch| self.log(stretch)));
        let words = [
            &written[M - 1..=M],
            &written[M - 2..M],
            &written[M..M + 2],
            &written[M - 3..M],
            &written[M..M + 3],
            &written[M - 2..=M],
            &written[M - 1..M + 2],
            &once[M - 2..=M],
            &once[M - 3..=M],
            &once[M - 2..M + 2],
            &once[M - 1..M + 2],
            &written[M + 1..M + 3],
            &written[M - 3..M - 1],
        ];
        features.extend(words.map(|word| common(self.known, word)));
        features.extend([M - 2, M + 1].map(|i| f64::from(han(Some(&written[i])))));
        features.extend([
            f64::from(written[M - 2] == '0'),
            f64::from("一逐".contains(written[M - 2])),
            f64::from(written[M + 1] == written[M + 2]),
            f64::from(written[M - 2] == written[M - 3]),
            f64::from(written[M - 2] == '、' || written[M + 1] == '、'),
            self.log(&written[M..=M]),
            f64::from(self.known.alone(written[M])),
            f64::from(little(written[M])),
        ]);
        Suspect { way: Way::Twice, at, right: written[M], features }
    }

    /// Whether a word ends with the first of two that are the same and one begins with the second, as in 卫生院院长, or they are a
    /// verb of what is done for a little while.
    pub(super) fn rightly_twice(&self, at: usize) -> bool {
        let word = |from: usize, to: usize| self.known.score(&self.folded[from..to]).is_some();
        let front = word(at - 2, at) || word(at - 3, at);
        front && word(at, at + 2) || A_LITTLE.contains(self.folded[at])
    }

    /// A character that is missing in front of a place: the likeliest of those that stand between its neighbours in reports.
    fn missing(&self, at: usize) -> Option<Suspect> {
        const M: usize = AROUND;
        let written = self.window(at);
        let mut base = None;
        let mut best: Option<(f64, char)> = None;
        let mut second = f64::MIN;
        let with = |right: char| [&written[..M], &[right], &written[M..]].concat();
        for right in self.grams.between(written[M - 1], written[M]) {
            let base = *base.get_or_insert_with(|| self.sum(&written, M, M + 3));
            let gain = self.sum(&with(right), M, M + 4) - base;
            match best {
                Some((most, _)) if gain <= most => second = second.max(gain),
                _ => {
                    second = best.map_or(second, |(most, _)| most);
                    best = Some((gain, right));
                }
            }
        }
        let (gain, right) = best.filter(|(gain, _)| *gain >= MISSED)?;
        let meant = with(right);
        let mut features = vec![gain, (gain - second).min(20.0)];
        for (window, from) in [(&written, M - 1), (&meant, M - 1), (&meant, M)] {
            features.push(self.log(&window[from..from + 2]));
            features.extend([from - 1, from].map(|from| self.log(&window[from..from + 3])));
            features.extend([from - 2, from - 1, from].map(|from| self.log(&window[from..from + 4])));
        }
        features.extend(self.words_over(&written, M - 1));
        features.extend(self.words_over(&written, M));
        features.extend(self.words_over(&meant, M));
        for near in [at - 2, at - 1, at, at + 1] {
            let (common, length) = self.words[near];
            features.extend([common, f64::from(length)]);
        }
        let joined = self.words[at - 1].1 > 1 && common(self.known, &written[M - 1..=M]) > 0.0;
        features.push(f64::from(joined));
        for c in [written[M - 1], written[M], right] {
            features.extend([self.log(&[c]), f64::from(self.known.alone(c)), f64::from(little(c))]);
        }
        let times = self.seldom.get(&grams::key(&written[M - 1..=M])).copied().unwrap_or_default().min(9);
        features.push(f64::from(times));
        features.extend([M - 2, M + 1].map(|i| f64::from(han(Some(&written[i])))));
        features.extend([M - 2, M - 1].map(|i| f64::from(SURNAMES.contains(written[i]))));
        Some(Suspect { way: Way::Missing, at, right, features })
    }

    /// How many characters in front of the place and from it on make the word or the stretch that was meant.
    pub(super) fn meant(&self, suspect: &Suspect) -> (usize, usize) {
        const M: usize = AROUND;
        let mut window = self.window(suspect.at);
        if suspect.way == Way::Missing {
            window.insert(M, suspect.right);
        } else {
            window[M] = suspect.right;
        }
        let mut best = (0.0, (0, 1));
        for length in 2..=4 {
            for from in M + 1 - length..=M {
                let stretch = &window[from..from + length];
                if !stretch.iter().all(|c| han(Some(c))) {
                    continue;
                }
                let worth = common(self.known, stretch) * 2.0 + self.log(stretch) + length as f64;
                if (worth - length as f64) > 0.0 && worth > best.0 {
                    best = (worth, (M - from, from + length - M));
                }
            }
        }
        best.1
    }
}

/// How common a word is: 0 for none, some 15 for the commonest.
fn common(known: &Vocabulary, word: &[char]) -> f64 {
    known.score(word).map_or(0.0, |score| 0.1 + f64::from(score) / STEPS)
}
