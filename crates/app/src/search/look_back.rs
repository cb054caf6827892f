//! Look-backs that were filed, with what they found; found by those who find the problem.

use super::{Sketch, Source, lines, problem};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::id::ProblemId;
use bihuan_domain::inspection::Answer;
use bihuan_domain::look_back::{LookBack, LookBackDuty, LookBackResult};
use bihuan_store::search::{Document, rows};
use bihuan_store::{Conn, ledger as ledgers, problem as problems};

pub(crate) const SOURCE: Source = Source {
    kind: "look_back",
    label: "回头看",
    table: "look_back",
    touched: &[("problem", of_problem)],
    sketch,
    states: || LookBackResult::ALL.iter().map(|result| (result.code(), result.label())).collect(),
};

fn of_problem(conn: &mut Conn, id: i64) -> Result<Vec<i64>, Error> {
    let found: Vec<LookBack> = rows(conn, "problem_id", &[id])?;
    Ok(found.iter().map(|one| one.id.0).collect())
}

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let mut all: Vec<LookBack> = rows(conn, "id", ids)?;
    // Before it is filed there is nothing to read.
    all.retain(|one| one.done_at.is_some());
    let duties: Vec<LookBackDuty> = rows(conn, "look_back_id", ids)?;
    let owners: Vec<ProblemId> = all.iter().map(|one| one.problem_id).collect();
    let owners = problems::by_ids(conn, &owners)?;
    let units = problem::units_of(conn, &owners)?;
    let names = ledgers::unit_names(conn, owners.iter().map(|problem| problem.home_unit_id))?;
    Ok(all
        .into_iter()
        .filter_map(|one| {
            let of = owners.iter().find(|problem| problem.id == one.problem_id)?;
            let duty = duties.iter().find(|duty| duty.look_back_id == one.id);
            let answers: Vec<Answer> =
                duty.and_then(|duty| serde_json::from_str(&duty.answers).ok()).unwrap_or_default();
            let notes = answers.iter().map(|answer| answer.note.as_str());
            let home = names.get(&of.home_unit_id).map_or("", String::as_str);
            Some(Sketch {
                units: units.get(&of.id).cloned().unwrap_or_default(),
                campaign: Some(of.campaign_id),
                document: Document {
                    kind: SOURCE.kind.to_owned(),
                    subject_id: one.id.0,
                    unit_id: of.home_unit_id,
                    state: one.result.code().to_owned(),
                    day: one.done_at.map(|at| at.day_in_china()),
                    href: format!("/problems/{}", of.id),
                    title: format!("{}{}回头看：{}", home, of.citation(), one.result.label()),
                    content: lines([one.note.as_str(), one.result.label()].into_iter().chain(notes)),
                    ..Document::default()
                },
                ..Sketch::default()
            })
        })
        .collect())
}
