//! The ladder 督办阶梯: which slips the present state of an item calls for. Pure: nothing is remembered but the slips
//! that were sent, so that no reminder is stale and red goes back to yellow when the item catches up (M28).

use crate::Day;
use crate::calendar::{Calendar, CalendarError};
use crate::slip::SubjectKind;
use serde::{Deserialize, Serialize};

crate::coded! {
    /// Colour of a rung, lowest first.
    Rung ("督办颜色") {
        Blue = "blue", "蓝";
        Yellow = "yellow", "黄";
        Orange = "orange", "橙";
        Red = "red", "红";
    }
}

crate::coded! {
    /// To whom a rule sends.
    Addressee ("发给") {
        Unit = "unit", "承办单位";
        Superior = "superior", "其上级单位";
        Leader = "leader", "包案领导";
    }
}

crate::coded! {
    /// Whether a rule sends by itself.
    Issuing ("发出方式") {
        Automatic = "automatic", "自动发出";
        Person = "person", "由人签发";
    }
}

/// One rule of the ladder. All conditions that are given must hold; "or" is two rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderRule {
    /// Stable code.
    pub code: String,
    /// Name.
    pub name: String,
    /// When it is used.
    #[serde(default)]
    pub summary: String,
    /// Kinds of items; empty for all.
    #[serde(default)]
    pub applies: Vec<SubjectKind>,
    /// The item's colour while it holds.
    pub colour: Rung,
    /// At most so much of the time is left, in percent, and the day has not passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_percent: Option<i64>,
    /// Overdue by at least so many working days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_working_days: Option<i32>,
    /// Sent back at least so often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_backs: Option<i64>,
    /// Passed on at least so often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_on: Option<i64>,
    /// At least so many slips about it are unanswered past their day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<i64>,
    /// Only if the slip of this rule was sent and not met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Working days to wait after the one before.
    #[serde(default)]
    pub after_working_days: i32,
    /// Urgent items start here: the rungs before are left out for them.
    #[serde(default)]
    pub urgent_starts: bool,
    /// The form of the slip; none for a colour only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slip: Option<String>,
    /// To whom; empty for the doing unit.
    #[serde(default)]
    pub to: Vec<Addressee>,
    /// By itself or by a person.
    #[serde(default = "by_a_person")]
    pub issue: Issuing,
    /// Again after so many working days while it holds; once otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_working_days: Option<i32>,
}

fn by_a_person() -> Issuing {
    Issuing::Person
}

impl LadderRule {
    /// To whom it sends.
    pub fn addressees(&self) -> Vec<Addressee> {
        if self.to.is_empty() { vec![Addressee::Unit] } else { self.to.clone() }
    }
}

/// A slip of the ladder that was sent about an item, or waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The rule.
    pub rule: String,
    /// The day.
    pub day: Day,
    /// The due day the rule looked at.
    pub due: Option<Day>,
    /// The round it looked at.
    pub round: i64,
    /// The last day to answer; `None` where no answer is asked.
    pub answer_day: Option<Day>,
    /// It was answered, and the answer was not sent back.
    pub met: bool,
}

/// An item as it stands today, with what was sent about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Kind.
    pub kind: SubjectKind,
    /// The day its clock started.
    pub started: Day,
    /// The day it is due; `None` for standing duties.
    pub due: Option<Day>,
    /// The round.
    pub round: i64,
    /// Urgent.
    pub urgent: bool,
    /// Times it was sent back in this round.
    pub send_backs: i64,
    /// Times it, or a slip about it, was passed on or returned.
    pub passed_on: i64,
    /// Slips about it that are unanswered past their day.
    pub unanswered: i64,
    /// Slips of the ladder about it, oldest first.
    pub sent: Vec<Sent>,
}

