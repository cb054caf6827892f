//! Evidence: files checked by content, kept by digest, filed with caption and stage, never overwritten.

use crate::Error;
use crate::context::{App, Context};
use crate::input::{self, inputs};
use crate::label;
use crate::problem::{Ask, Done, visible_case};
use bihuan_documents::upload::{self, Accepted};
use bihuan_documents::{DocumentError, Limits};
use bihuan_domain::Refusal;
use bihuan_domain::evidence::{Evidence, Stage};
use bihuan_domain::id::{EvidenceId, MeasureId, ProblemId};
use bihuan_domain::problem::{self as domain, Filing};
use bihuan_store::journal::{self, Write};
use bihuan_store::{image_print, problem as store};

/// Largest piece of evidence, in bytes.
pub const EVIDENCE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Longest file name kept, in characters.
pub const FILE_NAME_CHARS_MAX: usize = 120;

inputs! {
    /// What is said about a file.
    EvidenceInput {
        stage: one "佐证环节",
        caption: one "佐证说明",
        measure: one "对应措施",
        label: one "信息标签",
        replaces: one "替换的佐证",
    }
}

/// A file as it was sent.
#[derive(Clone, Debug, Default)]
pub struct SentFile {
    /// Its name on the sender's machine.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file to be handed out.
#[derive(Clone, Debug)]
pub struct FileOut {
    /// Its name.
    pub name: String,
    /// Media type by content.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// SHA-256.
    pub digest: String,
}

impl App {
    /// Files a piece of evidence, or a new edition of one.
    ///
    /// # Errors
    /// `Invalid` file; refusals of `domain::file_evidence`.
    pub fn file_evidence(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: EvidenceInput,
        file: SentFile,
    ) -> Result<Done, Error> {
        // Checked before the writer's turn: reading a large file must not keep others waiting.
        let accepted = accept(&file)?;
        let print = upload::image_print(accepted.kind, &accepted.bytes);
        let ask = Ask::new("file_evidence", version, &(&sent, &accepted.sha256));
        self.step(ctx, id, ask, move |case, scene, desk| {
            let stage = input::coded::<Stage>("stage", "佐证环节", &sent.stage)?;
            let measure = input::number("measure", "对应措施", &sent.measure)?.map(MeasureId);
            let replaces = input::number("replaces", "替换的佐证", &sent.replaces)?.map(EvidenceId);
            let all = store::evidence_of(desk.conn, case.problem.id)?;
            let old = replaced(&all, replaces, stage, case.problem.round)?;
            refuse_twice(&all, &accepted, stage, case.problem.round)?;
            let filing = Filing {
                stage,
                caption: sent.caption.clone(),
                measure_id: measure,
                replaces: old.is_some(),
                count: all.len(),
            };
            let (step, caption) = domain::file_evidence(case, scene, filing)?;
            let new = Evidence {
                id: EvidenceId(journal::next_id(desk.conn, "evidence", 1)?),
                problem_id: case.problem.id,
                round: case.problem.round,
                measure_id: measure.or(old.and_then(|old| old.measure_id)),
                stage,
                caption,
                file_name: kept_name(&file.name),
                digest: accepted.sha256.clone(),
                media_type: accepted.kind.media_type().to_owned(),
                size_bytes: accepted.bytes.len() as i64,
                edition: old.map_or(1, |old| old.edition + 1),
                replaced_by: None,
                filed_by: scene.actor.person,
                filed_unit_id: step.unit_id,
                filed_at: scene.now,
            };
            if let Some(print) = print {
                image_print::keep(desk.conn, &accepted.sha256, print)?;
            }
            desk.writes.push(Write::File {
                digest: accepted.sha256,
                media_type: new.media_type.clone(),
                content: accepted.bytes,
            });
            desk.writes.push(Write::insert(&new));
            let stamp = (scene.actor.person, scene.now);
            let label = label::for_new(desk.conn, stamp, new.id, &sent.label, old.map(|old| old.id))?;
            desk.writes.extend(label);
            if let Some(old) = old {
                let gone = Evidence { replaced_by: Some(new.id), ..old.clone() };
                desk.writes.extend(Write::update(old, &gone));
            }
            Ok(step)
        })
    }

