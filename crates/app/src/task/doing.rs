//! Reporting on a task and confirming it.

use super::decided::decision_follows;
use super::input::{self, ReadingInput};
use super::steps::{Change, TaskDone};
use super::{TaskDecisionInput, TaskNoteInput, TaskReportInput, visible_task};
use crate::context::{App, Context};
use crate::evidence::{SentFile, accept as accept_file, kept_name};
use crate::input as plain;
use crate::{Error, evidence};
use bihuan_domain::evidence::CAPTION_CHARS_MAX;
use bihuan_domain::id::{MilestoneId, TaskEvidenceId, TaskId, TaskNoteId, TaskTargetId};
use bihuan_domain::refusal::require_text;
use bihuan_domain::task::{self as rules, TargetReading, TaskAction, TaskEvidence, TaskNote, TaskStage};
use bihuan_domain::{Coded, Refusal};
use bihuan_store::journal::{self, Write};
use bihuan_store::task as store;

/// Most pieces of evidence of one task.
pub const TASK_EVIDENCE_MAX: usize = 200;

impl App {
    /// Reaches a milestone.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` inputs, refusals of `task::finish_milestone`.
    pub fn finish_milestone(
        &self,
        ctx: &Context,
        id: TaskId,
        milestone: MilestoneId,
        sent: TaskDecisionInput,
    ) -> Result<TaskDone, Error> {
        self.change_task(ctx, id, None, move |loaded| {
            let day = input::day_or("done_day", "完成日期", &sent.done_day, loaded.ctx.today())?;
            let before = loaded.milestone(milestone)?.clone();
            let at = (&loaded.work.task, &loaded.unit.path);
            let after = rules::finish_milestone(&loaded.desk(), at, &before, day, &sent.note)?;
            let note = format!("“{}”于{}完成：{}", after.title, day.in_chinese(), after.note);
            Ok(Change::new(TaskAction::MilestoneDone, note, Write::update(&before, &after)))
        })
    }

    /// Takes back a milestone that was reported by mistake.
    ///
    /// # Errors
    /// `NotFound`, refusals of `task::reopen_milestone`.
    pub fn reopen_milestone(
        &self,
        ctx: &Context,
        id: TaskId,
        milestone: MilestoneId,
    ) -> Result<TaskDone, Error> {
        self.change_task(ctx, id, None, move |loaded| {
            let before = loaded.milestone(milestone)?.clone();
            let at = (&loaded.work.task, &loaded.unit.path);
            let after = rules::reopen_milestone(&loaded.desk(), at, &before)?;
            let note = format!("撤回节点“{}”的完成填报", after.title);
            Ok(Change::new(TaskAction::MilestoneReopened, note, Write::update(&before, &after)))
        })
    }

    /// Reads a target on a day.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` inputs, refusals of `task::read_target`.
    pub fn measure_task(&self, ctx: &Context, id: TaskId, sent: ReadingInput) -> Result<TaskDone, Error> {
        self.change_task(ctx, id, None, move |loaded| {
            let target = plain::number("target", "指标", &sent.target)?.map(TaskTargetId);
            let found = loaded.work.targets.iter().find(|t| Some(t.id) == target).cloned();
            let before = found.ok_or_else(|| Error::invalid("target", "请选择要填报的指标。"))?;
            let day = input::day_or("day", "日期", &sent.day, loaded.ctx.today())?;
            let value = input::value("value", "数值", &sent.value)?;
            let rolled = rules::targets_of(&loaded.work)
                .iter()
                .any(|plan| plan.name == before.name && plan.given.is_some());
            let at = (&loaded.work.task, &loaded.unit.path);
            let after = rules::read_target(&loaded.desk(), at, &before, rolled, (day, value))?;
            let reading = TargetReading {
                id: journal::next_id(loaded.conn, "target_reading", 1)?,
                task_id: id,
                target_id: before.id,
                day,
                value,
                note: sent.note.trim().chars().take(rules::REASON_CHARS_MAX).collect(),
                filed_by: loaded.ctx.actor.person,
                filed_at: loaded.ctx.at,
            };
            let words = format!("“{}”{}{}", before.name, rules::value_words(value), before.measure_word);
            let mut writes = vec![Write::insert(&reading)];
            writes.extend(Write::update(&before, &after));
            Ok(Change::new(TaskAction::Measured, words, writes))
        })
    }

    /// Notes progress, or what the beneficiaries say.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` inputs, refusals of `task::note`.
    pub fn note_task(&self, ctx: &Context, id: TaskId, sent: TaskNoteInput) -> Result<TaskDone, Error> {
        self.change_task(ctx, id, None, move |loaded| {
            let kind = input::note_kind(&sent.kind)?;
            let day = input::day_or("day", "日期", &sent.day, loaded.ctx.today())?;
            let asked = plain::number("asked", "访问人数", &sent.asked)?.unwrap_or(0);
            let satisfied = plain::number("satisfied", "满意人数", &sent.satisfied)?.unwrap_or(0);
            let at = (&loaded.work.task, &loaded.unit.path);
            let text = rules::note(&loaded.desk(), at, kind, (day, &sent.note), (asked, satisfied))?;
            let note = TaskNote {
                id: TaskNoteId(journal::next_id(loaded.conn, "task_note", 1)?),
                task_id: id,
                kind,
                day,
                text: text.clone(),
                asked,
                satisfied,
                filed_by: loaded.ctx.actor.person,
                filed_at: loaded.ctx.at,
            };
            Ok(Change::new(TaskAction::Noted, text, [Write::insert(&note)]))
        })
    }