/// What was true when a rule held, for the slip and for whoever checks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The day it was looked at.
    pub day: Day,
    /// The due day.
    pub due: Option<Day>,
    /// Time left in percent; `None` without a due day or when it has passed.
    pub left_percent: Option<i64>,
    /// Working days overdue; 0 when it is not.
    pub overdue_working_days: i32,
    /// Times sent back.
    pub send_backs: i64,
    /// Times passed on.
    pub passed_on: i64,
    /// Slips unanswered.
    pub unanswered: i64,
}

/// A slip that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueSlip<'a> {
    /// The rule that calls for it.
    pub rule: &'a LadderRule,
    /// Why.
    pub cause: Cause,
}

impl Item {
    /// What rules look at, on `today`.
    ///
    /// # Errors
    /// The calendar's, when a year is not held.
    pub fn cause(&self, calendar: &Calendar, today: Day) -> Result<Cause, CalendarError> {
        let (mut left_percent, mut overdue_working_days) = (None, 0);
        match self.due {
            Some(due) if due < today => overdue_working_days = calendar.working_days_between(due, today)?,
            Some(due) => {
                let whole = i64::from(due.minus(self.started).max(1));
                left_percent = Some(i64::from(due.minus(today)) * 100 / whole);
            }
            None => {}
        }
        Ok(Cause {
            day: today,
            due: self.due,
            left_percent,
            overdue_working_days,
            send_backs: self.send_backs,
            passed_on: self.passed_on,
            unanswered: self.unanswered,
        })
    }

    fn last_of(&self, rule: &str) -> Option<&Sent> {
        let now = |sent: &&Sent| sent.rule == rule && sent.due == self.due && sent.round == self.round;
        self.sent.iter().filter(now).max_by_key(|sent| sent.day)
    }
}

impl Cause {
    /// In one Chinese sentence.
    pub fn sentence(&self) -> String {
        let mut parts = Vec::new();
        if let Some(due) = self.due {
            parts.push(format!("时限{}", due.in_chinese()));
        }
        if let Some(left) = self.left_percent {
            parts.push(format!("剩余时间{left}%"));
        }
        let mut count = |number: i64, before: &str, after: &str| {
            if number > 0 {
                parts.push(format!("{before}{number}{after}"));
            }
        };
        count(i64::from(self.overdue_working_days), "已逾期", "个工作日");
        count(self.send_backs, "被退回", "次");
        count(self.passed_on, "被转办、退回", "次");
        count(self.unanswered, "逾期未答复督办单", "张");
        format!("截至{}：{}", self.day.in_chinese(), parts.join("，"))
    }
}

/// Whether the conditions of a rule hold, the one before included.
fn holds(
    rule: &LadderRule,
    item: &Item,
    cause: &Cause,
    rules: &[LadderRule],
    calendar: &Calendar,
) -> Result<bool, CalendarError> {
    // An appeal is a problem: a rule for problems is one for appeals.
    let applies = rule.applies.is_empty()
        || rule.applies.contains(&item.kind)
        || item.kind == SubjectKind::Appeal && rule.applies.contains(&SubjectKind::Problem);
    let left = rule.left_percent.is_none_or(|most| cause.left_percent.is_some_and(|left| left <= most));
    let overdue = rule.overdue_working_days.is_none_or(|least| cause.overdue_working_days >= least);
    let counts = [
        (rule.send_backs, cause.send_backs),
        (rule.passed_on, cause.passed_on),
        (rule.unanswered, cause.unanswered),
    ];
    let often = counts.iter().all(|(least, is)| least.is_none_or(|least| *is >= least));
    if !(applies && left && overdue && often) || (item.urgent && is_before_urgent_start(rule, rules)) {
        return Ok(false);
    }
    match &rule.after {
        None => Ok(true),
        Some(_) if item.urgent && rule.urgent_starts => Ok(true),
        Some(before) => unmet(before, rule.after_working_days, item, calendar, cause.day),
    }
}

