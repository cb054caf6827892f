//! Study 学习: reading lists with parts, a person's own plan and hours, classes 读书班 with sessions and make-up.
//!
//! Seen by the person, and of classes by those who owe them; never compared between persons.

use crate::day::Day;
use crate::id::{ActivityId, CampaignId, ClassSessionId, PersonId, ReadingId, StudyClassId, UnitId};
use crate::refusal::{Refusal, limit_text, require_text};
use serde::{Deserialize, Serialize};

/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 100;
/// Most parts of one book.
pub const PARTS_MAX: usize = 200;
/// Longest name of a part, in characters.
pub const PART_CHARS_MAX: usize = 100;
/// Longest plan or own entry, in characters.
pub const PLAN_CHARS_MAX: usize = 500;
/// Longest own entry or session, in minutes.
pub const STUDY_MINUTES_MAX: i64 = 10 * 60;
/// Most people of one class.
pub const CLASS_PEOPLE_MAX: usize = 500;
/// Most hours a class may ask.
pub const CLASS_HOURS_MAX: i64 = 200;

/// A book or document on the reading list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Number.
    pub id: ReadingId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit whose people are asked to read it, with all below.
    pub unit_id: UnitId,
    /// Title.
    pub title: String,
    /// Chapters or articles, one a line.
    pub parts: String,
    /// Row version.
    pub version: i64,
}

impl Reading {
    /// The parts in order; the whole book where none are named.
    pub fn part_names(&self) -> Vec<&str> {
        let parts: Vec<&str> = self.parts.lines().map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { vec!["全书"] } else { parts }
    }

    /// Checks title and parts.
    ///
    /// # Errors
    /// A refusal naming the field.
    pub fn checked(mut self) -> Result<Reading, Refusal> {
        self.title = require_text("title", "书名或篇名", &self.title, TITLE_CHARS_MAX)?;
        self.parts =
            self.parts.lines().map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
        if self.parts.lines().count() > PARTS_MAX {
            return Err(Refusal::of_field(
                "parts",
                "too_many_parts",
                "章节太多。",
                "最多200行，可以按篇合并。",
            ));
        }
        if let Some(long) = self.parts.lines().find(|part| part.chars().count() > PART_CHARS_MAX) {
            let start: String = long.chars().take(10).collect();
            let sentence = format!("“{start}…”这一行超过{PART_CHARS_MAX}个字。");
            return Err(Refusal::of_field("parts", "text_too_long", sentence, "每行只写一章的名称。"));
        }
        Ok(self)
    }
}

/// A part a person has read: the person's own mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingMark {
    /// The book.
    pub reading_id: ReadingId,
    /// Whose.
    pub person_id: PersonId,
    /// Which part, from 0.
    pub part: i64,
    /// When it was finished.
    pub day: Day,
}

/// A line of a person's own plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanLine {
    /// Number.
    pub id: i64,
    /// Whose.
    pub person_id: PersonId,
    /// What.
    pub what: String,
    /// By when.
    pub due_day: Day,
    /// Since when it is done.
    pub done_day: Option<Day>,
    /// Row version.
    pub version: i64,
}

/// Hours a person entered for themselves; always marked as their own entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnHours {
    /// Number.
    pub id: i64,
    /// Whose.
    pub person_id: PersonId,
    /// The day.
    pub day: Day,
    /// What was studied.
    pub what: String,
    /// How long, in minutes.
    pub duration_minutes: i64,
}

/// Checks an own entry.
///
/// # Errors
/// A refusal naming the field.
pub fn check_own_hours(mut own: OwnHours, today: Day) -> Result<OwnHours, Refusal> {
    own.what = require_text("what", "学习内容", &own.what, PLAN_CHARS_MAX)?;
    check_minutes(own.duration_minutes)?;
    if own.day > today {
        return Err(Refusal::of_field("day", "study_in_future", "日期还没有到。", "请填写已经学过的日期。"));
    }
    Ok(own)
}

fn check_minutes(minutes: i64) -> Result<(), Refusal> {
    if (1..=STUDY_MINUTES_MAX).contains(&minutes) {
        return Ok(());
    }
    Err(Refusal::of_field(
        "duration",
        "study_minutes",
        "时长应在1到600分钟之间。",
        "请按分钟填写，多天的分天登记。",
    ))
}

