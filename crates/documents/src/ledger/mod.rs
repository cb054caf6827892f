//! Finding the ledger inside a sheet, proposing what each column means, and reading problems from it.
//!
//! [`propose`] looks at one sheet and says what it understood and how sure it is; a person may change the
//! [`Mapping`]; [`read`] then gives [`LedgerRow`]s in which every value knows the cell it came from.
//! [`read_workbook`] does both for all sheets and says why a sheet is no ledger.

mod cells;
mod evidence;
mod form;
mod matrix;
mod propose;
mod prose;
mod read;
mod row;
mod rows;
mod stacked;
mod table;
mod units;
mod words;
mod workbook;

use serde::{Deserialize, Serialize};

pub(crate) use form::value_cell;
pub use propose::{ColumnDoubt, Proposal, layout_fingerprint, propose};
pub use read::read;
pub use row::{Extra, How, LedgerRow, MeasureLine, Origin};
pub(crate) use stacked::mappings;
pub use units::{UnitRoles, split_units};
pub use workbook::{SheetReading, Verdict, read_workbook};

/// The fields of a problem that a ledger can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 序号.
    Seq,
    /// 类别, 来源 or the section the row stands in.
    Category,
    /// 地点.
    Place,
    /// 存在问题.
    Problem,
    /// 整改措施.
    Measures,
    /// 整改目标.
    Goal,
    /// 整改时限, as written.
    DeadlineText,
    /// 牵头单位.
    LeadUnit,
    /// 责任单位.
    ResponsibleUnits,
    /// 配合单位.
    AssistingUnits,
    /// 整改进展.
    Progress,
    /// 完成情况, 销号情况, as written.
    StatusText,
    /// 备注.
    Remark,
}

impl Field {
    /// All fields in the order of the JSON keys.
    pub const ALL: [Self; 13] = [
        Self::Seq,
        Self::Category,
        Self::Place,
        Self::Problem,
        Self::Measures,
        Self::Goal,
        Self::DeadlineText,
        Self::LeadUnit,
        Self::ResponsibleUnits,
        Self::AssistingUnits,
        Self::Progress,
        Self::StatusText,
        Self::Remark,
    ];

    /// The JSON key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Seq => "seq",
            Self::Category => "category",
            Self::Place => "place",
            Self::Problem => "problem",
            Self::Measures => "measures",
            Self::Goal => "goal",
            Self::DeadlineText => "deadline_text",
            Self::LeadUnit => "lead_unit",
            Self::ResponsibleUnits => "responsible_units",
            Self::AssistingUnits => "assisting_units",
            Self::Progress => "progress",
            Self::StatusText => "status_text",
            Self::Remark => "remark",
        }
    }

    /// The name a user sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Seq => "序号",
            Self::Category => "类别",
            Self::Place => "地点",
            Self::Problem => "存在问题",
            Self::Measures => "整改措施",
            Self::Goal => "整改目标",
            Self::DeadlineText => "整改时限",
            Self::LeadUnit => "牵头单位",
            Self::ResponsibleUnits => "责任单位",
            Self::AssistingUnits => "配合单位",
            Self::Progress => "整改进展",
            Self::StatusText => "完成情况",
            Self::Remark => "备注",
        }
    }
}

/// What a column is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// One field.
    Field(Field),
    /// Units of several roles in one cell, such as 责任（配合）单位: those in brackets assist.
    MixedUnits,
    /// A column whose header is itself a status (已完成 | 正在整改 | 未整改), ticked or explained in the cell.
    StatusChoice,
    /// Kept beside the problem under its header.
    Extra,
}

/// One column of a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRole {
    /// The column, counted from 0; for a form, the order of the label.
    pub index: usize,
    /// Its header, merged parents joined by `/`.
    pub header: String,
    /// What it is read as.
    pub role: Role,
}

/// How a sheet is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// A header above rows.
    Table,
    /// Labels with their values to the right; one problem a form, or several one below the other.
    Form,
    /// Categories across, places down, problems in the cells.
    Matrix,
    /// Running text with headings or labels.
    Prose,
}

/// What each column of a sheet means. It can be stored and used again for a sheet of the same
/// [`Mapping::fingerprint`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The sheet it was made for.
    pub sheet: String,
    /// How that sheet is laid out.
    pub layout: Layout,
    /// The first header row, counted from 1.
    pub header_top: usize,
    /// How many header rows; 0 in forms and prose.
    pub header_rows: usize,
    /// What the columns mean.
    pub columns: Vec<ColumnRole>,
    /// See [`layout_fingerprint`].
    pub fingerprint: String,
}

impl Mapping {
    /// The columns read as a field, from the left.
    pub fn columns_of(&self, field: Field) -> impl Iterator<Item = &ColumnRole> {
        self.columns.iter().filter(move |c| c.role == Role::Field(field))
    }

    /// Whether any column gives a field.
    pub fn has(&self, field: Field) -> bool {
        self.columns_of(field).next().is_some()
    }
}
