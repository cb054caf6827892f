//! Columns made of others: 合计 of those beside it, 整改率 of 已整改 and 问题数.

use super::down::fits;
use super::grid::{Grid, Row, Said, Value};
use super::mismatch::Mismatch;
use crate::conflicts::ConflictKind;

/// Heads of columns that are sums by their name.
const SUMS: &str = "合计 小计 总计 共计 总数 总量 总额";
/// Fewest rows that hold, for a column that is a sum by its name and for one that is found to be one.
const ROWS_NAMED: usize = 2;
const ROWS_FOUND: usize = 4;

/// In how many rows a relation holds, and where it does not: the row and what should stand there.
struct Held {
    rows: usize,
    broken: Vec<(usize, f64)>,
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
    let added = &grid.added;
    let mut wrong = Vec::new();
    for (place, column) in added.iter().enumerate() {
        let named = grid.head_has(*column, SUMS);
        let right = (place + 2..added.len()).map(|to| &added[place + 1..=to]);
        let left = (0..place.saturating_sub(1)).map(|from| &added[from..place]);
        let meant = right.chain(left).map(|parts| (parts, sum(grid, *column, parts)));
        let meant = meant.filter(|(_, held)| held.is_meant(named));
        let best = meant.max_by_key(|(_, held)| (held.rows, usize::MAX - held.broken.len()));
        let Some((parts, held)) = best else { continue };
        let heads: String = parts.iter().map(|part| grid.named(*part)).collect();
        let how = format!("按{heads}相加");
        wrong.extend(mismatches(grid, *column, parts, held).map(|one| Mismatch {
            certain: named,
            how: how.clone(),
            ..one
        }));
    }
    wrong
}

fn sum(grid: &Grid, column: usize, parts: &[usize]) -> Held {
    let mut held = Held { rows: 0, broken: Vec::new() };
    for (at, row) in grid.rows.iter().enumerate() {
        let words = parts.iter().any(|part| matches!(row.cells[*part], Said::Words));
        let values = values(row, parts);
        let (Some(stated), false, false) = (row.cells[column].value(), words, values.is_empty()) else {
            continue;
        };
        let sum: f64 = values.iter().map(|value| value.number).sum();
        if !fits(&stated, &values, sum) {
            held.broken.push((at, sum));
        } else if values.iter().filter(|value| value.number != 0.0).count() >= 2 {
            // One number beside noughts is equal to anything that counts it.
            held.rows += 1;
        }
    }
    held
}

/// Rates that their two columns do not give.
pub(super) fn rates(grid: &Grid) -> Vec<Mismatch> {
    let added = &grid.added;
    let mut wrong = Vec::new();
    for column in (0..grid.heads.len()).filter(|column| grid.is_rate(*column)) {
        let pairs = added.iter().flat_map(|part| added.iter().map(move |whole| [*part, *whole]));
        let pairs = pairs.filter(|[part, whole]| part != whole);
        let meant = pairs.map(|pair| (pair, rate(grid, column, pair)));
        let best = meant.filter(|(_, held)| held.is_meant(true)).max_by_key(|(_, held)| held.rows);
        let Some((pair, held)) = best else { continue };
        let how = format!("按{}÷{}算", grid.named(pair[0]), grid.named(pair[1]));
        wrong.extend(mismatches(grid, column, &pair, held).map(|one| Mismatch {
            kind: ConflictKind::Share,
            how: how.clone(),
            ..one
        }));
    }
    wrong
}

fn rate(grid: &Grid, column: usize, [part, whole]: [usize; 2]) -> Held {
    let mut held = Held { rows: 0, broken: Vec::new() };
    for (at, row) in grid.rows.iter().enumerate() {
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
            held.broken.push((at, right));
        } else if of != 0.0 && of != all.number {
            held.rows += 1;
        }
    }
    held
}

/// The numbers of a row in these columns.
fn values(row: &Row, columns: &[usize]) -> Vec<Value> {
    columns.iter().filter_map(|column| row.cells[*column].value()).collect()
}

/// What is told of the rows in which a relation does not hold, as sums.
fn mismatches<'a>(
    grid: &'a Grid,
    column: usize,
    parts: &'a [usize],
    held: Held,
) -> impl Iterator<Item = Mismatch> + 'a {
    held.broken.into_iter().filter_map(move |(at, right)| {
        let row = &grid.rows[at];
        Some(Mismatch {
            kind: ConflictKind::Sum,
            certain: true,
            stated: row.cells[column].value()?,
            right,
            parts: values(row, parts),
            place: format!("“{}”行{}", row.label, grid.named(column)),
            how: String::new(),
        })
    })
}
