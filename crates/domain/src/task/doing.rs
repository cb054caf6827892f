//! Doing a task and confirming it: the doer reports, and whoever confirms had no hand in it.

use super::steps::{
    BENEFICIARIES_MAX, Desk, Hands, REASON_CHARS_MAX, TEXT_CHARS_MAX, VALUE_MAX, require_open,
};
use super::{Milestone, Task, TaskNoteKind, TaskStage, TaskState, TaskTarget, may_check, may_report};
use crate::Day;
use crate::refusal::{Refusal, require_text};
use crate::role::Role;
use crate::unit::UnitPath;

fn require_reporter(desk: &Desk<'_>, unit: &UnitPath) -> Result<(), Refusal> {
    if may_report(desk.actor, unit) {
        return Ok(());
    }
    Err(Refusal::not_allowed("填报任务", "承担单位的填报员或者领导身份"))
}

fn past_day(field: &'static str, day: Day, desk: &Desk<'_>, task: &Task) -> Result<(), Refusal> {
    if day > desk.today {
        let words = format!("日期{}还没有到。", day.in_chinese());
        return Err(Refusal::of_field(field, "day_in_future", words, "请填写实际完成的日期，最晚是今天。"));
    }
    if day < task.starts_day {
        let words = format!("日期{}早于任务的开始日期{}。", day.in_chinese(), task.starts_day.in_chinese());
        return Err(Refusal::of_field(field, "day_before_start", words, "请核对日期。"));
    }
    Ok(())
}

/// Reaches a milestone.
///
/// # Errors
/// `not_allowed`, `task_not_running`, `milestone_done`, `day_in_future`, `day_before_start`, text limits.
pub fn finish_milestone(
    desk: &Desk<'_>,
    (task, unit): (&Task, &UnitPath),
    milestone: &Milestone,
    day: Day,
    words: &str,
) -> Result<Milestone, Refusal> {
    require_reporter(desk, unit)?;
    require_open(task)?;
    if milestone.done_day.is_some() {
        let words = format!("节点“{}”已经填报完成。", milestone.title);
        return Err(Refusal::new("milestone_done", words, "如需更正，请先撤回这个节点。"));
    }
    past_day("done_day", day, desk, task)?;
    let note = require_text("note", "完成情况", words, TEXT_CHARS_MAX)?;
    Ok(Milestone {
        done_day: Some(day),
        filed_day: Some(desk.today),
        filed_by: Some(desk.actor.person),
        note,
        version: milestone.version + 1,
        ..milestone.clone()
    })
}

/// Takes back a milestone that was reported by mistake; the journal keeps what was said.
///
/// # Errors
/// `not_allowed`, `task_not_running`, `milestone_open`.
pub fn reopen_milestone(
    desk: &Desk<'_>,
    (task, unit): (&Task, &UnitPath),
    milestone: &Milestone,
) -> Result<Milestone, Refusal> {
    require_reporter(desk, unit)?;
    require_open(task)?;
    if milestone.done_day.is_none() {
        let words = format!("节点“{}”还没有填报完成。", milestone.title);
        return Err(Refusal::new("milestone_open", words, "不需要撤回。"));
    }
    Ok(Milestone {
        done_day: None,
        filed_day: None,
        filed_by: None,
        note: String::new(),
        version: milestone.version + 1,
        ..milestone.clone()
    })
}

/// Reads a target on a day.
///
/// # Errors
/// `not_allowed`, `task_not_running`, `rolled_up` where parts give the figure, `day_in_future`, `day_before_start`,
/// `out_of_bounds`.
pub fn read_target(
    desk: &Desk<'_>,
    (task, unit): (&Task, &UnitPath),
    target: &TaskTarget,
    given_by_parts: bool,
    (day, value): (Day, i64),
) -> Result<TaskTarget, Refusal> {
    require_reporter(desk, unit)?;
    require_open(task)?;
    if given_by_parts {
        let words = format!("“{}”由分解下去的任务汇总，不用再填。", target.name);
        return Err(Refusal::new("rolled_up", words, "下级单位填报后，这里自动更新。"));
    }
    past_day("day", day, desk, task)?;
    if value.abs() > VALUE_MAX {
        return Err(Refusal::of_field("value", "out_of_bounds", "数值太大。", "请核对计量单位。"));
    }
    // An older reading that is filed late does not push aside a newer one.
    if target.reached_day.is_some_and(|have| have > day) {
        return Ok(target.clone());
    }
    Ok(TaskTarget { reached: value, reached_day: Some(day), version: target.version + 1, ..target.clone() })
}

/// Checks a note; answers with its text.
///
/// # Errors
/// `not_allowed`, text limits, `day_in_future`, `satisfied_more_than_asked`.
pub fn note(
    desk: &Desk<'_>,
    (task, unit): (&Task, &UnitPath),
    kind: TaskNoteKind,
    (day, text): (Day, &str),
    (asked, satisfied): (i64, i64),
) -> Result<String, Refusal> {
    // What the beneficiaries say may also be brought in by who checks.
    let brought = kind == TaskNoteKind::Word
        && desk.actor.holds_any(&[Role::Office, Role::Inspector, Role::Verifier], unit);
    if !brought {
        require_reporter(desk, unit)?;
    }
    if kind == TaskNoteKind::Progress {
        require_open(task)?;
    }
    if day > desk.today {
        return Err(Refusal::of_field(
            "day",
            "day_in_future",
            format!("日期{}还没有到。", day.in_chinese()),
            "请核对日期。",
        ));
    }
    if !(0..=BENEFICIARIES_MAX).contains(&asked) || !(0..=asked).contains(&satisfied) {
        let words = "满意人数不能多于访问人数，两个数都不能是负数。";
        return Err(Refusal::of_field("satisfied", "satisfied_more_than_asked", words, "请核对两个数。"));
    }
    let (field, label) = match kind {
        TaskNoteKind::Progress => ("note", "进展情况"),
        TaskNoteKind::Word => ("note", "群众怎么说"),
    };
    require_text(field, label, text, TEXT_CHARS_MAX)
}

