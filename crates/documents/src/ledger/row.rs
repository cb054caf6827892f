//! One problem as a ledger gives it, every value with the cell it came from.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Field;
use super::units::UnitRoles;
use crate::sheet::CellRef;

/// How a value came to a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// From the cell under the header.
    Header,
    /// From a section row above.
    Section,
    /// From the title, a meta row or the name of the sheet.
    SheetTitle,
    /// From a merged region that covers the row.
    Merged,
    /// Worked out: a blank read as "as above", a serial read as a day, a role found in brackets.
    Inferred,
}

/// Where a value came from and how sure that is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The cell, such as `C5`.
    pub cell: CellRef,
    /// The way it came.
    pub how: How,
    /// From 0 to 1; below [`Origin::DOUBTFUL`] a person should be asked.
    pub confidence: f32,
    /// A short Chinese reason.
    pub reason: Cow<'static, str>,
}

impl Origin {
    /// Values less sure than this are shown to a person before they are taken.
    pub const DOUBTFUL: f32 = 0.7;

    pub(super) fn new(cell: CellRef, how: How, confidence: f32, reason: &'static str) -> Self {
        Self { cell, how, confidence, reason: Cow::Borrowed(reason) }
    }

    /// Whether a person should be asked.
    pub fn is_doubtful(&self) -> bool {
        self.confidence < Self::DOUBTFUL
    }
}

/// A value of a column that is none of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extra {
    /// The header of its column.
    pub header: String,
    /// The text of its cell.
    pub text: String,
}

/// One measure of a problem, where each stands in a row of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MeasureLine {
    /// The row, counted from 1.
    pub row: u32,
    /// The measure as written.
    pub text: String,
    /// Its own deadline, where the row has one.
    pub deadline_text: String,
    /// Its own units, where the row has some.
    pub responsible_units: Vec<String>,
    /// Its own account of progress.
    pub progress: String,
    /// Its own status.
    pub status_text: String,
}

/// One problem of a ledger. Absent text is empty.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LedgerRow {
    /// The sheet it stands in.
    pub sheet: String,
    /// Its first row, counted from 1.
    pub row: u32,
    /// Its last row, counted from 1.
    pub last_row: u32,
    /// The number as written; `3.(1)` where one number covers several problems.
    pub seq: String,
    /// Category, source or section.
    pub category: String,
    /// Place; several columns from the wide to the narrow are joined.
    pub place: String,
    /// The problem as written.
    pub problem: String,
    /// All measures as written, one a line where they stood in several rows.
    pub measures: String,
    /// The goal.
    pub goal: String,
    /// The deadline as written; dates are ISO.
    pub deadline_text: String,
    /// The lead unit, only where the ledger names one.
    pub lead_unit: String,
    /// The responsible units in the order written.
    pub responsible_units: Vec<String>,
    /// The assisting units in the order written.
    pub assisting_units: Vec<String>,
    /// The account of progress.
    pub progress: String,
    /// The status as written.
    pub status_text: String,
    /// Remarks.
    pub remark: String,
    /// The measures one by one.
    pub measure_lines: Vec<MeasureLine>,
    /// Columns that are none of the fields; nothing of a row is lost.
    pub extra: Vec<Extra>,
    /// Where each value came from.
    pub origins: Vec<(Field, Origin)>,
}

impl LedgerRow {
    /// The object that `ledger read --json` prints: exactly the agreed keys, units as arrays.
    pub fn to_json(&self) -> Value {
        json!({
            "sheet": self.sheet,
            "row": self.row,
            "seq": self.seq,
            "category": self.category,
            "place": self.place,
            "problem": self.problem,
            "measures": self.measures,
            "goal": self.goal,
            "deadline_text": self.deadline_text,
            "lead_unit": self.lead_unit,
            "responsible_units": self.responsible_units,
            "assisting_units": self.assisting_units,
            "progress": self.progress,
            "status_text": self.status_text,
            "remark": self.remark,
        })
    }

