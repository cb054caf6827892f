//! Key tasks and livelihood projects, with what was noted about them, and the text of their evidence.

use super::{Sketch, Source, itself, lines, no_states, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::id::TaskId;
use bihuan_domain::task::{Milestone, TargetReading, Task, TaskEvidence, TaskNote, TaskState, TaskTarget};
use bihuan_store::search::{Document, rows};
use bihuan_store::{Conn, task as store};

pub(crate) const SOURCE: Source = Source {
    kind: "task",
    label: "任务与实事",
    table: "task",
    touched: &[("task", itself)],
    sketch,
    states: || TaskState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

pub(crate) const FILES: Source = Source {
    kind: "task_evidence",
    label: "任务佐证",
    table: "task_evidence",
    touched: &[("task", files_of)],
    sketch: sketch_files,
    states: no_states,
};

fn files_of(conn: &mut Conn, id: i64) -> Result<Vec<i64>, Error> {
    Ok(store::evidence(conn, TaskId(id))?.iter().map(|piece| piece.id.0).collect())
}

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let tasks: Vec<Task> = rows(conn, "id", ids)?;
    let notes: Vec<TaskNote> = rows(conn, "task_id", ids)?;
    let targets: Vec<TaskTarget> = rows(conn, "task_id", ids)?;
    let readings: Vec<TargetReading> = rows(conn, "task_id", ids)?;
    let stones: Vec<Milestone> = rows(conn, "task_id", ids)?;
    let places = places_of(conn, tasks.iter().map(|task| task.unit_id))?;
    Ok(tasks
        .into_iter()
        .map(|task| {
            let own = notes.iter().filter(|note| note.task_id == task.id).map(|note| note.text.as_str());
            let own =
                own.chain(targets.iter().filter(|one| one.task_id == task.id).map(|one| one.name.as_str()));
            let own =
                own.chain(readings.iter().filter(|one| one.task_id == task.id).map(|one| one.note.as_str()));
            let stones = stones.iter().filter(|stone| stone.task_id == task.id);
            let own = own.chain(stones.flat_map(|stone| [stone.title.as_str(), &stone.note]));
            let said = [
                task.title.as_str(),
                &task.goal,
                &task.partners,
                &task.beneficiary_words,
                &task.statement,
                &task.decision,
            ];
            Sketch {
                units: places.get(&task.unit_id).cloned().into_iter().collect(),
                campaign: Some(task.campaign_id),
                document: Document {
                    kind: SOURCE.kind.to_owned(),
                    subject_id: task.id.0,
                    unit_id: task.unit_id,
                    state: task.state.code().to_owned(),
                    day: Some(task.starts_day),
                    href: format!("/tasks/{}", task.id),
                    title: format!("{} {}", task.citation(), task.title),
                    content: lines(said.into_iter().chain(own)),
                    ..Document::default()
                },
                ..Sketch::default()
            }
        })
        .collect())
}

fn sketch_files(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let pieces: Vec<TaskEvidence> = rows(conn, "id", ids)?;
    let owners: Vec<i64> = pieces.iter().map(|piece| piece.task_id.0).collect();
    let tasks: Vec<Task> = rows(conn, "id", &owners)?;
    let places = places_of(conn, tasks.iter().map(|task| task.unit_id))?;
    Ok(pieces
        .into_iter()
        .filter_map(|piece| {
            let owner = tasks.iter().find(|task| task.id == piece.task_id)?;
            let href = format!("/tasks/{}", owner.id);
            Some(Sketch {
                units: places.get(&owner.unit_id).cloned().into_iter().collect(),
                campaign: Some(owner.campaign_id),
                document: Document {
                    kind: FILES.kind.to_owned(),
                    subject_id: piece.id.0,
                    unit_id: owner.unit_id,
                    day: Some(piece.filed_at.day_in_china()),
                    file_href: format!("{href}/evidence/{}", piece.id),
                    href,
                    title: format!("{}（{}）", piece.caption, piece.file_name),
                    content: piece.stage.label().to_owned(),
                    ..Document::default()
                },
                file: Some((piece.file_name, piece.digest)),
                ..Sketch::default()
            })
        })
        .collect())
}
