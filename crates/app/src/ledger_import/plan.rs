//! From a row to a problem: the draft, what it takes over, and why it may have to wait.

use super::doubts::{Doubts, Reckoning};
use super::reading::extra_json;
use super::state::Answers;
use super::wording::propose_status;
use crate::Error;
use bihuan_documents::ledger::{Extra, LedgerRow, MeasureLine};
use bihuan_domain::deadline::Deadline;
use bihuan_domain::id::{CampaignId, LedgerImportId, ProblemId, UnitId};
use bihuan_domain::measure::{MEASURE_CHARS_MAX, MEASURES_MAX};
use bihuan_domain::problem::{
    Assignment, Draft, ImportedState, MeasureLineDraft, PROBLEM_CHARS_MAX, Party, PartyRole,
    REASON_CHARS_MAX, Retaken, TakenOver,
};
use bihuan_domain::unit::Unit;

/// Longest place and category, in characters, as the domain takes them.
const PLACE_CHARS_MAX: usize = 200;
const CATEGORY_CHARS_MAX: usize = 100;

/// One row ready to be written.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Order in the file, from 1.
    pub ordinal: i64,
    /// The row as read, with corrected cells.
    pub row: LedgerRow,
    /// The row as the file says it, where cells were corrected.
    pub raw: Option<LedgerRow>,
    /// Its key for re-imports.
    pub key: String,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What becomes of a row.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A new problem.
    New {
        /// The draft; its running number is given when it is written.
        draft: Box<Draft>,
        /// Units, measures, state.
        taken: Box<TakenOver>,
        /// What the status means.
        state: ImportedState,
        /// Why it cannot be assigned at once; empty where it can or need not.
        waits: String,
    },
    /// A problem that is known, unchanged or left as it is.
    Known {
        /// The problem.
        problem: ProblemId,
        /// The state its status text belongs to, for the next export.
        marker: String,
        /// Some change of the file was left.
        kept: bool,
    },
    /// A problem that takes changes.
    Update {
        /// The problem.
        problem: ProblemId,
        /// The changes.
        taken: Box<Retaken>,
        /// As in `Known`.
        marker: Option<String>,
    },
}

/// What every row needs.
#[derive(Debug)]
pub struct Planner<'a> {
    /// The import.
    pub import: LedgerImportId,
    /// The campaign.
    pub campaign: CampaignId,
    /// The registering unit.
    pub unit: &'a Unit,
    /// The checking unit.
    pub checking: Option<&'a Unit>,
    /// Answers.
    pub answers: &'a Answers,
    /// Units as resolved.
    pub doubts: &'a Doubts,
    /// Deadlines.
    pub reckoning: &'a Reckoning,
}

/// A text cut to what the domain takes; the whole of a cut one goes to the extra columns, so that nothing is lost.
pub fn fit(text: &str, max: usize) -> String {
    text.trim().chars().take(max).collect::<String>().trim_end().to_owned()
}

/// The place of a row as a problem keeps it.
pub fn fit_place(text: &str) -> String {
    fit(text, PLACE_CHARS_MAX)
}

/// The category of a row as a problem keeps it.
pub fn fit_category(text: &str) -> String {
    fit(text, CATEGORY_CHARS_MAX)
}

/// The text of a row as a problem keeps it; a row without one is told by its other words.
pub fn fit_text(row: &LedgerRow) -> String {
    let text = if row.problem.trim().is_empty() {
        [&row.measures, &row.goal, &row.place]
            .into_iter()
            .find(|t| !t.trim().is_empty())
            .map_or("（原表未写问题）", |t| t.as_str())
    } else {
        &row.problem
    };
    fit(text, PROBLEM_CHARS_MAX)
}

/// A goal or remark as a problem keeps it.
pub fn fit_words(text: &str) -> String {
    fit(text, REASON_CHARS_MAX)
}

