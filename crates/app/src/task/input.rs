//! What people and programs send in about tasks. Amounts are yuan, values plain numbers, days `2024-06-30`.

use crate::Error;
use crate::input::{self, inputs};
use bihuan_domain::Day;
use bihuan_domain::id::PostId;
use bihuan_domain::task::{
    Draft, MilestoneDraft, TargetDraft, TaskNoteKind, TaskTarget, parse_value, parse_yuan, part_way,
    part_weight,
};
use bihuan_domain::template::Template;

inputs! {
    /// A task to be set, or what is recorded about one.
    TaskInput {
        kind: one "任务类别",
        unit: one "承担单位",
        title: one "任务名称",
        goal: one "目标",
        strand: one "重点措施",
        owner_post: one "责任岗位",
        partners: one "配合单位",
        starts_day: one "开始日期",
        due_day: one "完成时限",
        budget: one "预算（元）",
        spent: one "已支出（元）",
        beneficiaries: one "受益人数",
        beneficiary_words: one "受益群众",
        reason: one "理由",
    }
    /// A quantified target.
    TargetRow {
        name: one "指标名称",
        measure_word: one "计量单位",
        baseline: one "起点",
        target: one "目标值",
    }
    /// A milestone.
    MilestoneRow {
        milestone: one "原节点编号",
        title: one "节点名称",
        working_days: one "工作日",
        due_day: one "固定日期",
    }
    /// One unit's part of a break-down.
    PartRow {
        unit: one "单位编号",
        target: one "分配数量",
        baseline: one "起点",
        weight: one "权重",
    }
    /// What goes for all parts.
    BreakDownInput { due_day: one "完成时限" }
    /// A milestone that was reached.
    TaskDecisionInput { done_day: one "完成日期", note: one "说明" }
    /// A reading of a target.
    ReadingInput { target: one "指标", day: one "日期", value: one "数值", note: one "说明" }
    /// Progress in words, or what the beneficiaries say.
    TaskNoteInput {
        kind: one "记录类别",
        day: one "日期",
        note: one "内容",
        asked: one "访问人数",
        satisfied: one "满意人数",
    }
    /// That the whole is done.
    TaskReportInput { claimed_day: one "完成日期", statement: one "完成情况" }
}

impl TaskInput {
    /// What is recorded, read with the campaign's template.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub(super) fn draft(&self, template: Option<&Template>) -> Result<Draft, Error> {
        let kind = self.kind.trim();
        let known = template.and_then(|template| template.task_kind(kind));
        if !kind.is_empty() && known.is_none() {
            return Err(Error::invalid("kind", "选择的任务类别不在模板中，请重新选择。"));
        }
        let strand = self.strand.trim();
        if !strand.is_empty() && template.is_none_or(|template| template.strand(strand).is_none()) {
            return Err(Error::invalid("strand", "选择的重点措施不在模板中，请重新选择。"));
        }
        Ok(Draft {
            kind: kind.to_owned(),
            project: known.is_some_and(|kind| kind.project),
            title: self.title.clone(),
            goal: self.goal.clone(),
            strand: strand.to_owned(),
            owner_post_id: input::number("owner_post", "责任岗位", &self.owner_post)?.map(PostId),
            partners: self.partners.clone(),
            starts_day: input::required_day("starts_day", "开始日期", &self.starts_day)?,
            due_day: input::required_day("due_day", "完成时限", &self.due_day)?,
            budget_fen: yuan("budget", "预算", &self.budget)?,
            spent_fen: yuan("spent", "已支出", &self.spent)?,
            beneficiaries: input::number("beneficiaries", "受益人数", &self.beneficiaries)?.unwrap_or(0),
            beneficiary_words: self.beneficiary_words.clone(),
        })
    }
}

fn yuan(field: &str, label: &str, text: &str) -> Result<i64, Error> {
    if text.trim().is_empty() {
        return Ok(0);
    }
    parse_yuan(text).ok_or_else(|| {
        Error::invalid(field, format!("“{label}”应是以元为单位的数，最多两位小数，例如 125000 或 3200.50。"))
    })
}

/// A value with up to three decimals.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn value(field: &str, label: &str, text: &str) -> Result<i64, Error> {
    parse_value(text).ok_or_else(|| {
        Error::invalid(field, format!("“{label}”应是数字，最多三位小数，例如 20 或 12.5，不带单位。"))
    })
}

/// The rows that say anything.
///
/// # Errors
/// `Invalid`, naming `targets`.
pub(super) fn targets(rows: &[TargetRow]) -> Result<Vec<TargetDraft>, Error> {
    let filled = rows.iter().filter(|row| {
        [&row.name, &row.measure_word, &row.baseline, &row.target].iter().any(|text| !text.trim().is_empty())
    });
    filled
        .map(|row| {
            Ok(TargetDraft {
                name: row.name.clone(),
                measure_word: row.measure_word.clone(),
                baseline: match row.baseline.trim() {
                    "" => 0,
                    text => value("targets", &format!("{}的起点", row.name.trim()), text)?,
                },
                target: value("targets", &format!("{}的目标值", row.name.trim()), &row.target)?,
            })
        })
        .collect()
}

/// Where one unit's part of a target begins and ends, and what it weighs.
///
/// # Errors
/// `Invalid`, naming `parts`; refusals of `task::part_way` and `task::part_weight`.
pub(super) fn part(whole: &TaskTarget, unit: &str, row: &PartRow) -> Result<((i64, i64), i64), Error> {
    let optional = |label: &str, text: &str| match text.trim() {
        "" => Ok(None),
        text => value("parts", &format!("{unit}的{label}"), text).map(Some),
    };
    let target = value("parts", &format!("{unit}的{}", whole.name), &row.target)?;
    let way = part_way(whole, unit, optional("起点", &row.baseline)?, target)?;
    Ok((way, part_weight(whole, way, optional("权重", &row.weight)?)?))
}

/// The rows that say anything.
///
/// # Errors
/// `Invalid`, naming `milestones`.
pub(super) fn milestones(rows: &[MilestoneRow]) -> Result<Vec<MilestoneDraft>, Error> {
    let filled =
        rows.iter().filter(|row| !row.title.trim().is_empty() || !row.working_days.trim().is_empty());
    filled
        .map(|row| {
            let title = row.title.trim();
            let days = input::number("milestones", &format!("{title}的工作日"), &row.working_days)?;
            let working_days = days.ok_or_else(|| {
                Error::invalid("milestones", format!("节点“{title}”没有填写需要几个工作日。"))
            })?;
            Ok(MilestoneDraft {
                of: input::number("milestones", "原节点编号", &row.milestone)?,
                title: title.to_owned(),
                working_days,
                pinned: input::day("milestones", &format!("{title}的固定日期"), &row.due_day)?,
            })
        })
        .collect()
}

/// The day of a reading or note: today where nothing is written.
///
/// # Errors
/// `Invalid`, naming the field.
pub(super) fn day_or(field: &str, label: &str, text: &str, today: Day) -> Result<Day, Error> {
    Ok(input::day(field, label, text)?.unwrap_or(today))
}

/// The kind of a note: progress where nothing is written.
///
/// # Errors
/// `Invalid`.
pub(super) fn note_kind(text: &str) -> Result<TaskNoteKind, Error> {
    if text.trim().is_empty() {
        Ok(TaskNoteKind::Progress)
    } else {
        input::coded("kind", "记录类别", text)
    }
}
