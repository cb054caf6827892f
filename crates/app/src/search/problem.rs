//! Problems with their measures, progress and statements, what was asked for and answered, and their earlier rounds.

use super::{Sketch, Source, itself};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::id::ProblemId;
use bihuan_domain::problem::{Problem, State};
use bihuan_domain::request::Request;
use bihuan_domain::unit::UnitPath;
use bihuan_store::records::RoundRow;
use bihuan_store::search::{Document, rows};
use bihuan_store::{Conn, problem as store};
use std::collections::HashMap;

/// Characters of a problem's text that make its title.
const TITLE_CHARS: usize = 40;

pub(crate) const SOURCE: Source = Source {
    kind: "problem",
    label: "问题",
    table: "problem",
    touched: &[("problem", itself)],
    sketch,
    states: || State::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let ids: Vec<ProblemId> = ids.iter().copied().map(ProblemId).collect();
    let problems = store::by_ids(conn, &ids)?;
    let mut units = units_of(conn, &problems)?;
    let mut measures: HashMap<ProblemId, String> = HashMap::new();
    for measure in store::measures_of(conn, &ids)? {
        let text = measures.entry(measure.problem_id).or_default();
        for part in [&measure.text, &measure.goal, &measure.done_note] {
            line(text, part);
        }
    }
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    for request in rows::<Request>(conn, "problem_id", &numbers)? {
        let text = measures.entry(request.problem_id).or_default();
        for part in [&request.reason, &request.decision_reason] {
            line(text, part);
        }
    }
    for round in rows::<RoundRow>(conn, "problem_id", &numbers)? {
        let text = measures.entry(round.problem_id).or_default();
        for part in [&round.reason, &round.statement] {
            line(text, part);
        }
    }
    Ok(problems
        .into_iter()
        .map(|problem| {
            let units = units.remove(&problem.id).unwrap_or_default();
            let measures = measures.remove(&problem.id).unwrap_or_default();
            Sketch {
                document: document(&problem, &measures),
                units,
                campaign: Some(problem.campaign_id),
                ..Sketch::default()
            }
        })
        .collect())
}

/// Who may read each problem: its home and every unit with a part in it.
pub(super) fn units_of(
    conn: &mut Conn,
    problems: &[Problem],
) -> Result<HashMap<ProblemId, Vec<UnitPath>>, Error> {
    let mut units: HashMap<ProblemId, Vec<UnitPath>> =
        problems.iter().map(|problem| (problem.id, vec![problem.home_path.clone()])).collect();
    let ids: Vec<ProblemId> = problems.iter().map(|problem| problem.id).collect();
    for (id, path) in store::party_paths(conn, &ids)? {
        units.entry(id).or_default().push(path);
    }
    Ok(units)
}

fn document(problem: &Problem, measures: &str) -> Document {
    let mut content = String::new();
    let place = if problem.place.is_empty() { String::new() } else { format!("{}：", problem.place) };
    line(&mut content, &format!("{place}{}", problem.text));
    for part in [
        &problem.goal,
        &problem.ground,
        &problem.deadline_text,
        &problem.progress,
        &problem.statement,
        &problem.status_text,
        &problem.remark,
        &problem.task_team,
    ] {
        line(&mut content, part);
    }
    line(&mut content, measures);
    let mut title: String = problem.text.chars().take(TITLE_CHARS).collect();
    if problem.text.chars().count() > TITLE_CHARS {
        title.push('…');
    }
    Document {
        kind: SOURCE.kind.to_owned(),
        subject_id: problem.id.0,
        unit_id: problem.home_unit_id,
        state: problem.state.code().to_owned(),
        day: Some(problem.registered_day),
        href: format!("/problems/{}", problem.id),
        title: format!("{} {title}", problem.citation()),
        content,
        ..Document::default()
    }
}

/// Adds a part as a line of its own.
pub(super) fn line(text: &mut String, part: &str) {
    let part = part.trim();
    if !part.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(part);
    }
}
