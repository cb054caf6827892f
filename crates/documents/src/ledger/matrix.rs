//! Cross tables: categories across, places down, problems in the cells.

use super::row::{How, LedgerRow, Origin};
use super::words::{guess_header, is_same_as_above, is_status_word, is_tick, is_void, normal};
use super::{ColumnRole, Field, Layout, Mapping, Role};
use crate::sheet::{CellRef, Sheet};

/// How far down the head of a cross table is looked for, in rows.
const SEARCH_ROWS: usize = 20;
/// Problems are sentences: the mean length of the cells, in characters, below which it is a table of marks.
const MEAN_CHARS: usize = 4;
/// Words of a cell that no problem was found there.
const NOTHING: &[&str] =
    &["无", "无问题", "未发现", "未发现问题", "无此项", "暂无", "合格", "达标", "正常", "良好"];

/// Whether a cell names no problem.
fn is_nothing(text: &str) -> bool {
    is_void(text) || NOTHING.contains(&normal(text).as_str())
}

/// The mapping of a cross table, where the sheet is one.
pub(super) fn propose(sheet: &Sheet) -> Option<Mapping> {
    let top = (0..sheet.height().min(SEARCH_ROWS)).find(|&r| is_head(sheet, r))?;
    let filled: Vec<usize> = sheet.filled(top).collect();
    let (mut cells, mut chars, mut marked) = (0usize, 0usize, 0usize);
    for row in top + 1..sheet.height() {
        let place = sheet.seen(row, filled[0]);
        if super::evidence::is_subtotal(place) || super::evidence::is_footer(place) {
            continue;
        }
        for &column in &filled[1..] {
            let text = sheet.seen(row, column);
            if text.is_empty() || is_nothing(text) {
                continue;
            }
            cells += 1;
            chars += text.chars().count();
            let marks = super::evidence::is_number(text) || is_status_word(text) || is_tick(text);
            marked += usize::from(marks);
        }
    }
    if cells < 2 || chars / cells < MEAN_CHARS || marked * 5 > cells {
        return None;
    }
    let columns: Vec<ColumnRole> = filled
        .iter()
        .enumerate()
        .map(|(i, &c)| ColumnRole {
            index: c,
            header: normal(sheet.text(top, c)),
            role: Role::Field(if i == 0 { Field::Place } else { Field::Problem }),
        })
        .collect();
    let fingerprint = super::propose::fingerprint_of("matrix", columns.iter().map(|c| c.header.as_str()));
    Some(Mapping {
        sheet: sheet.name.clone(),
        layout: Layout::Matrix,
        header_top: top + 1,
        header_rows: 1,
        columns,
        fingerprint,
    })
}

/// A head has a corner (村＼类别, 点位, or a place word) and at least two categories that are no field names.
fn is_head(sheet: &Sheet, row: usize) -> bool {
    let filled: Vec<usize> = sheet.filled(row).collect();
    let Some((&first, rest)) = filled.split_first() else { return false };
    let corner = sheet.text(row, first);
    let place = guess_header(corner).is_some_and(|g| g.role == Role::Field(Field::Place));
    let short = |c: &usize| {
        let text = sheet.text(row, *c);
        text.chars().count() <= 16
            && !super::evidence::is_number(text)
            && guess_header(text).is_none_or(|g| g.role == Role::Extra || g.confidence < 0.9)
    };
    rest.len() >= 2
        && (place || corner.contains(['＼', '\\', '/', '／', '|']))
        && corner.chars().count() <= 12
        && rest.iter().all(short)
}

/// Reads the cells. The same text under several categories of one place is one problem.
pub(super) fn read(sheet: &Sheet, mapping: &Mapping) -> Vec<LedgerRow> {
    let mut rows: Vec<LedgerRow> = Vec::new();
    let head = mapping.header_top + mapping.header_rows;
    let place_column = mapping.columns_of(Field::Place).next().map(|c| c.index);
    for at in head.saturating_sub(1)..sheet.height() {
        let place = place_column.map(|c| sheet.seen(at, c)).unwrap_or("");
        if place.is_empty() || super::evidence::is_subtotal(place) || super::evidence::is_footer(place) {
            continue;
        }
        let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
        for column in mapping.columns_of(Field::Problem) {
            let mut text = sheet.text(at, column.index);
            if is_same_as_above(text) {
                text = (head.saturating_sub(1)..at)
                    .rev()
                    .map(|r| sheet.text(r, column.index))
                    .find(|t| !is_same_as_above(t))
                    .unwrap_or("");
            }
            if text.is_empty() || is_nothing(text) {
                continue;
            }
            if let Some(same) = rows.iter_mut().rev().find(|r| r.row == line && r.problem == text) {
                add_category(same, column, mapping);
                continue;
            }
            let mut row =
                LedgerRow { sheet: sheet.name.clone(), row: line, last_row: line, ..LedgerRow::default() };
            let at_cell = CellRef::new(at, column.index);
            let place_cell = CellRef::new(at, place_column.unwrap_or(0));
            row.add_text(Field::Problem, text, Origin::new(at_cell, How::Header, 0.85, "交叉表的单元格"));
            add_category(&mut row, column, mapping);
            row.add_text(Field::Place, place, Origin::new(place_cell, How::Inferred, 0.85, "交叉表的行标题"));
            rows.push(row);
        }
    }
    rows
}

/// The head of a column is a category; a text that stands under several heads has them all.
fn add_category(row: &mut LedgerRow, column: &ColumnRole, mapping: &Mapping) {
    let head = column.header.trim();
    if head.is_empty() {
        return;
    }
    if row.category.is_empty() {
        let cell = CellRef::new(mapping.header_top.saturating_sub(1), column.index);
        row.add_text(Field::Category, head, Origin::new(cell, How::Inferred, 0.85, "交叉表的列标题"));
    } else {
        row.category = format!("{}、{head}", row.category);
    }
}
