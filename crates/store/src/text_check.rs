//! Checked documents and the decisions on what was found.

use crate::record::Record;
use crate::{Conn, Fault, Val, record, vals};
use bihuan_domain::id::{PersonId, TextCheckId};
use bihuan_domain::text_check::{CheckDecision, TextCheck};
use bihuan_domain::unit::UnitPath;

record!(TextCheck, "text_check", key [id], personal [], { id, unit_id, campaign_id, title, file_name, digest, day, content, findings, made_by, made_at, version });
record!(CheckDecision, "check_decision", key [check_id, finding], personal [], { check_id, finding, accepted, replacement, reason, decided_by, decided_at });

/// Most checks one page lists.
pub const CHECKS_MAX: i64 = 200;

/// Checks of units in these subtrees and those that a person had made, newest first.
///
/// # Errors
/// Faults of the database.
pub fn list(conn: &mut Conn, roots: &[UnitPath], made_by: PersonId) -> Result<Vec<TextCheck>, Fault> {
    let (within, mut args) = within(roots);
    args.push(made_by.0.into());
    let sql = format!(
        "WHERE unit_id IN (SELECT u.id FROM unit u WHERE {within}) OR made_by = ${} ORDER BY id DESC LIMIT {CHECKS_MAX}",
        args.len()
    );
    TextCheck::load(conn, &sql, &args)
}

/// The condition that `unit u` lies in one of these subtrees.
fn within(roots: &[UnitPath]) -> (String, Vec<Val>) {
    let mut parts = vec!["1 = 0".to_owned()];
    let mut args = Vec::new();
    for root in roots {
        args.extend(vals![root.as_str(), root.subtree_end()]);
        parts.push(format!("u.path >= ${} AND u.path < ${}", args.len() - 1, args.len()));
    }
    (format!("({})", parts.join(" OR ")), args)
}

/// What was decided, by the number of the finding.
///
/// # Errors
/// Faults of the database.
pub fn decisions(conn: &mut Conn, id: TextCheckId) -> Result<Vec<CheckDecision>, Fault> {
    CheckDecision::load(conn, "WHERE check_id = $1 ORDER BY finding", &vals![id.0])
}
