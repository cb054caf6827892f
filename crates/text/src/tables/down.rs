//! Rows of sums: 合计, 总计, 小计 against the rows that they sum up.

use super::grid::{Grid, Kind, Row, Said, Value};
use super::mismatch::Mismatch;
use crate::conflicts::ConflictKind;

/// Heads of what two rows can have in common, so that a sum counts it once.
const SHARED: &str = "涉及 参与 参加 覆盖 牵头 涵盖";

/// A column in one row of sums, beside the rows that may make it.
struct Sum {
    stated: Value,
    /// The sum of each reading of the rows; none where a row says no number.
    readings: Vec<Option<Reading>>,
}

struct Reading {
    sum: f64,
    parts: Vec<Value>,
    /// A cell is blank.
    unknown: bool,
    fits: bool,
}

/// Sums that the rows do not make.
pub(super) fn sums(grid: &Grid) -> Vec<Mismatch> {
    let mut wrong = Vec::new();
    for at in 0..grid.rows.len() {
        if matches!(grid.rows[at].kind, Kind::Part | Kind::Total) {
            wrong.extend(of_row(grid, at));
        }
    }
    wrong
}

fn of_row(grid: &Grid, at: usize) -> Vec<Mismatch> {
    let readings = readings(&grid.rows, at);
    let sums: Vec<(usize, Sum)> =
        grid.added.iter().filter_map(|column| Some((*column, sum(grid, at, *column, &readings)?))).collect();
    let fitting = |reading: usize| {
        sums.iter().filter(|(_, sum)| sum.readings[reading].as_ref().is_some_and(|one| one.fits)).count()
    };
    let Some(best) = (0..readings.len()).max_by_key(|reading| (fitting(*reading), usize::MAX - reading))
    else {
        return Vec::new();
    };
    // Rows that can be read in one way only, or were read rightly by another column.
    let sure = fitting(best) > 0
        || (readings.len() == 1 && sums.len() < 3 && !grid.rows[at].label.starts_with('全'));
    let rows = readings[best].len();
    let mut wrong = Vec::new();
    for (column, sum) in sums {
        // Another column may be summed up in another way; somebody should ask whether it is.
        let otherwise = sum.readings.iter().flatten().any(|reading| reading.fits);
        let Some(Some(reading)) = sum.readings.into_iter().nth(best) else { continue };
        if reading.fits {
            continue;
        }
        let shared = reading.sum > sum.stated.number && grid.head_has(column, SHARED);
        wrong.push(Mismatch {
            kind: ConflictKind::Sum,
            certain: sure && !otherwise && !reading.unknown && !shared,
            stated: sum.stated,
            right: reading.sum,
            parts: reading.parts,
            place: format!("“{}”行{}", grid.rows[at].label, grid.named(column)),
            how: format!("按{rows}行相加"),
        });
    }
    wrong
}

/// The sum of a column by each reading; none where nothing is stated.
fn sum(grid: &Grid, at: usize, column: usize, readings: &[Vec<usize>]) -> Option<Sum> {
    let stated = grid.rows[at].cells[column].value()?;
    let read = |rows: &Vec<usize>| {
        let cells: Vec<Said> = rows.iter().map(|row| grid.rows[*row].cells[column]).collect();
        if cells.iter().any(|cell| matches!(cell, Said::Words)) {
            return None;
        }
        let parts: Vec<Value> = cells.iter().filter_map(Said::value).collect();
        let sum: f64 = parts.iter().map(|part| part.number).sum();
        Some(Reading {
            fits: fits(&stated, &parts, sum),
            unknown: cells.iter().any(|cell| matches!(cell, Said::Blank)),
            parts,
            sum,
        })
        .filter(|reading| !reading.parts.is_empty())
    };
    Some(Sum { stated, readings: readings.iter().map(read).collect() })
}

/// Whether a sum is what is stated, each number being rounded to its own digits.
pub(super) fn fits(stated: &Value, parts: &[Value], sum: f64) -> bool {
    let rounded = |value: &Value| match value.decimals {
        0 => 0.0,
        digits => 0.5 * 10f64.powi(-i32::try_from(digits).unwrap_or(i32::MAX)),
    };
    let off: f64 = parts.iter().chain([stated]).map(rounded).sum();
    (sum - stated.number).abs() <= off + 1e-6
}

/// The ways to read which rows a row of sums sums up, the plainest first.
fn readings(rows: &[Row], at: usize) -> Vec<Vec<usize>> {
    let own = rows[at].kind;
    let ends = |row: &Row| row.kind == own || row.kind == Kind::Total;
    let numbers = |row: &Row| row.cells.iter().any(|cell| cell.value().is_some());
    let above = rows[..at].iter().rposition(ends).map_or(0, |row| row + 1);
    let first = rows.iter().position(|row| row.kind == own);
    // Where the first sum stands above what it sums up, all do.
    let top = first.is_some_and(|first| !rows[..first].iter().any(numbers));
    let (from, to) = match top {
        true => (at + 1, rows[at + 1..].iter().position(ends).map_or(rows.len(), |row| at + 1 + row)),
        false => (above, at),
    };
    let all: Vec<usize> = (from..to).filter(|row| numbers(&rows[*row])).collect();
    let of_kind = |kinds: &[Kind]| -> Vec<usize> {
        all.iter().copied().filter(|row| kinds.contains(&rows[*row].kind)).collect()
    };
    let items = of_kind(&[Kind::Item]);
    let until_within = items.iter().copied().take_while(|row| !within_between(rows, from, *row)).collect();
    let highest = items.iter().map(|row| rows[*row].depth).filter(|depth| *depth > 0).min();
    let top_level: Vec<usize> =
        items.iter().copied().filter(|row| highest.is_some_and(|depth| rows[*row].depth == depth)).collect();
    let mut readings: Vec<Vec<usize>> = Vec::new();
    for reading in [items, of_kind(&[Kind::Part]), top_level, until_within, all.clone()] {
        if reading.len() >= 2 && !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

/// Whether 其中 stands between the first of the rows and this one.
fn within_between(rows: &[Row], from: usize, row: usize) -> bool {
    rows[from..row].iter().any(|row| row.kind == Kind::Within)
}
