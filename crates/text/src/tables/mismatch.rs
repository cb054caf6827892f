//! Sums and rates of a table that do not come out, each told once.

use super::grid::Value;
use crate::conflicts::{Certainty, Conflict, ConflictKind};
use crate::lexicon::words;

/// Cells that are told beside the wrong one at most: of a long column it is enough to say how many there are.
const BESIDE_MAX: usize = 6;

/// A number that is not what others make.
#[derive(Clone, Debug)]
pub(super) struct Mismatch {
    pub kind: ConflictKind,
    pub certain: bool,
    /// The number that is taken for the wrong one.
    pub stated: Value,
    /// What should stand there.
    pub right: f64,
    /// What it is made of.
    pub parts: Vec<Value>,
    /// What it is and how it is made: “合计”行“问题数”栏, 以上3行相加.
    pub place: String,
    pub how: String,
}

impl Mismatch {
    /// What the parts make more than is stated.
    fn over(&self) -> f64 {
        self.right - self.stated.number
    }

    pub fn conflict(self, chars: &[char]) -> Conflict {
        let digits = self.parts.iter().map(|part| part.decimals).chain([self.stated.decimals]).max();
        let digits =
            if self.kind == ConflictKind::Share { self.stated.decimals } else { digits.unwrap_or(0) };
        let percent = if self.stated.percent { "%" } else { "" };
        let told = self.stated.decimals;
        let reason = format!(
            "{}{}应为{:.digits$}{percent}，文中为{:.told$}{percent}",
            self.place, self.how, self.right, self.stated.number
        );
        let beside = if self.parts.len() <= BESIDE_MAX { &self.parts[..] } else { &[] };
        let spans: Vec<[usize; 2]> =
            [&self.stated].into_iter().chain(beside).map(|value| [value.span.0, value.span.1]).collect();
        Conflict {
            start: spans[0][0],
            end: spans[0][1],
            quotes: spans.iter().map(|[start, end]| words(chars, *start, *end).trim().to_owned()).collect(),
            spans,
            kind: self.kind,
            strength: if self.certain { Certainty::Certain } else { Certainty::Query },
            reason,
        }
    }
}

/// One number that is wrong breaks the sum of its row and that of its column: it is told itself, and neither sum.
pub(super) fn told_once(wrong: Vec<Mismatch>) -> Vec<Mismatch> {
    let mut left: Vec<Option<Mismatch>> = wrong.into_iter().map(Some).collect();
    for at in 0..left.len() {
        for other in at + 1..left.len() {
            let (Some(one), Some(two)) = (&left[at], &left[other]) else { continue };
            match between(one, two) {
                Between::Nothing => {}
                Between::OneOnly => left[other] = None,
                Between::TwoOnly => left[at] = None,
                Between::Cell(cell) => {
                    let told = Mismatch {
                        certain: one.certain || two.certain,
                        stated: cell,
                        right: cell.number - one.over(),
                        parts: vec![one.stated, two.stated],
                        place: format!("{}与{}都差同一个数，这一格", one.place, two.place),
                        how: String::new(),
                        ..one.clone()
                    };
                    (left[at], left[other]) = (Some(told), None);
                }
            }
        }
    }
    left.into_iter().flatten().collect()
}

enum Between {
    Nothing,
    OneOnly,
    TwoOnly,
    /// The one number of both.
    Cell(Value),
}

fn between(one: &Mismatch, two: &Mismatch) -> Between {
    let holds = |whole: &Mismatch, cell: &Value| whole.parts.iter().any(|part| part.span == cell.span);
    let opposite = (one.over() + two.over()).abs() < 1e-6;
    if one.stated.span == two.stated.span || (opposite && holds(two, &one.stated)) {
        return Between::OneOnly;
    }
    if opposite && holds(one, &two.stated) {
        return Between::TwoOnly;
    }
    let mut both = one.parts.iter().filter(|part| holds(two, part));
    match (both.next(), both.next()) {
        (Some(cell), None) if (one.over() - two.over()).abs() < 1e-6 => Between::Cell(*cell),
        _ => Between::Nothing,
    }
}
