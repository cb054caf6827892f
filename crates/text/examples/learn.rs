//! Learns the trees that weigh suspects (`src/conflicts/suspects/learned.txt`) from reports in which people marked what
//! contradicts itself: gradient boosting on log odds, small trees, the same result from the same reports.
//!
//! usage: learn OUT_FILE REPORTS.json…    as in `tests/it/checked`

use std::fmt::Write as _;
use std::fs;
use std::io::Error;

use serde_json::Value;

/// How many trees each family gets, how many weights a tree has, and how much of each tree is believed.
const TREES: usize = 80;
const LEAVES: usize = 12;
const RATE: f64 = 0.12;
/// The fewest suspects of one leaf, and by how much a leaf of few is drawn towards nothing.
const LEAST: usize = 8;
const DRAWN: f64 = 1.0;
/// Into how many ranges the values of a feature are sorted.
const RANGES: usize = 64;
/// How many families there are.
const FAMILIES: usize = 5;

type Span = (usize, usize);

/// The suspects of one family: their features and whether people marked them.
#[derive(Default)]
struct Rows {
    features: Vec<Vec<f64>>,
    marked: Vec<bool>,
}

fn main() -> Result<(), Error> {
    let mut args = std::env::args().skip(1);
    let out = args.next().ok_or_else(|| Error::other("usage: learn OUT_FILE REPORTS.json…"))?;
    let mut families: Vec<Rows> = (0..FAMILIES).map(|_| Rows::default()).collect();
    for file in args {
        let reports: Vec<Value> = serde_json::from_str(&fs::read_to_string(&file)?)?;
        reports.iter().for_each(|report| add(&mut families, report));
    }
    let written: Vec<String> = families.iter().map(|rows| Booster::new(rows).trees()).collect();
    for (n, rows) in families.iter().enumerate() {
        let marked = rows.marked.iter().filter(|marked| **marked).count();
        println!("family {n}: {} suspects, {marked} of them marked", rows.marked.len());
    }
    fs::write(out, written.join("\n"))
}

