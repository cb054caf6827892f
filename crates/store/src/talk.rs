//! Restricted records: never listed but for those they name.

use crate::record::Record;
use crate::{Conn, Fault, vals};
use bihuan_domain::id::{PersonId, SlipId};
use bihuan_domain::talk::Talk;

/// Most records one person's list shows.
const TALKS_MAX: usize = 500;

/// Records that may name a person; the caller keeps those the domain lets them see.
///
/// # Errors
/// Faults of the database.
pub fn naming(conn: &mut Conn, person: PersonId) -> Result<Vec<Talk>, Fault> {
    let condition = format!(
        "WHERE person_id = $1 OR decided_by = $1 OR objection_answered_by = $1 \
         OR EXISTS (SELECT 1 FROM json_each(talk.readers) r WHERE CAST(r.value AS BIGINT) = $1) \
         ORDER BY id DESC LIMIT {TALKS_MAX}"
    );
    Talk::load(conn, &condition, &vals![person.0])
}

/// Records that follow a slip; the caller keeps those the domain lets them see.
///
/// # Errors
/// Faults of the database.
pub fn of_slip(conn: &mut Conn, slip: SlipId) -> Result<Vec<Talk>, Fault> {
    Talk::load(conn, "WHERE slip_id = $1 ORDER BY id", &vals![slip.0])
}
