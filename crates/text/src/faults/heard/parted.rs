//! A text parted into its likeliest words.

use super::vocabulary::{likely, vocabulary};
use super::{Run, han};

/// Longest stretch read at once, in characters: writing without marks is cut here.
const RUN_MAX: usize = 200;

/// The likeliest parting of a text into words: of all its stretches of Han characters, one behind the other.
#[derive(Default)]
pub(super) struct Parted {
    /// Where each stretch begins and ends in the text, and where its first place and its first word stand below.
    stretches: Vec<(usize, usize, usize, usize)>,
    /// How likely the best parting of what is in front of a place is; each stretch has one place more than characters.
    front: Vec<f32>,
    /// How likely the best parting of what is behind a place is.
    behind: Vec<f32>,
    /// Where the words end, from the beginning of their stretch on.
    ends: Vec<usize>,
}

/// What a parting needs while it is made: kept from one stretch to the next.
#[derive(Default)]
struct Scratch {
    from: Vec<usize>,
    edges: Vec<(u32, u32, f32)>,
}

impl Parted {
    pub(super) fn of(text: &[char]) -> Self {
        let mut scratch = Scratch::default();
        let mut parted = Self::default();
        let mut at = 0;
        while at < text.len() {
            let most = &text[at..text.len().min(at + RUN_MAX)];
            let end = at + most.iter().position(|c| !han(Some(c))).unwrap_or(most.len());
            if end > at + 1 {
                parted.stretches.push((at, end, parted.front.len(), parted.ends.len()));
                parted.part(&text[at..end], &mut scratch);
            }
            at = end.max(at + 1);
        }
        parted
    }

    /// Parts the next stretch.
    fn part(&mut self, run: &[char], Scratch { from, edges }: &mut Scratch) {
        let (n, known) = (run.len(), vocabulary());
        // Asked for first: where a question does not wait for the answer to the last, memory answers several at once.
        edges.clear();
        for at in 0..n {
            edges.push((at as u32, at as u32 + 1, known.alone(run[at])));
            let mut edge =
                |length: usize, score| edges.push((at as u32, (at + length) as u32, likely(score)));
            known.beginning(&run[at..], &mut edge);
        }
        let place = self.front.len();
        self.front.resize(place + n + 1, f32::MIN);
        self.behind.resize(place + n + 1, f32::MIN);
        let (front, behind) = (&mut self.front[place..], &mut self.behind[place..]);
        from.clear();
        from.resize(n + 1, 0);
        front[0] = 0.0;
        for &(at, to, gain) in edges.iter() {
            let (at, to) = (at as usize, to as usize);
            if front[at] + gain > front[to] {
                (front[to], from[to]) = (front[at] + gain, at);
            }
        }
        behind[n] = 0.0;
        for &(at, to, gain) in edges.iter().rev() {
            let (at, to) = (at as usize, to as usize);
            behind[at] = behind[at].max(behind[to] + gain);
        }
        let first = self.ends.len();
        let mut end = n;
        while end > 0 {
            self.ends.push(end);
            end = from[end];
        }
        self.ends[first..].reverse();
    }

    /// The stretches, each in its words.
    pub(super) fn runs<'a>(&'a self, text: &'a [char]) -> Vec<Run<'a>> {
        let last_ends = self.stretches.iter().skip(1).map(|next| next.3).chain([self.ends.len()]);
        let runs = self.stretches.iter().zip(last_ends).map(|(&(from, to, place, first), last)| Run {
            known: vocabulary(),
            chars: &text[from..to],
            offset: from,
            front: &self.front[place..=place + to - from],
            behind: &self.behind[place..=place + to - from],
            ends: &self.ends[first..last],
        });
        runs.collect()
    }
}
