//! Lists of problems in a report.

use super::figures::Known;
use crate::Error;
use crate::context::Context;
use crate::ledger::{LedgerQuery, Line, lines};
use bihuan_documents::paper::Cell;
use bihuan_domain::Coded;
use bihuan_domain::problem::PartyRole;
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

/// The first rows of a question and how many there are in all.
pub(super) fn rows_of(
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
