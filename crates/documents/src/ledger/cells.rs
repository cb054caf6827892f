//! From the text of one cell to a value: ticks, dates stored as numbers, wrapped names, blanks that mean "as above".

use super::row::{How, LedgerRow, MeasureLine, Origin};
use super::rows::Shape;
use super::units::split_units;
use super::words::{is_tick, normal};
use super::{ColumnRole, Field, Mapping, Role};
use crate::sheet::{CellKind, CellRef, Sheet};

impl MeasureLine {
    pub(super) fn take(&mut self, field: Field, text: &str) {
        match field {
            Field::Measures => text.clone_into(&mut self.text),
            Field::DeadlineText => text.clone_into(&mut self.deadline_text),
            Field::Progress => text.clone_into(&mut self.progress),
            Field::StatusText => text.clone_into(&mut self.status_text),
            Field::ResponsibleUnits => self.responsible_units = split_units(text, false).responsible,
            _ => {}
        }
    }
}

/// A column headed by a status: a tick takes the header's words, a text explains it.
pub(super) fn status_choice(row: &mut LedgerRow, column: &ColumnRole, text: &str, origin: Origin) {
    let status = normal(&super::words::without_brackets(column.header.rsplit('/').next().unwrap_or("")));
    let origin =
        Origin { how: How::Inferred, confidence: 0.85, reason: "按勾选的状态列".into(), ..origin };
    if !is_tick(text) && text != status {
        row.add_text(Field::Progress, text, origin.clone());
    }
    row.add_text(Field::StatusText, &status, origin);
}

pub(super) fn own_value(kind: CellKind, text: &str, cell: CellRef, role: Role) -> (String, Origin) {
    if role == Role::Field(Field::DeadlineText)
        && kind != CellKind::Date
        && let Some(iso) = bare_serial(text)
    {
        return (iso, Origin::new(cell, How::Inferred, 0.8, "数字按日期序列值换算"));
    }
    // A line end in these only fits the words into a narrow column.
    let wrapped =
        matches!(role, Role::Field(Field::Seq | Field::Category | Field::Place)) && text.contains('\n');
    let text = if wrapped { text.lines().map(str::trim).collect() } else { text.to_owned() };
    (text, Origin::new(cell, How::Header, 0.98, "列标题下的单元格"))
}

/// A number that can only be a day of 2000–2099 in a column of deadlines.
pub(super) fn bare_serial(text: &str) -> Option<String> {
    let serial: u32 = text.parse().ok().filter(|_| text.len() == 5)?;
    (36_526..73_051)
        .contains(&serial)
        .then(|| crate::sheet::serial_to_iso(f64::from(serial), false))
        .flatten()
}

pub(super) fn join_places(row: &mut LedgerRow, places: Vec<(String, Origin)>, first: bool) {
    let Some((_, origin)) = places.first().cloned() else { return };
    let mut joined = String::new();
    for (text, _) in &places {
        if text.starts_with(&joined) {
            joined.clone_from(text);
        } else if !joined.ends_with(text.as_str()) {
            joined.push_str(text);
        }
    }
    if first || row.place.is_empty() {
        // The narrowest column is where the row itself stands, and tells the line best.
        let own = places.iter().rev().find(|(_, o)| o.how == How::Header).map_or(origin, |(_, o)| o.clone());
        row.add_text(Field::Place, &joined, own);
    } else {
        row.add_text(Field::Place, &joined, origin);
    }
}

/// Where a table has no merged regions at all (every csv), a category or place column that starts filled and
/// then has long gaps means "as above". Where there are merged regions, a blank is a blank.
pub(super) fn blank_means_above(sheet: &Sheet, mapping: &Mapping, shape: &Shape) -> Vec<usize> {
    let (first, last) = (shape.first_data(), shape.last_data());
    if sheet.merges().iter().any(|m| m.top >= first && m.height() > 1) {
        return Vec::new();
    }
    let blank = |row: usize, column: usize| sheet.text(row, column).is_empty();
    let rows = last.saturating_sub(first) + 1;
    let grouped = |c: &&ColumnRole| {
        let filled = (first..=last).filter(|&r| !blank(r, c.index)).count();
        // A single value at the top of a long column is more likely a slip than a group.
        !blank(first, c.index) && filled >= 2 && filled * 10 <= rows * 8
    };
    let sorts = |c: &&ColumnRole| matches!(c.role, Role::Field(Field::Category | Field::Place));
    let mut found: Vec<usize> =
        mapping.columns.iter().filter(sorts).filter(grouped).map(|c| c.index).collect();
    // The unit of a group is written once too: in the leftmost column, or blank only where its group is.
    let unit = |c: &&ColumnRole| {
        matches!(c.role, Role::MixedUnits | Role::Field(Field::LeadUnit | Field::ResponsibleUnits))
    };
    let with_group = |c: &&ColumnRole| {
        c.index == 0
            || (first..=last)
                .filter(|&r| blank(r, c.index))
                .all(|r| found.iter().any(|&group| blank(r, group)))
    };
    let units: Vec<usize> =
        mapping.columns.iter().filter(unit).filter(grouped).filter(with_group).map(|c| c.index).collect();
    found.extend(units);
    found
}

/// Whether a column of places names townships or larger, which stand before what lies in them.
pub(super) fn is_wide_place(column: &ColumnRole) -> bool {
    is_wide_title(&column.header)
}

/// The same of a column's title.
pub(super) fn is_wide_title(title: &str) -> bool {
    const WIDE: &[&str] = &["乡", "镇", "街道", "县", "区", "市", "旗"];
    const SMALL: &[&str] = &["小区", "社区", "园区", "校区", "景区", "厂区"];
    let leaf = super::words::without_brackets(title.rsplit('/').next().unwrap_or(""));
    let ends = |words: &[&str]| words.iter().any(|w| leaf.ends_with(w));
    ends(WIDE) && !ends(SMALL)
}

/// A kind told by a tick under its own head; several are joined.
pub(super) fn add_ticked(row: &mut LedgerRow, column: &ColumnRole, origin: Origin) {
    let kind = column.header.rsplit('/').next().unwrap_or_default();
    if row.category.is_empty() {
        let origin =
            Origin { how: How::Inferred, confidence: 0.85, reason: "按勾选的类别列".into(), ..origin };
        row.add_text(Field::Category, kind, origin);
    } else {
        row.category = format!("{}、{kind}", row.category);
    }
}
