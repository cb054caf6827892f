//! Scheduling back from the deadline 倒排工期: each milestone takes its working days and ends on the working day before
//! the next one begins. Nothing is scheduled into a year whose holidays are not known.

use crate::calendar::{Calendar, CalendarError};
use crate::{Day, Refusal};

/// Days looked back for a working day; the longest holidays with their weekends are shorter.
const REST_DAYS_MAX: i32 = 30;

/// What is wanted of one milestone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its title, for refusals.
    pub title: String,
    /// How many working days it takes, at least 1.
    pub working_days: i64,
    /// A deadline set by hand.
    pub pinned: Option<Day>,
}

/// When a milestone's work begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// First working day.
    pub starts: Day,
    /// Last day.
    pub due: Day,
}

/// Working days that milestones need together.
pub fn working_days_needed(wanted: &[Wanted]) -> i64 {
    wanted.iter().map(|one| one.working_days).sum()
}

/// Places milestones one before the other, the last one ending with the deadline; a pinned one ends on its day.
///
/// # Errors
/// `calendar_year_not_held` where holidays of a year are not known; `milestone_order` for a pinned day that is not
/// before the next milestone begins; `schedule_too_tight` when the first would begin before the task does.
pub fn back_schedule(
    calendar: &Calendar,
    (starts, due): (Day, Day),
    wanted: &[Wanted],
) -> Result<Vec<Slot>, Refusal> {
    let mut slots = Vec::with_capacity(wanted.len());
    let mut limit = due;
    for (at, one) in wanted.iter().enumerate().rev() {
        if let Some(pinned) = one.pinned.filter(|pinned| *pinned > limit) {
            return Err(out_of_order(one, pinned, limit, at + 1 == wanted.len()));
        }
        let slot = slot(calendar, one.pinned.unwrap_or(limit), one).map_err(no_calendar)?;
        if slot.starts < starts {
            return Err(too_tight(calendar, one, slot, starts));
        }
        slots.push(slot);
        // The one before ends at the latest on the working day before this one begins.
        limit = last_working_day(calendar, slot.starts.plus_days(-1)).map_err(no_calendar)?;
    }
    slots.reverse();
    Ok(slots)
}

fn slot(calendar: &Calendar, limit: Day, one: &Wanted) -> Result<Slot, CalendarError> {
    let last = last_working_day(calendar, limit)?;
    let days = i32::try_from(one.working_days).unwrap_or(i32::MAX).max(1);
    let starts = calendar.add_working_days(last, 1 - days)?;
    Ok(Slot { starts, due: if one.pinned.is_some() { limit } else { last } })
}

/// The day itself if people work on it, else the last working day before it.
fn last_working_day(calendar: &Calendar, day: Day) -> Result<Day, CalendarError> {
    for back in 0..REST_DAYS_MAX {
        let day = day.plus_days(-back);
        if calendar.is_working_day(day)? {
            return Ok(day);
        }
    }
    Ok(day)
}

fn no_calendar(error: CalendarError) -> Refusal {
    let hint = "可以先不填节点，放假安排录入后再到任务页“排节点”；也可以把时限改到已有放假安排的年份。";
    Refusal::of_field("due_day", error.code(), format!("不能倒排工期：{error}。"), hint)
}

fn out_of_order(one: &Wanted, pinned: Day, limit: Day, is_last: bool) -> Refusal {
    let after = if is_last { "任务时限" } else { "后一个节点开工前的最后一个工作日" };
    Refusal::of_field(
        "milestones",
        "milestone_order",
        format!("节点“{}”定在{}，晚于{after}{}。", one.title, pinned.in_chinese(), limit.in_chinese()),
        "请把这个节点提前，或者减少后面节点的工作日。",
    )
}

fn too_tight(calendar: &Calendar, one: &Wanted, slot: Slot, starts: Day) -> Refusal {
    let short = calendar.working_days_between(slot.starts, starts).unwrap_or(0).max(1);
    Refusal::of_field(
        "milestones",
        "schedule_too_tight",
        format!(
            "从时限倒排，节点“{}”要从{}开始，早于任务的开始日期{}，还差{short}个工作日。",
            one.title,
            slot.starts.in_chinese(),
            starts.in_chinese()
        ),
        "请压缩节点的工作日，或者调整任务的开始日期和时限。",
    )
}
