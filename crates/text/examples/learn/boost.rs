//! Gradient boosting on log odds with small trees.

use std::fmt::Write as _;

use super::Rows;

/// How many trees each family gets, how many weights a tree has, and how much of each tree is believed.
const TREES: usize = 200;
const LEAVES: usize = 24;
const RATE: f64 = 0.1;
/// The fewest suspects of one leaf, and by how much a leaf of few is drawn towards nothing.
const LEAST: f64 = 8.0;
const DRAWN: f64 = 1.0;
/// Into how many ranges the values of a feature are sorted.
const RANGES: usize = 64;

/// Learns the trees of one family.
pub(super) struct Booster<'a> {
    rows: &'a Rows,
    width: usize,
    /// The bounds of each feature.
    bounds: Vec<Vec<f64>>,
    /// Of each row the range that each of its features lies in, row behind row.
    ranges: Vec<u8>,
    /// What the trees so far say of each row.
    weights: Vec<f64>,
}

/// Of each range of each feature the sum of the gradients, how sure they are, and how many rows lie there.
type Sums = Vec<[f64; 3]>;

/// A leaf that may be split.
struct Leaf {
    rows: Vec<u32>,
    sums: Sums,
    /// What is gained by the best split, its feature and the range up to which rows go below.
    best: Option<(f64, usize, usize)>,
    node: usize,
}

impl<'a> Booster<'a> {
    pub(super) fn new(rows: &'a Rows) -> Self {
        let width = rows.features.first().map_or(0, Vec::len);
        let bounds: Vec<Vec<f64>> = (0..width).map(|feature| bounds(rows, feature)).collect();
        let range = |(value, bounds): (&f64, &Vec<f64>)| bounds.partition_point(|b| b < value) as u8;
        let ranges = rows.features.iter().flat_map(|row| row.iter().zip(&bounds).map(range)).collect();
        Self { rows, width, bounds, ranges, weights: vec![0.0; rows.marked.len()] }
    }

    /// The written trees, one a line.
    pub(super) fn trees(mut self) -> String {
        let count = |marked: bool| {
            let of = self.rows.marked.iter().zip(&self.rows.counts).filter(|(own, _)| **own == marked);
            of.map(|(_, counts)| counts).sum::<f64>().max(1.0)
        };
        let prior = (count(true) / count(false)).ln();
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
        let counts = self.rows.counts[row];
        let off = f64::from(self.rows.marked[row]) - probability;
        (off * counts, probability * (1.0 - probability) * counts)
    }

    fn tree(&mut self) -> Vec<String> {
        let gradients: Vec<(f64, f64)> = (0..self.weights.len()).map(|row| self.gradient(row)).collect();
        let all: Vec<u32> = (0..self.weights.len() as u32).collect();
        let sums = self.sums(&all, &gradients);
        let mut nodes = vec![String::new()];
        let mut leaves = vec![self.leaf(all, sums, 0)];
        while leaves.len() < LEAVES {
            let gain = |leaf: &Leaf| leaf.best.map_or(0.0, |(gain, _, _)| gain);
            let next = (0..leaves.len()).max_by(|a, b| gain(&leaves[*a]).total_cmp(&gain(&leaves[*b])));
            let Some(at) = next.filter(|at| gain(&leaves[*at]) > 0.0) else { break };
            let split = leaves.swap_remove(at);
            let (_, feature, range) = split.best.unwrap_or_default();
            let bound = self.bounds[feature][range];
            nodes[split.node] = format!("{feature} {bound} {} {}", nodes.len(), nodes.len() + 1);
            for (rows, sums) in self.parted(split, &gradients) {
                leaves.push(self.leaf(rows, sums, nodes.len()));
                nodes.push(String::new());
            }
        }
        for leaf in leaves {
            let [sum, sure, _] = self.total(&leaf.sums);
            let weight = (RATE * sum / (sure + DRAWN) * 10_000.0).round() / 10_000.0;
            nodes[leaf.node] = weight.to_string();
            leaf.rows.iter().for_each(|row| self.weights[*row as usize] += weight);
        }
        nodes
    }

