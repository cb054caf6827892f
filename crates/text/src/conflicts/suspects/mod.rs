//! Numbers that look as if they contradicted one another where no rule is sure: every pair, list, rest and share that could be
//! meant together is weighed by trees learned from the kept reports in which people marked contradictions
//! (`examples/learn`). What weighs enough is asked about, never told as certain, and only a few times in a text.

mod beside;
mod change;
mod gaps;
mod holds;
mod open;
mod pairs;
mod products;
mod rests;
mod signs;
mod sums;

use std::collections::HashMap;
use std::sync::OnceLock;

use super::within::plain;
use super::{Certainty, Conflict, ConflictKind, conflict};
use crate::figures::Mention;
use crate::lexicon::words;
use crate::trees::Trees;
use signs::Signs;

/// From which weight on something is asked about: its log odds.
const ASKED_FROM: f64 = -0.6;
/// The same where all is told as done and something as open: of few such clauses people mark many, and the trees have seen few.
const OPENS_ASKED_FROM: f64 = -2.0;
/// What is told for sure and weighs less is only asked about: of thirty such statements in reports not seen eighteen were wrong.
const SURE_FROM: f64 = -1.5;
/// Of so many numbers and less a statement is only weighed as a whole.
const LIST: usize = 3;
/// A text of fewer code points is no report: the trees have not learned what numbers stand alone for.
const SHORTEST: usize = 300;
/// Of so many code points one more question is asked.
const ASKED_EACH: usize = 600;

/// The trees of the families, in the order of [`Family::ALL`].
const LEARNED: &str = include_str!("learned.txt");

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
    /// Two values of one thing and how far they lie apart.
    Gaps,
    /// How many, how much of each, and how much of all.
    Products,
}

impl Family {
    /// All of them, in the order of their trees.
    pub(super) const ALL: [Self; 7] =
        [Self::Pairs, Self::Rests, Self::Sums, Self::Rates, Self::Opens, Self::Gaps, Self::Products];

    /// From which weight on it is asked about.
    fn asked_from(self) -> f64 {
        if self == Self::Opens { OPENS_ASKED_FROM } else { ASKED_FROM }
    }
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
    Twice,
    /// What may be a part exceeds its whole.
    More,
    /// What a whole and what was taken from it leave, where another rest is told.
    Rest(f64),
    /// What the items make, and the whole.
    Sum(f64, f64),
    /// A part, its whole, their share and the stated one.
    Share([f64; 4]),
    /// A part, its whole, the share of what is left and the stated one.
    Without([f64; 4]),
    /// A value, the one before it, their change and the stated one.
    Change([f64; 4]),
    /// All done here, not there.
    Open,
    /// Two values.
    Gap(f64, f64),
    /// What each is, how many there are and what all are told as.
    Product([f64; 3]),
}

impl Doubt {
    fn kind(self) -> ConflictKind {
        match self {
            Self::Twice => ConflictKind::TwoValues,
            Self::More => ConflictKind::SubsetExceedsSet,
            Self::Rest(..) | Self::Sum(..) => ConflictKind::Sum,
            Self::Share(_) | Self::Without(_) => ConflictKind::Share,
            Self::Change(_) | Self::Gap(..) => ConflictKind::Change,
            Self::Product(_) => ConflictKind::Product,
            Self::Open => ConflictKind::AllDoneVsUnfinished,
        }
    }

