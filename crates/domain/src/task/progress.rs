//! Progress and standing of a task, from its milestones, targets and parts. Nothing here is stored: the day decides.

use super::{Milestone, TargetReading, Task, TaskState, TaskTarget};
use crate::calendar::Calendar;
use crate::{Coded as _, Day};
use serde::Serialize;

/// The whole of a progress, in ten-thousandths.
pub const FULL: i64 = 10_000;
/// Points of a curve beside its first.
const CURVE_STEPS: i32 = 12;

crate::coded! {
    /// Where a task stands on a day; derived.
    Standing ("任务进度") {
        Done = "done", "完成";
        OnSchedule = "on_schedule", "按时序推进";
        /// Nothing is late yet, but what is left no longer fits, or the figures lag.
        AtRisk = "at_risk", "有风险";
        Behind = "behind", "滞后";
        NotStarted = "not_started", "未到启动时间";
        Stopped = "stopped", "已终止";
    }
}

impl Standing {
    /// Somebody should look.
    pub fn is_bad(self) -> bool {
        matches!(self, Standing::AtRisk | Standing::Behind)
    }
}

/// A task with everything its progress comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The task.
    pub task: Task,
    /// Its milestones in order.
    pub milestones: Vec<Milestone>,
    /// Its targets in order.
    pub targets: Vec<TaskTarget>,
    /// Readings of its targets, oldest first.
    pub readings: Vec<TargetReading>,
    /// What it was broken down into.
    pub parts: Vec<Work>,
}

/// A target with what it reached, its own or that of the parts together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TargetProgress {
    /// What is counted.
    pub name: String,
    /// Measure word.
    pub measure_word: String,
    /// Where it began, in thousandths.
    pub baseline: i64,
    /// Where it must come, in thousandths.
    pub target: i64,
    /// Where it is, in thousandths.
    pub reached: i64,
    /// Share of the way from the baseline, in ten-thousandths.
    pub share: i64,
    /// Where the parts shall come together, where it was broken down.
    pub given: Option<i64>,
}

/// Where a task stands, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Where it stands.
    pub standing: Standing,
    /// Done, in ten-thousandths.
    pub progress: i64,
    /// What was planned to be done by the day, in ten-thousandths.
    pub planned: i64,
    /// Why it is behind or at risk, or what is to be said beside, each a sentence without full stop.
    pub reasons: Vec<String>,
    /// It was finished after its deadline.
    pub late: bool,
}

/// One day of a curve, in ten-thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CurvePoint {
    /// The day.
    pub day: Day,
    /// Planned to be done by its end.
    pub planned: i64,
    /// Done by its end; `None` after today.
    pub actual: Option<i64>,
}

/// Planned against actual from the first day to the deadline or today, whichever is later.
pub type Curve = Vec<CurvePoint>;

/// How many tasks stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Done.
    pub done: i64,
    /// On schedule, without those at risk.
    pub on_schedule: i64,
    /// At risk.
    pub at_risk: i64,
    /// Behind.
    pub behind: i64,
    /// Before their first day.
    pub not_started: i64,
    /// Stopped.
    pub stopped: i64,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, standing: Standing) {
        *match standing {
            Standing::Done => &mut self.done,
            Standing::OnSchedule => &mut self.on_schedule,
            Standing::AtRisk => &mut self.at_risk,
            Standing::Behind => &mut self.behind,
            Standing::NotStarted => &mut self.not_started,
            Standing::Stopped => &mut self.stopped,
        } += 1;
    }

    /// Of one standing.
    pub fn of(&self, standing: Standing) -> i64 {
        match standing {
            Standing::Done => self.done,
            Standing::OnSchedule => self.on_schedule,
            Standing::AtRisk => self.at_risk,
            Standing::Behind => self.behind,
            Standing::NotStarted => self.not_started,
            Standing::Stopped => self.stopped,
        }
    }

    /// All of them.
    pub fn total(&self) -> i64 {
        Standing::ALL.iter().map(|standing| self.of(*standing)).sum()
    }
}

