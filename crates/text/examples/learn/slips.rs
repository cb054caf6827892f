//! The trees that weigh characters that may be wrong, or are written twice: what people marked, and what was altered on purpose.

use bihuan_text::{slips, taken_for};

use super::boost::Booster;
use super::chance::Chance;
use super::{Report, Rows, Span};

/// How many characters of each report are altered at once, how often that is done, and how much what was altered counts.
const ALTERED: usize = 12;
const ROUNDS: usize = 2;
const COUNTS: f64 = 0.3;
/// One of so many alterations takes a character that sounds nearly alike.
const NEARLY: usize = 5;
/// How far around what people marked nothing is altered.
const AROUND: usize = 3;

/// The trees for characters written twice, or for one that stands for another.
pub(super) fn learned(reports: &[Report], what: &str) -> String {
    let mut rows = Rows::default();
    for (n, report) in reports.iter().enumerate() {
        for slip in slips(&report.text, &report.text).into_iter().filter(|slip| slip.what == what) {
            let (start, end) = (slip.start, slip.start + if what == "twice" { 2 } else { 1 });
            let marked = report.faults.iter().any(|fault| fault.0 < end && start < fault.1);
            rows.push(slip.features, marked, 1.0);
        }
        for round in 0..ROUNDS {
            let altered = Altered::of(report, what, n * ROUNDS + round);
            for slip in slips(&altered.text, &report.text).into_iter().filter(|slip| slip.what == what) {
                if altered.places.contains(&(slip.start, slip.right)) {
                    rows.push(slip.features, true, COUNTS);
                }
            }
        }
    }
    println!("{}", rows.told());
    Booster::new(&rows).trees()
}

/// A report in which some characters are altered: where, and what stood there.
struct Altered {
    text: String,
    places: Vec<(usize, char)>,
}

impl Altered {
    fn of(report: &Report, what: &str, seed: usize) -> Self {
        let mut chars: Vec<char> = report.text.chars().collect();
        let mut chance = Chance(seed as u64);
        let near = |at: usize, (start, end): &Span| at + AROUND >= *start && at < end + AROUND;
        let free = |at: &usize| !report.faults.iter().any(|fault| near(*at, fault));
        let mut at: Vec<usize> = (0..ALTERED)
            .map(|_| chance.below(chars.len()))
            .filter(|at| free(at) && han(chars[*at]))
            .collect();
        at.sort_unstable();
        at.dedup();
        let mut places = Vec::new();
        // From behind, so that places in front stay where they are.
        for at in at.into_iter().rev() {
            let own = chars[at];
            let alone = chars.get(at + 1) != Some(&own) && (at == 0 || chars[at - 1] != own);
            match what {
                "twice" if alone => {
                    chars.insert(at, own);
                    places.iter_mut().for_each(|(place, _)| *place += 1);
                    places.push((at, own));
                }
                "letters" => {
                    if let Some(other) = other(own, &mut chance) {
                        chars[at] = other;
                        places.push((at, own));
                    }
                }
                _ => {}
            }
        }
        Self { text: chars.into_iter().collect(), places }
    }
}

/// A character that is typed for this one: the commoner, the likelier.
fn other(own: char, chance: &mut Chance) -> Option<char> {
    let nearly = chance.below(NEARLY) == 0;
    let all: Vec<(char, usize)> = taken_for(own)
        .into_iter()
        .filter(|(_, plain, reports)| (*plain || nearly) && *reports > 0)
        .map(|(c, _, reports)| (c, usize::from(reports).isqrt()))
        .collect();
    let mut left = chance.below(all.iter().map(|(_, weight)| weight).sum());
    all.into_iter()
        .find(|(_, weight)| {
            let found = left < *weight;
            left = left.saturating_sub(*weight);
            found
        })
        .map(|(c, _)| c)
}

fn han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}
