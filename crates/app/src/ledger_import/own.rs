//! Ledgers that this program wrote itself, coming back: the plain export of a list and the lists of problems in a
//! report. Their numbers say which problems they tell of, so that an unchanged file brings nothing.

use super::ImportView;
use super::compare::{Base, KeptRow};
use super::reading::SheetPlan;
use crate::Error;
use crate::context::{App, Context};
use crate::ledger::export::{COLUMNS, row_of};
use crate::ledger::{GONE_ELSEWHERE, LedgerQuery, Line, Standpoint, lines, standpoint};
use crate::report::{DEED_HEADS, EXPLANATION_HEAD, LIST_HEAD, list_row};
use bihuan_documents::export::is_formula_like;
use bihuan_documents::ledger::{
    ColumnRole, Field, Layout, LedgerRow, Mapping, Role, layout_fingerprint, read,
};
use bihuan_documents::sheet::{Cell, Sheet, Workbook};
use bihuan_domain::Coded as _;
use bihuan_domain::id::UnitId;
use bihuan_domain::problem::Problem;
use bihuan_store::{Conn, ledger as store, problem as problems};
use std::collections::{HashMap, HashSet};

/// Rows from the top in which the head of an own table may stand.
const HEAD_ROWS_MAX: usize = 8;
/// Problems looked up at once.
const CHUNK_ROWS: usize = 500;

/// What this program wrote on a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// The plain export of the ledger.
    Ledger,
    /// A list of problems in a report.
    List,
    /// A list of other things in a report.
    Other,
}

/// What an own sheet is, and the row of its head, counted from 0. Columns that a person added at the right do not matter.
pub fn own_of(sheet: &Sheet) -> Option<(Own, usize)> {
    let reads =
        |row: usize, head: &[&str]| head.iter().enumerate().all(|(at, name)| sheet.text(row, at) == *name);
    let ledger = COLUMNS.map(|(name, _)| name);
    (0..sheet.height().min(HEAD_ROWS_MAX)).find_map(|row| {
        let own = if reads(row, &ledger) {
            Own::Ledger
        } else if reads(row, &LIST_HEAD) {
            Own::List
        } else if counts(sheet, row) || reads(row, &EXPLANATION_HEAD) {
            Own::Other
        } else {
            return None;
        };
        Some((own, row))
    })
}

/// A list of other things than problems, or a table or chart of figures, by its head and its caption.
fn counts(sheet: &Sheet, row: usize) -> bool {
    let lists = |head: &&[&str]| head.iter().enumerate().all(|(at, name)| sheet.text(row, at + 1) == *name);
    if sheet.text(row, 0) == "序号" && DEED_HEADS.iter().any(lists) {
        return true;
    }
    let above = (0..row).map(|above| sheet.text(above, 0)).chain(sheet.before.iter().map(|line| line.trim()));
    let captioned = above.chain([sheet.name.as_str()]).any(|line| {
        let table = line.starts_with('表') && line.ends_with("统计");
        let chart = line.starts_with("图　按");
        (table || chart) && line.contains("　按")
    });
    let head = sheet.text(row, 0);
    captioned && (head == "序号" || head == "类别" && sheet.text(row, 1) == "数量")
}

/// What a column of an own sheet is read as; what is reckoned from the rest is not read.
fn role_of(header: &str) -> Option<Role> {
    let field = match header {
        "序号" => Field::Seq,
        "类别" => Field::Category,
        "地点" => Field::Place,
        "存在问题" => Field::Problem,
        "整改目标" => Field::Goal,
        "整改措施" => Field::Measures,
        "牵头单位" => Field::LeadUnit,
        "责任单位" => Field::ResponsibleUnits,
        "配合单位" => Field::AssistingUnits,
        "整改时限" => Field::DeadlineText,
        "整改进展" => Field::Progress,
        "状态" | "环节" => Field::StatusText,
        "备注" => Field::Remark,
        "验收单位" | "包案领导" | "时限日期" | "结果" => return Some(Role::Extra),
        _ => return None,
    };
    Some(Role::Field(field))
}

/// How an own sheet is read; `None` for a sheet of somebody else's.
pub fn plan_of(sheet: &Sheet) -> Option<SheetPlan> {
    let (own, head) = own_of(sheet)?;
    let count = if own == Own::Ledger { COLUMNS.len() } else { LIST_HEAD.len() };
    let column = |index: usize| {
        let header = sheet.text(head, index).to_owned();
        role_of(&header).map(|role| ColumnRole { index, header, role })
    };
    let mapping = Mapping {
        sheet: sheet.name.clone(),
        layout: Layout::Table,
        header_top: head + 1,
        header_rows: 1,
        columns: if own == Own::Other { Vec::new() } else { (0..count).filter_map(column).collect() },
        fingerprint: layout_fingerprint(sheet),
    };
    let why_not = if own == Own::Other {
        "这是本平台报告中的清单，不是问题台账".to_owned()
    } else {
        String::new()
    };
    Some(SheetPlan {
        sheet: sheet.name.clone(),
        offered: own != Own::Other,
        why_not,
        mapping,
        remembered: false,
    })
}

/// Whether an import is made of nothing but sheets that this program wrote.
pub fn is_whole(book: &Workbook, plans: &[SheetPlan]) -> bool {
    let mut offered = book.sheets.iter().zip(plans).filter(|(_, plan)| plan.offered);
    offered.all(|(sheet, _)| own_of(sheet).is_some())
}

