//! Units × periods of one rule, a page of periods at a time.

use super::matrix::{column, own_status};
use super::shown::{Column, Matrix, MatrixRow};
use crate::Error;
use bihuan_domain::Day;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::UnitId;
use bihuan_domain::required_action::{RequiredAction, Status, Tally};
use bihuan_domain::unit::Unit;
use bihuan_store::Conn;
use bihuan_store::required_action::{self as store, Asked};
use bihuan_store::unit as units;

/// Most periods one matrix shows at a time; earlier ones are on further pages.
pub const COLUMNS_MAX: usize = 16;

/// The matrix of a rule for a unit and its children. Page 1 holds the newest periods; a page beyond the last is the last.
pub(super) fn matrix(
    conn: &mut Conn,
    (action, unit): (&RequiredAction, &Unit),
    page: usize,
    today: Day,
    calendar: &Calendar,
) -> Result<Matrix, Error> {
    let mut asked = Asked::begun(action, today);
    let periods = asked.periods.len();
    let page = page.clamp(1, periods.div_ceil(COLUMNS_MAX).max(1));
    asked.periods.truncate(periods - (page - 1) * COLUMNS_MAX);
    let before = asked.periods.len().saturating_sub(COLUMNS_MAX);
    asked.periods.drain(..before);
    let columns: Vec<Column> =
        asked.periods.iter().map(|(period, version)| column(&version.rule, *period, calendar)).collect();
    let children = units::children(conn, Some(unit.id), true, 0)?;
    let mut ids = vec![unit.id];
    ids.extend(children.iter().map(|child| child.unit.id));
    let only = [asked];
    let cells = store::cells(conn, &ids, &only, today, calendar)?;
    let own = store::own_cells(conn, &ids, &only)?;
    let of = |at: UnitId| -> Vec<Option<Tally>> {
        columns.iter().map(|column| cells.get(&(at, action.id, column.period)).copied()).collect()
    };
    let statuses = |at: UnitId| -> Vec<Option<Status>> {
        let one = |column: &Column| own_status(own.get(&(at, action.id, column.period)), column.due, today);
        columns.iter().map(one).collect()
    };
    let sums = of(unit.id);
    let mut rest: Vec<Tally> = sums.iter().map(|sum| sum.unwrap_or_default()).collect();
    let mut rows = Vec::new();
    for child in &children {
        let cells = of(child.unit.id);
        for (rest, cell) in rest.iter_mut().zip(&cells) {
            rest.minus(cell.unwrap_or_default());
        }
        if cells.iter().any(Option::is_some) {
            rows.push(MatrixRow {
                unit: child.unit.id,
                name: child.unit.name.clone(),
                own: false,
                deeper: child.children > 0,
                statuses: statuses(child.unit.id),
                cells,
            });
        }
    }
    let rest: Vec<Option<Tally>> =
        rest.into_iter().map(|tally| (tally != Tally::default()).then_some(tally)).collect();
    if rest.iter().any(Option::is_some) {
        let name = format!("{}本级", unit.name);
        let statuses = statuses(unit.id);
        rows.insert(0, MatrixRow { unit: unit.id, name, own: true, deeper: false, cells: rest, statuses });
    }
    Ok(Matrix { columns, rows, sums, page, periods, before })
}