/// The sentence of reports: `完成2项，按时序推进7项，滞后1项`. Those at risk are still on schedule, and named.
pub fn standing_sentence(tally: &Tally) -> String {
    let going = tally.on_schedule + tally.at_risk;
    let mut parts = Vec::new();
    for (words, n) in [("完成", tally.done), ("按时序推进", going), ("滞后", tally.behind)] {
        if n == 0 {
            continue;
        }
        let risk = if words == "按时序推进" && tally.at_risk > 0 {
            format!("（其中{}项有风险）", tally.at_risk)
        } else {
            String::new()
        };
        parts.push(format!("{words}{n}项{risk}"));
    }
    let mut aside = Vec::new();
    for (words, n) in [("未到启动时间", tally.not_started), ("已终止", tally.stopped)] {
        if n > 0 {
            aside.push(format!("{n}项{words}"));
        }
    }
    match (parts.is_empty(), aside.is_empty()) {
        (true, true) => "没有任务".to_owned(),
        (false, true) => parts.join("，"),
        (true, false) => aside.join("，"),
        (false, false) => format!("{}；另有{}", parts.join("，"), aside.join("，")),
    }
}

impl Work {
    /// Parts that still count.
    fn live_parts(&self) -> impl Iterator<Item = &Work> {
        self.parts.iter().filter(|part| part.task.state != TaskState::Stopped)
    }

    fn is_finished_on(&self, day: Day) -> bool {
        let reported = matches!(self.task.state, TaskState::Done | TaskState::Reported);
        reported && self.task.claimed_day.is_none_or(|claimed| claimed <= day)
    }

    /// The mean over the parts that still count, by weight; `None` without such parts.
    fn mean_of_parts(&self, of: impl Fn(&Work) -> i64) -> Option<i64> {
        let weight = |part: &Work| i128::from(part.task.weight.max(1));
        let weights: i128 = self.live_parts().map(weight).sum();
        let sum: i128 = self.live_parts().map(|part| weight(part) * i128::from(of(part))).sum();
        (weights > 0).then(|| i64::try_from(sum / weights).unwrap_or(i64::MAX))
    }

    /// What was planned to be done by the end of a day: of the parts by weight, as what was done, else of the
    /// milestones, else of the time.
    pub fn planned(&self, day: Day) -> i64 {
        if let Some(planned) = self.mean_of_parts(|part| part.planned(day)) {
            return planned;
        }
        let total: i64 = self.milestones.iter().map(|m| m.working_days).sum();
        if total == 0 {
            return elapsed(self.task.starts_day, self.task.due_day, day);
        }
        // A milestone is reached or not: what is planned steps as what is done does, or the two would never meet.
        let due: i64 = self.milestones.iter().filter(|m| m.due_day <= day).map(|m| m.working_days).sum();
        due * FULL / total
    }

    /// What was done by the end of a day: of the parts by weight, else of the milestones, else of the targets.
    pub fn actual(&self, day: Day) -> i64 {
        if self.is_finished_on(day) {
            return FULL;
        }
        if let Some(actual) = self.mean_of_parts(|part| part.actual(day)) {
            return actual;
        }
        let total: i64 = self.milestones.iter().map(|m| m.working_days).sum();
        if total > 0 {
            let done: i64 = self
                .milestones
                .iter()
                .filter(|m| m.done_day.is_some_and(|done| done <= day))
                .map(|m| m.working_days)
                .sum();
            return done * FULL / total;
        }
        if self.targets.is_empty() {
            return 0;
        }
        let shares: i64 = self.targets.iter().map(|t| share(t, self.reading(t, day))).sum();
        shares / self.targets.len() as i64
    }

    /// The value of a target at the end of a day.
    fn reading(&self, target: &TaskTarget, day: Day) -> i64 {
        let of_target = self.readings.iter().filter(|r| r.target_id == target.id && r.day <= day);
        of_target.max_by_key(|r| (r.day, r.filed_at, r.id)).map_or(target.baseline, |r| r.value)
    }

