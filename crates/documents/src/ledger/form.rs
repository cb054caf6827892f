//! Vertical forms: a label with its value to the right, one or two pairs a row, one or several problems a sheet.

use std::collections::HashMap;

use super::row::{How, LedgerRow, Origin};
use super::units::split_units;
use super::words::{Nature, guess_header, is_status_word, is_void, normal};
use super::{ColumnRole, Field, Layout, Mapping, Role};
use crate::sheet::{CellRef, Sheet};

/// The most characters of a label.
const LABEL_CHARS: usize = 14;
/// How far down a form is looked for, in rows; reading goes on to the end.
const FORM_SEARCH_ROWS: usize = 400;

/// A label and the cells of its value.
struct Pair {
    row: usize,
    label: String,
    values: Vec<(usize, usize)>,
}

/// All pairs of a sheet. A label is a short cell whose words mean a field, or that stands in a column of such.
fn pairs(sheet: &Sheet, rows: usize) -> Vec<Pair> {
    let known = |r: usize, c: usize| {
        let text = sheet.text(r, c);
        text.chars().count() <= LABEL_CHARS && guess_header(text).is_some()
    };
    let (mut by_column, mut filled_by_column) = (HashMap::new(), HashMap::new());
    for r in 0..rows.min(sheet.height()) {
        for c in sheet.filled(r) {
            *filled_by_column.entry(c).or_insert(0usize) += 1;
            *by_column.entry(c).or_insert(0usize) += usize::from(known(r, c));
        }
    }
    let label_column = |c: usize| {
        let (known, filled) =
            (by_column.get(&c).copied().unwrap_or(0), filled_by_column.get(&c).copied().unwrap_or(0));
        known >= 2 && known * 2 >= filled
    };
    let is_label = |r: usize, c: usize| {
        let text = sheet.text(r, c);
        let length = text.chars().count();
        (1..=LABEL_CHARS).contains(&length) && label_column(c) && (known(r, c) || length <= 8)
    };
    let mut found = Vec::new();
    for r in 0..rows.min(sheet.height()) {
        for c in sheet.filled(r) {
            if !is_label(r, c) {
                continue;
            }
            let (bottom, right) = sheet.merge_at(r, c).map_or((r, c), |m| (m.bottom, m.right));
            let mut values = Vec::new();
            for row in r..=bottom {
                // A label to the right may reach down over several rows as well.
                let next = (right + 1..sheet.width()).find(|&x| {
                    let (top, left) = sheet.anchor(row, x);
                    left > right && is_label(top, left)
                });
                let own = sheet.filled(row).filter(|&x| x > right && next.is_none_or(|end| x < end));
                values.extend(own.map(|x| (row, x)));
            }
            // A title above the labels is short too, but nothing stands beside it.
            let heads_all = right + 1 >= sheet.width() && right > c;
            if values.is_empty() && (!known(r, c) || heads_all) {
                continue;
            }
            found.push(Pair { row: r, label: normal(sheet.text(r, c)), values });
        }
    }
    found
}

/// The mapping of a form, where the sheet is one: at least three fields with values, a problem or task among
/// them, and more rows than a header has.
pub(super) fn propose(sheet: &Sheet) -> Option<Mapping> {
    let found = pairs(sheet, FORM_SEARCH_ROWS);
    let mut columns: Vec<ColumnRole> = Vec::new();
    let (mut valued, mut rows) = (Vec::new(), Vec::new());
    for pair in &found {
        let guess = guess_header(&pair.label);
        let role = guess.map_or(Role::Extra, |g| match g.nature {
            // 完成情况 of a form is an account, unless it says no more than how far it is.
            Nature::Outcome if accounts(sheet, pair) => Role::Field(Field::Progress),
            _ => g.role,
        });
        if !columns.iter().any(|c| c.header == pair.label) {
            let taken = columns.iter().any(|c| c.role == role && role != Role::Extra);
            let role = if taken { Role::Extra } else { role };
            columns.push(ColumnRole { index: columns.len(), header: pair.label.clone(), role });
        }
        if !pair.values.is_empty() {
            if let Role::Field(field) = role {
                valued.push(field);
            }
            rows.push(pair.row);
        }
    }
    valued.sort();
    valued.dedup();
    rows.dedup();
    let named = valued.contains(&Field::Problem) || valued.contains(&Field::Measures);
    let small = rows.len() < 3 && !(rows.len() == 2 && valued.len() >= 5);
    if valued.len() < 3 || small || !named {
        return None;
    }
    let fingerprint = super::propose::fingerprint_of("form", columns.iter().map(|c| c.header.as_str()));
    let header_top = found.first().map_or(1, |p| p.row + 1);
    Some(Mapping {
        sheet: sheet.name.clone(),
        layout: Layout::Form,
        header_top,
        header_rows: 0,
        columns,
        fingerprint,
    })
}

