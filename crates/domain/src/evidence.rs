//! Evidence 佐证: files with captions, digests and versions. A replacement keeps what it replaces.

use crate::Instant;
use crate::id::{EvidenceId, MeasureId, PersonId, ProblemId, UnitId};
use serde::{Deserialize, Serialize};

/// Longest caption, in characters.
pub const CAPTION_CHARS_MAX: usize = 200;
/// Most pieces of evidence of one problem, versions counted.
pub const EVIDENCE_MAX: usize = 200;

crate::coded! {
    /// What a piece of evidence is for.
    Stage ("佐证环节") {
        Intake = "intake", "问题发现";
        Progress = "progress", "整改过程";
        Closure = "closure", "整改完成";
        Verification = "verification", "验收核查";
        LookBack = "look_back", "回头看";
    }
}

/// One version of one piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Number.
    pub id: EvidenceId,
    /// The problem.
    pub problem_id: ProblemId,
    /// The round.
    pub round: i64,
    /// The measure it belongs to, where it does.
    pub measure_id: Option<MeasureId>,
    /// What it is for.
    pub stage: Stage,
    /// What it shows, in the filer's words.
    pub caption: String,
    /// File name as sent.
    pub file_name: String,
    /// SHA-256 of the stored bytes, lower-case hex: the file's key.
    pub digest: String,
    /// Media type by content.
    pub media_type: String,
    /// Bytes.
    pub size_bytes: i64,
    /// Version, from 1.
    pub edition: i64,
    /// The version that replaced this one.
    pub replaced_by: Option<EvidenceId>,
    /// Who filed it.
    pub filed_by: PersonId,
    /// For which unit.
    pub filed_unit_id: UnitId,
    /// When it was filed, by the server's clock.
    pub filed_at: Instant,
}