impl Planner<'_> {
    /// A row that becomes a new problem.
    ///
    /// # Errors
    /// Faults while encoding.
    pub fn new_problem(&self, row: &LedgerRow, key: &str) -> Result<Outcome, Error> {
        let state = self.state_of(&row.status_text);
        let deadline = self.reckoning.read(&row.deadline_text, self.answers);
        let (assignment, waits, mut extra) = match self.assignment(row) {
            Ok((assignment, extra)) => (Some(assignment), String::new(), extra),
            Err((why, extra)) => (None, why, extra),
        };
        extra.splice(0..0, row.extra.iter().cloned());
        self.keep_cut(row, &mut extra);
        let wants_assignment = matches!(state, ImportedState::Accepted | ImportedState::Reported);
        let draft = Draft {
            campaign_id: self.campaign,
            unit_id: self.unit.id,
            unit_path: self.unit.path.clone(),
            text: fit_text(row),
            place: fit_place(&row.place),
            category: fit_category(&row.category),
            source: self.answers.source.clone(),
            goal: fit_words(&row.goal),
            deadline: (!deadline.text.trim().is_empty() || deadline.date.is_some() || deadline.standing)
                .then_some(deadline),
            remark: fit_words(&row.remark),
            progress: row.progress.clone(),
            status_text: row.status_text.clone(),
            extra: extra_json(&extra)?,
            origin: Some((
                self.import,
                row.sheet.clone(),
                i64::from(row.row),
                key.to_owned(),
                row.seq.clone(),
            )),
            ..Draft::default()
        };
        let taken = TakenOver {
            measures: self.measures(row),
            assignment: assignment.filter(|_| wants_assignment),
            state: Some(state),
        };
        let waits = if wants_assignment { waits } else { String::new() };
        Ok(Outcome::New { draft: Box::new(draft), taken: Box::new(taken), state, waits })
    }

    /// What a status as written means.
    pub fn state_of(&self, text: &str) -> ImportedState {
        self.answers.statuses.get(text).copied().unwrap_or_else(|| propose_status(text).0)
    }

    /// Measures of a row with their deadlines: those that stand in rows of their own, or all in one.
    pub fn measures(&self, row: &LedgerRow) -> Vec<MeasureLineDraft> {
        let line = |text: &str, deadline: &str| {
            let read = (!deadline.trim().is_empty() && deadline != row.deadline_text)
                .then(|| self.reckoning.read(deadline, self.answers))
                .filter(|d: &Deadline| d.date.is_some() || d.standing);
            MeasureLineDraft { text: text.trim().to_owned(), deadline: read }
        };
        let mut lines: Vec<MeasureLineDraft> =
            lines_of(row).iter().map(|(text, deadline)| line(text, deadline)).collect();
        if lines.len() > MEASURES_MAX {
            let rest: Vec<String> = lines.drain(MEASURES_MAX - 1..).map(|line| line.text).collect();
            lines.push(MeasureLineDraft { text: fit(&rest.join("\n"), MEASURE_CHARS_MAX), deadline: None });
        }
        lines
    }

    /// Who does it and who checks it, with the wordings that stay text; or why not.
    pub fn assignment(&self, row: &LedgerRow) -> Result<(Assignment, Vec<Extra>), (String, Vec<Extra>)> {
        let mut extra = Vec::new();
        let mut parties: Vec<Party> = Vec::new();
        let mut lead_why = String::new();
        if row.lead_unit.is_empty() && row.responsible_units.is_empty() {
            return Err(("台账没有写责任单位".to_owned(), extra));
        }
        let named = (!row.lead_unit.is_empty()).then_some((PartyRole::Lead, &row.lead_unit));
        let all = named
            .into_iter()
            .chain(row.responsible_units.iter().map(|unit| (PartyRole::Responsible, unit)))
            .chain(row.assisting_units.iter().map(|unit| (PartyRole::Assisting, unit)));
        for (role, written) in all {
            let units = self.doubts.unit(written).map(|unit| unit.units.clone()).unwrap_or_default();
            if units.is_empty() {
                extra.push(Extra { header: format!("{}（原文）", label(role)), text: written.clone() });
            }
            let lead_taken = parties.iter().any(|party| party.role == PartyRole::Lead);
            // Without a named lead the first listed unit leads; a group of many cannot.
            let leads = role == PartyRole::Lead
                || (role == PartyRole::Responsible && row.lead_unit.is_empty() && parties.is_empty());
            if leads && !lead_taken && units.len() != 1 {
                lead_why = if units.is_empty() {
                    format!("“{written}”没有对应到单位树中的单位")
                } else {
                    format!("“{written}”是{}个单位，没有写明由谁牵头", units.len())
                };
            }
            for id in units {
                let own = if leads && !lead_taken && lead_why.is_empty() { PartyRole::Lead } else { role };
                let own = if own == PartyRole::Lead && lead_taken { PartyRole::Responsible } else { own };
                self.add_party(&mut parties, id, own, written);
            }
        }
        if !lead_why.is_empty() {
            return Err((lead_why, extra));
        }
        let Some(checking) = self.checking else {
            return Err(("没有选定验收单位".to_owned(), extra));
        };
        parties.push(Party {
            unit_id: checking.id,
            path: checking.path.clone(),
            role: PartyRole::Checking,
            written: String::new(),
        });
        Ok((Assignment { parties, ..Assignment::default() }, extra))
    }

    fn add_party(&self, parties: &mut Vec<Party>, id: UnitId, role: PartyRole, written: &str) {
        let Some(unit) = self.doubts.loaded.get(&id) else { return };
        if parties.iter().any(|party| party.unit_id == id) {
            return;
        }
        parties.push(Party { unit_id: id, path: unit.path.clone(), role, written: written.to_owned() });
    }

    /// The whole of what is longer than a problem takes.
    fn keep_cut(&self, row: &LedgerRow, extra: &mut Vec<Extra>) {
        let long = [
            ("存在问题", &row.problem, PROBLEM_CHARS_MAX),
            ("地点", &row.place, PLACE_CHARS_MAX),
            ("类别", &row.category, CATEGORY_CHARS_MAX),
            ("整改目标", &row.goal, REASON_CHARS_MAX),
            ("备注", &row.remark, REASON_CHARS_MAX),
        ];
        for (label, text, max) in long {
            if text.trim().chars().count() > max {
                extra.push(Extra { header: format!("{label}（全文）"), text: text.clone() });
            }
        }
        let measured = self.measures(row);
        if measured.iter().any(|line| line.text.chars().count() >= MEASURE_CHARS_MAX) {
            extra.push(Extra { header: "整改措施（全文）".to_owned(), text: row.measures.clone() });
        }
    }
}

