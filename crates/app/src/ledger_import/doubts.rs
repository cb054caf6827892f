//! What a person is asked: each wording once.

mod choices;
mod status;
mod totals;
mod units;

pub use choices::{GROUP_CHOICES, checkers};
pub use status::propose_status;
pub use totals::totals;

use super::state::{Answers, DeadlineAnswer, UnitAnswer};
use crate::Error;
use crate::context::App;
use bihuan_documents::ledger::{Field, LedgerRow};
use bihuan_domain::Day;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::deadline::{Deadline, DeadlineDefaults};
use bihuan_domain::id::UnitId;
use bihuan_domain::problem::ImportedState;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::Unit;
use bihuan_store::Conn;
use bihuan_store::records::LedgerImport;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Most doubtful cells one page lists.
pub const CELL_DOUBTS_MAX: usize = 200;

/// A unit that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitGuess {
    /// The unit.
    pub unit: UnitId,
    /// Its name with the one above it.
    pub name: String,
    /// Why it is offered.
    pub reason: &'static str,
}

/// A unit as written, and what it is.
#[derive(Clone, Debug)]
pub struct UnitDoubt {
    /// As written.
    pub written: String,
    /// In how many places.
    pub places: usize,
    /// What it surely is, without asking.
    pub sure: Option<UnitGuess>,
    /// What it may be.
    pub guesses: Vec<UnitGuess>,
    /// The group it names, and how many units that is on the day.
    pub group: Option<(Scope, usize)>,
    /// What a person answered.
    pub answer: Option<UnitAnswer>,
    /// Units it stands for now; empty when it is kept as text or not yet known.
    pub units: Vec<UnitId>,
}

impl UnitDoubt {
    /// Somebody must still say what it is.
    pub fn is_open(&self) -> bool {
        self.answer.is_none() && self.sure.is_none() && self.group.is_none()
    }
}

/// A deadline as written that needs a person.
#[derive(Clone, Debug)]
pub struct DeadlineDoubt {
    /// As written; empty where none was.
    pub written: String,
    /// In how many rows.
    pub places: usize,
    /// Why it is asked.
    pub reason: String,
    /// The day it may mean.
    pub guess: Option<Day>,
    /// What a person answered.
    pub answer: Option<DeadlineAnswer>,
}

/// A status as written and what it means for the loop.
#[derive(Clone, Debug)]
pub struct StatusDoubt {
    /// As written; empty where none was.
    pub written: String,
    /// In how many rows.
    pub places: usize,
    /// What is proposed, or was answered.
    pub state: ImportedState,
    /// The wording is a usual one.
    pub usual: bool,
}

/// A cell of which the reading is not sure.
#[derive(Clone, Debug)]
pub struct CellDoubt {
    /// Sheet.
    pub sheet: String,
    /// First row of the problem.
    pub row: u32,
    /// The field.
    pub field: Field,
    /// The cell it came from.
    pub cell: String,
    /// What was read, or corrected.
    pub text: String,
    /// Why it is doubtful.
    pub reason: String,
    /// A person has looked at it.
    pub answered: bool,
}

/// A total the ledger states of itself, beside what was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// The sheet.
    pub sheet: String,
    /// The sentence.
    pub sentence: String,
    /// What it says.
    pub stated: i64,
    /// What was read, or what its parts add up to.
    pub found: i64,
    /// What is compared, in Chinese.
    pub what: &'static str,
}

/// Everything that is asked about an import.
#[derive(Clone, Debug, Default)]
pub struct Doubts {
    /// Units, the open ones first.
    pub units: Vec<UnitDoubt>,
    /// Deadlines that need a person.
    pub deadlines: Vec<DeadlineDoubt>,
    /// Statuses, the unusual ones first.
    pub statuses: Vec<StatusDoubt>,
    /// Doubtful cells, at most [`CELL_DOUBTS_MAX`].
    pub cells: Vec<CellDoubt>,
    /// How many doubtful cells there are in all.
    pub cells_total: usize,
    /// Announced totals.
    pub totals: Vec<Total>,
    /// Units already loaded, by number.
    pub loaded: HashMap<UnitId, Unit>,
}

impl Doubts {
    /// Questions that must be answered before the import: wordings of units and deadlines.
    pub fn open(&self) -> usize {
        self.units.iter().filter(|unit| unit.is_open()).count()
            + self.deadlines.iter().filter(|deadline| deadline.answer.is_none()).count()
    }

    /// The answer to a unit as written.
    pub fn unit(&self, written: &str) -> Option<&UnitDoubt> {
        self.units.iter().find(|unit| unit.written == written)
    }
}

