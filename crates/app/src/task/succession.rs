//! Tasks that somebody takes over: a merged unit's by its successor, an earlier campaign's by the one that follows it.

use super::steps::entry;
use crate::Error;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::UnitId;
use bihuan_domain::task::{Task, TaskAction};
use bihuan_domain::unit::Unit;
use bihuan_store::journal::{NewEntry, Write};
use bihuan_store::{Conn, task as store};

/// What a merged unit still had to do goes to its successor.
///
/// # Errors
/// Faults of the database.
pub fn take_over_tasks_of_unit(
    conn: &mut Conn,
    (from, into): (&Unit, &Unit),
) -> Result<Vec<NewEntry>, Error> {
    let mut entries = Vec::new();
    for before in store::open_of(conn, from.id)? {
        let swap = |unit: UnitId| if unit == from.id { into.id } else { unit };
        let after = Task {
            unit_id: swap(before.unit_id),
            order_unit_id: swap(before.order_unit_id),
            owner_post_id: if before.unit_id == from.id { None } else { before.owner_post_id },
            version: before.version + 1,
            ..before.clone()
        };
        let note = format!("“{}”并入“{}”，任务由后者承接", from.name, into.name);
        let writes = Write::update(&before, &after).into_iter().collect();
        entries.push(entry(&after, TaskAction::TakenOver, note, writes));
    }
    Ok(entries)
}

/// The open tasks of an earlier campaign go to the one that follows it, with their parts, under its numbers.
///
/// # Errors
/// Faults of the database.
pub fn take_over_tasks(
    conn: &mut Conn,
    (earlier, after): (&Campaign, &Campaign),
    reach: &bihuan_domain::unit::UnitPath,
    template: Option<&bihuan_domain::template::Template>,
) -> Result<Vec<NewEntry>, Error> {
    let known = |code: &str| template.is_some_and(|template| template.task_kind(code).is_some());
    let strand = |code: &str| template.is_some_and(|template| template.strand(code).is_some());
    let kept = |code: &str, known: bool| if known { code.to_owned() } else { String::new() };
    let first_number = store::next_number(conn, after.id)?;
    let mut entries = Vec::new();
    let open = store::in_subtrees(conn, Some(earlier.id), std::slice::from_ref(reach))?;
    for (number, before) in (first_number..).zip(open.into_iter().filter(Task::is_open)) {
        let task = Task {
            campaign_id: after.id,
            number,
            kind: kept(&before.kind, known(&before.kind)),
            strand: kept(&before.strand, strand(&before.strand)),
            version: before.version + 1,
            ..before.clone()
        };
        let note = format!("由“{}”承接“{}”（原{}）", after.name, earlier.name, before.citation());
        let writes = Write::update(&before, &task).into_iter().collect();
        entries.push(entry(&task, TaskAction::TakenOver, note, writes));
    }
    Ok(entries)
}
