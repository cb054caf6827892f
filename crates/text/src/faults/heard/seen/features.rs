//! What the trees look at around a place that may be wrong.

use std::collections::HashSet;

use super::super::vocabulary::{Likeness, Vocabulary, vocabulary};
use super::super::{Run, SURNAMES, little};
use super::grams::{self, Grams};
use super::likes::{Like, likes};
use super::{A_LITTLE, ALWAYS, Suspect, Way, han};
use crate::faults::stutter;

/// Hardly any report holds what stands in so many; how far around a place and how often it is counted.
const HARDLY: u16 = 3;
const COUNTED_AROUND: usize = 10_000;
const TIMES: usize = 9;
/// So many places are counted before it is asked whether that is enough.
const COUNTED_AT_ONCE: usize = 256;
/// How many characters in front of a place and behind it are looked at: a number is one.
const AROUND: usize = 4;
/// Where the place itself stands among them.
const M: usize = AROUND;
/// A character that is no part of a longer word is looked at where reports hold none of the two pairs around it together, and the
/// other one in no more than so many.
const SELDOM: u16 = 20;
/// Steps of the dictionary's scale of commonness for one unit of what the trees look at.
const STEPS: f64 = 4300.0;
/// What one character less that was counted takes from how likely a character is (natural logarithm).
const BACK: f64 = 0.9;
/// How likely a character is by itself that stands in no report, against one that stands in all.
const UNSEEN: f64 = -8.0;
/// What a character gains at least that is looked at instead.
const GAIN: f64 = 3.5;

/// What stands around a place as it is looked at.
pub(super) struct Reading<'a> {
    known: &'static Vocabulary,
    grams: &'static Grams,
    text: &'a [char],
    /// The stretch of Han characters that the place is in, in its words.
    run: Option<&'a Run<'a>>,
    /// What is around the place as it is counted, and of each of these characters the place in the text.
    folded: Window,
    places: [usize; 2 * AROUND + 1],
    /// Stretches that stand in one report less than was counted.
    less: Option<&'a HashSet<u64>>,
}

/// The characters around a place: [`AROUND`] of them, the place itself, [`AROUND`] more.
type Window = [char; 2 * AROUND + 1];