/// A rung that urgent items leave out: one from which a rung leads up to where they start.
fn is_before_urgent_start(rule: &LadderRule, rules: &[LadderRule]) -> bool {
    rules.iter().filter(|start| start.urgent_starts).any(|start| {
        let mut before = start.after.as_deref();
        for _ in 0..rules.len() {
            let Some(code) = before else { return false };
            if code == rule.code {
                return true;
            }
            before = rules.iter().find(|rule| rule.code == code).and_then(|rule| rule.after.as_deref());
        }
        false
    })
}

/// The slip of the rung before was sent, and nothing came of it in its days.
fn unmet(
    before: &str,
    wait: i32,
    item: &Item,
    calendar: &Calendar,
    today: Day,
) -> Result<bool, CalendarError> {
    let Some(sent) = item.last_of(before).filter(|sent| !sent.met) else { return Ok(false) };
    let from = sent.answer_day.unwrap_or(sent.day);
    Ok(from < today && calendar.working_days_between(from, today)? >= wait.max(1))
}

/// The rules that hold today and are the highest: the item's colour is theirs.
fn top<'a>(
    item: &Item,
    rules: &'a [LadderRule],
    calendar: &Calendar,
    today: Day,
) -> Result<(Vec<&'a LadderRule>, Cause), CalendarError> {
    let cause = item.cause(calendar, today)?;
    let mut held = Vec::new();
    for rule in rules {
        if holds(rule, item, &cause, rules, calendar)? {
            held.push(rule);
        }
    }
    let highest = held.iter().map(|rule| rule.colour).max();
    held.retain(|rule| Some(rule.colour) == highest);
    Ok((held, cause))
}

/// The colour of an item by the ladder; `None` while no rule holds. Derived from the present state alone.
///
/// # Errors
/// The calendar's.
pub fn rung(
    item: &Item,
    rules: &[LadderRule],
    calendar: &Calendar,
    today: Day,
) -> Result<Option<Rung>, CalendarError> {
    Ok(top(item, rules, calendar, today)?.0.first().map(|rule| rule.colour))
}

/// The slips that are due about an item today. Nothing on days on which nobody works; an item that was reminded
/// within `interval` working days is left alone (催办间隔) unless it climbed.
///
/// # Errors
/// The calendar's.
pub fn due_slips<'a>(
    item: &Item,
    rules: &'a [LadderRule],
    interval: i32,
    calendar: &Calendar,
    today: Day,
) -> Result<Vec<DueSlip<'a>>, CalendarError> {
    if !calendar.is_working_day(today)? {
        return Ok(Vec::new());
    }
    let (held, cause) = top(item, rules, calendar, today)?;
    let colour_of = |code: &str| rules.iter().find(|rule| rule.code == code).map(|rule| rule.colour);
    let mut due = Vec::new();
    for rule in held.into_iter().filter(|rule| rule.slip.is_some()) {
        if let Some(last) = item.last_of(&rule.code) {
            let Some(repeat) = rule.repeat_working_days else { continue };
            if calendar.working_days_between(last.day, today)? < repeat {
                continue;
            }
        }
        let recent = item.sent.iter().max_by_key(|sent| sent.day);
        let climbed = recent.is_none_or(|last| colour_of(&last.rule) < Some(rule.colour));
        let same_day = recent.is_some_and(|last| last.day == today);
        let rested = match recent {
            Some(last) => calendar.working_days_between(last.day, today)? >= interval,
            None => true,
        };
        if climbed || rested && !same_day || item.last_of(&rule.code).is_none() && same_day {
            due.push(DueSlip { rule, cause: cause.clone() });
        }
    }
    Ok(due)
}

/// Whether the rule still calls for its slip, for a draft that waited: nothing is sent for a cause that is over.
///
/// # Errors
/// The calendar's.
pub fn still_holds(
    code: &str,
    item: &Item,
    rules: &[LadderRule],
    calendar: &Calendar,
    today: Day,
) -> Result<Option<Cause>, CalendarError> {
    let cause = item.cause(calendar, today)?;
    match rules.iter().find(|rule| rule.code == code) {
        Some(rule) if holds(rule, item, &cause, rules, calendar)? => Ok(Some(cause)),
        _ => Ok(None),
    }
}
