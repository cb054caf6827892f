//! Labels of files, and who is cleared for which.

use crate::record::Record;
use crate::{Conn, Fault, record, vals};
use bihuan_domain::id::{EvidenceId, PersonId, ProblemId};
use bihuan_domain::label::{Clearance, EvidenceLabel, Label};

record!(EvidenceLabel, "evidence_label", key [evidence_id], personal [], { evidence_id, label, set_by, set_at });
record!(Clearance, "clearance", key [person_id], personal [], { person_id, label, set_by, set_at });

/// The label of a piece of evidence as it was set; `None` for what nobody has labelled.
///
/// # Errors
/// Faults of the database.
pub fn of_evidence(conn: &mut Conn, id: EvidenceId) -> Result<Option<EvidenceLabel>, Fault> {
    EvidenceLabel::find(conn, "WHERE evidence_id = $1", &vals![id.0])
}

/// The labels of a problem's evidence.
///
/// # Errors
/// Faults of the database.
pub fn of_problem(conn: &mut Conn, id: ProblemId) -> Result<Vec<EvidenceLabel>, Fault> {
    let condition = "WHERE evidence_id IN (SELECT id FROM evidence WHERE problem_id = $1)";
    EvidenceLabel::load(conn, condition, &vals![id.0])
}

/// What a person was cleared for; `None` where nobody has set anything.
///
/// # Errors
/// Faults of the database.
pub fn clearance(conn: &mut Conn, person: PersonId) -> Result<Option<Clearance>, Fault> {
    Clearance::find(conn, "WHERE person_id = $1", &vals![person.0])
}

/// The narrowest label a person may open; internal where nobody has set anything.
///
/// # Errors
/// Faults of the database.
pub fn cleared_to(conn: &mut Conn, person: PersonId) -> Result<Label, Fault> {
    Ok(clearance(conn, person)?.map_or(Label::Internal, |found| found.label))
}
