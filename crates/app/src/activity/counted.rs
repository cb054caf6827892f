//! What a record counts for, and at which units: every rule that asks one of its units, one of its people, or a post
//! that one of them holds. A rule that asks somebody of the unit whom the record does not name is told as lacking it.

use super::record::Read;
use crate::Error;
use crate::context::App;
use bihuan_domain::Day;
use bihuan_domain::activity::{Activity, ActivityState};
use bihuan_domain::id::{PersonId, RequiredActionId, UnitId};
use bihuan_domain::required_action::{
    Facts, Lack, Part, Participant, RequiredAction, Rule, SubjectKind, due_day, lacks,
};
use bihuan_store::recording::{self, HeldPost, Staff};
use bihuan_store::required_action::{self as rules, Key};
use bihuan_store::{Conn, activity as store};
use std::collections::BTreeMap;

/// A rule that a record counts for, or would.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Counted {
    /// The rule.
    pub rule_id: RequiredActionId,
    /// Its name.
    pub name: String,
    /// The period.
    pub period: String,
    /// The units at which it counts; none where something is missing.
    pub at: Vec<CountedAt>,
    /// What is missing; `None` where it counts.
    pub lacks: Option<Lack>,
    /// Recorded after the last day on which it would have been in time.
    pub filed_late: bool,
}

/// A unit at which a record counts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CountedAt {
    /// The unit.
    pub unit_id: UnitId,
    /// Its name.
    pub name: String,
    /// How many of its posts or people it counts for; `None` where the unit itself owes the rule.
    pub people: Option<i64>,
}

impl CountedAt {
    /// “石桥镇”, “石桥镇3人”.
    pub fn in_words(&self) -> String {
        match self.people {
            Some(people) => format!("{}{people}人", self.name),
            None => self.name.clone(),
        }
    }
}

impl Counted {
    /// The units at which it counts, “石桥镇3人、柳湾乡1人”.
    pub fn at_in_words(&self) -> String {
        self.at.iter().map(CountedAt::in_words).collect::<Vec<_>>().join("、")
    }
}

/// What was read of a record before it is told what it counts for.
pub(super) struct Told<'a> {
    /// Rules that take its kind.
    pub(super) actions: &'a [RequiredAction],
    pub(super) facts: &'a Facts,
    /// The people of the unit, and those of others who took part, with all their posts.
    pub(super) staff: [&'a Staff; 2],
    /// The day it was filed.
    pub(super) filed: Day,
}

impl App {
    /// The rules a stored record counts for or falls short of.
    pub(crate) fn counted(&self, conn: &mut Conn, activity: &Activity) -> Result<Vec<Counted>, Error> {
        if activity.state == ActivityState::Withdrawn {
            return Ok(Vec::new());
        }
        let unit = crate::context::unit(conn, activity.unit_id)?;
        let actions = rules::holding_for_kind(conn, &unit.path, &activity.kind)?;
        let facts = store::facts(conn, activity)?;
        let own = recording::staff_of(conn, unit.id, activity.day)?;
        let others = facts.people.iter().map(|one| one.person).filter(|one| !own.contains_key(one));
        let others: Vec<PersonId> = others.collect();
        let others = recording::people_with_posts(conn, &others)?;
        let filed = activity.filed_day();
        self.told(conn, &Told { actions: &actions, facts: &facts, staff: [&own, &others], filed })
    }

    /// The same of a record that is being written.
    pub(super) fn counted_now(
        &self,
        conn: &mut Conn,
        actions: &[RequiredAction],
        facts: &Facts,
        read: &Read,
        filed: Day,
    ) -> Result<Vec<Counted>, Error> {
        self.told(conn, &Told { actions, facts, staff: [&read.staff, &read.others], filed })
    }

    fn told(&self, conn: &mut Conn, told: &Told<'_>) -> Result<Vec<Counted>, Error> {
        let calendar = self.calendar(conn)?;
        let mut found = Vec::new();
        for action in told.actions {
            let day = told.facts.makes_up.unwrap_or(told.facts.day);
            let Some((period, version)) = action.period_of(day) else { continue };
            let rule = &version.rule;
            if !rule.kinds.contains(&told.facts.kind) {
                continue;
            }
            let mut sight = Asked { rule, action: action.id, last: period.last, units: BTreeMap::new() };
            let Some((facts, at)) = sight.within(conn, told)? else { continue };
            let lacks = lacks(rule, &facts);
            let at = if lacks.is_none() { sight.named(conn, at)? } else { Vec::new() };
            found.push(Counted {
                rule_id: action.id,
                name: rule.name.clone(),
                period: period.label(rule.cadence),
                at,
                lacks,
                filed_late: told.filed > due_day(rule, period, &calendar),
            });
        }
        Ok(found)
    }
}

/// Whom a rule asks in a period.
struct Asked<'a> {
    rule: &'a Rule,
    action: RequiredActionId,
    last: Day,
    /// Units that were looked at: whether the rule asks them.
    units: BTreeMap<UnitId, bool>,
}

/// Units with how many of their posts or people are counted.
type At = BTreeMap<UnitId, Option<i64>>;

