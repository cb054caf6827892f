//! Lists of what is not done: rules missed, tasks, slips without an answer.

use super::deeds::{Deeds, Place, RowLine, missed, named};
use super::figures::{Known, Named};
use super::problem_list::list_name;
use bihuan_documents::paper::{Cell, Table};
use bihuan_domain::id::UnitId;
use bihuan_domain::report::text::{SlipPart, TaskPart, Which};
use bihuan_domain::task::Standing;
use bihuan_domain::{Coded, Day, figure};

/// Heads of the lists, behind the number of the row: of rules, of tasks, of slips.
pub(crate) const DEED_HEADS: [&[&str]; 3] = [
    &["规定动作", "周期", "单位", "逾期未做（次）"],
    &["文号", "任务", "承担单位", "完成时限", "进度", "完成"],
    &["编号", "事由", "承办单位", "签发", "答复期限"],
];

/// The table of a list that is not of the ledger, its caption without number and count, and the count with its rows;
/// `None` for lists of problems.
pub(super) fn deed_list(known: &Known, which: Which, most: i64) -> Option<(Table, Named)> {
    let (head, widths, rows, mut count): (&[&str], &[u32], _, Named) = match (&known.deeds, which) {
        (Some(deeds), Which::MissedActions) => {
            (DEED_HEADS[0], &[10, 38, 20, 24, 14], actions(known, deeds), missed_lines(known, deeds))
        }
        (Some(deeds), Which::Tasks | Which::BehindTasks) => {
            let behind = which == Which::BehindTasks;
            let part = if behind { TaskPart::Behind } else { TaskPart::Total };
            let count = deeds.task(part, Place::Whole);
            (DEED_HEADS[1], &[10, 18, 32, 18, 19, 13, 10], tasks(deeds, behind), count)
        }
        (Some(deeds), Which::UnansweredSlips) => {
            let count = deeds.slip(SlipPart::Unanswered, Place::Whole, None);
            (DEED_HEADS[2], &[10, 24, 34, 18, 19, 19], slips(deeds), count)
        }
        _ => return None,
    };
    count.name = list_name(which);
    let mut top = vec![Cell::text("序号").centred()];
    top.extend(head.iter().map(|name| Cell::text(*name).centred()));
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let numbered = rows.into_iter().take(most).enumerate().map(|(at, cells)| {
        let mut row = vec![Cell::text((at + 1).to_string()).centred()];
        row.extend(cells);
        row
    });
    let table = Table {
        caption: format!("{}清单", which.label()),
        caption_note: None,
        unit: String::new(),
        widths: widths.to_vec(),
        head: vec![top],
        rows: numbered.collect(),
    };
    Some((table, count))
}

/// The lines of what is missed of rules: each rule, period and unit is one, however often it was missed there.
fn missed_lines(known: &Known, deeds: &Deeds) -> Named {
    let lines = missed(deeds).into_iter().map(|(cell, place, _)| RowLine {
        words: format!("{}　{}　{}", cell.name, cell.label, unit_name(known, place)),
        count: 1,
        href: cell.href(),
    });
    let label = figure::ACTION_MISSED_LINES.name.to_owned();
    named(&list_name(Which::MissedActions), figure::ACTION_MISSED_LINES, label, lines.collect(), None, "项")
}

fn unit_name(known: &Known, place: Option<UnitId>) -> String {
    match place {
        None => known.itself(),
        Some(id) => {
            let found = known.units.iter().find(|(have, _)| *have == id);
            found.map(|(_, name)| name.clone()).unwrap_or_default()
        }
    }
}

fn actions(known: &Known, deeds: &Deeds) -> Vec<Vec<Cell>> {
    let row = |(cell, place, count): (&super::deeds::ActionCell, _, i64)| {
        vec![
            Cell::text(&cell.name),
            Cell::text(&cell.label).centred(),
            Cell::text(unit_name(known, place)),
            Cell::text(count.to_string()).centred(),
        ]
    };
    missed(deeds).into_iter().map(row).collect()
}

fn tasks(deeds: &Deeds, behind: bool) -> Vec<Vec<Cell>> {
    let chosen = deeds.tasks.iter().filter(|task| !behind || task.standing == Standing::Behind);
    chosen
        .map(|task| {
            vec![
                Cell::text(&task.citation),
                Cell::text(&task.title),
                Cell::text(&task.unit_name),
                Cell::text(task.due_day.to_string()).centred(),
                Cell::text(task.standing.label()).centred(),
                Cell::text(format!("{}%", task.percent)).centred(),
            ]
        })
        .collect()
}

fn slips(deeds: &Deeds) -> Vec<Vec<Cell>> {
    let day = |day: Option<Day>| Cell::text(day.map(|day| day.to_string()).unwrap_or_default()).centred();
    let late = deeds.slips.iter().filter(|slip| slip.unanswered);
    late.map(|slip| {
        vec![
            Cell::text(&slip.citation),
            Cell::text(&slip.title),
            Cell::text(&slip.unit_name),
            day(slip.issued_day),
            day(slip.answer_day),
        ]
    })
    .collect()
}
