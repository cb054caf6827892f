//! Columns made of others: 合计 of those beside it, 整改率 of 已整改 and 问题数.

use super::down::fits;
use super::grid::{Grid, Said, Value};
use super::mismatch::Mismatch;
use crate::conflicts::ConflictKind;

/// Heads of columns that are sums by their name.
const SUMS: &str = "合计 小计 总计 共计 总数 总量 总额";
/// Fewest rows that hold, for a column that is a sum by its name and for one that is found to be one.
const ROWS_NAMED: usize = 2;
const ROWS_FOUND: usize = 4;

/// What holds in most rows: how many hold, and in which it does not.
struct Held {
    rows: usize,
    broken: Vec<Mismatch>,
}

impl Held {
    /// Whether it is meant in all rows: in four of five, of those named in three of five.
    fn is_meant(&self, named: bool) -> bool {
        let (least, of_five) = if named { (ROWS_NAMED, 3) } else { (ROWS_FOUND, 4) };
        self.rows >= least && self.rows * 5 >= (self.rows + self.broken.len()) * of_five
    }
}

/// Sums in columns that the columns beside them do not make.
pub(super) fn sums(grid: &Grid) -> Vec<Mismatch> {
    let added: Vec<usize> = (0..grid.heads.len()).filter(|column| grid.is_added(*column)).collect();
    let mut wrong = Vec::new();
    for (place, column) in added.iter().enumerate() {
        let named = grid.head_has(*column, SUMS);
        let right = (place + 2..added.len()).map(|to| &added[place + 1..=to]);
        let left = (0..place.saturating_sub(1)).map(|from| &added[from..place]);
        let meant = right.chain(left).map(|parts| sum(grid, *column, parts, named));
        let meant = meant.filter(|held| held.is_meant(named));
        let best = meant.max_by_key(|held| (held.rows, usize::MAX - held.broken.len()));
        wrong.extend(best.into_iter().flat_map(|held| held.broken));
    }
    wrong
}

fn sum(grid: &Grid, column: usize, parts: &[usize], named: bool) -> Held {
    let mut held = Held { rows: 0, broken: Vec::new() };
    for row in &grid.rows {
        let cells: Vec<Said> = parts.iter().map(|part| row.cells[*part]).collect();
        let values: Vec<Value> = cells.iter().filter_map(Said::value).collect();
        let words = cells.iter().any(|cell| matches!(cell, Said::Words));
        let (Some(stated), false, false) = (row.cells[column].value(), words, values.is_empty()) else {
            continue;
        };
        let sum: f64 = values.iter().map(|value| value.number).sum();
        if !fits(&stated, &values, sum) {
            let heads: Vec<String> = parts.iter().map(|part| grid.named(*part)).collect();
            held.broken.push(Mismatch {
                kind: ConflictKind::Sum,
                certain: named,
                stated,
                right: sum,
                parts: values,
                place: format!("“{}”行{}", row.label, grid.named(column)),
                how: format!("按{}相加", heads.join("")),
            });
        } else if values.iter().filter(|value| value.number != 0.0).count() >= 2 {
            // One number beside noughts is equal to anything that counts it.
            held.rows += 1;
        }
    }
    held
}

/// Rates that their two columns do not give.
pub(super) fn rates(grid: &Grid) -> Vec<Mismatch> {
    let columns = 0..grid.heads.len();
    let added: Vec<usize> = columns.clone().filter(|column| grid.is_added(*column)).collect();
    let mut wrong = Vec::new();
    for column in columns.filter(|column| grid.is_rate(*column)) {
        let pairs = added.iter().flat_map(|part| added.iter().map(move |whole| (*part, *whole)));
        let pairs = pairs.filter(|(part, whole)| part != whole);
        let meant = pairs.map(|(part, whole)| rate(grid, column, part, whole));
        let best = meant.filter(|held| held.is_meant(true)).max_by_key(|held| held.rows);
        wrong.extend(best.into_iter().flat_map(|held| held.broken));
    }
    wrong
}

fn rate(grid: &Grid, column: usize, part: usize, whole: usize) -> Held {
    let mut held = Held { rows: 0, broken: Vec::new() };
    for row in &grid.rows {
        let stated = row.cells[column].value();
        let (Some(stated), Some(of), Some(all)) =
            (stated, row.cells[part].number(), row.cells[whole].value().filter(|all| all.number > 0.0))
        else {
            continue;
        };
        let right = of / all.number * 100.0;
        // A rate that was cut off instead of rounded is no fault of reckoning.
        let digit = 10f64.powi(-i32::try_from(stated.decimals).unwrap_or(i32::MAX));
        if (right - stated.number).abs() >= digit {
            held.broken.push(Mismatch {
                kind: ConflictKind::Share,
                certain: true,
                stated,
                right,
                parts: row.cells[part].value().into_iter().chain([all]).collect(),
                place: format!("“{}”行{}", row.label, grid.named(column)),
                how: format!("按{}÷{}算", grid.named(part), grid.named(whole)),
            });
        } else if of != 0.0 && of != all.number {
            held.rows += 1;
        }
    }
    held
}