/// Checks a line of a plan.
///
/// # Errors
/// A refusal naming the field.
pub fn check_plan(mut line: PlanLine) -> Result<PlanLine, Refusal> {
    line.what = require_text("what", "计划内容", &line.what, PLAN_CHARS_MAX)?;
    Ok(line)
}

/// A class 读书班.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudyClass {
    /// Number.
    pub id: StudyClassId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit that holds it.
    pub unit_id: UnitId,
    /// Name.
    pub name: String,
    /// Code of the activity kind its sessions count as; empty where they count for no required action.
    pub kind: String,
    /// Hours asked of everybody; 0 where none.
    pub hours: i64,
    /// First day.
    pub from_day: Day,
    /// Last day.
    pub to_day: Day,
    /// Row version.
    pub version: i64,
}

impl StudyClass {
    /// Checks the class.
    ///
    /// # Errors
    /// A refusal naming the field.
    pub fn checked(mut self) -> Result<StudyClass, Refusal> {
        self.name = require_text("name", "读书班名称", &self.name, TITLE_CHARS_MAX)?;
        if !(0..=CLASS_HOURS_MAX).contains(&self.hours) {
            return Err(Refusal::of_field(
                "hours",
                "class_hours",
                "学时应在0到200之间。",
                "不要求学时的填0。",
            ));
        }
        if self.to_day < self.from_day {
            return Err(Refusal::of_field(
                "to_day",
                "class_days",
                "结束日期早于开始日期。",
                "请改正其中一个日期。",
            ));
        }
        Ok(self)
    }
}

/// One session of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSession {
    /// Number.
    pub id: ClassSessionId,
    /// The class.
    pub class_id: StudyClassId,
    /// The day.
    pub day: Day,
    /// What is studied.
    pub topic: String,
    /// How long, in minutes.
    pub duration_minutes: i64,
    /// The session that it makes up for 补课.
    pub makes_up_id: Option<ClassSessionId>,
    /// The record of activity that it counts by, once somebody was there.
    pub activity_id: Option<ActivityId>,
    /// Row version.
    pub version: i64,
}

impl ClassSession {
    /// Checks the session.
    ///
    /// # Errors
    /// A refusal naming the field.
    pub fn checked(mut self) -> Result<ClassSession, Refusal> {
        self.topic = limit_text("topic", "学习内容", &self.topic, PLAN_CHARS_MAX)?;
        self.topic = require_text("topic", "学习内容", &self.topic, PLAN_CHARS_MAX)?;
        check_minutes(self.duration_minutes)?;
        Ok(self)
    }
}

/// A person who belongs to a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassMember {
    /// The class.
    pub class_id: StudyClassId,
    /// The person.
    pub person_id: PersonId,
}

/// A person was at a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassAttendance {
    /// The session.
    pub session_id: ClassSessionId,
    /// The person.
    pub person_id: PersonId,
}

/// How complete a class is for one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// Sessions held so far, make-ups not counted.
    pub held: i64,
    /// Sessions attended, at the first time or made up for.
    pub attended: i64,
    /// Of those, made up for.
    pub made_up: i64,
    /// Minutes attended; a session and its make-up count once.
    pub minutes: i64,
}

impl Completeness {
    /// Nothing is missing.
    pub fn is_complete(&self, class: &StudyClass) -> bool {
        self.attended >= self.held && self.minutes >= class.hours * 60
    }
}

/// Reckons a person's completeness from the sessions held until today and those attended.
pub fn completeness(sessions: &[ClassSession], attended: &[ClassSessionId], today: Day) -> Completeness {
    let was_at = |id: ClassSessionId| attended.contains(&id);
    let mut found = Completeness::default();
    for session in sessions.iter().filter(|session| session.makes_up_id.is_none() && session.day <= today) {
        found.held += 1;
        let makes_up =
            sessions.iter().find(|other| other.makes_up_id == Some(session.id) && was_at(other.id));
        if was_at(session.id) {
            found.attended += 1;
            found.minutes += session.duration_minutes;
        } else if let Some(other) = makes_up {
            found.attended += 1;
            found.made_up += 1;
            found.minutes += other.duration_minutes;
        }
    }
    found
}