    /// A field as one text; units are joined by 、.
    pub fn text_of(&self, field: Field) -> Cow<'_, str> {
        match field {
            Field::ResponsibleUnits => Cow::Owned(self.responsible_units.join("、")),
            Field::AssistingUnits => Cow::Owned(self.assisting_units.join("、")),
            Field::Seq => Cow::Borrowed(&self.seq),
            Field::Category => Cow::Borrowed(&self.category),
            Field::Place => Cow::Borrowed(&self.place),
            Field::Problem => Cow::Borrowed(&self.problem),
            Field::Measures => Cow::Borrowed(&self.measures),
            Field::Goal => Cow::Borrowed(&self.goal),
            Field::DeadlineText => Cow::Borrowed(&self.deadline_text),
            Field::LeadUnit => Cow::Borrowed(&self.lead_unit),
            Field::Progress => Cow::Borrowed(&self.progress),
            Field::StatusText => Cow::Borrowed(&self.status_text),
            Field::Remark => Cow::Borrowed(&self.remark),
        }
    }

    /// Where a field came from.
    pub fn origin(&self, field: Field) -> Option<&Origin> {
        self.origins.iter().find(|(f, _)| *f == field).map(|(_, o)| o)
    }

    /// The fields a person should look at.
    pub fn doubtful(&self) -> impl Iterator<Item = (Field, &Origin)> {
        self.origins.iter().filter(|(_, o)| o.is_doubtful()).map(|(f, o)| (*f, o))
    }

    fn slot(&mut self, field: Field) -> Option<&mut String> {
        Some(match field {
            Field::Seq => &mut self.seq,
            Field::Category => &mut self.category,
            Field::Place => &mut self.place,
            Field::Problem => &mut self.problem,
            Field::Measures => &mut self.measures,
            Field::Goal => &mut self.goal,
            Field::DeadlineText => &mut self.deadline_text,
            Field::LeadUnit => &mut self.lead_unit,
            Field::Progress => &mut self.progress,
            Field::StatusText => &mut self.status_text,
            Field::Remark => &mut self.remark,
            Field::ResponsibleUnits | Field::AssistingUnits => return None,
        })
    }

    /// Whether a field has no value yet.
    pub(super) fn is_blank(&self, field: Field) -> bool {
        match field {
            Field::ResponsibleUnits => self.responsible_units.is_empty(),
            Field::AssistingUnits => self.assisting_units.is_empty(),
            _ => self.text_of(field).is_empty(),
        }
    }

    /// Sets a text field that is still empty, or adds a line that is not yet there.
    pub(super) fn add_text(&mut self, field: Field, text: &str, origin: Origin) {
        if matches!(field, Field::ResponsibleUnits | Field::AssistingUnits) {
            let roles = super::units::split_units(text, false);
            return self.add_units(field, roles, origin);
        }
        let Some(slot) = self.slot(field).filter(|_| !text.is_empty()) else { return };
        if slot.is_empty() {
            text.clone_into(slot);
            self.note(field, origin);
        } else if !slot.lines().any(|line| line == text) && slot != text {
            slot.push('\n');
            slot.push_str(text);
        }
    }

    /// Adds the units of a cell read as `field`; marked roles go to their own fields.
    pub(super) fn add_units(&mut self, field: Field, mut roles: UnitRoles, origin: Origin) {
        match field {
            Field::LeadUnit => {
                let unmarked = std::mem::take(&mut roles.responsible);
                roles.lead.extend(unmarked);
            }
            Field::AssistingUnits => {
                let unmarked = std::mem::take(&mut roles.responsible);
                roles.assisting.extend(unmarked);
            }
            _ => {}
        }
        let named = [
            (Field::LeadUnit, &roles.lead),
            (Field::ResponsibleUnits, &roles.responsible),
            (Field::AssistingUnits, &roles.assisting),
        ];
        for (kind, units) in named {
            if !units.is_empty() && self.is_blank(kind) {
                self.note(kind, origin.clone());
            }
        }
        let mut all = UnitRoles {
            lead: self.lead_unit.split('、').filter(|u| !u.is_empty()).map(str::to_owned).collect(),
            responsible: std::mem::take(&mut self.responsible_units),
            assisting: std::mem::take(&mut self.assisting_units),
        };
        all.join(roles);
        self.lead_unit = all.lead.join("、");
        self.responsible_units = all.responsible;
        self.assisting_units = all.assisting;
    }

    /// Keeps a column that is none of the fields.
    pub(super) fn add_extra(&mut self, header: &str, text: &str) {
        match self.extra.iter_mut().find(|e| e.header == header) {
            Some(extra) if extra.text.lines().any(|l| l == text) => {}
            Some(extra) => {
                extra.text.push('\n');
                extra.text.push_str(text);
            }
            None => self.extra.push(Extra { header: header.to_owned(), text: text.to_owned() }),
        }
    }

    pub(super) fn note(&mut self, field: Field, origin: Origin) {
        if self.origin(field).is_none() {
            self.origins.push((field, origin));
        }
    }

    /// Whether nothing but a number was read: a row of the form left empty.
    pub(super) fn is_hollow(&self) -> bool {
        let own = |f: &Field| {
            let how = self.origin(*f).map(|o| o.how);
            !self.is_blank(*f) && matches!(how, Some(How::Header | How::Inferred))
        };
        !Field::ALL.iter().filter(|f| **f != Field::Seq).any(own) && self.problem.is_empty()
    }
}
