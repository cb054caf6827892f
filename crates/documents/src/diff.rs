//! What changed between two readings of a ledger, for re-import.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::ledger::{Field, LedgerRow};
use crate::upload::digest;

/// Two texts of a problem at least this alike, at the same number of the same sheet, are one problem reworded.
const ALIKE_SAME_SEQ: f64 = 0.5;
/// Two texts this alike are one problem wherever they stand.
const ALIKE_ANYWHERE: f64 = 0.75;
/// The most rows on either side that are compared each with each once the plain matches are gone.
const COMPARED_ROWS: usize = 2_000;

/// A field that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// Its text before.
    pub old: String,
    /// Its text now.
    pub new: String,
}

/// What became of one problem. Numbers are positions in the slices compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Difference {
    /// Nothing changed.
    Same {
        /// Position among the old.
        old: usize,
        /// Position among the new.
        new: usize,
    },
    /// Some fields changed.
    Changed {
        /// Position among the old.
        old: usize,
        /// Position among the new.
        new: usize,
        /// The fields.
        fields: Vec<FieldChange>,
    },
    /// Only in the new reading.
    Added {
        /// Position among the new.
        new: usize,
    },
    /// Only in the old reading.
    Missing {
        /// Position among the old.
        old: usize,
    },
}

impl Difference {
    /// Whether nothing changed.
    pub fn is_same(&self) -> bool {
        matches!(self, Self::Same { .. })
    }
}

/// Text without blanks and marks, for likeness.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What makes a problem the same problem: its words and its place.
fn content(row: &LedgerRow) -> String {
    format!("{}\n{}", bare(&row.problem), bare(&row.place))
}

/// A key for every row that stays the same when rows are inserted above, sheets renamed or other columns filled:
/// a digest of problem and place. Rows that are equal in both are told apart by their order.
pub fn row_keys(rows: &[LedgerRow]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    rows.iter()
        .map(|row| {
            let text = content(row);
            let count = seen.entry(text.clone()).or_insert(0);
            *count += 1;
            let full = digest(format!("{text}\n{count}").as_bytes());
            full.chars().take(32).collect()
        })
        .collect()
}

/// Compares two readings. Rows are matched by sheet and key, then by key, then by number and likeness, then by
/// likeness alone, so that inserted rows do not shift everything. Every row of either side comes once, the new
/// ones in their order, then the missing.
pub fn diff(old: &[LedgerRow], new: &[LedgerRow]) -> Vec<Difference> {
    let mut pairs = Pairs { old_of: vec![None; new.len()], taken: vec![false; old.len()] };
    let (old_keys, new_keys) = (row_keys(old), row_keys(new));
    // First with the number, which tells equal rows apart best, then without.
    let numbered = |_: usize, row: &LedgerRow| format!("{}\n{}\n{}", row.sheet, row.seq, content(row));
    pairs.by(old, new, numbered, numbered);
    pairs.by(
        old,
        new,
        |i, row| format!("{}\n{}", row.sheet, old_keys[i]),
        |i, row| format!("{}\n{}", row.sheet, new_keys[i]),
    );
    pairs.by(old, new, |i, _| old_keys[i].clone(), |i, _| new_keys[i].clone());
    pairs.by_likeness(old, new);
    let mut found: Vec<Difference> = Vec::with_capacity(new.len());
    for (at, row) in new.iter().enumerate() {
        found.push(match pairs.old_of[at] {
            None => Difference::Added { new: at },
            Some(before) => {
                let fields = changed_fields(&old[before], row);
                if fields.is_empty() {
                    Difference::Same { old: before, new: at }
                } else {
                    Difference::Changed { old: before, new: at, fields }
                }
            }
        });
    }
    found.extend((0..old.len()).filter(|&i| !pairs.taken[i]).map(|old| Difference::Missing { old }));
    found
}

fn changed_fields(old: &LedgerRow, new: &LedgerRow) -> Vec<FieldChange> {
    Field::ALL
        .into_iter()
        .filter(|f| old.text_of(*f) != new.text_of(*f))
        .map(|field| FieldChange {
            field,
            old: old.text_of(field).into_owned(),
            new: new.text_of(field).into_owned(),
        })
        .collect()
}

struct Pairs {
    old_of: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairs {
    fn join(&mut self, old: usize, new: usize) {
        self.old_of[new] = Some(old);
        self.taken[old] = true;
    }

    fn by(
        &mut self,
        old: &[LedgerRow],
        new: &[LedgerRow],
        old_key: impl Fn(usize, &LedgerRow) -> String,
        new_key: impl Fn(usize, &LedgerRow) -> String,
    ) {
        let mut free: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, row) in old.iter().enumerate().rev().filter(|(i, _)| !self.taken[*i]) {
            free.entry(old_key(i, row)).or_default().push(i);
        }
        for (i, row) in new.iter().enumerate() {
            if self.old_of[i].is_none()
                && let Some(found) = free.get_mut(&new_key(i, row)).and_then(Vec::pop)
            {
                self.join(found, i);
            }
        }
    }

    fn by_likeness(&mut self, old: &[LedgerRow], new: &[LedgerRow]) {
        let left: Vec<usize> = (0..old.len()).filter(|&i| !self.taken[i]).take(COMPARED_ROWS).collect();
        let right: Vec<usize> =
            (0..new.len()).filter(|&i| self.old_of[i].is_none()).take(COMPARED_ROWS).collect();
        let old_pairs: Vec<HashSet<(char, char)>> = left.iter().map(|&i| bigrams(&old[i].problem)).collect();
        let mut alike: Vec<(f64, usize, usize)> = Vec::new();
        for &j in &right {
            let mine = bigrams(&new[j].problem);
            for (k, &i) in left.iter().enumerate() {
                let likeness = likeness(&old_pairs[k], &mine);
                let same_seq =
                    old[i].sheet == new[j].sheet && old[i].seq == new[j].seq && !new[j].seq.is_empty();
                if likeness >= if same_seq { ALIKE_SAME_SEQ } else { ALIKE_ANYWHERE } {
                    alike.push((likeness + if same_seq { 0.5 } else { 0.0 }, i, j));
                }
            }
        }
        alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)).then(a.1.cmp(&b.1)));
        for (_, i, j) in alike {
            if !self.taken[i] && self.old_of[j].is_none() {
                self.join(i, j);
            }
        }
    }
}

fn bigrams(text: &str) -> HashSet<(char, char)> {
    let chars: Vec<char> = bare(text).chars().collect();
    chars.windows(2).map(|w| (w[0], w[1])).collect()
}

/// Dice's coefficient of two sets of character pairs.
fn likeness(a: &HashSet<(char, char)>, b: &HashSet<(char, char)>) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let shared = a.intersection(b).count();
    2.0 * shared as f64 / (a.len() + b.len()) as f64
}