/// The longest wording of a state that is no account, in characters.
const STATE_CHARS_MAX: usize = 5;

/// Whether a value tells what was done, rather than naming a state.
fn accounts(sheet: &Sheet, pair: &Pair) -> bool {
    let texts = pair.values.iter().map(|&(row, column)| sheet.text(row, column).trim());
    texts.filter(|t| !is_void(t)).any(|t| t.chars().count() > STATE_CHARS_MAX && !is_status_word(t))
}

/// Reads the problems of a form. A further problem begins where the first label or the problem's label comes
/// again.
pub(super) fn read(sheet: &Sheet, mapping: &Mapping) -> Vec<LedgerRow> {
    let mut rows: Vec<LedgerRow> = Vec::new();
    let first_label = mapping.columns.first().map(|c| c.header.as_str()).unwrap_or("");
    let mut seen: Vec<String> = Vec::new();
    for pair in pairs(sheet, sheet.height()) {
        let Some(column) = mapping.columns.iter().find(|c| c.header == pair.label) else { continue };
        let starts = pair.label == first_label || column.role == Role::Field(Field::Problem);
        if rows.is_empty() || (starts && seen.contains(&pair.label)) {
            let line = u32::try_from(pair.row + 1).unwrap_or(u32::MAX);
            let sheet = sheet.name.clone();
            rows.push(LedgerRow { sheet, row: line, last_row: line, ..LedgerRow::default() });
            seen.clear();
        }
        seen.push(pair.label.clone());
        if let Some(row) = rows.last_mut() {
            take(sheet, row, column, &pair);
        }
    }
    let has_title = super::workbook::title_values(
        sheet,
        mapping.header_top.saturating_sub(1),
        mapping,
        mapping.has(Field::ResponsibleUnits),
    );
    for row in &mut rows {
        super::prose::inline_roles(row);
        for (field, text, origin) in &has_title {
            if row.is_blank(*field) {
                row.add_text(*field, text, origin.clone());
            }
        }
    }
    rows.retain(|r| !r.is_hollow() || !r.problem.is_empty());
    rows
}

fn take(sheet: &Sheet, row: &mut LedgerRow, column: &ColumnRole, pair: &Pair) {
    let texts: Vec<&str> =
        pair.values.iter().map(|&(r, c)| sheet.text(r, c)).filter(|t| !is_void(t)).collect();
    let Some(&(r, c)) = pair.values.first() else { return };
    if texts.is_empty() {
        return;
    }
    let text = texts.join("\n");
    row.last_row =
        row.last_row.max(pair.values.last().map_or(0, |(r, _)| u32::try_from(r + 1).unwrap_or(u32::MAX)));
    let origin = Origin::new(CellRef::new(r, c), How::Header, 0.95, "表单标签右侧的单元格");
    match column.role {
        Role::Extra | Role::StatusChoice => row.add_extra(&column.header, &text),
        Role::MixedUnits => row.add_units(Field::ResponsibleUnits, split_units(&text, true), origin),
        Role::Field(field @ (Field::LeadUnit | Field::ResponsibleUnits | Field::AssistingUnits)) => {
            row.add_units(field, split_units(&text, false), origin);
        }
        Role::Field(Field::DeadlineText) => {
            let text = super::cells::bare_serial(&text).unwrap_or(text);
            row.add_text(Field::DeadlineText, &text, origin);
        }
        Role::Field(field) => {
            row.add_text(field, &text, origin);
            if field == Field::Measures {
                let line = u32::try_from(r + 1).unwrap_or(u32::MAX);
                row.measure_lines.push(super::MeasureLine { row: line, text, ..Default::default() });
            }
        }
    }
}

/// The place right of a label whose value is blank, for writing into the form.
pub(crate) fn value_cell(
    sheet: &Sheet,
    mapping: &Mapping,
    problem: &LedgerRow,
    field: Field,
) -> Option<(usize, usize)> {
    let column = mapping.columns_of(field).next()?;
    let from = problem.row.saturating_sub(1) as usize;
    let pair =
        pairs(sheet, sheet.height()).into_iter().find(|p| p.row >= from && p.label == column.header)?;
    let label = sheet.filled(pair.row).find(|&c| normal(sheet.text(pair.row, c)) == pair.label)?;
    Some((pair.row, sheet.merge_at(pair.row, label).map_or(label, |m| m.right) + 1))
}
