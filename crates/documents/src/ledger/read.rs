//! Reading problems from a sheet by a mapping.

use std::collections::HashMap;

use super::cells::{add_ticked, blank_means_above, is_wide_place, join_places, own_value, status_choice};
use super::evidence::{Level, enumerator, looks_like_unit, section_core};
use super::row::{How, LedgerRow, MeasureLine, Origin};
use super::rows::{Line, Shape};
use super::stacked::Part;
use super::units::{role_word, split_units};
use super::words::{is_mark, is_same_as_above, is_status_word, is_tick, is_void};
use super::{ColumnRole, Field, Layout, Mapping, Role};
use crate::sheet::{CellRef, Sheet, column_letters};

/// Reads the problems of a sheet by a mapping: the one proposed, one a person changed, or one remembered for
/// the layout. A mapping that does not fit the sheet gives no rows.
pub fn read(sheet: &Sheet, mapping: &Mapping) -> Vec<LedgerRow> {
    match mapping.layout {
        Layout::Table => read_table(sheet, mapping),
        Layout::Form => super::form::read(sheet, mapping),
        Layout::Matrix => super::matrix::read(sheet, mapping),
        Layout::Prose => super::prose::read(sheet, mapping),
    }
}

fn read_table(sheet: &Sheet, mapping: &Mapping) -> Vec<LedgerRow> {
    let mut rows = Vec::new();
    for part in super::stacked::parts(sheet, mapping) {
        let mut table = Table::new(sheet, &part);
        for &row in &part.headings {
            if let Some(column) = sheet.filled(row).next() {
                table.section(row, column);
            }
        }
        table.read(&mut rows);
    }
    rows
}

/// What a section row carries.
#[derive(Debug, Clone, PartialEq)]
struct Section {
    level: Option<Level>,
    field: Field,
    text: String,
    cell: CellRef,
    confidence: f32,
}

struct Table<'a> {
    sheet: &'a Sheet,
    mapping: &'a Mapping,
    shape: Shape,
    sections: Vec<Section>,
    /// The last filled row of each column, for 同上 and for blanks that mean it.
    above: HashMap<usize, usize>,
    /// Columns where a blank means "as above" although nothing is merged.
    fill_down: Vec<usize>,
    title: Vec<(Field, String, Origin)>,
    open: bool,
    has_unit_column: bool,
    /// The widest place of the row being read.
    wide_place: String,
}

impl<'a> Table<'a> {
    fn new(sheet: &'a Sheet, part: &'a Part) -> Self {
        let (header, mapping) = (&part.header, &part.mapping);
        let shape = Shape::new(sheet, header, mapping, part.end).below_titles(sheet, part.title_rows);
        let unit = |c: &ColumnRole| {
            matches!(c.role, Role::MixedUnits | Role::Field(Field::LeadUnit | Field::ResponsibleUnits))
        };
        let has_unit_column = mapping.columns.iter().any(unit);
        let fill_down = blank_means_above(sheet, mapping, &shape);
        let title = super::workbook::title_values(sheet, header.top, mapping, has_unit_column);
        Self {
            sheet,
            mapping,
            shape,
            sections: Vec::new(),
            above: HashMap::new(),
            fill_down,
            title,
            open: false,
            has_unit_column,
            wide_place: String::new(),
        }
    }

    /// Reads the problems of one table.
    fn read(&mut self, rows: &mut Vec<LedgerRow>) {
        for at in self.shape.first_data()..=self.shape.last_data().min(self.sheet.height().saturating_sub(1))
        {
            let open = rows.last().map(|r| r.row as usize);
            match self.shape.line(self.sheet, at, open.filter(|_| self.open)) {
                Line::Skip => {}
                Line::Section(column) => {
                    self.section(at, column);
                    self.open = false;
                }
                Line::Problem => {
                    let row = self.problem(at);
                    self.open = !row.is_hollow();
                    if self.open {
                        rows.push(row);
                    }
                }
                Line::Continues { certain } => {
                    if let Some(row) = rows.last_mut() {
                        self.continues(row, at, certain);
                    }
                }
            }
        }
    }