    /// What to tell the reader, in Chinese, with the numbers in the text's own words.
    fn reason(self, told: &[String]) -> String {
        let [first, second, last] = [0, 1, told.len() - 1].map(|n| told.get(n).map_or("", String::as_str));
        match self {
            Self::Twice => format!("前面是{first}，这里是{second}；若说的是同一件事，请核对"),
            Self::More => format!("前面是{first}，这里是{second}；若后者在前者之内，就不会多于它，请核对"),
            Self::Rest(right) => {
                let right = written_as(right, last);
                format!("{first}减{second}为{right}，文中为{last}；若说的是同一批，请核对")
            }
            Self::Sum(sum, whole) => {
                let (sum, whole) = (written_as(sum, first), written_as(whole, first));
                format!("各项相加为{sum}，文中为{whole}；若这些就是全部，请核对")
            }
            Self::Share([x, y, right, rate]) => {
                let (x, y, rate) = (written_as(x, first), written_as(y, first), plain(rate));
                format!("{x}占{y}的{right:.1}%，文中为{rate}%；若说的是它们，请核对")
            }
            Self::Without([x, y, right, rate]) => {
                let (x, y, rate) = (written_as(x, first), written_as(y, first), plain(rate));
                format!("{y}中除去{x}占{right:.1}%，文中为{rate}%；若说的是它们，请核对")
            }
            Self::Gap(x, y) => {
                let gap = written_as((x - y).abs(), last);
                format!("{first}与{second}相差{gap}，文中为{last}；若说的是它们，请核对")
            }
            Self::Product([each, count, whole]) => {
                let made = written_as(each * count, first);
                let (each, count) = (plain(each), plain(count));
                format!(
                    "每份{each}、共{count}份应为{made}，文中为{}；若说的是它们，请核对",
                    written_as(whole, first)
                )
            }
            Self::Change([x, y, right, rate]) => {
                let (x, y, rate) = (written_as(x, first), written_as(y, first), plain(rate));
                format!("由{y}到{x}变化{right:.1}%，文中为{rate}%；若说的是它们，请核对")
            }
            Self::Open => "一处称全部如此，另一处说还有没有的；若说的是同一批，请核对".to_string(),
        }
    }
}

/// A number in 万 or 亿 where another one is told so: 41.8万.
fn written_as(value: f64, told: &str) -> String {
    let of = [(1e8, '亿'), (1e4, '万')].into_iter().find(|(_, word)| told.contains(*word));
    let short = |(scale, word): (f64, char)| {
        let digits = format!("{:.4}", value / scale);
        format!("{}{word}", digits.trim_end_matches('0').trim_end_matches('.'))
    };
    of.map_or_else(|| plain(value), short)
}

/// What a suspect weighs: its log odds.
fn weight(family: Family, features: &[f64]) -> f64 {
    static TREES: OnceLock<Vec<Trees>> = OnceLock::new();
    let of = Family::ALL.iter().position(|f| *f == family).unwrap_or(0);
    TREES.get_or_init(|| Trees::read(LEARNED)).get(of).map_or(f64::MIN, |trees| trees.weight(features))
}

/// Weighs all that a text may say wrongly: what is told for sure and weighs next to nothing is asked about instead, and what is
/// not told and weighs enough is asked about as well.
pub(super) fn weigh(chars: &[char], mentions: &[Mention], told: &mut Vec<Conflict>) {
    if chars.len() < SHORTEST {
        return;
    }
    let mut told_for_sure = Sure::of(told);
    let mut weighed: Vec<(f64, Suspect)> = Vec::new();
    each(chars, mentions, &mut |suspect| {
        let weight = weight(suspect.family, &suspect.features);
        told_for_sure.weigh(&suspect.spans, weight);
        if weight >= suspect.family.asked_from() {
            weighed.push((weight, suspect));
        }
    });
    for (conflict, weight) in told.iter_mut().zip(told_for_sure.weights) {
        if weight.is_some_and(|weight| weight < SURE_FROM) {
            conflict.strength = Certainty::Query;
        }
    }
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.spans.cmp(&b.1.spans)));
    ask(chars, weighed, told);
}

/// Adds what weighs most and touches nothing that is told or asked about already.
fn ask(chars: &[char], weighed: Vec<(f64, Suspect)>, told: &mut Vec<Conflict>) {
    let mut taken = vec![false; chars.len()];
    told.iter().flat_map(|c| &c.spans).for_each(|[s, e]| taken[*s..*e].fill(true));
    let most = told.len() + 1 + chars.len() / ASKED_EACH;
    for (_, suspect) in weighed {
        if told.len() == most {
            break;
        }
        if suspect.spans.iter().all(|(s, e)| !taken[*s..*e].contains(&true)) {
            suspect.spans.iter().for_each(|(s, e)| taken[*s..*e].fill(true));
            let words = suspect.spans.iter().map(|(s, e)| words(chars, *s, *e)).collect::<Vec<_>>();
            let (kind, reason) = (suspect.doubt.kind(), suspect.doubt.reason(&words));
            told.push(conflict(chars, &suspect.spans, kind, Certainty::Query, reason));
        }
    }
}

