//! Running text with fixed headings or `label：value` paragraphs, and roles written inside a sentence.

use super::evidence::{Level, enumerator};
use super::row::{How, LedgerRow, Origin};
use super::units::{role_word, split_units};
use super::words::{guess_header, normal};
use super::{ColumnRole, Field, Layout, Mapping, MeasureLine, Role};
use crate::sheet::{CellRef, Sheet};

/// The most characters of a label inside running text.
const LABEL_CHARS: usize = 10;

/// A label inside a text and what follows it up to the next.
#[derive(Debug, PartialEq)]
struct Part<'a> {
    label: &'a str,
    field: Field,
    value: &'a str,
}

fn field_of(label: &str) -> Option<Field> {
    match guess_header(label)?.role {
        Role::Field(Field::Seq) => None,
        Role::Field(field) => Some(field),
        Role::MixedUnits => Some(Field::ResponsibleUnits),
        _ => None,
    }
}

/// Splits a text at labels followed by a colon; what stands before the first label comes first.
fn split_labels(text: &str) -> (&str, Vec<Part<'_>>) {
    let mut marks: Vec<(usize, usize, &str, Field)> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, ':' | '：')) {
        let before = &text[..at];
        let is_edge = |c: char| c.is_whitespace() || "（(；;。，,、|【".contains(c);
        let start =
            before.char_indices().rev().find(|(_, c)| is_edge(*c)).map_or(0, |(i, c)| i + c.len_utf8());
        let label = before[start..].trim();
        let bare = enumerator(label).map_or(label, |(_, n)| label[n..].trim());
        if !bare.is_empty()
            && bare.chars().count() <= LABEL_CHARS
            && let Some(field) = field_of(bare)
        {
            marks.push((start, at + c.len_utf8(), bare, field));
        }
    }
    let head = marks.first().map_or(text, |m| &text[..m.0]);
    let mut parts = Vec::new();
    for (i, (_, from, label, field)) in marks.iter().enumerate() {
        let to = marks.get(i + 1).map_or(text.len(), |m| m.0);
        let value = without_stray_close(
            text[*from..to].trim().trim_end_matches(['；', ';', '（', '(', '，', ',']).trim(),
        );
        parts.push(Part { label, field: *field, value });
    }
    (head.trim().trim_end_matches(['（', '(']).trim(), parts)
}

/// A value that ends with the bracket around all labels loses it; one of its own it keeps.
fn without_stray_close(value: &str) -> &str {
    let count = |marks: [char; 2]| value.chars().filter(|c| marks.contains(c)).count();
    let bare = value.trim_end_matches('。');
    match bare.strip_suffix([')', '）']) {
        Some(inner) if count([')', '）']) > count(['(', '（']) => inner.trim(),
        _ => value,
    }
}

struct Item {
    level: Option<Level>,
    row: LedgerRow,
}

#[derive(Default)]
struct Walk {
    items: Vec<Item>,
    heading: Option<Field>,
    labels: Vec<(String, Field)>,
}

impl Walk {
    fn line(&mut self, sheet: &Sheet, at: usize, column: usize) {
        let text = sheet.text(at, column);
        let numbered = enumerator(text);
        let body = numbered.map_or(text, |(_, n)| text[n..].trim());
        let cell = CellRef::new(at, column);
        if let Some(field) = heading(body) {
            self.note_label(body, field);
            if field == Field::Problem {
                self.begin(sheet, cell, None);
            }
            self.heading = Some(field);
            return;
        }
        let (head, parts) = split_labels(body);
        if !head.is_empty() {
            self.head(sheet, cell, numbered, text, head);
        }
        for part in parts {
            self.part(sheet, cell, &part);
        }
    }

    fn head(
        &mut self,
        sheet: &Sheet,
        cell: CellRef,
        numbered: Option<(Level, usize)>,
        text: &str,
        head: &str,
    ) {
        let level = numbered.map(|(l, _)| l);
        let own = self.items.last().and_then(|i| i.level);
        let outer = match (level, own) {
            (Some(new), Some(own)) => new <= own,
            (Some(_), None) => self.heading.is_none(),
            (None, _) => false,
        };
        match self.heading {
            Some(field) if !outer => {
                // Under a heading the numbers belong to the wording.
                let value = if head.len() < text.len() && text.ends_with(head) { text } else { head };
                self.set(sheet, cell, field, value);
            }
            _ if level.is_some() => {
                self.begin(sheet, cell, level);
                self.heading = None;
                self.set(sheet, cell, Field::Problem, head);
            }
            _ => {}
        }
    }

    fn part(&mut self, sheet: &Sheet, cell: CellRef, part: &Part<'_>) {
        self.note_label(part.label, part.field);
        let taken = self.items.last().is_none_or(|i| !i.row.problem.is_empty());
        if part.field == Field::Problem && taken {
            self.begin(sheet, cell, None);
        }
        if part.value.is_empty() {
            self.heading = Some(part.field);
            return;
        }
        self.heading =
            matches!(part.field, Field::Problem | Field::Measures | Field::Progress).then_some(part.field);
        self.set(sheet, cell, part.field, part.value);
    }

    fn note_label(&mut self, label: &str, field: Field) {
        let label = normal(label);
        if !self.labels.iter().any(|(l, _)| *l == label) {
            self.labels.push((label, field));
        }
    }

    fn begin(&mut self, sheet: &Sheet, cell: CellRef, level: Option<Level>) {
        let (row, sheet) = (cell.row.saturating_add(1), sheet.name.clone());
        self.items.push(Item { level, row: LedgerRow { sheet, row, last_row: row, ..LedgerRow::default() } });
    }