/// Sees every place of a text that may be wrong, but those that are taken.
pub(super) fn each(
    text: &[char],
    runs: &[Run<'_>],
    (taken, less): (&[bool], Option<&HashSet<u64>>),
    see: &mut dyn FnMut(&Reading<'_>, Suspect),
) {
    let grams = Grams::counted();
    for run in runs {
        for at in run.words().filter(|(from, to)| to - from == 1).map(|(from, _)| run.offset + from) {
            if taken[at] {
                continue;
            }
            let beside =
                |at: Option<usize>| at.and_then(|at| text.get(at)).map_or(grams::END, grams::as_counted);
            let near = [beside(at.checked_sub(1)), text[at], beside(Some(at + 1))];
            let held = [grams.holds_pair(near[0], near[1]), grams.holds_pair(near[1], near[2])];
            if held == [true, true] && less.is_none() {
                continue;
            }
            // What is not held stands in none.
            let in_reports = |n: usize| if held[n] { reports(grams, less, &near[n..n + 2]) } else { 0 };
            let (front, behind) = (in_reports(0), in_reports(1));
            if front.min(behind) == 0 && front.max(behind) <= SELDOM {
                let reading = Reading::around(text, Some(run), at, less);
                reading.letter().into_iter().for_each(|suspect| see(&reading, suspect));
            }
        }
    }
    let same = |a: usize, b: usize| text.get(a).is_some() && text.get(a) == text.get(b);
    for at in (1..text.len()).filter(|at| text[*at] == text[at - 1] && han(text.get(*at))) {
        if !taken[at] && !same(at, at + 1) && (at == 1 || !same(at, at - 2)) {
            let reading = Reading::around(text, None, at, less);
            see(&reading, reading.twice());
        }
    }
}

/// In how many other reports a stretch stands.
fn reports(grams: &Grams, less: Option<&HashSet<u64>>, stretch: &[char]) -> u16 {
    let reports = grams.reports(stretch);
    match less {
        Some(less) if reports > 0 && less.contains(&grams::key(stretch)) => {
            Some(reports - 1).filter(|left| *left >= grams::LEAST[stretch.len()]).unwrap_or_default()
        }
        _ => reports,
    }
}

impl<'a> Reading<'a> {
    /// What stands around a place.
    fn around(text: &'a [char], run: Option<&'a Run<'a>>, at: usize, less: Option<&'a HashSet<u64>>) -> Self {
        let (mut folded, mut places) = ([grams::END; 2 * AROUND + 1], [text.len(); 2 * AROUND + 1]);
        let mut put = |i: usize, at: usize| (folded[i], places[i]) = (grams::as_counted(&text[at]), at);
        let mut front = at;
        for i in (0..M).rev() {
            if front > 0 {
                front = grams::in_front(text, front);
                put(i, front);
            }
        }
        let mut behind = at;
        for i in M..=2 * M {
            if behind < text.len() {
                put(i, behind);
                behind = grams::behind(text, behind);
            }
        }
        Self { known: vocabulary(), grams: Grams::counted(), text, run, folded, places, less }
    }

    /// Where the place is in the text.
    pub(super) fn place(&self) -> usize {
        self.places[M]
    }

    /// How common and how long the word is that a character is in.
    fn word(&self, at: usize) -> (f64, u8) {
        let place = self.places[at];
        let within = self.run.and_then(|run| {
            let at = place.checked_sub(run.offset)?;
            let (from, to) = run.words().find(|(from, to)| *from <= at && at < *to)?;
            (to - from > 1).then(|| (common(self.known, &run.chars[from..to]), (to - from) as u8))
        });
        within.unwrap_or((0.0, 1))
    }

    /// How often a pair that hardly any report holds stands around here in the text.
    fn times(&self, pair: &[char]) -> f64 {
        if self.reports(pair) > HARDLY {
            return 0.0;
        }
        let place = self.place();
        let (from, to) = (place.saturating_sub(COUNTED_AROUND), self.text.len().min(place + COUNTED_AROUND));
        let mut times = 0;
        for begin in (from..to).step_by(COUNTED_AT_ONCE) {
            let some = &self.text[begin..to.min(begin + COUNTED_AT_ONCE + 1)];
            // All of them are counted, not just the first few: several are compared at once that way.
            let pairs = some.iter().zip(&some[1..]);
            times += pairs.map(|(a, b)| usize::from(*a == pair[0] && *b == pair[1])).sum::<usize>();
            if times >= TIMES {
                break;
            }
        }
        times.clamp(1, TIMES) as f64
    }

    /// Whether a character stands in other reports behind the one in front of the place, or in front of the one behind it.
    fn fits(&self, like: &Like) -> bool {
        let (front, behind) = (self.folded[M - 1], self.folded[M + 1]);
        match self.less {
            Some(_) => self.reports(&[front, like.right]) > 0 || self.reports(&[like.right, behind]) > 0,
            None => {
                let (front, behind) = (self.grams.rank(front), self.grams.rank(behind));
                self.grams.holds_behind(front, like.rank) || self.grams.holds_in_front(like.rank, behind)
            }
        }
    }

    fn reports(&self, stretch: &[char]) -> u16 {
        reports(self.grams, self.less, stretch)
    }

    /// How likely a character is behind those in front of it, by how many reports hold them (natural logarithm).
    fn likely(&self, window: &[char], at: usize) -> f64 {
        // What no report holds is part of nothing longer that one holds.
        let mut held = None;
        for n in 2..=grams::LONGEST.min(at + 1) {
            let stretch = &window[at + 1 - n..=at];
            let reports = self.reports(stretch);
            if reports == 0 {
                break;
            }
            held = Some((n, reports));
        }
        if let Some((n, reports)) = held {
            let front = self.reports(&window[at + 1 - n..at]).max(reports);
            let back = (grams::LONGEST - n) as f64 * BACK;
            return (f64::from(reports) / f64::from(front)).ln() - back;
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
    fn letter(&self) -> Option<Suspect> {
        let written = self.folded;
        let mut base = None;
        let (mut best, mut second): (Option<(f64, &Like)>, f64) = (None, f64::MIN);
        let mut meant = written;
        for like in likes(written[M]).iter().filter(|like| self.fits(like)) {
            meant[M] = like.right;
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
        self.of_letter(&meant, like, &mut features);
        Some(Suspect { way: Way::Letter, right: like.right, features })
    }

    fn of_letter(&self, meant: &Window, like: &Like, out: &mut Vec<f64>) {
        let written = &self.folded;
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
        for near in [M, M - 1, M + 1] {
            let (common, length) = self.word(near);
            out.extend([common, f64::from(length)]);
        }
        let times = |from: usize| self.times(&written[from..from + 2]);
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

    /// One character written twice: the place is that of the second.
    fn twice(&self) -> Suspect {
        let written = self.folded;
        let once: [char; 2 * AROUND] = std::array::from_fn(|i| written[i + usize::from(i >= M)]);
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
        Suspect { way: Way::Twice, right: written[M], features }
    }

    /// Whether a word ends with the first of two that are the same and one begins with the second, as in 卫生院院长, or they are a
    /// verb of what is done for a little while.
    pub(super) fn rightly_twice(&self) -> bool {
        let word = |from: usize, to: usize| self.known.score(&self.folded[from..to]).is_some();
        let (this, begins) = (self.folded[M], word(M, M + 2));
        let front = word(M - 2, M) || word(M - 3, M);
        // 茶坪村村干部: a name ends, and a word of three begins.
        let body = stutter::ends_name(this) && (begins || word(M, M + 3));
        // 困难重重
        let heaped = this == '重' && !han(Some(&self.folded[M + 1]));
        front && begins
            || body
            || heaped
            || stutter::a_little(&self.folded[M..M + 2])
            || A_LITTLE.contains(this)
            || ALWAYS.contains(this)
    }

    /// Whether something is done a bit there: 掂一掂, 晒一晒.
    pub(super) fn a_bit(&self) -> bool {
        let two = |from: usize| self.folded[from] == self.folded[from + 2] && self.folded[from + 1] == '一';
        two(M - 2) || two(M)
    }

    /// How many characters in front of the place and from it on make the word or the stretch that was meant.
    pub(super) fn meant(&self, suspect: &Suspect) -> (usize, usize) {
        let mut window = self.folded;
        window[M] = suspect.right;
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
