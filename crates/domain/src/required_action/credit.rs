//! What an activity counts for: one record, every rule that it satisfies.

use super::{Part, Period, Proof, QuantityUnit, RequiredAction, Rule, SubjectKind, Version};
use crate::day::Day;
use crate::id::{ActivityId, PersonId, PostId, RequiredActionId, UnitId};
use serde::Serialize;
use std::collections::BTreeMap;

/// Who took part, with the posts held on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Participant {
    /// The person.
    pub person: PersonId,
    /// Led it or gave the lecture.
    pub lead: bool,
    /// Posts of the day: number, name, leading.
    pub posts: Vec<(PostId, String, bool)>,
}

/// What a rule needs to know of an activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The record.
    pub activity: ActivityId,
    /// Code of its kind.
    pub kind: String,
    /// The day it took place.
    pub day: Day,
    /// A day of the missed period that it makes up for.
    pub makes_up: Option<Day>,
    /// How long, in minutes.
    pub minutes: i64,
    /// Has minutes, typed or attached.
    pub has_minutes: bool,
    /// Has a file or a link.
    pub has_material: bool,
    /// The unit that held it and those that held it together with it.
    pub units: Vec<UnitId>,
    /// Who took part.
    pub people: Vec<Participant>,
}

/// An activity counted for one subject in one period of one rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Credit {
    /// The rule.
    pub rule_id: RequiredActionId,
    /// Unit, post or person, as the rule says.
    pub subject_id: i64,
    /// Last day of the period.
    pub period_day: Day,
    /// The record.
    pub activity_id: ActivityId,
    /// The day it took place.
    pub day: Day,
    /// Code of its kind.
    pub kind: String,
    /// Times, cases or minutes.
    pub amount: i64,
}

/// What a record lacks to count for a rule that takes its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// Who leads it or gives the lecture: nobody whom the rule asks is named so.
    Lead,
    /// Who took part: nobody whom the rule asks is named.
    People,
    /// Minutes, typed or attached.
    Minutes,
    /// A file or a link.
    Material,
    /// How long it took.
    Duration,
}

impl Lack {
    /// What to add.
    pub fn label(self) -> &'static str {
        match self {
            Lack::Lead => "主讲或主持",
            Lack::People => "参加人员",
            Lack::Minutes => "记录或纪要",
            Lack::Material => "材料或链接",
            Lack::Duration => "时长",
        }
    }
}

/// What is missing before a record counts for a rule: whom the rule asks, then the proof, then how long it took.
pub fn lacks(rule: &Rule, facts: &Facts) -> Option<Lack> {
    let named = match rule.subject.table() {
        SubjectKind::Post => posts(rule, facts).next().is_some(),
        SubjectKind::Person => counted(rule, facts).next().is_some(),
        _ => true,
    };
    if !named {
        return Some(if rule.part == Part::Lead { Lack::Lead } else { Lack::People });
    }
    match rule.proof {
        Proof::Minutes if !facts.has_minutes => return Some(Lack::Minutes),
        Proof::Material if !facts.has_material => return Some(Lack::Material),
        _ => {}
    }
    (rule.unit == QuantityUnit::Hours && facts.minutes <= 0).then_some(Lack::Duration)
}

/// The period of a rule that an activity counts for, when the rule takes its kind.
fn period_for<'r>(action: &'r RequiredAction, facts: &Facts) -> Option<(Period, &'r Version)> {
    let (period, version) = action.period_of(facts.makes_up.unwrap_or(facts.day))?;
    version.rule.kinds.contains(&facts.kind).then_some((period, version))
}

/// Everything an activity counts for. Whether a subject is in a rule's scope is not asked here: scopes are dated, and
/// are looked at when figures are read.
pub fn credits(actions: &[RequiredAction], facts: &Facts) -> Vec<Credit> {
    let mut found = Vec::new();
    for action in actions {
        let Some((period, version)) = period_for(action, facts) else { continue };
        let rule = &version.rule;
        if lacks(rule, facts).is_some() {
            continue;
        }
        let amount = if rule.unit == QuantityUnit::Hours { facts.minutes } else { 1 };
        let mut subjects: Vec<i64> = match rule.subject {
            SubjectKind::Unit | SubjectKind::WorkingGroup => facts.units.iter().map(|unit| unit.0).collect(),
            SubjectKind::Person => counted(rule, facts).map(|one| one.person.0).collect(),
            SubjectKind::Post => posts(rule, facts).map(|post| post.0).collect(),
        };
        subjects.sort_unstable();
        subjects.dedup();
        found.extend(subjects.into_iter().map(|subject_id| Credit {
            rule_id: action.id,
            subject_id,
            period_day: period.last,
            activity_id: facts.activity,
            day: facts.day,
            kind: facts.kind.clone(),
            amount,
        }));
    }
    found
}

fn counted<'f>(rule: &Rule, facts: &'f Facts) -> impl Iterator<Item = &'f Participant> + use<'f> {
    let lead_only = rule.part == Part::Lead;
    facts.people.iter().filter(move |one| one.lead || !lead_only)
}

/// The posts of a record that a rule asks.
fn posts<'f>(rule: &'f Rule, facts: &'f Facts) -> impl Iterator<Item = PostId> + 'f {
    let held = counted(rule, facts).flat_map(|one| one.posts.iter());
    held.filter(|(_, name, leads)| rule.takes_post(name, *leads)).map(|(post, ..)| *post)
}

/// The day on which what was done within a period first reached what is needed; nothing while it falls short.
///
/// A person who is recorded by the home and by the host unit for the same day and kind is counted once.
pub fn met_day<'c>(rule: &Rule, credits: impl IntoIterator<Item = &'c Credit>) -> Option<Day> {
    let mut by_kind: BTreeMap<&str, BTreeMap<Day, i64>> = BTreeMap::new();
    let mut seen: BTreeMap<(&str, Day), i64> = BTreeMap::new();
    for credit in credits {
        let counted = seen.entry((credit.kind.as_str(), credit.day)).or_insert(0);
        let new = match rule.subject {
            SubjectKind::Person => (credit.amount - *counted).max(0),
            _ => credit.amount,
        };
        *counted += new;
        let group = if rule.each_kind { credit.kind.as_str() } else { "" };
        let amount = by_kind.entry(group).or_default().entry(credit.day).or_insert(0);
        *amount += new;
    }
    if !rule.each_kind {
        return reached(by_kind.get("")?, rule.needed());
    }
    let met = rule.kinds.iter().map(|kind| reached(by_kind.get(kind.as_str())?, rule.needed()));
    met.collect::<Option<Vec<Day>>>()?.into_iter().max()
}

fn reached(days: &BTreeMap<Day, i64>, needed: i64) -> Option<Day> {
    let mut sum = 0;
    days.iter().find_map(|(day, amount)| {
        sum += amount;
        (sum >= needed).then_some(*day)
    })
}