    fn set(&mut self, sheet: &Sheet, cell: CellRef, field: Field, value: &str) {
        if self.items.is_empty() {
            self.begin(sheet, cell, None);
        }
        let Some(item) = self.items.last_mut() else { return };
        item.row.last_row = cell.row.saturating_add(1);
        let origin = Origin::new(cell, How::Inferred, 0.65, "从正文的小标题或标签中读出");
        if matches!(field, Field::LeadUnit | Field::ResponsibleUnits | Field::AssistingUnits) {
            let value = without_stray_close(value.trim_end_matches('。'));
            item.row.add_units(field, split_units(value, false), origin);
            return;
        }
        let value = if field == Field::DeadlineText { value.trim_end_matches('。') } else { value };
        item.row.add_text(field, value, origin);
        if field == Field::Measures {
            let (row, text) = (cell.row.saturating_add(1), value.to_owned());
            item.row.measure_lines.push(MeasureLine { row, text, ..MeasureLine::default() });
        }
    }

    /// A numbered line that says nothing more and stands above deeper numbers is a heading of those.
    fn finish(self) -> Vec<LedgerRow> {
        let mut rows: Vec<LedgerRow> = Vec::new();
        let mut category: Option<(String, Level)> = None;
        let levels: Vec<Option<Level>> = self.items.iter().map(|i| i.level).collect();
        for (at, item) in self.items.into_iter().enumerate() {
            let next = levels.get(at + 1).copied().flatten();
            let bare = item.row.origins.len() <= 1;
            if let (Some(own), Some(next)) = (item.level, next)
                && bare
                && next > own
            {
                category = Some((item.row.problem, own));
                continue;
            }
            let mut row = item.row;
            if let Some((text, level)) = &category
                && item.level.is_none_or(|own| own > *level)
                && row.category.is_empty()
            {
                let cell = CellRef { row: row.row.saturating_sub(1), column: 0 };
                let origin = Origin::new(cell, How::Section, 0.65, "正文的上级标题");
                row.add_text(Field::Category, text, origin);
            }
            inline_roles(&mut row);
            if !row.problem.is_empty() {
                rows.push(row);
            }
        }
        rows
    }
}

/// A line that is only a field's name, such as 二、整改目标.
fn heading(body: &str) -> Option<Field> {
    let found = guess_header(body).filter(|g| g.confidence >= 0.85)?;
    match found.role {
        Role::Field(
            field @ (Field::Problem
            | Field::Goal
            | Field::Measures
            | Field::Progress
            | Field::StatusText
            | Field::DeadlineText
            | Field::LeadUnit
            | Field::ResponsibleUnits
            | Field::AssistingUnits),
        ) => Some(field),
        _ => None,
    }
}

fn walk(sheet: &Sheet) -> Walk {
    let mut walk = Walk::default();
    for at in 0..sheet.height() {
        if let Some(column) = sheet.filled(at).next() {
            walk.line(sheet, at, column);
        }
    }
    walk
}

/// The mapping of running text, where it holds at least one problem with something more said about it.
pub(super) fn propose(sheet: &Sheet) -> Option<Mapping> {
    let filled = (0..sheet.height()).filter(|&r| sheet.filled(r).next().is_some()).count();
    let lonely = (0..sheet.height()).filter(|&r| sheet.filled(r).count() == 1).count();
    if filled == 0 || lonely * 10 < filled * 8 {
        return None;
    }
    let walk = walk(sheet);
    let labels = walk.labels.clone();
    let rows = walk.finish();
    let told = rows
        .iter()
        .filter(|r| r.origins.iter().any(|(f, _)| !matches!(f, Field::Problem | Field::Category)))
        .count();
    if told == 0 || told * 2 < rows.len() {
        return None;
    }
    let columns: Vec<ColumnRole> = labels
        .into_iter()
        .enumerate()
        .map(|(index, (header, field))| ColumnRole { index, header, role: Role::Field(field) })
        .collect();
    let fingerprint = super::propose::fingerprint_of("prose", columns.iter().map(|c| c.header.as_str()));
    Some(Mapping {
        sheet: sheet.name.clone(),
        layout: Layout::Prose,
        header_top: 1,
        header_rows: 0,
        columns,
        fingerprint,
    })
}

/// Reads problems from running text. Roles follow the words; the mapping only says that it is to be read so.
pub(super) fn read(sheet: &Sheet, _mapping: &Mapping) -> Vec<LedgerRow> {
    walk(sheet).finish()
}

/// Units and deadlines written inside the wording, `（牵头单位：某局；责任单位：各村支部）`, where no column gave
/// them. The wording stays as it is.
pub(super) fn inline_roles(row: &mut LedgerRow) {
    for field in [Field::Problem, Field::Measures] {
        let text = row.text_of(field).into_owned();
        if !text.contains([':', '：']) {
            continue;
        }
        let Some(cell) = row.origin(field).map(|o| o.cell) else { continue };
        let reason = "从文字中的“牵头单位、责任单位、时限”等标注读出";
        for part in split_labels(&text).1 {
            let units =
                matches!(part.field, Field::LeadUnit | Field::ResponsibleUnits | Field::AssistingUnits);
            let wanted = units && role_word(part.label).is_some() || part.field == Field::DeadlineText;
            let value = part.value.split(['。', '\n', '）', ')']).next().unwrap_or("").trim();
            if wanted && row.is_blank(part.field) && !value.is_empty() && value.chars().count() <= 60 {
                row.add_text(part.field, value, Origin::new(cell, How::Inferred, 0.75, reason));
            }
        }
    }
}