    /// Hands out a file of a problem the actor may see.
    ///
    /// # Errors
    /// `NotFound`, also for a file of another problem; `not_cleared` for a label the actor may not open.
    pub fn evidence_file(
        &self,
        ctx: &Context,
        id: ProblemId,
        evidence: EvidenceId,
    ) -> Result<FileOut, Error> {
        self.db.read(|conn| {
            visible_case(conn, ctx, id)?;
            let found: Evidence = journal::by_id(conn, evidence.0)?.ok_or(Error::NotFound)?;
            if found.problem_id != id {
                return Err(Error::NotFound);
            }
            label::check_open(conn, ctx, &found)?;
            let bytes = store::file_content(conn, &found.digest)?.ok_or(Error::NotFound)?;
            Ok(FileOut { name: found.file_name, media_type: found.media_type, bytes, digest: found.digest })
        })
    }
}

/// Checks a file by its content.
///
/// # Errors
/// `Invalid`, naming the field `file`.
pub fn accept(file: &SentFile) -> Result<Accepted, Error> {
    if file.bytes.is_empty() {
        return Err(Error::invalid("file", "没有选择文件，或者文件是空的；请选择要上传的佐证文件。"));
    }
    checked(file).map_err(|error| Error::invalid("file", format!("{error}。")))
}

/// A file as its content says what it is, within the limits of what is uploaded.
fn checked(file: &SentFile) -> Result<Accepted, DocumentError> {
    let limits = Limits { upload_bytes: EVIDENCE_BYTES_MAX as u64, ..Limits::default() };
    upload::check_upload(&file.name, file.bytes.clone(), &limits)
}

/// Accepts a file that is read as a document; `takes` says which ones are read.
///
/// # Errors
/// `Invalid` naming `file`, with what may be sent there.
pub(crate) fn accept_document(file: &SentFile, takes: &str) -> Result<Accepted, Error> {
    if file.bytes.is_empty() {
        return Err(Error::invalid("file", format!("文件是空的；请选择{takes}文件。")));
    }
    checked(file).map_err(|error| match error {
        DocumentError::Kind { .. } => {
            Error::invalid("file", format!("“{}”已损坏，或者不是能读的文稿；请上传{takes}文件。", file.name))
        }
        error => Error::invalid("file", format!("{error}。")),
    })
}

/// The edition that is replaced: the latest of its piece, of this stage and round.
fn replaced(
    all: &[Evidence],
    id: Option<EvidenceId>,
    stage: Stage,
    round: i64,
) -> Result<Option<&Evidence>, Error> {
    let Some(id) = id else { return Ok(None) };
    let found = all.iter().find(|e| e.id == id && e.stage == stage && e.round == round);
    match found {
        Some(old) if old.replaced_by.is_none() => Ok(Some(old)),
        Some(_) => Err(Error::stale()),
        None => Err(Error::invalid("replaces", "要替换的佐证不在本轮的同一环节之中，请重新选择。")),
    }
}

/// The very same file filed again for the same stage proves nothing more (the same material at most once).
fn refuse_twice(all: &[Evidence], file: &Accepted, stage: Stage, round: i64) -> Result<(), Error> {
    let same = |e: &&Evidence| {
        e.digest == file.sha256 && e.stage == stage && e.round == round && e.replaced_by.is_none()
    };
    match all.iter().find(same) {
        None => Ok(()),
        Some(have) => Err(Refusal::of_field(
            "file",
            "evidence_filed_already",
            format!("这个文件已经作为“{}”上传过了。", have.caption),
            "同一材料只需上传一次。",
        )
        .into()),
    }
}

/// A file name without folders and control characters, of bounded length, its ending kept.
pub(crate) fn kept_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: Vec<char> = base.chars().filter(|c| !c.is_control() && !"<>:\"|?*".contains(*c)).collect();
    if clean.is_empty() {
        return "文件".to_owned();
    }
    let over = clean.len().saturating_sub(FILE_NAME_CHARS_MAX);
    clean[over..].iter().collect()
}