/// Adds the suspects of a report. What shares only some numbers with what is marked teaches nothing.
fn add(families: &mut [Rows], report: &Value) {
    // A report in which all agrees is kept as its lines alone.
    let lines = report.get("text").unwrap_or(report).as_array();
    let lines = lines.into_iter().flatten().filter_map(Value::as_str);
    let text = lines.collect::<Vec<_>>().join("\n");
    let conflicts = report["conflicts"].as_array().cloned().unwrap_or_default();
    let marked: Vec<Vec<Span>> = conflicts.iter().map(|conflict| spans(&conflict["spans"])).collect();
    for (family, spans, features) in bihuan_text::suspected(&text) {
        let told = marked.iter().map(|of| compared(&spans, of)).max().unwrap_or(Told::Nowhere);
        if told != Told::InPart {
            families[family].features.push(features);
            families[family].marked.push(told == Told::Marked);
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

/// Learns the trees of one family.
struct Booster<'a> {
    rows: &'a Rows,
    /// The bounds of each feature, and of each row the range that each of its features lies in.
    bounds: Vec<Vec<f64>>,
    ranges: Vec<Vec<u8>>,
    /// What the trees so far say of each row.
    weights: Vec<f64>,
}

/// A leaf that may be split.
struct Leaf {
    rows: Vec<usize>,
    /// What is gained by the best split, its feature and the range up to which rows go below.
    best: Option<(f64, usize, usize)>,
    node: usize,
}

impl<'a> Booster<'a> {
    fn new(rows: &'a Rows) -> Self {
        let width = rows.features.first().map_or(0, Vec::len);
        let bounds: Vec<Vec<f64>> = (0..width).map(|feature| bounds(rows, feature)).collect();
        let range = |row: &Vec<f64>| {
            row.iter()
                .zip(&bounds)
                .map(|(value, bounds)| bounds.partition_point(|b| b < value) as u8)
                .collect()
        };
        let ranges = rows.features.iter().map(range).collect();
        Self { rows, bounds, ranges, weights: vec![0.0; rows.marked.len()] }
    }

    /// The written trees, one a line.
    fn trees(mut self) -> String {
        let marked = self.rows.marked.iter().filter(|marked| **marked).count() as f64;
        let prior = (marked.max(1.0) / (self.rows.marked.len() as f64 - marked).max(1.0)).ln();
        self.weights.fill(prior);
        let mut out = format!("{prior:.4}\n");
        for _ in 0..TREES {
            let tree = self.tree();
            let _ = writeln!(out, "{}", tree.join(";"));
        }
        out
    }

    /// How far a row's probability is from what was marked, and how sure the trees are of it.
    fn gradient(&self, row: usize) -> (f64, f64) {
        let probability = 1.0 / (1.0 + (-self.weights[row]).exp());
        (f64::from(self.rows.marked[row]) - probability, probability * (1.0 - probability))
    }

    fn tree(&mut self) -> Vec<String> {
        let gradients: Vec<(f64, f64)> = (0..self.weights.len()).map(|row| self.gradient(row)).collect();
        let leaf = |rows: Vec<usize>, node| Leaf { best: self.split(&rows, &gradients), rows, node };
        let mut nodes = vec![String::new()];
        let mut leaves = vec![leaf((0..self.weights.len()).collect(), 0)];
        while leaves.len() < LEAVES {
            let gain = |leaf: &Leaf| leaf.best.map_or(0.0, |(gain, _, _)| gain);
            let next = (0..leaves.len()).max_by(|a, b| gain(&leaves[*a]).total_cmp(&gain(&leaves[*b])));
            let Some(at) = next.filter(|at| gain(&leaves[*at]) > 0.0) else { break };
            let split = leaves.swap_remove(at);
            let (_, feature, range) = split.best.unwrap_or_default();
            let bound = self.bounds[feature][range];
            nodes[split.node] = format!("{feature} {bound} {} {}", nodes.len(), nodes.len() + 1);
            let (below, above): (Vec<usize>, Vec<usize>) =
                split.rows.iter().partition(|row| usize::from(self.ranges[**row][feature]) <= range);
            for rows in [below, above] {
                leaves.push(leaf(rows, nodes.len()));
                nodes.push(String::new());
            }
        }
        for leaf in leaves {
            let (sum, sure) = total(leaf.rows.iter().map(|row| gradients[*row]));
            let weight = (RATE * sum / (sure + DRAWN) * 10_000.0).round() / 10_000.0;
            nodes[leaf.node] = weight.to_string();
            leaf.rows.iter().for_each(|row| self.weights[*row] += weight);
        }
        nodes
    }

    fn split(&self, rows: &[usize], gradients: &[(f64, f64)]) -> Option<(f64, usize, usize)> {
        let worth = |(sum, sure): (f64, f64)| sum * sum / (sure + DRAWN);
        let all = total(rows.iter().map(|row| gradients[*row]));
        let mut best: Option<(f64, usize, usize)> = None;
        for (feature, bounds) in self.bounds.iter().enumerate() {
            let mut sums = vec![(0.0, 0.0, 0_usize); bounds.len() + 1];
            for row in rows {
                let of = &mut sums[usize::from(self.ranges[*row][feature])];
                *of = (of.0 + gradients[*row].0, of.1 + gradients[*row].1, of.2 + 1);
            }
            let mut below = (0.0, 0.0, 0);
            for (range, of) in sums[..bounds.len()].iter().enumerate() {
                below = (below.0 + of.0, below.1 + of.1, below.2 + of.2);
                if below.2 < LEAST || rows.len() - below.2 < LEAST {
                    continue;
                }
                let above = (all.0 - below.0, all.1 - below.1);
                let gain = worth((below.0, below.1)) + worth(above) - worth(all);
                if gain > best.map_or(1e-9, |(gain, _, _)| gain) {
                    best = Some((gain, feature, range));
                }
            }
        }
        best
    }
}

fn total(of: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    of.fold((0.0, 0.0), |sum, (a, b)| (sum.0 + a, sum.1 + b))
}

/// The bounds between the ranges of a feature: a value at or below a bound lies in its range or in one before.
fn bounds(rows: &Rows, feature: usize) -> Vec<f64> {
    let mut values: Vec<f64> = rows.features.iter().map(|row| row[feature]).collect();
    values.sort_by(f64::total_cmp);
    let mut bounds: Vec<f64> = (1..RANGES)
        .filter_map(|n| values.get(n * values.len() / RANGES).copied())
        // Written with few digits, and so read and learned alike.
        .map(|value| (value * 1000.0).round() / 1000.0)
        .collect();
    bounds.dedup();
    bounds
}
