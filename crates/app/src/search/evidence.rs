//! Files of problems: name, caption and the text inside.

use super::{Sketch, Source, no_states, problem};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::evidence::Evidence;
use bihuan_domain::id::ProblemId;
use bihuan_domain::label::Label;
use bihuan_store::search::Document;
use bihuan_store::{Conn, problem as store};
use std::collections::BTreeSet;

pub(crate) const SOURCE: Source = Source {
    kind: "evidence",
    label: "佐证材料",
    table: "evidence",
    touched: &[("problem", touched)],
    sketch,
    states: no_states,
};

fn touched(conn: &mut Conn, problem: i64) -> Result<Vec<i64>, Error> {
    Ok(store::evidence_of(conn, ProblemId(problem))?.iter().map(|e| e.id.0).collect())
}

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let pieces = store::evidence_by_ids(conn, ids)?;
    let mut sensitive = BTreeSet::new();
    for piece in &pieces {
        if !Label::Internal.opens(crate::label::label_of(conn, piece.id)?) {
            sensitive.insert(piece.id);
        }
    }
    let owners: BTreeSet<ProblemId> = pieces.iter().map(|piece| piece.problem_id).collect();
    let problems = store::by_ids(conn, &owners.into_iter().collect::<Vec<_>>())?;
    let units = problem::units_of(conn, &problems)?;
    Ok(pieces
        .into_iter()
        .filter_map(|piece| {
            let owner = problems.iter().find(|problem| problem.id == piece.problem_id)?;
            Some(Sketch {
                units: units.get(&piece.problem_id).cloned().unwrap_or_default(),
                campaign: Some(owner.campaign_id),
                document: document(&piece, owner.home_unit_id),
                // The text of a sensitive file is found by nobody.
                file: Some((piece.file_name, piece.digest)).filter(|_| !sensitive.contains(&piece.id)),
                ..Sketch::default()
            })
        })
        .collect())
}

fn document(piece: &Evidence, unit: bihuan_domain::id::UnitId) -> Document {
    let file = format!("/problems/{}/evidence/{}", piece.problem_id, piece.id);
    Document {
        kind: SOURCE.kind.to_owned(),
        subject_id: piece.id.0,
        unit_id: unit,
        day: Some(piece.filed_at.day_in_china()),
        href: format!("/problems/{}", piece.problem_id),
        file_href: file,
        title: format!("{}（{}）", piece.caption, piece.file_name),
        content: piece.stage.label().to_owned(),
        ..Document::default()
    }
}