impl Asked<'_> {
    /// What the record says of those whom the rule asks, and where they belong; nothing where it asks nobody of the
    /// record and nobody of the unit.
    fn within(&mut self, conn: &mut Conn, told: &Told<'_>) -> Result<Option<(Facts, At)>, Error> {
        let mut facts = without_parties(told.facts);
        let mut at = At::new();
        if self.rule.subject.table() == SubjectKind::Unit {
            for unit in &told.facts.units {
                if self.asks(conn, *unit)? {
                    facts.units.push(*unit);
                    at.insert(*unit, None);
                }
            }
            return Ok((!at.is_empty()).then_some((facts, at)));
        }
        for one in &told.facts.people {
            let held = told.staff.iter().find_map(|staff| staff.get(&one.person));
            let held = held.map_or(&[][..], Vec::as_slice);
            let (asked, units) = self.asked_of(conn, one, held)?;
            let Some(asked) = asked else { continue };
            // Whoever took part without leading is asked, but not counted where only the lead counts.
            if is_counted(self.rule, &asked) {
                units.into_iter().for_each(|unit| *at.entry(unit).or_default().get_or_insert(0) += 1);
            }
            facts.people.push(asked);
        }
        let reached = !facts.people.is_empty() || self.asks_staff(conn, told)?;
        Ok(reached.then_some((facts, at)))
    }

    /// What of a participant the rule asks: the posts, or the person, with the units where they are counted.
    fn asked_of(
        &mut self,
        conn: &mut Conn,
        one: &Participant,
        held: &[HeldPost],
    ) -> Result<(Option<Participant>, Vec<UnitId>), Error> {
        if self.rule.subject == SubjectKind::Person {
            let home = recording::home_of(held, self.last);
            return Ok(match home {
                Some(home) if self.asks(conn, home)? => {
                    (Some(Participant { posts: Vec::new(), ..*one }), vec![home])
                }
                _ => (None, Vec::new()),
            });
        }
        let (mut posts, mut units) = (Vec::new(), Vec::new());
        for (id, name, leads) in
            one.posts.iter().filter(|(_, name, leads)| self.rule.takes_post(name, *leads))
        {
            let Some(post) = held.iter().find(|post| post.post == *id) else { continue };
            if self.asks_post(conn, post)? {
                posts.push((*id, name.clone(), *leads));
                units.push(post.unit);
            }
        }
        units.sort_unstable();
        units.dedup();
        let asked = (!posts.is_empty()).then_some(Participant { posts, ..*one });
        Ok((asked, units))
    }

    /// Somebody of the recording unit is asked, whether the record names them or not.
    fn asks_staff(&mut self, conn: &mut Conn, told: &Told<'_>) -> Result<bool, Error> {
        let day = told.facts.day;
        for held in told.staff[0].values() {
            let asked = match self.rule.subject {
                SubjectKind::Person => match recording::home_of(held, self.last) {
                    Some(home) => self.asks(conn, home)?,
                    None => false,
                },
                _ => {
                    let mut any = false;
                    for post in held.iter().filter(|post| post.is_held_on(day)) {
                        any = any
                            || self.rule.takes_post(&post.name, post.leads) && self.asks_post(conn, post)?;
                    }
                    any
                }
            };
            if asked {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn asks_post(&mut self, conn: &mut Conn, post: &HeldPost) -> Result<bool, Error> {
        if post.closed_day.is_some_and(|closed| closed <= self.last) || !self.asks(conn, post.unit)? {
            return Ok(false);
        }
        if post.is_held_on(self.last) {
            return Ok(true);
        }
        // Left before the end of the period: what belongs to the post is owed if somebody followed.
        let key = Key {
            subject_kind: SubjectKind::Post,
            subject_id: post.post.0,
            rule_id: self.action,
            period_day: self.last,
        };
        Ok(rules::owes(conn, self.rule, &key)?)
    }

    /// The rule asks the unit, or its posts or people.
    fn asks(&mut self, conn: &mut Conn, unit: UnitId) -> Result<bool, Error> {
        if let Some(known) = self.units.get(&unit) {
            return Ok(*known);
        }
        let asks = rules::unit_owes(conn, self.rule, unit, self.last)?;
        self.units.insert(unit, asks);
        Ok(asks)
    }

    fn named(&self, conn: &mut Conn, at: At) -> Result<Vec<CountedAt>, Error> {
        let mut named = Vec::new();
        for (unit_id, people) in at {
            // The ground was read to see whether the rule asks the unit.
            let name =
                rules::ground(conn, unit_id)?.unit.as_ref().map_or_else(String::new, |u| u.name.clone());
            named.push(CountedAt { unit_id, name, people });
        }
        Ok(named)
    }
}

/// What a record says beside who and which units took part.
fn without_parties(facts: &Facts) -> Facts {
    Facts { kind: facts.kind.clone(), units: Vec::new(), people: Vec::new(), ..*facts }
}

/// The participant is one of those whom the rule counts.
fn is_counted(rule: &Rule, one: &Participant) -> bool {
    one.lead || rule.part != Part::Lead
}