fn label(role: PartyRole) -> &'static str {
    use bihuan_domain::Coded;
    role.label()
}

/// Measures of a row with their own deadlines as written: those that stand in rows of their own, or the lines of one.
fn lines_of(row: &LedgerRow) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = if row.measure_lines.len() > 1 {
        let line = |m: &MeasureLine| (m.text.trim().to_owned(), m.deadline_text.clone());
        row.measure_lines.iter().map(line).collect()
    } else {
        split_text(&row.measures).into_iter().map(|text| (text, String::new())).collect()
    };
    lines.retain(|(text, _)| !text.is_empty());
    lines
}

/// The texts of a row's measures, each as a problem keeps it.
pub fn measure_texts(row: &LedgerRow) -> Vec<String> {
    lines_of(row).into_iter().map(|(text, _)| fit(&text, MEASURE_CHARS_MAX)).collect()
}

/// A long single cell of measures is cut at its lines, so that each fits.
fn split_text(text: &str) -> Vec<String> {
    let numbered = |line: &str| {
        let line = line.trim_start();
        line.starts_with(|c: char| c.is_ascii_digit() || "（(①②③④⑤⑥⑦⑧⑨⑩一二三四五六七八九十".contains(c))
    };
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let all_numbered = lines.len() > 1 && lines.iter().all(|line| numbered(line));
    if all_numbered || text.chars().count() > MEASURE_CHARS_MAX {
        return lines.into_iter().map(str::to_owned).collect();
    }
    if text.trim().is_empty() { Vec::new() } else { vec![text.trim().to_owned()] }
}
