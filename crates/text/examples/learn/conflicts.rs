//! The trees that weigh numbers that may contradict one another.

use super::{Report, Rows, Span, altered};
use crate::boost::Booster;

/// How many families there are, and which of them is told by words and not by numbers alone.
const FAMILIES: usize = 7;
const WORDS_ALONE: usize = 4;
/// How often each report is altered, and how much a suspect of an altered one counts.
const ROUNDS: usize = 3;
const ALTERED: f64 = 0.5;

/// The trees of all families.
pub(super) fn learned(reports: &[Report]) -> String {
    let mut families: Vec<Rows> = (0..FAMILIES).map(|_| Rows::default()).collect();
    for (read, report) in reports.iter().enumerate() {
        add(&mut families, &report.text, &report.conflicts, 1.0);
        for round in 0..ROUNDS {
            let (text, marked) = altered::report(&report.text, &report.conflicts, read * ROUNDS + round);
            add(&mut families, &text, &marked, ALTERED);
        }
    }
    let trees = |rows| move || Booster::new(rows).trees();
    let written: Vec<String> = std::thread::scope(|scope| {
        let started: Vec<_> = families.iter().map(|rows| scope.spawn(trees(rows))).collect();
        started.into_iter().map(|one| one.join().expect("BUG: learning ended early")).collect()
    });
    for (n, rows) in families.iter().enumerate() {
        println!("family {n}: {}", rows.told());
    }
    written.join("\n")
}

/// The same with only the trees of what is told by words learned anew; the others stay as they stand in `before`.
pub(super) fn words_anew(reports: &[Report], before: &str) -> String {
    let mut families: Vec<Rows> = (0..FAMILIES).map(|_| Rows::default()).collect();
    reports.iter().for_each(|report| add(&mut families, &report.text, &report.conflicts, 1.0));
    let rows = &families[WORDS_ALONE];
    println!("family {WORDS_ALONE}: {}", rows.told());
    let mut groups: Vec<String> = before.trim_end().split("\n\n").map(|group| format!("{group}\n")).collect();
    groups[WORDS_ALONE] = Booster::new(rows).trees();
    groups.join("\n")
}

/// Adds the suspects of a text. What shares only some numbers with what is marked teaches nothing.
fn add(families: &mut [Rows], text: &str, marked: &[Vec<Span>], counts: f64) {
    for (family, spans, features) in bihuan_text::suspected(text) {
        let told = marked.iter().map(|of| compared(&spans, of)).max().unwrap_or(Told::Nowhere);
        // What is said of all is not altered with a number.
        if told != Told::InPart && (counts >= 1.0 || family != WORDS_ALONE) {
            families[family].push(features, told == Told::Marked, counts);
        }
    }
}

/// Whether people marked these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Nowhere,
    /// Some of them, or others with them.
    InPart,
    /// These; of long lists one may be missing, and one too many.
    Marked,
}

fn compared(spans: &[Span], marked: &[Span]) -> Told {
    let meet = |a: &Span, b: &Span| a.0 < b.1 && b.0 < a.1;
    let shared = marked.iter().filter(|a| spans.iter().any(|b| meet(a, b))).count();
    let besides = spans.iter().filter(|b| !marked.iter().any(|a| meet(a, b))).count();
    let long = marked.len() > 3 && shared + 1 >= marked.len() && besides <= 1;
    match shared {
        0 => Told::Nowhere,
        _ if shared == marked.len() && besides == 0 || long => Told::Marked,
        _ => Told::InPart,
    }
}