    fn section(&mut self, row: usize, column: usize) {
        self.above.clear();
        let text = self.sheet.text(row, column);
        let seq_before = (0..column).map(|c| self.sheet.text(row, c)).find(|t| !t.is_empty()).unwrap_or("");
        let level = enumerator(text)
            .map(|(l, _)| l)
            .or_else(|| enumerator(&format!("{seq_before}、")).map(|(l, _)| l));
        let mut section = self.section_meaning(text, level.is_some() || section_core(text) != text.trim());
        section.level = level;
        section.cell = CellRef::new(row, column);
        // A section ends those of its own level and below; one without a number ends those of its kind.
        self.sections.retain(|s| match (s.level, level) {
            (Some(a), Some(b)) => a < b,
            (None, Some(_)) => true,
            _ => s.field != section.field,
        });
        self.sections.push(section);
    }

    fn section_meaning(&self, text: &str, counted: bool) -> Section {
        let core = section_core(text);
        let make = |field, text: &str, confidence| Section {
            level: None,
            field,
            text: text.trim().to_owned(),
            cell: CellRef::new(0, 0),
            confidence,
        };
        if let Some((label, value)) = core.split_once(['：', ':'])
            && !value.trim().is_empty()
        {
            let by_word = super::words::guess_header(label).and_then(|g| match g.role {
                Role::Field(f) if f != Field::Problem => Some(f),
                _ => None,
            });
            let field = role_word(label).map(|_| Field::ResponsibleUnits).or(by_word);
            if let Some(field) = field {
                // The label tells the role again when the units are split.
                let units =
                    matches!(field, Field::ResponsibleUnits | Field::LeadUnit | Field::AssistingUnits);
                return make(field, if units && role_word(label).is_some() { core } else { value }, 0.9);
            }
        }
        if is_status_word(core) && !self.mapping.has(Field::StatusText) {
            return make(Field::StatusText, core, 0.9);
        }
        if looks_like_unit(core) && !counted {
            return make(Field::ResponsibleUnits, core, if self.has_unit_column { 0.6 } else { 0.85 });
        }
        if looks_like_unit(core) && !self.has_unit_column {
            // A numbered heading that is a unit's name sorts the rows and says who owes them.
            return make(Field::Category, text, 0.75);
        }
        make(Field::Category, text, 0.95)
    }

    fn problem(&mut self, at: usize) -> LedgerRow {
        let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let mut row =
            LedgerRow { sheet: self.sheet.name.clone(), row: line, last_row: line, ..LedgerRow::default() };
        self.take_columns(&mut row, at, true, 0.0);
        self.number_parts(&mut row, at);
        self.coarse_category(&mut row);
        self.apply_sections(&mut row);
        super::prose::inline_roles(&mut row);
        for (field, text, origin) in &self.title {
            if row.is_blank(*field) {
                row.add_text(*field, text, origin.clone());
            }
        }
        row
    }

    fn continues(&mut self, row: &mut LedgerRow, at: usize, certain: bool) {
        row.last_row = u32::try_from(at + 1).unwrap_or(u32::MAX);
        self.take_columns(row, at, false, if certain { 0.0 } else { 0.6 });
    }

