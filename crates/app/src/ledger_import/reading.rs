//! From the bytes of a file to rows, by the mappings of an import.

use super::own;
use super::state::{self, Answers};
use crate::Error;
use bihuan_documents::ledger::{self, Extra, Field, LedgerRow, Mapping, propose, read_workbook};
use bihuan_documents::sheet::{RUNNING_TEXT, Sheet, Workbook, read_any};
use bihuan_domain::Refusal;
use bihuan_domain::id::CampaignId;
use bihuan_domain::ledger_import::IMPORT_ROWS_MAX;
use bihuan_store::ledger as store;
use bihuan_store::records::LedgerImport;
use bihuan_store::{Conn, Fault};
use serde::{Deserialize, Serialize};

/// How one sheet is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetPlan {
    /// The sheet.
    pub sheet: String,
    /// Its rows are imported.
    pub offered: bool,
    /// Why not, or what a person should know, in Chinese.
    pub why_not: String,
    /// What each column means.
    pub mapping: Mapping,
    /// The mapping was remembered from an earlier file.
    #[serde(default)]
    pub remembered: bool,
}

/// One sheet as it looks, for the page.
#[derive(Clone, Debug)]
pub struct SheetView {
    /// How it is read.
    pub plan: SheetPlan,
    /// The sheet.
    pub sheet: Sheet,
    /// How sure each column is, with the reason.
    pub doubts: Vec<ledger::ColumnDoubt>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// Its problems.
    pub rows: Vec<LedgerRow>,
}

/// Reads a file that was sent.
pub fn workbook(name: &str, bytes: &[u8]) -> Result<Workbook, Error> {
    read_any(name, bytes).map_err(|error| Error::invalid("file", error.to_string()))
}

/// The file of an import.
pub fn workbook_of(conn: &mut Conn, import: &LedgerImport) -> Result<(Vec<u8>, Workbook), Error> {
    let bytes = store::file(conn, &import.digest)?
        .ok_or_else(|| Fault::corrupt(format!("the file of import {} is missing", import.id)))?;
    let book = workbook(&import.file_name, &bytes)?;
    Ok((bytes, book))
}

/// How every sheet would be read: as remembered for its layout, otherwise as proposed.
pub fn propose_all(conn: &mut Conn, book: &Workbook, campaign: CampaignId) -> Result<Vec<SheetPlan>, Error> {
    let readings = read_workbook(book);
    let mut plans = Vec::with_capacity(readings.len());
    // The prose of a report of ours tells of problems and lists none.
    let ours = book.sheets.iter().any(|sheet| own::own_of(sheet).is_some());
    for (reading, sheet) in readings.into_iter().zip(&book.sheets) {
        if let Some(plan) = own::plan_of(sheet) {
            plans.push(plan);
            continue;
        }
        let mut plan = SheetPlan {
            offered: reading.verdict.is_offered(),
            why_not: reading.verdict.reason(),
            mapping: reading.proposal.mapping,
            sheet: reading.sheet,
            remembered: false,
        };
        if ours && sheet.name == RUNNING_TEXT {
            plan.offered = false;
            "这是本平台报告的正文，不是问题台账".clone_into(&mut plan.why_not);
            plans.push(plan);
            continue;
        }
        if let Some(kept) = store::layout(conn, &plan.mapping.fingerprint, campaign)? {
            let kept: Mapping = state::decode(&kept.mapping)?;
            if let Some(mapping) = kept.for_sheet(sheet) {
                plan.mapping = mapping;
                plan.remembered = true;
            }
        }
        plans.push(plan);
    }
    Ok(plans)
}

/// All rows of the offered sheets in order, with the corrected cells.
pub fn rows(book: &Workbook, plans: &[SheetPlan], answers: &Answers) -> Result<Vec<LedgerRow>, Error> {
    let mut rows = Vec::new();
    for (sheet, plan) in book.sheets.iter().zip(plans).filter(|(_, plan)| plan.offered) {
        rows.extend(ledger::read(sheet, &plan.mapping));
    }
    if rows.len() > IMPORT_ROWS_MAX {
        return Err(Refusal::new(
            "too_many_rows",
            format!("台账有{}行，一次最多导入{IMPORT_ROWS_MAX}行。", rows.len()),
            "请拆成几个文件分次导入。",
        )
        .into());
    }
    for row in rows.iter_mut().filter(|_| !answers.cells.is_empty()) {
        for field in Field::ALL {
            if let Some(text) = answers.cells.get(&Answers::cell_key(&row.sheet, row.row, field.key())) {
                set(row, field, text);
            }
        }
    }
    Ok(rows)
}

/// Puts a corrected text into a row; units are separated by 、.
pub fn set(row: &mut LedgerRow, field: Field, text: &str) {
    let units = || text.split(['、', '\n']).map(|u| u.trim().to_owned()).filter(|u| !u.is_empty()).collect();
    match field {
        Field::ResponsibleUnits => row.responsible_units = units(),
        Field::AssistingUnits => row.assisting_units = units(),
        Field::Seq => text.clone_into(&mut row.seq),
        Field::Category => text.clone_into(&mut row.category),
        Field::Place => text.clone_into(&mut row.place),
        Field::Problem => text.clone_into(&mut row.problem),
        Field::Measures => {
            text.clone_into(&mut row.measures);
            row.measure_lines.clear();
        }
        Field::Goal => text.clone_into(&mut row.goal),
        Field::DeadlineText => text.clone_into(&mut row.deadline_text),
        Field::LeadUnit => text.clone_into(&mut row.lead_unit),
        Field::Progress => text.clone_into(&mut row.progress),
        Field::StatusText => text.clone_into(&mut row.status_text),
        Field::Remark => text.clone_into(&mut row.remark),
    }
}

/// Every sheet with what was read of it.
pub fn views(book: &Workbook, plans: &[SheetPlan]) -> Vec<SheetView> {
    let view = |(sheet, plan): (&Sheet, &SheetPlan)| {
        let proposal = propose(sheet);
        SheetView {
            rows: if plan.mapping.columns.is_empty() {
                Vec::new()
            } else {
                ledger::read(sheet, &plan.mapping)
            },
            plan: plan.clone(),
            sheet: sheet.clone(),
            doubts: proposal.columns,
            notes: proposal.notes,
        }
    };
    book.sheets.iter().zip(plans).map(view).collect()
}

/// The columns nobody mapped, as the problem keeps them.
pub fn extra_json(extra: &[Extra]) -> Result<String, Error> {
    if extra.is_empty() {
        return Ok(String::new());
    }
    let pairs: Vec<(&str, &str)> = extra.iter().map(|e| (e.header.as_str(), e.text.as_str())).collect();
    state::encode(&pairs)
}