/// What is told for sure, and the most that its numbers weigh together.
struct Sure {
    spans: Vec<Vec<(usize, usize)>>,
    weights: Vec<Option<f64>>,
    /// Which of them hold a number.
    with: HashMap<(usize, usize), Vec<usize>>,
}

impl Sure {
    fn of(told: &[Conflict]) -> Self {
        let mut sure = Self { spans: Vec::new(), weights: vec![None; told.len()], with: HashMap::new() };
        for (at, conflict) in told.iter().enumerate() {
            let spans: Vec<(usize, usize)> = conflict.spans.iter().map(|[s, e]| (*s, *e)).collect();
            // 412万，比上年的395万下降4.3%: that it went the other way is told by the words.
            let way = conflict.kind == ConflictKind::Change && spans.len() > 2;
            if conflict.strength == Certainty::Certain && !way {
                spans.iter().for_each(|span| sure.with.entry(*span).or_default().push(at));
            }
            sure.spans.push(spans);
        }
        sure
    }

    /// Takes note of what some numbers weigh, for what tells the same of them; of long lists one may be missing or too many.
    fn weigh(&mut self, of: &[(usize, usize)], weight: f64) {
        let with = of.iter().filter_map(|span| self.with.get(span)).flatten();
        let mut with: Vec<usize> = with.copied().collect();
        with.sort_unstable();
        with.dedup();
        for at in with {
            let own = &self.spans[at];
            let shared = of.iter().filter(|span| own.contains(span)).count();
            let same = shared == own.len() && shared == of.len();
            let list = own.len() > LIST && shared + 1 >= own.len() && shared + 1 >= of.len();
            if same || list {
                let most = self.weights[at].unwrap_or(f64::MIN);
                self.weights[at] = Some(weight.max(most));
            }
        }
    }
}

/// Shows all that could be meant together and does not agree.
pub(super) fn each(chars: &[char], mentions: &[Mention], see: &mut dyn FnMut(Suspect)) {
    let signs = Signs::of(chars, mentions);
    pairs::each(&signs, see);
    rests::each(&signs, see);
    sums::each(&signs, see);
    change::each(&signs, see);
    open::each(chars, mentions, see);
    gaps::each(&signs, see);
    products::each(&signs, see);
}

#[cfg(test)]
mod tests {
    use super::{ASKED_EACH, Doubt, Family, LEARNED, Suspect, Trees, ask, written_as};

    fn suspect(at: usize) -> Suspect {
        let spans = vec![(at, at + 2), (at + 10, at + 12)];
        Suspect { family: Family::Pairs, spans, features: Vec::new(), doubt: Doubt::Twice }
    }

    #[test]
    fn the_learned_trees_are_whole() {
        let families = Trees::read(LEARNED);
        assert_eq!(families.len(), Family::ALL.len());
        assert!(families.iter().all(Trees::whole));
    }

    /// However much looks odd in it, a text is asked about once in so many code points and once more, the heaviest first.
    #[test]
    fn a_text_is_asked_about_only_a_few_times() {
        let chars = vec!['三'; 2 * ASKED_EACH];
        let mut told = Vec::new();
        ask(&chars, (0..10).map(|n| (5.0 - f64::from(n), suspect(20 * n as usize))).collect(), &mut told);
        assert_eq!(told.iter().map(|c| c.start).collect::<Vec<_>>(), [0, 20, 40]);
    }

    #[test]
    fn numbers_are_written_as_the_text_writes_them() {
        assert_eq!(written_as(418_000.0, "36.5万亩"), "41.8万");
        assert_eq!(written_as(240_000_000.0, "2.6亿元"), "2.4亿");
        assert_eq!(written_as(57.0, "61处"), "57");
        let told = ["5814万元", "5060万元", "412万元"].map(str::to_owned);
        let reason = Doubt::Rest(7_540_000.0).reason(&told);
        assert_eq!(reason, "5814万元减5060万元为754万，文中为412万元；若说的是同一批，请核对");
    }

    /// What touches something that is told already is not asked about as well.
    #[test]
    fn nothing_is_asked_about_twice() {
        let chars = vec!['三'; 2 * ASKED_EACH];
        let mut told = Vec::new();
        ask(&chars, vec![(2.0, suspect(0)), (1.0, suspect(1)), (0.5, suspect(40))], &mut told);
        assert_eq!(told.iter().map(|c| c.start).collect::<Vec<_>>(), [0, 40]);
    }
}