    /// Reads the columns of one line into a problem. On its first line merged regions and blanks that mean "as
    /// above" count; on a further line only what the line itself holds.
    fn take_columns(&mut self, row: &mut LedgerRow, at: usize, first: bool, doubt: f32) {
        let mut line =
            MeasureLine { row: u32::try_from(at + 1).unwrap_or(u32::MAX), ..MeasureLine::default() };
        let (mut places, mut wide): (Vec<(String, Origin)>, usize) = (Vec::new(), 0);
        let mapping = self.mapping;
        for column in &mapping.columns {
            let Some((text, mut origin)) = self.value(at, column, first) else { continue };
            if doubt > 0.0 {
                origin.confidence = origin.confidence.min(doubt);
                origin.reason = "序号和问题空白，视为上一问题的续行".into();
            }
            let field = match column.role {
                Role::Extra => {
                    let unnamed = || format!("{}列", column_letters(column.index));
                    let header = if column.header.is_empty() { unnamed() } else { column.header.clone() };
                    row.add_extra(&header, &text);
                    continue;
                }
                Role::StatusChoice => {
                    status_choice(row, column, &text, origin);
                    continue;
                }
                Role::MixedUnits => {
                    row.add_units(Field::ResponsibleUnits, split_units(&text, true), origin);
                    continue;
                }
                Role::Field(field) => field,
            };
            line.take(field, &text);
            match field {
                Field::Place if is_wide_place(column) => {
                    places.insert(wide, (text, origin));
                    wide += 1;
                }
                Field::Place => places.push((text, origin)),
                Field::Category if is_tick(&text) && column.header.contains('/') => {
                    add_ticked(row, column, origin);
                }
                Field::ResponsibleUnits if super::words::names_persons(&column.header) => {
                    let origin =
                        Origin {
                            confidence: 0.6, reason: "单位与责任人同在一格，只取单位".into(), ..origin
                        };
                    row.add_units(field, super::units::units_among_persons(&text), origin);
                    row.add_extra(&column.header, &text);
                }
                Field::LeadUnit | Field::ResponsibleUnits | Field::AssistingUnits => {
                    row.add_units(field, split_units(&text, false), origin);
                }
                Field::StatusText if column.header.contains("销号") && is_mark(&text) => {
                    let origin =
                        Origin {
                            how: How::Inferred, confidence: 0.8, reason: "销号列打勾".into(), ..origin
                        };
                    row.add_text(field, "已销号", origin);
                }
                Field::Progress if mapping.columns_of(Field::Progress).nth(1).is_some() => {
                    let leaf = column.header.rsplit('/').next().unwrap_or_default();
                    row.add_text(field, &format!("{leaf}：{text}"), origin);
                }
                _ => row.add_text(field, &text, origin),
            }
        }
        if first {
            self.wide_place = places.first().map(|(text, _)| text.clone()).unwrap_or_default();
        }
        join_places(row, places, first);
        if !line.text.is_empty() {
            row.measure_lines.push(line);
        }
    }

    /// The text of a column on a line, with its origin.
    fn value(&mut self, at: usize, column: &ColumnRole, first: bool) -> Option<(String, Origin)> {
        let index = column.index;
        let own = self.sheet.cell(at, index);
        let cell = CellRef::new(at, index);
        if !own.is_blank() {
            let text = own.text().trim();
            if is_void(text) {
                return None;
            }
            if is_same_as_above(text) {
                return self.value_above(column, 0.9, "单元格写明“同上”");
            }
            self.above.insert(index, at);
            return Some(own_value(own.kind(), text, cell, column.role));
        }
        if !first {
            return None;
        }
        if let Some(merge) = self.sheet.merge_at(at, index) {
            let covered = merge.top < at && merge.left == index && merge.top >= self.shape.first_data();
            let text = self.sheet.text(merge.top, index);
            if !covered || text.is_empty() || is_void(text) {
                return None;
            }
            let from = CellRef::new(merge.top, index);
            let (text, _) = own_value(self.sheet.cell(merge.top, index).kind(), text, from, column.role);
            return Some((text, Origin::new(from, How::Merged, 0.97, "合并单元格，与上方相同")));
        }
        if self.fill_down.contains(&index) {
            return self.value_above(column, 0.55, "单元格空白，视为与上一行相同");
        }
        None
    }

