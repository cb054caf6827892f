//! Lists of problems in a report.

use super::deed_list::deed_list;
use super::figures::{Known, Named};
use crate::Error;
use crate::context::Context;
use crate::ledger::{LedgerQuery, Line, lines};
use crate::overview::Figure;
use bihuan_documents::paper::{Cell, Table};
use bihuan_domain::problem::PartyRole;
use bihuan_domain::report::text::Which;
use bihuan_domain::{Coded, figure};
use bihuan_store::{Conn, problem as problems};

/// Characters of a problem's text in a list.
const LIST_TEXT_CHARS: usize = 400;

/// The head of a list of problems.
pub(crate) const LIST_HEAD: [&str; 6] = ["序号", "存在问题", "牵头单位", "整改时限", "环节", "整改进展"];

/// The cells of a row.
pub(crate) fn list_row(line: &Line) -> Vec<Cell> {
    let problem = &line.problem;
    let cut = |text: &str| -> String {
        let mut out: String = text.chars().take(LIST_TEXT_CHARS).collect();
        if out.len() < text.len() {
            out.push('…');
        }
        out.replace(['\n', '\r'], " ")
    };
    let due = match problem.due_day {
        Some(day) => day.to_string(),
        None => problem.deadline_text.clone(),
    };
    vec![
        Cell::text(problem.number.to_string()).centred(),
        Cell::text(cut(&problem.text)),
        Cell::text(line.units(PartyRole::Lead)),
        Cell::text(due).centred(),
        Cell::text(problem.state.label()).centred(),
        Cell::text(cut(&problem.progress)),
    ]
}

/// What the count of a list's title is called among the figures, before the name of the list.
const LIST_PREFIX: &str = "清单：";

/// The table of a list of problems, its caption without number and count, and the count.
pub(super) fn problem_list(
    conn: &mut Conn,
    ctx: &Context,
    known: &Known,
    which: Which,
    most: i64,
) -> Result<(Table, Named), Error> {
    let (rows, total) = rows_of(conn, ctx, known, &known.list_query(which), most)?;
    let table = Table {
        caption: format!("{}问题清单", which.label()),
        caption_note: None,
        unit: String::new(),
        widths: vec![10, 34, 18, 20, 13, 27],
        head: vec![LIST_HEAD.map(|name| Cell::text(name).centred()).to_vec()],
        rows: rows.iter().map(list_row).collect(),
    };
    Ok((table, count_of(known, which, total)))
}

/// How many problems a list is of.
fn count_of(known: &Known, which: Which, total: i64) -> Named {
    let definition = match which {
        Which::Open => figure::OPEN,
        Which::Late => figure::LATE,
        Which::Closed => figure::CLOSED,
        Which::Red => figure::RED,
        Which::NewlyLate => figure::NEWLY_LATE,
        Which::Registered => figure::LISTED_REGISTERED,
        Which::ClosedNow => figure::LISTED_CLOSED,
        _ => figure::TOTAL,
    };
    let figure = Figure {
        definition,
        label: format!("{}问题清单件数", which.label()),
        value: total,
        out_of: None,
        query: known.list_query(which),
    };
    known.named(list_name(which), figure)
}

/// The name of a list's count.
pub(super) fn list_name(which: Which) -> String {
    format!("{LIST_PREFIX}{}", which.label())
}

/// A figure by the name it is kept under, the counts of lists too.
pub(super) fn find(
    conn: &mut Conn,
    ctx: &Context,
    known: &Known,
    name: &str,
) -> Result<Option<Named>, Error> {
    let Some(label) = name.strip_prefix(LIST_PREFIX) else { return Ok(known.told_by_name(name)) };
    let Some(which) = Which::ALL.iter().copied().find(|one| one.label() == label) else { return Ok(None) };
    let of_deeds =
        matches!(which, Which::MissedActions | Which::Tasks | Which::BehindTasks | Which::UnansweredSlips);
    let count = match deed_list(known, which, 0) {
        Some((_, count)) => Some(count),
        // The text does not speak of them any more, so nobody has counted them.
        None if of_deeds => None,
        None => Some(problem_list(conn, ctx, known, which, 1)?.1),
    };
    Ok(count.map(|count| known.as_kept(count)))
}

/// The first rows of a question and how many there are in all.
fn rows_of(
    conn: &mut Conn,
    ctx: &Context,
    known: &Known,
    query: &LedgerQuery,
    most: i64,
) -> Result<(Vec<Line>, i64), Error> {
    let mut filter = query.filter(&known.at);
    filter.limit = most.min(problems::PAGE_ROWS_MAX);
    let mut rows = Vec::new();
    loop {
        let page = problems::list(conn, &filter)?;
        let count = i64::try_from(page.rows.len()).unwrap_or(0);
        rows.extend(page.rows);
        filter.offset += count;
        if count == 0 || filter.offset >= page.total.min(most) {
            rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            return Ok((lines(conn, &known.at, rows, &ctx.actor)?, page.total));
        }
    }
}