    /// Where the targets of the name stand in the parts together, and where they shall come: amounts go the way of
    /// their parts together from the baseline, be it up or down; rates are the mean of the parts by weight.
    fn in_parts(&self, target: &TaskTarget) -> Option<(i64, i64)> {
        let same = |t: &TargetProgress| t.name == target.name && t.measure_word == target.measure_word;
        let (mut weights, mut reached, mut given) = (0_i128, 0_i128, 0_i128);
        for part in self.live_parts() {
            for plan in targets_of(part).iter().filter(|plan| same(plan)) {
                let (weight, from) = match target.is_rate() {
                    true => (i128::from(part.task.weight.max(1)), 0),
                    false => (1, i128::from(plan.baseline)),
                };
                weights += weight;
                reached += weight * (i128::from(plan.reached) - from);
                given += weight * (i128::from(plan.target) - from);
            }
        }
        let (over, from) = if target.is_rate() { (weights, 0) } else { (1, i128::from(target.baseline)) };
        let whole = |sum: i128| i64::try_from(from + sum / over).unwrap_or(i64::MAX);
        (weights > 0).then(|| (whole(reached), whole(given)))
    }
}

/// The targets of a task with what they reached, rolled up from the parts where there are any.
pub fn targets_of(work: &Work) -> Vec<TargetProgress> {
    let one = |target: &TaskTarget| {
        let parts = work.in_parts(target);
        let reached = parts.map_or(target.reached, |(reached, _)| reached);
        TargetProgress {
            name: target.name.clone(),
            measure_word: target.measure_word.clone(),
            baseline: target.baseline,
            target: target.target,
            reached,
            share: share(target, reached),
            given: parts.map(|(_, given)| given),
        }
    };
    work.targets.iter().map(one).collect()
}

/// The way gone from the baseline to the target, in ten-thousandths.
fn share(target: &TaskTarget, value: i64) -> i64 {
    let way = i128::from(target.target) - i128::from(target.baseline);
    if way == 0 {
        return FULL;
    }
    let gone = i128::from(value) - i128::from(target.baseline);
    i64::try_from((gone * i128::from(FULL) / way).clamp(0, i128::from(FULL))).unwrap_or(0)
}

/// The part of a stretch of days that has passed at the end of a day.
fn elapsed(from: Day, to: Day, day: Day) -> i64 {
    if day < from {
        return 0;
    }
    if day >= to {
        return FULL;
    }
    i64::from(day.minus(from) + 1) * FULL / i64::from(to.minus(from) + 1)
}

/// Where a task stands on a day. `lag_percent` is how far targets may stay behind the time before that is a risk.
pub fn judge(work: &Work, today: Day, calendar: &Calendar, lag_percent: i64) -> Judged {
    let task = &work.task;
    let (progress, planned) = (work.actual(today), work.planned(today));
    let finished_on = task.claimed_day.max(task.filed_day);
    let late = finished_on.is_some_and(|day| day > task.due_day);
    let judged = |standing, reasons| Judged { standing, progress, planned, reasons, late };
    match task.state {
        TaskState::Stopped => return judged(Standing::Stopped, Vec::new()),
        TaskState::Done => {
            let said = if late { vec!["超过时限完成".to_owned()] } else { Vec::new() };
            return judged(Standing::Done, said);
        }
        TaskState::Reported if late => return judged(Standing::Behind, vec!["超过时限申报完成".to_owned()]),
        TaskState::Reported => return judged(Standing::OnSchedule, vec!["已申报完成，等待认定".to_owned()]),
        TaskState::Running => {}
    }
    let behind = why_behind(work, today);
    if !behind.is_empty() {
        return judged(Standing::Behind, behind);
    }
    let mut risks = why_at_risk(work, today, calendar);
    risks.extend(why_parts_are(work, today, calendar, lag_percent));
    risks.extend(why_lagging(work, today, lag_percent));
    if !risks.is_empty() {
        return judged(Standing::AtRisk, risks);
    }
    let standing = if today < task.starts_day { Standing::NotStarted } else { Standing::OnSchedule };
    judged(standing, Vec::new())
}

