//! Lists of what is not done: rules missed, tasks, slips without an answer.

use super::deeds::{Deeds, missed};
use super::figures::Known;
use bihuan_documents::paper::{Cell, Table};
use bihuan_domain::report::text::Which;
use bihuan_domain::task::Standing;
use bihuan_domain::{Coded, Day};

/// Heads of the lists, behind the number of the row: of rules, of tasks, of slips.
pub(crate) const DEED_HEADS: [&[&str]; 3] = [
    &["规定动作", "周期", "单位", "逾期未做（次）"],
    &["文号", "任务", "承担单位", "完成时限", "进度", "完成"],
    &["编号", "事由", "承办单位", "签发", "答复期限"],
];

/// The table of a list that is not of the ledger; `None` for lists of problems.
pub(super) fn deed_list(known: &Known, which: Which, most: i64, number: usize) -> Option<Table> {
    let (head, widths, rows): (&[&str], &[u32], _) = match (&known.deeds, which) {
        (Some(deeds), Which::MissedActions) => (DEED_HEADS[0], &[10, 38, 20, 24, 14], actions(known, deeds)),
        (Some(deeds), Which::Tasks | Which::BehindTasks) => {
            (DEED_HEADS[1], &[10, 18, 32, 18, 19, 13, 10], tasks(deeds, which == Which::BehindTasks))
        }
        (Some(deeds), Which::UnansweredSlips) => (DEED_HEADS[2], &[10, 24, 34, 18, 19, 19], slips(deeds)),
        _ => return None,
    };
    let total = rows.len();
    let shown = usize::try_from(most).unwrap_or(usize::MAX).min(total);
    let more = if total > shown { format!("（共{total}项，列前{shown}项）") } else { String::new() };
    let mut top = vec![Cell::text("序号").centred()];
    top.extend(head.iter().map(|name| Cell::text(*name).centred()));
    let numbered = rows.into_iter().take(shown).enumerate().map(|(at, cells)| {
        let mut row = vec![Cell::text((at + 1).to_string()).centred()];
        row.extend(cells);
        row
    });
    Some(Table {
        caption: format!("表{number}　{}清单{more}", which.label()),
        unit: String::new(),
        widths: widths.to_vec(),
        head: vec![top],
        rows: numbered.collect(),
    })
}

fn actions(known: &Known, deeds: &Deeds) -> Vec<Vec<Cell>> {
    let unit = |place: Option<_>| match place {
        None => format!("{}本级", known.at.unit.name),
        Some(id) => {
            let found = known.units.iter().find(|(have, _)| *have == id);
            found.map(|(_, name)| name.clone()).unwrap_or_default()
        }
    };
    let row = |(cell, place, count): (&super::deeds::ActionCell, _, i64)| {
        vec![
            Cell::text(&cell.name),
            Cell::text(&cell.label).centred(),
            Cell::text(unit(place)),
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