/// What deadlines are reckoned with.
#[derive(Clone, Debug)]
pub struct Reckoning {
    /// The day they run from.
    pub issued: Day,
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// The campaign's defaults.
    pub defaults: DeadlineDefaults,
}

impl Reckoning {
    /// For one import.
    pub fn of(app: &App, conn: &mut Conn, import: &LedgerImport, campaign: &Campaign) -> Result<Self, Error> {
        Ok(Reckoning {
            issued: import.issued_day,
            calendar: app.calendar(conn)?,
            defaults: app.deadline_defaults(campaign)?,
        })
    }

    /// A deadline as written with a person's answer; `None` where nothing was written and nothing answered.
    pub fn read(&self, text: &str, answers: &Answers) -> Deadline {
        let read = Deadline::parse_or_ask(text, self.issued, &self.calendar, &self.defaults);
        match answers.deadlines.get(text) {
            Some(DeadlineAnswer::Day(day)) => read.confirmed_on(*day),
            Some(DeadlineAnswer::Standing(days)) => read.confirmed_standing(*days),
            Some(DeadlineAnswer::Clarify) | None if read.needs_person => {
                Deadline { date: None, standing: false, ..read }
            }
            Some(DeadlineAnswer::Clarify) | None => read,
        }
    }
}

/// What the doubts are looked for in.
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'a> {
    /// The import.
    pub import: &'a LedgerImport,
    /// The unit that registers its problems.
    pub unit: &'a Unit,
    /// Its rows.
    pub rows: &'a [LedgerRow],
    /// What was answered before.
    pub answers: &'a Answers,
    /// What deadlines are reckoned with.
    pub reckoning: &'a Reckoning,
    /// The day on which groups are expanded.
    pub today: Day,
}

/// Finds everything to ask about the rows.
///
/// # Errors
/// Faults of the database.
pub fn find(app: &App, conn: &mut Conn, asked: Inquiry<'_>) -> Result<Doubts, Error> {
    let (cells, cells_total) = cells(asked.rows, asked.answers);
    let mut doubts = Doubts {
        deadlines: deadlines(asked.rows, asked.answers, asked.reckoning),
        statuses: statuses(asked.rows, asked.answers),
        cells,
        cells_total,
        ..Doubts::default()
    };
    units::find(app, conn, asked, &mut doubts)?;
    Ok(doubts)
}

fn count_of<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    texts.fold(BTreeMap::new(), |mut counts, text| {
        *counts.entry(text).or_insert(0) += 1;
        counts
    })
}

fn deadlines(rows: &[LedgerRow], answers: &Answers, reckoning: &Reckoning) -> Vec<DeadlineDoubt> {
    let written = count_of(rows.iter().map(|row| row.deadline_text.as_str()));
    let doubt = |(text, places): (&str, usize)| {
        let read = Deadline::parse_or_ask(text, reckoning.issued, &reckoning.calendar, &reckoning.defaults);
        read.needs_person.then(|| DeadlineDoubt {
            written: text.to_owned(),
            places,
            reason: read.reason.clone().unwrap_or_default(),
            guess: read.date,
            answer: answers.deadlines.get(text).cloned(),
        })
    };
    let mut doubts: Vec<DeadlineDoubt> = written.into_iter().filter_map(doubt).collect();
    doubts.sort_by_key(|doubt| doubt.answer.is_some());
    doubts
}

fn statuses(rows: &[LedgerRow], answers: &Answers) -> Vec<StatusDoubt> {
    let written = count_of(rows.iter().map(|row| row.status_text.as_str()));
    let doubt = |(text, places): (&str, usize)| {
        let (proposed, usual) = propose_status(text);
        let answer = answers.statuses.get(text).copied();
        StatusDoubt {
            written: text.to_owned(),
            places,
            state: answer.unwrap_or(proposed),
            usual: usual || answer.is_some(),
        }
    };
    let mut doubts: Vec<StatusDoubt> = written.into_iter().map(doubt).collect();
    doubts.sort_by_key(|doubt| (doubt.usual, std::cmp::Reverse(doubt.places)));
    doubts
}

fn cells(rows: &[LedgerRow], answers: &Answers) -> (Vec<CellDoubt>, usize) {
    let mut found = Vec::new();
    let mut total = 0;
    for row in rows {
        for (field, origin) in row.doubtful() {
            let answered = answers.cells.contains_key(&Answers::cell_key(&row.sheet, row.row, field.key()));
            total += usize::from(!answered);
            if found.len() < CELL_DOUBTS_MAX {
                found.push(CellDoubt {
                    sheet: row.sheet.clone(),
                    row: row.row,
                    field,
                    cell: origin.cell.to_string(),
                    text: row.text_of(field).into_owned(),
                    reason: origin.reason.to_string(),
                    answered,
                });
            }
        }
    }
    (found, total)
}
