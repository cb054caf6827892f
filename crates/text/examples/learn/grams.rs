//! How many reports hold which characters side by side.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use bihuan_text::folded_for_grams;

use super::Report;

/// Longest stretch, in characters, and in how many reports one stands at least that is kept, by its length.
const LONGEST: usize = 4;
const LEAST: [u16; LONGEST + 1] = [0, 3, 3, 4, 6];

/// Lines of a length, a number of reports, and the stretches one behind the other.
pub(super) fn counted(reports: &[Report]) -> String {
    let mut counts: HashMap<Vec<char>, u16> = HashMap::new();
    for report in reports {
        let held: HashSet<Vec<char>> = sound(report).iter().flat_map(|piece| stretches(piece)).collect();
        held.into_iter().for_each(|stretch| *counts.entry(stretch).or_default() += 1);
    }
    let mut lines: BTreeMap<(usize, u16), Vec<Vec<char>>> = BTreeMap::new();
    for (stretch, count) in counts.into_iter().filter(|(stretch, count)| *count >= LEAST[stretch.len()]) {
        lines.entry((stretch.len(), count)).or_default().push(stretch);
    }
    let mut out = String::new();
    for ((length, count), mut stretches) in lines {
        stretches.sort_unstable();
        let _ = writeln!(out, "{length} {count} {}", stretches.concat().iter().collect::<String>());
    }
    out
}

/// The pieces of a report between what is wrong in it, and one character around that.
fn sound(report: &Report) -> Vec<Vec<char>> {
    let chars: Vec<char> = report.text.chars().collect();
    let mut faults = report.faults.clone();
    faults.sort_unstable();
    let mut pieces = Vec::new();
    let mut from = 0;
    for (start, end) in faults.into_iter().chain([(chars.len() + 1, chars.len() + 1)]) {
        let piece = chars.get(from..start.saturating_sub(1)).unwrap_or_default();
        pieces.push(folded_for_grams(&piece.iter().collect::<String>()).chars().collect());
        from = from.max(end + 1);
    }
    pieces
}

/// Stretches without blanks: those separate what is counted.
fn stretches(piece: &[char]) -> impl Iterator<Item = Vec<char>> + '_ {
    let all = (1..=LONGEST).flat_map(|length| piece.windows(length));
    all.filter(|stretch| !stretch.contains(&' ')).map(<[char]>::to_vec)
}
