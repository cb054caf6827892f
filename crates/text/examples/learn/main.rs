//! Learns the trees that weigh suspects (`src/conflicts/suspects/learned.txt`) from reports in which people marked what
//! contradicts itself: gradient boosting on log odds, small trees, the same result from the same reports.
//!
//! Few contradictions are marked in few reports; so each report is read again with some numbers altered in what agreed there.
//!
//! usage: learn OUT_FILE REPORTS.json…    as in `tests/it/checked`

mod altered;
mod boost;

use std::fs;
use std::io::Error;

use boost::Booster;
use serde_json::Value;

/// How many families there are, and which of them is told by words and not by numbers alone.
const FAMILIES: usize = 7;
const WORDS_ALONE: usize = 4;
/// How often each report is altered, and how much a suspect of an altered one counts.
const ROUNDS: usize = 3;
const ALTERED: f64 = 0.5;

type Span = (usize, usize);

/// The suspects of one family: what is looked at, whether they are marked, and how much each counts.
#[derive(Default)]
struct Rows {
    features: Vec<Vec<f64>>,
    marked: Vec<bool>,
    counts: Vec<f64>,
}

fn main() -> Result<(), Error> {
    let mut args = std::env::args().skip(1);
    let out = args.next().ok_or_else(|| Error::other("usage: learn OUT_FILE REPORTS.json…"))?;
    let mut families: Vec<Rows> = (0..FAMILIES).map(|_| Rows::default()).collect();
    let mut read = 0;
    for file in args {
        let reports: Vec<Value> = serde_json::from_str(&fs::read_to_string(&file)?)?;
        for report in &reports {
            let (text, marked) = of_report(report);
            add(&mut families, &text, &marked, 1.0);
            for round in 0..ROUNDS {
                let (text, marked) = altered::report(&text, &marked, read * ROUNDS + round);
                add(&mut families, &text, &marked, ALTERED);
            }
            read += 1;
        }
    }
    let trees = |rows| move || Booster::new(rows).trees();
    let written: Vec<String> = std::thread::scope(|scope| {
        let started: Vec<_> = families.iter().map(|rows| scope.spawn(trees(rows))).collect();
        started.into_iter().map(|one| one.join().expect("BUG: learning ended early")).collect()
    });
    for (n, rows) in families.iter().enumerate() {
        let marked = rows.marked.iter().filter(|marked| **marked).count();
        println!("family {n}: {} suspects, {marked} of them marked", rows.marked.len());
    }
    fs::write(out, written.join("\n"))
}

/// The text of a report and what people marked in it.
fn of_report(report: &Value) -> (String, Vec<Vec<Span>>) {
    // A report in which all agrees is kept as its lines alone.
    let lines = report.get("text").unwrap_or(report).as_array();
    let lines = lines.into_iter().flatten().filter_map(Value::as_str);
    let conflicts = report["conflicts"].as_array().cloned().unwrap_or_default();
    let marked = conflicts.iter().map(|conflict| spans(&conflict["spans"])).collect();
    (lines.collect::<Vec<_>>().join("\n"), marked)
}

/// Adds the suspects of a text. What shares only some numbers with what is marked teaches nothing.
fn add(families: &mut [Rows], text: &str, marked: &[Vec<Span>], counts: f64) {
    for (family, spans, features) in bihuan_text::suspected(text) {
        let told = marked.iter().map(|of| compared(&spans, of)).max().unwrap_or(Told::Nowhere);
        // What is said of all is not altered with a number.
        if told != Told::InPart && (counts >= 1.0 || family != WORDS_ALONE) {
            families[family].features.push(features);
            families[family].marked.push(told == Told::Marked);
            families[family].counts.push(counts);
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

fn spans(written: &Value) -> Vec<Span> {
    let place = |value: &Value| value.as_u64().unwrap_or(0) as usize;
    written.as_array().into_iter().flatten().map(|span| (place(&span[0]), place(&span[1]))).collect()
}