/// Says that the whole is done.
///
/// # Errors
/// `not_allowed`, `task_not_running`, `milestones_open`, `parts_open`, `targets_short`, `evidence_missing` for a
/// livelihood project, `day_in_future`, `day_before_start`, text limits.
pub fn report(
    desk: &Desk<'_>,
    (task, unit): (&Task, &UnitPath),
    work: &super::Work,
    hands: &Hands,
    (day, statement): (Day, &str),
) -> Result<Task, Refusal> {
    require_reporter(desk, unit)?;
    require_open(task)?;
    let open: Vec<&str> =
        work.milestones.iter().filter(|m| m.done_day.is_none()).map(|m| m.title.as_str()).collect();
    if !open.is_empty() {
        let words = format!("还有{}个节点没有完成：{}。", open.len(), open.join("、"));
        return Err(Refusal::new("milestones_open", words, "请先填报这些节点。"));
    }
    let parts = work.parts.iter().filter(|part| part.task.is_open()).count();
    if parts > 0 {
        let words = format!("分解下去的任务还有{parts}项没有认定完成。");
        return Err(Refusal::new("parts_open", words, "请先办结分解的任务。"));
    }
    let short: Vec<String> = super::targets_of(work)
        .iter()
        .filter(|target| target.share < super::FULL)
        .map(|target| {
            let reached = super::value_words(target.reached);
            format!(
                "“{}”完成{reached}{}，目标{}",
                target.name,
                target.measure_word,
                super::value_words(target.target)
            )
        })
        .collect();
    if !short.is_empty() {
        let words = format!("量化指标没有达到：{}。", short.join("；"));
        return Err(Refusal::new(
            "targets_short",
            words,
            "请先填报最新数值；目标确需调整的，由下达单位修改。",
        ));
    }
    for (stage, words) in [(TaskStage::Before, "实施前"), (TaskStage::After, "完成后")] {
        if task.project && work.parts.is_empty() && !hands.stages.contains(&stage) {
            let words = format!("民生实事要有{words}的佐证，现在一件也没有。");
            return Err(Refusal::new("evidence_missing", words, "请上传前后对比的照片或者文件。"));
        }
    }
    past_day("claimed_day", day, desk, task)?;
    Ok(Task {
        state: TaskState::Reported,
        claimed_day: Some(day),
        filed_day: Some(desk.today),
        filed_by: Some(desk.actor.person),
        statement: require_text("statement", "完成情况", statement, TEXT_CHARS_MAX)?,
        version: task.version + 1,
        ..task.clone()
    })
}

fn require_checker(desk: &Desk<'_>, task: &Task, unit: &UnitPath, hands: &Hands) -> Result<(), Refusal> {
    if !may_check(desk.actor, task, unit) {
        return Err(Refusal::not_allowed("认定任务", "上级工作专班或者验收员身份，且不属于承担单位"));
    }
    if hands.people.contains(&desk.actor.person) || task.filed_by == Some(desk.actor.person) {
        return Err(Refusal::new("own_work", "您经办过这项任务，不能认定它完成。", "请由没有经办的人认定。"));
    }
    if task.state != TaskState::Reported {
        let words = format!("{}没有申报完成，不能认定。", task.citation());
        return Err(Refusal::new("task_not_reported", words, "请等承担单位申报。"));
    }
    Ok(())
}

/// Confirms that it is done.
///
/// # Errors
/// `not_allowed`, `own_work`, `task_not_reported`, text limits.
pub fn accept(
    desk: &Desk<'_>,
    (task, unit): (&Task, &UnitPath),
    hands: &Hands,
    words: &str,
) -> Result<Task, Refusal> {
    require_checker(desk, task, unit, hands)?;
    Ok(Task {
        state: TaskState::Done,
        closed_day: Some(desk.today),
        closed_by: Some(desk.actor.person),
        decision: require_text("decision", "认定意见", words, TEXT_CHARS_MAX)?,
        version: task.version + 1,
        ..task.clone()
    })
}

/// Sends a report back.
///
/// # Errors
/// As [`accept`].
pub fn send_back(
    desk: &Desk<'_>,
    (task, unit): (&Task, &UnitPath),
    hands: &Hands,
    reason: &str,
) -> Result<Task, Refusal> {
    require_checker(desk, task, unit, hands)?;
    Ok(Task {
        state: TaskState::Running,
        claimed_day: None,
        filed_day: None,
        filed_by: None,
        decision: require_text("decision", "退回理由", reason, REASON_CHARS_MAX)?,
        send_backs: task.send_backs + 1,
        version: task.version + 1,
        ..task.clone()
    })
}