    /// Files a piece of evidence from before, on the way or after.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` file or inputs, `not_allowed`, `evidence_too_many`, `evidence_filed_already`.
    pub fn file_task_evidence(
        &self,
        ctx: &Context,
        id: TaskId,
        stage: &str,
        caption: &str,
        file: SentFile,
    ) -> Result<TaskDone, Error> {
        let accepted = accept_file(&file)?;
        let (stage, caption) = (stage.to_owned(), caption.to_owned());
        self.change_task(ctx, id, None, move |loaded| {
            if !rules::may_report(&loaded.ctx.actor, &loaded.unit.path) {
                return Err(Refusal::not_allowed("上传任务佐证", "承担单位的填报员或者领导身份").into());
            }
            let stage = plain::coded::<TaskStage>("stage", "佐证环节", &stage)?;
            let caption = require_text("caption", "佐证说明", &caption, CAPTION_CHARS_MAX)?;
            let all = store::evidence(loaded.conn, id)?;
            if all.len() >= TASK_EVIDENCE_MAX {
                let words = format!("一项任务的佐证最多{TASK_EVIDENCE_MAX}件。");
                return Err(
                    Refusal::of_field("file", "evidence_too_many", words, "请合并成一个文件。").into()
                );
            }
            if let Some(have) = all.iter().find(|e| e.digest == accepted.sha256 && e.stage == stage) {
                let words = format!("这个文件已经作为“{}”上传过了。", have.caption);
                let refusal =
                    Refusal::of_field("file", "evidence_filed_already", words, "同一材料只需上传一次。");
                return Err(refusal.into());
            }
            let new = TaskEvidence {
                id: TaskEvidenceId(journal::next_id(loaded.conn, "task_evidence", 1)?),
                task_id: id,
                milestone_id: None,
                stage,
                caption: caption.clone(),
                file_name: kept_name(&file.name),
                digest: accepted.sha256.clone(),
                media_type: accepted.kind.media_type().to_owned(),
                size_bytes: accepted.bytes.len() as i64,
                filed_by: loaded.ctx.actor.person,
                filed_unit_id: loaded.unit.id,
                filed_at: loaded.ctx.at,
            };
            let kept = Write::File {
                digest: accepted.sha256,
                media_type: new.media_type.clone(),
                content: accepted.bytes,
            };
            let words = format!("{}：{caption}", stage.label());
            Ok(Change::new(TaskAction::EvidenceFiled, words, [kept, Write::insert(&new)]))
        })
    }

    /// Hands out a file of a task that the reader may see.
    ///
    /// # Errors
    /// `NotFound`, also for a file of another task.
    pub fn task_evidence_file(
        &self,
        ctx: &Context,
        id: TaskId,
        evidence: TaskEvidenceId,
    ) -> Result<evidence::FileOut, Error> {
        self.db.read(|conn| {
            visible_task(conn, ctx, id)?;
            let found: TaskEvidence = journal::by_id(conn, evidence.0)?.ok_or(Error::NotFound)?;
            if found.task_id != id {
                return Err(Error::NotFound);
            }
            let bytes = bihuan_store::problem::file_content(conn, &found.digest)?.ok_or(Error::NotFound)?;
            let TaskEvidence { file_name, media_type, digest, .. } = found;
            Ok(evidence::FileOut { name: file_name, media_type, bytes, digest })
        })
    }

    /// Says that the whole is done.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `Invalid` inputs, refusals of `task::report`.
    pub fn report_task(
        &self,
        ctx: &Context,
        id: TaskId,
        version: Option<i64>,
        sent: TaskReportInput,
    ) -> Result<TaskDone, Error> {
        self.change_task(ctx, id, version, move |loaded| {
            let day = input::day_or("claimed_day", "完成日期", &sent.claimed_day, loaded.ctx.today())?;
            let hands = store::hands(loaded.conn, id)?;
            let before = &loaded.work.task;
            let at = (before, &loaded.unit.path);
            let after = rules::report(&loaded.desk(), at, &loaded.work, &hands, (day, &sent.statement))?;
            let note = after.statement.clone();
            Ok(Change::new(TaskAction::Reported, note, Write::update(before, &after)))
        })
    }

    /// Confirms that it is done.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, refusals of `task::accept`.
    pub fn accept_task(
        &self,
        ctx: &Context,
        id: TaskId,
        version: Option<i64>,
        words: String,
    ) -> Result<TaskDone, Error> {
        self.change_task(ctx, id, version, move |loaded| {
            let hands = store::hands(loaded.conn, id)?;
            let before = &loaded.work.task;
            let after = rules::accept(&loaded.desk(), (before, &loaded.unit.path), &hands, &words)?;
            let note = after.decision.clone();
            let mut writes: Vec<Write> = Write::update(before, &after).into_iter().collect();
            writes.extend(decision_follows(loaded.conn, &after)?);
            Ok(Change::new(TaskAction::Accepted, note, writes))
        })
    }

    /// Sends a report back.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, refusals of `task::send_back`.
    pub fn send_back_task(
        &self,
        ctx: &Context,
        id: TaskId,
        version: Option<i64>,
        reason: String,
    ) -> Result<TaskDone, Error> {
        self.change_task(ctx, id, version, move |loaded| {
            let hands = store::hands(loaded.conn, id)?;
            let before = &loaded.work.task;
            let after = rules::send_back(&loaded.desk(), (before, &loaded.unit.path), &hands, &reason)?;
            let note = after.decision.clone();
            Ok(Change::new(TaskAction::SentBack, note, Write::update(before, &after)))
        })
    }
}