    /// The rows below a split and those above it. What the fewer make is summed, and what is left are the others.
    fn parted(&self, leaf: Leaf, gradients: &[(f64, f64)]) -> [(Vec<u32>, Sums); 2] {
        let (_, feature, range) = leaf.best.unwrap_or_default();
        let below = |row: &u32| usize::from(self.ranges[*row as usize * self.width + feature]) <= range;
        let (below, above): (Vec<u32>, Vec<u32>) = leaf.rows.into_iter().partition(below);
        let fewer = self.sums(if below.len() < above.len() { &below } else { &above }, gradients);
        let mut others = leaf.sums;
        for (all, of) in others.iter_mut().zip(&fewer) {
            (0..3).for_each(|n| all[n] -= of[n]);
        }
        if below.len() < above.len() {
            [(below, fewer), (above, others)]
        } else {
            [(below, others), (above, fewer)]
        }
    }

    fn leaf(&self, rows: Vec<u32>, sums: Sums, node: usize) -> Leaf {
        Leaf { best: self.split(&sums), rows, sums, node }
    }

    fn sums(&self, rows: &[u32], gradients: &[(f64, f64)]) -> Sums {
        let mut sums = vec![[0.0; 3]; self.width * RANGES];
        for row in rows {
            let row = *row as usize;
            let (sum, sure) = gradients[row];
            let ranges = &self.ranges[row * self.width..(row + 1) * self.width];
            for (feature, range) in ranges.iter().enumerate() {
                let of = &mut sums[feature * RANGES + usize::from(*range)];
                *of = [of[0] + sum, of[1] + sure, of[2] + 1.0];
            }
        }
        sums
    }

    fn total(&self, sums: &Sums) -> [f64; 3] {
        sums[..RANGES.min(sums.len())].iter().fold([0.0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
    }

    fn split(&self, sums: &Sums) -> Option<(f64, usize, usize)> {
        let worth = |sum: f64, sure: f64| sum * sum / (sure + DRAWN);
        let all = self.total(sums);
        let mut best: Option<(f64, usize, usize)> = None;
        for (feature, bounds) in self.bounds.iter().enumerate() {
            let mut below = [0.0; 3];
            for (range, of) in sums[feature * RANGES..][..bounds.len()].iter().enumerate() {
                below = [below[0] + of[0], below[1] + of[1], below[2] + of[2]];
                if below[2] < LEAST || all[2] - below[2] < LEAST {
                    continue;
                }
                let above = worth(all[0] - below[0], all[1] - below[1]);
                let gain = worth(below[0], below[1]) + above - worth(all[0], all[1]);
                if gain > best.map_or(1e-6, |(gain, _, _)| gain) {
                    best = Some((gain, feature, range));
                }
            }
        }
        best
    }
}

/// The bounds between the ranges of a feature: a value at or below a bound lies in its range or in one before. Half of them part
/// the rows evenly, and half the values, so that what is rare is seen as well.
fn bounds(rows: &Rows, feature: usize) -> Vec<f64> {
    // Written with few digits, and so read and learned alike.
    let short = |value: f64| (value * 1000.0).round() / 1000.0;
    let mut values: Vec<f64> = rows.features.iter().map(|row| short(row[feature])).collect();
    values.sort_by(f64::total_cmp);
    let mut distinct = values.clone();
    distinct.dedup();
    if distinct.len() < RANGES {
        distinct.pop();
        return distinct;
    }
    let evenly =
        |of: &[f64]| -> Vec<f64> { (1..RANGES / 2).map(|n| of[n * of.len() / (RANGES / 2)]).collect() };
    let mut bounds = [evenly(&values), evenly(&distinct)].concat();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    bounds
}
