//! Numbers that look as if they contradicted one another where no rule is sure: every pair, list, rest and share that could be
//! meant together is weighed by trees learned from the kept reports in which people marked contradictions
//! (`examples/learn.rs`). What weighs enough is asked about, never told as certain, and only a few times in a text.

mod beside;
mod change;
mod holds;
mod open;
mod pairs;
mod rests;
mod signs;
mod sums;
mod trees;

use super::within::plain;
use super::{Certainty, Conflict, ConflictKind, conflict};
use crate::figures::Mention;
use signs::Signs;

/// From which weight on something is asked about: its log odds.
const ASKED_FROM: f64 = -1.0;
/// A text of fewer code points is no report: the trees have not learned what numbers stand alone for.
const SHORTEST: usize = 300;
/// Of so many code points one more question is asked.
const ASKED_EACH: usize = 600;

/// A relation between numbers in which the trees weigh a suspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Two counts of the same.
    Pairs,
    /// A whole, what is taken from it and what is left.
    Rests,
    /// A whole and its parts.
    Sums,
    /// Two counts and the share or change they make.
    Rates,
    /// All done in one clause, not all in another.
    Opens,
}

impl Family {
    /// All of them, in the order of their trees.
    pub(super) const ALL: [Self; 5] = [Self::Pairs, Self::Rests, Self::Sums, Self::Rates, Self::Opens];
}

/// Numbers that may contradict one another.
#[derive(Debug)]
pub(super) struct Suspect {
    pub family: Family,
    /// Where the numbers stand, in the order of the text.
    pub spans: Vec<(usize, usize)>,
    /// What the trees look at; each family has its own order.
    pub features: Vec<f64>,
    pub doubt: Doubt,
}

/// What looks wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Doubt {
    /// Two values of what may be one thing.
    Twice(f64, f64),
    /// What may be a part exceeds its whole.
    More(f64, f64),
    /// A whole, what was taken from it, and another rest than they leave.
    Rest(f64, f64, f64),
    /// What the items make, and the whole.
    Sum(f64, f64),
    /// A part, its whole, their share and the stated one.
    Share([f64; 4]),
    /// A value, the one before it, their change and the stated one.
    Change([f64; 4]),
    /// All done here, not there.
    Open,
}

impl Doubt {
    fn kind(self) -> ConflictKind {
        match self {
            Self::Twice(..) => ConflictKind::TwoValues,
            Self::More(..) => ConflictKind::SubsetExceedsSet,
            Self::Rest(..) | Self::Sum(..) => ConflictKind::Sum,
            Self::Share(_) => ConflictKind::Share,
            Self::Change(_) => ConflictKind::Change,
            Self::Open => ConflictKind::AllDoneVsUnfinished,
        }
    }

    /// What to tell the reader, in Chinese.
    fn reason(self) -> String {
        match self {
            Self::Twice(a, b) => {
                format!("前面是{}，这里是{}；若说的是同一件事，请核对", plain(a), plain(b))
            }
            Self::More(a, b) => {
                format!("前面是{}，这里是{}；若后者在前者之内，就不会多于它，请核对", plain(a), plain(b))
            }
            Self::Rest(a, b, c) => {
                let right = plain(a - b);
                format!("{}减{}为{right}，文中为{}；若说的是同一批，请核对", plain(a), plain(b), plain(c))
            }
            Self::Sum(sum, whole) => {
                format!("各项相加为{}，文中为{}；若这些就是全部，请核对", plain(sum), plain(whole))
            }
            Self::Share([x, y, right, rate]) => {
                let (x, y, rate) = (plain(x), plain(y), plain(rate));
                format!("{x}占{y}的{right:.1}%，文中为{rate}%；若说的是它们，请核对")
            }
            Self::Change([x, y, right, rate]) => {
                let (x, y, rate) = (plain(x), plain(y), plain(rate));
                format!("由{y}到{x}变化{right:.1}%，文中为{rate}%；若说的是它们，请核对")
            }
            Self::Open => "一处称全部如此，另一处说还有没有的；若说的是同一批，请核对".to_string(),
        }
    }
}

/// What is asked about besides what is told already.
pub(super) fn asked(chars: &[char], mentions: &[Mention], told: &[Conflict]) -> Vec<Conflict> {
    if chars.len() < SHORTEST {
        return Vec::new();
    }
    let mut weighed: Vec<(f64, Suspect)> = Vec::new();
    each(chars, mentions, &mut |suspect| {
        let weight = trees::weight(suspect.family, &suspect.features);
        if weight >= ASKED_FROM {
            weighed.push((weight, suspect));
        }
    });
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.spans.cmp(&b.1.spans)));
    let mut taken: Vec<[usize; 2]> = told.iter().flat_map(|c| c.spans.clone()).collect();
    let most = 1 + chars.len() / ASKED_EACH;
    let mut asked = Vec::new();
    for (_, suspect) in weighed {
        let known = |(s, e): &(usize, usize)| taken.iter().any(|t| t[0] < *e && *s < t[1]);
        if asked.len() == most {
            break;
        }
        if !suspect.spans.iter().any(known) {
            taken.extend(suspect.spans.iter().map(|(s, e)| [*s, *e]));
            asked.push(conflict(
                chars,
                &suspect.spans,
                suspect.doubt.kind(),
                Certainty::Query,
                suspect.doubt.reason(),
            ));
        }
    }
    asked
}

/// Shows all that could be meant together and does not agree.
pub(super) fn each(chars: &[char], mentions: &[Mention], see: &mut dyn FnMut(Suspect)) {
    let signs = Signs::of(chars, mentions);
    pairs::each(&signs, see);
    rests::each(&signs, see);
    sums::each(&signs, see);
    change::each(&signs, see);
    open::each(chars, mentions, see);
}
