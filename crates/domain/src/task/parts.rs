//! Breaking a task down across units below: what each part takes over, and what it weighs.

use super::steps::{Desk, Place, VALUE_MAX, require_open, too_many};
use super::{Task, TaskTarget, value_words};
use crate::Day;
use crate::id::{TaskId, UnitId};
use crate::refusal::Refusal;
use crate::role::Role;

/// Most units one break-down reaches.
const PARTS_MAX: usize = 500;

/// One unit's part of a break-down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The unit, below the task's.
    pub place: Place,
    /// Where it begins and where it shall come with the first target, in thousandths; `None` where the task has no
    /// target.
    pub way: Option<(i64, i64)>,
    /// Its weight among the parts, where the office gave one.
    pub weight: Option<i64>,
    /// Its deadline.
    pub due_day: Day,
}

/// Where a part of a target begins: as is written, else at nothing where the whole does, else, for a rate, where the
/// whole does.
///
/// # Errors
/// `part_baseline` where nothing is written and nothing follows; `part_other_way` where the part would rise while the
/// whole falls, or the other way round.
pub fn part_way(
    whole: &TaskTarget,
    unit: &str,
    baseline: Option<i64>,
    target: i64,
) -> Result<(i64, i64), Refusal> {
    let known = baseline.or((whole.baseline == 0 || whole.is_rate()).then_some(whole.baseline));
    let words = |value: i64| format!("{}{}", value_words(value), whole.measure_word);
    let Some(from) = known else {
        let said = format!("没有写“{unit}”的起点：“{}”总的起点是{}。", whole.name, words(whole.baseline));
        let hint = "请给每个分到的单位填写现在是多少。";
        return Err(Refusal::of_field("parts", "part_baseline", said, hint));
    };
    if target == from || (target < from) != whole.falls() {
        let said = format!(
            "“{unit}”的“{}”从{}到{}，与总目标从{}到{}的方向不一致。",
            whole.name,
            words(from),
            words(target),
            words(whole.baseline),
            words(whole.target)
        );
        return Err(Refusal::of_field("parts", "part_other_way", said, "请核对这个单位的起点和目标值。"));
    }
    Ok((from, target))
}

/// The weight of a part: how much of an amount it takes over; equal for rates, unless the office gave another.
///
/// # Errors
/// `part_weight` for a weight out of bounds.
pub fn part_weight(whole: &TaskTarget, (from, to): (i64, i64), given: Option<i64>) -> Result<i64, Refusal> {
    match given {
        Some(weight) if (1..=VALUE_MAX).contains(&weight) => Ok(weight),
        Some(_) => Err(Refusal::of_field(
            "parts",
            "part_weight",
            "权重应大于0。",
            "权重按这个单位占多大分量填，例如户数；不填就各单位一样。",
        )),
        None if whole.is_rate() => Ok(1_000),
        None => Ok((to - from).abs().max(1)),
    }
}

/// Breaks a task down across units below its own. A part may be due earlier than the whole, but not later.
///
/// # Errors
/// `not_allowed`, `task_not_running`, `no_parts`, `too_many`, `part_not_below`, `part_too_late`, `part_twice`.
pub fn break_down(
    desk: &Desk<'_>,
    (task, unit): (&Task, &Place),
    have: &[UnitId],
    parts: &[Part],
) -> Result<Vec<Task>, Refusal> {
    if !desk.actor.holds_any(&[Role::Office, Role::Filler], &unit.path) {
        return Err(Refusal::not_allowed("分解任务", "承担单位的填报员或者工作专班身份"));
    }
    require_open(task)?;
    if parts.is_empty() {
        let words = "没有选择要分解到哪些单位。";
        return Err(Refusal::of_field("parts", "no_parts", words, "请至少给一个单位填写分配的数量。"));
    }
    if parts.len() > PARTS_MAX {
        return Err(too_many("parts", "分解单位", PARTS_MAX));
    }
    let mut made: Vec<Task> = Vec::with_capacity(parts.len());
    for part in parts {
        let below = part.place.path.is_within(&unit.path) && part.place.unit != unit.unit;
        if !below {
            let words = "只能分解给承担单位的下级单位。";
            return Err(Refusal::of_field("parts", "part_not_below", words, "请重新选择单位。"));
        }
        if have.contains(&part.place.unit) || made.iter().any(|task| task.unit_id == part.place.unit) {
            let words = "有的单位已经分到了这项任务。";
            return Err(Refusal::of_field("parts", "part_twice", words, "请直接修改那个单位的任务。"));
        }
        if part.due_day > task.due_day || part.due_day < task.starts_day {
            let words = format!(
                "分解任务的时限应在{}到{}之间。",
                task.starts_day.in_chinese(),
                task.due_day.in_chinese()
            );
            return Err(Refusal::of_field("due_day", "part_too_late", words, "请核对时限。"));
        }
        made.push(Task {
            id: TaskId(0),
            unit_id: part.place.unit,
            order_unit_id: task.unit_id,
            parent_id: Some(task.id),
            owner_post_id: None,
            weight: part.weight.unwrap_or(1_000),
            due_day: part.due_day,
            budget_fen: 0,
            spent_fen: 0,
            beneficiaries: 0,
            registered_by: desk.actor.person,
            send_backs: 0,
            version: 1,
            ..task.clone()
        });
    }
    Ok(made)
}