/// The rows of own sheets as they would be written now, each with its problem. Only problems within the reader's sight
/// are among them; those of other registering units can be recognised, but not changed.
///
/// # Errors
/// Faults of the database.
pub fn bases(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    view: &ImportView,
    book: &Workbook,
) -> Result<Vec<Base>, Error> {
    let mut found = Vec::new();
    let query =
        LedgerQuery { campaign: Some(view.campaign.id), unit: Some(view.unit.id), ..LedgerQuery::default() };
    for (sheet, plan) in book.sheets.iter().zip(&view.sheets).filter(|(_, plan)| plan.offered) {
        let Some((own, head)) = own_of(sheet) else { continue };
        let at = standpoint(app, conn, ctx, &query)?;
        let numbers: Vec<Option<i64>> =
            (0..sheet.height()).map(|row| sheet.text(row, 0).parse().ok().filter(|_| row > head)).collect();
        let asked: Vec<i64> = numbers.iter().copied().flatten().collect();
        let known = written(conn, ctx, (&at, at.seq), own, &asked)?;
        // What the file said when it was written: only what its reader changed since is asked about.
        let then = match entry_of(sheet, head).filter(|entry| *entry < at.seq) {
            Some(entry) => written(conn, ctx, (&at, entry), own, &asked)?,
            None => HashMap::new(),
        };
        let registrars = known.values().map(|(problem, _)| problem.registered_unit_id);
        let registrars = bihuan_store::unit::by_ids(conn, registrars.collect::<HashSet<_>>())?;
        let mine =
            |unit: UnitId| registrars.iter().any(|one| one.id == unit && one.path.is_within(&view.unit.path));
        let was = read(&filled(sheet, head, &numbers, &then), &plan.mapping);
        let mut was: HashMap<u32, LedgerRow> = was.into_iter().map(|row| (row.row, row)).collect();
        for row in read(&filled(sheet, head, &numbers, &known), &plan.mapping) {
            let number = numbers.get(row.row as usize - 1).copied().flatten();
            let Some((problem, _)) = number.and_then(|number| known.get(&number)) else { continue };
            let then = number.and_then(|number| then.get(&number)).map_or(problem, |(then, _)| then);
            let elsewhere = !mine(problem.registered_unit_id);
            found.push(base((problem, then), was.remove(&row.row), row, elsewhere));
        }
    }
    Ok(found)
}

/// The entry of the journal as of which an own sheet was written, where it says so above its head.
fn entry_of(sheet: &Sheet, head: usize) -> Option<i64> {
    (0..head).flat_map(|row| sheet.rows()[row].iter()).find_map(|cell| {
        let (_, rest) = cell.text().split_once("截至第")?;
        rest.split_once("号记录")?.0.parse().ok()
    })
}

fn base(
    (problem, then): (&Problem, &Problem),
    was: Option<LedgerRow>,
    row: LedgerRow,
    elsewhere: bool,
) -> Base {
    // A base without a row of its own is never missed: a list need not name every problem.
    let kept = LedgerRow { row: 0, ..was.unwrap_or_else(|| row.clone()) };
    Base {
        kept: KeptRow { row: kept, fixed: None, marker: then.state.code().to_owned() },
        problem: problem.id,
        ours: row,
        own: true,
        elsewhere,
    }
}

/// The problems of some numbers with their cells as they would have been written after an entry. Units and measures are
/// those of today.
fn written(
    conn: &mut Conn,
    ctx: &Context,
    (at, entry): (&Standpoint, i64),
    own: Own,
    numbers: &[i64],
) -> Result<HashMap<i64, (Problem, Vec<String>)>, Error> {
    let mut found = HashMap::new();
    for chunk in numbers.chunks(CHUNK_ROWS) {
        let rows = problems::by_numbers(conn, at.campaign.id, chunk, entry)?;
        let measures = store::measures_of(conn, rows.iter().map(|problem| problem.id))?;
        for line in lines(conn, at, rows, &ctx.actor)? {
            if line.problem.text == GONE_ELSEWHERE {
                continue;
            }
            let texts = measures.get(&line.problem.id).map_or(&[][..], Vec::as_slice);
            let cells = match own {
                Own::Ledger => row_of(at, &line, texts),
                Own::List | Own::Other => list_cells(&line),
            };
            found.insert(line.problem.number, (line.problem, cells));
        }
    }
    Ok(found)
}

fn list_cells(line: &Line) -> Vec<String> {
    list_row(line).iter().map(bihuan_documents::paper::Cell::plain).collect()
}

/// The sheet with its own head, and in each row the problem of its number.
fn filled(
    sheet: &Sheet,
    head: usize,
    numbers: &[Option<i64>],
    known: &HashMap<i64, (Problem, Vec<String>)>,
) -> Sheet {
    let rows = sheet.rows().iter().enumerate().map(|(at, cells)| {
        if at <= head {
            return cells.clone();
        }
        let told = numbers.get(at).copied().flatten().and_then(|number| known.get(&number));
        told.map(|(_, cells)| cells.iter().map(|text| Cell::text_cell(text.as_str())).collect())
            .unwrap_or_default()
    });
    let mut filled = Sheet::new(sheet.name.clone(), rows.collect(), sheet.merges().to_vec());
    filled.before.clone_from(&sheet.before);
    filled.after.clone_from(&sheet.after);
    filled
}

/// Two cells say the same: spreadsheet programs keep neither line ends nor blanks to the letter, and the apostrophe that
/// keeps a text from being reckoned as a formula is none of the text.
pub fn same(ours: &str, theirs: &str) -> bool {
    let bare = |text: &str| -> String {
        let rest = text.strip_prefix('\'').filter(|rest| is_formula_like(rest)).unwrap_or(text);
        rest.chars().filter(|c| !c.is_whitespace()).collect()
    };
    bare(ours) == bare(theirs)
}
