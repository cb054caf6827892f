//! Learns from reports in which people marked what is wrong: gradient boosting on log odds, small trees, the same result from the
//! same reports.
//!
//! - `conflicts`: the trees that weigh numbers that may contradict one another (`src/conflicts/suspects/learned.txt`);
//!   `opens`: only those of all told as done beside what is open, the others as they are in OUT_FILE;
//! - `grams`: how many reports hold which characters side by side (`src/faults/heard/seen/grams.txt`);
//! - `letters`, `twice`: the trees that weigh characters that may be wrong or written twice (beside it); after
//!   `grams`.
//!
//! Little is marked in few reports; so each report is read again with some of it altered.
//!
//! usage: learn WHAT OUT_FILE REPORTS.json…    as in `tests/it/checked`

mod altered;
mod boost;
mod chance;
mod conflicts;
mod grams;
mod slips;

use std::fs;
use std::io::Error;

use serde_json::Value;

/// First code point, and the one behind the last.
type Span = (usize, usize);

/// What is learned from: what is looked at, whether people marked it, and how much each counts.
#[derive(Default)]
struct Rows {
    features: Vec<Vec<f64>>,
    marked: Vec<bool>,
    counts: Vec<f64>,
}

impl Rows {
    fn push(&mut self, features: Vec<f64>, marked: bool, counts: f64) {
        self.features.push(features);
        self.marked.push(marked);
        self.counts.push(counts);
    }

    fn told(&self) -> String {
        let marked = self.marked.iter().filter(|marked| **marked).count();
        format!("{} places, {marked} of them wrong", self.marked.len())
    }
}

/// A report: its text, the numbers in it that contradict one another, and what is wrong in its words.
struct Report {
    text: String,
    conflicts: Vec<Vec<Span>>,
    faults: Vec<Span>,
}

fn main() -> Result<(), Error> {
    const USAGE: &str = "usage: learn conflicts|opens|grams|letters|twice OUT_FILE REPORTS.json…";
    let mut args = std::env::args().skip(1);
    let (Some(what), Some(out)) = (args.next(), args.next()) else { return Err(Error::other(USAGE)) };
    let mut reports: Vec<Report> = Vec::new();
    for file in args {
        let written: Vec<Value> = serde_json::from_str(&fs::read_to_string(&file)?)?;
        reports.extend(written.iter().map(of_report));
    }
    let learned = match what.as_str() {
        "conflicts" => conflicts::learned(&reports),
        "opens" => conflicts::words_anew(&reports, &fs::read_to_string(&out)?),
        "grams" => grams::counted(&reports),
        "letters" | "twice" => slips::learned(&reports, &what),
        _ => return Err(Error::other(USAGE)),
    };
    fs::write(out, learned)
}

fn of_report(report: &Value) -> Report {
    // A report in which all agrees is kept as its lines alone.
    let lines = report.get("text").unwrap_or(report).as_array();
    let lines = lines.into_iter().flatten().filter_map(Value::as_str);
    let marked = report["conflicts"].as_array().into_iter().flatten();
    Report {
        text: lines.collect::<Vec<_>>().join("\n"),
        conflicts: marked.map(|conflict| spans(&conflict["spans"])).collect(),
        faults: spans(&report["faults"]),
    }
}

fn spans(written: &Value) -> Vec<Span> {
    let place = |value: &Value| value.as_u64().unwrap_or(0) as usize;
    written.as_array().into_iter().flatten().map(|span| (place(&span[0]), place(&span[1]))).collect()
}
