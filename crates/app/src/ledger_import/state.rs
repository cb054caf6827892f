//! What an import keeps as JSON: answers, counts.

use crate::Error;
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::problem::ImportedState;
use bihuan_domain::scope::Scope;
use bihuan_store::Fault;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a unit as written is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitAnswer {
    /// This unit.
    Unit(UnitId),
    /// The units of a scope on the day of the import.
    Group(Scope),
    /// No unit of the tree: only the wording is kept.
    Keep,
}

/// What a deadline as written means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineAnswer {
    /// This day.
    Day(Day),
    /// A standing duty, proved every so many days.
    Standing(u32),
    /// Left open: it is clarified before the problem is assigned.
    Clarify,
}

/// What is done with a changed row or field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// The text of the file.
    New,
    /// Ours stays.
    Ours,
}

/// Answers to what was doubtful.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// By wording of the unit.
    pub units: BTreeMap<String, UnitAnswer>,
    /// By wording of the deadline.
    pub deadlines: BTreeMap<String, DeadlineAnswer>,
    /// By wording of the status.
    pub statuses: BTreeMap<String, ImportedState>,
    /// The unit that checks all of them.
    pub checking: Option<UnitId>,
    /// Source code given to all of them.
    pub source: String,
    /// Corrected cells: `sheet!row!field` → text.
    pub cells: BTreeMap<String, String>,
    /// Decisions about changed rows: `sheet!row!field` → whose text.
    pub takes: BTreeMap<String, Take>,
    /// Units and statuses came from the import before.
    pub remembered: bool,
}

impl Answers {
    /// The name of one field of one row in [`Answers::cells`] and [`Answers::takes`].
    pub fn cell_key(sheet: &str, row: u32, field: &str) -> String {
        format!("{sheet}!{row}!{field}")
    }
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counted {
    /// Rows in all.
    pub rows: i64,
    /// Problems registered.
    pub registered: i64,
    /// Of these, assigned at once.
    pub assigned: i64,
    /// Rows already known, without a change.
    pub same: i64,
    /// Rows whose changes were taken.
    pub updated: i64,
    /// Rows whose changes were left.
    pub kept: i64,
    /// Problems the file no longer names.
    pub missing: i64,
    /// Rows that wait for an assignment by hand, with why: row order and sentence.
    pub waiting: Vec<(i64, String)>,
    /// Changes that could not be taken, with why.
    pub refused: Vec<(i64, String)>,
}

/// Most waiting or refused rows that are kept with their reasons.
pub const REASONS_MAX: usize = 500;

/// As JSON text.
pub fn encode<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Fault::corrupt(format!("not JSON: {error}")).into())
}

/// From JSON text as kept.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text)
        .map_err(|error| Fault::corrupt(format!("an import's record is damaged: {error}")).into())
}