    /// The value last filled in this column.
    fn value_above(
        &self,
        column: &ColumnRole,
        confidence: f32,
        reason: &'static str,
    ) -> Option<(String, Origin)> {
        let row = *self.above.get(&column.index)?;
        let cell = self.sheet.cell(row, column.index);
        let from = CellRef::new(row, column.index);
        let (text, _) = own_value(cell.kind(), cell.text().trim(), from, column.role);
        Some((text, Origin::new(from, How::Inferred, confidence, reason)))
    }

    /// One number over several problems: `3` above `(1)…`, `(2)…` gives `3.(1)`, `3.(2)`.
    fn number_parts(&self, row: &mut LedgerRow, at: usize) {
        let Some(seq) = self.mapping.columns_of(Field::Seq).next().map(|c| c.index) else { return };
        let Some((_, size)) = enumerator(&row.problem) else { return };
        let shared = match self.sheet.merge_at(at, seq) {
            Some(merge) => merge.height() > 1,
            None => {
                let below = at + 1;
                let next_has_part = |r: usize| {
                    let problem = self.mapping.columns_of(Field::Problem).next().map(|c| c.index);
                    self.sheet.text(r, seq).is_empty()
                        && problem.is_some_and(|p| enumerator(self.sheet.text(r, p)).is_some())
                };
                self.sheet.text(at, seq).is_empty() || next_has_part(below)
            }
        };
        if !shared {
            return;
        }
        if row.seq.is_empty() {
            let Some(&above) = self.above.get(&seq) else { return };
            let from = CellRef::new(above, seq);
            let origin = Origin::new(from, How::Inferred, 0.6, "序号空白，与上一行同属一个序号");
            row.add_text(Field::Seq, self.sheet.text(above, seq), origin);
        }
        let part = row.problem[..size].trim().to_owned();
        let rest = row.problem[size..].trim().to_owned();
        if rest.is_empty() {
            return;
        }
        let dot = if row.seq.ends_with(['.', '、', '．']) { "" } else { "." };
        row.seq = format!("{}{dot}{}", row.seq, part);
        row.problem = rest;
    }

    /// Two place columns and no category: the wider place sorts the rows.
    fn coarse_category(&self, row: &mut LedgerRow) {
        if !row.category.is_empty() || self.mapping.has(Field::Category) {
            return;
        }
        let places = || self.mapping.columns_of(Field::Place);
        if places().nth(1).is_none() || !places().any(is_wide_place) {
            return;
        }
        let Some(origin) = row.origin(Field::Place).cloned() else { return };
        if !self.wide_place.is_empty() && row.place.starts_with(&self.wide_place) {
            row.category.clone_from(&self.wide_place);
            let reason = "没有类别列，按上级地点归类";
            row.note(Field::Category, Origin::new(origin.cell, How::Inferred, 0.7, reason));
        }
    }

    fn apply_sections(&self, row: &mut LedgerRow) {
        for section in self.sections.iter().rev() {
            let origin = Origin::new(section.cell, How::Section, section.confidence, "来自上方的分组行");
            if row.is_blank(section.field) {
                row.add_text(section.field, &section.text, origin.clone());
            } else if row.text_of(section.field) != section.text {
                // The row says it of itself, so the heading only sorts.
                if row.category.is_empty() {
                    row.add_text(Field::Category, &section.text, origin.clone());
                } else if row.category != section.text {
                    row.add_extra("分组", &section.text);
                }
            }
            let core = section_core(&section.text);
            // A department in a heading owes what stands below; a township may only be where it was found.
            let is_place =
                ["镇", "乡", "街道", "村", "社区", "县", "区", "市"].iter().any(|w| core.ends_with(w));
            let names_unit = section.field == Field::Category
                && looks_like_unit(core)
                && (!self.has_unit_column || !is_place);
            if names_unit && row.responsible_units.is_empty() {
                let origin =
                    Origin {
                        confidence: 0.6, reason: "分组行像是责任单位，请核对".into(), ..origin
                    };
                row.add_text(Field::ResponsibleUnits, core, origin);
            }
        }
    }
}