fn why_behind(work: &Work, today: Day) -> Vec<String> {
    let mut reasons = Vec::new();
    if work.task.due_day < today {
        reasons.push(format!("任务时限{}已过", work.task.due_day.in_chinese()));
    }
    let overdue = work.milestones.iter().filter(|m| m.done_day.is_none() && m.due_day < today);
    reasons.extend(overdue.map(|m| {
        format!("节点“{}”应于{}前完成，已过{}天", m.title, m.due_day.in_chinese(), today.minus(m.due_day))
    }));
    reasons
}

/// What is left no longer fits between today and the deadline, or more was spent than planned.
fn why_at_risk(work: &Work, today: Day, calendar: &Calendar) -> Vec<String> {
    let mut reasons = Vec::new();
    let task = &work.task;
    let open: i64 =
        work.milestones.iter().filter(|m| m.done_day.is_none()).map(|m| left(m, today, calendar)).sum();
    let yesterday = today.plus_days(-1).max(task.starts_day.plus_days(-1));
    if let Ok(room) = calendar.working_days_between(yesterday, task.due_day)
        && open > i64::from(room)
    {
        reasons.push(format!("没有完成的节点还需{open}个工作日，到时限只剩{room}个工作日"));
    }
    if task.budget_fen > 0 && task.spent_fen > task.budget_fen {
        reasons.push("支出超过预算".to_owned());
    }
    reasons
}

/// Working days still to be worked for a milestone: what lies of its own time behind today counts as worked.
fn left(milestone: &Milestone, today: Day, calendar: &Calendar) -> i64 {
    let worked = calendar.working_days_between(milestone.starts_day.plus_days(-1), today.plus_days(-1));
    (milestone.working_days - worked.map_or(0, |days| i64::from(days).max(0))).max(1)
}

fn why_parts_are(work: &Work, today: Day, calendar: &Calendar, lag_percent: i64) -> Option<String> {
    let behind = work
        .live_parts()
        .filter(|part| judge(part, today, calendar, lag_percent).standing == Standing::Behind);
    let n = behind.count();
    (n > 0).then(|| format!("分解下去的任务中有{n}项滞后"))
}

fn why_lagging(work: &Work, today: Day, lag_percent: i64) -> Option<String> {
    if lag_percent <= 0 || today < work.task.starts_day {
        return None;
    }
    let time = elapsed(work.task.starts_day, work.task.due_day, today);
    let lag = |plan: &TargetProgress| (time - plan.share) / (FULL / 100);
    let plans = targets_of(work);
    let worst = plans.iter().max_by_key(|plan| lag(plan))?;
    let points = lag(worst);
    (points > lag_percent)
        .then(|| format!("“{}”完成{}%，时间已过{}%", worst.name, worst.share / 100, time / (FULL / 100)))
}

/// Planned against actual, in even steps, with the day of today among them.
pub fn curve(work: &Work, today: Day) -> Curve {
    let (first, last) = (work.task.starts_day, work.task.due_day.max(today).max(work.task.starts_day));
    let span = last.minus(first);
    let steps = CURVE_STEPS.min(span.max(1));
    let mut days: Vec<Day> = (0..=steps)
        .map(|n| first.plus_days((i64::from(span) * i64::from(n) / i64::from(steps)) as i32))
        .collect();
    if today > first && today < last {
        days.push(today);
    }
    days.sort();
    days.dedup();
    let point = |day: Day| CurvePoint {
        day,
        planned: work.planned(day),
        actual: (day <= today).then(|| work.actual(day)),
    };
    days.into_iter().map(point).collect()
}
